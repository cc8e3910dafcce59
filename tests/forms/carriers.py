"""Lines and tables of a written plan -> a file of some kind."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from unicodedata import east_asian_width

import docx
import openpyxl

from tests.forms.tables import Grid

TEXTS = ("text", "gb18030", "crlf", "airy", "tabs", "pipes", "box", "spaces", "stacked", "wrapped", "paged")


def save(folder: Path, carrier: str, lines: list[str], grid: Grid | None = None) -> Path:
    """The file, and for texts the same as a person sees it."""
    if carrier == "docx":
        return _docx(folder / "方案.docx", lines, grid)
    if carrier == "xlsx":
        assert grid is not None
        return _xlsx(folder / "方案.xlsx", lines, grid)
    file = folder / "方案.txt"
    file.write_bytes(as_text(carrier, lines, grid).encode("gb18030" if carrier == "gb18030" else "utf-8"))
    return file


def as_text(carrier: str, lines: list[str], grid: Grid | None = None) -> str:
    """The document as text; for office files a sketch of it, for a person who looks at a failure."""
    if carrier == "airy":
        return "\n\n".join(f"　　{line}" for line in lines)
    if carrier in ("wrapped", "paged"):
        return _wrapped(lines, paged=carrier == "paged")
    body = [*lines, *(_rows(carrier, grid) if grid else ())]
    return ("\r\n" if carrier == "crlf" else "\n").join(body) + "\n"


def _rows(carrier: str, grid: Grid) -> list[str]:
    if carrier == "pipes":
        return [f"| {' | '.join(row)} |" for row in grid.rows]
    if carrier == "box":
        rule = "┼".join("──" for _ in grid.rows[0])
        return [line for row in grid.rows for line in (f"├{rule}┤", f"│{'│'.join(row)}│")]
    if carrier == "spaces":
        return ["   ".join(cell for cell in row if cell) for row in grid.rows]
    if carrier == "stacked":
        return [cell for row in grid.rows for cell in row if cell]
    if carrier == "tabs":
        return ["\t".join(row) if place not in grid.bands else row[0] for place, row in enumerate(grid.rows)]
    return ["\t".join(row).replace("\n", "⏎") for row in grid.rows]  # a sketch of an office file


WIDTH = 68  # columns
_NOT_FIRST = "、，。；：？！）)】〕]》”,;:%"
_NOT_LAST = "（(【〔[《“"


def _wrapped(lines: list[str], paged: bool) -> str:
    """Lines cut at one width as office programs cut them: numbers stay whole, no mark begins a line."""
    result: list[str] = []
    for line in lines:
        text = f"　　{line}"
        while text:
            cut = _cut(text)
            result.append(text[:cut].rstrip())
            text = text[cut:].lstrip()
            if paged and len(result) % 22 == 0:
                result += ["", f"— {len(result) // 22} —", ""]
    return "\n".join(result) + "\n"


def _cut(text: str) -> int:
    """Where the first line of a text ends: a Chinese character is two columns wide."""
    widths = accumulate(2 if east_asian_width(char) in "WFA" else 1 for char in text)
    cut = sum(width <= WIDTH for width in widths)
    while 0 < cut < len(text) and (
        text[cut] in _NOT_FIRST or text[cut - 1] in _NOT_LAST or text[cut - 1 : cut + 1].isascii()
    ):
        cut -= 1
    return cut


def _docx(file: Path, lines: list[str], grid: Grid | None) -> Path:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if grid:
        table = document.add_table(rows=len(grid.rows), cols=len(grid.rows[0]))
        cells = [row.cells for row in table.rows]
        for place, row in enumerate(grid.rows):
            for column, text in enumerate(row):
                if text:
                    cells[place][column].text = text
            if place in grid.bands:
                cells[place][0].merge(cells[place][-1]).text = row[0]
        for column, first, last in grid.merges:
            cells[first][column].merge(cells[last][column]).text = grid.rows[first][column]
    document.save(str(file))
    return file


def _xlsx(file: Path, lines: list[str], grid: Grid) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([lines[-1]])  # the title alone: a workbook has no notice
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(grid.rows[0]))
    for row in grid.rows:
        sheet.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    for place in grid.bands:
        sheet.merge_cells(start_row=place + 2, start_column=1, end_row=place + 2, end_column=len(grid.rows[0]))
    for column, first, last in grid.merges:
        sheet.merge_cells(start_row=first + 2, start_column=column + 1, end_row=last + 2, end_column=column + 1)
    book.save(file)
    return file
