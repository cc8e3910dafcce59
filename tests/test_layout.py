"""The layout in the .docx: pages, fonts, sizes, lines and rows, each with its clause of GB/T 9704-2012.

Every template of templates/reports/ is filled with long texts and tables (tests/filled_templates.py),
new ones too. What the same files look like in print is measured in tests/test_printed_layout.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from lxml import etree

from tests.filled_templates import TALL, TEMPLATES, documents
from tests.measured_pdf import AREAS, PAPER

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
FONTS = ("ascii", "hAnsi", "eastAsia")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every template, filled."""
    return documents(tmp_path_factory.mktemp("documents"))


@pytest.fixture(params=TEMPLATES)
def document(request: pytest.FixtureRequest, files: dict[str, Path]) -> Document:
    return docx.Document(str(files[request.param]))


# --- pages ------------------------------------------------------------------------------


def test_every_section_is_a4_with_the_margins_of_the_standard(document):
    """5.1, 5.2.1: 210 x 297 mm; top 37, binding 28, so right 26 and bottom 35 mm. Turned: its head at the binding."""
    for section in document.sections:
        edges = ("left_margin", "top_margin", "right_margin", "bottom_margin")
        across, down = round(section.page_width.mm), round(section.page_height.mm)
        left, top, right, bottom = (getattr(section, edge).mm for edge in edges)
        assert PAPER[across] == down
        assert [*AREAS[across]] == [round(each) for each in (left, top, across - right, down - bottom)]


# --- fonts, sizes and lines in the .docx ------------------------------------------------------


def parts(document: Document, *kinds: str) -> Iterator[Any]:
    """The XML of the parts of a document whose names begin so."""
    for part in document.part.package.iter_parts():
        if str(part.partname).startswith(tuple(f"/word/{kind}" for kind in kinds)):
            yield etree.fromstring(part.blob)


def properties(document: Document, run: Any) -> Iterator[Any]:
    """The character properties that hold for a run: its own, its styles', those of the document."""
    styles = {style.style_id: style for style in document.styles}
    paragraph = next(run.iterancestors(f"{W}p"))
    yield from run.findall(f"{W}rPr")
    for mark in (run.find(f"{W}rPr/{W}rStyle"), paragraph.find(f"{W}pPr/{W}pStyle")):
        style = styles[mark.get(f"{W}val")] if mark is not None else None
        while style is not None:
            yield from style.element.findall(f"{W}rPr")
            style = style.base_style
    yield from document.styles.element.findall(f"{W}docDefaults/{W}rPrDefault/{W}rPr")


def fonts(document: Document, run: Any) -> set[str | None]:
    """The names of a run's fonts: for Latin, for other scripts, for Chinese."""
    named = [each for found in properties(document, run) for each in found.findall(f"{W}rFonts")]
    return {next((each.get(W + kind) for each in named if each.get(W + kind)), None) for kind in FONTS}


def test_every_text_names_one_of_the_fonts_of_the_standard_for_chinese_and_for_latin(document):
    """5.2.2: body, tables, headers and footers; the same font for digits, so that lines keep their width."""
    used = [
        fonts(document, run)
        for part in parts(document, "document", "header", "footer")
        for run in part.iter(f"{W}r")
        if run.find(f"{W}t") is not None
    ]
    assert used
    assert set(map(len, used)) == {1}
    assert set.union(*used) <= {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"}


def test_charts_name_their_font_for_chinese_too(files):
    """5.2.2: a chart has no style to take it from, so each text says it."""
    document = docx.Document(str(files["progress"]))
    drawn = list(parts(document, "charts"))
    assert drawn
    for chart in drawn:
        latin = [each.get("typeface") for each in chart.iter(f"{A}latin")]
        assert {"宋体"} == set(latin)
        assert latin == [each.get("typeface") for each in chart.iter(f"{A}ea")]


# Style: font, points, points from line to line, alignment, characters that its first line is set in.
FIGURES = {
    "公文标题": ("方正小标宋简体", 22, 36, "center", 0),  # 7.3.1
    "公文正文": ("仿宋_GB2312", 16, 28.95, "both", 2),  # 5.2.2, 5.2.3, 7.3.3
    "一级标题": ("黑体", 16, 28.95, "both", 2),  # 7.3.3
    "二级标题": ("楷体_GB2312", 16, 28.95, "both", 2),
    "任务标题": ("仿宋_GB2312", 16, 28.95, "both", 2),
    "附件标识": ("黑体", 16, 28.95, "left", 0),  # 7.3.7
    "附件标题": ("方正小标宋简体", 22, 36, "center", 0),
    "发文机关署名": ("仿宋_GB2312", 16, 28.95, "right", 0),  # 7.3.5.2
    "成文日期": ("仿宋_GB2312", 16, 28.95, "right", 0),
    "表格表头": ("黑体", 10.5, 15.5, "center", 0),
    "表格文字": ("宋体", 10.5, 15.5, "left", 0),
    "单页页码": ("宋体", 14, 14, "right", 0),  # 7.5
    "双页页码": ("宋体", 14, 14, "left", 0),
}


@pytest.mark.parametrize("name", FIGURES)
def test_each_style_has_the_font_size_line_and_indent_of_its_clause(document, name):
    """5.2.2, 5.2.3, 7.3.1, 7.3.3, 7.3.7, 7.3.5.2, 7.5: in every template alike."""
    element = document.styles[name].element
    figure = {key: element.find(path.replace("w:", W)) for key, path in _PATHS.items()}
    first = figure["indent"].get(f"{W}firstLineChars", "0") if figure["indent"] is not None else "0"
    assert FIGURES[name] == (
        figure["fonts"].get(f"{W}eastAsia"),
        int(figure["size"].get(f"{W}val")) / 2,
        int(figure["line"].get(f"{W}line")) / 20,
        figure["align"].get(f"{W}val"),
        int(first) / 100,
    )
    assert "exact" == figure["line"].get(f"{W}lineRule")


_PATHS = {
    "fonts": "w:rPr/w:rFonts",
    "size": "w:rPr/w:sz",
    "line": "w:pPr/w:spacing",
    "align": "w:pPr/w:jc",
    "indent": "w:pPr/w:ind",
}


def test_no_style_or_paragraph_leaves_a_line_out_at_the_foot_of_a_page(document):
    """5.2.3: widow control would make pages of 21 lines."""
    assert "0" == document.styles["Normal"].element.find(f"{W}pPr/{W}widowControl").get(f"{W}val")
    controlled = [each for part in parts(document, "document", "styles") for each in part.iter(f"{W}widowControl")]
    assert {"0"} == {each.get(f"{W}val") for each in controlled}


def test_headings_keep_to_the_text_below_them_and_text_typed_after_one_is_body(document):
    """7.3.3: Enter at the end of a heading goes on in the style of the body."""
    for name in ("一级标题", "二级标题"):
        element = document.styles[name].element
        assert element.find(f"{W}pPr/{W}keepNext") is not None
        assert "公文正文" == element.find(f"{W}next").get(f"{W}val")


def test_a_font_that_a_computer_lacks_has_the_next_best_named(document):
    """5.2.2: computers without 仿宋_GB2312 have 仿宋, which Word takes by its second name."""
    (table,) = parts(document, "fontTable")
    second = {each.get(f"{W}name"): each.find(f"{W}altName") for each in table.iter(f"{W}font")}
    named = {name: alternative.get(f"{W}val") for name, alternative in second.items() if alternative is not None}
    assert {"仿宋_GB2312": "仿宋", "楷体_GB2312": "楷体"}.items() <= named.items()


def test_header_rows_are_repeated_and_rows_that_fit_on_a_page_are_not_broken(document):
    """8."""
    tables = [each for each in document.tables if "表格表头" == each.cell(0, 0).paragraphs[0].style.name]
    for table in tables:
        rows = list(table._tbl.iter(f"{W}tr"))
        assert [True] + [False] * (len(rows) - 1) == [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        broken = [row for row in rows if row.find(f"{W}trPr/{W}cantSplit") is None]
        assert [f"任务{TALL}"] == [row.findall(f".//{W}t")[1].text for row in broken]


def test_the_docs_list_the_styles_as_they_are():
    """docs/layout.md: every style with its font, size, line and indent."""
    text = (Path(__file__).resolve().parent.parent / "docs" / "layout.md").read_text(encoding="utf-8")
    table = text.split("## 样式")[1].split("## ")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")][2:]
    said = {row[0].strip(): tuple(cell.strip() for cell in row[2:]) for row in rows}
    figures = {
        name: (font, f"{size:g}", f"{line:g}", str(first)) for name, (font, size, line, _, first) in FIGURES.items()
    }
    assert figures == said


def test_no_property_is_said_twice(document):
    """Word takes a file for damaged in which it is."""
    twice = [
        (each.tag.removeprefix(W), child.tag.removeprefix(W))
        for part in parts(document, "document", "styles", "footer")
        for each in part.iter(f"{W}pPr", f"{W}rPr", f"{W}tblPr", f"{W}trPr", f"{W}tcPr")
        for child in each
        if len(each.findall(child.tag)) > 1
    ]
    assert [] == twice


def test_what_goes_on_in_a_second_line_is_aligned_with_the_first_name(document):
    """7.3.4 (附件：1. is four characters wide, from the third on), 7.4.2 (抄送： is three, from the second on)."""
    for name, left, hanging in (("附件说明", 6, 4), ("抄送机关", 4, 3)):
        indent = document.styles[name].element.find(f"{W}pPr/{W}ind")
        assert (left, hanging) == (int(indent.get(f"{W}leftChars")) / 100, int(indent.get(f"{W}hangingChars")) / 100)
