"""The progress report: ledger + period -> plain data for templates/reports/progress.docx.

Nothing here knows Word. Every number in the running text is counted from the same verdicts that
the annex prints, so that text and table agree by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from taskkit import rulings
from taskkit.assess import Count, Standing, says_nothing, tally
from taskkit.columns import COLUMNS
from taskkit.errors import UsageError
from taskkit.judging.facts import Facts, TaskFacts, gather
from taskkit.judging.items import ItemFacts, item_count
from taskkit.ledger import Ledger
from taskkit.office.docx_charts import Chart, Series
from taskkit.periods import Period, official_date, parse_period
from taskkit.reports import wording
from taskkit.reports.overview import marks_of
from taskkit.settings import Settings, States
from taskkit.tracking import PeriodStatus
from taskkit.word import Annex, Band

TEMPLATE = "reports/progress.docx"
ANNEX_COLUMNS = ("no", "title", "lead_units", "stage_goal", "progress", "state", "problem")
PART_LABELS = {"main": "重点任务", "annex": "民生实事"}


@dataclass(frozen=True)
class Entry:
    """A numbered paragraph: ``title`` runs in, ``text`` follows, ``more`` are paragraphs after it."""

    number: int
    title: str = ""
    text: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Domain:
    """One 大类: its heading （一）…, a sentence of counts, what was reported, and what was not."""

    number: str
    title: str
    summary: str
    entries: tuple[Entry, ...]
    tail: tuple[str, ...]


@dataclass(frozen=True)
class ProgressReport:
    """What stands in the report, as plain texts in reading order."""

    title: str
    file_name: str
    issuer: str
    date: str
    period: str
    intro: str
    overview: tuple[str, ...]
    domains: tuple[Domain, ...]
    delays_summary: str
    delays: tuple[Entry, ...]
    requests_summary: str
    requests: tuple[Entry, ...]
    returns: tuple[str, ...]
    advice: tuple[str, ...]
    charts: tuple[Chart, ...]
    annex_list: tuple[str, ...]
    annexes: tuple[Annex, ...] = field(repr=False)


def build(
    ledger: Ledger, name: str, period: str, settings: Settings, today: date, charts: bool = False
) -> ProgressReport:
    """The progress report on one period, with ``charts`` where asked.

    Raises UsageError for ``plan``, which has no progress.
    """
    when = parse_period(period)
    if when.kind == "plan":
        raise UsageError("落实方案阶段还没有进展可以报告", "请用 --period 写明报送期，如 2023Q1")
    facts = gather(ledger, name, when, settings, today)
    delays, requests, annexes = _delays(facts), _requests(facts), _annexes(facts, when)
    subject = _subject(facts)
    return ProgressReport(
        title=wording.title(facts.info, when, subject),
        file_name=f"{wording.source(facts.info, when, quoted=False)}{subject}进展情况报告.docx",
        issuer=facts.info.issuer or "",
        date=official_date(today),
        period=when.label,
        intro=wording.intro(facts.info, when, subject),
        overview=(*_said(facts, rulings.SUMMARY), *_overview(facts, when), *_highlights(facts)),
        domains=tuple(_domains(facts)),
        delays_summary=_delays_summary(facts),
        delays=delays,
        requests_summary=_requests_summary(facts, requests),
        requests=requests,
        returns=tuple(_returns(facts.returns)),
        advice=tuple(_said(facts, rulings.ADVICE)),
        charts=tuple(_charts(facts)) if charts else (),
        annex_list=tuple(_annex_list(annexes)),
        annexes=annexes,
    )


def _subject(facts: Facts) -> str:
    """What is reported on: 重点任务, unless the period asks for another part alone."""
    parts = tuple(facts.parts())
    return PART_LABELS.get(parts[0], parts[0]) if len(parts) == 1 else PART_LABELS["main"]


def _charts(facts: Facts) -> Iterable[Chart]:
    """Where the tasks of each part stand, a bar for each 大类 (事项 of an annex), counted as the text counts them."""
    for part, tasks in facts.parts().items():
        bars: dict[str, list[TaskFacts]] = {}
        for task in tasks:
            bars.setdefault(wording.heading(task.section or task.group or ""), []).append(task)
        counts = [{each.name: each.number for each in _tally(listed, facts)} for listed in bars.values()]
        shown = [each for each in _tally(tasks, facts) if each.number]
        marks = marks_of(facts.states, shown)
        series = (
            Series(each.name, tuple(count.get(each.name, 0) for count in counts), mark.strong)
            for each, mark in zip(shown, marks, strict=True)
        )
        yield Chart(f"{PART_LABELS.get(part, part)}进展（项）", tuple(bars), tuple(series))


# --- 一、总体情况 ---------------------------------------------------------------------


def _said(facts: Facts, key: str) -> Iterable[str]:
    """What the office says of the period as a whole, paragraph by paragraph, the main tasks first."""
    for part in facts.parts():
        yield from (line for line in wording.lines(facts.said.get((part, key), "")) if line)


def _highlights(facts: Facts) -> Iterable[str]:
    """亮点, of each part under its name where there are several."""
    for part in facts.parts():
        first, *rest = wording.lines(facts.said.get((part, rulings.HIGHLIGHT), ""))
        label = "主要亮点" if part == "main" else f"{PART_LABELS.get(part, part)}亮点"
        yield from [f"{label}：{first}", *rest] if first else ()


def _overview(facts: Facts, period: Period) -> Iterable[str]:
    for part, tasks in facts.parts().items():
        yield _part_summary(part, tasks, facts, period)
    yield units_summary(facts.returns)
    if facts.targets_asked:
        counted = Count("", Standing.DONE, len(facts.targets_asked & facts.targets_reported), len(facts.targets_asked))
        yield (
            f"应填报量化指标{counted.whole}个，已填报{counted.number}个，占{counted.share_text}。"
            if counted.number
            else f"应填报量化指标{counted.whole}个，均未填报。"
        )


def _part_summary(part: str, tasks: Sequence[TaskFacts], facts: Facts, period: Period) -> str:
    counts = [count for count in _tally(tasks, facts) if count.number]
    label = PART_LABELS.get(part, part)
    if len(counts) == 1:
        opening = f"截至{wording.until(period)}，{len(tasks)}项{label}全部为“{counts[0].name}”。"
    else:
        listed = "；".join(f"{count.name}{count.number}项，占{count.share_text}" for count in counts)
        opening = f"截至{wording.until(period)}，{len(tasks)}项{label}中，{listed}。"
    if any(len(task.words) > 1 for task in tasks):
        opening += "由几个单位共同牵头的任务，完成情况以首位牵头单位填报的为准。"
    if any(task.office or task.ruled for task in tasks):
        opening += "经督查核定的，以核定的完成情况为准。"
    return opening + _items_summary(tasks, label) + _withdrawn_summary(facts.withdrawn.get(part, 0))


def _items_summary(tasks: Sequence[TaskFacts], label: str) -> str:
    """What the tasks are broken down into: counted apart, never added to them."""
    if not any(task.items for task in tasks):
        return ""
    number, broken = item_count([task.items for task in tasks]), [task.items for task in tasks if task.items]
    parted = f"其中{len(broken)}项已分解为{item_count(broken)}个，没有分解的各计1个"
    return f"{len(tasks)}项{label}按事项计共{number}个（{parted}），事项数不与任务数相加。"


def _withdrawn_summary(count: int) -> str:
    return f"另有已撤销的任务{count}项，不在统计之内。" if count else ""


def units_summary(returned: PeriodStatus) -> str:
    """How many units were asked, reported, were late, are missing: 应报单位26个，已报23个，占88.5%，其中…."""
    parts = [_returned_units(returned)]
    if returned.late:
        timely = len(returned.on_time_units)
        parts[0] += f"，其中按时{timely}个、迟报{returned.late}个" if timely else "，均为迟报"
    if returned.missing:
        parts.append(f"未报{returned.missing}个")
    if returned.not_due_units:
        parts.append(f"{_waiting(returned)}{returned.not_yet_due}个")
    return "；".join(parts) + "。"


def _returned_units(returned: PeriodStatus) -> str:
    if returned.returned == returned.asked:
        return f"应报单位{returned.asked}个，均已报送"
    if not returned.returned:
        return f"应报单位{returned.asked}个，目前均未收到"
    share = Count("", Standing.DONE, returned.returned, returned.asked).share_text
    return f"应报单位{returned.asked}个，已报{returned.returned}个，占{share}"


def _waiting(returned: PeriodStatus) -> str:
    """How units are called that need not have reported yet: nobody is blamed before the date."""
    return "报送期限未到、尚待报送的" if returned.due_on else "尚待报送的"


# --- 二、各领域进展 -------------------------------------------------------------------


def _domains(facts: Facts) -> Iterable[Domain]:
    number = 0
    for part, tasks in facts.parts().items():
        for heading, listed in _by_domain(part, tasks).items():
            number += 1
            yield Domain(
                number=wording.numeral(number),
                title=wording.heading(heading),
                summary=_domain_summary(listed, facts),
                entries=tuple(
                    _progress_entry(at, task) for at, task in enumerate((t for t in listed if t.report_texts), 1)
                ),
                tail=tuple(_unreported(listed)),
            )


def _by_domain(part: str, tasks: Sequence[TaskFacts]) -> dict[str, list[TaskFacts]]:
    domains: dict[str, list[TaskFacts]] = {}
    for task in tasks:
        own = task.section or task.group if part == "main" else None
        domains.setdefault(own or PART_LABELS.get(part, part), []).append(task)
    return domains


def _domain_summary(tasks: Sequence[TaskFacts], facts: Facts) -> str:
    counts = [count for count in _tally(tasks, facts) if count.number]
    if len(counts) == 1:
        return f"共{len(tasks)}项任务，{'均' if len(tasks) > 1 else ''}为“{counts[0].name}”。"
    return f"共{len(tasks)}项任务，其中{'，'.join(f'{count.name}{count.number}项' for count in counts)}。"


def _progress_entry(number: int, task: TaskFacts) -> Entry:
    paragraphs = [line for unit, text in task.report_texts for line in _signed(text, unit)]
    return Entry(number, wording.stop(wording.short(task.title)), paragraphs[0], tuple(paragraphs[1:]))


def _signed(text: str, unit: str) -> list[str]:
    lines = wording.lines(text)
    return [*lines[:-1], f"{lines[-1]}（{unit}）"]


def _unreported(tasks: Sequence[TaskFacts]) -> Iterable[str]:
    for words, wanted in (("报送单位未更新进展的", True), ("尚未报送进展的", False)):
        open_ = (task for task in tasks if not task.report_texts and not task.closed)
        listed = [task for task in open_ if task.asked and task.reported is wanted]
        if listed:
            names = "；".join(f"{wording.short(task.title)}（{'、'.join(task.printed)}）" for task in listed)
            yield f"{words}任务有{len(listed)}项：{names}。"
    closed = [task for task in tasks if task.closed and not task.report_texts]
    if closed:
        names = "；".join(f"{wording.short(task.title)}（{'、'.join(task.printed)}）" for task in closed)
        yield f"此前已销号的任务有{len(closed)}项：{names}。"


# --- 三、滞后事项及原因 · 四、需协调解决的问题 ------------------------------------------


def _delays_summary(facts: Facts) -> str:
    slow = {part: [task for task in tasks if task.slow_words] for part, tasks in facts.parts().items()}
    named = [f"{PART_LABELS.get(part, part)}{len(tasks)}项" for part, tasks in slow.items() if tasks]
    if not named:
        return "本期各单位没有报告进展滞后的事项。"
    beside = [task for tasks in slow.values() for task in tasks if task.verdict.standing is not Standing.SLOW]
    judged = [task for tasks in slow.values() for task in tasks if task.office or task.ruled]
    summary = f"本期{'报告和经督查核定' if judged else '报告'}进展滞后的有{'、'.join(named)}"
    if beside:
        summary += f"，其中{len(beside)}项的首位牵头单位未报告滞后、由共同牵头单位报告滞后"
    if any(len(task.slow_words) > 1 for tasks in slow.values() for task in tasks):
        summary += "，几个牵头单位都报告滞后的分别列出"
    return f"{summary}。"


def _delays(facts: Facts) -> tuple[Entry, ...]:
    slow = [(task, unit) for task in facts.tasks for unit in task.slow_words]
    return tuple(_delay(number, task, unit) for number, (task, unit) in enumerate(slow, 1))


def _delay(number: int, task: TaskFacts, unit: str) -> Entry:
    problem, step = task.value(unit, "problem"), task.value(unit, "next_step")
    lines = [f"（{unit}）。"]
    _append(lines, "存在问题：", "未说明原因" if says_nothing(problem) else problem)
    _append(lines, "下一步措施：", "未说明" if says_nothing(step) else step)
    return Entry(number, wording.bare(task.title), lines[0], tuple(lines[1:]))


def _append(lines: list[str], label: str, text: str) -> None:
    first, *rest = wording.lines(text)
    lines[-1] = f"{lines[-1]}{label}{first}"
    lines += rest
    lines[-1] = wording.stop(lines[-1])


def _requests_summary(facts: Facts, requests: Sequence[Entry]) -> str:
    if not requests:
        return "本期各单位没有提出需要协调解决的问题。"
    units = {unit for task in facts.tasks for unit in _askers(task)}
    return f"本期有{len(units)}个单位提出需要协调解决的问题{len(requests)}个。"


def _requests(facts: Facts) -> tuple[Entry, ...]:
    asked = [(task, unit) for task in facts.tasks for unit in _askers(task)]
    return tuple(_request(number, task, unit) for number, (task, unit) in enumerate(asked, 1))


def _askers(task: TaskFacts) -> list[str]:
    return [unit for unit in task.values if not says_nothing(task.value(unit, "help"))]


def _request(number: int, task: TaskFacts, unit: str) -> Entry:
    first, *rest = wording.lines(task.value(unit, "help"))
    paragraphs = [first, *rest]
    paragraphs[-1] += f"（{unit}提出，所涉任务：{wording.short(task.title)}）"
    return Entry(number, "", paragraphs[0], tuple(paragraphs[1:]))


# --- 五、报送情况 ---------------------------------------------------------------------


def _returns(returned: PeriodStatus) -> Iterable[str]:
    timely = "按时报送" if returned.due_on else "已报送"
    if returned.asked == len(returned.on_time_units):
        yield f"本期应报单位{returned.asked}个，均{timely}。"
    else:
        yield f"本期应报单位{returned.asked}个，{timely}{len(returned.on_time_units)}个。"
    if returned.late:
        named = "、".join(f"{unit}（迟{days}天）" for unit, days in returned.late_units)
        yield f"迟报{returned.late}个：{named}。"
    if returned.missing:
        yield f"未报{returned.missing}个：{'、'.join(returned.missing_units)}。"
    if returned.not_due_units:
        yield f"{_waiting(returned)}{returned.not_yet_due}个：{'、'.join(returned.not_due_units)}。"
    if returned.blank_units:
        yield f"已报送但没有填写任何内容的{len(returned.blank_units)}个：{'、'.join(returned.blank_units)}。"


# --- 附件 ---------------------------------------------------------------------------


def _annexes(facts: Facts, period: Period) -> tuple[Annex, ...]:
    parts = facts.parts()
    return tuple(
        Annex(
            label="附件" if len(parts) == 1 else f"附件{number}",
            title=f"{period.label}{PART_LABELS.get(part, part)}进展情况表",
            columns=ANNEX_COLUMNS,
            rows=tuple(_annex_rows(tasks)),
            note=_annex_note(tasks, facts.states),
        )
        for number, (part, tasks) in enumerate(parts.items(), 1)
    )


def _annex_rows(tasks: Sequence[TaskFacts]) -> Iterable[Band | tuple[str, ...]]:
    section = group = None
    for number, task in enumerate(tasks, 1):
        if task.section != section and task.section:
            yield Band(task.section)
            group = None
        if task.group != group and task.group:
            yield Band(task.group, 2)
        section, group = task.section, task.group
        yield _annex_row(number, task)
        yield from (_item_row(task, item) for item in task.items)


def _annex_row(number: int, task: TaskFacts) -> tuple[str, ...]:
    return (
        str(task.no or number),
        task.title,
        "\n".join(task.printed) or "未明确",
        task.goal,
        task.report_progress,
        _states_of(task),
        task.column_text("problem"),
    )


def _item_row(task: TaskFacts, item: ItemFacts) -> tuple[str, ...]:
    """An item under its task: without a number, for it is none of the tasks."""
    problem = item.cells.get(COLUMNS["problem"].header, "")
    return ("", f"其中：{item.text}", item.unit, item.goal, item.progress, item.own.name, problem)


def _states_of(task: TaskFacts) -> str:
    """The state as it is reported, and the computed one where that contradicts the unit's own word."""
    if task.computed is None or not task.contradicted:
        return task.state_text
    return f"{task.state_text}\n{wording.CONTRADICTED}研判：{task.computed.name}"


def _annex_note(tasks: Sequence[TaskFacts], states: States) -> str:
    notes = []
    if any(len(task.words) > 1 for task in tasks):
        notes.append(f"由几个单位共同牵头的任务，“{COLUMNS['state'].header}”以首位牵头单位填报的为准")
    if any(task.office or task.ruled for task in tasks):
        notes.append(f"经督查核定的，“{COLUMNS['state'].header}”以核定的为准")
    names = {task.verdict.name for task in tasks}
    if states.names.unchanged in names:
        notes.append(f"“{states.names.unchanged}”指单位已报送表格，但本项没有填写")
    if states.names.unstated in names:
        notes.append(f"“{states.names.unstated}”指填写了进展，但没有选择完成情况")
    if any(task.contradicted for task in tasks):
        notes.append(wording.CONTRADICTED_NOTE.removeprefix("注：").removesuffix("。"))
    return f"注：{'；'.join(notes)}。" if notes else ""


def _annex_list(annexes: Sequence[Annex]) -> Iterable[str]:
    """附件说明: 附件：1.… with the names aligned, without a closing mark (GB/T 9704-2012, 7.3.4)."""
    for number, annex in enumerate(annexes, 1):
        opening = "附件：" if number == 1 else "　　　"
        yield f"{opening}{annex.title}" if len(annexes) == 1 else f"{opening}{number}.{annex.title}"


def _tally(tasks: Iterable[TaskFacts], facts: Facts) -> tuple[Count, ...]:
    return tally((task.verdict for task in tasks), facts.states)
