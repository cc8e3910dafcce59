"""Plans as many offices write them: one small plan for each way, with what a careful clerk reads in it."""

from __future__ import annotations

import pytest

from taskkit import read_plan
from taskkit.plan import Plan, records
from tests.plans import assigned, codes, read_text_plan, units_of

TITLE = "2026年云溪县重点任务分工方案\n"


def read(folder, *lines: str) -> Plan:
    return read_text_plan(folder, TITLE + "\n".join(lines))


def roles(plan: Plan, task_id: str = "T001") -> tuple[str, str]:
    """Leading and supporting units of a task, each as one text."""
    return " ".join(units_of(plan, task_id, "lead")), " ".join(units_of(plan, task_id, "support"))


def heads(plan: Plan) -> list[tuple[str, list[str]]]:
    return [(row["unit"], row["heads"]) for row in records("assignments", plan.assignments)]


@pytest.mark.parametrize(
    ("clause", "lead", "support"),
    [
        ("县财政局牵头，国务院相关部门及各地区按职责分工负责", "县财政局", "国务院相关部门 各地区"),
        ("县财政局、审计局等县直有关部门及各镇负责", "县财政局 县审计局 县直有关部门 各镇", ""),
        ("县司法局牵头；各市、县、自治县人民政府配合", "县司法局", "各市、县、自治县人民政府"),
        ("县司法局牵头；各相关地（市）、县（区）配合", "县司法局", "各相关地（市）、县（区）"),
        ("牵头单位：县发改局；参与单位：县直有关部门、单位，各镇", "县发改局", "县直有关部门、单位 各镇"),
        (
            "牵头单位：县发改局；配合单位：县住建、水利、农业农村等行业主管部门",
            "县发改局",
            "县住建部门 县水利部门 县农业农村部门",
        ),
        ("县发改局负责立项，县住建局负责建设，各镇配合", "县发改局 县住建局", "各镇"),
        ("县公安局牵头，县检察院、法院等按照各自职责配合", "县公安局", "县检察院 县法院"),
        ("县人社局负总责，各镇人民政府具体落实", "县人社局", "各镇人民政府"),
        ("县卫健局主办，县财政局协办", "县卫健局", "县财政局"),
        ("主体责任单位：各镇人民政府；行业主管部门：县住建局；督办单位：县政府督查室", "各镇人民政府", "县住建局"),
        ("责任单位：县住建局、各镇人民政府（含园区管委会，下同）", "县住建局 各镇人民政府", ""),
        ("责任单位：县民政局、云溪金融监管分局", "县民政局 云溪金融监管分局", ""),
        ("责任单位：县司法局；按时序推进", "县司法局", ""),
        ("县科技局为牵头单位，县财政局、人社局为责任单位", "县科技局", "县财政局 县人社局"),
        ("责任单位为县科技局、县财政局", "县科技局 县财政局", ""),
        ("县科技局负责组织实施，各镇予以配合", "县科技局", "各镇"),
        ("县市监局牵头抓总，各镇配合", "县市监局", "各镇"),
        ("牵头部门：县农业局 配合部门：县财政局 县水利局", "县农业局", "县财政局 县水利局"),
        ("牵头单位：县工信局；配合单位：有关镇党委、政府", "县工信局", "有关镇党委、政府"),
        ("责任单位：县发改局、县“双碳”工作领导小组办公室", "县发改局 县“双碳”工作领导小组办公室", ""),
    ],
)
def test_units_in_brackets(tmp_path, clause, lead, support):
    assert (lead, support) == roles(read(tmp_path, f"1. 做好甲事。（{clause}）"))


def test_a_list_that_names_others_of_its_kind_is_open(tmp_path):
    plan = read(tmp_path, "1. 甲事。（县财政局、审计局等县直有关部门负责）", "2. 乙事。（县财政局、县直有关部门负责）")

    assert [True, False] == plan.tasks["open_ended"].tolist()


@pytest.mark.parametrize("rule", ["列第一位者为工作牵头单位或汇总单位，下同", "列首位的为牵头单位，下同"])
def test_a_rule_behind_the_first_list_holds_for_all(tmp_path, rule):
    plan = read(
        tmp_path,
        "1. 甲事。",
        f"责任单位：县经信局、县财政局、县税务局（{rule}）",
        "2. 乙事。",
        "责任单位：县教育局、县民政局",
    )

    assert ("县经信局", "县财政局 县税务局") == roles(plan)
    assert ("县教育局", "县民政局") == roles(plan, "T002")


def test_a_rule_may_stand_in_the_bracket_with_the_units(tmp_path):
    plan = read(
        tmp_path,
        "1. 甲事。〔责任单位：县经信局、财政局。列首位的为牵头单位，下同〕",
        "2. 乙事。〔责任单位：县教育局、民政局〕",
    )

    assert [("县经信局", "县财政局"), ("县教育局", "县民政局")] == [roles(plan), roles(plan, "T002")]


def test_a_mark_beside_its_name_makes_a_unit_lead_where_the_plan_says_so(tmp_path):
    tasks = "1. 甲事。责任单位：★县商务局、★县文旅局、县城管局\n2. 乙事。责任单位：县城管局★、县教育局"
    plan = read_text_plan(tmp_path, "2026年云溪县任务清单（带★的为牵头单位）\n" + tasks)

    assert ("县商务局 县文旅局", "县城管局") == roles(plan)
    assert ("县城管局", "县教育局") == roles(plan, "T002")


def test_units_may_stand_in_plain_sentences_at_the_end(tmp_path):
    plan = read(
        tmp_path,
        "1. 培育企业。全年新增企业10家。县工信局牵头，县发改局、县财政局配合。",
        "2. 建设园区。由县园区管委会负责，县住建局协助。2026年10月底前完成。",
        "3. 发展农业。由县农业农村局会同县水利局落实。",
        "4. 防止返贫。县民政局负责低保兜底，县医保局负责医疗保障，各镇人民政府抓好落实。",
    )

    assert ["培育企业。全年新增企业10家。", "建设园区。", "发展农业。", "防止返贫。"] == plan.tasks["title"].tolist()
    assert [
        ("县工信局", "县发改局 县财政局"),
        ("县园区管委会", "县住建局"),
        ("县农业农村局", "县水利局"),
        ("县民政局 县医保局 各镇人民政府", ""),
    ] == [roles(plan, task_id) for task_id in plan.tasks.index]
    assert "2026年10月底前完成" == plan.tasks.loc["T002", "deadline"]


def test_measures_announced_under_a_requirement_with_units_are_no_tasks(tmp_path):
    plan = read(
        tmp_path,
        "（一）落实减税政策。（县财政局、县税务局负责）",
        "具体措施：",
        "1．完善系统。（县财政局牵头，各镇负责）",
        "2．简化程序。（县税务局负责）",
        "（二）方便企业融资。（县金融办牵头，各镇负责）",
        "具体措施：1．优化流程。（县金融办及各镇负责）",
        "2．压缩时间。（县金融办负责）",
    )

    assert ["落实减税政策。", "方便企业融资。"] == plan.tasks["title"].tolist()
    assert [(0, "县财政局"), (0, "县税务局"), (1, "县财政局"), (1, "各镇"), (2, "县税务局")] == assigned(plan, "T001")
    assert [(0, "县金融办"), (0, "各镇"), (1, "县金融办"), (1, "各镇"), (2, "县金融办")] == assigned(plan, "T002")
    assert [] == [code for code in codes(plan) if code.startswith("number")]


def test_paragraphs_without_numbers_that_name_units_are_tasks_of_their_own(tmp_path):
    plan = read(
        tmp_path,
        "一、提升质量",
        "（一）开放资源",
        "优化考核制度。（责任单位：县科技局、县发改局）",
        "加强校企合作。（责任单位：县教育局）",
        "（二）创新模式",
        "建立共享机制。（责任单位：县科技局）",
        "聚焦前沿科技。（责任单位：县科技局）",
    )

    assert ["优化考核制度。", "加强校企合作。", "建立共享机制。", "聚焦前沿科技。"] == plan.tasks["title"].tolist()
    assert ["（一）开放资源"] * 2 + ["（二）创新模式"] * 2 == plan.tasks["group"].tolist()


def test_a_heading_with_one_paragraph_that_names_units_is_the_title_of_that_task(tmp_path):
    plan = read(
        tmp_path,
        "（一）开放资源",
        "优化考核制度，开放设施。（责任单位：县科技局）",
        "（二）创新模式",
        "建立共享机制。（责任单位：县教育局）",
    )

    assert [("开放资源", "优化考核制度，开放设施。"), ("创新模式", "建立共享机制。")] == list(
        plan.tasks[["title", "measures"]].itertuples(index=False, name=None)
    )


@pytest.mark.parametrize("number", ["任务{}：", "【{}】", "事项{} ", "第{}项 ", "1.{} "])
def test_tasks_are_numbered_in_many_ways(tmp_path, number):
    lines = [
        line
        for place, name in enumerate(("建设园区", "整治河道"), start=1)
        for line in (
            number.format(place) + name,
            f"主要内容：完成{place}0公里。",
            "牵头单位：县工信局",
            "完成时限：6月底前",
        )
    ]
    plan = read(tmp_path, *lines)

    assert [(1, "建设园区", "完成10公里。"), (2, "整治河道", "完成20公里。")] == list(
        plan.tasks[["no", "title", "measures"]].itertuples(index=False, name=None)
    )


def test_labels_may_be_numbered_themselves(tmp_path):
    plan = read(
        tmp_path,
        "（一）改造小区20个。",
        *("1.内容：完善管网。", "2.进度：3月开工。", "3.责任领导：王二", "4.牵头单位：县住建局", "5.责任单位：各镇"),
        "（二）筹集住房150套。",
        *("1.内容：盘活房源。", "2.责任领导：李三", "3.牵头单位：县住建局", "4.责任单位：县财政局"),
    )

    assert ["改造小区20个。", "筹集住房150套。"] == plan.tasks["title"].tolist()
    assert [["王二"], ["李三"]] == plan.tasks["leaders"].tolist()
    assert [("县住建局", "各镇"), ("县住建局", "县财政局")] == [roles(plan), roles(plan, "T002")]


def test_several_tasks_under_a_heading_begin_with_a_label_of_their_own(tmp_path):
    plan = read(
        tmp_path,
        "一、项目推进",
        *("任务：实施项目80个", "目标：完成投资110亿元", "牵头单位：县发改局", "完成时限：2026.12"),
        *("任务：储备项目60个", "目标：总投资300亿元", "牵头单位：县发改局", "完成时限：2026.6"),
    )

    assert ["实施项目80个", "储备项目60个"] == plan.tasks["title"].tolist()
    assert ["一、项目推进"] * 2 == plan.tasks["section"].tolist()


def test_units_after_the_last_of_several_items_are_those_of_the_whole_task(tmp_path):
    plan = read(
        tmp_path,
        "一、关爱老人。",
        *("1.建设食堂20个。", "2.免费体检2万人次。", "牵头单位：县民政局", "配合单位：县卫健局"),
        *("二、打通断头路3条。", "牵头单位：县住建局"),
        *("三、新增就业1.2万人以上。", "牵头单位：县人社局"),
    )

    assert [(0, "县民政局"), (0, "县卫健局")] == assigned(plan, "T001")
    assert ["食堂", "体检"] == plan.targets["indicator"].tolist()[:2]


def test_both_roles_of_a_measure_on_two_lines_belong_to_it(tmp_path):
    plan = read(
        tmp_path,
        "1. 优化环境。（牵头单位：县政务局）",
        "具体措施：",
        *("（1）梳理清单。", "牵头单位：县司法局", "配合单位：县财政局"),
        *("（2）改造窗口。", "牵头单位：县大数据局", "配合单位：县住建局"),
    )

    assert [(1, "县司法局"), (1, "县财政局"), (2, "县大数据局"), (2, "县住建局")] == assigned(plan, "T001")[1:]


def test_goals_of_the_quarters_may_stand_on_lines_of_their_own(tmp_path):
    plan = read(tmp_path, "（一）水库项目。", "一季度：完成征地", "二季度：主体开工。", "责任单位：县水利局")

    assert [("一季度", "完成征地"), ("二季度", "主体开工")] == list(
        plan.goals[["stage", "text"]].itertuples(index=False, name=None)
    )
    assert "水库项目。" == plan.tasks.loc["T001", "title"]


def test_leaders_are_persons_without_their_offices_and_who_answers_for_a_unit_is_no_leader(tmp_path):
    plan = read(
        tmp_path,
        "1. 甲事。",
        *("责任领导：县委常委、常务副县长 王二", "责任单位：县工信局", "责任人：李三"),
        "2. 乙事。（县级领导：副县长张一；责任单位：县住建局（负责人：赵四）、县民政局（钱五））",
    )

    assert [["王二"], ["张一"]] == plan.tasks["leaders"].tolist()
    assert [("县工信局", ["李三"]), ("县住建局", ["赵四"]), ("县民政局", ["钱五"])] == heads(plan)


def test_an_alias_in_brackets_is_no_person(tmp_path):
    plan = read(tmp_path, "1. 甲事。（责任单位：县自然资源局（林业局）、县发改局（能源办）、县经开区（高新园））")

    assert "县自然资源局（林业局） 县发改局（能源办） 县经开区（高新园）" == roles(plan)[0]


def test_a_heading_may_name_who_leads_all_tasks_under_it(tmp_path):
    plan = read(
        tmp_path,
        "一、王二县长主抓重点工作",
        *("1. 甲事。", "责任单位：县工信局"),
        "二、常务副县长李三牵头的工作（1项）",
        *("2. 乙事。", "责任单位：县教育局"),
        "三、县政府主抓工作",
        *("3. 丙事。", "责任单位：县民政局"),
    )

    assert [["王二"], ["李三"], []] == plan.tasks["leaders"].tolist()


def test_leaders_and_dates_of_items_in_one_paragraph_are_those_of_the_task(tmp_path):
    plan = read(
        tmp_path,
        "（一）推进工程。1．建设乡村10个。（责任领导：王二；牵头单位：县农业局；完成时限：12月底）"
        "2．改厕30座。（责任领导：王二；牵头单位：县住建局；完成时限：10月底）",
        "（二）发展旅游。（牵头单位：县文旅局）",
    )

    [task, _] = records("tasks", plan.tasks)
    assert (["王二"], "12月底；10月底", "2026-12-31") == (task["leaders"], task["deadline"], str(task["due_on"])[:10])


def test_odd_brackets_are_read_like_the_usual_ones(tmp_path):
    plan = read(tmp_path, "1. 甲事。［牵头单位：县工信局］", "2. 乙事。﹝牵头单位：县教育局﹞")

    assert ["县工信局", "县教育局"] == plan.assignments["unit"].tolist()


def test_a_table_row_of_a_chinese_number_and_a_name_is_a_heading(tmp_path):
    plan = read(
        tmp_path,
        "序号\t项目名称\t建设内容\t责任领导\t牵头单位\t责任人\t完成时间",
        "一\t教育惠民",
        "1\t新建幼儿园\t新建3所\t王二\t县教育局\t张一\t8月底前",
        "二\t健康惠民",
        "2\t免费筛查\t筛查6000人\t李三\t县卫健局\t赵四\t11月底前",
    )

    assert [("一、教育惠民", ["王二"]), ("二、健康惠民", ["李三"])] == list(
        plan.tasks[["section", "leaders"]].itertuples(index=False, name=None)
    )
    assert [("县教育局", ["张一"]), ("县卫健局", ["赵四"])] == heads(plan)


def test_a_header_may_split_its_units_into_two_words_below(tmp_path):
    plan = read(
        tmp_path,
        "序号\t改革领域\t改革任务\t具体举措\t县级领导\t责任单位\t\t完成时限",
        "\t\t\t\t\t牵头\t配合",
        "1\t经济体制\t深化改革\t整合3家企业\t王二\t县国资办\t县财政局\t6月底前",
        "2\t社会体制\t医疗改革\t建立医联体\t李三\t县卫健局\t县医保局\t9月底前",
    )

    assert ["深化改革", "医疗改革"] == plan.tasks["title"].tolist()
    assert [("县国资办", "县财政局"), ("县卫健局", "县医保局")] == [roles(plan), roles(plan, "T002")]


def test_the_title_of_a_row_says_of_what_its_number_speaks(tmp_path):
    plan = read(tmp_path, "序号\t任务名称\t指标要求\t牵头部门", "1\t地区生产总值\t增长6%\t县发改局")

    assert [("地区生产总值", 6.0)] == list(plan.targets[["indicator", "value"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("lines", "title", "year"),
    [
        (
            ["云溪县政府办公室关于落实重点任务分工的意见", "云政办〔2026〕3号"],
            "云溪县政府办公室关于落实重点任务分工的意见",
            2026,
        ),
        (["云溪县2026年十大民生实事"], "云溪县2026年十大民生实事", 2026),
        (["2026年云溪县重点改革任务台账"], "2026年云溪县重点改革任务台账", 2026),
        (["云溪县重点工作责任清单"], "云溪县重点工作责任清单", 2027),
    ],
)
def test_titles_and_years_of_plans_of_other_names(tmp_path, lines, title, year):
    plan = read_text_plan(tmp_path, "\n".join([*lines, "1. 甲事。（牵头单位：县工信局；完成时限：2027年6月底）"]))

    assert (title, year) == (plan.info.title, plan.info.year)


def test_a_date_in_chinese_numerals_is_the_day_of_issue(tmp_path):
    plan = read(tmp_path, "云溪县人民政府办公室", "二○二六年二月二十八日", "1. 甲事。（牵头单位：县工信局）")

    assert "2026-02-28" == str(plan.info.issued_on)


def test_marks_of_a_web_clipper_are_no_text(tmp_path):
    file = tmp_path / "方案.md"
    file.write_text(f"# {TITLE}\n**一、工业**\n\n1. 甲事。（牵头单位：县工信局）\n", encoding="utf-8")

    from taskkit import read_plan

    plan = read_plan(file)
    assert (TITLE.strip(), ["一、工业"]) == (plan.info.title, plan.tasks["section"].tolist())


def test_units_may_follow_a_dash(tmp_path):
    plan = read(tmp_path, "1、引进项目20个——县招商局、各乡镇", "2、修路3公里——责任单位：大石村；完成时限：9月")

    assert ["引进项目20个", "修路3公里"] == plan.tasks["title"].tolist()
    assert ["县招商局 各乡镇", "大石村"] == [roles(plan)[0], roles(plan, "T002")[0]]


def test_labels_spread_over_the_width_of_others_are_labels(tmp_path):
    plan = read(tmp_path, "1. 淘汰货车500辆", "牵 头 单 位：县公安局", "配 合 单 位：县交通局", "完 成 时 限：10月底前")

    assert (("县公安局", "县交通局"), "10月底前") == (roles(plan), plan.tasks.loc["T001", "deadline"])


def test_measures_after_the_units_of_a_numbered_task_are_its_own(tmp_path):
    plan = read(
        tmp_path,
        *("1. 严守红线。", "牵头单位：县自然资源局", "推进措施：①开展执法；②落实田长制。", "完成时限：全年"),
        *("2. 整治土地。", "牵头单位：县自然资源局", "推进措施：①编制方案。", "完成时限：11月底"),
    )

    assert ["严守红线。", "整治土地。"] == plan.tasks["title"].tolist()
    assert ["全年", "11月底"] == plan.tasks["deadline"].tolist()


def test_units_that_each_lead_are_no_exception_to_be_guessed_where_the_first_leads(tmp_path):
    plan = read(
        tmp_path,
        *("1. 甲事。", "责任单位：县发改局、县经信局（除标注“分别牵头”外，列第一位为牵头单位，下同）"),
        *("2. 乙事。", "责任单位：县人社局、县农业局分别牵头"),
    )

    assert [("县发改局", "县经信局"), ("县人社局 县农业局", "")] == [roles(plan), roles(plan, "T002")]
    assert [False, True] == plan.tasks["joint"].tolist()


def test_columns_of_money_and_phones_are_no_measures(tmp_path):
    plan = read(
        tmp_path,
        "序号\t项目名称\t建设内容\t总投资（万元）\t2026年计划投资（万元）\t包联县级领导\t责任单位\t项目联络员及电话",
        "1\t产业园\t建厂房5万平方米\t25000\t8000\t王二\t县工信局\t李三 000",
        "2\t供水改造\t改管网30公里\t12000\t6000\t张一\t县水务局\t赵四 000",
    )

    assert ["建厂房5万平方米", "改管网30公里"] == plan.tasks["measures"].tolist()
    assert [] == codes(plan)


def test_who_supervises_or_explains_a_plan_has_no_task(tmp_path):
    plan = read(
        tmp_path,
        "一、重点任务",
        *("1. 甲事。县教育局牵头，县财政局配合。", "2. 乙事。由县民政局负责。"),
        "二、保障措施",
        *("1. 强化督查。县政府督查室负责跟踪督办。", "2. 抓好落实。本方案由县政府办公室负责解释。"),
    )

    assert ["甲事。", "乙事。"] == plan.tasks["title"].tolist()


def test_numbers_of_tasks_on_two_levels_are_counted_apart(tmp_path):
    plan = read(
        tmp_path,
        "一、扩大需求",
        *("（一）恢复消费。（县商务局牵头）", "1. 稳定消费。（县商务局负责）", "2. 办好展会。（县文旅局负责）"),
        *("（二）扩大投资。（县发改局牵头）", "1. 抓好项目。（县发改局负责）", "2. 用好债券。（县财政局负责）"),
        *("（三）稳定外贸。（县商务局牵头）", "1. 开拓市场。（县商务局负责）"),
        *("（四）改善民生。（县民政局牵头）", "1. 稳定就业。（县人社局负责）"),
    )

    assert [1, 1, 2, 2, 1, 2, 3, 1, 4, 1] == plan.tasks["no"].tolist()
    assert [] == codes(plan)


def test_a_bare_goal_takes_the_unit_that_its_task_names(tmp_path):
    plan = read(
        tmp_path,
        "序号\t考核指标\t目标值\t牵头单位",
        "1\t新增就业人数（万人）\t3.5以上\t县人社局",
        "2\t优良天数比率\t≥85%\t县生态环境局",
    )

    assert [("新增就业人数（万人）", ">=", 3.5, "万人"), ("优良天数比率", ">=", 85.0, "%")] == list(
        plan.targets[["indicator", "op", "value", "unit"]].itertuples(index=False, name=None)
    )


def test_headings_of_campaigns_and_articles_as_tasks(tmp_path):
    plan = read(
        tmp_path,
        "攻坚一：项目建设",
        *("第一条 引进项目2个。（责任部门：招商局）", "第二条 扩大投资。（责任部门：经发局）"),
        "攻坚二：城市品质",
        *("第三条 新建公园6个。（责任部门：建设局）",),
    )

    assert [(1, "攻坚一：项目建设"), (2, "攻坚一：项目建设"), (3, "攻坚二：城市品质")] == list(
        plan.tasks[["no", "section"]].itertuples(index=False, name=None)
    )


def test_a_rule_for_later_items_in_a_bracket_leaves_the_units_before_it(tmp_path):
    plan = read(
        tmp_path,
        "1. 甲事。责任单位：县经信局、县商务局（以下各项均需各镇落实，不再列出）",
        "2. 乙事。责任单位：县教育局",
    )

    assert ["县经信局", "县商务局"] == units_of(plan, "T001", "lead")
    assert (["县教育局"], ["各镇"]) == (units_of(plan, "T002", "lead"), units_of(plan, "T002", "support"))


def test_a_card_per_task_is_read_like_labelled_lines(tmp_path):
    from docx import Document

    document = Document()
    document.add_paragraph("云溪县2026年民生实事项目表")
    for name, content, leader, unit in (
        ("建设幼儿园", "新建3所", "王二", "县教育局"),
        ("改造道路", "改造5公里", "李三", "县住建局"),
    ):
        table = document.add_table(rows=4, cols=2)
        cells = [("项目名称", name), ("建设内容", content), ("责任领导", leader), ("责任单位", unit)]
        for row, (label, text) in zip(table.rows, cells, strict=True):
            row.cells[0].text, row.cells[1].text = label, text
        document.add_paragraph("")
    document.save(tmp_path / "方案.docx")

    plan = read_plan(tmp_path / "方案.docx")
    assert [("建设幼儿园", "新建3所", ["王二"]), ("改造道路", "改造5公里", ["李三"])] == list(
        plan.tasks[["title", "measures", "leaders"]].itertuples(index=False, name=None)
    )
    assert ["县教育局", "县住建局"] == plan.assignments["unit"].tolist()


def test_when_a_plan_enters_into_force_is_no_task(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "云溪县关于促进消费的若干措施\n一、发放消费券。（县商务局）\n二、举办活动。（县商务局、县文旅局）\n"
        "三、本措施自印发之日起施行。",
    )

    assert ("云溪县关于促进消费的若干措施", ["发放消费券。", "举办活动。"]) == (
        plan.info.title,
        plan.tasks["title"].tolist(),
    )


def test_closing_remarks_that_say_in_prose_who_cares_for_them_are_no_tasks(tmp_path):
    plan = read(
        tmp_path,
        "一、重点任务",
        *("（一）优化审批。（责任单位：县审批局）", "（二）降低成本。（县发改局牵头做好测算，各镇配合）"),
        "二、组织实施",
        *("（一）加强领导。各部门要密切配合。", "（二）强化宣传。县委宣传部牵头做好宣传工作，各部门配合。"),
    )

    assert ["优化审批。", "降低成本。"] == plan.tasks["title"].tolist()
    assert ("县发改局", "各镇") == roles(plan, "T002")
