"""The database behind the ledger: opening and checking it, transactions that several processes may want at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from taskkit import tables
from taskkit.backup import back_up
from taskkit.errors import LedgerError

PATIENCE = 30  # seconds to wait for another process that is writing
_WRITES = "taskkit_writes"


class Database:
    """An open database with the tables of a ledger. Make one with ``open_database``."""

    def __init__(self, engine: sa.Engine, *, needs_backup: bool = False, version: int = tables.SCHEMA_VERSION) -> None:
        self._engine = engine
        self._version = version
        self._writing = engine.execution_options(**{_WRITES: True})
        self._needs_backup = needs_backup
        self._wrote = False

    def close(self) -> None:
        if self._wrote and self._engine.dialect.name == "sqlite":
            _drop_journal(self._engine)
        self._engine.dispose()

    @contextmanager
    def transaction(self, *, writes: bool = False) -> Iterator[sa.Connection]:
        """A transaction; one that ``writes`` is alone from its first statement on, so that what it reads stays true."""
        try:
            if writes and self._needs_backup:
                back_up(self._engine)
                self._needs_backup = False
            with (self._writing if writes else self._engine).begin() as connection:
                if writes and self._version < tables.SCHEMA_VERSION:
                    _upgrade(connection)
                yield connection
                if writes:
                    self._version = tables.SCHEMA_VERSION
                    self._wrote = True
        except (SQLAlchemyError, OSError, sqlite3.Error) as error:
            raise LedgerError("台账写入或读取失败", "请检查磁盘空间，以及台账有没有被其他程序占用后重试") from error

    def has(self, table: sa.Table) -> bool:
        """Whether a table is there yet: a ledger of an earlier version lacks some until it is first written to."""
        if self._version == tables.SCHEMA_VERSION:
            return True
        with self.transaction() as connection:
            return sa.inspect(connection).has_table(table.name)

    def rows(self, statement: sa.Select[Any], **values: object) -> list[dict[str, Any]]:
        """What a statement finds, in a transaction of its own; ``values`` are those of its parameters."""
        with self.transaction() as connection:
            result = connection.execute(statement, values)
            keys = tuple(result.keys())
            return [dict(zip(keys, row, strict=True)) for row in result.fetchall()]


def open_database(url: str | Path, *, create: bool) -> Database:
    """Open the ledger's database at ``url``; see ``open_ledger``."""
    text = str(url)
    if "://" not in text:
        text = f"sqlite:///{text}"
    try:
        parsed = sa.make_url(text)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        engine = sa.create_engine(parsed, connect_args={"timeout": PATIENCE} if is_sqlite else {})
    except (ArgumentError, ImportError) as error:
        raise LedgerError(f"看不懂台账地址“{text}”", "请写成文件名，或 sqlite:///文件名") from error
    path = Path(parsed.database) if is_sqlite and parsed.database else None
    if path and path != Path(":memory:") and not path.exists():
        if not create:
            raise LedgerError(f"找不到台账 {path}", "请先用 taskkit load 登记方案，或用 --ledger 指明台账")
        if not path.parent.is_dir():
            raise LedgerError(f"台账所在的文件夹 {path.parent} 不存在", "请先建好文件夹")
    if is_sqlite:
        _listen(engine)
    try:
        version = _prepare(engine)
    except SQLAlchemyError as error:
        raise LedgerError(f"打不开台账 {text}", "请检查它是不是 taskkit 的台账、有没有被其他程序占用") from error
    if version is None:
        return Database(engine)
    return Database(engine, needs_backup=is_sqlite, version=version)


def _listen(engine: sa.Engine) -> None:
    """Have SQLite begin transactions when told to, and lock at once those that write.

    Python's driver begins one at the first change only: what was read before may no longer be
    true by then.
    """

    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        # To make and delete the journal for each file that is taken costs five times the writing itself.
        connection.execute("PRAGMA journal_mode=PERSIST")

    def begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")

    sa.event.listen(engine, "connect", connected)
    sa.event.listen(engine, "begin", begun)


def _drop_journal(engine: sa.Engine) -> None:
    """Leave no journal beside the ledger, which would puzzle people; while others are writing, theirs stays."""
    with suppress(SQLAlchemyError, sqlite3.Error), engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is not None:
            driver.execute("PRAGMA busy_timeout=0")
            driver.execute("PRAGMA journal_mode=DELETE")


def _prepare(engine: sa.Engine) -> int | None:
    """Make the tables in an empty database (None), or check those that are there: the version comes back."""
    with engine.begin() as connection:
        known = set(sa.inspect(connection).get_table_names())
        version = _version(connection, known)
    if not known:
        with engine.execution_options(**{_WRITES: True}).begin() as connection:
            known = set(sa.inspect(connection).get_table_names())
            if not known:  # no other process has made them meanwhile
                tables.METADATA.create_all(connection)
                connection.execute(tables.meta.insert().values(key="schema_version", value=str(tables.SCHEMA_VERSION)))
                return None
            version = _version(connection, known)
    if "meta" not in known:
        raise LedgerError(f"{engine.url.database} 是数据库，但不是 taskkit 的台账", "请换一个文件名")
    if version is None or not version.isdecimal() or int(version) > tables.SCHEMA_VERSION:
        raise LedgerError("台账由更新版本的 taskkit 建立，本版本读不了", "请升级 taskkit")
    return int(version)


def _upgrade(connection: sa.Connection) -> None:
    """Give a ledger of an earlier version the tables and indexes that it lacks, in the transaction that first writes.

    They are only ever added from version to version, so that nothing that is there changes.
    """
    tables.METADATA.create_all(connection)
    for table in tables.METADATA.tables.values():
        for index in table.indexes:
            index.create(connection, checkfirst=True)
    meta = tables.meta
    connection.execute(meta.update().where(meta.c.key == "schema_version").values(value=str(tables.SCHEMA_VERSION)))


def _version(connection: sa.Connection, known: set[str]) -> str | None:
    if "meta" not in known:
        return None
    return connection.scalar(sa.select(tables.meta.c.value).where(tables.meta.c.key == "schema_version"))
