"""Why a target or a task stands where it does, in one sentence. Made only where it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from taskkit.assess.aims import BINDING
from taskkit.assess.standing import Standing
from taskkit.figures import written
from taskkit.settings.states import Limits, Phrases

_SUFFIXES = {">=": "以上", "<=": "以内", "~": "左右"}
_PLACES = 4  # decimals of a figure that is shown


@dataclass(frozen=True)
class TargetFacts:
    """One target in one period, as one unit reported on it.

    ``text`` is what was typed, ``achieved`` the figure that it says (None for none), in ``measure``, the unit
    of the aim. ``goal`` is the number promised for this stage. ``rate``, ``due``, ``gap``, ``share``: see
    ``assess.aims`` (percentages 0 to 100, gaps in percentage points; None where they say nothing).
    """

    task_id: str
    target_id: str
    unit: str
    text: str
    indicator: str
    op: str | None
    value: float | None
    measure: str
    baseline: float | None
    nature: str | None
    goal: float | None
    share: float
    over: bool
    achieved: float | None
    rate: float | None
    due: float | None
    gap: float | None
    met: bool
    rated: bool
    way: bool
    falling: bool
    standing: Standing
    state: str
    phrases: Phrases = field(default_factory=Phrases, repr=False)
    limits: Limits = field(default_factory=Limits, repr=False)

    @property
    def known(self) -> bool:
        """Whether there is an aim and a figure to judge by."""
        return self.value is not None and self.achieved is not None

    @property
    def aim(self) -> str:
        """The year's aim as texts say it: 110万人以上, 5.5%以内; "" where there is none."""
        return f"{self.bare_aim}{_SUFFIXES.get(self.op or '', '')}" if self.bare_aim else ""

    @property
    def bare_aim(self) -> str:
        """The number of the aim alone: 110万人."""
        return "" if self.value is None else _figure(self.value, self.measure)

    @property
    def figure(self) -> str:
        """What was reached: 83.2万人; "" where no figure is known."""
        return "" if self.achieved is None else _figure(self.achieved, self.measure)

    @property
    def reason(self) -> str:
        """目标 110万人以上，完成 83.2万人（75.6%），时间进度 75.0%，按序时."""
        return "，".join(_aim_parts(self))

    @property
    def shown(self) -> float | str:
        """完成率 as tables show it: per cent, or 达标, 未达标 of what has no share; empty where nothing is known."""
        if self.rate is not None:
            return round(self.rate, 1)
        return "" if not self.known else "达标" if self.met else "未达标"


@dataclass(frozen=True)
class Grounds:
    """What a task's computed state rests on: all that its sentence says.

    ``own`` is its unit's own standing, ``worst`` the target that speaks for it, of ``wanted`` targets;
    ``missing`` of them have no figure, ``behind`` are slow.
    """

    own: Standing
    deadline: str = ""
    days_late: int = 0
    worst: TargetFacts | None = None
    wanted: int = 0
    missing: int = 0
    behind: int = 0

    def sentence(self, phrases: Phrases) -> str:
        """The reason in one sentence, without the mark that closes it."""
        return "；".join(_task_parts(self, phrases))


def _task_parts(said: Grounds, phrases: Phrases) -> Iterator[str]:
    if said.worst is not None:
        if said.wanted > 1 and said.behind:
            yield phrases.several.format(count=said.wanted, behind=said.behind)
        name = f"{said.worst.indicator}：" if said.wanted > 1 and said.worst.indicator else ""
        yield f"{name}{said.worst.reason}"
        if said.missing:
            yield phrases.some_missing.format(count=said.missing)
    elif said.own is not Standing.UNASKED:
        yield phrases.no_data if said.wanted else phrases.no_numbers
    if said.worst is None and (word := getattr(phrases, said.own.value, "")) and said.own is not Standing.DONE:
        yield word
    if said.days_late:
        yield phrases.overdue.format(deadline=said.deadline, days=said.days_late)


def _aim_parts(said: TargetFacts) -> Iterator[str]:
    if said.value is None or said.achieved is None:
        yield f"填报“{said.text}”" if said.text else said.phrases.blank
        return
    aim = said.aim
    if said.way and said.baseline is not None:
        yield f"目标 从{_figure(said.baseline, said.measure)}到{aim}"
        yield f"目前 {said.figure}（走完{said.rate:.1f}%）"
    elif said.rated:
        yield f"目标 {aim}"
        yield f"完成 {said.figure}（{said.rate:.1f}%）"
    else:
        yield f"目标 {aim}"
        yield f"目前 {said.figure}"
    yield from _judgement(said)


def _judgement(said: TargetFacts) -> Iterator[str]:
    words = said.phrases
    if said.met:
        yield words.done if said.rated else words.met
    elif said.over:
        yield words.over
    elif said.rated:
        yield from _beside_the_due(said)
    else:
        if said.goal is not None:
            yield f"{words.stage} {_figure(said.goal, said.measure)}"
        short = -(said.gap or 0)
        points = f"，差{_figure(short, '个百分点')}" if short > 0 and said.measure == "%" else ""
        yield f"{words.unmet}{points}"


def _beside_the_due(said: TargetFacts) -> Iterator[str]:
    """How far a share is from what is due, by the stage's goal or by the calendar."""
    words, gap = said.phrases, said.gap or 0.0
    if said.goal is not None and said.due is not None:
        yield f"{words.stage} {_figure(said.goal, said.measure)}（应达{said.due:.1f}%）"
    else:
        yield f"{words.time} {said.share:.1f}%"
    if round(gap, 1) < 0:
        yield f"低{-gap:.1f}个百分点"
    slow = said.standing is Standing.SLOW
    if slow and said.nature == BINDING and -gap <= said.limits.slow:
        yield words.binding
    yield words.behind if slow else words.ahead if gap >= said.limits.ahead else words.on


def _figure(number: float, unit: str) -> str:
    return f"{written(round(number, _PLACES))}{unit}"
