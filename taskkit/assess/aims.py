"""Targets judged: how much of each is done, how far that is from what is due, whether it is met.

Rules, for an office to read: docs/assessing.md. A share of the aim is said only where it says
something: of what adds up over the year (a count, a level), and of the way from a baseline to the aim.
A growth rate, a ceiling or a plain ratio is met or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskkit.assess.standing import Standing
from taskkit.settings.states import Limits

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Numbers = np.ndarray[Any, np.dtype[np.float64]]
    Flags = np.ndarray[Any, np.dtype[np.bool_]]

ADDING = ("count", "level")  # kinds that grow from nothing over the year
CLIMBING = ("level", "ratio", "range_change")  # kinds whose way from a lower baseline is measured
BINDING = "约束性"
STANDINGS = tuple(Standing)
_CODE = {standing: at for at, standing in enumerate(STANDINGS)}
DONE, NORMAL, SLOW, IDLE, UNSTATED = (
    _CODE[each] for each in (Standing.DONE, Standing.NORMAL, Standing.SLOW, Standing.IDLE, Standing.UNSTATED)
)
_SLACK = 1e-9  # 0.1 + 0.2 reaches 0.3
COLUMNS = (
    *("op", "kind", "nature", "value", "baseline", "lower"),
    *("achieved", "goal", "goal_before", "stage_part", "begun", "share", "over"),
)


def judge_aims(frame: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Each target × unit, judged: a frame with the index of ``frame``.

    Taken: ``op`` (>= <= = ~ or NA), ``kind``, ``nature``, ``value``, ``baseline``, ``lower`` (bool: less is
    better, by its name), ``achieved``; ``goal`` and ``goal_before``, the numbers promised for the stage in
    which the period ends and for the one before it; ``stage_part``, how much of that stage is gone at the
    period's end (0 to 1), and ``begun``, the share of the year gone when it began; ``share``, that at the
    period's end (both 0 to 100); ``over`` (bool): the year is. Numbers that are not there are NaN.

    Given: ``rate`` (per cent of the aim or of the way to it; NaN where a share says nothing), ``due`` (per
    cent that should be reached by now: the stage's goal, else the share of the year), ``gap`` (rate − due,
    percentage points; of a growth rate or a ratio its distance from the goal), ``gap_year`` (rate − share), ``met``,
    ``known`` (there is a figure and an aim), ``rated``, ``way`` (measured from the baseline), ``falling``
    (met by what is not above it) and ``standing``, a number in STANDINGS.
    """
    import numpy as np
    import pandas as pd

    read = _Read.of(frame)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(read.rated, (read.achieved - read.start) / read.span * 100, np.nan)
        due_figure = _due_figure(read)
        due = np.where(read.rated, np.where(np.isnan(due_figure), read.share, _percent(due_figure, read)), np.nan)
        met = _met(read, rate, limits)
        gap = np.where(read.rated, rate - due, np.where(read.compared, _ahead_of(_goal_now(read), read), np.nan))
        standing = _standing(read, rate, gap, met, limits)
    return pd.DataFrame(
        {
            "rate": rate,
            "due": due,
            "gap": gap,
            "gap_year": np.where(read.rated, rate - read.share, np.nan),
            "met": met,
            "known": read.known,
            "rated": read.rated,
            "way": read.way,
            "falling": read.falling,
            "standing": standing,
        },
        index=frame.index,
    )


@dataclass(frozen=True)
class _Read:
    """The columns as arrays, and what follows from the aim alone."""

    value: Numbers
    achieved: Numbers
    goal: Numbers
    goal_before: Numbers
    stage_part: Numbers
    begun: Numbers
    share: Numbers
    near: Flags  # 左右
    over: Flags
    growth: Flags
    compared: Flags  # a growth rate or a ratio: so many points from its aim
    binding: Flags
    falling: Flags
    rated: Flags
    way: Flags
    start: Numbers  # where the way begins: the baseline, or nothing
    span: Numbers  # how long it is
    known: Flags

    @classmethod
    def of(cls, frame: pd.DataFrame) -> _Read:
        import numpy as np

        value, baseline, achieved = (frame[key].to_numpy(dtype=float) for key in ("value", "baseline", "achieved"))
        at_least, at_most, near = _are(frame["op"], ">=", "<=", "~")
        count, level, ratio, change, growth = _are(frame["kind"], "count", "level", "ratio", "range_change", "growth")
        with np.errstate(invalid="ignore"):
            lower = frame["lower"].to_numpy(dtype=bool) | (value <= 0)
            falling = at_most | (~at_least & (lower | (value < baseline)))
            climbs = ~falling & (value > baseline) & (level | ratio | change)
            way = ~growth & (climbs | (falling & (value < baseline)))
            rated = way | ((count | level) & ~falling & (value > 0))
        start = np.where(way, baseline, 0.0)
        return cls(
            value=value,
            achieved=achieved,
            goal=frame["goal"].to_numpy(dtype=float),
            goal_before=frame["goal_before"].to_numpy(dtype=float),
            stage_part=frame["stage_part"].to_numpy(dtype=float),
            begun=frame["begun"].to_numpy(dtype=float),
            share=frame["share"].to_numpy(dtype=float),
            near=near,
            over=frame["over"].to_numpy(dtype=bool),
            growth=growth,
            compared=growth | ratio,
            binding=_are(frame["nature"], BINDING)[0],
            falling=falling,
            rated=rated,
            way=way,
            start=start,
            span=value - start,
            known=~np.isnan(value) & ~np.isnan(achieved),
        )


def _are(column: pd.Series[Any], *words: str) -> list[Flags]:
    """Where a column says each of these words; looked up once for each different text."""
    import numpy as np
    import pandas as pd

    codes, texts = pd.factorize(column)
    found = [np.flatnonzero(texts == word) for word in words]
    return [codes == at[0] if len(at) else np.zeros(len(codes), dtype=bool) for at in found]


def _percent(figure: Numbers, read: _Read) -> Numbers:
    percent: Numbers = (figure - read.start) / read.span * 100
    return percent


def _due_figure(read: _Read) -> Numbers:
    """The figure that the stage's goal asks for by now: within the stage, on the straight line to it."""
    import numpy as np

    line = read.start + read.span * read.begun / 100
    first = np.where(np.isnan(read.goal_before), line, read.goal_before)
    return np.where(read.stage_part >= 1, read.goal, first + (read.goal - first) * read.stage_part)


def _goal_now(read: _Read) -> Numbers:
    """What a figure without a line to its goal is measured by: the goal of the last stage over, else the aim."""
    import numpy as np

    goal = np.where(read.stage_part >= 1, read.goal, read.goal_before)
    return np.where(np.isnan(goal), read.value, goal)


def _ahead_of(figure: Numbers, read: _Read) -> Numbers:
    """By how much the figure reached is better than another one."""
    import numpy as np

    return np.where(read.falling, figure - read.achieved, read.achieved - figure)


def _met(read: _Read, rate: Numbers, limits: Limits) -> Flags:
    import numpy as np

    size = np.abs(read.value)
    way = np.where(read.way, np.abs(read.span), size)  # 左右 is as wide as the way is long
    room = np.where(read.near, way * limits.near / 100, 0.0) + _SLACK * size
    reached = _ahead_of(read.value, read) >= -room
    enough = read.rated & ~read.near & (rate >= limits.done - _SLACK)
    return np.where(read.known, np.where(read.rated & ~read.near, enough, reached), False)


def _standing(read: _Read, rate: Numbers, gap: Numbers, met: Flags, limits: Limits) -> Any:
    """Done, normal, slow, idle or unstated, as numbers in STANDINGS. Later lines beat earlier ones."""
    import numpy as np

    room = np.where(read.binding, limits.binding, limits.slow)
    late = read.rated & (gap < -room - _SLACK)
    short = read.growth & ~met & (gap < -np.where(read.binding, limits.binding, limits.growth) - _SLACK)
    exceeded = read.falling & ~read.rated & ~met
    promised = np.where(read.stage_part >= 1, read.goal, read.goal_before)
    broken = ~read.rated & ~read.growth & ~np.isnan(promised)
    broken &= ~met & (_ahead_of(promised, read) < -_SLACK * np.abs(promised))
    standing = np.full(len(rate), NORMAL, dtype=np.int8)
    standing[read.rated & (rate <= 0)] = IDLE
    standing[late | short | exceeded | broken] = SLOW
    standing[met & (read.rated | read.over)] = DONE
    standing[read.over & ~met] = SLOW
    standing[~read.known] = UNSTATED
    return standing
