"""Tables whose headers, rows and sheets are not as the book has them."""

from __future__ import annotations

import docx
import openpyxl
import pytest

from taskkit.plan import records
from taskkit.reading import read_plan
from tests.plans import assigned, codes, read_text_plan, units_of

TITLE = "2026年云溪县重点任务清单\n"


def table(folder, *rows: str):
    """A plan with one table; cells are set apart by | ."""
    return read_text_plan(folder, TITLE + "\n".join(row.replace("|", "\t") for row in rows))


def titles(plan) -> list[tuple[str | None, str | None]]:
    return [(task["group"] or task["section"], task["title"]) for task in records("tasks", plan.tasks)]


def word_table(folder, rows: list[list[str]], merges: tuple[tuple[int, int, int], ...] = ()):
    """The same in Word; ``merges`` are (column, first row, last row)."""
    document = docx.Document()
    document.add_paragraph(TITLE.strip())
    grid = document.add_table(rows=len(rows), cols=len(rows[0]))
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            grid.cell(place, column).text = text
    for column, first, last in merges:
        grid.cell(first, column).merge(grid.cell(last, column))
    document.save(folder / "a.docx")
    return read_plan(folder / "a.docx")


@pytest.mark.parametrize("total", ["合计|1项||", "小计|||", "总计：|||"])
def test_a_row_of_totals_is_no_task(tmp_path, total):
    plan = table(tmp_path, "序号|工作任务|牵头单位|配合单位", "1|推进营商环境改革|县司法局|县财政局", total)

    assert [(None, "推进营商环境改革")] == titles(plan)


def test_a_row_whose_number_is_a_dash_or_starred_is_a_task_all_the_same(tmp_path):
    plan = table(
        tmp_path,
        "序号|工作任务|牵头单位",
        "1|推进甲工程建设|县住建局",
        "——|推进乙工程建设|县住建局",
        "*3|推进丙工程建设|县住建局",
    )

    assert [1, None, 3] == [task["no"] for task in records("tasks", plan.tasks)]


def test_a_row_with_number_and_units_but_no_task_stays_and_is_reported(tmp_path):
    plan = table(tmp_path, "序号|工作任务|牵头单位", "1|推进甲工程建设|县住建局", "2||县商务局")

    assert ["县商务局"] == units_of(plan, "T002", "lead")
    assert ["no-text"] == codes(plan)


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("协办", "县司法局、财政局", {"support": ["县司法局", "县财政局"]}),
        ("配合", "县司法局", {"support": ["县司法局"]}),
        ("分管副县长", "王　曦", {"leaders": ["王曦"]}),
        ("牵头领导", "李小明", {"leaders": ["李小明"]}),
        ("负责人", "张　伟", {"heads": ["张伟"]}),
        ("截止时间", "12月底", {"deadline": "12月底"}),
        ("时限", "12月底", {"deadline": "12月底"}),
    ],
)
def test_a_column_is_known_by_any_of_its_usual_names(tmp_path, header, cell, expected):
    plan = table(tmp_path, f"序号|工作任务|主办|{header}", f"1|推进营商环境改革落地|县行政审批局|{cell}")
    [task] = records("tasks", plan.tasks)
    lead, *support = records("assignments", plan.assignments)

    read = {"leaders": task["leaders"], "deadline": task["deadline"], "heads": lead["heads"]}
    read |= {"support": [row["unit"] for row in support]}
    empty: dict[str, object] = {"leaders": [], "deadline": None, "heads": [], "support": []}
    assert empty | expected == read
    assert ("县行政审批局", "lead") == (lead["unit"], lead["role"])


def test_a_column_with_an_unknown_name_is_not_read_and_is_reported(tmp_path):
    plan = table(
        tmp_path, "序号|工作任务|牵头单位|成果形式|配合单位", "1|推进营商环境改革落地|县行政审批局|出台办法|县司法局"
    )

    assert [(0, "县行政审批局"), (0, "县司法局")] == assigned(plan, "T001")
    assert ["column-skipped"] == codes(plan)


def test_a_header_may_say_that_the_first_of_its_units_leads(tmp_path):
    plan = table(tmp_path, "序号|工作任务|责任单位（第一个为牵头单位）", "1|办好中心小学建设|县教育局、住建局")

    assert (["县教育局"], ["县住建局"]) == (units_of(plan, "T001", "lead"), units_of(plan, "T001", "support"))


def test_rows_with_a_blank_number_are_tasks_of_one_group(tmp_path):
    plan = table(
        tmp_path,
        "序号|重点任务|具体内容|牵头单位|完成时限",
        "1|优化营商环境|（一）推行一件事一次办|县行政审批局|12月底",
        "||（二）推行告知承诺制度|县司法局|10月底",
    )

    assert [("优化营商环境", "（一）推行一件事一次办"), ("优化营商环境", "（二）推行告知承诺制度")] == titles(plan)
    assert ["12月底", "10月底"] == plan.tasks["deadline"].tolist()


def test_rows_of_a_merged_task_keep_their_leaders_deadlines_and_units(tmp_path):
    rows = [
        ["序号", "重点任务", "具体措施", "责任领导", "责任单位", "完成时限"],
        ["1", "推进乡村振兴", "建设示范村10个", "王曦", "县农业农村局", "10月底"],
        ["", "", "培训农民5000人次", "李梅", "县人社局", "12月底"],
    ]
    plan = word_table(tmp_path, rows, ((0, 1, 2), (1, 1, 2)))

    [task] = records("tasks", plan.tasks)
    assert (["王曦", "李梅"], "10月底；12月底", "2026-12-31") == (
        task["leaders"],
        task["deadline"],
        str(task["due_on"]),
    )
    assert [(1, "县农业农村局"), (2, "县人社局")] == assigned(plan, "T001")


def test_a_number_merged_over_several_tasks_is_no_repeated_number(tmp_path):
    rows = [
        ["序号", "重点任务", "具体内容", "牵头单位"],
        ["1", "产业强县", "完成技改投资10亿元", "县工信局"],
        ["", "", "新增高新技术企业5家", "县科技局"],
    ]
    plan = word_table(tmp_path, rows, ((0, 1, 2), (1, 1, 2)))

    assert [("产业强县", "完成技改投资10亿元"), ("产业强县", "新增高新技术企业5家")] == titles(plan)
    assert [] == codes(plan)


def test_a_header_of_two_rows_may_be_wider_below(tmp_path):
    plan = table(
        tmp_path, "序号|工作任务|责任单位", "||牵头单位|配合单位", "1|改造背街小巷并完成验收|县住建局|县城管局"
    )

    assert (["县住建局"], ["县城管局"]) == (units_of(plan, "T001", "lead"), units_of(plan, "T001", "support"))


def test_the_next_sheet_is_a_part_of_its_own_with_its_own_labels_and_hidden_rows_are_reported(tmp_path):
    book = openpyxl.Workbook()
    for sheet, section in ((book.active, "一、工业"), (book.create_sheet("民生实事"), "")):
        sheet.append(["序号", "工作任务", "牵头单位"])
        if section:
            sheet.append([section])
            sheet.merge_cells("A2:C2")
        for number in (1, 2):
            sheet.append([number, f"办好第{number}件重要的事情{section}", "县教育局"])
    book.active.row_dimensions[4].hidden = True
    book.save(tmp_path / "a.xlsx")
    plan = read_plan(tmp_path / "a.xlsx")

    assert [("T001", "一、工业"), ("T002", "一、工业"), ("A001", None), ("A002", None)] == [
        (task["task_id"], task["section"]) for task in records("tasks", plan.tasks)
    ]
    assert "rows-hidden" in codes(plan)


ROWS = [
    ["序号", "工作任务", "牵头单位", "配合单位"],
    ["1", "建设高标准农田5万亩", "县农业农村局", "县水利局、财政局"],
    ["2", "改造老旧小区12个", "县住建局", "县财政局"],
]


@pytest.mark.parametrize(
    "text",
    ["\n".join("  ".join(row) for row in ROWS), "\n".join(cell for row in ROWS for cell in row)],
    ids=["set apart by spaces", "one cell per line"],
)
def test_a_table_that_lost_its_lines_is_put_together_again(tmp_path, text):
    plan = read_text_plan(tmp_path, TITLE + text)

    assert [(None, "建设高标准农田5万亩"), (None, "改造老旧小区12个")] == titles(plan)
    assert ["县水利局", "县财政局"] == units_of(plan, "T001", "support")
    assert [] == codes(plan)


def test_a_row_that_lost_a_cell_is_reported(tmp_path):
    text = "\n".join("  ".join(row) for row in [*ROWS, ["3", "新建学校3所并投入使用", "县教育局"]])
    plan = read_text_plan(tmp_path, TITLE + text)

    assert ["row-uneven"] == codes(plan)


def test_a_table_with_one_cell_per_line_goes_on_below_the_header_of_the_next_page(tmp_path):
    text = "\n".join(cell for row in [*ROWS[:2], ROWS[0], ROWS[2]] for cell in row)
    plan = read_text_plan(tmp_path, TITLE + text)

    assert [(None, "建设高标准农田5万亩"), (None, "改造老旧小区12个")] == titles(plan)
    assert [] == codes(plan)


@pytest.mark.parametrize("name", ["类别", "事项", "事項"])
def test_a_label_under_a_heading_across_the_table_is_a_group_whatever_its_column_is_called(tmp_path, name):
    rows = "一、稳增长", "（一）扩大投资|推进甲工程建设|县住建局", "二、惠民生", "（一）办好教育|建设中心小学|县教育局"
    plan = table(tmp_path, f"{name}|工作任务|牵头单位", *rows)

    expected = [("一、稳增长", "（一）扩大投资"), ("二、惠民生", "（一）办好教育")]
    assert expected == [(task["section"], task["group"]) for task in records("tasks", plan.tasks)]


def test_a_row_that_numbers_the_columns_is_no_task(tmp_path):
    plan = table(
        tmp_path,
        "序号|工作任务|分管领导|牵头单位|完成时限",
        "甲|1|2|3|4",
        "1|推进营商环境改革|王曦|县司法局|6月底前",
    )

    assert [(None, "推进营商环境改革")] == titles(plan)
    assert ["县司法局"] == units_of(plan, "T001", "lead")


def test_a_heading_with_sums_beside_it_is_a_heading(tmp_path):
    plan = table(
        tmp_path,
        "序号|项目名称|总投资（万元）|牵头单位|完成时限",
        "一、基础设施类||12000||",
        "1|新建水厂|12000|县水务局|12月底",
        "二、社会事业类||3,500.5||",
        "2|改建文化馆|3500.5|县文旅局|6月底",
    )

    assert [("一、基础设施类", "新建水厂"), ("二、社会事业类", "改建文化馆")] == titles(plan)


def test_what_differs_in_each_numbered_row_is_the_task_and_the_text_after_it_its_measures(tmp_path):
    plan = table(
        tmp_path,
        "序号|重点任务|工作内容|牵头单位",
        "1|优化营商环境|推行一件事一次办。|县司法局",
        "|小计|2项|",
        "2|整治人居环境|改造农村户厕。|县农业农村局",
        "|小计|2项|",
    )

    assert [(None, "优化营商环境"), (None, "整治人居环境")] == titles(plan)
    assert ["推行一件事一次办。", "改造农村户厕。"] == plan.tasks["measures"].tolist()


def test_a_bare_goal_takes_its_unit_from_the_column_beside_it(tmp_path):
    plan = table(
        tmp_path,
        "序号|指标名称|计量单位|年度目标值|牵头单位",
        "1|一般公共预算收入|亿元|18.6|县财政局",
        "2|空气质量优良天数比例|%|92%|县生态环境局",
    )

    read = [(row["indicator"], row["value"], row["unit"]) for row in records("targets", plan.targets)]
    assert [("一般公共预算收入", 18.6, "亿元"), ("空气质量优良天数比例", 92, "%")] == read
    assert [] == codes(plan)


def test_a_cell_may_label_its_units_line_by_line(tmp_path):
    rows = [
        ["序号", "工作任务", "责任单位"],
        ["1", "推进营商环境改革", "牵头单位：县司法局（王曦）\n配合单位：县财政局、住建局"],
    ]
    plan = word_table(tmp_path, rows)

    assert ["县司法局"] == units_of(plan, "T001", "lead")
    assert ["县财政局", "县住建局"] == units_of(plan, "T001", "support")


def test_all_places_and_a_unit_set_apart_by_a_space_are_two(tmp_path):
    rows = [["序号", "工作任务", "牵头单位", "配合单位"], ["1", "推进营商环境改革", "县司法局", "各地 县妇联"]]

    assert ["各地", "县妇联"] == units_of(word_table(tmp_path, rows), "T001", "support")


def test_the_city_office_of_public_services_data_keeps_its_name_beside_others(tmp_path):
    plan = table(tmp_path, "序号|工作任务|牵头单位", "1|推进一网通办|市林业局、市政数局、财政局")

    assert ["市林业局", "市政数局", "市财政局"] == units_of(plan, "T001", "lead")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("县住房和城乡\n建设局\n县财政局", ["县住房和城乡建设局", "县财政局"]),
        ("县人力资源和社会\n保障局", ["县人力资源和社会保障局"]),
        ("县市场\n监督管理局 县司法局", ["县市场监督管理局", "县司法局"]),
    ],
)
def test_a_name_wrapped_after_a_word_that_could_end_one_stays_whole(tmp_path, cell, expected):
    rows = [["序号", "工作任务", "牵头单位", "配合单位"], ["1", "推进营商环境改革", "县政府办公室", cell]]

    assert expected == units_of(word_table(tmp_path, rows), "T001", "support")


def test_two_columns_of_labels_are_section_and_group(tmp_path):
    plan = table(
        tmp_path,
        "大类|小类|序号|任务内容|牵头单位",
        "经济发展|工业|1|培育规上企业|县工信局",
        "||2|建设产业园区|县工信局",
        "|农业|3|建设高标准农田|县农业农村局",
    )

    assert ["经济发展"] * 3 == plan.tasks["section"].tolist()
    assert ["工业", "工业", "农业"] == plan.tasks["group"].tolist()
    assert "培育规上企业" == plan.tasks["title"].iloc[0]


def test_goals_of_stages_take_the_unit_of_a_column_called_only_unit(tmp_path):
    plan = table(
        tmp_path,
        "序号|指标|单位|全年目标|一季度|上半年|前三季度|责任单位",
        "1|固定资产投资|亿元|120|20|45|80|县发改局",
        "2|改造农村公路|公里|150|20|60|110|县交通运输局",
    )

    goals = {row["stage"]: row["text"] for row in records("goals", plan.goals) if row["task_id"] == "T001"}
    assert {"全年": "120亿元", "一季度": "20亿元", "上半年": "45亿元", "前三季度": "80亿元"} == goals
    assert [(120, "亿元"), (150, "公里")] == [(row["value"], row["unit"]) for row in records("targets", plan.targets)]
    assert [] == codes(plan)


def test_the_title_of_a_web_page_may_stand_in_a_cell_above_the_table(tmp_path):
    row = "<tr><td>{0}</td><td>推进第{0}个项目建设</td><td>县住建局、财政局</td></tr>"
    rows = "".join(map(row.format, range(1, 30)))
    data = f"<table border=1><tr><td>序号</td><td>工作任务</td><td>牵头单位</td></tr>{rows}</table>"
    title = "2026年云溪县重点工作任务分解表"
    page = f"<table><tr><td><b>{title}</b></td></tr><tr><td><p>&nbsp;</p>{data}</td></tr></table>"
    (tmp_path / "a.html").write_text(f"<html><body><div><a>首页</a></div>{page}</body></html>", encoding="utf-8")
    plan = read_plan(tmp_path / "a.html")

    assert (title, 29) == (plan.info.title, len(plan.tasks))


def test_numbered_tasks_in_one_cell_are_tasks_that_share_what_stands_beside_them(tmp_path):
    tasks, leads = "1.培育规上企业\n2.建设产业园区，完成投资\n3.2亿元", "1.县工信局\n2.县商务局"
    rows = [
        ["序号", "领域", "工作任务", "牵头单位", "配合单位", "完成时限"],
        ["1", "工业", tasks, leads, "县财政局", "6月底"],
        ["2", "农业", "建设高标准农田", "县农业农村局", "", "年内"],
    ]
    plan = word_table(tmp_path, rows)
    read = [("工业", "培育规上企业"), ("工业", "建设产业园区，完成投资3.2亿元"), ("农业", "建设高标准农田")]

    assert read == titles(plan)
    assert [1, 1, 2] == plan.tasks["no"].tolist()
    assert ["6月底", "6月底", "年内"] == plan.tasks["deadline"].tolist()
    assert (["县工信局"], ["县商务局"]) == (units_of(plan, "T001", "lead"), units_of(plan, "T002", "lead"))
    assert ["县财政局"] == units_of(plan, "T001", "support") == units_of(plan, "T002", "support")
    assert ["tasks-in-cell"] == codes(plan)


def test_a_single_character_is_the_rest_of_the_name_above_it(tmp_path):
    rows = [
        ["序号", "工作任务", "牵头单位", "配合单位"],
        ["1", "推进招商引资", "县商务局", "县工业园区管委\n会 县财政局"],
    ]

    assert ["县工业园区管委会", "县财政局"] == units_of(word_table(tmp_path, rows), "T001", "support")


def test_numbers_that_go_on_from_cell_to_cell_are_those_of_the_tasks(tmp_path):
    rows = [
        ["类别", "工作任务", "责任单位"],
        ["产业", "1.引进企业5家；\n2.新建厂房3万平方米。", "县商务局"],
        ["民生", "3.新建学校1所\n4.改造病房20间", "县教育局"],
    ]
    plan = word_table(tmp_path, rows)

    assert [1, 2, 3, 4] == plan.tasks["no"].tolist()
    assert ["产业", "产业", "民生", "民生"] == plan.tasks["section"].tolist()


@pytest.mark.parametrize("cell", ["王曦\n（副县长）", "王曦（县委常委、常务副县长）", "王 曦（县长）"])
def test_an_office_in_brackets_is_no_leader(tmp_path, cell):
    rows = [["序号", "工作任务", "责任领导", "牵头单位"], ["1", "推进营商环境改革", cell, "县司法局"]]

    assert [["王曦"]] == word_table(tmp_path, rows).tasks["leaders"].tolist()
