"""What the rows of a returned workbook say as a whole: each check on a table of rows."""

from __future__ import annotations

import pytest

from taskkit.columns import COLUMNS
from taskkit.figures import as_number
from taskkit.findings import Finding
from taskkit.places import Place
from taskkit.rules.filled import Aim, FilledBook, FilledRow, Known
from taskkit.rules.returned import check_rows
from taskkit.settings import State
from tests.returned_books import table

STATES = (State("未启动", "idle"), State("正常推进", "normal"), State("慢序时", "slow"), State("已办结", "done"))
SCHOOLS = Aim("count", ">=", 5, None, "新建学校", "所")
GOALS = ("一季度目标", "二季度目标", "三季度目标", "四季度目标")


def row_of(row_id: str, values: dict[str, str], aim: Aim, sent: dict[str, str] | None = None) -> FilledRow:
    places = {header: Place("工作进展", 5, at) for at, header in enumerate(values, 2)}
    goals = tuple(header for header in GOALS if header in values)
    return FilledRow(row_id, "表.xlsx", Place("工作进展", 5), values, aim, sent or {}, places, goals)


def checked(values: dict[str, str], aim: Aim = SCHOOLS, sent: dict[str, str] | None = None) -> list[Finding]:
    row = row_of("T001", values, aim, sent)
    return list(check_rows(FilledBook({"T001": row}, frozenset(("T001",)), Known(STATES))))


def codes(found: list[Finding]) -> str:
    return " ".join(each.code for each in found)


LONG = "已开工建设2所，完成投资1200万元，进度过半"
REPORTS = """
| 本期进展 | 完成情况 | 存在问题 | 下一步措施 | found | 列 |
| 已建成2所 | 正常推进 | | | | |
| 已建成2所 | 慢序时 | | 4月底前征地 | slow-no-problem | D |
| 已建成2所 | 慢序时 | 无 | 4月底前征地 | slow-no-problem | D |
| 已建成2所 | 慢序时 | 征地未完成 | | slow-no-step | E |
| 已建成2所 | 慢序时 | | | slow-no-problem slow-no-step | D |
| 已建成2所 | 慢序时 | 征地未完成 | 4月底前征地 | | |
| | 已办结 | | | done-no-text | B |
| | 正常推进 | | | no-progress | B |
| | 未启动 | | | | |
| 全部建成 | 已办结 | | | | |
| 已建成2所 | | | | no-state | C |
| 持续推进。 | 正常推进 | | | says-nothing | B |
| 正在按计划有序推进各项工作 | 正常推进 | | | says-nothing | B |
| 目前正在稳步推进中，各项工作有序开展。 | 正常推进 | | | says-nothing | B |
| 同上 | 正常推进 | | | says-nothing | B |
| 详见附件 | 正常推进 | | | says-nothing | B |
| 施工单位已进场 | 正常推进 | | | too-short | B |
| 施工单位已进场，3栋主体封顶 | 正常推进 | | | | |
| 尚未开始 | 未启动 | | | | |
| 施工单位已进场，完成场地平整并开始打桩 | 正常推进 | | | | |
"""


@pytest.mark.parametrize("row", table(REPORTS), ids=lambda row: f"{row['本期进展'][:12]}-{row['found'] or 'fine'}")
def test_a_report_is_questioned_only_where_it_does_not_add_up(row):
    expected, column = row.pop("found"), row.pop("列")
    found = checked(row)
    assert expected == codes(found)
    assert all(each.task_id == "T001" for each in found)
    assert not found or f"表.xlsx 工作进展 第5行{column}列" == found[0].source


def test_a_sheet_without_columns_for_state_or_next_step_is_not_asked_for_them():
    assert "" == codes(checked({"本期进展": "已拨付资金300万元"}))
    assert "" == codes(checked({"完成情况": "慢序时", "存在问题": "征地未完成"}))


LAST = "印发实施方案，召开推进会，完成选址和地质勘察，正在开展施工图设计和审查，累计投资1200万元"
REPEATS = f"""
| 上期 | 本期进展 | found |
| {LAST} | {LAST}。 | repeats-last |
| {LAST} | {LAST.replace("正在", "现正在")} | repeats-last |
| {LAST} | {LAST.replace("1200", "1900")} | |
| {LAST} | {LAST}，完成施工招标并签订合同 | |
| {LAST} | 主体结构封顶，完成水电安装和外墙粉刷，正在进行室内装修 | |
| | {LAST} | |
"""


@pytest.mark.parametrize("row", table(REPEATS), ids=lambda row: row["本期进展"][-8:])
def test_last_periods_text_once_more_is_no_report_but_another_figure_is(row):
    values = {"本期进展": row["本期进展"], "完成情况": "正常推进"}
    assert row["found"] == codes(checked(values, sent={"本期进展": row["上期"]}))
    assert row["found"] == codes(checked({**values, "上期进展": row["上期"]}))


def test_the_goal_or_the_task_once_more_is_no_report():
    goal = "完成施工图审查和招标，开工建设2所"
    assert "repeats-goal" == codes(checked({"本期进展": f"{goal}。", "本期目标": goal, "完成情况": "正常推进"}))
    title = "新建中小学5所，新增学位3000个"
    assert "repeats-goal" == codes(checked({"本期进展": title, "工作任务": title, "完成情况": "正常推进"}))


# --- figures --------------------------------------------------------------------------

FIGURES = """
| kind | op | value | baseline | unit | 上期累计 | 累计完成值 | found |
| count | >= | 5 | | 所 | 1 | 2 | |
| count | >= | 5 | | 所 | 3 | 2.5 | value-fell |
| count | >= | 5 | | 所 | 3所 | 2 | value-fell |
| count | >= | 5 | | 所 | 3 | 约2 | value-fell |
| count | >= | 5 | | 所 | 3 | 暂无数据 | |
| count | >= | 5 | | 所 | 3 | 正在统计 | |
| level | <= | 22 | | 吨 | 30 | 25 | |
| level | = | 5 | 8 | 吨 | 8 | 6 | |
| ratio | >= | 95 | | % | 96 | 95 | |
| ratio | >= | 95 | | % | | 0.95 | share-as-fraction |
| ratio | >= | 95 | | % | | 1 | share-as-fraction |
| ratio | >= | 3.5 | | % | | 0.9 | |
| growth | >= | 95 | | % | 3 | 0.5 | |
| level | >= | 1.2 | | 万人 | 0.5 | 12000 | value-far |
| count | >= | 2 | | 家 | | 90 | |
"""


def aim_of(row: dict[str, str]) -> Aim:
    number = as_number(row["baseline"])
    return Aim(row["kind"], row["op"], float(row["value"]), None if number is None else float(number), "", row["unit"])


@pytest.mark.parametrize("row", table(FIGURES), ids=lambda row: f"{row['累计完成值']}-{row['found'] or 'fine'}")
def test_a_figure_is_questioned_only_where_its_target_makes_it_unlikely(row):
    values = {"上期累计": row["上期累计"], "累计完成值": row["累计完成值"]}
    found = checked(values, aim_of(row))
    assert row["found"] == codes(found)
    assert not found or "第5行C列" in found[0].source


DONE = """
| op | value | baseline | unit | 累计完成值 | found |
| >= | 5 | | 所 | 5 | |
| >= | 5 | | 所 | 7 | |
| >= | 5 | | 所 | 4 | done-below-aim |
| >= | 5 | | 所 | 已完成4所 | done-below-aim |
| >= | 5 | | 所 | | done-no-value |
| >= | 5 | | 所 | 暂无数据 | done-no-value |
| >= | 5 | | 所 | 涉密，另行报送 | |
| <= | 22 | | 吨 | 20 | |
| <= | 22 | | 吨 | 25 | done-below-aim |
| = | 5 | 8 | 吨 | 6 | done-below-aim |
| ~ | 5 | | 所 | 4 | |
"""


@pytest.mark.parametrize("row", table(DONE), ids=lambda row: f"{row['op']}{row['value']} {row['累计完成值']}")
@pytest.mark.parametrize("changed", [("T001",), ("T001.1",), ("T001", "T001.1")])
def test_what_is_done_has_met_its_targets(row, changed):
    task = row_of("T001", {"本期进展": "全部建成", "完成情况": "已办结"}, Aim())
    target = row_of("T001.1", {"累计完成值": row["累计完成值"]}, aim_of({**row, "kind": "count"}))
    book = FilledBook({"T001": task, "T001.1": target}, frozenset(changed), Known(STATES))
    assert row["found"] == codes(list(check_rows(book)))


def test_what_is_not_done_may_be_below_its_targets():
    task = row_of("T001", {"本期进展": "开工2所", "完成情况": "正常推进"}, Aim())
    book = FilledBook(
        {"T001": task, "T001.1": row_of("T001.1", {"累计完成值": "2"}, SCHOOLS)},
        frozenset(("T001", "T001.1")),
        Known(STATES),
    )
    assert "" == codes(list(check_rows(book)))


PLANS = """
| kind | op | value | baseline | unit | 一季度目标 | 二季度目标 | 三季度目标 | 四季度目标 | found | 列 |
| count | >= | 5 | | 所 | 0 | 2 | 3 | 5 | | |
| count | >= | 5 | | 所 | 0 | 2 | 2 | 6 | | |
| count | >= | 5 | | 所 | 2 | 1 | 3 | 5 | goals-turn | D |
| count | >= | 5 | | 所 | 2 | | 1 | 5 | goals-turn | E |
| count | >= | 5 | | 所 | 1 | 1 | 1 | 1 | goal-short | F |
| count | >= | 5 | | 所 | 1 | 2 | 3 | | | |
| level | = | 5 | 8 | 吨 | 8 | 7 | 6 | 5 | | |
| level | = | 5 | 8 | 吨 | 7 | 8 | 6 | 5 | goals-turn | D |
| level | <= | 22 | | 吨 | 25 | 24 | 23 | 23 | goal-short | F |
| ratio | >= | 95 | | % | 96 | 95 | 95 | 95 | | |
| ratio | >= | 95 | | % | 90 | 90 | 90 | 90% | goal-short | F |
| count | ~ | 5 | | 所 | 1 | 2 | 3 | 4 | | |
"""


@pytest.mark.parametrize("row", table(PLANS), ids=lambda row: "-".join((row["kind"], *(row[goal] for goal in GOALS))))
def test_the_stage_goals_of_a_plan_lead_to_the_years(row):
    values = {"年度目标值": row["value"], **{goal: row[goal] for goal in GOALS}}
    found = checked(values, aim_of(row))
    assert row["found"] == codes(found)
    assert not found or f"第5行{row['列']}列" in found[0].source


def test_every_row_that_did_not_change_is_left_alone():
    row = row_of("T001", {"本期进展": "持续推进", "完成情况": ""}, Aim())
    assert [] == list(check_rows(FilledBook({"T001": row}, frozenset(), Known(STATES))))


def test_a_check_goes_by_keys_and_meanings_never_by_the_offices_words():
    states = (State("红灯", "slow"),)
    row = row_of("T001", {COLUMNS["progress"].header: LONG, COLUMNS["state"].header: "红灯", "存在问题": ""}, Aim())
    book = FilledBook({"T001": row}, frozenset(("T001",)), Known(states))
    assert "slow-no-problem" == codes(list(check_rows(book)))


def test_one_complaint_is_made_of_a_share_typed_as_a_fraction():
    aim = Aim("share", ">=", 60, None, "达标率", "%")
    assert "share-as-fraction" == codes(checked({"上期累计": "55", "累计完成值": "0.62"}, aim))


def test_a_growth_that_is_a_hundred_times_its_target_is_doubted():
    aim = Aim("growth", ">=", 6.5, None, "同比增长", "%")
    assert "value-far" == codes(checked({"累计完成值": "约3.2万"}, aim))


def test_an_item_of_which_only_the_deadline_is_said_is_doubted():
    values = {"工作措施": "", "完成时限": "6月底"}
    row = row_of("T001+1", values, SCHOOLS)
    found = check_rows(FilledBook({"T001+1": row}, frozenset(("T001+1",)), Known(STATES)))
    assert ["item-no-measure"] == [each.code for each in found]
