"""A template's cell styles: what the engine must know of each, and the few that it may have to add.

A cell is locked or open, and holds a date or not, as the data says. Where the template has no style
that differs in just this, one is added; the extended styles are written only where they are used.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from taskkit.office.formats import forms_of, space_of

_DATE_FORMAT = "14"  # the short date of the reader's own system
_FLAGS = ("1", "true")


@dataclass(frozen=True)
class Style:
    """What a cell looks like, as far as filling needs to know."""

    locked: bool = True
    wrapped: bool = False
    is_date: bool = False
    size: float = 11.0


class Styles:
    """The styles of a template by their numbers."""

    def __init__(self, root: etree._Element | None) -> None:
        self._root = root
        self._space = "" if root is None else space_of(root)
        self.known = [] if root is None else self._read(root)
        self.count = len(self.known)
        self._variants: dict[tuple[int, bool, bool], int] = {}
        self._added: list[etree._Element] = []

    def __getitem__(self, number: int) -> Style:
        return self.known[number] if number < len(self.known) else Style()

    def prepare(self, number: int) -> None:
        """Make sure that a style can be locked or open, with or without a date."""
        for locked in (True, False):
            for dated in (True, False):
                self._prepare(number, locked, dated)

    def variant(self, number: int, locked: bool, dated: bool = False) -> int:
        """The number of the style that differs from this one only in being locked, and in showing a date."""
        style = self[number]
        if style.locked == locked and (style.is_date or not dated):
            return number
        return self._variants.get((number, locked, dated and not style.is_date), number)

    def extended(self) -> bytes | None:
        """The styles part with those added; None where none were."""
        if self._root is None or not self._added:
            return None
        root = deepcopy(self._root)
        formats = self._formats(root)
        formats.extend(self._added)
        formats.set("count", str(len(formats)))
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)

    def _prepare(self, number: int, locked: bool, dated: bool) -> None:
        style = self[number]
        key = (number, locked, dated and not style.is_date)
        if self._root is None or key in self._variants or (style.locked == locked and not key[2]):
            return
        made = deepcopy(self._formats(self._root)[number])
        protection = made.find(f"{self._space}protection")
        if protection is None:
            protection = etree.Element(f"{self._space}protection")
            alignment = made.find(f"{self._space}alignment")
            made.insert(0 if alignment is None else 1, protection)
        protection.set("locked", "1" if locked else "0")
        made.set("applyProtection", "1")
        if key[2]:
            made.set("numFmtId", _DATE_FORMAT)
            made.set("applyNumberFormat", "1")
        self._variants[key] = self.count + len(self._added)
        self._added.append(made)

    def _formats(self, root: etree._Element) -> etree._Element:
        found = root.find(f"{self._space}cellXfs")
        return found if found is not None else etree.SubElement(root, f"{self._space}cellXfs")

    def _read(self, root: etree._Element) -> list[Style]:
        space = self._space
        fonts = root.find(f"{space}fonts")
        sizes = (
            [_size(font.find(f"{space}sz")) for font in fonts if isinstance(font.tag, str)] if fonts is not None else []
        )
        found = []
        for element, (form, _) in zip(
            self._formats(root).iterchildren(f"{space}xf"),
            forms_of(root.iter(f"{space}numFmt", f"{space}xf")),
            strict=False,
        ):
            protection, alignment = element.find(f"{space}protection"), element.find(f"{space}alignment")
            font = int(element.get("fontId") or 0)
            found.append(
                Style(
                    protection is None or protection.get("locked", "1") in _FLAGS,
                    alignment is not None and alignment.get("wrapText") in _FLAGS,
                    form in ("date", "time", "duration"),
                    sizes[font] if font < len(sizes) else 11.0,
                )
            )
        return found


def _size(element: etree._Element | None) -> float:
    try:
        return float(element.get("val") or 11) if element is not None else 11.0
    except ValueError:
        return 11.0
