"""Targets: which numbers of a text are aims, and what they say."""

from __future__ import annotations

import time

import pytest

from taskkit.targets import find_targets


def found(text: str) -> list[tuple[str, float, str]]:
    return [(target.op, target.value, target.unit) for target in find_targets(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("地区生产总值增长6%", ("=", 6, "%")),
        ("新增就业5万人以上", (">=", 5, "万人")),
        ("失业率控制在5.5%以内", ("<=", 5.5, "%")),
        ("物价涨幅3%左右", ("~", 3, "%")),
        ("抽检不少于9000批次", (">=", 9000, "批次")),
        ("能耗不超过300吨", ("<=", 300, "吨")),
        ("服务近300个重点企业", ("~", 300, "个")),
        ("报批土地1000余亩", (">=", 1000, "亩")),
        ("筹集住房不少于2万套（间）", (">=", 2, "万套（间）")),
        ("食品抽检达到每千人5.5批次", ("=", 5.5, "批次")),
        ("新增处理能力140万立方米/日", ("=", 140, "万立方米/日")),
        ("年度计划投资1万亿元", ("=", 1, "万亿元")),
    ],
)
def test_an_aim_has_comparator_value_and_unit(text, expected):
    assert [expected] == found(text)


@pytest.mark.parametrize(
    "text",
    [
        "实施“1+9+N”体系建设",
        "办好第131届交易会",
        "编制2026年工作要点",
        "推动5G网络覆盖",
        "落实稳增长24条措施",
        "引进投资超20亿元的工业项目",
        "推进《2026年100件实事》",
        "对标国家规划102项重大工程",
        "按照3月10日的要求",
        "建成30万吨级航道",
        "建设“三个15”工程",
        "建成年产10万吨项目",
        "分3批下达计划",
        "对用地5亩以上工业企业实行评价",
    ],
)
def test_names_ordinals_dates_and_descriptions_are_no_aims(text):
    assert [] == found(text)


def test_a_change_has_the_old_value_as_baseline_and_each_of_several_a_row():
    targets = find_targets("低保标准分别从每月500元、300元提高到520元、320元")

    assert [(520, "元", 500), (320, "元", 300)] == [(t.value, t.unit, t.baseline) for t in targets]


def test_a_change_may_be_written_with_another_word_for_from_and_to():
    [target] = find_targets("补助标准由每人每年610元提高至640元")

    assert ("补助标准", 640, 610) == (target.indicator, target.value, target.baseline)


def test_what_describes_a_counted_thing_is_no_aim_of_its_own():
    assert [("=", 1, "个"), ("=", 3, "个")] == found("引进1个投资30亿元以上、3个投资10亿元以上的项目")


def test_a_threshold_within_a_rate_is_no_aim_of_its_own():
    assert [("=", 60, "%")] == found("年经营性收入20万元以上的村占比达到60%")


def test_several_counts_that_all_fall_are_aims_of_their_own():
    assert ["事故起数", "死亡人数"] == [each.indicator for each in find_targets("事故起数和死亡人数均下降5%以上")][:2]


def test_a_rate_after_a_rate_is_of_its_kind():
    assert ["growth", "growth"] == [target.kind for target in find_targets("生产总值增长6%，力争6.5%")]


def test_a_value_said_of_two_rates_counts_for_each():
    assert [(">=", 95, "%")] * 2 == found("投诉办结率和举报核查率均超过95%")


def test_several_aims_of_one_sentence_are_all_found():
    assert [("=", 90, "公里"), ("=", 30, "公里"), (">=", 95, "%")] == found(
        "新改建农村公路90公里、美丽农村路30公里，三级路占比达95%以上"
    )


def test_the_indicator_is_what_is_counted():
    assert ["高标准农田", "示范村镇"] == [t.indicator for t in find_targets("建设高标准农田3000亩，创建20个示范村镇")]


def test_the_number_of_a_sentence_is_no_part_of_the_indicator():
    assert ["教学楼"] == [target.indicator for target in find_targets("（1）完成征地。（2）建成教学楼2栋。")]


def test_the_text_of_a_target_is_the_printed_clause():
    assert ["新增“四好农村路”20公里"] == [t.text for t in find_targets("做好养护，新增“四好农村路”20公里。")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("空气优良天数300天以上", (">=", 300, "天")),
        ("PM2.5浓度降至35微克/立方米以下", ("<=", 35, "微克/立方米")),
        ("再引进项目5个", ("=", 5, "个")),
    ],
)
def test_aims_of_the_environment_and_after_any_verb_are_found(text, expected):
    assert [expected] == found(text)


@pytest.mark.parametrize("text", ["严守10条底线", "办理时限压缩至3天"])
def test_rules_that_are_kept_and_spans_of_time_are_no_aims(text):
    assert [] == found(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("建设10个国家县城建设示范地区", ("=", 10, "个")),
        ("完成小流域治理3条", ("=", 3, "条")),
        ("打造特色街区3条", ("=", 3, "条")),
        ("新增公路生产线3条", ("=", 3, "条")),
        ("打通东街、西街等15条“断头路”", ("=", 15, "条")),
        ("提质建设已基本建成的2条示范带", ("=", 2, "条")),
        ("按照不低于培育任务的1.2倍规模建库", (">=", 1.2, "倍")),
        ("东溪、西溪等7个地市创建高新区", ("=", 7, "个")),
        ("放流鱼苗100万尾以上", (">=", 100, "万尾")),
        ("群众满意度达95分以上", (">=", 95, "分")),
        ("工业总产值300亿元以上", (">=", 300, "亿元")),
        ("开行班列100列", ("=", 100, "列")),
    ],
)
def test_what_is_counted_by_any_word_and_in_any_state_is_an_aim(text, expected):
    assert [expected] == found(text)


@pytest.mark.parametrize("text", ["推广现有12个试点的做法", "加码稳外贸4条", "落实20条“硬措施”", "覆盖65个国家和地区"])
def test_what_exists_the_points_of_a_policy_and_where_it_holds_are_no_aims(text):
    assert [] == found(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("65岁及以上老年人健康服务率超30%", ["65岁及以上老年人健康服务率"]),
        ("卫生厕所普及率达到95%", ["卫生厕所普及率"]),
        ("将公益林补偿标准提高至45元/亩", ["公益林补偿标准"]),
        ("下达29亿元专项资金", ["专项资金"]),
        ("开展“云溪厨师”培训4万人次以上", ["“云溪厨师”培训"]),
        ("新增20个全国“一村一品”示范村", ["新增全国“一村一品”示范村"]),
        ("创建15个示范区和13个实验区", ["示范区", "实验区"]),
        ("强化对133个重点项目以及近300个重点企业的服务", ["重点项目", "重点企业的服务"]),
        ("完成12座大中型、26座小型水库加固", ["大中型水库加固", "小型水库加固"]),
        ("完成30个重点镇、3000平方公里的1：10000地质调查", ["重点镇", "1：10000地质调查"]),
        ("新增家庭农场30家、合作社20家", ["新增家庭农场", "新增合作社"]),
        ("新增规上企业40家，总数达到260家", ["新增规上企业", "规上企业总数"]),
        ("投诉办结率和举报核查率均超过95%", ["投诉办结率", "举报核查率"]),
        ("甲类补贴、乙类补贴标准分别从每月188元、252元提高到195元、261元", ["甲类补贴标准", "乙类补贴标准"]),
        ("城乡低保标准分别从每月500元、300元提高到520元、320元", ["城镇低保标准", "农村低保标准"]),
        ("食品抽检达到每千人5.5批次", ["每千人食品抽检"]),
        ("医养服务全覆盖、建制村养老设施覆盖率达70%", ["建制村养老设施覆盖率"]),
        ("推进纳入规划的8个抽水蓄能项目建设", ["抽水蓄能项目建设"]),
        ("培育一批国家级示范单位、20家省级示范单位", ["省级示范单位"]),
        ("建成区绿地率达到40%", ["建成区绿地率"]),
        ("完成固定资产投资120亿元，增长8%", ["固定资产投资", "固定资产投资"]),
        ("游客500万人次、旅游收入50亿元，分别增长10%、15%", ["游客", "旅游收入"] * 2),
        ("城乡低保标准分别提高到每月700元、520元", ["城镇低保标准", "农村低保标准"]),
        ("财政支出的80%以上用于民生", ["财政支出用于民生"]),
        ("实施310个重点项目，年度计划投资271亿元", ["重点项目", "重点项目年度计划投资"]),
        ("农村公路100公里，其中县道30公里", ["农村公路", "县道"]),
    ],
)
def test_an_indicator_is_named_by_the_words_that_belong_to_its_number(text, names):
    assert names == [target.indicator for target in find_targets(text)]


def test_a_multiple_is_a_ratio_and_so_much_for_each_a_level():
    [times, each] = find_targets("救助标准不低于低保标准的1.6倍，抽检达到每千人5.5批次")

    assert ("ratio", "level") == (times.kind, each.kind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("办理时间压缩至5个工作日以内", ("<=", 5, "个工作日")),
        ("群众诉求5个工作日内办结", ("<=", 5, "个工作日")),
        ("力争压缩至3.5小时以内", ("<=", 3.5, "小时")),
        ("完成投资300亿元以上", (">=", 300, "亿元")),
        ("实际利用外资1.5亿美元", ("=", 1.5, "亿美元")),
        ("粮食产量达20亿斤以上", (">=", 20, "亿斤")),
        ("提供不少於3000個職位", (">=", 3000, "个")),
    ],
)
def test_ceilings_of_time_and_rarer_units_are_found(text, expected):
    assert [expected] == found(text)


def test_the_size_of_projects_that_are_counted_is_no_aim_of_its_own():
    assert [("=", 30, "个"), ("=", 3, "个")] == found("签约亿元以上项目30个，其中10亿元以上3个")


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("1.建设食堂20个", ["食堂"]),
        ("建设和美乡村100个", ["和美乡村"]),
        ("自来水普及率提高到92%", ["自来水普及率"]),
        ("2026年底前用电成本降低10%", ["用电成本降低"]),
        ("牲畜头数稳定在120万头", ["牲畜头数"]),
        ("外贸总额达到800亿元、增长5%", ["外贸总额", "外贸总额"]),
        ("增加值增长7%以上，力争8%", ["增加值", "增加值"]),
        ("培育“专精特新”企业50家、国家级“小巨人”企业5家", ["培育“专精特新”企业", "国家级“小巨人”企业"]),
    ],
)
def test_an_indicator_says_of_what_a_number_speaks(text, indicators):
    assert indicators == [target.indicator for target in find_targets(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("废物综合利用率（目标：≥95%）", ("废物综合利用率", ">=", 95.0)),
        ("优良天数比率≥85%", ("优良天数比率", ">=", 85.0)),
        ("建设内容：新建停车场4处", ("新建停车场", "=", 4.0)),
    ],
)
def test_signs_and_labels_are_no_part_of_an_indicator(text, expected):
    [target] = find_targets(text)
    assert expected == (target.indicator, target.op, target.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("安装监测设备1.2万台（套）", [("=", 1.2, "万台（套）")]),
        ("建成幸福河湖20条（个）", [("=", 20.0, "条（个）")]),
        ("牲畜存栏120万头只以上", [(">=", 120.0, "万头只")]),
        ("优化公交线路不少于20条", [(">=", 20.0, "条")]),
        ("评选精品课50节", [("=", 50.0, "节")]),
        ("增设充电桩60组", [("=", 60.0, "组")]),
        ("每季度至少研究1次安全生产", [(">=", 1.0, "次")]),
    ],
)
def test_two_words_for_one_count_and_a_floor_before_a_verb(text, expected):
    assert expected == found(text)


def test_what_says_how_a_value_changes_is_no_part_of_its_name():
    [one, other] = find_targets("城乡居民人均可支配收入分别增长5%、6%")
    [share] = find_targets("大班额比例降至1%以下")

    assert ("城镇居民人均可支配收入", "农村居民人均可支配收入") == (one.indicator, other.indicator)
    assert "大班额比例" == share.indicator


@pytest.mark.parametrize(
    "text",
    [
        "指标" + "达到" * 24 + "了5个",
        "指标" + "提高到" * 24 + "力争均" * 8 + "了5个",
        "率超过" + "当地的" * 32 + "了5个",
        "率超过" + "每人每户全省的" * 12 + "了5个",
        "率为百分之" + "一" * 20_000 + "了5个",
    ],
)
def test_words_said_over_and_over_before_a_number_are_read_in_one_way(text):
    start = time.perf_counter()
    find_targets(text)
    assert time.perf_counter() - start < 2


def test_a_verb_of_one_sign_is_no_part_of_a_name():
    assert ["死亡率"] == [target.indicator for target in find_targets("死亡率降至3.5‰")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("开展两批药品集采", ("=", 2, "批")),
        ("办好十件民生实事", ("=", 10, "件")),
        ("每个镇至少建成一所专门学校", (">=", 1, "所")),
        ("新建幼儿园一所", ("=", 1, "所")),
        ("改造老旧小区二十个", ("=", 20, "个")),
        ("建成二十三个示范村", ("=", 23, "个")),
        ("新建两百二十公里管网", ("=", 220, "公里")),
        ("新增耕地两千余亩", (">=", 2000, "亩")),
        ("建成三十万亩高标准农田", ("=", 30, "万亩")),
        ("推进百万亩养殖池塘改造", ("=", 100, "万亩")),
        ("投资十二亿元", ("=", 12, "亿元")),
        ("力争一半以上圩镇达标", (">=", 50, "%")),
        ("八成以上的村达标", (">=", 80, "%")),
        ("覆盖率达到百分之九十以上", (">=", 90, "%")),
        ("收入年均增长百分之六点五", ("=", 6.5, "%")),
        ("办理时限压缩至三个工作日以内", ("<=", 3, "个工作日")),
        ("占比提高一个百分点", ("=", 1, "个百分点")),
        ("产值翻两番", ("=", 2, "番")),
    ],
)
def test_a_chinese_numeral_with_a_unit_is_a_number_where_something_is_done_with_it(text, expected):
    assert [expected] == found(text)


@pytest.mark.parametrize(
    "text",
    [
        "培育一批龙头企业",
        "办好第十届运动会",
        "共建一带一路",
        "落实十四五规划",
        "做好三农工作",
        "新建四好农村路",
        "推进五位一体总体布局",
        "召开两会",
        "开展百日攻坚",
        "实施千企改造",
        "开展万人助万企",
        "办成一件事",
        "推进一网通办",
        "实施一号工程",
        "推进双随机监管",
        "建成二期工程",
        "完成第三批认定",
        "分三批推进",
        "打造三个高地",
        "打造六个之都",
        "完成四套班子换届",
        "划定三条红线",
        "建设二十四小时自助服务区",
        "开展三支队伍建设",
        "完善五项制度",
        "推进横琴、前海两个合作区建设",
        "公布全省百场展会目录",
        "培育百亿元企业",
        "打造千亿级产业集群",
        "推进三级医院建设",
        "开展一次全面排查",
        "提前三个月完成",
        "实现监管全覆盖",
        "产值力争翻番",
    ],
)
def test_numerals_that_are_words_names_and_ordinals_are_no_numbers(text):
    assert [] == found(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("引进3—5家企业", (">=", 3, "家")),
        ("创建1-2个特色产业集群", (">=", 1, "个")),
        ("税收增长10%—15%", (">=", 10, "%")),
        ("培训20至30万人次", (">=", 20, "万人次")),
        ("失业率控制在3%—5%以内", ("<=", 5, "%")),
        ("每条产业链确定两至三家链主企业", (">=", 2, "家")),
        ("新建两三所学校", (">=", 2, "所")),
    ],
)
def test_a_range_is_one_aim_its_lower_end_or_the_upper_one_of_a_ceiling(text, expected):
    assert [expected] == found(text)


@pytest.mark.parametrize("text", ["完善2023—2025年规划", "做好3—5月防汛", "服务6-8岁儿童"])
def test_years_months_and_ages_are_no_ranges(text):
    assert [] == found(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("培训1，200人", [("=", 1200, "人")]),
        ("就业增长5%，200人参加", [("=", 5, "%"), ("=", 200, "人")]),
        ("培训20人，300人参加", [("=", 20, "人"), ("=", 300, "人")]),
    ],
)
def test_a_wide_comma_within_a_number_parts_thousands(text, expected):
    assert expected == found(text)


def test_money_without_its_unit_is_yuan_where_money_is_spoken_of_and_else_no_aim():
    assert [("=", 5.5, "亿元")] == found("完成投资5.5亿")
    assert [(">=", 1.2, "万亿元")] == found("贷款余额突破1.2万亿")
    assert [] == found("完成5.5亿")
    assert [] == found("引进总投资5.5亿的项目")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("实现税收10%—15%增长", ["税收"]),
        ("死亡率降至3.5‰，10%—15%增长", ["死亡率", "死亡率"]),
        ("建成两条路、三座桥", ["路", "桥"]),
        ("新建公园两个、广场三个", ["新建公园", "新建广场"]),
        ("每村至少配备一名专干", ["每村配备专干"]),
    ],
)
def test_signs_and_numerals_are_no_part_of_a_name(text, names):
    assert names == [target.indicator for target in find_targets(text)]


def test_a_total_said_over_and_over_does_not_grow():
    assert {"总额"} == {target.indicator for target in find_targets("总额5元、" * 50)}
