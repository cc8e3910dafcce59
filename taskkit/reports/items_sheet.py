"""The sheet 事项 of the ledger workbook: the items under tasks, those that wait for the office too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from taskkit.columns import COLUMNS
from taskkit.judging.facts import TaskFacts
from taskkit.judging.items import ItemFacts, item_count
from taskkit.ledger import Ledger
from taskkit.office.list_book import ListColumn, ListRow, ListSheet
from taskkit.plan import Item
from taskkit.plan_index import PlanIndex
from taskkit.proofreading.columns import part_shown

TITLE = "事项"
_COLUMNS = (
    ListColumn("编号", 10, "centred"),
    ListColumn("工作任务", 34),
    ListColumn("事项", 36),
    ListColumn("责任单位", 18),
    ListColumn("完成时限", 14, "centred"),
    ListColumn("阶段目标", 34),
    ListColumn("来历", 14, "centred"),
    ListColumn("完成情况", 10, "centred"),
    ListColumn("本期进展", 40),
    ListColumn("存在问题", 22),
)


def items_sheet(
    ledger: Ledger, name: str, today: date, index: PlanIndex, facts: Mapping[str, TaskFacts], heading: str
) -> ListSheet | None:
    """One row per item with where it stands in the period; None where no task is broken down."""
    items = ledger.item_list(name, today)
    if not items:
        return None
    said = {(each.item_id, each.unit): each for task in facts.values() for each in task.items}
    rows = tuple(ListRow(tuple(_cells(each, index, said.get((each.item_id, each.unit))))) for each in items)
    return ListSheet(TITLE, f"{heading}\n{TITLE}", _line(items, index), _COLUMNS, rows, frozen=3, large=True)


def _line(items: list[Item], index: PlanIndex) -> str:
    """Which counts these are, part by part: tasks and items apart, and what still waits."""
    by_task: dict[str, list[Item]] = {task_id: [] for task_id in index.tasks}
    for each in items:
        if each.accepted:
            by_task[each.task_id].append(each)
    counted = []
    for part in dict.fromkeys(task["part"] for task in index.tasks.values()):
        own = [listed for task_id, listed in by_task.items() if index.tasks[task_id]["part"] == part]
        counted.append(f"{part_shown(part)}{len(own)}项任务、{item_count(own)}个事项")
    waiting = sum(not each.accepted for each in items)
    waits = f"；另有{waiting}个由单位提出、尚未审定，不在内" if waiting else ""
    return f"{'；'.join(counted)}（没有分解的任务各计1个事项，两数不相加）{waits}"


def _cells(item: Item, index: PlanIndex, said: ItemFacts | None) -> Iterator[str]:
    yield from (item.item_id, str(index.tasks[item.task_id]["title"] or ""), item.text, item.unit, item.deadline)
    yield "\n".join(f"{stage}：{text}" for stage, text in item.goals.items() if text)
    yield "督查室拆分" if item.office else "单位提出" if item.accepted else "单位提出，待审定"
    yield said.own.name if said else ""
    yield said.progress if said else ""
    yield said.cells.get(COLUMNS["problem"].header, "") if said else ""
