"""Dialects: ways of writing a plan. One file per way; this tuple is the registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from taskkit.dialects import bracketed, digest, labelled, loose, table
from taskkit.dialects.rows import ClauseText, Reading, Step, TaskRow

__all__ = ["DIALECTS", "ClauseText", "Dialect", "Reading", "Step", "TaskRow"]


@dataclass(frozen=True)
class Dialect:
    """One way of writing a plan: ``fits`` counts what speaks for it, ``read`` gives the rows."""

    name: str
    tables: bool  # reads tables (with the paragraphs between them) rather than paragraphs
    fits: Callable[[Sequence[tuple[int, Any]]], int]
    read: Callable[[Sequence[tuple[int, Any]]], Reading]


DIALECTS: tuple[Dialect, ...] = (
    Dialect(labelled.NAME, False, labelled.fits, labelled.read),
    Dialect(bracketed.NAME, False, bracketed.fits, bracketed.read),
    Dialect(digest.NAME, False, digest.fits, digest.read),
    Dialect(loose.NAME, False, loose.fits, loose.read),
    Dialect(table.NAME, True, table.fits, table.read),
)
