"""The schedule set by the office (报送安排): by a common kind, or on a sheet that a person fills in and loads back.

columns     what both directions of the sheet share
changes     one schedule against another, in words
setting     a kind, or the printed dates again -> a new schedule
writing     the schedule and all duties -> workbook
taking      workbook -> a new schedule
"""

from __future__ import annotations

from taskkit.arranging.changes import Change, Rearranged
from taskkit.arranging.setting import AS_PRINTED, set_calendar
from taskkit.arranging.taking import ArrangementFile, open_arrangement
from taskkit.arranging.writing import write_arrangement

__all__ = [
    "AS_PRINTED",
    "ArrangementFile",
    "Change",
    "Rearranged",
    "open_arrangement",
    "set_calendar",
    "write_arrangement",
]
