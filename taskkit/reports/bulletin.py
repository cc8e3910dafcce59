"""The comparing bulletin (对比式通报): unit beside unit, promise beside result, this period beside the last.

Every number in the text is counted from the comparison that the tables print. The fixed words are in
words/bulletin.toml. What is told of each part of the plan: bulletin_scenes.py; its tables: bulletin_tables.py;
its sentences: bulletin_text.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from taskkit import approving, rulings
from taskkit.comparing import compare
from taskkit.duties import duties
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.office.docx_charts import Chart, Series
from taskkit.periods import Period, official_date, parse_period, short_date
from taskkit.plan import PlanInfo
from taskkit.reports import wording
from taskkit.reports.bulletin_scenes import Scene, scenes
from taskkit.reports.bulletin_tables import Key, tables
from taskkit.reports.bulletin_text import Writer
from taskkit.roster import Roster
from taskkit.settings import Sentences, Settings
from taskkit.text import narrow
from taskkit.word import UPRIGHT_WIDTH, Annex

TEMPLATE = "reports/bulletin.docx"
_NUMBER = re.compile(r"第?0*([1-9]\d{0,3})期?")
_MOST_BARS = 30  # of a chart that stands on one page
_INK = "#BFBFBF"  # the shares stand in the bars


@dataclass(frozen=True)
class Section:
    """One section: its heading with its number, its paragraphs, the tables and charts after them.

    Without paragraphs it is not printed.
    """

    heading: str
    texts: tuple[str, ...]
    tables: tuple[Annex, ...] = field(default=(), repr=False)
    charts: tuple[Chart, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Bulletin:
    """What stands in the bulletin, as plain texts in reading order."""

    title: str
    file_name: str
    issuer: str
    date: str
    period: str
    masthead: str
    issue: str
    addressee: str
    intro: str
    overall: Section
    units: Section
    promises: Section
    changes: Section
    returns: Section
    demands: Section
    annex_list: tuple[str, ...]
    annexes: tuple[Annex, ...] = field(repr=False)


def build(
    ledger: Ledger,
    name: str,
    period: str,
    settings: Settings,
    today: date,
    *,
    number: str = "",
    charts: bool = False,
    public: bool = False,
) -> Bulletin:
    """The bulletin of one period, as issue ``number`` where one is given.

    ``public``: without what the office says, and without how each unit reports.
    Raises UsageError for a number that is no positive integer, and for ``plan``, which has no progress.
    """
    issue = issue_number(number)
    say, when = settings.sentences("bulletin"), parse_period(period)
    comparison = compare(ledger, name, period, settings, today)
    plan, roster = ledger.plan(name, today), ledger.roster(name, today) or Roster()
    told = scenes(comparison, when, ledger, roster, plan.info.stages, today)
    made = tables(told, say, public=public)
    said = {} if public else _said(ledger, name, told, roster)
    writer = Writer(say, told, {key: each.label for key, each in made.items()}, public, said)
    due = _next_due(ledger, name, told[0], settings, today)
    drawn = tuple(_charts(told, say)) if charts else ()
    numbered = _sections(
        say,
        {
            "overall": Section("", tuple(writer.overall())),
            "units": Section("", tuple(writer.units()), _inside(made, "units"), drawn),
            "promises": Section("", tuple(writer.promises()), _inside(made, "promises")),
            "changes": Section("", tuple(writer.changes()), _inside(made, "backwards")),
            "returns": Section("", tuple(writer.returns())),
            "demands": Section("", tuple(writer.demands(*due))),
        },
    )
    subject = told[0].subject
    outside = tuple(each for each in made.values() if each.width != UPRIGHT_WIDTH)
    return Bulletin(
        title=_title(say("title", period=when.label, subject=subject)),
        file_name=f"{when.label}{subject}进展情况通报{f'（第{issue}期）' if issue else ''}.docx",
        issuer=say("issuer") or plan.info.issuer or "",
        date=official_date(today),
        period=when.label,
        masthead=say("masthead"),
        issue=say("issue", number=issue) if issue else say("issue_open"),
        addressee=say("addressee"),
        intro=_intro(say, plan.info, when, subject),
        **numbered,
        annex_list=tuple(_annex_list(outside)),
        annexes=outside,
    )


def issue_number(text: str) -> int | None:
    """The number of an issue as written (3, 第3期); None for none given. Raises UsageError for anything else."""
    if not text:
        return None
    if match := _NUMBER.fullmatch(narrow(text).strip()):
        return int(match[1])
    raise UsageError(f"期号“{text}”不是正整数", "请写成 --number 3，即第3期；不编期号的，去掉 --number")


def _title(text: str) -> str:
    """In two lines where one is too long (GB/T 9704-2012, 7.3.1)."""
    head, mark, tail = text.partition("进展情况")
    return text if len(text) <= 24 or not tail else f"{head}\n{mark}{tail}"


def _intro(say: Sentences, info: PlanInfo, period: Period, subject: str) -> str:
    known = {"period": period.label, "span": period.span, "subject": subject}
    return say("ground", plan=wording.named(info), **known) if info.title else say("ground_bare", **known)


def _sections(say: Sentences, sections: Mapping[str, Section]) -> dict[str, Section]:
    """The sections by name, those that say anything numbered in their order."""
    found: dict[str, Section] = {}
    number = 0
    for name, section in sections.items():
        texts = tuple(each for each in section.texts if each)
        number += bool(texts)
        heading = say(f"heading_{name}")
        found[name] = replace(section, heading=f"{wording.numeral(number)}、{heading}" if heading else "", texts=texts)
    return found


def _inside(made: Mapping[Key, Annex], what: str) -> tuple[Annex, ...]:
    return tuple(each for key, each in made.items() if key[0] == what and each.width == UPRIGHT_WIDTH)


def _annex_list(annexes: Sequence[Annex]) -> Iterator[str]:
    """附件说明 (GB/T 9704-2012, 7.3.4)."""
    for number, annex in enumerate(annexes, 1):
        opening = "附件：" if number == 1 else "　　　"
        yield f"{opening}{annex.title}" if len(annexes) == 1 else f"{opening}{number}.{annex.title}"


def _said(ledger: Ledger, name: str, told: Sequence[Scene], roster: Roster) -> dict[tuple[str, str], str]:
    """What the office says of each part in its period as a whole, by part and column of rulings.PERIOD."""
    found: dict[tuple[str, str], str] = {}
    for scene in told:
        kept = approving.standing(ledger, name, rulings.PERIOD, scene.part.period.text, roster)
        found |= {
            (scene.part.part, key[4]): each.value for key, each in kept.items() if (key[3] or "main") == scene.part.part
        }
    return found


def _next_due(ledger: Ledger, name: str, scene: Scene, settings: Settings, today: date) -> tuple[str, str]:
    """The next period of a part and the day by which most report on it, as printed; empty where no date is set."""
    ahead = [
        (parse_period(each.period), each.due_on)
        for each in duties(ledger, name, today, settings)
        if each.part == scene.part.part and each.role != "support" and each.due_on and not each.extension
    ]
    later = sorted((when, day) for when, day in ahead if scene.part.period < when and day >= today)
    if not later:
        return "", ""
    when, day = later[0]
    return when.label, short_date(day) if day.year == today.year else official_date(day)


def _charts(told: Sequence[Scene], say: Sentences) -> Iterator[Chart]:
    """The units' shares on schedule, by rank; of many units in several charts."""
    for scene in told:
        for start in range(0, len(scene.placed), _MOST_BARS):
            shown = scene.placed[start : start + _MOST_BARS]
            shares = tuple(each.row.on_schedule.share or 0.0 for each in shown)
            title = say("chart", subject=scene.subject) + (f"（续{start // _MOST_BARS}）" if start else "")
            names = tuple(each.unit for each in shown)
            yield Chart(title, names, (Series("序时率", shares, _INK),), shares=True)
