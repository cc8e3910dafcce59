"""What is left for a person: returned values in conflict or held back, and what the office decided on them.

Whether a matter is open follows from the rest of the ledger: it is, until a decision on it stands,
or the ledger holds the returned value anyhow (the unit sent it again in a file that could be
taken), or the unit has corrected a text that was held back, or the submission that brought it is
withdrawn. A withdrawn decision opens it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from taskkit import tables
from taskkit.entries import CellKey, Change, Holdings, Matter, Seen, Submission, Version
from taskkit.kept import held_of, held_rows
from taskkit.merge import Outcome
from taskkit.stores.base import now, standing
from taskkit.stores.files import file_row, insert_matters, insert_submission
from taskkit.stores.returned import LedgerChangedError, ReturnStore, seen_now

KEEP = "keep"  # the decision by which the ledger stays as it is
Owner = tuple[str, str]  # period, unit


@dataclass(frozen=True)
class KeptMatter:
    """A matter as the ledger keeps it: what it is about, and the file that brought it."""

    number: int
    matter: Matter
    unit: str
    period: str
    workbook: str
    submission: int | None  # of the file, where anything in it was taken
    aside: int | None  # else its number among those set aside
    file_name: str
    received: date
    saved_at: datetime | None
    opened_at: datetime
    decision: int | None = None  # the submission of the decision that stands
    choice: str = ""
    value: str = ""
    decided_by: str = ""

    @property
    def owner(self) -> Owner:
        return self.period, self.unit


@dataclass(frozen=True)
class OpenMatter:
    """A matter with what the ledger holds now (None: nothing).

    ``answered`` says that the unit itself has said something else since in a cell whose text was
    held back, or that the same text was decided on in another file.
    """

    kept: KeptMatter
    held: Version | None
    answered: bool = False

    @property
    def current(self) -> str:
        """What stands in the cell now: the ledger's value, else what was sent."""
        return self.kept.matter.sent if self.held is None else self.held.value

    @property
    def waits(self) -> bool:
        """Whether it is still to be decided: nobody has, and the ledger does not hold the returned value anyhow."""
        return self.kept.decision is None and not self.answered and self.current != self.kept.matter.returned


def weighed(kept: KeptMatter, holdings: Holdings) -> OpenMatter:
    """A matter beside what the ledger holds of its unit's returns."""
    held = holdings.current(kept.matter.key)
    corrected = held is not None and held.value != kept.matter.current and not holdings.returns[held.submission].decided
    decided = holdings.decided_on(kept.matter.key, kept.matter.returned) is not None
    return OpenMatter(kept, held, decided or (corrected and kept.matter.reason == Outcome.HELD))


def _is_gone(kept: KeptMatter, holdings: Holdings, every: Sequence[KeptMatter]) -> bool:
    """Whether it is about a row that the unit inserted, and a later copy of its workbook has the row no more."""
    if "+" not in kept.matter.row_id or kept.submission is None or holdings.current(kept.matter.key):
        return False
    again = {each.submission for each in every if each.matter.row_id == kept.matter.row_id}
    later = (
        each
        for each in holdings.standing(kept.workbook)
        if each.number > kept.submission and not each.decided and not _is_older(each.saved_at, kept.saved_at)
    )
    return any(each.number not in again and not each.held.get(kept.matter.key) for each in later)


def _is_older(saved_at: datetime | None, other: datetime | None) -> bool:
    return saved_at is not None and other is not None and saved_at < other


@dataclass(frozen=True)
class Decision:
    """What a person decided on a matter: ``value`` is what shall stand, ``current`` what stood until then.

    ``is_held`` where that stood in the ledger itself, not only on the form that was sent.
    """

    matter: KeptMatter
    choice: str
    current: str
    value: str
    decided_by: str
    is_held: bool


class MatterStore(ReturnStore):
    """What came back and could not be taken without a person."""

    def set_aside(self, submission: Submission) -> int:
        """Keep a file of which nothing was taken, with what it leaves for a person; how many matters are new."""
        book = submission.workbook
        plan_id = self._plan_id(book.plan)
        with self._transaction(writes=True) as connection:
            known = _unsettled(connection, plan_id, book.workbook)
            fresh = [each for each in submission.matters if _identity(each) not in known]
            if fresh:
                digest = hashlib.sha256(submission.file).hexdigest()
                row = {**file_row(submission, plan_id, digest), "kept_at": now()}
                kept = tables.set_aside.insert().values(row).returning(tables.set_aside.c.aside)
                insert_matters(connection, plan_id, book, fresh, aside=int(connection.scalar(kept) or 0))
        return len(fresh)

    def open_matters(self, name: str, period: str | None = None, unit: str | None = None) -> list[OpenMatter]:
        """What waits for a person, in the order in which it came: each text for a cell once."""
        every = self.kept_matters(name, period, unit)
        listed = [each for each in every if each.decision is None]
        held: dict[Owner, Holdings] = {}
        for each in listed:
            if each.owner not in held:
                held[each.owner] = self.holdings(name, *each.owner)
        first: dict[tuple[Owner, CellKey, str], OpenMatter] = {}
        for kept in listed:
            matter = weighed(kept, held[kept.owner])
            if matter.waits and not _is_gone(kept, held[kept.owner], every):
                first.setdefault((kept.owner, kept.matter.key, kept.matter.returned), matter)
        return list(first.values())

    def kept_matters(self, name: str, period: str | None = None, unit: str | None = None) -> list[KeptMatter]:
        """All matters whose file still counts, with the decision that stands on each."""
        plan_id = self._plan_id(name)
        if not self._database.has(tables.matters):
            return []
        wanted = {"plan_id": plan_id, "period": period, "unit": unit}
        where = [tables.matters.c[key] == value for key, value in wanted.items() if value is not None]
        with self._transaction() as connection:
            return _kept(connection, where)

    def decide(
        self, name: str, decisions: Sequence[Decision], seen: Mapping[Owner, Seen], file_name: str, file: bytes
    ) -> list[int]:
        """Keep decisions in one transaction, with the file in which a person wrote them; their numbers come back.

        One submission for each file that the matters came in. Raises LedgerChangedError where what
        units returned is no longer what ``seen`` says, or somebody has decided on one of the matters.
        """
        plan_id = self._plan_id(name)
        digest = hashlib.sha256(file).hexdigest()
        with self._transaction(writes=True) as connection:
            _check(connection, plan_id, decisions, seen)
            files = tables.decision_files
            if connection.scalar(sa.select(files.c.file_sha256).where(files.c.file_sha256 == digest)) is None:
                row = {"file_sha256": digest, "file_name": file_name, "file": file, "loaded_at": now()}
                connection.execute(files.insert().values(row))
            by_file: dict[tuple[int | None, int | None], list[Decision]] = {}
            for each in decisions:
                by_file.setdefault((each.matter.submission, each.matter.aside), []).append(each)
            moved = {(each.matter.owner, each.matter.matter.key) for each in decisions if each.value != each.current}
            return [_write(connection, listed, moved, digest) for listed in by_file.values()]


def _kept(connection: sa.Connection, where: Iterable[sa.ColumnElement[bool]]) -> list[KeptMatter]:
    matters, aside, submissions = tables.matters, tables.set_aside, tables.submissions
    shown = {
        key: sa.func.coalesce(submissions.c[key], aside.c[key]).label(key)
        for key in ("file_name", "received", "saved_at")
    }
    rows = connection.execute(
        sa.select(matters, *shown.values())
        .outerjoin(submissions, submissions.c.submission == matters.c.submission)
        .outerjoin(aside, aside.c.aside == matters.c.aside)
        .where(*where, sa.or_(matters.c.submission.is_(None), standing()))
        .order_by(matters.c.matter)
    ).mappings()
    listed = [dict(row) for row in rows]
    decided = _standing_decisions(connection, [row["matter"] for row in listed])
    return [_kept_matter(row, decided.get(row["matter"], {})) for row in listed]


def _kept_matter(row: Mapping[str, Any], decided: Mapping[str, Any]) -> KeptMatter:
    matter = Matter(**{key: row[key] for key in Matter.__dataclass_fields__})
    common = ("unit", "period", "workbook", "submission", "aside", "file_name", "received", "saved_at", "opened_at")
    return KeptMatter(row["matter"], matter, **{key: row[key] for key in common}, **decided)


def _standing_decisions(connection: sa.Connection, matters: Collection[int]) -> dict[int, dict[str, Any]]:
    """The decision that stands on each matter."""
    if not matters:
        return {}
    decisions, withdrawn = tables.decisions, tables.withdrawals
    rows = connection.execute(
        sa.select(decisions)
        .where(decisions.c.submission.not_in(sa.select(withdrawn.c.submission)))
        .order_by(decisions.c.decision)
    ).mappings()
    wanted = set(matters)
    return {
        row["matter"]: {
            "decision": row["submission"],
            "choice": row["choice"],
            "value": row["value"],
            "decided_by": row["decided_by"],
        }
        for row in rows
        if row["matter"] in wanted
    }


def _unsettled(connection: sa.Connection, plan_id: int, workbook: str) -> set[tuple[str, ...]]:
    """The matters of a workbook on which no decision stands."""
    where = (tables.matters.c.plan_id == plan_id, tables.matters.c.workbook == workbook)
    return {_identity(each.matter) for each in _kept(connection, where) if each.decision is None}


def _identity(matter: Matter) -> tuple[str, ...]:
    """What makes a matter the same as another one: a text held back is one for each text that it would replace."""
    return (*matter.key, matter.returned, matter.current if matter.reason == Outcome.HELD else "")


def _check(connection: sa.Connection, plan_id: int, decisions: Sequence[Decision], seen: Mapping[Owner, Seen]) -> None:
    """Raise LedgerChangedError unless the returns are those seen, and none of the matters is decided."""
    numbers = [each.matter.number for each in decisions]
    moved = any(
        seen_now(connection, {"of_plan": plan_id, "of_unit": unit, "of_period": period}) != known
        for (period, unit), known in sorted(seen.items(), key=lambda each: each[0])  # the order in which all wait
    )
    if moved or _standing_decisions(connection, numbers):
        raise LedgerChangedError("台账刚刚被他人改动", "请重新登记一次")


def _write(
    connection: sa.Connection, decisions: Sequence[Decision], moved: Collection[tuple[Owner, CellKey]], digest: str
) -> int:
    """One file taken a step further: a submission of its own with what was decided on it.

    What is kept is said again, so that it stands by the office's word, unless a decision on
    another file has ``moved`` the cell.
    """
    first, moment = decisions[0].matter, now()
    row = _file_of(connection, first)
    held = {**held_of(row["held"]), **_decided_before(connection, first)}
    held |= {
        each.matter.matter.key: each.matter.matter.returned
        for each in decisions
        if not _is_declined(each.matter.matter, each.choice)
    }
    changes = {
        each.matter.matter.key: Change(*each.matter.matter.key, each.value, each.matter.matter.role)
        for each in decisions
        if each.value != each.current or (each.is_held and (first.owner, each.matter.matter.key) not in moved)
    }
    number = insert_submission(connection, {**row, "held": held_rows(held), "accepted_at": moment}, changes.values())
    rows = [
        {
            "matter": each.matter.number,
            "submission": number,
            "file_sha256": digest,
            "decided_at": moment,
            **{key: getattr(each, key) for key in ("choice", "current", "value", "decided_by")},
        }
        for each in decisions
    ]
    connection.execute(tables.decisions.insert(), rows)
    return number


def _is_declined(matter: Matter, choice: str) -> bool:
    """Whether a doubtful value was left out: in a file that leaves no doubt the unit may say it all the same."""
    return matter.reason == Outcome.HELD and choice == KEEP


_FILE = (
    *("plan_id", "workbook", "unit", "period", "file_name", "file_sha256", "file", "held", "saved_at", "received"),
)


def _file_of(connection: sa.Connection, kept: KeptMatter) -> dict[str, Any]:
    """The file that a matter came in, whole."""
    aside = kept.submission is None
    table, key = (tables.set_aside, "aside") if aside else (tables.submissions, "submission")
    statement = sa.select(*(table.c[each] for each in _FILE)).where(table.c[key] == getattr(kept, key))
    return dict(connection.execute(statement).mappings().one())


def _decided_before(connection: sa.Connection, kept: KeptMatter) -> dict[CellKey, str]:
    """What the same file held where it was decided before."""
    same = (
        tables.matters.c.submission == kept.submission if kept.aside is None else tables.matters.c.aside == kept.aside
    )
    return {
        each.matter.key: each.matter.returned
        for each in _kept(connection, (same,))
        if each.decision is not None and not _is_declined(each.matter, each.choice)
    }
