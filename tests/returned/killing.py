"""Runs of ``collect --apply`` that are killed (SIGKILL) at random moments, for the tests and benchmarks/killed.py.

As a program it is what is killed: ``python -m tests.returned.killing LEDGER FOLDER`` forks a run whenever it reads
"run", and tells how it ended when it reads "wait".
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from taskkit.collecting import Collected, collect
from taskkit.ledger import open_ledger
from tests.returned.many import current, held

ROOT = Path(__file__).resolve().parents[2]
MISSES = 5  # how often a run may end before it is killed, for each that is
AGAIN = 5  # kills of one ledger before the rest is collected and a new one begun


@dataclass(frozen=True)
class Killed:
    """What was seen: runs killed before their end, ledgers found with some of the files only, runs that completed."""

    kills: int
    midway: int
    completed: int


def kill_many(folder: Path, kills: int, seed: int = 1) -> Killed:
    """Kill that many runs over ``folder`` (see many.py); what is left must agree with what an undisturbed run gives."""
    chance = random.Random(seed)
    whole = _fresh(folder, "whole")
    started = time.perf_counter()
    _collect(whole, folder)
    took = time.perf_counter() - started
    wanted = _state(whole)
    killed = midway = completed = 0
    work = _fresh(folder, "work")
    with _Runs(work, folder) as runs:
        for number in range(1, kills * MISSES + 1):
            if runs.kill(chance.uniform(0, took)):
                killed += 1
            else:
                took *= 0.8  # the machine was busier at first than it is now
            left = held(work)
            assert left.items() <= wanted[0].items(), "each file wholly or not at all"
            midway += 0 < len(left) < len(wanted[0])
            if number % AGAIN == 0 or killed == kills or len(left) == len(wanted[0]):
                assert {"accepted", "duplicate"} >= set(_collect(work, folder).files["outcome"])
                assert wanted == _state(work), "the next run completes the rest"
                completed += 1
                _fresh(folder, "work")
            if killed == kills:
                break
    return Killed(killed, midway, completed)


def _fresh(folder: Path, name: str) -> Path:
    """A ledger that sent the workbooks and took none back, in a folder of its own."""
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    shutil.copy(folder / "taskkit.db", place / "taskkit.db")
    return place / "taskkit.db"


def _collect(ledger: Path, folder: Path) -> Collected:
    with open_ledger(ledger, create=False) as opened:
        return collect(opened, folder / "returned", apply=True)


def _state(path: Path) -> tuple[dict[str, tuple[tuple[str, ...], ...]], object]:
    with open_ledger(path, create=False) as ledger:
        return held(path), current(ledger)


class _Runs:
    """A process that has everything imported, and forks a run whenever it is told to."""

    def __init__(self, ledger: Path, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.returned.killing", str(ledger), str(folder)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._hear()

    def __enter__(self) -> _Runs:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def kill(self, moment: float) -> bool:
        """Begin a run and kill it after so many seconds; False where it had ended before."""
        run = int(self._ask("run"))
        time.sleep(moment)
        os.kill(run, signal.SIGKILL)
        return self._ask("wait") == str(-signal.SIGKILL)

    def _ask(self, word: str) -> str:
        assert self._process.stdin
        self._process.stdin.write(f"{word}\n")
        return self._hear()

    def _hear(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


def main() -> None:
    import pandas  # noqa: F401  (imported beforehand, so that the moments fall into the collecting)

    ledger, folder = map(Path, sys.argv[1:])
    run = 0
    print("ready", flush=True)
    for word in sys.stdin:
        if word.strip() == "wait":
            print(os.waitstatus_to_exitcode(os.waitpid(run, 0)[1]), flush=True)
            continue
        run = os.fork()
        if not run:
            _collect(ledger, folder)
            os._exit(0)
        print(run, flush=True)


if __name__ == "__main__":
    main()
