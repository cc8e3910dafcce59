"""The proofreading workbook: a plan with its source texts and doubts, corrected in Excel and read back.

columns, kept, rebuilding     what both directions share
originals, doubts, writing    Plan -> workbook
taking                        workbook -> Plan
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from taskkit.documents import Document
from taskkit.errors import InputError
from taskkit.office.placing import check_workbook_name, put_new
from taskkit.office.sheets import workbook_with
from taskkit.plan import Plan
from taskkit.proofreading.columns import TASKS
from taskkit.proofreading.originals import originals
from taskkit.proofreading.taking import Proof, is_form, is_proof, proof_of
from taskkit.proofreading.writing import proofreading_workbook
from taskkit.settings import Settings
from taskkit.sheet_forms.marks import MARK_SHEET

__all__ = ["Proof", "open_proof", "originals", "proofreading_workbook", "refuse_other_proofs", "write_proofreading"]

_LARGEST = 200 * 1024 * 1024


def write_proofreading(plan: Plan, texts: Mapping[str, str], out: Path, settings: Settings | None = None) -> bool:
    """Write the proofreading workbook of a plan; False where the very same file is there already.

    ``texts`` are the source texts by task id. Written beside and renamed. Raises OutputError where
    another file stands in its place (somebody may have corrected it) or it cannot be written,
    UsageError where the name does not end in .xlsx.
    """
    check_workbook_name(out, "核对稿")
    data = proofreading_workbook(plan, texts, settings)
    return put_new(out, data, "改过的核对稿")


def open_proof(path: Path) -> Proof | None:
    """The proofread workbook at ``path``; None for any other file (also one that is not there).

    Known by its content, never by its name. Raises InputError where it is one but cannot be read,
    and for a form that was sent to a unit: it holds tasks, but is no plan.
    """
    book = workbook_with(path, (MARK_SHEET, TASKS.title), _LARGEST)
    if book is None:
        return None
    if is_proof(book):
        return proof_of(book)
    if is_form(book):
        raise InputError(f"“{path.name}”是发给单位的表格，不是分工方案", "要收回它，请用 taskkit collect")
    return None


def refuse_other_proofs(document: Document) -> None:
    """Raise InputError for a proofread workbook in a format that loses its hidden sheets (.xls, .et, .ods, .csv)."""
    wanted = {TASKS.header("id"), TASKS.header("source"), TASKS.header("joint"), TASKS.header("open_ended")}
    for table in document.tables:
        if any(wanted <= set(row.texts) for row in table.rows[:20]):
            raise InputError(f"“{document.name}”是核对稿，但不是 .xlsx 格式", "请用 Excel 或 WPS 另存为 .xlsx 再试")
