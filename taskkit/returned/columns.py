"""Columns of a returned sheet, found by the texts of their headers wherever the header row stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from taskkit.columns import Column
from taskkit.office.sheets import SheetData
from taskkit.returned.layout import Headers

_MOST_LINES = 2  # lines of a header beside the one that names most columns


class Heading(NamedTuple):
    """The row that names most of the headers, the last row of the header, and the columns that it names."""

    row: int = 0
    last: int = 0
    columns: Mapping[int, Column] = {}


def heading_of(sheet: SheetData, headers: Headers, ids: Mapping[int, object]) -> Heading:
    """The header of a sheet: the row that names most columns (the first of equals), with what the lines beside it add.

    A clerk who set a second line of headers above or below put some columns' names there.
    """
    best: tuple[int, dict[int, Column]] = (0, {})
    for number in sorted(sheet.rows):
        if number not in ids:
            columns = headers.columns(sheet.rows[number])
            if len(columns) > max(len(best[1]), 1):
                best = (number, columns)
    row, columns = best
    if not row:
        return Heading()
    last = row
    for step in (-1, 1):
        for beside in range(row + step, row + step * (_MOST_LINES + 1), step):
            added = {} if beside in ids or beside not in sheet.rows else headers.columns(sheet.rows[beside])
            known = {column.header for column in columns.values()}
            fresh = {at: each for at, each in added.items() if at not in columns and each.header not in known}
            if not fresh or any(columns.get(at, each) is not each for at, each in added.items()):
                break
            columns = {**columns, **fresh}
            last = max(last, beside)
    return Heading(row, last, columns)
