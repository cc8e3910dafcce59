"""Findings of taking returned workbooks back: files, rows and columns."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "row-foreign",
        "error",
        "从这里起有{count}行（“{text}”等）来自{whose}，没有收",
        "请在本期下发的工作簿上重新填写",
    ),
    Kind(
        "row-unknown",
        "error",
        "下发的工作簿里没有编号为“{row_id}”的行（“{text}”），没有收",
        "请核对这一行是从哪里来的，把内容填到下发的行里",
    ),
    Kind(
        "row-misaligned",
        "error",
        "编号与任务文字对不上：这一行写的是“{text}”，隐藏的编号却是“{meant}”的（可能只排序了部分列，或拖动填充过），没有收",
        "请核对这一行的内容是哪一项的；最好在下发的工作簿上重新填写",
    ),
    Kind(
        "row-near",
        "error",
        "这一行没有编号，文字“{text}”与下发的“{near}”略有不同，没有收",
        "请核对是不是这一项；是的，请把工作任务改回下发的文字后再交",
    ),
    Kind("row-remark", "note", "这一行是单位自己加的（“{text}”），没有收", "要报的内容请填到下发的行里"),
    Kind("item-proposed", "note", "新增举措“{text}”，已作为提议收下（编号{row_id}）", "请核对是否列入"),
    Kind("text-outside", "note", "这里不是填写的格子，写了“{value}”，没有收", "要报的内容请填到下发的格子里"),
    Kind("sheet-added", "note", "多出一个工作表（写有“{value}”等），没有收", "要报的内容请填到下发的工作表里"),
    Kind(
        "row-without-id",
        "error",
        "这一行填了内容（“{text}”）但没有隐藏的编号，没有收",
        "请把内容填到下发的行里；新增事项请报督查室",
    ),
    Kind(
        "row-by-text",
        "note",
        "从这里起有{count}行（“{text}”等）没有隐藏的编号，已按序号和工作任务的文字对应",
        "请核对收下的内容",
    ),
    Kind(
        "row-copied",
        "doubt",
        "同一行出现了不止一次（{rows}），已收有内容的一处",
        "请核对收下的内容",
        "请只保留正确的一行",
    ),
    Kind("row-twice", "error", "“{column}”在同一行的几份里内容不同（收到“{value}”等），没有收", "请只保留一份后再交"),
    Kind(
        "sheet-hidden",
        "doubt",
        "隐藏的工作表“{sheet}”里还有一份填过的旧内容，没有收",
        "以看得见的工作表为准；要报隐藏的一份，请取消隐藏并删去另一份后再交",
    ),
    Kind("sheets-parted", "note", "这个文件里有{count}份表格，已按行前的编号分开（{units}）", "请核对是否齐全"),
    Kind("comment", "note", "批注：“{text}”，没有收", "要报的内容请填到格子里"),
    Kind(
        "reporter-differs",
        "note",
        "“{column}”几份里不同（台账为“{current}”，收到的是“{value}”），以后保存的为准，现为“{kept}”",
        "几个科室分别填报的，请核对由谁联系",
    ),
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
        "“{column}”有冲突：台账现为{current}，收到的是“{value}”，暂未收",
        "请与单位核对后决定以哪个为准（taskkit conflicts）",
    ),
    Kind(
        "decided-before",
        "note",
        "“{column}”收到的“{value}”，此前已经决定不采用（{decision}），台账仍为{current}",
        "如要改用，请先撤回那次决定",
    ),
    Kind(
        "older-fills",
        "doubt",
        "有{count}处（如“{column}”）来自较早保存的表，此后保存的表（{newer}）里已是空白，已照收",
        "请核对是不是单位后来删去的；是的，请撤回这次报送",
    ),
    Kind(
        "older-part",
        "note",
        "有{count}处（如“{column}”）来自较早保存的表，此后保存的表（{newer}）里没有填，已照收",
        "请核对是不是分头填写的",
    ),
    Kind("blanked", "note", "“{column}”返回为空，台账仍保留{current}", "如需撤回，请填“无”后再交"),
    Kind(
        "changed-back",
        "doubt",
        "“{column}”由{current}改回了此前的“{value}”，已照收",
        "请核对是不是旧表；是旧表的，请撤回这次报送",
        "请核对这次交的是不是旧表；是旧表的，请告诉督查室",
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
)
