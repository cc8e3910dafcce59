"""A long table for Word as one string of XML: linear in its rows, where add_row and merge are not."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat
from xml.sax.saxutils import escape, quoteattr

from taskkit.office import xml

# Styles of the template that tables use, by name.
HEADER, TEXT, CENTRED, BAND, SUBBAND = "表格表头", "表格文字", "表格居中", "表格大类", "表格大项"
STYLES = (HEADER, TEXT, CENTRED, BAND, SUBBAND)

_BAND_STYLES = (CENTRED, BAND, SUBBAND)  # by level

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TWIPS_PER_MM = 1440 / 25.4
CHARACTER_MM = 3.7  # 五号, the size of text in tables
_LINE_MM = 5.5
_PADDING_MM = 3.2
_ROOM = 0.9  # of a page, for a row: the header takes some, and how tall a row gets is not quite known
# Noncharacters that we use ourselves, and what would turn the rest of a line around.
_DROPPED = re.compile("[\ufdd0-\ufdef\u202a-\u202e\u2066-\u2069]")
_SEPARATORS = re.compile("[\x85\u2028\u2029]")  # of lines and paragraphs, for which Word has no glyph
# What a text in XML may not hold as it stands, or what makes more than one run of it.
_SPECIAL = re.compile("[\x00-\x1f\x85\u2028-\u202e\u2066-\u2069&<>\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_NO_LINES = "".join(f'<w:{side} w:val="nil"/>' for side in ("left", "bottom", "right"))
_OPEN = f"<w:tcBorders>{_NO_LINES}</w:tcBorders>"


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

    ``foot``: a note below its last line, on the page of the last row.
    """

    columns: tuple[Column, ...]
    rows: tuple[Band | Cells, ...] = field(repr=False)
    foot: str = ""


def clean(text: str) -> str:
    """A text without what XML cannot hold or what is no text; all kinds of line breaks become one."""
    return _SEPARATORS.sub("\n", _DROPPED.sub("", xml.clean(text)))


def table_xml(table: Table, width: int, page_height: int, styles: Mapping[str, str]) -> str:
    """The ``w:tbl`` of a table that fills ``width`` twips; ``styles`` maps the names above to style ids.

    A row is never broken across pages, unless it is too tall for a page of ``page_height`` twips.
    """
    widths = _twips(table.columns, width)
    most_lines = page_height / TWIPS_PER_MM * _ROOM / _LINE_MM
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    headers = [_Place(each, styles[HEADER]) for each in widths]
    places = [
        _Place(each, styles[CENTRED if c.centred else TEXT]) for c, each in zip(table.columns, widths, strict=True)
    ]
    bands = [_Place(sum(widths), styles[style], span=len(widths)) for style in _BAND_STYLES]
    parts = [
        f'<w:tbl xmlns:w="{NAMESPACE}"><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>',
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>',
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>',
        f"<w:tblGrid>{grid}</w:tblGrid>",
        _row((place.cell(c.header) for c, place in zip(table.columns, headers, strict=True)), header=True),
    ]
    heights = [_lines(row, places) for row in table.rows]
    kept = _kept_rows(table, heights, most_lines / 2)
    for at, (row, below) in enumerate(zip(table.rows, (*table.rows[1:], None), strict=True)):
        keep = at in kept
        if isinstance(row, Band):
            parts.append(_row([bands[row.level].cell(row.text, keep=keep)]))
            continue
        after = below if isinstance(below, tuple) else ("",) * len(row)
        parts.append(_row(map(_Place.cell, places, row, after, repeat(keep)), whole=heights[at] < most_lines))
    if table.foot:
        foot = _Place(sum(widths), styles[TEXT], span=len(widths), open_below=True)
        parts.append(_row([foot.cell(table.foot)]))
    parts.append("</w:tbl>")
    return "".join(parts)


def _lines(row: Band | Cells, places: Sequence[_Place]) -> int:
    """About how many lines a row is tall."""
    if isinstance(row, Band):
        return 1
    return max(place.lines(text) for place, text in zip(places, row, strict=True))


def _kept_rows(table: Table, heights: Sequence[int], most: float) -> set[int]:
    """The rows that stay on a page with the next: what is merged downwards, where it is short, and the last one.

    A cell that goes on over a page break has nothing in its second half.
    """
    kept = {len(table.rows) - 1} if table.foot else set()
    block: list[int] = []
    for at, row in enumerate((*table.rows, Band(""))):
        if isinstance(row, tuple) and None in row:
            block.append(at)
            continue
        if sum(heights[each] for each in block) < most:
            kept.update(block[:-1])
        block = [at]
    return kept


def tied(table: str) -> str:
    """A table as ``table_xml`` writes it, its last row kept on the page of the paragraph after it (a note)."""
    above, row, last = table.rpartition("<w:tr>")
    return f"{above}{row}{last.replace('</w:pPr>', '<w:keepNext/></w:pPr>')}"


class _Place:
    """Where cells of one width and style stand: their XML but for the texts, made once."""

    def __init__(self, width: int, style: str, *, span: int = 1, open_below: bool = False) -> None:
        spanned = (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "") + _OPEN * open_below
        self._opening = f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}'
        styled = f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/>"
        self._plain, self._kept = f"{styled}</w:pPr>", f"{styled}<w:keepNext/></w:pPr>"
        self._per_line = max(int((width / TWIPS_PER_MM - _PADDING_MM) / CHARACTER_MM), 1)

    def cell(self, text: str | None, below: str | None = "", keep: bool = False) -> str:
        """A cell; None goes on with the cell above, as None in ``below`` goes on with this one.

        ``keep``: on the page of what comes next.
        """
        merge = "<w:vMerge/>" if text is None else '<w:vMerge w:val="restart"/>' if below is None else ""
        return f'{self._opening}{merge}<w:vAlign w:val="center"/></w:tcPr>{self._paragraphs(text or "", keep)}</w:tc>'

    def _paragraphs(self, text: str, keep: bool) -> str:
        opening = self._kept if keep else self._plain
        if text and not _SPECIAL.search(text):
            return f'{opening}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
        return "".join(f"{opening}{_run(line)}</w:p>" for line in clean(text).split("\n"))

    def lines(self, text: str | None) -> int:
        """About how many lines a text takes; what is merged downwards has room in the rows below."""
        if not text or (len(text) <= self._per_line and text.isprintable()):
            return 1
        return sum(max(math.ceil(ems(line) / self._per_line), 1) for line in clean(text).split("\n"))


def _twips(columns: tuple[Column, ...], width: int) -> list[int]:
    total = sum(column.width for column in columns)
    widths = [int(column.width * width / total) for column in columns]
    widths[-1] += width - sum(widths)
    return widths


def _row(cells: Iterable[str], *, header: bool = False, whole: bool = True) -> str:
    marks = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if header else "")
    return f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(cells)}</w:tr>"


def _run(line: str) -> str:
    pieces = (f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else "" for piece in line.split("\t"))
    return f"<w:r>{'<w:tab/>'.join(pieces)}</w:r>" if line else ""


def ems(text: str) -> float:
    """The width of a text in characters of full width."""
    return sum(map(_em, text))


@cache
def _em(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5
