"""Cells: a value as the XML of a cell, how high its text is."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from numbers import Real

from taskkit.errors import InputError
from taskkit.office.data import Formula, Link, Value

LONGEST = 32_767  # characters that Excel keeps in a cell
_BREAKS = re.compile("\r\n|[\r\v\f]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1f]")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
_DAY_0 = {False: date(1899, 12, 30).toordinal(), True: date(1904, 1, 1).toordinal()}
MARGINS = 5.0  # points above and below the lines of a cell together
TALLEST = 409.0  # points that Excel allows a row


def text_of(value: str, place: str) -> str:
    """A text as the content of an XML element: what a cell holds is what was given.

    All kinds of line breaks become one; other control characters are written as ``_x0007_``, as
    Excel does. Raises InputError, naming the place, where a text is too long for a cell or holds
    what no workbook can (NUL, halves of characters).
    """
    text = _BREAKS.sub("\n", value)
    if len(text) > LONGEST // 2 and len(text) + sum(sign > "\uffff" for sign in text) > LONGEST:
        raise InputError(f"{place}：文字超过{LONGEST}字，单元格放不下", "请在原文中缩短后重试")
    if bad := _UNWRITABLE.search(text):
        raise InputError(
            f"{place}：第{bad.start() + 1}个字符（U+{ord(bad[0]):04X}）无法写入表格", "请在原文中删去后重试"
        )
    text = _CONTROLS.sub(lambda match: f"_x{ord(match[0]):04X}_", _LOOKS_ESCAPED.sub("_x005F_", text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass(frozen=True)
class Form:
    """How the cells of a workbook are written: the prefix of its tags, its date system."""

    prefix: str = ""
    is_1904: bool = False

    @cached_property
    def around(self) -> tuple[str, str, str, str, int]:
        """What stands around a plain text and around a number, and the day before the first."""
        prefix = self.prefix
        text = f' t="inlineStr"><{prefix}is><{prefix}t>', f"</{prefix}t></{prefix}is></{prefix}c>"
        return *text, f"><{prefix}v>", f"</{prefix}v></{prefix}c>", _DAY_0[self.is_1904]

    def text(self, markup: str) -> str:
        """The rest of a cell that holds a text, from its style on; ``markup`` is escaped."""
        if self.prefix or markup != markup.strip():
            tag = f"{self.prefix}t"
            return (
                f' t="inlineStr"><{self.prefix}is><{tag} xml:space="preserve">{markup}</{tag}></{self.prefix}is>'
                f"</{self.prefix}c>"
            )
        return f' t="inlineStr"><is><t>{markup}</t></is></c>'

    def rest(self, value: Value, place: str) -> str:
        """The rest of a cell after its style: ``/>`` or type, value and end tag."""
        prefix = self.prefix
        if isinstance(value, Link):
            value = value.text
        if value is None or value == "":
            return "/>"
        if isinstance(value, str):
            return self.text(text_of(value, place))
        if isinstance(value, Formula):
            return self.formula(text_of(value.text, place), value.result, place)
        if isinstance(value, bool):
            return f' t="b"><{prefix}v>{int(value)}</{prefix}v></{prefix}c>'
        number = self.number(value)
        return f"><{prefix}v>{number}</{prefix}v></{prefix}c>" if number else "/>"

    def formula(self, markup: str, result: str | float | None, place: str) -> str:
        """A formula with its computed value; with the empty text, where it is not known."""
        prefix = self.prefix
        written = f"<{prefix}f>{markup}</{prefix}f>"
        if isinstance(result, str) or result is None:
            shown = text_of(result or "", place)
            return f' t="str">{written}<{prefix}v>{shown}</{prefix}v></{prefix}c>'
        return f">{written}<{prefix}v>{self.number(result)}</{prefix}v></{prefix}c>"

    def number(self, value: object) -> str:
        """A number or date as the file has it; nothing for what is no number (NaN)."""
        if isinstance(value, date):
            days = value.toordinal() - _DAY_0[self.is_1904]
            if not isinstance(value, datetime):
                return str(days)
            since = value.replace(tzinfo=None) - value.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
            return repr(days + since.total_seconds() / 86_400)
        if isinstance(value, int):
            return str(value)
        if not isinstance(value, Real) or not math.isfinite(value):
            return ""
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


@dataclass(frozen=True)
class Box:
    """The room that a wrapped text has: width in points, size of its type."""

    width: float
    size: float

    @cached_property
    def line(self) -> float:
        """The height of a line in points."""
        return self.size * 1.35

    @cached_property
    def signs(self) -> float:
        """Full-width characters in a line; half a character is left for punctuation that may not wrap."""
        return max(self.width - 0.5 * self.size, self.size) / self.size

    @cached_property
    def _quarters(self) -> float:
        """Quarters of a full-width character in a line."""
        return 4 * self.signs

    def height(self, text: str) -> float:
        """The height of a text in points: lines of Chinese type, a full-width character as wide as it is high."""
        paragraphs = text.split("\n")
        return sum(map(self.paragraph, paragraphs)) - MARGINS * (len(paragraphs) - 1)

    def paragraph(self, text: str) -> float:
        """The height of one paragraph. Bytes tell widths at once: one for a narrow character, three for a wide one."""
        quarters = len(text) + len(text.encode("utf-8", "surrogatepass"))
        return (math.ceil(quarters / self._quarters) or 1) * self.line + MARGINS
