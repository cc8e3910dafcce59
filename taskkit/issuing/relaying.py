"""The second hop: what support units reported goes to the units that lead their tasks.

It stands on the sheet 配合单位进展 of a lead's workbook. A workbook that is out already is never
changed for it: what it does not say yet follows in a supplement, which is only read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from taskkit.book import Book, Report, make_id
from taskkit.columns import COLUMNS, RELAY_SHEET, row_owner
from taskkit.entries import SentCell, Workbook
from taskkit.office.data import Filling, Row, SheetFilling, Value
from taskkit.plan_index import PlanIndex
from taskkit.workbook import RELAY_LINE, relay_sheet

if TYPE_CHECKING:
    import pandas as pd

    from taskkit.ledger import Ledger
    from taskkit.periods import Period

TEMPLATE = "supplement.xlsx"
SUPPLEMENT = "supplement"
_PROGRESS, _PROBLEM = COLUMNS["progress"].header, COLUMNS["problem"].header
Reports = tuple[Report, ...]
Recipient = tuple[str, str, str]  # unit, role, part


def support_reports(values: pd.DataFrame, index: PlanIndex) -> dict[str, Reports]:
    """By task, what support units say of it in one period (``values``), in the order of the units."""
    mine = values[(values["role"] == "support") & values["task_id"].notna() & values["target_id"].isna()]
    said: dict[tuple[str, str], dict[str, str]] = {}
    for task_id, name, column, value in mine[["task_id", "unit", "column", "value"]].itertuples(index=False):
        if column in (_PROGRESS, _PROBLEM) and value.strip():
            said.setdefault((task_id, index.roster.canonical(name)), {})[column] = value
    found: dict[str, list[Report]] = {}
    for task_id, unit in sorted(said, key=lambda key: (key[0], index.rank(key[1]), key[1])):
        cells = said[task_id, unit]
        report = Report(task_id, unit, cells.get(_PROGRESS, ""), cells.get(_PROBLEM, ""))
        found.setdefault(task_id, []).append(report)
    return {task_id: tuple(reports) for task_id, reports in found.items()}


def reports_for(book: Book, reports: Mapping[str, Reports], index: PlanIndex) -> Reports:
    """What other units reported on the tasks that a workbook asks its unit for as a lead."""
    tasks = sorted(book.led_tasks & reports.keys(), key=index.place.__getitem__)
    return tuple(each for task_id in tasks for each in reports[task_id] if each.unit != book.ask.unit)


def has_reports(unit: str, role: str, part: str, reports: Mapping[str, Reports], index: PlanIndex) -> bool:
    """Whether another unit reported on a task that a unit leads in this role and part."""
    led = (task for task, held in index.tasks_of(unit, role, part) if held == "lead")
    return any(each.unit != unit for task in led for each in reports.get(task, ()))


def reports_sent(cells: Iterable[SentCell], index: PlanIndex) -> Reports:
    """What the sheet 配合单位进展 of a workbook said when it was sent, in its order."""
    rows: dict[str, dict[str, str]] = {}
    for cell in cells:
        rows.setdefault(cell.row_id, {})[cell.column] = cell.value
    unit = COLUMNS["supporter"].header
    found: list[tuple[int, int, Report]] = []
    for row_id, row in rows.items():
        task_id, number = row_owner(row_id)[0] or "", int(row_id.rpartition("/")[2])
        if task_id in index.place:
            report = Report(task_id, row[unit], row[_PROGRESS], row[_PROBLEM])
            found.append((index.place[task_id], number, report))
    return tuple(report for *_, report in sorted(found))


def content_of(reports: Reports) -> str:
    """The SHA-256 of what a supplement says."""
    return hashlib.sha256(json.dumps(reports, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def with_reports(book: Book, index: PlanIndex, reports: Reports) -> Book:
    """The workbook with the sheet 配合单位进展."""
    return replace(book, sheets=(*book.sheets, relay_sheet(index, reports))) if reports else book


def supplement_filling(
    book: Book, index: PlanIndex, reports: Reports, plan: str, workbook: str, number: int
) -> Filling:
    """A supplement to a workbook as what its template is filled with. Its rows have no ids: nothing comes back."""
    sheet = relay_sheet(index, reports)
    rows = tuple(Row(line.kind, line.cells, (), line.section, line.group) for line in sheet.lines)
    keys = ("id", *(each.column.key for each in sheet.fields))
    values: dict[str, Value] = {
        **book.values,
        "relay.tasks": len({each.task_id for each in reports}),
        "relay.units": len({each.unit for each in reports}),
    }
    hidden = {
        "kind": SUPPLEMENT,
        SUPPLEMENT: make_id("S", workbook, content_of(reports), str(number)),
        "plan": plan,
        "unit": book.ask.unit,
        "part": book.ask.part,
        "period": book.ask.period.text,
    }
    return Filling(
        values=values,
        sheets=(SheetFilling(sheet.title, rows, {RELAY_SHEET.rows: keys}, {"book.line": RELAY_LINE}),),
        hidden=hidden,
        title=f"{book.values['book.title']}（{sheet.title}）",
        creator=str(book.values["plan.issuer"] or ""),
    )


def supplement_name(file: str, number: int) -> str:
    """012县教育局_2026年二季度工作进展_配合单位进展.xlsx, the next ones with their number."""
    ending = "" if number == 1 else f"{number}"
    return f"{file.removesuffix('.xlsx')}_{RELAY_SHEET.title}{ending}.xlsx"


class Relay:
    """What may be said to the lead units of a plan in one period, and what was said to them already."""

    def __init__(self, ledger: Ledger, name: str, period: Period, index: PlanIndex, values: pd.DataFrame) -> None:
        self._index = index
        relays = period.kind != "plan"
        self._reports = support_reports(values[values["period"] == period.text], index) if relays else {}
        # What is out says what it said, also when all of it was withdrawn since.
        self._sent = ledger.sent_on(name, period.text, RELAY_SHEET.title) if relays else {}
        self._supplements = self._before(ledger, name, period) if relays else {}

    @staticmethod
    def _before(ledger: Ledger, name: str, period: Period) -> dict[Recipient, list[tuple[str | None, str]]]:
        """The supplements that each recipient got: to which edition, and what they said."""
        books = ledger.workbooks(name, period.text)[["workbook", "unit", "role", "part"]]
        owners = {row[0]: row[1:] for row in books.itertuples(index=False, name=None)}
        found: dict[Recipient, list[tuple[str | None, str]]] = {}
        for each in ledger.companions(name, period.text):
            if each.kind == SUPPLEMENT and each.workbook in owners:
                said = found.setdefault(owners[each.workbook], [])
                if said[-1:] != [(each.workbook, each.content)]:
                    said.append((each.workbook, each.content))
        return found

    def outdated(self, book: Workbook, now: Reports) -> bool:
        """Whether a unit holds a supplement of which nothing counts any more."""
        return not now and (book.unit, book.role, book.part) in self._supplements

    def known(self, book: Book) -> Reports:
        """What the ledger holds now for the unit of a workbook."""
        return reports_for(book, self._reports, self._index)

    def sent(self, workbook: str) -> Reports:
        """What a workbook that is out says itself."""
        return reports_sent(self._sent.get(workbook, ()), self._index)

    def supplement(self, book: Workbook, now: Reports, said: Reports) -> int:
        """The number of the supplement that a workbook needs; 0 where it says (``said``) all there is."""
        before = self._supplements.get((book.unit, book.role, book.part), [])
        last = before[-1] if before and before[-1][0] == book.workbook else None
        if not now or (last is None and content_of(now) == content_of(said)):
            return 0
        return len(before) + (last is None or last[1] != content_of(now))
