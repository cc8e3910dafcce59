"""Which style of number the tasks of a plan have, found by content.

It is the innermost style (down to 1.) whose items mostly name units, unless the items around it
name units themselves and introduce those within as their measures (具体措施：).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from taskkit.dialects.clauses import find_clause
from taskkit.dialects.lines import STYLES, Line
from taskkit.unit_words import UNIT_LABELS

_BEARING = 0.5
_INNER = "arabic-bracket"
_TASK_STYLES = STYLES[1:5]  # 一、 （一） 1. 1.1


def task_style(lines: Sequence[Line]) -> str | None:
    """The style of number that tasks have; "" where tasks carry none, None where nothing names units."""
    count = _Count()
    for line in lines:
        count.take(line)
    count.close()
    introduced = [style for style in _TASK_STYLES if count.introduces[style] >= _BEARING * (count.items[style] or 1)]
    if introduced:
        return introduced[-1]
    if count.labelled >= sum(count.bearing.values()) and count.labelled:
        return ""
    if count.paragraphs > sum(count.bearing.values()):
        return ""
    style = _choose_style(count.items, count.bearing) or ("" if count.unnumbered else None)
    return _INNER if style == "arabic" and not count.bearing["arabic"] and _count_on(lines) else style


def _count_on(lines: Sequence[Line]) -> bool:
    """Whether (1) (2) under 1. go on as (3) under 2.: such are tasks, for measures begin anew in each."""
    runs: list[list[int | None]] = []
    for line in lines:
        if line.kind == "item" and line.style == _INNER and runs:
            runs[-1].append(line.no)
        elif line.kind == "item":
            runs.append([])
    filled = [run for run in runs if run]
    numbers = [number for run in filled for number in run]
    return len(filled) > 1 and numbers == list(range(1, len(numbers) + 1))


class _Count:
    """Counts, by style of number, the items and those that name units, while lines come in."""

    def __init__(self) -> None:
        self.items: Counter[str] = Counter()
        self.bearing: Counter[str] = Counter()
        self.introduces: Counter[str] = Counter()  # items with units of their own, and measures announced
        self.unnumbered = False
        self.paragraphs = 0  # paragraphs without number that name units, several under one item
        self.labelled = 0  # tasks that a label of their own begins (任务：), several under one item
        self.style = ""
        self.bears = False
        self.titles = 0  # such labels under the item at hand
        self.under = 0  # paragraphs with units under the item at hand

    def take(self, line: Line) -> None:
        """Take the next line."""
        if line.kind == "item":
            self.close()
            self.style = line.style
            self.items[line.style] += 1
            self._bear(find_clause(line.text) is not None)
        elif line.kind == "clause" or (line.kind == "label" and line.style in UNIT_LABELS):
            self.unnumbered = True
            self._bear(True)
        elif line.kind == "label" and line.style == "title":
            self.titles += 1
        elif line.kind == "label" and line.style == "measures" and not line.text:
            self.introduces[self.style] += self.bears
        elif line.kind == "plain" and find_clause(line.text):
            self.under += 1

    def _bear(self, bears: bool) -> None:
        if bears and not self.bears:
            self.bearing[self.style] += 1
        self.bears = self.bears or bears

    def close(self) -> None:
        """Settle the paragraphs under the item at hand: one is its text, several are tasks of their own."""
        if self.under == 1 and self.style and not self.bears:
            self._bear(True)
        elif self.under:
            self.paragraphs += self.under
            self.unnumbered = True
        self.labelled += self.titles if self.titles > 1 and self.style else 0
        self.under, self.titles, self.bears, self.style = 0, 0, False, ""


def outer_style(lines: Sequence[Line], style: str) -> str | None:
    """The style around the one that seems to name units, where only the last of each run of items does.

    （一）提升产业。 1.建设园区。 2.培育企业。 牵头单位：… names the units of （一）, not of 2.
    """
    runs: list[list[bool]] = []
    alone: Counter[str] = Counter()  # items of outer styles that name units without items within
    parents: Counter[str] = Counter()
    outer = ""
    for line in lines:
        if line.kind == "item" and line.style == style:
            if outer or not runs:
                runs.append([])
                parents[outer] += 1
            runs[-1].append(find_clause(line.text) is not None)
            outer = ""
        elif line.kind == "item" and STYLES.index(line.style) < STYLES.index(style or STYLES[0]):
            outer = line.style
            alone[outer] += find_clause(line.text) is not None
        elif outer and (line.kind == "clause" or (line.kind == "label" and line.style in UNIT_LABELS)):
            alone[outer] += 1
        elif runs and not outer and (line.kind == "clause" or (line.kind == "label" and line.style in UNIT_LABELS)):
            runs[-1][-1] = True
    several = [run for run in runs if len(run) > 1]
    only_last = all(run[-1] and not any(run[:-1]) for run in several)
    parent = parents.most_common(1)[0][0] if parents else ""
    enough = (len(several) > 1 and len(several) >= len(runs) / 2) or (several and alone[parent] and len(parents) == 1)
    return parent if parent and enough and only_last else None


def _choose_style(counts: Counter[str], bearing: Counter[str]) -> str | None:
    fits = [style for style in STYLES if counts[style] and bearing[style] >= _BEARING * counts[style]]
    outer = [style for style in fits if style in _TASK_STYLES]
    if outer:
        return outer[-1]
    if fits:  # only (1) or ① name units: measures of the 1. around them, or tasks where there is none
        return "arabic" if counts["arabic"] else fits[0]
    some = [style for style in _TASK_STYLES if bearing[style] > 1]
    return some[-1] if some else None
