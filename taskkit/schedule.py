"""The reporting calendar out of the notice (domain.md).

A calendar is read sentence by sentence: who reports (role), on what (period and part), by when,
to whom. Working days follow the published holidays; a year without them counts weekends only and
is marked provisional.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from taskkit.periods import PLAN, Period, parse_period
from taskkit.text import compact, fold, parse_numeral, split_top
from taskkit.unit_words import LEAD, SUPPORT, simplified
from taskkit.workdays import LAST, PUBLISHED

_NUM = r"[0-9一二三四五六七八九十]{1,3}"
_YEAR = r"(?:(?P<year>20\d\d)年|(?P<next>次年|翌年|明年))?"
_DATE = re.compile(
    rf"{_YEAR}(?P<month>\d{{1,2}})月(?:份)?(?:(?P<day>\d{{1,2}})[日号]|(?:底|末)(?!月))"
    r"|(?P<yearend>年[底末终])(?=之?前|报|向|将)"
    r"|(?<![\d年月])(?P<damaged>\d{3,4})日(?=之?前|以前|、|和|及)"
)
# Months that share one day: 4月、7月、10月和次年1月的10日前; 6、12月底.
_SOME_YEAR = r"(?:20\d\d年|次年|翌年|明年)?"
_SHARED_DAY = re.compile(
    rf"(?P<months>(?:{_SOME_YEAR}\d{{1,2}}月?(?:份)?[、和及]){{1,11}}{_SOME_YEAR}\d{{1,2}}月)(?:份)?的?(?P<day>\d{{1,2}}[日号]|[底末])"
)
_SENT = re.compile(
    r"(?<![通简公申预月季日年])报(?!告|道|名|表|刊|纸)|(?<=[月季日年])报(?=[送至到给请])"
    r"|报告(?=[省市县区我]|制度)|(?<=书面)报告|向[^，。；]{2,16}报告|报告(?=一次|(?:工作)?(?:进展|落实|完成|推进))|发送|发至|(?<=[况展结料度表案])送(?=[^，。；]{3})|上传|备案|提交|反馈|抄送"
)
_PROGRESS = re.compile(r"(?:落实|进展|完成|推进|工作|办理|执行)情况|进展|总结|进度")
_PLAN_WORD = re.compile(
    r"(?:落实|办理|实施|推进|贯彻|工作|具体|分解|整改)(?:工作)?方案|(?:季度|年度|阶段)(?:工作)?(?:计划|目标)"
)
_LEAD = re.compile(f"{LEAD}|汇总单位")
_SUPPORT = re.compile(SUPPORT)
_RESPONSIBLE = re.compile(r"责任(?:单位|部门)")
_TO = re.compile(
    r"(?:报送至|报送到|报送给|报送|上报至|上报|报告|报至|报到|报给|报请|报|提交至|提交给|提交|反馈至|反馈给|反馈|(?<=[况展结料度表案])送(?:至|给)?)"
    r"(?P<who>(?!告)[^，。；,;（()）\d]{2,24}?)(?:备案|备查|汇总|审核|审定|存档|$|[，。；,;（(])"
)
_TOWARDS = re.compile(r"向(?P<who>[^，。；,;（()）\d]{2,20}?)(?:书面)?(?:报送|上报|报告|提交|反馈|报备)")
_COPY = re.compile(r"抄[送报](?P<who>[^，。；,;（()）]{2,20}?)(?:备案|$|[，。；,;（(])")
_RANGE = re.compile(
    r"(?:自|从)?(?:(20\d\d)年)?(\d{1,2})月(?:份)?(?:起)?(?:至|到|—|-|～)(?:(20\d\d)年|次年|翌年)?(\d{1,2})月"
)
_FROM = re.compile(r"(?:自|从)(?:(20\d\d)年)?(\d{1,2})月(?:份)?(?:起|开始)")
_EVERY = re.compile(
    r"每(?:个|隔)?(?P<span>双月|两个?月|月|季度|季|半年)|逐(?P<span2>月|季)|按(?P<span3>月|季度|季)|[次下](?P<span4>月)(?=\d)"
)
# What a report looks back on, whenever in the month or the quarter it is due.
_LOOKS_BACK = {1: re.compile(r"上一?个?月|前一?个?月|[次下]月(?=\d)"), 3: re.compile(r"上一?个?季度?|前一?个?季度")}
_FIRST_TIME = re.compile(r"首次|第一次|首期")
_SPANS = {"月": 1, "双月": 2, "两月": 2, "两个月": 2, "季度": 3, "季": 3, "半年": 6}
_WORKDAY = re.compile(rf"(?P<last>最后)?第?(?P<n>{_NUM})个工作日")
_DAY = re.compile(r"(?P<day>\d{1,2})[日号]")
# Days before an end, or several a month: no single day to keep.
_UNCLEAR_DAY = re.compile(rf"[底末](?:之)?前第?{_NUM}个工作日|\d{{1,2}}[日号][、和及]\d{{1,2}}[日号]")
_MONTH_END = re.compile(r"底|[月季度年]末(?!月)")
_TIME = re.compile(r"每|逐[月季]|按[月季]|定期|\d{1,2}[日号]|\d月|[月季年]底|[月季]末|工作日")
# Who supervises has duties of its own, which are nobody's to report on: 市政府督查室于每月25日前报市政府.
_OFFICE = re.compile(
    r"^(?:由|请)?[^，。；、报送]{0,10}(?:督[查办考][室局处]?|政府办(?:公室)?|府办|考核办)(?:公室)?(?:要|应|须|需|负责|将|于|在|每|按|根据|汇总|对|定期)"
)
_ADDRESSEE = re.compile(r"(?:[局厅委办部室府处组科院会]|中心|单位|部门|专班|领导|同志)$")
_ANNEX = re.compile(r"附件\d{1,2}")
_CADENCE_WORDS = ((6, re.compile(r"半年")), (3, re.compile(r"季度")), (1, re.compile(r"每月|月度|逐月|按月")))
MAX_PARAGRAPH = 5_000  # no paragraph of a notice is longer; a whole plan run together is no notice
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
    alone: set[int] = field(default_factory=set)  # dues whose cadence nothing near them tells
    dues: list[Due] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def read_calendar(
    notice: Iterable[tuple[str, str]],
    year: int,
    issued_on: date | None = None,
    parts: Sequence[tuple[str, str]] = (("main", ""),),
) -> Calendar:
    """Read the calendar out of the paragraphs of the notice, given as (text, place)."""
    printed = [(compact(text), place) for text, place in notice if len(text) <= MAX_PARAGRAPH]
    paragraphs = [(_spelled_out(simplified(text)), place) for text, place in printed]
    leads = any(_LEAD.search(text) and _SENT.search(text) for text, _ in paragraphs)
    reader = _Reader(year, issued_on, parts, two_hops=leads)
    for (text, place), (original, _) in zip(paragraphs, printed, strict=True):
        first = len(reader.dues)
        for sentence in split_top(text, "。"):
            role = "lead"
            for segment in _segments(sentence):
                role = _segment(reader, segment, role, place)
        reader.dues[first:] = [replace(due, to_whom=_as_printed(due.to_whom, original)) for due in reader.dues[first:]]
    return Calendar(tuple(dict.fromkeys(_one_cadence(reader))), tuple(reader.doubts))


def _as_printed(name: str, text: str) -> str:
    """A name out of the simplified text in the script of the notice itself."""
    start = simplified(text).find(name)
    return text[start : start + len(name)] if start >= 0 else name


def _one_cadence(reader: _Reader) -> Iterator[Due]:
    """The dues, a date on its own (全年总结于12月20日前) with the cadence of the other reports of its part."""
    for place, due in enumerate(reader.dues):
        kinds = [
            parse_period(other.period).kind
            for number, other in enumerate(reader.dues)
            if other.part == due.part and other.period != PLAN.text and number not in reader.alone
        ]
        if place in reader.alone and due.period != PLAN.text and kinds:
            months = next(months for months, kind in _KINDS.items() if kind == max(kinds, key=kinds.count))
            due = replace(due, period=period_of(due.due_on, months).text)
        yield due


def _spelled_out(text: str) -> str:
    """A text in which every month has its day: 4月、7月的10日前 becomes 4月10日、7月10日前."""

    def whole(found: re.Match[str]) -> str:
        return re.sub(r"(\d{1,2})月?(?:份)?(?=[、和及]|$)", rf"\g<1>月{found['day']}", found["months"])

    return _SHARED_DAY.sub(whole, text)


def _segments(sentence: str) -> Iterator[str]:
    """The parts of a sentence that each order a report: between ；, and where a further date and verb follow a ，."""
    for part in split_top(sentence, "；;"):
        done = ""
        for clause in _ours(re.split(r"(?<=，)", part)):
            if _orders(done) and _orders(clause):
                yield done
                done = ""
            elif (kept := _EVERY.search(done)) and not _SENT.search(done) and _EVERY.search(clause) and _orders(clause):
                done = done[: kept.start()]  # 每月25日前更新台账，每季度末25日前报送: the first is no report
            done += clause
        yield done


def _ours(clauses: Iterable[str]) -> Iterator[str]:
    """The clauses of a sentence without what the supervision office does itself, up to the next of our subjects."""
    theirs = False
    for clause in clauses:
        if _is_the_offices_own(clause):
            theirs = True
        elif _LEAD.search(clause) or _SUPPORT.search(clause) or re.search(r"各|责任单位", clause):
            theirs = False
        if not theirs:
            yield clause


def _orders(text: str) -> bool:
    return bool(_SENT.search(text) and (_DATE.search(text) or _EVERY.search(text)))


def _segment(reader: _Reader, text: str, role: str, place: str) -> str:
    """Read one part of a sentence; gives back who reports, for the parts that follow."""
    every, found = _EVERY.search(text), _DATE.search(text)
    if not _SENT.search(text):
        return role
    about = _PROGRESS.search(text) or _PLAN_WORD.search(text)
    if not (found or every):
        if about and _TIME.search(text):
            reader.doubts.append(Doubt("order-unread", place, {"text": _short(text)}))
        return role
    role = _role(reader, text, min(each.start() for each in (every, found) if each), role)
    pairs = _pairs(reader, text, every, place)
    if not pairs and about:
        reader.doubts.append(Doubt("order-unread", place, {"text": _short(text)}))
    part, to_whom = _part(reader.parts, text), _to_whom(text)
    if len(pairs) == 1 and not every and not any(pattern.search(text) for _, pattern in _CADENCE_WORDS):
        reader.alone.add(len(reader.dues))
    reader.dues += [Due(period.text, role, part, due, to_whom, place) for period, due in pairs]
    return role


def _pairs(reader: _Reader, text: str, every: re.Match[str] | None, place: str) -> list[tuple[Period, date]]:
    """The periods that one order names, each with its day."""
    has_dates = any(found["month"] or found["yearend"] for found in _DATE.finditer(text))
    if every and not has_dates and (_WORKDAY.search(text) or _DAY.search(text) or _MONTH_END.search(text)):
        return _recurring(reader, text, every, place)
    dates = _dates(reader, text, place)
    progress = _PROGRESS.search(text)
    if every and len(dates) == 1 and _FIRST_TIME.search(text):
        return _from_first(reader, every, dates[0])
    if dates and _PLAN_WORD.search(text) and not progress:
        return [(PLAN, dates[0])]
    if progress or len(dates) > 1:
        return _periods(dates, _months_between(dates, text))
    return []


def _from_first(reader: _Reader, every: re.Match[str], first: date) -> list[tuple[Period, date]]:
    """The periods of a recurring report whose first day alone is named: 每季度报送（首次为4月5日前）."""
    months = _SPANS[next(span for span in every.groups() if span)]
    days = []
    for step in range(12 // months + 1):
        years, month = divmod(first.month - 1 + months * step, 12)
        last = calendar.monthrange(first.year + years, month + 1)[1]
        days.append(date(first.year + years, month + 1, min(first.day, last)))
    pairs = _periods(days, 1 if months == 2 else months)
    return [(period, due) for period, due in pairs if period.year == reader.year]


def _is_the_offices_own(text: str) -> bool:
    """Whether a sentence says what the supervision office does itself, not what it asks for."""
    found = _OFFICE.match(text)
    return found is not None and not (_LEAD.search(found[0]) or _SUPPORT.search(found[0]))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


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
    if annex := _ANNEX.search(text):
        for name, title in parts:
            if title.startswith(annex[0]) and not title[len(annex[0]) :][:1].isdigit():
                return name
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
            if not (1 <= month <= 12 and 1 <= day <= 31):
                continue
            reader.doubts.append(Doubt("date-damaged", place, {"text": found[0], "month": month, "day": day}))
        else:
            month, day = int(found["month"] or 12), int(found["day"] or 0)
        year = int(found["year"] or year)
        if found["next"]:
            year = reader.year + 1
        elif not found["year"] and dates and (month, day or 31) < (dates[-1].month, dates[-1].day):
            year += 1
        try:
            dates.append(date(year, month, day or calendar.monthrange(year, month)[1]))
        except ValueError:  # calendar's own error for a month is one too
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


def _before(due: date, months: int) -> Period:
    """The period of so many months that ended last before the month of a day."""
    number = (due.month - 1) // months
    return Period(_KINDS[months], due.year, number) if number else Period(_KINDS[months], due.year - 1, 12 // months)


def _recurring(reader: _Reader, text: str, every: re.Match[str], place: str) -> list[tuple[Period, date]]:
    months = _SPANS[next(span for span in every.groups() if span)]
    dues = [
        due for year, month in _due_months(reader, text, months) if (due := _day_in(reader, text, year, month, place))
    ]
    pairs = _periods(dues, 1 if months == 2 else months)
    if (back := _LOOKS_BACK.get(months)) and back.search(text):
        pairs = [(_before(due, months), due) for due in dues]
    if _RANGE.search(text):
        return pairs
    after = reader.issued_on or date.min
    if reader.dues and re.search("此后|之后|其后", text):
        after = max(after, reader.dues[-1].due_on)
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
    if months == 3 and re.search(r"第(?:二|2)个?月|中月", text):
        return [pair for pair in listed if pair[1] % 3 == 2]
    offset = 0 if months == 2 or re.search(r"末月|最后|第三个月|季度?[末底]|半年[末底]", text) else 1
    return [pair for pair in listed if pair[1] % months == offset % months]


def _day_in(reader: _Reader, text: str, year: int, month: int, place: str) -> date | None:
    if _UNCLEAR_DAY.search(text):
        return None
    if found := _WORKDAY.search(text):
        number = LAST if found["last"] else parse_numeral(found["n"]) or 1
        due, sure = PUBLISHED.nth(year, month, number)
        if not sure and not any(doubt.code == "holidays-unknown" for doubt in reader.doubts):
            reader.doubts.append(Doubt("holidays-unknown", place, {"year": year}))
        return due
    last = calendar.monthrange(year, month)[1]
    found = _DAY.search(text)
    if found and 1 <= int(found["day"]) <= 31:
        return date(year, month, min(int(found["day"]), last))
    return date(year, month, last) if "底" in text or "末" in text else None


def _to_whom(text: str) -> str:
    named = (found["who"] for pattern in (_TOWARDS, _TO) for found in pattern.finditer(text))
    cleaned = (re.sub(r"^(?:[^至到]*情况)?[至到给]", "", who) for who in named)
    # What is reported or how (情况, 制度), or the report that the plan is about, is not to whom.
    who = next((who for who in cleaned if _ADDRESSEE.search(who)), "")
    copy = _COPY.search(text)
    return f"{who}（抄送{copy['who']}）" if copy and who else who or (copy["who"] if copy else "")
