"""What a person should know of a returned file: rows and columns that are not as they were sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from taskkit.columns import COLUMNS, SHEETS, header_key, row_owner
from taskkit.entries import CellKey
from taskkit.findings import Finding, finding
from taskkit.marks import ID, ids_of
from taskkit.merge import canonical
from taskkit.places import Area, Place, area_of
from taskkit.returned.cells import ReturnedCell
from taskkit.returned.columns import heading_of
from taskkit.returned.layout import Layout
from taskkit.returned.rows import DataRow, by_sheet

# Columns of the forms that nobody fills in: ids, and the unit in a table for all units.
_NO_ANSWERS = frozenset((*(header_key(sheet.id_header) for sheet in SHEETS), COLUMNS["reporting_unit"].header))


def once_a_sheet(code: str, rows: Iterable[DataRow], name: str, **words: str) -> Iterator[Finding]:
    """One finding for all such rows of a sheet, at the first, with its text."""
    for listed in by_sheet(rows).values():
        yield finding(code, listed[0].place, source=name, count=str(len(listed)), text=listed[0].shown, **words)


def foreign_rows(rows: Iterable[DataRow], names: Mapping[str, str], name: str) -> Iterator[Finding]:
    """Rows of other workbooks, told once for each sheet and workbook."""
    owners: dict[str, list[DataRow]] = {}
    for row in rows:
        owners.setdefault(row.owner, []).append(row)
    for owner, listed in owners.items():
        yield from once_a_sheet("row-foreign", listed, name, whose=names.get(owner) or "另一份工作簿（如上期的表）")


def headless(rows: Iterable[DataRow], name: str) -> Iterator[Finding]:
    """Sheets that hold our rows under no header that names a column."""
    for title in dict.fromkeys(row.sheet.title for row in rows if not row.columns):
        yield finding("header-missing", Place(title), source=name)


def repeated(
    cells: Mapping[CellKey, list[ReturnedCell]], chosen: Mapping[CellKey, ReturnedCell], name: str
) -> Iterator[Finding]:
    """Rows (or columns) that stand twice with different contents: one finding for each row id."""
    seen = set()
    for key, listed in cells.items():
        certain = [cell for cell in listed if not cell.held]
        if len({cell.value for cell in certain}) > 1 and key[0] not in seen and not chosen[key].problem:
            seen.add(key[0])
            rows = "、".join(dict.fromkeys(str(cell.place) for cell in certain))
            yield finding("row-copied", certain[0].place, source=name, task_id=row_owner(key[0])[0], rows=rows)


@dataclass(frozen=True)
class StrayColumn:
    """A filled column that no header explains: what is told of it, and what it seems to be (``near``), if anything.

    ``count`` is how many of its cells hold something that was not sent.
    """

    told: Finding
    near: str = ""
    count: int = 0


def stray_columns(rows: Iterable[DataRow], layout: Layout, name: str) -> Iterator[StrayColumn]:
    """Filled columns that no header explains, with the header they may stand for."""
    columns: dict[tuple[str, int], list[DataRow]] = {}
    for row in rows:
        for at, cell in row.cells.items():
            if row.columns and at not in row.columns and not ID.fullmatch(str(cell.value).strip()):
                columns.setdefault((row.sheet.title, at), []).append(row)
    for (_, at), listed in columns.items():
        yield from _stray_column(listed, at, layout, name)


def _stray_column(rows: Sequence[DataRow], at: int, layout: Layout, name: str) -> Iterator[StrayColumn]:
    row = rows[0]
    title = layout.sheet_of[row.row_id]
    heading = heading_of(row.sheet, layout.headers[title], ids_of(row.sheet))
    cell = row.sheet.cell(heading.row, at) or row.sheet.cell(heading.last, at)
    header = canonical(cell.value) if cell else ""
    if header_key(header) in _NO_ANSWERS:
        return
    known = {column.header for column in row.columns.values()}
    spellings = {
        header_key(text): field.column.header
        for field in layout.headers[title].fields
        if field.column.header in layout.open_columns[title] - known
        for text in (field.column.header, *field.column.synonyms)
    }
    near = get_close_matches(header_key(header), sorted(spellings), n=1, cutoff=0.4)
    place = Place(row.sheet.title, heading.row, at)
    if near:
        meant = spellings[near[0]]
        count = sum(canonical(each.cells[at].value) != layout.sent.get((each.row_id, meant), "") for each in rows)
        words = {"header": header, "near": meant, "count": str(count)}
        yield StrayColumn(finding("column-misspelt", place, source=name, **words), meant, count)
    else:
        yield StrayColumn(finding("column-unknown", place, source=name, header=header or "（没有表头）"))


def merged_rows(rows: Iterable[DataRow], layout: Layout, name: str) -> Iterator[Finding]:
    """Open cells of several of our rows that were merged into one: its text counts for the first row alone."""
    for title, listed in by_sheet(rows).items():
        for area in filter(None, map(area_of, listed[0].sheet.merges)):
            covered = [row for row in listed if area.top <= row.number <= area.bottom]
            opened = layout.open_columns[layout.sheet_of[covered[0].row_id]] if len(covered) > 1 else ()
            columns = [
                column.header
                for at, column in (covered[0].columns.items() if opened else ())
                if area.left <= at <= area.right and column.header in opened
            ]
            if len(covered) == 1:
                yield from _merged_across(covered[0], area, layout, name)
            if columns:
                shown = "、".join(f"第{row.number}行" for row in covered)
                words = {"column": columns[0], "rows": shown, "first": str(covered[0].number)}
                yield finding("cells-merged", Place(title, covered[0].number, area.left), source=name, **words)


def _merged_across(row: DataRow, area: Area, layout: Layout, name: str) -> Iterator[Finding]:
    """Open cells of one row that were merged into one: its text counts for the first column alone."""
    opened = layout.open_columns[layout.sheet_of[row.row_id]]
    headers = [
        column.header
        for at, column in sorted(row.columns.items())
        if area.left <= at <= area.right and column.header in opened
    ]
    if len(headers) > 1:
        place, shown = Place(row.sheet.title, row.number, area.left), "、".join(f"“{each}”" for each in headers)
        yield finding("cells-merged-across", place, source=name, columns=shown, column=headers[0])


def hidden_rows(rows: Iterable[DataRow], layout: Layout, name: str) -> Iterator[Finding]:
    """Rows that nobody sees and that hold something typed: taken, for hiding is not deleting."""
    for title, listed in by_sheet(rows).items():
        unseen = listed[0].sheet.state != "visible"
        hidden = [row for row in listed if (unseen or row.number in row.sheet.hidden_rows) and row.filled(layout)]
        if hidden:
            shown = "、".join(f"第{row.number}行" for row in hidden)
            yield finding("rows-hidden-filled", Place(title, hidden[0].number), source=name, rows=shown)
