"""read_plan: a document and its dialects -> a Plan, with findings where the text is not clear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from taskkit.dialects import DIALECTS, ClauseText, Dialect, TaskRow
from taskkit.dialects.front import Front, is_plan_title, read_front
from taskkit.documents import Document, Paragraph, Table, read_document
from taskkit.errors import InputError, UsageError
from taskkit.findings import Finding, finding
from taskkit.measures import measure, split_measures
from taskkit.plan import QUARTERS, Plan, PlanInfo, make_plan
from taskkit.rules.plan import check_plan
from taskkit.schedule import Calendar, deadline_in, parse_deadline, read_calendar
from taskkit.targets import find_targets
from taskkit.text import compact, squeeze
from taskkit.units import (
    LEVEL_WORD,
    PROVINCES,
    Clause,
    Lexicon,
    Role,
    Unit,
    complete,
    looks_like_unit,
    parse_clauses,
    parse_persons,
    ranked,
    split_cell,
)

_ANNEX = re.compile(r"^附\s*[件表录]\s*\d*\s*[：:.、]?")
# 列第一位的责任单位为牵头单位; 排在首位的为牵头单位 (domain.md D18).
_FIRST_LEADS = re.compile(r"(?:列|排|位)[^，。；]{0,4}(?:第一位|首位|第一)[^，。；]{0,10}牵头")


def read_plan(path: str | Path, dialect: str | None = None) -> Plan:
    """Read an issued plan into a Plan.

    ``dialect`` forces one way of reading; without it each stretch is read by what fits best.
    Raises UsageError for an unknown dialect, InputError for a file that cannot be read or in
    which no task is found.
    """
    chosen = _forced(dialect)
    document = read_document(path)
    source = _rows(document, chosen)
    if not source.rows:
        raise InputError(
            f"“{document.name}”里没有读到工作任务", "请核对是否为分工方案；如版式特殊，可用 --dialect 指定"
        )
    front = read_front(document, sorted(source.used))
    parts = _parts(document, source)
    builder = _Builder(_lexicon(document, source.rows, front), front)
    for name, rows in parts:
        builder.part(name, rows)
    calendar = _calendar(document, source, front, parts)
    second = _second_plan(document, source)
    findings = [*builder.findings, *_front_findings(front), *_calendar_findings(calendar), *second, *_damage(document)]
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
    checked = check_plan(plan, [paragraph.text for paragraph in document.paragraphs])
    return replace(plan, findings=make_plan(info, findings=[*findings, *checked]).findings) if checked else plan


def _forced(name: str | None) -> Dialect | None:
    if name is None:
        return None
    for dialect in DIALECTS:
        if dialect.name == name:
            return dialect
    raise UsageError(f"没有名为“{name}”的读法", f"可用的有：{'、'.join(dialect.name for dialect in DIALECTS)}")


@dataclass(frozen=True)
class _Source:
    rows: tuple[TaskRow, ...]
    used: frozenset[int]
    dialects: tuple[str, ...]


def _rows(document: Document, forced: Dialect | None) -> _Source:
    """The rows of a document in reading order: paragraphs by the dialect that fits best, and tables."""
    rows: list[TaskRow] = []
    used: set[int] = set()
    names: list[str] = []
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
    return _Source(tuple(sorted(rows, key=lambda row: row.block)), frozenset(used), tuple(names))


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
    changes = isinstance(document.blocks[last.block], Table) != isinstance(document.blocks[row.block], Table)
    return changes or (annex and restarts)


def _damage(document: Document) -> list[Finding]:
    """Characters that could not be decoded, with the first place."""
    texts = [(block.text, block.place) for block in document.paragraphs]
    texts += [(text, row.place) for table in document.tables for row in table.rows for text in row.texts]
    damaged = [(text.count("\ufffd"), place) for text, place in texts if "\ufffd" in text]
    if not damaged:
        return []
    return [finding("text-damaged", source=damaged[0][1], count=sum(count for count, _ in damaged))]


def _second_plan(document: Document, source: _Source) -> list[Finding]:
    """A second plan in one file: another title in the midst of the tasks, and numbers that begin again."""
    for last, row in pairwise(source.rows):
        restarts = row.no is not None and last.no is not None and row.no <= 1 < last.no
        between = document.blocks[last.block + 1 : row.block]
        if any(isinstance(block, Paragraph) and _ANNEX.match(squeeze(block.text)) for block in between):
            continue
        for block in between if restarts else ():
            if isinstance(block, Paragraph) and is_plan_title(block.text):
                return [finding("second-plan", source=block.place, title=squeeze(block.text))]
    return []


def _lexicon(document: Document, rows: Iterable[TaskRow], front: Front) -> Lexicon:
    """What the document teaches about names: full names, places, and the rule on who leads a list."""
    known: set[str] = set()
    bare = Lexicon()
    for row in rows:
        for text in (*row.clauses, *(clause for step in row.steps for clause in step.clauses)):
            if text.cell:
                known |= {name for name in re.split(r"[、，,；;]", text.text) if name and not re.search(r"\s", name)}
            known |= {unit.name for unit in parse_clauses([(_cell_text(text, ()), text.role)], bare).units}
    places = {
        found[1] for name in known if (found := re.match(r"^([\u4e00-\u9fff]{2,3})[市县区镇乡](?:人民)?政府$", name))
    }
    places |= {name for name in re.findall(r"([\u4e00-\u9fff]{2,3}?)[省市县区]", front.issuer or "") if len(name) > 1}
    notice = "".join(paragraph.text for paragraph in document.paragraphs[:60])
    full = {name for name in known if LEVEL_WORD.match(name) or looks_like_unit(name)}
    return Lexicon(frozenset(full), PROVINCES | places, bool(_FIRST_LEADS.search(squeeze(notice))))


def _cell_text(text: ClauseText, known: Iterable[str]) -> str:
    """A clause text as one line; names that a table cell sets apart by spaces get a 、."""
    if not text.cell:
        return text.text
    groups = re.split(r"([，,；;])", text.text)
    names = frozenset(known)
    return "".join(part if part in "，,；;" else "、".join(split_cell(part, names)) for part in groups)


@dataclass
class _Builder:
    """Collects the rows of the frames, task by task."""

    lexicon: Lexicon
    front: Front
    tasks: list[dict[str, Any]] = field(default_factory=list)
    assignments: list[dict[str, Any]] = field(default_factory=list)
    measures: list[dict[str, Any]] = field(default_factory=list)
    targets: list[dict[str, Any]] = field(default_factory=list)
    goals: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def part(self, name: str, rows: Sequence[TaskRow]) -> None:
        """Take the rows of one part; ids are given in reading order."""
        letter = "T" if name == "main" else "A"
        start = sum(task["task_id"].startswith(letter) for task in self.tasks) + 1
        carried: tuple[str, ...] = ()
        for number, row in enumerate(rows, start=start):
            carried = self._task(f"{letter}{number:03d}", name, row, carried)

    def _task(self, task_id: str, part: str, row: TaskRow, carried: tuple[str, ...]) -> tuple[str, ...]:
        clause = self._clause(row.clauses)
        steps = [self._clause(step.clauses) for step in row.steps]
        later = carried + tuple(name for each in (clause, *steps) for name in each.carried)
        units = [*clause.units, *(Unit(name, "support", collective=True, raw=name) for name in later)]
        deadline = row.deadline or clause.deadline or deadline_in(row.title or "")
        every = (clause, *steps)
        self.tasks.append(
            {
                "task_id": task_id,
                "part": part,
                "no": row.no,
                "section": squeeze(row.section) if row.section else None,
                "group": squeeze(row.group) if row.group else None,
                "title": row.title,
                "measures": row.measures,
                "leaders": list(row.leaders or clause.leaders),
                "joint": clause.joint if clause.units else any(step.joint for step in steps),
                "open_ended": any(each.open_ended for each in every),
                "deadline": deadline,
                "due_on": parse_deadline(deadline, self.front.year) if deadline else None,
                "source": row.place,
            }
        )
        self._assign(task_id, None, ranked(units))
        self._measure(task_id, row, steps)
        self._aim(task_id, row, clause)
        for code in dict.fromkeys(code for each in every for code in each.doubts):
            self.findings.append(finding(code, source=row.place, task_id=task_id, title=_short(row)))
        for name in dict.fromkeys(name for each in every for name in each.both):
            self.findings.append(finding("both-roles", source=row.place, task_id=task_id, title=_short(row), unit=name))
        if row.label_as:
            self.findings.append(
                finding("label-spelling", source=row.place, task_id=task_id, label=row.group, other=row.label_as)
            )
        return later

    def _clause(self, texts: Sequence[ClauseText]) -> Clause:
        heads: dict[str, tuple[str, ...]] = {}
        pairs: list[tuple[str, Role]] = []
        for text in texts:
            if text.heads:
                unit, persons = _without_heads(text.text)
                heads[unit] = persons
                pairs.append((unit, text.role))
            else:
                pairs.append((_cell_text(text, self.lexicon.known), text.role))
        clause = parse_clauses(pairs, self.lexicon)
        units = [
            replace(unit, name=complete(unit.name, self.lexicon), heads=heads.get(unit.raw, ()))
            for unit in clause.units
        ]
        return replace(clause, units=ranked(units))

    def _assign(self, task_id: str, measure_no: int | None, units: Iterable[Unit]) -> None:
        self.assignments += [
            {
                "task_id": task_id,
                "measure_no": measure_no,
                "unit": unit.name,
                "role": unit.role,
                "rank": unit.rank,
                "collective": unit.collective,
                "heads": list(unit.heads),
                "raw": unit.raw,
            }
            for unit in units
        ]

    def _measure(self, task_id: str, row: TaskRow, steps: Sequence[Clause]) -> None:
        found = [measure(step.text) for step in row.steps] if row.steps else split_measures(row.measures or "")
        for number, each in enumerate(found, start=1):
            self.measures.append(
                {
                    "task_id": task_id,
                    "measure_no": number,
                    "text": each.text,
                    "kind": each.kind,
                    "documents": list(each.documents),
                }
            )
        for number, clause in enumerate(steps, start=1):
            self._assign(task_id, number, clause.units)

    def _aim(self, task_id: str, row: TaskRow, clause: Clause) -> None:
        found = [*find_targets(row.title or ""), *find_targets(row.measures or "")]
        for number, target in enumerate(found, start=1):
            own = {"task_id": task_id, "target_id": f"{task_id}.{number}", "nature": clause.nature}
            self.targets.append(own | vars(target))
        self.goals += [{"task_id": task_id, "stage": stage, "text": text} for stage, text in row.goals]


def _without_heads(text: str) -> tuple[str, tuple[str, ...]]:
    """A cell that names a unit and persons (省A厅 张 一 王二) as both."""
    pieces = text.split()
    end = 1
    while end < len(pieces) and not looks_like_unit("".join(pieces[:end])):
        end += 1
    return "".join(pieces[:end]), tuple(parse_persons(" ".join(pieces[end:])))


def _short(row: TaskRow) -> str:
    text = row.title or row.measures or ""
    return text if len(text) <= 20 else f"{text[:20]}…"


def _calendar(
    document: Document, source: _Source, front: Front, parts: Sequence[tuple[str, list[TaskRow]]]
) -> Calendar:
    notice = [
        (block.text, block.place)
        for index, block in enumerate(document.blocks)
        if isinstance(block, Paragraph) and index not in source.used
    ]
    if front.year is None:
        return Calendar()
    titles = [(name, _part_title(document, rows) if name != "main" else front.title or "") for name, rows in parts]
    return read_calendar(_joined(notice), front.year, front.issued_on, titles)


def _joined(notice: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Paragraphs of the notice with those torn by a page break put together."""
    joined: list[tuple[str, str]] = []
    for text, place in notice:
        if (
            joined
            and len(joined[-1][0]) > 30
            and not joined[-1][0].rstrip().endswith(("。", "；", "：", ":", ";", "！"))
        ):
            joined[-1] = (compact(f"{joined[-1][0]}{text}"), joined[-1][1])
        else:
            joined.append((text, place))
    return joined


def _part_title(document: Document, rows: Sequence[TaskRow]) -> str:
    """The title of an annex: the paragraph above its first row."""
    for block in reversed(document.blocks[: rows[0].block]):
        if isinstance(block, Paragraph):
            return squeeze(block.text)
    return ""


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
