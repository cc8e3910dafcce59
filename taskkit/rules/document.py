"""What of a document no person sees, or nobody can read: hidden sheets, rows and columns, lost and damaged cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from taskkit.dialects import table as tables
from taskkit.documents import Document, Row, Table
from taskkit.findings import Finding, finding

MANY = 10  # so many lost cells are said one by one


def visible_part(document: Document) -> tuple[Document, list[Finding]]:
    """A document without its hidden sheets, where the others hold a plan, and what is hidden in it.

    A hidden sheet is mostly last year's list, so it is not read silently; where the plan stands
    nowhere else, it is read all the same.
    """
    hidden = [table for table in document.tables if table.hidden]
    plans = [table for table in hidden if tables.fits([(0, table)])]
    shown = [block for block in document.blocks if not (isinstance(block, Table) and block.hidden)]
    if not any(isinstance(block, Table) and tables.fits([(0, block)]) for block in shown):
        return document, [finding("sheet-hidden-read", source=table.place, sheet=table.title) for table in plans]
    findings = [finding("sheet-hidden", source=table.place, sheet=table.title) for table in plans]
    return (replace(document, blocks=tuple(shown)) if hidden else document), findings


def check_document(document: Document) -> list[Finding]:
    """All doubts about a document that is read as a plan."""
    return [found for check in _CHECKS for found in check(document)]


def _pictures(document: Document) -> Iterator[Finding]:
    """Pages that are pictures, of which nothing could be read."""
    pages = [mark.place for mark in document.marks if mark.mark == "picture"]
    if pages:
        yield finding("pages-scanned", source=pages[0], count=len(pages), pages="、".join(pages))


def _tracked(document: Document) -> Iterator[Finding]:
    """Changes that nobody accepted yet: read as if accepted."""
    yield from (finding("changes-tracked", source=mark.place) for mark in document.marks if mark.mark == "tracked")


def _unruled(document: Document) -> Iterator[Finding]:
    """Tables without lines, whose cells were told by where the text stands."""
    for table in document.tables:
        if table.unruled and tables.fits([(0, table)]):
            yield finding("table-unruled", source=table.place)


def _damaged(document: Document) -> Iterator[Finding]:
    """Characters that could not be decoded, with the first place."""
    texts = [(block.text, block.place) for block in document.paragraphs]
    texts += [(text, row.place) for table in document.tables for row in table.rows for text in row.texts]
    damaged = [(text.count("\ufffd"), place) for text, place in texts if "\ufffd" in text]
    if damaged:
        yield finding("text-damaged", source=damaged[0][1], count=sum(count for count, _ in damaged))


def _hidden(document: Document) -> Iterator[Finding]:
    """Rows and columns of a sheet that are hidden: read like the others, but a person does not see them."""
    rows = [row for table in document.tables for row in table.rows if row.hidden and any(row.texts)]
    if rows:
        yield finding("rows-hidden", source=rows[0].place, count=len(rows))
    for table in document.tables:
        if table.hidden_columns:
            yield finding("columns-hidden", source=table.place, columns="、".join(table.hidden_columns))


def _lost(document: Document) -> Iterator[Finding]:
    """Cells that hold an error value or a formula whose result nobody saved."""
    lost = [(row, text) for table in document.tables for row in table.rows for text in _lost_in(row)]
    for row, text in lost[:MANY]:
        yield finding("cell-lost", source=row.place, value=text)
    if len(lost) > MANY:
        yield finding("cells-lost", source=lost[MANY][0].place, count=len(lost) - MANY)


def _lost_in(row: Row) -> list[str]:
    return [cell.lost for cell in row.cells if cell.lost and not (cell.above or cell.left)]


_CHECKS = (_damaged, _pictures, _tracked, _unruled, _hidden, _lost)
