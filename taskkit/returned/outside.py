"""What a clerk wrote where the form has no place for it: below the form, or on a sheet of the clerk's own.

None of it is taken, and all of it is named, so that nothing is lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set

from taskkit.entries import Workbook
from taskkit.findings import Finding, finding
from taskkit.marks import ids_of
from taskkit.office.sheets import BookData, SheetData
from taskkit.places import Place
from taskkit.sheet_forms.marks import MARK_SHEET
from taskkit.wording import shortened

NOTES_SHEET = "填报说明"
_SIGNATURE = re.compile(r"盖\s*章|^[\s年月日]+$")  # 单位（盖章）：　　年　月　日


def outside(book: BookData, parts: Iterable[Workbook]) -> Iterator[Finding]:
    """A note for each text below a form, and one for each visible sheet that was not sent and holds something."""
    known = {cell.sheet for sent in parts for cell in sent.cells} | {NOTES_SHEET}
    for sheet in book.sheets:
        if sheet.state != "visible" or sheet.title.strip().lower() == MARK_SHEET:
            continue
        last = max(ids_of(sheet), default=0)
        if last:
            yield from _below(sheet, last, {sent.unit for sent in parts}, book.name)
        elif sheet.title not in known and (
            texts := [cell.value for row in sheet.rows.values() for cell in row.values()]
        ):
            yield finding("sheet-added", Place(sheet.title), source=book.name, value=shortened(texts[0]))


def _below(sheet: SheetData, last: int, units: Set[str], name: str) -> Iterator[Finding]:
    """The bands with the units' names, which whoever sorted the rows of a table for all moved there, are told once."""
    below = [number for number in sorted(sheet.rows) if number > last]
    bands = {
        number
        for number in below
        if len(sheet.rows[number]) == 1 and {str(cell.value).strip() for cell in sheet.rows[number].values()} <= units
    }
    if bands:
        yield finding("bands-moved", Place(sheet.title, min(bands)), source=name, count=str(len(bands)))
    for number in (each for each in below if each not in bands):
        for cell in sheet.rows[number].values():
            if not _SIGNATURE.search(str(cell.value)):
                place = Place(sheet.title, number, cell.column)
                yield finding("text-outside", place, source=name, value=shortened(cell.value))
