"""Commands for what comes back: collect, register, status."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taskkit import console, showing, showing_directives, showing_returned
from taskkit.commands.common import (
    ALL_REFUSED,
    NEEDS_A_PERSON,
    command,
    date_of,
    exit_status,
    open_existing,
    settings_of,
)
from taskkit.errors import UNCHANGED, OutputError, UsageError
from taskkit.periods import PLAN
from taskkit.receipts import FileOutcome
from taskkit.showing_overview import show_overview

if TYPE_CHECKING:
    from taskkit.collecting import Collected
    from taskkit.ledger import Ledger
    from taskkit.settings import Settings

_FOR_A_PERSON = (FileOutcome.REFUSED, FileOutcome.NOT_TAKEN, FileOutcome.WAITING, FileOutcome.UNSURE)


@command
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--received", metavar="DATE", help="收到的日期，如 2026-04-08；不写时看文件夹的名字，再默认为今天。")
@click.option("--way", metavar="WAY", help="怎样交来的：邮件、微信、系统……；默认“电子”。")
@click.option("--plan", "name", metavar="NAME", help="只收这份方案的表格。")
@click.option("--period", metavar="P", help="只收这个报送期的表格。")
@click.option("--unit", metavar="单位", help="只收这个单位的；没有标记的文件看不出是谁的，用它（和 --period）指明。")
@click.option(
    "--returned",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="把有问题的表格标出问题，另存到这个文件夹，供退回单位修改（只预览时也写）。",
)
@click.option("--apply", is_flag=True, help="收入台账。不加时只预览，不作任何改动。")
@click.option(
    "--xlsx",
    "out",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="把列出的内容另写成核对表（.xlsx），文字不截断。",
)
def collect(
    paths: tuple[Path, ...],
    received: str | None,
    way: str | None,
    name: str | None,
    period: str | None,
    unit: str | None,
    returned: Path | None,
    apply: bool,
    out: Path | None,
    url: str,
    templates: Path | None,
) -> int:
    """收回各单位填好的表格：文件、文件夹或压缩包。默认只预览。"""
    from taskkit.collecting import collect as collect_workbooks
    from taskkit.collecting.differences import check_place, write_differences

    if out:
        check_place(out)
    with open_existing(url) as ledger, console.progress("核对表格") as advance:
        result = collect_workbooks(
            ledger,
            list(paths),
            apply,
            date_of(received),
            plan=name,
            period=period,
            unit=unit,
            way=way,
            settings=settings_of(templates),
            progress=advance,
            returned=returned,
        )
    showing_returned.show_collected(result, apply)
    if out:
        try:
            write_differences(result, apply, out)
        except OutputError as error:
            raise OutputError(error.what, error.advice, "台账已按上面所列处理。" if apply else UNCHANGED) from error
        console.say(f"已写核对表：{out}")
    return _collected_status(result)


@command
@click.argument("name")
@click.option("--period", metavar="P", help="只列这个报送期；不写时列全部已发的报送期。")
@click.option(
    "--xlsx",
    "out",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="写成收件登记（.xlsx），补登、改好后登记（taskkit load 文件）。",
)
def register(name: str, period: str | None, out: Path | None, url: str, templates: Path | None) -> int:
    """收件登记：谁在哪天以什么方式交来了什么，结果如何。电话、纸质、当面报送的可在表里补登。"""
    from taskkit.registering import register_rows, write_register

    with open_existing(url) as ledger:
        if out:
            is_new = write_register(ledger, name, out, period)
            showing.show_register_written(out, is_new)
        else:
            showing.show_register(name, register_rows(ledger, name, period))
    return 0


@command
@click.argument("name")
@click.option("--period", metavar="P", help="只看这个报送期；不写时看全部已发的报送期，任务进展取最近一期。")
@click.option("--text", "as_text", is_flag=True, help="只写一句话，可贴到工作群里。")
@click.option(
    "--xlsx",
    "book",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="进展一览写成 Excel：总览、任务、单位、指标。",
)
@click.option(
    "--html",
    "page",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="进展一览写成网页：一个文件，用浏览器打开，可筛选、可打印，不联网。",
)
@click.option("--public", is_flag=True, help="公开版：不含问题、批示、电话和经办人员，配合 --xlsx、--html 使用。")
def status(
    name: str,
    period: str | None,
    as_text: bool,
    book: Path | None,
    page: Path | None,
    public: bool,
    url: str,
    templates: Path | None,
) -> int:
    """看谁报了、谁迟了、谁还没报，各项任务到了哪一步。"""
    from taskkit.chat_line import chat_line
    from taskkit.directing import standing
    from taskkit.tracking import returns
    from taskkit.tracking import status as status_of

    if public and not (book or page):
        raise UsageError("--public 只用于写成文件", "请同时写 --html 或 --xlsx")
    settings = settings_of(templates)
    with open_existing(url) as ledger:
        if book or page:
            _write_status(ledger, name, period, settings, book, page, public)
            return 0
        overview = status_of(ledger, name, period)
        if as_text:
            for each in overview:
                console.say(chat_line(ledger, name, each, datetime.now()))
            return 0
        showing.show_status(name, overview, lambda period: returns(ledger, name, period))
        if any(each.period != PLAN.text for each in overview):
            from taskkit.reports.surveying import survey

            show_overview(survey(ledger, name, period, settings))
        showing_directives.show_summary(name, standing(ledger, name, date.today()), hint=True)
    return 0


def _write_status(
    ledger: Ledger,
    name: str,
    period: str | None,
    settings: Settings,
    book: Path | None,
    page: Path | None,
    public: bool,
) -> None:
    """Both files from one reading of the ledger, so that they agree."""
    from taskkit.reports.status_files import write_html, write_workbook
    from taskkit.reports.surveying import survey
    from taskkit.showing_saved import show_saved

    over = survey(ledger, name, period, settings, public=public)
    if book:
        show_saved(write_workbook(over, book))
    if page:
        show_saved(write_html(over, page, settings), "（用浏览器打开）")


def _collected_status(result: Collected) -> int:
    from taskkit.merge import Outcome

    outcomes = result.files["outcome"]
    if len(outcomes) and (outcomes == FileOutcome.REFUSED).all():
        return ALL_REFUSED
    waiting = outcomes.isin(_FOR_A_PERSON).any()
    conflicts = result.cells["outcome"].isin([Outcome.CONFLICT, Outcome.HELD]).any()
    return NEEDS_A_PERSON if waiting or conflicts else exit_status(result.findings)
