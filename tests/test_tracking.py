"""Who had to report and who did: in the order of the plan, and nobody blamed before the date."""

from datetime import date

import pytest

from taskkit.errors import UsageError
from taskkit.tracking import Outcome, issued_periods, returns, status
from tests.filled import DUE, NAME, PERIOD, fill, ledger_of, plan_of, send

AFTER, BEFORE = date(2026, 7, 13), date(2026, 7, 9)


@pytest.fixture
def ledger():
    return ledger_of(plan_of([["县水务局", "县财政局"], ["县教育局"], ["县财政局"]]))


def test_units_stand_in_the_order_of_the_plan_whatever_order_they_were_sent_in(ledger):
    for unit in ("县教育局", "县财政局", "县水务局", "外来单位"):
        send(ledger, unit, ["T001"])
    listed = returns(ledger, NAME, PERIOD, AFTER)["unit"].tolist()
    assert ["县水务局", "县财政局", "县教育局", "外来单位"] == listed


@pytest.mark.parametrize(
    ("outcome", "days", "received", "today"),
    [
        (Outcome.ON_TIME, 0, DUE, AFTER),
        (Outcome.LATE, 2, date(2026, 7, 12), AFTER),
        (Outcome.MISSING, 3, None, AFTER),
        (Outcome.NOT_DUE, 0, None, BEFORE),
        (Outcome.NOT_DUE, 0, None, DUE),
    ],
)
def test_a_return_is_judged_by_the_day_on_which_it_came(ledger, outcome, days, received, today):
    book = send(ledger, "县教育局", ["T002"])
    if received:
        fill(ledger, book, {"T002": {"progress": "已开工。"}}, received)
    (row,) = returns(ledger, NAME, PERIOD, today).itertuples()
    assert (outcome, days) == (row.outcome, row.days_late)


def test_a_workbook_without_a_date_is_never_late_and_never_missing(ledger):
    send(ledger, "县教育局", ["T002"], due_on=None)
    assert [Outcome.NOT_DUE] == returns(ledger, NAME, PERIOD, date(2030, 1, 1))["outcome"].tolist()


def test_the_first_accepted_return_counts_and_a_later_correction_does_not_make_it_late(ledger):
    book = send(ledger, "县教育局", ["T002"])
    fill(ledger, book, {"T002": {"progress": "已开工。"}}, DUE)
    fill(ledger, book, {"T002": {"progress": "已完工。"}}, AFTER)
    assert [Outcome.ON_TIME] == returns(ledger, NAME, PERIOD, AFTER)["outcome"].tolist()


def test_but_a_withdrawn_return_does_not_count(ledger):
    book = send(ledger, "县教育局", ["T002"])
    ledger.withdraw(fill(ledger, book, {"T002": {"progress": "已开工。"}}, DUE))
    (row,) = returns(ledger, NAME, PERIOD, AFTER).itertuples()
    assert (Outcome.MISSING, 0) == (row.outcome, row.filled)


def test_a_new_edition_is_asked_for_once_and_a_return_of_the_old_one_still_counts(ledger):
    old = send(ledger, "县教育局", ["T002"])
    send(ledger, "县教育局", ["T002"], edition=2)
    fill(ledger, old, {"T002": {"progress": "已开工。"}}, DUE)
    assert [Outcome.ON_TIME] == returns(ledger, NAME, PERIOD, AFTER)["outcome"].tolist()


def test_tasks_asked_and_tasks_filled_in_are_counted_apart(ledger):
    book = send(ledger, "县财政局", ["T001", "T003", "T003.1"])
    fill(ledger, book, {"T003": {"progress": "已拨付。", "state": "已完成"}})
    (row,) = returns(ledger, NAME, PERIOD, AFTER).itertuples()
    assert (2, 1, 11, 2) == (row.tasks, row.filled, row.cells, row.cells_filled)


def test_the_status_of_a_period_counts_each_unit_once_and_names_it(ledger):
    send(ledger, "县水务局", ["T001"])
    send(ledger, "县水务局", ["T001"], part="annex")
    fill(ledger, send(ledger, "县财政局", ["T003"]), {"T003": {"progress": "已拨付。"}}, date(2026, 7, 11))
    fill(ledger, send(ledger, "县教育局", ["T002"]), {}, DUE)
    (period,) = status(ledger, NAME, PERIOD, AFTER)
    assert (3, 2, 1, 1, 0) == (period.asked, period.returned, period.late, period.missing, period.not_yet_due)
    assert (("县财政局", 1),) == period.late_units
    assert ("县水务局",) == period.missing_units
    assert ("县教育局",) == period.blank_units, "it came back, but nothing was filled in"
    assert 5.0 == period.cells_share


def test_a_unit_that_owes_one_of_its_two_workbooks_is_missing(ledger):
    fill(ledger, send(ledger, "县水务局", ["T001"]), {"T001": {"progress": "已开工。"}})
    send(ledger, "县水务局", ["T001"], part="annex")
    assert ("县水务局",) == status(ledger, NAME, PERIOD, AFTER)[0].missing_units


def test_all_periods_are_listed_in_the_order_of_time(ledger):
    for period in ("2026Q2", "plan", "2026Q1"):
        send(ledger, "县教育局", ["T002"], period)
    assert ["plan", "2026Q1", "2026Q2"] == [each.period for each in status(ledger, NAME)]
    assert ["plan", "2026Q1", "2026Q2"] == issued_periods(ledger, NAME)


def test_a_period_for_which_nothing_was_sent_is_refused_with_those_that_were(ledger):
    send(ledger, "县教育局", ["T002"])
    with pytest.raises(UsageError, match=r"2026Q3.*2026Q2"):
        status(ledger, NAME, "2026Q3")


def test_a_plan_for_which_nothing_was_sent_has_no_periods(ledger):
    assert () == status(ledger, NAME)
    assert returns(ledger, NAME, PERIOD).empty
