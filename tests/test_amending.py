"""An amended document under a plan's name: ids stay, doubts are a person's, versions and old forms still hold."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as configured
from hypothesis import strategies as st

from taskkit import issue, read_plan, samples
from taskkit.changing import amend, keep_amendment
from taskkit.changing.amending import Amendment
from taskkit.changing.contrast import read_matches, write_contrast
from taskkit.changing.differences import Kind
from taskkit.changing.rows import Rows
from taskkit.collecting import collect
from taskkit.errors import InputError, LedgerError, UsageError
from taskkit.ledger import Ledger
from taskkit.proofreading import open_proof, write_proofreading
from taskkit.settings import Settings
from tests.amending import NAME, ledger_with, plan_of, tasks, text_of, titles
from tests.plans import plan_file

DAY = date(2026, 5, 1)
TODAY = date(2026, 6, 20)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return ledger_with(tmp_path)


def amended(ledger: Ledger, folder: Path, rows: list[dict[str, str]], day: date = DAY) -> Amendment:
    return amend(ledger, NAME, plan_of(folder, rows), day)


def kept(ledger: Ledger, folder: Path, rows: list[dict[str, str]], day: date = DAY) -> Amendment:
    found = amended(ledger, folder, rows, day)
    keep_amendment(ledger, found, "云府〔2026〕20号", folder / "方案.txt")
    return found


def shown(found: Amendment) -> list[tuple[str, str, str]]:
    return [(str(each.kind), each.task_id, each.column) for each in found.differences]


# --- which task is which --------------------------------------------------------------


def test_the_same_plan_again_is_no_change(ledger, tmp_path):
    found = amended(ledger, tmp_path, tasks())
    assert ((), ()) == (found.differences, found.findings)
    assert not keep_amendment(ledger, found, "", tmp_path / "方案.txt")
    assert 1 == len(ledger.plan_versions(NAME))


def test_a_task_put_in_front_moves_the_numbers_but_not_the_ids(ledger, tmp_path):
    new = {
        "任务": "建成县域数据中心",
        "措施": "铺设光缆。",
        "领导": "云一舟",
        "牵头": "县教育局",
        "配合": "",
        "时限": "年底前",
    }
    found = kept(ledger, tmp_path, [new, *tasks()])
    assert {"T005": "建成县域数据中心", "T001": "新增公办学位600个", "T002": "改造城镇老旧小区18个"}.items() <= titles(
        ledger.plan(NAME)
    ).items()
    assert (1, 0, 4, 0) == tuple(found.count[kind] for kind in (Kind.ADDED, Kind.CHANGED, Kind.MOVED, Kind.WITHDRAWN))


def test_swapped_tasks_keep_their_ids(ledger, tmp_path):
    one, two, *rest = tasks()
    kept(ledger, tmp_path, [two, one, *rest])
    assert ["T002", "T001", "T003", "T004"] == list(ledger.plan(NAME).tasks.index)


def test_changed_words_are_told_field_by_field_and_the_target_keeps_its_id(ledger, tmp_path):
    rows = tasks()
    rows[0] |= {"任务": "新增公办学位800个", "时限": "2026年9月底前"}
    found = kept(ledger, tmp_path, rows)
    assert {"工作任务", "量化指标", "完成时限", "完成日期"} == {each.column for each in found.differences}
    assert [("T001", "新增公办学位600个。", "新增公办学位800个。")] == [
        (each.task_id, each.before, each.after) for each in found.differences if each.column == "工作任务"
    ]
    target = ledger.plan(NAME).targets.set_index("target_id").loc["T001.1"]
    assert (800.0, "T001") == (target["value"], target["task_id"])


def test_other_units_leaders_and_dates_are_told_with_old_and_new(ledger, tmp_path):
    rows = tasks()
    rows[1] |= {"牵头": "县住建局、县城管局", "领导": "周明"}
    assert [
        ("分管领导", "林知远", "周明"),
        ("牵头单位", "县住建局", "县住建局、县城管局"),
    ] == [(each.column, each.before, each.after) for each in amended(ledger, tmp_path, rows).differences]


def test_a_task_that_is_gone_is_withdrawn_and_its_id_is_never_given_again(ledger, tmp_path):
    rows = tasks()
    found = kept(ledger, tmp_path, rows[:3])
    assert [("撤销", "T004", "")] == shown(found)
    new = {**rows[3], "任务": "开展防汛演练3场次", "措施": "备足物资。", "牵头": "县应急局"}
    kept(ledger, tmp_path, [*rows[:3], new], date(2026, 6, 1))
    assert {"T005": "开展防汛演练3场次"}.items() <= titles(ledger.plan(NAME)).items()
    assert "T004" not in titles(ledger.plan(NAME))


def test_joined_tasks_are_a_doubt_and_nothing_is_kept_until_a_person_decides(ledger, tmp_path):
    rows = tasks()
    joined = {**rows[0], "任务": rows[0]["任务"] + "，" + rows[1]["任务"], "措施": rows[0]["措施"] + rows[1]["措施"]}
    found = amended(ledger, tmp_path, [joined, *rows[2:]])
    assert {("T001", "T001"), ("T002", "T001")} == {(each.kept, each.new) for each in found.matching.doubts}
    assert {"amend-doubt"} == {each.code for each in found.findings}
    assert {"序号变动"} == {str(each.kind) for each in found.differences}  # what is in doubt is neither new nor gone
    with pytest.raises(UsageError, match="没有登记"):
        keep_amendment(ledger, found, "", tmp_path / "方案.txt")
    assert 1 == len(ledger.plan_versions(NAME))


def test_a_split_task_is_a_doubt_too(ledger, tmp_path):
    rows = tasks()
    halves = [{**rows[0], "措施": half} for half in ("新建实验小学，", "扩建第二中学教学楼。")]
    found = amended(ledger, tmp_path, [*halves, *rows[1:]])
    assert {("T001", "T001"), ("T001", "T002")} == {(each.kept, each.new) for each in found.matching.doubts}


def test_what_a_person_decides_in_the_workbook_settles_the_doubts(ledger, tmp_path):
    rows = tasks()
    joined = {**rows[0], "任务": rows[0]["任务"] + "，" + rows[1]["任务"], "措施": rows[0]["措施"] + rows[1]["措施"]}
    document = plan_of(tmp_path, [joined, *rows[2:]])
    out = tmp_path / "变更对照.xlsx"
    assert write_contrast(amend(ledger, NAME, document, DAY), document, out)
    book = openpyxl.load_workbook(out)
    sheet = book["待确认"]
    for number, choice in ((4, "是同一项"), (5, "不是同一项")):
        sheet.cell(number, 5).value = choice
    book.save(out)
    decided, wrong = read_matches(out, document)
    assert ([], {("T001", "T001"): True, ("T002", "T001"): False}) == (wrong, decided)
    found = amend(ledger, NAME, document, DAY, decided)
    assert ["T001", "T003", "T004"] == list(found.plan.tasks.index)
    assert ["amend-joined"] == [each.code for each in found.findings]


def test_a_decision_for_another_document_is_refused(ledger, tmp_path):
    rows = tasks()
    halves = [{**rows[0], "措施": half} for half in ("新建实验小学，", "扩建第二中学教学楼。")]
    document = plan_of(tmp_path, [*halves, *rows[1:]])
    write_contrast(amend(ledger, NAME, document, DAY), document, tmp_path / "变更对照.xlsx")
    with pytest.raises(InputError, match="不是为这份文件写的"):
        read_matches(tmp_path / "变更对照.xlsx", plan_of(tmp_path, rows[1:]))


def test_a_proofread_workbook_of_the_same_document_goes_by_its_ids(tmp_path):
    ledger = ledger_with(tmp_path)
    out = tmp_path / "核对稿.xlsx"
    write_proofreading(plan_of(tmp_path, tasks()), {}, out)
    book = openpyxl.load_workbook(out)
    sheet = book["任务"]
    column = {cell.value: cell.column for row in sheet.iter_rows(max_row=6) for cell in row}["工作任务"]
    cell = next(cell for cell in sheet.iter_cols(column, column).__next__() if cell.value == "新增公办学位600个。")
    cell.value = "完全改写了的一项任务。"
    book.save(out)
    assert open_proof(out) is not None
    found = amend(ledger, NAME, read_plan(out), DAY, is_proof=True)
    assert {"T001"} == {each.task_id for each in found.differences}
    assert () == found.matching.doubts


def test_a_document_without_the_annex_is_doubted_before_all_of_it_is_withdrawn():
    from taskkit import open_ledger

    whole = read_plan(samples.sample_path())
    ledger = open_ledger("sqlite://")
    ledger.add_plan(whole, NAME)
    rows = Rows.of(whole)
    for task_id in [row["task_id"] for row in rows.tasks if row["part"] != "main"]:
        rows.drop(task_id)
    found = amend(ledger, NAME, rows.plan(), DAY)
    assert ["amend-part-gone"] == [each.code for each in found.findings]


def test_a_document_none_of_whose_tasks_is_one_of_the_plan_is_another_plan(ledger, tmp_path):
    other = {
        "任务": "建造远洋货轮3艘",
        "措施": "下水试航。",
        "领导": "王海",
        "牵头": "市船舶局",
        "配合": "",
        "时限": "2026年9月底前",
    }
    with pytest.raises(UsageError, match="没有一项任务与“方案”的对得上"):
        amend(ledger, NAME, plan_of(tmp_path, [other]), DAY)


def test_a_limit_that_is_no_number_is_refused_with_its_line_and_key(ledger, tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "amending.toml").write_text("sure = 62\nperhaps = 38\napart = 'x'\n", encoding="utf-8")
    with pytest.raises(InputError, match="第3行“apart”写法有误：写的是“x”"):
        amend(ledger, NAME, plan_of(tmp_path, tasks()), DAY, settings=Settings(tmp_path))


# --- versions -------------------------------------------------------------------------


def test_every_version_stays_and_is_in_force_from_its_day(ledger, tmp_path):
    rows = tasks()
    rows[3]["任务"] = "举办全县茶文化旅游节和采茶节"
    kept(ledger, tmp_path, rows)
    before, after = ledger.plan(NAME, date(2026, 4, 30)), ledger.plan(NAME, DAY)
    assert ("举办全县茶文化旅游节", "举办全县茶文化旅游节和采茶节") == (titles(before)["T004"], titles(after)["T004"])
    assert [None, DAY] == [each.effective_on for each in ledger.plan_versions(NAME)]
    assert [NAME] == ledger.plan_names()
    assert ["云府〔2026〕20号"] == [each.ground for each in ledger.plan_changes(NAME)]


def test_an_amended_document_cannot_hold_from_before_a_later_one(ledger, tmp_path):
    rows = tasks()
    rows[0]["时限"] = "2026年7月底前"
    kept(ledger, tmp_path, rows)
    with pytest.raises(UsageError, match="不能更早"):
        amended(ledger, tmp_path, tasks(), date(2026, 4, 1))


def test_what_somebody_else_amended_meanwhile_is_not_overwritten(ledger, tmp_path):
    one, two = tasks(), tasks()
    one[0]["时限"], two[0]["时限"] = "2026年7月底前", "2026年9月底前"
    first = amended(ledger, tmp_path, one)
    kept(ledger, tmp_path, two)
    with pytest.raises(LedgerError, match="别人改过"):
        keep_amendment(ledger, first, "", tmp_path / "方案.txt")


def test_a_hidden_version_is_no_plan_of_its_own(ledger, tmp_path):
    kept(ledger, tmp_path, tasks()[:3])
    with pytest.raises(UsageError, match="没有名为"):
        ledger.plan("1/1")


# --- forms that are out ---------------------------------------------------------------


def filled(path: Path, text: str) -> Path:
    book = openpyxl.load_workbook(path)
    sheet = book["工作进展"]
    header = next(row for row in sheet.iter_rows() if any(str(cell.value).startswith("本期进展") for cell in row))
    column = next(cell.column for cell in header if str(cell.value).startswith("本期进展"))
    row = next(row for row in range(header[0].row + 1, sheet.max_row) if ".T" in str(sheet.cell(row, 1).value))
    sheet.cell(row, column).value = text
    book.save(path)
    return path


def test_only_the_forms_whose_content_changes_are_sent_again(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=TODAY)
    rows = tasks()
    rows[0]["时限"] = "2026年7月底前"
    rows[3]["牵头"] = "县文旅局、县农业局"
    found = kept(ledger, tmp_path, rows)
    assert [("县教育局", False), ("县文旅局", False), ("县农业局", True)] == [
        (each.unit, each.is_new) for each in found.affected
    ]
    again = issue(ledger, NAME, "2026Q2", tmp_path / "再发", today=TODAY)
    editions = ledger.workbooks(NAME, "2026Q2").groupby("unit")["edition"].max().to_dict()
    assert {"县教育局": 2, "县文旅局": 2, "县农业局": 1, "县交通局": 1, "县住建局": 1} == editions
    assert 5 == len(again)


def test_a_form_of_before_the_amendment_is_still_taken_and_the_workbook_keeps_its_id(ledger, tmp_path):
    books = issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=TODAY)
    before = set(ledger.workbooks(NAME)["workbook"])
    kept(ledger, tmp_path, tasks()[:3])  # T004 of 县文旅局 is withdrawn
    path = next(Path(each) for each in books if "教育局" in str(each))
    gone = next(Path(each) for each in books if "文旅局" in str(each))
    result = collect(
        ledger, [filled(path, "已新增300个"), filled(gone, "已举办")], apply=True, received=date(2026, 7, 8)
    )
    assert ["accepted", "accepted"] == list(result.files["outcome"])
    values = ledger.values(NAME, "2026Q2")
    assert {("T001", "已新增300个"), ("T004", "已举办")} <= set(zip(values["task_id"], values["value"], strict=True))
    issue(ledger, NAME, "2026Q2", tmp_path / "再发", today=TODAY)
    assert before == set(ledger.workbooks(NAME)["workbook"])


# --- properties -----------------------------------------------------------------------


@pytest.mark.parametrize("file", ["gd-2023.docx", "xinxing-2023.docx", "guangfeng-2021.docx"])
def test_a_real_plan_amended_by_itself_is_no_change(file, tmp_path):
    from taskkit import open_ledger

    ledger, plan = open_ledger("sqlite://"), read_plan(plan_file(file))
    ledger.add_plan(plan, NAME)
    found = amend(ledger, NAME, plan, date(2023, 6, 1))
    assert ((), ()) == (found.differences, found.matching.doubts)


@configured(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_random_edits_keep_the_ids_of_tasks_whose_text_is_alike(ledger, tmp_path, seed):
    chance = random.Random(seed)
    rows = [{**row, "was": f"T{number:03d}"} for number, row in enumerate(tasks(), 1)]
    chance.shuffle(rows)
    dropped = rows.pop()["was"] if chance.random() < 0.5 else None
    for row in rows:
        if chance.random() < 0.5:
            row["任务"] = row["任务"].replace("新", "再", 1) + chance.choice(("", "以上", "，确保质量"))
        if chance.random() < 0.3:
            row["措施"] += chance.choice(("按月调度。", "加强督导。"))
    found = amended(ledger, tmp_path, rows)
    assert [row["was"] for row in rows] == list(found.plan.tasks.index)
    assert [dropped] * (dropped is not None) == [
        each.task_id for each in found.differences if each.kind is Kind.WITHDRAWN
    ]


def test_the_text_that_the_tests_write_is_read_as_it_is_meant(tmp_path):
    plan = plan_of(tmp_path, tasks())
    assert text_of(tasks()).startswith("2026年县")
    assert ["T001", "T002", "T003", "T004"] == list(plan.tasks.index)
    assert ["云一舟"] == plan.tasks.loc["T001", "leaders"]
