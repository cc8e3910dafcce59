"""What the visible sheets alone would not give back, kept on a very hidden sheet.

A plan knows more than a person needs to see: how a unit was printed, the persons printed with it,
the kind of each measure. Such rows are kept with a fingerprint of the cells that show them. While
the cells are as they were written the rows come back as they are; once a cell is edited, what it
says counts, and only what belongs to a unit that is still there is taken from the kept rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Record = dict[str, Any]
LONGEST = 32_000  # characters of one record; a longer one is made again from the cells


@dataclass(frozen=True)
class Kept:
    """The kept rows by task and field (units, measures, leaders, due, task)."""

    prints: Mapping[tuple[str, str], str] = field(default_factory=dict)
    rows: Mapping[tuple[str, str], Sequence[Any]] = field(default_factory=dict)

    def unchanged(self, task_id: str, name: str, *texts: str | None) -> list[Any] | None:
        """The kept rows of a field, where the cells say what they said when they were written."""
        key = (task_id, name)
        return list(self.rows[key]) if self.prints.get(key) == fingerprint(*texts) else None

    def old(self, task_id: str, name: str) -> list[Any]:
        """The kept rows of a field, whatever its cells say now."""
        return list(self.rows.get((task_id, name), ()))

    @property
    def task_ids(self) -> tuple[str, ...]:
        """The tasks that were written, in order."""
        return tuple(task_id for task_id, name in self.prints if name == "task")


def fingerprint(*texts: str | None) -> str:
    """A short mark of texts; nothing and the empty text are the same, as in a cell."""
    plain = json.dumps([text or "" for text in texts], ensure_ascii=False)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def kept_rows(task_id: str, name: str, mark: str, records: Iterable[Any]) -> Iterator[dict[str, str]]:
    """The rows of the hidden sheet for one field: one for each record, one without a record for none."""
    texts = [json.dumps(record, ensure_ascii=False, default=_day) for record in records]
    if all(len(text) <= LONGEST for text in texts):
        for text in texts or [""]:
            yield {"task": task_id, "field": name, "print": mark, "record": text}


def kept_from(rows: Iterable[Mapping[str, str]]) -> Kept:
    """The kept rows as read back; rows that are no longer whole are passed over."""
    prints: dict[tuple[str, str], str] = {}
    records: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        key = (row.get("task", ""), row.get("field", ""))
        try:
            record = json.loads(row["record"]) if row.get("record") else None
        except ValueError:
            continue
        prints[key] = row.get("print", "")
        listed = records.setdefault(key, [])
        if record is not None:
            listed.append(record)
    return Kept(prints, records)


def blanks(frame: str, rows: Iterable[Record]) -> Iterator[list[str]]:
    """The cells that hold the empty text: on a sheet they look like those that hold nothing."""
    for row in rows:
        yield from ([frame, _IDENTITY[frame](row), key] for key, value in row.items() if value == "")


def with_blanks(frame: str, rows: Iterable[Record], kept: Kept) -> list[Record]:
    """Rows with the empty text where it stood before and nothing was typed."""
    known = {tuple(each) for each in kept.old("", "blank")}
    return [
        {
            key: "" if value is None and (frame, _IDENTITY[frame](row), key) in known else value
            for key, value in row.items()
        }
        for row in rows
    ]


_IDENTITY: Mapping[str, Callable[[Record], str]] = {
    "tasks": lambda row: str(row["task_id"]),
    "targets": lambda row: str(row["target_id"]),
    "goals": lambda row: f"{row['task_id']} {row['stage']}",
    "schedule": lambda row: f"{row['period']} {row['role']} {row['part']}",
}


def as_day(text: str | None) -> date | None:
    """A date as kept."""
    return date.fromisoformat(text) if text else None


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
