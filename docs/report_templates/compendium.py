"""The compendium of support units' texts: text throughout."""

from __future__ import annotations

from report_templates.layout import Lines, upright

LINES: Lines = (
    ("公文标题", "{{ title }}"),
    ("公文正文", ""),
    ("公文正文", "{{ intro }}"),
    ("公文正文", "{%p for text in missing %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p for group in groups %}"),
    ("一级标题", "{{ group.number }}、{{ group.unit }}牵头的任务"),
    ("公文正文", "{%p for task in group.tasks %}"),
    ("任务标题", "{{ task.number }}{{ task.title }}"),
    ("公文正文", "{%p for entry in task.entries %}"),
    ("公文正文", "|{{ entry.unit }}：|{{ entry.text }}"),
    ("公文正文", "{%p for text in entry.more %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p for text in task.tail %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endfor %}"),
)


def template() -> bytes:
    return upright(LINES)
