"""The calendars of the real plans as concrete dates for each unit, by hand from domain.md, "Reporting calendars"."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from taskkit import open_ledger, read_plan
from taskkit.duties import collectives_asked, duties
from taskkit.ledger import Ledger
from taskkit.plan import Plan
from tests.plans import plan_file

# By hand from the notices; the numbers of units are those of the plans' assignments, below.
GD_2022 = """
| 报送期 | 部分 | 角色 | 截止 |
| plan | main | lead | 2022-03-15 |
| 2022Q1 | main | lead | 2022-04-10 |
| 2022Q2 | main | lead | 2022-07-10 |
| 2022Q3 | main | lead | 2022-10-10 |
| 2022Q4 | main | lead | 2023-01-10 |
"""
# 民生实事: the third working day of each month. 29 April to 3 May 2023 was off and Saturday 6 May was
# worked; 5 April was off, so were 29 September to 6 October, and 1 January 2024.
GD_2023 = """
| 报送期 | 部分 | 角色 | 截止 |
| plan | main | lead | 2023-03-10 |
| 2023Q2 | main | lead | 2023-07-10 |
| 2023Q3 | main | lead | 2023-10-10 |
| 2023Q4 | main | lead | 2024-01-10 |
| 2023-03 | annex | lead | 2023-04-06 |
| 2023-04 | annex | lead | 2023-05-06 |
| 2023-05 | annex | lead | 2023-06-05 |
| 2023-06 | annex | lead | 2023-07-05 |
| 2023-07 | annex | lead | 2023-08-03 |
| 2023-08 | annex | lead | 2023-09-05 |
| 2023-09 | annex | lead | 2023-10-09 |
| 2023-10 | annex | lead | 2023-11-03 |
| 2023-11 | annex | lead | 2023-12-05 |
| 2023-12 | annex | lead | 2024-01-04 |
"""
GUANGFENG = """
| 报送期 | 部分 | 角色 | 截止 |
| 2021H1 | main | support | 2021-06-15 |
| 2021H1 | main | lead | 2021-06-25 |
| 2021H2 | main | support | 2021-12-15 |
| 2021H2 | main | lead | 2021-12-25 |
"""


def rows(markdown: str) -> list[tuple[str, ...]]:
    _, *lines = [line.strip("|").split("|") for line in markdown.strip().splitlines()]
    return [tuple(cell.strip() for cell in line) for line in lines]


def kept(file: str) -> tuple[Plan, Ledger, str]:
    plan, ledger = read_plan(plan_file(file)), open_ledger("sqlite://")
    return plan, ledger, ledger.add_plan(plan)


def units_printed(plan: Plan, part: str, role: str) -> set[str]:
    """The single units that the plan itself prints in a role, counted by hand as it were: straight from its frames."""
    rows = plan.assignments[(plan.assignments["role"] == role) & ~plan.assignments["collective"]]
    return set(rows[rows["task_id"].map(plan.tasks["part"]) == part]["unit"])


@pytest.mark.parametrize(
    ("file", "calendar", "units"),
    [
        ("gd-2022-webcopy.txt", GD_2022, {("main", "lead"): 28}),
        ("gd-2023.docx", GD_2023, {("main", "lead"): 44, ("annex", "lead"): 13}),
        ("guangfeng-2021.docx", GUANGFENG, {("main", "lead"): 49, ("main", "support"): 27}),
    ],
)
def test_each_unit_has_the_dates_of_the_notice_and_no_others(file, calendar, units):
    plan, ledger, name = kept(file)
    listed = duties(ledger, name, date(plan.info.year or 2000, 1, 1))
    expected = {
        (period, part, role, unit): due_on
        for period, part, role, due_on in rows(calendar)
        for unit in units_printed(plan, part, role)
    }
    found = {(each.period, each.part, each.role, each.unit): str(each.due_on) for each in listed}
    assert expected == found
    assert len(found) == len(listed)
    assert {(part, role): units[part, role] for _, part, role, _ in rows(calendar)} == units
    counted = Counter((each.period, each.part, each.role) for each in listed)
    assert {(period, part, role): units[part, role] for period, part, role, _ in rows(calendar)} == counted


@pytest.mark.parametrize(
    ("file", "to_whom"),
    [
        ("gd-2022-webcopy.txt", {"lead": "省政府督查室"}),
        ("gd-2023.docx", {"lead": "省政府督查室"}),
        ("guangfeng-2021.docx", {"support": "牵头单位（抄送区政府督查室）", "lead": "区政府督查室"}),
    ],
)
def test_each_role_reports_to_whom_the_notice_says_and_no_date_of_a_published_year_is_provisional(file, to_whom):
    _, ledger, name = kept(file)
    listed = duties(ledger, name, date(2021, 1, 1))
    assert to_whom == {each.role: each.to_whom for each in listed}
    assert {(False, False)} == {(each.provisional, each.unknown_year) for each in listed}


def test_in_two_hops_every_support_unit_reports_before_the_units_that_lead_its_tasks():
    _, ledger, name = kept("guangfeng-2021.docx")
    listed = duties(ledger, name, date(2021, 6, 1))
    dates: dict[Any, Any] = {(each.unit, each.period): each.due_on for each in listed if each.role == "support"}
    leads = [each for each in listed if each.role == "lead" and each.support_units]
    assert 20 < len(leads)  # of 49 lead units that have support units of their own (most tasks have)
    assert {10} == {(each.due_on - dates[unit, each.period]).days for each in leads for unit in each.support_units}
    assert {()} == {each.support_reported for each in leads}


def test_collectives_whose_members_nobody_has_named_are_told_and_are_nobodys_duty():
    plan, ledger, name = kept("guangfeng-2021.docx")
    printed = set(plan.assignments[plan.assignments["collective"]]["unit"])
    assert printed == {each.unit for each in collectives_asked(ledger, name)}
    assert not printed & {each.unit for each in duties(ledger, name, date(2021, 6, 1))}
