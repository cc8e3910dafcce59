"""Commands for the calendar: due, extend."""

from __future__ import annotations

from pathlib import Path

import click

from taskkit import showing_due
from taskkit.commands.common import command, day_of, open_existing, period_option, settings_of
from taskkit.errors import UsageError


@command
@click.argument("name")
@click.option("--on", "day", metavar="DATE", help="看哪一天的情况，如 2026-07-08；不写时为今天。")
@click.option("--unit", "units", metavar="U", multiple=True, help="只看这个单位（名称、全称、简称或别名），可写多次。")
@click.option("--all", "everything", is_flag=True, help="全部列出，包括已报的和以后的。")
@click.option(
    "--xlsx",
    "out",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="写成报送安排（.xlsx），含各单位时限；改好后登记（taskkit load 文件）。",
)
@click.option(
    "--set", "kind", metavar="KIND", help="设定报送安排：每月28日等（见 docs/due.md）；“照方案”恢复方案原来的。"
)
@click.option("--part", metavar="PART", help="与 --set 合用：方案的哪一部分，正文（main）、附件（annex）；默认正文。")
@click.option("--role", type=click.Choice(["lead", "support", "all"]), help="与 --set 合用：谁报；默认牵头单位。")
@click.option(
    "--move",
    type=click.Choice(["keep", "next", "before"]),
    help="与 --set 合用：遇节假日照此日期、顺延、提前；默认照 words/calendars.toml。",
)
def due(
    name: str,
    day: str | None,
    units: tuple[str, ...],
    everything: bool,
    out: Path | None,
    kind: str | None,
    part: str | None,
    role: str | None,
    move: str | None,
    url: str,
    templates: Path | None,
) -> int:
    """看谁该在哪天报什么，还剩几天、逾期几天：逾期、今天、本周的在前。也用来设定报送安排。"""
    from taskkit.arranging import set_calendar, write_arrangement
    from taskkit.calendars import work_calendar
    from taskkit.duties import collectives_asked, duties, of_units

    if not kind and (part or role or move):
        raise UsageError("--part、--role、--move 要与 --set 合用", "只看某个单位的，请用 --unit")
    on, settings = day_of(day, "--on"), settings_of(templates)
    with open_existing(url) as ledger:
        if kind:
            showing_due.show_rearranged(name, set_calendar(ledger, name, kind, part, role, move, settings))
        listed = duties(ledger, name, on, settings)
        if units:
            listed = of_units(ledger, name, listed, units)
        if out:
            is_new = write_arrangement(ledger, name, listed, out, on, work_calendar(settings))
            showing_due.show_arrangement_written(out, is_new)
        elif not kind:
            showing_due.show_due(name, listed, on, everything=everything, by_unit=bool(units))
            if not units:
                showing_due.show_collectives(name, collectives_asked(ledger, name, on))
        showing_due.show_provisional(listed)
    return 0


@command
@click.argument("name")
@click.option("--unit", metavar="U", required=True, help="哪个单位（名称、全称、简称或别名）。")
@period_option
@click.option("--part", metavar="PART", help="方案的哪一部分：正文（main）、附件（annex）；只报一部分的可以不写。")
@click.option("--to", "to", metavar="DATE", help="延到哪一天，如 2026-07-20。")
@click.option("--asked", metavar="DATE", help="单位哪一天提出的；须在原定日期前。")
@click.option("--reason", metavar="TEXT", help="理由。")
@click.option("--withdraw", is_flag=True, help="取消已同意的延期，恢复原定日期。")
def extend(
    name: str,
    unit: str,
    period: str | None,
    part: str | None,
    to: str | None,
    asked: str | None,
    reason: str | None,
    withdraw: bool,
    url: str,
    templates: Path | None,
) -> int:
    """登记同意的延期：哪个单位、哪一期、延到哪天、哪天提出、什么理由。原定日期过后才提出的不算。"""
    from taskkit.extending import Wanted, extend_date, withdraw_extension

    if period is None:
        raise UsageError("没有写明是哪一期", "请用 --period 写明，如 --period 二季度")
    with open_existing(url) as ledger:
        settings = settings_of(templates)
        if withdraw:
            if to or asked or reason:
                raise UsageError("--withdraw 不能和 --to、--asked、--reason 一起用", "请分两次运行")
            showing_due.show_withdrawn(withdraw_extension(ledger, name, unit, period, part, settings))
            return 0
        missing = [option for option, value in (("--to", to), ("--asked", asked), ("--reason", reason)) if not value]
        if not (to and asked and reason):
            raise UsageError(f"没有写 {'、'.join(missing)}", "延期要写明延到哪天、哪天提出、什么理由")
        wanted = Wanted(unit, period, part, day_of(to, "--to"), day_of(asked, "--asked"), reason)
        showing_due.show_extended(name, extend_date(ledger, name, wanted, settings=settings))
    return 0
