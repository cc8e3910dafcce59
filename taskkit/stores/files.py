"""How a returned file is written: as a submission, or set aside, with the matters that it leaves for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from taskkit import tables
from taskkit.entries import Change, Matter, Submission, Workbook
from taskkit.kept import change_row, held_rows
from taskkit.stores.base import now

_SUBMIT = tables.submissions.insert().returning(tables.submissions.c.submission)  # made once: it takes its time


def file_row(submission: Submission, plan_id: int, digest: str) -> dict[str, Any]:
    """What is kept of a file, whatever becomes of it."""
    book = submission.workbook
    return {
        "plan_id": plan_id,
        "workbook": book.workbook,
        "unit": book.unit,
        "period": book.period,
        "file_name": submission.file_name,
        "file_sha256": digest,
        "file": submission.file,
        "held": held_rows(submission.held),
        "saved_at": submission.saved_at,
        "received": submission.received,
    }


def insert_submission(connection: sa.Connection, row: Mapping[str, Any], changes: Iterable[Change]) -> int:
    """Write a submission and the values that it brings; its number comes back."""
    number = int(connection.scalar(_SUBMIT, dict(row)) or 0)
    common = {"submission": number, **{key: row[key] for key in ("plan_id", "unit", "period", "accepted_at")}}
    rows = [{**common, **change_row(change)} for change in changes]
    if rows:
        connection.execute(tables.cell_values.insert(), rows)
    return number


def insert_matters(
    connection: sa.Connection,
    plan_id: int,
    book: Workbook,
    matters: Iterable[Matter],
    **file: int,
) -> None:
    """Write the matters that a file leaves for a person; ``file`` says which (a submission, or one set aside)."""
    common = {"plan_id": plan_id, "workbook": book.workbook, "unit": book.unit, "period": book.period}
    rows = [{**common, **file, **vars(matter), "opened_at": now()} for matter in matters]
    if rows:
        connection.execute(tables.matters.insert(), rows)
