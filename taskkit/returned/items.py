"""Rows that a clerk inserted under a task: proposed items of that task, ``T001+3`` and so on.

The number is the next free one, and stays with the item: the same text, or one that is nearly
the same, in a later copy is the same item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from taskkit.columns import COLUMNS, ITEMS_PER_TASK, row_owner
from taskkit.merge import canonical
from taskkit.places import Place
from taskkit.returned.cells import ReturnedCell, returned_cell
from taskkit.returned.layout import MEASURES, TITLE, Layout, likeness
from taskkit.returned.rows import DataRow
from taskkit.text import fold

Items = Mapping[str, Mapping[str, str]]  # row id of a proposed item -> its newest value by column
_ALIKE = 0.6
_PROGRESS = COLUMNS["progress"].header


def numbered_items(inserted: Sequence[tuple[DataRow, str]], known: Items, layout: Layout) -> list[DataRow]:
    """The inserted rows with their ids: those of items that were proposed before, else the next free ones."""
    used: set[str] = set()
    given: dict[int, str] = {}
    for least in (1.0, _ALIKE):  # first those that say the same to the letter
        for at, (row, task) in enumerate(inserted):
            same = None if at in given else _proposed_before(row, task, known, used, least)
            if same is not None:
                used.add(same)
                given[at] = same
    for at, (_, task) in enumerate(inserted):
        if at not in given:
            taken = {*known, *layout.sheet_of, *used}
            given[at] = f"{task}+{1 + max((_number(each, task) for each in taken), default=0)}"
            used.add(given[at])
    return [replace(row, owner=layout.workbook, row_id=given[at]) for at, (row, _) in enumerate(inserted)]


def _number(row_id: str, task: str) -> int:
    owner, _, number = row_id.partition("+")
    return max(int(number), ITEMS_PER_TASK) if owner == task and number.isdecimal() else ITEMS_PER_TASK


def _proposed_before(row: DataRow, task: str, known: Items, used: set[str], least: float) -> str | None:
    """The item of a task whose text is the row's: of those that are alike enough the most alike."""
    scored = [
        (_likeness(row, values), row_id)
        for row_id, values in known.items()
        if row_owner(row_id)[0] == task and row_id not in used
    ]
    score, best = max(scored, default=(0.0, ""))
    return best if best and score >= least else None


def _likeness(row: DataRow, values: Mapping[str, str]) -> float:
    """What is to be done tells an item; without it, how far it is."""
    for mine, theirs in ((row.own_text, values.get(MEASURES, "")), (row.text(_PROGRESS), values.get(_PROGRESS, ""))):
        if mine or theirs:
            one, other = fold(mine), fold(theirs)
            return 1.0 if one == other else likeness(one, other)
    return 0.0


def item_cells(row: DataRow, layout: Layout) -> Iterator[ReturnedCell]:
    """What an inserted row brings: its open cells, and what is to be done, wherever the clerk wrote it."""
    opened = layout.open_columns[row.form]
    own = row.own_text
    for at, column in row.columns.items():
        place = Place(row.sheet.title, row.number, at)
        cell = row.cells.get(at)
        if cell is None:
            continue
        if column.header in opened and column.header != MEASURES:
            yield returned_cell(row.row_id, column, cell, place)
        elif column.header in (TITLE, MEASURES) and canonical(cell.value) == own:
            yield replace(returned_cell(row.row_id, COLUMNS["measures"], cell, place), value=own)
            own = ""  # once
