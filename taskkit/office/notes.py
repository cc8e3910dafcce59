"""Notes on cells (批注): put beside those that a person wrote, known again by their text, and taken out.

A note is a legacy comment with its box drawn in VML: Excel 2007, WPS and LibreOffice all show it.
What is ours of a note's text begins with HEAD and ends with END, in a note of a person's own too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from lxml import etree

from taskkit.errors import InputError
from taskkit.office.cell_splicing import Place
from taskkit.office.formats import space_of
from taskkit.office.xml import clean
from taskkit.places import column_letter, column_number

AUTHOR = "督查室"
HEAD, END = "【退回问题", "（改好即可，批注不用删）"
_OURS = re.compile(rf"\n?{HEAD}(\d+)】.*?(?:{END}|\Z)", re.S)
_THREADED = "tc="  # how the author of a conversation's stand-in begins: its text is made by Excel
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_BOX_WIDTH, _LINE = 270, 17  # pixels
_SIGNS = 40  # half characters in a line of the box
_MOST_LINES = 24
_FARTHEST = 60  # columns or rows that a box may reach over
_SHAPE = re.compile(r"<(\w+:)?shape\b.*?</(?:\w+:)?shape\s*>", re.S)
_NAMES = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
_NAMES += ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
_TYPE = (
    '<v:shapetype{names} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_BOX = (
    '<v:shape{names} id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:{width}pt;height:{height}pt;z-index:{order};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def without_ours(text: str) -> str:
    """A note's text without what taskkit wrote in it."""
    return _OURS.sub("", text)


class Notes:
    """The comments part of one sheet, as a tree that is changed."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self._space = space_of(root)
        self._authors = _child(root, f"{self._space}authors")
        self._list = _child(root, f"{self._space}commentList")
        self._by_place: dict[Place, etree._Element] | None = None

    @property
    def places(self) -> frozenset[Place]:
        """The cells that have a note."""
        return frozenset(place for place, _ in self._all())

    def ours(self) -> dict[Place, int]:
        """The cells with a text of ours, with its first number."""
        found = {}
        for place, note in self._all():
            match = _OURS.search(_text(note))
            if match:
                found[place] = int(match[1])
        return found

    def take_out(self) -> list[Place]:
        """Take our texts out; the cells whose notes held nothing else, and are gone, come back."""
        gone = []
        self._by_place = None
        for place, note in list(self._all()):
            text = _text(note)
            rest = _OURS.sub("", text)
            if rest == text:
                continue
            if rest.strip():
                _cut(note, [match.span() for match in _OURS.finditer(text)])
            else:
                self._list.remove(note)
                gone.append(place)
        return gone

    def put(self, place: Place, text: str) -> bool:
        """Put a text on a cell, below what a person wrote there; False where Excel would not show it."""
        if self._by_place is None:
            self._by_place = dict(self._all())
        note = self._by_place.get(place)
        if note is None:
            note = etree.SubElement(self._list, f"{self._space}comment")
            note.set("ref", f"{column_letter(place[1])}{place[0]}")
            note.set("authorId", str(self._author()))
            body = etree.SubElement(note, f"{self._space}text")
            self._by_place[place] = note
        else:
            if self._author_of(note).startswith(_THREADED):
                return False
            body = _child(note, f"{self._space}text")
            text = f"\n{text}"
        body.append(self._run(text))
        return True

    @property
    def is_empty(self) -> bool:
        return not any(True for _ in self._all())

    def _all(self) -> Iterator[tuple[Place, etree._Element]]:
        for each in self._list.iterchildren(f"{self._space}comment"):
            match = _REFERENCE.match(each.get("ref") or "")
            if match:
                yield (int(match[2]), column_number(match[1])), each

    def _author(self) -> int:
        names = [each.text or "" for each in self._authors]
        if AUTHOR not in names:
            etree.SubElement(self._authors, f"{self._space}author").text = AUTHOR
            return len(names)
        return names.index(AUTHOR)

    def _author_of(self, note: etree._Element) -> str:
        number = note.get("authorId") or ""
        names = [each.text or "" for each in self._authors]
        return names[int(number)] if number.isdecimal() and int(number) < len(names) else ""

    def _run(self, text: str) -> etree._Element:
        run = etree.Element(f"{self._space}r")
        look = etree.SubElement(run, f"{self._space}rPr")
        for tag, key, value in (("sz", "val", "10"), ("color", "rgb", "FFC00000"), ("rFont", "val", "宋体")):
            etree.SubElement(look, f"{self._space}{tag}").set(key, value)
        body = etree.SubElement(run, f"{self._space}t")
        body.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        body.text = clean(text)
        return run


def empty_notes(space: str) -> etree._Element:
    """The comments part of a sheet that has none."""
    return etree.fromstring(f'<comments xmlns="{space[1:-1]}"><authors/><commentList/></comments>')


def _child(parent: etree._Element, tag: str) -> etree._Element:
    found = parent.find(tag)
    return found if found is not None else etree.SubElement(parent, tag)


def _pieces(note: etree._Element) -> list[etree._Element]:
    """The elements that hold a note's text, one after the other."""
    return [each for each in note.iter("{*}t") if not str(getattr(each.getparent(), "tag", "")).endswith("}rPh")]


def _text(note: etree._Element) -> str:
    return "".join(each.text or "" for each in _pieces(note))


def _cut(note: etree._Element, spans: Sequence[tuple[int, int]]) -> None:
    """Cut spans out of a note's text, and the runs that hold nothing then."""
    at = 0
    for piece in _pieces(note):
        text = piece.text or ""
        kept = "".join(
            sign for place, sign in enumerate(text, at) if not any(start <= place < end for start, end in spans)
        )
        at += len(text)
        run = piece.getparent()
        if text and not kept and run is not None and str(run.tag).endswith("}r"):
            parent = run.getparent()
            if parent is not None:
                parent.remove(run)
        else:
            piece.text = kept


# --- boxes ------------------------------------------------------------------------------------


class Box(NamedTuple):
    """A box to draw: its cell, its text, the widths of columns right of the cell and the heights of rows from it on."""

    place: Place
    text: str
    widths: Iterator[float]
    heights: Iterator[float]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        lines = sum(max(1, -(-_halves(line) // _SIGNS)) for line in self.text.split("\n"))
        return _BOX_WIDTH, min(lines, _MOST_LINES) * _LINE + 14

    def anchor(self) -> str:
        """From which column, pixel, row, pixel to which: columns and rows have sizes of their own."""
        row, column = self.place
        width, height = self.size
        right, across = _reach((round(each * 7 + 5) if each else 0 for each in self.widths), 12 + width)
        below, down = _reach((round(each * 4 / 3) for each in self.heights), 2 + height)
        return f"{column}, 12, {row - 1}, 2, {column + right}, {across}, {row - 1 + below}, {down}"


def _reach(sizes: Iterator[int], length: int) -> tuple[int, int]:
    """How many of these sizes a length passes, and the rest."""
    for at, size in enumerate(islice(sizes, _FARTHEST)):
        if length < size:
            return at, length
        length -= size
    return _FARTHEST, 0


def empty_drawing(block: int) -> bytes:
    """A drawing for boxes; its shapes are numbered in a block of their own."""
    return (
        f'<xml {_NAMES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout></xml>'
    ).encode()


def draw(data: bytes, boxes: Iterable[Box]) -> bytes:
    """The drawing with a box for each cell that has none. Raises InputError where it cannot be added to."""
    text = _drawing_text(data)
    at = text.rfind("</")
    if at < 0 or "<" not in text[:at]:
        raise InputError("批注的图形读不懂", "请另存一份再试")
    drawn = {place for place, _ in _shapes(text)}
    numbers = [int(each) for each in re.findall(r"_x0000_s(\d+)", text)]
    blocks = [int(each) for each in re.findall(r'idmap\b[^>]*\bdata="(\d+)', text)]
    number = max([1024 * (blocks[0] if blocks else 1), *numbers])
    names = "" if all(each in text for each in _NAMES.split()) else f" {_NAMES}"
    added = [] if 'id="_x0000_t202"' in text else [_TYPE.format(names=names)]
    for box in boxes:
        if box.place not in drawn:
            number += 1
            (width, height), (row, column) = box.size, box.place
            size = {"width": width * 3 // 4, "height": height * 3 // 4, "order": number % 1024}
            added.append(
                _BOX.format(names=names, id=number, anchor=box.anchor(), row=row - 1, column=column - 1, **size)
            )
    return (text[:at] + "".join(added) + text[at:]).encode()


def erase(data: bytes, places: Iterable[Place]) -> bytes | None:
    """The drawing without the boxes of these cells; None where nothing is left to draw."""
    text, gone = _drawing_text(data), set(places)
    spans = [span for place, span in _shapes(text) if place in gone]
    bounds = [0, *(at for span in spans for at in span), len(text)]
    text = "".join(text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True))
    return text.encode() if re.search(r"<(?:\w+:)?(?:shape|group|rect|line|oval|roundrect)\b", text) else None


def _drawing_text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("批注的图形读不懂", "请另存一份再试") from None


def _shapes(text: str) -> Iterator[tuple[Place, tuple[int, int]]]:
    """The boxes of notes: their cells, and from where to where they stand."""
    for match in _SHAPE.finditer(text):
        row = re.search(r"<(?:\w+:)?Row>\s*(\d+)", match[0])
        column = re.search(r"<(?:\w+:)?Column>\s*(\d+)", match[0])
        if row and column:
            yield (int(row[1]) + 1, int(column[1]) + 1), match.span()


def _halves(text: str) -> int:
    return (len(text) + len(text.encode("utf-8", "replace"))) // 2  # a wide character has three bytes


def note_text(problems: Mapping[int, tuple[str, str]]) -> str:
    """The text of a note: its problems by their numbers, each with what is wrong and what to do."""
    parts = [f"{HEAD}{number}】{what}\n怎么办：{advice}" for number, (what, advice) in problems.items()]
    return "\n".join([*parts, END])
