"""What is open with each unit on a day: forms not handed in, tasks late, behind or near their dates, 批示 not answered.

Nobody stands here for what it was not asked, nor for what it says is done. What a unit owes stands with
the unit through which it reports; collectives whose members nobody knows stand apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from taskkit.assess import Standing, Verdict, Word
from taskkit.assess.reasons import TargetFacts
from taskkit.assess.tasks import last_word_on
from taskkit.book_words import form_title, part_title
from taskkit.columns import COLUMNS, is_directives
from taskkit.directing import Stage
from taskkit.directing import Standing as Directed
from taskkit.directing import standing as directed
from taskkit.duties import Duty, duties
from taskkit.judging.cadences import Cadence, cadences
from taskkit.judging.said import said
from taskkit.judging.task_facts import TaskFacts
from taskkit.judging.times import done_before
from taskkit.ledger import Ledger
from taskkit.periods import PLAN, Period, parse_period, short_date
from taskkit.plan_index import PlanIndex
from taskkit.reports import wording
from taskkit.settings import Settings, States
from taskkit.text import compact
from taskkit.tracking import Outcome, Return, read_returns

_SILENT = (Standing.UNREPORTED, Standing.UNCHANGED)


class Colour(StrEnum):
    """How pressing something is, the worst first; each is a key of ``slips`` in words/states.toml."""

    LATE = "late"
    BEHIND = "behind"
    NEAR = "near"


class Sort(StrEnum):
    """What is open."""

    REPORT = "report"  # a form that has not come
    MENDING = "mending"  # what was sent back and has not changed since
    TASK = "task"
    DIRECTIVE = "directive"


@dataclass(frozen=True)
class Matter:
    """One thing that is open with one unit.

    ``name`` is what it is called in a letter, ``short`` in a few words. ``due_on`` is the day that
    counts; ``days`` are those since (late) or until then (near). ``to_whom`` a form goes ("" where nobody says).
    Of what is behind ``worst`` is the figure that shows it, ``state`` the state that was reported or, where it is
    ``judged``, that the office sees. ``said`` are the unit's newest words on it, ``said_in`` the period in which it
    said them. Of what was sent back ``tasks`` names the tasks.
    """

    sort: Sort
    colour: Colour
    name: str
    short: str
    due_on: date | None = None
    days: int = 0
    to_whom: str = ""
    worst: TargetFacts | None = None
    state: str = ""
    judged: bool = False
    said: str = ""
    said_in: str = ""
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Owing:
    """What is open with one unit, the worst first; ``collective``: nobody is known who would answer for it."""

    unit: str
    matters: tuple[Matter, ...]
    collective: bool = False

    @property
    def colour(self) -> Colour:
        """The worst of them."""
        return self.matters[0].colour


def open_matters(
    ledger: Ledger, name: str, period: Period | None, settings: Settings, today: date, units: Sequence[str] = ()
) -> tuple[Owing, ...]:
    """The units with which anything is open, in the order of the unit list, collectives last.

    ``period`` is the newest that counts: what was asked and said later is left out (None: tasks are not looked
    at). ``units``: those alone, or who reports for them. Raises UsageError, with near names, for an unknown one.
    """
    index = PlanIndex(ledger.plan(name, today), ledger.roster(name, today))
    chosen = {each for text in units for each in index.roster.recipients(index.meant(text))}
    reader = _Reader(ledger, name, period, settings, today, index)
    listed: dict[str, list[Matter]] = {}
    for unit, matter in reader.matters():
        if not chosen or unit in chosen:
            listed.setdefault(unit, []).append(matter)
    ranked = sorted(listed, key=lambda unit: (unit in index.collectives, index.rank(unit)))
    return tuple(Owing(unit, _worst_first(listed[unit]), unit in index.collectives) for unit in ranked)


def _worst_first(matters: Iterable[Matter]) -> tuple[Matter, ...]:
    """By colour; of one colour forms first, then the longest late, the nearest."""
    colours, sorts = tuple(Colour), tuple(Sort)

    def place(each: Matter) -> tuple[int, int, int]:
        days = each.days if each.colour is Colour.NEAR else -each.days
        return colours.index(each.colour), sorts.index(each.sort) > sorts.index(Sort.MENDING), days

    return tuple(sorted(matters, key=place))


@dataclass(frozen=True)
class _Reader:
    """What the ledger says of a plan, as matters: (unit, matter)."""

    ledger: Ledger
    name: str
    period: Period | None
    settings: Settings
    today: date
    index: PlanIndex

    def matters(self) -> Iterator[tuple[str, Matter]]:
        following = [pair for each in self._directives for pair in self._directive(each)]
        yield from self._forms({unit for unit, _ in following})
        yield from following
        for cadence in self._cadences:
            yield from self._sent_back(cadence.when, cadence.returns(self.ledger, self.name, self.today))
            yield from self._tasks(cadence)
        yield from self._sent_back(PLAN, read_returns(self.ledger, self.name, PLAN.text, self.today))

    @cached_property
    def _states(self) -> States:
        return self.settings.states()

    @cached_property
    def _cadences(self) -> tuple[Cadence, ...]:
        if self.period is None or self.period == PLAN:
            return ()
        return tuple(cadences(self.ledger, self.name, self.period, self.settings, self.today))

    @cached_property
    def _directives(self) -> tuple[Directed, ...]:
        return directed(self.ledger, self.name, self.today)

    def _counts(self, period: str) -> bool:
        """Whether a period is none after the one that is looked at."""
        when = parse_period(period)
        return self.period is None or (when.year, when.last_month) <= (self.period.year, self.period.last_month)

    # --- forms ----------------------------------------------------------------------------

    def _forms(self, answering: set[str]) -> Iterator[tuple[str, Matter]]:
        """Forms that were sent, and have not come by their date or are due within days.

        What a later form of the same kind has told or asks too is not asked again: reports are cumulative.
        A form of 批示 is not, where these are asked one by one (``answering``).
        """
        listed = duties(self.ledger, self.name, self.today, self.settings)
        for each in listed:
            is_asked = each.workbook and each.is_open and self._counts(each.period) and each.due_on
            apart = is_directives(each.part) and each.unit in answering
            colour = self._colour_of(each.due_on, is_form=True)
            if is_asked and colour and not apart and not self._is_overtaken(each, listed):
                assert each.due_on is not None
                title = form_title(parse_period(each.period), self.index.info.year, each.role, each.part)
                days = abs((self.today - each.due_on).days)
                yield (
                    each.unit,
                    Matter(Sort.REPORT, colour, title, self._dateless(title), each.due_on, days, each.to_whom),
                )

    def _is_overtaken(self, duty: Duty, listed: Iterable[Duty]) -> bool:
        when = parse_period(duty.period)
        later = (
            each
            for each in listed
            if (each.unit, each.part, each.role) == (duty.unit, duty.part, duty.role)
            and PLAN != when < parse_period(each.period)
            and self._counts(each.period)
        )
        return any(each.received or each.outcome is Outcome.MISSING for each in later)

    def _sent_back(self, when: Period, returned: Iterable[Return]) -> Iterator[tuple[str, Matter]]:
        for each in returned:
            tasks = tuple(self._number(task) for task in each.to_mend if task in self.index.tasks)
            if tasks and each.received:
                title = form_title(when, self.index.info.year, each.role, each.part)
                yield each.unit, Matter(Sort.MENDING, Colour.BEHIND, title, self._dateless(title), tasks=tasks)

    def _dateless(self, title: str) -> str:
        """A form's title without the year of the plan."""
        return title.removeprefix(f"{self.index.info.year}年")

    def _colour_of(self, due_on: date | None, *, is_form: bool) -> Colour | None:
        """By the date alone: late, near, or nothing yet."""
        limits = self._states.limits
        warning = limits.last if is_form else limits.soon
        if due_on is None:
            return None
        if due_on < self.today:
            return Colour.LATE
        return Colour.NEAR if warning and warning.is_on(due_on, self.today) else None

    # --- 批示 -----------------------------------------------------------------------------

    def _directive(self, each: Directed) -> Iterator[tuple[str, Matter]]:
        """One that stands in a form of the unit, and is past its date, or is due within days."""
        colour = self._colour_of(each.due_on, is_form=True)
        if not each.is_open or each.stage is Stage.UNSENT or colour is None:
            return
        assert each.due_on is not None
        reporter = self.index.roster.reporter(each.unit)
        for_whom = "" if reporter == each.unit else f"，{each.unit}承办"
        about = compact(each.about).rstrip("。；")
        name = f"{each.leader}{short_date(each.given_on)}批示（{about}{for_whom}）"
        period = parse_period(each.period).label if each.period else ""
        yield (
            reporter,
            Matter(
                Sort.DIRECTIVE,
                colour,
                name,
                f"{each.leader}{short_date(each.given_on)}批示",
                each.due_on,
                abs((self.today - each.due_on).days),
                said=each.said,
                said_in=period,
            ),
        )

    # --- tasks ----------------------------------------------------------------------------

    def _tasks(self, cadence: Cadence) -> Iterator[tuple[str, Matter]]:
        done = done_before(self.ledger, self.name, cadence.when, self.index.roster, self._states)
        for task in cadence.tasks:
            if task.closed or (task.office and task.office.standing is Standing.DONE):
                continue
            for word in task.words:
                if word.unit in self.index.collectives:
                    yield from self._of_collective(task, word.unit)
                elif word.asked and not self._is_done(task, word, done):
                    yield from self._of_unit(task, word, cadence)

    def _is_done(self, task: TaskFacts, word: Word, done: frozenset[tuple[str, str]]) -> bool:
        """Whether a unit says so, now or (where it says nothing now) before."""
        standing = task.judged(word, self._states).standing
        return standing is Standing.DONE or (standing in _SILENT and (word.unit, task.task_id) in done)

    def _of_collective(self, task: TaskFacts, unit: str) -> Iterator[tuple[str, Matter]]:
        if colour := self._colour_of(task.due_on, is_form=False):
            assert task.due_on is not None
            yield unit, self._matter(task, colour, abs((self.today - task.due_on).days))

    def _of_unit(self, task: TaskFacts, word: Word, cadence: Cadence) -> Iterator[tuple[str, Matter]]:
        verdict = task.judged(word, self._states)
        judged = verdict is task.office or verdict is task.ruled.get(word.unit)
        slow = [
            each
            for each in cadence.facts.targets
            if (each.task_id, each.unit) == (task.task_id, word.unit) and each.standing is Standing.SLOW
        ]
        days = self._days_late(task, word, cadence.when)
        colour = self._colour_of(task.due_on, is_form=False)
        said, said_in = self._words_of(word.unit, task, cadence.when)
        if days:
            yield word.unit, self._matter(task, Colour.LATE, days, said=said, said_in=said_in)
        elif verdict.standing is Standing.SLOW or (slow and not judged):
            worst = min(slow, key=lambda each: each.gap if each.gap is not None else 0.0, default=None)
            yield (
                word.unit,
                self._matter(
                    task,
                    Colour.BEHIND,
                    worst=worst,
                    state=verdict.name,
                    judged=judged,
                    said=said,
                    said_in=said_in,
                ),
            )
        elif colour is Colour.NEAR and task.due_on and not _figures_done(task, word, verdict):
            yield word.unit, self._matter(task, colour, (task.due_on - self.today).days, said=said, said_in=said_in)

    def _days_late(self, task: TaskFacts, word: Word, when: Period) -> int:
        """Days to today, where the facts count them to the end of the next period at the latest."""
        if task.due_on is None or task.due_on >= self.today:
            return 0
        unseen = task.due_on >= last_word_on(when, self.today) and not _figures_done(task, word, None)
        first = word.unit == task.own.unit
        # Of several lead units the facts count the days of the first; the date is that of all.
        return (self.today - task.due_on).days if task.days_late or unseen or not first else 0

    def _matter(self, task: TaskFacts, colour: Colour, days: int = 0, **more: object) -> Matter:
        short = _named(task.title)
        name = f"{self._number(task.task_id)}“{short}”"
        return Matter(Sort.TASK, colour, name, f"“{short}”", task.due_on, days, **more)  # type: ignore[arg-type]

    def _number(self, task_id: str) -> str:
        """第5项任务; 民生实事第5项; nothing for one without a number."""
        task = self.index.tasks[task_id]
        part = part_title(task["part"])
        return f"{part}第{task['no']}项" if task["no"] is not None else part

    def _words_of(self, unit: str, task: TaskFacts, when: Period) -> tuple[str, str]:
        """A unit's newest words on a task, and the period in which it said them."""
        if now := task.value(unit, "progress"):
            return now, when.label
        return self._words.get((unit, task.task_id), ("", ""))

    @cached_property
    def _words(self) -> Mapping[tuple[str, str], tuple[str, str]]:
        frame = self.ledger.values(self.name)
        frame = frame[(frame["column"] == COLUMNS["progress"].header) & (frame["period"] != PLAN.text)]
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for when in sorted(map(parse_period, set(frame["period"]))):
            if self._counts(when.text):
                for each in said(frame[frame["period"] == when.text], self.index.roster):
                    if not each.target_id:
                        found[each.unit, each.task_id] = each.value, when.label
        return found


def _named(title: str) -> str:
    """A task as it is named in passing, within quotation marks."""
    short = wording.short(title)
    whole = short if wording.bare(title).endswith("等") else short.removesuffix("等")
    return whole.replace("“", "‘").replace("”", "’")


def _figures_done(task: TaskFacts, word: Word, verdict: Verdict | None) -> bool:
    """Whether a unit's figures say that all is reached, and the office does not say otherwise."""
    if verdict is not None and verdict is task.office:
        return False
    return word.unit == task.own.unit and task.computed is not None and task.computed.standing is Standing.DONE
