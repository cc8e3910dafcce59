"""Names of files made from what documents and people say: never a path, whatever they are called."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 50  # characters of a file's name, so that mail systems and old programs keep it whole
_RESERVED = re.compile(r"CON|PRN|AUX|NUL|CLOCK\$|(COM|LPT)[0-9¹²³]", re.IGNORECASE)


def safe_name(text: str, longest: int = LONGEST_NAME) -> str:
    """A text as part of a file's name: never a path, nothing reserved or invisible, not empty, not too long."""
    plain = unicodedata.normalize("NFC", text)
    plain = "".join("_" if unicodedata.category(sign)[0] in "CZ" or sign in '/\\:*?"<>|' else sign for sign in plain)
    plain = re.sub(r"[._]*_[._]*", "_", plain)[: max(longest, 1)].strip("._ ")
    return f"{plain}_"[: max(longest, 1)] if _RESERVED.fullmatch(plain) else plain or "单位"


def safe_file(name: str) -> str:
    """A whole file name with its ending, made safe: what stands before the ending alone may change."""
    stem, dot, suffix = name.rpartition(".")
    return f"{safe_name(stem)}{dot}{suffix}" if dot else safe_name(name)
