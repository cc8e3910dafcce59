"""What a template is filled with: plain data, and nothing that knows a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

MARKED = "marked"  # the kind of the row that shows how a cell that needs attention looks


@dataclass(frozen=True)
class Formula:
    """A formula by the keys of its row: ``IF(ISNUMBER({achieved}),…)``.

    ``result`` is its computed value, which programs show that do not calculate.
    """

    text: str
    result: str | float = ""


@dataclass(frozen=True)
class Link:
    """A text that leads to a cell of the same workbook: the row whose id is ``row``, the column of ``key``."""

    text: str
    sheet: str
    row: str
    key: str = "id"


Value = str | int | float | date | Formula | Link | None


@dataclass(frozen=True)
class Row:
    """One row of data: the model row it follows (``kind``), its values by key, the keys that are open to the unit.

    ``marked`` are the keys whose cells look like those of the template's row ``marked``.
    """

    kind: str
    values: Mapping[str, Value]
    open: tuple[str, ...] = ()
    section: str = ""
    group: str = ""
    marked: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetFilling:
    """The rows of one sheet. A sheet without rows is left out of the workbook, unless it is ``kept``.

    ``marks`` are the keys that each kind of row may have (for checking the template); ``values``
    stand above those of the whole workbook. The rows are gone through more than once.
    """

    title: str
    rows: Sequence[Row]
    marks: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Value] = field(default_factory=dict)
    kept: bool = False


@dataclass(frozen=True)
class Filling:
    """Everything that goes into one workbook.

    ``values`` are the marks that stand for one value (``unit.name``), ``lists`` those of the
    drop-downs, ``hidden`` what the very hidden sheet says; its ``workbook``, ``together`` or
    ``supplement`` is a custom property too.
    """

    values: Mapping[str, Value]
    sheets: tuple[SheetFilling, ...]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    creator: str = ""
