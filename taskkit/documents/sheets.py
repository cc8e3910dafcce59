"""Workbooks (.xlsx, .xls, .et, .ods) as tables, one per sheet, with Excel's own row numbers."""

from __future__ import annotations

import datetime as dt
from itertools import product

from taskkit.documents.model import Block, Cell, Row, Table
from taskkit.errors import InputError
from taskkit.office.sheets import Cell as SheetCell
from taskkit.office.sheets import SheetData, read_workbook
from taskkit.places import area_of, column_letter

MAX_COLUMNS = 200  # a plan is no wider; stray cells far to the right are left alone
MAX_GRID = 400_000  # cells of all tables, merged ones at each place that they cover
Place = tuple[int, int]


def read_sheets(data: bytes, name: str) -> tuple[Block, ...]:
    """The sheets of a workbook as tables; very hidden ones, which no person sees, are left out.

    Raises InputError where it is damaged or breaks a limit.
    """
    sheets = [sheet for sheet in read_workbook(data, name).sheets if sheet.state != "veryHidden"]
    left = MAX_GRID
    tables = []
    for sheet in sheets:
        if any(sheet.rows.values()):
            table, cells = _table(sheet, left, name)
            left -= cells
            tables.append(table)
    return tuple(tables)


def _table(sheet: SheetData, budget: int, name: str) -> tuple[Table, int]:
    """A sheet as a table, and how many cells of the grid it takes."""
    last = max((row for row, cells in sheet.rows.items() if cells), default=1)
    merged = _merged(sheet, last, budget, name)
    numbers = sorted({row for row, cells in sheet.rows.items() if cells} | {row for row, _ in merged})
    width = max((column for cells in sheet.rows.values() for column in cells if column <= MAX_COLUMNS), default=1)
    width = max([width, *(column for _, column in merged)])
    if len(numbers) * width > budget:
        raise _too_large(name)
    rows = [
        Row(
            tuple(_cell(sheet, merged, (number, column)) for column in range(1, width + 1)),
            f"工作表“{sheet.title}”第{number}行",
            hidden=number in sheet.hidden_rows,
        )
        for number in numbers
    ]
    table = Table(
        tuple(rows),
        f"工作表“{sheet.title}”",
        sheet=True,
        title=sheet.title,
        hidden=sheet.state != "visible",
        hidden_columns=_hidden_columns(sheet, width),
    )
    return table, len(numbers) * width


def _hidden_columns(sheet: SheetData, width: int) -> tuple[str, ...]:
    """The hidden columns that hold something."""
    hidden = {column for first, last in sheet.hidden_columns for column in range(first, min(last, width) + 1)}
    filled = {column for cells in sheet.rows.values() for column in cells}
    return tuple(column_letter(column) for column in sorted(hidden & filled))


def _cell(sheet: SheetData, merged: dict[Place, Place], place: Place) -> Cell:
    first = merged.get(place, place)
    cell = sheet.cell(*first)
    return Cell(_text(cell), above=place[0] > first[0], left=place[1] > first[1], lost=_lost(cell))


def _lost(cell: SheetCell | None) -> str:
    """What stands in a cell without being content."""
    if cell is None or cell.kind not in ("error", "pending"):
        return ""
    return str(cell.value) if cell.kind == "error" else "没有保存结果的公式"


def _merged(sheet: SheetData, last: int, budget: int, name: str) -> dict[Place, Place]:
    """For each cell of a merged area, its first cell; areas without content are left out.

    An area is followed no further down than the last row that holds something.
    """
    first: dict[Place, Place] = {}
    covered = 0
    for top, left, bottom, right in filter(None, map(area_of, sheet.merges)):
        if left > MAX_COLUMNS or sheet.cell(top, left) is None:
            continue
        rows, columns = range(top, min(bottom, last) + 1), range(left, min(right, MAX_COLUMNS) + 1)
        covered += len(rows) * len(columns)
        if covered > budget:
            raise _too_large(name)
        first.update(dict.fromkeys(product(rows, columns), (top, left)))
    return first


def _too_large(name: str) -> InputError:
    return InputError(f"“{name}”的表格过大，没有打开", "请只保留方案所在的工作表和区域，另存一份后再试")


def _text(cell: SheetCell | None) -> str:
    """A cell as a person sees it."""
    if cell is None or cell.kind in ("error", "pending"):
        return ""
    value = cell.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return cell.shown or f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float | int):
        return f"{value * 100:.10g}%" if cell.percent else f"{value:.15g}"
    return str(value).strip()
