"""The rules of docs/assessing.md once more, one target and one task after the other, in plain Python.

What the vectorised assessment is measured against, in its tests and in benchmarks/assessing.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from taskkit.settings.states import Limits

TINY = 1e-9


class Aim(NamedTuple):
    """A target × unit: the columns that ``judge_aims`` takes."""

    op: str | None
    kind: str
    nature: str | None
    value: float
    baseline: float
    lower: bool
    achieved: float
    goal: float
    goal_before: float
    stage_part: float
    begun: float
    share: float
    over: bool


class Said(NamedTuple):
    """What is said of a target."""

    standing: str
    met: bool
    rated: bool
    known: bool
    gap: float


class Task(NamedTuple):
    """A task: its unit's own standing, its deadline, the day, whether the year is over."""

    own: str
    deadline: date | None
    on: date
    over: bool


def judge_aim(aim: Aim, limits: Limits) -> Said:
    """One target: done, normal, slow, idle or unstated."""
    value, baseline, achieved = aim.value, aim.baseline, aim.achieved
    if math.isnan(value) or math.isnan(achieved):
        return Said("unstated", False, False, False, math.nan)
    growth, based = aim.kind == "growth", not math.isnan(baseline)
    if aim.op == "<=":
        falling = True
    elif aim.op == ">=":
        falling = False
    else:
        falling = aim.lower or value <= 0 or (based and value < baseline)
    if growth or not based:
        way = False
    elif falling:
        way = value < baseline
    else:
        way = value > baseline and aim.kind in ("level", "ratio", "range_change")
    rated = way or (aim.kind in ("count", "level") and not falling and value > 0)
    ahead = (value - achieved) if falling else (achieved - value)
    room = TINY * abs(value)
    if aim.op == "~":
        room += limits.near / 100 * (abs(value - baseline) if way else abs(value))
    if not rated:
        return _without_share(aim, limits, growth, falling, ahead >= -room, room)
    start = baseline if way else 0.0
    rate = (achieved - start) / (value - start) * 100
    met = ahead >= -room if aim.op == "~" else rate >= limits.done - TINY
    gap = rate - _due(aim, start, value)
    if aim.over:
        standing = "done" if met else "slow"
    elif met:
        standing = "done"
    elif gap < -(limits.binding if aim.nature == "约束性" else limits.slow) - TINY:
        standing = "slow"
    else:
        standing = "idle" if rate <= 0 else "normal"
    return Said(standing, met, True, True, gap)


def _due(aim: Aim, start: float, value: float) -> float:
    if aim.stage_part >= 1:
        figure = aim.goal
    else:
        first = aim.goal_before if not math.isnan(aim.goal_before) else start + (value - start) * aim.begun / 100
        figure = first + (aim.goal - first) * aim.stage_part
    return aim.share if math.isnan(figure) else (figure - start) / (value - start) * 100


def _without_share(aim: Aim, limits: Limits, growth: bool, falling: bool, met: bool, room: float) -> Said:
    promised = aim.goal if aim.stage_part >= 1 else aim.goal_before
    measure = aim.value if math.isnan(promised) else promised
    ahead = (measure - aim.achieved) if falling else (aim.achieved - measure)
    gap = ahead if growth or aim.kind == "ratio" else math.nan
    if aim.over:
        standing = "done" if met else "slow"
    elif met:
        standing = "normal"
    elif falling:
        standing = "slow"
    elif growth:
        most = limits.binding if aim.nature == "约束性" else limits.growth
        standing = "slow" if ahead < -most - TINY else "normal"
    else:
        broken = not math.isnan(promised) and ahead < -TINY * abs(promised)
        standing = "slow" if broken else "normal"
    return Said(standing, met, False, True, gap)


def judge_task(task: Task, aims: Sequence[Said]) -> tuple[str, int]:
    """One task: its standing, and for how many days it is overdue."""
    known = [each for each in aims if each.known]
    if not known or task.own == "unasked":
        standing = task.own
    elif any(each.standing == "slow" for each in known):
        standing = "slow"
    elif len(known) == len(aims) and all(each.met for each in known) and (task.over or any(e.rated for e in known)):
        standing = "done"
    elif len(known) < len(aims) and task.over:
        standing = "unstated"
    elif all(each.standing == "idle" for each in known):
        standing = "idle"
    else:
        standing = "normal"
    days = 0
    if task.deadline is not None and standing not in ("done", "unasked"):
        days = max((task.on - task.deadline).days, 0)
    return ("slow" if days and standing != "unreported" else standing), days
