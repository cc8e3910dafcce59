"""Write the bundled templates of tables that are only read: templates/workbooks/leader.xlsx and annex.xlsx.

    python docs/make_table_templates.py [FOLDER]

Ordinary workbooks that an office may change in Excel or WPS (docs/templates.md). The same script
gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from make_templates import A3, A4, BAND, FOLDER, HEAD, HEI, KAI, LINE, SONG, TITLE, Formats
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from taskkit.columns import COLUMNS
from taskkit.reports import annex_table, leader

HEADER_ROW, FIRST = 3, 4


@dataclass(frozen=True)
class Look:
    """One table: its file and sheet, three lines above it, and its columns as key -> (header, width)."""

    file: str
    sheet: str
    title: str
    lines: tuple[str, str]
    columns: Mapping[str, tuple[str, float]]
    centred: frozenset[str]
    numbers: frozenset[str] = frozenset()
    kind: str = "task"
    paper: int = A4
    marked: bool = False
    footer: str = ""
    frozen: int = 2


def _columns(widths: Mapping[str, float], headers: Mapping[str, str] | None = None) -> dict[str, tuple[str, float]]:
    own = headers or {}
    return {key: (own.get(key) or COLUMNS[key].header, width) for key, width in widths.items()}


LEADER = Look(
    file="leader.xlsx",
    sheet=leader.SHEET,
    title="{{ leader.name }}分管任务进展情况（{{ period.label }}）",
    lines=("{{ leader.summary }}", "{{ plan.title }}　　{{ period.span }}累计，{{ report.date }}制表"),
    columns=_columns(
        dict(zip(leader.KEYS, (5, 28, 14, 15, 11, 20, 40, 10, 24, 20, 15), strict=True)),
        leader.HEADERS,
    ),
    centred=frozenset({"no", "lead_units", "deadline", "state"}),
    marked=True,
    footer="{{ leader.name }}",
)
ANNEX = Look(
    file="annex.xlsx",
    sheet=annex_table.SHEET,
    title="{{ plan.year }}民生实事进展情况（截至{{ period.label }}）",
    lines=("{{ annex.summary }}", "{{ plan.title }}　　各月为1月至当月的累计数，{{ report.date }}制表"),
    columns=_columns(
        {
            **dict(zip(annex_table.KEYS[:6], (5, 28, 20, 9, 8, 16), strict=True)),
            **dict.fromkeys(annex_table.MONTHS, 8),
            **dict(zip(annex_table.KEYS[18:], (9, 10, 34), strict=True)),
        },
        annex_table.HEADERS,
    ),
    centred=frozenset({"no", "unit", "lead_units", "rate", "state"}),
    numbers=frozenset({"aim", *annex_table.MONTHS}),
    kind="target",
    paper=A3,
    marked=True,
    footer="民生实事",
    frozen=3,
)


def main(folder: Path = FOLDER) -> None:
    """Write both templates into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for look in (LEADER, ANNEX):
        write_template(folder / look.file, look)


def write_template(path: Path, look: Look) -> None:
    """One table as a workbook with a single sheet."""
    options = {"in_memory": True, "default_format_properties": {"font_name": SONG, "font_size": 11}}
    book = Workbook(str(path), options)
    book.set_properties({"created": datetime(2026, 1, 1)})
    sheet, formats = book.add_worksheet(look.sheet), Formats(book)
    for at, (_, width) in enumerate(look.columns.values()):
        sheet.set_column(at, at, width)
    write_head(sheet, formats, look)
    write_bands(sheet, formats, look)
    write_model(sheet, formats, look)
    set_up(sheet, look)
    book.close()


def write_head(sheet: Worksheet, formats: Formats, look: Look) -> None:
    """Title, two lines, header."""
    last = len(look.columns) - 1
    sheet.set_row(0, 40)
    title = formats(TITLE, 20, align="center", valign="vcenter", text_wrap=False)
    sheet.merge_range(0, 0, 0, last, look.title, title)
    for row, (text, font) in enumerate(zip(look.lines, (HEI, KAI), strict=True), 1):
        sheet.set_row(row, 22)
        sheet.merge_range(row, 0, row, last, text, formats(font, 11, valign="vcenter", text_wrap=False))
    sheet.set_row(HEADER_ROW, 30)
    head = formats(HEI, 10.5, align="center", valign="vcenter", bg_color=HEAD, border=1, border_color=LINE)
    for at, (header, _) in enumerate(look.columns.values()):
        sheet.write_string(HEADER_ROW, at, header, head)


def write_bands(sheet: Worksheet, formats: Formats, look: Look) -> None:
    """The rows of 大类 and 大项."""
    last = len(look.columns) - 1
    for row, mark, font, fill in ((FIRST, "section", HEI, {"bg_color": BAND}), (FIRST + 1, "group", KAI, {})):
        sheet.set_row(row, 21)
        spec = {"top": 1, "bottom": 1, "border_color": LINE, "valign": "vcenter", "text_wrap": False, **fill}
        for at in range(last + 1):
            sides = {"left": 1} if at == 0 else {"right": 1} if at == last else {}
            text = f"{{{{ {mark} }}}}" if at == 0 else ""
            sheet.write(row, at, text or None, formats(font, 10.5, **spec, **sides))


def write_model(sheet: Worksheet, formats: Formats, look: Look) -> None:
    """The model row, and below it the look of what stands out, also in black and white."""
    sheet.set_row(FIRST + 2, 40 if look.kind == "task" else 30)
    for at, key in enumerate(look.columns):
        align = "center" if key in look.centred else "right" if key in look.numbers else "left"
        spec = {"border": 1, "border_color": LINE, "align": align, "valign": "vcenter"}
        sheet.write_string(FIRST + 2, at, f"{{{{ {look.kind}.{key} }}}}", formats(SONG, 10.5, **spec))
        if look.marked:
            spec |= {"bold": True, "border": 2, "border_color": "#000000", "bg_color": "#E7E6E6"}
            sheet.write_string(FIRST + 3, at, f"{{{{ marked.{key} }}}}", formats(HEI, 10.5, **spec))


def set_up(sheet: Worksheet, look: Look) -> None:
    """Read only without a password; landscape, one page wide, the header on each page."""
    sheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})
    sheet.freeze_panes(HEADER_ROW + 1, look.frozen)
    sheet.set_landscape()
    sheet.set_paper(look.paper)
    sheet.set_margins(left=0.47, right=0.47, top=0.59, bottom=0.63)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(HEADER_ROW)
    sheet.print_area(0, 0, FIRST + 2, len(look.columns) - 1)
    footer = f'&L&"{SONG},Regular"&9{look.footer}&C&"{SONG},Regular"&9第 &P 页 共 &N 页'
    sheet.set_footer(footer, {"margin": 0.31})


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
