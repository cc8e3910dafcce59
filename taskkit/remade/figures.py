"""Which figures of a text differ from those of another that says the same: 已完成 12项 → 13项，占 6.7% → 7.2%.

Two texts are set side by side clause by clause, a clause being known by its words with the numbers
left out. Spellings do not count: 1,200 is １２００, 7 is 7.0.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from taskkit.figures import as_number
from taskkit.quantities import UNITS
from taskkit.remade.matching import matched
from taskkit.text import fold
from taskkit.wording import shortened

_DATE = r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|(?:\d{1,2}[—–-])?\d{1,2}月(?:\d{1,2}日)?"
_FIGURE = re.compile(rf"(?P<date>{_DATE})|(?:(?<![\dA-Za-z])[-−－+＋])?\d+(?:[.．]\d+)?")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_UNIT = re.compile(rf"\s*[余多]?(?:万亿|百万|千万|[万亿千])?(?:{UNITS})?")
_MARKS = r"，。；：、！？（）,;:!?()\n"
_SIGNS = "，。；：、！？（）,;:!?()《》“”‘’〔〕[]—–- \u3000\n"
_BREAK = re.compile(rf"[{_MARKS}《》〔〕]")
_CLAUSE = re.compile(rf"[^{_MARKS}]+[{_MARKS}]*")
# The number that a heading or a paragraph begins with: it counts paragraphs and nothing else.
_ORDINAL = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}(?:[.．](?!\d)|、|[）)]))"
)
# 占6.7% and the like, which say of what only together with the clause before.
_LEANING = re.compile(r"\s*(?:其中)?(?:占|占比|为|达|达到)?\s*\d")
_LABEL, _REST, _QUOTED = 14, 8, 24  # characters shown of what stands before and behind a figure, and of a clause
_INNER = str.maketrans("“”", "‘’")
EMPTY = "（空）"
_ALIKE = 0.6  # share of neighbouring characters by which two clauses speak of one thing
_SAYS_LITTLE = 2  # characters of a label that needs the one before it


@dataclass(frozen=True)
class Figure:
    """One number or day of a clause: what stands before it, as it is written, its unit, and what follows."""

    label: str
    text: str
    unit: str
    rest: str

    @property
    def shown(self) -> str:
        """The figure with its unit."""
        return f"{self.text}{self.unit}"

    @property
    def value(self) -> object:
        """By what two figures are the same, however they are written."""
        plain = unicodedata.normalize("NFKC", self.text)
        return as_number(plain) if as_number(plain) is not None else plain


def without_ordinal(text: str) -> str:
    """A text without the number that it begins with (3. 三、 （三）)."""
    return text[found.end() :] if (found := _ORDINAL.match(text)) else text


def masked(text: str) -> str:
    """By what a text is known whatever its numbers are: its own number, spaces and quotation marks do not count."""
    plain = _THOUSANDS.sub("", without_ordinal(text))
    return fold(_FIGURE.sub(lambda found: "日" if found["date"] else "#", plain))


def is_day(text: str) -> bool:
    """Whether a text is a day and nothing else, as the one under a document is."""
    return bool(re.fullmatch(rf"\s*(?:{_DATE})\s*", text))


def differing(old: str, new: str) -> list[str]:
    """The figures that differ between two texts that say the same, in the order of the second one."""
    left, right = _clauses(old), _clauses(new)
    pairs = matched(left, right, (masked,), _ALIKE)
    if not pairs and (_values(left) or _values(right)):
        return [] if _values(left) == _values(right) else [f"{_whole(old)} → {_whole(new)}"]
    shown = [line for one, other in pairs for line in _in_clause(left[one], right[other])]
    taken, used = {one for one, _ in pairs}, {other for _, other in pairs}
    gone = [at for at in range(len(left)) if at not in taken]
    come = [at for at in range(len(right)) if at not in used]
    if _values([left[at] for at in gone]) != _values([right[at] for at in come]):
        shown += [f"新文件有“{text}”" for text in _runs(right, come)]
        shown += [f"新文件没有“{text}”" for text in _runs(left, gone)]
    return shown


def _in_clause(old: str, new: str) -> list[str]:
    one, other = _figures(old), _figures(new)
    if [each.value for each in one] == [each.value for each in other]:
        return []
    if [each.unit for each in one] != [each.unit for each in other]:
        return [f"{_quoted(old)} → {_quoted(new)}"]
    lines: list[str] = []
    for left, right in zip(one, other, strict=True):
        if left.value != right.value:
            lines.append(_changed(left, right, "" if lines else other[0].label))
    return lines


def _changed(old: Figure, new: Figure, first: str) -> str:
    """One figure that differs; ``first`` is what the clause begins with, for a label that says little."""
    if fold(old.label) != fold(new.label):
        return f"{old.label}{old.shown} → {new.label}{new.shown}"
    if not new.label:
        return f"{old.shown}{old.rest} → {new.shown}"
    label = new.label if len(new.label) > _SAYS_LITTLE or new.label == first else f"{first}{new.label}"
    return f"{label} {old.shown} → {new.shown}"


def _clauses(text: str) -> list[str]:
    """The clauses of a text; one that leans on the clause before (占6.7%) is part of it."""
    clauses: list[str] = []
    for clause in _CLAUSE.findall(_THOUSANDS.sub("", without_ordinal(text))):
        if clauses and _LEANING.match(clause) and clauses[-1].endswith(tuple("，、,（(")):
            clauses[-1] += clause
        else:
            clauses.append(clause)
    return clauses


def _figures(clause: str) -> list[Figure]:
    found, end = [], 0
    for match in _FIGURE.finditer(clause):
        unit = "" if match["date"] else _unit_at(clause, match.end())
        after = match.end() + len(unit)
        rest = _BREAK.split(clause[after:], maxsplit=1)[0][:_REST]
        found.append(Figure(_label(clause[end : match.start()]), match[0], unit.strip(), rest.removesuffix("中")))
        end = after
    return found


def _unit_at(clause: str, place: int) -> str:
    return found[0] if (found := _UNIT.match(clause, place)) else ""


def _label(text: str) -> str:
    """What stands right before a figure, without the signs around it."""
    return _BREAK.split(text.strip(_SIGNS))[-1].strip(_SIGNS)[-_LABEL:]


def _values(clauses: Sequence[str]) -> Counter[object]:
    return Counter(each.value for clause in clauses for each in _figures(clause))


def _runs(clauses: Sequence[str], places: Sequence[int]) -> Iterator[str]:
    """Neighbouring clauses with figures in them, as one text each."""
    for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
        own = [clauses[at] for _, at in run]
        if _values(own):
            yield _quoted("".join(own))


def _whole(text: str) -> str:
    return f"“{_quoted(text)}”" if text else EMPTY


def _quoted(text: str) -> str:
    """The beginning of a text, to stand within quotation marks."""
    return shortened(text.strip("，。；：、,;: \n"), _QUOTED).translate(_INNER)
