"""Older office formats: converted by LibreOffice first."""

from __future__ import annotations

from collections.abc import Callable

from taskkit.documents.docx import read_docx
from taskkit.documents.model import Block
from taskkit.documents.sheets import read_sheets
from taskkit.office.libreoffice import convert


def converted(suffix: str, target: str) -> Callable[[bytes, str], tuple[Block, ...]]:
    """A reader for a format that LibreOffice turns into .docx or .xlsx first."""
    read = read_docx if target == "docx" else read_sheets

    def read_converted(data: bytes, name: str) -> tuple[Block, ...]:
        return read(convert(data, name, suffix, target), name)

    return read_converted
