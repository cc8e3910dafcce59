"""What calamine does not say of an .xls or .et workbook: percentages, error values, hidden rows and columns.

A look at the records of the workbook's stream (MS-XLS, 2.4), in an OLE file (MS-CFB). What is
damaged or of another kind gives no marks: the values come from calamine in any case.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

Place = tuple[int, int]  # row and column from 0
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_PERCENT = frozenset((9, 10))  # built-in formats
_NONE = 0xFFFFFFFA  # from here on sector numbers are signs of the end, of holes and of the table itself
MAX_SECTORS = 500_000


@dataclass
class Marks:
    """The marks of one sheet."""

    percent: set[Place] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def marks_of(data: bytes) -> dict[str, Marks]:
    """The marks of each sheet by its name; nothing where the bytes are no such workbook."""
    try:
        return _marks(_stream(data))
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return {}


# --- the file in the file -------------------------------------------------------------


def _stream(data: bytes) -> bytes:
    """The workbook's stream. Raises ValueError where there is none."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small_size = 1 << struct.unpack_from("<H", data, 32)[0]
    first, cutoff, small_first = struct.unpack_from("<I", data, 48)[0], *struct.unpack_from("<II", data, 56)

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    table = [number for each in _table_sectors(data, size) for number in _numbers(sector(each))]
    folder = b"".join(map(sector, _chain(table, first)))
    entries = [folder[at : at + 128] for at in range(0, len(folder), 128)]
    for entry in entries:
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace")
        if name not in ("Workbook", "Book"):
            continue
        start, length = struct.unpack_from("<II", entry, 116)
        if length >= cutoff:
            return b"".join(map(sector, _chain(table, start)))[:length]
        small = b"".join(map(sector, _chain(table, struct.unpack_from("<I", entries[0], 116)[0])))
        chain = _chain([n for each in _chain(table, small_first) for n in _numbers(sector(each))], start)
        return b"".join(small[n * small_size : (n + 1) * small_size] for n in chain)[:length]
    raise ValueError


def _table_sectors(data: bytes, size: int) -> Iterator[int]:
    """The sectors of the table that chains sectors: 109 in the header, more in sectors of their own."""
    yield from (number for number in struct.unpack_from("<109I", data, 76) if number < _NONE)
    more, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, MAX_SECTORS)):
        if more >= _NONE:
            return
        numbers = _numbers(data[(more + 1) * size : (more + 2) * size])
        yield from (number for number in numbers[:-1] if number < _NONE)
        more = numbers[-1]


def _numbers(block: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])


def _chain(table: list[int], start: int) -> Iterator[int]:
    for _ in range(MAX_SECTORS):
        if start >= _NONE:
            return
        yield start
        start = table[start]


# --- the records ----------------------------------------------------------------------


def _marks(stream: bytes) -> dict[str, Marks]:
    formats: set[int] = set(_PERCENT)
    styles: list[bool] = []
    places: dict[int, str] = {}
    found: dict[str, Marks] = {}
    marks = Marks()
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if kind == 0x0809:  # a sheet begins
            marks = found.setdefault(places[at], Marks()) if at in places else Marks()
        elif kind == 0x0085:
            places[struct.unpack_from("<I", body)[0]] = _text(body, body[6], 7)
        elif kind == 0x041E and "%" in _text(body, struct.unpack_from("<H", body, 2)[0], 4):
            formats.add(struct.unpack_from("<H", body)[0])
        elif kind == 0x00E0:
            styles.append(struct.unpack_from("<H", body, 2)[0] in formats)
        else:
            _take(marks, styles, kind, body)
        at += 4 + length
    return found


def _text(body: bytes, count: int, flags: int) -> str:
    """A string whose flags say whether its characters take two bytes."""
    wide = body[flags] & 1
    raw = body[flags + 1 : flags + 1 + count * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1")


def _take(marks: Marks, styles: list[bool], kind: int, body: bytes) -> None:
    """Take one record of a sheet."""
    if kind in (0x0203, 0x027E, 0x0006, 0x0205):  # number, packed number, formula, boolean or error
        row, column, style = struct.unpack_from("<3H", body)
        if kind != 0x0205 and style < len(styles) and styles[style]:
            marks.percent.add((row, column))
        if kind == 0x0205 and body[7]:
            marks.errors[row, column] = _ERRORS.get(body[6], "错误值")
        if kind == 0x0006 and body[6] == 2 and body[12:14] == b"\xff\xff":
            marks.errors[row, column] = _ERRORS.get(body[8], "错误值")
    elif kind == 0x00BD:  # several packed numbers
        row, column = struct.unpack_from("<2H", body)
        for number in range((len(body) - 6) // 6):
            style = struct.unpack_from("<H", body, 4 + 6 * number)[0]
            if style < len(styles) and styles[style]:
                marks.percent.add((row, column + number))
    elif kind == 0x0208 and struct.unpack_from("<H", body, 12)[0] & 0x20:
        marks.hidden_rows.add(struct.unpack_from("<H", body)[0])
    elif kind == 0x007D and struct.unpack_from("<H", body, 8)[0] & 1:
        first, last = struct.unpack_from("<2H", body)
        marks.hidden_columns |= set(range(first, min(last, 255) + 1))
