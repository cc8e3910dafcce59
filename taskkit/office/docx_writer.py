"""Word documents from docxtpl templates: fill, put tables in their places, write the same bytes each time.

Nothing of the clock or of the login gets into a file. A document carries the hash of its own
text (dc:identifier), so that one changed by a person is known for what it is.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml as parse_word_xml
from docxtpl import DocxTemplate
from jinja2.exceptions import UndefinedError
from lxml import etree

from taskkit.errors import InputError, TaskkitError, TemplateError
from taskkit.office.archive import open_archive
from taskkit.office.docx_charts import Chart, chart_paragraph
from taskkit.office.docx_marks import FOOTNOTES, NotPrintableError, Problem, Scan, environment, fails, misspelt, scan
from taskkit.office.docx_table import NAMESPACE, STYLES, Table, clean, table_xml, tied
from taskkit.office.xml import parse_xml
from taskkit.wording import did_you_mean

_W = f"{{{NAMESPACE}}}"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MARK = "taskkit:"
_LONGEST = 255  # that a property of a file may be
_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
_ENDING = ("附件说明", "发文机关署名", "成文日期")
_CHECK = "全部问题可以用 taskkit templates --check 检查模板列出；可用的标记见 docs/reports.md"
_A4_TEXT_AREA = (8845, 12757)  # twips: 156 x 225 mm, for a template that does not say
# Noncharacters, which cleaned text never holds: one keeps docxtpl from reading "{_{" as its own
# escape, the other encloses the number of the table that takes a paragraph's place.
_GUARD, _PLACE = "\ufdd0", "\ufdd1"


@dataclass(frozen=True)
class Properties:
    """What the file says of itself. ``on`` stands for the times of making and changing."""

    title: str
    creator: str
    on: date


def fill_template(
    template: bytes,
    name: str,
    context: Mapping[str, Any],
    properties: Properties,
    right_indents: Mapping[str, float] | None = None,
) -> bytes:
    """Fill a docxtpl template. A ``Table`` or ``Chart`` in the context takes the place of the paragraph that names it.

    ``right_indents`` sets paragraphs of a style (by name) so many characters from the right.
    Raises TemplateError for unknown or broken marks, missing styles, or a file that is no document.
    """
    placed: list[Table | Chart] = []
    document = _render(template, name, _prepared(context, placed))
    body = document.element.body
    styles = _style_ids(document)
    for part in document.part.package.iter_parts():
        _release_guards(part)
        if part is not document.part and _PLACE.encode() in part.blob:
            raise TemplateError(
                f"模板 {name} 的页眉、页脚或脚注里有表格或图的标记", "表格、图只能放在正文里，请移到正文"
            )
    tables = _place(document, placed, styles, name)
    _drop_blank_sections(body)
    _keep_ending(body, [styles[name] for name in _ENDING if name in styles])
    for style, characters in (right_indents or {}).items():
        _indent(body, styles.get(style), characters)
    _set_properties(document, properties)
    return pack(document, tables)


def pack(document: Document, tables: Sequence[str] = ()) -> bytes:
    """The bytes of a document, sealed with the hash of its text and without any time of day.

    The XML of ``tables`` is put where `_table_place` marks stand, when all else is written: a
    long table never becomes a tree of elements.
    """
    text = document.part.blob
    for number, table in enumerate(tables):
        text = text.replace(etree.tostring(_table_place(number)), table.encode(), 1)
    document.core_properties.identifier = _MARK + hashlib.sha256(text).hexdigest()
    stream, packed = io.BytesIO(), io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, _EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            is_text = entry.filename == document.part.partname.membername
            target.writestr(info, text if is_text else source.read(entry))
    return packed.getvalue()


def _table_place(number: int) -> etree._ProcessingInstruction:
    return etree.ProcessingInstruction("taskkit-table", str(number))


def is_untouched(data: bytes) -> bool:
    """Whether a document is as ``pack`` wrote it: nobody has changed and saved it since."""
    try:
        archive = open_archive(data, "")
        text = archive.read("word/document.xml")
        core = parse_xml(archive.read("docProps/core.xml"), "")
    except InputError:
        return False
    return core.findtext(_IDENTIFIER) == _MARK + hashlib.sha256(text).hexdigest()


def is_ours(data: bytes) -> bool:
    """Whether taskkit wrote a document, whatever a person has changed of it since."""
    try:
        core = parse_xml(open_archive(data, "").read("docProps/core.xml"), "")
    except InputError:
        return False
    return (core.findtext(_IDENTIFIER) or "").startswith(_MARK)


def scan_template(template: bytes, name: str) -> Scan:
    """The marks of a template. Raises TemplateError for a file that is no document."""
    return _opened(template, name)[1]


def _render(template: bytes, name: str, context: Mapping[str, Any]) -> Document:
    opened, found = _opened(template, name)
    if found.problems:
        raise _broken(found.problems, name)
    try:
        opened.render(dict(context), environment(), autoescape=True)
    except (etree.XMLSyntaxError, ValueError) as error:
        what = f"模板 {name} 填好后不是完好的文件：有标记只包住了半个段落或半张表格"
        raise TemplateError(what, "请把 for、if 的开始和结束各放一段，用 {%p … %}") from error
    except Exception as error:  # whatever an expression may come to: a template is a small program
        raise _bad_mark(error, template, name, context) from error
    document: Document = opened.docx
    return document


def _opened(template: bytes, name: str) -> tuple[DocxTemplate, Scan]:
    try:
        open_archive(template, name)
        opened = DocxTemplate(io.BytesIO(template))
        document = opened.get_docx()
        _check_whole(document)
        return opened, scan(document)
    except TaskkitError as error:
        raise TemplateError(f"模板{error.what}", error.advice) from error
    except Exception as error:  # python-docx has no error of its own for a damaged file
        raise TemplateError(f"模板 {name} 不是完好的 Word 文件", "请用 Word 打开后另存为 .docx 再试") from error


def _check_whole(document: Document) -> None:
    """Raise some error where what is read or written after a template is filled is not there."""
    _style_ids(document), document.core_properties.title
    package = document.part.package
    parts = list(package.iter_parts())
    relations = [relation for holder in (package, *parts) for relation in holder.rels.values()]
    names = {part.partname for part in parts}
    types = (*(part.content_type for part in parts), *(each.reltype and each.rId for each in relations))
    if len(names) < len(parts) or not all(types):
        raise ValueError("parts without a type, or twice")


def _style_ids(document: Document) -> dict[str, str]:
    """The ids of styles by their names."""
    return {style.name: style.style_id for style in document.styles}


def _broken(problems: Sequence[Problem], name: str) -> TemplateError:
    first = problems[0]
    more = (
        f"（还有{len(problems) - 1}处问题，用 taskkit templates --check 检查模板可以全部列出）" if problems[1:] else ""
    )
    return TemplateError(f"模板 {name} 里有写坏的标记，在{first.spot}：{first.what}{more}", first.advice)


def _bad_mark(error: Exception, template: bytes, name: str, context: Mapping[str, Any]) -> TemplateError:
    marks = list(scan_template(template, name).marks)
    if problems := list(misspelt(marks)):
        return _broken(problems, name)
    found = re.search(r"'(\w+)'(?: is undefined)?$", str(error)) if isinstance(error, UndefinedError) else None
    if not found:
        spot = next((f"，在{each.spot}" for each in marks if fails(each, context)), "")
        reason = f"：{error}" if isinstance(error, NotPrintableError) else ""
        return TemplateError(f"模板 {name} 里有标记不能使用{spot}{reason}", _CHECK)
    mark = found[1]
    spots = [str(each.spot) for each in marks if re.search(rf"\b{mark}\b", each.code)]
    place = f"，在{spots[0]}" if spots else ""
    what = f"模板 {name} 里有不认识的标记“{mark}”{place}"
    return TemplateError(what, f"{did_you_mean(mark, _names(context))}{_CHECK}")


def _names(context: Any) -> Iterator[str]:
    """The names that marks may use, at any depth."""
    if isinstance(context, Mapping):
        yield from context
    for each in context.values() if isinstance(context, Mapping) else context if isinstance(context, list) else ():
        yield from _names(each)


def _prepared(value: Any, placed: list[Table | Chart]) -> Any:
    """The context with texts cleaned, tables and charts replaced by the marks of their places."""
    if isinstance(value, str):
        return re.sub(r"(?<=[{}_%])(?=[{}_%])", _GUARD, clean(value))
    if isinstance(value, Table | Chart):
        placed.append(value)
        return f"{_PLACE}{len(placed) - 1}{_PLACE}"
    if isinstance(value, Mapping):
        return {key: _prepared(each, placed) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_prepared(each, placed) for each in value]
    return value


def _release_guards(part: Any) -> None:
    """Take the guards out of the texts of a part; footnotes are no tree."""
    if part.content_type == FOOTNOTES:
        part._blob = part.blob.replace(_GUARD.encode(), b"")
    root = getattr(part, "element", None)
    for text in () if root is None else root.iter(f"{_W}t"):
        if text.text and _GUARD in text.text:
            text.text = text.text.replace(_GUARD, "")


def _place(document: Document, placed: list[Table | Chart], styles: Mapping[str, str], name: str) -> list[str]:
    """Put charts, and marks for tables, where their paragraphs stand; the XML of the tables comes back."""
    missing = [style for style in STYLES if style not in styles]
    if missing and any(isinstance(each, Table) for each in placed):
        raise TemplateError(f"模板 {name} 缺少样式“{'”“'.join(missing)}”", "请从自带的模板复制这些样式")
    tables: list[str] = []
    for text in [each for each in document.element.body.iter(f"{_W}t") if each.text and _PLACE in each.text]:
        paragraph = next(text.iterancestors(f"{_W}p"))
        number = _placed_number(paragraph, name)
        each = placed[number]
        if isinstance(each, Chart):
            paragraph.getparent().replace(paragraph, chart_paragraph(document, each, number + 1))
            continue
        place = _table_place(len(tables))
        table = table_xml(each, *_text_area(paragraph), styles)
        paragraph.getparent().replace(paragraph, place)
        following = place.getnext()
        has_note = following is not None and following.tag == f"{_W}p" and _says(following)
        tables.append(tied(table) if has_note else table)
        if following is None or following.tag != f"{_W}p":  # a table at the very end is lost on the way to .doc
            place.addnext(parse_word_xml(f'<w:p xmlns:w="{NAMESPACE}"/>'))
    return tables


def _placed_number(paragraph: Any, name: str) -> int:
    """Which table or chart takes the place of a paragraph. Raises TemplateError where other text stands in it."""
    said = "".join(text.text or "" for text in paragraph.iter(f"{_W}t"))
    before, number, after = said.split(_PLACE, 2)
    if beside := f"{before}{after}".replace(_PLACE, "").strip():
        what = f"模板 {name} 里，表格或图的标记与文字“{beside[:30]}”在同一段，文字会丢失"
        raise TemplateError(what, "表格、图的标记要单独成段，请把文字移到另一段")
    return int(number)


def _drop_blank_sections(body: Any) -> None:
    """Leave out each section in which nothing stands; what is left last ends the document.

    A last section that turned pages would have parted from the text goes on below that without them.
    """
    sections: list[list[Any]] = [[]]
    for block in body:
        sections[-1].append(block)
        if block.tag == f"{_W}p" and block.find(f"{_W}pPr/{_W}sectPr") is not None:
            sections.append([])
    blank = [blocks for blocks in sections[1:] if not any(map(_says, blocks))]
    for block in (each for blocks in blank for each in blocks):
        body.remove(block)
    if body.find(f"{_W}sectPr") is None and (inner := body.xpath("./w:p/w:pPr/w:sectPr")):
        body.append(inner[-1])
    ends = body.xpath("./w:p/w:pPr/w:sectPr | ./w:sectPr")
    if blank and len(ends) > 1 and ends[-2].page_width == ends[-1].page_width:
        ends[-1].start_type = WD_SECTION.CONTINUOUS


def _keep_ending(body: Any, ending: Sequence[str]) -> None:
    """Keep issuer and date on one page with what stands before them: no signature on a page of its own (7.3.5.5)."""
    if not ending:
        return
    for last in body.xpath(f'./w:p[w:pPr/w:pStyle/@w:val="{ending[-1]}"]'):
        for before in last.itersiblings(preceding=True):
            if before.tag != f"{_W}p":
                break
            before.get_or_add_pPr().get_or_add_keepNext()
            if _says(before) and before.style not in ending:
                break


def _says(block: Any) -> bool:
    if block.tag == f"{_W}sectPr":
        return False
    if block.tag != f"{_W}p":
        return True
    return any(text.text for text in block.iter(f"{_W}t")) or next(block.iter(f"{_W}drawing"), None) is not None


def _text_area(paragraph: Any) -> tuple[int, int]:
    """Width and height, in twips, of the text area of the section in which a paragraph stands."""
    sections = paragraph.xpath("following::w:sectPr[w:pgSz and w:pgMar]")
    if not sections:
        return _A4_TEXT_AREA
    size, margins = sections[0].find(f"{_W}pgSz"), sections[0].find(f"{_W}pgMar")

    def inner(side: str, *edges: str) -> int:
        return int(size.get(_W + side)) - sum(int(margins.get(_W + edge)) for edge in edges)

    try:
        return inner("w", "left", "right"), inner("h", "top", "bottom")
    except (TypeError, ValueError):  # a size that is missing or no number, which Word overlooks
        return _A4_TEXT_AREA


def _indent(body: Any, style_id: str | None, characters: float) -> None:
    for mark in body.iter(f"{_W}pStyle"):
        if mark.get(f"{_W}val") == style_id:
            paragraph_properties = mark.getparent()
            indent = paragraph_properties.get_or_add_ind()
            indent.set(f"{_W}rightChars", str(round(characters * 100)))
            indent.set(f"{_W}right", str(round(characters * 320)))  # 3号 is 16 pt


def _set_properties(document: Document, properties: Properties) -> None:
    core = document.core_properties
    title, creator = (clean(text).replace("\n", "")[:_LONGEST] for text in (properties.title, properties.creator))
    core.title, core.author, core.last_modified_by = title, creator, creator
    core.created = core.modified = datetime(properties.on.year, properties.on.month, properties.on.day)
    core.revision = 1
