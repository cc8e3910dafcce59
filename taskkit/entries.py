"""What the ledger keeps of workbooks and returns, as plain values; what follows from them, without a database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from taskkit.periods import short_date
from taskkit.receipts import BY_FILE

CellKey = tuple[str, str]  # row id, column header
Seen = frozenset[tuple[int, bool]]  # returns of a unit in a period: number, and whether it stands


class SentCell(NamedTuple):
    """A cell as a workbook held it when it was sent; ``open`` cells are the unit's to fill."""

    sheet: str
    row_id: str
    column: str
    value: str
    open: bool

    @property
    def key(self) -> CellKey:
        return self.row_id, self.column


@dataclass(frozen=True)
class Workbook:
    """A workbook that was sent (or is about to be).

    ``role`` is the role that was asked (lead, support or all), ``content_sha256`` that of its
    data and template (a new one makes a new edition).
    """

    workbook: str
    plan: str
    unit: str
    role: str
    part: str
    period: str
    edition: int
    content_sha256: str
    due_on: date | None = None
    cells: tuple[SentCell, ...] = field(default=(), repr=False)


class Companion(NamedTuple):
    """A file that went out beside the forms: a ``supplement`` to a workbook, or one table for all units (``together``).

    ``content`` is the SHA-256 of what a supplement says, or the id of the table.
    """

    kind: str
    workbook: str | None
    content: str
    file_name: str
    file_sha256: str


@dataclass(frozen=True)
class Change:
    """A value that a returned workbook brings."""

    row_id: str
    column: str
    value: str
    role: str


@dataclass(frozen=True)
class Matter:
    """A returned value that a person has to decide on: a conflict, or one that was held back.

    ``base`` is what the file descends from, ``current`` what the ledger held then (what was sent,
    where it held nothing), ``reason`` the outcome (conflict, held), ``place`` where in the file it stands.
    """

    row_id: str
    column: str
    role: str
    sent: str
    base: str
    current: str
    returned: str
    reason: str
    place: str

    @property
    def key(self) -> CellKey:
        return self.row_id, self.column


@dataclass(frozen=True)
class Submission:
    """A returned workbook to be accepted: the file itself, what its open cells held, what changes.

    ``changes`` are the values that it brings and those that it says again: when the return that
    brought one is withdrawn, this one still stands for it. ``seen`` is what the ledger held when
    the file was compared with it (None where nobody compared). ``matters`` are left for a person.
    ``way`` and ``reason`` (what is said of it) go into the register.
    """

    workbook: Workbook
    file_name: str
    file: bytes = field(repr=False)
    received: date
    held: Mapping[CellKey, str] = field(repr=False)
    changes: tuple[Change, ...] = ()
    saved_at: datetime | None = None
    seen: Seen | None = field(default=None, repr=False)
    matters: tuple[Matter, ...] = ()
    way: str = BY_FILE
    reason: str = ""


class Return(NamedTuple):
    """An accepted return; ``supposed`` where a dry run only acts as if. ``held`` is what its open cells held.

    A decision of the office is one too: that of the file it was about, taken a step further.
    ``decided`` are the texts that were weighed in it, by cell.
    """

    number: int
    workbook: str
    file_sha256: str
    saved_at: datetime | None
    standing: bool
    held: Mapping[CellKey, str]
    received: date | None = None
    supposed: bool = False
    decided: Mapping[CellKey, frozenset[str]] = {}

    @property
    def spoken(self) -> str:
        """As people speak of it: 第3号报送，4月8日收到."""
        if self.supposed:
            return "本次已收的另一个文件"
        if self.decided:
            return f"第{self.number}号，督查室决定"
        return f"第{self.number}号报送" + (f"，{short_date(self.received)}收到" if self.received else "")


class Version(NamedTuple):
    """A value of a cell and the return that said it."""

    value: str
    submission: int


@dataclass
class Holdings:
    """All that one unit returned for one period: its returns and every version of every cell, oldest first.

    Withdrawn returns are among them, so that it can be told what was said before.
    """

    returns: dict[int, Return]
    versions: dict[CellKey, list[Version]]

    @property
    def seen(self) -> Seen:
        """What has to be unchanged when something is written that was compared with this."""
        return frozenset((each.number, each.standing) for each in self.returns.values() if not each.supposed)

    def standing(self, workbook: str) -> list[Return]:
        """The returns of a workbook that count, oldest first."""
        return [each for each in self.returns.values() if each.workbook == workbook and each.standing]

    def bases(self, workbook: str) -> list[Return]:
        """The returns that a file may descend from, oldest first; one that was decided on as the decision left it."""
        standing = self.standing(workbook)
        last = {each.file_sha256: each.number for each in standing if each.decided}
        return [each for each in standing if each.number >= last.get(each.file_sha256, 0)]

    def current(self, key: CellKey) -> Version | None:
        """The newest value that stands, with the return that first brought it (later ones only said it again)."""
        held: Version | None = None
        for version in self.versions.get(key, ()):
            if self.returns[version.submission].standing and (held is None or held.value != version.value):
                held = version
        return held

    def decided_on(self, key: CellKey, value: str) -> Return | None:
        """The newest standing decision in which this value was weighed."""
        decisions = (each for each in self.returns.values() if each.standing and value in each.decided.get(key, ()))
        return max(decisions, key=lambda each: each.number, default=None)

    def was_said(self, key: CellKey, value: str) -> bool:
        """Whether any return, standing or withdrawn, ever brought this value."""
        return any(version.value == value for version in self.versions.get(key, ()))

    def was_withdrawn(self, key: CellKey, value: str) -> bool:
        """Whether the ledger once held this value, and lost it by a withdrawal, not to a newer value."""
        versions = self.versions.get(key, [])
        said = [at for at, version in enumerate(versions) if version.value == value]
        stands = [at for at, version in enumerate(versions) if self.returns[version.submission].standing]
        return max(said, default=-1) > max(stands, default=-1)

    def add(self, kept: Return, changes: Iterable[Change]) -> None:
        """Add a return and the versions that it brought."""
        self.returns[kept.number] = kept
        for change in changes:
            self.versions.setdefault((change.row_id, change.column), []).append(Version(change.value, kept.number))


RulingKey = tuple[str, str, str, str, str]  # topic, period, unit, row id, column


@dataclass(frozen=True)
class Ruling:
    """What the supervision office itself says (督查核定): one cell, a version of its own each time it is said anew.

    ``topic`` is one of those in rulings.py, ``period`` "" where it is on none, ``unit`` "" where it is
    on the task or the period as a whole. ``value`` "" takes back what was said before. ``about`` is what it was said of
    (the unit's text as it stood), so that a later text is known for one that nobody has looked at.
    """

    topic: str
    column: str
    value: str
    period: str = ""
    unit: str = ""
    row_id: str = ""
    about: str = ""
    said_by: str = ""
    number: int = 0
    said_at: datetime | None = None
    file_name: str = ""

    @property
    def key(self) -> RulingKey:
        return self.topic, self.period, self.unit, self.row_id, self.column


class PlanVersion(NamedTuple):
    """One version of a plan: the first (number 0) is the one that was loaded, in force from the start.

    ``content_id`` is under which the ledger keeps its frames.
    """

    number: int
    content_id: int
    effective_on: date | None
    ground: str = ""
    file_name: str = ""
    kept_at: datetime | None = None


@dataclass(frozen=True)
class PlanChange:
    """One change of a plan in mid-year: its kind, what it says (plain values), from which day, on what ground."""

    kind: str
    content: Mapping[str, Any]
    effective_on: date
    ground: str = ""
    number: int = 0
    file_name: str = ""
    kept_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str, date]:
        """What tells one change from another: the same words again are no news, whatever they would mean by now."""
        said = self.content.get("typed", self.content)
        return self.kind, json.dumps(said, ensure_ascii=False, sort_keys=True), self.effective_on
