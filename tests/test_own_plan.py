"""A unit's own 落实方案 as a document, from what it handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import pytest

from taskkit import approving, rulings
from taskkit.entries import Ruling
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.plan import make_plan
from taskkit.reports import report
from taskkit.reports.own_plan import OwnPlan, build
from taskkit.roster import Roster, UnitEntry
from taskkit.settings import Settings
from tests.filled import INFO, NAME, PERIOD, fill, ledger_of, plan_of, send

TODAY = date(2026, 7, 15)
TARGET = {"task_id": "T001", "target_id": "T001.1", "text": "新增学位1000个", "indicator": "新增学位", "op": ">="} | {
    "value": 1000.0,
    "unit": "个",
    "kind": "count",
}
SAID = {
    "T001": {
        "一季度目标": "完成选址。",
        "二季度目标": "开工\n建设",
        "四季度目标": "=投用{{ 1 }}<b>",
        "deadline": "12月底前\n",
        "unit_leader": "桃满园",
        "office": "基教股",
        "handler": "星伴读",
        "phone": "0000-8600012",
    },
    "T001.1": {"一季度目标": "0", "二季度目标": "400", "四季度目标": "1000"},
}


@pytest.fixture
def ledger():
    """县教育局 leads two tasks and wrote of one; 县水务局 has handed nothing in."""
    ledger = ledger_of(plan_of([["县教育局"], ["县教育局"], ["县水务局"]], targets=[TARGET]))
    book = send(ledger, "县教育局", ["T001", "T001.1", "T002"], period="plan")
    send(ledger, "县水务局", ["T003"], period="plan")
    fill(ledger, book, SAID, date(2026, 3, 12))
    return ledger


def made(ledger, *units: str, public: bool = False) -> tuple[OwnPlan, ...]:
    return build(ledger, NAME, units, Settings(), TODAY, public)


def test_it_says_task_by_task_what_the_unit_promised(ledger):
    (own,) = made(ledger, "县教育局")

    assert own.title == "云溪县教育局\n2026年《政府工作报告》重点任务落实方案"
    assert own.intro.endswith("县教育局牵头重点任务2项，其中1项明确了阶段目标。")
    assert [task.lines for group in own.groups for task in group.tasks] == [
        (
            "年度目标：新增学位1000个。",
            "阶段目标：一季度，完成选址；二季度，开工，建设；四季度，=投用{{ 1 }}<b>。",
            "完成时限：12月底前。",
            "责任落实：单位分管负责人桃满园，责任处室基教股，经办人星伴读，联系电话0000-8600012。",
        ),
        ("未填报阶段目标。",),
    ]


def test_it_is_dated_the_day_on_which_it_came_in_and_signed_by_the_unit(ledger):
    (own,) = made(ledger, "县教育局")

    assert ("云溪县教育局", "2026年3月12日") == (own.issuer, own.date)


def test_the_numbers_by_stage_stand_in_a_table(ledger):
    (own,) = made(ledger, "县教育局")
    (table,) = own.annexes

    assert [("1", "办好第1件事", "新增学位", "不低于1000个", "0", "400", "", "1000")] == list(table.rows)
    assert ("附件：量化指标阶段目标表",) == own.annex_list
    assert 225 == pytest.approx(sum(table.widths))


def test_what_is_public_names_no_handler_and_no_phone(ledger):
    (own,) = made(ledger, "县教育局", public=True)

    assert "星伴读" not in repr(own)
    assert "0000-8600012" not in repr(own)
    assert "桃满园" in repr(own)


def test_a_unit_that_handed_nothing_in_is_named_with_those_that_did(ledger):
    with pytest.raises(UsageError) as error:
        made(ledger, "县水务局")

    assert "还没有收到“县水务局”填写了内容的落实方案" in error.value.what
    assert "已经收到的有：县教育局" in error.value.advice


def promised(
    leads: Sequence[Sequence[str]],
    said: Mapping[str, Mapping[str, str]],
    *,
    unit: str = "县教育局",
    day: date = date(2026, 3, 12),
    targets: Sequence[Mapping[str, Any]] = (),
    units: Sequence[UnitEntry] = (),
) -> Ledger:
    """A ledger of tasks with these lead units; one unit handed in what it said, by row and column."""
    ledger = ledger_of(plan_of(leads, targets=targets))
    if units:
        ledger.add_roster(NAME, Roster(tuple(units)))
    book = send(ledger, unit, list(said), period="plan")
    fill(ledger, book, said, day)
    return ledger


def lines(own: OwnPlan) -> list[tuple[str, ...]]:
    return [task.lines for group in own.groups for task in group.tasks]


def test_goals_that_are_numbers_alone_stand_in_the_table_and_are_counted():
    (own,) = made(promised([["县教育局"]], {"T001.1": {"一季度目标": "400"}}, targets=[TARGET]))

    assert own.intro.endswith("县教育局牵头重点任务1项，均明确了阶段目标。")
    assert [("年度目标：新增学位1000个。", "阶段目标见附件。")] == lines(own)


def test_a_table_without_numbers_is_left_out():
    (own,) = made(promised([["县教育局"]], {"T001": {"一季度目标": "选址"}}, targets=[TARGET]))

    assert ((), ()) == (own.annexes, own.annex_list)


def test_goals_by_the_month_have_room_for_their_numbers():
    stages = tuple(f"{month}月" for month in range(1, 13))
    plan = plan_of([["县教育局"]], targets=[TARGET], info=replace(INFO, stages=stages))
    ledger = ledger_of(plan)
    fill(ledger, send(ledger, "县教育局", ["T001.1"], period="plan"), {"T001.1": {"12月目标": "1000"}})
    (table,) = made(ledger)[0].annexes

    assert 12 <= min(table.widths[4:])
    assert 225 == pytest.approx(sum(table.widths))


def test_what_the_office_sent_back_is_marked_and_not_for_everybody():
    ledger = promised([["县教育局"], ["县教育局"]], {"T001": {"一季度目标": "选址"}, "T002": {"一季度目标": "开工"}})
    about = approving.texts(ledger, NAME, "plan", Roster())["县教育局", "T001"]
    back = {rulings.PASSED: rulings.BACK, rulings.REASON: "没有写明数量。"}
    ledger.keep_rulings(
        NAME,
        [Ruling(rulings.GOALS, column, value, "plan", "县教育局", "T001", about) for column, value in back.items()],
    )
    (own,), (shown,) = made(ledger), made(ledger, public=True)

    assert own.intro.endswith("牵头重点任务2项，均明确了阶段目标；1项的目标已退回、待修改。")
    assert ("阶段目标：一季度，选址。", "以上目标已退回，待修改：没有写明数量。") == lines(own)[0]
    assert shown.intro.endswith("牵头重点任务2项，其中1项明确了阶段目标。")
    assert ("阶段目标正在修改。",) == lines(shown)[0]


def test_a_deadline_that_was_agreed_since_stands_for_that_of_the_plan():
    tasks = [{"task_id": "T001", "part": "main", "title": "建学校。", "deadline": "6月底前"}]
    lead = {"task_id": "T001", "unit": "县教育局", "role": "lead", "rank": 1}
    ledger = ledger_of(make_plan(INFO, tasks=tasks, assignments=[lead]))
    fill(ledger, send(ledger, "县教育局", ["T001"], period="plan"), {"T001": {"一季度目标": "选址"}})
    assert "完成时限：6月底前。" in lines(made(ledger)[0])[0]

    said = {rulings.GOAL_ROW: "T001", rulings.GOAL_COLUMN: "完成时限", rulings.GOAL_VALUE: "10月底前"}
    ruled = [Ruling(rulings.REQUEST, key, text, PERIOD, "县教育局", "B1") for key, text in said.items()]
    ledger.keep_rulings(NAME, [*ruled, Ruling(rulings.REQUEST, rulings.PASSED, rulings.PASS, PERIOD, "县教育局", "B1")])

    assert "完成时限：10月底前。" in lines(made(ledger)[0])[0]


def test_a_second_annex_is_not_called_by_its_key():
    task = {"task_id": "A001", "part": "annex2", "title": "修桥。"}
    lead = {"task_id": "A001", "unit": "县教育局", "role": "lead", "rank": 1}
    ledger = ledger_of(plan_of([["县教育局"]], tasks=[task], assignments=[lead]))
    book = send(ledger, "县教育局", ["A001"], period="plan", part="annex2")
    fill(ledger, book, {"A001": {"一季度目标": "开工"}})

    assert "重点任务1项、附件2" in made(ledger)[0].intro


def test_phones_and_handlers_in_texts_are_not_for_everybody(ledger):
    book = ledger.workbook("W县教育局planleadmain1")
    fill(ledger, book, {"T002": {"一季度目标": "开工，找星伴读，电话0000-8600012"}}, date(2026, 3, 13))
    (own,), (shown,) = made(ledger, "县教育局"), made(ledger, "县教育局", public=True)

    assert "找星伴读，电话0000-8600012" in repr(own)
    assert "星伴读" not in repr(shown)
    assert "0000-8600012" not in repr(shown)


def test_tasks_that_a_unit_supports_are_not_counted_as_led():
    ledger = promised([["县教育局"], ["县水务局"]], {"T001": {"一季度目标": "选址"}})
    support = {"task_id": "T002", "unit": "县教育局", "role": "support", "rank": 1}
    ledger = ledger_of(plan_of([["县教育局"], ["县水务局"]], assignments=[support]))
    book = send(ledger, "县教育局", ["T001", "T002"], period="plan", role="all")
    fill(ledger, book, {"T001": {"一季度目标": "选址"}, "T002": {"一季度目标": "配合"}})

    assert made(ledger)[0].intro.endswith("县教育局牵头重点任务1项，配合重点任务1项，均明确了阶段目标。")


def test_a_unit_that_reports_for_another_says_so_and_the_other_one_is_told_where():
    ledger = promised(
        [["县粮食中心"], ["县发改局"]],
        {"T001": {"一季度目标": "收粮"}, "T002": {"一季度目标": "开工"}},
        unit="县发改局",
        units=(UnitEntry("县发改局"), UnitEntry("县粮食中心", through="县发改局")),
    )

    assert made(ledger)[0].intro.endswith("县发改局（含由其一并报送的县粮食中心）牵头重点任务2项，均明确了阶段目标。")
    with pytest.raises(UsageError, match="“县粮食中心”的落实方案由“县发改局”一并报送"):
        made(ledger, "县粮食中心")


def test_a_plan_that_was_taken_back_is_none(ledger):
    for receipt in ledger.receipts(NAME, "plan"):
        ledger.withdraw(receipt.submission)

    with pytest.raises(UsageError, match="还没有收到填写了内容的落实方案"):
        made(ledger)


def test_what_was_said_of_a_task_that_others_lead_now_is_no_plan_of_the_unit():
    ledger = promised([["县教育局"]], {"T001": {"一季度目标": "选址"}})
    ledger.keep_versions(NAME, [(date(2026, 5, 1), plan_of([["县水务局"]]))], [])

    with pytest.raises(UsageError, match="还没有收到填写了内容的落实方案"):
        made(ledger)


def test_a_ledger_without_any_says_what_to_do():
    with pytest.raises(UsageError, match="还没有收到填写了内容的落实方案"):
        made(ledger_of(plan_of([["县教育局"]])))


def test_all_units_get_a_file_each_in_a_folder(ledger, tmp_path):
    folder = report(ledger, NAME, "goals", out=tmp_path / "落实方案", today=TODAY)

    assert ["县教育局落实方案.docx"] == [path.name for path in folder.iterdir()]
    assert folder == report(ledger, NAME, "goals", out=tmp_path / "落实方案", today=TODAY)
    with pytest.raises(UsageError, match="要放在一个文件夹里"):
        report(ledger, NAME, "goals", out=tmp_path / "方案.docx", today=TODAY)


def test_units_whose_names_give_one_file_name_each_keep_their_file(tmp_path):
    ledger = ledger_of(plan_of([["县/局"], ["县:局"]]))
    for task, unit in (("T001", "县/局"), ("T002", "县:局")):
        fill(ledger, send(ledger, unit, [task], period="plan"), {task: {"一季度目标": f"{unit}开工"}})
    folder = report(ledger, NAME, "goals", out=tmp_path / "x", today=TODAY)

    assert ["县_局落实方案.docx", "县_局落实方案_2.docx"] == sorted(path.name for path in folder.glob("*.docx"))


def test_the_public_files_stand_beside_the_others_in_a_folder_called_after_the_report(ledger, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report(ledger, NAME, "goals", today=TODAY)
    folder = report(ledger, NAME, "goals", public=True, today=TODAY)

    assert "落实方案" == folder.name
    assert {"县教育局落实方案.docx", "县教育局落实方案（公开版）.docx"} == {path.name for path in folder.iterdir()}


def test_a_unit_s_own_document_does_not_carry_the_office_s_red_head(ledger, tmp_path):
    (tmp_path / "words").mkdir()
    own = 'head = "甲县人民政府文件"\ncopies = "县委办公室"\nprinter = "甲县人民政府办公室"\n'
    (tmp_path / "words" / "office.toml").write_text(own, "utf-8")
    path = report(ledger, NAME, "goals", out=tmp_path, units=["县教育局"], today=TODAY, settings=Settings(tmp_path))
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "".join((*(each.text for each in document.paragraphs), *cells))

    assert "内部资料　注意保存" in text
    assert not [words for words in ("人民政府文件", "县委办公室", "印发") if words in text]


def test_the_document_holds_it_as_text(ledger, tmp_path):
    path = report(ledger, NAME, "落实方案", out=tmp_path, units=["县教育局"], public=True, today=TODAY)
    lines = [each.text for each in docx.Document(str(path)).paragraphs]

    assert "县教育局落实方案（公开版）.docx" == path.name
    assert "内部资料　注意保存" not in lines
    assert any("=投用{{ 1 }}<b>" in line for line in lines)


def test_the_signature_never_has_a_page_to_itself(ledger, tmp_path):
    """GB/T 9704-2012, 7.3.5.5: from the last paragraph of the text to the date nothing parts."""
    path = report(ledger, NAME, "goals", out=tmp_path, units=["县教育局"], today=TODAY)
    paragraphs = docx.Document(str(path)).paragraphs
    lines = [each.text for each in paragraphs]
    ending = paragraphs[lines.index("未填报阶段目标。") : lines.index("2026年3月12日")]

    assert ["未填报阶段目标。", "", "附件：量化指标阶段目标表", "", "云溪县教育局"] == [each.text for each in ending]
    assert all(each.paragraph_format.keep_with_next for each in ending)
    assert not paragraphs[lines.index("未填报阶段目标。") - 1].paragraph_format.keep_with_next
