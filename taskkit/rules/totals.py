"""Figures against each other: the last period's, the stages of a plan, the year's target."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from taskkit.columns import COLUMNS
from taskkit.findings import Finding
from taskkit.rules.filled import FilledBook, FilledRow
from taskkit.typed import meaning

_TOTALS = (("achieved", "previous"), ("month_total", "last_month"))
_FAR = 100  # times the target: rather a slip of the unit (12000 for 1.2万)


def check_totals(row: FilledRow, book: FilledBook) -> Iterator[Finding]:
    """A cumulative value that fell, or that is far from what its unit makes likely."""
    for now_key, before_key in _TOTALS:
        now, before = row.reads(now_key).number, row.reads(before_key).number
        if now is None:
            continue
        if before is not None and now < before and row.aim.adds_up and not is_fraction(row, now):
            words = {"column": COLUMNS[now_key].header, "before": COLUMNS[before_key].header}
            yield row.found("value-fell", now_key, value=row.value(now_key), previous=row.value(before_key), **words)
        yield from _check_size(row, now_key, now)


def _check_size(row: FilledRow, key: str, now: Decimal) -> Iterator[Finding]:
    """0.95 where 95 of a hundred is meant, and 12000 where the unit is 万人."""
    aim, words = row.aim.value, {"column": COLUMNS[key].header, "value": row.value(key), "aim": row.aim.shown}
    if not aim or aim < 0:
        return
    if is_fraction(row, now):
        yield row.found("share-as-fraction", key, meant=f"{now * 100:f}".rstrip("0").rstrip("."), **words)
    elif now >= Decimal(str(aim)) * _FAR and now >= _FAR:
        yield row.found("value-far", key, **words)


def is_fraction(row: FilledRow, now: Decimal) -> bool:
    """Whether 0.95 seems to mean 95 of a hundred."""
    aim = row.aim
    return aim.unit == "%" and not aim.may_be_negative and (aim.value or 0) >= 10 and 0 < now <= 1


def check_goals(row: FilledRow, book: FilledBook) -> Iterator[Finding]:
    """The stage goals of a target: they lead up (or down) to the year's, and the last one is it."""
    if row.aim.value is None or not row.has("annual_value") or row.has("achieved"):
        return
    said = [(header, meaning(row.values.get(header, ""), row.aim.unit).number) for header in row.goals]
    goals = [(header, number) for header, number in said if number is not None]
    for (before, low), (now, high) in pairwise(goals):
        if (high > low) if row.aim.falling else (row.aim.adds_up and high < low):
            words = {"now": now, "value": row.values[now], "before": before, "previous": row.values[before]}
            yield row.found_under("goals-turn", now, **words)
    if goals and goals[-1][0] == row.goals[-1]:
        last, number = goals[-1]
        if row.aim.missed_by(float(number)):
            yield row.found_under("goal-short", last, now=last, value=row.values[last], aim=row.aim.shown)
