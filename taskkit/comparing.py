"""One returned workbook against what was sent and what the ledger holds: an outcome for every cell.

The merge of a single cell is in merge.py. Here it is decided what a cell is merged with: which
version the file descends from, and whether it was saved before or after what the ledger holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from taskkit.columns import BOOK_ROW, COLUMNS, COMPUTED_KEYS, SUPPORT_SHEET, is_request, row_owner
from taskkit.entries import CellKey, Change, Holdings, Matter, Return, Workbook
from taskkit.findings import Finding, finding
from taskkit.merge import Outcome, Versions, agreed, choose_base, distances, merge
from taskkit.returned import ReturnedBook, ReturnedCell
from taskkit.rules.returned import UNKNOWN, Aim, FilledRow, Judged, check_row, judge
from taskkit.settings import State
from taskkit.wording import excerpts

PREFILLED = COLUMNS["progress"].header  # goes out with last period's text in it
_LONGEST = 30  # signs of a text in a finding
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
class Merged:
    """All cells of a file with their outcomes, and the version that the file descends from."""

    cells: tuple[MergedCell, ...]
    base: int  # 0: what was sent; n: the n-th of the bases
    held: Mapping[CellKey, str]
    judged: Mapping[CellKey, Judged]

    def having(self, *outcomes: Outcome) -> tuple[MergedCell, ...]:
        """The cells with one of these outcomes."""
        return tuple(each for each in self.cells if each.outcome in outcomes)

    @property
    def quiet(self) -> bool:
        """Whether nothing was filled in that the ledger does not know yet."""
        return len(self.having(Outcome.SAME, Outcome.UNUPDATED, Outcome.LOCKED)) == len(self.cells)

    def is_other_reporter(self, each: MergedCell) -> bool:
        """Whether somebody else is named as who reports than the ledger knows from another part of the same form."""
        named = each.cell.row_id == BOOK_ROW and each.versions.returned and each.current
        return bool(named) and each.versions.base != each.current != each.versions.returned != each.versions.base

    def held_now(self) -> dict[CellKey, str]:
        """What a later copy of this file is compared with, once it is accepted."""
        opened = {each.cell.key: agreed(each.outcome, each.versions) for each in self.cells if each.versions.open}
        return {**self.held, **opened}


def compare(
    sent: Workbook,
    returned: ReturnedBook,
    file: File,
    holdings: Holdings,
    states: Sequence[State],
    aims: Mapping[str, Aim],
) -> Merged:
    """Merge every returned cell with the version that the file descends from."""
    opened = {cell.key for cell in sent.cells if cell.open} | returned.proposed
    judged = {
        key: _judge(cell, returned.sent[key], key in opened, states, aims.get(key[0], UNKNOWN))
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
    return Merged(cells, base.number, base.held, judged)


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


def _judge(cell: ReturnedCell, sent: str, is_open: bool, states: Sequence[State], aim: Aim) -> Judged:
    """The value to merge. What was sent is not judged again, nor what the unit may not fill in."""
    if not is_open:
        return Judged(sent if cell.formula else cell.value)
    if cell.problem:
        return Judged(cell.value, cell.problem, False, {"column": cell.column.header, "value": cell.value})
    if cell.value in ("", sent):
        return Judged(cell.value)
    judged = judge(cell.column, cell.value, states, aim)
    if cell.percent and cell.column.kind == "number" and not judged.code:
        return judged._replace(code="percent", words={"column": cell.column.header, "value": cell.value})
    return judged


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
        prefilled=cell.column.header == PREFILLED,
        older=age < 0,
        tied=source is not None and file.tied(source, holdings),
    )
    # A formula without a result looks blank, but somebody meant something: it is always reported.
    outcome = Outcome.INVALID if not judged.valid and not judged.value else merge(versions)
    if base.old_copy and outcome is Outcome.SAME and judged.value != now and age > 0:
        outcome = Outcome.CONFLICT
    decided = holdings.decided_on(cell.key, judged.value) if judged.value != now else None
    if decided and outcome is Outcome.CONFLICT:
        outcome = Outcome.SAME
    if cell.row_id == BOOK_ROW and outcome is Outcome.CONFLICT:
        outcome = Outcome.SAME if age < 0 else Outcome.CHANGED  # who reports is whoever reported last
    if cell.held and outcome not in (Outcome.SAME, Outcome.UNUPDATED):
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


# --- what a person should know --------------------------------------------------------


def cell_findings(merged: Merged, name: str) -> Iterator[Finding]:
    """A finding for each cell that a person must see, and one for all the locked ones."""
    for each in merged.cells:
        judged = merged.judged[each.cell.key]
        words = _words(each)
        if judged.code and each.outcome not in (Outcome.SAME, Outcome.UNUPDATED, Outcome.HELD):
            yield _at(judged.code, each, name, **judged.words)
        if each.outcome is Outcome.CONFLICT:
            yield _at("conflict", each, name, **words)
        elif each.decided:
            yield _at("decided-before", each, name, **words, decision=named(each.decided))
        elif each.outcome is Outcome.KEPT:
            yield _at("blanked", each, name, **words)
        elif each.back:
            yield _at("changed-back", each, name, **words)
        if merged.is_other_reporter(each):
            kept = each.versions.returned if each.outcome is Outcome.CHANGED else each.current
            yield _at("reporter-differs", each, name, **words, kept=kept)
    yield from _older_found(merged, name)
    locked = merged.having(Outcome.LOCKED)
    if locked:
        yield _at("locked", locked[0], name, count=str(len(locked)), column=locked[0].cell.column.header)


def _words(merged: MergedCell) -> dict[str, str]:
    now, back = excerpts(merged.current, merged.versions.returned, _LONGEST)
    held = f"“{now}”" if merged.current else "空白"
    whose = f"（{named(merged.source)}）" if merged.source else ""
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
    words = {"count": str(len(filled)), "column": filled[0].cell.column.header, "newer": named(newer)}
    yield _at("older-fills" if shared else "older-part", filled[0], name, **words)


def named(accepted: Return) -> str:
    """A return as people speak of it: 第3号报送，4月8日收到."""
    if accepted.supposed:
        return "本次已收的另一个文件"
    day = f"，{accepted.received.month}月{accepted.received.day}日收到" if accepted.received else ""
    return f"第{accepted.number}号，督查室决定" if accepted.decided else f"第{accepted.number}号报送{day}"


def _at(code: str, merged: MergedCell, name: str, **words: str) -> Finding:
    cell = merged.cell
    return finding(code, cell.place, source=name, task_id=row_owner(cell.row_id)[0], **words)


def row_findings(merged: Merged, name: str, states: Sequence[State], aims: Mapping[str, Aim]) -> Iterator[Finding]:
    """What the rows that changed say as a whole, as they will stand."""
    asked = {each.cell.row_id: each for each in merged.having(Outcome.CHANGED) if is_request(each.cell.row_id)}
    if asked:
        yield _at("request-made", next(iter(asked.values())), name, count=str(len(asked)))
    rows: dict[str, dict[str, MergedCell]] = {}
    for each in merged.cells:
        rows.setdefault(each.cell.row_id, {})[each.cell.column.header] = each
    for row_id, cells in rows.items():
        first = next((each for each in cells.values() if each.outcome is Outcome.CHANGED), None)
        if first is not None:
            shown = {header: _standing(each) for header, each in cells.items()}
            place = first.cell.place._replace(column=0)
            yield from check_row(FilledRow(row_id, name, place, shown, aims.get(row_id, UNKNOWN)), states)


def _standing(merged: MergedCell) -> str:
    """The value as it will stand in the ledger (as sent, for what the unit may not fill in)."""
    if not merged.versions.open:
        return merged.versions.sent
    return merged.versions.returned if merged.outcome is Outcome.CHANGED else merged.versions.current
