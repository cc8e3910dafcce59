"""The Word templates: what the script writes, laid out as GB/T 9704-2012 wants it."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docxtpl import DocxTemplate

from taskkit.office.docx_table import STYLES

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "docs" / "make_report_templates.py"
TEMPLATES = ROOT / "templates" / "reports"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def template() -> Document:
    return docx.Document(str(TEMPLATES / "progress.docx"))


def style(template: Document, name: str) -> Any:
    return template.styles[name].element


def attribute(element: Any, path: str, name: str) -> str:
    return str(element.find(path.replace("w:", W)).get(W + name))


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_shipped_template_is_what_the_script_writes(tmp_path):
    subprocess.run([sys.executable, SCRIPT, tmp_path], check=True)
    assert {path.name for path in TEMPLATES.glob("*.docx")} == {path.name for path in tmp_path.iterdir()}
    for written in tmp_path.iterdir():
        assert parts_of(TEMPLATES / written.name) == parts_of(written)


def test_every_style_names_its_font_for_chinese_text_too(template):
    for each in template.styles:
        fonts = each.element.find(f"{W}rPr/{W}rFonts")
        names = {fonts.get(W + key) for key in ("ascii", "hAnsi", "eastAsia")}
        assert 1 == len(names), each.name
        assert None not in names, each.name


def test_the_page_is_upright_a4_with_the_text_area_of_the_standard(template):
    """GB/T 9704-2012, 5.2.1: 156 x 225 mm, 37 mm from the top, 28 mm from the left."""
    page = template.sections[0]
    millimetres = [
        round(each.mm)
        for each in (page.page_width, page.page_height, page.top_margin, page.left_margin, page.right_margin)
    ]
    assert [210, 297, 37, 28, 26] == millimetres
    assert 35 == round(page.bottom_margin.mm)


def test_the_annex_is_turned_with_its_margins(template):
    page = template.sections[1]
    assert WD_ORIENT.LANDSCAPE == page.orientation
    edges = (page.page_width, page.page_height, page.top_margin, page.left_margin, page.right_margin)
    assert [297, 210, 28, 35, 37] == [round(each.mm) for each in edges]


def test_a_page_holds_22_lines_of_28_characters(template):
    """GB/T 9704-2012, 5.2.3."""
    body = style(template, "Normal")
    line = int(attribute(body, "w:pPr/w:spacing", "line")) / 20
    closer = int(attribute(body, "w:rPr/w:spacing", "val")) / 20
    assert 22 == int(225 / 25.4 * 72 / line)
    assert 28 == int(156 / 25.4 * 72 / (16 + closer))
    assert "exact" == attribute(body, "w:pPr/w:spacing", "lineRule")


@pytest.mark.parametrize(
    ("name", "font", "points"),
    [
        ("公文标题", "方正小标宋简体", 22),
        ("公文正文", "仿宋_GB2312", 16),
        ("一级标题", "黑体", 16),
        ("二级标题", "楷体_GB2312", 16),
        ("附件标识", "黑体", 16),
        ("附件标题", "方正小标宋简体", 22),
        ("表格表头", "黑体", 10.5),
        ("表格文字", "宋体", 10.5),
        ("单页页码", "宋体", 14),
        ("双页页码", "宋体", 14),
    ],
)
def test_each_element_has_the_type_and_size_of_the_standard(template, name, font, points):
    element = style(template, name)
    assert font == attribute(element, "w:rPr/w:rFonts", "eastAsia")
    assert points * 2 == int(attribute(element, "w:rPr/w:sz", "val"))


def test_body_and_headings_begin_two_characters_in_and_headings_keep_to_their_text(template):
    for name in ("公文正文", "一级标题", "二级标题"):
        assert "200" == attribute(style(template, name), "w:pPr/w:ind", "firstLineChars")
    for name in ("一级标题", "二级标题", "附件标识", "附件标题", "表格大类", "表格大项", "表格表头"):
        assert style(template, name).find(f"{W}pPr/{W}keepNext") is not None


def test_page_numbers_stand_outside_odd_ones_right_even_ones_left_one_character_in(template):
    """GB/T 9704-2012, 7.5."""
    assert template.settings.odd_and_even_pages_header_footer
    first = template.sections[0]
    odd, even = first.footer.paragraphs[0], first.even_page_footer.paragraphs[0]
    assert ("— 1 —", "— 1 —") == (odd.text, even.text)
    assert ("right", "100") == (
        attribute(odd.style.element, "w:pPr/w:jc", "val"),
        attribute(odd.style.element, "w:pPr/w:ind", "rightChars"),
    )
    assert ("left", "100") == (
        attribute(even.style.element, "w:pPr/w:jc", "val"),
        attribute(even.style.element, "w:pPr/w:ind", "leftChars"),
    )


def test_the_styles_that_tables_use_are_there(template):
    assert set(STYLES) <= {each.name for each in template.styles}


def test_no_login_clock_or_leftover_of_another_program_is_in_the_file(template):
    core = template.core_properties
    assert ("", "", "") == (core.author, core.last_modified_by, core.comments)
    names = {str(part.partname) for part in template.part.package.iter_parts()}
    assert not [name for name in names if "thumbnail" in name or "customXml" in name]


def test_every_mark_of_the_template_stands_in_the_docs():
    text = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    marks = DocxTemplate(io.BytesIO((TEMPLATES / "progress.docx").read_bytes())).get_undeclared_template_variables()
    assert not [mark for mark in marks if f"`{mark}`" not in text]
