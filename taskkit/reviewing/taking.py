"""A review workbook that came back: each cell against what the office said when it was written, and what it says now.

A blank cell says nothing. A row is weighed as a whole: where the unit has written something else since,
somebody has to look again, and nothing of the row is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from taskkit import approving, rulings
from taskkit.columns import Column
from taskkit.entries import Ruling, RulingKey
from taskkit.errors import UsageError
from taskkit.findings import Finding
from taskkit.merge import canonical
from taskkit.office.sheets import BookData
from taskkit.periods import parse_period
from taskkit.reviewing.columns import (
    CHANGE,
    CHANGE_WORDS,
    MARK,
    REQUEST_SHEET,
    SAID_BY,
    SEEN_AGAIN,
    SHEETS,
    TITLES,
    UNDO_WORDS,
    ReviewRow,
    ReviewSheet,
    RowMark,
    digest_of,
    number_of,
    read_mark,
    value_of,
)
from taskkit.reviewing.rows import Review
from taskkit.rules.states import judge_state
from taskkit.settings import States
from taskkit.sheet_forms.forms import meant, shown
from taskkit.sheet_forms.grid import Line, as_number, lines_of
from taskkit.text import squeeze
from taskkit.wording import did_you_mean, shortened

_GOAL_PARTS = (rulings.GOAL_ROW, rulings.GOAL_COLUMN, rulings.GOAL_VALUE)
# What tells a row from the others: as long as the unit changed nothing, it stands as it was written.
_TELLING = ("unit", "task", "kind", "goals", "text", "period", "matter", "part", "what")
_LONGEST_NAME = 20  # signs of 审核人 that are kept


@dataclass
class Taking:
    """What a review workbook says: the rulings to keep, what they were weighed against, and what was found.

    ``new`` counts the cells that say something new, ``again`` the rows looked at again without a new word.
    """

    rulings: list[Ruling] = field(default_factory=list)
    seen: dict[RulingKey, int] = field(default_factory=dict)
    new: int = 0
    again: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass
class Taker:
    """Reads the sheets of one workbook, row by row."""

    review: Review
    book: BookData
    taking: Taking = field(default_factory=Taking)
    _lines: dict[str, Line] = field(default_factory=dict)

    def take(self) -> Taking:
        """All that the workbook says, checked against the ledger."""
        versions = self.review.ledger.ruling_versions(self.review.name)
        self.taking.seen = {each.key: each.number for each in versions}
        for sheet in SHEETS:
            form = replace(sheet.form, book=self.book.name)
            titles = {each.title.strip() for each in self.book.sheets}
            if form.title in titles or (sheet in self._expected and len(titles & set(TITLES)) < len(self._expected)):
                for line in lines_of(self.book, form, self.taking.findings, TITLES) or ():
                    self._row(sheet, line)
        return self.taking

    @cached_property
    def _expected(self) -> tuple[ReviewSheet, ...]:
        return tuple(self.review.rows)

    @cached_property
    def _now(self) -> dict[RulingKey, Ruling]:
        return approving.newest(self.review.ledger, self.review.name, roster=self.review.index.roster)

    @cached_property
    def _versions(self) -> dict[int, Ruling]:
        return {each.number: each for each in self.review.ledger.ruling_versions(self.review.name)}

    @cached_property
    def _rows(self) -> dict[str, ReviewRow]:
        return {row.digest: row for rows in self.review.rows.values() for row in rows}

    @cached_property
    def _states(self) -> States:
        return self.review.settings.states()

    # --- rows ---------------------------------------------------------------------------

    def _row(self, sheet: ReviewSheet, line: Line) -> None:
        """Add what a row says, or say what is wrong with it."""
        if not line.filled(sheet.ruled) and not line.filled((CHANGE,)):
            return
        mark = read_mark(line.text(MARK) or "")
        row = self._rows.get(mark.row) if mark else None
        if mark is not None and row is None and len(mark.numbers) == len(sheet.ruled):
            if not self._is_untouched(sheet, line, mark):
                line.tell("review-row-gone", MARK)
            return
        if mark is None or row is None or row.sheet is not sheet or len(mark.numbers) != len(sheet.ruled):
            if line.filled(sheet.ruled):
                line.tell("review-row-unknown", MARK)
            return
        before = len(self.taking.findings)
        news = self._news(row, line, mark)
        again = line.word(CHANGE, CHANGE_WORDS) == SEEN_AGAIN
        if len(self.taking.findings) > before and self._has_errors(before):
            return
        if not news and not again:
            return
        if digest_of(row.about) != mark.about:
            line.tell("review-text-changed", MARK, unit=row.name[1])
        elif wrong := _other_text(row, line):
            line.tell("review-row-moved", wrong, column=line.form.header(wrong))
        elif self._is_twice(line, row, news):
            return
        elif self._is_sound(row, line, news):
            self._add(row, line, news, again)

    def _is_untouched(self, sheet: ReviewSheet, line: Line, mark: RowMark) -> bool:
        """Whether a row says only what the office had said when the workbook was written."""
        for key, number in zip(sheet.ruled, mark.numbers, strict=True):
            text, base = line.text(key), self._versions.get(number)
            if text and (base is None or text != shown(sheet.words.get(key, {}), base.value)):
                return False
        return True

    def _has_errors(self, start: int) -> bool:
        return any(each.severity == "error" for each in self.taking.findings[start:])

    def _news(self, row: ReviewRow, line: Line, mark: RowMark) -> dict[str, str]:
        """What the cells of a row say that the office does not say yet, by column."""
        news: dict[str, str] = {}
        for key, number in zip(row.sheet.ruled, mark.numbers, strict=True):
            typed = self._typed(row, line, key)
            now = value_of(row, key, self._now)
            if typed is None or typed == now:
                continue
            if number != number_of(row, key, self._now):
                base = self._versions.get(number)
                if typed != (base.value if base else ""):
                    self._tell_conflict(row, line, key, typed, now)
                continue
            if key in row.keys:
                news[key] = typed
            else:
                line.tell("review-close", key, state=row.shown.get("own") or "")
        return self._without_suggestions(row, news)

    def _without_suggestions(self, row: ReviewRow, news: dict[str, str]) -> dict[str, str]:
        """What is to change by a request counts only where the request is agreed to."""
        agreed = news.get(rulings.PASSED, value_of(row, rulings.PASSED, self._now)) == rulings.PASS
        if row.sheet is not REQUEST_SHEET or agreed:
            return news
        return {key: value for key, value in news.items() if key not in _GOAL_PARTS or value_of(row, key, self._now)}

    def _tell_conflict(self, row: ReviewRow, line: Line, key: str, typed: str, now: str) -> None:
        words = row.sheet.words.get(key, {})
        said = self._now[row.keys[key]]
        by = "，".join(filter(None, (said.said_by, f"“{said.file_name}”" if said.file_name else "")))
        line.tell(
            "review-conflict",
            key,
            column=line.form.header(key),
            value=shortened(shown(words, typed) or "撤回"),
            current=shortened(shown(words, now) or "撤回"),
            by=f"（{by}）" if by else "",
        )

    def _is_twice(self, line: Line, row: ReviewRow, news: Mapping[str, str]) -> bool:
        """Whether another row of the file is the same one: neither is taken for the other."""
        known = self._lines.setdefault(row.digest, line)
        if known is line:
            return False
        line.tell("review-row-twice", MARK, row=known.number)
        return True

    def _add(self, row: ReviewRow, line: Line, news: Mapping[str, str], again: bool) -> None:
        """Keep what is new, and all that was said of the row before as said of the text as it stands now."""
        said_by = " ".join((line.text(SAID_BY) or "").split())[:_LONGEST_NAME]
        own = {key: value for key in row.sheet.ruled if (value := value_of(row, key, self._now))}
        said = {**{key: own[key] for key in own if row.keys[key][1] == row.name[0]}, **news}
        for key, value in said.items():
            topic, period, unit, row_id, column = row.keys[key]
            if not value:  # taken back under the name under which it was said: the unit may be called otherwise now
                unit = self._now[row.keys[key]].unit
            self.taking.rulings.append(Ruling(topic, column, value, period, unit, row_id, row.about, said_by))
        self.taking.new += len(news)
        self.taking.again += again and not news

    # --- a row as a whole ------------------------------------------------------------------

    def _is_sound(self, row: ReviewRow, line: Line, news: dict[str, str]) -> bool:
        """Whether the row may be taken with what is new; a reason that has lost its ground goes with it."""
        before = len(self.taking.findings)
        final = {key: news.get(key, value_of(row, key, self._now)) for key in row.sheet.ruled if key in row.keys}
        if rulings.WORDING in final or row.sheet.form.key == "goals":
            self._check_reason(line, news, final)
        if news.get(rulings.CLOSED) == rulings.YES and not row.done:
            line.tell("review-close", rulings.CLOSED, state=row.shown.get("own") or "")
        if row.sheet is REQUEST_SHEET and not self._check_request(row, line, news, final):
            return False
        return not self._has_errors(before)

    def _check_reason(self, line: Line, news: dict[str, str], final: Mapping[str, str]) -> None:
        refused = final.get(rulings.CLOSED) == rulings.NO
        back = final[rulings.PASSED] == rulings.BACK
        if (back or refused) and not final[rulings.REASON]:
            what = "退回" if back else "不同意销号"
            line.tell("review-reason", rulings.REASON, what=what)
        elif final[rulings.REASON] and not (back or refused):
            if news.get(rulings.REASON):
                line.tell("review-reason-alone", rulings.REASON)
            else:
                news[rulings.REASON] = ""

    def _check_request(self, row: ReviewRow, line: Line, news: dict[str, str], final: dict[str, str]) -> bool:
        """Whether an agreed request names one thing of its unit, and a value that it can have."""
        if final[rulings.PASSED] != rulings.PASS:
            return True
        lacking = [line.form.header(key) for key in _GOAL_PARTS if not final[key]]
        if lacking:
            line.tell("request-unfinished", rulings.PASSED, columns="、".join(lacking))
            return False
        row_id, column, value = (final[key] for key in _GOAL_PARTS)
        if row_id not in row.row_ids:
            near = did_you_mean(row_id, row.row_ids) or "编号见目标审核、任务总表，如 T012、T012.1"
            line.tell("request-row", rulings.GOAL_ROW, value=row_id, unit=row.name[1], near=near)
        elif column not in row.row_ids[row_id]:
            line.tell("request-column", rulings.GOAL_COLUMN, value=column, words="、".join(row.row_ids[row_id]))
        elif "." in row_id and as_number(value) is None:
            line.tell("request-value", rulings.GOAL_VALUE, value=shortened(value))
        return True

    # --- cells ---------------------------------------------------------------------------

    def _typed(self, row: ReviewRow, line: Line, key: str) -> str | None:
        """What a cell says: None for nothing (or what cannot be read), "" where it takes back what was said."""
        if key in row.sheet.words:
            return line.word(key, row.sheet.words[key])
        text = line.text(key)
        if text is None:
            return None
        if meant(UNDO_WORDS, text) == "":
            return ""
        if key == rulings.STATE:
            return text if text == value_of(row, key, self._now) else self._state(line, text)
        if key == rulings.WORDING and len(text) > rulings.MOST_WORDING:
            line.tell("review-long", key, column=line.form.header(key), count=len(text), most=rulings.MOST_WORDING)
            return None
        return text.strip().upper() if key == rulings.GOAL_ROW else text

    def _state(self, line: Line, text: str) -> str | None:
        judged = judge_state(Column(rulings.STATE, line.form.header(rulings.STATE)), text, self._states)
        if not judged.valid:
            line.unknown(rulings.STATE, text, [state.name for state in self._states])
            return None
        return judged.value


def _other_text(row: ReviewRow, line: Line) -> str | None:
    """A column in which a row shows another text than the one that it is marked for: its mark was left behind."""
    for key in (key for key in _TELLING if key in row.shown and key in line.columns):
        if squeeze(canonical(line.text(key) or "")) != squeeze(canonical(row.cell(key))):
            return key
    return None


def period_of(book: BookData) -> str | None:
    """The period that a review workbook was written for, by the marks of its rows; None where none has one."""
    for sheet in book.sheets:
        for row in sheet.rows.values():
            for cell in row.values():
                mark = read_mark(str(cell.value)) if cell.kind == "text" and "|" in str(cell.value) else None
                if mark and _is_period(mark.period):
                    return mark.period
    return None


def _is_period(text: str) -> bool:
    try:
        return parse_period(text).text == text
    except UsageError:
        return False
