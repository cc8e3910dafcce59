"""Withdrawing a submission: what would change is worked out first, then it is withdrawn, and both can be told."""

from __future__ import annotations

from dataclasses import dataclass

from taskkit.entries import CellKey, Holdings
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.periods import official_date
from taskkit.stores.matters import KeptMatter
from taskkit.stores.past import KeptSubmission


@dataclass(frozen=True)
class Undone:
    """A submission that was withdrawn (or may be), and what that changes.

    ``cells`` holds what stood and what stands then (None: nothing), ``reopened`` what has to be
    decided anew, ``dropped`` what nobody needs to decide any more, ``kept`` what was decided of the
    file and still counts.
    """

    submission: KeptSubmission
    cells: dict[CellKey, tuple[str, str | None]]
    reopened: tuple[KeptMatter, ...]
    dropped: tuple[KeptMatter, ...]
    kept: tuple[KeptMatter, ...]
    done: bool


def undo(ledger: Ledger, number: int, *, preview: bool = False) -> Undone:
    """Withdraw a submission, a return or a decision of the office; later ones stay, and nothing is deleted.

    With ``preview`` nothing is changed. Raises UsageError where there is none of this number, or it
    is withdrawn already.
    """
    kept = ledger.submission(number)
    if kept.withdrawn_at is not None:
        day = kept.withdrawn_at
        what, advice = ("决定", "再登记一次待决定表") if kept.is_decision else ("报送", "再收一次原文件")
        raise UsageError(f"第{number}号{what}在{official_date(day)}已经撤回", f"要恢复，请{advice}")
    cells = _changes(ledger.holdings(kept.plan, kept.period, kept.unit), number)
    matters = ledger.kept_matters(kept.plan, kept.period, kept.unit)
    own = [each for each in matters if each.submission == number]
    others = {_text(each) for each in matters if each.submission != number and each.decision is None}
    opened = (each.kept for each in ledger.open_matters(kept.plan, kept.period, kept.unit))
    waiting = {each.number for each in opened if _text(each) not in others}  # what another file brought too, stays
    found = Undone(
        kept,
        cells,
        tuple(each for each in matters if each.decision == number),
        tuple(each for each in own if each.number in waiting),
        tuple(each for each in own if each.decision is not None),
        not preview,
    )
    if not preview:
        ledger.withdraw(number)
    return found


def _text(each: KeptMatter) -> tuple[CellKey, str]:
    return each.matter.key, each.matter.returned


def _changes(held: Holdings, number: int) -> dict[CellKey, tuple[str, str | None]]:
    """The cells that hold something else once a submission no longer counts."""
    returns = {**held.returns, number: held.returns[number]._replace(standing=False)}
    without = Holdings(returns, held.versions)
    changes = {}
    for key in held.versions:
        now, then = held.current(key), without.current(key)
        if now is not None and (then is None or now.value != then.value):
            changes[key] = (now.value, then.value if then else None)
    return changes
