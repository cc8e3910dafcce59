"""Rows as a dialect read them -> the rows of a plan's frames, with findings where a text is not clear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from taskkit.deadlines import deadline_in, is_open_deadline, parse_deadline
from taskkit.dialects import ClauseText, TaskRow
from taskkit.findings import Finding, finding
from taskkit.measures import measure, split_measures
from taskkit.targets import find_targets
from taskkit.text import squeeze
from taskkit.unit_names import (
    Lexicon,
    complete,
    looks_glued,
    looks_like_unit,
    split_cell,
    taken_apart,
    units_with_heads,
)
from taskkit.unit_words import LEVEL_WORD, LOST_TITLE, PROVINCES, first_leads, marked_leads, set_labels_apart
from taskkit.units import Clause, Role, Unit, parse_clauses, ranked


def learn(rows: Iterable[TaskRow], issuer: str | None, notice: Iterable[str], title: str | None = None) -> Lexicon:
    """What a document teaches about names: full names, places, and the rule on who leads a list.

    ``notice`` are its texts that are no tasks, without spaces.
    """
    known: set[str] = set()
    persons: set[str] = set()
    bare = Lexicon()
    ruled = False
    for row in rows:
        persons.update(row.leaders, row.heads)
        for text in (*row.clauses, *(each for step in row.steps for each in step.clauses)):
            if text.cell:
                known |= {name for name in re.split(r"[、，,；;]", text.text) if name and not re.search(r"\s", name)}
            ruled = ruled or first_leads(text.text)
            clause = parse_clauses([(_cell_text(text, ()), text.role)], bare)
            known |= {unit.name for unit in clause.units}
            persons.update(clause.leaders, clause.heads)
    places = {
        found[1] for name in known if (found := re.match(r"^([\u4e00-\u9fff]{2,3})[市县区镇乡](?:人民)?政府$", name))
    }
    places |= {name for name in re.findall(r"([\u4e00-\u9fff]{2,3}?)[省市县区]", issuer or "") if len(name) > 1}
    if found := re.match(r"(?:20\d\d年)?《?([\u4e00-\u9fff]{2,3}?)[省市县区州旗]", title or ""):
        places.add(found[1])
    full = {name for name in known if LEVEL_WORD.match(name) or looks_like_unit(name)}
    said = list(notice)
    rule = ruled or any(map(first_leads, said))
    return Lexicon(frozenset(full), frozenset(persons), PROVINCES | places, rule, any(map(marked_leads, said)))


def _cell_text(text: ClauseText, known: Iterable[str]) -> str:
    """A clause text as one line; names that a table cell sets apart by spaces get a 、."""
    if not text.cell:
        return text.text
    groups = re.split(r"([，,；;])", set_labels_apart(text.text))
    names = frozenset(known)
    return "".join(part if part in "，,；;" else "、".join(split_cell(part, names)) for part in groups)


@dataclass
class Builder:
    """Collects the rows of the frames, task by task."""

    lexicon: Lexicon
    year: int | None
    tasks: list[dict[str, Any]] = field(default_factory=list)
    assignments: list[dict[str, Any]] = field(default_factory=list)
    measures: list[dict[str, Any]] = field(default_factory=list)
    targets: list[dict[str, Any]] = field(default_factory=list)
    goals: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    shared_numbers: set[str] = field(default_factory=set)  # tasks whose printed number covers the one before too

    def part(self, name: str, rows: Sequence[TaskRow]) -> None:
        """Take the rows of one part; ids are given in reading order."""
        letter = "T" if name == "main" else "A"
        start = sum(task["task_id"].startswith(letter) for task in self.tasks) + 1
        carried: tuple[str, ...] = ()
        for number, row in enumerate(rows, start=start):
            carried = self._task(f"{letter}{number:03d}", name, row, carried)

    def _task(self, task_id: str, part: str, row: TaskRow, carried: tuple[str, ...]) -> tuple[str, ...]:
        clause = self._clause(row.clauses)
        steps = [self._clause(step.clauses) for step in row.steps]
        later = carried + tuple(name for each in (clause, *steps) for name in each.carried)
        units = [*clause.units, *(Unit(name, "support", collective=True, raw=name) for name in later)]
        units = self._with_heads(task_id, row, clause, units)
        every = (clause, *steps)
        by_steps = "；".join(dict.fromkeys(step.deadline for step in steps if step.deadline))
        deadline = row.deadline or clause.deadline or by_steps or deadline_in(row.title or "")
        leaders = row.leaders or tuple(dict.fromkeys(person for each in every for person in each.leaders))
        leaders = self._persons(task_id, row, leaders)
        due_on = parse_deadline(deadline, self.year) if deadline else None
        self.tasks.append(
            {
                "task_id": task_id,
                "part": part,
                "no": row.no,
                "section": squeeze(row.section) if row.section else None,
                "group": squeeze(row.group) if row.group else None,
                "title": None if row.title == LOST_TITLE else row.title,
                "measures": row.measures,
                "leaders": list(leaders),
                "joint": clause.joint if clause.units else any(step.joint for step in steps),
                "open_ended": any(each.open_ended for each in every),
                "deadline": deadline,
                "due_on": due_on,
                "source": row.place,
            }
        )
        if row.shares_no:
            self.shared_numbers.add(task_id)
        self._assign(task_id, None, ranked(units))
        self._measure(task_id, row, steps)
        self._aim(task_id, row, clause)
        self._doubt(task_id, row, every)
        if deadline and due_on is None and self.year and not is_open_deadline(deadline):
            self.findings.append(finding("deadline-unread", source=row.place, task_id=task_id, text=deadline[:30]))
        return later

    def _doubt(self, task_id: str, row: TaskRow, every: Sequence[Clause]) -> None:
        place = {"source": row.place, "task_id": task_id}
        for code in dict.fromkeys(code for each in every for code in each.doubts):
            self.findings.append(finding(code, title=_short(row), **place))
        for name in dict.fromkeys(name for each in every for name in each.both):
            self.findings.append(finding("both-roles", title=_short(row), unit=name, **place))
        if row.label_as:
            self.findings.append(finding("label-spelling", label=row.group, other=row.label_as, **place))

    def _with_heads(self, task_id: str, row: TaskRow, clause: Clause, units: list[Unit]) -> list[Unit]:
        """Give persons from a column or label of their own to the leading units."""
        units = [replace(unit, heads=self._persons(task_id, row, unit.heads)) for unit in units]
        persons = self._persons(task_id, row, (*row.heads, *clause.heads))
        leads = [place for place, unit in enumerate(units) if unit.role == "lead"]
        if not persons or not leads:
            return units
        shares = [persons] if len(leads) == 1 else [(person,) for person in persons]
        if len(shares) != len(leads):
            shares = [persons]
            words = {"title": _short(row), "persons": "、".join(persons)}
            self.findings.append(finding("heads-unsure", source=row.place, task_id=task_id, **words))
        given = dict(zip(leads, shares, strict=False))
        return [replace(unit, heads=(*unit.heads, *given.get(place, ()))) for place, unit in enumerate(units)]

    def _persons(self, task_id: str, row: TaskRow, names: Sequence[str]) -> tuple[str, ...]:
        """Names of persons, glued ones taken apart where the document shows that they are two, else reported."""
        persons = tuple(taken_apart(names, self.lexicon.persons))
        for name in filter(looks_glued, persons):
            self.findings.append(finding("names-glued", source=row.place, task_id=task_id, name=name))
        return persons

    def _clause(self, texts: Sequence[ClauseText]) -> Clause:
        heads: dict[str, tuple[str, ...]] = {}
        pairs: list[tuple[str, Role]] = []
        for text in texts:
            if text.heads:
                found = units_with_heads(text.text)
                heads |= dict(found)
                pairs.append(("、".join(unit for unit, _ in found), text.role))
            else:
                pairs.append((_cell_text(text, self.lexicon.known), text.role))
        clause = parse_clauses(pairs, self.lexicon)
        units = [
            replace(unit, name=complete(unit.name, self.lexicon), heads=heads.get(unit.raw, unit.heads))
            for unit in clause.units
        ]
        return replace(clause, units=ranked(units))

    def _assign(self, task_id: str, measure_no: int | None, units: Iterable[Unit]) -> None:
        self.assignments += [
            {
                "task_id": task_id,
                "measure_no": measure_no,
                "unit": unit.name,
                "role": unit.role,
                "rank": unit.rank,
                "collective": unit.collective,
                "heads": list(unit.heads),
                "raw": unit.raw,
            }
            for unit in units
        ]

    def _measure(self, task_id: str, row: TaskRow, steps: Sequence[Clause]) -> None:
        found = [measure(step.text) for step in row.steps] if row.steps else split_measures(row.measures or "")
        for number, each in enumerate(found, start=1):
            self.measures.append(
                {
                    "task_id": task_id,
                    "measure_no": number,
                    "text": each.text,
                    "kind": each.kind,
                    "documents": list(each.documents),
                }
            )
        for number, clause in enumerate(steps, start=1):
            self._assign(task_id, number, clause.units)

    def _aim(self, task_id: str, row: TaskRow, clause: Clause) -> None:
        found = find_targets(row.title or "")
        for target in find_targets(row.measures or ""):  # 地区生产总值 | 增长6%: the title says of what
            found.append(target if target.indicator else replace(target, indicator=_short(row)))
        seen = {(target.value, target.unit) for target in found}
        for stage, text in row.goals:  # the year's goal; those of the stages are parts of it
            if stage == "全年":
                more = [
                    target
                    for target in find_targets(_with_unit(text, row.title or ""))
                    if (target.value, target.unit) not in seen
                ]
                found += [replace(target, indicator=target.indicator or _short(row)) for target in more]
        for number, target in enumerate(found, start=1):
            own = {"task_id": task_id, "target_id": f"{task_id}.{number}", "nature": clause.nature}
            self.targets.append(own | vars(target))
        self.goals += [{"task_id": task_id, "stage": stage, "text": text} for stage, text in _one_per_stage(row.goals)]


def _with_unit(goal: str, title: str) -> str:
    """A goal that is a bare number with the unit that its task names: 新增就业（万人） | 3.5以上."""
    number = re.fullmatch(r"([≥≤]?\d+(?:\.\d+)?)((?:及?以[上下内]|左右)?)", goal.strip())
    unit = re.search(r"[（(]([^（）()\d]{1,6})[）)]$", title)
    return f"{number[1]}{unit[1]}{number[2]}" if number and unit else goal


def _one_per_stage(goals: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Goals of one stage from several rows as one text, each said once."""
    texts: dict[str, list[str]] = {}
    for stage, text in goals:
        if text not in texts.setdefault(stage, []):
            texts[stage].append(text)
    return [(stage, "；".join(text.rstrip("；;") for text in listed)) for stage, listed in texts.items()]


def _short(row: TaskRow) -> str:
    text = row.title or row.measures or ""
    return text if len(text) <= 20 else f"{text[:20]}…"
