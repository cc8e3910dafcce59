"""What random plans are made of. All places and persons are invented."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st


@dataclass(frozen=True)
class Phrase:
    """A clause of a title; ``due`` is the date by which it says that something is done."""

    text: str
    due: str = ""


# Clauses that look like something else: lists, brackets, quotations, role words as ordinary verbs, dates,
# units in prose, numbers that are names.
PHRASES = (
    *map(
        Phrase,
        """推进农村公路提档升级
新建、改建农村公路120公里
实施《云溪“十五五”规划纲要》
落实《关于加快现代物流业发展的若干措施（试行）》
深化“一件事一次办”改革
建设高标准农田5.6万亩
改造老旧小区（含城中村、棚户区）32个
配合做好环保督察整改
牵头办好第12届农产品展销会
压实部门负责、属地落实的防汛责任
支持市教育局、财政局联合开展学位建设
加强与省发展改革委的对接
规上工业增加值增长6.5%左右
发挥工会、共青团、妇联等群团组织作用
做好防汛、防火、防疫工作
培育“小巨人”企业3家、创新型企业20家
开展“1+9+N”行动
公办幼儿园在园幼儿占比达到55%以上
建立由县长牵头、各部门配合的调度机制
完善“政府主导、企业负责”的运行机制
新增5G基站200个
推动协办项目落地见效
发展人工智能、低空经济等未来产业
办好十件民生实事
推进“五好两宜”和美乡村试点试验
新增学位2000个
让责任单位的责任更清晰
开展燃气安全整治（重点是餐饮场所）
开工建设江岭北线（东溪至青石段）
推进园区（开发区）扩区调位
建成云溪河、白沙河生态廊道
出台支持民营企业、个体工商户发展的办法
城乡居民收入稳步增长
保障粮食和重要农产品供给
加强网络、数据、人工智能安全监管
实施城市更新行动
引进亿元以上项目20个、百亿元项目1个
确保零事故、零伤亡
发行专项债券3.2亿元
健全多层次社会保障体系
组织“送戏下乡”100场次
治理黑臭水体（见附表）
加快建设“四好农村路”
落实领导干部负责制
持续优化营商环境
整治形式主义、官僚主义
争取国家、省级资金支持
做好县委、县政府交办的其他工作""".split("\n"),
    ),
    Phrase("10月底前完成主体工程", "10月底前"),
    Phrase("年内建成投用", "年内"),
    Phrase("2026年底前实现全覆盖", "2026年底前"),
    Phrase("6月底前出台实施细则", "6月底前"),
    Phrase("力争上半年开工建设"),
    Phrase("9月份召开现场会"),
)
MEASURES = tuple(
    """制定《云溪数字经济促进办法》，明确责任单位和完成时限
召开现场推进会2次
开工建设标准厂房5万平方米
开展“春风行动”专场招聘会，服务企业300家
建立健全政府牵头、部门配合、社会参与的工作机制
编制专项规划，组织专家评审
落实税费优惠、稳岗返还等政策
培训技术骨干500人次
会同有关部门开展联合检查
修订完善考核办法（试行）
用好中央、省级财政资金
办好消费节、美食节等活动""".split("\n")
)
SECTIONS = tuple(
    """稳定经济增长
做强实体经济、壮大产业集群
全面深化改革，优化营商环境
推进乡村全面振兴
加强生态环境保护
持续增进民生福祉
“双区”协同发展
建设平安云溪""".split("\n")
)
GROUPS = tuple(
    """扩大有效投资
培育壮大企业
发展数字经济
提升城市品质
办好人民满意的教育
推进健康云溪建设
促进就业、增加收入
守住安全底线""".split("\n")
)
PERSONS = ("云一舟", "林知远", "苏明川", "王曦", "李禾", "周望山", "欧阳知秋", "何苗")
DEADLINES = ("6月底前", "10月底前", "12月底", "2026年11月底前", "年底前", "6月底完成", "持续推进", "全年", "上半年")


def titles() -> st.SearchStrategy[tuple[Phrase, ...]]:
    """One to three different clauses that make a title."""
    return st.lists(st.sampled_from(PHRASES), min_size=1, max_size=3, unique=True).map(tuple)


def dues(title: tuple[Phrase, ...]) -> str | None:
    """The one date that a title names."""
    found = {phrase.due for phrase in title if phrase.due}
    return found.pop() if len(found) == 1 else None
