"""Whose a file is and which row is which: marks that are lost or disagree, files of several units, inserted rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty

from taskkit.collecting import Collected, collect
from taskkit.errors import UsageError
from taskkit.issuing import issue
from taskkit.ledger import Ledger
from tests.returned.county import PLAN, PLANNED, QUARTER, SUPPORT, UNIT, County
from tests.returned.hand import PROGRESS, clear_ids, column_of, on, row_of, together, value, write_rows
from tests.returned.kinds import Kind, but, check, held, values, without
from tests.returned_books import edited, opened, saved, stamped, table
from tests.soffice import resaved

BLANK = "| row | column | value |"


def _dragged(sheet: Any) -> None:
    """The whole row of T001 dragged down over the next two: Excel counts the ids on, and copies the rest."""
    top = row_of(sheet, "T001")
    first = [cell.value for cell in sheet[top]]
    for step in (1, 2):
        write_rows(sheet, top + step, [[first[0].replace("T001", f"T00{1 + step}"), *first[1:]]])


def _ids_counted_on(sheet: Any) -> None:
    """A row inserted above T002, and the ids dragged down from T001 over all rows below."""
    number = row_of(sheet, "T002")
    sheet.insert_rows(number)
    first = sheet.cell(row_of(sheet, "T001"), 1).value
    for step, at in enumerate((number, number + 1, number + 2), 1):
        sheet.cell(at, 1).value = first.replace("T001", f"T00{1 + step}")


def _words_sorted_alone(sheet: Any) -> None:
    """Number and task of two rows change places, while the ids and what was filled in stay."""
    one, other = row_of(sheet, "T001"), row_of(sheet, "T002")
    for at in (2, 3):
        upper, lower = sheet.cell(one, at), sheet.cell(other, at)
        upper.value, lower.value = lower.value, upper.value


def _nearly_the_same(sheet: Any) -> None:
    number = row_of(sheet, "T004")
    sheet.cell(number, 1).value, sheet.cell(number, 3).value = None, "建设职业技能实训基地1个"


def _inserted(*contents: Mapping[str, object], under: str = "T001") -> Any:
    """Rows of one's own, inserted under a task."""

    def edit(sheet: Any) -> None:
        number = row_of(sheet, under)
        for step, each in enumerate(contents, 1):
            sheet.insert_rows(number + step)
            for header, content in each.items():
                sheet.cell(number + step, column_of(sheet, header)).value = content

    return edit


def _hidden_old_copy(book: Any) -> None:
    copy = book.copy_worksheet(book[PROGRESS])
    copy.title, copy.sheet_state = "旧表", "hidden"
    copy.cell(row_of(copy, "T001"), column_of(copy, "本期进展")).value = "去年的老话"


def _commented(book: Any) -> None:
    sheet = book[PROGRESS]
    sheet.cell(row_of(sheet, "T001"), column_of(sheet, "本期进展")).comment = Comment("数据待核，以统计局为准", "甲")


KINDS = [
    Kind(
        "a row dragged down with its id counted on",
        edit=on(PROGRESS, _dragged),
        expected=but(
            without(QUARTER, "T002"),
            "| 工作进展 | T002 | 本期进展 | held | |",
            "| 工作进展 | T002 | 完成情况 | held | |",
            "| 工作进展 | T003 | 本期进展 | held | |",
            "| 工作进展 | T003 | 完成情况 | held | |",
        ),
        findings="row-misaligned 工作进展 第6行\nrow-misaligned 工作进展 第7行",
    ),
    Kind(
        "ids dragged down past an inserted row",
        edit=on(PROGRESS, _ids_counted_on),
        expected=held(QUARTER, "T002"),
        findings="row-misaligned 工作进展 第7行\nrow-misaligned 工作进展 第8行",
    ),
    Kind(
        "the words of two rows sorted without their ids",
        edit=on(PROGRESS, _words_sorted_alone),
        expected=but(
            without(QUARTER, "T001", "T002"),
            "| 工作进展 | T002 | 本期进展   | held | |",
            "| 工作进展 | T002 | 完成情况   | held | |",
            "| 工作进展 | T001 | 本期进展   | held | |",
            "| 工作进展 | T001 | 完成情况   | held | |",
            "| 工作进展 | T001 | 存在问题   | held | |",
            "| 工作进展 | T001 | 下一步措施 | held | |",
        ),
        findings="row-misaligned 工作进展 第5行\nrow-misaligned 工作进展 第6行",
    ),
    Kind(
        "a row without id whose task is nearly the one sent",
        edit=on(PROGRESS, _nearly_the_same),
        expected=held(QUARTER, "T004"),
        findings="row-near 工作进展 第9行",
    ),
    Kind(
        "two rows inserted under a task",
        edit=on(
            PROGRESS,
            _inserted({"工作任务": "校舍安全排查", "本期进展": "已排查12所"}, {"本期进展": "另有1所完成选址"}),
        ),
        expected=but(
            QUARTER,
            "| 工作进展 | T001+3 | 工作措施 | changed | 校舍安全排查 |",
            "| 工作进展 | T001+3 | 本期进展 | changed | 已排查12所 |",
            "| 工作进展 | T001+4 | 本期进展 | changed | 另有1所完成选址 |",
        ),
        findings="item-proposed 工作进展 第6行\nitem-proposed 工作进展 第7行",
    ),
    Kind(
        "a row inserted in the plan of work comes after the blank ones that were sent",
        form="plan",
        edit=on("落实方案", _inserted({"工作措施": "开展校园防溺水宣传", "二季度目标": "覆盖全部学校"})),
        expected=but(
            PLANNED,
            "| 落实方案 | T001+3 | 工作措施   | changed | 开展校园防溺水宣传 |",
            "| 落实方案 | T001+3 | 二季度目标 | changed | 覆盖全部学校 |",
        ),
        findings="item-proposed 落实方案 第6行",
    ),
    Kind(
        "a row inserted on the sheet of targets is named with its text",
        edit=on("量化指标", _inserted({"指标": "新建幼儿园", "累计完成值": 3}, under="T001.1")),
        findings="row-without-id 量化指标 第6行",
    ),
    Kind("an old copy of a sheet kept hidden", edit=_hidden_old_copy, findings="copy-hidden 旧表"),
    Kind("a comment beside the text", edit=_commented, findings="comment 工作进展 第5行F列"),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind(kind: Kind, county: County, tmp_path: Path) -> None:
    check(kind, county, tmp_path)


# --- files without a mark -------------------------------------------------------------


@pytest.fixture
def ledger(county: County, tmp_path: Path) -> Ledger:
    (tmp_path / "ledger").mkdir()
    return county.ledger("quarter", tmp_path / "ledger")


def unmarked(data: bytes) -> bytes:
    """The visible sheets copied into a new workbook, without the hidden column."""
    old, new = opened(data), openpyxl.Workbook()
    new.remove(new.active)
    for title in (each.title for each in old.worksheets if each.sheet_state == "visible"):
        rows = [[cell.value for cell in row][1:] for row in old[title].iter_rows()]
        write_rows(new.create_sheet(title), 1, rows)
    return saved(new)


def returned(folder: Path, data: bytes, name: str = "报表.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def outcomes(result: Collected) -> list[str]:
    return list(result.files["outcome"])


def codes(result: Collected) -> set[str]:
    return set(result.findings["code"])


def reported(answers: str = QUARTER, unit: str = UNIT, period: str = "2026Q1") -> dict[tuple[str, ...], str]:
    return {(unit, period, row["row"], row["column"]): row["value"] for row in table(answers)}


def test_a_file_without_marks_waits_for_a_person_and_says_what_it_looks_like(county, ledger, tmp_path):
    result = collect(ledger, returned(tmp_path, unmarked(county.filled())), apply=True)
    assert ["unsure"] == outcomes(result)
    reason = result.files["reason"].iloc[0]
    assert "像是“县教育局”2026年一季度的表（5项工作任务的文字一致）" in reason
    assert "--unit 县教育局 --period 2026Q1" in reason
    assert {} == values(ledger)


def test_a_person_who_names_unit_and_period_has_the_file_without_marks_taken_by_its_texts(county, ledger, tmp_path):
    path = returned(tmp_path, unmarked(county.filled()))
    result = collect(ledger, path, apply=True, unit=UNIT, period="2026Q1")
    assert ["accepted"] == outcomes(result)
    assert "row-by-text" in codes(result)
    assert not (result.findings["severity"] == "error").any()
    assert reported() == values(ledger)


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_a_file_without_marks_is_known_in_other_formats_too(suffix, county, ledger, tmp_path):
    path = returned(tmp_path, unmarked(county.filled()))
    [copy] = resaved([path], tmp_path / "saved", suffix)
    assert ["unsure"] == outcomes(collect(ledger, copy))
    collect(ledger, copy, apply=True, unit=UNIT, period="2026Q1")
    assert reported() == values(ledger)


def test_where_two_periods_fit_both_are_named(county, tmp_path):
    (tmp_path / "ledger").mkdir()
    ledger = county.ledger("second", tmp_path / "ledger")

    def say_nothing(book: Any) -> None:
        del book["填报说明"]
        for sheet in book.worksheets:
            sheet.delete_rows(1, 2)

    result = collect(ledger, returned(tmp_path, edited(unmarked(county.filled()), say_nothing)))
    assert ["unsure"] == outcomes(result)
    for part in ("“县教育局”2026年一季度", "“县教育局”2026年二季度", "--unit 单位 --period 报送期"):
        assert part in result.files["reason"].iloc[0]


def test_a_file_whose_tasks_are_others_is_refused_whatever_a_person_says(county, ledger, tmp_path):
    path = returned(tmp_path, unmarked(county.filled()))
    result = collect(ledger, path, apply=True, unit="县工信局", period="2026Q1")
    assert ["refused"] == outcomes(result)
    assert "对不上" in result.files["reason"].iloc[0]


def test_a_file_of_another_unit_than_asked_for_is_refused(county, ledger, tmp_path):
    result = collect(ledger, returned(tmp_path, county.filled()), apply=True, unit="县工信局")
    assert ["refused"] == outcomes(result)
    assert "这是县教育局的工作簿，不是县工信局的" in result.files["reason"].iloc[0]


def test_a_unit_that_was_never_asked_is_named_with_the_near_one(ledger, tmp_path):
    with pytest.raises(UsageError) as refused:
        collect(ledger, tmp_path, unit="教育局")
    assert "没有向“教育局”发出过表格" in refused.value.what
    assert "“县教育局”" in refused.value.advice


# --- marks that disagree --------------------------------------------------------------


def test_of_two_marks_that_disagree_the_rows_decide(county, ledger, tmp_path):
    def other_property(book: Any) -> None:
        book.custom_doc_props.props.clear()
        marks = {row[0].value: row[1].value for row in opened(county.sent["support"])["_taskkit"].iter_rows()}
        book.custom_doc_props.append(StringProperty(name="taskkit-workbook", value=marks["workbook"]))

    collect(ledger, returned(tmp_path, edited(county.filled(), other_property)), apply=True)
    assert reported() == values(ledger)


def test_a_file_that_cannot_be_told_names_both_workbooks_that_were_mixed(county, tmp_path):
    (tmp_path / "ledger").mkdir()
    ledger = county.ledger("second", tmp_path / "ledger")
    old = opened(county.filled())

    def paste(book: Any) -> None:
        for title in (PROGRESS, "量化指标"):
            book[title].delete_rows(1, 40)
            write_rows(book[title], 1, [[cell.value for cell in row] for row in old[title].iter_rows()])

    before = values(ledger)
    result = collect(ledger, returned(tmp_path, edited(county.sent["second"], paste)), apply=True)
    assert ["refused"] == outcomes(result)
    assert "文件属性说是“县教育局”2026年二季度的表" in result.files["reason"].iloc[0]
    assert "行前的编号是“县教育局”2026年一季度的表（" in result.files["reason"].iloc[0]
    assert before == values(ledger)


# --- one file of several units --------------------------------------------------------


def stacked(*parts: bytes, ids: bool = True) -> bytes:
    """The rows of several units' workbooks below each other on one sheet per form, with a column 填报单位."""
    new = openpyxl.Workbook()
    new.remove(new.active)
    for data in parts:
        book = opened(data)
        unit = next(row[1].value for row in book["_taskkit"].iter_rows() if row[0].value == "unit")
        for title in (each for each in (PROGRESS, "量化指标", "配合任务") if each in book.sheetnames):
            first = title not in new.sheetnames
            sheet = new.create_sheet(title) if first else new[title]
            rows = [[cell.value for cell in row] for row in book[title].iter_rows(min_row=3)]
            for row in rows if first else rows[1:]:
                is_header = row[0] in ("任务编号", "指标编号")
                if is_header or (row[0] and not str(row[0]).endswith(".book")):
                    sheet.append([row[0] if ids or is_header else None, "填报单位" if is_header else unit, *row[1:]])
    return saved(new)


INDUSTRY = "| row | column | value |\n| T006 | 本期进展 | 已签约3个项目 |"


@pytest.mark.parametrize("ids", [True, False])
def test_a_table_of_several_units_is_parted_and_each_part_taken_for_itself(ids, county, ledger, tmp_path):
    data = stacked(county.filled(), county.filled("industry", INDUSTRY), county.filled("support"), ids=True)
    if not ids:  # one row of each lost its id: the unit beside it tells whose it is
        data = edited(data, lambda book: _lose_first_ids(book))
    result = collect(ledger, returned(tmp_path, data), apply=True)
    assert ["accepted"] * 3 == outcomes(result)
    assert {UNIT, "县工信局", "县财政局"} == set(result.files["unit"])
    no_line = without(QUARTER, "book")
    wanted = {
        **reported(no_line),
        **reported(without(SUPPORT, "book"), "县财政局"),
        ("县工信局", "2026Q1", "T006", "本期进展"): "已签约3个项目",
    }
    assert wanted == values(ledger)
    assert not (result.findings["severity"] == "error").any(), list(result.findings["message"])
    kept = ledger.submissions("云溪")
    assert 1 == kept["file_sha256"].nunique()
    assert 3 == len(kept)


def _lose_first_ids(book: Any) -> None:
    for title in (PROGRESS, "配合任务"):
        book[title].cell(row_of(book[title], "T001"), 1).value = None


def test_the_table_for_all_units_that_was_issued_comes_back_to_each_unit(ledger, tmp_path):
    [path] = issue(ledger, PLAN, "2026Q1", tmp_path / "sent", together=True, today=date(2026, 3, 1))
    answers = {"T001": "已开工2所", "T006": "已签约3个项目"}

    def fill(book: Any) -> None:
        for row_id, text in answers.items():
            book[PROGRESS].cell(row_of(book[PROGRESS], row_id), column_of(book[PROGRESS], "本期进展")).value = text

    result = collect(ledger, returned(tmp_path, edited(path.read_bytes(), fill)), apply=True)
    assert {UNIT: "accepted", "县工信局": "accepted"} == dict(zip(result.files["unit"], outcomes(result), strict=True))
    assert answers == {row: text for (_, _, row, _), text in values(ledger).items()}
    assert {"sheets-parted", "no-state"} == codes(result)


def test_the_same_table_of_several_units_again_brings_nothing(county, ledger, tmp_path):
    path = returned(tmp_path, stacked(county.filled(), county.filled("support")))
    collect(ledger, path, apply=True)
    assert ["duplicate", "duplicate"] == outcomes(collect(ledger, path, apply=True))


def test_of_a_table_of_several_units_only_the_one_asked_for_is_taken(county, ledger, tmp_path):
    path = returned(tmp_path, stacked(county.filled(), county.filled("support")))
    result = collect(ledger, path, apply=True, unit="县财政局")
    assert {UNIT: "refused", "县财政局": "accepted"} == dict(zip(result.files["unit"], outcomes(result), strict=True))
    assert reported(without(SUPPORT, "book"), "县财政局") == values(ledger)


def test_another_units_rows_among_ones_own_are_foreign_and_named(county, ledger, tmp_path):
    other = opened(county.filled("industry", INDUSTRY))[PROGRESS]
    row = [cell.value for cell in other[row_of(other, "T006")]]

    def paste(book: Any) -> None:
        write_rows(book[PROGRESS], row_of(book[PROGRESS], "T005"), [row])

    result = collect(ledger, returned(tmp_path, edited(county.filled(), paste)), apply=True)
    assert reported() == values(ledger)
    message = result.findings.set_index("code").loc["row-foreign"]["message"]
    assert "“县工信局”2026年一季度的表" in message
    assert "“推进产教融合”" in message


# --- parts filled in by several sections ----------------------------------------------


def test_parts_filled_in_by_several_sections_are_united_even_if_saved_at_the_same_moment(county, ledger, tmp_path):
    for number, rows in enumerate((("T001", "T001.1"), ("T002", "T003.1"), ("T004",)), 1):
        answers = "\n".join(
            line for line in QUARTER.strip().splitlines() if any(f"| {row} " in line for row in ("row ", *rows))
        )
        returned(tmp_path, stamped(county.filled("quarter", answers), "2026-04-08T09:00:00Z"), f"科室{number}.xlsx")
    result = collect(ledger, sorted(tmp_path.glob("科室*.xlsx")), apply=True)
    assert ["accepted"] * 3 == outcomes(result)
    assert "conflict" not in set(result.cells["outcome"])
    assert reported(without(QUARTER, "book")) == values(ledger)


def test_of_the_names_on_several_parts_the_last_one_counts_and_is_told(county, ledger, tmp_path):
    parts = {"甲": "| T001 | 本期进展 | 已开工2所 |", "乙": "| T002 | 本期进展 | 已改造食堂3个 |"}
    for minute, (name, line) in enumerate(parts.items()):
        answers = f"| row | column | value |\n{line}\n| book | 填报人 | {name} |"
        returned(tmp_path, county.at(minute, "quarter", answers), f"{9 - minute}.xlsx")
    result = collect(ledger, sorted(tmp_path.glob("*.xlsx")), apply=True)
    assert ["accepted", "accepted"] == outcomes(result)
    assert "乙" == values(ledger)[UNIT, "2026Q1", "book", "填报人"]
    told = result.findings.set_index("code").loc["reporter-differs"]
    assert "“甲”" in told["message"]
    assert "现为“乙”" in told["message"]


# --- proposed items -------------------------------------------------------------------


def proposal(county: County, minute: int, *contents: Mapping[str, object]) -> bytes:
    return stamped(edited(county.filled(), on(PROGRESS, _inserted(*contents))), f"2026-04-08T09:{minute:02d}:00Z")


def items(ledger: Ledger) -> dict[tuple[str, str], str]:
    return {(row, column): text for (_, _, row, column), text in values(ledger).items() if "+" in row}


def test_a_proposed_item_keeps_its_number_when_a_corrected_copy_comes(county, ledger, tmp_path):
    first = {"工作任务": "校舍安全排查", "本期进展": "已排查12所"}
    collect(ledger, returned(tmp_path, proposal(county, 1, first)), apply=True)
    added = {"工作任务": "校车专项整治", "本期进展": "已检查20辆"}
    corrected = {"工作任务": "校舍安全大排查", "本期进展": "已排查15所"}
    collect(ledger, returned(tmp_path, proposal(county, 2, added, corrected)), apply=True)
    wanted = {
        ("T001+3", "工作措施"): "校舍安全大排查",
        ("T001+3", "本期进展"): "已排查15所",
        ("T001+4", "工作措施"): "校车专项整治",
        ("T001+4", "本期进展"): "已检查20辆",
    }
    assert wanted == items(ledger)


def test_items_of_two_copies_in_one_run_are_told_apart_in_a_dry_run_too(county, ledger, tmp_path):
    for minute, text in enumerate(("校舍安全排查", "聘请法治副校长")):
        returned(tmp_path, proposal(county, minute, {"工作任务": text}), f"{minute}.xlsx")
    dry = collect(ledger, sorted(tmp_path.glob("?.xlsx")), received=date(2026, 4, 8))
    run = collect(ledger, sorted(tmp_path.glob("?.xlsx")), received=date(2026, 4, 8), apply=True)
    pd.testing.assert_frame_equal(dry.findings, run.findings)
    assert {("T001+3", "工作措施"): "校舍安全排查", ("T001+4", "工作措施"): "聘请法治副校长"} == items(ledger)


def test_an_inserted_row_is_not_proposed_where_ids_are_lost_and_a_task_is_missing(county, ledger, tmp_path):
    edit = together(
        on(PROGRESS, _inserted({"工作任务": "别的说法", "本期进展": "已完成"}, under="T004")),
        on(PROGRESS, lambda sheet: sheet.delete_rows(row_of(sheet, "T005"))),
        clear_ids,
    )
    result = collect(ledger, returned(tmp_path, edited(county.filled(), edit)), apply=True)
    assert {} == items(ledger)
    message = result.findings.set_index("code").loc["row-without-id"]["message"]
    assert "“别的说法”" in message


def test_a_comment_thread_is_told_once(county, ledger, tmp_path):
    data = edited(county.filled(), together(_commented, value("T002", "存在问题", "场地")))
    result = collect(ledger, returned(tmp_path, data), apply=True)
    assert ["批注：“数据待核，以统计局为准”，没有收；要报的内容请填到格子里。"] == list(
        result.findings.loc[result.findings["code"] == "comment", "message"]
    )
