"""The ledger: plans, workbooks sent, submissions, and every version of every cell.

SQLAlchemy Core, SQLite by default. Append only: nothing is updated or deleted. A submission is
kept whole (file, hash, day received, unit) and its changed cells are versions as plain text; the
current value of a cell is the newest accepted one whose submission is not withdrawn. What one
returned file brings is written in one transaction, or not at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from taskkit import tables
from taskkit.columns import COLUMNS
from taskkit.database import Database, open_database
from taskkit.entries import CellKey, Change, Companion, Holdings, Seen, SentCell, Submission, Version, Workbook
from taskkit.errors import LedgerError, UsageError
from taskkit.kept import change_row, checked_name, info_from_json, info_to_json, return_of, workbook_row
from taskkit.merge import NOTHING
from taskkit.plan import FRAMES, Plan, make_frame, records
from taskkit.roster import EarlierRoster, Roster, roster_from, same_place

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CellKey",
    "Change",
    "Ledger",
    "LedgerChangedError",
    "SentCell",
    "Submission",
    "Workbook",
    "open_ledger",
]

VALUE_COLUMNS = (
    "task_id",
    "target_id",
    "unit",
    "role",
    "period",
    "column",
    "value",
    "submission",
    "accepted_at",
)
_AT_ONCE = 500  # values in one statement: databases have a limit
# Where 无 is what there is to say, not the word that withdraws a text.
_MAY_SAY_NOTHING = frozenset(COLUMNS[key].header for key in ("problem", "help", "next_step"))


class LedgerChangedError(LedgerError):
    """Somebody else wrote what a returned file had been compared with: compare it again."""


def open_ledger(url: str | Path = "sqlite:///taskkit.db", *, create: bool = True) -> Ledger:
    """Open the ledger at ``url`` (any SQLAlchemy URL; a plain path is a SQLite file).

    A missing one is made unless ``create`` is False. Raises LedgerError where the ledger is
    missing, cannot be opened, is no taskkit ledger, or was written by a newer taskkit.
    """
    return Ledger(open_database(url, create=create))


class Ledger:
    """An open ledger. Make one with ``open_ledger``; close it with ``close`` or a ``with`` block."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._transaction, self._rows = database.transaction, database.rows

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    # --- plans ------------------------------------------------------------------------

    def add_plan(self, plan: Plan, name: str | None = None) -> str:
        """Keep a plan; its name (the source file's stem unless given) comes back.

        The same content again changes nothing. Raises UsageError where the name is taken by
        other content, or cannot be used as a folder's name.
        """
        wanted = checked_name(name or Path(plan.info.source).stem)
        rows = {frame: records(frame, getattr(plan, frame)) for frame in FRAMES}
        info = info_to_json(plan.info)
        content = _sha256(json.dumps([info, rows], ensure_ascii=False, sort_keys=True, default=str))
        with self._transaction(writes=True) as connection:
            taken = connection.scalar(sa.select(tables.plans.c.content_sha256).where(tables.plans.c.name == wanted))
            if taken == content:
                return wanted
            if taken is not None:
                raise UsageError(f"台账里已有名为“{wanted}”的另一份方案", "请用 --as 另起一个名字")
            plan_id = connection.scalar(
                tables.plans.insert()
                .values(name=wanted, content_sha256=content, info=info, added_at=_now())
                .returning(tables.plans.c.plan_id)
            )
            for frame, listed in rows.items():
                numbered = [{"plan_id": plan_id, "position": at, **row} for at, row in enumerate(listed)]
                if numbered:
                    connection.execute(tables.frames[frame].insert(), numbered)
        return wanted

    def plan_names(self) -> list[str]:
        """The names of the plans kept, in the order in which they were added."""
        return [row["name"] for row in self._rows(sa.select(tables.plans.c.name).order_by(tables.plans.c.plan_id))]

    def plan(self, name: str) -> Plan:
        """The plan kept under ``name``. Raises UsageError with the known names where there is none."""
        row = self._plan_row(name)
        frames = {
            frame: make_frame(
                frame,
                self._rows(
                    sa.select(*(table.c[key] for key in FRAMES[frame]))
                    .where(table.c.plan_id == row["plan_id"])
                    .order_by(table.c.position)
                ),
            )
            for frame, table in tables.frames.items()
        }
        return Plan(info_from_json(row["info"]), **frames)

    def plan_content(self, name: str) -> str:
        """The SHA-256 of the plan's content: part of what a workbook's id derives from."""
        return str(self._plan_row(name)["content_sha256"])

    def _plan_row(self, name: str) -> dict[str, Any]:
        found = self._rows(sa.select(tables.plans).where(tables.plans.c.name == name))
        if found:
            return found[0]
        known = self.plan_names()
        advice = f"台账里有：{'、'.join(known)}" if known else "台账里还没有方案，请先用 taskkit load 登记"
        raise UsageError(f"台账里没有名为“{name}”的方案", advice)

    # --- unit and leader lists --------------------------------------------------------

    def add_roster(self, name: str, roster: Roster) -> bool:
        """Keep the unit and leader lists of a plan; False where they are those that it has already.

        Earlier lists stay; the newest counts. Raises UsageError for an unknown plan, and for a
        roster with errors.
        """
        if any(each.severity == "error" for each in roster.found):
            raise UsageError("名册里有不能照用的地方", "请先改好")
        content = roster.content()
        row = {"plan_id": self._plan_row(name)["plan_id"], "content": content, "file_name": roster.source}
        digest = _sha256(json.dumps(content, ensure_ascii=False, sort_keys=True))
        with self._transaction(writes=True) as connection:
            newest = (
                connection.execute(_rosters(tables.rosters.c.plan_id == row["plan_id"]).limit(1)).mappings().first()
            )
            if newest and newest["content_sha256"] == digest:
                return False
            connection.execute(tables.rosters.insert().values(**row, content_sha256=digest, loaded_at=_now()))
        return True

    def roster(self, name: str) -> Roster | None:
        """The unit and leader lists of a plan, None where none was loaded."""
        plan_id = self._plan_row(name)["plan_id"]
        return next((roster for _, roster in self._rosters(tables.rosters.c.plan_id == plan_id)), None)

    def previous_roster(self, name: str) -> EarlierRoster | None:
        """The newest lists of another plan, one of the same place before all: what a first draft goes on from."""
        own = self._plan_row(name)
        plans = self._rows(sa.select(tables.plans.c.plan_id, tables.plans.c.info))
        issuer, others = own["info"]["issuer"], [row for row in plans if row["plan_id"] != own["plan_id"]]
        near = [row for row in others if same_place(row["info"]["issuer"], issuer)]
        for rows, is_same in ((near, True), (others, False)):
            for plan, roster in self._rosters(tables.rosters.c.plan_id.in_([row["plan_id"] for row in rows])):
                return EarlierRoster(plan, roster, is_same)
        return None

    def _rosters(self, which: sa.ColumnElement[bool]) -> Iterator[tuple[str, Roster]]:
        if self._database.has(tables.rosters):
            for row in self._rows(_rosters(which).limit(1)):
                yield row["plan"], roster_from(row["content"], row["file_name"])

    # --- workbooks sent ---------------------------------------------------------------

    def record_workbooks(self, workbooks: Iterable[Workbook], files: Mapping[str, tuple[str, str]]) -> None:
        """Keep workbooks with all their cells, in one transaction. Known ones are left alone.

        ``files`` maps a workbook's id to the name and the SHA-256 of the file written for it.
        """
        listed = list(workbooks)
        if not listed:
            return
        plan_ids = {name: self._plan_row(name)["plan_id"] for name in {book.plan for book in listed}}
        now = _now()
        with self._transaction(writes=True) as connection:
            known = _present(connection, tables.workbooks.c.workbook, [book.workbook for book in listed])
            fresh = {book.workbook: book for book in listed if book.workbook not in known}.values()
            books = [{**workbook_row(book), "plan_id": plan_ids[book.plan], "issued_at": now} for book in fresh]
            cells = [{"workbook": book.workbook, **vars(cell)} for book in fresh for cell in book.cells]
            known = _present(connection, tables.files.c.file_sha256, [sha256 for _, sha256 in files.values()])
            written = {
                sha256: {"file_sha256": sha256, "workbook": workbook, "file_name": file_name, "written_at": now}
                for workbook, (file_name, sha256) in files.items()
                if sha256 not in known
            }
            rows = {tables.workbooks: books, tables.sent_cells: cells, tables.files: list(written.values())}
            for table, each in rows.items():
                if each:
                    connection.execute(table.insert(), each)

    def workbooks(self, name: str, period: str | None = None) -> pd.DataFrame:
        """The workbooks sent for a plan: workbook, unit, role, part, period, edition, due_on, issued_at."""
        import pandas as pd

        shown = ("workbook", "unit", "role", "part", "period", "edition", "due_on", "issued_at")
        statement = sa.select(*(tables.workbooks.c[key] for key in shown)).where(
            tables.workbooks.c.plan_id == self._plan_row(name)["plan_id"]
        )
        if period is not None:
            statement = statement.where(tables.workbooks.c.period == period)
        statement = statement.order_by(tables.workbooks.c.issued_at, tables.workbooks.c.workbook)
        return pd.DataFrame(self._rows(statement), columns=list(shown))

    def workbook(self, workbook: str) -> Workbook | None:
        """A sent workbook with all its cells, or None where this ledger knows none of that id."""
        statement = (
            sa.select(tables.workbooks, tables.plans.c.name.label("plan"))
            .join(tables.plans)
            .where(tables.workbooks.c.workbook == workbook)
        )
        found = self._rows(statement)
        if not found:
            return None
        row = {key: found[0][key] for key in Workbook.__dataclass_fields__ if key != "cells"}
        shown = ("sheet", "row_id", "column", "value", "open")
        cells = self._rows(
            sa.select(*(tables.sent_cells.c[key] for key in shown)).where(tables.sent_cells.c.workbook == workbook)
        )
        return Workbook(**row, cells=tuple(SentCell(**cell) for cell in cells))

    def latest_workbooks(self, name: str, period: str) -> dict[tuple[str, str, str], Workbook]:
        """By unit, role and part, the newest edition sent for a period, without its cells."""
        keys = sorted(set(Workbook.__dataclass_fields__) - {"cells", "plan"})
        statement = (
            sa.select(*(tables.workbooks.c[key] for key in keys))
            .where(tables.workbooks.c.plan_id == self._plan_row(name)["plan_id"], tables.workbooks.c.period == period)
            .order_by(tables.workbooks.c.edition)
        )
        books = (Workbook(plan=name, **row) for row in self._rows(statement))
        return {(book.unit, book.role, book.part): book for book in books}

    def file_names(self, name: str, period: str) -> dict[tuple[str, str, str], str]:
        """The name of the file last written for each unit, role and part in a period."""
        books, written = tables.workbooks, tables.files
        statement = (
            sa.select(books.c.unit, books.c.role, books.c.part, written.c.file_name)
            .join(written, written.c.workbook == books.c.workbook)
            .where(books.c.plan_id == self._plan_row(name)["plan_id"], books.c.period == period)
            .order_by(books.c.edition, written.c.written_at)
        )
        return {(row["unit"], row["role"], row["part"]): row["file_name"] for row in self._rows(statement)}

    def wrote(self, file_sha256: str) -> bool:
        """Whether a file of these very bytes is one that taskkit issued (so that it may be replaced)."""
        with self._transaction() as connection:
            return _exists(connection, tables.files.c.file_sha256, file_sha256)

    def files(self, name: str, period: str) -> pd.DataFrame:
        """The files written for a period's workbooks, oldest first: workbook, file_name, file_sha256."""
        import pandas as pd

        shown = ("workbook", "file_name", "file_sha256")
        statement = (
            sa.select(*(tables.files.c[key] for key in shown))
            .join(tables.workbooks, tables.workbooks.c.workbook == tables.files.c.workbook)
            .where(tables.workbooks.c.plan_id == self._plan_row(name)["plan_id"], tables.workbooks.c.period == period)
            .order_by(tables.files.c.written_at, tables.files.c.file_name)
        )
        return pd.DataFrame(self._rows(statement), columns=list(shown))

    def workbook_of_file(self, file_sha256: str) -> str | None:
        """The id of the workbook that a file of these very bytes was written for; None where it is not ours."""
        statement = sa.select(tables.files.c.workbook).where(tables.files.c.file_sha256 == file_sha256)
        return next((str(row["workbook"]) for row in self._rows(statement)), None)

    def sent_on(self, name: str, period: str, sheet: str) -> dict[str, list[SentCell]]:
        """By workbook of a period, the cells that one of its sheets held when it was sent."""
        cells, books = tables.sent_cells, tables.workbooks
        shown = ("sheet", "row_id", "column", "value", "open")
        statement = (
            sa.select(cells.c.workbook, *(cells.c[key] for key in shown))
            .join(books, books.c.workbook == cells.c.workbook)
            .where(books.c.plan_id == self._plan_row(name)["plan_id"], books.c.period == period, cells.c.sheet == sheet)
        )
        found: dict[str, list[SentCell]] = {}
        for row in self._rows(statement):
            found.setdefault(row.pop("workbook"), []).append(SentCell(**row))
        return found

    def record_companions(self, name: str, period: str, listed: Sequence[Companion]) -> None:
        """Keep what went out beside the forms; what is known by its bytes already is left alone."""
        common = {"plan_id": self._plan_row(name)["plan_id"], "period": period, "written_at": _now()}
        with self._transaction(writes=True) as connection:
            known = _present(connection, tables.companions.c.file_sha256, [each.file_sha256 for each in listed])
            rows = [{**common, **each._asdict()} for each in listed if each.file_sha256 not in known]
            if rows:
                connection.execute(tables.companions.insert(), rows)

    def companions(self, name: str, period: str) -> list[Companion]:
        """What went out beside the forms of a period, oldest first."""
        table = tables.companions
        if not self._database.has(table):
            return []
        statement = (
            sa.select(*(table.c[key] for key in Companion._fields))
            .where(table.c.plan_id == self._plan_row(name)["plan_id"], table.c.period == period)
            .order_by(table.c.companion)
        )
        return [Companion(**row) for row in self._rows(statement)]

    # --- submissions and values -------------------------------------------------------

    def accept(self, submission: Submission) -> int:
        """Keep a submission and its changes in one transaction; its number comes back.

        Raises LedgerChangedError where the ledger is no longer what ``submission.seen`` says, or where
        the same file stands already: two people may be taking back the same folder.
        """
        book = submission.workbook
        plan_id = self._plan_row(book.plan)["plan_id"]
        digest = hashlib.sha256(submission.file).hexdigest()
        held: dict[str, dict[str, str]] = {}
        for (row_id, column), value in submission.held.items():
            held.setdefault(row_id, {})[column] = value
        now = _now()
        with self._transaction(writes=True) as connection:
            _check_unchanged(connection, plan_id, submission, digest)
            kept = tables.submissions.insert().values(
                plan_id=plan_id,
                workbook=book.workbook,
                unit=book.unit,
                period=book.period,
                file_name=submission.file_name,
                file_sha256=digest,
                file=submission.file,
                held=held,
                saved_at=submission.saved_at,
                received=submission.received,
                accepted_at=now,
            )
            number = int(connection.scalar(kept.returning(tables.submissions.c.submission)) or 0)
            common = {"submission": number, "plan_id": plan_id, "unit": book.unit, "period": book.period}
            rows = [{**common, **change_row(change), "accepted_at": now} for change in submission.changes]
            if rows:
                connection.execute(tables.cell_values.insert(), rows)
        return number

    def withdraw(self, submission: int) -> None:
        """Withdraw a submission: its values no longer count, later ones stay; it is never deleted."""
        with self._transaction(writes=True) as connection:
            if not _exists(connection, tables.submissions.c.submission, submission):
                raise UsageError(f"台账里没有第{submission}号报送")
            if not _exists(connection, tables.withdrawals.c.submission, submission):
                connection.execute(tables.withdrawals.insert().values(submission=submission, withdrawn_at=_now()))

    def submissions(self, name: str, period: str | None = None) -> pd.DataFrame:
        """The submissions that count (not withdrawn), oldest first.

        Columns: submission, workbook, unit, period, file_name, file_sha256, received, accepted_at.
        """
        import pandas as pd

        shown = ("submission", "workbook", "unit", "period", "file_name", "file_sha256", "received", "accepted_at")
        statement = (
            sa.select(*(tables.submissions.c[key] for key in shown))
            .where(tables.submissions.c.plan_id == self._plan_row(name)["plan_id"], _standing())
            .order_by(tables.submissions.c.submission)
        )
        if period is not None:
            statement = statement.where(tables.submissions.c.period == period)
        return pd.DataFrame(self._rows(statement), columns=list(shown))

    def holdings(self, name: str, period: str, unit: str) -> Holdings:
        """All that a unit returned for a period, withdrawn returns too: what a file is compared with."""
        plan_id = self._plan_row(name)["plan_id"]
        of_unit = {"plan_id": plan_id, "unit": unit, "period": period}
        kept, values = tables.submissions, tables.cell_values
        shown = ("submission", "workbook", "file_sha256", "saved_at", "held")
        returns = self._rows(
            sa.select(*(kept.c[key] for key in shown), _standing().label("standing"))
            .where(*(kept.c[key] == value for key, value in of_unit.items()))
            .order_by(kept.c.submission)
        )
        known = {row["submission"]: return_of(row) for row in returns}
        versions: dict[CellKey, list[Version]] = {}
        for row in self._rows(
            sa.select(*(values.c[key] for key in ("row_id", "column", "value", "submission")))
            .where(*(values.c[key] == value for key, value in of_unit.items()))
            .order_by(values.c.value_id)
        ):
            if row["submission"] in known:  # one that came between the two readings is noticed when this is written
                versions.setdefault((row["row_id"], row["column"]), []).append(Version(row["value"], row["submission"]))
        return Holdings(known, versions)

    def periods_issued(self, name: str, unit: str) -> list[str]:
        """The periods for which a unit was sent a workbook."""
        statement = (
            sa.select(tables.workbooks.c.period)
            .where(tables.workbooks.c.plan_id == self._plan_row(name)["plan_id"], tables.workbooks.c.unit == unit)
            .distinct()
        )
        return [row["period"] for row in self._rows(statement)]

    def values(self, name: str, period: str | None = None) -> pd.DataFrame:
        """The current values of a plan, one row per task (or target) × unit × period × column.

        Columns: task_id, target_id, unit, role, period, column, value, submission, accepted_at.
        ``column`` is the header (本期进展); ``value`` is plain text; ``target_id`` is a target
        (T001.1), a proposed 举措 (T001+1) or NA; both ids are NA for what a workbook holds once
        (填报人). ``submission`` is the return that brought the value.

        A value that a unit withdrew by typing 无 is "" here, so that no report, count or later
        form shows it; in 存在问题, 需协调事项 and 下一步措施 无 is an answer and stays. The
        version 无 itself is kept (``current``).
        """
        import pandas as pd

        rows = [
            {**row, "value": ""} if row["value"] == NOTHING and row["column"] not in _MAY_SAY_NOTHING else row
            for row in self._current_rows(name, period)
        ]
        frame = pd.DataFrame(rows, columns=list(VALUE_COLUMNS))
        texts = {key: "str" for key in VALUE_COLUMNS if key not in ("submission", "accepted_at")}
        return frame.astype(texts)

    def current(self, name: str, period: str, unit: str) -> dict[CellKey, str]:
        """The current values of one unit in one period, by row id and column header, to the letter (also 无)."""
        return {(row["row_id"], row["column"]): row["value"] for row in self._current_rows(name, period, unit)}

    def _current_rows(self, name: str, period: str | None, unit: str | None = None) -> list[dict[str, Any]]:
        """The newest standing version of each cell; of those that say the same in a row, the first."""
        values, submissions = tables.cell_values, tables.submissions
        statement = (
            sa.select(values)
            .join(submissions, submissions.c.submission == values.c.submission)
            .where(values.c.plan_id == self._plan_row(name)["plan_id"], _standing())
            .order_by(values.c.value_id)
        )
        if period is not None:
            statement = statement.where(values.c.period == period)
        if unit is not None:
            statement = statement.where(values.c.unit == unit)
        newest: dict[tuple[str, ...], dict[str, Any]] = {}
        for row in self._rows(statement):
            key = row["row_id"], row["unit"], row["period"], row["column"]
            if key not in newest or newest[key]["value"] != row["value"]:
                newest[key] = row
        return list(newest.values())


def _check_unchanged(connection: sa.Connection, plan_id: int, submission: Submission, digest: str) -> None:
    """Raise LedgerChangedError unless the unit's returns are those seen, and the file is not among them."""
    book, kept = submission.workbook, tables.submissions
    # Databases without SQLite's one lock for all writers wait here for each other.
    connection.execute(
        sa.select(tables.workbooks.c.workbook)
        .where(
            tables.workbooks.c.plan_id == plan_id,
            tables.workbooks.c.unit == book.unit,
            tables.workbooks.c.period == book.period,
        )
        .with_for_update()
    ).all()
    found = connection.execute(
        sa.select(kept.c.submission, kept.c.workbook, kept.c.file_sha256, _standing().label("standing")).where(
            kept.c.plan_id == plan_id, kept.c.unit == book.unit, kept.c.period == book.period
        )
    ).all()
    now: Seen = frozenset((row.submission, bool(row.standing)) for row in found)
    again = any(row.standing and (row.workbook, row.file_sha256) == (book.workbook, digest) for row in found)
    if again or submission.seen not in (None, now):
        raise LedgerChangedError("台账刚刚被他人改动", "请重新收一次")


def _rosters(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Rosters with the names of their plans, the newest first."""
    statement = sa.select(tables.rosters, tables.plans.c.name.label("plan")).join(tables.plans).where(which)
    return statement.order_by(tables.rosters.c.roster_id.desc())


def _exists(connection: sa.Connection, column: sa.Column[Any], value: object) -> bool:
    return connection.scalar(sa.select(column).where(column == value)) is not None


def _standing() -> sa.ColumnElement[bool]:
    return tables.submissions.c.submission.not_in(sa.select(tables.withdrawals.c.submission))


def _present(connection: sa.Connection, column: sa.Column[Any], values: Sequence[str]) -> set[str]:
    """Those of the values that stand in a column."""
    found: set[str] = set()
    for start in range(0, len(values), _AT_ONCE):
        some = values[start : start + _AT_ONCE]
        found.update(connection.scalars(sa.select(column).where(column.in_(some))))
    return found


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)
