"""Comments (批注) in a workbook: notes of the old kind, and threads of the new one.

A thread leaves a note of the old kind beside it, for programs that know no threads; it is left out, and so is
what taskkit itself wrote in a marked copy.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from taskkit.errors import InputError
from taskkit.office.archive import Archive, open_archive
from taskkit.office.notes import without_ours
from taskkit.office.xml import parse_xml
from taskkit.places import Place, column_number
from taskkit.wording import shortened

MAX_COMMENTS = 2_000
_LONGEST = 60
_THREAD_MARK = "[Threaded comment]"
_SHEET = "{*}sheets/{*}sheet"


class Comment(NamedTuple):
    """A comment: where it stands, and its text in one line."""

    place: Place
    text: str


def comments_of(data: bytes, name: str) -> list[Comment]:
    """The comments of a workbook that can be read; none where their parts are damaged or of another kind of file."""
    try:
        archive = open_archive(data, name)
        if not any("comment" in part.lower() for part in archive.names):
            return []
        found = _comments(archive)
        return [each for each, _ in zip(found, range(MAX_COMMENTS), strict=False)]
    except InputError:
        return []


def _comments(archive: Archive) -> Iterator[Comment]:
    book = next((to for kind, to in _relations(archive, "").values() if kind == "officeDocument"), "xl/workbook.xml")
    sheets = _relations(archive, book)
    for element in parse_xml(archive.read(book), archive.name).iterfind(_SHEET):
        relation = next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")
        title = element.get("name") or ""
        for kind, part in _relations(archive, sheets.get(relation, ("", ""))[1]).values():
            if part in archive and kind in ("comments", "threadedComment"):
                yield from _of_part(parse_xml(archive.read(part), archive.name), title)


def _of_part(root: etree._Element, title: str) -> Iterator[Comment]:
    for element in root.iter("{*}comment", "{*}threadedComment"):
        parts = element.iter("{*}t", "{*}text")
        text = " ".join(without_ours("".join(each.text or "" for each in parts)).split())
        reference = (element.get("ref") or "").replace("$", "")
        letters = reference.rstrip("0123456789")
        row = reference[len(letters) :]
        if text and not text.startswith(_THREAD_MARK) and row and len(row) <= 7:
            place = Place(title, int(row), column_number(letters[:3]))
            yield Comment(place, shortened(text, _LONGEST))


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Id -> (last word of the type, part) of what a part ("" for the package) refers to."""
    folder, file = posixpath.split(part)
    where = posixpath.join(folder, "_rels", f"{file}.rels")
    if where not in archive:
        return {}
    return {
        each.get("Id") or "": (
            (each.get("Type") or "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, each.get("Target") or "")).lstrip("/"),
        )
        for each in parse_xml(archive.read(where), archive.name)
        if isinstance(each.tag, str) and each.get("TargetMode") != "External"
    }
