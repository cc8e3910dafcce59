"""Units stand alone with their roles, however a clause writes them."""

from __future__ import annotations

import pytest

from taskkit.unit_names import joined_names
from taskkit.unit_words import both_scripts, set_labels_apart
from taskkit.units import (
    Lexicon,
    complete,
    is_collective,
    parse_clause,
    parse_clauses,
    parse_persons,
    split_cell,
    stand_alone,
    units_with_heads,
)


def roles(text: str, lexicon: Lexicon | None = None) -> dict[str, list[str]]:
    clause = parse_clause(text, lexicon=lexicon or Lexicon())
    return {name: [unit.name for unit in clause.units if unit.role == name] for name in ("lead", "support")}


@pytest.mark.parametrize(
    ("text", "lead", "support"),
    [
        ("省甲厅牵头，省乙厅、丙局，省委组织部、编办等配合。", "省甲厅", "省乙厅 省丙局 省委组织部 省委编办"),
        ("主办单位:县教育局、人社局;协办单位:县财政局、各乡镇(街道);", "县教育局 县人社局", "县财政局 各乡镇(街道)"),
        ("牵头单位：县教育局，责任单位：县财政局", "县教育局", "县财政局"),
        ("预期性指标，牵头单位：县教育局；责任单位：县财政局", "县教育局", "县财政局"),
        ("县教育局牵头，县财政局、住建局按职责分工负责", "县教育局", "县财政局 县住建局"),
        ("县教育局、县财政局按职责分工负责", "县教育局 县财政局", ""),
        ("责任单位：县教育局、财政局，县委宣传部", "县教育局 县财政局 县委宣传部", ""),
        ("各地、各部门配合落实", "", "各地 各部门"),
        ("牵头:县教育局;配合:县财政局", "县教育局", "县财政局"),
        ("【牵头单位】县教育局【配合单位】县财政局", "县教育局", "县财政局"),
        ("县教育局会同财政局", "县教育局", "县财政局"),
        ("牵头单位：县教育局、财政局；配合单位：县财政局", "县教育局 县财政局", ""),
        ("责任科室：法规科、办公室", "法规科 办公室", ""),
    ],
)
def test_a_clause_gives_units_with_roles(text, lead, support):
    assert {"lead": lead.split(), "support": support.split()} == roles(text)


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("省发展改革委、财政厅", "省发展改革委 省财政厅"),
        ("广陵、云州市政府", "广陵市政府 云州市政府"),
        ("东溪、青石、白沙镇政府", "东溪镇政府 青石镇政府 白沙镇政府"),
        ("东溪镇、青石镇政府", "东溪镇政府 青石镇政府"),
        ("东溪街道、青石街道", "东溪街道 青石街道"),
        ("省安委会、减灾委成员单位", "省安委会成员单位 省减灾委成员单位"),
        ("县委组织部、编办", "县委组织部 县委编办"),
        ("县教育局、人民银行云溪县支行、财政局", "县教育局 人民银行云溪县支行 县财政局"),
        ("县教育局、各镇政府", "县教育局 各镇政府"),
        ("县市场监管局、市场服务中心", "县市场监管局 县市场服务中心"),
        ("教育局、财政局", "教育局 财政局"),
        ("市交通委（市道运局）、财政局", "市交通委（市道运局） 市财政局"),
        ("县水利局、东溪灌区管理中心", "县水利局 东溪灌区管理中心"),
    ],
)
def test_what_a_list_leaves_out_comes_back_within_one_group(group, names):
    assert names.split() == [name for name, _ in stand_alone(group.split("、"))]


def test_a_comma_starts_a_new_group_without_the_level_word():
    assert ["县教育局", "财政局"] == roles("县教育局，财政局配合")["support"]


@pytest.mark.parametrize(
    ("text", "joint"),
    [
        ("县教育局、财政局按职责分工负责", True),
        ("县教育局、财政局分别牵头", True),
        ("责任单位：县教育局、财政局", True),
        ("县教育局、财政局牵头", False),
        ("县教育局牵头，县财政局按职责分工负责", False),
        ("各镇配合", False),
    ],
)
def test_units_lead_jointly_only_where_nobody_is_marked(text, joint):
    assert joint is parse_clause(text).joint


def test_a_list_that_ends_in_deng_is_open_but_the_word_is_no_part_of_a_name():
    clause = parse_clause("县教育局牵头，县财政局、住建局等配合")

    assert (True, "县住建局") == (clause.open_ended, clause.units[-1].name)


def test_a_deadline_and_leaders_in_the_bracket_are_no_units():
    clause = parse_clause("责任领导：甲一、乙二；牵头单位：县教育局；责任单位：县财政局，6月底完成")

    assert (("甲一", "乙二"), "6月底完成") == (clause.leaders, clause.deadline)
    assert ["县教育局", "县财政局"] == [unit.name for unit in clause.units]


def test_a_clause_may_name_units_for_all_later_items():
    clause = parse_clause("县教育局牵头，县财政局参与。以下均需各县区政府落实，不再列出")

    assert ("各县区政府",) == clause.carried


def test_a_list_after_a_lost_label_supports_but_is_reported():
    clause = parse_clause("主办单位:县水利局、林业局;各乡镇(街道)")

    assert ("support", ("role-guessed",)) == (clause.units[-1].role, clause.doubts)


def test_who_is_responsible_supports_where_another_label_leads():
    clause = parse_clauses([("县教育局", "lead"), ("县财政局，县民政局", "either")])

    assert ["lead", "support", "support"] == [unit.role for unit in clause.units]


def test_the_first_of_a_list_leads_where_the_notice_says_so():
    first = Lexicon(first_leads=True)

    assert {"lead": ["县教育局"], "support": ["县财政局"]} == roles("责任单位：县教育局、财政局", lexicon=first)


def test_ranks_count_within_the_role():
    units = parse_clause("县教育局、财政局牵头，县民政局、住建局配合").units

    assert [("lead", 1), ("lead", 2), ("support", 1), ("support", 2)] == [(unit.role, unit.rank) for unit in units]


@pytest.mark.parametrize(
    "name", ["各地", "各镇政府", "县直有关单位", "相关镇政府", "县府直属各单位", "县某某领导小组成员单位"]
)
def test_collectives_are_recognised(name):
    assert is_collective(name)


@pytest.mark.parametrize("name", ["县直机关工委", "县教育局", "县创建领导小组办公室", "东溪镇政府", "县直属机关事务局"])
def test_bodies_with_similar_names_are_no_collectives(name):
    assert not is_collective(name)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("县教育局 县财政局", ["县教育局", "县财政局"]),
        ("县人力资源 社会保障局", ["县人力资源社会保障局"]),
        ("市生态环境局 云溪分局", ["市生态环境局云溪分局"]),
        ("县教育局\n广源文化产业园区服\n务中心", ["县教育局", "广源文化产业园区服务中心"]),
        ("东溪街道办事处 青石街道办事处", ["东溪街道办事处", "青石街道办事处"]),
        ("区教育局 各街道办事处", ["区教育局", "各街道办事处"]),
        ("县教育局 中国电信云溪分公司", ["县教育局", "中国电信云溪分公司"]),
        ("县教育局、县住房城乡建 设局", ["县教育局", "县住房城乡建设局"]),
    ],
)
def test_spaces_in_a_cell_separate_names_or_merely_wrap_one(cell, names):
    assert names == split_cell(cell)


def test_a_wrapped_name_is_known_from_elsewhere_in_the_document():
    assert ["县政府办公室"] == split_cell("县政府 办公室", {"县政府办公室"})


def test_padded_names_of_persons_are_put_together():
    assert ["王二", "李小三", "张一"] == parse_persons("王　二 李小三\n张 一")


def test_names_of_persons_that_a_line_wrap_glued_are_taken_apart():
    assert ["张小一", "王二"] == parse_persons("张小一王 二")
    assert ["欧阳小一", "王二"] == parse_persons("欧阳小一 王 二")


@pytest.mark.parametrize(
    ("printed", "persons"),
    [
        ("县委常委、常务副县长 王二", "王二"),
        ("副县长李三", "李三"),
        ("王二副县长、李三同志", "王二 李三"),
        ("县政府党组成员、副县长张一；县政府秘书长 赵四", "张一 赵四"),
        ("王县长", "王县长"),
        ("县委副书记、县长", "县委副书记、县长"),
    ],
)
def test_persons_are_named_without_their_offices_where_they_have_a_name(printed, persons):
    assert persons.split() == parse_persons(printed)


def test_a_bare_name_takes_the_level_word_it_has_elsewhere_in_the_document():
    lexicon = Lexicon(known=frozenset({"区工信局", "区教育局"}))

    assert ("区工信局", "民政局") == (complete("工信局", lexicon), complete("民政局", lexicon))


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("县发改局及县财政局", "县发改局 县财政局"),
        ("清水县人民政府和高新区管委会", "清水县人民政府 高新区管委会"),
        ("县教育局/县财政局", "县教育局 县财政局"),
        ("县发展和改革局", "县发展和改革局"),
        ("市住房和城乡建设局", "市住房和城乡建设局"),
        ("县人力资源和社会保障局", "县人力资源和社会保障局"),
        ("市规划和自然资源局（市海洋和渔业局）", "市规划和自然资源局（市海洋和渔业局）"),
    ],
)
def test_names_that_a_word_joins_are_taken_apart_but_no_name_is_cut(printed, names):
    assert names.split() == joined_names(printed)


def test_persons_and_units_of_one_cell_are_told_apart():
    assert [("县工信局", ("张一", "王小二")), ("县商务局", ("李二",))] == units_with_heads(
        "县工信局 张 一 王小二 县商务局 李二"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("县教育局 相关责任单位：县财政局", "县教育局；相关责任单位：县财政局"),
        ("县教育局配合单位：县财政局", "县教育局；配合单位：县财政局"),
        ("；市级配合单位：县财政局", "；市级配合单位：县财政局"),
        ("【牵头单位】县教育局【配合单位】县财政局", "；【牵头单位】县教育局；【配合单位】县财政局"),
        ("县教育局〔牵头〕，县财政局", "县教育局〔牵头〕，县财政局"),
    ],
)
def test_a_label_is_set_apart_whole(text, expected):
    assert expected == set_labels_apart(text)


def test_a_pattern_takes_the_traditional_spelling_inside_and_outside_of_classes():
    assert "[牵牽][头頭][市县縣]级?".replace("级", "[级級]") == both_scripts("牵头[市县]级?")
