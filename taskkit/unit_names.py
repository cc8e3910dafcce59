"""Names of units: which texts are names, where one ends and the next begins, how each stands alone.

What a list leaves out comes back within one group only (check/README.md): the level word
(省发展改革委、财政厅), 省委 before party bodies, and the ending that places share (广州、深圳市政府).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from taskkit.text import OPENING, depth_at_end, split_top, squeeze
from taskkit.unit_words import (
    COLLECTIVE,
    DOUBLE_SURNAMES,
    LEVEL_WORD,
    MEMBERS,
    NO_PLACE,
    ORG_END,
    ORG_WORDS,
    OWN_COMPANY,
    OWN_PLACE_BODY,
    PARTY,
    PLACE_GOV,
    PLACE_KINDS,
    PREFIXES,
    PROVINCES,
    SELF,
    SHORT_ORG,
    SURNAMES,
    both_scripts,
)

MAX_NAME = 60  # no unit's name is longer; what is longer is left as printed and reported


@dataclass(frozen=True)
class Lexicon:
    """What a document teaches of its own names: units, persons, places, whether the first or the marked unit leads."""

    known: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    places: frozenset[str] = PROVINCES
    first_leads: bool = False
    marked_leads: bool = False


PLAIN = Lexicon()


def is_collective(name: str) -> bool:
    """Whether a name stands for many units at once (各镇政府, 县直有关单位, …成员单位)."""
    return bool(COLLECTIVE.search(name[:MAX_NAME]))


def looks_like_person(word: str) -> bool:
    """Whether a word could be a person's name: two to four characters and no ending of an office."""
    return bool(re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", word)) and not looks_like_unit(word)


_VILLAGE = re.compile(r"[\u4e00-\u9fff][^农乡新渔山各全和城]村$")


def looks_like_unit(name: str) -> bool:
    """Whether a name ends as a unit's name ends, with its brackets closed."""
    if len(name) > 4 * MAX_NAME:
        return False
    plain = re.sub(r"[（(〔\[][^（）()〔〕\[\]]*[）)〕\]]$", "", squeeze(name))
    ends = len(plain) > 1 and (plain[-1] in ORG_END or plain.endswith(ORG_WORDS) or bool(_VILLAGE.search(plain)))
    return ends and not depth_at_end(name)


# Offices whose name cannot go on after such an ending, and those whose next name must show its level.
_ENDS_SURELY = re.compile(r"政府$|[\u4e00-\u9fff]{2}[局厅办府廳辦]$|委员会$|管委会$|[）)]$")
_ENDS_MAYBE = re.compile(r"[\u4e00-\u9fff]{2}(?:(?<!社)会|[部院委所站]|中心|公司)$")
_AND = re.compile(r"[及和与暨/／]|以及")


def joined_names(name: str) -> list[str]:
    """Names that 及, 和 or / joins, taken apart where both sides are names; 发展和改革局 stays one."""
    if len(name) > 4 * MAX_NAME:
        return [name]
    cuts = [found for found in _AND.finditer(name) if _outside_brackets(name, found.start())]
    for found in cuts:
        left, right = name[: found.start()].rstrip("以"), name[found.end() :]
        if _both_names(left, right, found[0] in "/／"):
            return [left, *joined_names(right)]
    return [name]


def _outside_brackets(name: str, place: int) -> bool:
    return not depth_at_end(name[:place])


def _both_names(left: str, right: str, slash: bool) -> bool:
    first = joined_names(right)[0]
    if not (looks_like_unit(left) and (looks_like_unit(first) or is_collective(first))):
        return False
    if slash or _ENDS_SURELY.search(left) or is_collective(left):
        return len(first) > 2 or is_collective(first)
    return bool(_ENDS_MAYBE.search(left) and (LEVEL_WORD.match(first) or is_collective(first)))


def stand_alone(group: Iterable[str], lexicon: Lexicon = PLAIN) -> list[tuple[str, str]]:
    """The members of one group as (name standing alone, what was printed)."""
    raws = [_balanced(squeeze(name).strip("。．.；;，,:：")) for name in group]
    raws = _kinds_of_places([raw for raw in raws if raw and raw not in "等"])
    return list(zip(_with_levels(_with_endings(raws), lexicon), raws, strict=True))


# 各市、县、自治县人民政府: kinds of places under one 各 are one collective.
_EVERY_KIND = re.compile(
    both_scripts(
        r"各(?:有关|相关)?(?:地级以上|地级|设区的?)?"
        r"(?:[市州盟县区旗镇乡]|市州|县区|县市|盟行政公署|苏木|乡镇|镇街|街道|地)$"
    )
)
_KIND = re.compile(
    both_scripts(
        r"(?:[市州盟县区旗镇乡]|自治[州县旗]|县区|市区|苏木|乡镇|街道|园区|开发区|功能区|管理区|农场)"
        r"(?:人民)?(?:政府|行政公署|办事处|管委会|党[工]?委)?$"
    )
)


_DIRECT = re.compile("[省市县区州旗中]直|[省市县区]属|中央|部属")  # 省直、中直驻云溪有关单位
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_BODIES = re.compile(both_scripts(r"(?:有关|相关|直属)?(?:单位|机构|企业)"))


def _kinds_of_places(names: list[str]) -> list[str]:
    """Names of one group, those put together that are one collective: 各市、县人民政府; 市直有关部门、单位."""
    result: list[str] = []
    for name in names:
        before = result[-1] if result else ""
        places = _EVERY_KIND.match(_ASIDE.sub("", before).split("、")[0]) and _KIND.match(_ASIDE.sub("", name))
        rest = (before.endswith(("党委", "党工委")) and name in ("政府", "人民政府", "办事处")) or _DIRECT.fullmatch(
            before
        )
        if (
            places
            or rest
            or (before.endswith(("部门", "機構", "机构")) and is_collective(before) and _BODIES.fullmatch(name))
        ):
            result[-1] = f"{result[-1]}、{name}"
        else:
            result.append(name)
    return result


def _balanced(name: str) -> str:
    """A name without a closing bracket too many, as the bracket around a clause leaves it."""
    surplus = sum(map(name.count, "）)〕]】")) - sum(map(name.count, "（(〔[【"))
    return name[:-surplus] if surplus > 0 and name[-surplus:].strip("）)〕]】") == "" else name


def _with_endings(names: list[str]) -> list[str]:
    """Give back the ending that places share: 东溪、青石、白沙镇政府; 省安委会、减灾委成员单位."""
    result = list(names)
    for place in range(len(names) - 1, 0, -1):
        name, before = result[place], result[place - 1]
        if len(name) > MAX_NAME or len(before) > MAX_NAME:
            continue
        if found := PLACE_GOV.match(name):
            result[place - 1] = before + _shared_ending(before, found["kind"], found["tail"] or "")
        elif name.endswith("成员单位") and MEMBERS.search(before):
            result[place - 1] = f"{before}成员单位"
            level = LEVEL_WORD.match(before)
            if level and not LEVEL_WORD.match(name):
                result[place] = level[0] + name
        elif name.endswith("部门") and not is_collective(name) and not looks_like_unit(before) and len(before) <= 8:
            result[place - 1] = f"{before}部门"
    return result


def _shared_ending(before: str, kind: str, tail: str) -> str:
    """What a name takes over from the place after it: nothing, the tail, or the kind of place too."""
    if is_collective(before) or not (tail or kind == "街道"):
        return ""
    if before.endswith(kind):
        return tail
    if before.endswith("区") and SELF.search(before):
        return ""  # 经开区 is no 市辖区
    whole = before[-1] in (PLACE_KINDS if len(before) > 2 else "区县")  # 甲区 is whole, 广州 is not
    if whole or before.endswith("街道"):
        return tail if tail in ("人民政府", "政府") and before[-1] in PLACE_KINDS else ""
    if len(before) <= 4 and not (SHORT_ORG.search(before) or SELF.search(before)) and not LEVEL_WORD.match(before):
        return kind + tail
    return ""


def prefix_of(name: str) -> re.Match[str] | None:
    """The level word of a name, with the place before it (县, 云溪县); a mere 城市 or 园区 is none."""
    for pattern in PREFIXES:
        found = pattern.match(name)
        if found and not (found["place"] and NO_PLACE.search(found[0])):
            return found
    return None


def _with_levels(names: list[str], lexicon: Lexicon) -> list[str]:
    level, party, plain = "", False, False
    result = []
    for name in names:
        if len(name) > MAX_NAME:
            result.append(name)
        elif found := prefix_of(name):
            if not found["place"] or not plain:
                level = f"{found['place'] or ''}{found['level']}"
                plain = not found["place"]
            party = found["body"] == "委" and bool(PARTY.search(name))
            result.append(name)
        elif level and not stands_alone(name, lexicon):
            result.append(f"{level}委{name}" if party and PARTY.search(name) else level + name)
        else:
            result.append(name)
    return result


def stands_alone(name: str, lexicon: Lexicon = PLAIN) -> bool:
    """Whether a name takes no level word: vertical and national bodies, places, companies, collectives."""
    plain = re.sub(r"[（(].*$", "", name)
    return bool(
        is_collective(plain)
        or SELF.search(plain)
        or OWN_COMPANY.search(plain)
        or OWN_PLACE_BODY.match(plain)
        or PLACE_GOV.fullmatch(plain)
        or any(plain.startswith(place) for place in lexicon.places)
    )


def complete(name: str, lexicon: Lexicon) -> str:
    """A bare name (工信局) as the document writes it elsewhere with its level word (区工信局)."""
    if len(name) > MAX_NAME or LEVEL_WORD.match(name) or stands_alone(name, lexicon):
        return name
    full = {f"{level}{name}" for level in _LEVELS if f"{level}{name}" in lexicon.known}
    return full.pop() if len(full) == 1 else name


_LEVELS = ("自治区", "自治州", "兵团", *"省市县区州旗盟縣區")


# No blanks before it but after a bracket or a label: each blank of a long run would be tried as its beginning.
_PHONE = re.compile(r"(?:[（(]\s*+)?(?:(?:(?:联系)?电话|手机)[：:]?\s*+)?\d[\d\s—－-]{5,}\d(?:\s*+[）)])?")
_PERSON_ASIDE = re.compile(
    both_scripts(
        r"[（(〔](?:(?:主要|分管)?(?:责任人|负责人|联系人|局长|主任)[：:]?\s*)?(?P<who>[^（）()〔〕：:]{2,16})[）)〕]$"
    )
)


def person_aside(name: str) -> tuple[str, tuple[str, ...]]:
    """A unit and the persons in the bracket after it: 县工信局（王二）, 市住建局（负责人：李三）."""
    found = _PERSON_ASIDE.search(name)
    if not found:
        return name, ()
    labelled = not name[found.start() + 1 :].startswith(found["who"])
    persons = parse_persons(found["who"])
    if not all(looks_like_person(who) and len(who) < 4 and (labelled or who[0] in SURNAMES) for who in persons):
        return name, ()
    return name[: found.start()], tuple(persons)


# Offices that stand before or after a name: 县委常委、常务副县长 王二; 王二副主任; 王二同志.
_POST = (
    r"(?:[\u4e00-\u9fff]{0,12}?(?:书记|[省市县区州旗镇乡]长|主任|主席|局长|厅长|部长|司长|秘书长|总经理|董事长|组长|专员|盟长|常委"
    r"|(?:党组|党委|党工委|班子|领导)成员|委员|巡视员|调研员|院长|校长|行长|总监|检察长|政委))"
)
_POSTS_BEFORE = re.compile(both_scripts(rf"^{_POST}+(?:兼{_POST})*[：:]?"))
_POST_AFTER = re.compile(
    both_scripts(r"(?<=[\u4e00-\u9fff]{2})(?:(?:常务)?副?(?:[省市县区州旗镇乡]长|主任|书记|局长|秘书长)|同志)$")
)
_POST_ASIDE = re.compile(both_scripts(rf"[（(](?:{_POST}[、，,]?){{1,3}}[）)]"))
_POST_ALONE = re.compile(
    both_scripts(r"(?:常务|代|副|主|书|委|组|[省市县区州旗镇乡](?:委|政府|长|人大|政协)|党|管委|人大|政协|政府|办公)")
)


def _without_post(word: str) -> str:
    """A word of a list of persons without the office: 副县长王二 is 王二, 副县长 alone is nobody; 王县长 stays."""
    bare = _POSTS_BEFORE.sub("", word)
    if not bare and not _POST_ALONE.match(word):
        return _POST_AFTER.sub("", word)
    return _POST_AFTER.sub("", bare)


def parse_persons(text: str) -> list[str]:
    """Names of persons in a cell or after a label, without their offices.

    Padded names (王　二) are put together; of glued ones those that a space shows to be two are taken apart.
    """
    persons: list[str] = []
    lines = [line.strip() for line in _POST_ASIDE.sub(" ", _PHONE.sub(" ", text)).splitlines() if line.strip()]
    if 1 < len(lines) <= 4 and all(len(line) == 1 for line in lines):  # written downwards in a narrow cell
        return ["".join(lines)]
    for part in re.split(r"[、，,；;/\n]+", "\n".join(lines)):
        single = ""
        for word in _unglued(map(_without_post, re.split(r"[\s\u3000\xa0]+", part.strip(" 。：:")))):
            if single:
                persons.append(single + word)
                single = ""
            elif len(word) == 1:
                single = word
            elif word:
                persons.append(word)
        if single:
            persons.append(persons.pop() + single if persons and len(persons[-1]) == 2 else single)
    return persons or [text.strip(" 。：:")] * bool(text.strip(" 。：:"))


def _unglued(words: Iterable[str]) -> list[str]:
    """Names that a line wrap glued (张一一王 二) taken apart where a usual surname begins the next."""
    apart: list[str] = []
    for word in words:
        last = apart[-1] if apart else ""
        if len(word) == 1 and len(last) == 4 and last[3] in SURNAMES and last[:2] not in DOUBLE_SURNAMES:
            apart[-1:] = [last[:3], last[3] + word]
        else:
            apart.append(word)
    return apart


def looks_glued(name: str) -> bool:
    """Whether a name could be two that a line wrap glued: 张一一王二二, but also the long name of one person."""
    return bool(re.fullmatch(r"[\u4e00-\u9fff]{6}", name)) and name[3] in SURNAMES


def taken_apart(names: Iterable[str], known: Collection[str]) -> list[str]:
    """Names, glued ones as two where the document names one of both alone elsewhere."""
    apart: list[str] = []
    for name in names:
        halves = [name[:3], name[3:]]
        apart += halves if looks_glued(name) and any(half in known for half in halves) else [name]
    return apart


def units_with_heads(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """A cell that names units and their persons (省A厅 张 一 王二 省B局 李三) as pairs of both."""
    found: list[tuple[str, list[str]]] = []
    name = ""
    for piece in text.replace("、", " ").split():
        starts = bool(LEVEL_WORD.match(piece)) or (len(piece) > 4 and looks_like_unit(piece))
        if name or not found or (starts and len(piece) > 2):
            name += piece
            if looks_like_unit(name) or len(name) > MAX_NAME:
                found.append((name, []))
                name = ""
        else:
            found[-1][1].append(piece)
    if name:
        found.append((name, []))
    return [(unit, tuple(parse_persons(" ".join(persons)))) for unit, persons in found]


def split_cell(text: str, known: Collection[str] = ()) -> list[str]:
    """A table cell as names: spaces and line breaks separate names or merely wrap one.

    A piece that does not end as a unit does, or that makes a name known from elsewhere together
    with the next, is a wrapped line.
    """
    names: list[str] = []
    for item in split_top(text.strip(), "、"):
        pieces = item.split()
        whole = "".join(pieces)
        if len(pieces) < 2 or (len(whole) <= MAX_NAME and whole in known):
            names.append(whole)
        else:
            names += _regrouped(pieces, known)
    return [name for name in names if name]


def _regrouped(pieces: list[str], known: Collection[str]) -> list[str]:
    names, start = [], 0
    while start < len(pieces):
        end = _known_end(pieces, start, known)
        if not end:
            end, name = start + 1, pieces[start]
            while end < len(pieces) and len(name) <= MAX_NAME and not _ends_before(name, pieces[end]):
                name += pieces[end]
                end += 1
        names.append("".join(pieces[start:end]))
        start = end
    return names


def _ends_before(name: str, piece: str) -> bool:
    """Whether a name is whole before the next piece: 县财政局 | 县水利局; 各地 | 县妇联, but not 各地 | 市政府."""
    if looks_like_unit(name):
        return not _is_tail(piece) and not (_GOES_ON.search(name) and not LEVEL_WORD.match(piece))
    return name == "各地" and bool(LEVEL_WORD.match(piece)) and looks_like_unit(piece) and not _GOVERNMENT.match(piece)


# Words that end like a unit in the midst of its name: 县住房和城乡 | 建设局, 县人力资源和社会 | 保障局.
_GOES_ON = re.compile(r"[\u4e00-\u9fff](?:城乡|社会|市场|城市)$")
_GOVERNMENT = re.compile(both_scripts(r"[省市县区州旗](?:人民政府|政府|委)$"))


def _known_end(pieces: list[str], start: int, known: Collection[str]) -> int:
    """Where the longest name that is known from elsewhere ends; 0 where none begins here."""
    best, name = 0, ""
    for end in range(start, len(pieces)):
        name += pieces[end]
        if len(name) > MAX_NAME:
            break
        if name in known:
            best = end + 1
    return best


def _is_tail(piece: str) -> bool:
    """Whether a piece is the rest of a name rather than a name: 云溪分局, 办公室, （扶贫办）, 会."""
    return len(piece) == 1 or piece[0] in OPENING or bool(_TAIL.fullmatch(piece))


# The rest of a name, but no name of its own: 青石街道办事处, 中国电信云溪分公司.
_TAIL = re.compile(
    r"(?!.+街道办事处$|中国|国家|国网|人民银行)"
    r"[^省市县区、]{0,6}(?:分局|支行|分行|管理部|办事处|分公司|办公室|服务中心)"
)
