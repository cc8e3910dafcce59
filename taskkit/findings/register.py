"""Findings of loading the register (收件登记) that a person filled in: a row with an error is not registered."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

KINDS: tuple[Kind, ...] = (
    Kind("register-date", "error", "“{column}”写的“{value}”看不懂，这一行没有登记", "请写成 2026-04-08 这样"),
    Kind(
        "register-day-odd",
        "error",
        "“{column}”写的{value}在将来，或早得不可能，这一行没有登记",
        "请核对年份和月份",
    ),
    Kind(
        "register-word",
        "error",
        "“{column}”写的“{value}”不能登记（可以写：{words}），这一行没有登记",
        "请照可以写的改",
    ),
    Kind("register-blank", "error", "“{column}”没有填，这一行没有登记", "请补上后再登记"),
    Kind("register-unit", "error", "没有向“{value}”发出过{period}的表格，这一行没有登记{near}", "请核对单位和报送期"),
    Kind(
        "register-period",
        "error",
        "“{column}”写的“{value}”不是已发出表格的报送期（已发出：{words}），这一行没有登记",
        "请改成其中的一期",
    ),
    Kind(
        "register-form",
        "error",
        "“{column}”写的“{value}”不是发给{unit}的表格（发给它的：{words}），这一行没有登记",
        "请改成其中的一份，或留空",
    ),
    Kind(
        "register-which",
        "error",
        "“{column}”没有填，{unit}有不止一份表格（{words}），看不出是哪一份，这一行没有登记",
        "请在“表格”里写明是哪一份；几份都报了的，一份一行",
    ),
    Kind(
        "register-number",
        "error",
        "登记号“{value}”在台账里没有，这一行没有登记",
        "新登记的请把登记号留空；更正的请照原来的登记号",
    ),
    Kind(
        "register-fixed",
        "error",
        "“{column}”不能在登记里改（台账为“{current}”），这一行没有登记",
        "请改回；另外交来的请在下面另起一行，登记号留空",
    ),
    Kind(
        "register-stale",
        "doubt",
        "写出这份登记以后，登记号{number}又有过更正，这一行没有登记",
        "请重新写出收件登记再改",
    ),
    Kind("register-column-missing", "error", "缺少“{column}”一列，没有登记", "请恢复表头，或重新写出收件登记"),
    Kind("register-column-unknown", "note", "多出的一列“{column}”不登记", "要写的内容请写在“说明”里"),
)
