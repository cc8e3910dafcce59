"""报送安排 as a workbook: the dates, for a person to correct and load back, and what they mean for each unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from taskkit.arranging.changes import dates_now
from taskkit.arranging.columns import BY_UNIT, FORM, MOVES, ROLES, TITLE, VERSION
from taskkit.duties import Duty, collectives_asked
from taskkit.ledger import Ledger
from taskkit.marks import SCHEDULE_PROPERTY
from taskkit.office.list_book import Cell, Emphasis, Kind, ListBook, ListColumn, ListRow, ListSheet, write_list
from taskkit.office.placing import check_workbook_name, put_new
from taskkit.orders import Orders
from taskkit.periods import parse_period, short_date
from taskkit.proofreading.columns import part_shown
from taskkit.sheet_forms.forms import shown
from taskkit.stores.schedules import DueDate
from taskkit.tracking import Outcome, form_name
from taskkit.workdays import KEEP, WorkCalendar
from taskkit.workdays import MOVES as WAYS

BLANKS = 12  # rows for dates that a person adds
_WIDTHS = {"period": 18, "part": 10, "role": 12, "due_on": 14, "move": 12, "to_whom": 30, "source": 40}
_CENTRED = ("period", "part", "role", "move")
_HOW = "改日期、增删行都可以，改好后登记：taskkit load 本文件。删去的行不再要求报送；“遇节假日”空着的，照写的日期。"
_UNIT_COLUMNS = (
    *(ListColumn("序号", 6, "centred"), ListColumn("单位", 22), ListColumn("报送期", 15, "centred")),
    *(ListColumn("表格", 18, "centred"), ListColumn("截止日期", 12, "date"), ListColumn("报给", 30)),
    *(ListColumn("任务数", 8, "number"), ListColumn("情况", 12, "centred"), ListColumn("收到日期", 12, "date")),
    *(ListColumn("剩余天数", 9, "number"), ListColumn("逾期或迟报天数", 9, "number"), ListColumn("说明", 44)),
)
_STANDS_OUT: tuple[tuple[str, Emphasis], ...] = ((Outcome.MISSING.label, "slow"), (Outcome.LATE.label, "slow"))


def write_arrangement(
    ledger: Ledger, name: str, listed: Iterable[Duty], out: Path, on: date, days: WorkCalendar
) -> bool:
    """Write the schedule and the duties as a workbook; False where the very same file is there already.

    Raises OutputError where another file stands in its place (somebody may have filled it in),
    UsageError where the name does not end in .xlsx.
    """
    check_workbook_name(out, TITLE)
    plan = ledger.plan(name)
    title = plan.info.title or name
    sheets = (
        _schedule_sheet(title, dates_now(ledger, name), Orders(plan, days, ledger.nominal_dates(name)), ledger, name),
        _units_sheet(title, listed, on, ledger, name),
    )
    notes = ((SCHEDULE_PROPERTY, name), (VERSION, str(ledger.schedule_version(name))))
    book = ListBook(TITLE, plan.info.issuer or "", on, sheets, notes=notes)
    return put_new(out, write_list(book), "填过的报送安排")


def _schedule_sheet(title: str, dates: Iterable[DueDate], orders: Orders, ledger: Ledger, name: str) -> ListSheet:
    parts = [part_shown(each) for each in dict.fromkeys(ledger.plan(name).tasks["part"])]
    choices = {
        "role": tuple(words[0] for words in ROLES.values()),
        "move": tuple(words[0] for words in MOVES.values()),
        "part": tuple(parts),
    }
    columns = tuple(
        ListColumn(
            each.column.header,
            _WIDTHS[each.column.key],
            _kind(each.column.key),
            open=True,
            choices=choices.get(each.column.key, ()),
        )
        for each in FORM.fields
    )
    rows = [ListRow(_cells(each, orders)) for each in dates]
    rows += [ListRow(("",) * len(columns))] * BLANKS
    return ListSheet(TITLE, f"{title}\n{TITLE}", _HOW, columns, tuple(rows), frozen=1)


def _cells(each: DueDate, orders: Orders) -> tuple[Cell, ...]:
    role, part = each.role or "all", each.part or "main"
    ordered = orders.date_of(role, part, parse_period(each.period))
    due_on = ordered.due_on if each.nominal else each.due_on
    move = each.move if each.move in WAYS else KEEP
    return (
        parse_period(each.period).label,
        part_shown(part),
        shown(ROLES, role),
        due_on,
        shown(MOVES, move) if each.nominal else "",
        each.to_whom or "",
        each.source or "",
    )


def _kind(key: str) -> Kind:
    return "date" if key == "due_on" else "centred" if key in _CENTRED else "text"


def _units_sheet(title: str, listed: Iterable[Duty], on: date, ledger: Ledger, name: str) -> ListSheet:
    rows = [ListRow((number, *_unit_cells(each))) for number, each in enumerate(listed, 1)]
    unnamed = "、".join(each.unit for each in collectives_asked(ledger, name, on))
    note = f"集体称谓没有写明成员单位，没有列入：{unnamed}。" if unnamed else ""
    line = f"{on.year}年{short_date(on)}的情况；按单位名册的次序。这一页只供查看，不读回。"
    return ListSheet(BY_UNIT, f"{title}\n{BY_UNIT}", line, _UNIT_COLUMNS, tuple(rows), _STANDS_OUT, note, frozen=2)


def _unit_cells(each: Duty) -> tuple[Cell, ...]:
    return (
        each.unit,
        parse_period(each.period).label,
        form_name(each.role, each.part),
        each.due_on,
        each.to_whom,
        each.tasks,
        each.outcome.label,
        each.received,
        each.days_left if each.days_left is not None and each.days_left >= 0 else None,
        each.days_late or None,
        remarks(each),
    )


def remarks(duty: Duty) -> str:
    """What has to be known of a duty: extended, provisional, whose it holds too, how far its support units are."""
    said = []
    if duty.extension and duty.original_due_on:
        said.append(f"原定{short_date(duty.original_due_on)}，{short_date(duty.extension.asked_on)}申请延期")
    if duty.provisional:
        said.append("暂定")
    if duty.through:
        said.append(f"含{'、'.join(duty.through)}（由其一并报送）")
    if duty.support_units:
        said.append(f"配合单位已报{len(duty.support_reported)}/{len(duty.support_units)}家")
    return "；".join(said)
