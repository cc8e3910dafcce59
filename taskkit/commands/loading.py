"""Files that `load` takes beside plans: sheets that taskkit wrote and a person filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from taskkit import console, showing, showing_changes, showing_directives, showing_due, showing_returned
from taskkit.commands.common import (
    ALL_REFUSED,
    NEEDS_A_PERSON,
    exit_status,
    findings_frame,
    open_existing,
)
from taskkit.errors import InputError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from taskkit.arranging import ArrangementFile
    from taskkit.changing import ChangesFile
    from taskkit.deciding import DecisionsFile
    from taskkit.directing import DirectivesFile
    from taskkit.ledger import Ledger
    from taskkit.listing import RosterFile
    from taskkit.registering import RegisterFile
    from taskkit.reviewing import ReviewFile
    from taskkit.scoring.taking import ScoresFile
    from taskkit.settings import Settings


@dataclass(frozen=True)
class _Kind:
    """One kind of sheet: ``open`` gives what a file holds, or None for another one; ``load`` keeps it."""

    title: str
    open: Callable[[Path], Any]
    load: Callable[[Ledger, Any, str | None, Settings], int]


def load_sheet(file: Path, url: str, name: str | None, dialect: str | None, settings: Settings) -> int | None:
    """Keep what a sheet says, in the ledger that is there; the exit status. None for a file that is no such sheet."""
    for kind in _kinds():
        if (opened := kind.open(file)) is not None:
            if dialect:
                raise UsageError(f"{kind.title}不需要指定写法", "请去掉 --dialect")
            with open_existing(url) as ledger:
                return kind.load(ledger, opened, name, settings)
    return None


def _kinds() -> tuple[_Kind, ...]:
    from taskkit.arranging import open_arrangement
    from taskkit.changing import open_changes
    from taskkit.deciding import open_decisions
    from taskkit.directing import open_directives
    from taskkit.listing import open_roster
    from taskkit.registering import open_register
    from taskkit.reviewing import open_review
    from taskkit.scoring.taking import open_scores

    return (
        _Kind("名册", open_roster, _load_roster),
        _Kind("收件登记", open_register, _load_register),
        _Kind("待决定表", open_decisions, _load_decisions),
        _Kind("报送安排", open_arrangement, _load_arrangement),
        _Kind("审核台账", open_review, _load_review),
        _Kind("变更表", open_changes, _load_changes),
        _Kind("计分表", open_scores, _load_scores),
        _Kind("批示登记", open_directives, _load_directives),
    )


def _load_roster(ledger: Ledger, listed: RosterFile, name: str | None, settings: Settings) -> int:
    """Keep the unit and leader lists of the plan that they were written for, or of the one named."""
    wanted = name or listed.plan_name or _only_plan(ledger)
    kept = ledger.plan_names()
    if name is None and wanted not in kept:
        raise UsageError(f"这是“{wanted}”的名册，台账里没有这份方案", "请先登记方案，或用 --as 写明是哪份方案的名册")
    if wanted in kept and listed.plan_name in kept and wanted != listed.plan_name:
        raise UsageError(
            f"这是“{listed.plan_name}”的名册，--as 写的却是“{wanted}”",
            f"是“{listed.plan_name}”的，请去掉 --as；要填“{wanted}”的，请用 taskkit units {wanted} --xlsx 另写一份",
        )
    roster = listed.roster(ledger.plan(wanted), ledger.roster(wanted))
    if console.has_errors(roster.findings):
        _refuse(roster.source, roster.findings)
    is_new = ledger.add_roster(wanted, roster)
    showing.show_roster_loaded(wanted, roster, is_new)
    console.findings(roster.findings)
    return exit_status(roster.findings)


def _load_register(ledger: Ledger, registered: RegisterFile, name: str | None, settings: Settings) -> int:
    """Register what a person added to, or corrected in, the register of a plan."""
    wanted = _plan_of(ledger, registered.plan_name, name, "收件登记")
    taken = registered.take(ledger, wanted)
    showing.show_register_loaded(wanted, taken)
    if console.has_errors(taken.findings) and not (taken.new or taken.corrected):
        return ALL_REFUSED
    return exit_status(taken.findings)


def _load_decisions(ledger: Ledger, file: DecisionsFile, name: str | None, settings: Settings) -> int:
    """Keep what a person decided, all of it or nothing."""
    wanted = _plan_of(ledger, file.plan_name, name, "待决定表")
    loaded = file.load(ledger, wanted, settings)
    findings = findings_frame(loaded.findings)
    if console.has_errors(findings):
        _refuse(file.path.name, findings)
    showing_returned.show_decisions_loaded(wanted, loaded)
    console.findings(findings)
    return NEEDS_A_PERSON if loaded.undecided else exit_status(findings)


def _load_arrangement(ledger: Ledger, file: ArrangementFile, name: str | None, settings: Settings) -> int:
    """Set the schedule that a person wrote, all of it or nothing."""
    wanted = _plan_of(ledger, file.plan_name, name, "报送安排")
    done, found = file.load(ledger, wanted, settings)
    findings = findings_frame(found)
    if done is None:
        _refuse(file.path.name, findings)
    showing_due.show_rearranged(wanted, done)
    console.findings(findings)
    return exit_status(findings)


def _load_changes(ledger: Ledger, file: ChangesFile, name: str | None, settings: Settings) -> int:
    """Keep what was changed in a plan in mid-year, all of it or nothing."""
    from taskkit.changing import affected_by, differences, in_words

    wanted = _plan_of(ledger, file.plan_name, name, "变更表")
    before, roster = ledger.plan(wanted), ledger.roster(wanted)
    taken = file.load(ledger, wanted)
    findings = findings_frame(taken.findings)
    if taken.is_wrong:
        _refuse(file.path.name, findings)
    forms = affected_by(ledger, wanted, taken.changes, before, roster)
    tasks = {each.task_id for each in differences(before, ledger.plan(wanted))} - {""}
    rows = in_words(ledger, wanted, taken.changes)
    showing_changes.show_changes_loaded(wanted, taken, rows, len(tasks), forms)
    console.findings(findings)
    return exit_status(findings)


def _load_review(ledger: Ledger, file: ReviewFile, name: str | None, settings: Settings) -> int:
    """Keep what the office says of a period, all of it or nothing."""
    wanted = _plan_of(ledger, file.plan_name, name, "审核台账")
    reviewed = file.load(ledger, wanted, settings)
    findings = findings_frame(reviewed.findings)
    if console.has_errors(findings):
        _refuse(file.path.name, findings)
    showing_returned.show_review_loaded(wanted, reviewed)
    console.findings(findings, most=50)
    return exit_status(findings)


def _load_scores(ledger: Ledger, file: ScoresFile, name: str | None, settings: Settings) -> int:
    """Keep the points that a person entered by hand, all of them or none."""
    from taskkit.showing_scores import show_adjustments_loaded

    wanted = _plan_of(ledger, file.plan_name, name, "计分表")
    taken = file.load(ledger, wanted, settings)
    findings = findings_frame(taken.findings)
    if console.has_errors(findings):
        _refuse(file.path.name, findings)
    show_adjustments_loaded(wanted, taken)
    console.findings(findings)
    return exit_status(findings)


def _load_directives(ledger: Ledger, file: DirectivesFile, name: str | None, settings: Settings) -> int:
    """Keep leaders' written instructions, all of them or nothing."""
    from taskkit.plan_index import PlanIndex

    wanted = _plan_of(ledger, file.plan_name, name, "批示登记")
    loaded = file.load(ledger, wanted)
    findings = findings_frame(loaded.findings)
    if console.has_errors(findings):
        _refuse(file.path.name, findings)
    showing_directives.show_loaded(wanted, loaded, PlanIndex(ledger.plan(wanted), ledger.roster(wanted)))
    console.findings(findings)
    return exit_status(findings)


def _plan_of(ledger: Ledger, written_for: str | None, name: str | None, title: str) -> str:
    """The plan whose a sheet is: the one that it was written for, else the one named, else the only one."""
    wanted = name or written_for or _only_plan(ledger, title)
    if written_for not in (None, wanted):
        raise UsageError(f"这是“{written_for}”的{title}，--as 写的却是“{wanted}”", "请去掉 --as")
    if wanted not in ledger.plan_names():
        raise UsageError(f"这是“{wanted}”的{title}，台账里没有这份方案", "请用 --ledger 指明是哪个台账")
    return wanted


def _refuse(file: str, findings: pd.DataFrame) -> NoReturn:
    """Say what is wrong in a sheet, of which nothing was kept."""
    console.findings(findings, most=50)
    raise InputError(f"“{file}”有不能照用的地方，一处也没有登记", "请按上面的提示改好后再试")


def _only_plan(ledger: Ledger, what: str = "名册") -> str:
    names = ledger.plan_names()
    if len(names) == 1:
        return names[0]
    raise UsageError(f"看不出是哪份方案的{what}", f"请用 --as 写明方案的名字；台账里有：{'、'.join(names) or '（空）'}")
