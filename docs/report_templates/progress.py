"""The progress report: text, annexes on turned pages."""

from __future__ import annotations

from report_templates.layout import Lines, annexed

LINES: Lines = (
    ("公文标题", "{{ title }}"),
    ("公文正文", ""),
    ("公文正文", "{{ intro }}"),
    ("一级标题", "一、总体情况"),
    ("公文正文", "{%p for text in overview %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p for chart in charts %}"),
    ("公文正文", "{{ chart }}"),
    ("公文正文", "{%p endfor %}"),
    ("一级标题", "二、各领域进展"),
    ("公文正文", "{%p for domain in domains %}"),
    ("二级标题", "（{{ domain.number }}）{{ domain.title }}"),
    ("公文正文", "{{ domain.summary }}"),
    ("公文正文", "{%p for entry in domain.entries %}"),
    ("公文正文", "{{ entry.number }}.|{{ entry.title }}|{{ entry.text }}"),
    ("公文正文", "{%p for text in entry.more %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p for text in domain.tail %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endfor %}"),
    ("一级标题", "三、滞后事项及原因"),
    ("公文正文", "{{ delays_summary }}"),
    ("公文正文", "{%p for entry in delays %}"),
    ("公文正文", "{{ entry.number }}.|{{ entry.title }}|{{ entry.text }}"),
    ("公文正文", "{%p for text in entry.more %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endfor %}"),
    ("一级标题", "四、需协调解决的问题"),
    ("公文正文", "{{ requests_summary }}"),
    ("公文正文", "{%p for entry in requests %}"),
    ("公文正文", "{{ entry.number }}.{{ entry.text }}"),
    ("公文正文", "{%p for text in entry.more %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endfor %}"),
    ("一级标题", "五、报送情况"),
    ("公文正文", "{%p for text in returns[:-1] %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p if advice %}"),
    ("公文正文", "{{ returns[-1] }}"),
    ("一级标题", "六、下一步建议"),
    ("公文正文", "{%p for text in advice[:-1] %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{{ (advice or returns)[-1] }}"),
)


def template() -> bytes:
    return annexed(LINES, signed=True)
