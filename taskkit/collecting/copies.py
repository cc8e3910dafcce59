"""What a unit is told of its returned file: problems as plain data, and a copy of the file with them marked.

The copy is the clerk's own file (office/annotating.py). Where that cannot be marked (an .xls, a
damaged file), a workbook of its own lists the problems instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from taskkit.collecting.comparing import MergedCell
from taskkit.collecting.desk import Taken
from taskkit.due_dates import BookDates
from taskkit.errors import InputError, OutputError
from taskkit.file_names import safe_name
from taskkit.marks import ids_of
from taskkit.merge import Outcome
from taskkit.office.annotating import annotate
from taskkit.office.list_book import ListBook, ListColumn, ListRow, ListSheet, write_list
from taskkit.office.parcels import Found
from taskkit.office.placing import make_folder, present_sha256, put_in_place, set_beside
from taskkit.office.problem_sheet import HEADERS, TITLE, Problem, ProblemList, without_problem_lists
from taskkit.office.sheets import SheetData, read_workbook
from taskkit.periods import official_date, parse_period
from taskkit.places import Place, area_of
from taskkit.receipts import FileOutcome
from taskkit.settings import Office
from taskkit.wording import fitted, shortened

_TOLD_BY_CELL = frozenset(("conflict", "locked"))  # findings whose cells are told one by one
_OFFICE_ONLY = (FileOutcome.WAITING, FileOutcome.ATTACHED, FileOutcome.UNSURE)  # nothing for the unit to do
_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xls", ".et", ".ods", ".xlsb", ".csv")
_LONGEST = 60  # characters of a value in a sentence
_DAY = date(2000, 1, 1)  # of the list: the same content gives the same bytes
_WIDTHS = (6, 14, 16, 30, 46, 40)
_CELLS: dict[Outcome, tuple[str, str]] = {
    Outcome.CONFLICT: (
        "“{column}”与此前报送的不一致：此前为“{current}”，这次为“{value}”，暂未收",
        "请核对以哪个为准：以此前为准的，改回此前的内容；以这次为准的，请告诉督查室",
    ),
    Outcome.LOCKED: (
        "“{column}”不能改动，改动没有收：下发时为“{sent}”，这次为“{value}”",
        "请恢复下发时的内容；确需调整的，请向督查室提出",
    ),
    Outcome.HELD: ("“{column}”填的“{value}”待核实，没有收", "请核对是不是填错了格，改好后再交"),
    Outcome.INVALID: ("“{column}”填的“{value}”不能收", "请核对后改填"),
}


class CopyMade(NamedTuple):
    """A copy that was written: of which file, for which unit, where, and how many problems it tells."""

    path: str
    unit: str
    copy: str
    problems: int


def as_one(parts: Sequence[Taken]) -> Taken:
    """What became of a file as a whole: one that holds the returns of several units is nobody's own."""
    if len(parts) == 1:
        return parts[0]
    read = next((each for each in parts if each.outcome is not FileOutcome.REFUSED), parts[0])
    cells = tuple(cell for each in parts for cell in each.cells)
    return replace(read, book=None, cells=cells, findings=tuple(one for each in parts for one in each.findings))


# --- what is wrong ----------------------------------------------------------------------


def problems_of(taken: Taken) -> tuple[Problem, ...]:
    """What the unit is to correct, in the order of sheets, rows and columns; what is about the whole file first."""
    if taken.outcome in _OFFICE_ONLY:
        return ()
    told = [*_of_file(taken), *_of_findings(taken)]
    places = {problem.place for problem in told}
    told += [problem for problem in map(_of_cell, taken.cells) if problem and problem.place not in places]
    order = {title: at for at, title in enumerate(dict.fromkeys(each.place.sheet for each in told if each.place))}
    return tuple(
        sorted(told, key=lambda each: (order[each.place.sheet], *each.place[1:]) if each.place else (-1, 0, 0))
    )


def _of_file(taken: Taken) -> Iterator[Problem]:
    if taken.outcome is FileOutcome.REFUSED:
        what, _, advice = taken.reason.partition("；")
        yield Problem(what, advice or "请改好后再交")


def _of_findings(taken: Taken) -> Iterator[Problem]:
    cells = {each.cell.place for each in taken.cells if each.outcome in _CELLS}
    for each in taken.findings:
        if each.severity != "note" and not (each.code in _TOLD_BY_CELL and each.place in cells):
            yield Problem(each.what, each.to_unit, each.place, _where(each.place))


def _of_cell(merged: MergedCell) -> Problem | None:
    words = _CELLS.get(merged.outcome)
    if words is None:
        return None
    values = {"sent": merged.versions.sent, "current": merged.current, "value": merged.versions.returned}
    shown = {key: shortened(value, _LONGEST) or "空白" for key, value in values.items()}
    what, advice = (text.format(column=merged.cell.column.header, **shown) for text in words)
    return Problem(what, advice, merged.cell.place, _where(merged.cell.place))


def _where(place: Place | None) -> str:
    return str(place._replace(sheet="")).strip() if place else ""


# --- where it is shown --------------------------------------------------------------------


def _placed(problem: Problem, sheets: Mapping[str, SheetData]) -> Problem:
    """The problem at a cell in sight: of a row its first, of a column its header, of merged cells their first."""
    place = problem.place
    if place is None or place.sheet not in sheets or not (place.row or place.column):
        return problem
    sheet, where = sheets[place.sheet], problem.where
    if not place.row:
        place = place._replace(row=_header_row(sheet, place.column))
    if not place.column:
        place = place._replace(column=_first_column(sheet, place.row))
    if place.row in sheet.hidden_rows:
        where += "（隐藏的行）"
    return Problem(problem.what, problem.advice, _unmerged(sheet, place), where)


def _first_column(sheet: SheetData, row: int) -> int:
    """The first column in sight that holds something in the row, else in any row."""
    filled = sorted(sheet.rows.get(row, ())) + sorted({at for each in sheet.rows.values() for at in each})
    return next((at for at in filled if not any(low <= at <= high for low, high in sheet.hidden_columns)), 1)


def _header_row(sheet: SheetData, column: int) -> int:
    """The last row above those with ids in which the column holds something; the first of all, where none has an id."""
    filled = sorted(number for number, row in sheet.rows.items() if column in row)
    first = min(ids_of(sheet), default=0)
    above = [number for number in filled if number < first and len(sheet.rows[number]) > 1]
    return above[-1] if above else next(iter(filled), 1)


def _unmerged(sheet: SheetData, place: Place) -> Place:
    """The first of the merged cells that a cell is one of."""
    for area in filter(None, map(area_of, sheet.merges)):
        if area.top <= place.row <= area.bottom and area.left <= place.column <= area.right:
            return place._replace(row=area.top, column=area.left)
    return place


# --- the copies -----------------------------------------------------------------------------


@dataclass
class CopyFolder:
    """The folder that copies are written to. A file that is there and not the very same one is never replaced."""

    folder: Path
    office: Office
    received: date
    dates: BookDates
    _used: set[str] = field(default_factory=set)

    def put(self, found: Found, taken: Taken) -> CopyMade | None:
        """Write the copy of a file that has problems; None for one that has none.

        Raises OutputError where it cannot be written.
        """
        problems = problems_of(taken)
        _, _, suffix = found.name.rpartition(".")
        if not problems or (not taken.book and f".{suffix.lower()}" not in _WORKBOOKS):
            return None
        name, data = self._copy(found, taken, problems)
        whose = taken.book or taken.receipt
        unit = whose.unit if whose else ""
        return CopyMade(taken.path, unit, str(self._write(name, data)), len(problems))

    def _copy(self, found: Found, taken: Taken, problems: tuple[Problem, ...]) -> tuple[str, bytes]:
        """The name without its ending, and the bytes: the file itself marked, else a list."""
        stem = safe_name(found.name.rpartition(".")[0] or found.name, longest=80)
        try:
            book = read_workbook(found.data, found.name)
            sheets = {sheet.title: sheet for sheet in without_problem_lists(book).sheets}
            problems = tuple(_placed(each, sheets) for each in problems)
            return stem, annotate(found.data, book, self._listed(taken, problems))
        except InputError:
            return f"{stem}_{TITLE}", self._list(taken, problems)

    def _listed(self, taken: Taken, problems: tuple[Problem, ...]) -> ProblemList:
        how = "请在黄底、红框的格里改好（点“位置”可以跳到那一格），保存后"
        return ProblemList(
            self._about(taken), self._note(taken, how, "标记、批注和这一页不用删除，收回时自动去掉。"), problems
        )

    def _about(self, taken: Taken) -> str:
        book = taken.book
        if book is None:
            return f"文件：{taken.path.rpartition('/')[2]}"
        due_on = self.dates.due_on(book)
        due = f"　　报送时限：{official_date(due_on)}" if due_on else ""
        return f"单位：{book.unit}　　报送期：{parse_period(book.period).label}{due}"

    def _note(self, taken: Taken, how: str, ending: str = "") -> str:
        due = self.dates.due_on(taken.book) if taken.book else None
        until = f"于{official_date(due)}前" if due and self.received <= due else "尽快"
        reach = f"{self.office.text}。" if self.office.text else ""
        return f"{how}{until}交回。{reach}{ending}"

    def _list(self, taken: Taken, problems: tuple[Problem, ...]) -> bytes:
        """A workbook that lists the problems, with the values, for a file that cannot be marked itself."""
        values = {each.cell.place: fitted(each.versions.returned) for each in taken.cells}
        headers = (*HEADERS[:3], "收到的内容", *HEADERS[3:])
        columns = tuple(ListColumn(*each) for each in zip(headers, _WIDTHS, strict=True))
        rows = (
            ListRow(
                (
                    at,
                    each.place.sheet if each.place else "",
                    each.where,
                    values.get(each.place, "") if each.place else "",
                    each.what,
                    each.advice,
                )
            )
            for at, each in enumerate(problems, 1)
        )
        note = self._note(taken, "请在原来的表格里改好，")
        sheet = ListSheet(TITLE, TITLE, self._about(taken), columns, rows, note=note)
        return write_list(ListBook(TITLE, self.office.contact or "督查室", _DAY, (sheet,)))

    def _write(self, stem: str, data: bytes) -> Path:
        """Write under the first name that is free, or that the very same file has."""
        make_folder(self.folder)
        own = hashlib.sha256(data).hexdigest()
        for number in range(1, 10_000):
            path = self.folder / (f"{stem}.xlsx" if number == 1 else f"{stem}({number}).xlsx")
            present = present_sha256(path)
            if path.name.lower() in self._used or present not in (None, own):
                continue
            self._used.add(path.name.lower())
            if present is None:
                put_in_place(set_beside(path, data), path)
            return path
        raise OutputError(f"{self.folder} 里名为“{stem}”的文件太多", "请换一个文件夹")
