"""Targets: the measurable aims in a text, each with indicator, comparator, value, unit, baseline.

Every aim has a printed number with a unit: 以上, 超过 or 不少于 make it ``>=``, 以内 or 不超过 ``<=``,
左右 or 近 ``~``, a plain number ``=``; 从x提高到y has x as baseline. Names, ordinals, dates, thresholds
that describe an object (投资超20亿元的项目) and counts of policies that exist already are no aims.
Of a range the lower end is what has to be reached (``>=``), or the upper one where it is a ceiling
(控制在3%—5%以内). What counts as a number, Chinese numerals too, is said in ``quantities``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from taskkit.indicators import PAIRED, Counted, each_of, indicators, said_before, with_subjects
from taskkit.quantities import BLANK, THOUSANDS, UNITS, Quantity, blank_out, quantities
from taskkit.text import CLOSING, OPENING, compact, split_top

_AT_LEAST_BEFORE = re.compile(
    r"(?:不少于|不低于|不小于|至少|超过|超|突破|力争(?:达到?)?|高于|大于|多于|提高到不低于|达到不低于)(?:当地[^，。；]{0,16}?的|每[年月人日千万百户亩名]{1,3}|全[省市县区国]的?|本?地区的?){0,3}$"
    r"|(?:不少于|不低于|高于|超过)[^，。；、\d]{1,20}的$|至少[\u4e00-\u9fff]{1,4}$|(?:不少于|不低于)(?:新增|新建|建成|建设|引进|培育|创建|打造|举办|开展|组织|完成|实现)$"
)
_AT_MOST_BEFORE = re.compile(
    r"(?:不超过|不高于|不大于|(?<!不)低于|(?<!不)少于|控制在)(?:每[年月人日千万百户]{1,3})?$|(?:不超过|不高于|(?<!不)低于)[^，。；、\d]{1,20}的$"
)
_NEAR_BEFORE = re.compile(r"(?:近|约|大约|左右)$")
_AT_LEAST_AFTER = re.compile(r"^(?:及|或)?以上|^[余多]")
_AT_MOST_AFTER = re.compile(r"^(?:及|或)?(?:以内|以下|之内)|^内(?=$|[，。；、办完])")
_NEAR_AFTER = re.compile(r"^(?:左右|上下)")
# How long something takes, and words that shorten it.
_TIMES = frozenset(("天", "小时", "个工作日", "工作日", "周"))
_SHORTENED = re.compile(r"(?:压缩|压减|缩短|缩减|减少|降低|减|降|控制|办结|办理|审批)(?:至|到|为|在)(?:不超过)?$")
# Policies and measures that exist already: 24条措施, 16条政策措施.
_POLICIES = re.compile(
    r"^条?(?:的)?(?:具体|政策|支持|特别|金融|硬|惠企|重点)*(?:政策|措施|举措|意见|规定|办法|标准|指引|硬措施)"
)
# What follows the size of a thing: 投资超20亿元的项目.
_OBJECT_AFTER = re.compile(
    r"^(?:及|或)?(?:以上|以下|以内)?的?[^，。；、\d]{0,8}?(?:项目|企业|机构|平台|桥梁|景区|单位)|^(?:及|或)?以上(?:、|和|及).{0,12}的"
    r"|^(?:以上|以下)的?[^，。；、\d]{0,8}(?:占比|比例|比重)"
)
# The size that describes something: 用地5亩以上工业企业.
_SIZE_BEFORE = re.compile(r"(?:用地|占地|面积|产能|规模|装机|载重)(?:超过|超|达|在)?$")
_YIELD_BEFORE = re.compile(r"(?:年产|日产|日处理|年处理)$")
_YIELD_AFTER = re.compile(r"^的?[^，。；、\d]{0,12}?(?:项目|厂|基地|工程|线|站|中心|设施)")
_SIZED_AFTER = re.compile(r"^(?:以上|以下)的?[^，。；、\d]{0,8}(?:企业|项目|单位|园区|基地|地块|工程|船舶)")
_OBJECT_BEFORE = re.compile(r"(?:投资|产值|营收|营业收入|规模|单体|固投)(?:额|总额)?(?:超过|超|达|不低于|在)?$")
# … that describe what was counted just before: 1个投资30亿元以上、3个投资10亿元以上的重大项目.
_COUNTED_BEFORE = re.compile(r"\d[个家项批](?:总)?(?:投资|产值|营收|规模)(?:额|总额)?(?:超过|超|达)?$")
_SPHERES = re.compile(
    r"^(?:重点)?(?:领域|方面|行业|环节|部门|字|层级|等级|维度|小时|一级指标|二级指标|阶段|月|季度|工作日|自然日"
    r"|(?:地市|地级市|地级以上市|省份|省区|国家(?:和地区)?)(?=$|[、，和及的（(]))"
)
_KEPT = re.compile(r"(?:守住|守牢|严守|坚守|遵守|执行|贯彻|落实)$")  # rules that are kept: 严守10条底线
_EXISTING = re.compile(r"(?:已(?:经|基本)?(?:建成|完成|落地|认定)|现有|原有|目前|已有)[^，。；]{0,8}$")
# … unless it is they that something is done to: 提质建设已基本建成的2条示范带.
_RENEWED = re.compile(
    r"(?:建设|改造|提升|提质|升级|完善|修缮|维修|整治|巩固|推动|推进|对)[^，。；]{0,6}(?:已|现有|原有)[^，。；]*$"
)
# 条 alone counts roads and the like, elsewhere the points of a policy: 生产线3条, but 稳外贸11条.
_LINES = re.compile(
    r"(?:[路线街巷道河渠沟带村链管涌溪堤桥]|小流域|街区|管网|信息|建议|线索|(?:[路巷道河渠沟涌溪]|小流域)(?:综合)?(?:治理|整治|改造))$"
)
# What a task goes by, not what it aims at: 对标国家规划102项重大工程, 围绕20个产业集群, 抢抓3.65万亿元专项债券机遇.
_FRAME = re.compile(r"(?:对标|围绕|聚焦|依托|抢抓|根据|按照|对照)(?![^，。；]*(?:[不至][少低超高]))[^，。；]{0,16}$")
_CHANGE = re.compile(
    rf"[从由](?P<each>(?:每[年月人日千万百户]{{1,3}}?)*)(?P<old>[\d.]+[万亿]?(?:{UNITS})(?:[、和][\d.]+[万亿]?(?:{UNITS}))*)"
    rf"(?:提高|增加|提升|扩大|上升|增长|调整|降低|下降|压减|压缩|减少|缩短|升|降|增|减)(?:到|至|为)(?P<new>[\d.]+[万亿]?(?:{UNITS})(?:[、和][\d.]+[万亿]?(?:{UNITS}))*)"
)
_AMOUNT = re.compile(rf"(?P<num>\d+(?:\.\d+)?)(?P<unit>[万亿]?(?:{UNITS}))")
# 套（间）, 台（套）: one count of two kinds of things
_OTHER_UNIT = re.compile(r"[套台条个处所座家件项户][（(][间个套台处所户座家件条][）)]")
_GROWTH = re.compile(r"(?:增长|增幅|提速|提升|提高|上升|增加|增速|下降|降低|压减|减少|涨幅)(?:达到|达|超过|超|约|近)?$")
_LEVEL_UNITS = re.compile(r"元|斤|克|亩|公里|千米|米|㎡|公顷|吨|千瓦|兆瓦|倍|度|小时")
_NEAR = 100  # characters
# 综合利用率（目标：≥95%）: such a bracket is no aside.
_GOAL_ASIDE = re.compile(r"[（(](?:年度)?目标值?[：:]([^（）()]{1,30})[）)]")
# Units and comparing words in traditional script.
_SIMPLIFIED = str.maketrans(
    "個萬億項間場張輛戶畝噸於達過隻條對棟門點時內減長獲兩", "个万亿项间场张辆户亩吨于达过只条对栋门点时内减长获两"
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
    for sentence in split_top(_GOAL_ASIDE.sub(r"\1", compact(text)), "。；;！？"):
        said: list[str] = []  # the names in this sentence so far
        for printed, clause in _clauses(sentence):
            fresh = list(_in_clause(printed, clause.translate(_SIMPLIFIED)))
            names = with_subjects([target.indicator for target in fresh], said, each="分别" in clause)
            words = printed.strip(" 、")
            for target, name in zip(fresh, names, strict=True):
                same = not target.indicator and target.unit == "%" and found and found[-1].unit == "%"
                kind = found[-1].kind if same else target.kind  # 增长6%，力争6.5%
                found.append(replace(target, text=words, indicator=name, kind=kind))
            said += names
    return found


def _clauses(sentence: str) -> Iterator[tuple[str, str]]:
    """Parts between commas: as printed, and with quoted names and asides blanked out."""
    blanked = _blanked(sentence)
    whole = blank_out(blanked, [found.span() for found in THOUSANDS.finditer(blanked)])
    cuts = [-1, *(found.start() for found in re.finditer("[，,]", whole)), len(sentence)]
    for start, end in pairwise(cuts):
        if re.search(r"[\d一二两兩三四五六七八九十百千半]", blanked[start + 1 : end]):
            yield sentence[start + 1 : end], blanked[start + 1 : end]


def _blanked(text: str) -> str:
    """The text with quoted names and asides replaced by blanks of the same length, 套（间） kept."""
    result, depth = [], 0
    balanced = text.count("“") == text.count("”")
    for place, char in enumerate(text):
        skip = char in "“”" and not balanced
        if char in OPENING and not skip and not (depth == 0 and place and _OTHER_UNIT.match(text, place - 1)):
            depth += 1
        result.append(BLANK if depth else char)
        if char in CLOSING and not skip and depth:
            depth -= 1
    return "".join(result)


def _in_clause(printed: str, clause: str) -> Iterator[Target]:
    ranges = list(_CHANGE.finditer(clause))
    rest = blank_out(clause, [found.span() for found in ranges])
    numbers = [found for found in quantities(rest) if _is_aim(printed, clause, found)]
    places = [Counted(found.start, found.end, found.counter) for found in numbers]
    named = zip(numbers, indicators(printed, clause, places), strict=True)
    by_place = [(found.start(), list(_changes(printed, found))) for found in ranges]
    by_place += [(found.start, list(_values(clause, found, name))) for found, name in named]
    for _, targets in sorted(by_place, key=lambda each: each[0]):
        yield from targets


def _changes(printed: str, found: re.Match[str]) -> Iterator[Target]:
    """从500元、300元提高到520元、320元: one target each, the old value as baseline."""
    pairs = list(zip(_AMOUNT.finditer(found["old"]), _AMOUNT.finditer(found["new"]), strict=False))
    before = printed[max(0, found.start() - _NEAR) : found.start()]
    before = re.sub(r"[（(][^（()）]*[）)]", "", before).removesuffix("分别")
    for (old, new), name in zip(pairs, each_of(said_before(before), len(pairs)), strict=True):
        yield Target("", name, "=", float(new["num"]), new["unit"], float(old["num"]), "range_change")


def _values(clause: str, found: Quantity, name: str) -> Iterator[Target]:
    before, after = _around(clause, found)
    target = _target(before, found, after)
    count = _subjects(before)
    for each in each_of(re.sub("均[^均]{0,6}$", "", name), count) if count > 1 else [name]:
        yield replace(target, indicator=each)


def _around(clause: str, found: Quantity) -> tuple[str, str]:
    """The words just before and after a number; what stands further off says nothing of it."""
    return clause[max(0, found.start - _NEAR) : found.start], clause[found.end : found.end + _NEAR]


def _is_aim(printed: str, clause: str, found: Quantity) -> bool:
    unit, (before, after) = found.counter, _around(clause, found)
    if before.endswith(("第", "前")) or re.search(r"(?:20\d\d|\d)[—\-－至]$", before) or after.startswith("级"):
        return False
    if before.endswith("分") and unit in ("批", "次", "期", "类"):
        return False
    if _is_of_a_policy(unit, before, after, printed[found.end : found.end + _NEAR]) or _describes(unit, before, after):
        return False
    if unit in ("个", "项", "类") and _SPHERES.match(after):
        return False
    if (_EXISTING.search(before) and not _RENEWED.search(before)) or _FRAME.search(before):
        return False
    if unit == "天" and re.search(r"天数[^，。；]{0,8}$", before):
        return True  # 优良天数300天以上 counts days; elsewhere they measure how long something takes
    if unit in _TIMES and _AT_MOST_AFTER.match(after):  # 5个工作日内办结; 压缩至3小时以内
        return bool(_SHORTENED.search(before) or re.match(r"(?:以|之)?内(?:全部)?(?:办|完成|答复|反馈)", after))
    return unit not in (*_TIMES, "度", "站", "段", "门") or bool(_AT_MOST_BEFORE.search(before))


def _is_of_a_policy(unit: str, before: str, after: str, printed: str) -> bool:
    """Whether points of a policy or rules are counted (24条措施, 稳外贸11条); ``printed`` is what follows."""
    if unit in ("条", "项", "个") and _POLICIES.match(printed.lstrip("“")):
        return True
    counted = _AT_LEAST_BEFORE.sub("", _AT_MOST_BEFORE.sub("", before))
    alone = re.match(r"$|[、和及等]", after) and not _LINES.search(counted)
    return unit == "条" and bool(alone or _KEPT.search(before))


def _describes(unit: str, before: str, after: str) -> bool:
    """Whether a number says how large the things are that something is done to (投资超20亿元的项目)."""
    if "元" in unit and (
        _OBJECT_AFTER.match(after)
        or _COUNTED_BEFORE.search(before)
        or re.match(r"(?:及|或)?以上[^，。；、]{0,8}?\d", after)  # 10亿元以上3个
        or (_OBJECT_BEFORE.search(before) and re.match("(?:以上|以下)?的", after))
    ):
        return True
    sized = _SIZE_BEFORE.search(before) and _SIZED_AFTER.match(after)
    return bool(sized or (_YIELD_BEFORE.search(before) and _YIELD_AFTER.match(after)))


def _target(before: str, found: Quantity, after: str) -> Target:
    unit, value = found.unit, found.value
    op = ">=" if found.more else _op(before, after)
    if found.upto is not None:
        op, value = ("<=", found.upto) if op == "<=" else (">=", value)
    kind = "count"
    if unit in ("%", "‰", "个百分点", "百分点", "番"):
        kind = "growth" if _GROWTH.search(before) or unit[-1] in "点番" else "ratio"
    elif unit == "倍":
        kind = "ratio"
    elif _LEVEL_UNITS.search(unit) or re.search(r"每[千万百]?[人户]$", before):
        kind = "level"
    return Target("", "", op, value, unit, None, kind)


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
    return max(1, len(PAIRED.findall(before))) if re.search(r"均[^，。；]{0,6}$", before) else 1
