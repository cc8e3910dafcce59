"""Write the bundled template of the proofreading workbook, templates/workbooks/proofreading.xlsx.

    python docs/make_proofreading_template.py [FOLDER]

An office may change it in Excel or WPS like the others (docs/templates.md). The same script gives
the same bytes. Sheets, headers and drop-downs come from taskkit.proofreading.columns; what stands
here is what they look like.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from taskkit.proofreading.columns import (
    DOUBTS,
    GOALS,
    INFO,
    KEPT_KEYS,
    KEPT_SHEET,
    LIST_OF_FLAGS,
    SCHEDULE,
    STEPS,
    TARGETS,
    TASKS,
    Form,
)

FOLDER = Path(__file__).parent.parent / "templates" / "workbooks"
A3, A4 = 8, 9
# Restrained colours: one blue-grey for heads, grey for what is only there to compare with, one for doubts.
HEAD, ASIDE, DOUBT = "#DEE6EF", "#F4F4F4", "#FBE3C8"
LINE, GREY, LINK, RED = "#8C8C8C", "#595959", "#1F4E79", "#A61C1C"
SONG, HEI, KAI, TITLE = "宋体", "黑体", "楷体_GB2312", "方正小标宋简体"
LISTS = (LIST_OF_FLAGS, "比较", "类型", "性质", "谁报")


@dataclass(frozen=True)
class Look:
    """How one sheet is laid out: its widths in characters (two to a Chinese one), paper, height of a row."""

    form: Form
    widths: dict[str, float]
    paper: int = A4
    height: float = 30
    frozen: int = 1  # columns that stay in sight
    landscape: bool = True
    filtered: bool = True


TASK_WIDTHS = {
    "id": 7,
    "part": 6.5,
    "no": 5,
    "section": 13,
    "group": 14,
    "title": 28,
    "measures": 44,
    "leaders": 9,
    "lead": 18,
    "support": 26,
    "joint": 4.5,
    "open_ended": 4.5,
    "deadline": 11,
    "due_on": 11.5,
    "original": 54,
    "source": 9.5,
}
LOOKS = (
    Look(
        DOUBTS,
        {"no": 6, "severity": 7, "link": 11, "what": 52, "advice": 44, "source": 16, "done": 18},
        height=24,
        frozen=3,
    ),
    Look(TASKS, TASK_WIDTHS, A3, 48, frozen=3),
    Look(
        TARGETS,
        {
            "id": 10,
            "task": 10,
            "text": 46,
            "indicator": 26,
            "op": 9,
            "value": 11,
            "unit": 10,
            "baseline": 10,
            "kind": 10,
            "nature": 9,
        },
        height=24,
        frozen=2,
    ),
    Look(STEPS, {"id": 10, "measure_no": 9, "text": 60, "lead": 28, "support": 40}, frozen=2),
    Look(GOALS, {"id": 10, "stage": 14, "text": 90}, frozen=2),
    Look(
        SCHEDULE,
        {"period": 18, "role": 12, "part": 10, "due_on": 16, "to_whom": 34, "source": 16},
        height=24,
        landscape=False,
    ),
)
CENTRED = {
    *("no", "severity", "link", "part", "joint", "open_ended", "due_on", "op", "unit", "kind", "nature"),
    *("role", "stage", "measure_no", "period"),
}
DATES = {"due_on"}
ASIDES = {"original", "source"}
# As text, so that 6月30日 or 1-2 stays as typed. Not the long ones: Excel 2007 shows a text cell of
# more than 255 characters as #####.
AS_TEXT = {"id", "task", "deadline", "period", "stage"}
VALIDATED = {
    "joint": LIST_OF_FLAGS,
    "open_ended": LIST_OF_FLAGS,
    "op": "比较",
    "kind": "类型",
    "nature": "性质",
    "role": "谁报",
}
SUBTITLES = {
    DOUBTS.key: "点“所在”一列的编号，可直接跳到要核对的那一行。“核对记录”供自己做记号，不读回。",
    TASKS.key: "橙色单元格有疑点。右侧灰底的“原文”供对照；可改写、增删、移动整行，新增的行“任务编号”留空。",
    TARGETS.key: "一行一个指标；数值只填数字，“万”“亿”和单位写在“单位”里。新增的行“指标编号”留空，填“任务编号”。",
    STEPS.key: "单独写明了责任单位的措施；措施的文字请在“任务”表里改。",
    GOALS.key: "方案印明的阶段目标。",
    SCHEDULE.key: "从通知中读出的报送要求；报送期写作“落实方案”“2026年一季度”“2026年上半年”“2026年5月”。",
}
NOTES = (
    ("h", "一、这是什么"),
    (
        "p",
        (
            "本工作簿把从方案中读出的内容逐项列出，共{{ proof.tasks }}项任务、{{ proof.targets }}个量化指标、"
            "{{ proof.doubts }}处疑点。改好后原样交给 taskkit load，得到的就是改正后的方案。"
        ),
    ),
    ("h", "二、怎么核对"),
    ("p", "1. 先看“疑点”：点“所在”的编号跳到那一行，对照右侧“原文”改正。橙色单元格是有疑点的地方。"),
    ("p", "2. 再通看“任务”：单位之间用“、”隔开，按先后为序；多余的单位删去，牵头、配合放错的移过来。"),
    ("p", "3. 增加任务：插入一行，“任务编号”留空。删除任务：删去整行，它的量化指标也请删去。次序以行的先后为准。"),
    ("p", "4. “完成日期”可填日期，也可空着，由“完成时限”（如2026年10月底前）折算。"),
    ("p", "5. “并列”指各单位并列负责、没有指明牵头的；“等”指原文名单以“等”字结尾。"),
    ("p", "6. “量化指标”“报送安排”“基本情况”同样可以改。筛选、隐藏行、挪动列、调整列宽都不影响读回。"),
    ("h", "三、请保留"),
    ("p", "工作表名称、表头文字和已有的编号。请存为 .xlsx。“疑点”和“原文”两处只供对照，改了也不读回。"),
    ("h", "四、保密要求"),
    ("!", "严禁填写涉密内容。"),
)


def main(folder: Path = FOLDER) -> None:
    """Write the template into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "proofreading.xlsx"
    book = Workbook(str(path), {"in_memory": True, "default_format_properties": {"font_name": SONG, "font_size": 11}})
    book.set_properties({"created": datetime(2026, 1, 1)})
    formats = Formats(book)
    write_notes(book.add_worksheet("核对说明"), formats)
    for look in LOOKS:
        Page(book.add_worksheet(look.form.title), look, formats).write()
    write_info(book.add_worksheet(INFO.title), formats)
    write_hidden(book)
    book.close()


class Formats:
    """The cell formats of the workbook, each made once; all are unlocked."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, font: str = SONG, size: float = 10.5, **more: Any) -> Format:
        spec = {
            "font_name": font,
            "font_size": size,
            "font_family": 1,
            "font_scheme": "",
            "locked": False,
            "valign": "top",
            "text_wrap": True,
            **more,
        }
        key = tuple(sorted(spec.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(spec)
        return self._made[key]


class Page:
    """One sheet with a table: title, a line on how to use it, header, the model row, the look of doubts."""

    header_row, model_row = 2, 3

    def __init__(self, sheet: Worksheet, look: Look, formats: Formats) -> None:
        self.sheet, self.look, self.formats = sheet, look, formats
        self.form = look.form
        self.last_column = len(self.form.fields) - 1
        self.last_row = self.model_row + 1

    def write(self) -> None:
        self.head()
        self.model(self.model_row, self.form.key, {})
        # How a cell that needs attention looks; on the list of doubts, one that leads nowhere.
        plain = {"font_color": "#000000", "underline": 0}
        self.model(self.last_row, "marked", plain if self.form is DOUBTS else {"bg_color": DOUBT})
        self.helps()
        self.print_setup()

    def head(self) -> None:
        sheet = self.sheet
        sheet.set_row(0, 36)
        sheet.write_string(0, 0, f"{self.form.title}核对表" if self.form is TASKS else self.form.title, self.title())
        sheet.set_row(1, 21)
        sheet.write_string(1, 0, SUBTITLES[self.form.key], self.formats(KAI, 10.5, valign="vcenter", text_wrap=False))
        sheet.set_row(self.header_row, 30)
        for at, field in enumerate(self.form.fields):
            key = field.column.key
            sheet.set_column(at, at, self.look.widths[key])
            fill = ASIDE if key in ASIDES else HEAD
            look = {"align": "center", "valign": "vcenter", "bg_color": fill, "border": 1, "border_color": LINE}
            sheet.write_string(self.header_row, at, field.column.header, self.formats(HEI, 10.5, **look))

    def title(self) -> Format:
        return self.formats(TITLE, 18, valign="vcenter", text_wrap=False)

    def model(self, row: int, kind: str, more: dict[str, Any]) -> None:
        self.sheet.set_row(row, self.look.height)
        for at, field in enumerate(self.form.fields):
            key = field.column.key
            self.sheet.write_string(row, at, f"{{{{ {kind}.{key} }}}}", self.cell(key, more))

    def cell(self, key: str, more: dict[str, Any]) -> Format:
        look: dict[str, Any] = {"border": 1, "border_color": LINE}
        if key in CENTRED or key in ("id", "task"):
            look["align"] = "center"
        if self.look.height < 30:
            look["valign"] = "vcenter"
        if key in ("value", "baseline"):
            look["align"] = "right"
        if key in ASIDES:
            look |= {"bg_color": ASIDE, "font_color": GREY}
        if key in DATES:
            look["num_format"] = "yyyy-mm-dd"
        if key in AS_TEXT:
            look["num_format"] = "@"
        if key == "link":
            look |= {"font_color": LINK, "underline": 1}
        return self.formats(SONG, 10 if key == "original" else 10.5, **(look | more))

    def helps(self) -> None:
        """Drop-downs (other words may be typed) and prompts, also for rows that are added below."""
        for at, field in enumerate(self.form.fields):
            column = field.column
            spec: dict[str, Any] = {}
            if column.key in VALIDATED and self.form is not DOUBTS:
                spec = {"validate": "list", "value": f"=列表_{VALIDATED[column.key]}", "error_type": "warning"}
                spec |= {"error_title": column.header, "error_message": "请从下拉列表中选择。确需另填的，请点“是”。"}
            if column.key in ("joint", "open_ended", "due_on") and column.prompt:
                spec = {"validate": "any", **spec, "input_title": column.header, "input_message": column.prompt}
            if spec and self.sheet.data_validation(self.model_row, at, self.last_row, at, spec) != 0:
                raise SystemExit(f"validation of {column.header} was not written")

    def print_setup(self) -> None:
        sheet, look = self.sheet, self.look
        if look.filtered:
            sheet.autofilter(self.header_row, 0, self.last_row, self.last_column)
        sheet.freeze_panes(self.header_row + 1, look.frozen)
        sheet.set_selection(self.model_row, 0, self.model_row, 0)
        if look.landscape:
            sheet.set_landscape()
        sheet.set_paper(look.paper)
        sheet.set_margins(left=0.47, right=0.47, top=0.59, bottom=0.63)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(self.header_row)
        sheet.print_area(0, 0, self.last_row, self.last_column)
        footer = f'&L&"{SONG},Regular"&9{self.form.title}&C&"{SONG},Regular"&9第 &P 页 共 &N 页'
        sheet.set_footer(footer + f'&R&"{SONG},Regular"&9{{{{ info.source }}}}', {"margin": 0.31})


def write_notes(sheet: Worksheet, formats: Formats) -> None:
    """The sheet 核对说明: one column of short paragraphs on a portrait page."""
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 76)  # a single column that is wider than the page is cut, not scaled, by LibreOffice
    sheet.hide_gridlines(2)
    looks = {
        "h": formats(HEI, 13, valign="vcenter"),
        "p": formats(SONG, 12, valign="vcenter", indent=1),
        "!": formats(SONG, 12, valign="vcenter", indent=1, font_color=RED, bold=True),
    }
    sheet.set_row(0, 48)
    sheet.write_string(0, 1, "方案核对稿", formats(TITLE, 20, align="center", valign="vcenter"))
    sheet.set_row(1, 34)
    sheet.write_string(1, 1, "{{ proof.title }}", formats(KAI, 14, align="center", valign="vcenter"))
    for row, (kind, text) in enumerate(NOTES, 2):
        sheet.set_row(row, 30 if kind == "h" else 4 + 18.0 * lines(text))
        sheet.write_string(row, 1, text, looks[kind])
    sheet.set_paper(A4)
    sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.8)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 1, len(NOTES) + 1, 1)


def lines(text: str) -> int:
    """How many lines of the instructions a text takes."""
    return -(-sum(2 if ord(sign) > 0x2000 else 1 for sign in text) // 70)


def write_info(sheet: Worksheet, formats: Formats) -> None:
    """The sheet 基本情况: one row for each thing that the plan says of itself."""
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 78)
    sheet.set_row(0, 36)
    sheet.write_string(0, 0, INFO.title, formats(TITLE, 18, valign="vcenter", text_wrap=False))
    border = {"border": 1, "border_color": LINE, "valign": "vcenter"}
    for row, field in enumerate(INFO.fields, 1):
        aside = field.column.key in ("source", "dialect", "sha256")
        fill = {"bg_color": ASIDE, "font_color": GREY} if aside else {}
        shape = "yyyy-mm-dd" if field.column.key == "issued_on" else "General"
        value = formats(SONG, 11, align="left", num_format=shape, **border, **fill)
        sheet.set_row(row, 27)
        sheet.write_string(row, 0, field.column.header, formats(HEI, 11, bg_color=HEAD, **border))
        sheet.write_string(row, 1, f"{{{{ info.{field.column.key} }}}}", value)
    sheet.set_selection(1, 1, 1, 1)
    sheet.set_paper(A4)
    sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.8)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, len(INFO.fields), 1)


def write_hidden(book: Workbook) -> None:
    """The very hidden sheets: what the workbook is, with the lists of the drop-downs, and the kept rows."""
    sheet = book.add_worksheet("_taskkit")
    for column, name in enumerate(LISTS, 3):
        letter = xl_col_to_name(column)
        sheet.write_string(0, column, name)
        book.define_name(f"列表_{name}", f"=_taskkit!${letter}$2:${letter}$2")
    sheet.very_hidden()
    kept, unlocked = book.add_worksheet(KEPT_SHEET), book.add_format({"locked": False})
    for at, key in enumerate(KEPT_KEYS):
        kept.write_string(0, at, f"{{{{ kept.{key} }}}}", unlocked)
    kept.very_hidden()


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
