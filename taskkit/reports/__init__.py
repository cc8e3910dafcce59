"""Reports: one file per report, from the ledger to plain data; here, which there are and where they go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from taskkit.columns import is_directives
from taskkit.errors import UsageError
from taskkit.file_names import safe_name
from taskkit.periods import PLAN, Period, parse_period
from taskkit.reports import making, plan_document
from taskkit.reports.kinds import KINDS, OPTIONS, Bundle, Kind, Part, Wish, find_kind
from taskkit.reports.unprinted import left_out
from taskkit.saving import Saved, save
from taskkit.settings import Settings
from taskkit.tracking import check_issued, issued_periods

if TYPE_CHECKING:
    from taskkit.ledger import Ledger

__all__ = ["KINDS", "find_kind", "report"]

_OTHER_KINDS = (".pdf", ".doc", ".wps", ".rtf", ".odt", ".ofd", ".html", ".xls", ".xlsx", ".docx", ".csv")


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
    public: bool = False,
    number: str | None = None,
    settings: Settings | None = None,
    today: date | None = None,
    tell: Callable[[str], object] | None = None,
    heard: Callable[[Saved], object] | None = None,
) -> Path:
    """Write a report on a plan; the path of the file comes back.

    ``period``: the latest reporting period issued unless given. ``units``: whose tasks a digest
    lists, for which lead units a compendium is made (all unless given); ``leader``: whose table is
    made; ``layout``: that of the plan itself, numbered (unless given) or table;
    ``charts``: with charts, where a progress report is made. ``public``: what may leave the house,
    without problems, phones and handlers; else the first line says that it may not. ``number``: of the
    issue, of a report that comes in issues; of the document, printed with the red head, for the others.
    ``out``: a file, or a folder; output/NAME/PERIOD/ by default; a digest named .txt is written as
    plain text. ``today`` is the day printed under the report.

    A report of several files comes back as the path of their folder. ``tell`` is given what a person should
    know, line by line: for whom there are letters, which contents the office's own template does not print.

    A file that a person changed since it was written is never replaced: the new report stands
    beside it as …（新）.docx, and that path comes back. ``heard`` is called with each file that was written:
    which one was kept, and what the new one replaced (``taskkit.remade.changed_figures`` compares them).

    Raises UsageError for an unknown kind or plan, a period in which nothing was issued, or an option that
    means nothing to the kind;
    NothingToReportError where there is nobody to be reminded;
    TemplateError where the template cannot be filled; OutputError where the file cannot be written.
    """
    wanted, settings, day = find_kind(kind), settings or Settings(), today or date.today()
    if period is not None and wanted.period == "none":
        raise UsageError(f"{wanted.label}不分报送期", "请去掉 --period")
    when, chosen = _period_of(wanted, ledger, name, period), _layout_of(wanted, layout)
    _check_options(wanted, public, {"unit": units, "leader": leader, "charts": charts})
    wish = Wish(
        *(ledger, name, when, tuple(units or ()), leader, settings, day, chosen, charts),
        public=public,
        number=(number or "").strip(),
        in_issues=wanted.in_issues,
        of_units=wanted.of_units,
    )
    template, built = wanted.layouts.get(chosen, wanted.template), wanted.build(wish)
    if isinstance(built, Bundle):
        place = _folder(out, name, when, built, wanted)
        parts, files, said = built.parts, making.files(built, wish, place), built.said
    else:
        place = _target(out, name, when, making.file_name(built, public), wanted)
        parts, said = (Part(built, template),), ()
        files = [(place, making.made(parts[0], wish, place.suffix.lower()))]
    lacking = left_out(parts, settings, making.frame_of(wish))
    written = _save(files, heard)
    others = _others(place, written) if isinstance(built, Bundle) else ()
    for line in (*said, *others, *lacking):
        if tell:
            tell(line)
    return place if isinstance(built, Bundle) else written[0].path


def _check_options(kind: Kind, public: bool, options: Mapping[str, object]) -> None:
    """Raise UsageError for an option that says nothing to a kind of report."""
    if public and not kind.public:
        raise UsageError(f"{kind.label}只供内部使用，没有公开版", "请去掉 --public")
    for option, given in options.items():
        if given and option not in kind.takes:
            raise UsageError(f"{kind.label}{OPTIONS[option]}", f"请去掉 --{option}")


def _save(files: Sequence[tuple[Path, bytes]], heard: Callable[[Saved], object] | None) -> list[Saved]:
    """Write files, each at the first place that holds nothing of a person's."""
    written = []
    for target, data in files:
        saved = save(data, target)
        written.append(saved)
        if heard:
            heard(saved)
    return written


def _others(folder: Path, written: Sequence[Saved]) -> tuple[str, ...]:
    """What stands in the folder besides and was not touched, such as letters to units that are red no more."""
    known = {path for each in written for path in (each.path, each.kept)}
    others = [each for each in folder.glob("*.docx") if each not in known and not each.name.startswith((".", "~"))]
    return (f"文件夹里另有以前的{len(others)}个文件，没有改动。",) if others else ()


def _folder(out: str | Path | None, name: str, period: str, bundle: Bundle, kind: Kind) -> Path:
    if out is None:
        return Path("output") / name / period / safe_name(bundle.folder)
    folder = Path(out)
    if folder.suffix.lower() in _OTHER_KINDS or folder.is_file():
        raise UsageError(f"{kind.label}是几个文件，要放在一个文件夹里", "请把 --out 写成文件夹")
    return folder


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
