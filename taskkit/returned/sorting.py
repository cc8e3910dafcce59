"""Which row of the workbook that was sent each returned row is: by its id, else by its number and text.

An id that contradicts the text beside it proves nothing: somebody sorted the columns that are
seen and not the hidden one, or dragged a row down and Excel counted its id on. Such rows are
held for a person, and so are texts that are nearly those of a row that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from taskkit.columns import REQUEST_SHEET, is_request, row_owner
from taskkit.findings import Finding, finding
from taskkit.office.sheets import BookData
from taskkit.returned.columns import heading_of
from taskkit.returned.layout import TASK_SHEETS, TITLE, Layout
from taskkit.returned.rows import DataRow, band_of, by_sheet
from taskkit.wording import shortened

_REMARK = re.compile(r"\s*(?:合\s*计|小\s*计|总\s*计|共\s*计|备\s*注|说明\s*[:：]|注\s*[:：]|附\s*[:：件])")


@dataclass
class Sorted:
    """The returned rows by what they are: ours by id or by text, held for a person, inserted under a task."""

    ours: list[DataRow] = field(default_factory=list)
    by_text: list[DataRow] = field(default_factory=list)
    held: list[DataRow] = field(default_factory=list)
    inserted: list[tuple[DataRow, str]] = field(default_factory=list)  # with the task that they stand under
    foreign: list[DataRow] = field(default_factory=list)
    lost: list[DataRow] = field(default_factory=list)  # without an id, and nothing tells whose they are
    findings: list[Finding] = field(default_factory=list)

    @property
    def sure(self) -> list[DataRow]:
        return [*self.ours, *self.by_text]

    @property
    def ids(self) -> set[str]:
        return {row.row_id for row in self.sure}


def sort_rows(rows: Iterable[DataRow], book: BookData, layout: Layout) -> Sorted:
    """Tell of each row which one it is; what is not certain is held, or named with its text."""
    found = Sorted()
    contradicting: list[tuple[DataRow, tuple[str, ...]]] = []
    strays: list[DataRow] = []
    for row in _visible_first(rows, book.name, found, layout):
        if row.owner and row.owner != layout.workbook:
            found.foreign.append(row)
        elif row.row_id not in layout.sheet_of:
            strays.append(row)
        elif others := layout.contradicts(row.row_id, row.words):
            contradicting.append((row, others))
        else:
            found.ours.append(row)
    _hold(contradicting, found, book.name, layout)
    left = [row for row in strays if not _found_by_place(row, found, layout)]
    left = [row for row in left if not _found_by_text(row, found, layout)]
    left = [row for row in left if not _nearly_found(row, found, book.name, layout)]
    _tell_apart(left, found, book.name, layout)
    return found


def _visible_first(rows: Iterable[DataRow], name: str, found: Sorted, layout: Layout) -> list[DataRow]:
    """The rows without those of hidden sheets that stand on a visible one too: old copies that nobody sees."""
    listed = list(rows)
    seen = {(row.owner, row.row_id) for row in listed if row.row_id and row.sheet.state == "visible"}
    old = [row for row in listed if row.sheet.state != "visible" and (row.owner, row.row_id) in seen]
    for title, each in by_sheet(row for row in old if row.filled(layout)).items():
        found.findings.append(finding("copy-hidden", each[0].place._replace(row=0), source=name, sheet=title))
    hidden = {row.where for row in old}
    titles = {row.sheet.title for row in old}
    return [row for row in listed if row.where not in hidden and not (row.sheet.title in titles and not row.row_id)]


# --- ids that contradict the text beside them -----------------------------------------


def _hold(contradicting: list[tuple[DataRow, tuple[str, ...]]], found: Sorted, name: str, layout: Layout) -> None:
    """Hold rows whose text is that of another row, and what on the same sheet has no text to prove itself by."""
    sheets = {row.sheet.title for row, _ in contradicting}
    doubtful = [row for row in found.ours if row.sheet.title in sheets and "+" in row.row_id and row.filled(layout)]
    found.ours = [row for row in found.ours if row not in doubtful]
    empty = {id(row) for row in found.ours if row.sheet.title in sheets and row.says_nothing(layout)}
    used = {row.row_id for row in found.ours if id(row) not in empty}
    for row, others in [*contradicting, *((row, ()) for row in doubtful)]:
        free = next((each for each in (*others[:1], row.row_id) if each not in used and len(others) < 2), None)
        if free is not None:
            used.add(free)
            found.held.append(replace(row, row_id=free, held=True))
        meant = layout.sent.get((row.row_id, TITLE), "") or row.row_id
        words = {"text": row.shown, "meant": shortened(meant, 20)}
        found.findings.append(_told("row-misaligned", row, name, **words))
    # Ids dragged over blank rows would stand for what is held elsewhere.
    found.ours = [row for row in found.ours if id(row) not in empty or row.row_id not in used]


# --- rows without an id ---------------------------------------------------------------


def _found_by_place(row: DataRow, found: Sorted, layout: Layout) -> bool:
    """The rows of 调整申请 are alike: one without its id is the one in its place, else any that is not there."""
    if row.form != REQUEST_SHEET.title:
        return False
    ids = found.ids
    spare = [each for each in layout.sheet_of if is_request(each) and each not in ids]
    at = row.number - heading_of(row.sheet, layout.headers[row.form], {}).row
    meant = next((each for each in spare if each.partition("-")[0] == f"R{at}"), spare[0] if spare else None)
    if meant is not None:
        found.by_text.append(replace(row, owner=layout.workbook, row_id=meant))
    return meant is not None


def _found_by_text(row: DataRow, found: Sorted, layout: Layout) -> bool:
    """Take a row that lost its id for the only one that was sent with its text, or for a copy of it."""
    named = layout.named(row.form, row.words)
    if len(named) != 1:
        return False
    here = [each for each in found.sure if each.row_id == named[0]]
    mine = replace(row, owner=layout.workbook, row_id=named[0])
    filled = mine.filled(layout)
    if not here:
        found.by_text.append(mine)
        return True
    said = {header for each in here for header in each.filled(layout)}
    alike = all(any(each.text(header) == text for each in here) for header, text in filled.items())
    if not alike and said & filled.keys() and here[0] in found.ours and row.form in TASK_SHEETS:
        return False  # more of the same task: it may be a proposed item
    if filled and not alike:
        found.by_text.append(mine)
    return True


def _nearly_found(row: DataRow, found: Sorted, name: str, layout: Layout) -> bool:
    """Hold a row whose text is nearly that of a row which is nowhere else in the file."""
    if layout.named(row.form, row.words):
        return False
    near = layout.near(row.form, row.words)
    if near is None or near in {*found.ids, *(each.row_id for each in found.held)}:
        return False
    mine = replace(row, owner=layout.workbook, row_id=near, held=True)
    found.held.append(mine)
    if mine.filled(layout):
        sent = shortened(layout.sent.get((near, TITLE), ""))
        found.findings.append(_told("row-near", mine, name, text=row.shown, near=sent))
    return True


def _tell_apart(left: list[DataRow], found: Sorted, name: str, layout: Layout) -> None:
    """Of rows that nothing explains: those inserted under a task, remarks, and those that a person must see."""
    under = _tasks_above([row for row in left if not band_of(row, layout)], found, layout)
    for row in left:
        band, typed = band_of(row, layout), row.filled(layout)
        if band and typed and not _REMARK.match(row.shown):
            found.lost.append(row)
            at = next(at for at, column in row.columns.items() if column.header in typed)
            words = {"text": shortened(band), "value": shortened(typed[row.columns[at].header])}
            found.findings.append(finding("band-filled", row.place._replace(column=at), source=name, **words))
            continue
        task, filled = under.get(row.where), typed
        if _REMARK.match(row.shown) or (not filled and task is None):
            found.findings.append(_told("row-remark", row, name, text=row.shown))
        elif task is not None:
            found.inserted.append((row, task))
        elif row.row_id:
            found.findings.append(_told("row-unknown", row, name, row_id=row.row_id, text=row.shown))
        else:
            found.lost.append(row)
            found.findings.append(_told("row-without-id", row, name, text=row.shown))


def _tasks_above(left: list[DataRow], found: Sorted, layout: Layout) -> dict[tuple[str, int], str]:
    """The task under which each row clearly stands: right below it, with nothing but other such rows between.

    Where ids are lost, a row may as well be one that was sent and has another text now: then only
    if all that were sent are there.
    """
    known = {row.where: row for row in found.sure}
    here = {*found.ids, *(row.row_id for row in found.held)}
    missing = {layout.sheet_of[row_id] for row_id in layout.words if row_id not in here}
    mine = {row.where for row in left}
    under: dict[tuple[str, int], str] = {}
    for row in left:
        if row.form not in TASK_SHEETS or row.row_id or not (row.own_text or row.filled(layout)):
            continue
        above = row.number - 1
        while above and ((row.sheet.title, above) in mine or above not in row.sheet.rows):
            above -= 1
        anchor = known.get((row.sheet.title, above))
        if anchor is not None and (anchor in found.ours or row.form not in missing):
            under[row.where] = row_owner(anchor.row_id)[0] or ""
    return under


def _told(code: str, row: DataRow, name: str, **words: str) -> Finding:
    task_id = row_owner(row.row_id)[0] if row.row_id else None
    return finding(code, row.place, source=name, task_id=task_id, **words)
