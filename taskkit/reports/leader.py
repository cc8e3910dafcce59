"""The leader's table: all tasks of one leader on sheets one page wide, to read and to print, not to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from taskkit.assess import Standing, tally
from taskkit.errors import UsageError
from taskkit.judging.facts import TaskFacts, gather
from taskkit.ledger import Ledger
from taskkit.office.filling import MARKED, Filling, Row, SheetFilling, Value
from taskkit.periods import official_date, parse_period
from taskkit.plan_index import PlanIndex
from taskkit.reports.wording import CONTRADICTED
from taskkit.settings import Settings
from taskkit.text import fold
from taskkit.wording import did_you_mean
from taskkit.workbook import part_title

TEMPLATE = "workbooks/leader.xlsx"
SHEET = "分管任务"
VALUES = (
    *("leader.name", "leader.summary", "plan.title", "plan.issuer"),
    *("period.label", "period.span", "report.date"),
)
KEYS = (
    *("no", "title", "lead_units", "support_units", "deadline", "stage_goal"),
    *("progress", "state", "computed", "problem", "help"),
)
HEADERS = {"computed": "系统研判"}
WHAT = "taskkit-table"  # what the file says of itself, so that an untouched one may be written anew
STANDS_OUT = (Standing.SLOW, Standing.UNREPORTED)


@dataclass(frozen=True)
class Table:
    """A table to read, as what its template is filled with."""

    file_name: str
    filling: Filling


def build(ledger: Ledger, name: str, period: str, leader: str | None, settings: Settings, today: date) -> Table:
    """The table of one leader's tasks in one period, in the plan's order.

    Raises UsageError with the plan's leaders where none, or an unknown one, is named.
    """
    plan = ledger.plan(name, today)
    index, when = PlanIndex(plan, ledger.roster(name, today)), parse_period(period)
    if when.kind == "plan":
        raise UsageError("落实方案阶段还没有进展可以报告", "请用 --period 写明报送期，如 2023Q1")
    order = index.roster.leader_order
    printed = dict.fromkeys(each for task in index.tasks.values() for each in task["leaders"])
    wanted = _checked(leader, sorted(printed, key=lambda each: order.get(each, len(order) + 1)))
    facts = gather(ledger, name, when, settings, today)
    tasks = [task for task in facts.tasks if wanted in index.tasks[task.task_id]["leaders"]]
    if not tasks:
        raise UsageError(f"{when.label}没有布置“{wanted}”分管的任务", "请核对 --period")
    counts = tally((task.verdict for task in tasks), facts.states)
    summary = "，".join(f"{count.name}{count.number}项" for count in counts if count.number)
    year = f"{plan.info.year}年" if plan.info.year else ""
    texts = (wanted, f"共{len(tasks)}项：{summary}。", plan.info.title or name, plan.info.issuer or "")
    values: dict[str, Value] = dict(zip(VALUES, (*texts, when.label, when.span, official_date(today)), strict=True))
    sheet = SheetFilling(SHEET, tuple(_rows(tasks, index)), {"task": KEYS, MARKED: KEYS})
    title = f"{wanted}分管任务进展情况（{when.label}）"
    return Table(
        f"{wanted}_{when.label.removeprefix(year)}分管任务.xlsx",
        Filling(values, (sheet,), hidden={"workbook": WHAT}, title=title, creator=plan.info.issuer or ""),
    )


def _checked(leader: str | None, printed: Iterable[str]) -> str:
    known = list(dict.fromkeys(printed))
    if not known:
        raise UsageError("方案里没有写明分管领导", "请在核对稿的“分管领导”一列补上，再登记")
    if leader is None:
        raise UsageError("没有写明是哪位领导", f"请用 --leader 写明：{'、'.join(known)}")
    if name := {fold(each): each for each in known}.get(fold(leader)):
        return name
    hint = did_you_mean(leader, known)
    raise UsageError(f"方案里没有名为“{leader}”的分管领导", f"{hint}方案里有：{'、'.join(known)}")


def _rows(tasks: Iterable[TaskFacts], index: PlanIndex) -> Iterator[Row]:
    """One row per task; what is slow or was not reported stands out. Annexes come under a band of their own."""
    for task in tasks:
        part = part_title(task.part)
        section = "　".join(filter(None, (part, task.section)))
        values: dict[str, Value] = {
            "no": task.no,
            "title": task.title,
            "lead_units": "、".join(index.units_of(task.task_id, "lead")),
            "support_units": "、".join(index.units_of(task.task_id, "support")),
            "deadline": task.deadline,
            "stage_goal": task.goal,
            "state": task.state_text,
            "progress": task.report_progress,
            "computed": computed_text(task),
            **{key: task.column_text(key) for key in ("problem", "help")},
        }
        marked: tuple[str, ...] = ("state",) if task.verdict.standing in STANDS_OUT else ()
        if task.contradicted:
            marked += ("computed",)
        yield Row("task", values, (), section, task.group or "", marked)


def computed_text(task: TaskFacts) -> str:
    """The computed state, marked where it contradicts the unit's own word, and below it why."""
    if task.computed is None:
        return ""
    mark = CONTRADICTED if task.contradicted else ""
    return f"{mark}{task.computed.name}" + (f"\n{task.reason}" if task.reason else "")
