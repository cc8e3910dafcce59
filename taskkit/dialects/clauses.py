"""Clauses within the text of a task: brackets, dashes and sentences that say which units answer for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from taskkit.text import (
    closing_brackets,
    split_top,
)
from taskkit.unit_names import is_collective, joined_names, looks_like_unit
from taskkit.unit_words import (
    ANY_UNIT_LABEL,
    LABELS,
    LEAD,
    LEVEL_WORD,
    ROLE_ASIDE,
    STRONG_END,
    SUPPORT,
    VERB_END,
    VERBS_AFTER_NAME,
    both_scripts,
    duty_of,
    is_date,
    verb_at_end,
)

BRACKETS = "（(〔[【"
_MAX_BEFORE_LABEL = 30
MAX_CLAUSE = 3_000  # no list of units is longer
_MAX_PROSE = 400  # nor is a sentence that names units
_PROSE = re.compile(
    both_scripts(rf"(?:{LEAD}|{SUPPORT}|负责|落实|实施|负总责|办理)(?:[。；;，,][^。]{{0,20}})?[。；;]?\s*$|负责")
)
# 各牵头单位要切实负责: what a notice asks of all, not who answers for a task.
_ROLE_ALONE = re.compile(
    both_scripts(rf"各?(?:级|有关|相关)?(?:{LEAD}|{SUPPORT}|主责|责任|承办)(?:责任)?(?:单位|部门)")
)
_EXHORTS = re.compile(both_scripts("(?<=[位门地级])(?:都|均|也)?[要须应]"))
_LEADING_WORD = re.compile(both_scripts(rf"{LEAD}|负责|落实|责任|主管|实施|执行|分工"))
_ROLE_WORD = re.compile(both_scripts(rf"{LEAD}|{SUPPORT}|负责|落实|责任|主管|实施|执行|分工|单位|部门"))
_NEXT_STEP = re.compile(r"[。；;①-⑳]|[一二三四五六七八九十]是|\d{1,2}[）)、]")
# Two places with 至 between them are the ends of a road, no unit (县城至石桥镇); 周至县 is a county.
_STRETCH = re.compile(r"[\u4e00-\u9fff]{2}(?:(?<!周)至|到)[\u4e00-\u9fff]{2}")
_BY_WHEN = re.compile(both_scripts(r"(?:[前底内末]|完成|推进|坚持|见效|到位|全年)$"))
_AFTER_DASH = re.compile(r"(?<![\d年月日])(?:——|──|--|－－|—)\s*(?=[^—─－]{2,200}$)")
LABEL_IN_BRACKET = re.compile(rf"(?:{ANY_UNIT_LABEL})\s*[：:]")
_ASIDE_LABEL = re.compile(rf"\s*(?:{LABELS['leaders']}|{LABELS['heads']}|{LABELS['deadline']})\s*[：:]")
_ASIDE_PART = re.compile(
    rf"[；;，,]\s*(?:{LABELS['leaders']}|{LABELS['heads']}|{LABELS['deadline']})\s*[：:][^；;：:]{{1,30}}(?=[；;]|$)"
)
_MAX_ASIDE = 80


def find_clause(text: str) -> tuple[str, str, str] | None:
    """The first bracket that names units: (before, inside, after); None where there is none."""
    brackets = _unit_brackets(text)
    first = next(brackets, None)
    while first and is_silent(text[first[0] + 1 : first[1]]) and (then := next(brackets, None)):
        if not _is_aside_before(text, first, then):
            break
        first = then
    if first:
        start, end = first
        return text[:start], text[start + 1 : end], text[end + 1 :]
    return _dash_clause(text) or _prose_clause(text)


def _unit_brackets(text: str) -> Iterator[tuple[int, int]]:
    """Where the brackets that name units begin and end."""
    for start, end in closing_brackets(text, BRACKETS).items():
        inside = text[start + 1 : min(end, start + 1 + MAX_CLAUSE)]
        closed = end < len(text)
        if _label_inside(inside) or (closed and is_clause(inside, _ends_text(text, start, end))):
            yield start, end


def _ends_text(text: str, start: int, end: int) -> bool:
    """Whether a bracket stands after a sentence at the end of a text."""
    return not text[end + 1 : end + 4].strip(" 。；;，,.") and text[:start][-1:] in "。；;！？”"


def is_silent(inside: str) -> bool:
    """Whether a bracket only lists names, without a word of who leads or answers for anything."""
    return not _ROLE_WORD.search(inside)


def _is_aside_before(text: str, first: tuple[int, int], then: tuple[int, int]) -> bool:
    """Whether a mere list in the midst of a sentence is no clause, as the one at its end is (县一中、县二中)."""
    between = text[first[1] + 1 : then[0]]
    if not between or text[: first[0]][-1:] in "。；;！？" or _NEXT_STEP.search(between.rstrip(" 。；;")):
        return False
    inside = text[then[0] + 1 : then[1]]
    return bool(_LEADING_WORD.search(inside)) if not is_silent(inside) else _ends_text(text, *then)


def _dash_clause(text: str) -> tuple[str, str, str] | None:
    """Units after a dash at the end of a text: 引进项目20个——县招商局、各乡镇."""
    found = _AFTER_DASH.search(text, max(0, len(text) - _MAX_PROSE))
    if not found or not found.start():
        return None
    inside = text[found.end() :].strip(" 。；;")
    return (text[: found.start()], inside, "") if is_clause(inside, last=True) else None


def _prose_clause(text: str) -> tuple[str, str, str] | None:
    """The sentences at the end of a text that say no more than who does it: …。由A牵头，B、C配合。"""
    if not _PROSE.search(text, max(0, len(text) - _MAX_PROSE)):
        return None
    start = len(text)
    named = False
    while start > 0 and len(text) - start < _MAX_PROSE:
        before = max(text.rfind(mark, 0, start - 1) for mark in "。！") + 1
        parts = [part.strip() for part in re.split(r"[，,；;]", text[before:start].strip(" 。；;")) if part.strip()]
        whose = [part for part in parts if not is_date(part)]
        last = whose or (parts and len(parts[-1]) <= 20 and _BY_WHEN.search(parts[-1]))
        if not before or not last or not all(map(_says_who, whose)):
            break
        named = named or bool(whose)
        start = before
    return (text[:start], text[start:].strip(), "") if named else None


def _says_who(part: str) -> bool:
    """Whether a part of a sentence is a list of units and what they answer for, and nothing else."""
    if len(part) > _MAX_PROSE:
        return False
    members = split_top(re.sub(r"^[由请]", "", part), "、")
    last, said = verb_at_end(members[-1])
    if not said:
        last, said = duty_of(members[-1])
    names = [*members[:-1], last]
    if _EXHORTS.search(part) or any(_ROLE_ALONE.match(name) for name in names):
        return False
    return (
        bool(said) and all(map(names_unit, names)) and any(_surely_unit(name) or is_collective(name) for name in names)
    )


def take_asides(text: str) -> tuple[str, str]:
    """A text without its brackets of leaders or dates alone （完成时限：11月底）, and what stood in them."""
    kept, asides, last = [], [], 0
    for start, end in closing_brackets(text, BRACKETS).items():
        inside = text[start + 1 : end]
        if start < last or len(inside) > _MAX_ASIDE or not _ASIDE_LABEL.match(inside):
            continue
        if not LABEL_IN_BRACKET.search(inside):
            kept.append(text[last:start])
            asides.append(inside)
            last = end + 1
    return "".join([*kept, text[last:]]), "；".join(asides)


def _label_inside(inside: str) -> bool:
    """Whether a bracket begins with a label of units, a few words before it allowed."""
    head = inside[: _MAX_BEFORE_LABEL + 20]
    stop = next((place for place, char in enumerate(head) if char in "（(〔[【）)"), len(head))
    found = LABEL_IN_BRACKET.search(head[: stop + 1])
    return found is not None and found.start() <= _MAX_BEFORE_LABEL


def is_clause(inside: str, last: bool = False) -> bool:
    """Whether the text inside a bracket is a list of units with roles rather than an aside.

    ``last``: it closes a sentence, so that one bare name in it is a unit and no alias of the one before.
    """
    if len(inside) >= MAX_CLAUSE:
        return False
    named = _ASIDE_PART.sub("", inside)  # A、B；分管领导：甲
    names = [name for part in re.split(r"[、，,；;]", named) if (name := part.strip()) and not is_date(name)]
    if any(VERB_END.search(name[-40:]) or duty_of(name)[1] or ROLE_ASIDE.search(name[-20:]) for name in names):
        return any(names_unit(name) for name in names)
    if not names or not all(map(names_unit, names)):
        return False
    if all(LEVEL_WORD.match(name) or is_collective(name) for name in names):
        return True
    return (len(names) > 1 or last) and any(_surely_unit(name) for name in names)


def _surely_unit(name: str) -> bool:
    plain = re.sub(r"[（(〔][^（）()〔〕]*[）)〕]$", "", name)
    return bool(LEVEL_WORD.match(name) or (STRONG_END.search(plain) and len(plain) > 2))


def names_unit(name: str) -> bool:
    bare = VERBS_AFTER_NAME.sub("", duty_of(name)[0][-80:])
    bare = re.sub(r"等(?:\d{1,2}[个家]?)?(?:单位|部门)?$", "", re.sub(r"^[由]", "", bare.strip()))
    bare = ROLE_ASIDE.sub("", bare)
    return not _STRETCH.search(bare) and all(
        looks_like_unit(each) or is_collective(each) for each in joined_names(bare)
    )
