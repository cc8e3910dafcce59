"""What was returned: submissions kept whole, and every version of every cell."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from taskkit import tables
from taskkit.columns import COLUMNS
from taskkit.entries import CellKey, Holdings, Seen, Submission, Version
from taskkit.errors import LedgerError, UsageError
from taskkit.kept import return_of
from taskkit.merge import NOTHING
from taskkit.stores.base import Store, exists, now, reports, standing
from taskkit.stores.files import file_row, insert_matters, insert_submission
from taskkit.stores.receipts import register_accepted

if TYPE_CHECKING:
    import pandas as pd

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
# Where 无 is what there is to say, not the word that withdraws a text.
_MAY_SAY_NOTHING = frozenset(COLUMNS[key].header for key in ("problem", "help", "next_step"))


def _of(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
    """The rows of one unit in one period of a plan."""
    columns = {"of_plan": table.c.plan_id, "of_unit": table.c.unit, "of_period": table.c.period}
    return tuple(column == sa.bindparam(key) for key, column in columns.items())


# What is asked for every file that comes back is made once: building a statement costs more than running it.
_KEPT, _CELLS, _SENT = tables.submissions, tables.cell_values, tables.workbooks
_RETURNS = (
    sa.select(
        *(_KEPT.c[key] for key in ("submission", "workbook", "file_sha256", "saved_at", "held", "received")),
        standing().label("standing"),
    )
    .where(*_of(_KEPT))
    .order_by(_KEPT.c.submission)
)
_VERSIONS = (
    sa.select(*(_CELLS.c[key] for key in ("row_id", "column", "value", "submission")))
    .where(*_of(_CELLS))
    .order_by(_CELLS.c.value_id)
)
_DECIDED, _MATTERS = tables.decisions, tables.matters
_WEIGHED = (
    sa.select(_DECIDED.c.submission, _DECIDED.c.current, *(_MATTERS.c[key] for key in ("row_id", "column", "returned")))
    .join(_MATTERS, _MATTERS.c.matter == _DECIDED.c.matter)
    .where(*_of(_MATTERS))
)
_IS_DECISION = _KEPT.c.submission.in_(sa.select(_DECIDED.c.submission))
_SEEN = sa.select(
    *(_KEPT.c[key] for key in ("submission", "workbook", "file_sha256")),
    standing().label("standing"),
    _IS_DECISION.label("decided"),
).where(*_of(_KEPT))
_LOCK = sa.select(_SENT.c.workbook).where(*_of(_SENT)).with_for_update()
_PERIODS = (
    sa.select(_SENT.c.period, _SENT.c.role).where(*_of(_SENT)[:2], _SENT.c.part == sa.bindparam("of_part")).distinct()
)


class LedgerChangedError(LedgerError):
    """Somebody else wrote what a returned file had been compared with: compare it again."""


class ReturnStore(Store):
    """What came back."""

    def accept(self, submission: Submission) -> int:
        """Keep a submission, its changes and its receipt in one transaction; its number comes back.

        Raises LedgerChangedError where the ledger is no longer what ``submission.seen`` says, or where
        the same file stands already: two people may be taking back the same folder.
        """
        book = submission.workbook
        plan_id = self._plan_id(book.plan)
        digest = hashlib.sha256(submission.file).hexdigest()
        moment = now()
        with self._transaction(writes=True) as connection:
            _check_unchanged(connection, plan_id, submission, digest)
            row = {**file_row(submission, plan_id, digest), "accepted_at": moment}
            number = insert_submission(connection, row, submission.changes)
            insert_matters(connection, plan_id, book, submission.matters, submission=number)
            register_accepted(connection, plan_id, submission, number)
        return number

    def withdraw(self, submission: int) -> None:
        """Withdraw a submission: its values no longer count, later ones stay; it is never deleted."""
        with self._transaction(writes=True) as connection:
            if not exists(connection, tables.submissions.c.submission, submission):
                raise UsageError(f"台账里没有第{submission}号报送")
            if not exists(connection, tables.withdrawals.c.submission, submission):
                connection.execute(tables.withdrawals.insert().values(submission=submission, withdrawn_at=now()))

    def submissions(self, name: str, period: str | None = None) -> pd.DataFrame:
        """The submissions that count (not withdrawn), oldest first; of decisions those that changed a value.

        Columns: submission, workbook, unit, period, file_name, file_sha256, received, accepted_at.
        """
        import pandas as pd

        shown = ("submission", "workbook", "unit", "period", "file_name", "file_sha256", "received", "accepted_at")
        statement = (
            sa.select(*(tables.submissions.c[key] for key in shown))
            .where(tables.submissions.c.plan_id == self._plan_id(name), standing(), reports(self._database))
            .order_by(tables.submissions.c.submission)
        )
        if period is not None:
            statement = statement.where(tables.submissions.c.period == period)
        return pd.DataFrame(self._rows(statement), columns=list(shown))

    def holdings(self, name: str, period: str, unit: str) -> Holdings:
        """All that a unit returned for a period, withdrawn returns too: what a file is compared with."""
        plan_id = self._plan_id(name)
        of_unit = {"of_plan": plan_id, "of_unit": unit, "of_period": period}
        returns = {row["submission"]: row for row in self._rows(_RETURNS, **of_unit)}
        versions: dict[CellKey, list[Version]] = {}
        for row in self._rows(_VERSIONS, **of_unit):
            if row["submission"] in returns:  # one that came between two readings is noticed when this is written
                versions.setdefault((row["row_id"], row["column"]), []).append(Version(row["value"], row["submission"]))
        weighed = self._weighed(of_unit)
        return Holdings({number: return_of(row, weighed.get(number, {})) for number, row in returns.items()}, versions)

    def _weighed(self, of_unit: Mapping[str, object]) -> dict[int, dict[CellKey, frozenset[str]]]:
        """For each decision of the office on a unit's returns the texts that were weighed, by cell."""
        if not self._database.has(tables.decisions):
            return {}
        weighed: dict[int, dict[CellKey, frozenset[str]]] = {}
        for row in self._rows(_WEIGHED, **of_unit):
            cells, key = weighed.setdefault(row["submission"], {}), (row["row_id"], row["column"])
            cells[key] = cells.get(key, frozenset()) | {row["returned"], row["current"]}
        return weighed

    def proposed(self, name: str, unit: str) -> dict[str, dict[str, str]]:
        """The items that a unit ever proposed under its tasks (T001+3): row id -> its newest value by column.

        Withdrawn ones are among them, so that no number is given twice.
        """
        values = tables.cell_values
        statement = (
            sa.select(values.c.row_id, values.c.column, values.c.value)
            .where(
                values.c.plan_id == self._plan_row(name)["plan_id"],
                values.c.unit == unit,
                values.c.row_id.contains("+", autoescape=True),
            )
            .order_by(values.c.value_id)
        )
        items: dict[str, dict[str, str]] = {}
        for row in self._rows(statement):
            items.setdefault(row["row_id"], {})[row["column"]] = row["value"]
        return items

    def periods_issued(self, name: str, unit: str, part: str) -> list[tuple[str, str]]:
        """The periods for which a unit was sent a workbook of a part (each has a cadence of its own), with the role."""
        rows = self._rows(_PERIODS, of_plan=self._plan_id(name), of_unit=unit, of_part=part)
        return [(row["period"], row["role"]) for row in rows]

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
            .where(values.c.plan_id == self._plan_id(name), standing())
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
    book = submission.workbook
    of_unit = {"of_plan": plan_id, "of_unit": book.unit, "of_period": book.period}
    # Databases without SQLite's one lock for all writers wait here for each other.
    connection.execute(_LOCK, of_unit).all()
    found = connection.execute(_SEEN, of_unit).all()
    again = any(
        row.standing and not row.decided and (row.workbook, row.file_sha256) == (book.workbook, digest) for row in found
    )
    held: Seen = frozenset((row.submission, bool(row.standing)) for row in found)
    if again or submission.seen not in (None, held):
        raise LedgerChangedError("台账刚刚被他人改动", "请重新收一次")


def seen_now(connection: sa.Connection, of_unit: Mapping[str, object]) -> Seen:
    """The returns of a unit in a period, as they stand in a transaction that may write: others wait until it ends."""
    connection.execute(_LOCK, of_unit).all()
    found = connection.execute(_SEEN, of_unit)
    return frozenset((row.submission, bool(row.standing)) for row in found)
