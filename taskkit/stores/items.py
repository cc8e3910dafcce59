"""Items under tasks: proposed by units in their 落实方案 and accepted, or split off by the office."""

from __future__ import annotations

import sqlalchemy as sa

from taskkit import tables
from taskkit.stores.returned import ReturnStore
from taskkit.stores.versions import VersionStore

SPLIT = "split"  # kind of a change: an item that the office splits off


class ItemStore(ReturnStore, VersionStore):
    """The items of a plan's tasks."""

    def item_numbers(self, name: str) -> dict[str, int]:
        """By task, the highest number that an item under it ever had (T001+3: 3), whoever wrote it."""
        values = tables.cell_values.c
        statement = sa.select(values.row_id).where(values.plan_id == self._plan_id(name), values.row_id.like("%+%"))
        given = [str(row["row_id"]) for row in self._rows(statement.distinct())]
        given += [each.content["new_id"] for each in self.plan_changes(name) if each.kind == SPLIT]
        highest: dict[str, int] = {}
        for each in given:
            task_id, _, number = each.partition("+")
            if number.isdecimal():
                highest[task_id] = max(highest.get(task_id, 0), int(number))
        return highest

