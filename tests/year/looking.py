"""Looking at the year from outside: what was asked, what came, what is known, as plain values to compare."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from taskkit.duties import Duty
from taskkit.judging.facts import Facts, TaskFacts, gather
from taskkit.periods import parse_period
from taskkit.settings import Settings
from tests.returned_books import table
from tests.year.office import NAME
from tests.year.story import NEW_UNIT, OLD_UNIT, Year

# The days of the reports.
QUARTERS = {
    "2026Q1": date(2026, 4, 20),
    "2026Q2": date(2026, 7, 15),
    "2026Q3": date(2026, 10, 15),
    "2026Q4": date(2027, 1, 12),
}
MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]
PERIODS = ("plan", *QUARTERS, *MONTHS)
END = date(2027, 1, 15)
# How the 48 tasks count in each quarter, by hand.
# 一季度: by the sample's answers 38 normal, 5 slow, 4 idle, 1 done; the office found one slow and closed one.
# 二季度: one reported nothing of two tasks, one left a task as it was; slow are six by their units, one by the office.
# 三季度: all go on; four are closed by now. 四季度: 8 closed; 5 of no end, 1 of too high a debt, 1 by the office go on.
COUNTS = """
| 报送期 | 已销号 | 已完成 | 正常推进 | 进展滞后 | 未启动 | 未更新 | 未报送 |
| 2026Q1 | 1      | 0      | 37       | 6        | 4      | 0      | 0      |
| 2026Q2 | 3      | 1      | 34       | 7        | 0      | 1      | 2      |
| 2026Q3 | 4      | 0      | 44       | 0        | 0      | 0      | 0      |
| 2026Q4 | 8      | 31     | 7        | 2        | 0      | 0      | 0      |
"""
COUNTED = {
    row.pop("报送期"): {name: int(count) for name, count in row.items() if count != "0"} for row in table(COUNTS)
}
_COUNTED = re.compile(r"(已销号|已完成|正常推进|进展滞后|未启动|未更新|未报送)(\d+)项")
_ALL = re.compile(r"共(\d+)项任务，均为“(.+)”")


def facts_of(year: Year, period: str, on: date) -> Facts:
    """All that is known of a period on a day."""
    return gather(year.ledger, NAME, parse_period(period), Settings(), on)


def task_of(facts: Facts, task: str) -> TaskFacts:
    """One task of them."""
    return next(each for each in facts.tasks if each.task_id == task)


def form(year: Year, period: str, role: str, unit: str) -> Path:
    """The newest form of a unit in the main part."""
    return year.office.forms[period, "main", role, unit]


def overdue(duties: Iterable[Duty]) -> set[tuple[str, str, str, int]]:
    """(unit, period, role, days overdue) of what has not come."""
    return {
        (each.unit, each.period, each.role, -each.days_left)
        for each in duties
        if each.is_open and each.days_left is not None and each.days_left < 0
    }


def units(year: Year, period: str, role: str) -> set[str]:
    """Who got a form when a period was issued."""
    books = year.issued[period].books
    return set(books[books["role"] == role]["unit"])


def rows_asked(year: Year, period: str) -> Counter[tuple[str, str, str]]:
    """How often each cell of a row is asked of a unit (by its last name) in all its forms of a period."""
    asked: Counter[tuple[str, str, str]] = Counter()
    for each in year.ledger.latest_workbooks(NAME, period).values():
        unit = NEW_UNIT if each.unit == OLD_UNIT else each.unit
        cells = year.ledger.workbook(each.workbook).cells
        asked.update((unit, cell.row_id, cell.column) for cell in cells if cell.open and cell.row_id[0] in "TAB")
    return asked


def counts_in(text: str) -> Counter[str]:
    """The numbers of tasks by state that a sentence of a report says."""
    if alike := _ALL.search(text):
        return Counter({alike[2]: int(alike[1])})
    return Counter({name: int(count) for name, count in _COUNTED.findall(text)})


def figures(year: Year, target: str) -> list[float | None]:
    """本月累计 of a target, January to December; None where nothing came."""
    values = year.ledger.values(NAME)
    mine = values[(values["target_id"] == target) & (values["column"] == "本月累计")].set_index("period")["value"]
    return [float(mine[month]) if month in mine else None for month in MONTHS]
