"""Results of formulas that are known while a workbook is filled: what previews show, which do not calculate."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from taskkit.office.data import Value
from taskkit.office.references import Expression, Models

_HERE = "\n"
_CALL = re.compile(r"=?(SUM|COUNT|MIN|MAX|AVERAGE)\(", re.IGNORECASE)


@dataclass(frozen=True)
class Aggregate:
    """A function over one column of all rows that are written on a sheet: ``SUM(N6:N6)`` where row 6 is a model."""

    function: str
    sheet: str
    column: str


def aggregate_of(expression: Expression, models: Models) -> Aggregate | None:
    """What a formula adds up, where it does nothing else."""
    references = list(expression.references)
    before, _, after = "".join(piece if isinstance(piece, str) else _HERE for piece in expression.pieces).partition(
        _HERE
    )
    call = _CALL.fullmatch(before)
    if call is None or after != ")" or len(references) != 1:
        return None
    [reference] = references
    first, last = models.rows.get(reference.sheet, (0, -1))
    columns = {end.column.lstrip("$").upper() for end in reference.ends}
    rows = [end.row for end in reference.ends]
    if len(columns) > 1 or not all(first <= row <= last for row in rows):
        return None
    return Aggregate(call[1].upper(), reference.sheet, columns.pop())


def result_of(function: str, values: Iterable[Value]) -> float | None:
    """The result, as Excel has it: texts and blanks do not count. None where it is not known."""
    numbers = []
    for value in values:
        if isinstance(value, bool) or value is None or isinstance(value, str):
            continue
        if not isinstance(value, (int, float)) or not math.isfinite(value):
            return None
        numbers.append(value)
    if function == "COUNT":
        return len(numbers)
    if not numbers:
        return None if function == "AVERAGE" else 0
    total = math.fsum(numbers)
    result = {"SUM": total, "MIN": min(numbers), "MAX": max(numbers), "AVERAGE": total / len(numbers)}[function]
    return float(f"{result:.15g}")
