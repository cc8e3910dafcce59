"""Tasks judged: what the figures of their targets, their unit's own word and their deadline say together."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from taskkit.assess.aims import DONE, IDLE, NORMAL, SLOW, STANDINGS, UNSTATED
from taskkit.assess.standing import Standing
from taskkit.periods import Period
from taskkit.settings.states import Limits

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Codes = np.ndarray[Any, np.dtype[np.int8]]

UNREPORTED, UNASKED = (STANDINGS.index(each) for each in (Standing.UNREPORTED, Standing.UNASKED))


def judge_tasks(tasks: pd.DataFrame, aims: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Each task, judged: a frame with the index of ``tasks``.

    Taken: of ``tasks`` ``own`` (the unit's own standing, a number in STANDINGS), ``deadline`` and ``on``
    (days; NaT for no deadline) and ``over`` (bool: the year is); ``aims`` as ``judge_aims`` gives it, with
    ``task``, the place of its task in ``tasks`` (from 0).

    Given: ``standing`` (a number in STANDINGS), ``when`` ("", ahead, late: see states.toml), ``days_late``
    (whole days, 0 when done), ``worst`` (the place in ``aims`` of the
    target that speaks for the task, −1 where the unit's own word does), ``missing`` (targets without a
    figure), ``behind`` (targets that are slow), ``contradicted`` (bool: figures or deadline say worse than
    the unit does).
    """
    import numpy as np
    import pandas as pd

    figures = _of_figures(aims, len(tasks), tasks["over"].to_numpy(dtype=bool))
    own = tasks["own"].to_numpy(dtype=np.int8)
    own_word = (figures.known == 0) | (own == UNASKED)
    base = np.where(own_word, own, figures.standing)
    days = _days_between(tasks["deadline"], tasks["on"])
    late_days = np.where((base == DONE) | (own == UNASKED), 0, np.maximum(days, 0))
    overdue = (late_days > 0) & (base != UNREPORTED)
    standing = np.where(overdue, SLOW, base).astype(np.int8)
    unmet = ~own_word & (figures.met < figures.wanted - figures.missing)
    return pd.DataFrame(
        {
            "standing": standing,
            "when": _when(standing, late_days, days, figures, tasks["over"].to_numpy(dtype=bool), limits),
            "days_late": late_days,
            "worst": np.where(own_word, -1, figures.worst),
            "missing": figures.missing,
            "behind": figures.behind,
            "contradicted": ((own == DONE) & unmet) | ((own == NORMAL) & (standing == SLOW)),
        },
        index=tasks.index,
    )


@dataclass(frozen=True)
class _Figures:
    """What the targets of each task say, one number per task."""

    wanted: Any
    known: Any
    met: Any
    behind: Any
    missing: Any
    worst: Any
    gap: Any  # the smallest, percentage points, over targets that have one
    standing: Any


def _of_figures(aims: pd.DataFrame, count: int, over: Any) -> _Figures:
    """The worst counts; all met is done, if anything adds up or the year is over."""
    import numpy as np

    task, codes = aims["task"].to_numpy(), aims["standing"].to_numpy()
    known, met, rated = (aims[key].to_numpy(dtype=bool) for key in ("known", "met", "rated"))
    gap = np.where(known & rated, aims["gap"].to_numpy(), np.inf)

    def tally(flags: Any) -> Any:
        return np.bincount(task[flags], minlength=count)

    wanted, judged = np.bincount(task, minlength=count), tally(known)
    reached, slow, idle = tally(known & met), tally(codes == SLOW), tally(codes == IDLE)
    least = np.full(count, np.inf)
    np.minimum.at(least, task, gap)
    complete = (judged == wanted) & (judged > 0)
    standing = np.full(count, NORMAL, dtype=np.int8)
    standing[(idle == judged) & (judged > 0)] = IDLE
    standing[~complete & over] = UNSTATED
    standing[complete & (reached == wanted) & ((tally(known & rated) > 0) | over)] = DONE
    standing[slow > 0] = SLOW
    return _Figures(
        wanted, judged, reached, slow, wanted - judged, _worst(task, codes, gap, known, count), least, standing
    )


def _worst(task: Any, codes: Any, gap: Any, known: Any, count: int) -> Any:
    """The target that speaks for each task: the worst standing, of these the largest gap, of these the first."""
    import numpy as np

    rank = np.ones(len(STANDINGS), dtype=np.int8)
    rank[[SLOW, NORMAL, DONE]] = 0, 2, 3
    order = np.lexsort((np.arange(len(task)), gap, rank[codes], ~known, task))
    first = order[np.flatnonzero(np.diff(task[order], prepend=-1))] if len(task) else order
    worst = np.full(count, -1)
    worst[task[first]] = first
    return worst


def _when(standing: Codes, late_days: Any, days: Any, figures: _Figures, over: Any, limits: Limits) -> Any:
    """Which of several names for one meaning: for what is ahead, for what is late."""
    import numpy as np

    early = (standing == DONE) & ~over & (days <= 0)
    quick = (standing == NORMAL) & np.isfinite(figures.gap) & (figures.gap >= limits.ahead)
    late = (standing == SLOW) & ((late_days > 0) | (figures.gap < -limits.serious) | (over & (figures.behind > 0)))
    return np.select([early | quick, late], ["ahead", "late"], "")


def _days_between(deadline: pd.Series[Any], on: pd.Series[Any]) -> Any:
    """Whole days from a deadline to a day; 0 without a deadline."""
    import numpy as np

    days = (on - deadline).dt.days.to_numpy(dtype=float)
    return np.nan_to_num(days, nan=0.0).astype(np.int64)


def year_share(period: Period, year: int | None, until: date | None = None) -> float:
    """The share of a plan's year gone at a period's end, 0 to 100: 11/12 is 91.7. 100 once the year is past.

    What may be done ``until`` a day after the year has the months up to that one.
    """
    first = year or period.year
    whole = max(12, (until.year - first) * 12 + until.month) if until else 12
    months = (period.year - first) * 12 + period.last_month
    return min(max(months, 0), whole) / whole * 100


def last_word_on(period: Period, today: date) -> date:
    """The day on which a period's report counts days late: today, while its word is the newest.

    What is not reported as done is not done, so days go on after the period's end; but a report that is
    printed again later says nothing of what later reports say, so they stop where the next period ends.
    """
    months = period.last_month + {"month": 1, "quarter": 3, "half": 6}.get(period.kind, 0)
    year, month = period.year + (months - 1) // 12, (months - 1) % 12 + 1
    return min(today, date(year, month, calendar.monthrange(year, month)[1]))


def end_of(period: Period) -> date:
    """A period's last day: 29 February in a leap year."""
    return date(period.year, period.last_month, calendar.monthrange(period.year, period.last_month)[1])
