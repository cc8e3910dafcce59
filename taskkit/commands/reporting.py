"""The command that writes reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from taskkit import console
from taskkit.commands.common import (
    command,
    day_of,
    open_existing,
    settings_of,
)

if TYPE_CHECKING:
    from taskkit.saving import Saved


@command
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
    help="digest：摘编哪个单位的任务；compendium：给哪个牵头单位；goals：哪个单位的；reminders：只催哪个单位。可写多次。",
)
@click.option("--leader", metavar="L", help="leader、tasks：哪位领导分管的任务。")
@click.option(
    "--on", "day", metavar="DATE", help="按这一天执行的方案（领导、单位、任务）生成，落款也写这一天；不写时为今天。"
)
@click.option("--charts", is_flag=True, help="progress：附各领域进展图；bulletin：附各单位序时率图；可在 Word 里编辑。")
@click.option("--public", is_flag=True, help="公开版：不含问题、电话、经办人，不印内部标识。")
@click.option(
    "--number", metavar="N", help="bulletin：第几期；reminders：第一份催办单的编号；其他：发文字号（印红头时）。"
)
@click.option("--layout", metavar="L", help="plan：版式，numbered（分条式，默认）或 table（表格式）。")
def report(
    kind: str,
    name: str,
    period: str | None,
    out: Path | None,
    units: tuple[str, ...],
    leader: str | None,
    day: str | None,
    charts: bool,
    layout: str | None,
    public: bool,
    number: str | None,
    url: str,
    templates: Path | None,
) -> int:
    """生成 Word、Excel 报告。

    \b
    KIND：progress    进展报告（也可写 monthly、quarterly）
          bulletin    对比式通报
          plan        分工方案
          digest      单位任务摘编
          compendium  配合单位进展汇编
          reminders   催办单（每单位一份）和催报清单（Excel）
          goals       单位落实方案
          leader      领导专报（两页）
          tasks       领导分管任务表（Excel）
          annex       民生实事总表（Excel）
          ledger      任务台账（Excel）
    """
    from taskkit.reports import report as write_report
    from taskkit.showing_saved import show_report

    said: list[str] = []
    files: list[Saved] = []
    with open_existing(url) as ledger:
        on, own = day_of(day, "--on"), settings_of(templates)
        path = write_report(
            ledger,
            name,
            kind,
            period,
            out,
            units=units,
            leader=leader,
            layout=layout,
            charts=charts,
            public=public,
            number=number,
            settings=own,
            today=on,
            tell=said.append,
            heard=files.append,
        )
    show_report(path, files)
    for line in said:
        console.say(line)
    return 0
