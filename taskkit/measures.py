"""Measures: the sentences of what is done for a task, their kind, and the documents they name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from taskkit.text import sentences

_CLAUSE = "[^，,；;。]"
# The end of one thing in a list, so that 支持规划建设的政策 is a policy and not a plan.
_END = r"(?=[》”）)、，,；;。（(和及与等并]|以及|暨|$)"
_DRAFT = re.compile(
    r"(?<!已)(?:出台|制定|制订|制发|印发|修订(?!版)|编制|起草|颁布|发布|研究提出|完善(?=《)|完善(?![^，。；]{0,60}(?:机制|制度|平台)))"
)
_PLANNED = "规划|计划|方案|要点|路线图|图谱"
_ISSUED = "政策|措施|意见|办法|条例|规定|细则|标准|制度|目录|清单|指引|指南|手册|规范|规则|文件|通知|公约|文本|机制"
_PAPER = re.compile(rf"(?:(?P<plan>{_PLANNED})|(?P<policy>{_ISSUED}))(?:修编|草案)?{_END}")
_ANY_PAPER = re.compile(rf"(?P<plan>{_PLANNED})|(?P<policy>{_ISSUED})")
_COMES_OUT = re.compile(rf"(?:(?P<plan>{_PLANNED})|(?P<policy>{_ISSUED}))(?:尽快|早日)?(?:出台|印发|颁布|获批)")
_OCCASION = rf"(?:活动|大赛|竞赛|赛事|比赛|评选|论坛|演练|展示|嘉年华|[会节展赛周]){_END}"
# What is held or drawn up says more than what else a sentence does; of several the first counts.
_HELD: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("meeting", re.compile(rf"召开|(?:举行|组织){_CLAUSE}{{0,20}}(?:会议|推进会|座谈会|现场会|调度会)")),
    ("event", re.compile(rf"举办|承办|(?:办好|开展|组织(?!召开)|举行){_CLAUSE}{{0,40}}?{_OCCASION}")),
    ("plan", re.compile(rf"开展{_CLAUSE}{{0,20}}规划(?:的?编制|修编|研究)")),
)
_DONE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("train", re.compile(r"培训(?!机构|执法|市场|基地)|轮训|实训(?!基地)|培养|培育.{0,8}人才")),
    (
        "check",
        re.compile(
            r"检查|督查|督导|(?<!保护)督察|执法|整治|排查|考核|评估|审计|监测(?!预警中心|中心|站)|抽检|巡查|核查|验收|督办"
        ),
    ),
    (
        "build",
        re.compile(
            r"(?<!队伍)(?<!体系)(?<!制度)(?<!机制)(?<!能力)(?<!作风)建设(?!用地)|新建|改造|建成|动工|开工|竣工|扩建|改建|修建|投产|筹建"
        ),
    ),
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
    return Measure(text, _kind(text), documents_in(text))


def _kind(text: str) -> str:
    """What is held or drawn up first; else what is done in the first clause that says so; else other."""
    held = [(found.start(), name) for name, pattern in _HELD if (found := pattern.search(text))]
    held += _drawn_up(text)
    if held:
        return min(held)[1]
    clauses = re.split("[，,；;。]", re.sub(r"《[^》]*》", "", text))
    return next((name for each in clauses for name, pattern in _DONE if pattern.search(each)), "other")


def _drawn_up(text: str) -> list[tuple[int, str]]:
    """Where a paper is drawn up, and whether the first one is a plan or a policy; none for no paper."""
    for found in _DRAFT.finditer(text):
        said = _first_paper(text[found.end() : found.end() + 200])
        papers = list(_PAPER.finditer(said)) or list(_ANY_PAPER.finditer(said))
        if papers:
            last = papers[-1] if said.endswith("》") else papers[0]
            return [(found.start(), "plan" if last["plan"] else "policy")]
    return [(found.start(), "plan" if found["plan"] else "policy") for found in [_COMES_OUT.search(text)] if found]


def _first_paper(text: str) -> str:
    """What is drawn up: the title that follows, if it is not a part of a name (《意见》分工方案), else the clause."""
    title = re.match(r"《.*?》(?!〉)", text)
    if title and not _PAPER.search(re.split("[，,；;。《、和]", text[title.end() :])[0]):
        return title[0]
    return re.split("[，,；;。]", text[title.end() :] if title else text)[0]


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
