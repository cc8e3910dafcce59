"""Taking returned workbooks back: each file recognised, compared cell by cell, kept, and told of.

batch        files in their order, one after the other, and what became of each as frames
differences  what was found in a run as a workbook
copies       what a unit is told: a copy of its file with the problems marked
desk         what becomes of one file, and keeping it
checking     one file as a whole: texts that ran on, what a person should know
comparing    one file against what was sent and what the ledger holds
matching     whose a workbook without any mark looks like
registrar    the register kept while files are taken
senders      whose a document is: names of units, words for periods
recall       what the ledger says, remembered during a run
"""

from __future__ import annotations

from taskkit.collecting.batch import Collected, collect
from taskkit.receipts import FileOutcome

__all__ = ["Collected", "FileOutcome", "collect"]
