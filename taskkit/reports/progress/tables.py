"""附件: one table for each part of the plan that the period asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from taskkit.columns import COLUMNS
from taskkit.judging.facts import Facts, TaskFacts
from taskkit.judging.items import ItemFacts
from taskkit.periods import Period
from taskkit.reports import wording
from taskkit.settings import States
from taskkit.word import Annex, Band

ANNEX_COLUMNS = ("no", "title", "lead_units", "stage_goal", "progress", "state", "problem")


def annexes(facts: Facts, period: Period) -> tuple[Annex, ...]:
    parts = facts.parts()
    return tuple(
        Annex(
            label="附件" if len(parts) == 1 else f"附件{number}",
            title=f"{period.label}{wording.part_label(part)}进展情况表",
            columns=ANNEX_COLUMNS,
            rows=tuple(_annex_rows(tasks)),
            note=_annex_note(tasks, facts.states),
        )
        for number, (part, tasks) in enumerate(parts.items(), 1)
    )


def _annex_rows(tasks: Sequence[TaskFacts]) -> Iterable[Band | tuple[str, ...]]:
    section = group = None
    for number, task in enumerate(tasks, 1):
        if task.section != section and task.section:
            yield Band(task.section)
            group = None
        if task.group != group and task.group:
            yield Band(task.group, 2)
        section, group = task.section, task.group
        yield _annex_row(number, task)
        yield from (_item_row(task, item) for item in task.items)


def _annex_row(number: int, task: TaskFacts) -> tuple[str, ...]:
    return (
        str(task.no or number),
        task.title,
        "\n".join(task.printed) or "未明确",
        task.goal,
        task.report_progress,
        _states_of(task),
        task.column_text("problem"),
    )


def _item_row(task: TaskFacts, item: ItemFacts) -> tuple[str, ...]:
    """An item under its task: without a number, for it is none of the tasks."""
    problem = item.cells.get(COLUMNS["problem"].header, "")
    return ("", f"其中：{item.text}", item.unit, item.goal, item.progress, item.own.name, problem)


def _states_of(task: TaskFacts) -> str:
    """The state as it is reported, and the computed one where that contradicts the unit's own word."""
    if task.computed is None or not task.contradicted:
        return task.state_text
    return f"{task.state_text}\n{wording.CONTRADICTED}研判：{task.computed.name}"


def _annex_note(tasks: Sequence[TaskFacts], states: States) -> str:
    notes = []
    if any(len(task.words) > 1 for task in tasks):
        notes.append(f"由几个单位共同牵头的任务，“{COLUMNS['state'].header}”以首位牵头单位填报的为准")
    if any(task.office or task.ruled for task in tasks):
        notes.append(f"经督查核定的，“{COLUMNS['state'].header}”以核定的为准")
    names = {task.verdict.name for task in tasks}
    if states.names.unchanged in names:
        notes.append(f"“{states.names.unchanged}”指单位已报送表格，但本项没有填写")
    if states.names.unstated in names:
        notes.append(f"“{states.names.unstated}”指填写了进展，但没有选择完成情况")
    if any(task.contradicted for task in tasks):
        notes.append(wording.CONTRADICTED_NOTE.removeprefix("注：").removesuffix("。"))
    return f"注：{'；'.join(notes)}。" if notes else ""
