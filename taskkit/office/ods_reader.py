"""The bounded reader of OpenDocument workbooks (.ods): bytes in, plain values out.

calamine gives of these neither error values nor percentages, merges or hidden rows, and lays
repeated cells out one by one; here what is repeated and empty costs nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from math import isfinite

from lxml import etree

from taskkit.office.archive import Archive
from taskkit.office.book_data import (
    ERRORS,
    LAST_COLUMN,
    LAST_ROW,
    MAX_SHEETS,
    MAX_TEXT,
    BookData,
    Budget,
    Cell,
    CellKind,
    Labels,
    SheetData,
    SheetState,
    too_large,
)
from taskkit.office.formats import Value, from_iso, plain_number, saved_moment
from taskkit.office.xml import MAX_TREE, clean, local, parse_xml, stream
from taskkit.places import column_letter

MAX_CONTENT = 32 * 1024 * 1024
_TAGS = ("table", "table-column", "table-row", "style")
_TIME = re.compile(r"(-?)PT(\d{1,9})H(\d{1,4})M([\d.]{1,20})S")
_CHINESE = re.compile(r"(?=.*[年月日])[\d\s年月日号]+")
_SPACES = 50  # that one mark may stand for


def read_ods(archive: Archive) -> BookData:
    """Read a workbook. Raises InputError where it is damaged, hostile or too large."""
    data = archive.read("content.xml", MAX_CONTENT)
    labels = ods_labels(archive)
    return BookData(archive.name, tuple(_sheets(data, archive.name)), labels.properties, {}, labels.saved_at)


def ods_labels(archive: Archive) -> Labels:
    """The labels alone, without reading a sheet."""
    if "meta.xml" not in archive:
        return Labels({}, None)
    root = parse_xml(archive.read("meta.xml", MAX_TREE), archive.name)
    own = {_get(each, "name", "meta"): "".join(map(str, each.itertext())) for each in root.iter("{*}user-defined")}
    said = next((each.text for each in root.iter("{*}date")), None)
    return Labels(own, saved_moment(said, local=True))


def _sheets(data: bytes, name: str) -> Iterator[SheetData]:
    """The sheets, in order. A table comes after its rows, and before them the styles that hide tables."""
    hidden: set[str] = set()
    budget = Budget(name)
    sheet = _Sheet(budget)
    count = 0
    for element in stream(data, name, _TAGS):
        match local(element):
            case "style":
                if any(_get(each, "display") == "false" for each in element.iter("{*}table-properties")):
                    hidden.add(_get(element, "name", "style"))
            case "table-column":
                sheet.columns(element)
            case "table-row":
                sheet.row(element)
            case _:
                count += 1
                if count > MAX_SHEETS:
                    raise too_large(name)
                yield sheet.done(
                    _get(element, "name"), "hidden" if _get(element, "style-name") in hidden else "visible"
                )
                sheet = _Sheet(budget)


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
# What is asked of every cell, the empty ones among them.
_REPEATED, _FORMULA = f"{_TABLE}number-columns-repeated", f"{_TABLE}formula"
_WIDE, _HIGH = f"{_TABLE}number-columns-spanned", f"{_TABLE}number-rows-spanned"
_KIND = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"


class _Sheet:
    """One table while its rows come in."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.rows: dict[int, dict[int, Cell]] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.merges: list[str] = []
        self.number = 1
        self.column = 1

    def done(self, title: str, state: SheetState) -> SheetData:
        columns, merges = tuple(self.hidden_columns), tuple(self.merges)
        return SheetData(title, state, self.rows, frozenset(self.hidden_rows), columns, merges)

    def columns(self, element: etree._Element) -> None:
        count = _count(element, "number-columns-repeated")
        if _get(element, "visibility") in ("collapse", "filter") and self.column <= LAST_COLUMN:
            self.budget.take_area()
            self.hidden_columns.append((self.column, min(self.column + count - 1, LAST_COLUMN)))
        self.column += count

    def row(self, element: etree._Element) -> None:
        times = _count(element, "number-rows-repeated")
        cells = self._cells(element)
        if cells:
            times = max(0, min(times, LAST_ROW + 1 - self.number))
            lengths = [len(each.value) for each in cells.values() if isinstance(each.value, str)]
            if max(lengths, default=0) > MAX_TEXT:
                raise too_large(self.budget.name)
            self.budget.take(len(cells) * times, sum(lengths) * times)
            for number in range(self.number, self.number + times):
                self.rows[number] = {column: cell._replace(row=number) for column, cell in cells.items()}
            if _get(element, "visibility") in ("collapse", "filter"):
                self.hidden_rows.update(range(self.number, self.number + times))
        self.number += _count(element, "number-rows-repeated")

    def _cells(self, element: etree._Element) -> dict[int, Cell]:
        cells: dict[int, Cell] = {}
        self.budget.scan(len(element))
        column = 1
        for each in element:
            if each.tag not in _CELLS:
                continue
            times = _count(each, "number-columns-repeated") if each.get(_REPEATED) else 1
            if each.get(_WIDE) or each.get(_HIGH):
                self._merge(each, column)
            cell = _cell(each, self.number, column) if len(each) or each.get(_KIND) or each.get(_FORMULA) else None
            if cell is not None:
                last = min(column + times - 1, LAST_COLUMN)
                cells.update((at, cell._replace(column=at)) for at in range(column, last + 1))
            column += times
        return cells

    def _merge(self, element: etree._Element, column: int) -> None:
        wide, high = _count(element, "number-columns-spanned"), _count(element, "number-rows-spanned")
        if (wide > 1 or high > 1) and self.number <= LAST_ROW and column <= LAST_COLUMN:
            self.budget.take_area()
            right, bottom = min(column + wide - 1, LAST_COLUMN), min(self.number + high - 1, LAST_ROW)
            self.merges.append(f"{column_letter(column)}{self.number}:{column_letter(right)}{bottom}")


# --- cells ----------------------------------------------------------------------------


def _cell(element: etree._Element, row: int, column: int) -> Cell | None:
    """The cell at a place; None where it holds nothing."""
    formula, kind = bool(_get(element, "formula")), _get(element, "value-type", "office")
    text = _text(element)
    if _is_error(element, formula, text):
        return Cell(row, column, text if text in ERRORS else "#VALUE!", "error", formula)
    found = _typed(element, kind, text)
    if found is None:
        pending = formula and not kind and not text
        return Cell(row, column, "", "pending", True) if pending else None
    value, shown_kind, shown = found
    return Cell(row, column, value, shown_kind, formula, kind == "percentage", shown)


def _is_error(element: etree._Element, formula: bool, text: str) -> bool:
    said = element.get("{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type")
    return said == "error" or (formula and (text in ERRORS or text.startswith("Err:")))


def _typed(element: etree._Element, kind: str, text: str) -> tuple[Value, CellKind, str] | None:
    """A cell's value, its kind, and what a date looks like."""
    match kind:
        case "float" | "percentage" | "currency":
            number = _number(_get(element, "value", "office"))
            return (text, "text", "") if number is None else (plain_number(number), "number", "")
        case "date":
            moment = from_iso(_get(element, "date-value", "office"))
            return (text, "text", "") if moment is None else (moment, "date", text if _CHINESE.fullmatch(text) else "")
        case "time":
            span = _span(_get(element, "time-value", "office"))
            return (text, "text", "") if span is None else (span, "date", "")
        case "boolean":
            return _get(element, "boolean-value", "office") == "true", "bool", ""
        case _:
            text = text or clean(_get(element, "string-value", "office"))
            return (text, "text", "") if text.strip() else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _span(text: str) -> dt.time | dt.timedelta | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    try:
        span = dt.timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=round(float(found[4])))
    except (ValueError, OverflowError):
        return None
    if found[1]:
        return -span
    return (dt.datetime(1900, 1, 1) + span).time() if span < dt.timedelta(days=1) else span


def _text(cell: etree._Element) -> str:
    """The text of a cell, its paragraphs on lines of their own; comments and reading aids are left out."""
    return clean("\n".join("".join(_pieces(each)) for each in cell if local(each) == "p"))


def _pieces(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        match local(each):
            case "s":
                yield " " * min(_count(each, "c", "text"), _SPACES)
            case "tab":
                yield "\t"
            case "line-break":
                yield "\n"
            case "span" | "a" | "ruby" | "ruby-base":
                yield from _pieces(each)
        yield each.tail or ""


def _get(element: etree._Element, name: str, space: str = "table") -> str:
    """An attribute of a namespace, "" where it is missing."""
    return element.get(f"{{urn:oasis:names:tc:opendocument:xmlns:{space}:1.0}}{name}") or ""


def _count(element: etree._Element, name: str, space: str = "table") -> int:
    """How often something is repeated, at least once."""
    said = _get(element, name, space)
    return max(1, int(said)) if said.isdecimal() and len(said) < 10 else 1
