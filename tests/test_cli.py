"""The command line: Chinese words, honest exit statuses, nothing changed unless it says so."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from taskkit import cli, samples
from taskkit.office.typing_in import type_in


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command in an empty folder; the exit status and all that was printed come back."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TASKKIT_LEDGER", raising=False)

    def run(*arguments: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stopped:
            cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return int(stopped.value.code or 0), printed.out + printed.err

    return run


@pytest.fixture
def loaded(run):
    run("load", samples.sample_path(), "--as", "云溪2026")
    return run


def sent(unit: str, period: str = "2026Q2") -> Path:
    [path] = Path("output/云溪2026", period).glob(f"*{unit}_*.xlsx")
    return path


def test_reading_shows_what_is_in_a_plan_and_stores_nothing(run):
    status, printed = run("read", samples.sample_path())
    assert 0 == status
    for fact in ("云府〔2026〕6号", "48项任务", "牵头26个", "2026-07-10", "一、坚持稳中求进"):
        assert fact in printed
    assert [] == list(Path().iterdir())


def test_reading_as_json_gives_every_frame(run):
    _, printed = run("read", samples.sample_path(), "--json")
    plan = json.loads(printed)
    assert (62, "T001", 2026) == (len(plan["tasks"]), plan["tasks"][0]["task_id"], plan["info"]["year"])


def test_a_plan_with_a_doubt_ends_in_1_so_that_a_person_looks(run, tmp_path):
    (tmp_path / "方案.txt").write_text(
        "2026年分工方案\n一、稳增长\n1.办好一件事。（牵头单位：县教育局）\n3.办好另一件事。（牵头单位：县财政局）",
        "utf-8",
    )
    status, printed = run("read", "方案.txt")
    assert 1 == status
    assert "序号从1跳到3" in printed


def test_loading_twice_changes_nothing_and_says_so(loaded):
    assert (0, True) == (lambda result: (result[0], "未作任何改动" in result[1]))(
        loaded("load", samples.sample_path(), "--as", "云溪2026")
    )


@pytest.mark.parametrize(
    "command", [("issue", "云溪2026"), ("collect", "."), ("status", "云溪2026"), ("report", "progress", "云溪2026")]
)
def test_only_load_makes_a_ledger_elsewhere_a_missing_one_is_an_error(run, command):
    status, printed = run(*command)
    assert 2 == status
    assert "找不到台账 taskkit.db。请先用 taskkit load 登记方案" in printed
    assert not Path("taskkit.db").exists()


def test_the_ledger_may_be_named_by_the_environment(run, monkeypatch, tmp_path):
    monkeypatch.setenv("TASKKIT_LEDGER", str(tmp_path / "别处.db"))
    run("load", samples.sample_path())
    assert (tmp_path / "别处.db").exists()


def test_issuing_tells_how_many_and_where_and_a_second_run_changes_nothing(loaded):
    status, printed = loaded("issue", "云溪2026", "--period", "2026Q2")
    assert 0 == status
    assert re.search(r"26份表格.*新写26个", printed)
    status, printed = loaded("issue", "云溪2026", "--period", "2026Q2")
    assert 0 == status
    assert "新写0个，没有变化26个" in printed


def test_a_workbook_that_a_clerk_has_begun_to_fill_in_is_never_replaced(loaded):
    loaded("issue", "云溪2026", "--period", "2026Q2")
    path = sent("县教育局")
    begun = type_in(path.read_bytes(), {"book": {"填报人": "云小溪"}})
    path.write_bytes(begun)
    status, printed = loaded("issue", "云溪2026", "--period", "2026Q2")
    assert 1 == status
    assert "保留原文件1个" in printed
    assert begun == path.read_bytes()


def test_a_period_that_is_not_asked_for_is_refused_with_the_list(loaded):
    status, printed = loaded("issue", "云溪2026", "--period", "2026-02")
    assert 2 == status
    assert "2026Q1（2026年4月10日前）" in printed
    assert "未作任何改动" in printed


def test_collecting_is_a_preview_until_applied(loaded):
    loaded("issue", "云溪2026", "--period", "2026Q2")
    path = sent("县教育局")
    path.write_bytes(type_in(path.read_bytes(), {"T040": {"本期进展": "新增学位420个。", "完成情况": "正常推进"}}))
    status, printed = loaded("collect", path)
    assert 0 == status
    assert "新增学位420个" in printed
    assert "预览，台账未作任何改动" in printed
    assert "未报" in loaded("status", "云溪2026")[1]

    status, printed = loaded("collect", path, "--apply", "--received", "2026-07-08")
    assert 0 == status
    assert "已收入台账1个文件" in printed
    assert "2026-07-08" in loaded("status", "云溪2026", "--period", "2026Q2")[1]


def test_a_folder_of_nothing_but_strangers_is_refused_with_2(loaded, tmp_path):
    (tmp_path / "收到的").mkdir()
    (tmp_path / "收到的" / "照片.xlsx").write_bytes(b"\x89PNG\r\n")
    status, printed = loaded("collect", "收到的", "--apply")
    assert 2 == status
    assert "退回" in printed


def test_a_report_is_written_where_it_says(loaded):
    loaded("issue", "云溪2026", "--period", "2026Q2")
    status, printed = loaded("report", "monthly", "云溪2026")
    assert 0 == status
    assert Path(printed.strip().removeprefix("已生成：")).stat().st_size > 10_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("read", "没有.docx"), "找不到文件"),
        (("status", "山阳"), "台账里有：云溪2026"),
        (("issue", "云溪2026", "--period", "五季度"), "看不懂报送期"),
        (("issue", "云溪2026", "--part", "附件3"), "方案有：正文（main）"),
        (("collect", ".", "--received", "1926-04-08"), "早得不可能"),
        (("collect", ".", "--unit", "县教肓局"), "没有向“县教肓局”发出过表格"),
        (("status", "云溪2026", "--foo"), "未作任何改动。"),
        (("stauts",), "未作任何改动。"),
        (("issue", "云溪2026", "--role", "牵头"), "未作任何改动。"),
        (("register", "云溪2026", "--xlsx", "登记.xls"), "要以 .xlsx 结尾"),
        (("issue", "云溪2026", "--period", "2026Q2", "--unit", "县教育"), "县教育局"),
        (("collect", ".", "--received", "7月8日"), "看不懂日期"),
        (("collect", ".", "--received", "2999-01-01"), "还没有到"),
        (("report", "progres", "云溪2026"), "progress"),
        (("issue", "云溪2026", "--templates", "没有"), "找不到模板文件夹"),
        (("load", "方案.docx", "--ledger", "没有/台账.db"), "未作任何改动"),
    ],
)
def test_wrong_arguments_end_in_2_with_a_message_and_no_traceback(loaded, arguments, said):
    status, printed = loaded(*arguments)
    assert 2 == status
    assert said in printed
    assert "Traceback" not in printed


def test_our_own_fault_ends_in_3_without_a_traceback(run, monkeypatch):
    monkeypatch.setattr("taskkit.reading.read_plan", lambda *_: 1 / 0)
    status, printed = run("read", "方案.docx")
    assert 3 == status
    assert "程序内部出错（ZeroDivisionError）" in printed


def test_an_interruption_ends_in_130(run, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("taskkit.reading.read_plan", interrupt)
    assert 130 == run("read", "方案.docx")[0]


@pytest.mark.parametrize("module", ["pandas", "sqlalchemy", "openpyxl", "lxml", "docx", "rich", "xlsxwriter"])
def test_help_imports_nothing_heavy(module):
    code = f"import sys, taskkit.cli; print({module!r} in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False" == run.stdout.strip()


def test_progress_bars_are_for_terminals_alone(loaded):
    printed = loaded("issue", "云溪2026", "--period", "2026Q2")[1]
    assert "生成表格" not in printed


def test_a_console_that_cannot_show_a_sign_shows_another_and_the_work_goes_on(tmp_path):
    (tmp_path / "方案.txt").write_text("2026年分工方案\n一、办好🎉\n1.办好🎉一件事。（牵头单位：县教育局）", "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "taskkit", "read", "方案.txt"],
        cwd=tmp_path,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "gbk"},
        check=False,
    )
    assert run.returncode in (0, 1)
    assert "一、办好?" in run.stdout.decode("gbk")


def test_a_report_that_cannot_be_written_says_so(loaded):
    loaded("issue", "云溪2026", "--period", "2026Q2")
    Path("文件").touch()
    status, printed = loaded("report", "progress", "云溪2026", "--out", "文件/报告.docx")
    assert 2 == status
    assert "写不进" in printed


def test_a_form_that_was_sent_to_a_unit_is_not_taken_for_a_plan(loaded):
    loaded("issue", "云溪2026", "--period", "2026Q2")
    status, printed = loaded("load", sent("县教育局"))
    assert 2 == status
    assert "是发给单位的表格，不是分工方案" in printed
    assert "taskkit collect" in printed


def test_an_empty_folder_is_said_to_be_empty(loaded, tmp_path):
    (tmp_path / "空").mkdir()
    assert (0, "没有找到文件，台账未作任何改动。") == (lambda result: (result[0], result[1].strip()))(
        loaded("collect", "空")
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("progress", "--out", "报告.pdf"), "报告是 .docx 文件"),
        (("digest", "--unit", "县教育局", "--period", "2026Q2"), "不分报送期"),
    ],
)
def test_what_a_report_cannot_do_is_said(loaded, arguments, said):
    loaded("issue", "云溪2026", "--period", "2026Q2")
    status, printed = loaded("report", arguments[0], "云溪2026", *arguments[1:])
    assert 2 == status
    assert said in printed


def test_many_findings_of_one_kind_do_not_hide_those_of_another(run, tmp_path):
    lost = "".join(f"工作措施：做好第{n}件要紧的事。\n" for n in range(40))
    text = f"2026年云溪县分工方案\n二、工业\n9. 甲事。\n部门分工：县教育局牵头。\n{lost}"
    (tmp_path / "方案.txt").write_text(text, encoding="utf-8")
    _, printed = run("read", "方案.txt")

    assert 5 == printed.count("没有读到责任单位")
    assert "序号9之前应有8项任务，只读到0项" in printed
    assert "未列出" in printed


def test_the_whole_round_of_the_register_by_the_command_line(loaded, tmp_path):
    loaded("issue", "云溪2026", "--period", "二季度", "--part", "正文")
    (tmp_path / "收到的").mkdir()
    (tmp_path / "收到的" / "县教育局盖章.pdf").write_bytes(b"%PDF-1.4 scan")
    status, printed = loaded("collect", "收到的", "--received", "2026-07-08", "--way", "邮件")
    assert (1, True) == (status, "1个文件原件登记；确认后加 --apply" in printed), "a person has to type it in"
    _, printed = loaded("collect", "收到的", "--received", "2026-07-08", "--way", "邮件", "--apply")
    assert "另有1个文件原件登记在单位名下" in printed

    status, printed = loaded("register", "云溪2026", "--period", "2季度")
    assert 0 == status
    assert re.search(r"县教育局 .*2026-07-08 .*邮件 .*已报送·待转录", printed)
    status, printed = loaded("register", "云溪2026", "--xlsx", "登记.xlsx")
    assert (0, True) == (status, "taskkit load 登记.xlsx" in printed)
    status, printed = loaded("load", "登记.xlsx")
    assert (0, True) == (status, "没有要登记的改动，未作任何改动" in printed)
    status, printed = loaded("status", "云溪2026", "--text")
    assert 0 == status
    assert re.fullmatch(r"截至.+二季度应报26家，已报1家，未报25家.*：县发展改革局、.+。\n", printed)


def test_a_register_of_a_plan_that_the_ledger_does_not_hold_is_refused(loaded, run):
    loaded("issue", "云溪2026", "--period", "2026Q2")
    loaded("register", "云溪2026", "--xlsx", "登记.xlsx")
    assert "--as 写的却是“山阳”" in loaded("load", "登记.xlsx", "--as", "山阳")[1]


def test_one_table_for_all_units_is_written_in_place_of_their_forms(loaded):
    status, printed = loaded("issue", "云溪2026", "--period", "2026Q2", "--together")
    assert 0 == status, printed
    assert "总表一份，26份表格的内容都在里面" in printed
    assert ["2026年二季度工作进展_总表.xlsx"] == [path.name for path in Path("output/云溪2026/2026Q2").iterdir()]


def test_a_compendium_where_no_support_unit_was_asked_is_refused_with_what_to_do(loaded):
    loaded("issue", "云溪2026", "--period", "2026Q2")
    status, printed = loaded("report", "compendium", "云溪2026", "--period", "2026Q2")
    assert 2 == status
    assert "2026年二季度没有要求配合单位报送" in printed
