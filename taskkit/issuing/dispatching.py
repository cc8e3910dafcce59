"""What goes with the workbooks when an office sends them: the list of what was sent, and one archive of all.

The list names every workbook of a period whose file stands in the folder, whoever ran the command
for which units. The archive holds those that are as taskkit wrote them: a form that somebody has
begun to fill in is for nobody else.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from taskkit.book_words import form_title
from taskkit.columns import RELAY_SHEET
from taskkit.issuing.relaying import has_reports, support_reports
from taskkit.ledger import Ledger
from taskkit.office.bundling import bundle
from taskkit.office.list_book import ListBook, ListColumn, ListRow, ListSheet, is_untouched_list, notes_of, write_list
from taskkit.office.placing import put_in_place, set_beside
from taskkit.periods import official_date, parse_period
from taskkit.plan_index import PlanIndex

LIST = "发送清单"
_COLUMNS = (
    *(ListColumn("序号", 6, "centred"), ListColumn("单位", 24), ListColumn("联系人", 10, "centred")),
    *(ListColumn("联系电话", 15, "centred"), ListColumn("内容", 30), ListColumn("任务数", 8, "number")),
    *(ListColumn("报送截止", 16, "centred"), ListColumn("文件名", 52), ListColumn("备注", 28)),
)
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_DAY = date(2000, 1, 1)  # of the list: the same content gives the same bytes
Cells = tuple[str | int, ...]
Recipient = tuple[str, str, str]  # unit, role, part
SUPPLEMENT_FORM = f"{RELAY_SHEET.title}（补发，不用交回）"
_KEYS = ["workbook", "unit", "role", "part", "due_on"]


@dataclass(frozen=True)
class Sent:
    """One workbook of the period whose file stands in the folder; ``untouched`` while it is as taskkit wrote it.

    ``through`` are the units that report in it beside its own.
    """

    unit: str
    contact: str
    phone: str
    form: str
    tasks: int | str
    due_on: date | None
    path: Path
    untouched: bool
    through: tuple[str, ...] = ()

    def cells(self, number: int) -> Cells:
        """The row of the list."""
        due = official_date(self.due_on) if self.due_on else ""
        also = f"含{'、'.join(self.through)}（由其一并报送）" if self.through else ""
        note = "；".join(filter(None, (also, "" if self.untouched else "文件已有改动，没有放进压缩包")))
        return number, self.unit, self.contact, self.phone, self.form, self.tasks, due, self.path.name, note


@dataclass(frozen=True)
class Dispatch:
    """What stands in the folder now: the two lists and the archive; ``kept`` are those that a person changed."""

    sent: tuple[Sent, ...]
    lists: tuple[Path, ...]
    archive: Path
    kept: tuple[Path, ...] = ()


def write_dispatch(ledger: Ledger, name: str, period: str, folder: Path) -> Dispatch | None:
    """Write 发送清单 as .xlsx and .csv and the zip of all; None where the folder holds no form of the period.

    What a person has changed since stays as it is. Raises OutputError where a file cannot be written.
    """
    sent = tuple(_sent(ledger, name, period, folder))
    if not sent:
        return None
    info = ledger.plan(name).info
    form = form_title(parse_period(period), info.year)
    rows = [each.cells(number) for number, each in enumerate(sent, 1)]
    listed, text, archive = (folder / f"{form}_{ending}" for ending in (f"{LIST}.xlsx", f"{LIST}.csv", "全部表格.zip"))
    contents = {
        text: _text(rows),
        archive: bundle((each.path.name, each.path.read_bytes()) for each in sent if each.untouched),
    }
    notes = tuple((path.suffix, hashlib.sha256(data).hexdigest()) for path, data in contents.items())
    kept = _changed(listed, contents)
    contents[listed] = _workbook(rows, f"{info.title or name}\n{form}{LIST}", info.issuer or "", notes)
    for path, data in contents.items():
        if path not in kept and not (path.is_file() and path.read_bytes() == data):
            put_in_place(set_beside(path, data), path)
    return Dispatch(sent, (listed, text), archive, kept)


def _sent(ledger: Ledger, name: str, period: str, folder: Path) -> Iterator[Sent]:
    """Each form with a file in the folder, in the order of the units."""
    index = PlanIndex(ledger.plan(name), ledger.roster(name))
    when = parse_period(period)
    names: dict[str, list[str]] = {}
    ours: set[str] = set()
    for workbook, file_name, digest in ledger.files(name, period).itertuples(index=False, name=None):
        names.setdefault(workbook, []).append(file_name)
        ours.add(digest)
    newest: dict[tuple[str, str, str], tuple[date | None, list[str]]] = {}
    books = ledger.workbooks(name, period).sort_values("edition", kind="stable")
    for workbook, unit, role, part, due_on in books[_KEYS].itertuples(index=False, name=None):
        _, before = newest.get((unit, role, part), (None, []))
        newest[unit, role, part] = (due_on, [*before, *names.get(workbook, ())])
    editions = {row[1:4]: row[0] for row in books[_KEYS].itertuples(index=False, name=None)}
    owners: dict[str | None, Recipient] = {workbook: form for form, workbook in editions.items()}
    supplements = _supplements(ledger, name, period, folder, owners, ours)
    reports = support_reports(ledger.values(name, period), index) if supplements else {}
    for unit, role, part in sorted(newest, key=lambda form: (index.rank(form[0]), *_place(*form))):
        due_on, written = newest[unit, role, part]
        path = next((folder / each for each in reversed(written) if (folder / each).is_file()), None)
        if path is None:
            continue
        entry = index.roster.entry(unit)
        form = Sent(
            unit,
            entry.contact if entry else "",
            entry.phone if entry else "",
            form_title(when, index.info.year, role, part),
            len(index.tasks_of(unit, role, part)) or "",
            due_on,
            path,
            hashlib.sha256(path.read_bytes()).hexdigest() in ours,
            tuple(each for each in index.through(unit) if index.own_tasks_of(each, role, part)),
        )
        yield form
        supplement = supplements.get((unit, role, part))
        if supplement and has_reports(unit, role, part, reports, index):  # not where all of it was withdrawn
            untouched = hashlib.sha256(supplement.read_bytes()).hexdigest() in ours
            yield replace(
                form, form=SUPPLEMENT_FORM, tasks="", due_on=None, path=supplement, untouched=untouched, through=()
            )


def _place(unit: str, role: str, part: str) -> tuple[object, ...]:
    """Among the forms of one unit: the main part first, lead before support."""
    return part != "main", part, role, unit


def _supplements(
    ledger: Ledger, name: str, period: str, folder: Path, owners: Mapping[str | None, Recipient], ours: set[str]
) -> dict[Recipient, Path]:
    """The newest supplement to each form's newest edition whose file stands in the folder; its bytes are ours too."""
    found = {}
    for each in ledger.companions(name, period):
        ours.add(each.file_sha256)
        path = folder / each.file_name
        if each.workbook in owners and path.is_file():
            found[owners[each.workbook]] = path
    return found


def _workbook(rows: Sequence[Cells], heading: str, issuer: str, notes: tuple[tuple[str, str], ...]) -> bytes:
    listed = tuple(ListRow(row) for row in rows)
    sheet = ListSheet(LIST, heading, f"共{len(rows)}份", _COLUMNS, listed, frozen=2)
    return write_list(ListBook(LIST, issuer, _DAY, (sheet,), notes=notes))


def _text(rows: Sequence[Cells]) -> bytes:
    """As CSV with a byte order mark, by which Excel knows UTF-8; what looks like a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.header for column in _COLUMNS])
    for row in rows:
        writer.writerow([f"'{cell}" if str(cell).startswith(_FORMULA_SIGNS) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _changed(listed: Path, others: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """What a person has changed of the files that stand there.

    The list says itself whether it was saved since, and what the other two were when it was written.
    """
    there = listed.read_bytes() if listed.is_file() else b""
    notes = notes_of(there) if there else {}
    changed = [listed] if there and not is_untouched_list(there) else []
    for path, data in others.items():
        present = path.read_bytes() if path.is_file() else data
        if present != data and hashlib.sha256(present).hexdigest() != notes.get(path.suffix):
            changed.append(path)
    return tuple(changed)
