"""The splicing engine: what it may change, what stretches, what it refuses; written is what is read back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import openpyxl
import pypdfium2  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook
from xlsxwriter.workbook import Workbook

from taskkit.errors import InputError, TemplateError
from taskkit.office.compiling import compile_template
from taskkit.office.filling import Filling, Formula, Row, SheetFilling, fill, fill_into
from taskkit.office.sheets import read_workbook
from tests.full_template import KEYS, MARKS, full_filling, full_template, tasks
from tests.returned_books import rewritten
from tests.soffice import resaved

# openpyxl says so of every feature of Excel 2010; it is only asked what it reads.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

COUNTS = (0, 1, 40, 1000)
SHEET = "xl/worksheets/sheet1.xml"
X = "{*}"


@lru_cache
def template() -> bytes:
    return full_template()


@lru_cache
def filled(count: int) -> bytes:
    return fill(template(), full_filling(count), "全.xlsx")


@lru_cache
def parts(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def root(count: int, part: str = SHEET) -> Any:
    return etree.fromstring(parts(filled(count))[part])


def book(count: int) -> Any:
    return openpyxl.load_workbook(io.BytesIO(filled(count)))


def end(count: int) -> int:
    """The last row written: rows from 4 on, with a band for each section (none above a blank row)."""
    return 3 + max(count, 1) + min(count, 2)


def texts(found: Any, path: str) -> list[str]:
    return [each.text for each in found.iterfind(path)]


def sqrefs(found: Any, path: str) -> list[str]:
    return [_range(each.get("sqref") or each.get("ref")) for each in found.iterfind(path)]


def _range(text: str) -> str:
    """D4:D4 is the same as D4."""
    return re.sub(r"\b(\w+):\1\b", r"\1", text)


# --- what may change, and what must not ------------------------------------------------------


@pytest.mark.parametrize("count", COUNTS)
def test_all_other_parts_are_byte_for_byte_those_of_the_template(count):
    may_change = re.compile(
        r"\[Content_Types\]\.xml|docProps/.*|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/sheet[1236]\.xml"
        r"|xl/tables/.*|xl/comments\d+\.xml|xl/drawings/drawing1\.xml|xl/drawings/vml.*|xl/charts/.*|xl/styles\.xml"
    )
    before, after = parts(template()), parts(filled(count))
    assert [] == [name for name in before if not may_change.fullmatch(name) and before[name] != after.get(name)]
    assert {"xl/worksheets/sheet6.xml"} == set(after) - set(before)


def test_the_styles_change_only_where_a_cell_needs_one_that_the_template_lacks():
    listed = tuple(Row("task", row.values, ("id", "title", "state")) for row in tasks(3))
    sheets = (SheetFilling("任务", listed, MARKS), SheetFilling("表格", (), MARKS))
    as_it_is = fill(template(), Filling(full_filling(1).values, sheets), "全.xlsx")
    assert parts(template())["xl/styles.xml"] == parts(as_it_is)["xl/styles.xml"]
    assert parts(template())["xl/styles.xml"] != parts(filled(1))["xl/styles.xml"]


def test_what_is_not_filled_is_still_there_when_sheets_are_left_out():
    listed = (SheetFilling("任务", tasks(2), MARKS), SheetFilling("表格", (), MARKS))
    made = parts(fill(template(), Filling(full_filling(1).values, listed), "全.xlsx"))
    assert not {"xl/worksheets/sheet2.xml", "xl/tables/table1.xml", "xl/worksheets/_rels/sheet2.xml.rels"} & set(made)
    assert b"sheet2.xml" not in made["[Content_Types].xml"] + made["xl/_rels/workbook.xml.rels"]
    assert b"table1" not in made["[Content_Types].xml"]
    assert "表格" not in made["docProps/app.xml"].decode()
    without = openpyxl.load_workbook(io.BytesIO(fill(template(), Filling(full_filling(1).values, listed), "全.xlsx")))
    assert ["任务", "汇总", "附注", "_lists", "_taskkit"] == without.sheetnames
    assert without["汇总"]["A1"].value is None, "it spoke of the sheet that is not there"


# --- what stretches ----------------------------------------------------------------------------


@pytest.mark.parametrize("count", COUNTS)
def test_every_feature_covers_the_rows_written(count):
    sheet, last = root(count), end(count)
    total, down = last + 1, last - 5
    assert [f"B4:G{last}", _range(f"D4:D{last}"), f"C{total}"] == sqrefs(sheet, f"{X}conditionalFormatting")
    assert [_range(f"F4:F{last}"), _range(f"D4:D{last}")] == sqrefs(sheet, f"{X}dataValidations/{X}dataValidation")
    assert ["名单", "0"] == texts(sheet, f".//{X}dataValidation/{X}formula1")[:2]
    assert [f"$C${total}"] == texts(sheet, f".//{X}dataValidation/{X}formula2")
    assert {_range(f"F4:F{last}"), _range(f"D4:D{last}")} == {each.text for each in sheet.iter("{*}sqref")}, (
        "those of Excel 2010"
    )
    assert ["_lists!$A$1:$A$3"] == texts(sheet, f".//{X}formula1/{X}f")
    assert [f"B3:G{last}"] == sqrefs(sheet, f"{X}autoFilter")
    assert ["B1:G1", f"B{10 + down}:G{10 + down}"] == sqrefs(sheet, f"{X}mergeCells/{X}mergeCell")
    assert [f"B{11 + down}", f"B{12 + down}"] == sqrefs(sheet, f"{X}hyperlinks/{X}hyperlink")
    assert f"任务!C{total}" == sheet.findall(f"{X}hyperlinks/{X}hyperlink")[1].get("location")
    assert [str(total)] == [each.get("id") for each in sheet.iterfind(f"{X}rowBreaks/{X}brk")]
    assert [_range(f"F4:F{last}")] == sqrefs(sheet, f"{X}protectedRanges/{X}protectedRange")
    assert [f"{_range(f'A4:A{last}')} A{8 + down}"] == sqrefs(sheet, f"{X}ignoredErrors/{X}ignoredError")
    assert f"A1:G{13 + down}" == sheet.find(f"{X}dimension").get("ref")
    assert [f"B{13 + down}"] == [each.get("ref") for each in root(count, "xl/comments1.xml").iter("{*}comment")]
    assert ["B5" if count else "B4"] * 2 == [
        sheet.findall(f".//{X}selection")[-1].get(key) for key in ("activeCell", "sqref")
    ]


@pytest.mark.parametrize("count", COUNTS)
def test_pictures_and_comment_boxes_below_go_down(count):
    down = end(count) - 5
    drawing = root(count, "xl/drawings/drawing1.xml")
    assert [14 + down, 16 + down] == [int(each.findtext("{*}row")) for each in drawing.iter("{*}from")]
    assert 22 + down == int([each.findtext("{*}row") for each in drawing.iter("{*}to")][1]), "and keep their size"
    notes = parts(filled(count))["xl/drawings/vmlDrawing1.vml"].decode()
    assert [str(12 + down)] == re.findall(r"<x:Row>(\d+)</x:Row>", notes)
    assert str(11 + down) == re.findall(r"<x:Anchor>([^<]*)<", notes)[0].split(",")[2].strip()


@pytest.mark.parametrize("count", COUNTS)
def test_names_tables_charts_and_formulas_follow(count):
    last = end(count)
    names = {each.get("name"): each.text for each in root(count, "xl/workbook.xml").iter("{*}definedName")}
    assert names == {
        "_xlnm._FilterDatabase": f"任务!$B$3:$G${last}",
        "_xlnm.Print_Area": f"任务!$B$1:$G${last + 5}",
        "_xlnm.Print_Titles": "任务!$3:$3",
        "合计格": f"任务!$C${last + 1}",
        "名单": "_lists!$A$1:$A$3",
        "金额列": f"任务!$C$4:$C${last}",
        "列表_完成情况": "_taskkit!$D$2:$D$4",
    }
    table = root(count, "xl/tables/table1.xml")
    rows = max(count, 1)
    assert (f"A1:B{rows + 2}", f"A1:B{rows + 1}") == (table.get("ref"), table.find(f"{X}autoFilter").get("ref"))
    chart = root(count, "xl/charts/chart1.xml")
    assert ["任务!$C$3", f"任务!$B$4:$B${last}", f"任务!$C$4:$C${last}"] == [each.text for each in chart.iter("{*}f")]
    summary = book(count)["汇总"]
    assert f"=SUM(任务!C4:C{last})+SUM(数据[金额])" == summary["A1"].value
    assert f'=COUNTIF(任务!$F$4:$F${last},"已完成")&任务!$C${last + 1}' == summary["A2"].value


@pytest.mark.parametrize("count", COUNTS)
def test_the_total_row_sums_what_is_written_and_shared_formulas_are_written_out(count):
    sheet, last = book(count)["任务"], end(count)
    assert f"=SUM(C4:C{last})" == sheet.cell(last + 1, 3).value
    assert [f"=C{row - 1}+1" for row in range(last + 2, last + 5)] == [
        sheet.cell(row, 3).value for row in range(last + 2, last + 5)
    ]
    first = 5 if count else 4
    assert f"=C{first}*D{first}/C${last + 1}" == sheet.cell(first, 7).value


@pytest.mark.parametrize(("count", "total"), [(0, 0), (1, 1.5), (40, 1230)])
def test_the_result_of_a_total_is_known_without_calculating(count, total):
    found = openpyxl.load_workbook(io.BytesIO(filled(count)), data_only=True)
    assert total == found["任务"].cell(end(count) + 1, 3).value


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=SUM(B1:B1)", 6.6),
        ("=COUNT(B1:B1)", 3),
        ("=MAX(B$1:B$1)", 3.3),
        ("=MIN(B1:B1)", 1.1),
        ("=AVERAGE(B1:B1)", 2.2),
        ("=SUM(B1:B1)+1", None),
        ("=SUM(C1:C1)", None),
    ],
)
def test_results_are_given_only_where_they_are_known(formula, expected):
    form = simple([["{{ task.id }}", "{{ task.amount }}", "=B1*2"], [formula]])
    rows = [Row("task", {"id": "T", "amount": value}) for value in (1.1, 2.2, "暂无数据", 3.3, None)]
    made = fill(form, Filling({}, (SheetFilling("表", rows, MARKS),)))
    assert expected == openpyxl.load_workbook(io.BytesIO(made), data_only=True)["表"]["A6"].value


def test_values_keep_the_formats_of_their_model_cells():
    sheet = book(2)["任务"]
    assert ["#,##0.00", "0.0%", "yyyy-mm-dd"] == [sheet.cell(5, column).number_format for column in (3, 4, 5)]
    assert (1.5, 0.25, "2026-07-10") == (sheet["C5"].value, sheet["D5"].value, str(sheet["E5"].value)[:10])
    assert [True, True, True, True, True, False] == [sheet.cell(5, at).protection.locked for at in range(1, 7)]


def test_a_mark_that_was_typed_in_pieces_is_one_and_the_look_of_the_text_around_stays():
    found = root(2).find(f".//{X}c[@r='B2']/{X}is")
    assert ["填报单位：", "县教育局", "（盖章）"] == [each.findtext(f"{X}t") for each in found]
    assert ["FFA61C1C"] == [each.get("rgb") for each in found[1].iter("{*}color")]


def test_an_empty_sheet_that_is_kept_has_one_row_that_is_empty_and_formatted():
    sheet = book(0)["任务"]
    assert [None] * 6 == [sheet.cell(4, column).value for column in range(1, 7)]
    assert "#,##0.00" == sheet.cell(4, 3).number_format
    assert "合计" == sheet.cell(5, 2).value


def test_the_last_sheet_in_sight_is_never_left_out():
    form = simple([["{{ task.id }}", "{{ task.title }}"]])
    alone = openpyxl.load_workbook(io.BytesIO(fill(form, Filling({}, (SheetFilling("表", (), MARKS),)))))
    assert [["表", "_taskkit"], "visible"] == [alone.sheetnames, alone["表"].sheet_state]


@pytest.mark.parametrize("count", COUNTS)
def test_other_readers_read_the_same(count):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(filled(count))).get_sheet_by_name("任务").to_python()
    ours = read_workbook(filled(count), "全.xlsx").sheets[0]
    expected = [
        (row.values["id"], row.values["title"], row.values["amount"], 0.25, row.values["day"], row.values["state"])
        for row in tasks(count)
    ]
    assert expected == [tuple(row[:6]) for row in rows if str(row[0]).startswith("W1.")]
    theirs = [tuple(cell.value for cell in row[:4]) for row in book(count)["任务"].iter_rows()]
    assert [row[:4] for row in expected] == [row for row in theirs if str(row[0]).startswith("W1.")]
    numbers = [at for at, row in ours.rows.items() if 1 in row and str(row[1].value).startswith("W1.")]
    assert [row[:4] for row in expected] == [
        tuple(ours.rows[at][column].value for column in range(1, 5)) for at in numbers
    ]


def test_libreoffice_opens_it_and_prints_it_as_wide_as_the_template_says(tmp_path):
    files = [tmp_path / f"{count}.xlsx" for count in COUNTS]
    for count, file in zip(COUNTS, files, strict=True):
        file.write_bytes(filled(count))
    saved = resaved(files, tmp_path / "saved")
    for count, file in zip(COUNTS, saved, strict=True):
        sheet = openpyxl.load_workbook(file, data_only=True)["任务"]
        assert sum(number * 1.5 for number in range(1, count + 1)) == sheet.cell(end(count) + 1, 3).value
    [printed] = resaved(files[2:3], tmp_path / "pdf", "pdf")
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(printed)]
    widths = {("折算" in page, "正常推进" in page) for page in pages if "办好第" in page and "编号" not in page}
    assert (True, True) in widths and (False, True) not in widths, "all columns stand on each page of rows"


def test_a_template_that_libreoffice_saved_is_filled_as_well(tmp_path):
    file = tmp_path / "模板.xlsx"
    file.write_bytes(template())
    [saved] = resaved([file], tmp_path / "saved")
    made = openpyxl.load_workbook(io.BytesIO(fill(saved.read_bytes(), full_filling(5), "模板.xlsx")))
    sheet = made["任务"]
    assert ["办好第4件事", "办好第5件事", "合计"] == [sheet.cell(row, 2).value for row in (9, 10, 11)]
    assert ("=SUM(C4:C10)", "B3:G10", "A1:B7") == (
        sheet["C11"].value,
        sheet.auto_filter.ref,
        made["表格"].tables["数据"].ref,
    )


# --- texts --------------------------------------------------------------------------------------


def simple(lines: Sequence[Sequence[object]], change: Callable[[Any, Any], object] | None = None) -> bytes:
    """A template with one sheet 表; texts that begin with = are formulas."""
    made = io.BytesIO()
    workbook = Workbook(made, {"in_memory": True})
    sheet = workbook.add_worksheet("表")
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            sheet.write(row, column, value)
    if change:
        change(workbook, sheet)
    workbook.close()
    return made.getvalue()


FORM = simple([["编号", "任务"], ["{{ task.id }}", "{{ task.title }}"], ["合计"]])


def of_titles(*titles: object, form: bytes = FORM) -> bytes:
    rows = tuple(Row("task", {"id": "T1", "title": title}) for title in titles)  # type: ignore[dict-item]
    return fill(form, Filling({"unit.name": "县教育局"}, (SheetFilling("表", rows, MARKS),)), "表.xlsx")


TEXTS = {
    "markup": "&<>\"'&amp;]]>",
    "emoji": "完成👍🏽，𠮷田",
    "beyond the BMP": "\U00020bb7\U0010ffff",
    "NFC": "é",
    "NFD": "e\u0301",
    "spaces": "  前后有空格　 ",
    "breaks": "一\n二\n\n三\n",
    "looks escaped": "_x000D_与_x005F_x0041_",
    "formula": '=HYPERLINK("http://x")',
    "controls": "响铃\x07退格\x08",
    "tab": "甲\t乙",
    "private": "\ue000\ufdd0\ufdd1",
    "longest": "长" * 32_767,
    "longest pairs": "\U00020bb7" * 16_383,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_texts_are_read_back_as_they_were_written(text):
    for form in (FORM, simple([["{{ task.id }}", "{{ task.title }}"]])):
        cell = openpyxl.load_workbook(io.BytesIO(of_titles(text, form=form)))["表"].cell(2 if form is FORM else 1, 2)
        assert (text, "s") == (unescape(cell.value), cell.data_type.replace("inlineStr", "s"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("长" * 32_768, "文字超过32767字"),
        ("\U00020bb7" * 16_384, "文字超过32767字"),
        ("甲\x00", r"第2个字符（U\+0000）"),
        ("\ud83d半个", r"第1个字符（U\+D83D）"),
        ("\uffff", r"第1个字符（U\+FFFF）"),
    ],
)
def test_a_text_that_no_cell_holds_is_refused_with_its_cell(text, said):
    with pytest.raises(InputError, match=f"“表” B3：{said}"):
        of_titles("好", text)


@pytest.mark.parametrize("value", [True, 0, -3, 1e300, 0.1, 10**12, float("nan"), float("inf")])
def test_numbers_are_numbers_and_what_is_none_is_blank(value):
    cell = openpyxl.load_workbook(io.BytesIO(of_titles(value)))["表"]["B2"]
    assert (None if value != value or value == float("inf") else value) == cell.value


def test_a_date_is_one_where_the_model_cell_has_no_date_format_and_days_may_count_from_1904():
    later = rewritten(FORM, {"xl/workbook.xml": lambda text: text.replace("<workbookPr ", '<workbookPr date1904="1" ')})
    for form in (FORM, later):
        found = openpyxl.load_workbook(io.BytesIO(of_titles(date(2026, 7, 10), form=form)))["表"]["B2"].value
        assert "2026-07-10" == str(found)[:10]


def test_a_known_result_of_a_formula_is_kept_and_others_are_calculated_on_opening():
    made = parts(of_titles(Formula("1+1", 2)))
    assert b"<f>1+1</f><v>2</v>" in made[SHEET]
    summed = simple([["{{ task.id }}", "=1+1"], ["{{ unit.name }}", "=COUNTA(A1:A1)"]])
    made = parts(of_titles("甲", form=summed))
    assert b"<v></v>" in made[SHEET]
    assert b'fullCalcOnLoad="1"' in made["xl/workbook.xml"]


@pytest.mark.parametrize(("title", "asked"), [("甲", "0"), (Formula("1+1"), "1")])
def test_excel_is_asked_to_calculate_only_where_there_is_something_to_calculate(title, asked):
    form = rewritten(FORM, {"xl/workbook.xml": lambda text: text.replace(' fullCalcOnLoad="1"', "")})
    assert f'fullCalcOnLoad="{asked}"' in parts(of_titles(title, form=form))["xl/workbook.xml"].decode()


# --- what is refused ------------------------------------------------------------------------------


def patched(text: str, new: str, *, once: bool = False) -> bytes:
    assert text in parts(FORM)[SHEET].decode()
    return rewritten(FORM, {SHEET: lambda old: old.replace(text, new, 1 if once else -1)})


def with_formula(formula: str) -> bytes:
    """A formula as Excel writes the special ones, in B3."""
    return patched("</c></row></sheetData>", f'</c><c r="B3">{formula}</c></row></sheetData>')


def with_scenarios() -> bytes:
    return patched("<pageMargins", '<scenarios><scenario name="甲"/></scenarios><pageMargins')


def pivot() -> bytes:
    """A template whose pivot table counts over the model rows."""
    source = (
        '<pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<cacheSource type="worksheet"><worksheetSource ref="A1:B2" sheet="表"/></cacheSource></pivotCacheDefinition>'
    )
    relation = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'pivotCacheDefinition" Target="pivotCache/pivotCacheDefinition1.xml"/></Relationships>'
    )
    data = rewritten(FORM, {"xl/_rels/workbook.xml.rels": lambda text: text.replace("</Relationships>", relation)})
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/pivotCache/pivotCacheDefinition1.xml", source)
    return target.getvalue()


def note(_: Any, sheet: Any) -> None:
    sheet.write_comment(1, 1, "每行都要")


def box(_: Any, sheet: Any) -> None:
    sheet.insert_textbox(1, 3, "旁边的说明")


def crossing(_: Any, sheet: Any) -> None:
    sheet.merge_range(0, 3, 2, 3, "竖排")


def sparkline(_: Any, sheet: Any) -> None:
    sheet.add_sparkline(1, 3, {"range": "表!A2:B2"})


def marked_table(_: Any, sheet: Any) -> None:
    sheet.add_table(0, 0, 1, 1, {"columns": [{"header": "{{ unit.name }}"}, {"header": "任务"}]})
    sheet.write_string(1, 0, "{{ task.id }}")


LINES = [["编号", "任务"], ["{{ task.id }}", "{{ task.title }}"], ["合计"]]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (lambda: simple(LINES, note), "“表” B2：样板行里有批注"),
        (lambda: simple(LINES, box), "“表” D2：样板行里有图片或图形"),
        (lambda: simple(LINES, crossing), "“表” D1:D3：样板行里有合并单元格"),
        (lambda: simple(LINES, sparkline), "“表” D2是迷你图"),
        (lambda: simple(LINES, marked_table), "“表” A1：“表格”的表头里有标记"),
        (pivot, "数据透视表以“表 A1:B2”为数据源"),
        (lambda: with_formula('<f t="array" ref="B3">A2:A2*2</f>'), "“表” B3是数组公式"),
        (lambda: with_formula('<f t="dataTable" ref="B3" r1="A1"/>'), "“表” B3是数组公式或模拟运算表"),
        (lambda: simple([["{{ task.id }}"], ["{{ task.title }}"]]), "第2行：“task”的样板行有两行"),
        (with_scenarios, "方案（模拟分析）"),
        (lambda: simple([["{{ task.id }}"], ["{{ section }}"], ["隔"], ["{{ group }}"]]), "样板行之间夹有别的行"),
        (lambda: simple([*LINES, ["=B2"]]), "“表” A4的“B2”里 B2 指向样板行里的一个单元格"),
        (lambda: FORM[:-30], "打不开模板 表.xlsx"),
        (lambda: patched("<v>2</v>", "<v>99</v>"), "“表” A2 的文字已丢失"),
    ],
)  # fmt: skip
def test_what_cannot_stretch_is_refused_with_its_cell_and_its_name(form, said):
    with pytest.raises(TemplateError, match=said):
        of_titles("甲", "乙", form=form())


def test_whole_columns_do_not_grow_beyond_the_last_row():
    def whole(book: Any, sheet: Any) -> None:
        red = book.add_format({"bg_color": "#FFC7CE"})
        sheet.conditional_format("B1:B1048576", {"type": "formula", "criteria": '=$B1="甲"', "format": red})
        sheet.data_validation("C2:C1048576", {"validate": "list", "source": ["是", "否"]})
        sheet.ignore_errors({"number_stored_as_text": "A1:A1048576"})
        book.define_name("整列", "=表!$B$1:$B$1048576")
        book.define_name("全表", "=表!$A$1:$XFD$1048576")

    form = simple([*LINES, ["=COUNTA(B1:B1048576)", "=COUNTA(C$3:C$1048576)", "=COUNTA(1:1048576)"]], whole)
    made = parts(of_titles("甲", "乙", "丙", form=form))
    sheet = etree.fromstring(made[SHEET])

    assert ["B1:B1048576"] == sqrefs(sheet, f"{X}conditionalFormatting")
    assert ["C2:C1048576"] == sqrefs(sheet, f".//{X}dataValidation")
    assert ["A1:A1048576"] == sqrefs(sheet, f".//{X}ignoredError")
    assert ["COUNTA(B1:B1048576)", "COUNTA(C$5:C$1048576)", "COUNTA(1:1048576)"] == texts(sheet, f".//{X}c/{X}f")
    assert ["表!$A$1:$XFD$1048576", "表!$B$1:$B$1048576"] == texts(
        etree.fromstring(made["xl/workbook.xml"]), f".//{X}definedName"
    )


def test_the_last_cell_of_a_sheet_may_be_selected_but_not_filled():
    def at_the_end(_: Any, sheet: Any) -> None:
        sheet.set_selection("A1048576")

    made = parts(of_titles("甲", "乙", "丙", form=simple(LINES, at_the_end)))[SHEET]
    assert b'activeCell="A1048576"' in made
    form = simple(LINES, lambda _, sheet: sheet.write_string("A1048576", "完"))
    with pytest.raises(TemplateError, match="“表” 第1048576行有内容或格式，下移后超出工作表的行数"):
        of_titles("甲", "乙", form=form)


def test_a_formula_in_model_rows_may_count_a_whole_column():
    form = simple([["编号", "任务"], ["{{ task.id }}", "{{ task.title }}", "=COUNTIF(B1:B1048576,B2)"], ["合计"]])
    read = openpyxl.load_workbook(io.BytesIO(of_titles("甲", "甲", form=form)))["表"]
    assert ["=COUNTIF(B1:B1048576,B2)", "=COUNTIF(B1:B1048576,B3)"] == [read["C2"].value, read["C3"].value]


def test_bounds_of_data_bars_colours_and_icons_follow_their_cells():
    def bounded(_: Any, sheet: Any) -> None:
        bar = {"type": "data_bar", "data_bar_2010": True, "max_type": "formula", "max_value": "=$B$3"}
        scale = {"type": "2_color_scale", "min_type": "num", "min_value": 0, "max_type": "num", "max_value": "=$B$3"}
        high = {"criteria": ">=", "type": "formula", "value": '=IF($B$3>1,"高","低")'}
        low = {"criteria": ">=", "type": "percent", "value": 33.5}
        sheet.conditional_format("B2", bar)
        sheet.conditional_format("C2", scale)
        sheet.conditional_format("D2", {"type": "icon_set", "icon_style": "3_arrows", "icons": [high, low]})

    sheet = etree.fromstring(parts(of_titles(1, 2, 3, form=simple(LINES, bounded)))[SHEET])
    found = [value for each in sheet.iter("{*}cfvo") if (value := each.get("val"))]
    assert ["$B$5", "0", "$B$5", "0", "33.5", 'IF($B$5>1,"高","低")'] == [value.removeprefix("=") for value in found]
    assert ["$B$5"] == [each.text for each in sheet.iterfind(f".//{X}cfvo/{X}f")], "that of Excel 2010"


def test_names_that_count_from_the_cell_that_uses_them_stay():
    def named(book: Any, _: Any) -> None:
        book.define_name("上一行", "=表!A1048576")
        book.define_name("下一行", "=表!$B2")
        book.define_name("到合计", "=表!A2:A$3")
        book.define_name("合计格", "=表!$A$3")

    made = parts(of_titles("甲", "乙", "丙", form=simple(LINES, named)))
    names = etree.fromstring(made["xl/workbook.xml"]).iter("{*}definedName")
    assert {"上一行": "表!A1048576", "下一行": "表!$B2", "到合计": "表!A2:A$5", "合计格": "表!$A$5"} == {
        each.get("name"): each.text for each in names
    }


def test_a_print_area_moves_though_it_is_written_without_dollars():
    def printed(_: Any, sheet: Any) -> None:
        sheet.print_area(0, 0, 2, 1)

    bare = {"xl/workbook.xml": lambda text: text.replace("$A$1:$B$3", "A1:B3")}
    made = parts(of_titles("甲", "乙", "丙", form=rewritten(simple(LINES, printed), bare)))
    assert ["表!A1:B5"] == texts(etree.fromstring(made["xl/workbook.xml"]), ".//{*}definedName")


def test_the_sum_of_a_number_that_is_the_same_in_every_row_is_left_to_excel():
    form = simple([["{{ task.id }}", "{{ book.task_count }}"], ["合计", "=SUM(B1:B1)"]])
    rows = (Row("task", {"id": "T1"}), Row("task", {"id": "T2"}))
    made = fill(form, Filling({"book.task_count": 5}, (SheetFilling("表", rows, MARKS),)))
    read = openpyxl.load_workbook(io.BytesIO(made), data_only=True)["表"]
    assert [5, 5, None] == [read.cell(row, 2).value for row in (1, 2, 3)]


def test_an_array_formula_that_nothing_moves_stays():
    above = patched("</c></row>", '</c><c r="D1"><f t="array" ref="D1">SUM(E1:F1*2)</f><v>0</v></c></row>', once=True)
    assert b'<f t="array" ref="D1">' in parts(of_titles("甲", "乙", form=above))[SHEET]


def test_a_shape_that_shows_a_cell_shows_it_where_it_has_gone():
    def shape(_: Any, sheet: Any) -> None:
        sheet.insert_textbox(6, 3, "", {"textlink": "=表!$A$3"})

    made = parts(of_titles("甲", "乙", "丙", form=simple(LINES, shape)))
    assert 'textlink="表!$A$5"' in made["xl/drawings/drawing1.xml"].decode()


def test_a_filter_on_a_row_that_this_workbook_does_not_have_goes_with_it():
    def filtered(_: Any, sheet: Any) -> None:
        sheet.autofilter(2, 0, 2, 1)
        sheet.merge_range(2, 2, 2, 3, "签字")

    form = simple([["编号", "任务"], ["{{ task.id }}", "{{ task.title }}"], ["{{ book.id }}"], ["完"]], filtered)
    rows = (Row("task", {"id": "T1"}),)
    for signed, left in ((None, 0), ("填报人", 1)):
        made = parts(fill(form, Filling({"book.id": signed}, (SheetFilling("表", rows, MARKS),))))[SHEET]
        assert (left, left) == (made.count(b"<autoFilter"), made.count(b"<mergeCells"))


def test_a_row_below_stays_though_its_first_mark_gives_nothing():
    form = simple([*LINES[:2], ["{{ unit.phone }}", "联系人"], ["{{ book.id }}", "填报人"], ["完"]])
    made = fill(form, Filling({"unit.phone": None, "book.id": None}, (SheetFilling("表", tasks(1), MARKS),)))
    assert [(None, "联系人"), ("完", None)] == list(
        openpyxl.load_workbook(io.BytesIO(made))["表"].iter_rows(3, values_only=True)
    )


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("农林&水利局", "&L&9农林&&水利局"),
        ("2026年", "&L&9 2026年"),
        ("长" * 300, "&L&9" + "长" * 250 + "…"),
    ],
)
def test_a_footer_keeps_to_the_language_and_the_length_of_footers(unit, expected):
    form = simple([["{{ task.id }}"]], lambda _, sheet: sheet.set_footer("&L&9{{ unit.name }}"))
    made = fill(form, Filling({"unit.name": unit}, (SheetFilling("表", (Row("task", {"id": "1"}),), MARKS),)))
    assert expected == etree.fromstring(parts(made)[SHEET]).findtext(f".//{X}oddFooter")


# --- odd files --------------------------------------------------------------------------------------


def with_prefix(text: str) -> str:
    text = re.sub(r"<(/?)(?!\?)([a-zA-Z])", r"<\1x:\2", text)
    return text.replace("xmlns=", "xmlns:x=")


def test_tags_may_have_a_prefix():
    prefixed = rewritten(
        FORM, dict.fromkeys((SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"), with_prefix)
    )
    made = of_titles("甲", 3, date(2026, 7, 10), None, form=prefixed)
    assert [["编号", "任务"], ["T1", "甲"], ["T1", 3], ["T1", "2026-07-10"], ["T1", None], ["合计", None]] == [
        [str(cell.value)[:10] if isinstance(cell.value, date) else cell.value for cell in row]
        for row in openpyxl.load_workbook(io.BytesIO(made))["表"].iter_rows()
    ]
    assert ("甲", 3) == tuple(read_workbook(made, "表.xlsx").sheets[0].rows[at][2].value for at in (2, 3))


def test_cells_and_rows_need_not_say_where_they_are():
    bare = rewritten(FORM, {SHEET: lambda text: re.sub(r'<(row|c) r="\w+"', r"<\1", text)})
    assert ["甲", "乙"] == [
        openpyxl.load_workbook(io.BytesIO(of_titles("甲", "乙", form=bare)))["表"].cell(row, 2).value for row in (2, 3)
    ]


def test_one_text_may_stand_in_several_cells():
    form = simple([["{{ unit.name }}", "{{ unit.name }}"], ["{{ task.id }}", "{{ unit.name }}"]])
    read = openpyxl.load_workbook(io.BytesIO(of_titles("甲", "乙", form=form)))["表"]
    assert ["县教育局"] * 4 == [read[cell].value for cell in ("A1", "B1", "B2", "B3")]


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["", "-1", "99999999", "abc", "XFE1", "1.5", None]))
def test_a_damaged_template_is_refused_or_filled_but_never_a_fault(chance, value):
    written = [
        SHEET,
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/tables/table1.xml",
        "xl/comments1.xml",
        "[Content_Types].xml",
    ]

    def damaged(text: str) -> str:
        found = chance.choice(list(re.finditer(r' [\w:]+="([^"]*)"', text)))
        new = "" if value is None else f'{found[0].split("=")[0]}="{value}"'
        return text[: found.start()] + new + text[found.end() :]

    try:
        made = fill(rewritten(template(), {chance.choice(written): damaged}), full_filling(2), "坏.xlsx")
    except TemplateError:
        return
    assert all(etree.fromstring(part) is not None for name, part in parts(made).items() if name.endswith(".xml"))


# --- any template, any data --------------------------------------------------------------------------

values = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\x0b\x0c\ufffe\uffff"), max_size=40),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2199, 12, 31)),
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(KEYS), min_size=1, max_size=6, unique=True),
    st.integers(0, 3),
    st.integers(0, 3),
    st.lists(st.lists(values, min_size=6, max_size=6), min_size=1, max_size=12),
)
def test_what_is_written_is_read_back_whatever_the_template(keys, above, below, data):
    model = [f"{{{{ task.{key} }}}}" for key in keys]
    lines: list[Sequence[object]] = [*([["上"]] * above), model, *([["下", "=1+1"]] * below)]
    rows = tuple(Row("task", dict(zip(KEYS, line, strict=True))) for line in data)
    made = fill(simple(lines), Filling({}, (SheetFilling("表", rows, MARKS),)))
    sheet = openpyxl.load_workbook(io.BytesIO(made))["表"]
    written = sheet.iter_rows(above + 1, above + len(rows), 1, len(keys), values_only=True)
    read = [[_plain(value) for value in line] for line in written]
    assert [
        [_plain(row.values[key] or None if row.values[key] == "" else row.values[key]) for key in keys] for row in rows
    ] == read
    assert ["下"] * below == [sheet.cell(above + len(rows) + 1 + at, 1).value for at in range(below)]


def _plain(value: object) -> object:
    return value.isoformat()[:10] if isinstance(value, date) else unescape(value) if isinstance(value, str) else value


# --- the package ---------------------------------------------------------------------------------------


def test_levels_of_compression_differ_in_size_alone():
    small, large = (fill(template(), full_filling(40), "全.xlsx", level) for level in (6, 1))
    assert len(small) < len(large)
    assert parts(small) == parts(large)


def test_a_workbook_may_be_written_into_the_middle_of_a_file():
    target = io.BytesIO(b"head")
    target.seek(4)
    fill_into(target, template(), full_filling(2), "全.xlsx")
    assert b"head" + filled(2) == target.getvalue()


def test_a_template_is_compiled_once(monkeypatch):
    compile_template.cache_clear()
    for count in (1, 2, 3):
        fill(template(), full_filling(count), "全.xlsx")
    assert 1 == compile_template.cache_info().misses
