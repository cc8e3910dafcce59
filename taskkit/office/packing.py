"""Zip packages written record by record: what is already deflated is copied, large parts are streamed.

The same content gives the same bytes: one date for all, no attributes of a system.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from taskkit.errors import OutputError

_DATE = 0x21  # 1 January 1980, the first day that a zip knows
_UTF8_NAMES = 0x800
_DEFLATED = 8
_LARGEST = 0xFFFF_FFFF  # of a zip without the extensions that old programs do not read
_BLOCK = 0xFFFF  # bytes of a block that is not made smaller
_CHUNK = 256 * 1024  # characters deflated at a time


@dataclass(frozen=True)
class Entry:
    """A part as it stands in a zip: its name, checksum, size and deflated bytes."""

    name: bytes
    crc: int
    size: int
    data: bytes


def deflated(name: str, content: bytes, level: int) -> Entry:
    """A part, deflated."""
    press = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Entry(name.encode(), zlib.crc32(content), len(content), press.compress(content) + press.flush())


def as_it_is(name: str, content: bytes) -> Entry:
    """A part in the form of deflated data, but not made smaller: takes next to no time."""
    blocks = [content[at : at + _BLOCK] for at in range(0, len(content), _BLOCK)] or [b""]
    last = len(blocks) - 1
    heads = [struct.pack("<BHH", at == last, len(block), len(block) ^ _BLOCK) for at, block in enumerate(blocks)]
    data = b"".join(piece for pair in zip(heads, blocks, strict=True) for piece in pair)
    return Entry(name.encode(), zlib.crc32(content), len(content), data)


def inflated(entry: Entry, most: int = 0) -> bytes:
    """The bytes of a part, or the first ``most`` of them; nothing where they are not what the zip says of them."""
    try:
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(entry.data, most or entry.size + 1)
    except zlib.error:
        return b""
    return content if most or zlib.crc32(content) == entry.crc else b""


@dataclass(frozen=True)
class Start:
    """Parts that packages begin with: their records and what the directory says of them, ready to be copied."""

    records: bytes
    directory: tuple[bytes, ...]


def begin_with(entries: Iterable[Entry]) -> Start:
    """The records of parts that many packages begin with."""
    out = BytesIO()
    package = Package(out)
    for entry in entries:
        package.add(entry)
    return Start(out.getvalue(), tuple(package.directory))


class Package:
    """A zip being written to a file that can be wound back."""

    def __init__(self, out: BinaryIO, start: Start | None = None) -> None:
        self._out = out
        self._start = self._at = out.tell()
        self.directory: list[bytes] = list(start.directory) if start else []
        if start:
            self._write(start.records)

    def add(self, entry: Entry) -> None:
        """Write a part that is ready."""
        header = _header(entry.name, entry.crc, len(entry.data), entry.size)
        self._note(entry.name, header)
        self._write(b"PK\x03\x04" + header + entry.name)
        self._write(entry.data)

    def stream(self, name: str, texts: Iterable[str], level: int) -> None:
        """Deflate a part while it is made: of a large one, only a little is ever held."""
        press = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        encoded, begin = name.encode(), self._at
        self._write(bytes(30) + encoded)
        crc = size = packed = 0
        for content in _chunks(texts):
            crc = zlib.crc32(content, crc)
            size += len(content)
            packed += self._write(press.compress(content))
        packed += self._write(press.flush())
        header = _header(encoded, crc, packed, size)
        self._out.seek(begin)
        self._out.write(b"PK\x03\x04" + header)
        self._out.seek(self._at)
        self._note(encoded, header, begin)

    def close(self) -> None:
        """Write the directory."""
        place, directory = self._at, b"".join(self.directory)
        count = len(self.directory)
        self._write(directory)
        offset = place - self._start
        self._write(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), offset, 0))

    def _note(self, name: bytes, header: bytes, begin: int | None = None) -> None:
        offset = (self._at if begin is None else begin) - self._start
        if offset > _LARGEST:
            raise _too_large()
        version = struct.pack("<H", 20)
        rest = struct.pack("<HHHII", 0, 0, 0, 0, offset)
        self.directory.append(b"PK\x01\x02" + version + header + rest + name)

    def _write(self, data: bytes) -> int:
        self._out.write(data)
        self._at += len(data)
        return len(data)


def _header(name: bytes, crc: int, packed: int, size: int) -> bytes:
    if max(packed, size) > _LARGEST:
        raise _too_large()
    flags = 0 if name.isascii() else _UTF8_NAMES
    return struct.pack("<HHHHHIIIHH", 20, flags, _DEFLATED, 0, _DATE, crc, packed, size, len(name), 0)


def _chunks(texts: Iterable[str]) -> Iterable[bytes]:
    held: list[str] = []
    length = 0
    for text in texts:
        held.append(text)
        length += len(text)
        if length >= _CHUNK:
            yield "".join(held).encode()
            held, length = [], 0
    yield "".join(held).encode()


def _too_large() -> OutputError:
    return OutputError("要写的表格超过4GB，表格程序打不开", "请分成几个表格")
