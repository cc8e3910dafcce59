"""Older office formats: workbooks read by calamine, texts and others converted by LibreOffice first."""

from __future__ import annotations

from collections.abc import Callable

from taskkit.documents.docx import read_docx
from taskkit.documents.model import Block, Cell, Row, Table
from taskkit.documents.xlsx import read_xlsx
from taskkit.office.child import ask_child
from taskkit.office.libreoffice import convert

Place = tuple[int, int]


def read_old_sheets(data: bytes, name: str) -> tuple[Block, ...]:
    """The visible sheets of an .xls, .et or .ods workbook as tables.

    Raises InputError where it is damaged, locked or breaks a limit.
    """
    sheets = ask_child("taskkit.office.old_sheets", data, name, "工作簿")
    tables = (_table(sheet["title"], sheet["rows"], sheet["merges"]) for sheet in sheets)
    return tuple(table for table in tables if table.rows)


def _table(title: str, texts: list[list[str]], merges: list[list[int]]) -> Table:
    first = _merged(texts, merges)
    rows = []
    for number, row_texts in enumerate(texts):
        cells = []
        for column in range(len(row_texts)):
            top, left = first.get((number, column), (number, column))
            cells.append(Cell(texts[top][left], above=top < number, left=left < column))
        if any(cell.text for cell in cells):
            rows.append(Row(tuple(cells), f"工作表“{title}”第{number + 1}行"))
    return Table(tuple(rows), f"工作表“{title}”")


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
