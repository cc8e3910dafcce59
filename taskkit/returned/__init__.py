"""What stands in the cells of a returned workbook, wherever they were moved.

Columns are found by the text of their headers, rows by their hidden ids (see marks.py); what was
sent says which rows and columns there are, so nothing in the file has to be trusted but the ids.
"""

from __future__ import annotations

from taskkit.returned.book import ReturnedBook, read_returned
from taskkit.returned.cells import ReturnedCell, Stray
from taskkit.returned.items import Items
from taskkit.returned.layout import column_of
from taskkit.returned.parts import read_parts

__all__ = ["Items", "ReturnedBook", "ReturnedCell", "Stray", "column_of", "read_parts", "read_returned"]
