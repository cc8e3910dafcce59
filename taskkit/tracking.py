"""Who had to report and who did, in the order of the unit list, or of the plan where there is none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from taskkit import approving
from taskkit.assess import share
from taskkit.book_words import part_title
from taskkit.columns import BOOK_ROW, COLUMNS, is_directive, is_directives, row_owner
from taskkit.due_dates import Counting, read_due_dates
from taskkit.errors import UsageError
from taskkit.extensions import Extension
from taskkit.ledger import CellKey, Ledger, SentCell, Workbook
from taskkit.periods import PLAN, parse_period
from taskkit.plan_index import PlanIndex
from taskkit.receipts import EXCUSED, FileOutcome, Receipt
from taskkit.roster import Roster

if TYPE_CHECKING:
    import pandas as pd


class Outcome(StrEnum):
    """What became of a workbook that was sent."""

    ON_TIME = "on time"
    LATE = "late"
    MISSING = "missing"
    NOT_DUE = "not yet due"
    EXCUSED = "excused"
    NOT_SENT = "not sent"  # of a duty in the calendar: no workbook was issued for it yet

    @property
    def label(self) -> str:
        """As people call it."""
        return _LABELS[self]


_LABELS: dict[str, str] = {
    Outcome.ON_TIME: "按时报送",
    Outcome.LATE: "迟报",
    Outcome.MISSING: "未报",
    Outcome.NOT_DUE: "未到期",
    Outcome.EXCUSED: "无需报送",
    Outcome.NOT_SENT: "未发表格",
}
_OPINION = COLUMNS["opinion"].header
_PROGRESS, _ACHIEVED = COLUMNS["progress"].header, COLUMNS["achieved"].header
# A unit with several workbooks stands where the worst of them stands.
_WORST_FIRST = (Outcome.MISSING, Outcome.NOT_DUE, Outcome.LATE, Outcome.ON_TIME, Outcome.EXCUSED)


@dataclass(frozen=True)
class Return:
    """A workbook that was asked for, and what came back for it.

    ``received`` is the day of the first return that counts: accepted, or a document kept whole until
    it is typed in; ``first_received`` that of the first of any kind, also one that was sent back.
    ``issued_on`` is the day on which it was first issued; ``accepted``, ``sent_back`` and ``waiting``
    count returns. ``tasks`` and ``targets`` are the ids it asks for; ``updated`` are those of its
    tasks whose main cell (本期进展, else 累计完成值) was filled in. ``cells`` counts its open cells,
    ``cells_filled`` those with a value of this period. ``due_on`` is the date that counts,
    ``original_due_on`` the one before the office granted a later one (``extension``). ``to_mend`` are the tasks of
    which the office sent something back that the unit has not changed since; none that is closed (销号).
    """

    unit: str
    role: str
    part: str
    workbook: str
    due_on: date | None
    received: date | None
    outcome: Outcome
    days_late: int
    tasks: tuple[str, ...]
    updated: tuple[str, ...]
    targets: tuple[str, ...]
    cells: int
    cells_filled: int
    issued_on: date | None = None
    first_received: date | None = None
    accepted: int = 0
    sent_back: int = 0
    waiting: int = 0
    reason: str = ""
    original_due_on: date | None = None
    extension: Extension | None = None
    to_mend: tuple[str, ...] = ()


@dataclass(frozen=True)
class PeriodStatus:
    """Who reported for one period, units counted once each and named as in the unit list, in its order.

    ``units`` are all of them, ``late_units`` holds (unit, days late), ``excused_units`` (unit, why it need not report).
    ``sent_back_units`` are those whose returns were all sent back, ``waiting_units`` those of which
    a document waits to be typed in. ``owed_forms`` names, for a unit with several forms of which it
    has returned some, those that it owes (``form_name``). ``due_on`` is the date of all but those
    to whom a later one was granted for what they owe (``extended_units``). ``cells_share`` is a percentage, 0 to 100.
    ``mending_units`` holds (unit, how many tasks) for those that the office sent something back to (已退回).
    """

    period: str
    label: str
    due_on: date | None
    on_time_units: tuple[str, ...]
    late_units: tuple[tuple[str, int], ...]
    missing_units: tuple[str, ...]
    not_due_units: tuple[str, ...]
    blank_units: tuple[str, ...]
    cells: int
    cells_filled: int
    units: tuple[str, ...] = ()
    sent_back_units: tuple[str, ...] = ()
    waiting_units: tuple[str, ...] = ()
    excused_units: tuple[tuple[str, str], ...] = ()
    owed_forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extended_units: Mapping[str, date] = field(default_factory=dict)
    mending_units: tuple[tuple[str, int], ...] = ()

    @property
    def asked(self) -> int:
        """应报: how many units were asked."""
        return self.returned + self.missing + self.not_yet_due

    @property
    def returned(self) -> int:
        """已报, late ones included."""
        return len(self.on_time_units) + self.late

    @property
    def late(self) -> int:
        """迟报."""
        return len(self.late_units)

    @property
    def missing(self) -> int:
        """未报: the date has passed."""
        return len(self.missing_units)

    @property
    def not_yet_due(self) -> int:
        """未到期: nothing came, and the date is still to come (or there is none)."""
        return len(self.not_due_units)

    @property
    def cells_share(self) -> float:
        """The share of the open cells that were filled."""
        return share(self.cells_filled, self.cells)


def returns(ledger: Ledger, name: str, period: str, today: date | None = None) -> pd.DataFrame:
    """One row for each workbook asked for in a period (its latest edition), in the order of the unit list.

    Columns: unit, role, part, workbook, due_on, received (day of the first return that counts),
    outcome (``Outcome``), days_late, tasks (how many are asked), filled (for how many of them
    the progress, or the value, was filled in), cells, cells_filled, issued_on, first_received (also one that was sent
    back), accepted, sent_back, waiting (how many returns), reason (why it is excused), to_mend (how many tasks the
    office sent back and wait for the unit). Units that
    were sent nothing are in ``PeriodStatus.excused_units``.
    """
    import pandas as pd

    listed = read_returns(ledger, name, period, today)
    rows = [_frame_row(each) for each in listed]
    frame = pd.DataFrame(rows, columns=list(_FRAME_COLUMNS))
    return frame.astype(dict.fromkeys(_DAYS, "datetime64[s]"))


_FRAME_COLUMNS = (
    *("unit", "role", "part", "workbook", "due_on", "received", "outcome", "days_late"),
    *("tasks", "filled", "cells", "cells_filled"),
    *("issued_on", "first_received", "accepted", "sent_back", "waiting", "reason", "to_mend"),
)
_DAYS = ("due_on", "received", "issued_on", "first_received")


def _frame_row(each: Return) -> dict[str, Any]:
    row = {field.name: getattr(each, field.name) for field in fields(each)}
    counts = {"tasks": len(each.tasks), "filled": len(each.updated), "to_mend": len(each.to_mend)}
    return {**row, "outcome": str(each.outcome), **counts}


def status(ledger: Ledger, name: str, period: str | None = None, today: date | None = None) -> tuple[PeriodStatus, ...]:
    """Who reported, for one period or for each that was issued.

    Raises UsageError with the periods issued where nothing was sent for the one asked.
    """
    issued = issued_periods(ledger, name)
    if period is not None:
        issued = [check_issued(issued, name, period)]
    return tuple(
        replace(summed, excused_units=(*summed.excused_units, *unasked(ledger, name, each, today)))
        for each in issued
        for summed in (sum_up(each, read_returns(ledger, name, each, today)),)
    )


status_of = status  # for callers that have a ``status`` of their own


def issued_periods(ledger: Ledger, name: str, tasks: bool = False) -> list[str]:
    """The periods for which workbooks were sent, earliest first; ``tasks``: not those with nothing but 批示."""
    sent = ledger.workbooks(name)[["period", "part"]].itertuples(index=False, name=None)
    return sorted({period for period, part in sent if not (tasks and is_directives(part))}, key=parse_period)


def check_issued(issued: list[str], name: str, period: str) -> str:
    """The period as the ledger spells it; a word for one (二季度) is of the year last issued.

    Raises UsageError where nothing was sent for it.
    """
    wanted = parse_period(period, max((parse_period(each).year for each in issued), default=None) or None).text
    if wanted in issued:
        return wanted
    advice = f"已发出的有：{'、'.join(issued)}" if issued else f"请先用 taskkit issue {name} 发出表格"
    raise UsageError(f"“{name}”的 {wanted} 还没有发出过表格", advice)


def read_returns(
    ledger: Ledger, name: str, period: str, today: date | None = None, until: date | None = None
) -> tuple[Return, ...]:
    """The workbooks asked for in a period, in the order of the unit list. A return of any edition counts.

    A workbook that was sent under an alias stands under the unit's name in the list. ``until``: what was received
    after that day had not come (which cells are filled in is as it is now).
    """
    day = today or date.today()
    receipts: dict[str, list[Receipt]] = {}
    for receipt in ledger.receipts(name, period):
        if until and receipt.received > until:
            continue
        receipts.setdefault(receipt.unit, []).append(receipt)
    filled = _filled_cells(ledger, name, period)
    plan, roster = ledger.plan(name, day), ledger.roster(name, day) or Roster()
    back = approving.sent_back(ledger, name, period, roster)
    closed = frozenset(approving.closed_tasks(ledger, name)) if back else frozenset()
    listed, dates = [], read_due_dates(ledger, name, plan)
    for (unit, role, part), editions in _by_recipient(ledger, name, period).items():
        own = [each for each in receipts.get(unit, ()) if each.is_for(unit, list(editions))]
        book = ledger.workbook(list(editions)[-1])
        assert book is not None  # it was listed a moment ago, and nothing is ever deleted
        counting = dates.of(unit, role, part, period, book.due_on, list(editions.values())[-1])
        read = _read_return(ledger, book, counting, editions, own, filled, day)
        mine = {row_owner(row_id)[0] for owner, row_id in back if owner == roster.canonical(unit)} - closed
        leads = role != "support" or period == PLAN.text
        listed.append(replace(read, to_mend=tuple(task for task in read.tasks if leads and task in mine)))
    rank = PlanIndex(plan, roster).rank
    left = (_without_withdrawn(each, frozenset(plan.tasks.index)) for each in listed)
    named = (replace(each, unit=roster.canonical(each.unit)) for each in left)
    return tuple(sorted(named, key=lambda each: (rank(each.unit), each.part != "main", each.part, each.role)))


def _without_withdrawn(each: Return, known: frozenset[str]) -> Return:
    """A return without the tasks that are no longer in the plan; where none is left, nothing is owed."""
    tasks = tuple(task for task in each.tasks if task in known)
    if tasks == each.tasks:
        return each
    left = replace(each, tasks=tasks, updated=tuple(task for task in each.updated if task in known))
    if tasks or each.outcome not in (Outcome.MISSING, Outcome.NOT_DUE):
        return left
    return replace(left, outcome=Outcome.EXCUSED, days_late=0, reason="所涉任务已撤销")


def unasked(ledger: Ledger, name: str, period: str, today: date | None = None) -> tuple[tuple[str, str], ...]:
    """The units of a plan that were sent nothing for a period and need not report, each with the reason.

    A unit that leads tasks and was sent nothing is not among them (its workbook may still be issued), nor a collective.
    """
    day = today or date.today()
    roster = ledger.roster(name, day) or Roster()
    index = PlanIndex(ledger.plan(name, day), roster).without(
        approving.closed_before(ledger, name, parse_period(period))
    )
    sent = _by_recipient(ledger, name, period)
    asked = {roster.canonical(unit) for unit, _, _ in sent}
    forms = [(role, part) for _, role, part in sent if not is_directives(part)]
    parts, roles = sorted({part for _, part in forms}), {role for role, _ in forms}
    wanted = "all" if "all" in roles or len(roles) > 1 else next(iter(roles), "lead")
    reasons = []
    for unit in index.order:
        if unit in asked or unit in index.collectives or roster.members(unit):
            continue
        reporter = roster.reporter(unit)
        if reporter != unit:
            reasons.append((unit, f"由“{reporter}”一并报送"))
        elif not any(index.tasks_of(unit, wanted, part) for part in parts):
            reasons.append((unit, "本期没有要它报送的任务"))
    return tuple(reasons)


def _by_recipient(ledger: Ledger, name: str, period: str) -> dict[tuple[str, str, str], dict[str, datetime]]:
    """The editions sent to each unit for each role and part, oldest first, with the moments when they were issued."""
    frame = ledger.workbooks(name, period).sort_values("edition", kind="stable")
    books: dict[tuple[str, str, str], dict[str, datetime]] = {}
    columns = ["unit", "role", "part", "workbook", "issued_at"]
    for unit, role, part, workbook, issued_at in frame[columns].itertuples(index=False, name=None):
        books.setdefault((unit, role, part), {})[workbook] = issued_at.to_pydatetime()
    return books


def _filled_cells(ledger: Ledger, name: str, period: str) -> dict[str, set[CellKey]]:
    """For each unit the cells with a value of this period, by row id and column header."""
    import pandas as pd

    filled: dict[str, set[CellKey]] = {}
    frame = ledger.values(name, period)
    for unit, task_id, target_id, column, value in frame[
        ["unit", "task_id", "target_id", "column", "value"]
    ].itertuples(index=False):
        row_id = target_id if pd.notna(target_id) else task_id if pd.notna(task_id) else BOOK_ROW
        if pd.notna(value) and str(value).strip():
            filled.setdefault(unit, set()).add((row_id, column))
    return filled


def _read_return(
    ledger: Ledger,
    book: Workbook,
    counting: Counting,
    editions: Mapping[str, datetime],
    receipts: Sequence[Receipt],
    filled: dict[str, set[CellKey]],
    today: date,
) -> Return:
    is_again = any(cell.column == _OPINION and cell.value for cell in book.cells)
    opened = _opened_before(ledger, editions) if is_again else set()
    asked = [
        cell
        for cell in book.cells
        if (cell.open or cell.key in opened) and (row_owner(cell.row_id)[0] or is_directive(cell.row_id))
    ]
    keys = {cell.key for cell in asked} & filled.get(book.unit, set())
    tasks = _task_ids(asked)
    excuse = next((each for each in reversed(receipts) if each.outcome == EXCUSED), None)
    handed_in = [each for each in receipts if each.outcome != EXCUSED]
    received = min((each.received for each in handed_in if each.is_return), default=None)
    if counting.printed and received and received <= counting.printed:
        counting = Counting(counting.printed, counting.printed)
    outcome, days = _outcome(counting.due_on, received, today)
    if excuse and received is None:
        outcome, days = Outcome.EXCUSED, 0
    return Return(
        unit=book.unit,
        role=book.role,
        part=book.part,
        workbook=book.workbook,
        due_on=counting.due_on,
        received=received,
        outcome=outcome,
        days_late=days,
        tasks=tasks,
        updated=_reported(tasks, asked, keys),
        targets=tuple(dict.fromkeys(cell.row_id for cell in asked if "." in cell.row_id)),
        cells=len({cell.key for cell in asked}),
        cells_filled=len(keys),
        issued_on=min(editions.values()).date(),
        first_received=min((each.received for each in handed_in), default=None),
        accepted=sum(each.is_accepted for each in handed_in),
        sent_back=sum(each.outcome == FileOutcome.REFUSED for each in handed_in),
        waiting=sum(each.is_waiting for each in handed_in),
        reason=excuse.reason if excuse and outcome is Outcome.EXCUSED else "",
        original_due_on=counting.original,
        extension=counting.extension,
    )


def _opened_before(ledger: Ledger, editions: Iterable[str]) -> set[CellKey]:
    """The cells that earlier editions asked for: what was approved since stays asked, and answered."""
    books = (ledger.workbook(each) for each in list(editions)[:-1])
    return {cell.key for book in books if book for cell in book.cells if cell.open}


def _reported(tasks: Iterable[str], asked: Iterable[SentCell], filled: Collection[CellKey]) -> tuple[str, ...]:
    """The tasks whose main cell is filled in: 本期进展, else 累计完成值, and where neither is asked, any."""
    by_task: dict[str, list[CellKey]] = {}
    for cell in asked:
        by_task.setdefault(row_owner(cell.row_id)[0] or "", []).append(cell.key)
    reported = []
    for task in tasks:
        keys = by_task[task]
        progress = [key for key in keys if key == (task, _PROGRESS)]
        main = progress or [key for key in keys if key[1] == _ACHIEVED] or keys
        if any(key in filled for key in main):
            reported.append(task)
    return tuple(reported)


def _task_ids(cells: Iterable[SentCell]) -> tuple[str, ...]:
    owners = (row_owner(cell.row_id)[0] for cell in cells)
    return tuple(dict.fromkeys(owner for owner in owners if owner))


def _outcome(due_on: date | None, received: date | None, today: date) -> tuple[Outcome, int]:
    if received is not None:
        days = max((received - due_on).days, 0) if due_on else 0
        return (Outcome.LATE if days else Outcome.ON_TIME), days
    if due_on is None or today <= due_on:
        return Outcome.NOT_DUE, 0
    return Outcome.MISSING, (today - due_on).days


def sum_up(period: str, listed: tuple[Return, ...]) -> PeriodStatus:
    """The status of a period from the workbooks asked for in it."""
    by_unit: dict[str, list[Return]] = {}
    for each in listed:
        by_unit.setdefault(each.unit, []).append(each)
    standing = {unit: _worst(rows) for unit, rows in by_unit.items()}

    def units(outcome: Outcome) -> tuple[str, ...]:
        return tuple(unit for unit, worst in standing.items() if worst is outcome)

    return PeriodStatus(
        period=period,
        label=parse_period(period).label,
        due_on=max((each.original_due_on for each in listed if each.original_due_on), default=None),
        on_time_units=units(Outcome.ON_TIME),
        late_units=tuple((unit, max(each.days_late for each in by_unit[unit])) for unit in units(Outcome.LATE)),
        missing_units=units(Outcome.MISSING),
        not_due_units=units(Outcome.NOT_DUE),
        blank_units=tuple(unit for unit, rows in by_unit.items() if _blank(rows)),
        cells=sum(each.cells for each in listed),
        cells_filled=sum(each.cells_filled for each in listed),
        units=tuple(by_unit),
        sent_back_units=tuple(unit for unit, rows in by_unit.items() if any(map(_is_sent_back, rows))),
        waiting_units=tuple(unit for unit, rows in by_unit.items() if any(each.waiting for each in rows)),
        excused_units=tuple((unit, by_unit[unit][0].reason) for unit in units(Outcome.EXCUSED)),
        extended_units={unit: day for unit, rows in by_unit.items() if (day := _extended(rows))},
        owed_forms={unit: owed for unit, rows in by_unit.items() if (owed := _owed(rows))},
        mending_units=tuple(
            (unit, count)
            for unit, rows in by_unit.items()
            if (count := len({task for each in rows for task in each.to_mend}))
        ),
    )


def _extended(rows: Sequence[Return]) -> date | None:
    """The later date that was granted for a form which is still owed."""
    owed = (each for each in rows if each.extension and each.outcome in (Outcome.MISSING, Outcome.NOT_DUE))
    return max((each.due_on for each in owed if each.due_on), default=None)


_ROLES = {"lead": "牵头", "support": "配合", "all": "牵头和配合"}


def form_name(role: str, part: str) -> str:
    """How one of a unit's forms is told from its others: 配合, 牵头（民生实事）, 批示办理."""
    annex = part_title(part)
    if is_directives(part):
        return annex
    return f"{_ROLES[role]}{f'（{annex}）' if annex else ''}"


def _owed(rows: Sequence[Return]) -> tuple[str, ...]:
    """The forms that a unit owes, where it has returned others."""
    owed = tuple(each for each in rows if each.outcome in (Outcome.MISSING, Outcome.NOT_DUE))
    return tuple(form_name(each.role, each.part) for each in owed) if len(owed) < len(rows) else ()


def _worst(rows: list[Return]) -> Outcome:
    return min((each.outcome for each in rows), key=_WORST_FIRST.index)


def _is_sent_back(each: Return) -> bool:
    return each.received is None and each.sent_back > 0


def _blank(rows: list[Return]) -> bool:
    """Whether a unit's return was accepted, but nothing was filled in at all."""
    return any(each.accepted for each in rows) and not any(each.cells_filled for each in rows)
