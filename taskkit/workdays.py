"""Working days: the published holidays and moved working days, and what an office adds to them.

The published ones come from chinesecalendar (decision 10), which refuses years that are not
published yet: of these weekends alone are known, and a day that follows from them is provisional.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

KEEP, NEXT, BEFORE = "keep", "next", "before"
MOVES = (KEEP, NEXT, BEFORE)
_NTH = "nth "
LAST = 31  # the last working day of a month, whatever its number


@dataclass(frozen=True)
class WorkCalendar:
    """The published days with those of the office: ``days_off``, ``days_on``.

    ``years`` are those whose holidays the office has written down whole, so that nothing of them is provisional.
    """

    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> tuple[bool, bool]:
        """Whether people work on a day, and whether that is known (False: weekends only)."""
        if day in self.days_off or day in self.days_on:
            return day in self.days_on, True
        import chinese_calendar

        try:
            return bool(chinese_calendar.is_workday(day)), True
        except NotImplementedError:
            return day.weekday() < 5, day.year in self.years

    def knows(self, year: int) -> bool:
        """Whether the holidays of a year are known."""
        return self.is_working_day(date(year, 1, 2))[1]

    def nth(self, year: int, month: int, number: int) -> tuple[date, bool]:
        """The n-th working day of a month (its last where it has fewer), and whether its holidays are known."""
        days = [date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]
        works = [(day, *self.is_working_day(day)) for day in days]
        working = [day for day, works_then, _ in works if works_then]
        due = working[min(number, len(working)) - 1]
        return due, all(known for day, _, known in works if day <= due)

    def moved(self, day: date, how: str) -> tuple[date, bool]:
        """A day that is none to work on, moved to the next one or the one before (MOVES), and whether that is known."""
        known = True
        while how != KEEP:
            works, sure = self.is_working_day(day)
            known = known and sure
            if works:
                break
            day += timedelta(days=1 if how == NEXT else -1)
        return day, known

    def after(self, day: date, number: int) -> tuple[date, bool]:
        """The n-th working day after a day, and whether the holidays up to it are known."""
        known = True
        while number:
            day += timedelta(days=1)
            works, sure = self.is_working_day(day)
            known, number = known and sure, number - works
        return day, known

    def reckon(self, day: date, how: str) -> tuple[date, bool]:
        """The date that follows from a day: moved (MOVES), or the n-th working day of its month (``nth 3``)."""
        if how.startswith(_NTH):
            return self.nth(day.year, day.month, int(how.removeprefix(_NTH)))
        return self.moved(day, how)


PUBLISHED = WorkCalendar()


def nth_of_month(number: int) -> str:
    """How a date follows from its month: its n-th working day (``WorkCalendar.reckon``)."""
    return f"{_NTH}{number}"


def by_weekends(day: date, how: str) -> date:
    """The date that follows from a day (``WorkCalendar.reckon``) as long as no holidays are known."""
    if how.startswith(_NTH):
        return nth_weekday(day.year, day.month, int(how.removeprefix(_NTH)))
    while how != KEEP and day.weekday() > 4:
        day += timedelta(days=1 if how == NEXT else -1)
    return day


def nth_weekday(year: int, month: int, number: int) -> date:
    """The n-th day from Monday to Friday of a month (its last where it has fewer): what is known before publication."""
    last = calendar.monthrange(year, month)[1]
    days = [day for number in range(1, last + 1) if (day := date(year, month, number)).weekday() < 5]
    return days[min(number, len(days)) - 1]
