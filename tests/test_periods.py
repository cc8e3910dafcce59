"""Periods are read as offices write them and compare by the month in which they end."""

import pytest

from taskkit.errors import UsageError
from taskkit.periods import PLAN, parse_period, periods_named
from taskkit.plan import QUARTERS


@pytest.mark.parametrize(
    ("text", "label", "span", "stage"),
    [
        ("plan", "落实方案", "", None),
        ("2026-01", "2026年1月", "1月", "一季度"),
        ("2026-05", "2026年5月", "1—5月", "二季度"),
        ("2026Q2", "2026年二季度", "1—6月", "二季度"),
        ("2026H2", "2026年下半年", "1—12月", "四季度"),
    ],
)
def test_a_period_knows_how_officials_write_it_and_what_it_spans(text, label, span, stage):
    period = parse_period(text)
    assert (text, label, span, stage) == (period.text, period.label, period.span, period.stage(QUARTERS))


def test_halves_have_their_own_stages():
    assert "上半年" == parse_period("2026-04").stage(("上半年", "全年"))
    assert "全年" == parse_period("2026Q3").stage(("上半年", "全年"))


def test_spelling_is_forgiven_where_the_meaning_is_clear():
    assert parse_period("2026Q2") == parse_period(" 2026q2 ")
    assert parse_period("2026-03") == parse_period("2026-3")
    assert parse_period("PLAN") == PLAN


def test_periods_compare_by_their_last_month_and_the_plan_comes_first():
    texts = ["2026Q2", "plan", "2027-01", "2026-05", "2026H2", "2026-07"]
    assert ["plan", "2026-05", "2026Q2", "2026-07", "2026H2", "2027-01"] == [
        period.text for period in sorted(map(parse_period, texts))
    ]


@pytest.mark.parametrize("text", ["", "2026", "2026Q5", "2026H3", "2026-13", "2026-00", "一季度", "26Q1"])
def test_anything_else_is_refused_with_the_accepted_spellings(text):
    with pytest.raises(UsageError, match="2023Q1（季度）"):
        parse_period(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("2026Q1", "一季度"),
        ("2026Q2", "第2季度"),
        ("2026H1", "上半年"),
        ("2026-06", "6月"),
        ("2026-10", "十月份"),
        ("plan", "落实方案"),
        ("2025Q4", "2025年四季度"),
    ],
)
def test_a_period_may_be_written_in_words_where_the_year_is_known(expected, text):
    assert expected == parse_period(text, 2026).text


def test_but_words_without_any_year_are_refused():
    with pytest.raises(UsageError, match="没有写明年份"):
        parse_period("二季度")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (["2026Q2"], "县教育局2026年二季度进展_20260708"),
        (["2026Q2", "2026-06", "2026H1"], "1—6月工作进展"),
        (["2026-06"], "6月工作进展（7月8日报）"),
        (["2026H1"], "上半年总结"),
        (["plan"], "落实方案"),
        ([], "2025年二季度"),
        ([], "7月8日"),
        ([], "四季青镇"),
    ],
)
def test_the_periods_that_a_files_name_can_mean(expected, text):
    among = [parse_period(each) for each in ("plan", "2026Q2", "2026-06", "2026H1")]
    said, meant = periods_named(text, among)
    assert expected == [each.text for each in meant]
    assert said == (text not in ("7月8日", "四季青镇"))
