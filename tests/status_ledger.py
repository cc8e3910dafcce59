"""A plan with two parts whose units have reported, texts of every hostile kind among them: what status shows."""

from __future__ import annotations

from datetime import date

from taskkit import rulings
from taskkit.entries import Ruling
from taskkit.ledger import Ledger
from taskkit.plan import Plan, make_plan
from tests.filled import INFO, NAME, PERIOD, fill, ledger_of, send

TODAY = date(2026, 7, 14)
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script><!--",
    "\"'`=1+1{{ 7*7 }}{% raw %}&lt;b&gt;",
    "前\u2028后\u2029末",
    "javascript:alert(3)//https://example.com/beacon.png",
)
# Task, lead units, leaders, state, progress, due.
TASKS = """
| T001 | 县水务局、县财政局 | 林知远 | 正常推进 | 水厂主体完工，联系人何小溪，电话0000-8600012。 | 2026-12-31 |
| T002 | 县教育局 | 周牧野 | 进展滞后 | 校舍封顶。 | 2026-07-31 |
| T003 | 县财政局 | 林知远、周牧野 | 已完成 | 资金拨付到位。 | 2026-06-30 |
| T004 | 县教育局 | 周牧野 | 正常推进 | 学位新增420个。 | |
| T005 | 县民政局 | 周牧野 | | | 2026-09-30 |
| T006 | 县水务局 | 林知远 | 未启动 | 前期工作。 | 2026-08-10 |
"""


TARGETS = (
    {"task_id": "T002", "target_id": "T002.1", "text": "入学率99%以上", "indicator": "入学率", "op": ">="}
    | {"value": 99.0, "unit": "%", "kind": "ratio"},
    {"task_id": "T004", "target_id": "T004.1", "text": "新增学位1000个", "indicator": "新增学位", "op": ">="}
    | {"value": 1000.0, "unit": "个", "kind": "count"},
)


def rows() -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in TASKS.strip().splitlines()]


def status_plan(hostile: bool) -> Plan:
    tasks = [
        {
            "task_id": task,
            "part": "main",
            "no": number,
            "section": "一、稳增长" if number <= 3 else "二、惠民生",
            "title": f"办好第{number}件事。",
            "leaders": leaders.split("、"),
            **({"deadline": due, "due_on": date.fromisoformat(due)} if due else {}),
        }
        for number, (task, _, leaders, _, _, due) in enumerate(rows(), 1)
    ]
    if hostile:
        for task, text in zip(tasks, HOSTILE, strict=False):
            task |= {"title": text, "section": f"{text}类"}
    annex = {"task_id": "A001", "part": "annex", "no": 1, "group": "办好实事", "title": "建食堂。"}
    assignments = [
        {"task_id": each[0], "unit": unit, "role": "lead", "rank": rank}
        for each in rows()
        for rank, unit in enumerate(each[1].split("、"), 1)
    ]
    own = {"task_id": "A001", "unit": "县民政局", "role": "lead", "rank": 1}
    return make_plan(INFO, tasks=[*tasks, annex], assignments=[*assignments, own], targets=list(TARGETS))


def status_ledger(hostile: bool = False) -> Ledger:
    """Six main tasks (县民政局 reported nothing) and one of 民生实事; with ``hostile`` texts everywhere."""
    listed = rows()
    plan = status_plan(hostile)
    ledger = ledger_of(plan)
    for unit in ("县水务局", "县财政局", "县教育局", "县民政局"):
        own = [each for each in listed if unit in each[1].split("、")]
        targets = ["T004.1", "T002.1"] if unit == "县教育局" else []
        book = send(ledger, unit, [*(each[0] for each in own), *targets])
        if unit == "县民政局":
            continue
        said = {}
        for task, _, _, state, progress, _ in own:
            text = HOSTILE[int(task[1:]) % len(HOSTILE)] if hostile else progress
            said[task] = {"progress": text, "state": state, "problem": text if hostile else f"{task}缺钱"}
        if targets:
            said |= {"T004.1": {"achieved": "420"}, "T002.1": {"achieved": "99.2"}}
        fill(ledger, book, {task: {key: text for key, text in cells.items() if text} for task, cells in said.items()})
    annex = send(ledger, "县民政局", ["A001"], period="2026-06", part="annex")
    fill(ledger, annex, {"A001": {"progress": HOSTILE[0] if hostile else "已开工。", "state": "正常推进"}})
    return ledger


def rule(ledger: Ledger, task: str, column: str, value: str) -> None:
    """The office's word on a task."""
    ledger.keep_rulings(NAME, [Ruling(rulings.TASK, column, value, PERIOD, "", task)])
