"""Items under tasks: proposed by units and accepted, or split off by the office; reported on and counted apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from taskkit import issue, report
from taskkit.collecting import collect
from taskkit.entries import Change, Ruling, Submission, Workbook
from taskkit.judging.facts import Facts, gather
from taskkit.judging.items import item_count
from taskkit.ledger import Ledger
from taskkit.periods import parse_period
from taskkit.rulings import BACK, GOALS, PASS, PASSED
from taskkit.settings import Settings
from tests.amending import NAME, changed, ledger_with

TODAY = date(2026, 6, 20)
LATER = date(2026, 7, 12)
SPLIT = {
    "任务": "T001",
    "事项": "建成操场",
    "责任单位": "县教育局",
    "二季度目标": "完成硬化",
    "三季度目标": "交付使用",
    "起始日期": "2026-05-01",
    "依据": "会议纪要",
}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return ledger_with(tmp_path)


def put(path: Path, sheet_title: str, row_id: str, **cells: str) -> Path:
    """Fill cells of one row of a form in, by the beginning of their headers."""
    book = openpyxl.load_workbook(path)
    sheet = book[sheet_title]
    ids = {str(row[0].value): row[0].row for row in sheet.iter_rows() if row[0].value}
    number = next(number for text, number in ids.items() if text.endswith(f".{row_id}"))
    header = next(row for row in sheet.iter_rows() if any(str(cell.value).startswith("工作任务") for cell in row))
    for key, text in cells.items():
        column = next(cell.column for cell in header if str(cell.value).startswith(key))
        sheet.cell(number, column).value = text
    book.save(path)
    return path


def proposed(ledger: Ledger, folder: Path) -> None:
    """县教育局 proposes one item under T001 in its 落实方案."""
    books = issue(ledger, NAME, "plan", folder / "落实方案", anyway=True, today=date(2026, 3, 10))
    path = next(Path(each) for each in books if "教育局" in str(each))
    put(path, "落实方案", "T001+1", 工作措施="培训教师200人", 二季度目标="培训100人", 完成时限="2026年9月底前")
    result = collect(ledger, path, apply=True, received=date(2026, 3, 18))
    assert ["accepted"] == list(result.files["outcome"])


def fill(ledger: Ledger, book: Workbook) -> None:
    """The form comes back with a state."""
    change = Change("T001", "完成情况", "正常推进", "lead")
    ledger.accept(Submission(book, "表.xlsx", book.workbook.encode(), date(2026, 4, 25), {}, (change,)))


def accepted(ledger: Ledger, how: str = PASS) -> None:
    ledger.keep_rulings(NAME, [Ruling(GOALS, PASSED, how, unit="县教育局", row_id="T001+1", period="plan")])


def sent(ledger: Ledger, period: str = "2026Q2") -> dict[tuple[str, str], str]:
    """What the newest form of 县教育局 holds, by row and column."""
    book = ledger.latest_workbooks(NAME, period)["县教育局", "lead", "main"]
    whole = ledger.workbook(book.workbook)
    assert whole is not None
    return {(cell.row_id, cell.column): cell.value for cell in whole.cells}


def known(ledger: Ledger, period: str = "2026Q2") -> Facts:
    return gather(ledger, NAME, parse_period(period), Settings(), LATER)


# --- proposed and accepted ------------------------------------------------------------


def test_a_proposed_item_waits_for_the_office(ledger, tmp_path):
    proposed(ledger, tmp_path)
    [item] = ledger.item_list(NAME)
    assert ("T001+1", "T001", "县教育局", "培训教师200人", {"二季度": "培训100人"}, "2026年9月底前") == (
        *(item.item_id, item.task_id, item.unit),
        *(item.text, item.goals, item.deadline),
    )
    assert (False, False, 1) == (item.office, item.accepted, item.submission)
    issue(ledger, NAME, "2026Q2", tmp_path / "二季度", today=TODAY)
    assert not [row for row, _ in sent(ledger) if "+" in row]


def test_one_sent_back_is_not_asked_for(ledger, tmp_path):
    proposed(ledger, tmp_path)
    accepted(ledger, BACK)
    issue(ledger, NAME, "2026Q2", tmp_path / "二季度", today=TODAY)
    assert not [row for row, _ in sent(ledger) if "+" in row]


def test_an_accepted_item_stands_under_its_task_with_its_own_goal(ledger, tmp_path):
    proposed(ledger, tmp_path)
    accepted(ledger)
    issue(ledger, NAME, "2026Q2", tmp_path / "二季度", today=TODAY)
    cells = sent(ledger)
    assert ("培训教师200人", "培训100人", "2026年9月底前") == tuple(
        cells["T001+1", column] for column in ("工作任务", "本期目标", "完成时限")
    )


def test_the_frame_of_items_says_what_each_is(ledger, tmp_path):
    proposed(ledger, tmp_path)
    changed(ledger, tmp_path, {"任务拆分": [SPLIT]})
    frame = ledger.items(NAME)
    assert [("T001+1", False, False), ("T001+51", True, True)] == list(
        zip(frame["item_id"], frame["office"], frame["accepted"], strict=True)
    )


# --- split off by the office ----------------------------------------------------------


def test_an_item_of_the_office_counts_at_once_and_is_reported_on_in_the_same_sheet(ledger, tmp_path):
    changed(ledger, tmp_path, {"任务拆分": [SPLIT]})
    books = issue(ledger, NAME, "2026Q2", tmp_path / "二季度", today=TODAY)
    path = next(Path(each) for each in books if "教育局" in str(each))
    put(path, "工作进展", "T001", 本期进展="已新增300个", 完成情况="正常推进")
    put(path, "工作进展", "T001+51", 本期进展="操场已硬化", 完成情况="已完成")
    result = collect(ledger, path, apply=True, received=date(2026, 7, 8))
    assert (["accepted"], []) == (list(result.files["outcome"]), list(result.findings["code"]))
    task = known(ledger).tasks[0]
    assert ("已新增300个", "正常推进") == (task.lead_texts[0][1], task.verdict.name)
    [item] = task.items
    assert ("建成操场", "县教育局", "完成硬化", "操场已硬化", "已完成") == (
        *(item.text, item.unit, item.goal),
        *(item.progress, item.own.name),
    )


def test_the_next_form_is_filled_in_with_what_was_said_last(ledger, tmp_path):
    changed(ledger, tmp_path, {"任务拆分": [SPLIT]})
    books = issue(ledger, NAME, "2026Q2", tmp_path / "二季度", today=TODAY)
    path = next(Path(each) for each in books if "教育局" in str(each))
    collect(ledger, put(path, "工作进展", "T001+51", 本期进展="操场已硬化"), apply=True, received=date(2026, 7, 8))
    issue(ledger, NAME, "2026Q3", tmp_path / "三季度", today=date(2026, 9, 20))
    cells = sent(ledger, "2026Q3")
    assert ("操场已硬化", "交付使用") == (cells["T001+51", "本期进展"], cells["T001+51", "本期目标"])


def test_a_split_of_a_later_day_waits_for_it(ledger, tmp_path):
    changed(ledger, tmp_path, {"任务拆分": [{**SPLIT, "起始日期": "2026-08-01"}]})
    assert ([], ["T001+51"]) == tuple(
        [each.item_id for each in ledger.item_list(NAME, day)] for day in (TODAY, date(2026, 8, 1))
    )


def test_what_is_split_off_after_a_period_or_its_forms_is_not_missing_in_it(ledger, tmp_path):
    for period, today in (("2026Q1", date(2026, 3, 20)), ("2026Q2", date(2026, 4, 20))):
        issue(ledger, NAME, period, tmp_path / period, today=today)
        fill(ledger, ledger.workbook(ledger.latest_workbooks(NAME, period)["县教育局", "lead", "main"].workbook))
    changed(ledger, tmp_path, {"任务拆分": [SPLIT]})
    first, second = (known(ledger, period).tasks[0] for period in ("2026Q1", "2026Q2"))
    assert (("正常推进", ()), ("正常推进", ["本期未布置"])) == (
        (first.own.name, first.items),
        (second.own.name, [item.own.name for item in second.items]),
    )


def test_the_items_of_a_withdrawn_task_go_with_it(ledger, tmp_path):
    changed(ledger, tmp_path, {"任务拆分": [SPLIT]})
    changed(ledger, tmp_path, {"任务撤销": [{"任务": "T001", "起始日期": "2026-06-01", "依据": "会议纪要"}]})
    assert [] == ledger.item_list(NAME)


def test_the_items_of_a_renamed_unit_are_the_new_ones(ledger, tmp_path):
    proposed(ledger, tmp_path)
    accepted(ledger)
    row = {"原单位": "县教育局", "新单位": "县教体局", "起始日期": "2026-06-01", "依据": "机构改革"}
    changed(ledger, tmp_path, {"单位更名合并": [row]})
    assert [("县教体局", True)] == [(each.unit, each.accepted) for each in ledger.item_list(NAME)]


# --- counted --------------------------------------------------------------------------


def test_tasks_and_items_are_counted_apart_and_a_task_without_items_is_one(ledger, tmp_path):
    changed(ledger, tmp_path, {"任务拆分": [SPLIT, {**SPLIT, "事项": "配齐图书"}]})
    issue(ledger, NAME, "2026Q2", tmp_path / "二季度", today=TODAY)
    tasks = known(ledger).tasks
    assert (4, 5) == (len(tasks), item_count([each.items for each in tasks]))


def test_the_ledger_workbook_lists_items_those_that_wait_too(ledger, tmp_path):
    proposed(ledger, tmp_path)
    changed(ledger, tmp_path, {"任务拆分": [SPLIT]})
    issue(ledger, NAME, "2026Q2", tmp_path / "二季度", today=TODAY)
    sheet = openpyxl.load_workbook(report(ledger, NAME, "ledger", "2026Q2", tmp_path, today=LATER))["事项"]
    line = "正文4项任务、4个事项（没有分解的任务各计1个事项，两数不相加）；另有1个由单位提出、尚未审定，不在内"
    assert line == sheet["A2"].value
    assert [("T001+1", "单位提出，待审定", None), ("T001+51", "督查室拆分", "未报送")] == [
        (sheet.cell(row, 1).value, sheet.cell(row, 7).value, sheet.cell(row, 8).value) for row in (4, 5)
    ]


def test_the_report_names_both_counts_and_lists_items_under_their_task(ledger, tmp_path):
    import docx

    changed(ledger, tmp_path, {"任务拆分": [SPLIT]})
    row = {"任务": "T004", "起始日期": "2026-06-01", "依据": "会议纪要"}
    changed(ledger, tmp_path, {"任务撤销": [row]})
    issue(ledger, NAME, "2026Q2", tmp_path / "二季度", today=TODAY)
    path = report(ledger, NAME, "progress", "2026Q2", tmp_path / "报告.docx", today=LATER)
    document = docx.Document(str(path))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "3项重点任务按事项计共3个（其中1项已分解为1个，没有分解的各计1个），事项数不与任务数相加。" in text
    assert "另有已撤销的任务1项，不在统计之内。" in text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "其中：建成操场" in cells
