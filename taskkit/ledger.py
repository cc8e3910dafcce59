"""The ledger: plans, workbooks sent, submissions, and every version of every cell.

SQLAlchemy Core, SQLite by default. Append only: nothing is updated or deleted. A submission is
kept whole (file, hash, day received, unit) and its changed cells are versions as plain text; the
current value of a cell is the newest accepted one whose submission is not withdrawn. What one
returned file brings is written in one transaction, or not at all.
"""

from __future__ import annotations

from pathlib import Path

from taskkit.database import open_database
from taskkit.entries import CellKey, Change, Matter, Ruling, SentCell, Submission, Workbook
from taskkit.stores.companions import CompanionStore
from taskkit.stores.directives import DirectiveStore
from taskkit.stores.items import ItemStore
from taskkit.stores.matters import MatterStore
from taskkit.stores.past import PastStore
from taskkit.stores.receipts import ReceiptStore
from taskkit.stores.returned import LedgerChangedError
from taskkit.stores.schedules import ScheduleStore
from taskkit.stores.sent import SentStore

__all__ = [
    "CellKey",
    "Change",
    "Ledger",
    "LedgerChangedError",
    "Matter",
    "Ruling",
    "SentCell",
    "Submission",
    "Workbook",
    "open_ledger",
]


def open_ledger(url: str | Path = "sqlite:///taskkit.db", *, create: bool = True) -> Ledger:
    """Open the ledger at ``url`` (any SQLAlchemy URL; a plain path is a SQLite file).

    A missing one is made unless ``create`` is False. Raises LedgerError where the ledger is
    missing, cannot be opened, is no taskkit ledger, or was written by a newer taskkit.
    """
    return Ledger(open_database(url, create=create))


class Ledger(ItemStore, SentStore, CompanionStore, MatterStore, PastStore, ReceiptStore, ScheduleStore, DirectiveStore):
    """An open ledger. Make one with ``open_ledger``; close it with ``close`` or a ``with`` block."""

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()
