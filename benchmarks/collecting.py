"""``taskkit.collect(apply=True)`` as a whole (read, check, merge, store) against openpyxl's mere reading.

    python -m benchmarks.collecting

First 100 returned workbooks, as taskkit issued them and filled in, and as openpyxl saved them. Each round collects
into a ledger that took nothing back yet, and reads all values of the same files with openpyxl. Seconds on the clock
hold what the disk takes to write each file for good; those of the processor do not.

Then 100 to 2,000 workbooks in a process each: seconds for a file, and the most memory that the process took.
"""

from __future__ import annotations

import io
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import openpyxl

from benchmarks.ratios import ROUNDS
from taskkit.collecting import collect
from taskkit.ledger import open_ledger
from tests.returned.many import make_many
from tests.returned_books import edited

FILES = 100
SIZES = (100, 500, 1_000, 2_000)
MOST = 1.5  # how many times what a file takes among 100 it may take among 2,000


class Cost(NamedTuple):
    """Seconds on the clock and of the processor."""

    clock: float
    processor: float


def cost(run: Callable[[], object]) -> Cost:
    clock, processor = time.perf_counter(), time.process_time()
    run()
    return Cost(time.perf_counter() - clock, time.process_time() - processor)


def take(ledger: Path, returned: Path) -> None:
    """Collect everything into a ledger, which must take all of it."""
    with open_ledger(ledger, create=False) as opened:
        outcomes = set(collect(opened, returned, apply=True).files["outcome"])
    if outcomes != {"accepted"}:
        sys.exit(f"not all was accepted: {outcomes}")


def read_by_openpyxl(files: list[bytes]) -> None:
    """All values of all sheets."""
    for data in files:
        for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
            for _ in sheet.iter_rows(values_only=True):
                pass


def against_openpyxl(label: str, folder: Path, returned: Path) -> None:
    """Collecting and mere reading in turns, so that a busy machine slows both alike."""
    files = [path.read_bytes() for path in sorted(returned.iterdir())]
    ours, theirs = [], []
    for number in range(ROUNDS):
        ledger = folder / f"round{number}" / "taskkit.db"
        ledger.parent.mkdir()
        shutil.copy(folder / "taskkit.db", ledger)
        ours.append(cost(lambda ledger=ledger: take(ledger, returned)))  # type: ignore[misc]
        theirs.append(cost(lambda: read_by_openpyxl(files)))
        shutil.rmtree(ledger.parent)
    for name, at in (("on the clock", 0), ("of the processor", 1)):
        one, other = (statistics.median(each[at] for each in costs) for costs in (ours, theirs))
        print(f"{label:48} s {name:16} {one:7.3f} : {other:7.3f}   ratio {one / other:.2f}")


def grows(folder: Path) -> bool:
    """Collecting more and more workbooks, each number in a process of its own: whether it stays linear."""
    costs: dict[int, float] = {}
    for size in SIZES:
        place = folder / str(size)
        place.mkdir()
        make_many(place, size)
        command = [sys.executable, "-m", "benchmarks.collecting", str(place)]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        costs[size] = told["processor"] / size
        line = f"{size:5} files: {told['clock']:7.2f} s on the clock, {told['processor']:7.2f} s of the processor"
        print(f"{line}, {1000 * costs[size]:.1f} ms each; memory {told['before']:.0f} -> {told['most']:.0f} MiB")
        shutil.rmtree(place)
    return costs[SIZES[-1]] <= MOST * costs[SIZES[0]]


def memory() -> float:
    """The most memory that this process took so far, in MiB (what the system says of a child may be its parent's)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def one(place: Path) -> None:
    """Collect in this process and tell what it took."""
    import pandas  # noqa: F401  (so that what it takes counts among what was there before)

    before = memory()
    took = cost(lambda: take(place / "taskkit.db", place / "returned"))
    print(json.dumps({"clock": took.clock, "processor": took.processor, "before": before, "most": memory()}))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = make_many(Path(name), FILES)
        against_openpyxl(f"collect {FILES} workbooks : openpyxl reads them", folder, folder / "returned")
        saved = folder / "saved"
        saved.mkdir()
        for path in (folder / "returned").iterdir():
            (saved / path.name).write_bytes(edited(path.read_bytes(), lambda book: None))
        against_openpyxl("the same, as openpyxl saved them", folder, saved)
    with tempfile.TemporaryDirectory() as name:
        if not grows(Path(name)):
            sys.exit(f"among {SIZES[-1]} files one took more than {MOST} times what it took among {SIZES[0]}")


if __name__ == "__main__":
    one(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
