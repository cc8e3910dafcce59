"""What the office sent back: the next edition of a unit's form holds what it reported, with the office's opinion.

Once the unit has answered, the edition that is out stays the one that is out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from taskkit import approving, rulings
from taskkit.approving import RowKey
from taskkit.book import Ask, Kept
from taskkit.columns import COLUMNS, goal_columns, row_owner
from taskkit.entries import CellKey, Workbook
from taskkit.ledger import Ledger
from taskkit.periods import Period
from taskkit.plan_index import PlanIndex

_OPINION = COLUMNS["opinion"].header
_NO_REASON = "请修改后重新报送"


@dataclass(frozen=True)
class Mending:
    """What was sent back in a period, for whichever form is made."""

    ledger: Ledger
    name: str
    period: Period
    index: PlanIndex

    def kept(self, ask: Ask, kept: Kept) -> Kept:
        """What a unit handed in, with what its form is to show where something of it was sent back."""
        role = ask.role if self.period.kind == "plan" else "lead"
        asked = {task for task, held in self.index.tasks_of(ask.unit, ask.role, ask.part) if role in ("all", held)}
        opinions = {
            row_id: reason or _NO_REASON
            for (unit, row_id), reason in self._sent_back.items()
            if self.index.roster.reporter(unit) == ask.unit and row_owner(row_id)[0] in asked
        }
        if opinions:
            own = self._own.get(ask.unit, {})
            approved = frozenset(row for unit, row in self._approved if self.index.roster.reporter(unit) == ask.unit)
            return replace(kept, opinions=opinions, own=own, approved=approved)
        latest = self._latest.get((ask.unit, ask.role, ask.part)) if self._ever_sent_back else None
        sent = self.ledger.workbook(latest.workbook) if latest else None
        return self._as_sent(sent, kept) if sent else kept

    @cached_property
    def _sent_back(self) -> dict[RowKey, str]:
        return approving.sent_back(self.ledger, self.name, self.period.text, self.index.roster)

    @cached_property
    def _ever_sent_back(self) -> bool:
        """Whether anything of the period was ever sent back: only then does a form show it."""
        topic = rulings.GOALS if self.period.kind == "plan" else rulings.TASK
        versions = self.ledger.ruling_versions(self.name, topic, self.period.text)
        return any((each.column, each.value) == (rulings.PASSED, rulings.BACK) for each in versions)

    @cached_property
    def _approved(self) -> frozenset[RowKey]:
        return approving.approved(self.ledger, self.name, self.index.roster)

    @cached_property
    def _latest(self) -> dict[tuple[str, str, str], Workbook]:
        return self.ledger.latest_workbooks(self.name, self.period.text)

    @cached_property
    def _own(self) -> dict[str, dict[CellKey, str]]:
        """What each unit reported for the period, by cell."""
        frame = self.ledger.values(self.name, self.period.text)
        row_ids = frame["target_id"].fillna(frame["task_id"]).fillna("")
        said: dict[str, dict[CellKey, str]] = {}
        for unit, row_id, column, value in zip(frame["unit"], row_ids, frame["column"], frame["value"], strict=True):
            said.setdefault(self.index.roster.reporter(unit), {})[row_id, column] = value
        return said

    def _as_sent(self, latest: Workbook, kept: Kept) -> Kept:
        """What the edition that is out shows, where it went out for something that was sent back."""
        opinions = {cell.row_id: cell.value for cell in latest.cells if cell.column == _OPINION and cell.value}
        if not opinions:
            return kept
        approved: frozenset[str] = frozenset()
        if self.period.kind == "plan":
            goals = {column.header for column in goal_columns(self.index.info.stages)}
            approved = frozenset(cell.row_id for cell in latest.cells if cell.column in goals and not cell.open)
        else:
            opinions = {row_owner(row_id)[0] or "": text for row_id, text in opinions.items()}
        return replace(kept, opinions=opinions, own={cell.key: cell.value for cell in latest.cells}, approved=approved)
