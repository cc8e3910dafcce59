"""Lines of a plan written in paragraphs: what each line is, and which lines are one.

A line starts with a number (一、 （一） 1. （1） ①), with a label (部门分工：), with a bracket of
units, or it is plain: the rest of a line that a page break has torn, or a title without number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from taskkit.dialects.front import is_plan_title
from taskkit.documents import Paragraph
from taskkit.text import compact, depth_at_end, ends_sentence, parse_numeral, plain_line
from taskkit.units import LABEL, LABELS, LEVEL_WORD, is_collective, looks_like_unit

UNIT_LABELS = ("lead", "support", "either")
# Styles of numbers from the outermost to the innermost (GB/T 9704: 一、 （一） 1. （1）).
STYLES = ("chinese", "chinese-bracket", "arabic", "arabic-bracket", "circle")
_STAR = r"[★☆*＊▲△●◆■]?\s*"
_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chinese", re.compile(rf"{_STAR}第?(?P<no>[一二三四五六七八九十]{{1,4}})\s*[、．.]\s*")),
    ("chinese-bracket", re.compile(rf"{_STAR}[（(]\s*(?P<no>[一二三四五六七八九十]{{1,4}})\s*[）)]\s*[、．.]?\s*")),
    ("arabic", re.compile(rf"{_STAR}(?P<no>[0-9０-９]{{1,4}})\s*(?:[、．]|\.(?![0-9０-９]))\s*{_STAR}")),
    ("arabic-bracket", re.compile(rf"{_STAR}[（(]?\s*(?P<no>[0-9０-９]{{1,3}})\s*[）)]\s*[、．.]?\s*")),
    ("circle", re.compile(r"(?P<no>[①-⑳])\s*")),
)
_ALL_UNIT_LABELS = "|".join(LABELS[key] for key in UNIT_LABELS)
_BRACKET_LABEL = re.compile(rf"[（(〔\[【](?=[^（(〔\[【）)]{{0,30}}?(?:{_ALL_UNIT_LABELS})\s*[：:])")
_VERB_END = re.compile(r"(?:牵头|负责|配合|参与|落实|协办|主办|承办|推进|完成)(?:落实|实施)?[。；;]?$")
_INLINE_LABELS = "|".join(LABELS[key] for key in (*UNIT_LABELS, "leaders", "measures"))
_INLINE = re.compile(
    rf"(?:(?<=[。；;！）)〕】”\s])|(?<=[。；;])\s+)(?=(?:{_INLINE_LABELS})\s*[：:])|(?=[【〔\[](?:{_INLINE_LABELS})[】〕\]])"
)
_LIST_REST = re.compile(r"[、，,]|(?:等|牵头|配合|负责|按职责|参与)")
_CLAUSE_END = re.compile(r"。\s*|(?<=[合责头])\s+")
_WRAP_WIDTH = 26  # a heading shorter than a line of an official page (28 characters) is not wrapped


@dataclass(frozen=True)
class Line:
    """One logical line. ``kind``: item, label, clause or plain; ``style`` of a number, or the label's key."""

    kind: str
    text: str
    place: str
    index: int
    style: str = ""
    no: int | None = None
    label: str = ""


def read_lines(paragraphs: Iterable[tuple[int, Paragraph]]) -> list[Line]:
    """Classify paragraphs, mend torn ones, and split those that are run together."""
    lines: list[Line] = []
    for index, paragraph in paragraphs:
        pieces = list(pieces_of(paragraph.text))
        for text in pieces:
            line = _classify(text, paragraph.place, index)
            if len(pieces) == 1 and lines and _continues(lines[-1], line):
                lines[-1] = replace(lines[-1], text=_glue(lines[-1].text, line.text))
            else:
                lines.append(line)
    return lines


def _glue(before: str, after: str) -> str:
    return compact(f"{before}{' ' if before[-1:].isascii() and after[:1].isascii() else ''}{after}")


def pieces_of(text: str) -> Iterator[str]:
    """A paragraph at its labels in mid-text, and after the clause that follows a unit label."""
    line = plain_line(text)
    starts = (found.start() for found in _INLINE.finditer(line))
    cuts = [start for start in starts if not depth_at_end(line[line.rfind("。", 0, start) + 1 : start])]
    parts = [part for start, end in pairwise([0, *cuts, len(line)]) if (part := line[start:end].strip())]
    if len(parts) == 1:
        yield parts[0]
        return
    for part in parts:
        label = LABEL.match(part)
        end = _CLAUSE_END.search(part) if label and label.lastgroup in UNIT_LABELS else None
        if end and part[end.end() :].strip():
            yield part[: end.end()]
            yield part[end.end() :]
        else:
            yield part


def _classify(text: str, place: str, index: int) -> Line:
    line = plain_line(text)
    for style, pattern in _NUMBERS:
        if found := pattern.match(line):
            rest = line[found.end() :]
            if rest and not re.match(r"[年月日%％]", rest):
                return Line("item", compact(rest), place, index, style, number_of(found["no"]), found[0].strip())
    if found := LABEL.match(line):
        return Line("label", compact(line[found.end() :]), place, index, str(found.lastgroup), label=found[0])
    if line[0] in "（(〔[【" and (clause := find_clause(line)) and not clause[0].strip():
        return Line("clause", clause[1], place, index)
    return Line("plain", compact(line), place, index)


def number_of(text: str) -> int | None:
    """The value of a printed number in any of the styles."""
    if text in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
        return ord(text) - 0x2460 + 1
    return parse_numeral(text)


def _continues(before: Line, line: Line) -> bool:
    """Whether a line is the torn-off rest of the one before it."""
    if line.kind == "label":
        return False
    open_bracket = depth_at_end(before.text) > 0
    if line.kind != "plain":
        return open_bracket and line.kind == "clause"
    if before.kind == "item" and before.style in STYLES[:2] and not _sentence_like(before.text):
        return before.text.endswith(("，", "、", ",")) or open_bracket or len(before.text) >= _WRAP_WIDTH
    if before.kind == "clause":
        return open_bracket
    if before.kind == "label" and before.style not in ("measures", "title", "goal"):
        return open_bracket or _list_goes_on(before, line.text)
    return open_bracket or not (ends_sentence(before.text) or is_plan_title(before.text))


def _list_goes_on(before: Line, text: str) -> bool:
    """Whether the text after a line of units or persons is the rest of that list."""
    if not before.text or before.text.endswith(("、", "，", ",", "等")):
        return True
    if before.style not in UNIT_LABELS or before.text.endswith(("。", "；", ";")):
        return False
    last = re.split(r"[、，,；;]", before.text)[-1]
    return bool(_LIST_REST.match(text)) or not (_names_unit(last) or _VERB_END.search(last))


def _sentence_like(text: str) -> bool:
    return "。" in text or find_clause(text) is not None


def find_clause(text: str) -> tuple[str, str, str] | None:
    """The first bracket that names units: (before, inside, after); None where there is none."""
    for start, char in enumerate(text):
        if char in "（(〔[【":
            end = _closing(text, start)
            inside = text[start + 1 : end]
            if _BRACKET_LABEL.match(text, start) or (end < len(text) and is_clause(inside)):
                return text[:start], inside, text[end + 1 :]
    return None


def _closing(text: str, start: int) -> int:
    """Where the bracket that opens at ``start`` closes; the end of the text where it never does."""
    depth = 0
    for place in range(start, len(text)):
        if text[place] in "（(〔[【":
            depth += 1
        elif text[place] in "）)〕]】":
            depth -= 1
            if not depth:
                return place
    return len(text)


def is_clause(inside: str) -> bool:
    """Whether the text inside a bracket is a list of units with roles rather than an aside."""
    if re.match(rf"[^（(，,]{{0,12}}?(?:{_ALL_UNIT_LABELS})\s*[：:]", inside):
        return True
    names = [name for name in re.split(r"[、，,；;]", inside) if name.strip()]
    if any(_VERB_END.search(name) for name in names):
        return any(_names_unit(name) for name in names)
    several = len(names) > 1
    return bool(names) and all(
        _names_unit(name) and (LEVEL_WORD.match(name) or is_collective(name) or (several and name[-1] in "局厅委办"))
        for name in names
    )


def _names_unit(name: str) -> bool:
    bare = re.sub(
        r"(?:按照?)?(?:职责)?(?:分工)?(?:共同|分别)?(?:牵头|负责|配合|参与|落实|协办|主办|承办)+(?:落实|实施)?[。；;]?$",
        "",
        name,
    )
    bare = re.sub(r"等$", "", re.sub(r"^[由]", "", bare.strip()))
    return looks_like_unit(bare) or is_collective(bare)
