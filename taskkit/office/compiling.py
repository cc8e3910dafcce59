"""A template opened once: taken apart at its model rows, ready to be filled any number of times.

What the engine cannot keep right is refused here, with its cell and its name, and never filled wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from taskkit.errors import TemplateError
from taskkit.office.book_parts import (
    HIDDEN_SHEET,
    Book,
    TemplateSheet,
    app_properties,
    book_relations,
    compile_core,
    compile_custom,
    compile_hidden_sheet,
    content_types,
)
from taskkit.office.cells import Form
from taskkit.office.facts import Facts
from taskkit.office.fragments import Fragment, Holes
from taskkit.office.packing import Entry, Start, begin_with, deflated
from taskkit.office.pages import Source, compile_page, print_columns
from taskkit.office.parts import CONTENT_TYPES, Parts, relations_part
from taskkit.office.references import Models, parse_formula
from taskkit.office.stretching import (
    Sheet,
    stretch_cell_links,
    stretch_chart,
    stretch_comments,
    stretch_drawing,
    stretch_notes_drawing,
    stretch_table,
)
from taskkit.office.styles import Styles
from taskkit.office.template_rows import Text, read_strings

_NONSENSE = (ValueError, LookupError, etree.LxmlError)  # what a damaged part leads to: numbers that are none, and such
_MARKER = "\ufdd2"
Forms = tuple[tuple[str, tuple[str, ...]], ...]  # title of a sheet -> the kinds of its rows


@dataclass(frozen=True)
class Attached:
    """A part that belongs to a sheet (a table, comments, a drawing), or to none (a chart): its name and its holes."""

    part: str
    sheet: str | None
    fragment: Fragment[Facts]


@dataclass(frozen=True)
class Frame:
    """One combination of sheets: their titles, and the parts that stay as they are, deflated."""

    titles: tuple[str, ...]
    start: Start
    parts: frozenset[str]


class Compiled:
    """A compiled template. ``pages`` are its sheets by title, but for the very hidden one."""

    def __init__(self, parts: Parts, name: str, forms: Forms) -> None:
        self.name = name
        self.parts = parts
        self.book = book = Book(parts)
        self.hidden_part = book.add_hidden_sheet()
        root = parts.tree(book.styles_part) if book.styles_part else None
        self.styles = Styles(root)
        kinds = dict(forms)
        sources = _read(parts, book, name)
        for title, source in sources.items():
            source.find_models(kinds.get(title, ()))
        self.models = Models(
            {title: (each.sheet.first, each.sheet.last) for title, each in sources.items() if each.sheet.kinds},
            frozenset(kinds),
            _tables(parts, sources),
        )
        _refuse_pivots(parts, self.models, book, name)
        changing = _changing(sources)
        for each in sources.values():
            each.sheet.models = self.models
        self.pages = {
            title: compile_page(each, _form(each.root, book.is_1904), self.styles, changing)
            for title, each in sources.items()
        }
        self.attached = [each for each in self._attached(sources) if not each.fragment.is_fixed]
        hidden = parts.tree(self.hidden_part)
        self.hidden_form = _form(hidden, book.is_1904)
        self.hidden = compile_hidden_sheet(hidden, _MARKER)
        self.custom_part, self.custom = compile_custom(parts)
        self.core_part, self.core = compile_core(parts)
        self.workbook = book.compile(self.models, f"模板 {name}")
        self.more_styles = self.styles.extended()
        self._frames: dict[tuple[frozenset[str], int], Frame] = {}
        self._entries: dict[tuple[str, int], Entry] = {}

    # --- parts of sheets -------------------------------------------------------------------

    def _attached(self, sources: Mapping[str, Source]) -> Iterator[Attached]:
        for title, source in sources.items():
            yield from self._of_sheet(title, source)
        for part in sorted(part for part in self.parts.contents if "/charts/chart" in part.lower()):
            if part.endswith(".xml"):
                yield self._chart(part)

    def _chart(self, part: str) -> Attached:
        holes: Holes[Facts] = Holes()
        root = self.parts.tree(part)
        stretch_chart(holes, root, self.models, f"模板 {self.name} 的图表")
        return Attached(part, None, holes.part(root))

    def _of_sheet(self, title: str, source: Source) -> Iterator[Attached]:
        for relation in self.parts.relations(source.part):
            if relation.part not in self.parts:
                continue
            sheet, part = source.sheet, self.parts.real(relation.part)
            holes: Holes[Facts] = Holes()
            sheet.holes = holes
            if relation.kind == "vmlDrawing":
                text = self.parts.contents[part].decode("utf-8", "replace")
                yield Attached(part, title, holes.cut(stretch_notes_drawing(sheet, text)))
                continue
            stretch = _STRETCHERS.get(relation.kind)
            if relation.kind == "pivotTable" and sheet.kinds:
                raise sheet.refuse("", "有数据透视表，无法随行数移动", "请移到另一张工作表")
            if stretch is None:
                continue
            root = self.parts.tree(part)
            if relation.kind == "table":
                _check_table(source, root)
            stretch(sheet, root)
            yield Attached(part, title, holes.part(root))

    # --- combinations of sheets ------------------------------------------------------------

    def frame(self, gone: frozenset[str], level: int) -> Frame:
        """What all workbooks without these sheets have in common, deflated once."""
        if (gone, level) not in self._frames:
            self._frames[gone, level] = self._make_frame(gone, level)
        return self._frames[gone, level]

    def _make_frame(self, gone: frozenset[str], level: int) -> Frame:
        parts, sheets = self.parts, [each for each in self.book.sheets if each.title not in gone]
        left_out = [each.part for each in self.book.sheets if each.title in gone]
        dropped = parts.reached(()) - parts.reached(left_out)
        names = frozenset(part for part in parts.contents if part.lower() not in dropped)
        kept = {part.lower() for part in names}
        own = {CONTENT_TYPES: content_types(parts, kept)}
        own[parts.real(relations_part(parts.book))] = book_relations(parts, kept)
        for part in parts.of_kind("", "extended-properties"):
            if gone or not self.book.had_hidden_sheet:
                own[parts.real(part)] = app_properties(parts, part, [each.title for each in sheets])
        entries = [deflated(part, data, level) for part, data in own.items()]
        changing = self._written(sheets)
        entries += [
            self.entry(part, level) for part in parts.contents if part in names and part not in {*own, *changing}
        ]
        return Frame(tuple(each.title for each in sheets), begin_with(entries), names)

    def _written(self, sheets: Sequence[TemplateSheet]) -> set[str]:
        """The parts that are written for each workbook."""
        pages = {self.pages[each.title].part for each in sheets if each.title in self.pages}
        attached = {each.part for each in self.attached}
        styles = {self.book.styles_part} if self.book.styles_part else set()
        return (
            pages
            | attached
            | styles
            | {
                self.hidden_part,
                self.custom_part,
                self.core_part,
                self.parts.real(self.parts.book),
                self.parts.real(CONTENT_TYPES),
            }
        )

    def entry(self, part: str, level: int) -> Entry:
        """A part as the template has it, deflated once."""
        if (part, level) not in self._entries:
            self._entries[part, level] = deflated(part, self.parts.contents[part], level)
        return self._entries[part, level]

    def styles_entry(self, extended: bool, level: int) -> Entry | None:
        """The styles, with those added where a cell needs one."""
        part = self.book.styles_part
        if not part:
            return None
        if not extended or self.more_styles is None:
            return self.entry(part, level)
        key = (f"{part}+", level)
        if key not in self._entries:
            self._entries[key] = deflated(part, self.more_styles, level)
        return self._entries[key]


@lru_cache(maxsize=8)
def compile_template(template: bytes, name: str = "模板", forms: Forms = ()) -> Compiled:
    """Open a template and compile it; the same template is compiled once in a process.

    ``forms`` says which kinds of rows each sheet has that is filled by rows. Raises TemplateError
    where the template cannot be opened, or holds what cannot be stretched, with its cell.
    """
    parts = Parts(template, name)
    try:
        return Compiled(parts, name, forms)
    except _NONSENSE as error:
        raise parts.damaged() from error


def read_sources(template: bytes, name: str = "模板") -> dict[str, Source]:
    """The sheets of a template by title, read and not yet compiled. Raises TemplateError as ``compile_template``."""
    parts = Parts(template, name)
    try:
        return _read(parts, Book(parts), name)
    except _NONSENSE as error:
        raise parts.damaged() from error


def _read(parts: Parts, book: Book, name: str) -> dict[str, Source]:
    strings: list[Text] = []
    for part in parts.of_kind(parts.book, "sharedStrings")[:1]:
        strings = read_strings(parts.tree(part))
    sources = {}
    for number, listed in enumerate(book.sheets):
        if listed.kind != "worksheet" or listed.title == HIDDEN_SHEET:
            continue
        sheet = Sheet(listed.title, name, Models({}))
        paper = print_columns(book.print_area(number))
        sources[listed.title] = Source.read(
            listed.part, parts.tree(listed.part), sheet, strings, paper, listed.state != "visible"
        )
    return sources


def _form(root: etree._Element, is_1904: bool) -> Form:
    return Form(f"{root.prefix}:" if root.prefix else "", is_1904)


def _check_table(source: Source, root: etree._Element) -> None:
    """A table's header must stay: Excel repairs a file whose header cells are not named as the table says."""
    from taskkit.office.blocks import areas

    listed = areas(root.get("ref") or "")
    if not listed or root.get("headerRowCount") == "0":
        return
    for cell in source.cells:
        if cell.row == listed[0].top and cell.marks:
            raise source.sheet.refuse(
                cell.coordinate, "：“表格”的表头里有标记", "请写上固定的文字，或把表格转换为普通区域"
            )


_STRETCHERS = {
    "table": stretch_table,
    "comments": stretch_comments,
    "threadedComment": stretch_comments,
    "drawing": stretch_drawing,
    "ctrlProp": stretch_cell_links,
}


def _tables(parts: Parts, sources: Mapping[str, Source]) -> dict[str, str]:
    """The tables (表格) by name, with their sheets."""
    return {
        parts.tree(part).get("displayName") or "": title
        for title, source in sources.items()
        for part in parts.of_kind(source.part, "table")
    }


def _changing(sources: Mapping[str, Source]) -> frozenset[str]:
    """The sheets on which cells depend on the data: those with marks, and those whose formulas speak of such."""
    changing = {title for title, each in sources.items() if any(cell.marks for cell in each.cells)}
    formulas = {
        title: [
            parse_formula(cell.formula, title, Models({}), "") for cell in each.cells if cell.formula and not cell.array
        ]
        for title, each in sources.items()
    }
    while True:
        more = {
            title
            for title, listed in formulas.items()
            if title not in changing and not all(each.is_known(frozenset(changing)) for each in listed)
        }
        if not more:
            return frozenset(changing)
        changing |= more


def _refuse_pivots(parts: Parts, models: Models, book: Book, name: str) -> None:
    """A pivot table that counts over model rows would count what is no longer there."""
    named = {each.get("name"): each.text or "" for each in book.names}
    for part in parts.of_kind(parts.book, "pivotCacheDefinition"):
        for source in parts.tree(part).iter("{*}worksheetSource"):
            about = source.get("sheet") or named.get(source.get("name"), "").rpartition("!")[0].strip("'")
            if about in models.rows or source.get("name") in models.tables:
                where = f"{about} {source.get('ref') or source.get('name')}"
                raise TemplateError(
                    f"模板 {name} 的数据透视表以“{where}”为数据源，无法随行数移动", "请删去数据透视表后再用作模板"
                )
