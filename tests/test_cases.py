"""A small case for each way of writing a plan (tests/cases/*.md): the text, and the tasks that it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import taskkit

CASES = sorted((Path(__file__).parent / "cases").glob("*.md"))


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def expected_rows(markdown: str) -> list[dict[str, str]]:
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    header, _, *rows = map(cells, lines)
    return [dict(zip(header, row, strict=True)) for row in rows]


def read_rows(plan: taskkit.Plan) -> list[dict[str, str]]:
    rows = []
    for task_id, task in plan.tasks.astype(object).where(plan.tasks.notna(), "").iterrows():
        units = plan.assignments[plan.assignments["task_id"] == task_id]
        rows.append(
            {
                "序号": str(task["no"]),
                "任务": task["title"],
                "措施": task["measures"],
                "领导": "、".join(task["leaders"]),
                "牵头": "、".join(units.loc[units["role"] == "lead", "unit"]),
                "配合": "、".join(units.loc[units["role"] == "support", "unit"]),
                "并列": "是" if task["joint"] else "",
                "等": "是" if task["open_ended"] else "",
                "时限": task["deadline"],
            }
        )
    return rows


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_plan_written_this_way_is_read_as_a_careful_clerk_would(case, tmp_path):
    markdown = case.read_text(encoding="utf-8")
    [text] = re.findall(r"```text\n(.*?)```", markdown, flags=re.DOTALL)
    (tmp_path / "方案.txt").write_text(text, encoding="utf-8")
    assert expected_rows(markdown) == read_rows(taskkit.read_plan(tmp_path / "方案.txt"))
