"""The list of what was sent and the archive of all, beside the workbooks."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

import taskkit
from taskkit.issuing import Issued
from taskkit.issuing.dispatching import Dispatch, write_dispatch
from taskkit.ledger import Ledger
from taskkit.roster import Roster, UnitEntry
from taskkit.settings import Settings
from tests.filled import NAME, ledger_of, plan_of

FORM = "2026年二季度工作进展"


@pytest.fixture
def ledger():
    ledger = ledger_of(plan_of([["县水务局"], ["县教育局"], ["=县财政局"]]))
    ledger.add_roster(
        NAME, Roster((UnitEntry("县教育局", contact="云小舟", phone="0000-8600001"), UnitEntry("县水务局")))
    )
    return ledger


def dispatched(ledger: Ledger, folder: Path) -> Dispatch:
    done = write_dispatch(ledger, NAME, "2026Q2", folder)
    assert done is not None
    return done


def issued(ledger: Ledger, folder: Path) -> Issued:
    return taskkit.issue(ledger, NAME, "2026Q2", out=folder, anyway=True)


def listed(folder: Path) -> list[dict[str, str]]:
    text = (folder / f"{FORM}_发送清单.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_list_names_each_unit_with_its_contact_in_the_order_of_the_unit_list(ledger, tmp_path):
    issued(ledger, tmp_path)
    dispatched(ledger, tmp_path)

    rows = listed(tmp_path)
    assert [("1", "县教育局", "云小舟", "0000-8600001"), ("2", "县水务局", "", "")] == [
        tuple(row[key] for key in ("序号", "单位", "联系人", "联系电话")) for row in rows[:2]
    ]
    sheet = openpyxl.load_workbook(tmp_path / f"{FORM}_发送清单.xlsx")["发送清单"]
    assert [row["文件名"] for row in rows] == [sheet.cell(at, 8).value for at in (4, 5, 6)]


def test_a_name_that_looks_like_a_formula_does_no_harm_in_either_list(ledger, tmp_path):
    issued(ledger, tmp_path)
    dispatched(ledger, tmp_path)

    assert "'=县财政局" == listed(tmp_path)[2]["单位"]
    cell = openpyxl.load_workbook(tmp_path / f"{FORM}_发送清单.xlsx")["发送清单"]["B6"]
    assert ("=县财政局", "s") == (cell.value, cell.data_type)


def test_the_archive_holds_all_forms_under_utf_8_names(ledger, tmp_path):
    books = issued(ledger, tmp_path)
    sent = dispatched(ledger, tmp_path)

    with zipfile.ZipFile(sent.archive) as archive:
        assert sorted(path.name for path in books) == sorted(archive.namelist())
        assert all(info.flag_bits & 0x800 for info in archive.infolist())
        assert books[0].read_bytes() == archive.read(books[0].name)


def test_units_issued_later_join_those_issued_before(ledger, tmp_path):
    for unit in ("县水务局", "县教育局"):
        taskkit.issue(ledger, NAME, "2026Q2", out=tmp_path, units=[unit], anyway=True)
        sent = dispatched(ledger, tmp_path)

    assert ["县教育局", "县水务局"] == [each.unit for each in sent.sent]


def test_a_form_that_somebody_has_begun_to_fill_in_is_listed_but_not_passed_on(ledger, tmp_path):
    books = issued(ledger, tmp_path)
    book = openpyxl.load_workbook(books[0])
    book.save(books[0])
    sent = dispatched(ledger, tmp_path)

    assert "文件已有改动，没有放进压缩包" == listed(tmp_path)[0]["备注"]
    with zipfile.ZipFile(sent.archive) as archive:
        assert books[0].name not in archive.namelist()


def test_the_same_folder_gives_the_same_bytes_and_a_list_that_a_person_changed_stays(ledger, tmp_path):
    issued(ledger, tmp_path)
    sent = dispatched(ledger, tmp_path)
    before = {path: path.read_bytes() for path in (*sent.lists, sent.archive)}
    dispatched(ledger, tmp_path)
    assert before == {path: path.read_bytes() for path in before}

    book = openpyxl.load_workbook(tmp_path / f"{FORM}_发送清单.xlsx")
    book["发送清单"]["I4"] = "已当面交"
    book.save(tmp_path / f"{FORM}_发送清单.xlsx")
    again = dispatched(ledger, tmp_path)
    assert (tmp_path / f"{FORM}_发送清单.xlsx",) == again.kept
    assert "已当面交" == openpyxl.load_workbook(tmp_path / f"{FORM}_发送清单.xlsx")["发送清单"]["I4"].value


def test_a_row_whose_text_no_program_can_show_whole_is_reported_before_sending(tmp_path):
    long = [{"task_id": "T002", "part": "main", "no": 2, "title": "办好" + "这一件很长的事" * 300}]
    lead = [{"task_id": "T002", "unit": "县水务局", "role": "lead", "rank": 1}]
    ledger = ledger_of(plan_of([["县教育局"]], tasks=long, assignments=lead))
    found = issued(ledger, tmp_path).findings

    assert [("row-too-tall", "002县水务局_2026年二季度工作进展.xlsx 工作进展 第4行")] == [
        (row.code, row.source) for row in found.itertuples()
    ]


def test_a_unit_with_a_short_name_has_it_in_the_name_of_its_file(tmp_path):
    ledger = ledger_of(plan_of([["县发展和改革局"]]))
    ledger.add_roster(NAME, Roster((UnitEntry("县发展和改革局", short_name="发改局"),)))

    assert ["001发改局_2026年二季度工作进展.xlsx"] == [path.name for path in issued(ledger, tmp_path)]


def test_the_second_line_of_a_form_says_how_to_reach_the_office(tmp_path):
    words = tmp_path / "模板" / "words"
    words.mkdir(parents=True)
    (words / "office.toml").write_text('contact = "督查室 小云"\nphone = "0000-8600000"', encoding="utf-8")
    ledger = ledger_of(plan_of([["县教育局"]]))
    [path] = taskkit.issue(ledger, NAME, "2026Q2", out=tmp_path, anyway=True, settings=Settings(tmp_path / "模板"))
    book = openpyxl.load_workbook(path)

    assert book["工作进展"]["B2"].value.endswith("联系人：督查室 小云，电话：0000-8600000")
    assert any("0000-8600000" in str(cell.value) for row in book["填报说明"].iter_rows() for cell in row)


def test_a_text_list_or_an_archive_that_a_person_changed_stays_too(ledger, tmp_path):
    issued(ledger, tmp_path)
    sent = dispatched(ledger, tmp_path)
    sent.lists[1].write_text("已送达，签收人在此", encoding="utf-8")
    sent.archive.write_bytes(b"PK\x05\x06" + bytes(18))
    taskkit.issue(ledger, NAME, "2026Q2", out=tmp_path, role="all", anyway=True)
    again = dispatched(ledger, tmp_path)

    assert {sent.lists[1], sent.archive} == set(again.kept)
    assert "已送达，签收人在此" == sent.lists[1].read_text(encoding="utf-8")


def test_lists_of_two_periods_stand_side_by_side(ledger, tmp_path):
    for period in ("2026Q1", "2026Q2"):
        taskkit.issue(ledger, NAME, period, out=tmp_path, anyway=True)
        write_dispatch(ledger, NAME, period, tmp_path)

    assert 2 == len(list(tmp_path.glob("*_发送清单.xlsx")))


def test_a_folder_without_any_form_gets_nothing(ledger, tmp_path):
    issued(ledger, tmp_path / "别处")
    (tmp_path / "空").mkdir()

    assert write_dispatch(ledger, NAME, "2026Q2", tmp_path / "空") is None
    assert [] == list((tmp_path / "空").iterdir())
