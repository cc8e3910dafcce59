"""What follows from the office's rulings: goals approved, sent back and changed, tasks closed, words in reports."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest

from taskkit import issue, report, rulings
from taskkit.approving import agreed, approved, closed_tasks, promised, sent_back
from taskkit.changing.keeping import keep_changes
from taskkit.chat_line import chat_line
from taskkit.deciding import listed
from taskkit.entries import PlanChange, Ruling
from taskkit.histories import said_by_office
from taskkit.judging.facts import gather
from taskkit.ledger import Ledger
from taskkit.periods import parse_period
from taskkit.reports.progress import build
from taskkit.settings import Settings
from taskkit.tracking import read_returns, status
from tests.filled import NAME
from tests.reviewed import (
    FINANCE_Q1,
    HEAD,
    SCHOOL,
    SCHOOL_Q1,
    TODAY,
    codes,
    loaded,
    planned_ledger,
    quarter_ledger,
    reported,
    review_file,
    ruled,
    saying,
    sent_form,
    shown,
)

DONE_Q1 = SCHOOL_Q1.replace("选址完成，=1+1。 | 正常推进", "建成5所。 | 已完成")
ASKING = "| row | 事项 | 原内容 | 拟调整为 | 理由 |\n"


@pytest.fixture
def planned(tmp_path) -> Ledger:
    return planned_ledger(tmp_path)


@pytest.fixture
def quarter(tmp_path) -> Ledger:
    return quarter_ledger(tmp_path)


def approve(ledger: Ledger, folder: Path, sheet: str, find: str, unit: str = "", **cells: str) -> None:
    """The office fills in one row of the review workbook of a period (plan unless ``period``), and loads it."""
    period = cells.pop("period", "plan")
    path = review_file(ledger, folder, period, f"{len(list(folder.glob('*.xlsx')))}.xlsx")
    result = loaded(ledger, ruled(path, sheet, find, cells, unit))
    assert [] == codes(result)


def cells_of(path: Path, sheet: str) -> dict[str, dict[str, object]]:
    """The rows of a form by row id, as they stand: header -> value."""
    page = openpyxl.load_workbook(path)[sheet]
    headers = [str(cell.value or "").partition("（")[0] for cell in page[3]]
    rows = {str(row[0].value).partition(".")[2]: row for row in page.iter_rows(min_row=4) if row[0].value}
    return {row_id: {head: cell.value for head, cell in zip(headers, row, strict=True)} for row_id, row in rows.items()}


def facts_of(ledger: Ledger, period: str = "2026Q1"):
    return gather(ledger, NAME, parse_period(period), Settings(), TODAY)


# --- goals: 已报 until 审定 or 退回 ------------------------------------------------------------


def test_changes_of_approved_goals_are_held_for_a_person_and_the_unit_is_told_of_the_request(planned, tmp_path):
    approve(planned, tmp_path, "目标", "选址", 审核意见="审定")
    assert {("县教育局", "T001")} == approved(planned, NAME)
    later = SCHOOL.replace("开工", "不开工").replace("过半", "四成")
    result = reported(planned, tmp_path, "plan", "县教育局", later)
    changed = result.cells[result.cells["outcome"].isin(["changed", "held"])]
    assert [("T001", "二季度目标", "held"), ("T002", "二季度目标", "changed")] == list(
        changed[["task_id", "column", "outcome"]].itertuples(index=False, name=None)
    )
    [message] = result.findings[result.findings["code"] == "goal-approved"]["message"].astype(str)
    assert "“二季度目标”已经审定（“开工”（第1号报送，4月12日收到）），改为“不开工”没有收" in message
    assert "调整申请" in message
    assert ["不开工"] == [each.kept.matter.returned for each in listed(planned, NAME)]


def test_who_answers_for_an_approved_goal_may_still_change(planned, tmp_path):
    approve(planned, tmp_path, "目标", "选址", 审核意见="审定")
    wider = SCHOOL.replace("四季度目标 |", "四季度目标 | 经办人 |").replace("竣工 |", "竣工 | 云小舟 |")
    wider = wider.replace("3 | 5 |", "3 | 5 | |").replace("全部 |", "全部 | |")
    result = reported(planned, tmp_path, "plan", "县教育局", wider)
    assert {"changed"} == set(result.cells[result.cells["column"] == "经办人"]["outcome"])
    assert {("县教育局", "T001")} == approved(planned, NAME)


def test_goals_that_were_sent_back_go_out_again_with_the_reason_and_what_the_unit_wrote(planned, tmp_path):
    approve(planned, tmp_path, "目标", "选址", 审核意见="审定")
    approve(planned, tmp_path, "目标", "拨付一成", 审核意见="退回", 退回理由="没有可核查的数量")
    out = tmp_path / "发出" / "plan"
    books = issue(planned, NAME, "plan", out, anyway=True, today=TODAY)
    assert {"县教育局": "written", "县财政局": "unchanged", "县水务局": "written"} == dict(
        zip(books.books["unit"], books.books["outcome"], strict=True)
    )
    form = next(Path(path) for path in books if "教育局" in path.name)
    rows = cells_of(form, "落实方案")
    assert ("拨付一成", "没有可核查的数量") == (rows["T002"]["一季度目标"], rows["T002"]["审核意见"])
    assert ("选址", "已审定") == (rows["T001"]["一季度目标"], rows["T001"]["审核意见"])
    page = openpyxl.load_workbook(form)["落实方案"]
    assert "退回修改，见右侧“审核意见”一列" in str(page["B2"].value)
    opened = {cell.value for row in page.iter_rows(min_row=4) for cell in row if not cell.protection.locked}
    assert "拨付一成" in opened
    assert "选址" not in opened


def test_a_form_whose_goals_were_sent_back_counts_as_returned_and_says_so(planned, tmp_path):
    approve(planned, tmp_path, "目标", "拨付一成", 审核意见="退回", 退回理由="没有数量")
    assert {("县教育局", "T002"): "没有数量"} == sent_back(planned, NAME, "plan")
    sent_form(planned, tmp_path, "plan", "县教育局")
    [school, money] = read_returns(planned, NAME, "plan", TODAY)
    assert (("T002",), ("T001", "T002"), ()) == (school.to_mend, school.tasks, money.to_mend)
    [each] = status(planned, NAME, "plan", TODAY)
    assert (2, 2, (("县教育局", 1),)) == (each.asked, each.returned, each.mending_units)
    assert chat_line(planned, NAME, each, datetime(2026, 4, 12, 9)).endswith("已退回待修改1家：县教育局1项。")


def test_what_the_unit_mends_is_taken_waits_for_the_office_and_makes_no_further_edition(planned, tmp_path):
    approve(planned, tmp_path, "目标", "选址", 审核意见="审定")
    approve(planned, tmp_path, "目标", "拨付一成", 审核意见="退回", 退回理由="没有数量")
    mended = SCHOOL.replace("拨付一成", "拨付一成，100万元")
    result = reported(planned, tmp_path, "plan", "县教育局", mended)
    assert [("T002", "一季度目标")] == list(
        result.cells[result.cells["outcome"] == "changed"][["task_id", "column"]].itertuples(index=False, name=None)
    )
    assert {} == sent_back(planned, NAME, "plan")
    [row] = [row for row in shown(review_file(planned, tmp_path, "plan"), "目标") if "100万元" in row["阶段目标"]]
    assert ("退回", "有改动") == (row["审核意见"], row["审后有改动"])
    form = tmp_path / "发出" / "plan"
    assert {"unchanged"} == set(
        issue(planned, NAME, "plan", form, ["县教育局"], anyway=True, today=TODAY).books["outcome"]
    )
    approve(planned, tmp_path, "目标", "100万元", 审核意见="审定")
    assert {("县教育局", "T001"), ("县教育局", "T002")} == approved(planned, NAME)
    assert {"unchanged"} == set(
        issue(planned, NAME, "plan", form, ["县教育局"], anyway=True, today=TODAY).books["outcome"]
    )


def test_a_proposed_measure_is_judged_by_itself(planned, tmp_path):
    reported(planned, tmp_path, "plan", "县教育局", "| row | 工作措施 | 二季度目标 |\n| T001+1 | 建食堂 | 开建 |")
    approve(planned, tmp_path, "目标", "建食堂", 审核意见="退回", 退回理由="写明地点")
    form = sent_form(planned, tmp_path, "plan", "县教育局")
    row = cells_of(form, "落实方案")["T001+1"]
    assert ("建食堂", "开建", "写明地点") == (row["工作措施"], row["二季度目标"], row["审核意见"])


# --- progress sent back ------------------------------------------------------------------------


def test_progress_that_was_sent_back_goes_out_again_too(quarter, tmp_path):
    approve(quarter, tmp_path, "进展", "资金未到", period="2026Q1", 审核意见="退回", 退回理由="写明缺口")
    row = cells_of(sent_form(quarter, tmp_path, "2026Q1", "县财政局"), "工作进展")["T002"]
    assert ("资金未到。", "进展滞后", "上级资金未到", "写明缺口") == (
        *(row["本期进展"], row["完成情况"], row["存在问题"], row["审核意见"]),
    )
    reported(quarter, tmp_path, "2026Q1", "县财政局", f"{HEAD}| T002 | 缺口200万元。 | | |")
    assert {} == sent_back(quarter, NAME, "2026Q1")
    assert ["缺口200万元。"] == [text for unit, text in facts_of(quarter).tasks[1].lead_texts if unit == "县财政局"]


# --- requests -----------------------------------------------------------------------------------


@pytest.fixture
def asked(quarter, tmp_path):
    """A unit asks to change a goal that it names plainly, and something that it does not."""
    rows = "| R1 | 第1项二季度目标 | 开工 | 三季度开工 | 用地未批 |\n| R2 | 进度放缓 | 快 | 慢 | 下雨 |"
    reported(quarter, tmp_path, "2026Q1", "县教育局", f"{ASKING}{rows}")
    return quarter


def test_a_request_shows_what_it_plainly_names_and_nothing_that_could_only_be_guessed(asked, tmp_path):
    rows = shown(review_file(asked, tmp_path, "2026Q1"), "申请")
    assert [("T001", "二季度目标", "三季度开工"), (None, None, None)] == [
        (row["任务编号"], row["调整的列"], row["调整后内容"]) for row in rows
    ]


def test_what_a_request_would_change_stays_until_it_is_agreed_to(asked, tmp_path):
    path = ruled(review_file(asked, tmp_path, "2026Q1"), "申请", "用地未批", {"审批意见": "不同意", "意见": "照原定"})
    assert (2, []) == ((done := loaded(asked, path)).new, codes(done))
    assert () == agreed(asked, NAME)


def test_an_agreed_request_changes_the_goal_in_the_next_workbook_and_in_the_facts_and_the_old_one_is_kept(
    asked, tmp_path
):
    before = asked.values(NAME)
    approve(asked, tmp_path, "申请", "用地未批", period="2026Q1", 审批意见="同意")
    row = cells_of(sent_form(asked, tmp_path, "2026Q2", "县教育局"), "工作进展")["T001"]
    assert ("三季度开工", "三季度开工", "选址") == (row["本期目标"], row["二季度目标"], row["一季度目标"])
    assert "三季度开工" == facts_of(asked, "2026Q2").tasks[0].goal
    frame = promised(asked, NAME)
    assert ["三季度开工"] == list(
        frame[(frame["task_id"] == "T001") & (frame["column"] == "二季度目标") & frame["target_id"].isna()]["value"]
    )
    assert before.equals(asked.values(NAME)), "what the unit wrote stays"
    assert ["同意", "T001", "二季度目标", "三季度开工"] == [
        {"pass": "同意"}.get(each.value, each.value) for each in said_by_office(asked, NAME, "T001")
    ]


def test_the_agreed_number_of_a_target_stands_in_the_next_workbook(quarter, tmp_path):
    row = "| R1 | 第1项新建学校二季度目标 | 1 | 2 | 提前 |"
    reported(quarter, tmp_path, "2026Q1", "县教育局", f"{ASKING}{row}")
    approve(quarter, tmp_path, "申请", "提前", period="2026Q1", 审批意见="同意")
    assert 2 == cells_of(sent_form(quarter, tmp_path, "2026Q2", "县教育局"), "量化指标")["T001.1"]["二季度目标"]


def test_an_agreed_deadline_stands_for_the_plans_own(quarter, tmp_path):
    reported(quarter, tmp_path, "2026Q1", "县教育局", f"{ASKING}| R1 | 第1项完成时限 | 年底 | 2026年10月底前 | 提前 |")
    approve(quarter, tmp_path, "申请", "提前", period="2026Q1", 审批意见="同意")
    row = cells_of(sent_form(quarter, tmp_path, "2026Q2", "县教育局"), "工作进展")["T001"]
    assert ("2026年10月底前", "2026年10月底前") == (row["完成时限"], facts_of(quarter).tasks[0].deadline)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"任务编号": "T003", "调整的列": "二季度目标", "调整后内容": "慢"}, "request-row"),
        ({"任务编号": "T001", "调整的列": "五季度目标", "调整后内容": "慢"}, "request-column"),
        ({"任务编号": "T001.1", "调整的列": "二季度目标", "调整后内容": "慢"}, "request-value"),
        ({"任务编号": "T001", "调整的列": "二季度目标"}, "request-unfinished"),
        ({}, "request-unfinished"),
    ],
)
def test_a_request_that_names_nothing_or_something_wrong_changes_nothing(asked, tmp_path, cells, code):
    path = ruled(review_file(asked, tmp_path, "2026Q1"), "申请", "进度放缓", {"审批意见": "同意", **cells})
    assert [code] == codes(loaded(asked, path))
    assert ((), set()) == (agreed(asked, NAME), saying(asked))


def test_an_agreed_request_that_is_taken_back_leaves_the_goal_as_it_was(asked, tmp_path):
    approve(asked, tmp_path, "申请", "用地未批", period="2026Q1", 审批意见="同意")
    approve(asked, tmp_path, "申请", "用地未批", period="2026Q1", 审批意见="撤回")
    assert () == agreed(asked, NAME)
    row = cells_of(sent_form(asked, tmp_path, "2026Q2", "县教育局"), "工作进展")["T001"]
    assert "开工" == row["本期目标"]


# --- closing ------------------------------------------------------------------------------------


@pytest.fixture
def closed(quarter, tmp_path):
    """The office agrees that a task is done."""
    reported(quarter, tmp_path, "2026Q1", "县教育局", DONE_Q1)
    approve(quarter, tmp_path, "进展", "建成5所", period="2026Q1", 同意销号="是")
    return quarter


def test_a_closed_task_leaves_later_workbooks_but_not_that_of_its_period(closed, tmp_path):
    assert {"T001": parse_period("2026Q1")} == closed_tasks(closed, NAME)
    assert {"T001", "T002"} <= set(cells_of(sent_form(closed, tmp_path, "2026Q1", "县教育局"), "工作进展"))
    later = cells_of(sent_form(closed, tmp_path, "2026Q2", "县教育局"), "工作进展")
    assert ("T001" in later, "T002" in later) == (False, True)


def test_a_closed_task_stands_in_reports_as_closed_then_and_later(closed, tmp_path):
    sent_form(closed, tmp_path, "2026Q2", "县教育局")
    for period in ("2026Q1", "2026Q2"):
        task = facts_of(closed, period).tasks[0]
        assert ("已销号", "已销号") == (task.verdict.name, task.state_text)
    text = build(closed, NAME, "2026Q2", Settings(), TODAY)
    assert "已销号1项" in text.overview[0]
    assert ["此前已销号的任务有1项：办好第1件事（县教育局）。"] == [
        t for d in text.domains for t in d.tail if "销号" in t
    ]


def test_a_closed_task_is_opened_again_by_taking_the_ruling_back_also_in_a_later_period(closed, tmp_path):
    sent_form(closed, tmp_path, "2026Q2", "县教育局")
    [row] = [row for row in shown(review_file(closed, tmp_path, "2026Q2", "二季度.xlsx"), "进展") if row["序号"] == 1]
    assert ("已于2026年一季度销号", "是") == (row["单位自评"], row["同意销号"])
    approve(closed, tmp_path, "进展", "已于2026年一季度销号", period="2026Q2", 同意销号="撤回")
    assert {} == closed_tasks(closed, NAME)
    assert "T001" in cells_of(sent_form(closed, tmp_path, "2026Q2", "县教育局"), "工作进展")


# --- reports --------------------------------------------------------------------------------------


def test_reports_print_the_offices_words_where_there_are_any(quarter, tmp_path):
    approve(
        quarter,
        tmp_path,
        "进展",
        "选址完成",
        period="2026Q1",
        核定状态="进展滞后",
        报告用语="选址基本完成。",
        审核人="甲",
    )
    text = build(quarter, NAME, "2026Q1", Settings(), TODAY)
    assert "选址基本完成。（县教育局，进展滞后）" == text.domains[0].entries[0].text
    [progress] = (each for each in text.annexes if each.title.endswith("重点任务进展情况表"))
    rows = [row for row in progress.rows if isinstance(row, tuple)]
    assert ("选址基本完成。", "进展滞后") == (rows[0][4], rows[0][5])
    assert "进展滞后1项" in text.overview[0]
    assert any("办好第1件事" in entry.title for entry in text.delays)
    assert "进展滞后的（含经督查核定的）" in text.delays_summary
    assert "拨付一成。" in (rows[1][4] or ""), "where the office said nothing the units' words stand"


def test_the_word_on_the_summing_unit_stands_for_the_task_and_those_on_others_for_their_own(quarter, tmp_path):
    approve(quarter, tmp_path, "进展", "资金未到", period="2026Q1", 核定状态="正常推进", 报告用语="资金陆续到位。")
    task = facts_of(quarter).tasks[1]
    assert "已完成\n（县财政局：正常推进）" == task.state_text
    assert (("县教育局", "拨付一成。"), ("县财政局", "资金陆续到位。")) == task.report_texts
    assert () == task.slow_words
    approve(quarter, tmp_path, "进展", "拨付一成。", period="2026Q1", 报告用语="资金整体到位。")
    task = facts_of(quarter).tasks[1]
    assert (("县教育局、县财政局", "资金整体到位。"),) == task.report_texts


def test_a_word_on_the_second_lead_unit_covers_no_first_one_that_reports_after_it(planned, tmp_path):
    reported(planned, tmp_path, "2026Q1", "县财政局", FINANCE_Q1)
    approve(planned, tmp_path, "进展", "资金未到", period="2026Q1", 核定状态="正常推进", 报告用语="资金陆续到位。")
    assert "正常推进" == task_of(planned).state_text
    reported(planned, tmp_path, "2026Q1", "县教育局", SCHOOL_Q1)
    task = task_of(planned)
    assert "已完成\n（县财政局：正常推进）" == task.state_text
    assert (("县教育局", "拨付一成。"), ("县财政局", "资金陆续到位。")) == task.report_texts


def test_a_word_that_an_older_ledger_keeps_on_the_task_as_a_whole_stands_and_can_be_taken_back(quarter, tmp_path):
    quarter.keep_rulings(NAME, [Ruling(rulings.TASK, rulings.STATE, "进展滞后", "2026Q1", "", "T002")])
    assert ("进展滞后", ("县教育局", "县财政局")) == (task_of(quarter).state_text, task_of(quarter).slow_words)
    approve(quarter, tmp_path, "进展", "拨付一成。", period="2026Q1", 核定状态="撤回")
    assert "已完成\n（县财政局：进展滞后）" == task_of(quarter).state_text


def test_before_a_unit_is_renamed_its_goals_stand_under_its_name_of_the_day(asked, tmp_path):
    approve(asked, tmp_path, "申请", "用地未批", period="2026Q1", 审批意见="同意")
    sent_form(asked, tmp_path, "2026Q2", "县教育局")
    change = PlanChange("unit", {"old": "县教育局", "new": "县教体局"}, date(2026, 5, 1), "机构改革")
    keep_changes(asked, NAME, [change], "变更.xlsx", b"", asked.last_change(NAME))
    goals = {
        row["牵头单位"]: row["本期目标"] for row in shown(review_file(asked, tmp_path, "2026Q1", "再.xlsx"), "进展")
    }
    assert ("拨付一成", "一千万") == (goals["县教育局（汇总单位）"], goals["县财政局"])
    assert "三季度开工" == facts_of(asked, "2026Q2").tasks[0].goal


def task_of(ledger: Ledger):
    """The task that two units lead."""
    return next(task for task in facts_of(ledger).tasks if task.task_id == "T002")


def test_what_the_office_says_of_the_period_stands_in_the_report_its_advice_in_place_of_the_draft(quarter, tmp_path):
    plain = docx.Document(str(report(quarter, NAME, "progress", "2026Q1", tmp_path / "一.docx", today=TODAY)))
    assert not [line.text for line in plain.paragraphs if "亮点" in line.text]
    drafted = [line.text for line in plain.paragraphs if line.text.startswith("1.")][-1]
    for item, words in (("综述", "总体平稳。"), ("亮点", "开局良好。\n资金到位。"), ("建议", "一是加快。\n二是督促。")):
        approve(quarter, tmp_path, "综合", item, period="2026Q1", 内容=words)
    written = docx.Document(str(report(quarter, NAME, "progress", "2026Q1", tmp_path / "二.docx", today=TODAY)))
    lines = [line.text for line in written.paragraphs]
    at = lines.index("一、总体情况")
    assert "总体平稳。" == lines[at + 1]
    assert "主要亮点：开局良好。" in lines
    at = lines.index("六、下一步建议")
    assert ["六、下一步建议", "一是加快。", "二是督促。", ""] == lines[at : at + 4]
    assert drafted not in lines


def test_advice_that_the_offices_own_template_does_not_print_is_told(quarter, tmp_path):
    own = tmp_path / "本局"
    (own / "reports").mkdir(parents=True)
    document = docx.Document(BytesIO(Settings().template("reports/progress.docx")))
    for block in document.element.body[:-1]:
        document.element.body.remove(block)
    for mark in ("title", "intro", "delays_summary", "requests_summary", "date"):
        document.add_paragraph(f"{{{{ {mark} }}}}")
    document.save(str(own / "reports" / "progress.docx"))

    def told(settings: Settings) -> list[str]:
        notes: list[str] = []
        out = tmp_path / f"{len(list(tmp_path.iterdir()))}.docx"
        report(quarter, NAME, "progress", "2026Q1", out, today=TODAY, settings=settings, tell=notes.append)
        return notes

    [note] = told(Settings(own))
    assert note.startswith("模板 reports/progress.docx 里没有标记 ")
    assert "、frame（内部资料标识、红头和版记），" in note, "what stays in the house is not marked as such"
    assert "advice" not in note, "there is none"
    approve(quarter, tmp_path, "综合", "建议", period="2026Q1", 内容="一是加快。")
    assert [] == told(Settings())
    [note] = told(Settings(own))
    assert "advice（下一步建议）" in note


def test_the_ledger_workbook_shows_both_words_side_by_side(quarter, tmp_path):
    approve(quarter, tmp_path, "进展", "选址完成", period="2026Q1", 核定状态="进展滞后", 报告用语="慢。")
    path = report(quarter, NAME, "ledger", "2026Q1", tmp_path / "台账.xlsx", today=TODAY)
    page = openpyxl.load_workbook(path)["任务总表"]
    row = {cell.value: page.cell(4, cell.column).value for cell in page[3]}
    assert ("正常推进", "进展滞后", "慢。", None) == tuple(
        row.get(key) for key in ("单位自评", "督查核定", "报告用语", "销号")
    )


def test_history_tells_what_the_office_said(quarter, tmp_path):
    approve(quarter, tmp_path, "进展", "选址完成", period="2026Q1", 核定状态="进展滞后")
    approve(quarter, tmp_path, "进展", "选址完成", period="2026Q1", 核定状态="撤回")
    assert [("state", "进展滞后"), ("state", "")] == [
        (each.column, each.value) for each in said_by_office(quarter, NAME, "T001")
    ]
    assert () == said_by_office(quarter, NAME, "T002")
