"""Findings of reading a proofreading workbook."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "proof-sheet-missing",
        "error",
        "核对稿里找不到“{sheet}”工作表，这部分内容没有读",
        "请恢复工作表的名称，或重新生成核对稿",
    ),
    Kind("proof-column-missing", "error", "找不到“{column}”一列，这一列按空白读入", "请恢复这一列和它的表头"),
    Kind(
        "proof-column-unknown",
        "note",
        "多出的一列“{column}”没有读",
        "属于方案的内容请写到已有的列里；自己的记号可以不管",
    ),
    Kind("proof-row-empty", "doubt", "这一行没有任务内容，没有读", "请补上工作任务，或删去整行"),
    Kind("proof-task-new", "note", "新增的任务，编号为{new}", "如不是有意新增，请核对任务编号"),
    Kind("proof-tasks-deleted", "note", "删去了{count}项任务：{tasks}", "如不是有意删除，请恢复"),
    Kind(
        "proof-id-twice",
        "doubt",
        "编号“{row_id}”出现了不止一次，这一行已改编为{new}",
        "请核对是否重复；新增的行编号请留空",
    ),
    Kind("proof-id-odd", "doubt", "编号“{row_id}”不能用在这里，这一行已改编为{new}", "新增的行编号请留空"),
    Kind(
        "proof-task-gone",
        "error",
        "“任务”表里没有编号为“{task}”的任务，这一行没有读",
        "任务已删除的，请把这一行也删去；否则请改正任务编号",
    ),
    Kind("proof-measure", "error", "任务{task}没有第{number}条措施", "请核对措施序号，或在“任务”表里补上这条措施"),
    Kind(
        "proof-measure-text",
        "doubt",
        "这里的措施文字与“任务”表的工作措施不一致，已按“任务”表读入",
        "请在“任务”表里修改",
    ),
    Kind("proof-word", "error", "“{column}”填的“{value}”认不出来，没有读；可以填：{words}", "请改正"),
    Kind("proof-number", "error", "“{column}”填的“{value}”不是数字，没有读", "请只填数字，“万”“亿”和单位写在“单位”里"),
    Kind("proof-date", "error", "“{column}”填的“{value}”看不出是哪一天，没有读", "请填日期，如2026年10月31日"),
)
