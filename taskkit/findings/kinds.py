"""What a finding is, and what a kind of finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from taskkit.places import Place

Severity = Literal["error", "doubt", "note"]


@dataclass(frozen=True)
class Kind:
    """One kind of finding: ``text`` says what is wrong, ``advice`` how to mend it; both are format strings.

    ``to_unit`` is what the unit itself is told to do, where the advice is meant for the office.
    """

    code: str
    severity: Severity
    text: str
    advice: str
    to_unit: str = ""


@dataclass(frozen=True)
class Finding:
    """One finding: a row of ``plan.findings`` or of ``result.findings``.

    ``source`` says where, in words; ``place`` is the cell, row or sheet of a returned file, where it is about one.
    ``what`` is the message without its advice, ``to_unit`` what the unit is told to do.
    """

    code: str
    severity: Severity
    message: str
    source: str = ""
    task_id: str | None = None
    place: Place | None = None
    what: str = ""
    to_unit: str = ""

    @property
    def row(self) -> dict[str, str | None]:
        """The finding as a row of a frame; a place stands in ``source`` already."""
        keys = ("code", "severity", "task_id", "source", "message")
        return {key: getattr(self, key) for key in keys}
