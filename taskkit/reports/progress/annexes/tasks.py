"""进展表: every task of the main part with its goal, progress and state, its items under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taskkit.assess import Standing
from taskkit.columns import COLUMNS
from taskkit.judging.facts import TaskFacts
from taskkit.judging.items import ItemFacts
from taskkit.reports import wording
from taskkit.reports.progress.annexes.sheet import leads, sheet
from taskkit.reports.progress.matter import Matter
from taskkit.settings import Sentences
from taskkit.word import Annex, Band, Cells

_COLUMNS = ("no", "title", "leaders", "lead_units", "stage_goal", "progress", "state")
_STATE = COLUMNS["state"].header


def tables(matter: Matter, say: Sentences) -> Iterator[Annex]:
    """进展表 of the main part; without the leaders' column where the plan names none."""
    tasks = matter.tasks.get("main")
    if not tasks:
        return
    columns = tuple(key for key in _COLUMNS if key != "leaders" or any(task.leaders for task in tasks))
    title = say("title_tasks", period=wording.time_of(matter.period), part=wording.part_label("main"))
    rows = (row if isinstance(row, Band) else _without(row, columns) for row in _rows(matter, say, tasks))
    yield sheet(title, columns, rows, _notes(matter, say, tasks), {})


def _without(row: Cells, columns: Sequence[str]) -> Cells:
    return tuple(cell for key, cell in zip(_COLUMNS, row, strict=True) if key in columns)


def _rows(matter: Matter, say: Sentences, tasks: Sequence[TaskFacts]) -> Iterator[Band | Cells]:
    section = group = None
    for number, task in enumerate(tasks, 1):
        if task.section != section and task.section:
            yield Band(task.section)
            group = None
        if task.group != group and task.group:
            yield Band(task.group, 2)
        section, group = task.section, task.group
        yield _row(number, task, matter, say)
        yield from (_item_row(item, matter, say) for item in task.items)


def _row(number: int, task: TaskFacts, matter: Matter, say: Sentences) -> Cells:
    return (
        str(task.no or number),
        task.title,
        "\n".join(task.leaders),
        leads(task),
        task.goal,
        task.report_progress,
        state_of(task, matter, say),
    )


def _item_row(item: ItemFacts, matter: Matter, say: Sentences) -> Cells:
    """An item under its task: without a number, for it is none of the tasks."""
    title = say("item", text=item.text) or item.text
    return ("", title, "", item.unit, item.goal, item.progress, item.own.name)


def state_of(task: TaskFacts, matter: Matter, say: Sentences) -> str:
    """The state that reports print; in the house also what other lead units say, and the computed one that is worse."""
    if matter.public:
        return task.verdict.name
    computed = say("computed", state=task.computed.name) if task.computed and task.contradicted else ""
    return f"{task.state_text}\n{wording.CONTRADICTED}{computed}" if computed else task.state_text


def _notes(matter: Matter, say: Sentences, tasks: Sequence[TaskFacts]) -> Iterator[str]:
    if any(len(task.words) > 1 for task in tasks):
        yield say("note_joint", state=_STATE)
    if any(task.office or task.ruled for task in tasks) and not matter.public:
        yield say("note_judged", state=_STATE)
    shown, names = {task.verdict.name for task in tasks}, matter.facts.states.names
    if names.unchanged in shown:
        yield say("note_unchanged", state=names.unchanged)
    waiting = matter.facts.returns.waiting_units
    unread = [task.own.unit for task in tasks if task.own.standing is Standing.UNCHANGED and task.own.unit in waiting]
    if unread:
        yield say("note_unread", units="、".join(matter.in_order(unread)), state=names.unchanged)
    if names.unstated in shown:
        yield say("note_unstated", state=names.unstated)
    if any(task.contradicted for task in tasks) and not matter.public and say("computed", state=""):
        yield say("note_computed", mark=wording.CONTRADICTED)
