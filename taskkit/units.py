"""Responsible units: clauses, cells and lists -> units that stand alone, each with its role.

One grammar serves all the ways of writing them (domain.md, D1 to D20): role labels before a list
(牵头单位：…), role verbs after it (…牵头，…配合), and lists in which 、 separates the members of a
group and ， starts a new group. The labels and verbs are the tables of unit_words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from taskkit.text import compact, split_keeping, split_top
from taskkit.unit_names import (
    MAX_NAME,
    PLAIN,
    Lexicon,
    complete,
    is_collective,
    joined_names,
    looks_like_person,
    looks_like_unit,
    parse_persons,
    person_aside,
    split_cell,
    stand_alone,
    stands_alone,
    units_with_heads,
)
from taskkit.unit_words import (
    ELSEWHERE,
    LABEL,
    LABELS,
    LEVEL_WORD,
    MARKS,
    MID_VERB,
    NOBODY,
    PROVINCES,
    ROLE_ASIDE,
    UNIT_LABELS,
    VERB,
    both_scripts,
    duty_of,
    first_leads,
    is_date,
    set_labels_apart,
    set_names_apart,
    verb_at_end,
)

__all__ = [
    "LABEL",
    "LABELS",
    "LEVEL_WORD",
    "PLAIN",
    "PROVINCES",
    "UNIT_LABELS",
    "Clause",
    "Lexicon",
    "Role",
    "Unit",
    "complete",
    "is_collective",
    "looks_like_person",
    "looks_like_unit",
    "parse_clause",
    "parse_clauses",
    "parse_persons",
    "ranked",
    "split_cell",
    "stand_alone",
    "stands_alone",
    "units_with_heads",
]

Role = Literal["lead", "support", "either"]

_CARRY = re.compile(
    both_scripts(
        r"以[下上]?(?:各?项|任务|事项|所有|工作)*(?:均需|均由|都需|都由|由)(?P<who>[^，,。；;）)]+?)(?:配合|参与|负责)?落实"
    )
)
_CHATTER = re.compile(r"不再(?:逐一|一一)?列出|下同|略$")
_NATURE = re.compile(both_scripts(r"(?:(?P<aim>预期)|约束)性(?:指标)?$"))
_DENG = re.compile(
    r"等(?:\d{1,3}|[一二三四五六七八九十]{1,3})?[个家]?(?:相关|有关)?(?:行业|职能)?(?:主管|监管)?(?:单位|部门|單位|部門)?$"
)
# A、B等国务院相关部门及各地区: the last name, and the others of its kind.
_AND_OTHERS = re.compile(
    both_scripts(
        r"^(?P<name>.{2,}?)等(?P<rest>(?=.{0,3}(?:有关|相关|各))(?!(?:有关|相关)(?:部门|单位)$)"
        r"(?:国务院|中央|属地|本?[省市县区州旗](?:级|直|属)?)?(?:各|有关|相关).{1,20})$"
    )
)
# What a bracket in a list says of the whole plan: （列第一位者为牵头单位，下同）, （含开发区管委会，下同）.
_RULE_ASIDE = re.compile(
    both_scripts(r"[（(〔\[][^（）()〔〕\[\]]*(?:下同|首位|第一位|牵头单位为?)[^（）()〔〕\[\]]*[）)〕\]]$")
)
_CARRY_ASIDE = re.compile(
    r"(?<=[\u4e00-\u9fff])[（(](以[下上][^（）()]{0,60}(?:均需|均由|都需|都由|由)[^（）()]{0,60})[）)]$"
)
_DATE_ASIDE = re.compile(r"[（(〔\[]([^（）()〔〕\[\]]{1,20})[）)〕\]]$")


@dataclass(frozen=True)
class Unit:
    """One unit standing alone. ``rank`` counts from 1 within the role; ``raw`` is what was printed."""

    name: str
    role: Role
    rank: int = 0
    collective: bool = False
    heads: tuple[str, ...] = ()
    raw: str = ""


@dataclass(frozen=True)
class Clause:
    """What one clause says. ``carried`` are units that it names for all later items (D11)."""

    units: tuple[Unit, ...] = ()
    joint: bool = False
    open_ended: bool = False
    leaders: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()  # persons named after a label of their own (负责人：)
    deadline: str | None = None
    nature: str | None = None
    carried: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()  # codes of findings
    both: tuple[str, ...] = ()  # units named in both roles; they lead


@dataclass(frozen=True)
class _Run:
    """Names under one role: ``said`` is lead, each, support, either, do, or "" where nothing says it."""

    names: tuple[tuple[str, str], ...]
    said: str


def parse_clause(text: str, role: Role = "either", lexicon: Lexicon = PLAIN) -> Clause:
    """Read a clause (the text in a bracket, after a label, or of a line) into units with roles.

    ``role`` is what a label outside the text says; role words inside it count for more.
    """
    return parse_clauses([(text, role)], lexicon)


def parse_clauses(texts: Iterable[tuple[str, Role]], lexicon: Lexicon = PLAIN) -> Clause:
    """Read the clauses of one task together: who is "responsible" supports where another leads."""
    draft = _Draft(lexicon)
    for text, role in texts:
        draft.start(role)
        marked = set_labels_apart(compact(set_labels_apart(set_names_apart(text))).strip(" 。；;，,"))
        for segment, mark in split_keeping(marked, "；;，,。"):
            draft.take(segment.strip(), mark)
    return draft.finish()


class _Draft:
    """The state while a clause is read from left to right."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.label = ""
        self.lexicon = lexicon
        self.names: list[tuple[str, str]] = []
        self.runs: list[_Run] = []
        self.leaders: list[str] = []
        self.heads: list[str] = []
        self.deadline: str | None = None
        self.nature: str | None = None
        self.carried: list[str] = []
        self.doubts: list[str] = []
        self.others = ""  # a label that is not about units
        self.after_break = False
        self.ended = False  # a list of names ended in 等
        self.persons: dict[str, tuple[str, ...]] = {}  # in brackets after names

    def start(self, role: Role) -> None:
        """Begin the next text of the task, under what its label says."""
        self.close("")
        self.label, self.others, self.after_break = role, "", False

    def take(self, segment: str, mark: str) -> None:
        """Take the next segment and the mark that follows it."""
        while found := LABEL.match(segment):
            self.close("")
            label = str(found.lastgroup)
            self.others = "" if label in UNIT_LABELS else label
            if not self.others:
                self.label = label
            segment = segment[found.end() :]
            self.after_break = False
        if carry := _CARRY_ASIDE.search(segment):
            self._aside(carry[1])
            segment = segment[: carry.start()]
        segment = _RULE_ASIDE.sub("", segment)
        if not segment or self._aside(segment):
            return
        members = split_top(segment, "、")
        if self.after_break and self.label == "lead" and all(is_collective(name) for name in members):
            self.label = "support"
            self.doubts.append("role-guessed")
        self._names(segment)
        if mark in "；;":
            self.close("")
            self.after_break = bool(mark)
        elif mark in "，," and self.label in ("lead", "support"):
            self.close("")  # a verb after the next names must not take these from their label

    def _aside(self, segment: str) -> bool:
        """Take what is no list of units: leaders, deadlines, kinds of indicator, rules for later items."""
        if carry := _CARRY.search(segment[:200]):
            self.carried.append(carry["who"])
        if carry or _CHATTER.search(segment[-40:]) or first_leads(segment):
            return True
        if self.others == "leaders":
            self.leaders += parse_persons(segment)
        elif self.others == "heads":
            self.heads += parse_persons(segment)
        elif self.others == "deadline" or (not self.others and is_date(segment)):
            self._by_when(segment)
        elif nature := _NATURE.match(segment):
            self.nature = "预期性" if nature["aim"] else "约束性"
        else:
            return bool(self.others)
        return True

    def _by_when(self, text: str) -> None:
        self.deadline = f"{self.deadline}，{text}" if self.deadline else text

    def _names(self, segment: str) -> None:
        """Take one group: level words pass along it, verbs end a run within it."""
        segment = MID_VERB.sub("牵头、", re.sub(r"^[由请]", "", segment))
        if "牵头、" in segment and not VERB.search(segment[-40:]):
            segment += "配合"
        items = [each for item in split_top(segment, "、") for each in self._items(item.strip())]
        items = [each for each in items if not self._nobody(each[0])]
        bare = [_without_deng(name) for name, _, _ in items]
        alone = iter(stand_alone([name for name, _ in bare if name], self.lexicon))
        for (_, said, only), (name, ended) in zip(items, bare, strict=True):
            self.ended = self.ended or ended
            if only:
                self.close("")
            if name and (found := next(alone, None)):
                self.names.append(found)
            if said:
                self.close(said)

    def _nobody(self, name: str) -> bool:
        """Whether a text stands where a name would, and names nobody."""
        if ELSEWHERE.fullmatch(name):
            self.doubts.append("units-elsewhere")
            return True
        return NOBODY.fullmatch(name) is not None

    def _items(self, item: str) -> list[tuple[str, str, bool]]:
        """One member of a list as (name, what is said of it, whether of it alone)."""
        aside = _DATE_ASIDE.search(item)
        if aside and is_date(aside[1]):
            self._by_when(aside[1])
            item = item[: aside.start()]
        if role := ROLE_ASIDE.search(item[-20:]):
            return [(item[: len(item) - len(role[0])], "lead" if role["lead"] else "support", True)]
        item, persons = person_aside(item)
        if item[:1] in MARKS or item[-1:] in MARKS:
            item = item.strip(MARKS)
            if self.lexicon.marked_leads:
                return [(item, "lead", True)]
        name, said = verb_at_end(item)
        if persons:
            self.persons[name] = persons
        if not said:
            name, said = duty_of(item)
        names = self._listed(name) if name else [name]
        return [*((each, "", False) for each in names[:-1]), (names[-1], said, False)]

    def _listed(self, name: str) -> list[str]:
        """The names in one member of a list: joined by 及, or the last one and the others of its kind."""
        if (others := _AND_OTHERS.match(name[: 2 * MAX_NAME])) and not others["name"].startswith("各"):
            self.ended = True
            return [*joined_names(others["name"]), *joined_names(others["rest"])]
        return joined_names(name)

    def close(self, said: str) -> None:
        """End the run of names: ``said`` by a verb, else by the label that stands before it."""
        if self.names:
            self.runs.append(_Run(tuple(self.names), said or self.label))
        self.names = []

    def finish(self) -> Clause:
        """The clause with every role settled."""
        self.close("")
        lexicon = self.lexicon
        marked = any(run.said == "lead" for run in self.runs)
        led = marked or any(run.said == "each" for run in self.runs)
        units: list[Unit] = []
        for run in self.runs:
            for name, raw in run.names:
                role = _role(run.said, led or (lexicon.first_leads and bool(units)))
                heads = self.persons.get(raw, ())
                units.append(Unit(name, role, collective=is_collective(name), heads=heads, raw=raw))
        leads = {unit.name for unit in units if unit.role == "lead"}
        return Clause(
            units=ranked(units),
            joint=bool(leads) and not marked and not (lexicon.first_leads and not led),
            open_ended=self.ended,
            leaders=tuple(self.leaders),
            heads=tuple(self.heads),
            deadline=self.deadline,
            nature=self.nature,
            carried=tuple(self.carried),
            doubts=tuple(self.doubts),
            both=tuple(dict.fromkeys(u.name for u in units if u.role == "support" and u.name in leads)),
        )


def _role(said: str, marked: bool) -> Role:
    """Who only "is responsible" leads where nobody is marked as leading, and supports beside a lead."""
    if said in ("lead", "each"):
        return "lead"
    if said == "support":
        return "support"
    return "support" if marked else "lead"


def _without_deng(name: str) -> tuple[str, bool]:
    """A name without the 等 that ends an open list, and whether there was one."""
    bare = _DENG.sub("", name)
    if bare != name and name.endswith(("部门", "部門")) and 1 < len(bare) <= 6 and not looks_like_unit(bare):
        return f"{bare}{name[-2:]}", True  # 住建、水利等部门: the ending is that of all of them
    return (bare, bare != name) if bare or name == "等" else (name, False)


def ranked(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Units once each, a unit in both roles as lead, with ranks from 1 within the role."""
    listed = list(units)
    leads = {unit.name for unit in listed if unit.role == "lead"}
    counts = {"lead": 0, "support": 0}
    seen: set[str] = set()
    result = []
    for unit in listed:
        if unit.name in seen or (unit.role == "support" and unit.name in leads):
            continue
        seen.add(unit.name)
        counts[unit.role] += 1
        rank = counts[unit.role]
        result.append(unit if unit.rank == rank else replace(unit, rank=rank))
    return tuple(result)
