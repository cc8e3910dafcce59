"""What units handed in before: their goals, and their newest words of earlier periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskkit.book import Kept
from taskkit.periods import Period, parse_period
from taskkit.roster import Roster

if TYPE_CHECKING:
    import pandas as pd


def earlier_values(values: pd.DataFrame, period: Period, roster: Roster) -> dict[str, Kept]:
    """By unit, the goals of its 落实方案 and the newest accepted values of earlier periods.

    What stands under another name of a unit, or of one for which it reports, is its own; what it
    said itself for the same period counts more.
    """
    row_ids = values["target_id"].fillna(values["task_id"]).fillna("")
    columns = (values[key].tolist() for key in ("period", "unit", "column", "value"))
    rows = [(parse_period(each), *rest) for each, *rest in zip(*columns, row_ids.tolist(), strict=True)]
    goals: dict[str, dict[tuple[str, str], str]] = {}
    last: dict[str, dict[tuple[str, str], str]] = {}
    for earlier, unit, column, value, row_id in sorted(
        rows, key=lambda row: (row[0], row[1] == roster.reporter(row[1]))
    ):
        if row_id and earlier < period:
            (goals if earlier.kind == "plan" else last).setdefault(roster.reporter(unit), {})[row_id, column] = value
    return {unit: Kept(goals.get(unit, {}), last.get(unit, {})) for unit in {*goals, *last}}
