"""What the report on a whole year adds: 承诺与结果表, and 结转事项表 of what the year ends without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taskkit.assess import Standing
from taskkit.comparing.promises import Promise, promises
from taskkit.figures import as_number
from taskkit.judging.facts import TaskFacts
from taskkit.reports import wording
from taskkit.reports.progress.annexes.sheet import leads, section_band, sheet
from taskkit.reports.progress.matter import Matter
from taskkit.reports.progress.problems import steps_of
from taskkit.reports.progress.year import carried_over
from taskkit.settings import Sentences
from taskkit.word import Annex, Band, Cells

_PROMISED = ("promise_of", "promised", "result", "kept")
_PROMISE_HEADERS = {"promise_of": "指标或任务", "promised": "年初承诺", "result": "全年结果", "kept": "是否兑现"}
_CARRIED = ("title", "lead_units", "reached", "steps")
_CARRIED_HEADERS = {"reached": "完成到哪里", "steps": "下一步措施"}


def promises_table(matter: Matter, say: Sentences) -> Iterator[Annex]:
    """承诺与结果表: a row for each target, and for each task without any."""
    if matter.is_annual and matter.tasks:
        title = say("title_promises", period=wording.time_of(matter.period))
        yield sheet(title, _PROMISED, _promise_rows(matter, say), [say("note_promises")], _PROMISE_HEADERS)


def _promise_rows(matter: Matter, say: Sentences) -> Iterator[Band | Cells]:
    for part, own in matter.parts.items():
        if len(matter.parts) > 1:
            yield Band(wording.part_label(part))
        before = None
        for each in promises(own.now, matter.reader):
            task = own.now.by_id[each.task_id]
            yield from section_band(task, before)
            before = task
            figure = own.now.figure(task, each.target_id) if each.target_id else None
            if each.target_id:
                yield _target_row(each, figure, matter, say)
            else:
                result = matter.shown(_progress(task)) or task.verdict.name
                yield (task.title, task.goal or say("no_goal"), result, _task_kept(task.verdict, say))


def _target_row(each: Promise, figure: Any, matter: Matter, say: Sentences) -> Cells:
    promised = _with_unit(each.promised, each) or say("no_promise", aim=each.requirement)
    result = matter.shown(_with_unit(each.achieved, each)) or say("no_result")
    return (each.indicator, promised, result, _kept(each, figure, say))


def _progress(task: TaskFacts) -> str:
    """What the office, else the lead units say of a task: several each under the unit's name."""
    texts = task.report_texts
    return "\n".join(text if len(texts) == 1 else f"{unit}：{text}" for unit, text in texts)


def _with_unit(text: str, each: Promise) -> str:
    return f"{text}{each.measure}" if as_number(text) is not None else text


def _kept(each: Promise, figure: Any, say: Sentences) -> str:
    """Whether the plan's aim was met; where the unit had promised more or less, also whether that was."""
    if each.met is None:
        return say("no_result")
    word = say("kept" if each.met else "unkept")
    if figure is None or figure.goal is None or figure.achieved is None:
        return word
    reached = figure.achieved <= figure.goal if figure.falling else figure.achieved >= figure.goal
    if reached == each.met:
        return word
    return f"{word}\n{say('kept_promise' if reached else 'unkept_promise')}"


def _task_kept(verdict: Any, say: Sentences) -> str:
    if verdict.standing is Standing.DONE:
        return say("kept")
    return say("unkept") if verdict.standing in (Standing.SLOW, Standing.IDLE) else verdict.name


def carried_table(matter: Matter, say: Sentences) -> Iterator[Annex]:
    """结转事项表: the tasks that are not done when the year ends."""
    if matter.is_annual and matter.tasks:
        yield sheet(say("title_carried"), _CARRIED, _carried_rows(matter, say), [], _CARRIED_HEADERS)


def _carried_rows(matter: Matter, say: Sentences) -> Iterator[Band | Cells]:
    parts = carried_over(matter)
    for part, tasks in parts.items():
        if len(parts) > 1 and tasks:
            yield Band(say("band_behind", part=wording.part_label(part), count=len(tasks)))
        for task in tasks:
            progress = matter.shown(_progress(task))
            reached = f"（{task.verdict.name}）{progress}" if progress else task.verdict.name
            steps = matter.shown(steps_of(task, task.own.unit or "")) or say("no_steps")
            yield (task.title, leads(task), reached, steps)
