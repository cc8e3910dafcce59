"""What a dialect hands on: rows of a plan as they are written, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from taskkit.findings import Finding
from taskkit.units import Role


@dataclass(frozen=True)
class ClauseText:
    """The text of a unit clause as printed; ``role`` is what the label or column outside it says.

    ``cell``: it stood in a table cell, where spaces and line breaks may separate names.
    ``heads``: its column holds persons beside the units.
    """

    text: str
    role: Role = "either"
    cell: bool = False
    heads: bool = False


@dataclass(frozen=True)
class Step:
    """One measure that has units of its own."""

    text: str
    clauses: tuple[ClauseText, ...] = ()


@dataclass(frozen=True)
class TaskRow:
    """One task as written, from ``block`` of the document on.

    ``title`` or ``measures`` may be missing; ``steps`` are measures with units of their own.
    """

    place: str
    block: int
    title: str | None = None
    measures: str | None = None
    no: int | None = None
    section: str | None = None
    group: str | None = None
    leaders: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()  # persons in a column or line of their own who answer for the leading unit
    clauses: tuple[ClauseText, ...] = ()
    steps: tuple[Step, ...] = ()
    deadline: str | None = None
    goals: tuple[tuple[str, str], ...] = ()
    shares_no: bool = False  # its number counts nothing of its own: it covers the row before too, or a level above
    label_as: str | None = None  # the label of the group where this row prints it otherwise than before


@dataclass(frozen=True)
class Reading:
    """What a dialect read: rows, the indices of the blocks that they were ``used`` for, and what it left out."""

    rows: tuple[TaskRow, ...] = ()
    used: frozenset[int] = field(default_factory=frozenset)
    findings: tuple[Finding, ...] = ()
