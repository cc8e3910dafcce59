"""What the commands share: options, exit statuses, and how a ledger, templates and dates are got at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from taskkit import console
from taskkit.errors import UsageError
from taskkit.received_day import EARLIEST

if TYPE_CHECKING:
    import pandas as pd

    from taskkit.findings import Finding
    from taskkit.ledger import Ledger
    from taskkit.settings import Settings

DEFAULT_LEDGER = "taskkit.db"
NEEDS_A_PERSON = 1
ALL_REFUSED = 2

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
    "--period",
    metavar="P",
    help="报送期：plan（落实方案）、2023Q1、2023H1、2023-01，也可写“二季度”“6月”；不写时取最近应报的一期。",
)


class Command(click.Command):
    """A command whose usage line is Chinese throughout."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[选项]", **options})


def command(function: Callable[..., Any]) -> Command:
    """Make a command of a function, with the options that every command takes after its own."""
    return click.command(cls=Command)(ledger_option(templates_option(function)))


def open_existing(url: str) -> Ledger:
    from taskkit.ledger import open_ledger

    return open_ledger(url, create=False)


def settings_of(templates: Path | None) -> Settings:
    from taskkit.settings import Settings

    return Settings(templates)


def exit_status(findings: pd.DataFrame) -> int:
    return NEEDS_A_PERSON if console.needs_person(findings) else 0


def findings_frame(listed: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a frame to print."""
    import pandas as pd

    return pd.DataFrame([each.row for each in listed], columns=["code", "severity", "task_id", "source", "message"])


def day_of(text: str, option: str) -> date:
    """The day that an option names: 2026-07-10, 2026年7月10日. Raises UsageError for anything else."""
    from taskkit.text import narrow

    for form in ("%Y-%m-%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y/%m/%d"):
        try:
            return datetime.strptime(narrow(text), form).date()
        except ValueError:
            continue
    raise UsageError(f"{option} 写的日期“{text}”看不懂", "请写成 2026-07-10 这样")


def date_of(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise UsageError(f"看不懂日期“{text}”", "请写成 2026-04-08 这样") from error
    if day > date.today():
        raise UsageError(f"收到日期 {text} 还没有到", "请核对年份和月份")
    if day < EARLIEST:
        raise UsageError(f"收到日期 {text} 早得不可能", "请核对年份")
    return day
