"""The plan in the numbered layout: text, annexes on turned pages."""

from __future__ import annotations

from report_templates.digest import OPENING
from report_templates.layout import ANNEX_LIST, Lines, annexed

LINES: Lines = (
    *OPENING,
    ("公文正文", "{%p if task.title %}"),
    ("任务标题", "{{ task.number }}{{ task.title }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p for line in task.lines %}"),
    ("公文正文", "{{ line }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endfor %}"),
    *ANNEX_LIST,
)


def template() -> bytes:
    return annexed(LINES)
