"""The source text of each task, to stand beside what was read of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from taskkit.documents import Document, Paragraph
from taskkit.plan import Plan, records
from taskkit.text import squeeze

LONGEST = 3_000  # characters: more is no help beside a row, the place says where the rest is
_CUT = "……（余略，见原文）"
_BEGINNING = 12  # characters of a task that find it within a paragraph of many


def originals(plan: Plan, document: Document, used: Collection[int]) -> dict[str, str]:
    """Task id -> its text in the document, from its place up to where the next task begins.

    ``used`` are the indices of the blocks that tasks were read from; what stands between (titles,
    letters, signatures) belongs to none.
    """
    tasks = records("tasks", plan.tasks)
    lines = _lines(document, used, {task["source"] for task in tasks})
    first = {place: at for at, (place, _) in reversed(list(enumerate(lines)))}
    at_place: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for task in tasks:
        if task["source"] in first:
            at_place[first[task["source"]]].append(task)
    starts = [*sorted(at_place), len(lines)]
    found: dict[str, str] = {}
    for start, stop in pairwise(starts):
        following = at_place[stop][0] if stop < len(lines) else {}
        text = "\n".join(_without_headings([text for _, text in lines[start:stop]], following))
        found |= _shared_out(text, at_place[start])
    return {task_id: _short(text) for task_id, text in found.items() if text}


def _lines(document: Document, used: Collection[int], places: Collection[str]) -> list[tuple[str, str]]:
    """(place, text) of every paragraph and table row that was used, in reading order.

    A table row that stands there more than once is the header, printed again on every page.
    """
    lines: list[tuple[str, str, bool]] = []
    for at, block in enumerate(document.blocks):
        if at not in used:
            continue
        if isinstance(block, Paragraph):
            lines.append((block.place, block.text.strip(), False))
        else:
            texts = ((row.place, (" ".join(text.split()) for text in row.texts)) for row in block.rows)
            lines += [(place, " ｜ ".join(filter(None, cells)), True) for place, cells in texts]
    counts = Counter(text for _, text, in_table in lines if in_table)
    return [(place, text) for place, text, _ in lines if counts[text] < 2 or place in places]


def _without_headings(lines: Sequence[str], following: Mapping[str, Any]) -> list[str]:
    """The lines without the headings at their end, which belong to the task that follows."""
    headings = {following.get("section"), following.get("group")} - {None}
    end = len(lines)
    while end > 1 and squeeze(lines[end - 1]) in headings:
        end -= 1
    return list(lines[:end])


def _shared_out(text: str, tasks: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The text cut at the beginnings of the tasks that share it; all of it for each where one is not found."""
    places, at = [], 0
    for task in tasks:
        at = text.find((task["title"] or task["measures"] or "")[:_BEGINNING], at)
        if at < 0:
            return {task["task_id"]: text for task in tasks}
        places.append(at)
        at += 1
    if len(tasks) == 1:
        return {tasks[0]["task_id"]: text}
    cuts = [*places, len(text)]
    return {task["task_id"]: text[a:b].strip() for task, (a, b) in zip(tasks, pairwise(cuts), strict=True)}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - len(_CUT)] + _CUT
