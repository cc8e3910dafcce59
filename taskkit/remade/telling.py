"""What differs, told in a few lines: figures first, then words, then what only one of the two files holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taskkit.remade.comparing import Differences, Figures, Words
from taskkit.remade.contents import Line
from taskkit.remade.figures import EMPTY
from taskkit.wording import excerpts, shortened

_LINES = 8  # paragraphs and rows whose figures are told
_IN_LINE = 4  # figures of each
_WORDED = 3  # texts worded differently
_QUOTED = 2  # texts that only one file holds
_WIDTH = 24  # characters of an excerpt
_PARTS = 3  # parts that are named where not everything is told
_START = "开头"
_INNER = str.maketrans("“”", "‘’")


def told(differences: Differences) -> list[str]:
    """The lines for a person; the left side of an arrow is the older file."""
    if differences.nothing:
        return ["数字没有变化，文字也相同（版式没有比较）。"]
    return [
        *_figures(differences),
        *_words(differences.words),
        *_alone("只在原文件里", differences.gone),
        *_alone("只在新文件里", differences.come),
        *([f"只在原文件里的列：{'、'.join(differences.columns)}。"] if differences.columns else []),
        *(f"落款日期：{each}。" for each in differences.days),
    ]


def summary(differences: Differences) -> str:
    """One line on the figures that differ; "" where none does."""
    if not differences.figures:
        return ""
    first = differences.figures[0]
    return f"数字有{differences.count}处变化，如{_place(first)}{first.shown[0]}"


def _figures(differences: Differences) -> Iterator[str]:
    listed, left = differences.figures[:_LINES], differences.figures[_LINES:]
    if not listed:
        alone = differences.gone or differences.come
        yield "两份文件都有的内容，数字没有变化。" if alone else "数字没有变化。"
        return
    yield f"数字有{differences.count}处不同（原文件 → 新文件）："
    for each in listed:
        more = f"，等{len(each.shown)}处" if len(each.shown) > _IN_LINE else ""
        yield f"  {_place(each)}{'，'.join(each.shown[:_IN_LINE])}{more}"
    if left:
        yield f"  另有{sum(len(each.shown) for each in left)}处，见{_parts(left)}。"


def _words(words: Sequence[Words]) -> Iterator[str]:
    if not words:
        return
    words = sorted(words, key=lambda each: each.has_figures)  # those of which nothing has been told yet first
    yield f"文字不同的有{len(words)}处（您改写过，或内容有更新）："
    for each in words[:_WORDED]:
        old, new = excerpts(each.old, each.new, _WIDTH)
        yield f"  {_place(each)}{_quoted(old)} → {_quoted(new)}"
    if len(words) > _WORDED:
        yield f"  另有{len(words) - _WORDED}处，见{_parts(words[_WORDED:])}。"


def _quoted(text: str) -> str:
    return f"“{text.translate(_INNER)}”" if text else EMPTY


def _alone(which: str, lines: Sequence[Line]) -> Iterator[str]:
    if lines:
        texts = "；".join(_quoted(shortened(line.text, _WIDTH)) for line in lines[:_QUOTED])
        yield f"{which}的有{len(lines)}段（行）：{texts}{'等' if len(lines) > _QUOTED else ''}。"


def _place(each: Figures | Words) -> str:
    """The beginning of a line: the part, and which paragraph or row of it."""
    if each.is_row:
        return f"{each.part}{each.row}"
    row = f"“{each.row.translate(_INNER)}”" if each.row else ""
    return f"{each.part or ('' if row else _START)}{row}："


def _parts(listed: Sequence[Figures | Words]) -> str:
    parts = list(dict.fromkeys(each.part or _START for each in listed))
    return f"{'、'.join(parts[:_PARTS])}{'等处' if len(parts) > _PARTS else ''}"
