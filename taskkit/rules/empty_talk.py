"""Reports that say nothing: only 持续推进, a handful of characters, last period's text or the goal once more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from taskkit.columns import COLUMNS
from taskkit.findings import Finding
from taskkit.rules.filled import FilledBook, FilledRow
from taskkit.text import fold
from taskkit.wording import common_start, shortened

_SHORTEST = 15
_LONGEST = 20  # characters of a text that a finding quotes
_ALIKE = 0.95  # of what two texts share, from where on a text is the other one once more
_REPORTS = ("progress", "brief", "followed")
_GOALS = ("stage_goal", "title", "directive")
_SPLIT = re.compile(r"[，。；、：,;.:!！\s]+")
# 正在按计划有序推进各项工作 and the like: nothing but how, and that something is done.
_HOLLOW = re.compile(
    r"(?:(?:目前|现|已|均|仍|我局|我单位|本单位|该|此|本|各|相关|有关|此项|该项|各项|本项|项目|工程|任务|工作|事项|活动|建设|进展|总体|整体)*"
    r"(?:严格|正在|正|持续|有序|稳步|积极|扎实|全力|加快|继续|深入|不断|大力|抓紧|统筹|同步|如期|顺利|正常|加紧|逐步|有力|稳妥|认真|较好|良好|平稳"
    r"|按照?|年度|既定|时间|节点|上级|部署|计划|要求|进度|序时|时序|目标|方案)*"
    r"(?:推进|开展|进行|实施|落实|推动|办理|组织|运行|进展|筹备|准备|完善|跟进|建设|贯彻|正常|顺利|良好)*(?:之?中|当中|过程中)?"
    r"(?:相关|有关|各项|该项|此项)?(?:工作|任务|事项|项目)?(?:之中|中)?)"
    r"|同上期?|略|见上(?:期|月|季度)|(?:情况)?同前|无变化|没有变化|详?见附件|另附|有序|正常|[/\-—\\]+"
)
_FIGURE = re.compile(r"\d")
_FIGURES = re.compile(r"\d+(?:\.\d+)?")


def check_empty_talk(row: FilledRow, book: FilledBook) -> Iterator[Finding]:
    """At most one question for each text: the first that applies."""
    for key in _REPORTS:
        text = row.value(key)
        if text and text != row.sent_value(key):
            code, words = _fault(row, key, text, book.known.meaning_of(row.value("state")))
            if code:
                yield row.found(code, key, column=COLUMNS[key].header, value=shortened(text, _LONGEST), **words)


def _fault(row: FilledRow, key: str, text: str, state: str | None) -> tuple[str, dict[str, str]]:
    folded = fold(text)
    if all(_HOLLOW.fullmatch(part) for part in _SPLIT.split(text) if part):
        return "says-nothing", {}
    for known in _GOALS:
        if _bare(folded) == _bare(fold(row.value(known))):
            return "repeats-goal", {"goal": COLUMNS[known].header}
    for last in (row.sent_value(key), row.value("last_progress") if key == "progress" else ""):
        if last and alike(folded, fold(last)):
            return "repeats-last", {}
    short = key == "progress" and len(folded) < _SHORTEST and not _FIGURE.search(folded)
    return ("too-short", {"length": str(len(folded))}) if short and state not in ("idle", "done") else ("", {})


def alike(one: str, other: str) -> bool:
    """Whether two folded texts are nearly the same; another figure is news, however small the difference.

    Most texts are told apart by their figures, lengths, beginnings and ends; the rest is left to
    difflib, of which only the parts that differ are shown.
    """
    if _bare(one) == _bare(other):
        return True
    longest = max(len(one), len(other))
    if abs(len(one) - len(other)) > longest * (1 - _ALIKE) or _FIGURES.findall(one) != _FIGURES.findall(other):
        return False
    head = common_start(one, other)
    tail = common_start(one[head:][::-1], other[head:][::-1])
    left, right = one[head : len(one) - tail], other[head : len(other) - tail]
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    whole = 2 * (head + tail)
    if (whole + matcher.real_quick_ratio() * (len(left) + len(right))) < _ALIKE * (len(one) + len(other)):
        return False
    if (whole + matcher.quick_ratio() * (len(left) + len(right))) < _ALIKE * (len(one) + len(other)):
        return False
    return whole + matcher.ratio() * (len(left) + len(right)) >= _ALIKE * (len(one) + len(other))


def _bare(folded: str) -> str:
    return re.sub(r"\W", "", folded)
