"""The plan in the table layout: turned throughout."""

from __future__ import annotations

from report_templates.layout import Lines, turned

LINES: Lines = (
    ("公文标题", "{{ title }}"),
    ("公文正文", ""),
    ("公文正文", "{{ intro }}"),
    ("表格附注", "{%p for each in tables %}"),
    ("表格附注", "{{ each.table }}"),
    ("表格附注", "{%p endfor %}"),
)


def template() -> bytes:
    return turned(LINES)
