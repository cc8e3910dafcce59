"""Finding a workbook's cells again: by its marks, its headers and its ids, wherever they were moved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskkit.collecting import collect
from taskkit.errors import InputError
from taskkit.marks import Marks, marks_of, recognise
from taskkit.office.sheets import read_workbook
from taskkit.returned import ReturnedBook, read_returned
from tests.returned_books import (
    BOOK,
    FORM,
    OPEN,
    OTHER,
    edited,
    filled,
    ledger_with,
    place,
    sent_file,
    sent_record,
    table,
    type_in,
)


def read(data: bytes) -> ReturnedBook:
    return read_returned(read_workbook(data, "县教育局.xlsx"), sent_record())


def places(returned: ReturnedBook) -> dict[tuple[str, str], str]:
    return {key: str(cell.place) for key, cell in returned.cells.items()}


# --- recognising ----------------------------------------------------------------------


def test_a_workbook_carries_its_id_in_three_places():
    marks = marks_of(read_workbook(sent_file(), "表.xlsx"))
    assert Marks(BOOK, BOOK, {BOOK: 5}, whole=frozenset((BOOK,))) == marks


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        (Marks(BOOK, BOOK, {BOOK: 3}), BOOK),
        (Marks(BOOK, None, {}), BOOK),
        (Marks(None, BOOK, {}), BOOK),
        (Marks(None, None, {BOOK: 3}), BOOK),
        (Marks(BOOK, BOOK, {BOOK: 3, OTHER: 5}), BOOK),
        (Marks(None, None, {}), "没有 taskkit 的标记"),
        (Marks(BOOK, OTHER, {BOOK: 3}), BOOK),
        (Marks(BOOK, OTHER, {}), "互相矛盾"),
        (Marks(BOOK, BOOK, {OTHER: 3}), "互相矛盾"),
        (Marks(None, None, {BOOK: 3, OTHER: 1}), BOOK),
        (Marks(OTHER, OTHER, {OTHER: 3}), "没有发出过"),
    ],
)
def test_any_one_mark_is_enough_and_the_rows_decide_between_two_that_disagree(marks, told):
    def known(workbook: str) -> Any:
        return sent_record() if workbook == BOOK else None

    if told == BOOK:
        [part] = recognise(marks, known).parts
        assert BOOK == part.workbook
    else:
        with pytest.raises(InputError, match=told):
            recognise(marks, known)


def test_a_mark_that_is_no_workbook_id_counts_as_none():
    data = edited(sent_file(), lambda book: setattr(book["_taskkit"]["B1"], "value", "随便写的"))
    assert marks_of(read_workbook(data, "表.xlsx")).sheet is None


# --- places ---------------------------------------------------------------------------


def test_each_cell_comes_with_its_place_as_the_person_sees_it():
    found = places(read(sent_file()))
    assert "工作进展 第6行E列" == found["T002", "本期进展"]
    assert "量化指标 第5行G列" == found["T001.1", "累计完成值"]
    assert "工作进展 第8行D列" == found["book", "填报人"]
    assert "工作进展 第8行F列" == found["book", "填报人电话"]


def test_a_moved_column_and_a_moved_row_are_found_where_they_are_now():
    def move(book: Any) -> None:
        book["工作进展"].insert_rows(1, 2)
        book["工作进展"].insert_cols(2, 3)

    assert "工作进展 第8行H列" == places(read(edited(sent_file(), move)))["T002", "本期进展"]


@pytest.mark.parametrize(
    "header",
    ["本期进展", "本期 进展", "本期进展（1—6月累计）", "本期进展(截至\n6月底)", "进展情况", "落实情况：", "工作进展*"],
)
def test_a_header_is_known_by_its_text_or_what_people_write_instead(header):
    data = edited(filled("| row | column | value |\n| T001 | 本期进展 | 甲 |"), lambda book: rename(book, header))
    assert "甲" == read(data).cells["T001", "本期进展"].value


def rename(book: Any, header: str) -> None:
    book["工作进展"]["E3"].value = header


def test_beside_the_real_header_a_synonym_is_a_column_of_the_clerks_own():
    def add(book: Any) -> None:
        book["工作进展"]["J3"], book["工作进展"]["J5"] = "进展情况", "另写的"

    returned = read(edited(filled("| row | column | value |\n| T001 | 本期进展 | 甲 |"), add))
    assert "甲" == returned.cells["T001", "本期进展"].value
    assert ["column-unknown"] == [found.code for found in returned.findings]


def test_labels_of_the_line_may_hold_the_answer_behind_their_colon():
    def answer(book: Any) -> None:
        sheet = book["工作进展"]
        sheet["C8"], sheet["E8"], sheet["G8"], sheet["H8"] = "填报人：甲", "联系电话: 0000-1", "审核人", "乙"

    cells = read(edited(sent_file(), answer)).cells
    assert ["甲", "0000-1", "乙"] == [cells["book", key].value for key in ("填报人", "填报人电话", "审核人")]


def test_a_line_without_its_id_is_still_the_line():
    data = edited(sent_file(), lambda book: book["工作进展"].delete_cols(1))
    assert "工作进展 第8行C列" == places(read(data))["book", "填报人"]


def test_a_sheet_that_was_copied_counts_once():
    def copy(book: Any) -> None:
        type_in(book, "T001", "本期进展", "甲")
        book.copy_worksheet(book["工作进展"]).title = "工作进展 (2)"

    returned = read(edited(sent_file(), copy))
    assert "甲" == returned.cells["T001", "本期进展"].value
    assert () == returned.findings


# --- everything at once ---------------------------------------------------------------

KEYS = sorted(
    (row[next(iter(row))], header)
    for title, text in FORM.items()
    for row in table(text)
    for header in OPEN[title]
    if header in row
)
ALPHABET = st.characters(codec="gb18030", exclude_categories=["Cc", "Cs", "Co", "Cn", "Zl", "Zp", "Cf"])
TEXTS = st.text(ALPHABET, min_size=1, max_size=30).map(str.strip).filter(bool)


@st.composite
def clerks(draw: st.DrawFn) -> dict[tuple[str, str], str]:
    """What a clerk types: whole sentences in text columns, states, numbers."""
    kinds = {
        "完成情况": st.sampled_from(["未启动", "正常推进", "进展滞后", "已完成"]),
        "累计完成值": st.integers(0, 10**6).map(str),
    }
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=1))
    plain = TEXTS.map("办好{}。".format)
    return {key: draw(kinds.get(key[1], plain)) for key in keys}


@st.composite
def damages(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Harmless things that happen to a form on its way."""
    kinds = st.sampled_from(["rows", "columns", "blank", "title", "property", "hidden", "ids"])
    happened: list[tuple[str, int]] = draw(
        st.lists(st.tuples(kinds, st.integers(0, 1000)), max_size=4, unique_by=lambda each: each[0])
    )
    return sorted(happened, key=lambda each: each[0] == "blank")  # the others count rows from the top


def damage(book: Any, kind: str, number: int) -> None:
    sheet = book.worksheets[1]
    match kind:
        case "rows":
            permute([list(row) for row in sheet.iter_rows(min_row=5, max_row=7)], number)
        case "columns":
            permute([[row[at] for row in sheet.iter_rows(min_row=3, max_row=7)] for at in range(8)], number)
        case "blank":
            sheet.insert_rows(1 + number % 9)
        case "title":
            sheet.title = f"表{number}"
        case "property":
            book.custom_doc_props.props.clear()
        case "hidden":
            del book["_taskkit"]
        case "ids":
            sheet.column_dimensions["A"].hidden = False


def permute(lines: list[list[Any]], number: int) -> None:
    """Turn the contents of rows or columns around by some places."""
    values = [[cell.value for cell in line] for line in lines]
    turn = number % len(lines)
    for line, moved in zip(lines, values[turn:] + values[:turn], strict=True):
        for cell, value in zip(line, moved, strict=True):
            cell.value = value


@settings(max_examples=60, deadline=None)
@given(clerks(), damages())
def test_the_ledger_holds_exactly_what_was_typed_whatever_happened_to_the_form(tmp_path_factory, typed, happened):
    sent = {(cell.row_id, cell.column): cell.value for cell in sent_record().cells}
    ledger = ledger_with()

    def edit(book: Any) -> None:
        for (row_id, header), value in typed.items():
            place(book, row_id, header).value = value
        for kind, number in happened:
            damage(book, kind, number)

    path = tmp_path_factory.mktemp("in") / "表.xlsx"
    path.write_bytes(edited(sent_file(), edit))
    result = collect(ledger, path, apply=True, received=date(2026, 4, 8))
    expected = {key: value for key, value in typed.items() if value != sent[key]}
    assert expected == ledger.current("云溪", "2026Q1", "县教育局")
    assert ("accepted" if expected else "untouched") == result.files["outcome"].iloc[0]
    assert "duplicate" == collect(ledger, path).files["outcome"].iloc[0] or not expected


# --- bands ----------------------------------------------------------------------------


@pytest.mark.parametrize("band", ["（二）提升园区承载能力", "重点民生实事"])
def test_a_band_into_which_a_text_ran_is_no_inserted_row(band):
    def run_on(book: Any) -> None:
        sheet = book["工作进展"]
        sheet.insert_rows(6)
        sheet["B6"], sheet["E6"] = band, "（二）存在问题和下一步打算"

    returned = read(edited(sent_file(), run_on))
    assert ["band-filled"] == [found.code for found in returned.findings]
    assert "请清空" in returned.findings[0].to_unit
    assert ("工作进展 第6行E列", "本期进展") == (str(returned.strays[0].place), returned.strays[0].header)
    assert not returned.proposed


@pytest.mark.parametrize("number", ["", "4", "新增", "新增事项"])
def test_a_row_that_was_inserted_under_a_task_stays_one(number):
    def insert(book: Any) -> None:
        sheet = book["工作进展"]
        sheet.insert_rows(6)
        sheet["B6"], sheet["E6"] = number or None, "另建了2个书屋"

    assert {"T001+3"} == {row_id for row_id, _ in read(edited(sent_file(), insert)).proposed}
