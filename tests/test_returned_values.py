"""Single values as clerks type them: what is stored, and what a person is told, cell by cell."""

from __future__ import annotations

import datetime as dt
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from taskkit.collecting import Collected, collect
from taskkit.collecting.differences import write_differences
from taskkit.columns import COLUMNS, GOAL
from taskkit.ledger import Ledger, open_ledger
from taskkit.office.sheets import Cell
from taskkit.plan import PlanInfo, make_plan
from taskkit.rules.filled import Aim, Known
from taskkit.rules.values import judge
from taskkit.settings import State
from tests.returned_books import edited, filled, place, rewritten, sent_file, sent_record, table

STATES = (State("未启动", "idle"), State("正常推进", "normal"), State("慢序时", "slow"), State("已完成", "done"))
KNOWN = Known(STATES, {}, 2026)

# --- numbers: what is stored, and the finding -----------------------------------------

NUMBERS = """
| typed | unit | stored | found |
| 300 | 人 | 300 | |
| 45场 | 场 | 45 | value-understood |
| 95% | % | 95 | value-understood |
| 1.2万 | 人 | 12000 | value-understood |
| 1.2万 | 万人 | 1.2 | value-understood |
| 12。5 | % | 12.5 | value-understood |
| 3500米 | 公里 | 3.5 | unit-converted |
| 约300 | 人 | 约300 | value-near |
| 300—400 | 人 | 300—400 | value-range |
| 已完成3所 | 所 | 已完成3所 | value-said |
| 12.5亿元 | 场 | 12.5亿元 | unit-foreign |
| 暂无数据 | 人 | 暂无数据 | |
| 暂无数据（预计7月10日） | 人 | 暂无数据（预计7月10日） | |
| 涉密，另行报送 | 人 | 涉密，另行报送 | |
| 正在统计 | 人 | 正在统计 | value-no-data |
| — | 人 | — | value-no-data |
| 稍后补 | 人 | 稍后补 | value-later |
| 已全部完成 | 所 | 已全部完成 | not-a-number |
"""


@pytest.mark.parametrize("row", table(NUMBERS), ids=lambda row: f"{row['typed']}|{row['unit']}")
def test_a_figure_is_stored_as_what_it_plainly_means_and_else_as_it_was_typed(row):
    judged = judge(COLUMNS["achieved"], row["typed"], KNOWN, Aim(unit=row["unit"]))
    assert (row["stored"], row["found"], True) == (judged.value, judged.code, judged.valid)


@pytest.mark.parametrize(
    ("aim", "code"),
    [
        (Aim("count", ">=", 10), "negative"),
        (Aim("growth", ">=", 3), ""),
        (Aim("ratio", ">=", 3, None, "增加值增速"), ""),
    ],
)
def test_only_a_change_may_be_negative(aim, code):
    judged = judge(COLUMNS["achieved"], "-2.5", KNOWN, aim)
    assert (code, not code) == (judged.code, judged.valid)


# --- states ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        ("慢 序 时", "慢序时", ""),
        ("滞后", "慢序时", "state-understood"),
        ("已办结", "已完成", "state-understood"),
        ("无", "无", ""),
        ("快了", "快了", "state-unknown"),
    ],
)
def test_a_state_is_taken_as_the_offices_own_word_where_that_is_certain(typed, value, code):
    judged = judge(COLUMNS["state"], typed, KNOWN)
    assert (value, code, code != "state-unknown") == (judged.value, judged.code, judged.valid)


def test_a_near_synonym_is_not_certain_where_two_states_mean_the_same():
    states = (*STATES, State("提前完成", "done"))
    assert "state-unknown" == judge(COLUMNS["state"], "已办结", Known(states)).code


# --- deadlines ------------------------------------------------------------------------

DATES = """
| kind | typed | stored | found |
| text | 2026.6.30 | 2026年6月30日 | |
| text | 2026/6/30 | 2026年6月30日 | |
| text | 2026-06-30 | 2026年6月30日 | |
| text | 20260630 | 2026年6月30日 | |
| text | ２０２６．６．３０ | 2026年6月30日 | |
| text | 2026年6月 | 2026年6月 | |
| text | 2026.6 | 2026年6月 | |
| text | 202606 | 2026年6月 | |
| text | 2026年6月30日前 | 2026年6月30日前 | |
| text | 6月底 | 6月底 | |
| text | 年内 | 年内 | |
| text | 持续推进 | 持续推进 | |
| text | 6.30 | 6月30日 | date-understood |
| text | 2026.6.31 | 2026.6.31 | date-unread |
| text | 2026.13.1 | 2026.13.1 | date-unread |
| text | 13月底 | 13月底 | date-unread |
| number | 20260630 | 2026年6月30日 | |
| number | 46203 | 2026年6月30日 | date-understood |
| number | 6.15 | 6月15日 | date-understood |
| number | 6.3 | 6.3 | date-cut |
| number | 12.1 | 12.1 | date-cut |
| number | 2.3 | 2月3日 | date-understood |
| number | 2026.1 | 2026.1 | date-cut |
| number | 2026.6 | 2026年6月 | |
| number | 5 | 5 | date-unread |
"""


@pytest.mark.parametrize("row", table(DATES), ids=lambda row: f"{row['kind']} {row['typed']}")
def test_a_deadline_is_stored_in_one_spelling_and_a_cut_one_is_doubted(row):
    cell = Cell(5, 4, float(row["typed"]), "number") if row["kind"] == "number" else Cell(5, 4, row["typed"], "text")
    judged = judge(COLUMNS["deadline"], row["typed"], KNOWN, cell=cell)
    assert (row["stored"], row["found"]) == (judged.value, judged.code)


def test_the_two_days_that_a_cut_date_may_be_are_both_named():
    judged = judge(COLUMNS["deadline"], "6.3", KNOWN, cell=Cell(5, 4, 6.3, "number"))
    assert ("6月3日", "6月30日") == (judged.words["first"], judged.words["second"])


def test_a_goal_may_hold_any_date_as_text():
    assert ("2026.6.30前开工", "") == judge(GOAL, "2026.6.30前开工", KNOWN)[:2]


# --- texts ----------------------------------------------------------------------------

PHONES = """
| kind | typed | found |
| text | 0000-8600001 | |
| text | 13800000000 | |
| number | 13800000000 | |
| text | 1.38E+10 | phone-cut |
| number | 7538600001 | zero-lost |
| number | 1085000001 | zero-lost |
| number | 8600001 | |
| text | 7538600001 | |
"""


@pytest.mark.parametrize("row", table(PHONES), ids=lambda row: f"{row['kind']} {row['typed']}")
def test_a_telephone_number_that_lost_digits_is_doubted_only_where_that_is_sure(row):
    value: Any = float(row["typed"]) if row["kind"] == "number" else row["typed"]
    cell = Cell(5, 9, value, "number" if row["kind"] == "number" else "text")
    assert (row["typed"], row["found"]) == judge(COLUMNS["phone"], row["typed"], KNOWN, cell=cell)[:2]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (Cell(5, 5, "已开工" * 9000, "text"), ""),
        (Cell(5, 5, "字" * 32_767, "text"), "cell-full"),
        (Cell(5, 5, 5, "number"), "number-for-text"),
        (Cell(5, 5, dt.datetime(2026, 1, 2), "date", shown="1月2日"), "date-for-text"),
        (Cell(5, 5, "2026年1月2日", "text"), ""),
    ],
)
def test_a_text_that_cannot_be_what_was_meant_is_doubted(cell, code):
    assert code == judge(COLUMNS["progress"], str(cell.value), KNOWN, cell=cell).code


# --- in a workbook, from end to end ---------------------------------------------------

TARGETS = [
    {"task_id": "T001", "target_id": "T001.1", "op": ">=", "value": 5.0, "unit": "所", "kind": "count"},
    {"task_id": "T002", "target_id": "T002.1", "op": ">=", "value": 30.0, "unit": "公里", "kind": "level"},
]


@pytest.fixture
def ledger() -> Ledger:
    """The usual workbook was sent, for a plan that says what its targets are counted in."""
    ledger = open_ledger("sqlite://")
    tasks = [{"task_id": f"T00{number}", "part": "main", "title": f"任务{number}"} for number in (1, 2, 3)]
    ledger.add_plan(make_plan(PlanInfo(title="云溪", year=2026), tasks=tasks, targets=TARGETS), "云溪")
    ledger.record_workbooks((sent_record(),), {})
    return ledger


def collected(ledger: Ledger, folder: Path, data: bytes) -> Collected:
    path = folder / "县教育局.xlsx"
    path.write_bytes(data)
    return collect(ledger, path, apply=True, received=date(2026, 4, 8))


def stored(ledger: Ledger) -> dict[tuple[str, str], str]:
    return ledger.current("云溪", "2026Q1", "县教育局")


def test_a_figure_with_its_unit_is_stored_in_the_unit_of_its_target(ledger, tmp_path):
    typed = "| row | column | value |\n| T001.1 | 累计完成值 | 2所 |\n| T002.1 | 累计完成值 | 12500米 |"
    result = collected(ledger, tmp_path, filled(typed))
    assert {("T001.1", "累计完成值"): "2", ("T002.1", "累计完成值"): "12.5"} == stored(ledger)
    said = dict(zip(result.findings["code"], result.findings["message"], strict=True))
    assert {"value-understood", "unit-converted"} == set(said)
    assert "“累计完成值”填的“12500米”已换算成12.5公里收下；请核对换算是否正确。" == said["unit-converted"]
    assert "县教育局.xlsx 量化指标 第6行G列" in set(result.findings["source"])


def test_the_same_figure_in_another_spelling_is_no_change(ledger, tmp_path):
    collected(ledger, tmp_path, filled("| row | column | value |\n| T001.1 | 累计完成值 | 2所 |"))
    again = collected(ledger, tmp_path, filled("| row | column | value |\n| T001.1 | 累计完成值 | 2.0 |"))
    assert ["duplicate"] == list(again.files["outcome"])


def test_a_date_in_a_number_column_is_not_taken_but_a_number_formatted_as_a_date_is(ledger, tmp_path):
    def edit(book: Any) -> None:
        place(book, "T001.1", "累计完成值").value = dt.datetime(2026, 1, 2)
        cell = place(book, "T002.1", "累计完成值")
        cell.value, cell.number_format = 45, "yyyy-mm-dd"

    result = collected(ledger, tmp_path, edited(sent_file(), edit))
    assert {("T002.1", "累计完成值"): "45"} == stored(ledger)
    assert {"date-for-number", "number-as-date"} == set(result.findings["code"])


def test_a_percentage_for_a_target_that_is_none_is_doubted(ledger, tmp_path):
    def edit(book: Any) -> None:
        cell = place(book, "T001.1", "累计完成值")
        cell.value, cell.number_format = 0.03, "0%"

    result = collected(ledger, tmp_path, edited(sent_file(), edit))
    assert {("T001.1", "累计完成值"): "3"} == stored(ledger)
    assert ["percent"] == list(result.findings["code"])


def test_an_error_names_its_cell_and_says_how_to_type_what_was_meant(ledger, tmp_path):
    result = collected(ledger, tmp_path, filled("| row | column | value |\n| T001 | 本期进展 | #NAME? |"))
    assert {} == stored(ledger)
    assert ["县教育局.xlsx 工作进展 第5行E列"] == list(result.findings["source"])
    assert "在前面加一个单引号，或双击单元格重新输入" in result.findings["message"].iloc[0]


def test_the_result_of_a_formula_is_taken_with_a_word_and_doubted_where_it_comes_from_another_file(ledger, tmp_path):
    def results(sheet: str) -> str:
        return sheet.replace("<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>").replace("</f><v></v>", "</f><v>12</v>")

    typed = "| row | column | value |\n| T001.1 | 累计完成值 | =1+1 |\n| T002.1 | 累计完成值 | ='[1]附件'!B3 |"
    data = rewritten(filled(typed), {"xl/worksheets/sheet3.xml": results})
    result = collected(ledger, tmp_path, data)
    assert {("T001.1", "累计完成值"): "2", ("T002.1", "累计完成值"): "12"} == stored(ledger)
    assert {"formula-taken", "formula-outward"} == set(result.findings["code"])


def test_line_breaks_of_word_and_signs_that_nobody_sees_leave_the_text_as_it_reads(ledger, tmp_path):
    def edit(book: Any) -> None:
        place(book, "T001", "本期进展").value = "一是\u200b开工2所；\r\n二是完成投资\ufeff800万元。\u3000"
        place(book, "T001", "完成情况").value = "正常推进"

    collected(ledger, tmp_path, edited(sent_file(), edit))
    assert "一是开工2所；\n二是完成投资800万元。" == stored(ledger)["T001", "本期进展"]


# --- texts that ran on ----------------------------------------------------------------

SPILLED = """
| row | column | value |
| T001 | 本期进展 | 一是开工2所学校。 |
| T001 | 完成情况 | 正常推进 |
| T002 | 本期进展 | 二是引进教师30名。 |
| T003 | 本期进展 | 三是新增学位900个。 |
| T003 | 存在问题 | 缺场地 |
"""


def test_a_text_that_ran_on_into_the_rows_below_is_held_and_what_stood_there_stays(ledger, tmp_path):
    result = collected(ledger, tmp_path, filled(SPILLED))
    held = result.cells[result.cells["outcome"] == "held"]
    assert ["T001", "T002", "T003"] == list(held["task_id"])
    assert {("T001", "完成情况"): "正常推进", ("T003", "存在问题"): "缺场地"} == stored(ledger)
    told = result.findings[result.findings["code"].str.startswith("text-spilled")]
    assert ["第5行E列", "第6行E列", "第7行E列"] == [source.split()[-1] for source in told["source"]]
    assert "“本期进展”疑似串行：从第5行起，第6行、第7行像是同一段文字（编号前后相接" in told["message"].iloc[0]
    assert "待核实3处未收" in result.files["reason"].iloc[0]


def test_the_text_put_right_is_taken_from_the_same_workbook(ledger, tmp_path):
    collected(ledger, tmp_path, filled(SPILLED))
    put_right = """
        | row | column | value |
        | T001 | 本期进展 | 一是开工2所学校。\\n二是引进教师30名。\\n三是新增学位900个。 |
        | T002 | 本期进展 | 已修路18公里 |
        | T002 | 完成情况 | 正常推进 |
        | T003 | 本期进展 | 文化节方案已印发 |
    """
    result = collected(ledger, tmp_path, filled(put_right, filled(SPILLED)))
    assert ["accepted"] == list(result.files["outcome"])
    assert "held" not in set(result.cells["outcome"])
    assert "已修路18公里" == stored(ledger)["T002", "本期进展"]


def test_a_return_of_nothing_but_a_text_that_ran_on_is_not_taken_and_does_not_count_as_reported(ledger, tmp_path):
    only = "\n".join(line for line in SPILLED.strip().splitlines() if "完成情况" not in line and "存在问题" not in line)
    result = collected(ledger, tmp_path, filled(only))
    assert ["not taken"] == list(result.files["outcome"])
    assert {} == stored(ledger)


def test_text_in_an_inserted_row_below_a_task_gives_the_spill_away(ledger, tmp_path):
    def edit(book: Any) -> None:
        sheet = book["工作进展"]
        sheet.insert_rows(6)
        sheet["E6"] = "二是引进教师30名。"

    data = filled("| row | column | value |\n| T001 | 本期进展 | 一是开工2所学校。 |\n| T001 | 完成情况 | 正常推进 |")
    result = collected(ledger, tmp_path, edited(data, edit))
    assert {("T001", "完成情况"): "正常推进"} == stored(ledger)
    held = result.cells[result.cells["outcome"] == "held"]
    assert {("T001", "本期进展")} == set(zip(held["task_id"], held["column"], strict=True))
    assert {5, 6} == set(held["row"])


def test_a_text_longer_than_a_cell_is_not_taken_and_keeps_no_list_from_being_written(ledger, tmp_path):
    """LibreOffice and .ods files hold such texts; taken, it would keep the next period's forms from being issued."""
    short, long = ("".join(f"&#{ord(sign)};" for sign in text) for text in ("甲甲", "甲" * 40_000))
    data = filled("| row | column | value |\n| T001 | 本期进展 | 甲甲 |\n| T002 | 完成情况 | 正常推进 |")
    parts = dict.fromkeys(
        ("xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"), lambda text: text.replace(short, long)
    )
    path = tmp_path / "县教育局.xlsx"
    path.write_bytes(rewritten(data, parts))
    result = collect(ledger, path, apply=True, returned=tmp_path / "退回")
    assert ["cell-overfull"] == [code for code in result.findings["code"] if code != "no-state"]
    assert {("T002", "完成情况"): "正常推进"} == stored(ledger)
    write_differences(result, True, tmp_path / "核对.xlsx")
    assert 1 == len(list((tmp_path / "退回").iterdir()))


@pytest.mark.parametrize(("typed", "code"), [("2023.6.30", "date-year"), ("2026.6.30", ""), ("6月底", "")])
def test_a_deadline_of_another_year_than_the_plans_is_doubted(typed, code):
    assert code == judge(COLUMNS["deadline"], typed, KNOWN).code
