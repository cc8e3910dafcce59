"""The command for leaders' written instructions (批示)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from taskkit import showing_directives
from taskkit.commands.common import command, open_existing


@command
@click.argument("name")
@click.option(
    "--xlsx",
    "out",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="写成批示登记（.xlsx），填好后登记（taskkit load 文件）。",
)
def directives(name: str, out: Path | None, url: str, templates: Path | None) -> int:
    """领导批示：登记、交办、看落实到哪一步。"""
    from taskkit.directing import standing, write_directives

    with open_existing(url) as ledger:
        if out:
            is_new = write_directives(ledger, name, out)
            showing_directives.show_written(out, len(ledger.directives(name)), is_new)
        else:
            showing_directives.show_directives(name, standing(ledger, name, date.today()))
    return 0
