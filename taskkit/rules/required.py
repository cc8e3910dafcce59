"""What a state asks for: a problem and a next step where work is behind, a text and a met target where it is done."""

from __future__ import annotations

from collections.abc import Iterator

from taskkit.columns import COLUMNS, row_owner
from taskkit.findings import Finding
from taskkit.rules.filled import FilledBook, FilledRow
from taskkit.rules.totals import is_fraction
from taskkit.typed import Sense


def check_required(row: FilledRow, book: FilledBook) -> Iterator[Finding]:
    """What is missing beside a state."""
    state = row.value("state")
    meaning = book.known.meaning_of(state)
    if meaning == "slow":
        for key, code in (("problem", "slow-no-problem"), ("next_step", "slow-no-step")):
            if row.has(key) and not row.value(key):
                yield row.found(code, key, state=state)
    if meaning == "done":
        if not row.value("progress"):
            yield row.found("done-no-text", "progress", state=state)
        for target in book.targets(row.row_id):
            yield from _check_target(target, state)


def check_item(row: FilledRow, book: FilledBook) -> Iterator[Finding]:
    """A proposed 举措 of which everything is said but what it is."""
    header = COLUMNS["measures"].header
    filled = any(text and text != row.sent.get(key, "") for key, text in row.values.items())
    if "+" in row.row_id and header in row.places and filled and not row.value("measures"):
        yield row.found("item-no-measure", "measures", column=header)


def check_done_target(row: FilledRow, book: FilledBook) -> Iterator[Finding]:
    """A target's new value where its task is done already, and says nothing new."""
    task_id, target_id = row_owner(row.row_id)
    task = book.rows.get(task_id or "")
    if task is None or not target_id or task_id in book.changed or not row.has("achieved"):
        return
    if book.known.meaning_of(task.value("state")) == "done":
        yield from _check_target(row, task.value("state"))


def _check_target(row: FilledRow, state: str) -> Iterator[Finding]:
    said = row.reads("achieved")
    if said.number is None:
        if said.sense is not Sense.SECRET:
            yield row.found("done-no-value", "achieved", state=state)
    elif row.aim.missed_by(float(said.number)) and not is_fraction(row, said.number):
        words = {"state": state, "value": row.value("achieved"), "aim": row.aim.shown}
        yield row.found("done-below-aim", "achieved", **words)
