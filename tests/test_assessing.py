"""What an office would say of each case (tests/assessing/*.md), worked out by hand, is what is computed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from taskkit.assess import Standing
from taskkit.assess.tasks import end_of, last_word_on
from taskkit.deadlines import day_to_keep
from taskkit.judging.assessing import Assessment, Figures, Wanted
from taskkit.judging.targets import Reported, Span, figure_in, judge_reported
from taskkit.periods import parse_period
from taskkit.proofreading.columns import KINDS
from taskkit.settings import Settings
from taskkit.workbook import REQUIREMENTS

FOLDER = Path(__file__).parent / "assessing"
STATES = Settings().states()
STAGES = ("一季度", "二季度", "三季度", "四季度")
OPS = {word: op for op, word in REQUIREMENTS.items()}
OWN = {STATES.name_of(standing): standing for standing in Standing}
Case = dict[str, str]


def cases() -> Iterator[tuple[str, Case]]:
    """Every row of every table, with the year of its plan and where it stands."""
    for path in sorted(FOLDER.glob("*.md")):
        year: str = "2026"
        header: list[str] = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("#"):
                found = re.search(r"方案年度 (\d{4})", line)
                year, header = found[1] if found else "2026", []
            elif line.startswith("|") and not line.startswith("|---"):
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                if header:
                    yield f"{path.name}:{number}", {**dict(zip(header, cells, strict=True)), "年度": year}
                else:
                    header = cells


CASES = dict(cases())


def newest(text: str) -> str:
    """What a cell says last: 5→4 is 4."""
    return text.rpartition("→")[2]


def reported(case: Case, span: Span) -> list[Reported]:
    """The targets of a case as the plan and the unit's report have them."""
    columns = ("指标", "类型", "性质", "要求", "目标", "单位", "基数", "完成")
    split = {key: case.get(key, "").split(" / ") for key in columns}
    listed = []
    for at, name in enumerate(split["指标"]):
        indicator, kind, nature, op, value, unit, baseline, typed = (
            newest(split[key][at] if at < len(split[key]) else "") for key in columns
        )
        if not value:
            continue
        target = {
            "task_id": "T001",
            "target_id": f"T001.{at + 1}",
            "text": name,
            "indicator": indicator,
            "op": OPS.get(op),
            "kind": next(key for key, words in KINDS.items() if words[0] == kind),
            "nature": nature or None,
            "value": float(value),
            "unit": unit,
            "baseline": float(baseline) if baseline else None,
        }
        before, _, goal = newest(case.get("本期目标", "")).rpartition("、")
        listed.append(Reported(target, "县教育局", typed, span, figure_in(goal, unit), figure_in(before, unit)))
    return listed


def assessed(case: Case) -> Assessment:
    period, year = parse_period(case["报送期"]), int(case["年度"])
    until = case.get("时限", "")
    day = day_to_keep(until, None, year)
    span = Span.of(period, year, STAGES, day)
    listed = reported(case, span)
    figures = Figures(
        judge_reported(listed, STATES),
        {("T001", "县教育局"): tuple(range(len(listed)))} if listed else {},
        {"T001": tuple(each.target for each in listed)} if listed else {},
        {"T001": span.over},
        STATES,
    )
    today = date.fromisoformat(case["今天"]) if case.get("今天") else end_of(period) + timedelta(days=10)
    own = OWN[case.get("自评") or "正常推进"]
    wanted = Wanted("T001", ("县教育局",), own, until, day)
    (assessment,) = figures.assess([wanted], last_word_on(period, today))
    return assessment


def said(assessment: Assessment) -> tuple[str, str, str, str]:
    """State, rate, gap and days late as the tables write them."""
    worst = assessment.grounds.worst
    shown = worst.shown if worst else ""
    rate = shown if isinstance(shown, str) else f"{shown:g}"
    gap = "" if worst is None or worst.gap is None else f"{round(worst.gap, 1) + 0:g}"
    return (
        f"{'※' * assessment.contradicted}{assessment.computed.name}",
        rate,
        gap,
        str(assessment.days_late),
    )


@pytest.mark.parametrize("place", CASES)
def test_a_case_is_judged_as_an_office_would(place):
    case = CASES[place]
    expected = (case["研判"], case.get("完成率", ""), case.get("差距", ""), case.get("迟几天", "0"))
    assessment = assessed(case)

    assert expected == said(assessment)
    assert case["理由"] in assessment.grounds.sentence(STATES.phrases)


def test_the_tables_hold_every_comparator_with_every_kind():
    pairs = set()
    for case in CASES.values():
        pairs |= set(zip(case.get("要求", "").split(" / "), case.get("类型", "").split(" / "), strict=True))
    kinds = [words[0] for words in KINDS.values()]
    wanted = [(op, kind) for kind in kinds for op in ("不低于", "不超过", "达到", "左右", "")]
    assert [] == [pair for pair in wanted if pair not in pairs]
    assert len(CASES) >= 120
