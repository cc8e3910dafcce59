"""Matters that wait for a person as a workbook: one row each, with a drop-down for the decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from taskkit.columns import is_directive, is_request, row_owner
from taskkit.deciding.columns import CHOICES, FORM, TITLE, mark_of
from taskkit.entries import Holdings
from taskkit.ledger import Ledger
from taskkit.marks import DECISIONS_PROPERTY
from taskkit.merge import Outcome
from taskkit.office.list_book import Cell, ListBook, ListColumn, ListRow, ListSheet, write_list
from taskkit.periods import parse_period, short_date
from taskkit.plan_index import PlanIndex
from taskkit.stores.matters import KeptMatter, OpenMatter, Owner
from taskkit.wording import fitted, fragments

_WIDTHS: dict[str, float] = {
    "unit": 16,
    "period": 12,
    "task": 28,
    "column": 12,
    "reason": 10,
    "sent": 22,
    "current": 36,
    "current_from": 16,
    "returned": 36,
    "returned_from": 26,
    "choice": 12,
    "text": 30,
    "decided_by": 10,
}
_CENTRED = frozenset(("period", "column", "reason", "choice", "decided_by"))
_REASONS = {Outcome.CONFLICT.value: "冲突", Outcome.HELD.value: "待核实"}
_LINE = "请在“决定”一列选择：保留台账、采用收回，或另写（内容写在后一列）；暂不决定的留空。红字是与台账不同的地方。"


def listed(ledger: Ledger, name: str, period: str | None = None, unit: str | None = None) -> list[OpenMatter]:
    """What waits for a person, in the order of the units, the periods and the plan."""
    index = PlanIndex(ledger.plan(name), ledger.roster(name))

    def place(each: OpenMatter) -> tuple[object, ...]:
        kept, (task_id, _) = each.kept, row_owner(each.kept.matter.row_id)
        at = index.place.get(task_id or "", -1)
        return index.rank(kept.unit), kept.unit, parse_period(kept.period), at, kept.matter.row_id, kept.number

    return sorted(ledger.open_matters(name, period, unit), key=place)


def decisions_workbook(ledger: Ledger, name: str, matters: Sequence[OpenMatter]) -> bytes:
    """The bytes of the workbook; the same matters give the same bytes."""
    plan = ledger.plan(name)
    index = PlanIndex(plan, ledger.roster(name))
    columns = tuple(_list_column(field.column.key, field.column.header) for field in FORM.fields)
    held: dict[Owner, Holdings] = {each.kept.owner: ledger.holdings(name, *each.kept.owner) for each in matters}
    rows = tuple(ListRow(_cells(each, index, held[each.kept.owner])) for each in matters)
    heading = f"{plan.info.title or name}\n待决定事项"
    note = f"填好保存后登记：taskkit load {TITLE}.xlsx。登记以前台账不变；登记以后可以撤回。"
    sheet = ListSheet(TITLE, heading, _LINE, columns, rows, note=note, frozen=5, large=True)
    day = max((each.kept.opened_at.date() for each in matters), default=date(2000, 1, 1))
    return write_list(ListBook(TITLE, plan.info.issuer or "", day, (sheet,), notes=((DECISIONS_PROPERTY, name),)))


def _list_column(key: str, header: str) -> ListColumn:
    return ListColumn(
        header,
        _WIDTHS.get(key, 10),
        "centred" if key in _CENTRED else "text",
        open=key in ("choice", "text", "decided_by"),
        choices=CHOICES if key == "choice" else (),
        hidden=key == "mark",
    )


def _cells(each: OpenMatter, index: PlanIndex, held: Holdings) -> tuple[Cell, ...]:
    kept, matter = each.kept, each.kept.matter
    source = held.returns[each.held.submission] if each.held else None
    returned = fitted(matter.returned)
    cells: dict[str, Cell] = {
        "mark": mark_of(each),
        "unit": kept.unit,
        "period": parse_period(kept.period).label,
        "task": task_text(matter.row_id, index),
        "column": matter.column,
        "reason": _REASONS.get(matter.reason, matter.reason),
        "sent": matter.sent,
        "current": each.current if each.held else "",
        "current_from": source.spoken if source else "台账里没有",
        "returned": fragments(each.current, returned) if each.held and each.current else returned,
        "returned_from": came_from(kept),
    }
    return tuple(cells.get(key, "") for key in FORM.keys)


def task_text(row_id: str, index: PlanIndex) -> str:
    """A row as people know it: number, title, and the indicator where it is one's."""
    task_id, target_id = row_owner(row_id)
    if task_id is None:
        if is_directive(row_id):
            return f"批示{row_id}"
        return "（调整申请）" if is_request(row_id) else "（填报人等）"
    task = index.tasks.get(task_id, {})
    number = f"{task['no']}." if task.get("no") is not None else ""
    title = f"{number}{task.get('title') or task_id}"
    target = next((each for each in index.targets.get(task_id, ()) if each["target_id"] == target_id), None)
    if target:
        return f"{title}（{target['indicator'] or target_id}）"
    return f"{title}（新增举措）" if target_id else title


def came_from(kept: KeptMatter) -> str:
    """Where a returned value stands: file, day, place."""
    number = f"第{kept.submission}号报送，" if kept.submission else ""
    day = f"{short_date(kept.received)}收到"
    saved = f"，{short_date(kept.saved_at)}保存" if kept.saved_at else ""
    return f"{number}{day}{saved}\n{kept.file_name}\n{kept.matter.place}"
