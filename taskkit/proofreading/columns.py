"""The sheets and columns of the proofreading workbook, and the words that stand for coded values.

Written and read back by the same lists. The first word of each value is the one that is written;
the others are what people type instead.
"""

from __future__ import annotations

import re

from taskkit.columns import COLUMNS, Column, Field
from taskkit.errors import UsageError
from taskkit.periods import parse_period
from taskkit.sheet_forms.forms import Form, Words, word_key

SCHEMA = "1"
KIND = "proofreading"
LIST_OF_FLAGS = "是否"  # the drop-down of 并列 and 等
KEPT_SHEET = "_taskkit_kept"
KEPT_KEYS = ("task", "field", "print", "record")

OPS: Words = {
    ">=": ("不低于", "≥", ">=", "不少于", "不小于", "以上", "超过", "至少", "大于", ">"),
    "<=": ("不超过", "≤", "<=", "不高于", "不大于", "以内", "以下", "小于", "<"),
    "=": ("达到", "=", "等于", "为"),
    "~": ("左右", "≈", "~", "约", "近"),
}
KINDS: Words = {
    "count": ("数量", "count"),
    "level": ("规模", "总量", "level"),
    "ratio": ("比率", "比例", "ratio"),
    "growth": ("增幅", "增长", "增速", "growth"),
    "range_change": ("标准调整", "调整", "range_change"),
}
NATURES: Words = {"预期性": ("预期性", "预期性指标"), "约束性": ("约束性", "约束性指标")}
ROLES: Words = {
    "lead": ("牵头单位", "牵头", "主办单位", "lead"),
    "support": ("配合单位", "配合", "协办单位", "责任单位", "support"),
}


def _form(key: str, title: str, *columns: Column, apart: tuple[str, ...] = ()) -> Form:
    return Form(key, title, tuple(Field(column, "open") for column in columns), apart, book="核对稿", prefix="proof")


_TASK = Column("id", "任务编号")
_LEAD = Column("lead", COLUMNS["lead_units"].header, synonyms=COLUMNS["lead_units"].synonyms)
_SUPPORT = Column("support", COLUMNS["support_units"].header, synonyms=COLUMNS["support_units"].synonyms)
_PART = Column("part", "部分")
_SOURCE = Column("source", "原文位置")

DOUBTS = _form(
    "doubt",
    "疑点",
    Column("no", "序号"),
    Column("severity", "程度"),
    Column("link", "所在"),
    Column("what", "问题"),
    Column("advice", "建议"),
    Column("source", "原文位置"),
    Column("done", "核对记录", prompt="供核对时自己做记号，不读回"),
)
TASKS = _form(
    "task",
    "任务",
    _TASK,
    _PART,
    COLUMNS["no"],
    Column("section", "大类"),
    Column("group", "大项", synonyms=("事项",)),
    COLUMNS["title"],
    COLUMNS["measures"],
    COLUMNS["leaders"],
    _LEAD,
    _SUPPORT,
    Column("joint", "并列", prompt="各单位并列负责、没有指明牵头的，填“是”"),
    Column("open_ended", "等", prompt="原文单位名单以“等”字结尾的，填“是”"),
    COLUMNS["deadline"],
    Column("due_on", "完成日期", kind="date", prompt="完成时限折算的最后一天；空着的按完成时限折算"),
    Column("original", "原文"),
    _SOURCE,
    apart=("original",),
)
TARGETS = _form(
    "target",
    "量化指标",
    Column("id", "指标编号"),
    Column("task", "任务编号"),
    Column("text", "原句"),
    Column("indicator", "指标", synonyms=("指标名称",)),
    Column("op", "比较", choices="比较"),
    Column("value", "数值", kind="number", synonyms=("目标值", "年度目标值")),
    Column("unit", "单位", synonyms=("计量单位",)),
    Column("baseline", "基数", kind="number"),
    Column("kind", "类型", choices="类型"),
    Column("nature", "性质", choices="性质"),
)
STEPS = _form(
    "step",
    "措施单位",
    _TASK,
    Column("measure_no", "措施序号", kind="number"),
    Column("text", "措施"),
    _LEAD,
    _SUPPORT,
    apart=("text",),
)
GOALS = _form("goal", "阶段目标", _TASK, Column("stage", "阶段"), Column("text", "目标"))
SCHEDULE = _form(
    "due",
    "报送安排",
    Column("period", "报送期"),
    Column("role", "谁报", choices="谁报"),
    _PART,
    Column("due_on", "截止日期", kind="date", synonyms=("截止", "报送时间")),
    Column("to_whom", "报给"),
    _SOURCE,
)
INFO = _form(
    "info",
    "基本情况",
    Column("title", "标题"),
    Column("issuer", "发文单位"),
    Column("document_number", "文号"),
    Column("year", "年度", synonyms=("年份",)),
    Column("issued_on", "印发日期"),
    Column("stages", "目标阶段"),
    Column("source", "原文件"),
    Column("dialect", "写法"),
    Column("sha256", "原文件校验码"),
)
DATA_FORMS = (TASKS, TARGETS, STEPS, GOALS, SCHEDULE)
TITLES = tuple(form.title for form in (DOUBTS, INFO, *DATA_FORMS))
# Sheets that every workbook has; the others stand only where the plan has such rows.
ALWAYS = (TASKS, TARGETS, SCHEDULE)


def part_shown(part: str) -> str:
    """A part as people call it: 正文, 附件, 附件2."""
    return "正文" if part == "main" else part.replace("annex", "附件", 1)


def part_meant(text: str) -> str | None:
    """The part that a typed word means."""
    word = word_key(text)
    if word in ("正文", "主件", "主体", "main"):
        return "main"
    if found := re.fullmatch(r"(?:附件|附表|annex)(\d{0,3})", word):
        return "annex" if found[1] in ("", "1") else f"annex{int(found[1])}"
    return "annex" if word == "民生实事" else None


def period_shown(text: str | None) -> str | None:
    """A period as officials write it: 2026年一季度, 落实方案."""
    try:
        return parse_period(text).label if text else text
    except UsageError:
        return text


def period_meant(text: str) -> str | None:
    """The period (2026Q1) that 2026年一季度, 2026年第1季度, 2026年上半年, 2026年5月 or 落实方案 means."""
    try:
        return parse_period(text).text
    except UsageError:
        return None
