"""Annotated copies: the clerk's own file with its problem cells marked, and nothing else changed."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from taskkit.collecting import Collected, collect
from taskkit.errors import InputError
from taskkit.office.annotating import annotate, without_marks
from taskkit.office.filling import fill
from taskkit.office.problem_sheet import Problem, ProblemList, is_problem_list, without_problem_lists
from taskkit.office.sheets import read_workbook
from taskkit.places import Place
from tests.full_template import full_filling, full_template
from tests.returned_books import edited, filled, ledger_with, opened, place, rewritten, saved, sent_file, type_in
from tests.soffice import resaved

# openpyxl says so of every feature of Excel 2010; it is only asked what it reads.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

FRONT = "退回问题清单"
FILL = "FFFFE84D"
WHAT, ADVICE = "“完成情况”填的“差不多”不在可选项中，没有收", "请从下拉列表中选择"


def listed(*cells: tuple[str, int, int]) -> ProblemList:
    return ProblemList(
        "单位：县教育局",
        "请改好后交回",
        tuple(Problem(WHAT, ADVICE, Place(*cell), f"第{cell[1]}行") for cell in cells),
    )


def marked(data: bytes, *cells: tuple[str, int, int]) -> bytes:
    return annotate(data, read_workbook(data, "县教育局.xlsx"), listed(*cells))


def unmarked(data: bytes) -> bytes:
    return without_marks(data, read_workbook(data, "县教育局.xlsx"))


def parts(data: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def cell_tags(data: bytes, part: str) -> dict[str, bytes]:
    return {
        match[1].decode(): match[0] for match in re.finditer(rb'<(?:\w+:)?c r="([A-Z]+\d+)"[^>]*>', parts(data)[part])
    }


def look(cell: Any) -> tuple[object, ...]:
    seen = (cell.font, cell.fill, cell.border, cell.alignment, cell.number_format, cell.protection, cell.value)
    return tuple(map(repr, seen))


def values(data: bytes) -> dict[tuple[str, str], object]:
    """What stands in all cells, but for the list."""
    book = without_problem_lists(read_workbook(data, "县教育局.xlsx"))
    return {
        (sheet.title, f"{cell.row},{cell.column}"): cell.value
        for sheet in book.sheets
        for row in sheet.rows.values()
        for cell in row.values()
    }


@lru_cache
def full() -> bytes:
    """A workbook with a picture, a chart, a table, comments, drop-downs of Excel 2010, filters, rules, protection."""
    return fill(full_template(), full_filling(3), "全.xlsx")


# --- what changes, and what must not -----------------------------------------------------


def test_all_other_parts_are_byte_for_byte_those_of_the_clerk():
    before, after = parts(full()), parts(marked(full(), ("任务", 5, 4), ("任务", 5, 3)))
    may_change = re.compile(
        r"\[Content_Types\]\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml"
        r"|xl/worksheets/sheet1\.xml|xl/comments1\.xml|xl/drawings/vmlDrawing1\.vml"
    )
    assert [] == [name for name in before if not may_change.fullmatch(name) and before[name] != after[name]]
    assert {"xl/worksheets/sheet7.xml"} == set(after) - set(before)


def test_in_the_sheet_itself_only_the_tags_of_the_marked_cells_change():
    before, after = (
        parts(each)["xl/worksheets/sheet1.xml"] for each in (full(), marked(full(), ("任务", 5, 4), ("任务", 5, 3)))
    )
    plain = re.compile(rb'<c r="(?:D5|C5)"[^>]*>| tabSelected="1"')
    assert plain.sub(b"", before) == plain.sub(b"", after)
    assert before != after


def test_a_marked_cell_keeps_all_of_its_look_but_fill_and_border():
    before, after = (opened(each)["任务"]["E5"] for each in (full(), marked(full(), ("任务", 5, 5))))
    assert (look(before)[0], *look(before)[3:]) == (look(after)[0], *look(after)[3:])
    assert (FILL, "medium", "FFC00000") == (after.fill.fgColor.rgb, after.border.left.style, after.border.top.color.rgb)


def test_several_problems_of_a_cell_stand_in_one_note_and_each_in_a_line_of_the_list():
    data = sent_file()
    problems = tuple(Problem(what, ADVICE, Place("工作进展", 5, 6), "第5行F列") for what in ("没有选", "太短"))
    book = opened(annotate(data, read_workbook(data, ""), ProblemList("单位：县教育局", "请改", problems)))
    note = book["工作进展"]["F5"].comment
    assert (1, True, True) == (note.text.count("批注不用删"), "没有选" in note.text, "太短" in note.text)
    assert [(1, "没有选"), (2, "太短")] == [(row[1], row[4]) for row in book[FRONT].iter_rows(5, values_only=True)]


def test_the_list_is_the_first_sheet_and_leads_to_the_cells():
    book = opened(marked(sent_file(), ("工作进展", 5, 6), ("量化指标", 6, 8)))
    front = book.worksheets[0]
    assert (FRONT, FRONT) == (front.title, book.active.title)
    assert ["'工作进展'!F5", "'量化指标'!H6"] == [front.cell(row, 4).hyperlink.location for row in (5, 6)]
    assert ["序号", "工作表", "位置", "问题", "怎么办"] == [cell.value for cell in front[4]][1:]
    assert (9, "landscape", True) == (
        front.page_setup.paperSize,
        front.page_setup.orientation,
        front.sheet_properties.pageSetUpPr.fitToPage,
    )
    assert "$4:$4" == front.print_title_rows
    assert front.column_dimensions["A"].hidden


def test_no_other_sheet_stays_selected_with_the_list_or_typing_would_go_into_both():
    book = opened(marked(sent_file(), ("量化指标", 5, 7)))
    assert [True, *[False] * 4] == [bool(sheet.sheet_view.tabSelected) for sheet in book.worksheets]


def test_names_of_single_sheets_still_belong_to_their_sheets():
    def names(data: bytes) -> dict[str, tuple[str, str]]:
        return {sheet.title: (sheet.print_area, sheet.print_title_rows) for sheet in opened(data).worksheets}

    after = names(marked(full(), ("任务", 5, 4)))
    assert names(full()) == {title: each for title, each in after.items() if title != FRONT}


def test_a_sheet_of_the_clerks_own_with_the_name_of_the_list_stays():
    data = edited(sent_file(), lambda book: book.create_sheet(FRONT).append(["我的"]))
    assert [f"{FRONT}(2)", FRONT] == [
        each for each in opened(marked(data, ("工作进展", 5, 6))).sheetnames if FRONT in each
    ]


def test_problems_of_the_whole_file_or_sheet_are_listed_without_a_mark():
    data = sent_file()
    problems = (Problem("对不上", "请核对"), Problem("找不到表头", "请恢复", Place("量化指标")))
    book = opened(annotate(data, read_workbook(data, ""), ProblemList("", "", problems)))
    assert [None, "'量化指标'!A1"] == [
        each.hyperlink.location if each.hyperlink else None for each in (book[FRONT]["D5"], book[FRONT]["D6"])
    ]
    assert [] == [cell for sheet in book.worksheets[1:] for row in sheet.iter_rows() for cell in row if cell.comment]


def test_texts_that_look_like_formulas_stay_texts():
    data = sent_file()
    problems = (Problem("=1+1", "@SUM(A1)", Place("工作进展", 5, 6), "+x"),)
    book = opened(annotate(data, read_workbook(data, ""), ProblemList("=2", "-3", problems)))
    assert ["s"] * 5 == [book[FRONT][cell].data_type for cell in ("B2", "B3", "D5", "E5", "F5")]


# --- notes -------------------------------------------------------------------------------


def with_note(text: str, where: str = "F5") -> bytes:
    def edit(book: Any) -> None:
        book["工作进展"][where].comment = Comment(text, "经办人")

    return edited(sent_file(), edit)


def test_notes_of_the_clerk_stay_and_ours_stands_below_where_both_are_on_a_cell():
    own, other = opened(marked(with_note("我问过了"), ("工作进展", 5, 6)))["工作进展"]["F5"].comment, "G5"
    assert own.text.startswith("我问过了\n【退回问题1】")
    kept = opened(marked(with_note("我问过了", other), ("工作进展", 5, 6)))["工作进展"]
    assert ("我问过了", "经办人") == (kept[other].comment.text, kept[other].comment.author)


def test_taking_out_leaves_the_clerks_note_as_it_was():
    data = unmarked(marked(with_note("我问过了"), ("工作进展", 5, 6)))
    assert "我问过了" == opened(data)["工作进展"]["F5"].comment.text
    assert [1] == [part.count(b"Row>4<") for name, part in parts(data).items() if name.endswith(".vml")]


def test_a_note_on_a_conversation_is_not_added_to_for_excel_would_not_show_it():
    def converse(text: str) -> str:
        return text.replace("经办人", "tc={0C1E0A9B-1111-4222-8333-444455556666}")

    data = with_note("[Threaded comment]")
    name = next(name for name in parts(data) if "comments/comment" in name)
    told = marked(rewritten(data, {name: converse}), ("工作进展", 5, 6))
    assert "[Threaded comment]" == opened(told)["工作进展"]["F5"].comment.text
    assert FILL == opened(told)["工作进展"]["F5"].fill.fgColor.rgb


# --- marks go out ------------------------------------------------------------------------


def test_marking_again_gives_the_very_same_file():
    once = marked(full(), ("任务", 5, 4), ("任务", 6, 3), ("表格", 3, 2))
    assert once == marked(once, ("任务", 5, 4), ("任务", 6, 3), ("表格", 3, 2))


def test_old_marks_go_out_before_new_ones_are_put_in():
    book = opened(marked(marked(sent_file(), ("工作进展", 5, 6)), ("工作进展", 6, 6)))
    sheet = book["工作进展"]
    assert (None, "00000000") == (sheet["F5"].comment, sheet["F5"].fill.fgColor.rgb)
    assert (True, FILL) == (sheet["F6"].comment is not None, sheet["F6"].fill.fgColor.rgb)
    assert 1 == book.sheetnames.count(FRONT)


def test_without_its_marks_every_cell_is_the_clerks_again():
    cells = [("任务", 5, column) for column in range(1, 8)] + [("表格", 2, 1), ("附注", 1, 1)]
    data = unmarked(marked(full(), *cells))
    for part in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        assert cell_tags(full(), part) == {
            key: tag for key, tag in cell_tags(data, part).items() if key in cell_tags(full(), part)
        }
    before, after = opened(full()), opened(data)
    assert before.sheetnames == after.sheetnames
    for title in ("任务", "表格", "附注"):
        for row in before[title].iter_rows():
            for cell in row:
                assert look(cell) == look(after[title][cell.coordinate]), cell.coordinate
    assert parts(full())["xl/comments1.xml"].count(b"<comment ") == parts(data)["xl/comments1.xml"].count(b"<comment ")


def test_rows_that_moved_and_cells_that_were_copied_lose_their_marks_too():
    def work(book: Any) -> None:
        sheet = book["工作进展"]
        sheet.insert_rows(5)
        copied = sheet["F9"]
        copied._style = sheet["F6"]._style  # pasted with its format, without its note

    data = edited(marked(pretty(), ("工作进展", 5, 6)), work)
    sheet = opened(unmarked(data))["工作进展"]
    assert ["FFDDEEFF", "FFDDEEFF"] == [sheet[cell].fill.fgColor.rgb for cell in ("F6", "F9")]


def pretty() -> bytes:
    """A form whose cells have a look of their own."""

    def paint(book: Any) -> None:
        side = Side(style="dotted", color="FF00AA00")
        for row in book["工作进展"].iter_rows(min_row=5, max_row=7):
            for cell in row:
                cell.fill = PatternFill("solid", fgColor="FFDDEEFF")
                cell.border, cell.font = Border(left=side, bottom=side), Font(name="仿宋", bold=True)

    return edited(sent_file(), paint)


@pytest.mark.parametrize("lose", ["list", "look", "note"])
def test_marks_go_out_even_where_the_clerk_lost_what_was_kept_of_them(lose):
    def lost(book: Any) -> None:
        if lose == "list":
            del book[FRONT]
        elif lose == "look":
            book[FRONT]["A5"].value = "<was sheet='x'><fill/>"
        else:
            book["工作进展"]["F5"].comment = None

    data = unmarked(edited(marked(pretty(), ("工作进展", 5, 6)), lost))
    sheet = opened(data)["工作进展"]
    assert "FFDDEEFF" == sheet["F5"].fill.fgColor.rgb
    assert sheet["F5"].comment is None
    assert FRONT not in opened(data).sheetnames


def test_the_list_is_known_by_what_is_hidden_on_it_whatever_it_is_called():
    def rename(book: Any) -> None:
        book[FRONT].title = "Sheet1"

    book = read_workbook(edited(marked(sent_file(), ("工作进展", 5, 6)), rename), "")
    assert ["Sheet1"] == [sheet.title for sheet in book.sheets if is_problem_list(sheet)]


# --- odd files ---------------------------------------------------------------------------

SHEET = "xl/worksheets/sheet2.xml"  # 工作进展


def odd(*changes: tuple[str, str], part: str = SHEET) -> bytes:
    """The form with its XML written in another way."""

    def change(text: str) -> str:
        for pattern, new in changes:
            assert re.search(pattern, text), pattern
            text = re.sub(pattern, new, text)
        return text

    return rewritten(sent_file(), {part: change})


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RULE = (
    '<conditionalFormatting sqref="F5"><cfRule type="expression" priority="1"><formula>FALSE</formula>'
    '<extLst><ext uri="{B025F937-C7B1-47D3-B67F-A62EFF666E3E}"/></extLst></cfRule></conditionalFormatting>'
)


def protect(book: Any) -> None:
    sheet = book["工作进展"]
    rule = DataValidation("list", formula1='"甲,乙"')
    rule.add("F5:F7")
    sheet.add_data_validation(rule)
    sheet.auto_filter.ref = "A3:H7"
    sheet.protection.sheet = True


def hide_and_merge(book: Any) -> None:
    book["工作进展"].merge_cells("F5:G6")
    book["工作进展"].row_dimensions.group(5, 6, hidden=True)


def encoded(codec: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sent_file())) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            text = f'<?xml version="1.0" encoding="{codec}"?>{data.decode()}'
            new.writestr(name, text.encode(codec) if name == SHEET else data)
    return made.getvalue()


ODD = {
    "a prefix on every tag": lambda: odd((r"<(/?)(?=\w)", r"<\1x:"), (r'xmlns="', 'xmlns:x="')),
    "rows and cells without addresses": lambda: odd((r'<row r="\d+"', "<row"), (r'<c r="[A-Z]+\d+"', "<c")),
    "a comment in the XML": lambda: odd((r"<sheetData>", "<sheetData><!-- <row r='5'><c r='F5'/></row> -->")),
    "text as CDATA": lambda: odd(
        (r'<row r="1"[^>]*>', r'\g<0><c r="A1" t="inlineStr"><is><t><![CDATA[<row r="5"><c r="F5"/>]]></t></is></c>')
    ),
    "single quotes": lambda: odd((r'r="([A-Z]+\d+)"', r"r='\1'"), (r'<row r="(\d+)"', r"<row r='\1'")),
    "attributes with signs of tags": lambda: odd((r"<row r=\"5\"", '<row xmlns:q="urn:q" q:a="a>b" r="5"')),
    "a row twice": lambda: odd((r'(<row r="6")', r'<row r="5"><c r="F5" t="inlineStr"><is><t>甲</t></is></c></row>\1')),
    "rows out of order": lambda: odd((r"(<row r=\"5\".*?</row>)(<row r=\"6\".*?</row>)", r"\2\1")),
    "empty rows closed at once": lambda: odd((r"(</sheetData>)", r'<row r="11"/><row r="12"/>\1')),
    "white space between tags": lambda: odd((r"(</c>|</row>)", r"\1\n  ")),
    "an extension behind": lambda: odd(
        (r"</worksheet>", f'<extLst xmlns="{MAIN}"><ext uri="x"/></extLst></worksheet>')
    ),
    "a rule with an extension of its own": lambda: odd((r"<pageMargins", f"{_RULE}<pageMargins")),
    "UTF-16": lambda: encoded("UTF-16"),
    "GB18030": lambda: encoded("GB18030"),
    "a byte order mark": lambda: odd((r"\A", "\ufeff")),
    "hidden rows and merged cells": lambda: edited(sent_file(), hide_and_merge),
    "a drop-down, a filter, protection": lambda: edited(sent_file(), protect),
}


@pytest.mark.parametrize("kind", ODD)
def test_files_written_in_odd_ways_are_marked_and_lose_nothing(kind):
    data = ODD[kind]()
    told = marked(data, ("工作进展", 5, 6), ("工作进展", 12, 30), ("工作进展", 6, 2))
    assert values(data) == values(told)
    sheet = opened(told)["工作进展"]
    assert [FILL] * 3 == [sheet[cell].fill.fgColor.rgb for cell in ("F5", "AD12", "B6")]
    assert [True] * 3 == [sheet[cell].comment is not None for cell in ("F5", "AD12", "B6")]
    assert values(data) == values(unmarked(told))
    assert told == marked(told, ("工作进展", 5, 6), ("工作进展", 12, 30), ("工作进展", 6, 2))


def test_a_whole_block_of_cells_is_marked_those_that_are_there_and_those_between_them():
    block = [("工作进展", row, column) for row in range(4, 14) for column in range(2, 12)]
    told = marked(sent_file(), *block)
    sheet = opened(told)["工作进展"]
    assert {FILL} == {cell.fill.fgColor.rgb for row in sheet["B4:K13"] for cell in row}
    assert values(sent_file()) == values(told) == values(unmarked(told))
    assert told == marked(told, *block)


def test_a_workbook_without_styles_gets_some():
    def strip(text: str) -> str:
        return re.sub(r"<(?:Relationship|Override) [^>]*styles[^>]*/>", "", text)

    bare = io.BytesIO()
    with zipfile.ZipFile(bare, "w") as archive:
        for name, part in parts(sent_file()).items():
            if name != "xl/styles.xml":
                archive.writestr(name, strip(part.decode()))
    data = bare.getvalue()
    told = marked(data, ("工作进展", 5, 6))
    assert FILL == opened(told)["工作进展"]["F5"].fill.fgColor.rgb
    assert values(data) == values(told)


def test_a_blank_cell_takes_its_look_from_its_row_or_column():
    def paint(text: str) -> str:
        text = text.replace("<sheetData>", '<cols><col min="12" max="12" width="9" style="1"/></cols><sheetData>')
        text = re.sub(r"<cols>.*?</cols>(?=<cols>)", "", text)
        return text.replace('<row r="7"', '<row s="2" customFormat="1" r="7"')

    def styles(book: Any) -> None:
        for at, (cell, size) in enumerate((("B1", 13), ("B2", 17)), 1):
            book["工作进展"][cell].font = Font(size=size)
            assert at

    data = rewritten(edited(sent_file(), styles), {SHEET: paint})
    sheet = opened(marked(data, ("工作进展", 5, 12), ("工作进展", 7, 12)))["工作进展"]
    assert [13, 17] == [sheet["L5"].font.sz, sheet["L7"].font.sz]


def test_macros_are_never_kept_and_the_copy_is_a_plain_workbook():
    macro = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"

    def types(text: str) -> str:
        text = text.replace("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", macro)
        return text.replace(
            "<Override", '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override', 1
        )

    def relate(text: str) -> str:
        kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
        return text.replace(
            "</Relationships>", f'<Relationship Id="rId99" Type="{kind}" Target="vbaProject.bin"/></Relationships>'
        )

    data = rewritten(sent_file(), {"[Content_Types].xml": types, "xl/_rels/workbook.xml.rels": relate})
    made = io.BytesIO(data)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    told = marked(made.getvalue(), ("工作进展", 5, 6))
    assert not any("vba" in name for name in parts(told))
    assert b"vba" not in parts(told)["[Content_Types].xml"] + parts(told)["xl/_rels/workbook.xml.rels"]
    assert macro.encode() not in parts(told)["[Content_Types].xml"]
    assert values(sent_file()) == values(told)


def test_a_sheet_of_old_macros_makes_the_file_one_that_cannot_be_marked():
    def relate(text: str) -> str:
        return text.replace('/relationships/worksheet"', '/relationships/xlMacrosheet"', 1)

    data = rewritten(sent_file(), {"xl/_rels/workbook.xml.rels": relate})
    with pytest.raises(InputError):
        marked(data, ("工作进展", 5, 6))


# --- real programs -----------------------------------------------------------------------


def test_libreoffice_shows_mark_note_list_and_link_and_after_it_marks_still_go_out(tmp_path):
    source = tmp_path / "县教育局.xlsx"
    source.write_bytes(marked(pretty(), ("工作进展", 5, 6), ("量化指标", 5, 7)))
    saved_again = resaved([source], tmp_path / "lo")[0].read_bytes()
    sheet = opened(saved_again)["工作进展"]
    assert (FILL, True) == (sheet["F5"].fill.fgColor.rgb, WHAT in sheet["F5"].comment.text)
    assert opened(saved_again)[FRONT]["D5"].hyperlink.location.replace("'", "").replace("$", "") in (
        "工作进展!F5",
        "工作进展.F5",
    )
    clean = unmarked(saved_again)
    assert values(pretty()) == values(clean)
    sheet = opened(clean)["工作进展"]
    assert ("FFDDEEFF", "dotted", None) == (
        sheet["F5"].fill.fgColor.rgb,
        sheet["F5"].border.left.style,
        sheet["F5"].comment,
    )
    book = opened(marked(saved_again, ("工作进展", 6, 6)))
    assert [1, None] == [book.sheetnames.count(FRONT), book["工作进展"]["F5"].comment]


def test_a_file_that_libreoffice_saved_is_marked_without_a_loss(tmp_path):
    source = tmp_path / "县教育局.xlsx"
    source.write_bytes(full())
    data = resaved([source], tmp_path / "lo")[0].read_bytes()
    told = marked(data, ("任务", 5, 4), ("任务", 5, 9), ("表格", 2, 2))
    assert values(data) == values(told)
    assert FILL == opened(told)["任务"]["D5"].fill.fgColor.rgb
    again = tmp_path / "again.xlsx"
    again.write_bytes(told)
    assert values(data) == values(resaved([again], tmp_path / "lo2")[0].read_bytes())


# --- the whole way: collect, correct, collect ----------------------------------------------

RETURNED = """
    | row    | column     | value          |
    | T001   | 本期进展   | 已建成2所      |
    | T001   | 完成情况   | 差不多了       |
    | T002   | 工作任务   | 修路40公里     |
    | T001.1 | 累计完成值 | -2             |
"""


def collected(tmp_path: Path, ledger: Any, data: bytes, name: str = "县教育局.xlsx", **options: Any) -> Collected:
    path = tmp_path / name
    path.write_bytes(data)
    return collect(ledger, path, received=date(2026, 4, 8), returned=tmp_path / "退回", **options)


def test_what_was_not_taken_arrives_after_it_was_corrected_in_the_marked_copy(tmp_path):
    ledger = ledger_with()
    first = collected(tmp_path, ledger, filled(RETURNED), apply=True)
    book = openpyxl.load_workbook(first.returned["copy"].iloc[0])
    type_in(book, "T001", "完成情况", "正常推进")
    type_in(book, "T001.1", "累计完成值", "2")
    type_in(book, "T002", "工作任务", "修路30公里")
    second = collected(tmp_path, ledger, saved(book), apply=True)
    assert ["accepted"] == list(second.files["outcome"])
    assert {"T001": "正常推进"} == {
        key[0]: value for key, value in ledger.current("云溪", "2026Q1", "县教育局").items() if key[1] == "完成情况"
    }
    assert "2" == ledger.current("云溪", "2026Q1", "县教育局")["T001.1", "累计完成值"]
    assert second.findings.empty
    assert second.returned.empty


def test_a_marked_copy_that_comes_back_as_it_is_changes_nothing_and_its_list_is_not_reported(tmp_path):
    ledger = ledger_with()
    first = collected(tmp_path, ledger, filled(RETURNED), apply=True)
    copy = Path(first.returned["copy"].iloc[0])
    again = collected(tmp_path, ledger, copy.read_bytes(), apply=True)
    assert ["not taken"] == list(again.files["outcome"])
    assert "sheet-added" not in set(again.findings["code"])
    assert 1 == len(ledger.submissions("云溪"))


def test_a_dry_run_writes_the_copies_too_and_running_again_adds_none(tmp_path):
    data = filled(RETURNED)
    for apply in (False, False, True):
        result = collected(tmp_path, ledger_with(), data, apply=apply)
    assert ["县教育局.xlsx"] == [path.name for path in (tmp_path / "退回").iterdir()]
    assert ("县教育局", True) == (result.returned["unit"].iloc[0], bool(result.returned["problems"].iloc[0] >= 3))


def test_files_without_problems_get_no_copy(tmp_path):
    fine = "| row | column | value |\n| T001 | 本期进展 | 已建成2所 |\n| T001 | 完成情况 | 正常推进 |"
    assert collected(tmp_path, ledger_with(), filled(fine), apply=True).returned.empty
    assert not (tmp_path / "退回").exists()


def test_a_file_of_that_name_that_somebody_worked_in_is_never_replaced(tmp_path):
    (tmp_path / "退回").mkdir()
    (tmp_path / "退回" / "县教育局.xlsx").write_bytes(b"mine")
    collected(tmp_path, ledger_with(), filled(RETURNED))
    assert b"mine" == (tmp_path / "退回" / "县教育局.xlsx").read_bytes()
    assert (tmp_path / "退回" / "县教育局(2).xlsx").exists()


def test_two_files_of_one_name_get_two_copies(tmp_path):
    for folder in ("甲", "乙"):
        (tmp_path / "in" / folder).mkdir(parents=True)
    (tmp_path / "in" / "甲" / "表.xlsx").write_bytes(filled(RETURNED))
    (tmp_path / "in" / "乙" / "表.xlsx").write_bytes(filled(RETURNED.replace("差不多了", "快了")))
    collect(ledger_with(), tmp_path / "in", returned=tmp_path / "out")
    assert {"表.xlsx", "表(2).xlsx"} == {path.name for path in (tmp_path / "out").iterdir()}


def test_a_conflict_is_told_to_the_unit_with_both_values(tmp_path):
    ledger = ledger_with()
    collected(tmp_path, ledger, filled("| row | column | value |\n| T001 | 本期进展 | 已建成2所 |"), apply=True)
    result = collected(
        tmp_path, ledger, filled("| row | column | value |\n| T001 | 本期进展 | 已建成3所 |"), name="乙.xlsx"
    )
    assert "conflict" in set(result.cells["outcome"])
    rows = list(openpyxl.load_workbook(result.returned["copy"].iloc[0])[FRONT].iter_rows(5, values_only=True))
    assert ("此前为“已建成2所”" in rows[0][4], "这次为“已建成3所”" in rows[0][4]) == (True, True)


def test_a_damaged_workbook_gets_a_list_instead_and_other_files_none(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "坏.xlsx").write_bytes(sent_file()[:2000])
    (tmp_path / "in" / "说明.txt").write_bytes("你好".encode())
    result = collect(ledger_with(), tmp_path / "in", returned=tmp_path / "out")
    assert ["坏_退回问题清单.xlsx"] == [path.name for path in (tmp_path / "out").iterdir()]
    assert [""] == list(result.returned["unit"])


def test_a_problem_of_a_whole_row_marks_its_first_cell_in_sight_and_of_merged_cells_the_first(tmp_path):
    def merge(book: Any) -> None:
        cell = place(book, "T001", "完成情况")
        type_in(book, "T001", "本期进展", "持续推进")
        book["工作进展"].merge_cells(start_row=5, end_row=5, start_column=2, end_column=3)
        assert cell is not None

    result = collected(tmp_path, ledger_with(), edited(sent_file(), merge), apply=True)
    sheet = openpyxl.load_workbook(result.returned["copy"].iloc[0])["工作进展"]
    assert (True, FILL) == (sheet["B5"].comment is not None, sheet["B5"].fill.fgColor.rgb)
