"""Figures: the one reading and the one spelling of a number, and when a figure meets its target."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_NUMBER = re.compile(r"(?:[+-]?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+)(?:[eE][+-]?(?:\d|1[0-5]))?")


def as_number(text: str) -> Decimal | None:
    """The number that a text plainly is (１２３, 1,234, 1 234, -5, 1e3), else None."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    return Decimal(re.sub("[, ]", "", plain)) if _NUMBER.fullmatch(plain) else None


def number_or_text(text: str) -> float | str | None:
    """A value for a cell: the number that a text plainly is, else the text; None for nothing."""
    number = as_number(text)
    return float(number) if number is not None else text or None


def written(number: int | float | Decimal) -> str:
    """A number as the ledger keeps it: fifteen digits, as Excel shows them (0.1 + 0.2 is 0.3), never an exponent."""
    exact = number if isinstance(number, Decimal) else Decimal(number if isinstance(number, int) else f"{number:.15g}")
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def falls(op: str | None, value: float | None, baseline: float | None) -> bool:
    """Whether a target is met by what is not above it: a ceiling, none at all, a fall, less than its baseline.

    What is asked to be at least something never is: its baseline is then a good year's figure.
    """
    if op in ("<=", ">=") or value is None:
        return op == "<="
    return value <= 0 or (baseline is not None and value < baseline)


def meets(op: str | None, value: float, baseline: float | None, achieved: float) -> bool:
    """Whether a figure meets its target."""
    return achieved <= value if falls(op, value, baseline) else achieved >= value
