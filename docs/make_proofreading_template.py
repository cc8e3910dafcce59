"""Write the bundled template of the proofreading workbook, templates/workbooks/proofreading.xlsx.

    python docs/make_proofreading_template.py [FOLDER]

An office may change it in Excel or WPS like the others (docs/templates.md). The same script gives
the same bytes. Sheets, headers and drop-downs come from taskkit.proofreading.columns; what stands
here is what they look like.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from looks import (
    A3,
    A4,
    ASIDE,
    FOLDER,
    GREY,
    HEAD,
    HEI,
    LINE,
    SONG,
    TITLE,
    Formats,
    Look,
    Page,
    new_book,
    write_lists,
    write_notes,
)
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
)
from taskkit.sheet_forms.forms import Form

LISTS = (LIST_OF_FLAGS, "比较", "类型", "性质", "谁报")


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
CENTRED = {
    *("id", "task", "no", "severity", "link", "part", "joint", "open_ended", "due_on", "op", "unit", "kind", "nature"),
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


def _look(form: Form, widths: dict[str, float], paper: int = A4, height: float = 30, **more: Any) -> Look:
    """The look of one sheet; on the list of doubts, a cell that leads nowhere is no link."""
    return Look(
        form,
        widths,
        title=f"{form.title}核对表" if form is TASKS else form.title,
        subtitle=SUBTITLES[form.key],
        footer="{{ info.source }}",
        centred=CENTRED,
        right=("value", "baseline"),
        asides=ASIDES,
        as_text=AS_TEXT,
        dates=DATES,
        links=("link",),
        lists={} if form is DOUBTS else VALIDATED,
        prompts=("joint", "open_ended", "due_on"),
        sizes={"original": 10},
        paper=paper,
        height=height,
        **({"attention": {"font_color": "#000000", "underline": 0}} if form is DOUBTS else {}),
        **more,
    )


LOOKS = (
    _look(
        DOUBTS,
        {"no": 6, "severity": 7, "link": 11, "what": 52, "advice": 44, "source": 16, "done": 18},
        height=24,
        frozen=3,
    ),
    _look(TASKS, TASK_WIDTHS, A3, 48, frozen=3),
    _look(
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
    _look(STEPS, {"id": 10, "measure_no": 9, "text": 60, "lead": 28, "support": 40}, frozen=2),
    _look(GOALS, {"id": 10, "stage": 14, "text": 90}, frozen=2),
    _look(
        SCHEDULE,
        {"period": 18, "role": 12, "part": 10, "due_on": 16, "to_whom": 34, "source": 16},
        height=24,
        landscape=False,
    ),
)
NOTES = (
    ("h", "一、这是什么"),
    (
        "p",
        (
            "本工作簿把从方案中读出的内容逐项列出，共{{ proof.tasks }}项任务、{{ proof.targets }}个量化指标、"
            "{{ proof.doubts }}处疑点。改好后原样交回督查室登记，得到的就是改正后的方案。"
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
    book = new_book(folder / "proofreading.xlsx")
    formats = Formats(book, locked=False)
    write_notes(book.add_worksheet("核对说明"), formats, "方案核对稿", "{{ proof.title }}", NOTES)
    for look in LOOKS:
        Page(book.add_worksheet(look.form.title), look, formats).write()
    write_info(book.add_worksheet(INFO.title), formats)
    write_hidden(book)
    book.close()


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
    write_lists(book, LISTS)
    kept, unlocked = book.add_worksheet(KEPT_SHEET), book.add_format({"locked": False})
    for at, key in enumerate(KEPT_KEYS):
        kept.write_string(0, at, f"{{{{ kept.{key} }}}}", unlocked)
    kept.very_hidden()


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
