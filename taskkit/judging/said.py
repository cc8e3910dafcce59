"""The values of a period that say something, by the units' own names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from taskkit.columns import COLUMNS
from taskkit.roster import Roster

if TYPE_CHECKING:
    import pandas as pd

FIGURES = frozenset(COLUMNS[key].header for key in ("achieved", "month_total"))


class Said(NamedTuple):
    """One value: the task it is on (and the target, if any), the unit by its own name, column and text."""

    task_id: str
    target_id: str | None
    unit: str
    column: str
    value: str


def said(frame: pd.DataFrame, roster: Roster) -> Iterator[Said]:
    """The values on tasks that say something.

    What stands under an alias is the unit's own; what it wrote under its own name comes after it,
    and so counts more.
    """
    wanted = frame[["task_id", "target_id", "unit", "column", "value"]]
    plain = wanted.astype(object).where(wanted.notna(), None).itertuples(index=False, name=None)
    for task_id, target_id, name, column, value in sorted(plain, key=lambda row: row[2] == roster.canonical(row[2])):
        if task_id and value and value.strip():
            yield Said(task_id, target_id, roster.canonical(name), column, value)
