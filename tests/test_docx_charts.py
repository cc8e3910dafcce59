"""Charts of reports are Word's own: their figures stand in the chart and in a workbook that Word can edit."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from lxml import etree

from taskkit.ledger import Ledger
from taskkit.reports import report
from tests.filled import NAME, PERIOD, fill, ledger_of, plan_of, send

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
TODAY = date(2026, 7, 14)


@pytest.fixture
def ledger() -> Ledger:
    """Four tasks in two 大类: one done, one slow, one normal, one of which nothing came."""
    ledger = ledger_of(plan_of([["县教育局"], ["县水务局"], ["县教育局"], ["县财政局"]]))
    education, water = send(ledger, "县教育局", ["T001", "T003"]), send(ledger, "县水务局", ["T002"])
    send(ledger, "县财政局", ["T004"])
    done = {"progress": "建成。", "state": "已完成"}
    fill(ledger, education, {"T001": done, "T003": {"progress": "在建。", "state": "正常推进"}})
    fill(ledger, water, {"T002": {"progress": "停工。", "state": "进展滞后"}})
    return ledger


def written(ledger: Ledger, folder, **options) -> zipfile.ZipFile:
    path = report(ledger, NAME, "progress", PERIOD, folder / "报告.docx", today=TODAY, **options)
    return zipfile.ZipFile(io.BytesIO(path.read_bytes()))


def counted(workbook: bytes) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def test_the_figures_stand_in_a_workbook_in_the_document(ledger, tmp_path):
    package = written(ledger, tmp_path, charts=True)
    assert [
        (None, "已完成", "正常推进", "进展滞后", "未报送"),
        ("聚力稳增长", 1, 1, 1, 0),
        ("聚力惠民生", 0, 0, 0, 1),
    ] == counted(package.read("word/embeddings/chart1.xlsx"))


def test_the_chart_itself_holds_the_same_figures_for_programs_that_never_open_the_workbook(ledger, tmp_path):
    root = etree.fromstring(written(ledger, tmp_path, charts=True).read("word/charts/chart1.xml"))
    series = {
        each.findtext(f"{C}tx//{C}v"): [value.text for value in each.iterfind(f"{C}val//{C}v")]
        for each in root.iter(f"{C}ser")
    }
    assert {"已完成": ["1", "0"], "正常推进": ["1", "0"], "进展滞后": ["1", "0"], "未报送": ["0", "1"]} == series
    assert root.find(f"{C}externalData") is not None, "Word finds the workbook by it"


def test_series_are_told_apart_without_colours(ledger, tmp_path):
    xml = written(ledger, tmp_path, charts=True).read("word/charts/chart1.xml").decode()
    fills = re.findall(r"<c:ser>.*?<c:spPr>(.*?)<a:ln", xml)
    assert 4 == len(set(fills))
    assert any("pattFill" in each for each in fills)


def test_a_report_has_no_chart_unless_asked(ledger, tmp_path):
    assert [] == [name for name in written(ledger, tmp_path).namelist() if "chart" in name]


def test_the_same_report_has_the_same_bytes(ledger, tmp_path):
    one, other = (written(ledger, folder, charts=True) for folder in (tmp_path / "甲", tmp_path / "乙"))
    assert one.namelist() == other.namelist()
    assert all(one.read(name) == other.read(name) for name in one.namelist())
