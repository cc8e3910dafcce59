"""The comparison of a plan, part by part, as plain values and as frames: what bulletins are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from taskkit.book_words import part_title
from taskkit.comparing.changes import (
    FigureChange,
    StateCount,
    TaskChange,
    Turn,
    figure_changes,
    state_counts,
    task_changes,
)
from taskkit.comparing.portions import Portion
from taskkit.comparing.promises import Promise, promises
from taskkit.comparing.reading import Moment, Part, Reader
from taskkit.comparing.units import UnitComparison, average, counted_each, unit_comparisons
from taskkit.ledger import Ledger
from taskkit.periods import PLAN, Period, parse_period
from taskkit.scoring.records import Record, read_records
from taskkit.settings import Settings, States

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class PartComparison:
    """One part of the plan at its own period. Its numbers are never added to those of another part.

    ``on_schedule`` and ``done`` are of ``tasks``; ``each_counted`` explains the sum of the unit rows ("" where there is
    nothing to explain); ``average`` is the mean of the units' shares on schedule, a percentage; ``withdrawn``: how
    many more tasks were withdrawn from the plan, and count nowhere. ``units_before`` are the units in the period
    before, by what the ledger holds now.
    """

    part: str
    period: Period
    previous: Period | None
    tasks: int
    promises: tuple[Promise, ...]
    counts: tuple[StateCount, ...]
    changes: tuple[TaskChange, ...]
    figures: tuple[FigureChange, ...]
    units: tuple[UnitComparison, ...]
    on_schedule: Portion
    done: Portion
    average: float | None
    each_counted: str
    withdrawn: int = 0
    units_before: tuple[UnitComparison, ...] = ()

    @property
    def label(self) -> str:
        """重点任务, 民生实事, 附件2."""
        return part_title(self.part) or "重点任务"

    @property
    def counted(self) -> str:
        """How many tasks are compared: 共130项；另有2项已撤销，不计."""
        return f"共{self.tasks}项" + (f"；另有{self.withdrawn}项已撤销，不计" if self.withdrawn else "")

    @cached_property
    def turns(self) -> tuple[tuple[Turn, TaskChange], ...]:
        """The tasks whose state changed, each with what became of it, in the order of ``Turn`` and the plan's."""
        turned = [(each.turn, each) for each in self.changes if each.turn]
        return tuple(sorted(turned, key=lambda pair: tuple(Turn).index(pair[0])))

    @cached_property
    def promise_frame(self) -> pd.DataFrame:
        """Columns: those of ``Promise``, and gap_text. rate, stage_rate: percentages; gap: in ``measure``."""
        return _frame(Promise, self.promises).assign(gap_text=[each.gap_text for each in self.promises])

    @cached_property
    def count_frame(self) -> pd.DataFrame:
        """One row per state: name, standing, now, now_share, now_text, before, before_share, before_text, difference.

        Shares are percentages of the part's tasks in that period; the texts say the denominator.
        """
        import pandas as pd

        rows = [
            {"name": each.name, "standing": str(each.standing)}
            | _said("now", each.now)
            | _said("before", each.before)
            | {"difference": each.difference}
            for each in self.counts
        ]
        columns = [f"{when}{what}" for when in ("now", "before") for what in ("", "_share", "_text")]
        return pd.DataFrame(rows, columns=["name", "standing", *columns, "difference"])

    @cached_property
    def change_frame(self) -> pd.DataFrame:
        """One row per task: task_id, no, title, unit, before, now (states by name), change (``Change``),
        turn (``Turn`` or None).
        """
        return _frame(TaskChange, self.changes)

    @cached_property
    def figure_frame(self) -> pd.DataFrame:
        """One row per target: task_id, target_id, indicator, unit, measure, before, now (texts), difference."""
        return _frame(FigureChange, self.figures)

    @cached_property
    def unit_frame(self) -> pd.DataFrame:
        """One row per unit: unit, tasks, one column per state (its name), on_schedule, done, on_time (each with
        _share and _text), late, missing, sent_back, rank. Shares are percentages; the texts say the denominator.
        """
        import pandas as pd

        names = [count.name for count in self.counts]
        rows = [
            {"unit": each.unit, "tasks": each.tasks}
            | {name: each.states.get(name, 0) for name in (*names, *each.states)}
            | _said("on_schedule", each.on_schedule)
            | _said("done", each.done)
            | _said("on_time", each.on_time)
            | {key: getattr(each, key) for key in ("late", "missing", "sent_back", "rank")}
            for each in self.units
        ]
        return pd.DataFrame(rows)


@dataclass(frozen=True)
class Comparison:
    """A plan compared as of a day, part by part, main first."""

    name: str
    title: str
    issuer: str
    on: date
    states: States
    parts: tuple[PartComparison, ...]

    def part(self, part: str) -> PartComparison:
        """One part. Raises KeyError where it was not asked for."""
        return {each.part: each for each in self.parts}[part]


def compare(
    ledger: Ledger,
    name: str,
    period: str | None = None,
    settings: Settings | None = None,
    today: date | None = None,
) -> Comparison:
    """Compare promise and result, this period and the last, unit and unit.

    ``period``: the newest that was issued; a part with a cadence of its own stands at its last period by then.
    Raises UsageError where no reporting period was issued, or nothing for the one asked.
    """
    settings, today = settings or Settings(), today or date.today()
    reader = Reader(ledger, name, settings, today)
    parts = reader.parts(period)
    records = read_records(ledger, name, today, settings)
    info = reader.plan.info
    compared = tuple(_compared(part, reader, records) for part in parts)
    return Comparison(name, info.title or name, info.issuer or "", today, settings.states(), compared)


def _compared(part: Part, reader: Reader, records: Sequence[Record]) -> PartComparison:
    states, now = reader.settings.states(), part.now
    counts = state_counts(part, states)
    units = _units(now, part.part, reader, records)
    whole = len(now.tasks)
    return PartComparison(
        part=part.part,
        period=now.period,
        previous=part.before.period if part.before else None,
        tasks=whole,
        promises=promises(now, reader),
        counts=counts,
        changes=task_changes(part),
        figures=figure_changes(part, reader),
        units=units,
        on_schedule=Portion(sum(each.now.number for each in counts if each.standing in ("done", "normal")), whole),
        done=Portion(sum(each.now.number for each in counts if each.standing == "done"), whole),
        average=average(units),
        each_counted=counted_each(units, now),
        withdrawn=now.withdrawn,
        units_before=_units(part.before, part.part, reader, records) if part.before else (),
    )


def _units(moment: Moment, part: str, reader: Reader, records: Sequence[Record]) -> tuple[UnitComparison, ...]:
    own = [each for each in records if each.part == part and _by(each.period, moment.period)]
    return unit_comparisons(moment, own, reader.settings.states(), reader.index.order)


def _by(period: str, last: Period) -> bool:
    each = parse_period(period)
    return each == PLAN or not last < each


def _said(key: str, portion: Portion | None) -> dict[str, Any]:
    if portion is None:
        return {key: None, f"{key}_share": None, f"{key}_text": ""}
    return {key: portion.number, f"{key}_share": portion.share, f"{key}_text": portion.text}


def _frame(kind: type[Any], rows: Iterable[Any]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([asdict(row) for row in rows], columns=[each.name for each in fields(kind)])
