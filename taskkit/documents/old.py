"""Older office formats: workbooks read by calamine, texts and others converted by LibreOffice first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from taskkit.documents.docx import read_docx
from taskkit.documents.model import Block, Cell, Row, Table
from taskkit.documents.xlsx import read_xlsx
from taskkit.office.child import ask_child
from taskkit.office.libreoffice import convert
from taskkit.places import column_letter

Place = tuple[int, int]


def read_old_sheets(data: bytes, name: str) -> tuple[Block, ...]:
    """The sheets of an .xls, .et or .ods workbook as tables.

    Raises InputError where it is damaged, locked or breaks a limit.
    """
    sheets = ask_child("taskkit.office.old_sheets", data, name, "工作簿")
    return tuple(table for table in map(_table, sheets) if table.rows)


def _table(sheet: dict[str, Any]) -> Table:
    title, texts = sheet["title"], sheet["rows"]
    first = _merged(texts, sheet["merges"])
    lost = {(row, column): error for row, column, error in sheet["lost"]}
    hidden = set(sheet["hidden_rows"])
    rows = []
    for number, row_texts in enumerate(texts):
        cells = []
        for column in range(len(row_texts)):
            top, left = first.get((number, column), (number, column))
            place = {"above": top < number, "left": left < column}
            cells.append(Cell(texts[top][left], **place, lost=lost.get((top, left), "")))
        if any(cell.text for cell in cells):
            rows.append(Row(tuple(cells), f"工作表“{title}”第{number + 1}行", hidden=number in hidden))
    columns = [column for column in sheet["hidden_columns"] if any(any(row[column : column + 1]) for row in texts)]
    return Table(
        tuple(rows),
        f"工作表“{title}”",
        sheet=True,
        title=title,
        hidden=sheet["hidden"],
        hidden_columns=tuple(column_letter(column + 1) for column in columns),
    )


def _merged(texts: list[list[str]], merges: list[list[int]]) -> dict[Place, Place]:
    """For each field of a merged area its first one; areas without content are left out."""
    first: dict[Place, Place] = {}
    for top, left, bottom, right in merges:
        if top < len(texts) and left < len(texts[top]) and texts[top][left]:
            for row in range(top, min(bottom, len(texts) - 1) + 1):
                for column in range(left, min(right, len(texts[top]) - 1) + 1):
                    first[row, column] = (top, left)
    return first


def converted(suffix: str, target: str) -> Callable[[bytes, str], tuple[Block, ...]]:
    """A reader for a format that LibreOffice turns into .docx or .xlsx first."""
    read = read_docx if target == "docx" else read_xlsx

    def read_converted(data: bytes, name: str) -> tuple[Block, ...]:
        return read(convert(data, name, suffix, target), name)

    return read_converted
