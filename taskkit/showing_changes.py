"""What the commands print of changes in mid-year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from taskkit import console
from taskkit.wording import excerpts, shortened

if TYPE_CHECKING:
    from taskkit.changing.affected import Affected
    from taskkit.changing.amending import Amendment
    from taskkit.changing.differences import Difference
    from taskkit.changing.taking import ChangesTaken
    from taskkit.entries import PlanChange

_WIDTH, _MOST = 34, 60  # signs of a text; rows of the table


def show_amendment(amendment: Amendment) -> None:
    """The differences, task by task, what is in doubt, and the forms to send again."""
    from taskkit.changing.differences import Kind

    if not amendment.differences and not amendment.matching.doubts:
        console.say(f"与台账里的“{amendment.name}”内容相同，未作任何改动。")
    else:
        counts = amendment.count
        counted = [f"{kind}{counts[kind]}项" for kind in Kind if kind is not Kind.PLAN and counts[kind]]
        doubted = len({each.kept for each in amendment.matching.doubts})
        doubts = f"；另有原来的{doubted}项任务对不上号，要先决定" if doubted else ""
        console.say(f"“{amendment.name}”的修订稿：{'、'.join(counted) or '任务没有变化'}{doubts}。")
        show_differences(amendment.differences)
        show_affected(amendment.name, amendment.affected)


def show_differences(listed: Sequence[Difference]) -> None:
    """One row per field, old and new cut to where they begin to differ; moved numbers as a count."""
    from taskkit.changing.differences import Kind

    shown = [each for each in listed if each.kind is not Kind.MOVED]
    rows = [
        (
            str(each.kind),
            each.task_id,
            shortened(each.name, 18),
            each.column,
            *excerpts(each.before, each.after, _WIDTH),
        )
        for each in shown[:_MOST]
    ]
    if rows:
        console.table(("变化", "编号", "任务", "内容", "原来", "现在"), rows)
    if len(shown) > _MOST:
        console.say(f"……另有{len(shown) - _MOST}处，见变更对照表（--xlsx）。")
    if moved := len(listed) - len(shown):
        console.say(f"另有{moved}项任务只是序号变动，任务编号不变。")


def show_affected(name: str, listed: Sequence[Affected]) -> None:
    """The forms to send again, by period."""
    from taskkit.periods import parse_period

    periods = dict.fromkeys(each.period for each in listed)
    for period in periods:
        for is_new, words in ((False, "内容有变化、要重发的表"), (True, "新增任务、要补发的表")):
            units = list(dict.fromkeys(each.unit for each in listed if (each.period, each.is_new) == (period, is_new)))
            if units:
                console.say(f"{parse_period(period).label}{words}（{len(units)}个单位）：{'、'.join(units)}")
    if periods:
        console.say(f"登记后重新生成：taskkit issue {name} --period {next(iter(periods))}")


def show_contrast(path: Path, is_new: bool) -> None:
    """What was written for a person to look at."""
    console.say(f"已写变更对照表：{path}" if is_new else f"变更对照表 {path} 没有变化，未作任何改动。")


def show_amended(amendment: Amendment) -> None:
    """That it is kept, and from when on it holds."""
    from taskkit.periods import official_date

    console.say(f"已登记“{amendment.name}”的修订稿，自{official_date(amendment.day)}起执行；原来的版本仍在台账里。")


def show_changes(name: str, listed: Sequence[tuple[PlanChange, str, str]]) -> None:
    """What was changed so far: day, kind, in words, ground; and how to change something."""
    if listed:
        show_change_rows(listed)
    else:
        console.say(f"“{name}”没有登记过变更。")
    console.say(f"要登记变更：taskkit changes {name} --xlsx 变更.xlsx，填好后：taskkit load 变更.xlsx")


def show_change_rows(listed: Sequence[tuple[PlanChange, str, str]]) -> None:
    """One row per change: day, kind, in words, ground."""
    rows = [(each.effective_on, label, shortened(words, 60), each.ground) for each, label, words in listed]
    console.table(("起始日期", "变更", "内容", "依据"), rows)


def show_changes_written(path: Path, is_new: bool) -> None:
    """What was written for a person to fill in."""
    if not is_new:
        console.say(f"变更表 {path} 没有变化，未作任何改动。")
        return
    console.say(f"已写变更表：{path}。填好保存后登记：taskkit load {path}")


def show_changes_loaded(
    name: str, taken: ChangesTaken, rows: Sequence[tuple[PlanChange, str, str]], tasks: int, listed: Sequence[Affected]
) -> None:
    """What a file changed (``rows``: each change with its kind and in words), and which forms read otherwise now."""
    if not taken.changes:
        console.say(f"没有新的变更，“{name}”未作任何改动。")
        return
    known = f"（另有{taken.known}处以前登记过）" if taken.known else ""
    console.say(f"已登记“{name}”的{len(taken.changes)}处变更{known}，涉及{tasks}项任务；原来的版本仍在台账里。")
    show_change_rows(rows)
    show_affected(name, listed)
