"""THE catalogue of findings: what can be unsure or wrong in a plan or a returned workbook.

A finding is a value, collected and shown in a table; it never stops the work. Each kind has a
code, a severity and a text that says what is wrong and how to mend it, in the file of its topic
in this folder. Every code stands in docs/findings.md; a test holds the two together.

severity  ``error``: cannot be used as it is, a person must act
          ``doubt``: used, but a person should look
          ``note``: for information
"""

from __future__ import annotations

from taskkit.findings import (
    changing,
    collecting,
    deciding,
    directing,
    issuing,
    proofreading,
    reading,
    register,
    returned_values,
    reviewing,
    rosters,
    schedules,
    scoring,
)
from taskkit.findings.kinds import Finding, Kind, Severity
from taskkit.places import Place

__all__ = ["CATALOGUE", "SEVERITY_LABELS", "TOPICS", "Finding", "Kind", "Severity", "finding"]

SEVERITY_LABELS: dict[str, str] = {"error": "错误", "doubt": "存疑", "note": "提示"}
TOPICS = (
    reading,
    proofreading,
    rosters,
    issuing,
    collecting,
    returned_values,
    deciding,
    register,
    schedules,
    reviewing,
    changing,
    scoring,
    directing,
)
CATALOGUE: dict[str, Kind] = {kind.code: kind for topic in TOPICS for kind in topic.KINDS}


def finding(
    code: str, place: Place | None = None, /, *, source: str = "", task_id: str | None = None, **words: object
) -> Finding:
    """Make a finding of a kind in the catalogue; ``words`` fill text and advice.

    With a ``place``, ``source`` is the file's name, and the place follows it. Raises KeyError for
    a code that is not in the catalogue (our own mistake).
    """
    kind = CATALOGUE[code]
    text, advice = kind.text.format(**words), kind.advice.format(**words)
    to_unit = kind.to_unit.format(**words) or advice
    stop = "" if text.endswith("？") else "；"  # a question (是不是…？) is a sentence of its own
    where = f"{source} {place}" if place else source
    return Finding(code, kind.severity, f"{text}{stop}{advice}。", where, task_id, place, text, to_unit)
