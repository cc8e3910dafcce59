"""Tables that lost their lines: columns set apart by spaces, or every cell on a line of its own (D3).

Such lines are put back into a table and read like any other. A row with more or fewer cells than
the header is read as it stands, and reported, for its cells may have moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from taskkit.dialects import table
from taskkit.dialects.headers import MAX_HEADER, header_column, is_header
from taskkit.dialects.rows import Reading
from taskkit.documents import Cell, Paragraph, Row, Table
from taskkit.findings import Finding, finding
from taskkit.text import squeeze

NAME = "loose"
_GAP = re.compile(r"[ \u3000]{2,}|\t+")
_NUMBER = re.compile(r"\d{1,4}")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]")
_MIN_COLUMNS = 3
_MAX_COLUMNS = 15
Line = tuple[int, Paragraph]


@dataclass
class _Found:
    """One table put back together: ``start`` is the block of its header."""

    start: int
    rows: list[Row]
    used: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def fits(paragraphs: Sequence[Line]) -> int:
    """How many rows of such tables there are."""
    return sum(len(found.rows) - 1 for found in _tables(paragraphs))


def read(paragraphs: Sequence[Line]) -> Reading:
    """The rows of these paragraphs."""
    found = list(_tables(paragraphs))
    places = dict(paragraphs)
    reading = table.read([(each.start, Table(tuple(each.rows), places[each.start].place)) for each in found])
    used = frozenset(index for each in found for index in each.used)
    return Reading(reading.rows, used, (*reading.findings, *(one for each in found for one in each.findings)))


def _tables(paragraphs: Sequence[Line]) -> Iterator[_Found]:
    place = 0
    while place < len(paragraphs):
        found, place = _spaced(paragraphs, place) or _stacked(paragraphs, place) or (None, place + 1)
        if found and len(found.rows) > 1:
            yield found


def _cells(text: str) -> list[str]:
    return [cell for cell in _GAP.split(text.strip()) if cell]


def _spaced(paragraphs: Sequence[Line], place: int) -> tuple[_Found, int] | None:
    """A table whose columns are set apart by spaces, and where it ends."""
    index, first = paragraphs[place]
    header = _cells(first.text)
    if not (_MIN_COLUMNS <= len(header) <= _MAX_COLUMNS and is_header(header)):
        return None
    found = _Found(index, [_row(header, first)], {index})
    for end in range(place + 1, len(paragraphs)):
        index, line = paragraphs[end]
        cells = _together(_cells(line.text), len(header))
        if len(cells) == 1 and not _HEADING.match(cells[0]):
            return found, end
        _add(found, cells, len(header), line)
        found.used.add(index)
    return found, len(paragraphs)


def _together(cells: list[str], width: int) -> list[str]:
    """Cells of a row with padded names (王  二) put together where there are too many."""
    while len(cells) > width:
        pair = next((i for i in range(len(cells) - 1) if len(cells[i]) == len(cells[i + 1]) == 1), None)
        if pair is None:
            break
        cells = [*cells[:pair], cells[pair] + cells[pair + 1], *cells[pair + 2 :]]
    return cells


def _stacked(paragraphs: Sequence[Line], place: int) -> tuple[_Found, int] | None:
    """A table with every cell on a line of its own, known by its header and its running numbers."""
    header = _header_lines([paragraph.text for _, paragraph in paragraphs[place : place + _MAX_COLUMNS + 1]])
    if not header:
        return None
    width, end = len(header), place + len(header)
    index, first = paragraphs[place]
    found = _Found(index, [_row(header, first)], {index for index, _ in paragraphs[place:end]})
    number = 0
    while end < len(paragraphs):
        line = paragraphs[end][1]
        if [paragraph.text for _, paragraph in paragraphs[end : end + width]] == header:
            taken = width  # the next page
        elif _HEADING.match(line.text):
            _add(found, [line.text], width, line)
            taken = 1
        elif _NUMBER.fullmatch(line.text):
            number = int(line.text)
            texts = [paragraph.text for _, paragraph in paragraphs[end : end + 3 * width]]
            taken = _row_length(texts, number, header)
            _add(found, [paragraph.text for _, paragraph in paragraphs[end : end + taken]], width, line)
        else:
            break
        found.used |= {index for index, _ in paragraphs[end : end + taken]}
        end += taken
    return (found, end) if number else None


def _header_lines(texts: Sequence[str]) -> list[str]:
    """The names of columns that stand one per line, from a 序号 to the first number."""
    column = header_column(texts[0]) if len(texts[0]) <= MAX_HEADER else None
    if not column or column.field != "no":
        return []
    end = next((i for i, text in enumerate(texts) if _NUMBER.fullmatch(text) or _HEADING.match(text)), 0)
    header = list(texts[:end])
    return header if len(header) >= _MIN_COLUMNS and is_header(header) else []


def _row_length(texts: Sequence[str], number: int, header: Sequence[str]) -> int:
    """How many lines a row takes: up to the next number, heading or header, else as many as there are columns."""
    width = len(header)
    for place, text in enumerate(texts[1:], start=1):
        repeated = list(texts[place : place + width]) == list(header)
        if text == str(number + 1) or repeated or (place >= _MIN_COLUMNS and _HEADING.match(text)):
            return place
    return min(width, len(texts))


def _row(cells: Sequence[str], line: Paragraph) -> Row:
    return Row(tuple(Cell(squeeze(cell) if _NUMBER.fullmatch(cell) else cell) for cell in cells), line.place)


def _add(found: _Found, cells: Sequence[str], width: int, line: Paragraph) -> None:
    if len(cells) not in (1, width):
        found.findings.append(finding("row-uneven", source=line.place, have=len(cells), want=width))
    found.rows.append(_row([*cells, *[""] * (width - len(cells))], line))
