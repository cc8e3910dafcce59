"""Filling of a workbook template: template bytes and plain data in, workbook bytes out.

A template is a finished workbook (docs/templates.md). Cells hold marks such as ``{{ unit.name }}``;
a *model row*, whose cells hold ``{{ task.… }}``, is repeated for every row of data, the band rows
``{{ section }}`` and ``{{ group }}`` above it wherever their value changes. What stands below
moves down; validations, conditional formats, filter and print area stretch over the new rows.

``fill`` is the whole interface and takes plain data only. The same input gives the same bytes: no
clock, no random number, no login name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from taskkit.errors import InputError, TemplateError
from taskkit.office.marks import BANDS, check_marks, marks_in, replaced, sole_mark
from taskkit.office.packing import packed
from taskkit.office.stretching import Block, shifted, stretch

HIDDEN_SHEET = "_taskkit"
PROPERTY = "taskkit-workbook"
LIST_PREFIX = "列表_"
_LIST_COLUMN = 4  # the lists of the drop-downs stand in column D and those after it
_LONGEST = 32_767  # characters that Excel keeps in a cell
_TALLEST = 409.0  # points that Excel allows a row
# Characters that XML forbids; a lone surrogate cannot be written either.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Formula:
    """A formula by the keys of its row: ``IF(ISNUMBER({achieved}),…)``. Its computed value is the empty text."""

    text: str


Value = str | int | float | date | Formula | None


@dataclass(frozen=True)
class Row:
    """One row of data: the model row it follows (``kind``), its values by key, the keys that are open to the unit."""

    kind: str
    values: Mapping[str, Value]
    open: tuple[str, ...] = ()
    section: str = ""
    group: str = ""


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
    blocks = {}
    for sheet in list(book.worksheets):
        data = with_rows.get(sheet.title, SheetFilling(sheet.title, (), {}))
        page = _Page(sheet, data, {**filling.values, **data.values}, name)
        page.check()
        if sheet.title in with_rows and not data.rows:
            book.remove(sheet)
        elif sheet.title != HIDDEN_SHEET:
            blocks[sheet.title] = page.write()
    _fill_hidden(book, filling)
    _finish(book, filling)
    return _saved(book, blocks)


class _Page:
    """One sheet of the template with the data that goes into it."""

    def __init__(self, sheet: Any, data: SheetFilling, values: Mapping[str, Value], template: str) -> None:
        self.sheet = sheet
        self.data = data
        self.values = values
        self.template = template
        self.models = self._models()

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

    def write(self) -> tuple[int, int]:
        """Fill the sheet; the first and last of the rows written."""
        self._hide_columns()
        dropped = self._dropped_rows()
        rows = list(self._planned_rows())
        first, last = (min(self.models), max(self.models)) if self.models else (self.sheet.max_row + 1,) * 2
        block = Block(first, last, len(rows) if self.models else 1, dropped)
        models = {kind: _ModelRow(self.sheet, row) for row, kind in self.models.items()}
        self._fill_singles()
        self._move_below(block)
        if self.models:
            stretch(self.sheet, block)
        for at, (kind, values, opened) in enumerate(rows, block.first):
            models[kind].write(at, values, opened, self._place())
        self._select(block, [kind for kind, _, _ in rows])
        return block.first, block.end

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

    def _hide_columns(self) -> None:
        """A column whose header mark gives nothing is hidden, one whose header mark gives a text is shown."""
        _ungroup(self.sheet)
        for cell in self._cells():
            if (mark := sole_mark(str(cell.value or ""))) and mark.startswith("header."):
                self.sheet.column_dimensions[cell.column_letter].hidden = not self.values.get(mark)

    def _dropped_rows(self) -> tuple[int, ...]:
        """Rows whose first cell is a mark that gives nothing: they do not belong into this workbook."""
        first_cells = [cell for cell in self._cells() if cell.column == 1 and cell.row not in self.models]
        marked = [(cell.row, sole_mark(str(cell.value or ""))) for cell in first_cells]
        return tuple(row for row, mark in marked if mark is not None and not self.values.get(mark, mark))

    def _fill_singles(self) -> None:
        for cell in self._cells():
            if cell.row in self.models or not marks_in(cell.value):
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
            sheet.row_dimensions[cell.row].height = heights[row]

    # --- what repeats -----------------------------------------------------------------

    def _planned_rows(self) -> Iterator[tuple[str, Mapping[str, Value], tuple[str, ...]]]:
        """The rows to write: a band row wherever its value changes, then the row itself."""
        have = set(self.models.values())
        section = group = ""
        for row in self.data.rows:
            if row.kind not in have:
                continue
            if row.section != section:
                section, group = row.section, ""
                if section and "section" in have:
                    yield "section", {"section": section}, ()
            if row.group != group:
                group = row.group
                if group and "group" in have:
                    yield "group", {"group": group}, ()
            yield row.kind, {f"{row.kind}.{key}": value for key, value in row.values.items()}, row.open

    def _select(self, block: Block, kinds: list[str]) -> None:
        """The selected cell, where it stood in a model row, goes to the first row of that kind."""
        for selection in self.sheet.sheet_view.selection:
            match = re.fullmatch(r"([A-Z]+)(\d+)", selection.activeCell or "")
            kind = self.models.get(int(match[2])) if match else None
            if match and kind in kinds:
                selection.activeCell = selection.sqref = f"{match[1]}{block.first + kinds.index(kind)}"


class _ModelRow:
    """A model or band row: its cells, where each mark stands, and how a filled copy is written."""

    def __init__(self, sheet: Any, row: int) -> None:
        self.sheet = sheet
        self.row = row
        self.height = sheet.row_dimensions[row].height or 15.0
        self.cells = [(cell.column, cell.value, cell._style) for cell in sheet[row] if cell.has_style or cell.value]
        self.columns = {mark: cell.column_letter for cell in sheet[row] for mark in marks_in(cell.value)}
        paper = _printed_columns(sheet)  # a long text beside the paper must not stretch what is printed
        wrapped = (cell for cell in sheet[row] if cell.alignment.wrap_text and cell.column in paper)
        self.boxes = {cell.column: _box(sheet, cell) for cell in wrapped}
        self.locks = {cell.column: bool(cell.protection.locked) for cell in sheet[row]}

    def write(self, at: int, values: Mapping[str, Value], opened: Iterable[str], place: str) -> None:
        height = self.height
        open_keys = set(opened)
        for column, text, style in self.cells:
            cell = self.sheet.cell(at, column)
            cell._style = copy(style)
            value = self._value(text, values, at)
            put(cell, value, f"{place} {cell.coordinate}")
            mark = sole_mark(text) if isinstance(text, str) else None
            if mark and "." in mark:
                self._lock(cell, column, mark.split(".", 1)[1] not in open_keys)
            if column in self.boxes and isinstance(value, str):
                height = max(height, self.boxes[column].height(value))
        self.sheet.row_dimensions[at].height = min(height, _TALLEST)

    def _value(self, text: object, values: Mapping[str, Value], at: int) -> Any:
        if not isinstance(text, str):
            return text
        if text.startswith("="):
            return Formula(shifted(text, self.row, at)[1:])
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


@dataclass(frozen=True)
class _Box:
    """The room that a wrapped text has: width in points, size of its type."""

    width: float
    size: float

    def height(self, text: str) -> float:
        """The height of a text in points: lines of Chinese type, a full-width character as wide as it is high."""
        room = max(self.width - 0.5 * self.size, self.size)  # half a character for punctuation that may not wrap
        lines = sum(max(1, math.ceil(_units(part) * self.size / 2 / room)) for part in text.split("\n"))
        return lines * self.size * 1.35 + 5


def put(cell: Any, value: Value, place: str) -> None:
    """Write a value into a cell: texts stay texts whatever they begin with, numbers are numbers."""
    if isinstance(value, Formula):
        cell.value = f"={value.text}"
    elif isinstance(value, str):
        text = clean(value)
        if len(text.encode("utf-16-le")) // 2 > _LONGEST:
            raise InputError(f"{place}：文字超过{_LONGEST}字，单元格放不下", "请在原文中缩短后重试")
        cell.value = _LOOKS_ESCAPED.sub("_x005F_", text) or None
        if text:
            cell.data_type = "s"
    elif isinstance(value, float) and not math.isfinite(value):
        cell.value = None
    elif isinstance(value, float) and value.is_integer():
        cell.value = int(value)
    else:
        cell.value = value


def clean(text: str) -> str:
    """The text without what XML forbids; line ends as Excel writes them. A vertical tab from Word is a line end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    return _FORBIDDEN.sub("", lines)


def _printed_columns(sheet: Any) -> range:
    from openpyxl.utils import range_boundaries

    if not sheet.print_area:
        return range(1, sheet.max_column + 1)
    first, _, last, _ = range_boundaries(sheet.print_area.rpartition("!")[2])
    return range(first, last + 1)


def _units(text: str) -> int:
    return sum(2 if ord(sign) > 0x2000 else 1 for sign in text)


def _box(sheet: Any, cell: Any) -> _Box:
    """The room of a cell: a column's width counts characters of 8 pixels (6 points) of the default font."""
    dimension = sheet.column_dimensions[cell.column_letter]
    width = math.inf if dimension.hidden else float(dimension.width or 8.43) * 6 - 4
    return _Box(width, float(cell.font.sz or 11))


def _ungroup(sheet: Any) -> None:
    """One entry for each column: the file keeps like neighbours as one, and hiding one would hide all."""
    from openpyxl.utils import get_column_letter

    for dimension in list(sheet.column_dimensions.values()):
        first, last = dimension.min or 0, dimension.max or 0
        for at in range(first + 1, min(last, 200) + 1):
            other = sheet.column_dimensions[get_column_letter(at)]
            other.width, other.hidden, other._style = dimension.width, dimension.hidden, copy(dimension._style)
        if last > first:
            dimension.max = first


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
