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


def parse_period(text: str) -> Period:
    """Read a period as written on the command line (plan, 2023-01, 2023Q1, 2023H1).

    Raises UsageError with the accepted spellings for anything else.
    """
    spelling = text.strip()
    if spelling.lower() == "plan":
        return PLAN
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})", spelling):
        period = Period("month", int(match[1]), int(match[2]))
        if 1 <= period.number <= 12:
            return period
    if match := re.fullmatch(r"(\d{4})[Qq]([1-4])", spelling):
        return Period("quarter", int(match[1]), int(match[2]))
    if match := re.fullmatch(r"(\d{4})[Hh]([12])", spelling):
        return Period("half", int(match[1]), int(match[2]))
    raise UsageError(
        f"看不懂报送期“{text}”",
        "请写成 plan（落实方案）、2023Q1（季度）、2023H1（半年）或 2023-01（月）",
    )


def official_date(day: date) -> str:
    """A date as in official documents, without leading zeros: 2026年7月10日 (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
