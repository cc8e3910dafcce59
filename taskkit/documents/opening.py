"""Opening a file by what it holds: the suffix is only a hint, for suffixes are often wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from taskkit.documents.docx import read_docx
from taskkit.documents.html import read_html
from taskkit.documents.model import Block, Document, Paragraph
from taskkit.documents.old import converted
from taskkit.documents.pdf import read_pdf
from taskkit.documents.separated import read_separated
from taskkit.documents.sheets import read_sheets
from taskkit.documents.text import read_text
from taskkit.errors import InputError
from taskkit.office.archive import Archive, open_archive
from taskkit.office.ole import OLE

MAX_FILE_SIZE = 200 * 1024 * 1024
SUPPORTED = ".docx、.xlsx、.pdf、.html、.txt、.csv、.xls、.et、.ods、.doc、.wps"

Reader = Callable[[bytes, str], tuple[Block, ...]]
_PARTS: tuple[tuple[str, Reader], ...] = (("word/document.xml", read_docx), ("xl/workbook.xml", read_sheets))
_OPEN_FORMATS: tuple[tuple[bytes, Reader], ...] = (
    (b"opendocument.spreadsheet", read_sheets),
    (b"opendocument.text", converted(".odt", "docx")),
)
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # refused by open_archive with its own words
# The streams of old office files, by their names as the folder of the file has them.
_STREAMS: tuple[tuple[str, Reader], ...] = (
    ("WordDocument", converted(".doc", "docx")),
    ("Workbook", read_sheets),
    ("Book", read_sheets),
)
_BRACKETS = str.maketrans("［］﹝﹞﹙﹚", "[]〔〕（）")
_ODD_BRACKET = re.compile("[［］﹝﹞﹙﹚]")
_BINARY = (b"PK", OLE, b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|div)\b",
    re.I | re.S,
)
_OFFICE_XML = re.compile(rb"\s*<\?xml.{0,400}?<\?mso-application\s+progid=\"(Word|Excel)\.", re.S)
_OFFICE_SUFFIXES = (".docx", ".xlsx", ".docm", ".xlsm", ".doc", ".xls", ".wps", ".et", ".ods", ".odt", ".ofd")
_BY_SUFFIX: dict[str, Reader] = {
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml"), read_html),
    **dict.fromkeys((".csv", ".tsv"), read_separated),
    **dict.fromkeys((".txt", ".text", ".md", ""), read_text),
}


def read_document(path: str | Path) -> Document:
    """Read a file into a Document.

    Raises InputError where it is missing, empty, damaged, hostile or of a kind not supported.
    """
    file = Path(path)
    data = _bytes_of(file)
    read = _reader_for(data, file)(data, file.name)
    marks = tuple(block for block in read if isinstance(block, Paragraph) and block.mark)
    blocks = tuple(block for block in read if block not in marks)
    if not blocks:
        raise InputError(f"“{file.name}”里没有文字", "请检查是否选错了文件，或内容是否全是图片")
    return Document(file.name, hashlib.sha256(data).hexdigest(), tuple(map(_usual_brackets, blocks)), marks)


def _usual_brackets(block: Block) -> Block:
    """A block with the full-width and small brackets of web pages as the usual ones."""
    if isinstance(block, Paragraph):
        return replace(block, text=block.text.translate(_BRACKETS)) if _ODD_BRACKET.search(block.text) else block
    if not any(_ODD_BRACKET.search(cell.text) for row in block.rows for cell in row.cells):
        return block
    rows = (
        replace(row, cells=tuple(replace(cell, text=cell.text.translate(_BRACKETS)) for cell in row.cells))
        for row in block.rows
    )
    return replace(block, rows=tuple(rows))


def _bytes_of(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_FILE_SIZE:
            raise InputError(f"“{file.name}”太大，没有打开", "请核对是否选错了文件")
        data = file.read_bytes()
    except FileNotFoundError:
        raise InputError(f"找不到文件“{file}”", "请检查路径和文件名") from None
    except IsADirectoryError:
        raise InputError(f"“{file}”是文件夹，不是文件", "请指定其中的一个文件") from None
    except (OSError, ValueError):
        raise InputError(f"无法打开文件“{file}”", "请检查文件是否被占用、是否有读取权限") from None
    if not data.strip(b"\0 \t\r\n"):
        raise InputError(f"“{file.name}”是空文件", "请检查文件是否传输完整")
    return data


def _reader_for(data: bytes, file: Path) -> Reader:
    """The reader for a file, by its first bytes, then by its suffix."""
    suffix = file.suffix.lower()
    if b"%PDF-" in data[:1024]:
        return read_pdf
    if data.startswith(b"{\\rtf"):
        return converted(".rtf", "docx")
    if found := _OFFICE_XML.match(data[:1000]):
        return converted(".xml", "docx" if found[1] == b"Word" else "xlsx")
    if _is_html(data):
        return read_html
    if data.startswith(OLE) and _LOCKED not in data:
        return _old_office(data, file)
    if data.startswith(_BINARY):
        return _in_archive(open_archive(data, file.name), file.name)  # refuses what is no zip, with the reason
    if suffix in (".xls", ".et") and _is_text_table(data):  # as web systems name what they export
        return read_separated
    if suffix in _OFFICE_SUFFIXES:
        open_archive(data, file.name)
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix == ".pdf":
        raise InputError(f"“{file.name}”不是 PDF 文件，或已损坏", "请重新获取后再试")
    raise InputError(f"暂不支持“{file.suffix}”格式的文件（{file.name}）", f"目前可以读取 {SUPPORTED}，请另存后再试")


def _in_archive(archive: Archive, name: str) -> Reader:
    for part, reader in _PARTS:
        if part in archive:
            return reader
    if "OFD.xml" in archive:
        raise InputError(
            f"“{name}”是 OFD 版式文件，暂不能直接读取",
            "请用 OFD 阅读器（数科、福昕或 WPS）打开，另存为 Word，或打印成 PDF 后再试",
        )
    if "mimetype" in archive:
        kind = archive.read("mimetype")
        for mark, reader in _OPEN_FORMATS:
            if mark in kind:
                return reader
    raise InputError(f"“{name}”不是 Word 或 Excel 文件", f"目前可以读取 {SUPPORTED}")


def _old_office(data: bytes, file: Path) -> Reader:
    for stream, reader in _STREAMS:
        if f"{stream}\0".encode("utf-16-le") in data:
            return reader
    raise InputError(
        f"“{file.name}”像是旧版格式（.doc、.xls、.wps 或 .et），但内容已损坏或不是文档",
        "请在 Office 或 WPS 中打开核对，另存为 .docx 或 .xlsx 后再试",
    )


def _is_html(data: bytes) -> bool:
    start = data[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[2:].replace(b"\0", b"")
    return bool(_HTML_START.match(start.removeprefix(b"\xef\xbb\xbf")))


def _is_text_table(data: bytes) -> bool:
    start = data[:20_000]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not re.search(rb"[\x00-\x08\x0e-\x1f]", start) and start.count(b"\t") + start.count(b",") > 2
