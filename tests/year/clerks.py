"""What the clerks of the sample plan's units type in, period by period.

Goals and the first two quarters are the sample's own answers; what came later is made from numbers, so that
each figure can be worked out: a yearly figure is reached by SHARES at the end of a quarter.
"""

from __future__ import annotations

from typing import Any

from taskkit import samples
from taskkit.demo import Typed, answers_of
from taskkit.plan import Plan, records

SHARES = {"2026Q3": 0.77, "2026Q4": 1.0}
SPANS = {"2026Q1": "一季度", "2026Q2": "上半年", "2026Q3": "前三季度", "2026Q4": "全年"}
RATES = ("growth", "ratio", "range_change")


class Clerks:
    """The clerks of all units, who know the plan as it was issued."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.answers = samples.answers()
        self.targets = records("targets", plan.targets)
        self.numbers = {row["task_id"]: row["no"] for row in records("tasks", plan.tasks)}
        rows = records("assignments", plan.assignments)
        self.led = {(row["unit"], row["task_id"]): row["rank"] for row in rows if row["role"] == "lead"}

    def lead_units(self, part: str) -> list[str]:
        """The lead units of a part, as the plan names them: ``T`` the main part, ``A`` the annex."""
        return list(dict.fromkeys(unit for unit, task in self.led if task.startswith(part)))

    def typed(self, unit: str, period: str) -> Typed:
        """All that a unit types in for a period, by row id and header; rows that its form lacks are passed over."""
        if unit not in self.answers["unit"]:  # a support unit
            return self._support(unit, period)
        if "-" in period:
            return self._months(unit, period)
        if period in SHARES:
            rows = self._quarter(unit, period)
        else:
            rows = answers_of(self.plan, self.answers, unit, period)
        return rows if period == "plan" else {**self._support(unit, period), **rows}

    def _support(self, unit: str, period: str) -> Typed:
        quarter = int(period[-1])
        text = f"{SPANS[period]}参加会商{quarter}次，提供第{{no}}项数据资料{quarter * 2}份。"
        tasks = {task: no for task, no in self.numbers.items() if (unit, task) not in self.led}
        return {task: {"本期进展": text.format(no=no)} for task, no in tasks.items()}

    def _quarter(self, unit: str, period: str) -> Typed:
        is_year = period == "2026Q4"
        typed: Typed = {}
        for task in self._tasks(unit, "T"):
            text = f"{SPANS[period]}第{self.numbers[task]}项累计推进{int(SHARES[period] * 100)}%，调度{period[-1]}次。"
            typed[task] = {"本期进展": text, "完成情况": "已完成" if is_year else "正常推进"}
            typed |= {row["target_id"]: {"累计完成值": at_share(row, SHARES[period])} for row in self.aims(task)}
        return typed

    def _months(self, unit: str, period: str) -> Typed:
        """Figures that rise by a twelfth of the aim each month; rates stand where they should from the first."""
        month = int(period[-2:])
        typed: Typed = {}
        for task in self._tasks(unit, "A"):
            aims = self.aims(task)
            typed |= {row["target_id"]: {"本月累计": at_share(row, month / 12)} for row in aims}
            typed[aims[0]["target_id"]]["一句话说明"] = f"截至{month}月底按计划推进，开展调度{month}次。"
        return typed

    def _tasks(self, unit: str, part: str) -> list[str]:
        return [task for owner, task in self.led if owner == unit and task.startswith(part)]

    def aims(self, task: str) -> list[dict[str, Any]]:
        """The measurable aims of a task, as rows of the plan."""
        return [row for row in self.targets if row["task_id"] == task]


def at_share(target: dict[str, Any], share: float) -> float | int:
    """The figure at a share of the year: of what adds up so much of the aim, of a rate or a ceiling the aim."""
    adds_up = target["kind"] not in RATES and target["op"] != "<="
    whole: float = target["value"] * (share if adds_up else 1.0)
    return round(whole) if float(target["value"]).is_integer() else round(whole, 2)
