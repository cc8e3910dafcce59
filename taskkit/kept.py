"""Values as rows of the ledger, and rows as values again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from taskkit.columns import row_owner
from taskkit.entries import Change, Return, Workbook
from taskkit.errors import UsageError
from taskkit.plan import PlanInfo


def return_of(row: Mapping[str, Any]) -> Return:
    """A return as it was accepted, from its row."""
    held = {(row_id, column): value for row_id, cells in row["held"].items() for column, value in cells.items()}
    return Return(row["submission"], row["workbook"], row["file_sha256"], row["saved_at"], bool(row["standing"]), held)


def change_row(change: Change) -> dict[str, Any]:
    """What the ledger keeps of a value that a return brings."""
    task_id, target_id = row_owner(change.row_id)
    return {**vars(change), "task_id": task_id, "target_id": target_id}


def workbook_row(book: Workbook) -> dict[str, Any]:
    """What the ledger keeps of a workbook beside its cells."""
    return {key: getattr(book, key) for key in Workbook.__dataclass_fields__ if key not in ("plan", "cells")}


def checked_name(text: str) -> str:
    """The name of a plan; it names folders too. Raises UsageError for one that cannot."""
    name = text.strip()
    if not name or name in (".", "..") or any(sign in name for sign in '/\\:*?"<>|\0\n') or len(name) > 100:
        raise UsageError(f"“{text}”不能用作方案的名字", '名字将用作文件夹名，不能有 / \\ : * ? " < > |，不超过100字')
    return name


def info_to_json(info: PlanInfo) -> dict[str, Any]:
    """A plan's info as plain values."""
    issued = info.issued_on.isoformat() if info.issued_on else None
    return {**asdict(info), "issued_on": issued, "stages": list(info.stages)}


def info_from_json(data: Mapping[str, Any]) -> PlanInfo:
    """The info that ``info_to_json`` was given."""
    info = PlanInfo(**{**data, "stages": tuple(data["stages"])})
    return replace(info, issued_on=date.fromisoformat(data["issued_on"]) if data["issued_on"] else None)
