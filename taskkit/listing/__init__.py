"""The list workbook: the unit and leader lists of a plan, written, filled in by a person, and read back.

columns     what both directions share
writing     Roster -> workbook
taking      workbook -> Roster
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from taskkit.documents import Document
from taskkit.errors import InputError
from taskkit.listing.columns import TELLING, UNITS
from taskkit.listing.taking import is_roster, plan_named, roster_of
from taskkit.listing.writing import hints_of, roster_workbook
from taskkit.office.placing import check_workbook_name, put_new
from taskkit.office.sheets import BookData, workbook_with
from taskkit.plan import Plan
from taskkit.plan_index import PlanIndex
from taskkit.roster import EarlierRoster, Roster, draft_roster, names_only
from taskkit.settings import Settings
from taskkit.sheet_forms.marks import MARK_SHEET

__all__ = [
    "InHand",
    "RosterFile",
    "hints_of",
    "open_roster",
    "read_roster",
    "refuse_other_rosters",
    "refuse_rosters",
    "roster_in_hand",
    "roster_workbook",
    "write_roster",
]

_DRAFTED = "还没有登记过名册，这份按方案列出"
_CARRIED = "；其中{count}个单位已从“{plan}”的名册带入，其余是新的"
_CARRIED_NAMES = (
    "；其中{count}个单位的次序、简称和别名取自“{plan}”的名册，请核对"
    "（看不出是同一地方印发的方案，单位全称、成员单位、联系人和电话没有带入）"
)


@dataclass(frozen=True)
class RosterFile:
    """A file that holds the lists; ``plan_name`` is the plan that they were written for, where it says so."""

    book: BookData
    plan_name: str | None

    def roster(self, plan: Plan | None = None, stored: Roster | None = None) -> Roster:
        """The lists, checked; also against the plan, and the lists stored for it, where they are given."""
        return roster_of(self.book, plan, stored)


@dataclass(frozen=True)
class InHand:
    """The lists that a plan has now, and in a sentence where they come from."""

    roster: Roster
    state: str


def roster_in_hand(plan: Plan, stored: Roster | None, previous: EarlierRoster | None) -> InHand:
    """The stored lists of a plan; where there are none, a draft that goes on from another plan's.

    Of another place's lists only names and their order are taken.
    """
    if stored is not None:
        return InHand(stored, f"这是已登记的名册（{stored.source}）。")
    if previous is None:
        return InHand(draft_roster(plan), f"{_DRAFTED}。")
    roster = previous.roster if previous.same_place else names_only(previous.roster)
    draft = draft_roster(plan, roster)
    carried = sum(roster.entry(entry.name) is not None for entry in draft.unit_entries)
    said = _CARRIED if previous.same_place else _CARRIED_NAMES
    return InHand(draft, f"{_DRAFTED}{said.format(count=carried, plan=previous.plan) if carried else ''}。")


def read_roster(path: str | Path, plan: Plan | None = None) -> Roster:
    """Read the unit and leader lists that a person filled in.

    What is wrong or odd is in ``roster.findings``, with sheet, Excel row and column; with ``plan``
    the names are checked against the plan's. Raises InputError for a file that holds no such lists.
    """
    listed = open_roster(Path(path))
    if listed is None:
        raise InputError(f"“{Path(path).name}”不是单位名册", "请用 taskkit units 写出名册，填好后再试")
    return listed.roster(plan)


def open_roster(path: Path) -> RosterFile | None:
    """The list workbook at ``path``; None for any other file (also one that is not there).

    Known by its hidden sheet, else by its headers, never by its name.
    """
    book = workbook_with(path, (MARK_SHEET, UNITS.title))
    return RosterFile(book, plan_named(book)) if book and is_roster(book) else None


def refuse_rosters(path: Path) -> None:
    """Raise InputError for the lists where a plan is wanted."""
    if open_roster(path):
        raise InputError(f"“{path.name}”是单位名册，不是分工方案", "要登记它，请用 taskkit load")


def refuse_other_rosters(document: Document) -> None:
    """Raise InputError for the lists in a format that loses their hidden sheet (.xls, .et, .ods, .csv)."""
    wanted = {UNITS.header(key) for key in TELLING - {"name"}}
    for table in document.tables:
        if any(wanted <= set(row.texts) for row in table.rows[:20]):
            if document.name.lower().endswith(".xlsx"):
                raise InputError(f"“{document.name}”像是单位名册", f"请把工作表的名称改回“{UNITS.title}”再登记")
            raise InputError(f"“{document.name}”是单位名册，但不是 .xlsx 格式", "请用 Excel 或 WPS 另存为 .xlsx 再试")


def write_roster(
    roster: Roster, plan: Plan, name: str, out: Path, state: str, settings: Settings | None = None
) -> bool:
    """Write the list workbook of the plan ``name``; False where the very same file is there already.

    Written beside and renamed. Raises OutputError where another file stands in its place (somebody
    may have filled it in) or it cannot be written, UsageError where the name does not end in .xlsx.
    """
    check_workbook_name(out, "名册")
    data = roster_workbook(roster, PlanIndex(plan, roster), name, state, settings)
    return put_new(out, data, "填过的名册")
