"""Deadlines of tasks as days: the last day that a printed deadline allows."""

from __future__ import annotations

import calendar
import re
from datetime import date

from taskkit.text import compact, parse_numeral

_CHINESE = "[一二三四五六七八九十]{1,3}"
_YEAR = r"(?:(?P<year>20\d\d)\s*年?|(?P<said>今年|本年|当年|明年|次年|翌年|下年|来年))"
# One point in time; a year without month or quarter is its end.
_POINT = re.compile(
    rf"(?:{_YEAR}(?:度|的)?[./\-]?)?"
    rf"(?:(?P<month>\d{{1,2}}|{_CHINESE})月(?:份)?(?:(?P<day>\d{{1,2}}|{_CHINESE})[日号]|(?P<part>上旬|中旬|下旬|初|底|末))?"
    rf"|第?(?P<quarter>[一二三四1-4])季度|(?P<half>上半年|下半年))"
    rf"|(?P<dyear>20\d\d)[./\-](?P<dmonth>\d{{1,2}})(?:[./\-](?P<dday>\d{{1,2}}))?(?!\d)"
    rf"|(?P<wyear>20\d\d)年|(?P<wsaid>今年|本年|当年|明年|次年|翌年|下年|来年)|(?P<whole>年[内底末]|全年|全年度|年终|岁末)"
)
_NEXT = frozenset(("明年", "次年", "翌年", "下年", "来年"))
_DAYS = {"上旬": 10, "中旬": 20, "初": 10}
_OPEN = re.compile(r"持续|长期|常态|每|逐|按[月季年期时]|定期|适时|立即|即日|尽快|随时|经常|动态|不间断|滚动|近期|序时")
_TIME = re.compile(r"[0-9月季年日]|十")


def parse_deadline(text: str, year: int | None) -> date | None:
    """The last day that a printed deadline allows (6月底前, 年内, 上半年); None where it names none.

    Of several points in time the latest counts, each in its own year: 2024年10月至2025年3月.
    A recurring duty (每月5日前) has no day.
    """
    words = compact(text)[:200]
    if run_on := re.fullmatch(r"(20\d\d)(\d\d)(\d\d)?", words):  # 20260930, as systems export it
        words = "-".join(filter(None, run_on.groups()))
    if re.match(r"每|逐[月季]|按[月季]", words):
        return None
    day: date | None = None
    said: int | None = None  # the year that the text named last
    month = 0
    for found in _POINT.finditer(words):
        own = _year_of(found, said, year)
        if own is None:
            return None
        until = words[max(0, found.start() - 2) : found.start()]
        if not _names_year(found) and month and _month_of(found) < month and re.search(r"[至到—\-－~～]$", until):
            own += 1  # 10月至3月 runs into the next year
        point = _last_day(found, own)
        if point is None:
            return None
        said, month = own, point.month
        day = max(day or point, point)
    return day


def _names_year(found: re.Match[str]) -> bool:
    return any(found[name] for name in ("year", "said", "dyear", "wyear", "wsaid"))


def _year_of(found: re.Match[str], said: int | None, year: int | None) -> int | None:
    digits = found["year"] or found["dyear"] or found["wyear"]
    if digits:
        return int(digits)
    word = found["said"] or found["wsaid"]
    if word and year is not None:
        return year + (word in _NEXT)
    return said if said is not None else year


def _month_of(found: re.Match[str]) -> int:
    digits = found["month"] or found["dmonth"]
    return (parse_numeral(digits) or 0) if digits else 12


def _last_day(found: re.Match[str], year: int) -> date | None:
    """The last day of a point in time in its year; None for a date that does not exist."""
    month = _month_of(found)
    if found["quarter"]:
        month = 3 * (parse_numeral(found["quarter"]) or 4)
    elif found["half"]:
        month = 6 if found["half"] == "上半年" else 12
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    printed = found["day"] or found["dday"]
    day = parse_numeral(printed) if printed else _DAYS.get(found["part"] or "", last)
    return date(year, month, day) if day and 1 <= day <= last else None


def is_open_deadline(text: str) -> bool:
    """Whether a printed deadline names no day on purpose (持续推进, 每月5日前), so that none is missing."""
    return bool(_OPEN.search(text)) or not _TIME.search(text)


_DAY = (
    rf"(?<!每)(?<!每年)(?:20\d\d年|今年|明年|年)?(?:(?:\d{{1,2}}|{_CHINESE})月份?(?:底|末|\d{{1,2}}日|上旬|中旬|下旬)?"
    r"|[上下]半年|第?[一二三四]季度|(?<=年)[底末]|年[底末])"
)
# By when (6月底前), or when something is to be ready (上半年建成).
_IN_TEXT = re.compile(
    rf"{_DAY}(?:之?前|以前|完成前)|年内|{_DAY}(?=(?:全面|基本|正式|全部|如期)?(?:完成|建成|竣工|完工|投产|投用|投入|通车|启用|实现|印发|出台))"
)


def deadline_in(text: str) -> str | None:
    """The one deadline that a sentence names (年底前, 10月底前); None for none or several."""
    found = {match[0] for match in _IN_TEXT.finditer(text)}
    return found.pop() if len(found) == 1 else None


_GOES_ON = re.compile("持续|长期|常态")
_ENDS = re.compile("前|底|末|月|季度|半年")


def day_to_keep(text: str | None, due_on: date | None, year: int | None) -> date | None:
    """The last day on which a task is not late: as read, else as its deadline says; None where it is never late.

    年内持续推进 is never late; 6月底前完成并长期坚持 is, from July on.
    """
    words = compact(text or "")
    if _GOES_ON.search(words) and not _ENDS.search(words):
        return None
    return due_on or (parse_deadline(words, year) if words else None)
