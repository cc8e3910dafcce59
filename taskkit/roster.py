"""Roster: the unit and leader lists of an office (单位名册, 领导名册), and what they say of a plan's names.

The list says in which order units stand, which printed names mean one unit, who belongs to a
collective, and who reports through whom. It never changes the Plan, which stays as printed. A
roster without entries says nothing: every name then stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from taskkit.findings import Finding
from taskkit.plan import PANDAS_DTYPES, Dtype, Plan, make_frame, records
from taskkit.text import squeeze
from taskkit.unit_words import COLLECTIVE_KIND, LEVELS, kind_of

if TYPE_CHECKING:
    import pandas as pd

# The frames of a roster: columns and kinds, as FRAMES says them for a plan.
ROSTER_FRAMES: dict[str, dict[str, Dtype]] = {
    "units": {
        "order": "integer",
        "unit": "text",
        "full_name": "text",
        "short_name": "text",
        "aliases": "texts",
        "kind": "text",
        "through": "text",
        "members": "texts",
        "scored": "flag",
        "contact": "text",
        "phone": "text",
    },
    "leaders": {"order": "integer", "leader": "text", "office": "text", "secretary": "text", "phone": "text"},
}


@dataclass(frozen=True)
class UnitEntry:
    """One unit. ``name`` is its key: the name as the plan prints it; "" where nothing is said.

    ``aliases`` are other names of the same unit, ``through`` the unit that reports for it,
    ``members`` the units that a collective stands for.
    """

    name: str
    full_name: str = ""
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    kind: str = ""
    through: str = ""
    members: tuple[str, ...] = ()
    scored: bool = True
    contact: str = ""
    phone: str = ""


@dataclass(frozen=True)
class LeaderEntry:
    """One leader in charge, with the secretary to call."""

    name: str
    office: str = ""
    secretary: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Roster:
    """The unit list and the leader list, each in its order.

    ``source`` is the file that it was read from, ``found`` what was noticed while reading it;
    neither counts when two rosters are compared.
    """

    unit_entries: tuple[UnitEntry, ...] = ()
    leader_entries: tuple[LeaderEntry, ...] = ()
    source: str = field(default="", compare=False)
    found: tuple[Finding, ...] = field(default=(), compare=False, repr=False)

    @property
    def units(self) -> pd.DataFrame:
        """One row per unit in the order of the list.

        Columns: order (from 1), unit, full_name, short_name, aliases (list), kind, through,
        members (list), scored, contact, phone. Missing means that the list says nothing.
        """
        return _frame("units", self.unit_entries)

    @property
    def leaders(self) -> pd.DataFrame:
        """One row per leader in the order of the list: order (from 1), leader, office, secretary, phone."""
        return _frame("leaders", self.leader_entries)

    @property
    def findings(self) -> pd.DataFrame:
        """What was noticed while reading the list, as ``plan.findings``."""
        return make_frame("findings", [each.row for each in self.found])

    # --- what the list says of a name -------------------------------------------------

    @cached_property
    def _entries(self) -> dict[str, UnitEntry]:
        return {entry.name: entry for entry in reversed(self.unit_entries)}

    @cached_property
    def _owners(self) -> dict[str, str]:
        """Alias -> the name of the unit."""
        return {alias: entry.name for entry in reversed(self.unit_entries) for alias in entry.aliases}

    def entry(self, name: str) -> UnitEntry | None:
        """The row of a unit, by its name or an alias; None for a unit that the list does not hold."""
        return self._entries.get(self.canonical(name))

    def canonical(self, name: str) -> str:
        """The list's name of a unit: an alias stands for the unit whose row holds it."""
        return name if name in self._entries else self._owners.get(name, name)

    def reporter(self, name: str) -> str:
        """The unit whose workbook holds what this unit reports: itself, or the end of 通过何单位报送."""
        unit, passed = self.canonical(name), set[str]()
        while unit not in passed and (entry := self._entries.get(unit)) and entry.through:
            passed.add(unit)
            unit = self.canonical(entry.through)
        return unit

    def members(self, name: str) -> tuple[str, ...]:
        """The units that a collective stands for, those of collectives within it too; none for a unit of its own."""
        return tuple(dict.fromkeys(self._members(self.canonical(name), frozenset())))

    def _members(self, name: str, within: frozenset[str]) -> Iterator[str]:
        entry = self._entries.get(name)
        for each in entry.members if entry else ():
            member = self.canonical(each)
            if member not in within | {name}:
                inner = list(self._members(member, within | {name}))
                yield from inner or [member]

    def named(self, name: str) -> tuple[str, ...]:
        """Who is meant where a plan prints a name: the members of a collective, else the unit itself."""
        return self.members(name) or (self.canonical(name),)

    def recipients(self, name: str) -> tuple[str, ...]:
        """The units that are asked, each in its own workbook, for what a plan asks of a name."""
        return tuple(dict.fromkeys(self.reporter(each) for each in self.named(name)))

    def is_collective(self, name: str, printed: bool) -> bool:
        """Whether a name stands for several units: as the list says, else as the plan was read (``printed``)."""
        entry = self.entry(name)
        return entry.kind == COLLECTIVE_KIND if entry and entry.kind else printed

    @cached_property
    def order(self) -> dict[str, int]:
        """Unit -> its number in the list, from 1; an alias has its unit's number."""
        places = {entry.name: at for at, entry in enumerate(self.unit_entries, 1)}
        return {**{alias: places[name] for alias, name in self._owners.items()}, **places}

    @cached_property
    def leader_order(self) -> dict[str, int]:
        """Leader -> number in the list, from 1."""
        return {entry.name: at for at, entry in enumerate(self.leader_entries, 1)}

    def short(self, name: str) -> str:
        """The short name of a unit, else its name."""
        entry = self.entry(name)
        return (entry.short_name if entry else "") or self.canonical(name)

    def full_name(self, name: str) -> str:
        """The full name of a unit where the list says it, else ""."""
        entry = self.entry(name)
        return entry.full_name if entry else ""

    def scored(self, name: str) -> bool:
        """Whether a unit is scored; one that the list does not hold is."""
        entry = self.entry(name)
        return entry.scored if entry else True

    def find(self, text: str) -> str | None:
        """The unit that a person means by a name, alias, full or short name; None where it is none or several."""
        wanted = squeeze(text)
        if wanted in self.order:
            return self.canonical(wanted)
        named = [entry.name for entry in self.unit_entries if wanted in (entry.full_name, entry.short_name)]
        return named[0] if len(named) == 1 else None

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name by which a unit of the list may be called."""
        listed = ((e.name, *e.aliases, e.full_name, e.short_name) for e in self.unit_entries)
        return tuple(dict.fromkeys(name for names in listed for name in names if name))

    # --- kept as plain values ---------------------------------------------------------

    def content(self) -> dict[str, Any]:
        """The roster as plain values, for the ledger."""
        return {key: [asdict(entry) for entry in getattr(self, key)] for key in ("unit_entries", "leader_entries")}


@dataclass(frozen=True)
class EarlierRoster:
    """The lists of another plan: of the ``same_place``, else of another one or of one that nobody can tell."""

    plan: str
    roster: Roster
    same_place: bool


def place_of(issuer: str | None) -> str:
    """The place whose government issued a plan: 云溪县 of 云溪县人民政府 and of 中共云溪县委; "" for none."""
    found = re.match(rf"(.+[{LEVELS}])(?:人民政府|委)", squeeze(issuer or "").removeprefix("中共"))
    return found[1] if found else ""


def same_place(one: str | None, other: str | None) -> bool:
    """Whether two issuers are of one place, or the very same; 县政府办公室 is of nobody knows which."""
    places, names = (place_of(one), place_of(other)), (squeeze(one or ""), squeeze(other or ""))
    if all(places):
        return places[0] == places[1]
    return names[0] == names[1] and names[0][:1] not in ("", *LEVELS)


def names_only(roster: Roster) -> Roster:
    """What the lists of another place may say: how its units are ordered, joined and called in short.

    A name carries no place (县教育局 is everywhere): nobody's members, people and phones are anybody else's.
    """
    units = (UnitEntry(e.name, short_name=e.short_name, aliases=e.aliases) for e in roster.unit_entries)
    return Roster(tuple(units), source=roster.source)


def roster_from(content: Mapping[str, Any], source: str = "") -> Roster:
    """The roster that ``content`` was."""
    units = tuple(UnitEntry(**_tuples(row)) for row in content["unit_entries"])
    return Roster(units, tuple(LeaderEntry(**row) for row in content["leader_entries"]), source)


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def _frame(name: str, entries: Sequence[UnitEntry] | Sequence[LeaderEntry]) -> pd.DataFrame:
    import pandas as pd

    columns = ROSTER_FRAMES[name]
    rows = [[at, *map(_cell, vars(each).values())] for at, each in enumerate(entries, 1)]
    listed = zip(*rows, strict=True) if rows else [()] * len(columns)
    return pd.DataFrame(
        {
            key: pd.Series(list(values), dtype=PANDAS_DTYPES[kind])
            for (key, kind), values in zip(columns.items(), listed, strict=True)
        }
    )


def _cell(value: object) -> object:
    return list(value) if isinstance(value, tuple) else None if value == "" else value


def joined(roster: Roster, old: str, new: str) -> Roster:
    """The lists after a unit was renamed, or merged into another one: what it was called is an alias of the new name.

    A new name takes the old one's row and place; a unit that has a row takes over the other's aliases.
    What refers to the old name refers to the new one. Names that are one already change nothing.
    """
    if roster.canonical(old) == roster.canonical(new):
        return roster
    gone, heir = roster.entry(old), roster.entry(new)
    key = heir.name if heir else new
    former = {old, *((gone.name, *gone.aliases) if gone else ())} - {key}
    base = heir or replace(gone or UnitEntry(new), name=new, full_name="", short_name="")
    entry = replace(base, aliases=tuple(dict.fromkeys((*base.aliases, *sorted(former)))))
    place = heir or gone
    listed = [entry if each is place else each for each in roster.unit_entries if each is place or each is not gone]
    if place is None:
        listed.append(entry)

    def now(name: str) -> str:
        return key if name in former else name

    entries = (
        replace(each, through=now(each.through), members=tuple(dict.fromkeys(map(now, each.members))))
        for each in listed
    )
    return replace(roster, unit_entries=tuple(entries))


# --- a first draft ------------------------------------------------------------------------


def named_in_order(rows: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Unit -> whether it is a collective, in the order of a plan's assignments.

    Those that lead come first, then those that only support, then the collectives.
    """
    everyone = [*(row for row in rows if row["role"] == "lead"), *rows]
    units: dict[str, bool] = {}
    for row in everyone:
        units[row["unit"]] = units.get(row["unit"], False) or bool(row["collective"])
    return dict(sorted(units.items(), key=lambda unit: unit[1]))


def sorted_assignments(plan: Plan) -> list[dict[str, Any]]:
    """The assignments of a plan in reading order: by task, measure, role and rank."""
    place = {task_id: at for at, task_id in enumerate(plan.tasks.index)}
    order = {"lead": 0, "support": 1}
    return sorted(
        records("assignments", plan.assignments),
        key=lambda row: (place[row["task_id"]], row["measure_no"] or 0, order[row["role"]], row["rank"] or 0),
    )


def draft_roster(plan: Plan, previous: Roster | None = None) -> Roster:
    """The list that a person goes on from: every unit and leader of a plan, in the order of the plan.

    What ``previous`` (the list of another plan) says of them is taken over, so that it is not typed
    again: their order, joined names, members with their rows, and all else; new ones stand after.
    """
    previous = previous or Roster()
    units = named_in_order(sorted_assignments(plan))
    groups: dict[str, list[str]] = {}
    for name in units:
        groups.setdefault(previous.canonical(name), []).append(name)
    known = [_with_kind(entry, units) for entry in _carried(previous, groups)]
    new = [_drafted(name, units[name]) for name in units if previous.entry(name) is None]
    last = max((at for at, entry in enumerate(known, 1) if entry.kind != COLLECTIVE_KIND), default=0)
    singles = [entry for entry in new if entry.kind != COLLECTIVE_KIND]
    collectives = [entry for entry in new if entry.kind == COLLECTIVE_KIND]
    entries = (*known[:last], *singles, *known[last:], *collectives)
    return Roster(entries, tuple(_drafted_leaders(plan, previous)))


def _drafted(name: str, collective: bool) -> UnitEntry:
    kind = kind_of(name, collective)
    return UnitEntry(name, kind=kind, scored=kind != COLLECTIVE_KIND)


def _with_kind(entry: UnitEntry, units: Mapping[str, bool]) -> UnitEntry:
    """An entry as it is; one without a kind is drafted like a new one."""
    if entry.kind or entry.name not in units:
        return entry
    drafted = _drafted(entry.name, units[entry.name])
    return replace(entry, kind=drafted.kind, scored=entry.scored and drafted.scored)


def _carried(previous: Roster, groups: Mapping[str, Sequence[str]]) -> list[UnitEntry]:
    """The rows of an earlier list that a plan has a use for, under the names that it prints."""
    wanted = [name for name in groups if previous.entry(name)]
    for name in wanted:  # grows while it runs: members, and those who report for them, come along
        entry = previous.entry(name)
        for other in (*entry.members, entry.through) if entry else ():
            if previous.entry(other) and previous.canonical(other) not in wanted:
                wanted.append(previous.canonical(other))
    keys = {name: name if name in groups.get(name, [name]) else groups[name][0] for name in wanted}
    return [
        _renamed(entry, keys, groups.get(entry.name, ()), previous)
        for entry in previous.unit_entries
        if entry.name in keys
    ]


def _renamed(entry: UnitEntry, keys: Mapping[str, str], printed: Iterable[str], previous: Roster) -> UnitEntry:
    def now(name: str) -> str:
        return keys.get(previous.canonical(name), name)

    key = keys[entry.name]
    aliases = tuple(name for name in dict.fromkeys((*entry.aliases, entry.name, *printed)) if name != key)
    members = tuple(dict.fromkeys(map(now, entry.members)))
    return replace(entry, name=key, aliases=aliases, through=now(entry.through), members=members)


def _drafted_leaders(plan: Plan, previous: Roster) -> list[LeaderEntry]:
    named = dict.fromkeys(person for persons in plan.tasks["leaders"] for person in persons)
    known = [entry for entry in previous.leader_entries if entry.name in named]
    return [*known, *(LeaderEntry(name) for name in named if name not in previous.leader_order)]
