"""The calendar as duties: what must come from whom by when, and what has become of it.

One duty for each form that the notice asks of a unit (period × part × role), whether it was sent
already or not, and one for each form that was sent though no date orders it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from taskkit.approving import closed_before
from taskkit.calendars import work_calendar
from taskkit.extensions import Extension, Extensions, read_extensions
from taskkit.ledger import Ledger
from taskkit.orders import Orders, forms_of
from taskkit.periods import Period, parse_period
from taskkit.plan_index import PlanIndex
from taskkit.roster import Roster
from taskkit.settings import Settings
from taskkit.tracking import Outcome, Return, issued_periods, read_returns
from taskkit.workdays import WorkCalendar

if TYPE_CHECKING:
    import pandas as pd

OPEN = (Outcome.MISSING, Outcome.NOT_DUE, Outcome.NOT_SENT)
_DAYS = ("due_on", "original_due_on", "received")
_APART = ("extension", "through", "support_units", "support_reported", "unknown_year")


@dataclass(frozen=True)
class Duty:
    """One form that one unit owes for one period.

    ``unit`` is named as in the unit list; ``through`` are the units that report through it.
    ``due_on`` is the date that counts, ``original_due_on`` the one before a later one was granted
    (``extension``). ``provisional``: it follows from working days of a year whose holidays are not
    published; ``unknown_year``: its period lies in such a year. ``days_left`` counts to the date of what is still open
    (negative: days overdue; None without a date), ``days_late`` how late it came or is. ``source``
    is the place in the notice, ``workbook`` the form that was sent ("" for none). Of a lead unit's
    duty, ``support_units`` are those asked to report to it first, ``support_reported`` those of them that have.
    """

    period: str
    part: str
    role: str
    unit: str
    due_on: date | None
    original_due_on: date | None
    to_whom: str
    provisional: bool
    extension: Extension | None
    outcome: Outcome
    received: date | None
    days_left: int | None
    days_late: int
    source: str
    tasks: int
    workbook: str = ""
    through: tuple[str, ...] = ()
    support_units: tuple[str, ...] = ()
    support_reported: tuple[str, ...] = ()
    unknown_year: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is still to come."""
        return self.outcome in OPEN


class Collective(NamedTuple):
    """A collective that is asked, whose members the unit list does not name: nobody's duty yet."""

    unit: str
    periods: tuple[str, ...]


def duties(ledger: Ledger, name: str, on: date | None = None, settings: Settings | None = None) -> tuple[Duty, ...]:
    """All duties of a plan as they stand ``on`` a day, in the order of the unit list, of each unit by date.

    On a day that is past the plan of that day holds, and what came in later had not come; dates count as they do now.
    Raises UsageError for an unknown plan, InputError for a mistake in words/calendar.toml.
    """
    calendar = _Calendar.read(ledger, name, on or date.today(), work_calendar(settings or Settings()))
    listed = sorted(
        calendar.duties(),
        key=lambda each: (
            calendar.index.rank(each.unit),
            each.due_on or date.max,
            parse_period(each.period),
            each.part != "main",
            each.part,
            each.role,
        ),
    )
    return tuple(_with_supports(listed, calendar))


def duties_frame(listed: Iterable[Duty]) -> pd.DataFrame:
    """Duties as a frame, one row each.

    Columns: period, part, role, unit, due_on, original_due_on, to_whom, provisional, outcome,
    received, days_left (negative: overdue), days_late, source, tasks, workbook, extended (the reason
    of the extension), asked_on, through, support_asked and support_reported (how many).
    """
    import pandas as pd

    shown = [each.name for each in fields(Duty) if each.name not in _APART]
    rows = [
        {
            **{key: getattr(each, key) for key in shown},
            "outcome": str(each.outcome),
            "extended": each.extension.reason if each.extension else None,
            "asked_on": each.extension.asked_on if each.extension else None,
            "through": "、".join(each.through),
            "support_asked": len(each.support_units),
            "support_reported": len(each.support_reported),
        }
        for each in listed
    ]
    columns = (*shown, "extended", "asked_on", "through", "support_asked", "support_reported")
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype({**dict.fromkeys((*_DAYS, "asked_on"), "datetime64[s]"), "days_left": "Int64"})


def collectives_asked(ledger: Ledger, name: str, on: date | None = None) -> tuple[Collective, ...]:
    """The collectives without members of which the notice asks a report, with the periods (``on`` a day)."""
    plan = ledger.plan(name, on)
    index, orders = PlanIndex(plan, ledger.roster(name, on)), Orders(plan)
    asked: dict[str, list[str]] = {}
    for period, part in _asked_for(orders):
        role = orders.order(period, part).role
        for unit in index.order:
            if unit in index.collectives and index.tasks_of(unit, role, part):
                asked.setdefault(unit, []).append(period.text)
    return tuple(Collective(unit, tuple(dict.fromkeys(periods))) for unit, periods in asked.items())


def of_units(ledger: Ledger, name: str, listed: Iterable[Duty], units: Iterable[str]) -> tuple[Duty, ...]:
    """The duties of units that a person names: of a collective its members', of one that reports through another its.

    A unit that was renamed is found under either name.
    Raises UsageError, with near names, for a unit that does not exist.
    """
    index = PlanIndex(ledger.plan(name), ledger.roster(name))
    wanted = {unit for text in units for unit in index.roster.recipients(index.meant(text))}
    return tuple(each for each in listed if index.roster.canonical(each.unit) in wanted)


def _asked_for(orders: Orders) -> list[tuple[Period, str]]:
    return [(period, part) for period in orders.periods() for part in orders.parts(period)]


@dataclass(frozen=True)
class _Calendar:
    """What the duties of a plan are made from. ``indexes``: by period, without the tasks that were closed before."""

    index: PlanIndex
    indexes: Mapping[str, PlanIndex]
    orders: Orders
    extensions: Extensions
    returns: Mapping[str, Sequence[Return]]  # by period
    days: WorkCalendar
    on: date

    @classmethod
    def read(cls, ledger: Ledger, name: str, on: date, days: WorkCalendar) -> _Calendar:
        plan, roster = ledger.plan(name, on), ledger.roster(name, on) or Roster()
        index, orders = PlanIndex(plan, roster), Orders(plan, days, ledger.nominal_dates(name))
        return cls(
            index,
            {each.text: index.without(closed_before(ledger, name, each)) for each in orders.periods()},
            orders,
            read_extensions(ledger, name, ledger.roster(name) or Roster()),
            {period: read_returns(ledger, name, period, on, until=on) for period in issued_periods(ledger, name)},
            days,
            on,
        )

    def duties(self) -> list[Duty]:
        """Those that the notice orders, then forms that went out besides."""
        listed = [
            duty
            for period, part in _asked_for(self.orders)
            for unit in self.index.order
            if self.index.roster.reporter(unit) == unit and unit not in self.index.collectives
            for duty in self._of(unit, period, part)
        ]
        known = {each.workbook for each in listed}
        besides = [each for sent in self.returns.items() for each in self._sent_besides(*sent, known)]
        return [*listed, *besides]

    def _of(self, unit: str, period: Period, part: str) -> list[Duty]:
        """The duties of a unit in one part and period, each with the form that was sent for it."""
        returns = self.returns.get(period.text, ())
        sent = {each.role: each for each in returns if (each.unit, each.part) == (unit, part)}
        roles = forms_of(self.indexes[period.text], self.orders.order(period, part), unit, part, sent)
        return [self._duty(unit, period, part, role, sent.get(role) or sent.get("all")) for role in roles]

    def _duty(self, unit: str, period: Period, part: str, role: str, sent: Return | None) -> Duty:
        ordered = self.orders.date_of(role, part, period)
        extension = self.extensions.of(unit, part, period, ordered.due_on)
        own = {task for task, _ in self.indexes[period.text].tasks_of(unit, role, part)}
        duty = Duty(
            period.text,
            part,
            role,
            unit,
            extension.due_on if extension else ordered.due_on,
            ordered.due_on,
            ordered.to_whom or "",
            ordered.provisional,
            extension,
            Outcome.NOT_SENT,
            None,
            None,
            0,
            ordered.source or "",
            len(own),
            through=self._through(unit, role, part),
        )
        if sent:
            said = self._said(period.text, sent)
            duty = replace(said, **{key: getattr(duty, key) for key in ("to_whom", "source", "through")})
            if said.original_due_on == ordered.due_on:
                duty = replace(duty, provisional=ordered.provisional)
        return self._counted(duty)

    def _said(self, period: str, sent: Return) -> Duty:
        """A duty by the form that was sent for it."""
        keys = ("part", "role", "unit", "due_on", "original_due_on", "extension", "outcome", "received", "days_late")
        kept = {key: getattr(sent, key) for key in (*keys, "workbook")}
        return Duty(
            period=period, to_whom="", provisional=False, days_left=None, source="", tasks=len(sent.tasks), **kept
        )

    def _sent_besides(self, period: str, returns: Iterable[Return], known: Iterable[str]) -> list[Duty]:
        return [self._counted(self._said(period, each)) for each in returns if each.workbook not in known]

    def _counted(self, duty: Duty) -> Duty:
        """A duty with the days that are left of it."""
        left = (duty.due_on - self.on).days if duty.due_on and duty.is_open else None
        year = parse_period(duty.period).year or (duty.due_on.year if duty.due_on else 0)
        unknown = year > 0 and not self.days.knows(year)
        return replace(duty, days_left=left, unknown_year=unknown)

    def _through(self, unit: str, role: str, part: str) -> tuple[str, ...]:
        """Who reports through a unit, and has tasks of its own there."""
        return tuple(each for each in self.index.through(unit) if self.index.own_tasks_of(each, role, part))


def _with_supports(listed: Sequence[Duty], calendar: _Calendar) -> list[Duty]:
    """The duties, those of lead units with the support units that report to them in the same period."""
    asked = {(each.unit, each.period, each.part): each for each in listed if each.role != "lead"}
    return [
        _supported(each, asked, calendar.indexes.get(each.period, calendar.index)) if each.role != "support" else each
        for each in listed
    ]


def _supported(duty: Duty, asked: Mapping[tuple[str, str, str], Duty], index: PlanIndex) -> Duty:
    led = [task for task, role in index.tasks_of(duty.unit, duty.role, duty.part) if role == "lead"]
    helpers = {
        unit
        for task in led
        for printed in index.units_of(task, "support")
        for unit in index.roster.recipients(printed)
        if unit != duty.unit and (unit, duty.period, duty.part) in asked
    }
    units = tuple(sorted(helpers, key=index.rank))
    came = tuple(unit for unit in units if asked[unit, duty.period, duty.part].received)
    return replace(duty, support_units=units, support_reported=came)
