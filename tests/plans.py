"""Where the real plans lie, and small plans to read in tests.

The real plans are test data outside the project: the folder in TASKKIT_PLANS, else
../shared/plans. Without them the tests that need them are skipped, but not in CI.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from taskkit.plan import Plan, records
from taskkit.reading import read_plan

ROOT = Path(__file__).resolve().parent.parent


def plans_folder() -> Path:
    """The folder of real plans; skips the test (fails it in CI) where there is none."""
    folder = Path(os.environ.get("TASKKIT_PLANS") or ROOT.parent / "shared" / "plans")
    if not folder.is_dir():
        reason = f"the real plans are not there: {folder} (set TASKKIT_PLANS)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def read_text_plan(folder: Path, text: str, dialect: str | None = None) -> Plan:
    """Read a plan written in a test, as a text file."""
    file = folder / "方案.txt"
    file.write_text(text, encoding="utf-8")
    return read_plan(file, dialect)


def units_of(plan: Plan, task_id: str, role: str) -> list[str]:
    """The units of one task in one role, in their order."""
    rows = plan.assignments
    return rows[(rows["task_id"] == task_id) & (rows["role"] == role)]["unit"].tolist()


def assigned(plan: Plan, task_id: str) -> list[tuple[int, str]]:
    """(number of the measure or 0 for the whole task, unit) of one task."""
    rows = records("assignments", plan.assignments)
    return [(row["measure_no"] or 0, row["unit"]) for row in rows if row["task_id"] == task_id]


def codes(plan: Plan) -> list[str]:
    """The codes of a plan's findings."""
    return plan.findings["code"].tolist()


def plan_file(name: str) -> Path:
    """One of the real plans."""
    return plans_folder() / name
