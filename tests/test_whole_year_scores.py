"""The end of the sample plan's year: units and quarters compared, the year's scores, all worked out by hand.

The story is in year/story.py; each expected number follows from it and from the plan.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from taskkit.comparing import PartComparison, compare
from taskkit.comparing.changes import Change
from taskkit.scoring import Scores, score
from taskkit.settings import Settings
from tests.returned_books import table
from tests.year.looking import COUNTED, END, QUARTERS
from tests.year.office import NAME
from tests.year.story import Year, year_once

EXTRA = ("late", "sent-back", "target-missed", "directive-overdue")  # rules that are off unless an office wants them


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return year_once(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def compared(year: Year) -> dict[str, PartComparison]:
    """The main part of each quarter that has one before it."""
    periods = list(QUARTERS)[1:]
    return {each: compare(year.ledger, NAME, each, today=QUARTERS[each]).part("main") for each in periods}


# --- comparing --------------------------------------------------------------------------------------------

UNITS = """
| 报送期 | 单位             | 项数 | 按序时及以上  | 已完成        | 按时报送       | 迟报 | 未报 |
| 2026Q2 | 县住房城乡建设局 | 4    | 3/4项，占75%  | 1/4项，占25%  | 5/5次，占100%  | 0    | 0    |
| 2026Q2 | 县水务局         | 2    | 0/2项，占0%   | 0/2项，占0%   | 4/5次，占80%   | 0    | 1    |
| 2026Q4 | 县政务服务数据局 | 1    | 1/1项，占100% | 1/1项，占100% | 7/7次，占100%  | 0    | 0    |
| 2026Q4 | 县林业局         | 2    | 2/2项，占100% | 2/2项，占100% | 8/9次，占88.9% | 1    | 0    |
| 2026Q4 | 县农业农村局     | 5    | 5/5项，占100% | 3/5项，占60%  | 9/9次，占100%  | 0    | 0    |
"""


@pytest.mark.parametrize("row", table(UNITS), ids=lambda row: f"{row['报送期']}-{row['单位']}")
def test_units_are_compared_by_all_that_they_lead_what_is_closed_too(compared, row):
    """Forms: goals, then a lead and a support form each quarter; none of the lead's once all it leads is closed."""
    period, unit, *said = row.values()
    part = compared[period]
    [own] = [each for each in part.units if each.unit == unit]
    shares = [each.text for each in (own.on_schedule, own.done, own.on_time)]
    assert said == [str(own.tasks), *shares, str(own.late), str(own.missing)]
    assert "各单位合计54项次，任务实为48项" in part.each_counted, "six tasks have two lead units"


@pytest.mark.parametrize(("before", "period"), list(pairwise(COUNTED)))
def test_this_quarter_and_the_last_are_compared_state_by_state(compared, before, period):
    part = compared[period]
    assert COUNTED[period] == {each.name: each.now.number for each in part.counts if each.now.number}
    assert COUNTED[before] == {each.name: each.before.number for each in part.counts if each.before.number}


def test_each_task_says_how_it_moved_in_the_second_quarter(compared):
    """One unit was missing (tasks 25, 26), one said nothing of task 48; 22 was closed before."""
    part = compared["2026Q2"]
    moved = {str(kind): {each.task_id for each in part.changes if each.change is kind} for kind in Change}
    assert {"T019", "T029", "T033"} == moved["新完成"]
    assert {"T015", "T018", "T020", "T027", "T045"} == moved["转好"]
    assert {"T007", "T028", "T035"} == moved["转差"]
    assert {"T024", "T031"} == moved["有变化"], "from 未启动 to 进展滞后"
    assert {"T025", "T026", "T048"} == moved["无法比较"]
    assert 48 - 16 == len(moved["持平"])


# --- the year's scores ------------------------------------------------------------------------------------

# From 100, by the default rules; N is the number of a return. 43 units: the 44 that reported without the one
# that is not scored. 35 of them lost nothing, so that 95 points are rank 1 + 35 and 90 are rank 1 + 35 + 3.
SCORES = """
| 单位             | 项目                   | 报送期  | 部分  | 分值 | 得分 | 名次 | 依据 |
| 县政务服务数据局 | 加分                   |         |       | 2    | 102  | 1    | 做法在全市推广（督查室登记，“计分表.xlsx”） |
| 县司法局         | 落实方案没有目标和举措 | plan    | main  | -5   | 95   | 36   | 2项任务中1项没有目标和举措（T034）；2026年落实方案：2026年3月20日截止，2026年3月18日收到（第N号报送）；目标审定2项 |
| 县金融服务中心   | 落实方案没有目标和举措 | plan    | main  | -5   | 95   | 36   | 1项任务中1项没有目标和举措（T036）；2026年落实方案：2026年3月20日截止，2026年3月18日收到（第N号报送）；目标审定1项 |
| 县政府办公室     | 报送没有进展           | 2026Q2  | main  | -5   | 95   | 36   | 2项任务中1项没有进展（T048）；2026年二季度工作进展：7月10日截止，7月8日收到（第N号报送） |
| 县交通运输局     | 未报进展               | 2026-08 | annex | -10  | 90   | 39   | 2026年8月民生实事进展：9月5日截止，未报，已逾期132天 |
| 县水务局         | 未报进展               | 2026Q2  | main  | -10  | 90   | 39   | 2026年二季度工作进展：7月10日截止，未报，已逾期189天；2026年二季度配合任务进展：7月3日截止，7月2日收到（第N号报送） |
| 县医保局         | 未报落实方案           | plan    | main  | -10  | 90   | 39   | 2026年落实方案：2026年3月20日截止，未报，已逾期301天 |
| 云溪供电公司     | 报送没有进展           | 2026Q3  | main  | -10  | 90   | 39   | 2项任务中2项没有进展（T010、T030）；2026年三季度配合任务进展：9月30日截止，9月29日收到（第N号报送） |
| 县残联           | 未报进展               | 2026Q1  | main  | -10  | 80   | 43   | 2026年一季度配合任务进展：4月3日截止，未报，已逾期287天 |
| 县残联           | 未报进展               | 2026Q2  | main  | -10  | 80   | 43   | 2026年二季度配合任务进展：7月3日截止，未报，已逾期196天 |
"""  # noqa: E501


@pytest.fixture(scope="module")
def scores(year: Year) -> Scores:
    return score(year.ledger, NAME, END)


def test_the_years_scores_are_those_worked_out_by_hand_line_by_line_with_their_evidence(scores):
    found = [
        {
            "单位": each.unit,
            "项目": line.name,
            "报送期": line.period,
            "部分": line.part,
            "分值": f"{line.points:f}",
            "得分": f"{each.total:f}",
            "名次": str(each.rank),
            "依据": re.sub(r"第\d+号", "第N号", line.evidence),
        }
        for each in scores.ranked
        for line in each.lines
    ]
    assert table(SCORES) == found


def test_each_score_is_the_sum_of_its_lines_and_who_lost_and_won_nothing_has_100(scores):
    by_hand = {each.unit: 100 for each in scores.units}
    for row in table(SCORES):
        by_hand[row["单位"]] += int(row["分值"])
    assert by_hand == {each.unit: int(each.total) for each in scores.units}
    assert (43, 34) == (len(by_hand), sum(total == 100 for total in by_hand.values()))
    assert {2} == {each.rank for each in scores.units if each.total == 100}


def test_the_evidence_names_the_returns_of_the_unit_itself(year, scores):
    receipts = {each.submission: each for each in year.ledger.receipts(NAME)}
    named = [
        (each.unit, line.period, receipts[int(number)])
        for each in scores.units
        for line in each.lines
        for number in re.findall(r"第(\d+)号", line.evidence)
    ]
    assert 5 == len(named)
    assert [(unit, period) for unit, period, _ in named] == [(kept.unit, kept.period) for _, _, kept in named]


def test_who_is_not_scored_is_named_with_the_reason(scores):
    assert (
        ("县委组织部", "名册注明不计分"),
        ("县供销社", "由“县农业农村局”一并报送，随它计分"),
        ("各镇政府", "是几个单位的合称"),
        ("县直有关单位", "是几个单位的合称"),
    ) == scores.left_out


# With every rule switched on: late 1 a day, sent back 1 a time (a broken file, what the office sent back), a target
# missed 3 (factory floors, buses, debt, estates), a 批示 overdue 3 (one of two units, one late, one never).
ALL_RULES = """
| 单位             | 按默认 | 迟报 | 退回 | 指标 | 批示 | 得分 |
| 县发展改革局     | 100    | 0    | 0    | 0    | -3   | 97   |
| 县财政局         | 100    | 0    | 0    | -3   | 0    | 97   |
| 云溪经开区管委会 | 100    | 0    | 0    | -3   | 0    | 97   |
| 县林业局         | 100    | -3   | -1   | 0    | 0    | 96   |
| 县住房城乡建设局 | 100    | 0    | 0    | -3   | 0    | 97   |
| 县交通运输局     | 90     | 0    | 0    | -3   | 0    | 87   |
| 县水务局         | 90     | 0    | -1   | 0    | 0    | 89   |
| 县民政局         | 100    | -8   | 0    | 0    | 0    | 92   |
| 县应急管理局     | 100    | 0    | -1   | 0    | 0    | 99   |
| 县公安局         | 100    | -4   | -1   | 0    | -3   | 92   |
| 县统计局         | 100    | 0    | 0    | 0    | -3   | 97   |
| 县税务局         | 100    | -4   | 0    | 0    | 0    | 96   |
"""


def test_scores_by_all_rules_of_the_file_are_those_worked_out_by_hand_too(year, scores, tmp_path):
    rules = Path("words/scoring.toml")
    (tmp_path / rules.parent).mkdir()
    text = Settings().template(str(rules)).decode()
    (tmp_path / rules).write_text(text.replace("on = false", "on = true"), encoding="utf-8")
    plain = {each.unit: each.total for each in scores.units}
    found = {
        each.unit: [f"{points:f}" for points in (plain[each.unit], *map(each.points, EXTRA), each.total)]
        for each in score(year.ledger, NAME, END, Settings(tmp_path)).units
        if each.total != plain[each.unit]
    }
    by_hand = {row.pop("单位"): list(row.values()) for row in table(ALL_RULES)}
    assert dict(sorted(by_hand.items())) == dict(sorted(found.items()))
