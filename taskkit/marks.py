"""Which workbook a returned file is: the marks that it carries (decision 4), and the hidden ids before its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from taskkit.columns import RELAY_SHEET, row_owner
from taskkit.entries import Workbook
from taskkit.errors import InputError
from taskkit.office.list_book import MARK as LIST_MARK
from taskkit.office.list_book import TABLE
from taskkit.office.sheets import BookData, Cell, SheetData
from taskkit.periods import parse_period
from taskkit.sheet_forms.marks import marks_of_sheet

PROPERTY = "taskkit-workbook"
DECISIONS_PROPERTY = "taskkit-decisions"  # of a conflicts workbook: the name of the plan
TOGETHER = "taskkit-together"
SUPPLEMENT = RELAY_SHEET.title
REGISTER_PROPERTY = "taskkit-register"  # of the register as a workbook: the plan whose it is
SCHEDULE_PROPERTY = "taskkit-schedule"  # of 报送安排: the plan whose it is
CHANGES_PROPERTY = "taskkit-changes"  # of 变更.xlsx: the plan that it changes
DIRECTIVES_PROPERTY = "taskkit-directives"  # of 批示登记: the plan whose it is
REVIEW_PROPERTY = "taskkit-review"  # of a review workbook: the plan whose it is
SCORES_PROPERTY = "taskkit-scores"  # of the score workbook: the plan whose it is
# Lists that load takes.
_READ_BACK = {
    DECISIONS_PROPERTY: "待决定表",
    REGISTER_PROPERTY: "收件登记",
    SCHEDULE_PROPERTY: "报送安排",
    REVIEW_PROPERTY: "审核台账",
    CHANGES_PROPERTY: "变更表",
    SCORES_PROPERTY: "计分表",
    DIRECTIVES_PROPERTY: "批示登记",
}
_OURS = {"proofreading": "核对稿", "roster": "名册", "supplement": SUPPLEMENT}  # by what their hidden sheets say
ID = re.compile(r"(W[A-Z2-7]{12})\.(\S{1,40})")
_WORKBOOK = re.compile(r"W[A-Z2-7]{12}")
_MOST_OWNERS = 1_000  # workbooks looked up for the rows of one file


class NoReturnError(InputError):
    """A workbook of ours that no unit returns: a list, a report, or one that another ledger sent."""


class SupplementError(NoReturnError):
    """A supplement, which a unit was sent and need not return."""


@dataclass(frozen=True)
class Marks:
    """The workbook ids that a file carries: in its property, on its hidden sheet, and before its rows."""

    property: str | None
    sheet: str | None
    rows: Mapping[str, int]
    other: str = ""  # what else of ours the file is, that nobody fills in for a report
    whole: frozenset[str] = frozenset()  # the workbooks that have sheets of their own in it
    together: bool = False  # one table for all units: its rows alone say whose they are

    def stated(self) -> tuple[str, ...]:
        """The workbooks that the file as a whole says it is: one, or two that disagree."""
        return tuple(dict.fromkeys(mark for mark in (self.property, self.sheet) if mark))

    def nothing(self) -> bool:
        """Whether nothing in the file says whose it is, or what else of ours."""
        return not (self.stated() or self.rows or self.other)


def marks_of(book: BookData) -> Marks:
    """Read the three marks of a workbook; any of them may be missing."""
    said = marks_of_sheet(book)
    ids = [ids_of(sheet).values() for sheet in book.sheets]
    tasks = [Counter(owner for owner, row_id in each if row_owner(row_id)[0]) for each in ids]
    counts = tasks if any(tasks) else [Counter(owner for owner, _ in each) for each in ids]
    named = book.properties.get(PROPERTY)
    is_list = LIST_MARK in book.properties or named == TABLE
    read_back = (word for name, word in _READ_BACK.items() if name in book.properties)
    other = _OURS.get(said.get("kind", ""), next(read_back, "报表" if is_list else ""))
    return Marks(
        workbook_id(named),
        workbook_id(said.get("workbook")),
        sum(counts, Counter()),
        other,
        frozenset(owner for each in counts if len(each) == 1 for owner in each),
        TOGETHER in book.properties or said.get("kind") == "together",
    )


@dataclass(frozen=True)
class Recognised:
    """Whose a file is: the workbooks that it holds a return of, and all others in it, by id, with their names."""

    parts: tuple[Workbook, ...]
    others: Mapping[str, str] = field(default_factory=dict)


def recognise(marks: Marks, known: Callable[[str], Workbook | None]) -> Recognised:
    """What was sent of which a file holds returns: one workbook, or several that were put into one file.

    What the file says of itself decides; without that, what most of its rows say. Raises InputError
    where the marks are missing, cannot be reconciled or are unknown here.
    """
    if marks.nothing() or (marks.other and not marks.stated() and not marks.rows):
        raise unmarked(marks.other)
    owners = [each for each, _ in Counter(marks.rows).most_common(_MOST_OWNERS)]
    books = {each: known(each) for each in (*marks.stated(), *owners)}
    sent = {each: book for each, book in books.items() if book}
    if not sent:
        raise NoReturnError("台账里没有发出过这份工作簿", "请核对台账（--ledger）对不对，或是否从别处发出")
    if marks.stated() and not marks.together:
        main = _stated(marks, books)
        apart = marks.whole - {main.workbook}
    else:
        main = _of_most_rows(marks, sent)
        apart = frozenset(marks.rows)
    beside = (
        each
        for each in sent.values()
        if each.workbook in apart and each.workbook != main.workbook and _belongs(each, main)
    )
    parts = (main, *beside)
    mine = {each.workbook for each in parts}
    return Recognised(parts, {each: _name(book) for each, book in books.items() if each not in mine})


def _belongs(other: Workbook, main: Workbook) -> bool:
    """Whether a workbook was sent for the same plan and period to another unit, or for another role or part."""
    asked = (other.plan, other.period) == (main.plan, main.period)
    return asked and (other.unit, other.role, other.part) != (main.unit, main.role, main.part)


def _stated(marks: Marks, books: Mapping[str, Workbook | None]) -> Workbook:
    """The workbook that a file says it is: of two the one of which it has more rows."""
    counted = sorted(((marks.rows.get(each, 0), each) for each in marks.stated()), reverse=True)
    most, chosen = counted[0]
    book = books[chosen]
    tied = len(counted) > 1 and counted[1][0] == most
    if tied or (marks.rows and not most) or book is None:
        raise _mixed(marks, books)
    return book


def _of_most_rows(marks: Marks, sent: Mapping[str, Workbook]) -> Workbook:
    """The workbook with most rows of the plan and period with most rows: units may share a file, periods do not."""
    periods: Counter[tuple[str, str]] = Counter()
    for each, book in sent.items():
        periods[book.plan, book.period] += marks.rows.get(each, 0)
    (period, most), *rest = periods.most_common()
    if rest and rest[0][1] == most:
        raise _mixed(marks, sent)
    of_period = [book for book in sent.values() if (book.plan, book.period) == period]
    return max(of_period, key=lambda book: marks.rows.get(book.workbook, 0))


def _mixed(marks: Marks, books: Mapping[str, Workbook | None]) -> InputError:
    """The refusal of a file whose marks cannot be reconciled: it names every workbook that was mixed into it."""
    places = {"文件属性": marks.property, "隐藏工作表": marks.sheet}
    said = [f"{place}说是{_name(books.get(mark))}" for place, mark in places.items() if mark]
    rows = [f"{_name(books.get(each))}（{count}行）" for each, count in Counter(marks.rows).most_common(4)]
    listed = [*said, *([f"行前的编号是{'、'.join(rows)}"] if rows else [])]
    return InputError(
        f"文件里的几处标记互相矛盾，可能把另一份工作簿的内容整表贴了进来：{'，'.join(listed)}",
        "请在本期下发的工作簿上重新填写",
    )


def unmarked(other: str = "") -> InputError:
    """The refusal of a file without marks, or of something ``other`` of ours that nobody fills in."""
    if other == SUPPLEMENT:
        return SupplementError(f"这是补发的{SUPPLEMENT}，不用交回", "可以移走；填写请用原来下发的表格")
    if other:
        advice = "不用收，可以移走" if other == "报表" else "请用 taskkit load 登记"
        return NoReturnError(f"这是 taskkit 生成的{other}，不是填报的表格", advice)
    return InputError(
        "文件里没有 taskkit 的标记，认不出是哪个单位、哪一期的工作簿", "请在下发的工作簿上填写，不要另建新表"
    )


def _name(book: Workbook | None) -> str:
    return f"{name_of(book)}的表" if book else "本台账没有发出过的一份表"


def name_of(book: Workbook) -> str:
    """A workbook as a person knows it: “县教育局”2026年一季度."""
    return f"“{book.unit}”{parse_period(book.period).label}"


def workbook_id(text: str | None) -> str | None:
    """The workbook id that a text is, else None."""
    return text.strip() if text and _WORKBOOK.fullmatch(text.strip()) else None


def is_id(cell: Cell) -> bool:
    """Whether a cell holds the hidden id of a row."""
    return cell.kind == "text" and ID.fullmatch(str(cell.value).strip()) is not None


def ids_of(sheet: SheetData) -> dict[int, tuple[str, str]]:
    """Row number -> (workbook id, row id), from the column that holds the most of them."""
    found: dict[int, dict[int, tuple[str, str]]] = {}
    for number, row in sheet.rows.items():
        for column, cell in row.items():
            # nearly all texts are no ids, and their first signs say so
            if cell.kind == "text" and "W" in str(cell.value)[:4] and (match := ID.fullmatch(str(cell.value).strip())):
                found.setdefault(column, {})[number] = (match[1], match[2])
    return max(found.values(), key=len, default={})
