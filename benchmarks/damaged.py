"""The most time and memory that a damaged or hostile plan costs, each read in a process of its own.

    python -m benchmarks.damaged

The files are those of tests/test_hostile_plans.py and tests/test_file_kinds.py, made anew from seeds.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from taskkit.errors import InputError
from taskkit.reading import read_plan
from tests.test_file_kinds import hostile_files
from tests.test_hostile_plans import FILES

READ, REFUSED, FAILED = 0, 2, 3


class Cost(NamedTuple):
    """What reading one file cost: its outcome, seconds, MiB of its process and of the processes under it."""

    name: str
    outcome: int
    seconds: float
    mib: float


def cost_of(path: Path) -> Cost:
    """Read a plan in a forked process, everything imported before."""
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        os._exit(_outcome(path))
    _, status, usage = os.wait4(child, 0)
    outcome = os.waitstatus_to_exitcode(status)
    return Cost(path.name, outcome, time.monotonic() - start, usage.ru_maxrss / 1024)


def _outcome(path: Path) -> int:
    try:
        read_plan(path)
    except InputError:
        outcome = REFUSED
    except BaseException:
        return FAILED
    else:
        outcome = READ
    under = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return FAILED if under > 1024 else outcome


def main() -> None:
    files = [*FILES, *hostile_files().items()]
    with tempfile.TemporaryDirectory() as folder:
        costs = []
        for name, data in files:
            path = Path(folder) / name
            path.write_bytes(data)
            costs.append(cost_of(path))
    slowest, largest = max(costs, key=lambda each: each.seconds), max(costs, key=lambda each: each.mib)
    read, refused = (sum(each.outcome == code for each in costs) for code in (READ, REFUSED))
    print(f"{len(costs)} files: {read} read, {refused} refused, {len(costs) - read - refused} failed")
    print(f"slowest {slowest.name}: {slowest.seconds:.2f} s; most memory {largest.name}: {largest.mib:.0f} MiB")
    for each in costs:
        if each.outcome not in (READ, REFUSED):
            print(f"FAILED {each}")


if __name__ == "__main__":
    main()
