"""Findings of an amended document (load --amend), and of loading 变更.xlsx."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

_AGAIN = "请用 taskkit changes 重新写出变更表，再填一次"
KINDS: tuple[Kind, ...] = (
    Kind(
        "amend-doubt",
        "doubt",
        "原“{old}”与新“{new}”的文字有{likeness}%相同，不能确定是不是同一项任务",
        "请用 --xlsx 写出变更对照表，在“待确认”里决定",
    ),
    Kind("change-column-missing", "error", "找不到“{column}”一列", f"请恢复这一列；找不回来的，{_AGAIN}"),
    Kind("change-column-unknown", "note", "多出的一列“{column}”没有读", "自己的记号可以不管"),
    Kind("change-word", "error", "“{column}”填的“{value}”认不出来；可以填：{words}", "请从中选一个"),
    Kind("amend-joined", "note", "撤销的“{old}”的内容大多在新的“{new}”里", "可能是并入，请核对"),
    Kind("amend-split", "note", "新增的“{new}”的内容大多来自原“{old}”", "可能是拆分，请核对"),
    Kind("amend-calendar-kept", "note", "新文件没有写报送时间", "仍按原来的报送安排"),
    Kind("amend-old-name", "note", "新文件仍写“{old}”", "已按更名后的“{new}”登记"),
)
