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
from taskkit.office.kinds import Kind, kind_of

MAX_FILE = 64 * 1024 * 1024
MAX_FILES = 5_000  # in one zip, with those in the zips in it
MAX_UNPACKED = 256 * 1024 * 1024
_NEVER = frozenset(("thumbs.db", "desktop.ini", "__macosx"))


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
    shown = _as_text(str(path))
    name = Found(shown).name
    try:
        if path.stat().st_size > MAX_FILE:
            yield Found(shown, refusal=_too_large(name))
            return
        data = path.read_bytes()
    except OSError:
        yield Found(shown, refusal=InputError(f"“{name}”读不出来", "请检查文件是否被其他程序占用"))
        return
    yield from _unpack(shown, data, 0, _Budget())


def _as_text(path: str) -> str:
    """A path as a text that can be kept: parts whose bytes are no UTF-8 (GBK ones on Linux) are read as GBK."""
    return "/".join(map(_readable, path.split("/")))


def _readable(part: str) -> str:
    try:
        part.encode()
    except UnicodeEncodeError:
        plain = part.encode("utf-8", "replace").decode()
        try:
            return _decoded(part.encode("utf-8", "surrogateescape"), plain)
        except UnicodeEncodeError:
            return plain
    return part


class _Budget:
    """What one file that arrives may still unpack to, with all that is packed in it."""

    def __init__(self) -> None:
        self.files_left = MAX_FILES
        self.bytes_left = MAX_UNPACKED

    def take(self, data: bytes) -> bool:
        self.files_left -= 1
        self.bytes_left -= len(data)
        return self.files_left >= 0 and self.bytes_left >= 0


def _unpack(path: str, data: bytes, depth: int, budget: _Budget) -> Iterator[Found]:
    name = path.rpartition("/")[2]
    kind = kind_of(data)
    if kind is not Kind.ZIP:
        yield Found(path, data)
        return
    if depth > 1:
        yield Found(path, data, InputError(f"“{name}”是套了两层以上的压缩包", "请先解压后再收"))
        return
    try:
        archive = open_archive(data, name)
    except InputError as refusal:
        if name.lower().endswith(".zip"):
            refusal = InputError(refusal.what, "请重新打包后再交，或不打包、直接交表格")
        yield Found(path, data, refusal)
        return
    if not archive.names:
        yield Found(path, data, InputError(f"“{name}”是空压缩包", "请检查打包时有没有选中文件"))
    for shown, real in sorted((readable_name(each), each) for each in archive.names):
        inner, parts = f"{path}/{shown}", shown.replace("\\", "/").split("/")
        if _leaves(parts):
            yield Found(inner, refusal=_strays(shown))
        elif not _hidden(parts):
            try:
                data_inside = archive.read(real, MAX_FILE)
            except InputError as refusal:
                yield Found(inner, refusal=refusal)
                continue
            if not budget.take(data_inside):
                yield Found(path, refusal=_too_much(name))
                return
            yield from _unpack(inner, data_inside, depth + 1, budget)


def readable_name(name: str) -> str:
    """A zip member's name as its maker saw it: UTF-8 or GBK where the zip did not say which."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name  # the zip said that it is UTF-8
    return _decoded(raw, name)


def _decoded(raw: bytes, otherwise: str) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return otherwise


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


def _too_much(name: str) -> InputError:
    return InputError(f"“{name}”里的文件太多或太大，余下的没有打开", "请先解压，核对后只交需要的文件")
