"""Number formats: what they make of a number (a date, a time, a percentage), and what a date looks like in them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal

from lxml import etree

from taskkit.office.xml import local

Value = str | int | float | bool | dt.datetime | dt.time | dt.timedelta
Form = Literal["", "date", "time", "duration", "percent"]

_BUILT_IN: dict[int, Form] = {
    9: "percent",
    10: "percent",
    **dict.fromkeys((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58), "date"),
    **dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47, 55, 56), "time"),
    46: "duration",
}
# What the built-in formats of a Chinese Excel look like (ECMA-376 part 1, 18.8.30).
_CHINESE = {
    **dict.fromkeys((27, 36, 50, 52, 57), "yyyy年m月"),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), "m月d日"),
    31: "yyyy年m月d日",
}
_DATE_SIGNS = re.compile(r"y+|m+|d+", re.I)
_CHINESE_DATE = re.compile(r"(?!.*(?:mmm|ddd))(?=.*[年月日])[\s年月日号ymd]*", re.I)
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.I)


def forms_of(elements: Iterable[etree._Element]) -> list[tuple[Form, str]]:
    """What each cell style does with a number (nothing, a date, a time, …), and its format code.

    ``elements`` are the numFmt and xf elements of the styles, in order.
    """
    codes: dict[int, str] = {}
    numbers: list[int] = []
    for each in elements:
        parent, number = each.getparent(), _whole(each.get("numFmtId"))
        where = local(parent) if parent is not None else ""
        if where == "numFmts":
            codes[number] = each.get("formatCode") or ""
        elif where == "cellXfs":
            numbers.append(number)
    return [form_of(number, codes.get(number)) for number in numbers]


def form_of(number: int, code: str | None) -> tuple[Form, str]:
    """What a format does with a number, and its code; without a code it is one of those built in."""
    return (_BUILT_IN.get(number, ""), _CHINESE.get(number, "")) if code is None else (_form(code), code)


def plain_number(number: float) -> int | float:
    """A whole number without its decimal point, as far as it is exact."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _form(code: str) -> Form:
    plain = _QUOTED.sub("", code.split(";")[0]).lower()
    if re.search(r"\[[hms]+\]", plain):
        return "duration"
    if "general" in plain or not re.search("[ymdhs%]", plain):
        return ""
    if "%" in plain:
        return "percent"
    return "time" if re.search("[hs]", plain) and not re.search("[yd]", plain) else "date"


def moment_of(number: float, form: Form, is_1904: bool) -> Value | None:
    """The date, time or duration that a number stands for; None where there is none (too large, negative)."""
    try:
        span = dt.timedelta(seconds=round(number * 86_400))
        if form == "duration":
            return span
        if form == "time" and 0 <= number < 1:
            return (dt.datetime(1900, 1, 1) + span).time()
        if number < 0:
            return None
        # The 1900 system counts a 29 February 1900 that never was: days before it are one off.
        start = dt.datetime(1904, 1, 1) if is_1904 else dt.datetime(1899, 12, 31 if number < 60 else 30)
        return start + span
    except OverflowError:
        return None


def from_iso(raw: str) -> dt.datetime | None:
    """The moment that an ISO date spells (cells of type "d"), without its time zone; None for anything else."""
    try:
        return dt.datetime.fromisoformat(raw).replace(tzinfo=None)
    except ValueError:
        return None


def saved_moment(raw: str | None, local: bool = False) -> dt.datetime | None:
    """When a file was saved, in UTC and whole seconds; None where it does not say so, or not credibly.

    A time without its zone is in UTC, or in that of this machine where it is ``local``.
    """
    try:
        moment = dt.datetime.fromisoformat((raw or "").strip())
        utc = moment.astimezone(dt.UTC) if moment.tzinfo or local else moment
        return utc.replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError):
        return None


def shown_as(moment: Value, code: str) -> str:
    """A date as its format shows it where the format writes 年, 月 or 日 and no time; else ""."""
    plain = re.sub(r'["\\]|\[[^\]]*\]|_.|\*.', "", code.split(";")[0]).strip()
    if not isinstance(moment, dt.datetime) or not _CHINESE_DATE.fullmatch(plain):
        return ""
    parts = {"m": moment.month, "d": moment.day}

    def part(sign: re.Match[str]) -> str:
        letter = sign[0][0].lower()
        if letter == "y":
            return f"{moment.year:04d}" if len(sign[0]) > 2 else f"{moment.year % 100:02d}"
        return f"{parts[letter]:0{len(sign[0])}d}"

    return _DATE_SIGNS.sub(part, plain)


def space_of(root: etree._Element) -> str:
    """The namespace of a part in braces: the transitional, the strict, or none at all."""
    return f"{root.tag.rpartition('}')[0]}}}" if "}" in root.tag else ""


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 12 else 0
