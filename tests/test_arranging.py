"""The schedule set by the office: by a kind or on a sheet, kept beside the printed one, followed by everything."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taskkit import collect, issue, open_ledger
from taskkit.arranging import AS_PRINTED, Rearranged, open_arrangement, set_calendar, write_arrangement
from taskkit.commands.loading import load_sheet
from taskkit.duties import duties
from taskkit.errors import InputError, OutputError, UsageError
from taskkit.ledger import Ledger, LedgerChangedError
from taskkit.plan import PlanInfo, make_plan, records
from taskkit.proofreading import write_proofreading
from taskkit.registering import register_rows
from taskkit.settings import Settings
from taskkit.tracking import read_returns, returns
from taskkit.workdays import PUBLISHED
from tests.filled import fill
from tests.test_issuing import PLAN, plan_of

NAME = "云溪"
ON = date(2026, 7, 1)
PRINTED = [
    ("plan", "lead", "main", "2026-03-20"),
    ("2026Q1", "lead", "main", "2026-04-10"),
    ("2026-04", "lead", "annex", "2026-05-08"),
    ("2026Q2", "lead", "main", "2026-07-10"),
]


@pytest.fixture
def ledger(tmp_path):
    ledger = open_ledger(tmp_path / "taskkit.db")
    ledger.add_plan(plan_of())
    return ledger


def counts(ledger: Ledger) -> list[tuple[str, str, str, str]]:
    """The schedule that counts now."""
    rows = records("schedule", ledger.plan(NAME).schedule)
    return [(row["period"], row["role"], row["part"], str(row["due_on"])) for row in rows]


def words(done: Rearranged) -> list[tuple[str, str, str]]:
    return [(each.word, each.period, each.role) for each in done.changes]


# --- by a kind ------------------------------------------------------------------------


def test_a_kind_takes_the_place_of_the_dates_of_one_part_and_role_alone(ledger):
    done = set_calendar(ledger, NAME, "每季度首月20日")
    assert [
        ("plan", "lead", "main", "2026-03-20"),
        ("2026-04", "lead", "annex", "2026-05-08"),
        ("2026Q1", "lead", "main", "2026-04-20"),
        ("2026Q2", "lead", "main", "2026-07-20"),
        ("2026Q3", "lead", "main", "2026-10-20"),
        ("2026Q4", "lead", "main", "2027-01-20"),
    ] == counts(ledger)
    assert [
        ("改期", "2026Q1", "lead"),
        ("改期", "2026Q2", "lead"),
        ("新增", "2026Q3", "lead"),
        ("新增", "2026Q4", "lead"),
    ] == words(done)


def test_whom_to_report_to_stays_and_the_source_says_who_set_it(ledger):
    set_calendar(ledger, NAME, "每月28日", part="附件")
    rows = records("schedule", ledger.plan(NAME).schedule)
    row = next(row for row in rows if row["part"] == "annex")
    assert ("县政府督查室", "督查室设定：每月28日") == (row["to_whom"], row["source"])


def test_the_printed_dates_stay_beside_and_come_back(ledger):
    set_calendar(ledger, NAME, "每月28日")
    assert PRINTED == [(each.period, each.role, each.part, str(each.due_on)) for each in ledger.printed_schedule(NAME)]
    set_calendar(ledger, NAME, AS_PRINTED)
    assert PRINTED == counts(ledger)
    assert ledger.schedule_set(NAME) is None
    assert ["每月28日（正文）", "照方案"] == [each.said for each in ledger.schedule_versions(NAME)]


def test_one_part_alone_goes_back_to_what_is_printed(ledger):
    set_calendar(ledger, NAME, "每月28日")
    set_calendar(ledger, NAME, "每月5日前", part="annex")
    set_calendar(ledger, NAME, AS_PRINTED, part="main")
    assert [each for each in PRINTED if each[2] == "main"] == [each for each in counts(ledger) if each[2] == "main"]
    assert ("2026-12", "lead", "annex", "2027-01-05") in counts(ledger)


def test_the_same_again_is_no_news(ledger):
    set_calendar(ledger, NAME, "每月28日")
    assert () == set_calendar(ledger, NAME, "每月28日").changes
    assert 1 == len(ledger.schedule_versions(NAME))


def test_nothing_is_due_before_the_plan_was_issued(tmp_path):
    ledger, plan = open_ledger("sqlite://"), plan_of()
    info = PlanInfo(title="a", year=2026, issued_on=date(2026, 3, 6), source="云溪.docx")
    ledger.add_plan(make_plan(info, tasks=records("tasks", plan.tasks)))
    set_calendar(ledger, NAME, "每月5日前")
    assert ("2026-03", "lead", "main", "2026-04-05") == counts(ledger)[0]


def test_support_units_get_dates_of_their_own_and_a_wrong_order_is_told(ledger):
    done = set_calendar(ledger, NAME, "每季度首月20日", role="support")
    assert ("2026Q2", "main") in done.backwards  # lead units report on 10 July
    assert {"lead", "support"} == {each.role for each in duties(ledger, NAME, ON) if each.period == "2026Q2"}


def test_a_part_that_would_be_reported_on_twice_is_told(ledger):
    assert ("main",) == set_calendar(ledger, NAME, "每月28日", role="support").mixed


@pytest.mark.parametrize(
    ("expected", "move"), [("2026-06-28", "keep"), ("2026-06-29", "next"), ("2026-06-26", "before")]
)
def test_dates_on_days_off_move_as_the_office_says(ledger, expected, move):
    set_calendar(ledger, NAME, "每月28日", move=move)  # a Sunday
    assert ("2026-06", "lead", "main", expected) in counts(ledger)


def test_the_printed_dates_move_too_where_that_is_wanted_and_come_back(ledger):
    set_calendar(ledger, NAME, AS_PRINTED, move="next")
    assert PRINTED == counts(ledger)  # all of them working days
    ledger.set_schedule(NAME, (), AS_PRINTED)
    assert PRINTED == counts(ledger)


def test_a_moved_date_of_a_year_that_is_not_published_is_provisional(tmp_path):
    ledger = open_ledger("sqlite://")
    info = PlanInfo(title="a", year=2031, source="云溪.docx")
    tasks = [{"task_id": "T001", "part": "main", "title": "a"}]
    units = [{"task_id": "T001", "unit": "县教育局", "role": "lead", "rank": 1}]
    ledger.add_plan(make_plan(info, tasks=tasks, assignments=units))
    set_calendar(ledger, NAME, "每月28日")
    assert {False} == {each.provisional for each in duties(ledger, NAME, ON)}
    set_calendar(ledger, NAME, "每月28日", move="next")
    assert {True} == {each.provisional for each in duties(ledger, NAME, ON)}
    set_calendar(ledger, NAME, "每月第3个工作日")
    assert {True} == {each.provisional for each in duties(ledger, NAME, ON)}


def test_the_holidays_of_the_file_hold_for_all_kinds_that_say_nothing_else(ledger, tmp_path):
    (tmp_path / "own" / "words").mkdir(parents=True)
    text = 'holidays = "next"\n[[calendars]]\nname = "每月28日报"\nperiod = "month"\nday = 28\n'
    (tmp_path / "own" / "words" / "calendars.toml").write_text(text, "utf-8")
    set_calendar(ledger, NAME, "每月28日报", settings=Settings(tmp_path / "own"))
    assert ("2026-06", "lead", "main", "2026-06-29") in counts(ledger)


@pytest.mark.parametrize("which", [{"part": "附件5"}, {"role": "牵头"}, {"move": "later"}])
def test_what_the_plan_does_not_have_is_refused_and_nothing_changes(ledger, which):
    with pytest.raises(UsageError):
        set_calendar(ledger, NAME, "每月28日", **which)
    assert PRINTED == counts(ledger)


def test_what_somebody_else_set_meanwhile_is_not_overwritten_unseen(ledger):
    set_calendar(ledger, NAME, "每月28日")
    with pytest.raises(LedgerChangedError):
        ledger.set_schedule(NAME, (), "照方案", seen=0)


def test_a_ledger_of_an_earlier_version_has_the_printed_dates_until_others_are_set(tmp_path):
    path = tmp_path / "alt.db"
    with open_ledger(path) as made:
        made.add_plan(plan_of())
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TABLE schedules")
        raw.execute("UPDATE meta SET value = '3' WHERE key = 'schema_version'")
    raw.close()
    with open_ledger(path) as old:
        assert PRINTED == counts(old)
        assert 10 == len(duties(old, NAME, ON))
        set_calendar(old, NAME, "每月28日")
        assert ("2026-06", "lead", "main", "2026-06-28") in counts(old)


# --- what follows it ------------------------------------------------------------------


def test_forms_go_out_with_the_dates_that_count(ledger, tmp_path):
    set_calendar(ledger, NAME, "每季度首月20日")
    issue(ledger, NAME, "2026Q2", tmp_path / "out")
    assert {date(2026, 7, 20)} == set(ledger.workbooks(NAME)["due_on"])
    with pytest.raises(UsageError, match="方案没有要求报送 2026-05"):
        issue(ledger, NAME, "2026-05", tmp_path / "out")


def test_forms_that_are_out_are_judged_by_what_was_set_since_and_that_is_told(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path / "out")
    done = set_calendar(ledger, NAME, "每季度首月20日")
    assert 3 == done.outdated
    frame = returns(ledger, NAME, "2026Q2", date(2026, 7, 15))
    assert {"not yet due"} == set(frame["outcome"])
    assert {(date(2026, 7, 20), 5)} == {
        (each.due_on, each.days_left) for each in duties(ledger, NAME, date(2026, 7, 15)) if each.period == "2026Q2"
    }


def test_who_kept_the_date_on_its_form_is_not_late_by_an_earlier_one_set_since(ledger, tmp_path):
    books = issue(ledger, NAME, "2026Q2", tmp_path / "out")
    sent = ledger.latest_workbooks(NAME, "2026Q2").values()
    for book, day in zip(sent, (date(2026, 7, 8), date(2026, 7, 12)), strict=False):
        fill(ledger, ledger.workbook(book.workbook), {"T001": {"progress": "已开工。"}}, day)
    set_calendar(ledger, NAME, "每季度末月30日")
    frame = returns(ledger, NAME, "2026Q2", date(2026, 7, 15)).astype(str)
    listed = {row["unit"]: (row["due_on"], row["outcome"], row["days_late"]) for row in frame.to_dict("records")}
    assert 3 == len(books)
    assert {("2026-07-10", "on time", "0"), ("2026-06-30", "late", "12"), ("2026-06-30", "missing", "15")} == set(
        listed.values()
    )
    assert {"", "12"} == {str(row.days_late or "") for row in register_rows(ledger, NAME, "2026Q2")}


def test_a_form_that_is_sent_back_says_the_date_that_counts(ledger, tmp_path):
    [path] = issue(ledger, NAME, "2026Q2", tmp_path / "out", units=["县教育局"])
    set_calendar(ledger, NAME, "每季度首月20日")
    book = openpyxl.load_workbook(path)
    sheet = book["工作进展"]
    row = next(row for row in sheet.iter_rows() if str(row[0].value or "").endswith(".T001"))
    header = next(row for row in sheet.iter_rows() if any(cell.value == "完成情况" for cell in row))
    column = next(cell.column for cell in header if cell.value == "完成情况")
    sheet.cell(row[0].row, column).value = "快了"
    book.save(tmp_path / "回.xlsx")
    back = tmp_path / "back"
    collect(ledger, [tmp_path / "回.xlsx"], received=date(2026, 7, 12), returned=back)
    [copy] = back.glob("*.xlsx")
    texts = [str(cell.value) for row in openpyxl.load_workbook(copy).worksheets[0].iter_rows() for cell in row]
    assert any("报送时限：2026年7月20日" in text for text in texts)
    assert any("于2026年7月20日前交回" in text for text in texts)


# --- on a sheet -----------------------------------------------------------------------


@pytest.fixture
def sheet(ledger, tmp_path):
    path = tmp_path / "报送安排.xlsx"
    assert write_arrangement(ledger, NAME, duties(ledger, NAME, ON), path, ON, PUBLISHED)
    return path


def change(path: Path, *cells: tuple[str, object]) -> None:
    """Type into cells of the sheet, by Excel's own names; None empties one."""
    book = openpyxl.load_workbook(path)
    for place, value in cells:
        book["报送安排"][place] = value
    book.save(path)


def load(ledger: Ledger, path: Path) -> Any:
    file = open_arrangement(path)
    assert file is not None
    return file.load(ledger, NAME)


def test_the_sheet_holds_the_dates_and_what_they_mean_for_each_unit(sheet):
    book = openpyxl.load_workbook(sheet)
    rows = [[cell.value for cell in row] for row in book["报送安排"].iter_rows(min_row=3, max_row=5)]
    assert ["报送期", "部分", "谁报", "截止日期", "遇节假日", "报给", "依据"] == rows[0]
    assert ["落实方案", "正文", "牵头单位"] == rows[1][:3]
    units = [row[1].value for row in book["各单位时限"].iter_rows(min_row=4) if row[1].value]
    assert ["县教育局", "县住房城乡建设局", "县林业局", "县交通运输局"] == list(dict.fromkeys(units))


def test_what_nobody_touched_changes_nothing(ledger, sheet):
    done, found = load(ledger, sheet)
    assert ((), (), 0) == (done.changes, found, len(ledger.schedule_versions(NAME)))
    change(sheet, ("D4", date(2026, 3, 20)))  # saved by another program
    assert () == load(ledger, sheet)[0].changes


def test_dates_are_changed_added_and_taken_away(ledger, sheet):
    change(
        sheet,
        ("D7", "2026年7月15日"),
        *((f"{column}6", None) for column in "ABCDEFG"),
        ("A9", "三季度"),
        ("B9", None),
        ("C9", "牵头"),
        ("D9", date(2026, 10, 3)),
        ("E9", "顺延"),
    )
    done, found = load(ledger, sheet)
    assert () == found
    assert [
        ("改期", "2026Q2", "lead"),
        ("新增", "2026Q3", "lead"),
        ("取消", "2026-04", "lead"),
    ] == words(done)
    assert ("2026Q3", "lead", "main", "2026-10-08") in counts(ledger)
    sources = {row["period"]: row["source"] for row in records("schedule", ledger.plan(NAME).schedule)}
    assert "督查室设定" == sources["2026Q2"]


def test_a_moved_date_stays_moved_when_the_sheet_is_written_and_loaded_again(ledger, sheet, tmp_path):
    change(sheet, ("A9", "三季度"), ("C9", "牵头"), ("D9", date(2026, 10, 3)), ("E9", "顺延"))
    load(ledger, sheet)
    again = tmp_path / "again.xlsx"
    write_arrangement(ledger, NAME, duties(ledger, NAME, ON), again, ON, PUBLISHED)
    assert () == load(ledger, again)[0].changes
    assert {("2026Q3", "lead", "main"): (date(2026, 10, 3), "next")} == ledger.nominal_dates(NAME)


@pytest.mark.parametrize(
    ("place", "told", "cells"),
    [
        ("第7行D列", "看不懂", [("D7", "尽快")]),
        ("第7行D列", "与2026年的方案差得太远", [("D7", date(2062, 7, 10))]),
        ("第7行D列", "没有填", [("D7", None)]),
        ("第7行C列", "“谁报”写的“领导”看不懂", [("C7", "领导")]),
        ("第7行A列", "“报送期”写的“第五季度”看不懂（可以写：落实方案、2026年一季度", [("A7", "第五季度")]),
        ("第7行A列", "没有填", [("A7", None)]),
        ("第7行B列", "“部分”写的“附件9”看不懂（可以写：正文、附件）", [("B7", "附件9")]),
        ("第7行A列", "与第5行是同一报送期", [("A7", "2026年一季度")]),
        ("第7行E列", "“遇节假日”写的“再说”看不懂", [("E7", "再说")]),
        ("第7行A列", "公式", [("A7", "=1+1")]),
    ],
)
def test_a_wrong_row_is_named_with_row_and_column_and_nothing_changes(ledger, sheet, place, told, cells):
    change(sheet, ("D5", date(2026, 4, 15)), *cells)
    done, found = load(ledger, sheet)
    assert done is None
    [wrong] = [each for each in found if each.severity == "error"]
    assert f"{sheet.name}“报送安排”{place}" == wrong.source
    assert told in wrong.message
    assert PRINTED == counts(ledger)


def test_a_sheet_from_which_every_row_is_gone_is_refused(ledger, sheet):
    change(sheet, *((f"{column}{row}", None) for column in "ABCDEFG" for row in range(4, 8)))
    done, found = load(ledger, sheet)
    assert (None, ["schedule-empty"]) == (done, [each.code for each in found])


def test_what_was_set_after_the_sheet_was_written_is_not_undone_by_it(ledger, sheet):
    change(sheet, ("D7", date(2026, 7, 15)))
    set_calendar(ledger, NAME, "每月28日")
    with pytest.raises(InputError, match="写出以后，报送安排又改过"):
        load(ledger, sheet)
    assert ("2026-06", "lead", "main", "2026-06-28") in counts(ledger)


def test_support_units_after_their_lead_units_and_two_cadences_are_doubted(ledger, sheet):
    change(sheet, ("A9", "二季度"), ("C9", "配合单位"), ("D9", date(2026, 7, 12)))
    change(sheet, ("A10", "2026年5月"), ("C10", "牵头单位"), ("D10", date(2026, 6, 5)))
    _, found = load(ledger, sheet)
    assert ["schedule-hops", "schedule-cadence"] == [each.code for each in found]


def test_a_text_that_begins_like_a_formula_stays_a_text(ledger, sheet, tmp_path):
    book = openpyxl.load_workbook(sheet)
    cell = book["报送安排"]["F7"]
    cell.value, cell.data_type = "=HYPERLINK(1)", "s"
    book.save(sheet)
    load(ledger, sheet)
    again = tmp_path / "again.xlsx"
    write_arrangement(ledger, NAME, duties(ledger, NAME, ON), again, ON, PUBLISHED)
    cell = openpyxl.load_workbook(again)["报送安排"]["F7"]
    assert ("=HYPERLINK(1)", "s") == (cell.value, cell.data_type)


def test_a_sheet_that_somebody_has_filled_in_is_never_replaced(ledger, sheet):
    change(sheet, ("D7", date(2026, 7, 15)))
    with pytest.raises(OutputError, match="没有覆盖"):
        write_arrangement(ledger, NAME, duties(ledger, NAME, ON), sheet, ON, PUBLISHED)


def test_load_takes_the_sheet_for_the_plan_it_was_written_for(ledger, sheet, tmp_path, capsys):
    change(sheet, ("D7", date(2026, 7, 15)))
    url = f"sqlite:///{tmp_path / 'taskkit.db'}"
    assert 0 == load_sheet(sheet, url, None, None, Settings())
    assert "改期" in capsys.readouterr().out
    with pytest.raises(UsageError, match="这是“云溪”的报送安排"):
        load_sheet(sheet, url, "别的", None, Settings())


def test_a_sheet_that_lost_its_mark_is_known_by_its_headers(ledger, sheet):
    book = openpyxl.load_workbook(sheet)
    for name in [each.name for each in book.custom_doc_props.props]:
        del book.custom_doc_props[name]
    book.save(sheet)
    file = open_arrangement(sheet)
    assert file is not None
    assert file.plan_name is None


def test_a_proofreading_workbook_is_no_schedule_although_it_has_such_a_sheet(tmp_path):
    path = tmp_path / "核对稿.xlsx"
    write_proofreading(plan_of(PLAN), {}, path, Settings())
    assert "报送安排" in openpyxl.load_workbook(path).sheetnames
    assert open_arrangement(path) is None


def test_a_schedule_that_is_sent_in_as_a_return_is_told_what_it_is(ledger, sheet):
    result = collect(ledger, [sheet])
    assert "报送安排" in result.files["reason"].iloc[0]


def test_a_form_that_is_out_follows_a_date_that_was_set_by_the_office_s_own_days_off(ledger, tmp_path):
    issue(ledger, NAME, "2026Q1", tmp_path / "out", anyway=True, today=date(2026, 3, 1))
    (tmp_path / "words").mkdir()
    days_off = '[[years]]\nyear = 2026\nholidays = ["2026-04-20~2026-04-22"]\n'
    (tmp_path / "words" / "calendar.toml").write_text(days_off, encoding="utf-8")
    set_calendar(ledger, NAME, "每季度首月20日", move="next", settings=Settings(tmp_path))

    assert {date(2026, 4, 23)} == {each.due_on for each in read_returns(ledger, NAME, "2026Q1", ON)}
