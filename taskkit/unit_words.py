"""The words by which offices name roles, units and levels: the one table that all readers share.

Labels before a list (牵头单位：), columns of a table, verbs after a list (…牵头) and endings of
names are made from here and from nowhere else. Every pattern takes the traditional spelling too.
"""

from __future__ import annotations

import re

# The characters of these words that are written otherwise in traditional script.
_TRADITIONAL = dict(
    zip(
        "单门处机构体牵头办责协参与会关领导时间节点标务项内称级县区实执联挂总党组专厅馆团队镇乡场园学负职业举"
        "数绩预进农发财财员书报备汇经济环产医卫监审计银约",
        "單門處機構體牽頭辦責協參與會關領導時間節點標務項內稱級縣區實執聯掛總黨組專廳館團隊鎮鄉場園學負職業舉"
        "數績預進農發財財員書報備匯經濟環產醫衛監審計銀約",
        strict=True,
    )
)


# … and those of what notices say of time and of handing in, from traditional script to simplified.
_SIMPLIFIED = str.maketrans(
    {other: char for char, other in _TRADITIONAL.items()}
    | dict(
        zip(
            "於將後從個給開號資請書擬結況認簽審條對應須現發達內來歷總",
            "于将后从个给开号资请书拟结况认签审条对应须现发达内来历总",
            strict=True,
        )
    )
)


def simplified(text: str) -> str:
    """A text with the characters of plans and notices in simplified script, place for place."""
    return text.translate(_SIMPLIFIED)


def both_scripts(pattern: str) -> str:
    """A regular expression that takes the traditional spelling of its words too (牵头 as 牽頭)."""
    result: list[str] = []
    in_class = False
    for place, char in enumerate(pattern):
        escaped = place > 0 and pattern[place - 1] == "\\"
        if not escaped and char in "[]":
            in_class = char == "["
        other = _TRADITIONAL.get(char)
        result.append(char if other is None else f"{char}{other}" if in_class else f"[{char}{other}]")
    return "".join(result)


# What a reprinted plan says where the plan that it was read from had lost a title.
LOST_TITLE = "（标题缺失）"

# --- labels: what a plan calls the parts of a task --------------------------------------

# The words of the two roles; every label, column and verb below is made of them.
LEAD = "牵头|主办|主责|承办"
SUPPORT = "配合|协办|协同|协助|参与|参加"
DO = "负责|落实"
# Words for a role before 单位, 部门 …; and those that stand alone as a label (主办：).
_ROLES: dict[str, tuple[str, str]] = {
    "lead": (rf"(?:总|主要)?(?:{LEAD}|主管|主体责任|主要责任|第一责任|首要责任|负责)", LEAD),
    "support": (
        rf"(?:主要)?(?:{SUPPORT}|协作|会办|行业(?:主管|监管)|(?:业务)?指导|相关责任|相关|其[他它]责任|其[他它]相关|支持)",
        SUPPORT,
    ),
    "either": (r"(?:责任|落实|实施|执行)", "(?:部门|职责|任务|责任|单位)分工"),
}
UNIT_LABELS = tuple(_ROLES)
BODY = "(?:单位|部门|科室|处室|股室|机构|主体|办公室|办(?=[（(]))"
_LEVELS = "(?:[省市县区州]级?|部|局|院|校)?"
_OR_BODY = r"(?:[（(][^（）()：:、，]{1,6}[）)])?"  # 责任单位（部门）, 责任办（中心）
_SURE_LEVELS = "(?:[省市县区州]级)?"
_WITH_HEADS = "(?:(?:[和及与]|、)(?:主要|分管|具体)?(?:责任人|负责人))?"


def _role_labels(levels: str) -> dict[str, str]:
    return {
        key: rf"{levels}{roles}(?:责任)?{BODY}{_OR_BODY}{_WITH_HEADS}|{alone}" for key, (roles, alone) in _ROLES.items()
    }


_OTHER_LABELS: dict[str, str] = {
    "leaders": r"(?:分管|责任|牵头|联系|主要|挂钩|包联|包保)?"
    r"(?:师市|[省市县区州旗镇乡师校院]级?(?:党政|政府)?|集团|公司|班子)领导"
    r"|(?:[省市县区](?:政府|级)?)?(?:分管|责任|牵头|挂点|挂钩|联系|主管|包保|包抓|督办|负责|挂帅)"
    r"(?:[省市县区州镇]?(?:政府|级)?)领导|(?:分管|责任|牵头|联系|挂点|包抓)?副?[省市县区州镇]长|(?:第一)?责任人",
    "heads": r"(?:主要|具体|单位|部门|分管)?负责人",
    "deadline": r"(?:完成|办结|办理|时间|截止|工作|整改|责任)(?:时限|时间|期限|节点|日期)|(?:完成|时限|时间)要求"
    r"|时限|时间安排",
    "measures": r"(?:主要|具体|重点|推进|落实|整改|办理)?(?:工作)?(?:措施|举措)|(?:办理|督办|整改)要求"
    r"|工作内容及措施|具体工作",
    "title": r"(?:工作|重点|主要|目标|具体|督办|督查|交办|议定|整改|改革)(?:任务|事项|内容)"
    r"|任务(?:名称|内容)?|(?:事项|实事|项目)名称|事项"
    r"|(?:建设|实施)?内容",
    "watch": r"(?:跟踪)?(?:督办|督查|督导|监督|考核|评价)(?:责任)?(?:单位|部门|机构|领导)",
    "goal": r"(?:年度|工作|预期|绩效|考核|量化)(?:工作)?(?:目标|指标)|目标(?:要求)?|(?:工作|具体|任务)要求",
}
# The names that offices give to the parts of a task: regular expressions by what follows them.
LABELS: dict[str, str] = {
    key: both_scripts(pattern) for key, pattern in (_role_labels(_LEVELS) | _OTHER_LABELS).items()
}
_NAMED = "|".join(f"(?P<{key}>{pattern})" for key, pattern in LABELS.items())
# 牵头单位：… or 【牵头单位】…, the colon may go where a bracket closes the label.
LABEL = re.compile(rf"\s*(?P<open>[【\[〔])?(?:{_NAMED})(?(open)\s*[】\]〕]\s*[：:]?|\s*[：:])\s*")
ANY_LABEL = "|".join(LABELS.values())
ANY_UNIT_LABEL = "|".join(LABELS[key] for key in UNIT_LABELS)
_GLUED_LABEL = both_scripts("|".join((_role_labels(_SURE_LEVELS) | _OTHER_LABELS).values()))
# Blanks are taken from the first of a run and whole: tried from each of them, a long run takes forever.
_AFTER_SPACE = re.compile(rf"(?<!\s)\s++(?=(?:{ANY_LABEL})\s*[：:])")
_IN_BRACKETS = re.compile(rf"(?<!\s)\s*+(?=[【\[〔](?:{ANY_LABEL})[】\]〕])")
_GLUED = re.compile(rf"(?:{_GLUED_LABEL})\s*[：:]")
_SAID_AS = re.compile(rf"(?:(?<=^)|(?<=[；;，,。]))({ANY_UNIT_LABEL})(?:为|是)[：:]?(?=[^，,。；;]{{2}})")
_LABEL_STARTS = "；;，,。：:（(【[〔、"


def set_labels_apart(text: str) -> str:
    """A clause with a ； before each label in its midst, even where nothing or a mere space sets it apart.

    A label is taken whole, for longer ones hold shorter ones (相关责任单位 holds 责任单位). One in
    brackets is a label where the text begins with such a one, else said of the name before: A〔牵头〕.
    """
    if not any(mark in text for mark in "：:【[〔为是"):
        return text
    marked = _SAID_AS.sub(r"\1：", _AFTER_SPACE.sub("；", text))
    if LABEL.match(marked):
        marked = _IN_BRACKETS.sub("；", marked)
    pieces, last = [], 0
    for found in _GLUED.finditer(marked):
        start = found.start()
        begin = max((marked.rfind(mark, last, start) for mark in _LABEL_STARTS), default=-1) + 1
        before = marked[max(begin, last) : start].strip()
        if before and not re.fullmatch(both_scripts(_LEVELS), before):
            pieces.append(f"{marked[last:start]}；")
            last = start
    return "".join([*pieces, marked[last:]])


# A space between two names that each show their level: 县财政局 县水利局.
_NEXT_NAME = re.compile(
    both_scripts(
        r"(?<=[\u4e00-\u9fff]{2}[局厅委办])[ \u3000]+"
        r"(?=[省市县区州旗][\u4e00-\u9fff]{2,10}[局厅委办会院](?:$|[ \u3000、，,；;。）)〕\]]))"
    )
)


def set_names_apart(text: str) -> str:
    """A list of units with a 、 where a mere space sets two names apart."""
    return _NEXT_NAME.sub("、", text)


# --- verbs: what is said of the names before them ----------------------------------------

# Longest first; (pattern, what they say).
_VERBS: tuple[tuple[str, str], ...] = (
    (r"(?:共同|联合)?(?:主办|承办|负总责|主责)(?:落实|实施)?", "lead"),
    (r"(?:为|作为)(?:牵头|主办|主责)(?:责任)?(?:单位|部门)", "lead"),
    (r"(?:为|作为)(?:配合|协办|参与|协助)(?:责任)?(?:单位|部门)", "support"),
    (r"(?:为|作为)责任(?:单位|部门)", "do"),
    (r"(?:共同|联合)?牵头(?:负责|落实|组织|抓总|实施|推进|办理|承办|(?=$))?", "lead"),
    (r"分别牵头(?:负责|落实)?", "each"),
    (r"(?:根据|依|按照?)?(?:各自)?职[责能](?:任务|分工)*(?:积极)?(?:配合|协助|参与)(?:落实|做好)?", "support"),
    (r"(?:根据|依|按照?)?(?:各自)?职[责能]?(?:任务)?分工(?:分别)?(?:负责|落实|抓好落实|做好)?(?:落实)?", "do"),
    (r"(?:(?:按照?|依据?|根据)(?:各自)?职[责能]|分别|各自|分工)(?:负责|落实|抓好|组织实施)(?:落实)?", "do"),
    (rf"(?:积极|共同|协同|协助|密切)?(?:{SUPPORT})(?:落实|做好|实施|推进|负责|支持)?", "support"),
    (r"(?:具体负责|共同负责|负责|组织实施|抓好落实|落实|实施)(?:落实|组织实施)?", "do"),
)
VERB = re.compile("(?:" + "|".join(f"(?P<v{i}>{both_scripts(p)})" for i, (p, _) in enumerate(_VERBS)) + r")$")
MID_VERB = re.compile(
    both_scripts(
        r"(?<=[局厅委办部院会社中心团司府位区组])(?:牵头(?:负责)?|主办)[，,]?(?=[^，,、；;）)]{2})(?!抓总|组织|落实|实施|推进|推动|办理|承办|做好|抓好|开展|制定|加强|统筹|建立)|(?:牵头)?会同"
    )
)
# Verbs that make a list in brackets a clause of units, and all that may follow a name.
VERB_END = re.compile(both_scripts(rf"(?:{LEAD}|{SUPPORT}|{DO}|推进|完成)(?:落实|实施)?[。；;]?$"))
VERBS_AFTER_NAME = re.compile(
    both_scripts(
        rf"(?:按照?)?(?:职责)?(?:分工)?(?:共同|联合|分别|各自)?(?:{LEAD}|{SUPPORT}|{DO}){{1,4}}(?:落实|实施)?[。；;]?$"
    )
)
# A role in a bracket of its own after one name: 县工信局（牵头）.
ROLE_ASIDE = re.compile(
    both_scripts(
        rf"[（(〔\[【](?:(?P<lead>(?:{LEAD})(?:负责|{BODY})?)|(?P<support>(?:{SUPPORT})(?:{BODY})?))[）)〕\]】]$"
    )
)
_ADVERB = re.compile(both_scripts(r"(?:共同|联合|分别|要|各自|均|具体|抓好|做好|积极|主要|予以|给予)$"))
# 县民政局负责低保兜底: a unit and its own share of the task; to supervise or explain (负责解释) is none.
_DUTY = re.compile(
    both_scripts(
        r"^(?P<who>.{2,30}?(?:[局厅委办部院会社处站所队府]|中心|公司|集团|管委会|法院|银行|[镇乡](?=负责)))"
        r"(?:(?P<lead>牵头)(?:负责)?|负责|承担|具体负责|重点负责|主要负责)"
        r"(?!.{0,8}(?:督办|督查|督促|督导|检查|考核|通报|监督|解释|汇总))(?P<what>[^、]{2,40})$"
    )
)


def duty_of(item: str) -> tuple[str, str]:
    """A unit and what is said of it where its share of the task follows (A负责设计); else the item and ""."""
    found = _DUTY.match(item[:90])
    if not found or VERB.search(item[-40:]):
        return item, ""
    return found["who"], "lead" if found["lead"] else "do"


def verb_at_end(item: str) -> tuple[str, str]:
    """A name and what the verb after it says: lead, each (分别牵头), support, do, or "" for none."""
    found = VERB.search(item[-40:])
    if not found:
        return item, ""
    said = next(kind for i, (_, kind) in enumerate(_VERBS) if found[f"v{i}"] is not None)
    return _ADVERB.sub("", item[: len(item) - len(found[0])].strip()), said


# Marks beside the names of leading units, where the plan says so: ★县教育局.
MARKS = "★☆*＊▲△●◆"
_MARKED_LEADS = re.compile(
    both_scripts(
        rf"(?:带|标|加|注|有|打|画)[^，。；]{{0,6}}[{MARKS}][^，。；]{{0,8}}牵头"
        rf"|[{MARKS}][^，。；]{{0,6}}(?:为|是|表示|代表)[^，。；]{{0,4}}牵头"
    )
)


def marked_leads(text: str) -> bool:
    """Whether a text says that a mark beside its name makes a unit lead."""
    return bool(_MARKED_LEADS.search(text))


# --- levels and endings of names ---------------------------------------------------------

LEVEL = both_scripts(r"(?:自治区|自治州|兵团|[省市县区州旗盟])")
# A leading 市 of 市场监管局 or 市政集团 is no level word, nor is the 区 of 区域 or 区块链.
NO_LEVEL = both_scripts(r"(?!市(?:场|政(?!府|协|法|务|数)|容|民中心|域|管局)|区(?:域|块|划)|县域|旗袍)")
LEVEL_WORD = re.compile(rf"{NO_LEVEL}{LEVEL}(?=[\u4e00-\u9fff“])")
PREFIXES = (
    re.compile(rf"{NO_LEVEL}(?P<place>)(?P<level>{LEVEL})(?P<body>委|政府)?(?=[\u4e00-\u9fff“])"),
    re.compile(
        rf"(?P<place>(?:(?![各有相其])[\u4e00-\u9fff]){{2,3}}?)(?P<level>{LEVEL})(?P<body>委|政府)?(?=[\u4e00-\u9fff])"
    ),
)
# Words that end in a level word without naming a place: 园区, 社区, 库区; 市场, 超市, 城市.
NO_PLACE = re.compile(r"[灌园社片库景林矿港校城地军战厂牧](?=区)|场(?=区)|超(?=市)|城(?=市)")
PARTY = re.compile(
    r"(?:组织部|宣传部|统战部|政法委|网信办|编办|编委办|改革办|深改办|国安办|军民融合办|老干部局|党校|(?:直属)?机关工委|直属工委|农办"
    r"|财经办|依法治.办|台办|保密办|机要局|巡[察视]办|社会工作部|社工部|政研室|教育工委|两新工委|审计办|党史研究室|讲师团|文明办|督查室)$"
)
# Bodies that belong to no level of the plan's own, and names that carry a place of their own.
SELF = re.compile(
    r"^(?:国家|中央|全国|中国|国网|团[省市县区州]委|人民银行|人行|海关|审计署|(?:水利|自然资源|生态环境|交通运输)部(?!门)|移动|联通|电信|铁塔|广电网络|新华社)"
    r"|海关|银行|银保监|(?<!地方)金融监管(?:总局|分局|支局|局)|证监|外汇|海事|边检|海警|铁路局|电网|铁塔|大学|调查总?队$|(?<!科)学院$|期货|交易所|[灌库景林矿港牧]区|流域"
    r"|(?:街道|街道办|街道办事处|镇|乡|村|园|园区|高新区|开发区|经开区|度假区|示范区|合作区|管委会|执委会|指挥部|有限公司|领导小组|专班)$"
)
OWN_COMPANY = re.compile(r"(?<!自来水)(?<!供水)(?<!供电)(?<!燃气)(?<!公交)(?<!热力)(?<!城投)(?<!交投)(?<!水务)公司$")
OWN_PLACE_BODY = re.compile(r"^[\u4e00-\u9fff]{2,}(?:供电局|供电公司|气象台|车务段|公路局)$")
PROVINCES = frozenset(
    re.findall(
        "..",
        "北京天津上海重庆河北山西辽宁吉林江苏浙江安徽福建江西山东河南湖北湖南广东海南"
        "四川贵州云南陕西甘肃青海台湾广西西藏宁夏新疆香港澳门",
    )
) | {"黑龙江", "内蒙古"}
COLLECTIVE = re.compile(
    both_scripts(
        r"^(?:各|有关|相关|其他|其它|全体|所有|涉及|属地|所在地|辖区|项目所在)"
        r"|(?:各|有关|相关|直属|[省市县区]直|[省市县区]府直属|驻.{1,4})(?:各|有关|相关|责任|成员|职能|行政执法|主管){0,4}(?:单位|部门|机关(?!工委|党|事务)|企业|机构|镇|乡|街道|市|县|区|政府)"
        r"|各(?:产业|工作|重点|项目){0,2}(?:专班|工作组|产业链|牵头单位)$"
        r"|[省市县区州旗]直各[^、，]{1,6}(?:单位|部门)$|成员单位|镇街$|(?:等|各)(?:部门|单位)$|[省市县区]属(?:国有)?企业$"
    )
)
# Characters and words that names of units end in.
ORG_END = frozenset(
    char
    for char in "局厅委办部院会社处室站所校馆团队署行司组心府位门区道镇乡县市台学联协班院场段园街"
    "廳辦會處館團隊組門區鎮鄉縣學聯協場園"
)
ORG_WORDS = ("海关", "团中央", "机关", "企业", "集团", "支队", "工委", "海關", "機關", "企業", "集團")
PLACE_KINDS = "市县区镇乡州旗"
LEVELS = "省市县区州旗"  # of governments that issue plans
PLACE_GOV = re.compile(
    rf"(?P<name>[^各有相]{{1,6}}?)(?P<kind>街道|[{PLACE_KINDS}])(?P<tail>人民政府|政府|办事处|党委|党工委|管委会)?$"
)
SHORT_ORG = re.compile(r"(?:[局厅委办部会联协院社队]|集团|中心|公司|管理|各地)$")
MEMBERS = re.compile(r"(?:委员会|安委会|减灾委|食安委|防火委|领导小组|联席会议|指挥部|专班)$")
# A bare name that is surely a unit, unlike 街道 or 社区 in an aside.
STRONG_END = re.compile(
    both_scripts(r"(?:[\u4e00-\u9fff]{2}[局厅委办]|管委会|委员会|公司|支行|支队|大队|分局|法院|检察院|集团)$")
)

# --- kinds of units, as the unit list names them ------------------------------------------

COLLECTIVE_KIND = "集体称谓"
TOWN_KIND = "镇（街道）"
# The word that is written first, then what people type instead.
UNIT_KINDS: dict[str, tuple[str, ...]] = {
    "部门": ("部门", "单位", "政府部门", "党政部门", "直属单位"),
    TOWN_KIND: (TOWN_KIND, "镇街", "镇", "乡", "街道", "乡镇", "镇、街道", "镇（街）", "乡镇（街道）"),
    "县（市、区）政府": ("县（市、区）政府", "县（市、区）", "县区", "县区政府", "区县", "市县政府", "下级政府"),
    "垂直管理单位": ("垂直管理单位", "垂直管理", "垂管单位", "垂管", "垂直单位", "中央驻地单位"),
    "企业": ("企业", "公司", "国有企业", "银行"),
    COLLECTIVE_KIND: (COLLECTIVE_KIND, "集体", "集合", "集体单位", "统称"),
    "其他": ("其他", "其它", "其他单位"),
}
_VERTICAL = (
    r"税务局|海关$|人民银行|外汇(?:管理)?局|气象[局台]|邮政管理局|海事局|银保监|(?<!地方)金融监[管督]|证监|消防救援|调查队"
    r"|烟草|边检|海警|通信管理局|国家安全局|^国家"
)
_COMPANY = r"公司$|集团$|企业$|银行$|[支分]行$|供电局$|^(?:中国)?(?:移动|联通|电信|铁塔)"
_KIND_PATTERNS = (
    (_VERTICAL, "垂直管理单位"),
    (_COMPANY, "企业"),
    (r"(?:[^省市县区](?:镇|乡|街道)(?:人民政府|政府|办事处|党委|党工委)|..(?:镇|乡|街道))$", TOWN_KIND),
    (r"..(?:[市县州旗]|(?<![园新发作片社库])区)(?:人民政府|政府)?$", "县（市、区）政府"),
    (r"[局厅委办部院会署社处队府站所校联协馆室]$|[）)]$|中心$|党组$", "部门"),
)
_KINDS = tuple((re.compile(both_scripts(pattern)), kind) for pattern, kind in _KIND_PATTERNS)


def kind_of(name: str, collective: bool) -> str:
    """The kind of a unit as far as its name tells: a draft for a person to correct."""
    if collective:
        return COLLECTIVE_KIND
    return next((kind for pattern, kind in _KINDS if pattern.search(name)), "其他")


# Short forms in the names of offices and what they stand for, to see two spellings of one name.
_SHORT_FORMS: tuple[tuple[str, str], ...] = (
    ("发改", "发展改革"),
    ("工信", "工业信息化"),
    ("人社", "人力资源社会保障"),
    ("住建|住房建设", "住房城乡建设"),
    ("卫健", "卫生健康"),
    ("文旅", "文化旅游"),
    ("教体", "教育体育"),
    ("民宗", "民族宗教"),
    ("市监|市管", "市场监督管理"),
    ("监管", "监督管理"),
    ("政数", "政务服务数据管理"),
    ("医保", "医疗保障"),
    ("粮储|粮食储备", "粮食物资储备"),
    ("农业(?=[局厅委]$)", "农业农村"),
    ("交通(?=[局厅委]$)", "交通运输"),
    ("应急(?=[局厅办]$)", "应急管理"),
    ("办$", "办公室"),
)
_SHORT = tuple((re.compile(short), full) for short, full in _SHORT_FORMS)


def spelled_out(name: str) -> str:
    """A name with its short forms in full and without 和: 县发改局 and 县发展和改革局 come out as one."""
    plain = re.sub("[和与]", "", name)
    for short, full in _SHORT:
        plain = short.sub(full, plain)
    return plain


# Usual surnames: where a run of characters holds two names, the second begins with one.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤卓鲁聂冉胡柯凌詹欧翁骆庞"
)
DOUBLE_SURNAMES = frozenset(
    ("欧阳", "上官", "司马", "诸葛", "夏侯", "皇甫", "公孙", "慕容", "令狐", "司徒", "东方", "南宫", "端木")
)

# What stands where nobody is named, and what sends the reader elsewhere (详见附件2).
NOBODY = re.compile(r"(?:暂?无|没有|不涉及|略|[/／\\|—–－~～*＊-]+)")
ELSEWHERE = re.compile(
    both_scripts(
        r"[（(]?(?:详?见|参见|另见|按|以)[^、，；]{0,12}(?:附[件表录]|文件|通知|清单|方案|另发|另行)[^、，；]{0,8}"
        r"|另行(?:通知|明确|确定)|待定"
    )
)

DATE = re.compile(
    both_scripts(
        r"(?:20\d\d[年.\-/]|[今本明]年|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月|第?[一二三四1-4]季度|[上下]半年|年[内底末中]"
        r"|全年|贯穿全年|长期|持续|即时|实时|随时|按时序|按序时|按计划|按进度|动态|常态化|立即|即日|近期|按期|适时).{0,14}$"
    )
)


def is_date(text: str) -> bool:
    """Whether a segment says by when rather than by whom."""
    return bool(DATE.match(text)) and not re.search(both_scripts(r"[局厅委办](?:牵头|配合|负责|$)"), text)


# 列第一位的责任单位为牵头单位; 排在首位的为牵头单位 (domain.md D18).
_FIRST_LEADS = re.compile(
    both_scripts(
        r"(?:列|排|位|放)[^，。；]{0,4}(?:第一位|首位|第一个?|最前)[^，。；（(]{0,10}牵头"
        r"|(?:第一(?:位|个|家)?|首位|首个)(?:的|者)?(?:责任)?(?:单位|部门)?[^，。；（(、]{0,4}(?:为|是|即|系)[^，。；（(、]{0,6}牵头"
    )
)


def first_leads(text: str) -> bool:
    """Whether a text lays down that the first unit of a list leads the others."""
    return bool(_FIRST_LEADS.search(text))
