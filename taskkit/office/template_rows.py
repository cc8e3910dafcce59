"""The rows and cells of a template's sheet, read once: texts with their marks, formulas, and what stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from xml.sax.saxutils import escape

from lxml import etree

from taskkit.errors import TemplateError
from taskkit.office.cells import LONGEST, Form, text_of
from taskkit.office.data import Link
from taskkit.office.formats import space_of
from taskkit.office.fragments import inner_xml
from taskkit.office.marks import MARK, as_text, marks_in, sole_mark
from taskkit.office.references import shifted
from taskkit.places import column_letter, column_number

_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True)
class Text:
    """A text of the template: the runs that it was typed in, each with its look (``rPr``) and its words."""

    runs: tuple[tuple[str, str], ...]

    @property
    def plain(self) -> str:
        """The words alone."""
        return "".join(words for _, words in self.runs)

    def around_marks(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The runs cut at marks: words and names of marks in turn; a mark belongs to the run that it begins in."""
        marks = [(match.start(), match.end(), match[1]) for match in MARK.finditer(self.plain)]
        starts = accumulate((len(words) for _, words in self.runs), initial=0)
        found = []
        for (look, words), start in zip(self.runs, starts, strict=False):
            found.append((look, tuple(_cut(words, start, marks))))
        return tuple(found)


def _cut(words: str, start: int, marks: Sequence[tuple[int, int, str]]) -> Iterator[str]:
    at, end = start, start + len(words)
    for begin, stop, name in marks:
        if stop <= at or begin >= end:
            continue
        yield words[at - start : max(begin, at) - start]
        yield name if begin >= start else ""
        at = min(stop, end)
    yield words[at - start :]


@dataclass(frozen=True)
class TemplateCell:
    """A cell: its place and style, its text or formula where it has one, and ``rest``, the XML after its style."""

    row: int
    column: int
    style: int
    rest: str
    text: Text | None = None
    formula: str | None = None
    array: bool = False

    @property
    def letter(self) -> str:
        """The column's letter."""
        return column_letter(self.column)

    @property
    def coordinate(self) -> str:
        """The cell's name as the person sees it."""
        return f"{self.letter}{self.row}"

    @property
    def marks(self) -> list[str]:
        """The marks in its text."""
        return marks_in(self.text.plain) if self.text else []

    @property
    def mark(self) -> str | None:
        """The mark where it is all that the cell says."""
        return sole_mark(self.text.plain) if self.text else None


@dataclass(frozen=True)
class TemplateRow:
    """A row: its attributes but for number and height, its height where it has one, its cells."""

    number: int
    attributes: str
    height: float | None
    has_own_height: bool
    cells: tuple[TemplateCell, ...]
    is_hidden: bool = False


class MixedText:
    """A text with marks in it: what a cell says for the values at hand."""

    def __init__(self, text: Text, form: Form) -> None:
        self._runs = text.around_marks()
        self._form = form

    def rest(self, values: Mapping[str, object], place: str) -> tuple[str, str]:
        """The rest of the cell's XML, and its plain words (for its height)."""
        words = [self._words(parts, values) for _, parts in self._runs]
        plain = "".join(words)
        if len(plain) > LONGEST:
            text_of(plain, place)
        if not plain:
            return "/>", ""
        looks = [look for look, _ in self._runs]
        if not any(looks):
            return self._form.text(self._markup(self._runs[0][1], values, place)), plain
        prefix = self._form.prefix
        tag = f"{prefix}t"
        written = ((look, self._markup(parts, values, place)) for look, parts in self._runs)
        runs = "".join(
            f'<{prefix}r>{look}<{tag} xml:space="preserve">{markup}</{tag}></{prefix}r>'
            for look, markup in written
            if markup
        )
        return f' t="inlineStr"><{prefix}is>{runs}</{prefix}is></{prefix}c>', plain

    def _words(self, parts: Sequence[str], values: Mapping[str, object]) -> str:
        return "".join(_said(values, part) if at % 2 else part for at, part in enumerate(parts))

    def _markup(self, parts: Sequence[str], values: Mapping[str, object], place: str) -> str:
        return "".join(text_of(_said(values, part), place) if at % 2 else escape(part) for at, part in enumerate(parts))


def _said(values: Mapping[str, object], mark: str) -> str:
    value = values.get(mark)
    return value.text if isinstance(value, Link) else as_text(value)


def read_strings(root: etree._Element | None) -> list[Text]:
    """The shared strings."""
    if root is None:
        return []
    space = space_of(root)
    return [_text(each, space) for each in root.iterchildren(f"{space}si")]


def _text(element: etree._Element, space: str) -> Text:
    runs = list(element.iterchildren(f"{space}r"))
    if not runs:
        return Text((("", "".join(each.text or "" for each in element.iterchildren(f"{space}t"))),))
    found = []
    for run in runs:
        look = run.find(f"{space}rPr")
        words = "".join(each.text or "" for each in run.iterchildren(f"{space}t"))
        found.append(("" if look is None else inner_xml(look, {}), words))
    return Text(tuple(found))


class RowReader:
    """Reads the rows of one sheet; the cells come out of the tree as text."""

    def __init__(self, root: etree._Element, strings: Sequence[Text], place: str) -> None:
        self._space = space_of(root)
        self._spaces = dict(root.nsmap)
        self._strings = strings
        self._place = place
        self._shared: dict[str, tuple[str, int, int]] = {}

    def rows(self, data: etree._Element) -> Iterator[TemplateRow]:
        """The rows, in order; one that does not say its number follows the one before."""
        number = 0
        for element in data.iterchildren(f"{self._space}row"):
            number = int(element.get("r") or number + 1)
            cells = tuple(self._cells(element, number))
            yield self._row(element, number, cells)

    def _row(self, element: etree._Element, number: int, cells: tuple[TemplateCell, ...]) -> TemplateRow:
        height, own = element.get("ht"), element.get("customHeight") in ("1", "true")
        hidden = element.get("hidden") in ("1", "true")
        for key in ("r", "spans", "ht", "customHeight"):
            element.attrib.pop(key, "")
        for child in list(element):
            element.remove(child)
        element.text = None
        start = inner_xml(element, self._spaces)
        attributes = start[start.index(" ") : start.rindex("/")] if " " in start else ""
        return TemplateRow(number, attributes, float(height) if height else None, own, cells, hidden)

    def _cells(self, row: etree._Element, number: int) -> Iterator[TemplateCell]:
        column = 0
        for element in row.iterchildren(f"{self._space}c"):
            match = _CELL.fullmatch(element.get("r") or "")
            column = column_number(match[1]) if match else column + 1
            yield self._cell(element, number, column)

    def _cell(self, element: etree._Element, row: int, column: int) -> TemplateCell:
        kind = element.get("t", "n")
        style = int(element.get("s") or 0)
        element.attrib.pop("s", "")
        element.attrib.pop("r", "")
        text = self._cell_text(element, kind, f"{column_letter(column)}{row}")
        formula, array = self._formula(element, row, column)
        written = inner_xml(element, self._spaces)
        rest = written[len(f"<{element.prefix}:c" if element.prefix else "<c") :]
        return TemplateCell(row, column, style, rest, text, formula, array)

    def _cell_text(self, element: etree._Element, kind: str, cell: str) -> Text | None:
        space = self._space
        if kind == "inlineStr":
            inside = element.find(f"{space}is")
            return None if inside is None else _text(inside, space)
        if kind != "s":
            return None
        number = element.findtext(f"{space}v") or ""
        if not number.strip().isdecimal() or int(number) >= len(self._strings):
            raise TemplateError(f"{self._place} {cell} 的文字已丢失", "请用 Excel 或 WPS 打开核对，另存为 .xlsx 后再试")
        return self._strings[int(number)]

    def _formula(self, element: etree._Element, row: int, column: int) -> tuple[str | None, bool]:
        """A cell's formula, written out where the file shares it between cells; whether it is one of an array."""
        found = element.find(f"{self._space}f")
        if found is None:
            return None, False
        match found.get("t"):
            case "array" | "dataTable":
                return found.text or "", True
            case "shared":
                return self._shared_formula(found, row, column), False
        return found.text or None, False

    def _shared_formula(self, found: etree._Element, row: int, column: int) -> str | None:
        key = found.get("si") or ""
        if found.text:
            self._shared[key] = (found.text, row, column)
        for name in ("t", "si", "ref"):
            found.attrib.pop(name, "")
        if key not in self._shared:
            return None
        text, first_row, first_column = self._shared[key]
        found.text = shifted(text, row - first_row, column - first_column)
        return found.text
