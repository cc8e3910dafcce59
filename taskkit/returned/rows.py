"""The rows of a returned sheet that may be ours: those with an id, and those below the header that hold something."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from taskkit.columns import BOOK_ROW, Column
from taskkit.marks import ids_of
from taskkit.merge import canonical
from taskkit.office.sheets import BookData, Row, SheetData
from taskkit.places import Place
from taskkit.returned.book_line import labels_of
from taskkit.returned.columns import Heading, heading_of
from taskkit.returned.layout import MEASURES, TELLING, TITLE, Layout, Words, first_text, words_of
from taskkit.sheet_forms.marks import MARK_SHEET

_SIGNATURE = re.compile("签字|签名|签章|盖章|公章")
_NEW = re.compile(r"[新增补加另]|\d")  # how clerks number the rows that they insert
_BAND = re.compile(r"\s*(?:第?[一二三四五六七八九十]+[、.．章节]|[（(][一二三四五六七八九十]+[)）])")


@dataclass(frozen=True, eq=False)  # each row is itself alone
class DataRow:
    """A row of a returned sheet that is one of ours, or may be."""

    sheet: SheetData
    number: int
    columns: Mapping[int, Column] = field(repr=False)
    owner: str = ""  # the workbook id before the row; "" where there is none
    row_id: str = ""
    form: str = ""  # the sent sheet that the returned one is
    held: bool = False  # doubtful whose row it is

    @property
    def cells(self) -> Row:
        return self.sheet.rows[self.number]

    @property
    def place(self) -> Place:
        return Place(self.sheet.title, self.number)

    @property
    def where(self) -> tuple[str, int]:
        return self.sheet.title, self.number

    def text(self, header: str) -> str:
        """What stands under a header, as text."""
        at = next((at for at, column in self.columns.items() if column.header == header), None)
        cell = self.cells.get(at) if at else None
        return canonical(cell.value) if cell else ""

    @property
    def words(self) -> Words:
        return words_of({header: self.text(header) for header in TELLING})

    @property
    def own_text(self) -> str:
        """What an inserted row says is to be done."""
        return self.text(MEASURES) or self.text(TITLE)

    @property
    def shown(self) -> str:
        """What a person knows the row by: its task, else the first longer text in it."""
        texts = [canonical(cell.value) for at, cell in self.cells.items() if at in self.columns]
        return first_text((self.text(TITLE), *(text for text in texts if len(text) > 3), *texts)) or "（无文字）"

    def filled(self, layout: Layout) -> dict[str, str]:
        """The open columns in which something stands that was not sent."""
        opened = layout.open_columns.get(self.form, frozenset())
        texts = {column.header: self.text(column.header) for column in self.columns.values() if column.header in opened}
        return {header: text for header, text in texts.items() if text not in ("", self._sent(header, layout))}

    def says_nothing(self, layout: Layout) -> bool:
        """Whether nothing stands in it but an id."""
        return not any(self.words) and not self.filled(layout)

    def _sent(self, header: str, layout: Layout) -> str:
        return layout.sent.get((self.row_id, header), "")


def data_rows(book: BookData, layout: Layout) -> list[DataRow]:
    """All rows of a workbook that may be ours, in the order of their sheets and numbers."""
    return [row for sheet in book.sheets for row in sorted(_of_sheet(sheet, layout), key=lambda row: row.number)]


def _of_sheet(sheet: SheetData, layout: Layout) -> Iterator[DataRow]:
    """The rows of a sheet that carry an id, and those below its header that hold something but carry none."""
    if sheet.title.strip().lower() == MARK_SHEET:
        return
    ids = ids_of(sheet)
    headings = {title: heading_of(sheet, headers, ids) for title, headers in layout.headers.items()}
    title = _main_form(ids, headings, layout)
    for number, (owner, row_id) in ids.items():
        form = layout.sheet_of.get(row_id, title or "")
        if row_id != BOOK_ROW:
            yield DataRow(sheet, number, headings.get(form, Heading()).columns, owner, row_id, form)
    if title is not None:
        heading = headings[title]
        wanted = {
            at
            for at, column in heading.columns.items()
            if column.header in layout.open_columns[title] or column.header in (TITLE, MEASURES)
        }
        opened = {at for at in wanted if heading.columns[at].header in layout.open_columns[title]}
        for number, row in sheet.rows.items():
            if (
                number > heading.last
                and number not in ids
                and wanted & row.keys()
                and not is_frame(row, layout, title, opened)
            ):
                yield DataRow(sheet, number, heading.columns, form=title)


def _main_form(ids: Mapping[int, tuple[str, str]], headings: Mapping[str, Heading], layout: Layout) -> str | None:
    """Which sent sheet a returned one is: by the ids of its rows, else by a header row that names most columns."""
    owners = Counter(layout.sheet_of[row_id] for _, row_id in ids.values() if row_id in layout.sheet_of)
    if owners:
        title = owners.most_common(1)[0][0]
        return title if headings[title].columns else None
    named = {title: len(heading.columns) for title, heading in headings.items() if len(heading.columns) >= 3}
    return max(named, key=lambda title: named[title]) if named else None


def band_of(row: DataRow, layout: Layout) -> str:
    """The text of a band into whose row something was typed; "" for any other row.

    A band's text stands alone before the open columns: with a section's number, or left of the task
    where an inserted row has its number, or a word for being new.
    """
    opened = layout.open_columns.get(row.form, frozenset())
    closed = {at: canonical(cell.value) for at, cell in row.cells.items() if not _is_open(row, at, opened)}
    if row.row_id or len(closed) != 1:
        return ""
    [(at, text)] = closed.items()
    title = min((at for at, column in row.columns.items() if column.header == TITLE), default=0)
    return text if _BAND.match(text) or (at < title and len(text) > 2 and not _NEW.search(text)) else ""


def _is_open(row: DataRow, at: int, opened: Collection[str]) -> bool:
    return at in row.columns and row.columns[at].header in opened


def is_frame(row: Row, layout: Layout, title: str, opened: Collection[int]) -> bool:
    """Whether a row is part of the form: a header again, a band, the line 填报人, a line for signature and seal."""
    labels = labels_of(row)
    alone = bool(labels) and all(at in labels or at - 1 in labels for at in row)
    if alone or len(labels) >= 2 or len(layout.headers[title].columns(row)) >= 2:
        return True
    texts = [str(cell.value) for cell in row.values() if cell.kind == "text"]
    band = len(row) == 1 and not row.keys() & set(opened) and any(_BAND.match(text) for text in texts)
    return band or any(_SIGNATURE.search(text) for text in texts)


def by_sheet(rows: Iterable[DataRow]) -> dict[str, list[DataRow]]:
    """Rows by the title of their sheet, in the order of their numbers."""
    sheets: dict[str, list[DataRow]] = {}
    for row in sorted(rows, key=lambda row: row.number):
        sheets.setdefault(row.sheet.title, []).append(row)
    return sheets
