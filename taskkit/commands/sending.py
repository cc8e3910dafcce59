"""Commands that write forms: issue, templates, demo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from taskkit import console, showing
from taskkit.commands.common import (
    NEEDS_A_PERSON,
    command,
    exit_status,
    open_existing,
    period_option,
    settings_of,
)
from taskkit.errors import UsageError

if TYPE_CHECKING:
    from taskkit.template_check import Checked
    from taskkit.word_template_check import CheckedDocument


@command
@click.argument("name")
@period_option
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="输出文件夹，默认 output/NAME/PERIOD/。")
@click.option("--unit", "units", metavar="U", multiple=True, help="只给这个单位（名称、全称、简称或别名），可写多次。")
@click.option(
    "--role",
    type=click.Choice(["lead", "support", "all"]),
    help="给谁：牵头单位、配合单位或全部；不写时按通知的要求，通知没有写明的只给牵头单位。",
)
@click.option("--part", metavar="PART", help="方案的哪一部分：正文（main）、附件（annex）。")
@click.option("--workers", metavar="N", type=click.IntRange(1, 64), default=1, help="同时用几个进程，默认1。")
@click.option("--anyway", is_flag=True, help="方案没有规定的报送期也照发。")
@click.option("--together", is_flag=True, help="不分单位，生成一张总表，由督查室汇填或各单位传着填。")
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
    from taskkit.issuing import issue as issue_workbooks
    from taskkit.issuing.dispatching import write_dispatch

    with open_existing(url) as ledger, console.progress("生成表格") as advance:
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
            settings=settings_of(templates),
            progress=advance,
        )
        folder = books[0].parent if books and not together else None
        sent = write_dispatch(ledger, name, str(books.books["period"].iloc[0]), folder) if folder else None
    showing.show_issued(books, name)
    if sent:
        showing.show_dispatch(sent)
    console.findings(books.findings)
    return exit_status(books.findings)


@command
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--check", "file", metavar="FILE", type=click.Path(path_type=Path), help="检查一个改过的模板（Excel 或 Word）。"
)
def templates(folder: Path | None, file: Path | None, url: str, templates: Path | None) -> int:
    """把自带的模板和词语复制到文件夹 DIR，供修改；已有改动的文件保留不动。或用 --check 检查改过的模板。"""
    from taskkit.template_files import copy_templates

    if (folder is None) == (file is None):
        raise UsageError(
            "没有写明要做什么", "复制模板请写文件夹，如 taskkit templates 本局模板；检查请写 --check 模板文件"
        )
    if file is not None:
        return _check(file)
    assert folder is not None
    copied = copy_templates(folder)
    console.table(("文件", "结果"), [(each.name, each.outcome.label) for each in copied])
    console.say(f"改好后，运行命令时加 --templates {folder}，就按这个文件夹里的模板生成。")
    return 0


def _check(file: Path) -> int:
    checked: Checked | CheckedDocument
    if file.suffix.lower() == ".docx":
        from taskkit.word_template_check import check_word_template

        checked = check_word_template(file)
        showing.show_checked_document(file, checked)
    else:
        from taskkit.template_check import check_template

        checked = check_template(file)
        showing.show_checked(file, checked)
    return NEEDS_A_PERSON if checked.problems else 0


@command
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), default=Path("output/demo"), help="放在哪个文件夹里。"
)
def demo(out: Path, url: str, templates: Path | None) -> int:
    """用自带的样例方案走一遍全过程，结果都放在 DIR 里，不碰别的文件。"""
    from taskkit.demo import run_demo

    run_demo(out, console.say, settings_of(templates))
    return 0
