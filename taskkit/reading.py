"""read_plan: a document and its dialects -> a Plan, with findings where the text is not clear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from taskkit.building import Builder, learn
from taskkit.dialects import DIALECTS, Dialect, TaskRow
from taskkit.dialects.cards import laid_out
from taskkit.dialects.ditto import without_dittos
from taskkit.dialects.front import Front, is_plan_title, read_front, same_plan
from taskkit.dialects.headers import is_header
from taskkit.dialects.table import sections_of
from taskkit.documents import Document, Paragraph, Table, read_document
from taskkit.errors import InputError, UsageError
from taskkit.findings import Finding, finding
from taskkit.listing import refuse_other_rosters, refuse_rosters
from taskkit.office.list_book import MARKS, notes_of
from taskkit.plan import QUARTERS, Plan, PlanInfo, make_plan
from taskkit.proofreading import open_proof, originals, refuse_other_proofs
from taskkit.rules.document import check_document, visible_part
from taskkit.rules.plan import check_plan
from taskkit.schedule import Calendar, read_calendar
from taskkit.text import compact, squeeze

_MARK = re.compile(r"附件(\d{1,2})[：:.]?")
_MARK_ALONE = re.compile(r"附件\d{0,2}[：:.]?")
_TITLE_LINES = 4  # an annex's mark and the title below it, which may be broken by sense (GB/T 9704-2012, 7.3.4)
_ANNEX = re.compile(r"^附\s*[件表录]\s*\d*\s*[：:.、]?")

_NOTE = re.compile(r"(?:备注|填表说明|说明|附注|注)[：:]")


@dataclass(frozen=True)
class PlanReading:
    """A plan together with what it was read from.

    ``used`` are the indices of the document's blocks that tasks were read from; ``shown`` are the
    source texts that a proofread workbook brings with it.
    """

    plan: Plan
    document: Document
    used: frozenset[int]
    shown: Mapping[str, str] | None = None

    def originals(self) -> Mapping[str, str]:
        """The source text of each task by its id."""
        return originals(self.plan, self.document, self.used) if self.shown is None else self.shown


def read_plan(path: str | Path, dialect: str | None = None) -> Plan:
    """Read an issued plan, or a proofread workbook of one, into a Plan.

    ``dialect`` forces one way of reading; without it each stretch is read by what fits best.
    Raises UsageError for an unknown dialect, InputError for a file that cannot be read or in
    which no task is found.
    """
    return read_with_document(path, dialect).plan


def read_with_document(path: str | Path, dialect: str | None = None) -> PlanReading:
    """Like ``read_plan``, the plan together with the document, for those who need the source text."""
    chosen = _forced(dialect)
    if proof := open_proof(Path(path)):
        if chosen:
            raise UsageError("核对稿不需要指定写法", "请去掉 --dialect")
        info = proof.plan.info
        return PlanReading(proof.plan, Document(info.source, info.sha256, ()), frozenset(), proof.originals)
    refuse_rosters(Path(path))
    _refuse_lists(Path(path))
    document, cut = bounded(read_document(path))
    refuse_other_proofs(document)
    refuse_other_rosters(document)
    document, hidden = visible_part(document)
    plan, used = _read(laid_out(document), chosen, [*hidden, *cut])
    return PlanReading(plan, document, used)


def _refuse_lists(path: Path) -> None:
    """Raise InputError for a workbook that taskkit wrote to be looked at: it lists tasks, but is no plan."""
    try:
        notes = notes_of(path.read_bytes())
    except OSError:  # told where it is read
        return
    if {*notes, *notes.values()} & set(MARKS):
        raise InputError(f"“{path.name}”是 taskkit 生成的报表，不是分工方案", "请用印发的分工方案，或改好的核对稿")


def _read(document: Document, chosen: Dialect | None, cut: Sequence[Finding] = ()) -> tuple[Plan, frozenset[int]]:
    """The plan in a document, and the indices of the blocks that its tasks were read from."""
    source = _rows(document, chosen)
    if not source.rows:
        raise InputError(
            f"“{document.name}”里没有读到工作任务", "请核对是否为分工方案；如版式特殊，可用 --dialect 指定"
        )
    front = read_front(document, sorted(source.used))
    front = replace(front, year=front.year or _year_of_deadlines(source))
    parts = _parts(document, source)
    builder = Builder(learn(source.rows, front.issuer, _notice(document, source), front.title), front.year)
    for name, rows in parts:
        builder.part(name, rows)
    calendar = _calendar(document, source, front, parts)
    second = _second_plan(document, source)
    findings = [*builder.findings, *source.findings, *_front_findings(front), *_calendar_findings(calendar)]
    findings += [*second, *check_document(document), *cut]
    findings += _damaged_numbers(findings)
    info = _info(document, front, calendar, source)
    plan = make_plan(
        info,
        findings=findings,
        tasks=builder.tasks,
        assignments=builder.assignments,
        measures=builder.measures,
        targets=builder.targets,
        goals=builder.goals,
        schedule=[vars(due) for due in calendar.dues],
    )
    checked = check_plan(plan, [paragraph.text for paragraph in document.paragraphs], builder.shared_numbers)
    plan = replace(plan, findings=make_plan(info, findings=[*findings, *checked]).findings) if checked else plan
    return plan, source.used


def _year_of_deadlines(source: _Source) -> int | None:
    """The one year that all printed deadlines of a plan name, where nothing else says of which year it is."""
    texts = [text for row in source.rows for text in (row.deadline or "", *(clause.text for clause in row.clauses))]
    years = {year for text in texts for year in re.findall(r"20\d\d(?=[年.])", text)}
    return int(years.pop()) if len(years) == 1 else None


def _forced(name: str | None) -> Dialect | None:
    if name is None:
        return None
    for dialect in DIALECTS:
        if dialect.name == name:
            return dialect
    raise UsageError(f"没有名为“{name}”的读法", f"可用的有：{'、'.join(dialect.name for dialect in DIALECTS)}")


MAX_LINES = 20_000  # paragraphs and rows of a document: more than ten provincial plans joined
MAX_TEXT = 800_000  # characters of a document
MAX_PARAGRAPH = 60_000  # characters of one paragraph or cell


def bounded(document: Document) -> tuple[Document, list[Finding]]:
    """A document no larger than a plan can be; overlong paragraphs and cells are cut, and reported.

    Raises InputError where it has more lines or more text than any plan.
    """
    lines = sum(len(block.rows) if isinstance(block, Table) else 1 for block in document.blocks)
    signs = sum(map(_length, document.blocks))
    if lines > MAX_LINES or signs > MAX_TEXT:
        raise InputError(f"“{document.name}”内容过多，没有读取", "请核对是否为分工方案；合在一起的几个方案请分开后再试")
    long = [place for block in document.blocks for place in _overlong(block)]
    if not long:
        return document, []
    blocks = tuple(_cut(block) if any(_overlong(block)) else block for block in document.blocks)
    return replace(document, blocks=blocks), [finding("text-cut", source=long[0], count=len(long), limit=MAX_PARAGRAPH)]


def _overlong(block: Paragraph | Table) -> Iterator[str]:
    """The place of each text of a block that is longer than any in a plan."""
    if isinstance(block, Paragraph):
        parts = [(block.place, [block.text])]
    else:
        parts = [(row.place, [cell.text for cell in row.cells if not (cell.above or cell.left)]) for row in block.rows]
    yield from (place for place, texts in parts for text in texts if len(text) > MAX_PARAGRAPH)


def _cut(block: Paragraph | Table) -> Paragraph | Table:
    if isinstance(block, Paragraph):
        return replace(block, text=block.text[:MAX_PARAGRAPH])
    rows = (
        replace(row, cells=tuple(replace(cell, text=cell.text[:MAX_PARAGRAPH]) for cell in row.cells))
        for row in block.rows
    )
    return replace(block, rows=tuple(rows))


def _length(block: Paragraph | Table) -> int:
    if isinstance(block, Paragraph):
        return len(block.text)
    return sum(len(text) for row in block.rows for text in row.texts)


@dataclass(frozen=True)
class _Source:
    rows: tuple[TaskRow, ...]
    used: frozenset[int]
    dialects: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def _rows(document: Document, forced: Dialect | None) -> _Source:
    """The rows of a document in reading order: paragraphs by the dialect that fits best, and tables."""
    rows: list[TaskRow] = []
    used: set[int] = set()
    names: list[str] = []
    findings: list[Finding] = []
    blocks = list(enumerate(document.blocks))
    paragraphs = [(index, block) for index, block in blocks if isinstance(block, Paragraph)]
    for tables in (False, True):
        dialects = [dialect for dialect in ([forced] if forced else DIALECTS) if dialect.tables == tables]
        stretch: Sequence[tuple[int, Any]] = blocks if tables else paragraphs
        best = max(dialects, key=lambda dialect: dialect.fits(stretch), default=None)
        if best is None or not stretch or (not best.fits(stretch) and not forced):
            continue
        reading = best.read(stretch)
        if reading.rows:
            rows += reading.rows
            used |= reading.used
            names.append(best.name)
            findings += reading.findings
    ordered, dittos = without_dittos(sorted(rows, key=lambda row: row.block))
    return _Source(ordered, frozenset(used), tuple(names), (*findings, *dittos))


def _parts(document: Document, source: _Source) -> list[tuple[str, list[TaskRow]]]:
    """The rows by part: an annex begins where paragraphs give way to tables, or after 附件2."""
    parts: list[list[TaskRow]] = []
    last: TaskRow | None = None
    for row in source.rows:
        if last is None or _new_part(document, last, row):
            parts.append([])
        parts[-1].append(row)
        last = row
    names = ["main", "annex", *(f"annex{number}" for number in range(2, len(parts)))]
    return list(zip(names, parts, strict=False))


def _new_part(document: Document, last: TaskRow, row: TaskRow) -> bool:
    if last.block == row.block:
        return False
    between = document.blocks[last.block + 1 : row.block]
    annex = any(isinstance(block, Paragraph) and _ANNEX.match(squeeze(block.text)) for block in between)
    restarts = row.no is not None and last.no is not None and row.no <= last.no and row.no <= 1
    one, other = document.blocks[last.block], document.blocks[row.block]
    changes = isinstance(one, Table) != isinstance(other, Table)
    sheet = isinstance(other, Table) and other.sheet
    if isinstance(one, Table) and isinstance(other, Table) and one.sheet and sheet:
        annex = annex or not {one.title, other.title} <= sections_of(document.tables)
    return changes or (annex and restarts)


def _damaged_numbers(findings: Sequence[Finding]) -> list[Finding]:
    """Where characters fell out of dates they fell out of other numbers too, which nobody can tell from the text."""
    dates = [found for found in findings if found.code == "date-damaged"]
    return [finding("numbers-damaged", source=dates[0].source, count=len(dates))] if len(dates) > 1 else []


def _second_plan(document: Document, source: _Source) -> list[Finding]:
    """A second plan in one file: another title in the midst of the tasks, and numbers that begin again."""
    loose = {block.place for block in document.blocks if isinstance(block, Paragraph)}
    above = _titles_between(document, -1, source.rows[0].block) or []
    sections = sections_of(document.tables)
    for last, row in pairwise(source.rows):
        restarts = row.no is None if last.no is None else row.no is not None and row.no <= 1
        if last.block == row.block or not restarts:
            continue
        own = document.blocks[row.block]
        for title, place in _titles_between(document, last.block, row.block):
            if isinstance(own, Table) and own.title in sections and own.title in title:
                continue  # a section in a sheet of its own: …工业经济重点工作台账, …农业农村重点工作台账
            if place in loose or not any(same_plan(title, each) for each, _ in above):
                return [finding("second-plan", source=place, title=title)]
    return []


def _titles_between(document: Document, start: int, end: int) -> list[tuple[str, str]]:
    """Titles of plans above a row, none over an annex: in paragraphs since ``start``, and above its table's header."""
    lines = [(block.text, block.place) for block in document.blocks[start + 1 : end] if isinstance(block, Paragraph)]
    own = document.blocks[end]
    if isinstance(own, Table):
        lines += [(own.title, own.place)] if own.sheet and _ANNEX.match(squeeze(own.title)) else []
        lines += [("".join(row.texts), row.place) for row in own.rows[: _header_place(own)]]
    if start >= 0 and any(_ANNEX.match(squeeze(text)) for text, _ in lines):
        return []
    return [(squeeze(text), place) for text, place in lines if is_plan_title(text)]


def _header_place(table: Table) -> int:
    return next((place for place, row in enumerate(table.rows) if is_header(row.texts)), 0)


def _notice(document: Document, source: _Source) -> Iterator[str]:
    """The texts that are no tasks, without spaces: paragraphs, and the lines above and below a table's rows."""
    for index, block in enumerate(document.blocks):
        if isinstance(block, Table):
            yield from (squeeze(text) for row in (*block.rows[:3], *block.rows[-3:]) for text in row.texts[:1])
            yield from (squeeze(text) for row in block.rows[:8] if is_header(row.texts) for text in row.texts)
        elif index not in source.used:
            yield squeeze(block.text)


def _calendar(
    document: Document, source: _Source, front: Front, parts: Sequence[tuple[str, list[TaskRow]]]
) -> Calendar:
    notice = [
        (block.text, block.place)
        for index, block in enumerate(document.blocks)
        if isinstance(block, Paragraph) and index not in source.used
    ]
    notice += _notes_of_tables(document)
    if front.year is None:
        return Calendar()
    titles = [
        (name, _annex_mark(document, rows) + (_part_title(document, rows) if name != "main" else front.title or ""))
        for name, rows in parts
    ]
    return read_calendar(_joined(notice), front.year, front.issued_on, titles)


def _notes_of_tables(document: Document) -> list[tuple[str, str]]:
    """The notes that stand in rows of their own above or below tables (备注：每月25日前报送进展), each said once."""
    notes: dict[str, str] = {}
    for table in document.tables:
        for row in table.rows:
            said = [text for text in row.texts if text]
            if len(said) == 1 and _NOTE.match(squeeze(said[0])):
                notes.setdefault(compact(said[0]), row.place)
    return list(notes.items())


def _joined(notice: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Paragraphs of the notice with those torn by a page break put together."""
    joined: list[tuple[str, str]] = []
    for text, place in notice:
        if (
            joined
            and 30 < len(joined[-1][0]) < 2_000
            and not joined[-1][0].rstrip().endswith(("。", "；", "：", ":", ";", "！"))
        ):
            joined[-1] = (compact(f"{joined[-1][0]}{text}"), joined[-1][1])
        else:
            joined.append((text, place))
    return joined


def _annex_mark(document: Document, rows: Sequence[TaskRow]) -> str:
    """The line 附件2 above the rows of a part, by which the notice may name it."""
    above = document.blocks[max(0, rows[0].block - 6) : rows[0].block]
    marks = [mark for block in above if isinstance(block, Paragraph) and (mark := _MARK.fullmatch(squeeze(block.text)))]
    return f"附件{marks[-1][1]} " if marks else ""


def _part_title(document: Document, rows: Sequence[TaskRow]) -> str:
    """The title of an annex: the first line of its sheet, else what stands under the mark 附件 or above its rows."""
    own = document.blocks[rows[0].block]
    if isinstance(own, Table) and own.sheet and (titles := [text for text in own.rows[0].texts if text])[1:] == []:
        return squeeze("".join(titles))
    above = [squeeze(block.text) for block in document.blocks[: rows[0].block] if isinstance(block, Paragraph)]
    near = above[-_TITLE_LINES:]
    marks = [at for at, text in enumerate(near) if _MARK_ALONE.fullmatch(text)]
    return ("".join(near[marks[-1] + 1 :]) if marks else "") or (above[-1] if above else "")


def _info(document: Document, front: Front, calendar: Calendar, source: _Source) -> PlanInfo:
    notice = "".join(
        block.text for i, block in enumerate(document.blocks) if isinstance(block, Paragraph) and i not in source.used
    )
    return PlanInfo(
        title=front.title,
        issuer=front.issuer,
        document_number=front.document_number,
        year=front.year,
        issued_on=front.issued_on,
        stages=_stages(notice, calendar),
        source=document.name,
        sha256=document.sha256,
        dialect="+".join(source.dialects),
    )


def _stages(notice: str, calendar: Calendar) -> tuple[str, ...]:
    """The stages that goals are set for: as the notice says, else as often as the main part reports."""
    if re.search(r"季度.{0,6}(?:目标|计划|安排)|分季度", notice):
        return QUARTERS
    periods = [due.period for due in calendar.dues if due.part == "main" and due.period != "plan"]
    rules: tuple[tuple[Callable[[str], bool], tuple[str, ...]], ...] = (
        (lambda period: "H" in period, ("上半年", "全年")),
        (lambda period: "-" in period, tuple(f"{month}月" for month in range(1, 13))),
    )
    for fits, stages in rules:
        if periods and all(map(fits, periods)):
            return stages
    return QUARTERS


def _front_findings(front: Front) -> list[Finding]:
    findings = []
    if front.mended and front.issued_on:
        text, place = front.mended
        day = front.issued_on
        findings.append(finding("date-damaged", source=place, text=text, month=day.month, day=day.day))
    if front.title is None:
        findings.append(finding("no-plan-title"))
    if front.year is None:
        findings.append(finding("no-year"))
    return findings


def _calendar_findings(calendar: Calendar) -> list[Finding]:
    return [finding(doubt.code, source=doubt.source, **doubt.words) for doubt in calendar.doubts]
