"""Dates: deadlines of tasks, and the reporting calendar out of the notice (domain.md).

A calendar is read sentence by sentence: who reports (role), on what (period and part), by when,
to whom. Working days follow the published holidays; a year without them counts weekends only and
is marked provisional.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from taskkit.periods import PLAN, Period
from taskkit.text import compact, fold, parse_numeral, split_top

_NUM = r"[0-9一二三四五六七八九十]{1,3}"
_DATE = re.compile(r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日|(?<![\d年月])(?P<damaged>\d{3,4})日")
_SENT = re.compile(r"报(?!告|道|名)|报告(?=[省市县区我])|备案|提交|反馈|抄送")
_PROGRESS = re.compile(r"(?:落实|进展|完成|推进|工作|办理|执行)情况|进展|总结|进度")
_PLAN_WORD = re.compile(r"(?:落实|办理|实施|推进|贯彻|工作|具体)(?:工作)?方案|(?:季度|年度|阶段)(?:工作)?(?:计划|目标)")
_LEAD = re.compile(r"牵头|主办|主责|承办|汇总单位")
_SUPPORT = re.compile(r"配合|协办|协同|参与|协助")
_RESPONSIBLE = re.compile(r"责任(?:单位|部门)")
_TO = re.compile(
    r"(?:报送至|报送到|报送给|报送|上报至|上报|报告|报至|报到|报给|报请|报|提交至|提交给|提交|反馈至|反馈给|反馈)"
    r"(?P<who>(?!告)[^，。；,;（()）\d]{2,24}?)(?:备案|备查|汇总|审核|审定|存档|$|[，。；,;（(])"
)
_TOWARDS = re.compile(r"向(?P<who>[^，。；,;（()）\d]{2,20}?)(?:书面)?(?:报送|上报|报告|提交|反馈|报备)")
_COPY = re.compile(r"抄[送报](?P<who>[^，。；,;（()）]{2,20}?)(?:备案|$|[，。；,;（(])")
_RANGE = re.compile(
    r"(?:自|从)?(?:(20\d\d)年)?(\d{1,2})月(?:份)?(?:起)?(?:至|到|—|-|～)(?:(20\d\d)年|次年|翌年)?(\d{1,2})月"
)
_FROM = re.compile(r"(?:自|从)(?:(20\d\d)年)?(\d{1,2})月(?:份)?(?:起|开始)")
_EVERY = re.compile(r"每(?:个)?(?P<span>月|季度|季|半年)|逐(?P<span2>月|季)|按(?P<span3>月|季度|季)")
_WORKDAY = re.compile(rf"第?(?P<n>{_NUM})个工作日")
_DAY = re.compile(r"(?P<day>\d{1,2})日")
_CADENCE_WORDS = ((6, re.compile(r"半年")), (3, re.compile(r"季度")), (1, re.compile(r"每月|月度|逐月|按月")))
_KINDS = {1: "month", 3: "quarter", 6: "half", 12: "half"}


@dataclass(frozen=True)
class Due:
    """One date to keep: a row of ``plan.schedule``."""

    period: str
    role: str
    part: str
    due_on: date
    to_whom: str
    source: str


@dataclass(frozen=True)
class Doubt:
    """A doubt about a date: the code of a finding, its place, and its words."""

    code: str
    source: str
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Calendar:
    """The reporting calendar of a plan."""

    dues: tuple[Due, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass
class _Reader:
    year: int
    issued_on: date | None
    parts: Sequence[tuple[str, str]]  # (name of the part, its title)
    two_hops: bool = False
    dues: list[Due] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def read_calendar(
    notice: Iterable[tuple[str, str]],
    year: int,
    issued_on: date | None = None,
    parts: Sequence[tuple[str, str]] = (("main", ""),),
) -> Calendar:
    """Read the calendar out of the paragraphs of the notice, given as (text, place)."""
    paragraphs = [(compact(text), place) for text, place in notice]
    leads = any(_LEAD.search(text) and _SENT.search(text) for text, _ in paragraphs)
    reader = _Reader(year, issued_on, parts, two_hops=leads)
    for text, place in paragraphs:
        for sentence in split_top(text, "。"):
            role = "lead"
            for segment in _segments(sentence):
                role = _segment(reader, segment, role, place)
    return Calendar(tuple(dict.fromkeys(reader.dues)), tuple(reader.doubts))


def _segments(sentence: str) -> Iterator[str]:
    """The parts of a sentence that each order a report: between ；, and where a further date and verb follow a ，."""
    for part in split_top(sentence, "；;"):
        done = ""
        for clause in re.split(r"(?<=，)", part):
            if _orders(done) and _orders(clause):
                yield done
                done = ""
            done += clause
        yield done


def _orders(text: str) -> bool:
    return bool(_SENT.search(text) and (_DATE.search(text) or _EVERY.search(text)))


def _segment(reader: _Reader, text: str, role: str, place: str) -> str:
    """Read one part of a sentence; gives back who reports, for the parts that follow."""
    every = _EVERY.search(text)
    found = _DATE.search(text)
    if not _SENT.search(text) or not (found or every):
        return role
    role = _role(reader, text, found.start() if found else len(text), role)
    part = _part(reader.parts, text)
    progress = _PROGRESS.search(text)
    if every and (_WORKDAY.search(text) or _DAY.search(text) or "底" in text):
        pairs = _recurring(reader, text, every, place)
    else:
        dates = _dates(reader, text, place)
        if dates and _PLAN_WORD.search(text) and not progress:
            pairs = [(PLAN, dates[0])]
        elif progress or len(dates) > 1:
            pairs = _periods(dates, _months_between(dates, text))
        else:
            pairs = []
    to_whom = _to_whom(text)
    reader.dues += [Due(period.text, role, part, due, to_whom, place) for period, due in pairs]
    return role


def _role(reader: _Reader, text: str, first_date: int, before: str) -> str:
    subject = text[:first_date]
    for words in (subject, text):
        lead, support = _LEAD.search(words), _SUPPORT.search(words)
        if words is text and re.search(r"报[送至到给]*牵头", text):
            return "support"
        if lead and not support:
            return "lead"
        if support and not lead:
            return "support"
        if _RESPONSIBLE.search(words):
            return "support" if reader.two_hops else "lead"
        if re.search(r"各(?:地|部门|单位|有关|镇|乡|县|区)", words):
            return "lead"
    return before


def _part(parts: Sequence[tuple[str, str]], text: str) -> str:
    """The part that a sentence is about: an annex whose title it shares words with, else the main part."""
    main = next((title for name, title in parts if name == "main"), "")
    best, length = "main", 4
    for name, title in parts:
        if name != "main" and (shared := _shared(title, text)) > max(length, _shared(main, text)):
            best, length = name, shared
    return best


def _shared(one: str, other: str) -> int:
    left, right = fold(one), fold(other)
    return SequenceMatcher(None, left, right, autojunk=False).find_longest_match().size


def _dates(reader: _Reader, text: str, place: str) -> list[date]:
    """The dates of a list, the year carried from one to the next."""
    dates: list[date] = []
    year = reader.year
    for found in _DATE.finditer(text):
        if found["damaged"]:
            month, day = _mended(found["damaged"])
            reader.doubts.append(Doubt("date-damaged", place, {"text": found[0], "month": month, "day": day}))
        else:
            month, day = int(found["month"]), int(found["day"])
        year = int(found["year"] or year)
        if not found["year"] and dates and (month, day) < (dates[-1].month, dates[-1].day):
            year += 1
        try:
            dates.append(date(year, month, day))
        except ValueError:
            reader.doubts.append(Doubt("date-impossible", place, {"text": found[0]}))
    return dates


def _mended(digits: str) -> tuple[int, int]:
    """Month and day of a date that lost its 月: 615 is 6月15日, 1215 is 12月15日."""
    return int(digits[:-2]), int(digits[-2:])


def _months_between(dates: Sequence[date], text: str) -> int:
    gaps = [(b.year - a.year) * 12 + b.month - a.month for a, b in pairwise(dates)]
    for months in (1, 3, 6):
        if gaps and min(gaps) <= months:
            return months
    return next((months for months, pattern in _CADENCE_WORDS if pattern.search(text)), 3)


def _periods(dates: Iterable[date], months: int) -> list[tuple[Period, date]]:
    return [(period_of(due, months), due) for due in dates]


def period_of(due: date, months: int) -> Period:
    """The period of so many months whose end is nearest to the day on which the report is due."""
    ends = []
    for year in (due.year - 1, due.year, due.year + 1):
        for number in range(1, 12 // months + 1):
            last = number * months
            end = date(year, last, calendar.monthrange(year, last)[1])
            ends.append((abs((due - end).days), -end.toordinal(), Period(_KINDS[months], year, number)))
    return min(ends, key=lambda entry: (entry[0], -entry[1]))[2]


def _recurring(reader: _Reader, text: str, every: re.Match[str], place: str) -> list[tuple[Period, date]]:
    span = every["span"] or every["span2"] or every["span3"]
    months = {"月": 1, "季度": 3, "季": 3, "半年": 6}[span]
    dues = [
        due for year, month in _due_months(reader, text, months) if (due := _day_in(reader, text, year, month, place))
    ]
    pairs = _periods(dues, months)
    if _RANGE.search(text):
        return pairs
    after = reader.issued_on or date.min
    return [(period, due) for period, due in pairs if period.year == reader.year and due > after]


def _due_months(reader: _Reader, text: str, months: int) -> list[tuple[int, int]]:
    """The (year, month) pairs in which a recurring report is due."""
    year = reader.year
    if found := _RANGE.search(text):
        first = (int(found[1] or year), int(found[2]))
        last_year = int(found[3] or first[0] + (int(found[4]) < int(found[2])))
        last = (last_year, int(found[4]))
    else:
        start = _FROM.search(text)
        issued = reader.issued_on
        first = (year, 1)
        if start:
            first = (int(start[1] or year), int(start[2]))
        elif issued and issued.year == year:
            first = (year, issued.month)
        last = (year + 1, 1)
    count = (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    listed = [((first[1] - 1 + i) // 12 + first[0], (first[1] - 1 + i) % 12 + 1) for i in range(max(0, min(count, 36)))]
    if months == 1:
        return listed
    offset = 0 if re.search(r"[末]月|最后一个月|第三个月|季度?末|半年末", text) else 1
    if months == 6 and re.search(r"\d{1,2}日", text) and not offset:
        offset = 0
    return [pair for pair in listed if pair[1] % months == offset % months]


def _day_in(reader: _Reader, text: str, year: int, month: int, place: str) -> date | None:
    if found := _WORKDAY.search(text):
        due, sure = nth_working_day(year, month, parse_numeral(found["n"]) or 1)
        if not sure and not any(doubt.code == "holidays-unknown" for doubt in reader.doubts):
            reader.doubts.append(Doubt("holidays-unknown", place, {"year": year}))
        return due
    last = calendar.monthrange(year, month)[1]
    found = _DAY.search(text)
    if found and 1 <= int(found["day"]) <= 31:
        return date(year, month, min(int(found["day"]), last))
    return date(year, month, last) if "底" in text or "末" in text else None


def nth_working_day(year: int, month: int, number: int) -> tuple[date, bool]:
    """The n-th working day of a month, and whether the holidays of the year are published."""
    day, seen, sure = date(year, month, 1), 0, True
    while True:
        works, known = is_working_day(day)
        sure = sure and known
        seen += works
        if seen >= number or day.day == calendar.monthrange(year, month)[1]:
            return day, sure
        day += timedelta(days=1)


def is_working_day(day: date) -> tuple[bool, bool]:
    """Whether people work on a day, and whether that is known (False: weekends only)."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < 5, False


def _to_whom(text: str) -> str:
    found = _TOWARDS.search(text) or _TO.search(text)
    copy = _COPY.search(text)
    who = found["who"].removeprefix("至").removeprefix("给") if found else ""
    if re.search(r"情况|进展|材料|总结|报告$", who):
        who = ""  # what is reported, not to whom
    return f"{who}（抄送{copy['who']}）" if copy and who else who or (copy["who"] if copy else "")


_QUARTER = re.compile(r"第?([一二三四1-4])季度")
_MONTH = re.compile(r"(?:(20\d\d)年)?(\d{1,2})月(?:(\d{1,2})日|(底|末|上旬|中旬|下旬))?")


def parse_deadline(text: str, year: int | None) -> date | None:
    """The last day that a printed deadline allows (6月底前, 年内, 上半年); None where it names none."""
    words = compact(text)
    found_year = re.search(r"(20\d\d)年", words)
    in_year = int(found_year[1]) if found_year else year
    if in_year is None:
        return None
    try:
        if months := list(_MONTH.finditer(words)):
            found = months[-1]
            month = int(found[2])
            last = calendar.monthrange(in_year, month)[1]
            day = {"上旬": 10, "中旬": 20}.get(found[4] or "", last)
            return date(in_year, month, int(found[3]) if found[3] else day)
    except ValueError:
        return None
    if quarter := _QUARTER.search(words):
        month = 3 * (parse_numeral(quarter[1]) or 4)
        return date(in_year, month, calendar.monthrange(in_year, month)[1])
    if "上半年" in words:
        return date(in_year, 6, 30)
    if re.search(r"年[内底末]|下半年|全年|当年|20\d\d年(?:完成)?$", words):
        return date(in_year, 12, 31)
    return None


_IN_TEXT = re.compile(
    r"(?:(?:20\d\d年|今年|年)?(?:\d{1,2}月(?:底|末|\d{1,2}日|上旬|中旬|下旬)?|[上下]半年|第?[一二三四]季度|年?[底末])(?:之?前|完成前)|年内)"
)


def deadline_in(text: str) -> str | None:
    """The one deadline that a sentence names (年底前, 10月底前); None for none or several."""
    found = {match[0] for match in _IN_TEXT.finditer(text)}
    return found.pop() if len(found) == 1 else None
