"""Several files for one workbook, corrections, late copies, archives, and files that are something else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.returned.county import MONTH, QUARTER, SUPPORT, County
from tests.returned.kinds import Kind, but, check, without
from tests.returned_books import filled, stamped

OFFICE_A = without(QUARTER, "T004", "T001.1", "T003.1", "book")
OFFICE_B = without(QUARTER, "T001", "T002", "book")
OTHERWISE = QUARTER.replace("已开工2所，完成投资800万元", "已开工3所")
SAME = QUARTER.replace("changed", "same")


def _zip(files: Mapping[str, bytes], gbk: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for at, (name, data) in enumerate(files.items()):
            archive.writestr(f"{at:0>{len(name.encode('gb18030'))}}" if gbk else name, data)
    made = buffer.getvalue()
    for at, name in enumerate(files if gbk else ()):
        raw = name.encode("gb18030")
        made = made.replace(f"{at:0>{len(raw)}}".encode(), raw)
    return made


def _two_offices(data: bytes, county: County) -> dict[str, bytes]:
    return {"一科.xlsx": county.at(1, answers=OFFICE_A), "二科.xlsx": county.at(2, answers=OFFICE_B)}


def _two_offices_of_one_mind(data: bytes, county: County) -> dict[str, bytes]:
    return {"一科.xlsx": county.at(1, answers=OFFICE_A), "二科.xlsx": county.at(1, answers=QUARTER)}


def _different(data: bytes, county: County) -> dict[str, bytes]:
    """Two sections fill in the same cell of their own copies of the blank workbook, without a word on when."""
    return {
        "一科.xlsx": county.filled(answers=QUARTER),
        "二科.xlsx": county.filled(answers="| row | column | value |\n| T001 | 本期进展 | 已开工3所 |"),
    }


def _next_to(data: bytes, county: County) -> dict[str, bytes]:
    return {
        "县教育局.xlsx": data,
        "县财政局.xlsx": county.filled("support"),
        "民生实事.xlsx": county.filled("month"),
    }


def _row(table_of: str, **more: str) -> str:
    """The lines of a table with the unit and period that they belong to."""
    heads = "".join(f" {key} |" for key in more)
    cells = "".join(f" {cell} |" for cell in more.values())
    first, *lines = (line.strip() for line in table_of.strip().splitlines())
    return "\n".join([first + heads, *(line + cells for line in lines)])


THREE = "\n".join(
    [
        _row(QUARTER, unit="县教育局", period="2026Q1"),
        *_row(SUPPORT, unit="县财政局", period="2026Q1").splitlines()[1:],
        *_row(MONTH, unit="县教育局", period="2026-03").splitlines()[1:],
    ]
)

KINDS = [
    Kind(
        "two offices fill in a part each",
        patch=_two_offices,
        outcome="accepted/accepted",
        expected=without(QUARTER, "book"),
    ),
    Kind(
        "two offices where one repeats what the other says",
        patch=_two_offices_of_one_mind,
        outcome="accepted/accepted",
        expected=QUARTER,
    ),
    Kind(
        "two offices that fill in the same cell otherwise",
        patch=_different,
        outcome="accepted/not taken",
        expected=QUARTER + "\n| 工作进展 | T001 | 本期进展 | conflict | 已开工2所，完成投资800万元 |",
        findings="conflict 工作进展 第5行F列",
    ),
    Kind(
        "the same file twice under two names",
        patch=lambda data, county: {"县教育局.xlsx": data, "县教育局(1).xlsx": data},
        outcome="accepted/duplicate",
    ),
    Kind(
        "a correction saved later beside the first file",
        patch=lambda data, county: {"a.xlsx": county.at(9, answers=OTHERWISE), "b.xlsx": county.at(1)},
        outcome="accepted/accepted",
        expected=QUARTER + "\n| 工作进展 | T001 | 本期进展 | changed | 已开工3所 |",
    ),
    Kind(
        "a correction that comes a day later",
        before=lambda county: [county.at(1)],
        patch=lambda data, county: county.at(9, answers=OTHERWISE),
        expected=but(SAME, "| 工作进展 | T001 | 本期进展 | changed | 已开工3所 |"),
    ),
    Kind(
        "an older copy that comes late with another text",
        before=lambda county: [county.at(9)],
        patch=lambda data, county: county.at(1, answers=OTHERWISE),
        outcome="not taken",
        expected=but(SAME, "| 工作进展 | T001 | 本期进展 | conflict | 已开工2所，完成投资800万元 |"),
        findings="conflict 工作进展 第5行F列",
    ),
    Kind(
        "the very same file once more",
        before=lambda county: [county.at(1)],
        patch=lambda data, county: county.at(1),
        outcome="duplicate",
        expected=SAME,
    ),
    Kind(
        "the same contents saved again",
        before=lambda county: [county.at(1)],
        patch=lambda data, county: county.at(5),
        outcome="duplicate",
        expected=SAME,
    ),
    Kind(
        "a blank copy after the filled one",
        before=lambda county: [county.at(1)],
        patch=lambda data, county: county.sent["quarter"],
        outcome="untouched",
        expected=SAME,
    ),
    Kind(
        "last quarters file with a new text after this quarters went out",
        form="second",
        patch=lambda data, county: county.at(9, answers=OTHERWISE),
        expected=_row(
            "| sheet | row | column | outcome | value |\n| 工作进展 | T001 | 本期进展 | changed | 已开工3所 |",
            period="2026Q1",
        ),
        findings="period-past",
    ),
    Kind(
        "last quarters file again with nothing new",
        form="second",
        patch=lambda data, county: county.at(0),
        outcome="duplicate",
        expected="| row |",
    ),
    Kind("an archive of one file", patch=lambda data, county: {"教育局.zip": _zip({"报送/县教育局.xlsx": data})}),
    Kind(
        "an archive of three forms of two units",
        patch=lambda data, county: {"报送.zip": _zip(_next_to(data, county))},
        outcome="accepted/accepted/accepted",
        expected=THREE,
    ),
    Kind(
        "a folder of three forms of two units",
        patch=_next_to,
        outcome="accepted/accepted/accepted",
        expected=THREE,
    ),
    Kind(
        "an archive made by Windows with names in GBK",
        patch=lambda data, county: {"教育局.zip": _zip({"报送/【县教育局】副本(1).xlsx": data}, gbk=True)},
    ),
    Kind(
        "an archive in an archive",
        patch=lambda data, county: {"外.zip": _zip({"内.zip": _zip({"县教育局.xlsx": data})})},
    ),
    Kind(
        "an archive with lock files and those of a Mac",
        patch=lambda data, county: {
            "报送.zip": _zip({"~$县教育局.xlsx": b"x", "__MACOSX/._县教育局.xlsx": b"x", "县教育局.xlsx": data})
        },
    ),
    Kind("a workbook with the name of another unit", file="县财政局.xlsx"),
    Kind("a workbook named as a copy of a copy", file="【县教育局】2026年一季度工作进展（牵头）副本 (1)(2).xlsx"),
    Kind("a workbook with a name that ends in xlsm", file="县教育局.xlsm"),
    Kind("a workbook without an extension", file="县教育局"),
    Kind("a workbook of the new kind named xls", file="县教育局.xls"),
    Kind(
        "a damaged file beside a good one",
        patch=lambda data, county: {"坏.xlsx": data[: len(data) // 2], "好.xlsx": data},
        outcome="refused/accepted",
    ),
    Kind("an empty file", patch=lambda data, county: b"", outcome="refused", expected="| row |"),
    Kind(
        "a web page named xls",
        patch=lambda data, county: {"县教育局.xls": b"<html><table><tr><td>1</td></tr></table></html>"},
        outcome="refused",
        expected="| row |",
    ),
    Kind(
        "a workbook under a password",
        patch=lambda data, county: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 50,
        outcome="refused",
        expected="| row |",
    ),
    Kind(
        "a workbook that another office issued",
        patch=lambda data, county: stamped(filled("| row | column | value |\n| T001 | 本期进展 | 甲 |"), None),
        outcome="refused",
        expected="| row |",
    ),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind(kind: Kind, county: County, tmp_path: Path) -> None:
    check(kind, county, tmp_path)
