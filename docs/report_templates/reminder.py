"""The reminder: a letter on one page under a bar in the colour of its slip, to be signed for at the bottom."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from report_templates.layout import NS, Lines, upright
from taskkit.office.docx_writer import pack

MARKED, HEADED = "{%p if frame.mark or frame.head %}", "{%p if frame.head %}"
TITLE, ADDRESSEE, DATE = "{{ title }}", "{{ addressee }}", "{{ date }}"
LINES: Lines = (
    ("公文标题", TITLE),
    ("公文正文", "{%p if number and not frame.head %}"),
    ("成文日期", "{{ number }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", ""),
    ("公文正文", "{%p if addressee %}"),
    ("公文正文", ADDRESSEE),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p if opening %}"),
    ("公文正文", "{{ opening }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p for text in paragraphs %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p for table in tables %}"),
    ("公文正文", "{{ table.table }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{{ request }}"),
    ("公文正文", "{%p if contact %}"),
    ("公文正文", "{{ contact }}"),
    ("公文正文", "{%p endif %}"),
)
SIGNED = "{{ receipt }}"
LINE = f'<w:pBdr {NS}><w:top w:val="single" w:sz="6" w:space="6" w:color="auto"/></w:pBdr>'
RECEIPT: Lines = (
    ("公文正文", "{%p if receipt %}"),
    ("公文正文", SIGNED),
    ("公文正文", "{%p endif %}"),
)
SMALL = '<w:rPr><w:sz w:val="24"/><w:szCs w:val="24"/></w:rPr>'  # 小四: the bar is thin
# The bar: a table of one cell, filled with the colour of the slip; its name tells it in black and white.
BAR = f"""<w:tbl {NS}><w:tblPr><w:tblW w:w="8845" w:type="dxa"/><w:tblBorders>{{borders}}</w:tblBorders>
<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="8845"/></w:tblGrid>
<w:tr><w:tc><w:tcPr><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="内部标识"/>
<w:snapToGrid w:val="0"/><w:spacing w:line="320" w:lineRule="exact"/><w:jc w:val="center"/></w:pPr>
<w:r>{SMALL}<w:t>{{{{% cellbg colour %}}}}</w:t></w:r><w:r>{SMALL}<w:t>{{{{{{{{ slip }}}}}}}}</w:t></w:r>
</w:p></w:tc></w:tr></w:tbl>"""
_BORDERS = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in ("top", "left", "bottom", "right")
)


def template() -> bytes:
    document = docx.Document(io.BytesIO(upright(LINES, signed=True)))
    _paragraph(document, TITLE)._p.addprevious(parse_xml(BAR.format(borders=_BORDERS).replace("\n", "")))
    # The bar parts the mark from the title: a blank line stands below the red head alone.
    [*_, blank] = [each for each in document.paragraphs if each.text == MARKED]
    blank.runs[0].text = HEADED
    indent = _paragraph(document, ADDRESSEE)._p.get_or_add_pPr().get_or_add_ind()  # flush left (7.3.2)
    for key in ("firstLineChars", "firstLine"):
        indent.set(f"{{{indent.nsmap['w']}}}{key}", "0")
    _add_receipt(document, _paragraph(document, DATE))
    return pack(document)


def _paragraph(document: Document, text: str) -> Paragraph:
    return next(each for each in document.paragraphs if each.text == text)


def _add_receipt(document: Document, last: Paragraph) -> None:
    """Put the receipt below the date; its section ends after it."""
    place: Any = last._p
    for style, text in (*RECEIPT, ("分节", "")):
        paragraph = document.add_paragraph(text, style=style)
        if text == SIGNED:  # below a line, apart from the letter
            paragraph.paragraph_format.space_before = Pt(6)
            paragraph._p.get_or_add_pPr().insert_element_before(parse_xml(LINE), "w:spacing", "w:ind", "w:jc")
        place.addnext(paragraph._p)
        place = paragraph._p
    section = last._p.pPr.sectPr
    last._p.pPr.remove(section)
    place.get_or_add_pPr().append(section)
