"""One small plan in many kinds of file, made in the test: Word documents to convert, and odd files."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from taskkit.plan import Plan, records

TITLE = "2026年云溪县《政府工作报告》重点任务分工方案"
UNITS = ("县发展改革局", "县财政局", "县水务局", "县农业农村局", "县住房城乡建设局", "县市场监管局")
HEADER = ("重点任务", "序号", "工作任务", "责任领导", "牵头单位", "配合单位")


def items(count: int) -> list[str]:
    """Paragraphs of a plan: headings, tasks of very different lengths, unit clauses at their ends."""
    lines = [TITLE, "各镇人民政府，县直各单位："]
    for number in range(1, count + 1):
        if number % 10 == 1:
            lines.append(f"{'一二三四五六七八九'[number // 10]}、推进第{number // 10 + 1}方面工作")
        text = "".join(f"推动第{part}批项目按期建成投产，" for part in range(1, number % 7 + 1))
        lead, support = UNITS[number % 6], UNITS[(number + 1) % 6]
        lines.append(f"{number}.{text}全年完成{number * 37}万元。（牵头单位：{lead}；责任单位：{support}、各镇政府）")
    return lines


def word_plan(path: Path, count: int = 40) -> Path:
    """A plan in paragraphs with indented first lines, a running head and page numbers."""
    document = docx.Document()
    _dress(document)
    for line in items(count):
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.first_line_indent = Pt(0 if line.endswith("：") or line == TITLE else 32)
        for run in paragraph.runs:
            run.font.size = Pt(16)
    document.save(str(path))
    return path


def _dress(document: Any) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].add_run("云溪县人民政府公报")
    foot = section.footer.paragraphs[0]
    foot.add_run("— ")
    run = foot.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        mark.text = text or None
        run._r.append(mark)
    foot.add_run(" —")


def table_rows(count: int) -> list[tuple[str, ...]]:
    """Rows of a plan as a table; the label stands at each group's first row only."""
    rows: list[tuple[str, ...]] = []
    for number in range(1, count + 1):
        label = (
            f"（{'一二三四五六七八九'[number // 6]}）做好第{number // 6 + 1}类重点工作" if number % 6 in (0, 1) else ""
        )
        label = label if number == 1 or number % 6 == 0 else ""
        text = "".join(f"推动第{part}批项目按期建成投产，" for part in range(1, number % 8 + 1))
        leader = ("张一 李二丁", "王三")[number % 2]
        lead, support = UNITS[number % 6], "、".join(UNITS[(number + k) % 6] for k in range(1, number % 4 + 2))
        rows.append((label, str(number), f"{text}全年完成{number * 37}万元。", leader, lead, support))
    return rows


def word_table(path: Path, count: int = 40, landscape: bool = True) -> Path:
    """A plan as one table over several pages, with merged labels and a repeated header."""
    document = docx.Document()
    _dress(document)
    if landscape:
        section = document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    document.add_paragraph(TITLE)
    rows = table_rows(count)
    table = document.add_table(rows=len(rows) + 1, cols=6)
    table.style = "Table Grid"
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    cells = table._cells
    for place, text in enumerate(text for row in (HEADER, *rows) for text in row):
        cells[place].text = text
    for number, row in enumerate(rows, start=1):
        merge = OxmlElement("w:vMerge")
        merge.set(qn("w:val"), "restart" if row[0] else "continue")
        cells[number * 6]._tc.get_or_add_tcPr().append(merge)
    document.add_paragraph("注：本表由县政府办公室负责解释。")
    document.save(str(path))
    return path


def facts(plan: Plan) -> list[tuple[Any, ...]]:
    """What two readings of one plan must share: all but the places."""
    units: dict[str, list[tuple[str, str]]] = {}
    for row in records("assignments", plan.assignments):
        units.setdefault(row["task_id"], []).append((row["role"], row["unit"]))
    return [
        (task["no"], task["section"], task["group"], task["title"], tuple(task["leaders"]), tuple(units[task_id]))
        for task_id, task in zip(plan.tasks.index, records("tasks", plan.tasks), strict=True)
    ]


def web_page(body: str, charset: str = "utf-8") -> str:
    """A government page around an article."""
    links = "".join(f"<li><a href='/{n}'>栏目{n}的名称比较长</a></li>" for n in range(30))
    return (
        f"<!DOCTYPE html><html><head><meta charset='{charset}'><title>{TITLE}_云溪县人民政府网</title>"
        "<style>p{color:red}</style><script>var 任务='1.不是任务。（牵头单位：县财政局）';</script></head><body>"
        f"<div class='top-nav'><ul>{links}</ul></div><div class='crumb'>当前位置：首页 &gt; 政务公开</div>"
        f"<div class='main'><div class='content'><h1>{TITLE}</h1>"
        "<div class='info'>发布时间：2026-03-01 浏览次数：123 字体：[大 中 小]</div>"
        f"<div id='zoom'>{body}</div><div class='share'>分享到：</div><p>【打印】【关闭窗口】</p>"
        f"<p>相关阅读</p><ul>{links}</ul></div></div>"
        "<div class='footer'>版权所有：云溪县人民政府 主办单位：县政府办公室</div></body></html>"
    )


def paragraphs_as_html(lines: Iterable[str]) -> str:
    """Paragraphs as web pages have them, with the indents as wide spaces."""
    return "".join(f"<p>&nbsp;&nbsp;\u3000{line}</p>\n" for line in lines)


def table_as_html(rows: list[tuple[str, ...]]) -> str:
    """A table with rowspans for its labels and line breaks in its cells."""
    parts = ["<table border='1'><tr>" + "".join(f"<td><p>{name}</p></td>" for name in HEADER) + "</tr>"]
    for place, row in enumerate(rows):
        span = 1
        while place + span < len(rows) and not rows[place + span][0]:
            span += 1
        label = f"<td rowspan='{span}'>{row[0]}</td>" if row[0] else ""
        leaders = row[3].replace(" ", "<br>")
        cells = (row[1], row[2], leaders, row[4], row[5])
        parts.append(f"<tr>{label}" + "".join(f"<td>\n {cell} </td>" for cell in cells) + "</tr>")
    return "".join([*parts, "</table>"])


def pdf_of(content: bytes, pages: int = 1) -> bytes:
    """A PDF with the same page several times: ``content`` in the language of PDF pages."""
    packed = zlib.compress(content)
    font = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b"3 0 R " * pages),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources%s>>" % font,
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(data))
        data += b"%d 0 obj%sendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 5/Root 1 0 R>>startxref\n%d\n%%%%EOF" % len(data)
    return data + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer


def zip_of(parts: dict[str, str]) -> bytes:
    """A zip with these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def ods_of(rows: str) -> bytes:
    """An OpenDocument workbook with these rows of XML."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table")
    )
    text = ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    head = f"<office:document-content{spaces}{text}><office:body><office:spreadsheet><table:table table:name='a'>"
    tail = "</table:table></office:spreadsheet></office:body></office:document-content>"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zip_of(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": head + rows + tail,
            "META-INF/manifest.xml": manifest,
        }
    )
