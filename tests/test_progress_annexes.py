"""The tables behind the progress report: expected rows as Markdown, one line for a row, a band as one cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from taskkit import rulings
from taskkit.entries import Ruling
from taskkit.ledger import Ledger
from taskkit.plan import Plan, make_frame, records
from taskkit.receipts import FileOutcome, Receipt
from taskkit.reports import report
from taskkit.reports.progress import build
from taskkit.roster import Roster, UnitEntry
from taskkit.settings import Settings
from taskkit.word import Annex, Band
from tests.filled import INFO, NAME, PERIOD, fill, ledger_of, plan_of, send

TODAY, YEAR_END, DECEMBER = date(2026, 7, 15), "2026Q4", date(2027, 1, 10)
AGAIN, BREAK = "〃", "／"  # a cell that goes on with the one above it; a line break
NASTY = "新增<b>3</b>家 & “A&amp;B”；{{ title }} {% if x %}\t=1+1"


def rows_in(markdown: str) -> list[list[str]]:
    """The rows of a Markdown table, without the line under its header; a row of one cell is a band."""
    lines = [line.strip().strip("|") for line in markdown.strip().splitlines() if not set(line.strip()) <= set("|- ")]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def rows_of(annex: Annex) -> list[list[str]]:
    """Header and rows of a table, as they stand in ``rows_in``."""
    shown = [[each.text] if isinstance(each, Band) else [shown_cell(cell) for cell in each] for each in annex.rows]
    return [[shown_cell(annex.header(key)) for key in annex.columns], *shown]


def shown_cell(cell: str | None) -> str:
    return AGAIN if cell is None else cell.replace("\n", BREAK)


def tables(
    ledger: Ledger, period: str = PERIOD, today: date = TODAY, settings: Settings | None = None, public: bool = False
) -> dict[str, Annex]:
    """The tables of a report by the end of their title: 指标完成情况表 …"""
    content = build(ledger, NAME, period, settings or Settings(), today, public=public)
    names = ("指标完成情况表", "重点任务进展情况表", "清单", "报送情况表", "民生实事进展情况表", "对照表", "事项表")
    found = {name: each for each in content.annexes for name in names if each.title.endswith(name)}
    assert len(content.annexes) == len(found)
    return found


def target(number: str, indicator: str, op: str, value: float, unit: str, kind: str, **more: Any) -> dict[str, Any]:
    about = {"op": op, "value": value, "unit": unit, "kind": kind, "indicator": indicator, "text": indicator}
    return {"task_id": number.partition(".")[0], "target_id": number, **about, **more}


TARGETS = (
    target("T001.1", "新建水库", ">=", 10.0, "座", "count"),
    target("T001.2", "供水普及率", ">=", 95.0, "%", "ratio", baseline=91.0),
    target("T002.1", "生产总值", ">=", 5.5, "%", "growth"),
    target("T002.2", "投资", "~", 7.0, "%", "growth"),
    target("T002.3", "失业率", "<=", 5.5, "%", "ratio"),
    target("T003.1", "办复率", "=", 100.0, "%", "ratio"),
    target("T003.2", "学位", "=", 600.0, "个", "count"),
    target("T003.3", "托位", "=", 60.0, "个", "count"),
)
FIGURES = {
    "T001": {"T001.1": "4", "T001.2": "94"},
    "T002": {"T002.1": "6.1", "T002.2": "4.5", "T002.3": "5.8"},
    "T003": {"T003.1": "暂无数据", "T003.2": "约400"},
}


def reported(
    ledger: Ledger, unit: str, answers: Mapping[str, Mapping[str, str]], day: date = TODAY, **more: Any
) -> None:
    """A unit's form and what it answers; targets by their bare figure."""
    fill(
        ledger, send(ledger, unit, list(answers), **more), {row: cells for row, cells in answers.items() if cells}, day
    )


def figures(task: str, *asked: str) -> dict[str, dict[str, str]]:
    """The figures of a task, and what else it was asked."""
    return {
        **{row: {"achieved": text} for row, text in FIGURES[task].items()},
        **{row: {} for row in asked},
    }


def with_cells(plan: Plan, **columns: Any) -> Plan:
    """A plan with other cells in some columns of its tasks, one for each task."""
    cells = ({key: listed[at] for key, listed in columns.items()} for at in range(len(plan.tasks)))
    rows = [{**row, **own} for row, own in zip(records("tasks", plan.tasks), cells, strict=True)]
    return replace(plan, tasks=make_frame("tasks", rows))


@pytest.fixture
def ledger() -> Ledger:
    """Three tasks with figures: two lead the first; its second is silent. The last is behind by its own word."""
    ledger = ledger_of(plan_of([["县水务局", "县财政局"], ["县工信局"], ["县教育局"]], targets=list(TARGETS)))
    reported(ledger, "县水务局", {"T001": {"progress": "主体完工。", "state": "正常推进"}, **figures("T001")})
    send(ledger, "县财政局", ["T001"])
    slow = {"state": "进展滞后", "problem": "订单少", "next_step": "9月底前开工"}
    reported(ledger, "县工信局", {"T002": {"progress": "走访企业。", **slow}, **figures("T002")})
    reported(ledger, "县教育局", {"T003": {"progress": "招生。", "state": "正常推进"}, **figures("T003", "T003.3")})
    return ledger


# --- 指标表 -----------------------------------------------------------------------------


def test_every_indicator_stands_with_its_aim_its_figure_its_rate_and_its_distance_from_the_schedule(ledger):
    expected = """
    | 指标 | 年度目标 | 累计完成 | 完成率或增速 | 较序时／（±百分点） | 牵头单位 |
    | --- | --- | --- | --- | --- | --- |
    | 一、聚力稳增长 |
    | 新建水库 | 10座以上 | 4座 | 40.0% | ▼−10.0 | 县水务局／县财政局 |
    | 供水普及率 | 95%以上 | 94% | 75.0% | +25.0 | 县水务局／县财政局 |
    | 生产总值 | 5.5%以上 | 6.1% | 6.1%（达标） | +0.6 | 县工信局 |
    | 投资 | 7%左右 | 4.5% | 4.5%（未达标） | ▼−2.5 | 县工信局 |
    | 失业率 | 5.5%以内 | 5.8% | 未达标 | ▼−0.3 | 县工信局 |
    | 二、聚力惠民生 |
    | 办复率 | 100% | 暂无数据 | — | — | 县教育局 |
    | 学位 | 600个 | 约400 | 66.7% | +16.7 | 县教育局 |
    | 托位 | 60个 | 未填报 | — | — | 县教育局 |
    """
    table = tables(ledger)["指标完成情况表"]
    assert rows_in(expected) == rows_of(table)
    assert "时间进度（50.0%）" in table.foot
    assert "带▼的为慢于序时进度" in table.foot


def test_a_goal_of_the_stage_is_the_schedule_where_the_unit_promised_one(ledger):
    fill(ledger, send(ledger, "县水务局", ["T001", "T001.1"], "plan"), {"T001.1": {"二季度目标": "4"}})
    assert ["新建水库", "10座以上", "4座", "40.0%", "0", "县水务局／县财政局"] == rows_of(
        tables(ledger)["指标完成情况表"]
    )[2]


def test_where_the_first_lead_unit_is_silent_the_figure_of_the_next_one_counts():
    ledger = ledger_of(plan_of([["县水务局", "县财政局"]], targets=[TARGETS[0]]))
    send(ledger, "县水务局", ["T001", "T001.1"])
    reported(ledger, "县财政局", {"T001": {}, "T001.1": {"achieved": "6"}})
    assert "6座" == rows_of(tables(ledger)["指标完成情况表"])[2][2]


def test_the_indicators_of_a_closed_task_say_so_where_nothing_is_asked_any_more(ledger):
    ledger.keep_rulings(NAME, [Ruling(rulings.TASK, rulings.CLOSED, rulings.YES, "2026Q1", row_id="T003")])
    last = rows_of(tables(ledger)["指标完成情况表"])[-1]
    assert ["托位", "60个", "—", "已销号", "—", "县教育局"] == last


def test_a_plan_without_indicators_has_no_table_of_them():
    ledger = ledger_of(plan_of([["县水务局"]]))
    send(ledger, "县水务局", ["T001"])
    assert ["重点任务进展情况表", "清单", "报送情况表"] == list(tables(ledger))


def test_but_one_of_which_none_is_asked_yet_says_that_there_are_none():
    ledger = ledger_of(plan_of([["县水务局"]], targets=[TARGETS[0]]))
    send(ledger, "县水务局", ["T001"])
    assert [["无"]] == rows_of(tables(ledger)["指标完成情况表"])[1:]


# --- 进展表 -----------------------------------------------------------------------------


def test_a_task_stands_with_its_leaders_its_units_and_the_offices_words():
    plan = plan_of([["县水务局", "县财政局"], ["县教育局"]])
    ledger = ledger_of(with_cells(plan, leaders=[["林知远", "云一舟"], []]))
    reported(ledger, "县水务局", {"T001": {"progress": "主体完工。", "state": "正常推进"}})
    reported(ledger, "县财政局", {"T001": {"progress": "拨付60%。", "state": "进展滞后"}})
    reported(ledger, "县教育局", {"T002": {"progress": "招生。", "state": "正常推进"}})
    said = {rulings.WORDING: "水库主体完工，资金到位六成。", rulings.STATE: "进展滞后"}
    ledger.keep_rulings(NAME, [Ruling(rulings.TASK, key, text, PERIOD, row_id="T001") for key, text in said.items()])
    expected = """
    | 序号 | 工作任务 | 分管领导 | 牵头单位 | 本期目标 | 本期进展 | 完成情况 |
    | --- | --- | --- | --- | --- | --- | --- |
    | 一、聚力稳增长（共2大项） |
    | （一）稳住市场主体 |
    | 1 | 办好第1件事。 | 林知远／云一舟 | 县水务局／县财政局 |  | 水库主体完工，资金到位六成。 | 进展滞后 |
    | 2 | 办好第2件事。 |  | 县教育局 |  | 招生。 | 正常推进 |
    """
    table = tables(ledger)["重点任务进展情况表"]
    assert rows_in(expected) == rows_of(table)
    assert "经督查核定的，“完成情况”以核定的为准" in table.foot


def test_a_plan_of_150_tasks_has_150_rows_and_their_states_are_those_of_the_text():
    ledger = ledger_of(plan_of([["县水务局"]] * 150))
    answers = {f"T{number:03d}": {"progress": "推进中。", "state": "正常推进"} for number in range(1, 101)}
    late = {f"T{number:03d}": {"state": "进展滞后"} for number in range(101, 121)}
    reported(ledger, "县水务局", {**answers, **late, **{f"T{number:03d}": {} for number in range(121, 151)}})
    found = tables(ledger)
    tasks = [row for row in found["重点任务进展情况表"].rows if not isinstance(row, Band)]
    assert 150 == len(tasks)
    assert [str(number) for number in range(1, 151)] == [row[0] for row in tasks]
    states = [row[-1] for row in tasks]
    overview = build(ledger, NAME, PERIOD, Settings(), TODAY).overview[0]
    for name, number in (("正常推进", 100), ("进展滞后", 20), ("未更新", 30)):
        assert number == states.count(name)
        assert f"{name}{number}项" in overview
    assert 20 == len(found["清单"].rows)


# --- 未达序时清单 -----------------------------------------------------------------------


def test_what_is_behind_stands_with_the_gap_the_cause_and_what_will_be_done_by_when(ledger):
    expected = """
    | 序号 | 工作任务 | 牵头单位 | 差距 | 原因 | 措施及时限 |
    | --- | --- | --- | --- | --- | --- |
    | 1 | 办好第1件事。 | 县水务局／县财政局 | ※新建水库低于序时进度10个百分点 | 没有说明 | 没有提出 |
    | 2 | 办好第2件事。 | 县工信局 | 投资与目标相差2.5个百分点／失业率与目标相差0.3个百分点 | 订单少 | 9月底前开工 |
    """
    table = tables(ledger)["清单"]
    assert rows_in(expected) == rows_of(table)
    assert table.foot == "注：带※的1项，牵头单位没有报告滞后，系统按量化指标和完成时限研判为滞后，请核实。"


def test_it_lists_what_the_text_counts(ledger):
    content = build(ledger, NAME, PERIOD, Settings(), TODAY)
    assert "重点任务1项" in content.delays_summary
    assert "另有1项" in content.doubts[0]
    assert 2 == len(tables(ledger)["清单"].rows)


def test_where_no_figure_says_by_how_much_the_days_or_the_word_of_the_unit_do():
    plan = plan_of([["县水务局"], ["县水务局"], ["县水务局", "县财政局"]])
    dates = {"deadline": ["2026年6月底前", None, None], "due_on": [date(2026, 6, 30), None, None]}
    ledger = ledger_of(with_cells(plan, **dates))
    slow = {"state": "进展滞后"}
    reported(ledger, "县水务局", {"T001": slow, "T002": slow, "T003": {"state": "正常推进"}})
    reported(ledger, "县财政局", {"T003": {**slow, "problem": "资金未到"}})
    ledger.keep_rulings(NAME, [Ruling(rulings.TASK, rulings.STATE, "进展滞后", PERIOD, row_id="T002")])
    expected = """
    | 序号 | 工作任务 | 牵头单位 | 差距 | 原因 | 措施及时限 |
    | 1 | 办好第1件事。 | 县水务局 | 逾期15天 | 没有说明 | 没有提出（时限：2026年6月底前） |
    | 2 | 办好第2件事。 | 县水务局 | 督查核定进展滞后 | 没有说明 | 没有提出 |
    | 3 | 办好第3件事。 | 县水务局／县财政局 | 县财政局自评进展滞后 | 资金未到 | 没有提出 |
    """
    assert rows_in(expected) == rows_of(tables(ledger)["清单"])


def test_two_lead_units_that_are_both_behind_each_say_why():
    ledger = ledger_of(plan_of([["县水务局", "县财政局"]]))
    for unit, cause in (("县水务局", "雨水多"), ("县财政局", "无")):
        reported(ledger, unit, {"T001": {"state": "进展滞后", "problem": cause}})
    assert "县水务局：雨水多" == rows_of(tables(ledger)["清单"])[1][4]


def test_what_the_office_judged_is_settled_whatever_the_figures_say(ledger):
    ledger.keep_rulings(NAME, [Ruling(rulings.TASK, rulings.STATE, "正常推进", PERIOD, row_id="T001")])
    assert ["办好第2件事。"] == [row[1] for row in rows_of(tables(ledger)["清单"])[1:]]


# --- 报送情况表 -------------------------------------------------------------------------


def test_how_units_reported_in_the_year_stands_in_the_order_of_the_list():
    ledger = ledger_of(plan_of([["县水务局"], ["县教育局"], ["县民政局"], ["县公安局"]]))
    ledger.add_roster(NAME, Roster(tuple(map(UnitEntry, ("县教育局", "县水务局", "县民政局", "县公安局")))))
    for period, due, water in (("2026Q1", date(2026, 4, 10), 12), (PERIOD, date(2026, 7, 10), 10)):
        book = send(ledger, "县水务局", ["T001"], period, due)
        back = Receipt(NAME, "县水务局", period, FileOutcome.REFUSED, due, workbook=book.workbook, file_sha256=period)
        ledger.register(back, b"x")
        fill(ledger, book, {"T001": {"progress": period}}, due.replace(day=water))
        fill(ledger, send(ledger, "县教育局", ["T002"], period, due), {"T002": {"progress": period}}, due)
    send(ledger, "县民政局", ["T003"])
    send(ledger, "县教育局", ["T002"], "2026Q3", date(2026, 7, 14))
    expected = """
    | 单位 | 应报／（次） | 按时／（次） | 逾期天数 | 退回次数 | 未报／（次） |
    | --- | --- | --- | --- | --- | --- |
    | 县教育局 | 2 | 2 | 0 | 0 | 0 |
    | 县水务局 | 2 | 1 | 2天（1次） | 2 | 0 |
    | 县民政局 | 1 | 0 | 0 | 0 | 1（已逾期5天） |
    """
    assert rows_in(expected) == rows_of(tables(ledger)["报送情况表"])


def test_a_unit_that_was_renamed_stands_once_under_its_name_of_today():
    ledger = ledger_of(plan_of([["县文广局"]], targets=[TARGETS[0]]))
    reported(ledger, "县文广局", {"T001": {"progress": "旧名"}, "T001.1": {"achieved": "2"}}, period="2026Q1")
    ledger.add_roster(NAME, Roster((UnitEntry("县文旅局", aliases=("县文广局",)),)))
    reported(ledger, "县文旅局", {"T001": {"progress": "新名。", "state": "进展滞后"}, "T001.1": {"achieved": "4"}})
    found = tables(ledger)
    assert [["县文旅局", "2", "0", "10天（2次）", "0", "0"]] == rows_of(found["报送情况表"])[1:]
    assert "县文旅局" == rows_of(found["指标完成情况表"])[2][-1]
    assert "县文旅局" == rows_of(found["清单"])[1][2]


def test_a_period_in_which_nothing_came_back_has_its_tables_all_the_same(ledger):
    for unit, rows in (("县水务局", ["T001", "T001.1"]), ("县工信局", ["T002"])):
        send(ledger, unit, rows, "2026Q3", date(2026, 10, 10))
    found = tables(ledger, "2026Q3", date(2026, 10, 1))
    assert ["新建水库", "10座以上", "未填报", "—", "—"] == rows_of(found["指标完成情况表"])[2][:5]
    assert {"未报送", "本期未布置"} == {row[-1] for row in found["重点任务进展情况表"].rows if isinstance(row, tuple)}
    assert [["无"]] == rows_of(found["清单"])[1:]
    assert ["县水务局", "1", "0"] == rows_of(found["报送情况表"])[1][:3], "that of the period before"


# --- 民生实事表 -------------------------------------------------------------------------


def with_annex(*targets: Mapping[str, Any], numbers: Sequence[int] = (1, 2, 3)) -> Ledger:
    events = ("一、学位", "一、学位", "二、出行")
    tasks = [
        {"task_id": f"A00{n}", "part": "annex", "no": n, "group": events[n - 1], "title": f"办好实事{n}。"}
        for n in numbers
    ]
    units = [{"task_id": f"A00{n}", "unit": "县教育局", "role": "lead", "rank": 1} for n in numbers]
    return ledger_of(plan_of([["县水务局"]], tasks=tasks, assignments=units, targets=list(targets)))


def test_the_annex_stands_at_its_own_latest_period_up_to_the_one_of_the_report():
    seats = [target("A001.1", "学位", "=", 600.0, "个", "count"), target("A001.2", "托位", "=", 60.0, "个", "count")]
    ledger = with_annex(*seats, target("A002.1", "教师", "=", 50.0, "名", "count"))
    send(ledger, "县水务局", ["T001"])
    for month, count in (("2026-05", "200"), ("2026-06", "210"), ("2026-07", "600")):
        form = {"A001.1": {"month_total": count, "brief": f"{month}招生。"}, "A001.2": {"month_total": "40"}}
        reported(ledger, "县教育局", {**form, "A002.1": {}, "A003": {"brief": "开工。"}}, part="annex", period=month)
    expected = """
    | 事项 | 指标 | 年度目标 | 累计完成 | 完成率 | 时间进度 | 牵头单位 | 一句话说明 |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | 一、学位 | 学位 | 600个 | 210个 | ▼35.0% | 50.0% | 县教育局 | 2026-06招生。 |
    | 〃 | 托位 | 60个 | 40个 | 66.7% | 50.0% | 县教育局 |  |
    | 〃 | 教师 | 50名 | 未填报 | — | 50.0% | 县教育局 |  |
    | 二、出行 | 办好实事3。 | — | — | 未注明 | — | 县教育局 | 开工。 |
    """
    found = tables(ledger)["民生实事进展情况表"]
    assert "2026年6月民生实事进展情况表" == found.title
    assert rows_in(expected) == rows_of(found)


def test_an_annex_that_was_never_asked_for_has_no_table():
    ledger = with_annex()
    send(ledger, "县水务局", ["T001"])
    assert "民生实事进展情况表" not in tables(ledger)


def test_the_parts_of_a_plan_are_listed_apart_and_never_added_up():
    ledger = with_annex(numbers=(1,))
    slow = {"progress": "慢。", "state": "进展滞后"}
    reported(ledger, "县水务局", {"T001": slow})
    reported(ledger, "县教育局", {"A001": slow}, part="annex")
    found = tables(ledger)
    assert ["重点任务（1项）", "民生实事（1项）"] == [row[0] for row in rows_of(found["清单"]) if len(row) == 1]
    assert ["1", "1"] == [row[0] for row in rows_of(found["清单"])[1:] if len(row) > 1]
    assert ["重点任务", "民生实事"] == [row[0] for row in rows_of(found["报送情况表"]) if len(row) == 1]
    assert ["一、学位", "办好实事1。", "—", "—", "进展滞后", "—", "县教育局", "慢。"] == rows_of(
        found["民生实事进展情况表"]
    )[1]


# --- 全年 -------------------------------------------------------------------------------


def whole_year() -> dict[str, Annex]:
    leads = [["县水务局"], ["县工信局"], ["县教育局"], ["县教育局"]]
    aims = [
        target("T001.1", "新建水库", ">=", 10.0, "座", "count"),
        target("T002.1", "生产总值", ">=", 5.5, "%", "growth"),
    ]
    ledger = ledger_of(plan_of(leads, targets=aims))
    promises: dict[str, dict[str, dict[str, str]]] = {
        "县水务局": {"T001": {}, "T001.1": {"四季度目标": "12"}},
        "县教育局": {"T003": {"四季度目标": "建成学校"}, "T004": {}},
    }
    for unit, goals in promises.items():
        reported(ledger, unit, goals, period="plan", due_on=date(2026, 3, 10))
    water = {"progress": "建成11座。", "state": "已完成"}
    slow = {"progress": "完成三层。", "state": "进展滞后", "next_step": "明年6月竣工"}
    answers: dict[str, dict[str, dict[str, str]]] = {
        "县水务局": {"T001": water, "T001.1": {"achieved": "11"}},
        "县工信局": {"T002": {"progress": "走访。", "state": "已完成"}, "T002.1": {"achieved": "5.1"}},
        "县教育局": {"T003": slow, "T004": {"progress": "办成。", "state": "已完成"}},
    }
    for unit, cells in answers.items():
        reported(ledger, unit, cells, period=YEAR_END, due_on=DECEMBER, day=DECEMBER)
    return tables(ledger, YEAR_END, DECEMBER)


def test_the_report_on_a_year_sets_promise_beside_result():
    expected = """
    | 指标或任务 | 年初承诺 | 全年结果 | 是否兑现 |
    | --- | --- | --- | --- |
    | 一、聚力稳增长 |
    | 新建水库 | 12座 | 11座 | 已兑现／（低于承诺数） |
    | 生产总值 | 没有提出（方案要求不低于5.5%） | 5.1% | 未兑现 |
    | 办好第3件事。 | 建成学校 | 完成三层。 | 未兑现 |
    | 二、聚力惠民生 |
    | 办好第4件事。 | 没有提出 | 办成。 | 已兑现 |
    """
    found = whole_year()
    assert rows_in(expected) == rows_of(found["对照表"])
    assert ["清单", "报送情况表", "对照表", "事项表"] == list(found)[2:]


def test_and_lists_what_carries_over_with_how_far_it_came_and_what_comes_next():
    expected = """
    | 工作任务 | 牵头单位 | 完成到哪里 | 下一步措施 |
    | --- | --- | --- | --- |
    | 办好第3件事。 | 县教育局 | （进展滞后）完成三层。 | 明年6月竣工。 |
    """
    assert rows_in(expected) == rows_of(whole_year()["事项表"])


def test_what_two_lead_units_leave_undone_stands_under_the_name_of_each():
    ledger = ledger_of(plan_of([["县水务局", "县财政局"]]))
    for unit in ("县水务局", "县财政局"):
        cells = {"progress": f"{unit}做了一半。", "state": "进展滞后"}
        reported(ledger, unit, {"T001": cells}, period=YEAR_END, due_on=DECEMBER, day=DECEMBER)
    carried = rows_of(tables(ledger, YEAR_END, DECEMBER)["事项表"])[1]
    assert "（进展滞后）县水务局：县水务局做了一半。／县财政局：县财政局做了一半。" == carried[2]


def test_a_quarter_has_neither_of_these(ledger):
    assert ["指标完成情况表", "重点任务进展情况表", "清单", "报送情况表"] == list(tables(ledger))


# --- what leaves the house, what the office words -----------------------------------------


def test_the_public_version_has_no_causes_no_reporting_and_nothing_that_was_computed(ledger):
    found = tables(ledger, public=True)
    assert ["指标完成情况表", "重点任务进展情况表"] == list(found)
    said = repr([rows_of(each) for each in found.values()]) + repr([each.foot for each in found.values()])
    for word in ("订单少", "原因", "▼", "※", "研判", "自评"):
        assert word not in said


def test_the_office_words_titles_and_notes_and_a_table_without_a_title_is_not_printed(ledger, tmp_path):
    (tmp_path / "words").mkdir()
    own = 'title_returns = ""\ntitle_behind = "{period}慢序时任务清单"\nnote_behind = ""\n'
    (tmp_path / "words" / "annexes.toml").write_text(own, "utf-8")
    found = tables(ledger, settings=Settings(tmp_path))
    assert "报送情况表" not in found
    assert "2026年二季度慢序时任务清单" == found["清单"].title
    assert "▼" not in found["指标完成情况表"].foot
    assert ["附件1", "附件2", "附件3"] == [each.label for each in found.values()]


# --- the document -----------------------------------------------------------------------


def drawn(ledger: Ledger, folder: Path, **more: Any) -> list[Any]:
    return list(docx.Document(str(report(ledger, NAME, out=folder, today=TODAY, **more))).tables)


def test_bands_and_the_word_for_no_rows_are_one_cell_as_wide_as_the_table(ledger, tmp_path):
    for table in drawn(ledger, tmp_path):
        width = sum(int(each.get(W + "w")) for each in table._tbl.tblGrid)
        for row in table._tbl.tr_lst:
            spans = [int(cell.tcPr.find(W + "tcW").get(W + "w")) for cell in row.tc_lst]
            assert width == sum(spans)
            assert len(row.tc_lst) in (1, len(table.columns))


def test_headers_are_repeated_and_rows_stay_whole_in_every_table(ledger, tmp_path):
    for table in drawn(ledger, tmp_path):
        assert 1 == len(table._tbl.xpath("./w:tr[w:trPr/w:tblHeader]"))
        assert len(table.rows) == len(table._tbl.xpath("./w:tr[w:trPr/w:cantSplit]"))
        assert table._tbl.xpath("./following-sibling::*[1][self::w:p]")


def test_rows_under_one_merged_cell_stay_on_a_page_and_a_note_keeps_with_its_table(tmp_path):
    ledger = with_annex()
    reported(ledger, "县教育局", {"A001": {}, "A002": {}, "A003": {}}, part="annex")
    table = drawn(ledger, tmp_path)[-1]
    kept = [bool(row.xpath(".//w:keepNext")) for row in table._tbl.tr_lst[1:]]
    assert [True, False, True, False] == kept
    assert table.rows[-1].cells[0].text.startswith("注：时间进度")


def test_whatever_a_clerk_typed_arrives_as_text_in_every_table(tmp_path):
    ledger = with_annex(target("A001.1", "学位", "=", 600.0, "个", "count"), TARGETS[0], numbers=(1,))
    slow = {**dict.fromkeys(("progress", "problem", "next_step"), NASTY), "state": "进展滞后"}
    reported(ledger, "县水务局", {"T001": slow, "T001.1": {"achieved": NASTY}})
    reported(ledger, "县教育局", {"A001.1": {"month_total": NASTY, "brief": NASTY}}, part="annex", period="2026-06")
    found = drawn(ledger, tmp_path)
    cells = [[cell.text for row in table.rows for cell in row.cells] for table in found]
    assert [1, 1, 2, 0, 2] == [listed.count(NASTY) for listed in cells]


def test_a_ledger_without_a_title_or_a_year_prints_no_none(tmp_path):
    ledger = ledger_of(plan_of([["县水务局"]], info=replace(INFO, title=None, year=None), targets=[TARGETS[0]]))
    reported(ledger, "县水务局", {"T001": {}, "T001.1": {"achieved": "3"}})
    assert "None" not in repr(
        [[cell.text for row in table.rows for cell in row.cells] for table in drawn(ledger, tmp_path)]
    )


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
