"""One returned workbook against what was sent and what the ledger holds: an outcome for every cell.

The merge of a single cell is in merge.py. Here it is decided what a cell is merged with: which
version the file descends from, and whether it was saved before or after what the ledger holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from taskkit.columns import COLUMNS, COMPUTED_KEYS, PREFILLED, SUPPORT_SHEET, is_book_row, is_request, row_owner
from taskkit.entries import CellKey, Change, Holdings, Matter, Return, Workbook
from taskkit.merge import Outcome, Versions, agreed, choose_base, distances, merge
from taskkit.returned import ReturnedBook, ReturnedCell
from taskkit.rules.filled import Known
from taskkit.rules.judged import Judged
from taskkit.rules.values import judge
from taskkit.wording import shortened

_PREFILLED = frozenset(COLUMNS[key].header for key in PREFILLED)
FOR_A_PERSON = (Outcome.CONFLICT, Outcome.HELD)
COMPUTED = frozenset(COLUMNS[key].header for key in COMPUTED_KEYS)  # formulas of the form's own


@dataclass(frozen=True)
class MergedCell:
    """A returned cell with its versions and what becomes of it.

    ``known`` is what the ledger itself holds, None where nothing, and ``source`` the return that
    brought it; ``back`` says that a change takes the cell back to what was said before, and that
    nothing proves it to be the newer word; ``older`` is a return that was saved later, and in which
    the cell was blank; ``decided`` the decision of the office by which the value is not taken.
    """

    cell: ReturnedCell
    versions: Versions
    outcome: Outcome
    known: str | None
    source: Return | None = None
    back: bool = False
    older: Return | None = None
    decided: Return | None = None

    @property
    def current(self) -> str:
        return self.known or ""


@dataclass(frozen=True)
class File:
    """A file as far as its age goes: when it was saved (if it says so), and its bytes' SHA-256."""

    saved_at: datetime | None
    sha256: str

    def age(self, other: Return, holdings: Holdings) -> int:
        """1 where the file is newer than an accepted return, -1 where it is older, 0 where nothing tells.

        A file that was accepted and withdrawn before is as old as it was then.
        """
        before = [each.number for each in holdings.returns.values() if each.file_sha256 == self.sha256]
        if before:
            return (before[-1] > other.number) - (before[-1] < other.number)
        if self.saved_at is None or other.saved_at is None:
            return 0
        return (self.saved_at > other.saved_at) - (self.saved_at < other.saved_at)

    def tied(self, other: Return, holdings: Holdings) -> bool:
        """Whether both say that they were saved in the same second: either may be the newer one."""
        return self.saved_at is not None and self.saved_at == other.saved_at and not self.age(other, holdings)


class _Base(NamedTuple):
    """The version that a file descends from. ``number``: 0 for what was sent, n for the n-th of the bases.

    ``by_age``: told by the file's age, not by its contents alone. ``old_copy``: the file is an
    earlier return word for word, but saved after a later one.
    """

    number: int
    held: Mapping[CellKey, str]
    by_age: bool = False
    old_copy: bool = False


@dataclass(frozen=True)
class Spilled:
    """A text that seems to have run on into the rows below (疑似串行): its cells, and why it seems so.

    ``rows`` are the rows as the person sees them, also such as are nobody's.
    """

    cells: tuple[MergedCell, ...]
    rows: tuple[int, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Merged:
    """All cells of a file with their outcomes, and the version that the file descends from."""

    cells: tuple[MergedCell, ...]
    base: int  # 0: what was sent; n: the n-th of the bases
    held: Mapping[CellKey, str]
    judged: Mapping[CellKey, Judged]
    spilled: tuple[Spilled, ...] = ()  # see checking.py
    settled: frozenset[CellKey] = frozenset()  # held, for the goals are approved

    def having(self, *outcomes: Outcome) -> tuple[MergedCell, ...]:
        """The cells with one of these outcomes."""
        return tuple(each for each in self.cells if each.outcome in outcomes)

    @property
    def quiet(self) -> bool:
        """Whether nothing was filled in that the ledger does not know yet."""
        return len(self.having(Outcome.SAME, Outcome.UNUPDATED, Outcome.LOCKED)) == len(self.cells)

    def is_other_reporter(self, each: MergedCell) -> bool:
        """Whether somebody else is named as who reports than the ledger knows from another part of the same form."""
        named = is_book_row(each.cell.row_id) and each.versions.returned and each.current
        return bool(named) and each.versions.base != each.current != each.versions.returned != each.versions.base

    def held_now(self) -> dict[CellKey, str]:
        """What a later copy of this file is compared with, once it is accepted; what was declined is no part of it."""
        opened = {
            each.cell.key: each.versions.base if each.decided else agreed(each.outcome, each.versions)
            for each in self.cells
            if each.versions.open
        }
        return {**self.held, **opened}


def compare(
    sent: Workbook,
    returned: ReturnedBook,
    file: File,
    holdings: Holdings,
    known: Known,
) -> Merged:
    """Merge every returned cell with the version that the file descends from."""
    opened = {cell.key for cell in sent.cells if cell.open} | returned.proposed
    judged = {
        key: _judge(cell, returned.sent[key], key in opened, known)
        for key, cell in returned.cells.items()
        if cell.column.header not in COMPUTED
    }
    blank = {key: value for key, value in returned.sent.items() if key in opened}
    values = {key: each.value for key, each in judged.items() if key in opened and not returned.cells[key].held}
    base = _choose(blank, holdings.bases(sent.workbook), values, file, holdings)
    cells = tuple(
        _merged_cell(returned.cells[key], each, returned.sent[key], key in opened, base, file, holdings)
        for key, each in judged.items()
    )
    return Merged(_whole_requests(cells), base.number, base.held, judged)


def _whole_requests(cells: tuple[MergedCell, ...]) -> tuple[MergedCell, ...]:
    """The same with what is new in a 调整申请 held where any of it is in conflict: two requests are never mixed."""
    disputed = {each.cell.row_id for each in cells if each.outcome is Outcome.CONFLICT and is_request(each.cell.row_id)}
    return tuple(
        replace(each, outcome=Outcome.HELD)
        if each.cell.row_id in disputed and each.outcome is Outcome.CHANGED
        else each
        for each in cells
    )


def _choose(
    blank: Mapping[CellKey, str],
    returns: Sequence[Return],
    values: Mapping[CellKey, str],
    file: File,
    holdings: Holdings,
) -> _Base:
    """The version that a file descends from: by its contents, and by its age where they leave it open."""
    candidates = [blank, *(each.held for each in returns)]
    same = [at for at, each in enumerate(returns, 1) if each.file_sha256 == file.sha256]
    if same:
        return _Base(same[-1], candidates[same[-1]])
    newer = [False, *(file.age(each, holdings) > 0 for each in returns)]
    oldest, at = choose_base(candidates, values), choose_base(candidates, values, newer)
    last = len(returns)
    if newer[-1] and at < last and not distances([candidates[at]], values)[0] and not _blanks(values, candidates[-1]):
        # Word for word what was there before the newest return, yet saved after it. A clerk who went
        # back to the text that was sent means it; an old return saved again may mean nothing.
        return _Base(last, candidates[-1], by_age=True) if not at else _Base(at, candidates[at], old_copy=True)
    return _Base(at, candidates[at], by_age=at != oldest)


def _blanks(values: Mapping[CellKey, str], held: Mapping[CellKey, str]) -> bool:
    """Whether a file lacks what a version holds: nobody clears a form to correct it."""
    return any(held.get(key) and not value for key, value in values.items())


def _judge(cell: ReturnedCell, sent: str, is_open: bool, known: Known) -> Judged:
    """The value to merge. What was sent is not judged again, nor what the unit may not fill in."""
    if not is_open:
        return Judged(sent if cell.formula else cell.value)
    if cell.problem:
        words = {"column": cell.column.header, "value": shortened(cell.value) or "内容不明"}
        return Judged(cell.value, cell.problem, False, words)
    if cell.value in ("", sent):
        return Judged(cell.value)
    return judge(cell.column, cell.value, known, known.aim(cell.row_id), cell.raw)


def _merged_cell(
    cell: ReturnedCell, judged: Judged, sent: str, is_open: bool, base: _Base, file: File, holdings: Holdings
) -> MergedCell:
    held = holdings.current(cell.key)
    now = sent if held is None else held.value
    before = base.held.get(cell.key, sent)
    if base.number and judged.value == before != now and holdings.was_withdrawn(cell.key, judged.value):
        before = now  # the ledger lost it by a withdrawal: it may be taken again
    source = holdings.returns[held.submission] if held else None
    age = file.age(source, holdings) if source else 1
    versions = Versions(
        sent=sent,
        base=before,
        current=now,
        returned=judged.value,
        open=is_open,
        valid=judged.valid,
        prefilled=cell.column.header in _PREFILLED,
        older=age < 0,
        tied=source is not None and file.tied(source, holdings),
    )
    # A formula without a result looks blank, but somebody meant something: it is always reported.
    outcome = Outcome.INVALID if not judged.valid and not judged.value else merge(versions)
    if base.old_copy and outcome is Outcome.SAME and judged.value != now and age > 0:
        outcome = Outcome.CONFLICT
    if is_book_row(cell.row_id) and outcome is Outcome.CONFLICT:
        outcome = Outcome.SAME if age < 0 else Outcome.CHANGED  # who reports is whoever reported last
    decided = holdings.decided_on(cell.key, judged.value) if judged.value != now else None
    if decided and (cell.held or outcome is Outcome.CONFLICT):
        outcome = Outcome.SAME
    elif cell.held and outcome not in (Outcome.SAME, Outcome.UNUPDATED):
        outcome = Outcome.HELD
    said = judged.value != "" and (judged.value == sent or holdings.was_said(cell.key, judged.value))
    back = outcome is Outcome.CHANGED and held is not None and said and (not age or base.by_age)
    newer = _left_blank(cell.key, file, holdings) if outcome is Outcome.CHANGED and not held else None
    settled = decided if outcome is Outcome.SAME else None
    return MergedCell(cell, versions, outcome, held.value if held else None, source, back, newer, settled)


def _left_blank(key: CellKey, file: File, holdings: Holdings) -> Return | None:
    """The newest standing return that was saved later than a file, and in which a cell was blank."""
    later = (each for each in holdings.returns.values() if each.standing and each.held.get(key) == "")
    return max((each for each in later if file.age(each, holdings) < 0), key=lambda each: each.number, default=None)


def changes_of(sent: Workbook, merged: Merged, leads: frozenset[str]) -> Iterator[Change]:
    """What is taken or said again, with the role in which the unit answers for the task.

    What the ledger holds already is kept again with this return, so that it stands when the
    earlier one is withdrawn. Where a workbook asks for both roles, the sheet 配合任务 says so; on
    a 落实方案, which has no such sheet, the tasks that the unit leads do (``leads``).
    """
    role_of = _roles(sent, leads)
    for each in merged.cells:
        again = each.outcome in (Outcome.SAME, Outcome.UNUPDATED) and each.versions.returned == each.known
        if each.versions.open and (each.outcome is Outcome.CHANGED or again):
            yield Change(*each.cell.key, each.versions.returned, role_of(each.cell.row_id))


def matters_of(sent: Workbook, merged: Merged, leads: frozenset[str]) -> Iterator[Matter]:
    """What a person has to decide: the returned values in conflict, and those that were held back."""
    role_of = _roles(sent, leads)
    for each in merged.having(*FOR_A_PERSON):
        cell, versions = each.cell, each.versions
        texts = versions.sent, versions.base, versions.current, versions.returned
        yield Matter(*cell.key, role_of(cell.row_id), *texts, each.outcome.value, str(cell.place))


def _roles(sent: Workbook, leads: frozenset[str]) -> Callable[[str], str]:
    """In which role the unit answers for a row."""
    support = {row_owner(cell.row_id)[0] for cell in sent.cells if cell.sheet == SUPPORT_SHEET.title}

    def role(row_id: str) -> str:
        if sent.role in ("lead", "support"):
            return sent.role
        task_id, _ = row_owner(row_id)
        led = task_id is None or task_id in leads if sent.period == "plan" else task_id not in support
        return "lead" if led else "support"

    return role
