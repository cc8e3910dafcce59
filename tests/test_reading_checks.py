"""What the reader is unsure of becomes a finding with its place."""

from __future__ import annotations

from datetime import date

import pytest

from taskkit.plan import records
from taskkit.reading import read_plan
from tests.plans import codes, read_text_plan, units_of

TITLE = "2026年云溪县重点任务分工方案\n"


def items(*texts: str) -> str:
    return TITLE + "\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1))


def test_a_clear_plan_has_no_finding(tmp_path):
    text = items("甲事。（牵头单位：县教育局）", "乙事。（牵头单位：县民政局；配合单位：各镇政府）")

    assert [] == codes(read_text_plan(tmp_path, text))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("no-units", items("甲事。（牵头单位：县教育局）", "乙事。", "丙事。（牵头单位：县民政局）")),
        ("no-lead", items("甲事。（各地、各部门配合落实）", "乙事。（牵头单位：县教育局）")),
        ("role-guessed", items("甲事。（牵头单位：县教育局；各镇政府）")),
        ("both-roles", items("甲事。（牵头单位：县教育局；配合单位：县教育局、县财政局）")),
        ("name-near", items("甲事。（牵头单位：东溪工业园管委会）", "乙事。（牵头单位：东溪工业园区管委会）")),
        ("name-near", items("甲事。（牵头单位：县委编办）", "乙事。（牵头单位：县编委办）")),
        ("name-near", items("甲事。（牵头单位：县发展和改革局）", "乙事。（牵头单位：县发改局）")),
        ("name-near", items("甲事。（牵头单位：县市场监督管理局）", "乙事。（牵头单位：县市监局）")),
        ("tasks-missing", TITLE + "5. 甲事。（牵头单位：县教育局）\n6. 乙事。（牵头单位：县民政局）"),
        (
            "heading-missing",
            TITLE + "二、工业\n1. 甲事。（牵头单位：县教育局）\n三、农业\n2. 乙事。（牵头单位：县民政局）",
        ),
        (
            "measure-repeated",
            TITLE + "1. 甲事。\n工作措施：改造全县老旧校舍。修路。改造全县老旧校舍。\n部门分工：县教育局牵头。",
        ),
        ("numbers-damaged", TITLE + "请于615日、1215日前报县政府督查室。\n1. 甲事。（牵头单位：县教育局）"),
        ("vague-collective", items("甲事。（牵头单位：县教育局；配合单位：相关镇政府）")),
        ("number-jump", TITLE + "1. 甲事。（牵头单位：县教育局）\n3. 乙事。（牵头单位：县教育局）"),
        ("number-repeated", TITLE + "1. 甲事。（牵头单位：县教育局）\n1. 乙事。（牵头单位：县教育局）"),
        (
            "text-repeated",
            items("做好甲方面的事情。（牵头单位：县教育局）", "做好甲方面的事情。（牵头单位：县教育局）"),
        ),
        ("count-differs", TITLE + "梳理出重点任务共3项。\n" + "1. 甲事。（牵头单位：县教育局）"),
        ("count-differs", TITLE + "一、工业（共2项）\n1. 甲事。（牵头单位：县教育局）"),
        ("date-damaged", TITLE + "2026325\n1. 甲事。（牵头单位：县教育局）"),
        ("no-plan-title", "1. 甲事。（牵头单位：县教育局）"),
        ("no-title", TITLE + "工作措施：做事。\n部门分工：县教育局牵头。"),
        ("no-year", "1. 甲事。（牵头单位：县教育局）"),
    ],
)
def test_a_doubt_is_reported(tmp_path, code, text):
    assert code in codes(read_text_plan(tmp_path, text))


def test_a_finding_names_its_place_and_says_what_to_do(tmp_path):
    text = items("甲事。（牵头单位：县教育局）", "乙事。")
    [row] = [row for row in read_text_plan(tmp_path, text).findings.itertuples() if row.code == "no-units"]

    assert ("T002", "第3行", "doubt") == (row.task_id, row.source, row.severity)
    assert "“乙事。”没有读到责任单位；请核对原文；确无单位的，请在核对稿中补上牵头单位。" == row.message


LOW = """2026年云溪县任务分解表

事项\t序号\t工作任务\t责任领导\t牵头单位
（一）改善城镇面貌\t1\t改造老旧小区。\t张一\t县住建局
\t2\t整治城镇市容环境。\t张一\t县城管局
\t3\t推进绿色生态建设。\t王二\t县林业局
（二）守护绿色生态\t4\t完成造林任务。\t王二\t县林业局
"""


def test_a_label_printed_one_row_too_low_is_filled_down_and_reported(tmp_path):
    plan = read_text_plan(tmp_path, LOW)

    assert "（一）改善城镇面貌" == plan.tasks.loc["T003", "group"]
    [row] = plan.findings[plan.findings["code"] == "label-low"].itertuples()
    assert "T003" == row.task_id


def test_a_label_spelt_otherwise_on_the_next_page_is_one_group_and_reported(tmp_path):
    plan = read_text_plan(tmp_path, LOW.replace("\t3\t", "(一)改善城镇的面貌\t3\t"))

    assert 2 == plan.tasks["group"].nunique()
    assert "label-spelling" in codes(plan)


def test_a_few_damaged_characters_are_reported_but_the_rest_is_read(tmp_path):
    data = items("做好甲方面的许多事情。（牵头单位：县教育局）", *["乙事。（牵头单位：县民政局）"] * 20).encode()
    file = tmp_path / "方案.txt"
    file.write_bytes(data.replace("许".encode(), "许".encode()[:2]))
    plan = read_plan(file)

    assert 21 == len(plan.tasks)
    assert "text-damaged" in codes(plan)


def test_a_second_plan_in_one_file_is_reported(tmp_path):
    first = items("甲事。（牵头单位：县教育局）", "乙事。（牵头单位：县民政局）")

    assert "second-plan" in codes(read_text_plan(tmp_path, f"{first}\n{first.replace('重点', '重大')}"))


def test_many_tasks_without_titles_are_said_once(tmp_path):
    text = TITLE + "".join(f"工作措施：做第{n}件事。\n部门分工：县教育局牵头。\n" for n in range(20))
    found = codes(read_text_plan(tmp_path, text))

    assert (1, 0) == (found.count("titles-missing"), found.count("no-title"))


def test_lost_tasks_between_few_printed_numbers_are_counted(tmp_path):
    text = TITLE + "1. 甲事。\n工作措施：做甲事的措施。\n部门分工：县教育局牵头。\n"
    text += "".join(f"工作措施：做第{n}件事。\n部门分工：县教育局牵头。\n" for n in range(3))
    text += "8. 乙事。\n工作措施：做乙事的措施。\n部门分工：县民政局牵头。\n"
    [row] = [row for row in read_text_plan(tmp_path, text).findings.itertuples() if row.code == "tasks-missing"]

    assert "序号8之前应有7项任务，只读到4项；原文可能缺页或缺字，请核对。" == row.message


def test_offices_of_other_names_and_complete_headings_are_no_doubt(tmp_path):
    text = TITLE + "一、工业\n1. 甲事。（牵头单位：县科学院）\n二、农业\n2. 乙事。（牵头单位：县社会科学院）"

    assert [] == codes(read_text_plan(tmp_path, text))


def test_a_heading_without_tasks_is_not_missing(tmp_path):
    text = TITLE + "一、总体要求\n坚持稳中求进，做好全年工作。\n二、工业\n1. 甲事。（牵头单位：县教育局）\n"

    assert "heading-missing" not in codes(read_text_plan(tmp_path, text + "三、农业\n2. 乙事。（牵头单位：县民政局）"))


def test_a_unit_that_leads_everywhere_does_not_make_a_label_look_low(tmp_path):
    text = LOW.replace("王二\t县林业局\n", "王二\t县政府办\n").replace("推进绿色生态建设", "推进政务公开")
    more = "（三）加强政务服务\t5\t办好热线。\t王二\t县政府办\n"

    assert "label-low" not in codes(read_text_plan(tmp_path, text.rstrip() + "\n" + more))


def test_a_vague_collective_names_its_first_place(tmp_path):
    text = items("甲事。（牵头单位：县教育局）", "乙事。（牵头单位：县民政局；配合单位：相关镇政府）")
    [row] = read_text_plan(tmp_path, text).findings.itertuples()

    assert "第3行" == row.source


def test_units_one_on_each_line_under_their_label_are_one_list(tmp_path):
    first = "1. 新建幼儿园5所。\n责任单位：县教育局\n县财政局\n县审计局、县住建局\n"
    second = "2. 新建小学。\n责任单位：县教育局\n"
    plan = read_text_plan(tmp_path, f"{TITLE}{first}{second}云溪县人民政府办公室\n2026年3月1日\n")

    assert ["县教育局", "县财政局", "县审计局", "县住建局"] == units_of(plan, "T001", "lead")
    assert ["县教育局"] == units_of(plan, "T002", "lead")
    assert "云溪县人民政府办公室" == plan.info.issuer


def test_the_table_of_facts_above_a_web_page_tells_issuer_number_and_date(tmp_path):
    facts = "<tr><td>发文机关：</td><td>云溪县人民政府办公室</td><td>文号：</td><td>云府办〔2026〕5号</td></tr>"
    facts += "<tr><td>成文日期：</td><td>2026年3月1日</td><td>索引号：</td><td>006/2026-1</td></tr>"
    rows = "<tr><td>重点任务</td><td>牵头单位</td></tr><tr><td>新建幼儿园5所</td><td>县教育局</td></tr>"
    page = f"<html><body><table>{facts}</table><h1>{TITLE}</h1><table>{rows}</table></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    info = read_plan(tmp_path / "a.html").info

    assert ("云溪县人民政府办公室", "云府办〔2026〕5号") == (info.issuer, info.document_number)
    assert date(2026, 3, 1) == info.issued_on


@pytest.mark.parametrize(
    ("clause", "lead", "support"),
    [
        ("（牵头单位：县商务局；配合单位：县财政局；）", ["县商务局"], ["县财政局"]),
        ("（牵头单位：县商务局；；配合单位：、县财政局、）)", ["县商务局"], ["县财政局"]),
        ("（）（牵头单位：县商务局)）", ["县商务局"], []),
        ("（牵头单位：；配合单位：县财政局）", [], ["县财政局"]),
        ("（）（牵头单位：）；", [], []),
    ],
)
def test_stray_marks_and_empty_brackets_are_no_text_and_no_unit(tmp_path, clause, lead, support):
    plan = read_text_plan(tmp_path, items(f"推进甲项目。{clause}", "推进乙项目。（牵头单位：县教育局）"))

    assert ["推进甲项目。", "推进乙项目。"] == plan.tasks["title"].tolist()
    assert (lead, support) == (units_of(plan, "T001", "lead"), units_of(plan, "T001", "support"))


def test_goals_of_stages_are_read_from_lines_of_their_own(tmp_path):
    text = "1. 培育企业20家。\n牵头单位：县工信局\n配合单位：——\n第一季度目标：完成5家。二季度：完成10家。\n"
    plan = read_text_plan(tmp_path, f"{TITLE}{text}")

    assert [("一季度", "完成5家"), ("二季度", "完成10家")] == [
        (goal["stage"], goal["text"]) for goal in records("goals", plan.goals)
    ]
    assert [] == units_of(plan, "T001", "support")


@pytest.mark.parametrize(
    ("said", "goals"),
    [
        ("一季度：完成2个；二季度：完成5个", ["完成2个", "完成5个"]),
        ("上半年完成10家，下半年完成20家", ["完成10家", "完成20家"]),
        ("四季度", []),
        ("上半年前", []),
        ("2026年6月底前开工，12月底前完工", []),
    ],
)
def test_goals_of_stages_are_read_from_a_column_of_times(tmp_path, said, goals):
    row = f"1\t培育企业20家\t{said}\t县工信局\n"
    plan = read_text_plan(tmp_path, f"{TITLE}序号\t重点任务\t进度安排\t牵头单位\n{row}")

    assert goals == plan.goals["text"].tolist()
    assert [said] == plan.tasks["deadline"].tolist()


def test_a_line_about_persons_to_call_under_a_table_is_no_task(tmp_path):
    rows = "序号\t重点任务\t牵头单位\n1\t培育企业20家\t县工信局\n联系人：督查室\t电话：12345\n抄送：县委办\t\n"

    assert 1 == len(read_text_plan(tmp_path, f"{TITLE}{rows}").tasks)


def test_numbers_that_are_one_sign_with_their_mark_are_numbers(tmp_path):
    text = "㈠工业经济\n⒈培育企业20家。（牵头单位：县工信局）\n⒉改造小区30个。（牵头单位：县住建局）\n"
    plan = read_text_plan(tmp_path, f"{TITLE}{text}")

    assert ([1, 2], ["(一)工业经济"] * 2) == (plan.tasks["no"].tolist(), plan.tasks["section"].tolist())


def test_a_calendar_of_quarters_in_the_notice_is_no_task(tmp_path):
    notice = "请按季度报送进展。\n一季度：4月10日前报送。\n二季度：7月10日前报送。\n"
    tasks = "1. 培育企业20家。（牵头单位：县工信局）\n2. 改造小区30个。（牵头单位：县住建局）\n"
    plan = read_text_plan(tmp_path, f"{TITLE}{notice}{tasks}{notice}")

    assert ["培育企业20家。", "改造小区30个。"] == plan.tasks["title"].tolist()
    assert plan.goals.empty
