"""Opening a file by what it holds: the suffix is only a hint, for suffixes are often wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from taskkit.documents.docx import read_docx
from taskkit.documents.model import Block, Document
from taskkit.documents.text import read_text
from taskkit.documents.xlsx import read_xlsx
from taskkit.errors import InputError
from taskkit.office.archive import open_archive

MAX_FILE_SIZE = 200 * 1024 * 1024
SUPPORTED = ".docx、.xlsx、.txt"

Reader = Callable[[bytes, str], tuple[Block, ...]]
_READERS: tuple[tuple[str, Reader], ...] = (("word/document.xml", read_docx), ("xl/workbook.xml", read_xlsx))
_TEXT_SUFFIXES = (".txt", ".text", ".md", ".tsv", ".csv", "")
_OLD_MAGIC = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
)


def read_document(path: str | Path) -> Document:
    """Read a file into a Document.

    Raises InputError where it is missing, empty, damaged, hostile or of a kind not supported.
    """
    file = Path(path)
    data = _bytes_of(file)
    blocks = _reader_for(data, file)(data, file.name)
    if not blocks:
        raise InputError(f"“{file.name}”里没有文字", "请检查是否选错了文件，或内容是否全是图片")
    return Document(file.name, hashlib.sha256(data).hexdigest(), blocks)


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
    if data.startswith(b"%PDF"):
        raise InputError(f"暂不支持 PDF 文件（{file.name}）", f"请用它的 Word 版或文本版；目前可以读取 {SUPPORTED}")
    if data.startswith((b"PK", *_OLD_MAGIC)) or file.suffix.lower() in (".docx", ".xlsx", ".docm", ".xlsm"):
        names = open_archive(data, file.name).names  # refuses what is no zip, with the reason
        for part, reader in _READERS:
            if part in names:
                return reader
        raise InputError(f"“{file.name}”不是 Word 或 Excel 文件", f"目前可以读取 {SUPPORTED}")
    if file.suffix.lower() in _TEXT_SUFFIXES:
        return read_text
    raise InputError(f"暂不支持“{file.suffix}”格式的文件（{file.name}）", f"目前可以读取 {SUPPORTED}，请另存后再试")
