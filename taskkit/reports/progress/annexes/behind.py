"""未达序时清单: what is behind, by the verdict or by figures and dates: by how much, why, what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taskkit.assess import Standing, says_nothing
from taskkit.judging.facts import TaskFacts
from taskkit.reports import wording
from taskkit.reports.progress.annexes.indicators import Line, lines
from taskkit.reports.progress.annexes.sheet import leads, sheet
from taskkit.reports.progress.figures import gap_of
from taskkit.reports.progress.matter import Matter
from taskkit.reports.progress.problems import doubted, slow_tasks
from taskkit.settings import Sentences
from taskkit.word import Annex, Band, Cells

_COLUMNS = ("no", "title", "lead_units", "gap", "cause", "steps")
_HEADERS = {"gap": "差距", "cause": "原因", "steps": "措施及时限"}


def table(matter: Matter, say: Sentences) -> Iterator[Annex]:
    """未达序时清单, where anything is reported on. It is about problems, and stays in the house."""
    if not matter.tasks or matter.public:
        return
    slow = {task.task_id for task in slow_tasks(matter)}
    only_figures = {task.task_id for task in doubted(matter)}
    rows = _Rows(matter, say, only_figures)
    listed = {
        part: [task for task in tasks if task.task_id in slow | only_figures] for part, tasks in matter.tasks.items()
    }
    notes = [say("note_doubted", mark=wording.CONTRADICTED, count=len(only_figures)) if only_figures else ""]
    yield sheet(say("title_behind", period=wording.time_of(matter.period)), _COLUMNS, rows.of(listed), notes, _HEADERS)


class _Rows:
    """Makes the rows; ``only_figures`` are the tasks that nobody calls behind."""

    def __init__(self, matter: Matter, say: Sentences, only_figures: set[str]) -> None:
        self.matter, self.say, self.only_figures = matter, say, only_figures
        self.targets: dict[str, list[Line]] = {}
        for part in matter.parts.values():
            for each in lines(matter, part.now):
                self.targets.setdefault(each.task.task_id, []).append(each)

    def of(self, listed: dict[str, list[TaskFacts]]) -> Iterator[Band | Cells]:
        """Part by part, each with its count and numbered anew where there are several: they are never added up."""
        for part, tasks in listed.items():
            if tasks and len(listed) > 1:
                yield Band(self.say("band_behind", part=wording.part_label(part), count=len(tasks)))
            for number, task in enumerate(tasks, 1):
                yield self._row(number, task)

    def _row(self, number: int, task: TaskFacts) -> Cells:
        units = task.slow_words or ((task.own.unit or "",) if task.own.unit else task.units[:1])
        doubt = wording.CONTRADICTED if task.task_id in self.only_figures else ""
        until = self.say("until", deadline=task.deadline) if task.deadline else ""
        cause = self._said(task, units, "problem") or self.say("no_reason")
        steps = self._said(task, units, "next_step") or self.say("no_steps")
        said = f"{steps.removesuffix('。')}{until}" if until else steps
        return (str(number), task.title, leads(task), f"{doubt}{self._gap(task)}", cause, said)

    def _said(self, task: TaskFacts, units: Sequence[str], key: str) -> str:
        """What the units that are behind say, each under its name where there are several; "" for nothing."""
        texts = [(unit, task.value(unit, key).strip()) for unit in units]
        kept = [(unit, text) for unit, text in texts if not says_nothing(text)]
        if len(units) == 1:
            return kept[0][1] if kept else ""
        return "\n".join(f"{unit}：{text}" for unit, text in kept)

    def _gap(self, task: TaskFacts) -> str:
        """By how many points or days it is behind; where nothing can be counted, who says so."""
        listed = [self._distance(each) for each in self.targets.get(task.task_id, ()) if each.is_behind]
        days = self.say("gap_days", days=task.days_late) if task.days_late else ""
        return "\n".join(filter(None, (*listed, days))) or self._word(task)

    def _distance(self, each: Line) -> str:
        figure = each.figure
        about = {"name": each.name, "figure": figure.figure}
        if figure.over and figure.rate is not None:
            return self.say("gap_year", **about, rate=f"{figure.rate:.1f}%")
        if gap := gap_of(figure):
            key = "gap_distance" if figure.rate is None else "gap_points" if figure.goal is None else "gap_goal"
            return self.say(key, **about, gap=gap)
        return self.say("gap_plain", **about, aim=figure.aim)

    def _word(self, task: TaskFacts) -> str:
        unit = next(iter(task.slow_words), task.own.unit or "")
        office = task.office if unit == task.own.unit else task.ruled.get(unit)
        if office and office.standing is Standing.SLOW:
            return self.say("gap_office", state=office.name)
        called = next((word.called for word in task.words if word.unit == unit and word.called), task.verdict.name)
        if unit == task.own.unit:
            return self.say("gap_own", state=called)
        return self.say("gap_other", unit=unit, state=called)
