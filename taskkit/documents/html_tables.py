"""Tables of web pages as grids; tables that only place things on the page are told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from taskkit.documents.model import Cell

MAX_SPAN = 200
MAX_ROWSPAN = 5_000
MAX_CELLS = 1_000_000
_LONG = 600  # characters in one cell with several paragraphs: an article, not a cell
_LINES = ("p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6")


def is_layout(table: etree._Element) -> bool:
    """Whether a table only places things: it holds further tables, or an article in one of its cells."""
    if next(table.iterdescendants("table"), None) is not None:
        return True
    widest = 0
    for row in rows_of(table):
        cells = list(_cells(row))
        widest = max(widest, len(cells), *(_span(cell, "colspan", MAX_SPAN) for cell in cells), 0)
        for cell in cells:
            if sum(1 for _ in cell.iter(*_LINES)) > 5 and len(text_of(cell).strip()) > _LONG:
                return True
    return widest < 2


def text_of(node: etree._Element) -> str:
    """All text of an element."""
    return "".join(str(part) for part in node.itertext())


def rows_of(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table itself, with those inside its head, body and foot."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return (cell for cell in row if cell.tag in ("td", "th"))


def grid_of(table: etree._Element) -> Iterator[tuple[Cell, ...]]:
    """The rows of a table with merged cells in every place that they cover."""
    hanging: dict[int, tuple[str, int, bool]] = {}  # column -> text, rows still to come, left part of it
    total = 0
    for row in rows_of(table):
        grid: list[Cell] = []
        cells = _cells(row)
        while True:
            while len(grid) in hanging:
                place = len(grid)
                text, more, left = hanging.pop(place)
                grid.append(Cell(text, above=True, left=left))
                if more > 1:
                    hanging[place] = (text, more - 1, left)
            if (cell := next(cells, None)) is None:
                break
            _put(cell, grid, hanging)
        total += len(grid)
        if total > MAX_CELLS:
            return
        yield tuple(grid)


def _put(cell: etree._Element, grid: list[Cell], hanging: dict[int, tuple[str, int, bool]]) -> None:
    text, down = _text(cell), _span(cell, "rowspan", MAX_ROWSPAN)
    for step in range(_span(cell, "colspan", MAX_SPAN)):
        if step and len(grid) in hanging:  # overlapping spans: the page is wrong, the earlier cell counts
            return
        grid.append(Cell(text, left=step > 0))
        if down > 1:
            hanging[len(grid) - 1] = (text, down - 1, step > 0)


def _span(cell: etree._Element, name: str, most: int) -> int:
    found = re.match(r"\s*(\d{1,6})", cell.get(name) or "")
    if not found:
        return 1
    value = int(found[1])
    return min(value, most) if value else (most if name == "rowspan" else 1)  # rowspan 0: to the end


def _text(cell: etree._Element) -> str:
    """The text of a cell, a line for each of its paragraphs."""
    parts: list[str] = []
    for event, node in etree.iterwalk(cell, events=("start", "end")):
        edge = node.tag in _LINES
        if event == "start":
            parts += ["\n"] if edge else []
            parts.append(_spaces(node.text))
        elif node is not cell:
            parts += ["\n"] if edge and node.tag != "br" else []
            parts.append(_spaces(node.tail))
    lines = (re.sub(r" +", " ", line).strip(" \u00a0\u3000") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _spaces(text: str | None) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")
