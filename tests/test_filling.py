"""Filling a template: what is written is what is read, the same input gives the same bytes."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskkit.errors import InputError, TemplateError
from taskkit.office.filling import Filling, Row, SheetFilling, fill
from taskkit.office.sheets import read_workbook


def template(*lines: tuple[str, ...], width: float = 20) -> bytes:
    """A workbook with one sheet 表, its cells as given from A1."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    for line in lines:
        sheet.append(line)
    for letter in "ABCD":
        sheet.column_dimensions[letter].width = width
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


FORM = template(
    ("{{ unit.name }}",), ("编号", "任务"), ("{{ section }}",), ("{{ task.id }}", "{{ task.title }}"), ("填报人：",)
)


def rows(*titles: str, section: str = "") -> tuple[Row, ...]:
    return tuple(
        Row("task", {"id": f"T{at}", "title": title}, ("title",), section) for at, title in enumerate(titles, 1)
    )


def filling(listed: tuple[Row, ...], **values: object) -> Filling:
    return Filling(
        {"unit.name": "县教育局", **values},  # type: ignore[dict-item]
        (SheetFilling("表", listed, {"task": ("id", "title")}),),
        hidden={"workbook": "WAAAA"},
    )


def cells(data: bytes, sheet: str = "表") -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(BytesIO(data))[sheet].iter_rows()]


def test_the_model_row_repeats_the_band_stands_where_its_value_changes_and_the_rest_moves_down():
    listed = (*rows("甲", "乙", section="一、民生"), *rows("丙", section="二、产业"))
    assert [
        ["县教育局", None],
        ["编号", "任务"],
        ["一、民生", None],
        ["T1", "甲"],
        ["T2", "乙"],
        ["二、产业", None],
        ["T1", "丙"],
        ["填报人：", None],
    ] == cells(fill(FORM, filling(listed)))


@pytest.mark.parametrize("count", [2, 40])
def test_rules_stretch_once_over_all_rows(count):
    book = openpyxl.load_workbook(BytesIO(FORM))
    rule = openpyxl.worksheet.datavalidation.DataValidation("custom", formula1="LEN(B4)<9")
    rule.add("B4")
    book["表"].add_data_validation(rule)
    book["表"].print_area = "A1:B5"
    saved = BytesIO()
    book.save(saved)
    sheet = openpyxl.load_workbook(BytesIO(fill(saved.getvalue(), filling(rows(*"甲" * count)))))["表"]
    [stretched] = sheet.data_validations.dataValidation
    assert f"B3:B{2 + count}" == str(stretched.sqref)
    assert f"'表'!$A$1:$B${3 + count}" == sheet.print_area


def test_a_sheet_without_rows_is_left_out():
    book = openpyxl.load_workbook(BytesIO(FORM))
    book.create_sheet("说明")["A1"] = "{{ unit.name }}"
    saved = BytesIO()
    book.save(saved)
    names = openpyxl.load_workbook(BytesIO(fill(saved.getvalue(), filling(())))).sheetnames
    assert ["说明", "_taskkit"] == names


@pytest.mark.parametrize(
    "text",
    ["=1+1项重点任务", "+86", "-", "@某人", "=cmd|'/c calc'!A0", "{{ 原文里的花括号 }}", "_x0041_", "001", "1e5"],
)
def test_texts_stay_texts_whatever_they_look_like(text):
    cell = read_workbook(fill(FORM, filling(rows(text))), "表.xlsx").sheets[0].cell(3, 2)
    assert cell is not None
    assert (text, "text", False) == (cell.value, cell.kind, cell.formula)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_what_is_written_is_read_back(text):
    filled = fill(FORM, filling(rows(text)))
    assert text == cells(filled)[2][1]


def test_all_kinds_of_line_breaks_are_one_and_other_controls_are_spelt_as_excel_does():
    assert "进\n展\n完_x0007_成" == cells(fill(FORM, filling(rows("进\x0b展\r\n完\x07成"))))[2][1]


@pytest.mark.parametrize("sign", ["\x00", "\ud800", "\ufffe"])
def test_what_no_workbook_can_hold_is_refused_with_its_cell(sign):
    with pytest.raises(InputError, match=r"B3：第2个字符"):
        fill(FORM, filling(rows(f"进{sign}展")))


def test_a_text_longer_than_a_cell_is_refused_with_its_cell():
    with pytest.raises(InputError, match=r"B3：文字超过32767字"):
        fill(FORM, filling(rows("长" * 32_768)))


def test_numbers_and_dates_keep_their_type():
    form = template(("{{ task.id }}", "{{ task.title }}"))
    listed = (Row("task", {"id": 4.5, "title": date(2026, 7, 10)}), Row("task", {"id": 3.0, "title": None}))
    [[half, day], [three, nothing]] = cells(fill(form, filling(listed)))
    assert (4.5, 3, None) == (half, three, nothing)
    assert "2026-07-10" == str(day)[:10]


def test_the_same_input_gives_the_same_bytes_with_no_clock_and_no_name_in_them():
    one, two = (fill(FORM, filling(rows("甲", "乙"))) for _ in range(2))
    assert one == two
    parts = zipfile.ZipFile(BytesIO(one))
    assert 1 == len({info.date_time for info in parts.infolist()})
    assert b"openpyxl" not in parts.read("docProps/core.xml")


def test_the_id_stands_in_the_custom_property_and_on_a_very_hidden_sheet():
    book = openpyxl.load_workbook(BytesIO(fill(FORM, filling(rows("甲")))))
    assert "WAAAA" == book.custom_doc_props["taskkit-workbook"].value
    assert ("veryHidden", "WAAAA") == (book["_taskkit"].sheet_state, book["_taskkit"]["B1"].value)


def test_rows_grow_with_their_text_and_no_program_is_told_to_keep_them_so():
    filled = fill(FORM, filling(rows("短", "很长的一段进展情况" * 12)))
    sheet = openpyxl.load_workbook(BytesIO(filled))["表"]
    assert sheet.row_dimensions[4].height is None or sheet.row_dimensions[3].height <= sheet.row_dimensions[4].height
    assert b"customHeight" not in zipfile.ZipFile(BytesIO(filled)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("{{ task.titel }}",), r"“表” A1.*titel.*task\.title"),
        (("{{ unit.nmae }}", "x"), r"unit\.name"),
        (("{{ task.title }",), "花括号不成对"),
        (("{{ task.id }}", "{{ section }}"), "只能放一种标记"),
    ],
)
def test_a_misspelt_mark_is_named_with_its_cell_and_what_was_meant(line, said):
    with pytest.raises(TemplateError, match=said):
        fill(template(line), filling(rows("甲")), "progress.xlsx")


def test_a_merged_model_row_is_refused():
    book = openpyxl.load_workbook(BytesIO(FORM))
    book["表"].merge_cells("A4:B4")
    saved = BytesIO()
    book.save(saved)
    with pytest.raises(TemplateError, match="样板行里有合并单元格"):
        fill(saved.getvalue(), filling(rows("甲")))


# --- formulas outside the model rows --------------------------------------------------------


SUMMED = (
    ("合计：", "=SUM(B3:B3)"),
    ("编号", "任务"),
    ("{{ task.id }}", "{{ task.title }}"),
    ("小计", "=SUM(B3:B3)", "=B4*2", "=COUNTA(B:B)", "=$B$4+B1", '=IF("B3:B3"="",B2,$B$3:$B$3)'),
    ("差", "=B4-B1"),
)


def with_formulas(*lines: tuple[object, ...], change: object = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表"
    for line in lines:
        sheet.append(line)
    if callable(change):
        change(book)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("count", [1, 2, 30])
def test_formulas_outside_the_rows_stretch_over_them_and_move_with_them(count):
    read = cells(fill(with_formulas(*SUMMED), filling(rows(*"甲" * count))))
    end = count + 2
    assert f"=SUM(B3:B{end})" == read[0][1]
    assert [
        f"=SUM(B3:B{end})",
        f"=B{end + 1}*2",
        "=COUNTA(B:B)",
        f"=$B${end + 1}+B1",
        f'=IF("B3:B3"="",B2,$B$3:$B${end})',
    ] == read[end][1:]
    assert f"=B{end + 1}-B1" == read[end + 1][1]


def test_formulas_of_other_sheets_and_names_follow_too():
    def more(book: openpyxl.Workbook) -> None:
        book.create_sheet("汇总")["A1"] = "=SUM(表!B3:B3)+'表'!$B$4"
        book.defined_names["小计"] = openpyxl.workbook.defined_name.DefinedName("小计", attr_text="表!$B$4")

    book = openpyxl.load_workbook(BytesIO(fill(with_formulas(*SUMMED, change=more), filling(rows(*"甲乙丙")))))
    assert "=SUM(表!B3:B5)+'表'!$B$6" == book["汇总"]["A1"].value
    assert "表!$B$6" == book.defined_names["小计"].attr_text


def test_a_formula_on_a_sheet_that_this_workbook_does_not_have_is_left_empty():
    def more(book: openpyxl.Workbook) -> None:
        book.create_sheet("汇总")["A1"] = "=SUM(表!B3:B3)"

    book = openpyxl.load_workbook(BytesIO(fill(with_formulas(*SUMMED, change=more), filling(()))))
    assert book["汇总"]["A1"].value is None


def test_a_formula_in_the_model_row_goes_along_and_finds_what_has_moved():
    form = with_formulas(("{{ task.id }}", "{{ task.title }}", "=B1/B$2+SUM(B$1:B1)"), ("合计", "=SUM(B1:B1)"))
    read = cells(fill(form, filling(rows(*"甲乙丙"))))
    assert [f"=B{row}/B$4+SUM(B$1:B{row})" for row in (1, 2, 3)] == [line[2] for line in read[:3]]


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("=B3", "B3 指向样板行里的一个单元格.*如 B3:B3"),
        ("=SUM(INDIRECT(A1))", "INDIRECT"),
        ("=SUM(数据[金额])", r"数据\[金额\] 无法随行数移动"),
        ("=SUM(表:别的!B3)", "无法随行数移动"),
    ],
)
def test_a_formula_that_cannot_be_moved_is_refused_with_its_cell(formula, said):
    with pytest.raises(TemplateError, match=said) as error:
        fill(with_formulas(*SUMMED, ("", formula)), filling(rows("甲", "乙")), "progress.xlsx")
    assert "“表” B6" in str(error.value)


def test_a_model_row_that_points_below_itself_must_fix_the_row():
    form = with_formulas(("{{ task.id }}", "{{ task.title }}", "=B1/B2"), ("合计", "=SUM(B1:B1)"))
    with pytest.raises(TemplateError, match=r"行号前加 \$"):
        fill(form, filling(rows("甲", "乙")))


def test_array_formulas_are_refused():
    def array(book: openpyxl.Workbook) -> None:
        book["表"]["C5"] = openpyxl.worksheet.formula.ArrayFormula("C5", "=SUM(B3:B3*2)")

    with pytest.raises(TemplateError, match="数组公式"):
        fill(with_formulas(*SUMMED, change=array), filling(rows("甲")))


def test_excel_tables_stretch():
    def table(book: openpyxl.Workbook) -> None:
        book["表"].add_table(openpyxl.worksheet.table.Table(displayName="数据", ref="A2:B3"))

    book = openpyxl.load_workbook(BytesIO(fill(with_formulas(*SUMMED, change=table), filling(rows(*"甲乙丙")))))
    assert "A2:B5" == book["表"].tables["数据"].ref


def test_links_and_page_breaks_below_the_rows_move_down():
    def more(book: openpyxl.Workbook) -> None:
        book["表"]["A5"].hyperlink = "https://example.org/"
        book["表"].row_breaks.append(openpyxl.worksheet.pagebreak.Break(id=4))

    sheet = openpyxl.load_workbook(BytesIO(fill(with_formulas(*SUMMED, change=more), filling(rows(*"甲乙丙")))))["表"]
    assert "https://example.org/" == sheet["A7"].hyperlink.target
    assert [6] == [each.id for each in sheet.row_breaks.brk]
