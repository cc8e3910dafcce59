"""系统研判: what figures and deadlines say of each task in a period, all tasks in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from taskkit.assess.aims import STANDINGS
from taskkit.assess.reasons import Grounds, TargetFacts
from taskkit.assess.standing import Standing, Verdict
from taskkit.assess.tasks import judge_tasks
from taskkit.columns import goal_columns
from taskkit.judging.said import FIGURES, said
from taskkit.judging.targets import Judged, Reported, Span, figure_in, judge_reported, name_of_figures
from taskkit.judging.times import Deadline
from taskkit.periods import Period
from taskkit.plan import records
from taskkit.roster import Roster
from taskkit.settings import States

if TYPE_CHECKING:
    import pandas as pd

    from taskkit.plan import Plan

Key = tuple[str, str]  # task or target id, unit


class Wanted(NamedTuple):
    """A task to be judged: whose word counts for it, where that puts it, and by when it is to be done.

    ``units``: those whose figures speak for it, the first that has any. ``until``: the deadline as
    printed, ``day`` its day (None: never late).
    """

    task_id: str
    units: tuple[str, ...]
    own: Standing
    until: str
    day: date | None


@dataclass(frozen=True)
class Assessment:
    """What is made of one task: its computed state, why, and for how many days it is overdue.

    ``contradicted``: figures or deadline say worse than the unit does.
    """

    computed: Verdict
    grounds: Grounds
    days_late: int
    contradicted: bool


@dataclass(frozen=True)
class Figures:
    """What was reported on the targets of a period, judged, by task and unit: ``rows`` are places in ``judged``."""

    judged: Judged
    rows: Mapping[Key, tuple[int, ...]]
    targets: Mapping[str, tuple[Mapping[str, Any], ...]]
    over: Mapping[str, bool]  # task -> whether its time is over at the period's end
    states: States

    @classmethod
    def read(
        cls,
        frame: pd.DataFrame,
        promised: pd.DataFrame,
        plan: Plan,
        period: Period,
        roster: Roster,
        states: States,
        times: Mapping[str, Deadline],
    ) -> Figures:
        """From the values of the period, those that were promised (落实方案), and the deadlines of all tasks."""
        targets: dict[str, list[Mapping[str, Any]]] = {}
        for row in records("targets", plan.targets):
            if row["value"] is not None:
                targets.setdefault(row["task_id"], []).append(row)
        typed: dict[Key, dict[str, str]] = {}
        for each in said(frame, roster):
            if each.target_id and each.column in FIGURES and each.task_id in targets:
                typed.setdefault((each.task_id, each.unit), {})[each.target_id] = each.value
        goals, spans = _Goals.read(promised, plan, period, roster), _spans(plan, period, times)
        listed: list[Reported] = []
        rows: dict[Key, tuple[int, ...]] = {}
        for (task_id, unit), texts in typed.items():
            own = targets[task_id]
            rows[task_id, unit] = tuple(range(len(listed), len(listed) + len(own)))
            listed += [
                Reported(
                    target,
                    unit,
                    texts.get(target["target_id"], ""),
                    spans[task_id],
                    *goals.of(target, unit, len(own) == 1),
                )
                for target in own
            ]
        named = {task_id: tuple(each) for task_id, each in targets.items()}
        over = {task_id: span.over for task_id, span in spans.items()}
        return cls(judge_reported(listed, states), rows, named, over, states)

    def of(self, task_id: str, unit: str) -> tuple[TargetFacts, ...]:
        """What a unit reported on the targets of a task; nothing where it reported on none."""
        return tuple(self.judged.facts[at] for at in self.rows.get((task_id, unit), ()))

    def states_by_figures(self) -> dict[Key, str]:
        """The state that the figures alone give, by task and unit, where all targets of the task have one."""
        keys = list(self.rows)
        blank = [Wanted(task_id, (unit,), Standing.UNSTATED, "", None) for task_id, unit in keys]
        return {
            key: each.computed.name
            for key, each in zip(keys, self.assess(blank, date.min), strict=True)
            if each.grounds.worst and not each.grounds.missing
        }

    def assess(self, wanted: Sequence[Wanted], on: date) -> list[Assessment]:
        """Each task, judged on a day."""
        import pandas as pd

        chosen = [self._chosen(each) for each in wanted]
        places = [at for own in chosen for at in own]
        aims = self.judged.frame.iloc[places].reset_index(drop=True)
        aims["task"] = pd.Series([at for at, own in enumerate(chosen) for _ in own], dtype="int64")
        tasks = pd.DataFrame(
            {
                "own": pd.Series([STANDINGS.index(each.own) for each in wanted], dtype="int8"),
                "deadline": pd.Series([each.day for each in wanted], dtype="datetime64[s]"),
                "on": pd.Series([on] * len(wanted), dtype="datetime64[s]"),
                "over": pd.Series([self.over[each.task_id] for each in wanted], dtype=bool),
            }
        )
        judged = judge_tasks(tasks, aims, self.states.limits).to_dict("records")
        return [self._assessment(each, row, places) for each, row in zip(wanted, judged, strict=True)]

    def _chosen(self, task: Wanted) -> tuple[int, ...]:
        return next((self.rows[task.task_id, unit] for unit in task.units if (task.task_id, unit) in self.rows), ())

    def _assessment(self, task: Wanted, row: Mapping[Any, Any], places: Sequence[int]) -> Assessment:
        standing = STANDINGS[row["standing"]]
        worst = self.judged.facts[places[row["worst"]]] if row["worst"] >= 0 else None
        unit = worst.unit if worst else (task.units[0] if task.units else None)
        days, wanted = int(row["days_late"]), len(self.targets.get(task.task_id, ()))
        grounds = Grounds(task.own, task.until, days, worst, wanted, int(row["missing"]), int(row["behind"]))
        when = row["when"]
        name = name_of_figures(standing, self.states, when) if worst else self.states.name_of(standing, when)
        return Assessment(Verdict(standing, name, unit), grounds, days, bool(row["contradicted"]))


def _spans(plan: Plan, period: Period, times: Mapping[str, Deadline]) -> dict[str, Span]:
    """Task -> where in its time the period ends: the plan's year, or longer where its deadline is later."""
    year, stages = plan.info.year, tuple(plan.info.stages)
    return {task_id: Span.of(period, year, stages, day) for task_id, (_, day) in times.items()}


@dataclass(frozen=True)
class _Goals:
    """The numbers promised for a period's stage and the one before it: the newest, the unit's before the plan's."""

    headers: tuple[str, str]
    numbers: Mapping[tuple[str, str, str], str]  # row id, unit, column -> text
    printed: Mapping[tuple[str, str], str]  # task, column -> text

    @classmethod
    def read(cls, promised: pd.DataFrame, plan: Plan, period: Period, roster: Roster) -> _Goals:
        stages = tuple(plan.info.stages)
        stage = period.stage(stages)
        at = stages.index(stage) if stage else -1
        named = [column.header for column in goal_columns(stages)]
        headers = (named[at] if at >= 0 else "", named[at - 1] if at > 0 else "")
        kept = said(promised, roster)
        numbers = {(each.target_id or each.task_id, each.unit, each.column): each.value for each in kept}
        header_of = dict(zip(stages, named, strict=True))
        rows = records("goals", plan.goals)
        printed = {(row["task_id"], header_of.get(row["stage"], "")): row["text"] or "" for row in rows}
        return cls(headers, numbers, printed)

    def of(self, target: Mapping[str, Any], unit: str, alone: bool) -> tuple[float | None, ...]:
        """Of this stage and the one before; a goal in words counts where the task has no other target."""
        return tuple(self._number(target, unit, header, alone) if header else None for header in self.headers)

    def _number(self, target: Mapping[str, Any], unit: str, header: str, alone: bool) -> float | None:
        number = figure_in(self.numbers.get((target["target_id"], unit, header), ""), target["unit"])
        if number is not None or not alone:
            return number
        task_id = target["task_id"]
        texts = (self.numbers.get((task_id, unit, header), ""), self.printed.get((task_id, header), ""))
        return next((found for text in texts if (found := figure_in(text, target["unit"])) is not None), None)


def first_with_figures(own: str | None, units: Iterable[str]) -> tuple[str, ...]:
    """Whose figures speak for a task: those of its 汇总单位, else of the next that has any."""
    return tuple(dict.fromkeys(unit for unit in (own, *units) if unit))
