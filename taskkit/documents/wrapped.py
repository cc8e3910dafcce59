"""Text whose lines end where a page did, as copied from a PDF or an e-mail: lines rejoined, page numbers dropped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from taskkit.documents.pdf_lines import Line, Margins, begins_anew, paragraphs_of

_PAGE_NUMBER = re.compile(
    r"[-—–－─·~～]+\s*\d{1,4}\s*[-—–－─·~～]+|第\s*\d{1,4}\s*页(?:\s*[/／,，]?\s*共\s*\d{1,4}\s*页)?"
)
_NARROWEST, _WIDEST = 40, 132  # columns of a printed page; a Chinese character takes two
_EM = 2.0
_MIN_FULL = 4


def rejoined(lines: Sequence[str]) -> list[str]:
    """The lines, each paragraph on its first line and the others empty, so that line numbers stay.

    A text that is not cut at one width keeps its lines as they are, but for page numbers.
    """
    kept = ["" if _PAGE_NUMBER.fullmatch(line.strip()) else line for line in lines]
    printed = [_line(text, number) for number, text in enumerate(kept) if text.strip()]
    margins = _margins(printed)
    if margins is None:
        return kept
    result = [""] * len(kept)
    for paragraph in paragraphs_of(((line, margins) for line in printed), place="{page}"):
        result[int(paragraph.place)] = paragraph.text
    return result


def _line(text: str, number: int) -> Line:
    """A line of text as a printed one; each is a page of its own, for empty lines say nothing where pages break."""
    bare = text.strip()
    start = _columns(text[: len(text) - len(text.lstrip())])
    head = re.match(r"[!-~]+|.", bare)
    width = _columns(head[0]) if head else 0
    return Line(bare, start, start + _columns(bare), number, number, _EM, width, number)


def _columns(text: str) -> float:
    return float(sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text))


def _margins(lines: Sequence[Line]) -> Margins | None:
    """The margins of a text that is cut at one width; None for any other."""
    right = max((line.x1 for line in lines), default=0.0)
    if not _NARROWEST <= right <= _WIDEST:
        return None
    after_full = [line for last, line in pairwise(lines) if last.x1 > right - 2 * _EM]
    others = [line for last, line in pairwise(lines) if last.x1 <= right - 2 * _EM]
    if len(after_full) < _MIN_FULL:
        return None
    flush = [line for line in after_full if not line.x0]
    indented = sum(line.x0 >= _EM for line in others) > 0.7 * len(others)
    if indented and len(flush) >= 0.5 * len(after_full):
        return Margins(0.0, right, indented=True)
    if not any(line.x0 for line in lines) and sum(map(begins_anew, flush)) < 0.3 * len(flush):
        return Margins(0.0, right, indented=False)
    return None
