"""Opening of zip-based office files (.docx, .xlsx, …) and of zips of files, within limits.

Every file comes from outside and may be damaged, locked or hostile. All limits stand here; a
file that breaks one is refused with a word on what it is and what to do.
"""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass

from taskkit.errors import InputError
from taskkit.office.kinds import BROKEN_ZIP, Kind, open_zip, refusal, start_of
from taskkit.office.ole import OLE
from taskkit.office.packing import Entry, deflated

# A workbook of 100,000 rows has about 30 MB of sheet XML and some 40 parts; ordinary office
# files compress 5 to 25 times, generated tables up to about 100 times.
MAX_PARTS = 5_000
MAX_PART_SIZE = 128 * 1024 * 1024
MAX_TOTAL_SIZE = 384 * 1024 * 1024
MAX_RATIO = 250
RATIO_FREE = 8 * 1024 * 1024  # parts smaller than this are harmless whatever their ratio

_LOCAL_HEADER = 30  # bytes before a part's name
_LEVEL = 1  # of what is deflated anew


@dataclass(frozen=True)
class Archive:
    """An opened zip: ``names`` of its parts; ``read`` gives the bytes of one, within the limits."""

    name: str
    names: tuple[str, ...]
    _zip: zipfile.ZipFile

    def __contains__(self, part: str) -> bool:
        return part in self.names

    def read(self, part: str, limit: int = MAX_PART_SIZE) -> bytes:
        """The bytes of one part.

        Raises InputError where the part is missing, damaged, over ``limit`` or larger than it says.
        """
        try:
            info = self._zip.getinfo(part)
        except KeyError:
            raise InputError(f"“{self.name}”内缺少必要的内容（{part}）", "文件可能不完整，请重新获取") from None
        if info.file_size > limit:
            raise _too_large(self.name)
        try:
            with self._zip.open(info) as stream:
                data = stream.read(info.file_size + 1)
        except BROKEN_ZIP:
            raise _damaged(self.name) from None
        if len(data) > info.file_size:
            raise _too_large(self.name)
        return data

    def packed(self, part: str) -> Entry:
        """A part as it stands in the zip, still deflated (deflated here where it is not).

        Raises InputError where the part is missing or damaged.
        """
        info = self._zip.getinfo(part) if part in self._zip.NameToInfo else None
        if info is None or info.compress_type != zipfile.ZIP_DEFLATED or self._zip.fp is None:
            return deflated(part, self.read(part), _LEVEL)
        stream = self._zip.fp
        stream.seek(info.header_offset)
        header = stream.read(_LOCAL_HEADER)
        if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
            raise _damaged(self.name)
        stream.seek(sum(struct.unpack("<HH", header[26:])), io.SEEK_CUR)
        data = stream.read(info.compress_size)
        if len(data) != info.compress_size:
            raise _damaged(self.name)
        return Entry(part.encode(), info.CRC, info.file_size, data)


def open_archive(data: bytes, name: str) -> Archive:
    """Open the bytes of a zip-based file; ``name`` is the file's name as the user knows it.

    Raises InputError where it is no zip, encrypted, damaged, or breaks a limit.
    """
    _refuse_other_kinds(data, name)
    opened = open_zip(data)
    if opened is None:
        raise _damaged(name)
    infos = opened.infolist()
    _check_limits(infos, name)
    return Archive(name, tuple(info.filename for info in infos if not info.is_dir()), opened)


def _refuse_other_kinds(data: bytes, name: str) -> None:
    kind = start_of(data)
    if kind is Kind.ZIP:
        return
    if kind in (Kind.EMPTY, Kind.LOCKED):
        raise refusal(kind, name)
    if data.startswith(OLE):
        raise InputError(
            f"“{name}”是旧版格式（.doc、.xls、.wps 或 .et）", "请在 Office 或 WPS 中另存为 .docx 或 .xlsx 后再试"
        )
    if kind in (Kind.PDF, Kind.IMAGE, Kind.RAR, Kind.SEVEN_ZIP, Kind.PACKED):
        raise InputError(f"“{name}”实际上是{kind}，不是 Office 文件", "请检查是否选错了文件")
    raise InputError(f"“{name}”不是有效的 Office 文件", "文件可能已损坏，或扩展名被改过，请用 Office 或 WPS 打开核对")


def _check_limits(infos: list[zipfile.ZipInfo], name: str) -> None:
    if len(infos) > MAX_PARTS or len({info.filename for info in infos}) != len(infos):
        raise _too_large(name)
    if sum(info.file_size for info in infos) > MAX_TOTAL_SIZE:
        raise _too_large(name)
    for info in infos:
        if info.flag_bits & 0x1:
            raise refusal(Kind.LOCKED_ZIP, name)
        swollen = info.file_size > RATIO_FREE and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        if info.file_size > MAX_PART_SIZE or swollen:
            raise _too_large(name)


def _damaged(name: str) -> InputError:
    return refusal(Kind.DAMAGED, name)


def _too_large(name: str) -> InputError:
    return InputError(
        f"“{name}”解压后过大或结构异常，为安全起见没有打开", "请核对文件来源，或另存一份只含所需内容的文件"
    )
