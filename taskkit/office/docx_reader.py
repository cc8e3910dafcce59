"""Reading the body of a .docx: texts of paragraphs and the grid of tables.

Tracked deletions are left out and insertions kept; of a drawing's two versions only one is
read; the numbers that Word counts by itself are written out, for they are part of the text that
a person sees.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from lxml import etree

from taskkit.errors import InputError
from taskkit.office.archive import open_archive
from taskkit.office.xml import parse_xml

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Strict Open XML, as some programs save it, has the same names in another space.
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_SKIPPED = frozenset(
    {"del", "moveFrom", "delText", "instrText", "Fallback", "rPr", "pPr", "sectPr", "tblPr", "tcPr", "object"}
)
_CHANGES = frozenset(("ins", "del", "moveTo", "moveFrom"))
# Numbers written 一 二 三, by the names that Word and LibreOffice give them.
_CHINESE = frozenset(
    f"{kind}{more}"
    for kind in ("chineseCounting", "taiwaneseCounting", "japaneseCounting")
    for more in ("", "Thousand")
) | {"ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"}
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
MAX_DOCUMENT_XML = 40 * 1024 * 1024  # some 20,000 tasks; as a tree it takes about ten times as much memory
MAX_DEPTH = 20  # tables within tables
MAX_GRID = 400_000  # cells of all tables, each counted as often as it is columns wide
MAX_LEVELS = 9  # of a list, as Word has them
_NUMBER_ALONE = re.compile(r"[\s\d一二三四五六七八九十①-⑳（）()．.、]*")
MAX_LABEL = 40  # characters of a number that Word prints by itself


@dataclass(frozen=True)
class DocxCell:
    """One cell as the file has it: ``span`` columns wide, ``continues`` the merged cell above."""

    text: str
    span: int = 1
    continues: bool = False


@dataclass(frozen=True)
class DocxParagraph:
    """One paragraph; ``level`` of a heading, from 1, 0 for running text; ``lead``: the bold sentence it begins with."""

    text: str
    level: int = 0
    lead: str = ""


@dataclass(frozen=True)
class DocxTable:
    """One table: rows of cells."""

    rows: tuple[tuple[DocxCell, ...], ...]


@dataclass(frozen=True)
class DocxBody:
    """The texts of paragraphs, and tables, in reading order; ``tracked``: with changes nobody accepted yet."""

    blocks: tuple[DocxParagraph | DocxTable, ...]
    tracked: bool = False


@dataclass
class _Numbering:
    """The automatic numbers of one document, counted in reading order."""

    levels: dict[tuple[str, str], tuple[str, str, int]] = field(default_factory=dict)  # format, pattern, start
    lists: dict[str, str] = field(default_factory=dict)  # the definition of each list: those of one count on
    restarts: dict[tuple[str, str], int] = field(default_factory=dict)  # lists that begin anew at a level
    styles: dict[str, tuple[str, str]] = field(default_factory=dict)
    headings: dict[str, int] = field(default_factory=dict)  # the level of each style of headings
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, paragraph: etree._Element) -> str:
        """The number that Word prints before a paragraph, "" for none."""
        number_id, level = _numbering_of(paragraph, self.styles)
        if not number_id or (number_id, level) not in self.levels:
            return ""
        counts, depth = self.counts[self.lists.get(number_id, number_id)], _level(level)
        if (again := self.restarts.pop((number_id, str(depth)), None)) is not None:
            counts[depth] = again - 1
        counts[depth] = counts.get(depth, self.levels[number_id, level][2] - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        style, pattern, _ = self.levels[number_id, level]
        if style in ("bullet", "none"):
            return ""
        kinds = {place: self.levels.get((number_id, str(place)), (style, "", 1))[0] for place in range(depth + 1)}

        def number(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            return _numeral(counts.get(place, 1), kinds[place]) if place in kinds else found[0]

        return re.sub(r"%([1-9])", number, pattern[:MAX_LABEL])


def read_docx_body(data: bytes, name: str) -> DocxBody:
    """The body of a Word document: texts of paragraphs, and tables, in reading order.

    Raises InputError where it is damaged or breaks a limit.
    """
    archive = open_archive(data, name)
    content = archive.read("word/document.xml")
    if len(content) > MAX_DOCUMENT_XML:
        raise InputError(f"“{name}”内容过多，没有打开", "请拆成几个文件，或删去无关内容后再试")
    body = next(_children(parse_xml(content, name), "body"), None)
    if body is None:
        raise InputError(f"“{name}”已损坏，没有正文", "请用 Word 或 WPS 打开后另存一份再试")
    numbering = _Numbering()
    if "word/numbering.xml" in archive:
        _take_lists(numbering, parse_xml(archive.read("word/numbering.xml"), name))
    if "word/styles.xml" in archive:
        styles = parse_xml(archive.read("word/styles.xml"), name)
        numbering.styles = _numbered_styles(styles) if numbering.levels else {}
        numbering.headings = _heading_styles(styles)
    blocks = list(_blocks(body, numbering))
    if (
        sum(cell.span for block in blocks if isinstance(block, DocxTable) for row in block.rows for cell in row)
        > MAX_GRID
    ):
        raise InputError(f"“{name}”的表格过大，没有打开", "请只保留方案所在的表格，另存一份后再试")
    return DocxBody(tuple(blocks), any(_is_change(node) for node in body.iter()))


def _is_change(node: etree._Element) -> bool:
    """Whether a node holds a tracked insertion or deletion of text."""
    return _tag(node) in _CHANGES and any(_tag(inner) in ("t", "delText") for inner in node.iter())


def _blocks(parent: etree._Element, numbering: _Numbering, depth: int = 0) -> Iterator[DocxParagraph | DocxTable]:
    for child in parent:
        tag = _tag(child)
        if tag == "p":
            yield _paragraph(child, numbering, in_cell=depth > 0)
        elif tag == "tbl" and depth < MAX_DEPTH:
            yield DocxTable(tuple(_rows(child, numbering, depth)))
        elif tag in ("sdt", "sdtContent", "ins", "customXml", "smartTag") and depth < MAX_DEPTH:
            yield from _blocks(child, numbering, depth + 1)


def _paragraph(paragraph: etree._Element, numbering: _Numbering, in_cell: bool) -> DocxParagraph:
    """A paragraph with its number; a cell may hold nothing but the number that Word counts."""
    label = numbering.label(paragraph) if numbering.levels else ""
    text = "".join(_texts(paragraph))
    whole = f"{label}{text}" if text.strip() or in_cell else ""
    level = _heading_level(paragraph, numbering.headings) if whole else 0
    return DocxParagraph(whole, level, "" if in_cell else _lead(paragraph))


def _lead(paragraph: etree._Element) -> str:
    """The sentence in bold that a paragraph begins with, its number aside; "" where more or less of it is bold."""
    runs = [
        (_is_bold(node), text) for node in paragraph.iter() if _tag(node) == "r" and (text := "".join(_texts(node)))
    ]
    while runs and not runs[0][0] and _NUMBER_ALONE.fullmatch(runs[0][1]):
        del runs[0]
    bold = "".join(text for _, text in takewhile(lambda run: run[0] or not run[1].strip(), runs)).strip()
    whole = "".join(text for _, text in runs).strip()
    return bold if bold.endswith("。") and len(bold) < len(whole) else ""


def _is_bold(run: etree._Element) -> bool:
    """Whether a run of text says itself that it is bold."""
    return any(_attribute(bold, "val") not in ("0", "false", "off") for bold in _path(run, "rPr", "b"))


def _heading_level(paragraph: etree._Element, headings: dict[str, int]) -> int:
    """The level of a heading by its own outline level, else by that of its style."""
    own = _value(paragraph, "pPr", "outlineLvl")
    return _outline(own) if own else headings.get(_value(paragraph, "pPr", "pStyle"), 0)


def _outline(text: str) -> int:
    """An outline level of Word as a level from 1; 0 for running text."""
    level = _number(text, MAX_LEVELS) if text else MAX_LEVELS
    return level + 1 if level < MAX_LEVELS else 0


def _heading_styles(root: etree._Element) -> dict[str, int]:
    """The level of each style of headings, by its outline level, its name, or the style that it is based on."""
    found: dict[str, int] = {}
    parents: dict[str, str] = {}
    for style in _children(root, "style"):
        name = re.fullmatch(r"(?:heading|标题) ?([1-9])", _value(style, "name").lower())
        level = _outline(_value(style, "pPr", "outlineLvl")) or (int(name[1]) if name else 0)
        key = _attribute(style, "styleId")
        if level:
            found[key] = level
        parents[key] = _value(style, "basedOn")
    for key in parents:
        parent = parents[key]
        for _ in range(MAX_LEVELS):
            if parent in found:
                found.setdefault(key, found[parent])
            parent = parents.get(parent, "")
    return found


def _texts(node: etree._Element, depth: int = 0) -> Iterator[str]:
    for child in node:
        tag = _tag(child)
        if tag in _SKIPPED or depth > 60:
            continue
        if tag == "t":
            yield child.text or ""
        elif tag in _BREAKS:
            yield _BREAKS[tag]
        elif tag == "txbxContent":
            yield "\n" + "\n".join("".join(_texts(inner, depth + 1)) for inner in _children(child, "p")) + "\n"
        elif len(child):
            yield from _texts(child, depth + 1)


def _rows(table: etree._Element, numbering: _Numbering, depth: int) -> Iterator[tuple[DocxCell, ...]]:
    for row in _wrapped(table, "tr"):
        cells = tuple(_cell(cell, numbering, depth) for cell in _wrapped(row, "tc"))
        skipped = _value(row, "trPr", "gridBefore")
        before = (DocxCell("", _number(skipped)),) if skipped else ()
        if not _has(row, "trPr", "del"):
            yield before + cells


def _cell(cell: etree._Element, numbering: _Numbering, depth: int) -> DocxCell:
    lines = []
    for block in _blocks(cell, numbering, depth + 1):
        if isinstance(block, DocxParagraph):
            lines.append(block.text)
        else:
            lines += ["\t".join(inner.text for inner in row) for row in block.rows]
    merge = next((part for part in _path(cell, "tcPr", "vMerge")), None)
    continues = merge is not None and _attribute(merge, "val") in ("", "continue")
    span = _number(_value(cell, "tcPr", "gridSpan"))
    return DocxCell("\n".join(line for line in lines if line.strip()).strip(), span, continues)


def _wrapped(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Children of a tag, those inside content controls too."""
    for child in parent:
        if _tag(child) == tag:
            yield child
        elif _tag(child) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _wrapped(child, tag)


def _take_lists(numbering: _Numbering, root: etree._Element) -> None:
    """Take the definitions of lists; lists of one definition count on unless they say where they begin."""
    numbering.levels = _levels(root)
    for number in _children(root, "num"):
        key = _attribute(number, "numId")
        numbering.lists[key] = _value(number, "abstractNumId")
        for override in _children(number, "lvlOverride"):
            if start := _value(override, "startOverride"):
                numbering.restarts[key, str(_level(_attribute(override, "ilvl")))] = _number(start, 1)


def _levels(root: etree._Element) -> dict[tuple[str, str], tuple[str, str, int]]:
    abstract: dict[str, dict[str, tuple[str, str, int]]] = {}
    for definition in _children(root, "abstractNum"):
        levels = {}
        for level in _children(definition, "lvl"):
            start = _value(level, "start")
            found = (_value(level, "numFmt") or "decimal", _value(level, "lvlText"), _number(start, 1))
            levels[str(_level(_attribute(level, "ilvl")))] = found
        abstract[_attribute(definition, "abstractNumId")] = levels
    result = {}
    for number in _children(root, "num"):
        for level_id, level_format in abstract.get(_value(number, "abstractNumId"), {}).items():
            result[_attribute(number, "numId"), level_id] = level_format
    return result


def _numbered_styles(root: etree._Element) -> dict[str, tuple[str, str]]:
    found = {}
    for style in _children(root, "style"):
        number = _value(style, "pPr", "numPr", "numId")
        if number:
            found[_attribute(style, "styleId")] = (number, str(_level(_value(style, "pPr", "numPr", "ilvl"))))
    return found


def _numbering_of(paragraph: etree._Element, styles: dict[str, tuple[str, str]]) -> tuple[str, str]:
    number = _value(paragraph, "pPr", "numPr", "numId")
    if number:
        return ("", "") if number == "0" else (number, str(_level(_value(paragraph, "pPr", "numPr", "ilvl"))))
    return styles.get(_value(paragraph, "pPr", "pStyle"), ("", ""))


def _numeral(value: int, kind: str) -> str:
    if kind in _CHINESE:
        digits = "〇一二三四五六七八九"
        tens, ones = divmod(value, 10)
        if value >= 100:
            return "".join(digits[int(digit)] for digit in str(value))
        return f"{'' if tens < 2 else digits[tens]}{'十' if tens else ''}{digits[ones] if ones or not tens else ''}"
    if kind in ("decimalEnclosedParen", "decimalEnclosedFullstop"):
        return f"({value})" if kind.endswith("Paren") else f"{value}."
    if kind.startswith("decimalEnclosed") and value <= 20:
        return chr(0x2460 + value - 1)
    if kind == "decimalZero":
        return f"{value:02d}"
    if kind in ("upperLetter", "lowerLetter") and value <= 26:
        return chr((65 if kind == "upperLetter" else 97) + value - 1)
    return str(value)


def _tag(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _children(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    return (child for child in node if _tag(child) == tag)


def _path(node: etree._Element, *tags: str) -> list[etree._Element]:
    nodes = [node]
    for tag in tags:
        nodes = [child for parent in nodes for child in _children(parent, tag)]
    return nodes


def _has(node: etree._Element, *tags: str) -> bool:
    return bool(_path(node, *tags))


def _value(node: etree._Element, *tags: str) -> str:
    found = _path(node, *tags)
    return _attribute(found[0], "val") if found else ""


def _attribute(node: etree._Element, name: str) -> str:
    return node.get(f"{_W}{name}") or node.get(f"{_STRICT}{name}") or ""


def _number(text: str, default: int = 1) -> int:
    return min(int(text), 1000) if text.isdecimal() and len(text) < 10 else default


def _level(text: str) -> int:
    """The level of a list, from 0; what is no level counts as the first."""
    level = _number(text, 0)
    return level if level < MAX_LEVELS else 0
