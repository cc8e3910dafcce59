"""What arrives: files, folders and zips, as a list of single files with their bytes.

Zips made in China often spell names in GBK without saying so; both spellings are understood. A
zip inside a zip is opened once, not deeper. Nothing is ever written to disk, but a name that points
out of its zip is refused by name: no office program makes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from taskkit.errors import InputError
from taskkit.office.archive import open_archive

MAX_FILE = 64 * 1024 * 1024
_NEVER = frozenset(("thumbs.db", "desktop.ini", "__macosx"))
_OFFICE_MARKS = frozenset(("[content_types].xml", "mimetype", "content.xml", "ofd.xml"))


@dataclass(frozen=True)
class Found:
    """One file: ``path`` as it is shown (a zip's name, then the name inside), its bytes, or why not."""

    path: str
    data: bytes = field(default=b"", repr=False)
    refusal: InputError | None = None

    @property
    def name(self) -> str:
        return self.path.replace("\\", "/").rpartition("/")[2]


def list_files(paths: Iterable[str | Path]) -> list[Path]:
    """The files named and those in the folders named, sorted, each once; lock and hidden files left out.

    Raises InputError where a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise InputError(f"找不到“{path}”", "请检查文件或文件夹的名字")
        inside = [path] if path.is_file() else sorted(each for each in path.rglob("*") if _wanted(each, path))
        found.update(dict.fromkeys(inside))
    return list(found)


def unpack(path: Path) -> Iterator[Found]:
    """The file itself, or the files in it where it is a zip of files."""
    try:
        if path.stat().st_size > MAX_FILE:
            yield Found(str(path), refusal=_too_large(path.name))
            return
        data = path.read_bytes()
    except OSError:
        yield Found(str(path), refusal=InputError(f"“{path.name}”读不出来", "请检查文件是否被其他程序占用"))
        return
    yield from _unpack(str(path), data, depth=0)


def _unpack(path: str, data: bytes, depth: int) -> Iterator[Found]:
    name = path.rpartition("/")[2]
    try:
        archive = open_archive(data, name) if _may_be_parcel(name, data) else None
    except InputError as refusal:
        yield Found(path, data, refusal)
        return
    if archive is None or _OFFICE_MARKS & {each.lower() for each in archive.names}:
        yield Found(path, data)
        return
    if depth > 1:
        yield Found(path, refusal=InputError(f"“{name}”是套了两层以上的压缩包", "请先解压后再收"))
        return
    names = {readable_name(each): each for each in archive.names}
    for shown in sorted(names):
        parts = shown.replace("\\", "/").split("/")
        if _leaves(parts):
            yield Found(f"{path}/{shown}", refusal=_strays(shown))
        elif not _hidden(parts):
            inner = f"{path}/{shown}"
            try:
                data_inside = archive.read(names[shown])
            except InputError as refusal:
                yield Found(inner, refusal=refusal)
                continue
            yield from _unpack(inner, data_inside, depth + 1)


def readable_name(name: str) -> str:
    """A zip member's name as its maker saw it: UTF-8 or GBK where the zip did not say which."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name  # the zip said that it is UTF-8
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _may_be_parcel(name: str, data: bytes) -> bool:
    return data.startswith(b"PK") and not name.lower().endswith((".xlsx", ".xlsm"))


def _wanted(path: Path, folder: Path) -> bool:
    return path.is_file() and not _hidden(path.relative_to(folder).parts)


def _hidden(parts: Iterable[str]) -> bool:
    return any(part.startswith((".", "~$")) or part.lower() in _NEVER for part in parts)


def _leaves(parts: list[str]) -> bool:
    """Whether a path in a zip points out of the folder that it is unpacked into."""
    return ".." in parts or parts[0] == "" or parts[0].endswith(":")


def _strays(shown: str) -> InputError:
    return InputError(f"压缩包里的“{shown}”指到了压缩包以外的文件夹，没有收", "请核对压缩包的来源，重新打包后再交")


def _too_large(name: str) -> InputError:
    return InputError(f"“{name}”太大（超过{MAX_FILE // 1024 // 1024}MB），不像下发的工作簿", "请核对是不是交错了文件")
