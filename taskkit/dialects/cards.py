"""Cards: one small table per task, a label beside each text (项目名称 | 建设幼儿园 | 责任领导 | 王二).

They are laid out as labelled lines, so that they are read like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from taskkit.documents import Document, Paragraph, Row, Table
from taskkit.text import squeeze
from taskkit.unit_words import LABEL, UNIT_LABELS

_MIN_LABELS = 3


def laid_out(document: Document) -> Document:
    """The document with its cards as paragraphs, one for each label."""
    if not any(isinstance(block, Table) and _is_card(block) for block in document.blocks):
        return document
    blocks: list[Paragraph | Table] = []
    for block in document.blocks:
        if isinstance(block, Table) and _is_card(block):
            blocks += _lines(block)
        else:
            blocks.append(block)
    return replace(document, blocks=tuple(blocks))


def _is_card(table: Table) -> bool:
    """Whether each row of a table is labels and texts in turn, and units are among them, each label once."""
    pairs = [pair for row in table.rows for pair in _pairs(row)]
    labels = [_label_of(name) for name, _ in pairs]
    known = [name for (name, _), label in zip(pairs, labels, strict=True) if label]
    if len(known) < _MIN_LABELS or len(known) < len(pairs) / 2 or len(set(known)) < len(known):
        return False
    return any(label in UNIT_LABELS for label in labels) and not any(_label_of(text) for _, text in pairs)


def _pairs(row: Row) -> Iterator[tuple[str, str]]:
    """Labels and texts of a row: its cells two by two, a merged one once."""
    texts = [cell.text for cell in row.cells if not cell.left]
    for place in range(0, len(texts) - 1, 2):
        if name := squeeze(texts[place]):
            yield name, texts[place + 1]


def _label_of(name: str) -> str:
    found = LABEL.fullmatch(f"{squeeze(name)}：") if len(name) < 20 else None
    return str(found.lastgroup) if found else ""


def _lines(table: Table) -> Iterator[Paragraph]:
    for row in table.rows:
        for name, text in _pairs(row):
            yield Paragraph(f"{name}：{text}", row.place)
