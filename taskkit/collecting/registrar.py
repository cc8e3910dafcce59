"""Who keeps the register while files are taken: the day and the way in which each came, once for each file.

A dry run goes the same way and remembers what it would have registered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from taskkit.collecting.senders import Sender
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger
from taskkit.office.parcels import Found
from taskkit.periods import Period, official_date, parse_period
from taskkit.receipts import BY_FILE, FileOutcome, Receipt
from taskkit.received_day import FolderDay, folder_day, near_end


@dataclass(frozen=True)
class Draft:
    """A receipt before it is known what becomes of the file; ``is_new`` unless the file was registered before.

    ``is_shared``: the file holds the forms of others too, so that it is no word of this unit's that it is there.
    """

    receipt: Receipt
    is_new: bool
    said: str = ""  # what tells the day, where it is a folder
    findings: tuple[Finding, ...] = ()
    is_shared: bool = False


@dataclass
class Registrar:
    """Registers files. ``received`` is the day they came in where a person said so; ``today`` that of the run."""

    ledger: Ledger
    apply: bool
    received: date | None = None
    way: str = BY_FILE
    today: date = field(default_factory=date.today)
    _new: dict[tuple[str, str, str, str, str | None], Receipt] = field(default_factory=dict)
    _issued: dict[tuple[str, str], date] = field(default_factory=dict)

    def draft(self, found: Found, sender: Sender) -> Draft:
        """The receipt of a file with its day, not kept yet: as registered before, or a new one."""
        digest = hashlib.sha256(found.data).hexdigest()
        before = self._known(sender, digest)
        day, said, told = self._day(found, sender, before)
        told = (*told, *self._doubts(found, sender, day))
        if before is not None:
            receipt = replace(before, received=day, workbook=before.workbook or sender.workbook)
            return Draft(receipt, False, said, told)
        receipt = Receipt(
            sender.plan,
            sender.unit,
            sender.period,
            FileOutcome.REFUSED,
            day,
            self.way,
            sender.workbook,
            found.name,
            digest,
        )
        return Draft(receipt, True, said, (*(replace(each, source=found.name) for each in sender.doubt), *told))

    def _day(self, found: Found, sender: Sender, before: Receipt | None) -> tuple[date, str, tuple[Finding, ...]]:
        """The day: as a person said, as registered before, as a folder is named, else today."""
        if self.received is None and before is not None:
            return before.received, "", ()
        folder = folder_day(found.path, near_end(parse_period(sender.period), self.today), self.today)
        if self.received is not None:
            return self.received, "", tuple(_another_day(found, folder, self.received))
        if folder is None:
            return self.today, "", ()
        if folder.day is None:
            words = {"folder": folder.folder, "day": official_date(self.today)}
            return self.today, "", (finding("received-odd", source=found.name, **words),)
        return folder.day, f"按文件夹“{folder.folder}”记为{official_date(folder.day)}收到", ()

    def keep(self, draft: Draft, outcome: FileOutcome, reason: str, file: bytes) -> Receipt:
        """Register a file that brings no cells, with what became of it; where the run applies, in the ledger.

        One that is registered, and came once more, stays as it stands there.
        """
        if outcome is FileOutcome.DUPLICATE and not draft.is_new:
            return draft.receipt
        receipt = replace(draft.receipt, outcome=outcome, reason=reason, submission=None)
        if self.apply:
            receipt = self.ledger.register(receipt, file)
        return self.remember(receipt)

    def remember(self, receipt: Receipt) -> Receipt:
        """Have a receipt known for the rest of the run: that of an accepted file is kept with its submission."""
        self._new[receipt.plan, receipt.unit, receipt.period, receipt.file_sha256, receipt.workbook] = receipt
        return receipt

    def _known(self, sender: Sender, digest: str) -> Receipt | None:
        """The receipt of the same file, for whichever of the forms it was registered that it can be for."""
        key = (sender.plan, sender.unit, sender.period, digest)
        new = next((self._new[at] for each in (*sender.workbooks, None) if (at := (*key, each)) in self._new), None)
        return new or self.ledger.registered(*key, sender.workbook if len(sender.workbooks) == 1 else None)

    def _doubts(self, found: Found, sender: Sender, day: date) -> Iterator[Finding]:
        period = parse_period(sender.period)
        start = _start(period)
        if start is not None and day < min(start, self._issued_on(sender)):
            words = {"day": official_date(day), "period": period.label}
            yield finding("received-early", source=found.name, **words)

    def _issued_on(self, sender: Sender) -> date:
        """The day on which the first workbooks of the period were issued."""
        key = (sender.plan, sender.period)
        if key not in self._issued:
            days = self.ledger.workbooks(*key)["issued_at"]
            self._issued[key] = days.min().date() if len(days) else date.max
        return self._issued[key]


def _another_day(found: Found, folder: FolderDay | None, received: date) -> Iterator[Finding]:
    """A doubt where a person states another day than the folder is named by: who sorted the files knew it."""
    if folder is not None and folder.day not in (None, received):
        yield finding("received-differs", source=found.name, folder=folder.folder, day=official_date(received))


def _start(period: Period) -> date | None:
    months = {"month": 1, "quarter": 3, "half": 6}.get(period.kind)
    return date(period.year, period.last_month - months + 1, 1) if months else None
