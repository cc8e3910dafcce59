"""Workbooks that are only read: lists with a header, totals and native charts, written row by row.

For what the office keeps, prints or sends as a list (the ledger workbook, the list of what was
sent …). Forms that units fill in come from templates instead (filling.py). XlsxWriter writes in
constant memory: a hundred thousand rows cost no more of it than ten.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from taskkit.errors import InputError, InternalError
from taskkit.office.archive import open_archive
from taskkit.office.cells import LONGEST, TALLEST
from taskkit.office.xml import clean, parse_xml
from taskkit.wording import Fragment

Kind = Literal["text", "centred", "number", "percent", "date"]
Fragments = tuple[Fragment, ...]  # a text in pieces, those marked that stand out
Cell = str | int | float | date | Fragments | None
Emphasis = Literal["", "done", "slow", "idle"]

MARK = "taskkit-list"  # custom property of a list
TABLE = "taskkit-table"  # of a table from a template
MARKS = (MARK, TABLE)
_LONGEST_CHOICES = 255  # signs of a drop-down's list in a file
_HEADER_ROW = 2  # title, line below it, header (from 0)
_TITLE, _HEAD, _BODY = "方正小标宋简体", "黑体", "宋体"
_OPEN = "#FFF9E5"  # what a person fills in
_MARKED: dict[str, Any] = {"font_color": "#C00000", "underline": 1}  # seen in print too
_GREY, _LINE = "#F2F2F2", "#808080"
_NUMBERS = {"number": "#,##0.##", "whole": "#,##0", "percent": "0.0", "date": "yyyy-mm-dd"}
# Fills that differ in black and white too: dark, light, striped, white.
_FILLS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": "#1F4E79"}},
    {"fill": {"color": "#9DC3E6"}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#C00000", "bg_color": "#FFFFFF"}},
    {"fill": {"color": "#FFFFFF"}},
    {"pattern": {"pattern": "percent_20", "fg_color": "#595959", "bg_color": "#FFFFFF"}},
    {"pattern": {"pattern": "dotted_grid", "fg_color": "#595959", "bg_color": "#FFFFFF"}},
    {"fill": {"color": "#D9D9D9"}},
    {"pattern": {"pattern": "wide_downward_diagonal", "fg_color": "#1F4E79", "bg_color": "#FFFFFF"}},
)


@dataclass(frozen=True)
class ListColumn:
    """One column: ``width`` in characters of half an em; percentages are numbers 0 to 100 without the sign.

    ``open`` is for a person to fill in, from ``choices`` where there are any (few and short ones), in ``most``
    characters at the most (0: no limit).
    """

    header: str
    width: float
    kind: Kind = "text"
    open: bool = False
    choices: tuple[str, ...] = ()
    hidden: bool = False
    most: int = 0


@dataclass(frozen=True)
class ListRow:
    """One row: its cells; ``strong`` for totals and bands. One that ``grows`` fits what a person types in it.

    ``shut``: headers of open columns that it does not ask.
    """

    cells: tuple[Cell, ...]
    strong: bool = False
    grows: bool = False
    shut: frozenset[str] = frozenset()


@dataclass(frozen=True)
class BarChart:
    """Stacked bars over the first ``rows`` of a sheet: ``labels`` and ``series`` name columns by their headers.

    ``colours`` (#RRGGBB) are those of the series, in their usual patterns; the usual ones where there are none.

    The rows of that sheet have to be a tuple: their values stand in the chart too, for programs
    that show it without opening the sheet.
    """

    title: str
    sheet: str
    labels: str
    series: tuple[str, ...]
    rows: int
    colours: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListSheet:
    """One sheet. ``rows`` are taken one after the other; ``emphasis`` are texts that stand out in any cell."""

    title: str
    heading: str
    line: str
    columns: tuple[ListColumn, ...]
    rows: Iterable[ListRow] = field(repr=False)
    emphasis: tuple[tuple[str, Emphasis], ...] = ()
    note: str = ""
    frozen: int = 0
    large: bool = False  # A3 instead of A4
    colours: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # text -> fill and ink (#RRGGBB)
    locked: bool = False  # what is not open cannot be changed (without a password)
    least: float = 0  # points that a row is high at least: room for what a person writes


@dataclass(frozen=True)
class ListBook:
    """What goes into one workbook: its sheets, and a sheet of charts where there are any."""

    title: str
    creator: str
    on: date
    sheets: tuple[ListSheet, ...]
    charts: tuple[BarChart, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()  # custom properties: what the program wants to know again


def write_list(book: ListBook) -> bytes:
    """The bytes of the workbook; the same content gives the same bytes.

    Raises InputError, naming sheet and cell, for a text longer than a cell can hold.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False})
    when = datetime(book.on.year, book.on.month, book.on.day)
    workbook.set_properties({"title": book.title, "author": book.creator, "created": when})
    workbook.set_custom_property(MARK, book.title)
    for key, text in book.notes:
        workbook.set_custom_property(key, text)
    try:
        formats = _Formats(workbook)
        for sheet in book.sheets:
            _write_sheet(workbook, formats, sheet)
        if book.charts:
            _write_charts(workbook, book)
    finally:  # also where a text was refused: the rows stand in temporary files until then
        workbook.close()
    return buffer.getvalue()


def is_untouched_list(data: bytes) -> bool:
    """Whether a list is as taskkit wrote it: every office program that saves a file dates it anew."""
    try:
        archive = open_archive(data, "")
        custom = archive.read("docProps/custom.xml")
        core = parse_xml(archive.read("docProps/core.xml"), "")
    except InputError:
        return False
    created, modified = (core.findtext(f"{{http://purl.org/dc/terms/}}{key}") or "" for key in ("created", "modified"))
    undated = created == modified and created[10:] in ("", "T00:00:00Z")
    return undated and any(mark.encode() in custom for mark in MARKS)


def notes_of(data: bytes) -> dict[str, str]:
    """The custom properties of a list; none where it is no workbook."""
    try:
        root = parse_xml(open_archive(data, "").read("docProps/custom.xml"), "")
    except InputError:
        return {}
    return {str(each.get("name")): "".join(map(str, each.itertext())) for each in root}


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({"font_name": _BODY, "font_size": 10, **properties})
        return self._made[key]

    def cell(self, kind: Kind, strong: bool, whole: bool = False, is_open: bool = False, marked: bool = False) -> Any:
        """The format of a cell in the body; a ``whole`` number has no point, an open cell is not locked."""
        look: dict[str, Any] = {"border": 1, "border_color": _LINE, "valign": "vcenter", "text_wrap": True}
        look["align"] = {"text": "left", "number": "right", "percent": "right"}.get(kind, "center")
        if kind in _NUMBERS:
            look["num_format"] = _NUMBERS["whole" if whole and kind == "number" else kind]
        if strong:
            look |= {"bold": True, "bg_color": _GREY}
        if is_open:
            look |= {"bg_color": _OPEN, "locked": False}
        if marked:
            look |= _MARKED
        return self(**look)


def _write_sheet(workbook: Any, formats: _Formats, sheet: ListSheet) -> None:
    page = workbook.add_worksheet(sheet.title)
    last = len(sheet.columns) - 1
    first = next(at for at, column in enumerate(sheet.columns) if not column.hidden)
    page.hide_gridlines(2)
    page.set_row(0, 54)
    page.set_row(1, 20)
    page.set_row(_HEADER_ROW, 30)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width, None, {"hidden": column.hidden})
    title = formats(font_name=_TITLE, font_size=18, align="center", valign="vcenter", text_wrap=True)
    page.merge_range(0, first, 0, last, sheet.heading, title)
    page.write_string(1, first, sheet.line, formats(font_size=10.5, valign="vcenter"))
    head = formats(
        font_name=_HEAD, font_size=10.5, align="center", valign="vcenter", border=1, bg_color=_GREY, text_wrap=True
    )
    for at, column in enumerate(sheet.columns):
        page.write_string(_HEADER_ROW, at, column.header, head)
    place = _HEADER_ROW
    for place, row in enumerate(sheet.rows, _HEADER_ROW + 1):
        _write_row(page, formats, sheet, place, row)
    if sheet.note:
        page.write_string(place + 1, first, sheet.note, formats(font_size=9, valign="top"))
    _set_up(page, formats, sheet, place, last)


def _write_row(page: Any, formats: _Formats, sheet: ListSheet, place: int, row: ListRow) -> None:
    if not row.grows:  # not every program fits rows to their text
        page.set_row(place, max(sheet.least, _height(sheet.columns, row.cells)))
    for at, (column, value) in enumerate(zip(sheet.columns, row.cells, strict=True)):
        whole = isinstance(value, int | float) and float(value).is_integer()
        look = formats.cell(column.kind, row.strong, whole, column.open and column.header not in row.shut)
        if value is None or value == "":
            page.write_blank(place, at, None, look)
        elif isinstance(value, str):
            page.write_string(place, at, _checked(clean(value), sheet, place, column), look)
        elif isinstance(value, tuple):
            pieces = [Fragment(clean(piece.text), piece.changed) for piece in value if clean(piece.text)]
            text = _checked("".join(piece.text for piece in pieces), sheet, place, column)
            if len(pieces) > 1:
                _write_pieces(page, formats, (place, at), pieces, look)
            else:
                marked = any(piece.changed for piece in pieces)
                page.write_string(place, at, text, formats.cell(column.kind, row.strong, marked=marked))
        elif isinstance(value, date):
            page.write_datetime(place, at, value, look)
        else:
            page.write_number(place, at, value, look)


def _checked(text: str, sheet: ListSheet, place: int, column: ListColumn) -> str:
    if len(text.encode("utf-16-le")) // 2 > LONGEST:
        raise InputError(
            f"“{sheet.title}”第{place + 1}行“{column.header}”有{len(text)}个字，一格放不下", "请先精简这段文字"
        )
    return text


def _write_pieces(page: Any, formats: _Formats, cell: tuple[int, int], pieces: Sequence[Fragment], look: Any) -> None:
    marked, plain = formats(**_MARKED), formats()
    parts: list[Any] = []
    for piece in pieces:
        parts += [marked if piece.changed else plain, piece.text]
    if page.write_rich_string(*cell, *parts, look):
        raise InternalError(f"第{cell[0] + 1}行的文字没有写成")


def _height(columns: Sequence[ListColumn], cells: Sequence[Cell]) -> float:
    """The height in points that the fullest cell of a row needs."""
    lines = 1
    for column, cell in zip(columns, cells, strict=True):
        value = "".join(piece.text for piece in cell) if isinstance(cell, tuple) else cell
        if isinstance(value, str) and (len(value) * 2 > column.width or "\n" in value) and not column.hidden:
            own = (max(1, math.ceil(_halves(line) / (column.width - 1))) for line in value.split("\n"))
            lines = max(lines, sum(own))
    return min(lines * 13.5 + 4.5, TALLEST)


def _halves(text: str) -> int:
    return len(text) + sum(not sign.isascii() for sign in text)


def _set_up(page: Any, formats: _Formats, sheet: ListSheet, end: int, last: int) -> None:
    """Panes, filter, what stands out, and the printed page: one page wide, the header on each."""
    page.freeze_panes(_HEADER_ROW + 1, sheet.frozen)
    page.autofilter(_HEADER_ROW, 0, max(end, _HEADER_ROW + 1), last)
    looks: dict[str, dict[str, Any]] = {
        "done": {"font_color": "#1F4E79", "bold": True},
        "slow": {"font_color": "#C00000", "bold": True, "bg_color": "#FCE4D6"},
        "idle": {"font_color": "#7F7F7F", "italic": True},
    }
    for at, column in enumerate(sheet.columns):
        if wanted := _validation(column):
            page.data_validation(_HEADER_ROW + 1, at, max(end, _HEADER_ROW + 1), at, wanted)
    if sheet.locked:
        page.protect("", {"format_cells": True, "format_columns": True, "format_rows": True, "autofilter": True})
    for text, emphasis in sheet.emphasis:
        look = dict(looks[emphasis]) if emphasis else {}
        if text in sheet.colours:
            look["bg_color"], look["font_color"] = sheet.colours[text]
        if look:
            rule = {"type": "cell", "criteria": "==", "value": _quoted(text), "format": formats(**look)}
            page.conditional_format(_HEADER_ROW + 1, 0, max(end, _HEADER_ROW + 1), last, rule)
    page.set_landscape()
    page.set_paper(8 if sheet.large else 9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEADER_ROW)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_footer("&C&10— &P —&R&9&A")
    page.print_area(0, 0, end + bool(sheet.note), last)


def _validation(column: ListColumn) -> dict[str, Any] | None:
    """What a column may hold. A list that is too long for a drop-down would break the file: it has none."""
    if column.choices and len(",".join(column.choices)) <= _LONGEST_CHOICES:
        return {"validate": "list", "source": list(column.choices), "error_title": "请从下拉列表中选择"}
    if column.most:
        message = {"error_title": "太长", "error_message": f"请写在{column.most}字以内", "error_type": "warning"}
        return {"validate": "length", "criteria": "<=", "value": column.most, **message}
    return None


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _write_charts(workbook: Any, book: ListBook) -> None:
    """The charts on a sheet of their own, each on its page."""
    page = workbook.add_worksheet("图表")
    page.hide_gridlines(2)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&C&10— &P —")
    page.set_column(0, 0, 2)
    place, breaks = 0, []
    sheets = {sheet.title: sheet for sheet in book.sheets}
    for chart in book.charts:
        if chart.rows < 1:
            continue
        height = 130 + 22 * chart.rows
        drawn = _bar_chart(workbook, sheets[chart.sheet], chart)
        drawn.set_size({"width": 1000, "height": height})
        page.insert_chart(place, 1, drawn, {"description": chart.title, "object_position": 2})
        place += height // 20 + 2
        breaks.append(place)
    page.set_h_pagebreaks(breaks[:-1])
    page.print_area(0, 0, max(place, 1), 16)


def _fill(number: int, colours: Sequence[str]) -> dict[str, Any]:
    """How the bars of a series are filled: the usual pattern, in the colour that the series has."""
    usual = _FILLS[number % len(_FILLS)]
    if number >= len(colours):
        return usual
    pattern = usual.get("pattern")
    return {"pattern": {**pattern, "fg_color": colours[number]}} if pattern else {"fill": {"color": colours[number]}}


def _bar_chart(workbook: Any, sheet: ListSheet, chart: BarChart) -> Any:
    headers = [column.header for column in sheet.columns]
    first, last = _HEADER_ROW + 1, _HEADER_ROW + chart.rows
    rows = [row.cells for row in tuple(sheet.rows)[: chart.rows]]
    label = headers.index(chart.labels)
    drawn = workbook.add_chart({"type": "bar", "subtype": "stacked"})
    for number, name in enumerate(chart.series):
        at = headers.index(name)
        drawn.add_series(
            {
                "name": [sheet.title, _HEADER_ROW, at],
                "categories": [sheet.title, first, label, last, label],
                "values": [sheet.title, first, at, last, at],
                "categories_data": [cells[label] or "" for cells in rows],
                "values_data": [cells[at] or 0 for cells in rows],
                "border": {"color": "#404040", "width": 0.75},
                "gap": 40,
                **_fill(number, chart.colours),
            }
        )
    font = {"name": _BODY, "size": 10}
    lines = {"visible": True, "line": {"color": "#D9D9D9"}}
    drawn.set_title({"name": chart.title, "name_font": {"name": _HEAD, "size": 14, "bold": False}, "overlay": False})
    drawn.set_y_axis({"reverse": True, "num_font": font, "interval_unit": 1, "line": {"color": _LINE}})
    drawn.set_x_axis({"num_font": font, "num_format": "0", "major_gridlines": lines})
    drawn.set_legend({"position": "bottom", "font": font})
    return drawn
