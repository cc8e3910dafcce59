"""Who is asked for what: from a plan's schedule, and from what was asked before, to the asks of one issue.

Only what the notice asks, and never the same thing twice (design: "Who is asked for what"): a task
that another workbook of the period already asks a unit for is left out of the new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from taskkit.book import Ask
from taskkit.book_words import form_title
from taskkit.columns import row_owner
from taskkit.errors import UsageError
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger
from taskkit.periods import Period, official_date, parse_period
from taskkit.plan import Plan, records
from taskkit.plan_index import PlanIndex
from taskkit.proofreading.columns import part_meant, part_shown
from taskkit.roster import Roster
from taskkit.workbook import MOST_STAGES

ROLES = ("lead", "support", "all")
_NAMED = {"lead": ("lead",), "support": ("support",), "all": ("lead", "support")}
ROLE_WORDS = {"lead": "牵头", "support": "配合", "all": "牵头和配合"}
_MANY_MONTHS = 3
COLLECTIVE = "是集体称谓，没有单独的表格"
NAME_MEMBERS = "请用 taskkit units {name} --xlsx 名册.xlsx 写出名册，写明成员单位，再登记（taskkit load 名册.xlsx）"


@dataclass(frozen=True)
class Asks:
    """The workbooks to make, who gets none for what reason, and what a person should know.

    ``why``: which period was taken, where nobody named one.
    """

    asks: tuple[Ask, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    why: str = ""


def make_asks(
    ledger: Ledger,
    name: str,
    plan: Plan,
    index: PlanIndex,
    period: str | None,
    units: Sequence[str] | None,
    role: str | None,
    part: str | None,
    anyway: bool,
    today: date,
) -> Asks:
    """What is asked of whom. Raises UsageError for what the plan does not have, and where nobody is asked."""
    if len(plan.info.stages) > MOST_STAGES:
        raise UsageError(
            f"方案分{len(plan.info.stages)}个阶段，表格最多放{MOST_STAGES}个", "请在核对稿的“基本情况”里合并阶段"
        )
    asked = _asked_role(role)
    schedule = _Schedule(plan)
    part = part and (part_meant(part) or part)
    wanted = schedule.period(period, asked or "all", part, anyway, today)
    if period is None:
        _check_begun(ledger, name, wanted, today)
    parts = schedule.parts(wanted, asked or "all", part)
    orders = {each: _Order(asked) if asked else schedule.order(wanted, each) for each in parts}
    asker = _Asker(index, schedule, _Sent(ledger, name, wanted, index.roster), wanted, orders, units is not None)
    chosen = _chosen_units(index, units, name)
    for unit in [unit for unit in index.order if unit in chosen]:
        asker.ask(unit, parts)
    if not asker.asks and not asker.left_out:
        raise UsageError(
            f"{wanted.label}没有需要报送的{'' if asked in (None, 'all') else ROLE_WORDS[asked]}单位",
            "请核对 --role 和 --part",
        )
    return Asks(
        tuple(asker.asks), tuple(asker.left_out.items()), tuple(asker.findings), "" if period else schedule.why(wanted)
    )


@dataclass(frozen=True)
class _Order:
    """Who is asked for a part: the role, and whether each role has a form of its own, for it has its own date."""

    role: str
    apart: bool = False


class _Asker:
    """Collects the asks of one period, unit by unit."""

    def __init__(
        self,
        index: PlanIndex,
        schedule: _Schedule,
        sent: _Sent,
        period: Period,
        orders: Mapping[str, _Order],
        by_name: bool,
    ) -> None:
        self.index = index
        self.schedule = schedule
        self.sent = sent
        self.period = period
        self.orders = orders
        self.by_name = by_name
        self.asks: list[Ask] = []
        self.left_out: dict[str, str] = {}
        self.findings: list[Finding] = []

    def ask(self, unit: str, parts: Sequence[str]) -> None:
        """Ask a unit for these parts, or leave it out with the reason."""
        reporter = self.index.roster.reporter(unit)
        if reporter != unit:
            self._reported_by(reporter, unit, parts)
            return
        reasons: list[str] = []
        for part in parts:
            if not self.index.tasks_of(unit, self.orders[part].role, part):
                continue
            if unit in self.index.collectives:
                reasons.append(COLLECTIVE)
                continue
            asks = [each for role in self._roles(unit, part) for each in self._new(unit, role, part)]
            self.asks += asks
            if not asks:
                reasons.append(self._asked_reason(unit, part))
        if reasons:
            self.left_out.setdefault(unit, reasons[0])
        elif self.by_name and not any(each.unit == unit for each in self.asks):
            self.left_out[unit] = self._nothing()

    def _reported_by(self, reporter: str, unit: str, parts: Sequence[str]) -> None:
        """A unit that reports through another one gets no workbook: what is asked of it stands in that one's."""
        if any(self.index.own_tasks_of(unit, self.orders[part].role, part) for part in parts):
            self.left_out[unit] = f"由“{reporter}”一并报送"
        elif self.by_name:
            self.left_out[unit] = self._nothing()

    def _nothing(self) -> str:
        return f"无需报送：{self.period.label}没有要它报送的任务"

    def _roles(self, unit: str, part: str) -> list[str]:
        """The roles in which a unit is asked.

        "all" is one workbook only where the unit has tasks of both roles, and none of them was
        asked for in a workbook of its own: the same ask is the same workbook, however it is ordered.
        Where the notice gives each role a date or an address of its own, each has its own workbook.
        """
        order, sent = self.orders[part], self.sent.roles(unit, part)
        held = {role for _, role in self.index.tasks_of(unit, order.role, part)}
        if order.role != "all" or "all" in sent or (len(held) == 2 and not sent and not order.apart):
            return [order.role]
        return [role for role in ("lead", "support") if role in held]

    def _new(self, unit: str, role: str, part: str) -> list[Ask]:
        """The ask in one role, without what another workbook asks for; nothing where that is all."""
        listed = self.index.tasks_of(unit, role, part)
        tasks = {task for task, _ in listed}
        led = {task for task, held in listed if held == "lead"}
        others = [other for other in sorted(self.sent.roles(unit, part)) if role != other]
        before = tasks & self.sent.elsewhere(unit, part, role, led)
        if tasks and not tasks - before:
            return []
        order = self.orders[part]
        told = others and not order.apart
        split = {task for task, _ in self.index.tasks_of(unit, order.role, part)} - tasks if told else set()
        if before or (split and role not in self.sent.roles(unit, part)):
            count, title = len(before | split), form_title(self.period, None, role)
            self.findings.append(finding("asked-before", unit=unit, count=count, form=title))
        return [self.schedule.ask(unit, role, part, self.period, tuple(sorted(before)))]

    def _asked_reason(self, unit: str, part: str) -> str:
        others = [other for other in self.sent.names(unit, part) if other != unit]
        own = self.orders[part].role
        if others and not self.sent.roles(unit, part) - {own}:
            return f"要它报送的任务都在已发给“{'”“'.join(others)}”的表里"
        role = next(iter(self.sent.roles(unit, part) - {own}), "all")
        return f"要它报送的任务都在已发的另一张表（{ROLE_WORDS[role]}）里；要重新生成那张表，请用 --role {role}"


class _Sent:
    """What a period's workbooks ask for already: the newest edition for each unit, part and role.

    Workbooks that were sent under another name of a unit, or to a unit for which it reports now,
    are among its own: whoever holds them is not asked again.
    """

    def __init__(self, ledger: Ledger, name: str, period: Period, roster: Roster) -> None:
        self._ledger = ledger
        self._books: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
        self._tasks: dict[str, frozenset[str]] = {}
        frame = ledger.workbooks(name, period.text).sort_values("edition", kind="stable")
        for workbook, unit, role, part in frame[["workbook", "unit", "role", "part"]].itertuples(index=False):
            self._books.setdefault((roster.reporter(unit), part), {})[unit, role] = workbook

    def roles(self, unit: str, part: str) -> frozenset[str]:
        """The roles for which a unit has a workbook of its own name."""
        return frozenset(role for name, role in self._books.get((unit, part), {}) if name == unit)

    def names(self, unit: str, part: str) -> list[str]:
        """The names under which a unit was sent workbooks."""
        return list(dict.fromkeys(name for name, _ in self._books.get((unit, part), {})))

    def elsewhere(self, unit: str, part: str, role: str, led: set[str]) -> set[str]:
        """The tasks that a unit's workbooks ask for, but for the one of this role.

        What was asked of another name as a support unit is not yet asked of the unit that leads it (``led``).
        """
        found: set[str] = set()
        for (name, other), book in self._books.get((unit, part), {}).items():
            if (name, other) != (unit, role):
                found |= self._tasks_in(book) - (led if name != unit and other == "support" else set())
        return found

    def _tasks_in(self, workbook: str) -> frozenset[str]:
        if workbook not in self._tasks:
            book = self._ledger.workbook(workbook)
            owners = {row_owner(cell.row_id)[0] for cell in book.cells if cell.open} if book else set()
            self._tasks[workbook] = frozenset(owner for owner in owners if owner)
        return self._tasks[workbook]


class _Schedule:
    """A plan's dates: which periods are asked for, and by when each role reports to whom."""

    def __init__(self, plan: Plan) -> None:
        self._rows = [row for row in records("schedule", plan.schedule) if row["period"]]
        self._have = list(dict.fromkeys(plan.tasks["part"]))
        self._year = plan.info.year

    def dates(self, role: str, part: str | None = None) -> list[dict[str, Any]]:
        """The rows for a role (rows that name none hold for all) and a part, by date."""
        rows = [
            row
            for row in self._rows
            if (role == "all" or row["role"] in (role, None, "all")) and (part is None or row["part"] in (part, None))
        ]
        return sorted(rows, key=lambda row: (row["due_on"] or date.max, parse_period(row["period"])))

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

    def parts(self, period: Period, role: str, part: str | None) -> list[str]:
        """The parts reported on in a period: those that the schedule names, else the main part."""
        if part is not None and part not in self._have:
            listed = "、".join(f"{part_shown(each)}（{each}）" for each in self._have)
            raise UsageError(f"方案没有“{part_shown(part)}”这一部分", f"方案有：{listed}" if listed else "")
        if part is not None:
            return [part]
        rows = [row for row in self.dates(role) or self.dates("all") if row["period"] == period.text]
        named = [each for each in self._have if any(row["part"] in (each, None) for row in rows)]
        return named or self._have[:1]

    def order(self, period: Period, part: str) -> _Order:
        """Who is asked for a part where nobody says otherwise: the roles that the notice names, else lead units."""
        rows = [row for row in self.dates("all", part) if row["period"] == period.text]
        named = {role for row in rows for role in _NAMED.get(row["role"], ())}
        if named != {"lead", "support"}:
            return _Order(next(iter(named), "lead"))
        lead, support = (self._row(role, part, period) for role in ("lead", "support"))
        return _Order("all", any(lead[key] != support[key] for key in ("due_on", "to_whom")))

    def ask(self, unit: str, role: str, part: str, period: Period, without: tuple[str, ...]) -> Ask:
        """An ask with its date and whom to report to: each role has its own.

        A 落实方案 for both roles is one sheet: the earlier date holds for all of it.
        """
        own = self._row("support" if role == "support" else "lead", part, period)
        support = self._row("support", part, period) if role == "all" else own
        due_on = own["due_on"]
        if period.kind == "plan":
            due_on = min((row["due_on"] for row in (own, support) if row["due_on"]), default=None)
        return Ask(unit, role, part, period, due_on, own["to_whom"], support["due_on"], support["to_whom"], without)

    def _row(self, role: str, part: str, period: Period) -> dict[str, Any]:
        rows = self.dates(role, part) + self.dates("all", part)  # silent of a role: the date of the others
        empty: dict[str, Any] = {"due_on": None, "to_whom": None}
        return next((row for row in rows if row["period"] == period.text), empty)


def _asked_role(role: str | None) -> str | None:
    if role is not None and role not in ROLES:
        raise UsageError(f"没有“{role}”这种角色", "可以写：lead（牵头单位）、support（配合单位）、all（全部）")
    return role


def _next_period(rows: Sequence[dict[str, Any]], today: date) -> Period:
    if not rows:
        raise UsageError("方案没有写明报送安排", "请用 --period 指定报送期，如 plan、2023Q1、2023-04")
    for row in rows:
        if row["due_on"] and row["due_on"] >= today:
            return parse_period(row["period"])
    raise UsageError("方案要求的报送日期都已过", f"请用 --period 指定：{_listed(rows)}")


def _check_begun(ledger: Ledger, name: str, period: Period, today: date) -> None:
    """Raise UsageError where the next period due lies ahead and forms of one before it are out: either may be meant."""
    if period.begins <= today:
        return
    issued = {parse_period(each) for each in ledger.workbooks(name)["period"]}
    before = max((each for each in issued if each < period), default=None)
    if before and period not in issued:
        raise UsageError(
            f"没有写 --period：{before.label}的表格已经发出，下一个应报的{period.label}还没有开始",
            f"{before.label}要补发的，请写 --period {before.text}；确要发{period.label}的，请写 --period {period.text}",
        )


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


def _chosen_units(index: PlanIndex, units: Sequence[str] | None, name: str) -> set[str]:
    """The units asked by name, else all; of a collective its members.

    Raises UsageError for one that is unknown, and for a collective whose members nobody has named.
    """
    if units is None:
        return set(index.order)
    chosen: set[str] = set()
    for text in units:
        unit = index.meant(text)
        if unit in index.collectives:
            raise UsageError(f"“{text}”{COLLECTIVE}", NAME_MEMBERS.format(name=name))
        chosen.update(index.roster.named(unit))
    return chosen
