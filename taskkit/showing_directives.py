"""What the commands print of leaders' written instructions (批示)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from taskkit import console
from taskkit.wording import shortened

if TYPE_CHECKING:
    from taskkit.directing import Loaded, Standing
    from taskkit.plan_index import PlanIndex

_TEXT, _SAID = 40, 44  # signs of a text in a table


def show_directives(name: str, listed: Sequence[Standing]) -> None:
    """Each 批示 with its units: due when, what was said last, how late."""
    how = f"登记、办结、撤销：taskkit directives {name} --xlsx 批示登记.xlsx，填好后登记：taskkit load 批示登记.xlsx"
    if not listed:
        console.say(f"“{name}”还没有登记批示。")
        console.say(how)
        return
    rows, before = [], ""
    for each in listed:
        new = each.number != before
        before = each.number
        head = (each.number, each.leader, each.given_on, shortened(each.text, _TEXT)) if new else ("", "", "", "")
        unit = f"{each.unit}（牵头）" if new and len(each.units) > 1 else each.unit
        said = shortened(each.said, _SAID) if each.said else "—"
        rows.append((*head, unit, each.due_on, each.stage.label, days_text(each), said, each.reported_on))
    headers = (
        "编号",
        "批示领导",
        "批示日期",
        "批示内容",
        "承办单位",
        "办理期限",
        "状态",
        "时限",
        "落实情况",
        "报送日期",
    )
    console.table(headers, rows, title=f"{name} 批示办理")
    show_summary(name, listed)
    console.say(how)


def days_text(each: Standing) -> str:
    """还有5天, 今天到期, 逾期3天; 迟3天 of what was done late; "" where there is no date, or nothing is left to do."""
    if each.days_late:
        return f"{'逾期' if each.is_open else '迟'}{each.days_late}天"
    if each.days_left is None:
        return ""
    return f"还有{each.days_left}天" if each.days_left else "今天到期"


def show_summary(name: str, listed: Sequence[Standing], hint: bool = False) -> None:
    """How many there are and where they stand, counted unit by unit; nothing where there are none."""
    if not listed:
        return
    counts = Counter(each.stage.label for each in listed)
    told = "，".join(f"{label}{count}" for label, count in counts.items())
    late = sum(each.is_open and each.days_late > 0 for each in listed)
    numbers = len({each.number for each in listed})
    overdue = f"；逾期未办结{late}" if late else ""
    console.say(f"批示{numbers}件，按承办单位计{len(listed)}件次：{told}{overdue}。")
    if hint:
        console.say(f"批示办理明细：taskkit directives {name}")


def show_written(out: Path, count: int, is_new: bool) -> None:
    """What was written for a person to fill in."""
    if not is_new:
        console.say(f"批示登记 {out} 没有变化，未作任何改动。")
        return
    console.say(f"已写批示登记：{out}（已登记{count}件，后面是空行）")
    console.say(f"在 Excel 或 WPS 里填好保存后登记：taskkit load {out}")


def show_loaded(name: str, loaded: Loaded, index: PlanIndex) -> None:
    """What was kept, as it was understood, and how it reaches the units."""
    from taskkit.issuing.instructing import about_text

    if not loaded.new and not loaded.changed:
        console.say(f"批示登记与台账相同（{loaded.known}件），未作任何改动。")
        return
    parts = (("新登记", loaded.new), ("更正", loaded.changed))
    told = "；".join(f"{word}{len(numbers)}件（{'、'.join(numbers)}）" for word, numbers in parts if numbers)
    console.say(f"“{name}”的批示：{told}。")
    rows = [
        (
            *(each.row_id, each.leader, each.given_on, shortened(each.text, _TEXT)),
            *(shortened(about_text(each, index), _TEXT), "、".join(each.units), each.due_on or "没有期限"),
        )
        for each in loaded.kept
    ]
    console.table(("编号", "批示领导", "批示日期", "批示内容", "涉及任务", "承办单位", "办理期限"), rows)
    console.say(
        f"下次生成的表格里就有“批示办理”；本期表格已经发出的，再运行 taskkit issue {name}，另写批示办理表补发；"
        "要马上交办的，加 --part 批示。"
    )
