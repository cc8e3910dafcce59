"""A file made anew beside one that a person changed: which figures differ, which words, and what is never missed."""

from __future__ import annotations

import random
from pathlib import Path
from unittest.mock import Mock

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskkit.office.ole import OLE
from taskkit.remade import changed_figures, told
from taskkit.remade.comparing import Differences, compare
from taskkit.remade.contents import Content, Grid, GridRow, Line, read_content
from taskkit.remade.figures import differing
from taskkit.remade.matching import matched
from tests.returned_books import table

TASKS = """
| 序号 | 工作任务     | 牵头单位 | 累计完成 | 完成情况 |
| 1    | 建成学校     | 县教育局 | 120      | 正常推进 |
| 2    | 建成卫生院   | 县卫健局 | 3        | 正常推进 |
| 3    | 改造老旧小区 | 县住建局 | 18       | 进展滞后 |
"""
FIGURES = """
| expected | old | new |
| 已完成 12项 → 13项，占 6.7% → 7.2% | 180项任务中，已完成12项，占6.7%。 | 180项任务中，已完成13项，占7.2%。 |
| 滞后占 25% → 12.5% | 已完成2项、占25%；滞后2项、占25% | 已完成2项、占25%；滞后2项、占12.5% |
| 已完成占 6.7% → 6.6% | 已完成12项，占6.7%。 | 已完成12项，占6.6%。 |
| 48项任务 → 49项 | 48项任务中，12项完成。 | 49项任务中，12项完成。 |
| 截至 2026年6月 → 2026年7月 | 截至2026年6月底，已完成3项。 | 截至2026年7月底，已完成3项。 |
| 较序时 -3.2个百分点 → 1.5个百分点 | 较序时-3.2个百分点 | 较序时1.5个百分点 |
| 已经完成12项 → 已完成13项 | 任务中，已经完成12项；滞后3项 | 任务中，已完成13项；滞后3项 |
| 比序时低0.3个百分点 → 比序时高0.5个百分点 | 比序时低0.3个百分点 | 比序时高0.5个百分点 |
| 新文件有“未启动1项，占2.1%” | 已完成4项；滞后7项 | 已完成4项；滞后7项；未启动1项，占2.1% |
| 新文件没有“未启动1项” | 已完成4项；未启动1项；滞后7项 | 已完成4项；滞后7项 |
| 甲 4项 → 5项，乙 5项 → 4项 | 甲4项，乙5项 | 甲5项，乙4项 |
| “无” → “新建学校3所” | 无 | 新建学校3所 |
| | 累计1,200人，占７％，7.0分 | 累计１２００人，占7%，7分 |
| | 已完成4项；滞后7项 | 滞后7项，已经完成4项 |
| | 1.推动“两重”项目 | 2.推动"两重"项目 |
| | 开局良好 | 开局平稳 |
"""


def rows_of(markdown: str) -> list[list[str]]:
    rows = table(markdown)
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def grid(markdown: str, name: str = "附件1") -> Content:
    header, *rows = rows_of(markdown)
    listed = tuple(GridRow(number, tuple(cells)) for number, cells in enumerate(rows, 2))
    return Content((), (Grid(name, tuple(header), listed),))


def replaced(text: str, news: dict[str, str]) -> str:
    for old, new in news.items():
        text = text.replace(old, new)
    return text


def lines(*texts: str) -> Content:
    return Content(tuple(Line(text, "一、总体情况") for text in texts))


def document(path: Path, *blocks: str) -> Path:
    """A Word document: paragraphs, headings (一、…) and tables in Markdown."""
    made = docx.Document()
    for block in blocks:
        if not block.strip().startswith("|"):
            made.add_paragraph(block, "Heading 1" if block.startswith("一、") else None)
            continue
        rows = rows_of(block)
        grid = made.add_table(len(rows), len(rows[0]))
        for row, texts in zip(grid.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    made.save(str(path))
    return path


def workbook(path: Path, markdown: str) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "单位汇总"
    made.active.append(["任务汇总表"])
    for row in rows_of(markdown):
        made.active.append([int(text) if text.isdecimal() else text for text in row])
    made.save(path)
    return path


def said(old: Path, new: Path) -> list[str]:
    found = changed_figures(old, new)
    assert found is not None
    return told(found)


# --- figures of a text ----------------------------------------------------------------


@pytest.mark.parametrize("case", table(FIGURES))
def test_the_figures_that_differ_are_told_with_what_they_count(case):
    assert case["expected"] == "，".join(differing(case["old"], case["new"]))


@given(st.text("一二三，。；1 2,%.“（）\n月年日项", max_size=80))
def test_but_a_text_never_differs_from_itself(text):
    assert [] == differing(text, text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_two_texts_hold_they_can_be_compared(one, other):
    assert isinstance(differing(one, other), list)


# --- paragraphs -----------------------------------------------------------------------


def test_a_paragraph_is_known_by_its_words_whatever_number_it_has_now():
    old = lines("1.建成学校12所。", "2.改造老旧小区8个。")
    new = lines("1.新建公园2个。", "2.建成学校13所。", "3.改造老旧小区8个。")
    found = compare(old, new)
    assert [("2.建成学校13所。", ("建成学校 12所 → 13所",))] == [(each.row, each.shown) for each in found.figures]
    assert ["1.新建公园2个。"] == [line.text for line in found.come]
    assert () == found.words + found.gone


def test_a_paragraph_that_a_person_reworded_is_told_and_its_figures_are_not_lost():
    old = lines("总的看，上半年各项任务进展顺利，截至6月底已完成12项，占6.7%；滞后3项。")
    new = lines("截至6月底，180项任务中，已完成13项，占7.2%；滞后3项。")
    found = compare(old, new)
    assert "截至6月底已完成12项，占6.7% → 已完成13项，占7.2%" == found.figures[0].shown[0]
    assert 1 == len(found.words)


def test_equal_sentences_belong_to_the_paragraphs_above_them():
    old = lines(
        "甲任务", "完成时限：2026年10月。", "乙任务", "完成时限：2026年11月。", "丙任务", "完成时限：2026年10月。"
    )
    new = lines(
        "甲任务", "完成时限：2026年11月。", "乙任务", "完成时限：2026年10月。", "丙任务", "完成时限：2026年10月。"
    )
    assert 2 == compare(old, new).count


def test_a_paragraph_in_the_same_place_that_begins_alike_is_the_same_one():
    old = lines("已完成4项。", "应报单位26个，均已报送。", "下一步请各单位加快进度。")
    new = lines("已完成4项。", "应报单位26个，已报23个，占88.5%；未报3个。", "下一步请各单位加快进度。")
    found = compare(old, new)
    assert ("新文件有“已报23个，占88.5%；未报3个”",) == found.figures[0].shown
    assert () == found.gone + found.come


def test_what_a_person_added_or_left_out_is_told():
    found = compare(lines("已完成4项。", "下一步请各单位加快进度。"), lines("已完成4项。", "迟报1个。"))
    assert ["下一步请各单位加快进度。"] == [line.text for line in found.gone]
    assert ["迟报1个。"] == [line.text for line in found.come]
    assert 0 == found.count


def test_the_day_under_a_document_is_no_figure():
    found = compare(lines("已完成4项。", "2026年7月15日"), lines("已完成4项。", "2026年7月16日"))
    assert (0, ("2026年7月15日 → 2026年7月16日",)) == (found.count, found.days)


@given(st.lists(st.text("一二，。1 3项\n", max_size=12), max_size=30))
def test_a_document_never_differs_from_itself(texts):
    assert compare(lines(*texts), lines(*texts)).nothing


@pytest.mark.parametrize("seed", range(20))
def test_every_figure_changed_at_random_is_found(seed):
    chance = random.Random(seed)
    figures = [chance.randrange(1000) for _ in range(60)]
    changed = [figure + 1 if chance.random() < 0.2 else figure for figure in figures]
    titles = [f"{at}.推进第{chr(0x4E00 + at * 7)}项工程。" for at in range(1, 61)]
    old, new = (
        lines(*(f"{title}累计完成{each}万元。" for title, each in zip(titles, own, strict=True)))
        for own in (figures, changed)
    )
    assert sum(one != other for one, other in zip(figures, changed, strict=True)) == compare(old, new).count


# --- tables ---------------------------------------------------------------------------


def test_a_figure_in_a_table_is_told_with_row_and_column():
    new = TASKS.replace("120 ", "130 ")
    assert [("附件1", "第2行（建成学校，县教育局）", ("累计完成 120 → 130",))] == [
        (each.part, each.row, each.shown) for each in compare(grid(TASKS), grid(new)).figures
    ]


def test_rows_are_known_by_what_they_are_about_not_by_their_place():
    new = """
    | 序号 | 工作任务     | 牵头单位 | 累计完成 | 完成情况 |
    | 1    | 改造老旧小区 | 县住建局 | 18       | 进展滞后 |
    | 2    | 新建公园     | 县住建局 | 2        | 正常推进 |
    | 3    | 建成学校     | 县教育局 | 121      | 正常推进 |
    """
    found = compare(grid(TASKS), grid(new))
    assert [("第4行（建成学校，县教育局）", ("累计完成 120 → 121",))] == [
        (each.row, each.shown) for each in found.figures
    ]
    assert ["建成卫生院，县卫健局"] == [line.text for line in found.gone]
    assert ["新建公园，县住建局"] == [line.text for line in found.come]


def test_columns_are_known_by_what_stands_above_them_and_those_of_a_persons_own_are_named():
    new = """
    | 工作任务     | 累计完成 | 牵头单位 | 完成情况 |
    | 建成学校     | 120      | 县教育局 | 正常推进 |
    | 建成卫生院   | 4        | 县卫健局 | 正常推进 |
    | 改造老旧小区 |          | 县住建局 | 已完成   |
    """
    old = (
        TASKS.replace("| 完成情况 |", "| 完成情况 | 备注 |")
        .replace("推进 |", "推进 | 好 |")
        .replace("滞后 |", "滞后 | 查 |")
    )
    found = compare(grid(old), grid(new))
    assert [("累计完成 3 → 4",), ("累计完成 18 → （空）",)] == [each.shown for each in found.figures]
    assert ("附件1“序号”", "附件1“备注”") == found.columns
    assert [("进展滞后", "已完成")] == [(each.old, each.new) for each in found.words]


def test_units_with_like_names_are_not_taken_for_one_another():
    old = "| 单位       | 按时 |\n| 青石镇政府 | 3    |"
    new = "| 单位       | 按时 |\n| 石桥镇政府 | 5    |"
    found = compare(grid(old), grid(new))
    assert (0, 1, 1) == (found.count, len(found.gone), len(found.come))


def test_a_table_in_any_order_is_the_same_table():
    header = rows_of(TASKS)[0]
    many = [[str(at), f"推进第{at}批项目", "县教育局", str(at * 3), "正常推进"] for at in range(300)]
    shuffled = random.Random(7).sample(many, len(many))
    one, other = (
        Content((), (Grid("附件", tuple(header), tuple(GridRow(at, tuple(row)) for at, row in enumerate(each))),))
        for each in (many, shuffled)
    )
    assert compare(one, other).nothing


@given(st.lists(st.integers(0, 6), max_size=40), st.lists(st.integers(0, 6), max_size=40))
def test_each_text_has_one_partner_at_most(old, new):
    pairs = matched([f"文{each}" for each in old], [f"文{each}" for each in new], (str,), 2)
    assert len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs})
    assert all(old[one] == new[other] for one, other in pairs)
    assert (not pairs) == (not set(old) & set(new))


def test_long_lists_are_matched_without_looking_at_every_pair(monkeypatch):
    looked = Mock(return_value=0.0)
    monkeypatch.setattr("taskkit.remade.matching.similar", looked)
    matched([f"甲{at}" for at in range(4000)], [f"乙{at}" for at in range(4000)], (str,))
    matched(["甲", *["同"] * 4000], ["乙", *["同"] * 5000], (str,))
    assert 1000 > looked.call_count


# --- files ----------------------------------------------------------------------------


def test_a_word_document_is_read_with_headings_and_annexes(tmp_path):
    parts = ("一、总体情况", "已完成12项，占6.7%。", "附件1", "进展情况表", TASKS)
    old = document(tmp_path / "旧.docx", *parts)
    news = {"12项": "13项", "6.7%": "7.2%", "120 ": "130 "}
    new = document(tmp_path / "新.docx", *(replaced(part, news) for part in parts))
    assert [
        "数字有3处不同（原文件 → 新文件）：",
        "  一、总体情况：已完成 12项 → 13项，占 6.7% → 7.2%",
        "  附件1第2行（建成学校，县教育局）累计完成 120 → 130",
    ] == said(old, new)


def test_a_workbook_is_read_sheet_by_sheet(tmp_path):
    old, new = workbook(tmp_path / "旧.xlsx", TASKS), workbook(tmp_path / "新.xlsx", TASKS.replace("18 ", "20 "))
    assert [
        "数字有1处不同（原文件 → 新文件）：",
        "  “单位汇总”第5行（改造老旧小区，县住建局）累计完成 18 → 20",
    ] == said(old, new)


def test_a_header_of_two_rows_names_a_column_by_both(tmp_path):
    made = docx.Document()
    grid = made.add_table(3, 3)
    for row, texts in enumerate((("单位", "报送", "报送"), ("", "按时", "迟报"), ("县教育局", "3", "1"))):
        for cell, text in zip(grid.rows[row].cells, texts, strict=True):
            cell.text = text
    grid.cell(0, 0).merge(grid.cell(1, 0))
    grid.cell(0, 1).merge(grid.cell(0, 2)).text = "报送"
    made.save(str(tmp_path / "表.docx"))
    assert ("单位", "报送按时", "报送迟报") == read_content(tmp_path / "表.docx").grids[0].header


@pytest.mark.parametrize("data", [b"", b"not a document", b"PK\x03\x04", OLE + bytes(600)])
@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
def test_what_cannot_be_read_is_not_compared(tmp_path, data, ending):
    make = document if ending == ".docx" else workbook
    old, new = tmp_path / f"旧{ending}", make(tmp_path / f"新{ending}", TASKS)
    old.write_bytes(data)
    assert changed_figures(old, new) is None


# --- what is told ---------------------------------------------------------------------


def test_that_no_figure_changed_is_said():
    assert ["数字没有变化，文字也相同（版式没有比较）。"] == told(Differences())
    assert "数字没有变化。" == told(compare(lines("上半年开局良好。"), lines("上半年开局平稳。")))[0]
    assert "两份文件都有的内容，数字没有变化。" == told(compare(lines("已办3项。"), lines("已办3项。", "另办1项。")))[0]


def test_of_many_figures_the_first_are_told_and_where_the_others_stand():
    old = [f"{at}.第{chr(0x4E00 + at)}项工程完成{at}万元" for at in range(1, 31)]
    new = [text.replace("万元", "5万元") for text in old]
    said = told(compare(lines(*old), lines(*new)))
    assert 10 == len(said)
    assert "  另有22处，见一、总体情况。" == said[-1]
