"""What the writing and the reading of the review workbook share: its sheets, columns, words, and its row marks."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from taskkit import rulings
from taskkit.columns import Column, Field
from taskkit.entries import Ruling, RulingKey
from taskkit.office.xml import clean
from taskkit.sheet_forms.forms import Form, Words
from taskkit.wording import fitted

TITLE = "审核台账"
SEEN_AGAIN, CHANGED = "已复核", "有改动"
_UNDO = ("撤回", "无")  # what takes back what was said before
SAID_BY = "said_by"
CHANGE = "change"
MARK = "mark"

# What people write beside the words of rulings.WORDS.
_ALSO: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    (rulings.GOALS, rulings.PASSED): {rulings.PASS: ("通过", "同意")},
    (rulings.TASK, rulings.PASSED): {rulings.PASS: ("审定", "同意")},
    (rulings.TASK, rulings.CLOSED): {rulings.YES: ("同意", "√"), rulings.NO: ("不同意", "×")},
    (rulings.REQUEST, rulings.PASSED): {rulings.PASS: ("通过",), rulings.BACK: ("退回", "不通过")},
}
CHANGE_WORDS: Words = {SEEN_AGAIN: (SEEN_AGAIN, "复核"), "": (CHANGED,)}
UNDO_WORDS: Words = {"": _UNDO}


def _words_of(topic: str) -> dict[str, Words]:
    """The words of a topic's columns, what takes them back among them."""
    return {
        column: {**{value: (word, *_ALSO[each, column].get(value, ())) for value, word in words.items()}, "": _UNDO}
        for (each, column), words in rulings.WORDS.items()
        if each == topic
    }


@dataclass(frozen=True, eq=False)  # each is itself alone
class ReviewSheet:
    """One sheet: its form, the topic of its rulings, which of its columns hold rulings, and by which words.

    ``texts``: columns that hold a text.
    """

    form: Form
    topic: str
    ruled: tuple[str, ...]
    words: Mapping[str, Words]

    @property
    def open_keys(self) -> tuple[str, ...]:
        """The columns that a person fills in."""
        return (*self.ruled, CHANGE, SAID_BY)


def _sheet(key: str, title: str, topic: str, shown: str, ruled: Sequence[Column]) -> ReviewSheet:
    """A sheet of the columns ``shown`` (key:header …), then those that hold rulings, then the two that all have."""
    pairs = [each.split(":") for each in shown.split()]
    fixed = [Column(MARK, "编号"), *(Column(pair[0], pair[1]) for pair in pairs)]
    ends = (
        [Column(CHANGE, "审后有改动"), Column(SAID_BY, "审核人")]
        if topic != rulings.PERIOD
        else [Column(SAID_BY, "审核人")]
    )
    columns = (*fixed, *ruled, *ends)
    apart = tuple(pair[0] for pair in pairs)
    form = Form(key, title, tuple(map(Field, columns)), apart, TITLE, "review")
    return ReviewSheet(form, topic, tuple(each.key for each in ruled), _words_of(topic))


def _ruled(topic: str, *keys: str) -> list[Column]:
    return [Column(key, rulings.LABELS[topic][key]) for key in keys]


GOALS_SHEET = _sheet(
    "goals",
    "目标审核",
    rulings.GOALS,
    "unit:单位 no:序号 task:任务 kind:类别 content:内容 goals:阶段目标 deadline:完成时限 people:责任人",
    _ruled(rulings.GOALS, rulings.PASSED, rulings.REASON),
)
PROGRESS_SHEET = _sheet(
    "progress",
    "进展审核",
    rulings.TASK,
    "no:序号 task:任务 unit:牵头单位 goal:本期目标 text:单位进展 own:单位自评 computed:系统研判 "
    "problem:存在问题、需协调",
    _ruled(rulings.TASK, rulings.STATE, rulings.WORDING, rulings.PASSED, rulings.REASON, rulings.CLOSED),
)
REQUEST_SHEET = _sheet(
    "request",
    "调整申请",
    rulings.REQUEST,
    "unit:单位 period:报送期 matter:事项 original:原内容 proposed:拟调整为 grounds:理由",
    _ruled(rulings.REQUEST, rulings.PASSED, rulings.REASON, rulings.GOAL_ROW, rulings.GOAL_COLUMN, rulings.GOAL_VALUE),
)
PERIOD_SHEET = _sheet(
    "period",
    "本期综合",
    rulings.PERIOD,
    "part:部分 what:项目",
    [Column("text", "内容")],
)
SHEETS = (GOALS_SHEET, PROGRESS_SHEET, REQUEST_SHEET, PERIOD_SHEET)
TITLES = tuple(each.form.title for each in SHEETS)


@dataclass(frozen=True)
class ReviewRow:
    """One thing to rule on: what is shown of it, where each of its columns is kept, and the text that it is about.

    ``suggested`` is what stands in an open cell while the office said nothing. ``shut``: columns that it does
    not ask. ``done``: whether the unit says that it is done. ``row_ids``: what a request may change, by
    row id its columns.
    """

    sheet: ReviewSheet
    name: tuple[str, str, str]  # period, unit, row id
    shown: Mapping[str, str | int | None]
    keys: Mapping[str, RulingKey]
    about: str = ""
    suggested: Mapping[str, str] = field(default_factory=dict)
    shut: frozenset[str] = frozenset()
    done: bool = False
    row_ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def cell(self, key: str) -> str | int | None:
        """What is shown in a column; a text as far as a cell can hold it."""
        said = self.shown.get(key)
        return clean(fitted(said)) if isinstance(said, str) else said

    @property
    def digest(self) -> str:
        """What tells the row from any other."""
        return digest_of(self.sheet.form.key, *self.name)


_MARK_TEXT = re.compile(r"([0-9A-Za-z-]{2,10})\|([0-9a-f]{12})\|([0-9a-f]{12})\|(\d{1,9}(?:\.\d{1,9})*)")


@dataclass(frozen=True)
class RowMark:
    """What stands hidden before a row: the period, the row, the text that it showed, the versions that it held."""

    period: str
    row: str
    about: str
    numbers: tuple[int, ...]


def mark_of(row: ReviewRow, period: str, now: Mapping[RulingKey, Ruling]) -> str:
    """The mark of a row as it is written. ``now`` are the newest rulings."""
    numbers = ".".join(str(number_of(row, key, now)) for key in row.sheet.ruled)
    return f"{period}|{row.digest}|{digest_of(row.about)}|{numbers}"


def read_mark(text: str) -> RowMark | None:
    """A mark as it was written; None for anything else."""
    found = _MARK_TEXT.fullmatch(text.strip())
    if not found:
        return None
    return RowMark(found[1], found[2], found[3], tuple(map(int, found[4].split("."))))


def number_of(row: ReviewRow, key: str, now: Mapping[RulingKey, Ruling]) -> int:
    """The number of the newest version of a column of a row (0 for none)."""
    said = now.get(row.keys[key]) if key in row.keys else None
    return said.number if said else 0


def value_of(row: ReviewRow, key: str, now: Mapping[RulingKey, Ruling]) -> str:
    """What the office says in a column of a row ("" for nothing)."""
    said = now.get(row.keys[key]) if key in row.keys else None
    return said.value if said else ""


def is_changed(row: ReviewRow, now: Mapping[RulingKey, Ruling]) -> bool:
    """Whether the unit's text changed since it was judged."""
    said = [now[key] for key in row.keys.values() if key[1] == row.name[0] and key in now and now[key].value]
    return any(each.about != row.about for each in said)


def digest_of(*parts: str) -> str:
    """Twelve signs that stand for texts."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:12]
