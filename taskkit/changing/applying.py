"""What each kind of change does to a plan: a leader, a unit, a task. A new plan comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from taskkit.changing.rows import Ids, Row, Rows, ranked_rows
from taskkit.entries import PlanChange
from taskkit.plan import Plan
from taskkit.proofreading.rebuilding import UnitCells, leaders_of, units_of
from taskkit.stores.items import SPLIT
from taskkit.stores.versions import RENAMED

LEADER, ADD, AMEND, WITHDRAW, DOCUMENT = "leader", "add", "amend", "withdraw", "document"
UNIT = RENAMED
GOAL = "goal:"  # before the stage, in the column of a change


def applied(plan: Plan, changes: Sequence[PlanChange], used: Sequence[str]) -> Plan:
    """The plan after these changes, one after the other. ``used``: all ids that were ever given.

    Leaders who follow one another from one day on, in one file, do so at once: two of them may change places.
    What a change is about may be gone: then it changes nothing.
    """
    rows, ids = Rows.of(plan), Ids(used)
    for (kind, *_), group in groupby(changes, key=lambda each: (each.kind, each.effective_on, each.kept_at)):
        contents = [each.content for each in group]
        if kind == LEADER:
            _leaders(rows, contents)
        else:
            for content in contents:
                _DOERS[kind](rows, content, ids)
    return rows.plan()


def _leaders(rows: Rows, contents: Sequence[Mapping[str, Any]]) -> None:
    """Who is named for single tasks comes before who is named for all."""
    ordered = sorted(contents, key=lambda each: bool(each["tasks"]))
    for task in rows.tasks:
        mine = [each for each in ordered if not each["tasks"] or task["task_id"] in each["tasks"]]
        follows = {each["old"]: each["new"] for each in mine}
        task["leaders"] = list(dict.fromkeys(follows.get(name, name) for name in task["leaders"]))


def _unit(rows: Rows, content: Mapping[str, Any], ids: Ids) -> None:
    touched = dict.fromkeys(row["task_id"] for row in rows.frames["assignments"] if row["unit"] == content["old"])
    for task_id in touched:
        listed = rows.of_task("assignments", task_id)
        named = [{**row, "unit": content["new"]} if row["unit"] == content["old"] else row for row in listed]
        rows.put("assignments", task_id, ranked_rows(named))


def _add(rows: Rows, content: Mapping[str, Any], ids: Ids) -> None:
    task_id = content["new_id"]
    if rows.task(task_id):
        return
    task: Row = {
        **{key: content[key] or None for key in ("part", "no", "section", "group")},
        **dict.fromkeys(("title", "measures", "deadline", "due_on")),
        "task_id": task_id,
        "leaders": leaders_of(content["leaders"]),
        "joint": False,
        "open_ended": False,
        "source": content["source"],
    }
    rows.insert(task)
    rows.say(task_id, content["title"], content["measures"] or None, ids)
    rows.put("assignments", task_id, units_of([UnitCells(content["lead"], content["support"] or None)]))
    rows.give_deadline(task_id, content["deadline"])


def _amend(rows: Rows, content: Mapping[str, Any], ids: Ids) -> None:
    task_id, column, text = content["task_id"], content["column"], content["text"]
    task = rows.task(task_id)
    if task is None:
        return
    if column in ("title", "measures"):
        said = {"title": task["title"], "measures": task["measures"], column: text or None}
        rows.say(task_id, said["title"], said["measures"], ids)
    elif column == "leaders":
        task["leaders"] = leaders_of(text)
    elif column in ("lead", "support"):
        rows.give_units(task_id, *(text if key == column else None for key in ("lead", "support")))
    elif column == "deadline":
        rows.give_deadline(task_id, text)
    elif column == "no":
        task["no"] = int(text) if text else None
    elif column.startswith(GOAL):
        stage = column.removeprefix(GOAL)
        others = [row for row in rows.of_task("goals", task_id) if row["stage"] != stage]
        goals = [*others, *([{"stage": stage, "text": text}] if text else [])]
        order = {each: at for at, each in enumerate(rows.info.stages)}
        rows.put("goals", task_id, sorted(goals, key=lambda row: order.get(row["stage"], len(order))))
    else:
        task[column] = text or None


def _withdraw(rows: Rows, content: Mapping[str, Any], ids: Ids) -> None:
    rows.drop(content["task_id"])


def _nothing(rows: Rows, content: Mapping[str, Any], ids: Ids) -> None:
    """Items stand beside the plan; a document is a version as a whole."""


_DOERS: dict[str, Callable[[Rows, Mapping[str, Any], Ids], None]] = {
    UNIT: _unit,
    ADD: _add,
    AMEND: _amend,
    WITHDRAW: _withdraw,
    SPLIT: _nothing,
    DOCUMENT: _nothing,
}
