"""The file system inside old office files (MS-CFB): which streams stand at its top, and their bytes.

What is damaged raises ValueError, never another error, and every chain is followed for a limited way only.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NONE = 0xFFFFFFFA  # from here on sector numbers are signs of the end, of holes and of the table itself
MAX_ENTRIES = 10_000


@dataclass(frozen=True)
class _Entry:
    name: str
    left: int
    right: int
    child: int
    start: int
    length: int


class OleFile:
    """The streams at the top of an OLE file, by name. Raises ValueError where the file is none."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(OLE):
            raise ValueError("no OLE file")
        self._data = data
        try:
            shifts = struct.unpack_from("<HH", data, 30)
            first, self._cutoff, self._small_first = struct.unpack_from("<I", data, 48) + struct.unpack_from(
                "<II", data, 56
            )
            if shifts not in ((9, 6), (12, 6)):
                raise ValueError("no OLE file")
            self._size, self._small_size = (1 << shift for shift in shifts)
            self._table = [n for each in self._table_sectors() for n in _numbers(self._sector(each))]
            folder = self._long(first)
            entries = [_entry(folder, at) for at in range(0, min(len(folder), MAX_ENTRIES * 128) - 127, 128)]
            self._root = entries[0]
            self._entries = {each.name.lower(): each for each in _top(entries)}
        except (struct.error, IndexError) as error:
            raise ValueError("damaged OLE file") from error

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a stream. Raises ValueError where it is damaged, KeyError where there is none."""
        entry = self._entries[name.lower()]
        try:
            if entry.length >= self._cutoff:
                return _cut(self._long(entry.start), entry.length)
            size = self._small_size
            small, table = self._long(self._root.start), _numbers(self._long(self._small_first))
            chain = _chain(table, entry.start, len(small) // size)
            return _cut(b"".join(small[n * size : (n + 1) * size] for n in chain), entry.length)
        except (struct.error, IndexError) as error:
            raise ValueError("damaged OLE file") from error

    def _sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self._size : (number + 2) * self._size]

    def _table_sectors(self) -> Iterator[int]:
        """The sectors of the table that chains sectors: 109 in the header, more in sectors of their own."""
        most = len(self._data) // self._size + 1
        yield from (number for number in struct.unpack_from("<109I", self._data, 76) if number < most)
        more, count = struct.unpack_from("<II", self._data, 68)
        for _ in range(min(count, most)):
            if more >= most:
                return
            numbers = _numbers(self._sector(more))
            yield from (number for number in numbers[:-1] if number < most)
            more = numbers[-1]

    def _long(self, start: int) -> bytes:
        """The sectors that hang together from one on; no more than the file has, should they go in a circle."""
        return b"".join(map(self._sector, _chain(self._table, start, len(self._data) // self._size)))


def _chain(table: Sequence[int], start: int, most: int) -> Iterator[int]:
    for _ in range(most):
        if start >= _NONE:
            return
        yield start
        start = table[start]


def _cut(stream: bytes, length: int) -> bytes:
    """A stream without what fills its last sector; raises IndexError where not all of it is there."""
    if len(stream) < length:
        raise IndexError(length)
    return stream[:length]


def _numbers(block: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])


def _entry(folder: bytes, at: int) -> _Entry:
    length = struct.unpack_from("<H", folder, at + 64)[0]
    name = folder[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    left, right, child = struct.unpack_from("<3I", folder, at + 68)
    return _Entry(name, left, right, child, *struct.unpack_from("<II", folder, at + 116))


def _top(entries: list[_Entry]) -> Iterator[_Entry]:
    """The entries right below the root: those of a document that is embedded stand deeper."""
    seen: set[int] = set()
    left = [entries[0].child]
    while left:
        number = left.pop()
        if number < len(entries) and number not in seen:
            seen.add(number)
            yield entries[number]
            left += [entries[number].left, entries[number].right]


# --- property sets (MS-OLEPS) ---------------------------------------------------------

_SAVED = 13  # the property that says when the file was last saved
_EPOCH = dt.datetime(1601, 1, 1)


def saved_at(stream: bytes) -> dt.datetime | None:
    """When the office program last saved the file, in UTC, by its summary; None where it does not say so."""
    for section in _sections(stream):
        at = section.get(_SAVED)
        if at and struct.unpack_from("<H", stream, at)[0] == 0x40:
            ticks = struct.unpack_from("<Q", stream, at + 4)[0]
            return (_EPOCH + dt.timedelta(microseconds=ticks // 10)).replace(microsecond=0) if ticks else None
    return None


def own_properties(stream: bytes) -> dict[str, str]:
    """The properties that somebody gave the file, from the second section of its document summary."""
    sections = list(_sections(stream))
    if len(sections) < 2 or not (at := sections[1].get(0)):
        return {}
    places = sections[1]
    page = struct.unpack_from("<H", stream, places[1] + 4)[0] if 1 in places else 0
    found = {}
    count = struct.unpack_from("<I", stream, at)[0]
    at += 4
    for _ in range(min(count, MAX_ENTRIES)):
        number, length = struct.unpack_from("<II", stream, at)
        size = length * (2 if page == _UTF_16 else 1)
        name = _decoded(stream[at + 8 : at + 8 + size], page)
        at += 8 + size + (-size % 4 if page == _UTF_16 else 0)
        if number in places:
            found[name] = _text_at(stream, places[number], page)
    return found


_UTF_16 = 1200


def _sections(stream: bytes) -> Iterator[dict[int, int]]:
    """Property number -> where it stands in the stream, per section."""
    for each in range(min(struct.unpack_from("<I", stream, 24)[0], 2)):
        start = struct.unpack_from("<I", stream, 28 + 20 * each + 16)[0]
        count = min(struct.unpack_from("<I", stream, start + 4)[0], MAX_ENTRIES)
        pairs = (struct.unpack_from("<II", stream, start + 8 + 8 * at) for at in range(count))
        yield {number: start + offset for number, offset in pairs}


def _text_at(stream: bytes, at: int, page: int) -> str:
    """A text property; "" for any other."""
    kind, length = struct.unpack_from("<HxxI", stream, at)
    if kind == 0x1F:
        return _decoded(stream[at + 8 : at + 8 + 2 * length], _UTF_16)
    return _decoded(stream[at + 8 : at + 8 + length], page) if kind == 0x1E else ""


def _decoded(raw: bytes, page: int) -> str:
    encoding = {_UTF_16: "utf-16-le", 936: "gb18030", 65001: "utf-8"}.get(page, "latin-1")
    return raw.decode(encoding, "replace").rstrip("\0")
