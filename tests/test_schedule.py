"""The reporting calendar out of the notice, and deadlines as dates."""

from __future__ import annotations

from datetime import date

import pytest

from taskkit.deadlines import deadline_in, parse_deadline
from taskkit.schedule import Calendar, period_of, read_calendar
from taskkit.workdays import PUBLISHED


def calendar(
    *sentences: str,
    year: int = 2026,
    issued_on: date | None = None,
    parts: tuple[tuple[str, str], ...] = (("main", ""),),
) -> Calendar:
    notice = [(sentence, f"第{number}段") for number, sentence in enumerate(sentences, start=1)]
    return read_calendar(notice, year, issued_on, parts)


def rows(found: Calendar) -> list[tuple[str, str, str, str]]:
    return [(due.period, due.role, str(due.due_on), due.to_whom) for due in found.dues]


def test_a_plan_of_work_and_three_reports_with_the_year_carried_on():
    found = calendar(
        "各单位要制定落实方案，明确季度工作目标，于2026年3月10日前报县政府督查室备案。",
        "各牵头单位要将落实情况分别于2026年7月10日、10月10日和2027年1月10日前报送县政府督查室。",
    )

    assert [
        ("plan", "lead", "2026-03-10", "县政府督查室"),
        ("2026Q2", "lead", "2026-07-10", "县政府督查室"),
        ("2026Q3", "lead", "2026-10-10", "县政府督查室"),
        ("2026Q4", "lead", "2027-01-10", "县政府督查室"),
    ] == rows(found)
    assert ["第1段", "第2段", "第2段", "第2段"] == [due.source for due in found.dues]


def test_two_hops_and_dates_that_lost_their_month_word():
    found = calendar(
        "一是各责任单位须分别于615日、1215日前将所协办工作的半年进展、全年完成情况报至牵头单位，并抄送县政府督查室。"
        "二是各牵头单位须分别于6月25日、12月25日前将半年进展、全年完成情况报县政府督查室。"
    )

    assert [
        ("2026H1", "support", "2026-06-15", "牵头单位（抄送县政府督查室）"),
        ("2026H2", "support", "2026-12-15", "牵头单位（抄送县政府督查室）"),
        ("2026H1", "lead", "2026-06-25", "县政府督查室"),
        ("2026H2", "lead", "2026-12-25", "县政府督查室"),
    ] == rows(found)
    assert ["date-damaged", "date-damaged"] == [doubt.code for doubt in found.doubts]


def test_an_annex_is_reported_monthly_by_a_working_day():
    found = calendar(
        "各牵头部门要将落实情况于2023年7月10日前报送督查室；"
        "将县十件民生实事落实情况自2023年4月至2024年1月，于每月第3个工作日前报送督查室。",
        year=2023,
        parts=(("main", "2023年县重点任务分工方案"), ("annex", "2023年县十件民生实事任务分解表")),
    )

    annex = [due for due in found.dues if due.part == "annex"]
    assert [f"2023-{month:02d}" for month in range(3, 13)] == [due.period for due in annex]
    assert (date(2023, 4, 6), date(2023, 5, 6)) == (annex[0].due_on, annex[1].due_on)


@pytest.mark.parametrize(
    ("sentence", "first", "count"),
    [
        ("各牵头单位于每月28日前将进展情况报县政府办。", ("2026-02", "2026-02-28"), 11),
        ("各牵头单位于每月5日前将进展情况报县政府办。", ("2026-02", "2026-03-05"), 11),
        ("各牵头单位于每季度首月20日前将进展情况报县政府办。", ("2026Q1", "2026-04-20"), 4),
        ("各牵头单位于每季度末月30日前将进展情况报县政府办。", ("2026Q1", "2026-03-30"), 4),
    ],
)
def test_a_recurring_date_gives_every_period_of_the_year(sentence, first, count):
    found = calendar(sentence, issued_on=date(2026, 2, 10)).dues

    assert (first, count) == ((found[0].period, str(found[0].due_on)), len(found))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("各责任单位每月底前向县政府督查室报送工作进展情况。", ("2026-12", "lead", "2026-12-31", "县政府督查室")),
        ("各单位于7月5日前、次年1月5日前报送半年、全年落实情况。", ("2026H2", "lead", "2027-01-05", "")),
        ("各单位每季度结束后5日内将落实情况书面报告县政府。", ("2026Q4", "lead", "2027-01-05", "县政府")),
    ],
)
def test_who_receives_a_report_is_told_from_what_is_reported(sentence, expected):
    assert expected == rows(calendar(sentence))[-1]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("各单位于次月3日前将上月进展情况报县督查室。", [("2026-02", "2026-03-03"), ("2026-03", "2026-04-03")]),
        ("各单位每月20日前报送上月工作进展情况。", [("2026-01", "2026-02-20"), ("2026-02", "2026-03-20")]),
        ("各单位每月20日前将进展情况发送至督查室邮箱。", [("2026-02", "2026-02-20"), ("2026-03", "2026-03-20")]),
        ("各单位每季度第二个月10日前报送上季度情况进展。", [("2026Q1", "2026-05-10"), ("2026Q2", "2026-08-10")]),
        ("各部门每季度报送工作进展（首次报送时间为4月5日前）。", [("2026Q1", "2026-04-05"), ("2026Q2", "2026-07-05")]),
        (
            "各单位每月25日前更新台账，每季度末25日前报送进展材料。",
            [("2026Q1", "2026-03-25"), ("2026Q2", "2026-06-25")],
        ),
        ("各镇于2月底前将任务分解方案报县政府办公室。", [("plan", "2026-02-28")]),
    ],
)
def test_what_a_report_looks_back_on_and_when_it_is_due(sentence, expected):
    found = calendar(sentence, issued_on=date(2026, 2, 10)).dues

    assert expected == [(due.period, str(due.due_on)) for due in found[:2]]


def test_a_date_on_its_own_takes_the_cadence_of_the_other_reports():
    halves = calendar("各单位要在7月10日前报送上半年工作情况，次年1月10日前报送全年工作情况。").dues
    months = calendar("各单位每月25日前报送进展情况，年底前报送全年总结。", issued_on=date(2026, 11, 1)).dues

    assert [("2026H1", "2026-07-10"), ("2026H2", "2027-01-10")] == [(due.period, str(due.due_on)) for due in halves]
    assert ("2026-12", "2026-12-31") == (months[-1].period, str(months[-1].due_on))


@pytest.mark.parametrize(
    "sentence",
    ["各单位每月1日、15日报送工作进展。", "每季度末前3个工作日报送完成情况。", "各单位要每两个月报告一次进展情况。"],
)
def test_an_order_without_one_clear_day_is_reported_and_not_guessed(sentence):
    found = calendar(sentence)

    assert ((), ["order-unread"]) == (found.dues, [doubt.code for doubt in found.doubts])


def test_two_hops_in_one_sentence_are_two_dates():
    found = calendar("配合单位于每季度末月20日前将情况报牵头单位，牵头单位汇总进展后于每季度末月25日前报县政府督查室。")

    assert [("support", "2026-03-20", "牵头单位"), ("lead", "2026-03-25", "县政府督查室")] == [
        (role, due, to_whom) for period, role, due, to_whom in rows(found) if period == "2026Q1"
    ]


def test_a_year_without_published_holidays_is_marked_once():
    found = calendar("各牵头单位于每月第3个工作日前将进展情况报县政府办。", year=2049)

    assert ["holidays-unknown"] == [doubt.code for doubt in found.doubts]


def test_sentences_that_order_no_report_give_no_date():
    assert () == calendar("会议于2026年3月10日召开。", "确保2026年6月30日前完成。").dues


def test_the_third_working_day_of_may_2023_is_a_moved_saturday():
    assert (date(2023, 5, 6), True) == PUBLISHED.nth(2023, 5, 3)


def test_a_report_belongs_to_the_period_whose_end_is_nearest():
    assert ("2026Q1", "2026H1", "2026-02") == (
        period_of(date(2026, 4, 10), 3).text,
        period_of(date(2026, 6, 15), 6).text,
        period_of(date(2026, 3, 5), 1).text,
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("6月底前", date(2026, 6, 30)),
        ("2027年2月底完成", date(2027, 2, 28)),
        ("年内", date(2026, 12, 31)),
        ("上半年完成", date(2026, 6, 30)),
        ("三季度", date(2026, 9, 30)),
        ("10月15日", date(2026, 10, 15)),
        ("持续推进", None),
        ("13月底", None),
    ],
)
def test_a_printed_deadline_is_its_last_day(text, day):
    assert day == parse_deadline(text, 2026)


def test_a_deadline_in_a_sentence_is_found_but_not_one_of_several():
    assert ("年底前", None) == (deadline_in("确保年底前建成"), deadline_in("6月底前开工，年底前建成"))


@pytest.mark.parametrize(
    ("sentence", "deadline"),
    [
        ("水库上半年建成", "上半年"),
        ("新校区9月底投入使用", "9月底"),
        ("十月底前完成改造", "十月底前"),
        ("一季度全面完成摸底", "一季度"),
        ("巩固上半年成果", None),
        ("办好10月茶花节", None),
        ("彻底完成整改", None),
        ("2027年底前建成", "2027年底前"),
    ],
)
def test_a_time_at_which_something_is_ready_is_a_deadline_but_no_other_time(sentence, deadline):
    assert deadline == deadline_in(sentence)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("请各单位于6月底和12月底前将进展情况报县政府办公室。", {"2026H1": "2026-06-30", "2026H2": "2026-12-31"}),
        (
            "各牵头单位于4月、7月、10月和次年1月的10日前将进展情况报县政府督查室。",
            {"2026Q1": "2026-04-10", "2026Q2": "2026-07-10", "2026Q3": "2026-10-10", "2026Q4": "2027-01-10"},
        ),
        ("各牵头单位每半年（6月20日、12月20日）报送落实情况。", {"2026H1": "2026-06-20", "2026H2": "2026-12-20"}),
        ("各牵头单位于2月底前将实施方案报县政府督查室。", {"plan": "2026-02-28"}),
    ],
)
def test_dates_are_read_however_months_and_days_are_shared(sentence, expected):
    assert expected == {due.period: str(due.due_on) for due in calendar(sentence).dues}


@pytest.mark.parametrize(
    ("sentence", "first", "count"),
    [
        ("各牵头单位于每月5号前将进展情况报县政府办。", ("2026-02", "2026-03-05"), 11),
        ("各牵头单位每双月25日前将进展情况报县政府督查室。", ("2026-02", "2026-02-25"), 6),
        ("各牵头单位每季度末月最后一个工作日前报送进展情况。", ("2026Q1", "2026-03-31"), 4),
        ("各单位每季度末前将进展情况报县政府办公室。", ("2026Q1", "2026-03-31"), 4),
        ("各单位于每月底前将情况报送督查室，督查室于次月5日前通报进展。", ("2026-02", "2026-02-28"), 11),
    ],
)
def test_a_recurring_date_is_read_in_its_rarer_forms_too(sentence, first, count):
    found = calendar(sentence, issued_on=date(2026, 2, 10)).dues

    assert (first, count) == ((found[0].period, str(found[0].due_on)), len(found))


@pytest.mark.parametrize(
    "sentence",
    [
        "市政府督查室要加强督查，于每月25日前将进展情况报市政府。",
        "县政府督查室将每季度通报一次进展情况。",
        "开展120日行动，推进各项工作落实。",
    ],
)
def test_what_the_office_does_itself_is_nobodys_to_report(sentence):
    assert ((), ()) == (calendar(sentence).dues, calendar(sentence).doubts)


@pytest.mark.parametrize(
    "sentence", ["各单位要定期将进展情况报县政府督查室。", "各牵头单位每半年向县政府报告一次进展情况。"]
)
def test_an_order_whose_date_cannot_be_read_is_a_doubt(sentence):
    assert ["order-unread"] == [doubt.code for doubt in calendar(sentence).doubts]


def test_a_rule_is_no_addressee():
    assert {""} == {due.to_whom for due in calendar("实行每月5日前进展情况报送制度。").dues}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年10月至2027年3月", date(2027, 3, 31)),
        ("10月至次年3月", date(2027, 3, 31)),
        ("2026.12", date(2026, 12, 31)),
        ("2026/6/30", date(2026, 6, 30)),
        ("十月底", date(2026, 10, 31)),
        ("明年3月底", date(2027, 3, 31)),
        ("6月底完成50%，12月底全面完成", date(2026, 12, 31)),
        ("12月底；10月底", date(2026, 12, 31)),
        ("每月5日前", None),
    ],
)
def test_a_deadline_counts_in_its_own_year_and_the_latest_of_several(text, day):
    assert day == parse_deadline(text, 2026)


def test_the_report_that_the_plan_is_about_is_no_addressee():
    found = calendar("落实好县《政府工作报告》各项任务，逐项制定落实方案，于2026年3月15日前报县政府督查室备案。")

    assert [("plan", "lead", "2026-03-15", "县政府督查室")] == rows(found)


def test_a_notice_in_traditional_script_is_read_and_its_addressee_stays_as_printed():
    found = calendar("各牽頭單位於2026年3月10日前將落實方案報送縣政府督查室，每季度末月20日前報送進展情況。")

    assert ("plan", "lead", "2026-03-10", "縣政府督查室") == rows(found)[0]
    assert ["2026Q1", "2026Q2", "2026Q3", "2026Q4"] == [due.period for due in found.dues[1:]]


def test_what_is_sent_is_reported_too():
    found = calendar(
        "各部门要在4月10日前将贯彻落实方案报县政府，并于8月底、12月底前将工作进展情况送县政府办公室。",
        "配合单位于每季度末月25日前将情况送牵头单位。",
    )

    assert [
        ("plan", "lead", "2026-04-10", "县政府"),
        ("2026H1", "lead", "2026-08-31", "县政府办公室"),
        ("2026H2", "lead", "2026-12-31", "县政府办公室"),
    ] == rows(found)[:3]
    assert ("2026Q1", "support", "2026-03-25", "牵头单位") == rows(found)[3]


def test_what_is_due_from_then_on_begins_after_the_plan_of_work():
    found = calendar("牵头单位于6月底前报送整改方案，此后每月10日前报送整改进展。", issued_on=date(2026, 5, 20))

    assert [("plan", "2026-06-30"), ("2026-06", "2026-07-10")] == [(row[0], row[2]) for row in rows(found)][:2]
