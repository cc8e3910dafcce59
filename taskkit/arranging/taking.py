"""A 报送安排 that came back: all its rows are the schedule from now on, or, where one is wrong, nothing changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from taskkit.arranging.changes import Rearranged, dates_now, told
from taskkit.arranging.columns import FORM, MOVES, ROLES, TELLING, TITLE, VERSION
from taskkit.arranging.setting import BY_OFFICE
from taskkit.calendars import work_calendar
from taskkit.errors import InputError, UsageError
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger
from taskkit.marks import SCHEDULE_PROPERTY
from taskkit.office.sheets import BookData, workbook_with
from taskkit.orders import Orders
from taskkit.periods import parse_period
from taskkit.plan import Plan
from taskkit.proofreading.columns import part_meant, part_shown
from taskkit.settings import Settings
from taskkit.sheet_forms.grid import Line, heading, lines_of
from taskkit.sheet_forms.marks import marks_of_sheet
from taskkit.stores.schedules import DueDate
from taskkit.workdays import KEEP, WorkCalendar


@dataclass(frozen=True)
class ArrangementFile:
    """A file that holds a schedule; ``plan_name`` is the plan that it was written for, where it says so."""

    path: Path
    book: BookData
    plan_name: str | None

    def load(
        self, ledger: Ledger, name: str, settings: Settings | None = None
    ) -> tuple[Rearranged | None, tuple[Finding, ...]]:
        """Set the schedule that a person wrote: what it changes (None where a row is wrong), and what was found.

        Raises InputError where another schedule was set since it was written.
        """
        version = ledger.schedule_version(name)
        written = self.book.properties.get(VERSION, str(version))
        if self.plan_name is not None and written != str(version):
            raise InputError(
                f"“{self.book.name}”写出以后，报送安排又改过", "请重新写出（taskkit due 方案名 --xlsx 文件）再改"
            )
        before = dates_now(ledger, name)
        taker = _Taker(ledger.plan(name), before, work_calendar(settings or Settings()), ledger.nominal_dates(name))
        dates = taker.take(self.book)
        if any(each.severity == "error" for each in taker.findings):
            return None, tuple(taker.findings)
        done = told(ledger, name, before, dates)
        if done.changes:
            said = f"{TITLE}：{self.path.name}"
            ledger.set_schedule(name, dates, said, version, self.path.name, self.path.read_bytes())
        where = f"{self.book.name}“{TITLE}”"
        taker.findings += [
            finding("schedule-hops", source=where, period=parse_period(period).label, part=part_shown(part))
            for period, part in done.backwards
        ]
        taker.findings += [finding("schedule-cadence", source=where, part=part_shown(part)) for part in done.mixed]
        return done, tuple(taker.findings)


def open_arrangement(path: Path) -> ArrangementFile | None:
    """The schedule at ``path``; None for any other file. Known by its property, else by its sheet and headers."""
    book = workbook_with(path, (TITLE,))
    if book is None:
        return None
    plan_name = book.properties.get(SCHEDULE_PROPERTY)
    if plan_name is None:
        others = {each.title for each in book.sheets} & {"任务", "基本情况"}  # of a proofreading workbook
        if others or marks_of_sheet(book) or not any(TELLING <= set(heading(each, FORM)[1]) for each in book.sheets):
            return None
    return ArrangementFile(path, book, plan_name)


@dataclass
class _Taker:
    """Reads the rows one after the other; what is wrong is in ``findings``."""

    plan: Plan
    before: Iterable[DueDate]
    days: WorkCalendar
    nominal: dict[tuple[str, str, str], tuple[date, str]]
    findings: list[Finding] = field(default_factory=list)

    def take(self, book: BookData) -> list[DueDate]:
        lines = lines_of(book, replace(FORM, book=book.name), self.findings, (TITLE,))
        if not lines:
            self.findings.append(finding("schedule-empty", source=f"{book.name}“{TITLE}”"))
            return []
        rows: dict[tuple[str, str, str], int] = {}
        dates = []
        for line in lines:
            each = self._row(line)
            if each is None:
                continue
            if each.key in rows:
                line.tell("schedule-twice", "period", row=rows[each.key])
            rows.setdefault(each.key, line.number)
            dates.append(each)
        return dates

    def _row(self, line: Line) -> DueDate | None:
        """The date of a row; None where it is wrong."""
        found = len(self.findings)
        period, part, role = self._period(line), self._part(line), line.word("role", ROLES)
        due_on = line.day("due_on", self.plan.info.year)
        for key, value in (("role", role), ("due_on", due_on)):
            if value is None and line.cell(key) is None:
                line.tell("schedule-blank", key, column=FORM.header(key))
        if due_on and not self._is_likely(due_on):
            line.tell("schedule-day-odd", "due_on", value=due_on, year=self.plan.info.year)
        move = line.word("move", MOVES) or KEEP
        to_whom, source = (line.text(key) for key in ("to_whom", "source"))
        if any(each.severity == "error" for each in self.findings[found:]) or not (period and role and due_on):
            return None
        return self._dated(DueDate(period, role, part, due_on, to_whom, source), move)

    def _dated(self, each: DueDate, move: str) -> DueDate:
        """A row with its date moved off holidays where it says so; one that nobody touched stays as it was."""
        known = {old.key: old for old in self.before}.get(each.key)
        orders = Orders(self.plan, self.days, self.nominal)
        if known:
            shown = orders.date_of(each.role or "all", each.part or "main", parse_period(each.period)).due_on
            if each.due_on in (known.due_on, shown) and move == (known.move if known.move in MOVES else KEEP):
                return replace(known, to_whom=each.to_whom, source=each.source)
        source = each.source if each.source and not (known and each.source == known.source) else BY_OFFICE
        if move == KEEP or each.due_on is None:
            return replace(each, source=source)
        due_on, _ = self.days.moved(each.due_on, move)
        return replace(each, due_on=due_on, nominal=each.due_on, move=move, source=source)

    def _period(self, line: Line) -> str | None:
        text = line.text("period")
        if text is None:
            if line.cell("period") is None:
                line.tell("schedule-blank", "period", column=FORM.header("period"))
            return None
        try:
            return parse_period(text, self.plan.info.year).text
        except UsageError:
            year = f"{self.plan.info.year}年" if self.plan.info.year else ""
            line.unknown("period", text, ("落实方案", f"{year}一季度", f"{year}上半年", f"{year}5月"))
            return None

    def _part(self, line: Line) -> str:
        text = line.text("part")
        have = list(dict.fromkeys(self.plan.tasks["part"]))
        part = "main" if text is None and "main" in have else part_meant(text or "")
        if part not in have:
            line.unknown("part", text or "", map(part_shown, have))
        return part or "main"

    def _is_likely(self, day: date) -> bool:
        year = self.plan.info.year
        return year is None or year - 1 <= day.year <= year + 1
