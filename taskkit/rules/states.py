"""完成情况: the office's own words, and what else people type for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taskkit.columns import COLUMNS, HANDLED, Column
from taskkit.findings import Finding
from taskkit.rules.filled import FilledBook, FilledRow
from taskkit.rules.judged import Judged
from taskkit.settings import State
from taskkit.text import fold
from taskkit.wording import did_you_mean

# Words that can mean one state only, whatever the office calls it.
_MEANINGS: dict[str, tuple[str, ...]] = {
    "done": ("已完成", "完成", "全部完成", "已办结", "办结", "提前完成", "已销号"),
    "normal": ("正常推进", "正常", "推进中", "按序时推进", "按序时", "序时推进", "达序时", "有序推进"),
    "slow": ("进展滞后", "滞后", "进展缓慢", "慢序时", "未达序时"),
    "idle": ("未启动", "尚未启动", "未开始", "未开展"),
}


def judge_state(column: Column, value: str, states: Sequence[State]) -> Judged:
    """A state as the drop-down has it; taken only where it is certain which one is meant."""
    names = {fold(state.name): state.name for state in states}
    if fold(value) in names or value == "无":
        return Judged(names.get(fold(value), value))
    words = {"column": column.header, "value": value}
    meaning = next((meaning for meaning, known in _MEANINGS.items() if fold(value) in known), None)
    meant = [state.name for state in states if state.meaning == meaning and not state.when]
    if len(meant) == 1:
        return Judged(meant[0], "state-understood", True, {**words, "word": meant[0]})
    near = did_you_mean(value, names.values(), cutoff=0.4) or f"可选：{'、'.join(names.values())}"
    return Judged(value, "state-unknown", False, {**words, "near": f"（{near}）"})


def judge_handled(column: Column, value: str) -> Judged:
    """How far a 批示 is, as the drop-down has it; taken only where it is certain which one is meant."""
    meant = next((word for word, known in HANDLED.items() if fold(value) in known), None)
    if meant is None:
        words = {"column": column.header, "value": value, "near": f"（可选：{'、'.join(HANDLED)}）"}
        return Judged(value, "state-unknown", False, words)
    code = "" if fold(value) == meant else "state-understood"
    return Judged(meant, code, True, {"column": column.header, "value": value, "word": meant})


def check_handled(row: FilledRow, book: FilledBook) -> Iterator[Finding]:
    """A 批示 said to be done, or under way, without a word on what was done."""
    if row.value("handled") and row.has("followed") and not row.value("followed"):
        yield row.found("no-progress", "followed", state=row.value("handled"), column=COLUMNS["followed"].header)


def check_states(row: FilledRow, book: FilledBook) -> Iterator[Finding]:
    """A report without a state, or a state without a report; last period's text, as it went out, is no report."""
    progress, state = row.value("progress"), row.value("state")
    header = COLUMNS["progress"].header
    bare = bool(state) and not progress and header in row.places
    if bare and book.known.meaning_of(state) not in ("done", "idle"):  # done: see required.py
        yield row.found("no-progress", "progress", state=state, column=header)
    if row.has("state") and progress and progress != row.sent_value("progress") and not state:
        yield row.found("no-state", "state")
