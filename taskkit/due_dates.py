"""The date that counts for a form that is out: as it was sent, as the office set it since, as it was extended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from taskkit.entries import Workbook
from taskkit.extensions import Extension, Extensions, read_extensions
from taskkit.ledger import Ledger
from taskkit.orders import Nominal, Orders
from taskkit.periods import parse_period
from taskkit.plan import Plan, records
from taskkit.roster import Roster
from taskkit.workdays import by_weekends


@dataclass(frozen=True)
class Counting:
    """The date that counts, the one before it was extended, and the extension.

    ``printed`` is the later date on the form, where the office set an earlier one after it had gone out: who kept that
    one is not late.
    """

    due_on: date | None
    original: date | None
    extension: Extension | None = None
    printed: date | None = None


@dataclass(frozen=True)
class DueDates:
    """The dates of a plan's forms: ``orders`` as they stand now, ``set_at`` where the office set them itself."""

    extensions: Extensions
    orders: Orders
    set_at: datetime | None = None

    def of(self, unit: str, role: str, part: str, period: str, sent: date | None, sent_at: datetime) -> Counting:
        """The date of a form that says ``sent``: what the office set after it went out counts more.

        A form may have gone out with a later date that had been granted: that is not its first one.
        """
        original, when = sent, parse_period(period)
        is_set_since = self.set_at is not None and self.set_at >= sent_at
        if (is_set_since or self.extensions.ever(unit, part, period, sent)) and self.orders.says(role, part, when):
            original = self.orders.date_of(role, part, when).due_on or sent
        extension = self.extensions.of(unit, part, period, original)
        is_earlier = original is not None and sent is not None and original < sent
        printed = sent if is_earlier and not self.extensions.ever(unit, part, period, sent) else None
        return Counting(extension.due_on if extension else original, original, extension, printed)


def read_due_dates(ledger: Ledger, name: str, plan: Plan | None = None) -> DueDates:
    """The dates of a plan's forms."""
    versions = ledger.schedule_versions(name)
    extensions = read_extensions(ledger, name, ledger.roster(name) or Roster())
    read = plan or ledger.plan(name)
    orders = Orders(read, nominal=_unpublished(read, ledger.nominal_dates(name)))
    return DueDates(extensions, orders, versions[-1].set_at if versions else None)


def _unpublished(plan: Plan, nominal: Nominal) -> Nominal:
    """Of the dates that were set those that were reckoned by weekends alone: published holidays may move them.

    The others hold as they were set, for the office may have days off of its own (words/calendar.toml).
    """
    rows = records("schedule", plan.schedule)
    dates = {(row["period"], row["role"] or "", row["part"] or ""): row["due_on"] for row in rows}
    return {key: moved for key, moved in nominal.items() if dates.get(key) == by_weekends(*moved)}


class BookDates:
    """The dates that count for single workbooks, whatever plan they are of; what was read is remembered."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._dates: dict[str, DueDates] = {}
        self._sent_at: dict[tuple[str, str], dict[str, datetime]] = {}

    def due_on(self, book: Workbook) -> date | None:
        """The date that counts for a workbook that was sent."""
        plan, period = book.plan, book.period
        if plan not in self._dates:
            self._dates[plan] = read_due_dates(self._ledger, plan)
        if (plan, period) not in self._sent_at:
            frame = self._ledger.workbooks(plan, period)
            self._sent_at[plan, period] = dict(zip(frame["workbook"], frame["issued_at"], strict=True))
        sent_at = self._sent_at[plan, period].get(book.workbook, datetime.max)
        return self._dates[plan].of(book.unit, book.role, book.part, period, book.due_on, sent_at).due_on
