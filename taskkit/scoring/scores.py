"""The year's scores of all units, as plain values and as frames."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from taskkit.directing.following import standing
from taskkit.ledger import Ledger
from taskkit.periods import short_date
from taskkit.plan_index import PlanIndex
from taskkit.roster import Roster
from taskkit.scoring.adjustments import read_adjustments
from taskkit.scoring.counting import LIMIT, Adjustment, Line, lines_of
from taskkit.scoring.records import Record, read_records
from taskkit.scoring.rules import Rules, read_rules
from taskkit.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

RANKING = "名次按得分从高到低；得分相同的名次相同，按名册次序排列"


@dataclass(frozen=True)
class UnitScore:
    """One unit's score: ``start`` and the points of its ``lines`` add up to ``total``; ``records`` prove it.

    ``with_it`` are the units that report through it and are scored with it.
    """

    unit: str
    start: Decimal
    lines: tuple[Line, ...]
    records: tuple[Record, ...]
    rank: int = 0
    with_it: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        return sum((line.points for line in self.lines), self.start)

    def points(self, rule: str) -> Decimal:
        """What a rule (by its key) takes off or adds in all."""
        return sum((line.points for line in self.lines if line.rule == rule), Decimal(0))


@dataclass(frozen=True)
class Scores:
    """The scores of a plan's units by a day, in the order of the unit list.

    ``left_out`` names the units that are not scored, each with the reason.
    """

    name: str
    title: str
    issuer: str
    on: date
    rules: Rules
    units: tuple[UnitScore, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def ranked(self) -> tuple[UnitScore, ...]:
        """From the first rank to the last; units of one rank in the order of the list."""
        return tuple(sorted(self.units, key=lambda each: each.rank))

    @property
    def has_limits(self) -> bool:
        """Whether a floor or a ceiling bites anywhere."""
        return any(line.rule == LIMIT for each in self.units for line in each.lines)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per unit: unit, start, one column for each rule in use (its key), limit, total, rank. Points."""
        import pandas as pd

        keys = [*(rule.key for rule in self.rules.in_use), LIMIT]
        rows = [
            {"unit": each.unit, "start": float(each.start), **{key: float(each.points(key)) for key in keys}}
            | {"total": float(each.total), "rank": each.rank}
            for each in self.units
        ]
        return pd.DataFrame(rows, columns=["unit", "start", *keys, "total", "rank"])

    @cached_property
    def lines(self) -> pd.DataFrame:
        """One row per line: unit, rule, name, period, part, points, computed, evidence, ground, by."""
        import pandas as pd

        columns = ["unit", "rule", "name", "period", "part", "points", "computed", "evidence", "ground", "by"]
        rows = [{key: getattr(line, key) for key in columns} for each in self.units for line in each.lines]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype({"points": "float64", "computed": "float64"})


def score(ledger: Ledger, name: str, on: date | None = None, settings: Settings | None = None) -> Scores:
    """The score of each unit of a plan by a day (today), by the rules in words/scoring.toml.

    Only what was due by that day counts, and what came by then. Raises InputError with line and key for a mistake
    in the rules.
    """
    day, settings = on or date.today(), settings or Settings()
    rules, plan = read_rules(settings), ledger.plan(name, day)
    roster = ledger.roster(name, day) or Roster()
    index = PlanIndex(plan, roster)
    own: dict[str, list[Record]] = {}
    for record in read_records(ledger, name, day, settings):
        own.setdefault(record.unit, []).append(record)
    entered: dict[str, list[Adjustment]] = {}
    for each in read_adjustments(ledger, name, roster):
        entered.setdefault(each.unit, []).append(each)
    overdue = _overdue(ledger, name, day, roster)
    named = dict.fromkeys((*index.order, *own))
    reasons = {unit: _left_out(unit, index, {*own, *entered, *overdue}) for unit in named}
    units = [unit for unit, why in reasons.items() if not why]
    with_it = _with(index, units)
    counted = [
        UnitScore(
            unit,
            rules.start,
            lines_of(unit, own.get(unit, ()), entered.get(unit, ()), rules, overdue.get(unit, ())),
            tuple(own.get(unit, ())),
            with_it=with_it.get(unit, ()),
        )
        for unit in units
    ]
    left_out = ((unit, why) for unit, why in reasons.items() if why)
    info = plan.info
    return Scores(name, info.title or name, info.issuer or "", day, rules, tuple(_ranked(counted)), tuple(left_out))


def _overdue(ledger: Ledger, name: str, on: date, roster: Roster) -> dict[str, tuple[str, ...]]:
    """By unit, the 批示 that were due by the day and were done late, or are not done yet."""
    found: dict[str, list[str]] = {}
    for each in standing(ledger, name, on):
        if each.days_late and each.due_on and each.due_on < on:
            done = f"迟{each.days_late}天办结" if not each.is_open else f"{each.stage.label}，已逾期{each.days_late}天"
            given = f"{each.number}（{each.leader}{short_date(each.given_on)}批示）"
            unit = roster.reporter(each.unit)
            found.setdefault(unit, []).append(f"{given}：{short_date(each.due_on)}前办结，{done}")
    return {unit: tuple(dict.fromkeys(said)) for unit, said in found.items()}


def _left_out(unit: str, index: PlanIndex, own: Collection[str]) -> str:
    """Why a unit has no score of its own; "" for one that has."""
    roster = index.roster
    reporter = roster.reporter(unit)
    if unit in index.collectives or roster.is_collective(unit, False):
        return "是几个单位的合称"
    if not roster.scored(unit):
        return "名册注明不计分"
    if reporter != unit:
        return f"由“{reporter}”一并报送，随它计分" if roster.scored(reporter) else f"由“{reporter}”一并报送，它不计分"
    return "" if unit in own else "截至当日没有要它报送的内容"


def _with(index: PlanIndex, units: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    wanted = set(units)
    for unit in index.order:
        reporter = index.roster.reporter(unit)
        if reporter != unit and reporter in wanted and index.roster.scored(unit):
            found[reporter] = (*found.get(reporter, ()), unit)
    return found


def _ranked(units: list[UnitScore]) -> Iterable[UnitScore]:
    totals = [each.total for each in units]
    return (replace(each, rank=1 + sum(total > each.total for total in totals)) for each in units)
