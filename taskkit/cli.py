"""The command line: parses, calls the library, prints, and exits with a status.

0 done · 1 done, but a person must look (an error or doubt, a refused file, a conflict) ·
2 wrong arguments or all refused, nothing changed · 3 our own fault · 130 interrupted.
Libraries are imported inside the commands, so that ``taskkit --help`` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taskkit.chinese import speak_chinese

speak_chinese()  # before click looks up its own words

import click  # noqa: E402

from taskkit import __version__, console, showing  # noqa: E402
from taskkit.errors import InputError, TaskkitError, UsageError  # noqa: E402

if TYPE_CHECKING:
    import pandas as pd

    from taskkit.collecting import Collected
    from taskkit.ledger import Ledger
    from taskkit.listing import RosterFile
    from taskkit.settings import Settings

Command = Callable[..., Any]
DEFAULT_LEDGER = "taskkit.db"
NEEDS_A_PERSON = 1

ledger_option = click.option(
    "--ledger",
    "url",
    metavar="URL",
    envvar="TASKKIT_LEDGER",
    default=DEFAULT_LEDGER,
    help="台账：文件名，或 SQLAlchemy 地址。默认取环境变量 TASKKIT_LEDGER，再默认为当前文件夹的 taskkit.db。",
)
templates_option = click.option(
    "--templates", metavar="DIR", type=click.Path(path_type=Path), help="本单位自己的模板文件夹；没有的模板用自带的。"
)
dialect_option = click.option("--dialect", metavar="D", help="指定方案的写法（见 docs/dialects.md）；不写时自动判断。")
period_option = click.option(
    "--period", metavar="P", help="报送期：plan（落实方案）、2023Q1、2023H1 或 2023-01；不写时取最近应报的一期。"
)


class _Command(click.Command):
    """A command whose usage line is Chinese throughout."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[选项]", **options})


class _Commands(click.Group):
    """The commands in the order of the work, not of the alphabet."""

    command_class = _Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=_Commands,
    options_metavar="[选项]",
    subcommand_metavar="命令 [参数]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="taskkit", message="%(prog)s %(version)s")
def commands() -> None:
    """政府工作报告任务分工的台账工具：读方案、发表格、收表格、出报告。

    \b
    taskkit read  分工方案.docx            看看读得对不对
    taskkit load  分工方案.docx --as 2026  登记到台账
    taskkit units 2026 --xlsx 名册.xlsx    单位的次序、简称、成员，填好后登记
    taskkit issue 2026 --period plan       给各牵头单位生成表格
    taskkit collect 收到的文件夹           先预览，再加 --apply 收入台账
    taskkit status 2026                    谁报了、谁没报
    taskkit report progress 2026           生成 Word 进展报告
    """


def common(function: Command) -> Command:
    """The options that every command takes, after its own."""
    return ledger_option(templates_option(function))


@commands.command()
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
@common
def read(file: Path, as_json: bool, out: Path | None, dialect: str | None, url: str, templates: Path | None) -> int:
    """读一份分工方案，看看里面有什么；不存储任何内容。"""
    from taskkit.reading import read_plan, read_with_document

    if as_json and out:
        raise UsageError("--json 和 --xlsx 不能一起用", "请分两次运行")
    if out:
        from taskkit.proofreading import write_proofreading

        reading = read_with_document(file, dialect)
        plan = reading.plan
        is_new = write_proofreading(plan, reading.originals(), out, _settings(templates))
        showing.show_proofreading(plan, out, is_new)
        return _status(plan.findings)
    plan = read_plan(file, dialect)
    if as_json:
        click.echo(showing.plan_json(plan))
    else:
        showing.show_plan(plan)
    return _status(plan.findings)


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "name", metavar="NAME", help="方案在台账里的名字；不写时用文件名。")
@dialect_option
@common
def load(file: Path, name: str | None, dialect: str | None, url: str, templates: Path | None) -> int:
    """读一份分工方案、改好的核对稿或填好的名册，登记到台账（台账不存在时新建）。同一内容重复登记不会有变化。"""
    from taskkit.ledger import open_ledger
    from taskkit.listing import open_roster
    from taskkit.reading import read_plan

    if listed := open_roster(file):
        if dialect:
            raise UsageError("名册不需要指定写法", "请去掉 --dialect")
        with _open(url) as ledger:
            return _load_roster(ledger, listed, name)
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
    return _status(plan.findings)


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
    return _status(roster.findings)


def _only_plan(ledger: Ledger) -> str:
    names = ledger.plan_names()
    if len(names) == 1:
        return names[0]
    raise UsageError("看不出是哪份方案的名册", f"请用 --as 写明方案的名字；台账里有：{'、'.join(names) or '（空）'}")


@commands.command()
@click.argument("name")
@click.option(
    "--xlsx",
    "out",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="写成名册（.xlsx），填好后登记（taskkit load 文件）。",
)
@common
def units(name: str, out: Path | None, url: str, templates: Path | None) -> int:
    """看单位名册和领导名册：次序、简称、别名、集体称谓的成员、通过何单位报送。没有登记过的，按方案列出。"""
    from taskkit.listing import roster_in_hand, write_roster

    with _open(url) as ledger:
        plan = ledger.plan(name)
        hand = roster_in_hand(plan, ledger.roster(name), ledger.previous_roster(name))
    if out:
        is_new = write_roster(hand.roster, plan, name, out, hand.state, _settings(templates))
        showing.show_roster_written(hand, plan, out, is_new)
    else:
        showing.show_roster(name, hand, plan)
    return 0


@commands.command()
@click.argument("name")
@period_option
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="输出文件夹，默认 output/NAME/PERIOD/。")
@click.option("--unit", "units", metavar="U", multiple=True, help="只给这个单位（名称、全称、简称或别名），可写多次。")
@click.option(
    "--role",
    type=click.Choice(["lead", "support", "all"]),
    help="给谁：牵头单位、配合单位或全部；不写时按通知的要求，通知没有写明的只给牵头单位。",
)
@click.option("--part", metavar="PART", help="方案的哪一部分：main（正文）、annex（附件）。")
@click.option("--workers", metavar="N", type=click.IntRange(1, 64), default=1, help="同时用几个进程，默认1。")
@click.option("--anyway", is_flag=True, help="方案没有规定的报送期也照发。")
@click.option("--together", is_flag=True, help="不分单位，生成一张总表，由督查室汇填或各单位传着填。")
@common
def issue(
    name: str,
    period: str | None,
    out: Path | None,
    units: tuple[str, ...],
    role: str | None,
    part: str | None,
    workers: int,
    anyway: bool,
    together: bool,
    url: str,
    templates: Path | None,
) -> int:
    """给各单位生成填报表格（每个单位一个 .xlsx）。"""
    from taskkit.dispatching import write_dispatch
    from taskkit.issuing import issue as issue_workbooks

    with _open(url) as ledger, console.progress("生成表格") as advance:
        books = issue_workbooks(
            ledger,
            name,
            period,
            out,
            list(units) or None,
            role,
            part,
            workers,
            anyway=anyway,
            together=together,
            settings=_settings(templates),
            progress=advance,
        )
        folder = books[0].parent if books and not together else None
        sent = write_dispatch(ledger, name, str(books.books["period"].iloc[0]), folder) if folder else None
    showing.show_issued(books, name)
    if sent:
        showing.show_dispatch(sent)
    console.findings(books.findings)
    return _status(books.findings)


@commands.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--received", metavar="DATE", help="收到的日期，如 2026-04-08；不写时为今天。")
@click.option("--plan", "name", metavar="NAME", help="只收这份方案的表格。")
@click.option("--period", metavar="P", help="只收这个报送期的表格。")
@click.option("--apply", is_flag=True, help="收入台账。不加时只预览，不作任何改动。")
@common
def collect(
    paths: tuple[Path, ...],
    received: str | None,
    name: str | None,
    period: str | None,
    apply: bool,
    url: str,
    templates: Path | None,
) -> int:
    """收回各单位填好的表格：文件、文件夹或压缩包。默认只预览。"""
    from taskkit.collecting import collect as collect_workbooks

    with _open(url) as ledger, console.progress("核对表格") as advance:
        result = collect_workbooks(
            ledger,
            list(paths),
            apply,
            _date(received),
            plan=name,
            period=period,
            settings=_settings(templates),
            progress=advance,
        )
    showing.show_collected(result, apply)
    return _collected_status(result)


@commands.command()
@click.argument("name")
@click.option("--period", metavar="P", help="只看这个报送期；不写时看全部已发的报送期。")
@common
def status(name: str, period: str | None, url: str, templates: Path | None) -> int:
    """看谁报了、谁迟了、谁还没报。"""
    from taskkit.tracking import returns
    from taskkit.tracking import status as status_of

    with _open(url) as ledger:
        showing.show_status(name, status_of(ledger, name, period), lambda each: returns(ledger, name, each))
    return 0


@commands.command()
@click.argument("kind")
@click.argument("name")
@click.option("--period", metavar="P", help="报送期；不写时取最近发出的一期。")
@click.option(
    "--out", metavar="PATH", type=click.Path(path_type=Path), help="输出文件，默认在 output/NAME/PERIOD/ 下。"
)
@click.option(
    "--unit",
    "units",
    metavar="U",
    multiple=True,
    help="digest：摘编哪个单位的任务；compendium：给哪个牵头单位。可写多次。",
)
@click.option("--leader", metavar="L", help="leader：哪位领导的分管任务表。")
@common
def report(
    kind: str,
    name: str,
    period: str | None,
    out: Path | None,
    units: tuple[str, ...],
    leader: str | None,
    url: str,
    templates: Path | None,
) -> int:
    """生成报告。KIND：progress（进展报告，也可写 monthly、quarterly）、digest（任务摘编）、
    compendium（配合单位进展汇编）、leader（领导分管任务表，Excel）、ledger（任务台账，Excel）。
    """
    from taskkit.reports import report as write_report

    with _open(url) as ledger:
        path = write_report(ledger, name, kind, period, out, units=units, leader=leader, settings=_settings(templates))
    console.say(f"已生成：{path}")
    return 0


@commands.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--check", "file", metavar="FILE", type=click.Path(path_type=Path), help="检查一个改过的 Excel 模板。")
@common
def templates(folder: Path | None, file: Path | None, url: str, templates: Path | None) -> int:
    """把自带的模板和词语复制到文件夹 DIR，供修改；已有改动的文件保留不动。或用 --check 检查改过的模板。"""
    from taskkit.template_files import copy_templates

    if (folder is None) == (file is None):
        raise UsageError(
            "没有写明要做什么", "复制模板请写文件夹，如 taskkit templates 本局模板；检查请写 --check 模板文件"
        )
    if file is not None:
        from taskkit.template_check import check_template

        checked = check_template(file)
        showing.show_checked(file, checked)
        return NEEDS_A_PERSON if checked.problems else 0
    assert folder is not None
    copied = copy_templates(folder)
    console.table(("文件", "结果"), [(each.name, each.outcome.label) for each in copied])
    console.say(f"改好后，运行命令时加 --templates {folder}，就按这个文件夹里的模板生成。")
    return 0


@commands.command()
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), default=Path("output/demo"), help="放在哪个文件夹里。"
)
@common
def demo(out: Path, url: str, templates: Path | None) -> int:
    """用自带的样例方案走一遍全过程，结果都放在 DIR 里，不碰别的文件。"""
    from taskkit.demo import run_demo

    run_demo(out, console.say, _settings(templates))
    return 0


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: runs a command and turns errors into a message and an exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console or pipe in GBK cannot show every sign
    try:
        status = commands.main(args=arguments, prog_name="taskkit", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = 2
    except TaskkitError as error:
        click.echo(str(error), err=True)
        status = error.exit_status
    except (KeyboardInterrupt, click.Abort):
        click.echo("已中断。", err=True)
        status = 130
    except BrokenPipeError:  # the reader of our output (head, less) has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:
        if os.environ.get("TASKKIT_DEBUG"):
            raise
        click.echo(
            f"程序内部出错（{type(error).__name__}），不是您的操作有误。"
            "请把这行字和所用的文件发给维护人员；设 TASKKIT_DEBUG=1 再运行可看到细节。",
            err=True,
        )
        status = 3
    sys.exit(status or 0)


def _open(url: str) -> Ledger:
    from taskkit.ledger import open_ledger

    return open_ledger(url, create=False)


def _settings(templates: Path | None) -> Settings:
    from taskkit.settings import Settings

    return Settings(templates)


def _collected_status(result: Collected) -> int:
    from taskkit.collecting import FileOutcome
    from taskkit.merge import Outcome

    outcomes = result.files["outcome"]
    if len(outcomes) and (outcomes == FileOutcome.REFUSED).all():
        return 2
    waiting = outcomes.isin([FileOutcome.REFUSED, FileOutcome.NOT_TAKEN]).any()
    conflicts = (result.cells["outcome"] == Outcome.CONFLICT).any()
    return NEEDS_A_PERSON if waiting or conflicts else _status(result.findings)


def _status(findings: pd.DataFrame) -> int:
    return NEEDS_A_PERSON if console.needs_person(findings) else 0


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise UsageError(f"看不懂日期“{text}”", "请写成 2026-04-08 这样") from error
    if day > date.today():
        raise UsageError(f"收到日期 {text} 还没有到", "请核对年份和月份")
    return day


if __name__ == "__main__":
    main()
