"""THE catalogue of findings: what can be unsure or wrong in a plan or a returned workbook.

A finding is a value, collected and shown in a table; it never stops the work. Each kind has a
code, a severity and a text that says what is wrong and how to mend it. Every code stands in
docs/findings.md; a test holds the two together.

severity  ``error``: cannot be used as it is, a person must act
          ``doubt``: used, but a person should look
          ``note``: for information
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "doubt", "note"]
SEVERITY_LABELS: dict[str, str] = {"error": "错误", "doubt": "存疑", "note": "提示"}


@dataclass(frozen=True)
class Kind:
    """One kind of finding: ``text`` is a format string, ``advice`` says how to mend it."""

    code: str
    severity: Severity
    text: str
    advice: str


@dataclass(frozen=True)
class Finding:
    """One finding: a row of ``plan.findings`` or of ``result.findings``."""

    code: str
    severity: Severity
    message: str
    source: str = ""
    task_id: str | None = None


_KINDS: tuple[Kind, ...] = (
    # --- reading a plan ---------------------------------------------------------------
    Kind("no-units", "doubt", "“{title}”没有读到责任单位", "请核对原文；确无单位的，请补充牵头单位"),
    Kind("no-title", "note", "“{text}”没有标题，只有工作措施", "如原文有标题，请在核对稿中补上"),
    Kind("titles-missing", "note", "有{count}项任务没有标题，只有工作措施", "原文如有标题，请在核对稿中补上"),
    Kind("no-lead", "doubt", "“{title}”只有配合单位，没有牵头单位", "请核对原文，确定由谁牵头"),
    Kind("role-guessed", "doubt", "“{title}”的责任单位后面缺少标签，已按配合单位读入", "请核对牵头和配合单位"),
    Kind("both-roles", "note", "“{title}”中“{unit}”既牵头又配合，已按牵头读入", "如不妥请修改"),
    Kind("name-cut", "doubt", "单位名称“{unit}”像是不完整", "请核对原文并补全"),
    Kind(
        "name-near", "doubt", "单位“{unit}”与“{other}”只差一点，可能是同一单位", "如是同一单位，请在单位名册中填为别名"
    ),
    Kind("vague-collective", "note", "“{unit}”没有说明是哪些单位（{count}项任务）", "请在单位名册中填写所含单位"),
    Kind("number-jump", "doubt", "序号从{before}跳到{after}", "请核对是否漏读，或原文编号有误"),
    Kind("number-repeated", "doubt", "序号{number}出现了{count}次", "请核对原文编号"),
    Kind("count-differs", "doubt", "原文称共{stated}{word}，读到{read}{word}", "请核对是否漏读，或原文计数有误"),
    Kind(
        "label-low",
        "doubt",
        "“{title}”按表格归入“{group}”，但更像属于下一组“{next}”",
        "标签可能印低了一行，请核对归属",
    ),
    Kind("label-spelling", "note", "同一组的标签写法不一：“{label}”“{other}”，已按前者读入", "如是两组请分开"),
    Kind("text-repeated", "doubt", "“{title}”与{other}的内容完全相同", "请核对是否重复"),
    Kind("date-damaged", "doubt", "日期“{text}”像是缺字，已读作{month}月{day}日", "请核对原文"),
    Kind("date-impossible", "doubt", "“{text}”不是有效日期，没有采用", "请核对原文"),
    Kind(
        "holidays-unknown",
        "note",
        "{year}年的节假日安排尚未公布，工作日暂按周一至周五推算",
        "公布后请重新读取",
    ),
    Kind("no-plan-title", "note", "没有读到方案的标题", "请在核对稿中补上"),
    Kind("no-year", "doubt", "没有读到方案的年份，报送日期无法推算", "请在核对稿中补上年份"),
    Kind("text-damaged", "doubt", "文件有{count}处文字损坏，显示为“�”", "请对照原件补正，或重新获取文件"),
    Kind("second-plan", "doubt", "文件里像是还有另一个方案“{title}”", "请把两个方案分成两个文件，再分别读入"),
    # --- issuing ----------------------------------------------------------------------
    Kind("file-kept", "doubt", "“{name}”已被改动过，没有覆盖", "如已填好请先收回；需要新表的，请移走它后再生成"),
    # --- collecting -------------------------------------------------------------------
    Kind(
        "row-foreign",
        "error",
        "从这里起有{count}行来自另一份工作簿（如上期的表），没有收",
        "请在本期下发的工作簿上重新填写",
    ),
    Kind("row-unknown", "error", "下发的工作簿里没有编号为“{row_id}”的行，没有收", "请核对这一行是从哪里来的"),
    Kind(
        "row-without-id",
        "error",
        "这一行填了内容但没有隐藏的编号，没有收",
        "请把内容填到下发的行里；新增事项请报督查室",
    ),
    Kind("row-by-text", "note", "从这里起有{count}行丢了隐藏的编号，已按工作任务的文字对应", "请核对收下的内容"),
    Kind("row-copied", "doubt", "同一行出现了不止一次（{rows}），已收有内容的一处", "请核对收下的内容"),
    Kind("row-twice", "error", "“{column}”在同一行的几份里内容不同（收到“{value}”等），没有收", "请只保留一份后再交"),
    Kind("header-missing", "error", "找不到表头，这个工作表的内容没有收", "请恢复表头（如“本期进展”“完成情况”）后再交"),
    Kind(
        "column-misspelt",
        "error",
        "表头“{header}”认不出来，这一列没有收；是不是“{near}”？",
        "请把表头改为“{near}”后再交",
    ),
    Kind("column-unknown", "doubt", "表里多出的一列“{header}”没有收", "如有要报的内容，请填到下发的列里"),
    Kind("cell-error", "error", "“{column}”是错误值“{value}”，没有收", "请改填文字或数字后再交"),
    Kind("formula-unsaved", "error", "“{column}”是公式，但没有保存结果，没有收", "请用 Excel 或 WPS 打开保存后再交"),
    Kind("negative", "error", "“{column}”填了负数{value}，没有收", "请核对；累计数不会小于0"),
    Kind(
        "not-a-number", "doubt", "“{column}”填的“{value}”不是数字，已照原样收下", "请只填数字；没有数据的填“暂无数据”"
    ),
    Kind("percent", "doubt", "“{column}”是百分数格式，已按{value}收下", "请核对；百分数请直接填0—100的数"),
    Kind("state-unknown", "error", "“{column}”填的“{value}”不在可选项中，没有收{near}", "请从下拉列表中选择"),
    Kind("state-understood", "note", "“{column}”填的“{value}”已按“{word}”收下", "请从下拉列表中选择"),
    Kind("locked", "doubt", "改动了{count}处不可填写的内容，没有收（如“{column}”）", "确需调整的，请向督查室提出"),
    Kind(
        "conflict",
        "error",
        "“{column}”有冲突：台账现为“{current}”，收到的是“{value}”，暂未收",
        "请与单位核对后决定以哪个为准",
    ),
    Kind("blanked", "note", "“{column}”返回为空，台账仍保留“{current}”", "如需撤回，请填“无”后再交"),
    # --- collecting: what the values say (rules/returned.py) --------------------------
    Kind("slow-no-problem", "doubt", "“{state}”但没有写存在问题", "请单位补报滞后原因"),
    Kind("done-no-text", "doubt", "“{state}”但没有写进展", "请单位补报完成的情况"),
    Kind("no-state", "doubt", "写了进展但没有选完成情况", "请单位补选"),
    Kind("says-nothing", "doubt", "“{column}”只写了“{value}”，看不出进展", "请单位写明结果和数量"),
    Kind("value-fell", "doubt", "累计完成值{value}比上期累计{previous}小", "请单位核对；累计数一般不会下降"),
)

CATALOGUE: dict[str, Kind] = {kind.code: kind for kind in _KINDS}


def finding(code: str, *, source: str = "", task_id: str | None = None, **words: object) -> Finding:
    """Make a finding of a kind in the catalogue; ``words`` fill the text.

    Raises KeyError for a code that is not in the catalogue (our own mistake).
    """
    kind = CATALOGUE[code]
    return Finding(code, kind.severity, f"{kind.text.format(**words)}；{kind.advice}。", source, task_id)
