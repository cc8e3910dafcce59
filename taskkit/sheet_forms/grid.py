"""A returned sheet by its headers: rows of cells by key, wherever people moved the columns.

A header is known by its own text or a synonym of it, in the row that names most columns. What a
cell says is read leniently (full-width digits, 是 as √, dates as dates or texts) and what cannot be
read becomes a finding with sheet, Excel row and column.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from taskkit.columns import header_key
from taskkit.deadlines import parse_deadline
from taskkit.findings import Finding, finding
from taskkit.office.sheets import BookData, Cell, Row, SheetData
from taskkit.places import area_of, column_letter
from taskkit.sheet_forms.forms import FLAGS, Form, Words, meant
from taskkit.text import parse_numeral

_BLANKS = " \t\n\r\v\f\u00a0\u2002\u2003\u2007\u200b\u202f\u3000\ufeff"
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+")
_ISO_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:\s+0?0:00(?::00)?)?")


@dataclass
class Line:
    """One row of a returned sheet. What cannot be read of it is added to ``findings``."""

    form: Form
    sheet: SheetData
    number: int
    cells: Row
    columns: dict[str, int]
    findings: list[Finding] = field(repr=False)

    def place(self, key: str = "") -> str:
        """Where a cell (or the row) stands, as the person sees it in Excel."""
        letter = f"{column_letter(self.columns[key])}列" if key in self.columns else ""
        return f"{self.form.book}“{self.sheet.title}”第{self.number}行{letter}"

    def tell(self, code: str, key: str = "", task_id: str | None = None, **words: object) -> None:
        """Add a finding about a cell of this row, once however often the cell is read."""
        found = finding(code, source=self.place(key), task_id=task_id, **words)
        if found not in self.findings[-20:]:
            self.findings.append(found)

    def filled(self, keys: Iterable[str]) -> bool:
        """Whether any of these cells holds something."""
        return any(self.cell(key) is not None for key in keys)

    def cell(self, key: str) -> Cell | None:
        """The cell of a column, None where it is blank."""
        cell = self.cells.get(self.columns.get(key, 0))
        return cell if cell is not None and (cell.kind == "pending" or str(cell.value).strip(_BLANKS)) else None

    def text(self, key: str) -> str | None:
        """A cell as text: dates as officials write them, numbers without idle zeros."""
        cell = self._usable(key)
        return None if cell is None else _text(cell) or None

    def number_of(self, key: str) -> float | None:
        """A cell as a number; letters in it are a finding."""
        cell = self._usable(key)
        if cell is None:
            return None
        if cell.kind == "number" and isinstance(cell.value, int | float):
            return round(cell.value * 100, 10) if cell.percent else float(cell.value)
        text = _text(cell)
        number = as_number(text)
        if number is None:
            self.tell(f"{self.form.prefix}-number", key, column=self.form.header(key), value=text)
        return number

    def whole(self, key: str) -> int | None:
        """A cell as a whole number: 12, 12., （12）, 十二."""
        cell = self._usable(key)
        if cell is None:
            return None
        text = _text(cell)
        plain = unicodedata.normalize("NFKC", text).strip(" ().、*★☆")
        number = as_number(plain)
        if number is None or not number.is_integer() or abs(number) > 1e15:
            self.tell(f"{self.form.prefix}-number", key, column=self.form.header(key), value=text)
            return None
        return int(number)

    def day(self, key: str, year: int | None) -> date | None:
        """A cell as a date: a date, 2026-10-31, 2026年10月底前, 10月底前."""
        cell = self._usable(key)
        if cell is None:
            return None
        if isinstance(cell.value, dt.datetime):
            return cell.value.date()
        text = _text(cell)
        day = _day_in(text, year)
        if day is None:
            self.tell(f"{self.form.prefix}-date", key, column=self.form.header(key), value=text)
        return day

    def flag(self, key: str) -> bool:
        """A cell that says 是 or nothing."""
        return bool(self.word(key, FLAGS))

    def word(self, key: str, words: Words) -> str | None:
        """The value that a cell's word stands for; None where it is blank or not known."""
        text = self.text(key)
        if text is None:
            return None
        value = meant(words, text)
        if value is None:
            self.unknown(key, text, [each[0] for each in words.values()])
        return value

    def unknown(self, key: str, text: str, choices: Iterable[str]) -> None:
        """Say that a word is not known, and which are."""
        self.tell(f"{self.form.prefix}-word", key, column=self.form.header(key), value=text, words="、".join(choices))

    def _usable(self, key: str) -> Cell | None:
        """The cell, unless it is an error value or a formula that was never calculated."""
        cell = self.cell(key)
        if cell is None:
            return None
        if cell.kind == "error":
            self.tell("cell-error", key, column=self.form.header(key), value=cell.value)
        elif cell.kind == "pending":
            self.tell("formula-unsaved", key, column=self.form.header(key), value="内容不明")
        else:
            return cell
        return None


def lines_of(book: BookData, form: Form, findings: list[Finding], titles: Collection[str]) -> list[Line] | None:
    """The filled rows of one sheet in order; None where the workbook has no such sheet.

    ``titles`` are those of all its sheets, none of which is taken for another one.
    """
    sheet = sheet_of(book, form, titles)
    if sheet is None:
        return None
    at, columns = heading(sheet, form)
    findings += _columns_told(sheet, form, at, columns)
    filled = _unmerged(sheet, at, set(columns.values()))
    lines = (Line(form, sheet, number, row, columns, findings) for number, row in filled)
    return [line for line in lines if line.filled(form.keys) and not _is_header(line)]


def sheet_of(book: BookData, form: Form, titles: Collection[str]) -> SheetData | None:
    """The sheet of a form: by its title, else the one whose header names most of its columns."""
    named = [sheet for sheet in book.sheets if sheet.title.strip(_BLANKS) == form.title]
    if named:
        return named[0]
    others = [each for each in book.sheets if each.state != "veryHidden" and each.title.strip(_BLANKS) not in titles]
    best = max(others, key=lambda sheet: len(heading(sheet, form)[1]), default=None)
    return best if best and len(heading(best, form)[1]) >= max(3, len(form.fields) - 2) else None


def heading(sheet: SheetData, form: Form) -> tuple[int, dict[str, int]]:
    """The row that names most of a form's columns, and these: key -> column number; the first of equals."""
    best: tuple[int, dict[str, int]] = (0, {})
    for number in sorted(sheet.rows)[:200]:
        columns = _named(sheet.rows[number], form)
        if len(columns) > len(best[1]):
            best = (number, columns)
    return best


def _named(row: Row, form: Form) -> dict[str, int]:
    """The columns that a row names: each by its own header, else by a synonym that no other column claims."""
    texts = {at: header_key(str(cell.value)) for at, cell in sorted(row.items()) if cell.kind == "text"}
    columns: dict[str, int] = {}
    for synonyms in (False, True):
        for each in form.fields:
            names = each.column.synonyms if synonyms else (each.column.header,)
            wanted = {header_key(name) for name in names}
            free = (at for at, text in texts.items() if text in wanted and at not in columns.values())
            if each.column.key not in columns and (found := next(free, 0)):
                columns[each.column.key] = found
    return columns


def _is_header(line: Line) -> bool:
    """Whether a row below the header is the header again, pasted or printed a second time."""
    return len(_named(line.cells, line.form)) >= max(3, len(line.columns) // 2)


def _columns_told(sheet: SheetData, form: Form, at: int, columns: dict[str, int]) -> Iterator[Finding]:
    """Columns that are gone, and filled columns that nobody asked for."""
    for each in form.fields:
        if each.column.key not in columns and each.column.key not in form.apart:
            source = f"{form.book}“{sheet.title}”" + (f"第{at}行" if at else "")
            yield finding(f"{form.prefix}-column-missing", source=source, column=each.column.header)
    known = set(columns.values())
    told: dict[int, str] = {}
    for number, row in sheet.rows.items():
        for column in row:
            if number > at and column not in known and column not in told:
                cell = sheet.cell(at, column)
                told[column] = str(cell.value).strip() if cell else "（没有表头）"
    for column, header in sorted(told.items()):
        source = f"{form.book}“{sheet.title}”{column_letter(column)}列"
        yield finding(f"{form.prefix}-column-unknown", source=source, column=header)


def _unmerged(sheet: SheetData, at: int, columns: set[int]) -> Iterator[tuple[int, Row]]:
    """The rows below the header; a cell merged over several rows stands in each of them."""
    extra: dict[int, dict[int, Cell]] = {}
    for area in filter(None, map(area_of, sheet.merges)):
        cell = sheet.cell(area.top, area.left)
        if cell is not None and area.top > at and area.left in columns:
            for number in range(area.top + 1, min(area.bottom, max(sheet.rows)) + 1):
                extra.setdefault(number, {})[area.left] = cell
    for number in sorted(sheet.rows):
        if number > at:
            yield number, {**sheet.rows[number], **extra.get(number, {})}


def as_number(text: str) -> float | None:
    """The number that a text plainly is: １２, 1,234, 95%, 两万; None for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip(_BLANKS).replace("−", "-").removesuffix("%")
    if _NUMBER.fullmatch(plain):
        return float(plain.replace(",", ""))
    number = parse_numeral(plain)
    return None if number is None else float(number)


def _day_in(text: str, year: int | None) -> date | None:
    plain = unicodedata.normalize("NFKC", text).strip(_BLANKS)
    if found := _ISO_DAY.fullmatch(plain):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return None
    return parse_deadline(plain, year)


def _text(cell: Cell) -> str:
    value = cell.value
    match value:
        case bool():
            return "是" if value else "否"
        case int() | float():
            return f"{value * 100:.15g}%" if cell.percent else f"{value:.15g}"
        case dt.datetime():
            return f"{value.year}年{value.month}月{value.day}日"
        case str():
            return value.replace("\r\n", "\n").replace("\r", "\n").strip(_BLANKS)
    return str(value)
