"""words/states.toml: its sets, what an office changes in it, where that is seen, and how a slip is named."""

from __future__ import annotations

import io
import tomllib
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.worksheet.worksheet import Worksheet

import taskkit
from taskkit.assess import Verdict
from taskkit.cli import commands
from taskkit.columns import COLUMNS
from taskkit.errors import InputError
from taskkit.judging.facts import gather
from taskkit.ledger import Ledger
from taskkit.periods import parse_period
from taskkit.reports import report
from taskkit.rules.states import judge_state
from taskkit.settings import MEANINGS, Settings
from tests.filled import NAME, fill, ledger_of, plan_of, send

SHIPPED = Path(__file__).parent.parent / "templates" / "words" / "states.toml"
TODAY = date(2026, 7, 15)
TARGET = {"task_id": "T001", "target_id": "T001.1", "indicator": "学校", "op": ">=", "value": 100.0}
OWN = """
[[states]]
name = "未动工"
meaning = "idle"
[[states]]
name = "顺利"
meaning = "normal"
colour = "#112233"
[[states]]
name = "吃紧"
meaning = "slow"
colour = "#FFEE00"
[[states]]
name = "办妥"
meaning = "done"
[names]
unreported = "没交"
[limits]
slow = 20
[phrases]
on = "跟得上"
behind = "跟不上"
"""


def office(folder: Path, text: str) -> Settings:
    (folder / "words").mkdir(exist_ok=True)
    (folder / "words" / "states.toml").write_text(text, encoding="utf-8")
    return Settings(folder)


@pytest.fixture
def settings(tmp_path):
    return office(tmp_path, OWN)


@pytest.fixture
def ledger():
    """One task at 35 of 100 by mid-year, said to go well; one whose unit is silent."""
    more = {"unit": "所", "kind": "count"}
    tasks = [{"task_id": "T003", "part": "main", "no": 3, "title": "办好第3件事。", "leaders": ["云一舟"]}]
    ledger = ledger_of(plan_of([["县教育局"], ["县民政局"]], targets=[{**TARGET, **more}], tasks=tasks))
    book = send(ledger, "县教育局", ["T001", "T001.1"])
    fill(ledger, book, {"T001": {"progress": "建成35所", "state": "顺利"}, "T001.1": {"achieved": "35"}})
    send(ledger, "县民政局", ["T002"])
    return ledger


def first_computed(ledger: Ledger, settings: Settings) -> Verdict:
    found = gather(ledger, NAME, parse_period("2026Q2"), settings, TODAY).tasks[0].computed
    assert found
    return found


def rules_of(sheet: Worksheet) -> dict[str, str]:
    """The words whose cells take a colour on a sheet, and the colour (RRGGBB)."""
    found = {}
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            if rule.operator == "equal" and rule.dxf and rule.dxf.fill:
                found[rule.formula[0].strip('"')] = rule.dxf.fill.bgColor.rgb[2:]
    return found


def test_limits_change_what_is_slow(ledger, settings):
    judged = {
        name: first_computed(ledger, each).standing.value for name, each in (("shipped", Settings()), ("own", settings))
    }
    assert {"shipped": "slow", "own": "normal"} == judged


def test_names_and_limits_and_words_change_the_ledger_workbook(ledger, settings, tmp_path):
    book = openpyxl.load_workbook(report(ledger, NAME, "ledger", out=tmp_path, settings=settings, today=TODAY))
    rows = list(book["任务总表"].iter_rows(min_row=3, values_only=True))
    tasks = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}

    assert ("顺利", "顺利") == (tasks["T001"]["完成情况"], tasks["T001"]["系统研判"])
    assert "目标 100所以上，完成 35所（35.0%），时间进度 50.0%，低15.0个百分点，跟得上" == tasks["T001"]["研判理由"]
    assert ("没交", "没交") == (tasks["T002"]["完成情况"], tasks["T002"]["系统研判"])
    assert {"顺利": "112233", "吃紧": "FFEE00"} == {
        name: colour for name, colour in rules_of(book["任务总表"]).items() if name in ("顺利", "吃紧")
    }
    header = [cell.value for cell in book["单位汇总"][3]]
    assert {"办妥", "顺利", "吃紧", "未动工", "没交"} <= set(header)


def test_names_change_the_progress_report(ledger, settings, tmp_path):
    path = report(ledger, NAME, "progress", out=tmp_path, settings=settings, today=TODAY)
    text = "\n".join(each.text for each in docx.Document(str(path)).paragraphs)

    assert "顺利1项" in text
    assert "没交1项" in text


def test_names_and_colours_change_the_units_workbooks(settings, tmp_path):
    ledger = ledger_of(plan_of([["县教育局"], ["县教育局"], ["县教育局"]]))
    (path,) = taskkit.issue(ledger, NAME, "2026Q2", out=tmp_path / "out", settings=settings, anyway=True)
    book = openpyxl.load_workbook(io.BytesIO(Path(path).read_bytes()))
    sheet = book["工作进展"]

    assert {"顺利": "112233", "吃紧": "FFEE00"} == rules_of(sheet)
    area = book.defined_names["列表_完成情况"].attr_text.partition("!")[2].replace("$", "")
    hidden = book["_taskkit"]
    assert ["未动工", "顺利", "吃紧", "办妥"] == [cell.value for (cell,) in hidden[area]]
    state = next(cell for cell in sheet[3] if cell.value == "完成情况")
    coloured = {str(area.sqref) for area in sheet.conditional_formatting if area.rules[-1].operator == "equal"}
    rows = [row for row in range(4, sheet.max_row + 1) if ".T" in str(sheet.cell(row, 1).value)]
    assert coloured == {f"{state.column_letter}4:{state.column_letter}{rows[-1]}"}


def test_names_change_the_leader_s_table_and_its_colours(settings, tmp_path):
    tasks = [{"task_id": "T002", "part": "main", "no": 2, "title": "办好第2件事。", "leaders": ["云一舟"]}]
    lead = [{"task_id": "T002", "unit": "县教育局", "role": "lead", "rank": 1}]
    ledger = ledger_of(plan_of([], tasks=tasks, assignments=lead))
    fill(ledger, send(ledger, "县教育局", ["T002"]), {"T002": {"progress": "快", "state": "吃紧"}})
    path = report(ledger, NAME, "tasks", out=tmp_path, leader="云一舟", settings=settings, today=TODAY)
    sheet = openpyxl.load_workbook(path)["分管任务"]

    assert "共1项：吃紧1项。" == sheet["A2"].value
    assert {"顺利": "112233", "吃紧": "FFEE00"} == rules_of(sheet)


def test_names_change_what_is_taken_on_return(settings):
    states = settings.states()
    assert "吃紧" == judge_state(COLUMNS["state"], "进展滞后", states).value
    assert "state-unknown" == judge_state(COLUMNS["state"], "绿灯", states).code


@pytest.mark.parametrize("use", tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["sets"])
def test_every_set_is_chosen_with_one_line(tmp_path, use):
    states = office(tmp_path, f'use = "{use}"\n').states()

    listed = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["sets"][use]
    assert [each["name"] for each in listed] == [state.name for state in states]
    assert all(states.name_of(meaning) in {state.name for state in states} for meaning in MEANINGS)
    assert Settings().states().limits == states.limits


def test_a_name_for_what_is_ahead_or_late_is_taken_where_it_is_and_not_elsewhere(tmp_path):
    early = office(tmp_path, 'use = "序时"').states()
    assert ("提前完成", "已完成") == (early.name_of("done", "ahead"), early.name_of("done"))
    lights = office(tmp_path, 'use = "三色灯"').states()
    assert ("红灯", "黄灯", "绿灯") == (lights.name_of("slow", "late"), lights.name_of("slow"), lights.name_of("done"))


def test_a_light_turns_red_when_a_task_is_far_behind_or_overdue(ledger, tmp_path):
    settings = office(tmp_path, 'use = "三色灯"\n[limits]\nserious = 10')
    assert "红灯" == first_computed(ledger, settings).name
    settings = office(tmp_path, 'use = "三色灯"\n[limits]\nserious = 20')
    assert "黄灯" == first_computed(ledger, settings).name


def test_an_old_file_with_names_and_meanings_alone_still_works(tmp_path):
    states = office(tmp_path, '[[states]]\nname = "绿灯"\nmeaning = "normal"\n').states()
    assert [("绿灯", "normal", "#FFFFFF")] == [(each.name, each.meaning, each.colour) for each in states]
    assert "未报送" == states.name_of("unreported")


def test_warnings_before_a_date_are_read_as_months_and_days():
    found = [(each.text, each.months, each.days) for each in Settings().states().limits.warnings]
    assert [("3个月", 3, 0), ("1个月", 1, 0), ("半个月", 0, 15), ("1周", 0, 7)] == found


SLIPS = [
    ('use = "四态\n', '第1行写法有误：use = "四态'),
    ('# 说明\nuse = "五态"\n', "第2行“use”写法有误：没有名为“五态”的一套名称。可以写的有：四态、序时"),
    ('use = "四态"\n[[states]]\nname = "a"\nmeaning = "done"\n', "第1行“use”写法有误：use 和"),
    ("[limits]\nnear = 5\nslow = '5'\n", "第3行“limits.slow”写法有误：“5”不是0到100之间的数"),
    ("[limits]\nslow = -1\n", "第2行“limits.slow”"),
    ("[limits]\nslow = true\n", "第2行“limits.slow”"),
    ("[limits]\nslow = nan\n", "第2行“limits.slow”"),
    ("[limits]\n\nslwo = 5\n", "第3行“limits.slwo”写法有误：没有“slwo”这一项。可以写的有：slow、"),
    ('[limits]\nwarnings = ["3个月", "快到了"]\n', "第2行“limits.warnings”写法有误：“快到了”不是一段时间"),
    ('[names]\nunstated = "已完成"\n', "第2行“names.unstated”写法有误：“已完成”已是另一种情况的名称"),
    ('[names]\nunstated = ""\n', "第2行“names.unstated”"),
    ("limits = 5\n", "第1行“limits”写法有误：应写成一节"),
    (
        '[sets]\n"本局" = [\n {name = "好", meaning = "normal"},\n {name = "差", meaning = "bad"}]',
        "第4行“sets.本局.meaning”",
    ),
    ('[[states]]\nname = "a"\nmeaning = "done"\n\n[[states]]\nname = "b"\nmeaning = "dne"\n', "第7行“states.meaning”"),
    (
        '[[states]]\nname = "a"\nmeaning = "done"\n[[states]]\nname = "a"\nmeaning = "slow"\n',
        "第5行“states.name”写法有误：“a”出现了两次",
    ),
    ('[[states]]\nname = "a"\nmeaning = "slow"\nwhen = "ahead"\n', "第4行“states.when”"),
    ('[phrases]\noverdue = "已过{n}天"\n', "第2行“phrases.overdue”写法有误：“已过{n}天”里的填空不对"),
    ('[phrases]\noverdue = "{days.__class__}"\n', "第2行“phrases.overdue”"),
    ('[phrases]\non = "{days}"\n', "第2行“phrases.on”"),
    ('[phrases]\non = "{"\n', "第2行“phrases.on”"),
    ('[slips]\nlate = { name = "红", colour = "red" }\n', "第2行“slips.late.colour”写法有误：“red”不是颜色"),
    ('[[states]]\nname = "=1"\nmeaning = "done"\n', "第2行“states.name”"),
    ('color = "x"\n', "第1行“color”写法有误：没有“color”这一项"),
    ("use = 1\nuse = 2\n", "第2行写法有误"),
]


@pytest.mark.parametrize(("text", "said"), SLIPS, ids=range(len(SLIPS)))
def test_a_slip_is_refused_with_its_line_and_key(tmp_path, text, said):
    with pytest.raises(InputError) as caught:
        office(tmp_path, text).states()

    assert said in str(caught.value)
    assert str(caught.value).startswith("设置文件 words/states.toml ")
    assert "未作任何改动。" in str(caught.value)


PLAN = "2026年分工方案\n一、稳增长\n1.办好一件事。（牵头单位：县教育局）\n2.办好另一件事。（牵头单位：县教育局）"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], standalone_mode=False)


@pytest.fixture
def sent(settings, tmp_path, monkeypatch):
    """A form that was issued on the command line by the office's own file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TASKKIT_LEDGER", raising=False)
    Path("方案.txt").write_text(PLAN, encoding="utf-8")
    run("load", "方案.txt", "--as", "县")
    run("issue", "县", "--period", "2026Q2", "--anyway", "--templates", settings.templates)
    (path,) = Path("output").rglob("*县教育局*.xlsx")
    return path


def test_the_terminal_offers_the_office_s_own_names(sent, settings):
    book = openpyxl.load_workbook(sent)
    sheet = book["工作进展"]
    place = next(cell.column for cell in sheet[3] if cell.value == "完成情况")
    row = next(row for row in range(4, sheet.max_row + 1) if ".T001" in str(sheet.cell(row, 1).value))
    sheet.cell(row, place).value = "绿灯"
    sheet.cell(row, place - 1).value = "已经开工。"
    book.save(sent)

    printed = run("collect", sent, "--templates", settings.templates).output.replace("\n", "").replace(" ", "")
    assert [] == [name for name in ("可选", "未动工", "顺利", "吃紧", "办妥") if name not in printed]


def test_a_slip_stops_a_command_with_line_and_key_and_changes_nothing(sent, settings):
    before = {path: path.read_bytes() for path in Path("output").rglob("*") if path.is_file()}
    (settings.templates / "words" / "states.toml").write_text("[limits]\nslow = '很慢'\n", encoding="utf-8")

    failed = run("issue", "县", "--period", "2026Q3", "--anyway", "--templates", settings.templates)
    assert isinstance(failed.exception, InputError)
    assert "第2行“limits.slow”" in str(failed.exception)
    assert before == {path: path.read_bytes() for path in Path("output").rglob("*") if path.is_file()}


def test_what_was_reported_under_the_names_of_another_set_keeps_its_meaning_and_is_called_as_today(tmp_path):
    ledger = ledger_of(plan_of([["县教育局"], ["县财政局"], ["县水务局"]]))
    for unit, row, state in (
        ("县教育局", "T001", "已完成"),
        ("县财政局", "T002", "进展滞后"),
        ("县水务局", "T003", "另说"),
    ):
        fill(ledger, send(ledger, unit, [row]), {row: {"progress": "办了。", "state": state}})
    facts = gather(ledger, NAME, parse_period("2026Q2"), office(tmp_path, 'use = "办结"'), TODAY)

    assert [("已办结", "done"), ("滞后", "slow"), ("另说", "unstated")] == [
        (task.verdict.name, task.verdict.standing.value) for task in facts.tasks
    ]
    assert ["已办结", "滞后", "另说"] == [task.state_text for task in facts.tasks]


def test_an_office_keeps_the_meaning_of_names_that_it_gave_up_in_a_set_of_its_own(tmp_path):
    states = office(tmp_path, f'{OWN}\n[sets]\n"去年" = [{{ name = "搞定", meaning = "done" }}]').states()
    assert ("办妥", "done") == states.now_called("搞定")


def test_a_light_is_green_where_nothing_was_promised_yet(tmp_path):
    ledger = ledger_of(plan_of([["县教育局"]], targets=[TARGET | {"kind": "count", "unit": "所"}]))
    fill(ledger, send(ledger, "县教育局", ["T001", "T001.1"], "plan"), {"T001.1": {"二季度目标": "0"}})
    fill(ledger, send(ledger, "县教育局", ["T001", "T001.1"]), {"T001.1": {"achieved": "0"}})
    facts = gather(ledger, NAME, parse_period("2026Q2"), office(tmp_path, 'use = "三色灯"'), TODAY)

    (task,), (target,) = facts.tasks, facts.targets
    assert ("绿灯", "绿灯") == (task.computed and task.computed.name, target.state)
    assert task.reason.endswith("按序时")
