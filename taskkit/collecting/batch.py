"""Returned files in their order, one after the other, and what became of each as frames.

Copies of one workbook are taken in the order in which they were saved, whatever they are called,
so that a later one sees what an earlier one brought. What becomes of one file is decided in desk.py.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from taskkit.collecting.copies import CopyFolder, CopyMade, as_one
from taskkit.collecting.desk import Desk, Taken, Wanted
from taskkit.collecting.recall import Recall
from taskkit.collecting.registrar import Registrar
from taskkit.columns import row_owner
from taskkit.due_dates import BookDates
from taskkit.errors import UNCHANGED, InputError, LedgerError, TaskkitError, UsageError
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger
from taskkit.marks import PROPERTY, marks_of, workbook_id
from taskkit.merge import Outcome
from taskkit.office.kinds import DOCUMENTS, kind_of
from taskkit.office.parcels import Found, list_files, unpack
from taskkit.office.sheets import read_labels, read_workbook
from taskkit.periods import parse_period
from taskkit.places import Place
from taskkit.receipts import BY_FILE, FileOutcome
from taskkit.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

FILE_COLUMNS = ("path", "workbook", "unit", "period", "outcome", "reason")
CELL_COLUMNS = ("path", "sheet", "row", "column", "task_id", "sent", "current", "returned", "outcome", "workbook")
FINDING_COLUMNS = ("code", "severity", "task_id", "source", "message", "path", "sheet", "row", "column")
_SAVE_AGAIN = "请用 Excel 或 WPS 打开后另存一份再交"
Advance = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Collected:
    """What came back: ``files``, ``cells`` (each that is not the same), ``findings``.

    ``files`` has one row for each file, for one that holds the returns of several units one for each.
    ``returned`` are the copies written for the units, with their problems marked. A finding's sheet,
    row and column (0: all of them) say where in the file at ``path``, where it is about a place.
    """

    files: pd.DataFrame
    cells: pd.DataFrame
    findings: pd.DataFrame
    returned: pd.DataFrame
    plans: tuple[str, ...] = ()  # whose workbooks they are


def collect(
    ledger: Ledger,
    paths: str | Path | Iterable[str | Path],
    apply: bool = False,
    received: date | None = None,
    *,
    plan: str | None = None,
    period: str | None = None,
    unit: str | None = None,
    way: str | None = None,
    settings: Settings | None = None,
    progress: Advance | None = None,
    returned: str | Path | None = None,
) -> Collected:
    """Take back workbooks: files, folders and zips. Shows what would change; ``apply=True`` writes it.

    ``received`` is the day they came in, ``way`` how (微信, 邮件 …): without it the day by which a
    folder or zip is named, else today. With ``plan``, ``period`` or ``unit``, files of others are
    refused, and files without a mark (Word, PDF, scans) are taken for theirs; a workbook without any
    mark only with ``unit`` and ``period``, for then a person has said whose it is. Several files for
    one workbook are taken in the order in which they were saved, so that the later sees the earlier.
    Into the folder ``returned`` goes a copy of each file with problems, its cells marked, for its
    unit to correct (see copies.py); OutputError where that cannot be written.

    Raises InputError where a path does not exist and UsageError for an unknown plan, period or
    unit; whatever is wrong with a single file is in the result.
    """
    if plan is not None and plan not in ledger.plan_names():
        raise UsageError(f"台账里没有名为“{plan}”的方案", f"台账里有：{'、'.join(ledger.plan_names()) or '（空）'}")
    wanted = Wanted(plan, _period(ledger, plan, period), unit)
    files = list_files([paths] if isinstance(paths, (str, Path)) else paths)
    words = settings or Settings()
    registrar = Registrar(ledger, apply, received, (way or "").strip() or BY_FILE)
    desk = Desk(ledger, wanted, Recall(ledger, words.states(), apply), registrar)
    if unit is not None:
        desk.senders.check(unit)
    day = received or date.today()
    folder = CopyFolder(Path(returned), words.office(), day, BookDates(ledger)) if returned is not None else None
    told: dict[int, list[_Told]] = {}
    for at, found in _in_order(files, progress or (lambda done, total: None)):
        try:
            parts = _take(desk, found)
            copy = folder.put(found, as_one(parts)) if folder else None
            told[at] = [_told(each, None if number else copy) for number, each in enumerate(parts)]
        except LedgerError as error:
            raise LedgerError(error.what, error.advice, _so_far(told.values(), apply)) from error
    return _collected([each for at in sorted(told) for each in told[at]])


def _period(ledger: Ledger, plan: str | None, period: str | None) -> str | None:
    """The period asked for; a word for one (二季度) is of the plan's year, or of that of all plans."""
    if period is None:
        return None
    names = [plan] if plan else ledger.plan_names()
    years = {ledger.plan(name).info.year for name in names}
    return parse_period(period, years.pop() if len(years) == 1 else None).text


def _so_far(told: Iterable[Sequence[_Told]], apply: bool) -> str:
    """What the ledger holds where a run breaks off: each file is written whole or not at all."""
    kept = sum(any(each.accepted for each in parts) for parts in told) if apply else 0
    return f"此前的{kept}个文件已收入台账，这个文件和其余的没有收；排除问题后可以重新运行。" if kept else UNCHANGED


class _Label(NamedTuple):
    """What tells the order of files before they are taken: whose workbook, and when it was saved."""

    workbook: str | None = None
    saved_at: datetime | None = None
    is_document: bool = False


def _in_order(files: Sequence[Path], advance: Advance) -> Iterator[tuple[int, Found]]:
    """The files that arrived, numbered as they are listed, copies of one workbook in the order of their saving.

    Only copies wait in memory for each other; those that do not say when they were saved come
    first, by name. Documents come last, for a scan is the proof of a workbook that was taken.
    ``advance`` is told whenever all of a path that could be taken is.
    """
    labels = [[_label(found) for found in _unpacked(path)] for path in files]
    left = Counter(label.workbook for listed in labels for label in listed)
    waiting: dict[str | None, list[tuple[datetime, int, Found]]] = {}
    at, starts = 0, []
    for done, path in enumerate(files, 1):
        starts.append(at)
        for found, label in zip(_unpacked(path), chain(labels[done - 1], repeat(_Label())), strict=False):
            if not label.is_document:
                copies = waiting.setdefault(label.workbook, [])
                copies.append((label.saved_at or datetime.min, at, found))
                left[label.workbook] -= 1
                if label.workbook is None or left[label.workbook] <= 0:
                    yield from ((each, copy) for _, each, copy in sorted(copies, key=lambda each: each[:2]))
                    copies.clear()
            at += 1
        advance(done, len(files))
    for copies in waiting.values():  # of a file that was deleted or rewritten meanwhile
        yield from ((each, copy) for _, each, copy in copies)
    for path, start, listed in zip(files, starts, labels, strict=True):
        if any(label.is_document for label in listed):
            again = zip(enumerate(_unpacked(path), start), listed, strict=False)
            yield from (numbered for numbered, label in again if label.is_document)


def _unpacked(path: Path) -> Iterator[Found]:
    """The files in a path; where it cannot be opened for a reason nobody foresaw, it is refused."""
    try:
        yield from unpack(path)
    except Exception as error:
        yield Found(str(path), refusal=InputError(f"“{path.name}”读取时出错（{type(error).__name__}）", _SAVE_AGAIN))


def _label(found: Found) -> _Label:
    """The label of a file, from its properties alone where they say whose it is; an empty one for strangers."""
    if found.refusal:
        return _Label()
    if kind_of(found.data) in DOCUMENTS:
        return _Label(is_document=True)
    try:
        labels = read_labels(found.data, found.name)
        workbook = workbook_id(labels.properties.get(PROPERTY))
        if workbook is None:
            marks = marks_of(read_workbook(found.data, found.name))
            workbook = marks.sheet or next(iter(marks.rows), None)
        return _Label(workbook, labels.saved_at)
    except Exception:  # what is wrong with it is said when it is taken
        return _Label()


def _take(desk: Desk, found: Found) -> tuple[Taken, ...]:
    """Take one file. Whatever is wrong with it, the others are taken all the same."""
    try:
        return desk.take(found)
    except TaskkitError:
        raise
    except Exception as error:
        if os.environ.get("TASKKIT_DEBUG"):
            raise
        told = finding("file-failed", source=found.name, error=type(error).__name__)
        return (Taken(found.path, FileOutcome.REFUSED, f"读取时出错；{_SAVE_AGAIN}", findings=(told,)),)


# --- what is told ---------------------------------------------------------------------


class _Told(NamedTuple):
    """What is told of one file, as rows of the frames: all that is kept of it once it is taken."""

    accepted: bool
    plan: str
    file: tuple[object, ...]
    cells: tuple[tuple[object, ...], ...]
    findings: tuple[tuple[object, ...], ...]
    copy: CopyMade | None = None


def _told(taken: Taken, copy: CopyMade | None) -> _Told:
    found = tuple(_finding_row(taken.path, each) for each in taken.findings)
    accepted, plan = taken.outcome is FileOutcome.ACCEPTED, taken.book.plan if taken.book else ""
    return _Told(accepted, plan, _file_row(taken), tuple(_cell_rows(taken)), found, copy)


def _collected(told: Sequence[_Told]) -> Collected:
    """The frames."""
    import pandas as pd

    files = pd.DataFrame([each.file for each in told], columns=list(FILE_COLUMNS)).astype("str")
    cells = pd.DataFrame([row for each in told for row in each.cells], columns=list(CELL_COLUMNS))
    findings = pd.DataFrame([row for each in told for row in each.findings], columns=list(FINDING_COLUMNS))
    copies = [each.copy for each in told if each.copy]
    returned = pd.DataFrame(copies, columns=list(CopyMade._fields)).astype({"problems": "int64"})
    plans = tuple(dict.fromkeys(each.plan for each in told if each.plan))
    return Collected(files, _typed(cells), _typed(findings), returned, plans)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts, and numbers where numbers stand."""
    whole = ("row", "column") if "severity" in frame else ("row",)
    return frame.astype({key: "int64" if key in whole else "str" for key in frame.columns})


def _finding_row(path: str, found: Finding) -> tuple[object, ...]:
    place = found.place or Place("")
    return found.code, found.severity, found.task_id, found.source, found.message, path, *place


def _file_row(taken: Taken) -> tuple[str | None, ...]:
    whose = taken.book or taken.receipt
    known = (whose.workbook, whose.unit, whose.period) if whose else (None, None, None)
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
                taken.book.workbook if taken.book else None,
            )
