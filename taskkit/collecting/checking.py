"""One returned workbook as a whole: texts that ran on are held back, and what a person should know is told.

The merge (comparing.py) decides cell by cell; here cells are seen beside each other, as a column
(疑似串行) and as rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from taskkit.approving import PEOPLE
from taskkit.collecting.comparing import FOR_A_PERSON, Merged, MergedCell, Spilled
from taskkit.columns import COLUMNS, GOAL, is_book_row, is_request, row_owner
from taskkit.entries import Holdings, Workbook
from taskkit.findings import Finding, finding
from taskkit.merge import Outcome
from taskkit.places import Place
from taskkit.returned import ReturnedBook, Stray
from taskkit.rules.filled import FilledBook, FilledRow, Known
from taskkit.rules.returned import check_rows
from taskkit.rules.spilled import Piece, spills
from taskkit.wording import QUOTED, excerpts, shortened

_NEW = (Outcome.CHANGED, Outcome.CONFLICT)
# What a row's task is about.
_ABOUT = frozenset(COLUMNS[key].header for key in ("title", "measures", "annual", "stage_goal", "indicator"))
_NO = COLUMNS["no"].header
_GOAL_ENDING = GOAL.header.format(stage="")
_NO_TEXT = ("no-progress", "done-no-text")  # not said where a text came back and was not taken
_LOCKED_SHOWN = 20  # changes in locked cells that are named one by one
_Rows = Mapping[str, Mapping[str, MergedCell]]  # row id -> header -> cell


def by_row(merged: Merged) -> _Rows:
    """The cells by row and header."""
    rows: dict[str, dict[str, MergedCell]] = {}
    for each in merged.cells:
        rows.setdefault(each.cell.row_id, {})[each.cell.column.header] = each
    return rows


# --- texts that ran on ----------------------------------------------------------------


def hold_spills(merged: Merged, returned: ReturnedBook, holdings: Holdings) -> Merged:
    """The same with every text held that seems to have run on into the rows below, unless it was declined before."""
    rows = by_row(merged)
    found = [
        spill for column in _columns(merged, returned.strays) if len(column) > 1 for spill in _spilled(column, rows)
    ]
    if not found:
        return merged
    held = {each.cell.key for spill in found for each in spill.cells}
    cells = tuple(_held(each, holdings) if each.cell.key in held else each for each in merged.cells)
    open_ = {each.cell.key for each in cells if each.outcome in (*_NEW, Outcome.HELD)}
    told = (spill for spill in found if any(each.cell.key in open_ for each in spill.cells))
    return replace(merged, cells=cells, spilled=tuple(told))


def _held(each: MergedCell, holdings: Holdings) -> MergedCell:
    """A cell of a text that ran on: what would be taken waits for a person, once."""
    if each.outcome is not Outcome.CHANGED:
        return each
    decided = holdings.decided_on(each.cell.key, each.versions.returned)
    return replace(each, outcome=Outcome.SAME if decided else Outcome.HELD, decided=decided)


def _columns(merged: Merged, strays: Sequence[Stray]) -> list[list[MergedCell | Stray]]:
    """The texts that a unit typed, by sheet and column, with those that stand in rows that are nobody's.

    Also those that are in the ledger already: a text ran on into the rows below it all the same
    when some of its pieces have been taken. Columns with nothing new are left out.
    """
    columns: dict[tuple[str, str], list[MergedCell | Stray]] = {}
    new: set[tuple[str, str]] = set()
    for each in merged.cells:
        form = not is_book_row(each.cell.row_id) and not is_request(each.cell.row_id)
        if each.cell.column.kind == "text" and form and _is_typed(each):
            at = (each.cell.place.sheet, each.cell.column.header)
            columns.setdefault(at, []).append(each)
            if each.outcome in _NEW:
                new.add(at)
    for stray in strays:
        if (stray.place.sheet, stray.header) in columns:
            columns[stray.place.sheet, stray.header].append(stray)
    return [column for at, column in columns.items() if at in new]


def _is_typed(each: MergedCell) -> bool:
    """Whether a unit filled in a cell, in this file or in one that it descends from."""
    known = each.outcome is Outcome.SAME and each.versions.returned != each.versions.sent
    return bool(each.versions.returned) and each.versions.open and (known or each.outcome in _NEW)


def _spilled(column: Sequence[MergedCell | Stray], rows: _Rows) -> Iterator[Spilled]:
    """The texts that ran on into a row where something new stands."""
    cells = {each.cell.place.row: each for each in column if isinstance(each, MergedCell)}
    pieces = [_piece(each, rows[each.cell.row_id]) for each in cells.values()]
    strays = [Piece(each.place.row, each.value, None) for each in column if isinstance(each, Stray)]
    for spill in spills([*(piece for piece in pieces if piece), *strays]):
        found = tuple(cells[row] for row in spill.rows if row in cells)
        if any(each.outcome in _NEW for each in found[1:]) or (len(found) == 1 and found[0].outcome in _NEW):
            yield Spilled(found, spill.rows, spill.reasons)


def _piece(each: MergedCell, row: Mapping[str, MergedCell]) -> Piece | None:
    """A text with what its row says; none for a 举措 that a unit proposes: such are often listed by number."""
    others = [other for header, other in row.items() if header != each.cell.column.header and _is_typed(other)]
    choices = [other for other in row.values() if other.versions.open and other.cell.column.kind == "choice"]
    proposed = "+" in each.cell.row_id
    if proposed and (others or each.cell.column.header in _ABOUT):
        return None
    about = "" if proposed else _about(row)
    number = row[_NO].versions.sent if _NO in row else ""
    busy = any(map(_is_typed, choices)) if choices else bool(others)
    before = each.versions.sent if each.outcome is Outcome.SAME else each.versions.current
    return Piece(each.cell.place.row, each.versions.returned, about, number, before, busy)


def _about(row: Mapping[str, MergedCell]) -> str:
    texts = (
        each.versions.sent
        for header, each in row.items()
        if not each.versions.open and (header in _ABOUT or header.endswith(_GOAL_ENDING))
    )
    return "\n".join(text for text in texts if text)


# --- goals that are approved ------------------------------------------------------------


def hold_approved(merged: Merged, approved: Collection[str], holdings: Holdings) -> Merged:
    """The same with every change held that a unit makes in goals that are approved (审定): a request may change them.

    ``approved`` are the rows of the 落实方案 that are; who answers for them (责任处室 …) may change.
    """
    if not approved:
        return merged
    cells = tuple(
        _held(each, holdings) if each.cell.row_id in approved and each.cell.column.header not in PEOPLE else each
        for each in merged.cells
    )
    settled = frozenset(
        each.cell.key for each, before in zip(cells, merged.cells, strict=True) if each.outcome is not before.outcome
    )
    return replace(merged, cells=cells, settled=settled)


# --- what a person should know --------------------------------------------------------


def cell_findings(merged: Merged, name: str) -> Iterator[Finding]:
    """A finding for each cell that a person must see, and for each text that seems to have run on."""
    for each in merged.cells:
        judged = merged.judged[each.cell.key]
        if each.outcome not in (Outcome.SAME, Outcome.UNUPDATED, Outcome.HELD):
            for code in judged.codes:
                yield _at(code, each, name, **judged.words)
        if each.cell.key in merged.settled and each.outcome is Outcome.HELD:
            yield _at("goal-approved", each, name, **_words(each))
        elif each.outcome is Outcome.CONFLICT:
            yield _at("conflict", each, name, **_words(each))
        elif each.decided:
            yield _at("decided-before", each, name, **_words(each), decision=each.decided.spoken)
        elif each.outcome is Outcome.KEPT:
            yield _at("blanked", each, name, **_words(each))
        elif each.back:
            yield _at("changed-back", each, name, **_words(each))
        if merged.is_other_reporter(each):
            kept = each.versions.returned if each.outcome is Outcome.CHANGED else each.current
            yield _at("reporter-differs", each, name, **_words(each), kept=kept)
    yield from _older_found(merged, name)
    yield from _locked(merged.having(Outcome.LOCKED), name)
    for spill in merged.spilled:
        yield from _spill_findings(spill, name)


def _words(merged: MergedCell) -> dict[str, str]:
    now, back = excerpts(merged.current, merged.versions.returned, QUOTED)
    held = f"“{now}”" if merged.current else "空白"
    whose = f"（{merged.source.spoken}）" if merged.source else ""
    return {"column": merged.cell.column.header, "value": back, "current": f"{held}{whose}"}


def _older_found(merged: Merged, name: str) -> Iterator[Finding]:
    """One finding for all that an older copy fills in where a newer one was blank.

    A doubt where the newer copy holds texts of the older one, and so seems to go back to it: then
    somebody deleted the rest. Else the two are parts that different people filled in.
    """
    filled = [each for each in merged.cells if each.older]
    if not filled:
        return
    newer = filled[0].older
    assert newer is not None
    typed = [each for each in merged.cells if each.versions.open and each.versions.returned != each.versions.sent]
    shared = any(newer.held.get(each.cell.key) == each.versions.returned != "" for each in typed)
    words = {"count": str(len(filled)), "column": filled[0].cell.column.header, "newer": newer.spoken}
    yield _at("older-fills" if shared else "older-part", filled[0], name, **words)


def _spill_findings(spill: Spilled, name: str) -> Iterator[Finding]:
    """Where the text begins, why it seems to have run on and what to do; then each cell that it ran into."""
    head, *others = spill.cells
    column, first = head.cell.column.header, str(spill.rows[0])
    shown = "、".join(f"第{row}行" for row in spill.rows[1:])
    yield _at("text-spilled", head, name, column=column, rows=shown, first=first, reasons="；".join(spill.reasons))
    for each in others:
        yield _at("text-spilled-here", each, name, column=column, first=first)


def _locked(cells: Sequence[MergedCell], name: str) -> Iterator[Finding]:
    """Each change where there is nothing to fill in, with what stood there; beyond a number only how many more."""
    for each in cells[:_LOCKED_SHOWN]:
        old, value = (shortened(text) or "（空白）" for text in (each.versions.sent, each.versions.returned))
        yield _at("locked", each, name, column=each.cell.column.header, old=old, value=value)
    more = cells[_LOCKED_SHOWN:]
    if more:
        yield _at("locked-more", more[0], name, count=str(len(more)))


def _at(code: str, merged: MergedCell, name: str, **words: str) -> Finding:
    cell = merged.cell
    return finding(code, cell.place, source=name, task_id=row_owner(cell.row_id)[0], **words)


def row_findings(merged: Merged, sent: Workbook, name: str, known: Known) -> Iterator[Finding]:
    """What the rows that changed say as a whole, as they will stand."""
    asked = {each.cell.row_id: each for each in merged.having(Outcome.CHANGED) if is_request(each.cell.row_id)}
    if asked:
        yield _at("request-made", next(iter(asked.values())), name, count=str(len(asked)))
        if not _reports(merged):
            yield finding("request-only", source=name)
    changed = frozenset(each.cell.row_id for each in merged.having(Outcome.CHANGED))
    if changed:
        columns: dict[str, dict[str, str]] = {}  # as they were sent, and in that order
        for cell in sent.cells:
            columns.setdefault(cell.row_id, {})[cell.column] = merged.held.get(cell.key, cell.value)
        rows = {row: _filled(row, cells, columns.get(row, {}), name, known) for row, cells in by_row(merged).items()}
        untaken = {each.cell.place for each in merged.having(Outcome.INVALID, *FOR_A_PERSON)}
        told = check_rows(FilledBook(rows, changed, known))
        yield from (each for each in told if each.code not in _NO_TEXT or each.place not in untaken)


def _reports(merged: Merged) -> bool:
    """Whether the file, or what the unit returned before, says anything of a task."""
    return any(
        each.versions.open and row_owner(each.cell.row_id)[0] and _standing(each) not in ("", each.versions.sent)
        for each in merged.cells
    )


def _filled(
    row_id: str, cells: Mapping[str, MergedCell], columns: Mapping[str, str], name: str, known: Known
) -> FilledRow:
    """A row as it will stand; a column that the file lacks stands as it stood."""
    first = next(iter(cells.values())).cell.place
    return FilledRow(
        row_id,
        name,
        Place(first.sheet, first.row),
        {**columns, **{header: _standing(each) for header, each in cells.items()}},
        known.aim(row_id),
        {header: each.versions.sent for header, each in cells.items()},
        {header: each.cell.place for header, each in cells.items()},
        tuple(header for header in columns if header.endswith(_GOAL_ENDING)),
    )


def _standing(merged: MergedCell) -> str:
    """The value as it will stand in the ledger (as sent, for what the unit may not fill in)."""
    if not merged.versions.open:
        return merged.versions.sent
    return merged.versions.returned if merged.outcome is Outcome.CHANGED else merged.versions.current
