"""A small plan that went through the office's hands: issued, filled in by units, and reviewed as officers do it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from taskkit import issue
from taskkit.collecting import Collected, collect
from taskkit.ledger import Ledger
from taskkit.office.typing_in import type_in
from taskkit.plan import Plan
from taskkit.reviewing import Reviewed, open_review, write_review
from tests.filled import INFO, NAME, ledger_of, plan_of
from tests.returned_books import stamped

TODAY = date(2026, 4, 12)
GOALS = "| row | 一季度目标 | 二季度目标 | 三季度目标 | 四季度目标 |\n"
SCHOOL = f"""{GOALS}
| T001 | 选址 | 开工 | 封顶 | 竣工 |
| T001.1 | 0 | 1 | 3 | 5 |
| T002 | 拨付一成 | 过半 | 八成 | 全部 |
"""
FINANCE = f"{GOALS}| T002 | 一千万 | 两千万 | 三千万 | 四千万 |"
HEAD = "| row | 本期进展 | 完成情况 | 存在问题 |\n"
SCHOOL_Q1 = f"{HEAD}| T001 | 选址完成，=1+1。 | 正常推进 | |\n| T002 | 拨付一成。 | 已完成 | |"
FINANCE_Q1 = f"{HEAD}| T002 | 资金未到。 | 进展滞后 | 上级资金未到 |"
SHEETS = {"目标": "目标审核", "进展": "进展审核", "申请": "调整申请", "综合": "本期综合"}


def small_plan() -> Plan:
    """Three tasks: one of the school office (with a target), one that the finance office leads too, one of others."""
    target = {"op": ">=", "value": 5.0, "unit": "所", "indicator": "新建学校", "text": "新建学校5所", "kind": "count"}
    return plan_of(
        [["县教育局"], ["县教育局", "县财政局"], ["县水务局"]],
        info=INFO,
        targets=[{"task_id": "T001", "target_id": "T001.1", **target}],
    )


def new_ledger() -> Ledger:
    return ledger_of(small_plan())


def planned_ledger(folder: Path) -> Ledger:
    """Two units have handed in their 落实方案."""
    ledger = new_ledger()
    reported(ledger, folder, "plan", "县教育局", SCHOOL)
    reported(ledger, folder, "plan", "县财政局", FINANCE)
    return ledger


def quarter_ledger(folder: Path) -> Ledger:
    """They have reported on the first quarter too."""
    ledger = planned_ledger(folder)
    reported(ledger, folder, "2026Q1", "县教育局", SCHOOL_Q1)
    reported(ledger, folder, "2026Q1", "县财政局", FINANCE_Q1)
    return ledger


def rows_of(markdown: str) -> dict[str, dict[str, str]]:
    """A Markdown table as values by row id and header; blank cells say nothing."""
    lines = [line.strip().strip("|") for line in markdown.strip().splitlines() if not set(line.strip()) <= set("|- ")]
    head, *body = [[cell.strip() for cell in line.split("|")] for line in lines]
    listed = [dict(zip(head, each, strict=True)) for each in body]
    return {row.pop("row"): {header: text for header, text in row.items() if text} for row in listed}


def sent_form(ledger: Ledger, folder: Path, period: str, unit: str) -> Path:
    """The form of a unit, as it was issued."""
    books = issue(ledger, NAME, period, folder / "发出" / period, [unit], anyway=True, today=TODAY)
    return next(Path(path) for path in books if unit in Path(path).name)


def reported(
    ledger: Ledger, folder: Path, period: str, unit: str, answers: str, *, apply: bool = True, form: Path | None = None
) -> Collected:
    """A unit fills its form in and returns it."""
    form = form or sent_form(ledger, folder, period, unit)
    count = len(list(folder.glob("收回/*")))  # each is saved a minute after the one before
    back = folder / "收回" / f"{count:02d}" / form.name
    back.parent.mkdir(parents=True)
    back.write_bytes(stamped(type_in(form.read_bytes(), rows_of(answers)), f"2026-04-08T09:{count:02d}:00Z"))
    return collect(ledger, back, apply, TODAY)


def review_file(ledger: Ledger, folder: Path, period: str, name: str = "审核台账.xlsx") -> Path:
    return write_review(ledger, NAME, folder / name, period, today=TODAY).path


def ruled(path: Path, sheet: str, find: str, cells: Mapping[str, object], unit: str = "") -> Path:
    """An officer fills cells in, by header, in the row in which the texts ``find`` and ``unit`` stand."""
    book = openpyxl.load_workbook(path)
    page = book[SHEETS[sheet]]
    row = row_with(page, find, unit)
    headers = {cell.value: cell.column for cell in page[3]}
    for header, value in cells.items():
        page.cell(row, headers[header]).value = value
    book.save(path)
    return path


def row_with(page: Any, find: str, unit: str = "") -> int:
    """The number of the first row that holds both texts."""
    for row in page.iter_rows(min_row=4):
        texts = [str(cell.value) for cell in row[1:] if cell.value is not None]
        if any(find in text for text in texts) and (not unit or any(unit in text for text in texts)):
            return int(row[0].row)
    raise AssertionError(f"no row with {find} and {unit}")


def shown(path: Path, sheet: str) -> list[dict[str, Any]]:
    """What stands on a sheet, by header."""
    page = openpyxl.load_workbook(path)[SHEETS[sheet]]
    headers = [cell.value for cell in page[3]]
    rows = ([cell.value for cell in row] for row in page.iter_rows(min_row=4))
    return [dict(zip(headers, row, strict=True)) for row in rows if row[0]]


def loaded(ledger: Ledger, path: Path) -> Reviewed:
    found = open_review(path)
    assert found is not None
    return found.load(ledger, NAME, today=TODAY)


def codes(reviewed: Reviewed) -> list[str]:
    return sorted(each.code for each in reviewed.findings)


def saying(ledger: Ledger, topic: str | None = None) -> set[tuple[str, str, str, str]]:
    """What the office says: unit, row, column, value."""
    return {(each.unit, each.row_id, each.column, each.value) for each in ledger.rulings(NAME, topic).values()}
