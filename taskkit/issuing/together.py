"""One table for all units (总表): the rows of every unit's workbook, each with the id that it has in that workbook.

An office fills it in itself or passes it around; taken back, each row goes to the unit's own workbook
(docs/issuing.md says what the file looks like).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from taskkit.book import Ask, Book, BookSheet, make_id
from taskkit.book_words import book_values, deadline_text, form_title, line_text
from taskkit.columns import COLUMNS, Field, Sheet, together_sheets_for
from taskkit.office.data import Filling, Row, SheetFilling, Value
from taskkit.plan_index import PlanIndex
from taskkit.workbook import MOST_STAGES, header_values

TEMPLATES = {"plan": "plan_together.xlsx"}  # by kind of period; all reports share one
REPORT_TEMPLATE = "progress_together.xlsx"
EVERYBODY = "各单位"
TOGETHER = "together"
_OWNER = "reporting_unit"
Sent = tuple[str, Book]  # the id of a workbook, and what it holds


def table_name(period_title: str) -> str:
    """2026年二季度工作进展_总表.xlsx."""
    return f"{period_title}_总表.xlsx"


def together_filling(index: PlanIndex, plan: str, sent: Sequence[Sent]) -> Filling:
    """The rows of all these workbooks as what the template of the 总表 is filled with."""
    ask = _ask_of([book.ask for _, book in sent])
    books = [book for _, book in sent]
    tasks = len({line.row_id for book in books for sheet in book.sheets for line in sheet.lines if line.kind == "task"})
    form = f"{form_title(ask.period, index.info.year, 'lead', ask.part)}总表"
    values: dict[str, Value] = {
        **book_values(index, ask, tasks, sum(book.targets for book in books)),
        **header_values(()),
        "book.title": f"{index.info.issuer or ''}{form}",
        "book.form": form,
        "book.unit_count": len({book.ask.unit for book in books}),
    }
    number = make_id("G", plan, ask.period.text, *(workbook for workbook, _ in sent))
    hidden = {"kind": TOGETHER, TOGETHER: number, "plan": plan, "period": ask.period.text, "schema": "1"}
    return Filling(
        values=values,
        sheets=tuple(_sheet(form, sent, ask) for form in together_sheets_for(ask.period.kind)),
        lists={COLUMNS["state"].header: books[0].states} if ask.period.kind != "plan" else {},
        hidden=hidden,
        title=str(values["book.title"]),
        creator=str(values["plan.issuer"] or ""),
    )


def _ask_of(asks: Sequence[Ask]) -> Ask:
    """What the table asks as a whole: the dates of the lead units and of the support units, where all have the same."""
    first = asks[0]
    leads, supports = ([each for each in asks if each.role in roles] for roles in (("lead", "all"), ("support",)))
    dues = {(each.due_on, each.to_whom) for each in leads or supports}
    due_on, to_whom = dues.pop() if len(dues) == 1 else (None, None)
    role = "all" if leads and any(each.role != "lead" for each in asks) else first.role
    helps = {(each.support_due_on, each.support_to_whom) for each in asks if each.role != "lead"}
    support_due_on, support_to_whom = helps.pop() if len(helps) == 1 else (None, None)
    part = first.part if len({each.part for each in asks}) == 1 else "main"
    return replace(
        first,
        unit=EVERYBODY,
        role=role,
        part=part,
        due_on=due_on,
        to_whom=to_whom,
        support_due_on=support_due_on,
        support_to_whom=support_to_whom,
    )


def _sheet(form: Sheet, sent: Sequence[Sent], ask: Ask) -> SheetFilling:
    found = [(workbook, book, _of(book, form.title)) for workbook, book in sent]
    listed = [(workbook, book, sheet) for workbook, book, sheet in found if sheet]
    stages = [str(number) for number in range(1, MOST_STAGES + 1)]
    keys = ("id", *(each.column.key for each in form.fields_of(stages)))
    marks = {form.rows: keys, **({"item": keys} if form.key == "plan" else {})}
    rows = tuple(row for workbook, book, sheet in listed for row in _rows(workbook, book, sheet))
    fields: dict[str, Field] = {each.column.key: each for _, _, sheet in listed for each in sheet.fields}
    values: dict[str, Value] = {"book.id": None, **header_values(tuple(fields.values()))}
    if form.key == "support":
        values["book.line"] = line_text(ask, deadline_text(ask.support_due_on, ask.support_to_whom))
    return SheetFilling(form.title, rows, marks, values)


def _rows(workbook: str, book: Book, sheet: BookSheet) -> Iterator[Row]:
    """A unit's rows under a band with its name: what they are filtered by, and what a reader looks for."""
    unit = book.ask.unit
    for line in sheet.lines:
        yield Row(line.kind, {"id": f"{workbook}.{line.row_id}", _OWNER: unit, **line.cells}, line.open, unit)


def _of(book: Book, title: str) -> BookSheet | None:
    return next((sheet for sheet in book.sheets if sheet.title == title), None)
