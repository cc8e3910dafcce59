"""A unit's own 落实方案 as a document, from what it handed in: task by task its measures, goals, dates and people.

What was agreed since (调整申请, items that the office accepted) stands in it: it is the plan in force. Goals that
the office sent back (退回) and the unit has not changed since are not: they are marked, and not printed for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from taskkit.approving import PEOPLE, agreed, changed_deadlines, promised, sent_back
from taskkit.columns import COLUMNS, goal_columns, row_owner
from taskkit.comparing.promises import requirement
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.periods import PLAN, official_date
from taskkit.plan import Item, plain_rows
from taskkit.plan_index import PlanIndex
from taskkit.reports import wording
from taskkit.reports.digest import DigestGroup, DigestTask
from taskkit.reports.masking import Mask
from taskkit.settings import Sentences, Settings
from taskkit.text import compact
from taskkit.word import Annex

TEMPLATE = "reports/goals.docx"
WORDS = "goals"
FOLDER = "落实方案"
WIDTH = 225.0  # mm of the table
_STAGES_WIDTH, _STAGE_WIDTH = 88.0, 12.0  # mm: of its stage columns together, and what each has at least
_PEOPLE = ("unit_leader", "office", "handler", "phone")
_WITHHELD = ("handler", "phone")  # not for everybody
_ROLES = ("lead", "support")


@dataclass(frozen=True)
class OwnPlan:
    """What stands in a unit's 落实方案, as plain texts in reading order."""

    title: str
    file_name: str
    issuer: str
    date: str
    intro: str
    groups: tuple[DigestGroup, ...]
    annex_list: tuple[str, ...]
    annexes: tuple[Annex, ...]


def build(
    ledger: Ledger, name: str, units: Sequence[str], settings: Settings, today: date, public: bool = False
) -> tuple[OwnPlan, ...]:
    """One document for each unit, all that handed in a 落实方案 unless some are named, in the unit list's order.

    ``public``: without handlers and phones. Raises UsageError for a unit that the plan does not name, that leads
    nothing, or that has handed nothing in, and where none has.
    """
    plan = ledger.plan(name, today)
    index = PlanIndex(plan, ledger.roster(name, today))
    said = _Said(ledger, name, index, today, Mask.read(ledger, name, index) if public else str)
    wanted = tuple(dict.fromkeys(map(index.meant, units)))
    for unit in wanted:
        if unit not in said.units:
            _refuse(unit, index, said)
    if not said.units:
        raise UsageError(
            "还没有收到填写了内容的落实方案",
            f"请先用 taskkit collect 收回 taskkit issue {name} --period plan 发出的表格",
        )
    say = settings.sentences(WORDS)
    return tuple(_document(unit, index, said, say, public) for unit in said.units if not wanted or unit in wanted)


def _refuse(unit: str, index: PlanIndex, said: _Said) -> None:
    reporter = index.roster.reporter(unit)
    if reporter in said.units:
        raise UsageError(f"“{unit}”的落实方案由“{reporter}”一并报送", f"请写 --unit {reporter}")
    raise UsageError(f"还没有收到“{unit}”填写了内容的落实方案", f"已经收到的有：{'、'.join(said.units) or '无'}")


class _Said:
    """What units handed in: texts by unit, row (task, target, item) and column, and on which day."""

    def __init__(self, ledger: Ledger, name: str, index: PlanIndex, today: date, shown: Callable[[str], str]) -> None:
        self.shown = shown
        self.texts: dict[str, dict[str, dict[str, str]]] = {}
        canonical = index.roster.canonical
        rows: list[dict[str, Any]] = plain_rows(promised(ledger, name))
        for row in rows:
            if (text := str(row["value"] or "").strip()) and row["task_id"] in index.tasks:
                own = self.texts.setdefault(canonical(row["unit"]), {})
                own.setdefault(row["target_id"] or row["task_id"], {})[row["column"]] = (
                    text if row["column"] in PEOPLE else shown(text)
                )
        self.received: dict[str, date] = {}
        for receipt in ledger.receipts(name, PLAN.text):
            if receipt.is_accepted and (unit := canonical(receipt.unit)) in self.texts:
                self.received[unit] = max(receipt.received, self.received.get(unit, receipt.received))
        self.items: dict[tuple[str, str], list[Item]] = {}
        for item in ledger.item_list(name, today):
            self.items.setdefault((canonical(item.unit), item.task_id), []).append(item)
        self.deadlines = changed_deadlines(agreed(ledger, name, index.roster))
        self.back: dict[tuple[str, str], list[str]] = {}
        for (unit, row_id), reason in sent_back(ledger, name, PLAN.text, index.roster).items():
            self.back.setdefault((unit, row_owner(row_id)[0] or ""), []).append(reason)
        own = {unit: _roles(unit, index, texts) for unit, texts in self.texts.items()}
        self.roles = {unit: roles for unit, roles in own.items() if roles}
        self.units = sorted((unit for unit in self.received if unit in self.roles), key=index.rank)


def _document(unit: str, index: PlanIndex, said: _Said, say: Sentences, public: bool) -> OwnPlan:
    tasks = [task for task in index.tasks.values() if task["task_id"] in said.roles[unit]]
    writer = _Writer(unit, index, said, say, public)
    table = writer.targets(tasks)
    year = wording.of_year(index.info)
    first, second = say("title", unit=index.full_name(unit), year=year), say("subtitle", unit=unit, year=year)
    return OwnPlan(
        title="\n".join(filter(None, (first, second))),
        file_name=f"{unit}落实方案.docx",
        issuer=index.full_name(unit),
        date=official_date(said.received[unit]),
        intro="".join((say("intro", plan=wording.named(index.info), unit=unit), writer.counts(tasks))),
        groups=tuple(writer.groups(tasks)),
        annex_list=(f"附件：{table.title}",) if table else (),
        annexes=(table,) if table else (),
    )


def _roles(unit: str, index: PlanIndex, texts: Mapping[str, object]) -> dict[str, str]:
    """Task to role: the main tasks that a unit leads, itself or for others, and what else it has and wrote on."""
    parts = dict.fromkeys(task["part"] for task in index.tasks.values())
    has = {
        task_id: role
        for tasks_of in (index.own_tasks_of, index.tasks_of)
        for part in parts
        for task_id, role in tasks_of(unit, "all", part)
    }
    wrote = {row_owner(row)[0] for row in texts}
    led = {task for task, role in has.items() if role == "lead" and index.tasks[task]["part"] == "main"}
    return {task: role for task, role in has.items() if task in wrote | led}


@dataclass(frozen=True)
class _Writer:
    """Puts one unit's words into lines."""

    unit: str
    index: PlanIndex
    said: _Said
    say: Sentences
    public: bool

    def counts(self, tasks: Sequence[dict[str, Any]]) -> str:
        """How many tasks there are, by role and part, and on how many goals were handed in."""
        filled = sum(self._has_goals(task["task_id"]) for task in tasks)
        key = "all_filled" if filled == len(tasks) else "some_filled" if filled else "none_filled"
        back = 0 if self.public else sum((self.unit, task["task_id"]) in self.said.back for task in tasks)
        others = [each for each in self.index.through(self.unit) if self.index.own_tasks_of(each, "lead", "main")]
        return self.say(
            "counts",
            unit=self.unit,
            through=self.say("through", units="、".join(others)) if others else "",
            roles="，".join(self.say(role, parts=parts) for role in _ROLES if (parts := self._by_part(tasks, role))),
            filled=self.say(key, count=filled),
            back=self.say("back_count", count=back) if back else "",
        )

    def _by_part(self, tasks: Sequence[dict[str, Any]], role: str) -> str:
        """重点任务2项、民生实事1项: those that the unit has in this role."""
        own = [task["part"] for task in tasks if self.said.roles[self.unit][task["task_id"]] == role]
        by_part = {part: own.count(part) for part in own}
        return "、".join(
            self.say("part", subject=wording.part_label(part), count=count) for part, count in by_part.items()
        )

    def groups(self, tasks: Sequence[dict[str, Any]]) -> Iterator[DigestGroup]:
        """Tasks under their headings; a heading is named where it begins."""
        before = ""
        for (section, group), own in groupby(tasks, lambda task: (task["section"] or "", task["group"] or "")):
            listed = tuple(map(self._task, own))
            yield DigestGroup(compact(section) if section != before else "", compact(group), listed)
            before = section

    def _task(self, task: dict[str, Any]) -> DigestTask:
        title = task["title"] or task["measures"] or ""
        number = f"{task['no']}. " if task["no"] is not None else ""
        return DigestTask(number, title, tuple(filter(None, self._lines(task))))

    def _lines(self, task: dict[str, Any]) -> Iterator[str]:
        task_id = task["task_id"]
        own = self.said.texts[self.unit].get(task_id, {})
        if task["title"] and task["measures"]:
            yield self.say("measures", text=task["measures"])
        yield from self._items(task_id)
        if aims := "；".join(dict.fromkeys(row["text"] for row in self._targets(task_id) if row["text"])):
            yield self.say("annual", text=wording.stop(aims))
        yield from self._stage_lines(task_id)
        agreed_on = self.said.deadlines.get((self.unit, task_id))
        if due := agreed_on or task["deadline"] or own.get(COLUMNS["deadline"].header, ""):
            yield self.say("deadline", text=wording.stop(due))
        if people := self._people(own):
            yield self.say("people", text=wording.stop(people))

    def _items(self, task_id: str) -> Iterator[str]:
        for number, item in enumerate(self.said.items.get((self.unit, task_id), ()), 1):
            goals = {stage: text for stage, text in item.goals.items() if text}
            parts = (wording.bare(item.text), _stages(goals).rstrip("。"), item.deadline)
            yield self.say("item", number=number, text=wording.stop(self.said.shown("；".join(filter(None, parts)))))

    def _stage_lines(self, task_id: str) -> Iterator[str]:
        goals, back = self._goals(task_id), self.said.back.get((self.unit, task_id))
        if goals:
            yield self.say("stages", text=_stages(goals))
        elif not self._has_goals(task_id):
            yield self.say("mending") if back and self.public else self.say("no_goals")
        else:
            yield self.say("in_table")
        if back and not self.public:
            reason = "；".join(filter(None, map(wording.bare, back)))
            yield self.say("back_because", reason=reason) if reason else self.say("back")

    def _has_goals(self, task_id: str) -> bool:
        """Whether the unit handed in goals, as text or as numbers."""
        return bool(self._goals(task_id)) or any(self._numbers(row) for row in self._targets(task_id))

    def _goals(self, task_id: str) -> dict[str, str]:
        """What the unit promised by stage, as text; numbers of targets stand in the table."""
        return self._promised(task_id, task_id)

    def _numbers(self, target: Mapping[str, Any]) -> dict[str, str]:
        return self._promised(target["target_id"], target["task_id"])

    def _promised(self, row_id: str, task_id: str) -> dict[str, str]:
        """By stage; for everybody nothing of what was sent back."""
        if self.public and (self.unit, task_id) in self.said.back:
            return {}
        own = self.said.texts[self.unit].get(row_id, {})
        stages = zip(self.index.info.stages, goal_columns(self.index.info.stages), strict=True)
        return {stage: text for stage, column in stages if (text := own.get(column.header, ""))}

    def _people(self, own: Mapping[str, str]) -> str:
        columns = [COLUMNS[key] for key in _PEOPLE if not (self.public and key in _WITHHELD)]
        return "，".join(f"{each.header}{own[each.header]}" for each in columns if own.get(each.header))

    # --- the table of targets ---------------------------------------------------------

    def targets(self, tasks: Sequence[dict[str, Any]]) -> Annex | None:
        """One row per target with its numbers by stage; None where there are no numbers."""
        if not any(self._numbers(row) for task in tasks for row in self._targets(task["task_id"])):
            return None
        stages = goal_columns(self.index.info.stages)
        width = max(_STAGES_WIDTH, _STAGE_WIDTH * len(stages))
        left = WIDTH - width - 41
        return Annex(
            label="附件",
            title=self.say("targets"),
            columns=("no", "title", "indicator", "requirement", *(each.key for each in stages)),
            rows=tuple(row for task in tasks for row in self._target_rows(task)),
            headers={"requirement": COLUMNS["annual"].header} | {each.key: each.header for each in stages},
            widths=(11, left * 0.55, left * 0.45, 30, *(width / len(stages) for _ in stages)),
        )

    def _targets(self, task_id: str) -> Sequence[dict[str, Any]]:
        return self.index.targets.get(task_id, ())

    def _target_rows(self, task: dict[str, Any]) -> Iterator[tuple[str | None, ...]]:
        for number, row in enumerate(self._targets(task["task_id"])):
            goals = self._numbers(row)
            first = (str(task["no"] or ""), wording.short(task["title"] or task["measures"] or ""))
            head = first if number == 0 else (None, None)
            name = row["indicator"] or row["text"] or ""
            yield (*head, name, requirement(row), *(goals.get(stage, "") for stage in self.index.info.stages))


def _stages(goals: Mapping[str, str]) -> str:
    """一季度，…；二季度，…。"""
    said = (f"{stage}，{'，'.join(map(wording.bare, wording.lines(text)))}" for stage, text in goals.items())
    return "；".join(said) + "。"
