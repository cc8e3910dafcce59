"""What a unit's workbook holds: from plan and earlier values to lines, and from lines to cells in the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from taskkit.book import Report
from taskkit.columns import request_row
from taskkit.issuing.relaying import with_reports
from taskkit.office.filling import Formula, fill
from taskkit.periods import Period, parse_period
from taskkit.plan import QUARTERS, Plan, PlanInfo, make_plan
from taskkit.settings import Settings
from taskkit.workbook import (
    Ask,
    Book,
    BookSheet,
    Kept,
    Line,
    PlanIndex,
    build_book,
    filling,
    full_name,
    plain_text,
    rate_formula,
    sent_cells,
)

MONTHS = tuple(f"{month}月" for month in range(1, 13))
STATES = ("未启动", "正常推进", "进展滞后", "已完成")


def plan_of(stages: Sequence[str] = QUARTERS) -> Plan:
    """Three tasks: one with targets and printed goals, one in another section, one that 县教育局 supports."""
    info = PlanInfo(
        title="2026年分工方案", issuer="云溪县人民政府", year=2026, stages=tuple(stages), source="云溪.docx"
    )
    tasks: list[dict[str, Any]] = [
        {"no": 1, "title": "增加学位", "measures": "新建4所学校。", "section": "一、民生", "group": "（一）教育"},
        {"no": 2, "title": "改造食堂", "deadline": "2026年12月底前", "section": "一、民生", "group": "（二）安全"},
        {"no": 3, "title": "修建公园", "section": "二、城建", "group": "（一）公园"},
    ]
    targets: list[dict[str, Any]] = [
        {"text": "学位2000个", "indicator": "新增学位", "op": ">=", "value": 2000.0, "unit": "个", "kind": "count"},
        {"text": "巩固率96.5%", "indicator": "巩固率", "op": ">=", "value": 96.5, "unit": "%", "kind": "ratio"},
        {"text": "提高质量", "indicator": "质量", "kind": "count"},
    ]
    units = [("T001", "县教育局", "lead"), ("T002", "县教育局", "lead"), ("T003", "县林业局", "lead")]
    units += [("T001", "县财政局", "support"), ("T003", "县教育局", "support")]
    return make_plan(
        info,
        tasks=[{"task_id": f"T{row['no']:03d}", "part": "main", "leaders": ["李某"], **row} for row in tasks],
        assignments=[{"task_id": task, "unit": unit, "role": role, "rank": 1} for task, unit, role in units],
        targets=[{"task_id": "T001", "target_id": f"T001.{at}", **row} for at, row in enumerate(targets, 1)],
        goals=[{"task_id": "T001", "stage": stages[0], "text": "开工"}],
    )


def book_of(
    period: str = "2026Q2", role: str = "lead", kept: Kept | None = None, stages: Sequence[str] = QUARTERS, **more: Any
) -> Book:
    ask = Ask("县教育局", role, "main", parse_period(period), **more)
    book = build_book(PlanIndex(plan_of(stages)), ask, kept or Kept(), STATES)
    assert book is not None
    return book


def sheet_of(book: Book, title: str) -> BookSheet:
    return next(sheet for sheet in book.sheets if sheet.title == title)


def lines(book: Book, title: str) -> dict[str, Line]:
    return {line.row_id: line for line in sheet_of(book, title).lines}


def filled(book: Book) -> openpyxl.Workbook:
    name = "plan" if book.ask.period.kind == "plan" else "progress"
    template = Settings().template(f"workbooks/{name}.xlsx")
    return openpyxl.load_workbook(BytesIO(fill(template, filling(book, "云溪", "WAAAABBBB", 1))))


def shown(book: Book, title: str) -> list[list[str]]:
    """The texts of each row's cells in columns that are in sight."""
    sheet = filled(book)[title]
    hidden = {at for each in sheet.column_dimensions.values() if each.hidden for at in range(each.min, each.max + 1)}
    return [[str(cell.value) for cell in row if cell.column not in hidden and cell.value] for row in sheet]


def printed_width(sheet: Any) -> float:
    """The width of what is printed, in characters."""
    _, _, last, _ = range_boundaries(sheet.print_area.rpartition("!")[2])
    shown = [each for each in sheet.column_dimensions.values() if not each.hidden and each.min <= last]
    return sum(float(each.width) * (min(int(each.max), int(last)) - int(each.min) + 1) for each in shown)


# --- who and what ------------------------------------------------------------------------


def test_a_unit_with_nothing_to_report_gets_no_workbook():
    ask = Ask("县财政局", "lead", "main", parse_period("2026Q2"))
    assert build_book(PlanIndex(plan_of()), ask, Kept(), STATES) is None


def test_a_book_holds_the_units_own_tasks_sheet_by_sheet():
    book = book_of(role="all")
    assert {
        "工作进展": ["T001", "T002"],
        "量化指标": ["T001.1", "T001.2"],
        "配合任务": ["T003"],
        "调整申请": ["R1", "R2", "R3"],
    } == {sheet.title: [line.row_id for line in sheet.lines] for sheet in book.sheets}
    assert [True, False, False, False] == [sheet.signed for sheet in book.sheets]
    assert 3 == book.tasks


def test_requests_are_asked_of_lead_units_in_reporting_periods_with_ids_of_their_own_for_each_part():
    assert "调整申请" not in [sheet.title for sheet in book_of("plan").sheets]
    assert "调整申请" not in [sheet.title for sheet in book_of(role="support").sheets]
    assert {"R1", "R2", "R3"} == set(lines(book_of(), "调整申请"))
    assert "R1-annex2" == request_row(1, "annex2")


def test_reports_of_support_units_make_no_other_content_and_count_as_no_task():
    book = book_of()
    index = PlanIndex(plan_of())
    told = with_reports(
        book, index, (Report("T001", "县财政局", "=拨款", "无"), Report("T001", "县林业局", "让地", ""))
    )
    assert ["T001/1", "T001/2"] == list(lines(told, "配合单位进展"))
    assert book.tasks == told.tasks
    assert not any(line.open for line in lines(told, "配合单位进展").values())
    assert book == with_reports(book, index, ())


def test_what_another_workbook_asks_for_is_not_in_it():
    assert ["配合任务"] == [sheet.title for sheet in book_of(role="all", without=("T001", "T002")).sheets]


def test_support_rows_hold_who_leads_and_ask_for_progress_and_problems_alone():
    sheet = sheet_of(book_of(role="support"), "配合任务")
    assert "序号 工作任务 牵头单位 本期进展 存在问题".split() == [field.column.header for field in sheet.fields]
    [line] = sheet.lines
    assert ("县林业局", ("progress", "problem")) == (line.cells["lead_units"], line.open)


def test_in_a_plan_the_tasks_that_a_unit_supports_follow_under_a_band_of_their_own():
    listed = lines(book_of("plan", "all"), "落实方案")
    assert ["一、民生", "一、民生", "配合任务　二、城建"] == [listed[f"T00{at}"].section for at in (1, 2, 3)]


def test_bands_stand_where_section_or_group_changes():
    texts = [text for row in shown(book_of(), "工作进展") for text in row[:1]]
    assert ["一、民生", "（一）教育", "1", "（二）安全", "2"] == texts[3:8]


# --- what is there already ---------------------------------------------------------------


def test_a_goal_is_what_the_unit_promised_else_what_the_plan_prints():
    assert "开工" == lines(book_of("2026Q1"), "工作进展")["T001"].cells["stage_goal"]
    kept = Kept(goals={("T001", "一季度目标"): "主体封顶", ("T001", "二季度目标"): "竣工"})
    cells = lines(book_of("2026Q2", kept=kept), "工作进展")["T001"].cells
    assert ("竣工", "主体封顶") == (cells["stage_goal"], cells["goal1"])


def test_in_the_plan_period_printed_goals_are_there_to_go_on_from():
    line = lines(book_of("plan"), "落实方案")["T001"]
    assert ("开工", "") == (line.cells["goal1"], line.cells["goal2"])
    assert {"goal1", "goal2", "goal3", "goal4"} <= set(line.open)


def test_the_deadline_is_open_only_where_the_plan_states_none():
    listed = lines(book_of("plan"), "落实方案")
    assert "deadline" in listed["T001"].open
    assert "deadline" not in listed["T002"].open
    kept = Kept(goals={("T001", "完成时限"): "10月底前"})
    assert "10月底前" == lines(book_of(kept=kept), "工作进展")["T001"].cells["deadline"]


def test_last_periods_text_and_number_are_there_again():
    kept = Kept(last={("T001", "本期进展"): "已开工", ("T001.1", "累计完成值"): "500"})
    book = book_of(kept=kept)
    cells = lines(book, "工作进展")["T001"].cells
    assert ("已开工", "已开工") == (cells["progress"], cells["last_progress"])
    assert 500 == lines(book, "量化指标")["T001.1"].cells["previous"]


def test_without_an_earlier_text_there_is_no_column_for_it():
    keys = [field.column.key for field in sheet_of(book_of(), "工作进展").fields]
    assert "last_progress" not in keys


def test_words_in_place_of_a_number_stay_words():
    kept = Kept(last={("T001.1", "累计完成值"): "暂无数据"}, goals={("T001.1", "一季度目标"): "约1000"})
    cells = lines(book_of(kept=kept), "量化指标")["T001.1"].cells
    assert ("暂无数据", "约1000") == (cells["previous"], cells["goal1"])


def test_each_task_has_two_blank_rows_for_what_the_unit_proposes():
    listed = lines(book_of("plan"), "落实方案")
    assert ["T001", "T001+1", "T001+2", "T002", "T002+1", "T002+2"] == list(listed)
    item = listed["T001+1"]
    assert {"measures", "goal1", "goal4", "deadline", "handler"} <= set(item.open)
    assert "" == item.cells["measures"]
    assert 2 == book_of("plan").tasks, "proposed rows are no tasks"


def test_only_targets_with_a_value_stand_on_the_sheet_of_targets():
    assert ["T001.1", "T001.2"] == list(lines(book_of(), "量化指标"))


# --- rates -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ({"op": ">=", "value": 20.0, "baseline": None, "kind": "count"}, "ROUND("),
        ({"op": "~", "value": 20.0, "baseline": None, "kind": "level"}, "ROUND("),
        ({"op": ">=", "value": 30000.0, "baseline": 28000.0, "kind": "level"}, "({achieved}-(28000))/"),
        ({"op": ">=", "value": 110.0, "baseline": 115.0, "kind": "count"}, "ROUND({achieved}/{annual_value}*100"),
        ({"op": "=", "value": 0.0, "baseline": None, "kind": "count"}, "{achieved}<={annual_value}"),
        ({"op": ">=", "value": 96.5, "baseline": None, "kind": "ratio"}, "{achieved}>={annual_value}"),
        ({"op": "<=", "value": 22.0, "baseline": None, "kind": "count"}, "{achieved}<={annual_value}"),
        ({"op": "=", "value": 10.0, "baseline": 12.0, "kind": "level"}, "{achieved}<={annual_value}"),
    ],
)
def test_a_rate_by_the_kind_of_target(target, says):
    formula = rate_formula(target)
    assert formula is not None
    assert says in formula.text


def test_of_a_growth_of_about_so_much_nothing_is_said():
    assert rate_formula({"op": "~", "value": 5.0, "baseline": None, "kind": "growth"}) is None


def test_rates_stand_in_the_file_as_formulas_of_their_own_row():
    sheet = filled(book_of())["量化指标"]
    rates = {c.row: c.value for row in sheet for c in row if str(c.value).startswith("=IF")}
    assert 2 == len(rates)
    for row, formula in rates.items():
        assert f"N{row}" in formula or f"{row})" in formula


# --- stages ------------------------------------------------------------------------------


@pytest.mark.parametrize("stages", [("上半年", "全年"), QUARTERS, ("1—4月", "5—8月", "9—12月"), MONTHS])
def test_goals_stand_together_in_order_whatever_the_stages(stages):
    expected = [f"{stage}目标" for stage in stages]
    for period, title in (("plan", "落实方案"), ("plan", "量化指标"), ("2026-06", "工作进展"), ("2026-06", "量化指标")):
        header = next(row for row in shown(book_of(period, stages=stages), title) if "工作任务" in row)
        start = header.index(expected[0])
        assert expected == header[start : start + len(stages)], title
        assert len(stages) == sum(text.endswith("目标") for text in header if text not in ("年度目标", "本期目标"))


@pytest.mark.parametrize(
    ("stages", "period", "goal"),
    [(("上半年", "全年"), "2026H1", "上半年"), (QUARTERS, "2026H2", "四季度"), (MONTHS, "2026-01", "1月")],
)
def test_the_goal_of_a_period_is_that_of_the_stage_in_which_it_ends(stages, period, goal):
    kept = Kept(goals={("T001", f"{goal}目标"): "到位"})
    assert "到位" == lines(book_of(period, kept=kept, stages=stages), "工作进展")["T001"].cells["stage_goal"]


@pytest.mark.parametrize("stages", [QUARTERS, MONTHS])
def test_many_stages_share_their_room_on_the_larger_paper(stages):
    for title, small in (("落实方案", "8"), ("量化指标", "9")):
        sheet = filled(book_of("plan", stages=stages))[title]
        assert (small if stages == QUARTERS else "8") == str(sheet.page_setup.paperSize)
        assert printed_width(sheet) < (300 if str(sheet.page_setup.paperSize) == "8" else 160), "legible when printed"


# --- what is sent is what is kept -----------------------------------------------------------


@pytest.mark.parametrize("period", ["plan", "2026Q2"])
@pytest.mark.parametrize("stages", [("上半年", "全年"), QUARTERS, MONTHS])
def test_the_ledger_keeps_what_openpyxl_reads_from_the_file(period, stages):
    kept = Kept(
        goals={("T001", f"{stages[0]}目标"): "主体封顶", ("T001.1", f"{stages[0]}目标"): "500"},
        last={("T001", "本期进展"): "=已开工", ("T003", "本期进展"): "配合好", ("T001.1", "累计完成值"): "12.5"},
    )
    book = book_of(period, "all", kept, stages)
    workbook = filled(book)
    read: dict[tuple[str, str, str], tuple[str, bool]] = {}
    for sheet in workbook.worksheets:
        header: dict[int, str] = {}
        for row in sheet.iter_rows():
            if row[0].value in ("任务编号", "指标编号", "申请编号"):
                header = {c.column: str(c.value).partition("（")[0] for c in row[1:] if c.value}
            row_id = str(row[0].value or "").partition(".")[2]
            if row_id and row_id != "book":
                for column, text in header.items():
                    cell = row[column - 1]
                    value = "" if cell.data_type == "f" else plain_text(cell.value)
                    read[sheet.title, row_id, text] = (value, not cell.protection.locked)
    sent = {(each.sheet, each.row_id, each.column): (each.value, each.open) for each in sent_cells(book)}
    assert {key: value for key, value in sent.items() if key[1] != "book"} == read
    assert {"填报人", "填报人电话", "审核人"} == {column for _, row_id, column in sent if row_id == "book"}


def test_the_content_changes_with_all_that_is_shown():
    books = [
        book_of(),
        book_of(kept=Kept(last={("T001", "本期进展"): "x"})),
        book_of(due_on=date(2026, 7, 10)),
        book_of(support_to_whom="牵头单位"),
        book_of(without=("T002",)),
        book_of("2026H1"),
    ]
    assert len(books) == len({book.content(b"template") for book in books})
    assert books[0].content(b"other template") != books[0].content(b"template")
    assert book_of().content(b"template") == books[0].content(b"template")


@pytest.mark.parametrize(
    ("unit", "issuer", "name"),
    [
        ("县教育局", "云溪县人民政府", "云溪县教育局"),
        ("县委组织部", "中共云溪县委", "云溪县委组织部"),
        ("市林业局", "云溪县人民政府", "市林业局"),
        ("团县委", "云溪县人民政府", "团县委"),
        ("县教育局", None, "县教育局"),
    ],
)
def test_a_units_full_name_is_that_of_its_place_and_its_own(unit, issuer, name):
    assert name == full_name(unit, issuer)


def test_plain_texts_of_values():
    assert ["", "12", "0.5", "x", ""] == [plain_text(value) for value in (None, 12.0, 0.5, "x", Formula("A1"))]


def test_periods_of_the_same_months_have_titles_of_their_own():
    titles = {str(book_of(period).values["book.title"]) for period in ("2026Q2", "2026H1", "2026-06", "plan")}
    assert 4 == len(titles)
    assert isinstance(parse_period("plan"), Period)
