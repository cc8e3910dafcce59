"""The strings of an .xls workbook: one by one, and the table of those that its cells share (MS-XLS, 2.5.294)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from taskkit.office.xml import clean

MAX_STRINGS = 500_000


def shared_strings(blocks: Sequence[bytes]) -> list[str]:
    """The texts of the table, which goes on over several records; a text may go on from one to the next.

    Raises struct.error, IndexError or ValueError where it is damaged.
    """
    reader = _Reader(blocks)
    _, count = struct.unpack("<II", reader.take(8))
    if count > MAX_STRINGS:
        raise ValueError("too many strings")
    return [reader.string() for _ in range(count) if not reader.is_done]


def long_string(blocks: Sequence[bytes]) -> str:
    """One string with a length of two bytes, which may go on over several records."""
    count, flags = struct.unpack_from("<HB", blocks[0])
    if len(blocks) == 1 and not flags & 0x0C:
        return _decoded(blocks[0][3 : 3 + count * (2 if flags & 1 else 1)], flags)
    return _Reader(blocks).string()


def short_string(body: bytes, at: int) -> str:
    """A string with a length of one byte, without anything after it."""
    length, flags = body[at], body[at + 1]
    return _decoded(body[at + 2 : at + 2 + length * (2 if flags & 1 else 1)], flags)


class _Reader:
    """Bytes that come in several records; where a string goes on in the next one, its flags come again."""

    def __init__(self, blocks: Sequence[bytes]) -> None:
        self._data = b"".join(blocks)
        self._ends = list(accumulate(map(len, blocks)))
        self._at = 0

    @property
    def is_done(self) -> bool:
        return self._at >= len(self._data)

    def take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken

    def string(self) -> str:
        count, flags = struct.unpack_from("<HB", self._data, self._at)
        self._at += 3
        after = 0  # bytes of formats and reading aids behind the text
        if flags & 8:
            after += 4 * struct.unpack("<H", self.take(2))[0]
        if flags & 4:
            after += struct.unpack("<I", self.take(4))[0]
        text = self._characters(count, flags)
        self._at += after
        return text

    def _characters(self, count: int, flags: int) -> str:
        found = []
        while True:
            width = 2 if flags & 1 else 1
            end = self._ends[min(bisect_right(self._ends, self._at), len(self._ends) - 1)]
            here = min(count, (end - self._at) // width)
            found.append(_decoded(self.take(here * width), flags))
            count -= here
            if not count or end >= len(self._data):
                return "".join(found)
            flags = self._data[end]
            self._at = end + 1


def _decoded(raw: bytes, flags: int) -> str:
    return clean(raw.decode("utf-16-le", "replace") if flags & 1 else raw.decode("latin-1"))
