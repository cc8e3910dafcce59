"""Findings of loading 批示登记: where there is an error, nothing of the file is kept."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

KINDS: tuple[Kind, ...] = (
    Kind("directive-column-missing", "error", "缺少“{column}”一列", "请恢复表头，或重新写出批示登记"),
    Kind("directive-column-unknown", "note", "多出的一列“{column}”不登记", "要写的内容请写在“备注”里"),
    Kind("directive-blank", "error", "“{column}”没有填", "请补上；这一行不登记的，请清空整行"),
    Kind(
        "directive-number",
        "error",
        "编号“{value}”不是台账给出的",
        "新批示请填在表里已有编号的空行，或把编号留空，由台账编号",
    ),
    Kind("directive-twice", "error", "编号“{value}”已在第{row}行，这里又出现一次", "另一件批示请把编号留空"),
    Kind(
        "directive-taken",
        "error",
        "编号{value}已经登记为另一件批示（{text}）",
        "另一件批示请把编号留空，由台账另行编号；确是更正的，请重新写出批示登记，在新表上改",
    ),
    Kind(
        "directive-stale",
        "error",
        "写出这份表以后，{value}的“{column}”已改为“{current}”，这里又改成了别的",
        "请重新写出批示登记，在新表上改",
    ),
    Kind(
        "directive-behind",
        "doubt",
        "写出这份表以后，{value}的“{column}”已改为“{current}”，没有照这份表改回去",
        "确要改回的，请重新写出批示登记，在新表上改",
    ),
    Kind("directive-changed", "note", "{value}的“{column}”由“{old}”改为“{new}”", "改动以前的内容仍留在台账里"),
    Kind("directive-given", "note", "登记为{value}", "以后改这一件，请用重新写出的批示登记"),
    Kind(
        "directive-leader-near",
        "error",
        "领导名册里没有“{value}”，是不是{near}？",
        "请改正；确是另一位领导的，请先补进领导名册",
    ),
    Kind("directive-leader", "doubt", "领导名册里没有“{value}”", "请核对姓名；以后还有批示的，请补进领导名册"),
    Kind(
        "directive-unit",
        "error",
        "没有“{value}”这个单位{near}",
        "请改正；确有这个单位的，请先在名册里加一行；几个单位用“、”隔开",
    ),
    Kind(
        "directive-collective",
        "error",
        "“{value}”是集体称谓，名册里没有写明成员单位",
        "请写明具体单位，或先在名册里写明成员单位",
    ),
    Kind("directive-task", "error", "方案里没有任务“{value}”", "请写任务编号、印发的序号，或任务名称里的几个字"),
    Kind(
        "directive-task-several",
        "doubt",
        "“{value}”对应{count}项任务（{names}），已照原文登记，没有和任务对上",
        "确是其中一项的，请改写任务编号",
    ),
    Kind(
        "directive-date",
        "error",
        "“{column}”写的“{value}”看不懂",
        "请写成 2026-06-30、6月30日、6月底前这样；没有的留空",
    ),
    Kind("directive-day-odd", "error", "“{column}”写的{value}在将来，或早得不可能", "请核对年份和月份"),
    Kind("directive-due-early", "error", "“{column}”{value}早于批示日期{given}", "请核对这两个日期"),
    Kind("directive-word", "error", "“{column}”写的“{value}”不能登记（可以写：{words}）", "请照可以写的改"),
    Kind(
        "directives-apart",
        "note",
        "总表各单位都能看到，“{name}”{period} 的领导批示没有放进去",
        "请另外生成批示办理表：taskkit issue {name} --period {period} --part 批示",
    ),
)
