"""The ledger workbook: what it lists, read back from the file; lists in general."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taskkit.errors import InputError, UsageError
from taskkit.office.list_book import BarChart, ListBook, ListColumn, ListRow, ListSheet, is_untouched_list, write_list
from taskkit.reports import report
from tests.filled import NAME, fill, ledger_of, plan_of, send

TODAY = date(2026, 7, 15)


@pytest.fixture
def ledger():
    """Three tasks: one done and with two leads, one late, one whose unit is silent."""
    plan = plan_of(
        [["县水务局", "县财政局"], ["县教育局"], ["县民政局"]],
        targets=[{"task_id": "T001", "target_id": "T001.1", "op": ">=", "value": 4.0, "unit": "座", "kind": "count"}],
    )
    ledger = ledger_of(plan)
    fill(
        ledger,
        send(ledger, "县水务局", ["T001", "T001.1"]),
        {"T001": {"progress": "=建成", "state": "已完成"}, "T001.1": {"achieved": "3"}},
    )
    fill(ledger, send(ledger, "县财政局", ["T001"]), {"T001": {"progress": "拨款", "state": "正常推进"}})
    fill(
        ledger,
        send(ledger, "县教育局", ["T002"]),
        {"T002": {"state": "进展滞后", "problem": "雨多"}},
        date(2026, 7, 12),
    )
    send(ledger, "县民政局", ["T003"])
    return ledger


def lists_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of each list by header (row 3 is the header)."""
    book = openpyxl.load_workbook(path)
    lists = {}
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(min_row=3, values_only=True))
        if rows:
            lists[sheet.title] = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    return lists


def test_it_lists_units_tasks_targets_and_values(ledger, tmp_path):
    lists = lists_of(report(ledger, NAME, "ledger", out=tmp_path, today=TODAY))

    units = {row["单位"]: row for row in lists["单位汇总"]}
    assert ["县水务局", "县财政局", "县教育局", "县民政局"] == [unit for unit in units if unit][:4]
    assert ("按时报送", 1, 100) == tuple(units["县水务局"][key] for key in ("本期报送", "已完成", "完成占比（%）"))
    assert ("迟报（迟2天）", 1) == tuple(units["县教育局"][key] for key in ("本期报送", "进展滞后"))
    assert ("未报（逾期5天）", 1) == tuple(units["县民政局"][key] for key in ("本期报送", "未报送"))
    tasks = {row["任务编号"]: row for row in lists["任务总表"]}
    assert "已完成\n（县财政局：正常推进）" == tasks["T001"]["完成情况"]
    assert "雨多" == tasks["T002"]["存在问题"]
    (target,) = lists["量化指标"]
    assert (4, 3, 75, "县水务局") == tuple(
        target[key] for key in ("年度目标值", "累计完成值", "占目标（%）", "牵头单位")
    )
    assert 7 == len(lists["填报明细"])


def test_a_text_that_looks_like_a_formula_stays_a_text(ledger, tmp_path):
    lists = lists_of(report(ledger, NAME, "ledger", out=tmp_path, today=TODAY))

    assert "=建成" in [row["内容"] for row in lists["填报明细"]]


def test_before_anything_was_issued_it_lists_the_plan_alone(tmp_path):
    lists = lists_of(report(ledger_of(plan_of([["县水务局"], ["县教育局"]])), NAME, "ledger", out=tmp_path))

    assert ["单位汇总", "任务总表"] == list(lists)
    assert "完成情况" not in lists["任务总表"][0]


def test_what_the_plan_never_says_has_no_column(ledger, tmp_path):
    lists = lists_of(report(ledger, NAME, "ledger", out=tmp_path, today=TODAY))

    assert {"工作措施", "分管领导", "配合单位"}.isdisjoint(lists["任务总表"][0])
    assert "领导汇总" not in lists


def test_a_leader_has_a_row_with_the_tasks_in_charge(tmp_path):
    more = [{"task_id": "T002", "part": "main", "no": 2, "title": "办好另一件事。", "leaders": ["云一舟", "林知远"]}]
    ledger = ledger_of(plan_of([["县水务局"]], tasks=more))
    fill(ledger, send(ledger, "县水务局", ["T001"]), {"T001": {"state": "正常推进"}})

    rows = lists_of(report(ledger, NAME, "ledger", out=tmp_path, today=TODAY))["领导汇总"]
    assert [("云一舟", 1), ("林知远", 1)] == [(row["分管领导"], row["分管任务"]) for row in rows if row["分管任务"]]


def test_the_charts_are_native_and_draw_the_counts_of_the_lists(ledger, tmp_path):
    book = openpyxl.load_workbook(report(ledger, NAME, "ledger", out=tmp_path, today=TODAY))

    (chart,) = book["图表"]._charts
    assert (
        "'单位汇总'!$B$4:$B$7" == chart.series[0].cat.strRef.f or "单位汇总!$B$4:$B$7" == chart.series[0].cat.strRef.f
    )
    assert len(chart.series) == 5


def test_the_same_ledger_gives_the_same_bytes_and_a_changed_file_is_not_replaced(ledger, tmp_path):
    path = report(ledger, NAME, "ledger", out=tmp_path, today=TODAY)
    first = path.read_bytes()

    assert (path, first) == (report(ledger, NAME, "ledger", out=tmp_path, today=TODAY), path.read_bytes())
    book = openpyxl.load_workbook(path)
    book.save(path)
    again = report(ledger, NAME, "ledger", out=tmp_path, today=TODAY)
    assert f"{path.stem}（新）.xlsx" == again.name


def test_it_is_no_word_file_and_says_so(ledger, tmp_path):
    with pytest.raises(UsageError, match=r"\.xlsx 文件"):
        report(ledger, NAME, "ledger", out=tmp_path / "台账.docx")


@pytest.mark.parametrize("typed", ["nan", "inf", "1_000"])
def test_a_word_that_only_looks_like_a_number_stays_a_word(ledger, tmp_path, typed):
    fill(ledger, send(ledger, "县教育局", ["T002", "T002.1"], edition=2), {"T002.1": {"achieved": typed}})
    fill(ledger, send(ledger, "县水务局", ["T001.1"], edition=2), {"T001.1": {"achieved": typed}})

    rows = lists_of(report(ledger, NAME, "ledger", out=tmp_path, today=TODAY))["量化指标"]
    assert (typed, None) == tuple(rows[0][key] for key in ("累计完成值", "占目标（%）"))


def test_a_unit_with_two_forms_is_said_to_have_returned_what_it_returned(ledger, tmp_path):
    send(ledger, "县水务局", ["T002"], role="support")

    units = lists_of(report(ledger, NAME, "ledger", out=tmp_path, today=TODAY))["单位汇总"]
    [said] = [row["本期报送"] for row in units if row["单位"] == "县水务局"]
    assert {"牵头按时报送", "配合未报（逾期5天）"} == set(said.split("；"))


def test_a_part_with_a_cadence_of_its_own_stands_at_its_own_last_period(tmp_path):
    annex = [{"task_id": "A001", "part": "annex", "no": 1, "title": "办好实事。"}]
    lead = [{"task_id": "A001", "unit": "县教育局", "role": "lead", "rank": 1}]
    aim = {"task_id": "A001", "target_id": "A001.1", "op": ">=", "value": 4.0, "unit": "所", "kind": "count"}
    ledger = ledger_of(plan_of([["县水务局"]], tasks=annex, assignments=lead, targets=[aim]))
    fill(ledger, send(ledger, "县水务局", ["T001"]), {"T001": {"state": "正常推进"}})
    for month, total in ((5, "1"), (7, "3")):
        book = send(ledger, "县教育局", ["A001.1"], period=f"2026-0{month}", part="annex")
        fill(ledger, book, {"A001.1": {"month_total": total}})

    path = report(ledger, NAME, "ledger", out=tmp_path, today=TODAY)
    lists = lists_of(path)
    assert "2026年二季度任务台账.xlsx" == path.name
    states = {row["任务编号"]: row["完成情况"] for row in lists["任务总表"]}
    assert ("正常推进", "进展滞后") == (states["T001"], states["A001"])
    [target] = lists["量化指标"]
    assert (1, 25) == (target["累计完成值"], target["占目标（%）"]), "May is the annex's last month by the end of June"


def test_whole_numbers_have_no_point_and_fractions_do(tmp_path):
    data = write_list(a_list([("甲", 36, None), ("乙", 36.5, None)]))

    sheet = openpyxl.load_workbook(io.BytesIO(data))["清单"]
    assert ["#,##0", "#,##0.##"] == [sheet[f"B{row}"].number_format for row in (4, 5)]


# Lists in general


def a_list(rows: list[tuple[Any, ...]], **more: Any) -> ListBook:
    columns = (ListColumn("事项", 20), ListColumn("数", 8, "number"), ListColumn("日期", 12, "date"))
    sheet = ListSheet("清单", "甲\n清单", "第二行", columns, (ListRow(row) for row in rows), **more)
    return ListBook(
        "清单", "云溪县人民政府", date(2026, 3, 1), (sheet,), (BarChart("图", "清单", "事项", ("数",), len(rows)),)
    )


def test_values_of_every_kind_are_read_back(tmp_path):
    nasty = '<a> & "b" \U0001f600 \x07\v𠮷 =1+1'
    data = write_list(a_list([(nasty, 1.5, date(2026, 6, 30)), ("@b", 0, None), ("", None, None)], note="注：一句话。"))

    sheet = openpyxl.load_workbook(io.BytesIO(data))["清单"]
    rows = [[cell.value for cell in row] for row in sheet["A4:C5"]]
    assert ['<a> & "b" \U0001f600 \n𠮷 =1+1', 1.5] == rows[0][:2]
    assert date(2026, 6, 30) == rows[0][2].date()
    assert ["@b", 0, None] == rows[1]
    assert "s" == sheet["A5"].data_type
    assert ("$3:$3", "landscape") == (sheet.print_title_rows, sheet.page_setup.orientation)


def test_a_list_without_rows_is_a_legal_workbook():
    sheet = openpyxl.load_workbook(io.BytesIO(write_list(a_list([]))))["清单"]

    assert "事项" == sheet["A3"].value


def test_a_text_that_no_cell_can_hold_is_named():
    with pytest.raises(InputError, match=r"“清单”第4行“事项”有32768个字"):
        write_list(a_list([("字" * 32_768, 1, None)]))


def test_a_list_is_known_as_untouched_until_a_program_saves_it():
    data = write_list(a_list([("甲", 1, None)]))
    saved = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(data)).save(saved)

    assert is_untouched_list(data)
    assert not is_untouched_list(saved.getvalue())
    assert not is_untouched_list(b"PK")
