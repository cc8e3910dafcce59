"""A small plan as text, its amended versions, and 变更.xlsx filled in by hand: for the tests of changes in mid-year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from taskkit.changing import open_changes, write_changes
from taskkit.changing.taking import ChangesTaken
from taskkit.ledger import Ledger, open_ledger
from taskkit.plan import Plan
from tests.plans import read_text_plan
from tests.returned_books import table

NAME = "方案"
FRONT = """2026年县《政府工作报告》重点任务分工方案

各牵头单位要将所牵头任务的落实情况，分别于2026年4月10日、7月10日、10月10日和2027年1月10日前报送县政府督查室。

一、社会事业
"""
TASKS = """
| 任务                   | 措施                                   | 领导   | 牵头       | 配合     | 时限           |
| 新增公办学位600个      | 新建实验小学，扩建第二中学教学楼。     | 云一舟 | 县教育局   | 县财政局 | 2026年8月底前  |
| 改造城镇老旧小区18个   | 完善小区供水排水，加装电梯。           | 林知远 | 县住建局   | 县财政局 | 2026年11月底前 |
| 新建改建农村公路120公里 | 实施路面改造和安全防护工程。          | 林知远 | 县交通局   |          | 2026年12月底前 |
| 举办全县茶文化旅游节   | 组织品茶、斗茶、茶艺展演等系列活动。   | 云一舟 | 县文旅局   | 县农业局 | 2026年5月底前  |
"""


def tasks(markdown: str = TASKS) -> list[dict[str, str]]:
    """The rows of a plan in Markdown, to be changed before they are written."""
    return table(markdown)


def text_of(rows: Sequence[Mapping[str, str]]) -> str:
    """The plan as an office prints it."""
    written = []
    for number, row in enumerate(rows, 1):
        support = f"，{row['配合']}配合" if row["配合"] else ""
        written.append(
            f"{number}. {row['任务']}。\n工作措施：{row['措施']}\n分管县领导：{row['领导']}\n"
            f"部门分工：{row['牵头']}牵头{support}。\n完成时限：{row['时限']}\n"
        )
    return FRONT + "\n".join(written)


def plan_of(folder: Path, rows: Sequence[Mapping[str, str]]) -> Plan:
    """The plan that these rows are, read."""
    return read_text_plan(folder, text_of(rows))


def ledger_with(folder: Path, rows: Sequence[Mapping[str, str]] | None = None) -> Ledger:
    """A ledger that holds the plan under NAME."""
    ledger = open_ledger("sqlite://")
    ledger.add_plan(plan_of(folder, rows or tasks()), NAME)
    return ledger


def titles(plan: Plan) -> dict[str, str]:
    """Task id -> title without its closing mark."""
    return {str(task_id): str(title).rstrip("。") for task_id, title in plan.tasks["title"].items()}


def fill(path: Path, sheets: Mapping[str, str | Sequence[Mapping[str, Any]]]) -> Path:
    """Fill 变更.xlsx in: by sheet, rows as a Markdown table or as mappings of header to value."""
    book = openpyxl.load_workbook(path)
    for title, rows in sheets.items():
        sheet = book[title]
        columns = {cell.value: cell.column for cell in sheet[3]}
        for number, row in enumerate(table(rows) if isinstance(rows, str) else rows, 4):
            for header, value in row.items():
                sheet.cell(number, columns[header]).value = value or None
    book.save(path)
    return path


def changed(ledger: Ledger, folder: Path, sheets: Mapping[str, Any], name: str = "变更.xlsx") -> ChangesTaken:
    """What became of 变更.xlsx with these rows."""
    path = folder / name
    path.unlink(missing_ok=True)
    write_changes(ledger, NAME, path)
    opened = open_changes(fill(path, sheets))
    assert opened is not None
    return opened.load(ledger, NAME)


def codes(taken: ChangesTaken) -> list[str]:
    """The codes of what was found."""
    return [each.code for each in taken.findings]
