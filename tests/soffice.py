"""Real office programs: files saved again by LibreOffice, where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest


def office_program() -> str:
    """The path of soffice; skips the test where there is none, and fails it in CI."""
    found = shutil.which("soffice")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("LibreOffice is missing: run make render-deps")
    if found is None:
        pytest.skip("LibreOffice is not installed (make render-deps installs it)")
    return found


def resaved(files: Sequence[Path], folder: Path, suffix: str = "xlsx") -> list[Path]:
    """The files as LibreOffice saves them, in ``folder``; in one call and a profile of its own.

    LibreOffice loses files without an error when two calls share a profile, so they are counted.
    """
    program = office_program()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                program,
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                "--convert-to",
                suffix,
                "--outdir",
                str(folder),
                *map(str, files),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
    made = [folder / file.with_suffix(f".{suffix}").name for file in files]
    missing = [file.name for file in made if not file.exists()]
    assert not missing, f"LibreOffice did not save {missing}"
    return made
