"""A unit's own 落实方案 as a document, from what it handed in."""

from __future__ import annotations

from datetime import date

import docx
import pytest

from taskkit.errors import UsageError
from taskkit.reports import report
from taskkit.reports.own_plan import OwnPlan, build
from taskkit.settings import Settings
from tests.filled import NAME, fill, ledger_of, plan_of, send

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
        "deadline": "12月底前",
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


def test_a_ledger_without_any_says_what_to_do():
    with pytest.raises(UsageError, match="还没有收到填写了内容的落实方案"):
        made(ledger_of(plan_of([["县教育局"]])))


def test_all_units_get_a_file_each_in_a_folder(ledger, tmp_path):
    folder = report(ledger, NAME, "goals", out=tmp_path / "落实方案", today=TODAY)

    assert ["县教育局落实方案.docx"] == [path.name for path in folder.iterdir()]
    assert folder == report(ledger, NAME, "goals", out=tmp_path / "落实方案", today=TODAY)
    with pytest.raises(UsageError, match="要放在一个文件夹里"):
        report(ledger, NAME, "goals", out=tmp_path / "方案.docx", today=TODAY)


def test_a_unit_s_own_document_does_not_carry_the_office_s_red_head(ledger, tmp_path):
    (tmp_path / "words").mkdir()
    own = 'head = "甲县人民政府文件"\ncopies = "县委办公室"\nprinter = "甲县人民政府办公室"\n'
    (tmp_path / "words" / "office.toml").write_text(own, "utf-8")
    path = report(ledger, NAME, "goals", out=tmp_path, units=["县教育局"], today=TODAY, settings=Settings(tmp_path))
    document = docx.Document(str(path))
    text = "".join(each.text for each in (*document.paragraphs, *(c for t in document.tables for c in t._cells)))

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
