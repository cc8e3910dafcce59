"""Lines of a plan written in paragraphs: what each line is, and which lines are one.

A line starts with a number (一、 （一） 1. （1） ①), with a label (部门分工：), with a bracket of
units, or it is plain: the rest of a line that a page break has torn, or a title without number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from taskkit.dialects.clauses import BRACKETS, LABEL_IN_BRACKET, MAX_CLAUSE, find_clause, names_unit, take_asides
from taskkit.dialects.front import is_plan_title
from taskkit.dialects.stages import begins_with_stage
from taskkit.documents import Paragraph
from taskkit.text import (
    DOT,
    closing_brackets,
    compact,
    depth_at_end,
    ends_sentence,
    parse_numeral,
    plain_line,
    split_top,
)
from taskkit.unit_names import looks_like_unit
from taskkit.unit_words import (
    LABEL,
    LABELS,
    LEAD,
    LEVEL_WORD,
    SUPPORT,
    UNIT_LABELS,
    VERB_END,
    both_scripts,
    set_names_apart,
)

# Styles of numbers from the outermost to the innermost (GB/T 9704: 一、 （一） 1. （1）; some number 1.1 under 1.).
STYLES = ("part", "chinese", "chinese-bracket", "arabic", "decimal", "arabic-bracket", "circle")
HEADING_STYLES = STYLES[:3]
_STAR = r"[★☆*＊▲△●◆■]?\s*+"
_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(r"第(?P<no>[一二三四五六七八九十]{1,3})(?:部分|篇|章|板块)[、．.：:\s]*")),
    (
        "part",
        re.compile(r"(?:攻坚|行动|工程|专项|板块|篇章|领域|问题)(?P<no>[一二三四五六七八九十]{1,3})\s*[：:、．.\s]\s*"),
    ),
    ("chinese", re.compile(rf"{_STAR}第?(?P<no>[一二三四五六七八九十]{{1,4}})\s*[、．.]\s*")),
    ("chinese-bracket", re.compile(rf"{_STAR}[（(]\s*(?P<no>[一二三四五六七八九十]{{1,4}})\s*[）)]\s*[、．.]?\s*")),
    ("arabic", re.compile(rf"{_STAR}(?P<no>[0-9０-９]{{1,4}})\s*(?:[、．]|{DOT})\s*{_STAR}")),
    ("arabic", re.compile(rf"{_STAR}[【\[](?P<no>\d{{1,3}})[】\]]\s*")),
    (
        "arabic",
        re.compile(
            both_scripts(
                r"(?:任务|事项|项目|实事|工作|举措)(?P<no>\d{1,3}|[一二三四五六七八九十]{1,3})(?:\s*[：:、．.]|\s+)\s*"
            )
        ),
    ),
    ("arabic", re.compile(r"第(?P<no>\d{1,3}|[一二三四五六七八九十]{1,3})[项件条][、．.：:\s]\s*")),
    ("decimal", re.compile(rf"{_STAR}\d{{1,2}}[.．](?P<no>\d{{1,2}})(?:\s*[、．]|\s+)\s*(?=[\u4e00-\u9fff“《])")),
    ("arabic-bracket", re.compile(rf"{_STAR}[（(]?\s*(?P<no>[0-9０-９]{{1,3}})\s*[）)]\s*[、．.]?\s*")),
    ("circle", re.compile(r"(?P<no>[①-⑳])\s*")),
)
# Details of a task that offices number like its labels: 2.进度：3月开工，11月完工。
_DETAIL = re.compile(
    both_scripts(
        r"(?:进度|工期|地点|效果|资金(?:来源)?|(?:投资|建设|实施)(?:规模|总额|额|地点)|(?:预期|工作)?(?:成效|效果))[：:]"
    )
)
_CONTENT = re.compile("(?:建设|实施|建設|實施)?[内內]容")
_NUMBERED_LABELS = (*UNIT_LABELS, "leaders", "heads", "deadline")
_SPREAD = re.compile(r"([\u4e00-\u9fff](?=[\u4e00-\u9fff ]* )[\u4e00-\u9fff ]{1,14})[：:]")
_NATURE = re.compile(both_scripts("(?:预期|约束)性"))
_INLINE_LABELS = "|".join(LABELS[key] for key in (*UNIT_LABELS, "leaders", "heads", "deadline", "measures"))
_INLINE = re.compile(
    rf"(?:(?<=[。；;！）)〕】”—\s])|(?<=[。；;])\s+)(?=(?:{_INLINE_LABELS})\s*[：:])|(?=[【〔\[](?:{_INLINE_LABELS})[】〕\]])"
)
_LIST_REST = re.compile(both_scripts(rf"[、，,]|(?:等|按职责|{LEAD}|{SUPPORT}|负责)"))
_CLAUSE_END = re.compile(both_scripts(r"。\s*|(?<=[合责头])\s+"))
_WRAP_WIDTH = 26  # a heading shorter than a line of an official page (28 characters) is not wrapped
_MAX_GLUED = 8_000  # a paragraph torn into lines is not longer; what is longer was never one
_MAX_HEADING = 60
_DEEPEST = 3  # headings by style stand for 一、 （一） 1.
_SPACED = re.compile(r"\s*(?P<no>\d{1,3})[\s\u3000]+(?=[\u4e00-\u9fff“《]{2}|\d{4,}[\u4e00-\u9fff])")
_MIN_SPACED = 3
_MAX_WRAPS = 12  # lines that a bracket may run over


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
    blocks: tuple[int, ...] = ()  # every block of the document that it was read from
    depth: int = 0  # brackets still open at its end
    lead: str = ""  # the sentence in bold that it begins with
    styled: bool = False  # a heading by its style, so that nothing of it goes on in the next line


def read_lines(paragraphs: Iterable[tuple[int, Paragraph]]) -> list[Line]:
    """Classify paragraphs, mend torn ones, and split those that are run together."""
    lines: list[Line] = []
    listed = _dotted(list(paragraphs))
    levels = {index: paragraph.level for index, paragraph in listed if paragraph.level}
    leads = {index: compact(paragraph.lead) for index, paragraph in listed if paragraph.lead}
    for blocks, text, place in _brackets_closed(listed):
        pieces = list(pieces_of(text))
        for piece in pieces:
            for line in _classified(piece, place, blocks[0]):
                lead = leads.get(blocks[0], "").removeprefix(line.label)
                line = replace(line, blocks=blocks, depth=depth_at_end(line.text), lead=lead)
                if len(pieces) == 1 and blocks[0] in levels and _is_styled_heading(line):
                    style = STYLES[min(levels[blocks[0]], _DEEPEST)]
                    lines.append(replace(line, kind="item", style=style, styled=True))
                elif len(pieces) == 1 and lines and _continues(lines[-1], line):
                    lines[-1] = _glued(lines[-1], line)
                else:
                    lines.append(line)
    return lines


def _dotted(paragraphs: Sequence[tuple[int, Paragraph]]) -> list[tuple[int, Paragraph]]:
    """The paragraphs, with the dot that is missing where a space alone sets their numbers apart (1　推行改革).

    A number and a space may as well begin the rest of a torn line (2026 年), so only such as count 1, 2, 3 … do.
    """
    found = {place: match for place, (_, each) in enumerate(paragraphs) if (match := _SPACED.match(each.text[:40]))}
    numbers = [int(match["no"]) for match in found.values()]
    counts = all(after in (before + 1, 1) for before, after in pairwise([0, *numbers]))
    if not counts or len(numbers) < _MIN_SPACED:
        return list(paragraphs)
    return [
        (index, replace(each, text=_SPACED.sub(r"\g<no>. ", each.text, count=1)) if place in found else each)
        for place, (index, each) in enumerate(paragraphs)
    ]


def run_in(title: str | None, lead: str) -> tuple[str | None, str]:
    """A title that begins with a sentence in bold as that sentence, and the rest: what is done."""
    if not title or not lead or not title.startswith(lead):
        return title, ""
    return lead, title[len(lead) :].strip()


def _is_styled_heading(line: Line) -> bool:
    """Whether a line without a number is a heading, where its style says so."""
    return (
        line.kind == "plain"
        and len(line.text) <= _MAX_HEADING
        and not ends_sentence(line.text)
        and not (is_plan_title(line.text))
    )


def _brackets_closed(paragraphs: Sequence[tuple[int, Paragraph]]) -> Iterator[tuple[tuple[int, ...], str, str]]:
    """Paragraphs, those joined over which one bracket of units runs: （牵头单位：A、 / 各镇政府；配合单位：B）."""
    place = 0
    while place < len(paragraphs):
        index, first = paragraphs[place]
        text, blocks = first.text, [index]
        end = place + 1
        while end < len(paragraphs) and end - place <= _MAX_WRAPS and _open_clause(text):
            following = paragraphs[end][1].text
            if len(text) + len(following) > MAX_CLAUSE or _is_item(following):
                break
            text = _glue(text, following)
            blocks.append(paragraphs[end][0])
            end += 1
        if len(blocks) > 1 and depth_at_end(text):  # it never closes: leave the lines as they are
            text, blocks, end = first.text, [index], place + 1
        yield tuple(blocks), text, first.place
        place = end


def _open_clause(text: str) -> bool:
    """Whether a text ends within a bracket that holds a label of units, or the kind of indicator before it."""
    if len(text) > MAX_CLAUSE or not depth_at_end(text):
        return False
    closing = closing_brackets(text, BRACKETS)
    start = next((place for place, end in closing.items() if end >= len(text)), len(text))
    return bool(LABEL_IN_BRACKET.search(text, start) or _NATURE.match(text, start + 1))


def _is_item(text: str) -> bool:
    line = plain_line(text)
    return any((found := pattern.match(line)) and line[found.end() :][:1] not in ("%", "％") for _, pattern in _NUMBERS)


def _glue(before: str, after: str) -> str:
    """Two texts as one; only where they meet is there anything to mend in the first."""
    space = " " if re.fullmatch(r"[A-Za-z][!-~]|[!-~][A-Za-z]", before[-1:] + after[:1]) else ""
    return before[:-1] + compact(f"{before[-1:]}{space}{after}")


def _glued(before: Line, line: Line) -> Line:
    listed = before.style in UNIT_LABELS and _names_alone(line.text) and _whole_name(before.text)
    text = f"{before.text}、{line.text}" if listed else _glue(before.text, line.text)
    depth = depth_at_end(line.text, before.depth)
    return replace(before, text=text, depth=depth, blocks=(*before.blocks, *line.blocks))


def pieces_of(text: str) -> Iterator[str]:
    """A paragraph at its labels in mid-text, and after the clause that follows a unit label."""
    line = set_names_apart(_label_together(plain_line(text)))
    depths = _Depths(line)
    starts = (found.start() for found in _INLINE.finditer(line))
    cuts = [start for start in starts if not depths.at(start)]
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


def _label_together(line: str) -> str:
    """A line whose label is spread over the width of others (牵 头 单 位：), the label put together."""
    found = _SPREAD.match(line)
    if found and LABEL.match(label := f"{found[1].replace(' ', '')}："):
        return label + line[found.end() :]
    return line


class _Depths:
    """How many brackets are open at a place of a sentence, asked from left to right in one pass."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.place = self.depth = 0

    def at(self, place: int) -> int:
        """The depth at a place that is not before the last one asked for."""
        for char in self.line[self.place : place]:
            if char == "。":
                self.depth = 0
            elif char in "（(〔[【《":
                self.depth += 1
            elif char in "）)〕]】》" and self.depth:
                self.depth -= 1
        self.place = place
        return self.depth


def _classified(text: str, place: str, index: int) -> Iterator[Line]:
    """The line that a piece is; what follows a bracket of units on its own is a line again."""
    bare, asides = take_asides(text)
    if asides and not bare.strip(" 。；;，,"):
        for aside in split_top(asides, "；;"):
            yield _classify(aside, place, index)
        return
    line = _classify(text, place, index)
    if line.kind == "label" and line.style == "measures" and _is_item(line.text) and find_clause(line.text):
        yield replace(line, text="")  # 具体措施：1.…（A负责）: the first measure stands on the line of the label
        yield _classify(line.text, place, index)
        return
    if line.kind != "clause":
        yield line
        return
    bare, asides = take_asides(line.label)
    inside, rest = [text for text in (line.text, asides) if text], bare
    while (found := find_clause(rest)) and not found[0].strip(" 。；;，,"):
        inside.append(found[1])
        rest = found[2]
    yield replace(line, text="；".join(inside), label="")
    if rest.strip(" 。；;，,.、)）"):
        yield _classify(rest, place, index)


def _classify(text: str, place: str, index: int) -> Line:
    line = plain_line(text)
    for style, pattern in _NUMBERS:
        if found := pattern.match(line):
            rest = line[found.end() :]
            labelled = LABEL.match(rest)
            if labelled and (labelled.lastgroup in _NUMBERED_LABELS or _CONTENT.match(labelled[0])):
                return _classify(rest, place, index)  # 3.牵头单位：…: the number is that of the label
            if labelled and labelled.lastgroup == "title" and rest[labelled.end() :].strip():
                rest = rest[labelled.end() :]  # 1.督办事项：…: the number is that of the task
            if _DETAIL.match(rest):
                return Line("plain", compact(rest), place, index)
            if rest and rest[0] not in "%％":
                rest = rest.rstrip("—─－ ")  # a label set apart by a dash stood after it
                return Line("item", compact(rest), place, index, style, number_of(found["no"]), found[0].strip())
    if found := LABEL.match(line):
        key, rest = str(found.lastgroup), line[found.end() :]
        persons = key in ("leaders", "heads") or "任人" in found[0] or "负责人" in found[0]
        rest = rest if persons else compact(rest)  # between persons a space may be the only mark
        return Line("label", rest, place, index, key, label=found[0])
    if begins_with_stage(line):
        return Line("label", compact(line), place, index, "stage")
    if line[:1] and line[0] in BRACKETS and (clause := find_clause(line)) and not clause[0].strip():
        return Line("clause", clause[1], place, index, label=clause[2])
    return Line("plain", compact(line), place, index)


def number_of(text: str) -> int | None:
    """The value of a printed number in any of the styles; None for a text that is none."""
    if len(text) == 1 and "①" <= text <= "⑳":
        return ord(text) - 0x2460 + 1
    return parse_numeral(text)


def _continues(before: Line, line: Line) -> bool:
    """Whether a line is the torn-off rest of the one before it."""
    if line.kind == "label" or before.styled or len(before.text) > _MAX_GLUED:
        return False
    if before.kind == "plain" and is_plan_title(line.text):
        return False  # the date of a notice stands above it
    open_bracket = before.depth > 0
    if line.kind != "plain":
        return open_bracket and line.kind == "clause"
    if before.kind == "item" and before.style in HEADING_STYLES and not _sentence_like(before.text):
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
    if _names_alone(text) and _whole_name(before.text):
        return True
    last = re.split(r"[、，,；;]", before.text)[-1]
    return bool(_LIST_REST.match(text)) or not (names_unit(last) or VERB_END.search(last[-40:]))


def _names_alone(text: str) -> bool:
    """Whether a line is nothing but names of units that show their level: one of a list with a unit on each line."""
    return all(
        LEVEL_WORD.match(name) and looks_like_unit(name) for name in re.split(r"[、，,；;]", text.rstrip("。；;"))
    )


def _whole_name(text: str) -> bool:
    """Whether a list ends with a whole name, so that the next line begins another."""
    return looks_like_unit(re.split(r"[、，,；;]", text)[-1])


def _sentence_like(text: str) -> bool:
    return "。" in text or find_clause(text) is not None
