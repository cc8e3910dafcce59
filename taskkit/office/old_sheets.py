"""Sheets of old and open workbook formats (.xls, .et, .ods) by calamine. Runs as a child process.

calamine aborts the process on some files, so it never runs inside taskkit's own (see child.py).
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from taskkit.office.child import RefusedError, answer

MAX_CELLS = 4_000_000
MAX_COLUMNS = 500
MAX_ROWS = 60_000


def read_sheets(data: bytes) -> list[dict[str, Any]]:
    """The visible sheets: title, ``rows`` of texts, ``merges`` as (top, left, bottom, right)."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError:
        raise RefusedError("password") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise RefusedError("damaged") from None
    visible = python_calamine.SheetVisibleEnum.Visible
    names = [sheet.name for sheet in book.sheets_metadata if sheet.visible == visible]
    found = []
    for name in names:
        try:
            sheet = book.get_sheet_by_name(name)
        except (python_calamine.CalamineError, ValueError):  # a sheet of charts only
            continue
        found.append(_sheet(sheet))
    return found


def _sheet(sheet: Any) -> dict[str, Any]:
    if sheet.height > MAX_ROWS or sheet.width > MAX_COLUMNS or sheet.height * sheet.width > MAX_CELLS:
        raise RefusedError("too-large")
    top, left = sheet.start or (0, 0)
    if top > MAX_ROWS or left > MAX_COLUMNS:
        raise RefusedError("too-large")
    rows = [[""] * left + [_text(value) for value in row] for row in sheet.iter_rows()]  # from the sheet's first row on
    merges = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
    return {"title": sheet.name, "rows": rows, "merges": merges}


def _text(value: Any) -> str:
    """A cell as a person sees it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float | int):
        return f"{value:.15g}"
    return str(value).strip()


if __name__ == "__main__":
    answer(read_sheets)
