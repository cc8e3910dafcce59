"""The engine for plans written in paragraphs: numbered items, labels and brackets -> rows.

Which style of number is a task is found by content: the innermost style (down to 1.) whose items
mostly name units. Outer styles are headings, inner ones are measures of the task.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from taskkit.dialects.front import is_plan_title
from taskkit.dialects.lines import STYLES, UNIT_LABELS, Line, find_clause, read_lines, take_asides
from taskkit.dialects.rows import ClauseText, Reading, Step, TaskRow
from taskkit.documents import Paragraph
from taskkit.findings import Finding, finding
from taskkit.text import compact
from taskkit.units import Role, parse_clause, parse_persons

_NOT_TASKS = re.compile(
    r"(?:工作|有关|相关|几点|具体)要求|保障(?:措施|机制)|组织(?:领导|实施|保障)|工作机制|有关事项|(?:督查|督办|考核|监督)|说明$"
)
_MAX_TITLE = 120  # a plain line longer than this is no title
_BEARING = 0.5
_OUTERMOST = {"part", "chinese"}
_TASK_STYLES = STYLES[1:4]  # 一、 （一） 1.


def read_items(paragraphs: Sequence[tuple[int, Paragraph]]) -> Reading:
    """Read paragraphs into rows; none where no line names a unit."""
    lines = read_lines(paragraphs)
    style = task_style(lines)
    if style is None:
        return Reading()
    outer = _outer_style(lines, style)
    inner = STYLES[STYLES.index(style) + 1 :] if style else ()
    walk = _Walk(outer or style, whole=outer is not None or any(_outer_style(lines, each) == style for each in inner))
    for line in lines:
        walk.take(line)
    drafts, skipped = _in_plan(walk.drafts)
    used = frozenset(index for draft in drafts for index in draft.used)
    return Reading(tuple(draft.row() for draft in drafts), used, tuple(skipped))


def task_style(lines: Sequence[Line]) -> str | None:
    """The style of number that tasks have; "" where tasks carry none, None where nothing names units."""
    counts: Counter[str] = Counter()
    bearing: Counter[str] = Counter()
    current = ""
    unnumbered = False
    for line in lines:
        if line.kind == "item":
            current = line.style
            counts[current] += 1
            bearing[current] += find_clause(line.text) is not None
        elif line.kind == "clause" or (line.kind == "label" and line.style in UNIT_LABELS):
            unnumbered = True
            bearing[current] += 1
            current = ""  # counted once
    return _choose_style(counts, bearing) or ("" if unnumbered else None)


def _outer_style(lines: Sequence[Line], style: str) -> str | None:
    """The style around the one that seems to name units, where only the last of each run of items does.

    （一）提升产业。 1.建设园区。 2.培育企业。 牵头单位：… names the units of （一）, not of 2.
    """
    runs: list[list[bool]] = []
    parents: Counter[str] = Counter()
    outer = ""
    for line in lines:
        if line.kind == "item" and line.style == style:
            if outer or not runs:
                runs.append([])
                parents[outer] += 1
            runs[-1].append(find_clause(line.text) is not None)
            outer = ""
        elif line.kind == "item" and STYLES.index(line.style) < STYLES.index(style or STYLES[0]):
            outer = line.style
        elif runs and not outer and (line.kind == "clause" or (line.kind == "label" and line.style in UNIT_LABELS)):
            runs[-1][-1] = True
    several = [run for run in runs if len(run) > 1]
    only_last = all(run[-1] and not any(run[:-1]) for run in several)
    if len(several) < 2 or len(several) < len(runs) / 2 or not only_last:
        return None
    return parents.most_common(1)[0][0] or None


def _choose_style(counts: Counter[str], bearing: Counter[str]) -> str | None:
    fits = [style for style in STYLES if counts[style] and bearing[style] >= _BEARING * counts[style]]
    outer = [style for style in fits if style in _TASK_STYLES]
    if outer:
        return outer[-1]
    if fits:  # only (1) or ① name units: measures of the 1. around them, or tasks where there is none
        return "arabic" if counts["arabic"] else fits[0]
    some = [style for style in _TASK_STYLES if bearing[style] > 1]
    return some[-1] if some else None


@dataclass
class _Draft:
    """A task while its lines come in."""

    place: str
    block: int
    no: int | None = None
    section: str | None = None
    group: str | None = None
    title: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    clauses: list[ClauseText] = field(default_factory=list)
    leaders: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    deadline: str | None = None
    goals: list[tuple[str, str]] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    used: set[int] = field(default_factory=set)
    region: int = 0
    field: str = "title"

    @property
    def bears(self) -> bool:
        return bool(self.clauses or any(step.clauses for step in self.steps))

    def row(self) -> TaskRow:
        title = compact("".join(self.title)) or None
        measures = compact("".join(self.measures)) or None
        return TaskRow(
            place=self.place,
            block=self.block,
            title=title,
            measures=measures,
            no=self.no,
            section=self.section,
            group=self.group,
            leaders=tuple(self.leaders),
            heads=tuple(self.heads),
            clauses=tuple(self.clauses),
            steps=tuple(self.steps) if any(step.clauses for step in self.steps) else (),
            deadline=self.deadline,
            goals=tuple(self.goals),
        )


class _Walk:
    """Walks the lines in reading order and collects drafts."""

    def __init__(self, style: str, whole: bool = False) -> None:
        self.style = style
        self.whole = whole  # units after the last measure are those of the task
        self.depth = STYLES.index(style) if style else len(STYLES)
        self.headings: dict[str, str] = {}
        self.leaders: list[str] = []  # said under a heading, for all its tasks
        self.drafts: list[_Draft] = []
        self.current: _Draft | None = None
        self.pending: Line | None = None
        self.region = 0

    def take(self, line: Line) -> None:
        """Take the next line."""
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
        self.leaders = []
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
            self._new(line).no = line.no
            self._text(line.text)

    def _heading(self, line: Line, depth: int) -> None:
        for style in STYLES[depth:]:
            self.headings.pop(style, None)
        text, asides = take_asides(line.text)
        if _is_heading(text):
            self.headings[line.style] = f"{line.label}{text}"
        self.leaders = list(parse_clause(asides).leaders)
        self.current = self.pending = None
        if line.style in _OUTERMOST or not self.headings.keys() & _OUTERMOST:
            self.region += 1

    def _new(self, line: Line) -> _Draft:
        styles = [style for style in STYLES if style in self.headings]
        if len(styles) > 2 and styles[0] == "part":
            styles = styles[1:]
        names = [self.headings[style] for style in styles]
        self.current = _Draft(
            line.place,
            line.index,
            section=names[0] if names else None,
            group=names[-1] if len(names) > 1 else None,
            leaders=list(self.leaders),
            region=self.region,
        )
        self.drafts.append(self.current)
        self.pending = None
        return self.current

    def _text(self, text: str) -> None:
        """Take the text of an item: what brackets in it name units, and what follows them is a step."""
        draft = self.current
        assert draft is not None
        text, asides = take_asides(text)
        if asides:
            said = parse_clause(asides)
            draft.leaders = list(said.leaders) or draft.leaders
            draft.heads += said.heads
            draft.deadline = said.deadline or draft.deadline
        parts, rest = _clauses_of(text)
        tail = rest.strip(" 。；;")
        if len(parts) <= 1:
            before, inside = parts[0] if parts else (text, None)
            draft.title.append(before + (rest if parts and tail else ""))
            if inside is not None:
                draft.clauses.append(ClauseText(inside))
            return
        self._inline_steps(draft, parts, tail)

    def _inline_steps(self, draft: _Draft, parts: list[tuple[str, str]], tail: str) -> None:
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

    def _step(self, draft: _Draft, line: Line) -> None:
        found = find_clause(line.text)
        text = (found[0] if found else line.text).strip()
        draft.field = "measures"
        draft.measures.append(f"{line.label}{text}")
        own = found is not None and not self.whole
        draft.steps.append(Step(text, (ClauseText(found[1]),) if found and own else ()))
        if found and not own:
            draft.clauses.append(ClauseText(found[1]))

    def _label(self, line: Line) -> None:
        key = line.style
        if key == "leaders" and (self.current is None or (self.current.leaders and self.current.bears)):
            self.leaders = parse_persons(line.text)
            return
        if key == "title" or self._starts_anew(line):
            pending = self.pending
            draft = self._new(line)
            if pending and key != "title":
                draft.title.append(pending.text)
                draft.place, draft.block = pending.place, pending.index
                draft.used.update(pending.blocks)
        draft = self.current or self._new(line)
        draft.labels.add(key)
        draft.field = key
        self._labelled(draft, key, line)

    def _starts_anew(self, line: Line) -> bool:
        draft, key = self.current, line.style
        if draft is None:
            return key in ("measures", *UNIT_LABELS)
        if draft.steps and draft.field == "measures" and key in UNIT_LABELS:
            return False
        if key == "measures":
            if not line.text and "measures" not in draft.labels:
                return False  # 具体措施： on a line of its own, numbered measures follow
            return draft.bears or "measures" in draft.labels
        return key in UNIT_LABELS and (key in draft.labels or ("either" in draft.labels and self.pending is not None))

    def _labelled(self, draft: _Draft, key: str, line: Line) -> None:
        if key in UNIT_LABELS:
            role: Role = "lead" if key == "lead" else "support" if key == "support" else "either"
            clause = ClauseText(line.text, role, heads=bool(re.search("责任人|负责人", line.label)))
            if draft.steps and not self.whole and not draft.steps[-1].clauses:
                draft.steps[-1] = replace(draft.steps[-1], clauses=(clause,))
            else:
                draft.clauses.append(clause)
        elif key == "leaders":
            draft.leaders = parse_persons(line.text)
        elif key == "heads":
            draft.heads += parse_persons(line.text)
        elif key == "deadline":
            draft.deadline = line.text.rstrip("。；;") or None
        elif key == "goal":
            draft.goals.append(("全年", line.text))
        elif key == "title":
            self._text(line.text)
        else:
            found = find_clause(line.text)
            draft.measures.append(found[0] if found else line.text)
            if found:
                draft.clauses.append(ClauseText(found[1]))

    def _clause(self, line: Line) -> None:
        if self.current is None:
            pending = self.pending
            draft = self._new(line)
            if pending:
                draft.title.append(pending.text)
        draft = self.current or self._new(line)
        draft.clauses.append(ClauseText(line.text))

    def _plain(self, line: Line) -> None:
        if is_plan_title(line.text) and not any(draft.bears for draft in self.drafts):
            self._begin()
            return
        draft = self.current
        found = find_clause(line.text)
        if found and not (draft and not draft.bears):
            self._new(line).used.update(line.blocks)
            self._text(line.text)
        elif draft and not draft.bears and draft.field in ("title", "measures"):
            if found:
                draft.clauses.append(ClauseText(found[1]))
            (draft.title if draft.field == "title" else draft.measures).append(found[0] if found else line.text)
            draft.used.update(line.blocks)
        elif len(line.text) <= _MAX_TITLE and not is_plan_title(line.text):
            self.pending = line
        else:
            self.pending = None


def _is_heading(text: str) -> bool:
    """Whether the text after an outer number is a heading; a paragraph with a run-in heading is none."""
    return "。" not in text.rstrip("。") or len(text) <= 40


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
    while found := find_clause(rest):
        before, inside, rest = found
        if parts and not before.strip(" 。；;，,"):
            parts[-1] = (parts[-1][0], f"{parts[-1][1]}；{inside}")
        else:
            parts.append((before, inside))
    return parts, rest


def _in_plan(drafts: Iterable[_Draft]) -> tuple[list[_Draft], list[Finding]]:
    """The drafts that are tasks, and a finding for each stretch of numbered ones that is left out.

    Under a heading where one names units all are tasks, but for closing remarks. Where none does,
    they are tasks if they stand between such headings or if their numbers go on.
    """
    listed = list(drafts)
    bearing = sorted({draft.region for draft in listed if draft.bears})
    kept: list[_Draft] = []
    skipped: list[Finding] = []
    for region, group in groupby(listed, key=lambda draft: draft.region):
        members = [draft for draft in group if draft.bears or not _is_remark(draft)]
        between = bool(bearing) and bearing[0] < region < bearing[-1]
        if region in bearing or (
            members and all(draft.no for draft in members) and (between or _goes_on(kept, members))
        ):
            kept += members
        elif members and kept:
            first = members[0]
            skipped.append(finding("section-skipped", source=first.place, title=_heading_of(first), count=len(members)))
    return kept, skipped


def _is_remark(draft: _Draft) -> bool:
    return bool(_NOT_TASKS.search(draft.section or "") or _NOT_TASKS.search(draft.group or ""))


def _goes_on(kept: list[_Draft], members: list[_Draft]) -> bool:
    last = kept[-1].no if kept else None
    return last is not None and members[0].no == last + 1


def _heading_of(draft: _Draft) -> str:
    text = draft.group or draft.section or "".join(draft.title)
    return text if len(text) <= 20 else f"{text[:20]}…"
