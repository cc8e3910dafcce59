"""Granting a later date (延期) to a unit, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from taskkit.duties import Duty, duties
from taskkit.errors import UsageError
from taskkit.extensions import Extension, grant, take_back
from taskkit.ledger import Ledger
from taskkit.periods import official_date, parse_period
from taskkit.plan_index import PlanIndex
from taskkit.proofreading.columns import part_meant, part_shown
from taskkit.settings import Settings


@dataclass(frozen=True)
class Wanted:
    """What a unit asked for; unit, period and part as people write them (``part`` None: the only one)."""

    unit: str
    period: str
    part: str | None
    to: date
    asked: date
    reason: str


@dataclass(frozen=True)
class Extended:
    """What was granted or taken back: the forms as they stand now, and whether that is news."""

    unit: str
    period: str
    part: str
    forms: tuple[Duty, ...]
    is_new: bool


def extend_date(
    ledger: Ledger, name: str, wanted: Wanted, today: date | None = None, settings: Settings | None = None
) -> Extended:
    """Grant a later date for the forms of a unit whose date had not passed when it was asked for.

    Raises UsageError for a unit that owes nothing in the period or has handed it in, for a day of
    asking that is still to come, and, with the rule, for one that came too late.
    """
    day = today or date.today()
    if wanted.asked > day:
        raise UsageError(f"提出日期{official_date(wanted.asked)}还没有到", "请核对 --asked")
    owed = _owed(ledger, name, wanted.unit, wanted.period, wanted.part, day, settings)
    first = owed[0]
    extension = Extension(wanted.to, wanted.asked, wanted.reason.strip())
    same = [each for each in owed if each.extension == extension]
    if same:
        return Extended(first.unit, first.period, first.part, tuple(same), is_new=False)
    dates = [each.due_on for each in owed if each.due_on and each.is_open]
    if not dates:
        why = "已经报送，不用延期" if any(each.received for each in owed) else "没有定报送日期，不用延期"
        raise UsageError(f"“{first.unit}”的{parse_period(first.period).label}{why}", "请核对单位和报送期")
    fitting = [each for each in dates if extension.counts_for(each)]
    grant(ledger, name, first.unit, first.part, first.period, extension, max(fitting or dates))
    now = _owed(ledger, name, first.unit, first.period, first.part, day, settings)
    return Extended(
        first.unit, first.period, first.part, tuple(each for each in now if each.extension == extension), is_new=True
    )


def withdraw_extension(
    ledger: Ledger, name: str, unit: str, period: str, part: str | None, settings: Settings | None = None
) -> Extended:
    """Take back what was granted: the first date counts again. Raises UsageError where nothing was granted."""
    owed = _owed(ledger, name, unit, period, part, date.today(), settings)
    first = owed[0]
    if not take_back(ledger, name, first.unit, first.part, first.period):
        raise UsageError(
            f"“{first.unit}”的{parse_period(first.period).label}没有登记过延期", "请核对单位、报送期和部分"
        )
    now = _owed(ledger, name, first.unit, first.period, first.part, date.today(), settings)
    return Extended(first.unit, first.period, first.part, now, is_new=True)


def _owed(
    ledger: Ledger, name: str, unit: str, period: str, part: str | None, on: date, settings: Settings | None
) -> tuple[Duty, ...]:
    """The forms of a unit in a period and part. Raises UsageError where it owes none, or where several parts do."""
    plan = ledger.plan(name)
    index = PlanIndex(plan, ledger.roster(name))
    meant, when = index.meant(unit), parse_period(period, plan.info.year)
    reporter = index.roster.reporter(meant)
    if reporter != meant:
        raise UsageError(f"“{meant}”由“{reporter}”一并报送", f"请给“{reporter}”登记延期")
    mine = [each for each in duties(ledger, name, on, settings) if each.unit == meant]
    listed = [each for each in mine if each.period == when.text]
    if not listed:
        periods = "、".join(dict.fromkeys(parse_period(each.period).label for each in mine))
        raise UsageError(
            f"“{meant}”在{when.label}没有要报送的", f"要它报送的有：{periods}" if periods else "方案没有要它报送"
        )
    return _of_part(listed, part)


def _of_part(listed: Sequence[Duty], part: str | None) -> tuple[Duty, ...]:
    parts = list(dict.fromkeys(each.part for each in listed))
    shown = "、".join(map(part_shown, parts))
    wanted = part and (part_meant(part) or part)
    if wanted is None and len(parts) > 1:
        raise UsageError(f"“{listed[0].unit}”这一期要报几部分：{shown}", "请用 --part 写明是哪一部分")
    if wanted is not None and wanted not in parts:
        raise UsageError(f"“{listed[0].unit}”这一期没有“{part_shown(wanted)}”要报", f"要报的是：{shown}")
    return tuple(each for each in listed if each.part == (wanted or parts[0]))
