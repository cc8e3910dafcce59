"""One table for all units: the rows of each unit's own workbook, each with the id that it has there."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from taskkit import collect, issue
from taskkit.ledger import Ledger
from taskkit.tracking import read_returns
from tests.test_hops import NAME, PERIOD, TWO_DATES, hashes, ledger_of


@pytest.fixture
def ledger() -> Ledger:
    return ledger_of(TWO_DATES)


def rows_of(path: Path, title: str) -> list[tuple[object, ...]]:
    """Id, unit, number and task of each row of a sheet."""
    sheet = openpyxl.load_workbook(path)[title]
    return [row[:4] for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]


def test_the_table_holds_every_units_rows_with_the_ids_of_its_own_workbook(ledger, tmp_path):
    own = issue(ledger_of(TWO_DATES), NAME, PERIOD, tmp_path / "分").books
    ids = dict(zip(zip(own["unit"], own["role"], strict=True), own["workbook"].astype(str), strict=True))

    [path] = issue(ledger, NAME, PERIOD, tmp_path / "总", together=True)
    assert "2026年上半年工作进展_总表.xlsx" == path.name
    assert [
        (f"{ids['县教育局', 'lead']}.T001", "县教育局", 1, "办好第1件事"),
        (f"{ids['县教育局', 'lead']}.T002", "县教育局", 2, "办好第2件事"),
        (f"{ids['县林业局', 'lead']}.T002", "县林业局", 2, "办好第2件事"),
        (f"{ids['县财政局', 'lead']}.T003", "县财政局", 3, "办好第3件事"),
    ] == rows_of(path, "工作进展")
    assert ["县教育局", "县财政局", "县财政局", "县住房城乡建设局"] == [row[1] for row in rows_of(path, "配合任务")]


def test_each_units_workbook_counts_as_sent_with_the_very_cells_of_its_own_form(ledger, tmp_path):
    other = ledger_of(TWO_DATES)
    own = issue(other, NAME, PERIOD, tmp_path / "分").books["workbook"]
    together = issue(ledger, NAME, PERIOD, tmp_path / "总", together=True).books["workbook"]
    assert own.tolist() == together.tolist()
    assert [other.workbook(each) for each in own] == [ledger.workbook(each) for each in together]


def test_forms_written_after_the_table_are_the_same_workbooks(ledger, tmp_path):
    together = issue(ledger, NAME, PERIOD, tmp_path / "总", together=True).books["workbook"]
    assert together.tolist() == issue(ledger, NAME, PERIOD, tmp_path / "分").books["workbook"].tolist()


def test_its_marks_name_the_table_and_no_single_workbook(ledger, tmp_path):
    [path] = issue(ledger, NAME, PERIOD, tmp_path, together=True)
    custom = ZipFile(BytesIO(path.read_bytes())).read("docProps/custom.xml").decode()
    hidden = dict(openpyxl.load_workbook(path)["_taskkit"].iter_rows(max_col=2, values_only=True))
    assert 'name="taskkit-together"' in custom
    assert "taskkit-workbook" not in custom
    assert ("together", NAME, PERIOD) == (hidden["kind"], hidden["plan"], hidden["period"])
    assert ">" + str(hidden["together"]) + "<" in custom
    assert "workbook" not in hidden
    assert [("together", None, hidden["together"])] == [each[:3] for each in ledger.companions(NAME, PERIOD)]


def test_the_same_table_again_has_the_same_bytes_and_one_that_is_being_filled_in_stays(ledger, tmp_path):
    [path] = issue(ledger, NAME, PERIOD, tmp_path, together=True)
    before = hashes(tmp_path)
    assert {"unchanged"} == set(issue(ledger, NAME, PERIOD, tmp_path, together=True).books["outcome"])
    assert before == hashes(tmp_path)

    path.write_bytes(path.read_bytes() + b" ")
    again = issue(ledger, NAME, PERIOD, tmp_path, together=True)
    assert {"kept"} == set(again.books["outcome"])
    assert ["file-kept"] == again.findings["code"].tolist()


def test_the_plans_of_the_year_may_be_asked_for_in_one_table_too(tmp_path):
    [path] = issue(ledger_of([]), NAME, "plan", tmp_path, together=True)
    assert "2026年落实方案_总表.xlsx" == path.name
    ids = [str(row[0]).partition(".")[2] for row in rows_of(path, "落实方案")]
    assert ["T001", "T001+1", "T001+2", "T002"] == ids[:4]


def test_each_role_has_its_date_on_its_own_sheet(ledger, tmp_path):
    [path] = issue(ledger, NAME, PERIOD, tmp_path, together=True)
    book = openpyxl.load_workbook(path)
    assert "请于2026年6月25日前报县政府督查室" in book["工作进展"]["B2"].value
    assert "请于2026年6月15日前报牵头单位" in book["配合任务"]["B2"].value


# --- a table that comes back --------------------------------------------------------------


def row_in(sheet: Any, unit: str, title: str) -> int:
    return next(int(row[0].row) for row in sheet.iter_rows(min_row=4) if (row[1].value, row[3].value) == (unit, title))


def column_in(sheet: Any, header: str) -> int:
    return next(int(cell.column) for cell in sheet[3] if str(cell.value or "").partition("（")[0] == header)


def filled(path: Path) -> Any:
    """The table with what three units say of their tasks."""
    book = openpyxl.load_workbook(path)
    sheet = book["工作进展"]
    at = column_in(sheet, "本期进展")
    for unit, number in (("县教育局", 1), ("县教育局", 2), ("县林业局", 2), ("县财政局", 3)):
        sheet.cell(row_in(sheet, unit, f"办好第{number}件事"), at).value = f"{unit}已办第{number}件事"
    return book


def taken(ledger: Ledger, book: Any, folder: Path) -> tuple[list[str], dict[tuple[str, str], str]]:
    """The codes of what was found; the values in the ledger by unit and task."""
    path = folder / "总表.xlsx"
    book.save(path)
    found = collect(ledger, path, apply=True).findings["code"]
    values = ledger.values(NAME)[["unit", "task_id", "value"]].itertuples(index=False)
    return list(found), {(unit, task): value for unit, task, value in values}


def test_rows_that_were_sorted_without_their_hidden_ids_never_go_to_another_unit(ledger, tmp_path):
    [path] = issue(ledger, NAME, PERIOD, tmp_path, together=True)
    book = filled(path)
    sheet = book["工作进展"]
    numbers = [row[0].row for row in sheet.iter_rows(min_row=4) if str(row[0].value or "").startswith("W")]
    rows = [[cell.value for cell in sheet[number]][1:] for number in numbers]
    for number, row in zip(numbers, reversed(rows), strict=True):
        for column, value in enumerate(row, 2):
            sheet.cell(number, column).value = value
    codes, held = taken(ledger, book, tmp_path)
    assert ({}, 4) == (held, codes.count("row-misaligned"))
    assert {
        ("县教育局", "T001", "县教育局已办第1件事"),
        ("县教育局", "T002", "县教育局已办第2件事"),
        ("县林业局", "T002", "县林业局已办第2件事"),
        ("县财政局", "T003", "县财政局已办第3件事"),
    } == {(each.kept.unit, each.kept.matter.row_id, each.kept.matter.returned) for each in ledger.open_matters(NAME)}


def test_units_that_touched_nothing_in_the_table_have_handed_in_nothing(ledger, tmp_path):
    [path] = issue(ledger, NAME, PERIOD, tmp_path, together=True)
    book = openpyxl.load_workbook(path)
    sheet = book["工作进展"]
    sheet.cell(row_in(sheet, "县林业局", "办好第2件事"), column_in(sheet, "本期进展")).value = "已办第2件事"
    taken(ledger, book, tmp_path)
    assert [("县林业局", "accepted")] == [(each.unit, each.outcome) for each in ledger.receipts(NAME)]
    days = {each.unit: each.first_received for each in read_returns(ledger, NAME, PERIOD) if each.role == "lead"}
    assert [True, True] == [days[unit] is None for unit in ("县教育局", "县财政局")]


def test_a_row_without_an_id_is_that_of_the_unit_it_names_also_where_units_have_two_forms_each(ledger, tmp_path):
    [path] = issue(ledger, NAME, PERIOD, tmp_path, together=True)
    book = filled(path)
    sheet = book["工作进展"]
    below = row_in(sheet, "县林业局", "办好第2件事") + 1
    sheet.insert_rows(below)
    for header, text in (("填报单位", "县教育局"), ("工作任务", "另办一件事"), ("本期进展", "已经办了一半多")):
        sheet.cell(below, column_in(sheet, header)).value = text
    codes, _ = taken(ledger, book, tmp_path)
    assert "item-proposed" in codes
    assert "T002+3" in ledger.proposed(NAME, "县教育局")
    assert {} == ledger.proposed(NAME, "县林业局")
