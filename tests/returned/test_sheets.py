"""Sheets that were renamed, moved, copied, hidden, deleted or added; the marks that a file carries lost or changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taskkit.office.book_data import MAX_SHEETS
from tests.returned.county import QUARTER, SUPPORT, UNIT, County
from tests.returned.hand import (
    PROGRESS,
    clear_ids,
    delete_property,
    delete_sheet,
    insert_column,
    on,
    paste_sheet,
    rename,
    row_of,
    together,
    write_rows,
)
from tests.returned.kinds import Kind, but, check, of_units, without
from tests.returned_books import edited, opened, saved, type_in

MARKS = "_taskkit"


def _backwards(book: Any) -> None:
    for sheet in list(book.worksheets):
        book.move_sheet(sheet, -book.index(sheet))


def _copy_sheet(book: Any) -> Any:
    copied = book.copy_worksheet(book[PROGRESS])
    copied.title = f"{PROGRESS} (2)"
    return copied


def _copy_filled_in_otherwise(book: Any) -> None:
    copied = _copy_sheet(book)
    copied.cell(row_of(copied, "T001"), 6).value = "已开工3所"


def _original_kept_blank(book: Any) -> None:
    """The clerk copied the sheet, filled in the copy, and left the original as it came."""
    _copy_sheet(book)
    sheet = book[PROGRESS]
    for row in ("T001", "T002", "T004", "book"):
        for at in range(6, 11):
            sheet.cell(row_of(sheet, row), at).value = None
    type_in(book, "book", "填报人", None)


def _one_sheet_of_two(book: Any) -> None:
    """The targets pasted below the tasks on one sheet, and their own sheet deleted."""
    sheet, targets = book[PROGRESS], book["量化指标"]
    write_rows(sheet, sheet.max_row + 3, [[cell.value for cell in row] for row in targets.iter_rows()])
    del book["量化指标"]


def _hide(book: Any) -> None:
    book.active = book.index(book["量化指标"])
    book[PROGRESS].sheet_state = "hidden"


def _show_marks(book: Any) -> None:
    book[MARKS].sheet_state = "visible"


def _marks_renamed(book: Any) -> None:
    book[MARKS].title = "Sheet9"


def _many_sheets(book: Any) -> None:
    for number in range(MAX_SHEETS + 1):
        book.create_sheet(f"表{number}")


def _values_only(data: bytes, county: County) -> bytes:
    """Everything copied into a new workbook: ids come along, property and hidden sheet do not."""
    old, new = opened(data), openpyxl.Workbook()
    for title in (PROGRESS, "量化指标"):
        write_rows(new.create_sheet(title), 1, [[cell.value for cell in row] for row in old[title].iter_rows()])
    return saved(new)


def _over_second(data: bytes, county: County) -> bytes:
    """The whole sheet of last quarter's filled workbook pasted over this quarter's."""
    return edited(county.sent["second"], paste_sheet(data, PROGRESS))


def _another_units(data: bytes, county: County) -> bytes:
    """Another unit's sheet, with its own ids, copied into this workbook."""
    source = opened(county.filled("support"))["配合任务"]

    def edit(book: Any) -> None:
        write_rows(book.create_sheet("配合任务"), 1, [[cell.value for cell in row] for row in source.iter_rows()])

    return edited(data, edit)


KINDS = [
    Kind("sheets renamed", edit=rename(PROGRESS, "3月进展"), expected=QUARTER.replace(PROGRESS, "3月进展")),
    Kind(
        "sheets renamed to each others names",
        edit=together(rename(PROGRESS, "甲"), rename("量化指标", PROGRESS), rename("甲", "量化指标")),
        expected=QUARTER.replace(PROGRESS, "甲")
        .replace("量化指标", PROGRESS)
        .replace("甲 ", "量化指标 ", 9)
        .replace("| 甲 |", "| 量化指标 |"),
    ),
    Kind("sheets in the opposite order", edit=_backwards),
    Kind("the guide deleted", edit=delete_sheet("填报说明")),
    Kind("a sheet copied and left alike", edit=_copy_sheet),
    Kind(
        "a sheet copied and one cell of the copy rewritten",
        edit=_copy_filled_in_otherwise,
        expected=but(QUARTER, "| 工作进展 | T001 | 本期进展 | invalid | |"),
        findings="row-twice 工作进展 第5行F列",
    ),
    Kind(
        "a copy of the sheet filled in and the original left blank",
        edit=_original_kept_blank,
        expected=QUARTER.replace("| 工作进展 |", "| 工作进展 (2) |"),
    ),
    Kind("the targets pasted below the tasks", edit=_one_sheet_of_two, expected=QUARTER.replace("量化指标", PROGRESS)),
    Kind(
        "the sheet of the targets deleted", edit=delete_sheet("量化指标"), expected=without(QUARTER, "T001.1", "T003.1")
    ),
    Kind("the filled sheet hidden", edit=_hide),
    Kind(
        "a sheet of the clerks own added",
        edit=lambda book: book.create_sheet("附表").append(["学校", "进度"]),
        findings="sheet-added 附表",
    ),
    Kind("an empty sheet added", edit=lambda book: book.create_sheet("Sheet1")),
    Kind("the hidden sheet of marks deleted", edit=delete_sheet(MARKS)),
    Kind("the hidden sheet of marks shown", edit=_show_marks),
    Kind("the hidden sheet of marks renamed", edit=_marks_renamed),
    Kind("the property lost", edit=delete_property),
    Kind("the property and the hidden sheet lost", edit=together(delete_property, delete_sheet(MARKS))),
    Kind(
        "the property and all ids lost",
        edit=together(delete_property, clear_ids),
        findings="row-by-text 工作进展 第5行\nrow-by-text 量化指标 第5行",
    ),
    Kind("all cells copied into a new workbook", patch=_values_only),
    Kind(
        "a column inserted on one sheet and the other sheet deleted",
        edit=together(on(PROGRESS, lambda sheet: insert_column(sheet, 3, "")), delete_sheet("量化指标")),
        expected=without(QUARTER, "T001.1", "T003.1"),
    ),
    Kind("more sheets than anybody needs", edit=_many_sheets, expected="| row |", outcome="refused"),
    Kind(
        "the whole sheet of last quarter pasted over this quarters",
        form="second",
        patch=lambda data, county: _over_second(county.filled("quarter"), county),
        expected="| row |",
        outcome="refused",
        findings="row-foreign 工作进展 第5行",
    ),
    Kind(
        "another units sheet copied into the workbook",
        patch=_another_units,
        expected=of_units(**{UNIT: QUARTER, "县财政局": SUPPORT}),
        outcome="accepted/accepted",
        findings="sheets-parted",
    ),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind(kind: Kind, county: County, tmp_path: Path) -> None:
    check(kind, county, tmp_path)
