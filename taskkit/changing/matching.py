"""Which task of an amended document is which of the plan: by its text, one to one, and never guessed silently.

Texts that are the same match first, wherever they stand. Of the others the most alike, where no
second one is nearly as alike; place (section, group, number) only tells apart what is alike in text.
What stays unclear is a doubt with its candidates, for a person to decide.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from taskkit.text import fold, pairs

Row = Mapping[str, Any]
Pair = tuple[str, str]  # id in the plan, id in the document
_PLACE = {"section": 3, "group": 2, "no": 2}  # what the same place adds to a likeness of 0 to 100


class Limits(NamedTuple):
    """How alike texts have to be, 0 to 100 (templates/words/amending.toml).

    From ``sure`` on two tasks are the same where no second one comes nearer than ``apart``; from
    ``perhaps`` on a person is asked.
    """

    sure: float
    perhaps: float
    apart: float


class Doubt(NamedTuple):
    """A task of the plan that may be one of the document; ``likeness`` 0 to 100."""

    kept: str
    new: str
    likeness: int


@dataclass(frozen=True)
class Matching:
    """Which is which (new id -> kept id), and what a person has to decide."""

    same: Mapping[str, str]
    doubts: tuple[Doubt, ...]


class _Text(NamedTuple):
    title: Counter[str]
    measures: Counter[str]
    whole: Counter[str]


@dataclass
class Matcher:
    """Matches the tasks of one part. ``said`` is what a person decided: pairs that are the same, and that are not."""

    kept: Sequence[Row]
    new: Sequence[Row]
    limits: Limits
    said: Mapping[Pair, bool] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)

    def match(self) -> Matching:
        """Match all; first what a person said, then equal texts, then alike ones."""
        for (kept, new), is_same in self.said.items():
            if is_same and self._is_free(kept, new):
                self.same[new] = kept
        self._equal(("title", "measures"))
        return Matching(self.same, tuple(self._alike()))

    def _is_free(self, kept: str, new: str) -> bool:
        ids = {row["task_id"] for row in self.kept}, {row["task_id"] for row in self.new}
        return kept in ids[0] and new in ids[1] and kept not in self.same.values() and new not in self.same

    def _left(self) -> tuple[list[Row], list[Row]]:
        taken = set(self.same.values())
        return (
            [row for row in self.kept if row["task_id"] not in taken],
            [row for row in self.new if row["task_id"] not in self.same],
        )

    def _equal(self, keys: Sequence[str]) -> None:
        """Texts that are the same: once on either side, or as often and then in their order within the same place."""
        by_text: dict[tuple[str, ...], tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
        for side, rows in enumerate(self._left()):
            for row in rows:
                by_text[tuple(fold(row[key] or "") for key in keys)][side].append(row)
        for ours, theirs in by_text.values():
            self._pair(ours, theirs)

    def _pair(self, ours: list[Row], theirs: list[Row]) -> None:
        for place in (("section", "group", "no"), ("section", "group"), ("section",), ()):
            for row in list(theirs):
                fits = [
                    each
                    for each in ours
                    if all(each[key] == row[key] for key in place) and self.said.get(_ids(each, row)) is not False
                ]
                if fits:
                    self.same[row["task_id"]] = fits[0]["task_id"]
                    ours.remove(fits[0])
                    theirs.remove(row)

    def _alike(self) -> Iterator[Doubt]:
        """Match what is alike enough and alone so; the rest that may be the same are doubts."""
        ours, theirs = self._left()
        texts = {id(row): _text(row) for row in (*ours, *theirs)}
        likeness: dict[Pair, float] = {}
        scores: dict[Pair, float] = {}
        for one in ours:
            for other in theirs:
                score = _likeness(texts[id(one)], texts[id(other)]) * 100
                if score >= self.limits.perhaps and _ids(one, other) not in self.said:
                    likeness[_ids(one, other)] = score
                    place = sum(bonus for key, bonus in _PLACE.items() if one[key] == other[key])
                    scores[_ids(one, other)] = score + place
        while scores:
            best = max(scores, key=lambda pair: (scores[pair], pair))
            rivals = [pair for pair in scores if pair != best and (pair[0] == best[0] or pair[1] == best[1])]
            near = [pair for pair in rivals if scores[best] - scores[pair] < self.limits.apart]
            near = [pair for pair in near if _nothing_better(pair, best, scores)]
            if likeness[best] >= self.limits.sure and not near:
                self.same[best[1]] = best[0]
            else:
                yield from (Doubt(*pair, round(likeness[pair])) for pair in sorted((best, *near)))
            scores = {pair: score for pair, score in scores.items() if pair != best and pair not in rivals}


def _nothing_better(pair: Pair, best: Pair, scores: Mapping[Pair, float]) -> bool:
    """Whether the task that a pair does not share with the best one has no other one that it is as much like."""
    side = 0 if pair[1] == best[1] else 1
    others = (score for other, score in scores.items() if other != pair and other[side] == pair[side])
    return max(others, default=0.0) < scores[pair]


def _ids(kept: Row, new: Row) -> Pair:
    return kept["task_id"], new["task_id"]


def _text(row: Row) -> _Text:
    title, measures = fold(row["title"] or ""), fold(row["measures"] or "")
    return _Text(Counter(pairs(title)), Counter(pairs(measures)), Counter(pairs(title + measures)))


def _likeness(one: _Text, other: _Text) -> float:
    """How much of two tasks is the same, from 0 to 1: of the whole text, or of title and measures by halves."""
    whole = _share(one.whole, other.whole)
    halves = [(one.title, other.title), (one.measures, other.measures)]
    if all(text for half in halves for text in half):
        whole = max(whole, sum(_share(*half) for half in halves) / 2)
    return whole


def _share(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def match_tasks(
    kept: Iterable[Row], new: Iterable[Row], limits: Limits, said: Mapping[Pair, bool], by_id: bool
) -> Matching:
    """Match the tasks of two plans, part by part. ``by_id``: the document's ids are the plan's own."""
    ours, theirs = list(kept), list(new)
    if by_id:
        ids = {row["task_id"] for row in ours}
        said = {**{(row["task_id"], row["task_id"]): True for row in theirs if row["task_id"] in ids}, **said}
    same: dict[str, str] = {}
    doubts: list[Doubt] = []
    for part in dict.fromkeys(row["part"] for row in theirs):
        found = Matcher(
            [row for row in ours if row["part"] == part],
            [row for row in theirs if row["part"] == part],
            limits,
            said,
        ).match()
        same |= found.same
        doubts += found.doubts
    return Matching(same, tuple(doubts))


def contained(rows: Collection[Row], one: Row) -> list[Row]:
    """The tasks of the same part that hold most of another one's text: where it was joined or split."""
    wanted = _text(one).whole
    held = ((row, (_text(row).whole & wanted).total()) for row in rows if row["part"] == one["part"])
    return [row for row, count in held if wanted and count >= 0.75 * wanted.total()]
