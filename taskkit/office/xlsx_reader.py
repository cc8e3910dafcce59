"""taskkit's own bounded reader of .xlsx workbooks: bytes in, plain values out (decision 2).

Other readers cannot tell #REF! from a blank cell, do not give custom properties or hidden
columns, or come down on a stray cell in the last corner of a sheet.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Collection, Iterator

from lxml import etree

from taskkit.office.archive import Archive
from taskkit.office.book_data import (
    LAST_COLUMN,
    LAST_ROW,
    MAX_SHEETS,
    MAX_TEXT,
    BookData,
    Budget,
    Cell,
    CellKind,
    Labels,
    Row,
    SheetData,
    SheetState,
    damaged,
    number_cell,
    too_large,
)
from taskkit.office.formats import Form, Value, forms_of, from_iso, saved_moment, space_of
from taskkit.office.xml import MAX_TREE, local, parse_xml, stream
from taskkit.places import column_number

MAX_SHEET_XML = 32 * 1024 * 1024
MAX_STRINGS_XML = 32 * 1024 * 1024
MAX_STYLES_XML = 16 * 1024 * 1024
MAX_STRINGS = 500_000
_PLAIN: tuple[Form, str] = ("", "")
_WHOLE_TREE = 2 * 1024 * 1024  # sheets larger than this are read as a stream, so that memory stays flat


def read_xlsx(archive: Archive) -> BookData:
    """Read a workbook (.xlsx, .xlsm; macros are not looked at).

    Raises InputError where it is damaged, hostile or too large.
    """
    parts = _Parts(archive)
    where = _main(parts)
    root = parts.xml(where)
    space = space_of(root)
    reader = _reader(parts, where, root)
    return BookData(
        archive.name,
        tuple(_sheets(parts, where, root, reader)),
        _properties(parts),
        {each.get("name") or "": each.text or "" for each in root.iter(f"{space}definedName")},
        _saved_at(parts),
    )


def xlsx_labels(archive: Archive) -> Labels:
    """The labels alone, without reading a sheet."""
    parts = _Parts(archive)
    return Labels(_properties(parts), _saved_at(parts))


def xlsx_has_sheet(archive: Archive, titles: Collection[str]) -> bool:
    """Whether there is a sheet of one of these titles, without reading any. Raises InputError where it is damaged."""
    parts = _Parts(archive)
    root = parts.xml(_main(parts))
    return any(unescape(sheet.get("name") or "").strip() in titles for sheet in root.iter(f"{space_of(root)}sheet"))


def _main(parts: _Parts) -> str:
    return parts.by_type("", "officeDocument") or "xl/workbook.xml"


# --- the package ----------------------------------------------------------------------


class _Parts:
    """The parts of a package, found whatever the case of their names or the slant of their slashes."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.name = archive.name
        self._real = {each.replace("\\", "/").lstrip("/").lower(): each for each in archive.names}
        self._relations: dict[str, dict[str, tuple[str, str]]] = {}

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._real

    def read(self, part: str, limit: int = MAX_TREE) -> bytes:
        return self.archive.read(self._real.get(part.lower(), part), limit)

    def xml(self, part: str, limit: int = MAX_TREE) -> etree._Element:
        return parse_xml(self.read(part, limit), self.name)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Id -> (last word of the type, part) of what ``part`` ("" for the package) refers to."""
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    def _read_relations(self, part: str) -> dict[str, tuple[str, str]]:
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
    where = parts.by_type("", "core-properties") or "docProps/core.xml"
    if where not in parts:
        return None
    return saved_moment(next((each.text for each in parts.xml(where).iter("{*}modified")), None))


def _flag(value: str | None) -> bool:
    return value in ("1", "true")


# --- sheets ---------------------------------------------------------------------------


def _sheets(parts: _Parts, where: str, root: etree._Element, reader: _Reader) -> Iterator[SheetData]:
    relations = parts.relations(where)
    listed = root.findall(f"{space_of(root)}sheets/{space_of(root)}sheet")
    if len(listed) > MAX_SHEETS:
        raise too_large(parts.name)
    for sheet in listed:
        kind, part = relations.get(_relation_id(sheet), ("", ""))
        if kind == "worksheet" and part in parts:
            yield reader.sheet(unescape(sheet.get("name") or ""), _state(sheet), parts.read(part, MAX_SHEET_XML))


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
    if len(data) > _WHOLE_TREE:
        yield from stream(data, name, ("col", "row", "mergeCell"))
        return
    root = parse_xml(data, name)
    if local(root) != "worksheet":
        raise damaged(name)
    for block in root:
        if local(block) in ("cols", "sheetData", "mergeCells"):
            yield from (each for each in block if isinstance(each.tag, str))


class _Reader:
    """What all sheets of one workbook share: strings, number formats, the date system, the cells left."""

    def __init__(self, name: str, strings: list[str], forms: list[tuple[Form, str]], space: str, is_1904: bool) -> None:
        self.name = name
        self.strings = strings
        self.forms = forms
        self.is_1904 = is_1904
        self.budget = Budget(name)
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
                        self.budget.take(len(cells), 0)
                        if _flag(element.get("hidden")):
                            hidden_rows.add(number)
                case "col" if _flag(element.get("hidden")):
                    self.budget.take_area()
                    hidden_columns.append((_whole(element.get("min")), _whole(element.get("max"))))
                case "mergeCell":
                    self.budget.take_area()
                    merges.append(element.get("ref") or "")
        return SheetData(title, state, rows, frozenset(hidden_rows), tuple(hidden_columns), tuple(merges))

    def _row(self, element: etree._Element, number: int) -> dict[int, Cell]:
        cells: dict[int, Cell] = {}
        self.budget.scan(len(element))
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
        formula, raw, kind, typed = False, None, element.get("t"), ""
        for child in element:
            if child.tag == self.v:
                raw = child.text
            elif child.tag == self.f:
                formula, typed = True, f"={child.text}" if child.text else ""
            elif child.tag == self.inline:
                raw, kind = _text(child), "inlineStr"
        if raw is None or (raw == "" and kind in (None, "n")):
            pending = formula and kind in (None, "n")
            return Cell(row, column, "", "pending", True, shown=typed[:MAX_TEXT]) if pending else None
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
                text = unescape(raw)
        if len(text) > MAX_TEXT:
            raise too_large(self.name)
        return (text, "text") if text.strip() else None

    def _shared(self, raw: str) -> str:
        try:
            text = self.strings[int(raw)]
        except (ValueError, IndexError):
            raise damaged(self.name) from None
        self.budget.take(0, len(text))
        return text

    def _number(self, raw: str, style: str | None, row: int, column: int, formula: bool) -> Cell:
        try:
            number = float(raw)
        except ValueError:
            return Cell(row, column, unescape(raw), "text", formula)
        at = _whole(style)
        form = self.forms[at] if at < len(self.forms) else _PLAIN
        return number_cell(row, column, number, form, self.is_1904, formula)


def _many(data: bytes, name: str, tags: Collection[str]) -> Iterator[etree._Element]:
    """The elements with one of these names; of a large part as a stream."""
    if len(data) > _WHOLE_TREE:
        return stream(data, name, tags)
    return parse_xml(data, name).iter(*(f"{{*}}{tag}" for tag in tags))


def _whole(text: str | None) -> int:
    """A whole number; 0 for anything else, and for what is out of all bounds."""
    return int(text) if text and text.isdecimal() and len(text) < 12 else 0


# --- strings --------------------------------------------------------------------------

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OUTWARD = re.compile(r"(?<![\w\]])\[\d+\]")  # ='[1]附件'!B3, as files keep what stands in another one
_NO_TEXT = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]")


def unescape(text: str) -> str:
    """Undo the ``_x000D_`` spelling of signs that XML cannot hold."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text).replace("\v", "\n")  # Word's line break
    # Two halves of one sign become it; a half alone, and signs that no file can hold, are dropped.
    return _NO_TEXT.sub("", plain.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))


def _strings(data: bytes, name: str) -> Iterator[str]:
    """The shared strings, in order; many of them as a stream."""
    for at, item in enumerate(_many(data, name, ("si",))):
        if at >= MAX_STRINGS:
            raise too_large(name)
        yield _text(item)


def _text(item: etree._Element) -> str:
    """The text of a string item: its own and that of its rich runs, without reading aids (rPh)."""
    found: list[str] = []
    for child in item:
        kind = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if kind == "t":
            found.append(child.text or "")
        elif kind == "r":
            found.extend(part.text or "" for part in child if str(part.tag).rpartition("}")[2] == "t")
    return unescape("".join(found))


def _reader(parts: _Parts, where: str, root: etree._Element) -> _Reader:
    strings = parts.by_type(where, "sharedStrings")
    styles = parts.by_type(where, "styles")
    space = space_of(root)
    settings = root.find(f"{space}workbookPr")
    return _Reader(
        parts.name,
        list(_strings(parts.read(strings, MAX_STRINGS_XML), parts.name)) if strings else [],
        forms_of(_many(parts.read(styles, MAX_STYLES_XML), parts.name, ("numFmt", "xf"))) if styles else [],
        space,
        settings is not None and _flag(settings.get("date1904")),
    )
