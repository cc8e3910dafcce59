"""The look of a marked cell: the cell's own with a yellow fill and a red frame, and how it is undone.

A marked cell's style is made from the cell's own. What it looked like before is kept as a text
(``look``), because office programs number styles anew when they save: the text survives them all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from taskkit.errors import InputError
from taskkit.office.formats import space_of
from taskkit.office.xml import parse_xml

FILL, FRAME = "FFFFE84D", "FFC00000"  # a fill that no template uses: a marked cell is known by it
_MOST_STYLES = 60_000  # Excel opens no file with more than 64,000
_LONGEST_LOOK = 8_000
_Key = tuple[str, tuple[tuple[str, str], ...], tuple["_Key", ...]]
_KINDS = ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_PLAIN_XF = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
_EMPTY = (
    '<styleSheet xmlns="{space}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="{count}">{xfs}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def empty_styles(space: str, count: int) -> bytes:
    """The styles of a workbook that has none: ``count`` plain ones, for cells may still name them by number."""
    return _EMPTY.format(space=space, count=count, xfs=_PLAIN_XF * count).encode()


@dataclass(frozen=True)
class Marked:
    """The styles of a workbook with those of marked cells and of the list added.

    ``numbers`` are the marked styles by those of the cells, ``looks`` what the cells looked like;
    ``listed`` are the numbers of the styles asked for besides.
    """

    xml: bytes
    numbers: Mapping[int, int]
    looks: Mapping[int, str]
    listed: tuple[int, ...]


@lru_cache(maxsize=32)
def marked_styles(xml: bytes, was_marked: bool, cells: tuple[int, ...], listed: tuple[OwnStyle, ...]) -> Marked:
    """The styles part with the styles of marked cells; many files that come back share one, and what comes of it."""
    styles = MarkStyles(parse_xml(xml, ""), was_marked)
    looks = {each: styles.look(each) for each in cells}
    numbers = {each: styles.marked(each) for each in cells}
    own = tuple(styles.add_style(*each) for each in listed)
    return Marked(styles.xml, numbers, looks, own)


class OwnStyle(NamedTuple):
    """A style of our own: attributes and children of its xf, its font and border, as XML without namespace."""

    attributes: str
    children: str = ""
    font: str = ""
    border: str = ""


class MarkStyles:
    """The styles of a workbook, to which marked ones are added; ``was_marked`` says that some were before."""

    def __init__(self, root: etree._Element, was_marked: bool = False) -> None:
        self.space = space_of(root)
        self._root = root
        self._elements = {kind: self._element(root, kind) for kind in _KINDS}
        self._lists = {
            kind: [each for each in element if isinstance(each.tag, str)] for kind, element in self._elements.items()
        }
        self._xfs = self._lists["cellXfs"]
        self._restored: dict[tuple[int, str], int] = {}
        self._added: dict[tuple[str, str], int] = {}
        self._was_marked = was_marked or any(_is_mark(fill) for fill in self._lists["fills"])
        if not self._xfs:
            self.add_style('fillId="0"')

    @property
    def xml(self) -> bytes:
        """The styles part as it is now."""
        return etree.tostring(self._root, encoding="UTF-8", xml_declaration=True, standalone=True)

    @cached_property
    def marks(self) -> frozenset[int]:
        """The styles that are those of marked cells, from an earlier time."""
        filled = {at for at, fill in enumerate(self._lists["fills"]) if _is_mark(fill)}
        return frozenset(at for at, xf in enumerate(self._xfs) if _whole(xf.get("fillId")) in filled)

    def marked(self, style: int) -> int:
        """The style that marks a cell of this style."""
        made = deepcopy(self._xf(style))
        made.set("fillId", str(self.add("fills", _SOLID)))
        made.set("borderId", str(self.add("borders", _RED)))
        made.set("applyFill", "1")
        made.set("applyBorder", "1")
        return self.add("cellXfs", made)

    def look(self, style: int) -> str:
        """What a cell of this style looks like, as far as a mark changes it: attributes and elements as text."""
        xf, number = self._xf(style), f'style="{style}"'
        flags = " ".join(
            f"{key}={quoteattr(xf.get(key, ''))}" for key in ("applyFill", "applyBorder") if key in xf.attrib
        )
        parts = "".join(
            self._written(kind, xf.get(key)) for kind, key in (("fills", "fillId"), ("borders", "borderId"))
        )
        text = f"<look {number} {flags}>{parts}</look>"
        return text if len(text) <= _LONGEST_LOOK else ""

    def _xf(self, style: int) -> etree._Element:
        return self._xfs[style if style < len(self._xfs) else 0]

    def restored(self, style: int, look: str) -> int:
        """The style of a marked cell without its mark; ``look`` is what it was, "" where nobody knows."""
        if (style, look) not in self._restored:
            self._restored[style, look] = self._restore(style, look)
        return self._restored[style, look]

    def _restore(self, style: int, look: str) -> int:
        before = self._parsed(look)
        xf = deepcopy(self._xf(style))
        if before is None:
            return self._alike(xf)
        for key in ("applyFill", "applyBorder"):
            xf.attrib.pop(key, "")
            if before.get(key):
                xf.set(key, "1" if before.get(key) in ("1", "true") else "0")
        own = _whole(before.get("style"))
        if own < len(self._xfs) and own not in self.marks and self._looks_like(own, xf, before):
            return own  # the file was not saved since: of several styles that are alike it was this one
        for kind, key, each in zip(("fills", "borders"), ("fillId", "borderId"), before, strict=False):
            xf.set(key, str(self.add(kind, each)))
        return self.add("cellXfs", xf)

    def _looks_like(self, style: int, marked: etree._Element, look: etree._Element) -> bool:
        """Whether a style is that of a marked cell with this look instead of the mark's."""
        own = self._xfs[style]
        same = all(own.get(key) == value for key, value in _attributes(marked) if key not in ("fillId", "borderId"))
        kinds = (("fills", "fillId"), ("borders", "borderId"))
        seen = [parse_xml(self._written(kind, own.get(key)).encode(), "") for kind, key in kinds]
        return (
            same and _key(own)[2] == _key(marked)[2] and [_key(each) for each in seen] == [_key(each) for each in look]
        )

    def add_style(self, attributes: str, children: str = "", font: str = "", border: str = "") -> int:
        """A style of our own: attributes and children of its xf, its font and border as XML."""
        numbers = {
            "fontId": self.add("fonts", font) if font else 0,
            "borderId": self.add("borders", border) if border else 0,
        }
        ids = " ".join(f'{key}="{number}"' for key, number in numbers.items())
        return self.add("cellXfs", f'<xf numFmtId="0" {ids} {attributes} xfId="0">{children}</xf>')

    def add(self, kind: str, element: str | etree._Element) -> int:
        """The number of an element in one of the lists (fonts, fills …).

        In a file that was marked before, one like it is looked for: marking it again adds nothing.
        """
        text = element if isinstance(element, str) else ""
        if (kind, text) in self._added:
            return self._added[kind, text]
        made = self._made(text) if isinstance(element, str) else _in_space(deepcopy(element), self.space)
        number = len(self._lists[kind])
        if self._was_marked:
            key = _key(made)
            number = next((at for at, each in enumerate(self._lists[kind]) if _key(each) == key), number)
        if number == len(self._lists[kind]):
            self._elements[kind].append(made)
            self._lists[kind].append(made)
            self._elements[kind].set("count", str(number + 1))
        if kind == "cellXfs" and number >= _MOST_STYLES:
            raise InputError("单元格样式过多，不能再加", "请另存一份只含需要内容的文件")
        if text:
            self._added[kind, text] = number
        return number

    def _made(self, text: str) -> etree._Element:
        """An element written without namespace, as one of the workbook's own."""
        name, rest = re.match(r"<(\w+)(.*)", text, re.S).groups()  # type: ignore[union-attr]
        return etree.fromstring(f'<{name} xmlns="{self.space[1:-1]}"{rest}')

    def _alike(self, xf: etree._Element) -> int:
        """A style that differs from a marked one in fill and frame alone; a plain one where there is none."""
        changing = ("fillId", "borderId", "applyFill", "applyBorder")

        def rest(each: etree._Element) -> _Key:
            tag, attributes, children = _key(each)
            return tag, tuple(pair for pair in attributes if pair[0] not in changing), children

        for at, each in enumerate(self._xfs):
            if at not in self.marks and rest(each) == rest(xf):
                return at
        xf.set("fillId", "0")
        xf.set("borderId", "0")
        return self.add("cellXfs", xf)

    def _parsed(self, look: str) -> etree._Element | None:
        """A look as it stood in the file: it comes from outside, and is believed only where it is one."""
        if not look or len(look) > _LONGEST_LOOK:
            return None
        try:
            root = parse_xml(look.encode(), "")
        except InputError:
            return None
        kinds = [str(each.tag).rpartition("}")[2] for each in root]
        return root if kinds == ["fill", "border"] and not any(_is_mark(each) for each in root) else None

    def _written(self, kind: str, number: str | None) -> str:
        listed, at = self._lists[kind], _whole(number)
        return _plain(listed[at]) if at < len(listed) else f"<{kind[:-1]}/>"

    def _element(self, root: etree._Element, kind: str) -> etree._Element:
        found = root.find(f"{self.space}{kind}")
        if found is not None:
            return found
        made = etree.Element(f"{self.space}{kind}")
        before = [root.find(f"{self.space}{each}") for each in ("numFmts", *_KINDS[: _KINDS.index(kind)])]
        at = max((root.index(each) for each in before if each is not None), default=-1)
        root.insert(at + 1, made)
        return made


def frame(style: str, colour: str) -> str:
    """A border on all four sides."""
    sides = "".join(
        f'<{side} style="{style}"><color rgb="{colour}"/></{side}>' for side in ("left", "right", "top", "bottom")
    )
    return f"<border>{sides}<diagonal/></border>"


_SOLID = f'<fill><patternFill patternType="solid"><fgColor rgb="{FILL}"/><bgColor indexed="64"/></patternFill></fill>'
_RED = frame("medium", FRAME)


def _is_mark(element: etree._Element) -> bool:
    return any(str(each.get("rgb")).upper() == FILL for each in element.iter("{*}fgColor"))


def _in_space(element: etree._Element, space: str) -> etree._Element:
    """An element as one of the workbook's own namespace."""
    for each in element.iter():
        if isinstance(each.tag, str):
            each.tag = f"{space}{each.tag.rpartition('}')[2]}"
    return element


def _plain(element: etree._Element) -> str:
    """An element as text, without namespaces."""
    name = str(element.tag).rpartition("}")[2]
    said = "".join(f" {key}={quoteattr(value)}" for key, value in _attributes(element) if "}" not in key)
    inside = "".join(_plain(each) for each in element if isinstance(each.tag, str))
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def _key(element: etree._Element) -> _Key:
    """What makes two elements alike: names, attributes and children; not their namespaces and prefixes."""
    children = tuple(_key(each) for each in element if isinstance(each.tag, str))
    return str(element.tag).rpartition("}")[2], tuple(sorted(_attributes(element))), children


def _attributes(element: etree._Element) -> list[tuple[str, str]]:
    return [(str(key), str(value)) for key, value in element.attrib.items()]


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
