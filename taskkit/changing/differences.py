"""What is different between two versions of a plan, task by task and field by field, as people call the fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from taskkit.changing.rows import Row, Rows, name_of
from taskkit.periods import official_date
from taskkit.plan import Plan
from taskkit.proofreading.columns import part_shown, period_shown


class Kind(StrEnum):
    """What became of a task; ``PLAN`` is what concerns all of it."""

    ADDED = "新增"
    CHANGED = "修改"
    MOVED = "序号变动"
    WITHDRAWN = "撤销"
    PLAN = "整份方案"


class Difference(NamedTuple):
    """One field that differs (``column`` "" where a task is new or gone: ``before`` or ``after`` is its text)."""

    kind: Kind
    task_id: str
    name: str
    column: str
    before: str
    after: str


_UNITS = ("牵头单位", "配合单位")
UNIT_COLUMNS = frozenset(_UNITS)


def differences(before: Plan, after: Plan) -> list[Difference]:
    """All that differs, in the order of the later plan; tasks that are gone after the others."""
    old, new = _Shown(before), _Shown(after)
    found = list(_of_plan(old, new))
    for task_id, task in new.tasks.items():
        if task_id in old.tasks:
            found += _fields(task_id, old, new)
        else:
            found.append(Difference(Kind.ADDED, task_id, name_of(task), "", "", _text(task)))
    for task_id, task in old.tasks.items():
        if task_id not in new.tasks:
            found.append(Difference(Kind.WITHDRAWN, task_id, name_of(task), "", _text(task), ""))
    return found


def _fields(task_id: str, old: _Shown, new: _Shown) -> Iterator[Difference]:
    before, after = old.fields(task_id), new.fields(task_id)
    for column in dict.fromkeys((*before, *after)):
        one, other = before.get(column, ""), after.get(column, "")
        if one != other:
            kind = Kind.MOVED if column == "序号" else Kind.CHANGED
            yield Difference(kind, task_id, name_of(new.tasks[task_id]), column, one, other)


def _of_plan(old: _Shown, new: _Shown) -> Iterator[Difference]:
    labels = {"title": "标题", "issuer": "发文单位", "document_number": "文号", "issued_on": "印发日期", "year": "年度"}
    for key, label in labels.items():
        one, other = getattr(old.rows.info, key), getattr(new.rows.info, key)
        if one != other:
            yield Difference(Kind.PLAN, "", "", label, _said(one), _said(other))
    if old.rows.info.stages != new.rows.info.stages:
        stages = ("、".join(each.rows.info.stages) for each in (old, new))
        yield Difference(Kind.PLAN, "", "", "目标阶段", *stages)
    before, after = old.schedule(), new.schedule()
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield Difference(Kind.PLAN, "", "", f"报送时间：{key}", before.get(key, ""), after.get(key, ""))


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _text(task: Row) -> str:
    return "\n".join(filter(None, (task["title"], task["measures"])))


class _Shown:
    """A plan with its fields as texts."""

    def __init__(self, plan: Plan) -> None:
        self.rows = Rows.of(plan)
        self.tasks: Mapping[str, Row] = {row["task_id"]: row for row in self.rows.tasks}
        self._under: dict[str, dict[str, list[Row]]] = {}
        for frame in ("assignments", "targets", "goals"):
            by_task = self._under.setdefault(frame, {})
            for row in self.rows.frames[frame]:
                by_task.setdefault(row["task_id"], []).append(row)

    def fields(self, task_id: str) -> dict[str, str]:
        """What a task says, by the name of the field; blank ones are left out."""
        task = self.tasks[task_id]
        lead, support = (self._units(task_id, role) for role in ("lead", "support"))
        said = {
            "序号": _said(task["no"]),
            "大类": task["section"] or "",
            "大项": task["group"] or "",
            "工作任务": task["title"] or "",
            "工作措施": task["measures"] or "",
            "分管领导": "、".join(task["leaders"]),
            **dict(zip(_UNITS, (lead, support), strict=True)),
            "完成时限": task["deadline"] or "",
            "完成日期": official_date(task["due_on"]) if task["due_on"] else "",
            "量化指标": "；".join(_target(row) for row in self._under["targets"].get(task_id, ())),
        }
        goals = {f"{row['stage']}目标": row["text"] or "" for row in self._under["goals"].get(task_id, ())}
        return {key: text for key, text in {**said, **goals}.items() if text}

    def _units(self, task_id: str, role: str) -> str:
        """A、B；措施2：C."""
        by_measure: dict[int, list[str]] = {}
        for row in self._under["assignments"].get(task_id, ()):
            if row["role"] == role:
                by_measure.setdefault(row["measure_no"] or 0, []).append(row["unit"])
        listed = sorted(by_measure.items())
        return "；".join((f"措施{number}：" if number else "") + "、".join(units) for number, units in listed)

    def schedule(self) -> dict[str, str]:
        """The dates to report by: period, role and part -> day."""
        roles = {"lead": "牵头单位", "support": "配合单位"}
        found: dict[str, str] = {}
        for row in self.rows.frames["schedule"]:
            part = part_shown(row["part"]) if row["part"] else ""
            words = (period_shown(row["period"]), roles.get(row["role"] or "", ""), part)
            found[" ".join(word for word in words if word)] = official_date(row["due_on"]) if row["due_on"] else ""
        return found


def _target(row: Row) -> str:
    value = "" if row["value"] is None else f"{row['value']:g}"
    return f"{row['indicator'] or row['text'] or ''} {row['op'] or ''}{value}{row['unit'] or ''}".strip()
