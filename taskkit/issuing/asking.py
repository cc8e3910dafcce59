"""Who is asked for what: from a plan's schedule, and from what was asked before, to the asks of one issue.

Only what the notice asks, and never the same thing twice (design: "Who is asked for what"): a task
that another workbook of the period already asks a unit for is left out of the new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taskkit.approving import closed_before
from taskkit.book import Ask
from taskkit.book_words import form_title
from taskkit.columns import DIRECTIVE_SHEET, DIRECTIVES, is_directives, row_owner
from taskkit.errors import UsageError
from taskkit.extensions import Extensions, read_extensions
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger
from taskkit.orders import Order, Orders, forms_of
from taskkit.periods import Period, parse_period
from taskkit.plan import Plan
from taskkit.plan_index import PlanIndex
from taskkit.proofreading.columns import part_meant
from taskkit.roster import Roster
from taskkit.workbook import MOST_STAGES
from taskkit.workdays import PUBLISHED, WorkCalendar

_DIRECTIVES = (DIRECTIVES, DIRECTIVE_SHEET.title, "批示")
ROLES = ("lead", "support", "all")
ROLE_WORDS = {"lead": "牵头", "support": "配合", "all": "牵头和配合"}
COLLECTIVE = "是集体称谓，没有单独的表格"
NAME_MEMBERS = "请用 taskkit units {name} --xlsx 名册.xlsx 写出名册，写明成员单位，再登记（taskkit load 名册.xlsx）"


@dataclass(frozen=True)
class Asks:
    """The workbooks to make, who gets none for what reason, and what a person should know.

    ``bare`` is what a unit is asked that has no task in the period: only 批示; ``directed`` are the
    units that may be asked so (none, where the issue is of an annex alone). ``why``: which period was
    taken, where nobody named one; ``nobody``: what to say where nothing is asked of anybody;
    ``only``: nothing but 批示 is to go out.
    """

    asks: tuple[Ask, ...]
    bare: Ask
    directed: frozenset[str] = frozenset()
    left_out: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    why: str = ""
    nobody: tuple[str, str] | None = None
    only: bool = False


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
    days: WorkCalendar = PUBLISHED,
) -> Asks:
    """What is asked of whom. Raises UsageError for what the plan does not have, and where nobody is asked."""
    if len(plan.info.stages) > MOST_STAGES:
        raise UsageError(
            f"方案分{len(plan.info.stages)}个阶段，表格最多放{MOST_STAGES}个", "请在核对稿的“基本情况”里合并阶段"
        )
    asked = _asked_role(role)
    schedule = Orders(plan, days, ledger.nominal_dates(name))
    part = part and (part_meant(part) or part)
    only = part in _DIRECTIVES  # the 批示 order it themselves
    wanted = schedule.period(period, asked or "all", None if only else part, anyway or only, today)
    index = index.without(closed_before(ledger, name, wanted))
    if period is None:
        _check_begun(ledger, name, wanted, today)
    chosen, why = _chosen_units(index, units, name), "" if period else schedule.why(wanted)
    day = schedule.date_of("lead", schedule.main, wanted)
    bare = Ask("", "lead", DIRECTIVES, wanted, day.due_on, day.to_whom, day.due_on, day.to_whom)
    if only:
        nobody = f"{wanted.label}没有要发的批示", f"登记了哪些批示，见 taskkit directives {name}"
        return Asks((), bare, frozenset(map(index.roster.reporter, chosen)), why=why, nobody=nobody, only=True)
    parts = schedule.parts(wanted, asked or "all", part)
    orders = {each: Order(asked) if asked else schedule.order(wanted, each) for each in parts}
    sent, extensions = _Sent(ledger, name, wanted, index.roster), read_extensions(ledger, name, index.roster)
    asker = _Asker(index, schedule, extensions, sent, wanted, orders, units is not None)
    for unit in [unit for unit in index.order if unit in chosen]:
        asker.ask(unit, parts)
    directed = frozenset(map(index.roster.reporter, chosen)) if schedule.main in parts else frozenset[str]()
    whom = "" if asked in (None, "all") else ROLE_WORDS[asked]
    nobody = f"{wanted.label}没有需要报送的{whom}单位", "请核对 --role 和 --part"
    left_out, findings = tuple(asker.left_out.items()), tuple(asker.findings)
    return Asks(tuple(asker.asks), bare, directed, left_out, findings, why, None if asker.asks or left_out else nobody)


class _Asker:
    """Collects the asks of one period, unit by unit."""

    def __init__(
        self,
        index: PlanIndex,
        schedule: Orders,
        extensions: Extensions,
        sent: _Sent,
        period: Period,
        orders: Mapping[str, Order],
        by_name: bool,
    ) -> None:
        self.index = index
        self.schedule = schedule
        self.extensions = extensions
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
        return [self._ask(unit, role, part, tuple(sorted(before)))]

    def _roles(self, unit: str, part: str) -> list[str]:
        return forms_of(self.index, self.orders[part], unit, part, self.sent.roles(unit, part))

    def _ask(self, unit: str, role: str, part: str, without: tuple[str, ...]) -> Ask:
        """An ask with its date and whom to report to: each role has its own, as extended for the unit."""
        own, support = (self.schedule.date_of(each, part, self.period) for each in (role, "support"))
        helped = support if role == "all" else own
        due_on, support_due_on = (
            self.extensions.date_for(unit, part, self.period, each.due_on) for each in (own, helped)
        )
        if own.provisional and not any(each.code == "date-provisional" for each in self.findings):
            self.findings.append(finding("date-provisional", year=own.due_on.year if own.due_on else ""))
        return Ask(unit, role, part, self.period, due_on, own.to_whom, support_due_on, helped.to_whom, without)

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


def _asked_role(role: str | None) -> str | None:
    if role is not None and role not in ROLES:
        raise UsageError(f"没有“{role}”这种角色", "可以写：lead（牵头单位）、support（配合单位）、all（全部）")
    return role


def _check_begun(ledger: Ledger, name: str, period: Period, today: date) -> None:
    """Raise UsageError where the next period due lies ahead and forms of one before it are out: either may be meant."""
    if period.begins <= today:
        return
    books = ledger.workbooks(name)[["period", "part"]].itertuples(index=False, name=None)
    issued = {parse_period(each) for each, part in books if not is_directives(part)}
    before = max((each for each in issued if each < period), default=None)
    if before and period not in issued:
        raise UsageError(
            f"没有写 --period：{before.label}的表格已经发出，下一个应报的{period.label}还没有开始",
            f"{before.label}要补发的，请写 --period {before.text}；确要发{period.label}的，请写 --period {period.text}",
        )


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
