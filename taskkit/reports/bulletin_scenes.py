"""What a bulletin tells of one part of a plan: the comparison, who is ranked where, who reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from taskkit.assess import Standing
from taskkit.comparing import Comparison, PartComparison
from taskkit.comparing.changes import GOOD
from taskkit.comparing.promises import Promise
from taskkit.comparing.units import UnitComparison, ranks
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.periods import Period
from taskkit.roster import Roster
from taskkit.tracking import PeriodStatus, read_returns, sum_up


@dataclass(frozen=True)
class Placed:
    """A unit with its rank now and in the period before; None for one that is not ranked, or was not there."""

    row: UnitComparison
    rank: int | None
    before: int | None

    @property
    def unit(self) -> str:
        return self.row.unit

    @property
    def done(self) -> bool:
        """Whether all its tasks are."""
        return self.row.done.number == self.row.tasks

    @property
    def moved(self) -> str:
        """↑3 for three ranks better, ↓2, 持平; — where there is nothing to compare."""
        if self.rank is None or self.before is None:
            return "—"
        better = self.before - self.rank
        return "持平" if not better else f"↑{better}" if better > 0 else f"↓{-better}"


@dataclass(frozen=True)
class Scene:
    """One part of the plan in its own period.

    ``placed``: its units by rank, those that are not ranked last. ``returned``: who reported for this part and period;
    ``sent_back``: how often each unit's form went back. ``stage``: the stage in which the period ends, if any.
    """

    part: PartComparison
    placed: tuple[Placed, ...]
    returned: PeriodStatus
    sent_back: dict[str, int]
    stage: str | None
    ends_stage: bool

    @property
    def subject(self) -> str:
        return self.part.label

    @property
    def ranked(self) -> tuple[Placed, ...]:
        return tuple(each for each in self.placed if each.rank is not None)

    @property
    def compared(self) -> bool:
        """Whether there is a period before."""
        return self.part.previous is not None

    @property
    def figures(self) -> tuple[Promise, ...]:
        """The targets of which a number was promised for the stage that is over; at the year's end all."""
        return tuple(each for each in self.part.promises if each.kept is not None)

    @property
    def texts(self) -> tuple[Promise, ...]:
        """The tasks without figures of which something was promised in words."""
        return tuple(each for each in self.part.promises if self.ends_stage and not each.target_id and each.promised)

    def kept(self, promise: Promise) -> bool:
        """Whether a promise was kept: a figure that reaches its goal, a text whose task is on schedule."""
        return promise.kept is True if promise.target_id else self.standing(promise.state) in GOOD

    @property
    def broken(self) -> tuple[Promise, ...]:
        """What was promised and is not kept, in the plan's order."""
        due = {id(each) for each in (*self.figures, *self.texts)}
        return tuple(each for each in self.part.promises if id(each) in due and not self.kept(each))

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the tasks and of the words of all units (a second lead unit may say another), by name."""
        own = (name for unit in self.part.units for name in unit.states)
        return tuple(dict.fromkeys((*(each.name for each in self.part.counts), *own)))

    def standing(self, state: str) -> Standing:
        """What a state means that stands in this part, now or before."""
        return {each.name: each.standing for each in self.part.counts}.get(state, Standing.UNSTATED)

    def behind(self) -> tuple[str, ...]:
        """The units with a task that is behind, in the order of the unit list."""
        return tuple(each.unit for each in self.part.units if self.slow(each))

    def slow(self, unit: UnitComparison) -> int:
        """How many of a unit's tasks are behind."""
        return sum(number for name, number in unit.states.items() if self.standing(name) is Standing.SLOW)


def scenes(
    comparison: Comparison, period: Period, ledger: Ledger, roster: Roster, stages: Sequence[str], today: date
) -> tuple[Scene, ...]:
    """The parts that a period tells of, main first: those with a period of their own within it.

    Raises UsageError where no task is left in any of them.
    """
    told = tuple(
        _scene(part, comparison.name, ledger, roster, stages, today)
        for part in comparison.parts
        if part.tasks and part.period.begins >= period.begins
    )
    if not told:
        raise UsageError(f"{period.label}没有可以对比的任务", "请用 taskkit status 查看任务是否都已撤销")
    return told


def _scene(
    part: PartComparison, name: str, ledger: Ledger, roster: Roster, stages: Sequence[str], today: date
) -> Scene:
    listed = tuple(each for each in read_returns(ledger, name, part.period.text, today) if each.part == part.part)
    sent_back: dict[str, int] = {}
    for each in listed:
        if each.sent_back:
            sent_back[each.unit] = sent_back.get(each.unit, 0) + each.sent_back
    stage = part.period.stage(stages)
    return Scene(
        part,
        tuple(_placed(part, roster)),
        sum_up(part.period.text, listed),
        sent_back,
        stage,
        bool(stage) and part.period.last_month * len(stages) % 12 == 0,
    )


def _placed(part: PartComparison, roster: Roster) -> list[Placed]:
    now, before = (_ranks(rows, roster) for rows in (part.units, part.units_before))
    placed = [Placed(each, now.get(each.unit), before.get(each.unit)) for each in part.units]
    return sorted(placed, key=lambda each: (each.rank is None, each.rank or 0))


def _ranks(units: Sequence[UnitComparison], roster: Roster) -> dict[str, int]:
    """Ranks among the units that are scored; a single one has none."""
    scored = [each for each in units if roster.scored(each.unit)]
    return ranks(scored) if len(scored) > 1 else {}


def groups(placed: Sequence[Placed]) -> Iterator[tuple[Placed, ...]]:
    """The units that share a rank, best first."""
    return (tuple(tied) for _, tied in groupby(placed, key=lambda each: each.rank))
