"""Targets: the measurable aims in a text, each with indicator, comparator, value, unit, baseline.

Numbers that are names, ordinals, dates, thresholds describing an object, or counts of policies
that exist already are no aims (check/README.md). Chinese numerals are left alone: in running text
they are mostly words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from taskkit.text import CLOSING, OPENING, compact, split_top

_NUMBER = r"(?<![\d.:：/\-—+×xX“第A-Za-z])(?P<num>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_MAGNITUDE = r"(?P<mag>万亿|百万|千万|[万亿千])?"
_UNITS = (
    "个工作日|工作日|微克/立方米|毫克/升|个百分点|百分点|%|％|‰|倍|亿?元|美元|欧元|平方公里|平方千米|平方米|立方米|㎡|m²|公顷|公里|千米|海里|亩次|亩|吨|公斤|斤|千瓦时|千瓦|兆瓦|标准箱|标箱"
    "|人次|批次|架次|班次|场次|户次|家次|台套|[套台][（(]间[）)]|套[（(]间[）)]|人|名|位|户|家|个|项|件|处|条|所|座|场|批|台|套|间|张|辆|株|例|类|种|部|期|支|款"
    "|次|只|头|艘|床|枚|宗|对|栋|幢|孔|眼|棵|片|块|份|篇|单|起|门|段|站|岗|床位|学位|车位|泊位|米|度|天|小时"
)
_QUANTITY = re.compile(
    rf"{_NUMBER}\s*(?P<more>[余多])?{_MAGNITUDE}(?P<more2>[余多])?(?P<unit>(?:{_UNITS})(?:/[日天年月亩人户])?)(?P<more3>[余多])?"
)
_AT_LEAST_BEFORE = re.compile(
    r"(?:不少于|不低于|不小于|至少|超过|超|突破|力争(?:达到?)?|高于|大于|多于|提高到不低于|达到不低于)(?:当地[^，。；]{0,16}?的|每[年月人日千万百户亩名]{1,3}|全[省市县区国]的?|本?地区的?)*$"
)
_AT_MOST_BEFORE = re.compile(r"(?:不超过|不高于|不大于|(?<!不)低于|(?<!不)少于|控制在)(?:每[年月人日千万百户]{1,3})?$")
_NEAR_BEFORE = re.compile(r"(?:近|约|大约|左右)$")
_AT_LEAST_AFTER = re.compile(r"^(?:及|或)?以上|^[余多]")
_AT_MOST_AFTER = re.compile(r"^(?:及|或)?(?:以内|以下|之内)|^内(?=$|[，。；、办完])")
_NEAR_AFTER = re.compile(r"^(?:左右|上下)")
# Policies and measures that exist already: 24条措施, 稳就业9条, 16条政策措施.
# How long something takes, and words that shorten it.
_TIMES = frozenset(("天", "小时", "个工作日", "工作日", "周"))
_SHORTENED = re.compile(r"(?:压缩|压减|缩短|缩减|减少|降低|减|降|控制|办结|办理|审批)(?:至|到|为|在)(?:不超过)?$")
_POLICIES = re.compile(
    r"^条?(?:的)?(?:具体|政策|支持|特别|金融|硬|惠企|重点)*(?:政策|措施|举措|意见|规定|办法|标准|指引|硬措施)"
)
_OBJECT_AFTER = re.compile(
    r"^(?:及|或)?(?:以上|以下|以内)?的?[^，。；、\d]{0,8}?(?:项目|企业|机构|平台|桥梁|景区|单位)|^(?:及|或)?以上(?:、|和|及).{0,12}的"
)
_OBJECT_BEFORE = re.compile(r"(?:投资|产值|营收|营业收入|规模|单体|固投)(?:额|总额)?(?:超过|超|达|不低于|在)?$")
_SPHERES = re.compile(
    r"^(?:重点)?(?:领域|方面|行业|环节|地市|地级市|地级以上市|部门|省份|省区|国家(?!级|区|重点)|字|层级|等级|维度|小时|一级指标|二级指标|阶段|月)"
)
_KEPT = re.compile(r"(?:守住|守牢|严守|坚守|遵守|执行|贯彻|落实)$")  # rules that are kept: 严守10条底线
_EXISTING = re.compile(r"(?:已(?:经|基本)?(?:建成|完成|落地|认定)|现有|原有|目前|已有)[^，。；]{0,8}$")
# What a task goes by, not what it aims at: 对标国家规划102项重大工程, 围绕20个产业集群, 抢抓3.65万亿元专项债券机遇.
_FRAME = re.compile(r"(?:对标|围绕|聚焦|依托|抢抓|根据|按照|对照)[^，。；]{0,16}$")
_RANGE = re.compile(
    rf"从(?P<each>(?:每[年月人日千万百户]{{1,3}}?)*)(?P<old>[\d.]+[万亿]?(?:{_UNITS})(?:[、和][\d.]+[万亿]?(?:{_UNITS}))*)"
    rf"(?:提高|增加|提升|扩大|上升|增长|调整|降低|下降|压减|缩短)(?:到|至|为)(?P<new>[\d.]+[万亿]?(?:{_UNITS})(?:[、和][\d.]+[万亿]?(?:{_UNITS}))*)"
)
_AMOUNT = re.compile(rf"(?P<num>\d+(?:\.\d+)?)(?P<unit>[万亿]?(?:{_UNITS}))")
_GROWTH = re.compile(r"(?:增长|增幅|提速|提升|增加|增速|下降|降低|压减|涨幅)(?:达到|达|超过|超|约|近)?$")
_LEVEL_UNITS = re.compile(r"元|斤|克|亩|公里|千米|米|㎡|公顷|吨|千瓦|兆瓦|倍|度|小时")
_BARE_VERB = re.compile(
    r"(?:继续|大力|再|加快|全面|持续|重点|高标准|高质量|着力|园区)*"
    r"(?:启动|办好|绘制|加强|发动|围绕|打造|提升|提高|带动|创建|形成|强化对?|推进|建设|新建|建成|免费|对|为|改造升级|抓好|引进|举办|继续|建成投用|投用|新改建|改扩建|高?标?准?完成|新改扩建)"
)
# 综合利用率（目标：≥95%）: such a bracket is no aside.
_GOAL_ASIDE = re.compile(r"[（(](?:年度)?目标值?[：:]([^（）()]{1,30})[）)]")
_LABEL_BEFORE = re.compile(r"^[\u4e00-\u9fff]{2,6}[：:]")
_LIST_NUMBER = re.compile(r"^\s*(?:\d{1,2}(?:[、．]|\.(?!\d))|[①-⑳])\s*")
# Where the last member of a list begins; 和美 and 普及 hold no and.
_LAST_MEMBER = re.compile(r"(?:、|(?<![普涉以])及|和(?![美谐平睦]))(?=(?:[^、和及]|(?<=[普涉以])及|和[美谐平睦])*$)")
_BY_WHEN = re.compile(r"^(?:到|在)?(?:20\d\d年|今年|年)?(?:\d{1,2}月)?[底末内]?之?前?[，,]?(?<=[前底末])")
# Units and comparing words in traditional script.
_SIMPLIFIED = str.maketrans(
    "個萬億項間場張輛戶畝噸於達過隻條對棟門點時內減長獲", "个万亿项间场张辆户亩吨于达过只条对栋门点时内减长获"
)
_COMMA = re.compile(r"，|,(?!\d{3}(?!\d))")
_VERBS = re.compile(
    r"^(?:[^，。；]{0,6}?(?:力争|确保|计划|全年|年内|预计))?(?:加快|推动|推进|实施|实现|完成|新增|建设|新建|打造|培育|引进|开展|持续|全面|重点|深入|积极|努力)*"
)


@dataclass(frozen=True)
class Target:
    """One measurable aim. ``op`` is >=, <=, = or ~; percentages are 0–100 with the unit %."""

    text: str
    indicator: str
    op: str
    value: float
    unit: str
    baseline: float | None = None
    kind: str = "count"


def find_targets(text: str) -> list[Target]:
    """All targets of a text, in reading order."""
    found: list[Target] = []
    for printed, clause in _clauses(_GOAL_ASIDE.sub(r"\1", compact(text))):
        for target in _in_clause(clause.translate(_SIMPLIFIED)):
            # 达到800亿元、增长5%; 增长7%以上，力争8%: a bare number speaks of what the one before does
            of = target.indicator or (found[-1].indicator if found else "")
            if len(of) < 2 and "”" in printed:  # “一网通办”率: the name that was blanked out
                of = _VERBS.sub("", printed[: printed.rfind("”") + 1]) + of
            found.append(replace(target, text=printed.strip(" 、"), indicator=of))
    return found


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Parts between commas and full stops: as printed, and with quoted names and asides blanked out."""
    for sentence in split_top(text, "。；;！？"):
        blanked = _blanked(sentence)
        cuts = [-1, *(found.start() for found in _COMMA.finditer(blanked)), len(sentence)]
        for start, end in pairwise(cuts):
            if re.search(r"\d", blanked[start + 1 : end]):
                yield sentence[start + 1 : end], blanked[start + 1 : end]


def _blanked(text: str) -> str:
    """The text with quoted names and asides replaced by blanks of the same length, 套（间） kept."""
    result, depth = [], 0
    balanced = text.count("“") == text.count("”")
    for place, char in enumerate(text):
        skip = char in "“”" and not balanced
        if char in OPENING and not skip and not (depth == 0 and re.match(r"[（(]间[）)]", text[place:])):
            depth += 1
        result.append("\u3007" if depth else char)
        if char in CLOSING and not skip and depth:
            depth -= 1
    return "".join(result)


def _in_clause(clause: str) -> Iterator[Target]:
    ranges = list(_RANGE.finditer(clause))
    for found in ranges:
        yield from _changes(clause, found)
    for found in _QUANTITY.finditer(clause):
        if any(span.start() <= found.start() < span.end() for span in ranges):
            continue
        before, after = clause[: found.start()], clause[found.end() :]
        if not _is_aim(before, found, after):
            continue
        target = _target(clause, before, found, after)
        yield from [target] * _subjects(before)


def _changes(clause: str, found: re.Match[str]) -> Iterator[Target]:
    """从500元、300元提高到520元、320元: one target each, the old value as baseline."""
    pairs = zip(_AMOUNT.finditer(found["old"]), _AMOUNT.finditer(found["new"]), strict=False)
    for old, new in pairs:
        name = _indicator(clause[: found.start()].removesuffix("分别"), "")
        yield Target("", name, "=", float(new["num"]), new["unit"], float(old["num"]), "range_change")


def _is_aim(before: str, found: re.Match[str], after: str) -> bool:
    unit = found["unit"]
    if before.endswith(("第", "前")) or re.search(r"(?:20\d\d|\d)[—\-－至]$", before):
        return False
    if unit in ("条", "项", "个") and _POLICIES.match(after):
        return False
    if unit == "条" and (not after.strip("\u3007等”") or after[0] in "、和及"):
        return False
    if unit == "条" and _KEPT.search(before):
        return False
    if unit in ("个", "项", "大", "类") and _SPHERES.match(after):
        return False
    if _EXISTING.search(before) or _FRAME.search(before) or after.startswith("级"):
        return False
    if "元" in unit and (
        _OBJECT_AFTER.match(after)
        or re.match(r"(?:及|或)?以上[^，。；、]{0,8}?\d", after)  # 10亿元以上3个
        or (_OBJECT_BEFORE.search(before) and re.match(r"(?:以上|的)(?=[^，。；、])", after))
    ):
        return False
    if unit == "天" and re.search(r"天数[^，。；]{0,8}$", before):
        return True  # 优良天数300天以上 counts days; elsewhere they measure how long something takes
    if unit in _TIMES and _AT_MOST_AFTER.match(after):  # 5个工作日内办结; 压缩至3小时以内
        return bool(_SHORTENED.search(before) or re.match(r"(?:以|之)?内(?:全部)?(?:办|完成|答复|反馈)", after))
    return unit not in (*_TIMES, "度", "站", "段", "门") or bool(_AT_MOST_BEFORE.search(before))


def _target(clause: str, before: str, found: re.Match[str], after: str) -> Target:
    unit = f"{found['mag'] or ''}{found['unit']}".replace("％", "%")
    more = any(found[name] for name in ("more", "more2", "more3"))
    op = ">=" if more else _op(before, after)
    value = float(found["num"].replace(",", ""))
    kind = "count"
    if unit in ("%", "‰", "个百分点", "百分点"):
        kind = "growth" if _GROWTH.search(before) or "百分点" in unit else "ratio"
    elif _LEVEL_UNITS.search(unit):
        kind = "level"
    return Target("", _indicator(before, after), op, value, unit, None, kind)


def _op(before: str, after: str) -> str:
    if sign := re.search(r"[≥≤＞＜><]=?$", before):
        return ">=" if sign[0][0] in "≥＞>" else "<="
    if _AT_MOST_AFTER.match(after) or _AT_MOST_BEFORE.search(before):
        return "~" if _NEAR_AFTER.match(after) else "<="
    if _AT_LEAST_AFTER.match(after) or _AT_LEAST_BEFORE.search(before):
        return ">="
    return "~" if _NEAR_AFTER.match(after) or _NEAR_BEFORE.search(before) else "="


def _subjects(before: str) -> int:
    """How many rates one value is said of: A率和B率均超过95%."""
    return max(1, len(re.findall(r"率|比例|比重", before))) if re.search(r"均[^，。；]{0,6}$", before) else 1


def _indicator(before: str, after: str) -> str:
    """What is counted: the words before the number, or the noun after it where a verb stands before."""
    head = _LAST_MEMBER.split(re.sub(r"[\u3007]", "", before))[-1].rstrip("≥≤＞＜><=")
    head = re.sub(
        r"(?:增长|达到|达|稳定在|保持在|(?:压缩|压减|缩短|降低|下降|提高|提升|扩大|增加)至|提高到|控制在|不少于|不低于|不超过|不高于|不大于|超过|超|突破|至少|力争|近|约|均|分别|从|为)+(?:每[年月人日千]{1,3})?$",
        "",
        head,
    )
    head = _BY_WHEN.sub("", _LABEL_BEFORE.sub("", _LIST_NUMBER.sub("", head)))
    name = _VERBS.sub("", head.replace("\u3007", "")).strip("、的 ").rstrip("和及")
    noun = re.match(r"(?:以上|以内|左右)?的?([^，。；、\d]*)", after.replace("\u3007", ""))
    listed = before.endswith("等") or "、" in before
    if len(name) >= 2 and not (noun and len(noun[1]) > 1 and (listed or _BARE_VERB.fullmatch(name))):
        return name
    return (noun[1] if noun and noun[1] else head).strip("、的 ")
