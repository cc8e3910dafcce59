"""The register: what was handed in by whom, on which day and how, and what became of it, as plain values.

A receipt is never changed: a correction is a further version of it, and the newest counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

BY_FILE = "电子"  # how files come in, unless somebody says more
EXCUSED = "excused"  # entered by hand: the unit need not report


class FileOutcome(StrEnum):
    """What becomes of one returned file. Cells are taken from ACCEPTED ones alone."""

    ACCEPTED = "accepted"
    UNTOUCHED = "untouched"
    DUPLICATE = "duplicate"
    NOT_TAKEN = "not taken"
    WAITING = "waiting"
    ATTACHED = "attached"
    UNSURE = "unsure"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The outcome in the words of the office."""
        return OUTCOME_WORDS[self]


OUTCOME_WORDS: dict[str, str] = {
    FileOutcome.ACCEPTED: "收下",
    FileOutcome.UNTOUCHED: "空白返回",
    FileOutcome.DUPLICATE: "重复返回",
    FileOutcome.NOT_TAKEN: "未收",
    FileOutcome.WAITING: "已报送·待转录",
    FileOutcome.ATTACHED: "签章扫描件",
    FileOutcome.UNSURE: "待确认",
    FileOutcome.REFUSED: "退回",
    EXCUSED: "无需报送",
}
BY_HAND = (FileOutcome.WAITING, EXCUSED)  # what a person may enter without a file


@dataclass(frozen=True)
class Receipt:
    """One thing handed in (or, for EXCUSED, the word that nothing need be).

    ``workbook`` is None where it is for none in particular: then it counts for all that the unit
    was sent for the period. ``number`` is 0 until it is registered, and for a submission of an
    older ledger that nobody registered; ``version`` counts its corrections from 1. ``transcribed_by``
    is the later submission of the same workbook by which a document's contents came in.
    """

    plan: str
    unit: str
    period: str
    outcome: str
    received: date
    way: str = BY_FILE
    workbook: str | None = None
    file_name: str = ""
    file_sha256: str = ""
    reason: str = ""
    submission: int | None = None
    number: int = 0
    version: int = 0
    registered_at: datetime | None = None
    withdrawn: bool = False
    transcribed_by: int | None = None
    earlier: tuple[str, ...] = ()  # the outcomes that its versions had

    @property
    def earlier_labels(self) -> tuple[str, ...]:
        """The words by which a file may have gone before: a register that was written then says one of them."""
        if not self.file_sha256:
            return ()
        outcomes = dict.fromkeys((*self.earlier, self.outcome))
        return tuple(
            replace(self, outcome=each, withdrawn=withdrawn, transcribed_by=by).label
            for each in outcomes
            for withdrawn, by in ((False, None), (self.withdrawn, self.transcribed_by))
        )

    @property
    def label(self) -> str:
        """What became of it, in the words of the office."""
        if self.withdrawn:
            return "已撤回"
        if self.outcome == FileOutcome.WAITING and self.transcribed_by:
            return "已报送·已转录"
        return OUTCOME_WORDS.get(self.outcome, self.outcome)

    @property
    def is_accepted(self) -> bool:
        """Whether its contents stand in the ledger."""
        return self.outcome == FileOutcome.ACCEPTED and not self.withdrawn

    @property
    def is_return(self) -> bool:
        """Whether the unit has reported by it: taken, or kept whole until a person has typed it in."""
        return self.is_accepted or self.outcome == FileOutcome.WAITING

    @property
    def is_waiting(self) -> bool:
        """Whether a person still has to type it in, or to say whose it is."""
        return self.outcome == FileOutcome.UNSURE or (
            self.outcome == FileOutcome.WAITING and self.transcribed_by is None
        )

    def is_for(self, unit: str, workbooks: Sequence[str]) -> bool:
        """Whether it is about these workbooks of a unit."""
        return self.unit == unit and (self.workbook is None or self.workbook in workbooks)


def transcribed_by(receipt: Receipt, others: Iterable[Receipt]) -> int | None:
    """The submission that brought the contents of a document: one received with it, or accepted later.

    What came on the same day came together, in whatever order it was registered.
    """
    if receipt.outcome != FileOutcome.WAITING or receipt.registered_at is None:
        return None
    for each in others:
        later = each.registered_at is not None and each.registered_at >= receipt.registered_at
        later = later or each.received == receipt.received
        same = each.unit == receipt.unit and each.period == receipt.period
        if each.is_accepted and later and same and receipt.workbook in (None, each.workbook):
            return each.submission
    return None
