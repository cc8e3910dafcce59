"""The cells of one returned workbook, and what a person should know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from taskkit.columns import row_owner
from taskkit.entries import CellKey, Workbook
from taskkit.findings import Finding, finding
from taskkit.office.sheets import BookData
from taskkit.places import Place
from taskkit.returned.book_line import book_cells, unlabelled
from taskkit.returned.cells import ReturnedCell, Stray, one_of, returned_cell
from taskkit.returned.items import Items, item_cells, numbered_items
from taskkit.returned.layout import INDICATOR, TITLE, Layout, layout_of
from taskkit.returned.rows import DataRow, band_of, data_rows
from taskkit.returned.sorting import sort_rows
from taskkit.returned.telling import (
    foreign_rows,
    headless,
    hidden_rows,
    merged_rows,
    once_a_sheet,
    repeated,
    stray_columns,
)


@dataclass(frozen=True)
class ReturnedBook:
    """What a file brings for the workbook that was sent: one cell for each place found, and findings.

    ``sent`` holds the values as they went out, in the same spelling as those that came back;
    ``proposed`` are the places of inserted rows, which were never sent and are open; ``strays`` are
    texts in columns to fill in, in rows that are nobody's (a band, below the form); ``unread`` are the
    columns whose header is misspelt, with how many of their cells were filled in.
    """

    cells: Mapping[CellKey, ReturnedCell]
    sent: Mapping[CellKey, str]
    findings: tuple[Finding, ...] = ()
    proposed: frozenset[CellKey] = frozenset()
    strays: tuple[Stray, ...] = ()
    unread: tuple[tuple[str, int], ...] = ()


def read_returned(
    book: BookData, sent: Workbook, known: Callable[[], Items] = dict, names: Mapping[str, str] | None = None
) -> ReturnedBook:
    """The cells of a returned file that belong to ``sent``, and what else a person should know of it.

    ``known`` gives the items that the unit proposed before; ``names`` are those of other workbooks, by their ids.
    """
    layout = layout_of(sent)
    found = sort_rows(data_rows(book, layout), book, layout)
    items = numbered_items(found.inserted, known(), layout) if found.inserted else []
    cells: dict[CellKey, list[ReturnedCell]] = {}
    for cell in (*_cells_of(found.sure, layout), *_held_cells(found.held, layout), *book_cells(book, layout)):
        cells.setdefault(cell.key, []).append(cell)
    proposed = {cell.key: cell for item in items for cell in item_cells(item, layout)}
    columns = tuple(stray_columns(found.sure, layout, book.name))
    chosen = {key: one_of(listed, layout.sent[key]) for key, listed in cells.items()} | proposed
    return ReturnedBook(
        chosen,
        {**layout.sent, **dict.fromkeys(proposed, "")},
        (
            *foreign_rows(found.foreign, names or {}, book.name),
            *found.findings,
            *once_a_sheet("row-by-text", found.by_text, book.name),
            *_proposals(items, book.name),
            *repeated(cells, chosen, book.name),
            *headless(found.ours, book.name),
            *(each.told for each in columns),
            *merged_rows(found.sure, layout, book.name),
            *hidden_rows(found.sure, layout, book.name),
            *unlabelled(book, {each.place for listed in cells.values() for each in listed}),
        ),
        frozenset(proposed),
        tuple(_strays(found.lost, layout)),
        tuple((each.near, each.count) for each in columns if each.count),
    )


def _cells_of(rows: Iterable[DataRow], layout: Layout) -> Iterator[ReturnedCell]:
    for row in rows:
        for at, column in row.columns.items():
            if (row.row_id, column.header) in layout.sent:
                place = Place(row.sheet.title, row.number, at)
                yield returned_cell(row.row_id, column, row.cells.get(at), place)


def _held_cells(rows: Iterable[DataRow], layout: Layout) -> Iterator[ReturnedCell]:
    """What was filled in rows of which nobody knows for certain which they are."""
    for row in rows:
        filled = row.filled(layout)
        yield from (
            replace(cell, held=True) for cell in _cells_of([row], layout) if cell.column.header in filled and cell.value
        )


def _strays(rows: Iterable[DataRow], layout: Layout) -> Iterator[Stray]:
    for row in rows:
        if band_of(row, layout) or not (row.text(TITLE) or row.text(INDICATOR)):
            for at, column in row.columns.items():
                if column.header in layout.open_columns[row.form] and (value := row.text(column.header)):
                    yield Stray(Place(row.sheet.title, row.number, at), column.header, value)


def _proposals(items: Iterable[DataRow], name: str) -> Iterator[Finding]:
    for row in items:
        words = {"text": row.shown, "row_id": row.row_id}
        yield finding("item-proposed", row.place, source=name, task_id=row_owner(row.row_id)[0], **words)
