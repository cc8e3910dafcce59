"""Findings of reading unit and leader lists."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

KINDS: tuple[Kind, ...] = (
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
)
