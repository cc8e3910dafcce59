"""The model rows of a sheet and the rows written in their place: where everything else ends up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from taskkit.office.sheets import LAST_ROW

_AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)(?::\$?([A-Za-z]{1,3})\$?(\d+))?")


@dataclass(frozen=True)
class Block:
    """The model and band rows of a sheet (``first`` to ``last`` of the template) and the rows written instead.

    ``dropped`` are rows below the block that are left out of this workbook.
    """

    first: int
    last: int
    written: int
    dropped: tuple[int, ...] = ()

    @property
    def end(self) -> int:
        """The last row written."""
        return self.first + self.written - 1

    def moved(self, row: int) -> int:
        """Where a row that is no model row ends up."""
        if row < self.first:
            return row
        return row + self.end - self.last - sum(gone < row for gone in self.dropped)

    def span(self, top: int, bottom: int) -> tuple[int, int]:
        """A range of rows after filling: one that touches the block covers all of it.

        One that reaches to the end of the sheet does so still: a row beyond the last makes a file damaged.
        """
        new_top = self.first if self.first <= top <= self.last else self.moved(top)
        new_bottom = self.end if self.first <= bottom <= self.last else self.moved(bottom)
        if bottom in self.dropped:
            new_bottom -= 1  # the last row that is still there
        if bottom >= LAST_ROW:
            new_bottom = LAST_ROW
        return min(new_top, LAST_ROW), min(max(new_top, new_bottom), LAST_ROW)

    def is_gone(self, top: int, bottom: int) -> bool:
        """Whether nothing is left of a range of rows."""
        return bottom - top < len(self.dropped) and all(row in self.dropped for row in range(top, bottom + 1))


@dataclass(frozen=True)
class Area:
    """A range of cells as a rule names it (``B4:D6``)."""

    left: str
    top: int
    right: str
    bottom: int

    def at(self, block: Block) -> str | None:
        """The range in a filled workbook; None where none of its rows is left."""
        if block.is_gone(self.top, self.bottom):
            return None
        top, bottom = block.span(self.top, self.bottom)
        first, last = f"{self.left}{top}", f"{self.right}{bottom}"
        return first if first == last else f"{first}:{last}"


def areas(text: str) -> list[Area]:
    """The ranges that a sqref lists; whole rows and columns, which need no moving, are passed over."""
    found = (_AREA.fullmatch(part) for part in text.split())
    return [
        Area(each[1].upper(), int(each[2]), (each[3] or each[1]).upper(), int(each[4] or each[2]))
        for each in found
        if each
    ]


def all_at(listed: Iterable[Area], block: Block) -> str | None:
    """A sqref in a filled workbook; None where nothing of it is left."""
    texts = [text for area in listed if (text := area.at(block))]
    return " ".join(dict.fromkeys(texts)) or None
