"""What ``taskkit status`` prints of the tasks: how far each part is, what is behind, what is due soon."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from taskkit import console
from taskkit.periods import short_date
from taskkit.wording import shortened

if TYPE_CHECKING:
    from taskkit.reports.overview import Overview, Part, TaskRow

_MOST = 15  # tasks that a list shows
_TITLE, _WHY = 24, 36  # signs


def show_overview(over: Overview) -> None:
    """The counts of each part, then what is late or behind, then what is due soon; long lists are cut."""
    for part in over.parts:
        _show_part(part)
        _show_tasks(f"{part.label}：滞后或逾期", ("情况", "原因"), part.pressing, _pressing)
        _show_tasks(f"{part.label}：{over.soon}内到期", ("情况", "到期"), part.soon, _soon)
    console.say(f"看全部：taskkit status {over.name} --period {over.when.text} --html 进展一览.html（或 --xlsx）")


def _show_tasks(
    title: str, headers: tuple[str, ...], tasks: list[TaskRow], row: Callable[[TaskRow], tuple[str, ...]]
) -> None:
    if not tasks:
        return
    console.say(f"{title}{len(tasks)}项")
    console.table(("序号", "任务", "牵头单位", *headers), map(row, tasks[:_MOST]))
    if len(tasks) > _MOST:
        console.say(f"……另有{len(tasks) - _MOST}项未列出。")


def _show_part(part: Part) -> None:
    counts = [count for count in part.counts if count.number]
    headers = ("", "合计", *(count.name for count in counts))
    whole = len(part.tasks)
    rows = (
        ("件数", whole, *(count.number for count in counts)),
        (f"占{whole}项的", "", *(count.share_text for count in counts)),
    )
    progress = f"截至{part.when.label}，时间进度{part.year_share:g}%"
    late = f"，已过时限{part.late}项" if part.late else ""
    console.say(f"{part.label}（{progress}{late}）")  # the title of a narrow table would be broken into lines
    console.table(headers, rows)


def _pressing(task: TaskRow) -> tuple[str, ...]:
    return (*_named(task), "，".join(_standing(task)), shortened(task.why, _WHY))


def _soon(task: TaskRow) -> tuple[str, ...]:
    day = short_date(task.due_on) if task.due_on else ""
    return (*_named(task), task.state, f"{day}，还有{task.days_left}天")


def _named(task: TaskRow) -> tuple[str, ...]:
    return (task.number, shortened(task.title, _TITLE), "、".join(task.units))


def _standing(task: TaskRow) -> Iterator[str]:
    yield task.state
    if task.differs and task.computed:
        yield f"研判{task.computed.name}"
    if task.days_late:
        yield f"迟{task.days_late}天"
