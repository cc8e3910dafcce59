"""Items under tasks: proposed by units in their 落实方案 and accepted, or split off by the office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from taskkit import rulings, tables
from taskkit.columns import COLUMNS, goal_columns, row_owner
from taskkit.entries import PlanChange
from taskkit.merge import NOTHING
from taskkit.plan import Item, Plan
from taskkit.roster import Roster
from taskkit.stores.base import standing
from taskkit.stores.plans import PlanStore
from taskkit.stores.returned import ReturnStore
from taskkit.stores.rulings import RulingStore

if TYPE_CHECKING:
    import pandas as pd

SPLIT = "split"  # kind of a change: an item that the office splits off
ITEM_COLUMNS = ("item_id", "task_id", "unit", "text", "goals", "deadline", "office", "accepted", "submission")


class ItemStore(ReturnStore, PlanStore, RulingStore):
    """The items of a plan's tasks."""

    def items(self, name: str, on: date | None = None) -> pd.DataFrame:
        """All items of a plan, by task in its order: those proposed too.

        Columns: item_id (T001+3), task_id, unit, text, goals (by stage), deadline, office (split off by the
        office), accepted (it counts), submission (in which a unit proposed it, else missing).
        """
        import pandas as pd

        rows = [[getattr(each, key) for key in ITEM_COLUMNS] for each in self.item_list(name, on)]
        return pd.DataFrame(rows, columns=list(ITEM_COLUMNS)).astype({"submission": "Int64"})

    def item_list(self, name: str, on: date | None = None) -> list[Item]:
        """All items of the tasks that are in the plan (on a day), in its order; units by their names in the list."""
        written, splits = self._written(name), [each for each in self.plan_changes(name) if each.kind == SPLIT]
        if not written and not splits:
            return []
        plan, roster = self.plan(name, on), self.roster(name, on) or Roster()
        place = {task_id: at for at, task_id in enumerate(plan.tasks.index)}
        own = {each.content["new_id"] for each in splits}
        proposed = self._proposed_items(name, [row for row in written if row["row_id"] not in own], plan, roster)
        due = [each for each in splits if on is None or each.effective_on <= on]
        found = [*proposed, *(_split_item(each, roster) for each in due)]
        listed = [each for each in found if each.task_id in place]
        return sorted(listed, key=lambda each: (place[each.task_id], each.office, _number(each.item_id)))

    def _written(self, name: str) -> list[dict[str, Any]]:
        """What units wrote on rows under a task, oldest first."""
        values, submissions = tables.cell_values, tables.submissions
        statement = (
            sa.select(*(values.c[key] for key in ("row_id", "unit", "column", "value", "submission")))
            .join(submissions, submissions.c.submission == values.c.submission)
            .where(values.c.plan_id == self._plan_id(name), values.c.row_id.like("%+%"), standing())
            .order_by(values.c.value_id)
        )
        return self._rows(statement)

    def _proposed_items(
        self, name: str, written: Iterable[Mapping[str, Any]], plan: Plan, roster: Roster
    ) -> Iterator[Item]:
        """The items that units proposed; accepted by a ruling on that very row of theirs."""
        cells: dict[tuple[str, str], dict[str, tuple[str, int]]] = {}
        for row in written:
            said = cells.setdefault((row["row_id"], roster.canonical(row["unit"])), {})
            said[row["column"]] = ("" if row["value"] == NOTHING else row["value"], row["submission"])
        passed = {
            (each.row_id, roster.canonical(each.unit))
            for each in self.rulings(name, rulings.GOALS).values()
            if each.column == rulings.PASSED and each.value == rulings.PASS
        }
        stages = plan.info.stages
        headers = {column.header: stage for column, stage in zip(goal_columns(stages), stages, strict=True)}
        for (row_id, unit), said in cells.items():
            text, number = said.get(COLUMNS["measures"].header, ("", 0))
            if text:
                yield Item(
                    row_id,
                    str(row_owner(row_id)[0]),
                    unit,
                    text,
                    goals={stage: said[header][0] for header, stage in headers.items() if header in said},
                    deadline=said.get(COLUMNS["deadline"].header, ("", 0))[0],
                    office=False,
                    accepted=(row_id, unit) in passed,
                    submission=number,
                )

    def item_numbers(self, name: str) -> dict[str, int]:
        """By task, the highest number that an item under it ever had (T001+3: 3), whoever wrote it."""
        values = tables.cell_values.c
        statement = sa.select(values.row_id).where(values.plan_id == self._plan_id(name), values.row_id.like("%+%"))
        given = [str(row["row_id"]) for row in self._rows(statement.distinct())]
        given += [each.content["new_id"] for each in self.plan_changes(name) if each.kind == SPLIT]
        highest: dict[str, int] = {}
        for each in given:
            highest[each.partition("+")[0]] = max(highest.get(each.partition("+")[0], 0), _number(each))
        return highest


def _split_item(change: PlanChange, roster: Roster) -> Item:
    said = change.content
    unit, common = roster.canonical(said["unit"]), (said["goals"], said["deadline"])
    return Item(said["new_id"], said["task_id"], unit, said["text"], *common, office=True, accepted=True)


def _number(item_id: str) -> int:
    number = item_id.partition("+")[2]
    return int(number) if number.isdecimal() else 0
