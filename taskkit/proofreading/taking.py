"""A proofread workbook as a Plan: exactly what its sheets say, with findings where they cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from taskkit.deadlines import parse_deadline
from taskkit.errors import InputError
from taskkit.findings import Finding, finding
from taskkit.office.sheets import BookData, SheetData
from taskkit.plan import QUARTERS, Plan, PlanInfo, make_plan
from taskkit.proofreading import columns
from taskkit.proofreading.columns import GOALS, INFO, KEPT_KEYS, KEPT_SHEET, SCHEDULE, STEPS, TARGETS, TASKS, TITLES
from taskkit.proofreading.kept import Kept, as_day, kept_from, with_blanks
from taskkit.proofreading.rebuilding import (
    UnitCells,
    both_roles,
    leaders_of,
    measures_like,
    measures_of,
    split_units,
    unit_texts,
    units_of,
    with_old,
)
from taskkit.rules.plan import check_plan, short
from taskkit.sheet_forms.forms import Form
from taskkit.sheet_forms.grid import Line, heading, lines_of, sheet_of
from taskkit.sheet_forms.marks import marks_of_sheet

Record = dict[str, Any]
_ID = re.compile(r"[A-Z]\d{1,6}")
_CONTENT = ("no", "section", "group", "title", "measures", "leaders", "lead", "support", "deadline", "due_on")
_TELLING = ("id", "measures", "lead", "support", "source")  # headers that only this workbook has together


@dataclass(frozen=True)
class Proof:
    """A proofread workbook: the plan that it says, and the source texts that it shows, by task id."""

    plan: Plan
    originals: Mapping[str, str]


def is_proof(book: BookData) -> bool:
    """Whether a workbook is a proofreading workbook: by its hidden sheet, else by the headers of its tasks."""
    if marks_of_sheet(book).get("kind") == columns.KIND:
        return True
    sheet = next((each for each in book.sheets if each.title.strip() == TASKS.title), None)
    return sheet is not None and set(_TELLING) <= set(heading(sheet, TASKS)[1])


def is_form(book: BookData) -> bool:
    """Whether a workbook is a form sent to a unit, which its hidden sheet tells."""
    return "workbook" in marks_of_sheet(book)


def proof_of(book: BookData) -> Proof:
    """Read a proofread workbook.

    Raises InputError where it was made by a newer taskkit, or holds no sheet with tasks.
    """
    marks = marks_of_sheet(book)
    if marks.get("schema", columns.SCHEMA) != columns.SCHEMA:
        raise InputError(f"“{book.name}”由别的版本的 taskkit 生成，本版本读不了", "请用生成它的版本，或重新生成核对稿")
    taker = _Taker(book, marks, kept_from(_hidden_rows(book)))
    taker.take()
    return Proof(taker.plan(), taker.originals)


def _hidden_rows(book: BookData) -> list[dict[str, str]]:
    sheet = next((each for each in book.sheets if each.title.strip().lower() == KEPT_SHEET), SheetData(""))
    return [
        {key: str(row[at].value) for at, key in enumerate(KEPT_KEYS, 1) if at in row} for row in sheet.rows.values()
    ]


@dataclass
class _Taker:
    """Collects the rows of the frames, sheet by sheet."""

    book: BookData
    marks: Mapping[str, str]
    kept: Kept
    info: PlanInfo = field(default_factory=PlanInfo)
    tasks: list[Record] = field(default_factory=list)
    frames: dict[str, list[Record]] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def take(self) -> None:
        """Read all sheets; the tasks first, for the others refer to them."""
        self.info = self._info()
        lines = lines_of(self.book, TASKS, self.findings, TITLES)
        if lines is None:
            raise InputError(f"“{self.book.name}”里找不到“{TASKS.title}”工作表", "请恢复工作表的名称，或重新生成核对稿")
        steps = self._steps()
        for task_id, part, line in self._numbered(lines):
            self._task(task_id, part, line, steps.pop(task_id, []))
        for rest in steps.values():
            self._gone([line for _, line in rest], "id")
        place = {task["task_id"]: at for at, task in enumerate(self.tasks)}
        self.frames["targets"] = sorted(self._targets(place), key=lambda row: place[row["task_id"]])
        self.frames["goals"] = sorted(self._goals(place), key=lambda row: place[row["task_id"]])
        self.frames["schedule"] = self._schedule()
        self._tell_deleted(place)

    def plan(self) -> Plan:
        """The plan with its findings: those of reading the sheets, and the checks of the corrected plan."""
        whole = {"tasks": self.tasks, **self.frames}
        for frame in ("tasks", "targets", "goals", "schedule"):
            whole[frame] = with_blanks(frame, whole[frame], self.kept)
        plan = make_plan(self.info, **whole)
        settled = {tuple(each) for each in self.kept.old("", "settled")}
        checked = [each for each in check_plan(plan) if (each.code, each.task_id, each.message) not in settled]
        findings = [*self.findings, *checked]
        return replace(plan, findings=make_plan(self.info, findings=findings).findings)

    def _lines(self, form: Form) -> list[Line]:
        """The rows of a sheet; one that was written but is not there any more is a finding."""
        lines = lines_of(self.book, form, self.findings, TITLES)
        if lines is None and form.title in self.marks.get("sheets", "").split("、"):
            self.findings.append(finding("proof-sheet-missing", source="核对稿", sheet=form.title))
        return lines or []

    # --- what stands once -------------------------------------------------------------

    def _info(self) -> PlanInfo:
        sheet = sheet_of(self.book, INFO, TITLES)
        values = {line.form.keys[0]: line for line in _pairs(sheet, self.findings)} if sheet else {}
        if not values:
            self.findings.append(finding("proof-sheet-missing", source="核对稿", sheet=INFO.title))

        def text(key: str) -> str | None:
            return values[key].text(key) if key in values else None

        year = values["year"].whole("year") if "year" in values else None
        stages = tuple(split_units(text("stages"))[0])
        info = PlanInfo(
            title=text("title"),
            issuer=text("issuer"),
            document_number=text("document_number"),
            year=year,
            issued_on=values["issued_on"].day("issued_on", year) if "issued_on" in values else None,
            stages=stages or QUARTERS,
            source=text("source") or "",
            sha256=self.marks.get("sha256") or text("sha256") or "",
            dialect=text("dialect") or "",
        )
        if info.title is None:
            self.findings.append(finding("no-plan-title"))
        if info.year is None:
            self.findings.append(finding("no-year"))
        return info

    # --- tasks ------------------------------------------------------------------------

    def _numbered(self, lines: Sequence[Line]) -> list[tuple[str, str, Line]]:
        """The task rows with their ids and parts; a row without an id gets the next free one of its part."""
        parts = self._parts(lines)
        given = [self._given_id(line) for line in lines]
        taken: set[str] = set()
        highest = {letter: int(self.marks.get(f"last {letter}", "0") or 0) for letter in "TA"}
        for each in (*filter(None, given), *self.kept.task_ids):
            if each[1:].isdecimal():
                highest[each[0]] = max(highest.get(each[0], 0), int(each[1:]))
        rows = []
        for line, part, own in zip(lines, parts, given, strict=True):
            if own is None and not line.filled(_CONTENT):
                line.tell("proof-row-empty")
                continue
            task_id = own
            if task_id is None or task_id in taken:
                letter = "T" if part == "main" else "A"
                highest[letter] += 1
                task_id = f"{letter}{highest[letter]:03d}"
                self._tell_new(line, own, task_id)
            taken.add(task_id)
            rows.append((task_id, part, line))
        return rows

    def _parts(self, lines: Sequence[Line]) -> list[str]:
        """The part of each row; a blank or unknown one is that of the row above."""
        parts: list[str] = []
        for line in lines:
            text = line.text("part")
            part = columns.part_meant(text) if text else None
            if text and part is None:
                line.unknown("part", text, ("正文", "附件", "附件2"))
            parts.append(part or (parts[-1] if parts else "main"))
        return parts

    def _given_id(self, line: Line) -> str | None:
        text = line.text("id")
        plain = unicodedata.normalize("NFKC", text or "").strip().upper()
        return plain if _ID.fullmatch(plain) or plain in self.kept.task_ids else None

    def _tell_new(self, line: Line, own: str | None, task_id: str) -> None:
        typed = line.text("id")
        if own is not None:
            line.tell("proof-id-twice", "id", task_id, row_id=own, new=task_id)
        elif typed:
            line.tell("proof-id-odd", "id", task_id, row_id=typed, new=task_id)
        else:
            line.tell("proof-task-new", "id", task_id, new=task_id)

    def _task(self, task_id: str, part: str, line: Line, steps: Sequence[tuple[int | None, Line]]) -> None:
        cells = [UnitCells(line.text("lead"), line.text("support"))]
        cells += [UnitCells(step.text("lead"), step.text("support"), number) for number, step in steps]
        ended = any(split_units(text)[1] for text in (cells[0].lead, cells[0].support))
        deadline = line.text("deadline")
        leaders = line.text("leaders")
        kept_leaders = self.kept.unchanged(task_id, "leaders", leaders)
        task: Record = {
            **{key: line.text(key) for key in ("section", "group", "title", "measures", "source")},
            "task_id": task_id,
            "part": part,
            "no": line.whole("no"),
            "leaders": leaders_of(leaders) if kept_leaders is None else kept_leaders,
            "joint": line.flag("joint"),
            "open_ended": line.flag("open_ended"),
            "deadline": deadline,
            "due_on": self._due_on(task_id, line, deadline),
        }
        units = self._units(task_id, cells)
        if ended and not (self.kept.unchanged(task_id, "units", *unit_texts(cells)) is not None):
            task["open_ended"] = True
        if task["source"] is None and not self.kept.old(task_id, "task"):
            task["source"] = line.place()
        self.tasks.append(task)
        self.frames.setdefault("assignments", []).extend({"task_id": task_id, **row} for row in units)
        self._measures(task, steps)
        if original := line.text("original"):
            self.originals[task_id] = original
        for name in both_roles(cells[0]):
            source = line.place("support")
            self.findings.append(finding("both-roles", source=source, task_id=task_id, title=short(task), unit=name))

    def _units(self, task_id: str, cells: Sequence[UnitCells]) -> list[Record]:
        kept = self.kept.unchanged(task_id, "units", *unit_texts(cells))
        return with_old(units_of(cells), self.kept.old(task_id, "units")) if kept is None else kept

    def _measures(self, task: Record, steps: Sequence[tuple[int | None, Line]]) -> None:
        task_id, text = task["task_id"], task["measures"]
        rows = self.kept.unchanged(task_id, "measures", text)
        if rows is None:
            old = self.kept.old(task_id, "measures")
            rows = measures_like(text, old) if old else measures_of(text)
        self.frames.setdefault("measures", []).extend({"task_id": task_id, **row} for row in rows)
        known = {row["measure_no"]: row["text"] for row in rows}
        for number, line in steps:
            if number not in known:
                line.tell("proof-measure", "measure_no", task_id, task=task_id, number=number)
            elif (said := line.text("text")) and said != known[number] and rows:
                line.tell("proof-measure-text", "text", task_id)

    def _due_on(self, task_id: str, line: Line, deadline: str | None) -> date | None:
        """The last day: as typed; where only the deadline (or the year) was changed, worked out anew."""
        day = line.day("due_on", self.info.year)
        old: Record = next(iter(self.kept.old(task_id, "due")), {})
        old_year = int(self.marks["year"]) if self.marks.get("year", "").isdecimal() else None
        before = as_day(old.get("due_on"))
        derived = parse_deadline(old["deadline"], old_year) if old.get("deadline") else None
        known = bool(self.kept.old(task_id, "task"))
        if known and (day != before or before != derived):
            return day
        if day is None or known:
            return parse_deadline(deadline, self.info.year) if deadline else None
        return day

    # --- what belongs to tasks --------------------------------------------------------

    def _steps(self) -> dict[str, list[tuple[int | None, Line]]]:
        """The rows of measures with units of their own, by task."""
        rows: dict[str, list[tuple[int | None, Line]]] = {}
        for line in self._lines(STEPS):
            rows.setdefault(self._given_id(line) or "", []).append((line.whole("measure_no"), line))
        return rows

    def _gone(self, lines: Sequence[Line], key: str) -> None:
        for line in lines:
            line.tell("proof-task-gone", key, task=line.text(key) or "")

    def _targets(self, place: Mapping[str, int]) -> list[Record]:
        rows: list[Record] = []
        taken: set[str] = set()
        lines = [line for line in self._lines(TARGETS) if line.filled(set(TARGETS.keys))]
        owners = [self._owner(line) for line in lines]
        highest = {task_id: sum(row["targets"] for row in self.kept.old(task_id, "task")) for task_id in place}
        for _, own in owners:
            task_id, _, number = own.rpartition(".")
            if task_id in highest and number.isdecimal():
                highest[task_id] = max(highest[task_id], int(number))
        for line, (task_id, own) in zip(lines, owners, strict=True):
            if task_id not in place:
                self._gone([line], "task" if line.cell("task") else "id")
                continue
            target_id = own
            if not own or own in taken or own.rpartition(".")[0] != task_id:
                highest[task_id] += 1
                target_id = f"{task_id}.{highest[task_id]}"
                if own:
                    line.tell(
                        "proof-id-twice" if own in taken else "proof-id-odd", "id", task_id, row_id=own, new=target_id
                    )
            taken.add(target_id)
            rows.append({"task_id": task_id, "target_id": target_id, **_target(line)})
        return rows

    def _owner(self, line: Line) -> tuple[str, str]:
        """(task id, target id) as typed; the task is the one that the id names where it is left blank."""
        own = unicodedata.normalize("NFKC", line.text("id") or "").strip().upper()
        task = unicodedata.normalize("NFKC", line.text("task") or "").strip().upper()
        return task or own.rpartition(".")[0], own

    def _goals(self, place: Mapping[str, int]) -> list[Record]:
        rows = []
        for line in self._lines(GOALS):
            task_id = self._given_id(line) or ""
            if task_id not in place:
                self._gone([line], "id")
            else:
                rows.append({"task_id": task_id, "stage": line.text("stage"), "text": line.text("text")})
        return rows

    def _schedule(self) -> list[Record]:
        rows = []
        for line, part in zip(lines := self._lines(SCHEDULE), self._parts(lines), strict=True):
            said = line.text("period")
            period = columns.period_meant(said) if said else None
            if period is None:
                line.unknown("period", said or "", ("落实方案", "2026年一季度", "2026年上半年", "2026年5月"))
            role = line.word("role", columns.ROLES)
            if role is None and not line.cell("role"):
                line.unknown("role", "", (each[0] for each in columns.ROLES.values()))
            texts = {key: line.text(key) for key in ("to_whom", "source")}
            due_on = line.day("due_on", self.info.year)
            if period and role:
                rows.append({"period": period, "role": role, "part": part, "due_on": due_on, **texts})
        return rows

    def _tell_deleted(self, place: Mapping[str, int]) -> None:
        deleted = [task_id for task_id in self.kept.task_ids if task_id not in place]
        if deleted:
            source = f"核对稿“{TASKS.title}”"
            self.findings.append(
                finding("proof-tasks-deleted", source=source, count=len(deleted), tasks="、".join(deleted))
            )


def _pairs(sheet: SheetData, findings: list[Finding]) -> list[Line]:
    """The rows of 基本情况: a label and, to the right of it, its value; each as a line of one column."""
    lines = []
    for number in sorted(sheet.rows):
        row = sheet.rows[number]
        for each in INFO.fields:
            at = next(
                (at for at, cell in sorted(row.items()) if str(cell.value).strip("：: 　") == each.column.header), 0
            )
            if at:
                beside = next((other for other in sorted(row) if other > at), at + 1)
                form = replace(INFO, fields=(each,))
                lines.append(Line(form, sheet, number, row, {each.column.key: beside}, findings))
                break
    return lines


def _target(line: Line) -> Record:
    return {
        **{key: line.text(key) for key in ("text", "indicator", "unit")},
        "op": line.word("op", columns.OPS),
        "value": line.number_of("value"),
        "baseline": line.number_of("baseline"),
        "kind": line.word("kind", columns.KINDS),
        "nature": line.word("nature", columns.NATURES),
    }
