"""A look at a document's first and last lines, to tell whose it is."""

from __future__ import annotations

from collections.abc import Callable

from taskkit.documents.docx import read_docx
from taskkit.documents.model import Block, Paragraph
from taskkit.documents.pdf import read_pdf
from taskkit.errors import InputError
from taskkit.office.kinds import Kind

_LARGEST = 20 * 1024 * 1024  # bytes: a longer one is a scan, whose pages hold no text
_LINES = 8  # at each end
_READERS: dict[Kind, Callable[[bytes, str], tuple[Block, ...]]] = {Kind.WORD: read_docx, Kind.PDF: read_pdf}


def first_and_last_lines(data: bytes, kind: Kind, name: str) -> tuple[str, ...]:
    """The first and the last paragraphs of a document; none where it has no text that can be read."""
    if kind not in _READERS or len(data) > _LARGEST:
        return ()
    try:
        blocks = _READERS[kind](data, name)
    except InputError:
        return ()
    lines = [line for block in blocks if isinstance(block, Paragraph) for line in block.text.splitlines() if line]
    return (*lines[:_LINES], *lines[_LINES:][-_LINES:])
