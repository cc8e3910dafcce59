"""What a report holds and an office's own Word template leaves out, though the shipped one prints it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields

from taskkit.office.docx_writer import scan_template
from taskkit.reports.kinds import Part
from taskkit.settings import Settings
from taskkit.word import Frame

_SAYS = {"frame": "内部资料标识、红头和版记", "advice": "下一步建议", "charts": "图"}  # others: docs/reports.md
_NAME = re.compile(r"[A-Za-z_]\w*")


def left_out(parts: Iterable[Part], settings: Settings, frame: Frame) -> tuple[str, ...]:
    """One sentence for each template that leaves something out; nothing for shipped ones.

    ``frame``: what stands around the text (内部资料, red head, imprint).
    """
    framed = any((frame.mark, frame.head, frame.copies, frame.printer))
    lacking: dict[str, dict[str, None]] = {}
    for part in parts:
        if part.template.endswith(".docx") and settings.is_own(part.template):
            missing = _names(settings, part.template)
            held = [each.name for each in fields(part.content) if getattr(part.content, each.name)]
            held += ["frame"] if framed else []
            lacking.setdefault(part.template, {}).update(dict.fromkeys(name for name in held if name in missing))
    return tuple(
        f"模板 {template} 里没有标记 {'、'.join(map(_told, names))}，这部分内容没有印出来；"
        "要印的，请对照自带的模板补上。"
        for template, names in lacking.items()
        if names
    )


def _names(settings: Settings, template: str) -> set[str]:
    """The names that the shipped template uses and the office's own does not."""
    own, shipped = (
        {name for mark in scan_template(each.template(template), template).marks for name in _NAME.findall(mark.code)}
        for each in (settings, Settings())
    )
    return shipped - own


def _told(name: str) -> str:
    return f"{name}（{_SAYS[name]}）" if name in _SAYS else name
