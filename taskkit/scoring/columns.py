"""What the writing and the reading of the sheet 手工调整 share: its columns and its words."""

from __future__ import annotations

from taskkit.book_words import part_title
from taskkit.columns import Column, Field
from taskkit.periods import parse_period
from taskkit.sheet_forms.forms import Form

SCORES, LINES, RECORDS, TITLE = "得分", "明细与依据", "报送记录", "手工调整"
BACK = ("撤回", "撤销")  # instead of points: what was entered no longer counts
_FIELDS = (
    Field(Column("number", "编号"), "shown"),
    Field(Column("unit", "单位", synonyms=("单位名称",)), "open"),
    Field(Column("item", "项目"), "open"),
    Field(Column("period", "报送期"), "open"),
    Field(Column("part", "部分"), "open"),
    Field(Column("points", "分值", synonyms=("得分", "分数")), "open"),
    Field(Column("ground", "依据", synonyms=("理由", "说明")), "open"),
    Field(Column("by", "登记人", synonyms=("经办人",)), "open"),
)
FORM = Form("score", TITLE, _FIELDS, ("number", "period", "part"), book=TITLE, prefix="score")
MAIN = "正文"


def part_label(part: str) -> str:
    """正文, 民生实事, 附件2; "" for the year as a whole."""
    return (part_title(part) or MAIN) if part else ""


def period_label(period: str) -> str:
    """落实方案, 2026年二季度; "" for the year as a whole."""
    return parse_period(period).label if period else ""
