"""What was said and withdrawn over time: every version of a task's values, and the submissions that said it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from taskkit import tables
from taskkit.errors import UsageError
from taskkit.stores.base import Store


@dataclass(frozen=True)
class KeptSubmission:
    """A submission as the ledger keeps it, without its file; ``withdrawn_at`` None while it counts."""

    submission: int
    plan: str
    unit: str
    period: str
    file_name: str
    received: date
    accepted_at: datetime
    withdrawn_at: datetime | None
    is_decision: bool


@dataclass(frozen=True)
class PastValue:
    """A version of a cell and the submission that said it."""

    row_id: str
    column: str
    value: str
    said: KeptSubmission


class PastStore(Store):
    """What the ledger remembers."""

    def past_values(
        self, name: str, task_id: str, period: str | None = None, unit: str | None = None
    ) -> list[PastValue]:
        """Every version of the values of a task and its targets, in the order in which they were kept."""
        values, plan_id = tables.cell_values, self._plan_id(name)
        wanted = {"plan_id": plan_id, "task_id": task_id, "period": period, "unit": unit}
        where = [values.c[key] == value for key, value in wanted.items() if value is not None]
        shown = [values.c[key] for key in ("row_id", "column", "value", "submission")]
        rows = self._rows(sa.select(*shown).where(*where).order_by(values.c.value_id))
        said = {each.submission: each for each in self._submissions(tables.submissions.c.plan_id == plan_id)}
        return [PastValue(row["row_id"], row["column"], row["value"], said[row["submission"]]) for row in rows]

    def submission(self, number: int) -> KeptSubmission:
        """A submission, withdrawn or not. Raises UsageError where there is none of this number."""
        found = self._submissions(tables.submissions.c.submission == number)
        if not found:
            newest = self._rows(sa.select(sa.func.max(tables.submissions.c.submission).label("number")))[0]["number"]
            advice = f"台账里的报送编到第{newest}号；编号见 taskkit history" if newest else "台账里还没有报送"
            raise UsageError(f"台账里没有第{number}号报送", advice)
        return found[0]

    def submitted_file(self, number: int) -> bytes:
        """The file of a submission, byte for byte as it came."""
        kept = tables.submissions
        return bytes(self._rows(sa.select(kept.c.file).where(kept.c.submission == number))[0]["file"])

    def _submissions(self, where: sa.ColumnElement[bool]) -> list[KeptSubmission]:
        kept, withdrawn, decisions = tables.submissions, tables.withdrawals, tables.decisions
        shown = ("submission", "unit", "period", "file_name", "received", "accepted_at")
        decided: sa.ColumnElement[Any] = sa.false()
        if self._database.has(decisions):
            decided = sa.exists().where(decisions.c.submission == kept.c.submission)
        statement = (
            sa.select(
                *(kept.c[key] for key in shown),
                tables.plans.c.name.label("plan"),
                withdrawn.c.withdrawn_at,
                decided.label("is_decision"),
            )
            .join(tables.plans, tables.plans.c.plan_id == kept.c.plan_id)
            .outerjoin(withdrawn, withdrawn.c.submission == kept.c.submission)
            .where(where)
            .order_by(kept.c.submission)
        )
        return [KeptSubmission(**{**row, "is_decision": bool(row["is_decision"])}) for row in self._rows(statement)]
