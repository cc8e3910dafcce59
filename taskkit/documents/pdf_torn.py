"""Tables torn by page breaks: rows, labels and merged cells that go on over the page are put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from taskkit.documents.pdf_lines import wrapped
from taskkit.text import squeeze

_NUMBER = re.compile(r"[★☆*]?\W?\d{1,4}\W?")
_LABEL = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,3})\s*[、．.）)]")
_MOST = 0.6


@dataclass
class Field:
    """One field of the grid while a table is made; ``above`` and ``left`` as in Cell."""

    text: str
    above: bool = False
    left: bool = False


@dataclass
class PageRows:
    """The rows of a table on one page."""

    page: int
    rows: list[list[Field]] = field(default_factory=list)


def mend(parts: Sequence[PageRows]) -> None:
    """Put together what page breaks have torn, in place; tables without numbers are left as they are."""
    rows = [row for part in parts for row in part.rows]
    heading = [_key(row) for row in rows[:3]]
    number = _number_column(rows)
    if number is None:
        return
    for before, part in pairwise(parts):
        start = 0
        while start < len(part.rows) and _key(part.rows[start]) in heading[: start + 1]:
            start += 1
        if part.page == before.page or start == len(part.rows):
            continue
        above = [row for each in parts for row in each.rows if each.page < part.page]
        below = part.rows[start:]
        if _is_band(below[0]) or not above or not above[-1][number].text:
            continue
        if not below[0][number].text and any(cell.text for cell in below[0]):
            _append(above, below, range(len(below[0])))
            del part.rows[start]
            del below[0]
        else:
            torn = [c for c in range(number) if _is_rest(rows, below[0], c)]
            _append(above, below, torn)
        if below and not _is_band(below[0]):
            _fill(above, below, [c for c in range(len(below[0])) if _is_merged_on(rows, below[0], c)])


def _key(row: Sequence[Field]) -> tuple[str, ...]:
    return tuple(squeeze(cell.text) for cell in row)


def _is_band(row: Sequence[Field]) -> bool:
    return all(cell.left for cell in row[1:])


def _number_column(rows: Sequence[Sequence[Field]]) -> int | None:
    """The column in which most rows have a number."""
    filled = [row for row in rows if sum(bool(cell.text) for cell in row) > 1]
    for column in range(len(filled[0]) if filled else 0):
        numbered = sum(bool(_NUMBER.fullmatch(squeeze(row[column].text))) for row in filled)
        if numbered > _MOST * len(filled):
            return column
    return None


def _is_rest(rows: Sequence[Sequence[Field]], row: Sequence[Field], column: int) -> bool:
    """Whether a label at the top of a page is the rest of one torn: it has no number where the others have."""
    text = squeeze(row[column].text)
    others = {squeeze(each[column].text) for each in rows if each[column].text and not each[column].left}
    numbered = sum(bool(_LABEL.match(other)) for other in others)
    return bool(text) and not _LABEL.match(text) and numbered > _MOST * (len(others) - 1) and len(others) > 1


def _is_merged_on(rows: Sequence[Sequence[Field]], row: Sequence[Field], column: int) -> bool:
    """Whether an empty field at the top of a page belongs to a merged cell: the column has such, and no other gaps."""
    column_fields = [each[column] for each in rows if not _is_band(each)]
    merged = any(each.above and each.text for each in column_fields)
    gaps = sum(not each.text for each in column_fields)
    return merged and not row[column].text and not row[column].left and gaps < 0.3 * len(column_fields)


def _append(above: list[list[Field]], below: list[list[Field]], columns: Sequence[int]) -> None:
    """Join the first row's fields to those above them, in all rows over which either is merged."""
    for column in columns:
        last, more = above[-1][column], below[0][column]
        if more.left or not more.text:
            continue
        text = wrapped(last.text, more.text) if last.text else more.text
        for cell in [*_merged_up(above, column), *_merged_down(below, column)]:
            cell.text = text
        more.above = True


def _fill(above: list[list[Field]], below: list[list[Field]], columns: Sequence[int]) -> None:
    for column in columns:
        cells = _merged_down(below, column)
        for cell in cells:
            cell.text = above[-1][column].text
        cells[0].above = bool(cells[0].text)


def _merged_up(rows: list[list[Field]], column: int) -> list[Field]:
    """The fields of the merged cell that ends in the last row."""
    start = len(rows) - 1
    while start and rows[start][column].above:
        start -= 1
    return [row[column] for row in rows[start:]]


def _merged_down(rows: list[list[Field]], column: int) -> list[Field]:
    """The fields of the merged cell that begins in the first row."""
    end = 1
    while end < len(rows) and rows[end][column].above:
        end += 1
    return [row[column] for row in rows[:end]]
