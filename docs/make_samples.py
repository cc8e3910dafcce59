"""Write the sample plan, taskkit/samples/yunxi-2026.docx and .txt, from yunxi-2026.toml.

A developer's tool: run it again after an edit of the .toml. The same source gives the same
bytes, so an unchanged sample never shows up as a change. Usage:

    python docs/make_samples.py
"""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

SAMPLES = Path(__file__).parents[1] / "taskkit" / "samples"
SOURCE = SAMPLES / "yunxi-2026.toml"

TITLE_FONT, BODY_FONT, HEAD_FONT, SUBHEAD_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
RED = RGBColor(0xD9, 0x1E, 0x18)
GREY = RGBColor(0x80, 0x80, 0x80)
# The archive's dates are part of its bytes; the notice's own day keeps them still.
STAMP = datetime(2026, 3, 6, 9, 0, 0, tzinfo=UTC)

COLUMNS = ("工作措施", "责任领导", "牵头单位", "配合单位", "完成时限")
WIDTHS_MM = (20, 9, 44, 66, 15, 26, 28, 17)
ANNEX_COLUMNS = ("事项", "序号", "工作任务", "分管县领导", "牵头部门及主要负责人、分管负责人")
ANNEX_WIDTHS_MM = (38, 12, 92, 25, 58)
# The table starts anew before this task, inside a 大项, as issued tables do at a page's end.
CONTINUED_AT = 26
# Where the text form breaks in mid-sentence, as text copied from a paged document does.
LINE_BREAKS = {5: "闲置土地专项清", 21: "滨溪绿道二期", 33: "县镇两级政务服务大", 41: "县中医院康复"}

DIGITS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Task:
    """One 小项 with the headings that it stands under, as both forms print them."""

    no: int
    section: str
    group: str
    title: str
    measures: str
    leaders: list[str]
    lead: str
    support: str
    deadline: str


@dataclass(frozen=True)
class Matter:
    """One row of the annex: a 工作任务 of the 民生实事 with the 事项 that it belongs to."""

    no: int
    name: str
    title: str
    leader: str
    lead: str
    heads: str


def read_matters(source: dict[str, Any]) -> Iterator[Matter]:
    no = 0
    for at, matter in enumerate(source["annex"]):
        for task in matter["task"]:
            no += 1
            yield Matter(no, f"{DIGITS[at]}、{matter['name']}", **task)


def read_tasks(source: dict[str, Any]) -> Iterator[Task]:
    no = 0
    for s, section in enumerate(source["section"]):
        for g, group in enumerate(section["group"]):
            for task in group["task"]:
                no += 1
                yield Task(
                    no=no,
                    section=f"{DIGITS[s]}、{section['title']}",
                    group=f"（{DIGITS[g]}）{group['title']}",
                    title=task["title"],
                    measures=task["measures"],
                    leaders=task["leaders"].split("、"),
                    lead=task["lead"],
                    support=task["support"],
                    deadline=task["deadline"],
                )


def intro(source: dict[str, Any], tasks: list[Task]) -> str:
    """The sentence that states the counts: counted, so that it cannot disagree with the table."""
    counts = {
        "sections": len({task.section for task in tasks}),
        "groups": len({(task.section, task.group) for task in tasks}),
        "tasks": len(tasks),
    }
    return str(source["notice"]["plan_intro"]).format(**counts)


# --- the text form ------------------------------------------------------------------------


def write_text(source: dict[str, Any], tasks: list[Task]) -> str:
    notice = source["notice"]
    blocks = [
        f"{notice['issuer']}文件",
        notice["number"],
        "".join(notice["title"]),
        notice["addressee"],
        *notice["body"],
        notice["issuer"],
        notice["date"],
        "".join(notice["plan_title"]),
        intro(source, tasks),
    ]
    for section, in_section in groupby(tasks, key=lambda task: task.section):
        blocks.append(section)
        for group, in_group in groupby(in_section, key=lambda task: task.group):
            blocks.append(group)
            for task in in_group:
                blocks += text_blocks(task)
    blocks += [f"附件：{''.join(notice['annex_title'])}", "".join(notice["annex_title"])]
    return "\n\n".join(blocks) + "\n\n" + "\n".join(annex_lines(source)) + "\n"


def annex_lines(source: dict[str, Any]) -> Iterator[str]:
    """The annex's table as text copied out of Word: tabs between cells, a 事项 where it begins."""
    yield "\t".join(ANNEX_COLUMNS)
    before = ""
    for each in read_matters(source):
        yield "\t".join((each.name if each.name != before else "", *annex_cells(each)))
        before = each.name


def annex_cells(matter: Matter) -> tuple[str, str, str, str]:
    return str(matter.no), matter.title, matter.leader, f"{matter.lead} {matter.heads.replace('、', ' ')}"


def text_blocks(task: Task) -> list[str]:
    support = f"，{drop_level(task.support)}配合" if task.support else ""
    return [
        f"{task.no}. {task.title}",
        f"工作措施：{break_line(task)}",
        f"分管县领导：{'、'.join(task.leaders)}",
        f"部门分工：{drop_level(task.lead)}牵头{support}。",
    ]


def break_line(task: Task) -> str:
    words = LINE_BREAKS.get(task.no, "")
    if words not in task.measures:
        raise SystemExit(f"第{task.no}项的工作措施里没有“{words}”")
    return task.measures.replace(words, f"{words}\n\n", 1) if words else task.measures


def drop_level(units: str) -> str:
    """县财政局、县教育局 -> 县财政局、教育局: a list names its level once, as issued texts do."""
    return "，".join("、".join(_shortened(part.split("、"))) for part in units.split("，"))


def _shortened(units: list[str]) -> Iterator[str]:
    yield units[0]
    for before, unit in pairwise(units):
        yield unit.removeprefix("县") if _is_bureau(before) and _is_bureau(unit) else unit


def _is_bureau(unit: str) -> bool:
    return unit.startswith("县") and not unit.startswith(("县委", "县政府", "县直"))


# --- the Word form ------------------------------------------------------------------------


def write_word(source: dict[str, Any], tasks: list[Task]) -> bytes:
    document = docx.Document()
    drop_thumbnail(document)
    prepare(document, source["notice"])
    write_notice(document, source["notice"])
    landscape(document.add_section(WD_SECTION.NEW_PAGE))
    heading(document, source["notice"]["plan_title"], after=12)
    body(document, intro(source, tasks))
    write_table(document, [task for task in tasks if task.no < CONTINUED_AT])
    new_page(document)
    write_table(document, [task for task in tasks if task.no >= CONTINUED_AT])
    annex_mark = line(document, "附件", HEAD_FONT, 16)
    annex_mark.alignment = WD_ALIGN_PARAGRAPH.LEFT
    annex_mark.paragraph_format.page_break_before = True
    heading(document, source["notice"]["annex_title"], before=14, after=12)
    write_annex(document, list(read_matters(source)))
    shrink(document.add_paragraph())
    buffer = io.BytesIO()
    document.save(buffer)
    return still(buffer.getvalue())


def drop_thumbnail(document: Document) -> None:
    """The preview of python-docx's own blank document says nothing about ours."""
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[key]


def prepare(document: Document, notice: dict[str, Any]) -> None:
    properties = document.core_properties
    properties.title = "".join(notice["plan_title"])
    properties.author = properties.last_modified_by = f"{notice['issuer']}办公室"
    properties.comments = "示例文件，内容均为虚构"
    properties.created = properties.modified = STAMP.replace(tzinfo=None)
    properties.language = "zh-CN"
    style = document.styles["Normal"]
    style.font.size = Pt(16)
    fonts(style.element.get_or_add_rPr(), BODY_FONT)
    document.settings.odd_and_even_pages_header_footer = True
    first = document.sections[0]
    first.page_width, first.page_height = Mm(210), Mm(297)
    first.top_margin, first.bottom_margin = Mm(37), Mm(35)
    first.left_margin, first.right_margin = Mm(28), Mm(26)
    first.header_distance, first.footer_distance = Mm(20), Mm(25)
    mark_as_sample(first)
    page_numbers(first)


def landscape(section: Section) -> None:
    """A4 turned: the margins turn with the sheet."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(36), Mm(36)
    section.header_distance, section.footer_distance = Mm(15), Mm(16)


def mark_as_sample(section: Section) -> None:
    """Nobody shall take the sample for a real document; the header is no part of the plan's text."""
    for header in (section.header, section.even_page_header):
        paragraph = header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        write(paragraph, "示例文件，内容均为虚构", BODY_FONT, 10.5).font.color.rgb = GREY


def page_numbers(section: Section) -> None:
    """— 1 — in 4号 宋体, outside: odd pages right, even pages left, one character in."""
    sides = (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    )
    for footer, side in sides:
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        write(paragraph, "— ", "宋体", 14)
        field(write(paragraph, "", "宋体", 14), "PAGE")
        write(paragraph, " —", "宋体", 14)


def field(run: Run, code: str) -> None:
    for kind in ("begin", None, "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = code
        run._r.append(element)


def write_notice(document: Document, notice: dict[str, Any]) -> None:
    mark = line(document, f"{notice['issuer']}文件", TITLE_FONT, 46, spacing=None)
    mark.paragraph_format.space_before, mark.paragraph_format.space_after = Pt(40), Pt(36)
    mark.runs[0].font.color.rgb = RED
    under(line(document, notice["number"], BODY_FONT, 16))
    heading(document, notice["title"], before=32, after=28)
    body(document, notice["addressee"], indent=0)
    for text in notice["body"]:
        body(document, text)
    sign(document, notice)


def sign(document: Document, notice: dict[str, Any]) -> None:
    for text, before, right in ((notice["issuer"], 56, 4.0), (notice["date"], 0, 4.5)):
        paragraph = line(document, text, BODY_FONT, 16)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.space_before = Pt(before)
        paragraph.paragraph_format.right_indent = Pt(16 * right)
        paragraph.paragraph_format.keep_together = True


def heading(document: Document, lines: list[str], before: float = 0, after: float = 0) -> None:
    paragraph = line(document, lines[0], TITLE_FONT, 22, spacing=32)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    for text in lines[1:]:
        paragraph.runs[-1].add_break()
        write(paragraph, text, TITLE_FONT, 22)


def body(document: Document, text: str, indent: int = 2) -> None:
    paragraph = line(document, "", BODY_FONT, 16)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Pt(16 * indent)
    head, stop, rest = text.partition("。")
    if text[1:2] == "、" and stop:
        write(paragraph, head + stop, HEAD_FONT, 16)
        write(paragraph, rest, BODY_FONT, 16)
    else:
        write(paragraph, text, BODY_FONT, 16)


def line(document: Document, text: str, font: str, size: float, spacing: float | None = 28) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    if spacing:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spacing)
    if text:
        write(paragraph, text, font, size)
    return paragraph


def write(paragraph: Paragraph, text: str, font: str, size: float) -> Run:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    fonts(run._r.get_or_add_rPr(), font)
    return run


def fonts(properties: Any, name: str) -> None:
    """Set the Chinese font too: python-docx alone sets only the one for Latin letters."""
    element = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        element.set(qn(script), name)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        element.attrib.pop(qn(theme), None)


def under(paragraph: Paragraph) -> None:
    """The red line 4 mm under the document number."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "18"), ("space", "11"), ("color", str(RED))):
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def new_page(document: Document) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.page_break_before = True
    shrink(paragraph)


def shrink(paragraph: Paragraph) -> None:
    """As low as a line can be: Word wants a paragraph between tables and after the last."""
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)


# --- the table ----------------------------------------------------------------------------


def write_table(document: Document, tasks: list[Task]) -> None:
    table = blank_table(document, WIDTHS_MM)
    header_row(table)
    section = tasks[0].section if tasks[0].no > 1 else ""
    for (name, group), members in groupby(tasks, key=lambda task: (task.section, task.group)):
        if name != section:
            section_row(table, name)
            section = name
        group_rows(table, group, list(members))


def blank_table(document: Document, widths: tuple[int, ...]) -> Table:
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def write_annex(document: Document, matters: list[Matter]) -> None:
    table = blank_table(document, ANNEX_WIDTHS_MM)
    row, cells = new_row(table, ANNEX_WIDTHS_MM)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, text in zip(cells, ANNEX_COLUMNS, strict=True):
        fill(cell, [text], font=HEAD_FONT, size=12, centre=True)
    for name, members in groupby(matters, key=lambda matter: matter.name):
        listed = list(members)
        rows = [new_row(table, ANNEX_WIDTHS_MM)[1] for _ in listed]
        label = rows[0][0] if len(rows) == 1 else rows[0][0].merge(rows[-1][0])
        fill(label, [name], font=SUBHEAD_FONT, size=12)
        for cells, matter in zip(rows, listed, strict=True):
            number, title, leader, lead = annex_cells(matter)
            fill(cells[1], [number], size=12, centre=True)
            fill(cells[2], [title], size=12)
            fill(cells[3], [leader], size=12, centre=True)
            fill(cells[4], [lead], size=12, centre=True)


def new_row(table: Table, widths: tuple[int, ...] = WIDTHS_MM) -> tuple[_Row, tuple[_Cell, ...]]:
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    cells = row.cells
    for cell, width in zip(cells, widths, strict=True):
        cell.width = Mm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return row, cells


def header_row(table: Table) -> None:
    row, cells = new_row(table)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    fill(cells[0].merge(cells[2]), ["工作任务"], font=HEAD_FONT, centre=True)
    for cell, text in zip(cells[3:], COLUMNS, strict=True):
        fill(cell, [text], font=HEAD_FONT, centre=True)


def section_row(table: Table, name: str) -> None:
    _, cells = new_row(table)
    fill(cells[0].merge(cells[-1]), [name], font=HEAD_FONT, size=12, keep=True)


def group_rows(table: Table, group: str, tasks: list[Task]) -> None:
    rows = [new_row(table)[1] for _ in tasks]
    label = rows[0][0] if len(rows) == 1 else rows[0][0].merge(rows[-1][0])
    fill(label, [group], font=SUBHEAD_FONT, centre=True)
    for cells, task in zip(rows, tasks, strict=True):
        fill(cells[1], [str(task.no)], centre=True)
        fill(cells[2], [task.title])
        fill(cells[3], [task.measures])
        fill(cells[4], task.leaders, centre=True)
        fill(cells[5], task.lead.split("、"), centre=True)
        fill(cells[6], [task.support])
        fill(cells[7], [task.deadline], centre=True)


def fill(
    cell: _Cell, lines: list[str], font: str = BODY_FONT, size: float = 10.5, centre: bool = False, keep: bool = False
) -> None:
    """Write a cell: several persons or units stand on lines of their own within one paragraph."""
    for spare in cell.paragraphs[1:]:
        spare._p.getparent().remove(spare._p)
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.LEFT
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(2)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size * 1.4)
    layout.keep_with_next = keep
    for number, text in enumerate(lines):
        if number:
            paragraph.runs[-1].add_break()
        write(paragraph, text, font, size)


def still(package: bytes) -> bytes:
    """The same archive with one date on every member, so that equal content is equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, STAMP.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            new.writestr(member, old.read(name), compresslevel=9)
    return buffer.getvalue()


def files() -> dict[str, bytes]:
    """The sample plan in its two forms."""
    source = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    tasks = list(read_tasks(source))
    return {"txt": write_text(source, tasks).encode(), "docx": write_word(source, tasks)}


if __name__ == "__main__":
    for kind, content in files().items():
        (SAMPLES / f"yunxi-2026.{kind}").write_bytes(content)
