"""What the monthly form of an annex (民生实事) says of a task: a sentence and a state, from its figures.

The form asks for figures and one sentence per indicator, not for a state: reports say where a task
stands by comparing the figures with the year's aim and the share of the year gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from taskkit.assess.reasons import TargetFacts
from taskkit.columns import COLUMNS
from taskkit.figures import as_number

_TOTAL, _BRIEF = COLUMNS["month_total"].header, COLUMNS["brief"].header
_PROGRESS, _STATE = COLUMNS["progress"].header, COLUMNS["state"].header
Rows = Mapping[str, Mapping[str, str]]  # row id (task or target) -> column header -> value


def said(rows: Rows, targets: Sequence[Mapping[str, Any]], judged: Sequence[TargetFacts], state: str) -> dict[str, str]:
    """What a unit's rows on one task say as 本期进展 and 完成情况; nothing where the form was not the monthly one.

    ``judged`` are the figures of these rows, ``state`` is where they put the task ("" where one is missing).
    """
    if not any(header in cells for cells in rows.values() for header in (_TOTAL, _BRIEF)):
        return {}
    figures = {each.target_id: each for each in judged}
    ids = [target["target_id"] for target in targets]
    parts = [_sentence(each, rows.get(at, {}), figures.get(at)) for at, each in zip(ids, targets, strict=True)]
    briefs = (cells.get(_BRIEF, "") for cells in rows.values())
    text = "；".join(filter(None, parts))
    lines = [f"{text}。" if text else "", *dict.fromkeys(briefs)]
    progress = "".join(line if line.endswith("。") else f"{line}。" for line in lines if line)
    found = {_PROGRESS: progress, _STATE: state}
    return {header: value for header, value in found.items() if value}


def _sentence(target: Mapping[str, Any], cells: Mapping[str, str], figure: TargetFacts | None) -> str:
    """新增学位累计12000个，完成年度目标的60%; a word instead of a figure (暂无数据) as it was typed."""
    value = cells.get(_TOTAL, "")
    if not value:
        return ""
    name = target["indicator"] or target["text"] or ""
    if figure is None or not figure.known:
        return f"{name}：{value}"
    rate = f"，完成年度目标的{round(figure.rate, 1):g}%" if figure.rate is not None else ""
    unit = (target["unit"] or "") if as_number(value) is not None else ""  # what is no plain number says its own
    return f"{name}累计{value}{unit}{rate}"
