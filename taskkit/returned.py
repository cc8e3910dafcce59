"""What stands in the cells of a returned workbook, wherever they were moved.

Columns are found by the text of their headers, rows by their hidden ids (see marks.py); what was
sent says which rows and columns there are, so nothing in the file has to be trusted but the ids.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache

from taskkit.columns import (
    BOOK_FIELDS,
    BOOK_ROW,
    COLUMNS,
    GOAL,
    REQUEST_SHEET,
    SHEETS,
    Column,
    Field,
    find_column,
    goal_columns,
    header_key,
    is_request,
    row_owner,
)
from taskkit.entries import CellKey, Workbook
from taskkit.findings import Finding, finding
from taskkit.marks import ID, ids_of, is_id
from taskkit.merge import canonical
from taskkit.office.sheets import ERRORS, BookData, Cell, Row, SheetData
from taskkit.outside import outside, shortened
from taskkit.places import Place, column_number
from taskkit.sheet_forms.marks import MARK_SHEET

_ID_HEADERS = frozenset(header_key(sheet.id_header) for sheet in SHEETS)
_SIGNATURE = re.compile("签字|签名|签章|盖章|公章")
_TITLE, _INDICATOR = COLUMNS["title"].header, COLUMNS["indicator"].header
_LONGEST_HEADER = 60
_SPAN = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", re.I)


# --- what stands in it ----------------------------------------------------------------


@dataclass(frozen=True)
class ReturnedCell:
    """One returned cell. ``problem`` is the code of a finding that keeps it from being taken."""

    row_id: str
    column: Column
    value: str
    place: Place
    problem: str = ""
    formula: bool = False
    percent: bool = False

    @property
    def key(self) -> CellKey:
        return self.row_id, self.column.header


@dataclass(frozen=True)
class ReturnedBook:
    """What a file brings for the workbook that was sent: one cell for each place found, and findings.

    ``sent`` holds the values as they went out, in the same spelling as those that came back.
    """

    cells: Mapping[CellKey, ReturnedCell]
    sent: Mapping[CellKey, str]
    findings: tuple[Finding, ...] = ()


class _Headers:
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


@lru_cache(maxsize=20_000)
def _named(text: str, headers: _Headers) -> tuple[Column, bool] | None:
    """The column that a text names, and whether by its own header; None where it names none."""
    column = find_column(text, headers.fields) if len(text) <= _LONGEST_HEADER else None
    return None if column is None else (column, header_key(column.header) == header_key(text))


@lru_cache(maxsize=64)
def _headers(title: str, headers: tuple[str, ...]) -> _Headers:
    return _Headers(title, headers)


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


@dataclass(frozen=True)
class _Layout:
    """What was sent, by sheet: its headers, its rows, and its rows by what they say."""

    workbook: str
    headers: Mapping[str, _Headers]
    sheet_of: Mapping[str, str]  # row id -> sheet
    open_columns: Mapping[str, frozenset[str]]  # sheet -> headers
    sent: Mapping[CellKey, str]
    by_text: Mapping[tuple[str, str, str], str]  # sheet, task, indicator -> row id, where that is unique


def _layout(sent: Workbook) -> _Layout:
    cells = [cell for cell in sent.cells if cell.row_id != BOOK_ROW]
    listed: dict[str, dict[str, None]] = {}
    texts: dict[str, dict[str, str]] = {}
    for cell in cells:
        listed.setdefault(cell.sheet, {})[cell.column] = None
        if cell.column in (_TITLE, _INDICATOR):
            texts.setdefault(cell.row_id, {})[cell.column] = canonical(cell.value)
    sheet_of = {cell.row_id: cell.sheet for cell in cells}
    keys = {
        row_id: (sheet_of[row_id], words.get(_TITLE, ""), words.get(_INDICATOR, ""))
        for row_id, words in texts.items()
        if any(words.values())
    }
    unique = Counter(keys.values())
    return _Layout(
        sent.workbook,
        {title: _headers(title, tuple(columns)) for title, columns in listed.items()},
        sheet_of,
        {title: frozenset(cell.column for cell in cells if cell.open and cell.sheet == title) for title in listed},
        _canonical_cells(sent),
        {key: row_id for row_id, key in keys.items() if unique[key] == 1},
    )


def _canonical_cells(sent: Workbook) -> dict[CellKey, str]:
    places = {(cell.sheet, cell.column) for cell in sent.cells if cell.row_id != BOOK_ROW}
    kinds = {place: column_of(*place).kind for place in places}
    return {cell.key: canonical(cell.value, kinds.get((cell.sheet, cell.column), "text")) for cell in sent.cells}


@dataclass(frozen=True)
class _DataRow:
    """A row of a returned sheet that is one of ours, or may be."""

    sheet: SheetData
    number: int
    columns: Mapping[int, Column] = field(repr=False)
    owner: str = ""  # the workbook id before the row; "" where there is none
    row_id: str = ""
    form: str = ""  # the sent sheet that the returned one is, for a row without an id

    @property
    def cells(self) -> Row:
        return self.sheet.rows[self.number]

    @property
    def place(self) -> Place:
        return Place(self.sheet.title, self.number)

    def text(self, header: str) -> str:
        at = next((at for at, column in self.columns.items() if column.header == header), None)
        cell = self.cells.get(at) if at else None
        return canonical(cell.value) if cell else ""


def read_returned(book: BookData, sent: Workbook) -> ReturnedBook:
    """The cells of a returned file that belong to ``sent``, and what else a person should know of it."""
    layout = _layout(sent)
    rows = [row for sheet in book.sheets for row in _data_rows(sheet, layout)]
    ours = [row for row in rows if row.owner == sent.workbook and row.row_id in layout.sheet_of]
    ours, astray = _astray(ours, layout)
    ours += astray
    found, lost = _by_text([row for row in rows if not row.row_id], ours, layout)
    cells: dict[CellKey, list[ReturnedCell]] = {}
    for cell in (*_cells_of([*ours, *found], layout), *_book_cells(book, layout)):
        cells.setdefault(cell.key, []).append(cell)
    chosen = {key: _one_of(listed, layout.sent[key]) for key, listed in cells.items()}
    return ReturnedBook(
        chosen,
        layout.sent,
        (
            *_strangers(rows, layout, book.name),
            *_once_a_sheet("row-by-text", found, book.name),
            *_once_a_sheet("row-id-astray", astray, book.name),
            *(finding("row-without-id", row.place, source=book.name) for row in lost),
            *_repeated(cells, chosen, book.name),
            *_headless(ours, book.name),
            *_stray_columns([*ours, *found], layout, book.name),
            *_merged_rows([*ours, *found], layout, book.name),
            *_hidden_rows([*ours, *found], layout, book.name),
            *_unlabelled(book, {each.place for listed in cells.values() for each in listed}),
            *outside(book, sent),
        ),
    )


def _data_rows(sheet: SheetData, layout: _Layout) -> Iterator[_DataRow]:
    """The rows of a sheet that carry an id, and those below its header that are filled but carry none."""
    ids = ids_of(sheet)
    if sheet.title.strip().lower() == MARK_SHEET:
        return
    headings = {title: _heading(sheet, headers, ids) for title, headers in layout.headers.items()}
    for number, (owner, row_id) in ids.items():
        _, columns = headings.get(layout.sheet_of.get(row_id, ""), (0, {}))
        if row_id != BOOK_ROW:
            yield _DataRow(sheet, number, columns, owner, row_id)
    title = _main_sheet(ids, headings, layout)
    if title is not None:
        at, columns = headings[title]
        wanted = {position for position, column in columns.items() if column.header in layout.open_columns[title]}
        for number, row in sheet.rows.items():
            if number > at and number not in ids and wanted & row.keys() and not _is_frame(row, layout, title):
                yield _DataRow(sheet, number, columns, form=title)


def _heading(sheet: SheetData, headers: _Headers, ids: Mapping[int, object]) -> tuple[int, dict[int, Column]]:
    """The row (and its columns) that names most of the headers; the first of equals."""
    best: tuple[int, dict[int, Column]] = (0, {})
    for number in sorted(sheet.rows):
        if number not in ids:
            columns = headers.columns(sheet.rows[number])
            if len(columns) > max(len(best[1]), 1):
                best = (number, columns)
    return best


def _main_sheet(
    ids: Mapping[int, tuple[str, str]], headings: Mapping[str, tuple[int, dict[int, Column]]], layout: _Layout
) -> str | None:
    """Which sent sheet a returned one is: by the ids of its rows, else by a header row that names most columns."""
    owners = Counter(layout.sheet_of[row_id] for _, row_id in ids.values() if row_id in layout.sheet_of)
    if owners:
        title = owners.most_common(1)[0][0]
        return title if headings[title][1] else None
    named = {title: len(columns) for title, (_, columns) in headings.items() if len(columns) >= 3}
    return max(named, key=lambda title: named[title]) if named else None


def _is_frame(row: Row, layout: _Layout, title: str) -> bool:
    """Whether a row is part of the form: a header again, the line 填报人, a line for signature and seal."""
    labels = _labels(row)
    alone = bool(labels) and all(at in labels or at - 1 in labels for at in row)
    if alone or len(labels) >= 2 or len(layout.headers[title].columns(row)) >= 2:
        return True
    return any(cell.kind == "text" and _SIGNATURE.search(str(cell.value)) for cell in row.values())


def _astray(rows: list[_DataRow], layout: _Layout) -> tuple[list[_DataRow], list[_DataRow]]:
    """Rows as their ids say, and those whose texts are another row's: sorted or dragged without or over the ids."""
    words = [(layout.sheet_of[row.row_id], row.text(_TITLE), row.text(_INDICATOR)) for row in rows]
    meant = [(row, layout.by_text.get(each, row.row_id)) for row, each in zip(rows, words, strict=True)]
    kept = [row for row, row_id in meant if row.row_id == row_id]
    return kept, [replace(row, row_id=row_id) for row, row_id in meant if row.row_id != row_id]


def _by_text(rows: list[_DataRow], ours: list[_DataRow], layout: _Layout) -> tuple[list[_DataRow], list[_DataRow]]:
    """Rows that lost their id: those that exactly one sent row explains, and the rest."""
    taken = {row.row_id for row in ours}
    spare = [row_id for row_id in layout.sheet_of if is_request(row_id) and row_id not in taken]
    meant = [_meant(row, layout, spare) for row in rows]
    times = Counter(meant)
    found: list[_DataRow] = []
    lost: list[_DataRow] = []
    for row, row_id in zip(rows, meant, strict=True):
        if row_id and row_id not in taken and times[row_id] == 1:
            found.append(replace(row, owner=layout.workbook, row_id=row_id))
        else:
            lost.append(row)
    return found, lost


def _meant(row: _DataRow, layout: _Layout, spare: list[str]) -> str:
    """The row that a text explains. Those of 调整申请 are alike: the one in its place, else any that is not there."""
    if row.form != REQUEST_SHEET.title:
        return layout.by_text.get((row.form, row.text(_TITLE), row.text(_INDICATOR)), "")
    at = row.number - _heading(row.sheet, layout.headers[row.form], {})[0]
    found = next((each for each in spare if each.partition("-")[0] == f"R{at}"), spare[0] if spare else "")
    spare[:] = [each for each in spare if each != found]
    return found


def _cells_of(rows: Iterable[_DataRow], layout: _Layout) -> Iterator[ReturnedCell]:
    for row in rows:
        for at, column in row.columns.items():
            if (row.row_id, column.header) in layout.sent:
                place = Place(row.sheet.title, row.number, at)
                yield _returned(row.row_id, column, row.cells.get(at), place)


def _returned(row_id: str, column: Column, cell: Cell | None, place: Place) -> ReturnedCell:
    if cell is None:
        return ReturnedCell(row_id, column, "", place)
    if cell.kind == "pending":
        return ReturnedCell(row_id, column, "", place, "formula-unsaved", formula=True)
    value = cell.value
    if cell.percent and isinstance(value, (int, float)):
        value = float(value) * 100 if column.kind == "number" else f"{canonical(float(value) * 100)}%"
    if cell.shown and column.kind == "text":
        value = cell.shown  # what the person typed before Excel made a date of it
    text = canonical(value, column.kind)
    problem = "cell-error" if cell.kind == "error" or text.upper() in ERRORS else ""
    return ReturnedCell(row_id, column, text, place, problem, cell.formula, cell.percent)


def _one_of(cells: list[ReturnedCell], sent: str) -> ReturnedCell:
    """The one that counts of several cells for one place: the only one that was filled in, else none."""
    filled: dict[str, ReturnedCell] = {}
    for cell in cells:
        if cell.value not in ("", sent):
            filled.setdefault(cell.value, cell)
    first = next(iter(filled.values()), cells[0])
    if len(filled) > 1:
        return ReturnedCell(first.row_id, first.column, first.value, first.place, "row-twice")
    return first


# --- the line 填报人 · 联系电话 · 审核人 ----------------------------------------------


@lru_cache(maxsize=1024)
def _label(text: str) -> Column | None:
    return find_column(text, BOOK_FIELDS)


def _labels(row: Row) -> dict[int, tuple[Column, str]]:
    """Column number -> the label that stands there, and what was typed behind its colon."""
    found = {}
    for at, cell in row.items():
        if cell.kind == "text":
            label, _, rest = str(cell.value).replace("：", ":").partition(":")
            column = _label(label) if len(label) <= 20 else None
            if column is not None:
                found[at] = (column, canonical(rest))
    return found


def _book_cells(book: BookData, layout: _Layout) -> Iterator[ReturnedCell]:
    for sheet in book.sheets:
        ids, last = ids_of(sheet), 0
        for number, row in sheet.rows.items():
            owner, row_id = ids.get(number, ("", ""))
            labels = _labels(row) if not row_id or row_id == BOOK_ROW else {}
            ours = owner == layout.workbook if owner else _is_book_line(labels) or number == last + 1
            if labels and ours:
                last = number
                yield from _line_cells(sheet, number, labels, layout)


def _is_book_line(labels: Mapping[int, tuple[Column, str]]) -> bool:
    """Without its id, the line is known by 填报人 and one label more (and may go on below)."""
    return len(labels) >= 2 and BOOK_FIELDS[0].column in {column for column, _ in labels.values()}


def _line_cells(
    sheet: SheetData, number: int, labels: Mapping[int, tuple[Column, str]], layout: _Layout
) -> Iterator[ReturnedCell]:
    row = sheet.rows[number]
    for at, (column, behind) in labels.items():
        stop = min((other for other in labels if other > at), default=at + 4)
        beside = [each for each in range(at + 1, stop) if each in row and not is_id(row[each])]
        if (BOOK_ROW, column.header) not in layout.sent:
            continue
        if beside or (not behind and at + 1 < stop):
            place = Place(sheet.title, number, beside[0] if beside else at + 1)
            yield _returned(BOOK_ROW, column, row[beside[0]] if beside else None, place)
        elif behind:
            yield ReturnedCell(BOOK_ROW, column, behind, Place(sheet.title, number, at))


def _unlabelled(book: BookData, taken: Collection[Place]) -> Iterator[Finding]:
    """What stands on the line 填报人 · 联系电话 · 审核人 behind none of these labels: it was moved there."""
    for sheet in book.sheets:
        for number in (at for at, (_, row_id) in ids_of(sheet).items() if row_id == BOOK_ROW):
            labels = _labels(sheet.rows[number])
            for at, cell in sheet.rows[number].items():
                place = Place(sheet.title, number, at)
                if at not in labels and not is_id(cell) and place not in taken:
                    yield finding("text-outside", place, source=book.name, value=shortened(cell.value))


# --- what a person should know --------------------------------------------------------


def _strangers(rows: list[_DataRow], layout: _Layout, name: str) -> Iterator[Finding]:
    """Rows of another workbook, told once for each sheet; rows that this workbook never had, each."""
    yield from _once_a_sheet("row-foreign", [row for row in rows if row.owner not in ("", layout.workbook)], name)
    for row in rows:
        if row.owner == layout.workbook and row.row_id not in layout.sheet_of:
            yield finding("row-unknown", row.place, source=name, row_id=row.row_id)


def _once_a_sheet(code: str, rows: list[_DataRow], name: str) -> Iterator[Finding]:
    counts = Counter(row.sheet.title for row in rows)
    for row in rows:
        if row.sheet.title in counts:
            yield finding(code, row.place, source=name, count=str(counts.pop(row.sheet.title)))


def _headless(rows: Iterable[_DataRow], name: str) -> Iterator[Finding]:
    """Sheets that hold our rows under no header that names a column."""
    for title in dict.fromkeys(row.sheet.title for row in rows if not row.columns):
        yield finding("header-missing", Place(title), source=name)


def _repeated(
    cells: Mapping[CellKey, list[ReturnedCell]], chosen: Mapping[CellKey, ReturnedCell], name: str
) -> Iterator[Finding]:
    """Rows (or columns) that stand twice with different contents: one finding for each row id."""
    seen = set()
    for key, listed in cells.items():
        if len({cell.value for cell in listed}) > 1 and key[0] not in seen and not chosen[key].problem:
            seen.add(key[0])
            rows = "、".join(dict.fromkeys(str(cell.place) for cell in listed))
            yield finding("row-copied", listed[0].place, source=name, task_id=row_owner(key[0])[0], rows=rows)


def _stray_columns(rows: Iterable[_DataRow], layout: _Layout, name: str) -> Iterator[Finding]:
    """Filled columns that no header explains, with the header they may stand for."""
    seen = set()
    for row in rows:
        for at, cell in row.cells.items():
            if (
                not row.columns
                or at in row.columns
                or (row.sheet.title, at) in seen
                or ID.fullmatch(str(cell.value).strip())
            ):
                continue
            seen.add((row.sheet.title, at))
            title = layout.sheet_of[row.row_id]
            header = _header_text(row, at, layout.headers[title])
            if header_key(header) in _ID_HEADERS:
                continue
            missing = layout.open_columns[title] - {column.header for column in row.columns.values()}
            near = get_close_matches(header_key(header), sorted(missing), n=1, cutoff=0.4)
            place = Place(row.sheet.title, column=at)
            if near:
                yield finding("column-misspelt", place, source=name, header=header, near=near[0])
            else:
                yield finding("column-unknown", place, source=name, header=header or "（没有表头）")


def _header_text(row: _DataRow, at: int, headers: _Headers) -> str:
    number, _ = _heading(row.sheet, headers, {})
    cell = row.sheet.cell(number, at)
    return canonical(cell.value) if cell else ""


def _merged_rows(rows: Iterable[_DataRow], layout: _Layout, name: str) -> Iterator[Finding]:
    """Open cells of several of our rows that were merged into one: its text counts for the first row alone."""
    for title, listed in _by_sheet(rows).items():
        for reference in listed[0].sheet.merges:
            match = _SPAN.fullmatch(reference.replace("$", ""))
            if match is None:
                continue
            left, right = sorted((column_number(match[1]), column_number(match[3])))
            top, bottom = sorted((int(match[2]), int(match[4])))
            covered = [row for row in listed if top <= row.number <= bottom]
            columns = [
                column.header
                for at, column in (covered[0].columns.items() if len(covered) > 1 else ())
                if left <= at <= right and column.header in layout.open_columns[layout.sheet_of[covered[0].row_id]]
            ]
            if columns:
                shown = "、".join(f"第{row.number}行" for row in covered)
                words = {"column": columns[0], "rows": shown, "first": str(covered[0].number)}
                yield finding("cells-merged", Place(title, covered[0].number, left), source=name, **words)


def _hidden_rows(rows: Iterable[_DataRow], layout: _Layout, name: str) -> Iterator[Finding]:
    """Rows that nobody sees and that hold something typed: taken, for hiding is not deleting."""
    for title, listed in _by_sheet(rows).items():
        hidden = [row for row in listed if row.number in row.sheet.hidden_rows and _was_filled(row, layout)]
        if hidden:
            shown = "、".join(f"第{row.number}行" for row in hidden)
            yield finding("rows-hidden-filled", Place(title, hidden[0].number), source=name, rows=shown)


def _was_filled(row: _DataRow, layout: _Layout) -> bool:
    opened = layout.open_columns[layout.sheet_of[row.row_id]]
    return any(
        column.header in opened
        and row.text(column.header) not in ("", layout.sent.get((row.row_id, column.header), ""))
        for column in row.columns.values()
    )


def _by_sheet(rows: Iterable[_DataRow]) -> dict[str, list[_DataRow]]:
    sheets: dict[str, list[_DataRow]] = {}
    for row in sorted(rows, key=lambda row: row.number):
        sheets.setdefault(row.sheet.title, []).append(row)
    return sheets
