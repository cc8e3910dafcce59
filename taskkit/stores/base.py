"""What all stores share: the database, the plan behind a name, small statements."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from taskkit import tables
from taskkit.database import Database
from taskkit.errors import UsageError

if TYPE_CHECKING:
    pass

AT_ONCE = 500  # values in one statement: databases have a limit


class Store:
    """A part of the ledger; together they are the ``Ledger`` (ledger.py)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._transaction, self._rows = database.transaction, database.rows
        self._plan_ids: dict[str, int] = {}

    def plan_names(self) -> list[str]:
        """The names of the plans kept, in the order in which they were added."""
        named = sa.select(tables.plans.c.name).where(tables.plans.c.name.not_like("%/%"))  # others: versions
        return [row["name"] for row in self._rows(named.order_by(tables.plans.c.plan_id))]

    def _plan_id(self, name: str) -> int:
        """The id of a plan, which it keeps for good. Raises UsageError with the known names where there is none."""
        if name not in self._plan_ids:
            self._plan_ids[name] = int(self._plan_row(name)["plan_id"])
        return self._plan_ids[name]

    def _plan_row(self, name: str) -> dict[str, Any]:
        found = self._rows(sa.select(tables.plans).where(tables.plans.c.name == name))
        if found and "/" not in name:
            return found[0]
        known = self.plan_names()
        advice = f"台账里有：{'、'.join(known)}" if known else "台账里还没有方案，请先用 taskkit load 登记"
        raise UsageError(f"台账里没有名为“{name}”的方案", advice)


def exists(connection: sa.Connection, column: sa.Column[Any], value: object) -> bool:
    return connection.scalar(sa.select(column).where(column == value)) is not None


def standing() -> sa.ColumnElement[bool]:
    return tables.submissions.c.submission.not_in(sa.select(tables.withdrawals.c.submission))


def reports(database: Database) -> sa.ColumnElement[bool]:
    """Whether a unit has reported by a submission: a decision by which all stayed as it was is none."""
    if not database.has(tables.decisions):
        return sa.true()
    decided, kept = tables.decisions.c, tables.submissions.c.submission
    of_it = sa.select(decided.submission)
    return sa.or_(kept.not_in(of_it), kept.in_(of_it.where(decided.value != decided.current)))


def present(connection: sa.Connection, column: sa.Column[Any], values: Sequence[str]) -> set[str]:
    """Those of the values that stand in a column."""
    found: set[str] = set()
    for start in range(0, len(values), AT_ONCE):
        some = values[start : start + AT_ONCE]
        found.update(connection.scalars(sa.select(column).where(column.in_(some))))
    return found


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def now() -> datetime:
    return datetime.now().replace(microsecond=0)
