"""The office's own words: the review workbook is written, filled in, loaded, and what follows from it."""

from __future__ import annotations

import openpyxl
import pytest

from taskkit.approving import sent_back
from taskkit.errors import InputError, UsageError
from taskkit.ledger import Ledger
from taskkit.reviewing import open_review, write_review
from taskkit.roster import Roster, UnitEntry
from taskkit.rulings import PERIOD as ON_PERIOD
from taskkit.rulings import TASK as ON_TASK
from taskkit.settings import Settings
from tests.filled import NAME
from tests.reviewed import (
    SCHOOL_Q1,
    TODAY,
    codes,
    loaded,
    new_ledger,
    planned_ledger,
    quarter_ledger,
    reported,
    review_file,
    row_with,
    ruled,
    saying,
    sent_form,
    shown,
)
from tests.soffice import resaved


@pytest.fixture
def ledger() -> Ledger:
    return new_ledger()


@pytest.fixture
def planned(tmp_path) -> Ledger:
    return planned_ledger(tmp_path)


@pytest.fixture
def quarter(tmp_path) -> Ledger:
    return quarter_ledger(tmp_path)


# --- what is written ------------------------------------------------------------------------


def test_each_promise_of_a_unit_that_handed_in_its_plan_has_a_row(planned, tmp_path):
    rows = shown(review_file(planned, tmp_path, "plan"), "目标")
    assert [
        ("县教育局", "任务目标", "一季度：选址\n二季度：开工\n三季度：封顶\n四季度：竣工"),
        ("县教育局", "量化指标", "一季度：0\n二季度：1\n三季度：3\n四季度：5"),
        ("县教育局", "任务目标", "一季度：拨付一成\n二季度：过半\n三季度：八成\n四季度：全部"),
        ("县财政局", "任务目标", "一季度：一千万\n二季度：两千万\n三季度：三千万\n四季度：四千万"),
    ] == [(row["单位"], row["类别"], row["阶段目标"]) for row in rows]


def test_each_lead_unit_of_a_task_has_a_row_with_its_own_goal_and_word(quarter, tmp_path):
    rows = shown(review_file(quarter, tmp_path, "2026Q1"), "进展")
    assert [
        (1, "县教育局", "选址", "选址完成，=1+1。", "正常推进"),
        (2, "县教育局（汇总单位）", "拨付一成", "拨付一成。", "已完成"),
        (2, "县财政局", "一千万", "资金未到。", "进展滞后"),
    ] == [(row["序号"], row["牵头单位"], row["本期目标"], row["单位进展"], row["单位自评"]) for row in rows]
    assert "存在问题：上级资金未到" == rows[2]["存在问题、需协调"]


def test_only_what_the_office_fills_in_is_open_and_the_mark_before_a_row_is_hidden(quarter, tmp_path):
    page = openpyxl.load_workbook(review_file(quarter, tmp_path, "2026Q1"))["进展审核"]
    opened = [cell.value for cell in page[3] if not page.cell(5, cell.column).protection.locked]
    assert ["核定状态", "报告用语", "审核意见", "退回理由", "同意销号", "审核人"] == opened
    assert "同意销号" not in [cell.value for cell in page[3] if not page.cell(4, cell.column).protection.locked]
    assert page.protection.sheet
    assert page.column_dimensions["A"].hidden
    assert (True, "landscape", 9) == (bool(page.freeze_panes), page.page_setup.orientation, page.page_setup.paperSize)


def test_a_workbook_that_nobody_changed_is_written_anew_but_one_that_was_filled_in_is_never_replaced(quarter, tmp_path):
    path = review_file(quarter, tmp_path, "2026Q1")
    assert path == review_file(quarter, tmp_path, "2026Q1")
    ruled(path, "进展", "选址完成", {"审核意见": "通过"})
    before = path.read_bytes()
    assert tmp_path / "审核台账（新）.xlsx" == review_file(quarter, tmp_path, "2026Q1")
    assert before == path.read_bytes()


def test_a_period_that_was_not_issued_or_holds_nothing_is_refused(ledger, tmp_path):
    with pytest.raises(UsageError, match="还没有发出过表格"):
        review_file(ledger, tmp_path, "2026Q1")
    sent_form(ledger, tmp_path, "plan", "县教育局")
    with pytest.raises(InputError, match="还没有单位报送落实方案"):
        review_file(ledger, tmp_path, "plan")
    with pytest.raises(UsageError, match="审核台账的文件名"):
        write_review(ledger, NAME, tmp_path / "审核台账.docx", "plan")


# --- what is taken back ---------------------------------------------------------------------


def test_what_is_filled_in_is_kept_and_stands_in_the_next_workbook(quarter, tmp_path):
    path = review_file(quarter, tmp_path, "2026Q1")
    wanted = {"核定状态": "进展滞后", "报告用语": "+选址完成。", "审核意见": "通过", "审核人": "甲"}
    ruled(path, "进展", "选址完成", wanted)
    assert (3, []) == ((done := loaded(quarter, path)).new, codes(done))
    assert {
        ("县教育局", "T001", "state", "进展滞后"),
        ("县教育局", "T001", "wording", "+选址完成。"),
        ("县教育局", "T001", "passed", "pass"),
    } == saying(quarter, ON_TASK)
    row = shown(review_file(quarter, tmp_path, "2026Q1", "再写.xlsx"), "进展")[0]
    assert wanted == {header: row[header] for header in wanted}
    assert row["审后有改动"] is None
    assert {"甲"} == {each.said_by for each in quarter.rulings(NAME).values()}
    assert {"审核台账.xlsx"} == {each.file_name for each in quarter.rulings(NAME).values()}


def test_the_same_workbook_again_is_no_news_and_blanks_say_nothing(quarter, tmp_path):
    path = ruled(review_file(quarter, tmp_path, "2026Q1"), "进展", "选址完成", {"审核意见": "通过"})
    loaded(quarter, path)
    again = loaded(quarter, path)
    assert (0, 0, []) == (again.new, again.again, codes(again))
    ruled(path, "进展", "选址完成", {"审核意见": None})
    assert 0 == loaded(quarter, path).new
    assert 1 == len(saying(quarter))


@pytest.mark.parametrize("word", ["撤回", "无"])
def test_a_word_takes_back_what_was_said(quarter, tmp_path, word):
    loaded(quarter, ruled(review_file(quarter, tmp_path, "2026Q1"), "进展", "选址完成", {"报告用语": "甲。"}))
    path = ruled(review_file(quarter, tmp_path, "2026Q1", "二.xlsx"), "进展", "选址完成", {"报告用语": word})
    assert 1 == loaded(quarter, path).new
    assert set() == saying(quarter)
    assert ["甲。", ""] == [each.value for each in quarter.ruling_versions(NAME)]


def test_rows_are_known_however_they_were_sorted(quarter, tmp_path):
    path = review_file(quarter, tmp_path, "2026Q1")
    book = openpyxl.load_workbook(path)
    page = book["进展审核"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=4, max_row=6)]
    for number, row in enumerate(reversed(rows), 4):
        for at, value in enumerate(row, 1):
            page.cell(number, at).value = value
    book.save(path)
    loaded(quarter, ruled(path, "进展", "资金未到", {"核定状态": "正常推进"}))
    assert {("县财政局", "T002", "state", "正常推进")} == saying(quarter)


def test_rows_that_were_sorted_without_their_hidden_marks_are_refused(quarter, tmp_path):
    path = review_file(quarter, tmp_path, "2026Q1")
    book = openpyxl.load_workbook(path)
    page = book["进展审核"]
    first, last = ([cell.value for cell in page[number][1:]] for number in (4, 6))
    for number, values in ((4, last), (6, first)):
        for cell, value in zip(page[number][1:], values, strict=True):
            cell.value = value
    book.save(path)
    ruled(path, "进展", "资金未到", {"审核意见": "通过"})
    assert ["review-row-moved"] == codes(loaded(quarter, path))
    assert set() == saying(quarter)


@pytest.mark.parametrize(
    ("code", "find", "cells"),
    [
        ("review-word", "选址完成", {"审核意见": "差不多"}),
        ("review-word", "选址完成", {"核定状态": "快了"}),
        ("review-long", "选址完成", {"报告用语": "长" * 101}),
        ("review-reason", "选址完成", {"审核意见": "退回"}),
        ("review-reason-alone", "选址完成", {"退回理由": "没有数量"}),
        ("review-reason-alone", "选址完成", {"审核意见": "通过", "退回理由": "没有数量"}),
        ("review-close", "选址完成", {"同意销号": "是"}),
        ("review-close", "资金未到", {"同意销号": "是"}),
        ("review-reason", "拨付一成", {"同意销号": "否"}),
        ("review-word", "拨付一成", {"同意销号": "再说"}),
        ("review-row-unknown", "选址完成", {"编号": "别的", "审核意见": "通过"}),
        ("cell-error", "选址完成", {"报告用语": "#REF!"}),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_of_the_file_is_kept(quarter, tmp_path, code, find, cells):
    path = ruled(review_file(quarter, tmp_path, "2026Q1"), "综合", "综述", {"内容": "总体平稳。"})
    ruled(path, "进展", find, cells)
    row = row_with(openpyxl.load_workbook(path)["进展审核"], find)
    result = loaded(quarter, path)
    assert [code] == codes(result)
    assert f"审核台账.xlsx“进展审核”第{row}行" in result.findings[0].source
    assert set() == saying(quarter)


def test_a_text_that_is_too_long_is_told_with_its_count(quarter, tmp_path):
    path = ruled(review_file(quarter, tmp_path, "2026Q1"), "进展", "选址完成", {"报告用语": "长" * 123})
    [found] = loaded(quarter, path).findings
    assert "“报告用语”有123个字，最多100个字" == found.what


def test_a_row_that_stands_twice_with_different_words_is_refused(quarter, tmp_path):
    path = ruled(review_file(quarter, tmp_path, "2026Q1"), "进展", "选址完成", {"审核意见": "通过"})
    book = openpyxl.load_workbook(path)
    page = book["进展审核"]
    for cell in page[4]:
        page.cell(7, cell.column).value = cell.value
    page.cell(7, [cell.value for cell in page[3]].index("核定状态") + 1).value = "进展滞后"
    book.save(path)
    assert ["review-row-twice"] == codes(loaded(quarter, path))
    assert set() == saying(quarter)


def test_a_row_whose_text_changed_since_the_workbook_was_written_is_told_and_not_taken(quarter, tmp_path):
    path = review_file(quarter, tmp_path, "2026Q1")
    reported(quarter, tmp_path, "2026Q1", "县教育局", SCHOOL_Q1.replace("选址完成", "已经开工"))
    ruled(path, "进展", "选址完成", {"审核意见": "通过"})
    ruled(path, "进展", "拨付一成。", {"审核意见": "通过"})
    result = loaded(quarter, path)
    assert (1, ["review-text-changed"]) == (result.new, codes(result))
    assert {("县教育局", "T002", "passed", "pass")} == saying(quarter)


def test_a_text_that_changed_after_it_was_judged_is_marked_until_somebody_looked_again(quarter, tmp_path):
    loaded(quarter, ruled(review_file(quarter, tmp_path, "2026Q1"), "进展", "选址完成", {"核定状态": "进展滞后"}))
    reported(quarter, tmp_path, "2026Q1", "县教育局", SCHOOL_Q1.replace("选址完成", "已经开工"))
    path = review_file(quarter, tmp_path, "2026Q1", "二.xlsx")
    [row, *_] = shown(path, "进展")
    assert ("进展滞后", "有改动") == (row["核定状态"], row["审后有改动"])
    assert 0 == loaded(quarter, path).again, "left as it is, nobody looked"
    result = loaded(quarter, ruled(path, "进展", "已经开工", {"审后有改动": "已复核"}))
    assert (0, 1) == (result.new, result.again)
    [row, *_] = shown(review_file(quarter, tmp_path, "2026Q1", "三.xlsx"), "进展")
    assert ("进展滞后", None) == (row["核定状态"], row["审后有改动"])


def test_two_officers_copies_are_joined_and_what_differs_is_told_with_both_words(quarter, tmp_path):
    one, two = (review_file(quarter, tmp_path, "2026Q1", name) for name in ("甲.xlsx", "乙.xlsx"))
    ruled(one, "进展", "选址完成", {"核定状态": "进展滞后", "审核人": "甲"})
    ruled(two, "进展", "选址完成", {"核定状态": "正常推进", "报告用语": "选址。"})
    ruled(two, "进展", "资金未到", {"审核意见": "通过"})
    assert [] == codes(loaded(quarter, one))
    result = loaded(quarter, two)
    assert (2, ["review-conflict"]) == (result.new, codes(result))
    [found] = result.findings
    assert "“核定状态”填的是“正常推进”，写表以后已由他人登记为“进展滞后”（甲，“甲.xlsx”），这一格没有登记" == found.what
    assert {
        ("县教育局", "T001", "state", "进展滞后"),
        ("县教育局", "T001", "wording", "选址。"),
        ("县财政局", "T002", "passed", "pass"),
    } == saying(quarter)


def test_an_officer_who_left_a_cell_alone_does_not_undo_what_another_one_said_meanwhile(quarter, tmp_path):
    loaded(quarter, ruled(review_file(quarter, tmp_path, "2026Q1"), "进展", "选址完成", {"核定状态": "进展滞后"}))
    one, two = (review_file(quarter, tmp_path, "2026Q1", name) for name in ("甲.xlsx", "乙.xlsx"))
    loaded(quarter, ruled(one, "进展", "选址完成", {"核定状态": "正常推进"}))
    assert [] == codes(loaded(quarter, ruled(two, "进展", "选址完成", {"审核意见": "通过"})))
    assert ("县教育局", "T001", "state", "正常推进") in saying(quarter)


def test_a_reason_goes_with_the_return_that_it_gave_grounds_for(quarter, tmp_path):
    path = review_file(quarter, tmp_path, "2026Q1")
    loaded(quarter, ruled(path, "进展", "选址完成", {"审核意见": "退回", "退回理由": "没有数量"}))
    assert {("县教育局", "T001", "passed", "back"), ("县教育局", "T001", "reason", "没有数量")} == saying(quarter)
    path = review_file(quarter, tmp_path, "2026Q1", "二.xlsx")
    loaded(quarter, ruled(path, "进展", "选址完成", {"审核意见": "通过"}))
    assert {("县教育局", "T001", "passed", "pass")} == saying(quarter)


def test_what_is_said_of_the_period_is_kept_apart_from_the_tasks(quarter, tmp_path):
    path = ruled(review_file(quarter, tmp_path, "2026Q1"), "综合", "综述", {"内容": "总体平稳。"})
    ruled(path, "综合", "建议", {"内容": "加快进度。"})
    assert 2 == loaded(quarter, path).new
    assert {("", "", "summary", "总体平稳。"), ("", "", "advice", "加快进度。")} == saying(quarter, ON_PERIOD)


def test_a_workbook_whose_hidden_marks_are_gone_is_refused(quarter, tmp_path):
    path = review_file(quarter, tmp_path, "2026Q1")
    book = openpyxl.load_workbook(path)
    for page in book:
        for row in page.iter_rows(min_row=4, max_col=1):
            row[0].value = None
    book.save(path)
    with pytest.raises(InputError, match="认不出来"):
        loaded(quarter, path)


def test_other_files_are_no_review_workbooks(quarter, tmp_path):
    assert open_review(tmp_path / "没有.xlsx") is None
    assert open_review(sent_form(quarter, tmp_path, "2026Q1", "县教育局")) is None


def test_the_units_texts_stay_byte_for_byte_as_they_were(quarter, tmp_path):
    before = quarter.values(NAME)
    path = review_file(quarter, tmp_path, "2026Q1")
    ruled(path, "进展", "选址完成", {"核定状态": "进展滞后", "报告用语": "另说。"})
    loaded(quarter, ruled(path, "进展", "拨付一成。", {"同意销号": "是"}))
    assert before.equals(quarter.values(NAME))


def test_a_workbook_that_libreoffice_saved_again_is_taken_as_it_was_filled_in(quarter, tmp_path):
    path = ruled(review_file(quarter, tmp_path, "2026Q1"), "进展", "选址完成", {"核定状态": "进展滞后"})
    [again] = resaved([path], tmp_path / "再存")
    result = loaded(quarter, again)
    assert (1, []) == (result.new, codes(result))


def test_a_state_of_another_set_that_nobody_touched_is_no_news_and_no_mistake(quarter, tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "states.toml").write_text('use = "三色灯"', encoding="utf-8")
    lights = Settings(tmp_path)
    path = write_review(quarter, NAME, tmp_path / "灯.xlsx", "2026Q1", lights, TODAY).path
    found = open_review(ruled(path, "进展", "选址", {"核定状态": "红灯"}))
    assert found
    assert 1 == found.load(quarter, NAME, lights, TODAY).new

    later = open_review(ruled(review_file(quarter, tmp_path, "2026Q1"), "进展", "拨付", {"报告用语": "已拨。"}))
    assert later
    taken = later.load(quarter, NAME, today=TODAY)
    assert (1, []) == (taken.new, codes(taken))


def test_where_green_stands_for_done_what_is_green_may_be_closed(quarter, tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "states.toml").write_text('use = "三色灯"', encoding="utf-8")
    path = write_review(quarter, NAME, tmp_path / "灯.xlsx", "2026Q1", Settings(tmp_path), TODAY).path
    found = open_review(ruled(path, "进展", "选址", {"同意销号": "是"}))
    assert found
    taken = found.load(quarter, NAME, Settings(tmp_path), TODAY)
    assert (1, []) == (taken.new, codes(taken))


def test_what_was_said_of_a_unit_under_its_old_name_can_be_taken_back(quarter, tmp_path):
    said = {"审核意见": "退回", "退回理由": "不实"}
    loaded(quarter, ruled(review_file(quarter, tmp_path, "2026Q1"), "进展", "选址", said))
    quarter.add_roster(NAME, Roster((UnitEntry("县教体局", aliases=("县教育局",)),)))
    assert {("县教体局", "T001"): "不实"} == sent_back(quarter, NAME, "2026Q1")

    undone = {"审核意见": "撤回", "退回理由": "撤回"}
    loaded(quarter, ruled(review_file(quarter, tmp_path, "2026Q1", "又.xlsx"), "进展", "选址", undone))
    assert {} == sent_back(quarter, NAME, "2026Q1")


def test_a_row_of_a_unit_that_was_renamed_since_is_told_and_the_other_rows_are_taken(quarter, tmp_path):
    path = review_file(quarter, tmp_path, "2026Q1")
    loaded(quarter, ruled(path, "进展", "选址", {"报告用语": "已选址。"}))
    path = review_file(quarter, tmp_path, "2026Q1", "先写的.xlsx")
    quarter.add_roster(NAME, Roster((UnitEntry("县教体局", aliases=("县教育局",)),)))
    ruled(path, "进展", "拨付", {"报告用语": "已拨。"}, "县教育局")
    taken = loaded(quarter, ruled(path, "进展", "资金未到", {"核定状态": "进展滞后"}))

    assert (1, ["review-row-gone"]) == (taken.new, codes(taken))
    assert "第5行" in taken.findings[0].source
