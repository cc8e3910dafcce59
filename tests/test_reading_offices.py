"""Plans as other offices write them: notices, cards in lines, lists of problems, numbers without a dot."""

from __future__ import annotations

import docx
import pytest

from taskkit import read_plan
from taskkit.plan import Plan
from tests.plans import codes, read_text_plan, units_of

TITLE = "2026年云溪县重点任务分工方案\n"


def read(folder, *lines: str) -> Plan:
    return read_text_plan(folder, TITLE + "\n".join(lines))


def test_numbers_may_be_set_apart_by_a_wide_space_alone(tmp_path):
    plan = read(
        tmp_path,
        "（一）审批改革",
        "1　推行告知承诺。",
        "牵头单位：县司法局",
        "2　建立帮办机制。",
        "牵头单位：县发改局",
        "（二）社会治理",
        "3　12345热线按时办结率99%以上。",
        "牵头单位：县信访局",
    )

    assert [1, 2, 3] == plan.tasks["no"].tolist()
    assert ["推行告知承诺。", "建立帮办机制。", "12345热线按时办结率99%以上。"] == plan.tasks["title"].tolist()
    assert ["（一）审批改革", "（一）审批改革", "（二）社会治理"] == plan.tasks["section"].tolist()


def test_but_a_number_that_does_not_count_on_begins_no_task(tmp_path):
    plan = read(tmp_path, "1.改造道路", "30 公里以上。（县交通局负责）", "2.种树", "40 万株。（县林业局负责）")

    assert ["改造道路30公里以上。", "种树40万株。"] == plan.tasks["title"].tolist()


def test_a_list_to_be_followed_up_has_labels_of_its_own(tmp_path):
    plan = read(
        tmp_path,
        "1.督办事项：改造北环路",
        "办理要求：9月底前全面完工。",
        "主办单位：县住建局",
        "协办单位：无",
        "办结时限：2026年9月30日",
        "2.督办事项：清理欠款",
        "整改措施：逐笔核对。",
        "整改时限：2026年10月底前",
        "主办单位：县财政局",
    )

    assert ["改造北环路", "清理欠款"] == plan.tasks["title"].tolist()
    assert ["9月底前全面完工。", "逐笔核对。"] == plan.tasks["measures"].tolist()
    assert ["2026年9月30日", "2026年10月底前"] == plan.tasks["deadline"].tolist()


def test_problems_to_be_mended_are_headings_of_what_is_done_about_them(tmp_path):
    plan = read(
        tmp_path,
        "问题一：经费不到位",
        "1.建立拨款机制",
        "牵头单位：县财政局",
        "问题二：师资不均衡",
        "2.轮岗交流",
        "牵头单位：县教育局",
    )

    assert ["问题一：经费不到位", "问题二：师资不均衡"] == plan.tasks["section"].tolist()


@pytest.mark.parametrize("label", ["责任办（中心）", "责任单位（部门）", "牵头办公室"])
def test_a_label_may_name_another_kind_of_unit_beside_it(tmp_path, label):
    plan = read(tmp_path, "1.发展蓝莓三千亩", f"分管领导：马某  {label}：经济发展办  协助单位：供销社")

    assert (["马某"], ["经济发展办"]) == (plan.tasks["leaders"].iloc[0], units_of(plan, "T001", "lead"))
    assert ["供销社"] == units_of(plan, "T001", "support")


def test_units_without_a_label_may_stand_before_the_leader_in_a_bracket(tmp_path):
    plan = read(
        tmp_path,
        "每项任务的第一个责任单位为牵头单位。",
        "1.培育楼宇3栋。（县商务局、县发改局、各镇；分管领导：马某）",
        "2.引进首店60家。（县商务局；分管领导：马某、田某）",
    )

    assert ["县商务局"] == units_of(plan, "T001", "lead")
    assert ["县发改局", "各镇"] == units_of(plan, "T001", "support")
    assert [["马某"], ["马某", "田某"]] == plan.tasks["leaders"].tolist()


def test_the_notice_is_no_task_though_a_bracket_in_it_names_a_unit(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "关于印发《云溪县2026年养老服务任务分工》的通知\n"
        "现将《云溪县2026年养老服务任务分工》印发给你们。各单位于2026年7月10日、2027年1月10日前将"
        "半年、全年工作情况报联席会议办公室（县民政局）。\n"
        "1.新建食堂15个。（县民政局牵头）",
    )

    assert ["新建食堂15个。"] == plan.tasks["title"].tolist()
    assert ["2026H1", "2026H2"] == plan.schedule["period"].tolist()


def test_years_joined_by_a_dash_are_followed_by_no_units(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "云溪县人民政府关于印发数字经济行动方案（2026—2028年）的通知\n云政发〔2026〕11号\n"
        "各镇人民政府，县政府有关部门：\n一、任务\n1.推进5G建设。[责任单位：县工信局、县发改局]",
    )

    assert ["推进5G建设。"] == plan.tasks["title"].tolist()
    assert "云政发〔2026〕11号" == plan.info.document_number


def test_a_title_broken_by_sense_over_a_number_is_whole(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "云溪县人民政府办公室关于落实《政府工作报告》\n重点工作分工的意见\n云政办发〔2026〕8号\n"
        "各镇：\n现提出以下意见：\n1.增收。（县财政局牵头）",
    )

    assert "云溪县人民政府办公室关于落实《政府工作报告》重点工作分工的意见" == plan.info.title


@pytest.mark.parametrize("issuer", ["清河街道办事处", "云溪县人民政府督查室", "云溪工业园管委会"])
def test_offices_of_other_names_sign_too(tmp_path, issuer):
    plan = read_text_plan(tmp_path, f"关于印发任务清单的通知\n{issuer}\n2026年3月2日\n{TITLE}1.修路。（县交通局牵头）")

    assert issuer == plan.info.issuer


TWO_PARTS = """现将《2026年云溪县重点工作分解》（附件1）、《2026年云溪县实事责任分解》（附件2）印发给你们。\
附件1所列任务，牵头单位于每季度次月8日前报县政府督查室；附件2所列事项，牵头单位于每月3日前报送上月进展。
云溪县人民政府
2026年2月16日
附件1
2026年云溪县重点工作分解
一、稳增长（共2项）
1.调度。（牵头单位：县发改局）
2.投资。（牵头单位：县财政局）
二、促改革（共1项）
3.国企改革。（牵头单位：县国资局）
附件2
2026年云溪县实事责任分解
1.新建食堂4所。（牵头单位：县教育局）
2.体检。（牵头单位：县卫健局）"""


def test_a_notice_may_name_the_parts_by_the_numbers_of_their_annexes(tmp_path):
    plan = read_text_plan(tmp_path, TWO_PARTS)
    kinds = dict(zip(plan.schedule["part"], plan.schedule["period"].str.slice(4, 5), strict=True))

    assert {"main": "Q", "annex": "-"} == kinds
    assert "2026年云溪县重点工作分解" == plan.info.title


def test_a_count_in_a_heading_is_that_of_the_heading_alone(tmp_path):
    assert "count-differs" not in codes(read_text_plan(tmp_path, TWO_PARTS))


def test_headings_of_one_part_are_not_those_of_the_next(tmp_path):
    plan = read_text_plan(tmp_path, TWO_PARTS)

    assert ["一、稳增长（共2项）"] * 2 + ["二、促改革（共1项）"] == plan.tasks["section"].dropna().tolist()


def docx_with_bold(folder, *tasks: tuple[str, str, str]):
    """A Word file of tasks, each as (number, what is bold, what follows)."""
    document = docx.Document()
    document.add_paragraph(TITLE.strip())
    for number, bold, text in tasks:
        paragraph = document.add_paragraph(number)
        paragraph.add_run(bold).bold = True
        paragraph.add_run(text)
    document.save(folder / "方案.docx")
    return read_plan(folder / "方案.docx")


def test_a_sentence_in_bold_before_the_text_is_the_title_of_a_task_in_word(tmp_path):
    plan = docx_with_bold(
        tmp_path,
        ("1.", "加强调度。", "增加值增长8%。（县工信局牵头）"),
        ("", "2.促进消费。", "办活动50场。（县商务局牵头）"),
        ("3.", "稳定外贸。", "（县商务局牵头）"),
    )

    assert ["加强调度。", "促进消费。", "稳定外贸。"] == plan.tasks["title"].tolist()
    assert ["增加值增长8%。", "办活动50场。"] == plan.tasks["measures"].dropna().tolist()
    assert [8.0, 50.0] == plan.targets["value"].tolist()


def test_but_words_in_bold_that_are_no_sentence_are_not(tmp_path):
    plan = docx_with_bold(tmp_path, ("1.", "加强调度，", "增加值增长8%。（县工信局牵头）"))

    assert ["加强调度，增加值增长8%。"] == plan.tasks["title"].tolist()


def test_numbers_in_brackets_that_go_on_over_several_items_are_tasks(tmp_path):
    plan = read(
        tmp_path,
        "（一）服务网络",
        "1.加强设施建设",
        "（1）建中心15个。（县民政局牵头）",
        "（2）配建用房。（县住建局牵头）",
        "2.丰富服务供给",
        "（3）设助餐点60个。（县民政局牵头）",
    )

    assert [1, 2, 3] == plan.tasks["no"].tolist()
    assert ["1.加强设施建设", "1.加强设施建设", "2.丰富服务供给"] == plan.tasks["group"].tolist()


def test_but_those_that_begin_anew_in_each_item_are_its_measures(tmp_path):
    plan = read(
        tmp_path,
        "1.加强设施建设",
        "（1）建中心15个。（县民政局牵头）",
        "（2）配建用房。（县住建局牵头）",
        "2.丰富服务供给",
        "（1）设助餐点60个。（县民政局牵头）",
    )

    assert ["加强设施建设", "丰富服务供给"] == plan.tasks["title"].tolist()


def test_a_name_that_ends_in_an_office_of_the_centre_is_whole(tmp_path):
    plan = read(tmp_path, "1.支持就业。（教育部牵头，财政部、共青团中央等按职责分工负责）")

    assert "name-cut" not in codes(plan)
