"""Commands for plans and lists: read, load, units."""

from __future__ import annotations

from pathlib import Path

import click

from taskkit import console, showing
from taskkit.commands.common import (
    command,
    day_of,
    dialect_option,
    exit_status,
    open_existing,
    settings_of,
)
from taskkit.commands.loading import load_sheet
from taskkit.errors import InputError, UsageError


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
@click.option("--amend", is_flag=True, help="是已登记方案的修订稿：看与台账有什么不同；加 --apply 才登记。")
@click.option("--apply", is_flag=True, help="与 --amend 同用：登记修订稿，任务编号不变，原来的版本保留。")
@click.option("--on", "day", metavar="DATE", help="与 --amend 同用：修订稿从哪天起执行；不写时为今天。")
@click.option("--ground", metavar="TEXT", default="", help="与 --amend 同用：依据；不写时用新文件的文号。")
@click.option(
    "--xlsx", "out", metavar="OUT", type=click.Path(path_type=Path), help="与 --amend 同用：写变更对照表（.xlsx）。"
)
@click.option(
    "--matches",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="与 --amend 同用：“待确认”填好了的变更对照表。",
)
@dialect_option
def load(
    file: Path,
    name: str | None,
    amend: bool,
    apply: bool,
    day: str | None,
    ground: str,
    out: Path | None,
    matches: Path | None,
    dialect: str | None,
    url: str,
    templates: Path | None,
) -> int:
    """登记方案，或填好的表：核对稿、名册、待决定表、收件登记、报送安排、审核台账、批示登记、变更表等。

    没有台账时新建。重复登记不会有变化。修订稿加 --amend：先预览，再加 --apply 登记。
    """
    from taskkit.ledger import open_ledger
    from taskkit.reading import read_plan
    from taskkit.wording import tasks_counted

    if amend:
        from taskkit.commands.amending import AmendOptions, load_amended

        options = AmendOptions(apply, day_of(day, "--on"), ground, out, matches)
        return load_amended(file, url, name, dialect, options, settings_of(templates))
    if apply or day or ground or out or matches:
        raise UsageError("--apply、--on、--ground、--xlsx、--matches 要与 --amend 同用", "登记新方案不需要它们")
    if (status := load_sheet(file, url, name, dialect, settings_of(templates))) is not None:
        return status
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
        console.say(f"已登记“{kept}”：{tasks_counted(plan.tasks['part'])}。接下来可以：taskkit issue {kept}")
    console.findings(plan.findings)
    return exit_status(plan.findings)


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
