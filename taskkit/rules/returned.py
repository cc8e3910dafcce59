"""Checks on what a unit returned: single values first, then what a row says as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from taskkit.columns import COLUMNS, Column, row_owner
from taskkit.figures import as_number
from taskkit.findings import Finding, finding
from taskkit.places import Place
from taskkit.settings import State
from taskkit.text import fold

# Words that can mean one state only, whatever the office calls it.
_MEANINGS: dict[str, tuple[str, ...]] = {
    "done": ("已完成", "完成", "全部完成", "已办结", "办结", "提前完成", "已销号"),
    "normal": ("正常推进", "正常", "推进中", "按序时推进", "按序时", "序时推进", "达序时", "有序推进"),
    "slow": ("进展滞后", "滞后", "进展缓慢", "慢序时", "未达序时"),
    "idle": ("未启动", "尚未启动", "未开始", "未开展"),
}
_CHANGE = re.compile("增长|增速|增幅|涨幅|降幅|同比|环比")
_ANSWERS = re.compile("暂无数据|涉密|无$")
_EMPTY_WORDS = frozenset(
    ("持续推进", "正在推进", "正常推进", "推进中", "有序推进", "稳步推进", "按计划推进", "同上", "略", "正常", "/", "-")
)


class Judged(NamedTuple):
    """A value as it is to be taken; ``code`` is the finding to make, ``valid`` whether it is taken at all."""

    value: str
    code: str = ""
    valid: bool = True
    words: Mapping[str, str] = {}


@dataclass(frozen=True)
class Aim:
    """What the plan says of a target, as far as its values go by it; all None where nothing is known."""

    kind: str | None = None
    op: str | None = None
    value: float | None = None
    baseline: float | None = None
    text: str = ""

    @property
    def may_be_negative(self) -> bool:
        """A change (growth, 增速, 同比) goes below zero; a count, a length, a share does not."""
        return self.kind == "growth" or bool(_CHANGE.search(self.text))

    @property
    def may_fall(self) -> bool:
        """Only what adds up over the year never falls, unless it is to be brought down."""
        lowered = self.value is not None and self.baseline is not None and self.value < self.baseline
        return self.kind not in (None, "count", "level") or self.op == "<=" or lowered or self.may_be_negative


UNKNOWN = Aim()


def judge(column: Column, value: str, states: Sequence[State], aim: Aim = UNKNOWN) -> Judged:
    """Whether a single non-blank value can be taken into a column, and as what."""
    if column.kind == "choice":
        return _judge_state(column, value, states)
    if column.kind == "number":
        return _judge_number(column, value, aim)
    return Judged(value)


def _judge_number(column: Column, value: str, aim: Aim) -> Judged:
    number = as_number(value)
    if number is not None and number < 0 and not aim.may_be_negative:
        return Judged(value, "negative", False, {"column": column.header, "value": value})
    if number is None and not _ANSWERS.match(value):
        return Judged(value, "not-a-number", True, {"column": column.header, "value": value})
    return Judged(value)


def _judge_state(column: Column, value: str, states: Sequence[State]) -> Judged:
    names = {fold(state.name): state.name for state in states}
    if fold(value) in names or value == "无":
        return Judged(names.get(fold(value), value))
    words = {"column": column.header, "value": value}
    meaning = next((meaning for meaning, known in _MEANINGS.items() if fold(value) in known), None)
    meant = [state.name for state in states if state.meaning == meaning]
    if len(meant) == 1:
        return Judged(meant[0], "state-understood", True, {**words, "word": meant[0]})
    near = get_close_matches(value, list(names.values()), n=1, cutoff=0.4)
    hint = f"（是不是“{near[0]}”？）" if near else f"（可选：{'、'.join(names.values())}）"
    return Judged(value, "state-unknown", False, {**words, "near": hint})


@dataclass(frozen=True)
class FilledRow:
    """A returned row as it will stand in the ledger: ``values`` by header, with what was sent beside them."""

    row_id: str
    source: str
    place: Place
    values: Mapping[str, str]
    aim: Aim = UNKNOWN

    def value(self, key: str) -> str:
        text = self.values.get(COLUMNS[key].header, "")
        return "" if text in ("无", "暂无") else text

    def has(self, key: str) -> bool:
        return COLUMNS[key].header in self.values


def check_row(row: FilledRow, states: Sequence[State]) -> Iterator[Finding]:
    """What a row says as a whole: only what is cheap to see and worth asking the unit about."""
    meaning = {state.name: state.meaning for state in states}.get(row.value("state"))
    if meaning == "slow" and not row.value("problem"):
        yield _found("slow-no-problem", row, state=row.value("state"))
    if meaning == "done" and not row.value("progress"):
        yield _found("done-no-text", row, state=row.value("state"))
    if row.has("state") and row.value("progress") and not row.value("state"):
        yield _found("no-state", row)
    for key in ("progress", "brief"):
        if fold(row.value(key).rstrip("。.；;")) in _EMPTY_WORDS:
            yield _found("says-nothing", row, column=COLUMNS[key].header, value=row.value(key))
    for now_key, before_key in (("achieved", "previous"), ("month_total", "last_month")):
        now, before = as_number(row.value(now_key)), as_number(row.value(before_key))
        if now is not None and before is not None and now < before and not row.aim.may_fall:
            words = {"column": COLUMNS[now_key].header, "before": COLUMNS[before_key].header}
            yield _found("value-fell", row, value=row.value(now_key), previous=row.value(before_key), **words)


def _found(code: str, row: FilledRow, **words: str) -> Finding:
    return finding(code, row.place, source=row.source, task_id=row_owner(row.row_id)[0], **words)
