"""What a person has to decide: written as a conflicts workbook, taken back with the decisions.

columns     what both directions share
writing     open matters -> workbook
taking      workbook -> decisions
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from taskkit.deciding.columns import FORM, TITLE
from taskkit.deciding.taking import Taking, take
from taskkit.deciding.writing import came_from, decisions_workbook, listed, task_text
from taskkit.errors import InputError
from taskkit.findings import Finding
from taskkit.ledger import Ledger
from taskkit.marks import DECISIONS_PROPERTY
from taskkit.office.placing import check_workbook_name, put_new
from taskkit.office.sheets import BookData, workbook_with
from taskkit.settings import Settings
from taskkit.sheet_forms.grid import heading
from taskkit.stores.matters import OpenMatter

__all__ = [
    "DecisionsFile",
    "Loaded",
    "came_from",
    "listed",
    "open_decisions",
    "task_text",
    "write_decisions",
]


@dataclass(frozen=True)
class Loaded:
    """What became of a conflicts workbook: decisions kept, by the numbers to undo them by; rows known and open."""

    numbers: tuple[int, ...]
    decided: int
    known: int
    undecided: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class DecisionsFile:
    """A conflicts workbook; ``plan_name`` is the plan that it was written for, where it says so."""

    path: Path
    book: BookData
    plan_name: str | None

    def load(self, ledger: Ledger, name: str, settings: Settings | None = None) -> Loaded:
        """Keep what a person decided, all of it or nothing.

        Where a row has an error, nothing is kept, and the findings say which. Loading the same
        again changes nothing. Raises LedgerChangedError where somebody else writes at the same time.
        """
        taking: Taking = take(self.book, ledger, name, (settings or Settings()).states())
        wrong = any(each.severity == "error" for each in taking.findings)
        numbers: list[int] = []
        if taking.decisions and not wrong:
            numbers = ledger.decide(name, taking.decisions, taking.seen, self.path.name, self.path.read_bytes())
        decided = len(taking.decisions) if numbers else 0
        return Loaded(tuple(numbers), decided, taking.known, taking.undecided, tuple(taking.findings))


def open_decisions(path: Path) -> DecisionsFile | None:
    """The conflicts workbook at ``path``; None for any other file (also one that is not there).

    Known by its property, else by its headers, never by its name.
    """
    book = workbook_with(path, (TITLE,))
    if book is None:
        return None
    plan_name = book.properties.get(DECISIONS_PROPERTY)
    wanted = {"mark", "current", "returned", "choice"}
    if plan_name is None and not any(wanted <= set(heading(sheet, FORM)[1]) for sheet in book.sheets):
        return None
    return DecisionsFile(path, book, plan_name)


def write_decisions(ledger: Ledger, name: str, matters: list[OpenMatter], out: Path) -> bool:
    """Write the conflicts workbook; False where the very same file is there already.

    Raises OutputError where another file stands in its place (somebody may have filled it in),
    UsageError where the name does not end in .xlsx, InputError where nothing waits.
    """
    check_workbook_name(out, "待决定表")
    if not matters:
        raise InputError("没有待决定的事项，没有写表")
    return put_new(out, decisions_workbook(ledger, name, matters), "填过的待决定表")
