"""What taskkit costs against the alternatives: ratios, measured in one run, never timed tests.

    python -m benchmarks.ratios

Each pair is run in turns on the same input, so that a busy machine slows both alike.
"""

from __future__ import annotations

import io
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 7
FASTER = 4  # times, that reading what comes back is to be


def in_turns(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of both, run in turns."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for kept, run in zip(seconds, (one, other), strict=True):
            start = time.perf_counter()
            run()
            kept.append(time.perf_counter() - start)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def python(*arguments: str) -> Callable[[], object]:
    """A fresh interpreter with these arguments."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def returned_workbooks(folder: Path, count: int = 100) -> list[bytes]:
    """The demo's filled workbooks, as bytes: half as openpyxl saves them, half as LibreOffice does (if there)."""
    from taskkit.demo import run_demo
    from tests.soffice import resaved

    run_demo(folder / "demo", lambda _: None)
    filled = sorted(folder.glob("demo/3-*/*/*.xlsx"))
    saved = filled[: count // 2]
    if shutil.which("soffice"):
        named = [shutil.copy(path, folder / f"{at}.xlsx") for at, path in enumerate(saved)]
        again = resaved([Path(path) for path in named], folder / "again")
    else:
        again = saved
    return [path.read_bytes() for path in (*saved, *again)]


def main() -> None:
    import openpyxl

    from taskkit.office.sheets import read_workbook

    rows = [
        ("taskkit --help : import pandas", *in_turns(python("-m", "taskkit", "--help"), python("-c", "import pandas")))
    ]
    with tempfile.TemporaryDirectory() as folder:
        files = returned_workbooks(Path(folder))
    rows.append(
        (
            f"read {len(files)} returned workbooks : openpyxl",
            *in_turns(
                lambda: [read_workbook(data, "returned.xlsx") for data in files],
                lambda: [openpyxl.load_workbook(io.BytesIO(data)) for data in files],
            ),
        )
    )
    for label, ours, theirs in rows:
        print(f"{label:50} {ours:7.3f} s {theirs:7.3f} s   {theirs / ours:.1f} times as fast")
    _, ours, theirs = rows[-1]
    if ours * FASTER > theirs:
        sys.exit(f"reading is less than {FASTER} times as fast as openpyxl")


if __name__ == "__main__":
    main()
