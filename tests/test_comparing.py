"""Comparisons, recounted here by hand: promise and result, this period and the last, unit and unit."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskkit.assess import Standing, Verdict
from taskkit.cli import main
from taskkit.comparing import Comparison, PartComparison, compare
from taskkit.comparing.changes import Change, how
from taskkit.comparing.portions import Portion
from taskkit.comparing.writing import write_comparison
from taskkit.entries import Ruling
from taskkit.errors import OutputError, UsageError
from taskkit.ledger import Ledger, SentCell, Workbook, open_ledger
from taskkit.periods import parse_period
from taskkit.receipts import FileOutcome, Receipt
from taskkit.roster import Roster, UnitEntry
from taskkit.rulings import CLOSED, STATE, TASK, WORDING, YES
from tests.filled import NAME, fill, ledger_of, plan_of, send
from tests.returned_books import table

DUE = {"plan": date(2026, 3, 15), "2026Q1": date(2026, 4, 10), "2026Q2": date(2026, 7, 10)}
TODAY = date(2026, 7, 20)
LEADS = [["县水务局", "县财政局"], ["县教育局"], ["县财政局"], ["县教育局"], ["县教育局"]]
FIRST = """
| unit   | task | state  |
| 县水务局 | T001 | 正常推进 |
| 县财政局 | T001 | 正常推进 |
| 县教育局 | T002 | 正常推进 |
| 县财政局 | T003 | 进展滞后 |
| 县教育局 | T004 | 未启动  |
| 县教育局 | T005 |        |
"""
SECOND = """
| unit   | task | state  |
| 县水务局 | T001 | 已完成  |
| 县财政局 | T001 | 正常推进 |
| 县教育局 | T002 | 进展滞后 |
| 县财政局 | T003 | 正常推进 |
| 县教育局 | T004 | 进展滞后 |
| 县教育局 | T005 | 正常推进 |
"""


@pytest.fixture
def ledger() -> Ledger:
    return ledger_of(plan_of(LEADS))


def reported(ledger: Ledger, period: str, markdown: str, day: date | None = None) -> None:
    """Every unit's report of a period, as a table of states; a blank one says nothing of its task."""
    rows = table(markdown)
    for unit in dict.fromkeys(row["unit"] for row in rows):
        own = [row for row in rows if row["unit"] == unit]
        book = send(ledger, unit, [row["task"] for row in own], period, DUE[period])
        values = {row["task"]: {"progress": "有进展。", "state": row["state"]} for row in own if row["state"]}
        fill(ledger, book, values, day or DUE[period])


def halves(ledger: Ledger, period: str | None = None) -> Comparison:
    reported(ledger, "2026Q1", FIRST)
    reported(ledger, "2026Q2", SECOND)
    return compare(ledger, NAME, period, today=TODAY)


def shown(part: PartComparison, frame: str, *columns: str) -> list[dict[str, str]]:
    rows = getattr(part, frame)[list(columns)].to_dict("records")
    return [{key: str(value) for key, value in row.items()} for row in rows]


def test_a_task_that_was_closed_before_counts_for_its_lead_unit_though_nobody_is_asked_for_it_any_more(ledger):
    reported(ledger, "2026Q1", FIRST)
    ledger.keep_rulings(NAME, [Ruling(TASK, CLOSED, YES, "2026Q1", row_id="T002")])
    reported(ledger, "2026Q2", "\n".join(line for line in SECOND.splitlines() if "T002" not in line))
    part = compare(ledger, NAME, today=TODAY).part("main")
    [school] = [each for each in part.units if each.unit == "县教育局"]
    assert ("2/3项，占66.7%", "1/3项，占33.3%") == (school.on_schedule.text, school.done.text)
    assert "各单位合计6项次，任务实为5项" in part.each_counted


# --- this period and the last -------------------------------------------------------------


def test_states_are_counted_for_both_periods_each_share_with_its_denominator(ledger):
    expected = """
    | name   | before_text  | now_text     | difference |
    | 已完成  | 0/5项，占0%   | 1/5项，占20%  | 1          |
    | 正常推进 | 2/5项，占40%  | 2/5项，占40%  | 0          |
    | 进展滞后 | 1/5项，占20%  | 2/5项，占40%  | 1          |
    | 未启动  | 1/5项，占20%  | 0/5项，占0%   | -1         |
    | 未更新  | 1/5项，占20%  | 0/5项，占0%   | -1         |
    """
    part = halves(ledger).part("main")
    assert table(expected) == shown(part, "count_frame", "name", "before_text", "now_text", "difference")
    assert ("3/5项，占60%", "1/5项，占20%") == (part.on_schedule.text, part.done.text)


def test_each_task_says_how_it_moved(ledger):
    expected = """
    | task_id | unit   | before | now    | change  |
    | T001    | 县水务局 | 正常推进 | 已完成  | 新完成   |
    | T002    | 县教育局 | 正常推进 | 进展滞后 | 转差    |
    | T003    | 县财政局 | 进展滞后 | 正常推进 | 转好    |
    | T004    | 县教育局 | 未启动  | 进展滞后 | 有变化   |
    | T005    | 县教育局 | 未更新  | 正常推进 | 无法比较 |
    """
    part = halves(ledger).part("main")
    assert table(expected) == shown(part, "change_frame", "task_id", "unit", "before", "now", "change")


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (Standing.DONE, Standing.DONE, Change.SAME),
        (Standing.DONE, Standing.NORMAL, Change.WORSE),
        (Standing.NORMAL, Standing.IDLE, Change.WORSE),
        (Standing.IDLE, Standing.NORMAL, Change.BETTER),
        (Standing.SLOW, Standing.IDLE, Change.OTHER),
        (Standing.UNREPORTED, Standing.DONE, Change.DONE),
        (Standing.UNREPORTED, Standing.UNREPORTED, Change.UNKNOWN),
        (Standing.NORMAL, Standing.UNREPORTED, Change.UNKNOWN),
    ],
)
def test_a_move_is_called_by_its_name(before, now, change):
    assert change is how(Verdict(before, ""), Verdict(now, ""))


def test_two_names_of_one_standing_are_a_change_that_nobody_ranks():
    assert Change.OTHER is how(Verdict(Standing.SLOW, "黄灯"), Verdict(Standing.SLOW, "红灯"))


def test_the_first_period_has_none_to_be_compared_with(ledger):
    part = halves(ledger, "2026Q1").part("main")
    assert (None, {None}, {Change.NEW}) == (
        part.previous,
        {each.before for each in part.counts},
        {each.change for each in part.changes},
    )


def test_a_period_that_ends_in_the_same_month_is_not_the_one_before(ledger):
    send(ledger, "县教育局", ["T002"], "2026H1", date(2026, 7, 10))

    quarter, half = halves(ledger, "2026Q2").part("main"), compare(ledger, NAME, "2026H1", today=TODAY).part("main")
    assert parse_period("2026Q1") == quarter.previous
    assert (parse_period("2026H1"), parse_period("2026Q1")) == (half.period, half.previous)


def test_what_the_office_says_of_a_task_counts_before_the_unit_s_word(ledger):
    reported(ledger, "2026Q1", FIRST)
    reported(ledger, "2026Q2", SECOND)
    said = {STATE: "进展滞后", WORDING: "尚未验收。"}
    ledger.keep_rulings(NAME, [Ruling(TASK, key, text, "2026Q2", "", "T001") for key, text in said.items()])
    part = compare(ledger, NAME, today=TODAY).part("main")
    assert ("正常推进", "进展滞后", "转差") == (lambda c: (c.before, c.now, c.change))(part.changes[0])
    promise = part.promises[0]
    assert ("进展滞后", "已完成", "尚未验收。") == (promise.state, promise.own, promise.achieved)
    assert [{"进展滞后": 1}, {"正常推进": 2}] == [dict(each.states) for each in part.units[:2]], (
        "it is on 县水务局's word"
    )


# --- unit and unit ------------------------------------------------------------------------

BY_UNIT = """
| unit | tasks | 已完成 | 正常推进 | 进展滞后 | on_schedule_text | done_text | on_time_text | late | missing | rank |
| 县水务局 | 1 | 1 | 0 | 0 | 1/1项，占100% | 1/1项，占100% | 2/2次，占100% | 0 | 0 | 1 |
| 县财政局 | 2 | 0 | 2 | 0 | 2/2项，占100% | 0/2项，占0% | 2/2次，占100% | 0 | 0 | 2 |
| 县教育局 | 3 | 0 | 1 | 2 | 1/3项，占33.3% | 0/3项，占0% | 2/2次，占100% | 0 | 0 | 3 |
"""


def test_units_are_compared_by_their_own_words_and_ranked(ledger):
    expected = table(BY_UNIT)
    part = halves(ledger).part("main")
    assert expected == shown(part, "unit_frame", *expected[0])
    assert 77.8 == part.average, "100, 100 and 33.3 by three"


def test_a_task_of_several_leads_counts_for_each_and_that_is_said(ledger):
    part = halves(ledger).part("main")
    assert "一个任务多家牵头的分别计入：各单位合计6项次，任务实为5项。" == part.each_counted


def test_but_nothing_is_said_where_the_sums_are_equal():
    ledger = ledger_of(plan_of([["县水务局"]]))
    send(ledger, "县水务局", ["T001"], "2026Q1", DUE["2026Q1"])
    assert "" == compare(ledger, NAME, today=TODAY).part("main").each_counted


def test_units_stand_in_the_order_of_the_list_whatever_their_rank(ledger):
    ledger.add_roster(NAME, Roster((UnitEntry("县教育局"), UnitEntry("县财政局"), UnitEntry("县水务局"))))
    part = halves(ledger).part("main")
    assert [("县教育局", 3), ("县财政局", 2), ("县水务局", 1)] == [(each.unit, each.rank) for each in part.units]


def test_late_missing_and_returned_reports_are_counted_over_the_year_to_date(ledger):
    send(ledger, "县水务局", ["T001"], "plan", DUE["plan"])
    reported(ledger, "2026Q1", FIRST, date(2026, 4, 12))
    reported(ledger, "2026Q2", SECOND)
    back = Receipt(NAME, "县水务局", "2026Q2", FileOutcome.REFUSED, date(2026, 7, 1), file_sha256="1")
    ledger.register(back, b"x")
    (water, *_) = compare(ledger, NAME, today=TODAY).part("main").units
    assert ("1/3次，占33.3%", 1, 1, 1) == (water.on_time.text, water.late, water.missing, water.sent_back)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(["已完成", "正常推进", "进展滞后", "未启动", ""]), min_size=5, max_size=5))
def test_states_always_add_up_to_the_tasks(states):
    ledger = ledger_of(plan_of(LEADS))
    rows = [
        f"| {units[0]} | T{n:03d} | {state} |" for n, (units, state) in enumerate(zip(LEADS, states, strict=True), 1)
    ]
    reported(ledger, "2026Q1", "\n".join(["| unit | task | state |", *rows]))
    part = compare(ledger, NAME, today=TODAY).part("main")
    assert part.tasks == sum(each.now.number for each in part.counts)
    assert {part.tasks} == {each.now.whole for each in part.counts}
    assert all(each.tasks == sum(each.states.values()) for each in part.units)


@pytest.mark.parametrize(
    ("number", "whole", "text"),
    [(157, 180, "157/180项，占87.2%"), (2999, 3000, "2999/3000项，占99.9%"), (0, 0, "—"), (0, 7, "0/7项，占0%")],
)
def test_a_share_says_its_denominator_and_there_is_none_of_nothing(number, whole, text):
    assert text == Portion(number, whole).text


# --- promise and result -------------------------------------------------------------------


def target(number: int, indicator: str, op: str, value: float, unit: str, kind: str, **more: object):
    ids = {"task_id": "T001", "target_id": f"T001.{number}"}
    return {
        **ids,
        "text": indicator,
        "indicator": indicator,
        "op": op,
        "value": value,
        "unit": unit,
        "kind": kind,
        **more,
    }


TARGETS = [
    target(1, "新增学位", ">=", 1000.0, "个", "count"),
    target(2, "登记失业率", "<=", 5.5, "%", "ratio"),
    target(3, "生产总值增长", ">=", 6.0, "%", "growth"),
    target(4, "供水水质合格率", ">=", 99.0, "%", "ratio"),
    target(5, "单位能耗", "=", 80.0, "吨", "level", baseline=90.0),
    target(6, "增加值增长", "~", 7.0, "%", "growth"),
]
PROMISED = """
| target_id | requirement   | promised | achieved | rate | stage_rate | gap_text | met   |
| T001.1    | 不低于1000个   | 500      | 480      | 48.0 | 96.0       | 差520个   | False |
| T001.2    | 不超过5.5%     |          | 5.4      | nan  | nan        | 已达到    | True  |
| T001.3    | 不低于6%       |          | 5.8      | nan  | nan        | 差0.2个百分点 | False |
| T001.4    | 不低于99%      |          | 正在统计  | nan  | nan        |          | None  |
| T001.5    | 达到80吨      |          | 84       | 60.0 | nan        | 差4吨     | False |
| T001.6    | 7%左右       |          |          | nan  | nan        |          | None  |
"""


def test_each_target_stands_beside_what_was_promised_for_the_stage_and_what_lacks():
    ledger = ledger_of(plan_of([["县水务局", "县财政局"]], targets=TARGETS))
    ids = ["T001", *(each["target_id"] for each in TARGETS)]
    promise = send(ledger, "县水务局", ids, "plan", DUE["plan"])
    fill(ledger, promise, {"T001.1": {"二季度目标": "500", "一季度目标": "200"}}, DUE["plan"])
    other = send(ledger, "县财政局", ids, "2026Q2", DUE["2026Q2"])
    fill(ledger, other, {"T001.1": {"achieved": "9"}, "T001.4": {"achieved": ""}}, DUE["2026Q2"])
    figures = {row["target_id"]: {"achieved": row["achieved"]} for row in table(PROMISED)}
    fill(ledger, send(ledger, "县水务局", ids, "2026Q2", DUE["2026Q2"]), figures, DUE["2026Q2"])
    part = compare(ledger, NAME, today=TODAY).part("main")
    assert table(PROMISED) == shown(part, "promise_frame", *table(PROMISED)[0])
    assert {"县水务局"} == {each.unit for each in part.promises}, "the figure is that of the first lead unit"


def test_a_task_without_targets_stands_with_its_words(ledger):
    reported(ledger, "2026Q2", SECOND)
    first = compare(ledger, NAME, today=TODAY).part("main").promises[0]
    assert (None, None, None, "县水务局：有进展。\n县财政局：有进展。") == (
        first.target_id,
        first.rate,
        first.met,
        first.achieved,
    )


def test_a_figure_s_difference_is_shown_where_both_are_numbers():
    ledger = ledger_of(plan_of([["县水务局"]], targets=TARGETS[:2]))
    for period, places, rate in (("2026Q1", "200", "5.7"), ("2026Q2", "480", "正在统计")):
        book = send(ledger, "县水务局", ["T001", "T001.1", "T001.2"], period, DUE[period])
        fill(ledger, book, {"T001.1": {"achieved": places}, "T001.2": {"achieved": rate}}, DUE[period])
    figures = compare(ledger, NAME, today=TODAY).part("main").figures
    assert [("200", "480", 280.0), ("5.7", "正在统计", None)] == [(e.before, e.now, e.difference) for e in figures]


# --- parts, workbook, command line --------------------------------------------------------


@pytest.fixture
def two_parts() -> Ledger:
    """The main part by quarters, 民生实事 by months."""
    plan = plan_of(
        LEADS,
        tasks=[{"task_id": "A001", "part": "annex", "no": 1, "title": "加装电梯20部"}],
        assignments=[{"task_id": "A001", "unit": "县教育局", "role": "lead", "rank": 1}],
        targets=[target(1, "加装电梯", ">=", 20.0, "部", "count") | {"task_id": "A001", "target_id": "A001.1"}],
    )
    ledger = ledger_of(plan)
    reported(ledger, "2026Q1", FIRST)
    reported(ledger, "2026Q2", SECOND)
    for month, total in ((5, "8"), (6, "9"), (7, "10")):
        cells = (SentCell("民生实事", "A001.1", "本月累计", "", True),)
        due = date(2026, month + 1, 5)
        book = Workbook(f"WA{month}", NAME, "县教育局", "lead", "annex", f"2026-0{month}", 1, "c", due, cells)
        ledger.record_workbooks([book], {})
        fill(ledger, book, {"A001.1": {"month_total": total}}, due)
    return ledger


def test_parts_are_never_added_up_and_each_stands_at_its_own_period(two_parts):
    compared = compare(two_parts, NAME, "2026Q2", today=TODAY)
    assert [("main", "2026Q2", "2026Q1", 5), ("annex", "2026-06", "2026-05", 1)] == [
        (each.part, each.period.text, str(each.previous), each.tasks) for each in compared.parts
    ]
    assert "2/2次，占100%" == compared.part("annex").units[0].on_time.text
    assert "2026-07" == compare(two_parts, NAME, today=TODAY).part("annex").period.text


def test_the_workbook_has_a_block_for_each_part_and_explains_its_sums(two_parts, tmp_path):
    path = tmp_path / "对比表.xlsx"
    compared = compare(two_parts, NAME, "2026Q2", today=TODAY)
    assert write_comparison(compared, path)
    assert not write_comparison(compared, path)
    book = openpyxl.load_workbook(path)
    names = ["单位对比", "本期与上期", "状态变化", "目标与完成"]
    annex = ["单位对比", "本期与上期", "状态变化", "指标变化", "目标与完成"]
    assert [*names, *(f"{name}（民生实事）" for name in annex), "图表"] == book.sheetnames
    rows = list(book["单位对比"].iter_rows(min_row=4, values_only=True))
    assert ("合计（各单位相加）", 6, "4/6项次，占66.7%") == (rows[3][1], rows[3][2], rows[3][8])
    assert "注：一个任务多家牵头的分别计入：各单位合计6项次，任务实为5项。" in str(rows[4][0])
    assert ["2026年一季度", "2026年二季度", "增减"] == [cell.value for cell in book["本期与上期"]["A"][3:6]]
    path.write_bytes(b"a person's work")
    with pytest.raises(OutputError, match="没有覆盖"):
        write_comparison(compared, path)


@pytest.mark.parametrize(
    ("period", "said"),
    [("plan", "落实方案没有进展可以对比"), ("2026Q4", "还没有发出过表格"), (None, "还没有发出过进展表格")],
)
def test_what_cannot_be_compared_is_refused(ledger, period, said):
    send(ledger, "县水务局", ["T001"], "plan", DUE["plan"])
    with pytest.raises(UsageError, match=said):
        compare(ledger, NAME, period, today=TODAY)


def test_on_the_command_line_the_comparison_is_shown_and_written(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open_ledger("sqlite:///taskkit.db") as ledger:
        ledger.add_plan(plan_of(LEADS), NAME)
        reported(ledger, "2026Q1", FIRST)
        reported(ledger, "2026Q2", SECOND)
    with pytest.raises(SystemExit) as ended:
        main(["compare", NAME, "--period", "二季度", "--xlsx", "对比表.xlsx"])
    said = capsys.readouterr().out
    assert 0 == (ended.value.code or 0)
    assert "任务实为5项" in said
    assert "2/5项，占40%" in said
    assert (tmp_path / "对比表.xlsx").is_file()
