"""Leaders' written instructions (批示): kept from a sheet that the office fills in, chased like tasks.

columns     what both directions share
writing     ledger -> 批示登记.xlsx
taking      批示登记.xlsx -> what leaders instructed
following   how far each is, unit by unit

How they reach the units: issuing/instructing.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from taskkit.directing.columns import FORM, TITLE
from taskkit.directing.following import Stage, Standing, standing
from taskkit.directing.taking import take
from taskkit.directing.writing import write_directives
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger
from taskkit.marks import DIRECTIVES_PROPERTY
from taskkit.office.sheets import BookData, workbook_with
from taskkit.sheet_forms.grid import heading
from taskkit.stores.directives import Directive

__all__ = ["DirectivesFile", "Loaded", "Stage", "Standing", "open_directives", "standing", "write_directives"]
_TELLING = {"leader", "given_on", "text", "units"}


@dataclass(frozen=True)
class Loaded:
    """What became of 批示登记: the numbers of new ones (B001), of those changed, how many are known.

    ``kept`` are the new ones and the further versions as they were understood.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    known: int
    findings: tuple[Finding, ...]
    kept: tuple[Directive, ...] = ()


@dataclass(frozen=True)
class DirectivesFile:
    """A workbook with 批示登记; ``plan_name`` is the plan that it was written for, where it says so."""

    path: Path
    book: BookData
    plan_name: str | None

    def load(self, ledger: Ledger, name: str, today: date | None = None) -> Loaded:
        """Keep what is new, all of it or (where a row has an error) nothing; the findings say which.

        Loading the same again changes nothing. Raises InputError where the sheet cannot be read at
        all, LedgerChangedError where somebody else writes at the same time.
        """
        taking = take(self.book, ledger, name, today or date.today())
        if any(each.severity == "error" for each in taking.findings):
            return Loaded((), (), taking.known, tuple(taking.findings))
        before = {each.number for each in ledger.directives(name)}
        kept = []
        if taking.directives:
            kept = ledger.keep_directives(name, taking.directives, self.path.name, self.path.read_bytes(), taking.seen)
        given = [
            finding("directive-given", source=self.path.name, value=after.row_id)
            for asked, after in zip(taking.directives, kept, strict=True)
            if not asked.number
        ]
        new = tuple(each.row_id for each in kept if each.number not in before)
        changed = tuple(each.row_id for each in kept if each.number in before)
        return Loaded(new, changed, taking.known, (*taking.findings, *given), tuple(kept))


def open_directives(path: Path) -> DirectivesFile | None:
    """批示登记 at ``path``; None for any other file. Known by its sheet and its headers, never by its name."""
    book = workbook_with(path, (TITLE,))
    if book is None or not any(set(heading(sheet, FORM)[1]) >= _TELLING for sheet in book.sheets):
        return None
    return DirectivesFile(path, book, book.properties.get(DIRECTIVES_PROPERTY))
