"""Leaders' written instructions (批示): versions of each, the newest counts, nothing is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from taskkit import tables
from taskkit.columns import directive_row
from taskkit.stores.base import Store, now
from taskkit.stores.returned import LedgerChangedError
from taskkit.stores.rulings import keep_file

EACH, ONCE = "each", "once"  # reported on with every report until the office closes it; until the unit says it is done
ONGOING, CLOSED, REVOKED = "open", "closed", "revoked"  # as the office sets it


@dataclass(frozen=True)
class Directive:
    """One 批示. ``about`` is the task or matter as it was typed, ``task_id`` the task that it names, if any.

    ``units``: the first leads. ``number`` is the ledger's (1 is B001), 0 before it has one; ``version``
    is that of the row in the ledger.
    """

    leader: str
    given_on: date
    text: str
    units: tuple[str, ...]
    about: str = ""
    task_id: str | None = None
    due_on: date | None = None
    reporting: str = EACH
    state: str = ONGOING
    remark: str = ""
    number: int = 0
    version: int = 0
    file_name: str = ""
    loaded_at: datetime | None = None

    @property
    def row_id(self) -> str:
        """What it is called, and its row in the units' forms: B001."""
        return directive_row(self.number)

    @property
    def said(self) -> tuple[object, ...]:
        """All that the office says of it, to compare versions by."""
        return tuple(getattr(self, key) for key in _SAID)


_SAID = ("leader", "given_on", "text", "units", "about", "task_id", "due_on", "reporting", "state", "remark")


class DirectiveStore(Store):
    """What leaders instructed."""

    def directives(self, name: str) -> tuple[Directive, ...]:
        """The newest version of each, by number; those revoked or closed too."""
        newest = {each.number: each for each in self.directive_versions(name)}
        return tuple(newest[number] for number in sorted(newest))

    def directive_versions(self, name: str) -> list[Directive]:
        """All versions of all, oldest first."""
        plan_id = self._plan_id(name)
        if not self._database.has(tables.directives):
            return []
        return [_directive(row) for row in self._rows(_select(plan_id))]

    def keep_directives(
        self,
        name: str,
        directives: Iterable[Directive],
        file_name: str,
        file: bytes,
        seen: Mapping[int, int],
    ) -> list[Directive]:
        """Keep new ones and further versions with the file in which they stood, in one transaction.

        One without a number gets the next that was never given. ``seen``: the version against which
        each number was weighed (none for a new one); LedgerChangedError where there is another by now.
        """
        plan_id = self._plan_id(name)
        with self._transaction(writes=True) as connection:
            newest = {row["number"]: row["version"] for row in connection.execute(_select(plan_id)).mappings()}
            kept: list[Directive] = []
            for each in directives:
                if each.number and newest.get(each.number) != seen.get(each.number):
                    raise LedgerChangedError("台账刚被别人改过", "请重新运行一次")
                number = each.number or max(newest, default=0) + 1
                newest[number] = 0
                kept.append(_numbered(each, number))
            if kept:
                common = {"plan_id": plan_id, "loaded_at": now(), "file_sha256": keep_file(connection, file_name, file)}
                connection.execute(tables.directives.insert(), [{**common, **_row(each)} for each in kept])
        return kept


def _numbered(each: Directive, number: int) -> Directive:
    return Directive(**{**vars(each), "number": number})


def _row(each: Directive) -> dict[str, object]:
    return {**{key: getattr(each, key) for key in _SAID}, "units": list(each.units), "number": each.number}


def _directive(row: Mapping[str, object]) -> Directive:
    return Directive(**{**row, "units": tuple(row["units"])})  # type: ignore[arg-type]


def _select(plan_id: int) -> sa.Select[tuple[object, ...]]:
    table, files = tables.directives, tables.decision_files
    return (
        sa.select(
            *(table.c[key] for key in (*_SAID, "number", "version", "loaded_at")),
            sa.func.coalesce(files.c.file_name, "").label("file_name"),
        )
        .join_from(table, files, files.c.file_sha256 == table.c.file_sha256, isouter=True)
        .where(table.c.plan_id == plan_id)
        .order_by(table.c.version)
    )
