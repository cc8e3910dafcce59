"""Taking returned workbooks back: recognise, read, merge, and, only when asked to, write.

A dry run and a run that applies go the same way and show the same; only the last step differs.
The ledger's record of what was sent decides whose a file is and what may be filled in, never
the file itself.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from taskkit.columns import COLUMNS, SUPPORT_SHEET, row_owner
from taskkit.errors import UNCHANGED, InputError, LedgerError, UsageError
from taskkit.findings import Finding, finding
from taskkit.ledger import CellKey, Change, Ledger, Submission, Workbook
from taskkit.merge import Outcome, Versions, agreed, choose_base, merge
from taskkit.office.parcels import Found, list_files, unpack
from taskkit.office.sheets import read_workbook
from taskkit.periods import parse_period
from taskkit.returned import ReturnedBook, ReturnedCell, marks_of, read_returned, recognise
from taskkit.rules.returned import FilledRow, Judged, check_row, judge
from taskkit.settings import Settings, State

if TYPE_CHECKING:
    import pandas as pd

PREFILLED = COLUMNS["progress"].header  # goes out with last period's text in it
COMPUTED = COLUMNS["rate"].header  # a formula of the form's own
_BOOKS_KEPT = 50  # workbooks remembered at a time: copies of one usually come close together
FILE_COLUMNS = ("path", "workbook", "unit", "period", "outcome", "reason")
CELL_COLUMNS = ("path", "sheet", "row", "column", "task_id", "sent", "current", "returned", "outcome")
Advance = Callable[[int, int], None]


class FileOutcome(StrEnum):
    """What becomes of one returned file. ACCEPTED alone is written to the ledger."""

    ACCEPTED = "accepted"
    UNTOUCHED = "untouched"
    DUPLICATE = "duplicate"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The outcome in the words of the office."""
        return _FILE_LABELS[self]


_FILE_LABELS = {
    FileOutcome.ACCEPTED: "收下",
    FileOutcome.UNTOUCHED: "空白返回",
    FileOutcome.DUPLICATE: "重复返回",
    FileOutcome.REFUSED: "退回",
}


@dataclass(frozen=True, eq=False)
class Collected:
    """What came back: ``files`` (one row each), ``cells`` (each that is not the same), ``findings``."""

    files: pd.DataFrame
    cells: pd.DataFrame
    findings: pd.DataFrame


def collect(
    ledger: Ledger,
    paths: str | Path | Iterable[str | Path],
    apply: bool = False,
    received: date | None = None,
    *,
    plan: str | None = None,
    period: str | None = None,
    settings: Settings | None = None,
    progress: Advance | None = None,
) -> Collected:
    """Take back workbooks: files, folders and zips. Shows what would change; ``apply=True`` writes it.

    ``received`` is the day they came in (today unless given). With ``plan`` or ``period``, files
    of another plan or period are refused. Several files for one workbook are taken in order, so
    that the later sees the earlier. Raises InputError where a path does not exist and UsageError
    for an unknown plan or period; whatever is wrong with a single file is in the result.
    """
    if plan is not None and plan not in ledger.plan_names():
        raise UsageError(f"台账里没有名为“{plan}”的方案", f"台账里有：{'、'.join(ledger.plan_names()) or '（空）'}")
    wanted = _Wanted(plan, parse_period(period).text if period else None)
    files = list_files([paths] if isinstance(paths, (str, Path)) else paths)
    desk = _Desk(ledger, wanted, (settings or Settings()).states(), received or date.today(), apply)
    taken: list[Taken] = []
    for done, path in enumerate(files, 1):
        for found in unpack(path):
            try:
                taken.append(desk.take(found))
            except LedgerError as error:
                raise LedgerError(error.what, error.advice, _so_far(taken, apply)) from error
        if progress is not None:
            progress(done, len(files))
    return _collected(taken)


def _so_far(taken: Sequence[Taken], apply: bool) -> str:
    """What the ledger holds where a run breaks off: each file is written whole or not at all."""
    kept = sum(each.outcome is FileOutcome.ACCEPTED for each in taken) if apply else 0
    return f"此前的{kept}个文件已收入台账，这个文件和其余的没有收；排除问题后可以重新运行。" if kept else UNCHANGED


# --- one file -------------------------------------------------------------------------


class _Wanted(NamedTuple):
    """What the caller asked for; None where anything goes."""

    plan: str | None
    period: str | None

    def check(self, book: Workbook) -> None:
        """Raises InputError where a workbook is not what was asked for."""
        if self.plan not in (None, book.plan):
            raise InputError(f"这是方案“{book.plan}”的工作簿，不是“{self.plan}”的", "请核对 --plan")
        if self.period not in (None, book.period):
            label = parse_period(book.period).label
            raise InputError(f"这是{label}（{book.period}）的工作簿，不是{self.period}的", "请核对 --period")


@dataclass(frozen=True)
class MergedCell:
    """A returned cell with its versions and what becomes of it."""

    cell: ReturnedCell
    versions: Versions
    outcome: Outcome
    current: str  # what the ledger itself holds; "" where nothing


@dataclass(frozen=True)
class Taken:
    """One file and what became of it."""

    path: str
    outcome: FileOutcome
    reason: str
    book: Workbook | None = None
    cells: tuple[MergedCell, ...] = ()
    findings: tuple[Finding, ...] = ()


class _Return(NamedTuple):
    """An accepted return of a workbook; ``number`` is 0 where a dry run only supposes it."""

    number: int
    file_sha256: str
    held: Mapping[CellKey, str]


@dataclass
class _Desk:
    """Takes one file after the other. What is accepted is remembered, so that a dry run sees it too."""

    ledger: Ledger
    wanted: _Wanted
    states: Sequence[State]
    received: date
    apply: bool
    _books: dict[str, Workbook | None] = field(default_factory=dict)
    _returns: dict[str, list[_Return]] = field(default_factory=dict)
    _values: dict[tuple[str, str, str], dict[CellKey, str]] = field(default_factory=dict)
    _assignments: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def take(self, found: Found) -> Taken:
        """Read and merge one file; write it where the run applies. Never raises for what is in the file."""
        try:
            if found.refusal:
                raise found.refusal
            book = read_workbook(found.data, found.name)
            sent = recognise(marks_of(book), self._book)
        except InputError as refusal:
            return Taken(found.path, FileOutcome.REFUSED, _reason(refusal))
        try:
            self.wanted.check(sent)
        except InputError as refusal:
            return Taken(found.path, FileOutcome.REFUSED, _reason(refusal), sent)
        digest = hashlib.sha256(found.data).hexdigest()
        again = next((each for each in self._history(sent) if each.file_sha256 == digest), None)
        if again is not None:
            return Taken(found.path, FileOutcome.DUPLICATE, f"与{_name(again)}是同一个文件", sent)
        returned = read_returned(book, sent)
        merged = self._merge(sent, returned)
        return self._settle(found, digest, sent, returned, merged)

    def _settle(self, found: Found, digest: str, sent: Workbook, returned: ReturnedBook, merged: _Merged) -> Taken:
        """Decide what becomes of the file as a whole, and keep it where it is accepted."""
        findings = (*returned.findings, *_cell_findings(merged, found.name))
        if not merged.touched:
            outcome, reason = self._nothing_new(sent, returned, merged)
            return Taken(found.path, outcome, reason, sent, _locked_only(merged), findings)
        changes = tuple(_changes(sent, merged, self._leads(sent)))
        self._keep(found, digest, sent, merged, changes)
        findings = (*findings, *_row_findings(sent, merged, found.name, self.states))
        return Taken(found.path, FileOutcome.ACCEPTED, _tally(merged), sent, merged.cells, findings)

    def _nothing_new(self, sent: Workbook, returned: ReturnedBook, merged: _Merged) -> tuple[FileOutcome, str]:
        if merged.base:
            return FileOutcome.DUPLICATE, f"内容与{_name(self._history(sent)[merged.base - 1])}相同"
        if any(each.versions.returned != each.versions.sent for each in merged.cells if each.versions.open):
            return FileOutcome.DUPLICATE, "内容与台账已有的相同"
        if any(each.severity == "error" for each in returned.findings):
            return FileOutcome.REFUSED, "填写的内容对不上下发的表格，没有可收的；请按列出的问题修改后再交"
        if any(each.outcome is Outcome.UNUPDATED for each in merged.cells):
            return FileOutcome.UNTOUCHED, "与发出时相同，本期没有更新，未收"
        return FileOutcome.UNTOUCHED, "没有填写任何内容，未收"

    def _merge(self, sent: Workbook, returned: ReturnedBook) -> _Merged:
        """Merge every returned cell with the version that the file descends from."""
        opened = {cell.key for cell in sent.cells if cell.open}
        candidates = [
            {key: value for key, value in returned.sent.items() if key in opened},
            *(each.held for each in self._history(sent)),
        ]
        judged = {
            key: _judge(cell, returned.sent[key], key in opened, self.states)
            for key, cell in returned.cells.items()
            if cell.column.header != COMPUTED
        }
        at = choose_base(candidates, {key: each.value for key, each in judged.items() if key in opened})
        now = self._current(sent)
        cells = tuple(
            _merged_cell(
                returned.cells[key],
                each,
                _Known(returned.sent[key], candidates[at].get(key), now.get(key), key in opened),
            )
            for key, each in judged.items()
        )
        return _Merged(cells, at, candidates[at], judged)

    def _keep(self, found: Found, digest: str, sent: Workbook, merged: _Merged, changes: tuple[Change, ...]) -> None:
        held = {**merged.held}
        for each in merged.cells:
            if each.versions.open:
                held[each.cell.key] = agreed(each.outcome, each.versions)
        number = 0
        if self.apply:
            number = self.ledger.accept(Submission(sent, found.name, found.data, self.received, held, changes))
        self._history(sent).append(_Return(number, digest, held))
        self._current(sent).update({(change.row_id, change.column): change.value for change in changes})

    def _leads(self, book: Workbook) -> frozenset[str]:
        """The tasks that the unit leads; looked up only where the workbook itself does not say."""
        if book.role in ("lead", "support") or book.period != "plan":
            return frozenset()
        if book.plan not in self._assignments:
            rows = self.ledger.plan(book.plan).assignments
            led = rows[rows["role"] == "lead"]
            self._assignments[book.plan] = list(zip(led["unit"], led["task_id"], strict=True))
        return frozenset(task for unit, task in self._assignments[book.plan] if unit == book.unit)

    def _book(self, workbook: str) -> Workbook | None:
        if workbook not in self._books:
            if len(self._books) >= _BOOKS_KEPT:
                self._books.clear()
            self._books[workbook] = self.ledger.workbook(workbook)
        return self._books[workbook]

    def _history(self, book: Workbook) -> list[_Return]:
        if book.workbook not in self._returns:
            self._returns[book.workbook] = [_Return(*each) for each in self.ledger.returns_of(book.workbook)]
        return self._returns[book.workbook]

    def _current(self, book: Workbook) -> dict[CellKey, str]:
        key = (book.plan, book.period, book.unit)
        if key not in self._values:
            self._values[key] = dict(self.ledger.current(*key))
        return self._values[key]


# --- its cells ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Merged:
    """All cells of a file with their outcomes, and the version that the file descends from."""

    cells: tuple[MergedCell, ...]
    base: int  # 0: what was sent; n: the n-th accepted return
    held: Mapping[CellKey, str]
    judged: Mapping[CellKey, Judged]

    @property
    def touched(self) -> bool:
        """Whether anything was filled in that the ledger does not know yet."""
        quiet = (Outcome.SAME, Outcome.UNUPDATED, Outcome.LOCKED)
        return any(each.outcome not in quiet for each in self.cells)


class _Known(NamedTuple):
    """What is known of a cell before it came back; None where that version does not hold it."""

    sent: str
    base: str | None
    current: str | None
    open: bool


def _judge(cell: ReturnedCell, sent: str, is_open: bool, states: Sequence[State]) -> Judged:
    """The value to merge. What was sent is not judged again, nor what the unit may not fill in."""
    if not is_open:
        return Judged(sent if cell.formula else cell.value)
    if cell.problem:
        return Judged(cell.value, cell.problem, False, {"column": cell.column.header, "value": cell.value})
    if cell.value in ("", sent):
        return Judged(cell.value)
    judged = judge(cell.column, cell.value, states)
    if cell.percent and cell.column.kind == "number" and not judged.code:
        return judged._replace(code="percent", words={"column": cell.column.header, "value": cell.value})
    return judged


def _merged_cell(cell: ReturnedCell, judged: Judged, known: _Known) -> MergedCell:
    versions = Versions(
        sent=known.sent,
        base=known.sent if known.base is None else known.base,
        current=known.sent if known.current is None else known.current,
        returned=judged.value,
        open=known.open,
        valid=judged.valid,
        prefilled=cell.column.header == PREFILLED,
    )
    # A formula without a result looks blank, but somebody meant something: it is always reported.
    unsaved = not judged.valid and not judged.value
    return MergedCell(cell, versions, Outcome.INVALID if unsaved else merge(versions), known.current or "")


def _changes(sent: Workbook, merged: _Merged, leads: frozenset[str]) -> Iterator[Change]:
    """What is taken, with the role in which the unit answers for the task.

    Where a workbook asks for both roles, the sheet 配合任务 says so; on a 落实方案, which has no
    such sheet, the tasks that the unit leads do (``leads``).
    """
    support = {cell.row_id for cell in sent.cells if cell.sheet == SUPPORT_SHEET.title}
    for each in merged.cells:
        if each.outcome is Outcome.CHANGED:
            row_id, column = each.cell.key
            task_id, _ = row_owner(row_id)
            led = task_id is None or task_id in leads if sent.period == "plan" else row_id not in support
            role = sent.role if sent.role in ("lead", "support") else "lead" if led else "support"
            yield Change(row_id, column, each.versions.returned, role)


def _locked_only(merged: _Merged) -> tuple[MergedCell, ...]:
    return tuple(each for each in merged.cells if each.outcome is Outcome.LOCKED)


def _cell_findings(merged: _Merged, name: str) -> Iterator[Finding]:
    """A finding for each cell that a person must see, and one for all the locked ones."""
    for each in merged.cells:
        judged = merged.judged[each.cell.key]
        words = {"column": each.cell.column.header, "value": each.versions.returned, "current": each.current}
        if judged.code and each.outcome not in (Outcome.SAME, Outcome.UNUPDATED):
            yield _at(judged.code, each, name, **judged.words)
        if each.outcome is Outcome.CONFLICT:
            yield _at("conflict", each, name, **words)
        elif each.outcome is Outcome.KEPT:
            yield _at("blanked", each, name, **words)
    locked = _locked_only(merged)
    if locked:
        yield _at("locked", locked[0], name, count=str(len(locked)), column=locked[0].cell.column.header)


def _at(code: str, merged: MergedCell, name: str, **words: str) -> Finding:
    cell = merged.cell
    return finding(code, source=f"{name} {cell.place}", task_id=row_owner(cell.row_id)[0], **words)


def _row_findings(sent: Workbook, merged: _Merged, name: str, states: Sequence[State]) -> Iterator[Finding]:
    """What the rows that changed say as a whole, as they will stand."""
    rows: dict[str, dict[str, MergedCell]] = {}
    for each in merged.cells:
        rows.setdefault(each.cell.row_id, {})[each.cell.column.header] = each
    for row_id, cells in rows.items():
        first = next((each for each in cells.values() if each.outcome is Outcome.CHANGED), None)
        if first is not None:
            shown = {header: _standing(each) for header, each in cells.items()}
            place = first.cell.place
            yield from check_row(FilledRow(row_id, f"{name} {place.sheet} 第{place.row}行", shown), states)


def _standing(merged: MergedCell) -> str:
    """The value as it will stand in the ledger (as sent, for what the unit may not fill in)."""
    if not merged.versions.open:
        return merged.versions.sent
    return merged.versions.returned if merged.outcome is Outcome.CHANGED else merged.versions.current


# --- what is told ---------------------------------------------------------------------


def _tally(merged: _Merged) -> str:
    counts = Counter(each.outcome for each in merged.cells)
    shown = (
        (Outcome.CHANGED, "新内容{}处"),
        (Outcome.CONFLICT, "冲突{}处待人工决定"),
        (Outcome.INVALID, "无效{}处未收"),
        (Outcome.LOCKED, "改动不可填写的内容{}处未收"),
        (Outcome.KEPT, "返回为空、保留原值{}处"),
        (Outcome.UNUPDATED, "未更新{}项"),
    )
    return "，".join(text.format(counts[outcome]) for outcome, text in shown if counts[outcome])


def _name(accepted: _Return) -> str:
    return f"已收的第{accepted.number}号报送" if accepted.number else "本次已收的另一个文件"


def _reason(refusal: InputError) -> str:
    return "；".join(part.rstrip("。") for part in (refusal.what, refusal.advice) if part)


def _collected(taken: Sequence[Taken]) -> Collected:
    """The three frames."""
    import pandas as pd

    files = pd.DataFrame([_file_row(each) for each in taken], columns=list(FILE_COLUMNS)).astype("str")
    cells = pd.DataFrame([row for each in taken for row in _cell_rows(each)], columns=list(CELL_COLUMNS))
    found = [each for one in taken for each in one.findings]
    shown = ("code", "severity", "task_id", "source", "message")
    findings = pd.DataFrame([[getattr(each, key) for key in shown] for each in found], columns=list(shown))
    texts = {key: "str" for key in CELL_COLUMNS if key != "row"}
    return Collected(files, cells.astype({**texts, "row": "int64"}), findings.astype("str"))


def _file_row(taken: Taken) -> tuple[str | None, ...]:
    book = taken.book
    known = (book.workbook, book.unit, book.period) if book else (None, None, None)
    return (taken.path, *known, taken.outcome.value, taken.reason)


def _cell_rows(taken: Taken) -> Iterator[tuple[object, ...]]:
    for each in taken.cells:
        if each.outcome is not Outcome.SAME:
            cell, versions = each.cell, each.versions
            yield (
                taken.path,
                cell.place.sheet,
                cell.place.row,
                cell.column.header,
                row_owner(cell.row_id)[0],
                versions.sent,
                each.current,
                versions.returned,
                each.outcome.value,
            )
