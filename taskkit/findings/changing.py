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
    Kind("change-number", "error", "“{column}”填的“{value}”不是数", "请填数字"),
    Kind("change-date", "error", "“{column}”填的“{value}”看不懂是哪天", "请写成 2026-07-01 或 2026年7月1日"),
    Kind("change-blank", "error", "“{column}”没有填", "请填上；不要这一行的，请把整行清空"),
    Kind("change-day", "error", "起始日期 {value} 与{year}年的方案对不上", "请核对年份"),
    Kind("change-task", "error", "方案里没有任务“{value}”{near}", "任务编号见“任务一览”"),
    Kind("change-task-unclear", "error", "“{value}”对应几项任务（{ids}）", "请写任务编号"),
    Kind("change-gone", "error", "“{name}”在这一天已经撤销", "请核对任务编号和起始日期"),
    Kind("change-gone-here", "error", "“{sheet}”第{row}行撤销这项任务，这里又要改它", "请只留一处"),
    Kind("change-twice", "error", "与第{row}行说的是同一处，内容不同", "请只留一行"),
    Kind(
        "change-leader", "error", "方案和领导名册里没有“{value}”这位领导{near}", "新到任的，请先填在“领导调整”或名册里"
    ),
    Kind("change-leads-nothing", "error", "“{value}”在这一天没有分管的任务", "请核对姓名和起始日期"),
    Kind("change-not-led", "error", "“{name}”不是“{value}”分管的", "请核对范围"),
    Kind("change-person", "error", "“{value}”不像一个人的姓名", "请只写一位领导的姓名"),
    Kind("change-unit", "error", "方案和名册里没有“{value}”这个单位{near}", "新设的单位，请先加到名册里"),
    Kind("change-name", "error", "“{value}”不像一个单位的名称", "请只写一个单位；几个单位合并的，每个原单位写一行"),
    Kind("change-same", "error", "改前改后都是“{value}”", "请核对"),
    Kind("change-exists", "error", "方案里已有这项任务（{id} {name}）", "要改它的，请写在“任务修改”里"),
    Kind("change-part", "error", "方案没有“{value}”这一部分", "请写正文，或方案里有的附件"),
    Kind("change-deadline", "doubt", "完成时限“{value}”看不出是哪天", "已照原样登记，请核对"),
    Kind("change-item-unit", "error", "“{value}”不牵头“{name}”，没有填报它的表", "请核对单位，或先把它改为牵头单位"),
    Kind("amend-joined", "note", "撤销的“{old}”的内容大多在新的“{new}”里", "可能是并入，请核对"),
    Kind("amend-split", "note", "新增的“{new}”的内容大多来自原“{old}”", "可能是拆分，请核对"),
    Kind(
        "amend-part-gone",
        "doubt",
        "新文件没有“{part}”，原来的{count}项任务都成了撤销",
        "只修订一部分的，请把其余部分补全再登记",
    ),
    Kind("amend-calendar-kept", "note", "新文件没有写报送时间", "仍按原来的报送安排"),
    Kind("amend-old-name", "note", "新文件仍写“{old}”，已按更名后的“{new}”登记", "请核对"),
)
