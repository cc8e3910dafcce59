"""The files of a report: what a builder gave, as bytes under safe names."""

from __future__ import annotations

from pathlib import Path

from taskkit import word
from taskkit.file_names import different, safe_file
from taskkit.office.filling import fill
from taskkit.office.list_book import ListBook, write_list
from taskkit.periods import official_date
from taskkit.reports import digest
from taskkit.reports.kinds import Bundle, Part, Wish
from taskkit.reports.leader import Table
from taskkit.template_files import coloured_template

_PUBLIC = "（公开版）"


def made(part: Part, wish: Wish, suffix: str = "") -> bytes:
    """One file as it is written; a digest as plain text where ``suffix`` says so."""
    content, settings = part.content, wish.settings
    if suffix == ".txt" and isinstance(content, digest.Digest):
        mark = frame_of(wish).mark
        return (f"{mark}\n\n{content.text}" if mark else content.text).encode("utf-8-sig")
    if isinstance(content, ListBook):
        return write_list(content)
    if isinstance(content, Table):
        return fill(coloured_template(settings, part.template), content.filling, part.template)
    return word.fill(content, settings.template(part.template), part.template, wish.today, frame_of(wish, part.number))


def frame_of(wish: Wish, number: str | None = None) -> word.Frame:
    """What stands around the text; ``number``: of a part that has its own."""
    office = wish.settings.office()
    mark = "" if wish.public else office.mark
    if wish.of_units:
        return word.Frame(mark=mark)
    return word.Frame(
        mark=mark,
        head="" if wish.in_issues else office.head,
        number="" if wish.in_issues else wish.number if number is None else number,
        copies=office.copies.rstrip("。"),
        printer=office.printer,
        printed_on=official_date(wish.today),
    )


def file_name(content: word.Content | ListBook | Table, public: bool = False) -> str:
    """The name of a file, marked where it is for readers outside."""
    name = f"{content.title}.xlsx" if isinstance(content, ListBook) else content.file_name
    return safe_file(name, _PUBLIC if public else "")


def files(bundle: Bundle, wish: Wish, folder: Path) -> list[tuple[Path, bytes]]:
    """All files of a report, made whole before the first one is written; no two of one name (name_2.docx)."""
    names = different([file_name(part.content, wish.public) for part in bundle.parts])
    return [(folder / name, made(part, wish)) for name, part in zip(names, bundle.parts, strict=True)]
