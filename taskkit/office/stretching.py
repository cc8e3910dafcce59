"""What covers a template's model rows is stretched over the rows written; what stands below moves down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

# (formula, its first row in the template, that row in the workbook) -> the formula there
Carry = Callable[[str, int, int], str | None]


@dataclass(frozen=True)
class Block:
    """The model and band rows of a sheet (``first`` to ``last`` of the template) and the rows written instead.

    ``dropped`` are rows below the block that are left out of this workbook.
    """

    first: int
    last: int
    written: int
    dropped: tuple[int, ...] = ()

    @property
    def end(self) -> int:
        """The last row written."""
        return self.first + self.written - 1

    def moved(self, row: int) -> int:
        """Where a row that is no model row ends up."""
        if row < self.first:
            return row
        return row + self.end - self.last - sum(gone < row for gone in self.dropped)

    def span(self, top: int, bottom: int) -> tuple[int, int]:
        """A range of rows after filling: one that touches the block covers all of it."""
        new_top = self.first if self.first <= top <= self.last else self.moved(top)
        new_bottom = self.end if self.first <= bottom <= self.last else self.moved(bottom)
        return new_top, max(new_top, new_bottom)


def stretch(sheet: Any, block: Block, carry: Carry) -> None:
    """Move and stretch everything on a sheet that names rows: once per rule, never once per row."""
    _stretch_validations(sheet, block, carry)
    _stretch_formats(sheet, block, carry)
    _move_merges(sheet, block)
    _move_pictures(sheet, block)
    for page_break in sheet.row_breaks.brk:
        page_break.id = block.moved(page_break.id) if page_break.id > block.last else page_break.id
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _moved_range(sheet.auto_filter.ref, block)
    if sheet.print_area:
        sheet.print_area = ",".join(_moved_range(part.split("!")[-1], block) for part in sheet.print_area.split(","))


def _stretch_validations(sheet: Any, block: Block, carry: Carry) -> None:
    for rule in sheet.data_validations.dataValidation:
        top = min(part.min_row for part in rule.sqref.ranges)
        sqref, new_top = _moved_ranges(rule.sqref.ranges, block)
        rule.sqref = type(rule.sqref)(sqref)
        for name in ("formula1", "formula2"):
            if getattr(rule, name):
                setattr(rule, name, carry(getattr(rule, name), top, new_top))


def _stretch_formats(sheet: Any, block: Block, carry: Carry) -> None:
    old = sheet.conditional_formatting
    new = type(old)()
    for area in old:
        top = min(part.min_row for part in area.sqref.ranges)
        sqref, new_top = _moved_ranges(area.sqref.ranges, block)
        for rule in area.rules:
            formulas = [carry(formula, top, new_top) for formula in rule.formula]
            if None not in formulas:
                rule.formula = formulas
                new.add(sqref, rule)
    sheet.conditional_formatting = new


def _move_merges(sheet: Any, block: Block) -> None:
    for merged in sheet.merged_cells.ranges:
        if merged.min_row > block.last:
            merged.shift(row_shift=block.moved(merged.min_row) - merged.min_row)


def _move_pictures(sheet: Any, block: Block) -> None:
    """A seal or a logo below the rows goes down with them (anchors count rows from 0)."""
    for picture in sheet._images:
        for corner in (getattr(picture.anchor, "_from", None), getattr(picture.anchor, "to", None)):
            if corner is not None and corner.row + 1 > block.last:
                corner.row = block.moved(corner.row + 1) - 1


def _moved_ranges(ranges: Iterable[Any], block: Block) -> tuple[str, int]:
    listed = sorted(ranges, key=lambda part: (part.min_col, part.min_row))
    spans = [block.span(part.min_row, part.max_row) for part in listed]
    texts = [_address(part, span) for part, span in zip(listed, spans, strict=True)]
    return " ".join(dict.fromkeys(texts)), min(top for top, _ in spans)


def _moved_range(text: str, block: Block) -> str:
    from openpyxl.worksheet.cell_range import CellRange

    part = CellRange(text.replace("$", ""))
    return _address(part, block.span(part.min_row, part.max_row))


def _address(part: Any, span: tuple[int, int]) -> str:
    from openpyxl.utils import get_column_letter

    first, last = f"{get_column_letter(part.min_col)}{span[0]}", f"{get_column_letter(part.max_col)}{span[1]}"
    return first if first == last else f"{first}:{last}"
