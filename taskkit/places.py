"""Places in a workbook, as the person sees them in Excel."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_MOST_LETTERS = 16_384
_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", re.I)


class Place(NamedTuple):
    """A cell, counted from 1; column 0 means the whole row, row 0 the whole column, both the whole sheet."""

    sheet: str
    row: int = 0
    column: int = 0

    def __str__(self) -> str:
        row = f"第{self.row}行" if self.row else ""
        column = f"{column_letter(self.column)}列" if self.column else ""
        return f"{self.sheet} {row}{column}".rstrip()


class Area(NamedTuple):
    """A rectangle of cells by its first and last row and column."""

    top: int
    left: int
    bottom: int
    right: int


def column_letter(number: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=_MOST_LETTERS)
def column_number(letters: str) -> int:
    """A -> 1, AA -> 27; 0 for anything that is not letters."""
    number = 0
    for sign in letters.upper():
        if not "A" <= sign <= "Z":
            return 0
        number = number * 26 + ord(sign) - 64
    return number


@lru_cache(maxsize=1024)
def area_of(reference: str) -> Area | None:
    """A1:B2 (also $A$1:$B$2) as an area; None for what names none."""
    found = _AREA.fullmatch(reference.replace("$", ""))
    if found is None:
        return None
    left, right = sorted((column_number(found[1]), column_number(found[3])))
    top, bottom = sorted((int(found[2]), int(found[4])))
    return Area(top, left, bottom, right)
