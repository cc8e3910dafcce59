"""Responsible units: clauses, cells and lists -> units that stand alone, each with its role.

One grammar serves all the ways of writing them (domain.md, D1 to D20): role labels before a list
(牵头单位：…), role verbs after it (…牵头，…配合), and lists in which 、 separates the members of a
group and ， starts a new group. The labels and verbs are the tables below.

What a list leaves out comes back within one group only (check/README.md): the level word
(省发展改革委、财政厅), 省委 before party bodies, and the ending that places share (广州、深圳市政府).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from taskkit.text import OPENING, compact, depth_at_end, split_keeping, split_top, squeeze

Role = Literal["lead", "support", "either"]

_BODY = "(?:单位|部门|科室|处室|股室|机构|主体)"
_LEVELS = "(?:[省市县区州]级?|部|局|院|校)?"
# The names that offices give to the parts of a task: regular expressions by what follows them.
LABELS: dict[str, str] = {
    "lead": rf"{_LEVELS}(?:总?牵头|主办|主责|承办|主管|主要责任|第一责任|负责)(?:责任)?"
    rf"{_BODY}(?:[和及]责任人)?|牵头|主办|承办",
    "support": rf"{_LEVELS}(?:配合|协办|协同|协助|协作|参与|参加|会办|相关责任|相关|其[他它]责任)(?:责任)?"
    rf"{_BODY}|配合|协办|参与",
    "either": rf"{_LEVELS}(?:责任|落实|实施|执行){_BODY}(?:和责任人|及责任人)?|(?:部门|职责|任务|责任|单位)分工",
    "leaders": r"(?:[省市县区](?:政府|级)?)?(?:分管|责任|牵头|挂点|挂钩|联系|主管|包保|包抓|督办|负责|挂帅)"
    r"(?:[省市县区州镇]?(?:政府|级)?)领导",
    "deadline": r"(?:完成|办结|办理|工作|时间)(?:时限|时间|期限|节点|要求)|时限要求|完成日期|时间安排",
    "measures": r"(?:主要|具体|重点|推进|落实)?(?:工作)?(?:措施|举措)|工作内容及措施|具体工作",
    "title": r"(?:工作|重点|主要|目标|具体)(?:任务|事项|内容)|任务(?:名称|内容)|事项名称",
    "goal": r"(?:年度|工作|预期|绩效|考核|量化)(?:工作)?(?:目标|指标)|目标要求",
}
_NAMED = "|".join(f"(?P<{key}>{pattern})" for key, pattern in LABELS.items())
# 牵头单位：… or 【牵头单位】…, the colon may go where a bracket closes the label.
LABEL = re.compile(rf"\s*(?P<open>[【\[〔])?(?:{_NAMED})(?(open)\s*[】\]〕]\s*[：:]?|\s*[：:])\s*")
_ANY_LABEL = "|".join(LABELS.values())
_INNER_LABEL = re.compile(
    rf"(?<![；;，,。：:（(\[【〔\w])\s*(?=(?:{_ANY_LABEL})\s*[：:])|\s*(?=[【\[〔](?:{_ANY_LABEL})[】\]〕])"
    r"|(?<=\w)(?=(?:牵头|主办|责任|配合|协办|参与)(?:单位|部门|科室)[：:])"
)

# Role verbs, longest first; what they say of the units before them.
_VERBS: tuple[tuple[str, str], ...] = (
    (r"(?:共同|联合)?牵头(?:负责|落实|组织|抓总|实施|推进|办理|承办|(?=$))?", "lead"),
    (r"分别牵头(?:负责|落实)?", "do"),
    (r"(?:根据|依|按照?)?(?:各自)?职[责能]?(?:任务)?分工(?:分别)?(?:负责|落实|抓好落实|做好)?(?:落实)?", "do"),
    (r"(?:按照?职责|分别|各自|分工)(?:负责|落实|抓好|组织实施)(?:落实)?", "do"),
    (r"(?:积极|共同|协同|协助|密切)?(?:配合|参与|参加|协办|协助|协同)(?:落实|做好|实施|推进|负责|支持)?", "support"),
    (r"(?:主办|承办|负总责|具体负责|共同负责|负责|组织实施|抓好落实|落实|实施)(?:落实|组织实施)?", "do"),
)
_VERB = re.compile("(?:" + "|".join(f"(?P<v{i}>{pattern})" for i, (pattern, _) in enumerate(_VERBS)) + r")$")
_MID_VERB = re.compile(
    r"(?<=[局厅委办部院会社中心团司府位区组])(?:牵头(?:负责)?|主办)[，,]?(?=[^，,、；;）)]{2})|(?:牵头)?会同"
)
_CARRY = re.compile(r"以[下上]?(?:各项)?均需(?P<who>[^，,。；;）)]+?)(?:配合|参与|负责)?落实")
_CHATTER = re.compile(r"不再(?:逐一|一一)?列出|下同|略$")

_DATE = re.compile(
    r"(?:20\d\d年|[今本明]年|\d{1,2}月|第?[一二三四1-4]季度|[上下]半年|年[内底末中]|全年|长期|持续|常态化|立即|即日|近期)"
    r".{0,14}$"
)
_NATURE = re.compile(r"(预期性|约束性)(?:指标)?$")

_LEVEL = r"(?:自治区|自治州|兵团|[省市县区州旗盟])"
# A leading 市 of 市场监管局 or 市政集团 is no level word, nor is the 区 of 区域 or 区块链.
_NO_LEVEL = r"(?!市(?:场|政(?![府协法])|容|民中心|域|管局)|区(?:域|块|划)|县域|旗袍)"
_PREFIX = re.compile(
    rf"{_NO_LEVEL}(?P<place>(?:(?![各有相其])[\u4e00-\u9fff]){{2,3}}?)?(?P<level>{_LEVEL})(?P<body>委|政府)?(?=[\u4e00-\u9fff])"
)
_NO_PLACE = re.compile(r"[灌园社片库景林矿港校城地军战厂](?=区)|场(?=区)|超(?=市)|城(?=市)")
_PARTY = re.compile(
    r"(?:组织部|宣传部|统战部|政法委|网信办|编办|编委办|改革办|深改办|国安办|军民融合办|老干部局|党校|(?:直属)?机关工委|直属工委|农办"
    r"|财经办|依法治.办|台办|保密办|机要局|巡[察视]办|社会工作部|社工部|政研室|教育工委|两新工委|审计办|党史研究室|讲师团|文明办|督查室)$"
)
# Bodies that belong to no level of the plan's own, and names that carry a place of their own.
_SELF = re.compile(
    r"^(?:国家|中央|全国|中国|国网|团[省市县区州]委|人民银行|海关|水利部|审计署|自然资源部|生态环境部|交通运输部|移动|联通|电信|铁塔|广电网络|新华社)"
    r"|海关|银行|银保监|证监|外汇|海事|边检|海警|铁路局|电网|铁塔|大学|(?<!科)学院$|期货|交易所|[灌库]区|流域"
    r"|(?:街道|街道办|街道办事处|镇|乡|村|园|园区|高新区|开发区|度假区|示范区|合作区|管委会|执委会|指挥部|有限公司|领导小组|专班)$"
)
_OWN_COMPANY = re.compile(r"(?<!自来水)(?<!供水)(?<!供电)(?<!燃气)(?<!公交)(?<!热力)(?<!城投)(?<!交投)(?<!水务)公司$")
_OWN_PLACE_BODY = re.compile(r"^[\u4e00-\u9fff]{2,}(?:供电局|供电公司|气象台|车务段|公路局)$")
PROVINCES = frozenset(
    re.findall(
        "..",
        "北京天津上海重庆河北山西辽宁吉林江苏浙江安徽福建江西山东河南湖北湖南广东海南"
        "四川贵州云南陕西甘肃青海台湾广西西藏宁夏新疆香港澳门深圳广州",
    )
) | {"黑龙江", "内蒙古"}
_COLLECTIVE = re.compile(
    r"^(?:各|有关|相关|其他|其它|全体|所有|涉及|属地|所在地|辖区|项目所在)"
    r"|(?:各|有关|相关|直属|[省市县区]直|[省市县区]府直属|驻.{1,4})(?:各|有关|相关|责任|成员|职能|行政执法|主管)*(?:单位|部门|机关(?!工委|党|事务)|企业|机构|镇|乡|街道|市|县|区|政府)"
    r"|成员单位|镇街$|(?:等|各)(?:部门|单位)$"
)
_ORG_END = "局厅委办部院会社处室站所校馆团队署行司组心府位门区道镇乡县市台学联协班院场段园街"
_PLACE_GOV = re.compile(
    r"(?P<name>[^各有相]{1,6}?)(?P<kind>街道|[市县区镇乡州旗])(?P<tail>人民政府|政府|办事处|党委|党工委|管委会)?$"
)
_SHORT_ORG = re.compile(r"(?:[局厅委办部会联协院社队]|集团|中心|公司|管理|各地)$")
_MEMBERS = re.compile(r"(?:委员会|安委会|减灾委|食安委|防火委|领导小组|联席会议|指挥部|专班)$")


@dataclass(frozen=True)
class Unit:
    """One unit standing alone. ``rank`` counts from 1 within the role; ``raw`` is what was printed."""

    name: str
    role: Role
    rank: int = 0
    collective: bool = False
    heads: tuple[str, ...] = ()
    raw: str = ""


@dataclass(frozen=True)
class Clause:
    """What one clause says. ``carried`` are units that it names for all later items (D11)."""

    units: tuple[Unit, ...] = ()
    joint: bool = False
    open_ended: bool = False
    leaders: tuple[str, ...] = ()
    deadline: str | None = None
    nature: str | None = None
    carried: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()  # codes of findings
    both: tuple[str, ...] = ()  # units named in both roles; they lead


@dataclass(frozen=True)
class _Run:
    """Names under one role: ``said`` is lead, support, either, do, or "" where nothing says it."""

    names: tuple[tuple[str, str], ...]
    said: str


@dataclass(frozen=True)
class Lexicon:
    """What a document teaches about its own names: full names seen, places, and who leads a bare list."""

    known: frozenset[str] = frozenset()
    places: frozenset[str] = PROVINCES
    first_leads: bool = False


PLAIN = Lexicon()


def parse_clause(text: str, role: Role = "either", lexicon: Lexicon = PLAIN) -> Clause:
    """Read a clause (the text in a bracket, after a label, or of a line) into units with roles.

    ``role`` is what a label outside the text says; role words inside it count for more.
    """
    return parse_clauses([(text, role)], lexicon)


def parse_clauses(texts: Iterable[tuple[str, Role]], lexicon: Lexicon = PLAIN) -> Clause:
    """Read the clauses of one task together: who is "responsible" supports where another leads."""
    draft = _Draft(lexicon)
    for text, role in texts:
        draft.start(role)
        marked = _INNER_LABEL.sub("；", compact(text).strip(" 。；;，,"))
        for segment, mark in split_keeping(marked, "；;，,。"):
            draft.take(segment.strip(), mark)
    return draft.finish()


class _Draft:
    """The state while a clause is read from left to right."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.label = ""
        self.lexicon = lexicon
        self.names: list[tuple[str, str]] = []
        self.runs: list[_Run] = []
        self.leaders: list[str] = []
        self.deadline: str | None = None
        self.nature: str | None = None
        self.carried: list[str] = []
        self.doubts: list[str] = []
        self.others = ""  # a label that is not about units
        self.after_break = False
        self.ended = False  # a list of names ended in 等

    def start(self, role: Role) -> None:
        """Begin the next text of the task, under what its label says."""
        self.close("")
        self.label, self.others, self.after_break = role, "", False

    def take(self, segment: str, mark: str) -> None:
        """Take the next segment and the mark that follows it."""
        while found := LABEL.match(segment):
            self.close("")
            label = str(found.lastgroup)
            self.others = label if label in ("leaders", "deadline", "measures", "title", "goal") else ""
            if not self.others:
                self.label = label
            segment = segment[found.end() :]
            self.after_break = False
        if not segment or self._aside(segment):
            return
        members = split_top(segment, "、")
        if self.after_break and self.label == "lead" and all(is_collective(name) for name in members):
            self.label = "support"
            self.doubts.append("role-guessed")
        self._names(segment)
        if mark in "；;":
            self.close("")
            self.after_break = bool(mark)

    def _aside(self, segment: str) -> bool:
        """Take what is no list of units: leaders, deadlines, kinds of indicator, rules for later items."""
        if carry := _CARRY.search(segment):
            self.carried.append(carry["who"])
        if carry or _CHATTER.search(segment):
            return True
        if self.others == "leaders":
            self.leaders += parse_persons(segment)
        elif self.others == "deadline" or (not self.others and _is_date(segment)):
            self.deadline = f"{self.deadline}，{segment}" if self.deadline else segment
        elif nature := _NATURE.match(segment):
            self.nature = nature[1]
        else:
            return bool(self.others)
        return True

    def _names(self, segment: str) -> None:
        """Take one group: level words pass along it, verbs end a run within it."""
        segment = _MID_VERB.sub("牵头、", re.sub(r"^[由请]", "", segment))
        if "牵头、" in segment and not _VERB.search(segment):
            segment += "配合"
        items = [_verb_at_end(item.strip()) for item in split_top(segment, "、")]
        bare = [_without_deng(name) for name, _ in items]
        alone = iter(stand_alone([name for name, _ in bare if name], self.lexicon))
        for (name, said), (_, ended) in zip(items, bare, strict=True):
            self.ended = self.ended or ended
            if _without_deng(name)[0]:
                self.names.append(next(alone))
            if said:
                self.close(said)

    def close(self, said: str) -> None:
        """End the run of names: ``said`` by a verb, else by the label that stands before it."""
        if self.names:
            self.runs.append(_Run(tuple(self.names), said or self.label))
        self.names = []

    def finish(self) -> Clause:
        """The clause with every role settled."""
        self.close("")
        lexicon = self.lexicon
        marked = any(run.said == "lead" for run in self.runs)
        units: list[Unit] = []
        for run in self.runs:
            for name, raw in run.names:
                role = _role(run.said, marked or (lexicon.first_leads and bool(units)))
                units.append(Unit(name, role, collective=is_collective(name), raw=raw))
        leads = {unit.name for unit in units if unit.role == "lead"}
        return Clause(
            units=ranked(units),
            joint=bool(leads) and not marked and not lexicon.first_leads,
            open_ended=self.ended,
            leaders=tuple(self.leaders),
            deadline=self.deadline,
            nature=self.nature,
            carried=tuple(self.carried),
            doubts=tuple(self.doubts),
            both=tuple(dict.fromkeys(u.name for u in units if u.role == "support" and u.name in leads)),
        )


def _role(said: str, marked: bool) -> Role:
    """Who only "is responsible" leads where nobody is marked as leading, and supports beside a lead."""
    if said in ("lead", "support"):
        return "lead" if said == "lead" else "support"
    return "support" if marked else "lead"


def _verb_at_end(item: str) -> tuple[str, str]:
    found = _VERB.search(item)
    if not found:
        return item, ""
    said = next(kind for i, (_, kind) in enumerate(_VERBS) if found[f"v{i}"] is not None)
    return re.sub(r"(?:共同|联合|分别|要|各自|均)$", "", item[: found.start()].strip()), said


def _without_deng(name: str) -> tuple[str, bool]:
    """A name without the 等 that ends an open list, and whether there was one."""
    bare = re.sub(r"等(?:相关|有关)?(?:单位|部门)?$", "", name)
    return (bare, bare != name) if bare or name == "等" else (name, False)


def _is_date(text: str) -> bool:
    return bool(_DATE.match(text)) and not re.search(r"[局厅委办](?:牵头|配合|负责|$)", text)


def ranked(units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Units once each, a unit in both roles as lead, with ranks from 1 within the role."""
    listed = list(units)
    leads = {unit.name for unit in listed if unit.role == "lead"}
    counts = {"lead": 0, "support": 0}
    seen: set[str] = set()
    result = []
    for unit in listed:
        if unit.name in seen or (unit.role == "support" and unit.name in leads):
            continue
        seen.add(unit.name)
        counts[unit.role] += 1
        result.append(replace(unit, rank=counts[unit.role]))
    return tuple(result)


def is_collective(name: str) -> bool:
    """Whether a name stands for many units at once (各镇政府, 县直有关单位, …成员单位)."""
    return bool(_COLLECTIVE.search(name))


def stand_alone(group: Iterable[str], lexicon: Lexicon = PLAIN) -> list[tuple[str, str]]:
    """The members of one group as (name standing alone, what was printed)."""
    raws = [_balanced(squeeze(name).strip("。．.；;，,:：")) for name in group]
    raws = [raw for raw in raws if raw and raw not in "等"]
    return list(zip(_with_levels(_with_endings(raws), lexicon), raws, strict=True))


def _balanced(name: str) -> str:
    """A name without a closing bracket too many, as the bracket around a clause leaves it."""
    surplus = sum(map(name.count, "）)〕]】")) - sum(map(name.count, "（(〔[【"))
    return name[:-surplus] if surplus > 0 and name[-surplus:].strip("）)〕]】") == "" else name


def _with_endings(names: list[str]) -> list[str]:
    """Give back the ending that places share: 东溪、青石、白沙镇政府; 省安委会、减灾委成员单位."""
    result = list(names)
    for place in range(len(names) - 1, 0, -1):
        found = _PLACE_GOV.match(result[place])
        before = result[place - 1]
        if found and (found["tail"] or found["kind"] == "街道") and not is_collective(before):
            if before.endswith(found["kind"]):
                result[place - 1] = before + (found["tail"] or "")
            elif 1 < len(before) <= 4 and not _SHORT_ORG.search(before) and not LEVEL_WORD.match(before):
                result[place - 1] = before + found["kind"] + (found["tail"] or "")
        elif result[place].endswith("成员单位") and _MEMBERS.search(before):
            result[place - 1] = f"{before}成员单位"
            level = LEVEL_WORD.match(before)
            if level and not LEVEL_WORD.match(result[place]):
                result[place] = level[0] + result[place]
    return result


LEVEL_WORD = re.compile(rf"{_NO_LEVEL}{_LEVEL}(?=[\u4e00-\u9fff])")


def _with_levels(names: list[str], lexicon: Lexicon) -> list[str]:
    level, party, plain = "", False, False
    result = []
    for name in names:
        found = _PREFIX.match(name)
        if found and found["place"] and _NO_PLACE.search(found[0]):
            found = None
        if found:
            if not found["place"] or not plain:
                level = f"{found['place'] or ''}{found['level']}"
                plain = not found["place"]
            party = found["body"] == "委" and bool(_PARTY.search(name))
            result.append(name)
        elif level and not stands_alone(name, lexicon):
            result.append(f"{level}委{name}" if party and _PARTY.search(name) else level + name)
        else:
            result.append(name)
    return result


def stands_alone(name: str, lexicon: Lexicon = PLAIN) -> bool:
    """Whether a name takes no level word: vertical and national bodies, places, companies, collectives."""
    plain = re.sub(r"[（(].*$", "", name)
    return bool(
        is_collective(plain)
        or _SELF.search(plain)
        or _OWN_COMPANY.search(plain)
        or _OWN_PLACE_BODY.match(plain)
        or _PLACE_GOV.fullmatch(plain)
        or any(plain.startswith(place) for place in lexicon.places)
    )


def complete(name: str, lexicon: Lexicon) -> str:
    """A bare name (工信局) as the document writes it elsewhere with its level word (区工信局)."""
    if LEVEL_WORD.match(name) or stands_alone(name, lexicon):
        return name
    full = {known for known in lexicon.known if known.endswith(name) and re.fullmatch(_LEVEL, known[: -len(name)])}
    return full.pop() if len(full) == 1 else name


def parse_persons(text: str) -> list[str]:
    """Names of persons in a cell or after a label; padded names (王　二) are put together."""
    persons: list[str] = []
    for part in re.split(r"[、，,；;/\n]+", text):
        single = ""
        for word in re.split(r"[\s\u3000\xa0]+", part.strip(" 。：:")):
            if single:
                persons.append(single + word)
                single = ""
            elif len(word) == 1:
                single = word
            elif word:
                persons.append(word)
        if single:
            persons.append(persons.pop() + single if persons and len(persons[-1]) == 2 else single)
    return persons


def looks_like_person(word: str) -> bool:
    """Whether a word could be a person's name: two to four characters and no ending of an office."""
    return bool(re.fullmatch(r"[\u4e00-\u9fff]{2,4}", word)) and not looks_like_unit(word)


def looks_like_unit(name: str) -> bool:
    """Whether a name ends as a unit's name ends, with its brackets closed."""
    plain = re.sub(r"[（(][^（）()]*[）)]$", "", squeeze(name))
    return len(plain) > 1 and plain[-1] in _ORG_END and not depth_at_end(name)


def split_cell(text: str, known: Collection[str] = ()) -> list[str]:
    """A table cell as names: spaces and line breaks separate names or merely wrap one.

    A piece that does not end as a unit does, or that makes a name known from elsewhere together
    with the next, is a wrapped line.
    """
    names: list[str] = []
    for item in re.split(r"\s*[、]\s*", text.strip()):
        pieces = item.split()
        whole = "".join(pieces)
        if whole in known or len(pieces) < 2:
            names.append(whole)
        else:
            names += _regrouped(pieces, known)
    return [name for name in names if name]


def _regrouped(pieces: list[str], known: Collection[str]) -> list[str]:
    names, start = [], 0
    while start < len(pieces):
        end = next((e for e in range(len(pieces), start, -1) if "".join(pieces[start:e]) in known), 0)
        if not end:
            end = start + 1
            while end < len(pieces) and (not looks_like_unit("".join(pieces[start:end])) or _is_tail(pieces[end])):
                end += 1
        names.append("".join(pieces[start:end]))
        start = end
    return names


def _is_tail(piece: str) -> bool:
    """Whether a piece is the rest of a name rather than a name: 云溪分局, 办公室, （扶贫办）."""
    return piece[0] in OPENING or bool(
        re.fullmatch(r"[^省市县区、]{0,6}(?:分局|支行|分行|管理部|办事处|分公司|办公室|服务中心)", piece)
    )
