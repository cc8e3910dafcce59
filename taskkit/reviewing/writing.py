"""The review workbook (审核台账): what units wrote, shown; what the office says of it, to be filled in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from taskkit import approving, rulings
from taskkit.entries import Ruling, RulingKey
from taskkit.marks import REVIEW_PROPERTY
from taskkit.office.list_book import Cell, Emphasis, Kind, ListBook, ListColumn, ListRow, ListSheet, write_list
from taskkit.reviewing.columns import (
    CHANGE,
    CHANGED,
    GOALS_SHEET,
    MARK,
    PERIOD_SHEET,
    PROGRESS_SHEET,
    REQUEST_SHEET,
    SAID_BY,
    SEEN_AGAIN,
    TITLE,
    ReviewRow,
    ReviewSheet,
    is_changed,
    mark_of,
    value_of,
)
from taskkit.reviewing.rows import Review
from taskkit.sheet_forms.forms import shown

_WIDTHS: dict[str, dict[str, float]] = {
    GOALS_SHEET.form.key: {
        "unit": 13,
        "no": 5,
        "task": 24,
        "kind": 9,
        "content": 22,
        "goals": 42,
        "deadline": 11,
        "people": 14,
        rulings.PASSED: 9,
        rulings.REASON: 26,
        CHANGE: 9,
        SAID_BY: 8,
    },
    PROGRESS_SHEET.form.key: {
        "no": 4.5,
        "task": 18,
        "unit": 10,
        "goal": 17,
        "text": 33,
        "own": 8.5,
        "computed": 18,
        "problem": 17,
        rulings.STATE: 8.5,
        rulings.WORDING: 25,
        rulings.PASSED: 7,
        rulings.REASON: 15,
        rulings.CLOSED: 6,
        CHANGE: 7,
        SAID_BY: 7,
    },
    REQUEST_SHEET.form.key: {
        "unit": 12,
        "period": 11,
        "matter": 20,
        "original": 22,
        "proposed": 22,
        "grounds": 22,
        rulings.PASSED: 8,
        rulings.REASON: 18,
        rulings.GOAL_ROW: 9,
        rulings.GOAL_COLUMN: 11,
        rulings.GOAL_VALUE: 22,
        CHANGE: 8,
        SAID_BY: 8,
    },
    PERIOD_SHEET.form.key: {"part": 10, "what": 8, "text": 110, SAID_BY: 9},
}
_CENTRED = frozenset(
    (
        *("no", "kind", "own", "part", "what", "period", "deadline", CHANGE, SAID_BY),
        *(rulings.STATE, rulings.PASSED, rulings.CLOSED, rulings.GOAL_ROW, rulings.GOAL_COLUMN),
    )
)
_FROZEN = {GOALS_SHEET: 4, PROGRESS_SHEET: 4, REQUEST_SHEET: 2, PERIOD_SHEET: 3}  # the hidden column counts
_HOW = {
    GOALS_SHEET: "请在“审核意见”选审定或退回，退回的写明理由；不审的留空，收回说过的选“撤回”。",
    PROGRESS_SHEET: "请填浅黄色各列，不审的留空，收回说过的填“撤回”。有“报告用语”的，报告照它印；单位原文不变。",
    REQUEST_SHEET: "同意的，请核对后三列：改哪一行、哪一列、改成什么；不写全的不会改动目标。",
    PERIOD_SHEET: "印入进展报告：综述在总体情况之首，亮点随后，建议列为最后一部分。收回的填“撤回”。",
}
_NOTES = {
    PROGRESS_SHEET: "注：几家共同牵头的，“汇总单位”一行的核定状态、报告用语代表整项任务；"
    "该行没有报告用语时，才用其他各行的。",
}
_LOAD = "填好保存后登记：taskkit load 本文件。"
_AGAIN = "单位改过原文的标“有改动”，看过仍照原意见的选“已复核”。"
_LEAST = {GOALS_SHEET: 32, PROGRESS_SHEET: 46, REQUEST_SHEET: 46, PERIOD_SHEET: 100}  # points


def review_workbook(review: Review, now: dict[RulingKey, Ruling]) -> bytes:
    """The bytes of the workbook; the same ledger gives the same bytes. ``now`` are the newest rulings."""
    info = review.index.info
    heading = f"{info.title or review.name}\n{review.period.label}"
    sheets = tuple(_sheet(review, sheet, rows, now, heading) for sheet, rows in review.rows.items())
    day = max((each.said_at.date() for each in now.values() if each.said_at), default=date(2000, 1, 1))
    return write_list(ListBook(TITLE, info.issuer or "", day, sheets, notes=((REVIEW_PROPERTY, review.name),)))


def _sheet(
    review: Review, sheet: ReviewSheet, rows: tuple[ReviewRow, ...], now: dict[RulingKey, Ruling], heading: str
) -> ListSheet:
    columns = tuple(_column(review, sheet, key) for key in sheet.form.keys)
    listed = tuple(ListRow(_cells(review, row, now), shut=_shut(sheet, row, now)) for row in rows)
    emphasis: tuple[tuple[str, Emphasis], ...] = ((CHANGED, "slow"), ("退回", "slow"), (approving.CLOSED_NAME, "done"))
    states = tuple((each.name, "slow") for each in review.settings.states() if each.meaning == "slow")
    return ListSheet(
        sheet.form.title,
        f"{heading}{sheet.form.title}",
        _HOW[sheet] + _LOAD + ("" if sheet is PERIOD_SHEET else _AGAIN),
        columns,
        listed,
        (*emphasis, *states),  # type: ignore[arg-type]
        note=_NOTES.get(sheet, ""),
        frozen=_FROZEN[sheet],
        locked=True,
        least=_LEAST[sheet],
    )


def _column(review: Review, sheet: ReviewSheet, key: str) -> ListColumn:
    kind: Kind = "centred" if key in _CENTRED else "text"
    choices: tuple[str, ...] = ()
    if key in sheet.words:
        choices = tuple(words[0] for words in sheet.words[key].values())
    elif key == rulings.STATE:
        choices = (*(state.name for state in review.settings.states()), "撤回")
    elif key == CHANGE:
        choices = (CHANGED, SEEN_AGAIN)
    elif key == rulings.GOAL_COLUMN:
        choices = (*review.goal_headers, approving.DEADLINE, "撤回")
    most = rulings.MOST_WORDING if key == rulings.WORDING else 0
    header = sheet.form.header(key)
    is_open = key in sheet.open_keys
    return ListColumn(header, _WIDTHS[sheet.form.key].get(key, 10), kind, is_open, choices, key == MARK, most)


def _shut(sheet: ReviewSheet, row: ReviewRow, now: dict[RulingKey, Ruling]) -> frozenset[str]:
    """The headers of the open columns that a row does not ask."""
    shut = {*row.shut, *(set() if is_changed(row, now) else {CHANGE})}
    return frozenset(sheet.form.header(key) for key in shut if key in sheet.form.keys)


def _cells(review: Review, row: ReviewRow, now: dict[RulingKey, Ruling]) -> tuple[Cell, ...]:
    return tuple(_cell(review, row, key, now) for key in row.sheet.form.keys)


def _cell(review: Review, row: ReviewRow, key: str, now: dict[RulingKey, Ruling]) -> Cell:
    if key == MARK:
        return mark_of(row, review.period.text, now)
    if key == CHANGE:
        return CHANGED if is_changed(row, now) else None
    if key == SAID_BY:
        return next(_said_by(row, now), None)
    if key not in row.sheet.ruled:
        return row.cell(key)
    said = value_of(row, key, now)
    return shown(row.sheet.words.get(key, {}), said) if said else row.suggested.get(key)


def _said_by(row: ReviewRow, now: dict[RulingKey, Ruling]) -> Iterator[str]:
    """Who spoke last on a row."""
    said = [now[key] for key in row.keys.values() if key in now and now[key].value and now[key].said_by]
    yield from (each.said_by for each in sorted(said, key=lambda each: each.number, reverse=True))
