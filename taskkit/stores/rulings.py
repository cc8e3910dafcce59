"""What the supervision office itself said: versions of its own cells, the newest counts, nothing is deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from taskkit import tables
from taskkit.entries import Ruling, RulingKey
from taskkit.stores.base import Store, now
from taskkit.stores.returned import LedgerChangedError

_KEY = ("topic", "period", "unit", "row_id", "column")


class RulingStore(Store):
    """The office's own words."""

    def rulings(self, name: str, topic: str | None = None, period: str | None = None) -> dict[RulingKey, Ruling]:
        """What stands: the newest of each, in the order in which they were first said, without what was taken back."""
        newest = {each.key: each for each in self.ruling_versions(name, topic, period)}
        return {key: each for key, each in newest.items() if each.value}

    def ruling_versions(self, name: str, topic: str | None = None, period: str | None = None) -> list[Ruling]:
        """All that was ever said, oldest first."""
        plan_id = self._plan_id(name)
        if not self._database.has(tables.rulings):
            return []
        wanted = {"plan_id": plan_id, "topic": topic, "period": period}
        where = [tables.rulings.c[key] == value for key, value in wanted.items() if value is not None]
        return [Ruling(**row) for row in self._rows(_select(where))]

    def keep_rulings(
        self,
        name: str,
        rulings: Iterable[Ruling],
        file_name: str = "",
        file: bytes | None = None,
        seen: Mapping[RulingKey, int] | None = None,
    ) -> list[Ruling]:
        """Keep what the office says, with the file in which it stood, in one transaction; what was news comes back.

        ``seen``: the number of the version that each was weighed against (0 for none). Raises
        LedgerChangedError where somebody has said something else on one of them since.
        """
        plan_id, listed = self._plan_id(name), list(rulings)
        with self._transaction(writes=True) as connection:
            of_plan = [tables.rulings.c.plan_id == plan_id]
            newest = {row["key"]: row for row in _newest(connection, of_plan)}
            fresh: list[Ruling] = []
            for each in listed:
                known = newest.get(each.key)
                if known is not None and known["value"] == each.value and known["about"] == each.about:
                    continue
                if seen is not None and seen.get(each.key, 0) != (known["number"] if known else 0):
                    raise LedgerChangedError("台账刚被别人改过", "请重新运行一次")
                if each.value or known:
                    fresh.append(each)
            if fresh:
                digest = keep_file(connection, file_name, file) if file is not None else None
                _insert(connection, plan_id, fresh, digest)
        return fresh


def _select(where: Sequence[sa.ColumnElement[bool]]) -> sa.Select[tuple[object, ...]]:
    table, files = tables.rulings, tables.decision_files
    shown = (*_KEY, "value", "about", "said_by", "said_at")
    return (
        sa.select(
            *(table.c[key] for key in shown),
            table.c.ruling.label("number"),
            sa.func.coalesce(files.c.file_name, "").label("file_name"),
        )
        .join_from(table, files, files.c.file_sha256 == table.c.file_sha256, isouter=True)
        .where(*where)
        .order_by(table.c.ruling)
    )


def _newest(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]]) -> Iterable[dict[str, object]]:
    found: dict[RulingKey, dict[str, object]] = {}
    for row in connection.execute(_select(where)).mappings():
        key = (row["topic"], row["period"], row["unit"], row["row_id"], row["column"])
        found[key] = {**row, "key": key}
    return found.values()


def keep_file(connection: sa.Connection, file_name: str, file: bytes) -> str:
    """Keep a file that the office filled in, once; its SHA-256."""
    digest = hashlib.sha256(file).hexdigest()
    files = tables.decision_files
    if connection.scalar(sa.select(files.c.file_sha256).where(files.c.file_sha256 == digest)) is None:
        row = {"file_sha256": digest, "file_name": file_name, "file": file, "loaded_at": now()}
        connection.execute(files.insert().values(row))
    return digest


def _insert(connection: sa.Connection, plan_id: int, rulings: Sequence[Ruling], digest: str | None) -> None:
    common = {"plan_id": plan_id, "file_sha256": digest, "said_at": now()}
    keys = (*_KEY, "value", "about", "said_by")
    connection.execute(
        tables.rulings.insert(), [{**common, **{key: getattr(each, key) for key in keys}} for each in rulings]
    )
