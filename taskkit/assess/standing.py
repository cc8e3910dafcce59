"""Where a task stands, by what its units say of it: states, counts and shares.

The figure of a task is that of its 汇总单位: the first of its lead units that was asked (design:
"Values, and whose they are"). Other lead units keep their own words beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from taskkit.settings import States


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


_ORDER = tuple(Standing)
# What clerks write for "nothing to say".
_NOTHING = frozenset({"无", "暂无", "没有", "/", "-", "—", "——", "无问题", "暂无问题", "不存在"})


@dataclass(frozen=True)
class Word:
    """One lead unit's own word on one task.

    ``asked``: a workbook of the period asked the unit for the task; ``reported``: one of those
    workbooks came back. ``state`` and ``progress`` are None where nothing was filled in. ``called``: what the
    office calls that state today.
    """

    unit: str
    state: str | None = None
    progress: str | None = None
    asked: bool = True
    reported: bool = True
    called: str | None = None


@dataclass(frozen=True)
class Verdict:
    """Where a task stands, the name that is printed for it, and the unit whose word it is."""

    standing: Standing
    name: str
    unit: str | None = None


def own_verdict(word: Word, states: States) -> Verdict:
    """Where one unit's own word puts a task. A state that this office never knew keeps its name."""
    if word.state:
        name, meaning = states.now_called(word.state) or (word.state, Standing.UNSTATED)
        return Verdict(Standing(meaning), name, word.unit)
    if word.progress:
        standing = Standing.UNSTATED
    elif word.reported:
        standing = Standing.UNCHANGED
    else:
        standing = Standing.UNREPORTED if word.asked else Standing.UNASKED
    return Verdict(standing, states.name_of(standing), word.unit)


def verdict(words: Sequence[Word], states: States) -> Verdict:
    """Where a task stands: the word of the first lead unit that was asked (汇总单位)."""
    for word in words:
        if word.asked or word.state or word.progress:
            return own_verdict(word, states)
    return Verdict(Standing.UNASKED, states.name_of(Standing.UNASKED))


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


def tally(verdicts: Iterable[Verdict], states: States) -> tuple[Count, ...]:
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
