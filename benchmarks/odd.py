"""The time and memory that each odd or hostile return costs, collected in a process of its own.

    python -m benchmarks.odd

Fails where one takes more processor time or memory than it may. The files are those of tests/odd_files.py.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from taskkit.collecting import collect
from tests.odd_files import ODD, Make, good
from tests.returned_books import ledger_with

MOST_SECONDS, MOST_MIB = 5, 300


def in_child(run: Callable[[], object]) -> tuple[bool, float, float]:
    """Whether it went through in a forked process, everything imported before, its processor seconds and MiB."""
    child = os.fork()
    if child == 0:
        try:
            run()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status, usage = os.wait4(child, 0)
    return status == 0, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.xlsx"
        plain.write_bytes(good())
        collect(ledger_with(), plain)  # imports what is imported late
        start = time.monotonic()
        for name, (make, _) in ODD.items():
            path = Path(folder) / name
            in_child(lambda path=path, make=make: write(path, make))  # type: ignore[misc]
            went, seconds, mib = in_child(lambda path=path: collect(ledger_with(), path))  # type: ignore[misc]
            kept = went and seconds <= MOST_SECONDS and mib <= MOST_MIB
            size, mark = path.stat().st_size / 1024, "" if kept else "  <"
            print(f"{name:48} {size:8.0f} KiB {seconds:6.2f} s {mib:5.0f} MiB{mark}")
            failed += [] if kept else [name]
            path.unlink()
    print(f"{len(ODD)} odd files in {time.monotonic() - start:.0f} s")
    if failed:
        sys.exit(f"over {MOST_SECONDS} s or {MOST_MIB} MiB: {', '.join(failed)}")


def write(path: Path, make: Make) -> None:
    """Make one file; in a process of its own too, for some are large before they are packed."""
    path.write_bytes(make())


if __name__ == "__main__":
    main()
