"""The demo runs the whole loop in one folder of its own and says what to open."""

from __future__ import annotations

import pytest

from taskkit import open_ledger
from taskkit.demo import MARK, NAME, run_demo
from taskkit.errors import UsageError


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "演示"
    said: list[str] = []
    run_demo(folder, said.append)
    return folder, "\n".join(said)


def test_it_leaves_the_plan_the_workbooks_the_returns_and_the_report(demo):
    folder, said = demo
    for pattern, least in (
        ("1-*/*.docx", 1),
        ("2-*/*/*.xlsx", 78),
        ("3-*/*/*.xlsx", 70),
        ("4-*/*/*.xlsx", 3),
        ("5-*/*.docx", 1),
        ("5-*/*.xlsx", 2),
        ("5-*/进展一览.html", 1),
    ):
        assert least <= len(list(folder.glob(pattern)))
    for line in said.splitlines():
        if line.startswith("  ") and "/" in line and "taskkit " not in line:
            assert (folder.parent / line.split(maxsplit=2)[2]).exists(), line


def test_its_clerks_make_the_mistakes_that_clerks_make_and_each_is_named(demo):
    said = demo[1]
    for trouble in ("空白返回", "没有更新", "Word 文件", "同一个文件", "不可填写", "是公式", "疑似串行"):
        assert trouble in said


def test_what_was_returned_is_in_the_ledger_and_what_was_not_is_not(demo):
    with open_ledger(demo[0] / "taskkit.db") as ledger:
        units = set(ledger.submissions(NAME, "2026Q2")["unit"])
        assert 22 == len(units)
        assert not units & {"县医保局", "县司法局", "县民政局", "县公安局"}
        assert "县林业局" in units, "a late return still counts"


def test_running_it_again_makes_it_anew(demo):
    folder, _ = demo
    (folder / "5-进展报告" / "旧的.txt").touch()
    run_demo(folder, lambda _: None)
    assert not (folder / "5-进展报告" / "旧的.txt").exists()
    assert (folder / MARK).exists()


def test_it_never_touches_a_folder_that_is_not_its_own(tmp_path):
    (tmp_path / "重要文件.docx").touch()
    with pytest.raises(UsageError, match="已有别的内容"):
        run_demo(tmp_path, lambda _: None)
    assert ["重要文件.docx"] == [path.name for path in tmp_path.iterdir()]
