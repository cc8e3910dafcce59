"""The progress report put together: the sections in their order, numbered as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from taskkit import rulings
from taskkit.errors import UsageError
from taskkit.judging.facts import TaskFacts
from taskkit.ledger import Ledger
from taskkit.office.docx_charts import Chart, Series
from taskkit.periods import official_date, parse_period
from taskkit.reports import wording
from taskkit.reports.overview import marks_of
from taskkit.reports.progress import year
from taskkit.reports.progress.advice import drafted
from taskkit.reports.progress.annexes import annex_list
from taskkit.reports.progress.annexes import annexes as annex_tables
from taskkit.reports.progress.domains import domains
from taskkit.reports.progress.figures import main_figures
from taskkit.reports.progress.matter import Domain, Entry, Matter
from taskkit.reports.progress.overview import overview, said
from taskkit.reports.progress.problems import (
    asked_help,
    delays,
    delays_summary,
    doubts,
    requests,
    requests_summary,
)
from taskkit.settings import Settings
from taskkit.word import Annex

TEMPLATE = "reports/progress.docx"
SECTIONS = ("overview", "targets", "domains", "delays", "requests", "advice")
_PUBLIC = ("overview", "targets", "domains")  # the others are about problems, and whom to urge
_WITHIN = ("figures", "promises", "carried", "proposals")


@dataclass(frozen=True)
class Headings:
    """The headings by section, numbered; "" for a section that is left out. The last four: see ``_WITHIN``."""

    overview: str = ""
    targets: str = ""
    domains: str = ""
    delays: str = ""
    requests: str = ""
    advice: str = ""
    figures: str = ""
    promises: str = ""
    carried: str = ""
    proposals: str = ""


@dataclass(frozen=True)
class ProgressReport:
    """What stands in the report, as plain texts in reading order.

    ``advice`` is the office's own; where it wrote none, ``drafts`` stand for it. ``promises…`` and ``carried…`` are
    of the report on a whole year.
    """

    title: str
    file_name: str
    issuer: str
    date: str
    period: str
    intro: str
    headings: Headings
    overview: tuple[str, ...]
    targets: tuple[str, ...]
    promises: tuple[str, ...]
    unmet: tuple[Entry, ...]
    domains: tuple[Domain, ...]
    no_domains: str
    delays_summary: str
    delays: tuple[Entry, ...]
    doubts: tuple[str, ...]
    requests_summary: str
    requests: tuple[Entry, ...]
    carried: tuple[str, ...]
    carried_tasks: tuple[Entry, ...]
    advice: tuple[str, ...]
    drafts: tuple[Entry, ...]
    closing: str
    charts: tuple[Chart, ...]
    annex_list: tuple[str, ...]
    annexes: tuple[Annex, ...] = field(repr=False)


def build(
    ledger: Ledger,
    name: str,
    period: str,
    settings: Settings,
    today: date,
    charts: bool = False,
    public: bool = False,
) -> ProgressReport:
    """The progress report on one period, with ``charts`` where asked; ``public``: what may leave the house.

    Raises UsageError for ``plan``, which has no progress.
    """
    when = parse_period(period)
    if when.kind == "plan":
        raise UsageError("落实方案阶段还没有进展可以报告", "请用 --period 写明报送期，如 2023Q1")
    matter = Matter.read(ledger, name, when, settings, today, public)
    facts, subject, tables = matter.facts, _subject(matter), annex_tables(matter)
    origin = wording.source(facts.info, when, quoted=False, when=wording.time_of(when))
    return ProgressReport(
        title=wording.title(facts.info, when, subject),
        file_name=f"{origin}{subject}进展情况报告.docx",
        issuer=facts.info.issuer or "",
        date=official_date(today),
        period=when.label,
        intro=wording.intro(facts.info, when, subject),
        headings=_headings(matter),
        overview=tuple(overview(matter)),
        targets=tuple(main_figures(matter)),
        domains=tuple(domains(matter)),
        no_domains="" if matter.tasks else matter.say("no_progress"),
        **_problems(matter),
        **_promises(matter),
        **_outlook(matter),
        closing=matter.say("closing"),
        charts=tuple(_charts(matter)) if charts else (),
        annex_list=tuple(annex_list(tables)),
        annexes=tables,
    )


def _subject(matter: Matter) -> str:
    """What is reported on: 重点任务, unless the period asks for another part alone."""
    parts = tuple(matter.tasks)
    return wording.part_label(parts[0] if len(parts) == 1 else "main")


def _headings(matter: Matter) -> Headings:
    """The headings of the sections, numbered as they stand; those within a section of the report on a year."""
    shown = [key for key in (_PUBLIC if matter.public else SECTIONS) if matter.say(f"heading_{key}")]
    numbered = {key: f"{wording.numeral(at)}、{matter.say(f'heading_{key}')}" for at, key in enumerate(shown, 1)}
    within = {key: matter.say(f"heading_{key}") for key in _WITHIN} if matter.is_annual else {}
    return Headings(**numbered, **within)


def _problems(matter: Matter) -> dict[str, Any]:
    """四、滞后事项及原因, 五、需协调解决的问题."""
    if matter.public:
        return {"delays_summary": "", "delays": (), "doubts": (), "requests_summary": "", "requests": ()}
    asked = asked_help(matter)
    return {
        "delays_summary": delays_summary(matter),
        "delays": tuple(delays(matter)),
        "doubts": tuple(doubts(matter)),
        "requests_summary": requests_summary(matter, asked),
        "requests": tuple(requests(matter, asked)),
    }


def _promises(matter: Matter) -> dict[str, Any]:
    """承诺与结果, of the report on a whole year; without reasons where it may leave the house."""
    if not matter.is_annual:
        return {"promises": (), "unmet": ()}
    rows = year.promised(matter)
    unmet = () if matter.public else tuple(year.unmet(matter, rows))
    return {"promises": tuple(year.promise_lines(matter, rows)), "unmet": unmet}


def _outlook(matter: Matter) -> dict[str, Any]:
    """六、下一步建议, and what carries over into the next year."""
    if matter.public:
        return {"carried": (), "carried_tasks": (), "advice": (), "drafts": ()}
    carried = year.carried_over(matter)
    own = tuple(said(matter, rulings.ADVICE))
    count = sum(map(len, carried.values()))
    return {
        "carried": tuple(year.carried_lines(matter, carried)),
        "carried_tasks": tuple(year.carried_entries(matter, carried)),
        "advice": own,
        "drafts": () if own else tuple(drafted(matter, asked_help(matter), count)),
    }


def _charts(matter: Matter) -> Iterator[Chart]:
    """Where the tasks of each part stand, a bar for each 大类 (事项 of an annex), counted as the text counts them."""
    for part, tasks in matter.tasks.items():
        bars: dict[str, list[TaskFacts]] = {}
        for task in tasks:
            bars.setdefault(wording.heading(task.section or task.group or ""), []).append(task)
        counts = [{each.name: each.number for each in matter.tally(listed)} for listed in bars.values()]
        shown = matter.tally(tasks)
        marks = marks_of(matter.facts.states, shown)
        series = (
            Series(each.name, tuple(count.get(each.name, 0) for count in counts), mark.strong)
            for each, mark in zip(shown, marks, strict=True)
        )
        yield Chart(f"{wording.part_label(part)}进展（项）", tuple(bars), tuple(series))
