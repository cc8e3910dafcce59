"""Quantities: the numbers of a clause with their units, in digits, as ranges and in Chinese numerals.

A range (3—5家, 10%—15%) is one quantity: its lower end, which is what has to be reached, and its
upper end for where it is a ceiling (控制在3%—5%以内). Thousands may be parted by a comma of either
width (1,200 or 1，200). 投资5.5亿 without 元 is 亿元 where what is spoken of is money.

Chinese numerals are mostly words (两会, 三农, 一带一路, 十四五, 百日攻坚), so that they count only right
after a verb that makes or does what is counted (开展两批, 建成三所) or a comparing word (至少一家); 一
alone only after such a word. Up to 千 they are the value, 万 and 亿 belong to the unit as they do in
digits: 三十万亩 is 30 万亩, 百万亩 is 100 万亩. 一半以上, 八成以上 and 百分之八十 are percentages, 翻两番
is 2 番; 全覆盖, 翻番 and 一批 print no number and are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from taskkit.text import parse_numeral

BLANK = "\u3007"  # stands in a clause for each character of a quoted name or an aside

_FIGURE = r"(?:\d{1,3}(?:[,，]\d{3}){1,4}|\d+(?:\.\d+)?)"
_START = r"(?<![\d.:：/\-—+×xX“第A-Za-z])"
UNITS = (
    "个工作日|工作日|微克/立方米|毫克/升|个百分点|百分点|%|％|‰|倍|亿?元|美元|欧元|平方公里|平方千米|平方米|立方米|㎡|m²|公顷|公里|千米|海里|亩次|亩|吨|公斤|斤|千瓦时|千瓦|兆瓦|标准箱|标箱"
    "|人次|批次|架次|班次|场次|户次|家次|台套|头只|[套台条个处所座家件项户][（(][间个套台处所户座家件条][）)]|人|名|位|户|家|个|项|件|处|条|所|座|场|批|台|套|间|张|辆|株|例|类|种|部|期|支|款"
    "|次|只|头|艘|床|枚|宗|对|栋|幢|孔|眼|棵|片|块|份|篇|单|起|门|段|站|岗|床位|学位|车位|泊位|米|度|天|小时"
    "|列车次|列次|列(?=$|[、，及和与以（(])|车次|航次|趟|件次|公斤|千克|斤|剂次|课时|学时|节(?=$|[、，及和课以（(])|组(?=$|[、，及和以（(])|尾|羽|盏|册|集|分(?![钟之类批局行公院部支会店]|数|级|别|期|阶段|步|层|担|析|布|享|解)"
)
_PER = r"(?:/(?:[日天年月亩人户吨斤]|平方米|㎡|公顷))?"
_COUNTED = (
    r"(?P<more>[余多])?(?P<mag>万亿|百万|千万|[万亿千])?(?P<more2>[余多])?"
    rf"(?P<unit>(?:{UNITS}){_PER})(?P<more3>[余多])?"
)
_PLAIN = re.compile(rf"{_START}(?P<num>{_FIGURE})\s*{_COUNTED}")
_SPAN = re.compile(
    rf"{_START}(?<![从由])(?P<low>{_FIGURE})(?P<own>(?:万亿|百万|千万|[万亿千])?(?:{UNITS})?)(?:[—\-－–]{{1,2}}|[~～至到])"
    rf"(?P<num>{_FIGURE})\s*{_COUNTED}"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# 投资5.5亿: the 元 goes without saying where the words before speak of money and nothing follows that is counted.
_MONEY = re.compile(
    rf"(?:投资|资金|固投|产值|营收|收入|税收|融资|贷款|授信|销售额|交易额)(?:总?额|余额|规模)?(?:达到?|超过?|突破|不少于|不低于|力争|约|近)?"
    rf"(?P<num>{_FIGURE})(?P<more>[余多])?(?P<mag>万亿|百万|千万|[万亿])(?P<more2>[余多])?(?=$|[、，及和]|以[上下内]|左右|的)"
)
# A full-width comma between thousands (1，200人), which parts no clauses.
THOUSANDS = re.compile(
    rf"(?<![\d.])\d{{1,3}}(?:[,，]\d{{3}}){{1,4}}(?!\d)"
    rf"(?=\s*[余多]?(?:[万亿千]|{UNITS}))(?!\s*[%％‰])"
)

_NUMERAL = "一二两三四五六七八九十百千"
_NO_NUMERAL = rf"(?<![第初{_NUMERAL}万亿零半\d])"
_WORD = (
    rf"(?=[{_NUMERAL}])(?:[一二两三四五六七八九]千)?(?:零?[一二两三四五六七八九]百)?(?:零?[一二三四五六七八九]?十)?"
    r"(?:零?[一二两三四五六七八九])?|[百千](?=万)"
)
# Things reckoned by area, length, weight, head or money; things that are counted one by one; and the
# most general counters, also those of slogans (三个年, 五个一) and of what exists (五项制度).
_MEASURED = (
    r"平方公里|平方千米|平方米|立方米|公顷|公里|千米|亩次|亩|吨|公斤|千瓦时|千瓦"
    r"|兆瓦|亿?元(?![级村户镇])|人次|户次|场次|批次|户|人(?![才民口工员社力居大事])"
)
_COUNTER = (
    r"家(?![渠子])|所|座|场(?!景)|批(?![发准复评次])|台(?!阶)|套(?!班子)|辆|艘|栋|幢|支"
    r"|名(?![录单牌])|处|件|间|次(?![性全会])|株|位(?!一体|数)|宗|部(?![门分署])"
)
_GENERAL = (
    r"(?:个|项|条)(?![一年字区性化大重月季小之]|百分|红线|底线|方面|维护|确立|全面|领域"
    r"|部门|层面|制度|机制|行动|改革|任务|工程|体系|要求|确保|坚持|环节|高地)"
)
_TIME = "个?工作日|小时|天"
# 两至三家, 两三家
_SPOKEN = re.compile(
    rf"{_NO_NUMERAL}(?:(?P<low>[一两二三四五六七八九十])(?:[至到—](?=[{_NUMERAL}])|(?<!十)(?=[二三四五六七八九](?![十百千]))))?(?P<word>{_WORD})"
    rf"(?P<more>[余多])?(?P<mag>万亿|[万亿])?(?P<more2>[余多])?(?P<unit>个?百分点|倍|番|{_TIME}|{_MEASURED}|{_COUNTER}|{_GENERAL})"
)
_SURE = r"(?:至少|最少|不少于|不低于|不小于)"
_COMPARING = rf"(?:{_SURE}|超过|突破|达到|达|不超过|不高于|控制在|提高到|提高至|增加到|增至|扩大到|力争)"
_VERB = (
    "(?:新增|新建|新改建|新开|新办|新认定|新引进|新培育|建成|建设|兴建|改建|扩建|改造|修建|组建|引进|招引|培育|创建|打造|举办"
    "|开展|开行|开通|开工|竣工|投产|召开|认定|评选|选树|办好|办成|完成|选派|培养|培训|招聘|招募|种植|造林|复垦|整治|修复|治理"
    "|确定|遴选|盘活|购置|配备|拆除|淘汰|关停|放流|筹集|签约|落地)"
)
_MADE = re.compile(rf"(?:{_VERB}了?|{_COMPARING}{_VERB}?)(?:近|约|超)?$")
_MOVED = re.compile(
    r"(?:推进|推动|实施|落实|报批|流转|供应|增加|减少|压减|吸引|带动|投资|资金|产值|收入)(?:近|约|超)?$"
)  # with what is measured only
_CHANGED = re.compile(r"(?:增长|提高|提升|增加|扩大|下降|降低|减少|压减|上升|增|降)(?:近|约|超过|超|达到|达)?$")
_HELD = re.compile(r"(?:开展|建设)$")  # 开展三支队伍建设, 开展两个结合: what is counted there is mostly a name
# The number behind its noun, at the end of what is said: 新建学校十二所, 建成广场一个.
_NOUN_MADE = re.compile(rf"{_VERB}(?![^，。；、]*[的第])[^，。；、\d]{{2,10}}$")
_ENDED = re.compile(r"$|[、，；。和及]|以上")
_LISTED = re.compile(r"[^，。；、和及]{1,12}[、和及]")  # 建成两条路、三座桥
_NOUN_LISTED = re.compile(r"[、和及][^，。；、和及的第]{2,10}")  # 新建公园两个、广场三个
_AT_LEAST_ONE = re.compile(rf"{_SURE}{_VERB}?$")
_SHARE = re.compile(
    rf"(?P<half>一半|半数)|(?<![第{_NUMERAL}])(?P<tenths>[一二三四五六七八九])成(?![员果功立长为本品套交])"
    rf"|(?P<of>[百千])分之(?P<part>[{_NUMERAL}]{{1,5}})(?:点(?P<point>[{_NUMERAL}零]{{1,3}}))?"
)
_MORE_OR_LESS = re.compile("以[上下内]|左右")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit: where it stands, the unit without (``counter``) and with its magnitude."""

    start: int
    end: int
    value: float
    unit: str
    counter: str
    more: bool = False  # 余, 多
    upto: float | None = None  # the upper end of a range


def quantities(clause: str) -> list[Quantity]:
    """The quantities of a clause in reading order; what one form of number took is no part of another."""
    found: list[Quantity] = []
    for form in (_spans, _plain, _money, _shares):
        fresh = list(form(clause))
        found += fresh
        clause = blank_out(clause, [(each.start, each.end) for each in fresh])
    found += _spoken(clause, {each.end for each in found})
    return sorted(found, key=lambda each: each.start)


def blank_out(clause: str, places: Iterable[tuple[int, int]]) -> str:
    """The clause with these places blank, as long as before."""
    kept, last = [], 0
    for start, end in places:
        kept += [clause[last:start], BLANK * (end - start)]
        last = end
    return "".join([*kept, clause[last:]])


def _spans(clause: str) -> Iterator[Quantity]:
    for found in _SPAN.finditer(clause):
        low, high = _figure(found["low"]), _figure(found["num"])
        own, unit = found["own"], found["unit"]
        same = own in ("", found["mag"], unit, f"{found['mag'] or ''}{unit}")
        if same and low < high and not _YEAR.fullmatch(found["low"]):
            yield _quantity(found, low, upto=high)


def _plain(clause: str) -> Iterator[Quantity]:
    return (_quantity(found, _figure(found["num"])) for found in _PLAIN.finditer(clause))


def _money(clause: str) -> Iterator[Quantity]:
    for found in _MONEY.finditer(clause):
        unit, more = f"{found['mag']}元", bool(found["more"] or found["more2"])
        yield Quantity(found.start("num"), found.end(), _figure(found["num"]), unit, "元", more)


def _shares(clause: str) -> Iterator[Quantity]:
    for found in _SHARE.finditer(clause):
        sized = _MORE_OR_LESS.match(clause, found.end()) or _MADE.search(_just_before(clause, found.start()))
        value = 50.0 if found["half"] else 10.0 * (parse_numeral(found["tenths"] or "") or 0)
        if found["of"]:
            point = "".join(str(parse_numeral(digit)) for digit in found["point"] or "0")
            value = float(f"{parse_numeral(found['part'])}.{point}")
        if value and (sized or found["of"]):
            unit = "‰" if found["of"] == "千" else "%"
            yield Quantity(found.start(), found.end(), value, unit, unit)


def _spoken(clause: str, ends: set[int]) -> Iterator[Quantity]:
    """Chinese numerals; ``ends`` is where the other numbers of the clause end."""
    for found in _SPOKEN.finditer(clause):
        value, low = parse_numeral(found["word"]), parse_numeral(found["low"] or "")
        last = next((end for end in range(found.start() - 1, found.start() - 14, -1) if end in ends), None)
        gap = clause[last : found.start()] if last is not None else ""
        if value and (low is None or low < value) and _is_counted(clause, found, gap):
            ends.add(found.end())
            yield _quantity(found, low or value, upto=value if low else None)


def _is_counted(clause: str, found: re.Match[str], gap: str) -> bool:
    """Whether a numeral is a number and no part of a name: what is done with it or compared stands before it.

    ``gap`` is what stands between it and a number just before.
    """
    before, unit, word = _just_before(clause, found.start()), found["unit"], found["word"]
    if unit == "番":
        return before.endswith("翻")
    if re.fullmatch(_TIME, unit):  # whether it is an aim, the words around it say
        return bool(re.match("(?:以|之)?内", clause[found.end() : found.end() + 2]))
    if unit in ("个百分点", "百分点", "倍"):
        return bool(_CHANGED.search(before) or (word != "一" and _MADE.search(before)))
    if word in ("百", "千") and (unit not in ("亩", "户", "人", "人次") or not found["mag"]):
        return False  # 百万元户, 千万吨级
    behind = unit not in ("条", "项", "批") and _ENDED.match(clause, found.end())
    if behind and (_NOUN_MADE.search(before) or _NOUN_LISTED.fullmatch(gap)):
        return True
    if word == "一" and not found["mag"]:
        return bool(_AT_LEAST_ONE.search(before))
    if unit in ("个", "项", "条", "支") and _HELD.search(before) and (unit == "支" or before.endswith("开展")):
        return False
    measured = re.fullmatch(_MEASURED, unit)
    return bool(_LISTED.fullmatch(gap) or _MADE.search(before) or (measured and _MOVED.search(before)))


def _quantity(found: re.Match[str], value: float, upto: float | None = None) -> Quantity:
    said = found.groupdict()
    more = any(said.get(name) for name in ("more", "more2", "more3"))
    unit = f"{found['mag'] or ''}{found['unit']}".replace("％", "%")
    return Quantity(found.start(), found.end(), value, unit, found["unit"].replace("％", "%"), more, upto)


def _figure(text: str) -> float:
    return float(text.replace(",", "").replace("，", ""))


def _just_before(clause: str, place: int) -> str:
    return clause[max(0, place - 12) : place]
