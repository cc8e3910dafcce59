"""The digest: the tasks of one or several units in reading order, as a document or as plain text.

Departments make such lists for themselves from an issued plan (所涉重点任务). A task stands once,
however many of the units it names. The tasks of a unit's other names are its own; those of a
collective (各部门) are nobody's, unless the unit list names its members.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.periods import official_date
from taskkit.plan import Plan, records
from taskkit.plan_index import PlanIndex
from taskkit.reports import wording
from taskkit.word import Annex

TEMPLATE = "reports/digest.docx"


@dataclass(frozen=True)
class DigestTask:
    """One task: its number and title, and the labelled lines below it."""

    number: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class DigestGroup:
    """A heading (大类 or 大项, empty where the plan prints none) and the tasks below it."""

    section: str
    group: str
    tasks: tuple[DigestTask, ...]


@dataclass(frozen=True)
class Digest:
    """What stands in the digest, as plain texts in reading order."""

    title: str
    file_name: str
    issuer: str
    date: str
    intro: str
    groups: tuple[DigestGroup, ...]
    annexes: tuple[Annex, ...] = ()

    @property
    def text(self) -> str:
        """The digest as plain text, one paragraph per line."""
        return "\n".join(self._text_lines()) + "\n"

    def _text_lines(self) -> Iterator[str]:
        yield from (self.title, "", self.intro)
        for group in self.groups:
            yield from ("", *filter(None, (group.section, group.group)))
            for task in group.tasks:
                yield from ("", f"{task.number}{task.title}", *task.lines)


def build(ledger: Ledger, name: str, units: Sequence[str], today: date) -> Digest:
    """The digest of ``units``: names, aliases, full or short names of the unit list.

    Raises UsageError for a unit that the plan does not name, or for none at all.
    """
    plan = ledger.plan(name, today)
    index = PlanIndex(plan, ledger.roster(name, today))
    if not units:
        raise UsageError("没有写明是哪个单位的任务", "请用 --unit 写明单位，可写多次")
    units = tuple(sorted(set(map(index.meant, units)), key=index.rank))
    rows = records("assignments", plan.assignments)
    by_task: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_task.setdefault(row["task_id"], []).append(row)
    roster = index.roster
    spelled = {
        printed
        for printed in {row["unit"] for row in rows}
        if not {roster.canonical(printed), *roster.named(printed)}.isdisjoint(units)
    }
    wanted = {row["task_id"] for row in rows if row["unit"] in spelled}
    tasks = [task for task in records("tasks", plan.tasks) if task["task_id"] in wanted]
    title = wording.in_lines(plan.info.title or "重点任务分工方案")
    who = "、".join(units)
    return Digest(
        title=f"{title}\n（{who}所涉任务）",
        file_name=f"{who if len(who) <= 30 else units[0] + '等'}所涉重点任务.docx",
        issuer="",
        date=official_date(today),
        intro=_intro(plan, who, tasks, by_task, spelled),
        groups=tuple(_groups(tasks, by_task)),
    )


def _intro(
    plan: Plan, who: str, tasks: list[dict[str, Any]], by_task: dict[str, list[dict[str, Any]]], units: Collection[str]
) -> str:
    """How many tasks there are, and how many the units lead: of each part by itself."""
    led = {
        task["task_id"]
        for task in tasks
        if any(row["unit"] in units and row["role"] == "lead" for row in by_task[task["task_id"]])
    }
    parts: dict[str, list[str]] = {}
    for task in tasks:
        parts.setdefault(task["part"], []).append(task["task_id"])
    counted = [
        f"{wording.part_label(part) if part != 'main' or len(parts) > 1 else '任务'}{len(own)}项，"
        f"其中牵头{len(led.intersection(own))}项"
        for part, own in parts.items()
    ]
    return f"{wording.named(plan.info)}中，{who}共涉及{'；'.join(counted) or '任务0项'}。"


def _groups(tasks: list[dict[str, Any]], by_task: dict[str, list[dict[str, Any]]]) -> Iterator[DigestGroup]:
    """Tasks under their headings; a 大类 is named where it begins, a 大项 wherever it changes."""
    section = group = None
    listed: list[DigestTask] = []
    heads = ("", "")
    for task in tasks:
        key = (_section(task), task["group"] or "")
        if key != (section, group):
            if listed:
                yield DigestGroup(*heads, tuple(listed))
            heads, listed = (key[0] if key[0] != section else "", key[1]), []
            section, group = key
        listed.append(_task(task, by_task[task["task_id"]]))
    if listed:
        yield DigestGroup(*heads, tuple(listed))


def _section(task: dict[str, Any]) -> str:
    """The 大类; of an annex under the annex's name, for its numbers begin anew."""
    if task["part"] == "main":
        return task["section"] or ""
    return "　".join(filter(None, (f"附：{wording.part_label(task['part'])}", task["section"])))


def _task(task: dict[str, Any], rows: list[dict[str, Any]]) -> DigestTask:
    title = task["title"] or task["measures"] or ""
    lines = [
        f"工作措施：{task['measures']}" if task["title"] and task["measures"] else "",
        f"分管领导：{'、'.join(task['leaders'])}" if task["leaders"] else "",
        f"责任分工：{_units(task, rows)}" if rows else "",
        f"完成时限：{task['deadline']}" if task["deadline"] else "",
    ]
    return DigestTask(f"{task['no']}. " if task["no"] is not None else "", title, tuple(filter(None, lines)))


def _units(task: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """A、B牵头，C、D等配合 — or, where nobody is marked as leading, A、B按职责分工负责."""
    leads, supports = (
        list(dict.fromkeys(row["unit"] for row in rows if row["role"] == role)) for role in ("lead", "support")
    )
    more = "等" if task["open_ended"] else ""
    parts = []
    if leads:
        parts.append("、".join(leads) + ("按职责分工负责" if task["joint"] else "牵头"))
    if supports:
        parts.append("、".join(supports) + more + "配合")
    return "，".join(parts) + "。"
