"""Periods: the span reported on, always cumulative from January to its end (design: "Periods").

``plan`` (the 落实方案 before the year's work starts), months ``2023-01``, quarters ``2023Q1``,
halves ``2023H1``. Periods compare by their last month; ``plan`` comes before all others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import total_ordering

from taskkit.errors import UsageError
from taskkit.text import narrow, parse_numeral

_QUARTERS = ("一季度", "二季度", "三季度", "四季度")
_HALVES = ("上半年", "下半年")


@total_ordering
@dataclass(frozen=True)
class Period:
    """One period. ``kind`` is plan, month, quarter or half; ``number`` counts within the year."""

    kind: str
    year: int = 0
    number: int = 0

    @property
    def text(self) -> str:
        """The name used on the command line and in the ledger: plan, 2023-01, 2023Q1, 2023H1."""
        if self.kind == "plan":
            return "plan"
        if self.kind == "month":
            return f"{self.year}-{self.number:02d}"
        return f"{self.year}{'Q' if self.kind == 'quarter' else 'H'}{self.number}"

    @property
    def last_month(self) -> int:
        """The month (1 to 12) in which the period ends; 0 for ``plan``."""
        return self.number * {"plan": 0, "month": 1, "quarter": 3, "half": 6}[self.kind]

    @property
    def label(self) -> str:
        """As officials write it: 2023年一季度, 2023年上半年, 2023年5月; 落实方案 for ``plan``."""
        if self.kind == "plan":
            return "落实方案"
        name = {
            "month": f"{self.number}月",
            "quarter": _QUARTERS[self.number - 1] if self.kind == "quarter" else "",
            "half": _HALVES[self.number - 1] if self.kind == "half" else "",
        }[self.kind]
        return f"{self.year}年{name}"

    @property
    def span(self) -> str:
        """The months covered, always from January: 1—6月; 1月; 全年 is written 1—12月."""
        if not self.last_month:
            return ""
        return "1月" if self.last_month == 1 else f"1—{self.last_month}月"

    @property
    def begins(self) -> date:
        """Its own first day: 1 October of a fourth quarter. That of ``plan`` is long past."""
        months = {"plan": 0, "month": 1, "quarter": 3, "half": 6}[self.kind]
        return date(self.year, self.last_month - months + 1, 1) if months else date.min

    def stage(self, stages: Sequence[str]) -> str | None:
        """The stage whose goal this period is measured by: the one in which the period ends.

        ``stages`` divide the year evenly (four quarters, two halves, twelve months).
        None for ``plan`` and where there are no stages.
        """
        if not self.last_month or not stages:
            return None
        return stages[-(-self.last_month * len(stages) // 12) - 1]

    def __lt__(self, other: Period) -> bool:
        return (self.year, self.last_month, self.kind) < (other.year, other.last_month, other.kind)

    def __str__(self) -> str:
        return self.text


PLAN = Period("plan")


_SPELLINGS = (
    (re.compile(r"(\d{4})-(\d{1,2})"), "month"),
    (re.compile(r"(\d{4})q([1-4])"), "quarter"),
    (re.compile(r"(\d{4})h([12])"), "half"),
)
_WORD = re.compile(
    r"(?:(?P<year>20\d\d)年?度?)?"
    r"(?:第?(?P<quarter>[1-4一二三四])季[度报]|q(?P<q>[1-4])|(?P<half>[上下])半年|(?P<month>1[0-2]|0?[1-9]|[一二三四五六七八九]|十[一二]?)月份?)"
)
_PLAN_WORDS = ("plan", "落实方案")


def parse_period(text: str, year: int | None = None) -> Period:
    """Read a period as written on the command line: plan, 2023-01, 2023Q1, 2023H1, or in words.

    Words (落实方案, 二季度, 2季度, 上半年, 6月, 2023年二季度) without a year are of ``year``. Raises
    UsageError with the accepted spellings for anything else, and where no year is known.
    """
    spelling = narrow(text).lower()
    if spelling in _PLAN_WORDS:
        return PLAN
    for pattern, kind in _SPELLINGS:
        if (match := pattern.fullmatch(spelling)) and 1 <= int(match[2]) <= 12:
            return Period(kind, int(match[1]), int(match[2]))
    if match := _WORD.fullmatch(spelling):
        said = _period_of(match, year)
        if said.year:
            return said
        raise UsageError(f"“{text}”没有写明年份", "请写成 2023Q1（季度）、2023H1（半年）或 2023-01（月）")
    raise UsageError(
        f"看不懂报送期“{text}”",
        "请写成 plan（落实方案）、2023Q1（季度）、2023H1（半年）或 2023-01（月），也可以写“一季度”“上半年”“1月”",
    )


def _period_of(match: re.Match[str], year: int | None) -> Period:
    """The period that a word names; its year is 0 where none is known."""
    at = int(match["year"]) if match["year"] else year or 0
    if match["half"]:
        return Period("half", at, _HALVES.index(f"{match['half']}半年") + 1)
    if match["month"]:
        return Period("month", at, int(parse_numeral(match["month"]) or 0))
    return Period("quarter", at, int(parse_numeral(match["quarter"] or match["q"]) or 0))


_DAYS = re.compile(
    r"(?:20\d\d[-./年])?\d{1,2}[-./月]\d{1,2}日|20\d\d([-._/])\d{1,2}\1\d{1,2}|20\d{6}(?!\d)|\d{1,2}月底?前"
)
_SPANS = re.compile(r"(?:(20\d\d)年?)?(?<!\d)[1一]月?(?:[-—–~至到]+)(1[0-2]|[2-9])月")
_WHOLE_YEAR = re.compile(r"(?:(20\d\d)年?)?全年")


def periods_named(text: str, among: Sequence[Period]) -> tuple[bool, list[Period]]:
    """Whether a running text (a file's name) names any period, and which of ``among`` it can mean.

    Days (7月8日) are no months, and 1—6月 is whatever ends with June.
    """
    plain = narrow(text).lower()
    plain = _DAYS.sub("|", plain)
    wanted: list[tuple[str, int, int]] = []  # kind ("" for any), year or 0, last month
    for pattern in (_SPANS, _WHOLE_YEAR):
        for match in pattern.finditer(plain):
            wanted.append(("", int(match[1] or 0), int(match[2]) if pattern is _SPANS else 12))
        plain = pattern.sub("|", plain)
    for pattern, kind in _SPELLINGS:
        for match in pattern.finditer(plain):
            wanted.append((kind, int(match[1]), Period(kind, 1, int(match[2])).last_month))
        plain = pattern.sub("|", plain)
    wanted += [(each.kind, each.year, each.last_month) for each in (_period_of(m, 0) for m in _WORD.finditer(plain))]
    wanted += [("plan", 0, 0)] * any(word in plain for word in _PLAN_WORDS[1:])
    meant = [
        each
        for each in among
        if any(
            kind in ("", each.kind) and year in (0, each.year) and month == each.last_month
            for kind, year, month in wanted
        )
    ]
    return bool(wanted), meant


def short_date(day: date) -> str:
    """A date of the year in hand: 7月10日."""
    return f"{day.month}月{day.day}日"


def official_date(day: date) -> str:
    """A date as in official documents, without leading zeros: 2026年7月10日 (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{short_date(day)}"
