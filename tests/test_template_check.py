"""A changed template looked at before it is used: what it holds, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from taskkit.cli import commands
from taskkit.errors import InputError, UsageError
from taskkit.settings import Settings
from taskkit.template_check import check_template

NAMES = (
    *("plan", "progress", "directives", "plan_together", "progress_together", "supplement"),
    *("leader", "annex", "proofreading", "roster"),
)


def shipped(name: str, folder: Path, change: Callable[[Any], None] | None = None, as_name: str = "") -> Path:
    """A shipped template as a file, changed as an office might by openpyxl."""
    data = Settings().template(f"workbooks/{name}.xlsx")
    path = folder / f"{as_name or name}.xlsx"
    if change is None:
        path.write_bytes(data)
        return path
    book = openpyxl.load_workbook(BytesIO(data))
    change(book)
    book.save(path)
    return path


@pytest.mark.parametrize("name", NAMES)
def test_what_is_shipped_has_no_problems(name, tmp_path):
    checked = check_template(shipped(name, tmp_path))

    assert (f"workbooks/{name}.xlsx", ()) == (checked.name, checked.problems)
    assert () == checked.lacking


def test_a_template_from_before_there_were_requests_is_fit_and_told_what_it_lacks(tmp_path):
    def change(book: Any) -> None:
        del book["配合单位进展"]
        del book["调整申请"]

    path = shipped("progress", tmp_path, change)
    assert ((), ("配合单位进展", "调整申请")) == (check_template(path).problems, check_template(path).lacking)
    said = CliRunner().invoke(commands, ["templates", "--check", str(path)]).output
    assert "没有工作表“调整申请”，发出的表格里将没有这张表" in said


def test_a_request_without_a_place_for_its_reason_is_a_problem(tmp_path):
    def change(book: Any) -> None:
        sheet = book["调整申请"]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "{{ request.reason }}":
                    cell.value = None

    [problem] = check_template(shipped("progress", tmp_path, change)).problems
    assert "“调整申请”没有 {{ request.reason }}，“理由”没有地方填" in problem


def test_it_names_repeated_rows_and_the_columns_that_come_back(tmp_path):
    sheets = {sheet.title: sheet for sheet in check_template(shipped("progress", tmp_path)).sheets}

    assert (("大类", 4), ("大项", 5), ("任务", 6)) == sheets["工作进展"].rows
    assert ("本期进展", "完成情况", "存在问题", "需协调事项", "下一步措施") == sheets["工作进展"].returning
    assert ("本月累计", "一句话说明") == sheets["民生实事"].returning
    assert "unit.full_name" in sheets["量化指标"].marks


def test_a_template_under_another_name_is_known_by_its_sheets(tmp_path):
    checked = check_template(shipped("progress", tmp_path, as_name="本局月报表"))

    assert "workbooks/progress.xlsx" == checked.name


def _misspell(book: Any) -> None:
    book["工作进展"]["B6"] = "{{ task.tittle }}"


def _rename_header(book: Any) -> None:
    sheet = book["工作进展"]
    at = next(cell for cell in sheet[3] if str(cell.value).startswith("存在问题"))
    at.value = "困惑"


def _lose_ids(book: Any) -> None:
    book["工作进展"]["A6"] = None


def _hide_sheet(book: Any) -> None:
    book["工作进展"].sheet_state = "hidden"


def _hide_model_row(book: Any) -> None:
    book["工作进展"].row_dimensions[6].hidden = True


def _column_of(book: Any, header: str) -> str:
    return str(next(cell.column_letter for cell in book["工作进展"][3] if str(cell.value).startswith(header)))


def _hide_open_column(book: Any) -> None:
    book["工作进展"].column_dimensions[_column_of(book, "存在问题")].hidden = True


def _hide_closed_column(book: Any) -> None:
    book["工作进展"].column_dimensions[_column_of(book, "完成时限")].hidden = True


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_misspell, "没有“{{ task.tittle }}”这个标记。是不是“{{ task.title }}”？"),
        (_rename_header, "上方的表头认不出是“存在问题”"),
        (_lose_ids, "第一列没有 {{ task.id }}，填好的表收不回来"),
        (_hide_sheet, "的“工作进展”是隐藏的工作表，单位看不到要填的表。请取消隐藏这张工作表"),
        (_hide_model_row, "第6行（样板行）是隐藏的，单位看不到要填的行。请取消隐藏这一行"),
        (_hide_open_column, "列（“存在问题”）是隐藏的，单位没有地方填。请取消隐藏这一列"),
    ],
)
def test_a_problem_is_named_with_its_place_and_what_to_do(change, says, tmp_path):
    problems = check_template(shipped("progress", tmp_path, change)).problems

    assert any(says in problem and "工作进展" in problem for problem in problems), problems


def test_a_column_that_is_only_read_may_be_hidden(tmp_path):
    assert () == check_template(shipped("progress", tmp_path, _hide_closed_column)).problems


def test_several_problems_are_listed_at_once(tmp_path):
    def change(book: Any) -> None:
        _rename_header(book)
        _lose_ids(book)

    assert 2 == len(check_template(shipped("progress", tmp_path, change)).problems)


def test_what_is_no_template_is_a_clear_error(tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "通讯录.xlsx")
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")

    with pytest.raises(UsageError, match="没有模板应有的工作表"):
        check_template(tmp_path / "通讯录.xlsx")
    with pytest.raises(UsageError, match="不是模板"):
        check_template(tmp_path / "报告.pdf")
    with pytest.raises(InputError, match="读不了"):
        check_template(tmp_path / "没有.xlsx")
    with pytest.raises(Exception, match="坏"):
        check_template(tmp_path / "坏.xlsx")


def test_the_command_prints_what_it_found_and_ends_in_one_where_a_person_must_look(tmp_path):
    good, bad = shipped("plan", tmp_path), shipped("progress", tmp_path, _lose_ids)
    runs = [
        CliRunner().invoke(commands, ["templates", "--check", str(each)], standalone_mode=False) for each in (good, bad)
    ]

    assert [0, 1] == [run.return_value for run in runs]
    assert "没有发现问题，可以使用。" in runs[0].output
    assert "发现1个问题，改好之前不能使用" in runs[1].output
