"""Texts cut to fit on a line; where two differ: in full, as fragments to mark, and as excerpts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher, get_close_matches
from typing import NamedTuple

QUOTED = 30  # signs of a text that a message quotes
_CUT = "……"
_SHOWN = 16_000  # signs of a text in a list; a cell holds twice as many halves of signs
_COMPARED = 3_000  # signs of the differing middle that are compared one by one: the effort grows with its square
_SHORTEST = 2  # equal signs between two changes that are worth keeping apart


class Fragment(NamedTuple):
    """A piece of a text, and whether the other text lacks it."""

    text: str
    changed: bool


def shortened(text: object, longest: int = QUOTED) -> str:
    """A text on one line of at most so many signs."""
    line = " ".join(str(text).split())
    return line if len(line) <= longest else f"{line[:longest]}{_CUT}"


def tasks_counted(parts: Iterable[str]) -> str:
    """How many tasks stand in which part; parts are never added up: 48项任务（另有附件14项）."""
    counts = Counter(parts)
    annexes = "、".join(f"{part.replace('annex', '附件')}{count}项" for part, count in counts.items() if part != "main")
    main = f"{counts['main']}项任务"
    return f"{main}（另有{annexes}）" if annexes and counts["main"] else annexes or main


def fitted(text: str) -> str:
    """A text as a cell can show it: the beginning of one that is longer than Excel lets it be."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}{_CUT}（共{len(text)}字）"


def did_you_mean(text: str, known: Iterable[str], most: int = 1, cutoff: float = 0.5) -> str:
    """The question whether a word is meant that is written nearly so; "" where there is none."""
    near = get_close_matches(text, list(known), n=most, cutoff=cutoff)
    return f"是不是“{'”“'.join(near)}”？" if near else ""


def fragments(before: str, after: str) -> tuple[Fragment, ...]:
    """``after`` in pieces, those marked that ``before`` does not have in this place; without empty ones."""
    start = common_start(before, after)
    end = _common_end(before[start:], after[start:])
    middle = _middle(before[start : len(before) - end], after[start : len(after) - end])
    pieces = (Fragment(after[:start], False), *middle, Fragment(after[len(after) - end :], False))
    return tuple(_joined(piece for piece in pieces if piece.text))


def excerpts(before: str, after: str, width: int) -> tuple[str, str]:
    """Both texts on one line of at most so many signs, long ones cut to where they begin to differ."""
    one, other = (" ".join(text.split()) for text in (before, after))
    differs = common_start(one, other)
    return _excerpt(one, differs, width), _excerpt(other, differs, width)


def common_start(one: str, other: str) -> int:
    """How many signs two texts have in common at their start."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _common_end(one: str, other: str) -> int:
    return common_start(one[::-1], other[::-1])


def _middle(before: str, after: str) -> Iterator[Fragment]:
    if max(len(before), len(after)) > _COMPARED:
        yield Fragment(after, True)
        return
    for kind, _, _, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield Fragment(after[start:end], kind != "equal" or end - start < _SHORTEST)


def _joined(pieces: Iterator[Fragment]) -> Iterator[Fragment]:
    """Neighbours of one kind as one piece."""
    last: Fragment | None = None
    for piece in pieces:
        if last is not None and last.changed == piece.changed:
            last = Fragment(last.text + piece.text, last.changed)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _excerpt(line: str, differs: int, width: int) -> str:
    if len(line) <= width:
        return line
    start = max(0, min(differs - width // 3, len(line) - width))
    if start <= len(_CUT):
        start = 0
    end = start + width
    return f"{_CUT if start else ''}{line[start:end]}{_CUT if end < len(line) else ''}"
