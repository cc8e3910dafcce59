"""The office's own table of an annex that reports monthly (民生实事): every indicator with all its months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from taskkit import approving
from taskkit.assess import Standing, Verdict, tally
from taskkit.assess.reasons import TargetFacts
from taskkit.columns import COLUMNS
from taskkit.errors import UsageError
from taskkit.figures import number_or_text
from taskkit.judging.assessing import Figures
from taskkit.judging.times import deadlines
from taskkit.ledger import Ledger
from taskkit.office.filling import MARKED, Filling, Row, SheetFilling, Value
from taskkit.periods import Period, official_date, parse_period
from taskkit.plan_index import PlanIndex
from taskkit.reports.leader import STANDS_OUT, WHAT, Table
from taskkit.roster import Roster
from taskkit.settings import Settings, States

TEMPLATE = "workbooks/annex.xlsx"
SHEET = "民生实事"
VALUES = ("annex.summary", "plan.title", "plan.issuer", "plan.year", "period.label", "report.date")
MONTHS = tuple(f"month{number}" for number in range(1, 13))
KEYS = ("no", "title", "indicator", "aim", "unit", "lead_units", *MONTHS, "rate", "state", "brief")
HEADERS = {key: f"{number}月" for number, key in enumerate(MONTHS, 1)} | {"rate": "完成率（%）"}
_TOTAL, _BRIEF = COLUMNS["month_total"].header, COLUMNS["brief"].header
Said = Mapping[tuple[str, str, int, str], str]  # unit, row id, month, column header -> value


def build(ledger: Ledger, name: str, period: str, settings: Settings, today: date) -> Table:
    """The table as of one month, in the plan's order; one row per indicator and lead unit that reported on it.

    Raises UsageError where the plan has no annex, or the period is no month.
    """
    plan = ledger.plan(name, today)
    index, when = PlanIndex(plan, ledger.roster(name, today)), parse_period(period)
    tasks = [task_id for task_id, task in index.tasks.items() if task["part"] != "main"]
    if not tasks:
        raise UsageError("方案没有民生实事附件", "民生实事总表只用于有附件的方案")
    if when.kind != "month":
        raise UsageError(f"{when.label}不是按月报送", "请用 --period 写明月份，如 2023-04")
    said, states = _said(ledger, name, when, index.roster), settings.states()
    reported, promised = ledger.values(name, when.text), approving.promised(ledger, name, index.roster)
    times = deadlines(promised, approving.agreed(ledger, name, index.roster), index)
    figures = Figures.read(reported, promised, plan, when, index.roster, states, times)
    judged = [each for task_id in tasks for each in _rows(index, task_id, said, when, figures)]
    counts = tally((verdict for _, verdict in judged), states)
    summary = "，".join(f"{count.name}{count.number}行" for count in counts if count.number)
    targets = sum(each["value"] is not None for task_id in tasks for each in index.targets.get(task_id, ()))
    counted = f"共{len(tasks)}项实事、{targets}个指标。下列{len(judged)}行中，{summary}。"
    year = f"{plan.info.year}年" if plan.info.year else ""
    texts = (counted, plan.info.title or name, plan.info.issuer or "", year, when.label, official_date(today))
    values: dict[str, Value] = dict(zip(VALUES, texts, strict=True))
    sheet = SheetFilling(SHEET, tuple(row for row, _ in judged), {"target": KEYS, MARKED: KEYS})
    title = f"民生实事进展情况（截至{when.label}）"
    filling = Filling(values, (sheet,), hidden={"workbook": WHAT}, title=title, creator=plan.info.issuer or "")
    return Table(f"{when.label}民生实事总表.xlsx", filling)


def _said(ledger: Ledger, name: str, when: Period, roster: Roster) -> Said:
    """What was reported in the months of the year up to this one."""
    frame = ledger.values(name)
    frame = frame[frame["column"].isin([_TOTAL, _BRIEF]) & frame["task_id"].notna()]
    rows = frame["target_id"].fillna(frame["task_id"])
    columns = (frame[key].tolist() for key in ("unit", "period", "column", "value"))
    said = {}
    for row_id, unit, period, column, value in zip(rows.tolist(), *columns, strict=True):
        month = parse_period(period)
        if value and month.kind == "month" and not when < month:
            said[roster.canonical(unit), row_id, month.last_month, column] = value
    return said


def _rows(index: PlanIndex, task_id: str, said: Said, when: Period, figures: Figures) -> Iterator[tuple[Row, Verdict]]:
    task, printed = index.tasks[task_id], index.units_of(task_id, "lead")
    leads = dict.fromkeys(unit for name in printed for unit in index.roster.recipients(name))
    targets: list[dict[str, Any] | None] = [
        each for each in index.targets.get(task_id, ()) if each["value"] is not None
    ]
    heads: dict[str, Value] = {"no": task["no"], "title": task["title"]}
    for target in targets or [None]:
        row_id = target["target_id"] if target else task_id
        reporting = [unit for unit in leads if any(key[:2] == (unit, row_id) for key in said)]
        for unit in reporting or ["、".join(printed)]:
            total, brief = (said.get((unit, row_id, when.last_month, header), "") for header in (_TOTAL, _BRIEF))
            judged = next((each for each in figures.of(task_id, unit) if each.target_id == row_id), None)
            verdict = _verdict(judged, bool(total or brief), figures.states)
            cells = {**heads, **_cells(target, judged, unit, row_id, said, when), "state": verdict.name}
            heads = {}
            marked = ("state",) if verdict.standing in STANDS_OUT else ()
            yield Row("target", cells, (), task["section"] or "", task["group"] or "", marked), verdict


def _cells(
    target: Mapping[str, Any] | None, judged: TargetFacts | None, unit: str, row_id: str, said: Said, when: Period
) -> dict[str, Value]:
    totals = [said.get((unit, row_id, month, _TOTAL), "") for month in range(1, when.last_month + 1)]
    cells: dict[str, Value] = {
        "lead_units": unit,
        **{key: number_or_text(total) for key, total in zip(MONTHS, totals, strict=False)},
        "brief": said.get((unit, row_id, when.last_month, _BRIEF), ""),
    }
    if target:
        cells |= {"indicator": target["indicator"] or target["text"], "aim": target["value"], "unit": target["unit"]}
        cells["rate"] = judged.shown if judged else ""
    return cells


def _verdict(judged: TargetFacts | None, reported: bool, states: States) -> Verdict:
    if judged and judged.known:
        return Verdict(judged.standing, judged.state)
    standing = Standing.UNSTATED if reported else Standing.UNREPORTED
    return Verdict(standing, states.name_of(standing))
