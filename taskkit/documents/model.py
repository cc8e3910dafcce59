"""The Document model: paragraphs and tables in reading order, each with its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; ``place`` is where a person finds it (第12段, 第40行)."""

    text: str
    place: str
    level: int = 0  # of a heading by its style alone, from 1; 0 for running text
    lead: str = ""  # the sentence in bold that running text begins with: a title in the line of its text
    mark: str = ""  # no text but a sign of what was found here: "picture" (a page without text), "tracked" changes


@dataclass(frozen=True)
class Cell:
    """One cell of the grid. A merged cell stands in every place that it covers.

    ``above`` and ``left`` say that it is the continuation of the cell above or to the left.
    ``lost`` is what stands in it where that is no content: an error value, a formula never computed.
    """

    text: str
    above: bool = False
    left: bool = False
    lost: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a table; ``place`` is where a person finds it (表3第5行, 工作表“任务”第12行)."""

    cells: tuple[Cell, ...]
    place: str
    hidden: bool = False  # hidden in the file, so that a person does not see it on the screen

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the cells, merged ones once (at their first place)."""
        return tuple("" if cell.left else cell.text for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """A table as a grid; rows may differ in length where the source is text."""

    rows: tuple[Row, ...]
    place: str
    sheet: bool = False  # a worksheet of its own, not a table in running text
    title: str = ""  # the name of that worksheet
    unruled: bool = False  # its columns are told by the places of the text alone
    hidden: bool = False  # the whole sheet is hidden
    hidden_columns: tuple[str, ...] = ()  # the letters of columns that hold something and are hidden


Block = Paragraph | Table


@dataclass(frozen=True)
class Document:
    """A file as blocks in reading order. ``name`` is its file name, ``sha256`` that of its bytes."""

    name: str
    sha256: str
    blocks: tuple[Block, ...]
    marks: tuple[Paragraph, ...] = ()  # signs of what was found beside the text, each at its place

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs alone."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables alone."""
        return tuple(block for block in self.blocks if isinstance(block, Table))
