"""The leader's brief: counts, behind, to coordinate, due soon, 批示, on two pages."""

from __future__ import annotations

import re
from datetime import date

import docx
import pypdfium2  # type: ignore[import-untyped]
import pytest

from taskkit.errors import UsageError
from taskkit.reports import bulletin, progress, report
from taskkit.reports.brief import Brief, build
from taskkit.settings import Settings
from taskkit.stores.directives import Directive
from tests.filled import NAME, PERIOD, fill, ledger_of, plan_of, send
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
    main, annex, returns = section(brief(ledger), "总体情况").opening[:3]

    assert main == (
        "截至2026年6月底，6项重点任务中，已完成1项、占16.7%；正常推进2项、占33.3%；进展滞后1项、占16.7%；"
        "未启动1项、占16.7%；未报送1项、占16.7%。达到序时进度的3项、占50%。"
    )
    assert annex == "截至2026年6月底，1项民生实事全部为“正常推进”。达到序时进度的1项、占100%。"
    assert returns == "应报单位4个，已报3个，占75%；未报1个：县民政局。"


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

    assert "新完成1项、赶上序时进度1项、新启动1项、转为滞后2项" in brief(ledger, period="2026Q2").sections[0].opening[0]
    assert "本期转为滞后2项" in report_says
    assert "由滞后赶上序时进度1项" in report_says
    assert "转为滞后2项，占40%；已赶上1项，占20%；新启动1项，占20%；新完成1项，占20%。" in bulletin_says


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
    assert 1 == len(made.entries)
    assert "（县水务局、县教育局未发出，逾期10天）" in made.entries[0]


def test_a_long_instruction_still_says_how_far_it_is(ledger):
    long = Directive("林知远", date(2026, 6, 1), "请" + "对照时限倒排工期" * 20, ("县水务局",), due_on=date(2026, 7, 4))
    ledger.keep_directives(NAME, [long], "批示登记.xlsx", b"x", {})
    (entry,) = section(brief(ledger), "批示").entries

    assert entry.startswith("1.林知远批示：请对照时限倒排工期")
    assert entry.endswith("……（县水务局未发出，逾期10天）。")


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


def test_an_office_words_it_in_its_own_way(ledger, tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "leader.toml").write_text('overview = "总的看"\nreturns = ""\n', encoding="utf-8")
    made = brief(ledger, settings=Settings(tmp_path))

    assert "一、总的看" == made.sections[0].heading
    assert "应报单位" not in repr(made)


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


@pytest.mark.parametrize("count, instructed", [(3, 0), (12, 0), (150, 0), (12, 12)])
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
