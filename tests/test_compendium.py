"""The compendium: what support units said task by task, and who said nothing."""

from __future__ import annotations

from datetime import date

import docx
import pytest

import taskkit
from taskkit.errors import UsageError
from taskkit.receipts import Receipt
from taskkit.reports import compendium
from tests.test_hops import NAME, PERIOD, TWO_DATES, give_back, ledger_of

DAY = date(2026, 6, 20)


@pytest.fixture
def ledger(tmp_path):
    """县财政局 says something on one of its two tasks, 县教育局 of its own, 县住房城乡建设局 nothing at all."""
    ledger = ledger_of(TWO_DATES)
    books = taskkit.issue(ledger, NAME, PERIOD, tmp_path / "发")
    texts = {"T001": {"本期进展": "拨款 <&> {{ x }}\n第二批待拨", "存在问题": "指标紧"}}
    give_back(ledger, books, tmp_path / "收", "县财政局", texts)
    give_back(ledger, books, tmp_path / "收", "县教育局", {"T003": {"本期进展": "报送名单。"}})
    return ledger


def test_texts_stand_task_by_task_under_the_lead_unit_with_those_who_are_silent(ledger):
    book = compendium.build(ledger, NAME, PERIOD, ["县教育局"], DAY)
    [group] = book.groups
    assert ("一", "县教育局") == (group.number, group.unit)
    first, second = group.tasks
    assert ("1. ", "办好第1件事", ("未报送：县住房城乡建设局。",)) == (first.number, first.title, first.tail)
    assert [("县财政局", "拨款 <&> {{ x }}。", ("第二批待拨。", "存在问题：指标紧。"))] == [
        (each.unit, each.text, each.more) for each in first.entries
    ]
    assert [("县财政局", "无。")] == [(each.unit, each.text) for each in second.entries], "it reported, but not on this"
    assert ("没有报送的配合单位1个：县住房城乡建设局。",) == book.missing


def test_a_unit_of_which_a_document_waits_to_be_typed_in_is_not_said_to_have_reported_nothing(ledger):
    ledger.register(Receipt(NAME, "县住房城乡建设局", PERIOD, "waiting", DAY))
    book = compendium.build(ledger, NAME, PERIOD, ["县教育局"], DAY)
    assert ("县住房城乡建设局", "已报送，待转录。") in [
        (each.unit, each.text) for each in book.groups[0].tasks[0].entries
    ]
    assert "1个配合单位报送了其中1项任务" in book.intro
    assert () == book.missing


def test_without_a_unit_each_task_stands_once_under_the_first_unit_that_leads_it(ledger):
    book = compendium.build(ledger, NAME, PERIOD, [], DAY)
    assert {"县教育局": ["办好第1件事", "办好第2件事"], "县财政局": ["办好第3件事"]} == {
        group.unit: [task.title for task in group.tasks] for group in book.groups
    }
    assert "任务3项" in book.intro
    assert "2个配合单位报送了其中2项任务" in book.intro


def test_it_is_a_document_with_texts_as_they_were_written(ledger, tmp_path):
    path = taskkit.report(ledger, NAME, "汇编", PERIOD, tmp_path / "出", units=["县教育局"], today=DAY)
    assert "县教育局2026年上半年配合单位进展汇编.docx" == path.name
    texts = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    assert "县财政局：拨款 <&> {{ x }}。" in texts
    assert "一、县教育局牵头的任务" in texts
    again = taskkit.report(ledger, NAME, "compendium", PERIOD, tmp_path / "再", units=["县教育局"], today=DAY)
    assert path.read_bytes() == again.read_bytes()


def test_collectives_that_got_no_form_are_named_as_such(tmp_path):
    ledger = ledger_of(TWO_DATES)
    taskkit.issue(ledger, NAME, PERIOD, tmp_path, role="support", units=["县财政局"])
    first = compendium.build(ledger, NAME, PERIOD, ["县教育局"], DAY).groups[0].tasks[0]
    assert ("未报送：县财政局。", "没有发表格：县住房城乡建设局。") == first.tail


def test_a_period_without_support_units_is_refused_with_what_to_do(tmp_path):
    ledger = ledger_of(TWO_DATES)
    taskkit.issue(ledger, NAME, PERIOD, tmp_path, role="lead")
    with pytest.raises(UsageError, match=r"没有要求配合单位报送.*--role support"):
        compendium.build(ledger, NAME, PERIOD, [], DAY)


def test_an_unknown_unit_gets_a_near_miss_and_one_without_support_units_a_word(ledger):
    with pytest.raises(UsageError, match="是不是“县教育局”"):
        compendium.build(ledger, NAME, PERIOD, ["县教委局"], DAY)
    with pytest.raises(UsageError, match="县住房城乡建设局牵头的任务没有配合单位"):
        compendium.build(ledger, NAME, PERIOD, ["县住房城乡建设局"], DAY)
