"""What the checks of returned workbooks go by: the rows as they will stand, and what the plan says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from taskkit.columns import COLUMNS, row_owner
from taskkit.figures import falls, meets
from taskkit.findings import Finding, finding
from taskkit.places import Place
from taskkit.plan import Plan, records
from taskkit.settings import State
from taskkit.typed import Meaning, meaning

_NOTHING = frozenset(("无", "暂无"))
_ADDING_KINDS = (None, "count", "level")  # None: nothing is known of it
_CHANGE = re.compile("增长|增速|增幅|涨幅|降幅|同比|环比")


@dataclass(frozen=True)
class Aim:
    """What the plan says of a target, as far as its values go by it; all None where nothing is known."""

    kind: str | None = None
    op: str | None = None
    value: float | None = None
    baseline: float | None = None
    text: str = ""
    unit: str | None = None

    @property
    def may_be_negative(self) -> bool:
        """A change (growth, 增速, 同比) goes below zero; a count, a length, a share does not."""
        return self.kind == "growth" or bool(_CHANGE.search(self.text))

    @property
    def adds_up(self) -> bool:
        """Whether its values add up over the year, so that they never fall."""
        return self.kind in _ADDING_KINDS and not self.falling and not self.may_be_negative

    @property
    def falling(self) -> bool:
        """A ceiling, or a value that is to be brought down."""
        return falls(self.op, self.value, self.baseline)

    def missed_by(self, number: float) -> bool:
        """Whether a value does not meet the target; 左右 is the office's to judge."""
        if self.value is None or self.op == "~":
            return False
        return not meets(self.op, self.value, self.baseline, number)

    @property
    def shown(self) -> str:
        """The target as a person reads it: 5所."""
        return "" if self.value is None else f"{self.value:g}{self.unit or ''}"


UNKNOWN = Aim()


@dataclass(frozen=True)
class Known:
    """What the judging goes by: the office's states, the plan's targets by their ids, the plan's year."""

    states: Sequence[State]
    aims: Mapping[str, Aim] = field(default_factory=dict)
    year: int | None = None

    def aim(self, row_id: str) -> Aim:
        return self.aims.get(row_id, UNKNOWN)

    def meaning_of(self, state: str) -> str | None:
        """What a state means (done, slow …), whatever it is called here."""
        return next((each.meaning for each in self.states if each.name == state), None)


def known_of(plan: Plan, states: Sequence[State]) -> Known:
    """What the values returned for a plan are judged by."""
    aims = {
        row["target_id"]: Aim(
            **{key: row[key] for key in ("kind", "op", "value", "baseline", "unit")},
            text=f"{row['indicator']}{row['text']}",
        )
        for row in records("targets", plan.targets)
    }
    return Known(states, aims, plan.info.year)


@dataclass(frozen=True)
class FilledRow:
    """A returned row as it will stand in the ledger.

    ``values`` and ``places`` go by header, ``sent`` is what stood there when it went out; ``goals``
    are the headers of the stage goals in their order. ``source`` is the file, ``place`` the row.
    """

    row_id: str
    source: str
    place: Place
    values: Mapping[str, str]
    aim: Aim = UNKNOWN
    sent: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    goals: tuple[str, ...] = ()

    def value(self, key: str) -> str:
        """What stands in a column, by the column's key; "" for nothing, and for 无."""
        text = self.values.get(COLUMNS[key].header, "")
        return "" if text in _NOTHING else text

    def sent_value(self, key: str) -> str:
        """What stood in a column when the workbook went out."""
        return self.sent.get(COLUMNS[key].header, "")

    def has(self, key: str) -> bool:
        return COLUMNS[key].header in self.values

    def reads(self, key: str) -> Meaning:
        """What the text in a number column means."""
        return meaning(self.value(key), self.aim.unit)

    def found(self, code: str, key: str = "", **words: object) -> Finding:
        """A finding about a column of this row (about the whole row without one)."""
        return self.found_under(code, COLUMNS[key].header if key else "", **words)

    def found_under(self, code: str, header: str, **words: object) -> Finding:
        """A finding about the column with a header."""
        place = self.places.get(header, self.place)
        return finding(code, place, source=self.source, task_id=row_owner(self.row_id)[0], **words)


@dataclass(frozen=True)
class FilledBook:
    """All rows of a returned workbook as they will stand, and which of them this return changes."""

    rows: Mapping[str, FilledRow]
    changed: frozenset[str]
    known: Known

    @cached_property
    def _targets(self) -> Mapping[str, list[FilledRow]]:
        by_task: dict[str, list[FilledRow]] = {}
        for row_id, row in self.rows.items():
            task_id, target_id = row_owner(row_id)
            if task_id and target_id and row.has("achieved"):
                by_task.setdefault(task_id, []).append(row)
        return by_task

    def targets(self, task_id: str) -> Sequence[FilledRow]:
        """The rows of a task's targets that ask for a value."""
        return self._targets.get(task_id, ())

    def changed_rows(self) -> Iterator[FilledRow]:
        return (row for row_id, row in self.rows.items() if row_id in self.changed)
