"""What the writing and the reading of 批示登记 share: its columns, its words, its row marks."""

from __future__ import annotations

import hashlib
import json

from taskkit.columns import Column, Field
from taskkit.sheet_forms.forms import Form, Words
from taskkit.stores.directives import CLOSED, EACH, ONCE, ONGOING, REVOKED, Directive

TITLE = "批示登记"
REPORTING: Words = {
    EACH: ("每期报送", "每期", "每次", "随报", "按期报送", "持续报送"),
    ONCE: ("一次报送", "一次", "一次性", "一次性报送", "办结后报送", "专报"),
}
STATES: Words = {
    ONGOING: ("办理中", "在办", "正在办理", "未办结"),
    CLOSED: ("已办结", "办结", "完成", "已完成", "销号"),
    REVOKED: ("撤销", "撤回", "作废", "取消"),
}
_COLUMNS = (
    Column("mark", "凭据"),
    Column("number", "编号", synonyms=("批示编号", "序号")),
    Column("leader", "批示领导", synonyms=("批示人",)),
    Column("given_on", "批示日期", synonyms=("批示时间",)),
    Column("text", "批示内容", synonyms=("批示", "批示要求")),
    Column("about", "涉及任务", synonyms=("涉及事项", "批示件")),
    Column("units", "承办单位", synonyms=("责任单位", "办理单位", "牵头单位")),
    Column("due_on", "办理期限", synonyms=("办结期限", "办理时限", "期限")),
    Column("reporting", "报送要求", synonyms=("反馈要求",)),
    Column("state", "状态", synonyms=("办理状态",)),
    Column("remark", "备注", synonyms=("说明",)),
)
FORM = Form(
    "directive",
    TITLE,
    tuple(Field(column, "shown" if column.key == "mark" else "open") for column in _COLUMNS),
    ("mark", "number", "about", "due_on", "reporting", "state", "remark"),
    "",
    "directive",
)
SAID = ("leader", "given_on", "text", "about", "units", "due_on", "reporting", "state", "remark")
NEW = "new"  # the mark of a row that was written blank


def mark_of(each: Directive) -> str:
    """What stands before a row: by which version it was written."""
    said = json.dumps([str(part) for part in each.said], ensure_ascii=False)
    return f"{each.row_id}-{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
