"""The sample plan: 48 tasks of 云溪县, a county that does not exist, in Word and as text."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

STEM = "yunxi-2026"


def sample_path(kind: str = "docx") -> Path:
    """The sample plan's file: ``docx`` (a table) or ``txt`` (numbered paragraphs).

    Both hold the same tasks, leaders and units. Raises ValueError for any other kind.
    """
    if kind not in ("docx", "txt"):
        raise ValueError(f"the sample plan comes as docx or txt, not as {kind!r}")
    return Path(str(resources.files(__name__).joinpath(f"{STEM}.{kind}")))


def answers() -> dict[str, Any]:
    """What the clerks of the lead units fill in: ``unit`` (name → people) and ``task`` (number → texts)."""
    text = resources.files(__name__).joinpath(f"{STEM}-answers.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
