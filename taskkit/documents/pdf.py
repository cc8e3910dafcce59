"""PDF documents: lines rejoined to paragraphs, ruled tables rebuilt, page numbers left out.

Measured on the plans at hand, pypdfium2 gives characters and ruling lines ten times as fast as
pdfplumber, and merged cells come out of the lines anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from taskkit.documents.model import Block, Paragraph
from taskkit.documents.pdf_columns import Layout, placed_areas
from taskkit.documents.pdf_lines import Char, Line, lines_of, margins_of, paragraphs_of, without_page_numbers
from taskkit.documents.pdf_tables import MAX_FIELDS, Ruled, goes_on, ruled_areas, table_of
from taskkit.errors import InputError
from taskkit.office.child import ask_child

MIN_CHARACTERS = 12  # a page, on average; what has fewer are pictures of pages
MAX_GARBLED = 0.2  # share of characters without a meaning from which a text is unreadable
_PICTURE = 0.5  # share of a page that a picture of it covers


@dataclass(frozen=True)
class _Page:
    number: int
    size: tuple[int, int]
    lines: list[Line]
    areas: list[Ruled]
    layout: Layout | None = None  # of its last table, where that has no upright lines
    picture: bool = False


def read_pdf(data: bytes, name: str) -> tuple[Block, ...]:
    """The blocks of a PDF that holds text.

    Raises InputError where it is damaged, locked, scanned, or breaks a limit.
    """
    raw = ask_child("taskkit.office.pdf_pages", data, name, "PDF 文件")
    _check_text(raw, name)
    pages: list[_Page] = []
    fields = 0
    for number, page in enumerate(raw, start=1):
        pages.append(_page(number, page, pages[-1] if pages else None))
        fields += sum(len(area.xs) * len(area.ys) for area in pages[-1].areas)
        if fields > MAX_FIELDS:
            raise InputError(f"“{name}”的表格过多，没有打开", "请拆成几个文件，或另存为 .docx 后再试")
    kept = without_page_numbers([page.lines for page in pages], [page.size[1] for page in pages])
    pages = [replace(page, lines=lines) for page, lines in zip(pages, kept, strict=True)]
    return tuple(_blocks(pages))


def _check_text(raw: Sequence[dict[str, Any]], name: str) -> None:
    text = "".join(page["text"] for page in raw)
    pictures = sum(map(_is_picture, raw))
    if len(text.strip()) < MIN_CHARACTERS * len(raw) or pictures > len(raw) / 2:
        raise InputError(
            f"“{name}”是扫描件（图片型 PDF），里面没有文字",
            "请先用 OCR（文字识别）软件转成 Word 或文本，校对后再读取；或向发文单位索取电子版",
        )
    strange = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < " " for char in text)
    if strange > MAX_GARBLED * len(text):
        raise InputError(f"“{name}”里的文字是乱码，无法识别", "请先用 OCR 软件转换，或用它的 Word 版")


def _page(number: int, raw: dict[str, Any], before: _Page | None) -> _Page:
    boxes = raw["boxes"]
    chars: list[Char] = [(char, *boxes[4 * i : 4 * i + 4]) for i, char in enumerate(raw["text"])]
    areas = ruled_areas(number, [tuple(line) for line in raw["lines"]], chars)
    taken = {id(char) for area in areas for char in area.chars}
    left = [char for char in chars if id(char) not in taken]
    layout = None
    if not areas:
        rules = [tuple(line) for line in raw["lines"]]
        areas, left, layout = placed_areas(number, left, rules, before.layout if before else None)
    lines = lines_of(left, number)
    return _Page(number, (round(raw["width"]), round(raw["height"])), lines, areas, layout, _is_picture(raw))


def _is_picture(raw: dict[str, Any]) -> bool:
    """Whether a page is a picture, with no text but perhaps a stamp or its number."""
    return bool(raw["image"] > _PICTURE and len(raw["text"].strip()) < MIN_CHARACTERS)


def _blocks(pages: Sequence[_Page]) -> list[Block]:
    margins = {
        size: margins_of(
            [line for page in pages if page.size == size for line in page.lines],
            max((area.xs[-1] for page in pages if page.size == size for area in page.areas), default=0.0),
        )
        for size in {page.size for page in pages}
    }
    blocks: list[Block] = []
    lines: list[Line] = []
    areas: list[Ruled] = []
    sizes = {page.number: page.size for page in pages}

    def close() -> None:
        if areas:
            blocks.append(table_of(areas))
        blocks.extend(_paragraphs([(line, margins[sizes[line.page]]) for line in lines]))
        areas.clear()
        lines.clear()

    for page in pages:
        if page.picture:
            close()
            blocks.append(Paragraph("", f"第{page.number}页", mark="picture"))
            continue
        things: list[Line | Ruled] = [*page.lines, *page.areas]
        for thing in sorted(things, key=lambda each: each.top if isinstance(each, Line) else each.ys[0]):
            if isinstance(thing, Line):
                if areas:
                    close()
                lines.append(thing)
            else:
                if lines or (areas and not goes_on(areas[-1], thing)):
                    close()
                areas.append(thing)
    close()
    return blocks


def _paragraphs(lines: Sequence[tuple[Line, Any]]) -> list[Paragraph]:
    return paragraphs_of(lines) if lines else []
