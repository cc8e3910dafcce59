"""Issuing: a workbook for every unit that is asked, none for anybody else, nothing of a clerk's ever replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taskkit import issue, open_ledger
from taskkit.errors import LedgerError, OutputError, TemplateError, UsageError
from taskkit.file_names import safe_file, safe_name
from taskkit.issuing import Issued
from taskkit.issuing.naming import file_name
from taskkit.ledger import Change, Ledger, Submission, Workbook
from taskkit.periods import parse_period
from taskkit.plan import FRAMES, Plan, PlanInfo, make_plan
from taskkit.settings import Settings
from taskkit.workbook import Ask

PLAN = """
| 任务 | 部分 | 牵头 | 配合 |
| 增加学位2000个 | main | 县教育局 | 县财政局、各镇政府 |
| 新建公园3个 | main | 县住房城乡建设局、县林业局 | 县教育局 |
| 改造危桥5座 | annex | 县交通运输局 | |
"""
SCHEDULE = """
| 报送期 | 角色 | 部分 | 截止 |
| plan | lead | main | 2026-03-20 |
| 2026Q1 | lead | main | 2026-04-10 |
| 2026-04 | lead | annex | 2026-05-08 |
| 2026Q2 | lead | main | 2026-07-10 |
"""


def rows(markdown: str) -> list[dict[str, str]]:
    header, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in markdown.strip().splitlines()]
    return [dict(zip(header, line, strict=True)) for line in body]


def plan_of(markdown: str = PLAN, schedule: str = SCHEDULE) -> Plan:
    tasks, assignments = [], []
    for number, row in enumerate(rows(markdown), 1):
        task_id = f"T{number:03d}"
        tasks.append(
            {"task_id": task_id, "part": row["部分"], "no": number, "title": row["任务"], "section": "一、民生"}
        )
        for role, label in (("lead", "牵头"), ("support", "配合")):
            for rank, unit in enumerate(filter(None, row[label].split("、")), 1):
                collective = unit.startswith("各")
                assignments.append(
                    {"task_id": task_id, "unit": unit, "role": role, "rank": rank, "collective": collective}
                )
    dates = [
        {
            "period": row["报送期"],
            "role": row["角色"],
            "part": row["部分"],
            "due_on": date.fromisoformat(row["截止"]),
            "to_whom": row.get("报给", "县政府督查室"),
        }
        for row in rows(schedule)
    ]
    info = PlanInfo(title="2026年分工方案", issuer="云溪县人民政府", year=2026, source="云溪.docx")
    return make_plan(info, tasks=tasks, assignments=assignments, schedule=dates)


def frames(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in FRAMES}


@pytest.fixture
def ledger() -> Ledger:
    ledger = open_ledger("sqlite://")
    ledger.add_plan(plan_of())
    return ledger


def sent(ledger: Ledger, books: Issued) -> list[Workbook]:
    """The workbooks as the ledger keeps them."""
    kept = [ledger.workbook(each) for each in books.books["workbook"].astype(str).tolist()]
    return [book for book in kept if book]


def units(books: object) -> list[str]:
    return books.books["unit"].tolist()  # type: ignore[attr-defined, no-any-return]


# --- who is asked ---------------------------------------------------------------------


def test_lead_units_are_asked_in_the_order_of_the_plan_and_nobody_else(ledger, tmp_path):
    books = issue(ledger, "云溪", "2026Q2", tmp_path)
    assert ["县教育局", "县住房城乡建设局", "县林业局"] == units(books)
    assert sorted(tmp_path.iterdir()) == sorted(books)


def test_support_units_are_asked_when_wanted_but_collectives_never(ledger, tmp_path):
    books = issue(ledger, "云溪", "2026Q2", tmp_path, role="all")
    assert ["县教育局", "县住房城乡建设局", "县林业局", "县财政局"] == units(books)
    assert ["各镇政府"] == books.left_out["unit"].tolist()
    assert "集体" in books.left_out["reason"].iloc[0]


def test_each_part_is_asked_in_its_own_periods(ledger, tmp_path):
    assert ["县交通运输局"] == units(issue(ledger, "云溪", "2026-04", tmp_path))


@pytest.mark.parametrize(
    ("today", "period"), [("2026-03-01", "plan"), ("2026-03-21", "2026Q1"), ("2026-05-08", "2026-04")]
)
def test_without_a_period_the_next_one_due_is_taken(ledger, tmp_path, today, period):
    books = issue(ledger, "云溪", out=tmp_path, today=date.fromisoformat(today))
    assert {period} == set(books.books["period"])


def test_without_a_period_it_is_said_which_was_taken_and_until_when_it_is_due(ledger, tmp_path):
    why = issue(ledger, "云溪", out=tmp_path, today=date(2026, 3, 21)).why
    assert "没有写 --period，取最近应报的一期：2026年一季度（2026年4月10日前报送）。" == why
    assert "" == issue(ledger, "云溪", "2026Q1", tmp_path).why


def test_without_a_period_none_that_lies_ahead_is_taken_while_forms_of_one_before_are_out(tmp_path):
    ledger = open_ledger("sqlite://")
    later = SCHEDULE + "| 2026Q4 | lead | main | 2026-12-10 |\n"
    ledger.add_plan(plan_of(schedule=later))
    issue(ledger, "云溪", "2026Q2", tmp_path / "二季度")
    with pytest.raises(UsageError, match=r"四季度还没有开始.*--period 2026Q2.*--period 2026Q4"):
        issue(ledger, "云溪", out=tmp_path / "又", today=date(2026, 7, 11))
    assert not (tmp_path / "又").exists()
    assert {"2026Q4"} == set(issue(ledger, "云溪", out=tmp_path / "又", today=date(2026, 10, 8)).books["period"])


def test_when_all_dates_have_passed_a_period_must_be_named(ledger, tmp_path):
    with pytest.raises(UsageError, match=r"都已过.*--period.*2026Q2（2026年7月10日前）"):
        issue(ledger, "云溪", out=tmp_path, today=date(2027, 1, 1))


def test_a_period_that_nobody_ordered_is_refused_unless_wanted_anyway(ledger, tmp_path):
    with pytest.raises(UsageError, match=r"没有要求报送 2026Q3.*--anyway"):
        issue(ledger, "云溪", "2026Q3", tmp_path)
    assert [] == list(tmp_path.iterdir())
    assert 3 == len(issue(ledger, "云溪", "2026Q3", tmp_path, anyway=True))


def test_a_plan_without_a_calendar_takes_any_period(tmp_path):
    with open_ledger("sqlite://") as ledger:
        ledger.add_plan(plan_of(schedule="| 报送期 | 角色 | 部分 | 截止 |"))
        assert 3 == len(issue(ledger, "云溪", "2026-05", tmp_path))


def test_a_wider_role_still_keeps_to_the_periods_that_the_notice_names(ledger, tmp_path):
    with pytest.raises(UsageError, match="没有要求报送 2026Q3"):
        issue(ledger, "云溪", "2026Q3", tmp_path, role="support")
    assert units(issue(ledger, "云溪", "2026Q2", tmp_path, role="support"))


def test_more_stages_than_a_form_can_hold_are_refused_not_dropped(tmp_path):
    plan = plan_of()
    ledger = open_ledger("sqlite://")
    ledger.add_plan(Plan(replace(plan.info, stages=tuple(f"第{n}阶段" for n in range(1, 14))), **frames(plan)))
    with pytest.raises(UsageError, match="13个阶段，表格最多放12个"):
        issue(ledger, "云溪", "plan", tmp_path)


def test_a_unit_asked_by_name_that_has_nothing_to_report_is_said_to_have_nothing(ledger, tmp_path):
    books = issue(ledger, "云溪", "2026Q2", tmp_path, units=["县财政局", "县教育局"])
    assert ["县教育局"] == units(books)
    [(unit, reason)] = books.left_out.itertuples(index=False, name=None)
    assert ("县财政局", "无需报送") == (unit, reason[:4])
    assert [] == list(issue(ledger, "云溪", "2026Q2", tmp_path, units=["县财政局"]))


def test_a_period_that_asks_nobody_is_a_clear_error(tmp_path):
    with open_ledger("sqlite://") as ledger:
        ledger.add_plan(plan_of("| 任务 | 部分 | 牵头 | 配合 |\n| 甲 | main | 县教育局 | |"))
        with pytest.raises(UsageError, match="没有需要报送的配合单位"):
            issue(ledger, "云溪", "2026Q2", tmp_path, role="support")


# --- never the same thing twice ----------------------------------------------------------


def asked(ledger: Ledger, books: Issued) -> dict[tuple[str, str], set[str]]:
    """(unit, role) -> the tasks that its workbook asks for."""
    return {
        (book.unit, book.role): {cell.row_id for cell in book.cells if cell.open and cell.row_id.startswith("T")}
        for book in sent(ledger, books)
    }


def test_support_after_lead_is_a_file_of_its_own_and_the_lead_file_stays(ledger, tmp_path):
    lead = issue(ledger, "云溪", "2026Q2", tmp_path, units=["县教育局"])
    before = lead[0].read_bytes()
    support = issue(ledger, "云溪", "2026Q2", tmp_path, role="support", units=["县教育局"])
    assert ["001县教育局_2026年二季度配合任务进展.xlsx"] == [path.name for path in support]
    assert before == lead[0].read_bytes()
    assert {("县教育局", "support"): {"T002"}} == asked(ledger, support)


def test_all_after_lead_asks_only_for_the_rest_and_says_so(ledger, tmp_path):
    issue(ledger, "云溪", "2026Q2", tmp_path, units=["县教育局"])
    books = issue(ledger, "云溪", "2026Q2", tmp_path, role="all", units=["县教育局"])
    assert {("县教育局", "lead"): {"T001"}, ("县教育局", "support"): {"T002"}} == asked(ledger, books)
    assert ["unchanged", "written"] == books.books["outcome"].tolist()
    assert ["asked-before"] == books.findings["code"].tolist()
    again = issue(ledger, "云溪", "2026Q2", tmp_path, role="all", units=["县教育局"])
    assert ["unchanged", "unchanged"] == again.books["outcome"].tolist()
    assert again.findings.empty


def test_lead_and_support_after_all_ask_nothing_again(ledger, tmp_path):
    whole = issue(ledger, "云溪", "2026Q2", tmp_path, role="all", units=["县教育局"])
    assert {("县教育局", "all"): {"T001", "T002"}} == asked(ledger, whole)
    assert "（牵头和配合）" in whole[0].name
    for role in ("lead", "support"):
        books = issue(ledger, "云溪", "2026Q2", tmp_path, role=role, units=["县教育局"])
        assert [] == list(books)
        assert "--role all" in books.left_out["reason"].iloc[0]
    assert 1 == len(ledger.workbooks("云溪"))


@pytest.mark.parametrize(("unit", "role"), [("县林业局", "lead"), ("县财政局", "support")])
def test_all_for_a_unit_with_one_role_is_the_ask_of_that_role(ledger, tmp_path, unit, role):
    [first] = issue(ledger, "云溪", "2026Q2", tmp_path, role="all", units=[unit])
    again = issue(ledger, "云溪", "2026Q2", tmp_path, role=role, units=[unit])
    assert [first] == list(again)
    assert ["unchanged"] == again.books["outcome"].tolist()


def test_another_plans_form_is_never_replaced(ledger, tmp_path):
    [path] = issue(ledger, "云溪", "2026Q2", tmp_path, units=["县教育局"])
    before = path.read_bytes()
    ledger.add_plan(plan_of(PLAN.replace("2000", "3000")), "另一份")
    books = issue(ledger, "另一份", "2026Q2", tmp_path, units=["县教育局"])
    assert ["kept"] == books.books["outcome"].tolist()
    assert ["file-other"] == books.findings["code"].tolist()
    assert before == path.read_bytes()
    assert ledger.workbooks("另一份").empty, "what nobody was given is not on record"


BOTH = """
| 报送期 | 角色 | 部分 | 截止 | 报给 |
| 2026Q2 | lead | main | 2026-06-25 | 县政府督查室 |
| 2026Q2 | support | main | 2026-06-15 | 牵头单位 |
| plan | lead | main | 2026-03-20 | 县政府督查室 |
| plan | support | main | 2026-03-10 | 牵头单位 |
"""


def test_each_unit_has_the_date_and_the_addressee_of_its_own_role(tmp_path):
    ledger = open_ledger("sqlite://")
    ledger.add_plan(plan_of(schedule=BOTH))
    books = issue(ledger, "云溪", "2026Q2", tmp_path, role="all")
    due = dict(zip(units(books), (book.due_on for book in sent(ledger, books)), strict=True))
    assert date(2026, 6, 15) == due["县财政局"]
    assert {date(2026, 6, 25)} == {day for unit, day in due.items() if unit != "县财政局"}
    both = openpyxl.load_workbook(books[0])
    assert "请于2026年6月25日前报县政府督查室" in both["工作进展"]["B2"].value
    assert "请于2026年6月15日前报牵头单位" in both["配合任务"]["B2"].value
    notes = "".join(str(cell.value) for row in both["填报说明"].iter_rows() for cell in row)
    assert "请于2026年6月25日前报县政府督查室；“配合任务”请于2026年6月15日前报牵头单位。" in notes


def test_a_plan_sheet_for_both_roles_has_the_earlier_date(tmp_path):
    ledger = open_ledger("sqlite://")
    ledger.add_plan(plan_of(schedule=BOTH))
    [path] = issue(ledger, "云溪", "plan", tmp_path, role="all", units=["县教育局"])
    assert "请于2026年3月10日前报县政府督查室" in openpyxl.load_workbook(path)["落实方案"]["B2"].value


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"units": ["县教育"]}, "县教育局"),
        ({"units": ["各镇政府"]}, "集体"),
        ({"role": "boss"}, "lead（牵头单位）"),
        ({"part": "annex9"}, "main"),
    ],
)
def test_what_the_plan_does_not_have_is_refused_with_what_it_has(ledger, tmp_path, options, said):
    with pytest.raises(UsageError, match=said):
        issue(ledger, "云溪", "2026Q2", tmp_path, **options)


# --- what is written -------------------------------------------------------------------


def test_names_are_in_the_offices_habit(ledger, tmp_path):
    names = [path.name for path in issue(ledger, "云溪", "2026Q2", tmp_path)]
    assert "001县教育局_2026年二季度工作进展.xlsx" == names[0]
    assert "001县教育局_2026年落实方案.xlsx" == issue(ledger, "云溪", "plan", tmp_path)[0].name
    assert "民生实事" in issue(ledger, "云溪", "2026-04", tmp_path)[0].name


@pytest.mark.parametrize(
    "unit", ["../../etc/passwd", "CON", "县教育局/体育局", 'a<b>:"|?*', ".", "x" * 300, "𠮷" * 300, "县局\n二"]
)
def test_no_units_name_leads_out_of_the_folder_or_breaks_a_file_system(unit):
    taken: set[str] = set()
    first, second = (file_name(1, Ask(unit, "lead", "main", parse_period("2026Q2")), 2026, taken) for _ in range(2))
    for name in (first, second):
        assert Path(name).name == name
        assert not set(name) & set('/\\:*?"<>|\n\0')
        assert name.endswith(".xlsx")
        assert len(name) <= 60
        assert len(name.encode()) <= 200
    assert first != second
    assert safe_name(unit).strip(". ")


def test_the_name_of_a_folder_stays_what_it_is():
    assert ("催办单_2026-07-15", "催办单.docx") == (safe_file("催办单_2026-07-15"), safe_file("催办单.docx"))


def test_different_asks_never_share_a_name():
    asks = [
        Ask("县局", role, part, parse_period(period))
        for role in ("lead", "support", "all")
        for part in ("main", "annex")
        for period in ("plan", "2026Q2", "2026H1", "2026-06")
    ]
    assert len(asks) == len({file_name(1, ask, 2026, set()) for ask in asks})


def test_the_same_again_is_the_same_bytes_and_is_left_alone(ledger, tmp_path):
    first = {path: path.read_bytes() for path in issue(ledger, "云溪", "2026Q2", tmp_path)}
    again = issue(ledger, "云溪", "2026Q2", tmp_path)
    assert {"unchanged"} == set(again.books["outcome"])
    elsewhere = issue(ledger, "云溪", "2026Q2", tmp_path / "别处")
    assert list(first.values()) == [path.read_bytes() for path in elsewhere]


def test_two_ledgers_write_the_same_bytes_for_the_same_plan(ledger, tmp_path):
    other = open_ledger("sqlite://")
    other.add_plan(plan_of())
    one, two = (issue(each, "云溪", "plan", tmp_path / str(at)) for at, each in enumerate((ledger, other)))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_several_processes_write_what_one_writes(ledger, tmp_path):
    one = issue(ledger, "云溪", "2026Q2", tmp_path / "1")
    two = issue(ledger, "云溪", "2026Q2", tmp_path / "2", workers=2)
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_a_file_that_a_clerk_has_touched_is_kept_and_reported(ledger, tmp_path):
    path = issue(ledger, "云溪", "2026Q2", tmp_path)[0]
    path.write_bytes(b"filled in by hand")
    again = issue(ledger, "云溪", "2026Q2", tmp_path)
    assert ["kept", "unchanged", "unchanged"] == again.books["outcome"].tolist()
    assert ["file-kept"] == again.findings["code"].tolist()
    assert b"filled in by hand" == path.read_bytes()


def test_an_earlier_edition_that_nobody_touched_gives_way_to_the_new_one(ledger, tmp_path):
    issue(ledger, "云溪", "2026Q1", tmp_path, units=["县教育局"])
    [old] = issue(ledger, "云溪", "2026Q2", tmp_path, units=["县教育局"])
    before = old.read_bytes()
    sent = ledger.latest_workbooks("云溪", "2026Q1")["县教育局", "lead", "main"]
    change = Change("T001", "本期进展", "新增500个", "lead")
    ledger.accept(Submission(sent, "x.xlsx", b"x", date(2026, 4, 8), {}, (change,)))

    [new] = issue(ledger, "云溪", "2026Q2", tmp_path, units=["县教育局"])
    assert old == new
    assert before != new.read_bytes()
    assert 2 == ledger.latest_workbooks("云溪", "2026Q2")["县教育局", "lead", "main"].edition
    cells = [cell.value for row in openpyxl.load_workbook(new)["工作进展"].iter_rows() for cell in row]
    assert "新增500个" in cells, "last period's text is there to go on from"


def test_the_ledger_keeps_every_cell_that_was_sent(ledger, tmp_path):
    issue(ledger, "云溪", "2026Q2", tmp_path, units=["县教育局"])
    sent = ledger.latest_workbooks("云溪", "2026Q2")["县教育局", "lead", "main"]
    cells = {(cell.row_id, cell.column): cell for cell in ledger.workbook(sent.workbook).cells}
    assert "增加学位2000个" == cells["T001", "工作任务"].value
    assert not cells["T001", "工作任务"].open
    assert cells["T001", "本期进展"].open
    assert cells["book", "填报人"].open
    assert date(2026, 7, 10) == sent.due_on


def test_a_folder_that_cannot_be_written_is_a_clear_error(ledger, tmp_path):
    (tmp_path / "文件").touch()
    with pytest.raises(OutputError, match="未作任何改动"):
        issue(ledger, "云溪", "2026Q2", tmp_path / "文件")
    assert ledger.workbooks("云溪").empty


def test_a_broken_template_stops_before_anything_is_written(ledger, tmp_path):
    folder = tmp_path / "模板" / "workbooks"
    folder.mkdir(parents=True)
    (folder / "progress.xlsx").write_bytes(b"not a workbook")
    with pytest.raises(TemplateError, match="打不开模板"):
        issue(ledger, "云溪", "2026Q2", tmp_path / "out", settings=Settings(tmp_path / "模板"))
    assert ledger.workbooks("云溪").empty


@pytest.mark.parametrize("fails_at", [0, 1])
def test_when_a_file_cannot_be_replaced_the_ledger_holds_what_is_in_place_and_the_message_is_true(
    ledger, tmp_path, monkeypatch, fails_at
):
    really, calls = Path.replace, iter(range(9))

    def replace_or_fail(self: Path, target: Path) -> Path:
        if next(calls) == fails_at:
            raise PermissionError(13, "in use")
        return really(self, target)

    monkeypatch.setattr(Path, "replace", replace_or_fail)
    said = "此前已写好1个文件" if fails_at else "未作任何改动"
    with pytest.raises(OutputError, match=said):
        issue(ledger, "云溪", "2026Q2", tmp_path)
    assert fails_at == len(list(tmp_path.iterdir())) == len(ledger.workbooks("云溪"))
    monkeypatch.undo()
    assert 3 == len(issue(ledger, "云溪", "2026Q2", tmp_path))
    assert 3 == len(ledger.workbooks("云溪"))


def test_files_that_could_not_be_recorded_are_recorded_when_issued_again(ledger, tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise LedgerError("台账写入或读取失败")

    monkeypatch.setattr(ledger, "record_workbooks", fail)
    with pytest.raises(LedgerError, match="3个文件已写好，但没有登入台账"):
        issue(ledger, "云溪", "2026Q2", tmp_path)
    monkeypatch.undo()
    assert {"unchanged"} == set(issue(ledger, "云溪", "2026Q2", tmp_path).books["outcome"])
    assert 3 == len(ledger.workbooks("云溪"))


def broken(folder: Path, change: Callable[[openpyxl.Workbook], None]) -> Settings:
    """The shipped template for reports, changed as an office might."""
    book = openpyxl.load_workbook(BytesIO(Settings().template("workbooks/progress.xlsx")))
    change(book)
    (folder / "模板" / "workbooks").mkdir(parents=True)
    book.save(folder / "模板" / "workbooks" / "progress.xlsx")
    return Settings(folder / "模板")


def cell_of(book: openpyxl.Workbook, text: str, sheet: str = "工作进展") -> Any:
    return next(cell for row in book[sheet].iter_rows() for cell in row if text in str(cell.value or ""))


def set_value(text: str, value: str | None) -> Callable[[openpyxl.Workbook], None]:
    return lambda book: setattr(cell_of(book, text), "value", value)


def hide_sheet(book: openpyxl.Workbook) -> None:
    book["工作进展"].sheet_state = "hidden"


def hide_row_of(text: str) -> Callable[[openpyxl.Workbook], None]:
    return lambda book: setattr(book["工作进展"].row_dimensions[cell_of(book, text).row], "hidden", True)


def hide_column_of(text: str) -> Callable[[openpyxl.Workbook], None]:
    return lambda book: setattr(book["工作进展"].column_dimensions[cell_of(book, text).column_letter], "hidden", True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (set_value("{{ task.id }}", None), r"“工作进展”第一列没有 {{ task.id }}"),
        (set_value("{{ task.problem }}", "由督查室填写"), r"没有 {{ task.problem }}，“存在问题”没有地方填"),
        (set_value("存在问题", "问题描述"), r"{{ task.problem }} 上方的表头认不出是“存在问题”"),
        (set_value("{{ task.help }}", "（{{ task.help }}）"), r"没有 {{ task.help }}，“需协调事项”没有地方填"),
        (hide_sheet, r"“工作进展”是隐藏的工作表"),
        (hide_row_of("{{ task.id }}"), r"“工作进展”第6行（样板行）是隐藏的"),
        (hide_column_of("{{ task.problem }}"), r"“工作进展”\w列（“存在问题”）是隐藏的"),
    ],
)
def test_a_template_whose_forms_could_not_be_collected_is_refused(ledger, tmp_path, change, said):
    with pytest.raises(TemplateError, match=said):
        issue(ledger, "云溪", "2026Q2", tmp_path / "out", settings=broken(tmp_path, change))
    assert ledger.workbooks("云溪").empty


def test_headers_may_be_written_as_people_write_them(ledger, tmp_path):
    settings = broken(tmp_path, set_value("本期进展", "进展情况（{{ period.label }}）"))
    assert 3 == len(issue(ledger, "云溪", "2026Q2", tmp_path / "out", settings=settings))


def test_progress_is_told_while_writing(ledger, tmp_path):
    told: list[tuple[int, int]] = []
    issue(ledger, "云溪", "2026Q2", tmp_path, progress=lambda done, total: told.append((done, total)))
    assert (3, 3) == told[-1]
