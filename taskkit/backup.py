"""A backup of the ledger a day, by SQLite's own backup, seven kept.

It stands beside the ledger (taskkit.db → taskkit-备份/2026-04-08.db) and is made before the first
change of a day, so that it holds the state of the day before. Other databases have their own.
Several processes may want it at once: each copies into a file of its own, and the first one stays.
"""

from __future__ import annotations

import os
import sqlite3
import time
import uuid
from contextlib import closing
from datetime import date
from pathlib import Path

import sqlalchemy as sa

KEPT = 7
STALE = 86_400  # seconds after which an unfinished copy belongs to nobody


def back_up(engine: sa.Engine) -> None:
    """Copy the SQLite file behind ``engine`` unless today's copy exists; older ones than KEPT go."""
    database = engine.url.database
    if not database or database == ":memory:" or not Path(database).stat().st_size:
        return
    folder = Path(database).with_name(f"{Path(database).stem}-备份")
    copy = folder / f"{date.today().isoformat()}.db"
    if copy.exists():
        return
    folder.mkdir(exist_ok=True)
    unfinished = copy.with_suffix(f".{os.getpid()}-{uuid.uuid4().hex[:8]}.partial")
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
        # A copy that another process finished meanwhile was made before its change: that one stays.
        if not copy.exists():
            unfinished.replace(copy)
    finally:
        unfinished.unlink(missing_ok=True)
    for old in sorted(folder.glob("????-??-??.db"))[:-KEPT]:
        old.unlink(missing_ok=True)
    for left in folder.glob("*.partial"):
        if _age(left) > STALE:
            left.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """Seconds since a file was written; 0 where another process has just taken it away."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0
