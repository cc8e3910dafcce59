"""Workbooks that were sent, with all their cells, and the files written for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from taskkit import tables
from taskkit.entries import SentCell, Workbook
from taskkit.kept import workbook_row
from taskkit.stores.base import Store, exists, now, present

if TYPE_CHECKING:
    import pandas as pd

# What is asked for every file that comes back is made once: building a statement costs more than running it.
_WORKBOOK = (
    sa.select(tables.workbooks, tables.plans.c.name.label("plan"))
    .join(tables.plans)
    .where(tables.workbooks.c.workbook == sa.bindparam("workbook"))
)
_CELLS = sa.select(*(tables.sent_cells.c[key] for key in SentCell._fields)).where(
    tables.sent_cells.c.workbook == sa.bindparam("workbook")
)


class SentStore(Store):
    """What was sent to whom."""

    def record_workbooks(
        self, workbooks: Iterable[Workbook], files: Mapping[str, tuple[str, str]], on: date | None = None
    ) -> None:
        """Keep workbooks with all their cells, in one transaction. Known ones are left alone.

        ``files`` maps a workbook's id to the name and the SHA-256 of the file written for it. ``on``: the day on
        which they are issued (today unless given).
        """
        listed = list(workbooks)
        if not listed:
            return
        plan_ids = {name: self._plan_id(name) for name in {book.plan for book in listed}}
        moment = now()
        moment = datetime.combine(on, moment.time()) if on else moment
        with self._transaction(writes=True) as connection:
            known = present(connection, tables.workbooks.c.workbook, [book.workbook for book in listed])
            fresh = {book.workbook: book for book in listed if book.workbook not in known}.values()
            books = [{**workbook_row(book), "plan_id": plan_ids[book.plan], "issued_at": moment} for book in fresh]
            cells = [{"workbook": book.workbook, **cell._asdict()} for book in fresh for cell in book.cells]
            known = present(connection, tables.files.c.file_sha256, [sha256 for _, sha256 in files.values()])
            written = {
                sha256: {"file_sha256": sha256, "workbook": workbook, "file_name": file_name, "written_at": moment}
                for workbook, (file_name, sha256) in files.items()
                if sha256 not in known
            }
            rows = {tables.workbooks: books, tables.sent_cells: cells, tables.files: list(written.values())}
            for table, each in rows.items():
                if each:
                    connection.execute(table.insert(), each)

    def workbooks(self, name: str, period: str | None = None) -> pd.DataFrame:
        """The workbooks sent for a plan: workbook, unit, role, part, period, edition, due_on, issued_at."""
        import pandas as pd

        shown = ("workbook", "unit", "role", "part", "period", "edition", "due_on", "issued_at")
        statement = sa.select(*(tables.workbooks.c[key] for key in shown)).where(
            tables.workbooks.c.plan_id == self._plan_id(name)
        )
        if period is not None:
            statement = statement.where(tables.workbooks.c.period == period)
        statement = statement.order_by(tables.workbooks.c.issued_at, tables.workbooks.c.workbook)
        return pd.DataFrame(self._rows(statement), columns=list(shown))

    def workbook(self, workbook: str) -> Workbook | None:
        """A sent workbook with all its cells, or None where this ledger knows none of that id."""
        found = self._rows(_WORKBOOK, workbook=workbook)
        if not found:
            return None
        row = {key: found[0][key] for key in Workbook.__dataclass_fields__ if key != "cells"}
        return Workbook(**row, cells=tuple(SentCell(**cell) for cell in self._rows(_CELLS, workbook=workbook)))

    def sent_texts(self, name: str, column: str) -> dict[str, dict[str, str]]:
        """What the workbooks of a plan held in one column when they were sent: by workbook and row id."""
        cells, books = tables.sent_cells, tables.workbooks
        statement = (
            sa.select(cells.c.workbook, cells.c.row_id, cells.c.value)
            .join(books, books.c.workbook == cells.c.workbook)
            .where(books.c.plan_id == self._plan_row(name)["plan_id"], cells.c.column == column)
        )
        texts: dict[str, dict[str, str]] = {}
        for row in self._rows(statement):
            texts.setdefault(row["workbook"], {})[row["row_id"]] = row["value"]
        return texts

    def latest_workbooks(self, name: str, period: str) -> dict[tuple[str, str, str], Workbook]:
        """By unit, role and part, the newest edition sent for a period, without its cells."""
        keys = sorted(set(Workbook.__dataclass_fields__) - {"cells", "plan"})
        statement = (
            sa.select(*(tables.workbooks.c[key] for key in keys))
            .where(tables.workbooks.c.plan_id == self._plan_id(name), tables.workbooks.c.period == period)
            .order_by(tables.workbooks.c.edition)
        )
        books = (Workbook(plan=name, **row) for row in self._rows(statement))
        return {(book.unit, book.role, book.part): book for book in books}

    def newest_workbooks(self, name: str) -> list[Workbook]:
        """The newest edition of every workbook of a plan, without its cells."""
        periods = dict.fromkeys(self.workbooks(name)["period"])
        return [each for period in periods for each in self.latest_workbooks(name, period).values()]

    def file_names(self, name: str, period: str) -> dict[tuple[str, str, str], str]:
        """The name of the file last written for each unit, role and part in a period."""
        books, written = tables.workbooks, tables.files
        statement = (
            sa.select(books.c.unit, books.c.role, books.c.part, written.c.file_name)
            .join(written, written.c.workbook == books.c.workbook)
            .where(books.c.plan_id == self._plan_id(name), books.c.period == period)
            .order_by(books.c.edition, written.c.written_at)
        )
        return {(row["unit"], row["role"], row["part"]): row["file_name"] for row in self._rows(statement)}

    def sent_on(self, name: str, period: str, sheet: str) -> dict[str, list[SentCell]]:
        """By workbook of a period, the cells that one of its sheets held when it was sent."""
        cells, books = tables.sent_cells, tables.workbooks
        statement = (
            sa.select(cells.c.workbook, *(cells.c[key] for key in SentCell._fields))
            .join(books, books.c.workbook == cells.c.workbook)
            .where(books.c.plan_id == self._plan_row(name)["plan_id"], books.c.period == period, cells.c.sheet == sheet)
        )
        found: dict[str, list[SentCell]] = {}
        for row in self._rows(statement):
            found.setdefault(row.pop("workbook"), []).append(SentCell(**row))
        return found

    def wrote(self, file_sha256: str) -> bool:
        """Whether a file of these very bytes is one that taskkit issued (so that it may be replaced)."""
        with self._transaction() as connection:
            return exists(connection, tables.files.c.file_sha256, file_sha256)

    def files(self, name: str, period: str) -> pd.DataFrame:
        """The files written for a period's workbooks, oldest first: workbook, file_name, file_sha256."""
        import pandas as pd

        shown = ("workbook", "file_name", "file_sha256")
        statement = (
            sa.select(*(tables.files.c[key] for key in shown))
            .join(tables.workbooks, tables.workbooks.c.workbook == tables.files.c.workbook)
            .where(tables.workbooks.c.plan_id == self._plan_id(name), tables.workbooks.c.period == period)
            .order_by(tables.files.c.written_at, tables.files.c.file_name)
        )
        return pd.DataFrame(self._rows(statement), columns=list(shown))

    def workbook_of_file(self, file_sha256: str) -> str | None:
        """The id of the workbook that a file of these very bytes was written for; None where it is not ours."""
        statement = sa.select(tables.files.c.workbook).where(tables.files.c.file_sha256 == file_sha256)
        return next((str(row["workbook"]) for row in self._rows(statement)), None)
