"""What a unit's workbook holds: plan and earlier values in, plain data of a workbook out.

A ``Book`` is the workbook as data: sheets, lines, cells by column key, and which of them are open.
``filling`` turns it into what a template is filled with, ``sent_cells`` into what the ledger keeps.
The forms are those of the design's "What a unit's workbook holds"; the columns those of columns.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from taskkit.book import Ask, Book, BookSheet, Kept, Line, Report, make_id
from taskkit.book_words import SENT_BACK, book_values, deadline_text, form_title, how_values, line_text, part_title
from taskkit.columns import (
    ANNEX_SHEET,
    BOOK_FIELDS,
    BOOK_ROW,
    COLUMNS,
    DIRECTIVE_SHEET,
    HANDLED,
    ITEM_KEYS,
    ITEMS_PER_TASK,
    ONLY_FILLED,
    RELAY_SHEET,
    REQUEST_ROWS,
    REQUEST_SHEET,
    Field,
    Sheet,
    book_row,
    goal_columns,
    is_directives,
    request_row,
    row_owner,
    sheets_for,
)
from taskkit.figures import falls, number_or_text, written
from taskkit.ledger import SentCell
from taskkit.office.filling import Filling, Formula, Row, SheetFilling, Value
from taskkit.plan import Item
from taskkit.plan_index import PlanIndex, full_name

__all__ = [
    "Ask",
    "Book",
    "BookSheet",
    "Kept",
    "Line",
    "PlanIndex",
    "Report",
    "build_book",
    "directive_book",
    "directive_sheet",
    "filling",
    "form_title",
    "full_name",
    "part_title",
    "sent_cells",
]

SCHEMA = "1"  # of the very hidden sheet
MOST_STAGES = 12
RELAY_LINE = "以下是配合单位本期报送的内容，供汇总时参考，不用填写。"
DIRECTIVE_LINE = "请逐件填写落实情况，与其他工作表一并报送"
REQUIREMENTS = {">=": "不低于", "<=": "不超过", "=": "达到", "~": "左右"}
_MOST_ITEMS = 30
# Targets whose share of the aim says something; of the others (ratio, growth …) only whether it is met.
RATED_KINDS = ("count", "level")


def build_book(index: PlanIndex, ask: Ask, kept: Kept, states: Sequence[str]) -> Book | None:
    """The workbook of one unit, or None where it has nothing to report."""
    tasks = [each for each in index.tasks_of(ask.unit, ask.role, ask.part) if each[0] not in ask.without]
    if not tasks:
        return None
    builder = _Builder(index, ask, kept, tasks)
    sheets = tuple(sheet for form in sheets_for(ask.period.kind) if (sheet := builder.sheet(form)))
    sheets = (replace(sheets[0], signed=True), *sheets[1:])
    book = Book(ask, sheets, {}, tuple(states))
    values = book_values(index, ask, book.tasks, book.targets)
    return replace(book, values={**values, **how_values(sheets), **header_values(())})


def directive_book(index: PlanIndex, ask: Ask, sheet: BookSheet) -> Book:
    """The form of a unit that is asked for nothing but 批示, or was sent its other forms before."""
    sheets = (replace(sheet, signed=True),)
    values = book_values(index, ask, 0, 0)
    return Book(ask, sheets, {**values, **how_values(sheets), **header_values(())}, ())


def directive_sheet(lines: Sequence[Line]) -> BookSheet:
    """The sheet 批示办理."""
    return _shown_sheet(DIRECTIVE_SHEET, DIRECTIVE_SHEET.fields, lines)


def _shown_sheet(form: Sheet, fields: Sequence[Field], lines: Sequence[Line]) -> BookSheet:
    """The sheet; without the columns of last period's texts where there are none."""
    idle = {key for key in ONLY_FILLED if not any(line.cells.get(key) for line in lines)}
    kept = tuple(field for field in fields if field.column.key not in idle)
    return BookSheet(form.title, form.rows, kept, tuple(lines))


def relay_sheet(index: PlanIndex, reports: Sequence[Report]) -> BookSheet:
    """The sheet 配合单位进展: what support units reported, task by task."""
    lines, counted = [], Counter[str]()
    for task_id, unit, progress, problem in reports:
        counted[task_id] += 1
        task = index.tasks[task_id]
        cells: dict[str, Value] = {
            "no": task["no"],
            "title": task["title"],
            "supporter": unit,
            "progress": progress,
            "problem": problem,
        }
        row_id = f"{task_id}/{counted[task_id]}"
        lines.append(Line("relay", row_id, cells, (), task["section"] or "", task["group"] or ""))
    return BookSheet(RELAY_SHEET.title, RELAY_SHEET.rows, RELAY_SHEET.fields, tuple(lines))


class _Builder:
    """The lines of one unit's workbook."""

    def __init__(self, index: PlanIndex, ask: Ask, kept: Kept, tasks: Sequence[tuple[str, str]]) -> None:
        self.index = index
        self.ask = ask
        self.kept = kept
        self.is_plan = ask.period.kind == "plan"
        leads = [task for task, role in tasks if role == "lead"]
        supports = [task for task, role in tasks if role == "support"]
        by_month = ask.period.kind == "month" and ask.part != "main"
        self.tasks = {
            "plan": [*leads, *supports],
            "progress": [] if by_month else leads,
            "targets": [] if by_month else leads,
            "annex": leads if by_month else [],
            "support": supports,
        }
        self.leads = leads
        self.supports = set(supports)
        self.stages = index.info.stages
        self.goal_headers = {column.key: column.header for column in goal_columns(self.stages)}

    def sheet(self, form: Sheet) -> BookSheet | None:
        """The sheet with its lines, or None where there are none."""
        fields = form.fields_of(self.stages)
        if form is REQUEST_SHEET:
            lines = list(self._request_lines(fields)) if self.leads else []
            return BookSheet(form.title, form.rows, fields, tuple(lines)) if lines else None
        make = self._target_lines if form.rows == "target" else self._task_lines
        if form is ANNEX_SHEET:
            make = self._annex_lines
        lines = [line for task_id in self.tasks.get(form.key, ()) for line in make(task_id, fields)]
        if not lines:
            return None
        if self.kept.opinions:
            lines = [self._sent_back(line, fields) for line in lines]
        return _shown_sheet(form, fields, lines)

    def _sent_back(self, line: Line, fields: Sequence[Field]) -> Line:
        """A line of a form that goes out again, for the office sent something back: what the unit reported, and why.

        What is approved stays as it is.
        """
        done = self.is_plan and line.row_id in self.kept.approved
        settled = {*self.goal_headers, "measures", "deadline"} if done else set()
        cells = dict(line.cells)
        for field in fields:
            key, text = field.column.key, self.kept.own.get((line.row_id, field.column.header), "")
            if key in line.open and text:
                cells[key] = number_or_text(text) if field.column.kind == "number" else text
        whose = line.row_id if self.is_plan or not line.cells.get("title") else row_owner(line.row_id)[0] or ""
        if "opinion" in cells:
            cells["opinion"] = "已审定" if done else self.kept.opinions.get(whose)
        return replace(line, cells=cells, open=tuple(key for key in line.open if key not in settled))

    def _task_lines(self, task_id: str, fields: Sequence[Field]) -> Iterator[Line]:
        task = self.index.tasks[task_id]
        known = self._task_cells(task_id, task)
        cells = {field.column.key: known.get(field.column.key) for field in fields}
        section = task["section"] or ""
        if self.is_plan and task_id in self.supports:
            section = f"配合任务　{section}"
        line = Line("task", task_id, cells, _open(fields, cells), section, task["group"] or "")
        yield line
        if self.is_plan:
            yield from (self._item(line, number, fields) for number in range(1, self._items_of(task_id) + 1))
        else:
            items = self.index.items_of(self.ask.unit, task_id)
            yield from (self._own_item(line, number, item, fields) for number, item in enumerate(items, 1))

    def _items_of(self, task_id: str) -> int:
        """How many rows for 举措 a task has: more where the unit inserted some, and its form goes out again."""
        rows = (row_id.partition("+") for row_id, _ in self.kept.own)
        numbers = (int(number) for owner, _, number in rows if owner == task_id and number.isdecimal())
        return max(ITEMS_PER_TASK, min(max(numbers, default=0), _MOST_ITEMS))

    def _task_cells(self, task_id: str, task: Mapping[str, Any]) -> dict[str, Value]:
        last = self.kept.last.get((task_id, COLUMNS["progress"].header), "")
        stage = self.ask.period.stage(self.index.info.stages)
        deadline = (task_id, COLUMNS["deadline"].header)
        return {
            "no": task["no"],
            "title": task["title"],
            "measures": task["measures"],
            "annual": self._annual(task_id, task),
            "leaders": "、".join(task["leaders"]),
            "lead_units": "、".join(self.index.units_of(task_id, "lead")),
            "support_units": "、".join(self.index.units_of(task_id, "support")),
            "deadline": self.kept.changed.get(deadline) or task["deadline"] or self.kept.goals.get(deadline, ""),
            "stage_goal": self._goal(task_id, f"{stage}目标", stage) if stage else "",
            "progress": last,
            "last_progress": last,
            **self._goals(task_id),
        }

    def _goals(self, task_id: str) -> dict[str, Value]:
        """The goals by column key: what the unit promised, else what the plan prints."""
        stages = zip(self.goal_headers.items(), self.stages, strict=True)
        return {key: self._goal(task_id, header, stage) for (key, header), stage in stages}

    def _goal(self, task_id: str, header: str, stage: str) -> str:
        printed = self.index.goals.get((task_id, stage), "")
        return printed if self.is_plan else self.kept.goals.get((task_id, header), printed)

    def _annual(self, task_id: str, task: Mapping[str, Any]) -> str:
        """The year's aim in short: the task's targets, else its deadline."""
        texts = [row["text"] for row in self.index.targets.get(task_id, ()) if row["text"]]
        if texts:
            return "；".join(dict.fromkeys(texts))
        deadline = task["deadline"] or ""
        return f"{deadline}完成" if re.search(r"(底前|日前|前|底)$", deadline) else deadline

    def _item(self, line: Line, number: int, fields: Sequence[Field]) -> Line:
        """A blank row under a task for a 举措 that the unit proposes."""
        keys = [field.column.key for field in fields]
        opened = tuple(key for key in keys if key in ITEM_KEYS or key.startswith("goal"))
        cells: dict[str, Value] = {**dict.fromkeys(keys, ""), "title": f"补充举措{number}（没有可不填）"}
        return Line("item", f"{line.row_id}+{number}", cells, opened, line.section, line.group)

    def _own_item(self, line: Line, number: int, item: Item, fields: Sequence[Field]) -> Line:
        """An accepted item under its task, to be reported on like a task."""
        last = self.kept.last.get((item.item_id, COLUMNS["progress"].header), "")
        stage = self.ask.period.stage(self.stages)
        goals = {key: item.goals.get(each, "") for key, each in zip(self.goal_headers, self.stages, strict=True)}
        known: dict[str, Value] = {
            **{key: line.cells.get(key) for key in ("leaders", "lead_units", "support_units")},
            "no": f"{line.cells['no']}-{number}" if line.cells.get("no") else f"（{number}）",
            "title": item.text,
            "measures": item.text,
            "deadline": item.deadline or line.cells.get("deadline"),
            "stage_goal": item.goals.get(stage, "") if stage else "",
            "progress": last,
            "last_progress": last,
            **goals,
        }
        cells = {field.column.key: known.get(field.column.key) for field in fields}
        return Line("task", item.item_id, cells, _open(fields, cells), line.section, line.group)

    def _request_lines(self, fields: Sequence[Field]) -> Iterator[Line]:
        """A few blank rows for what a lead unit asks to change."""
        keys = tuple(field.column.key for field in fields)
        for number in range(1, REQUEST_ROWS + 1):
            yield Line("request", request_row(number, self.ask.part), dict.fromkeys(keys, ""), keys)

    def _target_lines(self, task_id: str, fields: Sequence[Field]) -> Iterator[Line]:
        task = self.index.tasks[task_id]
        for at, target in enumerate(self.index.targets.get(task_id, ())):
            if target["value"] is None:
                continue
            cells = self._target_cells(target)
            if at == 0:
                cells |= {"no": task["no"], "title": task["title"]}
            cells = {field.column.key: cells.get(field.column.key) for field in fields}
            yield Line(
                "target", target["target_id"], cells, _open(fields, cells), task["section"] or "", task["group"] or ""
            )

    def _annex_lines(self, task_id: str, fields: Sequence[Field]) -> Iterator[Line]:
        """One line per indicator of a task; a task without one has a line for its sentence alone."""
        task = self.index.tasks[task_id]
        listed: list[dict[str, Any] | None] = [
            each for each in self.index.targets.get(task_id, ()) if each["value"] is not None
        ]
        heads = {"no": task["no"], "title": task["title"]}
        for at, target in enumerate(listed or [None]):
            row_id = target["target_id"] if target else task_id
            known = {**(heads if at == 0 else {}), **(self._annex_cells(target) if target else {})}
            cells = {field.column.key: known.get(field.column.key) for field in fields}
            opened = _open(fields, cells) if target else ("brief",)
            yield Line("target", row_id, cells, opened, task["section"] or "", task["group"] or "")

    def _annex_cells(self, target: Mapping[str, Any]) -> dict[str, Value]:
        period, adds_up = self.ask.period, target["kind"] in RATED_KINDS
        last = self.kept.last.get((target["target_id"], COLUMNS["month_total"].header), "")
        new = Formula('IF(ISNUMBER({month_total}),{month_total}-N({last_month}),"")')
        return {
            "indicator": f"{target['indicator'] or target['text']}{_requirement(target)}",
            "aim": target["value"],
            "unit": target["unit"],
            "last_month": number_or_text(last),
            "month_new": new if adds_up else None,
            "rate": rate_formula(target, "month_total", "aim"),
            "time_share": f"{period.last_month / 12 * 100:.1f}%",
        }

    def _target_cells(self, target: Mapping[str, Any]) -> dict[str, Value]:
        row_id = target["target_id"]
        goals = {
            key: number_or_text(self.kept.goals.get((row_id, header), ""))
            for key, header in self.goal_headers.items()
            if not self.is_plan
        }
        return {
            "indicator": target["indicator"] or target["text"],
            "requirement": REQUIREMENTS.get(target["op"] or "", ""),
            "annual_value": target["value"],
            "unit": target["unit"],
            "baseline": target["baseline"],
            "previous": number_or_text(self.kept.last.get((row_id, COLUMNS["achieved"].header), "")),
            "rate": rate_formula(target),
            **goals,
        }


def _requirement(target: Mapping[str, Any]) -> str:
    """How a target is meant, where it is not simply to be reached: （不超过）."""
    return f"（{REQUIREMENTS[target['op']]}）" if target["op"] in ("<=", "~") else ""


def rate_formula(target: Mapping[str, Any], now: str = "achieved", aim: str = "annual_value") -> Formula | None:
    """What 完成率 says of a target: a share for a count or a level, 达标 or 未达标 for the others.

    A ceiling, and a value that is to fall below its baseline, is met by what is not above it. Of
    左右 nothing is said but the share: how near is near enough is the office's to judge.
    """
    op, value, baseline = target["op"], target["value"], target["baseline"]
    falling = falls(op, value, baseline)
    if not falling and target["kind"] in RATED_KINDS:
        share = f"{{{now}}}/{{{aim}}}"
        if target["kind"] == "level" and baseline is not None and value is not None and baseline < value:
            start = written(baseline)  # a level is measured from its baseline
            share = f"({{{now}}}-({start}))/({{{aim}}}-({start}))"
        return Formula(f'IF(AND(ISNUMBER({{{now}}}),ISNUMBER({{{aim}}})),IF({{{aim}}}>0,ROUND({share}*100,1),""),"")')
    if op == "~" or op is None:
        return None
    sign = "<=" if falling else ">="
    return Formula(f'IF(ISNUMBER({{{now}}}),IF({{{now}}}{sign}{{{aim}}},"达标","未达标"),"")')


# --- the book as what others take ----------------------------------------------------------


def workbook_id(plan: str, content: str, ask: Ask, edition: int) -> str:
    """The id of a workbook: it derives from plan, unit, period and edition alone, so it can be made again."""
    return make_id("W", plan, content, ask.unit, ask.period.text, ask.role, ask.part, str(edition))


def sent_cells(book: Book) -> tuple[SentCell, ...]:
    """Every cell of the workbook as it is sent, for the ledger."""
    line = book_row(book.ask.role, book.ask.part)
    return tuple(cell for sheet in book.sheets for cell in _cells_of(sheet, line))


# What a form asks, where it stands in a row for the first time or says something else than before.
_ASKED = frozenset(
    COLUMNS[key].header
    for key in ("title", "measures", "indicator", "requirement", "annual_value", "aim", "unit", "opinion")
)


def asks_anew(before: Iterable[SentCell], after: Iterable[SentCell]) -> bool:
    """Whether a form asks something that another one of the same unit did not: a row, a task in other words."""
    return any(cell.column in _ASKED for cell in set(after) - set(before))


def _cells_of(sheet: BookSheet, signed: str) -> Iterator[SentCell]:
    columns = [(each.column.key, each.column.header) for each in sheet.fields]
    for line in sheet.lines:
        for key, header in columns:
            yield SentCell(sheet.title, line.row_id, header, plain_text(line.cells[key]), key in line.open)
    if sheet.signed:
        for each in BOOK_FIELDS:
            yield SentCell(sheet.title, signed, each.column.header, "", True)


def plain_text(value: Value) -> str:
    """A value as the ledger keeps it: numbers without needless zeros; a formula says nothing yet."""
    if value is None or isinstance(value, Formula):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def filling(book: Book, plan_name: str, workbook: str, edition: int) -> Filling:
    """The book as what its template is filled with."""
    ask = book.ask
    sheets = {sheet.title: sheet for sheet in book.sheets}
    line = str(book.values["book.line"])
    listed = (DIRECTIVE_SHEET,) if is_directives(ask.part) else sheets_for(ask.period.kind)
    forms = (_sheet_filling(form, sheets.get(form.title), workbook, ask, line) for form in listed)
    hidden = {
        "workbook": workbook,
        "plan": plan_name,
        "unit": ask.unit,
        "role": ask.role,
        "part": ask.part,
        "period": ask.period.text,
        "edition": str(edition),
        "schema": SCHEMA,
    }
    return Filling(
        values={**book.values, "book.workbook": workbook, "book.edition": edition},
        sheets=tuple(forms),
        lists=drop_downs(book.states) if ask.period.kind != "plan" else {},
        hidden=hidden,
        title=str(book.values["book.title"]),
        creator=str(book.values["plan.issuer"] or ""),
    )


def drop_downs(states: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The lists of the drop-downs of a reporting period, by the headers of their columns."""
    return {COLUMNS["state"].header: tuple(states), COLUMNS["handled"].header: tuple(HANDLED)}


def _sheet_filling(form: Sheet, sheet: BookSheet | None, workbook: str, ask: Ask, said: str) -> SheetFilling:
    stages = [str(number) for number in range(1, MOST_STAGES + 1)]
    keys = ("id", *(each.column.key for each in form.fields_of(stages)))
    marks = {form.rows: keys, **({"item": keys} if form.key == "plan" else {})}
    if sheet is None:
        return SheetFilling(form.title, (), marks, {"book.id": None, **header_values(())})
    rows = tuple(
        Row(line.kind, {"id": f"{workbook}.{line.row_id}", **line.cells}, line.open, line.section, line.group)
        for line in sheet.lines
    )
    signed = f"{workbook}.{BOOK_ROW}" if sheet.signed else None
    values: dict[str, Value] = {"book.id": signed, **header_values(sheet.fields)}
    if values["header.opinion"]:
        values["book.line"] = said + SENT_BACK
    if form.key == "support":
        values["book.line"] = line_text(ask, deadline_text(ask.support_due_on, ask.support_to_whom))
    if form is RELAY_SHEET:
        values["book.line"] = RELAY_LINE
    if form is DIRECTIVE_SHEET and not is_directives(ask.part):
        values["book.line"] = line_text(replace(ask, contact=""), DIRECTIVE_LINE)
    if form is REQUEST_SHEET:
        values["book.line"] = line_text(replace(ask, contact=""), "没有需要调整的，本表不用填写")
    return SheetFilling(form.title, rows, marks, values)


def header_values(fields: Sequence[Field]) -> dict[str, Value]:
    """The headers that a template cannot know: those of the stages, and of what only some workbooks have."""
    shown = {each.column.key: each.column.header for each in fields}
    keys = (*(f"goal{at}" for at in range(1, MOST_STAGES + 1)), *ONLY_FILLED)
    return {f"header.{key}": shown.get(key) for key in keys}


def _open(fields: Sequence[Field], cells: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(
        each.column.key
        for each in fields
        if each.opening == "open" or (each.opening == "open if blank" and not cells.get(each.column.key))
    )
