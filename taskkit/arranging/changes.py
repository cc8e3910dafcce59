"""What a new schedule changes in the one that counted, and what that means for the forms that are out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from taskkit.ledger import Ledger
from taskkit.periods import PLAN, parse_period
from taskkit.stores.schedules import DueDate


@dataclass(frozen=True)
class Change:
    """One date that is new (``before`` None), gone (``after`` None), on another day, or to somebody else."""

    period: str
    part: str
    role: str
    before: DueDate | None
    after: DueDate | None

    @property
    def word(self) -> str:
        """新增, 取消, 改期 or 改报给."""
        if self.before is None or self.after is None:
            return "取消" if self.before else "新增"
        return "改期" if self.before.due_on != self.after.due_on else "改报给"


@dataclass(frozen=True)
class Rearranged:
    """What was set: the changes, how many dates count now, which forms that are out say another date.

    ``backwards``: period and part of dates at which support units would report after their lead unit;
    ``mixed``: parts that would be reported on by the month and by the quarter too.
    """

    changes: tuple[Change, ...]
    dates: int
    outdated: int = 0
    backwards: tuple[tuple[str, str], ...] = ()
    mixed: tuple[str, ...] = ()


def dates_now(ledger: Ledger, name: str) -> tuple[DueDate, ...]:
    """The dates that count now."""
    kept = ledger.schedule_set(name)
    return kept.dates if kept else ledger.printed_schedule(name)


def changes_between(before: Iterable[DueDate], after: Iterable[DueDate]) -> tuple[Change, ...]:
    """What changes, by period, part and role."""
    old, new = ({each.key: each for each in listed} for listed in (before, after))
    found = [
        Change(key[0], key[2], key[1], was, now)
        for key in dict.fromkeys((*old, *new))
        for was, now in ((old.get(key), new.get(key)),)
        if was is None or now is None or (was.due_on, was.to_whom) != (now.due_on, now.to_whom)
    ]
    return tuple(sorted(found, key=lambda each: (each.part != "main", each.part, parse_period(each.period), each.role)))


def told(ledger: Ledger, name: str, before: Iterable[DueDate], after: Iterable[DueDate]) -> Rearranged:
    """What a new schedule means."""
    listed = tuple(after)
    changes = changes_between(before, listed)
    moved = {(each.period, each.part or "main") for each in changes if each.before and each.after}
    frame = ledger.workbooks(name)[["unit", "role", "part", "period"]].drop_duplicates()
    outdated = sum((period, part) in moved for _, _, part, period in frame.itertuples(index=False, name=None))
    return Rearranged(changes, len(listed), outdated, tuple(_backwards(listed)), tuple(_mixed(listed)))


def _mixed(dates: Iterable[DueDate]) -> Iterator[str]:
    """A part uses one cadence: months and quarters of the same span would ask for the same thing twice."""
    kinds: dict[str, set[str]] = {}
    for each in dates:
        if each.period != PLAN.text:
            kinds.setdefault(each.part or "main", set()).add(parse_period(each.period).kind)
    yield from (part for part, listed in kinds.items() if len(listed) > 1)


def _backwards(dates: Iterable[DueDate]) -> Iterator[tuple[str, str]]:
    by_role: dict[tuple[str, str], dict[str, date]] = {}
    for each in dates:
        if each.due_on and each.role in ("lead", "support"):
            by_role.setdefault((each.period, each.part or "main"), {})[each.role] = each.due_on
    for key, days in by_role.items():
        if len(days) == 2 and days["support"] > days["lead"]:
            yield key
