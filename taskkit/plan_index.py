"""A plan by task and by unit: who leads and who supports what, as a plan prints it and as the unit list reads it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from taskkit.errors import UsageError
from taskkit.plan import Item, Plan, records
from taskkit.roster import Roster, named_in_order, place_of, sorted_assignments
from taskkit.text import fold
from taskkit.wording import did_you_mean

_ROLES = {"lead": ("lead",), "support": ("support",), "all": ("lead", "support")}
Roles = dict[str, dict[str, str]]  # unit -> task -> role


class PlanIndex:
    """A plan by task and by unit: made once, used for every unit's workbook.

    With a roster, aliases are joined, what is asked of a collective is asked of its members, and
    those that report through another stand under that one. The texts of tasks stay as printed.
    ``items`` are those of the ledger: the accepted ones stand in their units' reports.
    """

    def __init__(
        self,
        plan: Plan,
        roster: Roster | None = None,
        items: Iterable[Item] = (),
        without: frozenset[str] = frozenset(),
    ) -> None:
        self._plan = plan
        self._without = without
        self.info = plan.info
        self.roster = roster or Roster()
        self.tasks = {row["task_id"]: row for row in records("tasks", plan.tasks)}
        self.place = {task_id: at for at, task_id in enumerate(self.tasks)}
        self.assignments = sorted_assignments(plan)
        self.targets = _grouped(records("targets", plan.targets))
        self._items = [each for each in items if each.accepted]
        self.goals = {(row["task_id"], row["stage"]): row["text"] or "" for row in records("goals", plan.goals)}

    def without(self, tasks: frozenset[str]) -> PlanIndex:
        """The same where nobody is asked for some of its tasks (``tasks_of``); they are still known."""
        return PlanIndex(self._plan, self.roster, self._items, tasks) if tasks else self

    # --- who has which tasks ----------------------------------------------------------

    def _by_unit(self, units: Callable[[str], Iterable[str]]) -> Roles:
        """Unit to task to role. A unit that leads a task anywhere in it leads it, also in one measure alone."""
        roles: Roles = {}
        for row in self.assignments:
            for unit in units(row["unit"]):
                tasks = roles.setdefault(unit, {})
                if tasks.get(row["task_id"]) != "lead":
                    tasks[row["task_id"]] = row["role"]
        return roles

    @cached_property
    def _asked(self) -> Roles:
        """By the unit whose workbook asks."""
        return self._by_unit(self.roster.recipients)

    @cached_property
    def _meant(self) -> Roles:
        """By the unit that is meant, whoever reports for it."""
        return self._by_unit(self.roster.named)

    @cached_property
    def _counted(self) -> Roles:
        """By the unit that is meant, and by the collective that is printed."""
        return self._by_unit(lambda name: {self.roster.canonical(name), *self.roster.named(name)})

    def tasks_of(self, unit: str, role: str, part: str) -> list[tuple[str, str]]:
        """(task_id, role) of the tasks that a unit is asked for, in reading order."""
        return self._listed(self._asked.get(unit, {}), role, part)

    def own_tasks_of(self, unit: str, role: str, part: str) -> list[tuple[str, str]]:
        """(task_id, role) of the tasks that are a unit's own, also where another one reports for it."""
        return self._listed(self._meant.get(unit, {}), role, part)

    def _listed(self, mine: dict[str, str], role: str, part: str) -> list[tuple[str, str]]:
        asked = (task for task in mine if task not in self._without)
        wanted = [task for task in asked if mine[task] in _ROLES[role] and self.tasks[task]["part"] == part]
        return [(task, mine[task]) for task in sorted(wanted, key=self.place.__getitem__)]

    def items_of(self, unit: str, task_id: str) -> list[Item]:
        """The accepted items under a task that a unit's workbook asks for, its own and those it reports for."""
        return [each for each in self._items if each.task_id == task_id and self.roster.reporter(each.unit) == unit]

    def task_count(self, unit: str, role: str) -> int:
        """How many tasks a unit of the list (a collective too) has in a role."""
        return sum(each == role for each in self._counted.get(unit, {}).values())

    def leader_task_count(self, leader: str) -> int:
        """How many tasks a leader is in charge of."""
        return sum(leader in task["leaders"] for task in self.tasks.values())

    # --- units ------------------------------------------------------------------------

    @cached_property
    def _printed(self) -> dict[str, bool]:
        """Every unit that is printed -> whether it is a collective, those that lead first, collectives last."""
        return named_in_order(self.assignments)

    @cached_property
    def collectives(self) -> frozenset[str]:
        """The units that stand for several (各镇政府): nobody's workbook until a list names their members."""
        roster = self.roster
        return frozenset(
            unit
            for printed in self._printed
            for unit in roster.named(printed)
            if roster.is_collective(unit, self._printed.get(unit, False)) and roster.reporter(unit) == unit
        )

    @cached_property
    def order(self) -> dict[str, int]:
        """Every unit's number, from 1: those of the list in its order, the others as the plan names them.

        Of the others, those that lead come first, then those that only support, then collectives.
        """
        listed = [entry.name for entry in self.roster.unit_entries]
        others = [unit for printed in self._printed for unit in self.roster.named(printed)]
        return {unit: at for at, unit in enumerate(dict.fromkeys([*listed, *others]), 1)}

    def rank(self, unit: str) -> int:
        """Where a unit stands, by any of its names; one that nobody knows stands last."""
        return self.order.get(self.roster.canonical(unit), len(self.order) + 1)

    def through(self, unit: str) -> tuple[str, ...]:
        """The units that report through a unit, in their order; none for one that reports through another itself."""
        reporter = self.roster.reporter
        return tuple(each for each in self.order if each != unit and reporter(each) == unit)

    def find(self, text: str) -> str | None:
        """The unit that a person means: by its name, an alias, its full or its short name; None for none."""
        if text in self.order:
            return text
        if found := self.roster.find(text):
            return found
        whole = [unit for unit in self.order if self.full_name(unit) == text]
        return whole[0] if len(whole) == 1 else None

    def meant(self, text: str) -> str:
        """The unit that a person means. Raises UsageError, with near names, where there is none."""
        unit = self.find(text)
        if unit is None:
            near = did_you_mean(text, self.spellings, 3)
            hint = f"{near}单位名称请照方案里的写法，或名册里的全称、简称、别名"
            raise UsageError(f"方案里没有“{text}”这个单位", hint)
        return unit

    @property
    def spellings(self) -> list[str]:
        """Every name by which a unit may be called, for a near miss."""
        return list(dict.fromkeys((*self.order, *self.roster.spellings)))

    def full_name(self, unit: str) -> str:
        """A unit's name for a title: as the list says, else with the place of the plan's issuer."""
        return self.roster.full_name(unit) or full_name(unit, self.info.issuer)

    @cached_property
    def _units(self) -> dict[tuple[str, str], list[str]]:
        units: dict[tuple[str, str], list[str]] = {}
        for row in self.assignments:
            listed = units.setdefault((row["task_id"], row["role"]), [])
            if row["unit"] not in listed:
                listed.append(row["unit"])
        return units

    def units_of(self, task_id: str, role: str) -> list[str]:
        """The units that have this role in a task, as printed, first the one named first."""
        return self._units.get((task_id, role), [])


def full_name(unit: str, issuer: str | None) -> str:
    """A unit's name for a title: 县教育局 in a plan of 云溪县人民政府 is 云溪县教育局. Nothing else is changed."""
    place = place_of(issuer)
    return place[:-1] + unit if place and unit.startswith(place[-1]) else unit


def _grouped(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["task_id"], []).append(row)
    return grouped


def tasks_meant(plan: Plan, text: str) -> list[dict[str, Any]]:
    """The rows of the tasks that a person may mean: by an id, else a printed number, else part of a title."""
    return rows_meant(records("tasks", plan.tasks), text)


def rows_meant(rows: Sequence[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Those of some tasks' rows that a person may mean."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    found = [row for row in rows if row["task_id"] in (_task_id(wanted), wanted.upper())]
    found = found or [row for row in rows if wanted.isdecimal() and row["no"] == int(wanted)]
    return found or [row for row in rows if wanted and fold(wanted) in fold(row["title"] or "")]


def _task_id(text: str) -> str:
    """T12, t012 and T012.1 as T012."""
    found = re.fullmatch(r"([TA])(\d{1,6})(?:[.+]\d+)?", text.upper())
    return f"{found[1]}{int(found[2]):03d}" if found else ""
