"""A list workbook that came back as a Roster: what its sheets say, with findings where they cannot be used."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from taskkit.errors import InputError
from taskkit.findings import Finding, finding
from taskkit.listing.columns import KIND, KINDS, LEADERS, OWN, SCHEMA, SCORED, TELLING, TITLES, UNITS
from taskkit.office.sheets import BookData
from taskkit.plan import Plan
from taskkit.roster import LeaderEntry, Roster, UnitEntry, named_in_order, sorted_assignments
from taskkit.sheet_forms.forms import Form
from taskkit.sheet_forms.grid import Line, as_number, heading, lines_of
from taskkit.sheet_forms.marks import marks_of_sheet
from taskkit.text import compact, depth_at_end, split_top, squeeze
from taskkit.unit_names import is_collective, looks_like_unit
from taskkit.unit_words import COLLECTIVE_KIND, TOWN_KIND, kind_of
from taskkit.wording import did_you_mean

_SEPARATORS = "、，,；;\n\t"
_PHONE = re.compile(r"(?:\+?86)?[\d()（）\- 　]{5,20}(?:(?:转|-|分机|ext\.?|x)\s*\d{1,6})?", re.IGNORECASE)
_MANY = 10  # names that are listed in one finding
_ALIKE = 0.6  # how alike a name must be to be offered (difflib)


def is_roster(book: BookData) -> bool:
    """Whether a workbook is a list workbook: by its hidden sheet, else by the headers of the unit list."""
    if marks_of_sheet(book).get("kind") == KIND:
        return True
    return any(set(heading(sheet, UNITS)[1]) >= TELLING for sheet in book.sheets if sheet.state != "veryHidden")


def plan_named(book: BookData) -> str | None:
    """The name of the plan that the lists were written for, where the hidden sheet still says it."""
    return marks_of_sheet(book).get("plan") or None


def roster_of(book: BookData, plan: Plan | None = None, stored: Roster | None = None) -> Roster:
    """Read a list workbook; with the plan, its names are checked against the plan's too.

    With the lists ``stored`` for the plan, it is said where most of their units are gone. What is
    wrong is in ``Roster.found``. Raises InputError where the file was made by a newer taskkit, or
    holds no unit list.
    """
    if marks_of_sheet(book).get("schema", SCHEMA) != SCHEMA:
        raise InputError(f"“{book.name}”由别的版本的 taskkit 生成，本版本读不了", "请重新写出名册")
    assignments = sorted_assignments(plan) if plan is not None else []
    units = named_in_order(assignments) if plan is not None else None
    people = [person for persons in plan.tasks["leaders"] for person in persons] if plan is not None else []
    taker = _Taker(book, units, frozenset(row["unit"] for row in assignments if row["role"] == "lead"))
    entries, leaders = taker.units(), taker.leaders()
    taker.tell_missing(entries, leaders, list(dict.fromkeys(people)))
    taker.tell_memberless(entries)
    taker.tell_gone(entries, stored or Roster())
    return Roster(tuple(entries), tuple(leaders), book.name, tuple(taker.findings))


@dataclass
class _Unit:
    """A row of the unit list while it is checked."""

    line: Line
    entry: UnitEntry


@dataclass
class _Taker:
    """Reads both sheets and collects what is wrong.

    ``printed`` are the plan's units, None where it is not known; ``leading`` those of them that lead a task.
    """

    book: BookData
    printed: Mapping[str, bool] | None
    leading: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    known: set[str] = field(default_factory=set)  # names of the plan and of the rows

    def __post_init__(self) -> None:
        self.known |= set(self.printed or ())

    # --- rows -------------------------------------------------------------------------

    def units(self) -> list[UnitEntry]:
        """The unit list, checked: rows that are another unit's alias are joined with it."""
        lines = self._rows(UNITS)
        if not lines and not any(each.severity == "error" for each in self.findings):
            place = f"{self.book.name}“{UNITS.title}”"
            self.findings.append(finding("roster-empty", source=place, sheet=UNITS.title))
        self.known |= {_name(line) for line in lines}
        rows = self._joined(self._once([_Unit(line, self._unit(line)) for line in lines]))
        roster = Roster(tuple(row.entry for row in rows))
        for row in rows:
            row.entry = self._referred(row, roster)
        self._check_cycles(rows)
        self._check_shared(rows)
        for row in rows:
            self._check_kind(row, roster)
        self._check_printed(rows, Roster(tuple(row.entry for row in rows)))
        return [row.entry for row in rows]

    def leaders(self) -> list[LeaderEntry]:
        """The leader list."""
        seen: dict[str, int] = {}
        entries = []
        for line in self._rows(LEADERS):
            name = _name(line)
            if name in seen:
                line.tell("roster-twice", "name", name=name, row=seen[name])
                continue
            seen[name] = line.number
            entries.append(LeaderEntry(name, line.text("office") or "", line.text("secretary") or "", _phone(line)))
        return entries

    def _rows(self, form: Form) -> list[Line]:
        """The rows of a sheet that have a name, in the order that their numbers say."""
        form = replace(form, book=self.book.name)
        lines = lines_of(self.book, form, self.findings, TITLES)
        if lines is None:
            self.findings.append(finding("roster-sheet-missing", source=self.book.name, sheet=form.title))
        named = []
        for line in lines or []:
            if line.cell("name") is not None:
                named.append(line)
            elif line.filled(set(form.keys) - {"order", "kind", "scored", *form.apart}):
                line.tell("roster-row-nameless", "name", column=form.header("name"))
        return _in_order(named)

    def _unit(self, line: Line) -> UnitEntry:
        name = _name(line)
        if name not in (self.printed or ()) and len(several := self._names(line, "name")) > 1:
            line.tell("roster-two-units", "name", column=line.form.header("name"), value="、".join(several))
        scored = line.word("scored", SCORED)
        kind = line.word("kind", KINDS) or self._drafted_kind(name)
        return UnitEntry(
            name=name,
            full_name=compact(line.text("full_name") or ""),
            short_name=compact(line.text("short_name") or ""),
            aliases=tuple(alias for alias in self._names(line, "aliases") if alias != name),
            kind=kind,
            through=self._through(line),
            members=self._names(line, "members"),
            scored=kind != COLLECTIVE_KIND if line.cell("scored") is None else bool(scored),
            contact=line.text("contact") or "",
            phone=_phone(line),
        )

    def _drafted_kind(self, name: str) -> str:
        """The kind of a unit that the list does not say: as the plan and the name have it, whatever its members."""
        return kind_of(name, (self.printed or {}).get(name, is_collective(name)))

    def _through(self, line: Line) -> str:
        name = compact(line.text("through") or "")
        if name not in self.known and len(self._names(line, "through")) > 1:
            line.tell("roster-through-two", "through", column=line.form.header("through"), value=line.text("through"))
            return ""
        return name

    def _names(self, line: Line, key: str) -> tuple[str, ...]:
        """The names in a cell, set apart by 、 or what people type instead; those in brackets stay together."""
        text = line.text(key) or ""
        parts = re.split(f"[{_SEPARATORS}]", text) if depth_at_end(text) else split_top(text, _SEPARATORS)
        return tuple(dict.fromkeys(name for part in parts for name in self._apart(line, key, part) if name))

    def _apart(self, line: Line, key: str, part: str) -> list[str]:
        """Names that only blanks set apart, where each is known; a blank within one name is layout."""
        known = self.printed or {} if key == "name" else self.known  # a row's own name proves nothing
        pieces = part.split()
        if len(pieces) < 2 or squeeze(part) in known:
            return [compact(part)]
        if all(piece in known for piece in pieces):
            return pieces
        if all(map(looks_like_unit, pieces)):
            line.tell("roster-blank", key, column=line.form.header(key), value=part.strip())
        return [compact(part)]

    # --- one row for each unit --------------------------------------------------------

    def _once(self, rows: Sequence[_Unit]) -> list[_Unit]:
        first: dict[str, _Unit] = {}
        for row in rows:
            if row.entry.name in first:
                earlier = first[row.entry.name].line.number
                row.line.tell("roster-twice", "name", name=row.entry.name, row=earlier)
            else:
                first[row.entry.name] = row
        return list(first.values())

    def _joined(self, rows: Sequence[_Unit]) -> list[_Unit]:
        """The rows without those that are another row's alias and hold nothing of their own."""
        by_name = {row.entry.name: row for row in rows}
        owners: dict[str, str] = {}
        gone: set[str] = set()
        for row in rows:
            unit = row.entry.name
            for alias in row.entry.aliases:
                if alias in owners:
                    row.line.tell("roster-alias-twice", "aliases", alias=alias, other=owners[alias], unit=unit)
                owners.setdefault(alias, unit)
                if alias in by_name and alias not in gone:
                    gone |= self._join(row, by_name[alias])
        return [row for row in rows if row.entry.name not in gone]

    def _join(self, row: _Unit, other: _Unit) -> set[str]:
        alias, unit = other.entry.name, row.entry.name
        filled = [other.line.form.header(key) for key in self._own(row.entry, other)]
        number = other.line.number
        if filled:
            columns = "、".join(f"“{header}”" for header in filled)
            row.line.tell("roster-alias-own", "aliases", alias=alias, unit=unit, row=number, columns=columns)
            return set()
        differs = other.entry.kind != row.entry.kind
        lost = f"（类别按“{row.entry.kind}”，不再是“{other.entry.kind}”）" if differs else ""
        row.line.tell("roster-alias-joined", "aliases", alias=alias, unit=unit, row=number, lost=lost)
        return {alias}

    def _own(self, unit: UnitEntry, other: _Unit) -> Iterator[str]:
        """The columns in which a person said something of an alias's row that would be lost with it.

        Kind and 是否计分 stand in every drafted row: they count where a person changed them.
        """
        entry = other.entry
        yield from (key for key in OWN if other.line.cell(key) is not None)
        if entry.kind not in (unit.kind, self._drafted_kind(entry.name)):
            yield "kind"
        if entry.scored not in (unit.scored, entry.kind != COLLECTIVE_KIND):
            yield "scored"

    # --- units that are named in a row ------------------------------------------------

    def _referred(self, row: _Unit, roster: Roster) -> UnitEntry:
        """The row with the units that it names by their names in the list."""
        members = (self._known(row, "members", name, roster) for name in row.entry.members)
        through = self._known(row, "through", row.entry.through, roster) if row.entry.through else ""
        if through == row.entry.name:
            row.line.tell("roster-through-self", "through", unit=through, column=row.line.form.header("through"))
            through = ""
        return replace(row.entry, members=tuple(dict.fromkeys(members)), through=through)

    def _known(self, row: _Unit, key: str, name: str, roster: Roster) -> str:
        found = roster.find(name)
        if found is not None or self.printed is None or name in self.printed:
            return found or name
        names = dict.fromkeys((*roster.spellings, *self.printed))
        hint = _near(name, [each for each in names if each != row.entry.name])
        row.line.tell("roster-unknown", key, column=row.line.form.header(key), value=name, near=hint)
        return name

    def _check_cycles(self, rows: Iterable[_Unit]) -> None:
        listed = {row.entry.name: row for row in rows}
        told: set[frozenset[str]] = set()
        for key in ("through", "members"):
            following = {name: _followers(row.entry, key) for name, row in listed.items()}
            for name, row in listed.items():
                path = _cycle(name, following)
                if path and frozenset(path) not in told:
                    told.add(frozenset(path))
                    column = row.line.form.header(key)
                    row.line.tell("roster-cycle", key, column=column, path=" → ".join((*path, name)))

    def _check_shared(self, rows: Sequence[_Unit]) -> None:
        """A full or short name by which another unit is known as well."""
        owners: dict[str, tuple[_Unit, str]] = {}
        for row in rows:
            owners.setdefault(row.entry.name, (row, "名称"))
        for row in rows:
            for alias in row.entry.aliases:
                owners.setdefault(alias, (row, "别名"))
        for key in ("full_name", "short_name"):
            for row in rows:
                column = row.line.form.header(key)
                value = getattr(row.entry, key)
                other, kind = owners.setdefault(value, (row, column)) if value else (row, column)
                if other is not row:
                    words = {"value": value, "unit": row.entry.name, "column": column, "kind": kind}
                    row.line.tell("roster-name-shared", key, other=other.entry.name, row=other.line.number, **words)

    def _check_kind(self, row: _Unit, roster: Roster) -> None:
        entry = row.entry
        if entry.members and entry.kind != COLLECTIVE_KIND:
            row.line.tell("roster-members-kind", "kind", unit=entry.name, kind=entry.kind)
        if entry.members and entry.through:
            row.line.tell("roster-both", "through", unit=entry.name, through=entry.through)
        if entry.through and roster.is_collective(entry.through, (self.printed or {}).get(entry.through, False)):
            row.line.tell("roster-through-collective", "through", value=entry.through)
        printed = self.printed or {}
        read = [printed[name] for name in (entry.name, *entry.aliases) if name in printed]
        if entry.kind == COLLECTIVE_KIND and read and not any(read):
            row.line.tell("roster-made-collective", "kind", unit=entry.name)

    def _check_printed(self, rows: Sequence[_Unit], roster: Roster) -> None:
        """A row whose unit the plan prints nowhere, and which the list has no other use for: renamed, perhaps."""
        if self.printed is None:
            return
        used = {name for row in rows for name in (*row.entry.members, row.entry.through)}
        left = [name for name in self.printed if name not in roster.order]
        for row in rows:
            entry = row.entry
            names = {entry.name, *entry.aliases}
            needed = entry.kind == TOWN_KIND or not names.isdisjoint((*used, *self.printed))
            if not needed and len(split_top(entry.name, _SEPARATORS)) == 1:
                row.line.tell("roster-unprinted", "name", unit=entry.name, near=_near(entry.name, left))

    # --- what the plan names and the lists do not -------------------------------------

    def tell_missing(self, entries: Sequence[UnitEntry], leaders: Sequence[LeaderEntry], people: Sequence[str]) -> None:
        """A doubt for the units, and one for the leaders, that the plan names and no row holds."""
        known = Roster(tuple(entries), tuple(leaders))
        lacking = (
            ("roster-missing", UNITS, [name for name in self.printed or () if name not in known.order]),
            ("roster-leaders-missing", LEADERS, [name for name in people if name not in known.leader_order]),
        )
        for code, form, names in lacking:
            self._tell_names(code, form, names)

    def tell_memberless(self, entries: Sequence[UnitEntry]) -> None:
        """A doubt for the collectives that lead tasks and of which nobody can know whom they stand for."""
        printed = self.printed or {}
        names = [
            entry.name
            for entry in entries
            if entry.kind == COLLECTIVE_KIND and not entry.members and not entry.through
            if any(name in self.leading and printed[name] for name in (entry.name, *entry.aliases))
        ]
        self._tell_names("roster-members-missing", UNITS, names)

    def tell_gone(self, entries: Sequence[UnitEntry], stored: Roster) -> None:
        """A doubt where most units of the stored list are gone."""
        now, total = Roster(tuple(entries)), len(stored.unit_entries)
        names = [each.name for each in stored.unit_entries if not {each.name, *each.aliases} & now.order.keys()]
        if entries and 2 * len(names) > total:
            self._tell_names("roster-shrunk", UNITS, names, total=total)

    def _tell_names(self, code: str, form: Form, names: Sequence[str], **words: Any) -> None:
        if names:
            listed = "、".join(names[:_MANY]) + ("等" if len(names) > _MANY else "")
            source = f"{self.book.name}“{form.title}”"
            self.findings.append(finding(code, source=source, count=len(names), names=listed, **words))


def _near(name: str, names: Sequence[str]) -> str:
    """The question whether a near name is meant, to follow a text; "" where there is none."""
    near = did_you_mean(name, names, cutoff=_ALIKE)
    return f"；{near}" if near else ""


def _followers(entry: UnitEntry, key: str) -> tuple[str, ...]:
    return entry.members if key == "members" else (entry.through,) if entry.through else ()


def _cycle(start: str, following: Mapping[str, Sequence[str]]) -> list[str]:
    """The way from a unit back to itself; none where there is no such way."""
    ways, seen = [[start]], set[str]()
    while ways:
        way = ways.pop()
        for name in following.get(way[-1], ()):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []


def _in_order(lines: Sequence[Line]) -> list[Line]:
    """Lines by their numbers; one without a number stands after the line above it."""
    keys: list[float] = []
    given: list[tuple[float, Line]] = []
    for line in lines:
        text = line.text("order")
        number = as_number(text.rstrip(".、")) if text else None
        if number is not None:
            given.append((number, line))
        elif text:
            line.tell("roster-order", "order", value=text, name=line.text("name"))
        keys.append(number if number is not None else keys[-1] if keys else float("-inf"))
    counts = Counter(number for number, _ in given)
    for number, line in given:
        if counts[number] > 1:
            line.tell("roster-order-twice", "order", value=f"{number:g}", count=counts.pop(number))
    return [lines[at] for at in sorted(range(len(lines)), key=keys.__getitem__)]


def _name(line: Line) -> str:
    return compact(line.text("name") or "")


def _phone(line: Line) -> str:
    text = line.text("phone") or ""
    numbers = re.split(r"[、，,；;/\n]+|\s{2,}", unicodedata.normalize("NFKC", text))
    if text and not all(_is_phone(number.strip()) for number in numbers if number.strip()):
        line.tell("roster-phone", "phone", value=text)
    return text


def _is_phone(text: str) -> bool:
    return bool(_PHONE.fullmatch(text)) and 5 <= sum(sign.isdecimal() for sign in text) <= 20
