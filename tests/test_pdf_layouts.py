"""PDFs whose tables have no lines, go on over pages, or of which some pages are pictures."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from taskkit.documents import Table, read_document
from taskkit.documents.pdf_torn import Field, PageRows, mend
from taskkit.reading import read_plan
from tests.plan_files import facts, pdf_of
from tests.plans import codes
from tests.soffice import resaved

TITLE = "2026年云溪县重点任务分工方案"
HEADER = ("序号", "重点任务", "牵头领导", "牵头单位", "配合单位", "完成时限")
WIDTHS = (12, 60, 22, 32, 34, 20)
LEADS = ("县教育局", "县住房和城乡建设局", "县工业和信息化局")
SUPPORTS = ("县财政局、自然资源局", "县发展和改革局、财政局、审计局，各乡镇人民政府", "县司法局")
PERSONS = ("王曦", "张 伟", "李小梅")


def rows(first: int, last: int) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for number in range(first, last + 1):
        text = f"推动第{number}批重点项目开工建设，" + "加快完善配套设施，" * (number % 4)
        kind = number % 3
        cells = (f"{text}完成投资{number + 3}亿元。", PERSONS[kind], LEADS[kind], SUPPORTS[kind], f"{kind + 6}月底")
        found.append((str(number), *cells))
    return found


def unruled(document: Any, data: list[tuple[str, ...]], *, repeat: bool = False, lines: tuple[str, ...] = ()) -> Any:
    """A table without borders but for ``lines`` (top, bottom, insideH)."""
    table = document.add_table(rows=len(data) + 1, cols=len(HEADER))
    table.autofit = False
    for row, texts in zip(table.rows, [HEADER, *data], strict=True):
        for cell, text, width in zip(row.cells, texts, WIDTHS, strict=True):
            cell.text, cell.width = text, Mm(width)
            cell.paragraphs[0].runs[0].font.size = Pt(10.5)
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Mm(width)
    if repeat:
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    borders = OxmlElement("w:tblBorders")
    for side in lines:
        border = OxmlElement(f"w:{side}")
        border.set(qn("w:val"), "single")
        borders.append(border)
    table._tbl.tblPr.append(borders)
    return table


def paper() -> Any:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(15)
    document.add_paragraph(TITLE)
    return document


def printed(document: Any, folder: Path) -> Path:
    document.save(str(folder / "方案.docx"))
    [made] = resaved([folder / "方案.docx"], folder / "pdf", "pdf")
    return made


@pytest.mark.parametrize("repeat", [True, False])
def test_a_table_without_lines_is_read_over_all_its_pages(tmp_path, repeat):
    document = paper()
    unruled(document, rows(1, 40), repeat=repeat)
    document.add_paragraph("注：本表由县政府办公室负责解释。")
    plan = read_plan(printed(document, tmp_path))

    assert facts(read_plan(tmp_path / "方案.docx")) == facts(plan)
    assert (TITLE, ["table-unruled"]) == (plan.info.title, codes(plan))


@pytest.mark.parametrize("lines", [("top", "bottom"), ("top", "bottom", "insideH")])
def test_a_table_with_level_lines_alone_is_read_by_its_columns(tmp_path, lines):
    document = paper()
    unruled(document, rows(1, 9), lines=lines)

    assert facts(read_plan(printed(document, tmp_path))) == facts(read_plan(tmp_path / "方案.docx"))


def test_tables_without_lines_under_headings_keep_their_sections(tmp_path):
    document = paper()
    for heading, data in (("一、工业经济", rows(1, 5)), ("二、城市建设", rows(6, 9))):
        document.add_paragraph(heading)
        unruled(document, data)
    plan = read_plan(printed(document, tmp_path))

    assert ["一、工业经济"] * 5 + ["二、城市建设"] * 4 == plan.tasks["section"].tolist()
    assert facts(read_plan(tmp_path / "方案.docx")) == facts(plan)


def test_cells_in_the_middle_of_their_rows_are_put_together(tmp_path):
    document = paper()
    table = unruled(document, rows(1, 9))
    for cell in table._cells:
        middle = OxmlElement("w:vAlign")
        middle.set(qn("w:val"), "center")
        cell._tc.get_or_add_tcPr().append(middle)

    assert facts(read_plan(printed(document, tmp_path))) == facts(read_plan(tmp_path / "方案.docx"))


def test_paragraphs_with_a_signature_make_no_table(tmp_path):
    document = paper()
    for number in range(1, 20):
        document.add_paragraph(f"{number}. 推动第{number}批项目开工建设。（牵头单位：县教育局；配合单位：县财政局）")
    document.add_paragraph("联系人：督查室　　　电话：12345678　　　传真：12345679")
    made = printed(document, tmp_path)

    assert not [block for block in read_document(made).blocks if isinstance(block, Table)]
    assert 19 == len(read_plan(made).tasks)


def picture(path: Path) -> Path:
    """A grey picture, written by hand."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    grey = zlib.compress((b"\0" + b"\x80" * 8) * 8)
    chunks = chunk(b"IHDR", head), chunk(b"IDAT", grey), chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    return path


def test_pages_that_are_pictures_are_named_and_tear_nothing_together(tmp_path):
    document = paper()
    for number in range(1, 30):
        document.add_paragraph(f"{number}. 推动第{number}批项目开工建设。（牵头单位：县教育局；配合单位：县财政局）")
    document.add_page_break()
    document.add_picture(str(picture(tmp_path / "a.png")), width=Mm(180), height=Mm(240))
    document.add_page_break()
    document.add_paragraph("45. 推动第45批项目开工建设。（牵头单位：县教育局；配合单位：县财政局）")
    plan = read_plan(printed(document, tmp_path))

    assert (30, 45) == (len(plan.tasks), plan.tasks["no"].iloc[-1])
    found = plan.findings.set_index("code")
    assert {"pages-scanned", "number-jump"} == set(found.index)
    assert ("error", "第3页") == (found["severity"]["pages-scanned"], found["source"]["pages-scanned"])


def test_lines_that_are_alike_at_the_top_of_pages_are_no_running_head(tmp_path):
    document = paper()
    for number in range(1, 4):
        document.add_paragraph(f"{number}. 推动项目开工建设。（牵头单位：县教育局；配合单位：县财政局）")
        document.add_page_break()

    assert 3 == len(read_plan(printed(document, tmp_path)).tasks)


def test_a_pdf_with_pictures_alone_is_still_refused(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of(b"0 0 600 800 re f", pages=2))

    with pytest.raises(Exception, match="扫描件"):
        read_document(tmp_path / "a.pdf")


def test_a_merged_cell_goes_on_below_a_row_that_the_page_tore():
    first = [("1", "推进甲工程", "王曦", False), ("2", "推进乙工程，加快", "王曦", True)]
    next_page = [("", "完善配套。", "", False), ("3", "推进丙工程", "", False), ("4", "推进丁工程", "李小梅", False)]
    next_page += [(str(number), f"推进第{number}个工程", "李小梅", True) for number in (5, 6)]
    pages = [PageRows(page, [fields(*row) for row in data]) for page, data in ((1, first), (2, next_page))]

    mend(pages)

    assert [("1", "推进甲工程", "王曦"), ("2", "推进乙工程，加快完善配套。", "王曦")] == texts(pages[0])
    assert [("3", "推进丙工程", "王曦"), ("4", "推进丁工程", "李小梅")] == texts(pages[1])[:2]


def fields(number: str, task: str, leader: str, merged: bool) -> list[Field]:
    return [Field(number), Field(task), Field(leader, above=merged)]


def texts(page: PageRows) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in page.rows]
