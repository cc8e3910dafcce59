"""Tables drawn with characters in a text or in the paragraphs of a document."""

from __future__ import annotations

import unicodedata

import docx
import pytest

from taskkit.documents import Table, read_document
from taskkit.plan import records
from taskkit.reading import read_plan
from tests.plan_files import facts
from tests.plans import codes, read_text_plan, units_of

TITLE = "2026年云溪县重点任务分工方案"

BOXED = """
┌──────┬────┬──────────────┬────────────┬────────────┐
│ 类别 │序号│   重点任务   │  牵头单位  │  配合单位  │
├──────┼────┼──────────────┼────────────┼────────────┤
│      │ 1  │推进县城老旧小│县住房城乡建│县财政局、自│
│一、城│    │区改造30个。  │设局        │然资源局    │
│市建设├────┼──────────────┼────────────┼────────────┤
│      │ 2  │新建停车位500 │县城管局    │县公安局    │
│      │    │个。          │            │            │
├──────┴────┴──────────────┴────────────┴────────────┤
│                     二、社会事业                   │
├──────┬────┬──────────────┬────────────┬────────────┤
│ 教育 │ 3  │新建幼儿园5所 │县教育局    │县发展改革局│
├──────┼────┼──────────────┼────────────┤、县财政局  │
│ 卫生 │ 4  │新建卫生院2所 │县卫生健康局│            │
└──────┴────┴──────────────┴────────────┴────────────┘
"""

PLUS = """
+------+----------------+--------------------+------------+
| 类别 | 重点任务       | 牵头单位           | 配合单位   |
+======+================+====================+============+
| 一、 | 推进县城老旧小 | 县住房城乡建设局   | 县财政局、 |
| 城市 | 区改造30个。   |                    | 发展改革局 |
| 建设 +----------------+--------------------+------------+
|      | 新建停车位500  | 县城管局           | 县公安局   |
|      | 个。           |                    |            |
+------+----------------+--------------------+------------+
"""


def drawn(rows: list[list[list[str]]], box: int) -> list[str]:
    """Rows of cells, each a list of lines, drawn with characters that are ``box`` columns wide."""

    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)

    columns = range(len(rows[0]))
    widths = [max(width(line) for row in rows for line in row[c]) // 2 * 2 + 2 for c in columns]
    rule = ["┌┬┐", *["├┼┤"] * (len(rows) - 1), "└┴┘"]
    across = [marks[0] + marks[1].join("─" * (w // box) for w in widths) + marks[2] for marks in rule]
    lines = []
    for place, row in enumerate(rows):
        lines.append(across[place])
        for line in range(max(map(len, row))):
            texts = [cell[line] if line < len(cell) else "" for cell in row]
            lines.append("│" + "│".join(f"{t}{' ' * (w - width(t))}" for t, w in zip(texts, widths, strict=True)) + "│")
    return [*lines, across[-1]]


def test_a_drawn_table_is_read_as_the_table_that_it_draws(tmp_path):
    plan = read_text_plan(tmp_path, TITLE + BOXED)

    labels = [(task["section"], task["group"]) for task in records("tasks", plan.tasks)]
    banded = "二、社会事业"
    assert [("一、城市建设", None), ("一、城市建设", None), (banded, "教育"), (banded, "卫生")] == labels
    titles = ["推进县城老旧小区改造30个。", "新建停车位500个。", "新建幼儿园5所", "新建卫生院2所"]
    assert titles == plan.tasks["title"].tolist()
    assert ["县住房城乡建设局"] == units_of(plan, "T001", "lead")
    assert ["县财政局", "县自然资源局"] == units_of(plan, "T001", "support")
    assert [] == codes(plan)


def test_a_cell_drawn_over_two_rows_holds_for_both(tmp_path):
    plan = read_text_plan(tmp_path, TITLE + BOXED)

    assert ["县发展改革局", "县财政局"] == units_of(plan, "T003", "support") == units_of(plan, "T004", "support")


def test_a_table_of_plus_signs_is_a_drawn_table_too(tmp_path):
    plan = read_text_plan(tmp_path, TITLE + PLUS)

    assert ["推进县城老旧小区改造30个。", "新建停车位500个。"] == plan.tasks["title"].tolist()
    assert ["一、城市建设"] * 2 == plan.tasks["section"].tolist()
    assert ["县财政局", "县发展改革局"] == units_of(plan, "T001", "support")


@pytest.mark.parametrize("text", [BOXED, PLUS])
def test_a_drawn_table_pasted_into_word_is_read_as_in_a_text(tmp_path, text):
    document = docx.Document()
    for line in (TITLE + text).splitlines():
        document.add_paragraph(line)
    document.save(str(tmp_path / "a.docx"))

    assert facts(read_text_plan(tmp_path, TITLE + text)) == facts(read_plan(tmp_path / "a.docx"))


@pytest.mark.parametrize("box", [1, 2])
def test_drawing_characters_may_be_one_or_two_columns_wide(tmp_path, box):
    rows = [
        [["序号"], ["重点任务"], ["牵头单位"], ["分管领导"]],
        [["1"], ["推进农村道", "路建设20公", "里"], ["县交通局"], ["张一", "李二"]],
        [["2"], ["办好5G试点"], ["县工信局"], ["王三"]],
    ]
    (tmp_path / "a.txt").write_text("\n".join([TITLE, *drawn(rows, box)]), encoding="utf-8")

    [table] = [block for block in read_document(tmp_path / "a.txt").blocks if isinstance(block, Table)]
    expected = [
        ("序号", "重点任务", "牵头单位", "分管领导"),
        ("1", "推进农村道路建设20公里", "县交通局", "张一\n李二"),
        ("2", "办好5G试点", "县工信局", "王三"),
    ]
    assert expected == [row.texts for row in table.rows]
    assert ["第3行", "第5行", "第9行"] == [row.place for row in table.rows]


def test_a_drawn_table_whose_spaces_were_lost_is_read_cell_by_cell(tmp_path):
    lost = "\n".join(line.replace("  ", "") for line in BOXED.splitlines()[:5])
    end = "└──────┴────┴──────────────┴────────────┴────────────┘"
    plan = read_text_plan(tmp_path, f"{TITLE}\n{lost}\n│一、城市建设││区改造30个。│设局│然资源局│\n{end}")

    assert ["推进县城老旧小区改造30个。"] == plan.tasks["title"].tolist()
    assert ["县住房城乡建设局"] == units_of(plan, "T001", "lead")


def test_a_frame_with_a_rule_under_its_header_alone_has_a_row_on_each_line(tmp_path):
    text = """
┌──────────────┬────────────┐
│   重点任务   │  牵头单位  │
├──────────────┼────────────┤
│新建停车位500 │县城管局    │
│新建幼儿园5所 │县教育局    │
└──────────────┴────────────┘
"""
    plan = read_text_plan(tmp_path, TITLE + text)

    assert ["新建停车位500", "新建幼儿园5所"] == plan.tasks["title"].tolist()


def test_numbers_begin_rows_where_no_rule_divides_them(tmp_path):
    text = """
│序号│   重点任务   │  牵头单位  │  配合单位  │
│ 1  │推进县城老旧小│县住房城乡建│县财政局、自│
│    │区改造30个。  │设局        │然资源局    │
│ 2  │新建停车位500 │县城管局    │县公安局    │
│    │个。          │            │            │
"""
    plan = read_text_plan(tmp_path, TITLE + text)

    assert ["推进县城老旧小区改造30个。", "新建停车位500个。"] == plan.tasks["title"].tolist()
    assert ["县住房城乡建设局"] == units_of(plan, "T001", "lead")
    assert ["县财政局", "县自然资源局"] == units_of(plan, "T001", "support")


def test_a_dash_in_a_drawn_cell_is_no_rule(tmp_path):
    text = """
┌──┬───────┬──────┬──┐
│序号│   重点任务   │  牵头单位  │备注│
├──┼───────┼──────┼──┤
│ 1  │新建停车位500 │县城管局    │——│
│    │个            │            │    │
└──┴───────┴──────┴──┘
"""
    plan = read_text_plan(tmp_path, TITLE + text)

    assert ["新建停车位500个"] == plan.tasks["title"].tolist()
