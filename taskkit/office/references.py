"""References in a template's formulas, moved as Excel moves them when rows are put in place of the model rows.

A range that touches the model rows comes to cover all rows written, what stands below is found at
its new place. What cannot be moved is refused: a wrong sum in an official form is worse than none.
A formula is taken apart once, when the template is compiled (``Expression``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from taskkit.errors import TemplateError
from taskkit.office.blocks import Block
from taskkit.office.sheets import LAST_COLUMN, LAST_ROW
from taskkit.places import column_letter, column_number

_STRINGS = re.compile(r'("(?:[^"]|"")*")')
_OPERAND = re.compile(r"(?:'(?:[^']|'')*'|\[(?:[^\[\]]|\[[^\[\]]*\])*\]|[\w.$!:\\?#])+")
_SHEET = r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!:\[\]]+)!)?"
_CELLS = re.compile(rf"{_SHEET}(\$?[A-Za-z]{{1,3}})(\$?)(\d+)(?::(\$?[A-Za-z]{{1,3}})(\$?)(\d+))?")
_ROWS = re.compile(rf"{_SHEET}()(\$?)(\d+):()(\$?)(\d+)")
_TABLE = re.compile(r"([^\W\d][\w.\\?]*)\[")
_NAMES = re.compile(
    r"[^\W\d][\w.\\?]*(?!\()(?![\w.\\?])|\b(?:NOW|TODAY|RAND|RANDBETWEEN|OFFSET|INDIRECT|CELL|INFO)\(", re.I
)
_NOTHING = Block(1, 0, 0)


class _GoneError(Exception):
    """The formula names rows or a sheet that this workbook does not have."""


@dataclass(frozen=True)
class End:
    """One end of a reference: column as written, "$" or nothing, row."""

    column: str
    fixed: str
    row: int


@dataclass(frozen=True)
class Reference:
    """Cells of a sheet: ``written`` the sheet's name as it stands in the formula, ``sheet`` what it means."""

    written: str
    sheet: str
    ends: tuple[End, ...]

    def at(self, blocks: Mapping[str, Block], gone: Collection[str], shift: int | None) -> str:
        """The reference in a filled workbook; relative rows go along by ``shift`` where the formula is carried."""
        if self.sheet in gone:
            raise _GoneError
        block = blocks.get(self.sheet, _NOTHING)
        rows = [None if end.fixed or shift is None else end.row + shift for end in self.ends]
        if None in rows:
            if block.last and all(end.row in block.dropped for end in self.ends):
                raise _GoneError
            span = block.span(self.ends[0].row, self.ends[-1].row)
            rows = [at if row is None else row for row, at in zip(rows, span, strict=False)]
        if any(row is not None and row < 1 for row in rows):
            raise _GoneError
        ends = (f"{end.column}{end.fixed}{row}" for end, row in zip(self.ends, rows, strict=True))
        return f"{self.written}{':'.join(ends)}"


@dataclass(frozen=True)
class OfSheet:
    """A whole column, a name or a table on a sheet: it stays as it is while the sheet is there."""

    text: str
    sheet: str

    def at(self, _: Mapping[str, Block], gone: Collection[str], __: int | None) -> str:
        """The text itself."""
        if self.sheet in gone:
            raise _GoneError
        return self.text


@dataclass(frozen=True)
class Models:
    """What formulas may be about: model rows by sheet, sheets that may be left out, tables with their sheets."""

    rows: Mapping[str, tuple[int, int]]
    leavable: Collection[str] = ()
    tables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Expression:
    """A formula of a sheet, cut at its references. ``text`` is the formula as the template has it."""

    text: str
    sheet: str
    pieces: tuple[str | Reference | OfSheet, ...]

    def at(self, blocks: Mapping[str, Block], gone: Collection[str], shift: int | None = None) -> str | None:
        """The formula in a filled workbook; None where it speaks of what this workbook does not have."""
        try:
            return "".join(piece if isinstance(piece, str) else piece.at(blocks, gone, shift) for piece in self.pieces)
        except _GoneError:
            return None

    @property
    def references(self) -> Iterator[Reference]:
        """The cells that it speaks of."""
        return (piece for piece in self.pieces if isinstance(piece, Reference))

    def moves(self, models: Models) -> bool:
        """Whether the data decides what it says: outside model rows, where it stands as it is otherwise."""
        return any(not isinstance(piece, str) and self._moves(piece, models) for piece in self.pieces)

    def is_known(self, changing: Collection[str]) -> bool:
        """Whether its result in the template still holds: it speaks of cells on sheets that do not change."""
        words = "".join(piece for piece in self.pieces if isinstance(piece, str) and not piece.startswith('"'))
        return not _NAMES.search(words) and all(
            isinstance(piece, Reference) and piece.sheet not in changing
            for piece in self.pieces
            if not isinstance(piece, str)
        )

    def is_carried(self, models: Models, shift: int) -> bool:
        """Whether a rule over the model rows, whose relative rows go along, stays as it is."""
        fixed = (piece for piece in self.pieces if not isinstance(piece, str))
        return shift == 0 and not any(
            self._may_go(piece, models)
            or (isinstance(piece, Reference) and any(end.fixed for end in piece.ends) and self._moves(piece, models))
            for piece in fixed
        )

    def _may_go(self, piece: Reference | OfSheet, models: Models) -> bool:
        return piece.sheet in models.leavable and piece.sheet != self.sheet

    def _moves(self, piece: Reference | OfSheet, models: Models) -> bool:
        if self._may_go(piece, models):
            return True
        block = models.rows.get(piece.sheet)
        return isinstance(piece, Reference) and block is not None and any(end.row >= block[0] for end in piece.ends)


def parse_formula(
    text: str, sheet: str, models: Models, place: str, *, carried: bool = False, named: bool = False
) -> Expression:
    """Take a formula apart.

    ``carried``: it stands in a model row, or is a rule over them. ``named``: it is that of a name, whose
    relative rows are no rows of the template: they count from the cell that uses the name. Raises
    TemplateError, naming the place, where it says something that cannot be kept right while rows are added.
    """
    pieces: list[str | Reference | OfSheet] = []
    parts = _STRINGS.split(text)
    where = f"{place}的“{text}”"
    for at, part in enumerate(parts):
        pieces.extend([part] if at % 2 else _operands(part, sheet, models, where))
    expression = Expression(text, sheet, tuple(pieces))
    if models.rows:
        for reference in expression.references:
            if not named or all(end.fixed for end in reference.ends):
                _check(reference, models, where, carried)
    return expression


def _operands(text: str, sheet: str, models: Models, place: str) -> Iterator[str | Reference | OfSheet]:
    last = 0
    for match in _OPERAND.finditer(text):
        yield text[last : match.start()]
        last = match.end()
        word, function = match[0], ""
        if text[last : last + 1] == "(":
            head, colon, function = word.rpartition(":")
            word, function = head, colon + function
            if models.rows and function.upper().lstrip(":").endswith("INDIRECT"):
                raise TemplateError(f"{place}：公式里的 INDIRECT 无法随行数移动", "请直接写单元格区域，如 N6:N6")
        yield _operand(word, sheet, models, place)
        yield function
    yield text[last:]


def _operand(text: str, sheet: str, models: Models, place: str) -> str | Reference | OfSheet:
    match = _CELLS.fullmatch(text) or _ROWS.fullmatch(text)
    if match is None:
        return _other(text, models, place)
    _, *parts = match.groups()
    ends = [End(parts[0], parts[1], int(parts[2]))]
    if parts[5]:
        ends.append(End(parts[3], parts[4], int(parts[5])))
    if (ends[0].row, ends[-1].row) == (1, LAST_ROW):
        return _other(text, models, place)  # C1:C1048576 is column C
    named = match["sheet"]
    return Reference(f"{named}!" if named else "", sheet_name(named) if named else sheet, tuple(ends))


def sheet_name(written: str) -> str:
    """A sheet's name as a formula writes it."""
    return written[1:-1].replace("''", "'") if written.startswith("'") else written


def _other(text: str, models: Models, place: str) -> str | OfSheet:
    """A whole column, a name, a table's column, another file: nothing to move. Runs of sheets cannot be moved."""
    sheet, mark, rest = text.rpartition("!")
    table = _TABLE.match(rest)
    if models.rows and (
        (table is not None and table[1] not in models.tables)
        or (rest.startswith("[") and not models.tables)
        or (mark and ":" in sheet and "[" not in sheet)
    ):
        raise TemplateError(f"{place}里 {text} 无法随行数移动", "请改写成单元格区域，如 N6:N6")
    if table is not None and table[1] in models.tables:
        return OfSheet(text, models.tables[table[1]])
    return OfSheet(text, sheet_name(sheet)) if mark and "[" not in sheet else text


def _check(reference: Reference, models: Models, place: str, carried: bool) -> None:
    block = models.rows.get(reference.sheet)
    if block is None:
        return
    first, last = block
    shown = f"{place}里 {reference.written}{':'.join(f'{end.column}{end.fixed}{end.row}' for end in reference.ends)} "
    top = reference.ends[0]
    if carried and any(not end.fixed and end.row > last for end in reference.ends):
        raise TemplateError(f"{shown}指向样板行以外，无法随行数移动", "请在行号前加 $，如 N$8")
    if len(reference.ends) == 1 and first <= top.row <= last and (top.fixed or not carried):
        raise TemplateError(
            f"{shown}指向样板行里的一个单元格，行数增加后不知道指哪一行",
            f"请写成区域，如 {top.column}{top.row}:{top.column}{top.row}",
        )


def shifted(text: str, rows: int, columns: int) -> str:
    """A shared formula as it stands ``rows`` below and ``columns`` right of the cell that spells it out."""
    parts = _STRINGS.split(text)
    return "".join(part if at % 2 else _shifted_part(part, rows, columns) for at, part in enumerate(parts))


def _shifted_part(text: str, rows: int, columns: int) -> str:
    def moved(match: re.Match[str]) -> str:
        if text[match.end() : match.end() + 1] == "(":
            return match[0]
        found = _CELLS.fullmatch(match[0]) or _ROWS.fullmatch(match[0])
        if found is None:
            return match[0]
        prefix, *parts = found.groups()
        ends = [parts[:3], parts[3:]] if parts[5] else [parts[:3]]
        down = 0 if [int(end[2]) for end in ends] == [1, LAST_ROW] else rows
        right = 0 if [end[0].lstrip("$").upper() for end in ends] == ["A", column_letter(LAST_COLUMN)] else columns
        return (f"{prefix}!" if prefix else "") + ":".join(_shifted_end(end, down, right) for end in ends)

    return _OPERAND.sub(moved, text)


def _shifted_end(end: list[str], rows: int, columns: int) -> str:
    column, fixed, row = end
    if column and not column.startswith("$"):
        column = column_letter(column_number(column) + columns)
    return f"{column}{fixed}{row if fixed else int(row) + rows}"
