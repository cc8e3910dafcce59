"""The running text of the progress report: what changed, how far figures are, why, who asks for what, what is next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from taskkit import rulings
from taskkit.entries import Ruling
from taskkit.errors import InputError
from taskkit.ledger import Ledger
from taskkit.receipts import Receipt
from taskkit.reports import report
from taskkit.reports.progress import ProgressReport, build
from taskkit.roster import LeaderEntry, Roster, UnitEntry
from taskkit.settings import Settings
from tests.filled import NAME, fill, ledger_of, plan_of, send
from tests.returned_books import table

TODAY = date(2026, 7, 15)
AIMS = """
| target | text                     | indicator        | op | value | unit     | kind   |
| T001.1 | 地区生产总值增长6%左右   | 地区生产总值     | ~  | 6     | %        | growth |
| T001.2 | 接待游客400万人次        | 接待游客         | =  | 400   | 万人次   | count  |
| T002.1 | 建成学校10所             | 学校             | =  | 10    | 所       | count  |
| T002.2 | 城镇调查失业率5.5%以内   | 城镇调查失业率   | <= | 5.5   | %        | ratio  |
"""


def aims(text: str = AIMS) -> list[dict[str, Any]]:
    rows = table(text)
    return [
        {"task_id": row["target"][:4], "target_id": row.pop("target"), **row, "value": float(row["value"])}
        for row in rows
    ]


def reported(ledger: Ledger, unit: str, values: Mapping[str, Mapping[str, str]], period: str = "2026Q2") -> None:
    """A unit is asked for these rows in a period and fills them in."""
    fill(ledger, send(ledger, unit, list(values), period, date(2026, 12, 31)), values)


def states(ledger: Ledger, period: str, said: Mapping[str, str]) -> None:
    """One unit reports on its tasks: a state each."""
    reported(ledger, "县教育局", {task: {"progress": "推进。", "state": each} for task, each in said.items()}, period)


def text_of(ledger: Ledger, period: str = "2026Q2", today: date = TODAY, **more: Any) -> ProgressReport:
    return build(ledger, NAME, period, Settings(), today, **more)


def own_words(folder: Path, text: str) -> Settings:
    (folder / "words").mkdir()
    (folder / "words" / "progress.toml").write_text(text, "utf-8")
    return Settings(folder)


def test_a_unit_whose_document_waits_to_be_typed_in_is_not_asked_again():
    ledger = ledger_of(plan_of([["县教育局"], ["县公安局"]]))
    states(ledger, "2026Q2", {"T001": "正常推进"})
    send(ledger, "县公安局", ["T002"], "2026Q2", date(2026, 7, 10))
    ledger.register(Receipt(NAME, "县公安局", "2026Q2", "waiting", date(2026, 7, 8)))
    report = text_of(ledger)

    assert "已报送、内容待转录的1个：县公安局，其进展暂未计入。" in "".join(report.overview)
    assert "补填" not in repr(report.drafts)
    assert ("材料已报送、内容待转录的任务有1项：办好第2件事（县公安局）。",) == report.domains[0].tail
    assert "县公安局交来的文件尚待转录" in repr(report.annexes)


# --- 一、总体情况: this period and the last ----------------------------------------------


@pytest.fixture
def two_quarters() -> Ledger:
    """Six tasks: two stay as they are, one of them behind; one is done, one caught up, one fell behind, one began."""
    ledger = ledger_of(plan_of([["县教育局"]] * 6))
    tasks = [f"T00{number}" for number in range(1, 7)]
    first = ("正常推进", "进展滞后", "正常推进", "进展滞后", "正常推进", "未启动")
    second = ("正常推进", "进展滞后", "已完成", "正常推进", "进展滞后", "正常推进")
    for period, said in (("2026Q1", first), ("2026Q2", second)):
        states(ledger, period, dict(zip(tasks, said, strict=True)))
    return ledger


def test_the_counts_are_set_beside_those_of_the_last_period(two_quarters):
    counts, better, _, _ = text_of(two_quarters).overview
    assert (
        "截至2026年6月底，6项重点任务中，已完成1项、占16.7%；正常推进3项、占50%；进展滞后2项、占33.3%。"
        "达到序时进度（含已完成）的共4项、占66.7%。"
    ) == counts
    assert better.startswith("与一季度末相比，已完成增加1项、未启动减少1项。")


def test_what_the_office_closed_was_done_before_and_is_no_change(two_quarters):
    two_quarters.keep_rulings(NAME, [Ruling(rulings.TASK, rulings.CLOSED, rulings.YES, "2026Q2", "", "T003")])

    assert "与一季度末相比，已完成（含已销号）增加1项、未启动减少1项。" in text_of(two_quarters).overview[1]


def test_tasks_that_were_done_caught_up_fell_or_stayed_behind_are_named(two_quarters):
    _, better, worse, _ = text_of(two_quarters).overview
    assert better.endswith("本期新完成1项：办好第3件事（县教育局）。由滞后赶上序时进度1项：办好第4件事（县教育局）。")
    assert "本期转为滞后1项：办好第5件事（县教育局）。上期滞后、本期仍滞后1项：办好第2件事（县教育局）。" == worse


def test_the_first_period_is_compared_with_nothing(two_quarters):
    assert not [line for line in text_of(two_quarters, "2026Q1").overview if "相比" in line]


def test_a_month_is_compared_with_the_end_of_the_month_before():
    ledger = ledger_of(plan_of([["县教育局"]]))
    for period in ("2026-05", "2026-06"):
        states(ledger, period, {"T001": "正常推进"})
    assert "与5月底相比，各种完成情况的任务数没有变化。" == text_of(ledger, "2026-06").overview[1]


def test_more_than_ten_tasks_are_counted_and_not_named():
    ledger = ledger_of(plan_of([["县教育局"]] * 11))
    tasks = [f"T{number:03d}" for number in range(1, 12)]
    for period, said in (("2026Q1", "正常推进"), ("2026Q2", "已完成")):
        states(ledger, period, dict.fromkeys(tasks, said))
    assert text_of(ledger).overview[1].endswith("本期新完成11项。")


def test_a_period_in_which_all_reported_in_time_says_so_in_one_sentence(two_quarters):
    assert "应报单位1个，均按时报送。" == text_of(two_quarters).overview[-1]


# --- 二、主要指标 -----------------------------------------------------------------------


@pytest.fixture
def measured() -> Ledger:
    """Half the year gone: growth near its aim, tourists as they should be, schools 20 points behind, too many idle."""
    ledger = ledger_of(plan_of([["县发展改革局"], ["县教育局"]], targets=aims()))
    state = {"progress": "推进。", "state": "正常推进"}
    reported(ledger, "县发展改革局", {"T001": state, "T001.1": {"achieved": "5.5"}, "T001.2": {"achieved": "210"}})
    reported(ledger, "县教育局", {"T002": state, "T002.1": {"achieved": "3"}, "T002.2": {"achieved": "5.8"}})
    return ledger


def test_the_headline_targets_of_the_plan_are_told_in_short_sentences(measured):
    assert (
        "地区生产总值增长5.5%，年度目标6%左右；城镇调查失业率5.8%，年度目标5.5%以内。" == text_of(measured).targets[0]
    )


def test_a_growth_that_turned_into_a_fall_is_called_one():
    ledger = ledger_of(plan_of([["县发展改革局"]], targets=aims()[:1]))
    reported(ledger, "县发展改革局", {"T001.1": {"achieved": "-1.2"}})
    assert "地区生产总值下降1.2%，年度目标6%左右。" == text_of(ledger).targets[0]


def test_an_office_names_its_own_headline_targets(measured, tmp_path):
    settings = own_words(tmp_path, 'headline = "接待游客"\n')
    assert (
        "接待游客210万人次，完成年度目标400万人次的52.5%。"
        == build(measured, NAME, "2026Q2", settings, TODAY).targets[0]
    )


def test_how_many_figures_are_on_schedule_and_how_many_points_the_others_lack(measured):
    assert (
        "应填报量化指标4个，已全部填报。"
        "有数据可比的4个指标中，达到序时进度或者目标要求的2个、占50%；低于序时进度或者目标要求的2个、占50%。"
        "分别是：学校完成3所、为年度目标10所的30%，低于序时进度20个百分点（县教育局）；"
        "城镇调查失业率5.8%，与目标相差0.3个百分点（县教育局）。"
    ) == text_of(measured).targets[1]


def test_a_period_that_asks_for_no_figures_says_so(two_quarters):
    assert ("本期没有要求填报量化指标。",) == text_of(two_quarters).targets


def test_the_figures_of_a_task_that_the_office_closed_are_not_behind(measured):
    closed = Ruling(rulings.TASK, rulings.CLOSED, rulings.YES, "2026Q2", "", "T002")
    measured.keep_rulings(NAME, [closed])
    assert (
        text_of(measured)
        .targets[1]
        .endswith("有数据可比的4个指标均达到序时进度或者目标要求（其中已完成年度目标2个）。")
    )


# --- 三、各领域进展 ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "typed"),
    [
        ("完成三层。", "完成三层"),
        ("完成三层。", "1.完成三层；"[:-1]),
        ("完成三层。", "（一）完成三层。"),
        ("完成三层。", "进展情况：完成三层。"),
        ("2.5公里已通车。", "2.5公里已通车。"),
        ("5、6月各办一场。", "5、6月各办一场。"),
        ("一、二季度各办一场。", "一、二季度各办一场。"),
        ("一是建，二是管。", "一是建，二是管。"),
    ],
)
def test_a_clerks_text_loses_its_own_number_and_ends_as_a_sentence(expected, typed):
    ledger = ledger_of(plan_of([["县教育局"]]))
    reported(ledger, "县教育局", {"T001": {"progress": typed, "state": "正常推进"}})
    assert f"{expected}（县教育局，正常推进）" == text_of(ledger).domains[0].entries[0].text


def test_a_long_text_is_told_by_its_first_sentences_and_the_annex_has_all_of_it():
    typed = "完成一批。" * 300
    ledger = ledger_of(plan_of([["县教育局"]]))
    reported(ledger, "县教育局", {"T001": {"progress": typed, "state": "正常推进"}})
    content = text_of(ledger)
    assert f"{'完成一批。' * 80}（余见附件）（县教育局，正常推进）" == content.domains[0].entries[0].text
    assert any(typed in row for annex in content.annexes for row in annex.rows if isinstance(row, tuple))


# --- 四、滞后事项及原因 -------------------------------------------------------------------


def test_a_delay_says_by_how_many_points_and_days_it_is_late(measured):
    reported(measured, "县教育局", {"T002": {"state": "进展滞后", "problem": "雨水多", "next_step": "8月底前封顶"}})
    assert ["（县教育局，学校低于序时进度20个百分点）。存在问题：雨水多。下一步措施：8月底前封顶。"] == [
        each.text for each in text_of(measured).delays
    ]


def test_measures_without_any_time_are_told_to_have_none():
    ledger = ledger_of(plan_of([["县教育局"]]))
    reported(ledger, "县教育局", {"T001": {"state": "进展滞后", "problem": "雨水多", "next_step": "加强调度。"}})
    assert text_of(ledger).delays[0].text.endswith("下一步措施：加强调度（没有写明完成时间）。")


def test_what_only_figures_call_behind_is_named_apart_and_counted_apart(measured):
    content = text_of(measured)
    assert ("本期没有进展滞后的事项。", ()) == (content.delays_summary, content.delays)
    assert (
        "另有1项任务，牵头单位没有报告滞后，但按量化指标和完成时限研判为滞后，需要核实：办好第2件事（县教育局）。",
    ) == content.doubts


def test_a_monthly_form_that_does_not_ask_why_blames_nobody_for_not_saying():
    plan = plan_of(
        [],
        tasks=[{"task_id": "A001", "part": "annex", "no": 1, "group": "一、学位", "title": "新增学位300个"}],
        assignments=[{"task_id": "A001", "unit": "县教育局", "role": "lead", "rank": 1}],
    )
    ledger = ledger_of(plan)
    book = send(ledger, "县教育局", ["A001"], "2026-06", date(2026, 7, 3), part="annex")
    fill(ledger, book, {"A001": {"state": "进展滞后"}})
    content = text_of(ledger, "2026-06")
    assert ["（县教育局）。"] == [each.text for each in content.delays]
    assert [""] == [each.number for each in content.domains], "what is all alone needs no heading （一）"


# --- 五、需协调解决的问题 ------------------------------------------------------------------


@pytest.fixture
def asking() -> Ledger:
    """The second unit of the list asks for two things, one of them for two tasks; the first one for one."""
    tasks = """
    | task_id | title      | leaders | unit     |
    | T001    | 办第1件事  | 林知远  | 县水务局 |
    | T002    | 办第2件事  | 林知远  | 县水务局 |
    | T003    | 办第3件事  | 苏明川  | 县教育局 |
    | T004    | 办第4件事  |         | 县水务局 |
    """
    rows = [{**row, "part": "main", "leaders": row["leaders"].split()} for row in table(tasks)]
    led = [{"task_id": row["task_id"], "unit": row.pop("unit"), "role": "lead", "rank": 1} for row in rows]
    ledger = ledger_of(plan_of([], tasks=rows, assignments=led))
    listed = (UnitEntry("县教育局"), UnitEntry("县水务局"))
    ledger.add_roster(NAME, Roster(listed, (LeaderEntry("苏明川"), LeaderEntry("林知远"))))
    same = {"state": "正常推进", "help": "请县财政局拨付资金。"}
    reported(ledger, "县水务局", {"T001": same, "T002": same, "T004": {"state": "正常推进", "help": "请协调用地"}})
    reported(ledger, "县教育局", {"T003": {"state": "正常推进", "help": "请核增编制"}})
    return ledger


def test_what_units_ask_for_is_grouped_by_unit_in_the_lists_order_and_said_once(asking):
    content = text_of(asking)
    assert "本期有2个单位提出需要协调解决的问题3个。" == content.requests_summary
    assert [
        (1, "县教育局。", "请核增编制。（涉及：办第3件事）", ()),
        (
            *(2, "县水务局。", ""),
            (
                "（1）请县财政局拨付资金。（涉及：办第1件事；办第2件事）",
                "（2）请协调用地。（涉及：办第4件事）",
            ),
        ),
    ] == [(each.number, each.title, each.text, each.more) for each in content.requests]


def test_the_draft_names_the_leaders_in_charge_of_what_units_ask_for(asking):
    [advice] = [each.text for each in text_of(asking).drafts if each.title == "及时协调解决问题。"]
    assert "各单位提出的3个问题，建议提请苏明川（1个）、林知远（1个）研究协调，明确牵头单位和解决时间。" == advice


# --- 六、下一步建议 -----------------------------------------------------------------------


def test_the_draft_urges_who_is_behind_and_says_what_is_due_next(two_quarters):
    assert ["加快推进滞后事项。"] == [each.title for each in text_of(two_quarters).drafts]
    assert text_of(two_quarters).drafts[0].text.startswith("对进展滞后的2项任务，请县教育局逐项倒排工期")


def test_the_draft_names_the_day_of_the_next_report_and_the_tasks_due_by_then():
    tasks = [{"task_id": "T001", "part": "main", "no": 1, "title": "办好一件事", "deadline": "9月底前"}]
    plan = plan_of(
        [],
        tasks=[{**tasks[0], "due_on": date(2026, 9, 30)}],
        assignments=[{"task_id": "T001", "unit": "县教育局", "role": "lead", "rank": 1}],
        schedule=[{"period": "2026Q3", "role": "lead", "part": "main", "due_on": date(2026, 10, 10)}],
    )
    ledger = ledger_of(plan)
    states(ledger, "2026Q2", {"T001": "正常推进"})
    assert [
        "9月底前应当完成的任务有1项：办好一件事（县教育局）。请牵头单位对照时限抓好收尾。",
        "2026年三季度重点任务进展情况请于2026年10月10日前报送。",
    ] == [each.text for each in text_of(ledger).drafts]


def test_before_the_date_units_are_asked_to_keep_it_and_none_is_blamed():
    ledger = ledger_of(plan_of([["县教育局"]]))
    send(ledger, "县教育局", ["T001"])
    content = text_of(ledger, today=date(2026, 7, 1))
    assert ["请县教育局按时报送2026年二季度进展情况。"] == [each.text for each in content.drafts]
    assert "未报" not in content.overview[-1]


def test_where_nothing_is_to_be_urged_one_sentence_says_so():
    ledger = ledger_of(plan_of([["县教育局"]]))
    states(ledger, "2026Q2", {"T001": "正常推进"})
    assert ["请各单位按照既定目标和时限继续抓好落实。"] == [each.text for each in text_of(ledger).drafts]


# --- the whole year -----------------------------------------------------------------------


@pytest.fixture
def year_end() -> Ledger:
    """Four targets, of which schools and the idle miss their aims; one task is done, one goes on."""
    ledger = ledger_of(plan_of([["县发展改革局"], ["县教育局"]], targets=aims()))
    done = {"progress": "完成。", "state": "已完成"}
    late = {"progress": "封顶。", "state": "进展滞后", "problem": "招标流标", "next_step": "明年3月底前建成"}
    reported(
        ledger,
        "县发展改革局",
        {"T001": done, "T001.1": {"achieved": "6"}, "T001.2": {"achieved": "400"}},
        "2026Q4",
    )
    reported(ledger, "县教育局", {"T002": late, "T002.1": {"achieved": "8"}, "T002.2": {"achieved": "5.8"}}, "2026Q4")
    return ledger


def test_the_report_on_the_last_period_is_the_years(year_end):
    content = text_of(year_end, "2026Q4")
    assert "2026年度《政府工作报告》\n重点任务进展情况的报告" == content.title
    assert "2026年度政府工作报告重点任务进展情况报告.docx" == content.file_name


@pytest.mark.parametrize("period", ["2026Q4", "2026H2", "2026-12"])
def test_every_period_that_ends_in_december_tells_what_carries_over(period):
    ledger = ledger_of(plan_of([["县教育局"]]))
    states(ledger, period, {"T001": "正常推进"})
    content = text_of(ledger, period)
    assert content.title.startswith("2026年度")
    assert ("重点任务1项中，全年没有完成、结转下年继续推进的1项、占100%。",) == content.carried


def test_the_year_sets_promise_against_result_with_the_reason(year_end):
    content = text_of(year_end, "2026Q4")
    assert ("重点任务承诺的量化目标4个，实现2个、占50%，没有实现2个。",) == content.promises
    assert [
        ("学校", "（县教育局）目标达到10所，结果8所，差2所。原因：招标流标。"),
        ("城镇调查失业率", "（县教育局）目标不超过5.5%，结果5.8%，差0.3个百分点。原因：招标流标。"),
    ] == [(each.title, each.text) for each in content.unmet]


def test_what_carries_over_is_listed_with_what_comes_next(year_end):
    content = text_of(year_end, "2026Q4")
    assert ("重点任务2项中，全年没有完成、结转下年继续推进的1项、占50%。",) == content.carried
    assert [("办好第2件事", "（县教育局，进展滞后）。下一步措施：明年3月底前建成。")] == [
        (each.title, each.text) for each in content.carried_tasks
    ]


# --- headings, the public version -----------------------------------------------------------


def headings(path: Path) -> list[str]:
    styled = ((each.style, each.text) for each in docx.Document(str(path)).paragraphs)
    return [text for style, text in styled if style and style.name in ("一级标题", "二级标题")]


def test_the_year_has_its_own_headings_within_the_six(year_end, tmp_path):
    path = report(year_end, NAME, period="2026Q4", out=tmp_path / "报告.docx", today=date(2027, 1, 12))
    assert [
        *("一、总体情况", "二、主要指标", "（一）指标完成情况", "（二）承诺与结果"),
        *("三、各领域进展", "（一）聚力稳增长", "四、滞后事项及原因", "五、需协调解决的问题"),
        *("六、下一步建议", "（一）结转下年继续推进的任务", "（二）有关建议"),
    ] == headings(path)


def test_a_section_that_the_office_leaves_out_is_not_counted(two_quarters, tmp_path):
    settings = own_words(tmp_path, 'heading_targets = ""\nheading_requests = "请求支持"\n')
    path = report(two_quarters, NAME, out=tmp_path / "报告.docx", today=TODAY, settings=settings)
    lines = [each.text for each in docx.Document(str(path)).paragraphs]
    assert ["一、总体情况", "二、各领域进展", "三、滞后事项及原因", "四、请求支持", "五、下一步建议"] == [
        each for each in headings(path) if "、" in each[:2]
    ]
    assert "本期没有要求填报量化指标。" not in lines


def test_an_office_may_close_with_a_paragraph_of_its_own(two_quarters, tmp_path):
    settings = own_words(tmp_path, 'closing = "特此报告。"\n')
    path = report(two_quarters, NAME, out=tmp_path / "报告.docx", today=TODAY, settings=settings)
    lines = [each.text for each in docx.Document(str(path)).paragraphs]
    assert lines[lines.index("特此报告。") + 2].startswith("附件：")


def test_a_name_that_a_sentence_does_not_know_is_refused_with_its_line(two_quarters, tmp_path):
    settings = own_words(tmp_path, '# 本局的写法\nclosing = "报至{unit}"\n')
    with pytest.raises(InputError, match=r"words/progress.toml.*第2行"):
        build(two_quarters, NAME, "2026Q2", settings, TODAY)


def test_what_may_leave_the_house_has_neither_problems_nor_phones_and_its_own_numbers(measured, tmp_path):
    typed = {
        "progress": "完成三层，联系人电话13800000000。",
        "state": "进展滞后",
        "problem": "缺钱",
        "help": "请拨款",
        "next_step": "抢工",
    }
    reported(measured, "县教育局", {"T002": typed})
    path = report(measured, NAME, out=tmp_path, today=TODAY, public=True)
    document = docx.Document(str(path))
    cells = [cell.text for each in document.tables for row in each.rows for cell in row.cells]
    text = "\n".join((*(each.text for each in document.paragraphs), *cells))
    assert path.name.endswith("（公开版）.docx")
    assert ["一、总体情况", "二、主要指标", "三、各领域进展"] == [each for each in headings(path) if "、" in each[:2]]
    assert "完成三层，联系人电话（电话略）。（县教育局，进展滞后）" in text
    assert not [word for word in ("缺钱", "请拨款", "13800000000", "内部资料", "需要核实", "建议") if word in text]
