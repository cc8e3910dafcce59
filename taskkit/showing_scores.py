"""How the command line shows scores and comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskkit import console
from taskkit.periods import official_date
from taskkit.scoring.columns import part_label, period_label
from taskkit.scoring.counting import number, signed
from taskkit.scoring.scores import RANKING

if TYPE_CHECKING:
    from taskkit.scoring import Scores, UnitScore
    from taskkit.scoring.taking import AdjustmentsTaken


def show_scores(scores: Scores, unit: str | None = None) -> None:
    """The scores in the order of the unit list, then each line with its evidence; of one unit also its records."""
    units = [each for each in scores.units if unit in (None, each.unit)]
    title = f"{scores.title} 得分（截至{official_date(scores.on)}）"
    if units:
        rows = [(each.unit, number(each.total), each.rank, _summary(each)) for each in units]
        console.table(("单位", "得分", "名次", f"从{number(scores.rules.start)}分起"), rows, title=title)
        console.say(f"{RANKING}。")
        _show_lines(units)
    if unit and units:
        console.table(("报送记录",), [(record.evidence,) for each in units for record in each.records])
    for name, why in scores.left_out:
        if unit in (None, name):
            console.say(f"不单独计分：{name}（{why}）")


def _show_lines(units: list[UnitScore]) -> None:
    rows = [
        (line.unit, line.name, f"{period_label(line.period)}{_part(line.part)}", signed(line.points), line.evidence)
        for each in units
        for line in each.lines
    ]
    if rows:
        console.table(("单位", "项目", "报送期", "分值", "依据"), rows)


def _part(part: str) -> str:
    return f"（{part_label(part)}）" if part not in ("", "main") else ""


def _summary(each: UnitScore) -> str:
    totals = dict.fromkeys(line.name for line in each.lines)
    points = {name: sum(line.points for line in each.lines if line.name == name) for name in totals}
    return "，".join(f"{name}{signed(value)}" for name, value in points.items() if value) or "没有加减"


def show_adjustments_loaded(name: str, taken: AdjustmentsTaken) -> None:
    """What was kept of 手工调整."""
    said = (("登记", taken.new), ("更改", taken.changed), ("撤回", taken.withdrawn))
    done = "，".join(f"{word}{count}处" for word, count in said if count)
    if done:
        console.say(f"已登记到“{name}”的手工调整：{done}。重新计分：taskkit score {name}")
    else:
        console.say("没有要登记的改动，未作任何改动。")
