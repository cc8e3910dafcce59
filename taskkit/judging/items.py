"""What is known of the items under the tasks of a plan in one period."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from taskkit.assess import Verdict, Word, own_verdict
from taskkit.assess.tasks import end_of
from taskkit.columns import COLUMNS
from taskkit.ledger import Ledger
from taskkit.periods import Period
from taskkit.plan import Item
from taskkit.roster import Roster
from taskkit.settings import States

if TYPE_CHECKING:
    import pandas as pd

_STATE, _PROGRESS = (COLUMNS[key].header for key in ("state", "progress"))


@dataclass(frozen=True)
class ItemFacts:
    """An accepted item in one period: its unit, text and goal of the stage, what the unit wrote, and where it stands.

    ``cells`` are what the unit wrote, by column header; ``own`` is its own word on the item.
    """

    item_id: str
    task_id: str
    unit: str
    text: str
    goal: str
    deadline: str
    cells: Mapping[str, str]
    own: Verdict

    @property
    def progress(self) -> str:
        """Its 本期进展, "" for none."""
        return self.cells.get(_PROGRESS, "")


def item_facts(
    items: Sequence[Item],
    frame: pd.DataFrame,
    roster: Roster,
    period: Period,
    stages: Sequence[str],
    states: States,
    asked: Collection[tuple[str, str]],
    reported: Collection[tuple[str, str]],
) -> dict[str, tuple[ItemFacts, ...]]:
    """The accepted items by task.

    ``frame``: the values of the period; ``asked``: (unit, item) of its forms, ``reported``: (unit, task).
    """
    accepted = [each for each in items if each.accepted]
    if not accepted:
        return {}
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for row_id, unit, column, value in frame[["target_id", "unit", "column", "value"]].itertuples(
        index=False, name=None
    ):
        if isinstance(row_id, str) and "+" in row_id and value:
            cells.setdefault((row_id, roster.reporter(unit)), {})[column] = value
    stage = period.stage(stages)
    found: dict[str, list[ItemFacts]] = {}
    for each in accepted:
        reporter = roster.reporter(each.unit)
        own = cells.get((each.item_id, reporter), {})
        is_asked = (reporter, each.item_id) in asked
        is_reported = is_asked and (reporter, each.task_id) in reported
        word = Word(each.unit, own.get(_STATE), own.get(_PROGRESS), asked=is_asked, reported=is_reported)
        goal = each.goals.get(stage, "") if stage else ""
        facts = ItemFacts(
            each.item_id, each.task_id, each.unit, each.text, goal, each.deadline, own, own_verdict(word, states)
        )
        found.setdefault(each.task_id, []).append(facts)
    return {task_id: tuple(listed) for task_id, listed in found.items()}


def items_asked(ledger: Ledger, name: str, period: Period, roster: Roster) -> frozenset[tuple[str, str]]:
    """(unit, item) of the items that stand in the forms sent for a period."""
    if not ledger.item_list(name):
        return frozenset()
    sent = ledger.sent_texts(name, _PROGRESS)
    books = ledger.workbooks(name, period.text)[["workbook", "unit"]].itertuples(index=False, name=None)
    return frozenset((roster.reporter(unit), row) for book, unit in books for row in sent.get(book, ()) if "+" in row)


def items_of(ledger: Ledger, name: str, period: Period, today: date, asked: Collection[tuple[str, str]]) -> list[Item]:
    """The items that a period is about: not those that came after it had ended, unless they were asked for."""
    listed = ledger.item_list(name, today)
    if not listed or not period.year or (ended := end_of(period)) >= today:
        return listed
    known = {each.item_id for each in ledger.item_list(name, ended)} | {item_id for _, item_id in asked}
    return [each for each in listed if not each.office or each.item_id in known]


def item_count(by_task: Sequence[Sequence[object]]) -> int:
    """How many items (事项) tasks come to: those that are broken down by their items, each of the others as one."""
    return sum(max(len(items), 1) for items in by_task)
