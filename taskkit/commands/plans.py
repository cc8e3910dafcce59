"""Commands for plans and lists: read, load, units."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from taskkit import console, showing, showing_returned
from taskkit.commands.common import (
    ALL_REFUSED,
    NEEDS_A_PERSON,
    command,
    dialect_option,
    exit_status,
    findings_frame,
    open_existing,
    settings_of,
)
from taskkit.errors import InputError, UsageError

if TYPE_CHECKING:
    from taskkit.deciding import DecisionsFile
    from taskkit.ledger import Ledger
    from taskkit.listing import RosterFile
    from taskkit.registering import RegisterFile
    from taskkit.settings import Settings


@command
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出全部内容。")
@click.option(
    "--xlsx",
    "out",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="写一份核对稿（.xlsx），改好后登记（taskkit load 文件）。",
)
@dialect_option
def read(file: Path, as_json: bool, out: Path | None, dialect: str | None, url: str, templates: Path | None) -> int:
    """读一份分工方案，看看里面有什么；不存储任何内容。"""
    from taskkit.reading import read_plan, read_with_document

    if as_json and out:
        raise UsageError("--json 和 --xlsx 不能一起用", "请分两次运行")
    if out:
        from taskkit.proofreading import write_proofreading

        reading = read_with_document(file, dialect)
        plan = reading.plan
        is_new = write_proofreading(plan, reading.originals(), out, settings_of(templates))
        showing.show_proofreading(plan, out, is_new)
        return exit_status(plan.findings)
    plan = read_plan(file, dialect)
    if as_json:
        click.echo(showing.plan_json(plan))
    else:
        showing.show_plan(plan)
    return exit_status(plan.findings)


@command
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "name", metavar="NAME", help="方案在台账里的名字；不写时用文件名。")
@dialect_option
def load(file: Path, name: str | None, dialect: str | None, url: str, templates: Path | None) -> int:
    """读一份分工方案、改好的核对稿、填好的名册、待决定表或收件登记，登记到台账（没有台账时新建）。重复登记不会有变化。"""
    from taskkit.deciding import open_decisions
    from taskkit.ledger import open_ledger
    from taskkit.listing import open_roster
    from taskkit.reading import read_plan
    from taskkit.registering import open_register

    if listed := open_roster(file):
        if dialect:
            raise UsageError("名册不需要指定写法", "请去掉 --dialect")
        with open_existing(url) as ledger:
            return _load_roster(ledger, listed, name)
    if registered := open_register(file):
        if dialect:
            raise UsageError("收件登记不需要指定写法", "请去掉 --dialect")
        with open_existing(url) as ledger:
            return _load_register(ledger, registered, name)
    if decided := open_decisions(file):
        with open_existing(url) as ledger:
            return _load_decisions(ledger, decided, name, settings_of(templates))
    plan = read_plan(file, dialect)
    if console.has_errors(plan.findings):
        console.findings(plan.findings)
        raise InputError(f"“{file.name}”有不能照用的地方，没有登记", "请按上面的提示改好后再试")
    with open_ledger(url) as ledger:
        before = ledger.plan_names()
        kept = ledger.add_plan(plan, name)
    if kept in before:
        console.say(f"台账里已有内容相同的“{kept}”，未作任何改动。")
    else:
        console.say(f"已登记“{kept}”：{len(plan.tasks)}项任务。接下来可以：taskkit issue {kept}")
    console.findings(plan.findings)
    return exit_status(plan.findings)


def _load_roster(ledger: Ledger, listed: RosterFile, name: str | None) -> int:
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
        console.findings(roster.findings, most=50)
        raise InputError(f"“{roster.source}”有不能照用的地方，没有登记", "请按上面的提示改好后再试")
    is_new = ledger.add_roster(wanted, roster)
    showing.show_roster_loaded(wanted, roster, is_new)
    console.findings(roster.findings)
    return exit_status(roster.findings)


def _load_register(ledger: Ledger, registered: RegisterFile, name: str | None) -> int:
    """Register what a person added to, or corrected in, the register of a plan."""
    wanted = name or registered.plan_name or _only_plan(ledger, "收件登记")
    if registered.plan_name not in (None, wanted):
        raise UsageError(f"这是“{registered.plan_name}”的收件登记，--as 写的却是“{wanted}”", "请去掉 --as")
    taken = registered.take(ledger, wanted)
    showing.show_register_loaded(wanted, taken)
    if console.has_errors(taken.findings) and not (taken.new or taken.corrected):
        return ALL_REFUSED
    return exit_status(taken.findings)


def _load_decisions(ledger: Ledger, file: DecisionsFile, name: str | None, settings: Settings) -> int:
    """Keep what a person decided, all of it or nothing."""
    wanted = name or file.plan_name or _only_plan(ledger)
    if wanted not in ledger.plan_names():
        raise UsageError(f"这是“{wanted}”的待决定表，台账里没有这份方案", "请用 --ledger 指明是哪个台账")
    loaded = file.load(ledger, wanted, settings)
    findings = findings_frame(loaded.findings)
    if console.has_errors(findings):
        console.findings(findings, most=50)
        raise InputError(f"“{file.path.name}”有不能照用的地方，一处也没有登记", "请按上面的提示改好后再试")
    showing_returned.show_decisions_loaded(wanted, loaded)
    console.findings(findings)
    return NEEDS_A_PERSON if loaded.undecided else exit_status(findings)


def _only_plan(ledger: Ledger, what: str = "名册") -> str:
    names = ledger.plan_names()
    if len(names) == 1:
        return names[0]
    raise UsageError(f"看不出是哪份方案的{what}", f"请用 --as 写明方案的名字；台账里有：{'、'.join(names) or '（空）'}")


@command
@click.argument("name")
@click.option(
    "--xlsx",
    "out",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="写成名册（.xlsx），填好后登记（taskkit load 文件）。",
)
def units(name: str, out: Path | None, url: str, templates: Path | None) -> int:
    """看单位名册和领导名册：次序、简称、别名、集体称谓的成员、通过何单位报送。没有登记过的，按方案列出。"""
    from taskkit.listing import roster_in_hand, write_roster

    with open_existing(url) as ledger:
        plan = ledger.plan(name)
        hand = roster_in_hand(plan, ledger.roster(name), ledger.previous_roster(name))
    if out:
        is_new = write_roster(hand.roster, plan, name, out, hand.state, settings_of(templates))
        showing.show_roster_written(hand, plan, out, is_new)
    else:
        showing.show_roster(name, hand, plan)
    return 0
