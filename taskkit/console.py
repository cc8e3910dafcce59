"""What the command line prints: tables, findings and progress bars in Chinese.

Results go to standard output; progress bars and errors to standard error, bars only on a terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from taskkit.findings import SEVERITY_LABELS

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

Advance = Callable[[int, int], None]
PIPE_WIDTH = 120  # where standard output is no terminal


def say(text: str = "") -> None:
    """Print a line of text as it is (no markup: unit names hold brackets)."""
    _console().print(text, markup=False, highlight=False, soft_wrap=True)


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """Print a table; cells are shown as texts, line breaks as /, nothing for None."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", header_style="bold", pad_edge=False)
    for header in headers:
        grid.add_column(header, overflow="fold")
    for row in rows:
        grid.add_row(*(Text("" if cell is None else str(cell).replace("\n", " / ")) for cell in row))
    _console().print(grid)


_OF_A_KIND = 5


def findings(frame: pd.DataFrame, most: int = 20) -> None:
    """Print findings, the worst first; more than ``most`` are counted, not shown.

    Where there are so many, a few of each kind are shown, so that a common one does not hide a rare one.
    """
    if frame.empty:
        return
    order = list(SEVERITY_LABELS)
    worst_first = frame.sort_values("severity", key=lambda column: column.map(order.index), kind="stable")
    if len(frame) > most:
        worst_first = worst_first[worst_first.groupby("code").cumcount() < _OF_A_KIND]
    shown = worst_first.head(most).fillna("").to_dict("records")
    rows = [(SEVERITY_LABELS[found["severity"]], found["source"], found["message"]) for found in shown]
    table(("程度", "位置", "需要留意的事项"), rows)
    if len(frame) > len(shown):
        say(f"……另有{len(frame) - len(shown)}条未列出。")


def needs_person(frame: pd.DataFrame) -> bool:
    """Whether a finding is an error or a doubt (exit status 1)."""
    return bool(frame["severity"].isin(["error", "doubt"]).any())


def has_errors(frame: pd.DataFrame) -> bool:
    """Whether a finding is an error: something cannot be used as it is."""
    return bool((frame["severity"] == "error").any())


@contextmanager
def progress(label: str) -> Iterator[Advance | None]:
    """A progress bar as a callback (done, total) on a terminal; None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _console() -> Console:
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=PIPE_WIDTH)
