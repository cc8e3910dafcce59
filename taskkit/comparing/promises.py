"""Promise against result: what the plan aims at, what the unit promised for the stage, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taskkit.assess.reasons import TargetFacts
from taskkit.comparing.reading import Moment, Reader, Texts
from taskkit.figures import written
from taskkit.judging.facts import TaskFacts
from taskkit.judging.targets import figure_in
from taskkit.workbook import REQUIREMENTS

_SLACK = 1e-9  # 0.1 + 0.2 reaches 0.3


@dataclass(frozen=True)
class Promise:
    """One target of a task, or a task without any (``target_id`` None: then there are texts alone).

    ``aim`` is the year's, ``promised`` the goal of the stage in which the period ends; ``rate`` and
    ``stage_rate`` are percentages of them (None where a share says nothing: ceilings, growth, ratios). ``gap`` is
    what lacks to the year's aim, in ``measure`` (0 where it is met), ``met`` whether it is met (None without a figure).
    ``goal`` is the number that was promised for the stage, ``kept`` whether it is reached, at the year's end without
    a goal whether the aim is (None where no number was promised, or the stage is not over; False where no figure came;
    a task that was closed has kept its promises). ``figure`` is the number that ``achieved`` says.
    ``unit`` is whose figure or word it is (汇总单位). ``own`` is that unit's word, ``computed`` what was computed,
    ``state`` what reports print.
    """

    task_id: str
    no: int | None
    title: str
    unit: str
    target_id: str | None
    indicator: str
    requirement: str
    aim: float | None
    measure: str
    promised: str
    achieved: str
    rate: float | None
    stage_rate: float | None
    gap: float | None
    met: bool | None
    state: str
    own: str
    computed: str
    reason: str
    goal: float | None = None
    kept: bool | None = None
    figure: float | None = None

    @property
    def gap_text(self) -> str:
        """差250个; 差1.5个百分点; 已达到; "" where nothing can be said."""
        if self.met is None:
            return ""
        return "已达到" if self.met else self._difference(self.gap or 0)

    @property
    def goal_gap_text(self) -> str:
        """What lacks to the goal of the stage: 差250个; 超0.3个百分点; "" where it is reached or no figure came."""
        if self.kept is not False or self.figure is None:
            return ""
        if self.goal is None:
            return self.gap_text
        lacking = float(f"{self.goal - self.figure:.10g}")
        return self._difference(lacking) if lacking > 0 else self._difference(-lacking, "超")

    def _difference(self, number: float, word: str = "差") -> str:
        measure = "个百分点" if self.measure in ("%", "％") else self.measure
        return f"{word}{written(number)}{measure}"


def promises(moment: Moment, reader: Reader) -> tuple[Promise, ...]:
    """One row per target, and one per task without targets, in the plan's order."""
    goals = reader.goals(moment.period.stage(reader.plan.info.stages))
    return tuple(row for task in moment.tasks for row in _of_task(task, moment, reader, goals))


def _of_task(task: TaskFacts, moment: Moment, reader: Reader, goals: Texts) -> Iterator[Promise]:
    targets = [each for each in reader.index.targets.get(task.task_id, ()) if each["value"] is not None]
    for target in targets:
        yield _of_target(task, target, moment, goals, reader.plan.info.stages)
    if not targets:
        unit = task.own.unit or next(iter(task.units), "")
        yield Promise(**_common(task, unit), **_NO_TARGET, promised=task.goal, achieved=task.report_progress)


_NO_TARGET: dict[str, Any] = {
    **dict.fromkeys(("target_id", "aim", "rate", "stage_rate", "gap", "met")),
    **dict.fromkeys(("indicator", "requirement", "measure"), ""),
}


def _common(task: TaskFacts, unit: str) -> dict[str, Any]:
    return {
        **{key: getattr(task, key) for key in ("task_id", "no", "title", "reason")},
        "unit": unit,
        "state": task.verdict.name,
        "own": task.own.name,
        "computed": task.computed.name if task.computed else "",
    }


def _of_target(
    task: TaskFacts, target: Mapping[str, Any], moment: Moment, goals: Texts, stages: Sequence[str]
) -> Promise:
    figure = moment.figure(task, target["target_id"])
    unit = figure.unit if figure else next(iter(task.units), "")
    known = figure if figure and figure.known else None
    promised = goals.get((unit, target["target_id"]), "")
    goal = figure.goal if figure else figure_in(promised, target["unit"])
    return Promise(
        **_common(task, unit),
        target_id=target["target_id"],
        indicator=target["indicator"] or target["text"] or "",
        requirement=requirement(target),
        aim=target["value"],
        measure=target["unit"] or "",
        promised=promised,
        achieved=figure.text if figure else "",
        rate=None if known is None or known.rate is None else round(known.rate, 1),
        stage_rate=_stage_rate(known) if known else None,
        gap=_gap(known) if known else None,
        met=known.met if known else None,
        goal=goal,
        kept=_kept(task, known, goal, moment.period.last_month == 12) if moment.ends_stage(stages) else None,
        figure=known.achieved if known else None,
    )


def _kept(task: TaskFacts, figure: TargetFacts | None, goal: float | None, year_over: bool) -> bool | None:
    if goal is None and not year_over:
        return None
    if task.closed:
        return True
    if figure is None or figure.achieved is None:
        return False
    if goal is None:
        return figure.met
    beyond = goal - figure.achieved if figure.falling else figure.achieved - goal
    return beyond >= -_SLACK * abs(goal)


def requirement(target: Mapping[str, Any]) -> str:
    """What the plan asks of a target: 不低于1000个; 7%左右; its own words where it names no number."""
    if target["value"] is None:
        return target["text"] or ""
    aim, word = f"{written(target['value'])}{target['unit'] or ''}", REQUIREMENTS.get(target["op"] or "", "")
    return f"{aim}{word}" if target["op"] == "~" else f"{word}{aim}"


def _stage_rate(figure: TargetFacts) -> float | None:
    """The share of the stage's goal, of what has a rate."""
    if figure.rate is None or not figure.goal or figure.goal <= 0 or figure.achieved is None:
        return None
    return round(figure.achieved / figure.goal * 100, 1)


def _gap(figure: TargetFacts) -> float:
    lacking = (figure.value or 0) - (figure.achieved or 0)
    return 0.0 if figure.met else float(f"{abs(lacking):.10g}")
