"""The engine for plans written in paragraphs: numbered items, labels and brackets -> rows.

Which style of number is a task is settled in styles.py. Outer styles are headings, inner ones are
measures of the task.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from taskkit.dialects.clauses import find_clause, is_silent, take_asides
from taskkit.dialects.drafts import Draft
from taskkit.dialects.front import is_plan_title
from taskkit.dialects.lines import HEADING_STYLES, STYLES, Line, read_lines
from taskkit.dialects.remarks import is_chore, is_closing
from taskkit.dialects.rows import ClauseText, Reading, Step
from taskkit.dialects.stages import stage_goals
from taskkit.dialects.styles import outer_style, task_style
from taskkit.documents import Paragraph
from taskkit.findings import Finding, finding
from taskkit.text import compact, ends_sentence
from taskkit.unit_words import UNIT_LABELS, both_scripts
from taskkit.units import Role, is_collective, looks_like_person, looks_like_unit, parse_clause, parse_persons

# A task may be called as plans are (实施空气提升行动计划), but in the midst of tasks and with a verb first.
_DOES = re.compile(
    r"实施|推[进动]|落实|制[定订]|编制|出台|开展|完成|深入|全面|加快|持续|组织|执行|贯彻|启动|[抓做]好|建立|健全|完善|修订"
)
_EMPTY = re.compile(r"[（(〔\[【]\s*[）)〕\]】]")
_REPORTING = re.compile(r"报送|上报|报告|汇总")
_ISSUES = re.compile(both_scripts("印发给你们|随文印发|现[予将]?(?:予以)?印发"))
_ANNEX = re.compile(r"附件(?:\d{1,2}?)?[：:]?(?:20\d\d年[^。]{0,60})?$")
_MOST_CLAUSES = 300  # brackets of units in one text; what has more was never written by an office
_MAX_TITLE = 120  # a plain line longer than this is no title
_ENTRY_INTO_FORCE = re.compile(r"本(?:措施|方案|意见|办法|通知|规定|清单|要点)自")
_BRACKETS = tuple("（(〔[【")
_CONTENT = re.compile("内容|內容")
_UNKNOWN_LABEL = re.compile(r"[\u4e00-\u9fff]{2,8}[：:]")
_MAX_TITLE_LINE = 40  # nor is one longer than this the title of the paragraph after it
_OUTERMOST = {"part", "chinese"}


def read_items(paragraphs: Sequence[tuple[int, Paragraph]]) -> Reading:
    """Read paragraphs into rows; none where no line names a unit."""
    lines = read_lines(paragraphs)
    style = task_style(lines)
    if style is None:
        return Reading()
    outer = outer_style(lines, style)
    inner = STYLES[STYLES.index(style) + 1 :] if style else ()
    walk = _Walk(outer or style, whole=outer is not None or any(outer_style(lines, each) == style for each in inner))
    for line in lines:
        walk.take(line)
    drafts, skipped = _in_plan(walk.drafts)
    used = frozenset(index for draft in drafts for index in draft.used)
    return Reading(tuple(draft.row() for draft in drafts), used, tuple(skipped))


class _Walk:
    """Walks the lines in reading order and collects drafts."""

    def __init__(self, style: str, whole: bool = False) -> None:
        self.style = style
        self.whole = whole  # units after the last measure are those of the task
        self.depth = STYLES.index(style) if style else len(STYLES)
        self.headings: dict[str, str] = {}
        self.said: dict[str, list[str]] = {}  # leaders by the style of the heading that names them, for all its tasks
        self.drafts: list[Draft] = []
        self.current: Draft | None = None
        self.pending: Line | None = None
        self.region = 0

    def take(self, line: Line) -> None:
        """Take the next line."""
        if line.style == "stage" and (self.current is None or _REPORTING.search(line.text)):
            line = replace(line, kind="plain")  # a calendar in the notice, not the goal of a task
        if line.kind == "item":
            self._item(line)
        elif line.kind == "label":
            self._label(line)
        elif line.kind == "clause":
            self._clause(line)
        else:
            self._plain(line)
        if self.current and line.kind != "plain":
            self.current.used.update(line.blocks)

    def _begin(self) -> None:
        """Begin the plan at its title: the numbered requirements of a notice above it are no headings of its tasks."""
        self.headings.clear()
        self.drafts.clear()
        self.said.clear()
        self.current = self.pending = None
        self.region += 1

    def _item(self, line: Line) -> None:
        depth = STYLES.index(line.style)
        if depth < self.depth and not find_clause(line.text):
            self._heading(line, depth)
        elif depth > self.depth and self.current:
            self._step(self.current, line)
        else:
            for style in STYLES[depth : self.depth]:
                self.headings.pop(style, None)  # an item of an outer style that is a task itself
            draft = self._new(line)
            draft.no, draft.above, draft.lead = line.no, depth < self.depth, line.lead
            self._text(line.text)
            draft.headed = line.style in HEADING_STYLES and not draft.clauses and not ends_sentence(line.text)
            if line.styled and self.current:
                self.current.field = "measures"  # what stands under a heading is no more of it

    def _heading(self, line: Line, depth: int) -> None:
        for style in STYLES[depth:]:
            self.headings.pop(style, None)
            self.said.pop(style, None)
        text, asides = take_asides(line.text)
        if _is_heading(text):
            self.headings[line.style] = f"{line.label}{text}"
        self.said[line.style] = list(parse_clause(asides).leaders) or _leader_of(text)
        self.current = self.pending = None
        if line.style in _OUTERMOST or not self.headings.keys() & _OUTERMOST:
            self.region += 1

    def leaders(self) -> list[str]:
        """The leaders whom the innermost heading that names any names."""
        return next((list(self.said[style]) for style in reversed(STYLES) if self.said.get(style)), [])

    def _new(self, line: Line) -> Draft:
        styles = [style for style in STYLES if style in self.headings]
        if len(styles) > 2 and styles[0] == "part":
            styles = styles[1:]
        names = [self.headings[style] for style in styles]
        self.current = Draft(
            line.place,
            line.index,
            section=names[0] if names else None,
            group=names[-1] if len(names) > 1 else None,
            leaders=self.leaders(),
            region=self.region,
        )
        self.drafts.append(self.current)
        self.pending = None
        return self.current

    def _text(self, text: str) -> None:
        """Take the text of an item: what brackets in it name units, and what follows them is a step."""
        draft = self.current
        assert draft is not None
        text, asides = take_asides(_EMPTY.sub("", text))
        if asides:
            said = parse_clause(asides)
            draft.leaders = list(said.leaders) or draft.leaders
            draft.heads += said.heads
            draft.deadline = said.deadline or draft.deadline
        parts, rest = _clauses_of(text)
        tail = rest.strip(" 。；;，,、）)〕]】")  # what is left of a bracket closed twice is no text
        if len(parts) <= 1:
            before, inside = parts[0] if parts else (text, None)
            draft.title.append(before + (rest if parts and tail else ""))
            prose = text[len(before) : len(before) + 1] not in _BRACKETS
            if inside is not None and not (prose and _is_remark(draft) and is_chore(before)):
                draft.clauses.append(ClauseText(inside))
                if not prose and is_silent(inside) and before[-1:] not in "。；;！？":
                    draft.lists.append((len(draft.title) - 1, text, draft.clauses[-1]))
            return
        self._inline_steps(draft, parts, tail)

    def _inline_steps(self, draft: Draft, parts: list[tuple[str, str]], tail: str) -> None:
        first, *_ = parts
        head, colon, start = first[0].partition("：")
        head, start = (head, start) if colon and len(head) <= 60 else _before_number(first[0])
        if head:
            draft.title.append(head)
        else:
            draft.title.append(_without_step_number(first[0]))
        for place, (before, inside) in enumerate(parts):
            words = (start or before) if not place else before
            text = _without_step_number(words).strip("。；; ")
            draft.steps.append(Step(compact(text), (ClauseText(inside),)))
            draft.measures.append(f"{compact(text)}。")
        if tail:
            draft.measures.append(tail)

    def _step(self, draft: Draft, line: Line) -> None:
        found = find_clause(line.text)
        text = (found[0] if found else line.text).strip()
        draft.field = "measures"
        draft.step_labels.clear()
        draft.measures.append(f"{line.label}{text}")
        own = found is not None and not self.whole
        draft.steps.append(Step(text, (ClauseText(found[1]),) if found and own else ()))
        if found and not own:
            draft.clauses.append(ClauseText(found[1]))

    def _label(self, line: Line) -> None:
        key = self._key(line)
        if key == "leaders" and (self.current is None or (self.current.leaders and self.current.bears)):
            innermost = [style for style in STYLES if style in self.headings][-1:]
            self.said[innermost[0] if innermost else STYLES[0]] = parse_persons(line.text)
            return
        if key == "title" or self._starts_anew(line, key):
            pending = self.pending
            draft = self._new(line)
            if pending and key != "title":
                draft.title.append(pending.text)
                draft.place, draft.block = pending.place, pending.index
                draft.used.update(pending.blocks)
        draft = self.current or self._new(line)
        draft.labels.add(key)
        if key == "title" and not _CONTENT.search(line.label):
            draft.labels.add("named")
        draft.field = key
        self._labelled(draft, key, line)

    def _key(self, line: Line) -> str:
        """What a label is about: 责任人 beside a leader or after units is the unit's, 任务内容 may be measures."""
        draft = self.current
        if (
            line.style == "leaders"
            and draft
            and re.search("责任人|責任人", line.label)
            and (draft.own or draft.clauses)
        ):
            return "heads"
        if line.style == "title":
            fresh = draft is not None and not draft.bears and not draft.labels & {"title", "measures"}
            under_title = fresh and draft is not None and draft.no is not None and draft.title
            after_line = self.pending and (draft is None or draft.bears) and _CONTENT.search(line.label)
            after_name = draft is not None and "named" in draft.labels and not draft.labels & {"measures"}
            after_name = after_name and draft is not None and not draft.bears and bool(_CONTENT.search(line.label))
            if under_title or after_line or after_name:
                return "measures"
        return line.style

    def _starts_anew(self, line: Line, key: str) -> bool:
        draft = self.current
        if draft is None:
            return key in ("measures", *UNIT_LABELS)
        if draft.steps and key in UNIT_LABELS and (draft.field == "measures" or self._same_step(draft, key)):
            return False
        if key == "measures":
            if not line.text and "measures" not in draft.labels:
                return False  # 具体措施： on a line of its own, numbered measures follow
            follows = draft.no is not None and self.pending is None  # a numbered task, its units before its measures
            return "measures" in draft.labels or (draft.bears and not follows)
        return key in UNIT_LABELS and (key in draft.labels or ("either" in draft.labels and self.pending is not None))

    def _labelled(self, draft: Draft, key: str, line: Line) -> None:
        if key in UNIT_LABELS:
            role: Role = "lead" if key == "lead" else "support" if key == "support" else "either"
            clause = ClauseText(line.text, role, heads=bool(re.search("责任人|负责人", line.label)))
            if draft.steps and not self.whole and (not draft.steps[-1].clauses or self._same_step(draft, key)):
                draft.steps[-1] = replace(draft.steps[-1], clauses=(*draft.steps[-1].clauses, clause))
                draft.step_labels.add(key)
            else:
                draft.clauses.append(clause)
        elif key == "leaders":
            draft.leaders, draft.own = parse_persons(line.text), True
        elif key == "heads":
            persons, units = _persons_and_units(line.text)
            draft.heads += persons
            draft.clauses += [ClauseText(units, "support")] if units else []
        elif key == "watch":
            pass  # who supervises has nothing to report
        elif key == "deadline":
            draft.deadline = line.text.rstrip("。；;") or None
        elif key == "stage":
            draft.goals += stage_goals(line.text)
        elif key == "goal":
            draft.goals.append(("全年", line.text))
        elif key == "title":
            self._text(line.text)
        else:
            found = find_clause(line.text)
            draft.measures.append(found[0] if found else line.text)
            if found:
                draft.clauses.append(ClauseText(found[1]))

    @staticmethod
    def _same_step(draft: Draft, key: str) -> bool:
        """Whether a label goes on with the units of the step: 配合单位 on the line after 牵头单位."""
        return bool(draft.step_labels) and key not in draft.step_labels

    def _clause(self, line: Line) -> None:
        if self.current is None:
            pending = self.pending
            draft = self._new(line)
            if pending:
                draft.title.append(pending.text)
        draft = self.current or self._new(line)
        draft.clauses.append(ClauseText(line.text))

    def _paragraph(self, line: Line, found: tuple[str, str, str]) -> None:
        """Take a paragraph without number that names units; a title on the line before it is its title."""
        pending = self.pending
        draft = self._new(line)
        draft.used.update(line.blocks)
        if pending and self.style == "" and _is_title_line(pending) and not find_clause(found[2]):
            draft.title.append(pending.text)
            draft.place, draft.block = pending.place, pending.index
            draft.used.update(pending.blocks)
            draft.measures.append(found[0])
            draft.clauses.append(ClauseText(found[1]))
            return
        self._text(line.text)

    def _plain(self, line: Line) -> None:
        is_title = is_plan_title(line.text) and not (self.drafts and _DOES.match(line.text))
        if is_title and not any(draft.bears for draft in self.drafts):
            self._begin()
            return
        if self.drafts and _ANNEX.match(line.text):
            self.headings.clear()  # those of the part before are not its own
            self.said.clear()
            self.current = self.pending = None
            return
        draft = self.current
        found = find_clause(line.text)
        if found and not self.drafts and _ISSUES.search(line.text):
            return  # 将情况报联席会议办公室（县民政局）: the notice itself
        if found and not (draft and not draft.bears):
            self._paragraph(line, found)
        elif draft and not draft.bears and draft.field in ("title", "measures"):
            if found:
                draft.clauses.append(ClauseText(found[1]))
            if draft.field == "title" and (draft.headed or (draft.no is not None and _UNKNOWN_LABEL.match(line.text))):
                draft.field = "measures"
            (draft.title if draft.field == "title" else draft.measures).append(found[0] if found else line.text)
            draft.used.update(line.blocks)
        elif len(line.text) <= _MAX_TITLE and not is_title:
            self.pending = line
        else:
            self.pending = None


def _persons_and_units(text: str) -> tuple[list[str], str]:
    """The persons after a label, and the units that follow them after a ；: 责任人：王二；各村."""
    first, *rest = re.split("[；;]", text)
    units = "；".join(part for part in rest if looks_like_unit(part.strip()) or is_collective(part.strip()))
    persons = parse_persons("；".join([first, *(part for part in rest if part not in units)]))
    return persons, units


def _is_title_line(line: Line) -> bool:
    """Whether a line without number is the title of the paragraph after it: short, no sentence, no 附件."""
    return len(line.text) <= _MAX_TITLE_LINE and not ends_sentence(line.text) and not line.text.startswith("附")


def _is_heading(text: str) -> bool:
    """Whether the text after an outer number is a heading; a paragraph with a run-in heading is none."""
    return "。" not in text.rstrip("。") or len(text) <= 40


# 一、王二市长主抓的重点工作: a heading that names who leads all of its tasks.
_LED = re.compile(
    both_scripts(
        r"(?P<who>[\u4e00-\u9fff]{2,12}(?:[省市县区州旗镇乡]长|书记|主任|同志)|(?:常务)?副?[省市县区州旗]长[\u4e00-\u9fff]{2,3})"
        r"(?:主抓|牵头|领衔|分管|包抓|负责|督办)+(?:推进|落实)?的?(?:重点|民生|主要)*(?:工作|任务|事项|项目|实事)(?:[（(].{1,12}[）)])?"
    )
)


def _leader_of(heading: str) -> list[str]:
    """Who leads all tasks under a heading that says so."""
    found = _LED.fullmatch(heading)
    return [person for person in parse_persons(found["who"]) if looks_like_person(person)] if found else []


_STEP_NUMBER = r"(?:[（(]?\d{1,2}[）)、.．]|[①-⑳]|[一二三四五六七八九十]{1,2}是)"


def _before_number(text: str) -> tuple[str, str]:
    """A text at its first inner number: (what stands before it, the rest)."""
    found = re.search(r"[（(]?\b1[）)、.．]|①|(?<=[。；;：:，,])一是", text)
    return (text[: found.start()], text[found.start() :]) if found and found.start() else ("", "")


def _without_step_number(text: str) -> str:
    return re.sub(rf"^[。；;，,\s]*{_STEP_NUMBER}\s*", "", text)


def _clauses_of(text: str) -> tuple[list[tuple[str, str]], str]:
    """The brackets of units in a text as (what stands before, inside), one after another as one; and the rest."""
    parts: list[tuple[str, str]] = []
    rest = text
    for _ in range(_MOST_CLAUSES):
        if not (found := find_clause(rest)):
            break
        before, inside, rest = found
        if parts and not before.strip(" 。；;，,"):
            parts[-1] = (parts[-1][0], f"{parts[-1][1]}；{inside}")
        else:
            parts.append((before, inside))
    return parts, rest


def _in_plan(drafts: Iterable[Draft]) -> tuple[list[Draft], list[Finding]]:
    """The drafts that are tasks, and a finding for each stretch of numbered ones that is left out after them.

    Under a heading where one names units all are tasks, but for closing remarks. Where none does,
    they are tasks if they stand between such headings or if their numbers go on.
    """
    listed = list(drafts)
    bearing = sorted({draft.region for draft in listed if draft.bears})
    kept: list[Draft] = []
    skipped: list[Finding] = []
    for region, group in groupby(listed, key=lambda draft: draft.region):
        every = list(group)
        members = [draft for draft in every if draft.bears or not _is_remark(draft)]
        between = bool(bearing) and bearing[0] < region < bearing[-1]
        if region in bearing or (
            members and all(draft.no for draft in members) and (between or _goes_on(kept, members))
        ):
            kept += members
            left = [draft for draft in every if draft not in members and draft.no]
        else:
            left = [draft for draft in every if draft in members or draft.no]
        if left and kept:
            first = left[0]
            skipped.append(finding("section-skipped", source=first.place, title=_heading_of(first), count=len(left)))
    return kept, skipped


def _is_remark(draft: Draft) -> bool:
    if _ENTRY_INTO_FORCE.match("".join(draft.title)):
        return True
    return bool(is_closing(draft.section or "") or is_closing(draft.group or ""))


def _goes_on(kept: list[Draft], members: list[Draft]) -> bool:
    last = kept[-1].no if kept else None
    return last is not None and members[0].no == last + 1


def _heading_of(draft: Draft) -> str:
    text = draft.group or draft.section or "".join(draft.title)
    return text if len(text) <= 20 else f"{text[:20]}…"
