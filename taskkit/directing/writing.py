"""批示登记 as a workbook: all that is known, and blank rows with the next numbers for a person to fill in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from taskkit.columns import directive_row
from taskkit.directing.columns import FORM, NEW, REPORTING, STATES, TITLE, mark_of
from taskkit.ledger import Ledger
from taskkit.marks import DIRECTIVES_PROPERTY
from taskkit.office.list_book import Cell, Emphasis, Kind, ListBook, ListColumn, ListRow, ListSheet, write_list
from taskkit.office.placing import check_workbook_name, put_new
from taskkit.sheet_forms.forms import shown
from taskkit.stores.directives import CLOSED, EACH, ONGOING, REVOKED, Directive

BLANK_ROWS = 10
_WIDTHS: dict[str, float] = {
    "number": 7,
    "leader": 11,
    "given_on": 12,
    "text": 46,
    "about": 24,
    "units": 24,
    "due_on": 12,
    "reporting": 11,
    "state": 9,
    "remark": 20,
}
_DATES, _CENTRED = ("given_on", "due_on"), ("number", "leader", "reporting", "state")
_HOW = (
    "新批示填在空行（编号已给定）。承办单位有几个的用“、”隔开，第一个牵头。涉及任务写任务编号、序号或名称里的几个字，"
    "也可以写其他事项。办结、撤销的改“状态”。"
)
_NOTE = f"填好保存后登记：taskkit load {TITLE}.xlsx。删掉的行不影响台账。"
_DAY = date(2000, 1, 1)  # of the workbook: the same ledger gives the same bytes


def write_directives(ledger: Ledger, name: str, out: Path) -> bool:
    """Write 批示登记; False where the very same file is there already.

    Raises OutputError where another file stands in its place (somebody may have filled it in),
    UsageError where the name does not end in .xlsx.
    """
    check_workbook_name(out, TITLE)
    info, known = ledger.plan(name).info, ledger.directives(name)
    last = max((each.number for each in known), default=0)
    blank = (_blank_row(number) for number in range(last + 1, last + 1 + BLANK_ROWS))
    rows = (*(ListRow(_cells(each)) for each in known), *blank)
    columns = tuple(_column(field.column.key, field.column.header) for field in FORM.fields)
    done: tuple[tuple[str, Emphasis], ...] = ((STATES[CLOSED][0], "done"), (STATES[REVOKED][0], "idle"))
    heading = f"{info.title or name}\n{TITLE}"
    sheet = ListSheet(TITLE, heading, _HOW, columns, rows, emphasis=done, note=_NOTE, frozen=2)
    book = ListBook(TITLE, info.issuer or "", _DAY, (sheet,), notes=((DIRECTIVES_PROPERTY, name),))
    return put_new(out, write_list(book), f"填过的{TITLE}")


def _column(key: str, header: str) -> ListColumn:
    choices = {"reporting": REPORTING, "state": STATES}.get(key, {})
    return ListColumn(
        header,
        _WIDTHS.get(key, 10),
        _kind(key),
        open=key not in ("mark", "number"),
        choices=tuple(words[0] for words in choices.values()),
        hidden=key == "mark",
    )


def _kind(key: str) -> Kind:
    return "date" if key in _DATES else "centred" if key in _CENTRED else "text"


def _blank_row(number: int) -> ListRow:
    cells: dict[str, Cell] = {"mark": NEW, "number": directive_row(number)}
    return ListRow(tuple(cells.get(key) for key in FORM.keys), grows=True)


def _cells(each: Directive) -> tuple[Cell, ...]:
    cells: dict[str, Cell] = {
        "mark": mark_of(each),
        "number": each.row_id,
        "leader": each.leader,
        "given_on": each.given_on,
        "text": each.text,
        "about": each.about,
        "units": "、".join(each.units),
        "due_on": each.due_on,
        "reporting": shown(REPORTING, each.reporting or EACH),
        "state": shown(STATES, each.state or ONGOING),
        "remark": each.remark,
    }
    return tuple(cells[key] for key in FORM.keys)
