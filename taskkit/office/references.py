"""References in a template's formulas, moved as Excel moves them when rows are put in place of the model rows.

A range that touches the model rows comes to cover all rows written, what stands below is found at
its new place. What cannot be moved is refused: a wrong sum in an official form is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from taskkit.errors import TemplateError
from taskkit.office.stretching import Block

_SHEET = r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!:\[\]]+)!)?"
_CELLS = re.compile(rf"{_SHEET}(\$?[A-Za-z]{{1,3}})(\$?)(\d+)(?::(\$?[A-Za-z]{{1,3}})(\$?)(\d+))?")
_ROWS = re.compile(rf"{_SHEET}()(\$?)(\d+):()(\$?)(\d+)")
_End = tuple[str, str, int]  # column as written, "$" or nothing, row


class _GoneError(Exception):
    """The formula names rows or a sheet that this workbook does not have."""


@dataclass(frozen=True)
class Mover:
    """Moves the formulas of one sheet. ``blocks`` are those of the sheets that stay, ``gone`` the sheets left out."""

    sheet: str
    blocks: Mapping[str, Block]
    gone: Collection[str] = ()

    def moved(self, formula: str, place: str) -> str | None:
        """A formula that stands outside the model rows; None where it speaks of what this workbook does not have."""
        try:
            return self._translated(formula, place, None)
        except _GoneError:
            return None

    def carried(self, formula: str, top: int, new_top: int, place: str) -> str | None:
        """A formula that is repeated over the rows written: relative rows go along, absolute ones move."""
        try:
            return self._translated(formula, place, new_top - top)
        except _GoneError:
            return None

    def _translated(self, formula: str, place: str, shift: int | None) -> str:
        from openpyxl.formula.tokenizer import Token, Tokenizer

        bare = not formula.startswith("=")
        tokens = Tokenizer(f"={formula}" if bare else formula)
        for token in tokens.items:
            if token.type == Token.FUNC and token.value.upper() == "INDIRECT(":
                raise TemplateError(f"{place}：公式里的 INDIRECT 无法随行数移动", "请直接写单元格区域，如 N6:N6")
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                token.value = self._reference(token.value, f"{place}的“{formula}”", shift)
        text = str(tokens.render())
        return text.removeprefix("=") if bare else text

    def _reference(self, text: str, place: str, shift: int | None) -> str:
        match = _CELLS.fullmatch(text) or _ROWS.fullmatch(text)
        if match is None:
            return self._other(text, place)
        sheet = (match["sheet"] or self.sheet).strip("'").replace("''", "'")
        if sheet in self.gone:
            raise _GoneError
        if shift is None and sheet not in self.blocks:
            return text
        block = self.blocks.get(sheet, Block(1, 0, 0))
        _, *parts = match.groups()
        top = (parts[0], parts[1], int(parts[2]))
        bottom = (parts[3], parts[4], int(parts[5])) if parts[5] else None
        prefix = f"{match['sheet']}!" if match["sheet"] else ""
        return prefix + ":".join(_moved(top, bottom, block, shift, f"{place}里 {text} "))

    def _other(self, text: str, place: str) -> str:
        """A whole column, a name, another file: nothing to move. Tables and runs of sheets cannot be moved."""
        sheet, mark, rest = text.rpartition("!")
        if "[" in rest or (mark and ":" in sheet and "[" not in sheet):
            raise TemplateError(f"{place}里 {text} 无法随行数移动", "请改写成单元格区域，如 N6:N6")
        if mark and sheet.strip("'") in self.gone:
            raise _GoneError
        return text


def _moved(top: _End, bottom: _End | None, block: Block, shift: int | None, place: str) -> list[str]:
    """Both ends of a reference at their new rows (one end, where it names one cell)."""
    ends = [top] if bottom is None else [top, bottom]
    rows = [_carried(row, block, shift, place) if shift is not None and not fixed else None for _, fixed, row in ends]
    if None in rows:
        if bottom is None and block.first <= top[2] <= block.last:
            raise TemplateError(
                f"{place}指向样板行里的一个单元格，行数增加后不知道指哪一行",
                f"请写成区域，如 {top[0]}{top[2]}:{top[0]}{top[2]}",
            )
        if all(row in block.dropped for _, _, row in ends):
            raise _GoneError
        span = block.span(top[2], ends[-1][2])
        rows = [at if row is None else row for row, at in zip(rows, span, strict=False)]
    return [f"{column}{fixed}{row}" for (column, fixed, _), row in zip(ends, rows, strict=True)]


def _carried(row: int, block: Block, shift: int | None, place: str) -> int:
    """A relative row that goes along with the row it stands in."""
    moved = row + (shift or 0)
    if moved < 1 or (block.last and row > block.last):
        raise TemplateError(f"{place}指向样板行以外，无法随行数移动", "请在行号前加 $，如 N$8")
    return moved


def move_names(names: Any, mover: Mover, template: str) -> None:
    """The ranges that have a name of their own; a name for what this workbook does not have goes."""
    for name in list(names):
        if not names[name].attr_text or names[name].is_external:
            continue
        text = mover.moved(names[name].attr_text, f"模板 {template} 的名称“{name}”")
        if text is None:
            del names[name]
        else:
            names[name].attr_text = text
