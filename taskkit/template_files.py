"""The shipped templates as files for an office to change: copied out, never over what it has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from taskkit.errors import UsageError
from taskkit.office.placing import make_folder, present_sha256, put_in_place, set_beside
from taskkit.settings import Settings
from taskkit.settings.states import PLAIN

_STATE_MARKS = frozenset(("task.state", "target.state"))

FOLDERS = ("workbooks", "reports", "words")


class Outcome(StrEnum):
    """What became of one file that was to be copied."""

    WRITTEN = "written"
    SAME = "unchanged"
    KEPT = "kept"

    @property
    def label(self) -> str:
        """In the words of the office."""
        return {"written": "已复制", "unchanged": "已有，内容相同", "kept": "已有改动，保留不动"}[self]


@dataclass(frozen=True)
class Copied:
    """A file by its name in the folder (workbooks/plan.xlsx), and what became of it."""

    name: str
    path: Path
    outcome: Outcome


def shipped_templates() -> tuple[str, ...]:
    """The names of all shipped templates and words, as ``Settings.template`` takes them."""
    return tuple(_names())


def copy_templates(folder: Path) -> tuple[Copied, ...]:
    """Copy the shipped templates into a folder. A file that is there with other content stays as it is.

    Raises UsageError where the folder is a file, OutputError where it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"“{folder}”不是文件夹", "请换一个文件夹名")
    return tuple(_copy(name, folder / name) for name in shipped_templates())


def _names() -> Iterator[str]:
    root = files("taskkit._templates")
    for folder in FOLDERS:
        names = sorted(each.name for each in root.joinpath(folder).iterdir() if each.is_file())
        yield from (f"{folder}/{name}" for name in names if not name.startswith((".", "~", "_")))


def _copy(name: str, path: Path) -> Copied:
    import hashlib

    data = Settings().template(name)
    make_folder(path.parent)
    present = present_sha256(path)
    if present is not None:
        same = present == hashlib.sha256(data).hexdigest()
        return Copied(name, path, Outcome.SAME if same else Outcome.KEPT)
    put_in_place(set_beside(path, data), path)
    return Copied(name, path, Outcome.WRITTEN)


def coloured_template(settings: Settings, name: str) -> bytes:
    """A workbook template whose cells of 完成情况 take the colours of the states. Raises as `template` does."""
    from taskkit.office.painting import Paint, painted

    paints = tuple(Paint(state.name, state.colour, state.ink) for state in settings.states() if state.colour != PLAIN)
    return painted(settings.template(name), name, _STATE_MARKS, paints)
