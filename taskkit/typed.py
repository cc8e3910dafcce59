"""What a person typed into a number column means, in the unit of the target: the one reading that all use.

The ledger keeps a plain number where the text plainly is one, in whatever spelling (45场, 1.2万, 3500米
for 公里); everything else stays as it was typed (约300, 300—400, 正在统计), and is read here again by
whoever needs a figure. Nothing that is not a figure ever counts as one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from taskkit.figures import as_number
from taskkit.quantities import UNITS, quantities


class Sense(StrEnum):
    """In which sense a text says a figure, or why it says none."""

    BLANK = "blank"
    NUMBER = "number"  # 1,234
    SUFFIXED = "suffixed"  # 45场, 1.2万, in the target's unit
    CONVERTED = "converted"  # 3500米 for 公里; 3个 for 所
    NEAR = "near"  # 约300, 300余
    SAID = "said"  # 已完成3所
    RANGE = "range"  # 300—400
    FOREIGN = "foreign"  # 12.5亿元 for 场
    NO_DATA = "no data"  # 暂无数据, 正在统计, /
    SECRET = "secret"  # 涉密，另行报送
    LATER = "later"  # 稍后补
    UNREAD = "unread"


_PLAIN = frozenset((Sense.NUMBER, Sense.SUFFIXED, Sense.CONVERTED))


@dataclass(frozen=True)
class Meaning:
    """What a text means: the figure in the target's unit (None where there is none), and in which sense."""

    sense: Sense
    number: Decimal | None = None
    upto: Decimal | None = None  # the upper end of a range, whose lower end is no figure to count

    @property
    def plain(self) -> bool:
        """Whether the number says all that the text says, so that it may stand for it."""
        return self.sense in _PLAIN


_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MAGNITUDES = {"百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_MAGNITUDES |= {"百亿": 10**10, "千亿": 10**11, "万亿": 10**12}
_MAG = "|".join(sorted(_MAGNITUDES, key=len, reverse=True))
_BEFORE = "约为|大约|大概|将近|接近|超过|约|近|超|逾|不足|不到|~|≈|>|<"
_AFTER = "左右|上下|以上|以下|以内|[余多+]"
_ONE = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<number>{_NUM})(?P<more>[余多])?(?P<mag>{_MAG})?(?P<more2>[余多])?"
    rf"(?P<unit>\D{{0,10}}?)(?P<after>{_AFTER})?"
)
_RANGE = re.compile(
    rf"(?P<low>{_NUM})(?P<own>\D{{0,4}}?)(?:—+|–|-|~|～|至|到)(?P<number>{_NUM})(?P<mag>{_MAG})?(?P<unit>\D{{0,10}}?)"
)
_UNIT = re.compile(rf"(?:{_MAG})?(?:{unicodedata.normalize('NFKC', UNITS)})(?:/\w{{1,4}})?")
_ASIDE = re.compile(r"\(.*\)$|[,;:。].*$")
_NO_DATA = re.compile(
    r"[/\\\-—–―_·.…*]{1,6}|n/?a|无|空|暂?(?:尚|暂)?[未没]?(?:无|有)?(?:相关|具体|最新)?(?:数据|统计数据|数字)|暂无|没有|尚无|不适用"
    r"|(?:数据|数字)?(?:正在|尚在|还在)?(?:统计|汇总|核算|测算)(?:之?中|过程中)?|(?:数据)?(?:正在|尚未|暂未|未|无法|尚不|暂不|待)(?:统计|汇总|核算|测算|公布|发布|反馈)(?:出来|完成|中)?"
    r"|(?:数据|统计数据)?(?:暂未|尚未|未)(?:出|出来|出炉|公布|发布|反馈|产生)",
    re.I,
)
_SAID_NO_DATA = re.compile("暂无数据|暂无统计数据|尚无数据|正在统计|统计中")
_LATER = re.compile(
    "(?:稍|随|以|之)?后(?:续|期|面)?(?:再|会|另)?(?:补|报|填)|待(?:补|报|定|核|确认|填)|(?:下周|下月|明天|过几天|改日|届时)(?:再)?(?:补|报|填)|补报|另报"
)

# Units that measure the same, with their sizes. What is counted one by one stands for itself.
_FAMILIES: tuple[Mapping[str, int | Fraction], ...] = (
    {"米": 1, "m": 1, "千米": 1000, "公里": 1000, "km": 1000, "里": 500},
    {"平方米": 1, "亩": Fraction(2000, 3), "公顷": 10**4, "平方公里": 10**6, "平方千米": 10**6},
    {"克": Fraction(1, 1000), "斤": Fraction(1, 2), "公斤": 1, "千克": 1, "吨": 1000},
    {"%": 1, "‰": Fraction(1, 10)},
    {"千瓦": 1, "兆瓦": 1000},
    {"千瓦时": 1, "度": 1},
    {"人": 1, "名": 1, "位": 1},
    {"天": 1, "日": 1},
    {"个工作日": 1, "工作日": 1},
    {"个百分点": 1, "百分点": 1},
)
_KNOWN = {unit: (at, Fraction(size)) for at, family in enumerate(_FAMILIES) for unit, size in family.items()}
_COUNTERS = re.compile("[个所座处家件项场次批台套条户间张辆株例类种部期支款栋幢宗对只头册篇起门]")  # 3个 for 3所


@lru_cache(maxsize=10_000)
def meaning(text: str, unit: str | None = None) -> Meaning:
    """What a text in a number column means, in ``unit``, the unit of its target (None where there is none)."""
    words = _normal(text)
    if not words:
        return Meaning(Sense.BLANK)
    number = as_number(words)
    if number is not None:
        return Meaning(Sense.NUMBER, number)
    wanted = _normal(unit or "")
    return _answer(words) or _one(words, wanted) or _range(words, wanted) or _said(words, wanted)


def _normal(text: str) -> str:
    """Without width variants, invisible signs and spaces; 12。5 as Chinese keyboards write it is 12.5."""
    words = text.replace("㎡", "平方米").replace("m²", "平方米").replace("㎥", "立方米")
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", words)).strip().replace("−", "-")
    if as_number(plain) is not None:
        return plain
    return re.sub(r"(?<=\d)[。·](?=\d)", ".", re.sub(r"(?<=\d)\s+(?=\D)|(?<=\D)\s+", "", plain))


def _answer(words: str) -> Meaning | None:
    """The answers that are no figure: alone, or with what is said of them behind a comma or in brackets."""
    if words.startswith("涉密"):
        return Meaning(Sense.SECRET)
    alone = _ASIDE.sub("", words)
    if _NO_DATA.fullmatch(alone) or _NO_DATA.fullmatch(words) or _SAID_NO_DATA.match(words):
        return Meaning(Sense.NO_DATA)
    return Meaning(Sense.LATER) if _LATER.search(words) and not re.search(r"\d", alone) else None


def _one(words: str, unit: str) -> Meaning | None:
    """One number with what belongs to it: 45场, 1.2万, 约300, 300余人."""
    if aside := re.search(r"\([^()]*\)$", words):  # 5所（含改扩建2所）
        whole = _one(words[: aside.start()], unit)
        return whole if whole is None or whole.number is None else Meaning(Sense.SAID, whole.number)
    found = _ONE.fullmatch(words.rstrip("。."))
    if found is None or not _is_unit(found["unit"], unit):
        return None
    said = f"{found['mag'] or ''}{found['unit']}"
    value = Fraction(found["number"].replace(",", ""))
    size = _size(said, unit)
    if size is None:
        return Meaning(Sense.FOREIGN) if unit and found["unit"] else None
    number = _decimal(value * size.ratio)
    if any(found[part] for part in ("before", "more", "more2", "after")):
        return Meaning(Sense.NEAR, number)
    return Meaning(Sense.SUFFIXED if size.same else Sense.CONVERTED, number)


def _is_unit(said: str, wanted: str) -> bool:
    return not said or said in _KNOWN or said == wanted or _UNIT.fullmatch(said) is not None


def _range(words: str, unit: str) -> Meaning | None:
    """300—400, 10%至15%: two figures, neither of which counts."""
    found = _RANGE.fullmatch(words)
    if not found:
        return None
    said = f"{found['mag'] or ''}{found['unit']}"
    size = _size(said, unit)
    low, high = (Fraction(found[part].replace(",", "")) for part in ("low", "number"))
    if size is None or low >= high or found["own"] not in ("", said, found["unit"], found["mag"]):
        return None
    return Meaning(Sense.RANGE, None, _decimal(high * size.ratio))


def _said(words: str, unit: str) -> Meaning:
    """A sentence that holds one quantity, and that in the target's unit: 已完成3所."""
    found = quantities(words) if unit and len(words) <= 60 else []
    if len(found) == 1 and found[0].upto is None:
        size = _size(found[0].unit, unit)
        if size is not None:
            return Meaning(Sense.SAID, _decimal(Fraction(str(found[0].value)) * size.ratio))
    return Meaning(Sense.UNREAD)


@dataclass(frozen=True)
class _Size:
    """How much one of a unit is in another; ``same`` where only the magnitude differs."""

    ratio: Fraction
    same: bool


@lru_cache(maxsize=2_000)
def _size(said: str, wanted: str) -> _Size | None:
    """What one of the unit that was typed is in the target's; None where they measure different things."""
    if not wanted:
        return None if said else _Size(Fraction(1), True)
    own_size, own = _parted(said)
    size, base = _parted(wanted)
    if not own:  # 1.2万 for 人: the unit goes without saying; 300 for 万人 is in 万人, as it would be alone
        return _Size(Fraction(own_size, size) if said else Fraction(1), True)
    ratio = Fraction(own_size, size)
    if own == base:
        return _Size(ratio, True)
    own_thing, own_per = own.partition("/")[::2]
    thing, per = base.partition("/")[::2]
    family, length = _KNOWN.get(own_thing, (None, Fraction(1)))
    other, other_length = _KNOWN.get(thing, (None, Fraction(1)))
    if own_per != per:
        return None
    if family is not None and family == other:
        return _Size(ratio * length / other_length, length == other_length)
    counted = _COUNTERS.fullmatch(own_thing) and _COUNTERS.fullmatch(thing)
    return _Size(ratio, False) if counted and "个" in (own_thing, thing) else None


def _parted(unit: str) -> tuple[int, str]:
    """万人 -> 10000, 人; 千米 stays what it is."""
    if unit in _KNOWN:
        return 1, unit
    found = re.match(rf"(?:{_MAG})", unit)
    return (_MAGNITUDES[found[0]], unit[found.end() :]) if found else (1, unit)


def _decimal(value: Fraction) -> Decimal:
    """A fraction as it is written; four places of one that never ends (亩)."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    plain = exact if Fraction(exact) == value else round(exact, 4)
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain.normalize()
