"""变更.xlsx: leaders, units and tasks changed in mid-year from a day on; all of it is kept, or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from taskkit import issue, report
from taskkit.changing import open_changes, write_changes
from taskkit.changing.affected import affected_by
from taskkit.changing.keeping import versions_of_document
from taskkit.collecting import collect
from taskkit.duties import duties, of_units
from taskkit.errors import OutputError
from taskkit.histories import history
from taskkit.judging.facts import gather
from taskkit.ledger import Ledger
from taskkit.periods import parse_period
from taskkit.plan import Plan
from taskkit.settings import Settings
from taskkit.tracking import Outcome, read_returns
from tests.amending import NAME, changed, codes, ledger_with, tasks, titles
from tests.plans import units_of
from tests.test_amending import filled

TODAY = date(2026, 6, 20)
LEADER = """
| 原领导 | 新领导 | 范围 | 起始日期   | 依据           |
| 林知远 | 周明   | 全部 | 2026-06-01 | 县委组发〔2026〕5号 |
"""
RENAMED = """
| 原单位   | 新单位         | 起始日期   | 依据     |
| 县教育局 | 县教育体育局   | 2026-06-01 | 机构改革 |
"""
MERGED = """
| 原单位   | 新单位   | 起始日期   | 依据     |
| 县文旅局 | 县农业局 | 2026-06-01 | 机构改革 |
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return ledger_with(tmp_path)


def with_target(path: Path, target_id: str, value: float) -> Path:
    """A form with 累计完成值 of one target filled in."""
    book = openpyxl.load_workbook(path)
    sheet = book["量化指标"]
    row = next(row for row in sheet.iter_rows() if str(row[0].value).endswith(f".{target_id}"))
    header = next(row for row in sheet.iter_rows() if any(str(cell.value).startswith("累计完成值") for cell in row))
    row[next(at for at, cell in enumerate(header) if str(cell.value).startswith("累计完成值"))].value = value
    book.save(path)
    return path


def leaders(plan: Plan) -> list[str]:
    return ["、".join(each) for each in plan.tasks["leaders"]]


# --- leaders --------------------------------------------------------------------------


def test_a_leader_is_replaced_from_a_day_on_for_all_tasks(ledger, tmp_path):
    taken = changed(ledger, tmp_path, {"领导调整": LEADER})
    assert (1, []) == (len(taken.changes), codes(taken))
    assert ["云一舟", "林知远", "林知远", "云一舟"] == leaders(ledger.plan(NAME, date(2026, 5, 31)))
    assert ["云一舟", "周明", "周明", "云一舟"] == leaders(ledger.plan(NAME, date(2026, 6, 1)))


def test_a_leader_is_replaced_for_all_tasks_where_nobody_says_for_which(ledger, tmp_path):
    taken = changed(ledger, tmp_path, {"领导调整": LEADER.replace("全部", "　　")})
    assert (1, []) == (len(taken.changes), codes(taken))
    assert ["云一舟", "周明", "周明", "云一舟"] == leaders(ledger.plan(NAME))


def test_a_leader_is_replaced_for_some_tasks_only(ledger, tmp_path):
    changed(ledger, tmp_path, {"领导调整": LEADER.replace("全部", "T003")})
    assert ["云一舟", "林知远", "周明", "云一舟"] == leaders(ledger.plan(NAME))


def test_the_same_file_loaded_twice_changes_nothing(ledger, tmp_path):
    changed(ledger, tmp_path, {"领导调整": LEADER, "单位更名合并": RENAMED})
    versions = ledger.plan_versions(NAME)
    opened = open_changes(tmp_path / "变更.xlsx")
    assert opened is not None
    again = opened.load(ledger, NAME)
    assert ((), 2, []) == (again.changes, again.known, codes(again))
    assert versions == ledger.plan_versions(NAME)


def test_a_change_for_an_earlier_day_is_in_what_was_set_for_later_ones_too(ledger, tmp_path):
    changed(ledger, tmp_path, {"领导调整": LEADER.replace("06-01", "09-01")})
    changed(ledger, tmp_path, {"单位更名合并": RENAMED})
    june, september = (ledger.plan(NAME, date(2026, month, 1)) for month in (6, 9))
    assert (["县教育体育局"], "林知远") == (units_of(june, "T001", "lead"), leaders(june)[1])
    assert (["县教育体育局"], "周明") == (units_of(september, "T001", "lead"), leaders(september)[1])


def test_forms_and_reports_show_the_leader_of_their_day(ledger, tmp_path):
    changed(ledger, tmp_path, {"领导调整": LEADER})
    for day, name in ((date(2026, 5, 20), "林知远"), (TODAY, "周明")):
        issue(ledger, NAME, "2026Q2", tmp_path / str(day), units=["县交通局"], today=day)
        facts = gather(ledger, NAME, parse_period("2026Q2"), Settings(), day)
        assert (name,) == next(each.leaders for each in facts.tasks if each.task_id == "T003")
        newest = ledger.latest_workbooks(NAME, "2026Q2")["县交通局", "lead", "main"]
        cells = ledger.workbook(newest.workbook).cells
        assert [name] == [cell.value for cell in cells if (cell.row_id, cell.column) == ("T003", "分管领导")]


def test_leaders_who_follow_one_another_on_one_day_do_so_at_once_and_those_of_single_tasks_come_first(ledger, tmp_path):
    rows = """
    | 原领导 | 新领导 | 范围 | 起始日期   | 依据   |
    | 林知远 | 周明   | T003 | 2026-06-01 | 分工调整 |
    | 林知远 | 云一舟 | 全部 | 2026-06-01 | 分工调整 |
    | 云一舟 | 林知远 | 全部 | 2026-06-01 | 分工调整 |
    """
    assert [] == codes(changed(ledger, tmp_path, {"领导调整": rows}))
    swapped = ["林知远", "云一舟", "周明", "林知远"]
    assert swapped == leaders(ledger.plan(NAME, date(2026, 6, 1)))
    before = date(2026, 5, 1), ledger.plan(NAME, date(2026, 5, 1))
    assert swapped == leaders(versions_of_document(ledger, NAME, *before)[1][1]), "also after an amended document"


# --- units ----------------------------------------------------------------------------


def test_a_renamed_unit_is_not_asked_again_and_its_return_under_the_old_name_is_its_own(ledger, tmp_path):
    books = issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=date(2026, 5, 20))
    changed(ledger, tmp_path, {"单位更名合并": RENAMED})
    issue(ledger, NAME, "2026Q2", tmp_path / "再发", today=TODAY)
    assert "县教育体育局" not in set(ledger.workbooks(NAME)["unit"])
    path = next(Path(each) for each in books if "教育局" in str(each))
    result = collect(ledger, filled(path, "已新增300个"), apply=True, received=date(2026, 7, 8))
    assert ["accepted"] == list(result.files["outcome"])
    listed = read_returns(ledger, NAME, "2026Q2", date(2026, 7, 12))
    assert date(2026, 7, 8) == next(each.received for each in listed if each.unit == "县教育体育局")
    facts = gather(ledger, NAME, parse_period("2026Q2"), Settings(), date(2026, 7, 12))
    assert (("县教育体育局", "已新增300个"),) == facts.tasks[0].lead_texts
    assert ["县教育局"] == list(history(ledger, NAME, "T001")["unit"])  # as it was said


def test_on_a_day_before_it_was_renamed_a_unit_is_due_once_under_its_old_name(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=date(2026, 5, 20))
    changed(ledger, tmp_path, {"单位更名合并": RENAMED})

    def due(on: date) -> list[str]:
        listed = of_units(ledger, NAME, duties(ledger, NAME, on), ["县教育体育局"])
        return [each.unit for each in listed if each.period == "2026Q2"]

    assert ["县教育局"] == due(date(2026, 5, 25))
    assert ["县教育体育局"] == due(date(2026, 6, 20))


def test_what_was_reported_under_the_old_name_is_filled_in_for_the_new_one(ledger, tmp_path):
    books = issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=date(2026, 5, 20))
    path = next(Path(each) for each in books if "教育局" in str(each))
    collect(ledger, filled(path, "已新增300个"), apply=True, received=date(2026, 7, 8))
    changed(ledger, tmp_path, {"单位更名合并": RENAMED.replace("06-01", "08-01")})
    issue(ledger, NAME, "2026Q3", tmp_path / "三季度", today=date(2026, 9, 20))
    book = ledger.latest_workbooks(NAME, "2026Q3")["县教育体育局", "lead", "main"]
    cells = ledger.workbook(book.workbook).cells
    assert ["已新增300个"] == [cell.value for cell in cells if (cell.row_id, cell.column) == ("T001", "本期进展")]


def test_a_rename_of_a_later_day_waits_for_it(ledger, tmp_path):
    changed(ledger, tmp_path, {"单位更名合并": RENAMED.replace("06-01", "08-01")})
    issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=TODAY)
    assert {"县教育局"} == {unit for unit in ledger.workbooks(NAME)["unit"] if "教育" in unit}
    assert (None, "县教育体育局") == (ledger.roster(NAME, TODAY), ledger.roster(NAME).canonical("县教育局"))


def test_two_units_merged_are_one_and_each_task_names_it_once(ledger, tmp_path):
    changed(ledger, tmp_path, {"单位更名合并": MERGED})
    plan = ledger.plan(NAME)
    assert (["县农业局"], []) == (units_of(plan, "T004", "lead"), units_of(plan, "T004", "support"))
    assert "县农业局" == ledger.roster(NAME).canonical("县文旅局")


def test_a_unit_list_loaded_before_keeps_its_order_and_gets_the_old_name_as_an_alias(ledger, tmp_path):
    from taskkit.roster import Roster, UnitEntry

    ledger.add_roster(NAME, Roster((UnitEntry("县交通局"), UnitEntry("县教育局", aliases=("县教委",), kind="部门"))))
    changed(ledger, tmp_path, {"单位更名合并": RENAMED})
    first, second = ledger.roster(NAME).unit_entries
    assert ("县交通局", "县教育体育局", ("县教委", "县教育局"), "部门") == (
        first.name,
        second.name,
        second.aliases,
        second.kind,
    )


# --- tasks ----------------------------------------------------------------------------


def test_a_task_is_added_with_the_next_free_id_behind_its_section(ledger, tmp_path):
    changed(
        ledger,
        tmp_path,
        {
            "任务增加": """
| 部分 | 序号 | 大类 | 工作任务 | 工作措施 | 分管领导 | 牵头单位 | 配合单位 | 完成时限 | 起始日期 | 依据 |
| 正文 | 5 | 一、社会事业 | 新建公厕20座。 | 按月调度。 | 云一舟 | 县住建局 | 县财政局 | 10月底前 | 2026-06-01 | 纪要 |
"""
        },
    )
    plan = ledger.plan(NAME)
    task = plan.tasks.loc["T005"]
    assert ("新建公厕20座。", 5, ["云一舟"], date(2026, 10, 31)) == (
        task["title"],
        task["no"],
        task["leaders"],
        task["due_on"].date(),
    )
    assert (["县住建局"], ["县财政局"]) == (units_of(plan, "T005", "lead"), units_of(plan, "T005", "support"))
    assert ["T005.1"] == list(plan.targets[plan.targets["task_id"] == "T005"]["target_id"])


AMENDED = [
    ("完成时限", "2026年10月底前", "deadline", "2026年10月底前"),
    ("工作任务", "新增公办学位900个。", "title", "新增公办学位900个。"),
    ("工作措施", "无", "measures", None),
    ("大类", "二、民生", "section", "二、民生"),
    ("序号", "12", "no", 12),
]


@pytest.mark.parametrize(("column", "text", "key", "value"), AMENDED, ids=[each[0] for each in AMENDED])
def test_a_field_of_a_task_is_amended(ledger, tmp_path, column, text, key, value):
    row = {"任务": "T001", "修改的内容": column, "修改为": text, "起始日期": "2026-06-01", "依据": "会议纪要"}
    taken = changed(ledger, tmp_path, {"任务修改": [row]})
    found = ledger.plan(NAME).tasks.loc["T001", key]
    assert ([], value) == (codes(taken), None if found != found else found)


def test_units_and_goals_are_amended_and_the_target_of_a_new_text_keeps_its_id(ledger, tmp_path):
    common = {"任务": "1", "起始日期": "2026-06-01", "依据": "会议纪要"}
    rows = [
        {**common, "修改的内容": "配合单位", "修改为": "县住建局、县交通局"},
        {**common, "修改的内容": "二季度目标", "修改为": "主体封顶"},
        {**common, "修改的内容": "工作任务", "修改为": "新增公办学位900个。"},
    ]
    changed(ledger, tmp_path, {"任务修改": rows})
    plan = ledger.plan(NAME)
    assert ["县住建局", "县交通局"] == units_of(plan, "T001", "support")
    assert [("二季度", "主体封顶")] == list(zip(plan.goals["stage"], plan.goals["text"], strict=True))
    assert 900.0 == plan.targets.set_index("target_id").loc["T001.1", "value"]


WITHDRAWN = "| 任务 | 起始日期 | 依据 |\n| T004 | 2026-06-01 | 会议纪要 |"


def test_a_withdrawn_task_leaves_later_forms_and_counts_and_its_history_stays(ledger, tmp_path):
    books = issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=date(2026, 5, 20))
    gone = next(Path(each) for each in books if "文旅局" in str(each))
    collect(ledger, filled(gone, "已举办"), apply=True, received=date(2026, 7, 8))
    changed(ledger, tmp_path, {"任务撤销": WITHDRAWN})
    facts = gather(ledger, NAME, parse_period("2026Q2"), Settings(), date(2026, 7, 12))
    assert (["T001", "T002", "T003"], {"main": 1}) == ([each.task_id for each in facts.tasks], facts.withdrawn)
    before = gather(ledger, NAME, parse_period("2026Q2"), Settings(), date(2026, 5, 31))
    assert (4, {}) == (len(before.tasks), before.withdrawn)
    issue(ledger, NAME, "2026Q3", tmp_path / "三季度", today=date(2026, 9, 20))
    assert "县文旅局" not in set(ledger.workbooks(NAME, "2026Q3")["unit"])
    assert ["已举办"] == list(history(ledger, NAME, "T004")["value"])


def test_a_unit_all_of_whose_tasks_were_withdrawn_need_not_report(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=date(2026, 5, 20))
    changed(ledger, tmp_path, {"任务撤销": WITHDRAWN})
    listed = {each.unit: each for each in read_returns(ledger, NAME, "2026Q2", date(2026, 7, 12))}
    one = listed["县文旅局"]
    assert (Outcome.EXCUSED, "所涉任务已撤销", ()) == (one.outcome, one.reason, one.tasks)
    assert Outcome.MISSING is listed["县教育局"].outcome


def test_a_task_that_came_after_a_period_is_none_of_it(ledger, tmp_path):
    issue(ledger, NAME, "2026Q1", tmp_path / "发出", today=date(2026, 3, 20))
    row = {
        "部分": "正文",
        "工作任务": "新建公厕20座。",
        "牵头单位": "县住建局",
        "起始日期": "2026-06-01",
        "依据": "会议纪要",
    }
    changed(ledger, tmp_path, {"任务增加": [row]})
    first, second = (gather(ledger, NAME, parse_period(each), Settings(), TODAY) for each in ("2026Q1", "2026Q2"))
    assert "T005" not in [each.task_id for each in first.tasks]
    assert [] == list(second.tasks)  # nothing was issued for it yet
    issue(ledger, NAME, "2026Q2", tmp_path / "二季度", today=TODAY)
    assert "T005" in [each.task_id for each in gather(ledger, NAME, parse_period("2026Q2"), Settings(), TODAY).tasks]


@pytest.mark.parametrize("kind", ["progress", "digest", "leader", "ledger"])
def test_every_report_is_made_after_tasks_with_values_were_withdrawn(ledger, tmp_path, kind):
    books = issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=date(2026, 5, 20))
    gone = next(Path(each) for each in books if "住建局" in str(each))
    collect(ledger, filled(with_target(gone, "T002.1", 9), "改造9个"), apply=True, received=date(2026, 7, 8))
    changed(ledger, tmp_path, {"任务撤销": WITHDRAWN.replace("T004", "T002"), "单位更名合并": RENAMED})
    units, leader = (["县教育局"] if kind == "digest" else None), ("云一舟" if kind == "leader" else None)
    path = report(ledger, NAME, kind, out=tmp_path, units=units, leader=leader, today=date(2026, 7, 12))
    assert path.exists()


def test_the_forms_that_a_change_concerns_are_listed(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=date(2026, 5, 20))
    before = ledger.plan(NAME)
    taken = changed(ledger, tmp_path, {"领导调整": LEADER.replace("全部", "T003"), "任务撤销": WITHDRAWN})
    listed = affected_by(ledger, NAME, taken.changes, before, None)
    assert ["县交通局", "县文旅局"] == [each.unit for each in listed]


# --- what is wrong --------------------------------------------------------------------

GOOD = {"起始日期": "2026-06-01", "依据": "会议纪要"}
ADDED = {"部分": "正文", "工作任务": "新建公厕20座。", "牵头单位": "县住建局", **GOOD}
WRONG = {
    "change-blank": ("领导调整", [{"原领导": "林知远", "新领导": "周明", "范围": "全部", "起始日期": "2026-06-01"}]),
    "change-leader": ("领导调整", [{"原领导": "林知园", "新领导": "周明", "范围": "全部", **GOOD}]),
    "change-not-led": ("领导调整", [{"原领导": "林知远", "新领导": "周明", "范围": "T001", **GOOD}]),
    "change-same": ("单位更名合并", [{"原单位": "县教育局", "新单位": "县教育局", **GOOD}]),
    "change-unit": ("单位更名合并", [{"原单位": "县教玉局", "新单位": "县教体局", **GOOD}]),
    "change-name": ("单位更名合并", [{"原单位": "县教育局", "新单位": "县教体局、县科技局", **GOOD}]),
    "change-part": ("任务增加", [{**ADDED, "部分": "附件9"}]),
    "change-exists": ("任务增加", [{**ADDED, "工作任务": "新增公办学位600个。"}]),
    "change-number": ("任务增加", [{**ADDED, "序号": "第几"}]),
    "change-word": ("任务修改", [{"任务": "T001", "修改的内容": "期限", "修改为": "年底前", **GOOD}]),
    "change-task": ("任务撤销", [{"任务": "T099", **GOOD}]),
    "change-date": ("任务撤销", [{"任务": "T001", "起始日期": "过几天", "依据": "会议纪要"}]),
    "change-day": ("任务撤销", [{"任务": "T001", "起始日期": "2036-06-01", "依据": "会议纪要"}]),
    "change-twice": (
        "任务修改",
        [{"任务": "T001", "修改的内容": "完成时限", "修改为": text, **GOOD} for text in ("年底前", "10月底前")],
    ),
    "change-person": ("领导调整", [{"原领导": "林知远", "新领导": "周明、吴安", "范围": "全部", **GOOD}]),
    "change-item-unit": ("任务拆分", [{"任务": "T001", "事项": "建成操场", "责任单位": "县交通局", **GOOD}]),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_cell_is_named_and_nothing_is_kept(ledger, tmp_path, code):
    sheet, rows = WRONG[code]
    taken = changed(ledger, tmp_path, {sheet: rows, "任务撤销": WITHDRAWN} if sheet != "任务撤销" else {sheet: rows})
    found = [each for each in taken.findings if each.code == code]
    assert found and found[0].source.startswith(f"变更.xlsx“{sheet}”第")
    assert found[0].source.endswith("列")
    assert (1, []) == (len(ledger.plan_versions(NAME)), ledger.plan_changes(NAME))


def test_a_cell_that_cannot_be_read_is_told_once_and_is_no_blank_one(ledger, tmp_path):
    rows = [{"任务": "T001", "修改的内容": "工作任务", "修改为": "=1+1", **GOOD}]
    taken = changed(ledger, tmp_path, {"任务修改": rows})
    assert ["formula-unsaved"] == codes(taken)


def test_near_names_are_suggested_with_the_cell(ledger, tmp_path):
    taken = changed(ledger, tmp_path, {WRONG["change-unit"][0]: WRONG["change-unit"][1]})
    assert ["变更.xlsx“单位更名合并”第4行A列"] == [each.source for each in taken.findings]
    assert "是不是“县教育局”" in taken.findings[0].message


def test_a_task_added_after_a_period_and_withdrawn_again_is_none_of_its_withdrawn_ones(ledger, tmp_path):
    issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=date(2026, 5, 20))
    new = {"部分": "正文", "大类": "一、社会事业", "工作任务": "新建公园2个", "牵头单位": "县教育局"}
    changed(ledger, tmp_path, {"任务增加": [{**new, "起始日期": "2026-08-01", "依据": "会议纪要"}]})
    changed(ledger, tmp_path, {"任务撤销": [{"任务": "T005", "起始日期": "2026-09-01", "依据": "会议纪要"}]})
    today = date(2026, 10, 8)
    assert {} == gather(ledger, NAME, parse_period("2026Q2"), Settings(), today).withdrawn
    assert {"main": 1} == gather(ledger, NAME, parse_period("2026Q3"), Settings(), today).withdrawn


def test_a_task_withdrawn_in_one_sheet_cannot_be_amended_in_another(ledger, tmp_path):
    row = {"任务": "T004", "修改的内容": "完成时限", "修改为": "年底前", **GOOD}
    assert ["change-gone-here"] == codes(changed(ledger, tmp_path, {"任务撤销": WITHDRAWN, "任务修改": [row]}))


def test_a_deadline_that_is_no_date_is_a_doubt_and_kept_as_written(ledger, tmp_path):
    row = {"任务": "T001", "修改的内容": "完成时限", "修改为": "2026年13月", **GOOD}
    assert ["change-deadline"] == codes(changed(ledger, tmp_path, {"任务修改": [row]}))
    assert "2026年13月" == ledger.plan(NAME).tasks.loc["T001", "deadline"]


def test_texts_that_look_like_formulas_stay_texts(ledger, tmp_path):
    row = {**ADDED, "工作任务": "+86热线畅通。", "依据": "-"}
    changed(ledger, tmp_path, {"任务增加": [row]})
    assert "+86热线畅通。" == ledger.plan(NAME).tasks.loc["T005", "title"]
    out = tmp_path / "又.xlsx"
    write_changes(ledger, NAME, out)
    sheet = openpyxl.load_workbook(out)["已登记的变更"]
    assert ["s", "s"] == [sheet.cell(4, column).data_type for column in (3, 4)]


def test_a_filled_in_workbook_is_never_replaced(ledger, tmp_path):
    changed(ledger, tmp_path, {"领导调整": LEADER})
    with pytest.raises(OutputError):
        write_changes(ledger, NAME, tmp_path / "变更.xlsx")


def test_another_workbook_is_none_of_changes(ledger, tmp_path):
    path = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(path)
    assert (None, None) == (open_changes(path), open_changes(tmp_path / "没有.xlsx"))


def test_the_plan_of_before_is_as_it_was(ledger, tmp_path):
    changed(ledger, tmp_path, {"领导调整": LEADER, "任务撤销": WITHDRAWN})
    assert [row["任务"] for row in tasks()] == list(titles(ledger.plan(NAME, date(2026, 5, 31))).values())


def test_values_of_targets_of_a_withdrawn_task_are_still_taken(ledger, tmp_path):
    books = issue(ledger, NAME, "2026Q2", tmp_path / "发出", today=date(2026, 5, 20))
    changed(ledger, tmp_path, {"任务撤销": WITHDRAWN.replace("T004", "T002")})
    path = next(Path(each) for each in books if "住建局" in str(each))
    collect(ledger, with_target(path, "T002.1", 9), apply=True, received=date(2026, 7, 8))
    assert ["9"] == list(ledger.values(NAME, "2026Q2")["value"])
    assert frozenset() == gather(ledger, NAME, parse_period("2026Q2"), Settings(), date(2026, 7, 12)).targets_reported
