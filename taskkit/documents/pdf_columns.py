"""Tables of a PDF without upright lines: columns are what stands under each other, rows begin at their numbers.

What is found is handed on as if lines had been drawn, so that the rest is as for ruled tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from taskkit.documents.pdf_lines import Char, rows_of
from taskkit.documents.pdf_tables import Box, Ruled
from taskkit.text import squeeze

_GAP = 0.8  # of a character's width: columns are at least so far apart
_LEAST = 0.45  # what of that must be left over all lines
_COLUMNS = 3  # a table has at least so many
_NUMBER = re.compile(r"[★☆*]?[（(]?\d{1,4}[)）、.．]?")
_BAND = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])")
_MIN_ROWS = 2
_TOP = 3  # lines at the top of a page that may stand above a table that goes on
MAX_LINES = 400  # on one page
Span = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """The columns of a table and the lines of its header, for the pages on which it goes on."""

    xs: tuple[float, ...]
    header: tuple[str, ...]


@dataclass(frozen=True)
class _Line:
    """One printed line: its characters, the stretches that they take, and where it stands."""

    chars: tuple[Char, ...]
    spans: tuple[Span, ...]
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def text(self, left: float, right: float) -> str:
        inside = [char for char in self.chars if left < (char[1] + char[3]) / 2 < right]
        return "".join(char[0] for char in sorted(inside, key=lambda char: char[1])).strip()


def placed_areas(
    page: int, chars: Sequence[Char], rules: Sequence[Box], before: Layout | None
) -> tuple[list[Ruled], list[Char], Layout | None]:
    """The tables of a page that no upright lines divide, the characters that are left, the last table's layout.

    ``before`` is that of the page before, whose table may go on at the top of this one.
    """
    lines = _lines_of(chars)
    if not lines or len(lines) > MAX_LINES:
        return [], list(chars), None
    em = _em(lines)
    areas: list[Ruled] = []
    layout: Layout | None = None
    start = 0
    while start < len(lines):
        found = _area(page, lines, start, em, rules, before if not areas else None)
        if found is None:
            start += 1
        else:
            area, layout, start = found
            areas.append(area)
    taken = {id(char) for area in areas for char in area.chars}
    return areas, [char for char in chars if id(char) not in taken], layout


def _lines_of(chars: Sequence[Char]) -> list[_Line]:
    lines = []
    for group in rows_of(chars):
        inked = sorted((char for char in group if not char[0].isspace()), key=lambda char: char[1])
        if inked:
            wide = median(char[3] - char[1] for char in inked)
            gap = _GAP * max(wide, median(char[4] - char[2] for char in inked) * 0.7)
            spans = [(inked[0][1], inked[0][3])]
            for char in inked[1:]:
                if char[1] - spans[-1][1] > gap:
                    spans.append((char[1], char[3]))
                else:
                    spans[-1] = (spans[-1][0], max(spans[-1][1], char[3]))
            lines.append(
                _Line(tuple(inked), tuple(spans), min(char[2] for char in inked), max(char[4] for char in inked))
            )
    return lines


def _em(lines: Sequence[_Line]) -> float:
    return max(median(char[4] - char[2] for line in lines for char in line.chars) * 0.8, 4.0)


def _area(
    page: int, lines: Sequence[_Line], start: int, em: float, rules: Sequence[Box], before: Layout | None
) -> tuple[Ruled, Layout, int] | None:
    """The table that begins with a line, and the line after it; None where none begins."""
    layout = before if before and start < _TOP else None
    if layout and (end := _reach(lines, start, layout.xs, em)):
        xs = layout.xs
    else:
        layout = None
        if len(lines[start].spans) < _COLUMNS:
            return None
        end, gaps = _table_from(lines, start, em)
        if len(gaps) < _COLUMNS - 1 or end - start <= _MIN_ROWS:
            return None
        left = min(char[1] for line in lines[start:end] for char in line.chars)
        right = max(char[3] for line in lines[start:end] for char in line.chars)
        xs = (left - em / 2, *((low + high) / 2 for low, high in gaps), right + em / 2)
    own = lines[start:end]
    ys = _rows(own, xs, layout, _level(rules, xs))
    if ys is None:
        return None
    head = tuple(_text(line) for line in own if line.middle < ys[1])
    inside = [char for line in own for char in line.chars]
    return _drawn(page, xs, ys, own, inside), layout or Layout(xs, head), end


def _text(line: _Line) -> str:
    return squeeze("".join(char[0] for char in line.chars))


def _table_from(lines: Sequence[_Line], start: int, em: float) -> tuple[int, list[Span]]:
    """How far a table goes whose first line this is, and the gaps between its columns."""
    gaps = _gaps(lines[start])
    end = start + 1
    while end < len(lines):
        if not _is_band(lines, end, gaps, em):
            left = _common(gaps, lines[end], em)
            if len(left) < max(_COLUMNS - 1, 0.6 * len(gaps)) or _far(lines, end, em):
                break
            gaps = left
        end += 1
    return end, gaps


def _reach(lines: Sequence[_Line], start: int, xs: Sequence[float], em: float) -> int:
    """How far lines keep clear of the cuts between columns; 0 where they are not those of the table."""
    end = start
    gaps = [(cut - em / 4, cut + em / 4) for cut in xs[1:-1]]
    while end < len(lines) and (len(_common(gaps, lines[end], 0)) == len(gaps) or _is_band(lines, end, gaps, em)):
        end += 1
    several = sum(len(line.spans) >= _COLUMNS for line in lines[start:end])
    torn = all(line.spans[0][0] > xs[1] for line in lines[start:end])  # the rest of a row, not a note below it
    return end if several or torn else 0


def _gaps(line: _Line) -> list[Span]:
    return [(before[1], after[0]) for before, after in pairwise(line.spans)]


def _common(gaps: Sequence[Span], line: _Line, em: float) -> list[Span]:
    """What of the gaps a line leaves free; pieces too narrow are none."""
    free = list(gaps)
    for low, high in ((char[1], char[3]) for char in line.chars):
        pieces = []
        for left, right in free:
            if high <= left or low >= right:
                pieces.append((left, right))
            else:
                pieces += [(left, low)] if low - left > 0 else []
                pieces += [(high, right)] if right - high > 0 else []
        free = pieces
    widest: dict[int, Span] = {}
    for piece in free:
        place = next(i for i, gap in enumerate(gaps) if gap[0] <= piece[0] and piece[1] <= gap[1])
        if piece[1] - piece[0] >= _LEAST * em and piece[1] - piece[0] > _width(widest.get(place)):
            widest[place] = piece
    return [widest[place] for place in sorted(widest)]


def _width(span: Span | None) -> float:
    return span[1] - span[0] if span else 0.0


def _far(lines: Sequence[_Line], end: int, em: float) -> bool:
    return lines[end].top - lines[end - 1].bottom > 4 * em


def _is_band(lines: Sequence[_Line], at: int, gaps: Sequence[Span], em: float) -> bool:
    """Whether a line is a heading across the table: the table goes on under it."""
    text = _text(lines[at])
    following = lines[at + 1] if at + 1 < len(lines) else None
    return bool(
        _BAND.match(text)
        and len(lines[at].spans) == 1
        and following
        and len(following.spans) > 1
        and len(_common(gaps, following, em)) >= 0.6 * len(gaps)
    )


# --- rows -----------------------------------------------------------------------------


def _level(rules: Sequence[Box], xs: Sequence[float]) -> list[float]:
    """The heights of rules that run over most of the table."""
    wide = [rule for rule in rules if rule[2] - rule[0] > 0.7 * (xs[-1] - xs[0])]
    return sorted({round((rule[1] + rule[3]) / 2, 1) for rule in wide})


def _rows(
    lines: Sequence[_Line], xs: Sequence[float], before: Layout | None, rules: Sequence[float]
) -> list[float] | None:
    """The heights at which rows begin, and the end of the last; None where nothing tells."""
    top, bottom = lines[0].top - 1, lines[-1].bottom + 1
    numbers = _anchors(lines, xs)
    inner = [y for y in rules if top < y < bottom]
    if not before and max(len(numbers), len(inner)) < _MIN_ROWS:
        return None
    if len(inner) >= max(_MIN_ROWS, len(numbers) - 1):
        return [top, *inner, bottom]
    bands = [number for number, line in enumerate(lines) if _is_across(line, xs)]
    texts = tuple(map(_text, lines))
    header = before.header if before else texts[: numbers[0]]
    heads = [at for at in range(len(lines)) if header and texts[at : at + len(header)] == header]
    ends = [*(band + 1 for band in bands), *(at + len(header) for at in heads)]
    starts = sorted({*numbers, *bands, *heads, *(end for end in ends if end < len(lines))} - {0})
    tops = [top, *(_between(lines, start) for start in starts), bottom]
    return tops if bands or before or heads[1:] else _centred(lines, numbers, tops)


def _anchors(lines: Sequence[_Line], xs: Sequence[float]) -> list[int]:
    """The lines with a number in the column of numbers."""
    for left, right in pairwise(xs):
        texts = [line.text(left, right) for line in lines]
        filled = [text for text in texts if text]
        numbers = [place for place, text in enumerate(texts) if _NUMBER.fullmatch(text)]
        if filled and len(numbers) > 0.6 * len(filled):
            return numbers
    return []


def _is_across(line: _Line, xs: Sequence[float]) -> bool:
    """Whether a line is a heading across the table."""
    return _crosses(line, xs) or (len(line.spans) == 1 and line.spans[0][0] < xs[1] and bool(_BAND.match(_text(line))))


def _crosses(line: _Line, xs: Sequence[float]) -> bool:
    return any(low < cut < high for cut in xs[1:-1] for low, high in line.spans)


def _between(lines: Sequence[_Line], start: int) -> float:
    return (lines[start - 1].bottom + lines[start].top) / 2


def _centred(lines: Sequence[_Line], numbers: Sequence[int], tops: list[float]) -> list[float]:
    """The rows where numbers stand in the middle of them, as their other cells do; else as they were.

    From the end of the header on, each row reaches as far under its number as above it.
    """
    for start in range(1, numbers[0] + 1 if numbers else 0):
        edges = [_between(lines, start)]
        for number in numbers:
            wanted = 2 * lines[number].middle - edges[-1]
            gaps = [_between(lines, at) for at in range(number + 1, len(lines))] + [lines[-1].bottom + 1]
            edge = min(gaps, key=lambda gap: abs(gap - wanted))
            if abs(edge - wanted) > 0.6 * (lines[number].bottom - lines[number].top):
                break
            edges.append(edge)
        else:
            if edges[-1] > lines[-1].bottom and edges[:-1] != tops[1:-1]:
                return [tops[0], *edges]
    return tops


def _drawn(page: int, xs: tuple[float, ...], ys: list[float], lines: Sequence[_Line], chars: list[Char]) -> Ruled:
    """The table as if its lines had been drawn; a heading across it is not divided."""
    across = tuple((xs[0], y, xs[-1], y) for y in ys)
    down = []
    for top, bottom in pairwise(ys):
        band = any(top < line.middle < bottom and _is_across(line, xs) for line in lines)
        down += [(x, top, x, bottom) for x in ((xs[0], xs[-1]) if band else xs)]
    return Ruled(page, xs, tuple(ys), across, tuple(down), tuple(chars), placed=True)
