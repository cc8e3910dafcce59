"""Workbooks of every kind that comes back, read by their content: bytes in, plain values out.

.xlsx and .xlsm, .xls and .et, and .ods have a reader each; what is none of them is refused by name.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from taskkit.office.archive import Archive, open_archive
from taskkit.office.book_data import (
    ERRORS,
    LAST_COLUMN,
    LAST_ROW,
    BookData,
    Cell,
    CellKind,
    Labels,
    Row,
    SheetData,
    SheetState,
    damaged,
)
from taskkit.office.kinds import WORKBOOKS, Kind, kind_in, no_workbook, start_of
from taskkit.office.ods_reader import ods_labels, read_ods
from taskkit.office.xls_reader import read_xls, xls_labels
from taskkit.office.xlsx_reader import read_xlsx, xlsx_has_sheet, xlsx_labels

__all__ = [
    "ERRORS",
    "LAST_COLUMN",
    "LAST_ROW",
    "BookData",
    "Cell",
    "CellKind",
    "Labels",
    "Row",
    "SheetData",
    "SheetState",
    "has_sheet",
    "read_labels",
    "read_workbook",
    "workbook_with",
]
LARGEST_LIST = 50 * 1024 * 1024  # bytes of a list that a person filled in
_ZIP = b"PK"


def read_workbook(data: bytes, name: str) -> BookData:
    """Read a workbook: .xlsx, .xlsm (macros are not looked at), .xls, .et or .ods.

    Raises InputError where it is no workbook, encrypted, damaged, hostile or too large.
    """
    archive = _opened(data, name)
    if archive is None:
        book = read_xls(data, name)
    else:
        book = read_ods(archive) if _kind(archive) is Kind.ODS else read_xlsx(archive)
    if not book.sheets:
        raise damaged(name)
    return book


def read_labels(data: bytes, name: str) -> Labels:
    """The labels alone, without reading a sheet. Raises InputError as `read_workbook`."""
    archive = _opened(data, name)
    if archive is None:
        return xls_labels(data)
    return ods_labels(archive) if _kind(archive) is Kind.ODS else xlsx_labels(archive)


def _opened(data: bytes, name: str) -> Archive | None:
    """The package of a workbook; None for an old one. Raises InputError for any other kind of file."""
    kind = start_of(data)
    if kind is Kind.OLD_WORKBOOK:
        return None
    archive = open_archive(data, name) if kind is Kind.ZIP else None
    kind = _kind(archive) if archive else kind
    if archive is None or kind not in WORKBOOKS:
        raise no_workbook(kind, name)
    return archive


def _kind(archive: Archive) -> Kind:
    return kind_in(archive.names, archive.read)


def has_sheet(data: bytes, name: str, titles: Collection[str]) -> bool:
    """Whether a zip holds a workbook with a sheet of one of these titles, without reading its sheets.

    Raises InputError where the zip is damaged or breaks a limit.
    """
    archive = open_archive(data, name)
    return _kind(archive) is Kind.WORKBOOK and xlsx_has_sheet(archive, titles)


def workbook_with(path: Path, titles: Collection[str], largest: int = LARGEST_LIST) -> BookData | None:
    """The workbook at ``path``, read, where it has a sheet of one of these titles.

    None for any other file: one that is not there, cannot be opened, is no zip, or is over
    ``largest`` bytes. Known by its content, never by its name. Raises InputError as `read_workbook`.
    """
    try:
        with path.open("rb") as file:
            if file.read(len(_ZIP)) != _ZIP or path.stat().st_size > largest:
                return None
        data = path.read_bytes()
    except (OSError, ValueError):
        return None
    return read_workbook(data, path.name) if has_sheet(data, path.name, titles) else None
