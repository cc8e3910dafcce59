"""调整申请: what units ask to have changed comes back as requests, and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from taskkit import collect, issue
from taskkit.adjusting import requests
from taskkit.collecting import Collected
from taskkit.ledger import Ledger
from taskkit.office.typing_in import type_in
from taskkit.tracking import returns, status
from tests.test_hops import NAME, PERIOD, TWO_DATES, ledger_of

ASKED = {
    "R1": {"事项": "第1项，全年目标", "原内容": "建成4所", "拟调整为": "建成3所", "理由": "一所用地未批"},
    "R3": {"事项": "-第2项", "拟调整为": "12月底前"},
}


def taken_back(typed: Mapping[str, Mapping[str, str]], tmp_path: Path) -> tuple[Ledger, Collected]:
    """The ledger after 县教育局 gave its form back, and what collecting said."""
    ledger = ledger_of(TWO_DATES)
    [path] = issue(ledger, NAME, PERIOD, tmp_path, role="lead", units=["县教育局"])
    path.write_bytes(type_in(path.read_bytes(), typed))
    return ledger, collect(ledger, path, apply=True, received=date(2026, 6, 20))


def test_requests_come_back_row_by_row_under_the_unit_and_belong_to_no_task(tmp_path):
    ledger, result = taken_back({**ASKED, "T001": {"本期进展": "已开工2所", "完成情况": "正常推进"}}, tmp_path)
    found = requests(ledger, NAME)
    assert [
        ("县教育局", "R1", "第1项，全年目标", "建成4所", "建成3所", "一所用地未批"),
        ("县教育局", "R3", "-第2项", "", "12月底前", ""),
    ] == list(found[["unit", "request", "matter", "original", "proposed", "reason"]].itertuples(index=False, name=None))
    values = ledger.values(NAME, PERIOD)
    mine = values[values["target_id"].isin(["R1", "R3"])]
    assert mine["task_id"].isna().all()
    assert ["request-made"] == result.findings["code"].tolist()
    assert "提出调整申请2项，待督查室审定" in result.findings["message"].iloc[0]


def test_requests_count_neither_as_cells_to_fill_in_nor_as_reports_on_tasks(tmp_path):
    blank = ledger_of(TWO_DATES)
    issue(blank, NAME, PERIOD, tmp_path / "空", role="lead", units=["县教育局"])
    ledger, _ = taken_back(ASKED, tmp_path / "填")
    assert 2 == len(requests(ledger, NAME))
    before, after = returns(blank, NAME, PERIOD), returns(ledger, NAME, PERIOD)
    assert before[["tasks", "cells"]].values.tolist() == after[["tasks", "cells"]].values.tolist()
    assert [0] == after["filled"].tolist()
    assert 0 == status(ledger, NAME, PERIOD)[0].cells_filled


def test_a_return_that_only_asks_for_changes_is_taken_with_a_doubt_and_fills_in_no_task(tmp_path):
    ledger, result = taken_back(ASKED, tmp_path)
    assert ["request-made", "request-only"] == result.findings["code"].tolist()
    assert [(1, 0)] == returns(ledger, NAME, PERIOD)[["accepted", "filled"]].apply(tuple, axis=1).tolist()


def test_what_says_nothing_is_no_request_and_those_of_a_withdrawn_return_are_gone(tmp_path):
    ledger, _ = taken_back({"R1": ASKED["R1"], "R2": dict.fromkeys(ASKED["R1"], "无")}, tmp_path)
    assert ["R1"] == requests(ledger, NAME)["request"].tolist()
    ledger.withdraw(1)
    assert [] == requests(ledger, NAME)["request"].tolist()


def test_without_requests_there_is_an_empty_frame_with_its_columns():
    frame = requests(ledger_of(TWO_DATES), NAME, PERIOD)
    assert (0, "request") == (len(frame), frame.columns[2])
    assert isinstance(frame, pd.DataFrame)


def test_the_requests_that_two_sections_of_a_unit_wrote_into_one_row_are_never_mixed(tmp_path):
    ledger, _ = taken_back({"R1": {"事项": "第1项", "拟调整为": "建成3所"}}, tmp_path / "一")
    [path] = issue(ledger, NAME, PERIOD, tmp_path / "二", role="lead", units=["县教育局"])
    path.write_bytes(type_in(path.read_bytes(), {"R1": {"事项": "第2项", "理由": "用地未批"}}))
    result = collect(ledger, path, apply=True, received=date(2026, 6, 20))
    assert ["conflict", "held"] == result.cells["outcome"].tolist()
    assert [["第1项", "建成3所", ""]] == requests(ledger, NAME)[["matter", "proposed", "reason"]].values.tolist()
    assert 2 == len(ledger.open_matters(NAME))
