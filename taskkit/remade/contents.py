"""What a finished document or workbook says, as plain data: its lines of text and its tables, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path

from taskkit.errors import InputError
from taskkit.figures import written
from taskkit.office.docx_reader import DocxTable, read_docx_body
from taskkit.office.sheets import Cell, SheetData, read_workbook
from taskkit.places import area_of
from taskkit.wording import shortened

LARGEST = 30 * 1024 * 1024  # bytes of a file that is looked into
_NAMED = 16  # characters of a heading or title that names a place
_HEADER_WITHIN = 12  # rows of a sheet in which its header stands
_TALLEST = 200  # rows of a merged cell
_HEADING = re.compile(r"[一二三四五六七八九十]+、[^。]{1,30}|（[一二三四五六七八九十]+）[^。]{1,30}")
_ANNEX = re.compile(r"附件\s*\d{0,2}")


@dataclass(frozen=True)
class Line:
    """A paragraph, or a row of a table that holds one text alone; ``place`` is the heading or table it stands in."""

    text: str
    place: str = ""


@dataclass(frozen=True)
class GridRow:
    """A row of a table: ``number`` as a person counts it there; texts by column."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """A table: its name, what stands above each column, and its rows; a merged cell stands in each place."""

    name: str
    header: tuple[str, ...]
    rows: tuple[GridRow, ...] = field(repr=False)


@dataclass(frozen=True)
class Content:
    """All of a file."""

    lines: tuple[Line, ...]
    grids: tuple[Grid, ...] = ()


def read_content(path: Path) -> Content:
    """What a .docx or .xlsx says. Raises InputError where it is another file, locked, damaged or too large."""
    try:
        large = path.stat().st_size > LARGEST
        data = b"" if large else path.read_bytes()
    except OSError as error:
        raise InputError(f"读不了“{path}”") from error
    return content_of(data, path.name)


def content_of(data: bytes, name: str) -> Content:
    """What a document or workbook says, by the ending of its name. Raises InputError as ``read_content``."""
    if name.lower().endswith(".docx"):
        return _of_document(data, name)
    if name.lower().endswith(".xlsx"):
        return _of_workbook(data, name)
    raise InputError(f"“{name}”不是 Word 文档或 Excel 工作簿")


# --- Word -----------------------------------------------------------------------------


def _of_document(data: bytes, name: str) -> Content:
    lines: list[Line] = []
    grids: list[Grid] = []
    heading = annex = last = ""
    for block in read_docx_body(data, name).blocks:
        if isinstance(block, DocxTable):
            grid, bands = _of_table(block, annex or last or f"表{len(grids) + 1}")
            grids.append(grid)
            lines += bands
            continue
        text = " ".join(block.text.split())
        if not text:
            continue
        lines.append(Line(text, heading))
        last = shortened(text, _NAMED)
        if _ANNEX.fullmatch(text):
            annex = heading = text.replace(" ", "")
        elif block.level or _HEADING.fullmatch(text):
            annex, heading = "", last
    return Content(tuple(lines), tuple(grids))


def _of_table(table: DocxTable, name: str) -> tuple[Grid, list[Line]]:
    """A table, and its rows of one cell as lines; what stands above a column may take two rows."""
    rows: list[tuple[str, ...]] = []
    for cells in table.rows:
        row: list[str] = []
        for cell in cells:
            above = rows[-1] if rows else ()
            text = above[len(row)] if cell.continues and len(row) < len(above) else cell.text
            row += [text] * cell.span
        rows.append(tuple(row))
    tall = 2 if len(rows) > 1 and any(cell.continues for cell in table.rows[1]) else 1
    header = tuple(_joined(texts) for texts in zip(*rows[:tall], strict=False)) if rows else ()
    body = list(enumerate(zip(table.rows[tall:], rows[tall:], strict=True), tall + 1))
    bands = [Line(texts[0], name) for _, (cells, texts) in body if len(cells) == 1 and texts[0]]
    listed = tuple(GridRow(at, texts) for at, (cells, texts) in body if len(cells) > 1)
    return Grid(name, header, listed), bands


def _joined(texts: Iterable[str]) -> str:
    """What stands above a column, each text once."""
    return "".join(dict.fromkeys("".join(text.split()) for text in texts))


# --- Excel ----------------------------------------------------------------------------


def _of_workbook(data: bytes, name: str) -> Content:
    lines: list[Line] = []
    grids: list[Grid] = []
    for sheet in read_workbook(data, name).sheets:
        if sheet.state == "visible":
            own, grid = _of_sheet(sheet)
            lines += own
            grids += [grid] if grid else []
    return Content(tuple(lines), tuple(grids))


def _of_sheet(sheet: SheetData) -> tuple[list[Line], Grid | None]:
    """The lines above, between and below the rows of a sheet, and its table; none where no row looks like a header."""
    name = f"“{sheet.title}”"
    rows = [(number, sheet.rows[number]) for number in sorted(sheet.rows) if sheet.rows[number]]
    top = next((at for at, (_, row) in enumerate(rows[:_HEADER_WITHIN]) if _is_header(row)), None)
    lines = [
        Line(_shown(next(iter(row.values()))), name) for at, (_, row) in enumerate(rows) if at != top and _is_band(row)
    ]
    if top is None:
        return lines, None
    columns = sorted(rows[top][1])
    header = tuple(_joined([_shown(rows[top][1][column])]) for column in columns)
    above = _merged_downwards(sheet)
    listed = tuple(
        GridRow(number, tuple(_text_at(sheet, above.get((number, column), number), column) for column in columns))
        for number, row in rows[top + 1 :]
        if not _is_band(row)
    )
    return lines, Grid(name, header, listed)


def _is_header(row: Mapping[int, Cell]) -> bool:
    return len(row) > 1 and all(cell.kind == "text" for cell in row.values())


def _is_band(row: Mapping[int, Cell]) -> bool:
    return len(row) == 1 and next(iter(row.values())).kind == "text"


def _merged_downwards(sheet: SheetData) -> dict[tuple[int, int], int]:
    """The row in which the text of a cell stands that is merged downwards."""
    areas = [area for area in map(area_of, sheet.merges) if area and area.left == area.right]
    return {
        (row, area.left): area.top
        for area in areas
        for row in range(area.top + 1, min(area.bottom, area.top + _TALLEST) + 1)
    }


def _text_at(sheet: SheetData, row: int, column: int) -> str:
    cell = sheet.cell(row, column)
    return _shown(cell) if cell else ""


def _shown(cell: Cell) -> str:
    """A cell's value as a person sees it."""
    if isinstance(cell.value, datetime):
        day = cell.value.date().isoformat()
        return cell.shown or (day if cell.value.time() == time() else f"{day} {cell.value:%H:%M}")
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
        return str(cell.value).strip()
    return f"{written(cell.value * 100)}%" if cell.percent else written(cell.value)
