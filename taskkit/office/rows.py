"""Rows written from a model row: the inner loop of filling, where nothing is looked up twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from taskkit.office.cells import TALLEST, Box, Form, is_plain
from taskkit.office.data import Formula, Link, Row, Value
from taskkit.office.facts import Facts
from taskkit.office.marks import BANDS
from taskkit.office.references import Expression
from taskkit.office.styles import Styles
from taskkit.office.template_rows import MixedText, TemplateCell, TemplateRow

_KEY = re.compile(r"\{(\w+)\}")
_NO_HEIGHT = 15.0
Address = Callable[[Link], str | None]
Ask = Callable[[Row, int, str], tuple[str, str]]  # row, its number, place -> rest of the cell, its words


@dataclass(frozen=True)
class ModelRow:
    """A row of the template that is repeated: what it is a model of, and its cells taken apart."""

    kind: str
    row: TemplateRow
    formulas: Mapping[int, Expression]

    @property
    def columns(self) -> dict[str, str]:
        """Mark -> the letter of its column."""
        return {mark: cell.letter for cell in self.row.cells for mark in cell.marks}

    @property
    def looks(self) -> dict[int, int]:
        """Column -> style."""
        return {cell.column: cell.style for cell in self.row.cells}

    def key(self, cell: TemplateCell) -> str:
        """The key of a row's value that a cell holds alone; nothing for other cells."""
        mark = cell.mark or ""
        if mark in BANDS:
            return mark
        kind, _, key = mark.partition(".")
        return key if kind == self.kind else ""


class _Written(NamedTuple):
    """A cell about to be written: XML before and after the row's number; the key of its value, or who to ask.

    A text of at most ``fits`` characters does not make the row grow.
    """

    before: str
    after: str
    key: str
    ask: Ask | None
    fits: float
    box: Box | None
    style: int
    locked: bool


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
        self._start = f"<{form.prefix}row r="
        self._end = f"</{form.prefix}row>"
        self._looks = self._with_closed_frame()
        self._text = f' t="inlineStr"><{form.prefix}is><{form.prefix}t>'
        self._text_end = f"</{form.prefix}t></{form.prefix}is></{form.prefix}c>"
        self._made: dict[tuple[tuple[str, ...], tuple[str, ...]], list[_Written]] = {}

    def write(self, at: int, row: Row) -> str:
        """The XML of one row."""
        cells = self._made.get((row.open, row.marked)) or self._cells(row)
        get, number, height = row.values.get, str(at), self.height
        text_start, text_end = self._text, self._text_end
        texts = [""]
        add = texts.append
        for before, after, key, ask, fits, box, style, locked in cells:
            if key:
                value = get(key)
                if value.__class__ is str:
                    if is_plain(value):  # type: ignore[arg-type]
                        add(
                            f"{before}{number}{after}{text_start}{value}{text_end}"
                            if value
                            else f"{before}{number}{after}/>"
                        )
                    else:
                        add(f"{before}{number}{after}{self.form.rest(value, self._at(before, number))}")
                        if box and "\n" in value:  # type: ignore[operator]
                            height = max(height, box.height(value))  # type: ignore[arg-type]
                            continue
                    if len(value) > fits and box:  # type: ignore[arg-type]
                        height = max(height, box.height(value))  # type: ignore[arg-type]
                elif value is None:
                    add(f"{before}{number}{after}/>")
                else:
                    rest, words = self._special(value, at, self._at(before, number))
                    if isinstance(value, date):
                        after = self._dated(style, locked)
                    if box and words:
                        height = max(height, box.height(words))
                    add(f"{before}{number}{after}{rest}")
            elif ask is None:
                add(f"{before}{number}{after}")
            else:
                rest, words = ask(row, at, self._at(before, number))
                if box and words:
                    height = max(height, box.height(words))
                add(f"{before}{number}{after}{rest}")
        height = min(height, TALLEST)
        texts[0] = f'{self._start}"{number}" ht="{height:g}"{self.model.row.attributes}>'
        add(self._end)
        return "".join(texts)

    def _at(self, before: str, number: str) -> str:
        letters = before.rpartition('"')[2]
        return f"{self.place} {letters}{number}"

    # --- the cells as this kind of row has them -----------------------------------------------

    def _with_closed_frame(self) -> dict[int, int]:
        """Column -> style. A band ends where the last printed column in sight does: that cell looks like its last."""
        looks, paper = self.model.looks, self._paper
        in_sight = [at for at in paper if self.facts.widths.width(at) is not None]
        if self.model.kind in BANDS and in_sight and paper[-1] in looks and in_sight[-1] in looks:
            looks[in_sight[-1]] = looks[paper[-1]]
        return looks

    def _cells(self, row: Row) -> list[_Written]:
        made = [self._cell(cell, row) for cell in self.model.row.cells]
        self._made[row.open, row.marked] = made
        return made

    def _cell(self, cell: TemplateCell, row: Row) -> _Written:
        key = self.model.key(cell)
        style = self._looks[cell.column]
        locked = self.styles[style].locked
        if key and key not in BANDS:
            style = self.attention.get(cell.column, style) if key in row.marked else style
            locked = key not in row.open
            style = self._noted(self.styles.variant(style, locked))
        box = self._box(cell, style)
        fits = box.always_fits(self.height) if box else 0.0
        ask = None if key else self._ask(cell)
        before = f'<{self.form.prefix}c r="{cell.letter}'
        after = _styled(style) + (cell.rest if not key and ask is None else "")
        return _Written(before, after, key, ask, fits, box, style, locked)

    def _box(self, cell: TemplateCell, style: int) -> Box | None:
        """The room of a wrapped cell; a long text beside the paper must not stretch what is printed."""
        look, width = self.styles[style], self.facts.widths.width(cell.column)
        if width is None or cell.column not in self._paper or not self.styles[cell.style].wrapped:
            return None
        return Box(width * 6 - 4, look.size)  # a character of the default font has 8 pixels, 6 points

    def _ask(self, cell: TemplateCell) -> Ask | None:
        if cell.formula is not None:
            return partial(self._template_formula, self.model.formulas[cell.column])
        if cell.mark:
            return partial(self._single, cell.mark)
        return partial(self._mixed, MixedText(cell.text, self.form)) if cell.text and cell.marks else None

    def _dated(self, style: int, locked: bool) -> str:
        return _styled(self._noted(self.styles.variant(style, locked, dated=True)))

    def _noted(self, style: int) -> int:
        self.facts.new_styles |= style >= self.styles.count > 0
        return style

    # --- values that are no plain texts -----------------------------------------------------

    def _special(self, value: Value, at: int, place: str) -> tuple[str, str]:
        """The rest of a cell that holds anything but a text, and its words."""
        if isinstance(value, Formula):
            return self._data_formula(value, at, place), ""
        if isinstance(value, Link):
            self._link(value, place.rpartition(" ")[2])
            return self.form.rest(value, place), value.text
        return self.form.rest(value, place), ""

    def _link(self, link: Link, cell: str) -> None:
        location = self.address(link)
        if location:
            where = f"location={quoteattr(location)} display={quoteattr(link.text)}"
            self.facts.links.append(f'<{self.form.prefix}hyperlink ref="{cell}" {where}/>')

    def _data_formula(self, formula: Formula, at: int, place: str) -> str:
        """The formula with addresses for keys; none where the template lacks one of its columns."""
        kind, columns = self.model.kind, self.columns
        if not all(f"{kind}.{key}" in columns for key in _KEY.findall(formula.text)):
            return "/>"
        text = _KEY.sub(lambda match: f"{columns[f'{kind}.{match[1]}']}{at}", formula.text)
        return self.form.rest(Formula(text, formula.result), place)

    def _template_formula(self, expression: Expression, _: Row, at: int, place: str) -> tuple[str, str]:
        text = expression.at(self.facts.blocks, self.facts.gone, at - self.model.row.number)
        return (self.form.rest(Formula(text), place) if text else "/>"), ""

    def _single(self, mark: str, _: Row, at: int, place: str) -> tuple[str, str]:
        """A mark that stands for one value in the whole workbook, repeated in every row."""
        value = self.facts.values.get(mark)
        return self._special(value, at, place)[0], value if isinstance(value, str) else ""

    def _mixed(self, mixed: MixedText, row: Row, _: int, place: str) -> tuple[str, str]:
        values = {f"{self.model.kind}.{key}": value for key, value in row.values.items()}
        if self.model.kind in BANDS:
            values = dict(row.values)
        return mixed.rest({**self.facts.values, **values}, place)


def _styled(style: int) -> str:
    return f'" s="{style}"' if style else '"'
