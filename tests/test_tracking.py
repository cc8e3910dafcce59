"""Who had to report and who did: in the order of the plan, and nobody blamed before the date."""

from datetime import date, datetime

import pytest

from taskkit.chat_line import chat_line
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.receipts import EXCUSED, Receipt
from taskkit.registering import register_rows
from taskkit.roster import Roster, UnitEntry
from taskkit.showing import show_register, show_status
from taskkit.tracking import Outcome, issued_periods, read_returns, returns, status
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


def test_a_task_counts_as_filled_in_only_with_its_progress_or_where_none_is_asked_its_value(ledger):
    book = send(ledger, "县财政局", ["T001", "T003", "T003.1"])
    fill(ledger, book, {"T001": {"progress": "已开工。"}, "T003": {"state": "已完成"}, "T003.1": {"achieved": "3"}})
    (row,) = returns(ledger, NAME, PERIOD, AFTER).itertuples()
    assert (2, 1, 3) == (row.tasks, row.filled, row.cells_filled)


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


# --- what the register adds -----------------------------------------------------------


def test_a_document_that_waits_to_be_typed_in_counts_as_returned_with_its_day(ledger):
    send(ledger, "县教育局", ["T002"])
    ledger.register(Receipt(NAME, "县教育局", PERIOD, "waiting", date(2026, 7, 12)))
    (row,) = returns(ledger, NAME, PERIOD, AFTER).itertuples()
    assert (Outcome.LATE, 2, 1, 0) == (row.outcome, row.days_late, row.waiting, row.accepted)
    (period,) = status(ledger, NAME, PERIOD, AFTER)
    assert (1, ("县教育局",), ()) == (period.returned, period.waiting_units, period.blank_units)


def test_the_first_return_that_counts_makes_it_late_and_one_that_was_sent_back_is_shown_beside_it(ledger):
    book = send(ledger, "县教育局", ["T002"])
    for number, outcome in enumerate(("refused", "refused", "untouched")):
        digest = str(number) * 64
        ledger.register(Receipt(NAME, "县教育局", PERIOD, outcome, DUE, workbook=book.workbook, file_sha256=digest))
    (row,) = read_returns(ledger, NAME, PERIOD, AFTER)
    assert (Outcome.MISSING, 2, DUE) == (row.outcome, row.sent_back, row.first_received)
    fill(ledger, book, {"T002": {"progress": "已开工。"}}, date(2026, 7, 12))
    (row,) = read_returns(ledger, NAME, PERIOD, AFTER)
    assert (Outcome.LATE, 2, 1) == (row.outcome, row.days_late, row.accepted)
    assert (date(2026, 7, 12), DUE) == (row.received, row.first_received)


def test_what_waits_to_be_confirmed_is_nobodys_yet(ledger):
    send(ledger, "县教育局", ["T002"])
    ledger.register(Receipt(NAME, "县教育局", PERIOD, "unsure", DUE))
    (row,) = returns(ledger, NAME, PERIOD, AFTER).itertuples()
    assert (Outcome.MISSING, 1) == (row.outcome, row.waiting)


def test_a_unit_that_need_not_report_is_not_asked_and_neither_is_one_that_was_sent_nothing(ledger):
    send(ledger, "县教育局", ["T002"])
    send(ledger, "县财政局", ["T003"])
    ledger.register(Receipt(NAME, "县财政局", PERIOD, EXCUSED, DUE, reason="已销号"))
    entries = (UnitEntry("县财政局"), UnitEntry("县统计局"), UnitEntry("县水务局", through="县教育局"))
    ledger.add_roster(NAME, Roster(entries))
    (period,) = status(ledger, NAME, PERIOD, AFTER)
    assert (1, ("县教育局",)) == (period.asked, period.missing_units)
    expected = (
        ("县财政局", "已销号"),
        ("县统计局", "本期没有要它报送的任务"),
        ("县水务局", "由“县教育局”一并报送"),
    )
    assert expected == period.excused_units


def test_a_unit_that_leads_tasks_and_was_sent_nothing_yet_is_not_excused(ledger):
    send(ledger, "县教育局", ["T002"])
    assert () == status(ledger, NAME, PERIOD, AFTER)[0].excused_units


def test_a_receipt_for_one_of_two_workbooks_leaves_the_other_owing(ledger):
    main = send(ledger, "县水务局", ["T001"])
    send(ledger, "县水务局", ["T001"], part="annex")
    ledger.register(Receipt(NAME, "县水务局", PERIOD, "waiting", DUE, workbook=main.workbook))
    assert ("县水务局",) == status(ledger, NAME, PERIOD, AFTER)[0].missing_units
    ledger.register(Receipt(NAME, "县水务局", PERIOD, "waiting", DUE))
    assert ("县水务局",) == status(ledger, NAME, PERIOD, AFTER)[0].on_time_units


@pytest.mark.parametrize("text", ["2026Q2", "二季度", "第二季度", "2季度", "Q2", "2026年二季度", "２季度"])
def test_a_period_may_be_named_in_words_of_the_year_that_was_issued(ledger, text):
    send(ledger, "县教育局", ["T002"])
    assert ["2026Q2"] == [each.period for each in status(ledger, NAME, text)]


# --- the line for a chat --------------------------------------------------------------

NOW = datetime(2026, 7, 8, 17, 30)
OPENING = "截至7月8日17时，2026年县《政府工作报告》重点任务分工方案二季度应报"


def line(ledger: Ledger, now: datetime = NOW) -> str:
    (period,) = status(ledger, NAME, PERIOD, now.date())
    return chat_line(ledger, NAME, period, now)


def test_the_line_for_a_chat_names_those_who_owe_by_their_short_names_in_the_order_of_the_list(ledger):
    entries = (UnitEntry("县教育局", short_name="教育局"), UnitEntry("县水务局"), UnitEntry("县财政局"))
    ledger.add_roster(NAME, Roster(entries))
    books = {unit: send(ledger, unit, ["T001"]) for unit in ("县财政局", "县水务局", "县教育局")}
    fill(ledger, books["县财政局"], {"T001": {"progress": "已拨付。"}}, date(2026, 7, 8))
    assert f"{OPENING}3家，已报1家，未报2家（7月10日截止）：教育局、县水务局。" == line(ledger)


def test_after_the_date_it_counts_who_was_late_and_says_whose_return_was_sent_back(ledger):
    books = {unit: send(ledger, unit, ["T001"]) for unit in ("县财政局", "县水务局")}
    fill(ledger, books["县财政局"], {"T001": {"progress": "已拨付。"}}, date(2026, 7, 12))
    ledger.register(Receipt(NAME, "县水务局", PERIOD, "refused", DUE))
    expected = "应报2家，已报1家（迟报1家），未报1家：县水务局（已退回，待重报）。"
    assert f"{OPENING.replace('8日17', '13日9')}"[:-2] + expected == line(ledger, datetime(2026, 7, 13, 9))


def test_it_says_so_where_all_or_none_have_reported_or_none_need(ledger):
    book = send(ledger, "县财政局", ["T001"])
    assert f"{OPENING}1家，尚无单位报送，未报1家（7月10日截止）：县财政局。" == line(ledger)
    fill(ledger, book, {"T001": {"progress": "已拨付。"}}, date(2026, 7, 8))
    assert f"{OPENING}1家，已全部报送。" == line(ledger)
    send(ledger, "县教育局", ["T002"], "2026Q1")
    ledger.register(Receipt(NAME, "县教育局", "2026Q1", EXCUSED, DUE, reason="已销号"))
    assert chat_line(ledger, NAME, status(ledger, NAME, "2026Q1", AFTER)[0], NOW).endswith("一季度没有应报的单位。")


def test_of_a_unit_that_owes_one_of_its_forms_the_line_says_which():
    ledger = ledger_of(plan_of([["县水务局"]]))
    fill(ledger, send(ledger, "县水务局", ["T001"]), {"T001": {"progress": "已开工。"}}, date(2026, 7, 12))
    send(ledger, "县水务局", ["T001"], role="support")
    assert "未报1家：县水务局（配合）。" in line(ledger, datetime(2026, 7, 13, 9))


def test_the_table_and_the_register_tell_a_units_forms_apart_and_say_nothing_where_there_is_one(capsys):
    ledger = ledger_of(plan_of([["县水务局"]]))
    send(ledger, "县水务局", ["T001"])
    show_status(NAME, status(ledger, NAME, PERIOD, AFTER), lambda period: returns(ledger, NAME, period, AFTER))
    show_register(NAME, register_rows(ledger, NAME))
    assert "表格" not in capsys.readouterr().out
    send(ledger, "县水务局", ["T001"], role="support")
    show_status(NAME, status(ledger, NAME, PERIOD, AFTER), lambda period: returns(ledger, NAME, period, AFTER))
    show_register(NAME, register_rows(ledger, NAME))
    shown = capsys.readouterr().out
    assert 2 == shown.count("表格")
    assert {True} == {word in shown for word in ("牵头", "配合", "2026年二季度配合任务进展")}
