"""A small plan whose units have reported, put straight into a ledger: what reports and tracking read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from taskkit import open_ledger
from taskkit.columns import COLUMNS, row_owner
from taskkit.ledger import Change, Ledger, SentCell, Submission, Workbook
from taskkit.plan import Plan, PlanInfo, make_plan

NAME, PERIOD, DUE = "云溪", "2026Q2", date(2026, 7, 10)
KEYS = ("progress", "state", "problem", "help", "next_step")
INFO = PlanInfo(
    title="2026年县《政府工作报告》重点任务分工方案", issuer="云溪县人民政府", year=2026, source="云溪.docx"
)


def plan_of(leads: Sequence[Sequence[str]], *, info: PlanInfo = INFO, **more: Any) -> Plan:
    """A plan with one task for each list of lead units: T001, T002 … in two sections."""
    half = len(leads) // 2 + 1
    tasks = [
        {
            "task_id": f"T{number:03d}",
            "part": "main",
            "no": number,
            "section": "一、聚力稳增长（共2大项）" if number <= half else "二、聚力惠民生",
            "group": "（一）稳住市场主体" if number <= half else "（一）办好教育",
            "title": f"办好第{number}件事。",
        }
        for number in range(1, len(leads) + 1)
    ]
    assignments = [
        {"task_id": f"T{number:03d}", "unit": unit, "role": "lead", "rank": rank}
        for number, units in enumerate(leads, 1)
        for rank, unit in enumerate(units, 1)
    ]
    return make_plan(
        info,
        tasks=[*tasks, *more.pop("tasks", ())],
        assignments=[*assignments, *more.pop("assignments", ())],
        **more,
    )


def ledger_of(plan: Plan) -> Ledger:
    """A ledger in memory that holds a plan under NAME."""
    ledger = open_ledger("sqlite://")
    ledger.add_plan(plan, NAME)
    return ledger


def send(
    ledger: Ledger, unit: str, rows: Sequence[str], period: str = PERIOD, due_on: date | None = DUE, **more: Any
) -> Workbook:
    """Record a workbook that asks a unit for tasks (T001) and targets (T001.1)."""
    fields = {"role": "lead", "part": "main", "edition": 1, **more}
    keys = ("progress",) if fields["role"] == "support" else KEYS
    cells = [SentCell("工作进展", row, COLUMNS[key].header, "", True) for row in rows if "." not in row for key in keys]
    cells += [SentCell("量化指标", row, COLUMNS["achieved"].header, "", True) for row in rows if "." in row]
    cells += [SentCell("工作进展", row, COLUMNS["title"].header, "办事", False) for row in rows if "." not in row]
    book_id = f"W{unit}{period}{fields['role']}{fields['part']}{fields['edition']}"
    book = Workbook(book_id, NAME, unit, period=period, content_sha256="c", due_on=due_on, cells=tuple(cells), **fields)
    ledger.record_workbooks([book], {})
    return book


def fill(ledger: Ledger, book: Workbook, values: Mapping[str, Mapping[str, str]], day: date = DUE) -> int:
    """Accept a return of a workbook: ``values`` by row id and key of the column."""
    changes = tuple(
        Change(row, COLUMNS[key].header if key in COLUMNS else key, text, book.role)
        for row, cells in values.items()
        for key, text in cells.items()
    )
    assert all(row_owner(change.row_id)[0] for change in changes)
    file = repr((book.workbook, day, changes)).encode()
    return ledger.accept(Submission(book, f"{book.unit}.xlsx", file, day, {}, changes))
