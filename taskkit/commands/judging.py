"""Commands that say how units stand: compare, score."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taskkit import console
from taskkit.commands.common import command, day_of, open_existing, settings_of

if TYPE_CHECKING:
    from taskkit.ledger import Ledger


@command
@click.argument("name")
@click.option("--period", metavar="P", help="看到哪个报送期；不写时取最近发出的一期。全年的一期即年终对比。")
@click.option("--xlsx", "out", metavar="OUT", type=click.Path(path_type=Path), help="写成对比表（.xlsx），带图表。")
def compare(name: str, period: str | None, out: Path | None, url: str, templates: Path | None) -> int:
    """对比：单位之间、本期和上期、目标和完成；正文和民生实事分开，不相加。"""
    from taskkit.comparing import compare as compared
    from taskkit.comparing.writing import write_comparison
    from taskkit.showing_scores import show_comparison

    with open_existing(url) as ledger:
        comparison = compared(ledger, name, period, settings_of(templates))
    is_new = write_comparison(comparison, out) if out else False
    show_comparison(comparison)
    if out:
        console.say(f"已写出：{out}" if is_new else f"没有变化：{out}")
    return 0


@command
@click.argument("name")
@click.option("--on", metavar="DATE", help="计到哪一天（如 2026-12-31）：只计当日以前到期的报送；不写为今天。")
@click.option("--unit", metavar="U", help="只看这个单位（名称、全称、简称或别名），并列出它的报送记录。")
@click.option(
    "--xlsx",
    "out",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="写成计分表（.xlsx）；在“手工调整”里加分、扣分、更正，填好后登记（taskkit load 文件）。",
)
def score(name: str, on: str | None, unit: str | None, out: Path | None, url: str, templates: Path | None) -> int:
    """按计分规则（模板 words/scoring.toml）给各单位计分，每一项都列出依据；名册注明不计分的不计。"""
    from taskkit.scoring import score as count
    from taskkit.scoring.writing import write_scores
    from taskkit.showing_scores import show_scores

    with open_existing(url) as ledger:
        scores = count(ledger, name, day_of(on, "--on"), settings_of(templates))
        wanted = _meant(ledger, name, scores.on, unit) if unit else None
        is_new = write_scores(ledger, scores, out) if out else False
    show_scores(scores, wanted)
    if out:
        console.say(f"已写出：{out}" if is_new else f"没有变化：{out}")
    return 0


def _meant(ledger: Ledger, name: str, on: date, unit: str) -> str:
    from taskkit.plan_index import PlanIndex

    return PlanIndex(ledger.plan(name, on), ledger.roster(name, on)).meant(unit)
