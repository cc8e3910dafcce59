"""load --amend, changes and 变更.xlsx on the command line: shown first, kept when told to, honest exit statuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from taskkit import cli, samples
from tests.amending import fill

NAME = "云溪2026"
LEADER = """
| 原领导 | 新领导 | 范围 | 起始日期   | 依据     |
| 林知远 | 周明   | 全部 | 2026-06-01 | 会议纪要 |
"""


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

    run("load", samples.sample_path(), "--as", NAME)
    return run


@pytest.fixture
def revised(run) -> Path:
    """The sample plan with one number changed."""
    text = samples.sample_path().with_suffix(".txt").read_text(encoding="utf-8")
    path = Path("修订稿.txt")
    path.write_text(text.replace("年度投资62亿元", "年度投资65亿元"), encoding="utf-8")
    return path


def test_an_amended_plan_is_shown_first_and_kept_when_told_to(run, revised):
    run("load", samples.sample_path().with_suffix(".txt"), "--as", NAME, "--amend", "--apply", "--on", "2026-03-10")
    status, printed = run("load", revised, "--amend", "--on", "2026-05-01")
    assert 0 == status
    for words in ("修改1项", "T003", "62亿元", "65亿元", "以上只是预览，未作任何改动"):
        assert words in printed
    assert "65亿元" in run("load", revised, "--amend", "--on", "2026-05-01")[1]  # nothing was kept
    status, printed = run("load", revised, "--amend", "--on", "2026-05-01", "--apply", "--ground", "云府〔2026〕20号")
    assert (0, True) == (status, "自2026年5月1日起执行" in printed)
    assert "内容相同，未作任何改动" in run("load", revised, "--amend", "--on", "2026-05-01", "--apply")[1]
    assert "云府〔2026〕20号" in run("changes", NAME)[1]


def test_other_content_under_a_taken_name_is_refused_with_the_way_out(run, revised):
    status, printed = run("load", revised, "--as", NAME)
    assert (2, True) == (status, "--amend" in printed)


@pytest.mark.parametrize("option", [("--apply",), ("--on", "2026-05-01"), ("--xlsx", "x.xlsx")])
def test_options_of_amending_alone_are_refused(run, revised, option):
    status, printed = run("load", revised, *option)
    assert (2, True) == (status, "要与 --amend 同用" in printed)


@pytest.mark.parametrize("day", ["五月一日", "1066-10-14"])
def test_a_day_that_cannot_be_is_refused(run, revised, day):
    assert 2 == run("load", revised, "--amend", "--on", day)[0]


def test_the_contrast_is_written_on_request(run, revised):
    status, printed = run("load", revised, "--amend", "--on", "2026-05-01", "--xlsx", "变更对照.xlsx")
    assert (0, True, True) == (status, "已写变更对照表" in printed, Path("变更对照.xlsx").exists())


def test_changes_are_written_filled_in_and_loaded(run):
    assert "没有登记过变更" in run("changes", NAME)[1]
    assert 0 == run("changes", NAME, "--xlsx", "变更.xlsx")[0]
    fill(Path("变更.xlsx"), {"领导调整": LEADER})
    status, printed = run("load", "变更.xlsx")
    assert (0, True) == (status, "1处变更" in printed)
    assert "没有新的变更" in run("load", "变更.xlsx")[1]
    assert "林知远 → 周明" in run("changes", NAME)[1]


def test_a_wrong_cell_refuses_the_file_and_names_the_place(run):
    run("changes", NAME, "--xlsx", "变更.xlsx")
    fill(Path("变更.xlsx"), {"领导调整": LEADER.replace("林知远", "林知园")})
    status, printed = run("load", "变更.xlsx")
    assert 2 == status
    for words in ("“领导调整”第4行A列", "是不是“林知远”", "一处也没有登记"):
        assert words in printed
    assert "没有登记过变更" in run("changes", NAME)[1]


def test_history_finds_a_task_that_was_withdrawn(run):
    run("changes", NAME, "--xlsx", "变更.xlsx")
    rows = [{"任务": "T010", "起始日期": "2026-06-01", "依据": "会议纪要"}]
    fill(Path("变更.xlsx"), {"任务撤销": rows})
    run("load", "变更.xlsx")
    status, printed = run("history", NAME, "T010")
    assert (0, True) == (status, "（已撤销）" in printed)


def test_a_report_as_of_an_earlier_day_is_of_the_plan_of_that_day(run, tmp_path):
    import docx

    run("changes", NAME, "--xlsx", "变更.xlsx")
    fill(Path("变更.xlsx"), {"领导调整": LEADER})
    run("load", "变更.xlsx")
    for day, name in (("2026-05-31", "林知远"), ("2026-06-01", "周明")):
        out = tmp_path / f"{day}.docx"
        run("report", "digest", NAME, "--unit", "县财政局", "--on", day, "--out", out)
        document = docx.Document(str(out))
        texts = [paragraph.text for paragraph in document.paragraphs]
        texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert {name} == {each for each in ("林知远", "周明") if each in "".join(texts)}
