"""What the ledger holds for one period, task by task, in the order of the plan: shared by all that shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from taskkit import approving, rulings
from taskkit.assess import Standing, Verdict, Word, own_verdict, verdict
from taskkit.assess.reasons import Grounds, TargetFacts
from taskkit.assess.tasks import last_word_on
from taskkit.columns import COLUMNS, goal_columns, is_directives
from taskkit.judging import monthly
from taskkit.judging.assessing import Figures, Wanted, first_with_figures
from taskkit.judging.items import ItemFacts, item_facts
from taskkit.judging.said import FIGURES, said
from taskkit.judging.times import Deadline, deadlines, done_before
from taskkit.ledger import Ledger
from taskkit.periods import Period
from taskkit.plan import PlanInfo, records
from taskkit.plan_index import PlanIndex
from taskkit.roster import Roster
from taskkit.settings import Settings, States
from taskkit.settings.states import Phrases
from taskkit.tracking import PeriodStatus, read_returns, sum_up
from taskkit.typed import meaning

if TYPE_CHECKING:
    import pandas as pd

    from taskkit.plan import Plan

Cells = dict[str, str]  # column header -> value


@dataclass(frozen=True)
class TaskFacts:
    """One task in one period.

    Three voices stand side by side: ``own``, the word of its 汇总单位; ``computed`` (系统研判), with its
    ``reason`` in one sentence; ``office``, the judgement of the supervision office where there is one
    (督查核定). ``days_late`` counts from its deadline while it is not done (until when: see ``last_word_on``);
    ``contradicted``: figures or the deadline say worse than its unit does; ``closed``: the office has
    confirmed that it is done (销号), in this period or before; ``wording``: what the office prints in the place
    of the units' texts. ``ruled``: where the office puts the words of single lead units (of tasks that
    several lead), ``worded``: what it prints in the place of the texts of these.
    ``items``: its accepted pieces (事项), counted apart from tasks.

    ``printed``: its lead units as the plan prints them, by their names in the unit list.
    ``units``: those who report for them (members of collectives; through whom a unit reports).
    ``words``: the own words of these, in the order of the plan. ``values``: what each unit
    wrote, lead units first; ``supporting`` are those of them that do not lead. ``goal`` is the
    goal of the stage in which the period ends.
    """

    task_id: str
    part: str
    no: int | None
    section: str | None
    group: str | None
    title: str
    printed: tuple[str, ...]
    units: tuple[str, ...]
    words: tuple[Word, ...]
    own: Verdict
    goal: str
    values: Mapping[str, Cells]
    supporting: frozenset[str]
    slow_words: tuple[str, ...]
    leaders: tuple[str, ...] = ()
    deadline: str | None = None
    computed: Verdict | None = None
    grounds: Grounds | None = field(default=None, repr=False)
    phrases: Phrases = field(default_factory=Phrases, repr=False)
    days_late: int = 0
    contradicted: bool = False
    office: Verdict | None = None
    wording: str = ""
    closed: bool = False
    ruled: Mapping[str, Verdict] = field(default_factory=dict)
    worded: Mapping[str, str] = field(default_factory=dict)
    items: tuple[ItemFacts, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Where the task stands in reports: closed, as the office judges, else by the unit's own word."""
        if self.closed:
            return Verdict(Standing.DONE, approving.CLOSED_NAME)
        return self.office or self.own

    def judged(self, word: Word, states: States) -> Verdict:
        """Where one lead unit's word puts the task: as the office judges it, else as the unit says."""
        if self.closed:
            return self.verdict
        office = self.office if word.unit == self.own.unit else self.ruled.get(word.unit)
        return office or own_verdict(word, states)

    @property
    def reason(self) -> str:
        """Why the computed state is what it is, in one sentence without the mark that closes it."""
        return self.grounds.sentence(self.phrases) if self.grounds else ""

    @property
    def asked(self) -> bool:
        """Whether any lead unit was asked for it in this period."""
        return any(word.asked for word in self.words)

    @property
    def reported(self) -> bool:
        """Whether the workbook of any lead unit came back."""
        return any(word.reported for word in self.words)

    @property
    def lead_texts(self) -> tuple[tuple[str, str], ...]:
        """(unit, 本期进展) of each lead unit that wrote one."""
        return tuple((word.unit, word.progress) for word in self.words if word.progress)

    @property
    def report_texts(self) -> tuple[tuple[str, str], ...]:
        """(unit, text) as reports print it: the office's wording where there is one, else what lead units wrote."""
        if self.wording:
            return (("、".join(self.printed), self.wording),)
        own = dict(self.lead_texts)
        listed = ((word.unit, self.worded.get(word.unit) or own.get(word.unit)) for word in self.words)
        return tuple((unit, text) for unit, text in listed if text)

    @property
    def report_progress(self) -> str:
        """本期进展 as tables print it: the office's wording where there is one."""
        return self.wording or self.column_text("progress", self.worded)

    def value(self, unit: str, key: str) -> str:
        """What a unit wrote in a column ("" for nothing)."""
        return self.values.get(unit, {}).get(COLUMNS[key].header, "")

    def column_text(self, key: str, instead: Mapping[str, str] | None = None) -> str:
        """A column as printed: one unit's text as it is, several each under the unit's name.

        ``instead``: texts by unit that are printed in the place of theirs.
        """
        units = dict.fromkeys((*self.values, *(instead or {})))
        texts = [(unit, text) for unit in units if (text := (instead or {}).get(unit) or self.value(unit, key))]
        if len(self.units) == 1 and [unit for unit, _ in texts] == list(self.units):
            return texts[0][1]
        return "\n".join(f"{self._signature(unit)}：{text}" for unit, text in texts)

    @property
    def state_text(self) -> str:
        """The state as printed: the first lead unit's, and where another one's differs, that too.

        Where the office judges a unit's word, its judgement stands for it.
        """
        if self.closed:
            return self.verdict.name
        words = [
            (word.unit, self.ruled[word.unit].name if word.unit in self.ruled else word.called) for word in self.words
        ]
        return _with_others(self.verdict.name, words, self.own)

    def _signature(self, unit: str) -> str:
        return f"{unit}（配合）" if unit in self.supporting else unit


def _with_others(name: str, words: Iterable[tuple[str, str | None]], own: Verdict) -> str:
    """The name that stands for a task, and below it the states of other lead units that differ from it."""
    others = (f"（{unit}：{state}）" for unit, state in words if state and unit != own.unit and state != name)
    return "\n".join((name, *others))


@dataclass(frozen=True)
class Facts:
    """A plan and what was reported on it in one period; only the parts that the period asks for.

    ``targets``: what each unit reported on each measurable aim, judged; only units that reported any figure.
    ``targets_reported`` are those of the plan with a figure (暂无数据 is none), ``targets_asked`` those
    in the workbooks sent. ``said``: what the office says of the period as a whole (综述, 亮点, 建议), by part of
    the plan and column of rulings.PERIOD. ``withdrawn``: by part, how many tasks were withdrawn from the plan (撤销).
    """

    info: PlanInfo
    states: States
    tasks: tuple[TaskFacts, ...]
    returns: PeriodStatus
    targets_asked: frozenset[str]
    targets_reported: frozenset[str]
    targets: tuple[TargetFacts, ...] = ()
    said: Mapping[tuple[str, str], str] = field(default_factory=dict)
    withdrawn: Mapping[str, int] = field(default_factory=dict)

    def parts(self) -> dict[str, list[TaskFacts]]:
        """The tasks by part, main first: their numbers are never added up."""
        parts: dict[str, list[TaskFacts]] = {}
        for task in sorted(self.tasks, key=lambda task: task.part != "main"):
            parts.setdefault(task.part, []).append(task)
        return parts


def gather(ledger: Ledger, name: str, period: Period, settings: Settings, today: date) -> Facts:
    """Everything that a report on a period needs, read once."""
    plan, roster, states = ledger.plan(name, today), ledger.roster(name, today) or Roster(), settings.states()
    returned = read_returns(ledger, name, period.text, today)
    asked = {(each.unit, task) for each in returned for task in each.tasks}
    reported = {(each.unit, task) for each in returned if each.received for task in each.tasks}
    frame = ledger.values(name, period.text)
    values, targets = _task_values(
        frame, roster, {row["target_id"]: row["unit"] for row in records("targets", plan.targets)}
    )
    promised = approving.promised(ledger, name)
    index = PlanIndex(plan, roster)
    times = deadlines(promised, approving.agreed(ledger, name, roster), index)
    figures = Figures.read(frame, promised, plan, period, roster, states, times)
    _add_monthly(values, frame, roster, plan, figures)
    rank = index.rank
    leads, goals = _leads(plan), _Goals.read(ledger, name, plan, period, roster)
    asked_units: dict[str, set[str]] = {}
    for unit, task in asked:
        asked_units.setdefault(task, set()).add(unit)
    on_period = approving.standing(ledger, name, rulings.PERIOD, period.text, roster)
    judged = _Rulings.read(ledger, name, period, states, roster)
    rows, gone = _in_period(ledger, name, plan, period, today, set(asked_units))
    kept_items = ledger.item_list(name, today)
    planned = frozenset(plan.targets["target_id"])  # those of withdrawn tasks count no more
    items = item_facts(kept_items, frame, roster, period, plan.info.stages, states, asked, reported)
    parts = {row["part"] for row in rows if row["task_id"] in asked_units}
    tasks = []
    for row in rows:
        if row["part"] not in parts:
            continue
        task_id, printed = row["task_id"], leads.get(row["task_id"], ())
        heard = {*values.get(task_id, {}), *asked_units.get(task_id, ())}
        units = _voices(printed, heard, roster)
        cells = _lead_first(units, values.get(task_id, {}), rank)
        words = tuple(_word(unit, task_id, cells.get(unit, {}), asked, reported, states) for unit in units)
        tasks.append(
            TaskFacts(
                **{key: row[key] for key in ("task_id", "part", "no", "section", "group")},
                title=row["title"] or row["measures"] or "",
                printed=tuple(dict.fromkeys(map(roster.canonical, printed))),
                units=units,
                words=words,
                own=verdict(words, states),
                goal=goals.of(task_id, printed),
                values=cells,
                supporting=frozenset(cells) - frozenset(units),
                leaders=tuple(row["leaders"]),
                deadline=times[task_id].text,
                **judged.on_task(task_id),
                slow_words=judged.slow(task_id, words),
                items=items.get(task_id, ()),
            )
        )
    on = last_word_on(period, today)
    silent = any(_is_silent(task) and (day := times[task.task_id].day) and day < on for task in tasks)
    done = done_before(ledger, name, period, roster, states) if silent else frozenset()
    return Facts(
        plan.info,
        states,
        _assessed(tasks, times, figures, done, on),
        sum_up(period.text, tuple(each for each in returned if not is_directives(each.part))),
        frozenset(target for each in returned for target in each.targets) & planned,
        frozenset(targets) & planned,
        tuple(
            each
            for task in tasks
            for unit in dict.fromkeys((*task.units, *task.values))  # a unit may have typed figures alone
            for each in figures.of(task.task_id, unit)
        ),
        {(key[3] or "main", key[4]): each.value for key, each in on_period.items()},
        gone,
    )


def _assessed(
    tasks: Sequence[TaskFacts],
    times: Mapping[str, Deadline],
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
            None if _is_done_already(task, done) else times[task.task_id].day,
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
            days_late=0 if task.closed or (task.verdict.standing is Standing.DONE and task.office) else each.days_late,
            contradicted=each.contradicted,
        )
        for task, each in lines
    )


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
    gone = Counter(part for task_id, part in known.items() if task_id not in plan.tasks.index)
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
        promised, _ = _task_values(approving.promised(ledger, name), roster, {})
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

    def on_task(self, task_id: str) -> dict[str, Any]:
        mine = self.said.get(task_id, {})
        return {
            "office": self._verdict(mine.get(("", rulings.STATE))),
            "wording": mine.get(("", rulings.WORDING), ""),
            "closed": task_id in self.closed,
            "ruled": {
                unit: judged
                for (unit, column), value in mine.items()
                if unit and column == rulings.STATE and (judged := self._verdict(value))
            },
            "worded": {unit: value for (unit, column), value in mine.items() if unit and column == rulings.WORDING},
        }

    def slow(self, task_id: str, words: Sequence[Word]) -> tuple[str, ...]:
        """The lead units that are behind: by the office's word, where there is none by their own."""
        first = next((word.unit for word in words if word.asked or word.state or word.progress), None)
        mine = self.said.get(task_id, {})
        office = {word.unit: mine.get(("" if word.unit == first else word.unit, rulings.STATE)) for word in words}
        judged = ((word.unit, self._verdict(office[word.unit]) or own_verdict(word, self.states)) for word in words)
        return tuple(unit for unit, each in judged if each.standing is Standing.SLOW and task_id not in self.closed)

    def _verdict(self, state: str | None) -> Verdict | None:
        return own_verdict(Word("", state=state), self.states) if state else None
