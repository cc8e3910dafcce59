"""The desk that takes returned files back one after the other: what becomes of each, and keeping it.

A dry run and a run that applies go the same way; only the last step differs. The ledger's record
of what was sent decides whose a file is and what may be filled in, never the file itself.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from taskkit.checking import cell_findings, hold_spills, row_findings
from taskkit.comparing import FOR_A_PERSON, File, Merged, MergedCell, changes_of, compare, matters_of, named
from taskkit.entries import Holdings, Return, Submission, Workbook
from taskkit.errors import InputError, LedgerError
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger, LedgerChangedError
from taskkit.marks import Recognised, marks_of, recognise
from taskkit.matching import Matcher, UnsureError
from taskkit.merge import Outcome
from taskkit.office.comments import comments_of
from taskkit.office.parcels import Found
from taskkit.office.problem_sheet import without_problem_lists
from taskkit.office.sheets import BookData, read_workbook
from taskkit.periods import parse_period
from taskkit.plan import Plan, records
from taskkit.returned import Items, ReturnedBook, read_parts
from taskkit.roster import Roster
from taskkit.rules.filled import Aim, Known
from taskkit.settings import State

_BOOKS_KEPT = 50  # workbooks remembered at a time: copies of one usually come close together
_TRIES = 50  # how often a file is compared anew where others are writing at the same time


class FileOutcome(StrEnum):
    """What becomes of one returned file. ACCEPTED alone is written to the ledger."""

    ACCEPTED = "accepted"
    UNTOUCHED = "untouched"
    DUPLICATE = "duplicate"
    NOT_TAKEN = "not taken"
    WAITING = "waiting"
    UNSURE = "unsure"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The outcome in the words of the office."""
        return _FILE_LABELS[self]


_FILE_LABELS = {
    FileOutcome.ACCEPTED: "收下",
    FileOutcome.UNTOUCHED: "空白返回",
    FileOutcome.DUPLICATE: "重复返回",
    FileOutcome.NOT_TAKEN: "未收",
    FileOutcome.WAITING: "已报送·待转录",
    FileOutcome.UNSURE: "待确认",
    FileOutcome.REFUSED: "退回",
}


@dataclass(frozen=True)
class Wanted:
    """The plan, the period and the unit asked for; None for any."""

    plan: str | None
    period: str | None
    unit: str | None = None

    def check(self, book: Workbook) -> None:
        """Raises InputError where a workbook is not what was asked for."""
        if self.plan not in (None, book.plan):
            raise InputError(f"这是方案“{book.plan}”的工作簿，不是“{self.plan}”的", "请核对 --plan")
        if self.period not in (None, book.period):
            label = parse_period(book.period).label
            raise InputError(f"这是{label}（{book.period}）的工作簿，不是{self.period}的", "请核对 --period")
        if self.unit not in (None, book.unit):
            raise InputError(f"这是“{book.unit}”的工作簿，不是“{self.unit}”的", "请核对 --unit")


@dataclass(frozen=True)
class Taken:
    """One file and what became of it."""

    path: str
    outcome: FileOutcome
    reason: str
    book: Workbook | None = None
    cells: tuple[MergedCell, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Plan:
    """What of a plan the desk needs: who leads what, and what its values are judged by."""

    leads: frozenset[tuple[str, str]]  # unit, task
    known: Known


@dataclass
class Desk:
    """Takes one file after the other. What is accepted is remembered, so that a dry run sees it too."""

    ledger: Ledger
    wanted: Wanted
    states: Sequence[State]
    received: date
    apply: bool
    _books: dict[str, Workbook | None] = field(default_factory=dict)
    _holdings: dict[tuple[str, str, str], Holdings] = field(default_factory=dict)
    _plans: dict[str, _Plan] = field(default_factory=dict)
    _issued: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _matcher: Matcher = field(init=False)

    def __post_init__(self) -> None:
        self._matcher = Matcher(self.ledger)

    def take(self, found: Found) -> tuple[Taken, ...]:
        """Read and merge one file; write it where the run applies. Never raises for what is in the file.

        A file that holds the returns of several units is taken for each of them.
        """
        try:
            if found.refusal:
                raise found.refusal
            book = without_problem_lists(read_workbook(found.data, found.name))
            whose = self._recognise(book)
        except UnsureError as unsure:
            return (Taken(found.path, FileOutcome.UNSURE, _reason(unsure), unsure.likely),)
        except InputError as refusal:
            return (Taken(found.path, FileOutcome.REFUSED, _reason(refusal)),)
        file = File(_credible(book.saved_at), hashlib.sha256(found.data).hexdigest())
        taken: list[Taken] = []
        for at, (sent, returned) in enumerate(zip(whose.parts, self._read(found, book, whose), strict=True)):
            try:
                self.wanted.check(sent)
            except InputError as refusal:
                taken.append(Taken(found.path, FileOutcome.REFUSED, _reason(refusal), sent))
                continue
            taken.append(self._take_part(found, file, at, returned, book, whose))
        return tuple(taken)

    def _take_part(
        self, found: Found, file: File, at: int, returned: ReturnedBook, book: BookData, whose: Recognised
    ) -> Taken:
        sent = whose.parts[at]
        for _ in range(_TRIES):
            try:
                return self._settle(found, file, sent, returned)
            except LedgerChangedError:
                self._holdings.pop((sent.plan, sent.period, sent.unit), None)
                returned = self._read(found, book, whose)[at]  # others may have proposed items meanwhile
        raise LedgerError("台账正由他人同时写入", "请稍后再收")

    def _recognise(self, book: BookData) -> Recognised:
        """Whose a file is: by its marks, else by what was sent, where a person has said so."""
        marks = marks_of(book)
        if marks.nothing():
            sent = self._matcher.match(book, self.wanted.plan, self.wanted.unit, self.wanted.period)
            return Recognised((sent,))
        return recognise(marks, self._book)

    def _read(self, found: Found, book: BookData, whose: Recognised) -> list[ReturnedBook]:
        """What the file brings for each of its parts; what concerns it as a whole is told with the first."""
        first, *rest = read_parts(book, whose.parts, self._items, whose.others)
        told = list(first.findings)
        if rest:
            units = "、".join(dict.fromkeys(sent.unit for sent in whose.parts))
            told.insert(0, finding("sheets-parted", source=found.name, count=str(len(whose.parts)), units=units))
        told.extend(
            finding("comment", each.place, source=found.name, text=each.text)
            for each in comments_of(found.data, found.name)
        )
        return [replace(first, findings=tuple(told)), *rest]

    def _items(self, sent: Workbook) -> Items:
        """The items that the unit proposed before, those of this run's dry acceptances too."""
        items = self.ledger.proposed(sent.plan, sent.unit)
        for (row_id, column), versions in self._held(sent).versions.items():
            if "+" in row_id:
                items.setdefault(row_id, {})[column] = versions[-1].value
        return items

    def _settle(self, found: Found, file: File, sent: Workbook, returned: ReturnedBook) -> Taken:
        """Decide what becomes of the file as a whole, and keep it where anything in it is taken."""
        holdings, known = self._held(sent), self._plan(sent).known
        merged = hold_spills(compare(sent, returned, file, holdings, known), returned)
        findings = (*returned.findings, *cell_findings(merged, found.name))
        again = next((each for each in holdings.standing(sent.workbook) if _is_of(file, each)), None)
        if again is not None:
            self._set_aside(found, file, sent, merged)
            return _again(found, sent, merged, again)
        if merged.quiet:
            outcome, reason = self._nothing_new(sent, returned, merged)
            return Taken(found.path, outcome, reason, sent, merged.having(Outcome.LOCKED), findings)
        if not merged.having(Outcome.CHANGED):
            reason = f"没有可收的新内容：{_tally(merged)}"
            self._set_aside(found, file, sent, merged)
            return Taken(found.path, FileOutcome.NOT_TAKEN, reason, sent, merged.cells, findings)
        number = self._keep(found, file, sent, merged, holdings)
        findings = (*findings, *self._late(sent, found.name), *row_findings(merged, sent, found.name, known))
        reason = f"第{number}号报送：{_tally(merged)}" if self.apply else _tally(merged)
        return Taken(found.path, FileOutcome.ACCEPTED, reason, sent, merged.cells, findings)

    def _nothing_new(self, sent: Workbook, returned: ReturnedBook, merged: Merged) -> tuple[FileOutcome, str]:
        if merged.base:
            alike = self._held(sent).bases(sent.workbook)[merged.base - 1]
            return FileOutcome.DUPLICATE, f"内容与{_name(alike)}相同"
        if any(each.versions.returned != each.versions.sent for each in merged.cells if each.versions.open):
            return FileOutcome.DUPLICATE, "内容与台账已有的相同"
        if merged.having(Outcome.LOCKED):
            return FileOutcome.NOT_TAKEN, f"没有可收的新内容：{_tally(merged)}"
        if any(each.severity == "error" for each in returned.findings):
            return FileOutcome.REFUSED, "填写的内容对不上下发的表格，没有可收的；请按列出的问题修改后再交"
        if merged.having(Outcome.UNUPDATED):
            return FileOutcome.UNTOUCHED, "与发出时相同，本期没有更新，未收"
        return FileOutcome.UNTOUCHED, "没有填写任何内容，未收"

    def _keep(self, found: Found, file: File, sent: Workbook, merged: Merged, holdings: Holdings) -> int:
        submission = self._submission(found, file, sent, merged, holdings)
        number = self.ledger.accept(submission) if self.apply else max(holdings.returns, default=0) + 1
        workbook, held, supposed = sent.workbook, submission.held, not self.apply
        kept = Return(number, workbook, file.sha256, file.saved_at, True, held, self.received, supposed)
        holdings.add(kept, submission.changes)
        return number

    def _set_aside(self, found: Found, file: File, sent: Workbook, merged: Merged) -> None:
        """Keep a file of which nothing is taken, where a person has to decide on something in it."""
        if self.apply and merged.having(*FOR_A_PERSON):
            self.ledger.set_aside(self._submission(found, file, sent, merged))

    def _submission(
        self, found: Found, file: File, sent: Workbook, merged: Merged, holdings: Holdings | None = None
    ) -> Submission:
        """The file with what it brings and what it leaves for a person; what it brings only with the ``holdings``."""
        leads = self._leads(sent)
        changes = tuple(changes_of(sent, merged, leads)) if holdings else ()
        return Submission(
            sent,
            found.name,
            found.data,
            self.received,
            merged.held_now(),
            changes,
            file.saved_at,
            seen=holdings.seen if holdings else None,
            matters=tuple(matters_of(sent, merged, leads)),
        )

    def _late(self, sent: Workbook, name: str) -> list[Finding]:
        """A doubt where a later period's workbook is with the unit already: it may mean that one."""
        if sent.period == "plan":
            return []
        key = (sent.plan, sent.unit)
        if key not in self._issued:
            self._issued[key] = self.ledger.periods_issued(*key)
        own = parse_period(sent.period)
        later = [each for each in map(parse_period, self._issued[key]) if own < each]
        if not later:
            return []
        return [finding("period-past", source=name, period=own.label, later=max(later).label)]

    # --- what the ledger says, remembered -------------------------------------------------

    def _leads(self, book: Workbook) -> frozenset[str]:
        """The tasks that the unit leads; looked up only where the workbook itself does not say."""
        if book.role in ("lead", "support") or book.period != "plan":
            return frozenset()
        return frozenset(task for unit, task in self._plan(book).leads if unit == book.unit)

    def _plan(self, book: Workbook) -> _Plan:
        if book.plan not in self._plans:
            plan = self.ledger.plan(book.plan)
            led = plan.assignments[plan.assignments["role"] == "lead"]
            roster = self.ledger.roster(book.plan) or Roster()
            pairs = list(zip(led["unit"], led["task_id"], strict=True))
            joined = ((unit, task) for printed, task in pairs for unit in roster.recipients(printed))
            leads = frozenset((*pairs, *joined))
            self._plans[book.plan] = _Plan(leads, Known(self.states, aims_of(plan), plan.info.year))
        return self._plans[book.plan]

    def _book(self, workbook: str) -> Workbook | None:
        if workbook not in self._books:
            if len(self._books) >= _BOOKS_KEPT:
                self._books.clear()
            self._books[workbook] = self.ledger.workbook(workbook)
        return self._books[workbook]

    def _held(self, book: Workbook) -> Holdings:
        key = (book.plan, book.period, book.unit)
        if key not in self._holdings:
            if self.apply and len(self._holdings) >= _BOOKS_KEPT:  # a dry run has nowhere else to look
                self._holdings.clear()
            self._holdings[key] = self.ledger.holdings(*key)
        return self._holdings[key]


def aims_of(plan: Plan) -> dict[str, Aim]:
    """What a plan says of its targets, by their ids."""
    return {
        row["target_id"]: Aim(
            **{key: row[key] for key in ("kind", "op", "value", "baseline", "unit")},
            text=f"{row['indicator']}{row['text']}",
        )
        for row in records("targets", plan.targets)
    }


def _credible(saved_at: datetime | None) -> datetime | None:
    """The time a file says it was saved, unless it lies ahead: a clock that runs wrong tells nothing."""
    latest = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
    return None if saved_at is None or saved_at > latest else saved_at


def _again(found: Found, sent: Workbook, merged: Merged, again: Return) -> Taken:
    """The very same file once more: what it left open is told again, so that it is not forgotten."""
    left = merged.having(*FOR_A_PERSON, Outcome.INVALID)
    fresh = len(merged.having(Outcome.CHANGED))
    reason = f"与{_name(again)}是同一个文件"
    if left:
        reason += f"，其中{len(left)}处仍未收"
    if fresh:
        reason += f"，其中{fresh}处现在可以收，请先撤回那次报送再收"
    keys = {each.cell.key for each in left}
    judged = {key: each for key, each in merged.judged.items() if key in keys}
    told = Merged(left, merged.base, merged.held, judged, merged.spilled)
    return Taken(found.path, FileOutcome.DUPLICATE, reason, sent, left, tuple(cell_findings(told, found.name)))


def _tally(merged: Merged) -> str:
    counts = Counter(each.outcome for each in merged.cells)
    shown = (
        (Outcome.CHANGED, "新内容{}处"),
        (Outcome.CONFLICT, "冲突{}处待人工决定"),
        (Outcome.HELD, "待核实{}处未收"),
        (Outcome.INVALID, "无效{}处未收"),
        (Outcome.LOCKED, "改动不可填写的内容{}处未收"),
        (Outcome.KEPT, "返回为空、保留原值{}处"),
        (Outcome.UNUPDATED, "未更新{}项"),
    )
    return "，".join(text.format(counts[outcome]) for outcome, text in shown if counts[outcome])


def _is_of(file: File, accepted: Return) -> bool:
    """Whether a return is this very file, taken as it came (a decision on it is another matter)."""
    return accepted.file_sha256 == file.sha256 and not accepted.decided


def _name(accepted: Return) -> str:
    if accepted.supposed:
        return named(accepted)
    day = accepted.received
    return f"已收的第{accepted.number}号报送" + (f"（{day.month}月{day.day}日收到）" if day else "")


def _reason(refusal: InputError) -> str:
    return "；".join(part.rstrip("。") for part in (refusal.what, refusal.advice) if part)
