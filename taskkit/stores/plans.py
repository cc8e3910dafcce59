"""Plans, and the unit and leader lists that go with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from taskkit import tables
from taskkit.errors import UsageError
from taskkit.kept import checked_name, info_from_json
from taskkit.plan import FRAMES, Plan, make_frame, records
from taskkit.roster import EarlierRoster, Roster, draft_roster, joined, roster_from, same_place
from taskkit.stores.base import now, sha256_of
from taskkit.stores.schedules import newest_schedule
from taskkit.stores.versions import Content, VersionStore, insert_content

_DRAFTED = "按方案列出，已记入单位更名合并"


class PlanStore(VersionStore):
    """The plans kept, with their lists."""

    def add_plan(self, plan: Plan, name: str | None = None) -> str:
        """Keep a plan; its name (the source file's stem unless given) comes back.

        The same content again changes nothing. Raises UsageError where the name is taken by
        other content, or cannot be used as a folder's name.
        """
        wanted = checked_name(name or Path(plan.info.source).stem)
        content = Content.of(plan)
        with self._transaction(writes=True) as connection:
            taken = connection.scalar(sa.select(tables.plans.c.content_sha256).where(tables.plans.c.name == wanted))
            if taken == content.sha256:
                return wanted
            if taken is not None:
                raise UsageError(
                    f"台账里已有名为“{wanted}”的另一份方案", "请用 --as 另起一个名字；是它的修订稿的，请加 --amend"
                )
            insert_content(connection, wanted, content)
        return wanted

    def plan(self, name: str, on: date | None = None) -> Plan:
        """The plan kept under ``name``: its newest version, or the one in force ``on`` a day.

        Its schedule is the one that counts: the one set by the office, else as printed. Raises
        UsageError with the known names where there is none.
        """
        plan = self._content(self._version_on(name, on).content_id)
        schedule = newest_schedule(self._database, self._plan_id(name))
        if schedule is None:
            return plan
        return replace(plan, schedule=make_frame("schedule", [each.row for each in schedule.dates]))

    def all_tasks(self, name: str) -> dict[str, dict[str, Any]]:
        """The rows of all tasks that the plan had in any version that counts, withdrawn ones too, as last worded."""
        found: dict[str, dict[str, Any]] = {}
        for version in self.plan_versions(name):
            found |= {row["task_id"]: row for row in records("tasks", self._content(version.content_id).tasks)}
        return found

    def _content(self, content_id: int) -> Plan:
        row = self._rows(sa.select(tables.plans.c.info).where(tables.plans.c.plan_id == content_id))[0]
        frames = {
            frame: make_frame(
                frame,
                self._rows(
                    sa.select(*(table.c[key] for key in FRAMES[frame]))
                    .where(table.c.plan_id == content_id)
                    .order_by(table.c.position)
                ),
            )
            for frame, table in tables.frames.items()
        }
        return Plan(info_from_json(row["info"]), **frames)

    def plan_content(self, name: str) -> str:
        """The SHA-256 of the plan as first kept, from which the ids of workbooks derive, whatever the version."""
        return str(self._plan_row(name)["content_sha256"])

    def add_roster(self, name: str, roster: Roster) -> bool:
        """Keep the unit and leader lists of a plan; False where they are those that it has already.

        Earlier lists stay; the newest counts. Raises UsageError for an unknown plan, and for a
        roster with errors.
        """
        if any(each.severity == "error" for each in roster.found):
            raise UsageError("名册里有不能照用的地方", "请先改好")
        content = roster.content()
        row = {"plan_id": self._plan_id(name), "content": content, "file_name": roster.source}
        digest = sha256_of(json.dumps(content, ensure_ascii=False, sort_keys=True))
        with self._transaction(writes=True) as connection:
            newest = (
                connection.execute(_rosters(tables.rosters.c.plan_id == row["plan_id"]).limit(1)).mappings().first()
            )
            if newest and newest["content_sha256"] == digest:
                return False
            connection.execute(tables.rosters.insert().values(**row, content_sha256=digest, loaded_at=now()))
        return True

    def roster(self, name: str, on: date | None = None) -> Roster | None:
        """The unit and leader lists of a plan, None where none was loaded and no unit was renamed.

        The former names of units renamed or merged (by ``on``, where a day is given) are aliases of
        the new ones, also where the list was loaded before.
        """
        plan_id = self._plan_id(name)
        kept = next((roster for _, roster in self._rosters(tables.rosters.c.plan_id == plan_id)), None)
        renames = self.renames(name, on)
        if not renames:
            return kept
        roster = kept or replace(draft_roster(self.plan(name, on)), source=_DRAFTED)
        for old, new in renames:
            roster = joined(roster, old, new)
        return roster

    def previous_roster(self, name: str) -> EarlierRoster | None:
        """The newest lists of another plan, one of the same place before all: what a first draft goes on from."""
        own = self._plan_row(name)
        plans = self._rows(sa.select(tables.plans.c.plan_id, tables.plans.c.info))
        issuer, others = own["info"]["issuer"], [row for row in plans if row["plan_id"] != own["plan_id"]]
        near = [row for row in others if same_place(row["info"]["issuer"], issuer)]
        for rows, is_same in ((near, True), (others, False)):
            for plan, roster in self._rosters(tables.rosters.c.plan_id.in_([row["plan_id"] for row in rows])):
                return EarlierRoster(plan, roster, is_same)
        return None

    def _rosters(self, which: sa.ColumnElement[bool]) -> Iterator[tuple[str, Roster]]:
        if self._database.has(tables.rosters):
            for row in self._rows(_rosters(which).limit(1)):
                yield row["plan"], roster_from(row["content"], row["file_name"])


def _rosters(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Rosters with the names of their plans, the newest first."""
    statement = sa.select(tables.rosters, tables.plans.c.name.label("plan")).join(tables.plans).where(which)
    return statement.order_by(tables.rosters.c.roster_id.desc())
