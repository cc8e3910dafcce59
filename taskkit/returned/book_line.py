"""The line 填报人 · 联系电话 · 审核人, once in a workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from taskkit.columns import BOOK_FIELDS, BOOK_ROW, Column, find_column
from taskkit.findings import Finding, finding
from taskkit.marks import ids_of, is_id
from taskkit.merge import canonical
from taskkit.office.sheets import BookData, Row, SheetData
from taskkit.places import Place
from taskkit.returned.cells import ReturnedCell, returned_cell
from taskkit.returned.layout import Layout
from taskkit.wording import shortened


@lru_cache(maxsize=1024)
def _label(text: str) -> Column | None:
    return find_column(text, BOOK_FIELDS)


def labels_of(row: Row) -> dict[int, tuple[Column, str]]:
    """Column number -> the label that stands there, and what was typed behind its colon."""
    found = {}
    for at, cell in row.items():
        if cell.kind == "text":
            label, _, rest = str(cell.value).replace("：", ":").partition(":")
            column = _label(label) if len(label) <= 20 else None
            if column is not None:
                found[at] = (column, canonical(rest))
    return found


def book_cells(book: BookData, layout: Layout) -> Iterator[ReturnedCell]:
    """What stands behind the labels of the line, wherever it stands."""
    for sheet in book.sheets:
        ids, last = ids_of(sheet), 0
        for number, row in sheet.rows.items():
            owner, row_id = ids.get(number, ("", ""))
            labels = labels_of(row) if not row_id or row_id == BOOK_ROW else {}
            ours = owner == layout.workbook if owner else _is_book_line(labels) or number == last + 1
            if labels and ours:
                last = number
                yield from _line_cells(sheet, number, labels, layout)


def _is_book_line(labels: Mapping[int, tuple[Column, str]]) -> bool:
    """Without its id, the line is known by 填报人 and one label more (and may go on below)."""
    return len(labels) >= 2 and BOOK_FIELDS[0].column in {column for column, _ in labels.values()}


def _line_cells(
    sheet: SheetData, number: int, labels: Mapping[int, tuple[Column, str]], layout: Layout
) -> Iterator[ReturnedCell]:
    row = sheet.rows[number]
    for at, (column, behind) in labels.items():
        stop = min((other for other in labels if other > at), default=at + 4)
        beside = [each for each in range(at + 1, stop) if each in row and not is_id(row[each])]
        if (layout.line, column.header) not in layout.sent:
            continue
        if beside or (not behind and at + 1 < stop):
            place = Place(sheet.title, number, beside[0] if beside else at + 1)
            yield returned_cell(layout.line, column, row[beside[0]] if beside else None, place)
        elif behind:
            yield ReturnedCell(layout.line, column, behind, Place(sheet.title, number, at))


def unlabelled(book: BookData, taken: Collection[Place]) -> Iterator[Finding]:
    """What stands on the line 填报人 · 联系电话 · 审核人 behind none of these labels: it was moved there."""
    for sheet in book.sheets:
        for number in (at for at, (_, row_id) in ids_of(sheet).items() if row_id == BOOK_ROW):
            labels = labels_of(sheet.rows[number])
            for at, cell in sheet.rows[number].items():
                place = Place(sheet.title, number, at)
                if at not in labels and not is_id(cell) and place not in taken:
                    yield finding("text-outside", place, source=book.name, value=shortened(cell.value))
