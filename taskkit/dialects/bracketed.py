"""Numbered paragraphs that end in a bracket of units: （牵头单位：A；责任单位：B） (D2, D5–D7, D9, D12, D15)."""

from __future__ import annotations

from collections.abc import Sequence

from taskkit.dialects.clauses import find_clause
from taskkit.dialects.items import read_items
from taskkit.dialects.rows import Reading
from taskkit.documents import Paragraph

NAME = "bracketed"


def fits(paragraphs: Sequence[tuple[int, Paragraph]]) -> int:
    """How many paragraphs hold a bracket of units."""
    return sum(find_clause(paragraph.text) is not None for _, paragraph in paragraphs)


def read(paragraphs: Sequence[tuple[int, Paragraph]]) -> Reading:
    """The rows of these paragraphs."""
    return read_items(paragraphs)
