"""Which of two lists of texts stand for each other: in near-linear time, however long they are.

First what is unique on both sides is paired in its order (patience sorting), then what lies
between; texts that nothing pairs are put together by the characters that they share, in small
gaps alone, for that effort grows with the square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from taskkit.text import similar

Pairs = list[tuple[int, int]]
Span = tuple[int, int, int, int]  # from and to in the one list, from and to in the other

_DEEPEST = 6  # how often unique texts are looked for again between those found
_SMALL = 60  # texts on each side that are compared in every way
_FEW = 25  # texts on each side that are compared by their characters
ALIKE = 0.5  # share of neighbouring characters by which two texts are the same one, reworded
_LOOKED_AT = 400  # characters of each


def matched(
    old: Sequence[str], new: Sequence[str], keys: Sequence[Callable[[str], str]], alike: float = ALIKE
) -> Pairs:
    """Pairs of places in both lists, each place at most once, in the order of the second list.

    ``keys`` are tried in turn on what stands in the same order; by the first one texts are found, too, that were
    moved (a key once on both sides of what is left). A text whose key is "" is not paired by it. At last come
    those of which the first key shares so much of its neighbouring characters (0 to 1), between what was found.
    """
    found: Pairs = []
    taken: set[int] = set()
    used: set[int] = set()
    for number, key in enumerate(keys):
        left = ["" if at in taken else key(text) for at, text in enumerate(old)]
        right = ["" if at in used else key(text) for at, text in enumerate(new)]
        for gap in list(gaps(_ascending(found), len(old), len(new))):
            found += _take(_aligned(left, right, gap), taken, used)
        if number == 0:
            found += _take(_moved(left, right, taken, used), taken, used)
    for start, end, begin, stop in list(gaps(_ascending(found), len(old), len(new))):
        olds = {at: keys[0](old[at]) for at in range(start, end) if at not in taken}
        news = {at: keys[0](new[at]) for at in range(begin, stop) if at not in used}
        found += _take(_similar(olds, news, alike), taken, used)
    return sorted(found, key=lambda pair: pair[1])


def _take(pairs: Pairs, taken: set[int], used: set[int]) -> Pairs:
    taken.update(one for one, _ in pairs)
    used.update(other for _, other in pairs)
    return pairs


def gaps(found: Pairs, olds: int, news: int) -> Iterator[Span]:
    """What lies between pairs that ascend in both lists."""
    start, begin = 0, 0
    for end, stop in [*sorted(found), (olds, news)]:
        if start < end and begin < stop:
            yield start, end, begin, stop
        start, begin = end + 1, stop + 1


def _aligned(left: Sequence[str], right: Sequence[str], span: Span) -> Pairs:
    """Pairs with equal keys within a span, ascending in both lists."""
    found: Pairs = []
    todo = [(span, 0)]
    while todo:
        (start, end, begin, stop), depth = todo.pop()
        while start < end and begin < stop and _same(left[start], right[begin]):
            found.append((start, begin))
            start, begin = start + 1, begin + 1
        while start < end and begin < stop and _same(left[end - 1], right[stop - 1]):
            end, stop = end - 1, stop - 1
            found.append((end, stop))
        if start == end or begin == stop:
            continue
        inner = (start, end, begin, stop)
        if end - start <= _SMALL and stop - begin <= _SMALL:
            found += _compared(left, right, inner)
        elif depth < _DEEPEST and (anchors := _unique(left, right, inner)):
            found += anchors
            shifted = [(one - start, other - begin) for one, other in anchors]
            for a, b, c, d in gaps(shifted, end - start, stop - begin):
                todo.append(((a + start, b + start, c + begin, d + begin), depth + 1))
        else:
            found += _in_turn(left, right, inner)
    return found


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _compared(left: Sequence[str], right: Sequence[str], span: Span) -> Pairs:
    start, end, begin, stop = span
    blocks = SequenceMatcher(None, left[start:end], right[begin:stop], autojunk=False).get_matching_blocks()
    pairs = [(start + one + at, begin + other + at) for one, other, size in blocks for at in range(size)]
    return [pair for pair in pairs if left[pair[0]]]


def _unique(left: Sequence[str], right: Sequence[str], span: Span) -> Pairs:
    """The longest row of pairs, ascending in both, whose key stands once on each side."""
    start, end, begin, stop = span
    once = [Counter(left[start:end]), Counter(right[begin:stop])]
    place = {right[at]: at for at in range(begin, stop)}
    pairs = [
        (at, place[left[at]])
        for at in range(start, end)
        if left[at] and all(counted[left[at]] == 1 for counted in once)
    ]
    return _ascending(pairs)


def _ascending(pairs: Pairs) -> Pairs:
    """The longest part of the pairs that ascends in both lists."""
    ends: list[int] = []  # the smallest second place in which a row of this length ends
    last: list[int] = []
    before: list[int] = []
    pairs = sorted(pairs)
    for at, (_, other) in enumerate(pairs):
        length = bisect_left(ends, other)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1], last[length : length + 1] = [other], [at]
    row = []
    at = last[-1] if last else -1
    while at >= 0:
        row.append(pairs[at])
        at = before[at]
    return row[::-1]


def _in_turn(left: Sequence[str], right: Sequence[str], span: Span) -> Pairs:
    """Each text with the next equal one, not too far ahead: for long runs in which nothing is unique."""
    start, end, begin, stop = span
    pairs, at = [], begin
    for one in range(start, end):
        for other in range(at, min(at + _SMALL, stop)):
            if _same(left[one], right[other]):
                pairs.append((one, other))
                at = other + 1
                break
    return pairs


def _moved(left: Sequence[str], right: Sequence[str], taken: set[int], used: set[int]) -> Pairs:
    """Texts that stand elsewhere now, each once on both sides among those without a partner."""
    olds = [at for at in range(len(left)) if at not in taken and left[at]]
    news = [at for at in range(len(right)) if at not in used and right[at]]
    counted = Counter(left[at] for at in olds), Counter(right[at] for at in news)
    place = {right[at]: at for at in news}
    return [(at, place[left[at]]) for at in olds if counted[0][left[at]] == counted[1][left[at]] == 1]


def _similar(olds: Mapping[int, str], news: Mapping[int, str], alike: float) -> Pairs:
    """Of a few texts those that share most of their characters, the most alike first."""
    if len(olds) > _FEW or len(news) > _FEW:
        return []
    rated = sorted(
        (-similar(left[:_LOOKED_AT], right[:_LOOKED_AT]), one, other)
        for one, left in olds.items()
        for other, right in news.items()
    )
    pairs: Pairs = []
    for rate, one, other in rated:
        if -rate >= alike and all(one != first and other != second for first, second in pairs):
            pairs.append((one, other))
    return pairs
