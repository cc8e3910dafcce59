"""Headers and footers of a sheet: marks in them, in the small language in which Excel writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from xml.sax.saxutils import escape

from lxml import etree

from taskkit.office.facts import Facts
from taskkit.office.marks import MARK, as_text, check_braces, marks_in
from taskkit.office.stretching import Sheet
from taskkit.office.xml import clean

_LONGEST = 255  # characters of a header or footer; Excel repairs a file that has more
_ENDS_IN_SIZE = re.compile(r"&\d+$")


def mark_footers(sheet: Sheet, root: etree._Element) -> Iterator[dict[str, tuple[str, str]]]:
    """Put holes for the marks in headers and footers; the marks come back with where they stand."""
    for footer in root.iter("{*}headerFooter"):
        for line in footer:
            text = (line.text or "") if isinstance(line.tag, str) else ""
            check_braces(text, sheet.place("页脚"))
            if not marks_in(text):
                continue
            line.text = "".join(_pieces(sheet, text))
            yield {mark: (text, sheet.place("页脚")) for mark in marks_in(text)}


def _pieces(sheet: Sheet, text: str) -> Iterator[str]:
    pieces = MARK.split(text)
    room = max(0, _LONGEST - sum(map(len, pieces[::2]))) // len(pieces[1::2])
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            yield piece
            before = piece
        else:
            yield sheet.holes.hole(partial(_said, piece, room, bool(_ENDS_IN_SIZE.search(before))))


def _said(mark: str, room: int, after_size: bool, facts: Facts) -> str:
    """A value in a footer: an ampersand is doubled; a digit must not be read on with the size of the type."""
    said = clean(as_text(facts.values.get(mark)))
    said = f" {said}" if after_size and said[:1].isdecimal() else said
    if len(said) + said.count("&") > room:
        said = f"{said[: max(room - 1 - said.count('&'), 0)]}…"[:room]
    return escape(said.replace("&", "&&"))
