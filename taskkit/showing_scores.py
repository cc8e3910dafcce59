"""How the command line shows scores and comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskkit import console
from taskkit.comparing.changes import Change
from taskkit.comparing.units import RANKING as UNIT_RANKING
from taskkit.periods import official_date
from taskkit.scoring.columns import part_label, period_label
from taskkit.scoring.counting import number, signed
from taskkit.scoring.scores import RANKING

if TYPE_CHECKING:
    from taskkit.comparing import Comparison, PartComparison
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
    left_out: dict[str, list[str]] = {}
    for name, why in scores.left_out:
        if unit in (None, name):
            left_out.setdefault(why, []).append(name)
    for why, names in left_out.items():
        console.say(f"不单独计分：{'、'.join(names)}（{why}）")


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


_MOVED = (Change.DONE, Change.BETTER, Change.WORSE, Change.OTHER)
_MOST_BEHIND = 20


def show_comparison(comparison: Comparison) -> None:
    """The comparison part by part: units, this period and the last, what changed, what lacks most to its aim."""
    for part in comparison.parts:
        console.say(f"{comparison.title} {part.label}（截至{part.period.label}，{part.counted}）")
        _show_units(part)
        _show_counts(part)
        changed = [each for each in part.changes if each.change in _MOVED]
        if changed:
            rows = [(each.no, each.title, each.unit, each.before, each.now, each.change) for each in changed]
            console.table(("序号", "工作任务", "汇总单位", "上期", "本期", "变化"), rows)
        _show_behind(part)


def _show_units(part: PartComparison) -> None:
    names = [each.name for each in part.counts if each.now.number]
    headers = ("单位", "牵头", *names, "按序时及以上", "按时报送", "退回", "名次")
    rows = [
        (
            *(each.unit, each.tasks, *(each.states.get(name, 0) for name in names)),
            *(each.on_schedule.short, each.on_time.short, each.sent_back, each.rank),
        )
        for each in part.units
    ]
    console.table(headers, rows)
    console.say(f"{part.each_counted}{UNIT_RANKING}。")


def _show_counts(part: PartComparison) -> None:
    before = part.previous.label if part.previous else "没有上期"
    rows = [
        (
            *(each.name, each.before.text if each.before else "", each.now.text),
            "" if each.difference is None else f"{each.difference:+d}",
        )
        for each in part.counts
    ]
    console.table(("完成情况", before, part.period.label, "增减"), rows)


def _show_behind(part: PartComparison) -> None:
    """The targets that are not met, the lowest rate first."""
    behind = sorted((each for each in part.promises if each.met is False), key=lambda each: each.rate or 0)
    rows = [
        (each.indicator, each.unit, each.requirement, each.achieved, "" if each.rate is None else f"{each.rate:g}%")
        for each in behind[:_MOST_BEHIND]
    ]
    if rows:
        console.table(("未达到年度目标的指标", "单位", "年度目标", "完成", "完成率"), rows)
    if len(behind) > len(rows):
        console.say(f"……另有{len(behind) - len(rows)}个指标未列出，见对比表（--xlsx）。")
