"""What the writing and the reading of 报送安排 share: its columns and its words."""

from __future__ import annotations

from taskkit.columns import Column, Field
from taskkit.proofreading.columns import ROLES as ONE_ROLE
from taskkit.sheet_forms.forms import Form, Words
from taskkit.workdays import BEFORE, KEEP, NEXT

TITLE, BY_UNIT = "报送安排", "各单位时限"
VERSION = "taskkit-schedule-version"  # property: the version that it was written from
ROLES: Words = {**ONE_ROLE, "all": ("全部", "牵头和配合", "各单位", "all")}
MOVES: Words = {
    KEEP: ("照此日期", "不变", "不顺延", "照写的日期"),
    NEXT: ("顺延", "后延", "遇节假日顺延", "下一个工作日"),
    BEFORE: ("提前", "遇节假日提前", "上一个工作日"),
}
_FIELDS = (
    Field(Column("period", "报送期"), "open"),
    Field(Column("part", "部分"), "open"),
    Field(Column("role", "谁报", synonyms=("角色",)), "open"),
    Field(Column("due_on", "截止日期", synonyms=("截止", "报送时间", "日期")), "open"),
    Field(Column("move", "遇节假日"), "open"),
    Field(Column("to_whom", "报给"), "open"),
    Field(Column("source", "依据", synonyms=("备注", "说明")), "open"),
)
FORM = Form("due", TITLE, _FIELDS, ("move", "to_whom", "source", "part"), book=TITLE, prefix="schedule")
TELLING = {"period", "role", "due_on"}
