"""What the notice orders: which periods are reported on, by whom (role × part), by when and to whom.

The one home of the rule that issuing, tracking and the calendar follow (design: "Who is asked for
what"): where the notice is silent, lead units only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from taskkit.errors import UsageError
from taskkit.periods import Period, official_date, parse_period
from taskkit.plan import Plan, records
from taskkit.plan_index import PlanIndex
from taskkit.proofreading.columns import part_shown
from taskkit.workdays import LAST, PUBLISHED, WorkCalendar, nth_weekday

_NAMED = {"lead": ("lead",), "support": ("support",), "all": ("lead", "support")}
_MANY_MONTHS = 3  # more of them are told in short
_ENOUGH = 3  # dates that say together that they are counted by working days
DateKey = tuple[str, str, str]  # period, role, part
Nominal = Mapping[DateKey, tuple[date, str]]  # the day that was meant, and how the date follows from it


class OrderedDate(NamedTuple):
    """By when, to whom, and where the notice says so; ``provisional`` while it follows from weekends alone."""

    due_on: date | None = None
    to_whom: str | None = None
    source: str | None = None
    provisional: bool = False


@dataclass(frozen=True)
class Order:
    """Who is asked for a part: the role, and whether each role has a form of its own, for it has its own date."""

    role: str
    apart: bool = False


class Orders:
    """A plan's dates. ``days`` are the working days; ``nominal`` what dates follow from that were set."""

    def __init__(self, plan: Plan, days: WorkCalendar = PUBLISHED, nominal: Nominal | None = None) -> None:
        printed = [row for row in records("schedule", plan.schedule) if row["period"]]
        unsure = set(plan.findings[plan.findings["code"] == "holidays-unknown"]["source"])
        self._rows = _reckoned(printed, days, nominal or {}, unsure)
        self._have = list(dict.fromkeys(plan.tasks["part"]))
        self._year = plan.info.year

    def __bool__(self) -> bool:
        """Whether there is any date at all."""
        return bool(self._rows)

    @property
    def main(self) -> str:
        """The part with whose reports 批示 are asked: the main one, else the first."""
        return self._have[0] if self._have else "main"

    def dates(self, role: str, part: str | None = None) -> list[dict[str, Any]]:
        """The rows for a role (rows that name none hold for all) and a part, by date."""
        rows = [
            row
            for row in self._rows
            if (role == "all" or row["role"] in (role, None, "all")) and (part is None or row["part"] in (part, None))
        ]
        return sorted(rows, key=lambda row: (row["due_on"] or date.max, parse_period(row["period"])))

    def periods(self) -> list[Period]:
        """All periods that are ordered, in their order."""
        return sorted({parse_period(row["period"]) for row in self._rows})

    def period(self, period: str | None, role: str, part: str | None, anyway: bool, today: date) -> Period:
        """The period wanted, or the next one due; where the notice is silent of a role or part, the others hold."""
        rows = self.dates(role, part) or self.dates("all", part) or self.dates("all")
        if period is None:
            return _next_period(rows, today)
        wanted = parse_period(period, self._year)
        if rows and wanted.text not in {row["period"] for row in rows} and not anyway:
            raise UsageError(
                f"方案没有要求报送 {wanted.text}", f"要求报送的有：{_listed(rows)}；确需报送的，请加 --anyway"
            )
        return wanted

    def why(self, period: Period) -> str:
        """Which period was taken, and by when it is due, for whoever named none."""
        day = min((row["due_on"] for row in self._rows if row["period"] == period.text and row["due_on"]), default=None)
        due = f"（{official_date(day)}前报送）" if day else ""
        return f"没有写 --period，取最近应报的一期：{period.label}{due}。"

    def parts(self, period: Period, role: str = "all", part: str | None = None) -> list[str]:
        """The parts reported on in a period: those that the schedule names, else the main part."""
        if part is not None and part not in self._have:
            listed = "、".join(f"{part_shown(each)}（{each}）" for each in self._have)
            raise UsageError(f"方案没有“{part_shown(part)}”这一部分", f"方案有：{listed}" if listed else "")
        if part is not None:
            return [part]
        rows = [row for row in self.dates(role) or self.dates("all") if row["period"] == period.text]
        named = [each for each in self._have if any(row["part"] in (each, None) for row in rows)]
        return named or self._have[:1]

    def order(self, period: Period, part: str) -> Order:
        """Who is asked for a part where nobody says otherwise: the roles that the notice names, else lead units."""
        rows = [row for row in self.dates("all", part) if row["period"] == period.text]
        named = {role for row in rows for role in _NAMED.get(row["role"], ())}
        if named != {"lead", "support"}:
            return Order(next(iter(named), "lead"))
        lead, support = (self._row(role, part, period) for role in ("lead", "support"))
        return Order("all", any(lead.get(key) != support.get(key) for key in ("due_on", "to_whom")))

    def date_of(self, role: str, part: str, period: Period) -> OrderedDate:
        """The date for one form. A 落实方案 for both roles is one sheet: the earlier date holds for all of it."""
        own = self._row("support" if role == "support" else "lead", part, period)
        rows = [own]
        if role == "all" and period.kind == "plan":
            rows.append(self._row("support", part, period))
        first = min((row for row in rows if row.get("due_on")), key=lambda row: row["due_on"], default=own)
        keys = ("due_on", "to_whom", "source", "provisional")
        return OrderedDate(**{key: (first if key != "to_whom" else own)[key] for key in keys}) if own else OrderedDate()

    def says(self, role: str, part: str, period: Period) -> bool:
        """Whether a date stands for a role, a part and a period themselves."""
        return any(row["period"] == period.text for row in self.dates(role, part))

    def _row(self, role: str, part: str, period: Period) -> dict[str, Any]:
        rows = self.dates(role, part) + self.dates("all", part)  # silent of a role: the date of the others
        return next((row for row in rows if row["period"] == period.text), {})


def forms_of(index: PlanIndex, order: Order, unit: str, part: str, sent: Collection[str] = ()) -> list[str]:
    """The roles for which a unit has a form each. ``sent``: those that it was sent already.

    "all" is one form only where the unit has tasks of both roles, and none of them was asked for in
    a form of its own: the same ask is the same form, however it is ordered. Where the notice gives
    each role a date or an address of its own, each has its own form.
    """
    held = {role for _, role in index.tasks_of(unit, order.role, part)}
    if not held:
        return []
    if order.role != "all" or "all" in sent or (len(held) == 2 and not sent and not order.apart):
        return [order.role]
    return [role for role in ("lead", "support") if role in held]


def _reckoned(
    rows: Sequence[dict[str, Any]], days: WorkCalendar, nominal: Nominal, unsure: Collection[str]
) -> list[dict[str, Any]]:
    """The rows with their dates by the working days known now, and whether these are ``provisional``.

    ``unsure``: the places in the notice whose dates were read by weekends alone.
    """
    together: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for row in rows:
        together.setdefault((row["source"], row["role"], row["part"]), []).append(row)
    numbers = {key: _workday(listed, days, 1 if key[0] in unsure else _ENOUGH) for key, listed in together.items()}
    reckoned = []
    for row in rows:
        due_on, known = row["due_on"], True
        moved = nominal.get((row["period"], row["role"] or "", row["part"] or ""))
        number = numbers[row["source"], row["role"], row["part"]]
        if due_on and moved:
            due_on, known = days.reckon(*moved)
        elif due_on and number:
            due_on, known = days.nth(due_on.year, due_on.month, number)
        reckoned.append({**row, "due_on": due_on, "provisional": not known})
    return reckoned


def _workday(rows: Iterable[Mapping[str, Any]], days: WorkCalendar, enough: int) -> int:
    """Which working day of the month all these dates are; 0 where they are plain days.

    The schedule keeps dates alone. Those that were read before their holidays were published are counted by weekends.
    """
    dates: list[date] = [row["due_on"] for row in rows if row["due_on"]]
    if len(dates) < enough or (enough > 1 and len({each.day for each in dates}) == 1):
        return 0
    numbers: tuple[int, ...] = (*range(1, 24), LAST)
    for number in numbers:
        if all(_is_nth(each, number, days) for each in dates):
            return number
    return 0


def _is_nth(day: date, number: int, days: WorkCalendar) -> bool:
    when = (day.year, day.month, number)
    return day in (PUBLISHED.nth(*when)[0], nth_weekday(*when), days.nth(*when)[0])


def _next_period(rows: Sequence[dict[str, Any]], today: date) -> Period:
    if not rows:
        raise UsageError("方案没有写明报送安排", "请用 --period 指定报送期，如 plan、2023Q1、2023-04")
    for row in rows:
        if row["due_on"] and row["due_on"] >= today:
            return parse_period(row["period"])
    raise UsageError("方案要求的报送日期都已过", f"请用 --period 指定：{_listed(rows)}")


def _listed(rows: Iterable[dict[str, Any]]) -> str:
    """2023Q2（2023年7月10日前）、… in the order of their dates; many months in short: 2023-03至2023-12（按月）."""
    texts: dict[str, str] = {}
    for row in rows:
        due = f"（{official_date(row['due_on'])}前）" if row["due_on"] else ""
        texts.setdefault(row["period"], f"{row['period']}{due}")
    months = [each for each in texts if parse_period(each).kind == "month"]
    if len(months) > _MANY_MONTHS:
        texts = {each: text for each, text in texts.items() if each not in months}
        texts["months"] = f"{months[0]}至{months[-1]}（按月）"
    return "、".join(texts.values())
