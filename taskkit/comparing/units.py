"""Unit against unit: what each leads, where that stands, and how it reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from taskkit.assess import Standing, Verdict
from taskkit.comparing.changes import GOOD
from taskkit.comparing.portions import Portion
from taskkit.comparing.reading import Moment
from taskkit.scoring.records import Record
from taskkit.settings import States
from taskkit.tracking import Outcome

RANKING = "名次按“按序时及以上”的占比从高到低；相同的比已完成的占比；再相同的名次相同，按名册次序排列"
_EACH = "一个任务多家牵头的分别计入：各单位合计{sum}项次，任务实为{tasks}项。"


@dataclass(frozen=True)
class UnitComparison:
    """One unit: the tasks that it leads and was asked for or that are closed, by state, and its reports of the year.

    ``states`` counts by the name of the state: as the office judges the unit's word, else by that word itself.
    ``on_time`` is of the reports that were due; ``late``, ``missing`` and ``sent_back`` are numbers of them. All are
    of the periods up to this one.
    """

    unit: str
    states: Mapping[str, int]
    on_schedule: Portion
    done: Portion
    on_time: Portion
    late: int
    missing: int
    sent_back: int
    rank: int = 0

    @property
    def tasks(self) -> int:
        return self.on_schedule.whole


def unit_comparisons(
    moment: Moment, records: Iterable[Record], states: States, order: Mapping[str, int]
) -> tuple[UnitComparison, ...]:
    """One row per unit that was asked for a task that it leads, or leads one that is closed, in the list's order.

    ``records`` are those of the part, of all periods up to this one.
    """
    verdicts: dict[str, list[Verdict]] = {}
    for task in moment.tasks:
        for word in task.words:
            if word.asked or task.closed:
                verdicts.setdefault(word.unit, []).append(task.judged(word, states))
    reports: dict[str, list[Record]] = {}
    for each in records:
        reports.setdefault(each.unit, []).append(each)
    rows = [
        _row(unit, verdicts[unit], reports.get(unit, ())) for unit in sorted(verdicts, key=lambda u: order.get(u, 0))
    ]
    placed = ranks(rows)
    return tuple(replace(each, rank=placed[each.unit]) for each in rows)


def ranks(rows: Iterable[UnitComparison]) -> dict[str, int]:
    """Unit -> its rank among these, by RANKING; units of equal merit share one."""
    merits = {each.unit: _merit(each) for each in rows}
    return {unit: 1 + sum(other > merit for other in merits.values()) for unit, merit in merits.items()}


def _merit(row: UnitComparison) -> tuple[float, float]:
    return row.on_schedule.number / row.tasks, row.done.number / row.tasks


def _row(unit: str, verdicts: Sequence[Verdict], records: Sequence[Record]) -> UnitComparison:
    due = [each for each in records if each.outcome not in (Outcome.EXCUSED, Outcome.NOT_DUE)]
    outcomes = Counter(each.outcome for each in due)
    whole = len(verdicts)
    return UnitComparison(
        unit,
        dict(Counter(each.name for each in verdicts)),
        Portion(sum(each.standing in GOOD for each in verdicts), whole),
        Portion(sum(each.standing is Standing.DONE for each in verdicts), whole),
        Portion(outcomes[Outcome.ON_TIME], len(due), "次"),
        outcomes[Outcome.LATE],
        outcomes[Outcome.MISSING],
        sum(len(each.sent_back) for each in records),
    )


def counted_each(rows: Sequence[UnitComparison], moment: Moment) -> str:
    """The note that explains why the rows add up to more than the tasks; "" where they do not."""
    total = sum(row.tasks for row in rows)
    tasks = sum(task.asked or task.closed for task in moment.tasks)
    return _EACH.format(sum=total, tasks=tasks) if total != tasks else ""


def average(rows: Sequence[UnitComparison]) -> float | None:
    """The mean of the units' shares on schedule (a percentage with one decimal); None of no unit."""
    shares = [row.on_schedule.number / row.tasks * 100 for row in rows]
    return round(sum(shares) / len(shares), 1) if shares else None
