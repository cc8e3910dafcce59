"""What a person decides: conflicts stay open until then, decisions stick, and can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from taskkit.collecting import Collected, collect
from taskkit.deciding import DecisionsFile, Loaded, listed, open_decisions, write_decisions
from taskkit.errors import InputError, OutputError, UsageError
from taskkit.ledger import Ledger, open_ledger
from taskkit.tracking import status_of
from taskkit.undoing import undo
from tests.returned_books import filled, ledger_with, sent_record, stamped
from tests.returned_steps import HEAD, collected, in_ledger, outcomes
from tests.soffice import resaved

TASK, STATE = ("T001", "本期进展"), ("T001", "完成情况")
FIRST = filled(f"{HEAD}| T001 | 本期进展 | 甲说 |\n| T001 | 完成情况 | 正常推进 |\n| T003 | 本期进展 | 办了 |")
OTHER = filled(f"{HEAD}| T001 | 本期进展 | 乙说 |\n| T003 | 存在问题 | 缺场地 |")
ALONE = filled(f"{HEAD}| T001 | 本期进展 | 乙说 |")  # nothing in it can be taken after FIRST


@pytest.fixture
def ledger() -> Ledger:
    return ledger_with()


@pytest.fixture
def disputed(ledger, tmp_path):
    """A ledger that holds one text, while another one waits."""
    collected(ledger, tmp_path, FIRST, "甲.xlsx")
    collected(ledger, tmp_path, OTHER, "乙.xlsx")
    return ledger


def waiting(ledger: Ledger) -> list[tuple[str, str, str, str]]:
    """Row, column, what stands, and what came back, of each open matter."""
    return [(*each.kept.matter.key, each.current, each.kept.matter.returned) for each in listed(ledger, "云溪")]


def decided(ledger: Ledger, folder: Path, *rows: Mapping[str, str], name: str = "待决定.xlsx") -> DecisionsFile:
    """The conflicts workbook after a person filled in so many of its rows, by header."""
    path = folder / name
    write_decisions(ledger, "云溪", listed(ledger, "云溪"), path)
    book = openpyxl.load_workbook(path)
    sheet = book["待决定"]
    columns = {cell.value: cell.column for cell in sheet[3]}
    for number, row in enumerate(rows, 4):
        for header, text in row.items():
            sheet.cell(number, columns[header]).value = text
    book.save(path)
    found = open_decisions(path)
    assert found is not None
    return found


def codes(loaded: Loaded) -> list[str]:
    return sorted(each.code for each in loaded.findings)


# --- what waits -----------------------------------------------------------------------


def test_a_conflict_waits_with_both_texts_and_the_file_it_came_in(disputed):
    [each] = listed(disputed, "云溪")
    assert [(*TASK, "甲说", "乙说")] == waiting(disputed)
    assert ("乙.xlsx", 2, "工作进展 第5行E列") == (each.kept.file_name, each.kept.submission, each.kept.matter.place)


def test_a_dry_run_leaves_nothing_waiting(ledger, tmp_path):
    collected(ledger, tmp_path, FIRST)
    collected(ledger, tmp_path, OTHER, apply=False)
    assert [] == waiting(ledger)


def test_a_file_of_which_nothing_was_taken_is_kept_whole_all_the_same(ledger, tmp_path):
    collected(ledger, tmp_path, FIRST)
    assert ["not taken"] == outcomes(collected(ledger, tmp_path, ALONE, "乙.xlsx"))
    [each] = listed(ledger, "云溪")
    assert (None, "乙.xlsx") == (each.kept.submission, each.kept.file_name)
    assert 1 == len(ledger.submissions("云溪"))


def test_the_same_conflict_waits_once_however_often_it_comes(disputed, tmp_path):
    collected(disputed, tmp_path, OTHER, "乙.xlsx")
    collected(disputed, tmp_path, ALONE, "又一份.xlsx")
    assert 1 == len(waiting(disputed))


def test_two_other_texts_for_one_cell_both_wait(disputed, tmp_path):
    collected(disputed, tmp_path, filled(f"{HEAD}| T001 | 本期进展 | 丙说 |"))
    assert [(*TASK, "甲说", "乙说"), (*TASK, "甲说", "丙说")] == waiting(disputed)


def test_a_matter_closes_by_itself_when_the_unit_sends_the_text_in_a_file_that_can_be_taken(disputed, tmp_path):
    corrected = filled(f"{HEAD}| T001 | 本期进展 | 乙说 |", FIRST)
    assert ["accepted"] == outcomes(collected(disputed, tmp_path, corrected))
    assert [] == waiting(disputed)
    assert () == undo(disputed, 2, preview=True).dropped, "an undo takes away only what is still open"


def test_a_matter_goes_with_the_submission_that_is_withdrawn_and_comes_back_with_it(disputed, tmp_path):
    ledger = disputed
    assert 1 == len(undo(ledger, 2).dropped)
    assert [] == waiting(ledger)
    collected(ledger, tmp_path, OTHER, "乙.xlsx")
    assert [(*TASK, "甲说", "乙说")] == waiting(ledger)


# --- the workbook ---------------------------------------------------------------------


def test_the_workbook_shows_each_matter_with_where_both_texts_come_from(disputed, tmp_path):
    path = tmp_path / "待决定.xlsx"
    assert write_decisions(disputed, "云溪", listed(disputed, "云溪"), path)
    sheet = openpyxl.load_workbook(path)["待决定"]
    row = {head.value: cell.value for head, cell in zip(sheet[3], sheet[4], strict=True)}
    assert ("县教育局", "2026年一季度", "本期进展", "冲突") == tuple(
        row[key] for key in ("单位", "报送期", "列", "原因")
    )
    assert ("甲说", "第1号报送，4月8日收到", "乙说") == (row["台账现值"], row["台账现值的来历"], row["收回值"])
    assert row["收回值的来历"] == "第2号报送，4月8日收到\n乙.xlsx\n工作进展 第5行E列"
    assert sheet.column_dimensions["A"].hidden
    [drop_down] = sheet.data_validations.dataValidation
    assert '"保留台账,采用收回,另写"' == drop_down.formula1


def test_the_words_that_differ_stand_out(disputed, tmp_path):
    path = tmp_path / "待决定.xlsx"
    write_decisions(disputed, "云溪", listed(disputed, "云溪"), path)
    sheet = openpyxl.load_workbook(path, rich_text=True)["待决定"]
    pieces = next(cell.value for cell in sheet[4] if str(cell.value) == "乙说")
    assert ["乙"] == [piece.text for piece in pieces if getattr(piece, "font", None) and piece.font.u]


def test_the_same_matters_give_the_same_bytes_and_another_file_is_never_replaced(disputed, tmp_path):
    matters, path = listed(disputed, "云溪"), tmp_path / "待决定.xlsx"
    assert write_decisions(disputed, "云溪", matters, path)
    assert not write_decisions(disputed, "云溪", matters, path)
    path.write_bytes(b"somebody's")
    with pytest.raises(OutputError, match="没有覆盖"):
        write_decisions(disputed, "云溪", matters, path)


def test_texts_that_look_like_formulas_stay_texts(ledger, tmp_path):
    for name, text in (("甲.xlsx", "+1说"), ("乙.xlsx", "-2说")):
        collected(ledger, tmp_path, filled(f"{HEAD}| T001 | 本期进展 | {text} |"), name)
    path = tmp_path / "待决定.xlsx"
    write_decisions(ledger, "云溪", listed(ledger, "云溪"), path)
    sheet = openpyxl.load_workbook(path)["待决定"]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def test_where_nothing_waits_there_is_nothing_to_write(ledger, tmp_path):
    with pytest.raises(InputError, match="没有待决定的事项"):
        write_decisions(ledger, "云溪", [], tmp_path / "待决定.xlsx")
    with pytest.raises(UsageError, match=r"\.xlsx"):
        write_decisions(ledger, "云溪", [], tmp_path / "待决定.docx")


# --- decisions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "stands"),
    [
        ({"决定": "保留台账"}, "甲说"),
        ({"决定": "采用收回"}, "乙说"),
        ({"决定": "另写", "另写的内容": "两个都说"}, "两个都说"),
    ],
)
def test_a_decision_is_kept_and_sticks_whichever_copy_comes_again(row, stands, disputed, tmp_path):
    loaded = decided(disputed, tmp_path, {**row, "决定人": "督查室甲"}).load(disputed, "云溪")
    assert ((3,), 1, 0) == (loaded.numbers, loaded.decided, loaded.undecided)
    for name, data in (("甲.xlsx", FIRST), ("乙.xlsx", OTHER), ("丙.xlsx", ALONE)):
        again = collected(disputed, tmp_path, data, name)
        assert ["duplicate"] == outcomes(again)
        assert (stands, []) == (in_ledger(disputed)[TASK], waiting(disputed))


def test_a_later_copy_of_the_file_brings_its_news_but_not_the_decided_conflict(disputed, tmp_path):
    decided(disputed, tmp_path, {"决定": "保留台账"}).load(disputed, "云溪")
    later = filled(f"{HEAD}| T002 | 本期进展 | 已修20公里 |", OTHER)
    result = collected(disputed, tmp_path, later)
    assert ["accepted"] == outcomes(result)
    assert ("甲说", "已修20公里") == (in_ledger(disputed)[TASK], in_ledger(disputed)["T002", "本期进展"])
    assert [] == waiting(disputed)
    assert ["decided-before"] == [code for code in result.findings["code"] if code != "no-state"]


def test_a_new_text_in_the_cell_that_was_decided_goes_on_from_the_decision(disputed, tmp_path):
    decided(disputed, tmp_path, {"决定": "采用收回"}).load(disputed, "云溪")
    assert ["accepted"] == outcomes(collected(disputed, tmp_path, filled(f"{HEAD}| T001 | 本期进展 | 乙又说 |", OTHER)))
    assert "乙又说" == in_ledger(disputed)[TASK]


def test_but_over_the_offices_own_words_it_is_a_conflict_again(disputed, tmp_path):
    decided(disputed, tmp_path, {"决定": "另写", "另写的内容": "两个都说"}).load(disputed, "云溪")
    collected(disputed, tmp_path, filled(f"{HEAD}| T001 | 本期进展 | 乙又说 |", OTHER))
    assert [(*TASK, "两个都说", "乙又说")] == waiting(disputed)


def test_loading_the_same_again_changes_nothing(disputed, tmp_path):
    file = decided(disputed, tmp_path, {"决定": "采用收回"})
    file.load(disputed, "云溪")
    again = file.load(disputed, "云溪")
    assert ((), 0, 1, []) == (again.numbers, again.decided, again.known, codes(again))


def test_what_is_not_decided_stays_open(disputed, tmp_path):
    collected(disputed, tmp_path, filled(f"{HEAD}| T001 | 完成情况 | 已完成 |"))
    loaded = decided(disputed, tmp_path, {"决定": "采用收回"}).load(disputed, "云溪")
    assert 1 == loaded.undecided
    assert [(*STATE, "正常推进", "已完成")] == waiting(disputed)


def test_of_two_texts_for_a_cell_one_is_taken_and_the_other_declined(disputed, tmp_path):
    collected(disputed, tmp_path, filled(f"{HEAD}| T001 | 本期进展 | 丙说 |"))
    decided(disputed, tmp_path, {"决定": "采用收回"}, {"决定": "保留台账"}).load(disputed, "云溪")
    assert ("乙说", []) == (in_ledger(disputed)[TASK], waiting(disputed))


def test_a_decision_counts_as_a_return_of_its_own_file_only_where_it_brought_something(ledger, tmp_path):
    later = sent_record(workbook="WZZZZYYYYXXXX", edition=2)
    ledger.record_workbooks([later], {})
    collected(ledger, tmp_path, FIRST)
    collected(ledger, tmp_path, ALONE, "乙.xlsx", received=date(2026, 4, 9))
    decided(ledger, tmp_path, {"决定": "采用收回"}).load(ledger, "云溪")
    assert [date(2026, 4, 8), date(2026, 4, 9)] == list(ledger.submissions("云溪")["received"])
    assert () == status_of(ledger, "云溪", "2026Q1", date(2026, 5, 1))[0].late_units


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"决定": "随便"}, "decide-word"),
        ({"决定": "另写"}, "decision-blank"),
        ({"另写的内容": "两个都说"}, "decision-missing"),
        ({"决定": "采用收回", "编号": "7-00000000-00000000"}, "matter-unknown"),
        ({"决定": "采用收回", "编号": None}, "matter-unknown"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_nothing_is_kept(row, code, disputed, tmp_path):
    loaded = decided(disputed, tmp_path, row).load(disputed, "云溪")
    assert ([code], ()) == (codes(loaded), loaded.numbers)
    assert "待决定.xlsx“待决定”第4行" in loaded.findings[0].source
    assert "甲说" == in_ledger(disputed)[TASK]


def test_one_wrong_row_keeps_the_right_ones_from_being_kept(disputed, tmp_path):
    collected(disputed, tmp_path, filled(f"{HEAD}| T001 | 完成情况 | 已完成 |"))
    loaded = decided(disputed, tmp_path, {"决定": "采用收回"}, {"决定": "另写", "另写的内容": "快了"}).load(
        disputed, "云溪"
    )
    assert ["state-unknown"] == codes(loaded)
    assert 2 == len(waiting(disputed))


def test_what_is_written_instead_is_checked_and_understood_as_a_units_own_word_is(disputed, tmp_path):
    collected(disputed, tmp_path, filled(f"{HEAD}| T001 | 完成情况 | 已完成 |"))
    rows = {"决定": "保留台账"}, {"决定": "另写", "另写的内容": "滞后"}
    loaded = decided(disputed, tmp_path, *rows).load(disputed, "云溪")
    assert ["state-understood"] == codes(loaded)
    assert "进展滞后" == in_ledger(disputed)[STATE]


def test_where_the_ledger_has_changed_since_the_row_is_refused(disputed, tmp_path):
    file = decided(disputed, tmp_path, {"决定": "采用收回"})
    collected(disputed, tmp_path, filled(f"{HEAD}| T001 | 本期进展 | 甲又说 |", FIRST))
    loaded = file.load(disputed, "云溪")
    assert ["matter-moved"] == codes(loaded)
    assert "甲又说" in loaded.findings[0].message
    assert "甲又说" == in_ledger(disputed)[TASK]


def test_what_was_decided_otherwise_is_not_decided_anew_without_an_undo(disputed, tmp_path):
    file = decided(disputed, tmp_path, {"决定": "采用收回"}, name="一.xlsx")
    other = decided(disputed, tmp_path, {"决定": "保留台账"}, name="二.xlsx")
    [number] = file.load(disputed, "云溪").numbers
    assert ["matter-decided"] == codes(other.load(disputed, "云溪"))
    assert 1 == len(undo(disputed, number).reopened)
    assert [(*TASK, "甲说", "乙说")] == waiting(disputed)
    assert 1 == other.load(disputed, "云溪").decided


def test_two_different_decisions_on_one_cell_are_refused(disputed, tmp_path):
    collected(disputed, tmp_path, filled(f"{HEAD}| T001 | 本期进展 | 丙说 |"))
    loaded = decided(disputed, tmp_path, {"决定": "采用收回"}, {"决定": "采用收回"}).load(disputed, "云溪")
    assert ["decision-twice"] == codes(loaded)


def test_a_workbook_whose_columns_were_moved_and_whose_sheet_was_renamed_is_read_all_the_same(disputed, tmp_path):
    file = decided(disputed, tmp_path, {"决定": "采用收回", "决定人": "督查室甲"})
    book = openpyxl.load_workbook(file.path)
    sheet = book["待决定"]
    sheet.unmerge_cells("B1:N1")
    sheet.insert_cols(1)
    sheet.insert_rows(2)
    book.save(file.path)
    moved = open_decisions(file.path)
    assert moved is not None
    assert 1 == moved.load(disputed, "云溪").decided


def test_what_is_no_conflicts_workbook_is_none(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(FIRST)
    assert open_decisions(path) is None
    assert open_decisions(tmp_path / "没有.xlsx") is None


def test_collect_sends_a_conflicts_workbook_on_to_load(disputed, tmp_path):
    file = decided(disputed, tmp_path, {"决定": "采用收回"})
    result: Collected = collect(disputed, file.path)
    assert ["refused"] == outcomes(result)
    assert "taskkit load" in result.files["reason"].iloc[0]


# --- ledgers of before ----------------------------------------------------------------


def test_a_ledger_of_an_earlier_version_has_nothing_waiting_until_it_is_written_to(tmp_path):
    url = f"sqlite:///{tmp_path / '台账.db'}"
    with open_ledger(url) as ledger:
        ledger.add_plan(ledger_with().plan("云溪"), "云溪")
        ledger.record_workbooks([sent_record()], {})
    import sqlite3

    with sqlite3.connect(tmp_path / "台账.db") as connection:
        for name in ("decisions", "decision_files", "matters", "set_aside"):
            connection.execute(f"DROP TABLE {name}")
        connection.execute("UPDATE meta SET value = '2' WHERE key = 'schema_version'")
    connection.close()
    with open_ledger(url) as ledger:
        assert [] == waiting(ledger)
        assert ledger.submissions("云溪").empty
        collected(ledger, tmp_path, FIRST)
        collected(ledger, tmp_path, OTHER)
        assert [(*TASK, "甲说", "乙说")] == waiting(ledger)


# --- texts of one second --------------------------------------------------------------


def test_of_two_texts_saved_in_the_same_second_neither_wins(ledger, tmp_path):
    moment = "2026-04-08T09:30:00Z"
    newer = filled(f"{HEAD}| T001 | 本期进展 | 甲又说 |", FIRST)
    for data in (newer, FIRST):
        collected(ledger, tmp_path, stamped(data, moment))
    assert "甲又说" == in_ledger(ledger)[TASK]
    assert [(*TASK, "甲又说", "甲说")] == waiting(ledger)


def test_a_workbook_that_libreoffice_saved_is_taken_all_the_same(disputed, tmp_path):
    file = decided(disputed, tmp_path, {"决定": "采用收回", "决定人": "督查室甲"})
    [path] = resaved([file.path], tmp_path / "saved")
    saved = open_decisions(path)
    assert saved is not None
    assert ("云溪", 1) == (saved.plan_name, saved.load(disputed, "云溪").decided)
