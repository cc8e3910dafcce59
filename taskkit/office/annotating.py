"""A returned workbook with its problems marked: the clerk's own file, its cells marked, a first sheet that lists them.

Only what has to change does (decision 3): the sheets with marks, their notes, the styles, the list
of sheets. All other parts are copied as they stand in the zip. Marks of an earlier time are taken
out before, and a cell without a mark looks as it did. Macros are never kept: the copy is an .xlsx.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, pairwise
from xml.parsers.expat import ExpatError

from lxml import etree

from taskkit.errors import InputError
from taskkit.office.book_data import BookData
from taskkit.office.cell_splicing import Edit, SheetXml, apply
from taskkit.office.cell_splicing import Place as At
from taskkit.office.formats import space_of
from taskkit.office.mark_styles import FILL, Marked, MarkStyles, empty_styles, marked_styles
from taskkit.office.notes import Box, Notes, draw, empty_drawing, empty_notes, erase, note_text
from taskkit.office.patching import Patch
from taskkit.office.problem_sheet import (
    STYLES,
    TITLE,
    Look,
    Problem,
    ProblemList,
    is_problem_list,
    looks_of,
    print_names,
    write_sheet,
)
from taskkit.office.xlsx_reader import unescape
from taskkit.office.xml import parse_xml
from taskkit.places import Place

_NONSENSE = (ValueError, LookupError, etree.LxmlError, ExpatError, UnicodeError)
_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_NOTES = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_MACROS = ("vbaProject", "vbaProjectSignature", "vbaProjectSignatureAgile", "vbaProjectSignatureV3")
_MACRO_TYPE = "application/vnd.ms-office.vbaProject"
_MACRO_SHEETS = ("xlMacrosheet", "xlIntlMacrosheet")
_BEFORE_DRAWING = frozenset(
    "legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst AlternateContent".split()
)
_AFTER_NAMES = frozenset(
    "calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr"
    " webPublishObjects extLst".split()
)
_SELECTED = re.compile(rb"""\stabSelected\s*=\s*(?:"(?:1|true)"|'(?:1|true)')""")
_USED_STYLE = re.compile(rb"""\s(?:s|style)\s*=\s*["'](\d{1,5})["']""")
_VIEWS_WITHIN = 4 * 1024  # bytes in which a sheet says whether it is selected


def annotate(data: bytes, book: BookData, listed: ProblemList) -> bytes:
    """The clerk's file with these problems marked; ``book`` is the same file as read.

    Raises InputError where it is of a make that cannot be marked safely.
    """
    try:
        copy = _Copy(data, book)
        copy.take_out_marks()
        copy.put_marks(listed)
        return copy.write()
    except _NONSENSE as error:
        raise _unmarkable(book.name) from error


def without_marks(data: bytes, book: BookData) -> bytes:
    """An annotated file without its marks: cells look as they did, the first sheet is gone. Raises as `annotate`."""
    try:
        copy = _Copy(data, book)
        copy.take_out_marks()
        return copy.write()
    except _NONSENSE as error:
        raise _unmarkable(book.name) from error


def _unmarkable(name: str) -> InputError:
    return InputError(f"“{name}”的写法特殊，不能在上面作标记", "请看单独的退回问题清单")


@dataclass(frozen=True)
class _Listed:
    """A sheet as workbook.xml lists it."""

    title: str
    part: str
    kind: str
    element: etree._Element


class _Copy:
    """The copy while it is made."""

    def __init__(self, data: bytes, book: BookData) -> None:
        self.book = book
        self.lists = [sheet for sheet in book.sheets if is_problem_list(sheet)]
        self.patch = patch = Patch(data, book.name)
        self.part = next(iter(patch.of_kind("", "officeDocument")), "xl/workbook.xml")
        self.root = patch.tree(self.part)
        self.space = space_of(self.root)
        listed = self.root.find(f"{self.space}sheets")
        if listed is None:
            raise _unmarkable(book.name)
        self.listed = listed
        self.sheets = list(self._sheets())
        self._drop_macros()
        self.styles = self._styles()

    def write(self) -> bytes:
        return self.patch.write()

    # --- what the file is ------------------------------------------------------------------

    def _sheets(self) -> Iterator[_Listed]:
        relations = {each.id: each for each in self.patch.relations(self.part)}
        for element in self.listed.iterchildren(f"{self.space}sheet"):
            relation = relations.get(_relation_id(element))
            if relation is None or relation.kind in _MACRO_SHEETS:
                raise _unmarkable(self.book.name)
            yield _Listed(unescape(element.get("name") or ""), relation.part, relation.kind, element)

    def _drop_macros(self) -> None:
        patch = self.patch
        patch.set_type(self.part, _MAIN)
        for kind in _MACROS:
            for part in patch.of_kind(self.part, kind):
                patch.unrelate(self.part, part)
                patch.drop(part)
        patch.drop_default("bin", _MACRO_TYPE)

    def _styles(self) -> str:
        """The part that holds the styles."""
        patch = self.patch
        part = next((each.part for each in patch.relations(self.part) if each.kind == "styles"), "")
        if part in patch:
            return part
        if not part:
            part = "xl/styles.xml" if "xl/styles.xml" not in patch else patch.free_name("xl/styles{}.xml")
            patch.relate(self.part, "styles", part)
        used = (int(each) for sheet in self._worksheets() for each in _USED_STYLE.findall(patch.read(sheet.part)))
        patch.put(part, empty_styles(self.space[1:-1], max(used, default=0) + 1))
        patch.set_type(part, _STYLES)
        return part

    def _worksheets(self) -> list[_Listed]:
        return [each for each in self.sheets if each.kind == "worksheet" and each.part in self.patch]

    # --- old marks go out ------------------------------------------------------------------

    def take_out_marks(self) -> None:
        """Give marked cells the look that they had, take our notes out, and the list."""
        lists, patch = self.lists, self.patch
        if not lists and FILL.encode() not in patch.read(self.styles):
            return
        styles = MarkStyles(parse_xml(patch.read(self.styles), self.book.name), was_marked=True)
        looks = {number: look for sheet in reversed(lists) for number, look in looks_of(sheet).items()}
        titles = {sheet.title for sheet in lists}
        for sheet in self._worksheets():
            if sheet.title not in titles:
                self._clean(sheet, looks, styles)
        patch.put(self.styles, styles.xml)
        for sheet in [each for each in self.sheets if each.title in titles]:
            self._drop_sheet(sheet)

    def _clean(self, sheet: _Listed, looks: Mapping[int, Look], styles: MarkStyles) -> None:
        patch = self.patch
        page = SheetXml(patch.read(sheet.part), self.book.name)
        part = next(iter(patch.of_kind(sheet.part, "comments")), "")
        notes = Notes(patch.tree(part)) if part else None
        numbers = notes.ours() if notes else {}
        by_place = {look.place: look for look in looks.values()}

        def look(at: At) -> str:
            kept = looks.get(numbers.get(at, 0)) or by_place.get(Place(sheet.title, *at))
            return kept.look if kept else ""

        marked = page.styled(styles.marks)
        edits = page.restyle(marked, lambda at, style: styles.restored(style, look(at)))
        if notes and numbers:
            edits += self._take_notes(sheet, page, part, notes)
        if edits:
            patch.put(sheet.part, apply(page.data, edits))

    def _take_notes(self, sheet: _Listed, page: SheetXml, part: str, notes: Notes) -> Iterable[Edit]:
        patch, gone = self.patch, notes.take_out()
        drawing = self._drawing(sheet, page)
        left = erase(patch.read(drawing), gone) if drawing else None
        if left is not None:
            patch.put(drawing, left)
        if not notes.is_empty:
            return
        patch.unrelate(sheet.part, part)
        patch.drop(part)
        if drawing and left is None:
            patch.unrelate(sheet.part, drawing)
            patch.drop(drawing)
            yield from _element(page, "legacyDrawing")

    def _drop_sheet(self, sheet: _Listed) -> None:
        number = self.sheets.index(sheet)
        self.patch.unrelate(self.part, sheet.part)
        self.patch.drop(sheet.part)
        self.listed.remove(sheet.element)
        self.sheets.remove(sheet)
        for name in self._names():
            local = name.get("localSheetId")
            if local == str(number):
                _parent(name).remove(name)
            elif local and local.isdecimal() and int(local) > number:
                name.set("localSheetId", str(int(local) - 1))
        listed = self.root.find(f"{self.space}definedNames")
        if listed is not None and not len(listed):
            self.root.remove(listed)
        self._show(max(self._active() - (self._active() > number), 0))

    # --- new marks -------------------------------------------------------------------------

    def put_marks(self, listed: ProblemList) -> None:
        """Mark the cells, put notes on them, and the list in front."""
        by_title = {each.title: each for each in self._worksheets()}
        numbered: dict[str, dict[At, dict[int, tuple[str, str]]]] = {}
        for number, problem in enumerate(listed.problems, 1):
            cell = problem.cell
            if cell and cell.sheet in by_title:
                told = numbered.setdefault(cell.sheet, {}).setdefault((cell.row, cell.column), {})
                told[number] = (problem.what, problem.advice)
        pages = {title: SheetXml(self.patch.read(by_title[title].part), self.book.name) for title in numbered}
        before = {title: page.styles(numbered[title]) for title, page in pages.items()}
        marked = self._marked({style for each in before.values() for style in each.values()})
        for title, cells in numbered.items():
            self._mark(by_title[title], pages[title], cells, marked)
        looks = {
            Place(title, *at): Look(Place(title, *at), marked.looks[style])
            for title, styles in before.items()
            for at, style in styles.items()
        }
        self._put_list(listed, set(by_title), looks, marked.listed)

    def _marked(self, cells: set[int]) -> Marked:
        """The styles of marked cells, and those of the list."""
        xml = self.patch.read(self.styles)
        was_marked = bool(self.lists) or FILL.encode() in xml
        marked = marked_styles(xml, was_marked, tuple(sorted(cells)), STYLES)
        self.patch.put(self.styles, marked.xml)
        return marked

    def _mark(
        self, sheet: _Listed, page: SheetXml, cells: Mapping[At, Mapping[int, tuple[str, str]]], marked: Marked
    ) -> None:
        edits = page.restyle(cells, lambda _, style: marked.numbers[style])
        edits += self._put_notes(sheet, page, {at: note_text(told) for at, told in cells.items()})
        self.patch.put(sheet.part, apply(page.data, edits))

    def _put_notes(self, sheet: _Listed, page: SheetXml, texts: Mapping[At, str]) -> Iterable[Edit]:
        patch = self.patch
        part = next(iter(patch.of_kind(sheet.part, "comments")), "")
        if not part:
            part = patch.free_name("xl/comments{}.xml")
            patch.plant(part, empty_notes(self.space))
            patch.relate(sheet.part, "comments", part)
            patch.set_type(part, _NOTES)
        notes = Notes(patch.tree(part))
        put = [at for at, text in texts.items() if notes.put(at, text)]
        drawing, edits = self._drawing(sheet, page), []
        if not drawing:
            drawing = patch.free_name("xl/drawings/vmlDrawing{}.vml")
            patch.put(drawing, empty_drawing(self.sheets.index(sheet) + 1))
            patch.set_default("vml", _VML)
            edits.append(self._draw_on(page, patch.relate(sheet.part, "vmlDrawing", drawing)))
        boxes = [Box(at, texts[at], page.widths(at[1] + 1), page.heights(at[0])) for at in put]
        patch.put(drawing, draw(patch.read(drawing), boxes))
        return edits

    def _drawing(self, sheet: _Listed, page: SheetXml) -> str:
        """The part in which a sheet's notes are drawn; "" where it has none."""
        found = next((each for name, _, each in page.after_cells if name == "legacyDrawing"), None)
        wanted = (
            None
            if found is None
            else next((text for key, text in found.items() if key.rpartition(":")[2] == "id"), None)
        )
        return next(
            (each.part for each in self.patch.relations(sheet.part) if each.id == wanted and each.part in self.patch),
            "",
        )

    def _draw_on(self, page: SheetXml, relation: str) -> Edit:
        where = next(start for name, start, _ in page.after_cells if name in _BEFORE_DRAWING or not name)
        space = _STRICT if "purl.oclc.org" in self.space else _RELATIONS
        tag = f'<{page.prefix.decode()}legacyDrawing xmlns:r="{space}" r:id="{relation}"/>'
        return where, where, tag.encode()

    # --- the list --------------------------------------------------------------------------

    def _put_list(
        self, listed: ProblemList, known: set[str], looks: dict[Place, Look], styles: tuple[int, ...]
    ) -> None:
        links = [_link(each, known) for each in listed.problems]
        kept = [looks.pop(each.cell, None) if each.cell else None for each in listed.problems]
        patch = self.patch
        self._deselect()
        part = patch.free_name("xl/worksheets/sheet{}.xml")
        patch.put(part, write_sheet(listed, links, kept, styles, self.space))
        patch.set_type(part, _SHEET)
        title = self._free_title()
        element = etree.Element(f"{self.space}sheet")
        element.set("name", title)
        element.set("sheetId", str(max((_whole(each.element.get("sheetId")) for each in self.sheets), default=0) + 1))
        element.set(self._relation_key(), patch.relate(self.part, "worksheet", part))
        self.listed.insert(0, element)
        for name in self._names():
            local = name.get("localSheetId")
            if local and local.isdecimal():
                name.set("localSheetId", str(int(local) + 1))
        self._print(title, len(listed.problems))
        self._show(0)

    def _free_title(self) -> str:
        taken = {each.title.lower() for each in self.sheets}
        names = (TITLE if number == 1 else f"{TITLE}({number})" for number in count(1))
        return next(name for name in names if name not in taken)

    def _relation_key(self) -> str:
        return next(
            (str(key) for key in self.sheets[0].element.attrib if str(key).endswith("}id")), f"{{{_RELATIONS}}}id"
        )

    def _print(self, title: str, problems: int) -> None:
        listed = self.root.find(f"{self.space}definedNames")
        if listed is None:
            listed = etree.Element(f"{self.space}definedNames")
            follower = next((each for each in self.root if _name(each) in _AFTER_NAMES), None)
            if follower is None:
                self.root.append(listed)
            else:
                follower.addprevious(listed)
        for at, (name, text) in enumerate(print_names(title, problems).items()):
            element = etree.Element(f"{self.space}definedName")
            element.set("name", name)
            element.set("localSheetId", "0")
            element.text = text
            listed.insert(at, element)

    def _names(self) -> list[etree._Element]:
        return list(self.root.iterfind(f"{self.space}definedNames/{self.space}definedName"))

    def _view(self) -> etree._Element | None:
        return self.root.find(f"{self.space}bookViews/{self.space}workbookView")

    def _active(self) -> int:
        view = self._view()
        return 0 if view is None else _whole(view.get("activeTab"))

    def _show(self, number: int) -> None:
        """Open the workbook on this sheet."""
        view = self._view()
        if view is not None:
            view.attrib.pop("firstSheet", "")
            view.set("activeTab", str(number))

    def _deselect(self) -> None:
        """No other sheet stays selected: what is typed would go into all that are."""
        for sheet in self.sheets:
            if sheet.part in self.patch and _SELECTED.search(self.patch.beginning(sheet.part, _VIEWS_WITHIN)):
                self.patch.put(sheet.part, _SELECTED.sub(b"", self.patch.read(sheet.part), count=1))


def _element(page: SheetXml, name: str) -> Iterator[Edit]:
    """The edit that takes an element of the sheet out."""
    listed = page.after_cells
    for (found, start, _), (_, following, _) in pairwise(listed):
        if found == name:
            yield start, following, b""


def _link(problem: Problem, known: set[str]) -> Place | None:
    return problem.place if problem.place and problem.place.sheet in known else None


def _relation_id(element: etree._Element) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
