"""Plans in Word as clerks write them: automatic numbers, headings by style, tracked changes, odd tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml

from taskkit.plan import records
from taskkit.reading import read_plan
from tests.plans import codes, units_of

TITLE = "2026年云溪县重点任务分工方案"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TASKS = ("引进亿元项目10个。（牵头单位：县商务局）", "培育规上企业20家。（牵头单位：县工信局）")


def numbered(document: Any, formats: list[tuple[str, str]], restart: bool = False) -> None:
    """Two lists (90 and 91) of one definition; the second begins anew where it says so."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (kind, text) in enumerate(formats)
    )
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if restart else ""
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {SPACE} w:abstractNumId="90">{levels}</w:abstractNum>'))
    for number, more in ((90, ""), (91, again)):
        xml = f'<w:num {SPACE} w:numId="{number}"><w:abstractNumId w:val="90"/>{more}</w:num>'
        root.append(parse_xml(xml))


def in_list(paragraph: Any, level: int = 0, number: int = 90) -> None:
    xml = f'<w:numPr {SPACE}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(xml))


def paper(*lines: str) -> Any:
    document = docx.Document()
    for line in (TITLE, *lines):
        document.add_paragraph(line)
    return document


def grid(document: Any, rows: list[list[str]], merges: tuple[tuple[int, int, int, int], ...] = ()) -> Any:
    """A table; ``merges`` are (first row, first column, last row, last column)."""
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(place, column).text = text
    for top, left, bottom, right in merges:
        text = table.cell(top, left).text
        table.cell(top, left).merge(table.cell(bottom, right)).text = text
    return table


def plan_of(document: Any, folder: Path) -> Any:
    document.save(str(folder / "方案.docx"))
    return read_plan(folder / "方案.docx")


def labels(plan: Any) -> list[tuple[int | None, str | None, str | None]]:
    return [(task["no"], task["section"], task["group"]) for task in records("tasks", plan.tasks)]


@pytest.mark.parametrize("chinese", ["chineseCountingThousand", "taiwaneseCountingThousand", "japaneseCounting"])
def test_numbers_that_word_counts_by_itself_are_read_in_all_levels(tmp_path, chinese):
    document = paper()
    numbered(document, [(chinese, "%1、"), (chinese, "（%2）"), ("decimal", "%3.")])
    for section in ("工业经济", "城市建设"):
        in_list(document.add_paragraph(section), 0)
        in_list(document.add_paragraph("扩大投资"), 1)
        for task in TASKS:
            in_list(document.add_paragraph(task), 2)

    group = "（一）扩大投资"
    first, second = "一、工业经济", "二、城市建设"
    expected = [(1, first, group), (2, first, group), (1, second, group), (2, second, group)]
    assert expected == labels(plan_of(document, tmp_path))


@pytest.mark.parametrize(("restart", "expected"), [(False, [1, 2, 3, 4]), (True, [1, 2, 1, 2])])
def test_a_second_list_counts_on_unless_it_begins_anew(tmp_path, restart, expected):
    document = paper()
    numbered(document, [("decimal", "%1.")], restart)
    for section, number in (("一、工业", 90), ("二、城建", 91)):
        document.add_paragraph(section)
        for task in TASKS:
            in_list(document.add_paragraph(task), 0, number)

    assert expected == [no for no, _, _ in labels(plan_of(document, tmp_path))]


def test_a_cell_may_hold_only_the_number_that_word_counts(tmp_path):
    document = paper()
    numbered(document, [("decimal", "%1")])
    rows = [["序号", "重点任务", "牵头单位"], ["", "推进甲工程建设", "县住建局"], ["", "推进乙工程建设", "县住建局"]]
    table = grid(document, rows)
    for row in table.rows[1:]:
        in_list(row.cells[0].paragraphs[0])

    assert [1, 2] == [no for no, _, _ in labels(plan_of(document, tmp_path))]


def test_headings_without_numbers_are_known_by_their_style(tmp_path):
    document = paper()
    for section in ("工业经济", "城市建设"):
        document.add_heading(section, 1)
        for number, task in enumerate(TASKS, start=1):
            document.add_paragraph(f"{number}. {task}")

    sections = [section for _, section, _ in labels(plan_of(document, tmp_path))]
    assert ["工业经济", "工业经济", "城市建设", "城市建设"] == sections


def test_a_task_may_be_a_heading_with_its_measures_below(tmp_path):
    document = paper()
    document.add_heading("工业经济", 1)
    for title, unit in (("引进亿元项目10个", "县商务局"), ("培育规上企业20家", "县工信局")):
        document.add_heading(title, 2)
        document.add_paragraph("开展招商活动。")
        document.add_paragraph(f"牵头单位：{unit}")
    plan = plan_of(document, tmp_path)

    assert ["引进亿元项目10个", "培育规上企业20家"] == plan.tasks["title"].tolist()
    assert ["开展招商活动。"] * 2 == plan.tasks["measures"].tolist()
    assert ["工业经济"] * 2 == plan.tasks["section"].tolist()


def test_tracked_changes_are_read_as_accepted_with_a_note(tmp_path):
    document = paper()
    runs = (
        "<w:r><w:t>1. 新建幼儿园</w:t></w:r>"
        '<w:del w:id="1" w:author="甲"><w:r><w:delText>3</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="甲"><w:r><w:t>5</w:t></w:r></w:ins>'
        "<w:r><w:t>所。（牵头单位：县教育局）</w:t></w:r>"
    )
    document.element.body.insert(1, parse_xml(f"<w:p {SPACE}>{runs}</w:p>"))
    plan = plan_of(document, tmp_path)

    assert ["新建幼儿园5所。"] == plan.tasks["title"].tolist()
    assert ["changes-tracked"] == codes(plan)


def test_headings_of_one_level_above_tables_follow_each_other(tmp_path):
    document = paper()
    for heading, number in (("（一）工业经济", "1"), ("（二）城市建设", "2")):
        document.add_paragraph(heading)
        grid(document, [["序号", "主要任务", "主责单位"], [number, "推进重点工程建设", "县住建局"]])

    expected = [(1, "（一）工业经济", None), (2, "（二）城市建设", None)]
    assert expected == labels(plan_of(document, tmp_path))


def test_names_written_downwards_are_one_name_each(tmp_path):
    rows = [
        ["类别", "工作内容", "分管领导", "主办单位"],
        ["一、\n工\n业", "引进亿元项目10个", "王\n曦", "县商务局"],
        ["", "培育规上企业20家", "李\n小\n梅", "县工信局"],
        ["二、\n城\n建", "改造老旧小区30个", "张伟\n李梅", "县住建局"],
    ]
    document = paper()
    grid(document, rows, ((1, 0, 2, 0),))
    plan = plan_of(document, tmp_path)

    assert [["王曦"], ["李小梅"], ["张伟", "李梅"]] == plan.tasks["leaders"].tolist()
    assert ["一、工业", "一、工业", "二、城建"] == plan.tasks["section"].tolist()


def test_persons_with_their_phones_in_one_column_are_read_without_the_phones(tmp_path):
    document = paper()
    rows = [["目标任务", "责任部门", "责任人及联系电话"], ["引进亿元项目10个", "县商务局", "张三 0750-1234567"]]
    grid(document, rows)
    plan = plan_of(document, tmp_path)

    assert [["张三"]] == plan.assignments["heads"].tolist()
    assert [] == codes(plan)


def test_a_header_in_two_rows_holds_for_the_tables_that_follow_without_one(tmp_path):
    rows = [
        ["序号", "重点任务", "责任单位", "", "完成时限"],
        ["", "", "牵头单位", "配合单位", ""],
        ["一、工业经济", "", "", "", ""],
        ["1", "引进亿元项目10个", "县商务局", "县工信局", "6月底"],
    ]
    merges = ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4), (2, 0, 2, 4))
    document = paper()
    grid(document, rows, merges)
    document.add_paragraph("")
    more = [["二、城市建设", "", "", "", ""], ["2", "改造小区30个", "县住建局", "县财政局、自然资源局", "9月底"]]
    grid(document, more, ((0, 0, 0, 4),))
    plan = plan_of(document, tmp_path)

    assert [(1, "一、工业经济", None), (2, "二、城市建设", None)] == labels(plan)
    assert ["县财政局", "县自然资源局"] == units_of(plan, "T002", "support")
