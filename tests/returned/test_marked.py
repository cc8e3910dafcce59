"""Marked copies that come back corrected, and what is asked for on the sheet 调整申请."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest

from taskkit.collecting import collect
from tests.returned.county import QUARTER, County
from tests.returned.hand import together, typing, value
from tests.returned.kinds import RECEIVED, Kind, but, check
from tests.returned_books import edited, place, stamped

STATE = "| 工作进展 | T004 | 完成情况 | invalid | |"
WRONG = together(value("T004", "完成情况", "进展顺利"), value("T001.1", "累计完成值", -2))
SAME = QUARTER.replace("changed", "same")


def _marked(data: bytes, county: County) -> bytes:
    """The copy that the unit is sent, with its problems marked and listed."""
    with tempfile.TemporaryDirectory() as name, county.ledger("quarter", Path(name)) as ledger:
        file, copies = Path(name) / "县教育局.xlsx", Path(name) / "copies"
        file.write_bytes(data)
        [copy] = collect(ledger, file, received=RECEIVED, returned=copies).returned["copy"]
        return Path(copy).read_bytes()


def _corrected(data: bytes, county: County) -> bytes:
    def correct(book: Any) -> None:
        place(book, "T004", "完成情况").value = "正常推进"
        place(book, "T001.1", "累计完成值").value = 2

    return stamped(edited(_marked(data, county), correct), "2026-04-09T09:00:00Z")


def _first(county: County) -> list[bytes]:
    """The file with its two mistakes, taken a day before."""
    return [stamped(edited(county.filled(), WRONG), "2026-04-08T09:00:00Z")]


KINDS = [
    Kind("a marked copy corrected", edit=WRONG, patch=_corrected),
    Kind(
        "a marked copy corrected after the rest was taken",
        before=_first,
        edit=WRONG,
        patch=_corrected,
        expected=but(
            SAME,
            "| 工作进展 | T004   | 完成情况   | changed | 正常推进 |",
            "| 量化指标 | T001.1 | 累计完成值 | changed | 2        |",
        ),
    ),
    Kind(
        "a marked copy sent back as it was",
        edit=WRONG,
        patch=_marked,
        expected=but(QUARTER, STATE, "| 量化指标 | T001.1 | 累计完成值 | invalid | |"),
        findings="state-unknown 工作进展 第9行G列\nnegative 量化指标 第5行V列",
    ),
    Kind(
        "a change asked for on its sheet",
        edit=typing(
            """
            | row | column   | value            |
            | R1  | 事项     | 新建中小学5所    |
            | R1  | 原内容   | 2026年10月底前   |
            | R1  | 拟调整为 | 2026年12月底前   |
            | R1  | 理由     | 用地手续尚在办理 |
            """
        ),
        expected=but(
            QUARTER,
            "| 调整申请 | R1 | 事项     | changed | 新建中小学5所    |",
            "| 调整申请 | R1 | 原内容   | changed | 2026年10月底前   |",
            "| 调整申请 | R1 | 拟调整为 | changed | 2026年12月底前   |",
            "| 调整申请 | R1 | 理由     | changed | 用地手续尚在办理 |",
        ),
    ),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind(kind: Kind, county: County, tmp_path: Path) -> None:
    check(kind, county, tmp_path)
