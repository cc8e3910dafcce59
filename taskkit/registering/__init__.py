"""The register (收件登记): what came in from whom, on which day and how; written, filled in by a person, loaded back.

columns     what both directions share
writing     ledger -> rows and workbook
taking      workbook -> receipts added and corrected
"""

from __future__ import annotations

from taskkit.registering.taking import RegisterFile, RegisterTaken, open_register
from taskkit.registering.writing import RegisterRow, register_rows, write_register

__all__ = ["RegisterFile", "RegisterRow", "RegisterTaken", "open_register", "register_rows", "write_register"]
