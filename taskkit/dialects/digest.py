"""Tasks run together in one paragraph, as in a department's own digest.

title 工作措施：… 部门分工：…。 title 部门分工：…。
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from taskkit.dialects.items import read_items
from taskkit.dialects.rows import Reading
from taskkit.documents import Paragraph
from taskkit.unit_words import UNIT_LABELS
from taskkit.units import LABELS

NAME = "digest"
_LABEL = re.compile(rf"(?:{'|'.join(LABELS[key] for key in UNIT_LABELS)})\s*[：:]")


def fits(paragraphs: Sequence[tuple[int, Paragraph]]) -> int:
    """How many labels of units stand in paragraphs that hold several."""
    found = (len(_LABEL.findall(paragraph.text)) for _, paragraph in paragraphs)
    return sum(count for count in found if count >= 4)


def read(paragraphs: Sequence[tuple[int, Paragraph]]) -> Reading:
    """The rows of these paragraphs."""
    return read_items(paragraphs)
