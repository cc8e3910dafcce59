"""Marks in a template: ``{{ unit.name }}`` in a cell, checked against those that exist."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from typing import TypeVar

from taskkit.errors import TemplateError

BANDS = ("section", "group")
MARK = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_Value = TypeVar("_Value")


def marks_in(text: object) -> list[str]:
    """The names of the marks in a cell's text, in order."""
    return MARK.findall(text) if isinstance(text, str) and "{{" in text else []


def sole_mark(text: str) -> str | None:
    """The mark's name where the text is one mark and nothing else: its value keeps its type."""
    match = MARK.fullmatch(text.strip())
    return match[1] if match else None


def replaced(text: str, values: Mapping[str, object]) -> str:
    """The text with its marks replaced; a mark without a value gives nothing."""
    return MARK.sub(lambda match: as_text(values.get(match[1])), text)


def check_braces(text: str, place: str) -> None:
    """Raise TemplateError, naming the place, where the braces of a text do not pair."""
    rest = MARK.sub("", text) if "{{" in text or "}}" in text else ""
    if "{{" in rest or "}}" in rest:
        raise TemplateError(f"{place}：“{text}”的花括号不成对", "标记要写成 {{ 名称 }}，前后各两个花括号")


def unknown_mark(name: str, known: Collection[str], place: str) -> TemplateError:
    """The error of a mark that does not exist: its place, what was probably meant, and those that there are."""
    return TemplateError(f"{place}：没有“{{{{ {name} }}}}”这个标记", _advice(name, known))


def _advice(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    hint = f"是不是“{{{{ {near[0]} }}}}”？" if near else ""
    return f"{hint}可用的标记：{'、'.join(sorted(known))}"


def as_text(value: object) -> str:
    """A value inside a text: a whole number without its point, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
