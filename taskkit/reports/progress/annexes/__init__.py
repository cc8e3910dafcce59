"""The annexes of the progress report, each a table on turned pages of its own.

sheet       what all tables share: a title, rows (无 where there are none), a note
indicators  指标表, and the targets that other tables print too
tasks       进展表
behind      未达序时清单
returns     报送情况表
people      民生实事表
year        of the report on a whole year: 承诺与结果表, 结转事项表

They are counted from what the running text is counted from (``Matter``), so that text and tables agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from taskkit.reports.progress.annexes import behind, indicators, people, returns, tasks, year
from taskkit.reports.progress.matter import Matter
from taskkit.word import Annex

__all__ = ["annex_list", "annexes"]

_TABLES = (
    indicators.table,
    tasks.tables,
    behind.table,
    returns.table,
    people.tables,
    year.promises_table,
    year.carried_table,
)


def annexes(matter: Matter) -> tuple[Annex, ...]:
    """The tables in their order, numbered 附件1 …; without those that cannot have rows, or whose title is empty."""
    say = matter.reader.settings.sentences("annexes")
    made = [each for tables in _TABLES for each in tables(matter, say) if each.title]
    return tuple(
        replace(each, label="附件" if len(made) == 1 else f"附件{number}") for number, each in enumerate(made, 1)
    )


def annex_list(listed: Sequence[Annex]) -> Iterable[str]:
    """附件说明: 附件：1.… with the names aligned, without a closing mark (GB/T 9704-2012, 7.3.4)."""
    for number, annex in enumerate(listed, 1):
        opening = "附件：" if number == 1 else "　　　"
        yield f"{opening}{annex.title}" if len(listed) == 1 else f"{opening}{number}.{annex.title}"
