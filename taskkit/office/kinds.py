"""What kind of file some bytes are, by their content: suffixes are often wrong, and never decide anything.

Also what is said to the user of a file that is not the kind that is needed.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Collection
from enum import StrEnum

from taskkit.errors import InputError
from taskkit.office.ole import OLE, OleFile

MAX_ENTRIES = 20_000  # of a zip, with those of the zips in it that are not compressed


class Kind(StrEnum):
    """The kinds that come in, in the words of the user."""

    WORKBOOK = "Excel 工作簿"
    OLD_WORKBOOK = "旧版工作簿（.xls、.et）"
    ODS = "OpenDocument 工作簿（.ods）"
    BINARY_WORKBOOK = "二进制工作簿（.xlsb）"
    XML_WORKBOOK = "XML 表格"
    WORD = "Word 文件"
    OLD_WORD = "旧版 Word 文件（.doc、.wps）"
    ODT = "OpenDocument 文档（.odt）"
    RTF = "RTF 文档"
    SLIDES = "演示文稿"
    PDF = "PDF 文件"
    OFD = "OFD 版式文件"
    IMAGE = "图片"
    ZIP = "压缩包（.zip）"
    RAR = "RAR 压缩包"
    SEVEN_ZIP = "7z 压缩包"
    PACKED = "压缩包"  # .gz, .tar and the like
    WEB_PAGE = "网页"
    XML = "XML 文件"
    TEXT = "文本文件"
    LOCKED = "有打开密码的文件"
    LOCKED_ZIP = "加密的压缩包"
    EMPTY = "空文件"
    DAMAGED = "损坏的文件"
    UNKNOWN = "认不出的文件"


# Files that are read as workbooks.
WORKBOOKS = frozenset((Kind.WORKBOOK, Kind.OLD_WORKBOOK, Kind.ODS))
# Files that a person reads, but no program takes cells from: they are kept whole.
DOCUMENTS = frozenset((Kind.WORD, Kind.OLD_WORD, Kind.ODT, Kind.RTF, Kind.PDF, Kind.OFD, Kind.IMAGE))

BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
_STARTS = (
    (b"PK", Kind.ZIP),
    (b"{\\rtf", Kind.RTF),
    (b"\x89PNG", Kind.IMAGE),
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"GIF8", Kind.IMAGE),
    (b"BM", Kind.IMAGE),
    (b"II*\0", Kind.IMAGE),
    (b"MM\0*", Kind.IMAGE),
    (b"Rar!\x1a\x07", Kind.RAR),
    (b"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP),
    (b"\x1f\x8b", Kind.PACKED),
    (b"BZh", Kind.PACKED),
    (b"\xfd7zXZ\0", Kind.PACKED),
)
# By the first of the parts (how their names begin) or streams that a file has.
_PARTS = (
    ("xl/workbook.bin", Kind.BINARY_WORKBOOK),
    ("word/document", Kind.WORD),
    ("ppt/presentation", Kind.SLIDES),
    ("ofd.xml", Kind.OFD),
    ("[content_types].xml", Kind.WORKBOOK),
)
_STREAMS = (
    ("EncryptedPackage", Kind.LOCKED),
    ("Workbook", Kind.OLD_WORKBOOK),
    ("Book", Kind.OLD_WORKBOOK),
    ("WordDocument", Kind.OLD_WORD),
    ("PowerPoint Document", Kind.SLIDES),
)
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MIME_TYPES = ((b"opendocument.spreadsheet", Kind.ODS), (b"opendocument.text", Kind.ODT))
_XML_WORKBOOK = re.compile(r"progid=\"Excel\.|<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet")
_XML_WORD = re.compile(r"progid=\"Word\.|<(?:w:wordDocument|pkg:package)\b")
_WEB_PAGE = re.compile(
    r"(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|div|style)\b"
    r"|mime-version:",
    re.I | re.S,
)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of(data: bytes) -> Kind:
    """The kind of a file. Never raises: what is no kind that we know is UNKNOWN."""
    kind = start_of(data)
    if kind is not Kind.ZIP:
        return kind
    opened = open_zip(data)
    if opened is None:
        return Kind.DAMAGED
    infos = opened.infolist()
    if any(info.flag_bits & 0x1 for info in infos):
        return Kind.LOCKED_ZIP

    def start(part: str) -> bytes:
        with opened.open(part) as stream:
            return stream.read(64 * 1024)

    try:
        return kind_in([info.filename for info in infos], start)
    except (*BROKEN_ZIP, KeyError):
        return Kind.DAMAGED


def start_of(data: bytes) -> Kind:
    """The kind of a file, but ZIP for whatever is one: `kind_in` tells what it holds."""
    if not data.strip(b"\0 \t\r\n"):
        return Kind.EMPTY
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data.startswith(OLE):
        return _in_ole(data)
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    if data[257:262] == b"ustar":
        return Kind.PACKED
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        return Kind.IMAGE
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Kind.IMAGE
    return _in_text(data[:20_000])


def open_zip(data: bytes) -> zipfile.ZipFile | None:
    """The zip that the bytes are; None where it is damaged or lists more than anything that we take."""
    if data.count(b"PK\x01\x02") > MAX_ENTRIES:  # each costs memory before any of them can be looked at
        return None
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except BROKEN_ZIP:
        return None


def kind_in(names: Collection[str], read: Callable[[str], bytes]) -> Kind:
    """The kind of a zip by its parts; ``read`` gives the first bytes of one."""
    real = {name.replace("\\", "/").lstrip("/").lower(): name for name in names}
    for part, kind in _PARTS:
        if any(name.startswith(part) for name in real):
            return kind
    if "mimetype" in real and "content.xml" in real:
        said = read(real["mimetype"])
        if "meta-inf/manifest.xml" in real and b"encryption-data" in read(real["meta-inf/manifest.xml"]):
            return Kind.LOCKED
        return next((kind for mark, kind in _MIME_TYPES if mark in said), Kind.UNKNOWN)
    return Kind.ZIP


def _in_ole(data: bytes) -> Kind:
    try:
        file = OleFile(data)
    except ValueError:
        return Kind.LOCKED if _LOCKED in data else Kind.DAMAGED
    return next((kind for stream, kind in _STREAMS if stream in file), Kind.UNKNOWN)


def _in_text(start: bytes) -> Kind:
    """The kind of what may be text: marked up, plain, or none at all."""
    wide = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(start[:2])
    if wide is None and _NO_TEXT.search(start):
        return Kind.UNKNOWN
    text = start.decode(wide or "utf-8", "replace").lstrip("\ufeff \t\r\n")
    if _XML_WORKBOOK.search(text[:4000]) and text.startswith("<"):
        return Kind.XML_WORKBOOK
    if _XML_WORD.search(text[:4000]) and text.startswith("<"):
        return Kind.OLD_WORD
    if _WEB_PAGE.match(text):
        return Kind.WEB_PAGE
    return Kind.XML if text.startswith("<?xml") else Kind.TEXT


# --- what is said of files that are not what is needed --------------------------------

_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx 再交"
_FILL_IN = "请把内容填在下发的工作簿里再交"
_UNPACK = "请先解压，再交解压出来的文件"
_ADVICE = {
    Kind.BINARY_WORKBOOK: _SAVE_AS,
    Kind.XML_WORKBOOK: _SAVE_AS,
    Kind.WEB_PAGE: _SAVE_AS,
    Kind.XML: _SAVE_AS,
    Kind.TEXT: _FILL_IN,
    Kind.SLIDES: _FILL_IN,
    Kind.ZIP: "请核对文件；多个工作簿打包的，请先解压",
    Kind.RAR: _UNPACK,
    Kind.SEVEN_ZIP: _UNPACK,
    Kind.PACKED: _UNPACK,
    Kind.UNKNOWN: "文件可能已损坏，或扩展名被改过，请用 Office 或 WPS 打开核对，另存为 .xlsx 再交",
}
_SAID = {
    Kind.LOCKED: ("“{name}”设置了打开密码", "请在 Excel、Word 或 WPS 中取消打开密码后再交"),
    Kind.LOCKED_ZIP: ("“{name}”是加密的压缩文件", "请解除密码后再交，或解压后交其中的文件"),
    Kind.EMPTY: ("“{name}”是空文件", "请检查文件是否传输完整"),
    Kind.DAMAGED: ("“{name}”已损坏，无法读取", "请重新获取，或用 Office、WPS 打开后另存一份再试"),
    Kind.UNKNOWN: ("“{name}”不是有效的 Office 文件", _ADVICE[Kind.UNKNOWN]),
}


def refusal(kind: Kind, name: str) -> InputError:
    """The refusal of a file that nobody can take: locked, empty, damaged, unknown."""
    what, advice = _SAID[kind]
    return InputError(what.format(name=name), advice)


def no_workbook(kind: Kind, name: str) -> InputError:
    """The refusal of a file of this kind where a workbook is needed."""
    if kind in _SAID:
        return refusal(kind, name)
    return InputError(f"“{name}”实际上是{kind}，不是工作簿", _ADVICE.get(kind, _FILL_IN))
