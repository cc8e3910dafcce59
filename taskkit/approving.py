"""What follows from the office's rulings: goals in force, what is approved, what was sent back, what is closed (销号).

A ruling on a unit's text holds for the text that was read (``Ruling.about``): once the unit has written
something else, what was approved or sent back waits for the office again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskkit import rulings
from taskkit.columns import COLUMNS, row_owner
from taskkit.entries import CellKey, Ruling, RulingKey
from taskkit.ledger import Ledger
from taskkit.periods import PLAN, Period, parse_period
from taskkit.roster import Roster

if TYPE_CHECKING:
    import pandas as pd

RowKey = tuple[str, str]  # unit by its own name, row id
DEADLINE = COLUMNS["deadline"].header
# What stands in a 落实方案 and is no promise: it may change after approval.
PEOPLE = frozenset(COLUMNS[key].header for key in ("unit_leader", "office", "handler", "phone"))
CLOSED_NAME = "已销号"


def newest(
    ledger: Ledger, name: str, topic: str | None = None, period: str | None = None, roster: Roster | None = None
) -> dict[RulingKey, Ruling]:
    """The newest version of all that the office ever said, by key, also of what it took back.

    Units by their names in the unit list, also where they were called otherwise.
    """
    listed = roster if roster is not None else ledger.roster(name) or Roster()
    found: dict[RulingKey, Ruling] = {}
    for each in ledger.ruling_versions(name, topic, period):
        unit = listed.canonical(each.unit) if each.unit else ""
        found[each.topic, each.period, unit, each.row_id, each.column] = each
    return found


def standing(
    ledger: Ledger, name: str, topic: str, period: str | None = None, roster: Roster | None = None
) -> dict[RulingKey, Ruling]:
    """What the office says now, by key (``newest``)."""
    return {key: each for key, each in newest(ledger, name, topic, period, roster).items() if each.value}


def texts(ledger: Ledger, name: str, period: str, roster: Roster) -> dict[RowKey, str]:
    """What each unit says now, as rulings are about it: of each row of a 落实方案 (without people), else of each task.

    One line for each cell that says something, in a fixed order.
    """
    said: dict[RowKey, set[str]] = {}
    is_plan = period == PLAN.text
    for unit, row_id, column, value in _said(ledger.values(name, period)):
        task_id, _ = row_owner(row_id)
        if task_id is None or not value.strip() or (is_plan and column in PEOPLE):
            continue
        key = (roster.canonical(unit), row_id if is_plan else task_id)
        said.setdefault(key, set()).add(f"{column}：{value}" if is_plan else f"{row_id} {column}：{value}")
    return {key: "\n".join(sorted(lines)) for key, lines in said.items()}


def _said(frame: pd.DataFrame) -> Iterable[tuple[str, str, str, str]]:
    """(unit, row id, column, value) of a frame of values."""
    row_ids = frame["target_id"].fillna(frame["task_id"]).fillna("")
    lists = (frame[key].tolist() for key in ("unit", "column", "value"))
    units, columns, values = lists
    return zip(units, row_ids.tolist(), columns, values, strict=True)


# --- goals ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Agreed:
    """A goal that was changed by a request of its unit: the row and the column of the 落实方案, and what holds now."""

    unit: str
    row_id: str
    column: str
    value: str


def agreed(ledger: Ledger, name: str, roster: Roster | None = None) -> tuple[Agreed, ...]:
    """The goals that were changed by requests, one for each cell: of several requests the one agreed to last."""
    said: dict[tuple[str, str, str], dict[str, Ruling]] = {}
    for (_, period, unit, row_id, column), each in standing(ledger, name, rulings.REQUEST, None, roster).items():
        said.setdefault((period, unit, row_id), {})[column] = each
    found: dict[tuple[str, str, str], tuple[int, Agreed]] = {}
    for (_, unit, _), cells in said.items():
        wanted = [cells.get(key) for key in (rulings.GOAL_ROW, rulings.GOAL_COLUMN, rulings.GOAL_VALUE)]
        passed = cells.get(rulings.PASSED)
        if passed is None or passed.value != rulings.PASS or not all(wanted):
            continue
        change = Agreed(unit, *(part.value for part in wanted if part))
        key, number = (unit, change.row_id, change.column), max(one.number for one in cells.values())
        if number > found.get(key, (0, change))[0]:
            found[key] = (number, change)
    return tuple(change for _, change in found.values())


def promised(ledger: Ledger, name: str, roster: Roster | None = None) -> pd.DataFrame:
    """What units promised in their 落实方案, as ``ledger.values(name, "plan")``, with agreed changes in their place.

    ``ledger.values`` itself keeps what the units wrote. ``roster``: the unit list of the day that is looked at.
    """
    listed = roster if roster is not None else ledger.roster(name) or Roster()
    return in_force(ledger.values(name, PLAN.text), agreed(ledger, name, listed), listed)


def in_force(values: pd.DataFrame, changes: Iterable[Agreed], roster: Roster) -> pd.DataFrame:
    """Values (of any periods) with agreed changes in the place of the goals that they change."""
    import pandas as pd

    kept, added = values, []
    for each in changes:
        task_id, target_id = row_owner(each.row_id)
        row_ids = kept["target_id"].fillna(kept["task_id"])
        same = (kept["period"] == PLAN.text) & (row_ids == each.row_id) & (kept["column"] == each.column)
        same &= kept["unit"].map(roster.canonical) == each.unit
        kept = kept[~same]
        added.append(
            {
                **dict.fromkeys(values.columns),
                "task_id": task_id,
                "target_id": target_id,
                "unit": each.unit,
                "role": "lead",
                "period": PLAN.text,
                "column": each.column,
                "value": each.value,
                "submission": 0,
            }
        )
    if not added:
        return values
    return pd.concat([kept, pd.DataFrame(added).astype(values.dtypes.to_dict())], ignore_index=True)


def approved(ledger: Ledger, name: str, roster: Roster | None = None) -> frozenset[RowKey]:
    """The rows of 落实方案 whose goals are approved (审定) as they stand."""
    return _ruled(ledger, name, rulings.GOALS, PLAN.text, rulings.PASS, roster)


# --- what was sent back, what is closed ---------------------------------------------------


def sent_back(ledger: Ledger, name: str, period: str, roster: Roster | None = None) -> dict[RowKey, str]:
    """What the office sent back and the unit has not changed since, with the reason.

    The rows are those of the 落实方案 in period ``plan``, else tasks.
    """
    listed = roster if roster is not None else ledger.roster(name) or Roster()
    topic = rulings.GOALS if period == PLAN.text else rulings.TASK
    said = standing(ledger, name, topic, period, listed)
    reasons = {key[2:4]: each.value for key, each in said.items() if key[4] == rulings.REASON}
    back = _ruled(ledger, name, topic, period, rulings.BACK, listed)
    return {key: reasons.get(key, "") for key in sorted(back)}


def _ruled(ledger: Ledger, name: str, topic: str, period: str, value: str, roster: Roster | None) -> frozenset[RowKey]:
    listed = roster if roster is not None else ledger.roster(name) or Roster()
    said = standing(ledger, name, topic, period, listed)
    wanted = {key[2:4]: each for key, each in said.items() if key[4] == rulings.PASSED and each.value == value}
    if not wanted:
        return frozenset()
    now = texts(ledger, name, period, listed)
    return frozenset(key for key, each in wanted.items() if each.about == now.get(key, ""))


def closed_tasks(ledger: Ledger, name: str) -> dict[str, Period]:
    """The tasks that are closed (销号), each with the period in which the office confirmed it."""
    said = standing(ledger, name, rulings.TASK)
    closed: dict[str, Period] = {}
    for (_, period, _, task_id, column), each in said.items():
        if column == rulings.CLOSED and each.value == rulings.YES:
            when = parse_period(period)
            closed[task_id] = min(when, closed.get(task_id, when))
    return closed


def closed_before(ledger: Ledger, name: str, period: Period) -> frozenset[str]:
    """The tasks that were closed in an earlier period, and are not asked for any more."""
    return frozenset(task for task, when in closed_tasks(ledger, name).items() if when < period)


def changed_deadlines(changes: Iterable[Agreed]) -> Mapping[RowKey, str]:
    """The deadlines that were changed by requests."""
    return {(each.unit, each.row_id): each.value for each in changes if each.column == DEADLINE}


def cells_of(changes: Iterable[Agreed], unit: str) -> dict[CellKey, str]:
    """The goals of one unit that were changed, by cell."""
    return {(each.row_id, each.column): each.value for each in changes if each.unit == unit}
