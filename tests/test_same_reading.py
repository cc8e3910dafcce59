"""What does not count for a clerk does not count for the reader: the real plans, printed otherwise, read the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from taskkit.plan import records
from taskkit.reading import read_plan
from taskkit.text import fold
from tests.plans import plans_folder

NAMES = ("gd-2022-webcopy", "gd-2023-digest", "gd-2023", "guangfeng-2021", "xinxing-2023")
FULL, HALF = "，；：（）", ",;:()"
NEW = r"(?=\s*(?:\d+\s*[.．、]|[（(]?[一二三四五六七八九十]+[）)、]|\S{2,5}[：:]))"  # a number or a label follows
LABELS = {
    "牵头单位": "牽頭單位",
    "责任单位": "責任單位",
    "主办单位": "主辦單位",
    "协办单位": "協辦單位",
    "部门分工": "部門分工",
    "分管省领导": "分管省領導",
    "责任领导": "責任領導",
    "工作措施": "工作措施",
    "牵头，": "牽頭，",
    "等配合。": "等配合。",
    "配合落实。": "配合落實。",
}


def swapped(text: str, pairs: dict[str, str]) -> str:
    for one, other in pairs.items():
        text = text.replace(one, other)
    return text


def other_widths(text: str) -> str:
    """Full-width punctuation as half-width; a text that has half-width brackets gets full-width ones."""
    if text.count("(") > text.count("（"):
        return re.sub(r"(?<!\d)[,;:]|[,;:](?!\d)|[()]", lambda found: FULL[HALF.index(found[0])], text)
    return text.translate(str.maketrans(FULL, HALF))


def clause_brackets(text: str) -> str:
    """Brackets that name units in another shape."""
    return re.sub(r"[（(]((?:主办|牵头|责任)单位[：:](?:[^（）()]|[（(][^（）()]*[）)])*)[）)]", r"〔\1〕", text)


CHANGES: dict[str, Callable[[str], str]] = {
    "the other width of punctuation": other_widths,
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "empty lines between": lambda text: re.sub(r"\n(?![^\n]*\t)", "\n\n", text),
    "no full stop at the end of a line": lambda text: re.sub(rf"。[ 　]*(\n+){NEW}", r"\1", text),
    "another mark after numbers": lambda text: re.sub(r"(?m)^(\s*\d{1,3})[.．](?!\d)", r"\1、", text),
    "numbers in full width": lambda text: re.sub(r"(?m)^(\s*\d{1,3})[.、](?!\d)", r"\1．", text),
    "brackets of another shape": clause_brackets,
    "indented by wide spaces": lambda text: re.sub(r"(?m)^(?=\S[^\t\n]*$)", "　　", text),
    "indented by tabs": lambda text: re.sub(r"(?m)^(?=\S[^\t\n]*$)", "\t", text),
    "spaces at the ends of lines": lambda text: re.sub(r"(?m)(?<=\S)$(?<![\t])", "  ", text),
    "labels in traditional script": lambda text: swapped(text, LABELS),
}


def said(text: Any) -> Any:
    return fold(text).rstrip("。.;,、") if isinstance(text, str) else text


def reading_of(file: Path) -> list[list[Any]]:
    """What is read, with widths of punctuation, shapes of brackets and closing marks made one."""
    plan = read_plan(file)
    keys = ("task_id", "part", "no", "section", "group", "title", "measures", "leaders", "deadline", "joint")
    rows = [[said(task[key]) for key in keys] for task in records("tasks", plan.tasks)]
    own = ("task_id", "measure_no", "unit", "role", "rank", "collective")
    return rows + [[said(row[key]) for key in own] for row in records("assignments", plan.assignments)]


@cache
def as_printed(name: str) -> list[list[Any]]:
    return reading_of(plans_folder() / f"{name}.txt")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_plan_printed_otherwise_is_read_the_same(name, change, tmp_path):
    text = (plans_folder() / f"{name}.txt").read_text(encoding="utf-8")
    (tmp_path / "方案.txt").write_text(CHANGES[change](text), encoding="utf-8", newline="")

    assert as_printed(name) == reading_of(tmp_path / "方案.txt")
