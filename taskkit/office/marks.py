"""Marks in a template: ``{{ unit.name }}`` in a cell, checked against those that exist."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from typing import TypeVar

from taskkit.errors import TemplateError

BANDS = ("section", "group")
_MARK = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_Value = TypeVar("_Value")


def marks_in(text: object) -> list[str]:
    """The names of the marks in a cell's text, in order."""
    return _MARK.findall(text) if isinstance(text, str) and "{{" in text else []


def sole_mark(text: str) -> str | None:
    """The mark's name where the text is one mark and nothing else: its value keeps its type."""
    match = _MARK.fullmatch(text.strip())
    return match[1] if match else None


def replaced(text: str, values: Mapping[str, object]) -> str:
    """The text with its marks replaced; a mark without a value gives nothing."""
    return _MARK.sub(lambda match: _as_text(values.get(match[1])), text)


def check_marks(text: object, known: Collection[str], place: str) -> None:
    """Raise TemplateError, naming the place, where a mark is misspelt or its braces do not pair."""
    if not isinstance(text, str) or not ("{{" in text or "}}" in text):
        return
    rest = _MARK.sub("", text)
    if "{{" in rest or "}}" in rest:
        raise TemplateError(f"{place}：“{text}”的花括号不成对", "标记要写成 {{ 名称 }}，前后各两个花括号")
    for name in marks_in(text):
        if name not in known:
            raise TemplateError(f"{place}：没有“{{{{ {name} }}}}”这个标记", _advice(name, known))


def _advice(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    hint = f"是不是“{{{{ {near[0]} }}}}”？" if near else ""
    return f"{hint}可用的标记：{'、'.join(sorted(known))}"


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
