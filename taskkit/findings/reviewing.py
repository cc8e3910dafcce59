"""Findings of loading a review workbook (审核台账): with an error in it nothing is registered."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

_AGAIN = "请用 taskkit review 重新写出审核台账，看过后再填"
KINDS: tuple[Kind, ...] = (
    Kind("review-column-missing", "error", "审核台账里找不到“{column}”一列", f"请恢复这一列；找不回来的，{_AGAIN}"),
    Kind("review-column-unknown", "note", "多出的一列“{column}”没有读", "自己的记号可以不管"),
    Kind("review-word", "error", "“{column}”填的“{value}”认不出来；可以填：{words}", "请从下拉列表中选择"),
    Kind("review-long", "error", "“{column}”有{count}个字，最多{most}个字", "请精简"),
    Kind("review-reason", "error", "填了{what}，没有写理由", "请在“退回理由”里写明要改什么"),
    Kind("review-reason-alone", "error", "写了退回理由，没有选“退回”", "要退回的请选“退回”；不退回的请删去理由"),
    Kind(
        "review-close",
        "error",
        "单位没有报完成（自评为“{state}”），不能销号",
        "请留空；确已完成的，请单位改报完成后再销号",
    ),
    Kind("review-row-unknown", "error", "这一行不是这份台账里的审核事项，或编号已被改动", _AGAIN),
    Kind(
        "review-row-moved",
        "error",
        "“{column}”与这一行隐藏的编号对不上，可能排序时漏了隐藏的第一列",
        _AGAIN,
    ),
    Kind("review-row-twice", "error", "与第{row}行是同一项，看不出以哪一行为准", "请只留一行"),
    Kind(
        "review-row-gone",
        "doubt",
        "写表以后方案或名册有了变更（如任务撤销、单位更名），现在的审核台账里没有这一行了，这一行没有登记",
        _AGAIN,
    ),
    Kind(
        "review-text-changed",
        "doubt",
        "写表以后“{unit}”又改了内容，这一行没有登记",
        _AGAIN,
    ),
    Kind(
        "review-conflict",
        "doubt",
        "“{column}”填的是“{value}”，写表以后已由他人登记为“{current}”{by}，这一格没有登记",
        f"请商定以哪个为准；要改的，{_AGAIN}",
    ),
    Kind(
        "request-unfinished",
        "doubt",
        "同意了调整，但没有写明{columns}，这一行没有登记，目标没有改动",
        "请补全后再登记",
    ),
    Kind("request-row", "error", "“{value}”不是{unit}牵头的任务、指标或举措的编号（{near}）", "请核对"),
    Kind("request-column", "error", "“{value}”不是可以调整的列；可以填：{words}", "请从下拉列表中选择"),
    Kind("request-value", "error", "指标的目标要填数字，填的是“{value}”", "请只填数字，不带单位"),
)
