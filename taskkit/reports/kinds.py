"""Which reports there are: their names, what they need, and who builds them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from taskkit import word
from taskkit.errors import UsageError
from taskkit.office.list_book import ListBook
from taskkit.reports import (
    annex_table,
    brief,
    bulletin,
    compendium,
    digest,
    ledger_book,
    own_plan,
    plan_document,
    progress,
    reminders,
)
from taskkit.reports import leader as leader_table
from taskkit.reports.leader import Table
from taskkit.settings import Settings

if TYPE_CHECKING:
    from taskkit.ledger import Ledger


OPTIONS = {"unit": "不按单位生成", "leader": "不按领导生成", "charts": "没有图"}  # said where a kind does not take it


@dataclass(frozen=True)
class Kind:
    """One kind of report. ``synonyms`` are other names for it on the command line.

    ``period``: whether it is on one (``latest``: the newest issued where there is one); ``part``:
    whose newest period is taken where none is named.
    ``template`` is empty for a workbook of lists; a report in several ``layouts`` has a template for each.
    ``public``: whether it may be made for readers outside (``--public``). ``in_issues``: it has a masthead of its own
    is numbered by issue (``--number``), where others have a red head and a document number. ``of_units``:
    units sign it, so that the office's red head and copies lines have no place on it. ``takes``: which of
    ``OPTIONS`` mean something to it.
    """

    key: str
    label: str
    template: str
    build: Callable[[Wish], Built]
    synonyms: tuple[str, ...] = ()
    period: Literal["needed", "latest", "none"] = "needed"
    suffixes: tuple[str, ...] = (".docx",)
    part: str = ""
    layouts: Mapping[str, str] = field(default_factory=dict)
    public: bool = False
    in_issues: bool = False
    of_units: bool = False
    takes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wish:
    """What is asked of a report: ``period`` is empty for a report on the plan itself."""

    ledger: Ledger
    name: str
    period: str
    units: tuple[str, ...]
    leader: str | None
    settings: Settings
    today: date
    layout: str = ""
    charts: bool = False
    public: bool = False
    number: str = ""
    in_issues: bool = False
    of_units: bool = False


@dataclass(frozen=True)
class Part:
    """One file of a report that is several: what stands in it, and the Word template that it fills.

    ``number``: of the document, where the files of the report have each their own.
    """

    content: word.Content | ListBook | Table
    template: str = ""
    number: str | None = None


@dataclass(frozen=True)
class Bundle:
    """A report that is several files in a folder of their own; ``said``: what there is to say of it, line by line."""

    folder: str
    parts: tuple[Part, ...]
    said: tuple[str, ...] = ()


Built = word.Content | ListBook | Table | Bundle


def _plan(wish: Wish) -> word.Content:
    return plan_document.build(wish.ledger, wish.name, wish.layout, wish.today)


def _progress(wish: Wish) -> word.Content:
    given = (wish.ledger, wish.name, wish.period, wish.settings, wish.today)
    return progress.build(*given, charts=wish.charts, public=wish.public)


def _bulletin(wish: Wish) -> word.Content:
    return bulletin.build(
        *(wish.ledger, wish.name, wish.period, wish.settings, wish.today),
        number=wish.number,
        charts=wish.charts,
        public=wish.public,
    )


def _digest(wish: Wish) -> word.Content:
    return digest.build(wish.ledger, wish.name, wish.units, wish.today)


def _compendium(wish: Wish) -> word.Content:
    return compendium.build(wish.ledger, wish.name, wish.period, wish.units, wish.today)


def _reminders(wish: Wish) -> Bundle:
    made = reminders.build(
        *(wish.ledger, wish.name, wish.period, wish.units, wish.number), settings=wish.settings, today=wish.today
    )
    letters = (Part(each, reminders.TEMPLATE, each.number) for each in made.letters)
    return Bundle(made.folder, (*letters, Part(made.listed)), made.said)


def _ledger(wish: Wish) -> ListBook:
    return ledger_book.build(wish.ledger, wish.name, wish.period, wish.settings, wish.today)


def _brief(wish: Wish) -> word.Content:
    return brief.build(wish.ledger, wish.name, wish.period, wish.leader, wish.settings, wish.today)


def _goals(wish: Wish) -> word.Content | Bundle:
    made = own_plan.build(wish.ledger, wish.name, wish.units, wish.settings, wish.today, wish.public)
    if len(wish.units) == 1:
        return made[0]
    return Bundle(own_plan.FOLDER, tuple(Part(each, own_plan.TEMPLATE) for each in made))


def _leader(wish: Wish) -> Table:
    return leader_table.build(wish.ledger, wish.name, wish.period, wish.leader, wish.settings, wish.today)


def _annex(wish: Wish) -> Table:
    return annex_table.build(wish.ledger, wish.name, wish.period, wish.settings, wish.today)


KINDS: tuple[Kind, ...] = (
    Kind("plan", "分工方案", "", _plan, ("方案", "分工方案"), "none", layouts=plan_document.TEMPLATES, public=True),
    Kind(
        "progress",
        "进展情况报告",
        progress.TEMPLATE,
        _progress,
        ("monthly", "quarterly", "进展", "月报", "季报"),
        public=True,
        takes=("charts",),
    ),
    Kind(
        "bulletin",
        "对比式通报",
        bulletin.TEMPLATE,
        _bulletin,
        ("通报", "对比式通报"),
        part="main",
        public=True,
        in_issues=True,
        takes=("charts",),
    ),
    Kind(
        "digest",
        "单位所涉任务摘编",
        digest.TEMPLATE,
        _digest,
        ("摘编", "单位任务"),
        "none",
        (".docx", ".txt"),
        public=True,
        takes=("unit",),
    ),
    Kind("compendium", "配合单位进展汇编", compendium.TEMPLATE, _compendium, ("汇编", "配合单位进展"), takes=("unit",)),
    Kind("reminders", "催办单", "", _reminders, ("reminder", "催办", "催办单", "催报"), "latest", takes=("unit",)),
    Kind(
        "goals",
        "单位落实方案",
        own_plan.TEMPLATE,
        _goals,
        ("落实方案", "办理方案"),
        "none",
        public=True,
        of_units=True,
        takes=("unit",),
    ),
    Kind("leader", "领导专报", brief.TEMPLATE, _brief, ("领导", "专报"), part="main", takes=("leader",)),
    Kind(
        "tasks",
        "领导分管任务表",
        leader_table.TEMPLATE,
        _leader,
        ("分管任务", "领导分管任务表"),
        suffixes=(".xlsx",),
        part="main",
        takes=("leader",),
    ),
    Kind(
        "annex",
        "民生实事总表",
        annex_table.TEMPLATE,
        _annex,
        ("民生实事", "民生实事总表"),
        suffixes=(".xlsx",),
        part="annex",
    ),
    Kind("ledger", "任务台账", "", _ledger, ("台账", "总台账"), "latest", (".xlsx",), "main"),
)


def find_kind(text: str) -> Kind:
    """The kind of report that a name or synonym means. Raises UsageError with the list, and a near miss."""
    names = {spelling: kind for kind in KINDS for spelling in (kind.key, *kind.synonyms)}
    if kind := names.get(text.strip().lower()):
        return kind
    near = difflib.get_close_matches(text.lower(), names, n=1)
    known = "；".join(f"{kind.key}（{kind.label}，也可写{'、'.join(kind.synonyms)}）" for kind in KINDS)
    question = f"您是不是想写“{near[0]}”？" if near else ""
    raise UsageError(f"没有“{text}”这种报告", f"{question}可以生成的有：{known}")
