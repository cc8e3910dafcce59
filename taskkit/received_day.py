"""The day on which a file came in, as the folders tell that an office sorts its returns into."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from taskkit.periods import Period
from taskkit.text import narrow

EARLIEST = date(2000, 1, 1)  # nothing was handed in before
_LONGEST_REST = 8  # characters of a folder's name beside its date: 4月8日收到, 2026-04-08 微信
_DATES = (
    re.compile(r"(?<!\d)(?P<year>\d{4})(?P<mark>[-._/ ])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)"),
    re.compile(r"(?:(?<!\d)(?P<year>\d{4})年)?(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"),
)
_NOT_A_DAY = re.compile(r"[前底止]|截|以来|备份|下发|印发")
_NO_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")


@dataclass(frozen=True)
class FolderDay:
    """The day that a folder's name says; None where it says one that cannot be, in the future or long past."""

    folder: str
    day: date | None


def folder_day(path: str, around: date, today: date) -> FolderDay | None:
    """The day by which the innermost folder (or zip) on a file's path is named; None where none is.

    A day without a year is that nearest to ``around`` (the end of the period) which is not in the future.
    """
    *folders, _ = path.replace("\\", "/").split("/")
    if not Path(path).is_absolute():
        folders = [Path.cwd().name, *folders]  # taskkit collect . in the folder itself
    for folder in reversed(folders):
        for year, month, day in _dates_in(folder):
            return FolderDay(folder, _day(year, month, day, around, today))
    return None


def _dates_in(folder: str) -> Iterator[tuple[int | None, int, int]]:
    """The date that a folder is named by: one that is most of its name."""
    plain = unicodedata.normalize("NFKC", folder).strip()
    plain = re.sub(r"\.(?:zip|rar|7z)$", "", plain, flags=re.IGNORECASE)
    for pattern in _DATES:
        found = list(pattern.finditer(plain))
        rest = pattern.sub("", plain)
        if len(found) == 1 and len(rest) <= _LONGEST_REST and not _NOT_A_DAY.search(rest):
            year = found[0]["year"]
            yield int(year) if year else None, int(found[0]["month"]), int(found[0]["day"])
            return


def nearest_day(text: str, around: date, today: date) -> date | None:
    """The day that a text without a year (7月9日) means; None where it is no such text."""
    found = _NO_YEAR.fullmatch(narrow(text))
    return _day(None, int(found[1]), int(found[2]), around, today) if found else None


def near_end(period: Period, today: date) -> date:
    """A day near the end of a period, about which its returns come in."""
    return date(period.year, period.last_month, 28) if period.last_month else today


def _day(year: int | None, month: int, day: int, around: date, today: date) -> date | None:
    years = [year] if year else [around.year - 1, around.year, around.year + 1]
    days = [made for each in years if (made := _made(each, month, day)) and EARLIEST <= made <= today]
    return min(days, key=lambda each: abs((each - around).days), default=None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
