"""This period against the last one: counts by state, the tasks whose state changed, and the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from taskkit.assess import Count, Standing, Verdict, tally
from taskkit.assess.reasons import TargetFacts
from taskkit.comparing.portions import Portion
from taskkit.comparing.reading import Moment, Part, Reader
from taskkit.judging.facts import TaskFacts
from taskkit.settings import States

GOOD = (Standing.DONE, Standing.NORMAL)  # 按序时及以上
_STATED = (*GOOD, Standing.SLOW, Standing.IDLE)
_SILENT = (Standing.UNCHANGED, Standing.UNREPORTED)


class Change(StrEnum):
    """How a task's state moved: said in the words that bulletins use."""

    DONE = "新完成"
    BETTER = "转好"
    WORSE = "转差"
    SAME = "持平"
    OTHER = "有变化"
    NEW = "无上期"
    UNKNOWN = "无法比较"


class Turn(StrEnum):
    """What became of a task since the period before, in the order in which reports list them."""

    BEHIND = "转为滞后"
    CAUGHT_UP = "已赶上"
    STARTED = "新启动"
    DONE = "新完成"
    OTHER = "其他变化"
    UNHEARD = "上期未报进展"
    SILENT = "本期未报进展"


@dataclass(frozen=True)
class StateCount:
    """How many tasks carry a state, now and in the period before (None where there was none)."""

    name: str
    standing: Standing
    now: Portion
    before: Portion | None

    @property
    def difference(self) -> int | None:
        return self.now.number - self.before.number if self.before else None


@dataclass(frozen=True)
class TaskChange:
    """A task's state in the period before ("" where there was none) and now.

    ``turn``: what became of it (None where its state is the same, or there was none before).
    """

    task_id: str
    no: int | None
    title: str
    unit: str
    before: str
    now: str
    change: Change
    turn: Turn | None = None


@dataclass(frozen=True)
class FigureChange:
    """A target's figure in the period before and now, as written; ``difference`` where both are numbers.

    ``backwards``: it moved away from its aim (the other way where less is better).
    """

    task_id: str
    target_id: str
    indicator: str
    unit: str
    measure: str
    before: str
    now: str
    difference: float | None
    backwards: bool = False


def state_counts(part: Part, states: States) -> tuple[StateCount, ...]:
    """Every state of the office, and those that occur in either period; the numbers add up to the tasks."""
    now = _tally(part.now, states)
    before = _tally(part.before, states) if part.before else {}
    names = {**{name: each.standing for name, each in before.items()}, **{n: each.standing for n, each in now.items()}}
    order = {standing: at for at, standing in enumerate(Standing)}
    wholes = len(part.now.tasks), len(part.before.tasks) if part.before else 0
    return tuple(
        StateCount(
            name,
            standing,
            Portion(now[name].number if name in now else 0, wholes[0]),
            Portion(before[name].number if name in before else 0, wholes[1]) if part.before else None,
        )
        for name, standing in sorted(names.items(), key=lambda each: order[each[1]])
    )


def _tally(moment: Moment, states: States) -> dict[str, Count]:
    return {each.name: each for each in tally((task.verdict for task in moment.tasks), states)}


def task_changes(part: Part) -> tuple[TaskChange, ...]:
    """One row per task of this period, in the plan's order."""
    earlier = part.before.by_id if part.before else {}
    return tuple(_change(task, earlier.get(task.task_id)) for task in part.now.tasks)


def _change(task: TaskFacts, earlier: TaskFacts | None) -> TaskChange:
    unit = task.own.unit or next(iter(task.units), "")
    moved = how(earlier.verdict, task.verdict) if earlier else Change.NEW
    before = earlier.verdict.name if earlier else ""
    turned = None
    if earlier and before != task.verdict.name:
        turned = turn(earlier.verdict.standing, task.verdict.standing)
    return TaskChange(task.task_id, task.no, task.title, unit, before, task.verdict.name, moved, turned)


def how(before: Verdict, now: Verdict) -> Change:
    """How a state moved. 未启动 and 进展滞后 are not ranked against each other; what was not stated is not compared.

    Nor are two names of one standing (黄灯, 红灯): which is the worse, the office knows.
    """
    if now.standing is before.standing and now.standing in _STATED:
        return Change.SAME if now.name == before.name else Change.OTHER
    if now.standing is Standing.DONE:
        return Change.DONE
    if now.standing not in _STATED or before.standing not in _STATED:
        return Change.UNKNOWN
    if before.standing is Standing.DONE or now.standing not in GOOD:
        return Change.OTHER if before.standing not in GOOD else Change.WORSE
    return Change.BETTER


def turn(before: Standing, now: Standing) -> Turn:
    """What a task turned into: behind or on schedule again only from where it was known to be something else."""
    if now is Standing.DONE is not before:
        return Turn.DONE
    if Standing.UNASKED not in (before, now) and (now in _SILENT) is not (before in _SILENT):
        return Turn.SILENT if now in _SILENT else Turn.UNHEARD
    if now is Standing.SLOW is not before and before in _STATED:
        return Turn.BEHIND
    if now is Standing.NORMAL and before in (Standing.SLOW, Standing.IDLE):
        return Turn.CAUGHT_UP if before is Standing.SLOW else Turn.STARTED
    return Turn.OTHER


def figure_changes(part: Part, reader: Reader) -> tuple[FigureChange, ...]:
    """One row per target of the tasks of this period, where a figure was written in either."""
    rows = []
    for task in part.now.tasks:
        for target in reader.index.targets.get(task.task_id, ()):
            now = part.now.figure(task, target["target_id"])
            earlier = part.before.by_id.get(task.task_id) if part.before else None
            before = part.before.figure(earlier, target["target_id"]) if part.before and earlier else None
            if now or before:
                rows.append(_figure_change(target, now, before))
    return tuple(rows)


def _figure_change(target: Mapping[str, Any], now: TargetFacts | None, before: TargetFacts | None) -> FigureChange:
    one, other = (each.achieved if each else None for each in (before, now))
    difference = None if one is None or other is None else float(f"{other - one:.10g}")
    return FigureChange(
        target["task_id"],
        target["target_id"],
        target["indicator"] or target["text"] or "",
        next(each.unit for each in (now, before) if each),
        target["unit"] or "",
        before.text if before else "",
        now.text if now else "",
        difference,
        bool(difference and now and _is_backwards(difference, now, target)),
    )


def _is_backwards(difference: float, now: TargetFacts, target: Mapping[str, Any]) -> bool:
    """What adds up under a ceiling only ever grows; what is to be near its aim has no way back."""
    if target["op"] == "~" or (now.falling and target["kind"] == "count"):
        return False
    return (difference > 0) is now.falling
