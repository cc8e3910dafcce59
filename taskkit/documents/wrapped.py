"""Text whose lines end where a page did, as copied from a PDF or an e-mail: lines rejoined, page numbers dropped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from taskkit.documents.model import Paragraph
from taskkit.documents.pdf_lines import Line, Margins, begins_anew, glue, paragraphs_of
from taskkit.text import CLOSING, OPENING

_PAGE_NUMBER = re.compile(
    r"[-—–－─·~～]+\s*\d{1,4}\s*[-—–－─·~～]+|第\s*\d{1,4}\s*页(?:\s*[/／,，]?\s*共\s*\d{1,4}\s*页)?"
)
_NARROWEST, _WIDEST = 40, 132  # columns of a printed page; a Chinese character takes two
_EM = 2.0
_MIN_FULL = 4
# What cannot be cut: opening marks, a word or number or Chinese character, closing marks.
_HEAD = re.compile(rf"[{re.escape(OPENING)}]*(?:[!-~]+|.)[{re.escape(CLOSING)}、，。；：？！,;:%％]*")


def rejoined(lines: Sequence[str]) -> list[str]:
    """The lines, each paragraph on its first line and the others empty, so that line numbers stay.

    A text that is not cut at one width keeps its lines as they are, but for page numbers.
    """
    kept = ["" if _PAGE_NUMBER.fullmatch(line.strip()) else line for line in lines]
    printed = [_line(text, number) for number, text in enumerate(kept) if text.strip()]
    result = [""] * len(kept)
    if right := _indented_width(printed):
        paragraphs = _by_indent(printed, right)
    elif margins := _margins(printed):
        paragraphs = paragraphs_of(((line, margins) for line in printed), place="{page}")
    else:
        return kept
    for paragraph in paragraphs:
        result[int(paragraph.place)] = paragraph.text
    return result


def _by_indent(lines: Sequence[Line], right: float) -> list[Paragraph]:
    """Paragraphs that begin indented: a line that does not goes on with a full one, whatever it begins with."""
    done: list[Paragraph] = []
    last: Line | None = None
    for line in lines:
        if last and not line.x0 and _is_full(last, line, right):
            done[-1] = Paragraph(glue(done[-1].text, line.text), done[-1].place)
        else:
            done.append(Paragraph(line.text, str(line.page)))
        last = line
    return done


def _line(text: str, number: int) -> Line:
    """A line of text as a printed one; each is a page of its own, for empty lines say nothing where pages break."""
    bare = text.strip()
    start = _columns(text[: len(text) - len(text.lstrip())])
    head = _HEAD.match(bare)
    width = _columns(head[0]) if head else 0
    return Line(bare, start, start + _columns(bare), number, number, _EM, width, number)


def _columns(text: str) -> float:
    return float(sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text))


def _indented_width(lines: Sequence[Line]) -> float:
    """The width at which a text is cut whose paragraphs begin indented; 0 for any other text."""
    right = _width(lines)
    after_full, others = _by_line_before(lines, right)
    flush = sum(not line.x0 for line in after_full)
    indented = sum(line.x0 >= _EM for line in others)
    starts = [line for line in others if begins_anew(line)]
    sure = indented == len(others) > 0 or (flush > 1 and indented > 0.7 * len(others))
    return right if sure and flush and flush >= 0.5 * len(after_full) and all(line.x0 for line in starts) else 0.0


def _margins(lines: Sequence[Line]) -> Margins | None:
    """The margins of a text that is cut at one width without indents; None for any other."""
    right = _width(lines)
    after_full, _ = _by_line_before(lines, right)
    exact = sum(line.x1 > right - _EM for line in lines)
    often = len(after_full) > _MIN_FULL and 2 * exact > len(after_full) > 0.25 * len(lines)
    if often and not any(line.x0 for line in lines) and sum(map(begins_anew, after_full)) < 0.3 * len(after_full):
        return Margins(0.0, right, indented=False)
    return None


def _width(lines: Sequence[Line]) -> float:
    """Where the longest line ends, if that is a width that pages have; else 0."""
    right = max((line.x1 for line in lines), default=0.0)
    return right if _NARROWEST <= right <= _WIDEST else 0.0


def _is_full(last: Line, line: Line, right: float) -> bool:
    """Whether what the next line begins with had no room; a character of room does not count."""
    return right - last.x1 - line.head < 1.5 * _EM


def _by_line_before(lines: Sequence[Line], right: float) -> tuple[list[Line], list[Line]]:
    """Lines that follow a full one, and those that follow a shorter one."""
    found: tuple[list[Line], list[Line]] = ([], [])
    for last, line in pairwise(lines) if right else ():
        found[not _is_full(last, line, right)].append(line)
    return found
