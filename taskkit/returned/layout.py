"""What was sent, as a returned file is looked through for it: headers by sheet, rows by what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from taskkit.columns import (
    BOOK_ROW,
    COLUMNS,
    GOAL,
    SHEETS,
    Column,
    Field,
    find_column,
    goal_columns,
    header_key,
    is_book_row,
)
from taskkit.entries import CellKey, Workbook
from taskkit.merge import canonical
from taskkit.office.sheets import Row
from taskkit.text import fold
from taskkit.wording import shortened

NUMBER, TITLE, INDICATOR, MEASURES = (COLUMNS[key].header for key in ("no", "title", "indicator", "measures"))
# What tells a row from the others; a sheet has one of each at most.
_TELLING = ((NUMBER, COLUMNS["directive_no"].header), (TITLE, COLUMNS["directive"].header), (INDICATOR,))
TELLING = tuple(header for headers in _TELLING for header in headers)
TASK_SHEETS = frozenset(sheet.title for sheet in SHEETS if sheet.rows == "task")
_LONGEST_HEADER = 60
_ALIKE, _UNLIKE = 0.8, 0.6  # from when on a text is another one with a slip, and below when it is not


class Headers:
    """The columns of one sheet as it was sent, found by the texts that stand for them."""

    def __init__(self, title: str, headers: tuple[str, ...]) -> None:
        self.fields = tuple(Field(column_of(title, header)) for header in headers)

    def columns(self, row: Row) -> dict[int, Column]:
        """The columns that a row names as a header row, by column number.

        A synonym counts only where no other cell bears the column's own header.
        """
        hits = [(at, hit) for at, cell in row.items() if cell.kind == "text" and (hit := _named(str(cell.value), self))]
        own = {column.header for _, (column, exact) in hits if exact}
        return {at: column for at, (column, exact) in hits if exact or column.header not in own}


@lru_cache(maxsize=4_000)
def _named(text: str, headers: Headers) -> tuple[Column, bool] | None:
    """The column that a text names, and whether by its own header; None where it names none."""
    column = find_column(text, headers.fields) if len(text) <= _LONGEST_HEADER else None
    return None if column is None else (column, header_key(column.header) == header_key(text))


@lru_cache(maxsize=64)
def _headers(title: str, headers: tuple[str, ...]) -> Headers:
    return Headers(title, headers)


def column_of(title: str, header: str) -> Column:
    """The column behind a header that was sent; a stage goal is made from its stage."""
    sheets = [sheet for sheet in SHEETS if sheet.title == title]
    fields = [each for sheet in sheets for each in sheet.fields]
    named = next((each.column for each in fields if each.column.header == header), None)
    if named is not None:
        return named
    goal = next((each.column for each in fields if each.column.key == GOAL.key), GOAL)
    ending = GOAL.header.format(stage="")
    return goal_columns((header.removesuffix(ending),), goal.kind)[0] if header.endswith(ending) else Column("", header)


class Words(NamedTuple):
    """What tells one row from the others to a person: its number, its task and its indicator, folded."""

    no: str = ""
    title: str = ""
    indicator: str = ""

    @property
    def text(self) -> tuple[str, str]:
        return self.title, self.indicator


@dataclass(frozen=True)
class Layout:
    """What was sent, by sheet: its headers, its rows, and its rows by what they say."""

    workbook: str
    headers: Mapping[str, Headers]
    sheet_of: Mapping[str, str]  # row id -> sheet
    open_columns: Mapping[str, frozenset[str]]  # sheet -> headers
    sent: Mapping[CellKey, str]
    words: Mapping[str, Words]  # row id -> what it says; not of rows for proposed items, which say nothing of their own
    line: str = BOOK_ROW  # by which the ledger keeps the line 填报人

    def named(self, form: str, words: Words) -> tuple[str, ...]:
        """The rows of a sheet whose task (and indicator, where one stands) is this; the number tells equals apart."""
        if not (words.title or words.indicator):
            return ()
        same = [row_id for row_id in self._rows(form) if self._says(row_id, words)]
        numbered = [row_id for row_id in same if words.no and self.words[row_id].no == words.no]
        return tuple(numbered if len(numbered) == 1 else same)

    def near(self, form: str, words: Words) -> str | None:
        """The only row of a sheet whose task is nearly this; None where there is none, or more than one."""
        if not words.title:
            return None
        near = [row_id for row_id in self._rows(form) if self._nearly(row_id, words)]
        return near[0] if len(near) == 1 else None

    def numbered(self, form: str, words: Words) -> tuple[str, ...]:
        """The rows of a sheet with this number."""
        return tuple(row_id for row_id in self._rows(form) if words.no and self.words[row_id].no == words.no)

    def contradicts(self, row_id: str, words: Words) -> tuple[str, ...]:
        """The other rows that a row names by its text (or, without one, by its number) although it bears this id."""
        form, own = self.sheet_of[row_id], self.words.get(row_id)
        if own is None or (any(words.text) and self._says(row_id, words)):
            return ()
        if not any(words.text):
            return () if words.no in ("", own.no) else self.numbered(form, words)
        named = self.named(form, words)
        if not named and words.title and likeness(words.title, own.title) < _UNLIKE:
            near = self.near(form, words)
            named = (near,) if near else ()
        return () if row_id in named else named

    def _rows(self, form: str) -> list[str]:
        return [row_id for row_id in self.words if self.sheet_of[row_id] == form]

    def _says(self, row_id: str, words: Words) -> bool:
        """Whether all that the words say is the row's own; a task is not said again where its cells were merged."""
        own = self.words[row_id]
        return words.title in ("", own.title) and words.indicator in ("", own.indicator)

    def _nearly(self, row_id: str, words: Words) -> bool:
        own = self.words[row_id]
        return words.indicator in ("", own.indicator) and likeness(words.title, own.title) >= _ALIKE


def likeness(one: str, other: str) -> float:
    """How much of two texts is the same, from 0 to 1."""
    longest, shortest = max(len(one), len(other)), min(len(one), len(other))
    if not longest or 2 * shortest < _UNLIKE * (longest + shortest):
        return 0.0
    return SequenceMatcher(None, one[:200], other[:200], autojunk=False).ratio()


def layout_of(sent: Workbook) -> Layout:
    """The layout of a workbook that was sent."""
    cells = [cell for cell in sent.cells if not is_book_row(cell.row_id)]
    listed: dict[str, dict[str, None]] = {}
    texts: dict[str, dict[str, str]] = {}
    for cell in cells:
        listed.setdefault(cell.sheet, {})[cell.column] = None
        if cell.column in TELLING and "+" not in cell.row_id:
            texts.setdefault(cell.row_id, {})[cell.column] = cell.value
    return Layout(
        sent.workbook,
        {title: _headers(title, tuple(columns)) for title, columns in listed.items()},
        {cell.row_id: cell.sheet for cell in cells},
        {title: frozenset(cell.column for cell in cells if cell.open and cell.sheet == title) for title in listed},
        _canonical_cells(sent),
        {row_id: words_of(values) for row_id, values in texts.items()},
        next((cell.row_id for cell in sent.cells if is_book_row(cell.row_id)), BOOK_ROW),
    )


def words_of(values: Mapping[str, str]) -> Words:
    """What a row says of itself, from its values by header."""
    said = (next(filter(None, (values.get(each, "") for each in headers)), "") for headers in _TELLING)
    return Words(*(fold(canonical(text)) for text in said))


def _canonical_cells(sent: Workbook) -> dict[CellKey, str]:
    places = {(cell.sheet, cell.column) for cell in sent.cells if not is_book_row(cell.row_id)}
    kinds = {place: column_of(*place).kind for place in places}
    return {cell.key: canonical(cell.value, kinds.get((cell.sheet, cell.column), "text")) for cell in sent.cells}


def first_text(texts: Iterable[str]) -> str:
    """The first text that says something, shortened."""
    return next((shortened(text) for text in texts if text.strip()), "")
