"""The workbook of ``status --xlsx``: the same numbers as the terminal and the page, as lists to filter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taskkit.assess import Verdict, share
from taskkit.figures import number_or_text
from taskkit.office.list_book import BarChart, Cell, ListBook, ListColumn, ListRow, ListSheet
from taskkit.periods import official_date
from taskkit.reports.directive_list import directive_list
from taskkit.reports.overview import Group, Overview, Part, Said, TaskRow

OVERALL, TASKS, UNITS, LEADERS, TARGETS = "总览", "任务", "单位", "领导", "指标"
_INK = "#000000"  # read on every pale ground
_MOST_BARS = 60  # rows of a chart that can still be read
_COUNTED = "注：占比的分母是该部分的全部任务；重点任务和民生实事分别统计，不相加。"
_EACH_COUNTED = "注：一项任务有多家牵头单位或多位分管领导的，分别计入，各行相加可能多于任务总数。"
_STATE = "注：完成情况按督查核定，没有核定的按单位自评；几个单位共同牵头的，以首位牵头单位填报的为准。"
_PUBLIC = "公开版：不含存在问题、需协调事项、领导批示、联系电话，以及领导以外人员的姓名。"


def build(over: Overview) -> ListBook:
    """总览, 任务, 单位, 领导, 指标, 批示办理 (the last where there are any), charts of the counts of the first part."""
    directed = directive_list(over.directives, over.title)
    sheets = (_overall(over), _tasks(over), _units(over), _leaders(over), _targets(over), directed)
    charts = []
    if over.parts:
        first = over.parts[0]
        charts = [
            _chart(over, OVERALL, "大类", f"{first.label}：各大类完成情况（项）", len(first.sections)),
            _chart(over, LEADERS, "分管领导", f"{first.label}：分管领导任务完成情况（项）", len(first.leaders)),
            _chart(over, UNITS, "单位", "牵头单位任务完成情况（项）", len(over.units)),
        ]
    return ListBook(
        title=f"{over.when.label}进展一览",
        creator=over.issuer,
        on=over.today,
        sheets=tuple(sheet for sheet in sheets if sheet),
        charts=tuple(chart for chart in charts if chart.rows),
    )


def _chart(over: Overview, sheet: str, labels: str, title: str, rows: int) -> BarChart:
    colours = tuple(mark.strong for mark in over.marks)
    return BarChart(title, sheet, labels, tuple(mark.name for mark in over.marks), min(rows, _MOST_BARS), colours)


def _sheet(
    over: Overview, title: str, columns: Sequence[ListColumn], rows: Sequence[ListRow], **more: object
) -> ListSheet:
    line = (
        f"{'，'.join(f'{part.label}截至{part.when.label}' for part in over.parts)}；数据截至{official_date(over.today)}"
    )
    return ListSheet(
        title,
        f"{over.title}\n{title}",
        f"{line}。{_PUBLIC}" if over.public else line,
        tuple(columns),
        tuple(rows),
        emphasis=tuple((mark.name, "") for mark in over.marks),
        colours={mark.name: (mark.pale, _INK) for mark in over.marks},
        **more,  # type: ignore[arg-type]
    )


def _count_columns(over: Overview) -> tuple[ListColumn, ...]:
    return (*(ListColumn(mark.name, 10, "number") for mark in over.marks), ListColumn("完成占比（%）", 11, "percent"))


def _counted(over: Overview, counts: Sequence[int]) -> tuple[Cell, ...]:
    """How many stand where (blank for none), and the share of those done; blank where nothing is counted."""
    if not sum(counts):
        return (None,) * (len(over.marks) + 1)
    done = sum(count for mark, count in zip(over.marks, counts, strict=True) if mark.standing == "done")
    return (*(count or None for count in counts), share(done, sum(counts)))


# --- 总览 ---------------------------------------------------------------------------------


def _overall(over: Overview) -> ListSheet:
    columns = (
        *(ListColumn("部分", 14), ListColumn("大类", 46), ListColumn("任务", 9, "number")),
        *(*_count_columns(over), ListColumn("已过时限", 10, "number"), ListColumn("时间进度（%）", 11, "percent")),
    )
    rows = [row for part in over.parts for row in _part_rows(over, part)]
    return _sheet(over, OVERALL, columns, rows, note=_COUNTED, frozen=2)


def _part_rows(over: Overview, part: Part) -> Iterator[ListRow]:
    late = {
        group.name: sum(task.days_late > 0 for task in part.tasks if task.heading == group.name)
        for group in part.sections
    }
    for group in part.sections:
        cells = (part.label, group.name, group.whole, *_counted(over, group.counts))
        yield ListRow((*cells, late[group.name] or None, None))
    numbers = {count.name: count for count in part.counts}
    whole = tuple(numbers[mark.name].number if mark.name in numbers else 0 for mark in over.marks)
    cells = (part.label, "合计", len(part.tasks), *_counted(over, whole))
    yield ListRow((*cells, part.late or None, part.year_share), strong=True)
    shares = (share(number, len(part.tasks)) or None for number in whole)
    yield ListRow((part.label, "占比（%）", None, *shares, None, None, None), strong=True)


# --- 任务 ---------------------------------------------------------------------------------


def _tasks(over: Overview) -> ListSheet:
    columns = (
        *(ListColumn("部分", 8, "centred"), ListColumn("序号", 5, "centred"), ListColumn("大类", 13)),
        *(ListColumn("任务", 34), ListColumn("分管领导", 8, "centred"), ListColumn("牵头单位", 15)),
        *(
            ListColumn("时限", 11, "centred"),
            ListColumn("完成情况", 9, "centred"),
            ListColumn("单位自评", 11, "centred"),
        ),
        *(ListColumn("系统研判", 9, "centred"), ListColumn("理由", 26), ListColumn("督查核定", 9, "centred")),
        *(ListColumn("迟几天", 6, "number"), ListColumn("进展", 44)),
        *(() if over.public else (ListColumn("存在问题", 22),)),
    )
    rows = [ListRow(_task(over, part, task)) for part in over.parts for task in part.tasks]
    return _sheet(over, TASKS, columns, rows, note=_STATE, frozen=4, large=True)


def _task(over: Overview, part: Part, task: TaskRow) -> tuple[Cell, ...]:
    number = int(task.number) if task.number.isdigit() else task.number
    return (
        *(part.label, number, task.heading, task.title, "、".join(task.leaders), "、".join(task.units)),
        *(task.deadline, task.state, _own(task), _name(task.computed), task.reason),
        *(_office(task), task.days_late or None, task.progress),
        *(() if over.public else (_texts(task, "problem"),)),
    )


def _own(task: TaskRow) -> str:
    """The state that the lead unit gave; of several each under its name."""
    if len(task.own) == 1:
        return task.own[0][1].name
    return "\n".join(f"{unit}：{verdict.name}" for unit, verdict in task.own)


def _office(task: TaskRow) -> str:
    """Where the office puts the task, and below it the words of single lead units."""
    whole = f"{_name(task.office)}{'（已销号）' if task.closed else ''}"
    return "\n".join(filter(None, (whole, *(f"{unit}：{verdict.name}" for unit, verdict in task.ruled))))


def _name(verdict: Verdict | None) -> str:
    return verdict.name if verdict else ""


def _texts(task: TaskRow, key: str) -> str:
    """What units wrote; one alone that leads as it is, else each under its unit's name."""
    said = task.texts.get(key, ())
    if len(said) == 1 and len(task.own) == 1 and not said[0].supports:
        return said[0].text
    return "\n".join(f"{_signature(each)}：{each.text}" for each in said)


def _signature(said: Said) -> str:
    return f"{said.unit}（配合）" if said.supports else said.unit


# --- 单位, 领导, 指标 -----------------------------------------------------------------------


def _units(over: Overview) -> ListSheet:
    columns = (
        *(ListColumn("序号", 6, "centred"), ListColumn("单位", 24), ListColumn("应报", 6, "number")),
        *(ListColumn("按时", 6, "number"), ListColumn("迟报", 6, "number"), ListColumn("未报", 6, "number")),
        *(ListColumn("迟几天", 7, "number"), ListColumn("收到", 11, "date"), ListColumn("应填任务", 9, "number")),
        *(ListColumn("已填任务", 9, "number"), ListColumn("牵头任务", 9, "number"), *_count_columns(over)),
        ListColumn("说明", 24),
    )
    rows = []
    for number, row in enumerate(over.units, 1):
        counts = _over_parts(over, row.unit)
        rows.append(
            ListRow(
                (
                    *(number, row.unit, row.books or None, row.on_time or None, row.late or None, row.missing or None),
                    *(row.days or None, row.received, row.asked or None, row.filled or None, sum(counts) or None),
                    *(*_counted(over, counts), row.said),
                )
            )
        )
    note = f"应报、按时、迟报、未报按表格份数计。{_EACH_COUNTED.removeprefix('注：')}"
    if len(over.parts) > 1:
        note = f"牵头任务只计{over.parts[0].label}。{note}"
    return _sheet(over, UNITS, columns, rows, note=f"注：{note}", frozen=2)


def _over_parts(over: Overview, unit: str) -> tuple[int, ...]:
    """The counts of a unit in the first part: parts are not added up."""
    first = over.parts[0] if over.parts else None
    found = next((group.counts for group in first.units if group.name == unit), None) if first else None
    return found or (0,) * len(over.marks)


def _leaders(over: Overview) -> ListSheet | None:
    listed: list[tuple[Part, Group]] = [(part, group) for part in over.parts for group in part.leaders]
    if not listed:
        return None
    columns = (
        *(ListColumn("部分", 12), ListColumn("分管领导", 14, "centred"), ListColumn("分管任务", 9, "number")),
        *_count_columns(over),
    )
    rows = [ListRow((part.label, group.name, group.whole, *_counted(over, group.counts))) for part, group in listed]
    return _sheet(over, LEADERS, columns, rows, note=_EACH_COUNTED, frozen=2)


def _targets(over: Overview) -> ListSheet | None:
    columns = (
        *(ListColumn("部分", 10, "centred"), ListColumn("任务", 34), ListColumn("指标", 24)),
        *(ListColumn("填报单位", 18), ListColumn("目标", 16, "centred"), ListColumn("完成", 14, "number")),
        *(ListColumn("是否达标", 9, "centred"), ListColumn("完成率（%）", 10, "percent")),
        *(ListColumn("时间进度（%）", 10, "percent"), ListColumn("应达到（%）", 10, "percent")),
        *(ListColumn("差距（百分点）", 11, "number"), ListColumn("理由", 40)),
    )
    rows = [
        ListRow(
            (
                *(part.label, each.task, each.name, each.unit, each.requirement, number_or_text(each.achieved)),
                *(each.verdict, each.rate, part.year_share if each.rate is not None else None),
                *(each.due, each.gap, each.reason),
            )
        )
        for part in over.parts
        for each in part.targets
    ]
    if not rows:
        return None
    note = "注：应达到的，有阶段目标的按阶段目标，没有的按时间进度；增速、比率、上限等不按比例计，只看是否达标。"
    return _sheet(over, TARGETS, columns, rows, note=note, frozen=3)
