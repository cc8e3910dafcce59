"""A reminder for SMS or WeChat: whom, what, by when, where to report, in as many signs as one message holds.

What does not fit is said in fewer words, never cut off: fewer names (…等3项), then the short names of office
and unit, then the most pressing things alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, groupby, product

from taskkit.periods import short_date
from taskkit.reports.open_matters import Colour, Matter, Owing, Sort
from taskkit.settings import Sentences
from taskkit.text import compact

LONGEST = 70  # signs of one message, each counted once, as SMS in Chinese does
_MOST_NAMES = 3
_KEYS = {
    (Sort.REPORT, Colour.LATE): "message_report_late",
    (Sort.REPORT, Colour.NEAR): "message_report_near",
    (Sort.MENDING, Colour.BEHIND): "message_mending",
}
_FORMS = (Sort.REPORT, Sort.MENDING)


def message(owing: Owing, short_name: str, by: date, to: str, say: Sentences) -> str:
    """The longest wording that fits; "" where not even the shortest does (the office's own words are too long)."""
    texts = _wordings(owing, tuple(dict.fromkeys((owing.unit, short_name))), short_date(by), to, say)
    return next((text for text in texts if len(text) <= LONGEST), "")


def _wordings(owing: Owing, units: Sequence[str], by: str, to: str, say: Sentences) -> Iterator[str]:
    groups = _groups(owing.matters)
    some = [groups[:count] for count in range(len(groups), 0, -1)]
    places = dict.fromkeys((to, say("to")))
    names_shown = range(_MOST_NAMES, -1, -1)
    ways = product(some, units, places, names_shown), product(some, (say("message_you"),), places, names_shown)
    for shown, unit, place, names in chain(*ways):
        what = "，".join(_said(key, each, names, say) for key, each in shown)
        yield compact(say("message", unit=unit, what=what, by=by, to=place))


def _groups(matters: Sequence[Matter]) -> list[tuple[str, list[Matter]]]:
    """What is said in one breath, in the order of the matters."""

    def key(each: Matter) -> str:
        return _KEYS.get((each.sort, each.colour), f"message_{each.colour}")

    return [(word, list(each)) for word, each in groupby(matters, key=key)]


def _said(key: str, matters: Sequence[Matter], most: int, say: Sentences) -> str:
    """“新建学校”“植树造林”等3项工作逾期."""
    are_forms = matters[0].sort in _FORMS
    shown = [compact(each.short) for each in matters[:most]]
    names = ("、" if are_forms else "").join(shown)
    if not shown:
        names = say("message_forms" if are_forms else "message_count", count=len(matters))
    elif len(shown) < len(matters):
        names = say("message_more", names=names, count=len(matters))
    return say(key, names=names)
