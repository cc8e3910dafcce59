"""Units of one level of government, and lists of them as offices shorten them (check/README.md)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

_PROVINCE = """发展改革委 教育厅 科技厅 工业和信息化厅 公安厅 民政厅 财政厅 人力资源社会保障厅 自然资源厅 生态环境厅
住房城乡建设厅 交通运输厅 水利厅 农业农村厅 文化和旅游厅 卫生健康委 应急管理厅 国资委 市场监管局 体育局
统计局 政务服务和数据管理局 林业局 粮食和储备局 妇联 总工会 残联 法院 铁投集团 社科院"""
_LOCAL = """发展改革局 发展和改革局 教育局 科技局 工业和信息化局 工信局 公安局 民政局 司法局 财政局
人力资源社会保障局 自然资源局 住房城乡建设局 住建局 交通运输局 水利局 农业农村局 商务局
文化广电旅游体育局 卫生健康局 退役军人事务局 应急管理局 审计局 市场监管局 统计局 医保局 城市管理局
政务服务数据管理局 乡村振兴局 林业局 信访局 政府办公室 妇联 总工会 残联 科协 法院 检察院 供销社
公路事务中心 融媒体中心 招商服务中心 消防救援大队 数据局 金融工作办公室 公共资源交易中心 国资委 税务局
气象局"""
DEPARTMENTS = {"省": _PROVINCE.split(), **dict.fromkeys("市县区", _LOCAL.split()), "": _LOCAL.split()}
PARTY = "组织部 宣传部 统战部 政法委 网信办 编办 改革办 社会工作部".split()
SECTIONS_OF_A_BUREAU = "办公室 法规科 基础教育科 规划财务科 人事科 安全监管科 综合业务股 职业教育与成人教育科".split()
# Names that take no level word: vertical and national bodies, firms with names of their own, other places.
_ALONE = """云溪海关 人民银行云溪分行 国家税务总局云溪税务局 国网云溪供电公司 云溪供电局 中国电信云溪分公司
江岭金融监管局 江岭铁路投资有限公司 云溪高新区管委会 云溪经开区 云溪灌区管理中心 市生态环境局云溪分局
江岭大学 中国铁路江岭局集团 云溪海事局 江岭港务集团有限公司"""
COLLECTIVES = {
    "省": ("各地", "各部门", "各地级以上市政府", "省有关部门", "省数字政府改革建设工作领导小组成员单位"),
    "市": ("各县区政府", "各县（区）政府", "市直有关单位", "各园区管委会", "市安委会成员单位"),
    "县": ("各镇政府", "各乡镇", "县直有关单位", "相关镇政府", "县创建文明城市工作领导小组成员单位"),
    "区": ("各镇街", "各乡镇（街道）", "区直各单位", "各街道办事处", "区森林防火指挥部成员单位"),
    "": ("各乡镇", "各有关单位", "各镇（街道）", "相关部门"),
}
# Governments below: (places, kind and ending that they share).
BELOW = {
    "省": (("山阳", "江州", "临江", "云州"), "市政府"),
    "市": (("清水", "云阳", "石桥"), "县政府"),
    "县": (("东溪", "青石", "白沙", "柳林"), "镇政府"),
    "区": (("东溪", "青石", "白沙", "柳林"), "街道办事处"),
    "": (("东溪", "青石", "白沙", "柳林"), "镇政府"),
}
ALIASES = ("交通委（{}道运局）", "委统战部（{}民宗局）", "农业农村局（乡村振兴局）", "文广旅体局（文物局）")


@dataclass(frozen=True)
class Body:
    """A unit. ``bare`` is what may be printed once a name before has shown its ``level``."""

    name: str
    kind: str = "alone"  # department, party, alone, place, collective
    level: str = ""
    bare: str = ""


Listing = tuple[tuple[Body, ...], ...]  # groups that ， sets apart, members that 、 sets apart


@cache
def bodies(level: str) -> dict[str, tuple[Body, ...]]:
    """The units of a level by their kind."""
    if level == "科":
        return {"department": tuple(Body(name, "department") for name in SECTIONS_OF_A_BUREAU)}
    places, ending = BELOW[level]
    made = {
        "department": tuple(Body(level + name, "department", level, name) for name in DEPARTMENTS[level]),
        # of a list that names no level a clerk could not tell how far the 市 of such a name reaches
        "alone": tuple(Body(name) for name in _ALONE.split() if level or name[0] not in "省市县区"),
        "place": tuple(Body(place + ending, "place", bare=place) for place in places),
        "collective": tuple(Body(name, "collective") for name in COLLECTIVES[level]),
    }
    if level:
        made["party"] = tuple(Body(f"{level}委{name}", "party", level, name) for name in PARTY)
        made["alias"] = tuple(Body(level + name.format(level), "alias", level) for name in ALIASES)
    return made


@st.composite
def groups(draw: st.DrawFn, level: str, most: int = 4, kinds: str = "dddddpoa") -> tuple[Body, ...]:
    """Names that stand together: departments, party bodies or (o) names alone; or governments of places."""
    own = bodies(level)
    if "g" in kinds and draw(st.integers(0, 3)) == 0:
        return tuple(draw(st.lists(st.sampled_from(own["place"]), min_size=1, max_size=3, unique=True)))
    choices = {"d": own["department"], "p": own.get("party", ()), "o": own.get("alone", ()), "a": own.get("alias", ())}
    weighted = [choices[kind] for kind in kinds if choices.get(kind)]
    return tuple(draw(st.sampled_from(draw(st.sampled_from(weighted)))) for _ in range(draw(st.integers(1, most))))


@st.composite
def listings(
    draw: st.DrawFn, level: str, most: int = 2, kinds: str = "dddddpoa", collective: bool = False, taken: Listing = ()
) -> Listing:
    """Groups of units, none named twice; a collective may close the list."""
    seen = {body.name for group in taken for body in group}
    result = []
    for _ in range(draw(st.integers(1, most))):
        group = []
        for body in draw(groups(level, kinds=kinds)):
            if body.name not in seen:
                seen.add(body.name)
                group.append(body)
        result.append(tuple(group))
    if collective and draw(st.booleans()):
        last = draw(st.sampled_from(bodies(level)["collective"]))
        if last.name not in seen:
            result.append((last,))
    return tuple(group for group in result if group)


def printed(group: tuple[Body, ...], drop: bool, share: bool) -> str:
    """A group with the level words left out that a name before shows, and the ending that places share."""
    if share and all(body.kind == "place" for body in group):
        return "、".join([*(body.bare for body in group[:-1]), group[-1].name])
    shown, party, words = "", False, []
    for body in group:
        may = drop and body.bare and body.level and body.level == shown
        if may and (body.kind == "department" or (body.kind == "party" and party)):
            words.append(body.bare)
            continue
        words.append(body.name)
        if body.level or body.name[0] in "省市县区":  # another level, of which nothing is left out
            shown, party = body.level, body.kind == "party"
    return "、".join(words)
