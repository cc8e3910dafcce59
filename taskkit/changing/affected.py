"""The forms that a change concerns: those that are out and would read otherwise now, and units that got none yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from taskkit.book import Ask, Book, Kept
from taskkit.entries import PlanChange, Workbook
from taskkit.ledger import Ledger
from taskkit.periods import Period, parse_period
from taskkit.plan import Plan, records
from taskkit.plan_index import PlanIndex
from taskkit.roster import Roster
from taskkit.workbook import asks_anew, build_book, sent_cells


class Affected(NamedTuple):
    """A form that is to be sent again; ``is_new``: its unit got none yet. ``returned``: it came back already."""

    period: str
    unit: str
    role: str
    part: str
    is_new: bool
    returned: bool


@dataclass(frozen=True)
class Versions:
    """A plan and its lists before and after a change."""

    before: PlanIndex
    after: PlanIndex
    moved: frozenset[str]  # periods with other dates now

    @classmethod
    def of(cls, before: Plan, after: Plan, old: Roster | None, new: Roster | None) -> Versions:
        """``old`` and ``new``: the lists before and after the change."""
        one, other = ({_due(row) for row in records("schedule", plan.schedule)} for plan in (before, after))
        return cls(PlanIndex(before, old), PlanIndex(after, new), frozenset(str(row[0]) for row in one ^ other))


def affected(ledger: Ledger, name: str, versions: Versions, day: date) -> list[Affected]:
    """The forms of periods that had not ended on the day of the change, by period and unit.

    What units wrote does not count, only what they are asked and shown; of one that came back only what it asks,
    for who has reported is not asked again for a date or a leader (issuing/settled.py).
    """
    found: list[Affected] = []
    for text in dict.fromkeys(ledger.workbooks(name)["period"]):
        period = parse_period(text)
        if period.kind != "plan" and _ended(period, day):
            continue
        books = list(ledger.latest_workbooks(name, text).values())
        returned = set(ledger.values(name, text)["unit"])
        held = {(versions.after.roster.reporter(book.unit), book.part) for book in books}
        for book in books:
            differs = _differs_in_what_is_asked if book.unit in returned else _differs
            if (text in versions.moved and book.unit not in returned) or differs(book, period, versions):
                found.append(Affected(text, book.unit, book.role, book.part, False, book.unit in returned))
        for role, part in dict.fromkeys((book.role, book.part) for book in books):
            for unit in versions.after.order:
                recipient = versions.after.roster.reporter(unit)
                if recipient != unit or unit in versions.after.collectives or (unit, part) in held:
                    continue
                if versions.after.tasks_of(unit, role, part) and not versions.before.tasks_of(unit, role, part):
                    found.append(Affected(text, unit, role, part, True, False))
                    held.add((unit, part))
    order = versions.after.order
    return sorted(found, key=lambda each: (parse_period(each.period), order.get(each.unit, len(order))))


def _ended(period: Period, day: date) -> bool:
    return (period.year, period.last_month) < (day.year, day.month)


def _differs(book: Workbook, period: Period, versions: Versions) -> bool:
    before, after = _both(book, period, versions)
    if before is None or after is None:
        return before is not after
    return before.sheets != after.sheets


def _differs_in_what_is_asked(book: Workbook, period: Period, versions: Versions) -> bool:
    before, after = _both(book, period, versions)
    return after is not None and asks_anew(sent_cells(before) if before else (), sent_cells(after))


def _both(book: Workbook, period: Period, versions: Versions) -> tuple[Book | None, Book | None]:
    """A form before and after; nothing where its unit has another name now, and holds a form already."""
    if versions.after.roster.canonical(book.unit) != book.unit:
        return None, None
    ask = Ask(book.unit, book.role, book.part, period)
    return build_book(versions.before, ask, Kept(), ()), build_book(versions.after, ask, Kept(), ())


def _due(row: dict[str, object]) -> tuple[object, ...]:
    return tuple(row[key] for key in ("period", "role", "part", "due_on", "to_whom"))


def affected_by(
    ledger: Ledger, name: str, changes: Sequence[PlanChange], before: Plan, roster: Roster | None
) -> list[Affected]:
    """The forms that changes just kept concern; ``before`` and ``roster`` are the plan and the lists without them."""
    if not changes:
        return []
    versions = Versions.of(before, ledger.plan(name), roster, ledger.roster(name))
    return affected(ledger, name, versions, min(each.effective_on for each in changes))
