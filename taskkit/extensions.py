"""Later dates that the office granted (延期), and which of them count.

The rule (domain.md): a later date must be asked for before the old one passes, with a reason;
otherwise the old one counts. It is judged form by form, each having a date of its own, and one
extension after the other: what was granted counts as the old date of the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from taskkit import rulings
from taskkit.entries import Ruling
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.periods import Period, official_date
from taskkit.roster import Roster

ASK_BEFORE = "延期须在原定日期前提出"
_Key = tuple[str, str, str]  # unit, part, period


class Extension(NamedTuple):
    """A later date as it was granted."""

    due_on: date
    asked_on: date
    reason: str
    moved_since: bool = False  # the office has set other dates since it was granted

    def counts_for(self, due_on: date) -> bool:
        """Whether it is later than a date, and was asked for before that had passed.

        An earlier date that the office set after it had granted a later one does not take that back.
        """
        return due_on < self.due_on and (self.moved_since or self.asked_on <= due_on)


@dataclass(frozen=True)
class Extensions:
    """What was granted to each unit for each part and period, oldest first; ``said``: all days that ever were."""

    granted: Mapping[_Key, Sequence[Extension]] = field(default_factory=dict)
    roster: Roster = field(default_factory=Roster)
    said: Mapping[_Key, frozenset[date]] = field(default_factory=dict)

    def ever(self, unit: str, part: str, period: str | Period, due_on: date | None) -> bool:
        """Whether a day was ever granted to a unit, also if that was taken back."""
        return due_on in self.said.get((self.roster.canonical(unit), part, str(period)), ())

    def of(self, unit: str, part: str, period: str | Period, due_on: date | None) -> Extension | None:
        """The extension of a form that is due on a day; None where none counts."""
        last: Extension | None = None
        if due_on is None:
            return None
        for each in self.granted.get((self.roster.canonical(unit), part, str(period)), ()):
            if each.counts_for(last.due_on if last else due_on):
                last = each
        return last

    def date_for(self, unit: str, part: str, period: str | Period, due_on: date | None) -> date | None:
        """The date that counts for a form that is due on a day."""
        extension = self.of(unit, part, period, due_on)
        return extension.due_on if extension else due_on


def read_extensions(ledger: Ledger, name: str, roster: Roster) -> Extensions:
    """All that were granted for a plan. What was taken back counts no more, nor what came before it."""
    granted: dict[_Key, list[Extension]] = {}
    said: dict[_Key, dict[str, str]] = {}
    ever: dict[_Key, set[date]] = {}
    set_at = max((each.set_at for each in ledger.schedule_versions(name)), default=datetime.min)
    for each in ledger.ruling_versions(name, rulings.EXTENSION):
        key = (roster.canonical(each.unit), each.row_id, each.period)
        said.setdefault(key, {})[each.column] = each.value
        if each.column != rulings.DUE_ON:
            continue
        due_on, asked_on = (_day(said[key].get(column)) for column in (rulings.DUE_ON, rulings.ASKED_ON))
        if not each.value:
            granted.pop(key, None)
        elif due_on and asked_on:
            ever.setdefault(key, set()).add(due_on)
            moved = each.said_at is not None and each.said_at <= set_at
            reason = said[key].get(rulings.REASON, "")
            granted.setdefault(key, []).append(Extension(due_on, asked_on, reason, moved))
    return Extensions(granted, roster, {key: frozenset(days) for key, days in ever.items()})


def grant(ledger: Ledger, name: str, unit: str, part: str, period: str, wanted: Extension, due_on: date) -> bool:
    """Keep a later date in the place of ``due_on``; False where just that was granted before.

    Raises UsageError, with the rule, for one that does not count.
    """
    if not wanted.reason.strip():
        raise UsageError("没有写明延期的理由", "请用 --reason 写明")
    if wanted.due_on <= due_on:
        raise UsageError(f"延期后的日期{official_date(wanted.due_on)}不晚于现定的{official_date(due_on)}", "请核对日期")
    if wanted.asked_on > due_on:
        raise UsageError(
            f"{ASK_BEFORE}：现定{official_date(due_on)}，提出是{official_date(wanted.asked_on)}",
            "仍按现定日期计算；提出日期写错的，请改正 --asked",
        )
    # The new date comes last: whoever reads the versions one after the other then knows all of it.
    columns = {
        rulings.ASKED_ON: wanted.asked_on.isoformat(),
        rulings.REASON: wanted.reason.strip(),
        rulings.DUE_ON: wanted.due_on.isoformat(),
    }
    return bool(ledger.keep_rulings(name, _rulings(unit, part, period, columns)))


def take_back(ledger: Ledger, name: str, unit: str, part: str, period: str) -> bool:
    """Take back what was granted, so that the first date counts again; False where nothing was granted."""
    columns = dict.fromkeys((rulings.ASKED_ON, rulings.REASON, rulings.DUE_ON), "")
    roster = ledger.roster(name) or Roster()
    granted = ledger.rulings(name, rulings.EXTENSION, period).values()
    mine = [each for each in granted if each.row_id == part and roster.canonical(each.unit) == roster.canonical(unit)]
    called = dict.fromkeys(each.unit for each in mine)  # it may have been called otherwise then
    return bool(ledger.keep_rulings(name, [said for each in called for said in _rulings(each, part, period, columns)]))


def _rulings(unit: str, part: str, period: str, columns: Mapping[str, str]) -> list[Ruling]:
    return [Ruling(rulings.EXTENSION, column, value, period, unit, part) for column, value in columns.items()]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
