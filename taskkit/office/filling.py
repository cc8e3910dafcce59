"""Filling of a workbook template: template bytes and plain data in, workbook bytes out.

A template is a finished workbook (docs/templates.md). Cells hold marks such as ``{{ unit.name }}``;
a *model row*, whose cells hold ``{{ task.… }}``, is repeated for every row of data, the band rows
``{{ section }}`` and ``{{ group }}`` above it wherever their value changes. What stands below
moves down; validations, conditional formats, filter and print area stretch over the new rows.

A row ``{{ marked.… }}`` right below a model row is never written itself: single cells of the rows
take its look where the data asks for it (``Row.marked``). A ``Link`` leads to another row.

The template is compiled once (compiling.py); a workbook is then joined from its texts, and what
does not change is copied as it is, already deflated. The same input gives the same bytes: no clock,
no random number, no login name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from typing import BinaryIO

from taskkit.errors import InputError, TemplateError
from taskkit.office.blocks import Block
from taskkit.office.book_parts import MARKS, BookFacts, hidden_rows, list_areas
from taskkit.office.compiling import Compiled, compile_template, read_sources
from taskkit.office.data import MARKED, Filling, Formula, Link, Row, SheetFilling, Value
from taskkit.office.facts import Facts
from taskkit.office.marks import BANDS, unknown_mark
from taskkit.office.packing import Package, deflated
from taskkit.office.pages import Page
from taskkit.office.rows import RowWriter
from taskkit.office.sheets import LAST_ROW

__all__ = [
    "MARKED",
    "Filling",
    "Formula",
    "Layout",
    "Link",
    "Row",
    "SheetFilling",
    "Value",
    "fill",
    "fill_into",
    "layouts",
]

DEFLATE_LEVEL = 1  # the fastest: a sheet of 40 rows takes 0.9 ms instead of 3.2, and a tenth more room


def fill(template: bytes, filling: Filling, name: str = "模板", level: int = DEFLATE_LEVEL) -> bytes:
    """The bytes of a workbook: the template filled with the data.

    Raises TemplateError where the template cannot be opened or filled (a misspelt mark is named
    with its cell), InputError where a text is longer than a cell can hold.
    """
    out = BytesIO()
    fill_into(out, template, filling, name, level)
    return out.getvalue()


def fill_into(
    out: BinaryIO, template: bytes, filling: Filling, name: str = "模板", level: int = DEFLATE_LEVEL
) -> tuple[tuple[str, int], ...]:
    """Write a workbook into a file that can be wound back; a large sheet is never held as a whole.

    The rows (sheet and number) come back whose texts need more height than Excel allows a row:
    there the last lines are not seen. Raises as ``fill`` does; what was written by then is no workbook.
    """
    forms = tuple((sheet.title, tuple(sheet.marks)) for sheet in filling.sheets)
    return _Workbook(compile_template(template, name, forms), filling, level).write(out)


@dataclass(frozen=True)
class Layout:
    """Where a sheet of a template has what, by (row, column): marks that stand alone in a cell, and all texts.

    ``hidden_columns`` are those that stay hidden whatever the data: a column whose header is a mark
    is shown where the mark gives a text.
    """

    marks: Mapping[str, tuple[int, int]]
    texts: Mapping[tuple[int, int], str]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@lru_cache(maxsize=8)
def layouts(template: bytes, name: str = "模板") -> Mapping[str, Layout]:
    """The layouts of a template's sheets, by title: for checks that need to know more than ``fill`` does.

    The same template is read once in a process.
    """
    return {
        title: Layout(
            {cell.mark: (cell.row, cell.column) for cell in source.cells if cell.mark},
            {(cell.row, cell.column): cell.text.plain for cell in source.cells if cell.text},
            source.is_hidden,
            frozenset(row.number for row in source.rows if row.is_hidden),
            source.hidden_columns() - source.headers.keys(),
        )
        for title, source in read_sources(template, name).items()
    }


class _Sheet:
    """One sheet of the workbook: its page in the template and the rows that go into it."""

    def __init__(self, page: Page, data: SheetFilling | None, values: Mapping[str, Value], is_kept: bool) -> None:
        self.page = page
        self.data = data or SheetFilling(page.title, (), {})
        self.values = {**values, **self.data.values}
        self._is_kept = is_kept

    def check(self) -> None:
        """Every mark exists and every kind of row has its model row."""
        page, data = self.page, self.data
        for mark, (_, place) in page.marks.items():
            if mark not in self.values and not self._is_of_row(mark):
                of_rows = [f"{kind}.{key}" for kind, keys in data.marks.items() for key in keys]
                raise unknown_mark(mark, {*self.values, *of_rows, *(BANDS if data.marks else ())}, place)
        for kind in {row.kind for row in data.rows} - {"item", *page.models}:
            raise TemplateError(
                f"{page.sheet.place()}没有“{kind}”的样板行",
                f"请在一行里写上 {{{{ {kind}.id }}}} 等标记，它会按数据重复",
            )

    def _is_of_row(self, mark: str) -> bool:
        kind, _, key = mark.partition(".")
        return key in self.data.marks.get(kind, ()) if key else mark in BANDS and bool(self.data.marks)

    def planned(self) -> Iterator[Row]:
        """The rows to write: a band row wherever its value changes, then the row itself."""
        models = self.page.models
        has_section, has_group = "section" in models, "group" in models
        section = group = ""
        for row in self.data.rows or self._blank_row():
            if row.kind not in models:
                continue
            if row.section != section:
                section, group = row.section, ""
                if section and has_section:
                    yield Row("section", {"section": section})
            if row.group != group:
                group = row.group
                if group and has_group:
                    yield Row("group", {"group": group})
            yield row

    def _blank_row(self) -> tuple[Row, ...]:
        """A sheet that is kept without rows has one with nothing in it: what covers its rows stays legal."""
        kind = next((kind for kind in self.page.models if kind not in (*BANDS, MARKED)), None)
        return (Row(kind, {}),) if kind and self._is_kept else ()

    @cached_property
    def first_rows(self) -> dict[str, int]:
        """Where each kind of row is written first."""
        return self._counted[0]

    @cached_property
    def block(self) -> Block:
        """The model rows, and how many rows are written in their place."""
        page = self.page
        block = page.block(self._counted[1], self.values)
        if page.models and page.bottom(block) > LAST_ROW:
            raise TemplateError(
                f"{page.sheet.place(f'第{page.last_row}行')}有内容或格式，下移后超出工作表的行数", "请删去这一行"
            )
        return block

    @cached_property
    def _counted(self) -> tuple[dict[str, int], int]:
        first_rows: dict[str, int] = {}
        first, count = self.page.sheet.first, 0
        for count, row in enumerate(self.planned(), 1):
            if row.kind not in first_rows:
                first_rows[row.kind] = first + count - 1
        if first + count > LAST_ROW and self.page.models:
            raise InputError(f"“{self.page.title}”有{count}行，超出工作表的行数", "请分成几个表格")
        return first_rows, count

    def column(self, letter: str) -> list[Value] | None:
        """The values that the rows have in a column; None where not all of them are the data's."""
        keys = {kind: model.key_in(letter) for kind, model in self.page.models.items() if kind != MARKED}
        if None in keys.values():
            return None
        return [row.values.get(keys[row.kind] or "") for row in self.planned()]

    @cached_property
    def _places(self) -> dict[object, tuple[str, int]]:
        """Row id -> its kind and the number of its row."""
        planned = enumerate(self.planned(), self.page.sheet.first)
        return {row.values.get("id"): (row.kind, at) for at, row in planned}

    def address(self, link: Link) -> str | None:
        """The cell that a link to this sheet leads to; None where there is no such row."""
        kind, number = self._places.get(link.row, ("", 0))
        if not number:
            return None
        title = self.page.title.replace("'", "''")
        return f"'{title}'!{self.page.letters.get(f'{kind}.{link.key}', 'A')}{number}"


class _Workbook:
    """One workbook being written."""

    def __init__(self, compiled: Compiled, filling: Filling, level: int) -> None:
        self.compiled, self.filling, self.level = compiled, filling, level
        self.data = {sheet.title: sheet for sheet in filling.sheets}
        for data in filling.sheets:
            if data.rows and data.title not in compiled.pages:
                raise TemplateError(
                    f"模板 {compiled.name} 里没有名为“{data.title}”的工作表", "请对照自带的模板补上，或恢复原来的名称"
                )
        self.gone = self._left_out()
        sheets = [
            _Sheet(page, self.data.get(title), filling.values, title not in self.gone)
            for title, page in compiled.pages.items()
        ]
        for sheet in sheets:
            sheet.check()
        self.sheets = {sheet.page.title: sheet for sheet in sheets if sheet.page.title not in self.gone}
        self.blocks = {title: sheet.block for title, sheet in self.sheets.items() if sheet.page.models}
        self.frame = compiled.frame(self.gone, level)

    def _left_out(self) -> frozenset[str]:
        """The sheets without rows; where none would be left to see, the first of them is kept."""
        listed = self.filling.sheets
        gone = frozenset(each.title for each in listed if not (each.rows or each.kept))
        seen = [each.title for each in self.compiled.book.sheets if each.state == "visible"]
        if seen and all(title in gone for title in seen):
            gone -= {next(title for title in seen)}
        return gone & frozenset(self.compiled.pages)

    def write(self, out: BinaryIO) -> tuple[tuple[str, int], ...]:
        compiled, package = self.compiled, Package(out, self.frame.start)
        active = self._active()
        facts = {title: self._facts(sheet, title == active) for title, sheet in self.sheets.items()}
        for title, sheet in self.sheets.items():
            page = sheet.page
            if page.is_fixed and page.selected == facts[title].selected:
                package.add(compiled.entry(page.part, self.level))
            else:
                package.stream(page.part, self._sheet(sheet, facts[title]), self.level)
        nothing = Facts(Block(1, 0, 0), self.blocks, self.gone)
        for each in compiled.attached:
            if each.part in self.frame.parts:
                about = nothing if each.sheet is None else facts[each.sheet]
                self._add(package, each.part, each.fragment.whole(about))
        styles = compiled.styles_entry(any(each.new_styles for each in facts.values()), self.level)
        if styles is not None:
            package.add(styles)
        calculates = any(sheet.page.has_formulas or facts[title].calculates for title, sheet in self.sheets.items())
        self._write_book(package, active, calculates)
        package.close()
        return tuple((title, row) for title, each in facts.items() for row in each.tall)

    def _write_book(self, package: Package, active: str, calculates: bool) -> None:
        compiled, filling = self.compiled, self.filling
        facts = BookFacts(
            Block(1, 0, 0),
            self.blocks,
            self.gone,
            titles=self.frame.titles,
            active=active,
            lists=list_areas(filling.lists),
            calculates=calculates,
            title=filling.title,
            creator=filling.creator,
            marks={mark: filling.hidden[mark] for mark in MARKS if mark in filling.hidden},
        )
        self._add(package, compiled.parts.real(compiled.parts.book), compiled.workbook.whole(facts))
        self._add(package, compiled.core_part, compiled.core.whole(facts))
        self._add(package, compiled.custom_part, compiled.custom.whole(facts))
        before, after = compiled.hidden
        rows = hidden_rows(filling.hidden, filling.lists, compiled.hidden_form)
        self._add(package, compiled.hidden_part, "".join((before, *rows, after)))

    def _add(self, package: Package, part: str, text: str) -> None:
        package.add(deflated(part, text.encode(), self.level))

    def _active(self) -> str:
        """The sheet to open on: the template's where it is filled, else the first that is."""
        filled = [each.title for each in self.filling.sheets if each.title in self.sheets and each.rows]
        active = self.compiled.book.active
        if active in filled or (not filled and active not in self.gone):
            return active
        return filled[0] if filled else next(iter(self.sheets))

    def _facts(self, sheet: _Sheet, selected: bool) -> Facts:
        page, block = sheet.page, sheet.block
        widths = page.columns.filled(sheet.values)
        return Facts(
            block,
            self.blocks,
            self.gone,
            widths,
            sheet.values,
            sheet.first_rows,
            page.bottom(block),
            selected,
            column=self._column,
        )

    def _column(self, sheet: str, letter: str) -> list[Value] | None:
        return self.sheets[sheet].column(letter) if sheet in self.sheets else None

    def _sheet(self, sheet: _Sheet, facts: Facts) -> Iterator[str]:
        """The XML of a sheet, row by row."""
        page = sheet.page
        yield page.head.whole(facts)
        yield page.above_rows(facts)
        if page.models:
            yield from self._rows(sheet, facts)
        yield from page.below_rows(facts)
        yield page.tail.whole(facts)

    def _rows(self, sheet: _Sheet, facts: Facts) -> Iterator[str]:
        page, compiled = sheet.page, self.compiled
        attention = page.models[MARKED].looks if MARKED in page.models else {}
        writers = {
            kind: RowWriter(
                model, facts, page.form, compiled.styles, attention, page.paper, self._address, page.sheet.place()
            )
            for kind, model in page.models.items()
        }
        for at, row in enumerate(sheet.planned(), page.sheet.first):
            yield writers[row.kind].write(at, row)

    def _address(self, link: Link) -> str | None:
        return self.sheets[link.sheet].address(link) if link.sheet in self.sheets else None
