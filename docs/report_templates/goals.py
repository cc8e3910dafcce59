"""A unit's own 落实方案: signed text, the numbers by stage as an annex."""

from __future__ import annotations

from report_templates.digest import LINES
from report_templates.layout import annexed


def template() -> bytes:
    return annexed(LINES, signed=True)
