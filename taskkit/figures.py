"""The one reading of a number that a person typed as text."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_NUMBER = re.compile(r"(?:[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+)(?:[eE][+-]?(?:\d|1[0-5]))?")


def as_number(text: str) -> Decimal | None:
    """The number that a text plainly is (１２３, 1,234, -5, 1e3), else None."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    return Decimal(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else None


def number_or_text(text: str) -> float | str | None:
    """A value for a cell: the number that a text plainly is, else the text; None for nothing."""
    number = as_number(text)
    return float(number) if number is not None else text or None
