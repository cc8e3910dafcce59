"""变更.xlsx that came back: every row checked against the plan of its day, then all of it kept at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from taskkit.changing.applying import ADD, AMEND, LEADER, UNIT, WITHDRAW
from taskkit.changing.columns import ALL_TITLES, EVERY_TASK, MAY_BE_BLANK, NOTHING, TITLES, amendable, form_of
from taskkit.changing.keeping import keep_changes, news
from taskkit.changing.rows import Ids, Row, Rows, name_of
from taskkit.columns import goal_columns
from taskkit.deadlines import is_open_deadline, parse_deadline
from taskkit.entries import PlanChange
from taskkit.findings import Finding
from taskkit.ledger import Ledger
from taskkit.marks import CHANGES_PROPERTY
from taskkit.office.sheets import BookData, workbook_with
from taskkit.plan_index import PlanIndex
from taskkit.proofreading.columns import part_meant
from taskkit.proofreading.rebuilding import leaders_of, split_units
from taskkit.sheet_forms.grid import Line, heading, lines_of
from taskkit.stores.items import SPLIT
from taskkit.text import fold, narrow, squeeze
from taskkit.units import is_collective
from taskkit.wording import did_you_mean

_LONGEST_NAME = 60
_LAST_OF_UNITS = 50  # numbers of items up to here are for rows that units insert, also in a form still out
_TASK_ID = re.compile(r"([TA])(\d{1,6})")
_APART = re.compile(r"[、，,；;\s]+")


def _near(text: str, known: Iterable[str], most: int) -> str:
    """，是不是“…”？ behind a name that is written nearly so."""
    question = did_you_mean(text, known, most)
    return f"，{question}" if question else ""


@dataclass(frozen=True)
class ChangesTaken:
    """What a file brought: the new changes, how many rows were known, and what was found."""

    changes: tuple[PlanChange, ...]
    known: int
    findings: tuple[Finding, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether nothing may be kept."""
        return any(each.severity == "error" for each in self.findings)


@dataclass(frozen=True)
class ChangesFile:
    """A file that holds changes; ``plan_name`` is the plan that it was written for, where it says so."""

    path: Path
    book: BookData
    plan_name: str | None

    def load(self, ledger: Ledger, name: str) -> ChangesTaken:
        """Keep what it changes, all of it or, where a row is wrong, nothing. The same again changes nothing.

        Raises LedgerChangedError where somebody else changes the plan at the same time.
        """
        seen = ledger.last_change(name)
        taken = take(self.book, ledger, name)
        if taken.changes and not taken.is_wrong:
            keep_changes(ledger, name, taken.changes, self.path.name, self.path.read_bytes(), seen)
        return taken


def open_changes(path: Path) -> ChangesFile | None:
    """变更.xlsx at ``path``; None for any other file. Known by its property, else by its sheets, never by its name."""
    book = workbook_with(path, tuple(TITLES.values()))
    if book is None:
        return None
    plan_name = book.properties.get(CHANGES_PROPERTY)
    titles = {sheet.title.strip(): sheet for sheet in book.sheets}
    known = [
        kind
        for kind, title in TITLES.items()
        if title in titles and len(heading(titles[title], form_of(kind, ()))[1]) >= 3
    ]
    return ChangesFile(path, book, plan_name) if plan_name is not None or len(known) >= 2 else None


def take(book: BookData, ledger: Ledger, name: str) -> ChangesTaken:
    """Read all rows, and check them against the ledger."""
    taker = _Taker(ledger, name, book)
    taker.take()
    fresh = news(ledger, name, taker.changes)
    return ChangesTaken(tuple(taker.numbered(fresh)), taker.known, tuple(taker.findings))


@dataclass
class _Day:
    """The plan as it is on the day of a change."""

    rows: Rows
    index: PlanIndex
    leaders: set[str]

    def tasks_of_leader(self, leader: str) -> set[str]:
        return {row["task_id"] for row in self.rows.tasks if leader in row["leaders"]}


@dataclass
class _Taker:
    """Reads the sheets one after the other; what cannot be kept is in ``findings``."""

    ledger: Ledger
    name: str
    book: BookData
    changes: list[PlanChange] = field(default_factory=list)
    known: int = 0
    findings: list[Finding] = field(default_factory=list)
    _days: dict[date, _Day] = field(default_factory=dict)
    _said: dict[tuple[object, ...], tuple[int, object]] = field(default_factory=dict)
    _units: set[str] = field(default_factory=set)
    _leaders: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.info = self.ledger.plan(self.name).info
        self.tasks = self.ledger.all_tasks(self.name)
        self.held = {each.key for each in self.ledger.plan_changes(self.name)}
        self.words = amendable(self.info.stages)

    def take(self) -> None:
        doers: dict[str, Callable[[Line, date], Mapping[str, Any] | None]] = {
            LEADER: self._leader,
            UNIT: self._unit,
            WITHDRAW: self._withdraw,
            ADD: self._add,
            AMEND: self._amend,
            SPLIT: self._split,
        }
        for kind, content_of in doers.items():
            form = replace(form_of(kind, self.info.stages), book=self.book.name)
            for line in lines_of(self.book, form, self.findings, ALL_TITLES) or ():
                self._row(kind, line, content_of)

    def _row(self, kind: str, line: Line, content_of: Callable[[Line, date], Mapping[str, Any] | None]) -> None:
        """Add the change that a row says, unless the ledger holds it or something is wrong with it."""
        before = len(self.findings)
        day, ground = self._since(line), line.text("ground") or ""
        keys = [key for key in line.form.keys if key not in ("since", "ground")]
        typed = {key: text for key in keys if (text := squeeze(line.text(key) or ""))}
        if day and PlanChange(kind, {"typed": typed}, day).key in self.held:
            del self.findings[before:]
            self.known += 1
            return
        if not ground:
            line.tell("change-blank", "ground", column=line.form.header("ground"))
        content = content_of(line, day) if day else None
        if day and content is not None and not any(each.severity == "error" for each in self.findings[before:]):
            self.changes.append(PlanChange(kind, {**content, "typed": typed}, day, ground))

    def numbered(self, changes: list[PlanChange]) -> Iterator[PlanChange]:
        """The changes with the ids of what they add."""
        ids = Ids(self.ledger.ids_used(self.name))
        items = self.ledger.item_numbers(self.name)
        for each in changes:
            content = dict(each.content)
            if each.kind == ADD:
                content["new_id"] = ids.task(content["part"])
            elif each.kind == SPLIT:
                task_id = content["task_id"]
                items[task_id] = max(items.get(task_id, 0), _LAST_OF_UNITS) + 1
                content["new_id"] = f"{task_id}+{items[task_id]}"
            yield replace(each, content=content)

    # --- cells ------------------------------------------------------------------------------

    def _since(self, line: Line) -> date | None:
        if line.cell("since") is None:
            line.tell("change-blank", "since", column=line.form.header("since"))
            return None
        day = line.day("since", self.info.year)
        if day and self.info.year and not self.info.year - 1 <= day.year <= self.info.year + 1:
            line.tell("change-day", "since", value=day.isoformat(), year=self.info.year)
            return None
        return day

    def _needed(self, line: Line, key: str) -> str:
        text = line.text(key) or ""
        if line.cell(key) is None:
            line.tell("change-blank", key, column=line.form.header(key))
        return text

    def _on(self, day: date) -> _Day:
        if day not in self._days:
            plan, roster = self.ledger.plan(self.name, day), self.ledger.roster(self.name, day)
            rows = Rows.of(plan)
            leaders = {person for row in rows.tasks for person in row["leaders"]}
            leaders |= set(roster.leader_order) if roster else set()
            self._days[day] = _Day(rows, PlanIndex(plan, roster), leaders)
        return self._days[day]

    def _task(self, line: Line, day: date, key: str = "task") -> str | None:
        text = self._needed(line, key)
        return self._task_meant(line, text, day, key) if text else None

    def _task_meant(self, line: Line, text: str, day: date, key: str) -> str | None:
        """The task that an id, a printed number or a title means; a finding where it is none, or several."""
        wanted = narrow(text)
        now = {row["task_id"]: row for row in self._on(day).rows.tasks}
        if found := _TASK_ID.fullmatch(wanted.upper()):
            ids = [f"{found[1]}{int(found[2]):03d}"]
        elif wanted.isdecimal():
            ids = [task_id for task_id, row in now.items() if row["no"] == int(wanted)]
        else:
            ids = [task_id for task_id, row in now.items() if fold(row["title"] or "") == fold(text)]
        ids = [task_id for task_id in ids if task_id in self.tasks]
        if len(ids) == 1:
            return ids[0]
        if ids:
            line.tell("change-task-unclear", key, value=text, ids="、".join(ids))
        else:
            near = _near(text, [str(row["title"]) for row in now.values() if row["title"]], 3)
            near = near or _near(wanted.upper(), now, 3)
            line.tell("change-task", key, value=text, near=near)
        return None

    def _is_there(self, line: Line, task_id: str, day: date) -> bool:
        """Whether a task is in the plan on a day, and nobody withdraws it in this file."""
        gone = self._said.get((WITHDRAW, task_id))
        if self._on(day).rows.task(task_id) is None:
            line.tell("change-gone", "task", name=name_of(self.tasks[task_id]))
        elif gone is not None:
            line.tell("change-gone-here", "task", row=gone[0], sheet=TITLES[WITHDRAW])
        else:
            return True
        return False

    def _once(self, line: Line, key: str, about: tuple[object, ...], value: object) -> bool:
        """Whether no other row of the file says something on the same thing."""
        row, said = self._said.setdefault(about, (line.number, value))
        if row == line.number:
            return True
        if said != value:
            line.tell("change-twice", key, row=row)
        return said == value

    def _unit_named(self, line: Line, key: str, text: str, day: date) -> str:
        """The unit of the plan or the list that a name means."""
        index = self._on(day).index
        name = squeeze(text)
        found = name if name in self._units else index.find(name)
        if found is None:
            near = _near(name, [*index.spellings, *self._units], 3)
            line.tell("change-unit", key, value=name, near=near)
        return found or name

    def _units_in(self, line: Line, key: str, day: date) -> str:
        names = split_units(line.text(key))[0]
        printed = [each if is_collective(each) else self._unit_named(line, key, each, day) for each in names]
        return "、".join(dict.fromkeys(printed))

    def _leaders_in(self, line: Line, key: str, day: date, text: str) -> str:
        """The leaders that a cell names; all have to be known by the plan, the leader list, or another row."""
        named = leaders_of(text)
        known = self._on(day).leaders | self._leaders
        for each in named:
            if each not in known:
                line.tell("change-leader", key, value=each, near=_near(each, known, 3))
        return "、".join(named)

    def _deadline(self, line: Line) -> str:
        text = line.text("deadline") or ""
        self._check_deadline(line, "deadline", text)
        return text

    def _check_deadline(self, line: Line, key: str, text: str) -> None:
        if text and parse_deadline(text, self.info.year) is None and not is_open_deadline(text):
            line.tell("change-deadline", key, value=text)

    # --- rows -------------------------------------------------------------------------------

    def _leader(self, line: Line, day: date) -> Mapping[str, Any] | None:
        old, new = (squeeze(self._needed(line, key)) for key in ("old", "new"))
        scope = squeeze(line.text("scope") or "")
        if not (old and new):
            return None
        content: dict[str, Any] = {"old": old, "new": new, "tasks": []}
        led = self._on(day).tasks_of_leader(old)
        if len(leaders_of(new)) != 1 or len(new) > _LONGEST_NAME:
            line.tell("change-person", "new", value=new)
        if old == new:
            line.tell("change-same", "new", value=new)
        elif old not in self._on(day).leaders:
            line.tell("change-leader", "old", value=old, near=_near(old, self._on(day).leaders, 3))
        elif not led:
            line.tell("change-leads-nothing", "old", value=old)
        elif scope and scope not in EVERY_TASK:
            named = filter(None, _APART.split(line.text("scope") or ""))
            content["tasks"] = [task for each in named if (task := self._task_meant(line, each, day, "scope"))]
            for task in content["tasks"]:
                if task not in led:
                    line.tell("change-not-led", "scope", value=old, name=name_of(self.tasks[task]))
        for task in content["tasks"] or ("",):
            self._once(line, "old", (LEADER, old, day, task), new)
        self._leaders.add(new)
        return content

    def _unit(self, line: Line, day: date) -> Mapping[str, Any] | None:
        old, new = (squeeze(self._needed(line, key)) for key in ("old", "new"))
        if not (old and new):
            return None
        content = {"old": old, "new": new}
        if old == new:
            line.tell("change-same", "new", value=new)
        elif len(split_units(new)[0]) != 1 or len(new) > _LONGEST_NAME:
            line.tell("change-name", "new", value=new)
        else:
            content["old"] = self._unit_named(line, "old", old, day) if old not in self._on(day).index.order else old
            self._once(line, "old", (UNIT, content["old"]), new)
            content["new"] = self._on(day).index.find(new) or new
            if content["old"] == content["new"]:
                line.tell("change-same", "new", value=new)
        self._units.add(new)
        return content

    def _withdraw(self, line: Line, day: date) -> Mapping[str, Any] | None:
        task_id = self._task(line, day)
        if task_id is None or not self._is_there(line, task_id, day):
            return None
        self._said[WITHDRAW, task_id] = (line.number, "")
        return {"task_id": task_id}

    def _add(self, line: Line, day: date) -> Mapping[str, Any] | None:
        part = self._part(line)
        said = {key: line.text(key) or "" for key in ("section", "group", "measures")}
        leaders = self._leaders_in(line, "leaders", day, line.text("leaders") or "")
        content = {
            "part": part,
            "no": line.whole("no"),
            **said,
            "title": self._needed(line, "title"),
            "leaders": leaders,
            "lead": self._units_in(line, "lead", day) if self._needed(line, "lead") else "",
            "support": self._units_in(line, "support", day),
            "deadline": self._deadline(line),
            "source": f"{self.book.name}第{line.number}行",
        }
        same = [row for row in self._on(day).rows.tasks if fold(row["title"] or "") == fold(str(content["title"]))]
        for row in same if content["title"] else ():
            line.tell("change-exists", "title", name=name_of(row), id=row["task_id"])
        self._once(line, "title", (ADD, fold(str(content["title"]))), line.number)
        return content

    def _part(self, line: Line) -> str:
        text = line.text("part") or "正文"
        part, parts = part_meant(text), {str(row["part"]) for row in self.tasks.values()}
        if part not in parts:
            line.tell("change-part", "part", value=text)
        return part or text

    def _amend(self, line: Line, day: date) -> Mapping[str, Any] | None:
        column, text = line.word("column", self.words), self._needed(line, "text")
        if line.cell("column") is None:
            self._needed(line, "column")
        task_id = self._task(line, day)
        if not (task_id and column and text) or not self._is_there(line, task_id, day):
            return None
        said = self._amended(line, day, column, text)
        self._once(line, "text", (AMEND, task_id, column, day), said)
        return {"task_id": task_id, "column": column, "text": said}

    def _canonical(self, column: str | None, text: str) -> str:
        """A new text as it is kept: names set apart by 、, 无 as nothing."""
        if text == NOTHING and column in MAY_BE_BLANK:
            return ""
        if column == "leaders":
            return "、".join(leaders_of(text))
        return "、".join(dict.fromkeys(split_units(text)[0])) if column in ("lead", "support") else text

    def _amended(self, line: Line, day: date, column: str, text: str) -> str:
        kept = self._canonical(column, text)
        if not kept:
            return kept
        if column == "leaders":
            return self._leaders_in(line, "text", day, kept)
        if column in ("lead", "support"):
            return self._units_in(line, "text", day)
        if column == "no":
            number = line.whole("text")
            return "" if number is None else str(number)
        if column == "deadline":
            self._check_deadline(line, "text", kept)
        return kept

    def _split(self, line: Line, day: date) -> Mapping[str, Any] | None:
        columns = goal_columns(self.info.stages)
        goals = {
            stage: text
            for stage, column in zip(self.info.stages, columns, strict=True)
            if (text := line.text(column.key))
        }
        unit, text = self._needed(line, "unit"), self._needed(line, "item")
        content = {
            "text": text,
            "unit": self._unit_named(line, "unit", unit, day) if unit else "",
            "goals": goals,
            "deadline": self._deadline(line),
        }
        task_id = self._task(line, day)
        if task_id is None or not self._is_there(line, task_id, day):
            return None
        if unit and not self._is_on(task_id, str(content["unit"]), day):
            line.tell("change-item-unit", "unit", value=unit, name=name_of(self.tasks[task_id]))
        self._once(line, "item", (SPLIT, task_id, content["unit"], fold(text)), line.number)
        return {**content, "task_id": task_id}

    def _is_on(self, task_id: str, unit: str, day: date) -> bool:
        """Whether a unit leads or supports a task: only then has it a form in which the item can stand."""
        index = self._on(day).index
        part = str(self.tasks[task_id]["part"])
        return any(task == task_id for task, role in index.own_tasks_of(unit, "lead", part))


__all__ = ["ChangesFile", "ChangesTaken", "Row", "open_changes", "take"]
