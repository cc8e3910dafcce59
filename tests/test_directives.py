"""批示: registered from a sheet, asked of the units that carry them out and of nobody else, chased until done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from click.testing import CliRunner

from taskkit import collect, issue, open_ledger, report
from taskkit.changing.keeping import keep_changes
from taskkit.cli import commands
from taskkit.collecting import Collected
from taskkit.deciding import task_text
from taskkit.directing import Loaded, Stage, Standing, open_directives, standing, write_directives
from taskkit.entries import PlanChange
from taskkit.errors import OutputError, UsageError
from taskkit.issuing import Issued
from taskkit.issuing.dispatching import write_dispatch
from taskkit.judging.facts import gather
from taskkit.ledger import Ledger, LedgerChangedError
from taskkit.office.typing_in import type_in
from taskkit.periods import parse_period
from taskkit.plan import PlanInfo, make_plan
from taskkit.plan_index import PlanIndex
from taskkit.roster import LeaderEntry, Roster, UnitEntry
from taskkit.settings import Settings
from taskkit.tracking import returns, status
from tests import test_hops as hops

NAME, Q1, Q2 = "云溪", "2026Q1", "2026Q2"
LEADS = {"T001": ["县教育局"], "T002": ["县林业局", "县教育局"], "T003": ["县财政局"]}
TITLES = {"T001": "新建学校5所", "T002": "植树造林3万亩", "T003": "新建公园2个"}
UNITS = ("县教育局", "县林业局", "县财政局", "县水务局", "县民政局")
TODAY = date(2026, 3, 10)
SCHOOL = {
    "批示领导": "王一",
    "批示日期": date(2026, 2, 10),
    "批示内容": "请教育局会同财政局抓紧办好。",
    "涉及任务": "1",
    "承办单位": "县教育局、县财政局",
    "办理期限": "6月底前",
}
LETTER = {
    "批示领导": "李二",
    "批示日期": "2026年3月1日",
    "批示内容": "请水务局查明来信反映的问题。",
    "涉及任务": "群众来信",
    "承办单位": "水务局",
    "办理期限": "2026-03-20",
    "报送要求": "一次性",
}


@pytest.fixture
def ledger() -> Ledger:
    """Three tasks, three lead units, two units without any; quarterly reports by the 10th."""
    tasks = [
        {"task_id": task, "part": "main", "no": no, "title": title, "leaders": ["王一"]}
        for no, (task, title) in enumerate(TITLES.items(), 1)
    ]
    assignments = [
        {"task_id": task, "unit": unit, "role": "lead", "rank": rank}
        for task, units in LEADS.items()
        for rank, unit in enumerate(units, 1)
    ]
    schedule = [
        {"period": period, "role": "lead", "part": "main", "due_on": day, "to_whom": "县政府督查室"}
        for period, day in ((Q1, date(2026, 4, 10)), (Q2, date(2026, 7, 10)))
    ]
    kept = open_ledger("sqlite://")
    info = PlanInfo(title="2026年分工方案", issuer="云溪县人民政府", year=2026, source="云溪.docx")
    kept.add_plan(make_plan(info, tasks=tasks, assignments=assignments, schedule=schedule), NAME)
    kept.add_roster(NAME, roster())
    return kept


def roster(*more: UnitEntry) -> Roster:
    short = (UnitEntry(unit, short_name=unit.removeprefix("县")) for unit in UNITS)
    return Roster((*short, *more), (LeaderEntry("王一"), LeaderEntry("李二")))


def written(ledger: Ledger, path: Path) -> Any:
    """The register as the office opens it."""
    write_directives(ledger, NAME, path)
    return openpyxl.load_workbook(path)


def put(book: Any, row: int, said: Mapping[str, object]) -> None:
    """Type a row as a person does: texts stay texts."""
    sheet = book.active
    places = {cell.value: cell.column for cell in sheet[3]}
    for header, value in said.items():
        cell = sheet.cell(row, places[header])
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def load(ledger: Ledger, path: Path, today: date = TODAY) -> Loaded:
    opened = open_directives(path)
    assert opened is not None
    return opened.load(ledger, NAME, today)


def registered(ledger: Ledger, folder: Path, *rows: Mapping[str, object], today: date = TODAY) -> Loaded:
    """Rows added to a register that is written anew, and loaded."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"登记{len(list(folder.iterdir()))}.xlsx"
    book = written(ledger, path)
    first = 4 + len(ledger.directives(NAME))
    for at, row in enumerate(rows):
        put(book, first + at, row)
    book.save(path)
    return load(ledger, path, today)


def codes(loaded: Loaded) -> list[str]:
    return [each.code for each in loaded.findings]


def issued(ledger: Ledger, folder: Path, period: str = Q1, today: date = date(2026, 3, 25), **more: Any) -> Issued:
    return issue(ledger, NAME, period, folder, today=today, **more)


def path_of(books: Issued, unit: str, part: str = "main") -> Path:
    rows = books.books[(books.books["unit"] == unit) & (books.books["part"] == part)]
    [path] = rows["path"]
    return Path(path)


def asked(books: Issued) -> list[tuple[str, str, bool]]:
    """(unit, which 批示, whether in a form of their own)."""
    frame = books.directives[["unit", "directives", "apart"]]
    return [(unit, " ".join(rows), apart) for unit, rows, apart in frame.itertuples(index=False, name=None)]


def give_back(
    ledger: Ledger, path: Path, typed: Mapping[str, Mapping[str, object]], on: date = date(2026, 4, 1)
) -> Collected:
    back = path.parent / "收回" / path.name
    back.parent.mkdir(exist_ok=True)
    back.write_bytes(type_in(path.read_bytes(), typed))
    return collect(ledger, back, apply=True, received=on)


def standing_of(ledger: Ledger, number: str, unit: str, on: date = date(2026, 5, 1)) -> Standing:
    [found] = [each for each in standing(ledger, NAME, on) if (each.number, each.unit) == (number, unit)]
    return found


def texts_of(path: Path) -> str:
    """Everything that stands in a workbook, hidden sheets and properties included."""
    with ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


# --- the register ---------------------------------------------------------------------


def test_what_was_typed_in_blank_rows_gets_their_numbers_and_is_read_as_people_mean_it(ledger, tmp_path):
    loaded = registered(ledger, tmp_path, SCHOOL, LETTER)
    assert (("B001", "B002"), (), []) == (loaded.new, loaded.changed, codes(loaded))
    school, letter = ledger.directives(NAME)
    assert ("T001", ("县教育局", "县财政局"), date(2026, 6, 30)) == (school.task_id, school.units, school.due_on)
    assert (None, "群众来信", ("县水务局",)) == (letter.task_id, letter.about, letter.units)
    assert ("each", "once", date(2026, 3, 1)) == (school.reporting, letter.reporting, letter.given_on)


def test_the_register_shows_what_is_known_then_blank_rows_with_numbers_never_given(ledger, tmp_path):
    registered(ledger, tmp_path, SCHOOL, LETTER)
    rows = list(written(ledger, tmp_path / "新.xlsx").active.iter_rows(min_row=4, values_only=True))
    assert ["B001", "B002", "B003"] == [row[1] for row in rows[:3]]
    assert ("王一", "县教育局、县财政局", "每期报送", "办理中") == tuple(rows[0][at] for at in (2, 6, 8, 9))
    assert [None] * 9 == list(rows[2][2:])


def test_loaded_twice_nothing_changes_and_an_unchanged_register_says_nothing_new(ledger, tmp_path):
    registered(ledger, tmp_path, SCHOOL, LETTER)
    again = load(ledger, tmp_path / "登记0.xlsx")
    written(ledger, tmp_path / "新.xlsx")
    assert [((), (), 2), ((), (), 2)] == [
        (each.new, each.changed, each.known) for each in (again, load(ledger, tmp_path / "新.xlsx"))
    ]
    assert 2 == len(ledger.directive_versions(NAME))


def test_a_row_without_a_number_gets_the_next_and_is_known_when_loaded_again(ledger, tmp_path):
    book = written(ledger, tmp_path / "登记.xlsx")
    put(book, 4, SCHOOL)
    put(book, 5, {**LETTER, "编号": None})
    book.save(tmp_path / "登记.xlsx")
    first = load(ledger, tmp_path / "登记.xlsx")
    assert (("B001", "B002"), ["directive-given"]) == (first.new, codes(first))
    assert ((), 2) == ((again := load(ledger, tmp_path / "登记.xlsx")).new, again.known)


def test_a_changed_row_is_a_further_version_and_says_what_changed(ledger, tmp_path):
    registered(ledger, tmp_path, SCHOOL)
    book = written(ledger, tmp_path / "改.xlsx")
    put(book, 4, {"办理期限": "7月15日", "状态": "办结"})
    book.save(tmp_path / "改.xlsx")
    loaded = load(ledger, tmp_path / "改.xlsx")
    assert ("B001",) == loaded.changed
    assert ["“办理期限”由“2026年6月30日”改为“2026年7月15日”", "“状态”由“办理中”改为“已办结”"] == [
        each.what.removeprefix("B001的") for each in loaded.findings
    ]
    assert [date(2026, 6, 30), date(2026, 7, 15)] == [each.due_on for each in ledger.directive_versions(NAME)]


def test_a_slip_may_be_corrected_in_the_file_that_was_loaded_but_a_number_never_becomes_another(ledger, tmp_path):
    registered(ledger, tmp_path, SCHOOL)
    path = tmp_path / "登记0.xlsx"
    book = openpyxl.load_workbook(path)
    put(book, 4, {"批示内容": "请教育局会同财政局抓紧办好，并报我。"})
    book.save(path)
    assert ("B001",) == load(ledger, path).changed
    put(book, 4, LETTER)
    book.save(path)
    assert ["directive-taken"] == codes(load(ledger, path))
    assert "王一" == ledger.directives(NAME)[0].leader


def test_what_a_colleague_changed_meanwhile_is_neither_lost_nor_taken_back_in_silence(ledger, tmp_path):
    registered(ledger, tmp_path, SCHOOL)
    mine, theirs = written(ledger, tmp_path / "我.xlsx"), written(ledger, tmp_path / "他.xlsx")
    put(theirs, 4, {"办理期限": "7月15日"})
    theirs.save(tmp_path / "他.xlsx")
    load(ledger, tmp_path / "他.xlsx")
    put(mine, 4, {"备注": "已电话催办"})
    mine.save(tmp_path / "我.xlsx")
    loaded = load(ledger, tmp_path / "我.xlsx")
    assert ["directive-behind", "directive-changed"] == codes(loaded)
    kept = ledger.directives(NAME)[0]
    assert (date(2026, 7, 15), "已电话催办") == (kept.due_on, kept.remark)
    put(mine, 4, {"办理期限": "8月1日"})
    mine.save(tmp_path / "我.xlsx")
    assert "directive-stale" in codes(load(ledger, tmp_path / "我.xlsx"))
    assert date(2026, 7, 15) == ledger.directives(NAME)[0].due_on


WRONG: dict[str, tuple[dict[str, object], str, str]] = {
    "a leader whose name is nearly one of the list": ({"批示领导": "王一一"}, "directive-leader-near", "C"),
    "no leader": ({"批示领导": None}, "directive-blank", "C"),
    "a day that is none": ({"批示日期": "上周三"}, "directive-date", "D"),
    "a day in the future": ({"批示日期": date(2026, 12, 1)}, "directive-day-odd", "D"),
    "no text": ({"批示内容": "  "}, "directive-blank", "E"),
    "a task that the plan does not have": ({"涉及任务": "T099"}, "directive-task", "F"),
    "an unknown unit": ({"承办单位": "县教育局、县教肓局"}, "directive-unit", "G"),
    "no unit": ({"承办单位": None}, "directive-blank", "G"),
    "a date in words that is none": ({"办理期限": "尽快"}, "directive-date", "H"),
    "a date before the 批示": ({"办理期限": "2026-02-01"}, "directive-due-early", "H"),
    "a word for how often": ({"报送要求": "偶尔"}, "directive-word", "I"),
    "a word for the state": ({"状态": "快好了"}, "directive-word", "J"),
    "a number nobody gave": ({"编号": "B099"}, "directive-number", "B"),
    "a number that is none": ({"编号": "第一件"}, "directive-number", "B"),
    "an error of Excel": ({"备注": "#REF!"}, "cell-error", "K"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_cell_is_named_by_sheet_row_and_column_and_nothing_at_all_is_kept(case, ledger, tmp_path):
    changes, code, column = WRONG[case]
    book = written(ledger, tmp_path / "登记.xlsx")
    put(book, 4, LETTER)
    put(book, 5, {**SCHOOL, **changes})
    if changes.get("备注"):
        book.active["K5"].data_type = "e"
    book.save(tmp_path / "登记.xlsx")
    loaded = load(ledger, tmp_path / "登记.xlsx")
    assert [(code, f"登记.xlsx“批示登记”第5行{column}列")] == [
        (each.code, each.source) for each in loaded.findings if each.severity == "error"
    ]
    assert () == ledger.directives(NAME)


@pytest.fixture
def renamed(ledger: Ledger) -> Ledger:
    """县教育局 is 县教体局 from 1 June on; that was kept long before."""
    changes = [PlanChange("unit", {"old": "县教育局", "new": "县教体局"}, date(2026, 6, 1), "机构改革")]
    keep_changes(ledger, NAME, changes, "变更.xlsx", b"", ledger.last_change(NAME))
    return ledger


@pytest.mark.parametrize("name", ["县教育局", "县教体局"])
def test_a_unit_that_is_to_be_renamed_is_asked_and_named_as_it_is_called_on_the_day(renamed, tmp_path, name):
    assert [] == codes(registered(renamed, tmp_path / "登记", {**SCHOOL, "承办单位": name}))
    books = issued(renamed, tmp_path)
    assert [("县教育局", "B001", False)] == asked(books)
    give_back(renamed, path_of(books, "县教育局"), {"B001": {"落实情况": "已开工2所"}})
    for day, called in ((date(2026, 5, 1), "县教育局"), (date(2026, 7, 1), "县教体局")):
        [one] = standing(renamed, NAME, day)
        assert (called, (called,), "已开工2所") == (one.unit, one.units, one.said)


def test_what_came_in_after_the_day_is_not_known_on_it(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", {**SCHOOL, "承办单位": "县教育局"})
    books = issued(ledger, tmp_path)
    give_back(ledger, path_of(books, "县教育局"), {"B001": {"落实情况": "已开工2所"}}, date(2026, 4, 3))
    assert [(Stage.SILENT, ""), (Stage.ONGOING, "已开工2所")] == [
        (one.stage, one.said) for day in (2, 3) for one in standing(ledger, NAME, date(2026, 4, day))
    ]


def test_a_leader_who_was_replaced_since_is_still_known(ledger, tmp_path):
    day, before = date(2026, 3, 20), ledger.roster(NAME)
    ledger.add_roster(NAME, Roster(before.unit_entries))
    changes = [PlanChange("leader", {"old": "王一", "new": "周明", "tasks": []}, day, "县委文件")]
    keep_changes(ledger, NAME, changes, "变更.xlsx", b"", ledger.last_change(NAME))
    assert [] == codes(registered(ledger, tmp_path, SCHOOL))


def test_a_number_that_stands_twice_and_a_leader_whom_nobody_lists_are_told(ledger, tmp_path):
    assert ["directive-twice"] == codes(registered(ledger, tmp_path, SCHOOL, {**LETTER, "编号": "B001"}))
    assert ["directive-leader"] == codes(registered(ledger, tmp_path, {**SCHOOL, "批示领导": "赵五六"}))
    assert ["赵五六"] == [each.leader for each in ledger.directives(NAME)]


def test_words_that_fit_several_tasks_stay_a_text_and_are_doubted(ledger, tmp_path):
    loaded = registered(ledger, tmp_path, {**SCHOOL, "涉及任务": "新建"}, {**LETTER, "涉及任务": "造林"})
    assert (["directive-task-several"], [None, "T002"]) == (
        codes(loaded),
        [each.task_id for each in ledger.directives(NAME)],
    )


def test_a_collective_stands_for_its_members_and_one_without_any_is_told(ledger, tmp_path):
    towns = (UnitEntry("东镇政府"), UnitEntry("西镇政府"))
    ledger.add_roster(NAME, roster(*towns, UnitEntry("各镇政府", kind="集体称谓", members=("东镇政府", "西镇政府"))))
    registered(ledger, tmp_path, {**SCHOOL, "承办单位": "各镇政府，县教育局"})
    assert ("东镇政府", "西镇政府", "县教育局") == ledger.directives(NAME)[0].units


def test_what_was_weighed_against_an_older_version_is_refused_by_the_ledger(ledger, tmp_path):
    registered(ledger, tmp_path, SCHOOL)
    [known] = ledger.directives(NAME)
    changed = replace(known, remark="已催办")
    ledger.keep_directives(NAME, [changed], "一.xlsx", b"1", {1: known.version})
    with pytest.raises(LedgerChangedError):
        ledger.keep_directives(NAME, [changed], "二.xlsx", b"2", {1: known.version})
    with pytest.raises(LedgerChangedError):
        ledger.keep_directives(NAME, [replace(known, text="另一件")], "三.xlsx", b"3", {})
    assert 2 == len(ledger.directive_versions(NAME))


def test_a_register_that_somebody_filled_in_is_never_written_over(ledger, tmp_path):
    book = written(ledger, tmp_path / "登记.xlsx")
    put(book, 4, SCHOOL)
    book.save(tmp_path / "登记.xlsx")
    with pytest.raises(OutputError):
        write_directives(ledger, NAME, tmp_path / "登记.xlsx")


# --- on their way to the units --------------------------------------------------------


def test_each_unit_gets_its_own_in_its_form_and_one_without_tasks_in_a_form_of_their_own(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL, LETTER)
    books = issued(ledger, tmp_path)
    assert [("县教育局", "B001", False), ("县财政局", "B001", False), ("县水务局", "B002", True)] == asked(books)
    water = openpyxl.load_workbook(path_of(books, "县水务局", "directives"))
    assert ["填报说明", "批示办理", "_taskkit"] == water.sheetnames
    assert [] == books.left_out["unit"].tolist()


def test_no_unit_sees_what_another_one_was_told_to_do(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL, LETTER)
    books = issued(ledger, tmp_path)
    for path in map(Path, books.books["path"]):
        text = texts_of(path)
        assert ("教育局" in path.name or "财政局" in path.name) == ("抓紧办好" in text), path.name
        assert ("水务局" in path.name) == ("来信" in text), path.name
    assert "批示办理" not in openpyxl.load_workbook(path_of(books, "县林业局")).sheetnames


def test_a_unit_with_several_forms_is_asked_in_one_of_them_whatever_the_order_of_issuing(tmp_path):
    two = hops.ledger_of(hops.TWO_DATES)
    registered(two, tmp_path / "登记", {**SCHOOL, "承办单位": "县教育局"})
    first = issued(two, tmp_path, hops.PERIOD, date(2026, 6, 1), role="support", units=["县教育局"])
    both = issued(two, tmp_path, hops.PERIOD, date(2026, 6, 1))
    assert [("县教育局", "B001", False)] == asked(first) == asked(both)
    assert [] == asked(issued(two, tmp_path, hops.PERIOD, date(2026, 6, 1), role="lead"))


def test_the_table_for_all_units_holds_none_and_says_how_they_go_out(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL, LETTER)
    books = issued(ledger, tmp_path, together=True)
    assert "抓紧办好" not in texts_of(Path(books[0]))
    assert ["directives-apart"] == books.findings["code"].tolist()
    apart = issued(ledger, tmp_path, part="批示")
    assert [("县教育局", "B001", True), ("县财政局", "B001", True), ("县水务局", "B002", True)] == asked(apart)


def test_hostile_texts_stand_in_the_form_as_they_are(ledger, tmp_path):
    text = "=cmd|' /C calc'!A0\n{{ unit.name }} @SUM(1) " + "抓紧办好，" * 400
    registered(ledger, tmp_path / "登记", {**SCHOOL, "批示内容": text, "涉及任务": "+1+1"})
    path = path_of(issued(ledger, tmp_path), "县教育局")
    sheet = openpyxl.load_workbook(path)["批示办理"]
    row = next(row for row in sheet.iter_rows(min_row=4) if str(row[0].value).endswith(".B001"))
    assert [("s", text.strip()), ("s", "+1+1")] == [(cell.data_type, cell.value) for cell in (row[4], row[5])]
    give_back(ledger, path, {"B001": {"落实情况": "@已开工\n{{ x }}2所"}})
    assert "@已开工\n{{ x }}2所" == standing_of(ledger, "B001", "县教育局").said


def test_one_given_after_the_forms_went_out_follows_by_itself_and_no_form_that_is_out_changes(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL)
    first = issued(ledger, tmp_path)
    half = path_of(first, "县教育局")
    half.write_bytes(type_in(half.read_bytes(), {"T001": {"本期进展": "已开工2所"}}))
    before = {path: Path(path).read_bytes() for path in first.books["path"]}
    registered(ledger, tmp_path / "登记", {**LETTER, "承办单位": "县教育局"})
    later = issued(ledger, tmp_path, today=date(2026, 4, 2))
    assert [("县教育局", "B001", False), ("县财政局", "B001", False), ("县教育局", "B002", True)] == asked(later)
    assert before == {path: Path(path).read_bytes() for path in before}
    assert (ledger.workbooks(NAME)["edition"] == 1).all()
    result = collect(ledger, half, apply=True, received=date(2026, 4, 3))
    give_back(ledger, path_of(later, "县教育局", "directives"), {"B002": {"落实情况": "已答复", "办理状态": "已办结"}})
    assert ["accepted"] == result.files["outcome"].tolist()
    assert Stage.DONE is standing_of(ledger, "B002", "县教育局").stage


def test_each_later_one_follows_in_a_form_of_its_own_and_none_is_asked_twice(ledger, tmp_path):
    issued(ledger, tmp_path)
    registered(ledger, tmp_path / "登记", SCHOOL)
    second = issued(ledger, tmp_path)
    half = path_of(second, "县教育局", "directives")
    half.write_bytes(type_in(half.read_bytes(), {"B001": {"落实情况": "已开工2所"}}))
    registered(ledger, tmp_path / "登记", {**LETTER, "承办单位": "县教育局"})
    third = issued(ledger, tmp_path)
    assert [("县教育局", "B001", True), ("县教育局", "B002", True), ("县财政局", "B001", True)] == asked(third)
    assert "001教育局_2026年一季度批示办理2.xlsx" == path_of(third, "县教育局", "directives2").name
    collect(ledger, [half], apply=True, received=date(2026, 4, 3))
    give_back(ledger, path_of(third, "县教育局", "directives2"), {"B002": {"落实情况": "已答复", "办理状态": "已办结"}})
    told = {each.number: each.said for each in standing(ledger, NAME, date(2026, 5, 1)) if each.unit == "县教育局"}
    assert {"B001": "已开工2所", "B002": "已答复"} == told


def test_issued_again_the_forms_are_the_same_also_when_one_was_answered_or_closed(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL, LETTER)
    books = issued(ledger, tmp_path)
    give_back(ledger, path_of(books, "县教育局"), {"B001": {"落实情况": "已开工2所", "办理状态": "办理中"}})
    close(ledger, tmp_path / "登记", 4)
    again = issued(ledger, tmp_path)
    assert {"unchanged"} == set(again.books["outcome"])


def close(ledger: Ledger, folder: Path, row: int, word: str = "已办结") -> Loaded:
    path = folder / f"状态{len(list(folder.iterdir()))}.xlsx"
    book = written(ledger, path)
    put(book, row, {"状态": word})
    book.save(path)
    return load(ledger, path, date(2026, 6, 1))


def test_a_changed_date_reaches_the_unit_although_its_form_is_out(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL)
    issued(ledger, tmp_path)
    book = written(ledger, tmp_path / "改.xlsx")
    put(book, 4, {"办理期限": "5月底前"})
    book.save(tmp_path / "改.xlsx")
    load(ledger, tmp_path / "改.xlsx")
    books = issued(ledger, tmp_path)
    assert [("县教育局", "B001", True), ("县财政局", "B001", True)] == [each for each in asked(books) if each[2]]
    assert "2026年5月31日" in texts_of(path_of(books, "县财政局", "directives"))


def test_a_period_whose_date_is_past_asks_for_nothing_more_unless_told_to(ledger, tmp_path):
    issued(ledger, tmp_path)
    registered(ledger, tmp_path / "登记", SCHOOL)
    assert [] == asked(issued(ledger, tmp_path, today=date(2026, 4, 11)))
    assert 2 == len(asked(issued(ledger, tmp_path, today=date(2026, 4, 11), part="directives")))


def test_a_month_that_nobody_ordered_may_ask_for_them_alone(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", LETTER)
    books = issued(ledger, tmp_path, "2026-03", part="批示")
    assert [("县水务局", "B001", True)] == asked(books)
    assert "004水务局_2026年3月批示办理.xlsx" == Path(books[0]).name
    with pytest.raises(UsageError, match="没有要发的批示"):
        issued(ledger, tmp_path, "2026-03", part="批示", units=["县教育局"])


def test_an_issue_of_an_annex_alone_asks_for_none_and_leaves_those_in_its_forms_as_they_are(tmp_path):
    info = PlanInfo(title="2026年分工方案", year=2026, source="云溪.docx")
    tasks = [
        {"task_id": f"{at}001", "part": part, "no": 1, "title": "办好一件事"}
        for at, part in (("T", "main"), ("A", "annex"))
    ]
    assignments = [
        {"task_id": task, "unit": unit, "role": "lead", "rank": 1}
        for task, unit in (("T001", "县教育局"), ("A001", "县水务局"))
    ]
    schedule = [{"period": Q1, "role": "lead", "part": part} for part in ("main", "annex")]
    ledger = open_ledger("sqlite://")
    ledger.add_plan(make_plan(info, tasks=tasks, assignments=assignments, schedule=schedule), NAME)
    registered(ledger, tmp_path / "登记", {**LETTER, "承办单位": "县水务局"})
    assert [] == asked(issued(ledger, tmp_path / "只发附件", part="annex"))
    other = open_ledger("sqlite://")
    other.add_plan(ledger.plan(NAME), NAME)
    registered(other, tmp_path / "登记", {**LETTER, "承办单位": "县水务局"})
    assert [("县水务局", "B001", False)] == asked(issued(other, tmp_path))
    again = issued(other, tmp_path, part="annex")
    assert (["unchanged"], [("县水务局", "B001", False)]) == (again.books["outcome"].tolist(), asked(again))


def test_the_plan_period_and_an_office_template_without_the_sheet_ask_for_none_in_their_forms(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL)
    assert [] == asked(issued(ledger, tmp_path / "方案", "plan", anyway=True))
    own = tmp_path / "模板" / "workbooks"
    own.mkdir(parents=True)
    book = openpyxl.load_workbook(BytesIO(Settings().template("workbooks/progress.xlsx")))
    del book["批示办理"]
    book.save(own / "progress.xlsx")
    books = issued(ledger, tmp_path, settings=Settings(own.parent))
    assert [("县教育局", "B001", True), ("县财政局", "B001", True)] == asked(books)
    assert "sheet-left-out" in books.findings["code"].tolist()


def test_a_renamed_unit_is_not_asked_twice_and_its_earlier_words_are_its_own(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", LETTER)
    books = issued(ledger, tmp_path)
    give_back(ledger, path_of(books, "县水务局", "directives"), {"B001": {"落实情况": "正在核查，已走访3村"}})
    kept = (each for each in roster().unit_entries if each.name != "县水务局")
    renamed = Roster((*kept, UnitEntry("县水利局", aliases=("县水务局",))), roster().leader_entries)
    ledger.add_roster(NAME, renamed)
    assert [] == asked(issued(ledger, tmp_path))
    assert ("正在核查，已走访3村", Stage.ONGOING) == (
        (found := standing_of(ledger, "B001", "县水利局")).said,
        found.stage,
    )
    assert "正在核查，已走访3村" in texts_of(path_of(issued(ledger, tmp_path, Q2), "县水利局", "directives"))
    written(ledger, tmp_path / "新.xlsx")
    assert ((), 1) == ((again := load(ledger, tmp_path / "新.xlsx")).changed, again.known)


def test_a_unit_that_reports_through_another_is_asked_in_that_ones_form(ledger, tmp_path):
    ledger.add_roster(NAME, roster(UnitEntry("县粮食中心", through="县教育局")))
    registered(ledger, tmp_path / "登记", {**LETTER, "承办单位": "县粮食中心"})
    books = issued(ledger, tmp_path)
    assert [("县教育局", "B001", False)] == asked(books)
    give_back(ledger, path_of(books, "县教育局"), {"B001": {"落实情况": "已办妥5件", "办理状态": "已办结"}})
    assert Stage.DONE is standing_of(ledger, "B001", "县粮食中心").stage


# --- what comes back ------------------------------------------------------------------


def test_two_units_of_one_answer_each_for_itself(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL)
    books = issued(ledger, tmp_path)
    give_back(ledger, path_of(books, "县教育局"), {"B001": {"落实情况": "已开工2所", "办理状态": "办理中"}})
    give_back(ledger, path_of(books, "县财政局"), {"B001": {"落实情况": "已拨付200万元", "办理状态": "完成"}})
    one, other = standing(ledger, NAME, date(2026, 5, 1))
    assert ("县教育局", "已开工2所", Stage.ONGOING, 60) == (one.unit, one.said, one.stage, one.days_left)
    assert ("县财政局", "已拨付200万元", Stage.DONE, None) == (other.unit, other.said, other.stage, other.days_left)
    values = ledger.values(NAME, Q1)
    assert values[values["target_id"] == "B001"]["task_id"].isna().all()


def test_last_periods_words_come_back_grey_and_unchanged_they_are_no_news(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL)
    give_back(ledger, path_of(issued(ledger, tmp_path), "县教育局"), {"B001": {"落实情况": "已开工2所"}})
    path = path_of(issued(ledger, tmp_path, Q2, date(2026, 6, 25)), "县教育局")
    sheet = openpyxl.load_workbook(path)["批示办理"]
    assert ["已开工2所", "已开工2所"] == [cell.value for cell in sheet[4] if cell.value == "已开工2所"]
    result = give_back(ledger, path, {"B001": {"办理状态": "办理中"}}, date(2026, 7, 1))
    assert ["unupdated", "changed"] == result.cells[result.cells["sheet"] == "批示办理"]["outcome"].tolist()
    assert date(2026, 7, 1) == standing_of(ledger, "B001", "县教育局", date(2026, 7, 2)).reported_on


def test_a_row_that_lost_its_id_is_known_by_its_number_and_text(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", {**SCHOOL, "承办单位": "县教育局"}, {**LETTER, "承办单位": "县教育局"})
    path = path_of(issued(ledger, tmp_path), "县教育局")
    book = openpyxl.load_workbook(path)
    sheet = book["批示办理"]
    sheet.protection.sheet = False
    for number, said in ((4, "已开工2所学校"), (5, "已答复来信人")):
        sheet.cell(number, 1).value = None
        sheet.cell(number, 8).value = said
    for at in range(2, 12):
        sheet.cell(4, at).value, sheet.cell(5, at).value = sheet.cell(5, at).value, sheet.cell(4, at).value
    back = tmp_path / "乱.xlsx"
    book.save(back)
    collect(ledger, back, apply=True, received=date(2026, 4, 1))
    assert ["已开工2所学校", "已答复来信人"] == [each.said for each in standing(ledger, NAME, date(2026, 4, 2))]


def test_another_name_of_the_sheet_and_other_headers_are_understood(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL)
    book = openpyxl.load_workbook(path_of(issued(ledger, tmp_path), "县教育局"))
    sheet = book["批示办理"]
    sheet.title, sheet["H3"].value, sheet["H4"].value = "领导批示", "办理情况", "已开工2所学校"
    book.save(tmp_path / "改名.xlsx")
    collect(ledger, tmp_path / "改名.xlsx", apply=True, received=date(2026, 4, 1))
    assert "已开工2所学校" == standing_of(ledger, "B001", "县教育局").said


def test_what_the_office_wrote_cannot_be_changed_and_odd_words_are_told(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL)
    path = path_of(issued(ledger, tmp_path), "县教育局")
    typed = {"批示内容": "不用办", "办理状态": "差不多了", "落实情况": "正在按计划有序推进"}
    result = give_back(ledger, path, {"B001": typed})
    assert {"locked", "state-unknown", "says-nothing"} == set(result.findings["code"])
    assert "请教育局会同财政局抓紧办好。" == ledger.directives(NAME)[0].text
    state = give_back(ledger, path, {"B001": {"办理状态": "已办结"}})
    assert "no-progress" not in set(state.findings["code"])  # a text stands since the first return


def test_a_state_without_a_word_is_doubted_and_marked_in_the_copy_for_the_unit(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", LETTER)
    path = path_of(issued(ledger, tmp_path), "县水务局", "directives")
    back = tmp_path / "收回.xlsx"
    back.write_bytes(type_in(path.read_bytes(), {"B001": {"办理状态": "已办结"}}))
    result = collect(ledger, back, apply=True, received=date(2026, 4, 1), returned=tmp_path / "退回")
    assert ["no-progress"] == result.findings["code"].tolist()
    [copy] = result.returned["copy"]
    assert "退回问题清单" == openpyxl.load_workbook(copy).sheetnames[0]
    again = collect(ledger, copy, apply=False, received=date(2026, 4, 1))
    assert [] == again.cells["outcome"].tolist()


def test_a_return_that_is_withdrawn_takes_its_words_with_it(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", LETTER)
    path = path_of(issued(ledger, tmp_path), "县水务局", "directives")
    give_back(ledger, path, {"B001": {"落实情况": "已答复来信人", "办理状态": "已办结"}})
    ledger.withdraw(1)
    assert Stage.SILENT is standing_of(ledger, "B001", "县水务局").stage


def test_two_answers_to_one_that_went_out_twice_wait_for_a_person_who_sees_which_it_is(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", {**SCHOOL, "承办单位": "县教育局"})
    first = issued(ledger, tmp_path)
    book = written(ledger, tmp_path / "改.xlsx")
    put(book, 4, {"办理期限": "5月底前"})
    book.save(tmp_path / "改.xlsx")
    load(ledger, tmp_path / "改.xlsx")
    second = issued(ledger, tmp_path)
    give_back(ledger, path_of(first, "县教育局"), {"B001": {"落实情况": "已开工2所"}})
    result = give_back(ledger, path_of(second, "县教育局", "directives"), {"B001": {"落实情况": "已开工3所"}})
    assert ["conflict"] == result.cells["outcome"].tolist()
    [matter] = ledger.open_matters(NAME)
    index = PlanIndex(ledger.plan(NAME))
    assert ("批示B001", "已开工2所") == (task_text(matter.kept.matter.row_id, index), matter.current)


# --- chased until done ----------------------------------------------------------------


def test_days_count_to_the_date_and_on_until_the_unit_says_that_it_is_done(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", LETTER)
    assert (Stage.UNSENT, 10, 0) == stage_and_days(ledger, date(2026, 3, 10))
    path = path_of(issued(ledger, tmp_path), "县水务局", "directives")
    assert (Stage.SILENT, 0, 0) == stage_and_days(ledger, date(2026, 3, 20))
    assert (Stage.SILENT, -5, 5) == stage_and_days(ledger, date(2026, 3, 25))
    give_back(ledger, path, {"B001": {"落实情况": "已答复来信人", "办理状态": "已办结"}}, date(2026, 4, 1))
    assert (Stage.DONE, None, 12) == stage_and_days(ledger, date(2026, 9, 1))
    close(ledger, tmp_path / "登记", 4)
    assert (Stage.CLOSED, None, 12) == stage_and_days(ledger, date(2026, 9, 1))


def stage_and_days(ledger: Ledger, on: date) -> tuple[Stage, int | None, int]:
    found = standing_of(ledger, "B001", "县水务局", on)
    return found.stage, found.days_left, found.days_late


def test_one_off_is_asked_until_it_is_said_to_be_done_and_each_until_the_office_closes_it(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", {**SCHOOL, "承办单位": "县教育局"}, LETTER)
    books = issued(ledger, tmp_path)
    done = {"落实情况": "已办妥", "办理状态": "已办结"}
    give_back(ledger, path_of(books, "县教育局"), {"B001": done})
    give_back(ledger, path_of(books, "县水务局", "directives"), {"B002": {**done, "办理状态": "办理中"}})
    second = issued(ledger, tmp_path, Q2, date(2026, 6, 25))
    assert [("县教育局", "B001", False), ("县水务局", "B002", True)] == asked(second)
    give_back(ledger, path_of(second, "县水务局", "directives"), {"B002": done}, date(2026, 7, 1))
    assert [("县教育局", "B001", False)] == asked(issued(ledger, tmp_path, "2026Q3", date(2026, 9, 25), anyway=True))
    close(ledger, tmp_path / "登记", 4)
    assert [] == asked(issued(ledger, tmp_path, "2026Q4", date(2026, 12, 25), anyway=True))


def test_one_that_is_revoked_is_asked_no_more_and_stays_in_the_history(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL, LETTER)
    close(ledger, tmp_path / "登记", 4, "撤销")
    assert [("县水务局", "B002", True)] == asked(issued(ledger, tmp_path))
    assert [Stage.REVOKED, Stage.REVOKED, Stage.SILENT] == [
        each.stage for each in standing(ledger, NAME, date(2026, 9, 1))
    ]
    assert 3 == len(ledger.directive_versions(NAME))
    registered(ledger, tmp_path / "登记", SCHOOL)
    assert ["B001", "B002", "B003"] == [each.row_id for each in ledger.directives(NAME)]


def test_who_was_asked_for_nothing_else_is_counted_among_those_who_report(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", LETTER)
    path = path_of(issued(ledger, tmp_path), "县水务局", "directives")
    give_back(ledger, path, {"B001": {"落实情况": "已答复来信人", "办理状态": "已办结"}})
    [period] = status(ledger, NAME, Q1, date(2026, 4, 20))
    assert (("县水务局",), ()) == (period.on_time_units, period.blank_units)
    frame = returns(ledger, NAME, Q1, date(2026, 4, 20))
    assert [(0, 2)] == [tuple(row) for row in frame[frame["unit"] == "县水务局"][["tasks", "cells_filled"]].values]


def test_the_list_of_what_is_sent_names_the_form_that_holds_nothing_else(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", LETTER)
    issued(ledger, tmp_path)
    dispatch = write_dispatch(ledger, NAME, Q1, tmp_path)
    assert dispatch is not None
    assert ("县水务局", "2026年一季度批示办理", "") == tuple(
        getattr(dispatch.sent[-1], key) for key in ("unit", "form", "tasks")
    )


def test_the_ledger_workbook_lists_them_and_the_progress_report_says_nothing(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", SCHOOL)
    books = issued(ledger, tmp_path)
    give_back(ledger, path_of(books, "县教育局"), {"B001": {"落实情况": "已开工2所", "办理状态": "办理中"}})
    path = report(ledger, NAME, kind="ledger", period=Q1, out=tmp_path / "台账.xlsx")
    rows = list(openpyxl.load_workbook(path)["批示办理"].iter_rows(min_row=4, max_row=5, values_only=True))
    assert [("B001", "县教育局", "办理中"), ("B001", "县财政局", "未报")] == [(row[0], row[5], row[8]) for row in rows]
    word = report(ledger, NAME, kind="progress", period=Q1, out=tmp_path / "进展.docx")
    assert "抓紧办好" not in texts_of(Path(word))


def test_reports_on_tasks_count_nobody_who_was_asked_for_nothing_else_and_take_no_such_period(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", LETTER)
    issued(ledger, tmp_path)
    issued(ledger, tmp_path, "2026-05", part="批示")
    assert ("县教育局", "县林业局", "县财政局") == gather(
        ledger, NAME, parse_period(Q1), Settings(), date(2026, 4, 20)
    ).returns.units
    assert "一季度" in report(ledger, NAME, kind="progress", out=tmp_path).name


def test_a_scan_is_kept_for_the_form_that_its_name_says(ledger, tmp_path):
    registered(ledger, tmp_path / "登记", {**LETTER, "承办单位": "县教育局"})
    issued(ledger, tmp_path)
    registered(ledger, tmp_path / "登记", SCHOOL)
    issued(ledger, tmp_path)
    scan = tmp_path / "县教育局2026年一季度批示办理情况.pdf"
    scan.write_bytes(b"%PDF-1.4\n")
    result = collect(ledger, scan, apply=True, received=date(2026, 4, 1))
    [workbook] = result.files["workbook"]
    assert "directives" == ledger.workbook(workbook).part


# --- the command line -----------------------------------------------------------------


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(commands, [str(each) for each in arguments], standalone_mode=False)
    code = result.return_value if result.exception is None else getattr(result.exception, "exit_status", 3)
    return code, result.output + (str(result.exception) if result.exception else "")


def done(ended: tuple[int, str]) -> str:
    code, said = ended
    assert 0 == code, said
    return said


def test_registered_listed_and_counted_from_the_command_line(ledger, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open_ledger(tmp_path / "taskkit.db") as kept:
        kept.add_plan(ledger.plan(NAME), NAME)
        kept.add_roster(NAME, roster())
    assert "还没有登记批示" in done(run("directives", NAME))
    done(run("directives", NAME, "--xlsx", "批示登记.xlsx"))
    book = openpyxl.load_workbook("批示登记.xlsx")
    put(book, 4, {**SCHOOL, "承办单位": "县教肓局"})
    book.save("批示登记.xlsx")
    code, said = run("load", "批示登记.xlsx")
    assert (2, True) == (code, "一处也没有登记" in said and "是不是“县教育局”" in said)
    put(book, 4, SCHOOL)
    book.save("批示登记.xlsx")
    said = done(run("load", "批示登记.xlsx"))
    assert "新登记1件（B001）" in said and "第1项：新建学校5所" in said and "2026-06-30" in said
    assert "未作任何改动" in done(run("load", "批示登记.xlsx"))
    assert "带有“批示办理”" in done(run("issue", NAME, "--period", Q1, "--out", "表"))
    path = Path("表/001教育局_2026年一季度工作进展.xlsx")
    path.write_bytes(type_in(path.read_bytes(), {"B001": {"落实情况": "已开工2所", "办理状态": "办理中"}}))
    assert "其中批示落实情况1件次" in done(run("collect", path, "--apply"))
    assert "批示1件，按承办单位计2件次：办理中1，未报1" in done(run("status", NAME))
    assert "B001" in done(run("directives", NAME))
