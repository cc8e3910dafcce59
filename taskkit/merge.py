"""The three-way merge of one cell: what was sent or held before, what the ledger holds, what came back.

Pure functions on plain text (decision 7). They know no ledger and no workbook; what they decide
is one of a closed set of outcomes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from taskkit.figures import as_number, written

Key = TypeVar("Key")

NOTHING = "无"  # what is typed to withdraw a text


class Outcome(StrEnum):
    """What becomes of one returned cell. CHANGED alone is taken into the ledger."""

    SAME = "same"
    CHANGED = "changed"
    CONFLICT = "conflict"
    LOCKED = "locked"
    KEPT = "kept"
    INVALID = "invalid"
    UNUPDATED = "unupdated"
    HELD = "held"

    @property
    def label(self) -> str:
        """The outcome in the words of the office."""
        return _LABELS[self]


_LABELS = {
    Outcome.SAME: "没有变化",
    Outcome.CHANGED: "收下",
    Outcome.CONFLICT: "冲突，待人工决定",
    Outcome.LOCKED: "改了不可填写的内容，未收",
    Outcome.KEPT: "返回为空，保留已报内容",
    Outcome.INVALID: "内容无效，未收",
    Outcome.UNUPDATED: "与上期相同，未更新",
    Outcome.HELD: "待核实，未收",
}


@dataclass(frozen=True)
class Versions:
    """The versions of one cell, as canonical text ("" for blank).

    ``sent`` is what the workbook held when it went out, ``base`` what the return descends from,
    ``current`` what the ledger holds now (what was sent, where the ledger holds nothing).
    ``older`` says that the file was saved before the return that brought what the ledger holds,
    ``tied`` that it was saved in the same second: nothing tells which of the two is the newer word.
    """

    sent: str
    base: str
    current: str
    returned: str
    open: bool = True
    valid: bool = True
    prefilled: bool = False  # a column that goes out holding last period's text
    older: bool = False
    tied: bool = False


def merge(cell: Versions) -> Outcome:
    """The outcome of one cell.

    A blank is a change only where the blanked text is one that was sent: typed text is
    withdrawn by typing 无, so that a blank copy never wipes what somebody reported. What was
    saved before the value that the ledger holds never replaces it, whatever it descends from; nor
    does one text replace another that was saved in the same second.
    """
    if not cell.open:
        return Outcome.SAME if cell.returned == cell.sent else Outcome.LOCKED
    if cell.returned in (cell.current, cell.base):
        untouched = cell.prefilled and cell.returned and cell.returned == cell.sent == cell.current
        return Outcome.UNUPDATED if untouched else Outcome.SAME
    if not cell.returned and cell.current == NOTHING:
        return Outcome.SAME
    if not cell.valid:
        return Outcome.INVALID
    if not cell.returned and cell.base != cell.sent:
        return Outcome.KEPT
    unsure = cell.older or (cell.tied and cell.returned != "" and cell.current != "")
    return Outcome.CHANGED if cell.current == cell.base and not unsure else Outcome.CONFLICT


def agreed(outcome: Outcome, cell: Versions) -> str:
    """What a later copy of the same file is compared with, once this return is accepted.

    What was not taken (a conflict, an invalid value, a blank) does not become the base, or the
    same cell in the clerk's next file would pass as "same" and be lost without a word.
    """
    return cell.returned if outcome in (Outcome.SAME, Outcome.CHANGED, Outcome.UNUPDATED) else cell.base


def choose_base(
    candidates: Sequence[Mapping[Key, str]], returned: Mapping[Key, str], newer: Sequence[bool] = ()
) -> int:
    """Which of the candidates (what was sent, then each accepted return, oldest first) a file descends from.

    The one that differs in the fewest of the returned cells. Of equals the newest that the file is
    known to be ``newer`` than (so that a correction of every cell is one), else the oldest: an
    older return never silently beats a newer one.
    """
    differing = distances(candidates, returned)
    nearest = [at for at, count in enumerate(differing) if count == min(differing)]
    later = [at for at in nearest if at < len(newer) and newer[at]]
    return later[-1] if later else nearest[0]


def distances(candidates: Sequence[Mapping[Key, str]], returned: Mapping[Key, str]) -> list[int]:
    """In how many of the returned cells each of the candidates differs."""
    return [sum(held.get(key, "") != value for key, value in returned.items()) for held in candidates]


# --- canonical values -----------------------------------------------------------------

# Signs that nobody sees and that mean nothing; joiners within emoji are left alone.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_BLANKS = " \t\n\r\v\f\u00a0\u2002\u2003\u2007\u200b\u202f\u3000\ufeff"


def canonical(value: object, kind: str = "text") -> str:
    """A value as the ledger keeps and compares it: one spelling for what means the same.

    Blanks at the ends and signs that nobody sees go, all kinds of line ends (Word's own too) are one
    sign, dates are ISO, numbers have no idle zeros (110.0 -> 110). Text in a number column is read as
    a number where it plainly is one (１２３, 1,234); other text stays as it was typed.
    """
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float() | Decimal():
            return written(value)
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
        case dt.date():
            return value.isoformat()
        case dt.time():
            return value.isoformat("minutes")
        case dt.timedelta():
            minutes = int(value.total_seconds() // 60)
            return f"{minutes // 60}:{minutes % 60:02d}"
    text = _BREAK.sub("\n", _INVISIBLE.sub("", str(value))).strip(_BLANKS)
    number = as_number(text) if kind == "number" else None
    return text if number is None else written(number)
