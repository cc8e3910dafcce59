"""Targets: which numbers of a text are aims, and what they say."""

from __future__ import annotations

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
    ],
)
def test_names_ordinals_dates_and_descriptions_are_no_aims(text):
    assert [] == found(text)


def test_a_change_has_the_old_value_as_baseline_and_each_of_several_a_row():
    targets = find_targets("低保标准分别从每月500元、300元提高到520元、320元")

    assert [(520, "元", 500), (320, "元", 300)] == [(t.value, t.unit, t.baseline) for t in targets]


def test_a_value_said_of_two_rates_counts_for_each():
    assert [(">=", 95, "%")] * 2 == found("投诉办结率和举报核查率均超过95%")


def test_several_aims_of_one_sentence_are_all_found():
    assert [("=", 90, "公里"), ("=", 30, "公里"), (">=", 95, "%")] == found(
        "新改建农村公路90公里、美丽农村路30公里，三级路占比达95%以上"
    )


def test_the_indicator_is_what_is_counted():
    assert ["高标准农田", "示范村镇"] == [t.indicator for t in find_targets("建设高标准农田3000亩，创建20个示范村镇")]


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
        ("培育“专精特新”企业50家、国家级“小巨人”企业5家", ["企业", "国家级企业"]),
    ],
)
def test_an_indicator_says_of_what_a_number_speaks(text, indicators):
    assert indicators == [target.indicator for target in find_targets(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("废物综合利用率（目标：≥95%）", ("废物综合利用率", ">=", 95.0)),
        ("优良天数比率≥85%", ("优良天数比率", ">=", 85.0)),
        ("建设内容：新建停车场4处", ("停车场", "=", 4.0)),
    ],
)
def test_signs_and_labels_are_no_part_of_an_indicator(text, expected):
    [target] = find_targets(text)
    assert expected == (target.indicator, target.op, target.value)
