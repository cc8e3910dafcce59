"""read_plan: documents of every form become frames that say what the document says."""

from __future__ import annotations

from datetime import date

import docx
import openpyxl
import pandas as pd
import pytest

from taskkit.errors import InputError, UsageError
from taskkit.plan import records
from taskkit.reading import read_plan
from tests.plans import assigned, read_text_plan, units_of

NUMBERED = """云溪县人民政府文件
云府〔2026〕8号
云溪县人民政府关于印发2026年重点任务分工方案的通知
各镇人民政府：
各牵头单位要制定落实方案，明确季度工作目标，于2026年3月10日前报县政府督查室备案。
云溪县人民政府
2026年2月18日

2026年云溪县重点任务分工方案

一、壮大工业（2项）
（一）培育企业
1. 新增规上企业 10 家以上。
工作措施：出台《云溪县扶持办法》。召开全县推

进会。
分管县领导：张 一、王二
部门分工：县工信局牵头，县财政局、科技局，各镇政府等配合。
2. 建成东溪园区。
部门分工：县发展改革局、工信局牵头，东溪、青石镇政府配合。
二、办好民生
（一）发展教育
3. 新建学校2所。
部门分工：县教育局、住建局按职责分工负责。
三、工作要求
（一）加强领导。各地要高度重视。
"""


@pytest.fixture
def numbered(tmp_path):
    return read_text_plan(tmp_path, NUMBERED)


def test_numbered_paragraphs_become_tasks_under_sections_and_groups(numbered):
    assert [
        ("T001", 1, "一、壮大工业（2项）", "（一）培育企业", "新增规上企业10家以上。"),
        ("T002", 2, "一、壮大工业（2项）", "（一）培育企业", "建成东溪园区。"),
        ("T003", 3, "二、办好民生", "（一）发展教育", "新建学校2所。"),
    ] == [(task.Index, task.no, task.section, task.group, task.title) for task in numbered.tasks.itertuples()]


def test_a_line_torn_by_a_page_break_is_mended(numbered):
    assert "出台《云溪县扶持办法》。召开全县推进会。" == numbered.tasks.loc["T001", "measures"]
    assert [("policy", ["云溪县扶持办法"]), ("meeting", [])] == [
        (row.kind, list(row.documents)) for row in numbered.measures.itertuples()
    ]


def test_leaders_and_units_stand_alone_and_in_order(numbered):
    assert ["张一", "王二"] == list(numbered.tasks.loc["T001", "leaders"])
    assert ["县财政局", "县科技局", "各镇政府"] == units_of(numbered, "T001", "support")
    assert ["县发展改革局", "县工信局"] == units_of(numbered, "T002", "lead")
    assert ["东溪镇政府", "青石镇政府"] == units_of(numbered, "T002", "support")


def test_joint_and_open_ended_are_told_apart(numbered):
    assert [(False, True), (False, False), (True, False)] == [
        (task.joint, task.open_ended) for task in numbered.tasks.itertuples()
    ]


def test_collectives_are_marked_in_the_assignments(numbered):
    marked = numbered.assignments[numbered.assignments["collective"]]
    assert ["各镇政府"] == marked["unit"].tolist()


def test_the_front_matter_is_kept(numbered):
    info = numbered.info
    assert ("2026年云溪县重点任务分工方案", "云溪县人民政府", "云府〔2026〕8号", 2026, date(2026, 2, 18)) == (
        info.title,
        info.issuer,
        info.document_number,
        info.year,
        info.issued_on,
    )
    assert ("方案.txt", "labelled", 64) == (info.source, info.dialect, len(info.sha256))


def test_a_title_broken_by_sense_is_one_title(tmp_path):
    plan = read_text_plan(tmp_path, NUMBERED.replace("\n2026年云溪县重点", "\n2026年云溪县《政府工作报告》\n重点"))

    assert "2026年云溪县《政府工作报告》重点任务分工方案" == plan.info.title


def test_the_calendar_stands_in_the_schedule(numbered):
    assert [("plan", "lead", "main", "县政府督查室")] == [
        (row.period, row.role, row.part, row.to_whom) for row in numbered.schedule.itertuples()
    ]


def test_targets_are_numbered_within_their_task(numbered):
    assert [("T001.1", ">=", 10.0, "家"), ("T003.1", "=", 2.0, "所")] == [
        (row.target_id, row.op, row.value, row.unit) for row in numbered.targets.itertuples()
    ]


def test_places_are_those_of_the_file(numbered):
    assert ["第13行", "第19行", "第23行"] == numbered.tasks["source"].tolist()


BRACKETS = {
    "full width": "1．做好甲事。（牵头单位：县教育局；责任单位：县财政局，6月底完成）",
    "half width": "1.做好甲事。(主办单位:县教育局;协办单位:县财政局;完成时限:6月底完成)",
    "hexagonal": "（1）做好甲事。〔牵头单位：县教育局，责任单位：县财政局，6月底完成〕",
    "circle": "① 做好甲事。（县教育局牵头，县财政局配合，6月底完成）",
    "comma": "1、做好甲事。【牵头单位：县教育局，配合单位：县财政局，6月底完成】",
    "chinese number": "（一）做好甲事。（县教育局牵头，县财政局按职责分工负责，6月底完成）",
    "next line": "1. 做好甲事。\n（牵头单位：县教育局；责任单位：县财政局，6月底完成）",
    "own lines": "★1. 做好甲事。\n牵头单位：县教育局\n责任单位：县财政局\n完成时限：6月底完成",
}


@pytest.mark.parametrize("text", BRACKETS.values(), ids=BRACKETS.keys())
def test_one_task_is_read_alike_however_its_units_are_written(tmp_path, text):
    plan = read_text_plan(tmp_path, f"2026年云溪县重点任务分工方案\n\n{text}\n")

    [task] = plan.tasks.itertuples()
    assert ("做好甲事。", 1, "6月底完成", pd.Timestamp("2026-06-30")) == (
        task.title,
        task.no,
        task.deadline,
        task.due_on,
    )
    assert (["县教育局"], ["县财政局"]) == (units_of(plan, "T001", "lead"), units_of(plan, "T001", "support"))


def test_measures_with_units_of_their_own_are_assigned_one_by_one(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "1. 提升工业。（牵头单位：县工信局）\n具体措施：\n"
        "（1）建设园区。（责任单位：县住建局）\n（2）培育企业。（责任单位：县科技局）\n"
        "2. 提升农业。（牵头单位：县农业农村局）\n",
    )

    assert ["提升工业。", "提升农业。"] == plan.tasks["title"].tolist()
    assert [(0, "县工信局"), (1, "县住建局"), (2, "县科技局")] == assigned(plan, "T001")
    assert ["建设园区。", "培育企业。"] == plan.measures["text"].tolist()


@pytest.mark.parametrize(
    ("outer", "inner", "clause"),
    [
        ("（一）", "{}.", "牵头单位：县{}局；责任单位：县财政局"),
        ("（一）", "{}.", "（牵头单位：县{}局；责任单位：县财政局）"),
        ("1.", "（{}）", "牵头单位：县{}局\n责任单位：县财政局"),
    ],
)
def test_units_after_the_last_measure_of_each_item_are_those_of_the_item(tmp_path, outer, inner, clause):
    blocks = [
        f"{outer}做好{name}业。\n{inner.format(1)}建设园区。\n{inner.format(2)}培育企业。{line}"
        for name in ("工", "农")
        for line in [clause.format(name) if clause[0] == "（" else "\n" + clause.format(name)]
    ]
    plan = read_text_plan(tmp_path, "\n".join(blocks))

    assert ["做好工业。", "做好农业。"] == plan.tasks["title"].tolist()
    assert [(0, "县工局"), (0, "县财政局")] == assigned(plan, "T001")


def test_an_outer_item_with_units_of_its_own_is_a_task_beside_inner_ones(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "二、重点任务\n（一）提升产业。\n1. 建设园区。（县工信局牵头）\n2. 培育企业。（县科技局牵头）\n"
        "（二）提升商业。（县商务局牵头）\n三、保障措施\n（一）加强领导。各地要重视。\n",
    )

    assert [("建设园区。", "（一）提升产业。"), ("培育企业。", "（一）提升产业。"), ("提升商业。", None)] == [
        (task["title"], task["group"]) for task in records("tasks", plan.tasks)
    ]


def test_titles_without_numbers_are_told_from_lists_that_end_without_a_full_stop(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "2026年云溪县重点任务分工方案\n建设园区\n分管领导：张一\n牵头单位：县工信局\n配合单位：县财政局\n"
        "发展渔业\n分管领导：王二\n牵头单位：县农业农村局\n配合单位：\n县财政局、县水利局\n",
    )

    assert [("建设园区", ["张一"]), ("发展渔业", ["王二"])] == [
        (task["title"], task["leaders"]) for task in records("tasks", plan.tasks)
    ]
    assert ["县财政局", "县水利局"] == units_of(plan, "T002", "support")


def test_brackets_after_each_step_of_one_item_belong_to_the_steps(tmp_path):
    plan = read_text_plan(
        tmp_path, "1. 办好教育。（1）建设学校（县教育局牵头负责）。（2）培训教师（县人社局牵头负责）。\n"
    )

    assert ["办好教育。"] == plan.tasks["title"].tolist()
    assert [(1, "县教育局"), (2, "县人社局")] == assigned(plan, "T001")


def test_tasks_run_together_in_one_paragraph_are_taken_apart(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "近日\n云溪县人民政府印发\n《2026年重点工作分工方案》\n一起来看~\n"
        "粮食产量20万吨以上 部门分工：县农业农村局牵头，各镇配合。 建设乡村 工作措施：改造农房。修建道路。"
        " 部门分工：县住建局牵头，县财政局等配合。 防止返贫 部门分工：县民政局牵头。 发展渔业 部门分工：县水利局牵头。"
        " 实施水质提升行动计划 工作措施：整治河道。 部门分工：县水利局牵头。",
    )

    assert "digest" == plan.info.dialect
    assert ["粮食产量20万吨以上", "建设乡村", "防止返贫", "发展渔业", "实施水质提升行动计划"] == plan.tasks[
        "title"
    ].tolist()
    assert "改造农房。修建道路。" == plan.tasks.loc["T002", "measures"]
    assert "云溪县人民政府" == plan.info.issuer


def test_tasks_that_lost_their_titles_and_numbers_are_still_tasks(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "一、工业\n工作措施：建设园区。\n部门分工：县工信局牵头。\n工作措施：培育企业。\n部门分工：县科技局牵头。\n"
        "7.办好展会。\n工作措施：举办展会。\n部门分工：县商务局牵头。\n工作措施：扩大出口。\n",
    )

    assert [(None, None), (None, None), ("办好展会。", 7), (None, None)] == [
        (task["title"], task["no"]) for task in records("tasks", plan.tasks)
    ]
    assert {"一、工业"} == set(plan.tasks["section"])


def test_a_bare_name_gets_the_level_word_that_the_document_gives_it_elsewhere(tmp_path):
    plan = read_text_plan(
        tmp_path, "1.甲事。（主办单位：区工信局）\n2.乙事。（主办单位：工信局；协办单位：移动公司）\n"
    )

    assert (["区工信局"], ["移动公司"]) == (units_of(plan, "T002", "lead"), units_of(plan, "T002", "support"))


def test_a_clause_for_all_later_items_holds_for_them(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "1. 甲事。（县教育局牵头。以下均需各县区政府落实，不再列出）\n2. 乙事。（县民政局牵头）\n",
    )

    assert ["各县区政府"] == units_of(plan, "T002", "support")


def test_a_leader_under_a_heading_leads_all_its_tasks(tmp_path):
    plan = read_text_plan(
        tmp_path,
        "一、工业\n分管领导：张一\n1.甲事。（牵头单位：县工信局）\n2.乙事。（牵头单位：县科技局）\n"
        "二、农业\n分管领导：王二\n3.丙事。（牵头单位：县农业农村局）\n",
    )

    assert [["张一"], ["张一"], ["王二"]] == [list(leaders) for leaders in plan.tasks["leaders"]]


TABLE = [
    ["县重点任务", "", "", "责任领导", "牵头单位", "相关责任单位"],
    ["一、工业（共 2 大项）", "", "", "", "", ""],
    [
        "（一） 培育 企业",
        "1",
        "新增规上企业 10 家。",
        "张 一 李小三",
        "县工信局 县科技局",
        "县财政局、县人力资源 社会保障局，各镇政府",
    ],
    ["", "2", "建成东溪园区和配套道路。", "张 一", "县发展改 革局", "东溪、青石镇政府"],
    ["县重点任务", "", "", "责任领导", "牵头单位", "相关责任单位"],
    ["(一) 培育 企业", "3", "办好政企恳谈活动。", "李小三", "县工商联", "县直有关单位"],
    ["（二） 优化 环境", "4", "推进一件事一次办改革。", "王二", "县政务服务局", "各镇政府"],
]


def as_text(folder, rows):
    lines = ["\t".join(row) for row in rows]
    lines[4:4] = [""]
    lines[0] = lines[5] = "县重点任务\t\t责任领导\t牵头单位\t相关责任单位\t"
    (folder / "a.txt").write_text("2026年县重点任务分工方案\n\n" + "\n".join(lines), encoding="utf-8")
    return folder / "a.txt"


def as_word(folder, rows):
    document = docx.Document()
    document.add_paragraph("2026年县重点任务分工方案")
    table = document.add_table(rows=len(rows), cols=6)
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(place, column).text = text
    table.cell(2, 0).merge(table.cell(3, 0))
    table.cell(1, 0).merge(table.cell(1, 5))
    document.save(folder / "a.docx")
    return folder / "a.docx"


def as_excel(folder, rows):
    book = openpyxl.Workbook()
    book.active.append(["2026年县重点任务分工方案"])
    for row in rows:
        book.active.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    for area in ("A1:F1", "A2:C2", "A4:A5"):
        book.active.merge_cells(area)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


@pytest.mark.parametrize("write", [as_text, as_word, as_excel])
def test_a_table_reads_alike_as_text_in_word_and_in_excel(tmp_path, write):
    plan = read_plan(write(tmp_path, TABLE))

    assert [(1, "（一）培育企业"), (2, "（一）培育企业"), (3, "（一）培育企业"), (4, "（二）优化环境")] == [
        (task.no, task.group) for task in plan.tasks.itertuples()
    ]
    assert {"一、工业（共2大项）"} == set(plan.tasks["section"])
    assert "新增规上企业10家。" == plan.tasks.loc["T001", "title"]
    assert ["张一", "李小三"] == plan.tasks["leaders"].tolist()[0]
    assert ["县工信局", "县科技局"] == units_of(plan, "T001", "lead")
    assert ["县财政局", "县人力资源社会保障局", "各镇政府"] == units_of(plan, "T001", "support")
    assert ["县发展改革局"] == units_of(plan, "T002", "lead")
    assert ["东溪镇政府", "青石镇政府"] == units_of(plan, "T002", "support")
    assert ("2026年县重点任务分工方案", "table") == (plan.info.title, plan.info.dialect)


def test_goal_columns_become_goals_and_a_merged_task_holds_several_measures(tmp_path):
    rows = [
        ["序号", "重点任务", "具体措施", "责任单位", "一季度目标", "全年目标", "完成时限"],
        ["1", "壮大产业", "建设园区", "县工信局", "开工", "建成", "12月底"],
        ["1", "壮大产业", "引进企业", "县商务局、财政局", "", "引进5家", ""],
    ]
    document = docx.Document()
    document.add_paragraph("2026年云溪县任务清单")
    table = document.add_table(rows=3, cols=7)
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(place, column).text = "" if place == 2 and column < 2 else text
    for column in (0, 1):
        table.cell(1, column).merge(table.cell(2, column))
    document.save(tmp_path / "a.docx")

    plan = read_plan(tmp_path / "a.docx")
    assert ["壮大产业"] == plan.tasks["title"].tolist()
    assert ["建设园区", "引进企业"] == plan.measures["text"].tolist()
    assert [(1, "县工信局"), (2, "县商务局"), (2, "县财政局")] == assigned(plan, "T001")
    assert [("一季度", "开工"), ("全年", "建成；引进5家")] == list(
        plan.goals[["stage", "text"]].itertuples(index=False, name=None)
    )
    assert pd.Timestamp("2026-12-31") == plan.tasks.loc["T001", "due_on"]


def test_headings_above_tables_are_their_sections(tmp_path):
    document = docx.Document()
    for section, number in (("一、工业", "1"), ("二、农业", "2")):
        document.add_paragraph(section)
        table = document.add_table(rows=2, cols=3)
        for place, row in enumerate((["序号", "工作任务", "牵头单位"], [number, "办好一件重要的事情", "县教育局"])):
            for column, text in enumerate(row):
                table.cell(place, column).text = text
    document.save(tmp_path / "a.docx")

    assert ["一、工业", "二、农业"] == read_plan(tmp_path / "a.docx").tasks["section"].tolist()


ANNEX = """

附件：2026年县十件民生实事任务分解表

2026年县十件民生实事任务分解表

事 项\t序号\t工 作 任 务\t分管 县领导\t县牵头部门及主要负责人、 分管负责人
一、扩大就业\t1\t开展技能培训 4 万人次以上。\t王 二\t县人力资源社会保障局 钱 七 孙小八
\t2\t开展家政培训 1 万人次以上。\t王 二\t县人力资源社会保障局 钱 七
"""


def test_a_table_behind_the_paragraphs_is_an_annex_with_ids_of_its_own(tmp_path):
    plan = read_text_plan(tmp_path, NUMBERED + ANNEX)

    annex = plan.tasks[plan.tasks["part"] == "annex"]
    assert ["A001", "A002"] == annex.index.tolist()
    assert ["一、扩大就业"] * 2 == annex["group"].tolist()
    assert ["T001", "T002", "T003"] == plan.tasks[plan.tasks["part"] == "main"].index.tolist()
    assert "labelled+table" == plan.info.dialect


def test_persons_printed_with_a_unit_are_its_heads(tmp_path):
    plan = read_text_plan(tmp_path, NUMBERED + ANNEX)

    [row] = [row for row in records("assignments", plan.assignments) if row["task_id"] == "A001"]
    assert ("县人力资源社会保障局", "lead", ["钱七", "孙小八"]) == (row["unit"], row["role"], row["heads"])


def test_a_dialect_can_be_forced_but_must_be_known(tmp_path):
    assert "bracketed" == read_text_plan(tmp_path, NUMBERED, dialect="bracketed").info.dialect
    with pytest.raises(UsageError, match="labelled、bracketed、digest、loose、table"):
        read_text_plan(tmp_path, NUMBERED, dialect="表格")


def test_a_file_without_tasks_is_refused(tmp_path):
    with pytest.raises(InputError, match="没有读到工作任务"):
        read_text_plan(tmp_path, "今天天气很好。\n我们去公园。\n")


def test_reading_twice_gives_the_same_plan(tmp_path, numbered):
    again = read_text_plan(tmp_path, NUMBERED)

    pd.testing.assert_frame_equal(numbered.tasks, again.tasks)
    pd.testing.assert_frame_equal(numbered.assignments, again.assignments)
