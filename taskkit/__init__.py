"""taskkit: a government's yearly work plan in, workbooks for its units and reports for its leaders out.

    plan = taskkit.read_plan("分工方案.docx")
    ledger = taskkit.open_ledger("sqlite:///taskkit.db")
    name = ledger.add_plan(plan)
    books = taskkit.issue(ledger, name, period="plan")
    result = taskkit.collect(ledger, ["returned/"], apply=True)
    path = taskkit.report(ledger, name, kind="progress", period="2023Q1")

The verbs are loaded when first used, so that importing taskkit costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from taskkit.collecting import collect
    from taskkit.histories import history
    from taskkit.issuing import issue
    from taskkit.ledger import Ledger, open_ledger
    from taskkit.listing import read_roster
    from taskkit.plan import Plan
    from taskkit.reading import read_plan
    from taskkit.reports import report
    from taskkit.roster import Roster
    from taskkit.undoing import undo

_HOMES = {
    "Ledger": "taskkit.ledger",
    "Plan": "taskkit.plan",
    "Roster": "taskkit.roster",
    "collect": "taskkit.collecting",
    "history": "taskkit.histories",
    "issue": "taskkit.issuing",
    "open_ledger": "taskkit.ledger",
    "read_plan": "taskkit.reading",
    "read_roster": "taskkit.listing",
    "report": "taskkit.reports",
    "undo": "taskkit.undoing",
}

__all__ = [
    "Ledger",
    "Plan",
    "Roster",
    "__version__",
    "collect",
    "history",
    "issue",
    "open_ledger",
    "read_plan",
    "read_roster",
    "report",
    "undo",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
