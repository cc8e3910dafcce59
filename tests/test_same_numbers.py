"""The documents of one period say the same: progress report, bulletin, leader's brief and comparison."""

from __future__ import annotations

import re
from datetime import date
from itertools import product

import pytest

from taskkit.comparing import compare
from taskkit.ledger import Ledger
from taskkit.reports import brief, bulletin, progress
from taskkit.settings import Settings
from tests.filled import NAME, fill, ledger_of, plan_of, send

TODAY = date(2026, 7, 20)
WORDS = ("已完成", "正常推进", "进展滞后", "未启动", "进展", "", None)


def report(ledger: Ledger, period: str, words: dict[str, str | None], unit: str = "县教育局") -> None:
    """A unit's report: a state for each task, 进展 for a text without a state, None for no report at all."""
    book = send(ledger, unit, list(words), period, date(2026, 7, 10))
    typed = {
        task: {"progress": "有进展。"} | ({} if word == "进展" else {"state": word})
        for task, word in words.items()
        if word
    }
    if typed:
        fill(ledger, book, typed)


def number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


def test_what_turned_since_the_last_period_is_the_same_number_in_report_and_bulletin():
    pairs = list(product(WORDS, repeat=2))
    units = [[f"县{at}局"] for at in range(len(pairs))]
    ledger = ledger_of(plan_of(units))
    for at, pair in enumerate(pairs, 1):
        for period, word in zip(("2026Q1", "2026Q2"), pair, strict=True):
            report(ledger, period, {f"T{at:03d}": word}, units[at - 1][0])
    told = "".join(progress.build(ledger, NAME, "2026Q2", Settings(), TODAY).overview)
    changes = "".join(bulletin.build(ledger, NAME, "2026Q2", Settings(), TODAY).changes.texts)
    kinds = {"本期新完成": "新完成", "由滞后赶上序时进度": "已赶上", "本期转为滞后": "转为滞后"}
    assert {"本期新完成": 6, "由滞后赶上序时进度": 1, "本期转为滞后": 3} == {
        key: number(rf"{key}(\d+)项", told) for key in kinds
    }
    assert [6, 1, 3] == [number(rf"{word}(\d+)项", changes) for word in kinds.values()]


def test_a_text_without_a_state_is_no_missing_report_in_the_bulletin():
    ledger = ledger_of(plan_of([["县教育局"]]))
    report(ledger, "2026Q1", {"T001": "正常推进"})
    report(ledger, "2026Q2", {"T001": "进展"})
    text = "".join(bulletin.build(ledger, NAME, "2026Q2", Settings(), TODAY).changes.texts)
    assert "其他变化1项" in text
    assert "未报进展" not in text


@pytest.mark.parametrize("period", ["2026-06", "2026Q2"])
def test_a_month_beside_its_quarter_is_reported_as_itself_and_set_beside_what_ended_before(period):
    ledger = ledger_of(plan_of([["县教育局"]]))
    for each, word in (("2026-05", "进展滞后"), ("2026-06", "正常推进"), ("2026Q2", "正常推进")):
        report(ledger, each, {"T001": word})
    [part] = compare(ledger, NAME, period, Settings(), TODAY).parts
    assert (period, "2026-05") == (part.period.text, str(part.previous))
    assert "与5月底相比" in progress.build(ledger, NAME, period, Settings(), TODAY).overview[1]
    assert "与5月底相比" in bulletin.build(ledger, NAME, period, Settings(), TODAY).changes.texts[0]
    told = brief.build(ledger, NAME, period, None, Settings(), TODAY).sections[0].opening
    assert "2026年5月" in "".join(told)
