"""The digest: text throughout."""

from __future__ import annotations

from report_templates.layout import Lines, upright

# Title, opening and headings, until the first task.
OPENING: Lines = (
    ("公文标题", "{{ title }}"),
    ("公文正文", ""),
    ("公文正文", "{{ intro }}"),
    ("公文正文", "{%p for group in groups %}"),
    ("公文正文", "{%p if group.section %}"),
    ("一级标题", "{{ group.section }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p if group.group %}"),
    ("二级标题", "{{ group.group }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p for task in group.tasks %}"),
)
LINES: Lines = (
    *OPENING,
    ("任务标题", "{{ task.number }}{{ task.title }}"),
    ("公文正文", "{%p for line in task.lines %}"),
    ("公文正文", "{{ line }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endfor %}"),
)


def template() -> bytes:
    return upright(LINES)
