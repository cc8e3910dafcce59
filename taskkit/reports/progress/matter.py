"""What all sections of the progress report are written from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from taskkit.assess import Count, Standing, tally
from taskkit.assess.reasons import TargetFacts
from taskkit.comparing.reading import Part, Reader
from taskkit.judging.facts import Facts, TaskFacts
from taskkit.ledger import Ledger
from taskkit.orders import Orders
from taskkit.periods import Period
from taskkit.plan_index import PlanIndex
from taskkit.reports import wording
from taskkit.reports.masking import Mask
from taskkit.settings import Sentences, Settings

MOST_NAMED = 10  # tasks or targets that are named in one sentence; the annexes list them all


@dataclass(frozen=True)
class Entry:
    """A numbered paragraph: ``title`` runs in, ``text`` follows, ``more`` are paragraphs after it."""

    number: int
    title: str = ""
    text: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Domain:
    """One 大类: its heading （一）…, a sentence of counts, what was reported, and what was not.

    ``number`` is empty where it is the only one and has no heading of its own.
    """

    number: str
    title: str
    summary: str
    entries: tuple[Entry, ...]
    tail: tuple[str, ...]


@dataclass(frozen=True)
class Matter:
    """A plan in a period, and what there is to say it with.

    ``parts``: each part that the period asks for, with its period before (None for the first).
    ``mask`` takes phones and persons out of what units wrote, in the public version (else None).
    """

    facts: Facts
    period: Period
    parts: Mapping[str, Part]
    reader: Reader
    orders: Orders
    say: Sentences
    today: date
    mask: Mask | None = None

    @classmethod
    def read(
        cls, ledger: Ledger, name: str, period: Period, settings: Settings, today: date, public: bool = False
    ) -> Matter:
        """All that is needed, read once."""
        reader = Reader(ledger, name, settings, today)
        facts = reader.facts(period)
        asked = facts.parts()
        listed = (each for each in reader.parts(period.text) if each.now.period == period and each.part in asked)
        return cls(
            facts,
            period,
            {each.part: each for each in listed},
            reader,
            Orders(reader.plan, nominal=ledger.nominal_dates(name)),
            settings.sentences("progress"),
            today,
            Mask.read(ledger, name, reader.index) if public else None,
        )

    @property
    def index(self) -> PlanIndex:
        """The plan by unit and task."""
        return self.reader.index

    @property
    def public(self) -> bool:
        """Whether it may leave the house."""
        return self.mask is not None

    @property
    def is_annual(self) -> bool:
        """Whether the period ends the year."""
        return self.period.last_month == 12

    @cached_property
    def tasks(self) -> dict[str, list[TaskFacts]]:
        """The tasks by part, main first: their numbers are never added up."""
        return self.facts.parts()

    @cached_property
    def figures(self) -> dict[str, list[TargetFacts]]:
        """The figure of each target that has an aim and a figure, by part: that of its first lead unit that wrote one.

        Those that were asked for in this period. What is closed counts as done, whatever its figure says.
        """
        found: dict[str, list[TargetFacts]] = {}
        for part, own in self.parts.items():
            for task in own.now.tasks:
                targets = (target["target_id"] for target in self.index.targets.get(task.task_id, ()))
                figures = (own.now.figure(task, each) for each in targets if each in self.facts.targets_asked)
                known = [each for each in figures if each and each.known]
                if task.closed:
                    known = [replace(each, standing=Standing.DONE) for each in known]
                found.setdefault(part, []).extend(known)
        return found

    def shown(self, text: str) -> str:
        """What a unit wrote, as this version prints it."""
        return self.mask(text) if self.mask else text

    def tally(self, tasks: Iterable[TaskFacts]) -> list[Count]:
        """How many tasks stand where, of the states that occur."""
        return [each for each in tally((task.verdict for task in tasks), self.facts.states) if each.number]

    def in_order(self, units: Iterable[str]) -> list[str]:
        """Units once each, as the list orders them."""
        return sorted(dict.fromkeys(units), key=self.index.rank)

    def units(self, tasks: Iterable[TaskFacts]) -> str:
        """Who leads these tasks: A、B、C, in the order of the list."""
        return "、".join(self.in_order(unit for task in tasks for unit in task.printed))


def joined(*sentences: str) -> Iterator[str]:
    """Sentences as one paragraph; none where all are left out."""
    if text := "".join(sentences):
        yield text


def named(tasks: Iterable[TaskFacts], most: int = MOST_NAMED) -> str:
    """Tasks named in passing, each with its lead units: 办好第1件事（县教育局）；办好第2件事（县水务局）."""
    listed = list(tasks)
    shown = "；".join(f"{wording.short(task.title)}（{'、'.join(task.printed)}）" for task in listed[:most])
    return shown if len(listed) <= most else f"{shown}等"


def points(number: float) -> str:
    """Percentage points with one decimal where one is needed: 12.3, 12."""
    return f"{round(number, 1):g}"
