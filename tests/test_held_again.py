"""Texts that were held back, when they come again: corrected they close the matter, unchanged nothing slips in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taskkit.collecting import collect
from taskkit.deciding import listed, open_decisions, write_decisions
from taskkit.ledger import Ledger
from taskkit.receipts import FileOutcome, Receipt, transcribed_by
from taskkit.tracking import status_of
from taskkit.undoing import undo
from tests.returned_books import OTHER, edited, filled, ledger_with, opened, saved, sent_file, sent_record
from tests.returned_steps import HEAD, collected, in_ledger, outcomes

PROGRESS = "本期进展"
SPILLED = filled(
    f"""{HEAD}
    | T001 | 本期进展 | （一）新建学校方面：已开工2所； |
    | T001 | 完成情况 | 正常推进 |
    | T002 | 本期进展 | （二）主体封顶1所学校； |
    | T003 | 本期进展 | （三）下一步加快学校装修。 |
"""
)
NAMED = f"{HEAD}| book | 审核人 | 丁 |"
RIGHT = filled(f"{HEAD}| T001 | 本期进展 | 已开工2所 |\n| T002 | 本期进展 | 已修18公里 |")


@pytest.fixture
def ledger() -> Ledger:
    return ledger_with()


def sorted_by_hand(book: Any) -> None:
    """Two rows change places, but for their hidden ids."""
    sheet = book["工作进展"]
    first, second = ([cell.value for cell in sheet[number]][1:] for number in (5, 6))
    for number, values in ((5, second), (6, first)):
        for column, value in enumerate(values, 2):
            sheet.cell(number, column).value = value


def decided(ledger: Ledger, folder: Path, *choices: str) -> None:
    """Decide on the first matters that wait."""
    path = folder / "待决定.xlsx"
    write_decisions(ledger, "云溪", listed(ledger, "云溪"), path)
    book = openpyxl.load_workbook(path)
    column = next(cell.column for cell in book["待决定"][3] if cell.value == "决定")
    for number, choice in enumerate(choices, 4):
        book["待决定"].cell(number, column).value = choice
    book.save(path)
    found = open_decisions(path)
    assert found is not None
    assert len(choices) == found.load(ledger, "云溪").decided


def waiting(ledger: Ledger) -> list[str]:
    return [each.kept.matter.row_id for each in listed(ledger, "云溪")]


# --- texts that ran on ----------------------------------------------------------------


def test_what_the_unit_corrects_waits_no_longer_until_the_correction_is_withdrawn(ledger, tmp_path):
    collected(ledger, tmp_path, SPILLED)
    assert ["T001", "T002", "T003"] == waiting(ledger)
    answers = f"{HEAD}| T001 | 本期进展 | 已开工2所 |\n| T002 | 本期进展 | 已修18公里 |\n| T003 | 本期进展 | 已办两场 |"
    assert ["accepted"] == outcomes(collected(ledger, tmp_path, filled(answers, SPILLED)))
    assert [] == waiting(ledger)
    undo(ledger, 2)
    assert ["T001", "T002", "T003"] == waiting(ledger)


def test_a_piece_is_held_in_a_later_copy_too_when_the_first_of_them_has_been_taken(ledger, tmp_path):
    collected(ledger, tmp_path, SPILLED)
    decided(ledger, tmp_path, "采用收回", "采用收回")
    assert ["T003"] == waiting(ledger)
    result = collected(ledger, tmp_path, filled(NAMED, SPILLED), "又一份.xlsx")
    assert ["held"] == [each for each in result.cells["outcome"] if each != "changed"]
    assert ("T003", PROGRESS) not in in_ledger(ledger)


def test_the_very_same_file_is_judged_as_it_was(ledger, tmp_path):
    first, again = (collected(ledger, tmp_path, SPILLED) for _ in range(2))
    held = [list(each.cells.loc[each.cells["outcome"] == "held", "row"]) for each in (first, again)]
    assert held[0] == held[1] == [5, 6, 7]


def test_what_was_declined_is_not_asked_again(ledger, tmp_path):
    collected(ledger, tmp_path, SPILLED)
    decided(ledger, tmp_path, *["保留台账"] * 3)
    for data in (SPILLED, filled(NAMED, SPILLED), filled(f"{HEAD}| book | 填报人 | 丙 |", SPILLED)):
        result = collected(ledger, tmp_path, data)
        assert "held" not in set(result.cells["outcome"])
        assert [] == waiting(ledger)
    assert ("T002", PROGRESS) not in in_ledger(ledger)


def test_a_text_that_came_in_two_files_is_decided_once(ledger, tmp_path):
    collected(ledger, tmp_path, SPILLED)
    collected(ledger, tmp_path, filled(NAMED, SPILLED), "又一份.xlsx")
    assert ["T001", "T002", "T003"] == waiting(ledger)
    decided(ledger, tmp_path, *["保留台账"] * 3)
    assert [] == waiting(ledger)


# --- rows of which nobody knows whose they are ----------------------------------------


def test_what_was_declined_for_its_doubtful_row_is_taken_from_a_file_that_leaves_no_doubt(ledger, tmp_path):
    doubtful = edited(RIGHT, sorted_by_hand)
    collected(ledger, tmp_path, doubtful)
    assert ["T001", "T002"] == sorted(waiting(ledger))
    decided(ledger, tmp_path, "保留台账", "保留台账")
    collected(ledger, tmp_path, filled(NAMED, doubtful), "又一份.xlsx")
    assert (("T001", PROGRESS) in in_ledger(ledger), waiting(ledger)) == (False, [])
    assert ["accepted"] == outcomes(collected(ledger, tmp_path, filled(NAMED, RIGHT)))
    assert ("已开工2所", "已修18公里") == tuple(in_ledger(ledger)[row, PROGRESS] for row in ("T001", "T002"))


def test_a_file_of_which_all_was_declined_is_no_return(ledger, tmp_path):
    collected(ledger, tmp_path, edited(RIGHT, sorted_by_hand))
    decided(ledger, tmp_path, "保留台账", "保留台账")
    assert [(1, 1, "未收")] == registered(ledger)
    assert ledger.submissions("云溪").empty
    assert () == status_of(ledger, "云溪", "2026Q1", date(2026, 4, 8))[0].on_time_units


# --- the register ---------------------------------------------------------------------

SUPPORT = {
    "配合任务": """
        | 任务编号 | 序号 | 工作任务   | 牵头单位 | 本期进展 | 存在问题 |
        | T004     | 4    | 办好运动会 | 县文旅局 |          |          |
    """
}


def both(lead: str, support: str) -> bytes:
    """The unit's two workbooks in one file."""
    book = opened(filled(f"{HEAD}{lead}"))
    sheet = book.create_sheet("配合任务")
    for row in opened(filled(f"{HEAD}{support}", sent_file(SUPPORT, OTHER)))["配合任务"].iter_rows():
        for cell in row:
            sheet[cell.coordinate] = cell.value
    return saved(book)


@pytest.mark.parametrize(("support", "more"), [("| T004 | 本期进展 | 已拨付3万元 |", [(2, 1, "收下")]), ("", [])])
def test_each_return_in_one_file_has_its_own_receipt_and_what_was_left_blank_none(support, more, tmp_path):
    ledger = ledger_with(sent_record(), sent_record(SUPPORT, workbook=OTHER, role="support"))
    data = both("| T001 | 本期进展 | 已开工2所 |", support)
    for _ in range(2):
        collected(ledger, tmp_path, data)
        assert [(1, 1, "收下"), *more] == registered(ledger)
    undo(ledger, 1)
    assert [(1, 1, "已撤回"), *more] == registered(ledger)


def registered(ledger: Ledger) -> list[tuple[int, int, str]]:
    return [(each.number, each.version, each.label) for each in ledger.receipts("云溪")]


def test_a_document_that_came_with_the_workbook_is_transcribed_however_long_the_run_took():
    first = Receipt("云溪", "县教育局", "2026Q1", FileOutcome.ACCEPTED, date(2026, 4, 8))
    taken = replace(first, submission=1, registered_at=datetime(2026, 4, 8, 9, 30))
    document = replace(first, outcome=FileOutcome.WAITING, registered_at=datetime(2026, 4, 8, 9, 31))
    assert 1 == transcribed_by(document, [taken])
    assert transcribed_by(replace(document, received=date(2026, 4, 9)), [taken]) is None


def test_a_dry_run_tells_the_same_of_two_returns_in_one_file(tmp_path):
    ledger = ledger_with(sent_record(), sent_record(SUPPORT, workbook=OTHER, role="support"))
    path = tmp_path / "合.xlsx"
    path.write_bytes(both("| T001 | 本期进展 | 已开工2所 |", "| T004 | 本期进展 | 已拨付3万元 |"))
    dry = collect(ledger, [path, path])
    assert list(dry.files["outcome"]) == list(collect(ledger, [path, path], apply=True).files["outcome"])


def test_what_was_held_in_an_inserted_row_waits_no_longer_once_the_row_is_gone(ledger, tmp_path):
    first = filled(f"{HEAD}| T001 | 本期进展 | （一）新建学校方面：已开工2所； |\n| T003 | 完成情况 | 正常推进 |")

    def insert(book: Any) -> None:
        book["工作进展"].insert_rows(6)
        book["工作进展"]["E6"] = "（二）主体封顶1所学校；"

    collected(ledger, tmp_path, edited(first, insert))
    assert ["T001+3 本期进展"] == [
        f"{each.kept.matter.row_id} {each.kept.matter.column}"
        for each in ledger.open_matters("云溪")
        if "+" in each.kept.matter.row_id
    ]
    collected(ledger, tmp_path, filled(f"{HEAD}| T003 | 本期进展 | 办了3场群众演出，2.1万人参加 |", first))
    assert [] == [each.kept.matter.row_id for each in ledger.open_matters("云溪") if "+" in each.kept.matter.row_id]
