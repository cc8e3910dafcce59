"""指标表: every target of the main part, how far it is, and how that is beside the schedule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taskkit import approving
from taskkit.assess import Standing
from taskkit.assess.reasons import TargetFacts
from taskkit.comparing.reading import Moment
from taskkit.figures import as_number, written
from taskkit.judging.facts import TaskFacts
from taskkit.judging.targets import Reported, Span, judge_reported
from taskkit.reports import wording
from taskkit.reports.progress.annexes.sheet import BEHIND, BLANK, leads, section_band, sheet
from taskkit.reports.progress.matter import Matter
from taskkit.settings import Sentences
from taskkit.word import Annex, Cells

_COLUMNS = ("indicator", "aim", "achieved", "rate", "schedule_gap", "lead_units")
_HEADERS = {"achieved": "累计完成", "rate": "完成率或增速", "schedule_gap": "较序时\n（±百分点）"}
_PERCENT = ("%", "％")


@dataclass(frozen=True)
class Line:
    """A target of a task, and what was reported on it (a blank figure where nothing was)."""

    task: TaskFacts
    target: Mapping[str, Any]
    figure: TargetFacts

    @property
    def name(self) -> str:
        return self.figure.indicator

    @property
    def is_behind(self) -> bool:
        """Whether the figure is behind; what was closed is not."""
        return self.figure.standing is Standing.SLOW and not self.task.closed

    @property
    def achieved(self) -> str:
        """What was typed, with the unit where that is a plain number: 83.2万人, 暂无数据; "" for nothing."""
        plain = self.figure.known and as_number(self.figure.text) is not None
        return self.figure.figure if plain else self.figure.text

    @property
    def rate(self) -> str:
        """75.6%; of a growth rate that rate and whether it is enough; of ratios and ceilings 达标, 未达标."""
        shown = self.figure.shown
        if isinstance(shown, float):
            return f"{shown:.1f}%"
        if not shown:
            return approving.CLOSED_NAME if self.task.closed else BLANK
        return f"{self.figure.figure}（{shown}）" if self.target["kind"] == "growth" else shown

    @property
    def schedule_gap(self) -> str:
        """How many percentage points it is ahead or behind, with the sign: +3.2, −1.5; "" where that is not counted."""
        gap = self.figure.gap
        if gap is None or not self.figure.known or not (self.figure.rated or self.figure.measure in _PERCENT):
            return ""
        # As running text says them: shares with one decimal, distances of rates as exactly as they were reported.
        number = f"{gap:.1f}" if self.figure.rated else written(round(gap, 4))
        if float(number) == 0:
            return "0"
        return number.replace("-", "−") if gap < 0 else f"+{number}"


def lines(matter: Matter, moment: Moment) -> list[Line]:
    """The targets with an aim of the tasks of a part, in the plan's order.

    Those that were asked for, that have a figure, or of tasks that are closed; the figure is that of the first
    lead unit that wrote one.
    """
    asked = matter.reader.facts(moment.period).targets_asked
    kept = [
        (task, target, figure)
        for task in moment.tasks
        for target in matter.index.targets.get(task.task_id, ())
        for figure in (moment.figure(task, target["target_id"]),)
        if target["value"] is not None and (figure or task.closed or target["target_id"] in asked)
    ]
    blank = iter(_blank(matter, moment, [(task, target) for task, target, figure in kept if figure is None]))
    return [Line(task, target, figure or next(blank)) for task, target, figure in kept]


def _blank(
    matter: Matter, moment: Moment, listed: Sequence[tuple[TaskFacts, Mapping[str, Any]]]
) -> tuple[TargetFacts, ...]:
    """What stands for targets of which nothing was reported."""
    info = matter.facts.info
    reported = [
        Reported(target, "", "", Span.of(moment.period, info.year, info.stages, task.due_on)) for task, target in listed
    ]
    return judge_reported(reported, matter.facts.states).facts if reported else ()


def table(matter: Matter, say: Sentences) -> Iterator[Annex]:
    """指标表, where the main part is reported on and has targets."""
    part, targets = matter.parts.get("main"), matter.index.targets
    has_aims = part and any(t["value"] is not None for task in part.now.tasks for t in targets.get(task.task_id, ()))
    if part and has_aims:
        listed = lines(matter, part.now)
        title = say("title_indicators", period=wording.time_of(matter.period))
        yield sheet(title, _COLUMNS, _rows(matter, say, listed), _notes(matter, say, listed), _HEADERS)


def _rows(matter: Matter, say: Sentences, listed: Iterable[Line]) -> Iterator[Any]:
    before = None
    for each in listed:
        yield from section_band(each.task, before)
        before = each.task
        yield _row(matter, say, each)


def _row(matter: Matter, say: Sentences, each: Line) -> Cells:
    mark = BEHIND if each.is_behind and not matter.public else ""
    return (
        each.name,
        each.figure.aim,
        achieved(each, matter, say),
        each.rate,
        f"{mark}{each.schedule_gap}" or BLANK,
        leads(each.task),
    )


def achieved(each: Line, matter: Matter, say: Sentences) -> str:
    """累计完成 as tables print it; a word of its own where nothing was filled in."""
    return matter.shown(each.achieved) or (BLANK if each.task.closed else say("blank"))


def _notes(matter: Matter, say: Sentences, listed: Sequence[Line]) -> Iterator[str]:
    if any(each.schedule_gap for each in listed):
        share = Span.of(matter.period, matter.facts.info.year).share
        yield say("note_schedule", share=f"{share:.1f}%")
    yield from marks_notes(matter, say, listed)


def marks_notes(matter: Matter, say: Sentences, listed: Sequence[Line]) -> Iterator[str]:
    """What the marks of the targets mean, where there are any."""
    if any(each.is_behind for each in listed) and not matter.public:
        yield say("note_behind", mark=BEHIND)
    if say("blank") and any(not each.achieved and not each.task.closed for each in listed):
        yield say("note_blank", blank=say("blank"))
