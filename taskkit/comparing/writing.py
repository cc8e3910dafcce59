"""The comparison as a workbook (对比表): three comparisons for each part of the plan, and charts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from taskkit.assess import Standing
from taskkit.comparing.changes import Change
from taskkit.comparing.comparison import Comparison, PartComparison
from taskkit.comparing.portions import Portion
from taskkit.comparing.units import RANKING
from taskkit.figures import number_or_text
from taskkit.office.list_book import BarChart, Cell, Emphasis, ListBook, ListColumn, ListRow, ListSheet, write_list
from taskkit.office.placing import check_workbook_name, put_new
from taskkit.periods import Period
from taskkit.settings.states import PLAIN

PROMISES, COUNTS, CHANGES, FIGURES, UNITS = "目标与完成", "本期与上期", "状态变化", "指标变化", "单位对比"
_EMPHASIS: dict[Standing, Emphasis] = {
    Standing.DONE: "done",
    Standing.SLOW: "slow",
    Standing.UNREPORTED: "slow",
    Standing.IDLE: "idle",
    Standing.UNCHANGED: "idle",
}
_MOVED: tuple[tuple[str, Emphasis], ...] = ((Change.DONE, "done"), (Change.BETTER, "done"), (Change.WORSE, "slow"))
_PORTIONS = ("on_schedule", "done", "on_time")
_MOST_BARS = 60  # rows of a chart that can still be read


def write_comparison(comparison: Comparison, out: Path) -> bool:
    """Write the workbook; False where the very same file is there already.

    Raises OutputError where another file stands in its place, UsageError where the name does not end in .xlsx.
    """
    check_workbook_name(out, "对比表")
    return put_new(out, write_list(comparison_book(comparison)), "改过的对比表")


def comparison_book(comparison: Comparison) -> ListBook:
    """The workbook as data; the same comparison gives the same bytes."""
    sheets = tuple(sheet for part in comparison.parts for sheet in _sheets(comparison, part))
    charts = tuple(chart for part in comparison.parts for chart in _charts(part))
    return ListBook("对比表", comparison.issuer, comparison.on, sheets, charts)


def _sheets(comparison: Comparison, part: PartComparison) -> Iterator[ListSheet]:
    heading = f"{comparison.title}\n{part.label}"
    colours = {each.name: (each.colour, each.ink) for each in comparison.states if each.colour != PLAIN}
    yield _units(part, heading)
    yield _counts(part, heading)
    if part.previous:
        yield replace(_changes(part, heading), colours=colours)
        if part.figures:
            yield _figures(part, heading)
    yield replace(_promises(part, heading), colours=colours)


def title_of(what: str, part: PartComparison) -> str:
    """The title of a sheet: 单位对比 of the main part, 单位对比（民生实事） of an annex."""
    return what if part.part == "main" else f"{what}（{part.label}）"


def _until(part: PartComparison) -> str:
    return f"截至{part.period.label}，{part.label}{part.counted}"


def _emphasis(part: PartComparison) -> tuple[tuple[str, Emphasis], ...]:
    return tuple((each.name, _EMPHASIS[each.standing]) for each in part.counts if each.standing in _EMPHASIS)


# --- unit against unit ----------------------------------------------------------------------


def _units(part: PartComparison, heading: str) -> ListSheet:
    names = list(dict.fromkeys((*(each.name for each in part.counts), *(n for u in part.units for n in u.states))))
    columns = (
        *(ListColumn("序号", 6, "centred"), ListColumn("单位", 24), ListColumn("牵头任务", 9, "number")),
        *(ListColumn(name, 9, "number") for name in names),
        *(ListColumn("按序时及以上", 20, "centred"), ListColumn("已完成占比", 20, "centred")),
        *(ListColumn("按时报送", 19, "centred"), ListColumn("迟报", 7, "number"), ListColumn("未报", 7, "number")),
        *(ListColumn("退回", 7, "number"), ListColumn("名次", 7, "centred")),
    )
    rows = [
        ListRow(
            (
                *(number, each.unit, each.tasks, *(each.states.get(name) for name in names)),
                *(each.on_schedule.text, each.done.text, each.on_time.text),
                *(each.late or None, each.missing or None, each.sent_back or None, each.rank),
            )
        )
        for number, each in enumerate(part.units, 1)
    ]
    rows.append(_unit_total(part, names))
    average = f"各单位占比平均{part.average:g}%。" if part.average is not None else ""
    note = f"注：{part.each_counted}{average}{RANKING}。报送按全年至本期累计。"
    return ListSheet(
        title_of(UNITS, part),
        f"{heading}各单位对比",
        _until(part),
        columns,
        tuple(rows),
        note=note,
        frozen=2,
        large=True,
    )


def _unit_total(part: PartComparison, names: list[str]) -> ListRow:
    units, blank = part.units, (None,)
    sums = (sum(each.states.get(name, 0) for each in units) or None for name in names)
    measures = {"on_schedule": "项次", "done": "项次"} if part.each_counted else {}
    portions = (_sum([getattr(each, key) for each in units], measures.get(key)) for key in _PORTIONS)
    reports = (sum(getattr(each, key) for each in units) or None for key in ("late", "missing", "sent_back"))
    label = "合计（各单位相加）" if part.each_counted else "合计"
    cells: tuple[Cell, ...] = (None, label, sum(each.tasks for each in units), *sums, *portions, *reports, *blank)
    return ListRow(cells, strong=True)


def _sum(portions: list[Portion], measure: str | None = None) -> str:
    measure = measure or (portions[0].measure if portions else "项")
    return Portion(sum(each.number for each in portions), sum(each.whole for each in portions), measure).text


# --- this period and the last ---------------------------------------------------------------


def _counts(part: PartComparison, heading: str) -> ListSheet:
    columns = (
        *(ListColumn("报送期", 22, "centred"), ListColumn("任务", 8, "number")),
        *(ListColumn(each.name, 10, "number") for each in part.counts),
        *(ListColumn("按序时及以上", 22, "centred"), ListColumn("已完成占比", 22, "centred")),
    )
    shown = (part.on_schedule.text, part.done.text)
    rows = [ListRow((part.period.label, part.tasks, *(each.now.number for each in part.counts), *shown))]
    if part.previous:
        rows = [_before(part, part.previous), *rows, _difference(part)]
    line = _until(part) if part.previous else f"{_until(part)}；没有更早的报送期可比"
    return ListSheet(title_of(COUNTS, part), f"{heading}本期与上期对比", line, columns, tuple(rows), frozen=1)


def _before(part: PartComparison, previous: Period) -> ListRow:
    portions = [each.before for each in part.counts if each.before]
    whole = portions[0].whole if portions else 0
    shown = (_portion(part, "before", ("done", "normal")).text, _portion(part, "before", ("done",)).text)
    return ListRow((previous.label, whole, *(each.number for each in portions), *shown))


def _difference(part: PartComparison) -> ListRow:
    whole = next((each.before.whole for each in part.counts if each.before), 0)
    differences = (each.difference for each in part.counts)
    return ListRow(("增减", part.tasks - whole, *differences, None, None), strong=True)


def _portion(part: PartComparison, when: str, standings: tuple[str, ...]) -> Portion:
    portions = [(each.standing, getattr(each, when)) for each in part.counts]
    return Portion(sum(each.number for key, each in portions if key in standings), portions[0][1].whole)


def _changes(part: PartComparison, heading: str) -> ListSheet:
    columns = (
        *(ListColumn("序号", 6, "centred"), ListColumn("工作任务", 60), ListColumn("汇总单位", 20)),
        *(ListColumn("上期", 14, "centred"), ListColumn("本期", 14, "centred"), ListColumn("变化", 12, "centred")),
    )
    rows = tuple(ListRow((e.no, e.title, e.unit, e.before, e.now, e.change)) for e in part.changes)
    counts = ((change, sum(each.change is change for each in part.changes)) for change in Change)
    told = "，".join(f"{change}{number}项" for change, number in counts if number)
    previous = part.previous.label if part.previous else ""
    note = "注：未启动和进展滞后之间不分好坏，列为有变化；未报送、未注明的无法比较。"
    return ListSheet(
        title_of(CHANGES, part),
        f"{heading}状态变化",
        f"{_until(part)}；与{previous}相比，{told}",
        columns,
        rows,
        (*_MOVED, *_emphasis(part)),
        note=note,
        frozen=2,
    )


def _figures(part: PartComparison, heading: str) -> ListSheet:
    columns = (
        *(ListColumn("指标编号", 12, "centred"), ListColumn("指标", 36), ListColumn("单位", 20)),
        *(ListColumn("计量单位", 10, "centred"), ListColumn("上期累计", 14, "number")),
        *(ListColumn("本期累计", 14, "number"), ListColumn("增减", 12, "number")),
    )
    rows = tuple(
        ListRow(
            (
                *(each.target_id, each.indicator, each.unit, each.measure),
                *(number_or_text(each.before), number_or_text(each.now), each.difference),
            )
        )
        for each in part.figures
    )
    return ListSheet(title_of(FIGURES, part), f"{heading}指标本期与上期对比", _until(part), columns, rows, frozen=2)


# --- promise against result -----------------------------------------------------------------


def _promises(part: PartComparison, heading: str) -> ListSheet:
    columns = (
        *(ListColumn("序号", 6, "centred"), ListColumn("工作任务", 40), ListColumn("汇总单位", 16)),
        *(ListColumn("指标", 20), ListColumn("年度目标", 16, "centred"), ListColumn("本期目标", 20)),
        *(ListColumn("完成", 34), ListColumn("完成率（%）", 10, "percent")),
        *(ListColumn("本期完成率（%）", 10, "percent"), ListColumn("距年度目标", 13, "centred")),
        *(ListColumn("完成情况", 11, "centred"), ListColumn("单位自评", 11, "centred")),
        *(ListColumn("系统研判", 11, "centred"), ListColumn("研判依据", 34)),
    )
    rows = tuple(
        ListRow(
            (
                *(each.no, each.title, each.unit, each.indicator, each.requirement, number_or_text(each.promised)),
                *(number_or_text(each.achieved), each.rate, each.stage_rate, each.gap_text),
                *(each.state, each.own, each.computed, each.reason),
            )
        )
        for each in part.promises
    )
    note = (
        "注：完成率按年度目标算，本期完成率按本期目标算；增速、比重、上限等指标只看是否达到。年终对比请看全年的一期。"
    )
    return ListSheet(
        title_of(PROMISES, part),
        f"{heading}目标与完成对比",
        _until(part),
        columns,
        rows,
        _emphasis(part),
        note=note,
        frozen=2,
        large=True,
    )


# --- charts ---------------------------------------------------------------------------------


def _charts(part: PartComparison) -> Iterator[BarChart]:
    names = tuple(each.name for each in part.counts)
    if part.units and len(part.units) <= _MOST_BARS:
        title = f"{part.label}：各单位牵头任务完成情况（项）"
        yield BarChart(title, title_of(UNITS, part), "单位", names, len(part.units))
    if part.previous:
        yield BarChart(f"{part.label}：上期与本期（项）", title_of(COUNTS, part), "报送期", names, 2)
