"""What is known of a sheet once the data is there: all that the holes of its parts ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from taskkit.office.blocks import Block
from taskkit.office.data import Value
from taskkit.office.widths import Widths


def _unknown(_: str, __: str) -> None:
    """No values are known."""


@dataclass
class Facts:
    """The rows written on this sheet and the others, the values of its marks, what is noted while rows are written.

    ``first_rows`` is where each kind of row is written first, ``bottom`` the last row of the sheet;
    ``column`` gives the values written in a column of a sheet, None where not all are known.
    """

    block: Block
    blocks: Mapping[str, Block]
    gone: Collection[str]
    widths: Widths = field(default_factory=Widths)
    values: Mapping[str, Value] = field(default_factory=dict)
    first_rows: Mapping[str, int] = field(default_factory=dict)
    bottom: int = 0
    selected: bool = False
    links: list[str] = field(default_factory=list)
    column: Callable[[str, str], Iterable[Value] | None] = _unknown
    calculates: bool = False  # whether a formula was written whose result the program must compute
    tall: list[int] = field(default_factory=list)  # rows whose texts need more height than a row can have
    new_styles: bool = False  # whether a cell needs a style that only the extended styles have
