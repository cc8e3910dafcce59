"""The parts of a workbook besides its sheets: workbook.xml, properties, the very hidden sheet, lists of parts."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from taskkit.office.cells import Form, text_of
from taskkit.office.facts import Facts
from taskkit.office.formats import space_of
from taskkit.office.fragments import Fragment, Holes
from taskkit.office.parts import CONTENT_TYPES, Parts, Relation, add_relation, relations_part
from taskkit.office.references import Models, parse_formula
from taskkit.office.stretching import moved
from taskkit.office.xml import clean
from taskkit.places import column_letter

HIDDEN_SHEET = "_taskkit"
MARKS = ("workbook", "together", "supplement")  # of the hidden sheet; each is a custom property taskkit-… too
PROPERTY = "taskkit-{}"
LIST_PREFIX = "列表_"
_BUILT_IN = "_xlnm."  # print areas and titles, filters: no cell uses them, their rows are those of the sheet
_LIST_COLUMN = 4  # the lists of the drop-downs stand in column D and those after it
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC = "http://purl.org/dc/elements/1.1/"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
# What follows the defined names, and what follows the views, in workbook.xml.
_AFTER_NAMES = frozenset(
    "calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr"
    " webPublishObjects extLst".split()
)


@dataclass
class BookFacts(Facts):
    """What is known of the whole workbook: the sheets that stay, the one that it opens on, its lists and labels."""

    titles: Sequence[str] = ()
    active: str = ""
    lists: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    creator: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TemplateSheet:
    """A sheet as workbook.xml lists it."""

    title: str
    part: str
    kind: str
    state: str


class Book:
    """workbook.xml while it is compiled."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.root = parts.tree(parts.book)
        self.space = space_of(self.root)
        self.holes: Holes[BookFacts] = Holes()
        listed = self.root.find(f"{self.space}sheets")
        if listed is None:
            raise parts.damaged()
        self._listed = listed
        relations = {each.id: each for each in parts.relations(parts.book)}
        self.sheets = [self._sheet(each, relations) for each in listed.iterchildren(f"{self.space}sheet")]
        self.had_hidden_sheet = any(each.title == HIDDEN_SHEET for each in self.sheets)
        view = self.root.find(f"{self.space}bookViews/{self.space}workbookView")
        active = (view.get("activeTab") if view is not None else None) or "0"
        self.active = self.sheets[min(int(active), len(self.sheets) - 1)].title  # the sheet that it opens on
        styles = parts.of_kind(parts.book, "styles")
        self.styles_part = parts.real(styles[0]) if styles else ""
        for part in parts.of_kind(parts.book, "calcChain"):
            parts.drop(part)

    def _sheet(self, element: etree._Element, relations: Mapping[str, Relation]) -> TemplateSheet:
        relation = relations.get(_relation_id(element))
        if relation is None:
            raise self.parts.damaged()
        part = self.parts.real(relation.part)
        return TemplateSheet(element.get("name") or "", part, relation.kind, element.get("state") or "visible")

    @property
    def is_1904(self) -> bool:
        """Whether days are counted from 1904."""
        found = self.root.find(f"{self.space}workbookPr")
        return found is not None and found.get("date1904") in ("1", "true")

    @property
    def names(self) -> list[etree._Element]:
        """The defined names."""
        return list(self.root.iterfind(f"{self.space}definedNames/{self.space}definedName"))

    def print_area(self, number: int) -> str:
        """The print area of a sheet by its place; nothing where it has none."""
        for each in self.names:
            if each.get("name") == "_xlnm.Print_Area" and each.get("localSheetId") == str(number):
                return each.text or ""
        return ""

    def add_hidden_sheet(self) -> str:
        """The part of the very hidden sheet; a new one where the template has none."""
        for sheet, element in zip(self.sheets, self._listed, strict=True):
            if sheet.title == HIDDEN_SHEET:
                element.set("state", "veryHidden")
                return sheet.part
        part = self.parts.free_name("xl/worksheets/sheet{}.xml")
        relations = self.parts.tree(relations_part(self.parts.book))
        start = posixpath.dirname(self.parts.book) or "."
        number = add_relation(relations, "worksheet", posixpath.relpath(part, start))
        self.parts.put(relations_part(self.parts.book), relations)
        self.parts.put(part, etree.fromstring(f'<worksheet xmlns="{self.space[1:-1]}"><sheetData/></worksheet>'))
        self.parts.add_type(part, _SHEET_TYPE)
        ids = [int(each.get("sheetId") or 0) for each in self._listed]
        added = etree.SubElement(self._listed, f"{self.space}sheet")
        added.set("name", HIDDEN_SHEET)
        added.set("sheetId", str(max(ids, default=0) + 1))
        added.set("state", "veryHidden")
        relation = next((str(key) for key in self._listed[0].attrib if str(key).endswith("}id")), "id")
        added.set(relation, number)
        self.sheets.append(TemplateSheet(HIDDEN_SHEET, part, "worksheet", "veryHidden"))
        return part

    def compile(self, models: Models, place: str) -> Fragment[BookFacts]:
        """workbook.xml with holes: sheets that may go, names that move, the sheet to open on."""
        for sheet, element in zip(self.sheets, self._listed, strict=True):
            if sheet.title in models.leavable:
                self.holes.optional(element, partial(_stays, sheet.title))
        self._compile_names(models, place)
        self._compile_view()
        calculation = self._child("calcPr", _AFTER_NAMES - {"calcPr"})
        always = calculation.get("fullCalcOnLoad") in ("1", "true")
        calculation.set("fullCalcOnLoad", self.holes.hole(lambda facts: str(int(always or facts.calculates))))
        return self.holes.part(self.root)

    def _compile_names(self, models: Models, place: str) -> None:
        holes, given = self.holes, set()
        for element in self.names:
            name, text = element.get("name") or "", element.text or ""
            given.add(name)
            named = not name.startswith(_BUILT_IN)
            where = f"{place} 的名称“{name}”"
            expression = parse_formula(text, "", models, where, named=named) if text else None
            if name.startswith(LIST_PREFIX):
                element.text = holes.hole(partial(_list_area, name, escape(text)))
            elif expression and expression.moves(models):
                element.text = holes.hole(partial(moved, expression, shift=0 if named else None))
                holes.optional(element)
            self._compile_local(element)
        listed = self._child("definedNames", _AFTER_NAMES)
        token = f"\ufdd0[\ufdd1{holes.hole(partial(_new_lists, given))}\ufdd0]\ufdd1"
        if len(listed):
            listed[-1].tail = (listed[-1].tail or "") + token
        else:
            listed.text = token
            holes.group(listed)

    def _compile_local(self, element: etree._Element) -> None:
        """A name of one sheet: it goes with its sheet, whose number changes with those left out before it."""
        local = element.get("localSheetId")
        if local is None or not local.isdecimal() or int(local) >= len(self.sheets):
            return
        title = self.sheets[int(local)].title
        element.set("localSheetId", self.holes.hole(partial(_number, title)))
        self.holes.optional(element)

    def _compile_view(self) -> None:
        view = self.root.find(f"{self.space}bookViews/{self.space}workbookView")
        if view is None:
            views = etree.Element(f"{self.space}bookViews")
            self._listed.addprevious(views)
            view = etree.SubElement(views, f"{self.space}workbookView")
        view.attrib.pop("firstSheet", "")
        view.set("activeTab", self.holes.hole(lambda facts: str(facts.titles.index(facts.active))))

    def _child(self, name: str, after: Collection[str]) -> etree._Element:
        """A child of workbook.xml, made in its place where there is none."""
        found = self.root.find(f"{self.space}{name}")
        if found is not None:
            return found
        made = etree.Element(f"{self.space}{name}")
        follower = next(
            (each for each in self.root if isinstance(each.tag, str) and each.tag.rpartition("}")[2] in after), None
        )
        if follower is None:
            self.root.append(made)
        else:
            follower.addprevious(made)
        return made


def _stays(title: str, facts: BookFacts) -> bool:
    return title not in facts.gone


def _number(title: str, facts: BookFacts) -> str | None:
    return str(facts.titles.index(title)) if title in facts.titles else None


def _list_area(name: str, text: str, facts: BookFacts) -> str:
    return facts.lists.get(name, text)


def _new_lists(given: Collection[str], facts: BookFacts) -> str | None:
    names = (
        f"<definedName name={quoteattr(name)}>{area}</definedName>"
        for name, area in facts.lists.items()
        if name not in given
    )
    return "".join(names) or None


def _relation_id(element: etree._Element) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")


# --- the very hidden sheet -------------------------------------------------------------------


def list_areas(lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Name of a drop-down's list -> its cells on the very hidden sheet."""
    areas = {}
    for column, (title, entries) in enumerate(lists.items(), _LIST_COLUMN):
        letter = column_letter(column)
        areas[f"{LIST_PREFIX}{title}"] = f"{HIDDEN_SHEET}!${letter}$2:${letter}${max(2, len(entries) + 1)}"
    return areas


def hidden_rows(hidden: Mapping[str, str], lists: Mapping[str, Sequence[str]], form: Form) -> Iterator[str]:
    """What the workbook is, in A:B, and the lists of the drop-downs."""
    columns: dict[int, Sequence[str]] = {1: list(hidden), 2: list(hidden.values())}
    columns |= {at: (title, *entries) for at, (title, entries) in enumerate(lists.items(), _LIST_COLUMN)}
    prefix = form.prefix
    for number in range(1, max(map(len, columns.values()), default=0) + 1):
        cells = (
            f'<{prefix}c r="{column_letter(at)}{number}"{form.text(text_of(clean(texts[number - 1]), HIDDEN_SHEET))}'
            for at, texts in columns.items()
            if len(texts) >= number and clean(texts[number - 1])
        )
        yield f'<{prefix}row r="{number}">{"".join(cells)}</{prefix}row>'


def compile_hidden_sheet(root: etree._Element, marker: str) -> tuple[str, str]:
    """The very hidden sheet before and after its rows."""
    space = space_of(root)
    data = root.find(f"{space}sheetData")
    for each in [*root.iterfind(f"{space}dimension"), *root.iterfind(f"{space}mergeCells")]:
        root.remove(each)
    for view in root.iter("{*}sheetView"):
        view.attrib.pop("tabSelected", "")
    if data is None:
        data = etree.SubElement(root, f"{space}sheetData")
    for child in list(data):
        data.remove(child)
    data.text = marker
    head, _, tail = Holes[Facts]().text(root).partition(marker)
    return head, tail


# --- properties ----------------------------------------------------------------------------


def compile_core(parts: Parts) -> tuple[str, Fragment[BookFacts]]:
    """docProps/core.xml: title and creator of the data; no login name, no clock."""
    found = next(iter(parts.of_kind("", "core-properties")), None)
    if found is None:
        root = etree.fromstring(f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="{_DC}"/>')
        found = "docProps/core.xml"
        _announce(parts, found, _CORE_TYPE, _CORE_RELATION)
    else:
        root = parts.tree(found)
    for each in list(root):
        if isinstance(each.tag, str) and each.tag.rpartition("}")[2] in _CLOCKS_AND_NAMES:
            root.remove(each)
    holes: Holes[BookFacts] = Holes()
    for key in ("title", "creator"):
        element = etree.SubElement(root, f"{{{_DC}}}{key}")
        element.text = holes.hole(lambda facts, key=key: escape(clean(getattr(facts, key))))  # type: ignore[misc]
        holes.optional(element, lambda facts, key=key: bool(getattr(facts, key)))  # type: ignore[misc]
    return found, holes.part(root)


_CLOCKS_AND_NAMES = ("title", "creator", "lastModifiedBy", "created", "modified", "lastPrinted", "revision")


def compile_custom(parts: Parts) -> tuple[str, Fragment[BookFacts]]:
    """docProps/custom.xml: the workbook's id beside what the office keeps there."""
    found = next(iter(parts.of_kind("", "custom-properties")), None)
    if found is None:
        root = etree.fromstring(f'<Properties xmlns="{_CUSTOM}" xmlns:vt="{_VT}"/>')
        found = "docProps/custom.xml"
        _announce(parts, found, _CUSTOM_TYPE)
    else:
        root = parts.tree(found)
    space = space_of(root)
    ours = {PROPERTY.format(mark): mark for mark in MARKS}
    for each in list(root):
        if each.get("name") in ours:
            root.remove(each)
    first = max((int(each.get("pid") or 1) for each in root), default=1) + 1
    holes: Holes[BookFacts] = Holes()
    for name, mark in ours.items():  # a workbook has one of them
        added = etree.SubElement(root, f"{space}property")
        added.set("fmtid", _FMTID)
        added.set("pid", str(first))
        added.set("name", name)
        value = etree.SubElement(added, f"{{{_VT}}}lpwstr")
        value.text = holes.hole(partial(_mark, mark))
        holes.optional(added)
    return found, holes.part(root)


def _mark(mark: str, facts: BookFacts) -> str | None:
    return escape(clean(facts.marks[mark])) if facts.marks.get(mark) else None


def _announce(parts: Parts, part: str, content_type: str, relation: str = "") -> None:
    """A new part of the package: in the list of types, and referred to."""
    root = parts.tree(relations_part(""))
    add_relation(root, "custom-properties", part, relation)
    parts.put(relations_part(""), root)
    parts.put(part, etree.Element("new"))
    parts.add_type(part, content_type)


# --- the lists of parts, for each combination of sheets ------------------------------------------


def content_types(parts: Parts, kept: Collection[str]) -> bytes:
    """[Content_Types].xml for the parts that are there (names in lower case)."""
    root = deepcopy(parts.tree(CONTENT_TYPES))
    for each in list(root):
        name = each.get("PartName")
        if name is not None and name.lstrip("/").lower() not in kept:
            root.remove(each)
    return _bytes(root)


def book_relations(parts: Parts, kept: Collection[str]) -> bytes:
    """What workbook.xml refers to, of the parts that are there."""
    root = parts.tree(relations_part(parts.book))
    targets = {each.id: each.part.lower() for each in parts.relations(parts.book)}
    for each in list(root):
        target = targets.get(each.get("Id") or "")
        if target is not None and target not in kept:
            root.remove(each)
    return _bytes(root)


def app_properties(parts: Parts, part: str, titles: Sequence[str]) -> bytes:
    """docProps/app.xml with the sheets that there are; the list of names goes, Excel makes it anew."""
    root = parts.tree(part)
    for each in list(root):
        if isinstance(each.tag, str) and each.tag.rpartition("}")[2] in ("HeadingPairs", "TitlesOfParts"):
            root.remove(each)
    space = space_of(root)
    pairs = etree.SubElement(root, f"{space}HeadingPairs")
    pairs.append(_vector("variant", [("variant", ("lpstr", "Worksheets")), ("variant", ("i4", str(len(titles))))]))
    listed = etree.SubElement(root, f"{space}TitlesOfParts")
    listed.append(_vector("lpstr", [("lpstr", title) for title in titles]))
    return _bytes(root)


def _vector(kind: str, entries: Sequence[tuple[str, object]]) -> etree._Element:
    vector = etree.Element(f"{{{_VT}}}vector", nsmap={"vt": _VT})
    vector.set("size", str(len(entries)))
    vector.set("baseType", kind)
    for name, value in entries:
        element = etree.SubElement(vector, f"{{{_VT}}}{name}")
        if isinstance(value, tuple):
            etree.SubElement(element, f"{{{_VT}}}{value[0]}").text = value[1]
        else:
            element.text = str(value)
    return vector


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
