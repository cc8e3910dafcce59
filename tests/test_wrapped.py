"""Text that was cut at the width of a page reads like the text before it was cut."""

from __future__ import annotations

import pytest

from taskkit.documents.wrapped import rejoined

INDENTED = """\
        云溪县重点任务分工方案
    一、推进农村公路提档升级，开工建设江岭北线（东溪至青石段），10月底
前完成主体工程，新建、改建农村公路120公里以上。（约束性指标，到六月底，
牵头单位：县交通运输局；责任单位：县财政局、县自然资源局、县农业农村局

— 1 —

（乡村振兴局）、各镇政府）
    二、办好十件民生实事。（县政府办公室牵头）
"""
FLUSH = """\
1.推进农村公路提档升级，开工建设江岭北线（东溪至青石段），10月底前完
成主体工程，全年新建、改建农村公路120公里以上，并做好公路的日常养护管
理工作。责任单位：县交通运输局、县财政局、县自然资源局、县农业农村局、
各镇政府。
2.办好十件民生实事，建立健全政府牵头、部门配合、社会参与的工作机制，
做到事事有人管、件件有着落，让人民群众的获得感成色更足、幸福感更可持续
、安全感更有保障。责任单位：县政府办公室、县民政局。
"""


@pytest.mark.parametrize(
    ("text", "paragraphs", "starts"), [(INDENTED, 3, "云一二"), (FLUSH, 2, "12")], ids=["indented", "flush"]
)
def test_lines_cut_at_one_width_are_paragraphs_again(text, paragraphs, starts):
    lines = [line for line in rejoined(text.splitlines()) if line]

    assert (paragraphs, list(starts)) == (len(lines), [line[0] for line in lines])


def test_a_paragraph_stands_where_it_began_so_that_line_numbers_stay():
    lines = rejoined(INDENTED.splitlines())

    assert len(INDENTED.splitlines()) == len(lines)
    assert lines[8].startswith("二、")


@pytest.mark.parametrize("number", ["— 1 —", "- 12 -", "第3页", "第 3 页 共 9 页", "－3－"])
def test_a_page_number_is_dropped(number):
    assert ["甲", "", "乙"] == rejoined(["甲", number, "乙"])


@pytest.mark.parametrize("text", ["1", "2026年", "一、", "—", "10%"])
def test_but_a_figure_that_may_be_a_cell_stays(text):
    assert ["甲", text, "乙"] == rejoined(["甲", text, "乙"])


def test_short_lines_and_lists_stay_as_they_are():
    lines = [
        "序号",
        "工作任务",
        "牵头单位",
        "1",
        "建设高标准农田5万亩，推进农村公路提档升级，培育企业20家",
        "县农业农村局",
    ]

    assert lines == rejoined(lines)
