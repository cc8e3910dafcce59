"""What covers a template's model rows is stretched over the rows written; what stands below moves down.

Each function marks one part of the package while it is compiled: every place that names rows
becomes a hole. What cannot be stretched is refused with its cell and its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from xml.sax.saxutils import escape

from lxml import etree

from taskkit.errors import TemplateError
from taskkit.office.blocks import Area, all_at, areas
from taskkit.office.facts import Facts
from taskkit.office.fragments import Holes
from taskkit.office.references import Expression, Models, parse_formula
from taskkit.places import column_letter

_FORMULAS = ("formula", "formula1", "formula2", "f")
_GROUPS = frozenset(
    "mergeCells hyperlinks protectedRanges ignoredErrors conditionalFormattings dataValidations sparklines".split()
)
_QUOTES = {'"': "&quot;"}
_CELL_LINKS = ("textlink", "fmlaLink", "fmlaRange", "fmlaTxbx")
_CELL = re.compile(r"([A-Z]+)(\d+)")
_NUMBER = re.compile(r"[-+]?[\d.]+(?:[Ee][-+]?\d+)?")
_SHAPE = re.compile(r"<v:shape\s.*?</v:shape>", re.DOTALL)
_ANCHOR = re.compile(r"(<x:Anchor>)([^<]*)(</x:Anchor>)")
_ROW = re.compile(r"(<x:Row>)\s*(\d+)\s*(</x:Row>)")


@dataclass
class Sheet:
    """A sheet of the template while its parts are compiled: its name and model rows, the holes of the part at hand.

    ``kinds`` are the model rows by number; ``models`` those of all sheets; ``droppable`` the rows
    below them that some workbooks do not have.
    """

    title: str
    template: str
    models: Models
    kinds: dict[int, str] = field(default_factory=dict)
    droppable: tuple[int, ...] = ()
    holes: Holes[Facts] = field(default_factory=Holes)

    @property
    def first(self) -> int:
        """The first model row; a row beyond all others where there is none."""
        return min(self.kinds, default=1 << 30)

    @property
    def last(self) -> int:
        """The last model row."""
        return max(self.kinds, default=1 << 30)

    def place(self, cell: str = "") -> str:
        """Where something stands, for messages."""
        return f"模板 {self.template} 的“{self.title}”{f' {cell}' if cell else ''}"

    def refuse(self, cell: str, what: str, advice: str) -> TemplateError:
        """The error that names what cannot be filled."""
        return TemplateError(f"{self.place(cell)}{what}", advice)


def stretch_sheet(sheet: Sheet, root: etree._Element) -> None:
    """Mark everything in a sheet's part, outside its cells, that names rows: once per rule, never once per row."""
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    for element in elements:
        if mark := _MARKERS.get(element.tag.rpartition("}")[2]):
            mark(sheet, element)
    stretch_anchors(sheet, root)
    for element in elements:
        if element.tag.rpartition("}")[2] in _GROUPS:
            sheet.holes.group(element)


# --- ranges -------------------------------------------------------------------------------


def _range(sheet: Sheet, element: etree._Element, key: str = "ref") -> bool:
    """An attribute that names ranges; whether the data decides what it says. It vanishes with its last row."""
    text = element.get(key) or ""
    listed = areas(text)
    if not any(area.bottom >= sheet.first for area in listed):
        return False
    is_root = element.getparent() is None
    element.set(key, sheet.holes.hole(lambda facts: all_at(listed, facts.block) or (text if is_root else None)))
    if not is_root:
        sheet.holes.optional(element)
    return True


def _ref(sheet: Sheet, element: etree._Element) -> None:
    _range(sheet, element)


def _sqref(sheet: Sheet, element: etree._Element) -> None:
    _range(sheet, element, "sqref")


def _merge(sheet: Sheet, element: etree._Element) -> None:
    for area in areas(element.get("ref") or ""):
        if area.top <= sheet.last and area.bottom >= sheet.first:
            raise sheet.refuse(element.get("ref") or "", "：样板行里有合并单元格", "请取消合并")
    _range(sheet, element)


def _hyperlink(sheet: Sheet, element: etree._Element) -> None:
    location = element.get("location")
    if location and "!" in location:
        expression = parse_formula(location, sheet.title, sheet.models, sheet.place(element.get("ref") or ""))
        if expression.moves(sheet.models):
            element.set("location", sheet.holes.hole(partial(moved, expression)))
            sheet.holes.optional(element)
    _range(sheet, element)


def moved(expression: Expression, facts: Facts, shift: int | None = None) -> str | None:
    """A formula outside the model rows in a filled workbook, as XML; it may stand in an attribute.

    With a ``shift`` of 0 relative rows stay as they are.
    """
    text = expression.at(facts.blocks, facts.gone, shift)
    return None if text is None else escape(text, _QUOTES)


def _selection(sheet: Sheet, element: etree._Element) -> None:
    """The selected cell, where it stood in a model row, goes to the first row of that kind."""
    match = _CELL.fullmatch(element.get("activeCell") or "")
    if match is None or int(match[2]) < sheet.first:
        return
    letter, row = match[1], int(match[2])
    kind = sheet.kinds.get(row)

    def cell(facts: Facts) -> str:
        if kind is None:
            return f"{letter}{facts.block.span(row, row)[1]}"
        return f"{letter}{facts.first_rows.get(kind, facts.block.first)}"

    for key in ("activeCell", "sqref"):
        element.set(key, sheet.holes.hole(cell))
    element.attrib.pop("activeCellId", "")


def _pane(sheet: Sheet, element: etree._Element) -> None:
    """Where the lower part of a frozen sheet begins: at the top again, where it was scrolled into what moves."""
    match = _CELL.fullmatch(element.get("topLeftCell") or "")
    rows = element.get("ySplit") or "0"
    if match and int(match[2]) > sheet.first and rows.isdecimal() and element.get("state") == "frozen":
        element.set("topLeftCell", f"{match[1]}{int(rows) + 1}")


def _break(sheet: Sheet, element: etree._Element) -> None:
    """A page break stands below the row whose number it has."""
    parent = element.getparent()
    if parent is None or not parent.tag.endswith("}rowBreaks"):
        return
    row = int(element.get("id") or 0)
    if sheet.first <= row < sheet.last:
        raise sheet.refuse(f"第{row}行", "下面有分页符，夹在样板行之间", "请移到样板行的上面或下面")
    if row >= sheet.last:
        element.set("id", sheet.holes.hole(lambda facts: str(facts.block.moved(row + 1) - 1)))


def _refused(sheet: Sheet, _: etree._Element, what: str) -> None:
    if sheet.kinds:
        raise sheet.refuse("", f"有{what}，无法随行数移动", "请删去后再用作模板")


def _sparkline(sheet: Sheet, element: etree._Element) -> None:
    where = next((each for each in element if each.tag.endswith("}sqref")), None)
    listed = areas(where.text or "") if where is not None else []
    if any(area.top <= sheet.last and area.bottom >= sheet.first for area in listed):
        raise sheet.refuse(where.text or "" if where is not None else "", "是迷你图，不能逐行重复", "请删去迷你图")
    _rule(sheet, element)


# --- rules: validations and conditional formats, also those of Excel 2010 (x14) -----------------


def _rule(sheet: Sheet, element: etree._Element) -> None:
    """A validation, a set of conditional formats or a sparkline: its ranges, and its formulas that go along."""
    own = element.get("sqref")
    inside = next((each for each in element if isinstance(each.tag, str) and each.tag.endswith("}sqref")), None)
    listed = areas(own if own is not None else (inside.text or "") if inside is not None else "")
    top = min((area.top for area in listed), default=1)
    moving = any(area.bottom >= sheet.first for area in listed)
    if moving and own is not None:
        element.set("sqref", sheet.holes.hole(lambda facts: all_at(listed, facts.block)))
    elif moving and inside is not None:
        inside.text = sheet.holes.hole(lambda facts: all_at(listed, facts.block))
    changed = [_rule_formula(sheet, each, top, listed) for each in _formulas(element)]
    changed += [_bound(sheet, each, top, listed) for each in element.iter("{*}cfvo")]
    rules = [each for each in element if isinstance(each.tag, str) and each.tag.endswith("}cfRule")]
    if not (moving or any(changed)):
        return
    for rule in rules:
        sheet.holes.optional(rule)
    if rules:
        sheet.holes.group(element)
    else:
        sheet.holes.optional(element)


def _formulas(element: etree._Element) -> Iterator[etree._Element]:
    for each in element.iter():
        if isinstance(each.tag, str) and each.tag.rpartition("}")[2] in _FORMULAS and each.text and not len(each):
            yield each


def _rule_formula(sheet: Sheet, element: etree._Element, top: int, listed: Iterable[Area]) -> bool:
    """The formula of a rule; whether the data decides what it says."""
    text = _ruled(sheet, element.text or "", top, listed)
    if text is not None:
        element.text = text
    return text is not None


def _bound(sheet: Sheet, element: etree._Element, top: int, listed: Iterable[Area]) -> bool:
    """A bound of a data bar, a colour scale or an icon set: a number or a formula, in an attribute."""
    value = element.get("val") or ""
    text = None if not value or _NUMBER.fullmatch(value) else _ruled(sheet, value, top, listed)
    if text is not None:
        element.set("val", text)
    return text is not None


def _ruled(sheet: Sheet, formula: str, top: int, listed: Iterable[Area]) -> str | None:
    """A hole for a rule's formula: it goes along with the rows, or is moved where it stands outside them.

    None where it stays as it is.
    """
    carried = sheet.first <= top <= sheet.last
    where = sheet.place(" ".join(f"{area.left}{area.top}" for area in listed))
    expression = parse_formula(formula, sheet.title, sheet.models, where, carried=carried)
    shift = sheet.first - top if carried else None
    if not (expression.moves(sheet.models) if shift is None else not expression.is_carried(sheet.models, shift)):
        return None

    def text(facts: Facts) -> str | None:
        found = expression.at(facts.blocks, facts.gone, shift)
        return None if found is None else escape(found, _QUOTES)

    return sheet.holes.hole(text)


_MARKERS: dict[str, Callable[[Sheet, etree._Element], None]] = {
    "selection": _selection,
    "pane": _pane,
    "brk": _break,
    "mergeCell": _merge,
    "hyperlink": _hyperlink,
    "autoFilter": _ref,
    "sortState": _ref,
    "sortCondition": _ref,
    "protectedRange": _sqref,
    "ignoredError": _sqref,
    "conditionalFormatting": _rule,
    "dataValidation": _rule,
    "sparkline": _sparkline,
    "scenarios": partial(_refused, what="方案（模拟分析）"),
    "cellWatches": partial(_refused, what="监视单元格"),
    "dataConsolidate": partial(_refused, what="合并计算"),
}


# --- parts that belong to a sheet ---------------------------------------------------------------


def stretch_table(sheet: Sheet, root: etree._Element) -> None:
    """A table (表格): its range, filter and sort order, the formulas of its columns."""
    for element in [root, *root.iter("{*}autoFilter", "{*}sortState", "{*}sortCondition")]:
        _range(sheet, element)
    for element in root.iter("{*}calculatedColumnFormula", "{*}totalsRowFormula"):
        expression = parse_formula(element.text or "", sheet.title, sheet.models, sheet.place(root.get("name") or ""))
        if expression.moves(sheet.models):
            element.text = sheet.holes.hole(partial(_drawn, expression))


def stretch_comments(sheet: Sheet, root: etree._Element) -> None:
    """Comments, old or threaded: those below go down with their cells."""
    for element in list(root.iter("{*}comment", "{*}threadedComment")):
        match = _CELL.fullmatch(element.get("ref") or "")
        if match is None or int(match[2]) < sheet.first:
            continue
        if int(match[2]) in sheet.kinds:
            raise sheet.refuse(match[0], "：样板行里有批注，不能逐行重复", "请把批注移到表头，或改成数据验证的输入信息")
        _range(sheet, element)


def stretch_notes_drawing(sheet: Sheet, text: str) -> str:
    """The boxes of old comments (VML, which is not always well-formed XML): anchors and rows, counted from 0."""

    def shape(match: re.Match[str]) -> str:
        marked = _ROW.sub(row, _ANCHOR.sub(anchor, match[0]))
        return marked if marked == match[0] else f"\ufdd0[\ufdd1{marked}\ufdd0]\ufdd1"

    def row(match: re.Match[str]) -> str:
        return f"{match[1]}{_row_from_0(sheet, int(match[2]), may_vanish=True)}{match[3]}"

    def anchor(match: re.Match[str]) -> str:
        parts = match[2].split(",")
        for at in (2, 6):
            if len(parts) > at and parts[at].strip().isdecimal():
                parts[at] = f" {_row_from_0(sheet, int(parts[at]))}"
        return f"{match[1]}{','.join(parts)}{match[3]}"

    return _SHAPE.sub(shape, text)


def stretch_anchors(sheet: Sheet, root: etree._Element) -> None:
    """Pictures, shapes, charts and controls: what is anchored below the rows goes down with them."""
    for corner in list(root.iter("{*}from")):
        anchor = corner.getparent()
        start = _anchored_row(corner)
        if anchor is None or start is None:
            continue
        end = next((_anchored_row(each) for each in anchor.iterchildren("{*}to")), None)
        if start in sheet.kinds:
            column = corner.findtext("{*}col") or "0"
            cell = f"{column_letter(int(column) + 1)}{start}" if column.isdecimal() else f"第{start}行"
            raise sheet.refuse(cell, "：样板行里有图片或图形，不能逐行重复", "请移到样板行的上面或下面")
        keeps_size = anchor.get("editAs") in ("oneCell", "absolute")
        if start < sheet.first and (end is None or end < sheet.first or keeps_size):
            continue
        for each in (corner, *anchor.iterchildren("{*}to")):
            row = each.find("{*}row")
            if row is not None:
                row.text = _row_from_0(sheet, int(row.text or 0))


def stretch_drawing(sheet: Sheet, root: etree._Element) -> None:
    """A drawing: where its shapes stand, and the cells that they show."""
    stretch_anchors(sheet, root)
    stretch_cell_links(sheet, root)


def stretch_cell_links(sheet: Sheet, root: etree._Element) -> None:
    """Shapes and controls that show a cell, or fill one."""
    for element in root.iter():
        for key in _CELL_LINKS if isinstance(element.tag, str) else ():
            if not (text := element.get(key)):
                continue
            expression = parse_formula(text, sheet.title, sheet.models, sheet.place("的图形或控件"))
            if expression.moves(sheet.models):
                element.set(key, sheet.holes.hole(partial(_drawn, expression)))


def _anchored_row(corner: etree._Element) -> int | None:
    text = (corner.findtext("{*}row") or "").strip()
    return int(text) + 1 if text.isdecimal() else None


def _row_from_0(sheet: Sheet, row: int, *, may_vanish: bool = False) -> str:
    """A row counted from 0: a hole where it moves."""
    number = row + 1
    if number < sheet.first:
        return str(row)

    def place(facts: Facts) -> str | None:
        if may_vanish and number in facts.block.dropped:
            return None
        return str(facts.block.span(number, number)[1] - 1)

    return sheet.holes.hole(place)


def stretch_chart(holes: Holes[Facts], root: etree._Element, models: Models, place: str) -> None:
    """A chart: the cells that it draws. Values kept beside them are of the template and go."""
    for element in list(root.iter("{*}f")):
        if len(element) or not element.text:
            continue
        expression = parse_formula(element.text, "", models, place)
        if not expression.moves(models):
            continue
        element.text = holes.hole(partial(_drawn, expression))
        for kept in [*element.itersiblings("{*}numCache", "{*}strCache", "{*}multiLvlStrCache")]:
            parent = kept.getparent()
            if parent is not None:
                parent.remove(kept)


def _drawn(expression: Expression, facts: Facts) -> str:
    return moved(expression, facts) or "#REF!"
