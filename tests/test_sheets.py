"""The bounded reader: every kind of cell, every spelling of the format, and files that mean harm."""

from __future__ import annotations

import datetime as dt
import io
import re
import time
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from taskkit.errors import InputError
from taskkit.office import book_data, xlsx_reader
from taskkit.office.sheets import BookData, SheetData, read_labels, read_workbook
from taskkit.places import column_letter, column_number
from tests.returned_books import sent_file, stamped
from tests.soffice import resaved

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def workbook(*rows: list[object], **formats: str) -> bytes:
    """One sheet; ``formats`` are number formats by cell (A1="0%")."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, code in formats.items():
        book.active[place].number_format = code
    return _saved(book)


def _saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rewritten(data: bytes, change: Callable[[str, str], str | None]) -> bytes:
    """The package with each XML part passed through ``change``; None drops the part."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = change(name, old.read(name).decode())
            if text is not None:
                new.writestr(name, text)
    return target.getvalue()


def sheet_xml(data: bytes, change: Callable[[str], str]) -> bytes:
    return rewritten(data, lambda name, text: change(text) if name.endswith("worksheets/sheet1.xml") else text)


def with_rows(rows: str) -> bytes:
    """A workbook whose sheet data is written by hand."""
    return sheet_xml(workbook(), lambda text: text.replace("<sheetData></sheetData>", f"<sheetData>{rows}</sheetData>"))


def first(data: bytes) -> SheetData:
    return read_workbook(data, "表.xlsx").sheets[0]


def values(data: bytes) -> dict[str, object]:
    return {f"{column_letter(c.column)}{c.row}": c.value for row in first(data).rows.values() for c in row.values()}


def kinds(data: bytes) -> list[str]:
    return [cell.kind for row in first(data).rows.values() for cell in row.values()]


# --- cells ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code", "expected"),
    [
        (42, "General", 42),
        (2.5, "0.00", 2.5),
        (dt.datetime(2026, 3, 31), "yyyy-mm-dd", dt.datetime(2026, 3, 31)),
        (46112, 'yyyy"年"m"月"d"日"', dt.datetime(2026, 3, 31)),
        (46112, '[DBNum1][$-804]yyyy"年"m"月"', dt.datetime(2026, 3, 31)),
        (46112, 'm"月"d"日"', dt.datetime(2026, 3, 31)),
        (0.3958333333333333, "h:mm", dt.time(9, 30)),
        (1.25, "[h]:mm", dt.timedelta(hours=30)),
        (30.5, "yyyy-mm-dd h:mm", dt.datetime(1900, 1, 30, 12)),
        (46112, '0"亩"', 46112),
        (46112, "[Red]0;[Blue]0", 46112),
        (-1, "yyyy-mm-dd", -1),
        (1e300, "yyyy-mm-dd", 1e300),
    ],
)
def test_a_number_is_read_as_what_its_format_shows(typed, code, expected):
    assert {"A1": expected} == values(workbook([typed], A1=code))


def test_a_percentage_stays_a_number_and_says_what_it_is():
    cell = first(workbook([0.95], A1="0.0%")).rows[1][1]
    assert (0.95, "number", True) == (cell.value, cell.kind, cell.percent)


def test_errors_blanks_and_formulas_are_told_apart():
    data = with_rows(
        '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="str"><f>A2</f><v></v></c><c r="C1"><f>A2+1</f></c>'
        '<c r="D1" t="str"><f>A2</f><v>好</v></c><c r="E1" t="b"><v>1</v></c><c r="F1"/><c r="G1" t="n"><v>3</v></c>'
        '<c r="H1" t="d"><v>2026-03-31T00:00:00</v></c><c r="I1"><v>INF</v></c></row>'
    )
    day = dt.datetime(2026, 3, 31)
    assert {"A1": "#REF!", "C1": "", "D1": "好", "E1": True, "G1": 3, "H1": day, "I1": "#NUM!"} == values(data)
    assert ["error", "pending", "text", "bool", "number", "date", "error"] == kinds(data)
    assert [False, True, True, False, False, False, False] == [c.formula for c in first(data).rows[1].values()]


def test_rich_text_is_flattened_and_reading_aids_are_dropped():
    runs = "<r><t>新兴</t></r><r><rPr/><t xml:space='preserve'> 县</t></r><rPh sb='0' eb='1'><t>XinXing</t></rPh>"
    assert {"A1": "新兴 县"} == values(with_rows(f'<row r="1"><c r="A1" t="inlineStr"><is>{runs}</is></c></row>'))


def test_signs_that_xml_cannot_hold_are_read_back():
    escaped = '<row r="1"><c r="A1" t="inlineStr"><is><t>甲_x000D_乙_x005F_x0041_</t></is></c></row>'
    assert {"A1": "甲\r乙_x0041_"} == values(with_rows(escaped))


def test_cells_and_rows_without_references_follow_each_other():
    data = with_rows('<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>')
    assert {"A1": 1, "D1": 2, "E1": 3, "A2": 4} == values(data)


def test_the_date_system_of_1904_is_respected():
    data = rewritten(
        workbook([44650], A1="yyyy-mm-dd"),
        lambda name, text: (
            re.sub(r"<workbookPr[^>]*/>", '<workbookPr date1904="1"/>', text) if name == "xl/workbook.xml" else text
        ),
    )
    assert {"A1": dt.datetime(2026, 3, 31)} == values(data)


@given(
    st.lists(st.one_of(st.integers(-(10**9), 10**9), st.text("甲乙丙 abc,，%=", min_size=1)), min_size=1, max_size=8)
)
def test_what_xlsxwriter_wrote_is_read_back(row):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for at, value in enumerate(row):
            (sheet.write_string if isinstance(value, str) else sheet.write_number)(0, at, value)
    found = values(buffer.getvalue())
    expected = {
        f"{column_letter(at)}1": value for at, value in enumerate(row, 1) if not isinstance(value, str) or value.strip()
    }
    assert expected == found


# --- the workbook ---------------------------------------------------------------------


def test_a_workbooks_marks_states_merges_and_names_come_along():
    book = openpyxl.Workbook()
    book.active.title = "工作 & 进展"
    book.active["A3"] = "甲"
    book.active.column_dimensions["B"].hidden = True
    book.active.row_dimensions[3].hidden = True
    book.active.merge_cells("A3:C3")
    book.create_sheet("隐藏").sheet_state = "hidden"
    book.create_sheet("_taskkit").sheet_state = "veryHidden"
    book.custom_doc_props.append(StringProperty(name="taskkit-workbook", value="WAAAABBBBCCCC"))
    book.defined_names["列表"] = DefinedName("列表", attr_text="'隐藏'!$A$1:$A$4")
    data = read_workbook(_saved(book), "表.xlsx")
    assert [("工作 & 进展", "visible"), ("隐藏", "hidden"), ("_taskkit", "veryHidden")] == [
        (sheet.title, sheet.state) for sheet in data.sheets
    ]
    assert {"taskkit-workbook": "WAAAABBBBCCCC"} == data.properties
    assert {"列表": "'隐藏'!$A$1:$A$4"} == data.names
    sheet = data.sheets[0]
    assert (("A3:C3",), frozenset({3}), ((2, 2),)) == (sheet.merges, sheet.hidden_rows, sheet.hidden_columns)


def prefixed(name: str, text: str) -> str:
    if not name.startswith("xl/w") and "sharedStrings" not in name:
        return text
    if name.endswith(".rels"):
        return text
    text = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", text)
    return text.replace("xmlns=", "xmlns:x=", 1)


def strict(_: str, text: str) -> str:
    return text.replace(MAIN, STRICT).replace(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


def lying_dimension(_: str, text: str) -> str:
    return re.sub(r'<dimension ref="[^"]+"\s*/>', '<dimension ref="A1:XFD1048576"/>', text)


def without_styles(name: str, text: str) -> str | None:
    return None if name == "xl/styles.xml" else text


@pytest.mark.parametrize("spelling", [prefixed, strict, lying_dimension, without_styles])
def test_every_spelling_of_the_format_reads_the_same(spelling):
    assert plain(sent_file()) == plain(rewritten(sent_file(), spelling))


def plain(data: bytes) -> list[tuple[str, dict[tuple[int, int], object]]]:
    book: BookData = read_workbook(data, "表.xlsx")
    return [
        (s.title, {(c.row, c.column): c.value for row in s.rows.values() for c in row.values()}) for s in book.sheets
    ]


def test_what_libreoffice_saved_reads_as_before(tmp_path):
    path = tmp_path / "表.xlsx"
    path.write_bytes(sent_file())
    saved = resaved([path], tmp_path / "saved")[0].read_bytes()
    assert plain(path.read_bytes()) == plain(saved)
    assert read_workbook(saved, "表.xlsx").properties["taskkit-workbook"]


def test_openpyxl_reads_the_same_cells():
    book = openpyxl.load_workbook(io.BytesIO(sent_file()))
    expected = [
        (sheet.title, {(c.row, c.column): c.value for row in sheet.iter_rows() for c in row if c.value is not None})
        for sheet in book.worksheets
    ]
    assert expected == plain(sent_file())


@given(st.integers(1, 16_384))
def test_column_letters_and_numbers_are_each_others_inverse(number):
    assert number == column_number(column_letter(number))


# --- limits ---------------------------------------------------------------------------


def test_stray_cells_in_the_last_corner_and_formatted_empty_rows_cost_nothing():
    far = "".join(f'<row r="{row}"><c r="A{row}" s="0"/><c r="B{row}" s="0"/></row>' for row in range(3, 60_000))
    stray = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row>'
    data = with_rows(f'<row r="2"><c r="B2"><v>7</v></c></row>{far}{stray}')
    start = time.perf_counter()
    assert {"B2": 7} == values(data)
    assert time.perf_counter() - start < 5


def test_places_outside_a_sheet_are_passed_over():
    assert {"A1": 1} == values(
        with_rows(
            '<row r="1"><c r="A1"><v>1</v></c><c r="ZZZ1"><v>2</v></c></row><row r="9999999"><c><v>3</v></c></row>'
        )
    )


def test_a_large_sheet_is_read_as_a_stream_and_gives_the_same(monkeypatch):
    whole = plain(sent_file())
    monkeypatch.setattr(xlsx_reader, "_WHOLE_TREE", 0)
    assert whole == plain(sent_file())


@pytest.mark.parametrize(
    ("module", "limit", "value"),
    [
        (book_data, "MAX_CELLS", 3),
        (xlsx_reader, "MAX_SHEETS", 1),
    ],
)
def test_a_workbook_over_a_limit_is_refused(module, limit, value, monkeypatch):
    monkeypatch.setattr(module, limit, value)
    with pytest.raises(InputError, match="过多"):
        read_workbook(sent_file(), "表.xlsx")


@pytest.mark.parametrize(("module", "limit"), [(xlsx_reader, "MAX_STRINGS"), (book_data, "MAX_CHARACTERS")])
def test_texts_that_cells_share_count_for_each_of_them(module, limit, monkeypatch):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for row in range(3):
            sheet.write_string(row, 0, "县教育局")
            sheet.write_string(row, 1, f"{row}")
    assert 3 == len(first(buffer.getvalue()).rows)
    monkeypatch.setattr(module, limit, 3)
    with pytest.raises(InputError, match="过多"):
        read_workbook(buffer.getvalue(), "表.xlsx")


def test_a_part_over_its_limit_is_refused(monkeypatch):
    monkeypatch.setattr(xlsx_reader, "MAX_SHEET_XML", 50)
    with pytest.raises(InputError, match="过大"):
        read_workbook(sent_file(), "表.xlsx")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("tree", [0, xlsx_reader._WHOLE_TREE])
@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("</sheetData>", ""),
        lambda text: text[: len(text) // 2],
        lambda text: BOMB + re.sub(r"^<\?xml[^>]*\?>", "", text).replace("<t>", "<t>&b;", 1),
        lambda text: re.sub(r't="inlineStr"><is>.*?</is>', 't="s"><v>99999</v>', text),
    ],
)
def test_a_damaged_or_hostile_sheet_is_refused(damage, tree, monkeypatch):
    monkeypatch.setattr(xlsx_reader, "_WHOLE_TREE", tree)
    with pytest.raises(InputError):
        read_workbook(sheet_xml(sent_file(), damage), "表.xlsx")


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        (("[Content_Types].xml", "xl/workbook.bin"), "xlsb"),
        (("[Content_Types].xml", "word/document.xml"), "Word"),
        (("a.txt",), "压缩包"),
    ],
)
def test_relatives_of_a_workbook_are_named_for_what_they_are(parts, word):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    with pytest.raises(InputError, match=word):
        read_workbook(buffer.getvalue(), "表.xlsx")


@given(st.binary(max_size=400), st.integers(0, 5000))
def test_random_damage_is_refused_or_read_but_never_a_traceback(noise, at):
    data = sent_file_once()
    cut = at % len(data)
    try:
        read_workbook(data[:cut] + noise + data[cut + len(noise) :], "表.xlsx")
    except InputError as error:
        assert "表.xlsx" in str(error)


def sent_file_once(cache: list[bytes] = []) -> bytes:  # noqa: B006
    if not cache:
        cache.append(sent_file())
    return cache[0]


# --- signs, dates and properties ------------------------------------------------------


@pytest.mark.parametrize(
    ("spelt", "read"),
    [
        ("_xD83D__xDE00_好", "😀好"),
        ("半_xD83D_个", "半个"),
        ("半_xDE00_个", "半个"),
        ("零_x0000_响_x0007_完", "零响完"),
        ("行_x000A_行", "行\n行"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xFFFF_尽", "尽"),
    ],
)
def test_what_no_text_can_hold_is_dropped_and_halves_of_a_sign_are_joined(spelt, read):
    data = with_rows(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{spelt}</t></is></c></row>')
    [value] = values(data).values()
    assert read == value
    str(value).encode()


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('yyyy"年"m"月"', "2026年6月"),
        ("yyyy\\年m\\月", "2026年6月"),
        ('m"月"d"日";@', "6月5日"),
        ('[$-804]yyyy"年"mm"月"dd"日"', "2026年06月05日"),
        ("yyyy-mm-dd", ""),
        ('yyyy"年"m"月"d"日" h:mm', ""),
        ('mmm"月"', ""),
    ],
)
def test_a_date_knows_what_it_looks_like_where_its_format_writes_chinese(code, shown):
    sheet = first(workbook([dt.datetime(2026, 6, 5)], A1=code))
    assert shown == sheet.rows[1][1].shown


@pytest.mark.parametrize(("number", "shown"), [(57, "2026年6月"), (58, "6月5日"), (31, "2026年6月5日"), (14, "")])
def test_the_built_in_formats_of_a_chinese_excel_are_known(number, shown):
    data = rewritten(
        workbook([dt.datetime(2026, 6, 5)]),
        lambda name, text: (
            re.sub(
                r"(<cellXfs.*?</cellXfs>)",
                lambda m: re.sub(r'numFmtId="(?!0")\d+"', f'numFmtId="{number}"', m[0]),
                text,
            )
            if name.endswith("styles.xml")
            else text
        ),
    )
    assert shown == first(data).rows[1][1].shown


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-04-08T09:30:00Z", dt.datetime(2026, 4, 8, 9, 30)),
        ("2026-04-08T17:30:00+08:00", dt.datetime(2026, 4, 8, 9, 30)),
        (" 2026-04-08T09:30:00 ", dt.datetime(2026, 4, 8, 9, 30)),
        ("昨天", None),
        ("0001-01-01T00:00:00+14:00", None),
        (None, None),
    ],
)
def test_a_workbook_tells_when_it_was_saved(said, moment):
    data = stamped(workbook(["甲"]), said)
    assert moment == read_workbook(data, "表.xlsx").saved_at == read_labels(data, "表.xlsx").saved_at
