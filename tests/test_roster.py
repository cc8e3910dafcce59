"""The unit and leader lists: drafted from a plan, filled in by a person, read back, kept, and heeded everywhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import taskkit
from taskkit import issue, open_ledger, read_roster, samples
from taskkit.cli import commands
from taskkit.errors import InputError, LedgerError, OutputError, UsageError
from taskkit.findings import CATALOGUE
from taskkit.judging.facts import gather
from taskkit.ledger import Ledger
from taskkit.listing import RosterFile, open_roster, roster_in_hand, roster_workbook, write_roster
from taskkit.listing.columns import LEADERS, UNITS
from taskkit.listing.taking import roster_of
from taskkit.office.sheets import read_workbook
from taskkit.periods import parse_period
from taskkit.plan import Plan
from taskkit.plan_index import PlanIndex
from taskkit.reports import digest
from taskkit.reports.progress import build as build_report
from taskkit.roster import (
    ROSTER_FRAMES,
    EarlierRoster,
    LeaderEntry,
    Roster,
    UnitEntry,
    draft_roster,
    named_in_order,
    same_place,
    sorted_assignments,
)
from taskkit.settings import Settings
from taskkit.tables import SCHEMA_VERSION
from taskkit.tracking import returns, status
from taskkit.unit_words import UNIT_KINDS
from tests.filled import NAME, PERIOD, fill, ledger_of, send
from tests.filled import plan_of as leads_of
from tests.soffice import resaved
from tests.test_docs import tool
from tests.test_issuing import asked, plan_of, units

PLAN = """
| 任务 | 部分 | 牵头 | 配合 |
| 增加学位2000个 | main | 县教育局 | 县财政局、各镇政府 |
| 新建公园3个 | main | 县住建局、县林业局 | 县教育局 |
| 清理河道9条 | main | 县水务局 | 县河长办、县住房和城乡建设局 |
| 改造危桥5座 | annex | 县交通运输局 | |
"""
TOWNS = (UnitEntry("东镇政府", kind="镇（街道）"), UnitEntry("西镇政府", kind="镇（街道）"))
Edit = Callable[[Any], None]


@pytest.fixture
def plan() -> Plan:
    return plan_of(PLAN)


@pytest.fixture
def ledger(plan: Plan) -> Ledger:
    ledger = open_ledger("sqlite://")
    ledger.add_plan(plan)
    return ledger


def book_of(roster: Roster, plan: Plan) -> bytes:
    return roster_workbook(roster, PlanIndex(plan, roster), "云溪", "")


def taken(data: bytes, plan: Plan | None = None, name: str = "名册.xlsx") -> Roster:
    return roster_of(read_workbook(data, name), plan)


def edited(data: bytes, edit: Edit) -> bytes:
    book = openpyxl.load_workbook(BytesIO(data))
    edit(book)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def column(sheet: Any, header: str) -> int:
    return next(int(cell.column) for cell in sheet[3] if str(cell.value or "").split("\n")[0].startswith(header))


def typed(*cells: tuple[str, str, object], sheet: str = "单位名册", key: str = "单位名称") -> Edit:
    """An edit: (unit, header, value) each; a unit that has no row gets one at the end."""

    def edit(book: Any) -> None:
        page = book[sheet]
        names = column(page, key)
        for unit, header, value in cells:
            rows = {page.cell(row, names).value: row for row in range(page.max_row, 3, -1)}
            row = rows.get(unit) or rows[None]
            page.cell(row, names).value = unit
            page.cell(row, column(page, header)).value = value

    return edit


def filled(plan: Plan, *cells: tuple[str, str, object]) -> Roster:
    """The list that comes back after a person typed into the draft."""
    return taken(edited(book_of(draft_roster(plan), plan), typed(*cells)), plan)


def said(roster: Roster) -> list[str]:
    return [each.code for each in roster.found]


def row_of(roster: Roster, name: str) -> UnitEntry:
    entry = roster.entry(name)
    assert entry is not None
    return entry


def opened(path: Path) -> RosterFile:
    listed = open_roster(path)
    assert listed is not None
    return listed


def names(roster: Roster) -> list[str]:
    return [entry.name for entry in roster.unit_entries]


# --- a first draft ------------------------------------------------------------------------


def test_a_draft_lists_those_that_lead_then_those_that_support_then_the_collectives(plan):
    single = ["县教育局", "县住建局", "县林业局", "县水务局", "县交通运输局", "县财政局", "县河长办"]
    assert [*single, "县住房和城乡建设局", "各镇政府"] == names(draft_roster(plan))


def test_the_draft_of_the_sample_plan_holds_every_unit_and_leader_of_it():
    plan = taskkit.read_plan(samples.sample_path("docx"))
    draft = draft_roster(plan)
    assert set(plan.assignments["unit"]) == set(names(draft))
    assert {person for persons in plan.tasks["leaders"] for person in persons} == set(draft.leader_order)
    assert set(plan.assignments[plan.assignments["collective"]]["unit"]) == {
        entry.name for entry in draft.unit_entries if entry.kind == "集体称谓"
    }


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("部门", "县发展改革局"),
        ("部门", "市交通委（市道运局）"),
        ("部门", "县残联"),
        ("部门", "县科协"),
        ("部门", "省地方金融监管局"),
        ("部门", "新城工业园管委会"),
        ("镇（街道）", "东镇政府"),
        ("镇（街道）", "云山街道办事处"),
        ("县（市、区）政府", "云溪县人民政府"),
        ("垂直管理单位", "县税务局"),
        ("垂直管理单位", "人民银行云溪县支行"),
        ("企业", "云溪供电局"),
        ("企业", "农业银行云溪县支行"),
        ("企业", "县城投集团"),
        ("其他", "云溪学堂"),
    ],
)
def test_the_kind_of_a_unit_is_drafted_from_its_name(kind, name):
    plan = plan_of(f"| 任务 | 部分 | 牵头 | 配合 |\n| 甲 | main | {name} | |")
    assert kind == draft_roster(plan).unit_entries[0].kind


def test_next_years_draft_goes_on_from_this_years_list(plan):
    this_year = Roster(
        (
            UnitEntry("县林业局", short_name="林业局", kind="部门", phone="0766-1234567"),
            UnitEntry("县住建局", aliases=("县住房和城乡建设局",), kind="部门"),
            *TOWNS,
            UnitEntry("县供销社", kind="部门"),
            UnitEntry("各镇政府", kind="集体称谓", members=("东镇政府", "西镇政府"), scored=False),
        ),
        (LeaderEntry("云一舟", "副县长", "林秘书"),),
    )
    draft = draft_roster(plan, this_year)
    new = ["县教育局", "县水务局", "县交通运输局", "县财政局", "县河长办"]
    assert ["县林业局", "县住建局", "东镇政府", "西镇政府", *new, "各镇政府"] == names(draft)
    assert ("林业局", "0766-1234567") == (draft.short("县林业局"), row_of(draft, "县林业局").phone)
    assert "县住建局" == draft.canonical("县住房和城乡建设局")
    assert ("东镇政府", "西镇政府") == draft.members("各镇政府")
    assert "县供销社" not in draft.order, "a unit that the new plan has no use for is not carried along"


def test_a_unit_that_the_new_plan_prints_by_its_alias_keeps_its_row_under_that_name(plan):
    this_year = Roster((UnitEntry("县建设局", "云溪县建设局", "建设", aliases=("县住建局",), kind="部门"),))
    entry = row_of(draft_roster(plan, this_year), "县住建局")
    assert ("县住建局", ("县建设局",), "建设") == (entry.name, entry.aliases, entry.short_name)


# --- what a list says ---------------------------------------------------------------------

LIST = Roster(
    (
        UnitEntry("县林业局", "云溪县林业局", "林业局", kind="部门"),
        UnitEntry("县住建局", aliases=("县住房和城乡建设局",), kind="部门"),
        UnitEntry("县水务局", kind="部门"),
        UnitEntry("县河长办", through="县水务局", kind="部门", scored=False),
        *TOWNS,
        UnitEntry("各镇政府", members=("西镇政府", "东镇政府"), kind="集体称谓"),
        UnitEntry("各镇各局", members=("各镇政府", "县河长办"), kind="集体称谓"),
    ),
    (LeaderEntry("云一舟"), LeaderEntry("林知远")),
)


def test_a_list_joins_names_follows_who_reports_and_opens_collectives():
    assert ["县住建局", "县林业局", "县教育局"] == [
        *map(LIST.canonical, ("县住房和城乡建设局", "县林业局", "县教育局"))
    ]
    assert ["县水务局", "县水务局"] == [LIST.reporter("县河长办"), LIST.reporter("县水务局")]
    assert ("西镇政府", "东镇政府") == LIST.members("各镇政府")
    assert ("西镇政府", "东镇政府", "县河长办") == LIST.members("各镇各局")
    assert ("西镇政府", "东镇政府", "县水务局") == LIST.recipients("各镇各局")
    assert ("林业局", "县住建局", "县教育局") == tuple(map(LIST.short, ("县林业局", "县住房和城乡建设局", "县教育局")))
    assert (False, True) == (LIST.scored("县河长办"), LIST.scored("县教育局"))
    assert {"云一舟": 1, "林知远": 2} == LIST.leader_order


def test_a_unit_is_found_by_any_of_its_names():
    assert ["县林业局"] * 3 == [LIST.find(text) for text in ("县林业局", "林业局", "云溪县林业局 ")]
    assert "县住建局" == LIST.find("县住房和城乡建设局")
    assert LIST.find("县教育局") is None


def test_circles_that_a_program_makes_do_not_hang():
    circle = Roster((UnitEntry("甲局", through="乙局", members=("乙局",)), UnitEntry("乙局", through="甲局")))
    assert circle.reporter("甲局") in ("甲局", "乙局")
    nested = Roster((UnitEntry("甲局", members=("乙局",)), UnitEntry("乙局", members=("甲局",))))
    assert ("乙局",) == nested.members("甲局")


def test_the_frames_have_the_documented_columns_and_the_order_of_the_list():
    for name, columns in ROSTER_FRAMES.items():
        assert list(columns) == list(getattr(LIST, name).columns) == list(getattr(Roster(), name).columns)
    assert [1, 2, 3] == LIST.units["order"].tolist()[:3]
    assert ["西镇政府", "东镇政府"] == LIST.units["members"].tolist()[6]
    assert LIST.units["phone"].isna().all()


# --- there and back -------------------------------------------------------------------


def test_a_workbook_that_nobody_edited_gives_the_lists_back(plan):
    draft = draft_roster(plan)
    assert draft == taken(book_of(draft, plan), plan)
    assert [] == said(taken(book_of(draft, plan), plan))


def test_the_sample_plans_lists_come_back():
    plan = taskkit.read_plan(samples.sample_path("docx"))
    assert draft_roster(plan) == taken(book_of(draft_roster(plan), plan), plan)


WORDS = st.text("县教育局水务办A1+=-@%《》（）_x0", min_size=1, max_size=8).filter(
    lambda text: text.count("（") == text.count("）") == text.count("《") == text.count("》") == 0
)
PHONES = st.sampled_from(["", "0766-2881234", "013800000000", "+86 766 2881234", "2881234转12"])


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Lists that a person could have made: every name once, members and reporters among them."""
    words = draw(st.lists(WORDS, unique=True, min_size=1, max_size=12))
    cut = draw(st.integers(1, len(words)))
    listed, spare = words[:cut], words[cut:]
    kinds = [kind for kind in UNIT_KINDS if kind != "集体称谓"]
    entries: list[UnitEntry] = []
    for at, name in enumerate(listed):
        members = draw(st.lists(st.sampled_from(listed[:at]), unique=True, max_size=3)) if at else []
        singles = [entry.name for entry in entries if not entry.members]
        through = draw(st.sampled_from(["", *singles])) if not members else ""
        texts = {key: draw(st.just("") | WORDS) for key in ("full_name", "short_name", "contact")}
        has_alias = draw(st.booleans()) and len(spare) > 0
        entries.append(
            UnitEntry(
                name=name,
                aliases=(spare.pop(),) if has_alias else (),
                kind="集体称谓" if members else draw(st.sampled_from(kinds)),
                through=through,
                members=tuple(members),
                scored=draw(st.booleans()),
                phone=draw(PHONES),
                **texts,
            )
        )
    people = draw(st.lists(WORDS, unique=True, max_size=4))
    return Roster(tuple(entries), tuple(LeaderEntry(name, draw(WORDS), draw(WORDS), draw(PHONES)) for name in people))


@settings(max_examples=40, deadline=None)
@given(rosters())
def test_any_lists_come_back_as_they_were_written(roster):
    plan = plan_of(PLAN)
    assert roster == taken(book_of(roster, plan))


def test_lists_saved_again_by_libreoffice_come_back(plan, tmp_path):
    write_roster(LIST, plan, "云溪", tmp_path / "名册.xlsx", "")
    [saved] = resaved([tmp_path / "名册.xlsx"], tmp_path / "另存")
    assert read_roster(saved) == LIST
    assert "云溪" == opened(saved).plan_name


def test_texts_stay_texts_and_phones_keep_their_zeros(plan):
    roster = Roster((UnitEntry("=1+1", short_name="@局", kind="其他", contact="-1", phone="07662881234"),))
    sheet = openpyxl.load_workbook(BytesIO(book_of(roster, plan)))["单位名册"]
    cells = {cell.value: cell.data_type for cell in sheet[4] if cell.value}
    assert {"s"} == {cells[text] for text in ("=1+1", "@局", "-1", "07662881234")}
    assert roster == taken(book_of(roster, plan))


def test_rows_and_columns_may_be_moved_inserted_sorted_and_deleted(plan):
    def edit(book: Any) -> None:
        sheet = book["单位名册"]
        sheet.insert_cols(2)
        sheet.cell(3, 2).value = "我的记号"
        sheet.cell(5, 2).value = "要紧"
        sheet.insert_rows(1)
        sheet.move_range("D6:P6", rows=20)
        sheet.title = "名册（改）"

    roster = taken(edited(book_of(draft_roster(plan), plan), edit), plan)
    assert "roster-column-unknown" in said(roster)
    assert len(draft_roster(plan).unit_entries) == len(roster.unit_entries)


def test_without_its_mark_a_list_is_known_by_its_headers(plan, tmp_path):
    path = tmp_path / "改名.xlsx"

    def edit(book: Any) -> None:
        del book["_taskkit"]

    path.write_bytes(edited(book_of(draft_roster(plan), plan), edit))
    assert opened(path).plan_name is None
    assert draft_roster(plan) == read_roster(path, plan)


@pytest.mark.parametrize("name", ["plan.xlsx", "proofreading.xlsx"])
def test_other_workbooks_are_no_lists(tmp_path, name):
    path = tmp_path / "名册.xlsx"
    path.write_bytes(Settings().template(f"workbooks/{name}"))
    assert open_roster(path) is None
    with pytest.raises(InputError, match="不是单位名册"):
        read_roster(path)


def test_a_list_is_no_plan_whatever_its_format(plan, tmp_path):
    path = tmp_path / "名册.xlsx"
    write_roster(draft_roster(plan), plan, "云溪", path, "")
    with pytest.raises(InputError, match=r"单位名册，不是分工方案.*taskkit load"):
        taskkit.read_plan(path)
    headers = ",".join(field.column.header for field in UNITS.fields)
    (tmp_path / "名册.csv").write_text(f"{headers}\n1,县教育局{',' * 12}", encoding="utf-8")
    with pytest.raises(InputError, match=r"不是 \.xlsx 格式"):
        taskkit.read_plan(tmp_path / "名册.csv")


def test_a_list_that_lost_its_mark_and_its_sheets_name_is_told_how_to_mend_it(plan, tmp_path):
    def edit(book: Any) -> None:
        book.remove(book["_taskkit"])
        book["单位名册"].title = "表一"

    path = tmp_path / "表.xlsx"
    path.write_bytes(edited(book_of(draft_roster(plan), plan), edit))
    with pytest.raises(InputError, match=r"像是单位名册.*改回“单位名册”"):
        taskkit.read_plan(path)


# --- what a person types ------------------------------------------------------------------


def test_the_order_is_that_of_the_numbers_whatever_the_order_of_the_rows(plan):
    roster = filled(plan, ("县财政局", "顺序", 0.5), ("县教育局", "顺序", "９９"))
    assert ("县财政局", "县教育局") == (names(roster)[0], names(roster)[-1])
    assert [] == said(roster)


def test_a_new_row_without_a_number_stands_after_the_row_above_it(plan):
    assert "东镇政府" == names(filled(plan, ("东镇政府", "类别", "镇")))[-1]


def test_an_order_that_repeats_or_is_no_number_keeps_the_order_of_the_rows(plan):
    roster = filled(plan, ("县林业局", "顺序", 2), ("县水务局", "顺序", "靠前"))
    assert ["县教育局", "县住建局", "县林业局", "县水务局"] == names(roster)[:4]
    assert {"roster-order", "roster-order-twice"} == set(said(roster))


def test_an_alias_joins_the_row_of_that_name_and_says_so(plan):
    roster = filled(plan, ("县住建局", "别名", "县住房和城乡建设局；县建设局"))
    assert "县住建局" == roster.canonical("县住房和城乡建设局")
    assert ("县住房和城乡建设局", "县建设局") == row_of(roster, "县住建局").aliases
    assert ["roster-alias-joined"] == said(roster)
    assert "名册.xlsx“单位名册”第5行E列" == roster.found[0].source
    assert "第11行" in roster.found[0].message


def test_units_are_understood_by_their_short_names_and_aliases(plan):
    roster = filled(
        plan,
        ("县水务局", "简称", "水务局"),
        ("县河长办", "通过何单位报送", "水务局"),
        ("县住建局", "别名", "县住房和城乡建设局"),
        ("各镇政府", "成员单位", "县住房和城乡建设局，县林业局"),
    )
    assert "县水务局" == row_of(roster, "县河长办").through
    assert ("县住建局", "县林业局") == roster.members("各镇政府")


def test_words_are_understood_in_their_usual_spellings(plan):
    roster = filled(plan, ("县教育局", "是否计分", "×"), ("县林业局", "类别", "垂管"), ("东镇政府", "类别", "街道"))
    assert (False, "垂直管理单位") == (roster.scored("县教育局"), row_of(roster, "县林业局").kind)
    assert "镇（街道）" == row_of(roster, "东镇政府").kind


FAULTS: dict[str, tuple[tuple[str, str, object], ...]] = {
    "roster-alias-own": (("县住建局", "别名", "县林业局"), ("县林业局", "联系人", "王一")),
    "roster-alias-twice": (("县住建局", "别名", "建设"), ("县林业局", "别名", "建设")),
    "roster-unknown": (("县河长办", "通过何单位报送", "县水务"),),
    "roster-cycle": (("县河长办", "通过何单位报送", "县水务局"), ("县水务局", "通过何单位报送", "县河长办")),
    "roster-through-collective": (("县河长办", "通过何单位报送", "各镇政府"),),
    "roster-members-kind": (("县水务局", "成员单位", "县河长办"), ("县水务局", "类别", "部门")),
    "roster-both": (("各镇政府", "成员单位", "县水务局"), ("各镇政府", "通过何单位报送", "县教育局")),
    "roster-blank": (("县教育局", "别名", "县教委 县教体局"),),
    "roster-two-units": (("县财政局、县国资局", "类别", "部门"),),
    "roster-through-two": (("县河长办", "通过何单位报送", "县水务局、县教育局"),),
    "roster-through-self": (("县河长办", "通过何单位报送", "县河长办"),),
    "roster-unprinted": (("县国资局", "类别", "部门"),),
    "roster-made-collective": (("县教育局", "类别", "集体称谓"),),
    "roster-word": (("县教育局", "类别", "机关"),),
    "roster-name-shared": (("县教育局", "简称", "办"), ("县河长办", "简称", "办")),
    "roster-phone": (("县教育局", "联系电话", "问老王"),),
    "roster-order": (("县教育局", "顺序", "第一"),),
    "roster-order-twice": (("县教育局", "顺序", 3),),
    "roster-alias-joined": (("县住建局", "别名", "县住房和城乡建设局"),),
}


@pytest.mark.parametrize("code", FAULTS)
def test_what_cannot_be_used_is_told_with_file_sheet_row_and_column(plan, code):
    found = [each for each in filled(plan, *FAULTS[code]).found if each.code == code]
    assert 1 == len(found)
    assert found[0].source.startswith("名册.xlsx“单位名册”第")
    assert found[0].source.endswith("列")
    assert CATALOGUE[code].advice.split("{")[0] in found[0].message
    assert "{" not in found[0].message


def told(roster: Roster, code: str) -> str:
    """The one message of a code."""
    [message] = [each.message for each in roster.found if each.code == code]
    return message


def test_a_cleared_kind_does_not_make_a_collective_of_a_unit_with_members(plan):
    roster = filled(plan, ("县水务局", "成员单位", "县河长办"), ("县水务局", "类别", None))
    assert "“县水务局”写了成员单位，但类别是“部门”" in told(roster, "roster-members-kind")
    roster = filled(plan, ("各镇政府", "成员单位", "县水务局"), ("各镇政府", "类别", None))
    assert [] == said(roster)
    assert "集体称谓" == row_of(roster, "各镇政府").kind


def test_a_single_unit_of_the_plan_that_is_made_a_collective_is_told():
    plan = plan_of("| 任务 | 部分 | 牵头 | 配合 |\n| 甲 | main | 县教育局 | 各镇政府 |")
    roster = filled(plan, ("县教育局", "类别", "集体称谓"))
    assert ["roster-made-collective"] == said(roster)
    assert "“县教育局”在方案里是单个单位，改成集体称谓后不再单独发表" in told(roster, "roster-made-collective")


def test_a_collective_that_leads_and_has_no_members_is_told_once_for_all():
    plan = plan_of("| 任务 | 部分 | 牵头 | 配合 |\n| 甲 | main | 各镇政府、各街道 | 各村、县教育局 |")
    message = told(filled(plan), "roster-members-missing")
    assert "2个集体称谓有牵头任务，但没有写明成员单位：各镇政府、各街道；" in message
    roster = filled(plan, ("各镇政府", "成员单位", "县教育局"), ("各街道", "通过何单位报送", "县教育局"))
    assert [] == said(roster)


def test_a_row_that_was_renamed_is_asked_about_with_the_name_that_is_gone(plan):
    renamed = edited(book_of(draft_roster(plan), plan), rename("县财政局", "县财政和国资局"))
    roster = taken(renamed, plan)
    assert {"roster-unprinted", "roster-missing"} == set(said(roster))
    assert "方案里没有“县财政和国资局”；是不是“县财政局”？是方案中某个" in told(roster, "roster-unprinted")
    kept = taken(edited(renamed, typed(("县财政和国资局", "别名", "县财政局"))), plan)
    assert [] == said(kept)


def test_towns_members_and_those_that_report_for_others_need_not_stand_in_the_plan(plan):
    roster = filled(
        plan,
        ("东镇政府", "类别", "镇"),
        ("西片服务站", "类别", "其他"),
        ("县水利中心", "类别", "其他"),
        ("各镇政府", "成员单位", "西片服务站"),
        ("县河长办", "通过何单位报送", "县水利中心"),
    )
    assert [] == said(roster)


def test_a_name_with_a_mark_in_brackets_or_as_the_plan_prints_it_is_one_unit():
    plan = plan_of("| 任务 | 部分 | 牵头 | 配合 |\n| 甲 | main | 县教育局 | |")
    plan.assignments["unit"] = ["县工信局；县商务局"]
    assert [] == said(filled(plan))
    assert "roster-two-units" not in said(filled(plan, ("县委办（县档案局、县保密局）", "类别", "部门")))
    assert "（县财政局、县国资局）" in told(filled(plan, ("县财政局，县国资局", "类别", "部门")), "roster-two-units")
    assert "“县财政局 县国资局”只用空格隔开" in told(
        filled(plan, ("县财政局 县国资局", "类别", "部门")), "roster-blank"
    )


@pytest.mark.parametrize(("header", "value"), [("是否计分", "否"), ("类别", "企业")])
def test_what_a_person_changed_in_an_aliass_row_is_not_lost_with_it(plan, header, value):
    alias = ("县住建局", "别名", "县住房和城乡建设局")
    roster = filled(plan, alias, ("县住房和城乡建设局", header, value))
    assert f"第11行还填有“{header}”；请把第11行的内容移到“县住建局”一行" in told(roster, "roster-alias-own")
    both = filled(plan, alias, ("县住房和城乡建设局", header, value), ("县住建局", header, value))
    assert ["roster-alias-joined"] == said(both)


def test_the_kind_of_an_alias_that_goes_is_named(plan):
    roster = filled(plan, ("县住建局", "别名", "各镇政府"))
    assert "已并入“县住建局”（类别按“部门”，不再是“集体称谓”）" in told(roster, "roster-alias-joined")


def test_names_set_apart_by_blanks_are_split_where_all_are_known_and_asked_about_where_not(plan):
    roster = filled(plan, ("各镇政府", "成员单位", "县水务局 县林业局　县教育局"))
    assert ("县水务局", "县林业局", "县教育局") == roster.members("各镇政府")
    assert [] == said(roster)
    message = told(filled(plan, ("各镇政府", "成员单位", "白沙镇 稻香镇")), "roster-blank")
    assert "“成员单位”里的“白沙镇 稻香镇”只用空格隔开" in message
    assert "请用“、”隔开" in message


def test_a_blank_within_a_name_is_layout(plan):
    assert ("县教育局",) == filled(plan, ("各镇政府", "成员单位", "县教 育局")).members("各镇政府")


def test_a_unit_reports_through_one_unit_and_not_through_itself(plan):
    roster = filled(plan, ("县河长办", "通过何单位报送", "县水务局 县教育局"))
    assert "“通过何单位报送”里只能写一个单位，填的是“县水务局 县教育局”" in told(roster, "roster-through-two")
    roster = filled(plan, ("县河长办", "通过何单位报送", "县河长办"))
    assert ("", ["roster-through-self"]) == (row_of(roster, "县河长办").through, said(roster))


def test_a_clash_of_names_says_whose_they_are_and_of_which_kind(plan):
    roster = filled(plan, ("县教育局", "简称", "县水务局"))
    message = told(roster, "roster-name-shared")
    assert "“县水务局”是“县教育局”的简称，又是“县水务局”（第7行）的名称" in message
    roster = filled(plan, ("县教育局", "别名", "教体"), ("县水务局", "简称", "教体"))
    assert "“教体”是“县水务局”的简称，又是“县教育局”（第4行）的别名" in told(roster, "roster-name-shared")


def test_a_list_without_units_is_an_error(plan):
    roster = taken(edited(book_of(draft_roster(plan), plan), lambda book: book["单位名册"].delete_rows(4, 40)), plan)
    assert "“单位名册”里一个单位也没有" in told(roster, "roster-empty")


def test_a_list_that_lost_most_of_the_stored_units_is_asked_about(plan):
    data = book_of(Roster((UnitEntry("县教育局", kind="部门"),)), plan)
    gone = told(roster_of(read_workbook(data, "名册.xlsx"), plan, draft_roster(plan)), "roster-shrunk")
    assert "已登记的名册有9个单位，这份里没有了其中8个：县住建局、" in gone
    joined = Roster((UnitEntry("县教育局"), UnitEntry("县教委", aliases=("县教育局",)), UnitEntry("县林业局")))
    assert "roster-shrunk" not in said(roster_of(read_workbook(data, "名册.xlsx"), plan, joined))


def rename(old: str, new: str | None) -> Edit:
    def edit(book: Any) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if str(cell.value or "").split("\n")[0] == old:
                        cell.value = new

    return edit


@pytest.mark.parametrize(
    ("code", "edit"),
    [
        ("roster-twice", rename("县林业局", "县教育局")),
        (
            "roster-row-nameless",
            lambda book: typed(("县林业局", "联系人", "王一"))(book) or rename("县林业局", None)(book),
        ),
        ("roster-column-missing", rename("别名", "其他")),
        ("roster-column-unknown", lambda book: setattr(book["单位名册"]["P5"], "value", "记号")),
        ("roster-sheet-missing", lambda book: book.remove(book["领导名册"])),
        ("roster-missing", rename("县林业局", "东镇政府")),
        ("cell-error", typed(("县林业局", "联系人", "#REF!"))),
    ],
)
def test_damage_to_the_sheets_is_told(plan, code, edit):
    assert code in said(taken(edited(book_of(draft_roster(plan), plan), edit), plan))


def test_the_leader_list_is_checked_too():
    plan = taskkit.read_plan(samples.sample_path("docx"))
    first, second, *_ = draft_roster(plan).leader_order

    def edit(book: Any) -> None:
        typed(
            (first, "职务", "副县长"), (first, "顺序", 9), (first, "联系电话", "00"), sheet=LEADERS.title, key="姓名"
        )(book)
        sheet = book[LEADERS.title]
        sheet.cell(5, column(sheet, "姓名")).value = "云新来"

    roster = taken(edited(book_of(draft_roster(plan), plan), edit), plan)
    assert {"roster-phone", "roster-leaders-missing"} <= set(said(roster))
    assert second in next(each.message for each in roster.found if each.code == "roster-leaders-missing")
    assert "副县长" == next(entry.office for entry in roster.leader_entries if entry.name == first)


def test_every_finding_of_the_lists_is_tried():
    tried = {*FAULTS, "roster-twice", "roster-row-nameless", "roster-column-missing", "roster-column-unknown"}
    tried |= {"roster-sheet-missing", "roster-missing", "roster-leaders-missing"}
    tried |= {"roster-members-missing", "roster-empty", "roster-shrunk"}
    assert {code for code in CATALOGUE if code.startswith("roster-")} == tried


def test_a_near_name_is_offered_but_not_the_rows_own(plan):
    message = told(filled(plan, ("各镇政府", "成员单位", "县水务")), "roster-unknown")
    assert "方案里也没有；是不是“县水务局”？请改正；" in message
    assert "是不是" not in told(filled(plan, ("各镇政府", "成员单位", "东镇政府")), "roster-unknown")


def test_near_names_and_collectives_without_members_are_pointed_out_in_colour():
    plan = plan_of("| 任务 | 部分 | 牵头 | 配合 |\n| 甲 | main | 新城工业园管委会、新城工业园区管委会 | 各镇政府 |")
    sheet = openpyxl.load_workbook(BytesIO(book_of(draft_roster(plan), plan)))["单位名册"]
    hints = [sheet.cell(row, column(sheet, "提示")) for row in (4, 5, 6)]
    assert "与“新城工业园区管委会”相近" in hints[0].value
    assert "与“新城工业园管委会”相近" in hints[1].value
    assert "请写明成员单位" == hints[2].value
    assert {"FFFBE3C8"} == {hint.fill.fgColor.rgb for hint in hints}
    assert "FFFBE3C8" == sheet.cell(6, column(sheet, "成员单位")).fill.fgColor.rgb


# --- the file ---------------------------------------------------------------------------


def test_the_script_writes_the_shipped_template_to_the_byte(tmp_path):
    tool("make_roster_template").main(tmp_path)
    shipped = Settings().template("workbooks/roster.xlsx")
    assert shipped == (tmp_path / "roster.xlsx").read_bytes(), "run docs/make_roster_template.py"


def test_the_sheets_print_one_page_wide_on_a4_across_with_drop_downs_and_nothing_locked(plan):
    book = openpyxl.load_workbook(BytesIO(book_of(draft_roster(plan), plan)))
    assert ["填写说明", "单位名册", "领导名册", "_taskkit"] == book.sheetnames
    assert "veryHidden" == book["_taskkit"].sheet_state
    for title in ("单位名册", "领导名册"):
        sheet = book[title]
        assert ("landscape", "9") == (sheet.page_setup.orientation, str(sheet.page_setup.paperSize))
        assert (1, 0) == (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight)
        assert not sheet.protection.sheet
    lists = {each.formula1 for each in book["单位名册"].data_validations.dataValidation if each.type == "list"}
    assert {"列表_类别", "列表_是否计分", "列表_单位"} == {text.lstrip("=") for text in lists}
    notes = "".join(str(cell.value) for row in book["填写说明"].iter_rows() for cell in row)
    assert "严禁填写涉密内容" in notes


def test_a_file_that_a_person_filled_in_is_never_replaced(plan, tmp_path):
    path = tmp_path / "名册.xlsx"
    assert write_roster(draft_roster(plan), plan, "云溪", path, "")
    assert not write_roster(draft_roster(plan), plan, "云溪", path, "")
    path.write_bytes(b"filled in")
    with pytest.raises(OutputError, match=r"已经存在，内容不同.*未作任何改动"):
        write_roster(draft_roster(plan), plan, "云溪", path, "")
    assert b"filled in" == path.read_bytes()
    with pytest.raises(UsageError, match=r"\.xlsx"):
        write_roster(draft_roster(plan), plan, "云溪", tmp_path / "名册.xls", "")


# --- the ledger ---------------------------------------------------------------------------


def test_the_newest_lists_count_and_the_same_again_change_nothing(ledger):
    assert ledger.roster("云溪") is None
    assert [True, False] == [ledger.add_roster("云溪", replace(LIST, source=name)) for name in ("一.xlsx", "二.xlsx")]
    assert LIST == ledger.roster("云溪")
    assert "一.xlsx" == ledger.roster("云溪").source
    other = Roster(LIST.unit_entries[:1])
    assert [True, True] == [ledger.add_roster("云溪", each) for each in (other, LIST)]
    assert LIST == ledger.roster("云溪")


def test_lists_with_errors_are_not_kept(ledger, plan):
    with pytest.raises(UsageError, match="不能照用"):
        ledger.add_roster("云溪", filled(plan, *FAULTS["roster-cycle"]))
    assert ledger.roster("云溪") is None
    with pytest.raises(UsageError, match="台账里有：云溪"):
        ledger.add_roster("山阳", LIST)


def test_the_lists_of_another_plan_are_what_a_draft_goes_on_from(ledger, plan):
    assert ledger.previous_roster("云溪") is None
    ledger.add_plan(plan_of(PLAN.replace("2000", "3000")), "去年")
    ledger.add_roster("去年", LIST)
    assert EarlierRoster("去年", LIST, same_place=True) == ledger.previous_roster("云溪")
    assert ledger.previous_roster("去年") is None


def issued_by(issuer: str | None, count: int) -> Plan:
    """A plan like the others, of another office."""
    plan = plan_of(PLAN.replace("2000", str(count)))
    return replace(plan, info=replace(plan.info, issuer=issuer))


def test_the_lists_of_the_same_place_come_before_newer_ones_of_another(ledger):
    for count, (name, issuer) in enumerate([("去年", "云溪县人民政府办公室"), ("青石", "青石县人民政府")]):
        ledger.add_plan(issued_by(issuer, count), name)
        ledger.add_roster(name, LIST)
    assert EarlierRoster("去年", LIST, same_place=True) == ledger.previous_roster("云溪")


@pytest.mark.parametrize("issuer", ["青石县人民政府", "市政府办公室", None])
def test_of_another_places_lists_only_order_and_names_are_carried_and_it_is_said(ledger, plan, issuer):
    ledger.add_plan(issued_by(issuer, 1), "别处")
    theirs = Roster(
        (
            UnitEntry(
                "县水务局", "青石县水务局", "水务", kind="企业", contact="林一", phone="0766-1234567", scored=False
            ),
            UnitEntry("县河长办", through="县水务局", kind="部门"),
            UnitEntry("县住建局", aliases=("县住房和城乡建设局",), kind="部门"),
            UnitEntry("各镇政府", kind="集体称谓", members=("东镇政府",), scored=False),
            *TOWNS,
        ),
        (LeaderEntry("云一舟", "副县长"),),
    )
    ledger.add_roster("别处", theirs)
    hand = roster_in_hand(plan, None, ledger.previous_roster("云溪"))
    assert ["县水务局", "县河长办", "县住建局", "县教育局"] == names(hand.roster)[:4]
    assert UnitEntry("县水务局", short_name="水务", kind="部门") == row_of(hand.roster, "县水务局")
    assert UnitEntry("各镇政府", kind="集体称谓", scored=False) == row_of(hand.roster, "各镇政府")
    assert "" == row_of(hand.roster, "县河长办").through
    assert ("县住房和城乡建设局",) == row_of(hand.roster, "县住建局").aliases
    assert "东镇政府" not in hand.roster.order
    assert "其中4个单位的次序、简称和别名取自“别处”的名册" in hand.state
    assert "联系人和电话没有带入" in hand.state


@pytest.mark.parametrize(
    ("is_same", "one", "other"),
    [
        (True, "云溪县人民政府", "中共云溪县委办公室"),
        (True, "云溪县发展和改革局", "云溪县发展和改革局"),
        (False, "云溪县人民政府", "青石县人民政府"),
        (False, "县政府办公室", "县政府办公室"),
        (False, None, None),
    ],
)
def test_plans_are_of_one_place_where_their_issuers_say_so(is_same, one, other):
    assert is_same == same_place(one, other)


def test_a_list_that_has_nothing_for_the_plan_is_not_named(plan):
    other = EarlierRoster("别处", Roster((UnitEntry("县供销社"),)), same_place=True)
    assert "还没有登记过名册，这份按方案列出。" == roster_in_hand(plan, None, other).state


def test_a_ledger_of_the_first_version_is_upgraded_when_it_is_first_written_to(plan, tmp_path):
    path = tmp_path / "台账.db"
    with open_ledger(path) as ledger:
        ledger.add_plan(plan)
    with sqlite3.connect(path) as old:
        old.executescript("drop table rosters; update meta set value = '1' where key = 'schema_version'")
    old.close()
    with open_ledger(path) as ledger:
        assert ledger.roster("云溪") is None
        assert "1" == version_of(path), "reading changes nothing"
        with pytest.raises(LedgerError), ledger._transaction(writes=True) as connection:
            connection.exec_driver_sql("insert into nowhere values (1)")
        assert "1" == version_of(path), "a change that fails takes the upgrade back with it"
        assert ledger.add_roster("云溪", LIST)
        assert LIST == ledger.roster("云溪")
    assert str(SCHEMA_VERSION) == version_of(path)
    assert (tmp_path / "台账-备份").is_dir(), "the state before was saved first"


def version_of(path: Path) -> str:
    connection = sqlite3.connect(path)
    [(value,)] = connection.execute("select value from meta where key = 'schema_version'").fetchall()
    connection.close()
    return str(value)


# --- who is asked -----------------------------------------------------------------------


def tasks_by_unit(ledger: Ledger, books: Any) -> dict[str, list[str]]:
    """Unit -> the tasks that all of its workbooks ask for, to be seen twice where they are asked twice."""
    found: dict[str, list[str]] = {}
    for (unit, _), tasks in asked(ledger, books).items():
        found.setdefault(unit, []).extend(sorted(tasks))
    return found


def test_units_are_asked_in_the_order_of_the_list_and_the_others_after_them(ledger, tmp_path):
    ledger.add_roster("云溪", Roster((UnitEntry("县林业局"), UnitEntry("县教育局"))))
    books = issue(ledger, "云溪", "2026Q2", tmp_path)
    assert ["县林业局", "县教育局", "县住建局", "县水务局"] == units(books)
    assert ["001县林业局", "002县教育局"] == [path.name[:7] for path in books[:2]]


def test_aliases_members_and_those_that_report_through_another_get_each_task_once(ledger, tmp_path):
    ledger.add_roster("云溪", replace(LIST, unit_entries=(*LIST.unit_entries[:-1], UnitEntry("县教育局"))))
    books = issue(ledger, "云溪", "2026Q2", tmp_path, role="all")
    assert {
        "县林业局": ["T002"],
        "县住建局": ["T002", "T003"],
        "县水务局": ["T003"],
        "西镇政府": ["T001"],
        "东镇政府": ["T001"],
        "县教育局": ["T001", "T002"],
        "县财政局": ["T001"],
    } == tasks_by_unit(ledger, books)
    assert [("县河长办", "由“县水务局”一并报送")] == list(books.left_out.itertuples(index=False, name=None))


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_whatever_the_list_says_nobody_is_asked_for_a_task_twice_and_no_task_is_lost(data):
    plan = plan_of(PLAN)
    printed = list(named_in_order(sorted_assignments(plan)))
    targets = st.sampled_from(["", *printed])
    entries, members = [], data.draw(st.lists(st.sampled_from(printed[:-1]), unique=True))
    for name in data.draw(st.permutations(printed)):
        if name == "各镇政府":
            entries.append(UnitEntry(name, kind="集体称谓", members=tuple(members)))
        else:
            entries.append(UnitEntry(name, kind="部门", through=data.draw(targets)))
    index = PlanIndex(plan, Roster(tuple(entries)))
    asks = [(unit, task) for unit in index.order for task, _ in index.tasks_of(unit, "all", "main")]
    assert len(asks) == len(set(asks))
    assert {task for _, task in asks} == {task for task, row in index.tasks.items() if row["part"] == "main"}


def test_a_member_that_also_leads_a_task_leads_it(ledger, tmp_path):
    towns = UnitEntry("各镇政府", members=("县教育局", "东镇政府"), kind="集体称谓")
    ledger.add_roster("云溪", Roster((*TOWNS, towns)))
    books = issue(ledger, "云溪", "2026Q2", tmp_path, role="all", units=["县教育局", "东镇政府"])
    assert {("县教育局", "all"): {"T001", "T002"}, ("东镇政府", "support"): {"T001"}} == asked(ledger, books)
    assert [("T001", "lead"), ("T002", "support")] == PlanIndex(ledger.plan("云溪"), ledger.roster("云溪")).tasks_of(
        "县教育局", "all", "main"
    )


def test_a_collective_without_members_is_left_out_and_asked_by_name_the_way_to_name_them_is_told(ledger, tmp_path):
    books = issue(ledger, "云溪", "2026Q2", tmp_path, role="all")
    [(unit, reason)] = books.left_out.itertuples(index=False, name=None)
    assert ("各镇政府", "是集体称谓，没有单独的表格") == (unit, reason)
    with pytest.raises(UsageError, match="taskkit units 云溪 --xlsx"):
        issue(ledger, "云溪", "2026Q2", tmp_path, role="all", units=["各镇政府"])


def test_a_collective_that_reports_through_one_unit_is_asked_there(ledger, tmp_path):
    ledger.add_roster("云溪", Roster((UnitEntry("各镇政府", kind="集体称谓", through="县财政局"),)))
    books = issue(ledger, "云溪", "2026Q2", tmp_path, role="support")
    assert ["T001"] == tasks_by_unit(ledger, books)["县财政局"]
    assert [("各镇政府", "由“县财政局”一并报送")] == list(books.left_out.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("林业局", "县林业局"),
        ("云溪县林业局", "县林业局"),
        ("县住房和城乡建设局", "县住建局"),
        ("县教育局", "县教育局"),
    ],
)
def test_a_unit_is_asked_by_any_of_its_names(ledger, tmp_path, text, unit):
    ledger.add_roster("云溪", LIST)
    assert [unit] == units(issue(ledger, "云溪", "2026Q2", tmp_path, units=[text]))


def test_a_collective_asked_by_name_means_its_members_and_a_misspelt_name_is_offered_the_near_one(ledger, tmp_path):
    ledger.add_roster("云溪", LIST)
    books = issue(ledger, "云溪", "2026Q2", tmp_path, role="support", units=["各镇政府"])
    assert ["东镇政府", "西镇政府"] == units(books)
    with pytest.raises(UsageError, match="是不是“林业局”"):
        issue(ledger, "云溪", "2026Q2", tmp_path, units=["林业厅局"])


def test_what_was_asked_under_an_alias_is_not_asked_again(ledger, tmp_path):
    first = issue(ledger, "云溪", "2026Q2", tmp_path, role="support", units=["县住房和城乡建设局", "县河长办"])
    ledger.add_roster("云溪", LIST)
    again = issue(ledger, "云溪", "2026Q2", tmp_path, role="support", units=["县住建局", "县水务局"])
    assert [] == list(again)
    reasons = dict(again.left_out.itertuples(index=False, name=None))
    assert "要它报送的任务都在已发给“县住房和城乡建设局”的表里" == reasons["县住建局"]
    whole = issue(ledger, "云溪", "2026Q2", tmp_path, role="all")
    asks = tasks_by_unit(ledger, whole)
    assert (["T002"], ["T003"]) == (asks["县住建局"], asks["县水务局"]), "who leads is asked even so"
    assert ["T003"] == tasks_by_unit(ledger, first)["县住房和城乡建设局"]


def test_a_form_that_is_out_keeps_its_name_when_the_order_changes_so_that_nobody_holds_two(ledger, tmp_path):
    before = list(issue(ledger, "云溪", "2026Q2", tmp_path))
    ledger.add_roster("云溪", Roster((UnitEntry("县水务局"), UnitEntry("县林业局"))))
    again = issue(ledger, "云溪", "2026Q2", tmp_path)
    assert ["县水务局", "县林业局", "县教育局", "县住建局"] == units(again)
    assert sorted(before) == sorted(again) == sorted(tmp_path.iterdir())
    assert {"unchanged"} == set(again.books["outcome"])
    assert "001县水务局" == issue(ledger, "云溪", "2026Q2", tmp_path / "另处")[0].name[:7]


def test_the_texts_of_a_workbook_keep_the_printed_names(ledger, tmp_path):
    ledger.add_roster("云溪", LIST)
    [path] = issue(ledger, "云溪", "2026Q2", tmp_path, units=["县水务局"])
    texts = [str(cell.value) for row in openpyxl.load_workbook(path)["工作进展"].iter_rows() for cell in row]
    assert "县河长办、县住房和城乡建设局" in texts


def test_a_units_full_name_in_the_list_is_the_one_in_its_title(ledger, tmp_path):
    ledger.add_roster("云溪", Roster((UnitEntry("县林业局", "云溪县林业和草原局"),)))
    [path] = issue(ledger, "云溪", "2026Q2", tmp_path, units=["县林业局"])
    assert "云溪县林业和草原局2026年二季度工作进展" == openpyxl.load_workbook(path)["工作进展"]["B1"].value


# --- the command line ---------------------------------------------------------------------


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(each) for each in arguments], standalone_mode=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: Plan) -> Path:
    monkeypatch.chdir(tmp_path)
    with open_ledger("taskkit.db") as ledger:
        ledger.add_plan(plan)
    return tmp_path


def test_the_lists_are_shown_written_filled_in_and_loaded(folder):
    shown = run("units", "云溪").output
    assert "还没有登记过名册" in shown
    assert "县住房和城乡建设局" in shown
    assert "已写名册：名册.xlsx（9个单位、0位领导" in run("units", "云溪", "--xlsx", "名册.xlsx").output
    assert "没有变化，未作任何改动" in run("units", "云溪", "--xlsx", "名册.xlsx").output
    path = folder / "名册.xlsx"
    path.write_bytes(edited(path.read_bytes(), typed(("县河长办", "通过何单位报送", "县水务局"))))
    result = run("load", "名册.xlsx")
    assert "已登记“云溪”的名册：9个单位、0位领导；1个单位由别的单位一并报送" in result.output
    assert 0 == result.return_value
    assert "内容相同，未作任何改动" in run("load", "名册.xlsx").output
    assert "这是已登记的名册（名册.xlsx）" in run("units", "云溪").output
    path.write_bytes(edited(path.read_bytes(), rename("县林业局", "县供销社")))
    assert 1 == run("load", "名册.xlsx").return_value
    assert "不在名册里，排在最后：县林业局" in run("units", "云溪").output


def test_the_way_to_name_members_is_told_once_below_the_units_without_forms(folder):
    with open_ledger("新.db") as ledger:
        ledger.add_plan(plan_of(PLAN.replace("县河长办", "各街道")), "云溪")
    shown = run("issue", "云溪", "--period", "2026Q2", "--role", "all", "--ledger", "新.db").output
    assert 2 == shown.count("是集体称谓，没有单独的表格")
    assert 1 == shown.count("taskkit units 云溪 --xlsx 名册.xlsx")
    assert shown.index("各街道") < shown.index("taskkit units")


def test_clerks_are_told_to_register_and_not_to_load():
    shown = "".join(run(*words, "--help").output for words in ((), ("read",), ("units",)))
    assert "改好后登记（taskkitload文件）" in "".join(shown.split())
    assert "再 load" not in shown
    for name in ("roster", "proofreading"):
        book = openpyxl.load_workbook(BytesIO(Settings().template(f"workbooks/{name}.xlsx")))
        notes = "".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row)
        assert ("交回督查室登记" in notes, "taskkit load" in notes) == (True, False)


def test_lists_with_errors_change_nothing(folder):
    run("units", "云溪", "--xlsx", "名册.xlsx")
    path = folder / "名册.xlsx"
    path.write_bytes(edited(path.read_bytes(), typed(*FAULTS["roster-unknown"])))
    result = run("load", "名册.xlsx")
    assert isinstance(result.exception, InputError)
    assert 2 == result.exception.exit_status
    assert "未作任何改动" in str(result.exception)
    assert "是不是“县水务局”" in result.output.replace("\n", "")
    with open_ledger("taskkit.db") as ledger:
        assert ledger.roster("云溪") is None


def test_a_list_without_a_mark_needs_the_name_of_the_plan_where_there_are_several(folder):
    run("units", "云溪", "--xlsx", "名册.xlsx")
    path = folder / "名册.xlsx"
    path.write_bytes(edited(path.read_bytes(), lambda book: book.remove(book["_taskkit"])))
    with open_ledger("taskkit.db") as ledger:
        ledger.add_plan(plan_of(PLAN.replace("2000", "3000")), "明年")
    assert "请用 --as 写明方案的名字" in str(run("load", "名册.xlsx").exception)
    assert "已登记“明年”的名册" in run("load", "名册.xlsx", "--as", "明年").output
    assert "9个单位已从“明年”的名册带入" in run("units", "云溪").output


def test_a_list_of_one_plan_is_not_kept_for_another(folder):
    run("units", "云溪", "--xlsx", "名册.xlsx")
    with open_ledger("taskkit.db") as ledger:
        ledger.add_plan(plan_of(PLAN.replace("2000", "3000")), "明年")
    error = str(run("load", "名册.xlsx", "--as", "明年").exception)
    assert "这是“云溪”的名册，--as 写的却是“明年”" in error
    assert "taskkit units 明年 --xlsx" in error
    assert "已登记“云溪”的名册" in run("load", "名册.xlsx", "--as", "云溪").output


def test_a_list_of_a_plan_that_the_ledger_does_not_hold_may_be_kept_for_another(folder):
    run("units", "云溪", "--xlsx", "名册.xlsx")
    with open_ledger("新台账.db") as ledger:
        ledger.add_plan(plan_of(PLAN), "云溪2026")
    shown = run("load", "名册.xlsx", "--as", "云溪2026", "--ledger", "新台账.db").output
    assert "已登记“云溪2026”的名册" in shown


def test_a_list_without_its_rows_is_not_kept_and_one_without_most_is_asked_about(folder):
    run("units", "云溪", "--xlsx", "名册.xlsx")
    run("load", "名册.xlsx")
    path, whole = folder / "名册.xlsx", (folder / "名册.xlsx").read_bytes()
    path.write_bytes(edited(whole, lambda book: book["单位名册"].delete_rows(4, 40)))
    result = run("load", "名册.xlsx")
    assert isinstance(result.exception, InputError)
    assert "“单位名册”里一个单位也没有" in result.output
    path.write_bytes(edited(whole, lambda book: book["单位名册"].delete_rows(5, 7)))
    assert "这份里没有了其中7个" in run("load", "名册.xlsx").output.replace("\n", "")


def test_a_list_needs_no_dialect_and_a_plan_to_belong_to(folder):
    run("units", "云溪", "--xlsx", "名册.xlsx")
    assert "请去掉 --dialect" in str(run("load", "名册.xlsx", "--dialect", "table").exception)
    run("load", samples.sample_path("txt"), "--as", "别处", "--ledger", "别处.db")
    assert "这是“云溪”的名册，台账里没有这份方案" in str(run("load", "名册.xlsx", "--ledger", "别处.db").exception)
    assert "台账里没有名为“山阳”的方案" in str(run("load", "名册.xlsx", "--as", "山阳").exception)


# --- what came back, and what is reported -------------------------------------------------


@pytest.fixture
def reported() -> Ledger:
    """Two tasks led under two names of one unit, and one that a collective leads; all of it sent before the list."""
    ledger = ledger_of(
        leads_of([["县住建局"], ["县住房和城乡建设局", "县河长办"], ["各镇政府"], ["县水务局"]]),
    )
    build = send(ledger, "县住建局", ["T001"])
    alias = send(ledger, "县住房和城乡建设局", ["T002"])
    send(ledger, "县水务局", ["T002", "T004"])
    east = send(ledger, "东镇政府", ["T003"])
    send(ledger, "西镇政府", ["T003"])
    fill(ledger, build, {"T001": {"progress": "开工。", "state": "正常推进"}})
    fill(ledger, alias, {"T002": {"progress": "竣工。", "state": "已完成"}})
    fill(ledger, east, {"T003": {"progress": "东镇做完。", "state": "已完成"}})
    ledger.add_roster(NAME, LIST)
    return ledger


def test_the_status_counts_a_unit_once_by_its_name_in_the_list_and_in_its_order(reported):
    [period] = status(reported, NAME, PERIOD, date(2026, 7, 20))
    assert ("县住建局", "东镇政府") == period.on_time_units
    assert ("县水务局", "西镇政府") == period.missing_units
    assert 4 == period.asked
    assert ["县住建局", "县住建局", "县水务局", "东镇政府", "西镇政府"] == returns(reported, NAME, PERIOD)[
        "unit"
    ].tolist()


def test_a_report_finds_what_stands_under_an_alias_a_member_and_who_reports(reported):
    facts = gather(reported, NAME, parse_period(PERIOD), Settings(), date(2026, 7, 20))
    first, second, third, _ = facts.tasks
    assert [("县住建局", "开工。")] == list(first.lead_texts)
    assert (("县住建局", "县河长办"), ("县住建局", "县水务局")) == (second.printed, second.units)
    assert [("县住建局", "竣工。")] == list(second.lead_texts)
    assert (("各镇政府",), ("西镇政府", "东镇政府")) == (third.printed, third.units)
    assert [("东镇政府", "东镇做完。")] == list(third.lead_texts)
    assert all(task.asked for task in facts.tasks)


def test_a_reports_table_names_lead_units_as_the_list_does(reported):
    annexes = build_report(reported, NAME, PERIOD, Settings(), date(2026, 7, 20)).annexes
    [annex] = (each for each in annexes if each.title.endswith("重点任务进展情况表"))
    cells = [row[2] for row in annex.rows if isinstance(row, tuple)]
    assert ["县住建局", "县住建局\n县河长办", "各镇政府", "县水务局"] == cells


def test_a_unit_that_was_asked_itself_speaks_for_itself_also_where_another_reports_for_it_now(reported):
    own = send(reported, "县河长办", ["T002"])
    fill(reported, own, {"T002": {"progress": "巡河。", "state": "正常推进"}})
    facts = gather(reported, NAME, parse_period(PERIOD), Settings(), date(2026, 7, 20))
    assert [("县住建局", "竣工。"), ("县河长办", "巡河。")] == list(facts.tasks[1].lead_texts)


def test_last_periods_texts_under_an_alias_stand_in_the_next_workbook(reported, tmp_path):
    [path] = issue(reported, NAME, "2026Q3", tmp_path, units=["县住建局"])
    texts = {str(cell.value) for row in openpyxl.load_workbook(path)["工作进展"].iter_rows() for cell in row}
    assert {"开工。", "竣工。"} <= texts


def test_a_digest_takes_any_name_of_a_unit_and_covers_the_tasks_of_all(reported):
    for text in ("县住建局", "县住房和城乡建设局"):
        content = digest.build(reported, NAME, [text], date(2026, 7, 20))
        assert ["办好第1件事。", "办好第2件事。"] == [task.title for group in content.groups for task in group.tasks]
        assert "县住建局共涉及任务2项，其中牵头2项" in content.intro
    content = digest.build(reported, NAME, ["东镇政府"], date(2026, 7, 20))
    assert ["办好第3件事。"] == [task.title for group in content.groups for task in group.tasks]


def test_what_an_alias_leads_is_a_leads_word_in_a_plan_sheet_for_both_roles(plan, tmp_path):
    ledger = open_ledger("sqlite://")
    ledger.add_plan(plan)
    joined = Roster((UnitEntry("县教育局", aliases=("县林业局",)),))
    ledger.add_roster("云溪", joined)
    [path] = issue(ledger, "云溪", "plan", tmp_path, units=["县林业局"], role="all")
    book = openpyxl.load_workbook(path)
    sheet = book["落实方案"]
    goal = next(int(cell.column) for cell in sheet[3] if cell.value == "一季度目标")
    row = next(int(row[0].row) for row in sheet.iter_rows() if str(row[0].value).endswith(".T002"))
    sheet.cell(row, goal).value = "完成选址"
    book.save(path)
    result = taskkit.collect(ledger, [path], apply=True)
    assert ["accepted"] == result.files["outcome"].tolist()
    [value] = ledger.values("云溪").to_dict("records")
    assert ("T002", "县教育局", "lead") == (value["task_id"], value["unit"], value["role"])
