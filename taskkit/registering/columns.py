"""What the writing and the reading of the register share: its columns, and how a receipt's number is shown."""

from __future__ import annotations

from taskkit.columns import Column, Field
from taskkit.receipts import Receipt
from taskkit.sheet_forms.forms import Form

TITLE = "收件登记"
_FIELDS = (
    Field(Column("number", "登记号"), "shown"),
    Field(Column("unit", "单位", synonyms=("单位名称",)), "open"),
    Field(Column("period", "报送期"), "open"),
    Field(Column("form", "表格", synonyms=("内容",)), "open"),
    Field(Column("due_on", "报送截止"), "shown"),
    Field(Column("received", "收到日期", synonyms=("收到时间", "日期")), "open"),
    Field(Column("way", "方式", synonyms=("报送方式", "收件方式")), "open"),
    Field(Column("file_name", "文件", synonyms=("文件名",)), "shown"),
    Field(Column("label", "结果"), "open"),
    Field(Column("days_late", "迟报天数"), "shown"),
    Field(Column("reason", "说明", synonyms=("备注",)), "open"),
)
FORM = Form("receipt", TITLE, _FIELDS, ("due_on", "file_name", "days_late", "form"), book=TITLE, prefix="register")


def number_shown(receipt: Receipt) -> str:
    """登记号: 12, 12（更正1） after a correction; a submission that nobody registered is 报送3."""
    if not receipt.number:
        return f"报送{receipt.submission}"
    return f"{receipt.number}（更正{receipt.version - 1}）" if receipt.version > 1 else str(receipt.number)
