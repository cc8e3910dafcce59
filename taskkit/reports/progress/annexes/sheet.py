"""What all annexes share: how a table without rows, a note, a band and a blank cell are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from taskkit.judging.facts import TaskFacts
from taskkit.reports import wording
from taskkit.word import Annex, Band, Cells

BEHIND = "▼"  # marks what is behind, so that it is seen in black and white
NOTHING, BLANK = "无", "—"
UNNAMED = "未明确"  # of a task without lead units
Rows = Iterable[Band | Cells]


def sheet(title: str, columns: tuple[str, ...], rows: Rows, notes: Iterable[str], headers: Mapping[str, str]) -> Annex:
    """A table as it is printed, its label aside; notes that are empty are left out."""
    said = "；".join(filter(None, notes))
    listed = tuple(rows) or (Band(NOTHING, 0),)
    return Annex("", title, columns, listed, headers=headers, foot=f"注：{said}。" if said else "")


def leads(task: TaskFacts) -> str:
    """Its lead units as a cell prints them, one in a line."""
    return "\n".join(task.printed) or UNNAMED


def section_band(task: TaskFacts, before: TaskFacts | None) -> Iterable[Band]:
    """The band of a 大类, where a task is the first of it: 一、聚力稳增长, without its count of tasks."""
    if task.section and (before is None or before.section != task.section):
        yield Band(wording.counted_off(task.section))
