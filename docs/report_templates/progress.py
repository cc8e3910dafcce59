"""The progress report: text, annexes on turned pages."""

from __future__ import annotations

from report_templates.layout import Lines, annexed

ENTRY = "{{ entry.number }}.|{{ entry.title }}|{{ entry.text }}"


def _listed(name: str) -> Lines:
    """The paragraphs of a list of texts."""
    return (
        ("公文正文", f"{{%p for text in {name} %}}"),
        ("公文正文", "{{ text }}"),
        ("公文正文", "{%p endfor %}"),
    )


def _entries(name: str) -> Lines:
    """The numbered paragraphs of a list, each with what follows it."""
    return (
        ("公文正文", f"{{%p for entry in {name} %}}"),
        ("公文正文", ENTRY),
        *_listed("entry.more"),
        ("公文正文", "{%p endfor %}"),
    )


def _where(condition: str, lines: Lines) -> Lines:
    return (("公文正文", f"{{%p if {condition} %}}"), *lines, ("公文正文", "{%p endif %}"))


def _section(key: str, lines: Lines) -> Lines:
    """A section under its heading; both are left out where the heading is."""
    return _where(f"headings.{key}", (("一级标题", f"{{{{ headings.{key} }}}}"), *lines))


def _within(key: str, number: str) -> Lines:
    """A heading within a section, which only the report on a whole year has."""
    return _where(f"headings.{key}", (("二级标题", f"（{number}）{{{{ headings.{key} }}}}"),))


LINES: Lines = (
    ("公文标题", "{{ title }}"),
    ("公文正文", ""),
    ("公文正文", "{{ intro }}"),
    *_section("overview", (*_listed("overview"), *_listed("charts"))),
    *_section(
        "targets",
        (
            *_within("figures", "一"),
            *_listed("targets"),
            *_within("promises", "二"),
            *_listed("promises"),
            *_entries("unmet"),
        ),
    ),
    *_section(
        "domains",
        (
            *_where("no_domains", (("公文正文", "{{ no_domains }}"),)),
            ("公文正文", "{%p for domain in domains %}"),
            *_where("domain.number", (("二级标题", "（{{ domain.number }}）{{ domain.title }}"),)),
            ("公文正文", "{{ domain.summary }}"),
            *_entries("domain.entries"),
            *_listed("domain.tail"),
            ("公文正文", "{%p endfor %}"),
        ),
    ),
    *_section("delays", (("公文正文", "{{ delays_summary }}"), *_entries("delays"), *_listed("doubts"))),
    *_section("requests", (("公文正文", "{{ requests_summary }}"), *_entries("requests"))),
    *_section(
        "advice",
        (
            *_within("carried", "一"),
            *_listed("carried"),
            *_entries("carried_tasks"),
            *_within("proposals", "二"),
            *_listed("advice"),
            *_entries("drafts"),
        ),
    ),
    *_where("closing", (("公文正文", "{{ closing }}"),)),
)


def template() -> bytes:
    return annexed(LINES, signed=True)
