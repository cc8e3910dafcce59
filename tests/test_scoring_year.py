"""Scores and comparisons of a year in which the office ruled and the plan was changed, counted by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from taskkit import approving
from taskkit.changing.applying import UNIT, WITHDRAW
from taskkit.changing.keeping import keep_changes
from taskkit.comparing import compare
from taskkit.entries import PlanChange, Ruling
from taskkit.ledger import Ledger
from taskkit.roster import Roster
from taskkit.rulings import (
    BACK,
    CLOSED,
    GOALS,
    PASS,
    PASSED,
    REQUEST,
    STATE,
    TASK,
)
from taskkit.scoring import Scores, score
from taskkit.scoring.adjustments import rulings_of
from taskkit.scoring.counting import Adjustment
from taskkit.scoring.taking import open_scores
from taskkit.scoring.writing import write_scores
from tests.filled import NAME, fill, ledger_of, plan_of, send
from tests.returned_books import table

DUE = {"plan": date(2026, 3, 15), "2026Q1": date(2026, 4, 10), "2026Q2": date(2026, 7, 10)}
TODAY = date(2026, 7, 20)
LEADS = [["县水务局", "县财政局"], ["县财政局"], ["县教育局"], ["县教育局"], ["县文旅局"]]
TARGET = {
    "task_id": "T003",
    "target_id": "T003.1",
    "text": "新增学位1000个以上",
    "indicator": "新增学位",
    "op": ">=",
    "value": 1000.0,
    "unit": "个",
    "kind": "count",
}
# In June 县教育局 becomes 县教育体育局 and has its form a second time; T005 is withdrawn.
YEAR = """
| unit      | period | received   | row    | column   | text         | state  |
| 县水务局   | plan   | 2026-03-15 | T001   | 二季度目标 | 开工          |        |
| 县财政局   | plan   | 2026-03-15 | T001   | 二季度目标 | 拨付一半      |        |
| 县财政局   | plan   | 2026-03-15 | T002   | 二季度目标 | 拨付          |        |
| 县教育局   | plan   | 2026-03-15 | T003.1 | 二季度目标 | 500          |        |
| 县教育局   | plan   | 2026-03-15 | T004   | 二季度目标 |              |        |
| 县文旅局   | plan   | 2026-03-15 | T005   | 二季度目标 | 开工          |        |
| 县水务局   | 2026Q1 | 2026-04-10 | T001   | progress | 建成。        | 已完成  |
| 县财政局   | 2026Q1 | 2026-04-10 | T001   | progress | 拨付一成。     | 正常推进 |
| 县财政局   | 2026Q1 | 2026-04-10 | T002   | progress | 拨付完毕。     | 正常推进 |
| 县教育局   | 2026Q1 | 2026-04-10 | T003   | progress | 开工。        | 正常推进 |
| 县教育局   | 2026Q1 | 2026-04-10 | T003.1 | achieved | 200          |        |
| 县教育局   | 2026Q1 | 2026-04-10 | T004   | progress | 选址。        | 正常推进 |
| 县文旅局   | 2026Q1 | 2026-04-10 | T005   | progress | 筹备。        | 正常推进 |
| 县水务局   | 2026Q2 | 2026-07-10 | T001   | progress |              |        |
| 县财政局   | 2026Q2 | 2026-07-10 | T001   | progress | 拨付六成。     | 进展滞后 |
| 县财政局   | 2026Q2 | 2026-07-10 | T002   | progress |              |        |
| 县教育局   | 2026Q2 | 2026-07-12 | T003   | progress | 封顶。        | 正常推进 |
| 县教育局   | 2026Q2 | 2026-07-12 | T003.1 | achieved | 270          |        |
| 县教育局   | 2026Q2 | 2026-07-12 | T004   | progress |              |        |
| 县教育体育局 | 2026Q2 |            | T003   | progress |              |        |
| 县教育体育局 | 2026Q2 |            | T003.1 | achieved |              |        |
| 县教育体育局 | 2026Q2 |            | T004   | progress |              |        |
| 县文旅局   | 2026Q2 |            | T005   | progress |              |        |
"""
# Whose word it is, or "" for the unit that sums up (T001: 县水务局).
RULED = """
| topic   | period | unit   | row  | column  | value           |
| task    | 2026Q1 |        | T001 | state   | 进展滞后          |
| task    | 2026Q1 |        | T002 | closed  | yes             |
| task    | 2026Q1 |        | T004 | closed  | no              |
| request | 2026Q1 | 县教育局 | R1   | passed  | pass            |
| request | 2026Q1 | 县教育局 | R1   | row     | T003.1          |
| request | 2026Q1 | 县教育局 | R1   | column  | 二季度目标        |
| request | 2026Q1 | 县教育局 | R1   | value   | 300             |
| request | 2026Q1 | 县教育局 | R2   | passed  | pass            |
| request | 2026Q1 | 县教育局 | R2   | row     | T004            |
| request | 2026Q1 | 县教育局 | R2   | column  | 二季度目标        |
| request | 2026Q1 | 县教育局 | R2   | value   | 完成选址          |
| task    | 2026Q2 |        | T001 | state   | 进展滞后          |
| task    | 2026Q2 |        | T001 | wording | 尚未验收。         |
| task    | 2026Q2 | 县财政局 | T001 | state   | 正常推进          |
"""


def forms(ledger: Ledger, markdown: str) -> None:
    """Send each unit its form of a period, and take it back where a day is given."""
    rows = table(markdown)
    for unit, period in dict.fromkeys((row["unit"], row["period"]) for row in rows):
        own = [row for row in rows if (row["unit"], row["period"]) == (unit, period)]
        book = send(ledger, unit, list(dict.fromkeys(row["row"] for row in own)), period, DUE[period])
        filled = {
            row["row"]: {row["column"]: row["text"], **({"state": row["state"]} if row["state"] else {})}
            for row in own
            if row["text"]
        }
        if own[0]["received"]:
            fill(ledger, book, filled, date.fromisoformat(own[0]["received"]))


def rule(ledger: Ledger, markdown: str) -> None:
    said = [
        Ruling(row["topic"], row["column"], row["value"], row["period"], row["unit"], row["row"])
        for row in table(markdown)
    ]
    ledger.keep_rulings(NAME, said)


def change(ledger: Ledger, day: date, kind: str, **content: str) -> None:
    said = PlanChange(kind, content, day, "会议纪要")
    keep_changes(ledger, NAME, [said], "变更.xlsx", b"x", ledger.last_change(NAME))


@pytest.fixture
def ledger() -> Ledger:
    ledger = ledger_of(plan_of(LEADS, targets=[TARGET]))
    forms(ledger, YEAR)
    rule(ledger, RULED)
    change(ledger, date(2026, 6, 1), UNIT, old="县教育局", new="县教育体育局")
    change(ledger, date(2026, 6, 15), WITHDRAW, task_id="T005")
    return ledger


def evidence(scores: Scores, unit: str) -> list[str]:
    return [line.evidence for each in scores.units if each.unit == unit for line in each.lines]


# --- the score ----------------------------------------------------------------------------

# 水务 says that T001 is done, the office that it is not: the second quarter shows no progress of its one task, −10.
# 财政 T002 is closed and need not show any. 教育 no goal of T004 until one was agreed: nothing; T004 was refused to be
# closed, so one of two tasks shows no progress, −5; its form under the new name is the same. 文旅 T005 is withdrawn.
BY_HAND = {"县水务局": 90, "县财政局": 100, "县教育体育局": 95, "县文旅局": 100}


def test_rulings_agreed_goals_and_changes_of_the_plan_count_as_a_person_counts_them(ledger):
    scores = score(ledger, NAME, TODAY)
    assert BY_HAND == {each.unit: each.total for each in scores.units}
    assert ["1项任务中1项没有进展（T001）"] == [each.partition("；")[0] for each in evidence(scores, "县水务局")]
    [said] = evidence(scores, "县教育体育局")
    assert said.startswith("2项任务中1项没有进展（T004）；2026年二季度工作进展：7月10日截止，7月12日收到")
    assert "发给“县教育局”" in said


def test_by_a_day_before_the_changes_the_plan_and_the_names_are_those_of_that_day(ledger):
    units = {each.unit for each in score(ledger, NAME, date(2026, 5, 31)).units}
    assert {"县水务局", "县财政局", "县教育局", "县文旅局"} == units


WITHOUT = [
    (TASK, STATE, "T001", {"县水务局": 100}),  # done by its own word
    (TASK, CLOSED, "T002", {"县财政局": 95}),  # one of two tasks without progress
    (REQUEST, PASSED, "R2", {"县教育体育局": 90}),  # one of two tasks without goals
]


@pytest.mark.parametrize(("topic", "column", "row", "expected"), WITHOUT)
def test_and_what_the_office_takes_back_counts_no_more(ledger, topic, column, row, expected):
    unit = "县教育局" if topic == REQUEST else ""
    ledger.keep_rulings(NAME, [Ruling(topic, column, "", "2026Q1", unit, row)])
    assert BY_HAND | expected == {each.unit: each.total for each in score(ledger, NAME, TODAY).units}


def test_goals_that_are_approved_or_wait_to_be_mended_stand_in_the_evidence(ledger):
    ledger.keep_rulings(NAME, [Ruling(TASK, CLOSED, "", "2026Q1", "", "T002")])  # what is closed need not be mended
    texts = approving.texts(ledger, NAME, "plan", Roster())
    said = (("T001", PASS), ("T002", BACK))
    about = [(row, value, texts["县财政局", row]) for row, value in said]
    ledger.keep_rulings(
        NAME, [Ruling(GOALS, PASSED, value, "plan", "县财政局", row, text) for row, value, text in about]
    )
    records = next(each.records for each in score(ledger, NAME, TODAY).units if each.unit == "县财政局")
    assert "目标审定1项；待修改：T002" in records[0].evidence
    assert 1 == len(records[0].sent_back)


@pytest.mark.parametrize(("day", "times"), [(date(2026, 5, 31), 1), (TODAY, 0)])
def test_what_went_back_counts_no_more_once_its_task_is_withdrawn(ledger, day, times):
    ledger.keep_rulings(NAME, [Ruling(GOALS, PASSED, BACK, "plan", "县文旅局", "T005", "开工")])
    records = next(each.records for each in score(ledger, NAME, day).units if each.unit == "县文旅局")
    assert times == len(records[0].sent_back)


MERGED = """
| unit   | period | received   | row  | column   | text  | state |
| 县农业局 | 2026Q1 | 2026-04-10 | T001 | progress | 开工。 |       |
| 县文旅局 | 2026Q1 |            | T002 | progress |       |       |
"""


def test_the_forms_of_units_that_were_merged_since_count_both(tmp_path):
    ledger = ledger_of(plan_of([["县农业局"], ["县文旅局"]]))
    forms(ledger, MERGED)
    change(ledger, date(2026, 6, 1), UNIT, old="县文旅局", new="县农业局")
    [unit] = score(ledger, NAME, TODAY).units
    assert ("县农业局", Decimal(90), 2) == (unit.unit, unit.total, len(unit.records))


@pytest.mark.parametrize(("points", "total"), [(2, 97), ("撤回", 95)])
def test_a_bonus_that_was_changed_or_taken_back_under_a_new_name_counts_once(ledger, tmp_path, points, total):
    ledger.keep_rulings(
        NAME, rulings_of(Adjustment("县教育局", "bonus", "", "", Decimal(3), "获市级表彰", "云小舟", 1))
    )
    scores = score(ledger, NAME, TODAY)
    assert 98 == next(each.total for each in scores.units if "教育" in each.unit)
    write_scores(ledger, scores, tmp_path / "计分表.xlsx")
    book = openpyxl.load_workbook(tmp_path / "计分表.xlsx")
    [cell] = [row[1] for row in book["手工调整"].iter_rows(min_row=4) if row[1].value == "县教育体育局"]
    book["手工调整"].cell(cell.row, 6).value = points
    book.save(tmp_path / "计分表.xlsx")
    found = open_scores(tmp_path / "计分表.xlsx")
    assert found is not None
    assert [] == [each.code for each in found.load(ledger, NAME, today=TODAY).findings]
    assert total == next(each.total for each in score(ledger, NAME, TODAY).units if "教育" in each.unit)


# --- the comparison -----------------------------------------------------------------------

UNITS = """
| unit       | tasks | on_schedule_text | done_text    | on_time_text   | late | missing |
| 县水务局    | 1     | 0/1项，占0%       | 0/1项，占0%   | 3/3次，占100%   | 0    | 0       |
| 县财政局    | 2     | 2/2项，占100%     | 1/2项，占50%  | 3/3次，占100%   | 0    | 0       |
| 县教育体育局 | 2     | 1/2项，占50%      | 0/2项，占0%   | 2/3次，占66.7%  | 1    | 0       |
"""
STATES = {
    "县水务局": {"进展滞后": 1},
    "县财政局": {"正常推进": 1, "已销号": 1},
    "县教育体育局": {"正常推进": 1, "未更新": 1},
}
CHANGES = """
| task_id | unit       | before | now    | change  |
| T001    | 县水务局    | 进展滞后 | 进展滞后 | 持平    |
| T002    | 县财政局    | 已销号  | 已销号  | 持平    |
| T003    | 县教育体育局 | 正常推进 | 正常推进 | 持平    |
| T004    | 县教育体育局 | 正常推进 | 未更新  | 无法比较 |
"""
PROMISES = """
| task_id | promised | achieved                 | rate | stage_rate | state  |
| T003    | 300      | 270                      | 27.0 | 90.0       | 正常推进 |
| T004    | 完成选址  |                          | nan  | nan        | 未更新  |
"""


def test_units_stand_by_the_office_s_word_on_each_and_under_their_new_name_once(ledger):
    part = compare(ledger, NAME, today=TODAY).part("main")
    frame = part.unit_frame.set_index("unit", drop=False).loc[list(STATES), list(table(UNITS)[0])]
    assert table(UNITS) == [{key: str(value) for key, value in row.items()} for row in frame.to_dict("records")]
    assert STATES == {each.unit: dict(each.states) for each in part.units}
    assert "一个任务多家牵头的分别计入：各单位合计5项次，任务实为4项。" == part.each_counted
    assert ("共4项；另有1项已撤销，不计", "2/4项，占50%") == (part.counted, part.on_schedule.text)


def test_states_of_both_periods_are_those_of_the_office(ledger):
    part = compare(ledger, NAME, today=TODAY).part("main")
    columns = list(table(CHANGES)[0])
    assert table(CHANGES) == [
        {key: str(value) for key, value in row.items()} for row in part.change_frame[columns].to_dict("records")
    ]


def test_results_stand_beside_the_goals_that_were_agreed_to_and_in_the_office_s_words(ledger):
    part = compare(ledger, NAME, today=TODAY).part("main")
    frame = part.promise_frame
    rows = frame[frame["task_id"].isin(["T003", "T004"])][list(table(PROMISES)[0])].to_dict("records")
    assert table(PROMISES) == [{key: str(value) for key, value in row.items()} for row in rows]
    assert "尚未验收。" == part.promises[0].achieved
