"""What a file made anew says otherwise than the one that a person has changed: figures first, then words.

Pure functions on plain data. Paragraphs are known by their words with the numbers left out, rows of
a table by the cells that name them, columns by what stands above them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from taskkit.figures import as_number
from taskkit.remade.contents import Content, Grid, GridRow, Line
from taskkit.remade.figures import EMPTY, differing, is_day, masked, without_ordinal
from taskkit.remade.matching import matched
from taskkit.text import fold, squeeze
from taskkit.wording import shortened

# Columns that number rows, in which nothing is ever a figure.
_ORDINALS = frozenset({"序号", "编号", "任务编号", "指标编号"})
# Columns that say what a row is about, the most telling first.
_NAMES = (
    *("工作任务", "任务", "事项", "指标", "单位", "牵头单位", "填报单位", "分管领导", "领导", "报送期", "填报项"),
    *("角色", "大项", "大类", "领域", "部分"),
)
_EXCERPT = 12  # characters of a paragraph or row that tell it from its neighbours
_ALIKE = 0.7  # share of neighbouring characters by which a row is the same one, renamed: 青石镇政府 is not 石桥镇政府
_SHORT = 4  # characters of a clause by which no paragraph is known
_NEVER = 2.0
_TRIED = 12  # columns by which rows are told apart at the most


@dataclass(frozen=True)
class Figures:
    """The figures of one paragraph or row that differ (12项 → 13项), and where it stands.

    ``part``: the heading, table or sheet, "" before the first; ``row``: which paragraph or row of it, "" for a
    paragraph without a number.
    """

    part: str
    row: str
    shown: tuple[str, ...]
    is_row: bool = False


@dataclass(frozen=True)
class Words:
    """A text that both files hold, worded differently, and where it stands; ``has_figures``: they differ too."""

    part: str
    row: str
    old: str
    new: str
    is_row: bool = False
    has_figures: bool = False


@dataclass(frozen=True)
class Differences:
    """What differs: ``gone`` and ``come`` are texts that only the older or only the newer file holds."""

    figures: tuple[Figures, ...] = ()
    words: tuple[Words, ...] = ()
    gone: tuple[Line, ...] = ()
    come: tuple[Line, ...] = ()
    columns: tuple[str, ...] = ()  # that only the older file has
    days: tuple[str, ...] = ()  # under the document

    @property
    def count(self) -> int:
        """How many figures differ."""
        return sum(len(each.shown) for each in self.figures)

    @property
    def nothing(self) -> bool:
        """Whether both say the same, word for word."""
        return self == Differences()


def compare(old: Content, new: Content) -> Differences:
    """What the new file says otherwise than the old one, in the order of the new one."""
    found = [_lines(old.lines, new.lines), *(_grids(one, other) for one, other in _tables(old.grids, new.grids))]
    parts = dict.fromkeys([*(line.place for line in new.lines), *(grid.name for grid in new.grids)])
    order = {part: at for at, part in enumerate(parts)}

    def place(each: Figures | Words) -> int:
        return order.get(each.part, len(order))

    return Differences(
        tuple(sorted((each for own in found for each in own.figures), key=place)),
        tuple(sorted((each for own in found for each in own.words), key=place)),
        tuple(line for own in found for line in own.gone),
        tuple(line for own in found for line in own.come),
        tuple(column for own in found for column in own.columns),
        tuple(day for own in found for day in own.days),
    )


# --- paragraphs -----------------------------------------------------------------------


def _lines(old: Sequence[Line], new: Sequence[Line]) -> Differences:
    left, right = [line.text for line in old], [line.text for line in new]
    pairs = matched(left, right, (masked, _first_sentence, _first_clause))
    figures, words, days = [], [], []
    for one, other in pairs:
        if left[one] == right[other]:
            continue
        part, row = new[other].place, _excerpt(right[other])
        shown = tuple(differing(left[one], right[other]))
        if shown and is_day(right[other]) and is_day(left[one]):
            days.append(f"{left[one]} → {right[other]}")
        elif shown:
            figures.append(Figures(part, row, shown))
        if masked(left[one]) != masked(right[other]):
            words.append(Words(part, row, left[one], right[other], has_figures=bool(shown)))
    taken, used = {one for one, _ in pairs}, {other for _, other in pairs}
    gone = tuple(line for at, line in enumerate(old) if at not in taken)
    come = tuple(line for at, line in enumerate(new) if at not in used)
    return Differences(tuple(figures), tuple(words), gone, come, days=tuple(days))


def _first_sentence(text: str) -> str:
    """By what a paragraph that begins with the title of a task is known, whatever follows."""
    first, mark, rest = text.partition("。")
    return masked(first) if mark and rest and len(first) > _EXCERPT else ""


def _first_clause(text: str) -> str:
    """By what a paragraph is known at last that stands in the same place: 应报单位26个，均已报送."""
    first = masked(re.split("[，。；：]", text, maxsplit=1)[0])
    return first if len(first) > _SHORT else ""


def _excerpt(text: str) -> str:
    """How a numbered paragraph is told from its neighbours; "" for one without a number."""
    return shortened(text, _EXCERPT) if without_ordinal(text) != text else ""


# --- tables ---------------------------------------------------------------------------


def _tables(old: Sequence[Grid], new: Sequence[Grid]) -> Iterator[tuple[Grid, Grid]]:
    """Tables of one name, else those with the same columns; one without a partner is set beside an empty one."""
    left, right = ([f"{grid.name}\t{'|'.join(grid.header)}" for grid in grids] for grids in (old, new))
    pairs = matched(left, right, (lambda text: text.partition("\t")[0], lambda text: text.partition("\t")[2]), _NEVER)
    partners = {other: old[one] for one, other in pairs}
    for at, grid in enumerate(new):
        yield partners.get(at, replace(grid, rows=())), grid
    taken = {one for one, _ in pairs}
    for at, grid in enumerate(old):
        if at not in taken:
            yield grid, replace(grid, rows=())


def _grids(old: Grid, new: Grid) -> Differences:
    columns = _columns(old.header, new.header)
    pairs = _rows(old, new)
    before_names, names = _telling(old), _telling(new)
    figures, words = [], []
    for one, other in pairs:
        row = f"第{new.rows[other].number}行（{_name(new, new.rows[other], names)}）"
        shown: list[str] = []
        for label, left, right in columns:
            before, after = _cell(old.rows[one], left), _cell(new.rows[other], right)
            if before == after or fold(before) == fold(after):
                continue
            found = _cells(label, before, after)
            shown += found
            if not (_is_number(before) and _is_number(after)) and masked(before) != masked(after):
                words.append(Words(new.name, f"{row}{label}", before, after, is_row=True, has_figures=bool(found)))
        if shown:
            figures.append(Figures(new.name, row, tuple(shown), is_row=True))
    taken, used = {one for one, _ in pairs}, {other for _, other in pairs}
    gone = tuple(Line(_name(old, row, before_names), old.name) for at, row in enumerate(old.rows) if at not in taken)
    come = tuple(Line(_name(new, row, names), new.name) for at, row in enumerate(new.rows) if at not in used)
    own = tuple(f"{old.name}“{label}”" for label in old.header if label and label not in new.header)
    return Differences(tuple(figures), tuple(words), gone, come, own)


def _columns(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int]]:
    """The columns of both tables that may hold figures, by what stands above them: label and places."""
    places = _places(old)
    return [
        (label, places[label, nth], at)
        for (label, nth), at in _places(new).items()
        if (label, nth) in places and label not in _ORDINALS
    ]


def _places(header: Sequence[str]) -> dict[tuple[str, int], int]:
    """Where each column stands; of two with the same label the second is another one."""
    seen: Counter[str] = Counter()
    places = {}
    for at, label in enumerate(header):
        places[label, seen[label]] = at
        seen[label] += 1
    return places


def _rows(old: Grid, new: Grid) -> list[tuple[int, int]]:
    """The rows of both tables that are about the same."""
    labels = _naming(old, new)
    left, right = ([_key(grid, row, labels) for row in grid.rows] for grid in (old, new))
    return matched(left, right, (fold, masked), _ALIKE)


def _naming(old: Grid, new: Grid) -> list[str]:
    """The columns that tell rows apart: as few as do it, of those that name tasks or units, else of all with words."""
    both = [label for label in dict.fromkeys(new.header) if label in old.header]
    known = [label for label in both if label in _ORDINALS - {"序号"}]
    known += [label for label in _telling(new) if label in both]
    candidates = known or [label for label in both if _is_wordy(new, label)] or both
    chosen: list[str] = []
    apart = 0
    for label in candidates[:_TRIED]:
        now = len({_key(new, row, [*chosen, label]) for row in new.rows})
        if now > apart or not chosen:
            chosen, apart = [*chosen, label], now
        if apart == len(new.rows):
            break
    return chosen


def _telling(grid: Grid) -> list[str]:
    """The columns that say what a row is about, the most telling first; beside 指标, 单位 is that of a measure."""
    return [
        label
        for label in _NAMES
        if label in grid.header and _is_wordy(grid, label) and not (label == "单位" and "指标" in grid.header)
    ]


def _is_wordy(grid: Grid, label: str) -> bool:
    at = grid.header.index(label)
    texts = [text for row in grid.rows if (text := _cell(row, at))]
    return sum(as_number(text) is None for text in texts) * 2 > len(texts)


def _key(grid: Grid, row: GridRow, labels: Sequence[str]) -> str:
    return "\t".join(_cell(row, grid.header.index(label)) for label in labels)


def _cell(row: GridRow, at: int) -> str:
    return row.cells[at] if at < len(row.cells) else ""


def _name(grid: Grid, row: GridRow, labels: Sequence[str]) -> str:
    """What a row is called: its task, indicator or unit, and what else tells it from others."""
    named = [text for label in labels if (text := _cell(row, grid.header.index(label)))]
    texts = named or [text for text in row.cells if not _is_number(text)] or [text for text in row.cells if text]
    return "，".join(list(dict.fromkeys(shortened(squeeze(text), _EXCERPT) for text in texts))[:2])


def _cells(label: str, old: str, new: str) -> list[str]:
    """The figures that differ between two cells of a column."""
    if _is_number(old) and _is_number(new):
        same = as_number(old) == as_number(new) and bool(old) == bool(new)
        return [] if same else [f"{label} {old or EMPTY} → {new or EMPTY}"]
    found = differing(old, new)
    return [f"{label}：{text}" if at == 0 else text for at, text in enumerate(found)]


def _is_number(text: str) -> bool:
    """Whether a cell holds one number, or nothing."""
    return not text or as_number(text) is not None
