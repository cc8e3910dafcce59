"""taskkit's own bounded reader of .xlsx workbooks: bytes in, plain values out (decision 2).

Other readers cannot tell #REF! from a blank cell, do not give custom properties or hidden
columns, or come down on a stray cell in the last corner of a sheet. This one keeps only cells
that hold something, in a sparse mapping, so neither ``max_row`` nor formatted empty rows cost
anything; what a file may hold at most stands here.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Literal, NamedTuple

from lxml import etree

from taskkit.errors import InputError
from taskkit.office.archive import Archive, open_archive
from taskkit.office.formats import Form, Value, forms_of, from_iso, moment_of, shown_as, space_of
from taskkit.office.xml import parse_xml
from taskkit.places import column_number

MAX_SHEETS = 200
MAX_CELLS = 400_000  # cells that hold something, in the whole workbook
MAX_SHEET_XML = 64 * 1024 * 1024
MAX_OTHER_XML = 32 * 1024 * 1024
_ZIP = b"PK"
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_WHOLE_TREE = 2 * 1024 * 1024  # sheets larger than this are read as a stream, so that memory stays flat

CellKind = Literal["text", "number", "date", "bool", "error", "pending"]
SheetState = Literal["visible", "hidden", "veryHidden"]

ERRORS = frozenset("#REF! #NAME? #VALUE! #DIV/0! #N/A #NULL! #NUM! #SPILL! #CALC! #FIELD! #GETTING_DATA".split())


class Cell(NamedTuple):
    """A cell that holds something. ``row`` and ``column`` count from 1, as the person sees them.

    ``kind`` "pending" is a formula whose result was never stored; "date" covers times and
    durations too. ``percent`` says that the number is shown as a percentage (0.95 as 95%).
    ``shown`` is what a date looks like where its format writes 年, 月 or 日 (2026年6月), else "".
    ``outward`` says that its formula takes something from another file.
    """

    row: int
    column: int
    value: Value
    kind: CellKind
    formula: bool = False
    percent: bool = False
    shown: str = ""
    outward: bool = False


Row = Mapping[int, Cell]


@dataclass(frozen=True)
class SheetData:
    """One worksheet: its cells by row and column, and what of it is hidden or merged."""

    title: str
    state: SheetState = "visible"
    rows: Mapping[int, Row] = field(default_factory=dict, repr=False)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    merges: tuple[str, ...] = ()

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a place, or None where it is blank."""
        return self.rows.get(row, {}).get(column)


@dataclass(frozen=True)
class BookData:
    """A workbook as plain values; ``properties`` are the custom ones, ``names`` the defined names."""

    name: str
    sheets: tuple[SheetData, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    saved_at: dt.datetime | None = None


class Labels(NamedTuple):
    """What a workbook says of itself outside its sheets: custom properties, and when it was last saved (UTC)."""

    properties: Mapping[str, str]
    saved_at: dt.datetime | None


def read_labels(data: bytes, name: str) -> Labels:
    """The labels alone, without reading a sheet. Raises InputError where the file is no such workbook."""
    parts = _Parts(open_archive(data, name))
    return Labels(_properties(parts), _saved_at(parts))


def read_workbook(data: bytes, name: str) -> BookData:
    """Read a workbook (.xlsx, .xlsm; macros are not looked at).

    Raises InputError where it is no such workbook, encrypted, damaged, hostile or too large.
    """
    _refuse_web_page(data, name)
    parts = _Parts(open_archive(data, name))
    _refuse_relatives(parts)
    where = parts.by_type("", "officeDocument") or "xl/workbook.xml"
    root = parts.xml(where)
    space = space_of(root)
    reader = _reader(parts, where, root)
    return BookData(
        name,
        tuple(_sheets(parts, where, root, reader)),
        _properties(parts),
        {each.get("name") or "": each.text or "" for each in root.iter(f"{space}definedName")},
        _saved_at(parts),
    )


def has_sheet(data: bytes, name: str, titles: Collection[str]) -> bool:
    """Whether a zip holds a workbook with a sheet of one of these titles, without reading its sheets.

    Raises InputError where the zip is damaged or breaks a limit.
    """
    parts = _Parts(open_archive(data, name))
    where = (parts.by_type("", "officeDocument") if "[content_types].xml" in parts else None) or "xl/workbook.xml"
    if where not in parts or not (where.startswith("xl/") and where.endswith(".xml")):
        return False
    root = parts.xml(where)
    return any(_unescape(sheet.get("name") or "").strip() in titles for sheet in root.iter(f"{space_of(root)}sheet"))


def workbook_with(path: Path, titles: Collection[str], largest: int) -> BookData | None:
    """The workbook at ``path``, read, where it has a sheet of one of these titles.

    None for any other file: one that is not there, cannot be opened, is no zip, or is over
    ``largest`` bytes. Known by its content, never by its name. Raises InputError as `read_workbook`.
    """
    try:
        with path.open("rb") as file:
            if file.read(len(_ZIP)) != _ZIP or path.stat().st_size > largest:
                return None
        data = path.read_bytes()
    except (OSError, ValueError):
        return None
    return read_workbook(data, path.name) if has_sheet(data, path.name, titles) else None


# --- the package ----------------------------------------------------------------------


class _Parts:
    """The parts of a package, found whatever the case of their names or the slant of their slashes."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.name = archive.name
        self._real = {each.replace("\\", "/").lstrip("/").lower(): each for each in archive.names}

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._real

    def read(self, part: str, limit: int = MAX_OTHER_XML) -> bytes:
        data = self.archive.read(self._real.get(part.lower(), part))
        if len(data) > limit:
            raise _too_large(self.name)
        return data

    def xml(self, part: str) -> etree._Element:
        return parse_xml(self.read(part), self.name)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Id -> (last word of the type, part) of what ``part`` ("" for the package) refers to."""
        folder, file = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{file}.rels")
        if where not in self:
            return {}
        return {
            each.get("Id") or "": ((each.get("Type") or "").rpartition("/")[2], _target(folder, each.get("Target")))
            for each in self.xml(where)
            if isinstance(each.tag, str) and each.get("TargetMode") != "External"
        }

    def by_type(self, part: str, kind: str) -> str | None:
        """The first existing part of a type that ``part`` refers to."""
        return next((to for is_kind, to in self.relations(part).values() if is_kind == kind and to in self), None)


def _target(folder: str, target: str | None) -> str:
    path = (target or "").replace("\\", "/")
    return path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))


def _refuse_web_page(data: bytes, name: str) -> None:
    if data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise InputError(f"“{name}”实际上是网页或 XML 文件", "请用 Excel 或 WPS 打开后另存为 .xlsx 再试")


def _refuse_relatives(parts: _Parts) -> None:
    advice = "请用 Excel 或 WPS 打开后另存为 .xlsx 再试"
    if "xl/workbook.bin" in parts:
        raise InputError(f"“{parts.name}”是二进制工作簿（.xlsb）", advice)
    if "word/document.xml" in parts:
        raise InputError(f"“{parts.name}”是 Word 文件，不是工作簿", "请把内容填在下发的工作簿里再交回")
    if "content.xml" in parts and "mimetype" in parts:
        raise InputError(f"“{parts.name}”是 OpenDocument 文件（.ods、.odt）", advice)
    if "[content_types].xml" not in parts:
        raise InputError(f"“{parts.name}”是普通压缩包，不是工作簿", "请核对文件；多个工作簿打包的请用 .zip 作扩展名")


def _properties(parts: _Parts) -> dict[str, str]:
    where = parts.by_type("", "custom-properties") or "docProps/custom.xml"
    if where not in parts:
        return {}
    return {
        each.get("name") or "": "".join(str(text) for text in each.itertext())
        for each in parts.xml(where)
        if isinstance(each.tag, str)
    }


def _saved_at(parts: _Parts) -> dt.datetime | None:
    """When the office program last saved the file, in UTC; None where it does not say so, or not credibly."""
    where = parts.by_type("", "core-properties") or "docProps/core.xml"
    if where not in parts:
        return None
    said = next((each.text for each in parts.xml(where).iter("{*}modified")), None)
    try:
        moment = dt.datetime.fromisoformat((said or "").strip())
        return (moment.astimezone(dt.UTC) if moment.tzinfo else moment).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError):
        return None


def _damaged(name: str) -> InputError:
    return InputError(f"“{name}”的内容已损坏，无法读取", "请用 Excel 或 WPS 打开后另存一份再试")


def _too_large(name: str) -> InputError:
    return InputError(f"“{name}”内容过多，不像下发的工作簿", "请核对是不是交错了文件，或只保留需要的工作表")


def _flag(value: str | None) -> bool:
    return value in ("1", "true")


# --- sheets ---------------------------------------------------------------------------


def _sheets(parts: _Parts, where: str, root: etree._Element, reader: _Reader) -> Iterator[SheetData]:
    relations = parts.relations(where)
    listed = root.findall(f"{space_of(root)}sheets/{space_of(root)}sheet")
    if len(listed) > MAX_SHEETS:
        raise _too_large(parts.name)
    for sheet in listed:
        kind, part = relations.get(_relation_id(sheet), ("", ""))
        if kind == "worksheet" and part in parts:
            yield reader.sheet(_unescape(sheet.get("name") or ""), _state(sheet), parts.read(part, MAX_SHEET_XML))


def _relation_id(sheet: etree._Element) -> str:
    return next((str(value) for key, value in sheet.attrib.items() if str(key).endswith("}id")), "")


def _state(sheet: etree._Element) -> SheetState:
    match sheet.get("state"):
        case "hidden":
            return "hidden"
        case "veryHidden":
            return "veryHidden"
        case _:
            return "visible"


def _elements(data: bytes, name: str) -> Iterator[etree._Element]:
    """The col, row and mergeCell elements of a sheet, in order; large sheets as a stream."""
    if len(data) <= _WHOLE_TREE:
        for block in parse_xml(data, name):
            if isinstance(block.tag, str) and block.tag.rpartition("}")[2] in ("cols", "sheetData", "mergeCells"):
                yield from (each for each in block if isinstance(each.tag, str))
        return
    if b"<!DOCTYPE" in data[:4096]:
        raise _damaged(name)
    wanted = ["{*}col", "{*}row", "{*}mergeCell"]
    stream = etree.iterparse(
        io.BytesIO(data), events=("end",), tag=wanted, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for _, element in stream:
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError:
        raise _damaged(name) from None


class _Reader:
    """What all sheets of one workbook share: strings, number formats, the date system, the cells left."""

    def __init__(self, name: str, strings: list[str], forms: list[tuple[Form, str]], space: str, is_1904: bool) -> None:
        self.name = name
        self.strings = strings
        self.forms = forms
        self.is_1904 = is_1904
        self.cells_left = MAX_CELLS
        self.v, self.f, self.inline = f"{space}v", f"{space}f", f"{space}is"

    def sheet(self, title: str, state: SheetState, data: bytes) -> SheetData:
        rows: dict[int, Row] = {}
        hidden_rows: set[int] = set()
        hidden_columns: list[tuple[int, int]] = []
        merges: list[str] = []
        number = 0
        for element in _elements(data, self.name):
            match element.tag.rpartition("}")[2]:
                case "row":
                    number = _whole(element.get("r")) or number + 1
                    cells = self._row(element, number)
                    if cells:
                        rows[number] = {**rows[number], **cells} if number in rows else cells
                        self._count(len(cells))
                        if _flag(element.get("hidden")):
                            hidden_rows.add(number)
                case "col" if _flag(element.get("hidden")):
                    hidden_columns.append((_whole(element.get("min")), _whole(element.get("max"))))
                case "mergeCell":
                    merges.append(element.get("ref") or "")
        return SheetData(title, state, rows, frozenset(hidden_rows), tuple(hidden_columns), tuple(merges))

    def _count(self, cells: int) -> None:
        self.cells_left -= cells
        if self.cells_left < 0:
            raise _too_large(self.name)

    def _row(self, element: etree._Element, number: int) -> dict[int, Cell]:
        cells: dict[int, Cell] = {}
        column = 0
        for each in element:
            reference = each.get("r")
            column = (column_number(reference.rstrip("0123456789")) if reference else 0) or column + 1
            if len(each) and 0 < number <= LAST_ROW and column <= LAST_COLUMN:
                cell = self._cell(each, number, column)
                if cell is not None:
                    cells[column] = cell._replace(outward=True) if cell.formula and self._is_outward(each) else cell
        return cells

    def _cell(self, element: etree._Element, row: int, column: int) -> Cell | None:
        formula, raw, kind = False, None, element.get("t")
        for child in element:
            if child.tag == self.v:
                raw = child.text
            elif child.tag == self.f:
                formula = True
            elif child.tag == self.inline:
                raw, kind = _text(child), "inlineStr"
        if raw is None or (raw == "" and kind in (None, "n")):
            return Cell(row, column, "", "pending", True) if formula and kind in (None, "n") else None
        if kind is None or kind == "n":
            return self._number(raw, element.get("s"), row, column, formula)
        value = self._typed(raw, kind)
        if value is None:
            return None
        return Cell(row, column, value[0], value[1], formula)

    def _is_outward(self, element: etree._Element) -> bool:
        return any(_OUTWARD.search(child.text or "") for child in element.iter(self.f))

    def _typed(self, raw: str, kind: str) -> tuple[Value, CellKind] | None:
        match kind:
            case "s":
                text = self._shared(raw)
            case "b":
                return _flag(raw), "bool"
            case "e":
                return raw, "error"
            case "d":
                moment = from_iso(raw)
                return (raw, "text") if moment is None else (moment, "date")
            case "inlineStr":
                text = raw
            case _:
                text = _unescape(raw)
        return (text, "text") if text.strip() else None

    def _shared(self, raw: str) -> str:
        try:
            return self.strings[int(raw)]
        except (ValueError, IndexError):
            raise _damaged(self.name) from None

    def _number(self, raw: str, style: str | None, row: int, column: int, formula: bool) -> Cell:
        try:
            number = float(raw)
        except ValueError:
            return Cell(row, column, _unescape(raw), "text", formula)
        if not isfinite(number):
            return Cell(row, column, "#NUM!", "error", formula)
        known = bool(style and style.isdecimal() and int(style) < len(self.forms))
        form, code = self.forms[int(style or 0)] if known else ("", "")
        if form and form != "percent":
            moment = moment_of(number, form, self.is_1904)
            if moment is not None:
                return Cell(row, column, moment, "date", formula, shown=shown_as(moment, code))
        plain = int(number) if number.is_integer() and abs(number) < 1e15 else number
        return Cell(row, column, plain, "number", formula, form == "percent")


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


# --- strings --------------------------------------------------------------------------

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OUTWARD = re.compile(r"(?<![\w\]])\[\d+\]")  # ='[1]附件'!B3, as files keep what stands in another one
_NO_TEXT = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]")


def _unescape(text: str) -> str:
    """Undo the ``_x000D_`` spelling of signs that XML cannot hold."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text).replace("\v", "\n")  # Word's line break
    # Two halves of one sign become it; a half alone, and signs that no file can hold, are dropped.
    return _NO_TEXT.sub("", plain.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))


def _text(item: etree._Element) -> str:
    """The text of a string item: its own and that of its rich runs, without reading aids (rPh)."""
    found: list[str] = []
    for child in item:
        kind = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if kind == "t":
            found.append(child.text or "")
        elif kind == "r":
            found.extend(part.text or "" for part in child if str(part.tag).rpartition("}")[2] == "t")
    return _unescape("".join(found))


def _reader(parts: _Parts, where: str, root: etree._Element) -> _Reader:
    strings = parts.by_type(where, "sharedStrings")
    styles = parts.by_type(where, "styles")
    space = space_of(root)
    settings = root.find(f"{space}workbookPr")
    return _Reader(
        parts.name,
        [_text(item) for item in parts.xml(strings) if isinstance(item.tag, str)] if strings else [],
        forms_of(parts.xml(styles)) if styles else [],
        space,
        settings is not None and _flag(settings.get("date1904")),
    )
