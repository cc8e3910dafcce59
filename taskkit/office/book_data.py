"""A workbook as plain values, whatever kind of file it came in, and what it may hold at most.

Only cells that hold something are kept, in a sparse mapping, so neither ``max_row`` nor formatted
empty rows cost anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal, NamedTuple

from taskkit.errors import InputError
from taskkit.office.formats import Form, Value, moment_of, plain_number, shown_as

MAX_SHEETS = 200
MAX_CELLS = 400_000  # cells that hold something, in the whole workbook
MAX_TEXT = 100_000  # characters in one cell; Excel itself takes 32,767
MAX_AREAS = 100_000  # merged ones and hidden columns
MAX_SCANNED = 2_000_000  # cells with the empty ones
MAX_CHARACTERS = 20_000_000  # in them: a text that many cells share counts for each
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

CellKind = Literal["text", "number", "date", "bool", "error", "pending"]
SheetState = Literal["visible", "hidden", "veryHidden"]

ERRORS = frozenset("#REF! #NAME? #VALUE! #DIV/0! #N/A #NULL! #NUM! #SPILL! #CALC! #FIELD! #GETTING_DATA".split())


class Cell(NamedTuple):
    """A cell that holds something. ``row`` and ``column`` count from 1, as the person sees them.

    ``kind`` "pending" is a formula whose result was never stored; "date" covers times and
    durations too. ``percent`` says that the number is shown as a percentage (0.95 as 95%).
    ``shown`` is what a date looks like where its format writes 年, 月 or 日 (2026年6月), and of a
    pending formula the formula, where the file holds it; else "".
    ``outward`` says that its formula takes something from another file.
    """

    row: int
    column: int
    value: Value
    kind: CellKind
    formula: bool = False
    percent: bool = False
    shown: str = ""
    outward: bool = False


Row = Mapping[int, Cell]


def number_cell(row: int, column: int, number: float, format_: tuple[Form, str], is_1904: bool, formula: bool) -> Cell:
    """A number as its format shows it: a number, a percentage, a date, a time, a duration."""
    if not isfinite(number):
        return Cell(row, column, "#NUM!", "error", formula)
    form, code = format_
    if form and form != "percent":
        moment = moment_of(number, form, is_1904)
        if moment is not None:
            return Cell(row, column, moment, "date", formula, shown=shown_as(moment, code))
    return Cell(row, column, plain_number(number), "number", formula, form == "percent")


@dataclass(frozen=True)
class SheetData:
    """One worksheet: its cells by row and column, and what of it is hidden or merged."""

    title: str
    state: SheetState = "visible"
    rows: Mapping[int, Row] = field(default_factory=dict, repr=False)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    merges: tuple[str, ...] = ()

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a place, or None where it is blank."""
        return self.rows.get(row, {}).get(column)


@dataclass(frozen=True)
class BookData:
    """A workbook as plain values; ``properties`` are the custom ones, ``names`` the defined names."""

    name: str
    sheets: tuple[SheetData, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    saved_at: dt.datetime | None = None


class Labels(NamedTuple):
    """What a workbook says of itself outside its sheets: custom properties, and when it was last saved (UTC)."""

    properties: Mapping[str, str]
    saved_at: dt.datetime | None


class Budget:
    """The cells that a workbook may still bring."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells_left = MAX_CELLS
        self.characters_left = MAX_CHARACTERS
        self.areas_left = MAX_AREAS
        self.scanned_left = MAX_SCANNED

    def take(self, cells: int, characters: int) -> None:
        """Count cells and the characters in them. Raises InputError where they are more than a workbook may bring."""
        self.cells_left -= cells
        self.characters_left -= characters
        if self.cells_left < 0 or self.characters_left < 0:
            raise too_large(self.name)

    def take_area(self) -> None:
        """Raises InputError where there are too many merged areas and hidden columns."""
        self.areas_left -= 1
        if self.areas_left < 0:
            raise too_large(self.name)

    def scan(self, cells: int) -> None:
        """Raises InputError where there are too many cells, the empty ones counted."""
        self.scanned_left -= cells
        if self.scanned_left < 0:
            raise too_large(self.name)


def damaged(name: str) -> InputError:
    """The refusal of a workbook that is known as one but cannot be read."""
    return InputError(f"“{name}”的内容已损坏，无法读取", "请用 Excel 或 WPS 打开后另存一份再试")


def too_large(name: str) -> InputError:
    """The refusal of a workbook that breaks a limit."""
    return InputError(f"“{name}”内容过多，不像下发的工作簿", "请核对是不是交错了文件，或只保留需要的工作表")
