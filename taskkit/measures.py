"""Measures: the sentences of what is done for a task, their kind, and the documents they name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from taskkit.text import sentences

_DRAFT = r"(?:出台|制定|制订|印发|修订|编制|起草|颁布|发布|研究提出|完善)"
# First match counts; what is drawn up decides between a policy and a plan.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("meeting", re.compile(r"召开|(?:举行|组织).{0,20}(?:会议|推进会|座谈会|现场会|调度会)")),
    ("event", re.compile(r"举办|办好|承办|(?:开展|组织).{0,30}(?:活动|大赛|赛事|论坛|展会|博览会|文化节)")),
    ("plan", re.compile(rf"{_DRAFT}.{{0,60}}?(?:规划|计划|方案|要点|路线图|图谱)|开展.{{0,20}}规划")),
    (
        "policy",
        re.compile(
            rf"{_DRAFT}.{{0,60}}?(?:政策|措施|意见|办法|条例|规定|细则|标准|制度|目录|清单|指引|规范|文件|机制)"
        ),
    ),
    ("train", re.compile(r"培训|轮训|实训|培养|培育.{0,8}人才")),
    ("check", re.compile(r"检查|督查|督导|执法|整治|排查|考核|评估|审计|监测|抽检|巡查|验收|督办")),
    ("build", re.compile(r"建设|新建|改造|建成|动工|开工|竣工|扩建|改建|修建|投产|筹建|升级")),
)


@dataclass(frozen=True)
class Measure:
    """One measure. ``kind``: meeting, event, plan, policy, train, check, build or other."""

    text: str
    kind: str
    documents: tuple[str, ...] = ()


def split_measures(text: str) -> list[Measure]:
    """A text of measures as single ones, one per sentence."""
    return [measure(sentence) for sentence in sentences(text)]


def measure(text: str) -> Measure:
    """One measure out of its text."""
    kind = next((name for name, pattern in _KINDS if pattern.search(text)), "other")
    return Measure(text, kind, documents_in(text))


def documents_in(text: str) -> tuple[str, ...]:
    """The titles in 《》, outermost only."""
    titles: list[str] = []
    depth, start = 0, 0
    for place, char in enumerate(text):
        if char == "《":
            depth += 1
            start = place + 1 if depth == 1 else start
        elif char == "》" and depth:
            depth -= 1
            if not depth:
                titles.append(text[start:place])
    return tuple(dict.fromkeys(titles))
