"""Order and scope: units and leaders stand in the order of the lists in every place, never in that of the alphabet.

The list's order differs from the plan's, from that of the alphabet, and from that in which reports came in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taskkit import issue, report
from taskkit.chat_line import chat_line
from taskkit.collecting.senders import Senders
from taskkit.deciding import listed as open_matters
from taskkit.duties import duties
from taskkit.entries import Change, Matter, Submission
from taskkit.errors import UsageError
from taskkit.histories import entries
from taskkit.issuing.dispatching import write_dispatch
from taskkit.judging.facts import gather
from taskkit.ledger import Ledger
from taskkit.listing import write_roster
from taskkit.periods import parse_period
from taskkit.plan import make_plan
from taskkit.registering import register_rows
from taskkit.reports import compendium, digest, progress
from taskkit.roster import LeaderEntry, Roster, UnitEntry
from taskkit.settings import Settings
from taskkit.showing import show_status
from taskkit.tracking import read_returns, returns, status, unasked
from tests.filled import DUE, INFO, NAME, PERIOD, fill, ledger_of, send

# The plan names them in the order of the alphabet (as Unicode has it), the list in its own.
PRINTED = ("县人社局", "县卫健局", "县文旅局", "县民政局", "县水务局")
LISTED = ("县水务局", "县卫健局", "县民政局", "县人社局", "县文旅局")
THROUGH = "县气象局"
LEADERS = ("云三帆", "云一舟", "云二桨")
TODAY = date(2026, 7, 13)


def plan_with_leaders() -> Any:
    """Each unit leads a task of its own, and all of them support the last one; leaders in the alphabet's order."""
    tasks = [
        {
            "task_id": f"T{number:03d}",
            "part": "main",
            "no": number,
            "title": f"办好第{number}件事。",
            "leaders": [sorted(LEADERS)[number % 3]],
        }
        for number in range(1, 8)
    ]
    units = [(f"T{number:03d}", unit, "lead") for number, unit in enumerate((*PRINTED, THROUGH, "县财政局"), 1)]
    units += [("T007", unit, "support") for unit in PRINTED]
    assignments = [{"task_id": task, "unit": unit, "role": role, "rank": 1} for task, unit, role in units]
    dates = [{"period": PERIOD, "role": "all", "part": "main", "due_on": DUE, "to_whom": "县政府督查室"}]
    targets = [{"task_id": "T007", "target_id": "T007.1", "op": ">=", "value": 4.0, "unit": "座", "kind": "count"}]
    return make_plan(INFO, tasks=tasks, assignments=assignments, schedule=dates, targets=targets)


ROSTER = Roster(
    tuple(
        UnitEntry(
            name,
            aliases=("县水利局",) if name == "县水务局" else (),
            scored=name != "县民政局",
            through="县卫健局" if name == THROUGH else "",
        )
        for name in (THROUGH, *LISTED, "县财政局")
    ),
    tuple(map(LeaderEntry, LEADERS)),
)


@pytest.fixture
def bare() -> Ledger:
    ledger = ledger_of(plan_with_leaders())
    ledger.add_roster(NAME, ROSTER)
    return ledger


@pytest.fixture
def ledger(bare: Ledger, tmp_path: Path) -> Ledger:
    """Forms are out; all but one unit have reported late, in the order of the alphabet; something waits of each."""
    issue(bare, NAME, PERIOD, tmp_path / "out", today=TODAY)
    books = {each.unit: each for each in bare.newest_workbooks(NAME)}
    for unit in PRINTED:
        book = bare.workbook(books[unit].workbook)
        assert book is not None
        matter = Matter("T007", "本期进展", "support", "", "", "", f"{unit}另说", "conflict", "配合任务 第5行")
        changes = (
            Change("T007", "本期进展", f"{unit}说", "support"),
            Change("T007", "需协调事项", f"{unit}要", "support"),
        )
        file = repr(unit).encode()
        bare.accept(Submission(book, f"{unit}.xlsx", file, date(2026, 7, 12), {}, changes, matters=(matter,)))
    return bare


def sheet(ledger: Ledger, folder: Path, title: str, column: str) -> list[str]:
    """A column of one list of the ledger workbook."""
    path = report(ledger, NAME, "ledger", PERIOD, out=folder / "台账.xlsx", today=TODAY)
    rows = list(openpyxl.load_workbook(path)[title].iter_rows(min_row=3, values_only=True))
    at = rows[0].index(column)
    return [str(row[at]) for row in rows[1:] if row[at]]


def facts_of(ledger: Ledger) -> Any:
    return gather(ledger, NAME, parse_period(PERIOD), Settings(), TODAY)


def dispatch(ledger: Ledger, folder: Path) -> Any:
    done = write_dispatch(ledger, NAME, PERIOD, folder / "out")
    assert done is not None
    return done


PLACES: dict[str, Callable[[Ledger, Path], list[str]]] = {
    "status": lambda ledger, _: returns(ledger, NAME, PERIOD, TODAY)["unit"].tolist(),
    "late units": lambda ledger, _: [unit for unit, _ in status(ledger, NAME, PERIOD, TODAY)[0].late_units],
    "due": lambda ledger, _: [each.unit for each in duties(ledger, NAME, TODAY)],
    "发送清单": lambda ledger, folder: [each.unit for each in dispatch(ledger, folder).sent],
    "files": lambda ledger, folder: [
        next(unit for unit in (*LISTED, "县财政局") if unit in path.name)
        for path in sorted((folder / "out").glob("0*.xlsx"))
    ],
    "register": lambda ledger, _: [row.unit for row in register_rows(ledger, NAME, PERIOD)],
    "conflicts": lambda ledger, _: [each.kept.unit for each in open_matters(ledger, NAME)],
    "history": lambda ledger, _: [each.unit for each in entries(ledger, NAME, "T007")],
    "facts": lambda ledger, _: list(facts_of(ledger).tasks[-1].values),
    "progress, requests": lambda ledger, _: [
        each.title.removesuffix("。") for each in progress.build(ledger, NAME, PERIOD, Settings(), TODAY).requests
    ],
    "compendium": lambda ledger, _: [
        entry.unit
        for group in compendium.build(ledger, NAME, PERIOD, (), TODAY).groups
        for task in group.tasks
        for entry in task.entries
    ],
    "digest of several": lambda ledger, _: (
        digest.build(ledger, NAME, sorted(LISTED), TODAY).file_name.removesuffix("所涉重点任务.docx").split("、")
    ),
    "单位汇总": lambda ledger, folder: sheet(ledger, folder, "单位汇总", "单位"),
    "填报明细": lambda ledger, folder: sheet(ledger, folder, "填报明细", "单位"),
    "senders": lambda ledger, _: list(Senders(ledger, NAME, lambda _: True)._names_of(NAME)),
    "名册": lambda ledger, folder: roster_units(ledger, folder),
}


def roster_units(ledger: Ledger, folder: Path) -> list[str]:
    write_roster(ROSTER, ledger.plan(NAME), NAME, folder / "名册.xlsx", "", Settings())
    rows = openpyxl.load_workbook(folder / "名册.xlsx")["单位名册"].iter_rows(values_only=True)
    return [str(cell) for row in rows for cell in row[:5] if cell in LISTED]


@pytest.mark.parametrize("place", PLACES)
def test_units_stand_in_the_order_of_the_list(ledger, tmp_path, place):
    found = [unit for unit in dict.fromkeys(PLACES[place](ledger, tmp_path)) if unit in LISTED]
    assert list(LISTED) == found


def test_units_that_have_not_reported_are_named_in_the_order_of_the_list(bare, tmp_path):
    issue(bare, NAME, PERIOD, tmp_path / "out", today=TODAY)
    [summed] = status(bare, NAME, PERIOD, TODAY)
    assert (*LISTED, "县财政局") == summed.missing_units
    assert "、".join(LISTED) in chat_line(bare, NAME, summed, datetime(2026, 7, 13, 9))
    written = progress.build(bare, NAME, PERIOD, Settings(), TODAY)
    assert any("、".join(LISTED) in line for line in written.overview)


def test_leaders_stand_in_the_order_of_their_list(ledger, tmp_path):
    assert list(LEADERS) == sheet(ledger, tmp_path, "领导汇总", "分管领导")
    with pytest.raises(UsageError, match="请用 --leader 写明：云三帆、云一舟、云二桨"):
        report(ledger, NAME, "tasks", PERIOD, out=tmp_path / "a.xlsx", today=TODAY)


def test_a_form_that_went_out_under_another_name_stands_where_its_unit_stands(tmp_path):
    ledger = ledger_of(plan_with_leaders())
    issue(ledger, NAME, PERIOD, tmp_path / "out", today=TODAY)
    renamed = tuple(
        UnitEntry("县水利局", aliases=("县水务局",)) if entry.name == "县水务局" else entry
        for entry in ROSTER.unit_entries
    )
    ledger.add_roster(NAME, Roster(renamed))
    assert "县水利局" == read_returns(ledger, NAME, PERIOD, TODAY)[1].unit
    assert ["县水务局", "县卫健局"] == list(dict.fromkeys(each.unit for each in dispatch(ledger, tmp_path).sent))[1:3]


def test_the_main_part_stands_before_the_annex_of_the_same_unit(bare):
    for part in ("annex", "annex2", "main"):
        send(bare, "县财政局", ["T007"], part=part)
    parts = [each.part for each in read_returns(bare, NAME, PERIOD, TODAY) if each.unit == "县财政局"]
    assert ["main", "annex", "annex2"] == parts


def test_a_unit_that_reports_through_another_gets_nothing_and_is_named_under_that_one(ledger, tmp_path, capsys):
    assert THROUGH not in {each.unit for each in read_returns(ledger, NAME, PERIOD, TODAY)}
    assert (THROUGH, "由“县卫健局”一并报送") in unasked(ledger, NAME, PERIOD)
    assert {(THROUGH,)} == {each.through for each in duties(ledger, NAME, TODAY) if each.unit == "县卫健局"}
    assert {(THROUGH,)} == {each.through for each in dispatch(ledger, tmp_path).sent if each.unit == "县卫健局"}
    rows = list(openpyxl.load_workbook(dispatch(ledger, tmp_path).lists[0]).worksheets[0].values)
    assert ["含县气象局（由其一并报送）"] == [row[-1] for row in rows if row[1] == "县卫健局"]
    said = dict(
        zip(sheet(ledger, tmp_path, "单位汇总", "单位"), sheet(ledger, tmp_path, "单位汇总", "本期报送"), strict=False)
    )
    assert "由县卫健局一并报送" == said[THROUGH]
    show_status(NAME, status(ledger, NAME, PERIOD, TODAY), lambda period: returns(ledger, NAME, period, TODAY))
    assert "无需报送1家（由“县卫健局”一并报送）：县气象局" in capsys.readouterr().out


def test_units_that_are_not_scored_are_named_where_units_are_set_side_by_side(ledger, tmp_path):
    path = report(ledger, NAME, "ledger", PERIOD, out=tmp_path / "台账.xlsx", today=TODAY)
    texts = [cell for row in openpyxl.load_workbook(path)["单位汇总"].values for cell in row if isinstance(cell, str)]
    assert any("不计分的单位：县民政局。" in text for text in texts)
    assert not ROSTER.scored("县民政局")


def test_the_figures_of_several_units_on_one_target_stand_in_the_order_of_the_list(bare, tmp_path):
    for unit in PRINTED:
        fill(bare, send(bare, unit, ["T007", "T007.1"]), {"T007.1": {"achieved": "3"}})
    found = [unit for unit in sheet(bare, tmp_path, "量化指标", "牵头单位") if unit in LISTED]
    assert list(LISTED) == found
