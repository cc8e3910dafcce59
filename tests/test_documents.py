"""Files become documents with places, or are refused with a clear word."""

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from taskkit.documents import Paragraph, Table, read_document
from taskkit.errors import InputError

LINE = "云溪县重点任务分工方案"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_of_a_text_is_detected(tmp_path, encoding):
    (tmp_path / "a.txt").write_bytes(LINE.encode(encoding))

    assert (Paragraph(LINE, "第1行"),) == read_document(tmp_path / "a.txt").blocks


def test_lines_with_tabs_are_a_table_and_a_heading_among_them_is_a_row(tmp_path):
    (tmp_path / "a.txt").write_text("标题\n序号\t任务\n一、工业\n1\t办厂\n\n尾注\n", encoding="utf-8")

    title, table, note = read_document(tmp_path / "a.txt").blocks
    assert isinstance(table, Table)
    assert [("第2行", ("序号", "任务")), ("第3行", ("一、工业",)), ("第4行", ("1", "办厂"))] == [
        (row.place, row.texts) for row in table.rows
    ]
    assert (Paragraph("标题", "第1行"), Paragraph("尾注", "第6行")) == (title, note)


def test_tabs_after_numbers_make_no_table(tmp_path):
    (tmp_path / "a.txt").write_text("1.\t办厂\n2.\t修路\n", encoding="utf-8")

    assert (Paragraph("1. 办厂", "第1行"), Paragraph("2. 修路", "第2行")) == read_document(tmp_path / "a.txt").blocks


def test_pipes_draw_a_table_too(tmp_path):
    (tmp_path / "a.txt").write_text("| 序号 | 任务 |\n| --- | --- |\n| 1 | 办厂 |\n", encoding="utf-8")

    [table] = read_document(tmp_path / "a.txt").tables
    assert [("序号", "任务"), ("1", "办厂")] == [row.texts for row in table.rows]


def test_word_paragraphs_and_merged_cells_keep_their_places(tmp_path):
    document = docx.Document()
    document.add_paragraph(LINE)
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "一、工业"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "组"
    table.cell(2, 1).text = "二"
    document.save(tmp_path / "a.docx")

    paragraph, grid = read_document(tmp_path / "a.docx").blocks
    assert Paragraph(LINE, "第1段") == paragraph
    assert isinstance(grid, Table)
    assert ["表1第1行", "表1第2行", "表1第3行"] == [row.place for row in grid.rows]
    assert [("一、工业", "", ""), ("组", "", ""), ("组", "二", "")] == [row.texts for row in grid.rows]
    assert (False, True) == (grid.rows[1].cells[0].above, grid.rows[2].cells[0].above)


def test_words_own_numbers_are_written_out(tmp_path):
    document = docx.Document()
    for text in ("甲", "乙"):
        document.add_paragraph(text, style="List Number")
    document.save(tmp_path / "a.docx")

    assert ["1.甲", "2.乙"] == [paragraph.text for paragraph in read_document(tmp_path / "a.docx").paragraphs]


def test_tracked_deletions_are_dropped_and_insertions_kept(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("办")
    for tag, inner in (("del", "<w:delText>旧</w:delText>"), ("ins", "<w:t>新</w:t>")):
        paragraph._p.append(parse_xml(f"<w:{tag} {nsdecls('w')}><w:r>{inner}</w:r></w:{tag}>"))
    document.save(tmp_path / "a.docx")

    assert ["办新"] == [paragraph.text for paragraph in read_document(tmp_path / "a.docx").paragraphs]


def test_excel_rows_keep_excels_numbers_and_hidden_sheets_are_left_out(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "任务"
    sheet["A3"], sheet["B3"], sheet["B4"] = "组", 1, 2.5
    sheet.merge_cells("A3:A4")
    book.create_sheet("隐藏").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    [table] = read_document(tmp_path / "a.xlsx").tables
    assert [("工作表“任务”第3行", ("组", "1")), ("工作表“任务”第4行", ("组", "2.5"))] == [
        (row.place, row.texts) for row in table.rows
    ]


def test_a_file_is_known_by_its_content_not_by_its_suffix(tmp_path):
    document = docx.Document()
    document.add_paragraph(LINE)
    document.save(tmp_path / "a.xlsx")

    assert [LINE] == [paragraph.text for paragraph in read_document(tmp_path / "a.xlsx").paragraphs]


def zipped(name: str, content: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + BODY
BAD = {
    "空.txt": (b"", "空文件"),
    "空白.docx": (b"\0\0\0", "空文件"),
    "乱.docx": (bytes(range(1, 250)) * 9, "不是有效的 Office 文件"),
    "乱.txt": (bytes(range(1, 256)) * 9, "不是文本文件"),
    "图.xlsx": (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "图片"),
    "扫描.pdf": (b"%PDF-1.7", "PDF"),
    "旧.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版格式"),
    "密.xlsx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "打开密码",
    ),
    "断.docx": (zipped("word/document.xml", BODY)[:60], "已损坏"),
    "炸.docx": (zipped("word/document.xml", b"<a>" + b" " * 60_000_000 + b"</a>"), "解压后过大"),
    "实体.docx": (zipped("word/document.xml", ENTITY), "外部定义"),
    "坏.docx": (zipped("word/document.xml", "<w:document><"), "已损坏"),
    "无字.docx": (zipped("word/document.xml", BODY), "没有文字"),
    "压缩.docx": (zipped("读我.txt", "x"), "不是 Word 或 Excel"),
    "坏.xlsx": (zipped("xl/workbook.xml", "<workbook><"), "不是工作簿"),
    "别的.jpg": (b"abc", "暂不支持"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_a_clear_word(tmp_path, name):
    data, word = BAD[name]
    (tmp_path / name).write_bytes(data)

    with pytest.raises(InputError, match=word) as caught:
        read_document(tmp_path / name)
    assert name in str(caught.value)
    assert str(caught.value).endswith("未作任何改动。")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="找不到文件"):
        read_document(tmp_path / "无.txt")
    with pytest.raises(InputError, match="文件夹"):
        read_document(tmp_path)


NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr></w:pPr>'


@pytest.mark.parametrize(("level", "text"), [("0", "1.甲"), ("x", "1.甲"), ("999999999", "1.甲")])
def test_a_list_level_that_does_not_exist_counts_as_the_first(tmp_path, level, text):
    space = BODY.split('"')[1]
    list_ = f"<w:lvl w:ilvl='{level}'><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>"
    numbering = f"<w:abstractNum w:abstractNumId='0'>{list_}</w:abstractNum>"
    numbering += "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
    body = f"<w:p>{NUMBERED.format(level)}<w:r><w:t>甲</w:t></w:r></w:p>"
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", BODY.replace("<w:body/>", f"<w:body>{body}</w:body>"))
        archive.writestr("word/numbering.xml", f"<w:numbering xmlns:w='{space}'>{numbering}</w:numbering>")

    assert [text] == [paragraph.text for paragraph in read_document(tmp_path / "a.docx").paragraphs]


def test_a_hidden_row_of_a_sheet_says_so(tmp_path):
    book = openpyxl.Workbook()
    for text in ("甲", "乙"):
        book.active.append([text])
    book.active.row_dimensions[2].hidden = True
    book.save(tmp_path / "a.xlsx")

    [table] = read_document(tmp_path / "a.xlsx").tables
    assert ([False, True], True) == ([row.hidden for row in table.rows], table.sheet)
