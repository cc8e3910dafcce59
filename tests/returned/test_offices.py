"""Returns that another office program saved: LibreOffice, as .xlsx, .xls, .ods, and as .et (an .xls by another name).

WPS itself cannot be run here. Its .et is the old binary kind under another name, which is what these kinds are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl.comments import Comment

from tests.returned.county import QUARTER, County
from tests.returned.hand import (
    PROGRESS,
    clear_ids,
    delete_property,
    delete_sheet,
    insert_column,
    move_column,
    on,
    rename,
    reordered,
    row_of,
    together,
    value,
)
from tests.returned.kinds import Kind, but, check
from tests.returned_books import place
from tests.soffice import resaved

OFFICES = {"xlsx": "xlsx", "xls": "xls", "ods": "ods", "et": "xls"}  # the suffix a clerk sees, and what is written


def _last_first(rows: list[list[Any]]) -> list[list[Any]]:
    return rows[::-1]


def _error(book: Any) -> None:
    cell = place(book, "T001.1", "累计完成值")
    cell.value, cell.data_type = "#REF!", "e"


def _hide_a_row(sheet: Any) -> None:
    sheet.row_dimensions[row_of(sheet, "T002")].hidden = True


def _comment(book: Any) -> None:
    place(book, "T001", "本期进展").comment = Comment("请核对", "督查室")


def _in(office: str) -> list[Kind]:
    """What is tried in each kind of file."""
    lines = "一是选址；\n二是立项；\n三是报批。"
    return [
        Kind(f"the quarterly report saved as {office}", office=office),
        Kind(f"the plan of work saved as {office}", form="plan", office=office),
        Kind(f"the monthly report saved as {office}", form="month", office=office),
        Kind(f"the report of a support unit saved as {office}", form="support", office=office),
        Kind(f"the second quarters report saved as {office}", form="second", office=office),
        Kind(
            f"nothing filled in and saved as {office}",
            typed="| row | column | value |",
            expected="| row |",
            outcome="untouched",
            office=office,
        ),
        Kind(
            f"three lines in a cell saved as {office}",
            edit=value("T004", "本期进展", lines),
            expected=but(
                QUARTER, f"| 工作进展 | T004 | 本期进展 | changed | {lines.replace(chr(10), chr(92) + 'n')} |"
            ),
            office=office,
        ),
        Kind(
            f"a date made of a text saved as {office}",
            edit=value("T004", "存在问题", date(2026, 6, 5), "yyyy-mm-dd"),
            expected=but(QUARTER, "| 工作进展 | T004 | 存在问题 | changed | 2026-06-05 |"),
            office=office,
        ),
        Kind(
            f"an error saved as {office}",
            edit=_error,
            expected=but(QUARTER, "| 量化指标 | T001.1 | 累计完成值 | invalid | |"),
            findings="cell-error 量化指标 第5行V列",
            office=office,
        ),
        Kind(
            f"rows sorted and columns moved, saved as {office}",
            edit=together(
                on(PROGRESS, lambda sheet: reordered(sheet, _last_first)),
                on(PROGRESS, lambda sheet: move_column(sheet, "完成情况", 10)),
            ),
            office=office,
        ),
        Kind(
            f"sheets renamed and the marks deleted, saved as {office}",
            edit=together(rename(PROGRESS, "3月进展"), delete_sheet("_taskkit"), delete_property),
            expected=QUARTER.replace(PROGRESS, "3月进展"),
            office=office,
        ),
        Kind(
            f"ids lost and a column of remarks, saved as {office}",
            edit=together(on(PROGRESS, lambda sheet: insert_column(sheet, 7, "备注", {"T004": "无误"})), clear_ids),
            findings="row-by-text 工作进展 第5行",
            office=office,
        ),
        Kind(
            f"a task reworded, a comment and a hidden row, saved as {office}",
            edit=together(value("T001", "工作任务", "新建中小学3所"), _comment, on(PROGRESS, _hide_a_row)),
            expected=but(QUARTER, "| 工作进展 | T001 | 工作任务 | locked | |"),
            findings="locked 工作进展 第5行C列",
            office=office,
        ),
    ]


KINDS = [kind for office in OFFICES for kind in _in(office)]


@pytest.fixture(scope="module")
def saved(county: County, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The workbooks as LibreOffice saves them, by the names of their kinds; one call for each kind of file."""
    folder = tmp_path_factory.mktemp("offices")
    made: dict[str, bytes] = {}
    for office in dict.fromkeys(OFFICES[kind.office] for kind in KINDS):
        kinds = [kind for kind in KINDS if OFFICES[kind.office] == office]
        files = [folder / f"{office}-{at}.xlsx" for at in range(len(kinds))]
        for kind, file in zip(kinds, files, strict=True):
            file.write_bytes(kind.by_hand(county))
        for kind, file in zip(kinds, resaved(files, folder / office, office), strict=True):
            made[kind.name] = file.read_bytes()
    return made


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind(kind: Kind, county: County, saved: Mapping[str, bytes], tmp_path: Path) -> None:
    check(kind, county, tmp_path, saved[kind.name])
