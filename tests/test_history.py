"""What a task's values were over time, and taking a submission back."""

from __future__ import annotations

import pytest

from taskkit import history
from taskkit.deciding import listed
from taskkit.errors import UsageError
from taskkit.histories import entries, find_task
from taskkit.ledger import Ledger
from taskkit.plan import PlanInfo, make_plan
from taskkit.undoing import undo
from tests.returned_books import filled, ledger_with, stamped
from tests.returned_steps import HEAD, collected, in_ledger, outcomes
from tests.test_deciding import decided

TASK = ("T001", "本期进展")


def at(minute: int, rows: str, data: bytes | None = None) -> bytes:
    """The form with some more rows typed in, saved so many minutes later."""
    return stamped(filled(f"{HEAD}{rows}", data), f"2026-04-08T09:{minute:02d}:00Z")


FIRST = at(1, "| T001 | 本期进展 | 甲一 |\n| T001.1 | 累计完成值 | 1 |\n| T003 | 本期进展 | 乙一 |")
SECOND = at(2, "| T001 | 本期进展 | 甲二 |", FIRST)


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    """A ledger after two returns of one workbook."""
    ledger = ledger_with()
    for data in (FIRST, SECOND):
        collected(ledger, tmp_path, data)
    return ledger


def told(ledger: Ledger, task: str = "T001") -> list[tuple[str, str, str, str]]:
    """Column, what stood before, what came, and what became of it."""
    return [(each.column, each.before, each.value, each.state.label) for each in entries(ledger, "云溪", task)]


def test_every_version_is_told_with_what_it_replaced_also_of_the_tasks_targets(ledger):
    assert told(ledger) == [
        ("本期进展", "", "甲一", "已被替换"),
        ("本期进展", "甲一", "甲二", "现值"),
        ("累计完成值", "", "1", "现值"),
    ]


def test_a_frame_says_which_return_brought_it_and_when(ledger):
    frame = history(ledger, "云溪", "T001")
    row = frame.iloc[1]
    assert ("县教育局", "2026Q1", "甲一", "甲二", 2) == (row.unit, row.period, row.before, row.value, row.submission)
    assert ["T001.1"] == list(frame["target_id"].dropna())


def test_a_withdrawn_version_stays_in_sight_and_the_one_before_stands_again(ledger):
    undo(ledger, 2)
    assert [("本期进展", "", "甲一", "现值"), ("本期进展", "甲一", "甲二", "已撤回")] == told(ledger)[:2]


def test_what_waits_and_what_was_declined_are_told_too(ledger, tmp_path):
    collected(ledger, tmp_path, filled(f"{HEAD}| T001 | 本期进展 | 丙说 |"), "丙.xlsx")
    assert ("本期进展", "甲二", "丙说", "待决定") in told(ledger)
    decided(ledger, tmp_path, {"决定": "保留台账", "决定人": "督查室甲"}).load(ledger, "云溪")
    assert ("本期进展", "甲二", "丙说", "未采用") in told(ledger)
    office = next(each for each in entries(ledger, "云溪", "T001") if each.said and each.said[0].is_decision)
    assert ("甲二", "督查室甲") == (office.value, office.matter and office.matter.decided_by)


def test_only_one_unit_or_period_on_demand(ledger):
    assert not entries(ledger, "云溪", "T001", unit="县民政局")
    assert not entries(ledger, "云溪", "T001", period="2026Q2")


PLAN = make_plan(
    PlanInfo(title="云溪", year=2026),
    tasks=[
        {"task_id": "T001", "part": "main", "no": 1, "title": "新建学校5所"},
        {"task_id": "T012", "part": "main", "no": 2, "title": "修路30公里"},
        {"task_id": "A001", "part": "annex", "no": 1, "title": "新建学位900个"},
    ],
)


@pytest.mark.parametrize(
    ("text", "task_id"), [("T012", "T012"), ("t12", "T012"), ("Ｔ012.1", "T012"), ("2", "T012"), ("修路", "T012")]
)
def test_a_task_is_found_by_id_number_or_part_of_its_title(text, task_id):
    assert task_id == find_task(PLAN, text)


@pytest.mark.parametrize(
    ("text", "word"), [("1", "A001 新建学位900个"), ("新建", "T001 新建学校5所"), ("桥", "没有找到")]
)
def test_where_a_text_fits_several_tasks_or_none_they_are_named(text, word):
    with pytest.raises(UsageError) as raised:
        find_task(PLAN, text)
    assert word in str(raised.value)


# --- undo -----------------------------------------------------------------------------


def test_an_undo_tells_what_comes_back_and_what_vanishes(ledger, tmp_path):
    collected(ledger, tmp_path, at(3, "| T001 | 存在问题 | 缺人 |\n| T001 | 本期进展 | 甲三 |", SECOND))
    undone = undo(ledger, 3)
    assert {TASK: ("甲三", "甲二"), ("T001", "存在问题"): ("缺人", None)} == undone.cells
    assert "甲二" == in_ledger(ledger)[TASK]


def test_a_preview_changes_nothing(ledger):
    before = in_ledger(ledger)
    assert {TASK: ("甲二", "甲一")} == undo(ledger, 2, preview=True).cells
    assert before == in_ledger(ledger)


def test_what_a_later_return_said_again_does_not_vanish(ledger):
    assert {} == undo(ledger, 1).cells
    assert "乙一" == in_ledger(ledger)["T003", "本期进展"]


def test_after_an_undo_the_file_may_be_collected_again(ledger, tmp_path):
    undo(ledger, 2)
    assert ["accepted"] == outcomes(collected(ledger, tmp_path, SECOND))
    assert "甲二" == in_ledger(ledger)[TASK]


def test_the_file_of_a_submission_can_be_had_back_byte_for_byte(ledger):
    assert SECOND == ledger.submitted_file(2)


def test_an_unknown_number_and_one_withdrawn_already_are_said_so(ledger):
    undo(ledger, 2)
    with pytest.raises(UsageError, match="已经撤回"):
        undo(ledger, 2)
    with pytest.raises(UsageError, match="编到第2号"):
        undo(ledger, 9)


def test_a_decision_outlives_the_return_that_it_was_about(ledger, tmp_path):
    collected(ledger, tmp_path, filled(f"{HEAD}| T001 | 本期进展 | 丙说 |\n| T003 | 存在问题 | 缺人 |"))
    decided(ledger, tmp_path, {"决定": "采用收回"}).load(ledger, "云溪")
    undone = undo(ledger, 3)
    assert 1 == len(undone.kept)
    assert "丙说" == in_ledger(ledger)[TASK]
    assert [] == listed(ledger, "云溪")
