"""Numbered paragraphs followed by labelled lines: 工作措施：… 分管省领导：… 部门分工：… (D1, D4, D13)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taskkit.dialects.items import read_items
from taskkit.dialects.lines import pieces_of
from taskkit.dialects.rows import Reading
from taskkit.documents import Paragraph
from taskkit.unit_words import UNIT_LABELS
from taskkit.units import LABEL

NAME = "labelled"
_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.．、]|[（(]\d{1,2}[）)]|[①-⑳])\s*")


def fits(paragraphs: Sequence[tuple[int, Paragraph]]) -> int:
    """How many paragraphs hold one label of units, at the start or after a full stop."""
    counts = (sum(map(_is_label, pieces_of(paragraph.text))) for _, paragraph in paragraphs)
    return sum(0 < count < 4 for count in counts)


def _is_label(piece: str) -> bool:
    found = LABEL.match(_NUMBER.sub("", piece))  # 4.牵头单位：…
    return found is not None and found.lastgroup in UNIT_LABELS


def read(paragraphs: Sequence[tuple[int, Paragraph]]) -> Reading:
    """The rows of these paragraphs."""
    return read_items(paragraphs)
