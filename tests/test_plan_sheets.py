"""Plans in Excel: several sheets, hidden ones, what cells hold, and cells that point to the one above."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taskkit.plan import records
from taskkit.reading import read_plan
from tests.plans import codes, read_text_plan, units_of
from tests.soffice import resaved

TITLE = "2026年云溪县重点任务分工方案"
HEADER = "序号|重点任务|牵头单位|配合单位"


def workbook(folder: Path, sheets: dict[str, list[str]], **cells: Any) -> Path:
    """Rows of cells set apart by | ; ``cells`` of the first sheet are values with a number format (G5=(0.9, "0%"))."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([int(text) if text.isdecimal() else text or None for text in row.split("|")])
    for place, (value, code) in cells.items():
        book.worksheets[0][place] = value
        book.worksheets[0][place].number_format = code
    path = folder / "方案.xlsx"
    book.save(path)
    return path


def changed(path: Path, change: Any) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def places(plan: Any) -> list[tuple[str, str | None, str | None]]:
    return [(task["part"], task["section"], task["title"]) for task in records("tasks", plan.tasks)]


# Several sheets


def test_numbered_sheets_are_the_sections_of_one_plan(tmp_path):
    path = workbook(
        tmp_path,
        {
            "一、工业经济": [TITLE, HEADER, "1|引进亿元项目|县商务局|县工信局", "2|培育规上企业|县工信局|县财政局"],
            "二、城市建设": [HEADER, "1|改造老旧小区|县住建局|县财政局"],
            "说明": ["填表说明：请按月报送。联系人：县政府办公室督查室"],
        },
    )
    plan = read_plan(path)

    first, second = "一、工业经济", "二、城市建设"
    expected = [(first, "引进亿元项目"), (first, "培育规上企业"), (second, "改造老旧小区")]
    assert [("main", *each) for each in expected] == places(plan)
    assert [] == codes(plan)


def test_three_sheets_with_the_same_columns_are_sections_by_their_names(tmp_path):
    rows = [TITLE, HEADER, "1|引进亿元项目|县商务局|县工信局"]
    plan = read_plan(workbook(tmp_path, dict.fromkeys(("工业", "城建类", "教育卫生"), rows)))

    assert [("main", "工业"), ("main", "城建类"), ("main", "教育卫生")] == [place[:2] for place in places(plan)]


def test_an_annex_in_a_sheet_of_its_own_is_a_part_and_no_second_plan(tmp_path):
    annex = ["附件2", "2026年云溪县民生实事任务清单", HEADER, "1|改造老旧小区|县住建局|县财政局"]
    main = [TITLE, HEADER, "1|引进亿元项目|县商务局|县工信局", "2|培育规上企业|县工信局|县财政局"]
    plan = read_plan(workbook(tmp_path, {"重点任务": main, "民生实事": annex}))

    assert ["main", "main", "annex"] == plan.tasks["part"].tolist()
    assert [] == codes(plan)


def test_another_plan_on_a_second_sheet_is_reported(tmp_path):
    main = [TITLE, HEADER, "1|引进亿元项目|县商务局|县工信局", "2|培育规上企业|县工信局|县财政局"]
    other = ["2025年云溪县十件民生实事任务分工方案", HEADER, "1|改造老旧小区|县住建局|县财政局"]
    plan = read_plan(workbook(tmp_path, {"2026": main, "2025": other}))

    assert [("second-plan", "工作表“2025”第1行")] == list(
        plan.findings[["code", "source"]].itertuples(index=False, name=None)
    )


def test_one_title_on_every_sheet_is_no_second_plan(tmp_path):
    main = [TITLE, HEADER, "1|引进亿元项目|县商务局|县工信局", "2|培育规上企业|县工信局|县财政局"]
    other = [f"{TITLE}（续）", HEADER, "1|改造老旧小区|县住建局|县财政局"]

    assert "second-plan" not in codes(read_plan(workbook(tmp_path, {"甲": main, "乙": other})))


def test_a_second_plan_without_numbers_in_another_table_is_reported(tmp_path):
    rows = "重点任务\t牵头单位\n推进营商环境改革\t县司法局\n"
    plan = read_text_plan(tmp_path, f"{TITLE}\n{rows}2026年云溪县安全生产任务分工方案\n{rows.replace('营商', '安全')}")

    assert ["second-plan"] == codes(plan)


# What is hidden


def test_a_hidden_sheet_is_not_read_beside_others_but_named(tmp_path):
    old = [HEADER, "1|去年的旧任务|县商务局|县工信局"]
    path = workbook(tmp_path, {"任务": [TITLE, HEADER, "1|引进亿元项目|县商务局|县工信局"], "往年": old})
    plan = read_plan(changed(path, lambda book: setattr(book["往年"], "sheet_state", "hidden")))

    assert ["引进亿元项目"] == plan.tasks["title"].tolist()
    assert [("sheet-hidden", "工作表“往年”")] == list(
        plan.findings[["code", "source"]].itertuples(index=False, name=None)
    )


def test_a_plan_that_stands_in_hidden_sheets_alone_is_read_with_a_doubt(tmp_path):
    path = workbook(tmp_path, {"封面": ["云溪县"], "任务": [TITLE, HEADER, "1|引进亿元项目|县商务局|县工信局"]})
    plan = read_plan(changed(path, lambda book: setattr(book["任务"], "sheet_state", "hidden")))

    assert ["引进亿元项目"] == plan.tasks["title"].tolist()
    assert ["sheet-hidden-read"] == codes(plan)


def test_hidden_columns_are_read_and_noted(tmp_path):
    path = workbook(tmp_path, {"任务": [TITLE, HEADER, "1|引进亿元项目|县商务局|县工信局"]})
    plan = read_plan(changed(path, lambda book: setattr(book["任务"].column_dimensions["D"], "hidden", True)))

    assert ["县工信局"] == units_of(plan, "T001", "support")
    assert ["columns-hidden"] == codes(plan)
    assert "D列" in plan.findings["message"][0]


# What cells hold


def test_numbers_percentages_and_dates_are_read_as_they_are_shown(tmp_path):
    rows = [
        TITLE,
        "序号|重点任务|目标值|牵头单位|完成时限",
        "1|提高供水普及率||县水务局|",
        "2|新建幼儿园|5所|县教育局|",
    ]
    cells: dict[str, Any] = {
        "A3": (1.0, "0"),
        "C3": (0.985, "0.0%"),
        "E3": (dt.date(2026, 6, 30), "yyyy-mm-dd"),
        "E4": (dt.date(2026, 9, 1), 'yyyy"年"m"月"'),
    }
    plan = read_plan(workbook(tmp_path, {"任务": rows}, **cells))

    assert [1, 2] == plan.tasks["no"].tolist()
    assert ["98.5%", "5所"] == plan.goals["text"].tolist()
    assert ["2026年6月30日", "2026年9月"] == plan.tasks["deadline"].tolist()
    assert [dt.date(2026, 6, 30), dt.date(2026, 9, 30)] == [day.date() for day in plan.tasks["due_on"]]


@pytest.mark.parametrize(("value", "said"), [("=DATE(2026,9,30)", "没有保存结果的公式"), ("#N/A", "#N/A")])
def test_a_cell_that_holds_no_value_is_reported_with_its_place(tmp_path, value, said):
    rows = [TITLE, "序号|重点任务|牵头单位|完成时限", "1|新建幼儿园|县教育局|"]
    plan = read_plan(workbook(tmp_path, {"任务": rows}, D3=(value, "General")))
    [found] = records("findings", plan.findings)

    assert ("cell-lost", "error", "工作表“任务”第3行") == (found["code"], found["severity"], found["source"])
    assert said in found["message"]
    assert plan.tasks["deadline"].isna().all()


# Cells that name nobody, or point elsewhere


@pytest.mark.parametrize("nobody", ["无", "—", "——", "/", "／", "-", "暂无"])
def test_a_mark_for_nobody_is_no_unit(tmp_path, nobody):
    plan = read_text_plan(tmp_path, f"{TITLE}\n1. 新建幼儿园5所。（牵头单位：县教育局；配合单位：{nobody}）\n")

    assert (["县教育局"], []) == (units_of(plan, "T001", "lead"), units_of(plan, "T001", "support"))
    assert [] == codes(plan)


@pytest.mark.parametrize("same", ["同上", "〃", "″", "（同上）"])
def test_a_cell_that_says_the_same_is_read_as_the_one_above(tmp_path, same):
    rows = [
        TITLE,
        "重点任务\t牵头领导\t牵头单位\t配合单位\t完成时限",
        "新建幼儿园\t王曦\t县教育局\t县财政局、审计局\t6月底",
        f"新建中心小学\t{same}\t{same}\t{same}\t{same}",
        f"新建县高中\t李梅\t县住建局\t{same}\t{same}",
    ]
    plan = read_text_plan(tmp_path, "\n".join(rows))

    assert [["王曦"], ["王曦"], ["李梅"]] == plan.tasks["leaders"].tolist()
    assert ["县教育局"] == units_of(plan, "T002", "lead")
    assert ["县财政局", "县审计局"] == units_of(plan, "T002", "support") == units_of(plan, "T003", "support")
    assert ["6月底"] * 3 == plan.tasks["deadline"].tolist()
    assert ["same-as-above"] == codes(plan)


def test_a_unit_line_may_say_the_same_as_above(tmp_path):
    text = f"{TITLE}\n1. 新建幼儿园5所。\n牵头单位：县教育局\n责任单位：县财政局\n2. 新建小学2所。\n牵头单位：同上\n"
    plan = read_text_plan(tmp_path, text)

    assert ["县教育局"] == units_of(plan, "T002", "lead")


@pytest.mark.parametrize("said", ["详见附件", "见附件2", "详见附表1", "另行通知"])
def test_units_that_stand_elsewhere_are_reported_and_not_made_up(tmp_path, said):
    plan = read_text_plan(tmp_path, f"{TITLE}\n1. 新建幼儿园5所。（牵头单位：县教育局；配合单位：{said}）\n")

    assert [] == units_of(plan, "T001", "support")
    assert ["units-elsewhere"] == codes(plan)


def test_a_date_without_any_mark_is_a_deadline_all_the_same(tmp_path):
    rows = [TITLE, "序号|重点任务|牵头单位|完成时限", "1|新建幼儿园|县教育局|20260930"]
    plan = read_plan(workbook(tmp_path, {"任务": rows}))

    assert [dt.date(2026, 9, 30)] == [day.date() for day in plan.tasks["due_on"]]


def test_labels_that_repeat_beside_tasks_that_do_not_are_sections(tmp_path):
    rows = [
        TITLE,
        "序号|工作条目|工作内容|牵头单位",
        "1|工业经济|引进亿元项目10个|县商务局",
        "2|工业经济|培育规上企业20家|县工信局",
        "3|城市建设|改造老旧小区30个|县住建局",
    ]
    plan = read_plan(workbook(tmp_path, {"任务": rows}))

    assert ["工业经济", "工业经济", "城市建设"] == plan.tasks["group"].tolist()
    assert "引进亿元项目10个" == plan.tasks["title"].iloc[0]


# Old workbooks


def test_an_old_workbook_shows_percentages_errors_and_what_is_hidden_like_a_new_one(tmp_path):
    rows = [
        TITLE,
        "序号|重点任务|目标值|牵头单位|完成时限",
        "1|提高供水普及率||县水务局|6月底",
        "2|建园||县教育局|9月底",
    ]
    cells: dict[str, Any] = {"C3": (0.95, "0%"), "C4": ("#N/A", "General")}
    path = workbook(tmp_path, {"任务": rows, "往年": [HEADER, "1|旧任务|县商务局|县工信局"]}, **cells)

    def hide(book: Any) -> None:
        book["任务"].column_dimensions["E"].hidden = book["任务"].row_dimensions[4].hidden = True
        book["往年"].sheet_state = "hidden"

    [old] = resaved([changed(path, hide)], tmp_path / "old", "xls")
    plan = read_plan(old.rename(old.with_suffix(".et")))

    assert ["提高供水普及率", "建园"] == plan.tasks["title"].tolist()
    assert ["95%"] == plan.goals["text"].tolist()
    assert ["rows-hidden", "columns-hidden", "cell-lost", "sheet-hidden"] == codes(plan)


def test_sheets_that_are_sections_may_name_themselves_in_their_titles(tmp_path):
    sheets = {
        name: [f"2026年云溪县{name}重点工作台账", HEADER, "1|引进亿元项目|县商务局|县工信局"]
        for name in ("工业经济", "农业农村", "社会事业")
    }
    plan = read_plan(workbook(tmp_path, sheets))

    assert ["工业经济", "农业农村", "社会事业"] == plan.tasks["section"].tolist()
    assert "second-plan" not in codes(plan)


def test_the_calendar_may_stand_in_a_note_below_the_table(tmp_path):
    note = "备注：1.列第一位的为牵头单位；2.各单位每季度最后一个月25日前报送进展。"
    plan = read_plan(workbook(tmp_path, {"任务": [TITLE, HEADER, "1|引进亿元项目|县商务局|县工信局", note]}))

    assert ["2026Q1", "2026Q2", "2026Q3", "2026Q4"] == plan.schedule["period"].tolist()
    assert "2026-03-25" == str(plan.schedule["due_on"].iloc[0].date())


def test_a_title_may_end_in_a_line_that_only_says_what_kind_of_plan_it_is(tmp_path):
    text = "2026年云溪县十件民生实事及重点工作\n责任分工表\n（一）改造老旧小区。（责任单位：县住建局）\n"

    assert "2026年云溪县十件民生实事及重点工作责任分工表" == read_text_plan(tmp_path, text).info.title
