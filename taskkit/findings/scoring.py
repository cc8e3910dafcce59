"""Findings of loading 手工调整 of the scores: where a row has an error, nothing of the sheet is kept."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

KINDS: tuple[Kind, ...] = (
    Kind("score-blank", "error", "“{column}”没有填", "请补上；这一行不要的，请整行清空"),
    Kind("score-unit", "error", "“{value}”不是计分的单位{why}{near}", "请照“得分”表里的单位填写"),
    Kind("score-word", "error", "“{column}”填的“{value}”不是启用的计分项目；可以填：{words}", "请从下拉列表中选择"),
    Kind("score-number", "error", "“{column}”填的“{value}”不是数字", "请只填数字；不再计的，请填“撤回”"),
    Kind("score-points", "error", "“{item}”的分值“{value}”不合规则，应为{wanted}", "请改正，最多两位小数，不超过1000"),
    Kind("score-period", "error", "看不懂报送期“{value}”", "请照“明细与依据”里的写法填写，或留空"),
    Kind("score-part", "error", "方案没有“{value}”这一部分（有：{words}）", "请改成其中之一，或留空"),
    Kind(
        "score-no-line",
        "error",
        "{unit}没有这一行“{item}”可以更正（它的这一项：{places}）",
        "请照“明细与依据”填写报送期和部分；要另外加分扣分的，“项目”请选加分或扣分",
    ),
    Kind(
        "score-which",
        "error",
        "{unit}的“{item}”不止一行（{places}），看不出更正哪一行",
        "请填写报送期和部分",
    ),
    Kind(
        "score-number-unknown",
        "error",
        "编号“{value}”在台账里没有，或是另一个单位、项目、报送期的",
        "另加的请把编号留空；改已登记的，请只改分值和依据",
    ),
    Kind("score-twice", "error", "与第{row}行是同一处", "请只留一行"),
    Kind("score-nothing", "error", "填了“撤回”，但台账里没有登记过这一处", "请清空这一行，或核对单位、项目和依据"),
    Kind("score-column-missing", "error", "缺少“{column}”一列，没有登记", "请恢复表头，或重新写出计分表"),
    Kind("score-column-unknown", "note", "多出的一列“{column}”不登记", "要写的内容请写在“依据”里"),
)
