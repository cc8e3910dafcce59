"""What the ledger holds for one period, task by task, in the order of the plan: shared by all that shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from taskkit import approving, rulings
from taskkit.assess import Standing, Verdict, Word, own_verdict, verdict
from taskkit.assess.tasks import last_word_on
from taskkit.columns import COLUMNS, goal_columns, is_directives
from taskkit.judging import monthly
from taskkit.judging.assessing import Figures, Wanted, first_with_figures
from taskkit.judging.items import ItemFacts, item_facts, items_asked, items_of
from taskkit.judging.said import FIGURES, said
from taskkit.judging.task_facts import Cells, Facts, TaskFacts
from taskkit.judging.times import Deadline, deadlines, done_before
from taskkit.ledger import Ledger
from taskkit.periods import Period
from taskkit.plan import records
from taskkit.plan_index import PlanIndex
from taskkit.roster import Roster
from taskkit.settings import Settings, States
from taskkit.tracking import Return, read_returns, sum_up
from taskkit.typed import meaning

if TYPE_CHECKING:
    import pandas as pd

    from taskkit.plan import Plan

__all__ = ["Cells", "Facts", "TaskFacts", "gather"]


def gather(ledger: Ledger, name: str, period: Period, settings: Settings, today: date) -> Facts:
    """Everything that a report on a period needs, read once."""
    known = _Known.read(ledger, name, period, settings, today)
    rows, gone = _in_period(ledger, name, known.plan, period, today, known.asked_units)
    parts = {row["part"] for row in rows if row["task_id"] in known.asked_units}
    tasks = [known.task(row) for row in rows if row["part"] in parts]
    on = last_word_on(period, today)
    silent = any(_is_silent(task) and task.due_on and task.due_on < on for task in tasks)
    done = done_before(ledger, name, period, known.roster, known.states) if silent else frozenset()
    on_period = approving.standing(ledger, name, rulings.PERIOD, period.text, known.roster)
    planned = frozenset(known.plan.targets["target_id"])  # those of withdrawn tasks count no more
    return Facts(
        known.plan.info,
        known.states,
        _assessed(tasks, known.figures, done, on),
        sum_up(period.text, tuple(each for each in known.returned if not is_directives(each.part))),
        frozenset(target for each in known.returned for target in each.targets) & planned,
        known.reported_targets & planned,
        tuple(
            each
            for task in tasks
            for unit in dict.fromkeys((*task.units, *task.values))  # a unit may have typed figures alone
            for each in known.figures.of(task.task_id, unit)
        ),
        {(key[3] or "main", key[4]): each.value for key, each in on_period.items()},
        gone,
    )


@dataclass(frozen=True)
class _Known:
    """What the ledger says of a plan in a period, by task and unit."""

    plan: Plan
    roster: Roster
    states: States
    returned: tuple[Return, ...]
    values: Mapping[str, dict[str, Cells]]
    reported_targets: frozenset[str]
    times: Mapping[str, Deadline]
    figures: Figures
    leads: Mapping[str, tuple[str, ...]]
    goals: _Goals
    judged: _Rulings
    items: Mapping[str, tuple[ItemFacts, ...]]
    rank: Callable[[str], int]

    @classmethod
    def read(cls, ledger: Ledger, name: str, period: Period, settings: Settings, today: date) -> _Known:
        plan, roster, states = ledger.plan(name, today), ledger.roster(name, today) or Roster(), settings.states()
        returned = read_returns(ledger, name, period.text, today)
        frame, promised = ledger.values(name, period.text), approving.promised(ledger, name, roster)
        values, targets = _task_values(
            frame, roster, {row["target_id"]: row["unit"] for row in records("targets", plan.targets)}
        )
        index = PlanIndex(plan, roster)
        times = deadlines(promised, approving.agreed(ledger, name, roster), index)
        figures = Figures.read(frame, promised, plan, period, roster, states, times)
        _add_monthly(values, frame, roster, plan, figures)
        reported = _asked(each for each in returned if each.received)
        rows = items_asked(ledger, name, period, roster)
        listed = items_of(ledger, name, period, today, rows)
        items = item_facts(listed, frame, roster, period, plan.info.stages, states, rows, reported)
        return cls(
            *(plan, roster, states, returned, values, frozenset(targets), times, figures, _leads(plan)),
            goals=_Goals.read(ledger, name, plan, period, roster),
            judged=_Rulings.read(ledger, name, period, states, roster),
            items=items,
            rank=index.rank,
        )

    @cached_property
    def asked(self) -> set[tuple[str, str]]:
        return _asked(self.returned)

    @cached_property
    def reported(self) -> set[tuple[str, str]]:
        return _asked(each for each in self.returned if each.received)

    @cached_property
    def asked_units(self) -> dict[str, set[str]]:
        units: dict[str, set[str]] = {}
        for unit, task in self.asked:
            units.setdefault(task, set()).add(unit)
        return units

    def task(self, row: Mapping[str, Any]) -> TaskFacts:
        """One task as its units and the office speak of it; not yet assessed."""
        task_id, printed = row["task_id"], self.leads.get(row["task_id"], ())
        written = self.values.get(task_id, {})
        units = _voices(printed, {*written, *self.asked_units.get(task_id, ())}, self.roster)
        cells = _lead_first(units, written, self.rank)
        words = tuple(
            _word(unit, task_id, cells.get(unit, {}), self.asked, self.reported, self.states) for unit in units
        )
        own = verdict(words, self.states)
        return TaskFacts(
            **{key: row[key] for key in ("task_id", "part", "no", "section", "group")},
            title=row["title"] or row["measures"] or "",
            printed=tuple(dict.fromkeys(map(self.roster.canonical, printed))),
            units=units,
            words=words,
            own=own,
            goal=self.goals.of(task_id, printed),
            values=cells,
            supporting=frozenset(cells) - frozenset(units),
            leaders=tuple(row["leaders"]),
            deadline=self.times[task_id].text,
            due_on=self.times[task_id].day,
            **self.judged.on_task(task_id, units, own.unit or ""),
            slow_words=self.judged.slow(task_id, words, own.unit or ""),
            items=self.items.get(task_id, ()),
        )


def _asked(returned: Iterable[Return]) -> set[tuple[str, str]]:
    """(unit, task) of all that these workbooks ask."""
    return {(each.unit, task) for each in returned for task in each.tasks}


def _assessed(
    tasks: Sequence[TaskFacts],
    figures: Figures,
    done: Container[tuple[str, str]],
    on: date,
) -> tuple[TaskFacts, ...]:
    """The tasks with what figures and deadlines say of them; what is done is never late (``done``: was said before)."""
    wanted = [
        Wanted(
            task.task_id,
            first_with_figures(task.own.unit, (*task.units, *task.values)),
            task.own.standing,
            task.deadline or "",
            None if _is_done_already(task, done) else task.due_on,
        )
        for task in tasks
    ]
    lines = zip(tasks, figures.assess(wanted, on), strict=True)
    return tuple(
        replace(
            task,
            computed=each.computed,
            grounds=each.grounds,
            phrases=figures.states.phrases,
            days_late=_days_late(task, each.days_late, on),
            contradicted=each.contradicted,
        )
        for task, each in lines
    )


def _days_late(task: TaskFacts, computed: int, on: date) -> int:
    """Days overdue: what the office calls done is not late, and what it does not take for done is."""
    if task.closed or (task.office and task.office.standing is Standing.DONE):
        return 0
    if task.office and task.due_on and task.own.standing is not Standing.UNASKED:
        return max((on - task.due_on).days, 0)
    return computed


def _is_done_already(task: TaskFacts, done: Container[tuple[str, str]]) -> bool:
    """Whether its unit, which says nothing of it in this period, said before that it is done."""
    return _is_silent(task) and (task.own.unit or "", task.task_id) in done


def _is_silent(task: TaskFacts) -> bool:
    return task.own.standing in (Standing.UNREPORTED, Standing.UNCHANGED)


def _in_period(
    ledger: Ledger, name: str, plan: Plan, period: Period, today: date, asked: Container[str]
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The tasks that a period is about, and by part how many were withdrawn from the plan by now.

    One that came into the plan after the period had ended is none of it, unless it was asked for.
    """
    rows = records("tasks", plan.tasks)
    versions = ledger.plan_versions(name)
    if len(versions) == 1:
        return rows, {}
    ended = date(period.year + period.last_month // 12, period.last_month % 12 + 1, 1) if period.year else today
    known: dict[str, str] = {}
    before: set[str] = set()
    for version in versions:
        day = version.effective_on or date.min
        if day <= today:
            tasks = ledger.plan(name, day).tasks
            known |= dict(zip(tasks.index, tasks["part"], strict=True))
            before |= set(tasks.index) if day < ended else set()
    gone = Counter(part for task_id, part in known.items() if task_id in before and task_id not in plan.tasks.index)
    return [row for row in rows if row["task_id"] in before or row["task_id"] in asked], dict(gone)


def _word(
    unit: str,
    task_id: str,
    cells: Cells,
    asked: set[tuple[str, str]],
    reported: set[tuple[str, str]],
    states: States,
) -> Word:
    said = cells.get(COLUMNS["state"].header)
    known = states.now_called(said) if said else None
    return Word(
        unit=unit,
        state=said,
        called=known[0] if known else said,
        progress=cells.get(COLUMNS["progress"].header),
        asked=(unit, task_id) in asked,
        reported=(unit, task_id) in reported,
    )


def _leads(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The lead units of each task in their order; those of single measures after those of the whole task."""
    frame = plan.assignments[plan.assignments["role"] == "lead"]
    ordered = frame.sort_values(["measure_no", "rank"], na_position="first", kind="stable")
    leads: dict[str, dict[str, None]] = {}
    for task_id, unit in ordered[["task_id", "unit"]].itertuples(index=False):
        leads.setdefault(task_id, {})[unit] = None
    return {task_id: tuple(units) for task_id, units in leads.items()}


def _voices(printed: Iterable[str], heard: Container[str], roster: Roster) -> tuple[str, ...]:
    """Who speaks for the lead units of a task: each for itself where it was asked itself, else who reports for it."""
    meant = (unit for name in printed for unit in roster.named(name))
    return tuple(dict.fromkeys(unit if unit in heard else roster.reporter(unit) for unit in meant))


def _task_values(
    frame: pd.DataFrame, roster: Roster, counted_in: Mapping[str, str | None]
) -> tuple[dict[str, dict[str, Cells]], set[str]]:
    """What units wrote, by task and unit; and the targets that have a figure. ``counted_in``: their units."""
    values: dict[str, dict[str, Cells]] = {}
    targets: set[str] = set()
    for each in said(frame, roster):
        if each.target_id is None:
            values.setdefault(each.task_id, {}).setdefault(each.unit, {})[each.column] = each.value
        elif each.column in FIGURES and meaning(each.value, counted_in.get(each.target_id)).number is not None:
            targets.add(each.target_id)
    return values, targets


def _add_monthly(
    values: dict[str, dict[str, Cells]], frame: pd.DataFrame, roster: Roster, plan: Plan, figures: Figures
) -> None:
    """Let the rows of the monthly form (民生实事) say 本期进展 and 完成情况 like those of the others."""
    rows: dict[tuple[str, str], dict[str, Cells]] = {}
    for each in said(frame, roster):
        cells = rows.setdefault((each.task_id, each.unit), {})
        cells.setdefault(each.target_id or each.task_id, {})[each.column] = each.value
    targets: dict[str, list[dict[str, Any]]] = {}
    for target in records("targets", plan.targets):
        targets.setdefault(target["task_id"], []).append(target)
    by_figures = figures.states_by_figures()
    for key, own in rows.items():
        task_id, unit = key
        if found := monthly.said(own, targets.get(task_id, []), figures.of(*key), by_figures.get(key, "")):
            values.setdefault(task_id, {}).setdefault(unit, {}).update(found)


def _lead_first(leads: tuple[str, ...], cells: dict[str, Cells], rank: Callable[[str], int]) -> dict[str, Cells]:
    """What each unit wrote: lead units as the plan names them, then the others in the order of the unit list."""
    return {unit: cells[unit] for unit in dict.fromkeys((*leads, *sorted(cells, key=rank))) if unit in cells}


@dataclass(frozen=True)
class _Goals:
    """The goals of one stage: what the units promised (落实方案), else what the plan prints."""

    promised: Mapping[str, Mapping[str, Cells]]
    printed: Mapping[str, str]
    header: str
    roster: Roster

    @classmethod
    def read(cls, ledger: Ledger, name: str, plan: Plan, period: Period, roster: Roster) -> _Goals:
        stage = period.stage(plan.info.stages)
        if stage is None:
            return cls({}, {}, "", roster)
        header = goal_columns((stage,))[0].header
        rows = records("goals", plan.goals)
        printed = {row["task_id"]: row["text"] or "" for row in rows if row["stage"] == stage}
        promised, _ = _task_values(approving.promised(ledger, name, roster), roster, {})
        return cls(promised, printed, header, roster)

    def of(self, task_id: str, leads: tuple[str, ...]) -> str:
        """The goal of a task; of several lead units each under its name."""
        cells = self.promised.get(task_id, {})
        units = _voices(leads, cells, self.roster)
        texts = [(unit, cells[unit][self.header]) for unit in units if cells.get(unit, {}).get(self.header)]
        if not texts:
            return self.printed.get(task_id, "")
        if len(units) == 1:
            return texts[0][1]
        return "\n".join(f"{unit}：{text}" for unit, text in texts)


@dataclass(frozen=True)
class _Rulings:
    """What the office said of the tasks of a period: task -> unit ("": the task as a whole) and column -> its word."""

    said: Mapping[str, Mapping[tuple[str, str], str]]
    closed: frozenset[str]
    states: States

    @classmethod
    def read(cls, ledger: Ledger, name: str, period: Period, states: States, roster: Roster) -> _Rulings:
        kept = approving.standing(ledger, name, rulings.TASK, period.text, roster)
        closed = {task for task, when in approving.closed_tasks(ledger, name).items() if not period < when}
        said: dict[str, dict[tuple[str, str], str]] = {}
        for (_, _, unit, task, column), each in kept.items():
            said.setdefault(task, {})[unit, column] = each.value
        return cls(said, frozenset(closed), states)

    def on_task(self, task_id: str, units: Iterable[str], first: str) -> dict[str, Any]:
        """``first``: the unit that sums up (汇总单位); what was said of it stands for the task."""
        others = set(units) - {first}
        mine = {key: value for key, value in self.said.get(task_id, {}).items() if key[0] in others}
        return {
            "office": self._verdict(self._of(task_id, first, first, rulings.STATE)),
            "wording": self._of(task_id, first, first, rulings.WORDING) or "",
            "closed": task_id in self.closed,
            "ruled": {
                unit: judged
                for (unit, column), value in mine.items()
                if column == rulings.STATE and (judged := self._verdict(value))
            },
            "worded": {unit: value for (unit, column), value in mine.items() if column == rulings.WORDING},
        }

    def slow(self, task_id: str, words: Sequence[Word], first: str) -> tuple[str, ...]:
        """The lead units that are behind: by the office's word, where there is none by their own."""
        if task_id in self.closed:
            return ()
        office = ((word, self._verdict(self._of(task_id, word.unit, first, rulings.STATE))) for word in words)
        judged = ((word.unit, said or own_verdict(word, self.states)) for word, said in office)
        return tuple(unit for unit, each in judged if each.standing is Standing.SLOW)

    def _of(self, task_id: str, unit: str, first: str, column: str) -> str | None:
        """What the office says of a unit's word; of the first one's also what was said of the task as a whole."""
        mine = self.said.get(task_id, {})
        return mine.get((unit, column)) or (mine.get(("", column)) if unit == first else None)

    def _verdict(self, state: str | None) -> Verdict | None:
        return own_verdict(Word("", state=state), self.states) if state else None
