"""The leader's brief: counts, behind, to coordinate, due soon, 批示, on two pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import docx
import pandas as pd
import pypdfium2  # type: ignore[import-untyped]
import pytest

from taskkit.errors import UsageError
from taskkit.plan import make_plan
from taskkit.reports import bulletin, progress, report
from taskkit.reports.brief import Brief, build
from taskkit.roster import Roster, UnitEntry
from taskkit.settings import Settings
from taskkit.stores.directives import Directive
from taskkit.tracking import status
from taskkit.word import ems
from tests.filled import INFO, NAME, PERIOD, fill, ledger_of, plan_of, send
from tests.soffice import resaved
from tests.status_ledger import HOSTILE, TODAY, status_ledger


def brief(ledger, leader=None, settings=None, today=TODAY, period=PERIOD) -> Brief:
    return build(ledger, NAME, period, leader, settings or Settings(), today)


def section(made: Brief, words: str):
    return next(each for each in made.sections if words in each.heading)


@pytest.fixture
def ledger():
    return status_ledger()


def test_it_counts_each_part_by_itself_with_shares(ledger):
    main, annex = section(brief(ledger), "总体情况").opening[:2]

    assert main == (
        "截至2026年6月底，6项重点任务中，已完成1项、占16.7%；正常推进2项、占33.3%；进展滞后1项、占16.7%；"
        "未启动1项、占16.7%；未报送1项、占16.7%。达到序时进度的3项、占50%。"
    )
    assert annex == "截至2026年6月底，1项民生实事全部为“正常推进”。"


def test_who_reported_is_said_period_by_period_as_status_counts_it(ledger):
    main, annex = section(brief(ledger), "总体情况").opening[2:4]
    counted = status(ledger, NAME, PERIOD, TODAY)[0]

    assert "重点任务应报单位4个，已报3个，占75%；未报1个：县民政局。" == main
    assert "民生实事应报单位1个，已报1个，占100%。" == annex
    assert (4, 3, ("县民政局",)) == (counted.asked, counted.returned, counted.missing_units)


def test_a_unit_that_reports_through_another_is_counted_where_it_reports():
    plan = plan_of([["县粮食中心"], ["县教育局"]])
    leaders = pd.Series([["林知远"], ["周牧野"]], index=plan.tasks.index)
    ledger = ledger_of(replace(plan, tasks=plan.tasks.assign(leaders=leaders)))
    ledger.add_roster(NAME, Roster((UnitEntry("县发改局"), UnitEntry("县粮食中心", through="县发改局"))))
    send(ledger, "县发改局", ["T001"])
    send(ledger, "县教育局", ["T002"])

    assert "应报单位1个，已报0个，占0%；未报1个：县发改局。" == section(brief(ledger, "林知远"), "总体情况").opening[1]


def test_nothing_is_said_to_be_unchanged_that_cannot_be_compared():
    ledger = ledger_of(plan_of([["县教育局"]]))
    first = send(ledger, "县教育局", ["T001"], "2026Q1", date(2026, 4, 10))
    fill(ledger, first, {"T001": {"progress": "开工。", "state": "正常推进"}}, date(2026, 4, 8))
    second = send(ledger, "县教育局", ["T001"])
    assert "相比" not in section(brief(ledger), "总体情况").opening[0], "nothing came this time"

    fill(ledger, second, {"T001": {"progress": "封顶。", "state": "正常推进"}})
    assert "与2026年一季度相比，各项任务的完成情况没有变化。" in section(brief(ledger), "总体情况").opening[0]


def test_what_moved_is_what_the_progress_report_and_the_bulletin_say(tmp_path):
    ledger = ledger_of(plan_of([["县教育局"]] * 5))
    tasks = [f"T00{number}" for number in range(1, 6)]
    said = {
        "2026Q1": ("正常推进", "进展滞后", "未启动", "未启动", "正常推进"),
        "2026Q2": ("已完成", "正常推进", "正常推进", "进展滞后", "进展滞后"),
    }
    for period, states in said.items():
        values = {task: {"state": state} for task, state in zip(tasks, states, strict=True)}
        fill(ledger, send(ledger, "县教育局", tasks, period, date(2026, 7, 10)), values)
    report_says = "".join(progress.build(ledger, NAME, "2026Q2", Settings(), TODAY).overview)
    bulletin_says = repr(bulletin.build(ledger, NAME, "2026Q2", Settings(), TODAY))

    assert "新完成1项、已赶上1项、新启动1项、转为滞后2项" in brief(ledger, period="2026Q2").sections[0].opening[0]
    assert "本期转为滞后2项" in report_says
    assert "由滞后赶上序时进度1项" in report_says
    assert "转为滞后2项，占40%；已赶上1项，占20%；新启动1项，占20%；新完成1项，占20%。" in bulletin_says


def test_a_long_name_of_a_unit_is_not_cut():
    unit = "市生态环境局云溪分局"
    ledger = ledger_of(plan_of([[unit, "县教育局"]]))
    fill(
        ledger,
        send(ledger, unit, ["T001"]),
        {"T001": {"state": "进展滞后", "problem": "下雨。", "progress": "推进中。"}},
    )
    rows = section(brief(ledger), "滞后").tables[0].rows

    assert "市生态环境局云溪分局等2个单位" == rows[0][2]


def test_what_is_behind_stands_in_a_table_with_the_reason(ledger):
    behind = section(brief(ledger), "进展滞后")

    assert ("进展滞后或者已经逾期的有重点任务2项。",) == behind.opening
    assert [("1", "办好第2件事", "县教育局", "T002缺钱")] == list(behind.tables[0].rows)[:1]


def test_a_leader_s_brief_holds_that_leader_s_tasks_alone(ledger):
    made = brief(ledger, "林 知远")

    assert made.title.endswith("\n（林知远分管）")
    assert "3项重点任务中" in section(made, "总体情况").opening[0]
    assert "第2件事" not in repr(made), "周牧野's"
    assert made.file_name == "2026年二季度政府工作报告林知远分管任务进展情况专报.docx"


def test_a_name_copied_from_a_pdf_is_the_same_name(ledger):
    assert "（林知远分管）" in brief(ledger, "\uf9f4　知远").title, "a sign for compatibility, and a wide space"


def test_an_unknown_leader_is_told_who_there_is(ledger):
    with pytest.raises(UsageError) as error:
        brief(ledger, "林知运")

    assert "是不是“林知远”" in error.value.advice
    assert "周牧野" in error.value.advice


def test_what_there_is_nothing_of_is_one_sentence_and_no_heading(ledger):
    made = brief(ledger, today=date(2026, 7, 1))

    assert "没有登记批示。" in section(made, "总体情况").opening[-1]
    assert not [each for each in made.sections if "批示" in each.heading]
    assert [each.heading[0] for each in made.sections] == list("一二三四")[: len(made.sections)]


def test_instructions_count_once_however_many_units_they_have(ledger):
    one = Directive("林知远", date(2026, 6, 1), "请抓紧办理。", ("县水务局", "县教育局"), due_on=date(2026, 7, 4))
    ledger.keep_directives(NAME, [one], "批示登记.xlsx", b"x", {})
    made = section(brief(ledger), "批示")

    assert ("登记批示1件：未发出1件；逾期未办结的1件。",) == made.opening
    assert [entry[:2] for entry in made.entries] == ["1.", "2."]
    assert "逾期10天" in made.entries[0]


def test_an_instruction_that_was_given_later_is_none_of_a_brief_on_an_earlier_day(ledger):
    one = Directive("林知远", date(2026, 7, 13), "请抓紧办理。", ("县水务局",))
    ledger.keep_directives(NAME, [one], "批示登记.xlsx", b"x", {})

    assert "登记批示1件" in section(brief(ledger), "批示").opening[0]
    assert "没有登记批示。" in section(brief(ledger, today=date(2026, 7, 12)), "总体情况").opening[-1]


def test_problems_of_parts_are_not_added_up(ledger):
    for unit, period, part, task in (("县教育局", PERIOD, "main", "T002"), ("县民政局", "2026-06", "annex", "A001")):
        book = ledger.workbook(f"W{unit}{period}lead{part}1")
        fill(ledger, book, {task: {"help": "请财政部门拨款。"}}, date(2026, 7, 9))

    assert ("各单位提出需要协调解决的问题有重点任务1个、民生实事1个。",) == section(brief(ledger), "协调").opening


def test_long_texts_of_an_instruction_give_way_to_its_unit_and_date(ledger):
    text = "请水务、教育两个部门把责任落实到人把时间倒排到天确保汛期之前主体工程全部完成并且通过验收。"
    one = Directive(
        "林知远", date(2026, 6, 1), text, ("县水务局",), about="群众来信\n反映的问题", due_on=date(2026, 8, 4)
    )
    ledger.keep_directives(NAME, [one], "批示登记.xlsx", b"x", {})
    (entry,) = section(brief(ledger), "批示").entries

    assert entry.startswith("1.林知远批示（群众来信反映的问题）：请水务、教育两个部门")
    assert entry.endswith("……（县水务局：未发出，8月4日到期，还有21天）。")


def test_a_long_title_that_is_due_soon_is_cut_and_its_unit_is_not():
    title = "推动城乡供水一体化工程向偏远乡镇和自然村延伸覆盖并同步完成老旧管网改造" * 2
    task = {"task_id": "T001", "part": "main", "title": title, "due_on": date(2026, 7, 31)}
    lead = {"task_id": "T001", "unit": "县水务局", "role": "lead", "rank": 1}
    ledger = ledger_of(make_plan(INFO, tasks=[task], assignments=[lead]))
    send(ledger, "县水务局", ["T001"])
    (entry,) = section(brief(ledger), "近期到期").entries

    assert entry.startswith("1.7月31日到期，还有17天：推动城乡供水一体化工程")
    assert entry.endswith("……（县水务局）。")


def test_an_office_words_it_in_its_own_way(ledger, tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "leader.toml").write_text('title = ""\noverview = "总的看"\nreturns = ""\n', encoding="utf-8")
    made = brief(ledger, settings=Settings(tmp_path))

    assert "重点任务、民生实事进展情况专报" == made.title

    assert "一、总的看" == made.sections[0].heading
    assert "应报单位" not in repr(made)


def test_of_what_has_no_figures_the_unit_s_own_reason_is_printed():
    (row, *_) = section(brief(many(3)), "进展滞后").tables[0].rows

    assert row[3].startswith("受连续强降雨影响，施工窗口期比计划少四十天")


def test_a_request_is_cut_to_two_lines():
    (entry, *_) = section(brief(many(3)), "协调").entries

    assert 2 * 28 - 2 >= ems(entry)
    assert entry.endswith("……")


def test_a_heading_that_the_office_leaves_out_is_neither_printed_nor_counted(ledger, tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "leader.toml").write_text('overview = ""\n', encoding="utf-8")
    settings = Settings(tmp_path)
    path = report(ledger, NAME, "leader", PERIOD, tmp_path, settings=settings, today=TODAY)
    lines = [each.text for each in docx.Document(str(path)).paragraphs]

    assert ["", "一、进展滞后的任务"] == [each.heading for each in brief(ledger, settings=settings).sections][:2]
    assert "一、" not in lines


def test_numbers_in_the_text_are_those_of_the_table(tmp_path):
    ledger = many(30)
    made = section(brief(ledger), "进展滞后")
    shown = len(made.tables[0].rows)

    assert 0 < shown < 30
    assert "进展滞后或者已经逾期的有30项。" == made.opening[0]
    assert f"其余{30 - shown}项见任务台账。" == made.more


def many(count: int):
    """So many tasks that are behind, each with a long title, a long reason and something to coordinate."""
    ledger = ledger_of(plan_of([["县教育局"]] * count))
    tasks = [f"T{number:03d}" for number in range(1, count + 1)]
    why = "受连续强降雨影响，施工窗口期比计划少四十天，部分地段征地补偿协议还没有签订，建设资金缺口较大。"
    own = {"state": "进展滞后", "problem": why, "progress": "推进中。", "help": f"请有关部门研究解决：{why}"}
    fill(ledger, send(ledger, "县教育局", tasks), dict.fromkeys(tasks, own))
    return ledger


@pytest.mark.parametrize("count, instructed", [(3, 0), (13, 0), (150, 0), (12, 12)])
def test_it_is_never_more_than_two_pages(count, instructed, tmp_path):
    ledger, wish = many(count), "请" + "对照时限倒排工期，" * 20
    units = ("县教育局", "县水务局")
    written = [Directive("林知远", date(2026, 6, 1), wish, units, due_on=date(2026, 7, 4)) for _ in range(instructed)]
    ledger.keep_directives(NAME, written, "批示登记.xlsx", b"x", {})
    path = report(ledger, NAME, "leader", PERIOD, tmp_path / "专报.docx", today=TODAY)
    (pdf,) = resaved([path], tmp_path / "pdf", "pdf")

    assert 2 >= len(pypdfium2.PdfDocument(pdf))


def test_hostile_texts_arrive_as_texts(tmp_path):
    path = report(status_ledger(hostile=True), NAME, "leader", PERIOD, tmp_path, today=TODAY)
    cells = " ".join(cell.text for table in docx.Document(str(path)).tables for row in table.rows for cell in row.cells)

    assert HOSTILE[1][:9] in cells


def test_it_stays_in_the_house(ledger, tmp_path):
    with pytest.raises(UsageError, match="只供内部使用"):
        report(ledger, NAME, "leader", PERIOD, tmp_path, public=True, today=TODAY)

    path = report(ledger, NAME, "leader", PERIOD, tmp_path, today=TODAY)
    assert "内部资料　注意保存" == docx.Document(str(path)).paragraphs[0].text
    assert not re.search("[A-Za-z]{3}", " ".join(each.text for each in docx.Document(str(path)).paragraphs))
