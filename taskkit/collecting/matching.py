"""A returned file without any mark, matched against what was sent: whose it looks like, for a person to confirm.

What it says of its unit and period is its own word; what proves it are the texts of its tasks.
Nothing is taken from such a file until a person has named the unit and the period.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from taskkit.collecting.senders import Senders
from taskkit.columns import COLUMNS, header_key
from taskkit.entries import Workbook
from taskkit.errors import InputError
from taskkit.ledger import Ledger
from taskkit.marks import name_of, unmarked
from taskkit.office.sheets import BookData
from taskkit.periods import parse_period
from taskkit.text import fold

_TITLE_ROWS, _TITLE_CELLS = 6, 3  # where a form says whose it is: near the top, in rows that are no table
_LONGEST_HEADER = 40
_REPORTED = frozenset(header_key(COLUMNS[key].header) for key in ("progress", "state", "achieved", "month_total"))
_ENOUGH = 3  # texts that are the same, where they are not half of what was sent
_MOST_NAMED = 3


class UnsureError(InputError):
    """A file that may be a return of something that was sent: a person has to say so. ``likely``: of what."""

    def __init__(self, what: str, advice: str, likely: Workbook | None) -> None:
        super().__init__(what, advice)
        self.likely = likely


class Candidate(NamedTuple):
    """A workbook that was sent, and how far a file looks like it: its name in it, its period, its tasks."""

    is_form: bool  # reports are asked in other columns than plans of work
    names_unit: bool
    names_period: bool
    tasks: int
    alike: float  # the share of its tasks
    sent: Workbook

    @property
    def score(self) -> tuple[bool, bool, bool, int, float]:
        return self[:5]


@dataclass
class Matcher:
    """Looks for the workbook that a file without marks was; what was sent is remembered between files."""

    ledger: Ledger
    senders: Senders
    _sent: dict[str, list[tuple[Workbook, frozenset[str]]]] = field(default_factory=dict)

    def match(self, book: BookData, plan: str | None, unit: str | None, period: str | None) -> Workbook:
        """The workbook that a person says a file without marks is, if its tasks are those.

        Raises UnsureError where nobody said so but it looks like one that was sent, else InputError.
        """
        found = [
            each
            for each in self._candidates(book, plan)
            if (unit is None or self.senders.unit_of(each.sent.plan, unit) == each.sent.unit)
            and period in (None, each.sent.period)
        ]
        best = [each for each in found if each.score == max(other.score for other in found)]
        if not best:
            raise _unlike(unit, period)
        if unit is not None and period is not None:
            return self._whole(best[-1].sent)
        raise _unsure(best, len(self.ledger.plan_names()) > 1)

    def _whole(self, sent: Workbook) -> Workbook:
        found = self.ledger.workbook(sent.workbook)
        assert found is not None  # it was listed a moment ago, and nothing is ever deleted
        return found

    def _candidates(self, book: BookData, plan: str | None) -> Iterator[Candidate]:
        texts = {fold(text) for text in _texts(book)}
        reports = bool(_REPORTED & {header_key(text) for text in texts if len(text) <= _LONGEST_HEADER})
        head = " ".join((book.name, *_titles(book)))
        for name in [plan] if plan else self.ledger.plan_names():
            for sent, tasks in self._sent_of(name):
                same = len(tasks & texts)
                if same and (2 * same >= len(tasks) or same >= _ENOUGH):
                    label = parse_period(sent.period).label
                    is_form = reports == (sent.period != "plan")
                    yield Candidate(is_form, sent.unit in head, label in head, same, same / len(tasks), sent)

    def _sent_of(self, name: str) -> list[tuple[Workbook, frozenset[str]]]:
        """The newest edition of each workbook of a plan, with the texts of its tasks."""
        if name not in self._sent:
            titles = self.ledger.sent_texts(name, COLUMNS["title"].header)
            self._sent[name] = [
                (each, frozenset(fold(text) for row, text in titles.get(each.workbook, {}).items() if "+" not in row))
                for each in self.ledger.newest_workbooks(name)
            ]
        return self._sent[name]


def _texts(book: BookData) -> Iterator[str]:
    for sheet in book.sheets:
        for row in sheet.rows.values():
            yield from (str(cell.value) for cell in row.values() if cell.kind == "text")


def _titles(book: BookData) -> Iterator[str]:
    """What stands in the first rows above the table itself: title, unit, period."""
    for sheet in book.sheets:
        for number in sorted(sheet.rows)[:_TITLE_ROWS]:
            if len(sheet.rows[number]) <= _TITLE_CELLS:
                yield from (str(cell.value) for cell in sheet.rows[number].values())


def _unlike(unit: str | None, period: str | None) -> InputError:
    if unit is not None and period is not None:
        whose = f"“{unit}”{parse_period(period).label}"
        return InputError(
            f"文件里没有标记，内容也与发给{whose}的表对不上", "请核对 --unit 和 --period，或在下发的工作簿上填写"
        )
    return unmarked()


def _unsure(best: list[Candidate], with_plan: bool) -> UnsureError:
    """What a person is asked: is it this one?"""
    listed = list({(each.sent.plan, each.sent.unit, each.sent.period): each for each in best}.values())
    named = "或".join(f"{name_of(each.sent)}" for each in listed[:_MOST_NAMED])
    named += f"等{len(listed)}份" if len(listed) > _MOST_NAMED else ""
    what = f"文件里没有标记，像是{named}的表（{best[0].tasks}项工作任务的文字一致），没有收"
    first = listed[0].sent
    alone = len(listed) == 1
    options = _options(first, with_plan) if alone else "--unit 单位 --period 报送期"
    return UnsureError(what, f"确认后请加 {options} 再收", first if alone else None)


def _options(sent: Workbook, with_plan: bool) -> str:
    words: Iterable[str] = (*(("--plan", sent.plan) if with_plan else ()), "--unit", sent.unit, "--period", sent.period)
    return " ".join(words)
