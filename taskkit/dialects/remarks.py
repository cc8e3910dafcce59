"""Closing remarks of a plan (保障措施, 工作要求): headings under which no tasks stand."""

from __future__ import annotations

import re

from taskkit.unit_words import both_scripts

_MAX_HEADING = 60
# Headings of what is no task, as a whole: 强化督查考核 is one, 绩效考核 or 安全生产监督 is a field of work.
_REMARK = (
    r"(?:工作|有关|相关|几点|具体|其他|总体|贯彻){0,3}要求|(?:工作)?保障(?:措施|机制)?|(?:组织|工作)?(?:领导|实施|保障)|组织推进"
    r"|(?:工作|推进|实施)机制|(?:有关|相关|其他)事项|(?:督查|督办|督导|督促|监督|检查|考核|考评|评估|问责|奖惩|通报|跟踪|落实|责任){1,4}(?:工作)?"
    r"|(?:有关|编制|指标|补充|相关)?说明"
)
_STRENGTHEN = (
    r"(?:(?:切实|进一步|全面)?(?:加强|强化|严格|严肃|严抓|狠抓|抓好|做好|明确|健全|完善|建立|落实|压实|注重))?"
)
_NOT_TASKS = re.compile(
    both_scripts(
        rf"(?:[（(]?第?[一二三四五六七八九十\d]{{1,3}}[）)]?(?:部分|篇|章)?[、．.：:\s]*)?{_STRENGTHEN}"
        rf"(?:{_REMARK})(?:[和及与、](?:{_REMARK}))*"
        r"(?:[（(].{1,6}[项条个][）)])?[。：:]?"
    )
)
_CHORE = re.compile(
    both_scripts(rf"{_STRENGTHEN}(?:{_REMARK}|领导|统筹|协调|宣传|引导|发动|推广|调度|信息|报送){{1,3}}")
)


def is_closing(heading: str) -> bool:
    """Whether a heading, its number included, is one of closing remarks."""
    return bool(_NOT_TASKS.fullmatch(heading[:_MAX_HEADING]))


def is_chore(text: str) -> bool:
    """Whether an item begins as a closing remark does (强化宣传。…): what its prose says of units makes it no task."""
    return bool(_CHORE.fullmatch(re.split("[。，；：]", text[:_MAX_HEADING])[0]))
