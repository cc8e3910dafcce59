"""An amended document under a plan's name: its tasks matched with those that are kept, and what is different.

Tasks and targets keep their ids, new ones get ids that were never given, and what the document does
not say at all (calendar, issuer) stays as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from taskkit.changing.affected import Affected, Versions, affected
from taskkit.changing.applying import DOCUMENT
from taskkit.changing.differences import Difference, Kind, differences
from taskkit.changing.keeping import check_order, versions_of_document
from taskkit.changing.matching import Limits, Matching, Pair, contained, match_tasks
from taskkit.changing.rows import Ids, Row, Rows, name_of, numbered, ranked_rows
from taskkit.entries import PlanChange
from taskkit.errors import UsageError
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger
from taskkit.plan import Plan, PlanInfo
from taskkit.proofreading.columns import part_shown
from taskkit.settings import Settings

_LIMITS = ("sure", "perhaps", "apart")


@dataclass(frozen=True)
class Amendment:
    """An amended document beside the plan that is kept: which task is which, what differs, what to send again.

    ``plan`` is the document with the ids of the ledger. ``matching.doubts`` are for a person to
    decide first; they stand in no difference.
    """

    name: str
    day: date
    plan: Plan
    before: Plan
    matching: Matching
    differences: tuple[Difference, ...]
    affected: tuple[Affected, ...]
    findings: tuple[Finding, ...]
    seen: int

    @property
    def count(self) -> dict[Kind, int]:
        """How many tasks were added, changed, moved, withdrawn."""
        tasks = {kind: {each.task_id for each in self.differences if each.kind is kind} for kind in Kind}
        tasks[Kind.MOVED] -= tasks[Kind.CHANGED]
        return {kind: len(ids) for kind, ids in tasks.items()}


def amend(
    ledger: Ledger,
    name: str,
    document: Plan,
    day: date,
    decided: Mapping[Pair, bool] | None = None,
    settings: Settings | None = None,
    is_proof: bool = False,
) -> Amendment:
    """Compare an amended document with the plan in force on its day; nothing is kept.

    ``decided``: of pairs of tasks (id in the plan, id in the document), whether they are the same.
    ``is_proof``: a proofreading workbook; where it was written from a document that the plan was
    read from, its ids are the plan's. Raises UsageError for an unknown plan, where a whole
    document holds from a later day, and where no task is one of the plan: that is another one.
    """
    check_order(ledger, name, day)
    seen, before = ledger.last_change(name), ledger.plan(name, day)
    limits = Limits(**(settings or Settings()).limits("amending", _LIMITS))
    ours, theirs = Rows.of(before), Rows.of(document)
    by_id = is_proof and document.info.sha256 in _sources(ledger, name)
    matching = match_tasks(ours.tasks, theirs.tasks, limits, decided or {}, by_id)
    if ours.tasks and not matching.same and not matching.doubts:
        raise UsageError(
            f"“{document.info.source}”没有一项任务与“{name}”的对得上，不像它的修订稿",
            "请核对文件和 --as；另一份方案请不加 --amend，用 --as 另起名字",
        )
    combined = _Combiner(ours, theirs, matching, Ids(ledger.ids_used(name)), ledger.renames(name, day))
    plan = combined.plan()
    open_ids = {task for each in matching.doubts for task in (each.kept, combined.ids[each.new])}
    found = tuple(each for each in differences(before, plan) if each.task_id not in open_ids)
    roster = ledger.roster(name, day)
    versions = Versions.of(before, plan, roster, roster)
    forms = () if matching.doubts or not found else tuple(affected(ledger, name, versions, day))
    told = tuple(_findings(ours, theirs, matching, combined))
    return Amendment(name, day, plan, before, matching, found, forms, told, seen)


def keep_amendment(ledger: Ledger, amendment: Amendment, ground: str, file: Path) -> bool:
    """Keep an amended document as a further version; False where it is no other.

    Raises UsageError while a doubt is open, LedgerChangedError where the plan was changed meanwhile.
    """
    if amendment.matching.doubts:
        raise UsageError("还有对不上号的任务，没有登记", "请先在变更对照表的“待确认”里决定，再用 --matches 带上它")
    if not amendment.differences:
        return False
    content = {"document": amendment.plan.info.title or file.name, "sha256": amendment.plan.info.sha256}
    change = PlanChange(DOCUMENT, content, amendment.day, ground)
    made = versions_of_document(ledger, amendment.name, amendment.day, amendment.plan)
    ledger.keep_versions(amendment.name, made, [change], ground, file.name, file.read_bytes(), amendment.seen)
    return True


def _sources(ledger: Ledger, name: str) -> set[str]:
    """The SHA-256 of the documents that a plan was read from."""
    days = (each.effective_on or date.min for each in ledger.plan_versions(name))
    return {ledger.plan(name, day).info.sha256 for day in days} - {""}


@dataclass
class _Combiner:
    """The document's rows under the ids of the plan."""

    ours: Rows
    theirs: Rows
    matching: Matching
    free: Ids
    renames: list[tuple[str, str]]
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.theirs.tasks:
            known = self.matching.same.get(row["task_id"])
            self.ids[row["task_id"]] = known or self.free.task(row["part"])

    def plan(self) -> Plan:
        frames = {
            frame: [self._with_id(row) for row in rows]
            for frame, rows in self.theirs.frames.items()
            if frame != "schedule"
        }
        frames["schedule"] = self.theirs.frames["schedule"] or self.ours.frames["schedule"]
        for row in frames["assignments"]:
            row["unit"] = self.unit(row["unit"])
        rows = Rows(self._info(), frames)
        for task in rows.tasks:
            task_id = task["task_id"]
            rows.put("assignments", task_id, ranked_rows(rows.of_task("assignments", task_id)))
            known = self.ours.of_task("targets", task_id)
            rows.put("targets", task_id, numbered(task_id, rows.of_task("targets", task_id), known, self.free))
        return rows.plan()

    def _with_id(self, row: Row) -> Row:
        return {**row, "task_id": self.ids.get(row["task_id"], row["task_id"])}

    def unit(self, name: str) -> str:
        for old, new in self.renames:
            name = new if name == old else name
        return name

    def _info(self) -> PlanInfo:
        """What the document says of itself; where it is silent, what the plan said."""
        old, new = self.ours.info, self.theirs.info
        silent = {
            key: getattr(old, key)
            for key in ("title", "issuer", "document_number", "year", "issued_on")
            if getattr(new, key) is None
        }
        stages = new.stages if self.theirs.frames["schedule"] else old.stages
        return replace(new, **silent, stages=stages)


def _findings(ours: Rows, theirs: Rows, matching: Matching, combined: _Combiner) -> Iterator[Finding]:
    old = {row["task_id"]: row for row in ours.tasks}
    new = {row["task_id"]: row for row in theirs.tasks}
    for kept, other, likeness in matching.doubts:
        words = {"old": name_of(old[kept]), "new": name_of(new[other]), "likeness": likeness}
        yield finding("amend-doubt", source=str(new[other]["source"] or ""), task_id=kept, **words)
    same, doubted = matching.same, {each.kept for each in matching.doubts}
    gone = [row for task_id, row in old.items() if task_id not in same.values() and task_id not in doubted]
    for row in gone:
        for heir in contained(theirs.tasks, row):
            yield finding("amend-joined", task_id=row["task_id"], old=name_of(row), new=name_of(heir))
    doubted = {each.new for each in matching.doubts}
    for row in (row for task_id, row in new.items() if task_id not in same and task_id not in doubted):
        for source in contained(ours.tasks, row):
            own = combined.ids[row["task_id"]]
            yield finding("amend-split", task_id=own, old=name_of(source), new=name_of(row))
    parts = Counter(row["part"] for row in ours.tasks)
    for part in parts.keys() - {row["part"] for row in theirs.tasks}:
        yield finding("amend-part-gone", part=part_shown(part), count=parts[part])
    if not theirs.frames["schedule"] and ours.frames["schedule"]:
        yield finding("amend-calendar-kept")
    renamed = {row["unit"] for row in theirs.frames["assignments"]} & {name for name, _ in combined.renames}
    for name in sorted(renamed):
        yield finding("amend-old-name", old=name, new=combined.unit(name))
