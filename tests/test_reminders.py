"""Reminders: a letter to each unit that is red and to nobody else, a list of all that is open, a message that fits."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from taskkit import open_ledger, report, rulings
from taskkit.approving import texts
from taskkit.cli import commands, main
from taskkit.columns import COLUMNS
from taskkit.entries import Ruling
from taskkit.errors import InputError, NothingToReportError, UsageError
from taskkit.ledger import Change, Ledger, SentCell, Submission, Workbook
from taskkit.periods import parse_period
from taskkit.plan import make_plan
from taskkit.receipts import Receipt
from taskkit.reports import reminders
from taskkit.reports.open_matters import Colour, Matter, Owing, Sort, open_matters
from taskkit.reports.reminder_message import LONGEST, message
from taskkit.reports.reminders import Reminders, clipped
from taskkit.roster import Roster, UnitEntry
from taskkit.settings import Settings
from taskkit.stores.directives import Directive
from tests.filled import INFO, NAME, fill, ledger_of, send
from tests.returned_books import table

Q1, Q2, TODAY = "2026Q1", "2026Q2", date(2026, 7, 15)
TASKS = """
| task | unit     | title                | deadline   | said       | state    |
| T001 | 县教育局 | 新建学校5所          | 2026-06-30 | 已开工3所。| 正常推进 |
| T002 | 县林业局 | 植树造林3万亩        | 2026-12-31 | 完成1万亩。| 进展滞后 |
| T003 | 县财政局 | 筹措资金2亿元        | 2026-07-31 | 已筹1亿元。| 正常推进 |
| T004 | 县水务局 | 建成水厂1座          | 2026-06-30 | 已建成。   | 已完成   |
| T005 | 县民政局 | 建成敬老院2所        | 2026-12-31 |            |          |
| T006 | 县公安局 | 破案率保持在90%以上  | 2026-12-31 | 有序推进。 | 正常推进 |
"""
SCHEDULE = [
    {"period": Q1, "role": "lead", "part": "main", "due_on": date(2026, 4, 10), "to_whom": "县政府督查室"},
    {"period": Q2, "role": "lead", "part": "main", "due_on": date(2026, 7, 10), "to_whom": "县政府督查室"},
]
Rows = list[dict[str, str]]


def plan_ledger(tasks: Rows, *more: dict[str, Any]) -> Ledger:
    """A plan with these tasks, one lead unit each, or several with 、."""
    rows = [
        {"task_id": each["task"], "part": "main", "no": no, "title": each["title"]}
        | ({"deadline": each["deadline"], "due_on": date.fromisoformat(each["deadline"])} if each["deadline"] else {})
        for no, each in enumerate(tasks, 1)
    ]
    leads = [
        {"task_id": each["task"], "unit": unit, "role": "lead", "rank": rank, "collective": unit.startswith("各")}
        for each in tasks
        for rank, unit in enumerate(each["unit"].split("、"), 1)
    ]
    return ledger_of(make_plan(INFO, tasks=rows, assignments=leads, schedule=SCHEDULE, targets=list(more)))


def reported(tasks: Rows, *more: dict[str, Any]) -> Ledger:
    """Each unit was asked for its tasks for the second quarter; those with a state have reported in time."""
    ledger = plan_ledger(tasks, *more)
    for unit in dict.fromkeys(unit for each in tasks for unit in each["unit"].split("、") if unit[0] != "各"):
        mine = [each for each in tasks if unit in each["unit"].split("、")]
        targets = [each["target_id"] for each in more if each["task_id"] in {own["task"] for own in mine}]
        book = send(ledger, unit, [*(each["task"] for each in mine), *targets], Q2)
        texts = {each["task"]: {"progress": each["said"], "state": each["state"]} for each in mine if each["state"]}
        if texts:
            fill(ledger, book, texts)
    return ledger


@pytest.fixture
def ledger() -> Ledger:
    return reported(table(TASKS))


def made(ledger: Ledger, today: date = TODAY, number: str = "", units: tuple[str, ...] = (), **more: Any) -> Reminders:
    return reminders.build(ledger, NAME, Q2, units, number, more.get("settings", Settings()), today)


def book_of(ledger: Ledger, unit: str) -> Workbook:
    """The one form that was sent to a unit."""
    [book] = [ledger.workbook(each) for each in ledger.workbooks(NAME, Q2)["workbook"] if unit in each]
    assert book is not None
    return book


def owing(ledger: Ledger, today: date = TODAY, period: str = Q2) -> dict[str, list[str]]:
    """By unit, what is open in few words."""
    found = open_matters(ledger, NAME, parse_period(period), Settings(), today)
    return {each.unit: [f"{one.colour} {one.sort} {one.name} {one.days}" for one in each.matters] for each in found}


def words(tmp_path: Path, text: str) -> Settings:
    folder = tmp_path / "自己的" / "words"
    folder.mkdir(parents=True)
    (folder / "reminders.toml").write_text(text, encoding="utf-8")
    return Settings(folder.parent)


def texts_of(path: Path) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs if paragraph.text]


# --- what is open, with whom ---------------------------------------------------------------


def test_what_is_late_behind_or_near_is_open_and_what_is_done_or_far_off_is_not(ledger):
    assert {
        "县教育局": ["late task 第1项“新建学校5所” 15"],
        "县林业局": ["behind task 第2项“植树造林3万亩” 0"],
        "县财政局": ["near task 第3项“筹措资金2亿元” 16"],
        "县民政局": ["late report 2026年二季度工作进展 5"],
    } == owing(ledger)


def test_a_form_is_near_in_its_last_week_and_late_from_the_day_after_its_date(ledger):
    def form(day: date) -> list[str]:
        return [each.split()[0] for each in owing(ledger, day).get("县民政局", ())]

    assert [[], ["near"], ["near"], ["late"]] == [form(date(2026, 7, day)) for day in (2, 3, 10, 11)]


def test_who_was_not_asked_is_not_reminded_of_reports_nor_of_tasks():
    ledger = plan_ledger(table(TASKS))
    send(ledger, "县公安局", ["T006"], Q2)
    assert ["县公安局"] == list(owing(ledger))


def test_who_has_reported_is_not_reminded_nor_who_need_not_report_nor_whose_paper_waits_to_be_typed_in(ledger):
    ledger.register(Receipt(NAME, "县民政局", Q2, "waiting", date(2026, 7, 9)))
    assert "县民政局" not in owing(ledger)


def test_a_later_date_that_was_granted_counts(ledger):
    ledger.keep_rulings(
        NAME,
        [
            Ruling("extension", column, value, Q2, "县民政局", "main")
            for column, value in (("asked_on", "2026-07-08"), ("reason", "数据未出"), ("due_on", "2026-07-20"))
        ],
    )
    assert ["near report 2026年二季度工作进展 5"] == owing(ledger)["县民政局"]


def test_reports_are_cumulative_so_that_an_earlier_one_is_not_asked_for_beside_a_later_one(ledger):
    send(ledger, "县民政局", ["T005"], Q1, date(2026, 4, 10))
    send(ledger, "县教育局", ["T001"], Q1, date(2026, 4, 10))
    assert ["late report 2026年二季度工作进展 5"] == owing(ledger)["县民政局"]
    assert ["late task 第1项“新建学校5所” 15"] == owing(ledger)["县教育局"], "it has reported on the second quarter"
    assert ["late report 2026年一季度工作进展 5"] == owing(ledger, date(2026, 4, 15), Q1)["县民政局"]


def test_what_the_office_judged_counts_before_what_the_unit_says(ledger):
    rule = [
        Ruling("task", "state", "进展滞后", Q2, row_id="T006"),
        Ruling("task", "state", "正常推进", Q2, row_id="T002"),
    ]
    ledger.keep_rulings(NAME, rule)
    found = owing(ledger)
    assert ["behind task 第6项“破案率保持在90%以上” 0"] == found["县公安局"]
    assert "县林业局" not in found


def test_a_task_that_is_closed_or_was_said_to_be_done_before_is_not_open(ledger):
    book = send(ledger, "县财政局", ["T003"], Q1)
    fill(ledger, book, {"T003": {"progress": "已筹2亿元。", "state": "已完成"}})
    ledger.keep_rulings(NAME, [Ruling("task", "closed", "yes", Q2, row_id="T001")])
    assert "县教育局" not in owing(ledger)
    assert "县财政局" in owing(ledger), "now it says otherwise"
    silent = plan_ledger(table(TASKS))
    fill(silent, send(silent, "县财政局", ["T003"], Q1), {"T003": {"state": "已完成"}})
    fill(silent, send(silent, "县财政局", ["T003"], Q2), {})
    assert {} == owing(silent)


def test_of_several_lead_units_only_those_that_are_not_done_are_reminded():
    tasks = table("""
| task | unit              | title       | deadline   | said | state |
| T001 | 县教育局、县林业局 | 办好一件事  | 2026-06-30 |      |       |
""")
    ledger = plan_ledger(tasks)
    fill(ledger, send(ledger, "县教育局", ["T001"], Q2), {"T001": {"state": "已完成"}})
    fill(ledger, send(ledger, "县林业局", ["T001"], Q2), {"T001": {"state": "正常推进"}})
    assert {"县林业局": ["late task 第1项“办好一件事” 15"]} == owing(ledger)


def test_what_one_unit_reports_for_another_is_asked_of_the_one_that_reports():
    ledger = plan_ledger(table(TASKS))
    ledger.add_roster(NAME, Roster((UnitEntry("县教育局"), UnitEntry("县林业局", through="县教育局"))))
    fill(ledger, send(ledger, "县教育局", ["T001", "T002"], Q2), {"T002": {"state": "进展滞后"}})
    assert ["县教育局"] == list(owing(ledger))
    assert 2 == len(owing(ledger)["县教育局"])


def test_collectives_are_listed_last_and_get_no_letter_and_no_message():
    tasks = table("""
| task | unit     | title      | deadline   | said  | state    |
| T001 | 各镇政府 | 修好村道   | 2026-06-30 |       |          |
| T002 | 县教育局 | 新建学校   | 2026-06-30 | 开工。| 正常推进 |
""")
    found = made(reported(tasks))
    assert ["县教育局"] == [each.unit for each in found.letters]
    units = [row.cells for row in found.listed.sheets[0].rows]
    assert ["县教育局", "各镇政府"] == [cells[0] for cells in units]
    assert ("", "集体称谓，名册里没有写明成员") == (units[1][7], units[1][10])
    assert any("各镇政府是集体称谓" in line for line in found.said)


def test_what_was_sent_back_is_open_until_it_is_changed(ledger):
    about = texts(ledger, NAME, Q2, Roster())["县林业局", "T002"]
    back = Ruling(rulings.TASK, rulings.PASSED, rulings.BACK, Q2, "县林业局", "T002", about=about)
    ledger.keep_rulings(NAME, [back])
    found = open_matters(ledger, NAME, parse_period(Q2), Settings(), TODAY, ["县林业局"])
    assert [("mending", ("第2项",)), ("task", ())] == [(one.sort, one.tasks) for one in found[0].matters]


def test_but_nobody_is_asked_to_mend_what_the_office_has_closed_since(ledger):
    about = texts(ledger, NAME, Q2, Roster())["县林业局", "T002"]
    back = Ruling(rulings.TASK, rulings.PASSED, rulings.BACK, Q2, "县林业局", "T002", about=about)
    ledger.keep_rulings(NAME, [back, Ruling(rulings.TASK, rulings.CLOSED, rulings.YES, Q2, "", "T002")])
    assert "县林业局" not in owing(ledger)


def directed(ledger: Ledger, due_on: date | None, said: str = "", handled: str = "", *, sent: bool = True) -> None:
    """县公安局 is to follow a 批示, which stands in a form of it (``sent``), and says this of it."""
    given = Directive("王一", date(2026, 6, 1), "请抓紧办。", ("县公安局",), "群众来信", due_on=due_on)
    ledger.keep_directives(NAME, [given], "登记.xlsx", b"x", {})
    if not sent:
        return
    headers = [COLUMNS[key].header for key in ("followed", "handled")]
    cells = tuple(SentCell("批示办理", "B001", header, "", True) for header in headers)
    book = Workbook("WB", NAME, "县公安局", "all", "directives", Q2, 1, "c", date(2026, 7, 31), cells)
    ledger.record_workbooks([book], {})
    changes = [Change("B001", header, text, "all") for header, text in zip(headers, (said, handled), strict=True)]
    if said:
        ledger.accept(Submission(book, "县公安局.xlsx", b"y", date(2026, 6, 20), {}, tuple(changes)))


@pytest.mark.parametrize(
    ("due_on", "said", "handled", "expected"),
    [
        (date(2026, 7, 1), "", "", ["late directive 王一6月1日批示（群众来信） 14"]),
        (date(2026, 7, 1), "正在查。", "正在办理", ["late directive 王一6月1日批示（群众来信） 14"]),
        (date(2026, 7, 20), "", "", ["near directive 王一6月1日批示（群众来信） 5"]),
        (date(2026, 7, 1), "已查明。", "已办结", []),
        (None, "", "", []),
    ],
)
def test_a_directive_that_was_not_answered_in_time_is_open(ledger, due_on, said, handled, expected):
    directed(ledger, due_on, said, handled)
    assert expected == owing(ledger).get("县公安局", [])


def test_but_not_one_that_stands_in_no_form_yet(ledger):
    directed(ledger, date(2026, 7, 1), sent=False)
    assert "县公安局" not in owing(ledger)


def test_a_units_matters_stand_by_colour_then_forms_first_then_the_longest_late():
    tasks = table("""
| task | unit     | title      | deadline   | said | state    |
| T001 | 县教育局 | 建成一校   | 2026-07-10 |      |          |
| T002 | 县教育局 | 建成二校   | 2026-05-31 |      |          |
| T003 | 县教育局 | 建成三校   | 2026-07-31 |      |          |
""")
    assert [
        "late report 2026年二季度工作进展 5",
        "late task 第2项“建成二校” 45",
        "late task 第1项“建成一校” 5",
        "near task 第3项“建成三校” 16",
    ] == owing(reported(tasks))["县教育局"]


# --- letters --------------------------------------------------------------------------------


def test_a_letter_says_what_is_late_by_how_much_what_was_said_last_and_by_when_to_answer(ledger):
    first = made(ledger).letters[0]
    assert "县教育局：" == first.addressee
    assert "截至7月15日，你单位有1项工作逾期，现予催办。" in first.opening
    assert (
        "第1项“新建学校5所”，时限6月30日，已逾期15天，尚未完成。你单位最近报告（二季度）：“已开工3所。”",
    ) == first.paragraphs
    assert "于7月20日前将办理情况报县政府督查室" in first.request, "three working days from Wednesday"
    assert ("红色督办单", "FF9999", "云溪县人民政府", "2026年7月15日") == (
        first.slip,
        first.colour,
        first.issuer,
        first.date,
    )


def test_a_report_that_is_missing_is_named_with_its_date(ledger):
    last = made(ledger).letters[-1]
    assert "县民政局" == last.unit
    assert ("2026年二季度工作进展应于7月10日报送县政府督查室，已逾期5天，至今未收到。",) == last.paragraphs
    assert "请于7月20日前补报；确有困难的，请在此前书面说明原因。" == last.request


def test_only_the_red_get_a_letter_unless_the_office_says_otherwise(ledger, tmp_path):
    assert ["县教育局", "县民政局"] == [each.unit for each in made(ledger).letters]
    own = words(tmp_path, 'letters = "逾期、滞后，临近"\ndays = "5"')
    found = made(ledger, settings=own).letters
    assert ["红色督办单", "黄色督办单", "蓝色督办单", "红色督办单"] == [each.slip for each in found]
    assert "第2项“植树造林3万亩”，本期报告为进展滞后。" in found[1].paragraphs[0]
    assert "7月22日" in found[0].request
    assert "请在时限之前报县政府督查室" in found[2].request


def test_letters_are_numbered_from_the_number_given_and_named_by_the_place_of_the_unit(ledger):
    found = made(ledger, number="3").letters
    assert ["催办〔2026〕3号", "催办〔2026〕4号"] == [each.number for each in found]
    assert ["001县教育局_催办单.docx", "005县民政局_催办单.docx"] == [each.file_name for each in found]
    assert {""} == {each.number for each in made(ledger).letters}


def test_how_far_a_figure_is_behind_is_said_in_percentage_points():
    tasks = table("""
| task | unit     | title         | deadline   | said  | state    |
| T001 | 县教育局 | 建成学校100所 | 2026-12-31 | 开工。| 正常推进 |
| T002 | 县教育局 | 修缮校舍      | 2026-06-30 | 开工。| 正常推进 |
""")
    target = {"task_id": "T001", "target_id": "T001.1", "text": "学校100所", "indicator": "学校", "op": ">="}
    ledger = reported(tasks, target | {"value": 100.0, "unit": "所", "kind": "count"})
    fill(ledger, book_of(ledger, "县教育局"), {"T001.1": {"achieved": "30"}})
    [letter] = made(ledger).letters
    assert "2.第1项“建成学校100所”，学校完成目标的30.0%，比应达到的低20.0个百分点。" in letter.paragraphs[1]


def many(count: int, unit: str = "县教育局") -> Rows:
    return [
        {
            "task": f"T{number:03d}",
            "unit": unit,
            "title": f"办好第{number}件事",
            "deadline": "2026-06-30",
            "said": "正在办理。" * 30,
            "state": "正常推进",
        }
        for number in range(1, count + 1)
    ]


def test_more_than_three_tasks_stand_in_a_table_fewer_as_text():
    assert [(1, 0), (0, 4)] == [
        (len(letter.paragraphs), sum(len(each.rows) for each in letter.tables))
        for count in (1, 4)
        for letter in made(reported(many(count))).letters
    ]


def test_a_letter_that_would_be_longer_than_a_page_quotes_less_and_then_becomes_a_table():
    [one] = made(reported(many(1))).letters
    [three] = made(reported(many(3))).letters
    assert 80 >= one.paragraphs[0].count("正在办理。") * 5 > 40
    assert [()], [3] == [[three.paragraphs], [len(each.rows) for each in three.tables]]


def test_a_table_leaves_out_the_units_words_where_the_letter_then_fits_on_a_page():
    [four], [many_more] = ([*made(reported(many(count))).letters] for count in (4, 12))
    assert ("title", "deadline", "standing") == four.tables[0].columns[:3]
    assert 4 == len(many_more.tables[0].columns)


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        ("已完成。", 10, "已完成。"),
        ("完成三所学校，其余两所动工。资金到位。", 16, "完成三所学校，其余两所动工……"),
        ("完成了“一校”，\n其余动工。", 30, "完成了‘一校’，其余动工。"),
        ("累计完成投资12345.67万元", 10, "累计完成投资……"),
        ("甲" * 20, 10, "甲" * 10 + "……"),
    ],
)
def test_a_units_words_are_cut_after_a_clause_and_never_within_a_number(text, longest, expected):
    assert expected == clipped(text, longest)


# --- messages -------------------------------------------------------------------------------


def sms(unit: str, short: str, *matters: Matter, to: str = "县政府督查室") -> str:
    return message(Owing(unit, matters), short, date(2026, 7, 20), to, Settings().sentences("reminders"))


def late(name: str) -> Matter:
    return Matter(Sort.TASK, Colour.LATE, name, f"“{name}”", date(2026, 6, 30), 15)


FORM = Matter(Sort.REPORT, Colour.LATE, "2026年二季度工作进展", "二季度工作进展", date(2026, 7, 10), 5, "县政府督查室")
LONG_UNIT = "云溪县全面推进乡村振兴和城乡融合发展工作领导小组办公室"
LONG = "完善农村人居环境整治提升和农村生活污水治理设施建设运行管护机制"


def test_a_message_says_whom_what_by_when_and_where():
    assert "县教育局：“新建学校”工作逾期，请于7月20日前报县政府督查室。" == sms("县教育局", "教育局", late("新建学校"))
    assert "县教育局：二季度工作进展逾期未报，“新建学校”“植树”工作逾期，请于7月20日前报县政府督查室。" == sms(
        "县教育局", "教育局", FORM, late("新建学校"), late("植树")
    )


@pytest.mark.parametrize(
    ("unit", "short", "matters", "expected"),
    [
        (
            "县教育局",
            "教育局",
            [late(f"{LONG}之{number}") for number in "一二三"],
            f"县教育局：“{LONG}之一”等3项工作逾期，请于7月20日前报县政府督查室。",
        ),
        (
            LONG_UNIT,
            "乡村振兴办",
            [late(LONG), late(LONG), late(LONG)],
            f"{LONG_UNIT}：3项工作逾期，请于7月20日前报县政府督查室。",
        ),
        (
            LONG_UNIT,
            "乡村振兴办",
            [FORM, late(LONG)],
            f"{LONG_UNIT}：1份材料逾期未报，1项工作逾期，请于7月20日前报县政府督查室。",
        ),
        (
            "长" * 50,
            "长办",
            [FORM, late("植树")],
            "长办：二季度工作进展逾期未报，“植树”工作逾期，请于7月20日前报县政府督查室。",
        ),
        ("超" * 60, "超" * 60, [late("新建学校")], "贵单位：“新建学校”工作逾期，请于7月20日前报县政府督查室。"),
    ],
)
def test_a_message_that_does_not_fit_names_fewer_things_and_is_never_cut_off(unit, short, matters, expected):
    assert expected == sms(unit, short, *matters)
    assert len(expected) <= LONGEST


def test_a_rare_character_counts_twice_as_it_does_in_a_message():
    text = sms("𡐓" * 30, "𡐓" * 30, late("修路"))
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST


@pytest.mark.parametrize("length", range(1, 80, 6))
def test_no_message_is_longer_than_70_signs_whatever_units_tasks_and_places_are_called(length):
    for count in (1, 2, 5):
        text = sms("县" * length, "县" * (length // 2 + 1), FORM, *[late("事" * length)] * count, to="室" * length)
        assert 0 < len(text) <= LONGEST
        assert text.endswith("。")


def test_a_message_is_one_line_whatever_breaks_names_hold():
    assert "县\n教育局" not in sms("县\n教育局", "教育局", late("新建\n学校"))
    assert "\n" not in sms("县\n教育局", "教育局", late("新建\n学校"))


def test_an_office_whose_own_words_are_too_long_is_told_where(ledger, tmp_path):
    own = words(tmp_path, f'days = "3"\nmessage = "{"好" * 80}{{unit}}"')
    with pytest.raises(InputError, match=r"reminders.toml 第2行“message”.*70字"):
        made(ledger, settings=own)


# --- the list -------------------------------------------------------------------------------


def listed(ledger: Ledger, folder: Path, **more: Any) -> Any:
    path = report(ledger, NAME, "reminders", Q2, folder, today=TODAY, **more)
    return openpyxl.load_workbook(path / "催报清单.xlsx")


def test_the_list_has_all_units_with_whom_to_call_and_what_to_send(ledger, tmp_path):
    ledger.add_roster(NAME, Roster((UnitEntry("县教育局", contact="=1+1", phone="0000-8600012"),)))
    book = listed(ledger, tmp_path / "出")
    sheet = book["催报清单"]
    assert [
        *("单位", "联系人", "电话", "事项", "截止日期", "逾期天数"),
        *("颜色", "短信", "字数", "催办单", "说明"),
    ] == [cell.value for cell in sheet[3]]
    first = sheet[4]
    assert ["县教育局", "=1+1", "0000-8600012"] == [cell.value for cell in first[:3]]
    assert "s" == first[1].data_type, "a text, no formula"
    assert [15, "红色督办单", "有", None] == [first[at].value for at in (5, 6, 9, 10)]
    assert ("2026-06-30", len(first[7].value)) == (f"{first[4].value:%Y-%m-%d}", first[8].value)
    second = sheet[5]
    assert ["县林业局", "未登记", "未登记", "电话未登记，请在单位名册里补上"] == [
        second[at].value for at in (0, 1, 2, 10)
    ]
    assert ["红色督办单", "黄色督办单", "蓝色督办单", "红色督办单"] == [sheet.cell(row, 7).value for row in range(4, 8)]
    assert 4 + 3 == book["事项明细"].max_row


def test_the_list_is_ready_to_filter_and_to_print(ledger, tmp_path):
    for sheet in listed(ledger, tmp_path / "出").worksheets:
        assert "B4" == sheet.freeze_panes
        assert sheet.auto_filter.ref.startswith("A3:")
        assert ("landscape", 0) == (sheet.page_setup.orientation, sheet.page_setup.fitToHeight)
        assert "$3:$3" == sheet.print_title_rows


# --- files ----------------------------------------------------------------------------------


def test_the_folder_holds_one_letter_for_each_red_unit_and_the_list(ledger, tmp_path):
    folder = report(ledger, NAME, "催办单", None, tmp_path / "出", today=TODAY, number="3")
    assert ["001县教育局_催办单.docx", "005县民政局_催办单.docx", "催报清单.xlsx"] == sorted(
        each.name for each in folder.iterdir()
    )
    texts = texts_of(folder / "001县教育局_催办单.docx")
    assert ["内部资料　注意保存", "工作催办单", "催办〔2026〕3号", "县教育局："] == texts[:4]
    assert texts[-1].startswith("签收人：")
    document = docx.Document(str(folder / "001县教育局_催办单.docx"))
    assert "红色督办单" == document.tables[0].cell(0, 0).text
    assert 'w:fill="FF9999"' in document.tables[0]._tbl.xml


def test_the_same_day_again_changes_nothing_and_a_letter_that_a_person_edited_is_kept(ledger, tmp_path):
    folder = report(ledger, NAME, "reminders", Q2, tmp_path / "出", today=TODAY)
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    own = folder / "001县教育局_催办单.docx"
    edited = docx.Document(str(own))
    edited.paragraphs[-1].text = "已当面送达。"
    edited.save(str(own))
    before[own.name] = own.read_bytes()
    told: list[str] = []
    report(ledger, NAME, "reminders", Q2, folder, today=TODAY, tell=told.append)
    assert before.keys() | {"001县教育局_催办单（新）.docx"} == {each.name for each in folder.iterdir()}
    assert before == {name: (folder / name).read_bytes() for name in before}
    assert not [line for line in told if "以前的" in line]


def test_a_letter_of_a_unit_that_is_red_no_more_stays_where_it_is(ledger, tmp_path):
    folder = report(ledger, NAME, "reminders", Q2, tmp_path / "出", today=TODAY)
    fill(ledger, book_of(ledger, "县民政局"), {"T005": {"progress": "建成1所。", "state": "正常推进"}}, TODAY)
    told: list[str] = []
    report(ledger, NAME, "reminders", Q2, folder, today=TODAY, tell=told.append)
    assert (folder / "005县民政局_催办单.docx").exists()
    assert "文件夹里另有以前的1个文件，没有改动。" in told
    assert "催办单1份：县教育局。" in told


def test_where_nothing_is_open_it_is_said_and_no_folder_is_made(tmp_path):
    ledger = plan_ledger(table(TASKS))
    with pytest.raises(
        NothingToReportError, match=r"没有逾期、滞后或临近时限的事项，不需要催办。没有生成文件。"
    ) as error:
        report(ledger, NAME, "reminders", None, tmp_path / "出", today=TODAY)
    assert 0 == error.value.exit_status
    assert not (tmp_path / "出").exists()


def test_before_the_first_report_the_plans_of_the_units_are_asked_for(tmp_path):
    ledger = plan_ledger(table(TASKS))
    send(ledger, "县教育局", ["T001"], "plan", date(2026, 3, 20))
    folder = report(ledger, NAME, "reminders", None, tmp_path / "出", today=date(2026, 4, 1))
    [letter] = folder.glob("*.docx")
    assert "2026年落实方案应于3月20日报送县政府督查室，已逾期12天，至今未收到。" in texts_of(letter)
    assert "请于4月7日前补报；确有困难的，请在此前书面说明原因。" in texts_of(letter), "三个工作日，清明节放假三天"


def test_units_that_are_named_are_reminded_alone_and_unknown_ones_refused(ledger):
    assert ["县民政局"] == [each.unit for each in made(ledger, units=("县民政局",)).letters]
    with pytest.raises(UsageError, match="是不是“县教育局”"):
        made(ledger, units=("县教委局",))
    with pytest.raises(NothingToReportError, match="“县公安局”没有逾期"):
        made(ledger, units=("县公安局",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('days = "3"\nletters = "红色"', r"第2行“letters”.*没有“红色”这种情况.*逾期、滞后、临近"),
        ('days = "很快"', r"第1行“days”.*“很快”不是1到60之间的数"),
        ('days = "0"', "“0”不是1到60"),
        ('opening = "截至{day}"', "不能填入“{day}”"),
    ],
)
def test_a_slip_in_the_offices_words_is_named_with_its_line(ledger, tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        made(ledger, settings=words(tmp_path, text))


@pytest.mark.parametrize("number", ["三", "-1", "0", "3号"])
def test_a_number_that_is_none_is_refused(ledger, number):
    with pytest.raises(UsageError, match="不是数字"):
        made(ledger, number=number)


def test_there_is_no_public_version(ledger, tmp_path):
    with pytest.raises(UsageError, match="没有公开版"):
        report(ledger, NAME, "reminders", Q2, tmp_path, today=TODAY, public=True)


HOSTILE = "<w:p>&{{ 7*7 }}{% raw %}\n../../=1+1"


def test_texts_of_every_kind_arrive_as_text_and_names_never_become_paths(tmp_path):
    tasks = [{**many(1)[0], "unit": "../县<教育>局", "title": HOSTILE, "said": HOSTILE}]
    folder = report(reported(tasks), NAME, "reminders", Q2, tmp_path / "出", today=TODAY)
    [letter] = folder.glob("*.docx")
    assert folder == letter.parent
    assert "001县_教育_局_催办单.docx" == letter.name
    text = "\n".join(texts_of(letter))
    assert "“<w:p>&{{ 7*7 }}{% raw %} ../../=1+1" in text
    assert "../县<教育>局：" in text


def test_each_red_letter_with_a_red_head_carries_its_own_number(ledger, tmp_path):
    own = words(tmp_path, 'receipt = ""')
    assert own.templates is not None
    (own.templates / "words" / "office.toml").write_text('head = "云溪县人民政府督查室"', encoding="utf-8")
    folder = report(ledger, NAME, "reminders", Q2, tmp_path / "出", today=TODAY, number="7", settings=own)
    second = texts_of(folder / "005县民政局_催办单.docx")
    assert ["云溪县人民政府督查室", "催办〔2026〕8号", "工作催办单"] == second[1:4]
    assert 1 == second.count("催办〔2026〕8号")
    assert "2026年7月15日" == second[-1], "no receipt"


def test_the_command_says_how_many_letters_for_whom_and_where(tmp_path, capsys):
    url = f"sqlite:///{tmp_path / 'taskkit.db'}"
    kept = open_ledger(url)
    kept.add_plan(plan_ledger(table(TASKS)).plan(NAME), NAME)
    send(kept, "县民政局", ["T005"], Q2)
    kept.close()
    arguments = ["report", "reminders", NAME, "--on", "2026-07-15", "--out", str(tmp_path / "出"), "--ledger", url]
    done = CliRunner().invoke(commands, arguments, standalone_mode=False)
    assert "催办单1份：县民政局。\n催报清单：催报清单.xlsx，共1个单位。\n" in done.output
    assert 0 == done.return_value
    later = main_with("report", "reminders", NAME, "--on", "2026-02-01", "--out", str(tmp_path / "无"), "--ledger", url)
    assert 0 == later, "nothing is wrong where nobody is to be reminded"
    assert "不需要催办。没有生成文件。" in capsys.readouterr().err
    assert not (tmp_path / "无").exists()


def main_with(*arguments: str) -> object:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code
