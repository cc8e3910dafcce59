"""How the Word templates look: styles, pages, what stands above the title and below the date.

The templates are ordinary Word files with docxtpl marks; an office edits its copies in Word.
Layout and sizes follow GB/T 9704-2012 (clauses are named where they are used). Only names of
fonts stand in the files: the fonts themselves are licensed and are not shipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from lxml import etree

from report_templates.page_numbers import BELOW, number_turned, number_upright
from taskkit.office.docx_writer import pack

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NS = f'xmlns:w="{W}"'

TITLE_FONT, BODY_FONT, KAI, HEI, SONG = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
SIZE2, SIZE3, SIZE4, SIZE5 = 22.0, 16.0, 14.0, 10.5  # 2号, 3号, 4号, 五号 in points
LINE = 28.95  # points: 22 lines in 225 mm (5.2.3)
TITLE_LINE, TABLE_LINE = 36.0, 15.5
# 28 characters of 16 pt in 156 mm (5.2.3) ask for 0.2 pt less between them. A character grid would
# say so, too, but LibreOffice then gives each character two cells; closer type works everywhere.
CLOSER = -5  # twips

# (5.2.1) A4, 天头 37, 订口 28, text area 156 x 225 mm; turned for tables, its head at the binding (8).
UPRIGHT = {"top": 37, "left": 28, "right": 26, "bottom": 35}
TURNED = {"top": 28, "left": 35, "right": 37, "bottom": 26}


@dataclass(frozen=True)
class Style:
    """A style: ``first``, ``left`` and ``right`` are indents in characters, sizes and spaces are in points.

    Below 0 ``first`` lets the first line stand out to the left.
    """

    name: str
    font: str = BODY_FONT
    size: float = SIZE3
    align: str = "both"
    line: float = LINE
    first: int = 0
    left: int = 0
    right: int = 0
    space_before: int = 0
    space_after: int = 0
    outline: int | None = None
    keep_next: bool = False
    new_page: bool = False
    bold: bool = False
    kind: str = "paragraph"
    colour: str = ""
    next: str = ""  # the style of what is typed after a paragraph of this one; itself unless given
    placed: str = ""  # frame, border and tabs, as WordprocessingML


def border(edge: str, points: float, space: int = 1, colour: str = "auto") -> str:
    return f'<w:{edge} w:val="single" w:sz="{round(points * 8)}" w:space="{space}" w:color="{colour}"/>'


RED = "FF0000"
MARK_LINE = 44.0  # points of line for the issuer's mark
# The mark's upper edge stands 35 mm under that of the text area (7.2.4), line 1 being taken.
ABOVE_MARK = round(35 * 72 / 25.4 - LINE - 4)
# 4 mm under the number (7.2.7): some 2 mm below the line that it stands on, whose own foot is as far below.
RULE = f"<w:pBdr>{border('bottom', 1.5, 6, RED)}</w:pBdr>"
TO_THE_RIGHT = '<w:tabs><w:tab w:val="right" w:pos="8565"/></w:tabs>'
STYLES = (
    Style("内部标识", HEI, align="left"),
    Style("发文机关标志", TITLE_FONT, 36.0, "center", MARK_LINE, space_before=ABOVE_MARK, colour=RED),
    Style("发文字号", align="center", space_before=58, placed=RULE),
    # What goes on in a second line is aligned with the first name (7.4.2), or the first title (7.3.4).
    Style("抄送机关", size=SIZE4, left=4, right=1, first=-3, line=SIZE3 + 4, space_before=2, space_after=2),
    Style(
        "印发机关",
        size=SIZE4,
        left=1,
        right=1,
        align="left",
        line=SIZE3 + 4,
        space_before=2,
        space_after=2,
        placed=TO_THE_RIGHT,
    ),
    Style("分节", size=SIZE5, line=0.7),
    Style("公文标题", TITLE_FONT, SIZE2, "center", TITLE_LINE),
    Style("公文正文", first=2),
    Style("一级标题", HEI, first=2, outline=0, keep_next=True, next="公文正文"),
    Style("二级标题", KAI, first=2, outline=1, keep_next=True, next="公文正文"),
    Style("任务标题", first=2, keep_next=True, next="公文正文"),
    Style("条目标题", bold=True, kind="character"),
    Style("附件说明", left=6, first=-4),
    Style("发文机关署名", align="right", right=2, keep_next=True),
    Style("成文日期", align="right", right=4),
    Style("附件标识", HEI, align="left", outline=0, keep_next=True, new_page=True),
    Style("附件标题", TITLE_FONT, SIZE2, "center", TITLE_LINE, keep_next=True, space_after=10),
    Style("表格表头", HEI, SIZE5, "center", TABLE_LINE, keep_next=True, space_before=2, space_after=2),
    Style("表格文字", SONG, SIZE5, "left", TABLE_LINE, space_before=2, space_after=2),
    Style("表格居中", SONG, SIZE5, "center", TABLE_LINE, space_before=2, space_after=2),
    Style("表格大类", HEI, SIZE5, "left", TABLE_LINE, keep_next=True, space_before=2, space_after=2),
    Style("表格大项", KAI, SIZE5, "left", TABLE_LINE, keep_next=True, space_before=2, space_after=2),
    Style("表格附注", SONG, SIZE5, "left", TABLE_LINE),
    Style("单页页码", SONG, SIZE4, "right", SIZE4, right=1),
    Style("双页页码", SONG, SIZE4, "left", SIZE4, left=1),
)

Lines = tuple[tuple[str, str], ...]

# What an office may have printed above the title: the mark of a paper that stays in the house, on line
# 1, and the red head with the document's number (7.2); off unless words/office.toml says so.
HEAD: Lines = (
    ("公文正文", "{%p if frame.mark or frame.head %}"),
    ("内部标识", "{{ frame.mark }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p if frame.head %}"),
    ("发文机关标志", "{{ frame.head }}"),
    ("发文字号", "{{ frame.number }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p if frame.head %}"),
    ("公文正文", ""),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p if frame.mark or frame.head %}"),
    ("公文正文", ""),
    ("公文正文", "{%p endif %}"),
)
ANNEX_LIST: Lines = (
    ("公文正文", "{%p if annex_list %}"),
    ("公文正文", ""),
    ("公文正文", "{%p endif %}"),
    ("附件说明", "{%p for text in annex_list %}"),
    ("附件说明", "{{ text }}"),
    ("附件说明", "{%p endfor %}"),
)
# 附件说明, issuer and date; they are kept with the text before them where a template is filled.
ENDING: Lines = (
    *ANNEX_LIST,
    ("公文正文", ""),
    ("公文正文", "{%p if issuer %}"),
    ("发文机关署名", "{{ issuer }}"),
    ("公文正文", "{%p endif %}"),
    ("成文日期", "{{ date }}"),
)
ANNEXES: Lines = (
    ("表格附注", "{%p for annex in annexes %}"),
    ("附件标识", "{{ annex.label }}"),
    ("公文正文", ""),
    ("附件标题", "{{ annex.title }}"),
    ("表格附注", "{{ annex.table }}"),
    ("表格附注", "{%p if annex.note %}"),
    ("表格附注", "{{ annex.note }}"),
    ("表格附注", "{%p endif %}"),
    ("表格附注", "{%p endfor %}"),
)
# 版记, at the foot of the last page (7.4); off unless words/office.toml says so.
IMPRINT: Lines = (
    ("公文正文", "{%p if frame.copies or frame.printer %}"),
    ("分节", ""),  # LibreOffice takes up a section with a paragraph only
    ("公文正文", "{%p endif %}"),
    ("分节", ""),
)
COPIES = ("抄送机关", "{%tr if frame.copies %}", "抄送：{{ frame.copies }}。")
PRINTED = ("印发机关", "{%tr if frame.printer %}", "{{ frame.printer }}\t{{ frame.printed_on }}印发")


@dataclass(frozen=True)
class Section:
    """Pages of one orientation and what stands on them."""

    lines: Lines
    turned: bool = False


def upright(lines: Lines, signed: bool = False) -> bytes:
    """The bytes of the template of a text, maybe signed."""
    return _document(Section((*lines, *(ENDING if signed else ()))))


def annexed(lines: Lines, signed: bool = False, styles: tuple[Style, ...] = ()) -> bytes:
    """The bytes of the template of a text with annexes on turned pages after it; ``styles``: those of its own."""
    sections = Section((*lines, *(ENDING if signed else ()))), Section(ANNEXES, turned=True)
    return _document(*sections, styles=styles)


def turned(lines: Lines) -> bytes:
    """The bytes of the template of a table on turned pages, with annexes."""
    return _document(Section((*lines, *ANNEXES), turned=True))


def _document(*sections: Section, styles: tuple[Style, ...] = ()) -> bytes:
    """The sections in their order, each on pages of its own, between head and imprint."""
    document = _blank((*STYLES, *styles))
    ending = document.element.body.sectPr
    listed = (Section((*HEAD, *sections[0].lines), sections[0].turned), *sections[1:], Section(IMPRINT))
    for number, each in enumerate(listed):
        _write(document, each.lines)
        section = document.sections[-1]
        section.orientation = WD_ORIENT.LANDSCAPE if each.turned else WD_ORIENT.PORTRAIT
        _set_up(section, TURNED if each.turned else UPRIGHT)
        if number == 0 or each.turned != listed[number - 1].turned:
            (number_turned if each.turned else number_upright)(section)
        if number < len(listed) - 1:
            _section_end(document, each.lines).get_or_add_pPr().append(parse_xml(etree.tostring(ending)))
            for reference in ending.xpath("./w:footerReference"):  # page numbers go on as before
                ending.remove(reference)
    _add_imprint(document)
    # Below a text the imprint stands on its last page; after turned pages it gets a page of its own.
    document.sections[-1].start_type = WD_SECTION.NEW_PAGE if sections[-1].turned else WD_SECTION.CONTINUOUS
    return pack(document)


def _add_imprint(document: Document) -> None:
    """The lines of the imprint, as a table as wide as the text that sinks to its foot."""
    table = document.add_table(rows=0, cols=1)
    for style, condition, text in (COPIES, PRINTED):
        for each in (condition, text, "{%tr endif %}"):
            cell = table.add_row().cells[0]
            cell.paragraphs[0].style = style
            cell.paragraphs[0].add_run(each)
    properties = table._tbl.tblPr
    for each in list(properties):
        properties.remove(each)
    for xml in (
        '<w:tblpPr {} w:vertAnchor="margin" w:horzAnchor="page" w:tblpX="1587" w:tblpYSpec="bottom"/>',
        '<w:tblOverlap {} w:val="never"/>',
        '<w:tblW {} w:w="8845" w:type="dxa"/>',
        f"<w:tblBorders {{}}>{border('top', 1)}{border('bottom', 1)}{border('insideH', 0.75)}</w:tblBorders>",
        '<w:tblLayout {} w:type="fixed"/>',
        '<w:tblCellMar {}><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>',
    ):
        properties.append(parse_xml(xml.format(NS)))
    for width in table._tbl.xpath(".//w:gridCol | .//w:tcW"):
        width.set(f"{{{W}}}w", "8845")
    document.paragraphs[-2]._p.addprevious(table._tbl)  # before the end of the condition


def _section_end(document: Document, lines: Lines) -> Any:
    """The paragraph that ends a section: the last one, unless it is a mark that goes when it is filled in."""
    if lines[-1][1].startswith("{%p"):
        return document.add_paragraph(style="分节")._p
    return document.paragraphs[-1]._p


def _blank(styles: tuple[Style, ...]) -> Document:
    """A document with our styles and settings and nothing of python-docx's own template."""
    document = docx.Document()
    package, part = document.part.package, document.part
    for holder, wanted in ((package, ("thumbnail", "extended-properties")), (part, _UNWANTED)):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.rsplit("/", 1)[-1] in wanted:
                del holder.rels[key]
    for paragraph in list(document.element.body.xpath("./w:p")):
        document.element.body.remove(paragraph)
    document.styles.element[:] = list(parse_xml(_styles_xml(styles)))
    document.settings.element[:] = list(parse_xml(_SETTINGS))
    part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = _font_table().encode()
    core = document.core_properties
    core.title = core.author = core.last_modified_by = core.comments = core.keywords = core.subject = ""
    core.created = core.modified = datetime(2026, 1, 1)
    core.revision = 1
    return document


_UNWANTED = ("stylesWithEffects", "webSettings", "customXml", "numbering", "theme")
# What Word takes on a computer that lacks a font (5.2.2): Windows has had these since 2006.
SECOND_BEST = {BODY_FONT: "仿宋", KAI: "楷体", TITLE_FONT: "宋体"}
_SETTINGS = f"""<w:settings {NS}>
<w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>
<w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>
<w:characterSpacingControl w:val="compressPunctuation"/>
<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>
<w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>
<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>"""


def _font_table() -> str:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{second}"/><w:charset w:val="86"/></w:font>'
        for name, second in SECOND_BEST.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {NS}>{fonts}</w:fonts>'


def _styles_xml(styles: tuple[Style, ...]) -> str:
    fonts = _fonts(BODY_FONT, SIZE3)
    base = f"""<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>
<w:pPr><w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>
<w:spacing w:line="{round(LINE * 20)}" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr><w:rPr>{fonts}</w:rPr></w:style>
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/>
<w:uiPriority w:val="1"/><w:semiHidden/><w:rPr>{_font(BODY_FONT)}</w:rPr></w:style>
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>
<w:semiHidden/><w:rPr>{_font(SONG)}</w:rPr><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>
<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>
<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>"""
    defaults = f"""<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>
</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"""
    return f"<w:styles {NS}>{defaults}{base}{''.join(_style(style) for style in styles)}</w:styles>".replace("\n", "")


def _style(style: Style) -> str:
    name = f'<w:name w:val="{style.name}"/>'
    opening = f'<w:style w:type="{style.kind}" w:customStyle="1" w:styleId="{style.name}">{name}'
    if style.kind == "character":
        return f"{opening}<w:qFormat/><w:rPr>{_font(style.font)}<w:b/></w:rPr></w:style>"
    layout = "".join(_paragraph_properties(style))
    following = f'<w:next w:val="{style.next}"/>' if style.next else ""
    return (
        f'{opening}<w:basedOn w:val="Normal"/>{following}<w:qFormat/><w:pPr>{layout}</w:pPr>'
        f"<w:rPr>{_fonts(style.font, style.size, style.colour)}</w:rPr></w:style>"
    )


def _paragraph_properties(style: Style) -> Iterator[str]:
    """In the order that the schema of WordprocessingML wants."""
    if style.keep_next:
        yield "<w:keepNext/>"
    if style.new_page:
        yield "<w:pageBreakBefore/>"
    yield style.placed
    if style.size != SIZE3:
        yield '<w:snapToGrid w:val="0"/>'
    around = f'w:before="{style.space_before * 20}" w:after="{style.space_after * 20}"'
    yield f'<w:spacing {around} w:line="{round(style.line * 20)}" w:lineRule="exact"/>'
    first = "firstLine" if style.first > 0 else "hanging"
    indents = {"left": style.left, "right": style.right, first: abs(style.first)}
    if any(indents.values()):
        said = (
            f' w:{edge}Chars="{characters * 100}" w:{edge}="{round(characters * style.size * 20)}"'
            for edge, characters in indents.items()
            if characters
        )
        yield f"<w:ind{''.join(said)}/>"
    yield f'<w:jc w:val="{style.align}"/>'
    if style.outline is not None:
        yield f'<w:outlineLvl w:val="{style.outline}"/>'


def _font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


def _fonts(name: str, size: float, colour: str = "") -> str:
    half_points = round(size * 2)
    ink = f'<w:color w:val="{colour}"/>' if colour else ""
    spacing = f'<w:spacing w:val="{CLOSER if size == SIZE3 else 0}"/>'
    return f'{_font(name)}{ink}{spacing}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _write(document: Document, lines: Lines) -> list[Paragraph]:
    """Paragraphs before the section's end; the middle one of three parts between bars is a run-in title."""
    written = [document.add_paragraph(style=style) for style, _ in lines]
    for paragraph, (_, text) in zip(written, lines, strict=True):
        for place, piece in enumerate(text.split("|")):
            if piece:
                paragraph.add_run(piece, style="条目标题" if place == 1 else None)
    return written


def _set_up(section: Any, margins: dict[str, int]) -> None:
    across, down = (297, 210) if section.orientation == WD_ORIENT.LANDSCAPE else (210, 297)
    section.page_width, section.page_height = Mm(across), Mm(down)
    for edge, size in margins.items():
        setattr(section, f"{edge}_margin", Mm(size))
    section.header_distance = Mm(15)
    section.footer_distance = Mm(margins["bottom"] - BELOW)
    for old in section._sectPr.xpath("./w:docGrid"):
        section._sectPr.remove(old)
    if margins is UPRIGHT:  # 156 mm are no whole number of lines: LibreOffice would set the grid lower
        pitch = f'w:linePitch="{round(LINE * 20)}"'
        section._sectPr.append(parse_xml(f'<w:docGrid {NS} w:type="lines" {pitch}/>'))
