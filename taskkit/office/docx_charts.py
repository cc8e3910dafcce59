"""Native charts in Word: XlsxWriter's chart part, its workbook embedded, so that Word can edit the figures.

The values stand in the chart part too: programs that never open the workbook draw it all the same.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from xml.sax.saxutils import quoteattr

import xlsxwriter
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml as parse_word_xml
from lxml import etree

from taskkit.office.archive import open_archive
from taskkit.office.docx_table import NAMESPACE, clean
from taskkit.office.xml import parse_xml

_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_SHEET = "数据"
_MADE = datetime(2026, 1, 1)  # not the clock: the same figures give the same bytes
_FONT = "宋体"
_EMU_PER_MM = 36_000
# What tells the series apart where the print is black and white: dark, light, then patterns.
_PATTERNS = ("dark", "light", "wide_upward_diagonal", "dark_horizontal", "large_grid", "wide_downward_diagonal")


@dataclass(frozen=True)
class Series:
    """One series: its name, a value for each label, and its colour (#RRGGBB)."""

    name: str
    values: tuple[float, ...]
    colour: str


@dataclass(frozen=True)
class Chart:
    """A stacked bar chart, a bar for each label; ``width`` and ``height`` in mm.

    ``shares``: its values are percentages (0 to 100), each printed beside its bar.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    width: float = 156.0
    shares: bool = False

    @property
    def height(self) -> float:
        """Room for title and legend, and for each bar."""
        return 28.0 + 6.0 * len(self.labels)


def chart_paragraph(document: Any, chart: Chart, number: int) -> Any:
    """A centred paragraph with the chart, its parts added to the document; ``number`` is the chart's in it."""
    chart = _cleaned(chart)
    package, (book, drawn) = document.part.package, _made(chart)
    workbook = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), _BOOK_TYPE, book, package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART_TYPE, b"", package)
    part._blob = _finished(drawn, part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE))
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    return parse_word_xml(_paragraph(chart, number, relation))


def _cleaned(chart: Chart) -> Chart:
    """A chart without what XML cannot hold, each text in one line."""
    series = tuple(replace(each, name=_line(each.name)) for each in chart.series)
    return replace(chart, title=_line(chart.title), labels=tuple(map(_line, chart.labels)), series=series)


def _line(text: str) -> str:
    return clean(text).replace("\n", " ")


def _made(chart: Chart) -> tuple[bytes, bytes]:
    """The workbook that holds the figures, and the chart's XML."""
    drawn = open_archive(_workbook(chart, with_chart=True), chart.title).read("xl/charts/chart1.xml")
    return _workbook(chart, with_chart=False), drawn


def _workbook(chart: Chart, *, with_chart: bool) -> bytes:
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"title": chart.title, "created": _MADE})
    sheet = workbook.add_worksheet(_SHEET)
    sheet.set_column(0, 0, 36)
    for row, label in enumerate(chart.labels, 1):
        sheet.write_string(row, 0, label)
    for at, series in enumerate(chart.series, 1):
        sheet.write_string(0, at, series.name)
        for row, value in enumerate(series.values, 1):
            sheet.write_number(row, at, value)
    if with_chart:
        sheet.insert_chart("A1", _drawn(workbook, chart))
    workbook.close()
    return stream.getvalue()


def _drawn(workbook: Any, chart: Chart) -> Any:
    drawn = workbook.add_chart({"type": "bar", "subtype": "stacked"})
    last = len(chart.labels)
    for at, series in enumerate(chart.series, 1):
        drawn.add_series(
            {
                "name": [_SHEET, 0, at],
                "categories": [_SHEET, 1, 0, last, 0],
                "values": [_SHEET, 1, at, last, at],
                "gap": 45,
                "border": {"color": "#404040", "width": 0.5},
                **({"data_labels": _LABELS} if chart.shares else {}),
                **_fill(at - 1, series.colour),
            }
        )
    drawn.set_title({"name": chart.title, "name_font": _font(12), "overlay": False})
    drawn.set_legend({"none": True} if chart.shares else {"position": "bottom", "font": _font(9)})
    bare = {"num_font": _font(9), "major_tick_mark": "none", "minor_tick_mark": "none"}
    drawn.set_y_axis({**bare, "reverse": True, "crossing": "max", "interval_unit": 1, "line": {"color": "#808080"}})
    most = max((sum(values) for values in zip(*(each.values for each in chart.series), strict=True)), default=0)
    step = max(1, round(most / 8))
    lines = {"visible": True, "line": {"color": "#D9D9D9"}}
    ends = {"min": 0, "max": 100, "major_unit": 20} if chart.shares else {"major_unit": step}
    drawn.set_x_axis({**bare, "num_format": "0", **ends, "major_gridlines": lines})
    drawn.set_chartarea({"border": {"none": True}})
    return drawn


def _font(size: float) -> dict[str, Any]:
    return {"name": _FONT, "size": size, "bold": False}


_LABELS = {"value": True, "font": _font(9), "position": "inside_base"}


def _fill(number: int, colour: str) -> dict[str, Any]:
    pattern = _PATTERNS[number % len(_PATTERNS)]
    if pattern in ("dark", "light"):
        return {"fill": {"color": colour if pattern == "dark" else _tint(colour)}}
    return {"pattern": {"pattern": pattern, "fg_color": colour, "bg_color": "#FFFFFF"}}


def _tint(colour: str) -> str:
    """A colour two thirds of the way to white."""
    return "#" + "".join(f"{(int(colour[at : at + 2], 16) + 2 * 255) // 3:02X}" for at in (1, 3, 5))


def _finished(drawn: bytes, relation: str) -> bytes:
    """The chart's XML with fonts for Chinese and the name of its workbook, where the schema wants them."""
    root = parse_xml(drawn, _SHEET)
    for labels in root.iter(f"{{{_C}}}dLbls"):
        _show_values_alone(labels)
    for latin in root.iter(f"{{{_A}}}latin"):
        latin.addnext(etree.Element(f"{{{_A}}}ea", typeface=latin.get("typeface", _FONT)))
    data = etree.Element(f"{{{_C}}}externalData", {f"{{{_R}}}id": relation})
    etree.SubElement(data, f"{{{_C}}}autoUpdate", val="0")
    after = root.find(f"{{{_C}}}printSettings")
    if after is None:
        root.append(data)
    else:
        after.addprevious(data)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _show_values_alone(labels: Any) -> None:
    """Say of all else that it is not shown: LibreOffice shows what nothing is said of."""
    shown = labels.find(f"{{{_C}}}showVal")
    shown.addprevious(etree.Element(f"{{{_C}}}showLegendKey", val="0"))
    for key in ("showBubbleSize", "showPercent", "showSerName", "showCatName"):
        shown.addnext(etree.Element(f"{{{_C}}}{key}", val="0"))


def _paragraph(chart: Chart, number: int, relation: str) -> str:
    size = f'cx="{round(chart.width * _EMU_PER_MM)}" cy="{round(chart.height * _EMU_PER_MM)}"'
    name = quoteattr(chart.title)
    return f"""<w:p xmlns:w="{NAMESPACE}" xmlns:r="{_R}" xmlns:a="{_A}" xmlns:wp="{_WP}" xmlns:c="{_C}">
<w:pPr><w:spacing w:before="120" w:after="120" w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/>
<w:jc w:val="center"/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>
<wp:docPr id="{1000 + number}" name={name} descr={name}/><a:graphic><a:graphicData uri="{_C}">
<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>""".replace("\n", "")
