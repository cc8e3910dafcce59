"""How far everything is: the one set of plain data behind the terminal, the workbook and the page of ``status``.

Nothing here knows a sheet or a page. Numbers are counted once, from the verdicts that reports
print, so that terminal, workbook and page agree by construction. Main tasks and annexes stand in
parts of their own and are never added up.
"""

from __future__ import annotations

import colorsys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from taskkit.assess import Count, Standing, Verdict
from taskkit.directing import Standing as Directed
from taskkit.periods import Period
from taskkit.settings import State
from taskkit.settings.states import PLAIN
from taskkit.tracking import Outcome, PeriodStatus

# Hue, lightness and depth (0 to 1): above _LIGHT a colour is light, below _GREY it has no hue.
_LIGHT, _BAR, _GROUND, _GREY = 0.62, 0.42, 0.92, 0.08


# The colours of what no unit writes, and of states that have none in states.toml.
_COLOURS: Mapping[Standing, str] = {
    Standing.DONE: "#1B7F4B",
    Standing.NORMAL: "#2B6CB0",
    Standing.SLOW: "#C53030",
    Standing.IDLE: "#8A94A3",
    Standing.UNSTATED: "#8B6F47",
    Standing.UNCHANGED: "#2C7A7B",
    Standing.UNREPORTED: "#5A4A78",
    Standing.UNASKED: "#A0AEC0",
}


@dataclass(frozen=True)
class Mark:
    """A state as it is shown: its name in this office, what it means, its colour (#RRGGBB).

    An office's colours fill cells, so that most are light: ``strong`` is one of the same hue that a bar
    is seen by, ``pale`` one that text is read on.
    """

    name: str
    standing: Standing
    colour: str

    @property
    def strong(self) -> str:
        hue, light, deep = self._parts
        if light <= _LIGHT:
            return self.colour
        return _written(hue, _BAR, min(max(deep, 0.45), 0.75) if deep > _GREY else deep)

    @property
    def pale(self) -> str:
        hue, light, deep = self._parts
        return self.colour if light > _LIGHT else _written(hue, _GROUND, deep)

    @property
    def _parts(self) -> tuple[float, float, float]:
        red, green, blue = (int(self.colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return colorsys.rgb_to_hls(red, green, blue)


def marks_of(states: Iterable[State], counts: Iterable[Count]) -> tuple[Mark, ...]:
    """How names of states that were counted are shown: in the office's colour, else in that of what they mean."""
    colours = {state.name: state.colour for state in states if state.colour != PLAIN}
    return tuple(Mark(each.name, each.standing, colours.get(each.name) or _COLOURS[each.standing]) for each in counts)


@dataclass(frozen=True)
class Said:
    """What one unit wrote; ``unit`` is empty where it is the office's own wording."""

    unit: str
    text: str
    supports: bool = False


@dataclass(frozen=True)
class TargetRow:
    """One measurable aim, and what a unit reported on it, judged (``assess.reasons.TargetFacts``).

    ``rate`` is the share of the aim, or of the way to it, in per cent, None where a share says nothing;
    ``due`` the share that should be reached by now, ``gap`` how far the rate is ahead of it in percentage
    points; ``verdict`` says 达标, 未达标, or 未填 where no figure was reported. ``behind``: it is judged slow.
    """

    target_id: str
    task_id: str
    task: str
    name: str
    requirement: str
    unit: str
    achieved: str
    rate: float | None = None
    due: float | None = None
    gap: float | None = None
    verdict: str = "未填"
    behind: bool = False
    reason: str = ""


@dataclass(frozen=True)
class TaskRow:
    """One task as it is shown: three voices side by side, and the ``state`` that reports print.

    ``own`` are (unit, state) of its lead units; ``computed`` and ``office`` are None where nobody
    has judged, ``ruled`` are (unit, state) of other lead units whose words the office judged; ``wording`` is what
    it says in the place of units' texts, ``progress`` what reports print; ``differs``: figures or the deadline
    say worse than the unit does. ``texts`` are what units wrote, by column key. ``days_left`` counts to its date
    where that is still to come and the task is not done; ``is_due_soon`` by the warnings of the office.
    """

    task_id: str
    part: str
    number: str
    section: str
    group: str
    title: str
    measures: str
    leaders: tuple[str, ...]
    units: tuple[str, ...]
    supporting: tuple[str, ...]
    deadline: str
    due_on: date | None
    days_left: int | None
    days_late: int
    state: str
    standing: Standing
    own: tuple[tuple[str, Verdict], ...]
    computed: Verdict | None
    reason: str
    office: Verdict | None
    ruled: tuple[tuple[str, Verdict], ...]
    closed: bool
    goal: str
    wording: str
    progress: str
    texts: Mapping[str, tuple[Said, ...]]
    targets: tuple[TargetRow, ...]
    slow: bool
    differs: bool
    is_due_soon: bool

    @property
    def heading(self) -> str:
        """The 大类 that it is counted under."""
        return self.section or self.group or "（未分类）"

    @property
    def presses(self) -> bool:
        """Whether somebody should look at it: late, or behind by anybody's word, unless the office says done."""
        if self.standing is Standing.DONE:
            return False
        return bool(self.days_late or self.slow or self.standing is Standing.SLOW or self.differs)

    @property
    def why(self) -> str:
        """Why it is behind: the computed reason where figures say so, else what the units name as their problems."""
        behind = any(target.behind for target in self.targets)
        problems = "；".join(said.text for said in self.texts.get("problem", ()))
        return (self.reason if behind else "") or problems or self.reason


@dataclass(frozen=True)
class Group:
    """Tasks under one heading (大类, a unit, a leader), counted by state in the order of ``Overview.marks``."""

    name: str
    counts: tuple[int, ...]

    @property
    def whole(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Part:
    """One part of the plan at its own period, its tasks counted: all, by 大类, by leader, by lead unit.

    ``year_share`` is 时间进度, the share of the year gone at the end of the period (0 to 100).
    """

    key: str
    label: str
    when: Period
    tasks: tuple[TaskRow, ...]
    counts: tuple[Count, ...]
    sections: tuple[Group, ...]
    leaders: tuple[Group, ...]
    units: tuple[Group, ...]
    year_share: float

    @property
    def targets(self) -> tuple[TargetRow, ...]:
        return tuple(target for task in self.tasks for target in task.targets)

    @property
    def pressing(self) -> list[TaskRow]:
        """Late and behind, the longest late first, then in the order of the plan."""
        return sorted((task for task in self.tasks if task.presses), key=lambda task: -task.days_late)

    @property
    def soon(self) -> list[TaskRow]:
        """Not done and near their dates, the nearest first."""
        return sorted((task for task in self.tasks if task.is_due_soon), key=lambda task: task.days_left or 0)

    @property
    def late(self) -> int:
        """How many are past their date."""
        return sum(task.days_late > 0 for task in self.tasks)


@dataclass(frozen=True)
class UnitRow:
    """One unit: how it reported in the periods shown (the worst of its workbooks), and what it was asked.

    ``books`` counts the workbooks that it had to return, of which so many came ``on_time`` or ``late``,
    or are ``missing``; ``asked`` and ``filled`` count tasks in them.
    """

    unit: str
    outcome: Outcome | None
    days: int
    said: str
    received: date | None
    filled: int
    asked: int
    books: int
    on_time: int
    late: int
    missing: int

    @property
    def label(self) -> str:
        """迟报3天, 未报, 按时报送; — for a unit that was not asked."""
        if self.outcome is None:
            return "—"
        return f"{self.outcome.label}{f'{self.days}天' if self.days else ''}"


@dataclass(frozen=True)
class Overview:
    """Everything that ``status`` shows of a plan on a day. ``public``: without what is not for everybody.

    ``directives``: leaders' instructions with each of their units, never on what is public.
    ``soon`` is how near a date is that is near, in the words of states.toml (1个月; "" for never).
    """

    name: str
    title: str
    issuer: str
    today: date
    when: Period
    marks: tuple[Mark, ...]
    parts: tuple[Part, ...]
    units: tuple[UnitRow, ...]
    returns: tuple[PeriodStatus, ...]
    soon: str = ""
    public: bool = False
    directives: tuple[Directed, ...] = ()

    @property
    def tasks(self) -> Iterator[TaskRow]:
        """All tasks, main first. Their number is never shown: parts are not added up."""
        return (task for part in self.parts for task in part.tasks)


def _written(hue: float, light: float, deep: float) -> str:
    return "#" + "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, deep))
