"""A unit's workbook as plain data: what is asked of whom, and the sheets, rows and cells that ask it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from datetime import date
from typing import NamedTuple

from taskkit.columns import RELAY_SHEET, SUPPORT_SHEET, Field, row_owner
from taskkit.entries import CellKey
from taskkit.office.data import Value
from taskkit.periods import Period


@dataclass(frozen=True)
class Ask:
    """What is asked of a unit: role (lead, support or all), part and period; by when and to whom, where known.

    What holds for its support tasks alone stands beside it. ``without`` are tasks that another
    workbook of the period asks it for already; ``contact`` says how to reach the office.
    """

    unit: str
    role: str
    part: str
    period: Period
    due_on: date | None = None
    to_whom: str | None = None
    support_due_on: date | None = None
    support_to_whom: str | None = None
    without: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True)
class Kept:
    """What a unit has handed in before: ``goals`` those of its 落实方案, ``last`` the newest of earlier periods.

    ``changed`` are the goals among them that the office changed at its request. Where the office sent back some
    of what it reported for this period: ``opinions`` by row id, ``own`` what it reported, ``approved`` the rows of
    a 落实方案 whose goals are approved and stay as they are.
    """

    goals: Mapping[CellKey, str] = field(default_factory=dict)
    last: Mapping[CellKey, str] = field(default_factory=dict)
    changed: Mapping[CellKey, str] = field(default_factory=dict)
    opinions: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[CellKey, str] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()


class Report(NamedTuple):
    """What a support unit reported on a task: for the units that lead it."""

    task_id: str
    unit: str
    progress: str
    problem: str


@dataclass(frozen=True)
class Line:
    """One row of a workbook: its row id, its cells by column key, the keys that are open to the unit."""

    kind: str
    row_id: str
    cells: Mapping[str, Value]
    open: tuple[str, ...] = ()
    section: str = ""
    group: str = ""


@dataclass(frozen=True)
class BookSheet:
    """One sheet: the fields that it has in this workbook, its lines, whether the line 填报人 stands on it."""

    title: str
    rows: str
    fields: tuple[Field, ...]
    lines: tuple[Line, ...]
    signed: bool = False


@dataclass(frozen=True)
class Book:
    """A unit's workbook as plain data, before it has an id."""

    ask: Ask
    sheets: tuple[BookSheet, ...]
    values: Mapping[str, Value]
    states: tuple[str, ...]

    @property
    def tasks(self) -> int:
        """The number of tasks (proposed 举措 not counted)."""
        owners = (row_owner(line.row_id)[0] for sheet in self.sheets for line in sheet.lines if line.kind != "item")
        return len({owner for owner in owners if owner})

    @property
    def targets(self) -> int:
        """The number of targets."""
        return sum(line.kind == "target" for sheet in self.sheets for line in sheet.lines)

    @property
    def led_tasks(self) -> frozenset[str]:
        """The tasks that it asks the unit for as a lead."""
        listed = (sheet.lines for sheet in self.sheets if sheet.title not in (SUPPORT_SHEET.title, RELAY_SHEET.title))
        owners = (row_owner(line.row_id)[0] for lines in listed for line in lines)
        return frozenset(owner for owner in owners if owner)

    def without(self, titles: Collection[str]) -> Book:
        """The workbook without some of its sheets."""
        return replace(self, sheets=tuple(sheet for sheet in self.sheets if sheet.title not in titles))

    def content(self, template: bytes) -> str:
        """The SHA-256 of all that the workbook asks and shows, and of the template that it is filled into."""
        plain = json.dumps(vars(self), ensure_ascii=False, sort_keys=True, default=_plain)
        return hashlib.sha256(template + plain.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    """What JSON does not know: the fields of our own values, else the text."""
    return vars(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def make_id(letter: str, *parts: str) -> str:
    """An id that derives from texts alone, so that it can be made again: a letter and twelve signs."""
    digest = hashlib.sha256("|".join(parts).encode("utf-8", "surrogatepass")).digest()
    return letter + base64.b32encode(digest).decode("ascii")[:12]
