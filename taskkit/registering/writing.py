"""The register as rows and as a workbook: what came in, and who has sent in nothing yet.

One row for each unit × period × file. A person fills in what came by phone, on paper or by hand,
corrects days and ways, and loads it back (taking.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from taskkit.ledger import Ledger
from taskkit.marks import REGISTER_PROPERTY
from taskkit.office.list_book import Emphasis, Kind, ListBook, ListColumn, ListRow, ListSheet, write_list
from taskkit.office.placing import check_workbook_name, put_new
from taskkit.periods import parse_period
from taskkit.receipts import EXCUSED, FileOutcome, Receipt
from taskkit.registering.columns import FORM, TITLE, number_shown
from taskkit.roster import Roster
from taskkit.tracking import Outcome, Return, check_issued, issued_periods, read_returns
from taskkit.workbook import form_title

_WIDTHS = (14, 22, 15, 24, 12, 12, 10, 40, 16, 9, 44)
_DATES, _CENTRED = ("due_on", "received"), ("number", "period", "way", "label")
_HOW = (
    "电话、纸质、当面报送的：在该单位一行填“收到日期”“方式”（无需报送的，“结果”改为“无需报送”并写“说明”）；"
    "日期、方式记错的，直接改。改好后登记：taskkit load 本文件。删掉的行不影响台账。"
)
_DAY = date(2000, 1, 1)  # of the workbook: the same register gives the same bytes


@dataclass(frozen=True)
class RegisterRow:
    """One row as it is shown. ``receipt`` is None for a workbook for which nothing was handed in."""

    number: str
    unit: str
    period: str
    form: str
    due_on: date | None
    received: date | None
    way: str
    file_name: str
    label: str
    days_late: int | None
    reason: str
    receipt: Receipt | None = None


def register_rows(ledger: Ledger, name: str, period: str | None = None) -> tuple[RegisterRow, ...]:
    """The register of a plan, by period, then in the order of the unit list.

    Raises UsageError with the periods issued where nothing was sent for the one asked.
    """
    issued = issued_periods(ledger, name)
    if period is not None:
        issued = [check_issued(issued, name, period)]
    return tuple(row for each in issued for row in _rows_of(ledger, name, each))


def write_register(ledger: Ledger, name: str, out: Path, period: str | None = None) -> bool:
    """Write the register as a workbook; False where the very same file is there already.

    Raises OutputError where another file stands in its place (somebody may have filled it in),
    UsageError where the name does not end in .xlsx.
    """
    check_workbook_name(out, "收件登记")
    info = ledger.plan(name).info
    rows = tuple(ListRow(_cells(row)) for row in register_rows(ledger, name, period))
    columns = tuple(
        ListColumn(each.column.header, width, _kind(each.column.key))
        for each, width in zip(FORM.fields, _WIDTHS, strict=True)
    )
    heading = f"{info.title or name}\n{TITLE}"
    emphasis: tuple[tuple[str, Emphasis], ...] = ((Outcome.MISSING.label, "slow"), (FileOutcome.REFUSED.label, "slow"))
    sheet = ListSheet(TITLE, heading, _HOW, columns, rows, emphasis=emphasis, frozen=2)
    book = ListBook(TITLE, info.issuer or "", _DAY, (sheet,), notes=((REGISTER_PROPERTY, name),))
    return put_new(out, write_list(book), "填过的收件登记")


def _rows_of(ledger: Ledger, name: str, period: str) -> Iterator[RegisterRow]:
    label, roster = parse_period(period).label, ledger.roster(name) or Roster()
    receipts: dict[str, list[Receipt]] = {}
    for receipt in ledger.receipts(name, period):
        receipts.setdefault(roster.canonical(receipt.unit), []).append(receipt)
    titles = _titles(ledger, name, period)
    owed: dict[str, list[Return]] = {}
    for each in read_returns(ledger, name, period):
        owed.setdefault(each.unit, []).append(each)
    for unit, forms in owed.items():
        dates = {titles[form.workbook]: form.due_on for form in forms}
        for receipt in receipts.get(unit, ()):
            title = titles.get(receipt.workbook or "", "")
            yield _registered(receipt, label, title, dates.get(title, forms[0].due_on))
        for form in forms:
            if form.outcome in (Outcome.MISSING, Outcome.NOT_DUE):
                title = titles[form.workbook]
                blank = (None, "", "", form.outcome.label, None, "")
                yield RegisterRow("", unit, label, title, form.due_on, *blank)


def _titles(ledger: Ledger, name: str, period: str) -> dict[str, str]:
    """Workbook (of any edition) -> what its form is called."""
    frame = ledger.workbooks(name, period)[["workbook", "role", "part"]]
    when = parse_period(period)
    return {
        workbook: form_title(when, None, role, part)
        for workbook, role, part in frame.itertuples(index=False, name=None)
    }


def _registered(receipt: Receipt, label: str, title: str, due_on: date | None) -> RegisterRow:
    late = (receipt.received - due_on).days if due_on and receipt.is_return else 0
    excused = receipt.outcome == EXCUSED
    return RegisterRow(
        number_shown(receipt),
        receipt.unit,
        label,
        title,
        due_on,
        receipt.received,
        "" if excused else receipt.way,
        receipt.file_name,
        receipt.label,
        late if late > 0 else None,
        receipt.reason,
        receipt,
    )


def _cells(row: RegisterRow) -> tuple[str | int | date | None, ...]:
    return tuple(getattr(row, each.column.key) for each in FORM.fields)


def _kind(key: str) -> Kind:
    return "date" if key in _DATES else "centred" if key in _CENTRED else "number" if key == "days_late" else "text"
