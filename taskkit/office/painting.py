"""A template whose cells with certain words take a colour: rules put in before it is filled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from taskkit.office.filling import layouts
from taskkit.office.formats import space_of
from taskkit.office.patching import Patch
from taskkit.office.xml import clean
from taskkit.places import column_letter

# What follows conditional formats in a sheet, and the formats of these in the styles.
_AFTER_RULES = frozenset(
    "dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties"
    " cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls"
    " webPublishItems tableParts extLst".split()
)
_AFTER_FORMATS = frozenset("tableStyles colors extLst".split())


class Paint(NamedTuple):
    """A word, and the colours (#RRGGBB) of the cells that hold it and nothing else."""

    word: str
    fill: str
    ink: str


@lru_cache(maxsize=32)
def painted(template: bytes, name: str, marks: Collection[str], paints: Sequence[Paint]) -> bytes:
    """The template with a rule for each word on the cells of these marks; their rules come after its own.

    Raises TemplateError where the template cannot be read.
    """
    places = {
        title: [f"{column_letter(at[1])}{at[0]}" for mark, at in layout.marks.items() if mark in marks]
        for title, layout in layouts(template, name).items()
    }
    if not paints or not any(places.values()):
        return template
    patch = Patch(template, name)
    book = next(iter(patch.of_kind("", "officeDocument")), "xl/workbook.xml")
    styles = next(iter(patch.of_kind(book, "styles")), "")
    if not styles:
        return template
    first = _add_formats(patch.tree(styles), paints)
    parts = {each.id: each.part for each in patch.relations(book)}
    root = patch.tree(book)
    for sheet in root.iter(f"{space_of(root)}sheet"):
        part = next((parts.get(str(value)) for key, value in sheet.attrib.items() if str(key).endswith("}id")), None)
        cells = places.get(sheet.get("name") or "", ())
        if part and cells:
            _add_rules(patch.tree(part), cells, paints, first)
    return patch.write()


def _add_formats(root: etree._Element, paints: Sequence[Paint]) -> int:
    """The number of the first of the new formats."""
    space = space_of(root)
    listed = root.find(f"{space}dxfs")
    if listed is None:
        listed = _placed(root, f"{space}dxfs", _AFTER_FORMATS)
    first = len(listed)
    for paint in paints:
        look = etree.SubElement(listed, f"{space}dxf")
        font = etree.SubElement(look, f"{space}font")
        etree.SubElement(font, f"{space}color").set("rgb", f"FF{paint.ink[1:]}")
        pattern = etree.SubElement(etree.SubElement(look, f"{space}fill"), f"{space}patternFill")
        pattern.set("patternType", "solid")
        for key in ("fgColor", "bgColor"):
            etree.SubElement(pattern, f"{space}{key}").set("rgb", f"FF{paint.fill[1:]}")
    listed.set("count", str(len(listed)))
    return first


def _add_rules(root: etree._Element, cells: Sequence[str], paints: Sequence[Paint], first: int) -> None:
    space = space_of(root)
    taken = [int(each.get("priority") or 0) for each in root.iter(f"{space}cfRule")]
    priority = max(taken, default=0)
    for cell in cells:
        block = _placed(root, f"{space}conditionalFormatting", _AFTER_RULES)
        block.set("sqref", cell)
        for number, paint in enumerate(paints):
            priority += 1
            rule = etree.SubElement(block, f"{space}cfRule")
            rule.attrib.update(
                {"type": "cellIs", "dxfId": str(first + number), "priority": str(priority), "operator": "equal"}
            )
            word = clean(paint.word).replace('"', '""')
            etree.SubElement(rule, f"{space}formula").text = f'"{word}"'


def _placed(root: etree._Element, tag: str, after: Collection[str]) -> etree._Element:
    """A new element before the first of those that have to follow it."""
    made = root.makeelement(tag)
    follower = next((each for each in root if isinstance(each.tag, str) and each.tag.rpartition("}")[2] in after), None)
    if follower is None:
        root.append(made)
    else:
        follower.addprevious(made)
    return made
