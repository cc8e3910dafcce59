"""The parts of a plan side by side, each at its own period: an annex by the month beside tasks by the quarter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from taskkit.judging.facts import Facts, TaskFacts, gather
from taskkit.ledger import Ledger
from taskkit.periods import PLAN, Period, parse_period
from taskkit.settings import Settings
from taskkit.tracking import Return, read_returns


@dataclass(frozen=True)
class Cadence:
    """One period, the parts of the plan that are shown for it, and their facts: ``tasks`` are those of the parts."""

    when: Period
    facts: Facts
    parts: frozenset[str]

    @property
    def tasks(self) -> tuple[TaskFacts, ...]:
        return tuple(task for task in self.facts.tasks if task.part in self.parts)

    def returns(self, ledger: Ledger, name: str, today: date) -> tuple[Return, ...]:
        """The workbooks that ask for these parts in this period."""
        listed = read_returns(ledger, name, self.when.text, today)
        return tuple(each for each in listed if each.part in self.parts)


def cadences(ledger: Ledger, name: str, when: Period, settings: Settings, today: date) -> Iterator[Cadence]:
    """A period with the parts that it asks for, then each other part at its own last period by then."""
    facts = gather(ledger, name, when, settings, today)
    own = frozenset(task.part for task in facts.tasks)
    yield Cadence(when, facts, own)
    books, end = ledger.workbooks(name), (when.year, when.last_month)
    for part in sorted((set(books["part"]) & set(ledger.plan(name, today).tasks["part"])) - own):
        periods = [parse_period(each) for each in set(books[books["part"] == part]["period"]) if each != PLAN.text]
        last = max((each for each in periods if (each.year, each.last_month) <= end), default=None)
        if last is not None:
            yield Cadence(last, gather(ledger, name, last, settings, today), frozenset({part}))
