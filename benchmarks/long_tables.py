"""A long official table in Word, labels merged downwards: ours, python-docx's add_row and merge, docxtpl.

    python -m benchmarks.long_tables [MOST]

Each way makes the whole document of 130, 1,000 and 5,000 rows, all in one run (up to MOST for
python-docx, whose time grows with the square). Ours is what `report plan --layout table` does;
docxtpl's is its row loop with a merged column. Promised at 5,000 rows: 50 times as fast as
python-docx, not slower than the row loop, and linear.
"""

from __future__ import annotations

import io
import sys
from datetime import date
from functools import partial
from statistics import median

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docxtpl import DocxTemplate

from benchmarks.filling import seconds
from taskkit.office.docx_table import Band
from taskkit.reports.plan_document import PlanDocument
from taskkit.settings import Settings
from taskkit.word import Annex, fill

SIZES = (130, 1_000, 5_000)
COLUMNS = ("group", "no", "title", "lead_units", "support_units")
HEADERS = ("大项", "序号", "工作任务", "牵头单位", "配合单位")
A_GROUP = 5  # rows under one label
ROUNDS = 3
TODAY = date(2026, 3, 6)


def rows(count: int) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            f"（{at // 5}）第{at // 5}大项",
            str(at),
            f"办好第{at}件事，投资{at}万元以上。",
            "县财政局",
            "县教育局、县水务局",
        )
        for at in range(count)
    ]


def ours(listed: list[tuple[str, str, str, str, str]]) -> bytes:
    cells: list[Band | tuple[str | None, ...]] = [
        (None if at % A_GROUP else row[0], *row[1:]) for at, row in enumerate(listed)
    ]
    table = Annex("", "", COLUMNS, tuple(cells), headers={"group": "大项"})
    name = "reports/plan_table.docx"
    return fill(content(table), Settings().template(name), name, TODAY)


def by_python_docx(listed: list[tuple[str, str, str, str, str]]) -> bytes:
    document = docx.Document()
    table = document.add_table(rows=1, cols=len(COLUMNS), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, HEADERS, strict=True):
        cell.text = text
    first = None
    for at, row in enumerate(listed):
        cells = table.add_row().cells
        for cell, text in zip(cells[1:], row[1:], strict=True):
            cell.text = text
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        if at % A_GROUP == 0:
            cells[0].text, first = row[0], cells[0]
        elif at % A_GROUP == A_GROUP - 1 and first is not None:
            first.merge(cells[0])
    return saved(document)


def row_loop_template() -> bytes:
    """A docxtpl template whose one row is repeated, the label merged downwards."""
    document = docx.Document()
    lines = ("{%tr for group in groups %}", "{%tr for row in group %}", "", "{%tr endfor %}", "{%tr endfor %}")
    table = document.add_table(rows=1 + len(lines), cols=len(COLUMNS), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, HEADERS, strict=True):
        cell.text = text
    for row, text in zip(table.rows[1:], lines, strict=True):
        row.cells[0].text = text
    for at, cell in enumerate(table.rows[3].cells):
        cell.text = f"{'{% vm %}' if at == 0 else ''}{{{{ row[{at}] }}}}"
    return saved(document)


def by_docxtpl(listed: list[tuple[str, str, str, str, str]], template: bytes) -> bytes:
    groups = [listed[at : at + A_GROUP] for at in range(0, len(listed), A_GROUP)]
    document = DocxTemplate(io.BytesIO(template))
    document.render({"groups": groups}, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def content(table: Annex) -> PlanDocument:
    return PlanDocument("2026年重点任务分工方案", "方案.docx", "", "", "", tables=(table,))


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]
    template = row_loop_template()
    per_row: list[float] = []
    for size in SIZES:
        listed = rows(size)
        own, loop = (
            median(seconds(run) for _ in range(ROUNDS))
            for run in (partial(ours, listed), partial(by_docxtpl, listed, template))
        )
        line = f"{size:>5} rows: ours {own:.3f} s, docxtpl's row loop {loop:.3f} s ({loop / own:.1f} x)"
        if size <= most:
            grown = seconds(partial(by_python_docx, listed))
            line += f", python-docx {grown:.2f} s ({grown / own:.0f} x)"
        print(line)
        per_row.append(own / size)
    few, many = per_row[-2:]
    print(f"A row of {SIZES[-1]:,} costs {many / few:.2f} times what one of {SIZES[-2]:,} does (linear: at most 1).")


if __name__ == "__main__":
    main()
