"""Taking workbooks back: whatever a clerk did to the form, everything meant arrives and nothing else does."""

from __future__ import annotations

import multiprocessing
import os
import sys
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from taskkit import samples
from taskkit.collecting import Collected, FileOutcome, collect
from taskkit.errors import InputError, LedgerError, UsageError
from taskkit.issuing import issue
from taskkit.issuing.dispatching import write_dispatch
from taskkit.judging.facts import gather
from taskkit.ledger import Ledger, Submission, open_ledger
from taskkit.merge import Outcome
from taskkit.office.typing_in import type_in as typed_into
from taskkit.periods import parse_period
from taskkit.plan import PlanInfo, make_plan
from taskkit.proofreading import write_proofreading
from taskkit.reading import read_plan
from taskkit.returned import read_parts
from taskkit.settings import Settings
from taskkit.tracking import status_of
from tests.returned_books import (
    BOOK,
    FORM,
    OTHER,
    edited,
    filled,
    ledger_with,
    opened,
    place,
    rewritten,
    sent_file,
    sent_record,
    stamped,
    table,
)
from tests.soffice import resaved

ANSWERS = """
    | row    | column     | value          |
    | T001   | 本期进展   | 已建成2所      |
    | T001   | 完成情况   | 正常推进       |
    | T002   | 本期进展   | 已修18公里     |
    | T002   | 完成情况   | 进展滞后       |
    | T002   | 存在问题   | 征地未完成     |
    | T002   | 下一步措施 | 4月底前征完    |
    | T001.1 | 累计完成值 | 2              |
    | book   | 填报人     | 甲             |
    | book   | 填报人电话 | 0000-8600001   |
"""


@pytest.fixture
def ledger() -> Ledger:
    return ledger_with()


def returned(tmp_path: Path, data: bytes, name: str = "县教育局.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def stored(ledger: Ledger, period: str = "2026Q1") -> dict[tuple[str, str], str]:
    return dict(ledger.current("云溪", period, "县教育局"))


def answers(text: str = ANSWERS) -> dict[tuple[str, str], str]:
    return {(row["row"], row["column"]): row["value"] for row in table(text)}


def outcomes(result: Collected) -> list[str]:
    return list(result.files["outcome"])


def cell_outcomes(result: Collected) -> dict[tuple[str, str], str]:
    cells = result.cells
    return dict(zip(zip(cells["task_id"], cells["column"], strict=True), cells["outcome"], strict=True))


def codes(result: Collected) -> list[str]:
    return sorted(result.findings["code"])


def collected(ledger: Ledger, tmp_path: Path, data: bytes, **options: Any) -> Collected:
    return collect(ledger, returned(tmp_path, data), apply=True, received=date(2026, 4, 8), **options)


# --- the plain way --------------------------------------------------------------------


def test_a_dry_run_shows_everything_and_writes_nothing(ledger, tmp_path):
    result = collect(ledger, returned(tmp_path, filled(ANSWERS)))
    assert ["accepted"] == outcomes(result)
    assert {"changed"} == set(result.cells["outcome"])
    assert {} == stored(ledger)
    assert ledger.submissions("云溪").empty


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_a_file_whose_name_is_spelt_in_gbk_is_taken_under_its_name(ledger, tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/" + "县教育局".encode("gbk") + b".xlsx")
    Path(path).write_bytes(filled(ANSWERS))
    result = collect(ledger, tmp_path, apply=True)
    assert ["accepted"] == outcomes(result)
    assert ["县教育局.xlsx"] == list(ledger.submissions("云溪")["file_name"])


def test_applying_keeps_every_filled_cell_and_only_those(ledger, tmp_path):
    result = collected(ledger, tmp_path, filled(ANSWERS))
    assert answers() == stored(ledger)
    assert list(result.files.columns) == ["path", "workbook", "unit", "period", "outcome", "reason"]
    expected = ["path", "sheet", "row", "column", "task_id", "sent", "current", "returned", "outcome", "workbook"]
    assert expected == list(result.cells.columns)
    row = result.cells[(result.cells["column"] == "本期进展") & (result.cells["task_id"] == "T002")].iloc[0]
    assert ("工作进展", 6, "已修10公里", "", "已修18公里") == (row.sheet, row.row, row.sent, row.current, row.returned)
    assert date(2026, 4, 8) == ledger.submissions("云溪")["received"].iloc[0]


def test_the_same_file_twice_changes_nothing(ledger, tmp_path):
    data = filled(ANSWERS)
    collected(ledger, tmp_path, data)
    again = collected(ledger, tmp_path, data)
    assert ["duplicate"] == outcomes(again)
    assert again.cells.empty
    assert 1 == len(ledger.submissions("云溪"))


def test_a_copy_saved_again_without_a_change_is_a_duplicate_too(ledger, tmp_path):
    data = filled(ANSWERS)
    collected(ledger, tmp_path, data)
    again = collected(ledger, tmp_path, edited(data, lambda book: book.create_sheet("草稿")))
    assert ["duplicate"] == outcomes(again)
    assert 1 == len(ledger.submissions("云溪"))


def test_an_untouched_workbook_is_skipped_with_a_word(ledger, tmp_path):
    result = collected(ledger, tmp_path, sent_file())
    assert ["untouched"] == outcomes(result)
    assert result.files["reason"].str.len().gt(0).all()
    assert ledger.submissions("云溪").empty


def test_a_prefilled_text_that_was_not_changed_counts_as_not_updated_and_is_not_stored(ledger, tmp_path):
    result = collected(ledger, tmp_path, filled("| row | column | value |\n| T001 | 本期进展 | 已建成2所 |"))
    assert "unupdated" == cell_outcomes(result)["T002", "本期进展"]
    assert {("T001", "本期进展"): "已建成2所"} == stored(ledger)


def test_a_withdrawn_return_may_be_collected_again(ledger, tmp_path):
    data = filled(ANSWERS)
    collected(ledger, tmp_path, data)
    ledger.withdraw(1)
    assert ["accepted"] == outcomes(collected(ledger, tmp_path, data))
    assert answers() == stored(ledger)


# --- what clerks do to the form -------------------------------------------------------


def move_columns(book: Any) -> None:
    sheet = book["工作进展"]
    for row in sheet.iter_rows(max_col=8):
        values = [cell.value for cell in row]
        for cell, value in zip(row, [*values[4:], *values[:4]], strict=True):
            cell.value = value


def sort_rows(book: Any) -> None:
    sheet = book["工作进展"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=7)]
    for row, values in zip(sheet.iter_rows(min_row=5, max_row=7), reversed(rows), strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value


def rename_headers(book: Any) -> None:
    place_of = {str(cell.value).partition("（")[0]: cell for cell in book["工作进展"][3]}
    place_of["本期进展"].value = "推进\n情况（截至3月底）"
    place_of["存在问题"].value = " 存在的 问题 "
    place_of["完成情况"].value = "进度*"


def rename_sheet(book: Any) -> None:
    book["工作进展"].title = "Sheet1"
    book["量化指标"].title = "指标(新)"


def lose_hidden_sheet(book: Any) -> None:
    del book["_taskkit"]


def lose_property(book: Any) -> None:
    book.custom_doc_props.props.clear()


def lose_both(book: Any) -> None:
    lose_hidden_sheet(book)
    lose_property(book)


def lose_ids(book: Any) -> None:
    for title in ("工作进展", "量化指标"):
        book[title].delete_cols(1)


def insert_lines(book: Any) -> None:
    book["工作进展"].insert_rows(1, 4)
    book["工作进展"].insert_rows(10)
    book["工作进展"].insert_cols(4, 2)


def show_everything(book: Any) -> None:
    book["_taskkit"].sheet_state = "visible"
    book["工作进展"].column_dimensions["A"].hidden = False


def decorate(book: Any) -> None:
    sheet = book["工作进展"]
    sheet.merge_cells("B1:H1")
    sheet["E5"].comment = Comment("请核对", "甲")
    sheet.row_dimensions[6].hidden = True
    sheet["XFD1048576"] = " "


@pytest.mark.parametrize(
    "damage",
    [
        move_columns,
        sort_rows,
        rename_headers,
        rename_sheet,
        lose_hidden_sheet,
        lose_property,
        lose_both,
        lose_ids,
        insert_lines,
        show_everything,
        decorate,
    ],
)
def test_every_edit_arrives_although_the_form_was_changed_by(damage, ledger, tmp_path):
    data = edited(filled(ANSWERS), damage)
    result = collected(ledger, tmp_path, data)
    assert ["accepted"] == outcomes(result)
    assert answers() == stored(ledger)
    assert not set(result.cells["outcome"]) - {"changed", "unupdated"}
    assert not (result.findings["severity"] == "error").any()


def test_every_edit_arrives_after_libreoffice_saved_the_file(ledger, tmp_path):
    saved = resaved([returned(tmp_path, filled(ANSWERS))], tmp_path / "saved")
    result = collect(ledger, saved, apply=True)
    assert ["accepted"] == outcomes(result)
    assert answers() == stored(ledger)
    assert {"changed"} == set(result.cells["outcome"])


def test_rows_and_columns_that_are_gone_change_nothing(ledger, tmp_path):
    collected(ledger, tmp_path, filled(ANSWERS))

    def cut(book: Any) -> None:
        book["工作进展"].delete_rows(6)
        book["工作进展"].delete_cols(6)
        del book["量化指标"]
        place(book, "T003", "本期进展").value = "已办完"

    result = collected(ledger, tmp_path, edited(filled(ANSWERS), cut))
    assert {("T003", "本期进展"): "changed"} == cell_outcomes(result)
    assert {**answers(), ("T003", "本期进展"): "已办完"} == stored(ledger)


def test_rows_pasted_from_another_workbook_are_reported_but_not_taken(ledger, tmp_path):
    def paste(book: Any) -> None:
        book["工作进展"].insert_rows(8)
        for at, value in enumerate([f"{OTHER}.T001", 1, "新建学校5所", "", "上期的文字"], 1):
            book["工作进展"].cell(8, at).value = value

    result = collected(ledger, tmp_path, edited(filled(ANSWERS), paste))
    assert ["row-foreign"] == codes(result)
    assert "县教育局.xlsx 工作进展 第8行" == result.findings["source"].iloc[0]
    assert answers() == stored(ledger)


def test_a_row_that_a_clerk_added_above_all_tasks_is_reported_with_its_text_and_not_taken(ledger, tmp_path):
    def add(book: Any) -> None:
        book["工作进展"].insert_rows(4)
        for at, value in ((3, "另外的工作"), (5, "做了很多")):
            book["工作进展"].cell(4, at).value = value

    result = collected(ledger, tmp_path, edited(filled(ANSWERS), add))
    assert ["row-without-id"] == codes(result)
    assert "“另外的工作”" in result.findings["message"].iloc[0]
    assert answers() == stored(ledger)


def test_a_copied_row_with_the_same_content_is_fine(ledger, tmp_path):
    result = collected(ledger, tmp_path, edited(filled(ANSWERS), copy_first_row))
    assert [] == codes(result)
    assert answers() == stored(ledger)


def copy_first_row(book: Any) -> None:
    sheet = book["工作进展"]
    sheet.insert_rows(8)
    for at, cell in enumerate(sheet[5], 1):
        sheet.cell(8, at).value = cell.value


def test_a_copied_row_with_other_content_is_not_taken_where_the_two_differ(ledger, tmp_path):
    def copy(book: Any) -> None:
        copy_first_row(book)
        book["工作进展"]["E8"] = "已建成3所"

    result = collected(ledger, tmp_path, edited(filled(ANSWERS), copy))
    assert ["row-twice"] == codes(result)
    assert "invalid" == cell_outcomes(result)["T001", "本期进展"]
    assert ("T001", "本期进展") not in stored(ledger)
    assert "正常推进" == stored(ledger)["T001", "完成情况"]


def test_of_two_copies_of_a_row_the_only_filled_one_is_taken_with_a_finding(ledger, tmp_path):
    def copy(book: Any) -> None:
        copy_first_row(book)
        book["工作进展"]["E5"] = None

    result = collected(ledger, tmp_path, edited(filled(ANSWERS), copy))
    assert ["row-copied"] == codes(result)
    assert answers() == stored(ledger)


def test_a_header_nobody_knows_is_not_taken_but_the_near_one_is_named(ledger, tmp_path):
    def rename(book: Any) -> None:
        next(cell for cell in book["工作进展"][3] if cell.value == "存在问题").value = "存在问提"
        book["工作进展"]["J3"], book["工作进展"]["J5"] = "领导批示", "已阅"

    result = collected(ledger, tmp_path, edited(filled(ANSWERS), rename))
    assert ["column-misspelt", "column-unknown", "slow-no-problem"] == codes(result)
    message = result.findings.set_index("code").loc["column-misspelt"]
    assert "“存在问题”" in message["message"]
    assert "县教育局.xlsx 工作进展 第3行G列" == message["source"]


def test_the_cells_under_a_misspelt_header_are_counted_where_the_file_is_told_of(ledger, tmp_path):
    data = filled("| row | column | value |\n| T001 | 本期进展 | 已建成2所 |\n| T003 | 本期进展 | 办了3场 |")
    state = filled("| row | column | value |\n| T001 | 完成情况 | 正常推进 |", data)
    result = collected(
        ledger, tmp_path, edited(state, lambda book: setattr(book["工作进展"]["E3"], "value", "本期进度情况"))
    )
    assert "“本期进展”2格未收" in result.files["reason"].iloc[0]
    assert "填的2格没有收" in str(result.findings.set_index("code")["message"]["column-misspelt"])


def test_without_its_header_row_a_sheet_is_not_taken_and_said_so(ledger, tmp_path):
    result = collected(ledger, tmp_path, edited(filled(ANSWERS), lambda book: book["工作进展"].delete_rows(3)))
    assert "header-missing" in codes(result)
    assert {("T001.1", "累计完成值"), ("book", "填报人"), ("book", "填报人电话")} == set(stored(ledger))


def test_a_file_of_which_nothing_fits_the_form_is_refused_not_called_blank(ledger, tmp_path):
    data = filled("| row | column | value |\n| T001 | 本期进展 | 已建成2所 |")
    result = collected(ledger, tmp_path, edited(data, lambda book: book["工作进展"].delete_rows(3)))
    assert ["refused"] == outcomes(result)
    assert "对不上" in result.files["reason"].iloc[0]


# --- values ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "typed", "kept", "code"),
    [
        ("T001.1", "累计完成值", "１２３", "123", None),
        ("T001.1", "累计完成值", " 1,234.50 ", "1234.5", None),
        ("T001.1", "累计完成值", "110万人", "110万人", "not-a-number"),
        ("T001.1", "累计完成值", "暂无数据", "暂无数据", None),
        ("T001.1", "累计完成值", "涉密，另行报送", "涉密，另行报送", None),
        ("T001.1", "累计完成值", "0.5", "0.5", "value-fell"),
        ("T001.1", "累计完成值", "-5", None, "negative"),
        ("T001.1", "累计完成值", "#REF!", None, "cell-error"),
        ("T001", "本期进展", "#NAME?", None, "cell-error"),
        ("T001", "本期进展", "=1+1", None, "formula-unsaved"),
        ("T001", "存在问题", "　无\xa0", "无", None),
        ("T001", "完成情况", "未 启 动", "未启动", None),
        ("T001", "完成情况", "已办结", "已完成", "state-understood"),
        ("T001", "完成情况", "正常推近", None, "state-unknown"),
    ],
)
def test_a_value_as_people_type_it_is_kept_as_what_it_means(row, column, typed, kept, code, ledger, tmp_path):
    result = collected(ledger, tmp_path, filled(f"| row | column | value |\n| {row} | {column} | {typed} |"))
    assert kept == stored(ledger).get((row, column))
    assert (code in codes(result)) if code else not codes(result)
    if code:
        source = result.findings.set_index("code").loc[code, "source"]
        assert "县教育局.xlsx" in source and "第5行" in source


def test_an_unknown_state_gets_a_did_you_mean(ledger, tmp_path):
    result = collected(ledger, tmp_path, filled("| row | column | value |\n| T001 | 完成情况 | 正常推近 |"))
    assert "是不是“正常推进”？" in result.findings["message"].iloc[0]


def test_a_percentage_is_taken_as_the_number_that_was_seen_and_said_so(ledger, tmp_path):
    def edit(book: Any) -> None:
        cell = place(book, "T001.1", "累计完成值")
        cell.value, cell.number_format = 0.95, "0%"

    result = collected(ledger, tmp_path, edited(sent_file(), edit))
    assert "95" == stored(ledger)["T001.1", "累计完成值"]
    assert "percent" in codes(result)


def test_the_result_of_a_formula_is_taken_once_an_office_program_worked_it_out(ledger, tmp_path):
    typed = """
        | row    | column     | value     |
        | T001.1 | 累计完成值 | =1+1      |
        | T002.1 | 累计完成值 | =1/0      |
        | T001   | 本期进展   | =无此函数 |
    """
    saved = resaved([returned(tmp_path, filled(typed))], tmp_path / "saved")
    result = collect(ledger, saved, apply=True)
    assert {("T001.1", "累计完成值"): "2"} == stored(ledger)
    assert ["cell-error", "cell-error", "formula-taken"] == codes(result)


def test_changes_in_locked_cells_are_shown_but_not_taken(ledger, tmp_path):
    def edit(book: Any) -> None:
        place(book, "T001", "工作任务").value = "新建学校3所"
        place(book, "T001.1", "年度目标值").value = 3

    result = collected(ledger, tmp_path, edited(filled(ANSWERS), edit))
    assert "locked" == cell_outcomes(result)["T001", "工作任务"]
    assert "locked" == cell_outcomes(result)["T001", "年度目标值"]
    assert ["locked", "locked"] == codes(result)
    assert "“工作任务”不可填写，由“新建学校5所”改成了“新建学校3所”" in result.findings["message"].iloc[0]
    assert answers() == stored(ledger)


def test_a_formula_of_the_form_itself_is_no_change(ledger, tmp_path):
    result = collected(ledger, tmp_path, filled("| row | column | value |\n| T002.1 | 完成率 | =G6/E6 |"))
    assert ["untouched"] == outcomes(result)
    assert result.cells.empty


# --- several returns ------------------------------------------------------------------


def test_a_later_return_brings_its_change_and_an_older_one_never_takes_it_back(ledger, tmp_path):
    first = filled("| row | column | value |\n| T001 | 本期进展 | 已建成2所 |\n| T003 | 本期进展 | 筹备中，已定方案 |")
    second = filled("| row | column | value |\n| T001 | 本期进展 | 已建成3所 |", first)
    third = filled("| row | column | value |\n| T003 | 存在问题 | 缺场地 |", first)
    for data in (first, second, third):
        collected(ledger, tmp_path, data)
    assert "已建成3所" == stored(ledger)["T001", "本期进展"]
    assert "缺场地" == stored(ledger)["T003", "存在问题"]


def test_two_people_who_filled_the_same_cell_make_a_conflict_and_the_rest_is_taken(ledger, tmp_path):
    collected(ledger, tmp_path, filled(ANSWERS))
    other = "| row | column | value |\n| T001 | 本期进展 | 已建成4所 |\n| T003 | 本期进展 | 已办完一场 |"
    result = collected(ledger, tmp_path, filled(other))
    assert ["accepted"] == outcomes(result)
    assert "conflict" == cell_outcomes(result)["T001", "本期进展"]
    assert {**answers(), ("T003", "本期进展"): "已办完一场"} == stored(ledger)
    found = result.findings.set_index("code").loc["conflict"]
    assert "已建成2所" in found["message"] and "已建成4所" in found["message"]
    assert "县教育局.xlsx 工作进展 第5行E列" == found["source"]


def test_a_conflict_does_not_fall_silent_when_the_file_comes_again_with_more(ledger, tmp_path):
    collected(ledger, tmp_path, filled(ANSWERS))
    other = filled("| row | column | value |\n| T001 | 本期进展 | 已建成4所 |\n| T003 | 本期进展 | 已办完一场 |")
    collected(ledger, tmp_path, other)
    more = filled("| row | column | value |\n| T003 | 存在问题 | 缺场地 |", other)
    result = collected(ledger, tmp_path, more)
    assert "conflict" == cell_outcomes(result)["T001", "本期进展"]


def test_a_blank_never_wipes_what_was_typed_but_the_word_for_nothing_does(ledger, tmp_path):
    collected(ledger, tmp_path, filled(ANSWERS))

    def clear(book: Any) -> None:
        place(book, "T002", "存在问题").value = None
        place(book, "T001", "完成情况").value = "无"

    result = collected(ledger, tmp_path, edited(filled(ANSWERS), clear))
    assert "kept" == cell_outcomes(result)["T002", "存在问题"]
    assert "征地未完成" == stored(ledger)["T002", "存在问题"]
    assert "无" == stored(ledger)["T001", "完成情况"]
    assert "blanked" in codes(result)


def test_a_prefilled_text_that_was_cleared_is_a_change(ledger, tmp_path):
    data = edited(sent_file(), lambda book: setattr(place(book, "T002", "本期进展"), "value", None))
    assert {("T002", "本期进展"): "changed"} == cell_outcomes(collected(ledger, tmp_path, data))
    assert {("T002", "本期进展"): ""} == stored(ledger)


def test_the_parts_of_several_sections_add_up_in_one_dry_run_as_when_applied(ledger, tmp_path):
    first = filled("| row | column | value |\n| T001 | 本期进展 | 已建成2所 |")
    second = filled("| row | column | value |\n| T003 | 本期进展 | 已办完一场 |")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(first)
    (tmp_path / "in" / "b.xlsx").write_bytes(second)
    (tmp_path / "in" / "c.xlsx").write_bytes(first)
    dry = collect(ledger, tmp_path / "in")
    real = collect(ledger, tmp_path / "in", apply=True)
    assert ["accepted", "accepted", "duplicate"] == outcomes(dry) == outcomes(real)
    assert dry.cells.equals(real.cells)
    assert {("T001", "本期进展"): "已建成2所", ("T003", "本期进展"): "已办完一场"} == stored(ledger)


def test_a_late_return_of_an_earlier_period_goes_to_that_period(tmp_path):
    later = sent_record(workbook=OTHER, period="2026Q2")
    ledger = ledger_with(sent_record(), later)
    collected(ledger, tmp_path, filled(ANSWERS, sent_file(workbook=OTHER)))
    result = collected(ledger, tmp_path, filled("| row | column | value |\n| T001 | 本期进展 | 一季度的事 |"))
    assert ["2026Q1"] == list(result.files["period"])
    assert answers() == stored(ledger, "2026Q2")
    assert {("T001", "本期进展"): "一季度的事"} == stored(ledger, "2026Q1")


def test_where_a_workbook_asks_in_both_roles_each_value_keeps_its_own(tmp_path):
    form = {
        "工作进展": "| 任务编号 | 序号 | 工作任务 | 本期进展 |\n| T001 | 1 | 新建学校 | |",
        "配合任务": "| 任务编号 | 序号 | 工作任务 | 本期进展 |\n| T002 | 1 | 修路 | |",
    }
    ledger = ledger_with(sent_record(form, role="all"))
    both = "| row | column | value |\n| T001 | 本期进展 | 牵头的事 |\n| T002 | 本期进展 | 配合的事 |"
    collected(ledger, tmp_path, filled(both, sent_file(form)))
    assert {"T001": "lead", "T002": "support"} == ledger.values("云溪").set_index("task_id")["role"].to_dict()


def test_when_the_ledger_fails_halfway_the_message_says_what_is_kept(ledger, tmp_path, monkeypatch):
    first = returned(tmp_path, filled("| row | column | value |\n| T001 | 本期进展 | 已建成2所 |"), "a.xlsx")
    second = returned(tmp_path, filled("| row | column | value |\n| T003 | 本期进展 | 已办完一场 |"), "b.xlsx")
    accept = ledger.accept

    def full_disk(submission: Submission) -> int:
        if submission.file_name == "b.xlsx":
            raise LedgerError("台账写入或读取失败", "请检查磁盘空间")
        return int(accept(submission))

    monkeypatch.setattr(ledger, "accept", full_disk)
    with pytest.raises(LedgerError, match="此前的1个文件已收入台账"):
        collect(ledger, [first, second], apply=True)
    assert {("T001", "本期进展"): "已建成2所"} == stored(ledger)


# --- earlier, later, withdrawn --------------------------------------------------------

HEAD = "| row | column | value |\n"


def at(minute: int, data: bytes) -> bytes:
    """The file as if saved so many minutes after the form was sent."""
    return stamped(data, f"2026-04-08T09:{minute:02d}:00Z")


def typed(rows: str, data: bytes | None = None) -> bytes:
    return filled(f"{HEAD}{rows}", data)


FIRST = typed("| T001 | 本期进展 | 甲一 |\n| T003 | 本期进展 | 乙一 |")
SECOND = typed("| T001 | 本期进展 | 甲二 |", FIRST)


def test_what_a_later_return_said_again_stays_when_the_earlier_one_is_withdrawn(ledger, tmp_path):
    first, second = at(1, FIRST), at(2, SECOND)
    collected(ledger, tmp_path, first)
    collected(ledger, tmp_path, second)
    ledger.withdraw(1)
    assert {("T001", "本期进展"): "甲二", ("T003", "本期进展"): "乙一"} == stored(ledger)
    assert ["duplicate"] == outcomes(collected(ledger, tmp_path, second))
    again = collected(ledger, tmp_path, first)
    assert ["not taken"] == outcomes(again)
    assert {("T001", "本期进展"): "conflict", ("T002", "本期进展"): "unupdated"} == cell_outcomes(again)


def test_a_withdrawn_return_is_older_than_what_came_after_it_even_without_a_date(ledger, tmp_path):
    for data in (FIRST, SECOND):
        collected(ledger, tmp_path, data)
    ledger.withdraw(1)
    assert "conflict" == cell_outcomes(collected(ledger, tmp_path, FIRST))["T001", "本期进展"]


def test_what_a_withdrawal_took_away_may_be_taken_again_with_a_later_copy(ledger, tmp_path):
    third = typed("| T003 | 存在问题 | 缺场地 |", SECOND)
    for data in (FIRST, SECOND):
        collected(ledger, tmp_path, data)
    ledger.withdraw(2)
    assert "甲一" == stored(ledger)["T001", "本期进展"]
    collected(ledger, tmp_path, third)
    assert "甲二" == stored(ledger)["T001", "本期进展"]


def test_an_older_copy_that_was_never_collected_does_not_beat_a_newer_one(ledger, tmp_path):
    collected(ledger, tmp_path, at(2, SECOND))
    result = collected(ledger, tmp_path, at(1, FIRST))
    assert ["not taken"] == outcomes(result)
    assert "conflict" == cell_outcomes(result)["T001", "本期进展"]
    assert "甲二" == stored(ledger)["T001", "本期进展"]


def test_copies_in_one_folder_are_taken_in_the_order_of_their_saving_whatever_their_names(ledger, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in (("表 - 副本.xlsx", at(2, SECOND)), ("表.xlsx", at(1, lose_property_of(FIRST)))):
        (folder / name).write_bytes(data)
    result = collect(ledger, folder, apply=True)
    assert ["表 - 副本.xlsx", "表.xlsx"] == [Path(path).name for path in result.files["path"]]
    assert ["accepted", "accepted"] == outcomes(result)
    assert "甲二" == stored(ledger)["T001", "本期进展"]


def lose_property_of(data: bytes) -> bytes:
    return edited(data, lose_property)


def test_without_a_date_a_cell_that_goes_back_to_an_earlier_text_is_doubted(ledger, tmp_path):
    third = typed("| T001 | 本期进展 | 甲一 |\n| T003 | 存在问题 | 缺场地 |\n| T001 | 下一步措施 | 再推 |", SECOND)
    for data in (FIRST, typed("| T001 | 下一步措施 | 推 |\n| T001 | 存在问题 | 慢 |", SECOND), third):
        result = collected(ledger, tmp_path, data)
    assert "changed-back" not in codes(result)  # the copy descends from the first return: nothing went back
    back = typed("| T001 | 本期进展 | 甲一 |", typed("| T001 | 下一步措施 | 推 |\n| T001 | 存在问题 | 慢 |", SECOND))
    result = collected(ledger, tmp_path, back)
    assert "changed-back" in codes(result)


def test_a_correction_of_every_cell_is_taken_when_it_was_saved_later(ledger, tmp_path):
    first = typed("| T001 | 本期进展 | 错的 |\n| T001 | 完成情况 | 正常推进 |")
    second = typed("| T001 | 本期进展 | 对的 |\n| T001 | 完成情况 | 已完成 |", first)
    for minute, data in enumerate((first, second), 1):
        result = collected(ledger, tmp_path, at(minute, data))
    assert ["accepted"] == outcomes(result) and ["done-no-value"] == codes(result)
    assert {"对的", "已完成"} == set(stored(ledger).values())


def test_a_file_with_conflicts_alone_is_not_taken_and_may_come_again_until_it_is_decided(ledger, tmp_path):
    first, second = typed("| T001 | 本期进展 | 甲 |"), typed("| T001 | 本期进展 | 乙 |")
    collected(ledger, tmp_path, first)
    for _ in range(2):
        result = collected(ledger, tmp_path, second)
        assert ["not taken"] == outcomes(result)
        assert "冲突1处" in result.files["reason"].iloc[0]
        assert ["conflict"] == [code for code in codes(result) if code != "no-state"]
    assert 1 == len(ledger.submissions("云溪"))
    ledger.withdraw(1)
    assert ["accepted"] == outcomes(collected(ledger, tmp_path, second))


@pytest.mark.parametrize("rows", ["| T001 | 完成情况 | 瞎写的 |", "| T001 | 工作任务 | 改了 |"])
def test_a_file_of_which_nothing_can_be_taken_does_not_count_as_handed_in(rows, ledger, tmp_path):
    result = collected(ledger, tmp_path, typed(rows))
    assert ["not taken"] == outcomes(result)
    assert not result.cells.empty
    assert ledger.submissions("云溪").empty
    assert ("县教育局",) == status_of(ledger, "云溪", "2026Q1", date(2026, 5, 1))[0].missing_units


def test_the_same_file_again_still_tells_the_conflict_that_nobody_decided(ledger, tmp_path):
    collected(ledger, tmp_path, FIRST)
    other = typed("| T001 | 本期进展 | 丙 |\n| T001 | 存在问题 | 慢 |\n| T001 | 下一步措施 | 推 |")
    collected(ledger, tmp_path, other)
    again = collected(ledger, tmp_path, other)
    assert ["duplicate"] == outcomes(again)
    assert {("T001", "本期进展"): "conflict"} == cell_outcomes(again)
    assert "其中1处仍未收" in again.files["reason"].iloc[0]
    ledger.withdraw(1)
    again = collected(ledger, tmp_path, other)
    assert "请先撤回那次报送再收" in again.files["reason"].iloc[0]


def test_going_back_to_the_text_that_was_sent_is_taken_with_a_doubt(ledger, tmp_path):
    wrong = typed("| T002 | 本期进展 | 写错了 |")
    collected(ledger, tmp_path, at(1, wrong))
    result = collected(ledger, tmp_path, at(2, typed("| T002 | 本期进展 | 已修10公里 |", wrong)))
    assert ["accepted"] == outcomes(result)
    assert "changed-back" in codes(result)
    assert {("T002", "本期进展"): "已修10公里"} == stored(ledger)


def test_an_untouched_form_saved_again_takes_nothing_back(ledger, tmp_path):
    collected(ledger, tmp_path, at(1, filled(ANSWERS)))
    result = collected(ledger, tmp_path, at(2, sent_file()))
    assert ["untouched"] == outcomes(result)
    assert answers() == stored(ledger)


def test_an_old_return_saved_again_asks_a_person(ledger, tmp_path):
    for minute, data in ((1, FIRST), (2, SECOND)):
        collected(ledger, tmp_path, at(minute, data))
    result = collected(ledger, tmp_path, at(3, FIRST))
    assert ["not taken"] == outcomes(result)
    assert "conflict" == cell_outcomes(result)["T001", "本期进展"]


def test_a_clock_that_runs_ahead_tells_nothing(ledger, tmp_path):
    collected(ledger, tmp_path, stamped(FIRST, "2099-01-01T00:00:00Z"))
    collected(ledger, tmp_path, at(2, SECOND))
    assert "甲二" == stored(ledger)["T001", "本期进展"]


def test_a_blank_after_the_word_for_nothing_is_no_news(ledger, tmp_path):
    withdrawn = typed("| T001 | 本期进展 | 无 |", FIRST)
    for minute, data in enumerate((FIRST, withdrawn), 1):
        collected(ledger, tmp_path, at(minute, data))
    values = ledger.values("云溪").set_index(["task_id", "column"])["value"]
    assert "" == values["T001", "本期进展"]

    def clear(book: Any) -> None:
        place(book, "T001", "本期进展").value = None

    assert ["duplicate"] == outcomes(collected(ledger, tmp_path, at(3, edited(withdrawn, clear))))


def test_new_values_in_last_periods_file_are_doubted_once_the_next_was_issued(tmp_path):
    ledger = ledger_with(sent_record(), sent_record(workbook=OTHER, period="2026Q2"))
    result = collected(ledger, tmp_path, filled(ANSWERS))
    [message] = result.findings[result.findings["code"] == "period-past"]["message"]
    assert "2026年一季度" in message and "2026年二季度" in message
    assert "period-past" not in codes(collected(ledger, tmp_path, filled(ANSWERS, sent_file(workbook=OTHER))))


def test_a_later_form_of_the_other_role_casts_no_doubt_on_the_period(tmp_path):
    ledger = ledger_with(sent_record(), sent_record(workbook=OTHER, period="2026Q2", role="support"))
    assert "period-past" not in codes(collected(ledger, tmp_path, filled(ANSWERS)))


CELLS = [("T001", "本期进展"), ("T001", "存在问题"), ("T002", "本期进展"), ("T003", "本期进展")]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.sets(st.sampled_from(CELLS), min_size=1), st.integers(1, 6)), max_size=7))
def test_a_cell_holds_what_the_newest_standing_return_typed_there(tmp_path_factory, steps):
    """A clerk goes on with one file, writing something new each time; an integer withdraws that return."""
    ledger, folder = ledger_with(), tmp_path_factory.mktemp("in")
    data = sent_file()
    texts: dict[tuple[str, str], str] = {}
    standing: dict[int, dict[tuple[str, str], str]] = {}
    for minute, step in enumerate(steps, 1):
        if isinstance(step, int):
            if step in standing:
                ledger.withdraw(step)
                del standing[step]
        else:
            texts = {**texts, **dict.fromkeys(step, f"第{minute}次")}
            rows = "\n".join(f"| {row} | {column} | {text} |" for (row, column), text in texts.items())
            data = at(minute, typed(rows, data))
            result = collected(ledger, folder, data)
            assert ["accepted"] == outcomes(result)
            assert {"conflict", "kept"}.isdisjoint(result.cells["outcome"])
            standing[max(ledger.submissions("云溪")["submission"])] = texts
        expected: dict[tuple[str, str], str] = {}
        for number in sorted(standing):
            expected.update(standing[number])
        assert expected == stored(ledger)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.sets(st.sampled_from(CELLS), min_size=1)), max_size=6), st.booleans())
def test_whatever_comes_from_whichever_copy_nothing_typed_is_lost_without_a_word(tmp_path_factory, steps, dated):
    """Each return goes on from any earlier copy; what it newly typed is taken or told."""
    ledger, folder = ledger_with(), tmp_path_factory.mktemp("in")
    copies = [sent_file()]
    for minute, (number, keys) in enumerate(steps, 1):
        rows = "\n".join(f"| {row} | {column} | 第{minute}次 |" for row, column in keys)
        data = typed(rows, copies[number % len(copies)])
        copies.append(at(minute, data) if dated else data)
        told = cell_outcomes(collected(ledger, folder, copies[-1]))
        for key in keys:
            assert ("changed" == told[key] and f"第{minute}次" == stored(ledger)[key]) or "conflict" == told[key]


# --- several people at once -----------------------------------------------------------


def _collect_in_a_process(job: tuple[str, str]) -> list[str]:
    url, path = job
    with open_ledger(url) as ledger:
        return list(collect(ledger, path, apply=True).files["outcome"])


def on_disk(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / '台账.db'}"
    with open_ledger(url) as ledger:
        ledger.add_plan(
            make_plan(PlanInfo(title="云溪", year=2026), tasks=[{"task_id": "T001", "part": "main"}]), "云溪"
        )
        ledger.record_workbooks([sent_record()], {})
    return url


@pytest.mark.parametrize("same", [True, False])
def test_two_processes_neither_lose_nor_double_a_return(same, tmp_path):
    url = on_disk(tmp_path)
    files = []
    for number in range(4):
        text = "同一份" if same else f"第{number}份"
        row = "| T001 | 本期进展 | 甲 |" if same else f"| T00{number % 3 + 1} | 下一步措施 | {text} |"
        files.append(returned(tmp_path, typed(row), f"{number}.xlsx"))
    if same:
        files = files[:1] * 4
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        results = pool.map(_collect_in_a_process, [(url, str(path)) for path in files], chunksize=1)
    with open_ledger(url) as ledger:
        if same:
            assert [["accepted"], *[["duplicate"]] * 3] == sorted(results)
            assert 1 == len(ledger.submissions("云溪"))
        else:
            assert [["accepted"]] * 3 + [["not taken"]] == sorted(results)  # two typed into the same cell
            assert 3 == len(ledger.submissions("云溪")) == len(stored(ledger))


def test_a_file_is_compared_anew_when_somebody_else_wrote_meanwhile(ledger, tmp_path, monkeypatch):
    accept = ledger.accept

    def overtaken(submission: Submission) -> int:
        monkeypatch.setattr(ledger, "accept", accept)
        collect(ledger, returned(tmp_path, typed("| T001 | 本期进展 | 乙 |"), "b.xlsx"), apply=True)
        return int(accept(submission))

    monkeypatch.setattr(ledger, "accept", overtaken)
    result = collect(ledger, returned(tmp_path, FIRST, "a.xlsx"), apply=True)
    assert "conflict" == cell_outcomes(result)["T001", "本期进展"]
    assert {("T001", "本期进展"): "乙", ("T003", "本期进展"): "乙一"} == stored(ledger)


# --- one bad file ---------------------------------------------------------------------


def test_signs_that_no_text_can_hold_do_not_stop_the_run(ledger, tmp_path):
    data = typed("| T001 | 本期进展 | 半个XX笑脸 |")
    data = rewritten(data, {"xl/worksheets/sheet2.xml": lambda text: text.replace("XX", "_xD83D_")})
    collected(ledger, tmp_path, data)
    assert "半个笑脸" == stored(ledger)["T001", "本期进展"]


def test_a_file_that_fails_for_a_reason_nobody_foresaw_does_not_stop_the_others(ledger, tmp_path, monkeypatch):
    def failing(book: Any, *others: Any) -> Any:
        if book.name == "a.xlsx":
            raise RecursionError
        return read_parts(book, *others)

    monkeypatch.setattr("taskkit.collecting.desk.read_parts", failing)
    paths = [returned(tmp_path, typed("| T001 | 本期进展 | 甲 |"), "a.xlsx"), returned(tmp_path, FIRST, "b.xlsx")]
    result = collect(ledger, paths, apply=True)
    assert ["refused", "accepted"] == outcomes(result)
    assert "读取时出错" in result.files["reason"].iloc[0]
    assert "file-failed" in codes(result)


def test_a_path_that_leads_out_of_its_zip_is_refused_by_name(ledger, tmp_path):
    path = zipped(tmp_path / "包.zip", {"../../外.xlsx": FIRST, "C:\\甲.xlsx": FIRST, "内.xlsx": FIRST})
    result = collect(ledger, path)
    assert ["accepted", "refused", "refused"] == sorted(outcomes(result))
    assert result.files["reason"].str.contains("以外的文件夹").sum() == 2


# --- what a value may be --------------------------------------------------------------


def test_a_change_may_be_negative_and_fall_but_a_count_may_not(tmp_path):
    kinds = {"T001.1": ("growth", "进出口增速"), "T002.1": ("count", "新建学校")}
    ledger = open_ledger("sqlite://")
    targets = [
        {"task_id": row[:4], "target_id": row, "kind": kind, "indicator": name, "op": ">=", "value": 3}
        for row, (kind, name) in kinds.items()
    ]
    tasks = [{"task_id": f"T00{number}", "part": "main", "title": "事"} for number in (1, 2, 3)]
    ledger.add_plan(make_plan(PlanInfo(title="云溪", year=2026), tasks=tasks, targets=targets), "云溪")
    ledger.record_workbooks([sent_record()], {})
    result = collected(ledger, tmp_path, typed("| T001.1 | 累计完成值 | -2.5 |\n| T002.1 | 累计完成值 | -2 |"))
    assert {("T001.1", "累计完成值"): "-2.5"} == stored(ledger)
    assert ["negative"] == codes(result)


def test_a_date_that_excel_made_of_a_text_is_kept_as_it_looks(ledger, tmp_path):
    def edit(book: Any) -> None:
        for column, code in (("存在问题", 'yyyy"年"m"月"'), ("下一步措施", "yyyy-mm-dd")):
            cell = place(book, "T001", column)
            cell.value, cell.number_format = date(2026, 6, 5), code

    collected(ledger, tmp_path, edited(sent_file(), edit))
    assert {("T001", "存在问题"): "2026年6月", ("T001", "下一步措施"): "2026-06-05"} == stored(ledger)


def test_cells_merged_over_several_rows_are_doubted_and_hidden_rows_are_taken(ledger, tmp_path):
    def edit(book: Any) -> None:
        sheet = book["工作进展"]
        sheet.merge_cells("E5:E6")
        sheet.row_dimensions[7].hidden = True

    rows = "| T001 | 本期进展 | 合着写 |\n| T003 | 本期进展 | 藏着写 |"
    result = collected(ledger, tmp_path, edited(typed(rows), edit))
    assert {"cells-merged", "rows-hidden-filled"} <= set(codes(result))
    messages = result.findings.set_index("code")["message"]
    assert "第5行、第6行" in messages["cells-merged"] and "第7行" in messages["rows-hidden-filled"]
    assert "藏着写" == stored(ledger)["T003", "本期进展"]


# --- workbooks as they are really issued ----------------------------------------------


@pytest.fixture
def issued(tmp_path):
    """A small plan, and a function that issues a period of it and gives the unit's workbook."""
    plan = make_plan(
        PlanInfo(title="2026年重点任务分工方案", issuer="云溪县人民政府", year=2026, source="云溪.docx"),
        tasks=[
            {"task_id": "T001", "part": "main", "no": 1, "section": "一、社会事业", "title": "新建学校5所"},
            {"task_id": "T002", "part": "main", "no": 2, "section": "一、社会事业", "title": "修路30公里"},
            {"task_id": "T003", "part": "main", "no": 3, "section": "二、文化", "title": "办好文化节"},
        ],
        assignments=[
            {"task_id": "T001", "unit": "县教育局", "role": "lead", "rank": 1},
            {"task_id": "T002", "unit": "县教育局", "role": "lead", "rank": 1},
            {"task_id": "T003", "unit": "县教育局", "role": "support", "rank": 1},
        ],
        targets=[
            {
                "task_id": "T001",
                "target_id": "T001.1",
                "indicator": "新建学校",
                "op": ">=",
                "value": 5,
                "kind": "count",
            },
            {
                "task_id": "T001",
                "target_id": "T001.2",
                "indicator": "新增学位",
                "op": ">=",
                "value": 900,
                "kind": "count",
            },
        ],
    )
    ledger = open_ledger("sqlite://")
    ledger.add_plan(plan, "云溪")

    def send(period: str, role: str = "lead") -> bytes:
        [path] = issue(ledger, "云溪", period=period, role=role, out=tmp_path / "sent" / period / role)
        return path.read_bytes()

    return ledger, send


PLANNED: dict[str, dict[str, object]] = {
    "T001": {"一季度目标": "选好校址", "完成时限": "10月底前", "经办人": "丙"},
    "T001+1": {"工作措施": "建立旬调度机制", "二季度目标": "全面开工"},
    "T001.1": {"一季度目标": 0, "二季度目标": 2},
    "book": {"填报人": "甲"},
}
REPORTED: dict[str, dict[str, object]] = {
    "T001": {"本期进展": "已建成2所", "完成情况": "正常推进"},
    "T002": {
        "本期进展": "已修10公里",
        "完成情况": "进展滞后",
        "存在问题": "征地未完成",
        "下一步措施": "4月底前征完",
    },
    "T001.1": {"累计完成值": 2},
    "T001.2": {"累计完成值": "暂无数据"},
}


def flat(typed: dict[str, dict[str, object]]) -> dict[tuple[str, str], str]:
    return {(row, column): str(value) for row, cells in typed.items() for column, value in cells.items()}


@pytest.mark.parametrize(("period", "typed"), [("plan", PLANNED), ("2026Q1", REPORTED)])
@pytest.mark.parametrize("office", ["openpyxl", "libreoffice"])
def test_an_issued_workbook_brings_back_exactly_what_was_typed(period, typed, office, issued, tmp_path):
    ledger, send = issued
    path = returned(tmp_path, typed_into(send(period), typed))
    if office == "libreoffice":
        [path] = resaved([path], tmp_path / "saved")
    result = collect(ledger, path, apply=True)
    assert ["accepted"] == outcomes(result)
    assert {"changed"} == set(result.cells["outcome"])
    assert [] == codes(result)
    assert flat(typed) == stored(ledger, period)


def test_an_issued_workbook_that_nobody_filled_in_is_untouched_in_every_period(issued, tmp_path):
    ledger, send = issued
    collect(ledger, returned(tmp_path, typed_into(send("2026Q1"), REPORTED)), apply=True)
    for period in ("plan", "2026Q1", "2026Q2"):
        path = returned(tmp_path, typed_into(send(period), {}))
        result = collect(ledger, [path, *resaved([path], tmp_path / "saved" / period)])
        assert ["untouched", "untouched"] == outcomes(result)
        assert result.cells.empty and result.findings.empty


def test_last_periods_text_comes_prefilled_and_counts_only_once_it_was_changed(issued, tmp_path):
    ledger, send = issued
    collect(ledger, returned(tmp_path, typed_into(send("2026Q1"), REPORTED)), apply=True)
    later: dict[str, dict[str, object]] = {
        "T002": {"本期进展": "已修18公里", "完成情况": "正常推进"},
        "T001.1": {"累计完成值": 1},
    }
    result = collect(ledger, returned(tmp_path, typed_into(send("2026Q2"), later)), apply=True)
    assert "unupdated" == cell_outcomes(result)["T001", "本期进展"]
    assert ["value-fell"] == codes(result)
    assert flat(later) == stored(ledger, "2026Q2")
    assert flat(REPORTED) == stored(ledger)


def test_what_was_withdrawn_by_the_word_for_nothing_is_neither_counted_nor_sent_again(issued, tmp_path):
    ledger, send = issued
    first = typed_into(send("2026Q1"), REPORTED)
    collect(ledger, returned(tmp_path, at(1, first)), apply=True)
    nothing = {"T002": dict.fromkeys(REPORTED["T002"], "无"), "T001.1": {"累计完成值": "无"}}
    collect(ledger, returned(tmp_path, at(2, typed_into(first, nothing))), apply=True)
    facts = gather(ledger, "云溪", parse_period("2026Q1"), Settings(), date(2026, 5, 1))
    word = facts.tasks[1].words[0]
    assert (None, None) == (word.state, word.progress)
    assert "无" == facts.tasks[1].value("县教育局", "problem")
    assert frozenset() == facts.targets_reported  # 暂无数据 is an answer, but no figure
    assert 1 + 2 + 2 == facts.returns.cells_filled
    sheet = opened(send("2026Q2"))["工作进展"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert "已建成2所" in texts and "已修10公里" not in texts and "无" not in texts


def test_last_periods_rows_pasted_over_this_periods_are_not_taken_for_this_period(issued, tmp_path):
    ledger, send = issued
    first, second = send("2026Q1"), send("2026Q2")
    old = {row[0].value: [cell.value for cell in row] for row in opened(first)["工作进展"].iter_rows()}
    pasted = [values for row_id, values in old.items() if str(row_id).endswith("T001")]

    def paste(book: Any) -> None:
        rows = [row for row in book["工作进展"].iter_rows() if str(row[0].value).endswith("T001")]
        for cell, value in zip(rows[0], pasted[0], strict=True):
            cell.value = value

    data = typed_into(second, {"T002": {"本期进展": "已修18公里"}, "T001": {"本期进展": "这是一季度的话"}})
    result = collect(ledger, returned(tmp_path, edited(data, paste)), apply=True)
    assert {"no-state", "row-foreign"} == set(codes(result))
    assert {("T002", "本期进展"): "已修18公里"} == stored(ledger, "2026Q2")


def test_in_a_plan_for_both_roles_each_value_keeps_the_role_of_its_task(issued, tmp_path):
    ledger, send = issued
    typed: dict[str, dict[str, object]] = {"T001": {"经办人": "丙"}, "T003": {"经办人": "丁"}}
    collect(ledger, returned(tmp_path, typed_into(send("plan", "all"), typed)), apply=True)
    assert {"T001": "lead", "T003": "support"} == ledger.values("云溪").set_index("task_id")["role"].to_dict()


def test_an_issued_workbook_without_its_ids_is_still_matched_by_what_its_rows_say(issued, tmp_path):
    ledger, send = issued
    data = edited(typed_into(send("2026Q1"), REPORTED), lose_ids)
    result = collect(ledger, returned(tmp_path, data), apply=True)
    assert {"row-by-text"} == set(codes(result))
    assert flat(REPORTED) == stored(ledger)


# --- refusals -------------------------------------------------------------------------


def paste_whole_sheet(book: Any) -> None:
    for title in ("工作进展", "量化指标"):
        for row in book[title].iter_rows(max_col=1):
            row[0].value = str(row[0].value or "").replace(BOOK, OTHER) or None


def paste_and_lose_the_property(book: Any) -> None:
    lose_property(book)
    paste_whole_sheet(book)


def rename_on_the_hidden_sheet_alone(book: Any) -> None:
    lose_ids(book)
    book["_taskkit"]["B1"].value = OTHER


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (paste_whole_sheet, "互相矛盾"),
        (paste_and_lose_the_property, "行前的编号是本台账没有发出过的一份表（"),
        (rename_on_the_hidden_sheet_alone, "互相矛盾"),
    ],
)
def test_a_workbook_that_cannot_be_told_is_refused(damage, word, ledger, tmp_path):
    result = collected(ledger, tmp_path, edited(filled(ANSWERS), damage))
    assert ["refused"] == outcomes(result)
    assert word in result.files["reason"].iloc[0]
    assert {} == stored(ledger)


def test_a_workbook_that_this_ledger_never_sent_is_refused(tmp_path):
    ledger = ledger_with(sent_record(workbook=OTHER))
    result = collected(ledger, tmp_path, filled(ANSWERS))
    assert "台账里没有发出过" in result.files["reason"].iloc[0]


@pytest.mark.parametrize("options", [{"plan": "另一份"}, {"period": "2026Q2"}])
def test_a_workbook_of_another_plan_or_period_than_asked_for_is_refused(options, tmp_path):
    ledger = ledger_with(sent_record(), sent_record(workbook=OTHER, plan="另一份", period="2026Q2"))
    result = collected(ledger, tmp_path, filled(ANSWERS), **options)
    assert ["refused"] == outcomes(result)
    assert ("县教育局", "2026Q1") == (result.files["unit"].iloc[0], result.files["period"].iloc[0])


def test_an_unknown_plan_or_period_or_path_is_an_error_before_anything_is_read(ledger, tmp_path):
    path = returned(tmp_path, filled(ANSWERS))
    with pytest.raises(UsageError, match="云溪"):
        collect(ledger, path, plan="没有的")
    with pytest.raises(UsageError):
        collect(ledger, path, period="第五季度")
    with pytest.raises(InputError, match="找不到"):
        collect(ledger, tmp_path / "没有.xlsx")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04 broken", "损坏"),
        ("单位,进展".encode(), "文本文件"),
    ],
)
def test_what_is_no_workbook_is_refused_with_advice_and_the_rest_is_taken(data, word, ledger, tmp_path):
    paths = [returned(tmp_path, data, "a.xlsx"), returned(tmp_path, filled(ANSWERS), "b.xlsx")]
    result = collect(ledger, paths, apply=True)
    assert ["refused", "accepted"] == outcomes(result)
    assert word in result.files["reason"].iloc[0]
    assert answers() == stored(ledger)


# --- folders and zips -----------------------------------------------------------------


def test_folders_are_searched_whole_but_lock_and_hidden_files_are_passed_over(ledger, tmp_path):
    inner = tmp_path / "收到" / "第一批"
    inner.mkdir(parents=True)
    for name in ("~$县教育局.xlsx", ".hidden.xlsx", "Thumbs.db"):
        (inner / name).write_bytes(b"x")
    (inner / "县教育局(1).xlsx").write_bytes(filled(ANSWERS))
    seen: list[tuple[int, int]] = []
    result = collect(ledger, tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert [str(inner / "县教育局(1).xlsx")] == list(result.files["path"])
    assert [(1, 1)] == seen


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def zipped_by_windows(path: Path, name: str, data: bytes) -> Path:
    """A zip whose names are GBK without a word about it, as most zips made in China are."""
    raw = name.encode("gb18030")
    zipped(path, {"x" * len(raw): data})
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    return path


def test_zips_are_opened_and_what_a_mac_adds_is_passed_over(ledger, tmp_path):
    path = zipped(tmp_path / "教育.zip", {"报送/县教育局.xlsx": filled(ANSWERS), "__MACOSX/._县教育局.xlsx": b"x"})
    result = collect(ledger, path, apply=True)
    assert [f"{path}/报送/县教育局.xlsx"] == list(result.files["path"])
    assert answers() == stored(ledger)


def test_chinese_names_in_a_zip_are_readable_whatever_made_it(ledger, tmp_path):
    path = zipped_by_windows(tmp_path / "教育.zip", "报送/【县教育局】副本.xlsx", filled(ANSWERS))
    result = collect(ledger, path)
    assert [f"{path}/报送/【县教育局】副本.xlsx"] == list(result.files["path"])
    assert ["accepted"] == outcomes(result)


def test_a_zip_in_a_zip_is_opened_but_not_one_deeper(ledger, tmp_path):
    inner = zipped(tmp_path / "内.zip", {"县教育局.xlsx": filled(ANSWERS)}).read_bytes()
    middle = zipped(tmp_path / "中.zip", {"内.zip": inner}).read_bytes()
    outer = zipped(tmp_path / "外.zip", {"中.zip": middle, "内.zip": inner})
    result = collect(ledger, outer)
    assert ["refused", "accepted"] == outcomes(result)
    assert "请先解压" in result.files["reason"].iloc[0]


def test_a_copy_does_not_wait_for_one_that_is_gone_from_its_zip_meanwhile(ledger, tmp_path):
    first = returned(tmp_path, filled(ANSWERS), "a.xlsx")
    parcel = zipped(tmp_path / "b.zip", {"县教育局.xlsx": filled(ANSWERS)})

    def emptied(done: int, total: int) -> None:
        if done == 1:
            zipped(parcel, {"说明.txt": b"x"})

    result = collect(ledger, [first, parcel], apply=True, progress=emptied)
    assert "accepted" == dict(zip(result.files["path"], result.files["outcome"], strict=True))[str(first)]
    assert answers() == stored(ledger)


def test_a_damaged_zip_is_refused(ledger, tmp_path):
    assert ["refused"] == outcomes(collect(ledger, returned(tmp_path, b"PK\x03\x04 broken", "包.zip")))


# --- the page -------------------------------------------------------------------------


def test_every_outcome_has_a_line_in_the_docs():
    text = (Path(__file__).parents[1] / "docs" / "collecting.md").read_text(encoding="utf-8")
    for outcome in (*FileOutcome, *Outcome):
        assert f"| {outcome.label} | `{outcome}` |" in text


def test_the_form_of_these_tests_has_every_kind_of_cell():
    assert {"工作进展", "量化指标"} == set(FORM)


def test_what_stands_below_the_form_or_on_a_sheet_of_ones_own_is_named_though_not_taken(ledger, tmp_path):
    book = openpyxl.load_workbook(BytesIO(typed("| T001 | 本期进展 | 甲 |")))
    sheet = book["工作进展"]
    sheet.cell(sheet.max_row + 2, 2).value = "补充说明：请看这里"
    book.create_sheet("附表")["A1"] = "另附的数据"
    saved = BytesIO()
    book.save(saved)

    result = collected(ledger, tmp_path, saved.getvalue())

    told = result.findings[result.findings["code"].isin(["text-outside", "sheet-added"])]
    assert ["补充说明：请看这里", "另附的数据"] == [message.split("“")[1].split("”")[0] for message in told["message"]]
    assert ["accepted"] == outcomes(result)


def test_what_else_taskkit_writes_is_told_from_a_form(tmp_path):
    plan = read_plan(samples.sample_path())
    ledger = open_ledger("sqlite://")
    ledger.add_plan(plan, "云溪")
    issue(ledger, "云溪", "plan", tmp_path, units=["县教育局"])
    write_dispatch(ledger, "云溪", "plan", tmp_path)
    write_proofreading(plan, {}, tmp_path / "核对稿.xlsx")
    files = collect(ledger, [tmp_path / "2026年落实方案_发送清单.xlsx", tmp_path / "核对稿.xlsx"]).files

    assert ["refused", "refused"] == files["outcome"].tolist()
    listed, proof = files["reason"]
    assert "这是 taskkit 生成的报表，不是填报的表格" in listed
    assert "这是 taskkit 生成的核对稿" in proof
    assert "taskkit load" in proof


@pytest.mark.parametrize(
    ("typed", "code", "word"), [("=-推进执法", "formula-text", "单引号"), ("=A1*2", "formula-unsaved", "=A1*2")]
)
def test_a_formula_without_a_result_is_shown_with_what_to_do(typed, code, word, ledger, tmp_path):
    result = collected(ledger, tmp_path, filled(f"| row | column | value |\n| T001 | 存在问题 | {typed} |"))
    assert [code] == codes(result)
    assert word in result.findings["message"].iloc[0]
    assert [typed] == [value for value in result.cells["returned"] if value.startswith("=")]


def test_cells_merged_across_a_row_are_doubted(ledger, tmp_path):
    data = filled("| row | column | value |\n| T001 | 本期进展 | 已建成2所学校，完成投资3000万元 |")
    result = collected(ledger, tmp_path, edited(data, lambda book: book["工作进展"].merge_cells("G5:H5")))
    [message] = result.findings[result.findings["code"] == "cells-merged-across"]["message"]
    assert "“存在问题”、“下一步措施”合并成了一格" in message


def test_the_sheet_of_requests_is_named_only_for_forms_that_have_it(ledger, tmp_path):
    result = collected(
        ledger, tmp_path, edited(sent_file(), lambda book: setattr(book["工作进展"]["C5"], "value", "新建学校6所学校"))
    )
    [message] = result.findings[result.findings["code"] == "locked"]["message"]
    assert "表里有“调整申请”的" in message


def test_unit_bands_that_a_sort_moved_below_the_rows_are_told_once_a_sheet(ledger, tmp_path):
    def moved(book: Any) -> None:
        book["工作进展"]["B12"], book["工作进展"]["B13"] = "县教育局", "县教育局"

    result = collected(ledger, tmp_path, edited(filled(ANSWERS), moved))
    [message] = result.findings[result.findings["source"].str.contains("第1[0-9]行")]["message"]
    assert "有2行单位名称" in message
