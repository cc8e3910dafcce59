"""Forms that were handed in and ask nothing new: whoever has reported is not asked the same thing twice.

A date that was moved, a goal that was agreed, a task that was closed or a text of an earlier period
make a form other than the one that is out; none of them is a reason to ask again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from taskkit.book import Book
from taskkit.entries import Workbook
from taskkit.issuing.asking import Asks
from taskkit.ledger import Ledger
from taskkit.periods import Period
from taskkit.workbook import asks_anew, sent_cells

REASON = "已经报送，没有要它补充的内容"


@dataclass(frozen=True)
class Settled:
    """What was handed in for a period, for whichever form is made of ``template``."""

    ledger: Ledger
    name: str
    period: Period
    template: bytes

    def parted(self, books: Sequence[Book], asks: Asks) -> tuple[list[Book], Asks]:
        """The forms that still go out, and the asks with those that do not among the units left out."""
        again = [book for book in books if self.holds(book)]
        left_out = tuple(dict.fromkeys((*asks.left_out, *((book.ask.unit, REASON) for book in again))))
        return [book for book in books if book not in again], replace(asks, left_out=left_out)

    def holds(self, book: Book) -> bool:
        """Whether a form that is out was handed in, and its next edition would ask nothing new."""
        key = (book.ask.unit, book.ask.role, book.ask.part)
        latest = self._latest.get(key)
        if latest is None or key not in self._handed_in or latest.content_sha256 == book.content(self.template):
            return False
        sent = self.ledger.workbook(latest.workbook)
        return not asks_anew(sent.cells if sent else (), sent_cells(book))

    @cached_property
    def _latest(self) -> dict[tuple[str, str, str], Workbook]:
        return self.ledger.latest_workbooks(self.name, self.period.text)

    @cached_property
    def _handed_in(self) -> frozenset[tuple[str, str, str]]:
        """Unit, role and part of the forms of which a return counts, whatever its edition."""
        frame = self.ledger.workbooks(self.name, self.period.text)[["unit", "role", "part", "workbook"]]
        returned = [each for each in self.ledger.receipts(self.name, self.period.text) if each.is_return]
        return frozenset(
            (unit, role, part)
            for unit, role, part, workbook in frame.itertuples(index=False, name=None)
            if any(each.is_for(unit, [workbook]) for each in returned)
        )
