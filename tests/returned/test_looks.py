"""Locked cells that were changed, and what is added beside the values: comments, colours, pictures."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.worksheet.table import Table

from tests.returned.county import QUARTER, County
from tests.returned.hand import PROGRESS, column_of, on, row_of, together, value
from tests.returned.kinds import Kind, but, check
from tests.returned_books import place


def _png() -> bytes:
    """A picture of one red point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
        + chunk(b"IEND", b"")
    )


def _every_cell(sheet: Any, action: Any) -> None:
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            action(cell)


def _colour(cell: Any) -> None:
    cell.fill, cell.font = PatternFill("solid", fgColor="FFFF0000"), Font(strike=True, color="FFFFFFFF")


def _unlock(sheet: Any) -> None:
    sheet.protection.disable()
    _every_cell(sheet, lambda cell: setattr(cell, "protection", Protection(locked=False)))


def _lock_with_password(sheet: Any) -> None:
    sheet.protection.sheet = True
    sheet.protection.password = "123456"


def _comments(sheet: Any) -> None:
    for row in ("T001", "T002"):
        sheet.cell(row_of(sheet, row), 6).comment = Comment("请核对", "督查室")


def _chart(book: Any) -> None:
    chart = BarChart()
    chart.add_data(Reference(book["量化指标"], min_col=22, min_row=5, max_row=7))
    book["量化指标"].add_chart(chart, "B20")


def _chart_sheet(book: Any) -> None:
    chart = BarChart()
    chart.add_data(Reference(book["量化指标"], min_col=22, min_row=5, max_row=7))
    book.create_chartsheet("图表", 0).add_chart(chart)


def _picture(sheet: Any) -> None:
    sheet.add_image(Image(io.BytesIO(_png())), "F20")


def _as_table(sheet: Any) -> None:
    sheet.add_table(Table(displayName="进展", ref="A3:J10"))


def _merge_two(sheet: Any) -> None:
    top = row_of(sheet, "T001")
    at = column_of(sheet, "本期进展")
    sheet.merge_cells(start_row=top, end_row=top + 1, start_column=at, end_column=at)


def _merge_across(sheet: Any) -> None:
    """The text of progress merged with the cells to its right, as clerks do to get room."""
    row = row_of(sheet, "T004")
    sheet.merge_cells(start_row=row, end_row=row, start_column=8, end_column=10)


def _unmerge(sheet: Any) -> None:
    for reference in [str(each) for each in sheet.merged_cells.ranges]:
        sheet.unmerge_cells(reference)


def _print(sheet: Any) -> None:
    sheet.print_area, sheet.page_setup.orientation = "A1:J12", "portrait"
    sheet.oddFooter.center.text = "内部资料"
    sheet.freeze_panes = None


def _no_lists(book: Any) -> None:
    for sheet in book.worksheets:
        sheet.data_validations.dataValidation = []


def _overwritten_rates(book: Any) -> None:
    for row, rate in (("T001.1", 40), ("T003.1", "未达标")):
        place(book, row, "完成率").value = rate


KINDS = [
    Kind("comments in cells", edit=on(PROGRESS, _comments)),
    Kind("cells coloured and struck through", edit=on(PROGRESS, lambda sheet: _every_cell(sheet, _colour))),
    Kind("a picture of a seal", edit=on(PROGRESS, _picture)),
    Kind("a chart on a sheet", edit=_chart),
    Kind("a chart on a sheet of its own", edit=_chart_sheet),
    Kind("the rows made into a table of Excel", edit=on(PROGRESS, _as_table)),
    Kind(
        "a link in a cell",
        edit=lambda book: setattr(place(book, "T001", "本期进展"), "hyperlink", "https://example.com"),
    ),
    Kind(
        "conditional formats of the clerks own",
        edit=on(
            PROGRESS,
            lambda s: s.conditional_formatting.add(
                "A1:Z99", CellIsRule("equal", ['"甲"'], fill=PatternFill(bgColor="FF0000"))
            ),
        ),
    ),
    Kind("the drop-down lists lost", edit=_no_lists),
    Kind("another print area, footer and no frozen panes", edit=on(PROGRESS, _print)),
    Kind("the lock taken off all cells", edit=on(PROGRESS, _unlock)),
    Kind("the sheet locked with a password", edit=on(PROGRESS, _lock_with_password)),
    Kind("the merged title unmerged", edit=on(PROGRESS, _unmerge)),
    Kind("blank cells merged across", edit=on(PROGRESS, _merge_across)),
    Kind(
        "two rows of progress merged into one",
        edit=on(PROGRESS, _merge_two),
        expected="\n".join(line for line in QUARTER.splitlines() if "已改造食堂3个" not in line),
        findings="cells-merged 工作进展 第5行F列",
    ),
    Kind(
        "a task reworded",
        edit=value("T001", "工作任务", "新建中小学3所"),
        expected=but(QUARTER, "| 工作进展 | T001 | 工作任务 | locked | |"),
        findings="locked 工作进展 第5行C列",
    ),
    Kind(
        "a deadline put off",
        edit=value("T001", "完成时限", "2026年12月底前"),
        expected=but(QUARTER, "| 工作进展 | T001 | 完成时限 | locked | |"),
        findings="locked 工作进展 第5行D列",
    ),
    Kind(
        "a target lowered and a unit of measure changed",
        edit=together(value("T001.1", "年度目标值", 3), value("T001.1", "单位", "处")),
        expected=but(
            QUARTER,
            "| 量化指标 | T001.1 | 年度目标值 | locked | |",
            "| 量化指标 | T001.1 | 单位       | locked | |",
        ),
        findings="locked 量化指标 第5行F列",
    ),
    Kind(
        "a task deleted from its row",
        edit=value("T001", "工作任务", None),
        expected=but(QUARTER, "| 工作进展 | T001 | 工作任务 | locked | |"),
        findings="locked 工作进展 第5行C列",
    ),
    Kind(
        "only locked cells changed",
        typed="| row | column | value |",
        edit=value("T001", "工作任务", "新建中小学3所"),
        expected="| sheet | row | column | outcome | value |\n| 工作进展 | T001 | 工作任务 | locked | |",
        outcome="not taken",
        findings="locked 工作进展 第5行C列",
    ),
    Kind("the formulas of the form overwritten with figures", edit=_overwritten_rates),
    Kind("blanks typed into locked cells", edit=value("T002", "完成时限", "　")),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind(kind: Kind, county: County, tmp_path: Path) -> None:
    check(kind, county, tmp_path)
