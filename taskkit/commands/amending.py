"""Commands for changes in mid-year: load --amend, and changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taskkit import console, showing_changes
from taskkit.commands.common import command, exit_status, findings_frame, open_existing
from taskkit.errors import InputError, UsageError

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
        found = findings_frame(amendment.findings)
        if options.apply:
            keep_amendment(ledger, amendment, options.ground or (plan.info.document_number or ""), file)
            showing_changes.show_amended(amendment)
            return exit_status(found)
    console.say("以上只是预览，未作任何改动；确认后加 --apply 登记。")
    return exit_status(found)


def _plan_named(names: list[str], file: Path) -> str:
    if file.stem in names:
        return file.stem
    if len(names) == 1:
        return names[0]
    raise UsageError("看不出是哪份方案的修订稿", f"请用 --as 写明方案的名字；台账里有：{'、'.join(names) or '（空）'}")


@command
@click.argument("name")
@click.option(
    "--xlsx",
    "out",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="写变更表（.xlsx）：领导调整、单位更名合并、任务增加、修改、撤销、拆分；填好后登记（taskkit load 文件）。",
)
def changes(name: str, out: Path | None, url: str, templates: Path | None) -> int:
    """看年中登记过的变更：修订稿、领导调整、单位更名合并、任务增减和修改。"""
    from taskkit.changing.writing import in_words, write_changes

    with open_existing(url) as ledger:
        if out:
            showing_changes.show_changes_written(out, write_changes(ledger, name, out))
            return 0
        kept = sorted(ledger.plan_changes(name), key=lambda each: each.effective_on)
        showing_changes.show_changes(name, in_words(ledger, name, kept))
    return 0
