"""How far everything is, read from the ledger: what ``status`` shows, as plain data (overview.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from taskkit.assess import Standing, Verdict, own_verdict, says_nothing, tally
from taskkit.assess.reasons import TargetFacts
from taskkit.assess.tasks import year_share
from taskkit.comparing.promises import requirement
from taskkit.directing import standing
from taskkit.errors import UsageError
from taskkit.figures import as_number
from taskkit.judging.cadences import Cadence, cadences
from taskkit.judging.facts import TaskFacts
from taskkit.ledger import Ledger
from taskkit.periods import PLAN, Period, parse_period
from taskkit.plan_index import PlanIndex
from taskkit.reports.masking import Mask
from taskkit.reports.overview import Group, Mark, Overview, Part, Said, TargetRow, TaskRow, UnitRow, marks_of
from taskkit.reports.wording import part_label
from taskkit.settings import Settings, States
from taskkit.tracking import Outcome, Return, check_issued, issued_periods

_TEXTS = ("progress", "problem", "help", "next_step")
_WITHHELD = ("problem", "help")  # of the texts, what a page for everybody does not show


def survey(
    ledger: Ledger,
    name: str,
    period: str | None = None,
    settings: Settings | None = None,
    today: date | None = None,
    public: bool = False,
) -> Overview:
    """How far the tasks of a plan are in a period (the last one issued for the main tasks unless given).

    Parts with a cadence of their own are shown at their last period by then. ``public`` leaves out
    problems, what is asked for, phones, and the persons of the units. Raises UsageError where no
    reporting period was issued, and for ``plan``, which has no progress.
    """
    settings, day = settings or Settings(), today or date.today()
    when = _period(ledger, name, period)
    plan = ledger.plan(name, day)
    index = PlanIndex(plan, ledger.roster(name, day))
    shown = tuple(cadences(ledger, name, when, settings, day))
    states = settings.states()
    reader = _Reader(index, day, states, Mask.read(ledger, name, index) if public else None)
    rows = [(cadence, part, reader.tasks(cadence, part)) for cadence in shown for part in cadence.parts]
    rows.sort(key=lambda row: (row[1] != "main", row[1]))
    marks = reader.marks(task for _, _, tasks in rows for task in tasks)
    parts = tuple(reader.part(cadence, key, tasks, marks) for cadence, key, tasks in rows)
    returns = [each for cadence in shown for each in cadence.returns(ledger, name, day)]
    return Overview(
        name=name,
        title=plan.info.title or name,
        issuer=plan.info.issuer or "",
        today=day,
        when=when,
        marks=marks,
        parts=parts,
        units=tuple(replace(each, said=reader.shown(each.said)) for each in _unit_rows(returns, index, parts)),
        returns=tuple(cadence.facts.returns for cadence in shown),
        soon=warning.text if (warning := states.limits.soon) else "",
        public=public,
        directives=() if public else standing(ledger, name, day, when.text),
    )


def _period(ledger: Ledger, name: str, period: str | None) -> Period:
    issued = issued_periods(ledger, name)
    if period is not None:
        when = parse_period(check_issued(issued, name, period))
        if when == PLAN:
            raise UsageError("落实方案阶段还没有进展可以汇总", "请用 --period 写明报送期，如 2023Q1")
        return when
    books = ledger.workbooks(name)
    of_main = set(books[books["part"] == "main"]["period"]) - {PLAN.text} or set(issued) - {PLAN.text}
    if not of_main:
        raise UsageError(f"“{name}”还没有发出过进展表格", f"请先用 taskkit issue {name} --period 报送期 发出表格")
    return max(map(parse_period, of_main))


# --- one task -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reader:
    """Facts -> rows, as this office calls things and, with a ``mask``, for everybody's eyes."""

    index: PlanIndex
    today: date
    states: States
    mask: Mask | None

    def tasks(self, cadence: Cadence, part: str) -> tuple[TaskRow, ...]:
        judged: dict[str, list[TargetFacts]] = {}
        for each in cadence.facts.targets:
            judged.setdefault(each.target_id, []).append(each)
        listed = [task for task in cadence.tasks if task.part == part]
        return tuple(self._task(number, task, judged) for number, task in enumerate(listed, 1))

    def _task(self, number: int, task: TaskFacts, judged: Mapping[str, Sequence[TargetFacts]]) -> TaskRow:
        printed = self.index.tasks[task.task_id]
        done, due_on = task.verdict.standing is Standing.DONE, task.due_on
        left = (due_on - self.today).days if due_on and not done else -1
        texts = {key: tuple(self._said(task, key)) for key in _TEXTS}
        if self.mask:
            texts |= dict.fromkeys(_WITHHELD, ())
            own = (said for said in texts["progress"] if not task.wording and said.unit not in task.worded)
            texts["progress"] = tuple(own)
        return TaskRow(
            task_id=task.task_id,
            part=task.part,
            number=str(task.no or number),
            section=task.section or "",
            group=task.group or "",
            title=task.title,
            measures=(printed["measures"] or "") if printed["measures"] != task.title else "",
            leaders=task.leaders,
            units=task.printed,
            supporting=tuple(self.index.units_of(task.task_id, "support")),
            deadline=task.deadline or "",
            due_on=due_on,
            days_left=left if left >= 0 else None,
            days_late=task.days_late,
            state=task.verdict.name,
            standing=task.verdict.standing,
            own=tuple((word.unit, own_verdict(word, self.states)) for word in task.words),
            computed=task.computed,
            reason=self.shown(task.reason),
            office=task.office,
            ruled=tuple((word.unit, task.ruled[word.unit]) for word in task.words if word.unit in task.ruled),
            closed=task.closed,
            goal=self.shown(task.goal),
            wording=self.shown(task.wording or "\n".join(f"{unit}：{text}" for unit, text in task.worded.items())),
            progress=self.shown(task.report_progress),
            texts=texts,
            targets=tuple(self._targets(task, judged)),
            slow=bool(task.slow_words),
            differs=task.contradicted,
            is_due_soon=not done and self._is_soon(due_on),
        )

    def shown(self, text: str) -> str:
        """A text as it may be shown: for everybody without phones and persons."""
        return self.mask(text) if self.mask else text

    def _said(self, task: TaskFacts, key: str) -> Iterator[Said]:
        for unit in task.values:
            text = task.value(unit, key)
            if text and not (key in _WITHHELD and says_nothing(text)):
                yield Said(unit, self.shown(text), unit in task.supporting)

    def _is_soon(self, due_on: date | None) -> bool:
        warning = self.states.limits.soon
        return bool(due_on and warning and warning.is_on(due_on, self.today))

    def _targets(self, task: TaskFacts, judged: Mapping[str, Sequence[TargetFacts]]) -> Iterator[TargetRow]:
        for target in self.index.targets.get(task.task_id, ()):
            row = TargetRow(
                target_id=target["target_id"],
                task_id=task.task_id,
                task=task.title,
                name=target["indicator"] or target["text"] or "",
                requirement=requirement(target),
                unit="、".join(task.printed),
                achieved="",
            )
            said = [each for each in judged.get(target["target_id"], ()) if each.text]
            yield from (replace(row, **self._judged(each)) for each in said) if said else (row,)

    def _judged(self, each: TargetFacts) -> dict[str, Any]:
        plain = each.achieved is not None and as_number(each.text) is not None
        return {
            "unit": each.unit,
            "achieved": _with_unit(each.text, each.measure) if plain else self.shown(each.text),
            "rate": _rounded(each.rate),
            "due": _rounded(each.due),
            "gap": _rounded(each.gap) if each.rate is not None else None,
            "verdict": "未填" if not each.known else "达标" if each.met else "未达标",
            "behind": each.standing is Standing.SLOW,
            "reason": self.shown(each.reason),
        }

    def marks(self, tasks: Iterable[TaskRow]) -> tuple[Mark, ...]:
        """The office's states, and of the others those that occur, in the order of ``tally``."""
        verdicts = {task.state: Verdict(task.standing, task.state) for task in tasks}
        return marks_of(self.states, tally(verdicts.values(), self.states))

    def part(self, cadence: Cadence, key: str, tasks: tuple[TaskRow, ...], marks: Sequence[Mark]) -> Part:
        places, order = self.index.order, self.index.roster.leader_order
        names = [mark.name for mark in marks]

        def groups(of: dict[str, list[str]], place: Mapping[str, int] | None = None) -> tuple[Group, ...]:
            listed = sorted(of, key=lambda name: place.get(name, len(place) + 1)) if place is not None else list(of)
            return tuple(Group(name, tuple(map(Counter(of[name]).__getitem__, names))) for name in listed)

        sections: dict[str, list[str]] = {}
        leaders: dict[str, list[str]] = {}
        units: dict[str, list[str]] = {}
        for task in tasks:
            sections.setdefault(task.heading, []).append(task.state)
            for by, listed in ((leaders, task.leaders), (units, task.units)):
                for name in dict.fromkeys(listed):
                    by.setdefault(name, []).append(task.state)
        return Part(
            key=key,
            label=part_label(key),
            when=cadence.when,
            tasks=tasks,
            counts=tally((Verdict(task.standing, task.state) for task in tasks), self.states),
            sections=groups(sections),
            leaders=groups(leaders, order),
            units=groups(units, places),
            year_share=round(year_share(cadence.when, self.index.info.year), 1),
        )


def _with_unit(text: str, unit: str | None) -> str:
    return text if not text or not unit or text.endswith(unit) else f"{text}{unit}"


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


# --- units --------------------------------------------------------------------------------


_WORST_FIRST = (Outcome.MISSING, Outcome.NOT_DUE, Outcome.LATE, Outcome.ON_TIME, Outcome.EXCUSED)


def _unit_rows(returns: Sequence[Return], index: PlanIndex, parts: Sequence[Part]) -> Iterator[UnitRow]:
    """Every unit that was asked or leads a task shown, in the order of the unit list."""
    asked: dict[str, list[Return]] = {}
    for each in returns:
        asked.setdefault(each.unit, []).append(each)
    leading = dict.fromkeys(group.name for part in parts for group in part.units)
    for unit in sorted({*asked, *leading}, key=lambda name: index.order.get(name, len(index.order) + 1)):
        own = asked.get(unit, [])
        worst = min(own, key=lambda each: _WORST_FIRST.index(each.outcome), default=None)
        yield UnitRow(
            unit=unit,
            outcome=worst.outcome if worst else None,
            days=max((each.days_late for each in own if worst and each.outcome is worst.outcome), default=0),
            said="；".join(dict.fromkeys(_note(each) for each in own if _note(each))),
            received=max((each.received for each in own if each.received), default=None),
            filled=sum(len(each.updated) for each in own),
            asked=sum(len(each.tasks) for each in own),
            books=sum(each.outcome is not Outcome.EXCUSED for each in own),
            on_time=sum(each.outcome is Outcome.ON_TIME for each in own),
            late=sum(each.outcome is Outcome.LATE for each in own),
            missing=sum(each.outcome is Outcome.MISSING for each in own),
        )


def _note(each: Return) -> str:
    if each.outcome is Outcome.EXCUSED:
        return each.reason
    if each.received is None and each.sent_back:
        return "交来的已退回，待重报"
    if each.waiting:
        return "交来的是文件，待转录"
    return "交来的没有填写内容" if each.accepted and not each.cells_filled else ""
