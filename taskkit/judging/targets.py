"""What was reported on targets in a period, judged in one go: texts -> TargetFacts."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from taskkit.assess.aims import COLUMNS, STANDINGS, judge_aims
from taskkit.assess.reasons import TargetFacts
from taskkit.assess.standing import Standing
from taskkit.assess.tasks import year_share
from taskkit.periods import Period
from taskkit.settings import States
from taskkit.typed import meaning

if TYPE_CHECKING:
    import pandas as pd

# What is to be brought down is said as how much it came down: more is better (下降3%).
_BROUGHT_DOWN = re.compile("下降|降低|减少|压减|压降|下调|降幅")


@dataclass(frozen=True)
class Span:
    """Where in the plan's year a period ends.

    ``share`` of the year is gone (0 to 100); ``stage_part`` of the stage in which it ends (0 to 1),
    which began when ``begun`` of the year was gone (0 to 100).
    """

    share: float
    stage_part: float = 1.0
    begun: float = 0.0

    @classmethod
    def of(cls, period: Period, year: int | None, stages: Sequence[str] = (), until: date | None = None) -> Span:
        """Of a task that may be done after the year (``until``), time runs to that day: it is not over before."""
        share, of_year = year_share(period, year, until), year_share(period, year)
        stage = period.stage(stages)
        if stage is None:
            return cls(share)
        length = 100 / len(stages)
        began = list(stages).index(stage) * length
        part = min(max((of_year - began) / length, 0.0), 1.0)
        return cls(share, part, began * share / of_year if of_year else began)

    @property
    def over(self) -> bool:
        """Whether the year is over at the period's end: what is not met then is not done."""
        return self.share >= 100


class Reported(NamedTuple):
    """A row of ``plan.targets``, the unit that reported on it, what it typed, and the numbers it had promised.

    ``span``: where in its time the period ends.
    """

    target: Mapping[str, Any]
    unit: str
    text: str
    span: Span
    goal: float | None = None
    goal_before: float | None = None


class Judged(NamedTuple):
    """What became of each: the facts, and the frame that tasks are judged by, row by row."""

    facts: tuple[TargetFacts, ...]
    frame: pd.DataFrame


def judge_reported(listed: Sequence[Reported], states: States) -> Judged:
    """All of them, in their order."""
    import pandas as pd

    rows = [_row(each, states) for each in listed]
    given = pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        dict.fromkeys(("value", "baseline", "achieved", "goal", "goal_before"), "float64")
    )
    judged = judge_aims(given, states.limits)
    lines = zip(listed, rows, judged.to_dict("records"), strict=True)
    return Judged(tuple(_facts(each, row, said, states) for each, row, said in lines), judged)


def figure_in(text: str, unit: str | None) -> float | None:
    """The number that a text says in a unit, None for none."""
    number = meaning(text, unit).number if text else None
    return None if number is None else float(number)


def less_is_better(target: Mapping[str, Any], states: States) -> bool:
    """Whether a target's name says that less of it is better (失业率), in the office's words."""
    name = f"{target['indicator'] or ''}"
    whole = f"{name}{target['text'] or ''}"
    return any(word in name for word in states.limits.lower) and not _BROUGHT_DOWN.search(whole)


def name_of_figures(standing: Standing, states: States, when: str = "") -> str:
    """What an office calls where figures put something.

    What figures say is not begun is not behind (nothing was promised yet): without a name for that, it is normal.
    """
    is_idle = standing is Standing.IDLE and all(state.meaning != standing for state in states)
    return states.name_of(Standing.NORMAL if is_idle else standing, when)


def _row(each: Reported, states: States) -> tuple[Any, ...]:
    target, span = each.target, each.span
    return (
        *(target["op"], target["kind"], target["nature"], target["value"], target["baseline"]),
        *(less_is_better(target, states), figure_in(each.text, target["unit"]), each.goal, each.goal_before),
        *(span.stage_part, span.begun, span.share, span.over),
    )


def _facts(each: Reported, row: Sequence[Any], said: Mapping[Any, Any], states: States) -> TargetFacts:
    target, given = each.target, dict(zip(COLUMNS, row, strict=True))
    standing = STANDINGS[said["standing"]]
    return TargetFacts(
        task_id=target["task_id"],
        target_id=target["target_id"],
        unit=each.unit,
        text=each.text,
        indicator=target["indicator"] or target["text"] or "",
        measure=target["unit"] or "",
        **{key: given[key] for key in ("op", "value", "baseline", "nature", "goal", "share", "over", "achieved")},
        rate=_number(said["rate"]),
        due=_number(said["due"]),
        gap=_number(said["gap"]),
        met=bool(said["met"]),
        rated=bool(said["rated"]),
        way=bool(said["way"]),
        falling=bool(said["falling"]),
        standing=standing,
        state=name_of_figures(standing, states),
        phrases=states.phrases,
        limits=states.limits,
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
