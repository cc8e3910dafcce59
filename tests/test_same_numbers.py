"""The documents of one period say the same: progress report, bulletin, leader's brief and comparison."""

from __future__ import annotations

import re
from datetime import date
from itertools import product

import pytest

from taskkit.comparing import compare
from taskkit.ledger import Ledger
from taskkit.reports import brief, bulletin, progress
from taskkit.settings import Settings
from tests.filled import NAME, fill, ledger_of, plan_of, send

TODAY = date(2026, 7, 20)
WORDS = ("已完成", "正常推进", "进展滞后", "未启动", "进展", "", None)


def report(ledger: Ledger, period: str, words: dict[str, str | None], unit: str = "县教育局") -> None:
    """A unit's report: a state for each task, 进展 for a text without a state, None for no report at all."""
    book = send(ledger, unit, list(words), period, date(2026, 7, 10))
    typed = {
        task: {"progress": "有进展。"} | ({} if word == "进展" else {"state": word})
        for task, word in words.items()
        if word
    }
    if typed:
        fill(ledger, book, typed)


def number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


def test_what_turned_since_the_last_period_is_the_same_number_in_report_and_bulletin():
    pairs = list(product(WORDS, repeat=2))
    units = [[f"县{at}局"] for at in range(len(pairs))]
    ledger = ledger_of(plan_of(units))
    for at, pair in enumerate(pairs, 1):
        for period, word in zip(("2026Q1", "2026Q2"), pair, strict=True):
            report(ledger, period, {f"T{at:03d}": word}, units[at - 1][0])
    told = "".join(progress.build(ledger, NAME, "2026Q2", Settings(), TODAY).overview)
    changes = "".join(bulletin.build(ledger, NAME, "2026Q2", Settings(), TODAY).changes.texts)
    kinds = {"本期新完成": "新完成", "由滞后赶上序时进度": "已赶上", "本期转为滞后": "转为滞后"}
    assert {"本期新完成": 6, "由滞后赶上序时进度": 1, "本期转为滞后": 3} == {
        key: number(rf"{key}(\d+)项", told) for key in kinds
    }
    assert [6, 1, 3] == [number(rf"{word}(\d+)项", changes) for word in kinds.values()]
    lines = "".join(brief.build(ledger, NAME, "2026Q2", None, Settings(), TODAY).sections[0].opening)
    assert [6, 1, 3] == [number(rf"{word}(\d+)项", lines) for word in kinds.values()]


def test_the_brief_does_not_say_that_nothing_changed_where_a_task_was_reported_no_more():
    ledger = ledger_of(plan_of([["县教育局"], ["县财政局"]]))
    for period, word in (("2026Q1", "正常推进"), ("2026Q2", None)):
        report(ledger, period, {"T001": "正常推进"})
        report(ledger, period, {"T002": word}, "县财政局")
    lines = "".join(brief.build(ledger, NAME, "2026Q2", None, Settings(), TODAY).sections[0].opening)
    assert "没有变化" not in lines


def test_a_task_that_was_not_asked_for_before_is_no_report_that_was_missing():
    ledger = ledger_of(plan_of([["县教育局"], ["县财政局"]]))
    report(ledger, "2026Q1", {"T001": "正常推进"})
    report(ledger, "2026Q2", {"T001": "正常推进"})
    report(ledger, "2026Q2", {"T002": "正常推进"}, "县财政局")
    text = "".join(bulletin.build(ledger, NAME, "2026Q2", Settings(), TODAY).changes.texts)
    assert "其他变化1项" in text and "未报进展" not in text


def test_a_text_without_a_state_is_no_missing_report_in_the_bulletin():
    ledger = ledger_of(plan_of([["县教育局"]]))
    report(ledger, "2026Q1", {"T001": "正常推进"})
    report(ledger, "2026Q2", {"T001": "进展"})
    text = "".join(bulletin.build(ledger, NAME, "2026Q2", Settings(), TODAY).changes.texts)
    assert "其他变化1项" in text
    assert "未报进展" not in text


@pytest.mark.parametrize("period", ["2026-06", "2026Q2"])
def test_a_month_beside_its_quarter_is_reported_as_itself_and_set_beside_what_ended_before(period):
    ledger = ledger_of(plan_of([["县教育局"]]))
    for each, word in (("2026-05", "进展滞后"), ("2026-06", "正常推进"), ("2026Q2", "正常推进")):
        report(ledger, each, {"T001": word})
    [part] = compare(ledger, NAME, period, Settings(), TODAY).parts
    assert (period, "2026-05") == (part.period.text, str(part.previous))
    assert "与5月底相比" in progress.build(ledger, NAME, period, Settings(), TODAY).overview[1]
    assert "与5月底相比" in bulletin.build(ledger, NAME, period, Settings(), TODAY).changes.texts[0]
    told = brief.build(ledger, NAME, period, None, Settings(), TODAY).sections[0].opening
    assert "2026年5月" in "".join(told)


def test_the_states_of_a_unit_add_up_to_its_tasks_though_it_left_out_one_that_another_leads_first():
    ledger = ledger_of(plan_of([["县教育局", "县财政局"], ["县教育局"], ["县财政局"]]))
    report(ledger, "2026Q2", {"T001": "正常推进", "T002": "正常推进"})
    report(ledger, "2026Q2", {"T001": "", "T003": "正常推进"}, "县财政局")
    made = bulletin.build(ledger, NAME, "2026Q2", Settings(), TODAY)
    [full] = [each for each in made.annexes if each.title.startswith("各单位")]
    counted = [at for at, key in enumerate(full.columns) if key.startswith(("count", "state"))]
    rows = [row for row in full.rows if isinstance(row, tuple)]
    assert [2, 2, 4] == [sum(int(row[at] or 0) for at in counted) for row in rows] == [int(row[2] or 0) for row in rows]
    assert "达到序时和滞后以外的是：未更新1项" in made.units.tables[0].note


def test_a_plan_of_more_than_a_hundred_groups_without_sections_is_numbered_through():
    heads = [{"task_id": f"A{at:03d}", "part": "main", "title": "办事", "group": f"第{at}组"} for at in range(1, 121)]
    leads = [{"task_id": each["task_id"], "unit": "县教育局", "role": "lead", "rank": 1} for each in heads]
    ledger = ledger_of(plan_of([], tasks=heads, assignments=leads))
    report(ledger, "2026Q2", {"A001": "正常推进"})
    told = progress.build(ledger, NAME, "2026Q2", Settings(), TODAY).domains
    assert ["九十九", "一百", "一百零一", "一百一十", "一百二十"] == [
        told[at - 1].number for at in (99, 100, 101, 110, 120)
    ]


def test_who_reported_is_told_for_each_period_and_never_added_up():
    more = [{"task_id": "A001", "part": "annex", "no": 1, "title": "加装电梯"}]
    lead = [{"task_id": "A001", "unit": "县民政局", "role": "lead", "rank": 1}]
    ledger = ledger_of(plan_of([["县教育局"], ["县财政局"]], tasks=more, assignments=lead))
    report(ledger, "2026Q2", {"T001": "正常推进"})
    report(ledger, "2026Q2", {"T002": None}, "县财政局")
    send(ledger, "县民政局", ["A001"], "2026-05", date(2026, 6, 5), part="annex")
    told = progress.build(ledger, NAME, "2026Q2", Settings(), TODAY).overview[-1]
    first, second = brief.build(ledger, NAME, "2026Q2", None, Settings(), TODAY).sections[0].opening[2:4]
    assert "应报单位2个，已报1个、占50%。未报1个：县财政局。" == told
    assert "重点任务应报单位2个，已报1个，占50%；未报1个：县财政局。" == first
    assert "民生实事应报单位1个，已报0个，占0%；未报1个：县民政局。" == second
