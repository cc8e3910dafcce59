"""New files put in the place of old ones: all are made beside their places first, then renamed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from taskkit.errors import OutputError, UsageError

_T = TypeVar("_T")


def check_workbook_name(path: Path, what: str) -> None:
    """Raise UsageError where the file to be written (``what`` it is) is not called .xlsx."""
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{what}的文件名要以 .xlsx 结尾：{path}", "请改文件名")


def make_folder(folder: Path) -> None:
    """Make a folder. Raises OutputError where that is not possible."""
    _or_refuse(folder, lambda: folder.mkdir(parents=True, exist_ok=True))


def present_sha256(path: Path) -> str | None:
    """The SHA-256 of the file that is there; None where there is none."""
    if not path.exists():
        return None
    return _or_refuse(path, lambda: hashlib.sha256(path.read_bytes()).hexdigest())


def set_beside(path: Path, data: bytes) -> Path:
    """Write a new file beside the place that it is for, which must be free to be written; its path comes back."""
    if path.exists():
        _or_refuse(path, lambda: path.open("r+b").close())
    return _or_refuse(path, lambda: _temporary(path, data))


def put_in_place(beside: Path, path: Path) -> None:
    """Rename a file set beside. Raises OutputError where another program holds the old one."""
    try:
        beside.replace(path)
    except OSError as error:
        raise OutputError(f"写不了 {path}", "请先关闭正在使用它的程序，再重新生成") from error


def put_new(path: Path, data: bytes, maybe: str) -> bool:
    """Write a new file; False where the very same one is there already.

    Raises OutputError where another file stands there, perhaps one that a person worked in:
    ``maybe`` says which (改过的核对稿). It is never replaced.
    """
    present = present_sha256(path)
    if present == hashlib.sha256(data).hexdigest():
        return False
    if present is not None:
        raise OutputError(f"{path} 已经存在，内容不同（可能是{maybe}），没有覆盖", "请换一个文件名，或先移走它")
    put_in_place(set_beside(path, data), path)
    return True


def _temporary(path: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=".~", suffix=".tmp", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        beside.chmod(0o666 & ~_umask())
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _or_refuse(path: Path, act: Callable[[], _T]) -> _T:
    try:
        return act()
    except PermissionError as error:
        raise OutputError(f"写不了 {path}", "请先关闭正在使用它的程序，或检查文件夹是否允许写入") from error
    except OSError as error:
        raise OutputError(f"写不了 {path}", "请检查输出文件夹和磁盘空间") from error
