"""Cells of a sheet given other styles, by splicing its XML: every other byte of the part stays as it is.

Rows and cells may lack their addresses, their tags may have a prefix, and a cell that nobody wrote
into may not be there: it is put in, in order, with the style that its row or column gives it.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple
from xml.parsers import expat

from lxml import etree

from taskkit.errors import InputError
from taskkit.office.book_data import LAST_COLUMN, LAST_ROW
from taskkit.office.xml import parse_xml
from taskkit.places import column_letter, column_number

Place = tuple[int, int]  # row, column
Edit = tuple[int, int, bytes]  # from, to, what stands there instead
_ATTRIBUTES = rb"""(?:[^>"'/]++|"[^"]*+"|'[^']*+'|/(?!>))*+"""
_ROOT = re.compile(rb"<(?:([\w.-]+):)?worksheet(?=[\s/>])" + _ATTRIBUTES + rb">")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([\w.-]+)["']""")
_ATTRIBUTE = re.compile(rb"""\s([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d+)["']""")
_ADDRESS = re.compile(rb"""\sr\s*=\s*["']\$?([A-Za-z]{1,3})\$?\d*["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 8.43, 15.0


def plain_xml(data: bytes, name: str) -> bytes:
    """A part as UTF-8 without comments, CDATA and instructions: as it is, where it has none of these."""
    encoding = _ENCODING.match(data)
    said = encoding[1].lower() if encoding else b"utf-8"
    # A single byte is found at once, two of them are not.
    odd = (b"!" in data and b"<!" in data) or (data.count(b"?") > 2 and data.count(b"<?") > data[:64].count(b"<?xml"))
    if said in (b"utf-8", b"utf8", b"us-ascii") and not odd and data[:4].lstrip(b"\xef\xbb\xbf").startswith(b"<"):
        return data
    root = parse_xml(data, name)
    for each in [*root.iter(etree.Comment), *root.iter(etree.ProcessingInstruction)]:
        parent, before = each.getparent(), each.getprevious()
        if parent is not None:
            if before is not None:
                before.tail = (before.tail or "") + (each.tail or "")
            else:
                parent.text = (parent.text or "") + (each.tail or "")
            parent.remove(each)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


@dataclass(frozen=True)
class _Tags:
    """The tags of a sheet as its prefix spells them."""

    prefix: bytes
    data: re.Pattern[bytes]
    row: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    col: re.Pattern[bytes]


@lru_cache(maxsize=64)
def _tags(prefix: bytes) -> _Tags:
    def start(name: bytes) -> re.Pattern[bytes]:
        return re.compile(b"<" + re.escape(prefix + name) + rb"(?=[\s/>])(" + _ATTRIBUTES + rb")(/?)>")

    return _Tags(prefix, start(b"sheetData"), start(b"row"), start(b"c"), start(b"col"))


class Row(NamedTuple):
    """A row as it stands in the XML: its number, where its tag begins and ends, and where its cells end."""

    number: int
    start: int
    inside: int
    end: int
    tag: bytes  # its attributes, as they are written
    is_empty: bytes  # the slash of <row …/>

    @property
    def attributes(self) -> dict[bytes, bytes]:
        return _attributes(self.tag)


class Cell(NamedTuple):
    """A cell's start tag."""

    column: int
    start: int
    end: int
    tag: bytes
    is_empty: bytes

    @property
    def style(self) -> int:
        found = _STYLE.search(self.tag)
        return int(found[1]) if found else 0


class SheetXml:
    """One worksheet's XML, taken apart as far as it has to be."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data = plain_xml(data, name)
        root = _ROOT.search(self.data)
        if root is None:
            raise _unreadable(name)
        self._name, self._root = name, root
        self.prefix = root[1] + b":" if root[1] else b""
        self._tags = _tags(self.prefix)
        found = self._tags.data.search(self.data)
        if found is None:
            raise _unreadable(name)
        self._has_data = not found[2]
        self._begin, self._inside = found.start(), found.end()
        self._end = self.data.rindex(b"</" + self.prefix + b"sheetData") if self._has_data else found.end()
        self.rows = list(self._rows())
        self._by_number: dict[int, list[Row]] = {}
        self._looked_up: dict[int, dict[int, Cell]] = {}  # cells by where their rows begin
        for row in self.rows:
            self._by_number.setdefault(row.number, []).append(row)

    def _rows(self) -> Iterable[Row]:
        number, opening, closing = 0, b"<" + self.prefix + b"row", b"</" + self.prefix + b"row"
        at = self.data.find(opening, self._inside, self._end)
        while at >= 0:
            match = self._tags.row.match(self.data, at)
            if match is None:
                raise _unreadable(self._name)
            said = _NUMBER.search(match[1])
            number = (int(said[1]) if said else 0) or number + 1
            inside = match.end()
            end = inside if match[2] else self.data.index(closing, inside)
            yield Row(number, at, inside, end, match[1], match[2])
            at = self.data.find(opening, end, self._end)

    def cells(self, row: Row) -> list[Cell]:
        """The cells of a row in their order."""
        found, column = [], 0
        for match in self._tags.cell.finditer(self.data, row.inside, row.end):
            said = _ADDRESS.search(match[1])
            column = column_number(said[1].decode()) if said else column + 1
            found.append(Cell(column, match.start(), match.end(), match[1], match[2]))
        return found

    def styled(self, styles: frozenset[int]) -> dict[Place, int]:
        """The cells that have one of these styles, with it."""
        return {
            (row.number, cell.column): cell.style
            for row in self.rows
            for cell in self.cells(row)
            if cell.style in styles
        }

    def styles(self, places: Iterable[Place]) -> dict[Place, int]:
        """The styles of the cells at these places; of those that are not there, the ones that they would have."""
        found: dict[Place, int] = {}
        self.restyle(places, lambda place, style: found.setdefault(place, style))
        return found

    def restyle(self, places: Iterable[Place], style: Callable[[Place, int], int]) -> list[Edit]:
        """The edits that give the cells at these places other styles: ``style`` makes one of place and style."""
        wanted: dict[int, set[int]] = {}
        for row, column in places:
            wanted.setdefault(row, set()).add(column)
        edits: list[Edit] = []
        missing: list[Edit] = []
        for number, columns in sorted(wanted.items()):
            rows = self._by_number.get(number)
            if rows:
                edits += self._restyle_row(rows, set(columns), style)
            else:
                missing.append(self._new_row(number, columns, style))
        return edits + self._placed(missing)

    def _restyle_row(self, rows: list[Row], columns: set[int], style: Callable[[Place, int], int]) -> Iterable[Edit]:
        last = rows[-1]
        for row in rows:
            if row.start not in self._looked_up or columns - self._looked_up[row.start].keys():
                cells = self._found(row, columns) or self.cells(row)
                self._looked_up[row.start] = {cell.column: cell for cell in cells}
            for cell in self._looked_up[row.start].values():
                if cell.column in columns:
                    columns.discard(cell.column)
                    yield cell.start, cell.end, self._retagged(cell, style((row.number, cell.column), cell.style))
        present = self.cells(last) if columns else []
        at = [cell.column for cell in present]
        added: dict[int, bytes] = {}
        for column in sorted(columns):
            place = bisect(at, column)
            where = present[place].start if place < len(present) else last.end
            added[where] = added.get(where, b"") + self._new_cell((last.number, column), last, style)
        for where, text in added.items():
            if last.is_empty:
                tag = self.data[last.start : last.inside].rstrip(b">").rstrip(b"/") + b">"
                yield last.start, last.inside, tag + text + b"</" + self.prefix + b"row>"
            else:
                yield where, where, text

    def _found(self, row: Row, columns: Iterable[int]) -> list[Cell]:
        """The cells of these columns, where all are there and written as Excel writes them; else none."""
        found = []
        for column in columns:
            start = self.data.find(
                b'<%bc r="%b%d"' % (self.prefix, column_letter(column).encode(), row.number), row.inside, row.end
            )
            match = self._tags.cell.match(self.data, start) if start >= 0 else None
            if match is None:
                return []
            found.append(Cell(column, match.start(), match.end(), match[1], match[2]))
        return found

    def _retagged(self, cell: Cell, style: int) -> bytes:
        tag = self.data[cell.start : cell.end]
        if not style:
            return re.sub(rb"""\ss\s*=\s*(?:"[^"]*"|'[^']*')""", b"", tag, count=1)
        number = b'"%d"' % style
        if _STYLE.search(cell.tag):
            return re.sub(rb"""(\ss\s*=\s*)(?:"[^"]*"|'[^']*')""", lambda match: match[1] + number, tag, count=1)
        end = b"/>" if cell.is_empty else b">"
        return tag[: -len(end)].rstrip() + b" s=" + number + end

    def _new_row(self, number: int, columns: Iterable[int], style: Callable[[Place, int], int]) -> Edit:
        cells = b"".join(self._new_cell((number, column), None, style) for column in sorted(columns))
        where = next((row.start for row in self.rows if row.number > number), self._end)
        return where, where, b'<%brow r="%d">%b</%brow>' % (self.prefix, number, cells, self.prefix)

    def _new_cell(self, place: Place, row: Row | None, style: Callable[[Place, int], int]) -> bytes:
        said = row.attributes if row else {}
        own = _is_set(said.get(b"customFormat"))
        before = _whole(said.get(b"s")) if own else self._column_style(place[1])
        address = f"{column_letter(place[1])}{place[0]}".encode()
        return b'<%bc r="%b" s="%d"/>' % (self.prefix, address, style(place, before))

    def _placed(self, edits: list[Edit]) -> list[Edit]:
        """New rows where they belong; in a sheet without any, around them its missing tags."""
        if self._has_data or not edits:
            return edits
        tag = self.data[self._begin : self._inside].rstrip(b">").rstrip(b"/") + b">"
        rows = b"".join(text for _, _, text in edits)
        return [(self._begin, self._inside, tag + rows + b"</" + self.prefix + b"sheetData>")]

    # --- what stands before and after the cells ------------------------------------------------

    @cached_property
    def columns(self) -> list[Mapping[bytes, bytes]]:
        """The entries that say how columns look."""
        return [_attributes(match[1]) for match in self._tags.col.finditer(self.data, 0, self._begin)]

    def _column_style(self, column: int) -> int:
        for each in self.columns:
            if _whole(each.get(b"min")) <= column <= _whole(each.get(b"max")):
                return _whole(each.get(b"style"))
        return 0

    def widths(self, first: int) -> Iterator[float]:
        """The widths of columns from the first on, in characters; 0 for hidden ones."""
        for at in range(first, LAST_COLUMN + 1):
            yield next((width for low, high, width in self._widths if low <= at <= high), _DEFAULT_WIDTH)

    @cached_property
    def _widths(self) -> list[tuple[int, int, float]]:
        return [
            (_whole(each.get(b"min")), _whole(each.get(b"max")), _size(each, b"width", _DEFAULT_WIDTH))
            for each in self.columns
        ]

    def heights(self, first: int) -> Iterator[float]:
        """The heights of rows from the first on, in points; 0 for hidden ones."""
        for number in range(first, LAST_ROW + 1):
            rows = self._by_number.get(number)
            yield _size(rows[-1].attributes, b"ht", _DEFAULT_HEIGHT) if rows else _DEFAULT_HEIGHT

    @cached_property
    def after_cells(self) -> list[tuple[str, int, Mapping[str, str]]]:
        """The sheet's own children behind its cells and margins: names, where they begin, attributes; then its end."""
        opening = self._root[0]
        # What matters here stands behind the margins; rules and drop-downs, of which there are many, before them.
        margins = self.data.rfind(b"<" + self.prefix + b"pageMargins", self._end)
        start = max(self.data.index(b">", self._end) + 1 if self._has_data else self._end, margins)
        found: list[tuple[str, int, Mapping[str, str]]] = []
        depth = 0
        parser = expat.ParserCreate("UTF-8")

        def begin(tag: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            if depth == 1:
                found.append((tag.rpartition(":")[2], parser.CurrentByteIndex - len(opening) + start, attributes))
            depth += 1

        def end(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if depth == 0:
                found.append(("", parser.CurrentByteIndex - len(opening) + start, {}))

        parser.StartElementHandler, parser.EndElementHandler = begin, end
        parser.Parse(opening + self.data[start:], True)
        return found


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The XML with its edits, given in any order; what is put before a tag that changes comes first."""
    pieces, at = [], 0
    for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [data[at:start], text]
        at = end
    return b"".join([*pieces, data[at:]])


def _unreadable(name: str) -> InputError:
    return InputError(f"“{name}”的工作表读不懂", "请用 Excel 或 WPS 打开后另存一份再试")


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {key: one or other for key, one, other in _ATTRIBUTE.findall(tag)}


def _whole(text: bytes | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _size(attributes: Mapping[bytes, bytes], key: bytes, default: float) -> float:
    """A width or height; 0 for what is hidden."""
    try:
        return 0.0 if _is_set(attributes.get(b"hidden")) else float(attributes.get(key) or default)
    except ValueError:
        return default


def _is_set(text: bytes | None) -> bool:
    return text in (b"1", b"true")
