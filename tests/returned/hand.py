"""What clerks do to a workbook in Excel or WPS, as functions of it as openpyxl opens it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl.cell.cell import MergedCell

from tests.returned.county import County
from tests.returned_books import opened, place, table, type_in

Book = Any  # openpyxl's workbook, sheet and cell
Page = Any
Edit = Callable[[Book], object]
PROGRESS = "工作进展"
_ID = re.compile(r"W[A-Z2-7]{12}\.(\S+)")


def together(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def edit(book: Book) -> None:
        for each in edits:
            each(book)

    return edit


def typing(answers: str) -> Edit:
    """Type in a Markdown table | row | column | value |."""

    def edit(book: Book) -> None:
        for row in table(answers):
            type_in(book, row["row"], row["column"], row["value"])

    return edit


def value(row_id: str, column: str, content: object, number_format: str = "") -> Edit:
    """Put a value of any type into one cell, with a number format."""

    def edit(book: Book) -> None:
        cell = place(book, row_id, column)
        cell.value = content
        if number_format:
            cell.number_format = number_format

    return edit


def row_of(sheet: Page, row_id: str) -> int:
    """The Excel row that carries an id."""
    for row in sheet.iter_rows():
        for cell in row:
            match = _ID.fullmatch(str(cell.value))
            if match and match[1] == row_id:
                return int(cell.row)
    raise LookupError(row_id)


def column_of(sheet: Page, header: str) -> int:
    """The Excel column under a header, from row 3, where headers stand in what is issued."""
    for cell in sheet[3]:
        if str(cell.value or "").partition("（")[0] == header:
            return int(cell.column)
    raise LookupError(header)


def rows_of(sheet: Page) -> list[list[Any]]:
    """The values of all rows."""
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def write_rows(sheet: Page, first: int, rows: Sequence[Sequence[Any]]) -> None:
    """Write rows of values from a row on; None clears."""
    for at, row in enumerate(rows, first):
        for column, content in enumerate(row, 1):
            sheet.cell(at, column).value = content


def data_rows(sheet: Page) -> list[int]:
    """The rows that carry an id, without the line 填报人."""
    found = []
    for row in sheet.iter_rows():
        match = _ID.fullmatch(str(row[0].value))
        if match and match[1] != "book":
            found.append(int(row[0].row))
    return found


def reordered(sheet: Page, order: Callable[[list[list[Any]]], list[list[Any]]]) -> None:
    """The data rows in another order, band rows and all else in their places."""
    numbers = data_rows(sheet)
    rows = [[cell.value for cell in sheet[number]] for number in numbers]
    for number, row in zip(numbers, order(rows), strict=True):
        write_rows(sheet, number, [row])


def move_column(sheet: Page, header: str, to: int) -> None:
    """Cut a column and insert it elsewhere: everything from row 3 on, with widths and looks left behind."""
    at = column_of(sheet, header)
    for row in sheet.iter_rows(min_row=3):
        contents = [cell.value for cell in row]
        contents.insert(to - 1, contents.pop(at - 1))
        for cell, content in zip(row, contents, strict=True):
            cell.value = content


def insert_column(sheet: Page, at: int, header: str, contents: Mapping[str, object] | None = None) -> None:
    """Insert a column with a header, and contents by row id."""
    sheet.insert_cols(at)
    sheet.cell(3, at).value = header
    for row_id, content in (contents or {}).items():
        sheet.cell(row_of(sheet, row_id), at).value = content


def clear_ids(book: Book) -> None:
    """Lose every hidden id."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if _ID.fullmatch(str(cell.value)):
                    cell.value = None


def delete_sheet(title: str) -> Edit:
    def edit(book: Book) -> None:
        del book[title]

    return edit


def delete_property(book: Book) -> None:
    """Lose the custom property, as a mail gateway that cleans files does."""
    book.custom_doc_props.props = []


def rename(title: str, new: str) -> Edit:
    def edit(book: Book) -> None:
        book[title].title = new

    return edit


def header(title: str, old: str, new: str | None) -> Edit:
    """Write another text over a header."""

    def edit(book: Book) -> None:
        sheet = book[title]
        sheet.cell(3, column_of(sheet, old)).value = new

    return edit


def on(title: str, action: Callable[[Page], object]) -> Edit:
    """An action on one sheet."""
    return lambda book: action(book[title])


def paste_sheet(source: bytes, title: str) -> Edit:
    """Copy the cells of a sheet of another workbook over the sheet of the same name."""

    def edit(book: Book) -> None:
        for row in opened(source)[title].iter_rows():
            for cell in row:
                if not isinstance(cell, MergedCell):
                    book[title][cell.coordinate].value = cell.value

    return edit


def files(**parts: Callable[[bytes, County], bytes]) -> Callable[[bytes, County], Mapping[str, bytes]]:
    """Several files, each made from the filled workbook."""
    return lambda data, county: {f"{name}.xlsx": make(data, county) for name, make in parts.items()}
