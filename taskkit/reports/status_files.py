"""``status`` as a file: a workbook or a page, whichever the file's name asks for."""

from __future__ import annotations

from pathlib import Path

from taskkit.errors import UsageError
from taskkit.office.list_book import write_list
from taskkit.reports.overview import Overview
from taskkit.reports.status_book import build
from taskkit.reports.status_page import is_untouched_page, write_page
from taskkit.saving import Saved, save
from taskkit.settings import Settings


def write_workbook(over: Overview, out: Path) -> Saved:
    """Write the workbook; where it stands now comes back (…（新）.xlsx where a person changed the old one).

    Raises UsageError for a name that does not end in .xlsx, OutputError where it cannot be written.
    """
    return save(write_list(build(over)), _named(out, (".xlsx",)))


def write_html(over: Overview, out: Path, settings: Settings) -> Saved:
    """Write the page; where it stands now comes back, as for the workbook.

    Raises UsageError for a name that does not end in .html, TemplateError, OutputError.
    """
    return save(write_page(over, settings), _named(out, (".html", ".htm")), is_untouched_page)


def _named(out: Path, suffixes: tuple[str, ...]) -> Path:
    if out.suffix.lower() not in suffixes:
        raise UsageError(f"文件名要以 {suffixes[0]} 结尾：{out}", "请改文件名")
    return out
