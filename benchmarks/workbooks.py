"""One department's workbook, made by every engine that can: 40 tasks by 24 columns and all that a form has.

A title, a header, three columns of about 100 Chinese characters, drop-downs from names on a very
hidden sheet, validations, conditional formats, locks, print set-up, freeze panes, a filter.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from taskkit.office.filling import Filling, Row, SheetFilling

TITLE = "任务台账"
LONG, DATES, NUMBERS = {3, 4, 21}, {9, 10, 19}, {1, 16, 20}
LISTS = {"状态": ("未启动", "进行中", "已完成", "滞后"), "是否": ("是", "否"), "风险": ("高", "中", "低")}
DROP_DOWNS = {15: "状态", 17: "是否", 18: "风险", 22: "是否"}
OPEN = {15, 16, 17, 18, 19, 21, 22, 23}
WIDTHS = (4, 5, 10, 40, 40, 14, 20, 9, 14, 11, 11, 18, 18, 18, 18, 9, 9, 8, 8, 11, 10, 40, 10, 16)
HEADERS = [f"第{column}列" for column in range(1, 25)]
KEYS = [f"c{column}" for column in range(24)]
_SIGNS = "推进深化改革落实责任加强监督管理优化营商环境提升服务效能建立健全长效机制完善工作方案按期完成任务"
Line = list[Any]


def lines(count: int, seed: int) -> list[Line]:
    """The rows of one workbook."""
    chance = random.Random(seed)
    return [[_value(chance, at, column) for column in range(24)] for at in range(count)]


def _value(chance: random.Random, at: int, column: int) -> object:
    if column == 1:
        return at + 1
    if column in DATES:
        return date(2026, 1, 1) + timedelta(chance.randint(0, 364))
    if column in NUMBERS:
        return chance.randint(1, 5000) if column == 20 else round(chance.random(), 2)
    if column in DROP_DOWNS:
        return chance.choice(LISTS[DROP_DOWNS[column]])
    low, high = (85, 115) if column in LONG else (8, 20) if 11 <= column <= 14 else (2, 10)
    return "".join(chance.choices(_SIGNS, k=chance.randint(low, high)))


def filling(rows: Sequence[Line]) -> Filling:
    """The rows as the engine takes them."""
    opened = tuple(KEYS[column] for column in sorted(OPEN))
    made = tuple(Row("task", dict(zip(KEYS, row, strict=True)), opened) for row in rows)
    return Filling({}, (SheetFilling(TITLE, made, {"task": tuple(KEYS)}),), hidden={"workbook": "W1"}, title=TITLE)


def template() -> bytes:
    """The same workbook with a model row in place of its rows."""
    made = io.BytesIO()
    by_xlsxwriter(made, [[f"{{{{ task.{key} }}}}" for key in KEYS]])
    return made.getvalue()


def by_xlsxwriter(out: io.BytesIO, rows: Sequence[Line]) -> None:
    """The workbook by XlsxWriter, cell by cell."""
    from xlsxwriter.workbook import Workbook

    book = Workbook(out)
    sheet = book.add_worksheet(TITLE)
    base = {"font_name": "仿宋", "font_size": 10, "border": 1, "text_wrap": True, "valign": "vcenter"}
    looks = []
    for column, width in enumerate(WIDTHS):
        number = "yyyy-mm-dd" if column in DATES else "0%" if column == 16 else "General"
        more = {"locked": False, "bg_color": "#FFF9E5"} if column in OPEN else {}
        looks.append(book.add_format({**base, "num_format": number, **more}))
        sheet.set_column(column, column, width, None, {"hidden": column == 0})
    sheet.merge_range(0, 0, 0, 23, "2026年重点工作任务分工台账", book.add_format({"font_size": 18, "align": "center"}))
    sheet.write_row(1, 0, HEADERS, book.add_format({**base, "bold": True, "bg_color": "#D9E1F2"}))
    for at, row in enumerate(rows, 2):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, column, value, looks[column])
            elif isinstance(value, date):
                sheet.write_datetime(at, column, value, looks[column])
            else:
                sheet.write_number(at, column, value, looks[column])
    _rules_by_xlsxwriter(book, sheet, len(rows) + 1)
    book.close()


def _rules_by_xlsxwriter(book: Any, sheet: Any, last: int) -> None:
    hidden = book.add_worksheet("_lists")
    hidden.very_hidden()
    for at, (name, words) in enumerate(LISTS.items()):
        hidden.write_column(1, at, words)
        book.define_name(f"列表_{name}", f"=_lists!${chr(65 + at)}$2:${chr(65 + at)}${len(words) + 1}")
    for column, name in DROP_DOWNS.items():
        rule = {"validate": "list", "source": f"=列表_{name}", "error_message": "请从下拉列表选择"}
        sheet.data_validation(2, column, last, column, rule)
    between = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
    sheet.data_validation(2, 16, last, 16, between)
    red, green = book.add_format({"bg_color": "#FFC7CE"}), book.add_format({"bg_color": "#C6EFCE"})
    done = {"type": "cell", "criteria": "==", "value": '"已完成"', "format": green}
    sheet.conditional_format(2, 15, last, 15, done)
    late = {"type": "formula", "criteria": '=AND($K3<TODAY(),$P3<>"已完成")', "format": red}
    sheet.conditional_format(2, 0, last, 23, late)
    sheet.conditional_format(2, 16, last, 16, {"type": "data_bar", "data_bar_2010": True})
    sheet.protect("", {"format_rows": True, "autofilter": True})
    sheet.freeze_panes(2, 4)
    sheet.autofilter(1, 0, last, 23)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.print_area(0, 0, last, 23)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def by_openpyxl(out: io.BytesIO, rows: Sequence[Line]) -> None:
    """The workbook by openpyxl, cell by cell."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    book = Workbook()
    sheet = book.active
    sheet.title = TITLE
    thin = Side(style="thin")
    border, wrapped = Border(left=thin, right=thin, top=thin, bottom=thin), Alignment(wrap_text=True, vertical="center")
    font, yellow, opened = Font(name="仿宋", size=10), PatternFill("solid", fgColor="FFF9E5"), Protection(locked=False)
    sheet["A1"] = "2026年重点工作任务分工台账"
    sheet.merge_cells("A1:X1")
    sheet.append(HEADERS)
    for at, row in enumerate(rows, 3):
        for column, value in enumerate(row):
            cell = sheet.cell(at, column + 1, value)
            cell.font, cell.border, cell.alignment = font, border, wrapped
            if column in DATES or column == 16:
                cell.number_format = "0%" if column == 16 else "yyyy-mm-dd"
            if column in OPEN:
                cell.fill, cell.protection = yellow, opened
    _rules_by_openpyxl(book, sheet, len(rows) + 2)
    book.save(out)


def _rules_by_openpyxl(book: Any, sheet: Any, last: int) -> None:
    from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.datavalidation import DataValidation

    hidden = book.create_sheet("_lists")
    hidden.sheet_state = "veryHidden"
    for at, (name, words) in enumerate(LISTS.items(), 1):
        for row, word in enumerate(words, 2):
            hidden.cell(row, at, word)
        letter = get_column_letter(at)
        area = f"_lists!${letter}$2:${letter}${len(words) + 1}"
        book.defined_names[f"列表_{name}"] = DefinedName(f"列表_{name}", attr_text=area)
    for column, name in DROP_DOWNS.items():
        rule = DataValidation("list", formula1=f"=列表_{name}", error="请从下拉列表选择")
        rule.add(f"{get_column_letter(column + 1)}3:{get_column_letter(column + 1)}{last}")
        sheet.add_data_validation(rule)
    green, red = PatternFill(bgColor="C6EFCE"), PatternFill(bgColor="FFC7CE")
    add = sheet.conditional_formatting.add
    add(f"P3:P{last}", CellIsRule(operator="equal", formula=['"已完成"'], fill=green))
    add(f"A3:X{last}", FormulaRule(formula=['AND($K3<TODAY(),$P3<>"已完成")'], fill=red))
    add(f"Q3:Q{last}", DataBarRule("num", 0, "num", 1, "63C384"))
    for column, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.protection.sheet = True
    sheet.freeze_panes, sheet.auto_filter.ref = "E3", f"A2:X{last}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8
    sheet.print_title_rows, sheet.print_area = "1:2", f"A1:X{last}"
