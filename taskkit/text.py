"""Cleaning of running Chinese text: spaces, widths, wrapped lines, brackets, numerals.

Nothing here knows what a plan is. Numerals are parsed by a small parser of our own and only
inside what a rule has already isolated: general converters damage running text (进一步 -> 进1步).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

OPENING = "（(〔[【《〈“‘「『"
CLOSING = "）)〕]】》〉”’」』"
# The dot after a printed number: none within a figure (1.5万), but before a date (3.2026年底前, 4.6月底前).
DOT = r"\.(?:(?![0-9０-９])|(?=20\d\d年|\d{1,2}月))"
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_WIDE = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\u2010-\u201f\u00b7"
_SPACE_AT_WIDE = re.compile(rf"(?<=[{_WIDE}]) (?=\S)|(?<=\S) (?=[{_WIDE}])")
# Numbers that are one sign with their bracket or full stop (⑴ ⒈ ㈠), as two.
_ONE_SIGN = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2474, 0x249C), *range(0x3220, 0x322A))
}
_ENDS = "。！？!?；;：:"


def plain_line(text: str) -> str:
    """One line with invisible marks dropped and runs of spaces made one; spaces may still mean something."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).translate(_ONE_SIGN).strip()


def compact(text: str) -> str:
    """Running text without the spaces of its layout: those beside a Chinese character go, "Wi-Fi 6" stays."""
    line = " ".join(plain_line(part) for part in text.splitlines())
    return _SPACE_AT_WIDE.sub("", _SPACES.sub(" ", line).strip())


def squeeze(text: str) -> str:
    """A text without any space at all: for labels and names, where every space is layout."""
    return re.sub(r"\s+", "", _INVISIBLE.sub("", text))


def narrow(text: str) -> str:
    """A text in narrow signs and without spaces: for reading dates, numbers and periods that people typed."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def fold(text: str) -> str:
    """A key for comparing: width variants, spaces and quotation marks do not count."""
    return re.sub(r"[\s“”\"‘’']+", "", unicodedata.normalize("NFKC", text)).casefold()


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a paragraph does (closing quotes and brackets aside)."""
    return text.rstrip("”’」』）)〕]】 ").endswith(tuple(_ENDS)) or text.rstrip().endswith(("）", ")", "〕", "】"))


def depth_at_end(text: str, depth: int = 0) -> int:
    """How many brackets are still open at the end of a text; quotation marks, often mixed up, do not count.

    ``depth`` is how many were open where the text begins.
    """
    for char in text:
        if char in "（(〔[【《":
            depth += 1
        elif char in "）)〕]】》" and depth:
            depth -= 1
    return depth


def closing_brackets(text: str, opening: str = "（(〔[【") -> dict[int, int]:
    """Where each bracket of a text closes, by where it opens, in one pass; the end of the text where it never does."""
    ends: dict[int, int] = {}
    still: list[int] = []
    for place, char in enumerate(text):
        if char in opening:
            still.append(place)
            ends[place] = len(text)
        elif char in "）)〕]】" and still:
            ends[still.pop()] = place
    return ends


def split_top(text: str, marks: str) -> list[str]:
    """Split at any of the marks that stand outside all brackets and quotation marks."""
    opening, closing = OPENING, CLOSING
    if text.count("“") != text.count("”"):  # a quotation that never closes must not swallow the rest
        opening, closing = OPENING.replace("“", ""), CLOSING.replace("”", "")
    parts, start, depth = [], 0, 0
    for place, char in enumerate(text):
        if char in opening:
            depth += 1
        elif char in closing:
            depth = max(0, depth - 1)
        elif char in marks and not depth:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def split_keeping(text: str, marks: str) -> list[tuple[str, str]]:
    """Like ``split_top``, each part with the mark that follows it ("" for the last)."""
    parts, place = split_top(text, marks), 0
    pairs = []
    for part in parts:
        place += len(part)
        pairs.append((part, text[place : place + 1]))
        place += 1
    return pairs


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph with their closing marks."""
    return [whole for part, mark in split_keeping(text, "。；;！？") if (whole := f"{part}{mark}".strip())]


def similar(one: str, other: str) -> float:
    """How much two short texts share, 0 to 1, by their pairs of neighbouring characters."""
    left, right = set(pairs(fold(one))), set(pairs(fold(other)))
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 1.0


def pairs(text: str) -> Iterator[str]:
    """Every two neighbouring characters of a text."""
    return (text[place : place + 2] for place in range(len(text) - 1))


_DIGITS = {
    char: value
    for value, chars in enumerate(("〇零", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MAGNITUDES = {"万": 10_000, "亿": 100_000_000}
NUMERAL = "[〇零一二两三四五六七八九十百千万亿]+"


def parse_numeral(text: str) -> int | None:
    """The value of a Chinese or Arabic whole number (十二, 两, 百万, 35); None for anything else."""
    word = unicodedata.normalize("NFKC", text.strip())
    if word.isdecimal():
        return int(word)
    if not re.fullmatch(NUMERAL, word):
        return None
    total = section = digit = 0
    for char in word:
        if char in _DIGITS:
            digit = digit * 10 + _DIGITS[char] if digit else _DIGITS[char]
        elif char in _PLACES:
            section += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            total = (total + section + digit or 1) * _MAGNITUDES[char]
            section = digit = 0
    return total + section + digit
