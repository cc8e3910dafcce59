"""Points entered by hand (手工调整), as the ledger keeps them: two rulings for each, its points and its ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from taskkit import rulings
from taskkit.entries import Ruling
from taskkit.ledger import Ledger
from taskkit.roster import Roster
from taskkit.scoring.counting import Adjustment


def read_adjustments(ledger: Ledger, name: str, roster: Roster) -> tuple[Adjustment, ...]:
    """What persons entered and did not take back, in the order in which it was first entered.

    Under the unit that is scored for it, also where that was called otherwise or reported itself at the time.
    """
    cells: dict[tuple[str, str, str], dict[str, Ruling]] = {}
    for said in ledger.ruling_versions(name, rulings.SCORE):
        cells.setdefault((roster.reporter(said.unit), said.period, said.row_id), {})[said.column] = said
    return tuple(_adjustment(unit, said) for (unit, _, _), said in cells.items() if said[rulings.POINTS].value)


def _adjustment(unit: str, said: Mapping[str, Ruling]) -> Adjustment:
    points, ground = said[rulings.POINTS], said.get(rulings.GROUND)
    newest = max(said.values(), key=lambda each: each.number)
    rule, part, number = points.row_id.split("/")
    return Adjustment(
        unit,
        rule,
        points.period,
        part,
        Decimal(points.value),
        ground.value if ground else "",
        newest.said_by,
        int(number),
        newest.file_name,
        points.unit,
    )


def next_numbers(ledger: Ledger, name: str) -> Iterator[int]:
    """Numbers for new lines by hand: none that was ever used, also not of one that was taken back."""
    used = [int(said.row_id.split("/")[2]) for said in ledger.ruling_versions(name, rulings.SCORE)]
    number = max(used, default=0)
    while True:
        number += 1
        yield number


def rulings_of(said: Adjustment, back: bool = False) -> tuple[Ruling, Ruling]:
    """How an adjustment is kept; ``back``: as taken back."""
    row_id = f"{said.rule}/{said.part}/{said.number}"
    cells = {rulings.POINTS: f"{said.points.normalize():f}", rulings.GROUND: said.ground}
    points, ground = (
        Ruling(
            rulings.SCORE, column, "" if back else text, said.period, said.kept_as or said.unit, row_id, said_by=said.by
        )
        for column, text in cells.items()
    )
    return points, ground


def same(one: Adjustment, other: Adjustment) -> bool:
    """Whether two say the same of the same, whoever entered them and from which file."""
    return replace(one, by="", source="", kept_as="") == replace(other, by="", source="", kept_as="")
