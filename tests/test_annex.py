"""The monthly form of an annex (民生实事): one row per indicator, through the whole loop."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

import taskkit
from taskkit.errors import UsageError
from taskkit.office.typing_in import type_in
from taskkit.plan import make_plan
from tests.filled import INFO, NAME, ledger_of

TARGETS = (
    ("A001.1", "新建学校", ">=", 4.0, "所", "count"),
    ("A001.2", "新增学位", ">=", 2000.0, "个", "count"),
    ("A002.1", "水质达标率", ">=", 95.0, "%", "ratio"),
)


@pytest.fixture
def ledger():
    """Three matters of 县教育局: two indicators, one rate, none; a support unit."""
    tasks = [
        {
            "task_id": f"A00{number}",
            "part": "annex",
            "no": number,
            "group": "一、办好学校",
            "title": f"办好第{number}件实事。",
        }
        for number in (1, 2, 3)
    ]
    return ledger_of(
        make_plan(
            INFO,
            tasks=tasks,
            assignments=[
                *({"task_id": task["task_id"], "unit": "县教育局", "role": "lead", "rank": 1} for task in tasks),
                {"task_id": "A001", "unit": "县财政局", "role": "support", "rank": 1},
            ],
            targets=[
                dict(zip(("target_id", "indicator", "op", "value", "unit", "kind"), row, strict=True))
                | {"task_id": row[0][:4], "text": row[1]}
                for row in TARGETS
            ],
            schedule=[
                {"period": f"2026-{month:02d}", "part": "annex", "role": "lead", "due_on": date(2026, month + 1, 5)}
                for month in (3, 4, 5)
            ],
        )
    )


def issued(ledger, period: str, folder: Path) -> Path:
    (path,) = taskkit.issue(ledger, NAME, period, out=folder / period, part="annex")
    return path


def sheet_of(path: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))["民生实事"]
    return [[cell.value for cell in row][:12] for row in sheet.iter_rows(min_row=3)]


def returned(ledger, path: Path, answers: Mapping[str, Mapping[str, object]], day: date):
    path.write_bytes(type_in(path.read_bytes(), answers))
    return taskkit.collect(ledger, [path], apply=True, received=day)


def test_the_form_has_a_row_for_each_indicator_and_one_for_a_matter_without(ledger, tmp_path):
    path = issued(ledger, "2026-03", tmp_path)
    rows = sheet_of(path)

    assert "001县教育局_2026年3月民生实事进展.xlsx" == path.name
    assert ["填报说明", "民生实事", "调整申请", "_taskkit"] == openpyxl.load_workbook(path).sheetnames
    assert "本月累计（1—3月）" == rows[0][7]
    matters = [row[1:6] for row in rows if str(row[0] or "").startswith("W") and row[1:6] != [None] * 5]
    assert [
        [1, "办好第1件实事。", "新建学校", 4, "所"],
        [None, None, "新增学位", 2000, "个"],
        [2, "办好第2件实事。", "水质达标率", 95, "%"],
        [3, "办好第3件实事。", None, None, None],
    ] == matters[:4]


def test_only_the_total_and_the_sentence_are_open_and_without_an_indicator_the_sentence_alone(ledger, tmp_path):
    sheet = openpyxl.load_workbook(issued(ledger, "2026-03", tmp_path))["民生实事"]
    headers = [str(cell.value).partition("（")[0] for cell in sheet[3]]
    opened = {
        str(row[0].value).partition(".")[2]: [headers[at] for at, cell in enumerate(row) if not cell.protection.locked]
        for row in sheet.iter_rows(min_row=4)
        if "A00" in str(row[0].value)
    }

    assert ["本月累计", "一句话说明"] == opened["A001.1"]
    assert ["一句话说明"] == opened["A003"]


def test_a_month_comes_back_and_the_next_form_holds_what_it_said(ledger, tmp_path):
    answers: dict[str, dict[str, object]] = {
        "A001.1": {"本月累计": 1, "一句话说明": "完成选址"},
        "A003": {"一句话说明": "已启动招标"},
    }
    result = returned(ledger, issued(ledger, "2026-03", tmp_path), answers, date(2026, 4, 3))

    assert ["accepted"] == result.files["outcome"].tolist()
    values = {
        (row.target_id or row.task_id, row.column): row.value for row in ledger.values(NAME).fillna("").itertuples()
    }
    assert {
        ("A001.1", "本月累计"): "1",
        ("A001.1", "一句话说明"): "完成选址",
        ("A003", "一句话说明"): "已启动招标",
    } == values
    april = next(row for row in sheet_of(issued(ledger, "2026-04", tmp_path)) if row[3] == "新建学校")
    assert 1 == april[6]


def test_a_total_below_last_month_s_is_asked_about(ledger, tmp_path):
    returned(ledger, issued(ledger, "2026-03", tmp_path), {"A001.1": {"本月累计": 3}}, date(2026, 4, 3))
    result = returned(ledger, issued(ledger, "2026-04", tmp_path), {"A001.1": {"本月累计": 2}}, date(2026, 5, 3))

    assert ["value-fell"] == result.findings["code"].tolist()
    assert "本月累计2比上月累计3小" in result.findings["message"][0]


def test_the_report_says_the_figures_in_words_and_where_they_put_the_matter(ledger, tmp_path):
    answers: dict[str, dict[str, object]] = {
        "A001.1": {"本月累计": 4, "一句话说明": "四所学校均已竣工"},
        "A001.2": {"本月累计": 2100},
        "A002.1": {"本月累计": 96.5},
        "A003": {"一句话说明": "已启动招标"},
    }
    returned(ledger, issued(ledger, "2026-03", tmp_path), answers, date(2026, 4, 3))
    path = taskkit.report(ledger, NAME, "progress", "2026-03", tmp_path / "月报.docx", today=date(2026, 4, 8))

    first, second, third = [
        each.text for each in docx.Document(str(path)).paragraphs if each.text[1:].startswith(".办好第")
    ]
    text = "新建学校累计4所，完成年度目标的100%；新增学位累计2100个，完成年度目标的105%。四所学校均已竣工。"
    assert f"1.办好第1件实事。{text}（县教育局，已完成）" == first
    assert second.endswith("，正常推进）")
    assert third.endswith("，未注明）")


def test_the_office_s_table_holds_every_indicator_with_all_its_months(ledger, tmp_path):
    answers: list[dict[str, dict[str, object]]] = [
        {"A001.1": {"本月累计": 1}, "A003": {"一句话说明": "已启动招标"}},
        {
            "A001.1": {"本月累计": 2, "一句话说明": "两所封顶"},
            "A001.2": {"本月累计": "暂无数据"},
            "A002.1": {"本月累计": 96.5},
        },
    ]
    for month, typed in zip((3, 4), answers, strict=True):
        returned(ledger, issued(ledger, f"2026-0{month}", tmp_path), typed, date(2026, month + 1, 3))
    path = taskkit.report(ledger, NAME, "annex", "2026-04", tmp_path, today=date(2026, 5, 8))

    sheet = openpyxl.load_workbook(path)["民生实事"]
    header = [cell.value for cell in sheet[4]]
    rows = [dict(zip(header, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=5)]
    school, seats, water, third = [row for row in rows if row["牵头单位"] == "县教育局"]
    assert (1, 2, None, 50, "正常推进", "两所封顶") == tuple(
        school[key] for key in ("3月", "4月", "5月", "完成率（%）", "完成情况", "一句话说明")
    )
    assert ("暂无数据", None, "未注明") == tuple(seats[key] for key in ("4月", "完成率（%）", "完成情况"))
    assert ("达标", "正常推进") == tuple(water[key] for key in ("完成率（%）", "完成情况"))
    assert ("办好第3件实事。", "未报送") == tuple(third[key] for key in ("工作任务", "完成情况"))
    assert "共3项实事、3个指标。下列4行中，正常推进2行，未注明1行，未报送1行。" == sheet["A2"].value


def test_a_quarter_has_no_such_table_and_neither_has_a_plan_without_an_annex(ledger, tmp_path):
    taskkit.issue(ledger, NAME, "2026Q1", out=tmp_path, part="annex", anyway=True)
    with pytest.raises(UsageError, match="不是按月报送"):
        taskkit.report(ledger, NAME, "annex", "2026Q1", tmp_path)
