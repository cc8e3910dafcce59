"""Leaders' written instructions (批示) on their way to the units that have to carry them out.

Each stands on the sheet 批示办理 of one form of a unit, its first in a period. What is out is never
changed for a new one, for a clerk may have begun to fill it in: what came later, and what goes to a
unit without any other form, goes out in a form that holds nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from taskkit.book import Ask, Book, Kept, Line
from taskkit.book_words import how_values
from taskkit.columns import COLUMNS, DIRECTIVE_SHEET, DONE, directives_part, is_directives
from taskkit.entries import SentCell, Workbook
from taskkit.periods import PLAN, Period, official_date, parse_period
from taskkit.plan_index import PlanIndex
from taskkit.stores.directives import ONCE, ONGOING, Directive
from taskkit.workbook import directive_book, directive_sheet

if TYPE_CHECKING:
    from taskkit.ledger import Ledger

TEMPLATE = "directives.xlsx"
_FOLLOWED, _HANDLED = COLUMNS["followed"].header, COLUMNS["handled"].header
_TOLD = tuple(field.column.key for field in DIRECTIVE_SHEET.fields[:6])  # what the office says of one
OPEN_KEYS = tuple(field.column.key for field in DIRECTIVE_SHEET.fields if field.opening == "open")
_KEYS = {field.column.header: field.column.key for field in DIRECTIVE_SHEET.fields}
Form = tuple[str, str, str]  # unit, role, part


class Directives:
    """What the units of a plan are asked to carry out in one period, and what their forms say of it already.

    ``asked`` are the units that may be asked for more now; ``kept``: by unit, what it handed in
    before. ``anyway``: also where the period's date is past.
    """

    def __init__(
        self,
        ledger: Ledger,
        name: str,
        period: Period,
        index: PlanIndex,
        asked: Collection[str],
        kept: Mapping[str, Kept],
        today: date,
        anyway: bool = False,
    ) -> None:
        self._index, self._asked, self._kept = index, asked, kept
        known = ledger.directives(name) if period.kind != "plan" else ()
        self._open = [each for each in known if each.state == ONGOING]
        self._books = ledger.latest_workbooks(name, period.text) if known else {}
        sent = ledger.sent_on(name, period.text, DIRECTIVE_SHEET.title) if self._books else {}
        self._sent = {form: lines_sent(sent.get(book.workbook, ())) for form, book in self._books.items()}
        self._is_current = anyway or _is_current(ledger, name, period, self._books.values(), today)
        self._given: dict[str, list[Line]] = {}

    def units(self) -> list[str]:
        """The units asked that have something to carry out, by whose forms they report."""
        units = {unit for each in self._open for unit in self._reporters(each)}
        return [unit for unit in self._index.order if unit in units and unit in self._asked]

    def lines(self, ask: Ask, is_out: bool) -> tuple[Line, ...]:
        """What a form of a unit says: one that ``is_out`` what it said, a new one what no other form says."""
        form = (ask.unit, ask.role, ask.part)
        lines = self._sent.get(form, ())
        if not is_out and (self._is_current or form not in self._books):
            lines = tuple(self._missing(ask.unit, without=form))
        self._given.setdefault(ask.unit, []).extend(lines)
        return lines

    def books(self, bare: Ask, contact: str) -> list[Book]:
        """The forms that hold nothing else, for those units that need any (after all their others are made)."""
        return [
            directive_book(self._index, replace(bare, unit=unit, part=part, contact=contact), directive_sheet(lines))
            for unit in self.units()
            for part, lines in self._apart(unit)
        ]

    def _apart(self, unit: str) -> Iterator[tuple[str, tuple[Line, ...]]]:
        """The forms that a unit gets beside (or without) its others: those that are out as they are, then a new one.

        Nothing is asked twice: a new one holds what no form of the unit says.
        """
        out = [part for name, _, part in self._sent if name == unit and is_directives(part)]
        is_open = {each.row_id for each in self._open}
        for number in range(1, len(out) + 1):
            lines = self._sent[unit, "lead", directives_part(number)]
            if any(line.row_id in is_open for line in lines):
                yield directives_part(number), lines
        missing = tuple(self._missing(unit)) if self._is_current or not self._books else ()
        if missing:
            yield directives_part(len(out) + 1), missing

    def _missing(self, unit: str, without: Form | None = None) -> Iterable[Line]:
        """What no other form of the unit says as it stands now; nothing where it is not asked."""
        if unit not in self._asked:
            return ()
        reporter = self._index.roster.reporter
        others = (lines for form, lines in self._sent.items() if reporter(form[0]) == unit and form != without)
        said = {_told(line) for lines in (*others, self._given.get(unit, ())) for line in lines}
        lines = (self._line(each, unit) for each in self._open if unit in self._reporters(each))
        return (line for line in lines if line is not None and _told(line) not in said)

    def _line(self, each: Directive, unit: str) -> Line | None:
        """The row of one; None where nothing more is asked of the unit."""
        last = self._kept.get(unit, Kept()).last
        if each.reporting == ONCE and last.get((each.row_id, _HANDLED)) == DONE:
            return None
        said = last.get((each.row_id, _FOLLOWED), "")
        cells = {
            "directive_no": each.row_id,
            "directed_by": each.leader,
            "directed_on": official_date(each.given_on),
            "directive": each.text,
            "directive_about": about_text(each, self._index),
            "directive_due": official_date(each.due_on) if each.due_on else "",
            "followed": said,
            "handled": "",
            "expected": "",
            "last_followed": said,
        }
        return Line(DIRECTIVE_SHEET.rows, each.row_id, cells, OPEN_KEYS)

    def _reporters(self, each: Directive) -> list[str]:
        return [self._index.roster.reporter(unit) for unit in each.units]


def _is_current(ledger: Ledger, name: str, period: Period, books: Iterable[Workbook], today: date) -> bool:
    """Whether a period that was issued before may still ask for more: till its date, and till the next is issued."""
    dues = [book.due_on for book in books if book.due_on]
    issued = ledger.workbooks(name)
    reports = issued[["period", "part"]].itertuples(index=False, name=None)
    later = (parse_period(each) for each, part in reports if each != PLAN.text and not is_directives(part))
    return not (dues and today > max(dues)) and not any(period < each for each in later)


def about_text(each: Directive, index: PlanIndex) -> str:
    """The task or matter as people know it: 第3项：新建学校5所."""
    task = index.tasks.get(each.task_id or "")
    if task is None:
        return each.about
    number = f"第{task['no']}项" if task["no"] is not None else each.task_id or ""
    return f"{number}：{task['title'] or ''}"


def lines_sent(cells: Iterable[SentCell]) -> tuple[Line, ...]:
    """What the sheet 批示办理 of a workbook said when it was sent."""
    rows: dict[str, dict[str, str]] = {}
    for cell in cells:
        if cell.column in _KEYS:
            rows.setdefault(cell.row_id, {})[_KEYS[cell.column]] = cell.value
    whole = {row_id: {**dict.fromkeys(_KEYS.values(), ""), **row} for row_id, row in rows.items()}
    return tuple(Line(DIRECTIVE_SHEET.rows, row_id, whole[row_id], OPEN_KEYS) for row_id in sorted(whole))


def with_directives(book: Book, lines: Sequence[Line]) -> Book:
    """The workbook with the sheet 批示办理."""
    if not lines:
        return book
    sheets = (*book.sheets, directive_sheet(lines))
    return replace(book, sheets=sheets, values={**book.values, **how_values(sheets)})


def _told(line: Line) -> tuple[object, ...]:
    """What the office says in a row: that of which a change has to go out."""
    return tuple(line.cells[key] for key in _TOLD)
