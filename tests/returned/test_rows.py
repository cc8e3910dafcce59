"""Rows that were sorted, filtered, hidden, inserted, copied, pasted, deleted, or that lost their ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.returned.county import QUARTER, County
from tests.returned.hand import (
    PROGRESS,
    clear_ids,
    column_of,
    data_rows,
    on,
    reordered,
    row_of,
    together,
    typing,
    write_rows,
)
from tests.returned.kinds import Kind, but, check, held, without
from tests.returned_books import edited, opened


def _last_first(rows: list[list[Any]]) -> list[list[Any]]:
    return rows[::-1]


def _by_state(rows: list[list[Any]]) -> list[list[Any]]:
    return sorted(rows, key=lambda row: str(row[6] or "一"))


def _blank_rows(sheet: Any) -> None:
    for number in reversed(data_rows(sheet)):
        sheet.insert_rows(number)


def _three_rows_above(sheet: Any) -> None:
    sheet.insert_rows(1, 3)
    sheet["B2"] = "县教育局办公室代拟稿"


def _header_again(sheet: Any) -> None:
    sheet.insert_rows(8)
    write_rows(sheet, 8, [[cell.value for cell in sheet[3]]])


def _delete(row_id: str) -> Any:
    return lambda sheet: sheet.delete_rows(row_of(sheet, row_id))


def _copy_below(row_id: str, **changes: object) -> Any:
    """Copy a row with its id, insert it below, and type over some of its cells."""

    def edit(sheet: Any) -> None:
        number = row_of(sheet, row_id)
        sheet.insert_rows(number + 1)
        write_rows(sheet, number + 1, [[cell.value for cell in sheet[number]]])
        for header, value in changes.items():
            sheet.cell(number + 1, column_of(sheet, header)).value = value

    return edit


def _insert_below(row_id: str, **contents: object) -> Any:
    """Insert a row of one's own below a task."""

    def edit(sheet: Any) -> None:
        number = row_of(sheet, row_id) + 1
        sheet.insert_rows(number)
        for header, value in contents.items():
            sheet.cell(number, column_of(sheet, header)).value = value

    return edit


def _lose_id(row_id: str) -> Any:
    def edit(sheet: Any) -> None:
        sheet.cell(row_of(sheet, row_id), 1).value = None

    return edit


def _retitled_without_id(sheet: Any) -> None:
    number = row_of(sheet, "T004")
    sheet.cell(number, 1).value, sheet.cell(number, 3).value = None, "建设实训基地（含二期）"


def _fill_ids_down(sheet: Any) -> None:
    """Drag the first id down over the next two rows."""
    first = sheet.cell(row_of(sheet, "T001"), 1).value
    for row_id in ("T002", "T003"):
        sheet.cell(row_of(sheet, row_id), 1).value = first


def _all_but_ids(rows: list[list[Any]]) -> list[list[Any]]:
    return [[row[0], *other[1:]] for row, other in zip(rows, rows[::-1], strict=True)]


def _second_over_first(sheet: Any) -> None:
    """The row of T002 copied over that of T001, without its id."""
    top, row = row_of(sheet, "T001"), [cell.value for cell in sheet[row_of(sheet, "T002")]]
    write_rows(sheet, top, [[sheet.cell(top, 1).value, *row[1:]]])


def _cut_to_the_end(sheet: Any) -> None:
    """Cut the row of T001 and paste it below everything else."""
    number = row_of(sheet, "T001")
    row = [cell.value for cell in sheet[number]]
    sheet.delete_rows(number)
    write_rows(sheet, sheet.max_row + 2, [row])


def _filter(sheet: Any) -> None:
    sheet.auto_filter.ref = "A3:J10"
    sheet.auto_filter.add_filter_column(6, ["正常推进"])
    sheet.row_dimensions[row_of(sheet, "T002")].hidden = True
    sheet.row_dimensions[row_of(sheet, "T003")].hidden = True


def _group(sheet: Any) -> None:
    sheet.row_dimensions.group(5, 7, outline_level=1, hidden=False)


def _total(sheet: Any) -> None:
    number = row_of(sheet, "book")
    sheet.insert_rows(number)
    sheet.cell(number, 3).value = "合计"
    sheet.cell(number, 6).value = "共完成投资800万元"


def _pasted_from_last_quarter(data: bytes, county: County) -> bytes:
    """The row of T001 of the first quarter's filled workbook, id and all, pasted over this quarter's."""
    old = opened(county.filled("quarter"))[PROGRESS]
    row = [cell.value for cell in old[row_of(old, "T001")]]

    def paste(book: Any) -> None:
        write_rows(book[PROGRESS], row_of(book[PROGRESS], "T001"), [row])

    return edited(data, paste)


KINDS = [
    Kind("the rows in the opposite order", edit=on(PROGRESS, lambda sheet: reordered(sheet, _last_first))),
    Kind("the rows sorted by their state", edit=on(PROGRESS, lambda sheet: reordered(sheet, _by_state))),
    Kind("the rows of the targets sorted", edit=on("量化指标", lambda sheet: reordered(sheet, _last_first))),
    Kind("a blank row before each row", edit=on(PROGRESS, _blank_rows)),
    Kind("three rows inserted above the title", edit=on(PROGRESS, _three_rows_above)),
    Kind("the header repeated for the second page", edit=on(PROGRESS, _header_again)),
    Kind("the title and the line of the unit deleted", edit=on(PROGRESS, lambda sheet: sheet.delete_rows(1, 2))),
    Kind("the band rows deleted", edit=on(PROGRESS, lambda sheet: (sheet.delete_rows(8), sheet.delete_rows(4)))),
    Kind("a row that says nothing deleted", edit=on(PROGRESS, _delete("T003"))),
    Kind(
        "a row deleted that had been filled in", edit=on(PROGRESS, _delete("T004")), expected=without(QUARTER, "T004")
    ),
    Kind(
        "a row deleted that was reported before stays as reported",
        before=lambda county: [county.at(1)],
        edit=together(
            on(PROGRESS, _delete("T004")), typing("| row | column | value |\n| T005 | 存在问题 | 编制不足 |")
        ),
        expected=but(QUARTER.replace("changed", "same"), "| 工作进展 | T005 | 存在问题 | changed | 编制不足 |"),
    ),
    Kind("a row cut and pasted below the form", edit=on(PROGRESS, _cut_to_the_end)),
    Kind("rows filtered away", edit=on(PROGRESS, _filter), findings="rows-hidden-filled 工作进展 第6行"),
    Kind("rows grouped", edit=on(PROGRESS, _group)),
    Kind(
        "a row copied with its id and nothing changed",
        edit=on(PROGRESS, _copy_below("T002")),
    ),
    Kind(
        "a row copied with its id and emptied",
        edit=on(PROGRESS, _copy_below("T004", 本期进展=None, 完成情况=None)),
        findings="row-copied 工作进展 第9行F列",
    ),
    Kind(
        "a row copied with its id and filled in otherwise",
        edit=on(PROGRESS, _copy_below("T004", 本期进展="另一科室的说法")),
        expected=but(QUARTER, "| 工作进展 | T004 | 本期进展 | invalid | |"),
        findings="row-twice 工作进展 第9行F列",
    ),
    Kind(
        "a row inserted under a task is a proposed item of it",
        edit=on(PROGRESS, _insert_below("T004", 工作任务="新增：建设智慧校园", 本期进展="已立项")),
        expected=but(
            QUARTER,
            "| 工作进展 | T004+3 | 工作措施 | changed | 新增：建设智慧校园 |",
            "| 工作进展 | T004+3 | 本期进展 | changed | 已立项 |",
        ),
        findings="item-proposed 工作进展 第10行",
    ),
    Kind("one row that lost its id", edit=on(PROGRESS, _lose_id("T001")), findings="row-by-text 工作进展 第5行"),
    Kind(
        "one row that lost its id and whose task was reworded",
        edit=on(PROGRESS, _retitled_without_id),
        expected=without(QUARTER, "T004"),
        findings="row-without-id 工作进展 第9行",
    ),
    Kind(
        "all ids lost",
        edit=clear_ids,
        findings="row-by-text 工作进展 第5行\nrow-by-text 量化指标 第5行",
    ),
    Kind(
        "the id column deleted",
        edit=lambda book: [book[title].delete_cols(1) for title in (PROGRESS, "量化指标")],
        findings="row-by-text 工作进展 第5行\nrow-by-text 量化指标 第5行",
    ),
    Kind(
        "an id dragged down over the next rows",
        edit=on(PROGRESS, _fill_ids_down),
        expected=held(QUARTER, "T002"),
        findings="row-misaligned 工作进展 第6行\nrow-misaligned 工作进展 第7行",
    ),
    Kind(
        "the rows sorted without the hidden column of ids",
        edit=on(PROGRESS, lambda sheet: reordered(sheet, _all_but_ids)),
        expected=held(QUARTER, "T001", "T002", "T004"),
        findings="row-misaligned 工作进展 第5行\nrow-misaligned 工作进展 第10行",
    ),
    Kind(
        "the tasks pasted over each others rows",
        edit=on(PROGRESS, _second_over_first),
        expected=but(
            QUARTER,
            "| 工作进展 | T001 | 本期进展   | held | |",
            "| 工作进展 | T001 | 完成情况   | held | |",
            "| 工作进展 | T001 | 存在问题   | held | |",
            "| 工作进展 | T001 | 下一步措施 | held | |",
        ),
        findings="row-misaligned 工作进展 第5行",
    ),
    Kind(
        "a line of totals above the line of those who filled it in",
        edit=on(PROGRESS, _total),
        findings="row-remark 工作进展 第11行",
    ),
    Kind(
        "a note typed below the form",
        edit=on(PROGRESS, lambda sheet: sheet.cell(15, 3, "补充说明：数据截至3月30日")),
        findings="text-outside 工作进展 第15行C列",
    ),
    Kind(
        "a row of last quarters workbook pasted over this quarters",
        form="second",
        patch=_pasted_from_last_quarter,
        expected="""
            | sheet    | row    | column     | outcome   | value                | period |
            | 工作进展 | T002   | 本期进展   | unupdated |                      | 2026Q2 |
            | 工作进展 | T004   | 本期进展   | unupdated |                      | 2026Q2 |
            | 量化指标 | T001.1 | 累计完成值 | changed   | 4                    | 2026Q2 |
        """,
        findings="row-foreign 工作进展 第5行",
    ),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind(kind: Kind, county: County, tmp_path: Path) -> None:
    check(kind, county, tmp_path)
