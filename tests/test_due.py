"""What is due: by unit in the order of the unit list, with later dates that were asked for in time and no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from taskkit import issue, open_ledger
from taskkit.chat_line import chat_line
from taskkit.duties import Duty, collectives_asked, duties, duties_frame, of_units
from taskkit.entries import Ruling
from taskkit.errors import UsageError
from taskkit.extending import Extended, Wanted, extend_date, withdraw_extension
from taskkit.ledger import Ledger
from taskkit.periods import official_date
from taskkit.registering import register_rows
from taskkit.roster import Roster, UnitEntry
from taskkit.settings import Settings
from taskkit.showing_due import grouped, show_due, show_provisional
from taskkit.stores.schedules import DueDate
from taskkit.tracking import Outcome, read_returns, returns, status, unasked
from tests.filled import fill
from tests.plans import read_text_plan
from tests.test_hops import TWO_DATES, ledger_of
from tests.test_issuing import plan_of

NAME = "云溪"
ASKED, TO = date(2026, 7, 8), date(2026, 7, 20)
DUE = date(2026, 7, 10)
WANTED = Wanted("县教育局", "2026Q2", None, TO, ASKED, "审计数据未出")


@pytest.fixture
def ledger() -> Ledger:
    ledger = open_ledger("sqlite://")
    ledger.add_plan(plan_of())
    return ledger


@pytest.fixture
def hops() -> Ledger:
    return ledger_of(TWO_DATES)


def of(ledger: Ledger, on: date = date(2026, 7, 8), **which: object) -> list[Duty]:
    listed = duties(ledger, NAME, on)
    return [each for each in listed if all(getattr(each, key) == value for key, value in which.items())]


def one(ledger: Ledger, on: date = date(2026, 7, 8), **which: object) -> Any:
    [found] = of(ledger, on, **which)
    return found


def extend(ledger: Ledger, **changes: Any) -> Extended:
    return extend_date(ledger, NAME, replace(WANTED, **changes), date(2026, 8, 1))


# --- who owes what --------------------------------------------------------------------


def test_what_was_closed_is_due_no_more_afterwards_but_it_was_in_its_own_period(ledger):
    ledger.keep_rulings(NAME, [Ruling("task", "closed", "yes", "2026Q1", row_id="T001")])
    assert ["plan", "2026Q1"] == [each.period for each in of(ledger, unit="县教育局")]
    assert ["plan", "2026Q1", "2026Q2"] == [each.period for each in of(ledger, unit="县林业局")]


def test_who_need_not_report_are_units_without_tasks_that_are_open_but_no_collective_whose_members_report(
    ledger, tmp_path
):
    ledger.add_roster(NAME, Roster((UnitEntry("各镇政府", members=("东镇政府",)),)))
    ledger.keep_rulings(NAME, [Ruling("task", "closed", "yes", "2026Q1", row_id="T002")])
    issue(ledger, NAME, "2026Q2", tmp_path, role="all", today=date(2026, 6, 20))
    assert {"县住房城乡建设局", "县林业局", "县交通运输局"} == {unit for unit, _ in unasked(ledger, NAME, "2026Q2")}


def test_each_lead_unit_owes_each_period_of_its_part_and_support_units_owe_nothing(ledger):
    found = {(each.unit, each.period, str(each.due_on)) for each in of(ledger)}
    leads = ("县教育局", "县住房城乡建设局", "县林业局")
    dates = {"plan": "2026-03-20", "2026Q1": "2026-04-10", "2026Q2": "2026-07-10"}
    expected = {(unit, *each) for unit in leads for each in dates.items()}
    assert expected | {("县交通运输局", "2026-04", "2026-05-08")} == found


def test_the_days_that_are_left_are_counted_and_what_was_not_sent_is_known(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path, units=["县教育局"])
    sent, unsent = one(ledger, unit="县教育局", period="2026Q2"), one(ledger, unit="县林业局", period="2026Q2")
    assert (Outcome.NOT_DUE, 2, "未到期") == (sent.outcome, sent.days_left, sent.outcome.label)
    assert (Outcome.NOT_SENT, 2, "未发表格") == (unsent.outcome, unsent.days_left, unsent.outcome.label)
    late = one(ledger, date(2026, 7, 13), unit="县教育局", period="2026Q2")
    assert (Outcome.MISSING, -3, 3) == (late.outcome, late.days_left, late.days_late)


def test_what_came_has_no_days_left_and_says_how_late_it_was(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path, units=["县教育局"])
    [book] = [ledger.workbook(each) for each in ledger.workbooks(NAME)["workbook"]]
    fill(ledger, book, {"T001": {"progress": "已开工。"}}, date(2026, 7, 12))
    found = one(ledger, date(2026, 9, 1), unit="县教育局", period="2026Q2")
    assert (Outcome.LATE, None, 2, date(2026, 7, 12)) == (
        found.outcome,
        found.days_left,
        found.days_late,
        found.received,
    )


def test_what_was_sent_though_no_date_orders_it_is_owed_too(ledger, tmp_path):
    issue(ledger, NAME, "2026Q3", tmp_path, units=["县教育局"], anyway=True)
    found = one(ledger, period="2026Q3")
    assert ("县教育局", None, "", Outcome.NOT_DUE) == (found.unit, found.due_on, found.source, found.outcome)


def test_a_form_for_both_roles_that_was_sent_by_name_is_one_duty(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path, units=["县教育局"], role="all")
    assert ["all"] == [each.role for each in of(ledger, unit="县教育局", period="2026Q2")]


def test_support_units_owe_before_their_lead_unit_and_it_is_told_how_many_have_reported(hops, tmp_path):
    listed = [(each.unit, each.role, str(each.due_on)) for each in duties(hops, NAME, date(2026, 6, 1))]
    assert [
        ("县教育局", "support", "2026-06-15"),
        ("县教育局", "lead", "2026-06-25"),
        ("县林业局", "lead", "2026-06-25"),
        ("县财政局", "support", "2026-06-15"),
        ("县财政局", "lead", "2026-06-25"),
        ("县住房城乡建设局", "support", "2026-06-15"),
    ] == listed
    issue(hops, NAME, "2026H1", tmp_path)
    [book] = [
        hops.workbook(row.workbook)
        for row in hops.workbooks(NAME).itertuples()
        if (row.unit, row.role) == ("县财政局", "support")
    ]
    fill(hops, book, {"T001": {"progress": "已拨款。"}}, date(2026, 6, 14))
    lead = one(hops, date(2026, 6, 16), unit="县教育局", role="lead")
    assert (("县财政局", "县住房城乡建设局"), ("县财政局",)) == (lead.support_units, lead.support_reported)


def test_a_unit_that_reports_through_another_owes_nothing_and_is_named_there(ledger):
    ledger.add_roster(NAME, Roster((UnitEntry("县住房城乡建设局"), UnitEntry("县林业局", through="县住房城乡建设局"))))
    assert [] == of(ledger, unit="县林业局")
    assert {("县林业局",)} == {each.through for each in of(ledger, unit="县住房城乡建设局")}


def test_a_collective_is_told_until_its_members_are_named_and_then_these_owe():
    ledger = open_ledger("sqlite://")
    dates = "| 报送期 | 角色 | 部分 | 截止 |\n| 2026Q2 | lead | main | 2026-07-10 |"
    plan = plan_of("| 任务 | 部分 | 牵头 | 配合 |\n| 修路 | main | 各镇政府 | |", dates)
    name = ledger.add_plan(plan, "各镇")
    assert [("各镇政府", ("2026Q2",))] == [tuple(each) for each in collectives_asked(ledger, name)]
    assert () == duties(ledger, name, DUE)
    ledger.add_roster(name, Roster((UnitEntry("各镇政府", members=("乙镇", "甲镇")),)))
    assert ["乙镇", "甲镇"] == [each.unit for each in duties(ledger, name, DUE)]
    assert () == collectives_asked(ledger, name)
    assert ["乙镇", "甲镇"] == [each.unit for each in of_units(ledger, name, duties(ledger, name, DUE), ["各镇政府"])]


def test_units_stand_in_the_order_of_the_list_never_of_the_alphabet(ledger):
    names = ("县林业局", "县教育局", "县住房城乡建设局")
    ledger.add_roster(NAME, Roster(tuple(map(UnitEntry, names))))
    assert [*names, "县交通运输局"] == list(dict.fromkeys(each.unit for each in duties(ledger, NAME, DUE)))


def test_the_frame_has_one_row_for_each_duty(ledger):
    extend(ledger)
    frame = duties_frame(duties(ledger, NAME, date(2026, 7, 9)))
    row = frame[(frame["unit"] == "县教育局") & (frame["period"] == "2026Q2")].iloc[0]
    assert (11, "审计数据未出", 10) == (row["days_left"], row["extended"], row["original_due_on"].day)
    assert len(of(ledger)) == len(frame)


def test_on_a_day_what_came_later_had_not_come(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path, today=date(2026, 7, 1))
    book = ledger.workbook(ledger.latest_workbooks(NAME, "2026Q2")["县教育局", "lead", "main"].workbook)
    fill(ledger, book, {"T001": {"progress": "已办成两件事。"}}, date(2026, 7, 13))
    shown = [one(ledger, on, unit="县教育局", period="2026Q2") for on in (date(2026, 7, 8), date(2026, 7, 13))]
    assert [(Outcome.NOT_DUE, 2), (Outcome.LATE, None)] == [(each.outcome, each.days_left) for each in shown]


def test_a_form_was_sent_on_the_day_for_which_it_was_issued(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path, today=date(2026, 7, 1))
    assert {date(2026, 7, 1)} == {each.issued_on for each in read_returns(ledger, NAME, "2026Q2", DUE)}


# --- shown ----------------------------------------------------------------------------


def test_what_is_overdue_comes_first_then_today_this_week_and_the_next_date(ledger, tmp_path):
    issue(ledger, NAME, "2026Q1", tmp_path / "a")
    extend(ledger, period="2026Q1", asked=date(2026, 4, 8), to=date(2026, 7, 8))  # a Wednesday
    groups = {title: [(each.unit, each.period) for each in listed] for title, listed in grouped(of(ledger), ASKED)}
    assert [("县住房城乡建设局", "2026Q1"), ("县林业局", "2026Q1")] == groups["逾期"]
    assert [("县教育局", "2026Q1")] == groups["今天到期"]
    assert {"2026Q2"} == {period for _, period in groups["本周到期"]}
    assert [] == groups["接下来"]


def test_what_lies_in_the_past_and_was_never_sent_is_counted_not_listed(ledger, capsys):
    show_due(NAME, of(ledger), ASKED, everything=False, by_unit=False)
    printed = capsys.readouterr().out
    assert "逾期" not in printed
    assert "日期已过、没有发过表格的7份没有列出" in printed
    assert "还剩2天" in printed


YEAR = "2031年县政府工作报告分工方案\n{}\n一、稳增长\n1.办好一件事。（牵头单位：县教育局）\n"
BY_WORKDAYS = "各牵头单位自3月起于每月第3个工作日前将上月工作进展情况报县政府督查室。"
BY_DAYS = "各牵头单位于2031年7月10日、10月10日前将工作进展情况报县政府督查室。"


def said(listed: Iterable[Duty], capsys: Any) -> str:
    show_provisional(listed)
    return str(capsys.readouterr().out)


BY_HALVES = "各牵头单位于每半年末月第3个工作日前将工作进展情况报县政府督查室。"


@pytest.mark.parametrize(("notice", "provisional"), [(BY_WORKDAYS, True), (BY_HALVES, True), (BY_DAYS, False)])
def test_a_year_without_published_holidays_says_provisional_once(tmp_path, capsys, notice, provisional):
    ledger = open_ledger("sqlite://")
    name = ledger.add_plan(read_text_plan(tmp_path, YEAR.format(notice)))
    listed = duties(ledger, name, date(2031, 1, 1))
    assert 2 <= len(listed)
    assert {provisional} == {each.provisional for each in listed}
    assert 1 == said(listed, capsys).count("暂定")


def test_nothing_is_provisional_once_the_office_has_written_down_the_year(tmp_path, capsys):
    ledger = open_ledger("sqlite://")
    name = ledger.add_plan(read_text_plan(tmp_path, YEAR.format(BY_WORKDAYS)))
    (tmp_path / "words").mkdir()
    text = '[[years]]\nyear = 2031\nholidays = ["2031-05-01~2031-05-02"]\n[[years]]\nyear = 2032\n'
    (tmp_path / "words" / "calendar.toml").write_text(text, "utf-8")
    listed = duties(ledger, name, date(2031, 1, 1), Settings(tmp_path))
    assert {False} == {each.provisional for each in listed}
    assert date(2031, 5, 7) in {each.due_on for each in listed}  # 1 and 2 May are off: Monday 5, 6, 7
    assert "" == said(listed, capsys)


def test_a_form_with_a_provisional_date_says_so_when_it_is_issued(tmp_path):
    ledger = open_ledger("sqlite://")
    name = ledger.add_plan(read_text_plan(tmp_path, YEAR.format(BY_WORKDAYS)))
    books = issue(ledger, name, "2031-04", tmp_path / "out")
    assert ["date-provisional"] == books.findings["code"].tolist()


# --- later dates ----------------------------------------------------------------------


def test_a_later_date_that_was_asked_for_in_time_counts(ledger):
    assert [TO] == [each.due_on for each in extend(ledger).forms]
    found = one(ledger, date(2026, 7, 15), unit="县教育局", period="2026Q2")
    assert (TO, DUE, 5) == (found.due_on, found.original_due_on, found.days_left)
    assert ("审计数据未出", ASKED) == (found.extension.reason, found.extension.asked_on)
    assert DUE == one(ledger, unit="县林业局", period="2026Q2").due_on


@pytest.mark.parametrize("asked", [date(2026, 7, 8), DUE])
def test_it_may_be_asked_for_until_the_day_itself(ledger, asked):
    extend(ledger, asked=asked)
    assert TO == one(ledger, unit="县教育局", period="2026Q2").due_on


def test_one_that_was_asked_for_after_the_old_date_is_refused_with_the_rule_and_the_old_date_counts(ledger):
    with pytest.raises(
        UsageError, match=r"延期须在原定日期前提出：现定2026年7月10日，提出是2026年7月11日.*仍按现定日期"
    ):
        extend(ledger, asked=date(2026, 7, 11))
    assert {} == ledger.rulings(NAME)
    assert DUE == one(ledger, unit="县教育局", period="2026Q2").due_on


@pytest.mark.parametrize(
    ("told", "changes"),
    [
        ("没有写明延期的理由", {"reason": " "}),
        ("不晚于现定的2026年7月10日", {"to": DUE}),
        ("提出日期2026年8月2日还没有到", {"asked": date(2026, 8, 2)}),
        ("方案里没有“县教育厅”这个单位。是不是“县教育局”", {"unit": "县教育厅"}),
        ("“县财政局”在2026年二季度没有要报送的", {"unit": "县财政局"}),
        ("“县教育局”在2026年三季度没有要报送的", {"period": "三季度"}),
        ("这一期没有“附件”要报", {"part": "附件"}),
    ],
)
def test_what_cannot_be_granted_is_refused_and_changes_nothing(ledger, told, changes):
    with pytest.raises(UsageError, match=told):
        extend(ledger, **changes)
    assert {} == ledger.rulings(NAME)


def test_a_unit_that_has_reported_needs_no_later_date(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path, units=["县教育局"])
    [book] = [ledger.workbook(each) for each in ledger.workbooks(NAME)["workbook"]]
    fill(ledger, book, {"T001": {"progress": "已开工。"}}, date(2026, 7, 12))
    with pytest.raises(UsageError, match="已经报送，不用延期"):
        extend(ledger)


def test_a_unit_that_reports_through_another_is_sent_there(ledger):
    ledger.add_roster(NAME, Roster((UnitEntry("县住房城乡建设局"), UnitEntry("县林业局", through="县住房城乡建设局"))))
    with pytest.raises(UsageError, match="“县林业局”由“县住房城乡建设局”一并报送"):
        extend(ledger, unit="县林业局")


def test_the_same_again_is_no_news(ledger):
    assert extend(ledger).is_new
    assert not extend(ledger).is_new
    assert 3 == len(ledger.ruling_versions(NAME))


def test_what_was_granted_holds_when_the_office_sets_an_earlier_schedule_afterwards(ledger):
    extend(ledger)
    early = DueDate("2026Q2", "lead", "main", date(2026, 6, 30), "县政府督查室")
    ledger.set_schedule("云溪", [early], "每季度末月30日")
    found = one(ledger, date(2026, 7, 12), unit="县教育局", period="2026Q2")
    assert (TO, 8) == (found.due_on, found.days_left)
    assert date(2026, 6, 30) == one(ledger, date(2026, 7, 12), unit="县林业局", period="2026Q2").due_on


def test_a_second_one_is_asked_for_before_the_first_has_passed(ledger):
    extend(ledger)
    with pytest.raises(UsageError, match="现定2026年7月20日，提出是2026年7月21日"):
        extend(ledger, asked=date(2026, 7, 21), to=date(2026, 7, 30))
    extend(ledger, asked=date(2026, 7, 19), to=date(2026, 7, 30))
    found = one(ledger, unit="县教育局", period="2026Q2")
    assert (date(2026, 7, 30), DUE) == (found.due_on, found.original_due_on)


def test_a_withdrawn_one_counts_no_more_and_can_be_granted_anew(ledger):
    extend(ledger)
    withdraw_extension(ledger, NAME, "县教育局", "二季度", None)
    assert DUE == one(ledger, unit="县教育局", period="2026Q2").due_on
    with pytest.raises(UsageError, match="没有登记过延期"):
        withdraw_extension(ledger, NAME, "县教育局", "二季度", None)
    extend(ledger, to=date(2026, 7, 15))
    assert date(2026, 7, 15) == one(ledger, unit="县教育局", period="2026Q2").due_on


def test_each_form_is_judged_by_its_own_date(hops):
    extend(hops, period="2026H1", asked=date(2026, 6, 18), to=date(2026, 6, 30))
    days = {each.role: str(each.due_on) for each in of(hops, unit="县教育局")}
    assert {"support": "2026-06-15", "lead": "2026-06-30"} == days


def test_a_form_that_is_out_is_judged_by_the_later_date_everywhere(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path, units=["县教育局", "县林业局"])
    extend(ledger)
    frame = returns(ledger, NAME, "2026Q2", date(2026, 7, 15))
    assert [("县教育局", "not yet due", 0), ("县林业局", "missing", 5)] == list(
        frame[["unit", "outcome", "days_late"]].itertuples(index=False, name=None)
    )
    [summed] = status(ledger, NAME, "2026Q2", date(2026, 7, 15))
    assert (DUE, ("县林业局",), {"县教育局": TO}) == (summed.due_on, summed.missing_units, summed.extended_units)
    assert "县教育局（延至7月20日）、县林业局" in chat_line(ledger, NAME, summed, datetime(2026, 7, 15, 9))
    book = ledger.workbook(frame["workbook"].iloc[0])
    fill(ledger, book, {"T001": {"progress": "已开工。"}}, date(2026, 7, 22))
    [row] = [row for row in register_rows(ledger, NAME, "2026Q2") if row.unit == "县教育局" and row.number]
    assert (TO, 2) == (row.due_on, row.days_late)


def test_who_has_reported_gets_no_other_form_for_a_date_that_was_moved(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path, units=["县教育局", "县林业局"])
    moved = DueDate("2026Q2", "lead", "main", date(2026, 7, 9), "县政府督查室")
    ledger.set_schedule(NAME, [moved], "七月九日")
    book = ledger.latest_workbooks(NAME, "2026Q2")["县教育局", "lead", "main"]
    fill(ledger, ledger.workbook(book.workbook), {"T001": {"progress": "已办。"}})
    again = issue(ledger, NAME, "2026Q2", tmp_path, units=["县教育局", "县林业局"])
    assert ["县林业局"] == again.books["unit"].tolist()
    assert [("县教育局", "已经报送，没有要它补充的内容")] == list(again.left_out.itertuples(index=False, name=None))


def test_a_form_that_goes_out_later_says_the_later_date_and_goes_back_to_the_first(ledger, tmp_path):
    extend(ledger)
    issue(ledger, NAME, "2026Q2", tmp_path, units=["县教育局"])
    assert [TO] == [day.date() if hasattr(day, "date") else day for day in ledger.workbooks(NAME)["due_on"]]
    found = one(ledger, unit="县教育局", period="2026Q2")
    assert (TO, DUE) == (found.due_on, found.original_due_on)
    withdraw_extension(ledger, NAME, "县教育局", "2026Q2", None)
    assert DUE == one(ledger, unit="县教育局", period="2026Q2").due_on


def test_the_supervision_offices_words_are_kept_as_rulings_that_others_can_read(ledger):
    extend(ledger)
    kept = {each.column: each.value for each in ledger.rulings(NAME, "extension", "2026Q2").values()}
    assert {"due_on": "2026-07-20", "asked_on": "2026-07-08", "reason": "审计数据未出"} == kept
    assert official_date(TO) == "2026年7月20日"


def test_one_that_was_granted_under_a_unit_s_old_name_can_be_withdrawn(ledger):
    extend(ledger)
    ledger.add_roster(NAME, Roster((UnitEntry("县教体局", aliases=("县教育局",)),)))
    assert TO == one(ledger, unit="县教体局", period="2026Q2").due_on

    withdraw_extension(ledger, NAME, "县教体局", "二季度", None)
    assert DUE == one(ledger, unit="县教体局", period="2026Q2").due_on
    with pytest.raises(UsageError, match="没有登记过延期"):
        withdraw_extension(ledger, NAME, "县教体局", "二季度", None)
