"""The proofreading workbook: what is written comes back, and what people correct is what counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import taskkit
from taskkit.cli import commands
from taskkit.errors import InputError, OutputError, UsageError
from taskkit.findings import CATALOGUE
from taskkit.office.sheets import read_workbook
from taskkit.plan import FRAMES, Plan, PlanInfo, make_plan, records
from taskkit.proofreading import proofreading_workbook, write_proofreading
from taskkit.proofreading.columns import DATA_FORMS, DOUBTS, INFO
from taskkit.proofreading.doubts import ABOUT
from taskkit.proofreading.taking import is_proof, proof_of
from taskkit.reading import read_with_document
from taskkit.units import is_collective
from tests.plans import codes, plan_file, units_of
from tests.soffice import resaved
from tests.test_docs import ROOT, tool

PLAN = """2026年县《政府工作报告》重点任务分工方案
各镇人民政府，县政府各有关单位：
请各牵头单位于4月10日前将一季度进展情况报县政府督查室。
云溪县人民政府
2026年3月2日
一、聚力稳增长
1. 新增规上工业企业20家以上。
工作措施：制定培育方案。召开现场会。
分管领导：王一
部门分工：县工信局牵头，县发展改革局、财政局、统计局等配合。
2. 建成农村公路50公里，2026年10月底前完成。
分管领导：李二
部门分工：县交通运输局牵头，各镇政府配合。
3. 办好“村晚”。
部门分工：县文旅局、县教育局按职责分工负责。
"""
Edit = Callable[[Any], None]


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return taskkit.read_plan(written(tmp_path))


def written(folder: Path) -> Path:
    file = folder / "方案.txt"
    file.write_text(PLAN, encoding="utf-8")
    return file


def book_of(plan: Plan) -> bytes:
    return proofreading_workbook(plan, {})


def taken(data: bytes) -> Plan:
    return proof_of(read_workbook(data, "核对稿.xlsx")).plan


def corrected(plan: Plan, edit: Edit) -> Plan:
    """The plan that comes back after a person edited its workbook with openpyxl."""
    book = openpyxl.load_workbook(BytesIO(book_of(plan)))
    edit(book)
    saved = BytesIO()
    book.save(saved)
    return taken(saved.getvalue())


def column(sheet: Any, header: str) -> int:
    return next(int(cell.column) for row in sheet.iter_rows(max_row=5) for cell in row if cell.value == header)


def row_of(sheet: Any, row_id: str) -> int:
    return next(int(row[0].row) for row in sheet.iter_rows() if row[0].value == row_id)


def typed(header: str, value: object, row_id: str = "T001", sheet: str = "任务") -> Edit:
    """An edit: a value typed into one cell."""

    def edit(book: Any) -> None:
        page = book[sheet]
        page.cell(row_of(page, row_id), column(page, header)).value = value

    return edit


def task(plan: Plan, task_id: str) -> dict[str, Any]:
    return next(row for row in records("tasks", plan.tasks) if row["task_id"] == task_id)


def assert_same(one: Plan, other: Plan) -> None:
    """All of two plans is equal but their findings, which are worked out anew."""
    assert one.info == other.info
    for name in FRAMES:
        if name != "findings":
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)


# --- there and back -------------------------------------------------------------------


def test_a_workbook_that_nobody_edited_gives_the_plan_back(plan):
    assert_same(plan, taken(book_of(plan)))


@pytest.mark.parametrize(
    "name",
    [
        "gd-2023.txt",
        "gd-2022-webcopy.txt",
        "gd-2023-digest.txt",
        "guangfeng-2021.docx",
        "xinxing-2023.docx",
        "xinxing-2023.xlsx",
    ],
)
def test_every_real_plan_comes_back(name):
    reading = read_with_document(plan_file(name))
    assert_same(reading.plan, taken(proofreading_workbook(reading.plan, reading.originals())))


CHARACTERS = "县教育局财政办好一二（）、，。《》“”等各镇政府A1+=-@%_x000D_ \n"
WORDS = st.text(CHARACTERS, min_size=1, max_size=14).map(str.strip).filter(bool)
TEXTS = st.none() | WORDS
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 12, 31))
NUMBERS = st.none() | st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3))
STAGES = ("上半年", "全年")


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of all shapes that the schema allows, in the order of their tasks."""
    counts = [draw(st.integers(0, 3)), draw(st.integers(0, 2))]
    ids = [
        f"{letter}{number:03d}" for letter, count in zip("TA", counts, strict=True) for number in range(1, count + 1)
    ]
    frames: dict[str, list[dict[str, Any]]] = {name: [] for name in FRAMES if name != "findings"}
    for task_id in ids:
        frames["tasks"].append(draw(tasks(task_id)))
        frames["assignments"] += draw(units(task_id))
        frames["measures"] += draw(measures(task_id))
        frames["targets"] += draw(targets(task_id))
        frames["goals"] += [
            {"task_id": task_id, "stage": stage, "text": draw(TEXTS)} for stage in draw(st.just(STAGES))
        ]
    frames["schedule"] = draw(st.lists(dues(), max_size=3))
    info = PlanInfo(
        draw(TEXTS),
        draw(TEXTS),
        draw(TEXTS),
        draw(st.none() | st.integers(2000, 2050)),
        draw(DAYS),
        STAGES,
        "方案.docx",
    )
    return make_plan(info, **frames)


def tasks(task_id: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "task_id": st.just(task_id),
            "part": st.just("main") if task_id[0] == "T" else st.sampled_from(["annex", "annex2"]),
            "no": st.none() | st.integers(0, 999),
            **dict.fromkeys(("section", "group", "title", "measures", "deadline", "source"), TEXTS),
            "leaders": st.lists(WORDS, max_size=2),
            "joint": st.booleans(),
            "open_ended": st.booleans(),
            "due_on": DAYS,
        }
    )


def units(task_id: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries(
        {
            "task_id": st.just(task_id),
            "measure_no": st.none() | st.integers(1, 3),
            "unit": WORDS,
            "role": st.sampled_from(["lead", "support"]),
            "rank": st.integers(1, 4),
            "heads": st.lists(WORDS, max_size=2),
            "raw": WORDS,
        }
    )
    return st.lists(row.map(lambda each: {**each, "collective": is_collective(str(each["unit"]))}), max_size=4)


def measures(task_id: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries(
        {
            "text": WORDS,
            "kind": st.sampled_from(["meeting", "policy", "other"]),
            "documents": st.lists(WORDS, max_size=2),
        }
    )
    return st.lists(row, max_size=3).map(
        lambda rows: [{"task_id": task_id, "measure_no": number, **each} for number, each in enumerate(rows, 1)]
    )


def targets(task_id: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries(
        {
            **dict.fromkeys(("text", "indicator", "unit"), TEXTS),
            "op": st.sampled_from([">=", "<=", "=", "~"]),
            "value": NUMBERS,
            "baseline": NUMBERS,
            "kind": st.sampled_from(["count", "level", "ratio", "growth", "range_change"]),
            "nature": st.sampled_from([None, "预期性", "约束性"]),
        }
    )
    return st.lists(row, max_size=3).map(
        lambda rows: [
            {"task_id": task_id, "target_id": f"{task_id}.{number}", **each} for number, each in enumerate(rows, 1)
        ]
    )


def dues() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "period": st.sampled_from(["plan", "2026Q1", "2026H2", "2026-05", "2026-12"]),
            "role": st.sampled_from(["lead", "support"]),
            "part": st.sampled_from(["main", "annex", "annex2"]),
            "due_on": DAYS,
            "to_whom": TEXTS,
            "source": TEXTS,
        }
    )


@settings(max_examples=60, deadline=None)
@given(plans())
def test_any_plan_comes_back_whatever_it_holds(plan):
    assert_same(plan, taken(book_of(plan)))


def test_the_same_plan_gives_the_same_bytes(plan):
    assert book_of(plan) == book_of(plan)


def test_what_libreoffice_saves_again_gives_the_same_plan(tmp_path, plan):
    first = tmp_path / "核对稿.xlsx"
    first.write_bytes(book_of(plan))
    [second] = resaved([first], tmp_path / "again")
    assert_same(plan, taskkit.read_plan(second))


# --- what it shows --------------------------------------------------------------------


def test_the_sheets_stand_in_the_order_of_the_work_and_the_marks_are_hidden(plan):
    sheets = openpyxl.load_workbook(BytesIO(book_of(plan))).worksheets
    assert ["核对说明", "疑点", "任务", "量化指标", "报送安排", "基本情况"] == [
        sheet.title for sheet in sheets if sheet.sheet_state == "visible"
    ]
    assert ["_taskkit", "_taskkit_kept"] == [sheet.title for sheet in sheets if sheet.sheet_state == "veryHidden"]


def test_the_source_text_stands_beside_each_task(tmp_path):
    reading = read_with_document(written(tmp_path))
    assert (
        "2. 建成农村公路50公里，2026年10月底前完成。\n分管领导：李二\n部门分工：县交通运输局牵头，各镇政府配合。"
        == (reading.originals()["T002"])
    )


def test_a_heading_belongs_to_the_task_below_it_not_to_the_source_of_the_one_above(tmp_path):
    text = PLAN.replace("3. 办好", "二、聚力惠民生\n3. 办好")
    file = tmp_path / "方案.txt"
    file.write_text(text, encoding="utf-8")
    assert "二、聚力惠民生" not in read_with_document(file).originals()["T002"]


def doubtful(plan: Plan) -> Plan:
    row = {"code": "no-lead", "severity": "doubt", "task_id": "T002", "source": "第10行", "message": "没有牵头单位"}
    found = make_plan(plan.info, findings=[row]).findings
    return Plan(**{name: getattr(plan, name) for name in ("info", *FRAMES) if name != "findings"}, findings=found)


def test_a_doubt_is_coloured_in_its_cell_and_listed_with_a_link_to_it(plan):
    book = openpyxl.load_workbook(BytesIO(book_of(doubtful(plan))))
    sheet, listed = book["任务"], book["疑点"]
    cell = sheet.cell(row_of(sheet, "T002"), column(sheet, "牵头单位"))
    beside = sheet.cell(row_of(sheet, "T001"), column(sheet, "牵头单位"))
    assert cell.fill.fgColor.rgb != beside.fill.fgColor.rgb
    link = listed.cell(4, column(listed, "所在"))
    assert ("T002", f"'任务'!{cell.coordinate}") == (link.value, link.hyperlink.location)


def test_every_code_that_names_its_cells_is_in_the_catalogue():
    assert set(ABOUT) <= set(CATALOGUE)


def test_the_script_writes_the_shipped_template_to_the_byte(tmp_path):
    tool("make_proofreading_template").main(tmp_path)
    shipped = ROOT / "templates" / "workbooks" / "proofreading.xlsx"
    assert shipped.read_bytes() == (tmp_path / "proofreading.xlsx").read_bytes(), (
        "run docs/make_proofreading_template.py"
    )


def test_every_sheet_and_column_stands_in_the_docs():
    page = (ROOT / "docs" / "proofreading.md").read_text(encoding="utf-8")
    headers = {field.column.header for form in (DOUBTS, *DATA_FORMS, INFO) for field in form.fields}
    assert [] == sorted(word for word in headers | {form.title for form in DATA_FORMS} if word not in page)


# --- corrections as people make them --------------------------------------------------


def test_an_edited_text_is_the_text_of_the_task(plan):
    assert (
        "新增规上工业企业30家以上。"
        == task(corrected(plan, typed("工作任务", "新增规上工业企业30家以上。")), "T001")["title"]
    )


def test_edited_measures_are_split_again(plan):
    rows = records("measures", corrected(plan, typed("工作措施", "举办大赛。召开现场会。出台政策。")).measures)
    assert [(1, "event"), (2, "meeting"), (3, "policy")] == [(row["measure_no"], row["kind"]) for row in rows[:3]]


@pytest.mark.parametrize(
    "text",
    [
        "县工信局、县财政局",
        "县工信局，县财政局",
        "县工信局\n县财政局",
        "县工信局 县财政局",
        "县工信局；县财政局。",
        "县工信局、、县财政局、",
    ],
)
def test_units_may_be_set_apart_as_people_do(plan, text):
    assert ["县工信局", "县财政局"] == units_of(corrected(plan, typed("牵头单位", text)), "T001", "lead")


def test_what_stands_in_brackets_belongs_to_the_name(plan):
    back = corrected(plan, typed("牵头单位", "县交通局（公路、航道局）、县财政局"))
    assert ["县交通局（公路、航道局）", "县财政局"] == units_of(back, "T001", "lead")


def test_a_unit_moved_between_the_roles_keeps_how_it_was_printed(plan):
    def move(book: Any) -> None:
        typed("牵头单位", "县财政局")(book)
        typed("配合单位", "县发展改革局、县统计局")(book)

    rows = records("assignments", corrected(plan, move).assignments)
    mine = [(row["unit"], row["role"], row["rank"], row["raw"]) for row in rows if row["task_id"] == "T001"]
    assert [
        ("县财政局", "lead", 1, "财政局"),
        ("县发展改革局", "support", 1, "县发展改革局"),
        ("县统计局", "support", 2, "统计局"),
    ] == mine


def test_whether_a_unit_stands_for_many_is_worked_out_anew(plan):
    rows = corrected(plan, typed("配合单位", "各镇政府、县水务局")).assignments
    assert {"各镇政府": True, "县水务局": False} == dict(
        rows[(rows["task_id"] == "T001") & (rows["role"] == "support")][["unit", "collective"]].to_numpy()
    )


def test_a_unit_in_both_cells_leads_and_is_told(plan):
    back = corrected(plan, typed("配合单位", "县工信局、县财政局"))
    assert ["县财政局"] == units_of(back, "T001", "support")
    assert "both-roles" in codes(back)


def test_an_inserted_row_gets_the_next_free_id_of_its_part(plan):
    def insert(book: Any) -> None:
        sheet = book["任务"]
        at = row_of(sheet, "T002")
        sheet.insert_rows(at)
        sheet.cell(at, column(sheet, "工作任务")).value = "新任务"
        sheet.cell(at, column(sheet, "牵头单位")).value = "县水务局"

    back = corrected(plan, insert)
    assert ["T001", "T004", "T002", "T003"] == back.tasks.index.tolist()
    assert ["县水务局"] == units_of(back, "T004", "lead")
    assert "核对稿“任务”第5行" == task(back, "T004")["source"]


def test_the_id_of_a_deleted_task_is_never_given_again(plan):
    def replace_last(book: Any) -> None:
        sheet = book["任务"]
        sheet.delete_rows(row_of(sheet, "T003"))
        sheet.cell(sheet.max_row + 1, column(sheet, "工作任务")).value = "新任务"

    back = corrected(plan, replace_last)
    assert ["T001", "T002", "T004"] == back.tasks.index.tolist()
    assert "proof-tasks-deleted" in codes(back)


def test_a_copied_row_becomes_a_task_of_its_own_and_is_told(plan):
    def copy_row(book: Any) -> None:
        sheet = book["任务"]
        sheet.append([cell.value for cell in sheet[row_of(sheet, "T001")]])

    back = corrected(plan, copy_row)
    assert ["T001", "T002", "T003", "T004"] == back.tasks.index.tolist()
    assert "proof-id-twice" in codes(back)


def test_the_order_is_that_of_the_rows_and_the_ids_stay(plan):
    def move_first_to_end(book: Any) -> None:
        sheet = book["任务"]
        at = row_of(sheet, "T001")
        values = [cell.value for cell in sheet[at]]
        sheet.delete_rows(at)
        sheet.append(values)

    back = corrected(plan, move_first_to_end)
    assert ["T002", "T003", "T001"] == back.tasks.index.tolist()
    assert ["T002", "T001"] == list(dict.fromkeys(back.targets["task_id"]))


@pytest.mark.parametrize("value", [30, "３０", "30", " 30 ", "三十"])
def test_a_changed_number_is_read_however_it_is_typed(plan, value):
    assert 30.0 == corrected(plan, typed("数值", value, "T001.1", "量化指标")).targets["value"].iloc[0]


def test_a_target_row_without_an_id_gets_the_next_one_of_its_task(plan):
    def add(book: Any) -> None:
        book["量化指标"].append([None, "T003", "举办10场", "村晚", "≥", 10, "场"])

    row = records("targets", corrected(plan, add).targets)[-1]
    assert ("T003.1", ">=", 10.0, "场") == (row["target_id"], row["op"], row["value"], row["unit"])


def test_a_deleted_target_is_gone(plan):
    back = corrected(plan, lambda book: book["量化指标"].delete_rows(row_of(book["量化指标"], "T001.1")))
    assert "T001.1" not in back.targets["target_id"].tolist()


def test_a_changed_deadline_moves_the_date_with_it(plan):
    changed = task(corrected(plan, typed("完成时限", "2026年11月底前", "T002")), "T002")
    assert ("2026年11月底前", date(2026, 11, 30)) == (changed["deadline"], changed["due_on"])


@pytest.mark.parametrize("value", [datetime(2026, 9, 15), "2026-09-15", "2026年9月15日", "９月１５日", "2026/9/15"])
def test_a_typed_date_counts_for_more_than_the_deadline(plan, value):
    changed = task(corrected(plan, typed("完成日期", value, "T002")), "T002")
    assert date(2026, 9, 15) == changed["due_on"]


def test_a_date_typed_as_the_deadline_reads_as_officials_write_it(plan):
    changed = task(corrected(plan, typed("完成时限", datetime(2026, 9, 5), "T002")), "T002")
    assert ("2026年9月5日", date(2026, 9, 5)) == (changed["deadline"], changed["due_on"])


def test_moved_columns_filters_hidden_rows_and_merged_cells_do_no_harm(plan):
    def rearrange(book: Any) -> None:
        sheet = book["任务"]
        sheet.insert_cols(1)
        for row in sheet.iter_rows():
            row[0].value, row[9].value = row[9].value, None
        sheet.insert_rows(1)
        at = column(sheet, "大类")
        sheet.merge_cells(start_row=5, start_column=at, end_row=7, end_column=at)
        sheet.row_dimensions[6].hidden = True

    back = corrected(plan, rearrange)
    assert_same(plan, back)


def test_the_facts_of_the_plan_can_be_corrected(plan):
    def edit(book: Any) -> None:
        for row in book["基本情况"].iter_rows():
            if row[0].value == "文号":
                row[1].value = "云府〔2026〕9号"
            if row[0].value == "印发日期":
                row[1].value = "2026年3月8日"

    info = corrected(plan, edit).info
    assert ("云府〔2026〕9号", date(2026, 3, 8)) == (info.document_number, info.issued_on)


def test_a_date_to_keep_can_be_added(plan):
    def add(book: Any) -> None:
        book["报送安排"].append(["2026年第二季度", "配合", "附件", "2026年7月10日", "县政府督查室"])

    row = records("schedule", corrected(plan, add).schedule)[-1]
    assert ("2026Q2", "support", "annex", date(2026, 7, 10)) == (
        row["period"],
        row["role"],
        row["part"],
        row["due_on"],
    )


def with_steps(plan: Plan) -> Plan:
    frames = {name: records(name, getattr(plan, name)) for name in FRAMES}
    frames["assignments"].append(
        {"task_id": "T001", "measure_no": 2, "unit": "县水务局", "role": "lead", "rank": 1, "heads": ["张三"]}
    )
    return make_plan(plan.info, **frames)


def test_the_units_of_a_measure_are_corrected_on_their_own_sheet(plan):
    back = corrected(with_steps(plan), typed("牵头单位", "县水务局、县林业局", sheet="措施单位"))
    rows = [row for row in records("assignments", back.assignments) if row["measure_no"] == 2]
    assert [("县水务局", ["张三"]), ("县林业局", [])] == [(row["unit"], row["heads"]) for row in rows]


def test_numbered_measures_stay_apart_when_one_is_edited(tmp_path):
    text = PLAN.replace(
        "工作措施：制定培育方案。召开现场会。",
        "工作措施：（1）制定方案。（县财政局负责）（2）召开会议。（县统计局负责）",
    )
    file = tmp_path / "方案.txt"
    file.write_text(text, encoding="utf-8")
    frames = {name: records(name, getattr(taskkit.read_plan(file), name)) for name in FRAMES}
    own = {"task_id": "T001", "kind": "plan", "documents": []}
    frames["measures"] = [{**own, "measure_no": 1, "text": "制定方案。"}, {**own, "measure_no": 2, "text": "开会。"}]
    frames["tasks"][0]["measures"] = "（1）制定方案。（2）开会。"
    edited = "（1）制定方案。报县政府。（2）开会。"
    rows = records("measures", corrected(make_plan(PlanInfo(), **frames), typed("工作措施", edited)).measures)
    assert [(1, "制定方案。报县政府。"), (2, "开会。")] == [(row["measure_no"], row["text"]) for row in rows]


def test_findings_are_worked_out_from_the_corrected_plan(plan):
    assert "no-units" not in codes(plan)

    def clear(book: Any) -> None:
        typed("牵头单位", None)(book)
        typed("配合单位", None)(book)

    assert "no-units" in codes(corrected(plan, clear))


def test_what_the_reader_knew_to_be_no_doubt_does_not_come_up_again(plan):
    frames = {name: records(name, getattr(plan, name)) for name in FRAMES}
    for row in frames["tasks"]:
        row["no"] = 1  # one printed number over several tasks, which the reader saw in the document
    again = make_plan(plan.info, **{**frames, "findings": []})
    assert [] == codes(taken(book_of(again)))


# --- edits that cannot be read --------------------------------------------------------


BAD = """
| sheet    | row    | header   | value    | code                 | place                  |
| 任务     | T001   | 并列     | 也许     | proof-word           | 核对稿“任务”第4行K列   |
| 任务     | T001   | 序号     | 十x      | proof-number         | 核对稿“任务”第4行C列   |
| 任务     | T001   | 部分     | 第三部   | proof-word           | 核对稿“任务”第4行B列   |
| 任务     | T001   | 完成日期 | 快了     | proof-date           | 核对稿“任务”第4行N列   |
| 任务     | T001   | 工作任务 | #REF!    | cell-error           | 核对稿“任务”第4行F列   |
| 任务     | T003   | 任务编号 | 新任务   | proof-id-odd         | 核对稿“任务”第6行A列   |
| 量化指标 | T001.1 | 数值     | 2o       | proof-number         | 核对稿“量化指标”第4行F列 |
| 量化指标 | T001.1 | 比较     | 差不多   | proof-word           | 核对稿“量化指标”第4行E列 |
| 量化指标 | T001.1 | 任务编号 | T099     | proof-task-gone      | 核对稿“量化指标”第4行B列 |
| 报送安排 | 2026年一季度 | 谁报 | 大家   | proof-word           | 核对稿“报送安排”第4行B列 |
| 报送安排 | 2026年一季度 | 报送期 | 春天 | proof-word           | 核对稿“报送安排”第4行A列 |
"""


def bad_edits() -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in BAD.strip().splitlines()[1:]]


@pytest.mark.parametrize(("sheet", "row", "header", "value", "code", "place"), bad_edits())
def test_what_cannot_be_read_is_told_with_sheet_row_and_column(plan, sheet, row, header, value, code, place):
    found = corrected(plan, typed(header, value, row, sheet)).findings
    assert [place] == found[found["code"] == code]["source"].tolist()


def test_a_target_whose_task_was_deleted_is_told_not_lost_in_silence(plan):
    back = corrected(plan, lambda book: book["任务"].delete_rows(row_of(book["任务"], "T001")))
    assert codes(back).count("proof-task-gone") == len(plan.targets[plan.targets["task_id"] == "T001"])


def test_a_column_that_is_gone_and_one_too_many_are_told(plan):
    def edit(book: Any) -> None:
        sheet = book["任务"]
        sheet.cell(3, column(sheet, "牵头单位")).value = "随便"

    assert {"proof-column-missing", "proof-column-unknown"} <= set(codes(corrected(plan, edit)))


def test_a_sheet_that_is_gone_is_told(plan):
    assert "proof-sheet-missing" in codes(corrected(plan, lambda book: book.remove(book["量化指标"])))


def test_without_the_sheet_of_tasks_it_is_refused(plan):
    with pytest.raises(InputError, match="任务"):
        corrected(plan, lambda book: book.remove(book["任务"]))


def test_a_workbook_of_a_newer_taskkit_is_refused(plan):
    with pytest.raises(InputError, match="别的版本"):
        corrected(plan, lambda book: setattr(book["_taskkit"]["B2"], "value", "99"))


def test_without_its_hidden_sheets_it_is_still_known_and_read(plan):
    def lose(book: Any) -> None:
        for title in ("_taskkit", "_taskkit_kept"):
            book.remove(book[title])

    book = openpyxl.load_workbook(BytesIO(book_of(plan)))
    lose(book)
    saved = BytesIO()
    book.save(saved)
    assert is_proof(read_workbook(saved.getvalue(), "核对稿.xlsx"))
    back = taken(saved.getvalue())
    assert plan.tasks["title"].tolist() == back.tasks["title"].tolist()
    assert plan.info == back.info


def test_another_format_of_it_is_refused_with_what_to_do(tmp_path, plan):
    first = tmp_path / "核对稿.xlsx"
    first.write_bytes(book_of(plan))
    [csv] = resaved([first], tmp_path / "again", "ods")
    with pytest.raises(InputError, match=r"另存为 \.xlsx"):
        taskkit.read_plan(csv)


# --- writing it -----------------------------------------------------------------------


def test_a_corrected_workbook_is_never_overwritten(tmp_path, plan):
    out = tmp_path / "核对稿.xlsx"
    assert write_proofreading(plan, {}, out)
    assert not write_proofreading(plan, {}, out), "the same again is left alone"
    out.write_bytes(b"corrected")
    with pytest.raises(OutputError, match="没有覆盖"):
        write_proofreading(plan, {}, out)
    assert b"corrected" == out.read_bytes()


def test_its_name_must_end_as_excel_wants(tmp_path, plan):
    with pytest.raises(UsageError, match=r"\.xlsx"):
        write_proofreading(plan, {}, tmp_path / "核对稿.doc")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], standalone_mode=False)


def test_the_commands_write_it_and_load_it_under_the_name_of_the_plan(tmp_path):
    out, url = tmp_path / "改好.xlsx", tmp_path / "a.db"
    assert f"taskkit load {out}" in run("read", written(tmp_path), "--xlsx", out).output.replace("\n", "")
    result = run("load", out, "--ledger", url)
    assert "已登记“方案”：3项任务" in result.output
    with taskkit.open_ledger(url) as ledger:
        assert_same(taskkit.read_plan(written(tmp_path)), ledger.plan("方案"))


def test_load_takes_nothing_while_a_cell_cannot_be_read(tmp_path, plan):
    out, url = tmp_path / "改好.xlsx", tmp_path / "a.db"
    book = openpyxl.load_workbook(BytesIO(book_of(plan)))
    typed("数值", "二十x", "T001.1", "量化指标")(book)
    book.save(out)
    result = run("load", out, "--ledger", url)
    assert isinstance(result.exception, InputError)
    assert "F列" in result.output
    assert not url.exists()


def test_a_dialect_makes_no_sense_for_it(tmp_path, plan):
    out = tmp_path / "核对稿.xlsx"
    out.write_bytes(book_of(plan))
    with pytest.raises(UsageError, match="核对稿"):
        taskkit.read_plan(out, "table")
