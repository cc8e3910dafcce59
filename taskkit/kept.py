"""Values as rows of the ledger, and rows as values again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from taskkit.columns import row_owner
from taskkit.entries import CellKey, Change, Return, Workbook
from taskkit.errors import UsageError
from taskkit.plan import PlanInfo


def return_of(row: Mapping[str, Any], decided: Mapping[CellKey, frozenset[str]]) -> Return:
    """A return as it was accepted, from its row; ``decided`` are the texts weighed in it, where it is a decision."""
    keys = ("submission", "workbook", "file_sha256", "saved_at", "standing", "received")
    number, workbook, sha256, saved_at, standing, received = (row[key] for key in keys)
    held = held_of(row["held"])
    return Return(number, workbook, sha256, saved_at, bool(standing), held, received, decided=decided)


def held_of(rows: Mapping[str, Mapping[str, str]]) -> dict[CellKey, str]:
    """What the open cells of a file held, from its row."""
    return {(row_id, column): value for row_id, cells in rows.items() for column, value in cells.items()}


def held_rows(held: Mapping[CellKey, str]) -> dict[str, dict[str, str]]:
    """What the open cells of a file held, as the ledger keeps it."""
    rows: dict[str, dict[str, str]] = {}
    for (row_id, column), value in held.items():
        rows.setdefault(row_id, {})[column] = value
    return rows


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
