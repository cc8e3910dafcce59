"""Issuing: a workbook for every unit that is asked, none for anybody else, nothing of a clerk's ever replaced."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from taskkit import issue, open_ledger
from taskkit.errors import OutputError, TemplateError, UsageError
from taskkit.issuing import file_name, safe_name
from taskkit.ledger import Change, Ledger, Submission
from taskkit.periods import parse_period
from taskkit.plan import Plan, PlanInfo, make_plan
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
            "to_whom": "县政府督查室",
        }
        for row in rows(schedule)
    ]
    info = PlanInfo(title="2026年分工方案", issuer="云溪县人民政府", year=2026, source="云溪.docx")
    return make_plan(info, tasks=tasks, assignments=assignments, schedule=dates)


@pytest.fixture
def ledger() -> Ledger:
    ledger = open_ledger("sqlite://")
    ledger.add_plan(plan_of())
    return ledger


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
    assert [("各镇政府", True)] == [(row.unit, "集体" in row.reason) for row in books.left_out.itertuples()]


def test_each_part_is_asked_in_its_own_periods(ledger, tmp_path):
    assert ["县交通运输局"] == units(issue(ledger, "云溪", "2026-04", tmp_path))


@pytest.mark.parametrize(
    ("today", "period"), [("2026-03-01", "plan"), ("2026-03-21", "2026Q1"), ("2026-05-08", "2026-04")]
)
def test_without_a_period_the_next_one_due_is_taken(ledger, tmp_path, today, period):
    books = issue(ledger, "云溪", out=tmp_path, today=date.fromisoformat(today))
    assert {period} == set(books.books["period"])


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
    "unit", ["../../etc/passwd", "CON", "县教育局/体育局", 'a<b>:"|?*', ".", "x" * 300, "县局\n二"]
)
def test_no_units_name_leads_out_of_the_folder_or_breaks_a_file_system(unit):
    taken: set[str] = set()
    first, second = (file_name(1, Ask(unit, "lead", "main", parse_period("2026Q2")), 2026, taken) for _ in range(2))
    for name in (first, second):
        assert Path(name).name == name
        assert not set(name) & set('/\\:*?"<>|\n\0')
        assert name.endswith(".xlsx")
        assert len(name) <= 60
    assert first != second
    assert safe_name(unit).strip(". ")


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
    sent = ledger.latest_workbook("云溪", "县教育局", "2026Q1", "lead", "main")
    change = Change("T001", "本期进展", "新增500个", "lead")
    ledger.accept(Submission(sent, "x.xlsx", b"x", date(2026, 4, 8), {}, (change,)))

    [new] = issue(ledger, "云溪", "2026Q2", tmp_path, units=["县教育局"])
    assert old == new
    assert before != new.read_bytes()
    assert 2 == ledger.latest_workbook("云溪", "县教育局", "2026Q2", "lead", "main").edition
    cells = [cell.value for row in openpyxl.load_workbook(new)["工作进展"].iter_rows() for cell in row]
    assert "新增500个" in cells, "last period's text is there to go on from"


def test_the_ledger_keeps_every_cell_that_was_sent(ledger, tmp_path):
    issue(ledger, "云溪", "2026Q2", tmp_path, units=["县教育局"])
    sent = ledger.latest_workbook("云溪", "县教育局", "2026Q2", "lead", "main")
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


def test_progress_is_told_while_writing(ledger, tmp_path):
    told: list[tuple[int, int]] = []
    issue(ledger, "云溪", "2026Q2", tmp_path, progress=lambda done, total: told.append((done, total)))
    assert (3, 3) == told[-1]
