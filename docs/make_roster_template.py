"""Write the bundled template of the unit and leader lists, templates/workbooks/roster.xlsx.

    python docs/make_roster_template.py [FOLDER]

An office may change it in Excel or WPS like the others (docs/templates.md). The same script gives
the same bytes. Sheets, headers and drop-downs come from taskkit.listing.columns; what stands here
is what they look like.
"""

from __future__ import annotations

import sys
from pathlib import Path

from looks import FOLDER, Formats, Look, Page, new_book, write_lists, write_notes

from taskkit.listing.columns import FLAG_LIST, KIND_LIST, LEADERS, UNIT_LIST, UNITS

UNIT_WIDTHS = {
    "order": 5.5,
    "name": 21,
    "full_name": 18,
    "short_name": 10,
    "aliases": 15,
    "kind": 15,
    "through": 15,
    "members": 20,
    "scored": 6,
    "contact": 9,
    "phone": 14,
    "leads": 6.5,
    "supports": 6.5,
    "hint": 23,
}
LEADER_WIDTHS = {"order": 8, "name": 18, "office": 40, "secretary": 22, "phone": 28, "tasks": 14}
LOOKS = (
    Look(
        UNITS,
        UNIT_WIDTHS,
        title="单位名册",
        subtitle="白色各栏由督查室填写；橙色的请先看“提示”。灰色各栏供参考，不读回。末尾的空行可加方案没有点名的单位（如各镇）。",
        footer="{{ roster.plan }}",
        centred=("order", "kind", "scored", "contact", "leads", "supports"),
        asides=("leads", "supports", "hint"),
        as_text=("name", "full_name", "short_name", "contact", "phone"),
        lists={"kind": KIND_LIST, "scored": FLAG_LIST, "through": UNIT_LIST},
        prompts=("order", "name", "full_name", "aliases", "through", "members"),
        headers={"name": "单位名称\n（方案中的写法）", "leads": "牵头\n任务数", "supports": "配合\n任务数"},
        height=24,
        frozen=2,
    ),
    Look(
        LEADERS,
        LEADER_WIDTHS,
        title="领导名册",
        subtitle="次序以“顺序”为准。灰色一栏供参考，不读回。",
        footer="{{ roster.plan }}",
        centred=("order", "name", "secretary", "tasks"),
        asides=("tasks",),
        as_text=("name", "phone"),
        prompts=("order",),
        height=24,
        frozen=2,
    ),
)
NOTES = (
    ("h", "一、这是什么"),
    (
        "p",
        (
            "本工作簿是方案“{{ roster.plan }}”的单位名册（{{ roster.units }}个）和领导名册（{{ roster.leaders }}位）。"
            "{{ roster.state }}填好后交回督查室登记，今后发表、收表、统计都按它来。"
        ),
    ),
    ("h", "二、怎么填"),
    ("p", "1. 顺序：改数字即可，不必移动行；也可以移动行、按顺序排序。各种表格和报告里的单位都按这个次序。"),
    (
        "p",
        "2. 单位名称：照方案中的写法，不要改动。同一单位有几种写法的，把其他写法填到其中一行的“别名”里，用“、”隔开。",
    ),
    ("p", "3. 通过何单位报送：不单独发表、由别的单位一并报送的，写那个单位。"),
    (
        "p",
        "4. 成员单位：“各镇政府”这样的集体称谓，写明代表哪些单位，用“、”隔开；成员在名册里没有的，在末尾空行里加。",
    ),
    ("p", "5. 简称、单位全称、联系人、联系电话可以空着。是否计分：不参加考核评分的填“否”。"),
    ("p", "6. 橙色的有{{ roster.hints }}处，请看右边的“提示”。方案没有点名、又用不着的行可以删去。"),
    ("h", "三、请保留"),
    ("p", "工作表名称和表头文字。可以筛选、排序、挪动列、插入自己的列。请存为 .xlsx。"),
    ("h", "四、保密要求"),
    ("!", "严禁填写涉密内容。"),
)


def main(folder: Path = FOLDER) -> None:
    """Write the template into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    book = new_book(folder / "roster.xlsx")
    formats = Formats(book, locked=False)
    write_notes(book.add_worksheet("填写说明"), formats, "单位和领导名册", "{{ roster.title }}", NOTES)
    for look in LOOKS:
        Page(book.add_worksheet(look.form.title), look, formats).write()
    write_lists(book, (KIND_LIST, FLAG_LIST, UNIT_LIST))
    book.close()


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
