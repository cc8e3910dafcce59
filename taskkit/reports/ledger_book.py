"""The ledger workbook: everything the ledger holds on a plan, as lists that Excel can filter, with charts.

Units, leaders, tasks, targets and every value that came back, one list each. The counts are those
of the progress report of the same period; a task with several lead units counts for each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from taskkit.approving import CLOSED_NAME
from taskkit.assess import Standing, share
from taskkit.assess.reasons import TargetFacts
from taskkit.columns import is_directives
from taskkit.directing import standing
from taskkit.figures import number_or_text
from taskkit.issuing.asking import ROLE_WORDS
from taskkit.judging.cadences import Cadence, cadences
from taskkit.judging.facts import Facts, TaskFacts
from taskkit.judging.said import FIGURES
from taskkit.ledger import Ledger
from taskkit.office.list_book import BarChart, Cell, Emphasis, ListBook, ListColumn, ListRow, ListSheet
from taskkit.periods import PLAN, Period, parse_period
from taskkit.plan_index import PlanIndex
from taskkit.reports.directive_list import directive_list
from taskkit.reports.items_sheet import items_sheet
from taskkit.reports.wording import CONTRADICTED, CONTRADICTED_NOTE
from taskkit.settings import MEANINGS, Settings, States
from taskkit.settings.states import PLAIN
from taskkit.tracking import Return, read_returns
from taskkit.wording import Fragment
from taskkit.workbook import REQUIREMENTS, part_title

UNITS, LEADERS, TASKS, TARGETS, VALUES = "单位汇总", "领导汇总", "任务总表", "量化指标", "填报明细"
_EMPHASIS: dict[Standing, Emphasis] = {
    Standing.DONE: "done",
    Standing.SLOW: "slow",
    Standing.UNREPORTED: "slow",
    Standing.IDLE: "idle",
    Standing.UNCHANGED: "idle",
    Standing.UNASKED: "idle",
}
_EACH_COUNTED = "注：一项任务有多家牵头单位的，分别计入各牵头单位，各行相加可能多于任务总数。"
_MOST_BARS = 60  # rows of a chart that can still be read


@dataclass(frozen=True)
class _View:
    """What all lists look at: the plan, one period's facts (None before any was issued), who returned what."""

    index: PlanIndex
    when: Period | None
    facts: Facts | None
    others: tuple[Cadence, ...]  # parts with a cadence of their own
    returns: tuple[Return, ...]
    states: States
    heading: str

    @property
    def line(self) -> str:
        return f"截至{self.when.label}（{self.when.span}累计）" if self.when else "尚未发出进展表格，只列方案内容"

    @cached_property
    def by_task(self) -> dict[str, TaskFacts]:
        listed = [*(self.facts.tasks if self.facts else ()), *(task for other in self.others for task in other.tasks)]
        return {task.task_id: task for task in listed}

    @cached_property
    def by_target(self) -> dict[tuple[str, str], TargetFacts]:
        """What was judged, by target and unit."""
        gathered = (*((self.facts,) if self.facts else ()), *(other.facts for other in self.others))
        shown = self.by_task
        judged = (each for facts in gathered for each in facts.targets if each.task_id in shown)
        return {(each.target_id, each.unit): each for each in judged}

    @cached_property
    def shown_for(self) -> dict[str, set[str]]:
        """The periods that are shown, each with its parts of the plan."""
        periods = [(self.when.text, self.facts.tasks)] if self.when and self.facts else []
        periods += [(other.when.text, other.tasks) for other in self.others]
        return {period: {task.part for task in tasks} for period, tasks in periods}

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """The names that a state may have in this office, in their order, and what each means."""
        own = {state.name: Standing(state.meaning) for state in self.states}
        own |= {CLOSED_NAME: Standing.DONE}
        order = list(Standing)
        rest = {self.states.name_of(key): key for key in order if key.value not in MEANINGS}
        return dict(sorted({**own, **rest}.items(), key=lambda at: order.index(at[1])))

    def shown(self, counts: Iterable[Counter[str]]) -> list[str]:
        """The states worth a column: the office's own, and of the others those that occur."""
        own = {state.name for state in self.states}
        seen = {name for count in counts for name in count}
        return [name for name in (*self.standings, *sorted(seen - set(self.standings))) if name in own | seen]

    @property
    def emphasis(self) -> tuple[tuple[str, Emphasis], ...]:
        named = [(name, _EMPHASIS.get(key, "")) for name, key in self.standings.items()]
        return (*named, *((f"{CONTRADICTED}{name}", look) for name, look in named))

    @property
    def colours(self) -> dict[str, tuple[str, str]]:
        """The colours of the office's states."""
        own = [(state.name, (state.colour, state.ink)) for state in self.states if state.colour != PLAIN]
        return {**dict(own), **{f"{CONTRADICTED}{name}": colours for name, colours in own}}


def build(ledger: Ledger, name: str, period: str, settings: Settings, today: date) -> ListBook:
    """The workbook as data: 单位汇总, 领导汇总, 任务总表, 事项, 量化指标, 批示办理, 填报明细, and charts of the first
    two.

    ``period`` (empty, or ``plan``, before any report was asked for) says whose states and texts are shown;
    填报明细 holds all periods.
    """
    plan = ledger.plan(name, today)
    when = parse_period(period) if period and period != PLAN.text else None
    shown = tuple(cadences(ledger, name, when, settings, today)) if when else ()
    facts = shown[0].facts if shown else None
    returns = read_returns(ledger, name, period, today) if period else ()
    index = PlanIndex(plan, ledger.roster(name, today))
    view = _View(index, when, facts, shown[1:], returns, settings.states(), plan.info.title or name)
    units, leaders = _unit_rows(view), _leader_rows(view)
    items = items_sheet(ledger, name, today, index, view.by_task, view.heading)
    directed = standing(ledger, name, today, when.text if when else None)
    sheets = (
        *(units, leaders, _tasks(view), items, _targets(view, ledger, name)),
        *(directive_list(directed, view.heading), _values(view, ledger, name)),
    )
    year = f"{plan.info.year}年" if plan.info.year else ""
    span = when.label.removeprefix(year) if when else ""
    return ListBook(
        title=f"{year}{span}任务台账",
        creator=plan.info.issuer or "",
        on=today,
        sheets=tuple(sheet for sheet in sheets if sheet),
        charts=tuple(
            _charts(view, (leaders, "各位领导分管任务完成情况（件）"), (units, "各单位牵头任务完成情况（件）"))
        )
        if facts
        else (),
    )


# --- by unit and by leader ------------------------------------------------------------------


def _unit_rows(view: _View) -> ListSheet:
    """One row per unit: what it leads and supports, whether it reported, where its tasks stand (``judged``)."""
    counts: dict[str, Counter[str]] = {}
    for task in view.by_task.values():
        for word in task.words:
            counts.setdefault(word.unit, Counter())[task.judged(word, view.states).name] += 1
    names = view.shown(counts.values()) if view.facts else []
    reported = _reported(view.returns)
    columns = (
        *(ListColumn("序号", 6, "centred"), ListColumn("单位", 26), ListColumn("牵头任务", 9, "number")),
        *(ListColumn("配合任务", 9, "number"), ListColumn("本期报送", 17, "centred")),
        *_count_columns(names),
    )
    rows = []
    for number, unit in enumerate(view.index.order, 1):
        count = counts.get(unit, Counter())
        said = (
            number,
            unit,
            *(view.index.task_count(unit, role) or None for role in ("lead", "support")),
            reported.get(unit) or _elsewhere(view.index, unit) or "—",
        )
        rows.append(ListRow((*said, *_counted(view, names, count))))
    return ListSheet(
        UNITS,
        f"{view.heading}\n单位汇总",
        view.line,
        columns,
        tuple(rows),
        view.emphasis,
        _units_note(view.index),
        colours=view.colours,
        frozen=2,
    )


def _elsewhere(index: PlanIndex, unit: str) -> str:
    """Of a unit that reports through another one: through which."""
    reporter = index.roster.reporter(unit)
    return f"由{index.roster.short(reporter)}一并报送" if reporter != unit else ""


def _units_note(index: PlanIndex) -> str:
    unscored = [unit for unit in index.order if not index.roster.scored(unit)]
    return f"{_EACH_COUNTED}不计分的单位：{'、'.join(unscored)}。" if unscored else _EACH_COUNTED


def _reported(returns: Sequence[Return]) -> dict[str, str]:
    """What became of each unit's workbooks; of several that fared differently, each under its name."""
    said: dict[str, dict[str, str]] = {}
    for each in returns:
        days = f"（{'逾期' if each.received is None else '迟'}{each.days_late}天）" if each.days_late else ""
        form = part_title(each.part) + ("" if is_directives(each.part) else ROLE_WORDS[each.role])
        said.setdefault(each.unit, {})[form] = f"{each.outcome.label}{days}"
    return {
        unit: next(iter(forms.values())) if len(set(forms.values())) == 1 else "；".join(map("".join, forms.items()))
        for unit, forms in said.items()
    }


def _leader_rows(view: _View) -> ListSheet | None:
    """One row per leader: the tasks in charge, and where they stand (the word of the first lead unit)."""
    tasks: dict[str, list[str]] = {}
    for task_id, task in view.index.tasks.items():
        for leader in task["leaders"]:
            tasks.setdefault(leader, []).append(task_id)
    if not tasks:
        return None
    order, facts = view.index.roster.leader_order, view.by_task
    tasks = dict(sorted(tasks.items(), key=lambda item: order.get(item[0], len(order) + 1)))
    counts = {
        leader: Counter(facts[each].verdict.name for each in own if each in facts) for leader, own in tasks.items()
    }
    names = view.shown(counts.values()) if view.facts else []
    columns = (
        *(ListColumn("序号", 6, "centred"), ListColumn("分管领导", 14, "centred"), ListColumn("分管任务", 9, "number")),
        *_count_columns(names),
    )
    rows = [
        ListRow((number, leader, len(own), *_counted(view, names, counts[leader])))
        for number, (leader, own) in enumerate(tasks.items(), 1)
    ]
    note = "注：一项任务有多位分管领导的，分别计入。完成情况以首位牵头单位（汇总单位）填报的为准。"
    return ListSheet(
        LEADERS,
        f"{view.heading}\n领导汇总",
        view.line,
        columns,
        tuple(rows),
        view.emphasis,
        note,
        frozen=2,
        colours=view.colours,
    )


def _count_columns(names: Sequence[str]) -> tuple[ListColumn, ...]:
    if not names:
        return ()
    return (*(ListColumn(name, 10, "number") for name in names), ListColumn("完成占比（%）", 11, "percent"))


def _counted(view: _View, names: Sequence[str], count: Counter[str]) -> tuple[Cell, ...]:
    """How many tasks stand where, and the share of those done, 0 to 100; blank where nothing is counted."""
    if not names:
        return ()
    done = sum(number for name, number in count.items() if view.standings.get(name) is Standing.DONE)
    return (*(count[name] or None for name in names), share(done, count.total()) if count else None)


def _charts(view: _View, *sheets: tuple[ListSheet | None, str]) -> Iterator[BarChart]:
    """One chart for each sheet that there is, of its rows as far as anything is counted in them."""
    for sheet, title in sheets:
        if sheet is None:
            continue
        counted = [at for at, row in enumerate(sheet.rows, 1) if row.cells[-1] is not None]
        headers = [column.header for column in sheet.columns]
        series = tuple(header for header in headers[:-1] if header in view.standings)
        yield BarChart(title, sheet.title, headers[1], series, min(max(counted, default=0), _MOST_BARS))


# --- tasks, targets, values -----------------------------------------------------------------


# Together at least 7 pt on A3, one page wide.
_SAID = (
    *(ListColumn("任务编号", 8, "centred"), ListColumn("部分", 8, "centred"), ListColumn("序号", 5, "centred")),
    *(ListColumn("大类", 11), ListColumn("大项", 11), ListColumn("工作任务", 30), ListColumn("工作措施", 22)),
    *(ListColumn("分管领导", 8, "centred"), ListColumn("牵头单位", 14), ListColumn("配合单位", 14)),
    ListColumn("完成时限", 10, "centred"),
)
_REPORTED = (
    *(ListColumn("本期目标", 18), ListColumn("完成情况", 9, "centred")),
    *(ListColumn("单位自评", 9, "centred"), ListColumn("督查核定", 9, "centred"), ListColumn("系统研判", 9, "centred")),
    *(ListColumn("研判理由", 20), ListColumn("逾期天数", 9, "number"), ListColumn("本期进展", 36)),
    *(ListColumn("存在问题", 18), ListColumn("需协调事项", 14), ListColumn("下一步措施", 18)),
)
# What the office itself says; only where it said anything.
_OFFICE = (ListColumn("报告用语", 22), ListColumn("销号", 7, "centred"))


def _tasks(view: _View) -> ListSheet:
    """One row per task, as the plan says it and as it stands; what the plan never says has no column."""
    columns = _SAID + ((*_REPORTED, *_OFFICE) if view.facts else ())
    rows = list(_task_rows(view))
    always = {column.header for column in _REPORTED} - {"单位自评", "督查核定", "逾期天数"}
    kept = [at for at, column in enumerate(columns) if column.header in always or any(row[at] for row in rows)]
    listed = tuple(ListRow(tuple(row[at] for at in kept)) for row in rows)
    shown = tuple(columns[at] for at in kept)
    frozen = [column.header for column in shown].index("工作任务") + 1
    note = CONTRADICTED_NOTE if any(task.contradicted for task in view.by_task.values()) else ""
    return ListSheet(
        TASKS,
        f"{view.heading}\n任务总表",
        view.line,
        shown,
        listed,
        view.emphasis,
        note,
        frozen=frozen,
        large=True,
        colours=view.colours,
    )


def _task_rows(view: _View) -> Iterator[tuple[Cell, ...]]:
    facts, index = view.by_task, view.index
    for task_id, task in index.tasks.items():
        own = facts.get(task_id)
        said = (
            *(task_id, part_title(task["part"]) or "正文", task["no"], task["section"], task["group"]),
            *(task["title"], task["measures"], "、".join(task["leaders"])),
            *("、".join(index.units_of(task_id, role)) for role in ("lead", "support")),
            own.deadline if own else task["deadline"],
        )
        if own:
            texts = (own.column_text(key) for key in ("progress", "problem", "help", "next_step"))
            yield (*said, own.goal, own.state_text, *_voices(own), *texts, *_office_cells(own))
        elif view.facts:
            yield (*said, None, view.states.name_of(Standing.UNASKED), *[None] * (len(_REPORTED) + len(_OFFICE) - 2))
        else:
            yield said


def _voices(task: TaskFacts) -> tuple[Cell, ...]:
    """The three voices on a task; the unit's own only where the office judges otherwise. ※: it is contradicted."""
    computed: Cell = task.computed.name if task.computed else None
    if task.computed and task.contradicted:
        computed = (Fragment(f"{CONTRADICTED}{task.computed.name}", True),)
    own = task.own.name if task.office else None
    judged = [task.office.name] if task.office else []
    judged += [f"（{unit}：{each.name}）" for unit, each in task.ruled.items()]
    return own, "\n".join(judged), computed, task.reason, task.days_late or None


def _office_cells(task: TaskFacts) -> tuple[Cell, ...]:
    """报告用语 (of the task as a whole, then of single lead units) and 销号."""
    words = [task.wording] if task.wording else []
    words += [f"（{unit}：{text}）" for unit, text in task.worded.items()]
    return "\n".join(words), CLOSED_NAME if task.closed else None


def _targets(view: _View, ledger: Ledger, name: str) -> ListSheet | None:
    """One row per measurable aim × lead unit that reported on it (one row where nobody did)."""
    if not any(view.index.targets.values()):
        return None
    achieved = _achieved(view, ledger, name)
    columns = (
        *(
            ListColumn("指标编号", 10, "centred"),
            ListColumn("工作任务", 40),
            ListColumn("指标", 26),
            ListColumn("要求", 9, "centred"),
        ),
        *(ListColumn("年度目标值", 11, "number"), ListColumn("单位", 8, "centred"), ListColumn("基数", 10, "number")),
        *(ListColumn("牵头单位", 20), ListColumn("累计完成值", 12, "number"), ListColumn("占目标（%）", 10, "percent")),
        *(ListColumn("应达（%）", 9, "percent"), ListColumn("差距（百分点）", 14, "percent")),
        *(ListColumn("系统研判", 10, "centred"), ListColumn("研判理由", 40)),
    )

    def rows() -> Iterator[ListRow]:
        for task_id, targets in view.index.targets.items():
            title = view.index.tasks[task_id]["title"]
            for target in targets:
                said = achieved.get(target["target_id"]) or {"、".join(view.index.units_of(task_id, "lead")): ""}
                for unit, text in said.items():
                    judged = view.by_target.get((target["target_id"], unit))
                    yield ListRow(
                        (
                            *(target["target_id"], title, target["indicator"] or target["text"]),
                            *(REQUIREMENTS.get(target["op"] or "", ""), target["value"], target["unit"]),
                            *(target["baseline"], unit, number_or_text(text), *_judgement(judged)),
                        )
                    )

    return ListSheet(
        TARGETS, f"{view.heading}\n量化指标", view.line, columns, rows(), view.emphasis, frozen=2, colours=view.colours
    )


def _judgement(judged: TargetFacts | None) -> tuple[Cell, ...]:
    """Rate, what is due, the gap, the state and why; blank where there is no figure to judge."""
    if judged is None or not judged.known:
        return (None,) * 5
    numbers = (None if each is None else round(each, 1) for each in (judged.rate, judged.due, judged.gap))
    return (*numbers, judged.state, judged.reason)


def _achieved(view: _View, ledger: Ledger, name: str) -> dict[str, dict[str, str]]:
    """Target id -> unit -> what it reported in the period that each part is shown for."""
    found: dict[str, dict[str, str]] = {}
    for period, parts in view.shown_for.items():
        frame = ledger.values(name, period)
        frame = frame[frame["column"].isin(FIGURES) & frame["target_id"].notna()]
        wanted = frame[["task_id", "target_id", "unit", "value"]].itertuples(index=False, name=None)
        for task_id, target_id, unit, value in wanted:
            task = view.index.tasks.get(task_id)  # none: it was withdrawn
            if value and task and task["part"] in parts:
                found.setdefault(target_id, {})[view.index.roster.canonical(unit)] = value
    rank = view.index.rank
    return {target: dict(sorted(said.items(), key=lambda each: rank(each[0]))) for target, said in found.items()}


def _values(view: _View, ledger: Ledger, name: str) -> ListSheet | None:
    """Every value that counts, of all periods, with the return that brought it."""
    frame = ledger.values(name)
    if not len(frame):
        return None
    columns = (
        *(
            ListColumn("报送期", 14, "centred"),
            ListColumn("单位", 22),
            ListColumn("角色", 7, "centred"),
            ListColumn("编号", 10, "centred"),
        ),
        *(ListColumn("工作任务", 40), ListColumn("填报项", 14, "centred"), ListColumn("内容", 60)),
        *(ListColumn("报送号", 8, "centred"), ListColumn("收入台账", 12, "date")),
    )
    roles = {"lead": "牵头", "support": "配合"}
    keys = ["period", "unit", "role", "task_id", "target_id", "column", "value", "submission", "accepted_at"]
    plain = frame[keys].astype(object).where(frame[keys].notna(), None)

    listed = sorted(
        plain.itertuples(index=False, name=None), key=lambda row: (parse_period(row[0]), view.index.rank(row[1]))
    )

    def rows() -> Iterator[ListRow]:
        for period, unit, role, task_id, target_id, column, value, number, accepted in listed:
            title = view.index.tasks[task_id]["title"] if task_id in view.index.tasks else ""
            label = parse_period(period).label
            yield ListRow(
                (
                    label,
                    unit,
                    roles.get(role, ""),
                    target_id or task_id or "",
                    title,
                    column,
                    value,
                    number,
                    accepted.date(),
                )
            )

    line = f"各报送期已收入台账的全部内容，共{len(frame)}条"
    return ListSheet(VALUES, f"{view.heading}\n填报明细", line, columns, rows(), frozen=2, large=True)
