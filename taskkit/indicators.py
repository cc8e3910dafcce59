"""What a target is called: the words of its clause that say what is counted or measured.

A number stands behind its name (新增家庭农场30家) or before it (新建5个污水处理厂), and several of
either sort share a clause. Verbs that only say that something is done are left out; those that
make a difference to what is counted (新增, 引进, 盘活) stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_LONGEST = 100  # characters that a name can have
_BETWEEN = re.compile(
    r"、|以及|(?<![共饱谐])和(?![谐平睦]|美(?![丽化]))|(?<![普以])及(?!时|其|以[上下]|格)|(?<!参)与(?!会)"
)
_EDGE = re.compile(r"^(?:及|或)?(?:以上|以下|以内|之内|左右|上下)?的?")
_NO_NOUN = re.compile(r"^(?:年度|工作|目标|总体|约束性|预期性)*(?:任务|目标|指标|要求|大关|关口)*$")
_TASK_WORD = re.compile(r"(?<=..)(?:任务|目标任务)$")
_A_FEW = re.compile(r"(?:、|和|以及|及)一批.*$")
_ASIDE = re.compile(r"[（(][^（()）]{3,}[）)]|[（(]含[^（()）]*[）)]")
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》")
_PER = "每(?:[千万百]?[人户名亩天生]|年|月|日){1,2}+"
# Each run of words is taken whole (++), and no two alternatives begin alike, so that a long run has one reading.
_COMPARED = re.compile(
    r"(?:(?:增长|提高|提升|增加|下降|降低|压减|上升|稳定|控制|保持|不断|[降升](?=[至到为]))*+"
    r"(?:达到|(?<!下)达(?!到)|到|至少|(?<![截以甚])至(?!少)|(?<![现所存潜])在|(?<![成作改行])为|从|不少于|不低于|不小于"
    rf"|不超过|不高于|超过|超(?!过)|突破|高于|大于|(?<!附)近|(?<![节公条合预])约|力争|翻|(?<![人平户地])均|分别|{_PER}))++$"
    r"|(?:分别)?(?:增长|保持|稳定|(?<![人平户地])均|分别|力争)$|[≥≤＞＜><=]++$"
)
_THAN = re.compile(r"(?:不少于|不低于|不超过|不高于|高于|低于|超过).*的$")
_DONE = re.compile(r"^.*(?:全覆盖|清零|达标|见效|完成|开工|建成|投产|通车)、(?=.*(?:率|比例|占比|比重)$)")
# What stands before a sentence without being of it: 1. 建设食堂20个; 建设内容：新建停车场4处.
_LABEL = re.compile(r"^\s*(?:\d{1,2}(?:[、．]|\.(?!\d))|[①-⑳]|[（(]\d{1,2}[）)])\s*|^[\u4e00-\u9fff]{2,6}[：:]")
_HOPE = re.compile(r"^[^，。；、]{0,8}?(?:力争|确保)")
_VERBS = re.compile(
    r"^(?:计划|预计|争取|其中|全年|年内|今年|(?:到|在)?(?:20\d\d年|今年|年)?(?:\d{1,2}月)?[底末]之?前?|20\d\d[—\-－至]20\d\d年|\d{1,2}[—\-－至]\d{1,2}月|[上下]半年|加快|推动|推进|促进"
    r"|(?:实施|落实|实现|完成|开展|支持)(?![率度])|持续|继续|全面|重点(?=实施|打造|抓好|推进|推动|建设|培育|支持|发展|开展)"
    r"|深入|积极|努力|[大全强着]力|进一步|统筹|稳步|有序|扎实|集中力量|[高标准质量水平起点]{3}(?=建|推|打|完|实)|加强|强化|[抓做办]好|巩固"
    r"|下达(?:各地)?|常态化|保持|引导|指导|督促|组织(?![部化覆])|发动|带动|帮助|免费|新?推动|围绕|建设(?!用地|项目|工程|标准)|建成(?!区)|投用"
    r"|打造|形成|创建|绘制|安排|举办|抽取|制定|出台"
    r"|对(?!口|外|标|接|象|应)|为(?!民)|在(?![建岗校册职线编])|将(?!军)|把(?!关)|向(?!上))+"
)
_SHARED_VERB = re.compile(r"^(?:新增|新建|新改建|新培育|新认定|引进|招引)")
_VAGUE = re.compile(r"^(?:总数|总量|总额|总规模|总面积|数量|累计|(?:年度)?(?:计划)?(?:总)?投资|年度计划投资)$")
_CHANGE_ALONE = re.compile(r"^(?:其中|同比|分别|提高|增长|下降|上升|增加|降低|提升|减少|达到|[降升增减到至])+$")
_CONDITION = re.compile(r"(?:以上|以下|以内|[大中小]型|级)$")
PAIRED = re.compile(r"率|比例|比重|占比|(?:[起人次户件]|总)数|数量|总量|金额")


@dataclass(frozen=True)
class Counted:
    """A number in a clause: where it stands, and its unit."""

    start: int
    end: int
    unit: str


def indicators(printed: str, blanked: str, numbers: Sequence[Counted]) -> list[str]:
    """The name of what each number of a clause says; "" where the clause has no name for it."""
    parts = _parts(printed, blanked, numbers) if numbers else []
    names: list[str] = []
    for place, (number, (before, after)) in enumerate(zip(numbers, parts, strict=True)):
        name = _name(before, after, number.unit)
        if place and numbers[place - 1].unit == number.unit and not after:
            name = _with_verb(name, names[-1])
        names.append(name)
    return _with_heads(names)


def _parts(printed: str, blanked: str, numbers: Sequence[Counted]) -> list[tuple[str, str]]:
    """The words before and after each number that belong to it and not to the number beside it."""
    starts, ends = [0], []
    for number, following in pairwise(numbers):
        gap = blanked[number.end : following.start]
        marks = list(_BETWEEN.finditer(gap))
        edge = _EDGE.match(gap)
        skipped = edge.end() if edge else 0
        mark = next((found for found in marks if found.start() == skipped), marks[-1] if marks else None)
        ends.append(number.end + (mark.start() if mark else len(gap)))
        starts.append(number.end + (mark.end() if mark else len(gap)))
    ends.append(len(printed))
    return [
        (
            printed[max(start, number.start - _LONGEST) : number.start],
            printed[number.end : min(end, number.end + _LONGEST)],
        )
        for number, start, end in zip(numbers, starts, ends, strict=True)
    ]


def _name(before: str, after: str, unit: str) -> str:
    said, said_of = _ASIDE.sub("", before).strip(), _ASIDE.sub("", after).strip("、 ")
    noun = _TASK_WORD.sub("", _A_FEW.sub("", _EDGE.sub("", said_of))).strip("、的— -")
    noun = "" if _NO_NOUN.match(noun) else noun
    per = re.search(rf"({_PER})$", said)
    head = said_before(said)
    if noun and unit == "%" and said.endswith("的") and not said_of.startswith("的"):
        return f"{head}{noun}"
    if noun and (said.endswith(("的", "等", "和", "及")) or "、" in _QUOTED.sub("", said)):
        return noun
    if noun and unit in ("%", "‰") and not (head and not said_of.startswith("的")):
        return noun
    if not noun or unit in ("%", "‰"):
        many = f"{per[1]}" if per and not re.search("[年月日]", per[1]) else ""
        return f"{many}{head}" if len(head) > 1 else noun or head
    return f"{head}{noun}"


def said_before(text: str) -> str:
    """The name in the words before a number: without what compares, and without mere verbs."""
    head = _COMPARED.sub("", _THAN.sub("", _LABEL.sub("", text))).replace("至少", "")
    head = _DONE.sub("", _VERBS.sub("", _HOPE.sub("", head)))
    if "等" in head[:-1] and "、" in head:
        head = head[head.rindex("等") + 1 :] or head
    return re.sub(r"^(?:和(?!美)|及)", "", head.strip("、的— -")).rstrip("、的和及 ")


def _with_verb(name: str, last: str) -> str:
    """新增 said once counts for all of a list: 新增农场30家、合作社20家."""
    verb = _SHARED_VERB.match(last)
    return f"{verb[0]}{name}" if verb and name and not re.match(r"新|引|招|完成", name) else name


def _with_heads(names: list[str]) -> list[str]:
    """A name that is a condition alone takes its noun from the next: 12座大中型、26座小型水库."""
    whole = list(names)
    for place in range(len(names) - 2, -1, -1):
        ending = _CONDITION.search(whole[place])
        rest = re.split(re.escape(ending[0][-1]), whole[place + 1], maxsplit=1)[1:] if ending else []
        if rest and rest[0].strip():
            whole[place] += rest[0]
    return whole


def each_of(name: str, count: int) -> list[str]:
    """The names of several things of which values are said 分别 or 均: A率和B率, 甲补贴、乙补贴标准, 城乡低保标准."""
    items = [item for item in _BETWEEN.split(name) if item]
    if len(items) != count:
        twin = re.match(r"^城乡(?!融合|规划)(.+)$", name)
        return [f"城镇{twin[1]}", f"农村{twin[1]}"] if twin and count == 2 else [name] * count
    ending = re.search(r"(?:标准|水平|率|比例|比重|数量|金额|面积)$", items[-1])
    return [item if not ending or item.endswith(ending[0]) else f"{item}{ending[0]}" for item in items]


def with_subjects(names: Sequence[str], said: Sequence[str], *, each: bool) -> list[str]:
    """The names of a clause, those that say nothing by themselves completed from what the sentence said before.

    完成投资120亿元，增长8%; 总数; 游客500万人次、收入50亿元，分别增长10%、15% (``each``).
    """
    if each and len(names) > 1 and not any(map(_says_nothing, names[:1])) and all(map(_says_nothing, names[1:])):
        return each_of(names[0], len(names))
    if each and len(said) >= len(names) and all(map(_says_nothing, names)):
        return list(said[len(said) - len(names) :])
    whole: list[str] = []
    for name in names:
        last = whole[-1] if whole else said[-1] if said else ""
        if _says_nothing(name):
            name = last
        elif last and _VAGUE.match(name):
            name = last if last.endswith(name) else f"{_SHARED_VERB.sub('', last)}{name}"
        whole.append(name)
    return whole


def _says_nothing(name: str) -> bool:
    return not name or bool(_CHANGE_ALONE.match(name))
