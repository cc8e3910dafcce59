"""A Plan is frozen, and its frames always have the columns and types of the one schema."""

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from taskkit.errors import InternalError
from taskkit.findings import finding
from taskkit.plan import FRAMES, PANDAS_DTYPES, PlanInfo, make_frame, make_plan, records


def test_frames_have_the_columns_of_the_schema_even_without_rows():
    plan = make_plan(PlanInfo())
    for name, columns in FRAMES.items():
        frame = getattr(plan, name)
        have = [*([frame.index.name] if name == "tasks" else []), *frame.columns]
        assert list(columns) == have
    assert {"text": "str", "integer": "Int64"}.items() <= PANDAS_DTYPES.items()


def test_what_is_not_said_is_missing_not_zero_or_empty():
    plan = make_plan(PlanInfo(), tasks=[{"task_id": "T001", "title": "办好一件事"}])
    assert plan.tasks.loc["T001"][["no", "section", "due_on"]].isna().all()
    assert [] == plan.tasks.at["T001", "leaders"]


def test_rows_come_back_as_they_went_in():
    row = {
        "task_id": "T001",
        "part": "main",
        "no": 1,
        "section": "一、稳增长",
        "group": None,
        "title": "办好一件事",
        "measures": None,
        "leaders": ["云一舟"],
        "joint": True,
        "open_ended": False,
        "deadline": "6月底前",
        "due_on": date(2026, 6, 30),
        "source": "第3段",
    }
    assert [row] == records("tasks", make_frame("tasks", [row]))


def test_a_plan_cannot_be_changed_in_place():
    plan = make_plan(PlanInfo())
    with pytest.raises(FrozenInstanceError):
        plan.info = PlanInfo(title="另一份")  # type: ignore[misc]


def test_findings_become_rows():
    plan = make_plan(
        PlanInfo(),
        tasks=[{"task_id": "T001"}],
        findings=[finding("no-units", source="第3段", task_id="T001", title="办好一件事")],
    )
    assert ("no-units", "doubt", "T001", "第3段") == tuple(
        plan.findings.loc[0, ["code", "severity", "task_id", "source"]]
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"tasks": [{"task_id": "T001", "titel": "x"}]}, "titel"),
        ({"tasks": [{"task_id": "T001"}, {"task_id": "T001"}]}, "重复"),
        ({"assignments": [{"task_id": "T009", "unit": "甲局"}]}, "T009"),
    ],
)
def test_a_plan_that_contradicts_itself_is_our_own_mistake(rows, said):
    with pytest.raises(InternalError, match=said):
        make_plan(PlanInfo(), **rows)
