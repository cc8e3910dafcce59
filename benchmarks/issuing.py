"""``taskkit.issue`` as a whole, from ledger to files, against making the same files cell by cell.

    python -m benchmarks.issuing

The plan is gd-2023 of TASKKIT_PLANS, else of ../shared/plans; its main part for all units. XlsxWriter
writes what stands in the issued files: every cell in its format, widths, heights, merges, drop-downs,
conditional formats, protection and print set-up, the texts at hand before the clock starts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

import taskkit
from benchmarks.ratios import ROUNDS, in_turns
from tests.plans import plans_folder

PERIOD = "2023Q2"


@dataclass(frozen=True)
class Sheet:
    """What XlsxWriter has to write for one sheet."""

    title: str
    cells: tuple[tuple[int, int, Any, int], ...]  # row, column, value, number of the format
    widths: tuple[tuple[int, float], ...]
    heights: tuple[tuple[int, float], ...]
    merges: int
    validations: tuple[str, ...]
    conditions: tuple[str, ...]


def sheets_of(path: Path) -> tuple[Sheet, ...]:
    """The sheets of an issued workbook."""
    book = openpyxl.load_workbook(path)
    return tuple(
        Sheet(
            sheet.title,
            tuple(
                (cell.row - 1, cell.column - 1, cell.value, cell.style_id)
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None or cell.has_style
            ),
            tuple((at, each.width) for at, each in enumerate(sheet.column_dimensions.values())),
            tuple((row - 1, each.height) for row, each in sheet.row_dimensions.items() if each.height),
            len(sheet.merged_cells.ranges),
            tuple(str(each.sqref).split()[0] for each in sheet.data_validations.dataValidation),
            tuple(str(each.sqref).split()[0] for each in sheet.conditional_formatting),
        )
        for sheet in book.worksheets
    )


def by_xlsxwriter(books: Sequence[tuple[Sheet, ...]], folder: Path, in_memory: bool) -> None:
    """Write all workbooks cell by cell; ``in_memory`` without the temporary files that XlsxWriter makes by default."""
    for number, sheets in enumerate(books):
        book = xlsxwriter.Workbook(
            folder / f"{number:03d}.xlsx", {"strings_to_formulas": False, "in_memory": in_memory}
        )
        formats: dict[int, Any] = {}
        empty = book.add_format({"bg_color": "#FFF8DC"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.title)
            for at, width in sheet.widths:
                page.set_column(at, at, width)
            for row, height in sheet.heights:
                page.set_row(row, height)
            for row, column, value, style in sheet.cells:
                if style not in formats:
                    formats[style] = book.add_format(
                        {"font_name": "宋体", "border": 1, "text_wrap": True, "locked": bool(style % 2)}
                    )
                if isinstance(value, str):
                    page.write_string(row, column, value, formats[style])
                else:
                    page.write(row, column, value, formats[style])
            for area in sheet.validations:
                page.data_validation(area, {"validate": "any", "input_title": "提示", "input_message": "请填写"})
            for area in sheet.conditions:
                rule = {"type": "formula", "criteria": "=LEN(TRIM(A1))=0", "format": empty}
                page.conditional_format(area, rule)
            page.protect("", {"format_cells": True, "autofilter": True})
            page.set_landscape()
            page.set_paper(9)
            page.fit_to_pages(1, 0)
            page.repeat_rows(2)
            page.set_footer("&C第 &P 页")
        book.close()


def main() -> None:
    plan = taskkit.read_plan(plans_folder() / "gd-2023.docx")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        ledgers = [taskkit.open_ledger(f"sqlite:///{folder}/{number}.db") for number in range(2 * ROUNDS + 1)]
        names = [ledger.add_plan(plan) for ledger in ledgers]
        turns = iter(zip(ledgers, names, range(2 * ROUNDS + 1), strict=True))

        def issue() -> list[Path]:
            ledger, name, number = next(turns)
            return list(taskkit.issue(ledger, name, PERIOD, folder / str(number), role="all", part="main"))

        books = [sheets_of(path) for path in issue()]
        (folder / "cells").mkdir()
        for way, in_memory in (("by default", False), ("in memory", True)):
            ours, theirs = in_turns(issue, partial(by_xlsxwriter, books, folder / "cells", in_memory))
            print(
                f"issue {len(books)} workbooks, ledger to files: {ours:.2f} s; "
                f"XlsxWriter, cell by cell, {way}: {theirs:.2f} s   {theirs / ours:.1f} times as fast"
            )


if __name__ == "__main__":
    main()
