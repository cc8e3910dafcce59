"""What went out beside the forms: supplements to workbooks, one table for all units."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from taskkit import tables
from taskkit.entries import Companion
from taskkit.stores.base import Store, now, present


class CompanionStore(Store):
    """Files that are known by their bytes, and by what they say."""

    def record_companions(self, name: str, period: str, listed: Sequence[Companion]) -> None:
        """Keep what went out beside the forms; what is known by its bytes already is left alone."""
        common = {"plan_id": self._plan_row(name)["plan_id"], "period": period, "written_at": now()}
        with self._transaction(writes=True) as connection:
            known = present(connection, tables.companions.c.file_sha256, [each.file_sha256 for each in listed])
            rows = [{**common, **each._asdict()} for each in listed if each.file_sha256 not in known]
            if rows:
                connection.execute(tables.companions.insert(), rows)

    def companions(self, name: str, period: str) -> list[Companion]:
        """What went out beside the forms of a period, oldest first."""
        table = tables.companions
        if not self._database.has(table):
            return []
        statement = (
            sa.select(*(table.c[key] for key in Companion._fields))
            .where(table.c.plan_id == self._plan_row(name)["plan_id"], table.c.period == period)
            .order_by(table.c.companion)
        )
        return [Companion(**row) for row in self._rows(statement)]
