"""What collect shows of the differences: in the terminal, as a workbook, and how the commands end."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from taskkit.cli import commands
from taskkit.collecting import collect
from taskkit.collecting.differences import differences_workbook, write_differences
from taskkit.errors import OutputError, UsageError
from taskkit.ledger import Ledger, open_ledger
from taskkit.plan import PlanInfo, make_plan
from taskkit.showing_returned import show_collected
from tests.returned_books import filled, ledger_with, sent_file, sent_record, stamped
from tests.returned_steps import HEAD, collected, in_ledger

FIRST = filled(f"{HEAD}| T001 | 本期进展 | 已建成2所，其余在建 |\n| T003 | 本期进展 | 办了3场 |")
OTHER = filled(
    f"{HEAD}| T001 | 本期进展 | 已建成4所，其余在建 |\n| T003 | 存在问题 | =1+1 |\n| T001 | 下一步措施 | 再推 |"
)


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    ledger = ledger_with()
    collected(ledger, tmp_path, FIRST)
    return ledger


def codes(result) -> set[str]:
    return set(result.findings["code"]) - {"no-state"}


# --- the workbook ---------------------------------------------------------------------


def test_the_workbook_holds_files_changes_and_findings_in_full(ledger, tmp_path):
    result = collected(ledger, tmp_path, OTHER, apply=False)
    path = tmp_path / "核对.xlsx"
    write_differences(result, False, path)
    book = openpyxl.load_workbook(path)
    assert ["文件", "变动", "提示"] == book.sheetnames
    assert all(sheet.auto_filter.ref for sheet in book)
    counts = {head.value: cell.value for head, cell in zip(book["文件"][3], book["文件"][4], strict=True)}
    assert (1, 1, 1) == (counts["收下"], counts["待决定"], counts["其他未收"])
    changes = [[cell.value for cell in row] for row in book["变动"].iter_rows(min_row=4)]
    conflict = next(row for row in changes if "冲突，待人工决定" in row)
    assert ["已建成2所，其余在建", "已建成4所，其余在建"] == conflict[-2:]
    assert len(result.findings) == len(list(book["提示"].iter_rows(min_row=4)))


def test_the_signs_that_differ_are_marked(ledger, tmp_path):
    path = tmp_path / "核对.xlsx"
    write_differences(collected(ledger, tmp_path, OTHER, apply=False), False, path)
    sheet = openpyxl.load_workbook(path, rich_text=True)["变动"]
    [pieces] = [row[-1].value for row in sheet.iter_rows(min_row=4) if str(row[-1].value).startswith("已建成")]
    assert ["4"] == [piece.text for piece in pieces if getattr(piece, "font", None) and piece.font.u]


def test_what_looks_like_a_formula_is_written_as_a_text(ledger, tmp_path):
    data = filled(f"{HEAD}| T001 | 存在问题 | +1 |\n| T003 | 存在问题 | @甲 |")
    path = tmp_path / "核对.xlsx"
    write_differences(collected(ledger, tmp_path, data, apply=False), False, path)
    book = openpyxl.load_workbook(path)
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert {"+1", "@甲"} <= {cell.value for row in book["变动"].iter_rows() for cell in row}


def test_the_same_result_gives_the_same_bytes(ledger, tmp_path):
    result = collected(ledger, tmp_path, OTHER, apply=False)
    assert differences_workbook(result, False) == differences_workbook(result, False)


def test_only_an_earlier_one_of_ours_is_replaced(ledger, tmp_path):
    result, path = collected(ledger, tmp_path, OTHER, apply=False), tmp_path / "核对.xlsx"
    write_differences(result, False, path)
    write_differences(result, True, path)
    book = openpyxl.load_workbook(path)
    book.save(path)
    with pytest.raises(OutputError, match="没有覆盖"):
        write_differences(result, False, path)
    with pytest.raises(UsageError, match=r"\.xlsx"):
        write_differences(result, False, tmp_path / "核对.pdf")


def test_texts_as_long_as_a_cell_can_be_are_compared_at_once(ledger, tmp_path):
    for text in ("甲乙丙丁" * 8_000, "甲丙乙丁" * 8_000):
        result = collected(ledger, tmp_path, filled(f"{HEAD}| T001 | 下一步措施 | {text} |"))
    assert differences_workbook(result, False)


# --- words ----------------------------------------------------------------------------


def test_a_conflict_names_the_return_that_brought_what_stands(ledger, tmp_path):
    result = collected(ledger, tmp_path, OTHER)
    [message] = result.findings[result.findings["code"] == "conflict"]["message"]
    assert "台账现为“已建成2所，其余在建”（第1号报送，4月8日收到）" in message


def at(minute: int, data: bytes) -> bytes:
    return stamped(data, f"2026-04-08T09:{minute:02d}:00Z")


def test_what_an_older_copy_fills_in_is_doubted_where_the_newer_one_goes_back_to_it(tmp_path):
    """Somebody deleted it between the two saves."""
    ledger = ledger_with()
    without = filled(f"{HEAD}| T001 | 本期进展 | 已建成2所，其余在建 |\n| T001 | 完成情况 | 正常推进 |")
    collected(ledger, tmp_path, at(2, without))
    result = collected(ledger, tmp_path, at(1, filled(f"{HEAD}| T003 | 本期进展 | 办了3场 |", without)))
    assert {"older-fills"} == codes(result)
    [message] = result.findings[result.findings["code"] == "older-fills"]["message"]
    assert "第1号报送，4月8日收到" in message
    assert "办了3场" == in_ledger(ledger)["T003", "本期进展"]


def test_but_the_part_of_another_section_is_only_noted(tmp_path):
    ledger = ledger_with()
    collected(ledger, tmp_path, at(2, filled(f"{HEAD}| T001 | 本期进展 | 一股的话 |")))
    result = collected(ledger, tmp_path, at(1, filled(f"{HEAD}| T003 | 本期进展 | 二股办了3场 |")))
    assert {"older-part"} == codes(result)


def test_of_many_changes_the_terminal_shows_what_needs_a_person_and_counts_the_rest(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("taskkit.showing_returned._MOST_ROWS", 2)
    ledger = ledger_with()
    collected(ledger, tmp_path, FIRST)
    show_collected(collected(ledger, tmp_path, OTHER, apply=False), False)
    printed = capsys.readouterr().out
    assert "县教育局.xlsx：冲突1处，无效1处，收下1处" in printed
    assert ("已建成4所" in printed, "再推" in printed) == (True, False)
    assert "另有1处可收的没有逐一列出" in printed


# --- the commands ---------------------------------------------------------------------


@pytest.fixture
def office(tmp_path, monkeypatch) -> Path:
    """A folder with a ledger that sent one workbook."""
    monkeypatch.chdir(tmp_path)
    tasks = [{"task_id": f"T00{at}", "part": "main", "no": at, "title": f"任务{at}"} for at in (1, 2, 3)]
    with open_ledger(tmp_path / "taskkit.db") as ledger:
        ledger.add_plan(make_plan(PlanInfo(title="云溪", year=2026), tasks=tasks), "云溪")
        ledger.record_workbooks([sent_record()], {})
    (tmp_path / "甲.xlsx").write_bytes(FIRST)
    (tmp_path / "乙.xlsx").write_bytes(OTHER)
    return Path(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments, standalone_mode=False)


def decide(path: Path, choice: str) -> None:
    book = openpyxl.load_workbook(path)
    book["待决定"]["L4"] = choice
    book.save(path)


def test_from_a_conflict_to_its_decision_and_back(office):
    run("collect", "甲.xlsx", "--apply", "--received", "2026-04-08")
    assert 1 == run("collect", "乙.xlsx", "--apply", "--received", "2026-04-09").return_value
    waiting = run("conflicts", "云溪")
    assert ("共1处待决定" in waiting.output, waiting.return_value) == (True, 1)
    assert 1 == run("conflicts", "云溪", "--xlsx", "待决定.xlsx").return_value
    decide(office / "待决定.xlsx", "采用收回")
    loaded = run("load", "待决定.xlsx")
    assert ("taskkit undo 3" in loaded.output, loaded.return_value) == (True, 0)
    assert ("没有待决定的事项" in run("conflicts", "云溪").output, run("conflicts", "云溪").return_value) == (True, 0)
    told = run("history", "云溪", "任务1")
    assert ("第3号：督查室决定" in told.output, told.return_value) == (True, 0)
    undone = run("undo", "第3号")
    assert ("恢复为待决定" in undone.output, undone.return_value) == (True, 0)
    assert 1 == run("conflicts", "云溪").return_value


def test_a_wrong_decision_changes_nothing_and_says_so(office):
    run("collect", "甲.xlsx", "乙.xlsx", "--apply")
    run("conflicts", "云溪", "--xlsx", "待决定.xlsx")
    decide(office / "待决定.xlsx", "随便")
    loaded = run("load", "待决定.xlsx")
    assert "一处也没有登记" in str(loaded.exception) and "未作任何改动" in str(loaded.exception)
    assert "待决定.xlsx“待决定”第4行L列" in "".join(loaded.output.split())


def test_collect_writes_what_it_shows_as_a_workbook_too(office):
    shown = run("collect", "甲.xlsx", "--xlsx", "核对.xlsx")
    assert "已写核对表：核对.xlsx" in shown.output
    assert (office / "核对.xlsx").is_file()
    refused = run("collect", "甲.xlsx", "--apply", "--xlsx", "甲.xlsx")
    assert "没有覆盖" in str(refused.exception)
    with open_ledger(office / "taskkit.db") as ledger:
        assert ledger.submissions("云溪").empty


def test_an_undo_can_give_the_file_back_and_a_preview_changes_nothing(office):
    run("collect", "甲.xlsx", "--apply")
    assert "台账未作任何改动" in run("undo", "1", "--preview").output
    assert "原件已存到" in run("undo", "1", "--save", "原件").output
    assert FIRST == (office / "原件" / "甲.xlsx").read_bytes()
    assert "已经撤回" in str(run("undo", "1").exception)
    assert "看不懂报送编号" in str(run("undo", "一").exception)


def test_history_of_an_unknown_task_is_refused_and_of_an_unreported_one_is_no_error(office):
    assert "没有找到任务" in str(run("history", "云溪", "T999").exception)
    assert 0 == run("history", "云溪", "T002").return_value


def test_the_closing_line_counts_every_outcome_and_names_the_zip(tmp_path, capsys):
    ledger = ledger_with()
    with zipfile.ZipFile(tmp_path / "各科室.zip", "w") as archive:
        archive.writestr("县教育局.xlsx", FIRST)
        archive.writestr("空.xlsx", sent_file())
        archive.writestr("说明.txt", "见附件")
    show_collected(collect(ledger, tmp_path / "各科室.zip", False), False)
    printed = capsys.readouterr().out
    assert "共3个文件：收下1个，空白返回1个，退回1个。" in printed
    assert "各科室.zip/县教育局.xlsx" in printed


def test_a_question_in_a_message_is_a_sentence_of_its_own():
    assert "是不是“县财政局”？未作任何改动。" in str(UsageError("没有这个单位", "是不是“县财政局”？"))
