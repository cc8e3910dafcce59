"""The checks of what a unit returned: which there are, and running them over a workbook's rows.

A check is a function of one row and the whole workbook; a new one is a function in the file of its
topic and a line here. Single values are judged before (values.py), spilled texts found in columns
(spilled.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from taskkit.findings import Finding
from taskkit.rules.empty_talk import check_empty_talk
from taskkit.rules.filled import FilledBook, FilledRow
from taskkit.rules.required import check_done_target, check_item, check_required
from taskkit.rules.states import check_handled, check_states
from taskkit.rules.totals import check_goals, check_totals

Check = Callable[[FilledRow, FilledBook], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    check_required,
    check_item,
    check_done_target,
    check_states,
    check_handled,
    check_empty_talk,
    check_totals,
    check_goals,
)


def check_rows(book: FilledBook) -> Iterator[Finding]:
    """What the rows that a return changes say as a whole, as they will stand."""
    for row in book.changed_rows():
        for check in CHECKS:
            yield from check(row, book)
