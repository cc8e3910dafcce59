"""The year's score: every point has its rule and its evidence, recomputed here by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskkit.cli import main
from taskkit.entries import Ruling
from taskkit.errors import InputError, OutputError
from taskkit.ledger import Ledger, open_ledger
from taskkit.receipts import EXCUSED, FileOutcome, Receipt
from taskkit.roster import Roster, UnitEntry
from taskkit.rulings import ASKED_ON, BACK, CLOSED, DUE_ON, EXTENSION, GOALS, PASS, PASSED, REASON, SCORE, TASK, YES
from taskkit.scoring import Scores, score
from taskkit.scoring.counting import Adjustment, lines_of
from taskkit.scoring.records import Record
from taskkit.scoring.rules import KINDS, Rule, Rules, Step, read_rules
from taskkit.scoring.taking import AdjustmentsTaken, open_scores
from taskkit.scoring.writing import write_scores
from taskkit.settings import Settings
from taskkit.stores.directives import REVOKED, Directive
from taskkit.tracking import Outcome
from tests.filled import NAME, fill, ledger_of, plan_of, send
from tests.returned_books import table

PLAN_DUE, Q1_DUE, Q2_DUE, Q4_DUE = date(2026, 3, 15), date(2026, 4, 10), date(2026, 7, 10), date(2027, 1, 10)
DUE = {"plan": PLAN_DUE, "2026Q1": Q1_DUE, "2026Q2": Q2_DUE, "2026Q4": Q4_DUE}
END = date(2027, 2, 1)
TASKS = {"县水务局": ["T001"], "县财政局": ["T002", "T003"], "县教育局": ["T004", "T005", "T006"]}
GOAL = "二季度目标"


@pytest.fixture
def ledger() -> Ledger:
    return ledger_of(plan_of([["县水务局"], ["县财政局"], ["县财政局"], ["县教育局"], ["县教育局"], ["县教育局"]]))


def year(ledger: Ledger, markdown: str) -> None:
    """A year as a table: each form, the day on which it came back (or nothing), and the tasks filled in."""
    for row in table(markdown):
        unit, period = row["unit"], row["period"]
        book = send(ledger, unit, TASKS[unit], period, DUE[period])
        key = GOAL if period == "plan" else "progress"
        filled = {task: {key: f"{period}已有进展。"} for task in row["filled"].split()}
        if row["received"]:
            fill(ledger, book, filled, date.fromisoformat(row["received"]))


YEAR = """
| unit   | period | received   | filled         |
| 县水务局 | plan   |            |                |
| 县水务局 | 2026Q1 | 2026-04-10 | T001           |
| 县水务局 | 2026Q2 |            |                |
| 县财政局 | plan   | 2026-03-15 | T002           |
| 县财政局 | 2026Q1 | 2026-04-09 |                |
| 县财政局 | 2026Q2 | 2026-07-12 | T002           |
| 县教育局 | plan   | 2026-03-10 | T004 T005      |
| 县教育局 | 2026Q1 | 2026-04-01 | T004 T005      |
| 县教育局 | 2026Q2 | 2026-07-01 | T004 T005 T006 |
"""
# By hand: 水务 no plan −10, no second quarter −10. 财政 one of two tasks without goals (50 %) −5, the first
# quarter wholly without progress −10, the second half of it −5. 教育 a third of the tasks each time: nothing.
BY_HAND = """
| unit   | no-plan | no-goals | no-report | no-progress | total | rank |
| 县水务局 | -10     | 0        | -10       | 0           | 80    | 2    |
| 县财政局 | 0       | -5       | 0         | -15         | 80    | 2    |
| 县教育局 | 0       | 0        | 0         | 0           | 100   | 1    |
"""


def board(scores: Scores, *columns: str) -> list[dict[str, str]]:
    keys = ["unit", *columns]
    rows = scores.table[keys].to_dict("records")
    return [{key: row[key] if key == "unit" else f"{row[key]:g}" for key in keys} for row in rows]


def own(folder: Path, text: str) -> Settings:
    (folder / "words").mkdir(exist_ok=True)
    (folder / "words" / "scoring.toml").write_text(text, encoding="utf-8")
    return Settings(folder)


def rule(kind: str, **more: object) -> str:
    lines = {"key": f'"{kind}"', "name": f'"{kind}项"', "kind": f'"{kind}"', **more}
    return "[[rules]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())


def evidence(scores: Scores, unit: str, key: str) -> str:
    (line,) = [each for each in next(u for u in scores.units if u.unit == unit).lines if each.rule == key]
    return line.evidence


def test_a_year_counts_as_a_person_counts_it(ledger):
    year(ledger, YEAR)
    expected = table(BY_HAND)
    assert expected == board(
        score(ledger, NAME, END), "no-plan", "no-goals", "no-report", "no-progress", "total", "rank"
    )


def test_the_columns_of_a_row_add_up_to_its_total(ledger, tmp_path):
    year(ledger, YEAR)
    settings = own(tmp_path, "floor = 95\n" + rule("report-missing", points=-10) + rule("late", points=-0.5))
    frame = score(ledger, NAME, END, settings).table
    assert [95.0, 99.0, 100.0] == frame["total"].tolist()
    assert frame["total"].tolist() == frame.drop(columns=["unit", "total", "rank"]).sum(axis=1).tolist()


def test_each_line_says_which_return_came_when_and_which_tasks_show_nothing(ledger):
    year(ledger, YEAR)
    lines = score(ledger, NAME, END).lines
    said = lines[lines["unit"] == "县财政局"][["rule", "period", "part", "points", "evidence"]].values.tolist()
    assert [
        [
            *("no-goals", "plan", "main", -5.0),
            "2项任务中1项没有目标和举措（T003）；2026年落实方案：2026年3月15日截止，2026年3月15日收到（第2号报送）",
        ],
        [
            *("no-progress", "2026Q1", "main", -10.0),
            "2项任务中2项没有进展（T002、T003）；2026年一季度工作进展：4月10日截止，4月9日收到（第3号报送）",
        ],
        [
            *("no-progress", "2026Q2", "main", -5.0),
            "2项任务中1项没有进展（T003）；2026年二季度工作进展：7月10日截止，7月12日收到（第4号报送），迟报2天",
        ],
    ] == said


def test_only_what_was_due_by_the_day_counts_and_what_came_later_had_not_come(ledger):
    year(ledger, YEAR)
    assert ["0", "0", "0"] == [row["no-report"] for row in board(score(ledger, NAME, Q2_DUE), "no-report")]
    on_the_11th = score(ledger, NAME, date(2026, 7, 11))
    assert ["-10", "-10", "0"] == [row["no-report"] for row in board(on_the_11th, "no-report")]
    assert "7月10日截止，未报，已逾期1天" in evidence(on_the_11th, "县财政局", "no-report")


def test_a_withdrawn_return_does_not_count_and_an_excused_unit_loses_nothing(ledger):
    book = send(ledger, "县水务局", ["T001"], "2026Q1", Q1_DUE)
    send(ledger, "县教育局", ["T004"], "2026Q1", Q1_DUE)
    ledger.withdraw(fill(ledger, book, {"T001": {"progress": "已开工。"}}, Q1_DUE))
    ledger.correct([Receipt(NAME, "县教育局", "2026Q1", EXCUSED, Q1_DUE, reason="机构改革")])
    scores = score(ledger, NAME, END)
    assert [("县水务局", "90"), ("县教育局", "100")] == [(r["unit"], r["total"]) for r in board(scores, "total")]
    assert "无需报送（机构改革）" in scores.units[1].records[0].evidence


def test_what_waits_to_be_typed_in_is_handed_in_but_not_judged(ledger):
    book = send(ledger, "县水务局", ["T001"], "2026Q1", Q1_DUE)
    waits = Receipt(NAME, "县水务局", "2026Q1", FileOutcome.WAITING, Q1_DUE, "纸质", book.workbook)
    ledger.correct([waits])
    (unit,) = score(ledger, NAME, END).units
    assert (Decimal(100), ()) == (unit.total, unit.lines)
    assert "4月10日收到（登记号1，已报送·待转录）" in unit.records[0].evidence


def test_a_task_that_was_done_or_closed_need_not_show_progress_again(ledger):
    first = send(ledger, "县财政局", ["T002", "T003"], "2026Q1", Q1_DUE)
    fill(ledger, first, {"T002": {"progress": "已完成。", "state": "已完成"}, "T003": {"progress": "已开工。"}}, Q1_DUE)
    ledger.keep_rulings(NAME, [Ruling(TASK, CLOSED, YES, "2026Q1", "", "T003")])
    fill(ledger, send(ledger, "县财政局", ["T002", "T003"], "2026Q2", Q2_DUE), {}, Q2_DUE)
    assert Decimal(100) == score(ledger, NAME, END).units[0].total


def test_and_a_report_that_says_nothing_shows_no_progress(ledger):
    fill(ledger, send(ledger, "县水务局", ["T001"], "2026Q1", Q1_DUE), {"T001": {"progress": "暂无。"}}, Q1_DUE)
    assert Decimal(90) == score(ledger, NAME, END).units[0].total


# --- who is scored ------------------------------------------------------------------------


def test_units_that_are_not_scored_are_left_out_and_named_with_the_reason(ledger):
    year(ledger, YEAR)
    entries = (
        UnitEntry("县教育局", scored=False),
        UnitEntry("县财政局", through="县水务局"),
        UnitEntry("县水务局"),
        UnitEntry("各镇", kind="collective"),
    )
    ledger.add_roster(NAME, Roster(entries))
    scores = score(ledger, NAME, END)
    assert ["县水务局"] == [each.unit for each in scores.units]
    assert ("县财政局",) == scores.units[0].with_it
    reasons = dict(scores.left_out)
    assert ("名册注明不计分", "由“县水务局”一并报送，随它计分") == (reasons["县教育局"], reasons["县财政局"])


def test_a_unit_that_was_renamed_in_mid_year_is_scored_once(ledger):
    send(ledger, "县水利局", ["T001"], "2026Q1", Q1_DUE)
    fill(ledger, send(ledger, "县水务局", ["T001"], "2026Q1", Q1_DUE), {"T001": {"progress": "已开工。"}}, Q1_DUE)
    send(ledger, "县水利局", ["T001"], "2026Q2", Q2_DUE)
    ledger.add_roster(NAME, Roster((UnitEntry("县水务局", aliases=("县水利局",)),)))
    (unit,) = score(ledger, NAME, END).units
    assert ("县水务局", Decimal(90)) == (unit.unit, unit.total), "the second quarter is missing, once"
    assert "发给“县水利局”" in unit.lines[0].evidence


def test_a_form_for_what_a_unit_leads_and_one_for_what_it_supports_are_one_report(ledger):
    fill(ledger, send(ledger, "县水务局", ["T001"], "2026Q1", Q1_DUE), {"T001": {"progress": "已开工。"}}, Q1_DUE)
    send(ledger, "县水务局", ["T002"], "2026Q1", Q1_DUE, role="support")
    (line,) = score(ledger, NAME, END).units[0].lines
    assert ("no-report", Decimal(-10)) == (line.rule, line.points)
    assert "2026年一季度配合任务进展：4月10日截止，未报" in line.evidence


def test_but_an_office_may_count_only_what_units_lead(ledger, tmp_path):
    send(ledger, "县水务局", ["T002"], "2026Q1", Q1_DUE, role="support")
    settings = own(tmp_path, 'roles = ["lead"]\n' + rule("report-missing", points=-10))
    assert Decimal(100) == score(ledger, NAME, END, settings).units[0].total


# --- the rules that are ready but off -----------------------------------------------------


def test_lateness_counts_by_days_up_to_its_limits(ledger, tmp_path):
    year(ledger, YEAR.replace("2026-04-09", "2026-04-20").replace("2026-07-12", "2026-07-14"))
    settings = own(tmp_path, rule("late", points=-0.5, most_each=3, most_year=4))
    scores = score(ledger, NAME, END, settings)
    lines = next(each for each in scores.units if each.unit == "县财政局").lines
    assert [("2026Q1", Decimal(-3)), ("2026Q2", Decimal(-1))] == [(each.period, each.points) for each in lines]
    assert "应计−2分，“late项”全年最多4分，计−1分" in lines[1].evidence


def test_what_was_sent_back_counts_each_time_with_its_day(ledger, tmp_path):
    book = send(ledger, "县水务局", ["T001"], "2026Q1", Q1_DUE)
    for day in (1, 2):
        refused = Receipt(NAME, "县水务局", "2026Q1", FileOutcome.REFUSED, date(2026, 4, day), workbook=book.workbook)
        ledger.register(Receipt(**{**vars(refused), "file_sha256": str(day), "reason": "空白"}), b"x")
    fill(ledger, book, {"T001": {"progress": "已开工。"}}, Q1_DUE)
    scores = score(ledger, NAME, END, own(tmp_path, rule("sent-back", points=-2)))
    assert Decimal(96) == scores.units[0].total
    assert "退回2次（4月1日交来，登记号1，空白、4月2日交来，登记号2，空白）" in evidence(
        scores, "县水务局", "sent-back"
    )


def test_what_the_office_turned_down_when_it_read_it_counts_once_each_time(ledger, tmp_path):
    fill(ledger, send(ledger, "县财政局", ["T002", "T003"], "plan", PLAN_DUE), {"T002": {GOAL: "开工"}}, PLAN_DUE)

    def said(value: str, *rows: str, about: str = "开工") -> list[Ruling]:
        return [Ruling(GOALS, PASSED, value, "plan", "县财政局", row, about) for row in rows]

    ledger.keep_rulings(NAME, said(BACK, "T002", "T003"), "审核台账.xlsx", b"1")
    ledger.keep_rulings(NAME, said(BACK, "T002", about="动工"), "审核台账二.xlsx", b"2")
    ledger.keep_rulings(NAME, said(PASS, "T002", about="建成"), "审核台账三.xlsx", b"3")
    ledger.keep_rulings(NAME, said(PASS, "T003"), "审核台账三.xlsx", b"3")
    scores = score(ledger, NAME, END, own(tmp_path, rule("sent-back", points=-1)))
    assert Decimal(98) == scores.units[0].total
    assert "审核退回T002、" in evidence(scores, "县财政局", "sent-back"), "T003 was passed after all, as it stood"


@pytest.mark.parametrize(("asked", "total", "told"), [(9, 100, True), (11, 98, False)])
def test_a_report_is_late_by_the_date_that_was_granted_if_it_was_asked_for_in_time(
    ledger, tmp_path, asked, total, told
):
    cells = {ASKED_ON: f"2026-04-{asked:02d}", REASON: "数据待核实", DUE_ON: "2026-04-20"}
    said = [Ruling(EXTENSION, key, text, "2026Q1", "县水务局", "main") for key, text in cells.items()]
    ledger.keep_rulings(NAME, said)
    book = send(ledger, "县水务局", ["T001"], "2026Q1", Q1_DUE)
    settings = own(tmp_path, rule("late", points=-1) + rule("report-missing", points=-10))
    missing = score(ledger, NAME, date(2026, 4, 15), settings).units
    assert ([] if told else [Decimal(90)]) == [each.total for each in missing], "not due yet, or overdue"
    fill(ledger, book, {"T001": {"progress": "已开工。"}}, date(2026, 4, 12))
    (unit,) = score(ledger, NAME, END, settings).units
    assert (Decimal(total), told) == (unit.total, "批准延期至4月20日" in unit.records[0].evidence)


TARGETS = [
    {
        "task_id": "T001",
        "target_id": "T001.1",
        "text": "新增学位1000个以上",
        "op": ">=",
        "value": 1000.0,
        "kind": "count",
    },
    {"task_id": "T001", "target_id": "T001.2", "text": "登记失业率5.5%以内", "op": "<=", "value": 5.5, "kind": "ratio"},
]


@pytest.mark.parametrize(
    ("period", "places", "rate", "total"),
    [
        ("2026Q4", "999", "5.5", 97),
        ("2026Q4", "999", "5.6", 94),
        ("2026Q4", "1000", "5.5", 100),
        ("2026Q4", "暂无数据", "5.5", 100),
        ("2026Q2", "1", "9", 100),
    ],
)
def test_targets_that_are_missed_at_the_year_s_end_count_each(tmp_path, period, places, rate, total):
    ledger = ledger_of(plan_of([["县水务局"]], targets=TARGETS))
    book = send(ledger, "县水务局", ["T001", "T001.1", "T001.2"], period, DUE[period])
    values = {"T001": {"progress": "建成。"}, "T001.1": {"achieved": places}, "T001.2": {"achieved": rate}}
    fill(ledger, book, values, DUE[period])
    scores = score(ledger, NAME, END, own(tmp_path, rule("target-missed", points=-3)))
    assert total == scores.units[0].total


def test_each_directive_that_is_overdue_counts_for_each_of_its_units(ledger, tmp_path):
    late = Directive("王一", date(2026, 3, 1), "抓紧办好。", ("县水务局", "县财政局"), due_on=Q1_DUE)
    other = Directive("李二", date(2026, 3, 5), "查明情况。", ("县水务局",), due_on=date(2026, 4, 1))
    in_time = Directive("李二", date(2026, 3, 5), "研究办理。", ("县水务局",), due_on=END)
    revoked = Directive("王一", date(2026, 3, 1), "另行研究。", ("县水务局",), due_on=Q1_DUE, state=REVOKED)
    ledger.keep_directives(NAME, [late, other, in_time, revoked], "批示登记.xlsx", b"x", {})
    settings = own(tmp_path, rule("directive-overdue", name='"批示逾期"', points=-3, most_year=5))
    scores = score(ledger, NAME, date(2026, 4, 20), settings)
    expected = [{"unit": "县水务局", "total": "95"}, {"unit": "县财政局", "total": "97"}]
    assert expected == board(scores, "total"), "two, at most 5 points; one"
    said = evidence(scores, "县水务局", "directive-overdue")
    assert "B001（王一3月1日批示）：4月10日前办结，未发出，已逾期10天；B002（李二3月5日批示）" in said


# --- what adds up -------------------------------------------------------------------------


def test_a_score_does_not_fall_below_the_floor_and_the_line_that_stops_it_says_so(ledger, tmp_path):
    year(ledger, YEAR)
    settings = own(tmp_path, "start = 10\nfloor = 5\n" + rule("report-missing", points=-10))
    (unit, *_) = score(ledger, NAME, END, settings).units
    assert [Decimal(-10), Decimal(5)] == [each.points for each in unit.lines]
    assert Decimal(5) == unit.total
    assert "各项合计0分，不低于5分" == unit.lines[-1].evidence


RECORD = Record("甲", "甲", "2026Q1", "main", "lead", "表", Q1_DUE, None, Outcome.MISSING, 3)
POINTS = st.decimals(-200, -1, places=2)
MOST = st.none() | st.decimals(1, 50, places=2)


@given(
    st.lists(
        st.builds(
            lambda kind, points, each, whole, number: Rule(
                f"r{number}", f"r{number}", kind, points, (Step(Decimal(50), points),), each, whole
            ),
            *(st.sampled_from(KINDS), POINTS, MOST, MOST, st.integers(0, 99)),
        ),
        max_size=6,
    ),
    st.lists(
        st.builds(
            lambda period, outcome, days, blank: Record(
                *("甲", "甲", period, "main", "lead", "表", Q1_DUE, Q1_DUE, outcome, days),
                judged=("T001", "T002"),
                blank=("T001", "T002")[:blank],
            ),
            *(st.sampled_from(["plan", "2026Q1", "2026Q2"]), st.sampled_from(Outcome)),
            *(st.integers(0, 40), st.integers(0, 2)),
        ),
        max_size=6,
    ),
    st.lists(st.builds(lambda n, p: Adjustment("甲", f"r{n}", "", "", p, "据", "人", 1), st.integers(0, 99), POINTS)),
    st.none() | st.decimals(0, 100, places=1),
    st.none() | st.decimals(100, 150, places=1),
)
def test_the_lines_always_add_up_to_a_score_within_its_bounds(rules, records, entered, floor, ceiling):
    every = Rules(tuple(rules), Decimal(100), floor, ceiling, None, None)
    total = sum((line.points for line in lines_of("甲", records, entered, every)), Decimal(100))
    assert floor is None or total >= floor
    assert ceiling is None or total <= ceiling


# --- points entered by hand ---------------------------------------------------------------


def entered(ledger: Ledger, folder: Path, *rows: dict[str, object], name: str = "计分表.xlsx") -> AdjustmentsTaken:
    """What became of a score workbook after a person filled in rows of 手工调整, below those that stand there."""
    path = folder / name
    write_scores(ledger, score(ledger, NAME, END), path)
    book = openpyxl.load_workbook(path)
    sheet = book["手工调整"]
    columns = {cell.value: cell.column for cell in sheet[3]}
    first = next(at for at in range(4, 60) if sheet.cell(at, columns["单位"]).value is None)
    for number, row in enumerate(rows, first):
        for header, value in {"依据": "会议纪要", "登记人": "督查员甲", **row}.items():
            sheet.cell(int(str(row.get("行", number))), columns.get(header, 50)).value = (
                value if header in columns else None
            )
    book.save(path)
    found = open_scores(path)
    assert found is not None
    return found.load(ledger, NAME, today=END)


BONUS = {"单位": "县教育局", "项目": "加分", "分值": 3, "依据": "经验被省里推广"}


def test_a_bonus_counts_with_its_ground_and_who_entered_it(ledger, tmp_path):
    year(ledger, YEAR)
    assert 1 == entered(ledger, tmp_path, BONUS).new
    scores = score(ledger, NAME, END)
    assert "103" == board(scores, "total")[2]["total"]
    assert "经验被省里推广（督查员甲登记，“计分表.xlsx”）" == evidence(scores, "县教育局", "bonus")


def test_loading_the_same_again_enters_nothing_twice(ledger, tmp_path):
    year(ledger, YEAR)
    entered(ledger, tmp_path, BONUS)
    found = open_scores(tmp_path / "计分表.xlsx")
    assert found is not None
    assert (0, 0, 1) == (lambda t: (t.new, t.changed, t.known))(found.load(ledger, NAME, today=END))
    assert (0, 1) == (lambda t: (t.new, t.known))(entered(ledger, tmp_path, name="再写.xlsx"))


def test_a_line_is_corrected_by_its_item_and_keeps_what_the_rule_gave(ledger, tmp_path):
    year(ledger, YEAR)
    row = {"单位": "县财政局", "项目": "报送没有进展", "报送期": "2026年一季度", "分值": 0, "依据": "补报了书面材料"}
    entered(ledger, tmp_path, row)
    scores = score(ledger, NAME, END)
    (line,) = [each for each in scores.units[1].lines if each.period == "2026Q1"]
    assert (Decimal(0), Decimal(-10), Decimal(90)) == (line.points, line.computed, scores.units[1].total)
    assert "按规则−10分，更正为0分：补报了书面材料（督查员甲登记" in line.evidence


def test_what_was_entered_can_be_changed_and_taken_back_but_stays_in_the_history(ledger, tmp_path):
    year(ledger, YEAR)
    entered(ledger, tmp_path, BONUS)
    assert 1 == entered(ledger, tmp_path, {**BONUS, "行": 4, "分值": 2}, name="二.xlsx").changed
    assert "102" == board(score(ledger, NAME, END), "total")[2]["total"]
    assert 1 == entered(ledger, tmp_path, {**BONUS, "行": 4, "分值": "撤回"}, name="三.xlsx").withdrawn
    assert "100" == board(score(ledger, NAME, END), "total")[2]["total"]
    assert 1 == entered(ledger, tmp_path, BONUS, name="四.xlsx").new
    points = [each.value for each in ledger.ruling_versions(NAME, SCORE) if each.column == "points"]
    assert ["3", "2", "", "3"] == points


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({**BONUS, "单位": "县教育"}, "score-unit"),
        ({**BONUS, "项目": "奖励"}, "score-word"),
        ({**BONUS, "项目": None}, "score-blank"),
        ({**BONUS, "分值": "三分"}, "score-number"),
        ({**BONUS, "分值": None}, "score-blank"),
        ({**BONUS, "分值": -3}, "score-points"),
        ({**BONUS, "分值": 3.333}, "score-points"),
        ({**BONUS, "分值": "撤回"}, "score-nothing"),
        ({**BONUS, "依据": None}, "score-blank"),
        ({**BONUS, "登记人": None}, "score-blank"),
        ({**BONUS, "报送期": "春季"}, "score-period"),
        ({**BONUS, "部分": "附件9"}, "score-part"),
        ({**BONUS, "编号": 7}, "score-number-unknown"),
        ({"单位": "县教育局", "项目": "未报进展", "分值": 0}, "score-no-line"),
        ({"单位": "县财政局", "项目": "报送没有进展", "分值": 0}, "score-which"),
        ({"单位": "县水务局", "项目": "未报进展", "分值": 5}, "score-points"),
    ],
)
def test_a_row_that_cannot_be_entered_is_named_and_nothing_is_kept(ledger, tmp_path, row, code):
    year(ledger, YEAR)
    good = {"单位": "县水务局", "项目": "扣分", "分值": 2}
    taken = entered(ledger, tmp_path, good, row)
    assert [code] == [each.code for each in taken.findings]
    assert "计分表.xlsx“手工调整”第5行" in taken.findings[0].source
    assert {} == ledger.rulings(NAME, SCORE)


def test_a_text_that_begins_with_a_sign_stays_a_text(ledger, tmp_path):
    year(ledger, YEAR)
    entered(ledger, tmp_path, {**BONUS, "依据": "'=1+1"})
    write_scores(ledger, score(ledger, NAME, END), tmp_path / "二.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "二.xlsx")["手工调整"]
    assert ("s", "'=1+1") == (sheet["G4"].data_type, sheet["G4"].value)


# --- the rules file -----------------------------------------------------------------------


def test_the_shipped_rules_are_the_set_of_the_field():
    rules = read_rules(Settings())
    shown = {
        each.name: (int(each.points), [(int(step.share), int(step.points)) for step in each.steps])
        for each in rules.in_use
    }
    assert {
        "未报落实方案": (-10, []),
        "落实方案没有目标和举措": (0, [(50, -5)]),
        "未报进展": (-10, []),
        "报送没有进展": (0, [(50, -5), (100, -10)]),
        "加分": (0, []),
        "扣分": (0, []),
    } == shown
    assert set(KINDS) == {each.kind for each in rules.rules}, "every kind stands ready"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("start = 'x'\n" + rule("late", points=-1), "第1行“start”写法有误：start 应为数字"),
        ("top = 1\n" + rule("late", points=-1), "第1行“top”写法有误：没有“top”这一项"),
        ("", r"没有 \[\[rules\]\]"),
        (rule("lateness", points=-1), "第4行“rules.kind”写法有误：kind 是“lateness”，应为 plan-missing、"),
        (rule("late"), "第4行“rules.kind”写法有误：“late项”（late）缺少 points"),
        (rule("late", points=1), "第5行“rules.points”写法有误：points 是扣分，应为负数"),
        (rule("late", points="nan"), "第5行“rules.points”写法有误：points 应为数字"),
        (rule("late", points=-1, share=3), "第6行“rules.share”写法有误：“late项”（late）不能有“share”"),
        (rule("late", points=-1, on='"no"'), "第6行“rules.on”写法有误：on 应为 true 或 false"),
        (rule("late", points=-1, most_each=-5), "第6行“rules.most_each”写法有误：most_each 应为正数"),
        (rule("late", points=-1) + rule("late", points=-1), "第7行“rules.key”写法有误：key“late”出现了两次"),
        (rule("no-progress", steps="[{ share = 0, points = -5 }]"), "第5行“rules.steps”写法有误：share 是百分比"),
        (rule("no-progress", steps="[{ share = 50 }]"), "第5行“rules.steps”写法有误：steps 的每一档"),
        (rule("no-progress", steps="[{ share = 50, points = -5 }, { share = 100, points = -5 }]"), "从低到高"),
        (rule("late", points=-1, name='""'), "第3行“rules.name”写法有误：第1条规则没有 name"),
        ('roles = ["all lead"]\n' + rule("late", points=-1), "第1行“roles”写法有误：roles 里的“all lead”不认识"),
        ("floor = 120\n" + rule("late", points=-1), "第1行“floor”写法有误：floor 高于 start"),
        ("start = \n", "写法有误"),
    ],
)
def test_a_mistake_in_the_rules_is_refused_with_line_and_key(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read_rules(own(tmp_path, text))


# --- workbook and command line ------------------------------------------------------------


def test_the_workbook_shows_the_same_points_and_evidence_and_is_the_same_each_time(ledger, tmp_path):
    year(ledger, YEAR)
    scores = score(ledger, NAME, END)
    assert write_scores(ledger, scores, tmp_path / "计分表.xlsx")
    assert not write_scores(ledger, scores, tmp_path / "计分表.xlsx")
    book = openpyxl.load_workbook(tmp_path / "计分表.xlsx")
    assert ["得分", "明细与依据", "报送记录", "手工调整", "图表"] == book.sheetnames
    rows = [[cell.value for cell in row] for row in book["得分"].iter_rows(min_row=4, max_row=6)]
    assert [("县水务局", 80, 2), ("县财政局", 80, 2), ("县教育局", 100, 1)] == [(r[1], r[-3], r[-2]) for r in rows]
    shown = [row[6].value for row in book["明细与依据"].iter_rows(min_row=4, max_row=8)]
    assert scores.lines["evidence"].tolist() == shown
    (tmp_path / "计分表.xlsx").write_bytes(b"a person's work")
    with pytest.raises(OutputError, match="没有覆盖"):
        write_scores(ledger, scores, tmp_path / "计分表.xlsx")


def test_on_the_command_line_scores_are_shown_entered_and_loaded(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open_ledger("sqlite:///taskkit.db") as ledger:
        ledger.add_plan(plan_of([["县水务局"]]), NAME)
        send(ledger, "县水务局", ["T001"], "2026Q1", Q1_DUE)

    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out + told.err

    status, said = run("score", NAME, "--on", "2026-04-30", "--unit", "县水务局", "--xlsx", "计分表.xlsx")
    assert 0 == status
    assert "未报进展−10" in said
    assert "4月10日截止，未报，已逾期20天" in said
    assert (0, "没有要登记的改动") == ((s := run("load", "计分表.xlsx"))[0], s[1][:8])
    assert (2, True) == ((s := run("score", NAME, "--on", "4月"))[0], "--on 写的日期“4月”看不懂" in s[1])
    assert (2, True) == ((s := run("load", "计分表.xlsx", "--as", "别的"))[0], "请去掉 --as" in s[1])
