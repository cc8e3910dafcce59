"""What the very hidden sheet says of a workbook: of which kind it is, and what it was made for."""

from __future__ import annotations

from taskkit.office.sheets import BookData

MARK_SHEET = "_taskkit"


def marks_of_sheet(book: BookData) -> dict[str, str]:
    """What the very hidden sheet says, by keys in small letters."""
    sheet = next((each for each in book.sheets if each.title.strip().lower() == MARK_SHEET), None)
    rows = sheet.rows.values() if sheet else ()
    pairs = ((row.get(1), row.get(2)) for row in rows)
    return {str(key.value).strip().lower(): str(value.value).strip() for key, value in pairs if key and value}
