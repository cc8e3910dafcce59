"""Findings of loading a conflicts workbook."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

_AGAIN = "请用 taskkit conflicts 重新写出待决定表，再填一次"
KINDS: tuple[Kind, ...] = (
    Kind("decide-column-missing", "error", "待决定表里找不到“{column}”一列", f"请恢复这一列；找不回来的，{_AGAIN}"),
    Kind("decide-column-unknown", "note", "多出的一列“{column}”没有读", "自己的记号可以不管"),
    Kind("decide-word", "error", "“{column}”填的“{value}”认不出来；可以填：{words}", "请从下拉列表中选择"),
    Kind("decision-missing", "error", "写了另写的内容，但没有选决定", "要用这段内容的，请在“决定”里选“另写”"),
    Kind("decision-blank", "error", "选了“另写”，但没有写内容", "请在“另写的内容”里写上；要撤回已报内容的，请写“无”"),
    Kind("decision-twice", "error", "与第{row}行是同一处，两行的决定不同", "请只留一个，另一行选“保留台账”"),
    Kind("matter-unknown", "error", "这一行不是这份台账的待决定事项，或编号已被改动", _AGAIN),
    Kind("matter-moved", "error", "写表以后台账已经变化，现为“{value}”", _AGAIN),
    Kind(
        "matter-decided",
        "error",
        "这一处已经决定过（第{number}号，{choice}），与这里选的不同",
        "要改，请先撤回那次决定（taskkit undo {number}）",
    ),
)
