"""What 同上 and 〃 stand for: what the row above says in the same place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from taskkit.dialects.rows import ClauseText, Step, TaskRow
from taskkit.findings import Finding, finding
from taskkit.text import squeeze

_SAME = re.compile(
    r"[（(]?(?:同上(?:一[行项条])?|(?:与|同)(?:上|前)(?:面|述|一[行项条])?(?:相同|一致)?"
    r"|[〃″＂\"”“]{1,2})[）)]?[。；;]?"
)


def is_same(text: str | None) -> bool:
    """Whether a text only says that the one above holds here too."""
    return bool(text) and _SAME.fullmatch(squeeze(text or "")) is not None


def without_dittos(rows: Iterable[TaskRow]) -> tuple[tuple[TaskRow, ...], list[Finding]]:
    """Rows with the texts that 同上 stands for, and a note on how many there were."""
    walk = _Walk()
    read = tuple(map(walk.take, rows))
    found = [finding("same-as-above", source=walk.places[0], count=len(walk.places))] if walk.places else []
    return read, found


@dataclass
class _Walk:
    """What the row above said."""

    clauses: tuple[ClauseText, ...] = ()
    leaders: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    deadline: str | None = None
    goals: dict[str, str] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)

    def take(self, row: TaskRow) -> TaskRow:
        """The next row with what it leaves unsaid."""
        clauses = self._clauses(row.clauses, row.place)
        steps = tuple(self._step(step, row.place) for step in row.steps)
        leaders = self._persons(row.leaders, self.leaders, row.place)
        heads = self._persons(row.heads, self.heads, row.place)
        deadline = row.deadline
        if is_same(deadline):
            self.places.append(row.place)
            deadline = self.deadline
        goals = tuple(self._goal(*goal, row.place) for goal in row.goals)
        self.leaders, self.heads, self.deadline, self.goals = leaders, heads, deadline, dict(goals)
        return replace(row, clauses=clauses, steps=steps, leaders=leaders, heads=heads, deadline=deadline, goals=goals)

    def _clauses(self, clauses: Sequence[ClauseText], place: str) -> tuple[ClauseText, ...]:
        read: list[ClauseText] = []
        for clause in clauses:
            if is_same(clause.text):
                self.places.append(place)
                read += [each for each in self.clauses if clause.role in ("either", each.role)]
            else:
                read.append(clause)
        if read:
            self.clauses = tuple(read)
        return tuple(read)

    def _step(self, step: Step, place: str) -> Step:
        return replace(step, clauses=self._clauses(step.clauses, place)) if step.clauses else step

    def _persons(self, persons: tuple[str, ...], above: tuple[str, ...], place: str) -> tuple[str, ...]:
        if persons and all(map(is_same, persons)):
            self.places.append(place)
            return above
        return persons

    def _goal(self, stage: str, text: str, place: str) -> tuple[str, str]:
        if is_same(text) and stage in self.goals:
            self.places.append(place)
            return stage, self.goals[stage]
        return stage, text
