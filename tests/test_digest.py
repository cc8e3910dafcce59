"""The digest lists the tasks of one or several units in reading order, in Word and as text."""

from __future__ import annotations

import re
from datetime import date

import docx
import pytest

import taskkit
from taskkit import samples
from taskkit.errors import UsageError
from taskkit.plan import PlanInfo, make_plan
from taskkit.reports import digest
from tests.plans import plan_file

DAY = date(2026, 3, 6)


@pytest.fixture
def ledger():
    """Four tasks; 县教育局 leads the first, supports the third, and is meant by 各部门 in the fourth."""
    units = [
        ("T001", "县教育局", "lead"),
        ("T001", "县财政局", "support"),
        ("T002", "县林业局", "lead"),
        ("T003", "县住房城乡建设局", "lead"),
        ("T003", "县教育局", "support"),
        ("T004", "各部门", "lead"),
    ]
    plan = make_plan(
        PlanInfo(
            title="2026年县《政府工作报告》重点任务分工方案", document_number="云府〔2026〕6号", source="云溪.docx"
        ),
        tasks=[
            {
                "task_id": f"T00{number}",
                "part": "main",
                "no": number,
                "section": "一、民生",
                "group": "（一）教育" if number < 3 else "（二）城建",
                "title": f"办好第{number}件事。",
                "measures": "分三步走 <&> {{ x }}。",
                "leaders": ["云一舟"],
                "deadline": "6月底前",
                "open_ended": number == 1,
                "joint": number == 4,
            }
            for number in (1, 2, 3, 4)
        ],
        assignments=[
            {"task_id": task, "unit": unit, "role": role, "rank": 1, "collective": unit.startswith("各")}
            for task, unit, role in units
        ],
    )
    ledger = taskkit.open_ledger("sqlite://")
    ledger.add_plan(plan)
    return ledger


def titles(content: digest.Digest) -> list[str]:
    return [task.title for group in content.groups for task in group.tasks]


def test_it_lists_what_a_unit_leads_and_supports_but_not_what_a_collective_is_asked(ledger):
    assert ["办好第1件事。", "办好第3件事。"] == titles(digest.build(ledger, "云溪", ["县教育局"], DAY))


def test_a_task_of_two_units_stands_once_and_all_in_reading_order(ledger):
    content = digest.build(ledger, "云溪", ["县林业局", "县教育局", "县财政局"], DAY)
    assert ["办好第1件事。", "办好第2件事。", "办好第3件事。"] == titles(content)
    assert "县教育局、县林业局、县财政局共涉及任务3项，其中牵头2项" in content.intro


def test_headings_stand_where_they_begin(ledger):
    groups = digest.build(ledger, "云溪", ["县教育局"], DAY).groups
    assert [("一、民生", "（一）教育"), ("", "（二）城建")] == [(group.section, group.group) for group in groups]


def test_units_are_written_as_in_an_issued_plan(ledger):
    first, _ = (task.lines for group in digest.build(ledger, "云溪", ["县教育局"], DAY).groups for task in group.tasks)
    assert "责任分工：县教育局牵头，县财政局等配合。" in first
    [last] = (task.lines for group in digest.build(ledger, "云溪", ["各部门"], DAY).groups for task in group.tasks)
    assert "责任分工：各部门按职责分工负责。" in last


def test_word_and_text_say_the_same(ledger, tmp_path):
    word = taskkit.report(ledger, "云溪", "digest", out=tmp_path / "摘编.docx", units=["县教育局"], today=DAY)
    plain = taskkit.report(ledger, "云溪", "digest", out=tmp_path / "摘编.txt", units=["县教育局"], today=DAY)
    said = [line for paragraph in docx.Document(str(word)).paragraphs for line in paragraph.text.split("\n") if line]
    assert [line for line in plain.read_text("utf-8-sig").splitlines() if line] == said
    assert any("分三步走 <&> {{ x }}。" in line for line in said), "a clerk's signs arrive as they are"


@pytest.mark.parametrize(("units", "hint"), [([], "--unit"), (["县教育"], "县教育局")])
def test_no_unit_or_an_unknown_one_is_a_clear_error(ledger, tmp_path, units, hint):
    with pytest.raises(UsageError, match=hint):
        taskkit.report(ledger, "云溪", "digest", out=tmp_path, units=units)
    assert [] == list(tmp_path.iterdir())


def test_it_gives_what_a_department_made_by_hand():
    """A department published its own digest of a province's plan: 42 tasks, in the plan's order."""
    ledger = taskkit.open_ledger("sqlite://")
    name = ledger.add_plan(taskkit.read_plan(plan_file("gd-2023.docx")))
    theirs = taskkit.read_plan(plan_file("gd-2023-digest.txt")).tasks
    units = ["省农业农村厅", "省乡村振兴局"]
    ours = titles(digest.build(ledger, name, units, DAY))
    assert 42 == len(ours) == len(theirs)
    same = [plain(one) == plain(other) for one, other in zip(ours, theirs["title"].fillna(""), strict=True)]
    assert sum(same) >= 40, "their copy lost one title and changed a word in another"


def plain(text: str) -> str:
    return re.sub(r"\W", "", text)


def test_a_unit_whose_name_holds_a_slash_makes_no_folder(tmp_path):
    plan = make_plan(
        PlanInfo(title="2026年县重点任务分工方案", source="云溪.docx"),
        tasks=[{"task_id": "T001", "part": "main", "no": 1, "title": "办好事。"}],
        assignments=[{"task_id": "T001", "unit": "../县工信局/商务局", "role": "lead", "rank": 1}],
    )
    ledger = taskkit.open_ledger("sqlite://")
    name = ledger.add_plan(plan)
    path = taskkit.report(ledger, name, "digest", out=tmp_path, units=["../县工信局/商务局"], today=DAY)

    assert tmp_path == path.parent
    assert "县工信局_商务局所涉重点任务.docx" == path.name


def test_the_tasks_of_an_annex_are_counted_apart_and_stand_under_its_name(tmp_path):
    ledger = taskkit.open_ledger(f"sqlite:///{tmp_path / 'l.db'}")
    ledger.add_plan(taskkit.read_plan(samples.sample_path()), "云溪")
    content = digest.build(ledger, "云溪", ["县民政局", "县教育局"], DAY)

    assert "共涉及重点任务14项，其中牵头2项；民生实事3项，其中牵头3项。" in content.intro
    assert ["附：民生实事"] == [each.section for each in content.groups if each.section][-1:]
