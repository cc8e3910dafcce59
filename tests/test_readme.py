"""The READMEs' run is a real one: their commands are run in order, and they print what stands there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from taskkit import open_ledger, samples
from taskkit.demo import answers_of
from taskkit.office.typing_in import type_in
from tests.test_docs import READMES, text

ELLIPSIS = "……"


def runs(readme: str) -> list[tuple[list[str], list[str]]]:
    """The commands of a README with the lines that they are said to print."""
    found = []
    for block in re.findall(r"```text\n(.*?)```", text(readme), flags=re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = part.splitlines()
            found.append((command.split(), [line.strip() for line in lines if line.strip() not in ("", ELLIPSIS)]))
    return found


def clerks_answer(folder: Path) -> None:
    """What three units send back: one filled in, one with two mistakes, one in the wrong file."""
    returned = folder / "收到的"
    returned.mkdir()
    with open_ledger(folder / "taskkit.db") as ledger:
        plan = ledger.plan("云溪2026")
    for path in sorted((folder / "output" / "云溪2026" / "2026Q2").glob("*_2026年二季度工作进展.xlsx")):
        unit = path.name[3:].partition("_")[0]
        typed = answers_of(plan, samples.answers(), unit, "2026Q2")
        if unit == "县水务局":
            typed[next(iter(typed))]["工作任务"] = "改了任务的表述"
            typed[next(row_id for row_id, cells in typed.items() if "累计完成值" in cells)]["累计完成值"] = -3
        if unit in ("县教育局", "县水务局"):
            (returned / path.name).write_bytes(type_in(path.read_bytes(), typed))
    shutil.copy(samples.sample_path("docx"), returned / "公安局反馈.docx")


def printed(command: list[str], folder: Path) -> list[str]:
    assert "taskkit" == command[0]
    run = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    return [line.strip() for line in (run.stdout + run.stderr).splitlines()]


@pytest.mark.parametrize("readme", READMES)
def test_the_run_in_the_readme_is_what_happens(readme, tmp_path):
    shutil.copy(samples.sample_path("docx"), tmp_path / "分工方案.docx")
    commands = runs(readme)
    assert {"read", "load", "issue", "collect", "status", "report"} <= {command[1] for command, _ in commands}
    for command, lines in commands:
        if "collect" in command and not (tmp_path / "收到的").exists():
            clerks_answer(tmp_path)
        output = iter(printed(command, tmp_path))
        missing = [line for line in lines if line not in output]
        assert [] == missing, " ".join(command)
