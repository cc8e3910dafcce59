"""Places in a workbook, as the person sees them in Excel."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

_MOST_LETTERS = 16_384


class Place(NamedTuple):
    """A cell, counted from 1; column 0 means the whole row, row 0 the whole column, both the whole sheet."""

    sheet: str
    row: int = 0
    column: int = 0

    def __str__(self) -> str:
        row = f"第{self.row}行" if self.row else ""
        column = f"{column_letter(self.column)}列" if self.column else ""
        return f"{self.sheet} {row}{column}".rstrip()


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
