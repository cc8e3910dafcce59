"""The year 2026 of the sample plan from the first form to the last; the story itself is in year/story.py.

Every number expected here is worked out by hand from the plan and the story: how is said beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.text.paragraph import Paragraph

from taskkit import report
from taskkit.approving import approved, closed_tasks, sent_back
from taskkit.directing import standing
from taskkit.duties import collectives_asked
from taskkit.errors import UsageError
from taskkit.histories import entries
from taskkit.judging.facts import Facts
from taskkit.receipts import FileOutcome
from taskkit.tracking import read_returns, status
from tests.returned_books import table
from tests.year.looking import (
    COUNTED,
    END,
    MONTHS,
    PERIODS,
    QUARTERS,
    counts_in,
    facts_of,
    figures,
    form,
    overdue,
    rows_asked,
    task_of,
    units,
)
from tests.year.office import NAME, cells_of
from tests.year.story import ASKED_GOAL, NEW_LEADER, NEW_UNIT, OLD_LEADER, OLD_UNIT, TOWNS, Year, year_once


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return year_once(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def quarters(year: Year) -> dict[str, Facts]:
    return {period: facts_of(year, period, on) for period, on in QUARTERS.items()}


# --- January to March: the lists, the calendar, the goals -------------------------------------


def test_support_units_report_a_week_before_the_lead_units_and_the_annex_every_month(year):
    """The notice prints five dates of lead units and ten months; the office added four and two."""
    days = {(each.period, each.role, each.due_on) for each in year.duties[date(2026, 4, 5)]}
    assert {
        ("plan", "lead", date(2026, 3, 20)),
        *(("2026Q1", "support", date(2026, 4, 3)), ("2026Q1", "lead", date(2026, 4, 10))),
        *(("2026Q2", "support", date(2026, 7, 3)), ("2026Q2", "lead", date(2026, 7, 10))),
        *(("2026Q3", "support", date(2026, 9, 30)), ("2026Q3", "lead", date(2026, 10, 10))),
        *(("2026Q4", "support", date(2027, 1, 4)), ("2026Q4", "lead", date(2027, 1, 10))),
        *(("2026-01", "lead", date(2026, 3, 13)), ("2026-02", "lead", date(2026, 3, 13))),
        *((f"2026-{month:02d}", "lead", date(2026, month + 1, 5)) for month in range(3, 12)),
        ("2026-12", "lead", date(2027, 1, 5)),
    } == days
    assert ["新增"] * 6 == [each.word for each in year.kept["arranged"].changes]


def test_the_year_has_418_forms_and_no_unit_is_asked_for_one_task_twice_in_a_period(year):
    """26 of goals, 4 × (42 support + 26 lead) of quarters, 12 × 10 of months."""
    assert 26 + 4 * (42 + 26) + 12 * 10 == len(year.duties[date(2026, 4, 5)])
    for period in PERIODS:
        assert {1} == set(rows_asked(year, period).values()), period


def test_each_town_of_a_collective_reports_and_one_without_members_is_nobodys_duty(year):
    assert set(TOWNS) <= units(year, "2026Q1", "support")
    assert [("县直有关单位", tuple(QUARTERS))] == list(collectives_asked(year.ledger, NAME))


def test_what_a_unit_without_a_form_of_its_own_does_stands_in_the_form_of_the_one_that_reports_for_it(year):
    """县供销社 supports tasks 6, 14 and 15; its reporter leads 14 and 15, so that only 6 is asked, once."""
    assert "县供销社" not in units(year, "2026Q1", "support")
    rows = cells_of(form(year, "2026Q1", "support", "县农业农村局"), "配合任务")
    assert "T006" in rows
    assert not {"T014", "T015"} & set(rows)


def test_goals_came_from_all_of_26_units_but_one(year):
    listed = read_returns(year.ledger, NAME, "plan", END)
    assert 26 == len(listed)
    assert ["县医保局"] == [each.unit for each in listed if not each.received]


def test_goals_that_were_sent_back_went_out_again_to_their_two_units_alone_with_the_reasons(year):
    books = year.issued["plan again"].books
    assert {"县水务局", "县林业局"} == set(books[books["outcome"] == "written"]["unit"])
    rows = {unit: cells_of(form(year, "plan", "lead", unit), "落实方案") for unit in ("县水务局", "县林业局")}
    assert "没有写明水厂通水的月份" == rows["县水务局"]["T026"]["审核意见"]
    assert ("油茶低改没有分镇任务", "已审定") == tuple(rows["县林业局"][task]["审核意见"] for task in ("T016", "T029"))
    assert {} == sent_back(year.ledger, NAME, "plan")
    assert {("县水务局", "T026"), ("县林业局", "T016")} <= approved(year.ledger, NAME)


def test_what_a_unit_wrote_before_its_goals_were_sent_back_is_kept_beside_what_it_mended(year):
    versions = [
        each.value
        for each in entries(year.ledger, NAME, "T026", "县水务局", "plan")
        if (each.row_id, each.column) == ("T026", "四季度目标")
    ]
    assert [
        "稻香水厂通水，铺设管网180公里，改造站点35处，普及率95%",
        "11月稻香水厂通水，铺设管网180公里，改造站点35处，普及率95%",
    ] == versions


def test_a_change_of_an_approved_goal_is_held_and_the_goal_stays(year, quarters):
    assert ["held"] == year.taken["approved goal"].cells["outcome"].tolist()
    assert ["goal-approved"] == year.taken["approved goal"].findings["code"].tolist()
    assert "8月底前新增学前学位600个、义务教育学位1500个，9月1日前两校投用" == task_of(quarters["2026Q3"], "T040").goal


def test_an_agreed_request_changes_the_goal_from_the_next_form_on(year, quarters):
    row = cells_of(form(year, "2026Q2", "lead", "县住房城乡建设局"), "工作进展")["T020"]
    assert (ASKED_GOAL, ASKED_GOAL) == (row["本期目标"], row["二季度目标"])
    assert ASKED_GOAL == task_of(quarters["2026Q2"], "T020").goal
    written = year.ledger.values(NAME, "plan")
    said = written[(written["task_id"] == "T020") & (written["column"] == "二季度目标") & written["target_id"].isna()]
    assert ["累计开工14个、完工7个，更新管网15公里"] == said["value"].tolist(), "what the unit promised is kept"


# --- the quarters: who reported, and what lead units were told -----------------------------------


OVERDUE = """
| 某日       | 逾期（单位 报送期 角色 天数）                                                     |
| 2026-04-05 | 县医保局 plan lead 16、县残联 2026Q1 support 2、县税务局 2026Q1 support 2           |
| 2026-04-14 | 县医保局 plan lead 25、县残联 2026Q1 support 11                                    |
| 2026-06-08 | 县医保局 plan lead 80、县残联 2026Q1 support 66、县民政局 2026-05 lead 3            |
| 2027-01-15 | 县医保局 plan lead 301、县残联 2026Q1 support 287、县残联 2026Q2 support 196、县水务局 2026Q2 lead 189、县交通运输局 2026-08 lead 132 |
"""  # noqa: E501


@pytest.mark.parametrize(("on", "expected"), [tuple(row.values()) for row in table(OVERDUE)])
def test_what_is_overdue_on_a_day_and_for_how_many_days(year, on, expected):
    """On 14 April 县自然资源局 has not reported either, but its date is the 20th by then."""
    found = {" ".join(map(str, each)) for each in overdue(year.duties[date.fromisoformat(on)])}
    assert set(expected.split("、")) == found


RETURNS = """
| 报送期 | 应报 | 已报 | 迟报 | 未报 | 应填指标 | 已填 |
| 2026Q1 | 44   | 43   | 3    | 1    | 166      | 166  |
| 2026Q2 | 44   | 42   | 0    | 2    | 165      | 159  |
| 2026Q3 | 44   | 44   | 0    | 0    | 157      | 157  |
| 2026Q4 | 44   | 44   | 0    | 0    | 153      | 153  |
"""


@pytest.mark.parametrize("row", table(RETURNS), ids=lambda row: row["报送期"])
def test_units_and_targets_that_were_asked_and_reported_are_counted(year, quarters, row):
    """44 units: 42 that support, 2 that lead only. Of 166 targets 1, 4 + 4 and 4 went with the tasks that were closed.

    In the second quarter one unit did not report on the 3 + 3 targets of tasks 25 and 26.
    """
    period, *expected = row.values()
    [each] = status(year.ledger, NAME, period, END)
    facts = quarters[period]
    counted = (each.asked, each.returned, each.late, each.missing)
    assert expected == [*map(str, counted), str(len(facts.targets_asked)), str(len(facts.targets_reported))]


LATE = """
| 报送期  | 单位     | 角色    | 收到       | 迟几天 |
| plan    | 县民政局 | lead    | 2026-03-24 | 4      |
| 2026Q1  | 县税务局 | support | 2026-04-07 | 4      |
| 2026Q1  | 县林业局 | lead    | 2026-04-13 | 3      |
| 2026Q1  | 县公安局 | lead    | 2026-04-14 | 4      |
| 2026-05 | 县民政局 | lead    | 2026-06-09 | 4      |
"""


def test_who_came_late_in_the_whole_year(year):
    found = [
        (period, each.unit, each.role, str(each.received), str(each.days_late))
        for period in PERIODS
        for each in read_returns(year.ledger, NAME, period, END)
        if each.received and each.days_late
    ]
    assert sorted(tuple(row.values()) for row in table(LATE)) == sorted(found)


def test_a_later_date_that_was_asked_for_in_time_counts(year):
    [own] = [
        each
        for each in read_returns(year.ledger, NAME, "2026Q1", END)
        if (each.unit, each.role) == ("县自然资源局", "lead")
    ]
    assert (date(2026, 4, 10), date(2026, 4, 20), date(2026, 4, 17)) == (own.original_due_on, own.due_on, own.received)
    assert ("on time", 0) == (str(own.outcome), own.days_late)


def test_a_broken_file_is_refused_and_registered_and_the_unit_counts_from_the_day_of_the_right_one(year):
    mine = [
        each
        for each in year.ledger.receipts(NAME, "2026Q1")
        if each.unit == "县公安局" and each.received > date(2026, 4, 5)
    ]
    assert [(FileOutcome.REFUSED, date(2026, 4, 9)), (FileOutcome.ACCEPTED, date(2026, 4, 14))] == [
        (each.outcome, each.received) for each in mine
    ]


def test_lead_units_were_told_what_their_support_units_said_also_the_one_that_came_late(year):
    """All lead units but 县政府办公室, whose tasks nobody supports but a collective without members."""
    told = year.issued["2026Q1 relayed"].supplements
    assert units(year, "2026Q1", "lead") - {"县政府办公室"} == set(told["unit"])
    path = Path(told.set_index("unit").loc["县财政局", "path"])
    rows = openpyxl.load_workbook(path)["配合单位进展"].iter_rows(min_row=4, values_only=True)
    said = {(row[3], row[4]) for row in rows if row[3]}
    assert ("县税务局", "一季度参加会商1次，提供第2项数据资料2份。") in said
    assert {"县税务局", "县交通运输局", "县水务局", "县教育局", "县卫生健康局"} == {unit for unit, _ in said}


def test_a_report_that_was_sent_back_went_out_again_and_both_its_texts_are_kept(year):
    row = cells_of(form(year, "2026Q1", "lead", "县应急管理局"), "工作进展")["T044"]
    assert "没有写明4个应急救援站的进度" == row["审核意见"]
    texts = [
        each.value for each in entries(year.ledger, NAME, "T044", "县应急管理局", "2026Q1") if each.column == "本期进展"
    ]
    assert (2, True) == (len(texts), texts[-1].endswith("4个应急救援站完成选址，1个进场施工。"))
    assert {} == sent_back(year.ledger, NAME, "2026Q1")


def test_who_had_reported_the_quarter_is_not_asked_again_when_another_ones_report_is_sent_back(year):
    """Since the forms went out, one unit was granted a later date and another one's goal was changed as it asked."""
    forms = year.issued["2026Q1 again"].books.query("role == 'lead'")
    assert ["县应急管理局"] == forms[forms["outcome"] == "written"]["unit"].tolist()
    assert not {"县自然资源局", "县住房城乡建设局"} & set(forms["unit"])


def test_the_ledger_holds_every_file_that_was_taken(year):
    """Goals 24 + 1 + 2; quarters 41 + 26 + 1, 41 + 25, 42 + 25, 42 + 24; months 12 × 10 without August of one."""
    numbers = {each.submission for each in year.ledger.receipts(NAME) if each.submission}
    assert 27 + 68 + 66 + 67 + 66 + 119 == len(numbers)
    assert all(year.ledger.submitted_file(number) for number in sorted(numbers)[::40])


# --- the quarters: how far the tasks are -------------------------------------------------------------


@pytest.mark.parametrize("period", COUNTED)
def test_the_48_tasks_count_as_worked_out_by_hand(quarters, period):
    assert 48 == sum(COUNTED[period].values())
    assert COUNTED[period] == Counter(each.verdict.name for each in quarters[period].tasks)


@pytest.mark.parametrize("period", COUNTED)
def test_every_number_in_the_text_of_a_report_is_that_of_its_annex(year, period):
    written = year.reports[period]
    [annex] = (each for each in written.annexes if "重点任务进展情况表" in each.title)
    assert COUNTED[period] == Counter(row[-1].split("\n")[0] for row in annex.rows if isinstance(row, tuple))
    assert COUNTED[period] == counts_in(next(each for each in written.overview if each.startswith("截至")))
    domains = [(int(each.summary[1]), counts_in(each.summary)) for each in written.domains]
    assert [7, 6, 6, 7, 4, 6, 7, 5] == [whole for whole, _ in domains]
    assert [whole for whole, _ in domains] == [parts.total() for _, parts in domains]
    assert COUNTED[period] == sum((parts for _, parts in domains), Counter())


REASONS = """
| 报送期 | 任务 | 单位自评 | 研判     | 迟几天 | 理由 |
| 2026Q1 | T010 | 进展滞后 | 进展滞后 | 0      | 4个指标中1个滞后；标准厂房：目标 15万平方米，完成 2.1万平方米（14.0%），本期目标 4万平方米（应达26.7%），低12.7个百分点，慢序时 |
| 2026Q1 | T027 | 进展滞后 | 进展滞后 | 0      | 3个指标中1个滞后；PM2.5年均浓度：目标 25微克/立方米以内，目前 33微克/立方米，本期目标 25微克/立方米，未达到要求 |
| 2026Q2 | T024 | 进展滞后 | 进展滞后 | 0      | 4个指标中1个滞后；新增更新新能源公交车：目标 30辆，完成 6辆（20.0%），本期目标 15辆（应达50.0%），低30.0个百分点，慢序时 |
| 2026Q2 | T026 | 未报送   | 未报送   | 0      | 量化指标没有数据，以单位自评为准；表格没有报送 |
| 2026Q3 | T040 | 正常推进 | 进展滞后 | 45     | 新增公办学前教育学位：目标 600个，完成 462个（77.0%），本期目标 450个（应达75.0%），按序时；时限2026年8月底前已过45天，未完成 |
| 2026Q3 | T047 | 正常推进 | 进展滞后 | 45     | 办复率：目标 100%，目前 100%，达到要求；时限2026年8月底前已过45天，未完成 |
| 2026Q4 | T024 | 进展滞后 | 进展滞后 | 73     | 4个指标中1个滞后；新增更新新能源公交车：目标 30辆，完成 24辆（80.0%），报送期已到年底，仍未完成；时限2026年10月底前已过73天，未完成 |
| 2026Q4 | T031 | 正常推进 | 进展滞后 | 12     | 目标 60%以内，目前 60.5%，报送期已到年底，仍未完成；时限2026年12月底前已过12天，未完成 |
"""  # noqa: E501


@pytest.mark.parametrize("row", table(REASONS), ids=lambda row: f"{row['报送期']}-{row['任务']}")
def test_the_computed_state_of_a_task_says_why(quarters, row):
    task = task_of(quarters[row["报送期"]], row["任务"])
    assert list(row.values())[2:] == [
        task.own.name,
        getattr(task.computed, "name", ""),
        str(task.days_late),
        task.reason,
    ]


def test_reports_print_the_offices_words_and_the_units_stay_as_they_were(year, quarters):
    first, second = year.reports["2026Q1"], year.reports["2026Q2"]
    assert ("一季度各项工作开局平稳。", "上半年时间过半，多数任务过半。") == (first.overview[0], second.overview[0])
    words = "一季度地区生产总值预计增长5.3%，规上工业增加值增速略低于目标。（县发展改革局、县工信商务局，正常推进）"
    assert words == first.domains[0].entries[0].text
    task = task_of(quarters["2026Q1"], "T016")
    assert ("正常推进", "进展滞后", "进展滞后") == (task.own.name, task.verdict.name, task.state_text)
    assert task_of(quarters["2026Q1"], "T001").lead_texts[0][1].startswith("2月印发稳增长若干措施22条")


def test_the_report_of_the_half_year_names_who_reported_how_many_and_the_missing(year):
    written = year.reports["2026Q2"]
    assert "应报单位44个，已报42个、占95.5%。未报2个：县水务局、县残联。" == written.overview[-1]
    assert written.targets[-1].startswith("应填报量化指标165个，已填报159个、占96.4%。")


def test_the_progress_report_as_a_file_says_the_same(year, tmp_path):
    path = report(year.ledger, NAME, "progress", "2026Q4", tmp_path / "报告.docx", today=QUARTERS["2026Q4"])
    text = "\n".join(each.text for each in docx.Document(str(path)).paragraphs)
    assert "已完成31项、占64.6%；已销号8项、占16.7%；正常推进7项、占14.6%；进展滞后2项、占4.2%" in text
    assert "应填报量化指标153个，已全部填报" in text, "166 without those of tasks 22, 29, 33 and 19: 1 + 4 + 4 + 4"


def tables_in(path: Path) -> dict[str, list[list[str]]]:
    """The rows of each annex of a document under its title, without the header and rows of one cell."""
    document, found, title = docx.Document(str(path)), {}, ""
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            title = block.text if block.style and block.style.name == "附件标题" else title
        else:
            rows = [[cell.text for cell in row.cells] for row in block.rows[1:]]
            found[title] = [row for row in rows if len(set(row)) > 1]
    return found


@pytest.mark.parametrize("period", QUARTERS)
def test_whoever_counts_the_rows_of_the_annexes_comes_to_the_numbers_of_the_text(year, tmp_path, period):
    path = report(year.ledger, NAME, "progress", period, tmp_path / "报告.docx", today=QUARTERS[period])
    text = "\n".join(each.text for each in docx.Document(str(path)).paragraphs)
    rows = {title.partition("年")[2]: listed for title, listed in tables_in(path).items()}
    [tasks] = (listed for title, listed in rows.items() if title.endswith("重点任务进展情况表"))
    counted = Counter(row[-1].split("\n")[0] for row in tasks)
    assert sum(counted.values()) == 48
    assert all(f"{state}{number}项、占" in text for state, number in counted.items())
    [behind] = (listed for title, listed in rows.items() if title.endswith("未达序时进度事项清单"))
    said = [re.search(pattern, text) for pattern in (r"有重点任务(\d+)项", r"另有(\d+)项任务，牵头单位没有报告滞后")]
    assert sum(int(each[1]) for each in said if each) == len(behind)
    [figures_] = (listed for title, listed in rows.items() if title.endswith("主要指标完成情况表"))
    marked = sum("▼" in row[4] for row in figures_)
    missed = re.search(r"(?:低于序时进度或者目标要求的|未达到的)(\d+)个、占", text)
    assert (int(missed[1]) if missed else 0) == marked


# --- the months ----------------------------------------------------------------------------------------


MONTHLY = """
| 指标   | 1月 | 2月 | 3月 | 4月 | 5月 | 6月 | 7月 | 8月 | 9月 | 10月 | 11月 | 12月 |
| A009.1 | 1   | 2   | 3   | 4   | 4   | 4   | 4   | 4   | 4   | 4    | 4    | 4    |
| A014.1 | 2   | 3   | 5   | 7   | 8   | 10  | 12  | 13  | 15  | 17   | 20   | 20   |
| A007.2 | 0   | 1   | 2   | 2   | 2   | 3   | 4   |     | 4   | 5    | 6    | 6    |
"""


@pytest.mark.parametrize("row", table(MONTHLY), ids=lambda row: row["指标"])
def test_figures_of_the_months_stand_as_they_were_handed_in(year, row):
    """One stands still from April on, one is done in November, one unit hands nothing in for August."""
    target, *months = row.values()
    assert [float(value) if value else None for value in months] == figures(year, target)


def test_no_figure_of_the_twelve_months_ever_falls(year):
    for target in year.plan.targets["target_id"]:
        if target.startswith("A"):
            known = [value for value in figures(year, target) if value is not None]
            assert all(before <= after for before, after in pairwise(known)), target


def test_a_figure_that_stands_still_falls_behind_and_one_that_is_reached_is_done_before_the_year_ends(year):
    september = facts_of(year, "2026-09", date(2026, 10, 6))
    assert 14 == len(september.tasks), "the annex alone"
    [lifts] = [each for each in september.targets if each.target_id == "A009.1"]
    assert "目标 12个，完成 4个（33.3%），时间进度 75.0%，低41.7个百分点，慢序时" == lifts.reason
    [before, after] = [
        next(each for each in facts_of(year, period, on).targets if each.target_id == "A014.1")
        for period, on in (("2026-10", date(2026, 11, 6)), ("2026-11", date(2026, 12, 6)))
    ]
    assert "目标 20项，完成 17项（85.0%），时间进度 83.3%，按序时" == before.reason
    assert "目标 20项，完成 20项（100.0%），已完成" == after.reason


# --- June: the leader and the name --------------------------------------------------------------------


def test_a_leader_who_was_replaced_has_all_tasks_till_the_day_and_none_from_it(year):
    """Tasks 5, 20 to 24 without 24's neighbour 25, 27 and 28, and the annex's 9 and 10: ten."""
    mine = ["T005", "T020", "T021", "T022", "T023", "T024", "T027", "T028", "A009", "A010"]
    for on, leader, other in (
        (date(2026, 6, 14), OLD_LEADER, NEW_LEADER),
        (date(2026, 6, 15), NEW_LEADER, OLD_LEADER),
    ):
        leaders = year.ledger.plan(NAME, on).tasks["leaders"]
        assert mine == [task for task, listed in leaders.items() if leader in listed]
        assert [] == [task for task, listed in leaders.items() if other in listed]


@pytest.mark.parametrize(
    ("period", "leader", "expected"),
    [
        ("2026Q1", OLD_LEADER, "共8项：已销号1项，正常推进4项，进展滞后2项，未启动1项。"),
        ("2026Q2", NEW_LEADER, "共8项：已销号1项，正常推进5项，进展滞后2项。"),
    ],
)
def test_the_table_of_a_leaders_tasks_is_that_of_who_was_in_charge_on_its_day(year, tmp_path, period, leader, expected):
    """The eight of the main part: slow are 20 and 27, then 24 and 28; 24 had not begun; 22 is closed."""
    path = report(year.ledger, NAME, "tasks", period, tmp_path / "领导.xlsx", leader=leader, today=QUARTERS[period])
    texts = [str(cell.value) for row in openpyxl.load_workbook(path).worksheets[0]["A1:Z3"] for cell in row]
    assert any(expected in text for text in texts), texts
    other = NEW_LEADER if leader == OLD_LEADER else OLD_LEADER
    with pytest.raises(UsageError, match=other):
        report(year.ledger, NAME, "tasks", period, tmp_path / "别人.xlsx", leader=other, today=QUARTERS[period])


def test_a_unit_that_was_renamed_is_asked_under_one_name_in_each_period(year):
    """What was out on 20 June was out under the old name: the goals, two quarters, five months."""
    names = {}
    for period in PERIODS:
        books = year.ledger.workbooks(NAME, period)
        names[period] = set(books["unit"]) & {OLD_UNIT, NEW_UNIT}
    before = ("plan", "2026Q1", "2026Q2", *MONTHS[:5])
    assert {period: {OLD_UNIT if period in before else NEW_UNIT} for period in names} == names


def test_a_form_that_was_out_under_the_old_name_came_back_and_counts_for_the_new_one(year):
    mine = [each for each in read_returns(year.ledger, NAME, "2026Q2", END) if each.unit in (OLD_UNIT, NEW_UNIT)]
    assert {(NEW_UNIT, "lead", date(2026, 7, 8)), (NEW_UNIT, "support", date(2026, 7, 2))} == {
        (each.unit, each.role, each.received) for each in mine
    }


def test_the_change_of_june_made_new_editions_of_the_forms_that_show_it_and_of_no_other(year):
    """Lead forms: of four units that print the leader, of one whose support unit changed its name.

    Support forms: of those who support tasks 7 and 42, whose lead unit did.
    """
    books = year.issued["2026Q2 after the change"].books
    written = books[books["outcome"] == "written"]
    leads, supports = (set(written[written["role"] == role]["unit"]) for role in ("lead", "support"))
    assert {"县自然资源局", "县住房城乡建设局", "县交通运输局", "市生态环境局云溪分局", "青石镇政府"} == leads
    of_seven = {"县交通运输局", "县农业农村局", "县市场监管局"}
    assert {*TOWNS, *of_seven, "县教育局", "县财政局", "县委宣传部"} == supports


def test_history_says_each_name_as_it_was_and_reports_before_and_after_say_theirs(year):
    told = {(each.unit, each.period) for each in entries(year.ledger, NAME, "T007")}
    names = {"plan": OLD_UNIT, "2026Q1": OLD_UNIT, "2026Q2": OLD_UNIT, "2026Q3": NEW_UNIT, "2026Q4": NEW_UNIT}
    assert {(unit, period) for period, unit in names.items()} == {
        each for each in told if each[0] in (OLD_UNIT, NEW_UNIT)
    }
    before, after = str(year.reports["2026Q1"]), str(year.reports["2026Q2"])
    assert (True, False) == (OLD_UNIT in before, NEW_UNIT in before)
    assert (False, True) == (OLD_UNIT in after, NEW_UNIT in after)
    text = "接待游客218万人次，游客中心改造未按6月底节点完工。"
    assert f"{text}（{NEW_UNIT}，进展滞后）" in {
        each.text for domain in year.reports["2026Q2"].domains for each in domain.entries
    }


# --- 批示 ------------------------------------------------------------------------------------------------

DIRECTED = """
| 编号 | 单位         | 期限       | 报来       | 情况   | 迟几天 |
| B001 | 县财政局     | 2026-04-30 | 2026-04-09 | closed | 0      |
| B001 | 县发展改革局 | 2026-04-30 | 2026-07-08 | closed | 69     |
| B002 | 县公安局     | 2026-06-30 | 2026-07-08 | closed | 8      |
| B003 | 县统计局     | 2026-09-30 | None       | silent | 107    |
"""


def test_three_directives_one_to_two_units_one_late_one_never(year):
    found = [
        (each.number, each.unit, str(each.due_on), str(each.reported_on), str(each.stage), str(each.days_late))
        for each in standing(year.ledger, NAME, END)
    ]
    assert [tuple(row.values()) for row in table(DIRECTED)] == found


ASKED = """
| 报送期 | 批示                                                       |
| 2026Q1 | 县发展改革局 B001、县财政局 B001                            |
| 2026Q2 | 县发展改革局 B001、县财政局 B001、县公安局 B002、县统计局 B003 |
| 2026Q3 | 县统计局 B003                                              |
| 2026Q4 | 县统计局 B003                                              |
"""


def test_a_directive_stands_in_one_form_of_each_of_its_units_until_the_office_closes_it(year):
    found = {
        period: "、".join(
            f"{unit} {' '.join(rows)}"
            for unit, rows in year.issued[period].directives[["unit", "directives"]].itertuples(index=False)
        )
        for period in QUARTERS
    }
    assert {row["报送期"]: row["批示"] for row in table(ASKED)} == found


# --- closing ---------------------------------------------------------------------------------------------

CLOSED = {"T022": "2026Q1", "T029": "2026Q2", "T033": "2026Q2", "T019": "2026Q3"}
CLOSED |= dict.fromkeys(("T003", "T020", "T040", "T047"), "2026Q4")


def test_what_the_office_confirmed_is_closed_and_what_it_refused_is_not(year, quarters):
    closed = {task: when.text for task, when in closed_tasks(year.ledger, NAME).items()}
    assert dict(sorted(CLOSED.items())) == dict(sorted(closed.items()))
    refused = task_of(quarters["2026Q2"], "T019")
    assert ("已完成", False) == (refused.verdict.name, refused.closed)
    last = task_of(quarters["2026Q4"], "T018")
    assert ("已完成", "正常推进", False) == (last.own.name, last.verdict.name, last.closed)


def test_closed_tasks_leave_the_forms_of_lead_and_support_units_and_nobody_is_asked_for_nothing(year):
    """县政务服务数据局 led task 33 alone, 青石镇政府 task 19: no lead form from then on, and no duty."""
    for period in ("2026Q2", "2026Q3", "2026Q4"):
        gone = {task for task, when in CLOSED.items() if when < period}
        asked = {
            cell.row_id
            for each in year.ledger.latest_workbooks(NAME, period).values()
            for cell in year.ledger.workbook(each.workbook).cells
        }
        assert not gone & asked, period
    assert {"县政务服务数据局"} == units(year, "2026Q1", "lead") - units(year, "2026Q3", "lead") - {OLD_UNIT}
    assert {"青石镇政府"} == units(year, "2026Q3", "lead") - units(year, "2026Q4", "lead")
    assert 418 - 3 == len(year.duties[END])
