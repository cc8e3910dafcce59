"""How far each 批示 is, unit by unit: due when, what was said last and when, days left or late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from taskkit.columns import COLUMNS, DONE, is_directive
from taskkit.issuing.instructing import about_text
from taskkit.ledger import Ledger
from taskkit.periods import parse_period
from taskkit.plan import plain_rows
from taskkit.plan_index import PlanIndex
from taskkit.roster import Roster
from taskkit.stores.directives import CLOSED, ONGOING, REVOKED, Directive

_FOLLOWED, _HANDLED, _EXPECTED = (COLUMNS[key].header for key in ("followed", "handled", "expected"))


class Stage(StrEnum):
    """Where a 批示 stands with one unit."""

    UNSENT = "unsent"  # in no form of the unit yet
    SILENT = "silent"  # nothing was said
    ONGOING = "ongoing"
    DONE = "done"  # says the unit; the office has not closed it
    CLOSED = "closed"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """As people call it."""
        return _LABELS[self]


_LABELS = {
    Stage.UNSENT: "未发出",
    Stage.SILENT: "未报",
    Stage.ONGOING: "办理中",
    Stage.DONE: "单位报已办结",
    Stage.CLOSED: "已办结",
    Stage.REVOKED: "撤销",
}


@dataclass(frozen=True)
class Standing:
    """One 批示 with one of its units; the first unit leads.

    ``number`` is B001, ``about`` the task or matter as people know it, ``said`` the unit's newest
    落实情况 and ``state`` its 办理状态 ("" where it said none), ``period`` and ``reported_on`` when that
    was said (the day on which it came in). ``days_late``: how long after ``due_on`` it was done, or
    is not done yet; 0 where there is no date. ``days_left`` is None where nothing is left to do.
    """

    number: str
    leader: str
    given_on: date
    text: str
    task_id: str | None
    about: str
    units: tuple[str, ...]
    unit: str
    due_on: date | None
    said: str
    state: str
    expected: str
    period: str
    reported_on: date | None
    stage: Stage
    days_late: int
    days_left: int | None
    closed: bool

    @property
    def is_open(self) -> bool:
        """Whether the unit still has to do something: neither closed nor revoked, nor said to be done."""
        return self.stage in (Stage.UNSENT, Stage.SILENT, Stage.ONGOING)


def standing(ledger: Ledger, name: str, on: date, period: str | None = None) -> tuple[Standing, ...]:
    """All 批示 of a plan × their units, by number, then in the order in which the office named the units.

    Those revoked are among them (``stage``), those given after the day are not. Units by their names on the day; what
    came in after it is not known. ``period``: as it stood with the reports up to that one.
    """
    directives = [each for each in ledger.directives(name) if each.given_on <= on]
    if not directives:
        return ()
    names = Names.read(ledger, name, on)
    words = _Words(ledger, name, names.roster, on, period)
    return tuple(_standing(each, unit, names, words, on) for each in directives for unit in _units(each, names.roster))


@dataclass(frozen=True)
class Names:
    """What units are called on a day: ``index``. They are known by their newest names (``roster``), whenever said."""

    index: PlanIndex
    roster: Roster
    then: Mapping[str, str]  # newest name -> name on the day

    @classmethod
    def read(cls, ledger: Ledger, name: str, on: date) -> Names:
        index, roster = PlanIndex(ledger.plan(name, on), ledger.roster(name, on)), ledger.roster(name) or Roster()
        then: dict[str, str] = {}
        for unit in index.order:
            newest = roster.canonical(unit)
            then[newest] = unit if unit == newest else then.get(newest, unit)
        return cls(index, roster, then)

    def on_day(self, unit: str) -> str:
        """A unit as it is called on the day; of several that became one since, by its own name, else the first's."""
        own = self.index.roster.canonical(unit)
        newest = self.roster.canonical(unit)
        return own if own in self.index.order else self.then.get(newest, newest)


def _units(each: Directive, roster: Roster) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(roster.canonical, each.units)))


def _standing(each: Directive, unit: str, names: Names, words: _Words, on: date) -> Standing:
    reporter = names.roster.reporter(unit)
    said = words.of(reporter, each.row_id)
    stage = _stage(each, said, (reporter, each.row_id) in words.asked)
    done_on = said.done_on if stage in (Stage.DONE, Stage.CLOSED) else None
    until = done_on or on
    closed_unsaid = stage is Stage.REVOKED or (stage is Stage.CLOSED and done_on is None)
    late = 0 if each.due_on is None or closed_unsaid else max(0, (until - each.due_on).days)
    is_open = stage in (Stage.UNSENT, Stage.SILENT, Stage.ONGOING)
    return Standing(
        number=each.row_id,
        leader=each.leader,
        given_on=each.given_on,
        text=each.text,
        task_id=each.task_id,
        about=about_text(each, names.index),
        units=tuple(map(names.on_day, _units(each, names.roster))),
        unit=names.on_day(unit),
        due_on=each.due_on,
        said=said.followed,
        state=said.handled,
        expected=said.expected,
        period=said.period,
        reported_on=said.reported_on,
        stage=stage,
        days_late=late,
        days_left=(each.due_on - on).days if is_open and each.due_on else None,
        closed=each.state == CLOSED,
    )


def _stage(each: Directive, said: _Said, is_asked: bool) -> Stage:
    if each.state == REVOKED:
        return Stage.REVOKED
    if each.state == CLOSED:
        return Stage.CLOSED
    assert each.state == ONGOING
    if said.handled == DONE:
        return Stage.DONE
    if said.followed or said.handled:
        return Stage.ONGOING
    return Stage.SILENT if is_asked else Stage.UNSENT


@dataclass(frozen=True)
class _Said:
    """A unit's newest words on one 批示. ``done_on``: the day on which it first said what it still says, 已办结."""

    followed: str = ""
    handled: str = ""
    expected: str = ""
    period: str = ""
    reported_on: date | None = None
    done_on: date | None = None


class _Words:
    """What units said of 批示, and which stand in their forms; by the unit that reports."""

    def __init__(self, ledger: Ledger, name: str, roster: Roster, on: date, period: str | None) -> None:
        self._ledger, self._name, self._on = ledger, name, on
        self._reporter = roster.reporter
        self._until = parse_period(period) if period else None
        self._received = {each.submission: each.received for each in ledger.receipts(name) if each.submission}

    @cached_property
    def asked(self) -> frozenset[tuple[str, str]]:
        """(unit, B001) of all that stands in a form that was sent."""
        books = self._ledger.workbooks(self._name)[["workbook", "unit"]]
        units = dict(books.itertuples(index=False, name=None))
        sent = self._ledger.sent_texts(self._name, _FOLLOWED)
        return frozenset((self._reporter(units[book]), row_id) for book, rows in sent.items() for row_id in rows)

    @cached_property
    def _cells(self) -> Mapping[tuple[str, str], list[dict[str, Any]]]:
        """By unit and 批示, the values that count, earliest period first."""
        values = self._ledger.values(self._name)
        mine = values[values["task_id"].isna() & values["column"].isin((_FOLLOWED, _HANDLED, _EXPECTED))]
        found: dict[tuple[str, str], list[dict[str, Any]]] = {}
        rows: list[dict[str, Any]] = plain_rows(mine)
        for row in sorted(rows, key=lambda row: parse_period(row["period"])):
            late = self._until is not None and self._until < parse_period(row["period"])
            late = late or (self._received.get(row["submission"]) or self._on) > self._on
            if is_directive(str(row["target_id"])) and not late:
                found.setdefault((self._reporter(row["unit"]), str(row["target_id"])), []).append(row)
        return found

    def of(self, unit: str, row_id: str) -> _Said:
        """The words of the newest period in which it said anything."""
        by_period: dict[str, dict[str, dict[str, Any]]] = {}
        for row in self._cells.get((unit, row_id), ()):
            if row["value"]:
                by_period.setdefault(row["period"], {})[row["column"]] = row
        if not by_period:
            return _Said()
        period, cells = list(by_period.items())[-1]
        text = {column: str(row["value"]) for column, row in cells.items()}
        days = [day for row in cells.values() if (day := self._received.get(row["submission"]))]
        return _Said(
            text.get(_FOLLOWED, ""),
            text.get(_HANDLED, ""),
            text.get(_EXPECTED, ""),
            period,
            max(days, default=None),
            self._done_on(list(by_period.values())),
        )

    def _done_on(self, periods: list[dict[str, dict[str, Any]]]) -> date | None:
        """The day on which the run of 已办结 that still stands began."""
        first = None
        for cells in reversed(periods):
            row = cells.get(_HANDLED)
            if row is None or row["value"] != DONE:
                break
            first = self._received.get(row["submission"])
        return first
