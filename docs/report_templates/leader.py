"""The leader's brief: text throughout, signed."""

from __future__ import annotations

from report_templates.layout import Lines, upright

LINES: Lines = (
    ("公文标题", "{{ title }}"),
    ("公文正文", ""),
    ("公文正文", "{{ intro }}"),
    ("公文正文", "{%p for section in sections %}"),
    ("公文正文", "{%p if section.heading %}"),
    ("一级标题", "{{ section.heading }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p for text in section.opening %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p for text in section.entries %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("表格附注", "{%p for each in section.tables %}"),
    ("表格附注", "{{ each.table }}"),
    ("表格附注", "{%p endfor %}"),
    ("公文正文", "{%p if section.more %}"),
    ("公文正文", "{{ section.more }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p endfor %}"),
)


def template() -> bytes:
    return upright(LINES, signed=True)
