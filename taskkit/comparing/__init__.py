"""Comparisons: promise against result, this period against the last, unit against unit.

reading   ledger -> what each part of the plan looked like in its period and in the one before
promises  what was aimed at and promised, and what came of it, per target and task
changes   this period and the last: counts by state, tasks whose state changed, figures
units     unit against unit
comparison  all of it, part by part: main tasks and 民生实事 are never added up
writing   Comparison -> workbook
"""

from __future__ import annotations

from taskkit.comparing.comparison import Comparison, PartComparison, compare

__all__ = ["Comparison", "PartComparison", "compare"]
