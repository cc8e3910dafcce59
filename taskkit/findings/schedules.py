"""Findings of loading 报送安排 that a person filled in: where a row has an error, the schedule stays as it was."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

KINDS: tuple[Kind, ...] = (
    Kind("schedule-blank", "error", "“{column}”没有填", "请补上；不要求报送的，请删去整行"),
    Kind("schedule-date", "error", "“{column}”写的“{value}”看不懂", "请写成 2026-07-10 这样"),
    Kind("schedule-day-odd", "error", "截止日期{value}与{year}年的方案差得太远", "请核对年份"),
    Kind("schedule-word", "error", "“{column}”写的“{value}”看不懂（可以写：{words}）", "请照可以写的改"),
    Kind("schedule-twice", "error", "与第{row}行是同一报送期、同一部分、同一角色", "请只留一行"),
    Kind(
        "schedule-empty",
        "error",
        "没有写任何报送日期",
        "请至少写一行；要回到方案原来的安排，请用 taskkit due 方案名 --set 照方案",
    ),
    Kind("schedule-column-missing", "error", "缺少“{column}”一列", "请恢复表头，或重新写出报送安排"),
    Kind("schedule-column-unknown", "note", "多出的一列“{column}”不读", "要写的内容请写在“依据”里"),
    Kind(
        "schedule-hops",
        "doubt",
        "{period}（{part}）配合单位的日期晚于牵头单位的",
        "配合单位先报牵头单位，牵头单位汇总后再报；请核对",
    ),
    Kind(
        "schedule-cadence",
        "doubt",
        "{part}里按月、按季、按半年的报送期混用，同一内容会要求单位报两次",
        "请只用一种",
    ),
)
