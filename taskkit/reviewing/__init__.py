"""What the office itself finds (督查核定): the review workbook (审核台账), written, filled in, taken back.

columns     what both directions share
rows        ledger -> what there is to rule on in a period
writing     rows -> workbook
taking      workbook -> rulings
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from taskkit import approving
from taskkit.errors import InputError
from taskkit.findings import Finding
from taskkit.ledger import Ledger
from taskkit.marks import REVIEW_PROPERTY
from taskkit.office.placing import check_workbook_name
from taskkit.office.sheets import BookData, workbook_with
from taskkit.periods import PLAN, parse_period
from taskkit.reviewing.columns import SHEETS, TITLE, TITLES
from taskkit.reviewing.rows import Review
from taskkit.reviewing.taking import Taker, period_of
from taskkit.reviewing.writing import review_workbook
from taskkit.saving import save
from taskkit.settings import Settings
from taskkit.sheet_forms.grid import heading
from taskkit.tracking import check_issued, issued_periods

__all__ = ["ReviewFile", "Reviewed", "Written", "open_review", "write_review"]


@dataclass(frozen=True)
class Written:
    """A review workbook that was written: where, for which period, and how many rows each sheet has, by its title.

    ``kept`` is one in its place that a person had changed and that was left as it is.
    """

    path: Path
    label: str
    rows: dict[str, int]
    kept: Path | None = None


@dataclass(frozen=True)
class Reviewed:
    """What became of a review workbook: how many cells were new, how many rows only looked at again."""

    period: str
    new: int
    again: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ReviewFile:
    """A review workbook; ``plan_name`` is the plan that it was written for, where it says so."""

    path: Path
    book: BookData = field(repr=False)
    plan_name: str | None

    def load(self, ledger: Ledger, name: str, settings: Settings | None = None, today: date | None = None) -> Reviewed:
        """Keep what the office says, all of it or nothing.

        Where a cell has an error, nothing is kept, and the findings say which. Loading the same again changes
        nothing. Raises InputError where no row says for which period it was written, LedgerChangedError where
        somebody else writes at the same time.
        """
        period = period_of(self.book)
        if period is None or period not in issued_periods(ledger, name):
            raise InputError(
                f"“{self.path.name}”各行前隐藏的编号认不出来，看不出是哪一期的审核台账",
                f"请用 taskkit review {name} 重新写出，再填一次",
            )
        review = Review(ledger, name, parse_period(period), settings or Settings(), today or date.today())
        taking = Taker(review, self.book).take()
        if any(each.severity == "error" for each in taking.findings):
            return Reviewed(period, 0, 0, tuple(taking.findings))
        if taking.rulings:
            data = self.path.read_bytes()
            ledger.keep_rulings(name, taking.rulings, self.path.name, data, taking.seen)
        return Reviewed(period, taking.new, taking.again, tuple(taking.findings))


def open_review(path: Path) -> ReviewFile | None:
    """The review workbook at ``path``; None for any other file (also one that is not there).

    Known by its property, else by its sheets and headers, never by its name.
    """
    book = workbook_with(path, TITLES)
    if book is None:
        return None
    plan_name = book.properties.get(REVIEW_PROPERTY)
    if plan_name is None and not any(_is_ours(book, title) for title in TITLES):
        return None
    return ReviewFile(path, book, plan_name)


def _is_ours(book: BookData, title: str) -> bool:
    form = next(each.form for each in SHEETS if each.form.title == title)
    named = [sheet for sheet in book.sheets if sheet.title.strip() == title]
    return any({"mark", *form.keys[-2:]} <= set(heading(sheet, form)[1]) for sheet in named)


def write_review(
    ledger: Ledger,
    name: str,
    out: Path,
    period: str | None = None,
    settings: Settings | None = None,
    today: date | None = None,
) -> Written:
    """Write the review workbook of a period (the newest issued unless given).

    A file that a person changed is never replaced: the new one stands beside it as …（新）.xlsx. Raises
    UsageError for a period in which nothing was issued and for a name that does not end in .xlsx,
    InputError where there is nothing to review, OutputError where the file cannot be written.
    """
    check_workbook_name(out, TITLE)
    issued = issued_periods(ledger, name)
    wanted = check_issued(issued, name, period or (issued[-1] if issued else PLAN.text))
    review = Review(ledger, name, parse_period(wanted), settings or Settings(), today or date.today())
    if not review.rows:
        what = "还没有单位报送落实方案" if wanted == PLAN.text else "没有可审核的内容"
        raise InputError(f"{review.period.label}{what}，没有写表")
    now = approving.newest(ledger, name, roster=review.index.roster)
    saved = save(review_workbook(review, now), out)
    rows = {sheet.form.title: len(listed) for sheet, listed in review.rows.items()}
    return Written(saved.path, review.period.label, rows, saved.kept)
