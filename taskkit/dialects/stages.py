"""Goals of stages within one text: 一季度：完成2个；二季度：完成5个, 上半年完成10家，下半年完成20家."""

from __future__ import annotations

import re

from taskkit.text import compact

_STAGE = r"第?[一二三四1-4]季度|[上下]半年"
_GOALS = re.compile(
    rf"(?:^|(?<=[。；;，,、\s]))(?P<stage>{_STAGE})(?:(?:工作|年度)?(?:目标|计划|任务|进度))?(?P<colon>\s*[：:])?\s*"
)
_LINE = re.compile(rf"(?:{_STAGE})(?:(?:工作|年度)?(?:目标|计划|任务|进度))?\s*[：:]")


def begins_with_stage(text: str) -> bool:
    """Whether a line is labelled with a stage (一季度：…)."""
    return _LINE.match(text) is not None


def stage_goals(text: str) -> list[tuple[str, str]]:
    """The goals of at least one labelled or two named stages; none for a text that only names a time."""
    words = compact(text)
    found = list(_GOALS.finditer(words))
    if not found or found[0].start() or (len(found) < 2 and not found[0]["colon"]):
        return []
    ends = [match.start() for match in found[1:]] + [len(words)]
    goals = [
        (_name(match["stage"]), words[match.end() : end].strip(" 。；;，,、"))
        for match, end in zip(found, ends, strict=True)
    ]
    return goals if all(len(goal) > 1 and goal not in ("前", "底前") for _, goal in goals) else []


def _name(stage: str) -> str:
    """A stage as the goals call it: 第1季度 as 一季度."""
    plain = stage.removeprefix("第")
    return "一二三四"[int(plain[0]) - 1] + plain[1:] if plain[0].isdecimal() else plain
