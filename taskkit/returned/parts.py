"""One file that holds several returns: a table for all units, or the sheets of several put into one workbook.

Each row goes to the workbook whose id stands before it, a row without an id to the unit that it
names, else to that of the rows above it; what stands above all rows belongs to all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from taskkit.columns import COLUMNS, header_key
from taskkit.entries import Workbook
from taskkit.findings import Finding
from taskkit.marks import ids_of
from taskkit.merge import canonical
from taskkit.office.sheets import BookData, SheetData
from taskkit.returned.book import ReturnedBook, read_returned
from taskkit.returned.items import Items
from taskkit.returned.outside import outside

_UNIT_HEADER = COLUMNS["reporting_unit"].header
_OF_NOBODY = frozenset(("row-without-id", "row-remark"))  # told where no part can explain a row
_OF_ALL = frozenset(("row-foreign",))


def read_parts(
    book: BookData, parts: Sequence[Workbook], known: Callable[[Workbook], Items], others: Mapping[str, str]
) -> list[ReturnedBook]:
    """What a file brings for each of its parts. What concerns the file as a whole is told with the first.

    ``known`` gives the items that a unit proposed before, ``others`` are the names of the workbooks whose rows
    are foreign here.
    """
    read = [
        read_returned(view, sent, partial(known, sent), others)
        for sent, view in zip(parts, _views(book, parts), strict=True)
    ]
    told = [_only(each.findings, at, read) for at, each in enumerate(read)]
    told[0] = (*told[0], *outside(book, parts))
    return [replace(each, findings=findings) for each, findings in zip(read, told, strict=True)]


def _only(findings: Sequence[Finding], at: int, read: Sequence[ReturnedBook]) -> tuple[Finding, ...]:
    """The findings of one part, without those of rows that another part explains or tells of already."""
    if len(read) == 1:
        return tuple(findings)
    here = [{(each.code, each.place) for each in one.findings} for one in read]
    return tuple(
        each
        for each in findings
        if not (
            (each.code in _OF_ALL and any((each.code, each.place) in one for one in here[:at]))
            or (each.code in _OF_NOBODY and (at or any((each.code, each.place) not in one for one in here)))
        )
    )


def _views(book: BookData, parts: Sequence[Workbook]) -> Iterator[BookData]:
    """The file as each part sees it."""
    if len(parts) == 1:
        yield book
        return
    units = {sent.unit: sent.workbook for sent in parts}
    mine = {sent.workbook for sent in parts}
    owners = [_owners(sheet, mine, units if len(units) == len(parts) else {}) for sheet in book.sheets]
    for sent in parts:
        sheets = (_seen_by(sheet, of, sent.workbook) for sheet, of in zip(book.sheets, owners, strict=True))
        yield replace(book, sheets=tuple(sheets))


def _owners(sheet: SheetData, mine: set[str], units: Mapping[str, str]) -> dict[int, str]:
    """Row number -> the workbook that the row belongs to; "" for those that belong to all."""
    ids = ids_of(sheet)
    at = _unit_column(sheet)
    owners: dict[int, str] = {}
    last = ""
    for number in sorted(sheet.rows):
        owner, _ = ids.get(number, ("", ""))
        cell = sheet.rows[number].get(at)
        named = units.get(canonical(cell.value), "") if cell and not owner else ""
        last = owner if owner in mine else named or last
        owners[number] = last
    return owners


def _unit_column(sheet: SheetData) -> int:
    """The column in which a table for all units names them; 0 where there is none."""
    return next(
        (
            at
            for row in sheet.rows.values()
            for at, cell in row.items()
            if cell.kind == "text" and header_key(str(cell.value)[:20]) == _UNIT_HEADER
        ),
        0,
    )


def _seen_by(sheet: SheetData, owners: Mapping[int, str], workbook: str) -> SheetData:
    rows = {number: row for number, row in sheet.rows.items() if owners[number] in ("", workbook)}
    return replace(sheet, rows=rows)
