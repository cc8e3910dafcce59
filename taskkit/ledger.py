"""The ledger: plans, workbooks sent, submissions, and every version of every cell.

SQLAlchemy Core, SQLite by default. Append only: nothing is updated or deleted. A submission is
kept whole (file, hash, day received, unit) and its changed cells are versions as plain text; the
current value of a cell is the newest accepted one whose submission is not withdrawn. What one
returned file brings is written in one transaction, or not at all.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from taskkit import tables
from taskkit.backup import back_up
from taskkit.columns import row_owner
from taskkit.errors import LedgerError, UsageError
from taskkit.plan import FRAMES, Plan, PlanInfo, make_frame, records

if TYPE_CHECKING:
    import pandas as pd

CellKey = tuple[str, str]  # row id, column header

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


@dataclass(frozen=True)
class SentCell:
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


@dataclass(frozen=True)
class Change:
    """A value that a returned workbook brings."""

    row_id: str
    column: str
    value: str
    role: str


@dataclass(frozen=True)
class Submission:
    """A returned workbook to be accepted: the file itself, what its open cells held, what changes."""

    workbook: Workbook
    file_name: str
    file: bytes = field(repr=False)
    received: date
    held: Mapping[CellKey, str] = field(repr=False)
    changes: tuple[Change, ...] = ()


def open_ledger(url: str | Path = "sqlite:///taskkit.db", *, create: bool = True) -> Ledger:
    """Open the ledger at ``url`` (any SQLAlchemy URL; a plain path is a SQLite file).

    A missing one is made unless ``create`` is False. Raises LedgerError where the ledger is
    missing, cannot be opened, is no taskkit ledger, or was written by a newer taskkit.
    """
    text = str(url)
    if "://" not in text:
        text = f"sqlite:///{text}"
    try:
        parsed = sa.make_url(text)
        engine = sa.create_engine(parsed)
    except (ArgumentError, ImportError) as error:
        raise LedgerError(f"看不懂台账地址“{text}”", "请写成文件名，或 sqlite:///文件名") from error
    path = Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
    if path and path != Path(":memory:") and not path.exists():
        if not create:
            raise LedgerError(f"找不到台账 {path}", "请先用 taskkit load 登记方案，或用 --ledger 指明台账")
        if not path.parent.is_dir():
            raise LedgerError(f"台账所在的文件夹 {path.parent} 不存在", "请先建好文件夹")
    try:
        is_new = _prepare(engine)
    except SQLAlchemyError as error:
        raise LedgerError(f"打不开台账 {text}", "请检查它是不是 taskkit 的台账、有没有被其他程序占用") from error
    return Ledger(engine, needs_backup=not is_new and engine.dialect.name == "sqlite")


def _prepare(engine: sa.Engine) -> bool:
    """Make the tables in an empty database (True), or check those that are there."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    with engine.begin() as connection:
        known = set(sa.inspect(connection).get_table_names())
        if not known:
            tables.METADATA.create_all(connection)
            connection.execute(tables.meta.insert().values(key="schema_version", value=str(tables.SCHEMA_VERSION)))
            return True
        if "meta" not in known:
            raise LedgerError(f"{engine.url.database} 是数据库，但不是 taskkit 的台账", "请换一个文件名")
        version = connection.scalar(sa.select(tables.meta.c.value).where(tables.meta.c.key == "schema_version"))
    if version is None or int(version) > tables.SCHEMA_VERSION:
        raise LedgerError("台账由更新版本的 taskkit 建立，本版本读不了", "请升级 taskkit")
    return False


class Ledger:
    """An open ledger. Make one with ``open_ledger``; close it with ``close`` or a ``with`` block."""

    def __init__(self, engine: sa.Engine, *, needs_backup: bool = False) -> None:
        self._engine = engine
        self._needs_backup = needs_backup

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _transaction(self, *, writes: bool = False) -> Iterator[sa.Connection]:
        try:
            if writes and self._needs_backup:
                back_up(self._engine)
                self._needs_backup = False
            with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError, sqlite3.Error) as error:
            raise LedgerError("台账写入或读取失败", "请检查磁盘空间，以及台账有没有被其他程序占用后重试") from error

    def _rows(self, statement: sa.Select[Any]) -> list[dict[str, Any]]:
        with self._transaction() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    # --- plans ------------------------------------------------------------------------

    def add_plan(self, plan: Plan, name: str | None = None) -> str:
        """Keep a plan; its name (the source file's stem unless given) comes back.

        The same content again changes nothing. Raises UsageError where the name is taken by
        other content, or cannot be used as a folder's name.
        """
        wanted = _plan_name(name or Path(plan.info.source).stem)
        rows = {frame: records(frame, getattr(plan, frame)) for frame in FRAMES}
        info = _info_to_json(plan.info)
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
        return Plan(_info_from_json(row["info"]), **frames)

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
            fresh = [book for book in listed if not _exists(connection, tables.workbooks.c.workbook, book.workbook)]
            for book in fresh:
                row = {key: value for key, value in _shallow(book).items() if key not in ("plan", "cells")}
                connection.execute(tables.workbooks.insert().values(**row, plan_id=plan_ids[book.plan], issued_at=now))
            cells = [{"workbook": book.workbook, **asdict(cell)} for book in fresh for cell in book.cells]
            if cells:
                connection.execute(tables.sent_cells.insert(), cells)
            for workbook, (file_name, file_sha256) in files.items():
                if not _exists(connection, tables.files.c.file_sha256, file_sha256):
                    row = {"file_sha256": file_sha256, "workbook": workbook, "file_name": file_name}
                    connection.execute(tables.files.insert().values(**row, written_at=now))

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

    def latest_workbook(self, name: str, unit: str, period: str, role: str, part: str) -> Workbook | None:
        """The newest edition sent to a unit for a period (without its cells), or None."""
        wanted = {"unit": unit, "period": period, "role": role, "part": part}
        statement = (
            sa.select(tables.workbooks)
            .where(tables.workbooks.c.plan_id == self._plan_row(name)["plan_id"])
            .where(*(tables.workbooks.c[key] == value for key, value in wanted.items()))
            .order_by(tables.workbooks.c.edition.desc())
            .limit(1)
        )
        found = self._rows(statement)
        if not found:
            return None
        keys = set(Workbook.__dataclass_fields__) - {"cells", "plan"}
        return Workbook(plan=name, **{key: found[0][key] for key in keys})

    def wrote(self, file_sha256: str) -> bool:
        """Whether a file of these very bytes is one that taskkit issued (so that it may be replaced)."""
        with self._transaction() as connection:
            return _exists(connection, tables.files.c.file_sha256, file_sha256)

    # --- submissions and values -------------------------------------------------------

    def accept(self, submission: Submission) -> int:
        """Keep a submission and its changes in one transaction; its number comes back."""
        book = submission.workbook
        plan_id = self._plan_row(book.plan)["plan_id"]
        held: dict[str, dict[str, str]] = {}
        for (row_id, column), value in submission.held.items():
            held.setdefault(row_id, {})[column] = value
        now = _now()
        with self._transaction(writes=True) as connection:
            kept = tables.submissions.insert().values(
                plan_id=plan_id,
                workbook=book.workbook,
                unit=book.unit,
                period=book.period,
                file_name=submission.file_name,
                file_sha256=hashlib.sha256(submission.file).hexdigest(),
                file=submission.file,
                held=held,
                received=submission.received,
                accepted_at=now,
            )
            number = int(connection.scalar(kept.returning(tables.submissions.c.submission)) or 0)
            common = {"submission": number, "plan_id": plan_id, "unit": book.unit, "period": book.period}
            rows = [{**common, **_change_row(change), "accepted_at": now} for change in submission.changes]
            if rows:
                connection.execute(tables.cell_values.insert(), rows)
        return number

    def withdraw(self, submission: int) -> None:
        """Withdraw a submission: its values no longer count, later ones stay; it is never deleted."""
        if not self._rows(
            sa.select(tables.submissions.c.submission).where(tables.submissions.c.submission == submission)
        ):
            raise UsageError(f"台账里没有第{submission}号报送")
        if self._rows(sa.select(tables.withdrawals.c.submission).where(tables.withdrawals.c.submission == submission)):
            return
        with self._transaction(writes=True) as connection:
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

    def returns_of(self, workbook: str) -> list[tuple[int, str, dict[CellKey, str]]]:
        """The accepted returns of one workbook, oldest first: number, SHA-256 of the file, what its open cells held."""
        statement = (
            sa.select(tables.submissions.c.submission, tables.submissions.c.file_sha256, tables.submissions.c.held)
            .where(tables.submissions.c.workbook == workbook, _standing())
            .order_by(tables.submissions.c.submission)
        )
        return [
            (
                row["submission"],
                row["file_sha256"],
                {(row_id, column): value for row_id, cells in row["held"].items() for column, value in cells.items()},
            )
            for row in self._rows(statement)
        ]

    def values(self, name: str, period: str | None = None) -> pd.DataFrame:
        """The current values of a plan, one row per task (or target) × unit × period × column.

        Columns: task_id, target_id, unit, role, period, column, value, submission, accepted_at.
        ``column`` is the header (本期进展); ``value`` is plain text; ``target_id`` is a target
        (T001.1), a proposed 举措 (T001+1) or NA; both ids are NA for what a workbook holds once
        (填报人).
        """
        import pandas as pd

        rows = self._current_rows(name, period)
        frame = pd.DataFrame(rows, columns=list(VALUE_COLUMNS))
        texts = {key: "str" for key in VALUE_COLUMNS if key not in ("submission", "accepted_at")}
        return frame.astype(texts)

    def current(self, name: str, period: str, unit: str) -> dict[CellKey, str]:
        """The current values of one unit in one period, by row id and column header."""
        return {(row["row_id"], row["column"]): row["value"] for row in self._current_rows(name, period, unit)}

    def _current_rows(self, name: str, period: str | None, unit: str | None = None) -> list[dict[str, Any]]:
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
            newest[row["row_id"], row["unit"], row["period"], row["column"]] = row
        return list(newest.values())


def _exists(connection: sa.Connection, column: sa.Column[Any], value: str) -> bool:
    return connection.scalar(sa.select(column).where(column == value)) is not None


def _standing() -> sa.ColumnElement[bool]:
    return tables.submissions.c.submission.not_in(sa.select(tables.withdrawals.c.submission))


def _change_row(change: Change) -> dict[str, Any]:
    task_id, target_id = row_owner(change.row_id)
    return {**asdict(change), "task_id": task_id, "target_id": target_id}


def _shallow(book: Workbook) -> dict[str, Any]:
    return {key: getattr(book, key) for key in Workbook.__dataclass_fields__}


def _plan_name(text: str) -> str:
    name = text.strip()
    if not name or name in (".", "..") or any(sign in name for sign in '/\\:*?"<>|\0\n') or len(name) > 100:
        raise UsageError(f"“{text}”不能用作方案的名字", '名字将用作文件夹名，不能有 / \\ : * ? " < > |，不超过100字')
    return name


def _info_to_json(info: PlanInfo) -> dict[str, Any]:
    issued = info.issued_on.isoformat() if info.issued_on else None
    return {**asdict(info), "issued_on": issued, "stages": list(info.stages)}


def _info_from_json(data: Mapping[str, Any]) -> PlanInfo:
    info = PlanInfo(**{**data, "stages": tuple(data["stages"])})
    return replace(info, issued_on=date.fromisoformat(data["issued_on"]) if data["issued_on"] else None)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now().replace(microsecond=0)
