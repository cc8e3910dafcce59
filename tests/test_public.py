"""What may leave the house: no phone and nobody's name in it, whatever column and document they were written for."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest

from taskkit.entries import Ruling
from taskkit.ledger import Ledger
from taskkit.plan_index import PlanIndex
from taskkit.reports import report
from taskkit.reports.masking import Mask
from taskkit.rulings import ADVICE, HIGHLIGHT, PERIOD, SUMMARY
from tests.filled import NAME, fill, ledger_of, plan_of, send

PHONE, HANDLER, LEADER = "13800000001", "柳成荫", "桃满园"
CONTACT = f"（联系人{HANDLER}，{PHONE}）"
INNER = {"problem": "存在密甲", "help": "协调密乙"}
GOALS = ("一季度目标", "二季度目标", "三季度目标", "四季度目标")
TODAY = date(2027, 1, 20)
TARGET = {"task_id": "T001", "target_id": "T001.1", "text": "建水厂10座", "indicator": "水厂", "op": ">="}


@pytest.fixture
def ledger() -> Ledger:
    """Two units; a contact with a phone stands in everything that they and the office wrote."""
    target = {**TARGET, "value": 10.0, "unit": "座", "kind": "count"}
    made = ledger_of(plan_of([["县水务局"], ["县教育局", "县水务局"]], targets=[target]))
    for period, due in (("plan", date(2026, 3, 15)), ("2026Q2", date(2026, 7, 10)), ("2026Q4", date(2027, 1, 10))):
        for unit, rows in (("县水务局", ("T001", "T001.1", "T002")), ("县教育局", ("T002",))):
            fill(made, send(made, unit, rows, period, due), {row: typed(row, period, unit) for row in rows}, due)
        said = {SUMMARY: "综述密丙", ADVICE: "建议密丁", HIGHLIGHT: "亮点"}
        made.keep_rulings(NAME, [Ruling(PERIOD, key, text + CONTACT, period) for key, text in said.items()])
    return made


def typed(row: str, period: str, unit: str) -> dict[str, str]:
    """What a unit writes in one row of a form."""
    if period == "plan":
        own = dict.fromkeys(GOALS, "5" if "." in row else f"{unit}建成{CONTACT}")
        people = {"unit_leader": LEADER, "handler": HANDLER, "phone": PHONE}
        return own if "." in row else own | people
    if "." in row:
        return {"achieved": f"约3座{CONTACT}"}
    inner = {key: text + CONTACT for key, text in INNER.items()}
    return {"progress": f"推进{CONTACT}", "state": "进展滞后", "next_step": f"抓紧{CONTACT}", **inner}


def everything(data: bytes) -> str:
    """All texts of an Office file, those in the workbooks of its charts too."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inside = (everything(part) for name, part in parts.items() if name.endswith(".xlsx"))
    own = (re.sub("<[^>]*>", "", part.decode()) for name, part in parts.items() if name.endswith((".xml", ".rels")))
    return "".join((*own, *inside))


@pytest.mark.parametrize("period", ["2026Q2", "2026Q4"])
@pytest.mark.parametrize("kind", ["plan", "progress", "bulletin", "digest", "goals"])
def test_no_public_document_holds_a_phone_a_handler_or_an_inner_word_of_any_column(ledger, tmp_path, kind, period):
    is_dated = kind in ("progress", "bulletin")
    units = ["县水务局"] if kind == "digest" else None
    when = period if is_dated else None
    path = report(ledger, NAME, kind, when, tmp_path, units=units, charts=is_dated, today=TODAY, public=True)
    files = [path] if path.is_file() else list(path.glob("*.docx"))
    assert files and all("（公开版）" in each.name for each in files)
    said = "".join(everything(each.read_bytes()) for each in files)
    planted = (PHONE, HANDLER, "密甲", "密乙", "密丙", "密丁", *(() if kind == "goals" else (LEADER,)))
    assert [] == [word for word in planted if word in said]


def test_the_public_plan_of_a_unit_lies_beside_the_inner_one_and_does_not_replace_it(ledger, tmp_path):
    for public in (False, True):
        report(ledger, NAME, "goals", out=tmp_path, today=TODAY, public=public)
    assert HANDLER in everything((tmp_path / "县教育局落实方案.docx").read_bytes())
    assert (tmp_path / "县教育局落实方案（公开版）.docx").is_file()


@pytest.mark.parametrize("typed_as_name", ["教育局", "综合科", "办好", "待定"])
def test_what_was_typed_in_the_place_of_a_name_does_not_blot_out_units_and_tasks(typed_as_name):
    ledger = ledger_of(plan_of([["县教育局"]]))
    book = send(ledger, "县教育局", ["T001"])
    fill(ledger, book, {"T001": {"handler": typed_as_name}})
    mask = Mask.read(ledger, NAME, PlanIndex(ledger.plan(NAME)))
    text = "县教育局综合科办好第1件事，人选待定。"
    assert text == mask(text)
