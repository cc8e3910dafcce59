"""What stands where on the pages of a PDF, in millimetres from the upper left corner of the page.

A glyph's place is its origin: where its advance begins, on the line it stands on. So figures do not
depend on how a typeface draws a character inside its cell.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from taskkit.office.pdf_pages import read_pages

MM = 25.4 / 72  # mm in a point
# Edges of the text area in mm (left, top, right, bottom) by the width of the paper, and its height:
# 156 x 225 mm (GB/T 9704-2012, 5.2.1), and the same turned with its head at the binding (8).
AREAS = {210: (28, 37, 184, 262), 297: (35, 28, 260, 184)}
PAPER = {210: 297, 297: 210}
_SAME_LINE = 0.3  # mm
_ASLANT = 0.1  # radians


@dataclass(frozen=True)
class Glyph:
    """A character: its origin (left, baseline) and where its cell ends, its size in points; turned: not upright."""

    char: str
    left: float
    baseline: float
    right: float
    bottom: float
    size: float
    turned: bool


@dataclass(frozen=True)
class Line:
    """The glyphs on one line, from left to right, blanks at its ends left out."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.char for glyph in self.glyphs)

    @property
    def left(self) -> float:
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        return self.glyphs[-1].right

    @property
    def baseline(self) -> float:
        return self.glyphs[0].baseline

    @property
    def size(self) -> float:
        return max(glyph.size for glyph in self.glyphs)


@dataclass(frozen=True)
class Page:
    """One page: ``lines`` from the top down, ``rules`` the drawn lines as (left, top, right, bottom).

    ``turned`` are the glyphs of text that stands on its side, from the top down.
    """

    width: float
    height: float
    lines: tuple[Line, ...]
    turned: tuple[Glyph, ...]
    rules: tuple[tuple[float, float, float, float], ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    def line(self, words: str) -> Line:
        """The first line in which some words stand."""
        return next(line for line in self.lines if words in line.text)


def measured(path: Path) -> tuple[Page, ...]:
    """The pages of a PDF."""
    document = pypdfium2.PdfDocument(path)
    drawn = read_pages(path.read_bytes())
    return tuple(_page(document[number], rules["lines"]) for number, rules in enumerate(drawn))


def _page(page: Any, rules: list[tuple[float, float, float, float]]) -> Page:
    width, height = page.get_size()
    glyphs = sorted(_glyphs(page, height), key=lambda glyph: (glyph.baseline, glyph.left))
    upright = [glyph for glyph in glyphs if not glyph.turned]
    turned = tuple(glyph for glyph in glyphs if glyph.turned)
    in_mm = tuple((a * MM, b * MM, c * MM, d * MM) for a, b, c, d in rules)
    return Page(width * MM, height * MM, tuple(_lines(upright)), turned, in_mm)


def _glyphs(page: Any, height: float) -> Iterator[Glyph]:
    text = page.get_textpage()
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    for index in range(text.count_chars()):
        if raw.FPDFText_IsGenerated(text, index) == 1:  # pdfium's own guesses at spaces and line ends
            continue
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        raw.FPDFText_GetLooseCharBox(text, index, box)
        size, angle = raw.FPDFText_GetFontSize(text, index), raw.FPDFText_GetCharAngle(text, index)
        left, baseline = x.value * MM, (height - y.value) * MM
        right, bottom = box.right * MM, (height - box.bottom) * MM
        char = chr(raw.FPDFText_GetUnicode(text, index))
        yield Glyph(char, left, baseline, right, bottom, size, abs(angle) > _ASLANT)


def _lines(glyphs: list[Glyph]) -> Iterator[Line]:
    """Glyphs that stand on the same line (small ones of another cell may stand on a line of their own)."""
    row: list[Glyph] = []
    for glyph in [*glyphs, None]:
        if row and (glyph is None or glyph.baseline - row[0].baseline > _SAME_LINE):
            told = sorted(row, key=lambda each: each.left)
            while told and not told[-1].char.strip():
                told.pop()
            while told and not told[0].char.strip():
                told.pop(0)
            if told:
                yield Line(tuple(told))
            row = []
        if glyph is not None:
            row.append(glyph)
