"""Finished files put in their places: whole or not at all, and never over one that a person has changed."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from taskkit.errors import OutputError
from taskkit.office.docx_writer import is_untouched
from taskkit.office.list_book import is_untouched_list

_MOST = 99  # changed versions of one file
_WHY = {
    errno.EACCES: "没有写入的权限",
    errno.EPERM: "没有写入的权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ENOTDIR: "路径中间有一个不是文件夹",
    errno.EEXIST: "路径中间有一个不是文件夹",
    errno.ENOENT: "文件夹不存在",
}


@dataclass(frozen=True)
class Saved:
    """Where a file was put.

    ``kept``: the file that a person changed and that was left as it is, the one changed last where there are
    several; ``before``: what stood in the new file's own place, as it was written, where that was something else.
    """

    path: Path
    kept: Path | None = None
    before: bytes | None = field(default=None, repr=False)


def save(data: bytes, path: Path, is_ours: Callable[[bytes], bool] | None = None) -> Saved:
    """Write a file beside its place and move it in.

    One that a person changed, or that cannot be read because a program holds it, is never replaced: the new
    one is called …（新）. ``is_ours`` tells a file of another kind than Word and Excel that nobody has changed.
    Raises OutputError where the folder cannot be written or the file is open.
    """
    saved = _place(path, data, is_ours or (lambda there: is_untouched(there) or is_untouched_list(there)))
    target = saved.path
    beside = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(target)
    except OSError as error:
        if isinstance(error, PermissionError):
            advice = "请先关闭正在打开它的 Word、Excel 或 WPS，并确认文件夹可以写入"
        else:
            advice = "请检查文件夹和磁盘空间"
        raise OutputError(f"写不进“{target}”（{_why(error)}）", advice) from error
    finally:  # also where a person interrupts
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    return saved


def _place(path: Path, data: bytes, is_ours: Callable[[bytes], bool]) -> Saved:
    """The first place that is free, or holds what nobody has changed."""
    kept: list[Path] = []
    for place in _places(path):
        there = _there(place)
        if there is None or there == data:
            return Saved(place, _newest(kept))
        if is_ours(there):
            return Saved(place, _newest(kept), there)
        kept.append(place)
    raise OutputError(f"“{path}”已有太多改动过的版本", "请清理后再试")


def _places(path: Path) -> Iterator[Path]:
    yield path
    for number in range(1, _MOST):
        yield path.with_name(f"{path.stem}（新{number if number > 1 else ''}）{path.suffix}")


def _there(place: Path) -> bytes | None:
    """What stands in a place: None for nothing, b"" for a file that another program does not let us read."""
    try:
        if place.is_dir():
            raise OutputError(f"“{place}”是文件夹", "请换一个文件名")
        if not place.exists():
            return None
    except OSError as error:
        advice = "请检查文件夹，或换一个短的文件名"
        raise OutputError(f"写不进“{place}”（{_why(error)}）", advice) from error
    try:
        return place.read_bytes()
    except OSError:
        return b""


def _why(error: OSError) -> str:
    """What the system says, in words of a clerk; its own where there are none."""
    return _WHY.get(error.errno or 0) or error.strerror or str(error)


def _newest(kept: list[Path]) -> Path | None:
    """The one that was changed last; of those saved at once the last."""
    return max(kept, key=lambda path: (path.stat().st_mtime, kept.index(path)), default=None)
