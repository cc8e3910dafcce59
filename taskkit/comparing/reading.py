"""What each part of a plan looked like in its period and in the one before: read once, for all comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from taskkit import approving
from taskkit.assess.reasons import TargetFacts
from taskkit.columns import goal_columns, is_directives
from taskkit.errors import UsageError
from taskkit.judging.facts import Facts, TaskFacts, gather
from taskkit.ledger import Ledger
from taskkit.periods import PLAN, Period, parse_period
from taskkit.plan_index import PlanIndex
from taskkit.settings import Settings
from taskkit.tracking import check_issued, issued_periods

if TYPE_CHECKING:
    import pandas as pd

Texts = Mapping[tuple[str, str], str]  # (unit, task or target id) -> what it wrote


@dataclass(frozen=True)
class Moment:
    """One part of the plan in one period: its tasks, and what each unit reported on their targets.

    ``withdrawn``: how many more tasks it had that were withdrawn from the plan since (撤销); they count nowhere.
    """

    period: Period
    tasks: tuple[TaskFacts, ...]
    figures: Mapping[tuple[str, str], TargetFacts]
    withdrawn: int = 0

    @cached_property
    def by_id(self) -> dict[str, TaskFacts]:
        return {task.task_id: task for task in self.tasks}

    def ends_stage(self, stages: Sequence[str]) -> bool:
        """Whether a stage of the plan is over when the period ends, so that what was promised for it is due."""
        return bool(stages) and self.period.last_month * len(stages) % 12 == 0

    def figure(self, task: TaskFacts, target_id: str) -> TargetFacts | None:
        """What the first lead unit that wrote anything (汇总单位) reported on a target."""
        said = (self.figures.get((unit, target_id)) for unit in task.units)
        return next((each for each in said if each is not None and each.text), None)


@dataclass(frozen=True)
class Part:
    """A part at its own period, and at the nearest earlier one in which it was asked for (None for the first)."""

    part: str
    now: Moment
    before: Moment | None


class Reader:
    """Reads the ledger; each period once, whatever number of parts it has."""

    def __init__(self, ledger: Ledger, name: str, settings: Settings, today: date) -> None:
        self.ledger, self.name, self.settings, self.today = ledger, name, settings, today
        self.plan = ledger.plan(name, today)
        self.index = PlanIndex(self.plan, ledger.roster(name, today))
        self._facts: dict[str, Facts] = {}

    def parts(self, period: str | None) -> tuple[Part, ...]:
        """The parts of the plan, main first, each at its last period up to the one asked for (the newest).

        Raises UsageError where no reporting period was issued, or nothing for the one asked.
        """
        when = self.when(period)
        books = self.ledger.workbooks(self.name)[["part", "period"]].drop_duplicates()
        periods: dict[str, dict[tuple[int, int], Period]] = {}
        for part, text in books.itertuples(index=False, name=None):
            each = parse_period(text)
            if each != PLAN and not is_directives(part) and _end(each) <= _end(when):
                own = periods.setdefault(part, {})
                own[_end(each)] = (
                    when if when in (each, own.get(_end(each))) else each
                )  # one that ends alike is no other
        return tuple(
            Part(part, self._moment(part, own[-1]), self._moment(part, own[-2]) if len(own) > 1 else None)
            for part in sorted(periods, key=lambda each: (each != "main", each))
            for own in ([each for _, each in sorted(periods[part].items())],)
        )

    def when(self, period: str | None) -> Period:
        issued = issued_periods(self.ledger, self.name, tasks=True)
        if period is not None:
            wanted = parse_period(check_issued(issued, self.name, period))
            if wanted == PLAN:
                raise UsageError("落实方案没有进展可以对比", "请写一个报送期，如 2026Q1")
            return wanted
        reporting = [each for each in map(parse_period, issued) if each != PLAN]
        if not reporting:
            raise UsageError(f"“{self.name}”还没有发出过进展表格，没有可以对比的", "请先用 taskkit issue 发出表格")
        return max(reporting)

    def goals(self, stage: str | None) -> Texts:
        """What units promised in their 落实方案 for a stage: (unit, task or target id) -> text.

        Changes that the office agreed to stand in the place of what they change.
        """
        if stage is None:
            return {}
        header = goal_columns((stage,))[0].header
        frame = approving.promised(self.ledger, self.name, self.index.roster)
        return self._texts(frame[frame["column"] == header])

    def facts(self, period: Period) -> Facts:
        if period.text not in self._facts:
            self._facts[period.text] = gather(self.ledger, self.name, period, self.settings, self.today)
        return self._facts[period.text]

    def _moment(self, part: str, period: Period) -> Moment:
        facts = self.facts(period)
        tasks = tuple(task for task in facts.tasks if task.part == part)
        figures = {(each.unit, each.target_id): each for each in facts.targets}
        return Moment(period, tasks, figures, facts.withdrawn.get(part, 0))

    def _texts(self, frame: pd.DataFrame) -> Texts:
        """By unit (its name in the list; what it wrote under that name counts more) and row."""
        roster = self.index.roster
        rows: list[tuple[Any, ...]] = list(
            zip(*(frame[key].astype(object) for key in ("unit", "task_id", "target_id", "value")), strict=True)
        )
        rows.sort(key=lambda row: roster.canonical(row[0]) == row[0])
        found: dict[tuple[str, str], str] = {}
        for unit, task_id, target_id, value in rows:
            row_id = target_id if isinstance(target_id, str) else task_id
            if isinstance(row_id, str) and isinstance(value, str) and value.strip():
                found[roster.canonical(unit), row_id] = value
        return found


def _end(period: Period) -> tuple[int, int]:
    return period.year, period.last_month
