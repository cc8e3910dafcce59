"""Columns that were moved, inserted, deleted, renamed, hidden, copied; headers that were rewritten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.returned.county import QUARTER, County
from tests.returned.hand import PROGRESS, column_of, header, insert_column, move_column, on, row_of, together, typing
from tests.returned.kinds import Kind, but, check, without

STATES = ("T001", "T002", "T004")


def _delete(*headers: str) -> Any:
    def edit(sheet: Any) -> None:
        for each in headers:
            sheet.delete_cols(column_of(sheet, each))

    return edit


def _copy(old: str, to: int, **changes: object) -> Any:
    """Copy a column with its header to a free place, and type over some of its cells."""

    def edit(sheet: Any) -> None:
        at = column_of(sheet, old)
        for row in range(3, sheet.max_row + 1):
            sheet.cell(row, to).value = sheet.cell(row, at).value
        for row_id, value in changes.items():
            sheet.cell(row_of(sheet, row_id), to).value = value

    return edit


def _swap_headers(sheet: Any) -> None:
    problem, step = (sheet.cell(3, column_of(sheet, each)) for each in ("存在问题", "下一步措施"))
    problem.value, step.value = step.value, problem.value


def _hide(sheet: Any) -> None:
    for letter in "HIJ":
        sheet.column_dimensions[letter].hidden = True


def _second_header_row(sheet: Any) -> None:
    """Two rows of header: a group above the columns, merged over them."""
    sheet.insert_rows(3)
    sheet["F3"] = "进展"
    sheet.merge_cells("F3:G3")


def _header_cell_moved_down(sheet: Any) -> None:
    sheet["F4"], sheet["F3"] = sheet["F3"].value, None


def _no_header(sheet: Any) -> None:
    for cell in sheet[3]:
        cell.value = None


def _ids_last(sheet: Any) -> None:
    move_column(sheet, "任务编号", 10)


KINDS = [
    Kind(
        "the column of progress moved to the front, and a cell of the last line with it",
        edit=on(PROGRESS, lambda sheet: move_column(sheet, "本期进展", 2)),
        expected="\n".join(line for line in QUARTER.splitlines() if "填报人电话" not in line),
        findings="text-outside 工作进展 第11行B列",
    ),
    Kind("the column of ids moved to the end", edit=on(PROGRESS, _ids_last)),
    Kind(
        "the column of the state moved behind the next steps",
        edit=on(PROGRESS, lambda s: move_column(s, "完成情况", 10)),
    ),
    Kind(
        "the value of a target moved before its title", edit=on("量化指标", lambda s: move_column(s, "累计完成值", 3))
    ),
    Kind(
        "a column for remarks inserted and filled in",
        edit=on(PROGRESS, lambda sheet: insert_column(sheet, 7, "备注", {"T001": "数据待核"})),
        findings="column-unknown 工作进展 第3行G列",
    ),
    Kind("a column inserted and left blank", edit=on(PROGRESS, lambda sheet: insert_column(sheet, 7, ""))),
    Kind(
        "a column without a header filled in",
        edit=on(PROGRESS, lambda sheet: insert_column(sheet, 7, "", {"T004": "另附材料"})),
        findings="column-unknown 工作进展 第3行G列",
    ),
    Kind("a column deleted that nobody filled in", edit=on(PROGRESS, _delete("需协调事项"))),
    Kind(
        "a column deleted that had been filled in",
        edit=on(PROGRESS, _delete("存在问题", "下一步措施")),
        expected="\n".join(line for line in QUARTER.splitlines() if "存在问题" not in line and "下一步" not in line),
        findings="slow-no-problem 工作进展 第6行",
    ),
    Kind("the reference columns deleted", edit=on(PROGRESS, lambda sheet: sheet.delete_cols(11, 10))),
    Kind("columns hidden", edit=on(PROGRESS, _hide)),
    Kind("a header in other words that mean the same", edit=header(PROGRESS, "本期进展", "进展情况")),
    Kind("a header with spaces and a line break in it", edit=header(PROGRESS, "本期进展", " 本 期\n进　展 ")),
    Kind(
        "a header with another remark in brackets", edit=header(PROGRESS, "本期进展", "本期进展(截至3月底,500字以内)")
    ),
    Kind("a header followed by a star and a colon", edit=header(PROGRESS, "存在问题", "存在问题*：")),
    Kind(
        "a header misspelt",
        edit=header(PROGRESS, "本期进展", "本期进度情况"),
        expected="\n".join(line for line in QUARTER.splitlines() if "本期进展" not in line),
        findings="column-misspelt 工作进展 第3行F列",
    ),
    Kind(
        "a header deleted over a filled column",
        edit=header(PROGRESS, "存在问题", None),
        expected="\n".join(line for line in QUARTER.splitlines() if "存在问题" not in line),
        findings="column-unknown 工作进展 第3行H列\nslow-no-problem 工作进展 第6行",
    ),
    Kind(
        "all headers of a sheet deleted",
        edit=on(PROGRESS, _no_header),
        expected=without(QUARTER, "T001", "T002", "T004"),
        findings="header-missing 工作进展",
    ),
    Kind("two rows of header, the upper merged", edit=on(PROGRESS, _second_header_row)),
    Kind("one header cell moved a row down", edit=on(PROGRESS, _header_cell_moved_down)),
    Kind(
        "two headers swapped take what stands under them",
        edit=on(PROGRESS, _swap_headers),
        expected=but(
            QUARTER,
            "| 工作进展 | T002 | 存在问题   | changed | 4月底前全部腾出场地 |",
            "| 工作进展 | T002 | 下一步措施 | changed | 部分学校场地未腾出  |",
        ),
    ),
    Kind("a column copied to the right of the form", edit=on(PROGRESS, _copy("本期进展", 25))),
    Kind(
        "a column copied and one cell of the copy rewritten",
        edit=on(PROGRESS, _copy("本期进展", 25, T001="已开工3所")),
        expected=but(QUARTER, "| 工作进展 | T001 | 本期进展 | invalid | |"),
        findings="row-twice 工作进展 第5行F列",
    ),
    Kind(
        "a column of last period added under a header of its own",
        edit=on(PROGRESS, lambda sheet: insert_column(sheet, 6, "上年同期", {"T001": "1所"})),
        findings="column-unknown 工作进展 第3行F列",
    ),
    Kind(
        "a column deleted after it was reported keeps what was reported",
        before=lambda county: [county.at(1)],
        edit=together(
            typing("| row | column | value |\n| T005 | 完成情况 | 未启动 |"), on(PROGRESS, _delete("本期进展"))
        ),
        expected=but(QUARTER.replace("changed", "same"), "| 工作进展 | T005 | 完成情况 | changed | 未启动 |"),
    ),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind(kind: Kind, county: County, tmp_path: Path) -> None:
    check(kind, county, tmp_path)
