"""Later versions of plans, and the changes that made them: in force from a day on, nothing is replaced.

A plan keeps its name, its id and its first content for good. What is in force on a day is the
version of the latest day up to then; of several for one day the newest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from taskkit import tables
from taskkit.entries import PlanChange, PlanVersion
from taskkit.kept import info_to_json
from taskkit.plan import FRAMES, Plan, records
from taskkit.stores.base import Store, now, sha256_of
from taskkit.stores.returned import LedgerChangedError
from taskkit.stores.rulings import keep_file

RENAMED = "unit"  # kind of a change: a unit renamed, or merged into another one


@dataclass(frozen=True)
class Content:
    """A plan as the ledger keeps it."""

    info: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]
    sha256: str

    @classmethod
    def of(cls, plan: Plan) -> Content:
        rows = {frame: records(frame, getattr(plan, frame)) for frame in FRAMES}
        info = info_to_json(plan.info)
        return cls(info, rows, sha256_of(json.dumps([info, rows], ensure_ascii=False, sort_keys=True, default=str)))


def insert_content(connection: sa.Connection, name: str, content: Content) -> int:
    """Keep the frames of a plan under a name; the id of its row."""
    plan_id = connection.scalar(
        tables.plans.insert()
        .values(name=name, content_sha256=content.sha256, info=content.info, added_at=now())
        .returning(tables.plans.c.plan_id)
    )
    assert plan_id is not None
    for frame, listed in content.rows.items():
        numbered = [{"plan_id": plan_id, "position": at, **row} for at, row in enumerate(listed)]
        if numbered:
            connection.execute(tables.frames[frame].insert(), numbered)
    return int(plan_id)


class VersionStore(Store):
    """The versions of plans."""

    def plan_versions(self, name: str) -> list[PlanVersion]:
        """The versions of a plan that count, by the day from which they do; the first is the one that was loaded."""
        first = PlanVersion(0, self._plan_id(name), None)
        by_day = {each.effective_on: each for each in self._versions(name)}
        return [first, *sorted(by_day.values(), key=lambda each: each.effective_on or date.min)]

    def plan_changes(self, name: str) -> list[PlanChange]:
        """What was changed since a plan was loaded, in the order in which it was said."""
        if not self._has_versions():
            return []
        return [PlanChange(**row) for row in self._rows(_with_file(tables.plan_changes, "change", self._plan_id(name)))]

    def renames(self, name: str, on: date | None = None) -> list[tuple[str, str]]:
        """Former and new names of the units that were renamed or merged by a day (or ever), in their order."""
        found = [each for each in self.plan_changes(name) if each.kind == RENAMED]
        found.sort(key=lambda each: each.effective_on)
        return [(each.content["old"], each.content["new"]) for each in found if on is None or each.effective_on <= on]

    def keep_versions(
        self,
        name: str,
        versions: Iterable[tuple[date, Plan]],
        changes: Iterable[PlanChange],
        ground: str = "",
        file_name: str = "",
        file: bytes | None = None,
        seen: int = 0,
    ) -> None:
        """Keep later versions of a plan and what was changed in them, with the file that said so, in one transaction.

        ``seen`` is the ``last_change`` that they were made from. Raises LedgerChangedError where somebody
        else has changed the plan since.
        """
        plan_id, contents = self._plan_id(name), [(day, Content.of(plan)) for day, plan in versions]
        with self._transaction(writes=True) as connection:
            if _last_change(connection, plan_id) != seen:
                raise LedgerChangedError("方案刚被别人改过", "请重新运行一次")
            digest = keep_file(connection, file_name, file) if file is not None else None
            common = {"plan_id": plan_id, "file_sha256": digest, "kept_at": now()}
            kept = tables.plan_versions.c
            number = connection.scalar(sa.select(sa.func.count()).where(kept.plan_id == plan_id)) or 0
            for at, (day, content) in enumerate(contents, number + 1):
                # No name that a person gives holds this sign (see kept.checked_name).
                content_id = insert_content(connection, f"{plan_id}/{at}", content)
                row = {**common, "content_id": content_id, "effective_on": day, "ground": ground}
                connection.execute(tables.plan_versions.insert().values(row))
            said = [
                {**common, **{key: getattr(each, key) for key in ("kind", "content", "effective_on", "ground")}}
                for each in changes
            ]
            if said:
                connection.execute(tables.plan_changes.insert(), said)

    def last_change(self, name: str) -> int:
        """The number of the newest change of a plan, 0 for none."""
        plan_id = self._plan_id(name)
        if not self._has_versions():
            return 0
        with self._transaction() as connection:
            return _last_change(connection, plan_id)

    def ids_used(self, name: str) -> frozenset[str]:
        """The ids of all tasks and targets that any version of a plan ever had: none is given a second time."""
        kept, plan_id = tables.plan_versions.c, self._plan_id(name)
        found: set[str] = set()
        for frame, key in (("tasks", "task_id"), ("targets", "target_id")):
            table = tables.frames[frame]
            whose = table.c.plan_id == plan_id
            if self._has_versions():
                whose |= table.c.plan_id.in_(sa.select(kept.content_id).where(kept.plan_id == plan_id))
            found.update(row[key] for row in self._rows(sa.select(table.c[key]).where(whose).distinct()))
        return frozenset(found)

    def _has_versions(self) -> bool:
        """Whether the ledger has the tables for versions, and those that they refer to."""
        return self._database.has(tables.plan_versions) and self._database.has(tables.decision_files)

    def _version_on(self, name: str, on: date | None) -> PlanVersion:
        versions = self.plan_versions(name)
        return [each for each in versions if on is None or each.effective_on is None or each.effective_on <= on][-1]

    def _versions(self, name: str) -> Sequence[PlanVersion]:
        if not self._has_versions():
            return ()
        rows = self._rows(_with_file(tables.plan_versions, "version", self._plan_id(name)))
        return [PlanVersion(**row) for row in rows]


def _last_change(connection: sa.Connection, plan_id: int) -> int:
    kept = tables.plan_changes.c
    return connection.scalar(sa.select(sa.func.max(kept.change)).where(kept.plan_id == plan_id)) or 0


def _with_file(table: sa.Table, number: str, plan_id: int) -> sa.Select[Any]:
    """The rows of a plan, in the order in which they were kept, with the name of the file that said so."""
    files = tables.decision_files
    left_out = {number, "plan_id", "file_sha256"}
    return (
        sa.select(
            table.c[number].label("number"),
            *(column for column in table.c if column.name not in left_out),
            sa.func.coalesce(files.c.file_name, "").label("file_name"),
        )
        .join_from(table, files, files.c.file_sha256 == table.c.file_sha256, isouter=True)
        .where(table.c.plan_id == plan_id)
        .order_by(table.c[number])
    )
