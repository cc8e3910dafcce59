"""Random plans in each form D1-D20 are read back unchanged.

``TASKKIT_FORMS=2000 python -m pytest tests/test_forms.py`` tries that many plans of each form.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from taskkit.plan import Plan, records
from taskkit.reading import read_plan
from tests.forms import writers
from tests.forms.carriers import as_text, save
from tests.forms.plans import Recipe, plans
from tests.forms.tables import HEADERS, LOOSE, Grid, write_table
from tests.forms.writers import FIRST_LEADS, RESPONSIBLE_LEAD, Row, Writer, in_turn, write

EXAMPLES = int(os.environ.get("TASKKIT_FORMS", "20"))
SETTINGS = settings(
    max_examples=EXAMPLES,
    derandomize="TASKKIT_FORMS" not in os.environ,
    database=None,
    phases=[Phase.generate],  # plans are small; to make one smaller takes minutes
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
LABELLED = Recipe(leaders=True, measures=True, deadlines=True)
NO_NUMBER_IN_BRACKETS = ("{}.", "{}．", "{}、", "一、", "（一）", "(一)")

FORMS: dict[str, tuple[Writer, Recipe]] = {
    "D01": (writers.d01, Recipe(sorts="both both both lead each do support", leaders=True, measures=True)),
    "D02": (writers.d02, Recipe()),
    "D04": (writers.d04, LABELLED),
    "D05": (writers.d05, Recipe(deadlines=True, leaders=True)),
    "D06": (writers.d06, Recipe(kinds="dddpoaaa")),
    "D07": (writers.d07, Recipe(deadlines=False)),
    "D08": (writers.d05, Recipe(levels="", deadlines=True, kinds="dddddog")),
    "D09": (writers.d09, Recipe(sorts="both both do do lead each", deadlines=True)),
    "D10": (writers.d10, Recipe(steps="do do both lead", numbers=NO_NUMBER_IN_BRACKETS)),
    "D11": (writers.d11, Recipe()),
    "D12": (writers.d12, Recipe(natures=True)),
    "D13": (writers.d13, Recipe(sorts="do")),
    "D14": (writers.d14, Recipe(sorts="do do both")),
    "D15": (writers.d15, Recipe(sorts="none", steps="lead lead both do", numbers=NO_NUMBER_IN_BRACKETS)),
    "D16": (writers.d05, Recipe(kinds="aaad")),
    "D17": (writers.d17, Recipe(sorts="do", levels="科", kinds="d", collective=False)),
    "D18": (writers.d18, Recipe(sorts="do", habits={"notice": st.integers(0, 2)})),
    "D18 no lead": (writers.d04, Recipe(sorts="do both")),
    "D19": (writers.d09, Recipe(kinds="ddgg")),
    "D20": (writers.d20, Recipe(sorts="lead do lead each none")),
    "D04 and D13": (in_turn(writers.d04, writers.d13), Recipe(sorts="do")),
}
RULES = {"D18": FIRST_LEADS, "D18 no lead": (RESPONSIBLE_LEAD,)}
MIXED = ("d02", "d05", "d06", "d07", "d09", "d12", "d20")
MIXES = st.lists(st.sampled_from(MIXED), min_size=2, max_size=3, unique=True)
CARRIERS = ("docx", "xlsx", "tabs", "pipes", "box", "spaces", "stacked")
ALL = (*FORMS, "D03", "mixed")
Document = tuple[str, list[str], list[Row], Grid | None]


def read_rows(plan: Plan) -> list[Row]:
    """What was read, as the writers note it."""
    units: dict[str, list[tuple[int, str, str, int]]] = {}
    for row in records("assignments", plan.assignments):
        measure = row["measure_no"] or 0
        units.setdefault(row["task_id"], []).append((measure, row["unit"], row["role"], row["rank"]))
    keys = ("part", "no", "section", "group", "title", "measures", "leaders", "deadline", "joint", "open_ended")
    rows = []
    for task in records("tasks", plan.tasks):
        row = {key: task[key] for key in keys}
        row["title"] = (row["title"] or "").rstrip("。")
        rows.append(row | {"units": sorted(units.get(task["task_id"], []))})
    return rows


@st.composite
def documents(draw: st.DrawFn, form: str) -> Document:
    """A plan written in a form: carrier, lines, what must be read, and the table if it is one."""
    if form == "D03":
        return draw(tables())
    if form == "mixed":
        writer, recipe = in_turn(*(getattr(writers, name) for name in draw(MIXES))), Recipe()
    else:
        writer, recipe = FORMS[form]
    pen = write(*draw(plans(recipe)), writer, draw(st.sampled_from(RULES.get(form, ("",)))))
    return pen.habits.carrier, pen.lines, pen.rows, None


@st.composite
def tables(draw: st.DrawFn) -> Document:
    """A plan written as a table, with the columns that its office has."""
    carrier = draw(st.sampled_from(CARRIERS))
    recipe = Recipe(
        sorts=draw(st.sampled_from(("both", "do", "both both lead"))) if carrier not in LOOSE else "both",
        leaders=True,
        measures=True,
        deadlines=True,
        numbers=("{}.",),
        habits={"carrier": st.just(carrier)},
    )
    level, plan, habits = draw(plans(recipe))
    some = draw(st.sets(st.sampled_from(("no", "measures", "leaders", "deadline")))) if carrier not in LOOSE else {"no"}
    label = any(stretch.group for stretch in plan) and carrier not in LOOSE and draw(st.integers(0, 3)) > 0
    named = {"label"} if label else set()
    have = some | named | {"title"} | ({"do"} if recipe.sorts == "do" else {"lead", "support"})
    pen, grid = write_table(level, plan, habits, tuple(column for column in HEADERS if column in have))
    return carrier, pen.lines, pen.rows, grid


def expected_rows(rows: list[Row]) -> list[Row]:
    """What the writers noted, in the order of what is read."""
    plain = [{key: value for key, value in row.items() if key != "nature"} for row in rows]
    return [row | {"units": sorted(row["units"])} for row in plain]


def check(document: Document) -> None:
    """Write the file, read it, compare; a failure shows the document."""
    carrier, lines, rows, grid = document
    note(f"\n--- {carrier}\n{as_text(carrier, lines, grid)}\n---")
    with tempfile.TemporaryDirectory() as folder:
        plan = read_plan(save(Path(folder), carrier, lines, grid))
    assert expected_rows(rows) == read_rows(plan)
    for row, task_id in zip(rows, plan.tasks.index, strict=True):
        natures = [each["nature"] for each in records("targets", plan.targets) if each["task_id"] == task_id]
        assert [row.get("nature")] * len(natures) == natures, "预期性 or 约束性, on each aim of its task alone"


@pytest.mark.parametrize("form", ALL)
def test_a_plan_written_in_this_form_is_read_back_unchanged(form):
    @SETTINGS
    @given(documents(form))
    def read_back(document: Document) -> None:
        check(document)

    read_back()
