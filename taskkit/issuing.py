"""Issuing: from the ledger to one workbook for every unit that is asked, and for nobody else.

Who is asked for what stands in the plan's schedule (design: "Who is asked for what"). Files are
written beside and renamed; a file that taskkit did not write byte for byte is never replaced, for
a clerk may have filled it in.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from taskkit.errors import OutputError, UsageError
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger, Workbook
from taskkit.office.filling import Filling, fill
from taskkit.periods import Period, parse_period
from taskkit.plan import Plan, make_frame, records
from taskkit.settings import Settings
from taskkit.workbook import (
    Ask,
    Book,
    Kept,
    PlanIndex,
    build_book,
    filling,
    form_title,
    official_date,
    part_title,
    sent_cells,
    workbook_id,
)

if TYPE_CHECKING:
    import pandas as pd

TEMPLATES = {"plan": "plan.xlsx"}  # by kind of period; all reports share one
REPORT_TEMPLATE = "progress.xlsx"
ROLES = ("lead", "support", "all")
LONGEST_NAME = 50  # characters of a file's name, so that mail systems and old programs keep it whole
COLLECTIVE = "是集体称谓，单位名册写明所含单位后才能分发"
Progress = Callable[[int, int], None]
_T = TypeVar("_T")
_RESERVED = re.compile(r"CON|PRN|AUX|NUL|CLOCK\$|(COM|LPT)[0-9¹²³]", re.IGNORECASE)


class Issued(list[Path]):
    """The paths of the workbooks, in the order of the units, with what is known of each.

    ``books``: unit, role, part, period, workbook, path, outcome (written, unchanged, kept), tasks.
    ``left_out``: unit, reason. ``findings``: as ``plan.findings``.
    """

    def __init__(self, books: pd.DataFrame, left_out: pd.DataFrame, findings: pd.DataFrame) -> None:
        super().__init__(books["path"])
        self.books = books
        self.left_out = left_out
        self.findings = findings


@dataclass(frozen=True)
class _Job:
    """One workbook to be written: what the ledger will keep of it and what goes into the template."""

    sent: Workbook
    filling: Filling
    path: Path
    tasks: int


@dataclass(frozen=True)
class _Done:
    """A workbook made: its hash, what became of its file, and the new file beside the old one, if any."""

    job: _Job
    sha256: str
    outcome: str
    beside: Path | None = None


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
    settings: Settings | None = None,
    progress: Progress | None = None,
    today: date | None = None,
) -> Issued:
    """Write the workbook of every unit that is asked for a report in ``period``.

    Without ``period`` the next one due by the plan's schedule is taken; one that the schedule does
    not hold needs ``anyway``. Lead units are asked unless ``role`` is support or all. The files go
    to ``out`` (output/NAME/PERIOD/). Writing again gives the same bytes and changes nothing.

    Raises UsageError for an unknown plan, period, part, role or unit, TemplateError for a template
    that cannot be filled, OutputError where a file cannot be written.
    """
    plan = ledger.plan(name)
    index = PlanIndex(plan)
    asked = _asked_role(role)
    wanted = _wanted_period(plan, period, asked, part, anyway, today or date.today())
    parts = _wanted_parts(plan, wanted, asked, part, anyway)
    chosen = _chosen_units(index, units)
    folder = Path(out) if out is not None else Path("output", name, wanted.text)
    settings = settings or Settings()
    template_name = TEMPLATES.get(wanted.kind, REPORT_TEMPLATE)
    template = settings.template(f"workbooks/{template_name}")
    asks = [_ask(plan, unit, asked, each, wanted) for each in parts for unit in index.order if unit in chosen]
    books = _books(ledger, name, index, asks, settings)
    jobs = _jobs(ledger, name, index, books, template, folder)
    done = _write(ledger, jobs, template, template_name, folder, workers, progress)
    return _issued(index, done, asks)


# --- what is asked ----------------------------------------------------------------------


def _asked_role(role: str | None) -> str:
    if role is not None and role not in ROLES:
        raise UsageError(f"没有“{role}”这种角色", "可以写：lead（牵头单位）、support（配合单位）、all（全部）")
    return role or "lead"


def _dates(plan: Plan, role: str, part: str | None = None) -> list[dict[str, Any]]:
    """The schedule's rows for a role (rows that name none hold for all) and a part, by date."""
    rows = [
        row
        for row in records("schedule", plan.schedule)
        if row["period"]
        and (role == "all" or row["role"] in (role, None, "all"))
        and (part is None or row["part"] in (part, None))
    ]
    return sorted(rows, key=lambda row: (row["due_on"] or date.max, parse_period(row["period"])))


def _wanted_period(plan: Plan, period: str | None, role: str, part: str | None, anyway: bool, today: date) -> Period:
    rows = _dates(plan, role, part) or ([] if part or role != "lead" else _dates(plan, "all"))
    if period is None:
        return _next_period(rows, today)
    wanted = parse_period(period)
    held = {row["period"] for row in rows}
    if held and wanted.text not in held and not anyway:
        raise UsageError(f"方案没有要求报送 {wanted.text}", f"要求报送的有：{_listed(rows)}；确需报送的，请加 --anyway")
    return wanted


def _next_period(rows: Sequence[dict[str, Any]], today: date) -> Period:
    if not rows:
        raise UsageError("方案没有写明报送安排", "请用 --period 指定报送期，如 plan、2023Q1、2023-04")
    for row in rows:
        if row["due_on"] and row["due_on"] >= today:
            return parse_period(row["period"])
    raise UsageError("方案要求的报送日期都已过", f"请用 --period 指定：{_listed(rows)}")


def _listed(rows: Sequence[dict[str, Any]]) -> str:
    """2023Q2（2023年7月10日前）、… in the order of their dates."""
    texts: dict[str, str] = {}
    for row in rows:
        due = f"（{official_date(row['due_on'])}前）" if row["due_on"] else ""
        texts.setdefault(row["period"], f"{row['period']}{due}")
    return "、".join(texts.values())


def _wanted_parts(plan: Plan, period: Period, role: str, part: str | None, anyway: bool) -> list[str]:
    """The parts reported on in a period: those that the schedule names, else the main part."""
    have = list(dict.fromkeys(plan.tasks["part"]))
    if part is not None and part not in have:
        raise UsageError(f"方案没有“{part}”这一部分", f"方案有：{'、'.join(have)}" if have else "")
    if part is not None:
        return [part]
    rows = [row for row in _dates(plan, role) if row["period"] == period.text]
    named = [each for each in have if any(row["part"] in (each, None) for row in rows)]
    return named or have[:1]


def _ask(plan: Plan, unit: str, role: str, part: str, period: Period) -> Ask:
    rows = [row for row in _dates(plan, role, part) if row["period"] == period.text]
    first = rows[0] if rows else {"due_on": None, "to_whom": None}
    return Ask(unit, role, part, period, first["due_on"], first["to_whom"])


def _chosen_units(index: PlanIndex, units: Sequence[str] | None) -> set[str]:
    """The units asked by name, else all. Raises UsageError for one that is unknown or a collective."""
    if units is None:
        return set(index.order)
    for unit in units:
        if unit in index.collectives:
            raise UsageError(f"“{unit}”{COLLECTIVE}", "可先改为点名其中的单位，或等单位名册登记后再发")
        if unit not in index.order:
            near = difflib.get_close_matches(unit, list(index.order), n=3, cutoff=0.5)
            hint = f"是不是“{'”“'.join(near)}”？" if near else ""
            raise UsageError(f"方案里没有“{unit}”这个单位", f"{hint}单位名称请照方案里的写法")
    return set(units)


# --- from plan and ledger to jobs ---------------------------------------------------------


def _books(ledger: Ledger, name: str, index: PlanIndex, asks: Iterable[Ask], settings: Settings) -> list[Book]:
    asks = [ask for ask in asks if ask.unit not in index.collectives]
    if not asks:
        return []
    kept = _kept(ledger, name, asks[0].period)
    states = [state.name for state in settings.states()]
    built = (build_book(index, ask, kept.get(ask.unit, Kept()), states) for ask in asks)
    return [book for book in built if book]


def _kept(ledger: Ledger, name: str, period: Period) -> dict[str, Kept]:
    """By unit, the goals of its 落实方案 and the newest accepted values of earlier periods."""
    values = ledger.values(name)
    row_ids = values["target_id"].fillna(values["task_id"]).fillna("")
    columns = (values[key].tolist() for key in ("period", "unit", "column", "value"))
    rows = [(parse_period(each), *rest) for each, *rest in zip(*columns, row_ids.tolist(), strict=True)]
    goals: dict[str, dict[tuple[str, str], str]] = {}
    last: dict[str, dict[tuple[str, str], str]] = {}
    for earlier, unit, column, value, row_id in sorted(rows, key=lambda row: row[0]):
        if row_id and earlier < period:
            (goals if earlier.kind == "plan" else last).setdefault(unit, {})[row_id, column] = value
    return {unit: Kept(goals.get(unit, {}), last.get(unit, {})) for unit in {*goals, *last}}


def _jobs(
    ledger: Ledger, name: str, index: PlanIndex, books: Iterable[Book], template: bytes, folder: Path
) -> list[_Job]:
    """Each book with its id: the latest edition's where nothing changed, else that of a new edition."""
    plan_content = ledger.plan_content(name)
    taken: set[str] = set()
    jobs = []
    for book in books:
        ask = book.ask
        content = book.content(template)
        latest = ledger.latest_workbook(name, ask.unit, ask.period.text, ask.role, ask.part)
        same = latest is not None and latest.content_sha256 == content
        edition = latest.edition + (0 if same else 1) if latest else 1
        workbook = workbook_id(name, plan_content, ask, edition)
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
        path = folder / file_name(index.order[ask.unit], ask, index.info.year, taken)
        jobs.append(_Job(sent, filling(book, name, workbook, edition), path, book.tasks))
    return jobs


def file_name(number: int, ask: Ask, year: int | None, taken: set[str]) -> str:
    """012县教育局_2023年二季度工作进展.xlsx: a name that every system takes, whatever the unit is called.

    ``taken`` holds the names given so far, folded; the new one is added.
    """
    part = part_title(ask.part)
    tail = f"_{form_title(ask.period, year)}{f'（{part}）' if part else ''}"
    for again in range(1, 1000):
        end = f"{tail}{f'_{again}' if again > 1 else ''}.xlsx"
        head = f"{number:03d}"
        name = head + safe_name(ask.unit, LONGEST_NAME - len(head) - len(end)) + end
        if name.casefold() not in taken:
            break
    taken.add(name.casefold())
    return name


def safe_name(text: str, longest: int = LONGEST_NAME) -> str:
    """A text as part of a file's name: never a path, nothing reserved or invisible, not empty, not too long."""
    plain = unicodedata.normalize("NFC", text)
    plain = "".join("_" if unicodedata.category(sign)[0] in "CZ" or sign in '/\\:*?"<>|' else sign for sign in plain)
    plain = re.sub(r"[._]*_[._]*", "_", plain)[: max(longest, 1)].strip("._ ")
    return f"{plain}_"[: max(longest, 1)] if _RESERVED.fullmatch(plain) else plain or "单位"


# --- from jobs to files -------------------------------------------------------------------


def _write(
    ledger: Ledger,
    jobs: Sequence[_Job],
    template: bytes,
    template_name: str,
    folder: Path,
    workers: int,
    progress: Progress | None,
) -> list[_Done]:
    """Make all files beside their places, record them, and only then put them in place."""
    if not jobs:
        return []
    _or_refuse(folder, lambda: folder.mkdir(parents=True, exist_ok=True))
    done: list[_Done] = []
    try:
        made = _made(template, template_name, [job.filling for job in jobs], workers)
        for job, data in zip(jobs, made, strict=True):
            done.append(_set_beside(ledger, job, data))
            if progress:
                progress(len(done), len(jobs))
        sent = [each for each in done if each.outcome != "kept"]
        files = {each.job.sent.workbook: (each.job.path.name, each.sha256) for each in sent}
        ledger.record_workbooks([each.job.sent for each in sent], files)
        _put_in_place(done)
    finally:
        for each in done:
            if each.beside is not None:
                each.beside.unlink(missing_ok=True)
    return done


def _made(template: bytes, name: str, fillings: Sequence[Filling], workers: int) -> Iterator[bytes]:
    """The bytes of each workbook, in order; by a pool of processes where there is more than one worker."""
    if workers <= 1 or len(fillings) < 2:
        yield from (fill(template, each, name) for each in fillings)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from itertools import repeat

    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    chunk = max(1, len(fillings) // (workers * 4))
    with ProcessPoolExecutor(min(workers, len(fillings)), context) as pool:
        yield from pool.map(fill, repeat(template), fillings, repeat(name), chunksize=chunk)


def _set_beside(ledger: Ledger, job: _Job, data: bytes) -> _Done:
    """Write the new file beside its place, unless the same or somebody's own file is there."""
    sha256 = hashlib.sha256(data).hexdigest()
    present = _present_sha256(job.path)
    if present == sha256:
        return _Done(job, sha256, "unchanged")
    if present is not None and not ledger.wrote(present):
        return _Done(job, sha256, "kept")
    if present is not None:
        _or_refuse(job.path, lambda: job.path.open("r+b").close())
    return _Done(job, sha256, "written", _or_refuse(job.path, lambda: _temporary(job.path, data)))


def _temporary(path: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=".~", suffix=".tmp", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    beside = Path(name)
    beside.chmod(0o666 & ~_umask())
    return beside


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _present_sha256(path: Path) -> str | None:
    if not path.exists():
        return None
    return _or_refuse(path, lambda: hashlib.sha256(path.read_bytes()).hexdigest())


def _put_in_place(done: Iterable[_Done]) -> None:
    count = 0
    for each in done:
        if each.beside is None:
            continue
        try:
            each.beside.replace(each.job.path)
        except OSError as error:
            state = f"此前已写好{count}个文件，其余未作改动。" if count else "未作任何改动。"
            raise OutputError(f"写不了 {each.job.path}", "请先关闭正在使用它的程序，再重新生成", state) from error
        count += 1


def _or_refuse(path: Path, act: Callable[[], _T]) -> _T:
    try:
        return act()
    except PermissionError as error:
        raise OutputError(f"写不了 {path}", "请先关闭正在使用它的程序，或检查文件夹是否允许写入") from error
    except OSError as error:
        raise OutputError(f"写不了 {path}", "请检查输出文件夹和磁盘空间") from error


# --- what is reported back ----------------------------------------------------------------


def _issued(index: PlanIndex, done: Sequence[_Done], asks: Sequence[Ask]) -> Issued:
    import pandas as pd

    keys = ("unit", "role", "part", "period", "workbook", "path", "outcome", "tasks")
    rows = [
        {**{key: getattr(each.job.sent, key) for key in keys[:5]}, "path": each.job.path, "outcome": each.outcome}
        | {"tasks": each.job.tasks}
        for each in done
    ]
    out = dict.fromkeys(
        ask.unit for ask in asks if ask.unit in index.collectives and index.tasks_of(ask.unit, ask.role, ask.part)
    )
    left_out = pd.DataFrame([(unit, COLLECTIVE) for unit in out], columns=["unit", "reason"])
    return Issued(pd.DataFrame(rows, columns=list(keys)), left_out, make_frame("findings", _findings(done)))


def _findings(done: Iterable[_Done]) -> list[dict[str, Any]]:
    kept: list[Finding] = [
        finding("file-kept", source=str(each.job.path), name=each.job.path.name)
        for each in done
        if each.outcome == "kept"
    ]
    return [{key: getattr(each, key) for key in ("code", "severity", "task_id", "source", "message")} for each in kept]
