"""How far the tasks are: one set of numbers in the terminal, the workbook and the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from rich.cells import cell_len

from taskkit import read_plan, rulings
from taskkit.assess import Standing
from taskkit.entries import Ruling
from taskkit.errors import InputError, OutputError, UsageError
from taskkit.office.list_book import write_list
from taskkit.receipts import EXCUSED, Receipt
from taskkit.reports import surveying
from taskkit.reports.overview import Overview
from taskkit.reports.status_book import build
from taskkit.reports.status_files import write_html, write_workbook
from taskkit.reports.status_page import write_page
from taskkit.reports.surveying import survey
from taskkit.roster import LeaderEntry, Roster, UnitEntry
from taskkit.settings import Settings
from taskkit.showing_overview import show_overview
from taskkit.stores.directives import Directive
from tests.filled import NAME, PERIOD, fill, ledger_of, send
from tests.status_ledger import TODAY, rule, status_ledger, status_plan


@pytest.fixture
def ledger():
    return status_ledger()


def seen(ledger, **more) -> Overview:
    return survey(ledger, NAME, today=TODAY, **more)


def counts(over: Overview, part: int = 0) -> dict[str, int]:
    return {count.name: count.number for count in over.parts[part].counts if count.number}


def sheet(over: Overview, title: str) -> list[list[object]]:
    book = load_workbook(BytesIO(write_list(build(over))))
    return [list(row) for row in book[title].iter_rows(min_row=3, values_only=True)]


# --- the numbers ---------------------------------------------------------------------------


def test_each_part_is_counted_by_itself_at_its_own_period(ledger):
    over = seen(ledger)
    assert {"已完成": 1, "正常推进": 2, "进展滞后": 1, "未启动": 1, "未报送": 1} == counts(over)
    assert {"正常推进": 1} == counts(over, 1)
    assert [("重点任务", "2026Q2", 50.0), ("民生实事", "2026-06", 50.0)] == [
        (part.label, part.when.text, part.year_share) for part in over.parts
    ]


def test_a_task_counts_for_each_of_its_units_and_leaders_but_once_in_its_section(ledger):
    part = seen(ledger).parts[0]
    assert [("县水务局", 2), ("县财政局", 2), ("县教育局", 2), ("县民政局", 1)] == [
        (g.name, g.whole) for g in part.units
    ]
    assert [("林知远", 3), ("周牧野", 4)] == [(g.name, g.whole) for g in part.leaders]
    assert 6 == sum(group.whole for group in part.sections)


def test_units_and_leaders_stand_in_the_order_of_the_lists_of_the_office(ledger):
    units = tuple(UnitEntry(name) for name in ("县民政局", "县教育局", "县财政局", "县水务局"))
    ledger.add_roster(NAME, Roster(units, (LeaderEntry("周牧野"), LeaderEntry("林知远"))))
    over = seen(ledger)
    assert ["县民政局", "县教育局", "县财政局", "县水务局"] == [row.unit for row in over.units]
    assert ["周牧野", "林知远"] == [group.name for group in over.parts[0].leaders]


def test_what_the_office_judges_is_the_state_that_counts_and_the_units_word_stays_beside_it(ledger):
    rule(ledger, "T004", rulings.STATE, "进展滞后")
    over = seen(ledger)
    task = over.parts[0].tasks[3]
    assert ("进展滞后", "正常推进") == (task.state, task.own[0][1].name)
    assert 2 == counts(over)["进展滞后"]
    assert ["T002", "T004"] == [each.task_id for each in over.parts[0].pressing]


def test_a_task_that_is_late_comes_before_one_that_is_behind_the_longest_late_first(ledger):
    over = seen(ledger)
    behind = over.parts[0].tasks[1]
    late = replace(over.parts[0].tasks[0], days_late=3)
    later = replace(over.parts[0].tasks[5], days_late=9)
    part = replace(over.parts[0], tasks=(late, behind, later))
    assert ["T006", "T001", "T002"] == [task.task_id for task in part.pressing]


def test_a_task_that_is_computed_behind_while_its_unit_says_otherwise_presses_with_the_computed_reason(ledger):
    task = seen(ledger).parts[0].tasks[3]
    assert task.computed is not None
    assert ("正常推进", "进展滞后", True, True) == (task.state, task.computed.name, task.differs, task.presses)
    assert "完成 420个（42.0%），时间进度 50.0%" in task.why
    assert not replace(task, standing=Standing.DONE).presses, "but not where it is done"


@pytest.mark.parametrize(
    ("listed", "today"),
    [
        (["T002"], date(2026, 7, 1)),
        (["T002", "T006"], date(2026, 7, 31)),
        (["T006"], date(2026, 8, 1)),
        ([], date(2026, 5, 1)),
    ],
)
def test_due_soon_is_what_is_not_done_and_has_its_date_within_a_month(ledger, listed, today):
    assert listed == [task.task_id for task in survey(ledger, NAME, today=today).parts[0].soon]


def test_a_target_that_adds_up_has_a_rate_and_a_gap_the_others_only_whether_they_are_met(ledger):
    ratio, places = seen(ledger).parts[0].targets
    assert ("达标", None, None) == (ratio.verdict, ratio.rate, ratio.gap)
    assert ("未达标", 42.0, -8.0, "420个") == (places.verdict, places.rate, places.gap, places.achieved)


def test_every_unit_stands_with_how_it_reported(ledger):
    rows = {row.unit: row for row in seen(ledger).units}
    assert ("按时报送", 2, 2) == (rows["县教育局"].label, rows["县教育局"].filled, rows["县教育局"].asked)
    assert ("未报4天", 2, 1, 1) == (lambda row: (row.label, row.books, row.on_time, row.missing))(rows["县民政局"])


def test_a_month_of_the_annex_stands_beside_the_quarter_that_ends_with_it(ledger):
    over = seen(ledger, period="2026-06")
    assert ("2026-06", ["2026Q2", "2026-06"]) == (over.when.text, [part.when.text for part in over.parts])


def test_before_any_report_was_asked_for_there_is_nothing_to_show():
    ledger = ledger_of(status_plan(hostile=False))
    with pytest.raises(UsageError, match="还没有发出过进展表格"):
        seen(ledger)
    send(ledger, "县教育局", ["T002"], period="plan")
    with pytest.raises(UsageError, match="还没有发出过进展表格"):
        seen(ledger)
    with pytest.raises(UsageError, match="落实方案阶段还没有进展"):
        seen(ledger, period="plan")


# --- for everybody --------------------------------------------------------------------------


def test_a_public_overview_holds_no_problem_phone_or_person_of_a_unit(ledger):
    ledger.add_roster(NAME, Roster((UnitEntry("县水务局", contact="何小溪", phone="0000-8600012"),)))
    over = seen(ledger, public=True)
    page, shown = write_page(over, Settings()).decode(), repr(list(over.tasks))
    for text in ("缺钱", "0000-8600012", "何小溪"):
        assert text in repr(list(seen(ledger).tasks)), "else this test shows nothing"
        assert text not in page + shown
    assert "水厂主体完工，联系人某同志，电话（电话略）。" in page
    assert "林知远" in page, "leaders may be named"
    assert "本页为公开版" in page
    assert "存在问题" not in [cell for row in sheet(over, "任务") for cell in row]


def test_what_the_office_says_of_a_second_lead_unit_stands_in_the_place_of_its_text(ledger):
    for column, value in ((rulings.STATE, "进展滞后"), (rulings.WORDING, "配套资金已到位一半。")):
        ledger.keep_rulings(NAME, [Ruling(rulings.TASK, column, value, PERIOD, "县财政局", "T001")])
    own, public = seen(ledger), seen(ledger, public=True)
    told = dict(zip(*sheet(own, "任务")[:2], strict=True))
    text = "县水务局：水厂主体完工，联系人何小溪，电话0000-8600012。\n县财政局：配套资金已到位一半。"
    assert ("县财政局：进展滞后", text) == (told["督查核定"], told["进展"])
    assert "县财政局：配套资金已到位一半。" in write_page(own, Settings()).decode()
    assert ["县水务局"] == [each.unit for each in next(public.tasks).texts["progress"]]
    assert "县财政局：配套资金已到位一半。" == next(public.tasks).wording


def test_why_a_unit_need_not_report_names_nobody_in_public(ledger):
    reason = "经办人何小溪住院，电话13800000012"
    ledger.add_roster(NAME, Roster((UnitEntry("县水务局", contact="何小溪"),)))
    ledger.correct([Receipt(NAME, "县民政局", PERIOD, EXCUSED, TODAY, reason=reason)])
    said = [[each.said for each in seen(ledger, public=public).units if each.said] for public in (False, True)]
    assert [[reason], ["经办人某同志住院，电话（电话略）"]] == said


def test_what_clerks_write_in_the_place_of_a_name_is_no_name(ledger):
    book = send(ledger, "县水务局", ["T001"], "2026Q1")
    fill(ledger, book, {"T001": {"handler": "待定、暂无、何小溪", "progress": "选址待定。"}})
    ledger.keep_rulings(NAME, [Ruling(rulings.TASK, rulings.WORDING, "厂址待定，何小溪在办。", PERIOD, "", "T001")])
    assert "厂址待定，某同志在办。" == next(seen(ledger, public=True).tasks).wording


@pytest.fixture
def directed(ledger):
    """A 批示 to two units, past its date, of which nobody has said anything."""
    text = "请<b>抓紧</b>办理</script>。"
    one = Directive("林知远", date(2026, 6, 1), text, ("县水务局", "县教育局"), due_on=date(2026, 7, 4))
    ledger.keep_directives(NAME, [one], "批示登记.xlsx", b"x", {})
    return ledger


def test_instructions_of_leaders_stand_on_the_page_and_in_the_workbook_with_each_of_their_units(directed):
    over = seen(directed)
    assert [("B001", "县水务局", 10), ("B001", "县教育局", 10)] == [
        (each.number, each.unit, each.days_late) for each in over.directives
    ]
    page = write_page(over, Settings()).decode()
    assert 2 == page.count("请&lt;b&gt;抓紧&lt;/b&gt;办理&lt;/script&gt;。"), "as text"
    assert 2 == page.count("逾期10天")
    header, *rows = sheet(over, "批示办理")
    assert ["县水务局", "县教育局"] == [row[header.index("承办单位")] for row in rows[:2]]


def test_instructions_of_leaders_are_on_nothing_that_is_public(directed):
    over = seen(directed, public=True)
    assert () == over.directives
    assert "抓紧" not in write_page(over, Settings()).decode()
    assert "批示办理" not in [each.title for each in build(over).sheets]


def test_a_deadline_that_was_agreed_is_the_one_that_is_near(ledger, monkeypatch):
    assert date(2026, 7, 31) == next(task for task in seen(ledger).tasks if task.task_id == "T002").due_on
    agreed = {("县教育局", "T002"): "2026年10月底前"}
    monkeypatch.setattr("taskkit.judging.times.changed_deadlines", lambda _: agreed)
    task = next(task for task in seen(ledger).tasks if task.task_id == "T002")
    assert (date(2026, 10, 31), False) == (task.due_on, task.is_due_soon)


# --- the workbook ---------------------------------------------------------------------------


def test_the_workbook_says_the_same_numbers_parts_apart(ledger):
    header, *rows = sheet(seen(ledger), "总览")
    totals = {row[0]: row for row in rows if row[1] == "合计"}
    assert [6, 1, 2, 1, 1, 1, 16.7] == totals["重点任务"][2:9]
    assert 1 == totals["民生实事"][2]
    assert ["部分", "大类", "任务", "已完成", "正常推进", "进展滞后", "未启动", "未报送", "完成占比（%）"] == header[:9]


def test_the_workbook_lists_every_task_with_its_three_voices(ledger):
    rule(ledger, "T004", rulings.STATE, "进展滞后")
    header, *rows = sheet(seen(ledger), "任务")
    for name in (
        "序号",
        "大类",
        "任务",
        "分管领导",
        "牵头单位",
        "时限",
        "单位自评",
        "系统研判",
        "理由",
        "督查核定",
        "迟几天",
        "进展",
    ):
        assert name in header
    told = dict(zip(header, rows[3], strict=True))
    assert ("正常推进", "进展滞后", "进展滞后") == (told["单位自评"], told["督查核定"], told["完成情况"])
    joint = dict(zip(header, rows[0], strict=True))
    assert "县水务局：正常推进\n县财政局：正常推进" == joint["单位自评"]


def test_the_workbook_has_units_leaders_targets_and_charts(ledger):
    over = seen(ledger)
    book = load_workbook(BytesIO(write_list(build(over))))
    assert ["总览", "任务", "单位", "领导", "指标", "图表"] == book.sheetnames
    assert 3 == len(book["图表"]._charts)
    header, *rows = sheet(over, "指标")
    told = dict(zip(header, rows[1], strict=True))
    assert (42, 50, -8) == (told["完成率（%）"], told["时间进度（%）"], told["差距（百分点）"])
    assert book["任务"].auto_filter.ref


def test_texts_that_begin_like_formulas_stay_texts():
    over = seen(status_ledger(hostile=True))
    book = load_workbook(BytesIO(write_list(build(over))))
    assert "f" not in {cell.data_type for page in book for row in page.iter_rows() for cell in row}


# --- the terminal ---------------------------------------------------------------------------


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_tells_counts_with_shares_and_what_is_behind_and_why(ledger, capsys, monkeypatch, width):
    monkeypatch.setattr("taskkit.console.PIPE_WIDTH", width)
    show_overview(seen(ledger))
    printed = capsys.readouterr().out
    for said in (
        "重点任务（截至2026年二季度，时间进度50%）",
        "占6项的",
        "16.7%",
        "滞后或逾期2项",
        "T002缺钱",
        "1个月内到期2项",
    ):
        assert said in printed
    *lines, how = printed.splitlines()
    assert how.startswith("看全部")
    assert width >= max(map(cell_len, lines))


def test_the_terminal_cuts_a_long_list_and_says_how_to_see_all(ledger, capsys, monkeypatch):
    monkeypatch.setattr("taskkit.showing_overview._MOST", 1)
    show_overview(seen(ledger))
    printed = capsys.readouterr().out
    assert "另有1项未列出" in printed
    assert f"taskkit status {NAME} --period {PERIOD} --html" in printed


# --- the office's own names -------------------------------------------------------------------


STATES = """
[[states]]
name = "未启动"
meaning = "idle"
[[states]]
name = "推进中"
meaning = "normal"
[[states]]
name = "进展滞后"
meaning = "slow"
colour = "#123456"
[[states]]
name = "已完成"
meaning = "done"
[limits]
warnings = ["2周"]
"""


def test_names_colours_and_warnings_in_states_toml_change_terminal_workbook_and_page_alike(ledger, tmp_path, capsys):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "states.toml").write_text(STATES, encoding="utf-8")
    settings = Settings(tmp_path)
    rule(ledger, "T004", rulings.STATE, "推进中")
    over = seen(ledger, settings=settings)
    page = write_page(over, settings).decode()
    show_overview(over)
    for shown in (page, capsys.readouterr().out, repr(sheet(over, "总览"))):
        assert "推进中" in shown
    assert "--c: #123456" in page
    with ZipFile(BytesIO(write_list(build(over)))) as package:
        assert b"123456" in package.read("xl/charts/chart1.xml")
    assert "2周内到期" in page
    show_overview(survey(ledger, NAME, today=date(2026, 7, 20), settings=settings))
    assert "2周内到期1项" in capsys.readouterr().out


# --- files ----------------------------------------------------------------------------------


def test_a_page_that_nobody_changed_is_written_anew_and_one_that_somebody_changed_stays(ledger, tmp_path):
    path = tmp_path / "进展.html"
    assert path == write_html(seen(ledger), path, Settings()).path
    first = path.read_bytes()
    rule(ledger, "T004", rulings.STATE, "进展滞后")
    assert path == write_html(seen(ledger), path, Settings()).path
    assert first != path.read_bytes()
    changed = path.read_bytes().replace("县水务局".encode(), "某水务局".encode())
    path.write_bytes(changed)
    assert path.with_stem("进展（新）") == write_html(seen(ledger), path, Settings()).path
    assert changed == path.read_bytes()


def test_the_same_ledger_and_day_give_the_same_bytes(ledger, tmp_path):
    assert write_page(seen(ledger), Settings()) == write_page(seen(status_ledger()), Settings())
    one, other = (write_workbook(seen(ledger), tmp_path / f"{at}.xlsx").path.read_bytes() for at in "ab")
    assert one == other


def test_a_file_of_another_name_is_refused(ledger, tmp_path):
    with pytest.raises(UsageError, match=r"要以 \.html 结尾"):
        write_html(seen(ledger), tmp_path / "进展.pdf", Settings())
    with pytest.raises(UsageError, match=r"要以 \.xlsx 结尾"):
        write_workbook(seen(ledger), tmp_path / "进展.html")


def test_a_folder_in_the_place_of_the_file_is_refused(ledger, tmp_path):
    (tmp_path / "进展.html").mkdir()
    with pytest.raises(OutputError, match="是文件夹"):
        write_html(seen(ledger), tmp_path / "进展.html", Settings())


def test_the_survey_asks_for_no_clock_but_the_day_it_is_given(ledger):
    assert date(2026, 7, 14) == seen(ledger).today
    assert surveying.survey(ledger, NAME, today=date(2026, 7, 9)).units[3].label == "未到期"


def test_a_workbook_to_be_looked_at_is_read_as_no_plan(ledger, tmp_path):
    path = tmp_path / "一览.xlsx"
    write_workbook(seen(ledger), path)
    with pytest.raises(InputError, match=r"“一览\.xlsx”是 taskkit 生成的报表，不是分工方案"):
        read_plan(path)
