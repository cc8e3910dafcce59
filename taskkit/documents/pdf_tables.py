"""Ruled tables of a PDF: the lines make a grid, fields without a line between them are one cell.

Tables that go on over pages become one table. Open sides, missing lines and merged cells need no
special care: what no line divides is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from taskkit.documents.model import Cell, Row, Table
from taskkit.documents.pdf_lines import Char, Line, lines_of, wrapped
from taskkit.documents.pdf_torn import Field, PageRows, mend

Box = tuple[float, float, float, float]
_NEAR = 3.0  # points within which two lines are one
_COVER = 0.8  # share of a field's side that a line must cover to divide
MAX_COLUMNS = 60
MAX_ROWS = 400  # on one page
MAX_FIELDS = 300_000  # in one document, some 40,000 rows


@dataclass(frozen=True)
class Ruled:
    """A ruled area on one page: its ruling lines by place, and the characters within."""

    page: int
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    across: tuple[Box, ...]
    down: tuple[Box, ...]
    chars: tuple[Char, ...]
    placed: bool = False  # no lines are drawn: where they would be is told by the places of the text


def ruled_areas(page: int, lines: Sequence[Box], chars: Sequence[Char]) -> list[Ruled]:
    """The ruled areas of a page from top to bottom; a line without any upright one beside it is none."""
    across = [line for line in lines if line[2] - line[0] > line[3] - line[1]]
    down = [line for line in lines if line[2] - line[0] <= line[3] - line[1]]
    ys = _places([(line[1] + line[3]) / 2 for line in across])
    if len(ys) > MAX_ROWS:
        return []
    areas: list[list[float]] = []
    open_band = False
    for top, bottom in pairwise(ys):
        least = _COVER * (bottom - top)
        inside = sum(min(line[3] + 1, bottom) - max(line[1] - 1, top) >= least for line in down)
        if inside >= 2:
            if not open_band:
                areas.append([top])
            areas[-1].append(bottom)
        open_band = inside >= 2
    ruled = (_area(page, tuple(band), across, down, chars) for band in areas)
    return [area for area in ruled if area is not None]


def _area(
    page: int, ys: tuple[float, ...], across: Sequence[Box], down: Sequence[Box], chars: Sequence[Char]
) -> Ruled | None:
    top, bottom = ys[0] - _NEAR, ys[-1] + _NEAR
    own = [line for line in down if min(line[3], bottom) - max(line[1], top) > _NEAR]
    level = [line for line in across if top <= (line[1] + line[3]) / 2 <= bottom]
    sides = [min(line[0] for line in level), max(line[2] for line in level)]
    xs = _places([(line[0] + line[2]) / 2 for line in own])
    xs = _places([*xs, *(side for side in sides if not xs[0] - 9 <= side <= xs[-1] + 9)])  # open sides
    if len(xs) < 3 and len(ys) < 3:  # a frame around text
        return None
    if len(xs) > MAX_COLUMNS:
        return None
    inside = [char for char in chars if top < (char[2] + char[4]) / 2 < bottom]
    within = [char for char in inside if xs[0] - _NEAR < (char[1] + char[3]) / 2 < xs[-1] + _NEAR]
    return Ruled(page, tuple(xs), ys, tuple(level), tuple(own), tuple(within))


def _places(values: Sequence[float]) -> list[float]:
    """Values with those nearer than a few points made one."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= _NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _covers(lines: Sequence[Box], axis: int, start: float, end: float) -> bool:
    """Whether lines (their extent along ``axis``: 0 across, 1 down) cover most of a stretch."""
    covered, reached = 0.0, start
    for line in sorted(lines, key=lambda each: each[axis]):
        low, high = max(line[axis] - 1, reached), min(line[axis + 2] + 1, end)
        if high > low:
            covered += high - low
            reached = high
    return covered >= _COVER * (end - start)


def goes_on(last: Ruled, area: Ruled) -> bool:
    """Whether an area may be the rest of the one before it: it is as wide."""
    return abs(last.xs[0] - area.xs[0]) < 6 and abs(last.xs[-1] - area.xs[-1]) < 6


def table_of(areas: Sequence[Ruled]) -> Table:
    """The areas of one table, page by page, as one table."""
    xs = _places([x for area in areas for x in area.xs])[: MAX_COLUMNS + 1]
    grids = [_grid(area, xs) for area in areas]
    pad = _padding(grids)
    parts = [_rows(grid, pad) for grid in grids]
    width = range(len(xs) - 1)
    used = [any(not row[c].left for part in parts for row in part.rows) for c in width]
    for part in parts:
        part.rows = [[cell for cell, keep in zip(row, used, strict=True) if keep] for row in part.rows]
    mend(parts)
    rows, count = [], {part.page: 0 for part in parts}
    for part in parts:
        for cells in part.rows:
            count[part.page] += 1
            place = f"第{part.page}页表格第{count[part.page]}行"
            rows.append(Row(tuple(Cell(cell.text, cell.above, cell.left) for cell in cells), place))
    return Table(tuple(rows), f"第{areas[0].page}页表格", unruled=any(area.placed for area in areas))


@dataclass(frozen=True)
class _Grid:
    """An area cut into fields: the number of the cell of each, and each cell's sides and characters."""

    page: int
    names: list[list[int]]
    sides: dict[int, tuple[float, float]]
    chars: dict[int, list[Char]]


def _grid(area: Ruled, xs: Sequence[float]) -> _Grid:
    ys = _dividing(area, xs)
    names = _components(area, xs, ys)
    chars: dict[int, list[Char]] = {}
    for char in area.chars:
        row, column = _index(ys, (char[2] + char[4]) / 2), _index(xs, (char[1] + char[3]) / 2)
        chars.setdefault(names[row][column], []).append(char)
    return _Grid(area.page, names, _sides(names, xs), chars)


def _padding(grids: Sequence[_Grid]) -> float:
    """How far text usually stays from the sides of its cell (centred text stays further away)."""
    gaps = sorted(
        min(char[1] for char in own) - grid.sides[name][0] for grid in grids for name, own in grid.chars.items()
    )
    return min(max(gaps[len(gaps) // 10], 0.0), 9.0) if gaps else 5.0


def _rows(grid: _Grid, pad: float) -> PageRows:
    texts = {}
    for name, own in grid.chars.items():
        left, right = grid.sides[name]
        texts[name] = _cell_text(lines_of(own, grid.page), right - left - 2 * pad)
    part = PageRows(grid.page)
    for number, row in enumerate(grid.names):
        above = grid.names[number - 1] if number else [-1] * len(row)
        fields = zip(row, above, [-1, *row], strict=False)
        part.rows.append([Field(texts.get(name, ""), name == up, name == before) for name, up, before in fields])
    return part


def _dividing(area: Ruled, xs: Sequence[float]) -> list[float]:
    """The heights at which at least one field ends (an underlined word divides nothing)."""
    inner = [y for y in area.ys[1:-1] if any(_covers(_at(area.across, 1, y), 0, *pair) for pair in pairwise(xs))]
    return [area.ys[0], *inner, area.ys[-1]]


def _at(lines: Sequence[Box], axis: int, place: float) -> list[Box]:
    return [line for line in lines if abs((line[axis] + line[axis + 2]) / 2 - place) <= _NEAR]


def _components(area: Ruled, xs: Sequence[float], ys: Sequence[float]) -> list[list[int]]:
    """For each field of the grid the number of its cell: fields without a line between them are one."""
    columns, rows = len(xs) - 1, len(ys) - 1
    parent = list(range(columns * rows))

    def root(name: int) -> int:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    level = [_at(area.across, 1, y) for y in ys]
    upright = [_at(area.down, 0, x) for x in xs]
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if row and not _covers(level[row], 0, xs[column], xs[column + 1]):
                parent[root(here)] = root(here - columns)
            if column and not _covers(upright[column], 1, ys[row], ys[row + 1]):
                parent[root(here)] = root(here - 1)
    return [[root(row * columns + column) for column in range(columns)] for row in range(rows)]


def _sides(names: Sequence[Sequence[int]], xs: Sequence[float]) -> dict[int, tuple[float, float]]:
    """The left and right side of each cell."""
    ends: dict[int, tuple[float, float]] = {}
    for row in names:
        for column, name in enumerate(row):
            low, high = ends.get(name, (xs[column], xs[column + 1]))
            ends[name] = (min(low, xs[column]), max(high, xs[column + 1]))
    return ends


def _index(edges: Sequence[float], value: float) -> int:
    return min(max(sum(edge <= value for edge in edges) - 1, 0), len(edges) - 2)


def _cell_text(lines: Sequence[Line], room: float) -> str:
    text = lines[0].text if lines else ""
    for last, line in pairwise(lines):
        full = last.x1 - last.x0 + line.head > room - 0.02 * line.em
        text = wrapped(text, line.text) if full else f"{text.rstrip()}\n{line.text}"
    return text.strip()
