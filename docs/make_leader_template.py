"""Write the bundled template templates/workbooks/leader.xlsx, the table of one leader's tasks.

    python docs/make_leader_template.py [FOLDER]

An ordinary workbook that an office may change in Excel or WPS (docs/templates.md). The same script
gives the same bytes.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from make_templates import A4, BAND, FOLDER, HEAD, HEI, KAI, LINE, SONG, TITLE, Formats
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from taskkit.columns import COLUMNS
from taskkit.reports.leader import KEYS, SHEET

WIDTHS = {
    "no": 5,
    "title": 30,
    "lead_units": 15,
    "support_units": 18,
    "deadline": 11,
    "stage_goal": 22,
    "progress": 46,
    "state": 10,
    "problem": 22,
    "help": 17,
}
CENTRED = {"no", "lead_units", "deadline", "state"}
HEADER_ROW, FIRST = 3, 4
LAST = len(KEYS) - 1


def main(folder: Path = FOLDER) -> None:
    """Write the template into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    book = Workbook(
        str(folder / "leader.xlsx"),
        {"in_memory": True, "default_format_properties": {"font_name": SONG, "font_size": 11}},
    )
    book.set_properties({"created": datetime(2026, 1, 1)})
    sheet, formats = book.add_worksheet(SHEET), Formats(book)
    for at, key in enumerate(KEYS):
        sheet.set_column(at, at, WIDTHS[key])
    write_head(sheet, formats)
    write_rows(sheet, formats)
    set_up(sheet)
    book.close()


def write_head(sheet: Worksheet, formats: Formats) -> None:
    """Title, line of counts, line of origin, header."""
    sheet.set_row(0, 40)
    title = formats(TITLE, 20, align="center", valign="vcenter", text_wrap=False)
    sheet.merge_range(0, 0, 0, LAST, "{{ leader.name }}分管任务进展情况（{{ period.label }}）", title)
    for row, text, font in (
        (1, "{{ leader.summary }}", HEI),
        (2, "{{ plan.title }}　　{{ period.span }}累计，{{ report.date }}制表", KAI),
    ):
        sheet.set_row(row, 22)
        sheet.merge_range(row, 0, row, LAST, text, formats(font, 11, valign="vcenter", text_wrap=False))
    sheet.set_row(HEADER_ROW, 30)
    head = formats(HEI, 10.5, align="center", valign="vcenter", bg_color=HEAD, border=1, border_color=LINE)
    for at, key in enumerate(KEYS):
        sheet.write_string(HEADER_ROW, at, COLUMNS[key].header, head)


def write_rows(sheet: Worksheet, formats: Formats) -> None:
    """The bands, the model row, and below it the look of what stands out, also in black and white."""
    for row, mark, font, fill in ((FIRST, "section", HEI, {"bg_color": BAND}), (FIRST + 1, "group", KAI, {})):
        sheet.set_row(row, 21)
        look = {"top": 1, "bottom": 1, "border_color": LINE, "valign": "vcenter", "text_wrap": False, **fill}
        for at in range(LAST + 1):
            sides = {"left": 1} if at == 0 else {"right": 1} if at == LAST else {}
            text = f"{{{{ {mark} }}}}" if at == 0 else ""
            sheet.write(row, at, text or None, formats(font, 10.5, **look, **sides))
    sheet.set_row(FIRST + 2, 40)
    for at, key in enumerate(KEYS):
        look = {"border": 1, "border_color": LINE, **({"align": "center"} if key in CENTRED else {})}
        sheet.write_string(FIRST + 2, at, f"{{{{ task.{key} }}}}", formats(SONG, 10.5, valign="vcenter", **look))
        stands_out = {**look, "bold": True, "border": 2, "border_color": "#000000", "bg_color": "#E7E6E6"}
        sheet.write_string(FIRST + 3, at, f"{{{{ marked.{key} }}}}", formats(HEI, 10.5, valign="vcenter", **stands_out))


def set_up(sheet: Worksheet) -> None:
    """Read only without a password; A4 landscape, one page wide, the header on each page."""
    sheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.47, right=0.47, top=0.59, bottom=0.63)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(HEADER_ROW)
    sheet.print_area(0, 0, FIRST + 2, LAST)
    sheet.set_footer(
        f'&L&"{SONG},Regular"&9{{{{ leader.name }}}}&C&"{SONG},Regular"&9第 &P 页 共 &N 页', {"margin": 0.31}
    )


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
