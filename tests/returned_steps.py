"""Steps that the tests of taking back share: a file is collected, and what the ledger holds then."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from taskkit.collecting import Collected, collect
from taskkit.ledger import Ledger

HEAD = "| row | column | value |\n"


def collected(
    ledger: Ledger,
    folder: Path,
    data: bytes,
    name: str = "县教育局.xlsx",
    *,
    apply: bool = True,
    received: date = date(2026, 4, 8),
) -> Collected:
    """What became of one file."""
    path = folder / name
    path.write_bytes(data)
    return collect(ledger, path, apply, received)


def in_ledger(ledger: Ledger) -> dict[tuple[str, str], str]:
    """What the ledger holds now, to the letter."""
    return dict(ledger.current("云溪", "2026Q1", "县教育局"))


def outcomes(result: Collected) -> list[str]:
    return list(result.files["outcome"])
