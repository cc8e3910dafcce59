"""Values as people type them, and as Excel changes them."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from tests.returned.county import QUARTER, County
from tests.returned.hand import PROGRESS, together, typing, value
from tests.returned.kinds import Kind, but, check
from tests.returned_books import place, rewritten

SHEETS = {"T001.1": "量化指标", "T003.1": "量化指标", "T005.1": "量化指标"}
LONGEST = "推进" * 16_000


def _one(
    name: str,
    content: object,
    held: str,
    findings: str = "",
    row: str = "T004",
    column: str = "本期进展",
    outcome: str = "changed",
    number_format: str = "",
) -> Kind:
    """A kind whose only difference is the content of one cell."""
    sheet = SHEETS.get(row, PROGRESS)
    line = f"| {sheet} | {row} | {column} | {outcome} | {held} |"
    return Kind(name, edit=value(row, column, content, number_format), expected=but(QUARTER, line), findings=findings)


def _figure(name: str, content: object, held: str, findings: str = "", outcome: str = "changed", **more: str) -> Kind:
    """A kind whose only difference is the figure of one target."""
    return _one(name, content, held, findings, more.get("row", "T001.1"), "累计完成值", outcome, more.get("format", ""))


def _error(row: str, column: str, text: str) -> Any:
    def edit(book: Any) -> None:
        cell = place(book, row, column)
        cell.value, cell.data_type = text, "e"

    return edit


def _text_that_looks_like_a_formula(book: Any) -> None:
    for row, text in (("T001", "=3所已开工"), ("T002", "+2个食堂"), ("T004", "@各校：已完成选址")):
        cell = place(book, row, "本期进展")
        cell.value, cell.data_type, cell.quotePrefix = text, "s", True


def _formula_with_result(data: bytes, county: County) -> bytes:
    """A formula in an input cell, saved by Excel with its result: openpyxl writes none."""
    old, new = "<v>2</v>", "<f>1+2</f><v>3</v>"
    return rewritten(data, {"xl/worksheets/sheet3.xml": lambda text: text.replace(old, new, 1)})


def _rich_text(book: Any) -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    place(book, "T004", "本期进展").value = CellRichText("完成", TextBlock(InlineFont(b=True), "选址"), "和可行性研究")


STATE = "完成情况"
KINDS = [
    _one("a text with blanks around it", "  完成选址和可行性研究　\n", "完成选址和可行性研究"),
    _one("a text of three lines", "一是选址；\n二是立项；\n三是报批。", "一是选址；\\n二是立项；\\n三是报批。"),
    _one("line ends of Windows", "一是选址；\r\n二是立项。", "一是选址；\\n二是立项。"),
    _one("a text as long as a cell can hold", LONGEST, LONGEST),
    _one("emoji and rare characters", "已完成👍，涉及𠮷川镇", "已完成👍，涉及𠮷川镇"),
    _one("markup in a text", "<b>完成</b>&amp;选址", "<b>完成</b>&amp;选址"),
    _one("a number in a column of text", 800, "800"),
    _one("true in a column of text", True, "TRUE"),
    _one("a date that Excel made in a column of text", date(2026, 6, 1), "2026年6月", number_format='yyyy"年"m"月"'),
    _one("a day that Excel made in a column of text", date(2026, 6, 3), "6月3日", number_format='m"月"d"日"'),
    _one("a time in a column of text", time(9, 30), "09:30", number_format="hh:mm"),
    _one("a date with a time in a column of text", datetime(2026, 3, 5, 9, 30), "2026-03-05 09:30"),
    Kind(
        "texts that begin like formulas",
        edit=_text_that_looks_like_a_formula,
        expected=but(
            QUARTER,
            "| 工作进展 | T001 | 本期进展 | changed | =3所已开工 |",
            "| 工作进展 | T002 | 本期进展 | changed | +2个食堂 |",
            "| 工作进展 | T004 | 本期进展 | changed | @各校：已完成选址 |",
        ),
    ),
    Kind("a text partly bold", edit=_rich_text),
    Kind(
        "an error in a cell of text",
        edit=_error("T004", "本期进展", "#NAME?"),
        expected=but(QUARTER, "| 工作进展 | T004 | 本期进展 | invalid | |"),
        findings="cell-error 工作进展 第9行F列",
    ),
    Kind(
        "an error in a cell for a number",
        edit=_error("T001.1", "累计完成值", "#REF!"),
        expected=but(QUARTER, "| 量化指标 | T001.1 | 累计完成值 | invalid | |"),
        findings="cell-error 量化指标 第5行V列",
    ),
    Kind(
        "a formula whose result was never saved",
        edit=value("T001.1", "累计完成值", "=1+1"),
        expected=but(QUARTER, "| 量化指标 | T001.1 | 累计完成值 | invalid | |"),
        findings="formula-unsaved 量化指标 第5行V列",
    ),
    Kind(
        "a formula with its result",
        patch=_formula_with_result,
        expected=but(QUARTER, "| 量化指标 | T001.1 | 累计完成值 | changed | 3 |"),
    ),
    _figure("a number in full width", "３", "3"),
    _figure("a number with a thousands separator", "1,234", "1234"),
    _figure("a number typed as a text", "2.50", "2.5"),
    _figure("a number with exponent", "1e3", "1000"),
    _figure("a sum of fractions", 0.1 + 0.2, "0.3"),
    _figure("zero is an answer", 0, "0"),
    _figure("no figures yet", "暂无数据", "暂无数据"),
    _figure("no figures before a day", "暂无数据（预计4月20日）", "暂无数据（预计4月20日）"),
    _figure("a secret reported elsewhere", "涉密，另行报送", "涉密，另行报送"),
    _figure("a count below zero", -2, "", "negative 量化指标 第5行V列", "invalid"),
    _figure("a growth below zero", -1.5, "-1.5", row="T005.1"),
    _figure("words for a number", "已开工两所", "已开工两所", "value-said 量化指标 第5行V列"),
    _figure("a percentage in a cell formatted so", 0.95, "95", row="T003.1", format="0%"),
    _figure("a percentage for what is counted", 0.03, "3", "percent 量化指标 第5行V列", format="0%"),
    _one("a state in other words", "已办结", "已完成", "state-understood 工作进展 第9行G列", column=STATE),
    _one("a state that is none", "进展顺利", "", "state-unknown 工作进展 第9行G列", column=STATE, outcome="invalid"),
    _one("a state with a blank behind it", "正常推进 ", "正常推进", column=STATE),
    _one("progress that says nothing", "持续推进", "持续推进", "says-nothing 工作进展 第9行F列"),
    Kind(
        "slow without a word on why",
        typed="\n".join(line for line in QUARTER.splitlines() if "存在问题" not in line),
        expected="\n".join(line for line in QUARTER.splitlines() if "存在问题" not in line),
        findings="slow-no-problem 工作进展 第6行H列",
    ),
    Kind(
        "done without a word on what",
        edit=typing("| row | column | value |\n| T005 | 完成情况 | 已完成 |"),
        expected=but(QUARTER, "| 工作进展 | T005 | 完成情况 | changed | 已完成 |"),
        findings="done-no-text 工作进展 第10行F列",
    ),
    Kind(
        "the word for nothing among the problems",
        edit=typing("| row | column | value |\n| T004 | 存在问题 | 无 |"),
        expected=but(QUARTER, "| 工作进展 | T004 | 存在问题 | changed | 无 |"),
    ),
    Kind(
        "a value withdrawn by the word for nothing",
        before=lambda county: [county.at(1)],
        edit=together(typing("| row | column | value |\n| T001.1 | 累计完成值 | 无 |")),
        expected=but(QUARTER.replace("changed", "same"), "| 量化指标 | T001.1 | 累计完成值 | changed | |"),
    ),
    Kind(
        "a blank does not wipe what was reported",
        before=lambda county: [county.at(1)],
        edit=together(
            value("T001.1", "累计完成值", None), typing("| row | column | value |\n| T005 | 完成情况 | 未启动 |")
        ),
        expected=but(
            QUARTER.replace("changed", "same"),
            "| 量化指标 | T001.1 | 累计完成值 | kept | 2 |",
            "| 工作进展 | T005 | 完成情况 | changed | 未启动 |",
        ),
        findings="blanked 量化指标 第5行V列",
    ),
    Kind(
        "only the line of those who filled it in",
        typed="| row | column | value |\n| book | 填报人 | 甲 |\n| book | 审核人 | 乙 |",
        expected="| sheet | row | column | outcome | value |",
        outcome="untouched",
    ),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind(kind: Kind, county: County, tmp_path: Path) -> None:
    check(kind, county, tmp_path)
