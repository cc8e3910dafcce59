"""Units in paragraphs, written in all the ways that wear a simple reader out: one sentence each."""

from __future__ import annotations

import re

import pytest

from taskkit.plan import records
from tests.plans import assigned, codes, read_text_plan, units_of

TITLE = "2026年云溪县重点任务分工方案\n"


def roles(folder, *lines: str) -> tuple[list[str], list[str]]:
    """Leading and supporting units of the first task."""
    plan = read_text_plan(folder, TITLE + "\n".join(lines))
    return units_of(plan, "T001", "lead"), units_of(plan, "T001", "support")


@pytest.mark.parametrize(
    ("clause", "lead", "support"),
    [
        ("牵头单位：县教育局；相关责任单位：县财政局", "县教育局", "县财政局"),
        ("牵头责任单位：县民政局；配合责任单位：县财政局", "县民政局", "县财政局"),
        ("第一责任单位：市住建局；其他责任单位：市财政局", "市住建局", "市财政局"),
        ("主要牵头单位：市住建局；市级配合单位：市财政局", "市住建局", "市财政局"),
        ("牵头：市工信局 配合：市财政局", "市工信局", "市财政局"),
        ("牵头单位：县工信局配合单位：县财政局", "县工信局", "县财政局"),
        ("责任单位：县工信局（牵头）、县财政局、县发改局", "县工信局", "县财政局 县发改局"),
        ("县教育局〔牵头〕，县财政局，县住建局", "县教育局", "县财政局 县住建局"),
        ("牵头单位：县发改局及县财政局", "县发改局 县财政局", ""),
        ("牵头单位：县教育局；配合单位：清水县人民政府和高新区管委会", "县教育局", "清水县人民政府 高新区管委会"),
        ("牵头单位：县教育局/县财政局", "县教育局 县财政局", ""),
        ("牵头单位：县发展和改革局、县文化和旅游局", "县发展和改革局 县文化和旅游局", ""),
        ("县教育局牵头，县财政局、民政局等6部门配合", "县教育局", "县财政局 县民政局"),
        ("牵头单位：市生态环境局，各县区政府负责落实", "市生态环境局", "各县区政府"),
        ("牵头单位：县住建局、县城市管理局", "县住建局 县城市管理局", ""),
        ("牵头单位：市政务服务局、财政局", "市政务服务局 市财政局", ""),
        ("农业农村局、妇联、各乡镇", "农业农村局 妇联 各乡镇", ""),
        ("供电公司、发改局", "供电公司 发改局", ""),
        ("工信局、经开区管委会", "工信局 经开区管委会", ""),
        ("牽頭單位：縣教育局；配合單位：縣財政局、民政局", "縣教育局", "縣財政局 縣民政局"),
        ("約束性指標，牽頭單位：縣教育局；責任單位：縣財政局", "縣教育局", "縣財政局"),
        ("牽頭單位：縣教育局。以下各項均需各镇政府落實，不再列出", "縣教育局", "各镇政府"),
        ("东溪、青石镇政府联合牵头负责", "东溪镇政府 青石镇政府", ""),
        ("牵头单位：区教育局；配合单位：江岭大学、云溪高新区管委会", "区教育局", "江岭大学 云溪高新区管委会"),
        ("牵头单位：云溪海关、青石镇政府", "云溪海关 青石镇政府", ""),
        ("牵头单位：云溪经开区、江州市政府", "云溪经开区 江州市政府", ""),
        ("牵头单位：县财政局、江岭金融监管局、审计局", "县财政局 江岭金融监管局 县审计局", ""),
        ("牵头单位：县财政局、云溪金融监管分局、地方金融监管局", "县财政局 云溪金融监管分局 县地方金融监管局", ""),
    ],
)
def test_a_bracket_of_units_is_read_whole(tmp_path, clause, lead, support):
    assert (lead.split(), support.split()) == roles(tmp_path, f"1. 做好甲事。（{clause}）")


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ("东城区、西城区、云阳县人民政府", "东城区人民政府 西城区人民政府 云阳县人民政府"),
        ("云阳县、东城区政府", "云阳县政府 东城区政府"),
        ("大石镇、王家庄街道", "大石镇 王家庄街道"),
        ("东溪、青石镇政府", "东溪镇政府 青石镇政府"),
        ("市财政、发改、审计部门", "市财政部门 市发改部门 市审计部门"),
    ],
)
def test_an_ending_is_shared_by_bare_names_but_never_pasted_onto_whole_ones(tmp_path, listed, names):
    assert names.split() == roles(tmp_path, f"1. 做好甲事。（牵头单位：市教育局；配合单位：{listed}）")[1]


def test_an_aside_in_brackets_is_no_list_of_units(tmp_path):
    plan = read_text_plan(
        tmp_path, TITLE + "1. 建设站点（含街道、社区）10个，服务群众（老人、儿童）。（牵头单位：县民政局）"
    )

    assert ["建设站点（含街道、社区）10个，服务群众（老人、儿童）。"] == plan.tasks["title"].tolist()


def test_an_alias_of_the_unit_before_it_names_no_task_in_an_introduction(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "今年县农业农村局（乡村振兴局）\n牵头任务如下：\n"
        "1. 甲事。（牵头单位：县农业农村局）\n2. 乙事。（县民政局牵头）",
    )

    assert ["甲事。", "乙事。"] == plan.tasks["title"].tolist()


def test_a_line_that_wraps_inside_a_bracket_loses_no_unit(tmp_path):
    lines = (
        "1. 做好甲事。（牵头单位：县教育局、",
        "各镇人民政府；配合单位：县财政局、",
        "县民政局）",
        "2. 乙事。（县民政局牵头）",
    )

    assert (["县教育局", "各镇人民政府"], ["县财政局", "县民政局"]) == roles(tmp_path, *lines)


def test_a_bracket_that_wraps_before_its_first_label_is_no_part_of_the_title(tmp_path):
    text = "1. 甲事。（约束性指标，\n牵头单位：县教育局；配合单位：县财政局）\n2. 乙事。（牵头单位：县民政局）"
    plan = read_text_plan(tmp_path, TITLE + text)

    assert ["甲事。", "乙事。"] == plan.tasks["title"].tolist()


def test_a_line_that_goes_on_after_a_half_width_comma_gets_no_space(tmp_path):
    plan = read_text_plan(tmp_path, TITLE + "1. 甲事,\n9月开工。(县教育局牵头)\n2. 乙事。(县民政局牵头)")

    assert "甲事,9月开工。" == plan.tasks.loc["T001", "title"]


def test_a_bracket_that_never_closes_does_not_swallow_the_next_item(tmp_path):
    plan = read_text_plan(tmp_path, TITLE + "1. 甲事。（牵头单位：县教育局\n2. 乙事。（牵头单位：县民政局）")

    assert [("甲事。", ["县教育局"]), ("乙事。", ["县民政局"])] == [
        (task["title"], units_of(plan, task["task_id"], "lead")) for task in records("tasks", plan.tasks)
    ]


def test_a_deadline_or_a_leader_in_a_bracket_of_its_own_is_taken_too(tmp_path):
    plan = read_text_plan(
        tmp_path,
        TITLE + "一、推进产业（牵头领导：王　曦）\n"
        "1. 甲事。（牵头单位：县财政局）（完成时限：11月底）\n"
        "2. 乙事。\n〔牵头单位：县民政局〕（完成时限：10月底）\n"
        "3. 丙事。（牵头单位：县教育局、财政局（2026年6月底前)）",
    )

    tasks = records("tasks", plan.tasks)
    assert ["11月底", "10月底", "2026年6月底前"] == [task["deadline"] for task in tasks]
    assert [["王曦"]] * 3 == [task["leaders"] for task in tasks]
    assert {"一、推进产业"} == {task["section"] for task in tasks}


def test_inner_numbers_in_words_are_steps_with_their_own_units(tmp_path):
    plan = read_text_plan(
        tmp_path,
        TITLE + "（一）抓好招商。一是引进项目20个。（牵头单位：县投促局）二是办推介会6场。（牵头单位：县商务局）\n"
        "（二）抓好项目。一是建成项目30个。（牵头单位：县发改局）二是开工25个。（牵头单位：县住建局）",
    )

    assert ["抓好招商。", "抓好项目。"] == plan.tasks["title"].tolist()
    assert ["引进项目20个", "办推介会6场"] == plan.measures["text"].tolist()[:2]
    assert [20.0, 6.0] == plan.targets[plan.targets["task_id"] == "T001"]["value"].tolist()


def test_numbered_items_without_units_between_others_stay_and_are_reported(tmp_path):
    plan = read_text_plan(
        tmp_path,
        TITLE + "一、经济\n1. 甲事。（牵头单位：县财政局）\n二、党建\n2. 乙事。\n3. 丙事。\n三、民生\n"
        "5. 丁事。（县民政局牵头）\n"
        "四、保障措施\n（一）加强领导。各地要重视。",
    )

    assert ["甲事。", "乙事。", "丙事。", "丁事。"] == plan.tasks["title"].tolist()
    assert ["no-units", "no-units", "number-jump"] == sorted(codes(plan))


@pytest.mark.parametrize(
    "section",
    [
        "加强食品药品监督管理",
        "绩效考核",
        "深化审计监督",
        "安全生产监督",
        "完善河长制工作机制",
        "社会救助保障机制",
        "重点督办建议提案",
    ],
)
def test_a_section_whose_name_holds_a_word_of_closing_remarks_is_read(tmp_path, section):
    plan = read_text_plan(
        tmp_path,
        TITLE + f"一、工业\n1. 甲事。（牵头单位：县工信局）\n二、{section}\n2. 乙事。县财政局牵头，县教育局配合。\n"
        "3. 丙事。\n三、民生\n4. 丁事。（县民政局牵头）\n",
    )

    assert ["甲事。", "乙事。", "丙事。", "丁事。"] == plan.tasks["title"].tolist()
    assert ["县财政局"] == units_of(plan, "T002", "lead")


@pytest.mark.parametrize("section", ["保障措施", "有关要求", "组织领导", "强化督查考核", "加强组织领导和监督检查"])
def test_closing_remarks_under_a_heading_of_their_own_are_left_out_and_reported(tmp_path, section):
    plan = read_text_plan(
        tmp_path,
        TITLE
        + "一、工业\n1. 甲事。（县工信局牵头）\n2. 乙事。（县工信局牵头）\n"
        + f"二、{section}\n3. 加强领导。\n4. 按时报送。\n",
    )

    assert ["甲事。", "乙事。"] == plan.tasks["title"].tolist()
    assert ["section-skipped"] == codes(plan)


def test_a_task_in_prose_among_closing_remarks_is_read(tmp_path):
    plan = read_text_plan(
        tmp_path,
        TITLE
        + "一、工业\n1. 甲事。（牵头单位：县工信局）\n二、保障措施\n2. 设立专项资金。由县财政局牵头，县审计局配合。\n",
    )

    assert ["甲事。", "设立专项资金。"] == plan.tasks["title"].tolist()
    assert ["县财政局"] == units_of(plan, "T002", "lead")


def test_what_follows_the_plan_without_units_is_left_out_but_reported(tmp_path):
    plan = read_text_plan(
        tmp_path,
        TITLE
        + "一、经济\n1. 甲事。（县财政局牵头）\n2. 乙事。（县民政局牵头）\n二、宣传\n1. 讲好故事。\n2. 办好栏目。",
    )

    assert ["甲事。", "乙事。"] == plan.tasks["title"].tolist()
    assert ["section-skipped"] == codes(plan)


def test_parts_of_a_plan_are_headings_above_the_others(tmp_path):
    plan = read_text_plan(
        tmp_path,
        TITLE + "第一部分 主要指标\n1. 甲事。（县财政局牵头）\n第二部分 重点工作\n一、工业\n1. 乙事。（县工信局牵头）",
    )

    assert ["第一部分主要指标", "第二部分重点工作"] == plan.tasks["section"].tolist()
    assert "一、工业" == plan.tasks.loc["T002", "group"]


def test_a_rule_on_who_leads_is_looked_for_in_the_notice_and_not_in_the_tasks(tmp_path):
    task = "1. 增速位居全省第一（县发改局牵头，县统计局配合）\n2. 乙事。（责任单位：县教育局、财政局）"

    assert ["县教育局", "县财政局"] == units_of(read_text_plan(tmp_path, TITLE + task), "T002", "lead")
    ruled = read_text_plan(tmp_path, TITLE + "列第一位的责任单位为牵头单位。\n" + task)
    assert (["县教育局"], ["县财政局"]) == (units_of(ruled, "T002", "lead"), units_of(ruled, "T002", "support"))


def test_persons_after_the_unit_are_its_heads_also_where_a_line_names_two_units(tmp_path):
    plan = read_text_plan(
        tmp_path, TITLE + "1. 甲事。\n牵头单位及责任人：县工信局 张一 县商务局 李二\n配合单位：县财政局"
    )

    assert [("县工信局", ["张一"]), ("县商务局", ["李二"]), ("县财政局", [])] == [
        (row["unit"], row["heads"]) for row in records("assignments", plan.assignments)
    ]


def test_labels_after_each_other_on_one_line_are_taken_apart(tmp_path):
    plan = read_text_plan(
        tmp_path,
        TITLE + "1. 甲事。牵头单位：县住建局 责任领导：王曦 李小梅 完成时限：2026年底\n2. 乙事。牵头单位：县民政局",
    )

    [task, _] = records("tasks", plan.tasks)
    assert (["王曦", "李小梅"], "2026年底") == (task["leaders"], task["deadline"])
    assert ["县住建局"] == units_of(plan, "T001", "lead")


def test_goals_on_a_line_of_their_own_give_targets(tmp_path):
    plan = read_text_plan(tmp_path, TITLE + "1. 推进改革\n工作目标：通办事项达到200项以上。\n责任单位：县政务服务局")

    assert [(">=", 200.0, "项")] == list(plan.targets[["op", "value", "unit"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("deadline", "found"), [("2月30日", ["deadline-unread"]), ("持续推进", []), ("每月5日前", []), ("6月底", [])]
)
def test_a_deadline_that_gives_no_day_is_reported_unless_it_is_open_on_purpose(tmp_path, deadline, found):
    text = TITLE + f"1. 甲事。（牵头单位：县教育局；完成时限：{deadline}）"

    assert found == codes(read_text_plan(tmp_path, text))


def test_a_plan_without_tables_has_no_label_printed_too_low_and_a_customs_house_is_no_cut_name(tmp_path):
    plan = read_text_plan(
        tmp_path,
        TITLE + "（一）扩大投资\n1. 推进项目。\n牵头领导：王二\n牵头单位：县发改局\n2. 稳定外贸。\n牵头领导：李三\n"
        "牵头单位：县商务局、云溪海关\n（二）稳定外贸\n3. 稳定外贸企业。\n牵头领导：李三\n牵头单位：县商务局\n",
    )

    assert [] == codes(plan)


@pytest.mark.parametrize(
    ("text", "title", "units"),
    [
        ("新建公路（县城至石桥镇、青石镇）。责任单位：县交通局", "新建公路（县城至石桥镇、青石镇）。", "县交通局"),
        ("新建校舍（县一中学校、县二中学校）。责任单位：县教育局", "新建校舍（县一中学校、县二中学校）。", "县教育局"),
        ("建设医院3所（县人民医院、县中医院）。（县卫健局）", "建设医院3所（县人民医院、县中医院）。", "县卫健局"),
        ("建设医院（县人民医院、县中医院）2所。（县卫健局牵头）", "建设医院（县人民医院、县中医院）2所。", "县卫健局"),
        ("改造道路（县财政局至县公安局段）。（县住建局）", "改造道路（县财政局至县公安局段）。", "县住建局"),
        ("建设医院3所（县卫健局、县财政局）。", "建设医院3所。", "县卫健局 县财政局"),
        ("办好教育（周至县教育局、周至县财政局）。", "办好教育。", "周至县教育局 周至县财政局"),
        ("建设医院（县卫健局），6月底前完成。（县财政局配合）", "建设医院", "县卫健局"),
    ],
)
def test_places_and_houses_in_brackets_are_no_units_where_others_answer_for_the_task(tmp_path, text, title, units):
    plan = read_text_plan(tmp_path, TITLE + f"1. {text}\n2. 丁事。（县民政局牵头）\n")

    assert units.split() == units_of(plan, "T001", "lead")
    assert title.rstrip("。") == str(plan.tasks.loc["T001", "title"]).rstrip("。")


def test_names_that_a_line_wrap_glued_are_taken_apart_where_one_of_them_stands_alone_elsewhere(tmp_path):
    plan = read_text_plan(
        tmp_path,
        TITLE + "1. 甲事。\n牵头领导：张小一王小二\n牵头单位：县财政局\n"
        "2. 乙事。\n牵头领导：王小二\n牵头单位：县教育局\n",
    )

    assert [["张小一", "王小二"], ["王小二"]] == plan.tasks["leaders"].tolist()
    assert [] == codes(plan)


def test_a_name_that_only_looks_like_two_stays_as_printed_and_is_reported(tmp_path):
    plan = read_text_plan(tmp_path, TITLE + "1. 甲事。\n牵头领导：阿依古王依明、王二\n牵头单位：县财政局\n")

    assert ["阿依古王依明", "王二"] == plan.tasks.loc["T001", "leaders"]
    assert ["names-glued"] == codes(plan)


def test_an_overlong_paragraph_is_cut_and_reported(tmp_path):
    plan = read_text_plan(tmp_path, TITLE + "1. 甲事。（牵头单位：县教育局）" + "乙" * 70_000)

    assert "text-cut" in codes(plan)
    assert [(0, "县教育局")] == assigned(plan, "T001")


@pytest.mark.parametrize("requirements", ["一、加强领导。各单位要负责。\n二、严格督查。各单位要报送。\n", ""])
@pytest.mark.parametrize("number", ["一、 二、", "（一） （二）"])
def test_the_requirements_of_a_notice_are_no_tasks_and_no_headings_of_the_plan_below_its_title(
    tmp_path, requirements, number
):
    one, two = number.split()
    notice = f"现将方案印发给你们，请一并贯彻执行。\n{requirements}云溪县人民政府\n2026年2月6日\n"
    tasks = f"{one}甲事。\n牵头单位：县教育局\n{two}乙事。\n牵头单位：县民政局"
    plan = read_text_plan(tmp_path, notice + TITLE + tasks)

    assert [(None, "甲事。"), (None, "乙事。")] == [
        (task["section"], task["title"]) for task in records("tasks", plan.tasks)
    ]


@pytest.mark.parametrize(
    "printed",
    ["2.2026年底前实现全覆盖", "2.10月底前完成", "（2）年内建成投用", "2、日间照料全覆盖", "②月度调度不间断"],
)
def test_a_task_that_begins_with_a_date_is_told_apart_from_its_number(tmp_path, printed):
    first = "1.甲事" if printed[0] == "2" else "（1）甲事" if printed[0] == "（" else "①甲事"
    plan = read_text_plan(tmp_path, f"{TITLE}{first}\n责任单位：县教育局\n{printed}\n责任单位：县民政局")

    assert [1, 2] == plan.tasks["no"].tolist()
    assert re.sub(r"^(?:2[.、]|（2）|②)", "", printed) == plan.tasks["title"].tolist()[1]


def test_a_figure_behind_a_number_is_no_number_of_its_own(tmp_path):
    plan = read_text_plan(tmp_path, TITLE + "1.新建农田\n1.5万亩。（县农业农村局牵头）\n2.乙事。（县民政局牵头）")

    assert ["新建农田1.5万亩。", "乙事。"] == plan.tasks["title"].tolist()
