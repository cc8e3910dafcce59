"""A schedule set by one of the common kinds (words/calendars.toml), or set back to what the plan prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from taskkit.arranging.changes import Rearranged, dates_now, told
from taskkit.calendars import DateKind, find_kind, work_calendar
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.orders import Orders
from taskkit.periods import PLAN, parse_period
from taskkit.plan import Plan
from taskkit.proofreading.columns import part_meant, part_shown
from taskkit.settings import Settings
from taskkit.stores.schedules import DueDate
from taskkit.workdays import KEEP, MOVES, NEXT, WorkCalendar

AS_PRINTED = "照方案"
BY_OFFICE = "督查室设定"
_OTHER = {"lead": "support", "support": "lead"}


def set_calendar(
    ledger: Ledger,
    name: str,
    kind: str,
    part: str | None = None,
    role: str | None = None,
    move: str | None = None,
    settings: Settings | None = None,
) -> Rearranged:
    """Set the reporting dates of a part and a role (main part, lead units) to one of the common kinds.

    AS_PRINTED brings back what the plan prints: of that part and role where one is named, else all
    of it. ``move`` (workdays.MOVES) says what becomes of dates on holidays where the kind's own rule
    should not hold. The date of the 落实方案 stays. Raises UsageError for a kind, part or role that
    does not exist, and where the plan says no year.
    """
    settings = settings or Settings()
    plan, seen, before = ledger.plan(name), ledger.schedule_version(name), dates_now(ledger, name)
    if move is not None and move not in MOVES:
        raise UsageError(f"没有“{move}”这种办法", f"可以写：{'、'.join(MOVES)}")
    if role is not None and role not in ("lead", "support", "all"):
        raise UsageError(f"没有“{role}”这种角色", "可以写：lead（牵头单位）、support（配合单位）、all（全部）")
    days = work_calendar(settings)
    wanted = _part(plan, part) if part else "main" if "main" in set(plan.tasks["part"]) else _part(plan, None)
    if kind.strip() == AS_PRINTED:
        printed = tuple(_moved(each, move or KEEP, days) for each in ledger.printed_schedule(name))
        if part or role:
            mine = [each for each in printed if _is_of(each, wanted, role) and each.period != PLAN.text]
            after = (*_others(before, wanted, role or "all"), *mine)
        else:
            after = printed
        same = {each.key: each.row for each in after} == {each.key: each.row for each in ledger.printed_schedule(name)}
        said, kept = AS_PRINTED, () if same else after
    else:
        found = find_kind(settings, kind)
        others = _others(before, wanted, role or "lead")
        after = (*others, *_of_kind(found, plan, wanted, role or "lead", move, days, before))
        said, kept = f"{found.name}（{part_shown(wanted)}）", after
    done = told(ledger, name, before, after)
    if done.changes:
        ledger.set_schedule(name, kept, said, seen)
    return done


def _part(plan: Plan, part: str | None) -> str:
    """The part that is meant. Raises UsageError with those there are."""
    return Orders(plan).parts(PLAN, part=part and (part_meant(part) or part))[0]


def _is_of(each: DueDate, part: str, role: str | None) -> bool:
    return (each.part or "main") == part and (role in (None, "all") or each.role in (role, "all", None))


def _others(dates: Iterable[DueDate], part: str, role: str) -> list[DueDate]:
    """The dates that stay: other parts and roles, and that of the 落实方案; one for both roles stays for the other."""
    kept = []
    for each in dates:
        if each.period == PLAN.text or not _is_of(each, part, role):
            kept.append(each)
        elif each.role in ("all", None) and role != "all":
            kept.append(replace(each, role=_OTHER[role]))
    return kept


def _of_kind(
    kind: DateKind,
    plan: Plan,
    part: str,
    role: str,
    move: str | None,
    days: WorkCalendar,
    before: Iterable[DueDate],
) -> list[DueDate]:
    """The dates of a kind, from the day on which the plan was issued."""
    if plan.info.year is None:
        raise UsageError("方案没有写明年度", "请在核对稿的“基本情况”里补上，再登记")
    listed = tuple(before)
    near = [each for each in listed if each.role == role and each.to_whom]
    to_whom = next((each.to_whom for each in near if (each.part or "main") == part), near[0].to_whom if near else None)
    how = kind.how(move)
    dates = []
    for period, day in kind.dates(plan.info.year):
        due_on, _ = days.reckon(day, how)
        if plan.info.issued_on and due_on <= plan.info.issued_on:
            continue
        named = kind.names.get(period.last_month)
        moved = "，遇节假日顺延" if how == NEXT and due_on != day else ""
        source = f"{BY_OFFICE}：{f'{named}（{kind.name}）' if named else kind.name}{moved}"
        plain = how == KEEP
        dates.append(
            DueDate(period.text, role, part, due_on, to_whom, source, None if plain else day, "" if plain else how)
        )
    if not dates:
        raise UsageError(f"“{kind.name}”在方案印发以后没有要报送的日期", "请核对方案的年度和印发日期")
    return sorted(dates, key=lambda each: parse_period(each.period))


def _moved(each: DueDate, move: str, days: WorkCalendar) -> DueDate:
    """A printed date, moved off holidays where that is wanted."""
    if move == KEEP or each.due_on is None:
        return each
    due_on, _ = days.moved(each.due_on, move)
    return replace(each, due_on=due_on, nominal=each.due_on, move=move)
