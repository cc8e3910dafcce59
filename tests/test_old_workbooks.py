"""Workbooks in other formats (.xls, .et, .ods) give what the same workbook gives as .xlsx; calamine is the oracle."""

from __future__ import annotations

import datetime as dt
import io
import struct
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.packaging.custom import StringProperty
from python_calamine import CalamineWorkbook

from taskkit.errors import InputError
from taskkit.office import book_data, xls_reader
from taskkit.office.ole import OLE, OleFile
from taskkit.office.sheets import BookData, Cell, read_labels, read_workbook
from taskkit.office.xls_strings import shared_strings
from tests.returned_books import BOOK, edited, sent_file, stamped
from tests.soffice import resaved
from tests.test_kinds import zip_of

OTHERS = ("xls", "ods")


def all_kinds(book: Any) -> None:
    """Cells of all kinds, and all that a sheet says of itself."""
    book.custom_doc_props.append(StringProperty(name="来源", value="县教育局"))
    sheet = book["工作进展"]
    values = {
        "E5": "已建3所，\n累计完成60%",
        "F5": "=SUM(1,2)",
        "G5": "=1/0",
        "E6": 0.95,
        "F6": dt.datetime(2026, 6, 5),
        "G6": dt.datetime(2026, 6, 5),
        "H6": dt.time(9, 30),
        "E7": '=IF(TRUE,"甲"&"乙",0)',
        "F7": -1234.5,
        "G7": 1e15,
        "H7": "😀　" + "长" * 9000,
        "IV8": "边",
        "A500": "底",
    }
    for place, value in values.items():
        sheet[place] = value
    for place, code in {"E6": "0%", "F6": "yyyy-mm-dd", "G6": 'yyyy"年"m"月"', "H6": "h:mm"}.items():
        sheet[place].number_format = code
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["H"].hidden = True
    sheet.merge_cells("C9:D10")
    book["量化指标"].sheet_state = "hidden"


@pytest.fixture(scope="module")
def saved_as(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One workbook, as LibreOffice saves it in each format."""
    folder = tmp_path_factory.mktemp("old")
    path = folder / "县教育局.xlsx"
    path.write_bytes(stamped(edited(sent_file(), all_kinds), "2026-04-08T09:30:00Z"))
    return {each: resaved([path], folder / each, each)[0].read_bytes() for each in (*OTHERS, "xlsx")}


def cells(book: BookData) -> dict[tuple[str, int, int], Cell]:
    return {
        (sheet.title, *place[:2]): place
        for sheet in book.sheets
        for row in sheet.rows.values()
        for place in row.values()
    }


@pytest.mark.parametrize("suffix", OTHERS)
def test_every_cell_is_the_one_of_the_new_format(suffix, saved_as):
    expected = cells(read_workbook(saved_as["xlsx"], "表.xlsx"))
    assert {"text", "number", "date", "error"} == {each.kind for each in expected.values()}
    assert expected == cells(read_workbook(saved_as[suffix], "表"))


@pytest.mark.parametrize("suffix", OTHERS)
def test_what_a_sheet_says_of_itself_is_that_of_the_new_format(suffix, saved_as):
    def told(data: bytes) -> list[object]:
        return [
            (each.title, each.state, set(each.merges), each.hidden_rows, each.hidden_columns)
            for each in read_workbook(data, "表").sheets
        ]

    assert ("工作进展", "visible", {"C9:D10"}, {6}, ((1, 1), (8, 8))) in told(saved_as["xlsx"])
    assert told(saved_as["xlsx"]) == told(saved_as[suffix])


@pytest.mark.parametrize("suffix", OTHERS)
def test_the_marks_and_the_time_of_saving_are_read_without_the_sheets(suffix, saved_as):
    labels = read_labels(saved_as[suffix], "表")
    assert (BOOK, "县教育局") == (labels.properties["taskkit-workbook"], labels.properties["来源"])
    assert read_labels(saved_as["xlsx"], "表").saved_at == labels.saved_at


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be set here")
def test_the_time_in_an_ods_is_that_of_the_clerk_and_comes_out_in_utc(monkeypatch):
    meta = '<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:date>2026-04-08T17:30:00.123456789</dc:date></m>'
    said = {"mimetype": b"opendocument.spreadsheet", "content.xml": b"<x/>", "meta.xml": meta.encode()}
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        assert dt.datetime(2026, 4, 8, 9, 30) == read_labels(zip_of(*said, said=said), "表.ods").saved_at
    finally:
        monkeypatch.undo()
        time.tzset()


def test_calamine_reads_the_same_texts_and_numbers(saved_as):
    oracle = CalamineWorkbook.from_filelike(io.BytesIO(saved_as["xls"])).get_sheet_by_name("量化指标").to_python()
    expected = {(r, c): value for r, row in enumerate(oracle, 1) for c, value in enumerate(row, 1) if value != ""}
    [sheet] = [each for each in read_workbook(saved_as["xls"], "表.xls").sheets if each.title == "量化指标"]
    assert expected == {(r, c): cell.value for r, row in sheet.rows.items() for c, cell in row.items()}


# --- damage ---------------------------------------------------------------------------


def refused_or_read(data: bytes) -> None:
    try:
        read_workbook(data, "表.xls")
    except InputError as error:
        assert "表.xls" in str(error)
    read_labels_or_refuse(data)


def read_labels_or_refuse(data: bytes) -> None:
    try:
        read_labels(data, "表.xls")
    except InputError as error:
        assert "表.xls" in str(error)


def test_an_old_workbook_that_is_cut_off_is_refused_or_read_but_never_a_traceback(saved_as):
    data = saved_as["xls"]
    for end in range(0, len(data), 997):
        refused_or_read(data[:end])


@given(st.integers(0, 200_000), st.binary(min_size=1, max_size=40), st.sampled_from(OTHERS))
def test_random_damage_is_refused_or_read_but_never_a_traceback(saved_as, at, noise, suffix):
    data = saved_as[suffix]
    cut = at % len(data)
    refused_or_read(data[:cut] + noise + data[cut + len(noise) :])


@given(st.binary(max_size=3000))
def test_bytes_that_are_no_old_workbook_are_refused(noise):
    with pytest.raises(InputError):
        read_workbook(OLE + noise, "表.xls")


def test_sectors_that_go_in_a_circle_end(saved_as):
    data = bytearray(saved_as["xls"])
    table = 512 * (1 + struct.unpack_from("<I", data, 76)[0])
    for sector in range(128):
        struct.pack_into("<I", data, table + 4 * sector, sector)  # each goes on with itself
    refused_or_read(bytes(data))


def test_an_old_workbook_with_a_password_is_refused_with_what_to_do(saved_as):
    data = bytearray(saved_as["xls"])
    stream = OleFile(bytes(data)).read("Workbook")
    first = data.index(stream[:100])
    data[first + 20 : first + 22] = b"\x2f\x00"  # the second record says how the rest is encrypted
    with pytest.raises(InputError, match=r"打开密码.*取消"):
        read_workbook(bytes(data), "表.xls")


@pytest.mark.parametrize(("limit", "value"), [("MAX_RECORDS", 50), ("MAX_SIZE", 100), ("MAX_SHEETS", 1)])
def test_an_old_workbook_over_a_limit_is_refused(limit, value, saved_as, monkeypatch):
    monkeypatch.setattr(xls_reader, limit, value)
    with pytest.raises(InputError, match="内容过多"):
        read_workbook(saved_as["xls"], "表.xls")


@pytest.mark.parametrize("suffix", OTHERS)
def test_more_cells_than_a_workbook_may_have_are_refused(suffix, saved_as, monkeypatch):
    monkeypatch.setattr(book_data, "MAX_CELLS", 20)
    with pytest.raises(InputError, match="内容过多"):
        read_workbook(saved_as[suffix], "表")


# --- strings of .xls ------------------------------------------------------------------


WIDE = struct.pack("<HB", 6, 1) + "关于做好工作".encode("utf-16-le")
PLAIN = struct.pack("<HB", 4, 0) + b"abcd"
RICH = struct.pack("<HBHI", 4, 0x0C, 1, 3) + b"efgh" + b"font" + b"ext"


@pytest.mark.parametrize(
    ("first", "next_"),
    [
        (WIDE + PLAIN + RICH, None),
        (WIDE, PLAIN + RICH),  # between two strings
        (WIDE[:7], b"\1" + WIDE[7:] + PLAIN + RICH),  # within one: its flags come again
        (WIDE[:8], b"\1" + WIDE[7:] + PLAIN + RICH),  # half a character at the end is none
        (WIDE + PLAIN[:5], b"\0" + PLAIN[5:] + RICH),
        (WIDE + PLAIN[:5], b"\1c\0d\0" + RICH),  # and may spell the rest in another way
        (WIDE + PLAIN + RICH[:-5], RICH[-5:]),  # what follows a string goes on without flags
    ],
)
def test_a_string_may_go_on_in_the_next_record(first, next_):
    blocks = [struct.pack("<II", 3, 3) + first, *([] if next_ is None else [next_])]
    assert ["关于做好工作", "abcd", "efgh"] == shared_strings(blocks)


# --- .ods -----------------------------------------------------------------------------

_NAMES = " ".join(
    f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ("office", "table", "text", "style")
)


def ods(rows: str) -> bytes:
    """A small .ods with these rows."""
    content = f'<office:document-content {_NAMES}><office:body><office:spreadsheet><table:table table:name="表">{rows}'
    end = "</table:table></office:spreadsheet></office:body></office:document-content>"
    return zip_of(
        "mimetype",
        "content.xml",
        said={"content.xml": (content + end).encode(), "mimetype": b"application/vnd.oasis.opendocument.spreadsheet"},
    )


def ods_values(rows: str) -> dict[tuple[int, int], object]:
    [sheet] = read_workbook(ods(rows), "表.ods").sheets
    return {(r, c): cell.value for r, row in sheet.rows.items() for c, cell in row.items()}


def ods_cell(inner: str, attributes: str = 'office:value-type="string"') -> object:
    return ods_values(f"<table:table-row><table:table-cell {attributes}>{inner}</table:table-cell></table:table-row>")


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<text:p>甲</text:p><text:p>乙</text:p>", "甲\n乙"),
        ('<text:p>甲<text:s text:c="3"/>乙<text:tab/>丙<text:line-break/>丁</text:p>', "甲   乙\t丙\n丁"),
        ("<text:p><text:span>粗</text:span>细</text:p>", "粗细"),
        ("<office:annotation><text:p>批注</text:p></office:annotation><text:p>正文</text:p>", "正文"),
        ('<text:p><text:s text:c="999999999"/>完</text:p>', " " * 50 + "完"),
    ],
)
def test_the_text_of_a_cell_is_what_stands_in_it(inner, text):
    assert {(1, 1): text} == ods_cell(inner)


@pytest.mark.parametrize(
    ("attributes", "value"),
    [
        ('office:value-type="float" office:value="42"', 42),
        ('office:value-type="currency" office:value="4.5"', 4.5),
        ('office:value-type="boolean" office:boolean-value="true"', True),
        ('office:value-type="time" office:time-value="PT09H30M00S"', dt.time(9, 30)),
        ('office:value-type="time" office:time-value="PT30H00M00.5S"', dt.timedelta(hours=30)),
        ('office:value-type="time" office:time-value="-PT01H00M00S"', dt.timedelta(hours=-1)),
        ('office:value-type="date" office:date-value="2026-06-05T08:00:00"', dt.datetime(2026, 6, 5, 8)),
        ('office:value-type="float" office:value="nan"', "显示"),
        ('office:value-type="date" office:date-value="昨天"', "显示"),
        ('office:value-type="time" office:time-value="PT9999999999H00M00S"', "显示"),
        ('table:formula="of:=无此名称" office:value-type="string"', "显示"),
    ],
)
def test_a_cell_has_the_value_that_it_says_or_else_its_text(attributes, value):
    assert {(1, 1): value} == ods_cell("<text:p>显示</text:p>", attributes)


def test_a_formula_without_a_result_is_pending_and_one_with_an_error_is_an_error():
    rows = (
        "<table:table-row>"
        '<table:table-cell table:formula="of:=A1"/>'
        '<table:table-cell table:formula="of:=X" office:value-type="string"><text:p>Err:509</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=X" office:value-type="string"><text:p>#REF!</text:p></table:table-cell>'
        "</table:table-row>"
    )
    [sheet] = read_workbook(ods(rows), "表.ods").sheets
    assert [("", "pending"), ("#VALUE!", "error"), ("#REF!", "error")] == [
        (each.value, each.kind) for each in sheet.rows[1].values()
    ]


def test_repeated_empty_rows_and_columns_cost_nothing_and_repeated_content_stands_in_each():
    rows = (
        '<table:table-row table:number-rows-repeated="1048573">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16382"/>'
        '<table:table-cell table:number-columns-repeated="9"><text:p>角</text:p></table:table-cell></table:table-row>'
    )
    places = [(1048574, 16383), (1048574, 16384), (1048575, 16383), (1048575, 16384)]
    assert dict.fromkeys(places, "角") == ods_values(rows)


def test_content_that_is_repeated_without_end_is_refused():
    rows = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384"><text:p>角</text:p></table:table-cell></table:table-row>'
    )
    with pytest.raises(InputError, match="内容过多"):
        ods_values(rows)
