"""What the ledger holds for one period, task by task, in the order of the plan: shared by all that shows it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from taskkit import rulings
from taskkit.assess import Standing, Verdict, Word, own_verdict, verdict
from taskkit.assess.reasons import Grounds, TargetFacts
from taskkit.assess.tasks import last_word_on
from taskkit.columns import COLUMNS, goal_columns
from taskkit.judging import monthly
from taskkit.judging.assessing import Figures, Wanted, days_to_keep, first_with_figures
from taskkit.judging.said import FIGURES, said
from taskkit.ledger import Ledger
from taskkit.periods import PLAN, Period
from taskkit.plan import PlanInfo, records
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
    confirmed that it is done (销号); ``wording``: what the office prints in the place of the units' texts.

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

    @property
    def verdict(self) -> Verdict:
        """Where the task stands in reports: as the office judges, else by the unit's own word."""
        return self.office or self.own

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

    def value(self, unit: str, key: str) -> str:
        """What a unit wrote in a column ("" for nothing)."""
        return self.values.get(unit, {}).get(COLUMNS[key].header, "")

    def column_text(self, key: str) -> str:
        """A column as printed: one unit's text as it is, several each under the unit's name."""
        texts = [(unit, text) for unit in self.values if (text := self.value(unit, key))]
        if len(self.units) == 1 and [unit for unit, _ in texts] == list(self.units):
            return texts[0][1]
        return "\n".join(f"{self._signature(unit)}：{text}" for unit, text in texts)

    @property
    def state_text(self) -> str:
        """The state as printed: the first lead unit's, and where another one's differs, that too."""
        others = [
            f"（{word.unit}：{word.state}）"
            for word in self.words
            if word.state and word.unit != self.verdict.unit and word.state != self.verdict.name
        ]
        return "\n".join((self.verdict.name, *others))

    def _signature(self, unit: str) -> str:
        return f"{unit}（配合）" if unit in self.supporting else unit


@dataclass(frozen=True)
class Facts:
    """A plan and what was reported on it in one period; only the parts that the period asks for.

    ``targets``: what each unit reported on each measurable aim, judged; only units that reported any figure.
    ``targets_reported`` are those of the plan with a figure (暂无数据 is none), ``targets_asked`` those
    in the workbooks sent.
    """

    info: PlanInfo
    states: States
    tasks: tuple[TaskFacts, ...]
    returns: PeriodStatus
    targets_asked: frozenset[str]
    targets_reported: frozenset[str]
    targets: tuple[TargetFacts, ...] = ()

    def parts(self) -> dict[str, list[TaskFacts]]:
        """The tasks by part, main first: their numbers are never added up."""
        parts: dict[str, list[TaskFacts]] = {}
        for task in sorted(self.tasks, key=lambda task: task.part != "main"):
            parts.setdefault(task.part, []).append(task)
        return parts


def gather(ledger: Ledger, name: str, period: Period, settings: Settings, today: date) -> Facts:
    """Everything that a report on a period needs, read once."""
    plan, roster, states = ledger.plan(name), ledger.roster(name) or Roster(), settings.states()
    returned = read_returns(ledger, name, period.text, today)
    asked = {(each.unit, task) for each in returned for task in each.tasks}
    reported = {(each.unit, task) for each in returned if each.received for task in each.tasks}
    frame = ledger.values(name, period.text)
    values, targets = _task_values(
        frame, roster, {row["target_id"]: row["unit"] for row in records("targets", plan.targets)}
    )
    promised = ledger.values(name, PLAN.text)
    figures = Figures.read(frame, promised, plan, period, roster, states)
    _add_monthly(values, frame, roster, plan, figures)
    leads, goals = _leads(plan), _Goals.read(ledger, name, plan, period, roster)
    asked_units: dict[str, set[str]] = {}
    for unit, task in asked:
        asked_units.setdefault(task, set()).add(unit)
    judged = _Rulings.read(ledger, name, period, states)
    rows = records("tasks", plan.tasks)
    parts = {row["part"] for row in rows if row["task_id"] in asked_units}
    tasks = []
    for row in rows:
        if row["part"] not in parts:
            continue
        task_id, printed = row["task_id"], leads.get(row["task_id"], ())
        heard = {*values.get(task_id, {}), *asked_units.get(task_id, ())}
        units = _voices(printed, heard, roster)
        cells = _lead_first(units, values.get(task_id, {}))
        words = tuple(_word(unit, task_id, cells.get(unit, {}), asked, reported) for unit in units)
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
                deadline=row["deadline"],
                **judged.on_task(task_id),
                slow_words=tuple(w.unit for w in words if own_verdict(w, states).standing is Standing.SLOW),
            )
        )
    days = days_to_keep(plan)
    return Facts(
        plan.info,
        states,
        _assessed(tasks, days, figures, last_word_on(period, today)),
        sum_up(period.text, returned),
        frozenset(target for each in returned for target in each.targets),
        frozenset(targets),
        tuple(
            each
            for task in tasks
            for unit in dict.fromkeys((*task.units, *task.values))
            for each in figures.of(task.task_id, unit)
        ),
    )


def _assessed(
    tasks: Sequence[TaskFacts], days: Mapping[str, date | None], figures: Figures, on: date
) -> tuple[TaskFacts, ...]:
    """The tasks with what figures and deadlines say of them; what the office calls done is never late."""
    wanted = [
        Wanted(
            task.task_id,
            first_with_figures(task.own.unit, (*task.units, *task.values)),
            task.own.standing,
            task.deadline or "",
            days[task.task_id],
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


def _word(unit: str, task_id: str, cells: Cells, asked: set[tuple[str, str]], reported: set[tuple[str, str]]) -> Word:
    return Word(
        unit=unit,
        state=cells.get(COLUMNS["state"].header),
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


def _lead_first(leads: tuple[str, ...], cells: dict[str, Cells]) -> dict[str, Cells]:
    return {unit: cells[unit] for unit in dict.fromkeys((*leads, *cells)) if unit in cells}


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
        promised, _ = _task_values(ledger.values(name, PLAN.text), roster, {})
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
    """What the office said of the tasks of a period, as a whole (unit "")."""

    said: Mapping[tuple[str, str], str]
    states: States

    @classmethod
    def read(cls, ledger: Ledger, name: str, period: Period, states: States) -> _Rulings:
        kept = ledger.rulings(name, rulings.TASK, period.text).values()
        return cls({(each.row_id, each.column): each.value for each in kept if not each.unit}, states)

    def on_task(self, task_id: str) -> dict[str, Any]:
        state = self.said.get((task_id, rulings.STATE))
        return {
            "office": own_verdict(Word("", state=state), self.states) if state else None,
            "wording": self.said.get((task_id, rulings.WORDING), ""),
            "closed": (task_id, rulings.CLOSED) in self.said,
        }
