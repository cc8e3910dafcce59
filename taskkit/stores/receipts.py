"""The register of what was handed in, with the files that no submission holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from taskkit import tables
from taskkit.entries import Submission
from taskkit.receipts import FileOutcome, Receipt, transcribed_by
from taskkit.stores.base import Store, exists, now, reports, standing

_KEPT = ("unit", "period", "workbook", "received", "way", "file_name", "file_sha256", "outcome", "reason", "submission")
_FILES = (tables.receipt_files, tables.submissions, tables.set_aside)  # where a file may stand, once


class ReceiptStore(Store):
    """Receipts: added and corrected, never changed or deleted."""

    def register(self, receipt: Receipt, file: bytes = b"") -> Receipt:
        """Keep a receipt with its file; as it stands in the register, it comes back.

        A file that the unit handed in before, with the same outcome, is not registered twice; with
        another outcome the receipt gets a new version.
        """
        plan_id = self._plan_row(receipt.plan)["plan_id"]
        with self._transaction(writes=True) as connection:
            before = _same_file(connection, plan_id, receipt)
            if before is not None and before["outcome"] == receipt.outcome:
                return replace(receipt, number=before["number"], received=before["received"])
            if file:
                _keep_file(connection, receipt.file_sha256, file)
            number = add_receipt(connection, plan_id, receipt, before["number"] if before else None)
        return replace(receipt, number=number)

    def correct(self, receipts: Iterable[Receipt]) -> list[bool]:
        """Keep receipts that a person entered (number 0) or corrected, in one transaction; for each whether it was.

        One with a number becomes the next version; it is left out where its version is no longer
        the newest, because somebody else corrected it meanwhile.
        """
        listed, kept = list(receipts), []
        plan_ids = {name: self._plan_row(name)["plan_id"] for name in {each.plan for each in listed}}
        with self._transaction(writes=True) as connection:
            for each in listed:
                is_current = _versions(connection, each) == each.version
                if is_current:
                    add_receipt(connection, plan_ids[each.plan], each, each.number or None)
                kept.append(is_current)
        return kept

    def receipts(self, name: str, period: str | None = None) -> tuple[Receipt, ...]:
        """What was handed in for a plan, the newest version of each receipt, by the day received.

        Submissions of an older ledger, which kept no register, are among them (number 0).
        """
        plan_id = self._plan_row(name)["plan_id"]
        rows = self._receipt_rows(tables.receipts.c.plan_id == plan_id)
        found = {each.number: each for each in (_receipt(name, row) for row in rows)}  # the newest version last
        versions: dict[int, list[str]] = {}
        for row in rows:
            versions.setdefault(row["number"], []).append(row["outcome"])
        submissions = self._rows(_submissions(plan_id).where(reports(self._database)))
        listed = [
            replace(each, version=len(versions[number]), earlier=tuple(versions[number]))
            for number, each in found.items()
        ]
        files: dict[tuple[str | None, str], list[dict[str, Any]]] = {}
        for row in submissions:
            files.setdefault((row["workbook"], row["file_sha256"]), []).append(row)
        known = {(each.workbook, each.file_sha256) for each in listed}
        listed += [_unregistered(name, own[0]) for file, own in files.items() if file not in known]
        listed = [_as_it_stands(each, files.get((each.workbook, each.file_sha256), ())) for each in listed]
        listed = [replace(each, transcribed_by=transcribed_by(each, listed)) for each in listed]
        wanted = [each for each in listed if period in (None, each.period)]
        return tuple(sorted(wanted, key=lambda each: (each.received, each.number, each.submission or 0)))

    def registered(
        self, name: str, unit: str, period: str, file_sha256: str, workbook: str | None = None
    ) -> Receipt | None:
        """The receipt of a file that a unit handed in before for a period (and a workbook), else None."""
        if not self._database.has(tables.receipts):
            return None
        plan_id = self._plan_row(name)["plan_id"]
        wanted = Receipt(name, unit, period, "", now().date(), workbook=workbook, file_sha256=file_sha256)
        rows = self._rows(_of_file(plan_id, wanted))
        return _receipt(name, rows[-1]) if rows else None

    def received_file(self, number: int) -> tuple[str, bytes] | None:
        """The name and the bytes of the file that came in with a receipt; None where none did."""
        rows = self._receipt_rows(_number() == number)
        digest = rows[-1]["file_sha256"] if rows else ""
        for table in _FILES:
            for row in self._rows(sa.select(table.c.file).where(table.c.file_sha256 == digest).limit(1)):
                return str(rows[-1]["file_name"]), bytes(row["file"])
        return None

    def _receipt_rows(self, which: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
        if not self._database.has(tables.receipts):
            return []
        return self._rows(_select().where(which))


def accepted_receipt(submission: Submission, number: int) -> Receipt:
    """The receipt of a submission."""
    book = submission.workbook
    return Receipt(
        book.plan,
        book.unit,
        book.period,
        FileOutcome.ACCEPTED,
        submission.received,
        submission.way,
        book.workbook,
        submission.file_name,
        hashlib.sha256(submission.file).hexdigest(),
        submission.reason,
        number,
    )


def register_accepted(connection: sa.Connection, plan_id: int, submission: Submission, number: int) -> None:
    """Register a submission in the transaction that keeps it; of a file registered before, as its next version."""
    receipt = accepted_receipt(submission, number)
    before = _same_file(connection, plan_id, receipt)
    add_receipt(connection, plan_id, receipt, before["number"] if before else None)


def add_receipt(connection: sa.Connection, plan_id: int, receipt: Receipt, corrects: int | None) -> int:
    """Add a version of a receipt (the first where it corrects none); the receipt's number comes back."""
    values = {key: getattr(receipt, key) for key in _KEPT}
    row = tables.receipts.insert().values(**values, plan_id=plan_id, corrects=corrects, registered_at=now())
    number = connection.scalar(row.returning(tables.receipts.c.receipt_id))
    return corrects or int(number or 0)


def _keep_file(connection: sa.Connection, digest: str, file: bytes) -> None:
    """Keep a file whole, unless it stands somewhere in the ledger already."""
    if not any(exists(connection, table.c.file_sha256, digest) for table in _FILES):
        connection.execute(tables.receipt_files.insert().values(file_sha256=digest, file=file))


def _number() -> sa.ColumnElement[int]:
    return sa.func.coalesce(tables.receipts.c.corrects, tables.receipts.c.receipt_id)


def _select() -> sa.Select[Any]:
    """All versions of receipts, oldest first, each with its receipt's number."""
    return sa.select(tables.receipts, _number().label("number")).order_by(tables.receipts.c.receipt_id)


def _of_file(plan_id: int, receipt: Receipt) -> sa.Select[Any]:
    """The versions of a file's receipt. One file may hold the returns of several workbooks, each with its own."""
    kept = tables.receipts.c
    keys = {key: getattr(receipt, key) for key in ("file_sha256", "unit", "period")}
    found = _select().where(kept.plan_id == plan_id, *(kept[key] == value for key, value in keys.items()))
    return (
        found.where(sa.or_(kept.workbook.is_(None), kept.workbook == receipt.workbook)) if receipt.workbook else found
    )


def _same_file(connection: sa.Connection, plan_id: int, receipt: Receipt) -> dict[str, Any] | None:
    """The newest version of the receipt of the same file from the same unit."""
    if not receipt.file_sha256:
        return None
    rows = connection.execute(_of_file(plan_id, receipt)).mappings().all()
    return dict(rows[-1]) if rows else None


def _versions(connection: sa.Connection, receipt: Receipt) -> int:
    """How many versions the receipt has now; 0 for a new one, also for a submission not yet registered."""
    count = sa.select(sa.func.count()).select_from(tables.receipts)
    if receipt.number:
        return int(connection.scalar(count.where(_number() == receipt.number)) or 0)
    if receipt.submission:
        return int(connection.scalar(count.where(tables.receipts.c.submission == receipt.submission)) or 0)
    return 0


def _submissions(plan_id: int) -> sa.Select[Any]:
    kept = tables.submissions.c
    keys = ("submission", "unit", "period", "workbook", "received", "file_name", "file_sha256", "accepted_at")
    shown = sa.select(*(kept[key] for key in keys), standing().label("standing"))
    return shown.where(kept.plan_id == plan_id).order_by(kept.submission)


def _receipt(plan: str, row: dict[str, Any]) -> Receipt:
    kept = {key: row[key] for key in _KEPT}
    return Receipt(plan=plan, number=row["number"], version=1, registered_at=row["registered_at"], **kept)


def _as_it_stands(receipt: Receipt, own: Sequence[Mapping[str, Any]]) -> Receipt:
    """A receipt with what became of its file since: accepted by a decision of the office, or withdrawn.

    ``own`` are the submissions of the file.
    """
    stands = [row["submission"] for row in own if row["standing"]]
    if not stands:
        return replace(receipt, withdrawn=bool(own) and receipt.outcome == FileOutcome.ACCEPTED)
    number = receipt.submission if receipt.submission in stands else stands[0]
    return replace(receipt, outcome=FileOutcome.ACCEPTED, submission=number)


def _unregistered(plan: str, row: dict[str, Any]) -> Receipt:
    """The receipt that a submission of an older ledger would have."""
    kept = {key: row[key] for key in ("unit", "period", "workbook", "received", "file_name", "file_sha256")}
    return Receipt(
        plan=plan,
        outcome=FileOutcome.ACCEPTED,
        submission=row["submission"],
        registered_at=row["accepted_at"],
        **kept,
    )
