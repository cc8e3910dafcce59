"""The compendium of support units' texts (汇编): lead unit by lead unit, task by task, who said what and who did not.

What stands here is what the sheet 配合单位进展 tells the lead units (relaying.py), with those beside
it that were asked and are silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taskkit.book import Report
from taskkit.errors import UsageError
from taskkit.issuing.relaying import support_reports
from taskkit.ledger import Ledger
from taskkit.periods import Period, official_date, parse_period
from taskkit.plan import PlanInfo
from taskkit.plan_index import PlanIndex
from taskkit.reports import wording
from taskkit.tracking import Return, read_returns
from taskkit.word import Annex

TEMPLATE = "reports/compendium.docx"
NOTHING = "无。"
TO_TYPE_IN = "已报送，待转录。"  # a document is kept whole, and nobody has typed it in yet
_UNSAID = (NOTHING, TO_TYPE_IN)


@dataclass(frozen=True)
class Entry:
    """What one support unit said: ``text`` follows its name, ``more`` are paragraphs after it."""

    unit: str
    text: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class CompendiumTask:
    """One task: its entries, and below them who is silent (``tail``)."""

    number: str
    title: str
    entries: tuple[Entry, ...]
    tail: tuple[str, ...]


@dataclass(frozen=True)
class CompendiumGroup:
    """A lead unit and its tasks that have support units."""

    number: str
    unit: str
    tasks: tuple[CompendiumTask, ...]


@dataclass(frozen=True)
class Compendium:
    """What stands in the compendium, as plain texts; ``missing`` names the units that did not report."""

    title: str
    file_name: str
    issuer: str
    date: str
    intro: str
    missing: tuple[str, ...]
    groups: tuple[CompendiumGroup, ...]
    annexes: tuple[Annex, ...] = ()


@dataclass(frozen=True)
class _Heard:
    """One period: what was said by task and unit, and what was asked of whom, and has come back, as a support unit."""

    said: Mapping[str, Mapping[str, Report]]
    asked: frozenset[tuple[str, str]]  # unit, task
    returned: frozenset[tuple[str, str]]
    waiting: frozenset[tuple[str, str]]

    def units(self, index: PlanIndex, task_id: str) -> list[str]:
        """The support units of a task as they speak: each for itself, or through whom it reports.

        Those of the unit list stand in its order, the others as the plan names them.
        """
        roster = index.roster
        named = (unit for printed in index.units_of(task_id, "support") for unit in roster.named(printed))
        heard = (unit if self._speaks(unit, task_id) else roster.reporter(unit) for unit in named)
        speakers = dict.fromkeys((*heard, *self.said.get(task_id, {})))
        return sorted(speakers, key=lambda unit: roster.order.get(unit, len(roster.order) + 1))

    def _speaks(self, unit: str, task_id: str) -> bool:
        return unit in self.said.get(task_id, {}) or (unit, task_id) in self.asked


def build(ledger: Ledger, name: str, period: str, units: Sequence[str], today: date) -> Compendium:
    """The compendium of one period for some lead units, or for all.

    Raises UsageError for a unit that the plan does not name or that leads nothing with support
    units, and where no support unit was asked for the period.
    """
    plan, when = ledger.plan(name, today), parse_period(period)
    index = PlanIndex(plan, ledger.roster(name, today))
    returns = [each for each in read_returns(ledger, name, period, today) if each.role in ("support", "all")]
    heard = _heard(returns, support_reports(ledger.values(name, period), index), index)
    if not heard.asked and not heard.said:
        raise UsageError(
            f"{when.label}没有要求配合单位报送",
            f"要他们报送，请用 taskkit issue {name} --period {period} --role support",
        )
    chosen = sorted(set(map(index.meant, units)), key=index.rank)
    parts = {index.tasks[task_id]["part"] for _, task_id in heard.asked if task_id in index.tasks} or {"main"}
    groups = tuple(_groups(index, heard, chosen or index.order, parts, once=not chosen))
    if not groups:
        raise UsageError(f"{'、'.join(chosen)}牵头的任务没有配合单位", "请核对 --unit")
    who = "、".join(chosen)
    file = f"{who if len(who) <= 30 else chosen[0] + '等'}{when.label}配合单位进展汇编.docx"
    return Compendium(
        title=_title(plan.info, when, who),
        file_name=file,
        issuer=plan.info.issuer or "",
        date=official_date(today),
        intro=_intro(plan.info, when, who, groups),
        missing=tuple(_missing(returns, groups, bool(chosen))),
        groups=groups,
    )


def _heard(returns: Sequence[Return], reports: Mapping[str, tuple[Report, ...]], index: PlanIndex) -> _Heard:
    said = {task_id: {each.unit: each for each in listed} for task_id, listed in reports.items()}
    support = {(each.unit, task_id): each for each in returns for task_id in each.tasks}
    mine = {
        key: each
        for key, each in support.items()
        if each.role == "support" or (key[1], "support") in index.tasks_of(key[0], "support", each.part)
    }
    came = {key for key, each in mine.items() if each.received}
    waiting = {key for key in came if mine[key].waiting}
    return _Heard(said, frozenset(mine), frozenset(came), frozenset(waiting))


def _groups(
    index: PlanIndex, heard: _Heard, units: Sequence[str] | Mapping[str, int], parts: set[str], *, once: bool
) -> Iterator[CompendiumGroup]:
    """Each lead unit's tasks; ``once``: a task of several lead units stands under the first of them alone."""
    seen: set[str] = set()
    number = 0
    for unit in units:
        led = [
            task_id
            for part in sorted(parts, key=lambda part: (part != "main", part))
            for task_id, _ in index.tasks_of(unit, "lead", part)
        ]
        tasks = [task_id for task_id in led if task_id not in seen and index.units_of(task_id, "support")]
        if once:
            seen.update(tasks)
        if tasks:
            number += 1
            yield CompendiumGroup(
                wording.numeral(number), unit, tuple(_task(index, heard, unit, task_id) for task_id in tasks)
            )


def _task(index: PlanIndex, heard: _Heard, lead: str, task_id: str) -> CompendiumTask:
    task, said = index.tasks[task_id], heard.said.get(task_id, {})
    entries: list[Entry] = []
    silent: list[str] = []
    unasked: list[str] = []
    for unit in heard.units(index, task_id):
        if unit == lead:
            continue
        if unit in said:
            entries.append(_entry(said[unit]))
        elif (unit, task_id) in heard.returned:
            entries.append(Entry(unit, TO_TYPE_IN if (unit, task_id) in heard.waiting else NOTHING))
        else:
            (silent if (unit, task_id) in heard.asked else unasked).append(unit)
    tail = [f"{label}：{'、'.join(named)}。" for label, named in (("未报送", silent), ("没有发表格", unasked)) if named]
    number = f"{task['no']}. " if task["no"] is not None else ""
    return CompendiumTask(number, task["title"] or task["measures"] or "", tuple(entries), tuple(tail))


def _entry(report: Report) -> Entry:
    paragraphs = wording.lines(report.progress)
    if report.problem:
        problem = f"存在问题：{report.problem}"
        paragraphs = [*paragraphs, *wording.lines(problem)] if report.progress else wording.lines(problem)
    first, *more = map(wording.stop, paragraphs)
    return Entry(report.unit, first, tuple(more))


def _title(info: PlanInfo, period: Period, who: str) -> str:
    origin = wording.source(info, period)
    subject = f"配合单位进展汇编{f'（{who}）' if who else ''}"
    return f"{origin}{'' if origin == period.label else chr(10)}{subject}"


def _intro(info: PlanInfo, period: Period, who: str, groups: Sequence[CompendiumGroup]) -> str:
    tasks = [task for group in groups for task in group.tasks]
    units = {entry.unit for task in tasks for entry in task.entries if entry.text not in _UNSAID}
    said = sum(any(entry.text not in _UNSAID for entry in task.entries) for task in tasks)
    leads = f"{who}牵头" if who else f"{len(groups)}个单位牵头"
    return (
        f"{wording.named(info)}中，{leads}、有配合单位的任务{len(tasks)}项。"
        f"{period.label}（{period.span}）共有{len(units)}个配合单位报送了其中{said}项任务的进展，按牵头单位逐项汇编如下。"
    )


def _missing(returns: Sequence[Return], groups: Sequence[CompendiumGroup], is_part: bool) -> Iterator[str]:
    """The units whose support forms have not come back; for some lead units alone, those of their tasks."""
    late = list(dict.fromkeys(each.unit for each in returns if each.received is None))
    if is_part:
        named = "".join(line for group in groups for task in group.tasks for line in task.tail)
        late = [unit for unit in late if unit in named]
    if late:
        yield f"没有报送的配合单位{len(late)}个：{'、'.join(late)}。"
