"""One sheet of a workbook that a person corrects, and the words that stand for coded values.

The first word of each value is the one that is written; the others are what people type instead.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from taskkit.columns import Field
from taskkit.text import squeeze

Words = Mapping[str, tuple[str, ...]]

FLAGS: Words = {
    "1": ("是", "√", "✓", "✔", "对", "有", "1", "y", "yes", "true"),
    "": ("否", "×", "无", "0", "n", "no", "false"),
}


@dataclass(frozen=True)
class Form:
    """One sheet. ``key`` is the kind of its rows in the template's marks; ``apart`` are columns not read back.

    ``book`` is what places call the workbook, ``prefix`` that of the codes of findings about it.
    """

    key: str
    title: str
    fields: tuple[Field, ...]
    apart: tuple[str, ...]
    book: str
    prefix: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its columns in their order."""
        return tuple(field.column.key for field in self.fields)

    def header(self, key: str) -> str:
        """The header of a column."""
        return next(field.column.header for field in self.fields if field.column.key == key)


def shown(words: Words, value: str | None) -> str | None:
    """The word that is written for a value; an unknown value is written as it is."""
    return words[value][0] if value is not None and value in words else value


def meant(words: Words, text: str) -> str | None:
    """The value that a typed word means; None for a word that nobody knows."""
    wanted = word_key(text)
    return next((value for value, listed in words.items() if wanted in map(word_key, listed)), None)


def word_key(text: str) -> str:
    """A key for comparing words: width variants, spaces and case do not count."""
    return squeeze(unicodedata.normalize("NFKC", text)).casefold()
