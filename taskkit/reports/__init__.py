"""Reports: one file per report, from the ledger to plain data; here, which there are and where they go."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from taskkit import word
from taskkit.columns import is_directives
from taskkit.errors import UsageError
from taskkit.file_names import safe_file
from taskkit.office.filling import fill
from taskkit.office.list_book import ListBook, write_list
from taskkit.periods import PLAN, Period, parse_period
from taskkit.reports import annex_table, compendium, digest, ledger_book, plan_document, progress
from taskkit.reports import leader as leader_table
from taskkit.reports.leader import Table
from taskkit.settings import Settings
from taskkit.template_files import coloured_template
from taskkit.tracking import check_issued, issued_periods

if TYPE_CHECKING:
    from taskkit.ledger import Ledger


_OTHER_KINDS = (".pdf", ".doc", ".wps", ".rtf", ".odt", ".ofd", ".html", ".xls", ".xlsx", ".docx", ".csv")


@dataclass(frozen=True)
class Kind:
    """One kind of report. ``synonyms`` are other names for it on the command line.

    ``period``: whether it is on one (``latest``: the newest issued where there is one); ``part``:
    whose newest period is taken where none is named.
    ``template`` is empty for a workbook of lists; a report in several ``layouts`` has a template for each.
    """

    key: str
    label: str
    template: str
    build: Callable[[Wish], word.Content | ListBook | Table]
    synonyms: tuple[str, ...] = ()
    period: Literal["needed", "latest", "none"] = "needed"
    suffixes: tuple[str, ...] = (".docx",)
    part: str = ""
    layouts: Mapping[str, str] = field(default_factory=dict)


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


def _plan(wish: Wish) -> word.Content:
    return plan_document.build(wish.ledger, wish.name, wish.layout, wish.today)


def _progress(wish: Wish) -> word.Content:
    return progress.build(wish.ledger, wish.name, wish.period, wish.settings, wish.today, wish.charts)


def _digest(wish: Wish) -> word.Content:
    return digest.build(wish.ledger, wish.name, wish.units, wish.today)


def _compendium(wish: Wish) -> word.Content:
    return compendium.build(wish.ledger, wish.name, wish.period, wish.units, wish.today)


def _ledger(wish: Wish) -> ListBook:
    return ledger_book.build(wish.ledger, wish.name, wish.period, wish.settings, wish.today)


def _leader(wish: Wish) -> Table:
    return leader_table.build(wish.ledger, wish.name, wish.period, wish.leader, wish.settings, wish.today)


def _annex(wish: Wish) -> Table:
    return annex_table.build(wish.ledger, wish.name, wish.period, wish.settings, wish.today)


KINDS: tuple[Kind, ...] = (
    Kind("plan", "分工方案", "", _plan, ("方案", "分工方案"), "none", layouts=plan_document.TEMPLATES),
    Kind("progress", "进展情况报告", progress.TEMPLATE, _progress, ("monthly", "quarterly", "进展", "月报", "季报")),
    Kind("digest", "单位所涉任务摘编", digest.TEMPLATE, _digest, ("摘编", "单位任务"), "none", (".docx", ".txt")),
    Kind("compendium", "配合单位进展汇编", compendium.TEMPLATE, _compendium, ("汇编", "配合单位进展")),
    Kind(
        "leader",
        "领导分管任务表",
        leader_table.TEMPLATE,
        _leader,
        ("领导", "分管任务"),
        suffixes=(".xlsx",),
        part="main",
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


def report(
    ledger: Ledger,
    name: str,
    kind: str = "progress",
    period: str | None = None,
    out: str | Path | None = None,
    *,
    units: Sequence[str] | None = None,
    leader: str | None = None,
    layout: str | None = None,
    charts: bool = False,
    settings: Settings | None = None,
    today: date | None = None,
) -> Path:
    """Write a report on a plan; the path of the file comes back.

    ``period``: the latest reporting period issued unless given. ``units``: whose tasks a digest
    lists, for which lead units a compendium is made (all unless given); ``leader``: whose table is
    made; ``layout``: that of the plan itself, numbered (unless given) or table;
    ``charts``: with charts, where a progress report is made. ``out``: a file, or a
    folder; output/NAME/PERIOD/ by default; a digest named .txt is written as plain text. ``today``
    is the day printed under the report.

    A file that a person changed since it was written is never replaced: the new report stands
    beside it as …（新）.docx, and that path comes back.

    Raises UsageError for an unknown kind or plan, or a period in which nothing was issued;
    TemplateError where the template cannot be filled; OutputError where the file cannot be written.
    """
    wanted, settings, day = find_kind(kind), settings or Settings(), today or date.today()
    if period is not None and wanted.period == "none":
        raise UsageError(f"{wanted.label}不分报送期", "请去掉 --period")
    when, chosen = _period_of(wanted, ledger, name, period), _layout_of(wanted, layout)
    template = wanted.layouts.get(chosen, wanted.template)
    content = wanted.build(Wish(ledger, name, when, tuple(units or ()), leader, settings, day, chosen, charts))
    if isinstance(content, ListBook):
        return word.save(write_list(content), _target(out, name, when, f"{content.title}.xlsx", wanted))
    if isinstance(content, Table):
        filled = fill(coloured_template(settings, template), content.filling, template)
        return word.save(filled, _target(out, name, when, content.file_name, wanted))
    target = _target(out, name, when, content.file_name, wanted)
    if target.suffix.lower() == ".txt" and isinstance(content, digest.Digest):
        return word.save(content.text.encode("utf-8-sig"), target)
    return word.save(word.fill(content, settings.template(template), template, day), target)


def _layout_of(kind: Kind, layout: str | None) -> str:
    if kind.layouts:
        return plan_document.layout_of(layout)
    if layout is not None:
        raise UsageError(f"{kind.label}只有一种版式", "请去掉 --layout")
    return ""


def _period_of(kind: Kind, ledger: Ledger, name: str, period: str | None) -> str:
    if kind.period == "none":
        return ""
    if period is None and (latest := _latest(ledger, name, kind.part)):
        return latest
    if kind.period == "latest" and period is None:
        return next(iter(issued_periods(ledger, name, tasks=True)), "")
    return _period(ledger, name, period).text


def _latest(ledger: Ledger, name: str, part: str) -> str:
    """The newest reporting period in which a part of the plan was asked for ("" for none; any part for "")."""
    books = ledger.workbooks(name)
    sent = {row for row in books[["period", "part"]].itertuples(index=False, name=None) if not is_directives(row[1])}
    asked = (each for each, own in sent if part in ("", own) or (part != "main" != own))
    periods = [parse_period(each) for each in asked if each != PLAN.text]
    return max(periods).text if periods else ""


def find_kind(text: str) -> Kind:
    """The kind of report that a name or synonym means. Raises UsageError with the list, and a near miss."""
    names = {spelling: kind for kind in KINDS for spelling in (kind.key, *kind.synonyms)}
    if kind := names.get(text.strip().lower()):
        return kind
    near = difflib.get_close_matches(text.lower(), names, n=1)
    known = "；".join(f"{kind.key}（{kind.label}，也可写{'、'.join(kind.synonyms)}）" for kind in KINDS)
    question = f"您是不是想写“{near[0]}”？" if near else ""
    raise UsageError(f"没有“{text}”这种报告", f"{question}可以生成的有：{known}")


def _period(ledger: Ledger, name: str, period: str | None) -> Period:
    issued = issued_periods(ledger, name, tasks=True)
    if period is not None:
        return parse_period(check_issued(issued, name, period))
    reporting = [each for each in issued if each != PLAN.text]
    if reporting:
        return parse_period(reporting[-1])
    sent = "只发出过落实方案，还没有发出过进展表格" if issued else "还没有发出过表格"
    raise UsageError(f"“{name}”{sent}", f"请先用 taskkit issue {name} --period 报送期 发出表格")


def _target(out: str | Path | None, name: str, period: str, file_name: str, kind: Kind) -> Path:
    file_name = safe_file(file_name)
    if out is None:
        return Path("output") / name / period / file_name
    path = Path(out)
    suffix = path.suffix.lower()
    if suffix in kind.suffixes:
        return path
    if suffix in _OTHER_KINDS:
        own = kind.suffixes[0]
        program = "Excel" if own == ".xlsx" else "Word"
        raise UsageError(
            f"{kind.label}是 {own} 文件，不能写成 {path.suffix}",
            f"请把文件名改为 {own} 结尾，需要时再在 {program} 里另存",
        )
    return path / file_name
