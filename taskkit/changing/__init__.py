"""Changes in mid-year: an amended document (load --amend), and 变更.xlsx, which a person fills in.

rows           a plan as rows that can be changed, ids
applying       what each kind of change does to a plan
keeping        changes as further versions of a plan
matching       which task of an amended document is which of the plan
differences    what differs between two versions of a plan
affected       the forms that are to be sent again
amending       an amended document beside the plan that is kept
contrast       变更对照.xlsx
columns, writing, taking    变更.xlsx
"""

from __future__ import annotations

from taskkit.changing.affected import affected_by
from taskkit.changing.amending import amend, keep_amendment
from taskkit.changing.differences import differences
from taskkit.changing.taking import ChangesFile, open_changes
from taskkit.changing.writing import in_words, write_changes

__all__ = [
    "ChangesFile",
    "affected_by",
    "amend",
    "differences",
    "in_words",
    "keep_amendment",
    "open_changes",
    "write_changes",
]
