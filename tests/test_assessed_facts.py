"""From the ledger: whose figures speak for a task, which goals count, what the office's word changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from taskkit import rulings
from taskkit.entries import Ruling
from taskkit.judging.facts import Facts, TaskFacts, gather
from taskkit.ledger import Ledger
from taskkit.periods import parse_period
from taskkit.settings import Settings
from tests.filled import NAME, fill, ledger_of, plan_of, send

TODAY = date(2026, 7, 10)
AIM = {"target_id": "T001.1", "indicator": "学校", "op": ">=", "value": 100.0, "unit": "所", "kind": "count"}


def ledger_with(leads: list[str], **more: Any) -> Ledger:
    return ledger_of(plan_of([leads], targets=[{"task_id": "T001", **AIM}], **more))


def tell(ledger: Ledger, unit: str, period: str = "2026Q2", **values: Mapping[str, str]) -> None:
    rows: dict[str, Mapping[str, str]] = {"T001": {}, "T001.1": {}}
    rows |= {key.replace("_", "."): cells for key, cells in values.items()}
    fill(ledger, send(ledger, unit, list(rows), period), rows)


def facts(ledger: Ledger, period: str = "2026Q2", today: date = TODAY) -> Facts:
    return gather(ledger, NAME, parse_period(period), Settings(), today)


def only_task(ledger: Ledger, **more: Any) -> TaskFacts:
    (task,) = facts(ledger, **more).tasks
    return task


def computed(ledger: Ledger) -> str:
    found = only_task(ledger).computed
    return found.name if found else ""


def test_the_figure_of_a_task_is_that_of_its_first_lead_and_the_others_are_listed_beside_it():
    ledger = ledger_with(["县教育局", "县财政局"])
    tell(ledger, "县教育局", T001={"state": "正常推进"}, T001_1={"achieved": "50"})
    tell(ledger, "县财政局", T001={"state": "正常推进"}, T001_1={"achieved": "10"})

    task = only_task(ledger)
    assert ("正常推进", "县教育局", False) == (
        computed(ledger),
        task.computed and task.computed.unit,
        task.contradicted,
    )
    assert "目标 100所以上，完成 50所（50.0%），时间进度 50.0%，按序时" == task.reason
    found = {each.unit: (each.state, each.rate) for each in facts(ledger).targets}
    assert {"县教育局": ("正常推进", 50.0), "县财政局": ("进展滞后", 10.0)} == found


def test_but_a_first_lead_without_any_figure_leaves_it_to_the_next_one():
    ledger = ledger_with(["县教育局", "县财政局"])
    tell(ledger, "县教育局", T001={"state": "正常推进"})
    tell(ledger, "县财政局", T001_1={"achieved": "10"})

    task = only_task(ledger)
    assert ("进展滞后", "县财政局", True) == (computed(ledger), task.computed and task.computed.unit, task.contradicted)


def test_of_a_goal_that_was_promised_twice_the_newer_one_counts():
    ledger = ledger_with(["县教育局"])
    book = send(ledger, "县教育局", ["T001"], "plan")
    tell(ledger, "县教育局", T001={"state": "正常推进"}, T001_1={"achieved": "40"})
    fill(ledger, book, {"T001.1": {"二季度目标": "60"}}, date(2026, 3, 1))
    assert "进展滞后" == computed(ledger)

    fill(ledger, book, {"T001.1": {"二季度目标": "40"}}, date(2026, 5, 1))
    task = only_task(ledger)
    assert "正常推进" == computed(ledger)
    assert "本期目标 40所（应达40.0%）" in task.reason


def test_a_goal_in_words_counts_where_the_task_has_one_target():
    ledger = ledger_with(["县教育局"], goals=[{"task_id": "T001", "stage": "二季度", "text": "建成80所"}])
    tell(ledger, "县教育局", T001={"state": "正常推进"}, T001_1={"achieved": "60"})

    assert "本期目标 80所" in only_task(ledger).reason


def test_a_task_whose_unit_is_silent_is_unreported_and_late_all_the_same():
    ledger = ledger_of(plan_of([["县教育局"]]))
    send(ledger, "县教育局", ["T001"])

    task = only_task(ledger)
    assert ("未报送", 0, "没有量化指标，以单位自评为准；表格没有报送") == (
        computed(ledger),
        task.days_late,
        task.reason,
    )


def test_what_the_office_calls_done_is_not_late_but_its_computed_state_stays():
    more = [{"task_id": "T002", "part": "main", "no": 2, "title": "办事。", "deadline": "6月底前"}]
    lead = [{"task_id": "T002", "unit": "县教育局", "role": "lead", "rank": 1}]
    ledger = ledger_of(plan_of([], tasks=more, assignments=lead))
    fill(ledger, send(ledger, "县教育局", ["T002"]), {"T002": {"state": "正常推进"}})
    assert (10, "进展滞后") == (only_task(ledger).days_late, computed(ledger))

    said = Ruling(rulings.TASK, rulings.STATE, "已完成", period="2026Q2", row_id="T002")
    ledger.keep_rulings(NAME, [said])
    assert (0, "进展滞后") == (only_task(ledger).days_late, computed(ledger))


def test_what_the_office_does_not_take_for_done_is_late():
    more = [{"task_id": "T002", "part": "main", "no": 2, "title": "办事。", "deadline": "6月底前"}]
    lead = [{"task_id": "T002", "unit": "县教育局", "role": "lead", "rank": 1}]
    ledger = ledger_of(plan_of([], tasks=more, assignments=lead))
    fill(ledger, send(ledger, "县教育局", ["T002"]), {"T002": {"state": "已完成"}})
    assert 0 == only_task(ledger).days_late

    said = Ruling(rulings.TASK, rulings.STATE, "进展滞后", "2026Q2", "县教育局", "T002")
    ledger.keep_rulings(NAME, [said])
    assert (10, "已完成") == (only_task(ledger).days_late, computed(ledger))


def test_no_sentence_is_made_before_it_is_shown(monkeypatch):
    from taskkit.assess import reasons

    ledger = ledger_with(["县教育局"])
    tell(ledger, "县教育局", T001={"state": "正常推进"}, T001_1={"achieved": "50"})
    made: list[float] = []

    def figure(number: float, unit: str) -> str:
        made.append(number)
        return unit

    monkeypatch.setattr(reasons, "_figure", figure)
    gathered = facts(ledger)
    assert [] == made

    assert gathered.tasks[0].reason
    assert made


def test_a_deadline_that_only_the_unit_names_is_kept_like_a_printed_one():
    ledger = ledger_of(plan_of([["县教育局"]]))
    fill(ledger, send(ledger, "县教育局", ["T001"], "plan"), {"T001": {"完成时限": "6月底前"}}, date(2026, 3, 1))
    fill(ledger, send(ledger, "县教育局", ["T001"]), {"T001": {"state": "正常推进"}})

    task = only_task(ledger)
    assert ("6月底前", 10, "进展滞后") == (task.deadline, task.days_late, computed(ledger))


def agree(ledger: Ledger, unit: str, row_id: str, column: str, value: str) -> None:
    """The office agrees to change something of a 落实方案."""
    said = {rulings.GOAL_ROW: row_id, rulings.GOAL_COLUMN: column, rulings.GOAL_VALUE: value}
    said[rulings.PASSED] = rulings.PASS
    ledger.keep_rulings(NAME, [Ruling(rulings.REQUEST, key, text, "2026Q2", unit, "R1") for key, text in said.items()])


def test_the_time_of_a_task_runs_to_the_later_deadline_that_was_agreed_to():
    ledger = ledger_with(["县教育局"])
    book = send(ledger, "县教育局", ["T001", "T001.1"], "2026Q4", date(2027, 1, 10))
    fill(ledger, book, {"T001": {"state": "正常推进"}, "T001.1": {"achieved": "80"}})
    assert "报送期已到年底，仍未完成" in year_end(ledger).reason

    agree(ledger, "县教育局", "T001", "完成时限", "2027年3月底前")
    assert "时间进度 80.0%，按序时" in year_end(ledger).reason


def test_an_agreed_deadline_that_goes_on_is_never_late():
    ledger = ledger_of(plan_of([["县教育局"]]))
    fill(ledger, send(ledger, "县教育局", ["T001"]), {"T001": {"state": "正常推进"}})
    agree(ledger, "县教育局", "T001", "完成时限", "年内持续推进")

    late = facts(ledger, today=date(2027, 2, 1))
    assert ("年内持续推进", 0) == (late.tasks[0].deadline, late.tasks[0].days_late)


def year_end(ledger: Ledger) -> TaskFacts:
    [task] = gather(ledger, NAME, parse_period("2026Q4"), Settings(), date(2027, 1, 12)).tasks
    return task


def test_a_unit_that_typed_figures_alone_is_listed_with_its_targets():
    ledger = ledger_with(["县教育局"])
    tell(ledger, "县教育局", T001_1={"achieved": "50"})

    assert [("县教育局", 50.0)] == [(each.unit, each.rate) for each in facts(ledger).targets]


def late_task() -> Ledger:
    """A task due by June that was said to be done by then; the form of the third quarter is still out."""
    more = [{"task_id": "T002", "part": "main", "no": 2, "title": "办事。", "deadline": "6月底前"}]
    lead = [{"task_id": "T002", "unit": "县教育局", "role": "lead", "rank": 1}]
    ledger = ledger_of(plan_of([], tasks=more, assignments=lead))
    fill(ledger, send(ledger, "县教育局", ["T002"]), {"T002": {"state": "已完成", "progress": "建成。"}})
    send(ledger, "县教育局", ["T002"], "2026Q3")
    return ledger


def third_quarter(ledger: Ledger) -> int:
    return only_task(ledger, period="2026Q3", today=date(2026, 10, 8)).days_late


def test_what_was_reported_as_done_is_not_late_while_the_next_form_is_out():
    ledger = late_task()
    assert 0 == third_quarter(ledger)

    book = send(ledger, "县教育局", ["T002"], "2026Q3", edition=2)
    fill(ledger, book, {"T002": {"state": "正常推进", "progress": "还在建。"}})
    assert 100 == third_quarter(ledger)


def test_but_it_is_where_the_office_did_not_take_it_for_done():
    ledger = late_task()
    said = Ruling(rulings.TASK, rulings.STATE, "正常推进", period="2026Q2", row_id="T002")
    ledger.keep_rulings(NAME, [said])
    assert 100 == third_quarter(ledger)
