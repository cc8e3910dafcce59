"""Names of files made from what documents and people say: never a path, whatever they are called."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

LONGEST_NAME = 50  # characters of a file's name, so that mail systems and old programs keep it whole
_RESERVED = re.compile(r"CON|PRN|AUX|NUL|CLOCK\$|(COM|LPT)[0-9¹²³]", re.IGNORECASE)


def safe_name(text: str, longest: int = LONGEST_NAME) -> str:
    """A text as part of a file's name: never a path, nothing reserved or invisible, not empty, not too long."""
    plain = unicodedata.normalize("NFC", text)
    plain = "".join("_" if unicodedata.category(sign)[0] in "CZ" or sign in '/\\:*?"<>|' else sign for sign in plain)
    plain = re.sub(r"[._]*_[._]*", "_", plain)[: max(longest, 1)].strip("._ ")
    return f"{plain}_"[: max(longest, 1)] if _RESERVED.fullmatch(plain) else plain or "单位"


def safe_file(name: str, mark: str = "") -> str:
    """A whole file name with its ending, made safe: what stands before the ending alone may change.

    ``mark`` is put before the ending, and is never cut off.
    """
    stem, dot, suffix = name.rpartition(".")
    if not dot:  # a folder
        return safe_name(name)
    return f"{safe_name(stem, LONGEST_NAME - len(mark))}{mark}{dot}{suffix}"


def different(names: Iterable[str]) -> list[str]:
    """File names of which no two are the same on any disk: the later of two alike gets a number."""
    taken: set[str] = set()
    found = []
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        tried = (f"{stem}_{number}{dot}{suffix}" for number in itertools.count(2))
        free = next(each for each in itertools.chain((name,), tried) if each.casefold() not in taken)
        taken.add(free.casefold())
        found.append(free)
    return found
