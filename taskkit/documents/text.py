"""Plain text: the encoding is detected, and blocks of lines with tabs become tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import count, pairwise

from taskkit.documents.drawn import is_drawn, with_drawn_tables
from taskkit.documents.model import Block, Cell, Paragraph, Row, Table
from taskkit.documents.wrapped import rejoined
from taskkit.errors import InputError

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_PIPES = re.compile("[|｜│┃]")
_RULE = re.compile(r"[\s|｜│┃:\-—─━┼├┤┬┴┌┐└┘+=]+")
_NUMBER = re.compile(r"[（(]?[\d一二三四五六七八九十①-⑳]{1,4}[)）.．、]?|")
_MARKDOWN = re.compile(r"^\s*#{1,6}\s+|\*\*|^\s*[-*+]\s+(?=\S)")  # headings, bold and list marks of a web clipper
MAX_DAMAGE = 0.02  # share of unreadable characters up to which a text counts as of an encoding all the same
MAX_CONTROLS = 0.02  # share of control characters from which bytes are no text


def read_text(data: bytes, name: str) -> tuple[Block, ...]:
    """The blocks of a text file.

    Raises InputError where the bytes are no text in any usual encoding.
    """
    lines = _BREAKS.split(decode(data, name))
    if name.lower().endswith((".md", ".markdown")):
        lines = [_MARKDOWN.sub("", line) for line in lines]
    if not any(map(is_drawn, lines)):  # a drawn table is not cut at the width of a page
        lines = rejoined(lines)
    return with_tables([Paragraph(line, f"第{number}行") for number, line in enumerate(lines, start=1)])


def with_tables(blocks: Sequence[Block], tabs: bool = True) -> tuple[Block, ...]:
    """Blocks, with those paragraphs made tables that are rows: drawn, or cells set apart by pipes or ``tabs``."""
    found: list[Block] = []
    rows: list[Row] = []
    for block, following in pairwise([*with_drawn_tables(blocks), _END, _END]):
        line = block.text if isinstance(block, Paragraph) else ""
        below = following.text if isinstance(following, Paragraph) else ""
        if _is_row(line, tabs) or (rows and line.strip() and _is_row(below, tabs)):  # a heading across a table is a row
            if not _RULE.fullmatch(line):
                rows.append(Row(tuple(Cell(cell.strip()) for cell in _cells(line)), block.place))
            continue
        found += _table(rows)
        rows = []
        if isinstance(block, Table) or line.strip():
            found.append(replace(block, text=line.strip()) if isinstance(block, Paragraph) else block)
    return _numbered(found)


_END = Paragraph("", "")


def _table(rows: list[Row]) -> list[Block]:
    if rows and _is_list(rows):
        return [Paragraph(" ".join(row.texts).strip(), row.place) for row in rows]
    return [Table(tuple(rows), "")] if rows else []


def _numbered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, each table with its number as its place."""
    numbers = count(1)
    return tuple(replace(block, place=f"表{next(numbers)}") if isinstance(block, Table) else block for block in blocks)


def _is_row(line: str, tabs: bool) -> bool:
    """Whether a line is a row of a table drawn with tabs, or with at least two pipes."""
    return (tabs and "\t" in line.strip(" \u3000")) or len(_PIPES.findall(line)) >= 2


def _is_list(rows: list[Row]) -> bool:
    """Whether the tabs only set numbers apart from their paragraphs, as in a text saved from Word."""
    return all(len(row.cells) <= 2 and (_NUMBER.fullmatch(row.texts[0]) or len(row.cells) == 1) for row in rows)


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return line.split("\t")
    return _PIPES.split(re.sub(r"^\s*[|｜│]|[|｜│]\s*$", "", line))


def decode(data: bytes, name: str) -> str:
    """Bytes as text: by byte order mark, as UTF-8, as GB 18030, else by what is most likely.

    Raises InputError where nothing fits.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(data.decode(encoding, errors="replace"), name)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _looks_chinese(text):
            return _checked(text, name)
    for encoding in ("utf-8", "gb18030"):
        mended = data.decode(encoding, errors="replace")
        if mended.count("\ufffd") < MAX_DAMAGE * len(mended) and _looks_chinese(mended):
            return _checked(mended, name)  # a few bytes are damaged; "\ufffd" stays and is reported
    return _checked(_guessed(data, name), name)


def _guessed(data: bytes, name: str) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    if best is None:
        raise _no_text(name)
    return data.decode(best.encoding, errors="replace")


def _looks_chinese(text: str) -> bool:
    """Whether most of what is not ASCII are everyday Chinese characters and punctuation."""
    wide = [char for char in text if ord(char) > 127]
    usual = sum(
        "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef" for char in wide
    )
    return not wide or usual > 0.8 * len(wide)


def _checked(text: str, name: str) -> str:
    if len(_CONTROLS.findall(text)) + text.count("\ufffd") > max(2, MAX_CONTROLS * len(text)):
        raise _no_text(name)
    return _CONTROLS.sub("", text)


def _no_text(name: str) -> InputError:
    return InputError(f"“{name}”不是文本文件，或编码无法识别", "请用记事本或 WPS 另存为 UTF-8 编码的文本后再试")
