"""— 1 —: where and how page numbers stand (GB/T 9704-2012, 7.5 and 8)."""

from __future__ import annotations

from typing import Any

from docx.oxml import parse_xml

STYLES = ("单页页码", "双页页码")
HEIGHT = 4.94  # mm: a line of 4号
BELOW = 7 + HEIGHT / 2  # mm from the text area to the foot of the number: its dashes stand 7 mm below

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"
_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_SPACES = (
    f'{_W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    f'xmlns:wp="{_DRAWN}/wordprocessingDrawing" xmlns:a="{_DRAWN}/main" xmlns:wps="{_SHAPE}"'
)
_RUNS = "".join(
    f"<w:r>{each}</w:r>"
    for each in (
        '<w:t xml:space="preserve">— </w:t>',
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
        '<w:t xml:space="preserve"> —</w:t>',
    )
)


def number_upright(section: Any) -> None:
    """Odd pages right, even pages left, one character in."""
    for footer, style in zip(_footers(section), STYLES, strict=True):
        footer._element[:] = [parse_xml(_paragraph(style, _RUNS, _W))]


def number_turned(section: Any) -> None:
    """Where the numbers of the other pages are once this page is bound with its head to the left.

    That is on its left, read with the page turned back: a text box, for a footer stands below.
    """
    top, left = section.top_margin.mm, section.left_margin.mm
    along = section.page_height.mm - top - section.bottom_margin.mm
    for number, (footer, style) in enumerate(zip(_footers(section), STYLES, strict=True), 1):
        box = _box(number, (left - BELOW, top), (HEIGHT, along), _paragraph(style, _RUNS))
        footer._element[:] = [parse_xml(_paragraph(style, box, _SPACES))]


def _footers(section: Any) -> tuple[Any, Any]:
    """Those of odd and of even pages, the section's own."""
    for footer in (section.footer, section.even_page_footer):
        footer.is_linked_to_previous = False
    return section.footer, section.even_page_footer


def _paragraph(style: str, runs: str, spaces: str = "") -> str:
    return f'<w:p {spaces}><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _box(number: int, place: tuple[float, float], size: tuple[float, float], text: str) -> str:
    """The run of a text box without border, its text from the top down; place on the page and size in mm."""
    (x, y), (width, height) = (tuple(round(each * 36_000) for each in pair) for pair in (place, size))
    return f"""<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{number}" behindDoc="0" locked="0"
 layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="page"><wp:posOffset>{x}</wp:posOffset></wp:positionH>
<wp:positionV relativeFrom="page"><wp:posOffset>{y}</wp:posOffset></wp:positionV>
<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>
<wp:docPr id="{number}" name="页码{number}"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="{_SHAPE}"><wps:wsp><wps:cNvSpPr txBox="1"/>
<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx><w:txbxContent>{text}</w:txbxContent></wps:txbx>
<wps:bodyPr rot="0" vert="vert" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr>
</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>""".replace(
        "\n", ""
    )
