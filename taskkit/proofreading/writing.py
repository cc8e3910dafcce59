"""A plan as the proofreading workbook: plain rows for the template (design: proofreading)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from taskkit.office.data import Value
from taskkit.office.filling import MARKED, Filling, Row, SheetFilling, fill
from taskkit.plan import Plan, records
from taskkit.proofreading import columns
from taskkit.proofreading.columns import (
    ALWAYS,
    DATA_FORMS,
    DOUBTS,
    GOALS,
    INFO,
    KEPT_KEYS,
    KEPT_SHEET,
    SCHEDULE,
    STEPS,
    TARGETS,
    TASKS,
)
from taskkit.proofreading.doubts import Marks, doubts_of
from taskkit.proofreading.kept import blanks, fingerprint, kept_rows
from taskkit.proofreading.rebuilding import UnitCells, leaders_of, measures_of, unit_texts, units_of
from taskkit.rules.plan import check_plan
from taskkit.settings import Settings
from taskkit.sheet_forms.forms import Form, shown

TEMPLATE = "workbooks/proofreading.xlsx"
Record = dict[str, Any]


def proofreading_workbook(plan: Plan, originals: Mapping[str, str], settings: Settings | None = None) -> bytes:
    """The bytes of the proofreading workbook of a plan; ``originals`` are the source texts by task id."""
    template = (settings or Settings()).template(TEMPLATE)
    return fill(template, filling_of(plan, originals), TEMPLATE.rpartition("/")[2])


def filling_of(plan: Plan, originals: Mapping[str, str]) -> Filling:
    """What the template is filled with."""
    sheets = _Sheets.of(plan)
    doubts = doubts_of(plan, {row["id"]: row for row in sheets.rows(TASKS, originals)})
    info = {f"info.{key}": value for key, value in _info(plan).items()}
    counts: dict[str, Value] = {
        "proof.tasks": len(plan.tasks),
        "proof.targets": len(plan.targets),
        "proof.doubts": len(doubts.rows),
        "proof.title": plan.info.title or plan.info.source,
    }
    none = Row(DOUBTS.key, {"what": "没有需要核对的疑点。"}, DOUBTS.keys)
    listed = SheetFilling(DOUBTS.title, doubts.rows or (none,), {DOUBTS.key: DOUBTS.keys, MARKED: DOUBTS.keys})
    filled = [_filled(form, sheets.rows(form, originals), doubts.marks) for form in DATA_FORMS]
    kept = tuple(Row("kept", row, KEPT_KEYS) for row in sheets.kept())
    hidden_sheet = SheetFilling(KEPT_SHEET, kept, {"kept": KEPT_KEYS})
    return Filling(
        values={**info, **counts},
        sheets=(listed, *filled, hidden_sheet),
        lists=_lists(),
        hidden=_hidden(plan, [sheet.title for sheet in filled if sheet.rows]),
        title=f"核对稿：{plan.info.title or plan.info.source}",
        creator=plan.info.issuer or "",
    )


def _filled(form: Form, rows: list[Record], marks: Marks) -> SheetFilling:
    """The rows of a sheet; one that every workbook has gets an empty row rather than being left out."""
    made = [
        Row(
            form.key,
            {"id": str(number), **row},
            form.keys,
            marked=marks.get((form.key, row.get("id", str(number))), ()),
        )
        for number, row in enumerate(rows, 1)
    ]
    if not made and form in ALWAYS:
        made = [Row(form.key, dict.fromkeys(form.keys), form.keys)]
    return SheetFilling(form.title, tuple(made), {form.key: form.keys, MARKED: form.keys})


def _lists() -> dict[str, tuple[str, ...]]:
    """The words of the drop-downs, by the name of the list."""
    words = {"比较": columns.OPS, "类型": columns.KINDS, "性质": columns.NATURES, "谁报": columns.ROLES}
    return {columns.LIST_OF_FLAGS: ("是",)} | {
        name: tuple(each[0] for each in listed.values()) for name, listed in words.items()
    }


def _hidden(plan: Plan, titles: list[str]) -> dict[str, str]:
    """What the very hidden sheet says; the highest ids given, so that none is used twice."""
    highest = dict.fromkeys("TA", 0)
    for task_id in plan.tasks.index:
        letter, digits = task_id[:1], task_id[1:]
        if digits.isdecimal():
            highest[letter] = max(highest.get(letter, 0), int(digits))
    return {
        "kind": columns.KIND,
        "schema": columns.SCHEMA,
        "sha256": plan.info.sha256,
        "year": str(plan.info.year or ""),
        "sheets": "、".join(titles),
        **{f"last {letter}": str(number) for letter, number in highest.items()},
    }


def _info(plan: Plan) -> dict[str, Value]:
    info = plan.info
    return {
        **{key: getattr(info, key) for key in INFO.keys if key != "stages"},
        "stages": "、".join(info.stages),
    }


@dataclass(frozen=True)
class _Sheets:
    """The rows of a plan, grouped by task."""

    info: Any
    tasks: list[Record]
    assignments: dict[str, list[Record]]
    measures: dict[str, list[Record]]
    targets: list[Record]
    goals: list[Record]
    schedule: list[Record]
    settled: list[list[str | None]]

    @classmethod
    def of(cls, plan: Plan) -> _Sheets:
        return cls(
            plan.info,
            records("tasks", plan.tasks),
            _grouped(records("assignments", plan.assignments)),
            _grouped(records("measures", plan.measures)),
            records("targets", plan.targets),
            records("goals", plan.goals),
            records("schedule", plan.schedule),
            _settled(plan),
        )

    def rows(self, form: Form, originals: Mapping[str, str]) -> list[Record]:
        """The rows of one sheet, by the keys of its columns."""
        makers = {
            TASKS.key: lambda: [self._task(task, originals.get(task["task_id"])) for task in self.tasks],
            TARGETS.key: lambda: [_target(row) for row in self.targets],
            STEPS.key: lambda: [row for task in self.tasks for row in self._steps(task["task_id"])],
            GOALS.key: lambda: [{"id": row["task_id"], **_without(row, "task_id")} for row in self.goals],
            SCHEDULE.key: lambda: [_due(row) for row in self.schedule],
        }
        return makers[form.key]()

    def _task(self, task: Record, original: str | None) -> Record:
        units = self.unit_cells(task["task_id"])[0]
        return {
            **{key: task[key] for key in ("no", "section", "group", "title", "measures", "deadline", "due_on")},
            "id": task["task_id"],
            "part": columns.part_shown(task["part"] or "main"),
            "leaders": "、".join(task["leaders"]) or None,
            "lead": units.lead,
            "support": units.support,
            "joint": "是" if task["joint"] else None,
            "open_ended": "是" if task["open_ended"] else None,
            # One line more where there are many: what other fonts need for that many lines.
            "original": f"{original}\n" if original and original.count("\n") > 2 else original,
            "source": task["source"],
        }

    def unit_cells(self, task_id: str) -> list[UnitCells]:
        """The unit cells of a task, then those of its measures that have units."""
        listed = self.assignments.get(task_id, [])
        numbers = sorted({row["measure_no"] for row in listed if row["measure_no"] is not None})
        return [_unit_cells(listed, number) for number in (None, *numbers)]

    def _steps(self, task_id: str) -> Iterator[Record]:
        texts = {row["measure_no"]: row["text"] for row in self.measures.get(task_id, ())}
        for cells in self.unit_cells(task_id)[1:]:
            text = texts.get(cells.measure_no)
            lead, support = cells.lead, cells.support
            yield {"id": task_id, "measure_no": cells.measure_no, "text": text, "lead": lead, "support": support}

    def kept(self) -> Iterator[dict[str, str]]:
        """The rows of the hidden sheet: what the visible sheets would not give back (kept.py)."""
        frames = {"tasks": self.tasks, "targets": self.targets, "goals": self.goals, "schedule": self.schedule}
        empty = [each for frame, rows in frames.items() for each in blanks(frame, rows)]
        if empty:
            yield from kept_rows("", "blank", "", empty)
        if self.settled:
            yield from kept_rows("", "settled", "", self.settled)
        numbers = _target_numbers(self.targets)
        for task in self.tasks:
            task_id = task["task_id"]
            yield from kept_rows(task_id, "task", "", [{"targets": numbers.get(task_id, 0)}])
            for name, texts, actual, rebuilt in self._fields(task):
                if actual != rebuilt:
                    yield from kept_rows(task_id, name, fingerprint(*texts), actual)
            if task["deadline"] or task["due_on"]:
                yield from kept_rows(task_id, "due", "", [{key: task[key] for key in ("deadline", "due_on")}])

    def _fields(self, task: Record) -> Iterator[tuple[str, list[str | None], list[Any], list[Any]]]:
        """Field, the cells that show it, its rows, and the rows that the cells alone would give."""
        task_id = task["task_id"]
        cells = self.unit_cells(task_id)
        actual = [_without(row, "task_id") for row in self.assignments.get(task_id, ())]
        yield "units", unit_texts(cells), actual, units_of(cells)
        measures = [_without(row, "task_id") for row in self.measures.get(task_id, ())]
        yield "measures", [task["measures"]], measures, measures_of(task["measures"])
        leaders = "、".join(task["leaders"])
        yield "leaders", [leaders], task["leaders"], leaders_of(leaders)


def _settled(plan: Plan) -> list[list[str | None]]:
    """Doubts that the plan alone raises but the reader, who had the document, did not."""
    known = {(row["code"], row["task_id"]) for row in records("findings", plan.findings)}
    found = [each for each in check_plan(plan) if (each.code, each.task_id) not in known]
    return [[each.code, each.task_id, each.message] for each in found]


def _unit_cells(rows: list[Record], measure_no: int | None) -> UnitCells:
    def joined(role: str) -> str | None:
        mine = [row for row in rows if row["measure_no"] == measure_no and row["role"] == role]
        ordered = sorted(mine, key=lambda row: row["rank"] or 0)
        return "、".join(row["unit"] or "" for row in ordered) or None

    return UnitCells(joined("lead"), joined("support"), measure_no)


def _target(row: Record) -> Record:
    return {
        **{key: row[key] for key in ("text", "indicator", "value", "unit", "baseline")},
        "id": row["target_id"],
        "task": row["task_id"],
        "op": shown(columns.OPS, row["op"]),
        "kind": shown(columns.KINDS, row["kind"]),
        "nature": row["nature"],
    }


def _due(row: Record) -> Record:
    return {
        "period": columns.period_shown(row["period"]),
        "role": shown(columns.ROLES, row["role"]),
        "part": columns.part_shown(row["part"] or "main"),
        **{key: row[key] for key in ("due_on", "to_whom", "source")},
    }


def _target_numbers(targets: list[Record]) -> dict[str, int]:
    """The highest number that a task has given to a target."""
    highest: dict[str, int] = {}
    for row in targets:
        number = (row["target_id"] or "").rpartition(".")[2]
        if number.isdecimal():
            highest[row["task_id"]] = max(highest.get(row["task_id"], 0), int(number))
    return highest


def _without(row: Record, key: str) -> Record:
    return {name: value for name, value in row.items() if name != key}


def _grouped(rows: list[Record]) -> dict[str, list[Record]]:
    grouped: dict[str, list[Record]] = {}
    for row in rows:
        grouped.setdefault(row["task_id"], []).append(row)
    return grouped
