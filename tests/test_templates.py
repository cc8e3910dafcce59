"""The shipped workbook templates are those of the script, and hold what a form in an office needs."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from taskkit.settings import Settings
from tests.test_docs import tool

NAMES = ("plan.xlsx", "progress.xlsx", "directives.xlsx", "plan_together.xlsx", "progress_together.xlsx")
ALL = (*NAMES, "supplement.xlsx")


def template(name: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(Settings().template(f"workbooks/{name}")))


def forms(name: str) -> list[Any]:
    return [sheet for sheet in template(name).worksheets if sheet.sheet_state == "visible"]


def test_the_script_writes_the_shipped_files_to_the_byte(tmp_path):
    tool("make_templates").main(tmp_path)
    for name in ALL:
        assert Settings().template(f"workbooks/{name}") == (tmp_path / name).read_bytes(), "run docs/make_templates.py"


def test_each_form_holds_its_sheets_with_the_instructions_first():
    asked = ["填报说明", "工作进展", "量化指标", "民生实事", "配合任务"]
    assert [
        ["填报说明", "落实方案", "量化指标"],
        [*asked, "配合单位进展", "批示办理", "调整申请"],
        ["填报说明", "批示办理"],
        ["填报说明", "落实方案", "量化指标"],
        asked,
        ["填报说明", "配合单位进展"],
    ] == [[sheet.title for sheet in forms(name)] for name in ALL]


@pytest.mark.parametrize("name", ["leader.xlsx", "annex.xlsx"])
def test_the_tables_to_read_too_are_those_of_their_script(tmp_path, name):
    tool("make_table_templates").main(tmp_path)
    assert Settings().template(f"workbooks/{name}") == (tmp_path / name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_secrets_are_kept_out_by_the_instructions(name):
    cells = [str(cell.value) for row in template(name)["填报说明"].iter_rows() for cell in row]
    assert any("严禁填写涉密内容" in cell for cell in cells)


@pytest.mark.parametrize("name", NAMES)
def test_each_sheet_prints_one_page_wide_on_a_landscape_with_its_header_on_every_page(name):
    for sheet in forms(name)[1:]:
        assert "landscape" == sheet.page_setup.orientation
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (1, 0) == (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight)
        assert sheet.page_setup.paperSize in ("8", "9", 8, 9), "A3 or A4"
        assert sheet.print_title_rows
        assert sheet.print_area
        assert sheet.freeze_panes
        assert "第 &P 页 共 &N 页" in str(sheet.oddFooter.center.text)


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_locked_without_a_password_but_may_be_formatted_and_filtered(name):
    for sheet in forms(name)[1:]:
        protection = sheet.protection
        assert protection.sheet
        assert protection.password is None
        # In the file these say what is forbidden.
        assert not any((protection.formatCells, protection.formatColumns, protection.formatRows, protection.autoFilter))


@pytest.mark.parametrize("name", NAMES)
def test_the_ids_stand_in_a_hidden_first_column_and_nothing_is_merged_below_the_header(name):
    for sheet in forms(name)[1:]:
        assert sheet.column_dimensions["A"].hidden
        ids = ("任务编号", "指标编号", "批示编号", "申请编号")
        header = next(row[0].row for row in sheet.iter_rows() if row[0].value in ids)
        assert [] == [merged.coord for merged in sheet.merged_cells.ranges if merged.max_row >= header]


def test_the_drop_down_takes_its_words_from_a_named_list_never_from_an_inline_one():
    for name in NAMES:
        for sheet in forms(name):
            for rule in sheet.data_validations.dataValidation:
                if rule.type == "list":
                    assert ("列表_办理状态" if sheet.title == "批示办理" else "列表_完成情况") == rule.formula1
                assert len(rule.prompt or "") <= 255
                assert len(rule.promptTitle or "") <= 32
    assert "列表_完成情况" in template("progress.xlsx").defined_names


def test_numbers_may_not_be_negative_but_words_may_be_typed():
    rules = [rule for rule in template("progress.xlsx")["量化指标"].data_validations.dataValidation if rule.formula1]
    assert rules
    for rule in rules:
        assert "custom" == rule.type
        assert re.fullmatch(r"OR\(ISTEXT\((\w+)\),\1>=0\)", rule.formula1)


@pytest.mark.parametrize("name", NAMES)
def test_open_cells_are_yellow_only_while_they_are_empty(name):
    for sheet in forms(name)[1:]:
        if sheet.title in ("配合单位进展", "调整申请"):  # read only; for those who need it
            continue
        formulas = [rule.formula[0] for rules in sheet.conditional_formatting for rule in rules.rules if rule.formula]
        assert any(re.search(r"LEN\(TRIM\(\w+\)\)=0", formula) for formula in formulas), sheet.title


@pytest.mark.parametrize("name", NAMES)
def test_official_fonts_are_named(name):
    fonts = {cell.font.name for sheet in forms(name) for row in sheet.iter_rows() for cell in row if cell.value}
    assert "方正小标宋简体" in fonts
    assert fonts <= {"方正小标宋简体", "黑体", "宋体", "仿宋_GB2312", "楷体_GB2312"}


@pytest.mark.parametrize(("name", "title"), [("plan.xlsx", "落实方案"), ("progress.xlsx", "工作进展")])
def test_a_deadline_fits_in_one_line(name, title):
    sheet = template(name)[title]
    [column] = [cell.column_letter for row in sheet.iter_rows() for cell in row if cell.value == "完成时限"]
    points = 4 * 10.5 + 6 * 10.5 / 2  # 2026年12月底前
    assert sheet.column_dimensions[column].width * 5.25 > points + 4


@pytest.mark.parametrize("name", [name for name in NAMES if name != "directives.xlsx"])
def test_goal_columns_stand_together_in_order(name):
    found = 0
    for sheet in forms(name)[1:]:
        goals = [str(cell.value) for row in sheet.iter_rows() for cell in row if "header.goal" in str(cell.value)]
        columns = [cell.column for row in sheet.iter_rows() for cell in row if "header.goal" in str(cell.value)]
        if goals:
            found += 1
            assert [f"{{{{ header.goal{at} }}}}" for at in range(1, 13)] == goals
            assert list(range(columns[0], columns[0] + 12)) == columns
    assert 2 == found
