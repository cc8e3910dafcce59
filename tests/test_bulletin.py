"""The comparing bulletin: sentences and tables from one comparison, and the numbers recounted in the written file."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest

from taskkit.cli import main
from taskkit.comparing import compare
from taskkit.entries import Ruling
from taskkit.errors import UsageError
from taskkit.ledger import Ledger, SentCell, Workbook, open_ledger
from taskkit.periods import parse_period
from taskkit.reading import read_plan
from taskkit.receipts import FileOutcome, Receipt
from taskkit.reports import find_kind, report
from taskkit.reports.bulletin import Bulletin, build, issue_number
from taskkit.reports.bulletin_scenes import scenes
from taskkit.roster import Roster, UnitEntry
from taskkit.rulings import ADVICE, CLOSED, PERIOD, SUMMARY, TASK, YES
from taskkit.settings import Settings
from taskkit.word import Annex, Band
from tests.filled import NAME, fill, ledger_of, plan_of, send
from tests.plans import plans_folder
from tests.returned_books import table

DUE = {"plan": date(2026, 3, 15), "2026Q1": date(2026, 4, 10), "2026Q2": date(2026, 7, 10)}
TODAY = date(2026, 7, 20)
LEADS = [["县水务局"], ["县教育局"], ["县财政局"], ["县教育局"], ["县民政局"]]
FIRST = """
| unit   | task | state  |
| 县水务局 | T001 | 正常推进 |
| 县教育局 | T002 | 正常推进 |
| 县财政局 | T003 | 进展滞后 |
| 县教育局 | T004 | 正常推进 |
| 县民政局 | T005 | 正常推进 |
"""
SECOND = """
| unit   | task | state  |
| 县水务局 | T001 | 已完成  |
| 县教育局 | T002 | 进展滞后 |
| 县财政局 | T003 | 正常推进 |
| 县教育局 | T004 | 正常推进 |
| 县民政局 | T005 |        |
"""
NASTY = "“A&B”<b>{{ title }} {% if x %}"


def reported(ledger: Ledger, period: str, markdown: str) -> None:
    """Every unit's report of a period as a table of states; a unit with a blank one has not reported."""
    rows = table(markdown)
    for unit in dict.fromkeys(row["unit"] for row in rows):
        own = [row for row in rows if row["unit"] == unit]
        book = send(ledger, unit, [row["task"] for row in own], period, DUE[period])
        values = {row["task"]: {"progress": "有进展。", "state": row["state"]} for row in own if row["state"]}
        if values:
            fill(ledger, book, values, DUE[period])


@pytest.fixture
def ledger() -> Ledger:
    """Five tasks of four units in two quarters; one unit is silent in the second."""
    made = ledger_of(plan_of(LEADS))
    reported(made, "2026Q1", FIRST)
    reported(made, "2026Q2", SECOND)
    return made


def told(ledger: Ledger, period: str = "2026Q2", templates: Path | None = None, **more: object) -> Bulletin:
    return build(ledger, NAME, period, Settings(templates), TODAY, **more)  # type: ignore[arg-type]


def units_table(bulletin: Bulletin, at: int = 0) -> list[tuple[str | None, ...]]:
    return [row for row in bulletin.units.tables[at].rows if not isinstance(row, Band)]


def annex(bulletin: Bulletin, title: str) -> Annex:
    return next(each for each in bulletin.annexes if each.title.startswith(title))


def everything(bulletin: Bulletin) -> str:
    """All texts and cells."""
    return repr(bulletin) + repr([(each.rows, each.note) for each in bulletin.annexes])


def words(folder: Path, text: str) -> Path:
    """An office's own folder of templates with its own words for the bulletin."""
    (folder / "words").mkdir()
    (folder / "words" / "bulletin.toml").write_text(text, encoding="utf-8")
    return folder


# --- masthead -------------------------------------------------------------------------------


def test_the_masthead_has_name_and_issue_and_the_text_its_title_addressee_and_ground(ledger):
    made = told(ledger, number="3")
    assert ("督查通报", "第3期", "各有关单位：") == (made.masthead, made.issue, made.addressee)
    assert "关于2026年二季度重点任务进展情况的通报" == made.title
    assert "根据《2026年县〈政府工作报告〉重点任务分工方案》要求，现将2026年二季度（1—6月）重点任务" in made.intro
    assert "2026年二季度重点任务进展情况通报（第3期）.docx" == made.file_name


def test_without_a_number_no_issue_is_guessed(ledger):
    made = told(ledger)
    assert ("", "2026年二季度重点任务进展情况通报.docx") == (made.issue, made.file_name)


@pytest.mark.parametrize(("text", "number"), [("3", 3), ("第12期", 12), ("０７", 7), ("", None)])
def test_an_issue_is_numbered_in_the_ways_people_write_it(text, number):
    assert number == issue_number(text)


@pytest.mark.parametrize("text", ["0", "-1", "三", "1.5", "云府〔2026〕3号", "第期"])
def test_but_what_is_no_positive_integer_is_refused_and_nothing_is_written(ledger, tmp_path, text):
    with pytest.raises(UsageError, match="不是正整数"):
        report(ledger, NAME, "bulletin", "2026Q2", tmp_path / "通报.docx", number=text, today=TODAY)
    assert [] == list(tmp_path.iterdir())


def test_the_issue_is_not_printed_as_a_document_number_under_the_red_head(ledger, tmp_path):
    own = words(tmp_path, "")
    (own / "words" / "office.toml").write_text('head = "云溪县人民政府文件"', encoding="utf-8")
    path = report(ledger, NAME, "通报", "2026Q2", tmp_path / "o", number="3", settings=Settings(own), today=TODAY)
    lines = [each.text for each in docx.Document(str(path)).paragraphs]
    assert ("第3期", False) == (lines[lines.index("督查通报") + 1], "云溪县人民政府文件" in lines)
    assert "3" not in lines


def test_an_office_without_a_masthead_signs_at_the_end(ledger, tmp_path):
    own = words(tmp_path, 'masthead = ""')
    path = report(ledger, NAME, "bulletin", "2026Q2", tmp_path / "o", settings=Settings(own), today=TODAY)
    lines = [each.text for each in docx.Document(str(path)).paragraphs]
    at = lines.index("2026年7月20日")
    assert ("云溪县人民政府", "关于2026年二季度重点任务进展情况的通报") == (lines[at - 1], lines[2])


# --- 一、总体情况 -----------------------------------------------------------------------------


def test_counts_stand_with_their_shares_and_with_what_changed_since_the_last_period(ledger):
    (text,) = told(ledger).overall.texts
    assert (
        "截至2026年6月底，5项重点任务中，已完成1项，占20%，比一季度末增加1项；"
        "达到序时进度（含已完成）3项，占60%，比一季度末减少1项；进展滞后1项，占20%，与一季度末持平；"
        "未报送1项，占20%，比一季度末增加1项。各牵头单位序时率平均为62.5%。"
    ) == text


def test_the_first_period_says_once_that_there_is_none_before_and_has_no_columns_for_it(ledger):
    made = told(ledger, "2026Q1")
    assert 1 == everything(made).count("没有上期可比")
    assert () == made.changes.texts
    assert "四、报送情况" == made.returns.heading, "sections that say nothing have no number"
    assert {"rank_before", "moved"}.isdisjoint(made.units.tables[0].columns)


def test_what_the_office_says_of_the_period_stands_first_and_its_advice_in_the_place_of_the_usual_demands(ledger):
    said = [Ruling(PERIOD, SUMMARY, "总体平稳。", "2026Q2"), Ruling(PERIOD, ADVICE, "请抓紧。\n请补报。", "2026Q2")]
    ledger.keep_rulings(NAME, said)
    made = told(ledger)
    assert ("总体平稳。", ("请抓紧。", "请补报。")) == (made.overall.texts[0], made.demands.texts)


# --- 二、单位对比 -----------------------------------------------------------------------------


def test_units_are_ranked_by_the_rule_under_the_table_with_last_periods_rank_and_the_change(ledger):
    assert [
        ("县水务局", "1", "1", "1", "0", "100%", "1", "1", "持平"),
        ("县财政局", "1", "0", "1", "0", "100%", "2", "4", "↑2"),
        ("县教育局", "2", "0", "1", "1", "50%", "3", "1", "↓2"),
        ("县民政局", "1", "0", "0", "0", "0%", "4", "1", "↓3"),
    ] == units_table(told(ledger))
    assert "排名按序时率从高到低；序时率相同的，按已完成占比；再相同的名次并列" in told(ledger).units.tables[0].note


def test_the_text_names_both_ends_of_the_ranking_and_who_did_not_report(ledger):
    first, second = told(ledger).units.texts
    assert "排名靠前的：县水务局（第1名，序时率100%）；县财政局（第2名，序时率100%）。" in first
    assert "排名靠后的：县教育局（第3名，序时率50%）；县民政局（第4名，序时率0%）。" in first
    assert "本期未报送的1个：县民政局，其牵头任务按没有达到序时统计。" == second


def test_units_of_equal_merit_share_a_rank_and_are_named_together(ledger):
    made = told(ledger, "2026Q1")
    assert ["1", "1", "1", "4"] == [row[6] for row in units_table(made)]
    assert "县水务局、县教育局、县民政局（并列第1名，序时率100%）" in made.units.texts[0]


def test_where_all_are_equal_nobody_is_named_first_or_last():
    ledger = ledger_of(plan_of([["县水务局"], ["县教育局"]]))
    reported(
        ledger,
        "2026Q2",
        "\n".join(SECOND.splitlines()[:3]).replace("已完成", "正常推进") + "\n| 县教育局 | T002 | 正常推进 |",
    )
    text = told(ledger).units.texts[0]
    assert "各单位序时率和已完成占比都相同，不分先后。" in text
    assert "排名靠" not in text


def test_a_single_unit_is_not_ranked():
    ledger = ledger_of(plan_of([["县水务局"]]))
    reported(ledger, "2026Q2", "\n".join(SECOND.splitlines()[:3]))
    made = told(ledger)
    assert "不足2个，不排名。" in made.units.texts[0]
    assert ["—"] == [row[6] for row in units_table(made)]


def test_a_rank_that_many_share_is_counted_not_named():
    units = [f"第{number}局" for number in range(1, 10)]
    ledger = ledger_of(plan_of([[unit] for unit in units]))
    rows = "\n".join(
        f"| {unit} | T00{at} | {'进展滞后' if at == 9 else '正常推进'} |" for at, unit in enumerate(units, 1)
    )
    reported(ledger, "2026Q2", f"| unit | task | state |\n{rows}")
    text = told(ledger).units.texts[0]
    assert "排名靠前的：8个单位（并列第1名，序时率100%，名单见表）。排名靠后的：第9局（第9名，序时率0%）。" in text


def test_a_unit_that_is_not_scored_is_listed_last_without_a_rank_and_takes_none_from_others(ledger):
    ledger.add_roster(
        NAME,
        Roster(
            (UnitEntry("县教育局"), UnitEntry("县财政局"), UnitEntry("县民政局"), UnitEntry("县水务局", scored=False))
        ),
    )
    made = told(ledger)
    assert [("县财政局", "1", "3", "↑2"), ("县水务局", "—", "—", "—")] == [
        (row[0], *row[6:]) for row in units_table(made) if row[0] in ("县财政局", "县水务局")
    ]
    assert "县水务局" == units_table(made)[-1][0]
    assert "不参加排名、只列数据的1个：县水务局。" in made.units.texts[1]


def test_a_unit_with_nothing_left_but_closed_tasks_is_ranked_and_named(ledger):
    ledger.keep_rulings(NAME, [Ruling(TASK, CLOSED, YES, "2026Q1", row_id="T001")])
    other = ledger_of(plan_of(LEADS))
    reported(other, "2026Q1", FIRST)
    other.keep_rulings(NAME, [Ruling(TASK, CLOSED, YES, "2026Q1", row_id="T001")])
    reported(other, "2026Q2", "\n".join(line for line in SECOND.splitlines() if "T001" not in line))
    made = told(other)
    assert ("县水务局", "1", "1", "1", "0", "100%", "1") == units_table(made)[0][:7]
    assert "牵头任务已全部销号的1个：县水务局，仍参加排名。" in made.units.texts[1]


def test_a_unit_whose_date_has_not_passed_is_not_blamed(ledger):
    made = build(ledger, NAME, "2026Q2", Settings(), date(2026, 7, 9))
    assert "报送期限未到、尚未报送的1个：县民政局" in made.units.texts[1]
    assert "报送期限未到、尚未报送1个，占25%：县民政局。" in made.returns.texts[0]
    assert "补报" not in repr(made.demands)


def test_a_task_led_by_several_units_counts_for_each_and_the_table_says_so():
    ledger = ledger_of(plan_of([["县水务局", "县教育局"]]))
    reported(
        ledger, "2026Q2", "| unit | task | state |\n| 县水务局 | T001 | 正常推进 |\n| 县教育局 | T001 | 进展滞后 |"
    )
    made = told(ledger)
    assert "各单位合计2项次，任务实为1项。" in made.units.tables[0].note
    assert made.overall.texts[0].startswith("截至2026年6月底，1项重点任务中，达到序时进度（含已完成）1项，占100%。")


# --- 三、承诺与结果对比 ------------------------------------------------------------------------


def aim(number: int, indicator: str, op: str, value: float, unit: str, kind: str, **more: object) -> dict[str, object]:
    ids = {"task_id": "T001", "target_id": f"T001.{number}", "text": indicator, "indicator": indicator}
    return {**ids, "op": op, "value": value, "unit": unit, "kind": kind, **more}


AIMS = [
    aim(1, "新增学位", ">=", 1000.0, "个", "count"),
    aim(2, "登记失业率", "<=", 5.5, "%", "ratio"),
    aim(3, "供水水质合格率", ">=", 99.0, "%", "ratio"),
    aim(4, "新建泵站", ">=", 8.0, "座", "count"),
]
ROWS = ["T001", *(str(each["target_id"]) for each in AIMS)]


def promising(figures: dict[str, str], earlier: dict[str, str] | None = None) -> Ledger:
    """One unit that promised 500 places, at most 5.2 %, 98 % and 4 stations for the second quarter."""
    ledger = ledger_of(plan_of([["县水务局"], ["县教育局"]], targets=AIMS))
    goals = {"T001.1": "500", "T001.2": "5.2", "T001.3": "98", "T001.4": "4"}
    plan = send(ledger, "县水务局", ROWS, "plan", DUE["plan"])
    fill(ledger, plan, {key: {"二季度目标": goal} for key, goal in goals.items()}, DUE["plan"])
    for period, values in (("2026Q1", earlier), ("2026Q2", figures)):
        if values is not None:
            book = send(ledger, "县水务局", ROWS, period, DUE[period])
            told_figures = {f"T001.{number}": {"achieved": value} for number, value in values.items()}
            fill(ledger, book, {"T001": {"progress": "有进展。", "state": "正常推进"}, **told_figures}, DUE[period])
    return ledger


def test_what_was_promised_for_the_stage_stands_beside_what_came_of_it():
    made = told(promising({"1": "480", "2": "5.3", "3": "98.5", "4": "正在统计"}))
    assert (
        "写明二季度目标的量化指标4个，达到1个，占25%。没有达到的3个，占75%，其中1个没有报送数据。"
        in made.promises.texts[0]
    )
    assert (
        ("1", "办好第1件事", "县水务局", "新增学位500个", "480个", "差20个"),
        ("2", None, None, "登记失业率5.2%", "5.3%", "超0.1个百分点"),
        ("3", None, None, "新建泵站4座", "正在统计", "—"),
    ) == made.promises.tables[0].rows
    assert made.promises.tables[0].label in made.promises.texts[0]


def test_where_all_is_kept_there_is_no_table_and_no_empty_heading():
    made = told(promising({"1": "500", "2": "5.2", "3": "98", "4": "4"}))
    assert () == made.promises.tables
    assert "达到4个，占100%。" in made.promises.texts[0]


def test_a_long_list_stands_in_an_annex_and_the_text_says_in_which():
    many = [aim(number, f"第{number}类设施", ">=", 10.0, "个", "count") for number in range(1, 15)]
    ledger = ledger_of(plan_of([["县水务局"]], targets=many))
    ids = ["T001", *(str(each["target_id"]) for each in many)]
    fill(ledger, send(ledger, "县水务局", ids, "plan", DUE["plan"]), {each: {"二季度目标": "5"} for each in ids[1:]})
    book = send(ledger, "县水务局", ids, "2026Q2", DUE["2026Q2"])
    fill(ledger, book, {each: {"achieved": "1"} for each in ids[1:]}, DUE["2026Q2"])
    made = told(ledger)
    listed = annex(made, "重点任务没有兑现的承诺")
    assert (14, ()) == (len(listed.rows), made.promises.tables)
    assert f"没有兑现的承诺见{listed.label}。" in made.promises.texts[0]


def test_a_promise_in_words_is_kept_where_the_task_is_on_schedule():
    goals = [{"task_id": f"T00{number}", "stage": "二季度", "text": "主体封顶"} for number in (1, 2)]
    ledger = ledger_of(plan_of([["县水务局"], ["县教育局"]], goals=goals))
    reported(ledger, "2026Q2", "\n".join(SECOND.splitlines()[:4]))
    made = told(ledger)
    assert "用文字承诺二季度目标的任务2项，按完成情况达到序时1项，占50%。" in made.promises.texts[0]
    assert (("1", "办好第2件事", "县教育局", "主体封顶", "进展滞后：有进展。", "—"),) == made.promises.tables[0].rows


def test_without_any_promise_nothing_is_compared_and_that_is_said(ledger):
    assert ("重点任务没有写明本期的阶段目标，不作承诺与结果对比。",) == told(ledger).promises.texts


def test_at_the_years_end_what_nobody_promised_is_measured_by_the_plans_aim():
    ledger = ledger_of(plan_of([["县水务局"]], targets=AIMS))
    book = send(ledger, "县水务局", ROWS, "2026Q4", date(2027, 1, 10))
    fill(ledger, book, {"T001.1": {"achieved": "900"}, "T001.2": {"achieved": "5.5"}}, date(2027, 1, 9))
    made = build(ledger, NAME, "2026Q4", Settings(), date(2027, 1, 20))
    assert "写明四季度目标的量化指标4个，达到1个" in made.promises.texts[0]
    (first, *_) = (row for row in made.promises.tables[0].rows if isinstance(row, tuple))
    assert ("新增学位不低于1000个", "900个", "差100个") == first[3:]
    assert "接续抓好落实" in made.demands.texts[-1]


# --- 四、与上期对比 ----------------------------------------------------------------------------


def test_tasks_that_turned_are_counted_named_and_listed(ledger):
    made = told(ledger)
    assert (
        "与一季度末相比，重点任务中，转为滞后1项，占20%；已赶上1项，占20%；新完成1项，占20%；本期未报进展1项，占20%。"
        in made.changes.texts[0]
    )
    assert "转为滞后的：办好第2件事（县教育局）。" in made.changes.texts
    assert [("办好第2件事", "正常推进", "进展滞后", "转为滞后"), ("办好第3件事", "进展滞后", "正常推进", "已赶上")] == [
        (row[1], *row[3:]) for row in annex(made, "重点任务状态变化情况").rows[:2] if isinstance(row, tuple)
    ]


def test_figures_that_fell_back_are_listed_and_what_should_fall_the_other_way():
    earlier, now = {"1": "480", "2": "5.0", "3": "98", "4": "2"}, {"1": "470", "2": "5.1", "3": "98", "4": "3"}
    made = told(promising(now, earlier))
    (listed,) = made.changes.tables
    assert (("新增学位", "480", "470", "减10个"), ("登记失业率", "5.0", "5.1", "增0.1个百分点")) == tuple(
        (row[1], *row[3:]) for row in listed.rows if isinstance(row, tuple)
    )
    assert f"指标数据比上期回落的2个，见{listed.label}。" in made.changes.texts
    assert "指标数据回落的单位（县水务局）" in repr(made.demands)


# --- 五、报送情况；六、下一步要求 -----------------------------------------------------------------


def test_reports_are_told_on_time_late_missing_and_sent_back():
    ledger = ledger_of(plan_of(LEADS))
    for unit, day in (("县水务局", 8), ("县教育局", 13), ("县财政局", 9)):
        book = send(ledger, unit, ["T001"], "2026Q2", DUE["2026Q2"])
        fill(ledger, book, {"T001": {"progress": "好。", "state": "正常推进"}}, date(2026, 7, day))
    send(ledger, "县民政局", ["T005"], "2026Q2", DUE["2026Q2"])
    for sha in ("1", "2"):
        refused = Receipt(NAME, "县财政局", "2026Q2", FileOutcome.REFUSED, date(2026, 7, 5), file_sha256=sha)
        ledger.register(refused, sha.encode())
    (text,) = told(ledger).returns.texts
    assert (
        "重点任务应报单位4个，已报送3个，占75%，其中按时2个。迟报1个，占25%：县教育局（迟3天）。"
        "未报送1个，占25%：县民政局。报送后被退回修改1个，占25%：县财政局（2次）。"
    ) == text


def test_the_demands_name_who_must_do_what_by_when(ledger):
    behind, owing, last = told(ledger).demands.texts
    assert "进展滞后任务的牵头单位（县教育局）要" in behind
    assert "10个工作日内" in behind
    assert "本期未报送的单位（县民政局）要在本通报印发之日起3个工作日内补报" in owing
    assert "按规定时间报送下一期进展情况。" in last


def test_the_next_report_is_asked_for_by_its_date_in_the_plan():
    plan = plan_of(
        [["县水务局"]],
        schedule=[
            {"period": "2026Q2", "role": "lead", "part": "main", "due_on": date(2026, 7, 10)},
            {"period": "2026Q3", "role": "lead", "part": "main", "due_on": date(2026, 10, 10)},
        ],
    )
    ledger = ledger_of(plan)
    reported(ledger, "2026Q2", "\n".join(SECOND.splitlines()[:3]))
    assert "于10月10日前报送2026年三季度进展情况。" in told(ledger).demands.texts[-1]


# --- parts, public, charts ------------------------------------------------------------------------


@pytest.fixture
def two_parts() -> Ledger:
    """The main part by quarters, 民生实事 by months."""
    plan = plan_of(
        LEADS,
        tasks=[{"task_id": "A001", "part": "annex", "no": 1, "title": "加装电梯20部"}],
        assignments=[{"task_id": "A001", "unit": "县教育局", "role": "lead", "rank": 1}],
        targets=[aim(1, "加装电梯", ">=", 20.0, "部", "count") | {"task_id": "A001", "target_id": "A001.1"}],
    )
    ledger = ledger_of(plan)
    reported(ledger, "2026Q1", FIRST)
    reported(ledger, "2026Q2", SECOND)
    for month, total in ((5, "8"), (6, "9")):
        cells = (SentCell("民生实事", "A001.1", "本月累计", "", True),)
        due = date(2026, month + 1, 5)
        book = Workbook(f"WA{month}", NAME, "县教育局", "lead", "annex", f"2026-0{month}", 1, "c", due, cells)
        ledger.record_workbooks([book], {})
        fill(ledger, book, {"A001.1": {"month_total": total}}, due)
    return ledger


def test_main_tasks_and_minsheng_are_told_apart_and_never_added(two_parts):
    made = told(two_parts)
    main_tasks, annexed, note = made.overall.texts
    assert ("5项重点任务中", "1项民生实事中") == (main_tasks[11:18], annexed[11:18])
    assert "重点任务与民生实事分别统计，不相加。" == note
    assert (4, 1) == tuple(len(each.rows) for each in made.units.tables)
    listed = annex(made, "民生实事进展对比")
    assert (("1", "加装电梯20部", "加装电梯", "县教育局", "20部", "8", "9", "45%"),) == tuple(
        row[:8] for row in listed.rows if isinstance(row, tuple)
    )


def test_but_a_month_in_which_only_minsheng_was_asked_is_about_that_alone(two_parts):
    for period in ("2026-06", "2026-05"):
        made = told(two_parts, period)
        assert "重点任务" not in repr((made.title, made.overall, made.units)), period
    assert "关于2026年5月民生实事进展情况的通报" == made.title


def test_the_public_bulletin_ranks_and_says_nothing_of_how_units_report(ledger):
    ledger.keep_rulings(NAME, [Ruling(PERIOD, ADVICE, "内部建议。", "2026Q2")])
    made = told(ledger, public=True)
    assert "县水务局（第1名" in made.units.texts[0]
    assert len(units_table(made)) == 4
    for inner in ("内部建议", "补报", "退回", "未报送1个，", "本期未报送的"):
        assert inner not in everything(made), inner
    assert {"on_time", "late", "missing", "back"}.isdisjoint(annex(made, "各单位重点任务情况").columns)


def test_only_the_internal_bulletin_says_on_its_first_line_that_it_stays_in_the_house(ledger, tmp_path):
    inner = report(ledger, NAME, "bulletin", "2026Q2", tmp_path / "内", today=TODAY)
    public = report(ledger, NAME, "bulletin", "2026Q2", tmp_path / "外", public=True, today=TODAY)
    assert "2026年二季度重点任务进展情况通报（公开版）.docx" == public.name
    assert ["内部资料　注意保存", "督查通报"] == [
        docx.Document(str(path)).paragraphs[0].text for path in (inner, public)
    ]


def test_the_chart_shows_the_units_shares_as_the_table_does(ledger, tmp_path):
    (chart,) = told(ledger, charts=True).units.charts
    assert [(row[0], row[5]) for row in units_table(told(ledger))] == [
        (unit, f"{share:g}%") for unit, share in zip(chart.labels, chart.series[0].values, strict=True)
    ]
    path = report(ledger, NAME, "bulletin", "2026Q2", tmp_path / "图.docx", charts=True, today=TODAY)
    assert 1 == len(docx.Document(str(path)).element.body.xpath(".//w:drawing"))


# --- the written file --------------------------------------------------------------------------------


def written(ledger: Ledger, path: Path) -> tuple[str, dict[str, list[list[str]]]]:
    """The text of the bulletin as it was written, and its tables by the header of their first columns."""
    document = docx.Document(str(report(ledger, NAME, "bulletin", "2026Q2", path, number="2", today=TODAY)))
    tables = {
        "".join(cell.text for cell in each.rows[0].cells): [[cell.text for cell in row.cells] for row in each.rows]
        for each in document.tables
    }
    return "\n".join(each.text for each in document.paragraphs), tables


def columns(rows: list[list[str]]) -> dict[str, list[str]]:
    return {header.replace("\n", ""): [row[at] for row in rows[1:]] for at, header in enumerate(rows[0])}


def test_every_number_in_the_written_text_is_counted_from_the_written_tables(ledger, tmp_path):
    text, tables = written(ledger, tmp_path / "通报.docx")
    units = columns(next(rows for head, rows in tables.items() if head.startswith("单位牵头")))
    turned = columns(next(rows for head, rows in tables.items() if "变化" in head))
    assert f"{sum(map(int, units['牵头任务']))}项重点任务中，已完成{sum(map(int, units['已完成']))}项" in text
    assert f"达到序时进度（含已完成）{sum(map(int, units['达到序时']))}项" in text
    assert f"进展滞后{sum(map(int, units['滞后']))}项" in text
    assert f"牵头单位{len(units['单位'])}个，其中序时率100%的{units['序时率'].count('100%')}个" in text
    for change in set(turned["变化"]):
        assert f"{change}{turned['变化'].count(change)}项" in text
    for rank, unit in re.findall(r"([^：；]+)（第(\d)名", text):
        assert unit in units["排名"], rank


def test_a_tables_last_row_stays_on_the_page_of_its_note(ledger, tmp_path):
    document = docx.Document(str(report(ledger, NAME, "bulletin", "2026Q2", tmp_path / "通报.docx", today=TODAY)))
    kept = [bool(row._tr.xpath(".//w:keepNext")) for row in document.tables[0].rows]
    assert [*[False] * (len(kept) - 1), True] == kept


def test_a_hostile_name_and_a_very_long_title_arrive_as_text(tmp_path):
    plan = plan_of([[NASTY], ["县教育局"]])
    plan.tasks.loc["T002", "title"] = "长" * 3000
    ledger = ledger_of(plan)
    reported(
        ledger, "2026Q1", f"| unit | task | state |\n| {NASTY} | T001 | 正常推进 |\n| 县教育局 | T002 | 正常推进 |"
    )
    reported(ledger, "2026Q2", f"| unit | task | state |\n| {NASTY} | T001 | 进展滞后 |\n| 县教育局 | T002 | 已完成 |")
    text, tables = written(ledger, tmp_path / "通报.docx")
    cells = [cell for rows in tables.values() for row in rows for cell in row]
    assert NASTY in text
    assert NASTY in cells
    assert "长" * 3000 in cells


def test_the_same_ledger_gives_the_same_bytes(ledger, tmp_path):
    one, other = (
        report(ledger, NAME, "bulletin", "2026Q2", tmp_path / name, today=TODAY) for name in ("1.docx", "2.docx")
    )
    assert one.read_bytes() == other.read_bytes()


def test_an_office_words_its_own_bulletin_and_a_slip_is_refused_with_its_line(ledger, tmp_path, capsys):
    own = words(tmp_path, 'masthead = "督办通报"\naddressee = ""\nheading_units = "横向对比"\naverage = ""')
    made = told(ledger, templates=own)
    assert ("督办通报", "", "二、横向对比") == (made.masthead, made.addressee, made.units.heading)
    assert "平均" not in made.overall.texts[0]
    (own / "words" / "bulletin.toml").write_text('masthead = "通报"\ntop = "{nobody}"', encoding="utf-8")
    with pytest.raises(Exception, match=r"words/bulletin.toml.*第2行.*nobody"):
        told(ledger, templates=own)


def test_the_plan_stage_has_nothing_to_compare(ledger):
    send(ledger, "县水务局", ["T001"], "plan", DUE["plan"])
    with pytest.raises(UsageError, match="没有进展可以对比"):
        told(ledger, "plan")


def test_the_command_line_writes_it_and_refuses_a_wrong_number_with_the_state_of_things(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with open_ledger("sqlite:///taskkit.db") as kept:
        kept.add_plan(plan_of(LEADS), NAME)
        reported(kept, "2026Q2", SECOND)
    for number, status in (("2", 0), ("二", 2)):
        with pytest.raises(SystemExit) as ended:
            main(["report", "通报", NAME, "--number", number, "--on", "2026-07-20"])
        assert status == ended.value.code
    said = capsys.readouterr()
    assert "2026年二季度重点任务进展情况通报（第2期）.docx" in said.out
    assert "期号“二”不是正整数。请写成 --number 3，即第3期；不编期号的，去掉 --number。未作任何改动。" in said.err


def test_a_report_is_called_by_its_chinese_names_too():
    assert {"bulletin"} == {find_kind(name).key for name in ("bulletin", "通报", "对比式通报")}


def test_a_real_plan_with_two_halves_of_returns_gives_a_whole_bulletin(tmp_path):
    plan = read_plan(plans_folder() / "guangfeng-2021.docx")
    ledger = ledger_of(plan)
    leads = plan.assignments[plan.assignments["role"] == "lead"]
    states = ("已完成", "正常推进", "进展滞后")
    for half, day in (("2021H1", date(2021, 6, 25)), ("2021H2", date(2021, 12, 25))):
        for at, (unit, rows) in enumerate(leads.groupby("unit", sort=False)):
            tasks = sorted(set(rows["task_id"]))
            book = send(ledger, str(unit), tasks, half, day)
            if at % 5:
                picked = {task: states[(at + int(task[1:]) + int(half[-1])) % 3] for task in tasks}
                fill(ledger, book, {task: {"progress": "好。", "state": state} for task, state in picked.items()}, day)
    path = report(ledger, NAME, "bulletin", "2021H2", tmp_path / "通报.docx", number="2", today=date(2022, 1, 5))
    text = "\n".join(each.text for each in docx.Document(str(path)).paragraphs)
    assert "关于2021年下半年重点任务进展情况的通报" in text
    assert "与6月底相比" in text
    assert re.search(r"[{}]|None|nan|[A-Za-z]{4,}", text) is None


def test_what_is_promised_for_a_stage_that_is_not_over_is_not_held_against_anyone():
    ledger = promising({}, None)
    book = send(ledger, "县水务局", ROWS, "2026-05", date(2026, 6, 5))
    fill(ledger, book, {"T001.1": {"achieved": "300"}}, date(2026, 6, 4))
    text = told(ledger, "2026-05").promises.texts[0]
    assert "重点任务的二季度目标尚未到期，本期不作承诺与结果对比。" == text


def test_where_every_task_was_withdrawn_there_is_nothing_to_compare(ledger):
    compared = compare(ledger, NAME, "2026Q2", today=TODAY)
    without = replace(compared, parts=tuple(replace(part, tasks=0) for part in compared.parts))
    with pytest.raises(UsageError, match="2026年二季度没有可以对比的任务"):
        scenes(without, parse_period("2026Q2"), ledger, Roster(), (), TODAY)
