"""The file system inside old office files (MS-CFB): which streams stand at its top, and their bytes.

What is damaged raises ValueError, never another error, and every chain is followed for a limited way only.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NONE = 0xFFFFFFFA  # from here on sector numbers are signs of the end, of holes and of the table itself
MAX_SECTORS = 500_000
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
        if not data.startswith(MAGIC):
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
            folder = b"".join(map(self._sector, self._chain(self._table, first)))
            entries = [_entry(folder, at) for at in range(0, min(len(folder), MAX_ENTRIES * 128) - 127, 128)]
            self._root = entries[0]
            self._entries = {each.name: each for each in _top(entries)}
        except (struct.error, IndexError) as error:
            raise ValueError("damaged OLE file") from error

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a stream. Raises ValueError where it is damaged, KeyError where there is none."""
        entry = self._entries[name]
        try:
            if entry.length >= self._cutoff:
                return b"".join(map(self._sector, self._chain(self._table, entry.start)))[: entry.length]
            size = self._small_size
            small = b"".join(map(self._sector, self._chain(self._table, self._root.start)))
            table = [n for each in self._chain(self._table, self._small_first) for n in _numbers(self._sector(each))]
            return b"".join(small[n * size : (n + 1) * size] for n in self._chain(table, entry.start))[: entry.length]
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

    def _chain(self, table: list[int], start: int) -> Iterator[int]:
        most = len(self._data) // self._small_size + 1  # a chain that is longer than the file goes in a circle
        for _ in range(min(most, MAX_SECTORS)):
            if start >= _NONE:
                return
            yield start
            start = table[start]


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
