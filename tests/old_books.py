"""Small workbooks in other formats, made by hand: .xls byte by byte (MS-CFB, MS-XLS), .ods tag by tag.

So they can be odd in ways that no program makes, and need no office program.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from taskkit.office.ole import OLE

Cells = Mapping[tuple[int, int], str | float]  # by row and column from 0


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def label(row: int, column: int, text: str) -> bytes:
    """A cell with a text of its own."""
    return record(0x0204, struct.pack("<4HB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def number(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<3Hd", row, column, 0, value))


def cells(values: Cells) -> bytes:
    return b"".join(
        label(*place, value) if isinstance(value, str) else number(*place, value) for place, value in values.items()
    )


def begin(kind: int) -> bytes:
    return record(0x0809, struct.pack("<4H8x", 0x0600, kind, 0, 0))


END = record(0x000A)


def stream(sheets: Sequence[tuple[str, bytes]], before: bytes = b"", hidden: int = 0) -> bytes:
    """The stream of a workbook: title and records of each sheet; the last one in a state (2 very hidden)."""
    head = begin(5) + before
    size = sum(12 + 2 * len(title) for title, _ in sheets)
    at = len(head) + size + len(END)
    listed, bodies = b"", b""
    for place, (title, rows) in enumerate(sheets, 1):
        state = hidden if place == len(sheets) else 0
        place_and_name = struct.pack("<IBBBB", at + len(bodies), state, 0, len(title), 1) + title.encode("utf-16-le")
        listed += record(0x0085, place_and_name)
        bodies += begin(16) + rows + END
    return head + listed + END + bodies


def ole_of(streams: Mapping[str, bytes]) -> bytes:
    """An OLE file with these streams at its top, each padded to whole sectors."""
    size = 512 if sum(map(len, streams.values())) < 6_000_000 else 4096
    blocks = [data.ljust(max(4096, -(-len(data) // size) * size), b"\0") for data in streams.values()]
    counts = [len(block) // size for block in blocks]
    folder = -(-(1 + len(blocks)) * 128 // size)
    tables = 1
    while tables * (size // 4) < tables + folder + sum(counts):
        tables += 1
    table, starts = [0xFFFFFFFD] * tables, []
    for count in (folder, *counts):
        starts.append(len(table))
        table += [*range(len(table) + 1, len(table) + count), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (tables * size // 4 - len(table))
    kind = (0x3E, 3, 0xFFFE, 9, 6) if size == 512 else (0x3E, 4, 0xFFFE, 12, 6)
    head = OLE + struct.pack("<16x5H6x3I4x5I", *kind, 0, tables, starts[0], 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    places = [*range(min(tables, 109)), *[0xFFFFFFFF] * (109 - min(tables, 109))]
    entries = [_entry("Root Entry", 5, 1, 0xFFFFFFFE, 0, 0xFFFFFFFF)]
    for at, (name, data) in enumerate(streams.items(), 1):
        following = at + 1 if at < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, 0xFFFFFFFF, starts[at], max(len(data), 4096), following))
    body = b"".join(entries).ljust(folder * size, b"\0")
    head = (head + struct.pack("<109I", *places)).ljust(size, b"\0")
    return head + struct.pack(f"<{len(table)}I", *table) + body + b"".join(blocks)


def _entry(name: str, kind: int, child: int, start: int, length: int, right: int) -> bytes:
    spelt = name.encode("utf-16-le")
    head = spelt.ljust(64, b"\0") + struct.pack("<HBBIII", len(spelt) + 2, kind, 1, 0xFFFFFFFF, right, child)
    return head + struct.pack("<16xI16xII4x", 0, start, length)


def xls(sheets: Mapping[str, Cells | bytes], before: bytes = b"", hidden: int = 0) -> bytes:
    """An old workbook with these cells, or records, on its sheets."""
    rows = [(title, each if isinstance(each, bytes) else cells(each)) for title, each in sheets.items()]
    return ole_of({"Workbook": stream(rows, before, hidden)})


def as_xls(workbook: Any, more: bytes = b"") -> bytes:
    """An openpyxl workbook as an old one: its texts and numbers, its last sheet very hidden; ``more`` on the second."""
    sheets = {
        sheet.title: cells(
            {(each.row - 1, each.column - 1): each.value for row in sheet for each in row if each.value is not None}
        )
        for sheet in workbook.worksheets
    }
    title = workbook.worksheets[1].title
    return xls({**sheets, title: sheets[title] + more}, hidden=2)


_SPACES = " ".join(
    f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ("office", "table", "text", "style")
)


def ods(sheets: Mapping[str, str], start: str = "") -> bytes:
    """An .ods with the rows of each sheet, spelt out."""
    tables = "".join(f'<table:table table:name="{title}">{rows}</table:table>' for title, rows in sheets.items())
    content = f"{start}<office:document-content {_SPACES}><office:body><office:spreadsheet>{tables}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content + "</office:spreadsheet></office:body></office:document-content>")
    return buffer.getvalue()


def as_ods(workbook: Any, more: str = "", start: str = "") -> bytes:
    """An openpyxl workbook as .ods: its texts and numbers; ``more`` rows on the second sheet."""
    sheets = {sheet.title: "".join(map(_ods_row, sheet.iter_rows(values_only=True))) for sheet in workbook.worksheets}
    title = workbook.worksheets[1].title
    return ods({**sheets, title: sheets[title] + more}, start)


def _ods_row(values: Sequence[object]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, values))}</table:table-row>"


def _ods_cell(value: object) -> str:
    if isinstance(value, float | int):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    text = "" if value is None else f"<text:p>{escape(str(value))}</text:p>"
    return f"<table:table-cell>{text}</table:table-cell>"
