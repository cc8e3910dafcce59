"""Filling of a workbook template: template bytes and plain data in, workbook bytes out.

A template is a finished workbook (docs/templates.md). Cells hold marks such as ``{{ unit.name }}``;
a *model row*, whose cells hold ``{{ task.… }}``, is repeated for every row of data, the band rows
``{{ section }}`` and ``{{ group }}`` above it wherever their value changes. What stands below
moves down; validations, conditional formats, filter and print area stretch over the new rows.

A row ``{{ marked.… }}`` right below a model row is never written itself: single cells of the rows
take its look where the data asks for it (``Row.marked``). A ``Link`` leads to another row.

``fill`` is the whole interface and takes plain data only. The same input gives the same bytes: no
clock, no random number, no login name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property, partial
from io import BytesIO
from typing import Any, NamedTuple

from taskkit.errors import TemplateError
from taskkit.office.cells import TALLEST, Formula, Link, Value, box, linked, printed_columns, put, ungroup
from taskkit.office.marks import BANDS, check_marks, marks_in, replaced, sole_mark
from taskkit.office.packing import packed
from taskkit.office.references import Mover, move_names
from taskkit.office.stretching import Block, stretch
from taskkit.office.xml import clean

__all__ = ["MARKED", "Filling", "Formula", "Layout", "Link", "Row", "SheetFilling", "Value", "fill", "layouts"]

HIDDEN_SHEET = "_taskkit"
PROPERTY = "taskkit-workbook"
MARKED = "marked"  # the kind of the row that shows how a cell that needs attention looks
LIST_PREFIX = "列表_"
_LIST_COLUMN = 4  # the lists of the drop-downs stand in column D and those after it
# Where a plan has more stages than the template has goal columns in sight, all of them share their
# room, somewhat widened; a column never gets narrower than a number needs. A4 becomes A3 then.
_MORE_ROOM, _NARROWEST = 1.6, 8.0
_A3, _A4 = "8", "9"


@dataclass(frozen=True)
class Row:
    """One row of data: the model row it follows (``kind``), its values by key, the keys that are open to the unit.

    ``marked`` are the keys whose cells look like those of the template's row ``marked``.
    """

    kind: str
    values: Mapping[str, Value]
    open: tuple[str, ...] = ()
    section: str = ""
    group: str = ""
    marked: tuple[str, ...] = ()


class _Planned(NamedTuple):
    """A row about to be written: data or a band, its values by mark."""

    kind: str
    values: Mapping[str, Value]
    open: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetFilling:
    """The rows of one sheet. A sheet without rows is left out of the workbook.

    ``marks`` are the keys that each kind of row may have (for checking the template); ``values``
    stand above those of the whole workbook.
    """

    title: str
    rows: tuple[Row, ...]
    marks: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Filling:
    """Everything that goes into one workbook.

    ``values`` are the marks that stand for one value (``unit.name``), ``lists`` those of the
    drop-downs, ``hidden`` what the very hidden sheet says; its ``workbook`` is the custom property too.
    """

    values: Mapping[str, Value]
    sheets: tuple[SheetFilling, ...]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    creator: str = ""


def fill(template: bytes, filling: Filling, name: str = "模板") -> bytes:
    """The bytes of a workbook: the template filled with the data.

    Raises TemplateError where the template cannot be opened or filled (a misspelt mark is named
    with its cell), InputError where a text is longer than a cell can hold.
    """
    book = _opened(template, name)
    with_rows = {sheet.title: sheet for sheet in filling.sheets}
    for title in [sheet.title for sheet in filling.sheets if sheet.rows and sheet.title not in book.sheetnames]:
        raise TemplateError(f"模板 {name} 里没有名为“{title}”的工作表", "请对照自带的模板补上，或恢复原来的名称")
    pages = {}
    for sheet in list(book.worksheets):
        data = with_rows.get(sheet.title, SheetFilling(sheet.title, (), {}))
        page = _Page(sheet, data, {**filling.values, **data.values}, name)
        page.check()
        if sheet.title in with_rows and not data.rows:
            book.remove(sheet)
        elif sheet.title != HIDDEN_SHEET:
            pages[sheet.title] = page

    def address(link: Link) -> str | None:
        return pages[link.sheet].address(link) if link.sheet in pages else None

    blocks = {title: page.block for title, page in pages.items()}
    gone = {sheet.title for sheet in filling.sheets if not sheet.rows}
    with_models = {title: page.block for title, page in pages.items() if page.models}
    for title, page in pages.items():
        page.write(address, Mover(title, with_models, gone))
    move_names(book.defined_names, Mover("", with_models, gone), name)
    _fill_hidden(book, filling)
    _finish(book, filling)
    return _saved(book, {title: (block.first, block.end) for title, block in blocks.items()})


@dataclass(frozen=True)
class Layout:
    """Where a sheet of a template has what, by (row, column): marks that stand alone in a cell, and all texts."""

    marks: Mapping[str, tuple[int, int]]
    texts: Mapping[tuple[int, int], str]


def layouts(template: bytes, name: str = "模板") -> dict[str, Layout]:
    """The layouts of a template's sheets, by title: for checks that need to know more than ``fill`` does."""
    found = {}
    for sheet in _opened(template, name).worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
        alone = {mark: (cell.row, cell.column) for cell in cells if (mark := sole_mark(cell.value))}
        found[sheet.title] = Layout(alone, {(cell.row, cell.column): cell.value for cell in cells})
    return found


class _Page:
    """One sheet of the template with the data that goes into it."""

    def __init__(self, sheet: Any, data: SheetFilling, values: Mapping[str, Value], template: str) -> None:
        self.sheet = sheet
        self.data = data
        self.values = values
        self.template = template
        self.models = self._models()
        self.letters = {mark: cell.column_letter for cell in self._cells() for mark in marks_in(cell.value)}

    def check(self) -> None:
        """Every mark exists, every kind of row has its model row, and the block is in one piece."""
        of_rows = [f"{kind}.{key}" for kind, keys in self.data.marks.items() for key in keys]
        known = {*self.values, *of_rows, *(BANDS if self.data.marks else ())}
        for cell in self._cells():
            check_marks(cell.value, known, self._place(cell.coordinate))
        for part in self._footer_parts():
            check_marks(part.text, known, self._place("页脚"))
        kinds = set(self.models.values())
        main = {row.kind for row in self.data.rows} - {"item"}
        for kind in main - kinds:
            raise TemplateError(
                f"{self._place()}没有“{kind}”的样板行", f"请在一行里写上 {{{{ {kind}.id }}}} 等标记，它会按数据重复"
            )
        if self.models and sorted(self.models) != list(range(min(self.models), max(self.models) + 1)):
            raise TemplateError(f"{self._place()}的样板行之间夹有别的行", "请把样板行和大类、大项行排在一起")
        for merged in self.sheet.merged_cells.ranges:
            if any(row in self.models for row in range(merged.min_row, merged.max_row + 1)):
                raise TemplateError(f"{self._place(merged.coord)}：样板行里有合并单元格", "请取消合并")

    def address(self, link: Link) -> str | None:
        """The cell that a link to this sheet leads to; None where there is no such row."""
        kind, number = self._numbers.get(link.row, ("", 0))
        if not number:
            return None
        return f"'{self.sheet.title}'!{self.letters.get(f'{kind}.{link.key}', 'A')}{number}"

    @cached_property
    def _numbers(self) -> dict[object, tuple[str, int]]:
        """Row id -> its kind and the number of its row once the sheet is filled."""
        planned = enumerate(self._planned_rows(), min(self.models, default=1))
        return {row.values.get(f"{row.kind}.id"): (row.kind, at) for at, row in planned}

    @cached_property
    def block(self) -> Block:
        """The model rows, and how many rows are written in their place."""
        dropped = self._dropped_rows()
        if not self.models:
            return Block(self.sheet.max_row + 1, self.sheet.max_row + 1, 1, dropped)
        return Block(min(self.models), max(self.models), len(list(self._planned_rows())), dropped)

    def write(self, address: Callable[[Link], str | None], mover: Mover) -> None:
        """Fill the sheet. ``address`` gives the cell of a link, ``mover`` moves the formulas."""
        self._refuse_unmovable(mover)
        self._set_columns()
        block, rows = self.block, list(self._planned_rows())
        models = {kind: _ModelRow(self.sheet, row, mover) for row, kind in self.models.items()}
        self._fill_singles(mover)
        self._move_below(block)
        if self.models:
            stretch(self.sheet, block, partial(self._carried, mover))
        move_names(self.sheet.defined_names, mover, self.template)
        attention = models[MARKED].looks if MARKED in models else {}
        for at, row in enumerate(rows, block.first):
            models[row.kind].write(at, row, self._place(), attention, address)
        self._select(block, [row.kind for row in rows])

    def _carried(self, mover: Mover, formula: str, top: int, new_top: int) -> str | None:
        """The formula of a rule: it goes along with the rows, or is moved where it stands outside them."""
        if self.block.first <= top <= self.block.last:
            return mover.carried(formula, top, new_top, self._place())
        return mover.moved(formula, self._place())

    # --- what the template holds ------------------------------------------------------

    def _cells(self) -> Iterator[Any]:
        return iter(list(self.sheet._cells.values()))

    def _footer_parts(self) -> Iterator[Any]:
        for line in (self.sheet.oddHeader, self.sheet.oddFooter):
            yield from (part for part in (line.left, line.center, line.right) if part.text)

    def _models(self) -> dict[int, str]:
        """Row number to what it is a model of: a kind of row, or a band."""
        models: dict[int, str] = {}
        for cell in self._cells():
            for mark in marks_in(cell.value):
                kind = mark.split(".")[0]
                if kind not in self.data.marks and kind not in BANDS:
                    continue
                if models.setdefault(cell.row, kind) != kind:
                    raise TemplateError(
                        f"{self._place(cell.coordinate)}：一行里既有“{models[cell.row]}”又有“{kind}”的标记",
                        "一个样板行只能放一种标记",
                    )
        return models

    def _place(self, cell: str = "") -> str:
        return f"模板 {self.template} 的“{self.sheet.title}”{f' {cell}' if cell else ''}"

    # --- what stands once -------------------------------------------------------------

    def _refuse_unmovable(self, mover: Mover) -> None:
        """What names rows in a way that cannot be kept right while rows are added."""
        if mover.blocks and any(hasattr(cell.value, "ref") for cell in self._cells()):
            raise TemplateError(f"{self._place()}有数组公式，无法随行数移动", "请改写成普通公式")
        if self.models and (self.sheet.tables or self.sheet._charts):
            what = "图表" if self.sheet._charts else "“表格”（套用了表格格式的区域）"
            raise TemplateError(f"{self._place()}有{what}，无法随行数移动", "请删去，或转换为普通区域")

    def _set_columns(self) -> None:
        """A column whose header mark gives nothing is hidden, one whose header mark gives a text is shown."""
        ungroup(self.sheet)
        paper, room, shown = printed_columns(self.sheet), 0.0, []
        for cell in self._cells():
            if not (mark := sole_mark(str(cell.value or ""))) or not mark.startswith("header."):
                continue
            column = self.sheet.column_dimensions[cell.column_letter]
            if mark.startswith("header.goal") and cell.column in paper:
                room += 0 if column.hidden else column.width
                shown += [column] if self.values.get(mark) else []
            column.hidden = not self.values.get(mark)
        if sum(column.width for column in shown) > room > 0:
            for column in shown:
                column.width = min(column.width, max(room * _MORE_ROOM / len(shown), _NARROWEST))
            if str(self.sheet.page_setup.paperSize) == _A4:
                self.sheet.page_setup.paperSize = _A3

    def _dropped_rows(self) -> tuple[int, ...]:
        """Rows whose first cell is a mark that gives nothing: they do not belong into this workbook."""
        first_cells = [cell for cell in self._cells() if cell.column == 1 and cell.row not in self.models]
        marked = [(cell.row, sole_mark(str(cell.value or ""))) for cell in first_cells]
        return tuple(row for row, mark in marked if mark is not None and not self.values.get(mark, mark))

    def _fill_singles(self, mover: Mover) -> None:
        for cell in self._cells():
            if cell.row in self.models:
                continue
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = mover.moved(cell.value, self._place(cell.coordinate))
            if not marks_in(cell.value):
                continue
            mark = sole_mark(cell.value)
            value = self.values.get(mark) if mark else replaced(cell.value, self.values)
            put(cell, value, self._place(cell.coordinate))
        for part in self._footer_parts():
            doubled = {key: str(value or "").replace("&", "&&") for key, value in self.values.items()}
            part.text = replaced(part.text, doubled)

    def _move_below(self, block: Block) -> None:
        """Take the model rows out and put what stands below them where it belongs."""
        sheet = self.sheet
        below = sorted((key for key in sheet._cells if key[0] >= block.first), reverse=block.end > block.last)
        heights = {row: sheet.row_dimensions[row].height for row, _ in below}
        taken = [(key, sheet._cells.pop(key)) for key in below]
        for row in heights:
            sheet.row_dimensions.pop(row, None)
        for (row, column), cell in taken:
            if row <= block.last or row in block.dropped:
                continue
            cell.row = block.moved(row)
            sheet._cells[cell.row, column] = cell
            if cell.hyperlink:
                cell.hyperlink.ref = cell.coordinate
            sheet.row_dimensions[cell.row].height = heights[row]

    # --- what repeats -----------------------------------------------------------------

    def _planned_rows(self) -> Iterator[_Planned]:
        """The rows to write: a band row wherever its value changes, then the row itself."""
        have = set(self.models.values())
        section = group = ""
        for row in self.data.rows:
            if row.kind not in have:
                continue
            if row.section != section:
                section, group = row.section, ""
                if section and "section" in have:
                    yield _Planned("section", {"section": section})
            if row.group != group:
                group = row.group
                if group and "group" in have:
                    yield _Planned("group", {"group": group})
            values = {f"{row.kind}.{key}": value for key, value in row.values.items()}
            yield _Planned(row.kind, values, row.open, row.marked)

    def _select(self, block: Block, kinds: list[str]) -> None:
        """The selected cell, where it stood in a model row, goes to the first row of that kind."""
        for selection in self.sheet.sheet_view.selection:
            match = re.fullmatch(r"([A-Z]+)(\d+)", selection.activeCell or "")
            kind = self.models.get(int(match[2])) if match else None
            if match and kind in kinds:
                selection.activeCell = selection.sqref = f"{match[1]}{block.first + kinds.index(kind)}"


class _ModelRow:
    """A model or band row: its cells, where each mark stands, and how a filled copy is written."""

    def __init__(self, sheet: Any, row: int, mover: Mover) -> None:
        self.sheet = sheet
        self.row = row
        self.mover = mover
        self.height = sheet.row_dimensions[row].height or 15.0
        self.cells = [(cell.column, cell.value, cell._style) for cell in sheet[row] if cell.has_style or cell.value]
        self.columns = {mark: cell.column_letter for cell in sheet[row] for mark in marks_in(cell.value)}
        paper = printed_columns(sheet)  # a long text beside the paper must not stretch what is printed
        wrapped = (cell for cell in sheet[row] if cell.alignment.wrap_text and cell.column in paper)
        self.boxes = {cell.column: box(sheet, cell) for cell in wrapped}
        self.locks = {cell.column: bool(cell.protection.locked) for cell in sheet[row]}
        self.looks = {column: style for column, _, style in self.cells}
        if any(band in self.columns for band in BANDS):
            self._close_frame(paper)

    def _close_frame(self, paper: range) -> None:
        """A band ends where the last printed column in sight does: that cell looks like the band's last."""
        from openpyxl.utils import get_column_letter

        dimensions = self.sheet.column_dimensions
        in_sight = [at for at in paper if not dimensions[get_column_letter(at)].hidden]
        last = self.looks.get(paper[-1])
        if in_sight and last is not None:
            self.cells = [(at, text, last if at == in_sight[-1] else style) for at, text, style in self.cells]

    def write(
        self, at: int, row: _Planned, place: str, attention: Mapping[int, Any], address: Callable[[Link], str | None]
    ) -> None:
        height = self.height
        for column, text, style in self.cells:
            cell = self.sheet.cell(at, column)
            mark = sole_mark(text) if isinstance(text, str) else None
            key = mark.split(".", 1)[1] if mark and "." in mark else ""
            cell._style = copy(attention.get(column, style) if key and key in row.marked else style)
            value = self._value(text, row.values, at, place)
            if isinstance(value, Link):
                value = linked(cell, value, address(value))
            put(cell, value, f"{place} {cell.coordinate}")
            if key:
                self._lock(cell, column, key not in row.open)
            if column in self.boxes and isinstance(value, str):
                height = max(height, self.boxes[column].height(value))
        self.sheet.row_dimensions[at].height = min(height, TALLEST)

    def _value(self, text: object, values: Mapping[str, Value], at: int, place: str) -> Any:
        if not isinstance(text, str):
            return text
        if text.startswith("="):
            carried = self.mover.carried(text[1:], self.row, at, f"{place} 第{self.row}行")
            return Formula(carried) if carried else None
        mark = sole_mark(text)
        value = values.get(mark) if mark else replaced(text, values)
        return self._formula(value, at) if isinstance(value, Formula) else value

    def _formula(self, formula: Formula, at: int) -> Formula | None:
        """The formula with addresses for keys; none where the template lacks one of its columns."""
        kind = next((mark.split(".")[0] for mark in self.columns if "." in mark), "")
        keys = re.findall(r"\{(\w+)\}", formula.text)
        if not all(f"{kind}.{key}" in self.columns for key in keys):
            return None
        return Formula(re.sub(r"\{(\w+)\}", lambda match: f"{self.columns[f'{kind}.{match[1]}']}{at}", formula.text))

    def _lock(self, cell: Any, column: int, locked: bool) -> None:
        if self.locks[column] != locked:
            from openpyxl.styles import Protection

            cell.protection = Protection(locked=locked)


def _opened(template: bytes, name: str) -> Any:
    from openpyxl import load_workbook

    try:
        return load_workbook(BytesIO(template))
    except Exception as error:  # openpyxl raises whatever a damaged part leads it to
        raise TemplateError(f"打不开模板 {name}", "请用 Excel 或 WPS 打开核对，另存为 .xlsx 后再试") from error


def _fill_hidden(book: Any, filling: Filling) -> None:
    """The very hidden sheet: what the workbook is, in A:B, and the lists of the drop-downs, with their names."""
    from openpyxl.utils import get_column_letter
    from openpyxl.workbook.defined_name import DefinedName

    sheet = book[HIDDEN_SHEET] if HIDDEN_SHEET in book.sheetnames else book.create_sheet(HIDDEN_SHEET)
    sheet.sheet_state = "veryHidden"
    if sheet.max_row:
        sheet.delete_rows(1, sheet.max_row)
    for row, (key, value) in enumerate(filling.hidden.items(), 1):
        put(sheet.cell(row, 1), key, HIDDEN_SHEET)
        put(sheet.cell(row, 2), value, HIDDEN_SHEET)
    for column, (title, entries) in enumerate(filling.lists.items(), _LIST_COLUMN):
        for row, text in enumerate((title, *entries), 1):
            put(sheet.cell(row, column), text, HIDDEN_SHEET)
        letter = get_column_letter(column)
        area = f"{HIDDEN_SHEET}!${letter}$2:${letter}${max(2, len(entries) + 1)}"
        book.defined_names[f"{LIST_PREFIX}{title}"] = DefinedName(f"{LIST_PREFIX}{title}", attr_text=area)


def _finish(book: Any, filling: Filling) -> None:
    """Properties without a login name or a clock, the custom property, and the sheet to open on."""
    from openpyxl.packaging.custom import StringProperty

    properties = book.properties
    properties.title, properties.creator = clean(filling.title) or None, clean(filling.creator) or None
    properties.lastModifiedBy = None
    if PROPERTY in book.custom_doc_props.names:
        del book.custom_doc_props[PROPERTY]
    if filling.hidden.get("workbook"):
        book.custom_doc_props.append(StringProperty(name=PROPERTY, value=filling.hidden["workbook"]))
    filled = [sheet.title for sheet in filling.sheets if sheet.rows]
    if book.active.title not in filled and filled:
        book.active = book.sheetnames.index(filled[0])
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is book.active


def _saved(book: Any, blocks: Mapping[str, tuple[int, int]]) -> bytes:
    saved = BytesIO()
    book.save(saved)
    parts = {f"xl/worksheets/sheet{number}.xml": sheet.title for number, sheet in enumerate(book.worksheets, 1)}
    free = {part: blocks[title] for part, title in parts.items() if title in blocks}
    return packed(saved.getvalue(), free)
