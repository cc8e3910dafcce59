"""Cells: what is written into one, how high its text is, how wide its column."""

from __future__ import annotations

import math
import re
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from taskkit.errors import InputError
from taskkit.office.xml import clean

_LONGEST = 32_767  # characters that Excel keeps in a cell
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
TALLEST = 409.0  # points that Excel allows a row


@dataclass(frozen=True)
class Formula:
    """A formula by the keys of its row: ``IF(ISNUMBER({achieved}),…)``. Its computed value is the empty text."""

    text: str


@dataclass(frozen=True)
class Link:
    """A text that leads to a cell of the same workbook: the row whose id is ``row``, the column of ``key``."""

    text: str
    sheet: str
    row: str
    key: str = "id"


Value = str | int | float | date | Formula | Link | None


def put(cell: Any, value: Value, place: str) -> None:
    """Write a value into a cell: texts stay texts whatever they begin with, numbers are numbers."""
    if isinstance(value, Formula):
        cell.value = f"={value.text}"
    elif isinstance(value, str):
        text = clean(value)
        if len(text.encode("utf-16-le")) // 2 > _LONGEST:
            raise InputError(f"{place}：文字超过{_LONGEST}字，单元格放不下", "请在原文中缩短后重试")
        cell.value = _LOOKS_ESCAPED.sub("_x005F_", text) or None
        if text:
            cell.data_type = "s"
    elif isinstance(value, float) and not math.isfinite(value):
        cell.value = None
    elif isinstance(value, float) and value.is_integer():
        cell.value = int(value)
    else:
        cell.value = value


def linked(cell: Any, link: Link, location: str | None) -> str:
    """Make a cell lead to a place in the workbook; its text comes back."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    if location:
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location, display=clean(link.text))
    return link.text


@dataclass(frozen=True)
class Box:
    """The room that a wrapped text has: width in points, size of its type."""

    width: float
    size: float

    def height(self, text: str) -> float:
        """The height of a text in points: lines of Chinese type, a full-width character as wide as it is high."""
        room = max(self.width - 0.5 * self.size, self.size)  # half a character for punctuation that may not wrap
        lines = sum(max(1, math.ceil(_units(part) * self.size / 2 / room)) for part in text.split("\n"))
        return lines * self.size * 1.35 + 5


def box(sheet: Any, cell: Any) -> Box:
    """The room of a cell: a column's width counts characters of 8 pixels (6 points) of the default font."""
    dimension = sheet.column_dimensions[cell.column_letter]
    width = math.inf if dimension.hidden else float(dimension.width or 8.43) * 6 - 4
    return Box(width, float(cell.font.sz or 11))


def _units(text: str) -> int:
    return sum(2 if ord(sign) > 0x2000 else 1 for sign in text)


def printed_columns(sheet: Any) -> range:
    from openpyxl.utils import range_boundaries

    if not sheet.print_area:
        return range(1, sheet.max_column + 1)
    first, _, last, _ = range_boundaries(sheet.print_area.rpartition("!")[2])
    return range(first, last + 1)


def ungroup(sheet: Any) -> None:
    """One entry for each column: the file keeps like neighbours as one, and hiding one would hide all."""
    from openpyxl.utils import get_column_letter

    for dimension in list(sheet.column_dimensions.values()):
        first, last = dimension.min or 0, dimension.max or 0
        for at in range(first + 1, min(last, 200) + 1):
            other = sheet.column_dimensions[get_column_letter(at)]
            other.width, other.hidden, other._style = dimension.width, dimension.hidden, copy(dimension._style)
        if last > first:
            dimension.max = first
