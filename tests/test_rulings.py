"""The supervision office's own words stand beside the units': every version is kept, the newest counts."""

import sqlite3

import pytest

from taskkit import open_ledger
from taskkit.entries import Ruling
from taskkit.ledger import Ledger, LedgerChangedError
from taskkit.rulings import GOALS, STATE, TASK, WORDING
from tests.test_ledger import small_plan

SLOW = Ruling(TASK, STATE, "进展滞后", "2026Q1", "", "T001")
WORDS = Ruling(TASK, WORDING, "已完成选址。", "2026Q1", "", "T001")


@pytest.fixture
def ledger() -> Ledger:
    ledger = open_ledger("sqlite://")
    ledger.add_plan(small_plan())
    return ledger


def said(ledger: Ledger, *which: str) -> list[tuple[str, str]]:
    return [(each.column, each.value) for each in ledger.rulings("云溪", *which).values()]


def test_what_the_office_says_stands_by_topic_and_period(ledger):
    ledger.keep_rulings("云溪", [SLOW, WORDS])
    assert [("state", "进展滞后"), ("wording", "已完成选址。")] == said(ledger, TASK, "2026Q1")
    assert [] == said(ledger, TASK, "2026Q2")
    assert [] == said(ledger, GOALS)


def test_the_newest_word_counts_and_the_earlier_one_is_kept(ledger):
    ledger.keep_rulings("云溪", [SLOW])
    ledger.keep_rulings("云溪", [Ruling(TASK, STATE, "正常推进", "2026Q1", "", "T001")])
    assert [("state", "正常推进")] == said(ledger)
    assert ["进展滞后", "正常推进"] == [each.value for each in ledger.ruling_versions("云溪")]


def test_the_same_word_again_is_no_news_and_a_blank_takes_it_back(ledger):
    assert [SLOW.value] == [each.value for each in ledger.keep_rulings("云溪", [SLOW])]
    assert [] == ledger.keep_rulings("云溪", [SLOW])
    ledger.keep_rulings("云溪", [Ruling(TASK, STATE, "", "2026Q1", "", "T001")])
    assert [] == said(ledger)


def test_what_somebody_else_said_meanwhile_is_not_overwritten_unseen(ledger):
    ledger.keep_rulings("云溪", [SLOW])
    with pytest.raises(LedgerChangedError):
        ledger.keep_rulings("云溪", [Ruling(TASK, STATE, "已完成", "2026Q1", "", "T001")], seen={SLOW.key: 0})
    assert [("state", "进展滞后")] == said(ledger)


def test_the_file_in_which_it_was_said_is_kept_with_it(ledger):
    ledger.keep_rulings("云溪", [SLOW], "审核台账.xlsx", b"the file")
    assert ["审核台账.xlsx"] == [each.file_name for each in ledger.rulings("云溪").values()]


def test_a_ledger_of_the_third_version_holds_none_until_one_is_said(tmp_path):
    path = tmp_path / "台账.db"
    with open_ledger(path) as ledger:
        ledger.add_plan(small_plan())
    with sqlite3.connect(path) as old:
        old.executescript("drop table rulings; update meta set value = '3' where key = 'schema_version'")
    old.close()
    with open_ledger(path) as ledger:
        assert {} == ledger.rulings("云溪")
        ledger.keep_rulings("云溪", [SLOW])
        assert [("state", "进展滞后")] == said(ledger)
