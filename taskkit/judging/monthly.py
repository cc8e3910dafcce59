"""What the monthly form of an annex (民生实事) says of a task: a sentence and a state, from its figures.

The form asks for figures and one sentence per indicator, not for a state: reports say where a task
stands by comparing the figures with the year's aim and the share of the year gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from taskkit.assess import Figure, by_figures
from taskkit.columns import COLUMNS
from taskkit.figures import as_number
from taskkit.periods import Period
from taskkit.settings import State
from taskkit.typed import meaning
from taskkit.workbook import RATED_KINDS

_TOTAL, _BRIEF = COLUMNS["month_total"].header, COLUMNS["brief"].header
_PROGRESS, _STATE = COLUMNS["progress"].header, COLUMNS["state"].header
Rows = Mapping[str, Mapping[str, str]]  # row id (task or target) -> column header -> value


def said(rows: Rows, targets: Sequence[Mapping[str, Any]], period: Period, states: Sequence[State]) -> dict[str, str]:
    """What a unit's rows on one task say as 本期进展 and 完成情况; nothing where the form was not the monthly one."""
    if not any(header in cells for cells in rows.values() for header in (_TOTAL, _BRIEF)):
        return {}
    figures = dict(_figures(rows, targets))
    ids = [target["target_id"] for target in targets]
    parts = [_sentence(each, rows.get(at, {}), figures.get(at)) for at, each in zip(ids, targets, strict=True)]
    briefs = (cells.get(_BRIEF, "") for cells in rows.values())
    text = "；".join(filter(None, parts))
    lines = [f"{text}。" if text else "", *dict.fromkeys(briefs)]
    found = {_PROGRESS: "".join(line if line.endswith("。") else f"{line}。" for line in lines if line)}
    wanted = [target for target in targets if target["value"] is not None]
    if figures and len(figures) == len(wanted):
        found[_STATE] = by_figures(list(figures.values()), period.last_month / 12 * 100, states).name
    return {header: value for header, value in found.items() if value}


def _figures(rows: Rows, targets: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Figure]]:
    for target in targets:
        if figure := figure_of(target, rows.get(target["target_id"], {}).get(_TOTAL, "")):
            yield target["target_id"], figure


def figure_of(target: Mapping[str, Any], total: str) -> Figure | None:
    """A target with what was reported on it; None where that is no number, or the plan has none."""
    achieved = meaning(total, target["unit"]).number
    if achieved is None or target["value"] is None:
        return None
    return Figure(target["op"], target["value"], target["baseline"], float(achieved), target["kind"] in RATED_KINDS)


def _sentence(target: Mapping[str, Any], cells: Mapping[str, str], figure: Figure | None) -> str:
    """新增学位累计12000个，完成年度目标的60%; a word instead of a figure (暂无数据) as it was typed."""
    value = cells.get(_TOTAL, "")
    if not value:
        return ""
    name = target["indicator"] or target["text"] or ""
    if figure is None:
        return f"{name}：{value}"
    rate = f"，完成年度目标的{figure.rate:g}%" if figure.rate is not None else ""
    unit = (target["unit"] or "") if as_number(value) is not None else ""  # what is no plain number says its own
    return f"{name}累计{value}{unit}{rate}"
