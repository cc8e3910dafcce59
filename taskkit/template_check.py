"""What a template holds and whether it can be used: marks, repeated rows, columns that come back, problems.

A template is tried on the bundled sample plan, in every way in which it would be filled: what the
real run would refuse is refused here, before anything is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from taskkit.book import Ask, Book, Kept, Line, Report
from taskkit.collectable import uncollectable
from taskkit.columns import DIRECTIVE_SHEET, DIRECTIVES, directive_row, is_directives, sheets_for
from taskkit.errors import InputError, TemplateError, UsageError
from taskkit.issuing.instructing import OPEN_KEYS, with_directives
from taskkit.issuing.relaying import supplement_filling, with_reports
from taskkit.issuing.together import together_filling
from taskkit.listing.writing import filling_of as roster_filling
from taskkit.office.filling import MARKED, Filling, Layout, Row, SheetFilling, fill, layouts
from taskkit.office.marks import marks_in
from taskkit.periods import parse_period
from taskkit.plan import FRAMES, Plan, make_plan, records
from taskkit.plan_index import PlanIndex
from taskkit.proofreading.writing import filling_of as proof_filling
from taskkit.reading import read_plan
from taskkit.reports import annex_table, leader
from taskkit.roster import draft_roster
from taskkit.samples import sample_path
from taskkit.settings import Settings
from taskkit.workbook import build_book, directive_book, directive_sheet, filling

SAMPLE = "样例"
_ROWS = {
    "task": "任务",
    "item": "补充举措",
    "target": "量化指标",
    "relay": "配合单位进展",
    "directive": "批示办理",
    "request": "调整申请",
    "marked": "标出样式",
    "section": "大类",
    "group": "大项",
}
_WORKBOOK = "W" + "A" * 12
_DIRECTED = (
    Line(
        DIRECTIVE_SHEET.rows,
        directive_row(1),
        dict.fromkeys((field.column.key for field in DIRECTIVE_SHEET.fields), SAMPLE),
        OPEN_KEYS,
    ),
)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its marks with the cells where they first stand alone, its repeated rows (name, Excel row)."""

    title: str
    marks: tuple[str, ...]
    rows: tuple[tuple[str, int], ...]
    returning: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """A template looked at: which one it is (workbooks/plan.xlsx), its sheets, and what is wrong with it.

    ``lacking`` are the sheets that it may do without, and does.
    """

    name: str
    sheets: tuple[Sheet, ...]
    problems: tuple[str, ...]
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Trial:
    """One way in which a template is filled; ``book`` where it comes back, ``is_form`` where as a unit's own form."""

    filling: Filling
    book: Book | None = None
    is_form: bool = False

    def without(self, titles: tuple[str, ...]) -> _Trial:
        """The trial without some sheets."""
        if not self.book or not titles:
            return self
        sheets = tuple(sheet for sheet in self.filling.sheets if sheet.title not in titles)
        return replace(self, filling=replace(self.filling, sheets=sheets), book=self.book.without(titles))


def check_template(path: Path) -> Checked:
    """Look at an Excel template and try it on the sample plan.

    Raises InputError where the file cannot be opened, UsageError where it is no template of ours.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"“{path.name}”不是模板", "请给出 .xlsx 或 .docx 模板")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"读不了“{path}”", "请检查文件名和路径") from error
    found = layouts(data, path.name)
    name = _which(path.name, found)
    trials = tuple(_KINDS[name]())
    lacking = _lacking(found, trials)
    trials = tuple(trial.without(lacking) for trial in trials)
    problems = [str(problem) for problem in _problems(data, path.name, found, trials)]
    returning = _returning(trials)
    sheets = tuple(_sheet(title, layout, returning.get(title, ())) for title, layout in found.items() if layout.texts)
    return Checked(f"workbooks/{name}", sheets, tuple(dict.fromkeys(problems)), lacking)


def _lacking(found: Mapping[str, Layout], trials: tuple[_Trial, ...]) -> tuple[str, ...]:
    """The sheets of forms that the template does without, as it may."""
    asks = [trial.book.ask for trial in trials if trial.book and trial.is_form]
    kinds = {ask.period.kind for ask in asks if not is_directives(ask.part)}
    forms = dict.fromkeys(sheet for kind in sorted(kinds) for sheet in sheets_for(kind) if sheet.optional)
    return tuple(sheet.title for sheet in forms if sheet.title not in found)


def _which(file_name: str, found: Mapping[str, Layout]) -> str:
    """The shipped template that a file is one of: by its name, else by its sheets."""
    if file_name in _KINDS:
        return file_name
    shared = {
        name: len(found.keys() & {sheet.title for trial in make() for sheet in trial.filling.sheets})
        for name, make in _KINDS.items()
    }
    best = max(shared, key=lambda name: shared[name])
    if shared[best]:
        return best
    raise UsageError(
        f"“{file_name}”里没有模板应有的工作表",
        f"模板有：{'、'.join(_KINDS)}；请由“taskkit templates 文件夹”复制出来再改",
    )


def _problems(
    data: bytes, name: str, found: Mapping[str, Layout], trials: tuple[_Trial, ...]
) -> Iterator[TemplateError]:
    for trial in trials:
        try:
            fill(data, trial.filling, name)
        except TemplateError as error:
            yield error
    yield from uncollectable(found, ((trial.book, trial.filling) for trial in trials if trial.book), name)


def _returning(trials: tuple[_Trial, ...]) -> dict[str, tuple[str, ...]]:
    """By sheet, the headers of the columns that units fill in."""
    found: dict[str, dict[str, None]] = {}
    for sheet in (sheet for trial in trials if trial.book for sheet in trial.book.sheets):
        opened = {key for line in sheet.lines for key in line.open}
        named = found.setdefault(sheet.title, {})
        named.update((field.column.header, None) for field in sheet.fields if field.column.key in opened)
    return {title: tuple(headers) for title, headers in found.items()}


def _sheet(title: str, layout: Layout, returning: tuple[str, ...]) -> Sheet:
    marks = dict.fromkeys(mark for text in layout.texts.values() for mark in marks_in(text))
    rows: dict[str, int] = {}
    for mark, (row, _) in layout.marks.items():
        kind = mark.partition(".")[0]
        if kind in _ROWS and (kind in ("section", "group") or "." in mark):
            rows.setdefault(_ROWS[kind], row)
    return Sheet(title, tuple(marks), tuple(sorted(rows.items(), key=lambda each: each[1])), returning)


# --- the ways in which each template is filled ----------------------------------------------


@cache
def _sample() -> Plan:
    return read_plan(sample_path())


@cache
def _sample_annex() -> Plan:
    """The sample plan as an annex, so that the monthly form is tried too."""
    plan = _sample()
    rows = {name: records(name, getattr(plan, name)) for name in FRAMES}
    rows["tasks"] = [{**row, "part": "annex"} for row in rows["tasks"]]
    return make_plan(plan.info, **rows)


def _books(plan: Plan, period: str, part: str) -> Iterator[tuple[PlanIndex, Book]]:
    index = PlanIndex(plan)
    states = [state.name for state in Settings().states()]
    for unit in list(index.order)[:3]:
        ask = Ask(unit, "all", part, parse_period(period))
        if book := build_book(index, ask, Kept(), states):
            yield index, book


def _reports(book: Book) -> tuple[Report, ...]:
    return tuple(Report(task_id, SAMPLE, SAMPLE, SAMPLE) for task_id in sorted(book.led_tasks))


def _form(plan: Plan, period: str, part: str) -> Iterator[_Trial]:
    for index, book in _books(plan, period, part):
        whole = book if period == "plan" else with_directives(with_reports(book, index, _reports(book)), _DIRECTED)
        yield _Trial(filling(whole, SAMPLE, _WORKBOOK, 1), whole, is_form=True)


def _together(plan: Plan, period: str, part: str) -> Iterator[_Trial]:
    for index, book in _books(plan, period, part):
        yield _Trial(together_filling(index, SAMPLE, [(_WORKBOOK, book)]), book)


def _plan_forms() -> Iterator[_Trial]:
    yield from _form(_sample(), "plan", "main")


def _progress_forms() -> Iterator[_Trial]:
    yield from _form(_sample(), "2026Q2", "main")
    yield from _form(_sample_annex(), "2026-04", "annex")


def _directive_forms() -> Iterator[_Trial]:
    index = PlanIndex(_sample())
    ask = Ask(SAMPLE, "lead", DIRECTIVES, parse_period("2026Q2"))
    book = directive_book(index, ask, directive_sheet(_DIRECTED))
    yield _Trial(filling(book, SAMPLE, _WORKBOOK, 1), book, is_form=True)


def _plan_together() -> Iterator[_Trial]:
    yield from _together(_sample(), "plan", "main")


def _progress_together() -> Iterator[_Trial]:
    yield from _together(_sample(), "2026Q2", "main")
    yield from _together(_sample_annex(), "2026-04", "annex")


def _supplement() -> Iterator[_Trial]:
    for index, book in _books(_sample(), "2026Q2", "main"):
        if reports := _reports(book):
            yield _Trial(supplement_filling(book, index, reports, SAMPLE, _WORKBOOK, 1))


def _table(sheet: str, kind: str, keys: tuple[str, ...], values: tuple[str, ...]) -> Iterator[_Trial]:
    rows = tuple(Row(kind, dict.fromkeys(keys, SAMPLE), (), "一、大类", "（一）大项", keys[:1]) for _ in range(2))
    yield _Trial(Filling(dict.fromkeys(values, SAMPLE), (SheetFilling(sheet, rows, {kind: keys, MARKED: keys}),)))


def _leader_table() -> Iterator[_Trial]:
    yield from _table(leader.SHEET, "task", leader.KEYS, leader.VALUES)


def _annex_table() -> Iterator[_Trial]:
    yield from _table(annex_table.SHEET, "target", annex_table.KEYS, annex_table.VALUES)


def _proofs() -> Iterator[_Trial]:
    yield _Trial(proof_filling(_sample(), {}))


def _rosters() -> Iterator[_Trial]:
    plan = _sample()
    yield _Trial(roster_filling(draft_roster(plan), PlanIndex(plan), SAMPLE, SAMPLE))


_KINDS: dict[str, Callable[[], Iterator[_Trial]]] = {
    "plan.xlsx": _plan_forms,
    "progress.xlsx": _progress_forms,
    "directives.xlsx": _directive_forms,
    "plan_together.xlsx": _plan_together,
    "progress_together.xlsx": _progress_together,
    "supplement.xlsx": _supplement,
    "leader.xlsx": _leader_table,
    "annex.xlsx": _annex_table,
    "proofreading.xlsx": _proofs,
    "roster.xlsx": _rosters,
}
