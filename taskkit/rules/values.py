"""Single values as people type them: what each is taken as, and what a person is told of it.

What plainly means a number or a date is taken as that, in one spelling; what does not stays as it
was typed, and says so; what cannot be what was meant (an error, a date for a number) is not taken.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from taskkit.columns import COLUMNS, GOAL, Column
from taskkit.deadlines import is_open_deadline, parse_deadline
from taskkit.figures import as_number, written
from taskkit.office.cells import LONGEST
from taskkit.office.sheets import Cell
from taskkit.rules.filled import UNKNOWN, Aim, Known
from taskkit.rules.judged import Judged
from taskkit.rules.states import judge_handled, judge_state
from taskkit.typed import Sense, meaning

_PHONES = frozenset(COLUMNS[key].header for key in ("phone", "reporter_phone"))
_DEADLINE = COLUMNS["deadline"].header
_GOAL_ENDING = GOAL.header.format(stage="")
_EARLIEST = 1950  # a date before is a number in a cell that was formatted as a date
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # the years 2000 to 2099
_SAID_BY_SENSE = {
    Sense.SUFFIXED: "value-understood",
    Sense.CONVERTED: "unit-converted",
    Sense.NEAR: "value-near",
    Sense.SAID: "value-said",
    Sense.RANGE: "value-range",
    Sense.FOREIGN: "unit-foreign",
    Sense.LATER: "value-later",
    Sense.UNREAD: "not-a-number",
}
_ANSWERED = re.compile("暂无数据|无$")
_SHORT_NUMBER = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.I)  # 1.38E+10
_DAY = re.compile(r"(20\d\d)\s*[./\-年]\s*(\d{1,2})(?:\s*[./\-月]\s*(\d{1,2})\s*[日号]?|\s*月?)")
_RUN_ON = re.compile(r"(20\d\d)(\d\d)(\d\d)?")
_NO_YEAR = re.compile(r"(\d{1,2})[./\-](\d{1,2})")


def judge(column: Column, value: str, known: Known, aim: Aim = UNKNOWN, cell: Cell | None = None) -> Judged:
    """What a single non-blank value is taken as; ``cell`` is the cell that it stood in, where there is one."""
    if _length(value) > LONGEST:  # no workbook of ours could ever show it
        return Judged(value, "cell-overfull", False, {"column": column.header, "count": str(len(value))})
    if column.choices == "handled":
        judged = judge_handled(column, value)
    elif column.kind == "choice":
        judged = judge_state(column, value, known.states)
    elif column.kind == "number":
        judged = _judge_number(value, aim, cell)
    elif column.header == _DEADLINE:
        judged = _judge_deadline(value, known.year, cell)
    else:
        judged = _judge_text(column, value, cell)
    beside = "" if cell is None or not cell.formula else "formula-outward" if cell.outward else "formula-taken"
    words = {"column": column.header, "value": value, "taken": judged.value, **judged.words}
    return judged._replace(words=words, beside=beside if judged.valid else "")


# --- numbers --------------------------------------------------------------------------


def _judge_number(value: str, aim: Aim, cell: Cell | None) -> Judged:
    if cell is not None and cell.kind == "date":
        serial = _serial(cell.value)
        if serial is None:
            return Judged(value, "date-for-number", False)
        return Judged(written(serial), "number-as-date")
    said = meaning(value, aim.unit)
    if said.number is not None and said.number < 0 and not aim.may_be_negative:
        return Judged(value, "negative", False)
    taken = written(said.number) if said.plain and said.number is not None else value
    words = {"unit": aim.unit or "", "number": written(said.number) if said.number is not None else ""}
    if said.sense is Sense.NUMBER:
        code = "value-understood" if as_number(value) is None else ""
        if cell is not None and cell.percent and aim.unit != "%":
            code = "percent"
    elif said.sense is Sense.NO_DATA:
        code = "" if _ANSWERED.match(value) else "value-no-data"
    else:
        code = _SAID_BY_SENSE.get(said.sense, "")
    return Judged(taken, code, True, words)


def _serial(moment: object) -> int | None:
    """The number in a cell that was formatted as a date; None where it is a date (or a time) indeed."""
    if not isinstance(moment, dt.datetime) or moment.year >= _EARLIEST or moment.time() != dt.time():
        return None
    days = (moment - dt.datetime(1899, 12, 30)).days
    return days if days > 60 else days - 1  # the 1900 system counts a 29 February 1900 that never was


# --- deadlines ------------------------------------------------------------------------


def _judge_deadline(value: str, year: int | None, cell: Cell | None) -> Judged:
    """A deadline, doubted where its year is not the plan's."""
    judged = _read_deadline(value, year, cell)
    said = re.match(r"(20\d\d)年", judged.value)
    if year is None or judged.code or said is None or int(said[1]) == year:
        return judged
    return judged._replace(code="date-year", words={"year": str(year)})


def _read_deadline(value: str, year: int | None, cell: Cell | None) -> Judged:
    """A deadline; dates in figures get one spelling (2026年6月30日), words stay (6月底)."""
    if cell is not None and isinstance(cell.value, dt.datetime):
        return _dated_cell(cell, value)
    plain, typed = unicodedata.normalize("NFKC", value), cell is None or cell.kind != "number"
    if not typed and (odd := _cut_date(value)):
        return odd
    if found := _DAY.fullmatch(plain) or _RUN_ON.fullmatch(plain):
        day = _spelt(int(found[1]), int(found[2]), int(found[3] or 0))
        return Judged(day) if day else Judged(value, "date-unread")
    if found := _NO_YEAR.fullmatch(plain):
        day = _spelt(0, int(found[1]), int(found[2]))
        return Judged(day, "date-understood") if day else Judged(value, "date-unread")
    if parse_deadline(plain, year) is None and not (typed and is_open_deadline(plain)):
        return Judged(value, "date-unread")
    return Judged(value)


def _dated_cell(cell: Cell, value: str) -> Judged:
    """A real date: as it is shown where that says it all, else spelt out."""
    moment = cell.value
    assert isinstance(moment, dt.datetime)  # asked by the caller
    if moment.year < _EARLIEST:
        return Judged(value, "date-unread")
    return Judged(cell.shown or _spelt(moment.year, moment.month, moment.day))


def _cut_date(value: str) -> Judged | None:
    """What a number in a date column may be: 6.3 is 6月3日 or, cut by Excel, 6月30日; 45107 is a day's number."""
    number = as_number(value)
    if number is None:
        return None
    if number == int(number) and _FIRST_SERIAL <= number <= _LAST_SERIAL:
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(number))
        return Judged(_spelt(day.year, day.month, day.day), "date-understood")
    whole, _, part = value.partition(".")
    if part not in ("1", "2", "3") or not (1 <= int(whole) <= 12 or (2000 <= int(whole) < 2100 and part == "1")):
        return None
    year, month, day_ = (int(whole), int(part), 0) if len(whole) == 4 else (0, int(whole), int(part))
    long_month, long_day = (10, 0) if year else (month, day_ * 10)
    first, second = _spelt(year, month, day_), _spelt(year, long_month, long_day)
    return Judged(value, "date-cut", True, {"first": first, "second": second}) if second else None


def _spelt(year: int, month: int, day: int) -> str:
    """2026年6月30日, 2026年6月 or 6月30日; "" for a day that does not exist."""
    try:
        dt.date(year or 2024, month, day or 1)
    except ValueError:
        return ""
    return f"{f'{year}年' if year else ''}{month}月{f'{day}日' if day else ''}"


# --- texts ----------------------------------------------------------------------------


def _judge_text(column: Column, value: str, cell: Cell | None) -> Judged:
    if column.header in _PHONES:
        return Judged(value, _of_phone(value, cell))
    if cell is not None and cell.kind == "date" and not (cell.shown and column.header.endswith(_GOAL_ENDING)):
        return Judged(value, "date-for-text")
    if cell is not None and cell.kind == "number":
        return Judged(value, "number-for-text")
    return Judged(value, "cell-full" if _is_cut(cell) else "")


def _of_phone(value: str, cell: Cell | None) -> str:
    """Digits that were lost: 1.38E+10 typed as text; 06638600001 as a number without its 0."""
    if _SHORT_NUMBER.fullmatch(value):
        return "phone-cut"
    is_number = cell is not None and cell.kind == "number" and value.isdecimal()
    mobile = len(value) == 11 and value.startswith("1")
    return "zero-lost" if is_number and len(value) in (10, 11) and not mobile else ""


def _is_cut(cell: Cell | None) -> bool:
    """Whether a text is as long as Excel lets it be, so that its end was cut off."""
    return cell is not None and isinstance(cell.value, str) and _length(cell.value) >= LONGEST


def _length(text: str) -> int:
    """How long a text is for Excel, which counts signs of two halves twice."""
    return len(text) if len(text) < LONGEST // 2 else len(text) + sum(sign > "\uffff" for sign in text)
