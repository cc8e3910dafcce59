"""The copy of every kind of return with its problems marked: read as the return itself, and marked the same again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from taskkit.collecting import Collected, collect
from taskkit.ledger import Ledger
from taskkit.office.problem_sheet import TITLE
from tests.returned import test_columns, test_looks, test_plain, test_programs, test_rows, test_sheets, test_values
from tests.returned.county import County
from tests.returned.kinds import RECEIVED, Kind

KINDS = [
    kind
    for module in (test_columns, test_looks, test_plain, test_programs, test_rows, test_sheets, test_values)
    for kind in module.KINDS
    if not kind.office
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_marked_copy_is_read_as_the_file_and_marking_it_again_changes_nothing(kind, county, tmp_path):
    (tmp_path / "ledger").mkdir()
    with county.ledger(kind.form, tmp_path / "ledger") as ledger:
        for earlier in kind.before(county) if kind.before else ():
            lay_out({kind.file_name: earlier} if isinstance(earlier, bytes) else earlier, tmp_path / "before")
            collect(ledger, tmp_path / "before", apply=True, received=RECEIVED)
        lay_out(kind.files(county), tmp_path / "in")
        first = marked(ledger, tmp_path / "in", tmp_path / "once")
        if len(first.returned) < len(first.files) or first.returned["copy"].str.contains(TITLE).any():
            return  # without problems, or of a make that gets a list: nothing to read again
        again = marked(ledger, tmp_path / "once", tmp_path / "twice")
        assert told(first) == told(again)
        assert content(tmp_path / "once") == content(tmp_path / "twice")


def marked(ledger: Ledger, folder: Path, copies: Path) -> Collected:
    return collect(ledger, folder, received=RECEIVED, returned=copies)


def lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def told(result: Collected) -> list[object]:
    """What became of files and cells, and the findings, but for where the files are."""
    frames = (result.files, result.cells, result.findings)
    return [frame.drop(columns=["path", "source"], errors="ignore").to_csv() for frame in frames]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
