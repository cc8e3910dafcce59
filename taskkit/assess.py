"""How far a task is, from what its units say of it: states, counts and shares. No ledger here.

The figure of a task is that of its 汇总单位: the first of its lead units that was asked (design:
"Values, and whose they are"). Other lead units keep their own words beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from taskkit.figures import falls, meets
from taskkit.settings import State


class Standing(StrEnum):
    """What a state means, whatever an office calls it; the last four are what no unit writes."""

    DONE = "done"
    NORMAL = "normal"
    SLOW = "slow"
    IDLE = "idle"
    UNSTATED = "unstated"
    UNCHANGED = "unchanged"
    UNREPORTED = "unreported"
    UNASKED = "unasked"


# What is printed where a unit gave no state of its own.
NAMES: dict[Standing, str] = {
    Standing.UNSTATED: "未注明",
    Standing.UNCHANGED: "未更新",
    Standing.UNREPORTED: "未报送",
    Standing.UNASKED: "本期未布置",
}
_ORDER = tuple(Standing)
# What clerks write for "nothing to say".
_NOTHING = frozenset({"无", "暂无", "没有", "/", "-", "—", "——", "无问题", "暂无问题", "不存在"})


@dataclass(frozen=True)
class Word:
    """One lead unit's own word on one task.

    ``asked``: a workbook of the period asked the unit for the task; ``reported``: one of those
    workbooks came back. ``state`` and ``progress`` are None where nothing was filled in.
    """

    unit: str
    state: str | None = None
    progress: str | None = None
    asked: bool = True
    reported: bool = True


@dataclass(frozen=True)
class Verdict:
    """Where a task stands, the name that is printed for it, and the unit whose word it is."""

    standing: Standing
    name: str
    unit: str | None = None


def own_verdict(word: Word, states: Sequence[State]) -> Verdict:
    """Where one unit's own word puts a task. A state that this office does not know keeps its name."""
    if word.state:
        known = {state.name: Standing(state.meaning) for state in states}
        return Verdict(known.get(word.state, Standing.UNSTATED), word.state, word.unit)
    if word.progress:
        standing = Standing.UNSTATED
    elif word.reported:
        standing = Standing.UNCHANGED
    else:
        standing = Standing.UNREPORTED if word.asked else Standing.UNASKED
    return Verdict(standing, NAMES[standing], word.unit)


def verdict(words: Sequence[Word], states: Sequence[State]) -> Verdict:
    """Where a task stands: the word of the first lead unit that was asked (汇总单位)."""
    for word in words:
        if word.asked or word.state or word.progress:
            return own_verdict(word, states)
    return Verdict(Standing.UNASKED, NAMES[Standing.UNASKED])


@dataclass(frozen=True)
class Figure:
    """A target and what was reported on it: ``op``, ``value`` and ``baseline`` of the plan, ``achieved`` so far.

    ``adds_up``: whether the figure grows over the year (a count, a level), so that a share of it is due.
    """

    op: str | None
    value: float
    baseline: float | None
    achieved: float
    adds_up: bool

    @property
    def falling(self) -> bool:
        """A ceiling, or a value that is to come down: met by what is not above it."""
        return falls(self.op, self.value, self.baseline)

    @property
    def met(self) -> bool:
        return meets(self.op, self.value, self.baseline, self.achieved)

    @property
    def rate(self) -> float | None:
        """The share of the aim that was reached, in per cent; None where a share says nothing."""
        return round(self.achieved / self.value * 100, 1) if self.adds_up and not self.falling and self.value else None


def by_figures(figures: Sequence[Figure], year_share: float, states: Sequence[State]) -> Verdict:
    """Where figures alone put a task, beside ``year_share``, the share of the year gone (0 to 100).

    Done: all are met, and something adds up (or the year is over). Slow: a figure that adds up is
    behind the share of the year, or the year is over and one is not met. Else normal.
    """
    over, adding = year_share >= 100, [each for each in figures if each.rate is not None]
    if all(each.met for each in figures) and (adding or over):
        standing = Standing.DONE
    elif over or any(each.rate is not None and each.rate < min(year_share, 100) for each in figures if not each.met):
        standing = Standing.SLOW
    else:
        standing = Standing.NORMAL
    names = {Standing(state.meaning): state.name for state in reversed(states)}
    return Verdict(standing, names.get(standing, NAMES[Standing.UNSTATED]))


@dataclass(frozen=True)
class Count:
    """How many tasks carry a name, out of how many."""

    name: str
    standing: Standing
    number: int
    whole: int

    @property
    def share(self) -> float:
        """The share as a percentage, 0 to 100."""
        return share(self.number, self.whole)

    @property
    def share_text(self) -> str:
        """The share as it is printed: 4.7%."""
        return f"{self.share:g}%"


def tally(verdicts: Iterable[Verdict], states: Sequence[State]) -> tuple[Count, ...]:
    """How many tasks stand where: done first, then normal, slow, idle, and what was not stated.

    Every state of the office appears, also with 0; the numbers add up to the tasks given.
    """
    listed = list(verdicts)
    standings: dict[str, Standing] = {state.name: Standing(state.meaning) for state in states}
    for each in listed:
        standings.setdefault(each.name, each.standing)
    numbers: Mapping[str, int] = _count(each.name for each in listed)
    ordered = sorted(standings.items(), key=lambda item: _ORDER.index(item[1]))
    return tuple(Count(name, standing, numbers.get(name, 0), len(listed)) for name, standing in ordered)


def share(part: int, whole: int) -> float:
    """A share as a percentage (0 to 100) with one decimal, rounded half up.

    Never 100 while something is missing, never 0 while something is there: 2999 of 3000 is
    99.9, 1 of 3000 is 0.1. 0 of nothing is 0.
    """
    if not whole or not part:
        return 0.0
    exact = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if part < whole:
        exact = min(max(exact, Decimal("0.1")), Decimal("99.9"))
    return float(exact)


def says_nothing(text: str | None) -> bool:
    """Whether a text is blank or one of the ways in which clerks write 无."""
    return not text or text.strip().rstrip("。．.") in _NOTHING or not text.strip()


def _count(names: Iterable[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for name in names:
        numbers[name] = numbers.get(name, 0) + 1
    return numbers
