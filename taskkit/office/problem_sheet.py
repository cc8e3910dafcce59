"""The first sheet of an annotated copy: what is wrong, where, what to do; with links to the cells, for A4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from taskkit.errors import InputError
from taskkit.office.book_data import BookData, SheetData
from taskkit.office.cells import TALLEST, Box, Form, text_of
from taskkit.office.mark_styles import OwnStyle, frame
from taskkit.office.xml import clean, parse_xml
from taskkit.places import Place, column_letter

TITLE = "退回问题清单"
MARK = "taskkit-marks"  # in the first cell, hidden: the sheet is known by it whatever it is called
HEADERS = ("序号", "工作表", "位置", "问题", "怎么办")
_WIDTHS = (9, 6, 14, 16, 52, 44)  # the first column is hidden
_HEADER_ROW = 4
_TITLE_FONT = '<font><sz val="18"/><name val="方正小标宋简体"/></font>'
_HEAD_FONT = '<font><sz val="11"/><name val="黑体"/></font>'
_BODY_FONT = '<font><sz val="10.5"/><name val="宋体"/></font>'
_LINK_FONT = '<font><u/><sz val="10.5"/><color rgb="FF0563C1"/><name val="宋体"/></font>'
_BODY_SIZE = 10.5
_FORM = Form()
_LONGEST = 8_000  # characters of one text on the sheet
_VIEW = (
    '<sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
    '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
    f'<pane ySplit="{_HEADER_ROW}" topLeftCell="A{_HEADER_ROW + 1}" activePane="bottomLeft" state="frozen"/>'
    f'<selection pane="bottomLeft" activeCell="D{_HEADER_ROW + 1}" sqref="D{_HEADER_ROW + 1}"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>'
    f'<col min="1" max="1" width="{_WIDTHS[0]}" hidden="1" customWidth="1"/>'
    + "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(_WIDTHS[1:], 2)
    )
    + "</cols>"
)
_MERGED = '<mergeCells count="3"><mergeCell ref="B1:F1"/><mergeCell ref="B2:F2"/><mergeCell ref="B3:F3"/></mergeCells>'
_PAGE = (
    '<printOptions horizontalCentered="1"/><pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" '
    'footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;C— &amp;P —</oddFooter></headerFooter>"
)


@dataclass(frozen=True)
class Problem:
    """One problem of a returned file: what is wrong, what to do, and the cell (or row, column, sheet) that it is in.

    ``where`` says the place in words.
    """

    what: str
    advice: str
    place: Place | None = None
    where: str = ""

    @property
    def cell(self) -> Place | None:
        """The cell to mark; None where the problem is about no cell."""
        return self.place if self.place and self.place.row and self.place.column else None


@dataclass(frozen=True)
class ProblemList:
    """What stands on the first sheet: a line below the title, what to do with the file, and the problems."""

    line: str
    note: str
    problems: tuple[Problem, ...]


def is_problem_list(sheet: SheetData) -> bool:
    """Whether a sheet is the list of an annotated copy, by what is hidden on it."""
    first = [sheet.rows[number] for number in sorted(sheet.rows)[:3]]
    return any(str(cell.value).strip() == MARK for row in first for cell in row.values())


def without_problem_lists(book: BookData) -> BookData:
    """The workbook as its unit filled it in: without the lists that taskkit put in front."""
    kept = tuple(sheet for sheet in book.sheets if not is_problem_list(sheet))
    return (
        book if len(kept) == len(book.sheets) else BookData(book.name, kept, book.properties, book.names, book.saved_at)
    )


# --- what marked cells looked like ------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """What the list keeps of a marked cell: its place when it was marked, its look as text (MarkStyles.look)."""

    place: Place
    look: str

    @property
    def text(self) -> str:
        sheet, row, column = self.place
        return f'<was sheet={quoteattr(clean(sheet))} row="{row}" column="{column}">{self.look}</was>'


def looks_of(sheet: SheetData) -> dict[int, Look]:
    """The looks that a list keeps, by the numbers of their problems."""
    found = {}
    for row in sheet.rows.values():
        cells = sorted(row.values(), key=lambda cell: cell.column)
        kept = next((_parsed(str(cell.value)) for cell in cells if str(cell.value).startswith("<was ")), None)
        number = next(
            (int(cell.value) for cell in cells if isinstance(cell.value, int) and cell.kind == "number"), None
        )
        if kept is not None and number is not None:
            found[number] = kept
    return found


def _parsed(text: str) -> Look | None:
    try:
        root = parse_xml(text.encode(), "")
        place = Place(root.get("sheet") or "", int(root.get("row") or 0), int(root.get("column") or 0))
    except (InputError, ValueError):  # whatever a person made of the hidden cell: the look is not known then
        return None
    return Look(place, etree.tostring(root[0], encoding="unicode", with_tail=False) if len(root) else "")


# --- the sheet ----------------------------------------------------------------------------------


class _Looks(NamedTuple):
    """The numbers of the styles that the sheet uses."""

    title: int
    line: int
    head: int
    centred: int
    text: int
    link: int


def _own(font: str, horizontal: str, border: str = frame("thin", "FF808080")) -> OwnStyle:
    alignment = f'<alignment horizontal="{horizontal}" vertical="center" wrapText="1"/>'
    return OwnStyle('fillId="0" applyFont="1" applyAlignment="1" applyBorder="1"', alignment, font, border)


STYLES = (
    _own(_TITLE_FONT, "center", border=""),
    _own(_BODY_FONT, "left", border=""),
    _own(_HEAD_FONT, "center"),
    _own(_BODY_FONT, "center"),
    _own(_BODY_FONT, "left"),
    _own(_LINK_FONT, "center"),
)  # in the order of _Looks


def write_sheet(
    listed: ProblemList, links: Sequence[Place | None], looks: Sequence[Look | None], styles: Sequence[int], space: str
) -> bytes:
    """The sheet's XML.

    ``links`` are the cells that the problems lead to, ``looks`` what is kept of them, ``styles`` the numbers of STYLES.
    """
    style, first = _Looks(*styles), _HEADER_ROW + 1
    rows = [
        _row(1, 36, (MARK, TITLE, "", "", "", ""), (0, *[style.title] * 5)),
        _row(2, 20, ("", listed.line, "", "", "", ""), (0, *[style.line] * 5)),
        _row(3, _height(sum(_WIDTHS[1:]), listed.note), ("", listed.note, "", "", "", ""), (0, *[style.line] * 5)),
        _row(_HEADER_ROW, 24, ("", *HEADERS), (0, *[style.head] * 5)),
    ]
    for at, (problem, link, look) in enumerate(zip(listed.problems, links, looks, strict=True)):
        rows.append(_problem_row(first + at, at + 1, problem, look, style, bool(link)))
    hyperlinks = "".join(
        _hyperlink(first + at, link, problem.where)
        for at, (problem, link) in enumerate(zip(listed.problems, links, strict=True))
        if link
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{space[1:-1]}">{_VIEW}'
        f"<sheetData>{''.join(rows)}</sheetData>{_MERGED}"
        f"{f'<hyperlinks>{hyperlinks}</hyperlinks>' if hyperlinks else ''}{_PAGE}</worksheet>"
    ).encode()


def _hyperlink(row: int, link: Place, shown: str) -> str:
    sheet = clean(link.sheet).replace("'", "''")
    cell = f"{column_letter(max(link.column, 1))}{max(link.row, 1)}"
    where = quoteattr(f"'{sheet}'!{cell}")
    return f'<hyperlink ref="D{row}" location={where} display={quoteattr(clean(shown or link.sheet))}/>'


def print_names(title: str, problems: int) -> dict[str, str]:
    """The names that say what of the sheet is printed: the rows repeated on each page, and the area."""
    sheet = "'" + title.replace("'", "''") + "'"
    return {
        "_xlnm.Print_Area": f"{sheet}!$B$1:$F${_HEADER_ROW + problems}",
        "_xlnm.Print_Titles": f"{sheet}!${_HEADER_ROW}:${_HEADER_ROW}",
    }


def _problem_row(number: int, at: int, problem: Problem, look: Look | None, style: _Looks, linked: bool) -> str:
    what, advice = (_short(text) for text in (problem.what, problem.advice))
    sheet = problem.place.sheet if problem.place else ""
    height = max(
        _height(width, text) for width, text in zip(_WIDTHS[2:], (sheet, problem.where, what, advice), strict=True)
    )
    cells = (look.text if look else "", at, sheet or "—", problem.where or "—", what, advice)
    styles = (0, style.centred, style.centred, style.link if linked else style.centred, style.text, style.text)
    return _row(number, height, cells, styles)


def _row(number: int, height: float, cells: Sequence[str | int], styles: Sequence[int]) -> str:
    inside = "".join(
        f'<c r="{letter}{number}" s="{style}"{_content(value)}'
        for letter, value, style in zip("ABCDEF", cells, styles, strict=True)
        if style or value
    )
    return f'<row r="{number}" ht="{height:g}" customHeight="1">{inside}</row>'


def _content(value: str | int) -> str:
    """The rest of a cell, from its style on."""
    if isinstance(value, int):
        return f"><v>{value}</v></c>"
    return _FORM.text(text_of(clean(value), TITLE)) if value else "/>"


def _height(width: float, text: str) -> float:
    return min(max(Box(width * 5.25 * _BODY_SIZE / 10.5, _BODY_SIZE).height(text) + 3, 22), TALLEST)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}……"
