"""Word documents from docxtpl templates: fill, put tables in their places, write the same bytes each time.

Nothing of the clock or of the login gets into a file. A document carries the hash of its own
text (dc:identifier), so that one changed by a person is known for what it is.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml as parse_word_xml
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from taskkit.errors import InputError, TaskkitError, TemplateError
from taskkit.office.archive import open_archive
from taskkit.office.docx_charts import Chart, chart_paragraph
from taskkit.office.docx_table import NAMESPACE, STYLES, Table, clean, table_xml
from taskkit.office.xml import parse_xml

_W = f"{{{NAMESPACE}}}"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MARK = "taskkit:"
_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
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
    styles = {style.name: style.style_id for style in document.styles}
    for part in document.part.package.iter_parts():
        _release_guards(getattr(part, "element", None))
    _place(document, placed, styles, name)
    _drop_blank_sections(body)
    for style, characters in (right_indents or {}).items():
        _indent(body, styles.get(style), characters)
    _set_properties(document, properties)
    return pack(document)


def pack(document: Document) -> bytes:
    """The bytes of a document, sealed with the hash of its text and without any time of day."""
    document.core_properties.identifier = _MARK + hashlib.sha256(document.part.blob).hexdigest()
    stream, packed = io.BytesIO(), io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, _EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(info, source.read(entry))
    return packed.getvalue()


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


def _render(template: bytes, name: str, context: Mapping[str, Any]) -> Document:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        open_archive(template, name)
        opened = DocxTemplate(io.BytesIO(template))
        opened.render(dict(context), environment, autoescape=True)
    except TaskkitError as error:
        raise TemplateError(error.what, error.advice) from error
    except (JinjaError, SecurityError) as error:
        raise _bad_mark(error, name) from error
    except (KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise TemplateError(f"模板 {name} 不是完好的 Word 文件", "请用 Word 打开后另存为 .docx 再试") from error
    document: Document = opened.docx
    return document


def _bad_mark(error: Exception, name: str) -> TemplateError:
    near = "".join(line for line in getattr(error, "docx_context", ()) if line.strip())
    place = f"（在“{near.strip()[:60]}”附近）" if near.strip() else ""
    if isinstance(error, UndefinedError):
        mark = re.search(r"'(\w+)'(?: is undefined)?$", str(error).removesuffix(" is undefined"))
        what = f"模板 {name} 里有不认识的标记{f'“{mark[1]}”' if mark else f'：{error}'}{place}"
    elif isinstance(error, TemplateSyntaxError):
        what = f"模板 {name} 里有写坏的标记{place}：{error.message}"
    else:
        what = f"模板 {name} 里的标记不能使用{place}：{error}"
    return TemplateError(what, "可用的标记见 docs/reports.md；请对照自带的模板修改")


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


def _release_guards(root: Any) -> None:
    for text in () if root is None else root.iter(f"{_W}t"):
        if text.text and _GUARD in text.text:
            text.text = text.text.replace(_GUARD, "")


def _place(document: Document, placed: list[Table | Chart], styles: Mapping[str, str], name: str) -> None:
    """Put tables and charts where their marks stand."""
    missing = [style for style in STYLES if style not in styles]
    if missing and any(isinstance(each, Table) for each in placed):
        raise TemplateError(f"模板 {name} 缺少样式“{'”“'.join(missing)}”", "请从自带的模板复制这些样式")
    for text in [each for each in document.element.body.iter(f"{_W}t") if each.text and _PLACE in each.text]:
        paragraph = next(text.iterancestors(f"{_W}p"))
        width, height = _text_area(paragraph)
        number = int(text.text.split(_PLACE)[1])
        each = placed[number]
        if isinstance(each, Chart):
            paragraph.getparent().replace(paragraph, chart_paragraph(document, each, number + 1))
            continue
        element = parse_word_xml(table_xml(each, width, height, styles))
        paragraph.getparent().replace(paragraph, element)
        following = element.getnext()
        if following is None or following.tag != f"{_W}p":  # a table at the very end is lost on the way to .doc
            element.addnext(parse_word_xml(f'<w:p xmlns:w="{NAMESPACE}"/>'))


def _drop_blank_sections(body: Any) -> None:
    """Leave out each section in which nothing stands; what is left last ends the document."""
    sections: list[list[Any]] = [[]]
    for block in body:
        sections[-1].append(block)
        if block.tag == f"{_W}p" and block.find(f"{_W}pPr/{_W}sectPr") is not None:
            sections.append([])
    blank = [blocks for blocks in sections[1:] if not any(map(_says, blocks))]
    for block in (each for blocks in blank for each in blocks):
        body.remove(block)
    if body.find(f"{_W}sectPr") is None:
        body.append(body.xpath("./w:p/w:pPr/w:sectPr")[-1])


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

    return inner("w", "left", "right"), inner("h", "top", "bottom")


def _indent(body: Any, style_id: str | None, characters: float) -> None:
    for mark in body.iter(f"{_W}pStyle"):
        if mark.get(f"{_W}val") == style_id:
            paragraph_properties = mark.getparent()
            indent = paragraph_properties.get_or_add_ind()
            indent.set(f"{_W}rightChars", str(round(characters * 100)))
            indent.set(f"{_W}right", str(round(characters * 320)))  # 3号 is 16 pt


def _set_properties(document: Document, properties: Properties) -> None:
    core = document.core_properties
    core.title, core.author, core.last_modified_by = properties.title, properties.creator, properties.creator
    core.created = core.modified = datetime(properties.on.year, properties.on.month, properties.on.day)
    core.revision = 1
