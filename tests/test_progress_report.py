"""The progress report: plain data first, then the document, read back with python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document

from taskkit.errors import OutputError, TemplateError, UsageError
from taskkit.ledger import Ledger
from taskkit.office.docx_table import Band
from taskkit.reports import find_kind, report
from taskkit.reports.progress import ProgressReport, build
from taskkit.reports.wording import heading, short
from taskkit.settings import Settings
from taskkit.word import Annex
from tests.filled import INFO, NAME, PERIOD, fill, ledger_of, plan_of, send

TODAY = date(2026, 7, 15)
NASTY = "新增<b>3</b>家 & “A&amp;B”；{{ title }} {% if x %} {_{ 7 }_}\t=1+1\n第二行　末尾"


@pytest.fixture
def ledger():
    """Four tasks: on course (two leads), slow with a reason, slow without, and one whose unit is silent."""
    plan = plan_of(
        [["县水务局", "县财政局"], ["县教育局"], ["县水务局"], ["县民政局"]],
        targets=[{"task_id": "T002", "target_id": f"T002.{n}", "op": ">=", "value": 1.0, "unit": "所"} for n in (1, 2)],
        goals=[{"task_id": "T002", "stage": "二季度", "text": "主体封顶"}],
    )
    ledger = ledger_of(plan)
    water = send(ledger, "县水务局", ["T001", "T003"])
    money = send(ledger, "县财政局", ["T001"])
    school = send(ledger, "县教育局", ["T002", "T002.1", "T002.2"])
    send(ledger, "县民政局", ["T004"])
    fill(
        ledger,
        water,
        {
            "T001": {"progress": "水库主体完工。", "state": "正常推进"},
            "T003": {"state": "进展滞后", "problem": "无"},
        },
    )
    fill(ledger, money, {"T001": {"progress": "资金拨付60%", "state": "进展滞后", "problem": "上级资金未到"}})
    fill(
        ledger,
        school,
        {
            "T002": {
                "progress": "完成三层。",
                "state": "进展滞后",
                "problem": "雨水多",
                "next_step": "倒排工期",
                "help": "请县自然资源局办理用地手续",
            },
            "T002.1": {"achieved": "1"},
        },
        date(2026, 7, 12),
    )
    return ledger


def built(ledger: Ledger, today: date = TODAY) -> ProgressReport:
    return build(ledger, NAME, PERIOD, Settings(), today)


def texts(content: ProgressReport) -> str:
    """All the running text of a report (the annex aside)."""
    return repr({key: value for key, value in asdict(content).items() if key != "annexes"})


def lines_of(path: Path) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]


def headings_of(path: Path) -> list[str]:
    paragraphs = docx.Document(str(path)).paragraphs
    return [each.text for each in paragraphs if each.style and each.style.name == "一级标题"]


def task_table(content: ProgressReport) -> Annex:
    """进展表 of the main part."""
    return next(annex for annex in content.annexes if "重点任务进展情况表" in annex.title)


def task_rows(content: ProgressReport) -> list[tuple[str | None, ...]]:
    """Its rows, without the bands."""
    return [row for row in task_table(content).rows if not isinstance(row, Band)]


def cells_of(path: Path, table: int = 0) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[table].rows]


# --- what it says ---------------------------------------------------------------------


def test_the_overview_counts_tasks_units_and_targets_with_their_shares(ledger):
    content = built(ledger)
    tasks, units = content.overview
    assert tasks.startswith(
        "截至2026年6月底，4项重点任务中，正常推进1项、占25%；进展滞后2项、占50%；未报送1项、占25%。"
    )
    assert units.startswith("应报单位4个，已报3个、占75%，其中按时2个、迟报1个。")
    assert content.targets[-1].startswith("应填报量化指标2个，已填报1个、占50%。")


def test_the_numbers_in_the_text_are_those_of_the_annex(ledger):
    content = built(ledger)
    rows = task_rows(content)
    states = [str(row[5]).split("\n")[0] for row in rows]
    for name in set(states):
        assert f"{name}{states.count(name)}项" in content.overview[0]


def test_each_section_of_the_plan_is_a_group_of_paragraphs_with_a_heading_of_its_own_number(ledger):
    first, second = built(ledger).domains
    assert ("一", "聚力稳增长", "二", "聚力惠民生") == (first.number, first.title, second.number, second.title)
    assert "共3项任务，其中正常推进1项，进展滞后2项。" == first.summary
    assert "共1项任务，为“未报送”。" == second.summary


def test_progress_is_told_in_reading_order_with_the_unit_that_wrote_it(ledger):
    first, second = built(ledger).domains[0].entries
    assert (1, "办好第1件事。", "水库主体完工。（县水务局，正常推进）") == (first.number, first.title, first.text)
    assert ("资金拨付60%。（县财政局，进展滞后）",) == first.more, "the second lead unit keeps its own text"
    assert "完成三层。（县教育局，进展滞后）" == second.text


def test_tasks_without_a_text_are_named_shortly_not_updated_and_not_reported_apart(ledger):
    first, second = built(ledger).domains
    assert ("报送单位未更新进展的任务有1项：办好第3件事（县水务局）。",) == first.tail
    assert ("尚未报送进展的任务有1项：办好第4件事（县民政局）。",) == second.tail


def test_every_slow_task_stands_with_its_problem_and_what_comes_next(ledger):
    content = built(ledger)
    delays = {entry.number: (entry.title, entry.text) for entry in content.delays}
    assert ("办好第2件事", "（县教育局）。存在问题：雨水多。下一步措施：倒排工期（没有写明完成时间）。") == delays[2]
    assert ("办好第3件事", "（县水务局）。没有说明原因。没有提出下一步措施。") == delays[3]


def test_but_a_second_lead_unit_that_is_slow_is_listed_and_not_counted_as_the_tasks_state(ledger):
    content = built(ledger)
    assert "（县财政局）。存在问题：上级资金未到。没有提出下一步措施。" == content.delays[0].text
    assert "重点任务3项。其中1项的首位牵头单位没有滞后，是共同牵头单位滞后。" in content.delays_summary


def test_two_lead_units_that_are_both_slow_are_one_task_and_two_entries():
    ledger = ledger_of(plan_of([["县水务局", "县财政局"]]))
    for unit in ("县水务局", "县财政局"):
        fill(ledger, send(ledger, unit, ["T001"]), {"T001": {"state": "进展滞后", "problem": f"{unit}缺人"}})
    content = built(ledger)
    assert "本期进展滞后的有重点任务1项。几个牵头单位都滞后的，分别列出。" == content.delays_summary
    assert 2 == len(content.delays)


def test_what_needs_coordination_stands_with_the_unit_that_asks(ledger):
    content = built(ledger)
    assert "本期有1个单位提出需要协调解决的问题1个。" == content.requests_summary
    assert [("县教育局。", "请县自然资源局办理用地手续。（涉及：办好第2件事）")] == [
        (each.title, each.text) for each in content.requests
    ]


def test_late_and_missing_units_are_named(ledger):
    assert (
        "应报单位4个，已报3个、占75%，其中按时2个、迟报1个。迟报的有县教育局（迟2天）。未报1个：县民政局。"
        == built(ledger).overview[-1]
    )


def test_but_no_unit_is_blamed_before_its_date_has_come(ledger):
    text = texts(built(ledger, date(2026, 7, 9)))
    assert "未报1个" not in text
    assert "报送期限未到、尚待报送1个：县民政局。" in text


def test_the_goal_is_what_the_unit_promised_else_what_the_plan_prints(ledger):
    promise = send(ledger, "县水务局", ["T003"], "plan")
    fill(ledger, promise, {"T003": {"二季度目标": "清淤20公里"}})
    goals = [row[3] for row in task_rows(built(ledger))]
    assert ["", "主体封顶", "清淤20公里", ""] == goals


def test_the_annex_keeps_every_text_several_lead_units_each_under_its_name(ledger):
    rows = task_rows(built(ledger))
    assert "县水务局：水库主体完工。\n县财政局：资金拨付60%" == rows[0][4]
    assert "正常推进\n（县财政局：进展滞后）" == rows[0][5]
    assert "完成三层。" == rows[1][4]
    assert ["正常推进", "进展滞后", "进展滞后", "未报送"] == [str(row[5]).split("\n")[0] for row in rows]


def test_a_support_units_text_stands_in_the_annex_too(ledger):
    helper = send(ledger, "县供电局", ["T002"], role="support")
    fill(ledger, helper, {"T002": {"progress": "完成配电。"}})
    rows = task_rows(built(ledger))
    assert "县教育局：完成三层。\n县供电局（配合）：完成配电。" == rows[1][4]


def test_sections_and_groups_are_bands_and_a_group_of_the_same_name_is_one_anew(ledger):
    bands = [row.text for row in task_table(built(ledger)).rows if isinstance(row, Band)]
    assert ["一、聚力稳增长（共2大项）", "（一）稳住市场主体", "二、聚力惠民生", "（一）办好教育"] == bands


def test_the_parts_of_a_plan_are_never_added_up():
    plan = plan_of(
        [["县水务局"]],
        tasks=[{"task_id": "A001", "part": "annex", "no": 1, "group": "一、学位", "title": "新增学位300个"}],
        assignments=[{"task_id": "A001", "unit": "县教育局", "role": "lead", "rank": 1}],
    )
    ledger = ledger_of(plan)
    fill(ledger, send(ledger, "县水务局", ["T001"]), {"T001": {"progress": "已开工。", "state": "正常推进"}})
    assert 3 == len(built(ledger).annexes), "a part that the period does not ask for is left out"
    fill(ledger, send(ledger, "县教育局", ["A001"], part="annex"), {"A001": {"progress": "已招生。"}})
    content = built(ledger)
    assert content.overview[0].startswith("截至2026年6月底，1项重点任务全部为“正常推进”。")
    assert content.overview[1].startswith("截至2026年6月底，1项民生实事全部为“未注明”。")
    assert "2026年二季度《政府工作报告》\n重点任务进展情况的报告" == content.title
    assert ("附件1", "附件2", "附件3", "附件4") == tuple(annex.label for annex in content.annexes)
    assert ("附件：1.2026年二季度重点任务进展情况表", "　　　4.2026年二季度民生实事进展情况表") == content.annex_list[
        ::3
    ]
    assert "民生实事" == content.domains[-1].title


def test_a_period_that_asks_for_an_annex_alone_reports_on_that(tmp_path):
    plan = plan_of(
        [["县水务局"]],
        tasks=[{"task_id": "A001", "part": "annex", "no": 1, "group": "一、学位", "title": "新增学位300个"}],
        assignments=[{"task_id": "A001", "unit": "县教育局", "role": "lead", "rank": 1}],
    )
    ledger = ledger_of(plan)
    send(ledger, "县教育局", ["A001"], part="annex", period="2026-05")
    path = report(ledger, NAME, period="2026-05", out=tmp_path, today=TODAY)
    assert "2026年5月政府工作报告民生实事进展情况报告.docx" == path.name
    assert "2026年5月《政府工作报告》\n民生实事进展情况的报告" == lines_of(path)[2]


def test_a_ledger_in_which_nothing_came_back_says_so_in_sentences():
    ledger = ledger_of(plan_of([["县水务局"], ["县教育局"]]))
    send(ledger, "县水务局", ["T001"])
    send(ledger, "县教育局", ["T002"])
    content = built(ledger)
    assert "截至2026年6月底，2项重点任务全部为“未报送”。" == content.overview[0]
    assert "应报单位2个，目前均未收到。未报2个：县水务局、县教育局。" == content.overview[1]
    assert ("本期没有要求填报量化指标。",) == content.targets
    assert "本期没有进展滞后的事项。" == content.delays_summary
    assert "本期没有单位提出需要协调解决的问题。" == content.requests_summary
    assert [("按时完整报送。", "请县水务局、县教育局抓紧补报2026年二季度进展情况。")] == [
        (each.title, each.text) for each in content.drafts
    ]


def test_an_office_that_renames_its_states_reads_its_own_names(tmp_path, ledger):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "states.toml").write_text(
        '[[states]]\nname = "绿灯"\nmeaning = "normal"\n[[states]]\nname = "进展滞后"\nmeaning = "slow"\n', "utf-8"
    )
    overview = build(ledger, NAME, PERIOD, Settings(tmp_path), TODAY).overview[0]
    assert "进展滞后2项" in overview
    assert "绿灯1项" in overview, "a word of another set is called as the office calls it now"


@pytest.mark.parametrize(
    ("expected", "title"),
    [
        ("办好一件事", "办好一件事。"),
        (
            "打响“云上溪谷，天下一家”文旅品牌等",
            "打响“云上溪谷，天下一家”文旅品牌，全年接待游客420万人次，旅游综合收入突破30亿元。",
        ),
        (
            "加快建设（含一期、二期，三期）园区等",
            "加快建设（含一期、二期，三期）园区，引进企业二十家以上并全部开工投产达效。",
        ),
    ],
)
def test_a_long_title_is_named_by_its_first_clause_but_never_cut_inside_brackets(expected, title):
    assert expected == short(title)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("持之以恒主攻工业", "一、持之以恒主攻工业（13项）"),
        ("聚力固根基", "一、聚力固根基（共 4 大项）"),
        ("工业（含建筑业）", "（三）工业（含建筑业）"),
    ],
)
def test_a_heading_loses_its_old_number_and_count(expected, text):
    assert expected == heading(text)


# --- the document ---------------------------------------------------------------------


def test_the_document_holds_what_was_built_in_the_order_of_the_sections(ledger, tmp_path):
    path = report(ledger, NAME, out=tmp_path, today=TODAY)
    assert "2026年二季度政府工作报告重点任务进展情况报告.docx" == path.name
    lines = lines_of(path)
    assert "2026年二季度《政府工作报告》\n重点任务进展情况的报告" == lines[2]
    assert ["内部资料　注意保存", ""] == lines[:2]
    assert [
        *("一、总体情况", "二、主要指标", "三、各领域进展"),
        *("四、滞后事项及原因", "五、需协调解决的问题", "六、下一步建议"),
    ] == headings_of(path)
    assert "1.办好第1件事。水库主体完工。（县水务局，正常推进）" in lines
    assert ["云溪县人民政府", "2026年7月15日"] == lines[lines.index("云溪县人民政府") :][:2]
    assert not [line for line in lines if "{" in line or "}" in line]


def test_the_annex_is_a_table_with_a_repeated_header_and_rows_that_stay_whole(ledger, tmp_path):
    document = docx.Document(str(report(ledger, NAME, out=tmp_path, today=TODAY)))
    table = document.tables[1]
    header = [cell.text for cell in table.rows[0].cells]
    assert ["序号", "工作任务", "牵头单位", "本期目标", "本期进展", "完成情况"] == header
    assert 1 == len(table._tbl.xpath("./w:tr[w:trPr/w:tblHeader]"))
    assert len(table.rows) == len(table._tbl.xpath("./w:tr[w:trPr/w:cantSplit]"))
    assert table._tbl.xpath("./following-sibling::*[1][self::w:p]"), "a table is always followed by a paragraph"
    assert 225 == round(sum(column.width.mm for column in table.columns if column.width))


def test_a_row_too_tall_for_a_page_may_break(tmp_path):
    ledger = ledger_of(plan_of([["县水务局"]]))
    fill(ledger, send(ledger, "县水务局", ["T001"]), {"T001": {"progress": "长" * 3000}})
    path = report(ledger, NAME, out=tmp_path, today=TODAY)
    table = docx.Document(str(path)).tables[0]
    assert "长" * 3000 == table.rows[-2].cells[4].text
    assert not table.rows[-2]._tr.xpath("./w:trPr/w:cantSplit")


def test_whatever_a_clerk_typed_arrives_as_text(tmp_path):
    ledger = ledger_of(plan_of([["县水务局"]]))
    book = send(ledger, "县水务局", ["T001"])
    typed = dict.fromkeys(("progress", "problem", "help", "next_step"), NASTY)
    fill(ledger, book, {"T001": {**typed, "state": "进展滞后"}})
    path = report(ledger, NAME, out=tmp_path, today=TODAY)
    assert NASTY == cells_of(path)[-1][4]
    assert [NASTY, NASTY] == cells_of(path, table=1)[-1][4:]
    first, second = NASTY.split("\n")
    lines = lines_of(path)
    assert f"1.办好第1件事。{first}。" in lines
    assert f"{second}。（县水务局，进展滞后）" in lines
    assert f"1.办好第1件事（县水务局）。存在问题：{first}" in lines
    assert f"1.县水务局。{first}" in lines


def test_characters_that_xml_cannot_hold_are_dropped_and_odd_line_breaks_are_breaks(tmp_path):
    ledger = ledger_of(plan_of([["县水务局"]]))
    fill(ledger, send(ledger, "县水务局", ["T001"]), {"T001": {"progress": "甲\x00\x07乙\v丙\r\n丁\ufffe\ufdd1"}})
    assert "甲乙\n丙\n丁" == cells_of(report(ledger, NAME, out=tmp_path, today=TODAY))[-2][4]


def test_a_report_on_an_empty_ledger_is_whole(tmp_path):
    ledger = ledger_of(plan_of([["县水务局"]], info=replace(INFO, issuer=None, title=None)))
    send(ledger, "县水务局", ["T001"])
    lines = lines_of(report(ledger, NAME, out=tmp_path, today=TODAY))
    assert "现将2026年二季度（1—6月）重点任务进展情况报告如下。" in lines
    assert "None" not in "".join(lines)


def test_a_plan_that_does_not_come_from_a_government_work_report_is_not_said_to(tmp_path):
    ledger = ledger_of(plan_of([["县水务局"]], info=replace(INFO, title="2026年重点工作分工方案")))
    send(ledger, "县水务局", ["T001"])
    path = report(ledger, NAME, out=tmp_path, today=TODAY)
    assert ("2026年二季度重点任务进展情况报告.docx", "2026年二季度重点任务进展情况的报告") == (
        path.name,
        lines_of(path)[2],
    )


def test_the_same_ledger_gives_the_same_bytes_and_no_login_or_clock_gets_in(ledger, tmp_path):
    one = report(ledger, NAME, out=tmp_path / "一", today=TODAY).read_bytes()
    assert one == report(ledger, NAME, out=tmp_path / "二", today=TODAY).read_bytes()
    core = docx.Document(io.BytesIO(one)).core_properties
    assert ("云溪县人民政府", "云溪县人民政府") == (core.author, core.last_modified_by)
    assert (TODAY, TODAY) == (core.created.date(), core.modified.date())
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {(1980, 1, 1, 0, 0, 0)} == {entry.date_time for entry in archive.infolist()}


# --- where it goes --------------------------------------------------------------------


def test_without_a_period_the_latest_reporting_period_is_taken(ledger, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    send(ledger, "县教育局", ["T002"], "plan")
    path = report(ledger, NAME, "quarterly", today=TODAY)
    assert Path("output") / NAME / "2026Q2" == path.parent


def test_a_period_in_which_nothing_was_issued_is_refused_with_those_that_were(ledger, tmp_path):
    with pytest.raises(UsageError, match=r"2026Q1.*2026Q2"):
        report(ledger, NAME, period="2026Q1", out=tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_a_plan_for_which_only_goals_were_asked_has_no_progress_yet(tmp_path):
    ledger = ledger_of(plan_of([["县水务局"]]))
    with pytest.raises(UsageError, match="还没有发出过表格"):
        report(ledger, NAME, out=tmp_path)
    send(ledger, "县水务局", ["T001"], "plan")
    with pytest.raises(UsageError, match="只发出过落实方案"):
        report(ledger, NAME, out=tmp_path)
    with pytest.raises(UsageError, match="还没有进展"):
        report(ledger, NAME, period="plan", out=tmp_path)


def test_an_unknown_kind_is_refused_with_the_list_and_a_guess():
    assert find_kind("monthly") is find_kind("progress")
    with pytest.raises(UsageError, match=r"progres.*是不是想写“progress”.*进展情况报告"):
        find_kind("progres")


def test_a_report_that_nobody_touched_is_replaced(ledger, tmp_path):
    first = report(ledger, NAME, out=tmp_path, today=TODAY)
    second = report(ledger, NAME, out=tmp_path, today=date(2026, 7, 16))
    assert first == second
    assert [second] == list(tmp_path.iterdir())


def test_but_one_that_a_person_changed_is_kept_and_the_new_one_stands_beside_it(ledger, tmp_path):
    first = report(ledger, NAME, out=tmp_path, today=TODAY)
    document = docx.Document(str(first))
    document.paragraphs[2].text = "改过的开头"
    document.save(str(first))
    second = report(ledger, NAME, out=tmp_path, today=TODAY)
    assert f"{first.stem}（新）.docx" == second.name
    assert "改过的开头" in lines_of(first)
    assert second == report(ledger, NAME, out=tmp_path, today=TODAY), "and that one may be replaced"


def test_a_file_of_that_name_may_be_given(ledger, tmp_path):
    assert tmp_path / "报告.docx" == report(ledger, NAME, out=tmp_path / "报告.docx", today=TODAY)


def test_a_file_that_is_open_elsewhere_is_reported_and_nothing_is_left_behind(ledger, tmp_path, monkeypatch):
    def refuse(self, target):
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match="请先关闭"):
        report(ledger, NAME, out=tmp_path, today=TODAY)
    assert [] == list(tmp_path.iterdir())


# --- an office's own template ---------------------------------------------------------


def own_template(folder: Path, change: Callable[[Document], object]) -> Settings:
    document = docx.Document(io.BytesIO(Settings().template("reports/progress.docx")))
    change(document)
    (folder / "reports").mkdir()
    document.save(str(folder / "reports" / "progress.docx"))
    return Settings(folder)


def test_an_office_can_change_the_template_in_word(ledger, tmp_path):
    def change(document: Document) -> None:
        document.paragraphs[0].insert_paragraph_before("内部资料　第{{ period }}期")

    settings = own_template(tmp_path, change)
    path = report(ledger, NAME, out=tmp_path / "out", settings=settings, today=TODAY)
    assert "内部资料　第2026年二季度期" == lines_of(path)[0]


def test_a_mark_in_the_header_of_a_page_is_filled_as_text_too(tmp_path):
    issuer = "云溪县{_{人民}_}政府 & <办>"
    ledger = ledger_of(plan_of([["县水务局"]], info=replace(INFO, issuer=issuer)))
    send(ledger, "县水务局", ["T001"])

    def change(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ issuer }}"

    settings = own_template(tmp_path, change)
    path = report(ledger, NAME, out=tmp_path / "out", settings=settings, today=TODAY)
    assert issuer == docx.Document(str(path)).sections[0].header.paragraphs[0].text


@pytest.mark.parametrize(
    ("message", "mark"),
    [("不认识的标记“titel”", "{{ titel }}"), ("写坏的标记", "{{ title"), ("写坏的标记", "{%p for x in %}")],
)
def test_a_bad_mark_in_a_template_is_named_and_no_file_is_written(ledger, tmp_path, message, mark):
    settings = own_template(tmp_path, lambda document: document.add_paragraph(mark))
    with pytest.raises(TemplateError, match=message):
        report(ledger, NAME, out=tmp_path / "out", settings=settings, today=TODAY)
    assert not (tmp_path / "out").exists()


def test_a_template_cannot_reach_into_the_program(ledger, tmp_path):
    settings = own_template(tmp_path, lambda document: document.add_paragraph("{{ ''.__class__.__mro__ }}"))
    with pytest.raises(TemplateError):
        report(ledger, NAME, out=tmp_path / "out", settings=settings, today=TODAY)


def test_a_template_that_is_no_word_file_is_refused(ledger, tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "progress.docx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(TemplateError):
        report(ledger, NAME, out=tmp_path / "out", settings=Settings(tmp_path), today=TODAY)
