"""Two hops: support units report first, lead units get their texts, and nothing that is out is ever replaced."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from taskkit import collect, issue, open_ledger
from taskkit.errors import UsageError
from taskkit.issuing import Issued
from taskkit.issuing.dispatching import write_dispatch
from taskkit.ledger import Ledger
from taskkit.office.typing_in import type_in
from taskkit.plan import PlanInfo, make_plan
from taskkit.receipts import FileOutcome
from taskkit.settings import Settings
from taskkit.tracking import returns

NAME, PERIOD = "云溪", "2026H1"
LEADS = {"T001": ["县教育局"], "T002": ["县林业局", "县教育局"], "T003": ["县财政局"]}
SUPPORTS = {"T001": ["县财政局", "县住房城乡建设局"], "T002": ["县财政局"], "T003": ["县教育局"]}
TWO_DATES = [
    {"period": PERIOD, "role": "support", "part": "main", "due_on": date(2026, 6, 15), "to_whom": "牵头单位"},
    {"period": PERIOD, "role": "lead", "part": "main", "due_on": date(2026, 6, 25), "to_whom": "县政府督查室"},
]


def ledger_of(schedule: list[dict[str, Any]]) -> Ledger:
    """Three tasks in a plan with this calendar; 县教育局 and 县财政局 lead one thing and support another."""
    tasks = [
        {"task_id": task, "part": "main", "no": number, "title": f"办好第{number}件事"}
        for number, task in enumerate(LEADS, 1)
    ]
    assignments = [
        {"task_id": task, "unit": unit, "role": role, "rank": rank}
        for role, listed in (("lead", LEADS), ("support", SUPPORTS))
        for task, units in listed.items()
        for rank, unit in enumerate(units, 1)
    ]
    info = PlanInfo(title="2026年分工方案", issuer="云溪县人民政府", year=2026, source="云溪.docx")
    ledger = open_ledger("sqlite://")
    ledger.add_plan(make_plan(info, tasks=tasks, assignments=assignments, schedule=schedule), NAME)
    return ledger


@pytest.fixture
def ledger() -> Ledger:
    return ledger_of(TWO_DATES)


def asked(books: Issued) -> list[tuple[str, str]]:
    return list(books.books[["unit", "role"]].itertuples(index=False, name=None))


def path_of(books: Issued, unit: str, role: str) -> Path:
    rows = books.books[(books.books["unit"] == unit) & (books.books["role"] == role)]
    [path] = rows["path"]
    return Path(path)


def give_back(
    ledger: Ledger,
    books: Issued,
    folder: Path,
    unit: str,
    typed: Mapping[str, Mapping[str, str]],
    role: str = "support",
) -> None:
    """The unit fills in its form and it is taken back."""
    path = path_of(books, unit, role)
    folder.mkdir(exist_ok=True)
    back = folder / path.name
    back.write_bytes(type_in(path.read_bytes(), {row: dict(cells) for row, cells in typed.items()}))
    assert {FileOutcome.ACCEPTED} == set(collect(ledger, back, apply=True, received=date(2026, 6, 14)).files["outcome"])


def said(path: Path) -> list[tuple[object, ...]]:
    """The rows of the sheet 配合单位进展: number, unit, 本期进展, 存在问题."""
    sheet = openpyxl.load_workbook(path)["配合单位进展"]
    return [(row[1], row[3], row[4], row[5]) for row in sheet.iter_rows(min_row=4, values_only=True) if row[3]]


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


# --- who is asked -------------------------------------------------------------------------


def test_without_a_role_those_are_asked_whom_the_notice_names_each_role_by_its_own_date(ledger, tmp_path):
    books = issue(ledger, NAME, PERIOD, tmp_path)
    assert [
        ("县教育局", "lead"),
        ("县教育局", "support"),
        ("县林业局", "lead"),
        ("县财政局", "lead"),
        ("县财政局", "support"),
        ("县住房城乡建设局", "support"),
    ] == asked(books)
    assert {"lead": {date(2026, 6, 25)}, "support": {date(2026, 6, 15)}} == {
        role: set(rows["due_on"].dt.date) for role, rows in returns(ledger, NAME, PERIOD).groupby("role")
    }
    assert [] == books.findings["code"].tolist()


def test_where_both_roles_have_the_same_date_a_unit_gets_one_form_for_both(tmp_path):
    ledger = ledger_of([{**row, "due_on": date(2026, 6, 25), "to_whom": "县政府督查室"} for row in TWO_DATES])
    assert [("县教育局", "all"), ("县林业局", "lead"), ("县财政局", "all"), ("县住房城乡建设局", "support")] == asked(
        issue(ledger, NAME, PERIOD, tmp_path)
    )


@pytest.mark.parametrize("schedule", [[], TWO_DATES[1:], [{**TWO_DATES[1], "role": None}]])
def test_where_the_notice_is_silent_of_support_units_lead_units_alone_are_asked(schedule, tmp_path):
    books = issue(ledger_of(schedule), NAME, PERIOD, tmp_path)
    assert {"lead"} == {role for _, role in asked(books)}


def test_a_period_that_the_notice_orders_of_support_units_alone_asks_them_alone(tmp_path):
    ledger = ledger_of([*TWO_DATES, {**TWO_DATES[0], "period": "2026Q3"}])
    assert {"support"} == {role for _, role in asked(issue(ledger, NAME, "2026Q3", tmp_path))}


def test_a_role_that_is_named_still_counts_alone_and_is_not_asked_again_afterwards(ledger, tmp_path):
    first = issue(ledger, NAME, PERIOD, tmp_path, role="support")
    assert {"support"} == {role for _, role in asked(first)}
    again = issue(ledger, NAME, PERIOD, tmp_path)
    kept = again.books[again.books["role"] == "support"]
    assert first.books["workbook"].tolist() == kept["workbook"].tolist()
    assert {"unchanged"} == set(kept["outcome"])


# --- what lead units are told ---------------------------------------------------------------


def test_a_lead_units_form_says_what_its_support_units_reported_before(ledger, tmp_path):
    support = issue(ledger, NAME, PERIOD, tmp_path / "一", role="support")
    finance = {"T001": {"本期进展": "-拨款100万元", "存在问题": "无"}, "T002": {"本期进展": "安排资金"}}
    give_back(ledger, support, tmp_path / "收", "县财政局", finance)
    give_back(ledger, support, tmp_path / "收", "县住房城乡建设局", {"T001": {"本期进展": "选好地块"}})
    give_back(ledger, support, tmp_path / "收", "县教育局", {"T003": {"本期进展": "报送名单"}})

    leads = issue(ledger, NAME, PERIOD, tmp_path / "二", role="lead")
    assert [
        (1, "县财政局", "-拨款100万元", "无"),
        (1, "县住房城乡建设局", "选好地块", None),
        (2, "县财政局", "安排资金", None),
    ] == said(path_of(leads, "县教育局", "lead"))
    assert [(2, "县财政局", "安排资金", None)] == said(path_of(leads, "县林业局", "lead"))
    assert [] == leads.supplements["path"].tolist(), "the forms say it themselves"

    before = hashes(tmp_path / "二")
    assert {"unchanged"} == set(issue(ledger, NAME, PERIOD, tmp_path / "二", role="lead").books["outcome"])
    assert before == hashes(tmp_path / "二")


def test_a_form_that_is_out_stays_as_it_is_and_a_supplement_follows_once(ledger, tmp_path):
    books = issue(ledger, NAME, PERIOD, tmp_path / "发")
    before = hashes(tmp_path / "发")
    give_back(ledger, books, tmp_path / "收", "县住房城乡建设局", {"T001": {"本期进展": "选好地块"}})

    again = issue(ledger, NAME, PERIOD, tmp_path / "发")
    [supplement] = again.supplements["path"]
    assert "001县教育局_2026年上半年工作进展_配合单位进展.xlsx" == supplement.name
    assert [(1, "县住房城乡建设局", "选好地块", None)] == said(supplement)
    assert {"unchanged"} == set(again.books["outcome"])
    assert before == {name: digest for name, digest in hashes(tmp_path / "发").items() if name in before}

    once_more = issue(ledger, NAME, PERIOD, tmp_path / "发")
    assert ["unchanged"] == once_more.supplements["outcome"].tolist()
    assert len(before) + 1 == len(hashes(tmp_path / "发"))


def test_a_supplement_that_comes_back_is_refused_with_its_unit(ledger, tmp_path):
    books = issue(ledger, NAME, PERIOD, tmp_path / "发")
    give_back(ledger, books, tmp_path / "收", "县住房城乡建设局", {"T001": {"本期进展": "选好地块"}})
    [supplement] = issue(ledger, NAME, PERIOD, tmp_path / "发").supplements["path"]
    result = collect(ledger, supplement, apply=True)
    assert [("县教育局", "refused")] == result.files[["unit", "outcome"]].apply(tuple, axis=1).tolist()
    assert "县教育局" not in {each.unit for each in ledger.receipts(NAME)}


def test_what_arrives_after_a_supplement_makes_the_next_one_which_holds_all(ledger, tmp_path):
    books = issue(ledger, NAME, PERIOD, tmp_path / "发")
    give_back(ledger, books, tmp_path / "收", "县住房城乡建设局", {"T001": {"本期进展": "选好地块"}})
    first = issue(ledger, NAME, PERIOD, tmp_path / "发").supplements["path"].iloc[0]
    bytes_before = first.read_bytes()
    give_back(ledger, books, tmp_path / "收", "县财政局", {"T001": {"本期进展": "拨款"}})
    supplements = issue(ledger, NAME, PERIOD, tmp_path / "发").supplements
    second = supplements["path"].iloc[0]
    assert "001县教育局_2026年上半年工作进展_配合单位进展2.xlsx" == second.name
    assert ["县财政局", "县住房城乡建设局"] == [row[1] for row in said(second)]
    assert bytes_before == first.read_bytes()


def test_the_newest_supplement_stands_in_the_list_of_what_was_sent_and_in_the_archive(ledger, tmp_path):
    books = issue(ledger, NAME, PERIOD, tmp_path / "发")
    for unit in ("县住房城乡建设局", "县财政局"):
        give_back(ledger, books, tmp_path / "收", unit, {"T001": {"本期进展": "办好"}})
        issue(ledger, NAME, PERIOD, tmp_path / "发")
    dispatch = write_dispatch(ledger, NAME, PERIOD, tmp_path / "发")
    assert dispatch is not None
    listed = [each for each in dispatch.sent if "补发" in each.form]
    assert ["001县教育局_2026年上半年工作进展_配合单位进展2.xlsx"] == [each.path.name for each in listed]
    assert listed[0].path.name in ZipFile(dispatch.archive).namelist()


def test_a_withdrawn_text_is_told_no_more(ledger, tmp_path):
    books = issue(ledger, NAME, PERIOD, tmp_path / "发")
    give_back(ledger, books, tmp_path / "收", "县住房城乡建设局", {"T001": {"本期进展": "选好地块"}})
    issue(ledger, NAME, PERIOD, tmp_path / "发")
    ledger.withdraw(1)
    assert 0 == len(issue(ledger, NAME, PERIOD, tmp_path / "发").supplements)
    dispatch = write_dispatch(ledger, NAME, PERIOD, tmp_path / "发")
    assert dispatch is not None
    assert [] == [
        each
        for each in (*(each.path.name for each in dispatch.sent), *ZipFile(dispatch.archive).namelist())
        if "配合单位进展" in each
    ]


def test_a_supplement_whose_text_was_withdrawn_is_sent_no_more_and_those_who_hold_it_are_named(ledger, tmp_path):
    books = issue(ledger, NAME, PERIOD, tmp_path / "发")
    give_back(ledger, books, tmp_path / "收", "县住房城乡建设局", {"T001": {"本期进展": "选好地块"}})
    give_back(ledger, books, tmp_path / "收", "县教育局", {"T003": {"本期进展": "办好"}})
    [first, second] = issue(ledger, NAME, PERIOD, tmp_path / "发").supplements["path"]
    ledger.withdraw(1)
    [message] = issue(ledger, NAME, PERIOD, tmp_path / "发").findings["message"]
    dispatch = write_dispatch(ledger, NAME, PERIOD, tmp_path / "发")

    assert "“县教育局”" in message and "撤回" in message
    assert dispatch is not None
    assert [second] == [each.path for each in dispatch.sent if "补发" in each.form]
    assert first.name not in ZipFile(dispatch.archive).namelist()
    assert first.exists()


def test_a_supplement_that_somebody_changed_is_left_and_told(ledger, tmp_path):
    books = issue(ledger, NAME, PERIOD, tmp_path / "发")
    give_back(ledger, books, tmp_path / "收", "县住房城乡建设局", {"T001": {"本期进展": "选好地块"}})
    [path] = issue(ledger, NAME, PERIOD, tmp_path / "发").supplements["path"]
    path.write_bytes(b"mine")
    again = issue(ledger, NAME, PERIOD, tmp_path / "发")
    assert ["kept"] == again.supplements["outcome"].tolist()
    assert ["file-kept"] == again.findings["code"].tolist()
    assert b"mine" == path.read_bytes()


def test_a_supplement_that_comes_back_is_refused_with_a_clear_word(ledger, tmp_path):
    books = issue(ledger, NAME, PERIOD, tmp_path / "发")
    give_back(ledger, books, tmp_path / "收", "县住房城乡建设局", {"T001": {"本期进展": "选好地块"}})
    [path] = issue(ledger, NAME, PERIOD, tmp_path / "发").supplements["path"]
    [file] = collect(ledger, path).files.itertuples()
    assert FileOutcome.REFUSED == file.outcome
    assert "这是补发的配合单位进展，不用交回" in str(file.reason)


def test_what_a_lead_unit_changes_on_the_sheet_of_its_support_units_is_shown_and_never_taken(ledger, tmp_path):
    support = issue(ledger, NAME, PERIOD, tmp_path / "一", role="support")
    give_back(ledger, support, tmp_path / "收", "县住房城乡建设局", {"T001": {"本期进展": "选好地块"}})
    leads = issue(ledger, NAME, PERIOD, tmp_path / "二", role="lead")
    typed = {"T001": {"本期进展": "已开工"}, "T001/1": {"本期进展": "地块没有选好"}}
    path = path_of(leads, "县教育局", "lead")
    path.write_bytes(type_in(path.read_bytes(), typed))
    result = collect(ledger, path)
    assert {("配合单位进展", "locked"), ("工作进展", "changed")} == set(
        result.cells[["sheet", "outcome"]].itertuples(index=False, name=None)
    )


# --- templates of an office's own ------------------------------------------------------------


def own_template(folder: Path, *without: str) -> Settings:
    """The shipped template as an office has it that made its own before there were these sheets."""
    book = openpyxl.load_workbook(BytesIO(Settings().template("workbooks/progress.xlsx")))
    for title in without:
        del book[title]
    (folder / "workbooks").mkdir(parents=True)
    book.save(folder / "workbooks" / "progress.xlsx")
    return Settings(folder)


def test_a_template_without_the_newer_sheets_still_works_and_the_texts_follow_in_a_supplement(ledger, tmp_path):
    settings = own_template(tmp_path / "模板", "配合单位进展", "调整申请")
    support = issue(ledger, NAME, PERIOD, tmp_path / "一", role="support", settings=settings)
    give_back(ledger, support, tmp_path / "收", "县住房城乡建设局", {"T001": {"本期进展": "选好地块"}})
    leads = issue(ledger, NAME, PERIOD, tmp_path / "二", role="lead", settings=settings)
    assert {"工作进展"} == {cell.sheet for cell in ledger.workbook(leads.books["workbook"].iloc[0]).cells}
    assert ["sheet-left-out", "sheet-left-out"] == leads.findings["code"].tolist()
    [supplement] = leads.supplements["path"]
    assert [(1, "县住房城乡建设局", "选好地块", None)] == said(supplement)


def test_a_sheet_that_units_must_fill_in_is_still_missed(ledger, tmp_path):
    settings = own_template(tmp_path / "模板", "配合任务")
    with pytest.raises(Exception, match="没有名为“配合任务”的工作表"):
        issue(ledger, NAME, PERIOD, tmp_path / "一", role="support", settings=settings)


def test_nobody_is_asked_where_support_units_are_wanted_in_a_period_that_is_not_theirs(ledger, tmp_path):
    with pytest.raises(UsageError, match="没有要求报送 2026Q3"):
        issue(ledger, NAME, "2026Q3", tmp_path)


def test_what_is_out_stays_as_it_is_when_all_that_support_units_said_is_withdrawn(ledger, tmp_path):
    support = issue(ledger, NAME, PERIOD, tmp_path / "表", role="support")
    give_back(ledger, support, tmp_path / "交回", "县财政局", {"T001": {"本期进展": "已拨付300万元"}})
    lead = issue(ledger, NAME, PERIOD, tmp_path / "表", role="lead")
    before = hashes(tmp_path / "表")
    ledger.withdraw(1)
    again = issue(ledger, NAME, PERIOD, tmp_path / "表", role="lead")
    assert {"unchanged"} == set(again.books["outcome"])
    assert before == hashes(tmp_path / "表")
    assert [(1, "县财政局", "已拨付300万元", None)] == said(path_of(lead, "县教育局", "lead"))


def test_who_reports_stands_for_each_form_of_a_unit_by_itself(ledger, tmp_path):
    books = issue(ledger, NAME, PERIOD, tmp_path / "发")
    give_back(
        ledger, books, tmp_path / "收", "县教育局", {"T001": {"本期进展": "甲"}, "book": {"填报人": "云甲"}}, "lead"
    )
    give_back(ledger, books, tmp_path / "收", "县教育局", {"T003": {"本期进展": "乙"}, "book": {"填报人": "云乙"}})

    held = ledger.current(NAME, PERIOD, "县教育局")
    assert ("云甲", "云乙") == (held["book", "填报人"], held["book-support", "填报人"])
    values = ledger.values(NAME, PERIOD)
    named = values[values["column"] == "填报人"]
    assert [("lead", "云甲"), ("support", "云乙")] == list(named[["role", "value"]].itertuples(index=False, name=None))


def test_the_instructions_of_a_support_form_name_nothing_that_it_does_not_have(ledger, tmp_path):
    books = issue(ledger, NAME, PERIOD, tmp_path)

    def notes(role: str) -> str:
        sheet = openpyxl.load_workbook(path_of(books, "县教育局", role))["填报说明"]
        return "".join(str(cell.value) for row in sheet.iter_rows() for cell in row)

    assert "“完成情况”从下拉列表中选择" in notes("lead") and "填“调整申请”" in notes("lead")
    assert "完成情况" not in notes("support") and "调整申请" not in notes("support")
    assert "进展滞后的，请在“存在问题”里写明原因" in notes("support")
