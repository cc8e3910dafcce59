"""Findings of the values of returned workbooks (rules/)."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

_PLAIN = "请只填数字；没有数据的填“暂无数据”"

KINDS: tuple[Kind, ...] = (
    # --- a text that ran on into the rows below ---------------------------------------
    Kind(
        "text-spilled",
        "error",
        "“{column}”疑似串行：从第{first}行起，{rows}像是同一段文字（{reasons}），都没有收，原有内容未动",
        "请与单位核对后逐处决定（taskkit conflicts），或请单位改正后再交",
        "请双击第{first}行的单元格后再粘贴全文，并补填以下各行后再交；确属各行自己的内容，请告知督查室",
    ),
    Kind(
        "text-spilled-here",
        "error",
        "“{column}”像是从第{first}行串下来的文字，没有收，原有内容未动",
        "请与单位核对后决定（taskkit conflicts）",
        "请填本行任务的内容后再交；确属本行内容，请告知督查室",
    ),
    # --- goals that are approved ------------------------------------------------------
    Kind(
        "goal-approved",
        "doubt",
        "“{column}”已经审定（{current}），改为“{value}”没有收，待督查室决定",
        "需要调整的，请单位在进展表的“调整申请”里提出；确要照改的，用 taskkit conflicts 决定",
        "目标已经审定；需要调整的，请填“调整申请”，写明任务、原内容、拟调整的内容和理由",
    ),
    # --- figures as people type them --------------------------------------------------
    Kind("percent", "doubt", "“{column}”是百分数格式，已按{taken}收下", "请核对；百分数请直接填0—100的数"),
    Kind("value-understood", "note", "“{column}”填的“{value}”已按{taken}{unit}收下", "请核对；下次请只填数字"),
    Kind("unit-converted", "doubt", "“{column}”填的“{value}”已换算成{taken}{unit}收下", "请核对换算是否正确"),
    Kind(
        "value-near", "doubt", "“{column}”填的“{value}”是约数，已照原样收下，统计按{number}{unit}计", "请核实后填准确数"
    ),
    Kind("value-said", "doubt", "“{column}”填的是一句话“{value}”，已照原样收下，统计按{number}{unit}计", _PLAIN),
    Kind("value-range", "doubt", "“{column}”填的“{value}”是一个范围，已照原样收下，不计入统计", "请填一个数"),
    Kind(
        "unit-foreign",
        "doubt",
        "“{column}”填的“{value}”与要求的单位“{unit}”对不上，已照原样收下，不计入统计",
        "请核对是否填错了行；只填以“{unit}”计的数字",
    ),
    Kind(
        "value-no-data",
        "note",
        "“{column}”填的“{value}”已按“暂无数据”理解，不计入统计",
        "没有数据的请填“暂无数据”",
    ),
    Kind("value-later", "doubt", "“{column}”填的“{value}”还不是数据，不计入统计", "请补报；没有数据的填“暂无数据”"),
    Kind("not-a-number", "doubt", "“{column}”填的“{value}”不是数字，已照原样收下，不计入统计", _PLAIN),
    Kind(
        "date-for-number",
        "error",
        "“{column}”里是日期{value}，可能是填1-2一类内容时被表格软件改成了日期，没有收",
        "请把单元格格式改为“常规”后重新填数字",
    ),
    Kind(
        "number-as-date",
        "doubt",
        "“{column}”的单元格是日期格式（显示为{value}），已按数字{taken}收下",
        "请核对；请把单元格格式改为“常规”",
    ),
    Kind(
        "value-fell",
        "doubt",
        "{column}{value}比{before}{previous}小",
        "请单位核对；累计数一般不会下降",
        "请核对；累计数一般不会下降",
    ),
    Kind(
        "share-as-fraction",
        "doubt",
        "“{column}”填的“{value}”是不是{meant}%（目标{aim}）？已照原样收下",
        "百分数请填0—100的数",
    ),
    Kind("value-far", "doubt", "“{column}”填的{value}是目标{aim}的100倍以上", "请核对数字和单位（万、亿）"),
    Kind("goals-turn", "doubt", "“{now}”{value}与前面的“{before}”{previous}方向不一致", "请核对；各阶段目标填累计数"),
    Kind("goal-short", "doubt", "最后一个阶段的“{now}”{value}没有达到年度目标{aim}", "请单位核对", "请核对"),
    # --- dates and texts as people type them ------------------------------------------
    Kind("date-understood", "note", "“{column}”填的“{value}”已按{taken}收下", "请核对"),
    Kind(
        "date-cut",
        "doubt",
        "“{column}”是数字{value}，是{first}还是{second}？（{second}可能被表格软件去掉了末尾的0）已照原样收下",
        "请写成“{second}”的样子后再交",
    ),
    Kind("date-year", "doubt", "“{column}”填的“{value}”不在方案的{year}年，已照收", "请核对年份"),
    Kind("date-unread", "doubt", "“{column}”填的“{value}”看不出是哪一天，已照原样收下", "请写成“2026年6月底”的样子"),
    Kind(
        "date-for-text",
        "doubt",
        "“{column}”里是日期“{value}”，可能是填1-2一类内容时被表格软件改成了日期，已照原样收下",
        "请核对；如不是日期，请在前面加一个单引号重新填写",
    ),
    Kind("number-for-text", "doubt", "“{column}”只填了数字{value}，已照原样收下", "请核对是否填错了列"),
    Kind("cell-full", "doubt", "“{column}”达到单元格上限32767字，末尾可能被截断", "请核对末尾，过长的请另附材料"),
    Kind(
        "cell-overfull",
        "error",
        "“{column}”有{count}个字，超过单元格上限32767字，没有收",
        "请精简后再交，详细材料请另附",
    ),
    Kind("phone-cut", "doubt", "“{column}”填的“{value}”丢了后面的数字", "请把单元格格式改为“文本”后重新填写"),
    Kind(
        "zero-lost",
        "doubt",
        "“{column}”填的{value}像是丢了开头的0，已照原样收下",
        "请在前面加一个单引号后重新填写",
    ),
    Kind("formula-taken", "note", "“{column}”是公式，已按算出的结果“{value}”收下", "请直接填写内容"),
    Kind(
        "formula-outward",
        "doubt",
        "“{column}”的公式引用了别的文件，已按保存时的结果“{value}”收下",
        "请核对结果，并直接填写内容",
    ),
    # --- requests ---------------------------------------------------------------------
    Kind(
        "request-made",
        "note",
        "提出调整申请{count}项，待督查室审定；已审定的内容没有改动",
        "请审定后答复单位",
    ),
    Kind(
        "item-no-measure",
        "doubt",
        "这一行填了内容，但没有写“{column}”",
        "请单位补报这项举措",
        "请补写这项举措，或清空这一行",
    ),
    Kind(
        "request-only",
        "doubt",
        "只提出了调整申请，没有填写进展；申请已收下，也算已报送",
        "请单位补报进展",
        "请补填进展后再交",
    ),
    # --- what a state asks for --------------------------------------------------------
    Kind("slow-no-problem", "doubt", "“{state}”但没有写存在问题", "请单位补报滞后原因", "请补写滞后的原因"),
    Kind("slow-no-step", "doubt", "“{state}”但没有写下一步措施", "请单位补报举措和时间", "请补写举措和时间"),
    Kind("done-no-text", "doubt", "“{state}”但没有写进展", "请单位补报完成的情况", "请补写完成的情况"),
    Kind(
        "done-no-value",
        "doubt",
        "任务报了“{state}”，但这项指标没有报数",
        "请单位补报累计完成值",
        "请补填累计完成值",
    ),
    Kind(
        "done-below-aim",
        "doubt",
        "任务报了“{state}”，但{value}没有达到目标{aim}",
        "请单位核对完成情况或数字",
        "请核对完成情况或数字",
    ),
    Kind(
        "no-progress",
        "doubt",
        "选了“{state}”，没有写“{column}”",
        "请单位补报进展情况；没有写的不计为已填",
        "请补写进展情况",
    ),
    Kind("no-state", "doubt", "写了进展但没有选完成情况", "请单位补选", "请从下拉列表中补选"),
    # --- reports that say nothing -----------------------------------------------------
    Kind(
        "says-nothing",
        "doubt",
        "“{column}”只写了“{value}”，看不出进展",
        "请单位写明结果和数量",
        "请写明结果和数量",
    ),
    Kind(
        "too-short",
        "doubt",
        "“{column}”只有{length}个字（“{value}”），看不出进展",
        "请单位写明结果和数量",
        "请写明结果和数量",
    ),
    Kind(
        "repeats-last", "doubt", "“{column}”与上期几乎相同（“{value}”）", "请单位写明本期的新进展", "请写明本期的新进展"
    ),
    Kind(
        "repeats-goal",
        "doubt",
        "“{column}”与“{goal}”相同（“{value}”）",
        "请单位写明实际进展，不要照抄目标",
        "请写明实际进展，不要照抄目标",
    ),
)
