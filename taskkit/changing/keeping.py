"""Changes as further versions of a plan: each from its day on, and in what was already set to follow after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from taskkit.changing.applying import DOCUMENT, applied
from taskkit.entries import PlanChange
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.periods import official_date
from taskkit.plan import Plan


def news(ledger: Ledger, name: str, changes: Iterable[PlanChange]) -> list[PlanChange]:
    """Those of the changes that the ledger does not hold, each once."""
    known = {each.key for each in ledger.plan_changes(name)}
    return list({each.key: each for each in changes if each.key not in known}.values())


def versions_with(ledger: Ledger, name: str, changes: Sequence[PlanChange]) -> list[tuple[date, Plan]]:
    """The versions that a plan gets by new changes: one from each of their days, and those set for later days anew."""
    used = sorted(ledger.ids_used(name))
    later = {each.effective_on for each in ledger.plan_versions(name) if each.effective_on}
    ordered = sorted(changes, key=lambda each: each.effective_on)
    first = ordered[0].effective_on if ordered else date.max
    days = sorted({each.effective_on for each in ordered} | {day for day in later if day > first})
    made: list[tuple[date, Plan]] = []
    for day in days:
        due = [each for each in ordered if each.effective_on <= day]
        made.append((day, applied(ledger.plan(name, day), due, used)))
    return made


def keep_changes(
    ledger: Ledger, name: str, changes: Sequence[PlanChange], file_name: str, file: bytes, seen: int
) -> None:
    """Keep new changes, all of them or none. Raises LedgerChangedError where the plan was changed since ``seen``."""
    grounds = "；".join(dict.fromkeys(each.ground for each in changes if each.ground))
    ledger.keep_versions(name, versions_with(ledger, name, changes), changes, grounds, file_name, file, seen)


def check_order(ledger: Ledger, name: str, day: date) -> None:
    """Raise UsageError where a whole document is already kept that holds from a later day on."""
    later = [each for each in ledger.plan_changes(name) if each.kind == DOCUMENT and each.effective_on > day]
    if later:
        kept = later[-1]
        raise UsageError(
            f"台账里已有 {official_date(kept.effective_on)}起执行的修订稿（{kept.file_name}），这一份不能更早",
            "请核对 --on 的日期",
        )


def versions_of_document(ledger: Ledger, name: str, day: date, plan: Plan) -> list[tuple[date, Plan]]:
    """The versions that a plan gets by an amended document: it from its day on, then what is set for later days."""
    used = sorted(ledger.ids_used(name) | set(plan.tasks.index) | set(plan.targets["target_id"]))
    made = [(day, plan)]
    after = sorted(
        (each for each in ledger.plan_changes(name) if each.effective_on > day), key=lambda each: each.effective_on
    )
    for later, group in groupby(after, key=lambda each: each.effective_on):
        plan = applied(plan, list(group), used)
        made.append((later, plan))
    return made
