"""A backup of the ledger a day, by SQLite's own backup, seven kept.

It stands beside the ledger (taskkit.db → taskkit-备份/2026-04-08.db) and is made before the first
change of a day, so that it holds the state of the day before. Other databases have their own.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import sqlalchemy as sa

KEPT = 7


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
    unfinished = copy.with_suffix(".partial")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.replace(copy)
    for old in sorted(folder.glob("????-??-??.db"))[:-KEPT]:
        old.unlink()
