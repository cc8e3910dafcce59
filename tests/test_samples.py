"""The sample plan reads the same as a Word table and as numbered paragraphs."""

import pytest

import taskkit
from taskkit import samples
from tests.test_docs import tool


@pytest.fixture(scope="module")
def forms():
    return {kind: taskkit.read_plan(samples.sample_path(kind)) for kind in ("docx", "txt")}


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_its_main_part_has_48_tasks_in_8_sections_and_20_groups_with_measures_and_leaders(forms, kind):
    tasks = forms[kind].tasks.query("part == 'main'")
    assert (48, 8, 20) == (len(tasks), tasks["section"].nunique(), tasks.groupby(["section", "group"]).ngroups)
    assert tasks["measures"].notna().all()
    assert tasks["leaders"].map(bool).all()


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_nothing_in_it_is_in_doubt(forms, kind):
    findings = forms[kind].findings
    assert [] == findings.loc[findings["severity"] != "note", "message"].tolist()


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_its_annex_has_14_tasks_in_10_matters_with_the_heads_of_their_lead_units(forms, kind):
    tasks = forms[kind].tasks.query("part == 'annex'")
    assert (14, 10) == (len(tasks), tasks["group"].nunique())
    leads = forms[kind].assignments.query("task_id.str.startswith('A')", engine="python")
    assert {"lead"} == set(leads["role"])
    assert {2} == set(leads["heads"].map(len))


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_its_calendar_asks_for_the_annex_by_the_fifth_of_each_month(forms, kind):
    schedule = forms[kind].schedule.query("part == 'annex'")
    assert [f"2026-{month:02d}" for month in range(3, 13)] == schedule["period"].tolist()
    assert ["2026-04-05", "2027-01-05"] == schedule["due_on"].astype(str).iloc[[0, -1]].tolist()


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_its_calendar_asks_the_lead_units_for_a_plan_and_four_quarters(forms, kind):
    schedule = forms[kind].schedule.query("part == 'main'")
    assert ["plan", "2026Q1", "2026Q2", "2026Q3", "2026Q4"] == schedule["period"].tolist()
    assert ["2026-03-20", "2026-04-10", "2026-07-10", "2026-10-10", "2027-01-10"] == schedule["due_on"].astype(
        str
    ).tolist()
    assert {"lead"} == set(schedule["role"])


def test_both_forms_say_the_same(forms):
    word, text = forms["docx"], forms["txt"]
    for column in ("section", "group", "title", "measures"):
        assert word.tasks[column].tolist() == text.tasks[column].tolist()
    for column in ("task_id", "unit", "role", "rank"):
        assert word.assignments[column].tolist() == text.assignments[column].tolist()
    assert word.tasks["leaders"].tolist() == text.tasks["leaders"].tolist()
    assert word.targets.drop(columns="text").equals(text.targets.drop(columns="text"))
    assert (word.info.title, word.info.document_number, word.info.year) == (
        text.info.title,
        text.info.document_number,
        text.info.year,
    )


def test_its_title_is_whole(forms):
    assert "2026年县《政府工作报告》重点任务分工方案" == forms["docx"].info.title


def test_the_files_are_those_that_the_script_writes(tmp_path):
    made = tool("make_samples").files()
    for kind in ("docx", "txt"):
        assert made[kind] == samples.sample_path(kind).read_bytes(), "run: python docs/make_samples.py"


def test_every_lead_unit_and_task_has_its_clerks_answers(forms):
    answers = samples.answers()
    leads = forms["docx"].assignments.query("role == 'lead'")["unit"]
    assert set(leads) == set(answers["unit"])
    assert {str(number) for number in range(1, 49)} == set(answers["task"])
    figures = forms["docx"].targets.groupby("task_id").size()
    asked = {str(int(task[1:])): count for task, count in figures.items() if task.startswith("A")}
    assert asked == {number: len(answer["values"]) for number, answer in answers["annex"].items()}
