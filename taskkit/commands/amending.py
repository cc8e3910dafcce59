"""Commands for changes in mid-year: load --amend, and changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from taskkit import console, showing_changes
from taskkit.commands.common import NEEDS_A_PERSON, findings_frame, open_existing
from taskkit.errors import InputError, UsageError
from taskkit.received_day import EARLIEST

if TYPE_CHECKING:
    from taskkit.settings import Settings


@dataclass(frozen=True)
class AmendOptions:
    """What the person at the command line asked of an amended document."""

    apply: bool
    day: date
    ground: str
    out: Path | None
    matches: Path | None


def day_of(text: str | None) -> date:
    """A day that may lie ahead; today where none is named."""
    if text is None:
        return date.today()
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise UsageError(f"看不懂日期“{text}”", "请写成 2026-07-01 这样") from error
    if not EARLIEST <= day <= date(EARLIEST.year + 100, 1, 1):
        raise UsageError(f"日期 {text} 不可能", "请核对年份")
    return day


def load_amended(
    file: Path, url: str, name: str | None, dialect: str | None, options: AmendOptions, settings: Settings
) -> int:
    """Show what an amended document changes; keep it where asked to."""
    from taskkit.changing.amending import amend, keep_amendment
    from taskkit.changing.contrast import read_matches, write_contrast
    from taskkit.proofreading import open_proof
    from taskkit.reading import read_plan

    is_proof = open_proof(file) is not None
    plan = read_plan(file, dialect)
    if console.has_errors(plan.findings):
        console.findings(plan.findings)
        raise InputError(f"“{file.name}”有不能照用的地方，没有登记", "请按上面的提示改好后再试")
    with open_existing(url) as ledger:
        wanted = name or _plan_named(ledger.plan_names(), file)
        decided, wrong = read_matches(options.matches, plan) if options.matches else ({}, [])
        if wrong:
            frame = findings_frame(wrong)
            console.findings(frame)
            if console.has_errors(frame):
                raise InputError("变更对照表有不能照用的地方，没有登记", "请按上面的提示改好后再试")
        amendment = amend(ledger, wanted, plan, options.day, decided, settings, is_proof)
        showing_changes.show_amendment(amendment)
        console.findings(findings_frame(amendment.findings))
        if options.out and (amendment.differences or amendment.matching.doubts):
            showing_changes.show_contrast(options.out, write_contrast(amendment, plan, options.out))
        if not amendment.differences and not amendment.matching.doubts:
            return 0
        if options.apply:
            keep_amendment(ledger, amendment, options.ground or (plan.info.document_number or ""), file)
            showing_changes.show_amended(amendment)
            return 0
    console.say("以上只是预览，未作任何改动；确认后加 --apply 登记。")
    return NEEDS_A_PERSON if amendment.matching.doubts else 0


def _plan_named(names: list[str], file: Path) -> str:
    if file.stem in names:
        return file.stem
    if len(names) == 1:
        return names[0]
    raise UsageError("看不出是哪份方案的修订稿", f"请用 --as 写明方案的名字；台账里有：{'、'.join(names) or '（空）'}")
