"""One returned cell: what stands in it, and which of several for one place counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from taskkit.columns import Column
from taskkit.entries import CellKey
from taskkit.merge import canonical
from taskkit.office.sheets import ERRORS, Cell
from taskkit.places import Place

_A_TEXT = re.compile(r"=[-+=\s]*[\u4e00-\u9fff]")  # -推进执法, which became a formula when it was typed


@dataclass(frozen=True)
class ReturnedCell:
    """One returned cell. ``problem`` is the code of a finding that keeps it from being taken.

    ``held`` says that it is doubtful whose row it stands in: never taken without a person.
    """

    row_id: str
    column: Column
    value: str
    place: Place
    problem: str = ""
    formula: bool = False
    raw: Cell | None = None  # the cell as it was read, for judging its value
    held: bool = False

    @property
    def key(self) -> CellKey:
        return self.row_id, self.column.header


class Stray(NamedTuple):
    """A text in a row that is nobody's: its place, the column's header, what it says."""

    place: Place
    header: str
    value: str


def returned_cell(row_id: str, column: Column, cell: Cell | None, place: Place) -> ReturnedCell:
    """A cell as the file holds it; None for a blank one."""
    if cell is None:
        return ReturnedCell(row_id, column, "", place)
    if cell.kind == "pending":
        problem = "formula-text" if _A_TEXT.match(cell.shown) else "formula-unsaved"
        return ReturnedCell(row_id, column, canonical(cell.shown), place, problem, formula=True)
    value = cell.value
    if cell.percent and isinstance(value, (int, float)):
        value = float(value) * 100 if column.kind == "number" else f"{canonical(float(value) * 100)}%"
    if cell.shown and column.kind == "text":
        value = cell.shown  # what the person typed before Excel made a date of it
    text = canonical(value, column.kind)
    problem = "cell-error" if cell.kind == "error" or text.upper() in ERRORS else ""
    return ReturnedCell(row_id, column, text, place, problem, cell.formula, cell)


def one_of(cells: list[ReturnedCell], sent: str) -> ReturnedCell:
    """The one that counts of several cells for one place: the only one that was filled in, else none."""
    certain = [cell for cell in cells if not cell.held] or cells
    filled: dict[str, ReturnedCell] = {}
    for cell in certain:
        if cell.value not in ("", sent):
            filled.setdefault(cell.value, cell)
    first = next(iter(filled.values()), certain[0])
    return replace(first, problem="row-twice") if len(filled) > 1 else first
