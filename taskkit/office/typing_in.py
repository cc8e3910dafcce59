"""Typing values into a workbook as a clerk does in Excel: for the demo and for trying things out.

It goes by what a person sees (headers) and by the hidden ids, through openpyxl, and shares no
code with the side that takes workbooks back.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any

from taskkit.office.cells import TALLEST, Box

ID_HEADERS = ("任务编号", "指标编号", "批示编号", "申请编号")
LABELS = ("填报人", "联系电话", "审核人")
Answers = Mapping[str, Mapping[str, object]]  # row id -> header -> what is typed


def type_in(workbook: bytes, answers: Answers) -> bytes:
    """The workbook with ``answers`` typed in, saved again.

    The row id ``book`` stands for the line 填报人 · 联系电话 · 审核人. Rows and headers that the
    workbook does not have are passed over.
    """
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for sheet in book.worksheets:
        _fill_sheet(sheet, answers)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _fill_sheet(sheet: Any, answers: Answers) -> None:
    headers: dict[str, int] = {}
    for row in sheet.iter_rows():
        texts = [_header(cell.value) for cell in row]
        if texts and texts[0] in ID_HEADERS:
            headers = {text: at for at, text in enumerate(texts) if text}
            continue
        row_id = str(row[0].value or "").partition(".")[2]
        if row_id == "book":
            _fill_line(row, answers.get("book", {}))
            continue
        for header, value in answers.get(row_id, {}).items():
            if header in headers:
                _type(sheet, row[headers[header]], value)


def _type(sheet: Any, cell: Any, value: object) -> None:
    """Put a value in a cell; the row grows with a wrapped text, as it does in Excel."""
    cell.value = value
    row = sheet.row_dimensions[cell.row]
    if cell.alignment.wrap_text:
        row.height = min(max(row.height or 0, _box(sheet, cell).height(str(value))), TALLEST)


def _box(sheet: Any, cell: Any) -> Box:
    dimension = sheet.column_dimensions[cell.column_letter]
    width = math.inf if dimension.hidden else float(dimension.width or 8.43) * 6 - 4
    return Box(width, float(cell.font.sz or 11))


def _fill_line(row: Any, answers: Mapping[str, object]) -> None:
    label = ""
    for cell in row[1:]:
        text = str(cell.value or "").rstrip("：:").strip()
        if text in LABELS:
            label = text
        elif label in answers:
            cell.value, label = answers[label], ""


def _header(value: object) -> str:
    return str(value or "").replace("\n", "").partition("（")[0].strip()
