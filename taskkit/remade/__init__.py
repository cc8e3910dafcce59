"""A file made anew beside one that a person has changed: which figures differ, and what else."""

from __future__ import annotations

from pathlib import Path

from taskkit.errors import TaskkitError
from taskkit.remade.comparing import Differences, compare
from taskkit.remade.contents import content_of, read_content
from taskkit.remade.telling import summary, told

__all__ = ["Differences", "changed_figures", "summary", "told"]


def changed_figures(old: Path | bytes, new: Path) -> Differences | None:
    """What ``new`` says otherwise than ``old`` (a file, or its bytes), figures first; both .docx or both .xlsx.

    None where one of them cannot be read or compared: locked with a password, renamed from another kind,
    damaged, too large, or neither a document nor a workbook.
    """
    try:
        before = content_of(old, new.name) if isinstance(old, bytes) else read_content(old)
        return compare(before, read_content(new))
    except TaskkitError:
        return None
