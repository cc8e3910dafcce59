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
    """One kind of finding: ``text`` says what is wrong, ``advice`` how to mend it; both are format strings."""

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
    Kind("no-units", "doubt", "“{title}”没有读到责任单位", "请核对原文；确无单位的，请在核对稿中补上牵头单位"),
    Kind("no-title", "note", "“{text}”没有标题，只有工作措施", "如原文有标题，请在核对稿中补上"),
    Kind("titles-missing", "note", "有{count}项任务没有标题，只有工作措施", "原文如有标题，请在核对稿中补上"),
    Kind("no-lead", "doubt", "“{title}”只有配合单位，没有牵头单位", "请核对原文，确定由谁牵头"),
    Kind("role-guessed", "doubt", "“{title}”的责任单位后面缺少标签，已按配合单位读入", "请核对牵头和配合单位"),
    Kind("both-roles", "note", "“{title}”中“{unit}”既牵头又配合，已按牵头读入", "如不妥请修改"),
    Kind("name-cut", "doubt", "单位名称“{unit}”像是不完整", "请核对原文并补全"),
    Kind("name-near", "doubt", "单位“{unit}”与“{other}”写法相近，可能是同一单位", "如是同一单位，请在核对稿中统一写法"),
    Kind(
        "vague-collective",
        "note",
        "“{unit}”没有说明是哪些单位（{count}项任务）",
        "请向印发单位核实所含单位，在核对稿中写明",
    ),
    Kind("number-jump", "doubt", "序号从{before}跳到{after}", "请核对是否漏读，或原文编号有误"),
    Kind("tasks-missing", "doubt", "序号{number}之前应有{want}项任务，只读到{have}项", "原文可能缺页或缺字，请核对"),
    Kind("heading-missing", "doubt", "标题“{missing}”没有读到（{where}）", "原文可能缺标题，请核对并在核对稿中补上"),
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
    Kind("measure-repeated", "doubt", "“{text}”在同一项任务里出现了两次", "请核对原文，删去重复的文字"),
    Kind(
        "numbers-damaged",
        "doubt",
        "原文的日期有{count}处缺字，正文里的数字也可能缺字",
        "请对照原件核对任务和量化指标里的数字",
    ),
    Kind("date-damaged", "doubt", "日期“{text}”像是缺字，已读作{month}月{day}日", "请核对原文"),
    Kind("date-impossible", "doubt", "“{text}”不是有效日期，没有采用", "请核对原文"),
    Kind(
        "holidays-unknown",
        "note",
        "{year}年的节假日安排尚未公布，工作日暂按周一至周五推算",
        "公布后请重新读取",
    ),
    Kind("no-plan-title", "note", "没有读到方案的标题", "请在核对稿的“基本情况”中补上"),
    Kind(
        "no-year",
        "doubt",
        "没有读到方案的年份，报送日期无法推算",
        "请在核对稿的“基本情况”中补上年份，“报送安排”中补上日期",
    ),
    Kind("text-damaged", "doubt", "文件有{count}处文字损坏，显示为“�”", "请对照原件补正，或重新获取文件"),
    Kind("second-plan", "doubt", "文件里像是还有另一个方案“{title}”", "请把两个方案分成两个文件，再分别读入"),
    Kind(
        "section-skipped",
        "doubt",
        "“{title}”下的{count}段没有责任单位，没有读作任务",
        "请核对原文；如是任务，请在核对稿中补上",
    ),
    Kind(
        "column-skipped",
        "doubt",
        "表头“{header}”认不出来，这一列没有读入",
        "如是责任单位、领导或时限，请在原文中改用常用的表头后重新读取",
    ),
    Kind(
        "no-text",
        "doubt",
        "这里有序号或责任单位，但没有读到任务内容",
        "请核对原文，在核对稿中补上任务内容",
    ),
    Kind("rows-hidden", "doubt", "表格里有{count}行是隐藏的，已一并读入", "请核对；不属于方案的行请删去后重新读取"),
    Kind(
        "tasks-in-cell",
        "note",
        "有{count}格各写了几项编号的任务，已逐项读入，共用一行的序号和单位",
        "请核对；如实为一项，请在核对稿中合并",
    ),
    Kind(
        "table-unruled",
        "doubt",
        "这张表没有框线，是按文字的位置分的行和列",
        "请核对读到的任务和单位；有 Word 版或 Excel 版的，请改用它读取",
    ),
    Kind(
        "changes-tracked",
        "note",
        "文件里有未接受的修订，已按接受后的文字读入",
        "请核对；以原文为准的，请在 Word 或 WPS 中拒绝修订后重新读取",
    ),
    Kind(
        "pages-scanned",
        "error",
        "有{count}页是图片（{pages}），没有读出文字",
        "请把这几页用 OCR（文字识别）转成文字，补齐后重新读取",
    ),
    Kind("columns-hidden", "note", "{columns}列是隐藏的，已一并读入", "请核对；不属于方案的列请删去后重新读取"),
    Kind(
        "sheet-hidden",
        "doubt",
        "工作表“{sheet}”里也有一张任务表，但它是隐藏的，没有读入",
        "如属于这个方案，请在 Excel 或 WPS 中取消隐藏后重新读取",
    ),
    Kind("sheet-hidden-read", "doubt", "任务表在隐藏的工作表“{sheet}”里，已照样读入", "请核对是不是要用的方案"),
    Kind(
        "cell-lost",
        "error",
        "这一行有一格是{value}，没有读入",
        "请用 Excel 或 WPS 打开原表，改成文字或数字并保存后重新读取",
    ),
    Kind("cells-lost", "error", "另有{count}格是错误值或没有保存结果的公式，没有读入", "请改正原表并保存后重新读取"),
    Kind(
        "row-uneven",
        "doubt",
        "这一行有{have}格，表头有{want}格，内容可能错位",
        "请核对读到的单位和时限，或改用表格文件重新读取",
    ),
    Kind(
        "deadline-unread", "doubt", "完成时限“{text}”没有推算出日期", "请核对；如有确定日期，请填在核对稿的“完成日期”中"
    ),
    Kind("order-unread", "doubt", "“{text}”像是报送要求，但没有读出日期", "请核对原文，在核对稿的“报送安排”中补上"),
    Kind(
        "heads-unsure",
        "doubt",
        "“{title}”有多个牵头单位，负责人{persons}已记在第一个单位名下",
        "请核对各人属于哪个单位",
    ),
    Kind(
        "names-glued",
        "doubt",
        "“{name}”像是两个人的姓名连在一起，已按原样读入",
        "请核对；如是两人，请在核对稿中用“、”分开",
    ),
    Kind(
        "same-as-above",
        "note",
        "有{count}处写的是“同上”，已按上一行的内容读入",
        "请核对；如指的不是上一行，请在核对稿中改正",
    ),
    Kind(
        "units-elsewhere",
        "doubt",
        "“{title}”的责任单位没有写在这里（如“详见附件”），没有读到",
        "请查对所指的附件，在核对稿中补上单位",
    ),
    Kind("text-cut", "doubt", "有{count}段文字过长，只读了前{limit}字", "请核对是否漏读；过长的段落请分段后重新读取"),
    # --- proofreading -----------------------------------------------------------------
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
    # --- the unit and leader lists ----------------------------------------------------
    Kind("roster-sheet-missing", "error", "名册里找不到“{sheet}”工作表", "请恢复工作表的名称，没有内容的也请保留表头"),
    Kind("roster-column-missing", "error", "找不到“{column}”一列", "请恢复这一列和它的表头，没有内容的可以空着"),
    Kind(
        "roster-column-unknown", "note", "多出的一列“{column}”没有读", "自己的记号可以不管；名册的内容请写到已有的列里"
    ),
    Kind("roster-row-nameless", "error", "这一行填了内容，但没有写“{column}”", "请补上，或删去整行"),
    Kind("roster-twice", "error", "“{name}”已在第{row}行，这里又出现一次", "请把内容并到一行，删去另一行"),
    Kind(
        "roster-alias-own",
        "error",
        "“{alias}”写成了“{unit}”的别名，但它自己的第{row}行还填有{columns}",
        "请把第{row}行的内容移到“{unit}”一行，再删去第{row}行；不是同一单位的，请删去别名",
    ),
    Kind(
        "roster-alias-joined",
        "note",
        "“{alias}”（第{row}行）已并入“{unit}”{lost}，今后按一个单位发表、统计",
        "不是同一单位的，请删去别名后再登记",
    ),
    Kind("roster-alias-twice", "error", "别名“{alias}”既写在“{other}”里，又写在“{unit}”里", "请只在一个单位里写"),
    Kind(
        "roster-unknown",
        "error",
        "“{column}”里的“{value}”不在名册里，方案里也没有{near}",
        "请改正；确有这个单位的，请为它加一行",
    ),
    Kind(
        "roster-blank",
        "error",
        "“{column}”里的“{value}”只用空格隔开，看不出是一个单位还是几个",
        "是几个单位的，请用“、”隔开；是一个单位的，请去掉空格",
    ),
    Kind(
        "roster-two-units",
        "error",
        "“{column}”里写了不止一个单位（{value}）",
        "请每行只写一个单位；是同一单位的几种写法的，请把其他写法移到“别名”里",
    ),
    Kind("roster-through-two", "error", "“{column}”里只能写一个单位，填的是“{value}”", "请只留一个"),
    Kind("roster-through-self", "note", "“{unit}”的“{column}”写的是它自己，已按自己报送", "可以空着"),
    Kind(
        "roster-unprinted",
        "doubt",
        "方案里没有“{unit}”{near}",
        "是方案中某个单位的，请把名称改回方案中的写法，新写法填到“别名”里；确是方案没有点名的单位，可以不管",
    ),
    Kind("roster-empty", "error", "“{sheet}”里一个单位也没有", "请重新写出名册，填好后再登记"),
    Kind(
        "roster-shrunk",
        "doubt",
        "已登记的名册有{total}个单位，这份里没有了其中{count}个：{names}",
        "如不是有意删去，请在名册里补上后再登记",
    ),
    Kind("roster-cycle", "error", "“{column}”转了一圈：{path}", "请改正其中一处"),
    Kind("roster-through-collective", "error", "“{value}”是集体称谓，不能由它报送", "请写明由哪一个单位报送"),
    Kind(
        "roster-members-kind",
        "error",
        "“{unit}”写了成员单位，但类别是“{kind}”",
        "它代表这些单位的，请把类别改为“集体称谓”；否则请删去成员单位",
    ),
    Kind(
        "roster-made-collective",
        "doubt",
        "“{unit}”在方案里是单个单位，改成集体称谓后不再单独发表",
        "确是集体称谓的，请写明成员单位；否则请改回原来的类别",
    ),
    Kind(
        "roster-members-missing",
        "doubt",
        "{count}个集体称谓有牵头任务，但没有写明成员单位：{names}；这些任务不会发给任何单位",
        "请写明成员单位，或写明通过何单位报送",
    ),
    Kind(
        "roster-both",
        "error",
        "“{unit}”既写了成员单位，又写了通过“{through}”报送",
        "由各成员分别报送的，请删去“通过何单位报送”；由“{through}”统一报送的，请删去成员单位",
    ),
    Kind("roster-word", "error", "“{column}”填的“{value}”认不出来；可以填：{words}", "请改正"),
    Kind("roster-order", "doubt", "顺序“{value}”不是数字，“{name}”按所在的行排", "请改为数字"),
    Kind("roster-order-twice", "doubt", "顺序{value}用了{count}次，这几行按上下次序排", "请核对顺序"),
    Kind(
        "roster-name-shared",
        "doubt",
        "“{value}”是“{unit}”的{column}，又是“{other}”（第{row}行）的{kind}，单说“{value}”时分不清是哪个单位",
        "请改其中一个",
    ),
    Kind("roster-phone", "doubt", "“{value}”不像电话号码，已照录", "请核对"),
    Kind(
        "roster-missing",
        "doubt",
        "方案里的{count}个单位不在名册里：{names}；仍按方案中的次序排在最后",
        "请为它们各加一行；是别的单位的另一种写法的，请写到那个单位的“别名”里",
    ),
    Kind(
        "roster-leaders-missing",
        "doubt",
        "方案里的{count}位领导不在名册里：{names}；仍按方案中的次序排在最后",
        "请为他们各加一行",
    ),
    # --- issuing ----------------------------------------------------------------------
    Kind("file-kept", "doubt", "“{name}”已被改动过，没有覆盖", "如已填好请先收回；需要新表的，请移走它后再生成"),
    Kind(
        "sheet-left-out",
        "note",
        "模板里没有工作表“{sheet}”，表格里也就没有",
        "要用的话，请把自带模板里的这张表复制过来，再用 taskkit templates --check 检查",
    ),
    Kind(
        "row-too-tall",
        "doubt",
        "文字太长，一行最高409磅，末尾几行显示和打印时看不到",
        "请加宽模板里这一列，或精简方案里的文字后重新生成",
    ),
    Kind("file-other", "doubt", "“{name}”是另一份方案或另一期的表，没有覆盖", "请用 --out 另指定一个文件夹"),
    Kind(
        "asked-before",
        "note",
        "“{unit}”另有{count}项任务已在别的表里要求报送，{form}表里不再重复",
        "请提醒该单位两张表都要报",
    ),
    # --- collecting -------------------------------------------------------------------
    Kind(
        "row-foreign",
        "error",
        "从这里起有{count}行来自另一份工作簿（如上期的表），没有收",
        "请在本期下发的工作簿上重新填写",
    ),
    Kind("row-unknown", "error", "下发的工作簿里没有编号为“{row_id}”的行，没有收", "请核对这一行是从哪里来的"),
    Kind("text-outside", "note", "表格下面写了“{value}”，没有收", "要报的内容请填到下发的格子里"),
    Kind("sheet-added", "note", "多出一个工作表（写有“{value}”等），没有收", "要报的内容请填到下发的工作表里"),
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
    Kind(
        "changed-back",
        "doubt",
        "“{column}”由“{current}”改回了此前的“{value}”，已照收",
        "请核对是不是旧表；是旧表的，请撤回这次报送",
    ),
    Kind(
        "period-past",
        "doubt",
        "新填的内容已计入{period}；此后已向该单位发出{later}的表格",
        "如是本期内容，请填在本期的表格里再交",
    ),
    Kind(
        "cells-merged",
        "doubt",
        "“{column}”的{rows}合并成了一格，内容只记在第{first}行",
        "请取消合并、逐行填写后再交",
    ),
    Kind("rows-hidden-filled", "note", "{rows}是隐藏的，其中填写的内容已一并收下", "请核对这些行是否要报"),
    Kind("file-failed", "error", "文件读取时出错（{error}），没有收", "请用 Excel 或 WPS 打开后另存一份再交"),
    # --- collecting: what the values say (rules/returned.py) --------------------------
    Kind("slow-no-problem", "doubt", "“{state}”但没有写存在问题", "请单位补报滞后原因"),
    Kind("done-no-text", "doubt", "“{state}”但没有写进展", "请单位补报完成的情况"),
    Kind("no-state", "doubt", "写了进展但没有选完成情况", "请单位补选"),
    Kind("says-nothing", "doubt", "“{column}”只写了“{value}”，看不出进展", "请单位写明结果和数量"),
    Kind("request-made", "note", "提出调整申请{count}项，待督查室审定；已审定的内容没有改动", "请审定后答复单位"),
    Kind("value-fell", "doubt", "{column}{value}比{before}{previous}小", "请单位核对；累计数一般不会下降"),
)

CATALOGUE: dict[str, Kind] = {kind.code: kind for kind in _KINDS}


def finding(code: str, *, source: str = "", task_id: str | None = None, **words: object) -> Finding:
    """Make a finding of a kind in the catalogue; ``words`` fill text and advice.

    Raises KeyError for a code that is not in the catalogue (our own mistake).
    """
    kind = CATALOGUE[code]
    text, advice = kind.text.format(**words), kind.advice.format(**words)
    stop = "" if text.endswith("？") else "；"  # a question (是不是…？) is a sentence of its own
    return Finding(code, kind.severity, f"{text}{stop}{advice}。", source, task_id)
