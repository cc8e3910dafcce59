"""Sheets of old and open workbook formats (.xls, .et, .ods) by calamine. Runs as a child process.

calamine aborts the process on some files, so it never runs inside taskkit's own (see child.py).
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from taskkit.office.child import RefusedError, answer
from taskkit.office.old_marks import Marks, marks_of

MAX_CELLS = 4_000_000
MAX_COLUMNS = 500
MAX_ROWS = 60_000


def read_sheets(data: bytes) -> list[dict[str, Any]]:
    """The sheets: title, ``rows`` of texts, ``merges`` as (top, left, bottom, right), and what is hidden or lost."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError:
        raise RefusedError("password") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise RefusedError("damaged") from None
    states = python_calamine.SheetVisibleEnum
    marks = marks_of(data)
    found = []
    for each in book.sheets_metadata:
        if each.visible == states.VeryHidden:
            continue
        try:
            sheet = book.get_sheet_by_name(each.name)
        except (python_calamine.CalamineError, ValueError):  # a sheet of charts only
            continue
        found.append(_sheet(sheet, marks.get(each.name, Marks())) | {"hidden": each.visible == states.Hidden})
    return found


def _sheet(sheet: Any, marks: Marks) -> dict[str, Any]:
    if sheet.height > MAX_ROWS or sheet.width > MAX_COLUMNS or sheet.height * sheet.width > MAX_CELLS:
        raise RefusedError("too-large")
    top, left = sheet.start or (0, 0)
    if top > MAX_ROWS or left > MAX_COLUMNS:
        raise RefusedError("too-large")
    rows = [  # from the sheet's first row on
        [""] * left + [_text(value, (row, left + column) in marks.percent) for column, value in enumerate(values)]
        for row, values in enumerate(sheet.iter_rows())
    ]
    merges = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    lost = [(*place, error) for place, error in sorted(marks.errors.items())]
    hidden = {"hidden_rows": sorted(marks.hidden_rows), "hidden_columns": sorted(marks.hidden_columns)}
    return {"title": sheet.name, "rows": rows, "merges": merges, "lost": lost} | hidden


def _text(value: Any, percent: bool = False) -> str:
    """A cell as a person sees it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float | int):
        return f"{value * 100:.10g}%" if percent else f"{value:.15g}"
    return str(value).strip()


if __name__ == "__main__":
    answer(read_sheets)
