"""Schedules that the office set: versions, of which the newest counts; the printed one stays beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from taskkit import tables
from taskkit.database import Database
from taskkit.plan import FRAMES
from taskkit.stores.base import now
from taskkit.stores.returned import LedgerChangedError
from taskkit.stores.rulings import keep_file
from taskkit.stores.versions import VersionStore

_KEYS = tuple(FRAMES["schedule"])


@dataclass(frozen=True)
class DueDate:
    """One date to keep: a row of ``plan.schedule``.

    ``nominal`` is the day that was meant where the date follows from it by the working days
    (``move``: how, as ``WorkCalendar.reckon`` takes it).
    """

    period: str
    role: str | None
    part: str | None
    due_on: date | None
    to_whom: str | None = None
    source: str | None = None
    nominal: date | None = None
    move: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.period, self.role or "", self.part or ""

    @property
    def row(self) -> dict[str, Any]:
        """The row of ``plan.schedule``."""
        return {key: getattr(self, key) for key in _KEYS}

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in vars(self).items()}


@dataclass(frozen=True)
class SetSchedule:
    """A schedule set by the office: its number, its dates, how it was set, and when."""

    number: int
    dates: tuple[DueDate, ...]
    said: str
    set_at: datetime


class ScheduleStore(VersionStore):
    """The schedules set in the place of a plan's own."""

    def printed_schedule(self, name: str) -> tuple[DueDate, ...]:
        """The schedule as the plan prints it, whatever was set since."""
        table = tables.frames["schedule"]
        statement = sa.select(*(table.c[key] for key in _KEYS)).where(
            table.c.plan_id == self._version_on(name, None).content_id
        )
        return tuple(DueDate(**row) for row in self._rows(statement.order_by(table.c.position)))

    def schedule_set(self, name: str) -> SetSchedule | None:
        """The schedule that the office set last; None where the printed one counts."""
        return newest_schedule(self._database, self._plan_id(name))

    def schedule_version(self, name: str) -> int:
        """The number of what was set last (0 where nothing ever was), by which it is known that it was set anew."""
        versions = self.schedule_versions(name)
        return versions[-1].number if versions else 0

    def schedule_versions(self, name: str) -> list[SetSchedule]:
        """All that were ever set, oldest first; one without dates is the printed one again."""
        return _versions(self._database, self._plan_id(name))

    def nominal_dates(self, name: str) -> dict[tuple[str, str, str], tuple[date, str]]:
        """What set dates follow from by the working days, and how: by period, role and part."""
        kept = self.schedule_set(name)
        return {each.key: (each.nominal, each.move) for each in (kept.dates if kept else ()) if each.nominal}

    def set_schedule(
        self,
        name: str,
        dates: Iterable[DueDate],
        said: str,
        seen: int | None = None,
        file_name: str = "",
        file: bytes | None = None,
    ) -> None:
        """Keep a schedule that counts from now on; no dates at all: the printed one again.

        ``seen``: the version that it was weighed against. Raises LedgerChangedError where another was
        set since.
        """
        plan_id, table = self._plan_id(name), tables.schedules
        content = [each.plain for each in dates]
        with self._transaction(writes=True) as connection:
            last = connection.scalar(sa.select(sa.func.max(table.c.schedule)).where(table.c.plan_id == plan_id))
            if seen is not None and seen != (last or 0):
                raise LedgerChangedError("报送安排刚被别人改过", "请重新写出或重新运行一次")
            digest = keep_file(connection, file_name, file) if file is not None else None
            row = {"plan_id": plan_id, "content": content, "said": said, "set_at": now(), "file_sha256": digest}
            connection.execute(table.insert().values(row))


def newest_schedule(database: Database, plan_id: int) -> SetSchedule | None:
    """The schedule that was set last for a plan; None where the printed one counts."""
    versions = _versions(database, plan_id)
    return versions[-1] if versions and versions[-1].dates else None


def _versions(database: Database, plan_id: int) -> list[SetSchedule]:
    table = tables.schedules
    if not database.has(table):
        return []
    rows = database.rows(sa.select(table).where(table.c.plan_id == plan_id).order_by(table.c.schedule))
    return [
        SetSchedule(row["schedule"], tuple(map(_from_plain, row["content"])), row["said"], row["set_at"])
        for row in rows
    ]


def _from_plain(row: dict[str, Any]) -> DueDate:
    days = {key: date.fromisoformat(row[key]) if row[key] else None for key in ("due_on", "nominal")}
    return DueDate(**{**row, **days})
