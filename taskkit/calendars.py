"""The common kinds of reporting calendars, and the office's own holidays: words/calendars.toml, words/calendar.toml.

A mistake in either file is refused with its line and key.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from taskkit.errors import InputError, UsageError
from taskkit.periods import Period
from taskkit.settings import Settings
from taskkit.text import squeeze
from taskkit.wording import did_you_mean
from taskkit.workdays import KEEP, MOVES, WorkCalendar, nth_of_month

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_KEYS = {"name", "period", "after", "day", "workday", "names", "holidays"}
_YEAR_KEYS = {"year", "holidays", "workdays"}
_MOST_DAYS = 60  # one span of days off; no holiday is longer
_ADVICE = "请对照自带的文件修改"


@dataclass(frozen=True)
class DateKind:
    """One kind: the report on each period of so many ``months`` is due in the month ``after`` so many, on a day of it.

    ``day`` or ``workday`` is 0. ``names``: what the report of the period that ends in a month is called.
    ``holidays`` says what becomes of a date that is no working day (workdays.MOVES).
    """

    name: str
    months: int
    after: int
    day: int = 0
    workday: int = 0
    names: Mapping[int, str] = field(default_factory=dict)
    holidays: str = KEEP

    def dates(self, year: int) -> Iterator[tuple[Period, date]]:
        """The periods of a year, each with the day that is meant (the first of the month for a working day)."""
        kind = {1: "month", 3: "quarter"}.get(self.months, "half")  # the whole year ends with its second half
        for last in range(self.months, 13, self.months):
            years, month = divmod(last - 1 + self.after, 12)
            end = calendar.monthrange(year + years, month + 1)[1]
            day = date(year + years, month + 1, min(self.day, end) or 1)
            yield Period(kind, year, last // min(self.months, 6)), day

    def how(self, move: str | None = None) -> str:
        """How the date follows from that day (``WorkCalendar.reckon``); ``move``: for once other than the kind says."""
        return nth_of_month(self.workday) if self.workday else move or self.holidays


def date_kinds(settings: Settings) -> tuple[DateKind, ...]:
    """The kinds in the order of the file. Raises InputError, naming line and key, where one is not understood."""
    words = settings.words("calendars")
    file = _File(settings, "calendars", "calendars")
    if unknown := set(words) - {"holidays", "calendars"}:
        raise file.wrong(f"没有“{min(unknown)}”这一项", key=min(unknown))
    move = words.get("holidays", KEEP)
    if move not in MOVES:
        raise file.wrong(f"holidays 是“{move}”，应为 {'、'.join(MOVES)} 之一", key="holidays")
    kinds: list[DateKind] = []
    for number, entry in enumerate(words.get("calendars", ()), 1):
        kind = _kind(entry, number, move, file)
        if kind.name in {each.name for each in kinds}:
            raise file.wrong(f"“{kind.name}”出现了两次", number, "name")
        kinds.append(kind)
    return tuple(kinds)


def find_kind(settings: Settings, text: str) -> DateKind:
    """The kind that a person names, also by part of its name. Raises UsageError with those there are."""
    kinds, wanted = date_kinds(settings), squeeze(text)
    for fits in (lambda name: name == wanted, lambda name: wanted in name):
        if len(found := [each for each in kinds if fits(squeeze(each.name))]) == 1:
            return found[0]
    names = [each.name for each in kinds]
    near = did_you_mean(text, names)
    raise UsageError(
        f"没有“{text}”这种报送安排",
        f"{near}可以写：{'；'.join(names)}；回到方案原来的写“照方案”。要添加的，请写在 words/calendars.toml 里",
    )


def work_calendar(settings: Settings) -> WorkCalendar:
    """The published working days with those of words/calendar.toml.

    Raises InputError, naming line and key, where one is not understood.
    """
    words = settings.words("calendar")
    file = _File(settings, "calendar", "years")
    if unknown := set(words) - {"years"}:
        raise file.wrong(f"没有“{min(unknown)}”这一项", key=min(unknown))
    off: set[date] = set()
    on: set[date] = set()
    years: set[int] = set()
    for number, entry in enumerate(words.get("years", ()), 1):
        year = entry.get("year") if isinstance(entry, dict) else None
        if not isinstance(year, int) or isinstance(year, bool) or not 2000 <= year <= 2100:
            raise file.wrong("year 应为四位数的年份", number, "year")
        if unknown := set(entry) - _YEAR_KEYS:
            raise file.wrong(f"没有“{min(unknown)}”这一项", number, min(unknown))
        years.add(year)
        for key, days in (("holidays", off), ("workdays", on)):
            days.update(_days(entry.get(key, []), year, file, number, key))
    if both := off & on:
        raise file.wrong(f"{min(both)} 既写成放假，又写成上班", key="years")
    return WorkCalendar(frozenset(off), frozenset(on), frozenset(years))


@dataclass(frozen=True)
class _File:
    """A words file and the name of its tables, to say where in it a mistake stands."""

    settings: Settings
    name: str
    table: str

    def wrong(self, what: str, number: int = 0, key: str = "") -> InputError:
        lines = self.settings.template(f"words/{self.name}.toml").decode("utf-8").splitlines()
        heads = [at for at, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{self.table}\s*\]\]", line)]
        start = heads[number - 1] if 0 < number <= len(heads) else 0
        end = heads[number] if 0 < number < len(heads) else len(lines)
        wanted = re.compile(rf"\s*(?:\[*\s*)?{re.escape(key)}\b")
        at = next((at for at in range(start, end) if key and wanted.match(lines[at])), start)
        return InputError(f"设置文件 words/{self.name}.toml 第{at + 1}行写法有误：{what}", _ADVICE)


def _kind(entry: Any, number: int, move: str, file: _File) -> DateKind:
    if not isinstance(entry, dict):
        raise file.wrong("calendars 要写成 [[calendars]]", key="calendars")
    if unknown := set(entry) - _KEYS:
        raise file.wrong(f"没有“{min(unknown)}”这一项", number, min(unknown))
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise file.wrong("name 要写名称", number, "name")
    if entry.get("period") not in MONTHS:
        raise file.wrong(f"period 应为 {'、'.join(MONTHS)} 之一", number, "period")
    if ("day" in entry) == ("workday" in entry):
        raise file.wrong("day 和 workday 要写一个，只写一个", number, "day")
    for key, most in (("after", 6), ("day", 31), ("workday", 31)):
        value = entry.get(key, 0 if key == "after" else 1)
        if not isinstance(value, int) or isinstance(value, bool) or not (key != "after") <= value <= most:
            raise file.wrong(f"{key} 是“{value}”，应为不超过{most}的数", number, key)
    if entry.get("holidays", move) not in MOVES:
        raise file.wrong(f"holidays 应为 {'、'.join(MOVES)} 之一", number, "holidays")
    return DateKind(
        name.strip(),
        MONTHS[entry["period"]],
        entry.get("after", 0),
        entry.get("day", 0),
        entry.get("workday", 0),
        _names(entry.get("names", {}), number, file),
        entry.get("holidays", move),
    )


def _names(names: Any, number: int, file: _File) -> dict[int, str]:
    if not isinstance(names, dict):
        raise file.wrong('names 要写成 { 3 = "季查" } 这样', number, "names")
    for key, value in names.items():
        if not (key.isdecimal() and 1 <= int(key) <= 12 and isinstance(value, str)):
            raise file.wrong(f"names 里的“{key}”要写成 月份 = 叫法", number, "names")
    return {int(key): value for key, value in names.items()}


def _days(entries: Any, year: int, file: _File, number: int, key: str) -> Iterator[date]:
    """The days of a list: "2027-01-01", "2027-02-06~2027-02-12", or dates of TOML's own."""
    for entry in entries if isinstance(entries, list) else [entries]:
        ends = [entry] * 2 if type(entry) is date else _span(str(entry))
        if ends is None or ends[0] > ends[1] or (ends[1] - ends[0]).days > _MOST_DAYS:
            raise file.wrong(f"{key} 里的“{entry}”看不懂，应为 2027-01-01 或 2027-02-06~2027-02-12", number, key)
        if {each.year for each in ends} != {year}:
            raise file.wrong(f"{key} 里的“{entry}”不在{year}年", number, key)
        yield from (ends[0] + timedelta(days=day) for day in range((ends[1] - ends[0]).days + 1))


def _span(text: str) -> list[date] | None:
    try:
        ends = [date.fromisoformat(each.strip()) for each in re.split(r"[~～至]", text)]
    except ValueError:
        return None
    return ends * 2 if len(ends) == 1 else ends if len(ends) == 2 else None
