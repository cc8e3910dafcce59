"""Characters of a PDF as lines, and lines as paragraphs.

A PDF knows neither words nor paragraphs, only characters at places. A line goes on in the next one
where the next one's first word would not have fitted any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from taskkit.documents.model import Paragraph
from taskkit.text import CLOSING, DOT, OPENING, depth_at_end, ends_sentence
from taskkit.units import LABEL, looks_like_person

Char = tuple[str, float, float, float, float]  # character, left, top, right, bottom
_SPACE_FROM = 0.22  # of a character's width: a gap so much wider than the line's usual one is a space
_CLINGING = CLOSING + "，。、；：！？,.;:!?%％/—…"  # never at the beginning of a line
_QUOTES = '“”‘’"/'
_STARTS = re.compile(
    r"[★☆*]?\s*(?:第?[一二三四五六七八九十]{1,3}\s*[、．.]|[（(]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,3})\s*[）)]"
    rf"|\d{{1,3}}\s*(?:[、．](?!\d)|{DOT})|[①-⑳]|附\s*[件表录]\s*\d*\s*[：:]?$)"
)
_HEADING = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])[^。]*")
_UNIT_END = re.compile(r"[局厅委办部会府院司社队心行团]\s*$")
_OFFICE_END = re.compile(r"(?:[局厅办]|(?<![省市县区州旗国])委)\s*$")
_LEVEL = re.compile(r"[省市县区州旗国各中]")
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,5})(?:\s*页)?(?:\s*[/／,，共]+\s*\d{1,4}\s*页?)?[\W_]*"
)
_FEW_LINES = 6
_MARGIN_SHARE = 0.14  # page numbers and running heads stand in the upper and lower seventh of a page


@dataclass(frozen=True)
class Line:
    """One printed line. ``head``: the width of its first word; ``em``: that of a full character."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    em: float
    head: float
    page: int = 0


@dataclass(frozen=True)
class Margins:
    """Where lines begin and end on pages of one width, and whether paragraphs begin indented there."""

    left: float
    right: float
    indented: bool


def lines_of(chars: Iterable[Char], page: int) -> list[Line]:
    """Characters as lines from top to bottom."""
    lines = (_line(sorted(group, key=lambda c: (c[1], c[3])), page) for group in rows_of(chars))
    return [line for line in lines if line.text.strip()]


def rows_of(chars: Iterable[Char]) -> list[list[Char]]:
    """Characters that stand on one line, from top to bottom."""
    found: list[list[Char]] = []
    middle = height = 0.0
    for char in sorted(chars, key=lambda c: c[2] + c[4]):
        centre = (char[2] + char[4]) / 2
        if not found or abs(centre - middle) > 0.45 * max(height, char[4] - char[2]):
            found.append([])
            middle, height = centre, char[4] - char[2]
        found[-1].append(char)
        if not char[0].isspace():
            middle, height = centre, max(height, char[4] - char[2])
    return found


def _line(chars: Sequence[Char], page: int) -> Line:
    inked = _without_doubles([char for char in chars if not char[0].isspace()])
    if not inked:
        return Line("", 0, 0, 0, 0, 1, 0, page)
    wide = [right - left for char, left, _, right, _ in inked if char >= "\u2e80"]
    em = max(median(wide) if wide else max(bottom - top for _, _, top, _, bottom in inked), 1.0)
    spaces = [(left + right) / 2 for char, left, _, right, _ in chars if char.isspace()]
    usual = _usual_gap(inked, em)
    text = inked[0][0]
    for before, char in pairwise(inked):
        spaced = any(before[1] < place < char[3] for place in _near(spaces, before, char))
        text += f" {char[0]}" if spaced or char[1] - before[3] > usual + _SPACE_FROM * em else char[0]
    last = inked[-1][3]
    trailing = " " if any(place > last - 0.2 * em for place in spaces) else ""
    top, bottom = min(char[2] for char in inked), max(char[4] for char in inked)
    return Line(text + trailing, inked[0][1], last, top, bottom, em, _head(inked), page)


def _usual_gap(chars: Sequence[Char], em: float) -> float:
    """How far a justified line sets all its characters apart; short lines are not justified."""
    gaps = [char[1] - before[3] for before, char in pairwise(chars)]
    return min(max(min(gaps), 0.0), 0.15 * em) if len(gaps) > 7 else 0.0


def _near(spaces: Sequence[float], before: Char, char: Char) -> Iterator[float]:
    return (place for place in spaces if before[3] - 1 <= place <= char[1] + 1)


def _without_doubles(chars: Sequence[Char]) -> list[Char]:
    """Drop what is printed twice at nearly one place to look bold."""
    kept: list[Char] = []
    for char in chars:
        doubled = (
            any(char[0] == each[0] and char[1] - each[1] < 0.3 * (char[3] - char[1]) for each in kept[-2:])
            and char[3] > char[1]
        )
        if not doubled:
            kept.append(char)
    return kept


def _head(chars: Sequence[Char]) -> float:
    """The width of the first word: a Latin word or number, or a Chinese character with what clings to it."""
    end = 0
    while end < len(chars) - 1 and _cling(chars[end][0], chars[end + 1][0]):
        end += 1
    return chars[end][3] - chars[0][1]


def _cling(here: str, following: str) -> bool:
    """Whether no line may end between two characters."""
    if here in OPENING + _QUOTES or following in _CLINGING + _QUOTES:
        return True
    return "!" <= here <= "~" and ("!" <= following <= "~" or following in OPENING)


def without_page_numbers(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The lines of all pages without page numbers and running heads and feet."""
    heads = _repeated(pages, heights)
    kept = []
    for lines, height in zip(pages, heights, strict=True):
        outer = [line for line in lines if _in_margin(line, height)]
        dropped = {id(line) for line in outer if _key(line) in heads or _PAGE_NUMBER.fullmatch(line.text.strip())}
        kept.append([line for line in lines if id(line) not in dropped])
    return kept


def _repeated(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> set[str]:
    counts: dict[str, int] = {}
    for lines, height in zip(pages, heights, strict=True):
        outer = [
            line for line in [*lines[:2], *lines[-2:]] if _in_margin(line, height) and not ends_sentence(line.text)
        ]
        for key in set(map(_key, outer)):
            counts[key] = counts.get(key, 0) + 1
    return {key for key, count in counts.items() if count >= max(3, 0.3 * len(pages))}


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s", "", line.text))


def _in_margin(line: Line, height: float) -> bool:
    return line.bottom < _MARGIN_SHARE * height or line.top > (1 - _MARGIN_SHARE) * height


def margins_of(lines: Sequence[Line], widest: float = 0.0) -> Margins:
    """The margins of pages of one width, found where most lines begin and end.

    Few lines do not tell where they end: then the text is at least as wide as its ``widest`` table.
    """
    if not lines:
        return Margins(0, 0, False)
    em = median(line.em for line in lines)
    starts = sorted(line.x0 for line in lines)
    left = starts[len(starts) // 20]
    right = sorted(line.x1 for line in lines)[-1 - len(lines) // 50]
    right = max(right, widest) if len(lines) < _FEW_LINES else right
    indents = sum(1.4 * em < line.x0 - left < 2.6 * em for line in lines)
    flush = sum(line.x0 - left < 0.6 * em for line in lines)
    return Margins(left, right, indents > 0.05 * len(lines) and flush > 0.2 * len(lines))


def paragraphs_of(lines: Iterable[tuple[Line, Margins]], place: str = "第{page}页") -> list[Paragraph]:
    """Lines of running text rejoined to paragraphs, each with the page on which it begins."""
    done: list[Paragraph] = []
    last: Line | None = None
    for line, margins in lines:
        if last is not None and _goes_on(done[-1].text, last, line, margins):
            done[-1] = replace(done[-1], text=glue(done[-1].text, line.text))
        else:
            done.append(Paragraph(line.text, place.format(page=line.page)))
        last = line
    return [replace(each, text=each.text.strip()) for each in done]


def _stands_alone(text: str) -> bool:
    """Whether a number after this text begins something new, though no full stop ends it."""
    label = LABEL.match(text)
    return bool(_HEADING.fullmatch(text) or (label and label.lastgroup in ("lead", "support", "either", "leaders")))


def begins_anew(line: Line) -> bool:
    """Whether a line begins with a number or a label."""
    return bool(LABEL.match(line.text) or _STARTS.match(line.text))


def _goes_on(so_far: str, last: Line, line: Line, margins: Margins) -> bool:
    em = max(last.em, 1.0)
    ended = ends_sentence(last.text) and not depth_at_end(so_far)
    if last.page == line.page and (line.top - last.bottom > 2.5 * em or abs(line.em - last.em) > 0.2 * em):
        return False
    deeper = line.x0 - margins.left > 1.2 * em
    alone = _stands_alone(so_far)
    if LABEL.match(line.text) and not depth_at_end(so_far):
        return False
    if _STARTS.match(line.text) and (ended or deeper or alone):
        return False
    if not _is_full(last, line, margins, ended or alone):
        return last.page != line.page and last.text.rstrip().endswith(("，", "、")) and not _STARTS.match(line.text)
    if margins.indented and 1.4 * em < line.x0 - margins.left < 2.6 * em:  # as a paragraph begins
        return False
    return not (ended and line.x0 - last.x0 > 1.2 * em)


def _is_full(last: Line, line: Line, margins: Margins, ended: bool) -> bool:
    """Whether the next line's first word had no room; in mid-sentence a little room does not count."""
    mixed = last.text.rstrip()[-1:].isascii() != line.text[:1].isascii()  # set apart by a quarter
    room = margins.right - last.x1 - line.head - 0.3 * last.em * mixed
    strict = ended or bool(_STARTS.match(line.text))
    return room < (-0.1 if strict else 1.5) * last.em


def glue(text: str, more: str) -> str:
    """Two lines of one paragraph as one."""
    latin = text[-1:].isascii() and more[:1].isascii() and text[-1:].isalpha() and more[:1].isalpha()
    return f"{text}{' ' if latin else ''}{more}"


def wrapped(text: str, more: str) -> str:
    """Two lines of a cell as one; where one name may end and another begin, a line break keeps the question open."""
    if looks_like_person(text.rpartition("\n")[2].strip()) and looks_like_person(more.strip()):
        return f"{text.rstrip()}\n{more}"
    ends = _UNIT_END.search(text) and _LEVEL.match(more)
    if ends or (_OFFICE_END.search(text) and not more.startswith(("公室", "员会", "办"))):
        return f"{text.rstrip()}\n{more}"
    return glue(text, more)
