"""The findings of a plan as the sheet 疑点: what, where, what to do, and which cells they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from taskkit.findings import CATALOGUE, SEVERITY_LABELS
from taskkit.office.data import Link
from taskkit.office.filling import Row
from taskkit.periods import short_date
from taskkit.plan import Plan, records
from taskkit.proofreading.columns import DOUBTS, INFO, SCHEDULE, TASKS

# Which cells of a task a doubt is about; the unit cells are narrowed to those that hold a unit it names.
ABOUT: dict[str, tuple[str, ...]] = {
    "no-units": ("lead", "support"),
    "no-lead": ("lead",),
    "role-guessed": ("lead", "support"),
    "both-roles": ("lead", "support"),
    "name-cut": ("lead", "support"),
    "name-near": ("lead", "support"),
    "number-jump": ("no",),
    "number-repeated": ("no",),
    "tasks-missing": ("no",),
    "heading-missing": ("section",),
    "measure-repeated": ("measures",),
    "label-low": ("group",),
    "label-spelling": ("group",),
    "text-repeated": ("title",),
    "date-damaged": ("deadline",),
    "date-impossible": ("deadline",),
}
_UNIT_KEYS = ("lead", "support")
_ABOUT_INFO = {"no-year", "no-plan-title"}
Marks = Mapping[tuple[str, str], tuple[str, ...]]
Dates = Mapping[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Doubts:
    """The rows of the sheet 疑点, and the keys to colour by (kind of row, id of row)."""

    rows: tuple[Row, ...]
    marks: Marks = field(default_factory=dict)


@dataclass(frozen=True)
class _About:
    kind: str = ""
    row_id: str = ""
    keys: tuple[str, ...] = ()


def doubts_of(plan: Plan, unit_cells: Mapping[str, Mapping[str, str | None]]) -> Doubts:
    """Every error and doubt of a plan; ``unit_cells`` are the unit cells by task id and key."""
    found = [row for row in records("findings", plan.findings) if row["severity"] in ("error", "doubt")]
    dates = _dates_by_source(plan)
    rows: list[Row] = []
    marks: dict[tuple[str, str], set[str]] = defaultdict(set)
    for number, each in enumerate(found, 1):
        about = list(_about(each, unit_cells, dates))
        for place in about:
            marks[place.kind, place.row_id].update(place.keys)
        cells = {"id": str(number), **_cells(number, each, about)}
        rows.append(Row(DOUBTS.key, cells, DOUBTS.keys, marked=() if about else ("link",)))
    return Doubts(tuple(rows), {key: tuple(sorted(keys)) for key, keys in marks.items()})


def _dates_by_source(plan: Plan) -> Dates:
    """Place in the notice -> the dates that were read there, each by its row's id and as it is spoken."""
    dates: dict[str, list[tuple[str, str]]] = {}
    for number, due in enumerate(records("schedule", plan.schedule), 1):
        if due["source"] and due["due_on"]:
            spoken = short_date(due["due_on"])
            dates.setdefault(due["source"], []).append((str(number), spoken))
    return dates


def _about(
    found: Mapping[str, Any], unit_cells: Mapping[str, Mapping[str, str | None]], dates: Dates
) -> Iterator[_About]:
    """The rows that a finding is about, with the keys of their cells."""
    task_id = found["task_id"]
    if task_id in unit_cells:
        yield _About(TASKS.key, task_id, _keys(found, unit_cells[task_id]))
    elif found["code"] in ("date-damaged", "date-impossible", "holidays-unknown"):
        here = dates.get(found["source"] or "", [])
        said = [row_id for row_id, spoken in here if f"读作{spoken}" in found["message"]]
        yield from (_About(SCHEDULE.key, row_id, ("due_on",)) for row_id in said or [row_id for row_id, _ in here])


def _keys(found: Mapping[str, Any], cells: Mapping[str, str | None]) -> tuple[str, ...]:
    keys = ABOUT.get(found["code"], ("id",))
    if keys != _UNIT_KEYS:
        return keys
    named = tuple(key for key in keys if any(unit and f"“{unit}”" in found["message"] for unit in _units(cells[key])))
    return named or keys


def _units(text: str | None) -> list[str]:
    return (text or "").split("、")


def _cells(number: int, found: Mapping[str, Any], about: list[_About]) -> dict[str, Any]:
    advice = CATALOGUE[found["code"]].advice if found["code"] in CATALOGUE else ""
    ending = f"；{advice}。"
    message = found["message"] or ""
    return {
        "no": number,
        "severity": SEVERITY_LABELS.get(found["severity"], found["severity"]),
        "link": _link(found, about),
        "what": f"{message.removesuffix(ending)}。" if advice and message.endswith(ending) else message,
        "advice": f"{advice}。" if advice else None,
        "source": found["source"],
        "done": None,
    }


def _link(found: Mapping[str, Any], about: list[_About]) -> Link | str:
    if not about:
        return INFO.title if found["code"] in _ABOUT_INFO else "全文"
    first = about[0]
    form = TASKS if first.kind == TASKS.key else SCHEDULE
    text = first.row_id if form is TASKS else form.title
    return Link(text, form.title, first.row_id, first.keys[0] if first.keys else form.keys[0])
