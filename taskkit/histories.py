"""What became of a task's values over time: every version, who said it and when, and what still waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any

from taskkit import rulings
from taskkit.columns import row_owner
from taskkit.entries import Ruling
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.periods import parse_period
from taskkit.plan import Plan
from taskkit.plan_index import PlanIndex, rows_meant, tasks_meant
from taskkit.stores.matters import KeptMatter
from taskkit.stores.past import KeptSubmission, PastValue

if TYPE_CHECKING:
    import pandas as pd

_MOST = 15  # tasks that are listed where a text fits several


class State(StrEnum):
    """What became of a version."""

    CURRENT = "current"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"
    DECLINED = "declined"

    @property
    def label(self) -> str:
        """As people call it."""
        return _LABELS[self]


_LABELS = {
    State.CURRENT: "现值",
    State.REPLACED: "已被替换",
    State.WITHDRAWN: "已撤回",
    State.WAITING: "待决定",
    State.DECLINED: "未采用",
}


@dataclass(frozen=True)
class Entry:
    """One version of a cell: what stood before, what came, and all the submissions that said it in a row.

    ``matter`` tells more of a value that was never taken (it waits for a decision, or was declined:
    then nobody ``said`` it), and of one that the office decided on.
    """

    unit: str
    period: str
    row_id: str
    column: str
    before: str
    value: str
    said: tuple[KeptSubmission, ...]
    state: State
    matter: KeptMatter | None = None

    @property
    def target(self) -> str | None:
        """The target (or proposed 举措) that the cell belongs to; None for one of the task itself."""
        return row_owner(self.row_id)[1]


def find_task(plan: Plan, text: str, withdrawn: Iterable[Mapping[str, Any]] = ()) -> str:
    """The id of the task that a person means: an id (T012), a printed number, or part of a title.

    Of tasks ``withdrawn`` from the plan, by id or title, where none in the plan fits.

    Raises UsageError where none fits, and with the list where several do.
    """
    gone = [dict(row) for row in withdrawn if row["task_id"] not in plan.tasks.index]
    found = tasks_meant(plan, text) or rows_meant(gone, text)
    if len(found) == 1:
        return str(found[0]["task_id"])
    if not found:
        raise UsageError(f"方案里没有找到任务“{text}”", "请写任务编号（如 T012）、印发的序号，或任务名称里的几个字")
    names = "、".join(f"{row['task_id']} {(row['title'] or '')[:20]}" for row in found[:_MOST])
    more = f"等{len(found)}项" if len(found) > _MOST else ""
    raise UsageError(f"“{text}”对应{len(found)}项任务", f"请写任务编号：{names}{more}")


def entries(
    ledger: Ledger, name: str, task_id: str, unit: str | None = None, period: str | None = None
) -> tuple[Entry, ...]:
    """All versions of a task's values, also of its targets: by unit and period in their order, then cell by cell."""
    index = PlanIndex(ledger.plan(name), ledger.roster(name))
    wanted = parse_period(period).text if period else None
    values = ledger.past_values(name, task_id, wanted, unit)
    matters = [each for each in ledger.kept_matters(name, wanted, unit) if row_owner(each.matter.row_id)[0] == task_id]
    waiting = {each.kept.number for each in ledger.open_matters(name, wanted, unit)}
    cells = dict.fromkeys([*map(_cell, values), *((*each.owner[::-1], *each.matter.key) for each in matters)])
    listed = sorted(cells, key=lambda cell: (index.rank(cell[0]), cell[0], parse_period(cell[1])))
    found: list[Entry] = []
    for cell in listed:
        told = tuple(_entries_of(cell, [each for each in values if _cell(each) == cell], matters))
        found += told
        found += _never_taken(cell, told, matters, waiting)
    return tuple(found)


def said_by_office(
    ledger: Ledger, name: str, task_id: str, unit: str | None = None, period: str | None = None
) -> tuple[Ruling, ...]:
    """All that the office ever said of a task, its targets, its goals and requests to change them, oldest first."""
    wanted = parse_period(period).text if period else None
    versions = ledger.ruling_versions(name, None, wanted)
    asked = {
        (each.period, each.unit, each.row_id)
        for each in versions
        if (each.topic, each.column) == (rulings.REQUEST, rulings.GOAL_ROW) and row_owner(each.value)[0] == task_id
    }
    return tuple(
        each
        for each in versions
        if (unit is None or each.unit in ("", unit))  # of the task as a whole too
        and (
            (each.topic in (rulings.TASK, rulings.GOALS) and row_owner(each.row_id)[0] == task_id)
            or (each.topic == rulings.REQUEST and (each.period, each.unit, each.row_id) in asked)
        )
    )


def history(ledger: Ledger, name: str, task: str, unit: str | None = None, period: str | None = None) -> pd.DataFrame:
    """All versions of a task's values as a frame, oldest first within each cell.

    Columns: unit, period, task_id, target_id, column, before, value, state (``State``), submission,
    file_name, received, accepted_at, withdrawn_at, decided_by (of the office's decisions). Raises
    UsageError for a plan or task that is not known.
    """
    import pandas as pd

    listed = entries(ledger, name, find_task(ledger.plan(name), task, ledger.all_tasks(name).values()), unit, period)
    return pd.DataFrame([_row(each) for each in listed], columns=list(_COLUMNS))


_COLUMNS = (
    *("unit", "period", "task_id", "target_id", "column", "before", "value", "state"),
    *("submission", "file_name", "received", "accepted_at", "withdrawn_at", "decided"),
)


def _row(entry: Entry) -> tuple[object, ...]:
    common = (entry.unit, entry.period, *row_owner(entry.row_id), entry.column, entry.before, entry.value)
    if (kept := entry.matter) and not entry.said:
        return (*common, str(entry.state), kept.submission, kept.file_name, kept.received, kept.opened_at, None, False)
    said = entry.said[0]
    times = said.received, said.accepted_at, said.withdrawn_at
    return (*common, str(entry.state), said.submission, said.file_name, *times, said.is_decision)


_Cell = tuple[str, str, str, str]  # unit, period, row id, column


def _cell(each: PastValue) -> _Cell:
    return each.said.unit, each.said.period, each.row_id, each.column


def _entries_of(cell: _Cell, values: Sequence[PastValue], matters: Sequence[KeptMatter]) -> Iterator[Entry]:
    """The versions of one cell; those that say the same in a row are one, the office's own word apart."""
    runs = [tuple(run) for _, run in groupby(values, key=lambda each: (each.value, each.said.is_decision))]
    stands = [any(each.said.withdrawn_at is None for each in run) for run in runs]
    newest = max((at for at, standing in enumerate(stands) if standing), default=-1)
    before = ""
    for at, run in enumerate(runs):
        value = run[0].value
        same = (
            newest >= 0
            and value == runs[newest][0].value
            and all(
                not standing or each[0].value == value for each, standing in zip(runs[at:], stands[at:], strict=True)
            )
        )
        state = State.WITHDRAWN if not stands[at] else State.CURRENT if same else State.REPLACED
        said = tuple(each.said for each in run)
        numbers = [each.submission for each in said]
        decided = (each for each in matters if each.decision in numbers and each.matter.key == cell[2:])
        yield Entry(*cell, before, value, said, state, next(decided, None))
        before = value


def _never_taken(
    cell: _Cell, told: Sequence[Entry], matters: Sequence[KeptMatter], waiting: set[int]
) -> Iterator[Entry]:
    """What came back for a cell and was not taken: it waits, or the office declined it."""
    for each in matters:
        about = (*each.owner[::-1], *each.matter.key)
        if about != cell or any(entry.value == each.matter.returned for entry in told):
            continue
        if each.number in waiting or each.decision is not None:
            state = State.WAITING if each.number in waiting else State.DECLINED
            yield Entry(*cell, each.matter.current, each.matter.returned, (), state, each)
