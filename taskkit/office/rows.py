"""Rows written from a model row: the inner loop of filling, where nothing is looked up twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from taskkit.office.cells import LONGEST, MARGINS, TALLEST, Box, Form
from taskkit.office.data import Formula, Link, Row, Value
from taskkit.office.facts import Facts
from taskkit.office.marks import BANDS
from taskkit.office.references import Expression
from taskkit.office.styles import Styles
from taskkit.office.template_rows import MixedText, TemplateCell, TemplateRow
from taskkit.office.xml import clean

_KEY = re.compile(r"\{(\w+)\}")
_PLAIN = LONGEST // 2  # a text of this many characters fits into a cell, whatever they are
_EXACT = 1e15  # numbers smaller than this are written to the last digit without an exponent
_MOST_KEPT = 64  # variants of a model row that are kept for the next workbook
_QUOTE = '"'
_NO_HEIGHT = 15.0
_WIDEST = 1.25  # full-width characters that one character may take, as the height is reckoned
Address = Callable[[Link], str | None]
Ask = Callable[["RowWriter", Row, int, str], tuple[str, str]]  # row, its number, place -> rest of the cell, its words


@dataclass(frozen=True)
class ModelRow:
    """A row of the template that is repeated: what it is a model of, and its cells taken apart.

    ``made`` keeps the cells as they are written, by columns in sight, open keys and marked keys.
    """

    kind: str
    row: TemplateRow
    formulas: Mapping[int, Expression]
    made: dict[tuple[int, tuple[str, ...], tuple[str, ...]], list[_Written]] = field(default_factory=dict)

    @cached_property
    def columns(self) -> dict[str, str]:
        """Mark -> the letter of its column."""
        return {mark: cell.letter for cell in self.row.cells for mark in cell.marks}

    @cached_property
    def looks(self) -> dict[int, int]:
        """Column -> style."""
        return {cell.column: cell.style for cell in self.row.cells}

    def key_in(self, letter: str) -> str | None:
        """The key of the values in a column: "" where it holds no numbers, None where they are not the data's."""
        cell = next((cell for cell in self.row.cells if cell.letter == letter), None)
        if cell and cell.mark and not self.key(cell):
            return None  # one value of the whole workbook, which may be a number
        if cell is None or self.key(cell) or cell.text or cell.rest == "/>":
            return self.key(cell) if cell else ""
        return None

    def key(self, cell: TemplateCell) -> str:
        """The key of a row's value that a cell holds alone; nothing for other cells."""
        mark = cell.mark or ""
        if mark in BANDS:
            return mark
        kind, _, key = mark.partition(".")
        return key if kind == self.kind else ""


class _Look(NamedTuple):
    """What seldom matters of a cell: its room, who is asked for what it says, its style and whether it is locked."""

    box: Box | None
    ask: Ask | None
    style: int
    locked: bool


class _Written(NamedTuple):
    """A cell about to be written: XML before the row's number; after it, before a text, before a number, if blank.

    ``key`` is that of its value (none where it is asked for or always the same). ``slope`` and ``base``
    guess the height of a text, never too low: points for each character, and to begin with.
    """

    before: str
    before_text: str
    before_number: str
    blank: str
    key: str
    slope: float
    base: float
    is_date: bool
    look: _Look


class RowWriter:
    """Writes the rows of one kind on one sheet of one workbook."""

    def __init__(
        self,
        model: ModelRow,
        facts: Facts,
        form: Form,
        styles: Styles,
        attention: Mapping[int, int],
        paper: range,
        address: Address,
        place: str,
    ) -> None:
        self.model, self.facts, self.form, self.styles = model, facts, form, styles
        self.attention, self.address, self.place = attention, address, place
        self.columns = model.columns
        self.height = model.row.height or _NO_HEIGHT
        self._paper = paper
        self._looks = self._with_closed_frame()
        self._row = (f"<{form.prefix}row r=", f"</{form.prefix}row>")
        self._made: dict[tuple[tuple[str, ...], tuple[str, ...]], list[_Written]] = {}

    def write(self, at: int, row: Row) -> str:
        """The XML of one row."""
        cells = self._made.get((row.open, row.marked)) or self._cells(row)
        get, number, height = row.values.get, str(at), self.height
        _, end_text, _, end_number, day_0 = self.form.around
        texts = [""]
        add = texts.append
        for before, before_text, before_number, blank, key, slope, base, is_date, look in cells:
            value: Any = get(key)
            kind = value.__class__
            if (
                kind is str  # and needs no second look: nothing to escape, no break, no space at its ends
                and value
                and value.isprintable()
                and "&" not in value
                and "<" not in value
                and ">" not in value
                and "_" not in value
                and value.strip() == value
                and len(value) <= _PLAIN
            ):
                add(f"{before}{number}{before_text}{value}{end_text}")
                if len(value) * slope + base > height and look.box and (needed := look.box.paragraph(value)) > height:
                    height = needed
            elif kind is int:
                add(f"{before}{number}{before_number}{value}{end_number}")
            elif kind is float and -_EXACT < value < _EXACT:
                add(f"{before}{number}{before_number}{value if value % 1 else int(value)}{end_number}")
            elif value is None and look.ask is None:
                add(f"{before}{number}{blank}")
            elif kind is date and is_date:
                days = value.toordinal() - day_0
                add(f"{before}{number}{before_number}{days}{end_number}")
            else:
                place = f"{self.place} {before.rpartition(_QUOTE)[2]}{number}"
                after, words = self._special(value, look, row, at, place)
                add(f"{before}{number}{after}")
                if look.box and words:
                    height = max(height, look.box.height(words))
        if height > TALLEST:
            self.facts.tall.append(at)
        start, end = self._row
        texts[0] = f'{start}"{number}" ht="{min(height, TALLEST):g}"{self.model.row.attributes}>'
        add(end)
        return "".join(texts)

    # --- the cells as this kind of row has them -----------------------------------------------

    def _with_closed_frame(self) -> dict[int, int]:
        """Column -> style. A band ends where the last printed column in sight does: that cell looks like its last."""
        looks, paper = self.model.looks, self._paper
        if self.model.kind not in BANDS:
            return looks
        in_sight = [at for at in paper if self.facts.widths.width(at) is not None]
        if in_sight and paper[-1] in looks and in_sight[-1] in looks:
            return looks | {in_sight[-1]: looks[paper[-1]]}
        return looks

    def _cells(self, row: Row) -> list[_Written]:
        kept, key = self.model.made, (id(self.facts.widths), row.open, row.marked)
        made = kept.get(key) or [self._cell(cell, row) for cell in self.model.row.cells]
        if len(kept) < _MOST_KEPT:
            kept[key] = made
        self.facts.new_styles |= any(cell.look.style >= self.styles.count > 0 for cell in made)
        self._made[row.open, row.marked] = made
        return made

    def _cell(self, cell: TemplateCell, row: Row) -> _Written:
        key = self.model.key(cell)
        style = self._looks[cell.column]
        locked = self.styles[style].locked
        if key and key not in BANDS:
            style = self.attention.get(cell.column, style) if key in row.marked else style
            locked = key not in row.open
            style = self.styles.variant(style, locked)
        box = self._box(cell, style)
        ask = None if key else self._ask(cell)
        before, after = f'<{self.form.prefix}c r="{cell.letter}', _styled(style)
        blank = after + ("/>" if key else cell.rest)
        slope, base = (_WIDEST * box.line / box.signs, box.line + MARGINS) if box else (0.0, 0.0)
        is_date = self.styles[style].is_date
        text, _, number, *_ = self.form.around
        look = _Look(box, ask, style, locked)
        return _Written(before, after + text, after + number, blank, key, slope, base, is_date, look)

    def _box(self, cell: TemplateCell, style: int) -> Box | None:
        """The room of a wrapped cell; a long text beside the paper must not stretch what is printed."""
        look, width = self.styles[style], self.facts.widths.width(cell.column)
        if width is None or cell.column not in self._paper or not self.styles[cell.style].wrapped:
            return None
        return Box(width * 6 - 4, look.size)  # a character of the default font has 8 pixels, 6 points

    def _ask(self, cell: TemplateCell) -> Ask | None:
        if cell.formula is not None:
            return partial(_template_formula, self.model.formulas[cell.column])
        if cell.mark:
            return partial(_single, cell.mark)
        return partial(_mixed, MixedText(cell.text, self.form)) if cell.text and cell.marks else None

    # --- values that are no plain texts -----------------------------------------------------

    def _special(self, value: Value, look: _Look, row: Row, at: int, place: str) -> tuple[str, str]:
        """The XML after the row's number of any other cell, and its words."""
        if look.ask is not None:
            rest, words = look.ask(self, row, at, place)
            return _styled(look.style) + rest, words
        return self._value(value, look, at, place)

    def _value(self, value: Value, look: _Look, at: int, place: str) -> tuple[str, str]:
        style, words = look.style, value if isinstance(value, str) else ""
        if isinstance(value, Formula):
            return _styled(style) + self._data_formula(value, at, place), ""
        if isinstance(value, Link):
            self._link(value, place.rpartition(" ")[2])
            words = value.text
        if isinstance(value, date):
            style = self.styles.variant(style, look.locked, dated=True)
            self.facts.new_styles |= style >= self.styles.count > 0
        return _styled(style) + self.form.rest(value, place), words

    def _link(self, link: Link, cell: str) -> None:
        location = self.address(link)
        if location:
            where = f"location={quoteattr(location)} display={quoteattr(clean(link.text))}"
            self.facts.links.append(f'<{self.form.prefix}hyperlink ref="{cell}" {where}/>')

    def _data_formula(self, formula: Formula, at: int, place: str) -> str:
        """The formula with addresses for keys; none where the template lacks one of its columns."""
        kind, columns = self.model.kind, self.columns
        if not all(f"{kind}.{key}" in columns for key in _KEY.findall(formula.text)):
            return "/>"
        self.facts.calculates = True
        text = _KEY.sub(lambda match: f"{columns[f'{kind}.{match[1]}']}{at}", formula.text)
        return self.form.rest(Formula(text, formula.result), place)


# --- cells that ask for what they say --------------------------------------------------------


def _template_formula(expression: Expression, writer: RowWriter, _: Row, at: int, place: str) -> tuple[str, str]:
    facts = writer.facts
    text = expression.at(facts.blocks, facts.gone, at - writer.model.row.number)
    return (writer.form.rest(Formula(text), place) if text else "/>"), ""


def _single(mark: str, writer: RowWriter, _: Row, __: int, place: str) -> tuple[str, str]:
    """A mark that stands for one value in the whole workbook, repeated in every row."""
    value = writer.facts.values.get(mark)
    return writer.form.rest(value, place), value if isinstance(value, str) else ""


def _mixed(mixed: MixedText, writer: RowWriter, row: Row, _: int, place: str) -> tuple[str, str]:
    kind = writer.model.kind
    values = row.values if kind in BANDS else {f"{kind}.{key}": value for key, value in row.values.items()}
    return mixed.rest({**writer.facts.values, **values}, place)


def _styled(style: int) -> str:
    return f'" s="{style}"' if style else '"'
