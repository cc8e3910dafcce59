"""A register that came back: rows that a person added, and days and ways that were corrected.

Nothing is ever deleted: a correction is a further version. A row that cannot be registered is named
with sheet, Excel row and column, and left out; the others are registered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from taskkit.book_words import form_title
from taskkit.errors import InputError, UsageError
from taskkit.findings import Finding
from taskkit.ledger import Ledger
from taskkit.marks import REGISTER_PROPERTY
from taskkit.office.sheets import BookData, workbook_with
from taskkit.periods import parse_period
from taskkit.plan import make_frame
from taskkit.receipts import BY_HAND, EXCUSED, OUTCOME_WORDS, FileOutcome, Receipt
from taskkit.received_day import EARLIEST, near_end, nearest_day
from taskkit.registering.columns import FORM, TITLE, number_shown
from taskkit.roster import Roster
from taskkit.sheet_forms.forms import Words, meant
from taskkit.sheet_forms.grid import Line, heading, lines_of
from taskkit.text import narrow
from taskkit.tracking import Outcome, issued_periods, read_returns
from taskkit.wording import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

_TELLING = {"number", "unit", "period", "received", "way"}
_NUMBER = re.compile(r"(报送)?(\d{1,9})(?:\(更正(\d{1,6})\))?")
_LONGEST_WAY = 40
_OUTCOMES: Words = {
    FileOutcome.WAITING: (FileOutcome.WAITING.label, "已报送", "已报", "待转录", "已报送待转录"),
    EXCUSED: (OUTCOME_WORDS[EXCUSED], "不需报送", "免报"),
    "": (Outcome.MISSING.label, Outcome.NOT_DUE.label, "未报送"),
}


@dataclass(frozen=True)
class RegisterTaken:
    """What was registered: how many new receipts, how many corrected, and what was found wrong."""

    new: int
    corrected: int
    found: tuple[Finding, ...]

    @property
    def findings(self) -> pd.DataFrame:
        """What was found, as ``plan.findings``."""
        return make_frame("findings", [each.row for each in self.found])


@dataclass(frozen=True)
class RegisterFile:
    """A file that holds a register; ``plan_name`` is the plan that it was written for, where it says so."""

    book: BookData
    plan_name: str | None

    def take(self, ledger: Ledger, name: str) -> RegisterTaken:
        """Register what a person added or corrected. Raises InputError where the sheet cannot be read at all."""
        return _Taker(ledger, name, self.book).take()


def open_register(path: Path) -> RegisterFile | None:
    """The register at ``path``; None for any other file. Known by its sheet and its headers, never by its name."""
    book = workbook_with(path, (TITLE,))
    if book is None or not any(set(heading(sheet, FORM)[1]) >= _TELLING for sheet in book.sheets):
        return None
    return RegisterFile(book, book.properties.get(REGISTER_PROPERTY))


@dataclass
class _Taker:
    """Reads the rows one after the other; what cannot be registered is in ``findings``."""

    ledger: Ledger
    name: str
    book: BookData
    today: date = field(default_factory=date.today)
    findings: list[Finding] = field(default_factory=list)

    def take(self) -> RegisterTaken:
        lines = lines_of(self.book, replace(FORM, book=self.book.name), self.findings, (TITLE,))
        if lines is None or any(each.severity == "error" for each in self.findings):
            told = "；".join(each.message.rstrip("。") for each in self.findings if each.severity == "error")
            raise InputError(f"“{self.book.name}”{told or '里没有收件登记'}")
        asked = [(line, each) for line in lines if (each := self._receipt(line)) is not None]
        kept = self.ledger.correct(each for _, each in asked)
        for (line, each), is_kept in zip(asked, kept, strict=True):
            if not is_kept:
                line.tell("register-stale", "number", number=number_shown(each))
        done = [each for (_, each), is_kept in zip(asked, kept, strict=True) if is_kept]
        new = sum(not each.number and not each.submission for each in done)
        return RegisterTaken(new, len(done) - new, tuple(self.findings))

    def _receipt(self, line: Line) -> Receipt | None:
        """What a row asks to be registered; None for nothing, or where it cannot be."""
        before = len(self.findings)
        receipt = self._corrected(line) if line.cell("number") else self._new(line)
        wrong = any(each.severity == "error" for each in self.findings[before:])
        return None if wrong else receipt

    # --- rows with a number -----------------------------------------------------------

    def _corrected(self, line: Line) -> Receipt | None:
        text = line.text("number") or ""
        found = _NUMBER.fullmatch(narrow(text))
        known = self._known.get((bool(found[1]), int(found[2]))) if found else None
        if found is None or known is None:
            line.tell("register-number", "number", value=text)
            return None
        self._check_fixed(line, known)
        changed = replace(
            known,
            received=self._day(line) or known.received,
            way=self._way(line) or known.way,
            reason=line.text("reason") or known.reason,
            outcome=self._outcome_of(line, known),
            workbook=self._form_of(line, known),
        )
        if changed == known:
            return None
        if int(found[3] or 0) + bool(known.number) != known.version:
            line.tell("register-stale", "number", number=number_shown(known))
            return None
        return changed

    def _check_fixed(self, line: Line, known: Receipt) -> None:
        """A row says whose and which file it is; that is not corrected here."""
        now = {
            "unit": (known.unit, self._unit(line.text("unit") or "") == known.unit),
            "period": (parse_period(known.period).label, self._period(line.text("period") or "") == known.period),
            "file_name": (known.file_name, (line.text("file_name") or known.file_name) == known.file_name),
        }
        for key, (current, same) in now.items():
            if line.cell(key) and not same:
                line.tell("register-fixed", key, column=FORM.header(key), current=current)

    def _outcome_of(self, line: Line, known: Receipt) -> str:
        """The result; only where there is no file may it become another one.

        A word that the receipt went by before was written so: what happened since is not taken back by it.
        """
        text = line.text("label")
        if text in (None, known.label, *known.earlier_labels):
            return known.outcome
        value = meant(_OUTCOMES, text or "")
        if known.file_sha256 or value not in BY_HAND:
            line.tell("register-fixed", "label", column=FORM.header("label"), current=known.label)
            return known.outcome
        return value or known.outcome

    def _form_of(self, line: Line, known: Receipt) -> str | None:
        """The form; another one only of what waits to be typed in, for whose it is a person could only guess."""
        text = line.text("form")
        forms = self._forms(known.period).get(known.unit, {})
        sent = self.ledger.workbook(known.workbook) if known.workbook else None
        title = form_title(parse_period(sent.period), None, sent.role, sent.part) if sent else None
        if text in (None, title) or not known.is_waiting:
            return known.workbook
        if text not in forms:
            words = "、".join(forms)
            line.tell("register-form", "form", column=FORM.header("form"), value=text, unit=known.unit, words=words)
        return forms.get(text or "", known.workbook)

    # --- rows without one -------------------------------------------------------------

    def _new(self, line: Line) -> Receipt | None:
        outcome = line.word("label", _OUTCOMES)
        if not outcome and not line.filled(("received", "way", "reason")):
            return None  # a unit that has not reported
        period = self._period(line.text("period") or "")
        if period is None:
            words = "、".join(parse_period(each).label for each in self._periods)
            line.tell("register-period", "period", column=FORM.header("period"), value=line.text("period"), words=words)
            return None
        unit = self._unit_sent(line, period)
        day, way = self._day(line), self._way(line)
        reason = line.text("reason") or ""
        needed = {"reason": reason} if outcome == EXCUSED else {"received": day, "way": way}
        for key, value in needed.items():
            if not value and (key != "received" or line.cell(key) is None):
                line.tell("register-blank", key, column=FORM.header(key))
        receipt = Receipt(
            self.name,
            unit or "",
            period,
            outcome or FileOutcome.WAITING,
            day or self.today,
            way,
            reason=reason,
        )
        if unit is None or (line.text("form") is None and self._is_known(receipt)):
            return None
        receipt = replace(receipt, workbook=self._workbook(line, unit, period, receipt.outcome))
        return None if self._is_known(receipt, "workbook") else receipt

    def _is_known(self, receipt: Receipt, *more: str) -> bool:
        """Whether the same was entered before: the workbook may be loaded twice, and may have named no form."""
        keys = ("unit", "period", "outcome", "way", *more, *(() if receipt.outcome == EXCUSED else ("received",)))
        return any(
            not each.file_sha256 and all(getattr(each, key) == getattr(receipt, key) for key in keys)
            for each in self._known.values()
        )

    def _unit_sent(self, line: Line, period: str) -> str | None:
        text = line.text("unit") or ""
        unit = self._unit(text)
        forms = self._forms(period)
        if unit in forms:
            return unit
        near = did_you_mean(text, forms, cutoff=0.6)
        line.tell(
            "register-unit", "unit", value=text, period=parse_period(period).label, near=f"；{near}" if near else ""
        )
        return None

    def _workbook(self, line: Line, unit: str, period: str, outcome: str) -> str | None:
        """The workbook that a row is for: the one named, else the only one that has not been returned.

        None where the unit need not report at all, or where a person has to say which.
        """
        forms, text = self._forms(period)[unit], line.text("form")
        if text in forms:
            return forms[text]
        words = "、".join(forms)
        if text is not None:
            line.tell("register-form", "form", column=FORM.header("form"), value=text, unit=unit, words=words)
        elif len(forms) == 1:
            return next(iter(forms.values()))
        elif outcome != EXCUSED:
            owed = [book for book in forms.values() if book in self._owed(period)]
            if len(owed) == 1:
                return owed[0]
            line.tell("register-which", "form", column=FORM.header("form"), unit=unit, words=words)
        return None

    # --- cells ------------------------------------------------------------------------

    def _day(self, line: Line) -> date | None:
        when = parse_period(self._period(line.text("period") or "") or "plan")
        cell = line.cell("received")
        typed = str(cell.value) if cell is not None and cell.kind == "text" else ""
        day = nearest_day(typed, near_end(when, self.today), self.today) or line.day("received", None)
        if day is not None and not EARLIEST <= day <= self.today:
            line.tell("register-day-odd", "received", column=FORM.header("received"), value=day)
            return None
        return day

    def _way(self, line: Line) -> str:
        return " ".join((line.text("way") or "").split())[:_LONGEST_WAY]

    def _period(self, text: str) -> str | None:
        """The period issued that a text names."""
        years = {parse_period(each).year for each in self._periods} - {0}
        try:
            period = parse_period(text, years.pop() if len(years) == 1 else None).text
        except UsageError:
            return None
        return period if period in self._periods else None

    def _unit(self, text: str) -> str:
        """The name under which the unit meant was sent its workbooks."""
        meant_unit = self._roster.find(text) or text
        sent = {unit for period in self._periods for unit in self._forms(period)}
        if text in sent:
            return text
        return next((unit for unit in sorted(sent) if self._roster.canonical(unit) == meant_unit), text)

    # --- what the ledger says, remembered ---------------------------------------------

    @cached_property
    def _known(self) -> Mapping[tuple[bool, int], Receipt]:
        """Receipts by number; submissions that nobody registered by theirs."""
        listed = self.ledger.receipts(self.name)
        return {(not each.number, each.number or each.submission or 0): each for each in listed}

    @cached_property
    def _periods(self) -> list[str]:
        return issued_periods(self.ledger, self.name)

    @cached_property
    def _roster(self) -> Roster:
        return self.ledger.roster(self.name) or Roster()

    def _forms(self, period: str) -> dict[str, dict[str, str]]:
        if period not in self._sent:
            self._sent[period] = _forms_of(self.ledger, self.name, period)
        return self._sent[period]

    def _owed(self, period: str) -> frozenset[str]:
        """The workbooks of a period for which nothing that counts has come back."""
        if period not in self._open:
            listed = read_returns(self.ledger, self.name, period)
            self._open[period] = frozenset(each.workbook for each in listed if each.received is None)
        return self._open[period]

    @cached_property
    def _open(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _sent(self) -> dict[str, dict[str, dict[str, str]]]:
        return {}


def _forms_of(ledger: Ledger, name: str, period: str) -> dict[str, dict[str, str]]:
    """Unit as it was sent them -> what each of its workbooks of a period is called -> its newest id."""
    found: dict[str, dict[str, str]] = {}
    for (unit, role, part), book in ledger.latest_workbooks(name, period).items():
        found.setdefault(unit, {})[form_title(parse_period(period), None, role, part)] = book.workbook
    return found
