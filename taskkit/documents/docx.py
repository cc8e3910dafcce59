"""Word documents (.docx) as blocks with places."""

from __future__ import annotations

from taskkit.documents.model import Block, Cell, Paragraph, Row, Table
from taskkit.documents.text import with_tables
from taskkit.office.docx_reader import DocxTable, read_docx_body


def read_docx(data: bytes, name: str) -> tuple[Block, ...]:
    """The blocks of a Word document.

    Raises InputError where it is damaged or breaks a limit.
    """
    blocks: list[Block] = []
    paragraphs = tables = 0
    body = read_docx_body(data, name)
    for item in body.blocks:
        if isinstance(item, DocxTable):
            tables += 1
            blocks.append(_table(item, tables))
            continue
        paragraphs += 1
        lines = [line.strip() for line in item.text.split("\n") if line.strip()]
        blocks.extend(Paragraph(line, f"第{paragraphs}段", item.level, item.lead) for line in lines)
    found = with_tables(blocks, tabs=False)
    return (*found, Paragraph("", "", mark="tracked")) if body.tracked else found


def _table(table: DocxTable, number: int) -> Table:
    rows = []
    above: dict[int, str] = {}
    for index, cells in enumerate(table.rows, start=1):
        grid: list[Cell] = []
        for cell in cells:
            text = above.get(len(grid), "") if cell.continues else cell.text
            grid += [Cell(text, above=cell.continues, left=place > 0) for place in range(cell.span)]
        above = {place: cell.text for place, cell in enumerate(grid)}
        rows.append(Row(tuple(grid), f"表{number}第{index}行"))
    return Table(tuple(rows), f"表{number}")
