"""A long table for Word as one string of XML: linear in its rows, where add_row and merge are not."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from taskkit.office import xml

# Styles of the template that tables use, by name.
HEADER, TEXT, CENTRED, BAND, SUBBAND = "表格表头", "表格文字", "表格居中", "表格大类", "表格大项"
STYLES = (HEADER, TEXT, CENTRED, BAND, SUBBAND)

_BAND_STYLES = {0: CENTRED, 1: BAND, 2: SUBBAND}

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TWIPS_PER_MM = 1440 / 25.4
CHARACTER_MM = 3.7  # 五号, the size of text in tables
_LINE_MM = 5.5
_PADDING_MM = 3.2
_OURS = re.compile("[\ufdd0-\ufdef]")  # noncharacters that we use ourselves
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


Cells = tuple[str | None, ...]


@dataclass(frozen=True)
class Column:
    """A column: its width counts in proportion to the others'."""

    header: str
    width: float
    centred: bool = False


@dataclass(frozen=True)
class Band:
    """A row of full width: a 大类 (level 1), a 大项 (level 2), or a word that stands for all rows (level 0)."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Table:
    """A table with one header row, repeated on each page. A cell that is None goes on with the one above it.

    ``noted``: a note follows, which keeps with the last row.
    """

    columns: tuple[Column, ...]
    rows: tuple[Band | Cells, ...] = field(repr=False)
    noted: bool = False


def clean(text: str) -> str:
    """A text without what XML cannot hold; all kinds of line breaks become one."""
    return _OURS.sub("", xml.clean(text))


def table_xml(table: Table, width: int, page_height: int, styles: Mapping[str, str]) -> str:
    """The ``w:tbl`` of a table that fills ``width`` twips; ``styles`` maps the names above to style ids.

    A row is never broken across pages, unless it is too tall for a page of ``page_height`` twips.
    """
    widths = _twips(table.columns, width)
    tallest = page_height / TWIPS_PER_MM * 0.8
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    parts = [
        f'<w:tbl xmlns:w="{NAMESPACE}"><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>',
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>',
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>',
        f"<w:tblGrid>{grid}</w:tblGrid>",
        _row((_cell(c.header, w, styles[HEADER]) for c, w in zip(table.columns, widths, strict=True)), header=True),
    ]
    by_column = [styles[CENTRED if column.centred else TEXT] for column in table.columns]
    kept = _kept_rows(table, widths, tallest)
    for at, row in enumerate(table.rows):
        keep = at in kept
        if isinstance(row, Band):
            style = styles[_BAND_STYLES[row.level]]
            parts.append(_row([_cell(row.text, sum(widths), style, span=len(widths), keep=keep)]))
        else:
            fits = _height(row, widths) < tallest
            below = table.rows[at + 1] if at + 1 < len(table.rows) else None
            after = below if isinstance(below, tuple) else ("",) * len(row)
            merges = map(_merge, row, after)
            cells = (
                _cell(text or "", w, style, merge, keep=keep)
                for text, w, style, merge in zip(row, widths, by_column, merges, strict=True)
            )
            parts.append(_row(cells, whole=fits))
    parts.append("</w:tbl>")
    return "".join(parts)


def _kept_rows(table: Table, widths: list[int], tallest: float) -> set[int]:
    """The rows that stand on one page with the next: what is merged downwards, where it is short, and the last one.

    A cell that goes on over a page break has nothing in its second half.
    """
    kept = {len(table.rows) - 1} if table.noted else set()
    block: list[int] = []
    for at, row in enumerate((*table.rows, Band(""))):
        if isinstance(row, tuple) and None in row:
            block.append(at)
            continue
        if len(block) > 1 and sum(_row_height(table.rows[each], widths) for each in block) < tallest / 2:
            kept.update(block[:-1])
        block = [at]
    return kept


def _row_height(row: Band | Cells, widths: list[int]) -> float:
    return _LINE_MM if isinstance(row, Band) else _height(row, widths)


def _twips(columns: tuple[Column, ...], width: int) -> list[int]:
    total = sum(column.width for column in columns)
    widths = [int(column.width * width / total) for column in columns]
    widths[-1] += width - sum(widths)
    return widths


def _row(cells: Iterator[str] | list[str], *, header: bool = False, whole: bool = True) -> str:
    marks = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if header else "")
    return f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(cells)}</w:tr>"


def _merge(text: str | None, below: str | None) -> str:
    """Where a cell begins or goes on with one that is merged downwards."""
    return "<w:vMerge/>" if text is None else '<w:vMerge w:val="restart"/>' if below is None else ""


def _cell(text: str, width: int, style: str, merge: str = "", *, span: int = 1, keep: bool = False) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>{merge}' if span > 1 else merge
    paragraphs = "".join(_paragraph(line, style, keep) for line in clean(text).split("\n"))
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{spanned}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"


def _paragraph(line: str, style: str, keep: bool = False) -> str:
    opening = f'<w:p><w:pPr><w:pStyle w:val="{escape(style)}"/>{"<w:keepNext/>" * keep}</w:pPr>'
    if not line:
        return f"{opening}</w:p>"
    runs = "<w:tab/>".join(
        f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else "" for piece in line.split("\t")
    )
    return f"{opening}<w:r>{runs}</w:r></w:p>"


def _height(row: Cells, widths: list[int]) -> float:
    """About how tall a row is, in mm; what is merged downwards has room in the rows below."""
    lines = (_lines(text or "", width / TWIPS_PER_MM - _PADDING_MM) for text, width in zip(row, widths, strict=True))
    return max(lines) * _LINE_MM


def _lines(text: str, width: float) -> int:
    per_line = max(int(width / CHARACTER_MM), 1)
    return sum(max(math.ceil(ems(line) / per_line), 1) for line in text.split("\n"))


def ems(text: str) -> float:
    """The width of a text in characters of full width."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)
