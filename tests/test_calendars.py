"""Working days, the office's own holidays, and the common kinds of calendars: all of it data, mistakes named."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from taskkit.calendars import date_kinds, find_kind, work_calendar
from taskkit.errors import InputError, UsageError
from taskkit.orders import Orders
from taskkit.periods import parse_period
from taskkit.plan import Plan, PlanInfo, make_plan
from taskkit.settings import Settings
from taskkit.workdays import BEFORE, KEEP, NEXT, PUBLISHED, WorkCalendar
from tests.plans import ROOT

# domain.md, "Reporting calendars", as the days that are meant in a plan of 2023.
KINDS = """
| 每月28日 | 2023-01 2023-01-28; 2023-02 2023-02-28; 2023-12 2023-12-28 |
| 每季度首月20日 | 2023Q1 2023-04-20; 2023Q2 2023-07-20; 2023Q3 2023-10-20; 2023Q4 2024-01-20 |
| 每季度末月30日 | 2023Q1 2023-03-30; 2023Q2 2023-06-30; 2023Q3 2023-09-30; 2023Q4 2023-12-30 |
| 每月5日前 | 2023-01 2023-02-05; 2023-11 2023-12-05; 2023-12 2024-01-05 |
| 每月第3个工作日 | 2023-01 2023-02-03; 2023-04 2023-05-06; 2023-12 2024-01-04 |
| 月看、季查、半年通报、年终考核 | 2023-01 2023-02-05; 2023-06 2023-07-05; 2023-12 2024-01-05 |
"""


def kinds() -> Iterator[tuple[str, dict[str, str]]]:
    for line in KINDS.strip().splitlines():
        name, dates = (cell.strip() for cell in line.strip("|").split("|"))
        yield name, dict(each.split() for each in dates.split("; "))


@pytest.mark.parametrize(("name", "dates"), list(kinds()))
def test_each_common_kind_gives_its_dates(name, dates):
    kind = find_kind(Settings(), name)
    found = {period.text: str(PUBLISHED.reckon(day, kind.how())[0]) for period, day in kind.dates(2023)}
    assert dates == {period: found[period] for period in dates}
    assert {12, 4} >= {len(found)}


def test_the_kinds_that_are_shipped_are_those_of_the_field():
    assert [name for name, _ in kinds()] == [each.name for each in date_kinds(Settings())]


def test_the_monthly_kind_that_ends_in_scoring_names_what_the_office_does_and_asks_once_a_month():
    kind = find_kind(Settings(), "月看")
    assert ["月看", "月看", "季查", "月看", "月看", "半年通报"] == [kind.names[month] for month in range(1, 7)]
    assert 12 == len(list(kind.dates(2026)))


def test_a_kind_that_nobody_knows_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match=r"没有“每旬”这种报送安排.*每月28日；每季度首月20日.*照方案"):
        find_kind(Settings(), "每旬")


def test_a_word_that_several_kinds_hold_is_not_guessed():
    with pytest.raises(UsageError, match="没有“每月”这种报送安排"):
        find_kind(Settings(), "每月")


@pytest.mark.parametrize(
    ("expected", "day", "how"),
    [
        ("2023-05-01", "2023-05-01", KEEP),
        ("2023-05-04", "2023-05-01", NEXT),
        ("2023-04-28", "2023-05-01", BEFORE),
        ("2023-05-06", "2023-05-06", NEXT),  # a Saturday that is worked
        ("2023-10-07", "2023-09-30", NEXT),
    ],
)
def test_a_date_on_a_holiday_moves_as_the_office_sets(expected, day, how):
    assert (date.fromisoformat(expected), True) == PUBLISHED.moved(date.fromisoformat(day), how)


@pytest.mark.parametrize(
    ("day", "number", "expected", "known"),
    [
        (date(2026, 7, 15), 3, date(2026, 7, 20), True),
        (date(2023, 4, 28), 1, date(2023, 5, 4), True),
        (date(2023, 4, 28), 3, date(2023, 5, 6), True),
        (date(2031, 5, 2), 1, date(2031, 5, 5), False),
    ],
)
def test_working_days_after_a_day_are_counted_with_holidays_and_moved_saturdays(day, number, expected, known):
    assert (expected, known) == PUBLISHED.after(day, number)


def test_a_year_without_published_holidays_is_known_by_its_weekends_alone():
    assert (date(2031, 5, 5), False) == PUBLISHED.nth(2031, 5, 3)
    assert not PUBLISHED.knows(2031)
    assert PUBLISHED.knows(2023)


def test_the_last_working_day_of_a_month_is_its_last_also_where_the_month_ends_in_holidays():
    assert (date(2023, 9, 28), True) == PUBLISHED.nth(2023, 9, 31)


OWN = WorkCalendar(frozenset([date(2031, 5, 1), date(2031, 5, 2)]), frozenset([date(2031, 5, 3)]), frozenset([2031]))


def test_what_the_office_says_of_a_year_counts_and_makes_it_known():
    assert (date(2031, 5, 6), True) == OWN.nth(2031, 5, 3)  # Saturday the 3rd is worked, then Monday, Tuesday


def plan_with(*due_on: date) -> Plan:
    info = PlanInfo(title="2031年分工方案", year=2031, source="a.txt")
    rows = [
        {"period": f"2031-{number:02d}", "role": "lead", "part": "main", "due_on": day, "source": "第3段"}
        for number, day in enumerate(due_on, 3)
    ]
    return make_plan(info, tasks=[{"task_id": "T001", "part": "main", "title": "a"}], schedule=rows)


def date_of(plan: Plan, period: str, days: WorkCalendar) -> tuple[str, bool]:
    found = Orders(plan, days).date_of("lead", "main", parse_period(period))
    return str(found.due_on), found.provisional


# The third weekdays of April, May and June 2031, as they were read before any holiday was published.
BY_WEEKENDS = (date(2031, 4, 3), date(2031, 5, 5), date(2031, 6, 4))


def test_dates_that_were_read_before_publication_are_provisional_and_follow_once_the_days_are_known():
    plan = plan_with(*BY_WEEKENDS)
    assert ("2031-05-05", True) == date_of(plan, "2031-04", PUBLISHED)
    assert ("2031-05-06", False) == date_of(plan, "2031-04", OWN)


@pytest.mark.parametrize(
    "days",
    [
        (date(2031, 4, 20), date(2031, 5, 20), date(2031, 6, 20)),  # the same day of each month
        (date(2031, 4, 3), date(2031, 5, 12), date(2031, 6, 4)),  # no working day of one number
        BY_WEEKENDS[:2],  # too few to tell
    ],
)
def test_dates_that_are_plain_days_never_move_and_are_never_provisional(days):
    assert (str(days[1]), False) == date_of(plan_with(*days), "2031-04", OWN)


def test_dates_of_a_published_year_stay_as_they_are_read():
    days = (date(2023, 4, 6), date(2023, 5, 6), date(2023, 6, 5))
    assert ("2023-05-06", False) == date_of(plan_with(*days), "2031-04", PUBLISHED)


# --- the files ------------------------------------------------------------------------


def own(folder: Path, name: str, text: str) -> Settings:
    (folder / "words").mkdir(exist_ok=True)
    (folder / "words" / f"{name}.toml").write_text(text, "utf-8")
    return Settings(folder)


def test_an_office_writes_down_the_days_of_a_year(tmp_path):
    text = '[[years]]\nyear = 2031\nholidays = ["2031-05-01~2031-05-02", 2031-10-01]\nworkdays = ["2031-05-03"]\n'
    days = work_calendar(own(tmp_path, "calendar", text))
    assert OWN == WorkCalendar(days.days_off - {date(2031, 10, 1)}, days.days_on, days.years)
    assert date(2031, 10, 1) in days.days_off


KIND = '[[calendars]]\nname = "甲"\nperiod = "month"\nday = 5\n'


@pytest.mark.parametrize(
    ("line", "key", "text"),
    [
        (1, "holidays", 'holidays = "later"\n' + KIND),
        (1, "weekends", 'weekends = "keep"\n' + KIND),
        (3, "period", KIND.replace("month", "week")),
        (4, "day", KIND.replace("day = 5", "day = 32")),
        (4, "day", KIND.replace("day = 5", "day = 0")),
        (4, "day", KIND.replace("day = 5", "day = true")),
        (4, "day 和 workday", KIND + "workday = 3\n"),
        (5, "after", KIND + "after = -1\n"),
        (5, "dya", KIND + "dya = 3\n"),
        (5, "names", KIND + 'names = { 13 = "a" }\n'),
        (7, "“甲”", KIND + "\n" + KIND.replace("[[calendars]]\n", "[[calendars]] # 2\n")),
        (1, "calendars", 'calendars = ["每月5日"]\n'),
        (2, "name", KIND.replace('"甲"', '" "')),
    ],
)
def test_a_mistake_in_the_kinds_is_refused_with_its_line_and_key(tmp_path, line, key, text):
    with pytest.raises(InputError) as refused:
        date_kinds(own(tmp_path, "calendars", text))
    assert f"words/calendars.toml 第{line}行" in refused.value.what
    assert key in refused.value.what


@pytest.mark.parametrize(
    ("line", "key", "text"),
    [
        (2, "year", '[[years]]\nyear = "2031"\n'),
        (3, "holidays", '[[years]]\nyear = 2031\nholidays = ["5月1日"]\n'),
        (3, "holidays", '[[years]]\nyear = 2031\nholidays = ["2031-05-03~2031-05-01"]\n'),
        (3, "holidays", '[[years]]\nyear = 2031\nholidays = ["2032-05-01"]\n'),
        (3, "workday", '[[years]]\nyear = 2031\nworkday = ["2031-05-01"]\n'),
        (2, "holidays", "year = 2031\nholidays = []\n"),
    ],
)
def test_a_mistake_in_the_days_is_refused_with_its_line_and_key(tmp_path, line, key, text):
    with pytest.raises(InputError) as refused:
        work_calendar(own(tmp_path, "calendar", text))
    assert f"words/calendar.toml 第{line}行" in refused.value.what
    assert key in refused.value.what


def test_a_file_that_is_no_toml_is_refused_with_its_line(tmp_path):
    with pytest.raises(InputError, match=r"words/calendar.toml 第2行写法有误"):
        work_calendar(own(tmp_path, "calendar", "[[years]]\nyear = = 3\n"))


def test_the_page_for_the_office_names_every_kind():
    page = (ROOT / "docs" / "due.md").read_text("utf-8")
    assert [] == [each.name for each in date_kinds(Settings()) if f"| {each.name} |" not in page]
