"""Marking returned workbooks against openpyxl's load, mark, comment, save: a ratio of one run.

    python -m benchmarks.annotating [ROUNDS]

Both ways run in turns on the same hundred files, so that a busy machine slows them alike; medians.
"""

from __future__ import annotations

import io
import statistics
import sys

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Border, PatternFill, Side

from benchmarks.filling import seconds
from benchmarks.workbooks import TITLE, filling, lines, template
from taskkit.office.annotating import annotate
from taskkit.office.filling import fill
from taskkit.office.problem_sheet import HEADERS, Problem, ProblemList
from taskkit.office.sheets import BookData, read_workbook
from taskkit.places import Place

BOOKS, ROWS = 100, 40
CELLS = ((5, 17), (12, 16), (20, 22))
WHAT, ADVICE = "“完成情况”填的“差不多”不在可选项中，没有收", "请从下拉列表中选择"
LISTED = ProblemList(
    "单位：县教育局",
    "请改好后交回",
    tuple(Problem(WHAT, ADVICE, Place(TITLE, *cell), f"第{cell[0]}行") for cell in CELLS),
)


def by_openpyxl(data: bytes) -> bytes:
    """The same marks by openpyxl (which loses drop-downs, pictures and more on the way)."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[TITLE]
    red = Side(style="medium", color="C00000")
    fill_, frame = PatternFill("solid", fgColor="FFE84D"), Border(red, red, red, red)
    for row, column in CELLS:
        cell = sheet.cell(row, column)
        cell.fill, cell.border, cell.comment = fill_, frame, Comment(f"{WHAT}\n{ADVICE}", "督查室")
    front = book.create_sheet("退回问题清单", 0)
    front.append(HEADERS)
    for number, (row, column) in enumerate(CELLS, 1):
        front.append((number, TITLE, f"第{row}行", WHAT, ADVICE))
        front.cell(number + 1, 3).hyperlink = f"#'{TITLE}'!{sheet.cell(row, column).coordinate}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    form = template()
    files = [fill(form, filling(lines(ROWS, seed))) for seed in range(BOOKS)]
    books: list[BookData] = [read_workbook(data, "县教育局.xlsx") for data in files]
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        taken[0].append(seconds(lambda: [annotate(*each, LISTED) for each in zip(files, books, strict=True)]))
        taken[1].append(seconds(lambda: [by_openpyxl(data) for data in files]))
    ours, theirs = map(statistics.median, taken)
    print(f"annotate {BOOKS} workbooks: {ours:.3f} s, openpyxl {theirs:.3f} s   {theirs / ours:.1f} x faster")


if __name__ == "__main__":
    main()
