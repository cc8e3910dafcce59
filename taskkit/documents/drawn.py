"""Tables drawn with characters: ┌─┬─┐ │ │ ├─┼─┤, or +---+ | |, in a text or pasted into a document.

The rules make a grid, and fields without a rule between them are one cell, as on a printed page.
A Chinese character is two columns wide; a drawing character is one or two, which the lines
themselves tell: in the right measure they all end in the same column.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from taskkit.documents.model import Block, Cell, Paragraph, Row, Table
from taskkit.documents.pdf_lines import wrapped

_ACROSS = "─━┄┅┈┉╌╍═╴╶╸╺-=—－–＝"
_DOWN = "│┃┆┇┊┋╎╏║|｜"
_BOX = "".join(chr(code) for code in range(0x2500, 0x2580))
_MARKS = f"{_ACROSS}{_DOWN}+＋{_BOX}"
_JOINTS = "".join(set(_BOX) - set(_ACROSS) - set(_DOWN)) + "+＋"
_RULE = re.compile(rf"[{_JOINTS}{_DOWN}][{re.escape(_ACROSS)}]+[{_JOINTS}{_DOWN}]")
_NUMBER = re.compile(r"[★☆*]?[（(]?(?:\d{1,4}|[一二三四五六七八九十]{1,3})[)）、.．]?")
_MEASURES = ((1, 2), (2, 2), (1, 1))  # columns of a drawing character and of a Chinese one
_ALIGNED = 0.8  # share of lines that must end in the same column
MAX_WIDTH = 1_000
MAX_LINES = 5_000  # of one table
MAX_SIGNS = 400_000  # of one document's drawn tables, rules and padding counted
MAX_COLUMNS = 60
Line = tuple[str, str]  # text, place


def with_drawn_tables(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks, the paragraphs that draw a table made one; all as they are where more is drawn than plans hold."""
    drawings = [block.text for block in blocks if isinstance(block, Paragraph) and is_drawn(block.text)]
    if sum(map(len, drawings)) > MAX_SIGNS:
        return tuple(blocks)
    result: list[Block] = []
    for drawn, group in groupby(blocks, key=lambda block: isinstance(block, Paragraph) and is_drawn(block.text)):
        stretch = list(group)
        lines = [(block.text, block.place) for block in stretch if drawn and isinstance(block, Paragraph)]
        rows = _rows(lines) if lines else []
        result += [Table(tuple(rows), rows[0].place)] if rows else stretch
    return tuple(result)


def is_drawn(text: str) -> bool:
    """Whether a line begins and ends as one of a drawn table does."""
    line = text.strip(" \t\u3000")
    return len(line) > 2 and line[0] in _JOINTS + _DOWN and line[-1] in _JOINTS + _DOWN


def _rows(lines: Sequence[Line]) -> list[Row]:
    """The rows of a table that these lines draw; none where fewer than two of them are rules."""
    if not 3 <= len(lines) <= MAX_LINES or max(len(text) for text, _ in lines) > MAX_WIDTH:
        return []
    if sum(_has_rule(text) for text, _ in lines) < 2:
        return []
    texts = [text.strip(" \t\u3000") for text, _ in lines]
    places = [place for _, place in lines]
    fields = _aligned(texts)
    xs = _edges([line for line in fields or () if _has_rule(line.replace(_FILLER, ""))])
    return list(_by_grid(fields, xs, places) if fields and 1 < len(xs) <= MAX_COLUMNS else _by_count(texts, places))


def _has_rule(text: str) -> bool:
    """Whether a rule runs over the line or part of it; a dash alone in a field is none."""
    found = _RULE.search(text)
    return bool(found and (set(found[0]) & set(_JOINTS) or not re.search(r"\w", text)))


def _aligned(texts: Sequence[str]) -> list[str] | None:
    """The lines with one sign a column, in the measure in which they end alike; None where none fits.

    A sign two columns wide is followed by a filler that is taken out again.
    """
    best, fields = 0.0, None
    for box, wide in _MEASURES:
        laid = [_laid_out(text, box, wide) for text in texts]
        ends = Counter(map(len, laid)).most_common(1)[0][1] / len(laid)
        if ends > best:
            best, fields = ends, laid
    return fields if best >= _ALIGNED else None


_FILLER = "\0"


def _laid_out(text: str, box: int, wide: int) -> str:
    def width(char: str) -> int:
        if char in _BOX:
            return box
        if unicodedata.combining(char):
            return 0
        return wide if unicodedata.east_asian_width(char) in "WFA" else 1

    return "".join(char + _FILLER * (width(char) - 1) for char in text if width(char))


# --- by columns -----------------------------------------------------------------------


@dataclass
class _Band:
    """The lines of text between two rules: ``first`` and ``last`` are line numbers."""

    first: int
    last: int


def _by_grid(lines: Sequence[str], xs: Sequence[int], places: Sequence[str]) -> Iterator[Row]:
    width = max(map(len, lines))
    padded = [line.ljust(width) for line in lines]
    rules = [number for number, line in enumerate(padded) if _has_rule(line.replace(_FILLER, ""))]
    bands = [_Band(a + 1, b - 1) for a, b in pairwise([-1, *rules, len(padded)]) if b - a > 1]
    bands = [part for band in bands for part in _numbered(padded, xs, band, alone=len(bands) <= 2)]
    names = _cells_of(padded, xs, bands)
    texts = _texts(padded, xs, bands, names)
    for number, band in enumerate(bands):
        above = names[number - 1] if number else [-1] * len(names[number])
        fields = zip(names[number], above, [-1, *names[number]], strict=False)
        cells = [Cell(texts[name], above=name == up, left=name == before) for name, up, before in fields]
        if any(cell.text for cell in cells):
            yield Row(tuple(cells), places[band.first])


def _edges(rules: Sequence[str]) -> list[int]:
    """The columns in which rules have joints."""
    return sorted({x for line in rules for x, char in enumerate(line) if char in _JOINTS or _is_end(line, x)})


def _is_end(line: str, x: int) -> bool:
    """Whether an upright mark stands beside a rule: it ends there as at a joint."""
    near = line[max(0, x - 2) : x].replace(_FILLER, "")[-1:] + line[x + 1 : x + 3].replace(_FILLER, "")[:1]
    return line[x] in _DOWN and any(char in _ACROSS for char in near)


def _numbered(lines: Sequence[str], xs: Sequence[int], band: _Band, alone: bool) -> list[_Band]:
    """A band cut into rows where it holds several numbers; where rules only frame a table, each line is one."""
    for left, right in pairwise(xs):
        texts = [_between(lines[number], left, right) for number in range(band.first, band.last + 1)]
        numbers = [band.first + i for i, text in enumerate(texts) if _NUMBER.fullmatch(text)]
        if len(numbers) > 1 and numbers[0] == band.first and all(_NUMBER.fullmatch(text) for text in texts if text):
            return [_Band(a, b - 1) for a, b in pairwise([*numbers, band.last + 1])]
    if not alone or band.first == band.last:
        return [band]
    starts = [number for number in range(band.first, band.last + 1) if _between(lines[number], *xs[:2])]
    whole = len(starts) == band.last - band.first + 1 and band.first > 2
    return [_Band(number, number) for number in starts] if whole else [band]


def _between(line: str, left: int, right: int) -> str:
    return line[left + 1 : right].replace(_FILLER, "").strip(" \u3000")


def _cells_of(lines: Sequence[str], xs: Sequence[int], bands: Sequence[_Band]) -> list[list[int]]:
    """For each field the number of its cell: fields that nothing divides are one."""
    columns = len(xs) - 1
    parent = list(range(columns * len(bands)))

    def root(name: int) -> int:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for row, band in enumerate(bands):
        for column in range(columns):
            here = row * columns + column
            if row and _open_above(lines, bands[row - 1], band, xs[column], xs[column + 1]):
                parent[root(here)] = root(here - columns)
            if column and not _divided(lines, band, xs[column]):
                parent[root(here)] = root(here - 1)
    return [[root(row * columns + column) for column in range(columns)] for row in range(len(bands))]


def _open_above(lines: Sequence[str], above: _Band, band: _Band, left: int, right: int) -> bool:
    """Whether no rule runs over a field between two bands that a rule divides."""
    between = range(above.last + 1, band.first)
    return bool(between) and not any(_is_ruled(lines[number], left, right) for number in between)


def _is_ruled(line: str, left: int, right: int) -> bool:
    inside = line[left + 1 : right].replace(_FILLER, "")
    return bool(inside) and all(char in _ACROSS or char in _JOINTS for char in inside)


def _divided(lines: Sequence[str], band: _Band, x: int) -> bool:
    marks = sum(lines[number][x] in _MARKS for number in range(band.first, band.last + 1))
    return marks > (band.last - band.first + 1) / 2


def _texts(
    lines: Sequence[str], xs: Sequence[int], bands: Sequence[_Band], names: Sequence[Sequence[int]]
) -> dict[int, str]:
    """The text of each cell, its lines put together; also what stands beside a rule that stops short of it."""
    found: dict[int, list[tuple[str, int]]] = {name: [] for row in names for name in row}
    rows_of = {number: row for row, band in enumerate(bands) for number in range(band.first, band.last + 1)}
    row = 0
    for number, line in enumerate(lines):
        row = rows_of.get(number, row)
        column = 0
        while column < len(xs) - 1:
            end = column + 1
            while end < len(xs) - 1 and names[row][end] == names[row][column]:
                end += 1
            if number in rows_of or not _is_ruled(line, xs[column], xs[end]):
                start = xs[column] + (2 if line[xs[column] + 1] == _FILLER else 1)
                found[names[row][column]].append((line[start : xs[end]], xs[end] - start))
            column = end
    pads = _padding([text for parts in found.values() for text, _ in parts])
    return {name: _joined(parts, pads) for name, parts in found.items()}


def _padding(texts: Sequence[str]) -> int:
    """How many blank columns every text keeps from both sides of its cell together."""
    filled = [text for text in texts if text.strip(f" \u3000{_FILLER}")]
    left = min((len(text) - len(text.lstrip(" ")) for text in filled), default=0)
    return left + min((len(text) - len(text.rstrip(" ")) for text in filled), default=0)


def _joined(parts: Sequence[tuple[str, int]], pads: int) -> str:
    """The lines of a cell as one text: a line that its cell could not hold goes on in the next."""
    lines = [(part.strip(" \u3000").strip(_FILLER), width) for part, width in parts if part.strip(f" \u3000{_FILLER}")]
    text = ""
    for place, (line, _) in enumerate(lines):
        plain = line.replace(_FILLER, "")
        if not place:
            text = plain
            continue
        last, width = lines[place - 1]
        head = re.match(r"[!-~]+|.[\0]?", line)
        full = _width(last) + (len(head[0]) if head else 0) > width - pads
        text = wrapped(text, plain) if full else f"{text}\n{plain}"
    return text


def _width(line: str) -> int:
    """Columns of a text whose last filler was cut off with its spaces."""
    return len(line) + (unicodedata.east_asian_width(line[-1]) in "WF")


# --- by number ------------------------------------------------------------------------


def _by_count(texts: Sequence[str], places: Sequence[str]) -> Iterator[Row]:
    """Rows of a table whose lines no longer stand under each other: its cells are told by their number."""
    row: list[list[str]] = []
    place = ""
    for text, at in zip([*texts, ""], [*places, ""], strict=True):
        cells = [] if not text or _is_rule(text) else re.split(rf"[{_DOWN}]", text)[1:-1]
        if row and len(cells) != len(row):
            yield Row(tuple(Cell("\n".join(filter(None, lines))) for lines in row), place)
            row = []
        if cells and not row:
            row, place = [[] for _ in cells], at
        for lines, cell in zip(row, cells, strict=False):
            lines.append(cell.strip(" \u3000"))


def _is_rule(text: str) -> bool:
    return _has_rule(text) and not re.search(r"\w", text)
