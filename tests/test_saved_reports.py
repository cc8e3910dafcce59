"""What the command line says where a report is made anew: of one that a person changed, and of one that nobody did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from taskkit import open_ledger
from taskkit.cli import main
from taskkit.ledger import Ledger
from taskkit.office.ole import OLE
from taskkit.reports import report
from taskkit.saving import Saved
from taskkit.showing_saved import show_report
from tests.filled import INFO, NAME, PERIOD, fill, ledger_of, plan_of, send

UNITS = ("县水务局", "县教育局", "县民政局")
TEXT = "上半年各项任务开局良好。"
ADVICE = "请把您的改动补到新文件里，或照上面改原文件；不用的一份请自行删去。"


@pytest.fixture
def url(tmp_path, monkeypatch) -> str:
    """A ledger of three tasks; two units have reported that they are on course."""
    monkeypatch.chdir(tmp_path)
    with open_ledger(here := "sqlite:///taskkit.db") as ledger:
        ledger.add_plan(plan_of([[unit] for unit in UNITS]), NAME)
        for number, unit in enumerate(UNITS, 1):
            send(ledger, unit, [f"T{number:03d}"])
        for number in (1, 2):
            state(ledger, number, "正常推进", f"完成投资{number * 100}万元。")
    return here


def state(ledger: Ledger, number: int, word: str, progress: str, day: date = date(2026, 7, 8)) -> None:
    unit, task = UNITS[number - 1], f"T{number:03d}"
    book = ledger.workbook(ledger.workbooks(NAME).set_index("unit")["workbook"][unit])
    assert book is not None
    fill(ledger, book, {task: {"state": word, "progress": progress}}, day)


def closed(url: str) -> None:
    """The first task is done now, with another figure."""
    with open_ledger(url) as ledger:
        state(ledger, 1, "已完成", "完成投资150万元。", date(2026, 7, 9))


def edited(path: Path, text: str = TEXT) -> Path:
    """A person puts a paragraph before the second chapter."""
    document = docx.Document(str(path))
    next(each for each in document.paragraphs if each.text.startswith("二、")).insert_paragraph_before(text)
    document.save(str(path))
    return path


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The lines that a command printed."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert 0 == ended.value.code
    lines: list[str] = capsys.readouterr().out.splitlines()
    return lines


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    return ran(capsys, "report", *arguments, NAME, "--period", PERIOD, "--on", "2026-07-15")


def test_of_a_report_that_a_person_changed_the_figures_that_differ_are_told(url, capsys):
    said(capsys, "progress", "--out", "报告.docx")
    edited(Path("报告.docx"))
    closed(url)
    lines = said(capsys, "progress", "--out", "报告.docx")
    assert "已生成：报告（新）.docx" == lines[0]
    assert "“报告.docx”您改动过，没有动它；新的另存为“报告（新）.docx”。两者相比：" == lines[1]
    assert "正常推进 2项 → 1项，占 66.7% → 33.3%，新文件有“已完成1项、占33.3%”" in lines[3]
    assert any(line.endswith("本期进展：完成投资 100万元 → 150万元") for line in lines)
    assert f"只在原文件里的有1段（行）：“{TEXT}”。" in lines
    assert ADVICE == lines[-1]
    assert TEXT in [each.text for each in docx.Document("报告.docx").paragraphs]


def test_that_no_figure_changed_is_told_too(url, capsys):
    said(capsys, "progress", "--out", "报告.docx")
    edited(Path("报告.docx"))
    assert "两份文件都有的内容，数字没有变化。" in said(capsys, "progress", "--out", "报告.docx")


def test_where_a_person_only_saved_it_nothing_differs(url, capsys):
    said(capsys, "progress", "--out", "报告.docx")
    edited(Path("报告.docx"), "")
    assert [
        "数字没有变化，文字也相同（版式没有比较）。",
        "可以继续用原文件，新的一份请自行删去。",
    ] == said(capsys, "progress", "--out", "报告.docx")[2:]


def test_a_report_that_nobody_changed_is_replaced_and_one_line_says_what_changed(url, capsys):
    said(capsys, "progress", "--out", "报告.docx")
    assert ["已生成：报告.docx"] == said(capsys, "progress", "--out", "报告.docx")
    closed(url)
    first, second = said(capsys, "progress", "--out", "报告.docx")
    assert "已生成：报告.docx" == first
    assert second.startswith("与上次生成时相比，数字有")
    assert [Path("报告.docx")] == list(Path().glob("报告*"))


def test_the_new_one_is_compared_with_the_one_changed_last(url, capsys):
    said(capsys, "progress", "--out", "报告.docx")
    edited(Path("报告.docx"))
    said(capsys, "progress", "--out", "报告.docx")
    edited(Path("报告（新）.docx"), "第二稿。")
    lines = said(capsys, "progress", "--out", "报告.docx")
    assert "“报告（新）.docx”您改动过，没有动它；新的另存为“报告（新2）.docx”。两者相比：" == lines[1]
    assert "只在原文件里的有1段（行）：“第二稿。”。" in lines


def test_a_workbook_is_compared_by_sheet_row_and_column(url, capsys):
    said(capsys, "ledger", "--out", "台账.xlsx")
    openpyxl.load_workbook("台账.xlsx").save("台账.xlsx")
    closed(url)
    lines = said(capsys, "ledger", "--out", "台账.xlsx")
    assert "  “单位汇总”第4行（县水务局）已完成 （空） → 1，正常推进 1 → （空），完成占比（%） 0 → 100" in lines


def test_a_file_that_cannot_be_read_is_kept_and_nothing_more_is_said(url, capsys):
    Path("报告.docx").write_bytes(OLE + bytes(600))
    assert [
        "已生成：报告（新）.docx",
        "“报告.docx”与新的不同（或正被其他程序打开），没有动它；新的另存为“报告（新）.docx”。",
    ] == said(capsys, "progress", "--out", "报告.docx")
    assert OLE + bytes(600) == Path("报告.docx").read_bytes()


def test_the_files_of_status_say_the_same(url, capsys):
    status = ("status", NAME, "--html", "进展.html", "--xlsx", "进展.xlsx")
    ran(capsys, *status)
    Path("进展.html").write_text("改过", "utf-8")
    openpyxl.load_workbook("进展.xlsx").save("进展.xlsx")
    lines = ran(capsys, *status)
    assert "“进展.html”与新的不同（或正被其他程序打开），没有动它；新的另存为“进展（新）.html”。" in lines
    assert "“进展.xlsx”您改动过，没有动它；新的另存为“进展（新）.xlsx”。两者相比：" in lines
    assert "数字没有变化，文字也相同（版式没有比较）。" in lines


def test_a_review_workbook_that_was_filled_in_is_to_be_loaded_first(url, capsys):
    ran(capsys, "review", NAME, "--xlsx", "审核台账.xlsx")
    openpyxl.load_workbook("审核台账.xlsx").save("审核台账.xlsx")
    lines = ran(capsys, "review", NAME, "--xlsx", "审核台账.xlsx")
    assert "“审核台账.xlsx”您改动过，没有动它。已填的内容请先登记：taskkit load 审核台账.xlsx" == lines[1]
    assert Path("审核台账（新）.xlsx").exists()


def test_of_a_report_in_many_files_those_kept_are_told_the_first_few_in_detail(tmp_path, capsys):
    files = [Saved(tmp_path / f"{at}（新）.docx", tmp_path / f"{at}.docx") for at in range(5)]
    show_report(tmp_path, [*files, Saved(tmp_path / "甲.docx")])
    lines = capsys.readouterr().out.splitlines()
    assert f"已生成：{tmp_path}（6个文件）" == lines[0]
    assert ["“0.docx”", "“1.docx”", "“2.docx”"] == [line[:8] for line in lines[1:4]]
    assert "另有2个文件原来的一份也改动过，没有动它，新的另存为：3（新）.docx、4（新）.docx。" == lines[4]


def test_a_long_name_never_loses_the_word_that_it_is_public(tmp_path):
    long = replace(INFO, title=f"关于印发{'贯彻落实' * 12}重点任务分工方案的通知")
    ledger = ledger_of(plan_of([["县教育局"]], info=long))
    inner, public = (
        report(ledger, NAME, "plan", out=tmp_path, public=public, today=date(2026, 7, 15)) for public in (False, True)
    )

    assert public.name.endswith("（公开版）.docx")
    assert inner != public
