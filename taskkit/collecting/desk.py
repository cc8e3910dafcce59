"""The desk that takes returned files back one after the other: what becomes of each, and keeping it.

A dry run and a run that applies go the same way; only the last step differs. The ledger's record
of what was sent decides whose a file is and what may be filled in, never the file itself.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial

from taskkit.collecting.checking import cell_findings, hold_approved, hold_spills, row_findings
from taskkit.collecting.comparing import FOR_A_PERSON, File, Merged, MergedCell, changes_of, compare, matters_of
from taskkit.collecting.matching import Matcher, UnsureError
from taskkit.collecting.recall import Recall
from taskkit.collecting.registrar import Draft, Registrar
from taskkit.collecting.senders import Sender, Senders
from taskkit.columns import is_book_row
from taskkit.documents.glimpse import first_and_last_lines
from taskkit.entries import Holdings, Return, Submission, Workbook
from taskkit.errors import InputError, LedgerError
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger, LedgerChangedError
from taskkit.marks import NoReturnError, Recognised, SupplementError, marks_of, recognise
from taskkit.merge import Outcome
from taskkit.office.comments import comments_of
from taskkit.office.docx_writer import is_ours
from taskkit.office.kinds import DOCUMENTS, Kind, kind_of
from taskkit.office.parcels import Found
from taskkit.office.problem_sheet import without_problem_lists
from taskkit.office.sheets import BookData, read_workbook
from taskkit.periods import official_date, parse_period, short_date
from taskkit.receipts import FileOutcome, Receipt
from taskkit.returned import Items, ReturnedBook, read_parts

_SCANS = (Kind.PDF, Kind.IMAGE, Kind.OFD)  # what a signed and sealed sheet comes as
_TRIES = 50  # how often a file is compared anew where others are writing at the same time


@dataclass(frozen=True)
class Wanted:
    """The plan, the period and the unit asked for; None for any."""

    plan: str | None
    period: str | None
    unit: str | None = None

    def check(self, book: Workbook, senders: Senders) -> None:
        """Raises InputError where a workbook is not what was asked for."""
        if self.plan not in (None, book.plan):
            raise InputError(f"这是方案“{book.plan}”的工作簿，不是“{self.plan}”的", "请核对 --plan")
        if self.period not in (None, book.period):
            label = parse_period(book.period).label
            raise InputError(f"这是{label}（{book.period}）的工作簿，不是{self.period}的", "请核对 --period")
        if self.unit is not None and senders.unit_of(book.plan, self.unit) != book.unit:
            raise InputError(f"这是{book.unit}的工作簿，不是{self.unit}的", "请核对 --unit")


@dataclass(frozen=True)
class Taken:
    """One file and what became of it; ``receipt`` is what the register holds of it, where its unit is known."""

    path: str
    outcome: FileOutcome
    reason: str
    book: Workbook | None = None
    cells: tuple[MergedCell, ...] = ()
    findings: tuple[Finding, ...] = ()
    receipt: Receipt | None = None


@dataclass
class Desk:
    """Takes one file after the other. What is accepted is remembered, so that a dry run sees it too."""

    ledger: Ledger
    wanted: Wanted
    recall: Recall
    registrar: Registrar

    @cached_property
    def senders(self) -> Senders:
        """The units that files may be from."""
        return Senders(self.ledger, self.wanted.plan, self.recall.is_open)

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self.ledger, self.senders)

    def take(self, found: Found) -> tuple[Taken, ...]:
        """Read and merge one file; write it where the run applies. Never raises for what is in the file.

        A file that holds the returns of several units is taken for each of them.
        """
        try:
            if found.refusal:
                raise found.refusal
            if (kind := kind_of(found.data)) in DOCUMENTS:
                return (self._take_document(found, kind),)
            book = without_problem_lists(read_workbook(found.data, found.name))
            whose = self._recognise(book)
        except UnsureError as unsure:
            return (Taken(found.path, FileOutcome.UNSURE, _reason(unsure), unsure.likely),)
        except InputError as refusal:
            return (self._sent_back(found, refusal),)
        file = File(_credible(book.saved_at), hashlib.sha256(found.data).hexdigest())
        taken: list[Taken] = []
        for at, (sent, returned) in enumerate(zip(whose.parts, self._read(found, book, whose), strict=True)):
            try:
                self.wanted.check(sent, self.senders)
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
                draft = replace(self.registrar.draft(found, _sender(sent)), is_shared=len(whose.parts) > 1)
                return _with_day(self._settle(found, file, sent, returned, draft), draft)
            except LedgerChangedError:
                self.recall.forget_holdings(sent)
                returned = self._read(found, book, whose)[at]  # others may have proposed items meanwhile
        raise LedgerError("台账正由他人同时写入", "请稍后再收")

    def _recognise(self, book: BookData) -> Recognised:
        """Whose a file is: by its marks, else by what was sent, where a person has said so."""
        marks = marks_of(book)
        if marks.nothing():
            sent = self._matcher.match(book, self.wanted.plan, self.wanted.unit, self.wanted.period)
            return Recognised((sent,))
        return recognise(marks, self.recall.book)

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
        for (row_id, column), versions in self.recall.holdings(sent).versions.items():
            if "+" in row_id:
                items.setdefault(row_id, {})[column] = versions[-1].value
        return items

    def _settle(self, found: Found, file: File, sent: Workbook, returned: ReturnedBook, draft: Draft) -> Taken:
        """Decide what becomes of the file as a whole, and keep it where anything in it is taken."""
        holdings, known = self.recall.holdings(sent), self.recall.known(sent)
        merged = hold_spills(compare(sent, returned, file, holdings, known), returned, holdings)
        merged = hold_approved(merged, self.recall.approved(sent), holdings)
        findings = (*draft.findings, *returned.findings, *cell_findings(merged, found.name))
        again = next((each for each in holdings.standing(sent.workbook) if _is_of(file, each)), None)
        if again is not None:
            self._set_aside(found, file, sent, merged, draft.receipt)
            return replace(_again(found, sent, merged, again), receipt=draft.receipt)
        brings = merged.having(Outcome.CHANGED)
        if brings and not holdings.standing(sent.workbook) and _only_names(brings):
            return self._only_names_filled(found, file, sent, merged, draft, findings)
        if merged.quiet:
            outcome, reason = self._nothing_new(sent, returned, merged)
            cells = merged.having(Outcome.LOCKED)
            return self._registered(Taken(found.path, outcome, reason, sent, cells, findings), found, draft)
        if not brings:
            reason = f"没有可收的新内容：{_tally(merged, returned)}"
            self._set_aside(found, file, sent, merged, draft.receipt)
            taken = Taken(found.path, FileOutcome.NOT_TAKEN, reason, sent, merged.cells, findings)
            return self._registered(taken, found, draft)
        number = self._keep(found, file, sent, merged, holdings, draft.receipt)
        findings = (*findings, *self._late(sent, found.name), *row_findings(merged, sent, found.name, known))
        told = _tally(merged, returned)
        reason = f"第{number}号报送：{told}" if self.recall.apply else told
        return Taken(found.path, FileOutcome.ACCEPTED, reason, sent, merged.cells, findings, draft.receipt)

    def _only_names_filled(
        self, found: Found, file: File, sent: Workbook, merged: Merged, draft: Draft, findings: tuple[Finding, ...]
    ) -> Taken:
        """A first return of which 填报人 and the like are all that could be taken: nothing is reported by it."""
        rest = tuple(each for each in merged.cells if each.outcome not in (Outcome.CHANGED, Outcome.SAME))
        if any(each.versions.open and each.outcome is not Outcome.UNUPDATED for each in rest):
            self._set_aside(found, file, sent, merged, draft.receipt)
            left = replace(merged, cells=rest)
            taken = Taken(found.path, FileOutcome.NOT_TAKEN, f"没有可收的新内容：{_tally(left)}", sent, rest, findings)
        else:
            reason = "只填了填报人等，没有填写任何内容，未收"
            cells = merged.having(Outcome.LOCKED)
            taken = Taken(found.path, FileOutcome.UNTOUCHED, reason, sent, cells, findings)
        return self._registered(taken, found, draft)

    def _take_document(self, found: Found, kind: Kind) -> Taken:
        """Keep a document whole for the unit that it is from: a person types it in, or it proves a workbook."""
        if is_ours(found.data):
            return Taken(found.path, FileOutcome.REFUSED, "这是 taskkit 生成的报告，不是填报的内容；不用收，可以移走")
        lines = partial(first_and_last_lines, found.data, kind, found.name)
        try:
            unit, period = self.wanted.unit, self.wanted.period
            sender = self.senders.find(found.path, unit, period, lines, is_scan=kind in _SCANS)
        except InputError as refusal:
            return Taken(found.path, FileOutcome.REFUSED, f"这是{kind}，{_reason(refusal)}")
        draft = self.registrar.draft(found, sender)
        if not draft.is_new:
            outcome = FileOutcome.DUPLICATE
            reason = f"与已登记的是同一个文件（{official_date(draft.receipt.received)}收到）"
        elif kind in _SCANS and not self.recall.is_open(sender.workbook):
            outcome, reason = FileOutcome.ATTACHED, f"{kind}，附在已收的表格后"
        else:
            outcome, reason = FileOutcome.WAITING, f"{kind}，原件记在该单位名下；内容请转录到表格里再收"
        taken = Taken(found.path, outcome, reason, findings=draft.findings)
        return _with_day(self._registered(taken, found, draft), draft)

    def _sent_back(self, found: Found, refusal: InputError) -> Taken:
        """A file that cannot be read: registered all the same where its name says whose it is."""
        taken = Taken(found.path, FileOutcome.REFUSED, _reason(refusal))
        is_supplement = isinstance(refusal, SupplementError)
        if not found.data or (isinstance(refusal, NoReturnError) and not is_supplement):
            return taken
        try:
            sender = self.senders.find(found.path, self.wanted.unit, self.wanted.period)
        except InputError:
            return taken
        if is_supplement:
            return replace(taken, book=self.recall.book(sender.workbook))
        draft = self.registrar.draft(found, sender)
        return self._registered(replace(taken, findings=draft.findings), found, draft)

    def _registered(self, taken: Taken, found: Found, draft: Draft) -> Taken:
        """The same with its receipt, which the register keeps; none for an untouched part of a file of several."""
        if draft.is_shared and taken.outcome is FileOutcome.UNTOUCHED:
            return taken
        receipt = self.registrar.keep(draft, taken.outcome, taken.reason, found.data)
        return replace(taken, receipt=receipt)

    def _nothing_new(self, sent: Workbook, returned: ReturnedBook, merged: Merged) -> tuple[FileOutcome, str]:
        if merged.base:
            alike = self.recall.holdings(sent).bases(sent.workbook)[merged.base - 1]
            return FileOutcome.DUPLICATE, f"内容与{_name(alike)}相同"
        if any(each.versions.returned != each.versions.sent for each in merged.cells if each.versions.open):
            return FileOutcome.DUPLICATE, "内容与台账已有的相同"
        if merged.having(Outcome.LOCKED):
            return FileOutcome.NOT_TAKEN, f"没有可收的新内容：{_tally(merged, returned)}"
        if any(each.severity == "error" for each in returned.findings):
            left = "".join(f"，{each}" for each in _unread(returned))
            return FileOutcome.REFUSED, f"填写的内容对不上下发的表格，没有可收的{left}；请按列出的问题修改后再交"
        if merged.having(Outcome.UNUPDATED):
            return FileOutcome.UNTOUCHED, "与发出时相同，本期没有更新，未收"
        return FileOutcome.UNTOUCHED, "没有填写任何内容，未收"

    def _keep(
        self, found: Found, file: File, sent: Workbook, merged: Merged, holdings: Holdings, receipt: Receipt
    ) -> int:
        submission = self._submission(found, file, sent, merged, receipt, holdings)
        number = self.ledger.accept(submission) if self.recall.apply else max(holdings.returns, default=0) + 1
        workbook, held, supposed = sent.workbook, submission.held, not self.recall.apply
        kept = Return(number, workbook, file.sha256, file.saved_at, True, held, receipt.received, supposed)
        holdings.add(kept, submission.changes)
        self.registrar.remember(replace(receipt, outcome=FileOutcome.ACCEPTED, submission=number))
        return number

    def _set_aside(self, found: Found, file: File, sent: Workbook, merged: Merged, receipt: Receipt) -> None:
        """Keep a file of which nothing is taken, where a person has to decide on something in it."""
        if self.recall.apply and merged.having(*FOR_A_PERSON):
            self.ledger.set_aside(self._submission(found, file, sent, merged, receipt))

    def _submission(
        self,
        found: Found,
        file: File,
        sent: Workbook,
        merged: Merged,
        receipt: Receipt,
        holdings: Holdings | None = None,
    ) -> Submission:
        """The file with what it brings and what it leaves for a person; what it brings only with the ``holdings``."""
        leads = self.recall.leads(sent)
        changes = tuple(changes_of(sent, merged, leads)) if holdings else ()
        return Submission(
            sent,
            found.name,
            found.data,
            receipt.received,
            merged.held_now(),
            changes,
            file.saved_at,
            seen=holdings.seen if holdings else None,
            matters=tuple(matters_of(sent, merged, leads)),
            way=receipt.way,
            reason=_tally(merged),
        )

    def _late(self, sent: Workbook, name: str) -> list[Finding]:
        """A doubt where a later period's workbook is with the unit already: it may mean that one."""
        later = self.recall.later_period(sent) if sent.period != "plan" else None
        if later is None:
            return []
        return [finding("period-past", source=name, period=parse_period(sent.period).label, later=later.label)]


def _credible(saved_at: datetime | None) -> datetime | None:
    """The time a file says it was saved, unless it lies ahead: a clock that runs wrong tells nothing."""
    latest = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
    return None if saved_at is None or saved_at > latest else saved_at


def _sender(book: Workbook) -> Sender:
    return Sender(book.plan, book.unit, book.period, (book.workbook,))


def _with_day(taken: Taken, draft: Draft) -> Taken:
    """The same, saying also by which folder the day was told."""
    return replace(taken, reason=f"{taken.reason}；{draft.said}") if draft.said else taken


def _only_names(brings: Iterable[MergedCell]) -> bool:
    """Whether all that is new stands on the line 填报人."""
    return all(is_book_row(each.cell.row_id) for each in brings)


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
    told = Merged(left, merged.base, merged.held, judged, merged.spilled, merged.settled)
    return Taken(found.path, FileOutcome.DUPLICATE, reason, sent, left, tuple(cell_findings(told, found.name)))


def _unread(returned: ReturnedBook) -> list[str]:
    return [f"“{header}”{count}格未收（表头认不出来）" for header, count in returned.unread]


def _tally(merged: Merged, returned: ReturnedBook | None = None) -> str:
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
    told = [text.format(counts[outcome]) for outcome, text in shown if counts[outcome]]
    return "，".join([*told, *(_unread(returned) if returned else ())])


def _is_of(file: File, accepted: Return) -> bool:
    """Whether a return is this very file, taken as it came (a decision on it is another matter)."""
    return accepted.file_sha256 == file.sha256 and not accepted.decided


def _name(accepted: Return) -> str:
    if accepted.supposed:
        return accepted.spoken
    day = accepted.received
    return f"已收的第{accepted.number}号报送" + (f"（{short_date(day)}收到）" if day else "")


def _reason(refusal: InputError) -> str:
    parts = [part.rstrip("。") for part in (refusal.what, refusal.advice) if part]
    return "".join(part if part.endswith("？") else f"{part}；" for part in parts).rstrip("；")
