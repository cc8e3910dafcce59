"""The register: whatever is handed in is kept with its day, its way and its outcome, and nothing is ever lost."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from taskkit.collecting import Collected, collect
from taskkit.errors import InputError, OutputError, UsageError
from taskkit.ledger import Ledger, open_ledger
from taskkit.receipts import EXCUSED, Receipt
from taskkit.received_day import folder_day, nearest_day
from taskkit.registering import RegisterTaken, open_register, register_rows, write_register
from taskkit.roster import Roster, UnitEntry
from taskkit.stores.matters import Decision
from taskkit.tracking import Outcome, read_returns
from tests.returned_books import BOOK, filled, ledger_with, sent_record, table

PDF, JPEG, OFD_PART = b"%PDF-1.4\n", b"\xff\xd8\xff\xe0 scan", "OFD.xml"
ANSWERS = "| row | column | value |\n| T001 | 本期进展 | 已建成2所 |\n| T001 | 完成情况 | 正常推进 |"
DAY = date(2026, 4, 8)


def other(unit: str, workbook: str, **changes: Any):
    return sent_record(workbook=workbook, unit=unit, **changes)


@pytest.fixture
def ledger() -> Ledger:
    """Two units were sent the first quarter's form; one of them the second quarter's, too."""
    return ledger_with(
        sent_record(),
        other("县财政局", "WZZZZYYYYXXXX"),
        other("县财政局", "WDDDDEEEEFFFF", period="2026Q2", due_on=date(2026, 7, 10)),
    )


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def word(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def files(result: Collected) -> list[tuple[str, str, str]]:
    shown = result.files.astype(object).where(result.files.notna(), "")
    return list(zip(shown["unit"], shown["period"], shown["outcome"], strict=True))


def registered(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(each.unit, each.outcome, each.received.isoformat()) for each in ledger.receipts("云溪")]


# --- every file whose unit is known ---------------------------------------------------


def test_an_accepted_file_is_registered_with_its_day_its_way_and_its_hash(ledger, tmp_path):
    data = filled(ANSWERS)
    collect(ledger, put(tmp_path, "县教育局.xlsx", data), apply=True, received=DAY, way="微信")
    [receipt] = ledger.receipts("云溪")
    assert ("县教育局", "2026Q1", BOOK, 1) == (receipt.unit, receipt.period, receipt.workbook, receipt.submission)
    assert (DAY, "微信", "县教育局.xlsx") == (receipt.received, receipt.way, receipt.file_name)
    assert hashlib.sha256(data).hexdigest() == receipt.file_sha256
    assert ("县教育局.xlsx", data) == ledger.received_file(receipt.number)


def test_a_dry_run_registers_nothing(ledger, tmp_path):
    put(tmp_path, "县教育局.xlsx", filled(ANSWERS))
    put(tmp_path, "县财政局一季度.docx", word("一季度"))
    collect(ledger, tmp_path)
    assert () == ledger.receipts("云溪")


def test_what_is_sent_back_or_not_taken_is_registered_and_kept_too(ledger, tmp_path):
    bad = filled("| row | column | value |\n| T001.1 | 累计完成值 | -3 |")
    put(tmp_path, "县教育局.xlsx", bad)
    put(tmp_path, "县财政局一季度.xlsx", b"PK\x03\x04 broken")
    collect(ledger, tmp_path, apply=True, received=DAY)
    day = DAY.isoformat()
    assert [("县教育局", "not taken", day), ("县财政局", "refused", day)] == registered(ledger)
    assert {bad, b"PK\x03\x04 broken"} == {
        kept[1] for each in ledger.receipts("云溪") if (kept := ledger.received_file(each.number))
    }


def test_but_a_stranger_is_reported_and_not_kept(ledger, tmp_path):
    result = collect(ledger, put(tmp_path, "照片.jpg", JPEG), apply=True)
    assert [("", "", "refused")] == files(result)
    assert "请在文件名里写上单位名称和报送期" in result.files["reason"][0]
    assert () == ledger.receipts("云溪")


def test_a_file_that_was_not_asked_for_this_time_is_not_registered_against_its_unit(ledger, tmp_path):
    collect(ledger, put(tmp_path, "县教育局.xlsx", filled(ANSWERS)), apply=True, period="2026Q2")
    assert () == ledger.receipts("云溪")


def test_the_same_folder_again_registers_nothing_twice_and_keeps_the_first_day(ledger, tmp_path):
    put(tmp_path, "县教育局.xlsx", filled(ANSWERS))
    put(tmp_path, "县财政局一季度.docx", word("一季度"))
    put(tmp_path, "县财政局一季度.xlsx", b"PK\x03\x04 broken")
    collect(ledger, tmp_path, apply=True, received=DAY)
    before = ledger.receipts("云溪")
    assert 3 == len(before)
    collect(ledger, tmp_path, apply=True, received=date(2026, 4, 20))
    assert before == ledger.receipts("云溪")


def test_a_file_that_is_taken_after_it_was_withdrawn_keeps_its_day(ledger, tmp_path):
    path = put(tmp_path, "县教育局.xlsx", filled(ANSWERS))
    collect(ledger, path, apply=True, received=DAY)
    ledger.withdraw(1)
    assert ["已撤回"] == [each.label for each in ledger.receipts("云溪")]
    collect(ledger, path, apply=True)
    [receipt] = ledger.receipts("云溪")
    assert (2, DAY, "收下") == (receipt.submission, receipt.received, receipt.label)


def test_a_file_that_was_not_taken_counts_from_its_own_day_once_the_office_has_decided_for_it(ledger, tmp_path):
    bad = filled("| row | column | value |\n| T001.1 | 累计完成值 | 2 |")
    collect(ledger, put(tmp_path, "a.xlsx", bad), apply=True, received=date(2026, 4, 6))
    ledger.withdraw(1)
    later = filled("| row | column | value |\n| T001.1 | 累计完成值 | 3 |")
    collect(ledger, put(tmp_path, "b.xlsx", later), apply=True, received=DAY)
    result = collect(ledger, tmp_path / "a.xlsx", apply=True)
    assert ["not taken"] == list(result.files["outcome"]), "the older file does not beat the newer one"
    [kept] = ledger.kept_matters("云溪")
    seen = {kept.owner: ledger.holdings("云溪", *kept.owner).seen}
    ledger.decide("云溪", [Decision(kept, "收到", "3", "2", "甲", True)], seen, "待决定.xlsx", b"x")
    days = [(each.label, each.received) for each in ledger.receipts("云溪")]
    assert [("收下", date(2026, 4, 6)), ("收下", DAY)] == days


def test_a_return_with_nothing_but_the_name_of_who_filled_it_in_is_none(ledger, tmp_path):
    names = "| row | column | value |\n| book | 填报人 | 甲 |\n| book | 填报人电话 | 0000-1 |"
    result = collect(ledger, put(tmp_path, "县教育局.xlsx", filled(names)), apply=True, received=DAY)
    assert [("县教育局", "2026Q1", "untouched")] == files(result)
    assert {} == ledger.current("云溪", "2026Q1", "县教育局")
    assert [("县教育局", "untouched", "2026-04-08")] == registered(ledger)


def test_but_it_is_taken_where_the_unit_has_reported_before(ledger, tmp_path):
    data = filled(ANSWERS)
    collect(ledger, put(tmp_path, "a.xlsx", data), apply=True)
    named = filled("| row | column | value |\n| book | 填报人 | 甲 |", data)
    assert ["accepted"] == list(collect(ledger, put(tmp_path, "b.xlsx", named), apply=True).files["outcome"])


# --- the day --------------------------------------------------------------------------

TODAY = date(2026, 4, 20)


@pytest.mark.parametrize(
    ("expected", "path"),
    [
        ("2026-04-08", "收到/2026-04-08/a.xlsx"),
        ("2026-04-08", "收到/20260408/教育/a.xlsx"),
        ("2026-04-08", "收到/2026.4.8/a.xlsx"),
        ("2026-04-08", "收到/2026年4月8日收到/a.xlsx"),
        ("2026-04-08", "收到/4月8日 微信/a.xlsx"),
        ("2026-04-08", "收到/４月８日.zip/a.xlsx"),
        ("2026-04-09", "2026-04-08/2026-04-09/a.xlsx"),
        (None, "收到/2026-04-31/a.xlsx"),
        (None, "收到/2027-04-08/a.xlsx"),
        (None, "收到/1026-04-08/a.xlsx"),
    ],
)
def test_the_day_is_that_by_which_the_innermost_folder_is_named(expected, path):
    found = folder_day(f"/x/{path}", date(2026, 3, 28), TODAY)
    assert found is not None
    assert (date.fromisoformat(expected) if expected else None) == found.day


@pytest.mark.parametrize(
    "folder", ["4月10日前报送", "2026年4月8日印发的政府工作报告重点任务分工方案", "报送20260408123", "4.8", "第1季度"]
)
def test_a_folder_that_only_mentions_a_date_is_not_named_by_it(folder):
    assert folder_day(f"/x/{folder}/a.xlsx", date(2026, 3, 28), TODAY) is None


@pytest.mark.parametrize(
    ("expected", "text", "around", "today"),
    [
        (date(2026, 1, 8), "1月8日", date(2025, 12, 28), date(2026, 11, 1)),
        (date(2025, 7, 8), "7月8日", date(2025, 6, 28), date(2026, 11, 1)),
        (date(2025, 12, 30), "12月30日", date(2026, 1, 28), date(2026, 1, 5)),
        (None, "2月30日", date(2026, 1, 28), date(2026, 3, 5)),
    ],
)
def test_a_day_without_a_year_is_the_one_near_the_end_of_the_period(expected, text, around, today):
    assert expected == nearest_day(text, around, today)


def test_a_folder_gives_the_day_of_each_file_and_a_day_that_a_person_states_wins(ledger, tmp_path):
    put(tmp_path, "2026-04-08/县教育局.xlsx", filled(ANSWERS))
    result = collect(ledger, tmp_path)
    assert "按文件夹“2026-04-08”记为2026年4月8日收到" in result.files["reason"][0]
    collect(ledger, tmp_path, apply=True)
    assert [DAY] == list(ledger.submissions("云溪")["received"])
    assert [DAY] == [each.received for each in ledger.receipts("云溪")]


def test_a_day_that_a_person_states_wins_over_the_folder(ledger, tmp_path):
    put(tmp_path, "2026-04-08/县教育局.xlsx", filled(ANSWERS))
    collect(ledger, tmp_path, apply=True, received=date(2026, 4, 9))
    assert [date(2026, 4, 9)] == [each.received for each in ledger.receipts("云溪")]


def test_a_folder_with_a_date_to_come_is_told_and_today_counts(ledger, tmp_path):
    put(tmp_path, "2999-04-08/县教育局.xlsx", filled(ANSWERS))
    result = collect(ledger, tmp_path, apply=True)
    assert ["received-odd"] == list(result.findings["code"])
    assert [date.today()] == [each.received for each in ledger.receipts("云溪")]


def test_a_day_before_the_period_began_is_told(ledger, tmp_path):
    result = collect(ledger, put(tmp_path, "a.xlsx", filled(ANSWERS)), received=date(2025, 4, 8))
    assert ["received-early"] == list(result.findings["code"])


# --- documents and scans --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("县财政局2026年一季度进展.docx", word("进展")),
        ("【县财政局】2026年1—3月（副本）(1).pdf", PDF),
        ("县财政局Q1盖章.jpg", JPEG),
        ("县财政局第一季度.ofd", zipped(**{OFD_PART: b"<ofd/>"})),
        ("县财政局一季度报告.doc", b"{\\rtf1 a}"),
        ("县 财政局　２０２６年一季度.pdf", PDF),
    ],
)
def test_a_document_is_kept_whole_for_its_unit_and_waits_to_be_typed_in(name, data, ledger, tmp_path):
    result = collect(ledger, put(tmp_path, name, data), apply=True, received=DAY)
    assert [("县财政局", "2026Q1", "waiting")] == files(result)
    [receipt] = ledger.receipts("云溪")
    assert ("WZZZZYYYYXXXX", "已报送·待转录") == (receipt.workbook, receipt.label)
    assert (name, data) == ledger.received_file(receipt.number)


def test_the_folder_tells_the_unit_where_the_name_does_not(ledger, tmp_path):
    result = collect(ledger, put(tmp_path, "县教育局/微信图片1.jpg", JPEG))
    assert [("县教育局", "2026Q1", "waiting")] == files(result)


def test_the_title_and_the_signature_of_a_document_tell_it_too_but_not_the_addressee(ledger, tmp_path):
    data = word("关于报送2026年二季度进展的函", "县教育局：", "现报告如下。", "县财政局", "2026年7月8日")
    assert [("县财政局", "2026Q2", "waiting")] == files(collect(ledger, put(tmp_path, "报告.docx", data)))


def test_but_a_document_whose_lines_name_no_period_is_refused(ledger, tmp_path):
    result = collect(ledger, put(tmp_path, "报告.docx", word("关于购置设备的请示", "县教育局")))
    assert [("", "", "refused")] == files(result)


def test_other_names_of_a_unit_are_known_from_the_unit_list(ledger, tmp_path):
    entry = UnitEntry("县教育局", full_name="云溪县教育局", short_name="教体局", aliases=("县教育体育局",))
    ledger.add_roster("云溪", Roster((entry, UnitEntry("县财政局"))))
    for name in ("云溪县教育局.pdf", "教体局一季度.pdf", "县教育体育局.pdf", "教育局1季度.pdf"):
        result = collect(ledger, put(tmp_path, name, PDF + name.encode()))
        assert [("县教育局", "2026Q1", "waiting")] == files(result)[-1:]


def test_an_office_of_another_level_is_not_taken_for_the_unit(ledger, tmp_path):
    result = collect(ledger, put(tmp_path, "市教育局一季度.pdf", PDF))
    assert [("", "", "refused")] == files(result)


def test_without_a_word_for_the_period_the_only_one_still_open_is_meant(ledger, tmp_path):
    put(tmp_path, "一/县财政局.xlsx", filled(ANSWERS, _sent("WZZZZYYYYXXXX")))
    put(tmp_path, "二/县财政局.docx", word("x"))
    result = collect(ledger, tmp_path)
    assert [("县财政局", "2026Q1", "accepted"), ("县财政局", "2026Q2", "waiting")] == files(result)


def _sent(workbook: str) -> bytes:
    from tests.returned_books import sent_file

    return sent_file(workbook=workbook)


def test_but_where_several_are_open_nothing_is_guessed_until_a_person_says_which(ledger, tmp_path):
    path = put(tmp_path, "县财政局.docx", word("x"))
    result = collect(ledger, path, apply=True)
    assert [("", "", "refused")] == files(result)
    assert "县财政局2026年一季度、县财政局2026年二季度" in result.files["reason"][0]
    assert [("县财政局", "2026Q2", "waiting")] == files(collect(ledger, path, period="二季度"))


def test_a_scan_whose_name_says_nothing_is_given_to_a_unit_by_name(ledger, tmp_path):
    path = put(tmp_path, "IMG_0001.jpg", JPEG)
    assert [("县教育局", "2026Q1", "waiting")] == files(collect(ledger, path, unit="县教育局", period="2026Q1"))


def test_a_unit_that_was_sent_nothing_is_refused_with_a_near_name(ledger, tmp_path):
    with pytest.raises(UsageError, match="是不是“县教育局”"):
        collect(ledger, put(tmp_path, "a.pdf", PDF), unit="县教肓局")


def test_with_a_unit_the_workbooks_of_others_are_not_taken(ledger, tmp_path):
    result = collect(ledger, put(tmp_path, "a.xlsx", filled(ANSWERS)), unit="县财政局")
    assert "这是县教育局的工作簿，不是县财政局的" in result.files["reason"][0]


def test_a_period_for_which_the_unit_was_sent_nothing_is_not_guessed_away(ledger, tmp_path):
    result = collect(ledger, put(tmp_path, "县教育局三季度.pdf", PDF))
    assert "没有向它发过所说报送期的表格" in result.files["reason"][0]


def test_a_stamped_scan_is_attached_to_the_workbook_whatever_the_order_of_the_names(ledger, tmp_path):
    put(tmp_path, "a县教育局盖章.pdf", PDF)
    put(tmp_path, "b.xlsx", filled(ANSWERS))
    for apply in (False, True):
        assert ["attached", "accepted"] == [each for *_, each in files(collect(ledger, tmp_path, apply=apply))]
    assert [0, 0] == [each.waiting for each in read_returns(ledger, "云溪", "2026Q1")]


def test_a_document_is_no_longer_waiting_once_the_workbook_was_taken(ledger, tmp_path):
    collect(ledger, put(tmp_path, "县教育局.docx", word("x")), apply=True, received=DAY)
    assert [1] == [each.waiting for each in read_returns(ledger, "云溪", "2026Q1") if each.unit == "县教育局"]
    collect(ledger, put(tmp_path, "县教育局.xlsx", filled(ANSWERS)), apply=True, received=date(2026, 4, 15))
    [row] = [each for each in read_returns(ledger, "云溪", "2026Q1") if each.unit == "县教育局"]
    assert (0, 1, DAY, Outcome.ON_TIME) == (row.waiting, row.accepted, row.received, row.outcome)
    assert ["已报送·已转录", "收下"] == [each.label for each in ledger.receipts("云溪")]


def test_the_list_of_a_files_problems_goes_to_the_unit_that_its_name_tells(ledger, tmp_path):
    path = put(tmp_path, "收/县财政局一季度.xlsx", b"PK\x03\x04 broken")
    assert ["县财政局"] == collect(ledger, path, returned=tmp_path / "退").returned["unit"].tolist()


# --- units with a form for what they lead and one for what they support ----------------


@pytest.fixture
def two_forms() -> Ledger:
    return ledger_with(sent_record(), sent_record(workbook="WSUPPORTXXXXX", role="support"))


def waiting(ledger: Ledger) -> dict[str, int]:
    return {each.role: each.waiting for each in read_returns(ledger, "云溪", "2026Q1")}


def test_a_document_that_does_not_say_which_form_it_is_counts_for_the_lead_form_alone_with_a_doubt(two_forms, tmp_path):
    result = collect(two_forms, put(tmp_path, "县教育局一季度盖章扫描件.pdf", PDF), apply=True)
    assert {"lead": 1, "support": 0} == waiting(two_forms)
    assert ["form-unsaid"] == result.findings["code"].tolist()
    assert "2026年一季度工作进展”登记；这个单位没报的还有：2026年一季度配合任务进展" in result.findings["message"][0]
    again = collect(two_forms, tmp_path, apply=True)
    assert ["duplicate"] == again.files["outcome"].tolist()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("县教育局一季度配合任务.docx", "support"),
        ("县教育局一季度工作进展.docx", "lead"),
        ("县教育局Q1牵头.pdf", "lead"),
    ],
)
def test_the_name_says_which_form_a_document_is(name, expected, two_forms, tmp_path):
    result = collect(two_forms, put(tmp_path, name, word("x") if name.endswith("x") else PDF), apply=True)
    assert {"lead": 0, "support": 0, expected: 1} == waiting(two_forms)
    assert result.findings.empty


def test_a_document_is_for_the_form_that_is_still_open_and_remembered_once_that_was_taken(two_forms, tmp_path):
    collect(two_forms, put(tmp_path, "a/县教育局.xlsx", filled(ANSWERS)), apply=True)
    path = put(tmp_path, "b/县教育局.docx", word("x"))
    collect(two_forms, path, apply=True)
    assert {"lead": 0, "support": 1} == waiting(two_forms)
    assert ["duplicate"] == collect(two_forms, path, apply=True).files["outcome"].tolist()


@pytest.mark.parametrize(
    ("name", "outcome", "first_received"),
    [("县教育局一季度盖章.pdf", "attached", None), ("县教育局一季度配合任务盖章.pdf", "waiting", DAY)],
)
def test_a_scan_proves_the_form_that_was_taken_unless_its_name_points_to_the_other(
    name, outcome, first_received, two_forms, tmp_path
):
    put(tmp_path, "b.xlsx", filled(ANSWERS))
    put(tmp_path, name, PDF)
    result = collect(two_forms, tmp_path, apply=True, received=DAY)
    assert {outcome, "accepted"} == set(result.files["outcome"])
    assert [first_received] == [
        each.first_received for each in read_returns(two_forms, "云溪", "2026Q1") if each.role == "support"
    ]


def test_a_day_that_a_person_states_against_that_of_the_folder_is_doubted(ledger, tmp_path):
    path = put(tmp_path, "2026-04-13/县教育局.xlsx", filled(ANSWERS))
    assert ["received-differs"] == collect(ledger, path, received=DAY).findings["code"].tolist()
    assert collect(ledger, path, received=date(2026, 4, 13)).findings.empty


def test_a_name_that_points_out_of_its_folder_stays_a_name(ledger, tmp_path):
    path = put(tmp_path, "a.zip", zipped(**{"县教育局/一季度..%2f..%2fx.pdf": PDF}))
    assert [("县教育局", "2026Q1", "waiting")] == files(collect(ledger, path, apply=True))
    assert [tmp_path / "a.zip"] == list(tmp_path.rglob("*"))


# --- the ledger -----------------------------------------------------------------------


def test_a_ledger_of_the_second_version_gets_the_register_when_it_is_first_written_to(tmp_path):
    path = tmp_path / "台账.db"
    with open_ledger(path) as new:
        source = ledger_with()
        new.add_plan(source.plan("云溪"), "云溪")
        new.record_workbooks([sent_record()], {})
        collect(new, put(tmp_path, "a.xlsx", filled(ANSWERS)), apply=True, received=DAY)
    with sqlite3.connect(path) as old:
        old.executescript("drop table receipts; drop table receipt_files; update meta set value = '2' where 1")
    old.close()
    with open_ledger(path) as again:
        [receipt] = again.receipts("云溪")
        assert (0, 1, DAY, "收下") == (receipt.number, receipt.submission, receipt.received, receipt.label)
        assert [True] == again.correct([replace(receipt, way="邮件")])
        [receipt] = again.receipts("云溪")
        assert (1, "邮件", 1) == (receipt.number, receipt.way, receipt.submission)


def test_a_correction_is_a_further_version_and_one_made_from_an_old_version_is_left_out(ledger):
    first = ledger.register(Receipt("云溪", "县教育局", "2026Q1", "waiting", DAY))
    [now] = ledger.receipts("云溪")
    assert [True, False] == ledger.correct([replace(now, way="电话"), replace(now, way="纸质")])
    [now] = ledger.receipts("云溪")
    assert (first.number, 2, "电话") == (now.number, now.version, now.way)


# --- the register as a workbook -------------------------------------------------------


def written(ledger: Ledger, tmp_path: Path) -> Any:
    write_register(ledger, "云溪", tmp_path / "登记.xlsx")
    return openpyxl.load_workbook(tmp_path / "登记.xlsx")


def taken(ledger: Ledger, book: Any, tmp_path: Path) -> RegisterTaken:
    book.save(tmp_path / "改.xlsx")
    found = open_register(tmp_path / "改.xlsx")
    assert found is not None
    assert "云溪" == found.plan_name
    return found.take(ledger, "云溪")


def fill_in(book: Any, unit: str, period: str, answers: str) -> None:
    """Type into the first row of a unit and period: | column | value |."""
    sheet = book["收件登记"]
    headers = {cell.value: cell.column for cell in sheet[3]}
    for row in range(4, sheet.max_row + 1):
        if [sheet.cell(row, headers[each]).value for each in ("单位", "报送期")] == [unit, period]:
            for line in table(answers):
                sheet.cell(row, headers[line["column"]]).value = line["value"]
            return
    raise LookupError(unit)


def test_the_register_has_a_row_for_each_file_and_for_each_unit_that_has_sent_none(ledger, tmp_path):
    collect(ledger, put(tmp_path, "县教育局.xlsx", filled(ANSWERS)), apply=True, received=date(2026, 4, 12))
    shown = [
        (row.number, row.unit, row.period, row.file_name, row.label, row.days_late)
        for row in register_rows(ledger, "云溪")
    ]
    assert [
        ("1", "县教育局", "2026年一季度", "县教育局.xlsx", "收下", 2),
        ("", "县财政局", "2026年一季度", "", "未报", None),
        ("", "县财政局", "2026年二季度", "", "未报", None),
    ] == shown


def test_what_came_by_phone_on_paper_or_by_hand_is_entered_and_counts_with_its_day(ledger, tmp_path):
    book = written(ledger, tmp_path)
    fill_in(book, "县财政局", "2026年一季度", "| column | value |\n| 收到日期 | 4月12日 |\n| 方式 | 电话 |")
    fill_in(book, "县教育局", "2026年一季度", "| column | value |\n| 结果 | 无需报送 |\n| 说明 | 任务已销号 |")
    assert (2, 0, ()) == (lambda it: (it.new, it.corrected, it.found))(taken(ledger, book, tmp_path))
    by_unit = {each.unit: each for each in read_returns(ledger, "云溪", "2026Q1")}
    late, excused = by_unit["县财政局"], by_unit["县教育局"]
    assert (date(2026, 4, 12), Outcome.LATE, 2, 1) == (late.received, late.outcome, late.days_late, late.waiting)
    assert (Outcome.EXCUSED, "任务已销号") == (excused.outcome, excused.reason)


def test_a_register_that_is_loaded_twice_changes_nothing_the_second_time(ledger, tmp_path):
    book = written(ledger, tmp_path)
    fill_in(book, "县财政局", "2026年一季度", "| column | value |\n| 收到日期 | 2026.4.9 |\n| 方式 | 纸质 |")
    taken(ledger, book, tmp_path)
    before = ledger.receipts("云溪")
    assert (0, 0) == (lambda it: (it.new, it.corrected))(taken(ledger, book, tmp_path))
    assert before == ledger.receipts("云溪")


def test_days_and_ways_are_corrected_and_lateness_follows(ledger, tmp_path):
    collect(ledger, put(tmp_path, "县教育局.xlsx", filled(ANSWERS)), apply=True, received=date(2026, 4, 12))
    book = written(ledger, tmp_path)
    fill_in(book, "县教育局", "2026年一季度", "| column | value |\n| 收到日期 | 2026-04-10 |\n| 方式 | 邮件 |")
    assert 1 == taken(ledger, book, tmp_path).corrected
    assert Outcome.ON_TIME == read_returns(ledger, "云溪", "2026Q1")[0].outcome
    [receipt] = ledger.receipts("云溪")
    assert (date(2026, 4, 10), "邮件", 2) == (receipt.received, receipt.way, receipt.version)


def test_a_register_that_changes_nothing_and_rows_that_are_deleted_do_nothing(ledger, tmp_path):
    collect(ledger, put(tmp_path, "县教育局.xlsx", filled(ANSWERS)), apply=True, received=DAY)
    before = ledger.receipts("云溪")
    book = written(ledger, tmp_path)
    assert RegisterTaken(0, 0, ()) == taken(ledger, book, tmp_path)
    book["收件登记"].delete_rows(4, 3)
    assert RegisterTaken(0, 0, ()) == taken(ledger, book, tmp_path)
    assert before == ledger.receipts("云溪")


@pytest.mark.parametrize(
    ("code", "place", "answers"),
    [
        ("register-date", "F列", "| 收到日期 | 前几天 |\n| 方式 | 电话 |"),
        ("register-day-odd", "F列", "| 收到日期 | 2999-04-08 |\n| 方式 | 电话 |"),
        ("register-blank", "G列", "| 收到日期 | 2026-04-08 |"),
        ("register-blank", "F列", "| 方式 | 电话 |"),
        ("register-blank", "K列", "| 结果 | 无需报送 |"),
        ("register-word", "I列", "| 结果 | 不知道 |\n| 收到日期 | 2026-04-08 |\n| 方式 | 电话 |"),
        ("register-unit", "B列", "| 单位 | 县教肓局 |\n| 收到日期 | 2026-04-08 |\n| 方式 | 电话 |"),
        ("register-period", "C列", "| 报送期 | 三季度 |\n| 收到日期 | 2026-04-08 |\n| 方式 | 电话 |"),
        ("register-form", "D列", "| 表格 | 别的表 |\n| 收到日期 | 2026-04-08 |\n| 方式 | 电话 |"),
        ("register-number", "A列", "| 登记号 | 99 |\n| 方式 | 电话 |"),
    ],
)
def test_a_row_that_cannot_be_registered_is_named_with_its_place_and_the_others_are_taken(
    code, place, answers, ledger, tmp_path
):
    book = written(ledger, tmp_path)
    fill_in(book, "县教育局", "2026年一季度", f"| column | value |\n{answers}")
    fill_in(book, "县财政局", "2026年一季度", "| column | value |\n| 收到日期 | 4月9日 |\n| 方式 | 电话 |")
    result = taken(ledger, book, tmp_path)
    assert [(code, f"改.xlsx“收件登记”第4行{place}")] == [(each.code, each.source) for each in result.found]
    assert [("县财政局", "waiting", "2026-04-09")] == registered(ledger)


def test_whose_file_it_is_and_what_became_of_it_are_not_changed_in_the_register(ledger, tmp_path):
    collect(ledger, put(tmp_path, "县教育局.xlsx", filled(ANSWERS)), apply=True, received=DAY)
    before = ledger.receipts("云溪")
    for column, value in {"单位": "县财政局", "报送期": "2026年二季度", "文件": "b.xlsx", "结果": "无需报送"}.items():
        (tmp_path / "登记.xlsx").unlink(missing_ok=True)
        book = written(ledger, tmp_path)
        fill_in(book, "县教育局", "2026年一季度", f"| column | value |\n| {column} | {value} |\n| 方式 | 邮件 |")
        assert ["register-fixed"] == [each.code for each in taken(ledger, book, tmp_path).found]
    assert before == ledger.receipts("云溪")


def test_a_correction_from_an_old_register_does_not_undo_a_later_one(ledger, tmp_path):
    collect(ledger, put(tmp_path, "县教育局.xlsx", filled(ANSWERS)), apply=True, received=DAY)
    old = written(ledger, tmp_path)
    [receipt] = ledger.receipts("云溪")
    ledger.correct([replace(receipt, way="邮件")])
    fill_in(old, "县教育局", "2026年一季度", "| column | value |\n| 方式 | 微信 |")
    assert ["register-stale"] == [each.code for each in taken(ledger, old, tmp_path).found]
    assert ["邮件"] == [each.way for each in ledger.receipts("云溪")]


def test_texts_that_begin_like_a_formula_stay_texts(ledger, tmp_path):
    ledger.register(Receipt("云溪", "县教育局", "2026Q1", EXCUSED, DAY, reason="=1+1", way="@当面"))
    sheet = written(ledger, tmp_path)["收件登记"]
    assert ("s", "=1+1") == (sheet["K4"].data_type, sheet["K4"].value)


def test_a_register_that_a_person_may_have_filled_in_is_not_replaced(ledger, tmp_path):
    book = written(ledger, tmp_path)
    assert not write_register(ledger, "云溪", tmp_path / "登记.xlsx"), "the same register, the same bytes"
    book.save(tmp_path / "登记.xlsx")
    with pytest.raises(OutputError, match="填过的收件登记"):
        write_register(ledger, "云溪", tmp_path / "登记.xlsx")


def test_a_register_without_its_columns_is_refused_and_other_workbooks_are_none(ledger, tmp_path):
    book = written(ledger, tmp_path)
    book["收件登记"]["I3"] = "别的"
    with pytest.raises(InputError, match="缺少“结果”一列"):
        taken(ledger, book, tmp_path)
    assert open_register(put(tmp_path, "a.xlsx", filled(ANSWERS))) is None
    assert open_register(tmp_path / "没有.xlsx") is None


def test_a_register_among_the_returns_is_sent_to_load(ledger, tmp_path):
    write_register(ledger, "云溪", tmp_path / "县教育局一季度.xlsx")
    result = collect(ledger, tmp_path, apply=True)
    assert "这是 taskkit 生成的收件登记，不是填报的表格；请用 taskkit load 登记" == result.files["reason"][0]
    assert () == ledger.receipts("云溪")


def test_a_row_without_a_form_is_for_the_one_that_is_owed_and_asks_where_several_are(two_forms, tmp_path):
    book = written(two_forms, tmp_path)
    answers = "| column | value |\n| 收到日期 | 2026-04-09 |\n| 方式 | 纸质 |\n| 表格 | |"
    fill_in(book, "县教育局", "2026年一季度", answers)
    asked = taken(two_forms, book, tmp_path)
    assert (0, ["register-which"]) == (asked.new, [each.code for each in asked.found])
    assert "2026年一季度工作进展、2026年一季度配合任务进展" in asked.found[0].message
    collect(two_forms, put(tmp_path, "县教育局.xlsx", filled(ANSWERS)), apply=True, received=DAY)
    assert [1, 0] == [taken(two_forms, book, tmp_path).new for _ in range(2)], "the second time it is known"
    assert {"lead": 0, "support": 1} == waiting(two_forms)


def test_the_form_of_a_document_is_corrected_in_the_register(two_forms, tmp_path):
    collect(two_forms, put(tmp_path, "县教育局.docx", word("x")), apply=True, received=DAY)
    book = written(two_forms, tmp_path)
    fill_in(book, "县教育局", "2026年一季度", "| column | value |\n| 表格 | 2026年一季度配合任务进展 |")
    assert (1, ()) == (lambda it: (it.corrected, it.found))(taken(two_forms, book, tmp_path))
    assert {"lead": 0, "support": 1} == waiting(two_forms)


def test_a_result_that_the_office_has_changed_since_the_register_was_written_is_no_change_of_a_person(ledger, tmp_path):
    data = filled("| row | column | value |\n| T001.1 | 累计完成值 | -3 |")
    collect(ledger, put(tmp_path, "县教育局.xlsx", data), apply=True, received=DAY)
    book = written(ledger, tmp_path)
    [before] = ledger.receipts("云溪")
    ledger.register(replace(before, outcome="refused"))
    assert (0, 0, ()) == (lambda it: (it.new, it.corrected, it.found))(taken(ledger, book, tmp_path))


def test_a_question_after_a_name_that_is_not_known_is_marked_off_once(ledger, tmp_path):
    book = written(ledger, tmp_path)
    fill_in(book, "县财政局", "2026年一季度", "| column | value |\n| 单位 | 县财正局 |\n| 方式 | 电话 |")
    [found] = taken(ledger, book, tmp_path).found[:1]
    assert "没有登记；是不是“县财政局”？" in found.message
    with pytest.raises(UsageError) as raised:
        collect(ledger, put(tmp_path, "a.pdf", PDF), unit="县教肓局")
    assert str(raised.value).endswith("？未作任何改动。")
    assert "？。" not in found.message
