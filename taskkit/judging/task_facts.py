"""What is known of each task in a period, and of the period: plain values, three voices side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from taskkit import approving
from taskkit.assess import Standing, Verdict, Word, own_verdict
from taskkit.assess.reasons import Grounds, TargetFacts
from taskkit.columns import COLUMNS
from taskkit.judging.items import ItemFacts
from taskkit.plan import PlanInfo
from taskkit.settings import States
from taskkit.settings.states import Phrases
from taskkit.tracking import PeriodStatus

if TYPE_CHECKING:
    pass

Cells = dict[str, str]  # column header -> value


@dataclass(frozen=True)
class TaskFacts:
    """One task in one period.

    Three voices stand side by side: ``own``, the word of its 汇总单位; ``computed`` (系统研判), with its
    ``reason`` in one sentence; ``office``, the judgement of the supervision office where there is one
    (督查核定). ``due_on`` is its last day (None: never late), ``days_late`` counts from it while it is not
    done (until when: see ``last_word_on``);
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
    due_on: date | None = None
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
