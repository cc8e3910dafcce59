"""One file that holds several returns: a table for all units, or the sheets of several put into one workbook.

Each row goes to the workbook whose id stands before it, a row without an id to the unit that it
names, else to that of the rows above it; what stands above all rows belongs to all of them. Where
id and unit contradict each other (somebody sorted the columns that are seen and not the hidden
one), the row is looked for in the form of the unit that it names, and held for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from taskkit.columns import COLUMNS, header_key, row_owner
from taskkit.entries import Workbook
from taskkit.findings import Finding, finding
from taskkit.marks import ids_of, is_id
from taskkit.merge import canonical
from taskkit.office.sheets import BookData, SheetData
from taskkit.places import Place
from taskkit.returned.book import ReturnedBook, read_returned
from taskkit.returned.items import Items
from taskkit.returned.layout import TITLE
from taskkit.returned.outside import outside
from taskkit.wording import shortened

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
    owned = [_owners(sheet, parts) for sheet in book.sheets] if len(parts) > 1 else []
    read = [_read_part(book, sent, owned, partial(known, sent), others) for sent in parts]
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


@dataclass
class _Owners:
    """Whose the rows of a sheet are: row number -> workbook, "" for those that belong to all.

    ``doubtful`` are the rows that name another unit than the one whose id stands before them, with
    the unit that the id says.
    """

    of: dict[int, str] = field(default_factory=dict)
    doubtful: dict[int, str] = field(default_factory=dict)


def _read_part(
    book: BookData, sent: Workbook, owned: Sequence[_Owners], known: Callable[[], Items], others: Mapping[str, str]
) -> ReturnedBook:
    if not owned:
        return read_returned(book, sent, known, others)
    sheets = tuple(_seen_by(sheet, owners, sent.workbook) for sheet, owners in zip(book.sheets, owned, strict=True))
    read = read_returned(replace(book, sheets=sheets), sent, known, others)
    doubtful = {
        (sheet.title, row): unit
        for sheet, owners in zip(book.sheets, owned, strict=True)
        for row, unit in owners.doubtful.items()
        if owners.of[row] == sent.workbook
    }
    return _with_held(read, doubtful, sent, book.name) if doubtful else read


def _with_held(read: ReturnedBook, doubtful: Mapping[tuple[str, int], str], sent: Workbook, name: str) -> ReturnedBook:
    """The same with what stands in doubtful rows held for a person, and a finding for each row that brings anything."""
    opened = {cell.key for cell in sent.cells if cell.open} | read.proposed
    held = {
        key: replace(cell, held=True)
        for key, cell in read.cells.items()
        if key in opened and cell.place[:2] in doubtful and cell.value not in ("", read.sent[key])
    }
    brings = {cell.place[:2]: row_id for (row_id, _), cell in held.items()}
    told = tuple(
        finding(
            "row-misaligned",
            Place(*where),
            source=name,
            task_id=row_owner(row_id)[0],
            text=f"{sent.unit}：{shortened(read.sent.get((row_id, TITLE), row_id))}",
            meant=doubtful[where],
        )
        for where, row_id in brings.items()
    )
    return replace(read, cells={**read.cells, **held}, findings=(*told, *read.findings))


def _owners(sheet: SheetData, parts: Sequence[Workbook]) -> _Owners:
    ids = ids_of(sheet)
    mine = {sent.workbook: sent.unit for sent in parts}
    here = {owner for owner, _ in ids.values()} & mine.keys()
    named_here = [mine[owner] for owner in here]
    units = {mine[owner]: owner for owner in here if named_here.count(mine[owner]) == 1}
    at = _unit_column(sheet)
    owners = _Owners()
    last = ""
    for number in sorted(sheet.rows):
        owner, _ = ids.get(number, ("", ""))
        cell = sheet.rows[number].get(at)
        named = units.get(canonical(cell.value), "") if cell else ""
        if owner in mine and named not in ("", owner):
            owners.doubtful[number] = mine[owner]
            owner = named
        last = owner if owner in mine else (named if not owner else "") or last
        owners.of[number] = last
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


def _seen_by(sheet: SheetData, owners: _Owners, workbook: str) -> SheetData:
    """The rows of a workbook and of nobody; of a doubtful row without the id, which says something else."""
    rows = {number: row for number, row in sheet.rows.items() if owners.of[number] in ("", workbook)}
    for number in owners.doubtful.keys() & rows.keys():
        rows[number] = {at: cell for at, cell in rows[number].items() if not is_id(cell)}
    return replace(sheet, rows=rows)
