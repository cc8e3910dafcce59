"""A template with every feature that must stretch: made by XlsxWriter, and patched where it cannot."""

from __future__ import annotations

import base64
import io
from datetime import date

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from taskkit.office.filling import Filling, Row, SheetFilling
from tests.returned_books import rewritten

KEYS = ("id", "title", "amount", "share", "day", "state")
MARKS = {"task": KEYS}
STATES = ("未启动", "正常推进", "已完成")
_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"


def full_template() -> bytes:
    """任务: a band, a model row (row 5), a total below, and everything that must stretch; 表格, 汇总, 附注."""
    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True})
    formats = {
        "text": book.add_format({"text_wrap": True, "border": 1, "locked": False}),
        "number": book.add_format({"num_format": "#,##0.00", "border": 1}),
        "share": book.add_format({"num_format": "0.0%", "border": 1}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "border": 1}),
        "red": book.add_format({"bg_color": "#FFC7CE"}),
        "bold": book.add_format({"bold": True, "font_color": "#A61C1C"}),
        "band": book.add_format({"bold": True, "bg_color": "#EEEEEE"}),
    }
    _tasks(book, formats)
    _table(book)
    _summary(book)
    notes = book.add_worksheet("附注")
    notes.write_string(0, 0, "这张表什么也不变")
    notes.insert_image(2, 1, "seal.png", {"image_data": io.BytesIO(_PICTURE)})
    lists = book.add_worksheet("_lists")
    lists.very_hidden()
    for at, state in enumerate(STATES):
        lists.write_string(at, 0, state)
    book.define_name("名单", "=_lists!$A$1:$A$3")
    book.set_custom_property("office", "督查室")
    book.close()
    return rewritten(made.getvalue(), {"xl/worksheets/sheet1.xml": _patched})


def _tasks(book: Workbook, formats: dict[str, Format]) -> None:
    sheet = book.add_worksheet("任务")
    sheet.set_column(0, 0, 9, None, {"hidden": True})
    sheet.set_column(1, 1, 40)
    sheet.set_column(2, 6, 12)
    sheet.merge_range(0, 1, 0, 6, "{{ book.title }}")
    sheet.write_rich_string(1, 1, "填报单位：", formats["bold"], "{{ unit.", formats["band"], "name }}", "（盖章）")
    for at, header in enumerate(("编号", "任务", "金额", "比例", "日期", "状态", "折算")):
        sheet.write_string(2, at, header)
    sheet.write_string(3, 1, "{{ section }}", formats["band"])
    for at, (key, look) in enumerate(zip(KEYS, ("text", "text", "number", "share", "day", "text"), strict=True)):
        sheet.write_string(4, at, f"{{{{ task.{key} }}}}", formats[look])
    sheet.write_formula(4, 6, "=C5*D5/C$6", formats["number"])
    sheet.write_string(5, 1, "合计")
    sheet.write_formula(5, 2, "=SUM(C5:C5)", formats["number"], 7)
    for row in (6, 7, 8):
        sheet.write_formula(row, 2, f"=C{row}+1")
    sheet.merge_range(9, 1, 9, 6, "说明：见附件")
    sheet.write_url(10, 1, "https://example.org/", string="网址")
    sheet.write_url(11, 1, "internal:任务!C6", string="合计在上面")
    sheet.write_comment(12, 1, "下面的批注", {"author": "督查室"})
    sheet.insert_image(14, 1, "seal.png", {"image_data": io.BytesIO(_PICTURE), "object_position": 1})
    sheet.insert_textbox(16, 1, "签字", {"object_position": 2})
    last = {"validate": "list", "source": "=名单", "input_title": "状态", "input_message": "请选择"}
    sheet.data_validation(4, 5, 4, 5, last)
    sheet.data_validation(4, 3, 4, 3, {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": "=$C$6"})
    sheet.conditional_format(3, 1, 4, 6, {"type": "formula", "criteria": '=$F4="未启动"', "format": formats["red"]})
    sheet.conditional_format(4, 3, 4, 3, {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format(5, 2, 5, 2, {"type": "cell", "criteria": ">", "value": "$C$6", "format": formats["red"]})
    sheet.autofilter(2, 1, 4, 6)
    sheet.print_area(0, 1, 9, 6)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_h_pagebreaks([6])
    sheet.freeze_panes(3, 2)
    sheet.set_selection(4, 1, 4, 1)
    sheet.ignore_errors({"number_stored_as_text": "A5:A5 A8"})
    sheet.set_footer("&L&9{{ unit.name }}&C第 &P 页")
    sheet.protect("", {"autofilter": True})
    sheet.unprotect_range("F5:F5", "状态")
    book.define_name("合计格", "=任务!$C$6")
    book.define_name("金额列", "=任务!$C$5:$C$5")


def _table(book: Workbook) -> None:
    sheet = book.add_worksheet("表格")
    columns = [{"header": "编号"}, {"header": "金额", "total_function": "sum"}]
    sheet.add_table(0, 0, 2, 1, {"name": "数据", "columns": columns, "total_row": True})
    sheet.write_string(1, 0, "{{ task.id }}")
    sheet.write_string(1, 1, "{{ task.amount }}")


def _summary(book: Workbook) -> None:
    sheet = book.add_worksheet("汇总")
    sheet.write_formula(0, 0, "=SUM(任务!C5:C5)+SUM(数据[金额])")
    sheet.write_formula(1, 0, '=COUNTIF(任务!$F$5:$F$5,"已完成")&任务!$C$6')
    sheet.write_formula(2, 0, "=SUM(金额列)")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=任务!$C$5:$C$5", "categories": "=任务!$B$5:$B$5", "name": "=任务!$C$3"})
    sheet.insert_chart("C2", chart)


def _patched(text: str) -> str:
    """What XlsxWriter does not write: validations of Excel 2010, shared formulas, a relative dimension of WPS."""
    validations = (
        f'<ext xmlns:x14="{X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}">'
        f'<x14:dataValidations xmlns:xm="{XM}" count="1"><x14:dataValidation type="list" allowBlank="1">'
        "<x14:formula1><xm:f>_lists!$A$1:$A$3</xm:f></x14:formula1><xm:sqref>F5:F5</xm:sqref>"
        "</x14:dataValidation></x14:dataValidations></ext>"
    )
    text = text.replace("</extLst></worksheet>", f"{validations}</extLst></worksheet>")
    for row in (7, 8, 9):
        shared = '<f t="shared" ref="C7:C9" si="0">C6+1</f>' if row == 7 else '<f t="shared" si="0"/>'
        text = text.replace(f"<f>C{row - 1}+1</f>", shared)
    return text.replace('<dimension ref="A1:G13"/>', '<dimension ref="A1"/>')


def tasks(count: int) -> tuple[Row, ...]:
    """Rows that are alike but for their number, half of them in a second section."""
    return tuple(
        Row(
            "task",
            {
                "id": f"W1.T{number:04d}",
                "title": f"办好第{number}件事",
                "amount": number * 1.5,
                "share": 0.25,
                "day": date(2026, 7, 10),
                "state": STATES[number % 3],
            },
            ("state",),
            "一、民生" if number <= (count + 1) // 2 else "二、产业",
        )
        for number in range(1, count + 1)
    )


def full_filling(count: int) -> Filling:
    """What the template is filled with; its sheets are kept where there is no row."""
    rows = tasks(count)
    return Filling(
        {"book.title": "云溪县重点任务", "unit.name": "县教育局"},
        (SheetFilling("任务", rows, MARKS, kept=True), SheetFilling("表格", rows, MARKS, kept=True)),
        lists={"完成情况": STATES},
        hidden={"workbook": "W1"},
        title="重点任务",
        creator="云溪县人民政府",
    )
