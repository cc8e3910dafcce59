"""A sheet of a template, compiled: the rows above, the model rows, the rows below, and what stands around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from lxml import etree

from taskkit.errors import TemplateError
from taskkit.office.blocks import Block, areas
from taskkit.office.cells import Form
from taskkit.office.data import Formula, Link, Value
from taskkit.office.facts import Facts
from taskkit.office.footers import mark_footers
from taskkit.office.formats import space_of
from taskkit.office.fragments import Fragment
from taskkit.office.marks import BANDS, check_braces
from taskkit.office.references import Expression, parse_formula
from taskkit.office.results import Aggregate, aggregate_of, result_of
from taskkit.office.rows import ModelRow
from taskkit.office.stretching import Sheet, stretch_sheet
from taskkit.office.styles import Styles
from taskkit.office.template_rows import MixedText, RowReader, TemplateCell, TemplateRow, Text
from taskkit.office.widths import Columns
from taskkit.places import column_letter

_ROWS = "\ufdd2"
# The mark before the row of those who sign; where it gives nothing the workbook does without that row.
_SIGNED = "book.id"
# What follows the hyperlinks in a sheet's part (ECMA-376 part 1, 18.3.1.99).
_AFTER_LINKS = frozenset(
    "printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors"
    " smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems"
    " tableParts extLst".split()
)


@dataclass
class Source:
    """A sheet of the template as it was read, before the sheets are compiled together."""

    part: str
    root: etree._Element
    rows: tuple[TemplateRow, ...]
    sheet: Sheet
    paper: range
    is_hidden: bool = False

    @classmethod
    def read(
        cls,
        part: str,
        root: etree._Element,
        sheet: Sheet,
        strings: list[Text],
        paper: range,
        is_hidden: bool = False,
    ) -> Source:
        """Read the cells of a sheet."""
        data = root.find(f"{space_of(root)}sheetData")
        rows = () if data is None else tuple(RowReader(root, strings, sheet.place()).rows(data))
        return cls(part, root, rows, sheet, paper, is_hidden)

    @property
    def cells(self) -> Iterator[TemplateCell]:
        """All cells."""
        return (cell for row in self.rows for cell in row.cells)

    @property
    def headers(self) -> dict[int, str]:
        """Column -> the mark that is its header, and decides whether it is shown."""
        marks = ((cell.column, cell.mark) for cell in self.cells)
        return {column: mark for column, mark in marks if mark and mark.startswith("header.")}

    def hidden_columns(self) -> frozenset[int]:
        """The columns that the template hides."""
        last = max((cell.column for cell in self.cells), default=1)
        return Columns(self.root, space_of(self.root), {}, last, range(0)).hidden

    def find_models(self, kinds: tuple[str, ...]) -> None:
        """Find the model rows: those with marks of these kinds, and the bands."""
        sheet, models = self.sheet, self.sheet.kinds
        for cell in self.cells:
            for mark in cell.marks:
                kind = mark.split(".")[0]
                if kind not in kinds and kind not in BANDS:
                    continue
                if models.setdefault(cell.row, kind) != kind:
                    raise sheet.refuse(
                        cell.coordinate,
                        f"：一行里既有“{models[cell.row]}”又有“{kind}”的标记",
                        "一个样板行只能放一种标记",
                    )
        for row, kind in models.items():
            if kind in [models.get(above) for above in range(sheet.first, row)]:
                raise sheet.refuse(f"第{row}行", f"：“{kind}”的样板行有两行", "一种标记只能放在一行里，请合成一行")
        if models and sorted(models) != list(range(min(models), max(models) + 1)):
            raise sheet.refuse("", "的样板行之间夹有别的行", "请把样板行和大类、大项行排在一起")
        first = [row.cells[0] for row in self.rows if row.number > sheet.last and row.cells]
        sheet.droppable = tuple(cell.row for cell in first if cell.column == 1 and cell.mark == _SIGNED)


class _Moving(NamedTuple):
    """A row below the model rows: its number, the mark without which it is dropped, its XML around its number."""

    number: int
    mark: str | None
    pieces: tuple[str | Callable[[Facts, int], str] | None, ...]  # None: the number


@dataclass
class Page:
    """A compiled sheet. ``marks`` are all that it uses, each with its text and where it stands first.

    ``is_fixed``: nothing on it depends on the data.
    """

    title: str
    part: str
    sheet: Sheet
    paper: range
    columns: Columns
    models: Mapping[str, ModelRow]
    marks: Mapping[str, tuple[str, str]]
    letters: Mapping[str, str]
    form: Form
    styles: Styles
    has_formulas: bool
    selected: bool
    last_row: int
    head: Fragment[Facts] = field(default_factory=lambda: Fragment(()))
    tail: Fragment[Facts] = field(default_factory=lambda: Fragment(()))
    above: tuple[str | Callable[[Facts, int], str], ...] = ()
    below: tuple[_Moving, ...] = ()
    is_fixed: bool = False

    def block(self, written: int, values: Mapping[str, Value]) -> Block:
        """The model rows and how many are written; the row that nobody is to sign is dropped."""
        if not self.models:
            return Block(self.last_row + 1, self.last_row + 1, 1)
        dropped = tuple(row.number for row in self.below if row.mark and not values.get(row.mark))
        return Block(self.sheet.first, self.sheet.last, written, dropped)

    def above_rows(self, facts: Facts) -> str:
        """The rows above the model rows, or all where there are none."""
        return "".join(piece if isinstance(piece, str) else piece(facts, 0) for piece in self.above)

    def below_rows(self, facts: Facts) -> Iterator[str]:
        """The rows below, at their new places."""
        for row in self.below:
            if row.number in facts.block.dropped:
                continue
            at = facts.block.moved(row.number)
            number = str(at)
            yield "".join(
                number if piece is None else piece if isinstance(piece, str) else piece(facts, at)
                for piece in row.pieces
            )

    def bottom(self, block: Block) -> int:
        """The last row of the filled sheet."""
        last = [row.number for row in self.below if row.number not in block.dropped][-1:]
        return block.moved(last[0]) if last else max(block.end if self.models else self.last_row, 1)


def compile_page(source: Source, form: Form, styles: Styles, changing: frozenset[str]) -> Page:
    """Compile a sheet. ``changing`` are the sheets whose cells depend on the data (for kept results of formulas)."""
    sheet, root = source.sheet, source.root
    compiler = _Compiler(source, form, styles, changing)
    space = space_of(root)
    last_column = max((cell.column for cell in source.cells), default=1)
    columns = Columns(root, space, source.headers, last_column, source.paper)
    page = Page(
        sheet.title,
        source.part,
        sheet,
        columns.paper,
        columns,
        compiler.models(),
        compiler.marks(),
        {mark: cell.letter for cell in source.cells for mark in cell.marks},
        form,
        styles,
        any(cell.formula for cell in source.cells),
        _is_selected(root),
        max((row.number for row in source.rows), default=0),
    )
    compiler.add_rows(page)
    compiler.shell(page, space)
    return page


class _Compiler:
    def __init__(self, source: Source, form: Form, styles: Styles, changing: frozenset[str]) -> None:
        self.source = source
        self.sheet = source.sheet
        self.form = form
        self.styles = styles
        self.changing = changing

    def marks(self) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for cell in self.source.cells:
            if cell.text:
                check_braces(cell.text.plain, self.sheet.place(cell.coordinate))
            for mark in cell.marks:
                found.setdefault(mark, (cell.text.plain if cell.text else "", self.sheet.place(cell.coordinate)))
        return found

    def models(self) -> dict[str, ModelRow]:
        models = {}
        for row in self.source.rows:
            kind = self.sheet.kinds.get(row.number)
            if kind is None:
                continue
            for cell in row.cells:
                if cell.array:
                    raise self._array(cell)
            formulas = {cell.column: self._formula(cell, carried=True) for cell in row.cells if cell.formula}
            models[kind] = model = ModelRow(kind, row, formulas)
            for cell in row.cells:
                if model.key(cell):
                    self.styles.prepare(cell.style)
        return models

    def add_rows(self, page: Page) -> None:
        """Take the rows above and below apart."""
        above: list[str | Callable[[Facts, int], str]] = []
        below = []
        for row in self.source.rows:
            if row.number < self.sheet.first:
                above.extend(str(row.number) if piece is None else piece for piece in self._row(row))
            elif row.number > self.sheet.last:
                first = row.cells[0] if row.cells else None
                mark = first.mark if first and row.number in self.sheet.droppable else None
                below.append(_Moving(row.number, mark, tuple(_joined(self._row(row)))))
        page.above = tuple(piece for piece in _joined(above) if piece is not None)
        page.below = tuple(below)

    def _row(self, row: TemplateRow) -> Iterator[str | Callable[[Facts, int], str] | None]:
        """A row cut at its number and at what depends on the data."""
        prefix = self.form.prefix
        height = f' ht="{row.height:g}"' if row.height is not None else ""
        custom = ' customHeight="1"' if row.has_own_height and height else ""
        yield from (f'<{prefix}row r="', None, f'"{height}{custom}{row.attributes}>')
        for cell in row.cells:
            yield from (f'<{prefix}c r="{cell.letter}', None)
            yield from self._cell(cell)
        yield f"</{prefix}row>"

    def _cell(self, cell: TemplateCell) -> Iterator[str | Callable[[Facts, int], str]]:
        style = f' s="{cell.style}"' if cell.style else ""
        if cell.formula is not None:
            yield from (f'"{style}', self._formula_rest(cell))
        elif cell.mark:
            self.styles.prepare(cell.style)
            yield from ('"', partial(self._value, cell, cell.mark))
        elif cell.text and cell.marks:
            yield from (f'"{style}', partial(self._mixed, MixedText(cell.text, self.form), cell))
        else:
            yield f'"{style}{cell.rest}'

    def _value(self, cell: TemplateCell, mark: str, facts: Facts, _: int) -> str:
        value = facts.values.get(mark)
        style = cell.style
        if value is not None and not isinstance(value, (str, int, float, Formula, Link)):
            style = self.styles.variant(style, self.styles[style].locked, dated=True)
            facts.new_styles |= style >= self.styles.count > 0
        attribute = f' s="{style}"' if style else ""
        return f"{attribute}{self.form.rest(value, self.sheet.place(cell.coordinate))}"

    def _mixed(self, mixed: MixedText, cell: TemplateCell, facts: Facts, _: int) -> str:
        return mixed.rest(facts.values, self.sheet.place(cell.coordinate))[0]

    # --- formulas -----------------------------------------------------------------------

    def _formula(self, cell: TemplateCell, *, carried: bool = False) -> Expression:
        sheet = self.sheet
        return parse_formula(
            cell.formula or "", sheet.title, sheet.models, sheet.place(cell.coordinate), carried=carried
        )

    def _formula_rest(self, cell: TemplateCell) -> str | Callable[[Facts, int], str]:
        expression = self._formula(cell)
        moves = expression.moves(self.sheet.models)
        if cell.array:
            if self.sheet.models.rows and (moves or cell.row > self.sheet.last):
                raise self._array(cell)
            return cell.rest
        place = self.sheet.place(cell.coordinate)
        if not moves:
            if expression.is_known(self.changing):
                return cell.rest
            return self.form.rest(Formula(expression.text), place)

        return partial(self._moved_rest, expression, aggregate_of(expression, self.sheet.models), place)

    def _moved_rest(self, expression: Expression, sums: Aggregate | None, place: str, facts: Facts, _: int) -> str:
        text = expression.at(facts.blocks, facts.gone)
        if text is None:
            return "/>"
        values = facts.column(sums.sheet, sums.column) if sums else None
        result = result_of(sums.function, values) if sums and values is not None else None
        return self.form.rest(Formula(text, "" if result is None else result), place)

    def _array(self, cell: TemplateCell) -> TemplateError:
        return self.sheet.refuse(cell.coordinate, "是数组公式或模拟运算表，无法随行数移动", "请改写成普通公式")

    # --- around the rows ------------------------------------------------------------------

    def shell(self, page: Page, space: str) -> None:
        """What stands before and after the rows, with holes."""
        root, sheet = self.source.root, self.sheet
        self._dimension(page, space)
        self._columns(page, space)
        for each in mark_footers(sheet, root):
            page.marks = {**page.marks, **each}
        self._links(page, space)
        stretch_sheet(sheet, root)
        page.is_fixed = not (page.models or page.marks or sheet.holes.count) and len(page.above) < 2
        self._tabs(space)
        data = root.find(f"{space}sheetData")
        if data is None:
            data = etree.SubElement(root, f"{space}sheetData")
        for child in list(data):
            data.remove(child)
        data.text = _ROWS
        head, _, tail = sheet.holes.text(root).partition(_ROWS)
        page.head, page.tail = sheet.holes.cut(head), sheet.holes.cut(tail)

    def _dimension(self, page: Page, space: str) -> None:
        dimension = self.source.root.find(f"{space}dimension")
        cells = list(self.source.cells)
        if dimension is None or not cells or not page.models:
            return
        left, right = (column_letter(pick(cell.column for cell in cells)) for pick in (min, max))
        top = min(cell.row for cell in cells)
        dimension.set("ref", self.sheet.holes.hole(lambda facts: f"{left}{top}:{right}{max(facts.bottom, top)}"))

    def _columns(self, page: Page, space: str) -> None:
        if not page.columns.headers:
            return
        root, holes = self.source.root, self.sheet.holes
        cols, data = root.find(f"{space}cols"), root.find(f"{space}sheetData")
        token = holes.hole(lambda facts: facts.widths.xml)
        if cols is not None:
            before = cols.getprevious()
            root.remove(cols)
        else:
            before = None if data is None else data.getprevious()
        if before is None:
            root.text = (root.text or "") + token
        else:
            before.tail = (before.tail or "") + token
        setup = root.find(f"{space}pageSetup")
        if setup is not None and setup.get("paperSize"):
            setup.set("paperSize", holes.hole(lambda facts: facts.widths.paper))

    def _tabs(self, space: str) -> None:
        for view in self.source.root.iterfind(f"{space}sheetViews/{space}sheetView"):
            view.set("tabSelected", self.sheet.holes.hole(lambda facts: str(int(facts.selected))))

    def _links(self, page: Page, space: str) -> None:
        """The place where links that the data brings are written."""
        if not page.models:
            return
        root, holes = self.source.root, self.sheet.holes
        links = root.find(f"{space}hyperlinks")
        if links is None:
            links = etree.Element(f"{space}hyperlinks")
            after = next((each for each in root if _local(each) in _AFTER_LINKS), None)
            if after is None:
                root.append(links)
            else:
                after.addprevious(links)
        token = f"\ufdd0[\ufdd1{holes.hole(lambda facts: ''.join(facts.links) or None)}\ufdd0]\ufdd1"
        if len(links):
            links[-1].tail = (links[-1].tail or "") + token
        else:
            links.text = token


def print_columns(text: str) -> range:
    """The columns of a print area; none where there is no area."""
    from taskkit.places import column_number

    listed = areas(" ".join(part.rpartition("!")[2].replace("$", "") for part in text.split(",")))
    if not listed:
        return range(0)
    return range(
        min(column_number(each.left) for each in listed), max(column_number(each.right) for each in listed) + 1
    )


def _joined(
    pieces: Iterator[str | Callable[[Facts, int], str] | None] | list[str | Callable[[Facts, int], str]],
) -> list[str | Callable[[Facts, int], str] | None]:
    """Neighbouring texts made one."""
    joined: list[str | Callable[[Facts, int], str] | None] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _is_selected(root: etree._Element) -> bool:
    return any(view.get("tabSelected") in ("1", "true") for view in root.iter("{*}sheetView"))


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
