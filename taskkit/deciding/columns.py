"""What the writing and the reading of the conflicts workbook share: its columns, its words, its row marks."""

from __future__ import annotations

import hashlib
import json

from taskkit.columns import Column, Field
from taskkit.sheet_forms.forms import Form, Words
from taskkit.stores.matters import KEEP, OpenMatter

TITLE = "待决定"
TAKE, OTHER = "take", "other"
WORDS: Words = {
    KEEP: ("保留台账", "保留", "台账"),
    TAKE: ("采用收回", "采用", "收回"),
    OTHER: ("另写",),
}
CHOICES = tuple(words[0] for words in WORDS.values())
_COLUMNS = (
    Column("mark", "编号"),
    Column("unit", "单位"),
    Column("period", "报送期"),
    Column("task", "任务"),
    Column("column", "列"),
    Column("reason", "原因"),
    Column("sent", "发出时"),
    Column("current", "台账现值"),
    Column("current_from", "台账现值的来历"),
    Column("returned", "收回值"),
    Column("returned_from", "收回值的来历"),
    Column("choice", "决定"),
    Column("text", "另写的内容"),
    Column("decided_by", "决定人"),
)
READ = ("mark", "choice", "text", "decided_by")
FORM = Form(
    "decisions",
    TITLE,
    tuple(Field(column) for column in _COLUMNS),
    tuple(column.key for column in _COLUMNS if column.key not in READ),
    "",
    "decide",
)


def mark_of(matter: OpenMatter) -> str:
    """What stands before a row: the matter's number, and what tells it and the ledger's value from any other."""
    kept = matter.kept
    about = (kept.unit, kept.period, *kept.matter.key, kept.matter.returned)
    return f"{kept.number}-{_digest(about)}-{digest_of_current(matter.current)}"


def digest_of_current(text: str) -> str:
    return _digest((text,))


def _digest(parts: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:8]
