"""What the ledger says, remembered while files are taken back: workbooks, plans, and what units returned before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from taskkit.approving import RowKey, approved
from taskkit.entries import Holdings, Workbook
from taskkit.ledger import Ledger
from taskkit.periods import Period, parse_period
from taskkit.roster import Roster
from taskkit.rules.filled import Known, known_of
from taskkit.settings import State

_KEPT = 50  # workbooks remembered at a time: copies of one usually come close together


@dataclass(frozen=True)
class _Plan:
    """What is needed of a plan: who leads what, and what its values are judged by."""

    leads: frozenset[tuple[str, str]]  # unit, task
    known: Known


@dataclass
class Recall:
    """Looks things up once. A dry run keeps in it what it acts as if it had accepted, so that later files see it."""

    ledger: Ledger
    states: Sequence[State]
    apply: bool
    _books: dict[str, Workbook | None] = field(default_factory=dict)
    _holdings: dict[tuple[str, str, str], Holdings] = field(default_factory=dict)
    _plans: dict[str, _Plan] = field(default_factory=dict)
    _approved: dict[str, frozenset[RowKey]] = field(default_factory=dict)
    _issued: dict[tuple[str, str, str], list[tuple[str, str]]] = field(default_factory=dict)

    def book(self, workbook: str) -> Workbook | None:
        """The workbook of an id as it was sent; None where this ledger sent none."""
        if workbook not in self._books:
            if len(self._books) >= _KEPT:
                self._books.clear()
            self._books[workbook] = self.ledger.workbook(workbook)
        return self._books[workbook]

    def holdings(self, book: Workbook) -> Holdings:
        """All that the unit of a workbook returned for its period."""
        key = (book.plan, book.period, book.unit)
        if key not in self._holdings:
            if self.apply and len(self._holdings) >= _KEPT:  # a dry run has nowhere else to look
                self._holdings.clear()
            self._holdings[key] = self.ledger.holdings(*key)
        return self._holdings[key]

    def forget_holdings(self, book: Workbook) -> None:
        """Look them up anew: somebody else wrote."""
        self._holdings.pop((book.plan, book.period, book.unit), None)

    def is_open(self, workbook: str) -> bool:
        """Whether nothing of a workbook was accepted yet."""
        book = self.book(workbook)
        return book is None or not self.holdings(book).standing(workbook)

    def known(self, book: Workbook) -> Known:
        """What the values of a workbook are judged by."""
        return self._plan(book).known

    def leads(self, book: Workbook) -> frozenset[str]:
        """The tasks that the unit leads; looked up only where the workbook itself does not say."""
        if book.role in ("lead", "support") or book.period != "plan":
            return frozenset()
        return frozenset(task for unit, task in self._plan(book).leads if unit == book.unit)

    def approved(self, book: Workbook) -> frozenset[str]:
        """The rows of a 落实方案 whose goals are approved (审定); none of other workbooks."""
        if book.period != "plan":
            return frozenset()
        if book.plan not in self._approved:
            self._approved[book.plan] = approved(self.ledger, book.plan)
        if not self._approved[book.plan]:
            return frozenset()
        unit = (self.ledger.roster(book.plan) or Roster()).canonical(book.unit)
        return frozenset(row_id for owner, row_id in self._approved[book.plan] if owner == unit)

    def later_period(self, book: Workbook) -> Period | None:
        """The last period after a workbook's own for which its unit was sent one of the same role and part already."""
        key = (book.plan, book.unit, book.part)
        if key not in self._issued:
            self._issued[key] = self.ledger.periods_issued(*key)
        own = parse_period(book.period)
        alike = (
            parse_period(period)
            for period, role in self._issued[key]
            if role == book.role or "all" in (role, book.role)
        )
        return max((each for each in alike if own < each), default=None)

    def _plan(self, book: Workbook) -> _Plan:
        if book.plan not in self._plans:
            plan = self.ledger.plan(book.plan)
            led = plan.assignments[plan.assignments["role"] == "lead"]
            roster = self.ledger.roster(book.plan) or Roster()
            pairs = list(zip(led["unit"], led["task_id"], strict=True))
            joined = ((unit, task) for printed, task in pairs for unit in roster.recipients(printed))
            leads = frozenset((*pairs, *joined))
            self._plans[book.plan] = _Plan(leads, known_of(plan, self.states))
        return self._plans[book.plan]
