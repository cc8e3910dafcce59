"""By when each task is to be done: as agreed with its unit, as the plan says, else as its unit promised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from taskkit import approving, rulings
from taskkit.approving import DEADLINE, Agreed, changed_deadlines
from taskkit.assess import Standing
from taskkit.columns import COLUMNS
from taskkit.deadlines import day_to_keep
from taskkit.judging.said import said
from taskkit.ledger import Ledger
from taskkit.periods import PLAN, Period, parse_period
from taskkit.plan_index import PlanIndex
from taskkit.roster import Roster
from taskkit.settings import States

if TYPE_CHECKING:
    import pandas as pd


class Deadline(NamedTuple):
    """A deadline as it is printed (None for none), and its last day (None: never late)."""

    text: str | None
    day: date | None


def deadlines(promised: pd.DataFrame, changes: Iterable[Agreed], index: PlanIndex) -> dict[str, Deadline]:
    """Of each task; where several units lead it, that of the first of them that has one of its own.

    ``promised``: the values of the 落实方案, in which a unit names the deadline that the plan does not.
    """
    agreed, said_of = dict(changed_deadlines(changes)), promised[promised["column"] == DEADLINE]
    own = {(each.unit, each.task_id): each.value for each in said(said_of, index.roster) if not each.target_id}
    found: dict[str, Deadline] = {}
    for task_id, row in index.tasks.items():
        text, day = row["deadline"], row["due_on"]
        if changed := _first(task_id, agreed, index):
            text, day = changed, None
        elif not text and day is None:
            text = _first(task_id, own, index)
        found[task_id] = Deadline(text, day_to_keep(text, day, index.info.year))
    return found


def _first(task_id: str, texts: Mapping[tuple[str, str], str], index: PlanIndex) -> str | None:
    """What the first lead unit says that says anything, itself or through whom it reports."""
    if not texts:
        return None
    units = (unit for name in index.units_of(task_id, "lead") for unit in index.roster.named(name))
    names = (name for unit in units for name in (unit, index.roster.reporter(unit)))
    return next((texts[name, task_id] for name in names if (name, task_id) in texts), None)


def done_before(
    ledger: Ledger, name: str, period: Period, roster: Roster, states: States
) -> frozenset[tuple[str, str]]:
    """(unit, task) that was said to be done in the last period in which its unit said anything of its state.

    Not where the office did not take that: judged otherwise, sent it back, or refused 销号.
    """
    frame = ledger.values(name)
    frame = frame[(frame["column"] == COLUMNS["state"].header) & (frame["period"] != PLAN.text)]
    last: dict[tuple[str, str], tuple[Period, str]] = {}
    for text, rows in frame.groupby("period"):
        when = parse_period(str(text))
        for each in said(rows, roster):
            key = (each.unit, each.task_id)
            if not each.target_id and when < period and not (key in last and when < last[key][0]):
                last[key] = when, each.value
    doubted = {
        (each_period, unit, task_id)
        for (_, each_period, unit, task_id, column), each in approving.standing(
            ledger, name, rulings.TASK, None, roster
        ).items()
        if (column == rulings.STATE and not _is_done(each.value, states))
        or (column, each.value) in ((rulings.PASSED, rulings.BACK), (rulings.CLOSED, rulings.NO))
    }
    return frozenset(
        (unit, task_id)
        for (unit, task_id), (when, state) in last.items()
        if _is_done(state, states) and not {(when.text, unit, task_id), (when.text, "", task_id)} & doubted
    )


def _is_done(state: str, states: States) -> bool:
    return (states.now_called(state) or ("", ""))[1] == Standing.DONE
