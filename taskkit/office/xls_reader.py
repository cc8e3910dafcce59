"""The bounded reader of old workbooks (.xls, .et): bytes in, plain values out (MS-XLS, 2.4).

calamine gives of these neither error values nor percentages nor hidden rows, and lays the whole
used range out, so that a stray cell in the last corner brings its process down. Here only cells
that hold something are kept.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from taskkit.office.book_data import (
    MAX_SHEETS,
    MAX_TEXT,
    BookData,
    Budget,
    Cell,
    Labels,
    SheetData,
    SheetState,
    damaged,
    number_cell,
    too_large,
)
from taskkit.office.formats import Form, form_of
from taskkit.office.kinds import Kind, refusal
from taskkit.office.ole import OleFile, own_properties, saved_at
from taskkit.office.xls_strings import long_string, shared_strings, short_string
from taskkit.office.xml import clean
from taskkit.places import column_letter

MAX_SIZE = 32 * 1024 * 1024
MAX_RECORDS = 1_000_000
_BROKEN = (struct.error, IndexError, ValueError, KeyError, OverflowError)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_PLAIN: tuple[Form, str] = ("", "")
_STATES: dict[int, SheetState] = {0: "visible", 1: "hidden", 2: "veryHidden"}

# Kinds of records.
_BEGIN, _END, _CONTINUE, _LOCKED = 0x0809, 0x000A, 0x003C, 0x002F
_SHEET, _PAGE, _DATES, _FORMAT, _OLD_FORMAT, _STYLE, _STRINGS = 0x0085, 0x0042, 0x0022, 0x041E, 0x001E, 0x00E0, 0x00FC
_NUMBER, _PACKED, _PACKED_ROW, _SHARED, _LABEL, _RICH = 0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x00D6
_BOOL_OR_ERROR, _FORMULA, _RESULT, _ROW, _COLUMNS, _MERGES = 0x0205, 0x0006, 0x0207, 0x0208, 0x007D, 0x00E5
_READ = frozenset(
    (
        *(_BEGIN, _LOCKED, _SHEET, _PAGE, _DATES, _FORMAT, _OLD_FORMAT, _STYLE, _STRINGS),
        *(_NUMBER, _PACKED, _PACKED_ROW, _SHARED, _LABEL, _RICH),
        *(_BOOL_OR_ERROR, _FORMULA, _RESULT, _ROW, _COLUMNS, _MERGES),
    )
)
_HEAD = struct.Struct("<3H").unpack_from  # row, column, style
_GOES_ON = struct.pack("<H", _CONTINUE)


class Record(NamedTuple):
    """One record; ``blocks`` are its bytes and those of the records that go on with it."""

    kind: int
    body: bytes
    blocks: list[bytes]


def read_xls(data: bytes, name: str) -> BookData:
    """Read a workbook. Raises InputError where it is locked, damaged, hostile or too large."""
    if len(data) > MAX_SIZE:
        raise too_large(name)
    try:
        file = OleFile(data)
        stream = file.read("Workbook" if "Workbook" in file else "Book")
        book = _book(stream, name)
        budget = Budget(name)
        sheets = tuple(_Sheet(book, budget).read(stream, each) for each in book.sheets)
    except _BROKEN:
        raise damaged(name) from None
    labels = xls_labels(data)
    return BookData(name, sheets, labels.properties, {}, labels.saved_at)


def xls_labels(data: bytes) -> Labels:
    """The labels alone, without reading a sheet; empty where they are damaged."""
    try:
        file = OleFile(data)
        summary, document = "\x05SummaryInformation", "\x05DocumentSummaryInformation"
        return Labels(
            own_properties(file.read(document)) if document in file else {},
            saved_at(file.read(summary)) if summary in file else None,
        )
    except _BROKEN:
        return Labels({}, None)


# --- the workbook as a whole ----------------------------------------------------------


class _Listed(NamedTuple):
    """A sheet as the workbook lists it: where its records begin, its state, its title."""

    at: int
    state: SheetState
    title: str


@dataclass
class _Book:
    """What all sheets share: strings, what cell styles do with numbers, the date system, the encoding."""

    name: str
    is_new: bool = True  # of 1997 or later: strings say how they are spelt
    page: str = "gb18030"
    is_1904: bool = False
    strings: list[str] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    styles: list[tuple[Form, str]] = field(default_factory=list)
    sheets: list[_Listed] = field(default_factory=list)
    records_left: int = field(default_factory=lambda: MAX_RECORDS)

    def records(self, stream: bytes, at: int) -> Iterator[Record]:
        """The records of a part of the stream, to its end; those of charts in it are left out."""
        depth, head = 0, struct.Struct("<HH").unpack_from
        while at + 4 <= len(stream):
            kind, length = head(stream, at)
            first, at = at + 4, at + 4 + length
            self.records_left -= 1
            if self.records_left < 0:
                raise too_large(self.name)
            if kind == _BEGIN:
                depth += 1
            elif kind == _END:
                depth -= 1
                if depth <= 0:
                    return
            if depth <= 1 and kind in _READ:
                body = stream[first:at]
                blocks = [body]
                while stream[at : at + 2] == _GOES_ON:
                    length = head(stream, at)[1]
                    blocks.append(stream[at + 4 : at + 4 + length])
                    at += 4 + length
                yield Record(kind, body, blocks)
        raise ValueError("a part without an end")

    def text(self, body: bytes, at: int, blocks: list[bytes] | None = None) -> str:
        """A string with a length of two bytes."""
        if self.is_new:
            first, *rest = blocks or [body]
            return long_string([first[at:], *rest])
        length = struct.unpack_from("<H", body, at)[0]
        return clean(body[at + 2 : at + 2 + length].decode(self.page, "replace"))

    def title(self, body: bytes, at: int) -> str:
        """A string with a length of one byte."""
        if self.is_new:
            return short_string(body, at)
        return clean(body[at + 1 : at + 1 + body[at]].decode(self.page, "replace"))


def _book(stream: bytes, name: str) -> _Book:
    book = _Book(name)
    numbers: list[int] = []
    listed: list[bytes] = []
    for kind, body, blocks in book.records(stream, 0):
        if kind == _BEGIN:
            book.is_new = struct.unpack_from("<H", body)[0] >= 0x0600
        elif kind == _LOCKED:
            raise refusal(Kind.LOCKED, name)
        elif kind == _PAGE:
            book.page = _encoding(struct.unpack_from("<H", body)[0])
        elif kind == _DATES:
            book.is_1904 = bool(body[0])
        elif kind in (_FORMAT, _OLD_FORMAT):
            book.codes[struct.unpack_from("<H", body)[0]] = book.text(body, 2) if book.is_new else book.title(body, 2)
        elif kind == _STYLE:
            numbers.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _SHEET:
            listed.append(body)
        elif kind == _STRINGS:
            book.strings = shared_strings(blocks)
    book.styles = [form_of(number, book.codes.get(number)) for number in numbers]
    if len(listed) > MAX_SHEETS:
        raise too_large(name)
    book.sheets = [
        _Listed(struct.unpack_from("<I", body)[0], _STATES.get(body[4] & 3, "visible"), book.title(body, 6))
        for body in listed
        if body[5] == 0  # neither charts nor macros
    ]
    return book


def _encoding(page: int) -> str:
    """The encoding of a code page; that of China for those that Python does not know."""
    try:
        return "gb18030" if page == 936 else codecs.lookup(f"cp{page}").name
    except LookupError:
        return "gb18030"


# --- sheets ---------------------------------------------------------------------------


class _Sheet:
    """One sheet while its records come in."""

    def __init__(self, book: _Book, budget: Budget) -> None:
        self.book = book
        self.budget = budget
        self.rows: dict[int, dict[int, Cell]] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.merges: list[str] = []
        self.awaited: tuple[int, int] | None = None  # a formula whose text comes in a record of its own

    def read(self, stream: bytes, listed: _Listed) -> SheetData:
        for record in self.book.records(stream, listed.at):
            self._take(record)
        hidden = frozenset(self.hidden_rows & self.rows.keys())
        return SheetData(listed.title, listed.state, self.rows, hidden, tuple(self.hidden_columns), tuple(self.merges))

    def _take(self, record: Record) -> None:
        kind, body, blocks = record
        if kind in _CELLS:
            row, column, style = _HEAD(body)
            _CELLS[kind](self, row + 1, column + 1, style, body, blocks)
        elif kind == _PACKED_ROW:
            row, column = struct.unpack_from("<2H", body)
            for at in range((len(body) - 6) // 6):
                style, packed = struct.unpack_from("<HI", body, 4 + 6 * at)
                self._number(row + 1, column + at + 1, style, _unpacked(packed))
        elif kind == _RESULT and self.awaited:
            self._text(*self.awaited, self.book.text(body, 0, blocks), True)
            self.awaited = None
        elif kind == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
            self.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLUMNS and struct.unpack_from("<H", body, 8)[0] & 1:
            first, last = struct.unpack_from("<2H", body)
            self.budget.take_area()
            self.hidden_columns.append((first + 1, min(last, 255) + 1))
        elif kind == _MERGES:
            for at in range(min(struct.unpack_from("<H", body)[0], len(body) // 8)):
                self.budget.take_area()
                top, bottom, left, right = struct.unpack_from("<4H", body, 2 + 8 * at)
                self.merges.append(f"{column_letter(left + 1)}{top + 1}:{column_letter(right + 1)}{bottom + 1}")

    def _keep(self, cell: Cell) -> None:
        self.budget.take(1, len(cell.value) if isinstance(cell.value, str) else 0)
        self.rows.setdefault(cell.row, {})[cell.column] = cell

    def _text(self, row: int, column: int, text: str, formula: bool = False) -> None:
        if len(text) > MAX_TEXT:
            raise too_large(self.book.name)
        if text.strip():
            self._keep(Cell(row, column, text, "text", formula))

    def _number(self, row: int, column: int, style: int, number: float, formula: bool = False) -> None:
        form = self.book.styles[style] if style < len(self.book.styles) else _PLAIN
        self._keep(number_cell(row, column, number, form, self.book.is_1904, formula))

    def _bool_or_error(self, row: int, column: int, value: int, is_error: bool, formula: bool = False) -> None:
        if is_error:
            self._keep(Cell(row, column, _ERRORS.get(value, "#VALUE!"), "error", formula))
        else:
            self._keep(Cell(row, column, bool(value), "bool", formula))

    # --- one kind of cell each ----------------------------------------------------------

    def _take_number(self, row: int, column: int, style: int, body: bytes, blocks: list[bytes]) -> None:
        self._number(row, column, style, struct.unpack_from("<d", body, 6)[0])

    def _take_packed(self, row: int, column: int, style: int, body: bytes, blocks: list[bytes]) -> None:
        self._number(row, column, style, _unpacked(struct.unpack_from("<I", body, 6)[0]))

    def _take_shared(self, row: int, column: int, style: int, body: bytes, blocks: list[bytes]) -> None:
        self._text(row, column, self.book.strings[struct.unpack_from("<I", body, 6)[0]])

    def _take_label(self, row: int, column: int, style: int, body: bytes, blocks: list[bytes]) -> None:
        self._text(row, column, self.book.text(body, 6, blocks))

    def _take_bool_or_error(self, row: int, column: int, style: int, body: bytes, blocks: list[bytes]) -> None:
        self._bool_or_error(row, column, body[6], bool(body[7]))

    def _take_formula(self, row: int, column: int, style: int, body: bytes, blocks: list[bytes]) -> None:
        if body[12:14] != b"\xff\xff":
            self._number(row, column, style, struct.unpack_from("<d", body, 6)[0], True)
        elif body[6] == 0:
            self.awaited = (row, column)
        elif body[6] in (1, 2):
            self._bool_or_error(row, column, body[8], body[6] == 2, True)


_CELLS = {
    _NUMBER: _Sheet._take_number,
    _PACKED: _Sheet._take_packed,
    _SHARED: _Sheet._take_shared,
    _LABEL: _Sheet._take_label,
    _RICH: _Sheet._take_label,
    _BOOL_OR_ERROR: _Sheet._take_bool_or_error,
    _FORMULA: _Sheet._take_formula,
}


def _unpacked(packed: int) -> float:
    """A number in four bytes: two of its bits say what the others are."""
    number: float
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        number = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return number / 100 if packed & 1 else number
