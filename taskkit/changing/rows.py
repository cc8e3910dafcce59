"""A plan as rows that can be changed, the ids of new tasks and targets, and a task's rows after its text changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from taskkit.deadlines import parse_deadline
from taskkit.plan import FRAMES, Plan, PlanInfo, make_frame, records
from taskkit.proofreading.rebuilding import UnitCells, measures_like, measures_of, units_of, with_old
from taskkit.targets import find_targets
from taskkit.text import fold
from taskkit.wording import shortened

Row = dict[str, Any]
_OF_TASKS = ("assignments", "measures", "targets", "goals")
LETTERS = {"main": "T"}  # annexes: A


class Ids:
    """Gives ids that no version of a plan ever had."""

    def __init__(self, used: Iterable[str]) -> None:
        self._last: dict[str, int] = {}
        for each in used:
            self._note(each)

    def _note(self, used: str) -> None:
        task_id, _, number = used.partition(".")
        for key, text in ((task_id[:1], task_id[1:]), (task_id, number)):
            if text.isdecimal():
                self._last[key] = max(self._last.get(key, 0), int(text))

    def _next(self, key: str) -> int:
        self._last[key] = self._last.get(key, 0) + 1
        return self._last[key]

    def task(self, part: str) -> str:
        """The next free id of a task."""
        letter = LETTERS.get(part, "A")
        return f"{letter}{self._next(letter):03d}"

    def target(self, task_id: str) -> str:
        """The next free id of a target of a task."""
        return f"{task_id}.{self._next(task_id)}"


@dataclass
class Rows:
    """The frames of a plan as rows. Make it of a plan, change it, and take the new plan."""

    info: PlanInfo
    frames: dict[str, list[Row]]

    @classmethod
    def of(cls, plan: Plan) -> Rows:
        return cls(plan.info, {frame: records(frame, getattr(plan, frame)) for frame in FRAMES})

    def plan(self) -> Plan:
        """The plan that the rows are; rows of tasks stand in the order of these."""
        place = {row["task_id"]: at for at, row in enumerate(self.frames["tasks"])}
        for frame in _OF_TASKS:
            self.frames[frame].sort(key=lambda row: place[row["task_id"]])
        frames = {frame: make_frame(frame, rows) for frame, rows in self.frames.items()}
        return Plan(replace(self.info), **frames)

    @property
    def tasks(self) -> list[Row]:
        return self.frames["tasks"]

    def task(self, task_id: str) -> Row | None:
        return next((row for row in self.tasks if row["task_id"] == task_id), None)

    def of_task(self, frame: str, task_id: str) -> list[Row]:
        return [row for row in self.frames[frame] if row["task_id"] == task_id]

    def put(self, frame: str, task_id: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Give a task these rows in the place of its own."""
        others = [row for row in self.frames[frame] if row["task_id"] != task_id]
        self.frames[frame] = [*others, *({**row, "task_id": task_id} for row in rows)]

    def drop(self, task_id: str) -> None:
        """Take a task out, with all that stands under it."""
        for frame in ("tasks", *_OF_TASKS, "findings"):
            self.frames[frame] = [row for row in self.frames[frame] if row["task_id"] != task_id]

    def insert(self, task: Row) -> None:
        """Put a new task after the last one of its group, else of its section, else of its part, else at the end."""
        for keys in (("part", "section", "group"), ("part", "section"), ("part",), ()):
            alike = [at for at, row in enumerate(self.tasks) if all(row[key] == task[key] for key in keys)]
            if alike or not keys:
                self.tasks.insert(alike[-1] + 1 if alike else 0, task)
                return

    # --- what follows from a task's texts -------------------------------------------------

    def say(self, task_id: str, title: str | None, measures: str | None, ids: Ids) -> None:
        """Give a task other words; its measures and targets follow, those that stay keep their ids."""
        task = self.task(task_id)
        assert task is not None
        new_measures = (measures or "") != (task["measures"] or "")
        known = self.of_task("targets", task_id)
        gone = _found(task["title"], task["measures"])
        kept = [row for row in known if not any(_same(row, each) for each in gone)]  # of goals, or of a person
        task["title"], task["measures"] = title, measures
        found = [row for row in _found(title, measures) if not any(_same(row, each) for each in kept)]
        derived = [row for row in known if row not in kept]
        self.put("targets", task_id, sorted([*kept, *numbered(task_id, found, derived, ids)], key=_number))
        if new_measures:
            old = self.of_task("measures", task_id)
            self.put("measures", task_id, measures_like(measures, old) if old else measures_of(measures))
            self._lift_units(task_id)

    def _lift_units(self, task_id: str) -> None:
        """Units of measures that are no more are the whole task's."""
        numbers = {row["measure_no"] for row in self.of_task("measures", task_id)}
        rows = [
            row if row["measure_no"] in numbers else {**row, "measure_no": None}
            for row in self.of_task("assignments", task_id)
        ]
        self.put("assignments", task_id, ranked_rows(rows))

    def give_units(self, task_id: str, lead: str | None, support: str | None) -> None:
        """Give a task other units in a role (None: as they are); persons printed with one stay with it."""
        old = self.of_task("assignments", task_id)
        said = {"lead": lead, "support": support}
        kept = [row for row in old if said[row["role"]] is None]
        new = with_old(units_of([UnitCells(lead, support)]), old)
        taken = {row["unit"] for row in new if row["role"] == "lead"}
        kept = [row for row in kept if row["role"] == "lead" or row["unit"] not in taken]
        self.put("assignments", task_id, ranked_rows([*new, *kept]))

    def give_deadline(self, task_id: str, text: str) -> None:
        """Give a task another deadline, as printed, and its last day."""
        task = self.task(task_id)
        assert task is not None
        task["deadline"], task["due_on"] = text or None, parse_deadline(text, self.info.year) if text else None


def numbered(task_id: str, found: Sequence[Row], known: Sequence[Row], ids: Ids) -> list[Row]:
    """Targets with their ids: of one that was there before, by its words, else by what it measures; else a new one."""
    left, given = list(known), dict[int, str]()
    for alike in (_same, _same_measure, _same_indicator):
        for at, row in enumerate(found):
            own = next((each for each in left if at not in given and alike(row, each)), None)
            if own is not None:
                left.remove(own)
                given[at] = own["target_id"]
    return [
        {**row, "task_id": task_id, "target_id": given.get(at) or ids.target(task_id)} for at, row in enumerate(found)
    ]


def ranked_rows(rows: Iterable[Row]) -> list[Row]:
    """Assignments of one task, each unit once in the task or measure (a lead first), ranked anew within the role."""
    order = {"lead": 0, "support": 1}
    seen: dict[tuple[int | None, str], Row] = {}
    for row in sorted(rows, key=lambda row: (row["measure_no"] or 0, order[row["role"]], row["rank"] or 0)):
        first = seen.setdefault((row["measure_no"], row["unit"]), {**row, "heads": []})
        first["heads"] = list(dict.fromkeys((*first["heads"], *row["heads"])))
    ranks: dict[tuple[int | None, str], int] = {}
    for row in seen.values():
        key = (row["measure_no"], row["role"])
        ranks[key] = row["rank"] = ranks.get(key, 0) + 1
    return list(seen.values())


def name_of(task: Mapping[str, Any], longest: int = 20) -> str:
    """A task as people know it: number and title."""
    number = f"{task['no']}." if task["no"] is not None else ""
    return f"{number}{shortened(task['title'] or task['measures'] or task['task_id'], longest)}"


def _found(title: str | None, measures: str | None) -> list[Row]:
    """The targets that a task's texts say, as reading a plan finds them."""
    found = find_targets(title or "")
    for target in find_targets(measures or ""):
        found.append(target if target.indicator else replace(target, indicator=shortened(title or "", 20)))
    return [{"nature": None, **vars(target)} for target in found]


def _same(one: Row, other: Row) -> bool:
    return (fold(one["text"] or ""), one["value"], one["unit"]) == (
        fold(other["text"] or ""),
        other["value"],
        other["unit"],
    )


def _same_measure(one: Row, other: Row) -> bool:
    return _same_indicator(one, other) and one["unit"] == other["unit"]


def _same_indicator(one: Row, other: Row) -> bool:
    return bool(one["indicator"]) and fold(one["indicator"]) == fold(other["indicator"] or "")


def _number(row: Mapping[str, Any]) -> int:
    return int(str(row["target_id"]).rpartition(".")[2])
