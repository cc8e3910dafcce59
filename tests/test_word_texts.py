"""Whatever text comes in arrives in Word as that text: in titles, body, cells, headers, charts, file properties."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import astuple, fields, replace
from datetime import date

import docx
import pytest
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st

from taskkit.office.docx_marks import scan
from taskkit.office.docx_table import NAMESPACE
from taskkit.office.docx_writer import is_untouched
from taskkit.reports.digest import Digest
from taskkit.settings import Settings
from taskkit.word import Annex, Frame, fill
from taskkit.word_template_check import CONTENTS, sample

TODAY = date(2026, 7, 15)
NASTY = (
    *("<b>", "&amp;", "]]>", "<?taskkit-table 0?>", "{{ title }}", "{% if x %}", "{# x #}", "%}", "}}", "{_{", "{%p"),
    *("\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029", "\t", "\x00", "\x07", "\x1b", "\ud800", "\udfff"),
    *(
        "\u200b",
        "\u200f",
        "\u202e",
        "\u2067",
        "\ufeff",
        "\ufffe",
        "\ufdd0",
        "\ufdd10\ufdd1",
        "=1+1",
        "+1",
        "-1",
        "@x",
        "'",
        '"',
    ),
    *("　", " ", "𠮷", "👨‍👩‍👧", "_x0007_", "督查室"),
)
ALL = "、".join(NASTY)
TEXTS = st.lists(st.sampled_from(NASTY) | st.characters(exclude_categories=()), max_size=12).map("".join)
NAMES = tuple(CONTENTS)


def arrived(text: str) -> str:
    """What of a text Word can hold: breaks of all kinds as one, without what no XML may hold or what turns lines."""
    broken = re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text)
    return re.sub("[\x00-\x08\x0e-\x1f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]", "", broken)


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def filled(content, name: str) -> Document:
    return opened(fill(content, Settings().template(name), name, TODAY))


def lines_of(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from(NAMES))
def test_a_text_arrives_in_every_place_of_every_document(text, name):
    document, expected = filled(sample(CONTENTS[name], text), name), arrived(text)

    printed = [mark for mark in scan(opened(Settings().template(name))).marks if not mark.keyword]
    assert printed
    assert expected in "\n".join(lines_of(document))
    for row in (row for table in document.tables for row in table.rows[1:]):
        assert [expected, expected] == [cell.text for cell in row.cells]
    assert expected.replace("\n", "")[:255] == document.core_properties.title


@pytest.mark.parametrize("name", NAMES)
def test_a_paragraph_that_is_one_mark_is_its_text_and_nothing_else(name):
    lines = lines_of(filled(sample(CONTENTS[name], ALL), name))

    assert arrived(ALL) in lines


def with_table(rows: tuple[tuple[str, str | None], ...]) -> Document:
    """A plan with an annex of two columns."""
    name = "reports/plan.docx"
    content = sample(CONTENTS[name], "样例")
    annex = Annex("附件", "清单", ("no", "measures"), rows)
    return opened(fill(replace(content, annexes=(annex,)), Settings().template(name), name, TODAY))


def whole_rows(document: Document) -> list[bool]:
    """For each row below the header, whether it stays on one page."""
    rows = document.tables[0].rows[1:]
    return [bool(row._tr.xpath("./w:trPr/w:cantSplit")) for row in rows]


def test_each_piece_arrives_in_a_cell_of_its_own():
    rows = with_table(tuple(("1", f"前{piece}后") for piece in NASTY)).tables[0].rows[1:]

    assert [f"前{arrived(piece)}后" for piece in NASTY] == [row.cells[1].text for row in rows]


def test_3000_characters_in_one_cell_arrive_and_such_a_row_may_break_but_no_other():
    rows = (("1", "短。"), ("2", "长" * 3000), ("3", "行\v" * 60), ("4", "半页。" * 150), ("5", "a" * 900))
    document = with_table(rows)

    assert [text.replace("\v", "\n") for _, text in rows] == [row.cells[1].text for row in document.tables[0].rows[1:]]
    assert [True, False, False, True, True] == whole_rows(document)


@given(st.lists(st.tuples(TEXTS, st.none() | TEXTS), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_cells_merged_downwards_hold_their_texts_too(rows):
    merged = (("首", "首"), *((no, text) for no, text in rows))
    table = with_table(merged).tables[0]

    above, expected = "首", []
    for _, text in merged:
        above = above if text is None else arrived(text)
        expected.append(above)
    assert expected == [row.cells[1].text for row in table.rows[1:]]


def test_a_text_arrives_in_headers_and_footers_of_all_pages():
    document, name = opened(Settings().template("reports/digest.docx")), "reports/digest.docx"
    section = document.sections[0]
    section.different_first_page_header_footer = True
    edges = ("header", "footer", "first_page_header", "first_page_footer", "even_page_header", "even_page_footer")
    for edge in edges:
        getattr(section, edge).paragraphs[0].text = "〔{{ issuer }}〕"
    stream = io.BytesIO()
    document.save(stream)
    made = opened(fill(sample(Digest, ALL), stream.getvalue(), name, TODAY))

    for edge in edges:
        assert f"〔{arrived(ALL)}〕" == getattr(made.sections[0], edge).paragraphs[0].text


@pytest.mark.parametrize("name", NAMES)
def test_a_text_arrives_in_the_frame_around_each_document(name):
    frame = Frame(**{each.name: f"{each.name}{ALL}" for each in fields(Frame)})
    made = opened(fill(sample(CONTENTS[name], "样例"), Settings().template(name), name, TODAY, frame))
    printed = "\n".join(Paragraph(each, made).text for each in made.element.body.iter(f"{{{NAMESPACE}}}p"))

    assert [] == [text for text in astuple(frame) if arrived(text) not in printed]


def with_footnote(document: Document) -> bytes:
    """The document with a footnote part that prints the issuer."""
    notes = f'<w:footnotes xmlns:w="{NAMESPACE}"><w:footnote w:id="1"><w:p><w:r><w:t>{{{{ issuer }}}}</w:t></w:r></w:p>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    data = f"{notes}</w:footnote></w:footnotes>".encode()
    part = Part(PackURI("/word/footnotes.xml"), kind, data, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("piece", ["{{ title }}", "{_{", "<b>&"])
def test_a_text_arrives_in_footnotes_and_text_boxes(piece):
    document, name = opened(Settings().template("reports/digest.docx")), "reports/digest.docx"
    inner = "<w:txbxContent><w:p><w:r><w:t>{{ issuer }}</w:t></w:r></w:p></w:txbxContent>"
    box = f'<w:p xmlns:w="{NAMESPACE}"><w:r><w:pict>{inner}</w:pict><w:t>图</w:t></w:r></w:p>'
    document.element.body.insert(0, parse_xml(box))
    template = with_footnote(document)
    spots = [str(mark.spot) for mark in scan(opened(template)).marks if mark.code == "issuer"]
    assert ["正文的文本框（“{{ issuer }}”）", "脚注（“{{ issuer }}”）"] == spots

    content = sample(Digest, f"前{piece}后")
    with zipfile.ZipFile(io.BytesIO(fill(content, template, name, TODAY))) as made:
        for part in ("word/footnotes.xml", "word/document.xml"):
            texts = [text.text for text in parse_xml(made.read(part)).iter(f"{{{NAMESPACE}}}t")]
            assert content.issuer in texts, part


def test_a_very_long_title_or_issuer_does_not_spoil_the_file():
    content = sample(Digest, "长" * 3000)
    document = filled(content, "reports/digest.docx")

    assert ("长" * 255, "长" * 255) == (document.core_properties.title, document.core_properties.author)
    assert "长" * 3000 == document.paragraphs[0].text


def test_a_template_without_any_page_set_up_is_filled_too():
    document, name = opened(Settings().template("reports/plan.docx")), "reports/plan.docx"
    for end in document.element.body.xpath(".//w:sectPr"):
        end.getparent().remove(end)
    stream = io.BytesIO()
    document.save(stream)
    content = sample(CONTENTS[name], "样例")
    made = opened(fill(content, stream.getvalue(), name, TODAY))

    assert ["样例", "样例"] == [cell.text for cell in made.tables[0].rows[1].cells]


def test_the_same_hostile_content_gives_the_same_bytes_which_are_known_for_ours():
    name = "reports/plan_table.docx"
    content = sample(CONTENTS[name], "".join(NASTY))
    one, other = (fill(content, Settings().template(name), name, TODAY) for _ in range(2))

    assert one == other
    assert is_untouched(one)


@pytest.mark.parametrize("mark", ["title|safe", "title|e", "title|urlize", "title ~ '<'"])
def test_no_filter_turns_text_into_markup(mark):
    name, stream = "reports/digest.docx", io.BytesIO()
    template = docx.Document(io.BytesIO(Settings().template(name)))
    template.add_paragraph(f"{{{{ {mark} }}}}")
    template.save(stream)
    said = "www.example.com <w:p> & </w:t>"
    made = opened(fill(replace(sample(Digest, "样例"), title=said), stream.getvalue(), name, TODAY))

    assert "<w:p> & </w:t>" in made.paragraphs[-1].text
