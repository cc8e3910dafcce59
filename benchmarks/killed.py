"""Runs of ``collect --apply`` on 50 files, killed (SIGKILL) at 200 random moments: what the ledger holds then.

python -m benchmarks.killed
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.returned.killing import kill_many
from tests.returned.many import make_many

FILES = 50
KILLS = 200


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        seen = kill_many(make_many(Path(folder), FILES), KILLS)
    print(f"{KILLS} runs, {seen.kills} killed before their end, {seen.midway} with some of the files taken")
    print(f"{seen.completed} times the rest was collected: every ledger was whole and ended as an undisturbed run does")


if __name__ == "__main__":
    main()
