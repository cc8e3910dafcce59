"""变更.xlsx: empty sheets for what is to be changed, the tasks to look at, and what was changed so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from taskkit.changing.applying import ADD, AMEND, DOCUMENT, GOAL, LEADER, UNIT, WITHDRAW
from taskkit.changing.columns import KEPT_TITLE, TASKS_TITLE, TITLE, TITLES, amendable, form_of
from taskkit.changing.rows import name_of
from taskkit.entries import PlanChange
from taskkit.ledger import Ledger
from taskkit.marks import CHANGES_PROPERTY
from taskkit.office.list_book import ListBook, ListColumn, ListRow, ListSheet, write_list
from taskkit.office.placing import check_workbook_name, put_new
from taskkit.plan import Plan, records
from taskkit.plan_index import PlanIndex
from taskkit.proofreading.columns import part_shown
from taskkit.stores.items import SPLIT
from taskkit.wording import fitted

_ROWS = 12  # empty ones
_WIDTHS: dict[str, float] = {
    "scope": 30,
    "ground": 26,
    "since": 13,
    "part": 8,
    "no": 7,
    "section": 20,
    "group": 20,
    "title": 34,
    "measures": 34,
    "leaders": 14,
    "lead": 22,
    "support": 22,
    "task": 14,
    "column": 14,
    "text": 60,
    "item": 34,
    "unit": 18,
    "old": 26,
    "new": 26,
}
_WIDE: dict[tuple[str, str], float] = {(WITHDRAW, "task"): 30, (WITHDRAW, "ground"): 44}  # for the line above it
_LINES = {
    LEADER: "范围：不填或写“全部”，是全部任务；只调整部分任务的，写任务编号，如 T001、T012。",
    UNIT: "新单位已在方案或名册里的，是合并；不在的，是更名。原单位名下已报的内容以后算新单位的。",
    ADD: "部分：正文、附件；单位和领导请照方案或名册的写法，几个之间用顿号。",
    AMEND: f"任务请写编号，见“{TASKS_TITLE}”。一行只改一项内容，写修改后的完整内容；要删去的写“无”。",
    WITHDRAW: "撤销的任务不再下发、不再统计；已报的内容留在台账里。",
    SPLIT: "一行一个事项，写明责任单位；登记后随该单位以后的进展表下发，单独填报。",
}


def write_changes(ledger: Ledger, name: str, out: Path) -> bool:
    """Write 变更.xlsx; False where the very same file is there already.

    Raises OutputError where another file stands in its place (somebody may have filled it in),
    UsageError where the name does not end in .xlsx.
    """
    check_workbook_name(out, "变更表")
    return put_new(out, changes_workbook(ledger, name), "填过的变更表")


def changes_workbook(ledger: Ledger, name: str) -> bytes:
    """The bytes of the workbook; the same plan and changes give the same bytes."""
    plan, kept = ledger.plan(name), ledger.plan_changes(name)
    heading = f"{plan.info.title or name}\n"
    sheets = [_empty(kind, plan, heading) for kind in TITLES]
    sheets.append(_tasks(ledger, name, plan, heading))
    if kept:
        sheets.append(_kept(ledger, name, kept, heading))
    day = max((each.kept_at.date() for each in kept if each.kept_at), default=plan.info.issued_on or date(2000, 1, 1))
    notes = ((CHANGES_PROPERTY, name),)
    return write_list(ListBook(TITLE, plan.info.issuer or "", day, tuple(sheets), notes=notes))


def _empty(kind: str, plan: Plan, heading: str) -> ListSheet:
    form = form_of(kind, plan.info.stages)
    words = tuple(each[0] for each in amendable(plan.info.stages).values())
    columns = tuple(
        ListColumn(
            field.column.header,
            _WIDE.get((kind, field.column.key), _WIDTHS.get(field.column.key, 16)),
            "date" if field.column.key == "since" else "text",
            open=True,
            choices=words if field.column.key == "column" else (),
        )
        for field in form.fields
    )
    rows = tuple(ListRow((None,) * len(columns)) for _ in range(_ROWS))
    line = f"{_LINES[kind]}填好后：taskkit load {TITLE}.xlsx"
    return ListSheet(form.title, heading + form.title, line, columns, rows, large=len(columns) > 8)


def _tasks(ledger: Ledger, name: str, plan: Plan, heading: str) -> ListSheet:
    index = PlanIndex(plan, ledger.roster(name))
    columns = (
        ListColumn("任务编号", 10, "centred"),
        ListColumn("部分", 8, "centred"),
        ListColumn("序号", 7, "centred"),
        ListColumn("任务", 44),
        ListColumn("分管领导", 14),
        ListColumn("牵头单位", 22),
        ListColumn("配合单位", 26),
        ListColumn("完成时限", 16),
    )
    rows = tuple(
        ListRow(
            (
                row["task_id"],
                part_shown(row["part"]),
                row["no"],
                fitted(row["title"] or row["measures"] or ""),
                "、".join(row["leaders"]),
                *("、".join(index.units_of(row["task_id"], role)) for role in ("lead", "support")),
                row["deadline"],
            )
        )
        for row in records("tasks", plan.tasks)
    )
    return ListSheet(TASKS_TITLE, heading + TASKS_TITLE, "只供查编号，改这里没有用。", columns, rows, large=True)


def _kept(ledger: Ledger, name: str, kept: Sequence[PlanChange], heading: str) -> ListSheet:
    columns = (
        ListColumn("起始日期", 13, "date"),
        ListColumn("变更", 14, "centred"),
        ListColumn("内容", 70),
        ListColumn("依据", 28),
        ListColumn("文件", 24),
    )
    names = task_names(ledger, name)
    rows = tuple(
        ListRow((each.effective_on, label(each), fitted(told(each, names)), each.ground, each.file_name))
        for each in kept
    )
    return ListSheet(KEPT_TITLE, heading + KEPT_TITLE, "以前登记过的，只供查看。", columns, rows)


# --- a change in words ------------------------------------------------------------------------


def task_names(ledger: Ledger, name: str) -> dict[str, str]:
    """Every task that any version of a plan has: number and title, as it was last called."""
    return {task_id: name_of(row) for task_id, row in ledger.all_tasks(name).items()}


def in_words(ledger: Ledger, name: str, changes: Iterable[PlanChange]) -> list[tuple[PlanChange, str, str]]:
    """Changes with their kind and what they say, as people call it."""
    names = task_names(ledger, name)
    return [(each, label(each), told(each, names)) for each in changes]


def label(change: PlanChange) -> str:
    """The kind of a change, as people call it."""
    return "修订稿" if change.kind == DOCUMENT else TITLES[change.kind]


def told(change: PlanChange, names: dict[str, str]) -> str:
    """What a change says, on one line."""
    return "".join(_told(change, names))


def _told(change: PlanChange, names: dict[str, str]) -> Iterator[str]:
    said = change.content
    if change.kind in (LEADER, UNIT):
        yield f"{said['old']} → {said['new']}"
        if said.get("tasks"):
            yield f"（{'、'.join(said['tasks'])}）"
    elif change.kind == ADD:
        yield f"{said['new_id']} {said['title']}"
    elif change.kind == DOCUMENT:
        yield said["document"]
    else:
        yield f"{said['task_id']} {names.get(said['task_id'], '')}"
        if change.kind == AMEND:
            yield f"：{_header(said['column'])}改为“{said['text'] or '（删去）'}”"
        elif change.kind == SPLIT:
            yield f"：{said['new_id']} {said['text']}（{said['unit']}）"


def _header(column: str) -> str:
    """What people call what was amended."""
    return f"{column.removeprefix(GOAL)}目标" if column.startswith(GOAL) else amendable(())[column][0]
