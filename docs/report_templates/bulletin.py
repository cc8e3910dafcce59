"""The comparing bulletin: a masthead of its own, text with tables in it, annexes on turned pages."""

from __future__ import annotations

from collections.abc import Iterator

from report_templates.layout import (
    HEI,
    RED,
    SIZE3,
    SIZE4,
    TITLE_FONT,
    Lines,
    Style,
    annexed,
    border,
)

# The masthead: its name in red, the issue, issuer and date above a red line as wide as the text area.
STYLES = (
    Style("通报刊头", TITLE_FONT, 48.0, "center", 60.0, space_before=10, colour=RED),
    Style("通报期号", size=SIZE3, align="center", space_before=4, space_after=4),
    Style(
        "通报刊头行",
        align="left",
        placed=f'<w:pBdr>{border("bottom", 1.5, 4, RED)}</w:pBdr><w:tabs><w:tab w:val="right" w:pos="8845"/></w:tabs>',
    ),
    Style("主送机关", align="left"),
    Style("正文末段", first=2, keep_next=True),
    Style("表题", HEI, SIZE4, "center", 24.0, keep_next=True, space_before=6, space_after=4),
    Style("表注", "宋体", 10.5, "both", 15.5, space_before=3, space_after=8),
)


def _section(name: str, after: Lines = ()) -> Iterator[tuple[str, str]]:
    yield "公文正文", f"{{%p if {name}.texts %}}"
    yield from _heading(name)
    yield "公文正文", f"{{%p for text in {name}.texts %}}"
    yield "公文正文", "{{ text }}"
    yield "公文正文", "{%p endfor %}"
    yield from after
    yield "公文正文", "{%p endif %}"


def _heading(name: str) -> Lines:
    return (
        ("公文正文", f"{{%p if {name}.heading %}}"),
        ("一级标题", f"{{{{ {name}.heading }}}}"),
        ("公文正文", "{%p endif %}"),
    )


def _tables(name: str) -> Lines:
    return (
        ("表注", f"{{%p for each in {name}.tables %}}"),
        ("表题", "{{ each.label }}　{{ each.title }}"),
        ("表注", "{{ each.table }}"),
        ("表注", "{{ each.note }}"),
        ("表注", "{%p endfor %}"),
    )


CHARTS: Lines = (
    ("公文正文", "{%p for chart in units.charts %}"),
    ("公文正文", "{{ chart }}"),
    ("公文正文", "{%p endfor %}"),
)
LINES: Lines = (
    ("公文正文", "{%p if masthead %}"),
    ("通报刊头", "{{ masthead }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p if masthead and issue %}"),
    ("通报期号", "{{ issue }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p if masthead %}"),
    ("通报刊头行", "{{ issuer }}\t{{ date }}"),
    ("公文正文", ""),
    ("公文正文", "{%p endif %}"),
    ("公文标题", "{{ title }}"),
    ("公文正文", ""),
    ("公文正文", "{%p if addressee %}"),
    ("主送机关", "{{ addressee }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p if intro %}"),
    ("公文正文", "{{ intro }}"),
    ("公文正文", "{%p endif %}"),
    *_section("overall"),
    *_section("units", (*_tables("units"), *CHARTS)),
    *_section("promises", _tables("promises")),
    *_section("changes", _tables("changes")),
    *_section("returns"),
    ("公文正文", "{%p if demands.texts %}"),
    *_heading("demands"),
    ("公文正文", "{%p for text in demands.texts[:-1] %}"),
    ("公文正文", "{{ text }}"),
    ("公文正文", "{%p endfor %}"),
    ("正文末段", "{{ demands.texts[-1] }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p if annex_list %}"),
    ("正文末段", ""),
    ("公文正文", "{%p endif %}"),
    ("正文末段", "{%p for text in annex_list %}"),
    ("正文末段", "{{ text }}"),
    ("正文末段", "{%p endfor %}"),
    ("公文正文", "{%p if not masthead %}"),
    ("正文末段", ""),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p if not masthead and issuer %}"),
    ("发文机关署名", "{{ issuer }}"),
    ("公文正文", "{%p endif %}"),
    ("公文正文", "{%p if not masthead %}"),
    ("成文日期", "{{ date }}"),
    ("公文正文", "{%p endif %}"),
)


def template() -> bytes:
    return annexed(LINES, styles=STYLES)
