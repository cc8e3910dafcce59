"""What the supervision office does over and over: issue, take back, review; always on a day that is said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from taskkit import collect, issue
from taskkit.collecting import Collected
from taskkit.demo import Typed
from taskkit.findings import Finding
from taskkit.issuing import Issued
from taskkit.ledger import Ledger
from taskkit.office.typing_in import type_in
from taskkit.reviewing import Reviewed, open_review, write_review
from tests.returned_books import stamped
from tests.year.clerks import Clerks

NAME = "云溪县2026"
# Clerks save one after the other, long before any day on which the tests may run.
FIRST_SAVED = datetime(2020, 1, 1)
Edits = Mapping[str, Typed]  # unit -> what it types otherwise; None as a cell: not at all
Form = tuple[str, str, str]  # period, unit as it is called on the form, role


@dataclass
class Office:
    """A ledger, a folder, and the newest form of each unit."""

    ledger: Ledger
    folder: Path
    clerks: Clerks
    forms: dict[tuple[str, str, str, str], Path] = field(default_factory=dict)  # period, part, role, unit -> path
    saved: int = 0

    def issue(self, period: str, on: date, **how: Any) -> Issued:
        """Write the forms of a period on a day."""
        books = issue(self.ledger, NAME, period, self.folder / "发出" / period, today=on, **how)
        for row in books.books.to_dict("records"):
            self.forms[period, row["part"], row["role"], row["unit"]] = Path(row["path"])
        return books

    def filled(self, form: Path, unit: str, period: str, edits: Typed | None = None) -> bytes:
        """A form as the clerk saves it. ``unit`` as the plan calls it."""
        typed = self.clerks.typed(unit, period)
        for row, cells in (edits or {}).items():
            typed[row] = {**typed.get(row, {}), **cells}
            typed[row] = {header: value for header, value in typed[row].items() if value is not None}
        self.saved += 1
        moment = FIRST_SAVED + timedelta(minutes=self.saved)
        return stamped(type_in(form.read_bytes(), typed), moment.strftime("%Y-%m-%dT%H:%M:00Z"))

    def take(
        self,
        period: str,
        on: date,
        role: str = "lead",
        part: str = "main",
        *,
        units: Collection[str] = (),
        without: Collection[str] = (),
        edits: Edits | None = None,
        called: Mapping[str, str] | None = None,
    ) -> Collected:
        """Units fill their forms in and hand them in on a day: those named, else all but some.

        ``called``: a unit's name on its form -> its name in the plan as issued.
        """
        back = self.folder / "收回" / f"{self.saved:04d}"
        back.mkdir(parents=True)
        for (when, which, as_, unit), form in self.forms.items():
            if (when, which, as_) != (period, part, role) or unit in without or (units and unit not in units):
                continue
            own = (edits or {}).get(unit)
            (back / form.name).write_bytes(self.filled(form, (called or {}).get(unit, unit), period, own))
        return collect(self.ledger, back, apply=True, received=on)

    def review(self, period: str, on: date, fill: Callable[[Any], None]) -> Reviewed:
        """Write 审核台账, let an officer fill it in, and load it."""
        path = self.folder / "审核" / f"{period}-{on.isoformat()}.xlsx"
        path.parent.mkdir(exist_ok=True)
        written = write_review(self.ledger, NAME, path, period, today=on).path
        book = openpyxl.load_workbook(written)
        fill(book)
        book.save(written)
        opened = open_review(written)
        assert opened is not None
        reviewed = opened.load(self.ledger, NAME, today=on)
        assert_fine(reviewed.findings)
        return reviewed


def assert_fine(findings: Iterable[Finding]) -> None:
    """Nothing in a sheet was refused."""
    assert [] == [each.message for each in findings if each.severity == "error"]


def head_of(page: Any, header: str) -> int:
    """The number of the row of headers, by one of them."""
    return next(int(row[0].row) for row in page.iter_rows() if any(plain(cell.value) == header for cell in row))


def plain(value: object) -> str:
    """A header without line breaks and what stands in brackets."""
    return str(value or "").replace("\n", "").partition("（")[0].strip()


def column(page: Any, header: str, row: int = 3) -> int:
    """The number of a column by its header."""
    return next(int(cell.column) for cell in page[row] if plain(cell.value) == header)


def rule(page: Any, find: str, unit: str = "", **cells: str) -> None:
    """Fill cells in, by header, in each row that holds the text ``find`` (and the unit)."""
    hits = 0
    for row in page.iter_rows(min_row=4):
        texts = [str(cell.value) for cell in row[1:] if cell.value is not None]
        if any(find in text for text in texts) and (not unit or unit in texts):
            hits += 1
            for header, value in cells.items():
                page.cell(row[0].row, column(page, header)).value = value
    assert hits, f"no row with {find} and {unit}"


def cells_of(path: Path, sheet: str) -> dict[str, dict[str, object]]:
    """The rows of a form by row id, as they stand: header -> value; nothing where it has no such sheet."""
    book = openpyxl.load_workbook(path)
    if sheet not in book.sheetnames:
        return {}
    page = book[sheet]
    headers = [plain(cell.value) for cell in page[3]]
    rows = {str(row[0].value).partition(".")[2]: row for row in page.iter_rows(min_row=4) if row[0].value}
    return {row_id: {head: cell.value for head, cell in zip(headers, row, strict=True)} for row_id, row in rows.items()}
