"""One schema of columns: headers are found as people write them, and nothing is ambiguous."""

from itertools import chain

import pytest

from taskkit.columns import (
    COLUMNS,
    PLAN_SHEET,
    PROGRESS_SHEET,
    TARGETS_SHEET,
    find_column,
    goal_columns,
    row_owner,
    sheets_for,
)
from taskkit.plan import QUARTERS

ALL_SHEETS = (*sheets_for("plan"), *sheets_for("quarter"))


@pytest.mark.parametrize(
    ("written", "header"),
    [
        ("本期进展", "本期进展"),
        ("本期进展（1—3月累计）", "本期进展"),
        ("本期 进展\n(1-3月累计)", "本期进展"),
        ("工作进展", "本期进展"),
        ("落实情况", "本期进展"),
        ("存在的问题", "存在问题"),
        ("下步措施：", "下一步措施"),
        ("二季度目标", "二季度目标"),
    ],
)
def test_a_header_is_found_by_its_text_its_synonyms_and_whatever_follows_in_brackets(written, header):
    column = find_column(written, PROGRESS_SHEET.fields_of(QUARTERS))
    assert column is not None
    assert header == column.header


@pytest.mark.parametrize("written", ["", "备注", "（1—3月累计）"])
def test_a_text_that_is_no_header_is_not_taken_for_one(written):
    assert find_column(written, PROGRESS_SHEET.fields_of(QUARTERS)) is None


def test_the_sheets_hold_what_the_design_lists_in_that_order():
    assert "序号 工作任务 完成时限 本期目标 本期进展 完成情况 存在问题 需协调事项 下一步措施".split() == [
        field.column.header for field in PROGRESS_SHEET.fields_of(QUARTERS) if field.printed
    ]
    assert (
        "序号 工作任务 工作措施 年度目标 一季度目标 二季度目标 三季度目标 四季度目标 完成时限 "
        "单位分管负责人 责任处室 经办人 联系电话"
    ).split() == [field.column.header for field in PLAN_SHEET.fields_of(QUARTERS) if field.printed]


def test_only_what_the_unit_fills_in_is_open():
    assert {"本期进展", "完成情况", "存在问题", "需协调事项", "下一步措施"} == {
        field.column.header for field in PROGRESS_SHEET.fields_of(QUARTERS) if field.opening != "shown"
    }
    assert {"累计完成值"} == {
        field.column.header for field in TARGETS_SHEET.fields_of(QUARTERS) if field.opening != "shown"
    }


@pytest.mark.parametrize("sheet", ALL_SHEETS, ids=lambda sheet: sheet.title)
def test_no_header_or_synonym_names_two_columns_of_one_sheet(sheet):
    columns = [field.column for field in sheet.fields_of(QUARTERS)]
    headers = [column.header for column in columns]
    assert len(headers) == len(set(headers))
    synonyms = list(chain.from_iterable(set(column.synonyms) for column in columns))
    assert [] == [synonym for synonym in synonyms if synonyms.count(synonym) > 1]
    for column in columns:
        for synonym in column.synonyms:
            if synonym not in headers:
                assert find_column(synonym, sheet.fields_of(QUARTERS)) == column


def test_keys_are_names_that_code_and_template_marks_can_use():
    for key in (*COLUMNS, *(column.key for column in goal_columns(QUARTERS))):
        assert key.isidentifier()


def test_excel_shows_every_prompt_whole():
    assert [] == [column.header for column in COLUMNS.values() if len(column.prompt) > 255]


@pytest.mark.parametrize(
    ("row_id", "owner"),
    [
        ("T001", ("T001", None)),
        ("T001.2", ("T001", "T001.2")),
        ("T001+1", ("T001", "T001+1")),
        ("A012.1", ("A012", "A012.1")),
        ("book", (None, None)),
    ],
)
def test_a_row_id_says_what_task_and_target_it_belongs_to(row_id, owner):
    assert owner == row_owner(row_id)
