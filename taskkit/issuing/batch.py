"""Issuing: from the ledger to one workbook for every unit that is asked, and for nobody else.

Who is asked for what is asking.py's to say, what lead units are told of their support units relaying.py's.
Files are written beside and renamed; only an earlier
edition of the same workbook is ever replaced, byte for byte as taskkit wrote it: any other file
may be what a clerk has filled in, or another plan's form.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from taskkit.approving import Agreed, agreed, cells_of, closed_before, in_force
from taskkit.book import Ask, Book, Kept
from taskkit.book_words import form_title
from taskkit.calendars import work_calendar
from taskkit.collectable import uncollectable
from taskkit.columns import DIRECTIVE_SHEET, RELAY_SHEET, is_directives, sheets_for
from taskkit.errors import LedgerError, OutputError, UsageError
from taskkit.file_names import LONGEST_NAME, safe_name
from taskkit.findings import Finding, finding
from taskkit.issuing import together as tables
from taskkit.issuing.accompanying import Beside, Placed, kept_files, place
from taskkit.issuing.asking import Asks, make_asks
from taskkit.issuing.earlier import earlier_values
from taskkit.issuing.instructing import TEMPLATE as DIRECTIVE_TEMPLATE
from taskkit.issuing.instructing import Directives, with_directives
from taskkit.issuing.mending import Mending
from taskkit.issuing.naming import file_name
from taskkit.issuing.relaying import (
    SUPPLEMENT,
    Relay,
    Reports,
    content_of,
    supplement_filling,
    supplement_name,
    with_reports,
)
from taskkit.issuing.relaying import TEMPLATE as SUPPLEMENT_TEMPLATE
from taskkit.issuing.settled import Settled
from taskkit.ledger import Ledger, Workbook
from taskkit.office.filling import Filling, fill_into, layouts
from taskkit.office.placing import make_folder, present_sha256, put_in_place, set_beside
from taskkit.plan import make_frame
from taskkit.plan_index import PlanIndex
from taskkit.settings import Settings
from taskkit.template_files import coloured_template
from taskkit.workbook import build_book, filling, sent_cells, workbook_id

if TYPE_CHECKING:
    import pandas as pd

TEMPLATES = {"plan": "plan.xlsx"}  # by kind of period; all reports share one
REPORT_TEMPLATE = "progress.xlsx"
Progress = Callable[[int, int], None]
_Made = tuple[bytes, tuple[tuple[str, int], ...]]  # the bytes of a workbook, its rows that are too tall


class Issued(list[Path]):
    """The paths of the workbooks, in the order of the units, with what is known of each.

    ``books``: unit, role, part, period, workbook, path, outcome (written, unchanged, kept), tasks.
    ``left_out``: unit, reason. ``findings``: as ``plan.findings``. ``supplements``: unit, workbook, path,
    outcome of what follows workbooks that are out. ``directives``: unit, workbook, directives (which 批示
    it holds: B001 …), apart (a form that holds nothing else). ``why``: which period was taken, where none was
    named. Where all units share one table (``together``), its path stands once, and beside every
    workbook in ``books``.
    """

    def __init__(
        self,
        books: pd.DataFrame,
        left_out: pd.DataFrame,
        findings: pd.DataFrame,
        supplements: pd.DataFrame,
        directives: pd.DataFrame,
        why: str = "",
    ) -> None:
        super().__init__(dict.fromkeys(books["path"]))
        self.books = books
        self.left_out = left_out
        self.findings = findings
        self.supplements = supplements
        self.directives = directives
        self.why = why


@dataclass(frozen=True)
class _Job:
    """One workbook to be written: what the ledger will keep of it and what goes into the template.

    ``supplement``: the number of the one that it needs, with what support units reported by now; 0 for none.
    ``outdated``: the one that the unit holds says only what was withdrawn since.
    """

    sent: Workbook
    book: Book
    filling: Filling
    path: Path
    reports: Reports = ()
    supplement: int = 0
    outdated: bool = False


@dataclass(frozen=True)
class _Done:
    """A workbook made: its hash, what became of its file, and the new file beside the old one, if any.

    ``other``: the file that was kept is another workbook's. ``tall``: rows (sheet and number) whose
    texts a program cannot show whole.
    """

    job: _Job
    sha256: str
    outcome: str
    beside: Path | None = None
    other: bool = False
    tall: tuple[tuple[str, int], ...] = ()


def issue(
    ledger: Ledger,
    name: str,
    period: str | None = None,
    out: str | Path | None = None,
    units: Sequence[str] | None = None,
    role: str | None = None,
    part: str | None = None,
    workers: int = 1,
    *,
    anyway: bool = False,
    together: bool = False,
    settings: Settings | None = None,
    progress: Progress | None = None,
    today: date | None = None,
) -> Issued:
    """Write the workbook of every unit that is asked for a report in ``period``.

    Without ``period`` the next one due by the plan's schedule is taken; one that the schedule does
    not hold needs ``anyway``. Without ``role`` those are asked whom the schedule names for the period
    (lead, support or both), lead units where it names none; what another workbook of the period asks
    a unit for is not asked again. ``together`` writes one table for all units in place of a workbook
    for each. The files go to ``out`` (output/NAME/PERIOD/). Writing again gives the same bytes and
    changes nothing; what support units reported and leaders instructed meanwhile follows beside them.

    Raises UsageError for an unknown plan, period, part, role or unit and where nobody is asked,
    TemplateError for a template that cannot be filled or collected, OutputError where a file
    cannot be written.
    """
    day, settings = today or date.today(), settings or Settings()
    plan = ledger.plan(name, day)
    index = PlanIndex(plan, ledger.roster(name, day), items=ledger.item_list(name, day))
    days = work_calendar(settings)
    asks = make_asks(ledger, name, plan, index, period, units, role, part, anyway, day, days)
    wanted = asks.bare.period
    index = index.without(closed_before(ledger, name, wanted))
    folder = Path(out) if out is not None else Path("output", name, wanted.text)
    template_name = TEMPLATES.get(wanted.kind, REPORT_TEMPLATE)
    template = coloured_template(settings, f"workbooks/{template_name}")
    lacking = _lacking(template, template_name, wanted.kind)
    values, mending = ledger.values(name), Mending(ledger, name, wanted, index)
    changes = agreed(ledger, name, index.roster)
    kept = earlier_values(in_force(values, changes, index.roster), wanted, index.roster)
    books = [book.without(lacking) for book in _books(kept, index, asks.asks, settings, changes, mending)]
    if not together:
        books, asks = Settled(ledger, name, wanted, template).parted(books, asks)
    relay = Relay(ledger, name, wanted, index, values)
    directives = Directives(ledger, name, wanted, index, asks.directed, kept, day, asks.only)
    shown = directives if not together and DIRECTIVE_SHEET.title not in lacking else None
    jobs = _jobs(ledger, name, index, books, relay, RELAY_SHEET.title not in lacking, template, folder, shown)
    _check(template, template_name, jobs)
    notes = [finding("sheet-left-out", source=template_name, sheet=title) for title in lacking]
    if together and jobs:
        notes += [finding("directives-apart", name=name, period=wanted.text)] if directives.units() else []
        return _issued(_write_together(ledger, name, day, jobs, index, settings, folder), [], notes, asks)
    notes += _withdrawn(jobs)
    beside_template = settings.template(f"workbooks/{DIRECTIVE_TEMPLATE}")
    apart = directives.books(asks.bare, settings.office().text)
    if asks.nobody and not apart:
        raise UsageError(*asks.nobody)
    beside = _jobs(ledger, name, index, apart, relay, False, beside_template, folder)
    _check(beside_template, DIRECTIVE_TEMPLATE, beside)
    done = _write(ledger, day, jobs, template, template_name, folder, workers, progress)
    done += _write(ledger, day, beside, beside_template, DIRECTIVE_TEMPLATE, folder, workers, None)
    return _issued(done, _write_supplements(ledger, name, jobs, index, settings), notes, asks)


def _lacking(template: bytes, name: str, kind: str) -> list[str]:
    """The sheets that forms of this kind of period may do without, and that a template does without."""
    found = layouts(template, name)
    return [sheet.title for sheet in sheets_for(kind) if sheet.optional and sheet.title not in found]


def _check(template: bytes, name: str, jobs: Sequence[_Job]) -> None:
    """Raise TemplateError where what is made of a template could not be taken back."""
    for problem in uncollectable(layouts(template, name), ((job.book, job.filling) for job in jobs), name):
        raise problem


# --- from plan and ledger to jobs ---------------------------------------------------------


def _books(
    kept: Mapping[str, Kept],
    index: PlanIndex,
    asks: Sequence[Ask],
    settings: Settings,
    changes: Sequence[Agreed],
    mending: Mending,
) -> list[Book]:
    states, contact = [state.name for state in settings.states()], settings.office().text
    own = (replace(kept.get(ask.unit, Kept()), changed=cells_of(changes, ask.unit)) for ask in asks)
    built = (
        build_book(index, replace(ask, contact=contact), mending.kept(ask, each), states)
        for ask, each in zip(asks, own, strict=True)
    )
    return [book for book in built if book]


def _jobs(
    ledger: Ledger,
    name: str,
    index: PlanIndex,
    books: Sequence[Book],
    relay: Relay,
    relays: bool,
    template: bytes,
    folder: Path,
    directives: Directives | None = None,
) -> list[_Job]:
    """Each book with its id: the latest edition's where nothing changed, else that of a new edition.

    What support units reported makes no new edition: one that is out says what it said (``relays``:
    whether the template has room for it), and a supplement says the rest; so with the ``directives``.
    """
    plan_content = ledger.plan_content(name)
    out = _names_out(ledger, name, books, folder)
    taken = {file.casefold() for file in out.values()}
    before = ledger.latest_workbooks(name, books[0].ask.period.text) if books else {}
    jobs = []
    for book in books:
        ask = book.ask
        content = book.content(template)
        latest = before.get((ask.unit, ask.role, ask.part))
        same = latest is not None and latest.content_sha256 == content
        edition = latest.edition + (0 if same else 1) if latest else 1
        workbook = workbook_id(name, plan_content, ask, edition)
        reports = relay.known(book)
        said = (relay.sent(workbook) if same else reports) if relays else ()
        book = with_reports(book, index, said)
        book = with_directives(book, directives.lines(ask, same)) if directives else book
        sent = Workbook(
            workbook=workbook,
            plan=name,
            unit=ask.unit,
            role=ask.role,
            part=ask.part,
            period=ask.period.text,
            edition=edition,
            content_sha256=content,
            due_on=ask.due_on,
            cells=sent_cells(book),
        )
        file = out.get(ask) or file_name(
            index.order[ask.unit], ask, index.info.year, taken, index.roster.short(ask.unit)
        )
        form, number = filling(book, name, workbook, edition), relay.supplement(sent, reports, said)
        jobs.append(_Job(sent, book, form, folder / file, reports, number, relay.outdated(sent, reports)))
    return jobs


def _names_out(ledger: Ledger, name: str, books: Sequence[Book], folder: Path) -> dict[Ask, str]:
    """The files that are out already: they keep their names, also where the order of the units has changed.

    A unit that found a second file with another number beside the first would not know which to fill in.
    """
    asks = [book.ask for book in books]
    known = ledger.file_names(name, asks[0].period.text) if asks else {}
    files = ((ask, known.get((ask.unit, ask.role, ask.part))) for ask in asks)
    return {ask: file for ask, file in files if file and (folder / file).exists()}


# --- from jobs to files -------------------------------------------------------------------


def _write(
    ledger: Ledger,
    day: date,
    jobs: Sequence[_Job],
    template: bytes,
    template_name: str,
    folder: Path,
    workers: int,
    progress: Progress | None,
) -> list[_Done]:
    """Make all files beside their places, then put them in place, then record them."""
    if not jobs:
        return []
    make_folder(folder)
    editions = _editions(ledger, jobs)
    done: list[_Done] = []
    try:
        made = _made(template, template_name, [job.filling for job in jobs], workers)
        for job, (data, tall) in zip(jobs, made, strict=True):
            done.append(replace(_set_beside(ledger, job, data, editions), tall=tall))
            if progress:
                progress(len(done), len(jobs))
        _put_in_place(ledger, day, done)
    finally:
        for each in done:
            if each.beside is not None:
                each.beside.unlink(missing_ok=True)
    return done


def _editions(ledger: Ledger, jobs: Sequence[_Job]) -> dict[str, tuple[str, ...]]:
    """Workbook id -> unit, role and part, of all that was sent for this plan and period."""
    first = jobs[0].sent
    frame = ledger.workbooks(first.plan, first.period)
    return {row[0]: row[1:] for row in frame[["workbook", "unit", "role", "part"]].itertuples(index=False, name=None)}


def _made(template: bytes, name: str, fillings: Sequence[Filling], workers: int) -> Iterator[_Made]:
    """Each workbook, in order; by a pool of processes where there is more than one worker."""
    if workers <= 1 or len(fillings) < 2:
        yield from (_make(template, each, name) for each in fillings)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from itertools import repeat

    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    chunk = max(1, len(fillings) // (workers * 4))
    with ProcessPoolExecutor(min(workers, len(fillings)), context) as pool:
        yield from pool.map(_make, repeat(template), fillings, repeat(name), chunksize=chunk)


def _make(template: bytes, filling: Filling, name: str) -> _Made:
    out = io.BytesIO()
    tall = fill_into(out, template, filling, name)
    return out.getvalue(), tall


def _set_beside(ledger: Ledger, job: _Job, data: bytes, editions: Mapping[str, tuple[str, ...]]) -> _Done:
    """Write the new file beside its place, unless the same, somebody's own or another workbook's file is there."""
    sha256 = hashlib.sha256(data).hexdigest()
    present = present_sha256(job.path)
    if present == sha256:
        return _Done(job, sha256, "unchanged")
    if present is not None:
        workbook = ledger.workbook_of_file(present)
        same = workbook is not None and editions.get(workbook) == (job.sent.unit, job.sent.role, job.sent.part)
        if not same:
            return _Done(job, sha256, "kept", other=workbook is not None)
    return _Done(job, sha256, "written", set_beside(job.path, data))


def _put_in_place(ledger: Ledger, day: date, done: Sequence[_Done]) -> None:
    """Rename, then record what is in place: whatever fails, the ledger knows of no form that nobody has.

    A file in place that could not be recorded does no harm: issued again it has the same bytes.
    """
    ready = [each for each in done if each.outcome == "unchanged"]
    for each in done:
        if each.beside is None:
            continue
        try:
            put_in_place(each.beside, each.job.path)
        except OutputError as error:
            _record(ledger, day, ready)
            count = sum(each.outcome == "written" for each in ready)
            if count:
                error = OutputError(error.what, error.advice, f"此前已写好{count}个文件，其余未作改动。")
            raise error from error.__cause__
        ready.append(each)
    _record(ledger, day, ready)


def _record(ledger: Ledger, day: date, done: Sequence[_Done]) -> None:
    files = {each.job.sent.workbook: (each.job.path.name, each.sha256) for each in done}
    try:
        ledger.record_workbooks([each.job.sent for each in done], files, day)
    except LedgerError as error:
        count = sum(each.outcome == "written" for each in done)
        state = f"{count}个文件已写好，但没有登入台账，请先不要下发；排除故障后重新生成即可。" if count else error.state
        raise LedgerError(error.what, error.advice, state) from error


# --- what goes out beside the forms, or in their place --------------------------------------


def _write_supplements(
    ledger: Ledger, name: str, jobs: Sequence[_Job], index: PlanIndex, settings: Settings
) -> list[Placed]:
    """What support units reported since, for the lead units whose workbooks do not say it."""
    wanted = [job for job in jobs if job.supplement]
    if not wanted:
        return []
    template = settings.template(f"workbooks/{SUPPLEMENT_TEMPLATE}")
    files = []
    for job in wanted:
        workbook, number = job.sent.workbook, job.supplement
        content = supplement_filling(job.book, index, job.reports, name, workbook, number)
        data, _ = _make(template, content, SUPPLEMENT_TEMPLATE)
        path = job.path.with_name(supplement_name(job.path.name, number))
        files.append(Beside(SUPPLEMENT, job.sent.unit, path, data, content_of(job.reports), workbook))
    return place(ledger, name, wanted[0].sent.period, files)


def _write_together(
    ledger: Ledger, name: str, day: date, jobs: Sequence[_Job], index: PlanIndex, settings: Settings, folder: Path
) -> list[_Done]:
    """One table with the rows of all these workbooks, each of which counts as sent."""
    period = jobs[0].book.ask.period
    template_name = tables.TEMPLATES.get(period.kind, tables.REPORT_TEMPLATE)
    template = coloured_template(settings, f"workbooks/{template_name}")
    content = tables.together_filling(index, name, [(job.sent.workbook, job.book) for job in jobs])
    forms = ((job.book, content) for job in jobs)
    for problem in uncollectable(layouts(template, template_name), forms, template_name):
        raise problem
    data, tall = _make(template, content, template_name)
    path = folder / safe_name(tables.table_name(form_title(period, index.info.year)), LONGEST_NAME)
    table = Beside(tables.TOGETHER, "", path, data, content.hidden[tables.TOGETHER])
    [placed] = place(ledger, name, period.text, [table])
    if placed.outcome != "kept":
        ledger.record_workbooks([job.sent for job in jobs], {}, day)
    done = [_Done(replace(job, path=path), "", placed.outcome) for job in jobs]
    return [replace(done[0], tall=tall), *done[1:]]


# --- what is reported back ----------------------------------------------------------------


def _issued(done: Sequence[_Done], placed: Sequence[Placed], notes: Sequence[Finding], asks: Asks) -> Issued:
    import pandas as pd

    keys = ("unit", "role", "part", "period", "workbook", "path", "outcome", "tasks")
    rows = [
        {**{key: getattr(each.job.sent, key) for key in keys[:5]}, "path": each.job.path, "outcome": each.outcome}
        | {"tasks": each.job.book.tasks}
        for each in done
    ]
    found = [*asks.findings, *notes, *_kept_files(done), *kept_files(placed), *_tall_rows(done)]
    given = {each.job.sent.unit for each in done}
    left_out = pd.DataFrame([each for each in asks.left_out if each[0] not in given], columns=["unit", "reason"])
    directed = [
        (job.sent.unit, job.sent.workbook, [line.row_id for line in sheet.lines], is_directives(job.sent.part))
        for job in (each.job for each in done)
        for sheet in job.book.sheets
        if sheet.title == DIRECTIVE_SHEET.title
    ]
    directives = pd.DataFrame(directed, columns=["unit", "workbook", "directives", "apart"])
    supplements = pd.DataFrame(
        [(each.file.unit, each.file.workbook, each.file.path, each.outcome) for each in placed],
        columns=["unit", "workbook", "path", "outcome"],
    )
    listed = make_frame("findings", [each.row for each in found])
    return Issued(pd.DataFrame(rows, columns=list(keys)), left_out, listed, supplements, directives, asks.why)


def _withdrawn(jobs: Iterable[_Job]) -> Iterator[Finding]:
    """The lead units that hold a supplement whose text was withdrawn: nobody else can tell them."""
    units = dict.fromkeys(job.sent.unit for job in jobs if job.outdated)
    if units:
        yield finding("supplement-withdrawn", units="”“".join(units))


def _kept_files(done: Iterable[_Done]) -> Iterator[Finding]:
    kept = {each.job.path: each for each in done if each.outcome == "kept"}
    for path, each in kept.items():
        code = "file-other" if each.other else "file-kept"
        yield finding(code, source=str(path), name=path.name)


def _tall_rows(done: Iterable[_Done]) -> Iterator[Finding]:
    for each in done:
        for sheet, row in each.tall:
            yield finding("row-too-tall", source=f"{each.job.path.name} {sheet} 第{row}行")
