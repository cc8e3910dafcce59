"""The leader's table: all tasks of one leader, read only, one page wide."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taskkit.errors import UsageError
from taskkit.reports import report
from taskkit.reports.leader import KEYS, SHEET
from tests.filled import NAME, fill, ledger_of, plan_of, send

TODAY = date(2026, 7, 15)


@pytest.fixture
def ledger():
    """Three tasks of 云一舟, one of them shared with 林知远; one is slow, one was not reported."""
    more = [
        {
            "task_id": f"T00{number}",
            "part": "main",
            "no": number,
            "section": "二、民生",
            "title": f"办好第{number}件事。",
        }
        | {"leaders": leaders, "deadline": "10月底前"}
        for number, leaders in ((2, ["云一舟", "林知远"]), (3, ["云一舟"]), (4, ["云一舟"]))
    ]
    units = ((2, "县教育局"), (3, "县民政局"), (4, "县水务局"))
    ledger = ledger_of(
        plan_of(
            [["县水务局"]],
            tasks=more,
            assignments=[{"task_id": f"T00{no}", "unit": unit, "role": "lead", "rank": 1} for no, unit in units],
        )
    )
    fill(
        ledger,
        send(ledger, "县教育局", ["T002"]),
        {"T002": {"progress": "=封顶", "state": "进展滞后", "problem": "雨多"}},
    )
    send(ledger, "县民政局", ["T003"])
    fill(ledger, send(ledger, "县水务局", ["T001", "T004"]), {"T004": {"progress": "已通水", "state": "已完成"}})
    return ledger


def rows_of(path: Path) -> dict[str, dict[str, Any]]:
    sheet = openpyxl.load_workbook(path)[SHEET]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    return {row[1]: dict(zip(KEYS, row, strict=True)) for row in rows if isinstance(row[0], int)}


def test_it_holds_the_leader_s_tasks_and_nobody_else_s(ledger, tmp_path):
    path = report(ledger, NAME, "tasks", out=tmp_path, leader="云 一舟", today=TODAY)

    assert "云一舟_二季度分管任务.xlsx" == path.name
    rows = rows_of(path)
    assert ["办好第2件事。", "办好第3件事。", "办好第4件事。"] == list(rows)
    slow = rows["办好第2件事。"]
    assert ("县教育局", "10月底前", "=封顶", "进展滞后", "雨多") == tuple(
        slow[key] for key in ("lead_units", "deadline", "progress", "state", "problem")
    )
    assert "未报送" == rows["办好第3件事。"]["state"]


def test_its_first_lines_say_whose_it_is_and_how_the_tasks_stand(ledger, tmp_path):
    sheet = openpyxl.load_workbook(report(ledger, NAME, "tasks", out=tmp_path, leader="云一舟", today=TODAY))[SHEET]

    assert "云一舟分管任务进展情况（2026年二季度）" == sheet["A1"].value
    assert "共3项：已完成1项，进展滞后1项，未报送1项。" == sheet["A2"].value


def test_what_is_slow_stands_out_in_black_and_white(ledger, tmp_path):
    sheet = openpyxl.load_workbook(report(ledger, NAME, "tasks", out=tmp_path, leader="云一舟", today=TODAY))[SHEET]

    bold = {row[KEYS.index("state")].value for row in sheet.iter_rows(min_row=5) if row[KEYS.index("state")].font.b}
    assert {"进展滞后", "未报送"} == bold


def test_it_is_read_only_and_one_page_wide_with_its_header_on_each_page(ledger, tmp_path):
    sheet = openpyxl.load_workbook(report(ledger, NAME, "tasks", out=tmp_path, leader="云一舟", today=TODAY))[SHEET]

    assert sheet.protection.sheet
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)
    assert (1, 0, "$4:$4") == (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight, sheet.print_title_rows)


@pytest.mark.parametrize(
    ("leader", "said"), [(None, "请用 --leader 写明：云一舟、林知远"), ("云一丹", "是不是“云一舟”")]
)
def test_no_leader_or_an_unknown_one_is_answered_with_the_names(ledger, tmp_path, leader, said):
    with pytest.raises(UsageError, match=said):
        report(ledger, NAME, "tasks", out=tmp_path, leader=leader)


def test_a_plan_without_leaders_says_where_to_write_them(tmp_path):
    ledger = ledger_of(plan_of([["县水务局"]]))
    fill(ledger, send(ledger, "县水务局", ["T001"]), {"T001": {"state": "正常推进"}})

    with pytest.raises(UsageError, match="没有写明分管领导"):
        report(ledger, NAME, "tasks", out=tmp_path, leader="云一舟")


def test_an_untouched_table_is_written_anew_but_one_that_a_person_changed_stays(ledger, tmp_path):
    path = report(ledger, NAME, "tasks", out=tmp_path, leader="云一舟", today=TODAY)

    assert path == report(ledger, NAME, "tasks", out=tmp_path, leader="云一舟", today=date(2026, 7, 16))
    book = openpyxl.load_workbook(path)
    book.save(path)
    again = report(ledger, NAME, "tasks", out=tmp_path, leader="云一舟", today=date(2026, 7, 17))
    assert f"{path.stem}（新）.xlsx" == again.name
