"""Files that go out beside the forms: supplements to workbooks that are out, and one table for all units.

They are written as the forms are: beside their places and renamed, never over what a person has
changed, and recorded when they stand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from taskkit.entries import Companion
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger
from taskkit.office.placing import make_folder, present_sha256, put_in_place, set_beside


@dataclass(frozen=True)
class Beside:
    """One such file: its bytes and its place; ``workbook`` is the one that a supplement goes with."""

    kind: str
    unit: str
    path: Path
    data: bytes
    content: str
    workbook: str | None = None


@dataclass(frozen=True)
class Placed:
    """What became of one: written, unchanged, or kept (what stands there is not ours)."""

    file: Beside
    outcome: str


def place(ledger: Ledger, name: str, period: str, files: Sequence[Beside]) -> list[Placed]:
    """Put the files in their places and record them. Raises OutputError where one cannot be written."""
    if not files:
        return []
    ours = {each.file_sha256 for each in ledger.companions(name, period)}
    placed = [Placed(each, _put(each, ours)) for each in files]
    ledger.record_companions(
        name,
        period,
        [
            Companion(each.kind, each.workbook, each.content, each.path.name, _sha256(each.data))
            for each in (one.file for one in placed if one.outcome != "kept")
        ],
    )
    return placed


def kept_files(placed: Sequence[Placed]) -> Iterator[Finding]:
    """A finding for each file that a person has changed, and that was left as it is."""
    for each in placed:
        if each.outcome == "kept":
            yield finding("file-kept", source=str(each.file.path), name=each.file.path.name)


def _put(file: Beside, ours: set[str]) -> str:
    make_folder(file.path.parent)
    present = present_sha256(file.path)
    if present == _sha256(file.data):
        return "unchanged"
    if present is not None and present not in ours:
        return "kept"
    beside = set_beside(file.path, file.data)
    try:
        put_in_place(beside, file.path)
    finally:
        beside.unlink(missing_ok=True)
    return "written"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
