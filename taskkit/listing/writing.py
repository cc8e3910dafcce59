"""A roster as the list workbook: plain rows for the template, with task counts and hints beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from taskkit.listing.columns import (
    FLAG_LIST,
    KIND,
    KIND_LIST,
    KINDS,
    LEADERS,
    SCHEMA,
    SEPARATOR,
    UNIT_LIST,
    UNITS,
)
from taskkit.office.filling import MARKED, Filling, Row, SheetFilling, Value, fill
from taskkit.plan_index import PlanIndex
from taskkit.roster import LeaderEntry, Roster, UnitEntry
from taskkit.rules.plan import near_names
from taskkit.settings import Settings
from taskkit.sheet_forms.forms import Form
from taskkit.unit_words import COLLECTIVE_KIND

TEMPLATE = "workbooks/roster.xlsx"
ROOM = {UNITS.key: 6, LEADERS.key: 3}  # blank rows at the end, for those whom the plan does not name


def roster_workbook(roster: Roster, index: PlanIndex, name: str, state: str, settings: Settings | None = None) -> bytes:
    """The bytes of the list workbook of the plan ``name``; ``state`` says where the lists come from.

    ``index`` is the plan's with this roster.
    """
    template = (settings or Settings()).template(TEMPLATE)
    return fill(template, filling_of(roster, index, name, state), TEMPLATE.rpartition("/")[2])


def filling_of(roster: Roster, index: PlanIndex, name: str, state: str) -> Filling:
    """What the template is filled with."""
    hints = hints_of(roster, index)
    units = [_unit(at, entry, index, hints) for at, entry in enumerate(roster.unit_entries, 1)]
    leaders = [_leader(at, entry, index) for at, entry in enumerate(roster.leader_entries, 1)]
    title = index.info.title or index.info.source
    return Filling(
        values={
            "roster.title": title,
            "roster.plan": name,
            "roster.state": state,
            "roster.units": len(units),
            "roster.leaders": len(leaders),
            "roster.hints": len(hints),
        },
        sheets=(_sheet(UNITS, units), _sheet(LEADERS, leaders)),
        lists={
            KIND_LIST: tuple(KINDS),
            FLAG_LIST: ("是", "否"),
            UNIT_LIST: tuple(entry.name for entry in roster.unit_entries),
        },
        hidden={"kind": KIND, "schema": SCHEMA, "plan": name},
        title=f"名册：{title}",
        creator=index.info.issuer or "",
    )


def hints_of(roster: Roster, index: PlanIndex) -> dict[str, str]:
    """What a person should look at, by unit: names that may be the same unit's, collectives without members."""
    hints: dict[str, list[str]] = {}
    names = {entry.name: index.task_count(entry.name, "lead") for entry in roster.unit_entries}
    for one, other in near_names({name: count for name, count in names.items() if name not in index.collectives}):
        for name, near in ((one, other), (other, one)):
            hints.setdefault(name, []).append(f"与“{near}”相近，如是同一单位，请在其中一行的“别名”里写上另一行的名称")
    for entry in roster.unit_entries:
        if entry.kind == COLLECTIVE_KIND and not entry.members and not entry.through:
            hints.setdefault(entry.name, []).append("请写明成员单位")
    return {name: "；".join(texts) for name, texts in hints.items()}


def _unit(at: int, entry: UnitEntry, index: PlanIndex, hints: Mapping[str, str]) -> Row:
    hint = hints.get(entry.name)
    wanted = "members" if entry.kind == COLLECTIVE_KIND else "aliases"
    cells: dict[str, Value] = {
        **{key: getattr(entry, key) or None for key in ("name", "full_name", "short_name", "kind", "through")},
        **{key: getattr(entry, key) or None for key in ("contact", "phone")},
        "order": at,
        "aliases": SEPARATOR.join(entry.aliases) or None,
        "members": SEPARATOR.join(entry.members) or None,
        "scored": "是" if entry.scored else "否",
        "leads": index.task_count(entry.name, "lead"),
        "supports": index.task_count(entry.name, "support"),
        "hint": hint,
    }
    return Row(UNITS.key, cells, UNITS.keys, marked=(wanted, "hint") if hint else ())


def _leader(at: int, entry: LeaderEntry, index: PlanIndex) -> Row:
    cells: dict[str, Any] = {key: getattr(entry, key) or None for key in ("name", "office", "secretary", "phone")}
    return Row(LEADERS.key, {**cells, "order": at, "tasks": index.leader_task_count(entry.name)}, LEADERS.keys)


def _sheet(form: Form, rows: list[Row]) -> SheetFilling:
    room = (Row(form.key, dict.fromkeys(form.keys), form.keys),) * ROOM[form.key]
    return SheetFilling(form.title, (*rows, *room), {form.key: form.keys, MARKED: form.keys})
