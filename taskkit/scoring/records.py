"""What is on record of each unit's forms by a day: the evidence of its score, and of every score that is shown.

Days (due, received, sent back) are those by ``on``: what came later had not come. What the forms say is as
the ledger holds it now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from taskkit import approving, rulings
from taskkit.assess import Standing, Verdict, own_verdict, says_nothing
from taskkit.assess import Word as OwnWord
from taskkit.book_words import form_title
from taskkit.columns import COLUMNS, goal_columns, is_directives, row_owner
from taskkit.entries import Ruling
from taskkit.judging.facts import Facts, gather
from taskkit.ledger import Ledger
from taskkit.periods import PLAN, official_date, parse_period, short_date
from taskkit.plan import records as rows_of
from taskkit.receipts import EXCUSED, FileOutcome, Receipt
from taskkit.roster import Roster
from taskkit.settings import Settings
from taskkit.tracking import Outcome, Return, issued_periods, read_returns

if TYPE_CHECKING:
    import pandas as pd

_PROGRESS, _STATE = COLUMNS["progress"].header, COLUMNS["state"].header
_OVERDUE = (Outcome.MISSING, Outcome.NOT_DUE)
Values = Mapping[tuple[str, str], Mapping[tuple[str, str | None, str], str]]  # (unit, period) -> cells


@dataclass(frozen=True)
class Record:
    """One form of a unit in a period, and what came of it by the day of scoring.

    ``unit`` is who is scored for it, ``sent_to`` the name under which it went out (an alias, a unit that
    now reports through the other one). ``returns`` and ``sent_back`` say in words which returns and when,
    with their numbers. ``judged`` are the tasks of which progress (or, in ``plan``, a goal) can be asked; ``blank``
    are those of them that show none; both are empty until a return was accepted. ``missed`` are
    the targets that were not met, in words; only in the period that ends the year. ``tasks`` are all that it asks
    for; ``approved`` are those of a 落实方案 whose goals the office approved (审定) as they stand, ``to_mend`` those
    of which the office sent something back that the unit has not changed since.
    """

    unit: str
    sent_to: str
    period: str
    part: str
    role: str
    form: str
    due_on: date | None
    received: date | None
    outcome: Outcome
    days_late: int
    returns: tuple[str, ...] = ()
    sent_back: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    extension: str = ""
    reason: str = ""
    tasks: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
    to_mend: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.unit, self.period, self.part, self.role

    @property
    def evidence(self) -> str:
        """In a sentence: 2026年二季度工作进展：7月10日截止，7月12日收到（第3号报送），迟报2天；退回1次（…）."""
        due = f"{self._day(self.due_on)}截止" if self.due_on else "没有规定日期"
        came = {
            Outcome.MISSING: f"未报，已逾期{self.days_late}天",
            Outcome.NOT_DUE: "尚未收到，未到期",
            Outcome.EXCUSED: f"无需报送（{self.reason}）" if self.reason else "无需报送",
        }.get(self.outcome, "")
        if self.received:
            late = f"，迟报{self.days_late}天" if self.days_late else ""
            came = f"{self._day(self.received)}收到（{'、'.join(self.returns)}）{late}"
        back = f"退回{len(self.sent_back)}次（{'、'.join(self.sent_back)}）" if self.sent_back else ""
        return f"{self.form}：" + "；".join(
            filter(None, (f"{due}，{came}", self.extension, back, *self.ruled, self.alias))
        )

    @property
    def ruled(self) -> tuple[str, ...]:
        """What the office says of it now, in words: 目标审定2项；待修改：T003."""
        approved = f"目标审定{len(self.approved)}项" if self.approved else ""
        return tuple(filter(None, (approved, f"待修改：{'、'.join(self.to_mend)}" if self.to_mend else "")))

    @property
    def alias(self) -> str:
        """Under which other name it went out, in words; "" where under the unit's own."""
        return f"发给“{self.sent_to}”" if self.sent_to != self.unit else ""

    def _day(self, day: date) -> str:
        """A day of the year in hand without its year: 7月10日, 2027年1月10日."""
        return short_date(day) if day.year == parse_period(self.period).year else official_date(day)


def read_records(ledger: Ledger, name: str, on: date, settings: Settings) -> tuple[Record, ...]:
    """The record of every form that was due by ``on`` or had come by then, by period, in the order of the unit list.

    Not of forms with nothing but 批示: these are followed one by one (directing.standing).

    A form that went out twice under two names of one unit is one record: the better one counts. The forms of units
    that were merged since ask for other tasks, and each counts.
    """
    reader = _Reader(ledger, name, on, settings)
    forms: dict[tuple[str, str, str, str], list[Record]] = {}
    for period in issued_periods(ledger, name, tasks=True):
        for each in reader.of_period(period):
            own = forms.setdefault(each.key, [])
            again = next((at for at, known in enumerate(own) if _same_form(known, each)), None)
            if again is None:
                own.append(each)
            elif _goodness(each) > _goodness(own[again]):
                own[again] = each
    return tuple(each for own in forms.values() for each in own)


def _same_form(one: Record, other: Record) -> bool:
    return not one.tasks or not other.tasks or bool({*one.tasks} & {*other.tasks})


def _goodness(record: Record) -> tuple[int, int]:
    order = (Outcome.NOT_DUE, Outcome.MISSING, Outcome.LATE, Outcome.ON_TIME, Outcome.EXCUSED)
    return order.index(record.outcome), -record.days_late


class _Reader:
    """Reads the ledger once for all periods."""

    def __init__(self, ledger: Ledger, name: str, on: date, settings: Settings) -> None:
        self.ledger, self.name, self.on, self.states = ledger, name, on, settings.states()
        self.plan, self.roster = ledger.plan(name, on), ledger.roster(name, on) or Roster()
        agreed = approving.agreed(ledger, name, self.roster)
        self.values = _values(approving.in_force(ledger.values(name), agreed, self.roster), self.roster)
        self.settings, self._facts = settings, dict[str, Facts]()
        self.printed = {row["task_id"] for row in rows_of("goals", self.plan.goals) if row["text"]}
        self.parts = {row["task_id"]: row["part"] for row in rows_of("tasks", self.plan.tasks)}
        self.approved = approving.approved(ledger, name, self.roster)
        self.turned_down = self._turned_down()
        self.closed, self.done = approving.closed_tasks(ledger, name), self._done_by()

    def of_period(self, period: str) -> Iterator[Record]:
        receipts = self.ledger.receipts(self.name, period)
        editions = _editions(self.ledger.workbooks(self.name, period))
        listed = read_returns(self.ledger, self.name, period, self.on)
        for each in (one for one in listed if not is_directives(one.part)):
            unit, books = editions[each.workbook]
            own = [kept for kept in receipts if kept.is_for(unit, books) and kept.received <= self.on]
            record = self._record(each, unit, own, period)
            if record.received or record.outcome is not Outcome.NOT_DUE:
                yield record

    def _record(self, each: Return, sent_to: str, receipts: Sequence[Receipt], period: str) -> Record:
        received = each.received if each.received and each.received <= self.on else None
        outcome, days = each.outcome, each.days_late
        if each.received and received is None:
            excused = any(kept.outcome == EXCUSED for kept in receipts)
            late = bool(each.due_on and self.on > each.due_on)
            outcome = Outcome.EXCUSED if excused else Outcome.MISSING if late else Outcome.NOT_DUE
            days = (self.on - each.due_on).days if each.due_on and outcome is Outcome.MISSING else 0
        counted = [kept for kept in receipts if kept.is_return]
        judged = self._judged(each, period) if received and any(kept.is_accepted for kept in counted) else ()
        return Record(
            unit=self.roster.reporter(each.unit),
            sent_to=sent_to,
            period=period,
            part=each.part,
            role=each.role,
            form=form_title(parse_period(period), self.plan.info.year, each.role, each.part),
            due_on=each.due_on,
            received=received,
            outcome=outcome,
            days_late=days,
            returns=tuple(_numbered(kept) for kept in counted),
            sent_back=(
                *(_told_back(kept) for kept in receipts if kept.outcome == FileOutcome.REFUSED),
                *(self.turned_down.get((each.unit, period, each.part), ()) if each.role != "support" else ()),
            ),
            judged=judged,
            blank=tuple(task for task in judged if not self._says(each, task, period)),
            missed=tuple(self._missed(each, period)) if judged else (),
            extension=_extension(each),
            reason=each.reason,
            tasks=each.tasks,
            approved=tuple(task for task in each.tasks if period == PLAN.text and (each.unit, task) in self.approved),
            to_mend=each.to_mend,
        )

    # --- what a form says ---------------------------------------------------------------

    def _judged(self, each: Return, period: str) -> tuple[str, ...]:
        """The tasks of which something can be asked: in ``plan`` those without printed goals, else those not done."""
        if period == PLAN.text:
            return tuple(task for task in each.tasks if task not in self.printed)
        when = parse_period(period)
        return tuple(
            task
            for task in each.tasks
            if not any(parse_period(done) < when for done in self.done.get((each.unit, task), ()))
            and not (task in self.closed and self.closed[task] < when)
        )

    def _says(self, each: Return, task: str, period: str) -> bool:
        cells = self.values.get((each.unit, period), {})
        if period == PLAN.text:
            headers = {column.header for column in goal_columns(self.plan.info.stages)} | {COLUMNS["measures"].header}
            return any(row == task and header in headers and text for (row, _, header), text in cells.items())
        text = cells.get((task, None, _PROGRESS))
        return task in each.updated and (text is None or not says_nothing(text))

    def _done_by(self) -> dict[tuple[str, str], set[str]]:
        """(unit, task) -> the periods in which it was done: as the office judges, else by the unit's word."""
        judged = self._judged_by_office()
        for (unit, period), cells in self.values.items():
            for (task, target, header), text in cells.items():
                if header == _STATE and target is None:
                    judged.setdefault((unit, task, period), own_verdict(OwnWord(unit, state=text), self.states))
        done: dict[tuple[str, str], set[str]] = {}
        for (unit, task, period), verdict in judged.items():
            if verdict.standing is Standing.DONE:
                done.setdefault((unit, task), set()).add(period)
        return done

    def _judged_by_office(self) -> dict[tuple[str, str, str], Verdict]:
        """(unit, task, period) -> where a lead unit's word puts the task, in periods in which the office judged any."""
        said = approving.standing(self.ledger, self.name, rulings.TASK, None, self.roster)
        return {
            (word.unit, task.task_id, period): task.judged(word, self.states)
            for period in dict.fromkeys(period for _, period, _, _, column in said if column == rulings.STATE)
            for task in self.facts(period).tasks
            for word in task.words
        }

    def _turned_down(self) -> dict[tuple[str, str, str], tuple[str, ...]]:
        """(unit, period, part) -> what the office sent back when it read goals and reports, each time in words.

        All that it said at once is one time; what it corrected itself on the same text is none, nor what it said of a
        task that was withdrawn from the plan since.
        """
        times: dict[tuple[str, str, str], dict[tuple[Any, str], list[str]]] = {}
        said = self.ledger.ruling_versions(self.name)
        for each in _stands([replace(one, unit=self.roster.canonical(one.unit)) for one in said]):
            task = row_owner(each.row_id)[0]
            if task is not None and task in self.parts:
                key = (each.unit, each.period, self.parts[task])
                times.setdefault(key, {}).setdefault((each.said_at, each.file_name), []).append(task)
        return {key: tuple(_told_down(at, tasks) for (at, _), tasks in own.items()) for key, own in times.items()}

    def _missed(self, each: Return, period: str) -> Iterator[str]:
        """The targets of a form that ends the year whose figure does not meet the year's aim."""
        if parse_period(period).last_month != 12:
            return
        for figure in self.facts(period).targets:
            if figure.unit == each.unit and figure.target_id in each.targets and figure.known and not figure.met:
                yield f"{figure.indicator}：{figure.reason}"

    def facts(self, period: str) -> Facts:
        """What is known of a period, read once."""
        if period not in self._facts:
            when = parse_period(period)
            self._facts[period] = gather(self.ledger, self.name, when, self.settings, self.on)
        return self._facts[period]


def _extension(each: Return) -> str:
    """The later date that was granted and counts, in words; "" for none."""
    if each.extension is None:
        return ""
    original = f"（原定{short_date(each.original_due_on)}）" if each.original_due_on else ""
    return f"批准延期至{short_date(each.extension.due_on)}{original}"


def _stands(versions: Sequence[Ruling]) -> Iterator[Ruling]:
    """Those by which a unit's goals or report went back, without those taken back on the very same text."""
    for at, each in enumerate(versions):
        is_back = each.column == rulings.PASSED and each.value == rulings.BACK and each.unit
        if each.topic in (rulings.GOALS, rulings.TASK) and is_back:
            later = (other for other in versions[at + 1 :] if other.key == each.key and other.about == each.about)
            if all(other.value == rulings.BACK for other in later):
                yield each


def _told_down(at: datetime | None, tasks: Sequence[str]) -> str:
    when = f"{short_date(at)}" if at else ""
    return f"{when}审核退回{'、'.join(dict.fromkeys(tasks))}"


def _values(frame: pd.DataFrame, roster: Roster) -> Values:
    """What each unit (by its name in the list) wrote in each period: (task, target or None, header) -> text."""
    found: dict[tuple[str, str], dict[tuple[str, str | None, str], str]] = {}
    wanted = frame[["unit", "period", "task_id", "target_id", "column", "value"]]
    plain: Iterable[tuple[Any, ...]] = wanted.astype(object).where(wanted.notna(), None).itertuples(index=False)
    own_last = sorted(plain, key=lambda row: roster.canonical(row[0]) == row[0])
    for unit, period, task, target, header, value in own_last:
        if task and value and value.strip():
            found.setdefault((roster.canonical(unit), period), {})[task, target, header] = value
    return found


def _editions(frame: pd.DataFrame) -> dict[str, tuple[str, list[str]]]:
    """Workbook -> the unit it was sent to, and all editions of the same form."""
    forms: dict[tuple[str, str, str], list[str]] = {}
    columns = ["unit", "role", "part", "workbook"]
    for unit, role, part, workbook in frame[columns].itertuples(index=False, name=None):
        forms.setdefault((unit, role, part), []).append(workbook)
    return {book: (unit, books) for (unit, _, _), books in forms.items() for book in books}


def _numbered(kept: Receipt) -> str:
    return f"第{kept.submission}号报送" if kept.submission else f"登记号{kept.number}，{kept.label}"


def _told_back(kept: Receipt) -> str:
    why = f"，{kept.reason}" if kept.reason else ""
    return f"{short_date(kept.received)}交来，登记号{kept.number}{why}"
